"""Which initiatives to fund: step 6 of the method, fit with strategy, capability and money."""

import numpy as np
import pandas as pd
from scipy.optimize import Bounds, LinearConstraint, milp

FITS = ["strategy_fit", "people", "process", "technology"]
CHEAPER = 1e-6  # of the smallest benefit: between equal plans, the cheaper


def choose_portfolio(
    initiatives: pd.DataFrame,
    budget: float,
    capacity: dict | None = None,
    weights: dict | None = None,
) -> pd.DataFrame:
    """The plan of largest benefit that the budget carries, and the best that does something else.

    Parameters
    ----------
    initiatives : one row per initiative, columns initiative, cost and, where known, benefit or
        what `benefits` makes it of; requires and excludes name other initiatives (";" between)
    budget : in the unit of cost; the plan costs no more
    capacity : column of initiatives → most that the plan may add up to; blank counts as unknown
    weights : see `benefits`

    Returns
    -------
    The same rows plus
        benefit       see `benefits`
        chosen        in the best plan
        second_best   in the best plan that holds at least one initiative the first does not: what
                      to do when the first choice does not fit
        reason        why: chosen, no_benefit, unknown (cost, benefit or capacity blank),
                      over_budget (alone), over_capacity (alone), requires (what it needs is not
                      chosen), excluded (by a chosen one), outbid (others give more for the money)
        reason_about  the initiative or the column that the reason speaks of

    Solved exactly by scipy's mixed-integer solver (HiGHS). Raises ValueError where requires or
    excludes name no initiative, or a name stands twice.
    """
    table = initiatives.assign(benefit=benefits(initiatives, weights or {}))
    links = linked(table)
    limits = {"cost": budget, **(capacity or {})}
    known = table[["benefit", *limits]].notna().all(axis=1).to_numpy()
    first = best_plan(table, limits, links, known)
    second = best_plan(table, limits, links, known, unlike=first)
    reasons = [reason(row, table, limits, links, first, known) for row in range(len(table))]
    about = pd.DataFrame(reasons, columns=["reason", "reason_about"], index=table.index)
    return table.assign(chosen=first, second_best=second, **about)


def benefits(initiatives: pd.DataFrame, weights: dict) -> pd.Series:
    """What each initiative is worth, in weighted score points; `benefit` itself where given.

    uplift (score points) × weight of its dimension (1 where none is given) × fit. Fit is the mean
    of strategy_fit, people, process and technology (0–1) that are known, weighted by their own
    weights (1 where none is given); 1 where none is known. Without an uplift the benefit is blank,
    unless no initiative has one: then it is the fit alone.
    """
    if "benefit" in initiatives:
        return initiatives["benefit"].astype(float)
    fits = initiatives.reindex(columns=FITS).astype(float)
    share = pd.Series({fit: float(weights.get(fit, 1)) for fit in FITS})
    fit = (fits * share).sum(axis=1) / (fits.notna() * share).sum(axis=1).replace(0, np.nan)
    uplift = initiatives.get("uplift", pd.Series(np.nan, index=initiatives.index)).astype(float)
    if uplift.isna().all():
        return fit
    dimension = initiatives.get("dimension", pd.Series("", index=initiatives.index))
    return uplift * dimension.map(lambda name: float(weights.get(name, 1))) * fit.fillna(1)


def linked(table: pd.DataFrame) -> list[tuple[str, int, int]]:
    """(requires or excludes, row, other row) for every link between initiatives."""
    names = table["initiative"].tolist()
    faults = [
        f"'{name}' stands in {names.count(name)} rows."
        for name in dict.fromkeys(names)
        if names.count(name) > 1
    ]
    links = []
    for kind in ["requires", "excludes"]:
        for row, text in enumerate(table.get(kind, pd.Series("", index=table.index)).fillna("")):
            for name in filter(None, (part.strip() for part in str(text).split(";"))):
                if name in names:
                    links.append((kind, row, names.index(name)))
                else:
                    faults.append(f"'{names[row]}' {kind} '{name}', which is no initiative.")
    if faults:
        raise ValueError("The initiatives cannot be combined. " + " ".join(faults))
    return links


def best_plan(table, limits: dict, links, known, unlike=None) -> np.ndarray:
    """True for each initiative of the best plan; with `unlike`, the best that adds to that plan."""
    benefit = np.where(known, table["benefit"], 0).astype(float)
    cost = np.where(known, table["cost"], 0).astype(float)
    smallest = np.abs(benefit[benefit != 0]).min(initial=1)
    # Unlike the benefit, the cost only breaks ties.
    tie_break = CHEAPER * smallest * cost / max(cost.sum(), 1)
    rows = [np.where(known, table[name], 0).astype(float) for name in limits]
    low, high = [-np.inf] * len(rows), list(limits.values())
    unit = np.eye(len(table))
    for kind, row, other in links:
        rows.append(unit[row] - unit[other] if kind == "requires" else unit[row] + unit[other])
        low.append(-np.inf)
        high.append(0 if kind == "requires" else 1)
    if unlike is not None:
        rows.append((~unlike & (benefit > 0)).astype(float))
        low.append(1)
        high.append(np.inf)
    solved = milp(
        tie_break - benefit,
        integrality=np.ones(len(table)),
        bounds=Bounds(0, known.astype(float)),
        constraints=LinearConstraint(np.array(rows, dtype=float), low, high),
        options={"mip_rel_gap": 0},
    )
    return solved.x > 0.5 if solved.x is not None else np.zeros(len(table), dtype=bool)


def reason(row: int, table, limits: dict, links, chosen, known) -> tuple[str, str]:
    """(reason, what it speaks of) of one initiative; see `choose_portfolio`."""
    if chosen[row]:
        return "chosen", ""
    values = table.iloc[row]
    if not known[row]:
        return "unknown", next(name for name in ["benefit", *limits] if pd.isna(values[name]))
    over = [name for name, limit in limits.items() if values[name] > limit]
    if over:
        return ("over_budget" if over[0] == "cost" else "over_capacity"), over[0]
    if values["benefit"] <= 0:
        return "no_benefit", ""
    names = table["initiative"].tolist()
    for kind, one, other in links:
        if kind == "requires" and one == row and not chosen[other]:
            return "requires", names[other]
        if kind == "excludes" and row in (one, other) and chosen[other if one == row else one]:
            return "excluded", names[other if one == row else one]
    return "outbid", ""


def budget_frontier(
    initiatives: pd.DataFrame,
    budgets,
    capacity: dict | None = None,
    weights: dict | None = None,
) -> pd.DataFrame:
    """How much is enough: the best plan at each budget.

    Returns one row per budget: budget, cost and benefit of the plan (units as in
    `choose_portfolio`), initiatives (number chosen).
    """
    rows = []
    for budget in budgets:
        plan = choose_portfolio(initiatives, budget, capacity, weights).query("chosen")
        rows.append((budget, plan["cost"].sum(), plan["benefit"].sum(), len(plan)))
    return pd.DataFrame(rows, columns=["budget", "cost", "benefit", "initiatives"])
