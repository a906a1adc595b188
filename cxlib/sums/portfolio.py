"""Which initiatives to fund, the second best, and why not the others: step 6 of the method."""

import numpy as np
import pandas as pd

from cxlib.sums import roadmap
from cxlib.sums.alternatives import second_best
from cxlib.sums.initiatives import FITS, linked
from cxlib.sums.roadmap import NOTHING, benefit_a_year, may_start, plan_left, plan_roadmap

ONLY = ""  # the name of the one period of a plan without years


def choose_portfolio(initiatives: pd.DataFrame, budget: float | pd.Series, **limits):
    """The plan that leaves most within the budget, and the best that does something else.

    Parameters
    ----------
    initiatives, limits (capacity, weights, most, most_in_all, least, refused, margin, term) : see
        `roadmap.plan_roadmap`
    budget : in the unit of cost: the most that all may cost, or the most of each year

    Returns
    -------
    The rows of `plan_roadmap` (benefit, start, chosen, within) plus
        adds, net, payback   see `marginal`
        second_best   in the best plan that does something else in place of something: what to do
                      when the first choice does not fit; second_cost : within the term, there
        reason        why: chosen, unknown (cost, benefit or capacity blank), unfit (fits less than
                      `least`), refused, no_benefit, no_fit (none at all), loses_money (alone, its
                      margin is less than its costs within the term), over_budget (alone),
                      over_capacity (alone), later (cannot start in these years), requires (what it
                      needs is not chosen), excluded (by a chosen one), adds_nothing (beside the
                      chosen), adds_too_little (less than its costs), outbid (others leave more)
        reason_about  the initiative or the column that the reason speaks of
    Raises ValueError where requires or excludes name no initiative, or a name stands twice.

    >>> wishes = pd.DataFrame({"initiative": [*"abc"], "cost": [2, 2, 3], "benefit": [3, 2, 4]})
    >>> choose_portfolio(wishes, budget=4)["chosen"].tolist()
    [True, True, False]
    """
    budgets = budget if isinstance(budget, pd.Series) else pd.Series({ONLY: float(budget)})
    first = plan_roadmap(initiatives, budgets, **limits)
    second = second_best(initiatives, budgets, first, **limits)
    first = first.join(marginal(first, budgets, **limits))
    reasons = [reason(row, first, budgets, limits) for row in range(len(first))]
    about = pd.DataFrame(reasons, columns=["reason", "reason_about"], index=first.index)
    first = first.drop(columns="alone")
    if limits.get("margin") is None:  # what is left has no unit of its own
        first["net"] = np.nan
    about["second_cost"] = roadmap.costs_in_term(second, budgets, limits.get("term"))
    return first.assign(second_best=second["chosen"], **about)


def marginal(plan: pd.DataFrame, budgets: pd.Series, **limits) -> pd.DataFrame:
    """What each initiative changes: a chosen one against the plan without it, another against the
    plan with it, from the first year in which it may start and whatever the money.

    adds     benefit a year, once all runs, under the limits that the initiatives share
    net      of what the plan leaves over its term (`roadmap.plan_left`); alone : without the others
    payback  years until its cost is back from margin × adds − running; blank where it never is, or
             no margin is known
    """
    allowed = may_start(plan, budgets, {}, {}, ())
    years = np.array([str(year) for year in budgets.index], dtype=object)
    earliest = pd.Series(np.where(allowed.any(axis=1), years[allowed.argmax(axis=1)], None))
    starts = plan["start"].where(plan["chosen"], earliest.set_axis(plan.index))
    margin, rows = limits.get("margin"), []
    for row, start in starts.items():
        if pd.isna([start, plan.at[row, "benefit"], plan.at[row, "cost"]]).any():
            rows.append((np.nan,) * 4)
            continue
        held = plan.assign(start=plan["start"].mask(plan.index == row, start))
        held = held[held["start"].notna()]
        others = held.drop(row)
        adds = benefit_a_year(held, **limits) - benefit_a_year(others, **limits)
        left = plan_left(held, budgets, **limits) - plan_left(others, budgets, **limits)
        running = held.get("running", pd.Series(0.0, index=held.index)).fillna(0)[row]
        yearly = 0.0 if margin is None else margin * adds - running
        back = held.at[row, "cost"] / yearly if yearly > 0 else np.nan
        rows.append((adds, left, back, plan_left(held.loc[[row]], budgets, **limits)))
    return pd.DataFrame(rows, columns=["adds", "net", "payback", "alone"], index=plan.index)


def reason(row: int, plan: pd.DataFrame, budgets, limits: dict) -> tuple[str, str]:
    """(reason, what it speaks of) of one initiative; see `choose_portfolio`."""
    values, names = plan.iloc[row], plan["initiative"].tolist()
    if values["chosen"]:
        return "chosen", ""
    ceilings = {"cost": budgets.max(), **(limits.get("capacity") or {})}
    least, refused = limits.get("least") or {}, limits.get("refused") or ()
    unknown = [name for name in ["benefit", *ceilings] if pd.isna(values[name])]
    unfit = [name for name, value in least.items() if values[name] < value]
    for short, names_of in (("unknown", unknown), ("unfit", unfit)):
        if names_of:
            return short, names_of[0]
    if names[row] in refused:
        return "refused", ""
    if values["benefit"] <= 0:
        fits = values.reindex(FITS).dropna()
        return ("no_fit" if len(fits) and not fits.any() else "no_benefit"), ""
    if values["alone"] <= 0:
        return "loses_money", ""
    over = [name for name, most in ceilings.items() if values[name] > most]
    if over:
        return ("over_budget" if over[0] == "cost" else "over_capacity"), over[0]
    if pd.isna(values["adds"]):
        return "later", "year"
    link = missing_link(row, plan)
    if link:
        return link
    dust = NOTHING * max(plan["net"].abs().max(), 1)
    if limits.get("margin") is None:
        return ("adds_nothing" if values["net"] <= dust else "outbid"), ""
    return ("adds_too_little" if values["net"] <= dust else "outbid"), ""


def missing_link(row: int, plan: pd.DataFrame) -> tuple[str, str] | None:
    """(requires, what it needs and is not chosen) or (excluded, the chosen one that rules it out)."""
    chosen, names = plan["chosen"].tolist(), plan["initiative"].tolist()
    for kind, one, other in linked(plan):
        if kind == "requires" and one == row and not chosen[other]:
            return "requires", names[other]
        if kind == "excludes" and row in (one, other) and chosen[other if one == row else one]:
            return "excluded", names[other if one == row else one]
    return None
