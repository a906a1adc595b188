"""Which initiatives to fund, the second best, and why not the others: step 6 of the method.

What else could be planned: if one were refused, without a limit, at another budget; step 6.
"""

import numpy as np
import pandas as pd

from cxlib.sums import roadmap
from cxlib.sums.initiatives import FITS, linked
from cxlib.sums.roadmap import column, plan_benefit, plan_cost, plan_left, plan_roadmap

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
    first = roadmap.plan_roadmap(initiatives, budgets, **limits)
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
    payback  years from its start until its cost is back (`roadmap.payback_years`); blank where it
             never is, or no margin is known
    """
    allowed = roadmap.may_start(plan, budgets, {}, {}, ())
    years = np.array([str(year) for year in budgets.index], dtype=object)
    earliest = pd.Series(np.where(allowed.any(axis=1), years[allowed.argmax(axis=1)], None))
    starts = plan["start"].where(plan["chosen"], earliest.set_axis(plan.index))
    margin, term, rows = limits.get("margin"), roadmap.payback_term(len(budgets)), []
    for row, start in starts.items():
        if pd.isna([start, plan.at[row, "benefit"], plan.at[row, "cost"]]).any():
            rows.append((np.nan,) * 4)
            continue
        held = plan.assign(start=plan["start"].mask(plan.index == row, start))
        held = held[held["start"].notna()]
        others = held.drop(row)
        adds = roadmap.benefit_a_year(held, **limits) - roadmap.benefit_a_year(others, **limits)
        left = roadmap.plan_left(held, budgets, **limits) - roadmap.plan_left(others, budgets, **limits)  # fmt: skip
        running = held.get("running", pd.Series(0.0, index=held.index)).fillna(0)[row]
        cost, kept = held.at[row, "cost"], 0.0 if margin is None else margin * adds
        back = roadmap.payback_years(kept, cost, running, cost + running * (term - 1), term)
        rows.append((adds, left, back, roadmap.plan_left(held.loc[[row]], budgets, **limits)))
    return pd.DataFrame(rows, columns=["adds", "net", "payback", "alone"], index=plan.index)


def reason(row: int, plan: pd.DataFrame, budgets, limits: dict) -> tuple[str, str]:
    """(reason, what it speaks of) of one initiative; see `choose_portfolio`."""
    values, name = plan.iloc[row], plan["initiative"].iloc[row]
    ceilings = {"cost": budgets.max(), **(limits.get("capacity") or {})}
    unknown = [column for column in ["benefit", *ceilings] if pd.isna(values[column])]
    unfit = [fit for fit, least in (limits.get("least") or {}).items() if values[fit] < least]
    over = [column for column, most in ceilings.items() if values[column] > most]
    fits, link = values.reindex(FITS).dropna(), missing_link(row, plan)
    dust = roadmap.NOTHING * max(plan["net"].abs().max(), 1)
    idle = "adds_nothing" if limits.get("margin") is None else "adds_too_little"
    told = [
        (values["chosen"], "chosen", ""),
        (unknown, "unknown", *unknown[:1]),
        (unfit, "unfit", *unfit[:1]),
        (name in (limits.get("refused") or ()), "refused", ""),
        (values["benefit"] <= 0 and len(fits) and not fits.any(), "no_fit", ""),
        (values["benefit"] <= 0, "no_benefit", ""),
        (values["alone"] <= 0, "loses_money", ""),
        (over, "over_budget" if over[:1] == ["cost"] else "over_capacity", *over[:1]),
        (pd.isna(values["adds"]), "later", "year"),
        (link, *(link or ())),
        (values["net"] <= dust, idle, ""),
        (True, "outbid", ""),
    ]
    return next(tuple(why) for holds, *why in told if holds)


def missing_link(row: int, plan: pd.DataFrame) -> tuple[str, str] | None:
    """(requires, what it needs and is not chosen) or (excluded, the chosen one that rules it out)."""
    chosen, names = plan["chosen"].tolist(), plan["initiative"].tolist()
    for kind, one, other in linked(plan):
        if kind == "requires" and one == row and not chosen[other]:
            return "requires", names[other]
        if kind == "excludes" and row in (one, other) and chosen[other if one == row else one]:
            return "excluded", names[other if one == row else one]
    return None


# What else could be planned


REFUSED = 10  # of the initiatives of a plan above roadmap.EXACT, the largest, each refused in turn
STEPS = {True: 40, False: 10}  # points of a frontier, where plans are exact and where they are not


def second_best(initiatives, budgets, best: pd.DataFrame, **limits) -> pd.DataFrame:
    """The plan to fall back on: the one that leaves most and does something else in place of
    something of the best one; where all that could come in would cost more than it adds, the best
    without something. Nothing is chosen where nothing else leaves anything.

    >>> wishes = pd.DataFrame({"initiative": [*"ab"], "cost": [2, 3], "benefit": [4, 5]})
    >>> money = pd.Series({"2025": 3})
    >>> second_best(wishes, money, plan_roadmap(wishes, money))["chosen"].tolist()
    [True, False]
    """
    plan = plan_roadmap(initiatives, budgets, **limits, unlike=best["chosen"])
    added = plan["chosen"] & ~best["chosen"]
    without = plan.assign(start=plan["start"].where(~added, None))
    left = [plan_left(each, budgets, **limits) for each in (plan, without)]
    if added.any() and left[0] <= left[1]:
        plan = plan_roadmap(initiatives, budgets, **limits, unlike=best["chosen"], adding=False)
        left[0] = plan_left(plan, budgets, **limits)
    kept = roadmap.only_what_adds(plan, budgets, **limits)
    return kept if left[0] > 0 else plan.assign(start=None, chosen=False)


def refusals(initiatives, budgets, **limits) -> pd.DataFrame:
    """The second-best plan for each initiative of the best one, were it refused.

    Above EXACT initiatives × years, for the REFUSED of largest total benefit.

    Returns one row per chosen initiative: initiative, benefit_lost (of what the plan leaves over its
    term, see `plan_left`), instead (initiatives that come in, "; " between; "" where none). Largest
    loss first.

    >>> wishes = pd.DataFrame({"initiative": [*"ab"], "cost": [2, 3], "benefit": [4, 5]})
    >>> refusals(wishes, pd.Series({"2025": 3}))["benefit_lost"].tolist()
    [1.0]
    """
    best = plan_roadmap(initiatives, budgets, **limits)
    worth = plan_left(best, budgets, **limits)
    rows, before = [], list(limits.get("refused") or ())
    chosen = best[best["chosen"]]
    if len(initiatives) * len(budgets) > roadmap.EXACT:
        chosen = chosen.nlargest(REFUSED, "benefit")
    for name in chosen["initiative"]:
        plan = plan_roadmap(initiatives, budgets, **{**limits, "refused": [*before, name]})
        new = plan.loc[plan["chosen"].to_numpy() & ~best["chosen"].to_numpy(), "initiative"]
        lost = worth - plan_left(plan, budgets, **limits)
        rows.append((name, lost, "; ".join(new)))
    found = pd.DataFrame(rows, columns=["initiative", "benefit_lost", "instead"])
    return found.sort_values("benefit_lost", ascending=False, kind="stable", ignore_index=True)


def limit_costs(initiatives, budgets, **limits) -> pd.DataFrame:
    """What each limit costs: how much more the plan would leave over its term without it.

    Returns one row per limit: limit (budget YEAR, a column of capacity or least, requires or
    excludes with the initiative), kind, benefit_gained when it is lifted whole. Most costly first.
    A limit that costs nothing is not worth arguing about.

    >>> wishes = pd.DataFrame({"initiative": [*"ab"], "cost": [2, 3], "benefit": [4, 5]})
    >>> limit_costs(wishes, pd.Series({"2025": 3}))["benefit_gained"].tolist()
    [4.0]
    """
    worth = plan_left(plan_roadmap(initiatives, budgets, **limits), budgets, **limits)
    rows = []
    for name, kind, table, money, rules in lifted(initiatives, budgets, limits):
        plan = plan_roadmap(table, money, **rules)
        rows.append((name, kind, plan_left(plan, money, **rules) - worth))
    found = pd.DataFrame(rows, columns=["limit", "kind", "benefit_gained"])
    return found.sort_values("benefit_gained", ascending=False, kind="stable", ignore_index=True)


def lifted(initiatives, budgets, limits):
    """(limit, kind, initiatives, budgets, limits) with each limit lifted in turn.

    Links only where plans are exact: above EXACT there are too many to plan anew for each.
    """
    no_end = float(initiatives["cost"].sum() * (1 + len(budgets))) + 1
    for year in budgets.index:
        money = budgets.astype(float).copy()
        money[year] += no_end
        yield str(year), "budget", initiatives, money, limits
    for kind in ("capacity", "least"):
        for name in limits.get(kind) or {}:
            kept = {key: value for key, value in limits[kind].items() if key != name}
            yield name, kind, initiatives, budgets, {**limits, kind: kept}
    exact = len(initiatives) * len(budgets) <= roadmap.EXACT
    for kind in ("requires", "excludes"):
        if kind in initiatives and exact:
            for row in initiatives.index[initiatives[kind].fillna("").ne("")]:
                free = initiatives.copy()
                free.loc[row, kind] = ""
                yield initiatives.at[row, "initiative"], kind, free, budgets, limits


def roadmap_frontier(initiatives, budgets, **limits) -> pd.DataFrame:
    """How much is enough: the best plan at each cost at which it changes. Up to the plan that the
    budgets carry, those budgets hold and the cost is capped; beyond it every year's budget is raised
    alike.

    Returns one row per plan, from nothing to the last that leaves more: budget (over the years, the
    least that carries it when every year's budget is moved alike), benefit and net (over the term;
    see `plan_left`), initiatives (number chosen), cost (within the term, to start and to run), plan:
    chosen (the one that the budgets as given carry), "", or last second_best (see `second_best`).
    About STEPS plans at most; where there are more, some are passed over.

    >>> wishes = pd.DataFrame({"initiative": [*"ab"], "cost": [2, 3], "benefit": [4, 5]})
    >>> roadmap_frontier(wishes, pd.Series({"2025": 3}))[["budget", "benefit"]].values.tolist()
    [[0.0, 0.0], [2.0, 4.0], [3.0, 5.0], [5.0, 9.0], [2.0, 4.0]]
    """
    cost, running = (column(initiatives, name).sum() for name in ("cost", "running"))
    all_of = float(cost + running * len(budgets))
    base = np.minimum(budgets.astype(float), max(all_of, 1))
    steps = STEPS[len(initiatives) * len(budgets) <= roadmap.EXACT]
    raised, scale = [], max(all_of / base[base > 0].min(), 1) if base.any() else 1.0
    while scale > 1:
        plan = plan_roadmap(initiatives, base * scale, **limits)
        here = share_needed(plan, base)
        raised += [plan] * (here > 1)
        scale = here - share_needed(raised[0], base) / steps if here > 1 else 1.0
    best = plan_roadmap(initiatives, base, **limits)
    capped, whole = [best], plan_cost(best, base, **limits)
    while (cost := plan_cost(capped[-1], base, **limits)) > 0:
        cap = max(cost - whole / steps, 0.0)
        capped.append(plan_roadmap(initiatives, base, **limits, most_cost=cap))
    rows = [(plan, "chosen" if plan is best else "") for plan in reversed([*raised, *capped])]
    second = second_best(initiatives, base, best, **limits)
    rows += [(second, "second_best")] if second["chosen"].any() else []
    return frontier_table(rows, base, limits)


def frontier_table(plans, base: pd.Series, limits: dict) -> pd.DataFrame:
    """One row per (plan, what it is); what less money buys, more money buys as well."""
    rows = []
    for plan, kind in plans:
        benefit, net, cost = (of(plan, base, **limits) for of in (plan_benefit, plan_left, plan_cost))  # fmt: skip
        budget = share_needed(plan, base) * base.sum()
        rows.append((budget, benefit, net, plan["chosen"].sum(), cost, kind))
    table = pd.DataFrame(rows, columns=["budget", "benefit", "net", "initiatives", "cost", "plan"])
    best = table["plan"] != "second_best"
    table.loc[best, "net"] = table.loc[best, "net"].cummax()
    return table


def share_needed(plan: pd.DataFrame, base: pd.Series) -> float:
    """The share of every year's budget that carries the plan, which costs to start and, from the year
    after, to run; 0 for one that costs nothing."""
    first = plan["start"].map({str(year): place for place, year in enumerate(base.index)})
    cost, running = column(plan, "cost"), column(plan, "running")
    spent = [(cost * (first == y) + running * (first < y)).sum() for y in range(len(base))]
    return float((spent / base)[base > 0].max()) if base.any() else 0.0
