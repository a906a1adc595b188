"""What else could be planned: if one were refused, without a limit, at another budget; step 6."""

import numpy as np
import pandas as pd

from cxlib.sums import roadmap
from cxlib.sums.roadmap import column, plan_benefit, plan_cost, plan_left, plan_roadmap

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
    """How much is enough: the best plan at each budget at which it changes.

    Returns one row per plan, from nothing to the last that leaves more: budget (over the years, the
    least that carries it when every year's budget is moved alike), benefit and net (over the term;
    see `plan_left`), initiatives (number chosen), cost (within the term, to start and to run), plan:
    chosen (the one that the budgets as given carry), "", or last second_best (see `second_best`; not
    the best at any budget). About STEPS plans at most; where there are more, some are passed over.

    >>> wishes = pd.DataFrame({"initiative": [*"ab"], "cost": [2, 3], "benefit": [4, 5]})
    >>> roadmap_frontier(wishes, pd.Series({"2025": 3}))[["budget", "benefit"]].values.tolist()
    [[0.0, 0.0], [2.0, 4.0], [3.0, 5.0], [5.0, 9.0], [2.0, 4.0]]
    """
    cost, running = (column(initiatives, name).sum() for name in ("cost", "running"))
    all_of = float(cost + running * len(budgets))
    base = np.minimum(budgets.astype(float), max(all_of, 1))
    found, scale = [], max(all_of / base[base > 0].min(), 1) if base.any() else 0.0
    while True:
        plan = plan_roadmap(initiatives, base * scale, **limits)
        found.append((plan, share_needed(plan, base)))
        here, span = found[-1][1], found[0][1]
        if not here:
            break
        below = here - span / STEPS[len(initiatives) * len(budgets) <= roadmap.EXACT]
        scale = 1.0 if below < 1 < here else max(below, 0.0)
    best = next(plan for plan, needed in found if needed <= 1)
    second = second_best(initiatives, base, best, **limits)
    rows = [(plan, "chosen" if plan is best else "") for plan, _ in reversed(found)]
    rows += [(second, "second_best")] if second["chosen"].any() else []
    return frontier_table(rows, base, limits)


def frontier_table(plans, base: pd.Series, limits: dict) -> pd.DataFrame:
    """One row per (plan, what it is); what less money buys, more money buys as well."""
    rows = []
    for plan, kind in plans:
        benefit, net, cost = (
            of(plan, base, **limits) for of in (plan_benefit, plan_left, plan_cost)
        )
        budget = share_needed(plan, base) * base.sum()
        rows.append((budget, benefit, net, plan["chosen"].sum(), cost, kind))
    table = pd.DataFrame(rows, columns=["budget", "benefit", "net", "initiatives", "cost", "plan"])
    best = table["plan"] != "second_best"
    table.loc[best, "net"] = table.loc[best, "net"].cummax()
    return table


def share_needed(plan: pd.DataFrame, base: pd.Series) -> float:
    """The share of every year's budget that carries the plan; 0 for one that costs nothing."""
    spent = spent_by_year(plan, base)
    return float((spent[base > 0] / base[base > 0]).max()) if base.any() else 0.0


def spent_by_year(plan: pd.DataFrame, base: pd.Series) -> np.ndarray:
    """What the plan costs in each year of `base`: to start, and from the year after to run."""
    first = plan["start"].map({str(year): place for place, year in enumerate(base.index)})
    cost, running = column(plan, "cost"), column(plan, "running")
    return np.array([(cost * (first == y) + running * (first < y)).sum() for y in range(len(base))])
