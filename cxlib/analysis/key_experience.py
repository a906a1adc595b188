"""Step 3: which experience matters most and is worst served."""

import pandas as pd

from cxlib.analysis.asking import everyone, needed, of_the_answers, remembered, remembered_for
from cxlib.analysis.experience_expectation import drivers, gaps, of_drivers
from cxlib.client.case import Case
from cxlib.client.rated import OUTCOMES, first_outcome, rated, rated_on_one_scale
from cxlib.sums.drivers import driver_correlations
from cxlib.sums.penalty import penalty_reward
from cxlib.sums.quadrants import importance_quadrants, performance_measure

ENDS = ("_low", "_high")


@remembered_for(of_the_answers)
def together(case: Case) -> pd.DataFrame | None:
    """How closely the experiences of two dimensions go together: one row per pair, the closest
    first (see `driver_correlations`); None where `drivers` is.

    >>> found = cx.together(cx.read_client("vendor", "data"))
    >>> list(found)[:3]
    ['item', 'other', 'correlation']
    """
    return of_drivers(case, driver_correlations)


@remembered
def quadrants(case: Case) -> pd.DataFrame | None:
    """Each dimension's quadrant of the importance–performance map, and how firmly it stands there.

    One row per dimension and kind of importance (stated, derived); see `importance_quadrants`. How
    well each is served is measured as on the map: see `performance_measure`.

    None where fewer than two can be placed: the lines are those of the others.

    >>> cx.quadrants(cx.read_client("meisu", "data")) is None  # one importance is known
    True
    """
    table, settings = everyone(gaps(case)), case.settings
    measure, (low, high) = performance_measure(table), settings.scale
    spans = {"experience": (low, high), "asked_satisfaction": case.asked_scale}
    span = spans.get(measure, (low - high, high - low))
    for end in ("", *ENDS):
        table[f"performance{end}"] = table[f"{measure}{end}"]
    scales = [settings.importance_scale, span]
    names = ("importance", "performance", measure)
    stated = table[["dimension", "n", *[f"{name}{end}" for name in names for end in ("", *ENDS)]]]
    found = [("stated", stated, scales)] if stated["importance"].notna().any() else []
    if (shares := drivers(case)) is not None:
        lmg = shares[shares["method"] == "lmg"].set_index("item")
        own, ends = table["dimension"], ("", *ENDS)
        parts = {f"importance{end}": own.map(lmg[f"share{end}"]) for end in ends}
        found.append(("derived", stated.assign(**parts), [None, scales[1]]))
    parts = []
    for kind, rows, axes in found:
        if len(rows[["importance", "performance"]].dropna()) > 1:
            placed = importance_quadrants(rows, "mean", *axes, confidence=settings.confidence)
            parts.append(placed.assign(method=kind))
    both = pd.concat(needed(parts), ignore_index=True)
    derived = both["method"] == "derived"
    for end in ("", *ENDS):  # a share of variance is no score: it stands in a column of its own
        both[f"derived{end}"] = both[f"importance{end}"].where(derived)
        both[f"importance{end}"] = both[f"importance{end}"].mask(derived)
    return both


@remembered
def penalties(case: Case) -> pd.DataFrame | None:
    """Penalty–reward contrasts of each dimension for the first outcome asked; see `penalty_reward`.

    By experience, or by satisfaction as asked where no experience was.

    >>> found = cx.penalties(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['dimension', 'n', 'n_poor', 'n_middle']
    """
    asked, _ = needed(first_outcome(case, OUTCOMES), rated(case))
    settings, (answers, scale) = case.settings, rated_on_one_scale(case)
    of = case.latest.weight, settings.confidence, settings.small_base
    found = penalty_reward(asked, answers, scale, *of)
    return found.rename(columns={"item": "dimension"}).assign(outcome=asked.name)
