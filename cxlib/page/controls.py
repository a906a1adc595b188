"""Sliders for a notebook in JupyterLab: the same sums and the same figures as the static page.

They redraw by setting the value of an HTML widget. In a batch run they show nothing.
"""

import numpy as np
import pandas as pd
from markupsafe import Markup

from cxlib.page.language import UNKNOWN
from cxlib.page.sentences import focus_rows
from cxlib.page.terms import INPUTS
from cxlib.page.whatif import BACK, SLIDERS
from cxlib.sums.churn import churn_cost, stated_shares
from cxlib.sums.gap import gap_intervals, gap_table, mark_key_experience


def explore_importance(page, case):
    """What if customers valued something else? One slider per experience type."""
    return _explore_scores(
        page,
        case,
        "importance",
        page.settings.importance_scale,
        ["key_experience"],
        ["gap_chart", "importance_performance_map"],
    )


def explore_ideal(page, case):
    """What if another ideal were decided? One slider per experience type."""
    return _explore_scores(page, case, "ideal", page.settings.scale, ["gap"], ["gap_chart"])


def explore_churn(page, case):
    """What if the shares of the tree were different?"""
    start = stated_shares(case.churn_inputs)

    def draw(**shares):
        return cost_parts(page, case, shares)

    sliders = {name: (page.code(name, INPUTS), _shares(start[name])) for name in SLIDERS}
    start = {name: float(start[name]) for name in SLIDERS}
    return _board(sliders, start, draw, page.say(BACK))


def cost_parts(page, case, shares: dict) -> str:
    """Headline and tree with these shares; what is won back comes from at risk and lost."""
    inputs = moved_inputs(case.churn_inputs, shares)
    cost = churn_cost(case.settings.revenue, inputs, confidence=page.settings.confidence)
    return page.headline_html("churn_cost", cost) + page.figure_html("churn_tree", cost)


def moved_inputs(inputs: pd.DataFrame, shares: dict) -> pd.DataFrame:
    """The inputs with other shares, each group still adding up to 1; a moved one is assumed."""
    stated = pd.Series(stated_shares(inputs))
    moved = {name: share for name, share in shares.items() if share != stated[name]}
    new = stated.copy()
    new.update(pd.Series(moved, dtype=float))
    if "complained_retained" in moved:
        rest = stated[["complained_at_risk", "complained_lost"]]
        part = rest / rest.sum() if rest.sum() else pd.Series([1.0, 0.0], rest.index)
        new.update((1 - moved["complained_retained"]) * part)
    if "silent_lost" in moved:
        new["silent_at_risk"] = 1 - moved["silent_lost"]
    touched = inputs["input"].isin(new.index[~np.isclose(new, stated, equal_nan=True)])
    result = inputs.assign(share=inputs["input"].map(new))
    result.loc[touched, [name for name in ("low", "high", "count", "of") if name in result]] = (
        np.nan
    )
    result.loc[touched, "from"] = "assumption"
    return result


def _explore_scores(page, case, column, scale, headlines, figures):
    rows = focus_rows(case.scores, page)
    values = rows.set_index("dimension")[column]

    def draw(**moved):
        return score_parts(page, case, column, moved, headlines, figures)

    sliders = {
        name: (page.label("dimension", name), _steps(scale, value))
        for name, value in values.items()
    }
    start = {name: float(value) for name, value in values.items()}
    return _board(sliders, start, draw, page.say(BACK))


def score_parts(page, case, column, moved: dict, headlines, figures) -> str:
    """The headlines and figures with other values in one column of the scores."""
    scores = case.scores.copy()
    known = scores["dimension"].isin(list(moved))
    scores.loc[known, column] = scores.loc[known, "dimension"].map(moved).astype(float)
    gaps = gap_intervals(gap_table(scores), case.estimates, page.settings.confidence)
    gaps = mark_key_experience(gaps)
    parts = [page.headline_html(name, gaps) for name in headlines]
    return Markup("").join(parts + [page.figure_html(name, gaps) for name in figures])


def _steps(scale, value) -> list[tuple[str, float]]:
    """Half points over the scale, the value itself, and "not known"."""
    low, high = scale
    points = {round(float(point), 2) for point in np.arange(low, high + 0.25, 0.5)}
    if not pd.isna(value):
        points.add(float(value))
    return [(UNKNOWN, float("nan")), *((f"{point:g}", point) for point in sorted(points))]


def _shares(value) -> list[tuple[str, float]]:
    points = sorted({*(round(i / 100, 2) for i in range(101)), float(value)})
    return [(f"{point:.1%}", point) for point in points]


def _board(sliders: dict, start: dict, draw, back: str):
    """Sliders beside a drawing that follows them; a reset button."""
    import ipywidgets as widgets

    shown = widgets.HTML(str(draw(**start)))
    controls = {}
    for name, (label, options) in sliders.items():
        labels = [text for text, _ in options]
        at = next(i for i, (_, value) in enumerate(options) if _same(value, start[name]))
        controls[name] = widgets.SelectionSlider(
            options=list(zip(labels, range(len(options)), strict=True)),
            value=at,
            description=label,
            continuous_update=False,
            style={"description_width": "20em"},
            layout={"width": "46em"},
        )

    def redraw(_=None):
        values = {name: sliders[name][1][box.value][1] for name, box in controls.items()}
        shown.value = str(draw(**values))

    first = {name: box.value for name, box in controls.items()}

    def reset(_):
        for name, box in controls.items():
            box.value = first[name]

    for box in controls.values():
        box.observe(redraw, names="value")
    button = widgets.Button(description=back)
    button.on_click(reset)
    return widgets.VBox([*controls.values(), button, shown])


def _same(a, b) -> bool:
    return a == b or (pd.isna(a) and pd.isna(b))
