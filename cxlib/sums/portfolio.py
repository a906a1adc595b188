"""Which initiatives to fund, the second best, and why not the others: step 6 of the method."""

import pandas as pd

from cxlib.sums.initiatives import FITS, linked
from cxlib.sums.roadmap import plan_roadmap

ONLY = ""  # the name of the one period of a plan without years


def choose_portfolio(
    initiatives: pd.DataFrame,
    budget: float | pd.Series,
    capacity: dict | None = None,
    weights: dict | None = None,
    most: dict | None = None,
    most_in_all: float | None = None,
    least: dict | None = None,
    refused=(),
) -> pd.DataFrame:
    """The plan of largest benefit that the budget carries, and the best that does something else.

    Parameters
    ----------
    initiatives, capacity, weights, most, most_in_all, least, refused : see `roadmap.plan_roadmap`
    budget : in the unit of cost: the most that all may cost, or the most of each year

    Returns
    -------
    The rows of `plan_roadmap` (benefit, total, start, chosen, within) plus
        second_best   in the best plan that does something else in place of something: what to do
                      when the first choice does not fit
        reason        why: chosen, no_benefit, no_fit (none at all), refused, unknown (cost, benefit or capacity blank), unfit
                      (fits less than `least`), later (cannot start in these years), over_budget
                      (alone), over_capacity (alone), requires (what it needs is not chosen),
                      excluded (by a chosen one), outbid (others give more for the money)
        reason_about  the initiative or the column that the reason speaks of
    Raises ValueError where requires or excludes name no initiative, or a name stands twice.

    >>> wishes = pd.DataFrame({"initiative": [*"abc"], "cost": [2, 2, 3], "benefit": [3, 2, 4]})
    >>> choose_portfolio(wishes, budget=4)["chosen"].tolist()
    [True, True, False]
    """
    budgets = budget if isinstance(budget, pd.Series) else pd.Series({ONLY: float(budget)})
    limits = {"capacity": capacity, "weights": weights, "most": most, "least": least}
    limits |= {"most_in_all": most_in_all, "refused": refused}
    first = plan_roadmap(initiatives, budgets, **limits)
    second = plan_roadmap(initiatives, budgets, **limits, unlike=first["chosen"])
    ceilings = {"cost": budgets.max(), **(capacity or {})}
    links, years = linked(first), pd.to_numeric(pd.Series(budgets.index), errors="coerce")
    rules = ceilings, least or {}, refused, links, years.max()
    reasons = [reason(row, first, *rules) for row in range(len(first))]
    about = pd.DataFrame(reasons, columns=["reason", "reason_about"], index=first.index)
    return first.assign(second_best=second["chosen"], **about)


def reason(row, plan, ceilings: dict, least: dict, refused, links, last: float) -> tuple[str, str]:
    """(reason, what it speaks of) of one initiative; see `choose_portfolio`. last: the last year."""
    values, names = plan.iloc[row], plan["initiative"].tolist()
    if values["chosen"]:
        return "chosen", ""
    unknown = [name for name in ["benefit", *ceilings] if pd.isna(values[name])]
    if unknown:
        return "unknown", unknown[0]
    over = [name for name, most in ceilings.items() if values[name] > most]
    if over:
        return ("over_budget" if over[0] == "cost" else "over_capacity"), over[0]
    unfit = [name for name, value in least.items() if values[name] < value]
    if unfit:
        return "unfit", unfit[0]
    if names[row] in refused:
        return "refused", ""
    if values["benefit"] <= 0:
        fits = values.reindex(FITS).dropna()
        return ("no_fit" if len(fits) and not fits.any() else "no_benefit"), ""
    if pd.to_numeric(values.get("year"), errors="coerce") > last:
        return "later", "year"
    chosen = plan["chosen"].tolist()
    for kind, one, other in links:
        if kind == "requires" and one == row and not chosen[other]:
            return "requires", names[other]
        if kind == "excludes" and row in (one, other) and chosen[other if one == row else one]:
            return "excluded", names[other if one == row else one]
    return "outbid", ""
