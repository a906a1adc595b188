"""What if? Sliders in the report itself, that recompute without a kernel and without a network.

`whatif.js` repeats three formulas of the product; the tests send the same vectors through both.

Whose answers? The same table for those the design is for, for everyone, and for each group, of
which the reader chooses one.

Every table is there, as released, and `choice.js` shows one; without it, and in print, the first.
"""

from functools import partial

import pandas as pd
from markupsafe import Markup

from cxlib.client.release import of_released
from cxlib.page.language import N_, parts, round_figures
from cxlib.page.sentences import key_column
from cxlib.page.sentences_churn import figures_of
from cxlib.page.tables import table_html, template
from cxlib.page.terms import INPUTS
from cxlib.page.verdict import told_years
from cxlib.page.worded import needed
from cxlib.sums.churn import lost_amount
from cxlib.sums.churn_inputs import complainers_of_all, stated_shares
from cxlib.sums.roadmap import payback_years

SLIDERS = ["negative", "complain", "complained_retained", "silent_lost"]
NEEDED = ["input", "share", "count", "of", "from"]  # of a table of shares
MOST_ROWS = 8
BACK = N_("Back to the start")
EFFECT = parts()["effect_moved"]
MOST_EFFECT = {"plan": 1.5, "loss": 1.0}  # how far its slider goes
PAYBACK, PAID_BACK = parts()["payback"], parts()["paid_back"]
DEARER = (0.5, 2.0)  # how far the cost's slider goes, times the cost as stated


def loss_if(revenue, start, negative, complain, complained_retained, silent_lost) -> float:
    """Revenue lost a year if these shares held; `start` are the shares as stated.

    Who is won back comes from at risk and lost in proportion to their size, as in
    `churn.lever_worth`; who complains is tied to the negative share as in `churn.tied`.
    """
    unhappy = 1 - start["complained_retained"]
    lost = start["complained_lost"] * (1 - complained_retained) / unhappy if unhappy else 0.0
    if "of_all" in start:  # complaints counted among all customers
        complain = min(1.0, start["of_all"] / negative) if negative else 0.0
    return lost_amount(revenue, negative, complain, lost, silent_lost)


def shares_at_start(inputs: pd.DataFrame) -> dict:
    """The shares as stated, and the complainers' share of all where complaints hang on it."""
    of_all = complainers_of_all(inputs)
    start = {name: float(share) for name, share in stated_shares(inputs).items()}
    return start if pd.isna(of_all) else start | {"of_all": of_all}


def payback_if(plan, effect: float, dearer: float, lost: float) -> float | None:
    """Years until what a plan costs to start is back, if this share of its effect came true, at so
    many times its cost, and so many times the loss; None: never. What it keeps goes with the loss.

    plan : to_start, running (a year), cost (within the term), term, kept (a year, at its whole effect
        and the loss as stated); see `roadmap.payback_years`

    >>> plan = {"to_start": 100.0, "running": 10.0, "cost": 120.0, "term": 3, "kept": 60.0}
    >>> payback_if(plan, 0.5, 1.0, 1.0)
    4.5
    """
    costs = (plan[name] * dearer for name in ("to_start", "running", "cost"))
    return payback_years(plan["kept"] * effect * lost, *costs, plan["term"])


def plan_at_start(ask: dict | None) -> dict | None:
    """What the payback hangs on, of the decision asked; None where it keeps nothing that is money."""
    if not ask or not (ask.get("kept") or 0) > 0:
        return None
    plan = {name: float(f"{ask[name]:.10g}") for name in ("to_start", "running", "cost", "kept")}
    start = min(1.0, needed(ask["needed"])) if ask["effect"] == "loss" else 1.0
    return plan | {"term": ask["term"], "effect": start, "of": ask["effect"]}


def _back(page, plan: dict) -> str:
    """When the plan is back as things stand, as `whatif.js` will say it."""
    years = payback_if(plan, plan["effect"], 1.0, 1.0)
    if years is None:
        return page.say(PAYBACK["never"])
    words, term = PAYBACK["late" if years > plan["term"] + 1e-9 else "within"], plan["term"]
    return page.say(words, years=page.language.number(told_years(years, term)), term=term)


def plan_sliders(page, plan: dict) -> list[dict]:
    """The plan's effect and its cost, as parts of what was stated."""
    label, most = EFFECT[plan["of"]], MOST_EFFECT[plan["of"]]
    cost = page.say(N_("Cost of the plan, of what was stated"))
    moved = [("effect", page.say(label), 0, most, plan["effect"]), ("dearer", cost, *DEARER, 1.0)]
    return [slider(*each, 0.01, page.language.share) for each in moved]


def slider(name, label, low, high, value, step, write, **more) -> dict:
    """One slider: what it moves, from where to where, and where it starts; more that stands by it."""
    ends = {"low": low, "high": high, "step": step, "value": repr(float(value))}
    return {"name": name, "label": label, "text": write(value), **ends, **more}


OWN = 0.1  # a loss further from what these shares come to is of other shares


def whatif_churn(page, inputs: pd.DataFrame, revenue: float, unit=None, ask=None, told=None) -> str:
    """Sliders for the shares of the tree of negative experience, and for the plan; "" where the
    shares are not stated.

    unit : what the shares are rounded to; None: they were stated, by nobody's answer
    ask : the verdict's decision, of which the payback is worked out anew
    told : the row of the loss as it is told; the sliders start at its amount, and in its figures
    """
    if inputs is None or inputs.empty or not revenue or pd.isna(revenue):
        return ""
    start = shares_at_start(inputs)
    lost = loss_if(revenue, start, *(start[name] for name in SLIDERS))
    own = told is not None and lost and abs(told["amount"] / lost - 1) < OWN
    if unit is not None:
        start = {name: round(round(share / unit) * unit, 12) for name, share in start.items()}
    sources = inputs.set_index("input")["from"].to_dict()
    language, lost = page.language, loss_if(revenue, start, *(start[name] for name in SLIDERS))
    figures = 2
    if lost and own:  # rounded shares would come to another number than is told
        figures, revenue = figures_of(page, told), revenue * told["amount"] / lost
        lost = told["amount"]
    known = pd.Series(start, dtype=float).dropna().to_dict()  # JSON has no blank number
    data = {"kind": "churn", "start": known | {"revenue": float(revenue)}, "figures": figures}
    results = [("lost", N_("Lost a year:"), _whole_money(page, round_figures(lost, figures)))]
    results.append(("change", N_("Against the shares as stated:"), _whole_money(page, 0)))
    sliders = []
    for name in [each for each in SLIDERS if each != "complain" or "of_all" not in start]:
        share, mark = start[name], page.code(sources.get(name, ""))
        ends = 0, _reach(share), share, 0.001
        sliders.append(
            slider(
                name, page.code(name, INPUTS), *ends, partial(language.share, digits=1), mark=mark
            )
        )
    if lost and (plan := plan_at_start(ask)):
        gaps = {"years": "{years}", "term": language.count(plan["term"])}
        words = {name: page.say(text, **gaps) for name, text in PAYBACK.items()}
        data["plan"] = plan | {"words": words}
        sliders += plan_sliders(page, plan)
        results.append(("payback", PAID_BACK[plan["of"]], _back(page, plan)))
    title = N_("What if the shares were different?")
    scenario = page.say(N_("Copy as a scenario"))
    return _sliders(page, "whatif-churn", title, "", sliders, results, data, scenario)


@of_released
def whatif_gap(page, gaps: pd.DataFrame, segment: str = "") -> str:
    """Sliders that raise each experience; "" where nothing can be weighed."""
    rows = page.focus_rows(gaps, segment).dropna(subset=["experience", "weighted_satisfaction"])
    rows = rows.nsmallest(MOST_ROWS, "weighted_satisfaction").reset_index(drop=True)
    if rows.empty:
        return ""
    kind, language = key_column(rows), page.language
    names = [page.label(kind, key) for key in rows[kind]]
    low, high = page.settings.scale
    worst = rows["weighted_satisfaction"].min()
    keys = [n for n, w in zip(names, rows["weighted_satisfaction"], strict=True) if w == worst]
    none, comma = page.say(N_("none: nothing falls short any more")), page.say(N_(", "))
    weighed = rows["weighted_satisfaction"].map(language.number)
    sliders = [
        slider(f"row{i}", names[i], low, high, lived, 0.1, language.number, second=weighed[i])
        for i, lived in rows["experience"].items()
    ]
    numbers = ["importance", "experience", "weighted_satisfaction"]
    stated = rows[numbers].astype(float).assign(name=names).to_dict("records")
    results = [("key", N_("Key experience then:"), comma.join(keys) if worst < 0 else none)]
    data = {"kind": "gap", "none": none, "comma": comma, "rows": stated}
    title = N_("What if the experience were better?")
    note = N_("Move a slider: experience on the left, importance × satisfaction on the right.")
    return _sliders(page, "whatif-gap", title, note, sliders, results, data)


def _reach(share: float) -> float:
    """How far a slider goes: three times the share as stated, at least 10 %, at most all."""
    return min(1.0, max(0.1, round(3 * share, 2)))


def _whole_money(page, amount) -> str:
    return page.language.in_currency(page.language.count(amount))


def _sliders(page, name, title, note, sliders, results, data, scenario="") -> str:
    data = {**data, "lang": page.language.tag, "money": page.language.in_currency("{amount}")}
    words = {"title": title, "note": note, "reset": BACK, "copied": N_("Copied")}
    said = {place: page.say(text) for place, text in words.items()}
    said["results"] = [(key, page.say(label), text) for key, label, text in results]
    board = template("whatif.html.j2").render
    return Markup(board(id=name, sliders=sliders, scenario=scenario, data=data, **said))


# Whose answers?


GROUP = N_("{grouping}: {group}")


WHOLE = {"target": N_("Those the design is for"), "all": N_("Everyone")}  # segment: its words


def choice_html(page, gaps, groups, columns: list, caption: str) -> str:
    """The table of those the design is for, of everyone, and of those groups of which anything may be
    shown; "" where there is no group to choose.

    gaps, groups : rows of the table `gap`, the second with grouping and group
    """
    shown = None if groups is None else page.gate(groups)
    parts = [] if shown is None else list(shown.groupby(["grouping", "group"], sort=False))
    parts = [(key, rows) for key, rows in parts if rows["n"].notna().any()]
    if not parts:
        return ""
    whole = {name: rows for name in WHOLE if len(rows := gaps[gaps["segment"].eq(name)])}
    names = [page.say(WHOLE[name]) for name in whole]
    for (kind, group), _ in parts:
        facts = {"grouping": page.label("grouping", kind), "group": page.label(kind, group)}
        names.append(page.say(GROUP, **facts))
    tables = [*map(page.gate, whole.values()), *(rows for _, rows in parts)]
    words = (page.say(N_("{caption} {name}."), caption=caption, name=name) for name in names)
    shown = [
        table_html(rows, page, columns, said) for rows, said in zip(tables, words, strict=True)
    ]
    board, label = template("choice.html.j2").render, page.say(N_("Whose answers?"))
    return Markup(board(label=label, names=names, tables=shown))
