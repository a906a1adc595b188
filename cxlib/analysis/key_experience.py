"""Step 3: which experience matters most and is worst served."""

import pandas as pd

from cxlib.analysis.asking import designed_for, needed, remembered
from cxlib.analysis.experience_expectation import drivers, gaps
from cxlib.client.case import Case
from cxlib.sums.quadrants import importance_quadrants, performance_measure

ENDS = ("_low", "_high")


@remembered
def quadrants(case: Case) -> pd.DataFrame | None:
    """Each dimension's quadrant of the importance–performance map, and how firmly it stands there.

    One row per dimension and kind of importance (stated, derived); see `importance_quadrants`. How
    well each is served is measured as on the map: see `performance_measure`. Of whom the design is for;
    importance is derived from everyone's answers.

    None where fewer than two can be placed: the lines are those of the others.

    >>> cx.quadrants(cx.read_client("meisu", "data")) is None  # one importance is known
    True
    """
    table, settings, ends = designed_for(gaps(case)), case.settings, ("", *ENDS)
    measure, (low, high) = performance_measure(table), settings.scale
    spans = {"experience": (low, high), "asked_satisfaction": case.asked_scale}
    span = spans.get(measure, (low - high, high - low))
    for end in ends:
        table[f"performance{end}"] = table[f"{measure}{end}"]
    scales = [settings.importance_scale, span]
    names = ("importance", "performance", measure)
    columns = [f"{name}{end}" for name in names for end in ends]
    stated = table[["segment", "dimension", "n", *columns]]
    found = [("stated", stated, scales)] if stated["importance"].notna().any() else []
    if (shares := drivers(case)) is not None:
        lmg = shares[shares["method"] == "lmg"].set_index("item")
        parts = {f"importance{end}": table["dimension"].map(lmg[f"share{end}"]) for end in ends}
        found.append(("derived", stated.assign(**parts), [None, scales[1]]))
    parts = []
    for kind, rows, axes in found:
        if len(rows[["importance", "performance"]].dropna()) > 1:
            placed = importance_quadrants(rows, "mean", *axes, confidence=settings.confidence)
            parts.append(placed.assign(method=kind))
    both = pd.concat(needed(parts), ignore_index=True)
    derived = both["method"] == "derived"
    for end in ends:  # a share of variance is no score: it stands in a column of its own
        both[f"derived{end}"] = both[f"importance{end}"].where(derived)
        both[f"importance{end}"] = both[f"importance{end}"].mask(derived)
    return both
