"""Initiatives under budgets over several years: which, when, and what each limit costs.

Step 6 of the method. One year is a plan like any other. By scipy's mixed-integer solver (HiGHS),
exactly up to EXACT initiatives × years.
"""

from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from cxlib.sums.initiatives import benefits, linked

NOTHING = 1e-9  # of what the plan leaves: less is rounding
CHEAPER = 1e-6  # of the smallest benefit: between equal plans, the cheaper
USUAL_TERM = 3  # years; assumed, over which a plan of one year is counted
EXACT = 100  # initiatives × years up to which the plan is proved best, not merely nearly so
# … above, near to the proven bound is enough, for uplifts are known less well, and so many branches
# are looked into (`within` says what was reached); less of plans drawn, of which many are.
NEARLY = {"mip_rel_gap": 0.01, "node_limit": 100}
ROUGHLY = {"mip_rel_gap": 0.05, "node_limit": 1}
DRAWN = 40  # plans, above EXACT


def plan_roadmap(
    initiatives: pd.DataFrame,
    budgets: pd.Series,
    capacity: dict | None = None,
    most: dict | None = None,
    most_in_all: float | None = None,
    least: dict | None = None,
    refused=(),
    unlike: pd.Series | None = None,
    adding: bool = True,
    rough: bool = False,
    margin: float | None = None,
    term: int | None = None,
    most_cost: float = np.inf,
) -> pd.DataFrame:
    """The initiatives that leave most over the years, and the year that each starts in.

    What is left is margin × benefit − cost − running cost; where benefit is no money, or no margin
    is known, it is the benefit, and a cost is only held to its budget.

    Parameters
    ----------
    initiatives : one row per initiative: initiative, cost (paid in its first year), running (a
        year thereafter; 0 where blank), benefit (a year, from its first year on; or what
        `portfolio.benefits` makes it of), requires (started no later), excludes, year (the
        earliest it can start; blank: any)
    budgets : most that a year may cost, indexed by year in order; nothing is carried over
    capacity : column of initiatives → most that those started in one year may add up to
    most : dimension → most benefit a year that it can bring (the ideal, or the top of the scale,
        is reached); what goes beyond counts nothing
    most_in_all : most benefit a year of all of them together; what goes beyond counts nothing
    least : column of initiatives (people, process, technology, strategy_fit) → least that an
        initiative must have; blank counts as unknown and is not refused
    refused : initiatives left out
    unlike : chosen by a plan; this one must leave something of it out and, if `adding`, add something
    rough : above EXACT, stop sooner: for the many plans of which only the average is looked at
    margin : what a unit of benefit earns, in the unit of cost; None: what is left is the benefit
    term : years, from the first of `budgets` on, over which benefit and costs are counted; what runs
        in the last year planned runs on to its end (default: the years planned)
    most_cost : most that the plan may cost within its term; see `plan_cost`

    Returns the same rows plus benefit (a year), start (the year, or blank), chosen, and within: how
    far below the best possible the plan may be, 0–1 (0: proved best). What the plan brings together
    is `plan_benefit` of the result, what it leaves `plan_left`.

    >>> wishes = pd.DataFrame({"initiative": [*"ab"], "cost": [2, 3], "benefit": [4, 5]})
    >>> plan_roadmap(wishes, pd.Series({"2025": 3, "2026": 3}))["start"].tolist()
    ['2026', '2025']
    """
    table = initiatives.assign(benefit=benefits(initiatives, {}))
    allowed = may_start(table, budgets, capacity or {}, least or {}, refused)
    caps = most or {}, np.inf if most_in_all is None else most_in_all
    counts = margin, spans(len(budgets), term)
    rules = rules_beside(table, budgets, unlike, adding, term, most_cost)
    started, within = solve(table, budgets, capacity or {}, *caps, allowed, rules, rough, *counts)
    years = np.array([str(year) for year in budgets.index], dtype=object)
    start = np.where(started[:, -1], years[started.argmax(axis=1)], None)
    plan = table.assign(start=start, chosen=started[:, -1], within=within)
    limits = {"most": most, "most_in_all": most_in_all, "margin": margin, "term": term}
    return plan if unlike is not None else only_what_adds(plan, budgets, **limits)


def only_what_adds(plan: pd.DataFrame, budgets: pd.Series, **limits) -> pd.DataFrame:
    """The plan less what adds nothing to what it leaves and what nothing chosen requires, the dearest
    first: where a limit is reached, plans with and without it are equal to the solver.

    >>> plan = pd.DataFrame({"initiative": [*"ab"], "cost": [2.0, 3.0], "benefit": [4.0, 4.0]})
    >>> plan = plan.assign(start="2025", chosen=True)
    >>> only_what_adds(plan, pd.Series({"2025": 9}), most_in_all=4.0)["chosen"].tolist()
    [True, False]
    """
    inside, most = plan[plan["chosen"]], plan_left(plan, budgets, **limits)
    own = inside["benefit"]
    if (own > 0).all() and benefit_a_year(inside, **limits) >= own.sum():
        return plan
    links = [(row, other) for kind, row, other in linked(plan) if kind == "requires"]
    needed = {other for row, other in links if plan["chosen"].iloc[row]}
    for row in inside.sort_values("cost", ascending=False, kind="stable").index:
        held = plan.index == row
        without = plan.assign(start=plan["start"].mask(held, None), chosen=plan["chosen"] & ~held)
        idle = plan_left(without, budgets, **limits) >= most - NOTHING * max(abs(most), 1)
        if idle and not needed & set(np.flatnonzero(held)):
            return only_what_adds(without, budgets, **limits)
    return plan


def spans(years: int, term: int | None = None) -> np.ndarray:
    """How many years each year planned stands for: one, and the last all to the end of the term.

    >>> spans(1, term=3).tolist()
    [3.0]
    """
    found = np.ones(years)
    found[-1] += max((term or years) - years, 0)
    return found


def payback_term(years: int) -> int:
    """Years over which a plan's costs and benefits are counted: those planned, of several.

    >>> payback_term(1), payback_term(5)
    (3, 5)
    """
    return years if years > 1 else USUAL_TERM


def payback_years(kept, to_start, running, in_term, term) -> float | None:
    """Years until a plan's cost is back from what it keeps a year; None where it never is.

    to_start, running : what it costs to start, and a year once all of it runs
    in_term : both within the term, where running begins a year after each start (`plan_cost`): this
        cost comes back evenly over the term; after it, all that runs has to be paid

    >>> payback_years(500.0, 900.0, 50.0, 1000.0, 3), payback_years(250.0, 900.0, 50.0, 1000.0, 3)
    (1.9285714285714286, 4.25)
    """
    early, late = kept - (in_term - to_start) / term, kept - running
    if early > 0 and to_start <= (term + 1e-9) * early:
        return to_start / early
    return (in_term - running * term) / late if late > 0 else None


def may_start(table, budgets, capacity, least, refused) -> np.ndarray:
    """(initiative, year): whether it may have started by then.

    >>> wishes = pd.DataFrame(
    ...     {"initiative": [*"abc"], "cost": 1.0, "benefit": 1.0, "year": [None, 2026, None], "people": [1, 1, 0.2]}
    ... )
    >>> may_start(wishes, pd.Series({"2025": 9, "2026": 9}), {}, {"people": 0.5}, refused=()).tolist()
    [[True, True], [False, True], [False, False]]
    """
    known = table[["benefit", "cost", *capacity]].notna().all(axis=1)
    for name, value in least.items():
        known &= ~(table[name] < value)
    known &= ~table["initiative"].isin(refused)
    years = pd.to_numeric(pd.Series(budgets.index), errors="coerce").to_numpy()
    wish = table.get("year", pd.Series(np.nan, index=table.index))
    earliest = pd.to_numeric(wish, errors="coerce").fillna(-np.inf).to_numpy()
    # A plan of one year without a name is open to all.
    return known.to_numpy()[:, None] & ~(years[None, :] < earliest[:, None])


def solve(
    table, budgets, capacity, most, most_in_all, allowed, rules, rough, margin, stands
) -> tuple[np.ndarray, float]:
    """((initiative, year): True where it has started, distance to the proven bound, 0–1).

    Variables: whether an initiative has started by the end of a year — HiGHS proves such plans
    sooner than those of "starts in" —, what each limited dimension brings in a year, and what goes
    beyond `most_in_all` in a year and counts nothing.
    """
    n, years = allowed.shape
    benefit = column(table, "benefit")
    dimension = table.get("dimension", pd.Series("", index=table.index)).astype(object)
    free = ~dimension.isin(list(most)).to_numpy()
    earns, exact = 1.0 if margin is None else margin, n * years <= EXACT
    value = earns * np.outer(benefit * free, stands)
    if margin is not None:
        value -= costs_by_start(table, stands)
    if exact:  # between equal plans the cheaper
        cost = column(table, "cost")
        smallest = earns * np.abs(benefit[benefit != 0]).min(initial=1)
        value[:, -1] -= CHEAPER * smallest * cost / max(cost.sum(), 1)
    rules = [*limit_rows(table, budgets, capacity, n, years), *rules]
    rows, high = zip(*rules, strict=True)
    # A limited dimension brings no more than its initiatives do, nor than its most.
    own = [-benefit * (dimension == name).to_numpy() for name in most]
    capped = [np.kron(each, year) for each in own for year in np.eye(years)]
    ceilings = np.repeat([float(value) for value in most.values()], years)
    brings = np.eye(len(rows) + len(capped))[:, len(rows) :]
    rows = np.array([*(row.ravel() for row in rows), *capped], dtype=float)
    rows, high = np.hstack([rows, brings]), [*high, *np.zeros(len(capped))]
    worth = np.r_[value.ravel(), earns * np.tile(stands, len(most))]
    beyond = years if np.isfinite(most_in_all) else 0
    if beyond:
        own = np.repeat((benefit * free)[:, None], years, axis=1)
        every = np.r_[own.ravel(), np.ones(len(ceilings))]  # through the years, again and again
        over = np.tile(np.eye(years), n + len(most)) * every  # a row per year: what all bring in it
        rows = np.block([[rows, np.zeros((len(rows), years))], [over, -np.eye(years)]])
        high, worth = [*high, *[most_in_all] * years], np.r_[worth, -earns * stands]
    solved = milp(
        -worth,
        integrality=np.r_[np.ones(allowed.size), np.zeros(len(ceilings) + beyond)],
        bounds=Bounds(0, np.r_[allowed.ravel().astype(float), ceilings, [np.inf] * beyond]),
        constraints=LinearConstraint(sparse.csr_array(rows), -np.inf, high),
        options={"mip_rel_gap": 0.0} if exact else ROUGHLY if rough else NEARLY,
    )
    if solved.x is None:
        return np.zeros(allowed.shape, dtype=bool), 0.0
    within = 0.0 if exact else max(float(solved.mip_gap), 0.0)
    return (solved.x[: allowed.size] > 0.5).reshape(allowed.shape), within


def costs_by_start(table, stands) -> np.ndarray:
    """(initiative, year): what having started by then costs; in all, what a plan costs within its
    term."""
    after = np.r_[np.ones(len(stands) - 1), stands[-1] - 1]  # it runs from the year after
    found = np.outer(column(table, "running"), after)
    found[:, -1] += column(table, "cost")
    return found


def rules_beside(table, budgets, unlike, adding: bool, term, most_cost: float) -> list:
    """(row over initiative × year, upper limit) of each rule beside the limits: what makes a plan unlike
    the one chosen, and that it costs no more than that within its term."""
    found = []
    if unlike is not None:
        first = unlike.to_numpy(dtype=bool)
        adds, drops = np.zeros((2, len(table), len(budgets)))
        adds[:, -1], drops[:, -1] = -1.0 * (~first & (table["benefit"] > 0).to_numpy()), first
        found += [(drops, first.sum() - 1.0), *[(adds, -1.0)] * adding]
    if np.isfinite(most_cost):
        stands = spans(len(budgets), term or payback_term(len(budgets)))
        found.append((costs_by_start(table, stands), most_cost))
    return found


def limit_rows(table, budgets, capacity, n, years) -> list:
    """(row over initiative × year, upper limit) of each limit: once started, started; money; capacity; links."""
    each, at = np.eye(n), np.eye(years)  # an initiative; a year
    found = [(np.outer(one, was - now), 0) for was, now in pairwise(at) for one in each]
    cost, running = column(table, "cost"), column(table, "running")
    used = {name: column(table, name) for name in capacity}
    for year in range(years):
        found.append((starts(cost, year, n, years, running), budgets.iloc[year]))
        found += [(starts(used[name], year, n, years), most) for name, most in capacity.items()]
    for kind, one, other in linked(table):
        needs = kind == "requires"
        both = each[one] + each[other] * (-1 if needs else 1)
        found += [(np.outer(both, now), not needs) for now in (at if needs else at[-1:])]
    return found


def starts(amount, year, n, years, after=0.0) -> np.ndarray:
    """A row: `amount` in the year an initiative starts, `after` in the years that follow."""
    row = np.zeros((n, years))
    row[:, year] = amount
    if year:
        row[:, year - 1] = after - amount
    return row


def column(table, name) -> np.ndarray:
    """A column's numbers; rows that are not known may not start, so that 0 stands for nothing.

    >>> column(pd.DataFrame({"cost": [2.0, None]}), "cost").tolist()
    [2.0, 0.0]
    """
    return np.nan_to_num(table.get(name, pd.Series(0.0, index=table.index)).to_numpy(dtype=float))


def plan_benefit(
    plan: pd.DataFrame, budgets: pd.Series, most=None, most_in_all=None, term=None, drawn=None, **_
):
    """What the plan brings over its term, in the unit of benefit.

    most, most_in_all, term : see `plan_roadmap`; a year brings no more than that. Its other limits
    are no matter here.
    drawn : (draws, rows of the plan) benefits a year in place of its own: a number for each draw

    >>> plan = pd.DataFrame({"start": ["2025", "2026"], "benefit": [8.0, 5.0]})
    >>> plan_benefit(plan, pd.Series({"2025": 9, "2026": 9}), most_in_all=10, term=3)
    28.0
    """
    stands, years = spans(len(budgets), term), [str(year) for year in budgets.index]
    found = 0.0
    for place, stand in enumerate(stands):
        runs = plan["start"].isin(years[: place + 1]).to_numpy()
        now = None if drawn is None else drawn[:, runs]
        found = found + stand * benefit_a_year(plan[runs], most, most_in_all, now)
    return found


def benefit_a_year(chosen: pd.DataFrame, most=None, most_in_all=None, drawn=None, **_):
    """What these initiatives bring in a year in which all of them run, in the unit of benefit; see
    `plan_benefit`.

    >>> chosen = pd.DataFrame({"dimension": ["price", "price"], "benefit": [4.0, 3.0]})
    >>> benefit_a_year(chosen, most={"price": 6.0})
    6.0
    """
    dimension = chosen.get("dimension", pd.Series("", index=chosen.index)).fillna("")
    benefit = np.nan_to_num(chosen["benefit"].to_numpy(dtype=float) if drawn is None else drawn)
    limit, year = most or {}, np.zeros(benefit.shape[:-1])
    for name in dimension.unique():
        own = benefit[..., dimension.eq(name).to_numpy()].sum(axis=-1)
        year = year + np.minimum(own, limit.get(name, np.inf))
    return np.minimum(year, np.inf if most_in_all is None else most_in_all)


def plan_cost(plan: pd.DataFrame, budgets: pd.Series, term: int | None = None, **_) -> float:
    """What the plan costs within its term, to start and, from the year after, to run.

    >>> plan = pd.DataFrame({"start": ["2025"], "cost": [5.0], "running": [1.0]})
    >>> plan_cost(plan, pd.Series({"2025": 9}), term=3)
    7.0
    """
    return float(costs_in_term(plan, budgets, term).sum())


def costs_in_term(plan: pd.DataFrame, budgets: pd.Series, term: int | None = None) -> pd.Series:
    """What each initiative costs within the term: to start, and to run in the years after its start;
    blank where it does not start.

    >>> plan = pd.DataFrame({"start": ["2026", None], "cost": [5.0, 9.0], "running": [1.0, 1.0]})
    >>> costs_in_term(plan, pd.Series({"2025": 9, "2026": 9}), term=4).tolist()
    [7.0, nan]
    """
    years = [str(year) for year in budgets.index]
    stands = spans(len(years), term or payback_term(len(years)))
    after = plan["start"].map({year: stands[place:].sum() - 1 for place, year in enumerate(years)})
    return plan["cost"].astype(float) + after.astype(float) * column(plan, "running")


def plan_left(plan: pd.DataFrame, budgets: pd.Series, margin=None, **limits):
    """What the plan leaves over its term: margin × benefit − costs; without a margin, its benefit.
    A number, or one for each draw: see `plan_benefit`.

    >>> plan = pd.DataFrame({"start": ["2025"], "cost": [5.0], "running": [1.0], "benefit": [8.0]})
    >>> plan_left(plan, pd.Series({"2025": 9}), margin=0.5, term=3)
    5.0
    """
    brings = plan_benefit(plan, budgets, **limits)
    return brings if margin is None else margin * brings - plan_cost(plan, budgets, **limits)
