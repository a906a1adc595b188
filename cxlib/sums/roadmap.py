"""Initiatives under budgets over several years: which, when, and what each limit costs.

Step 6 of the method. One year is a plan like any other. By scipy's mixed-integer solver (HiGHS),
exactly up to EXACT initiatives × years.
"""

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.stats import norm

from cxlib.sums.estimate import SEED
from cxlib.sums.initiatives import benefits, linked

CHEAPER = 1e-6  # of the smallest benefit: between equal plans, the cheaper
PLANS_DRAWN = 200  # a probability from so many plans is known to ± .07 at most
EXACT = 100  # initiatives × years up to which the plan is proved best, not merely nearly so
NEARLY = 0.01  # … above, so near to the proven bound is enough: uplifts are known less well,
NODES = 100  # and so many branches are looked into; `within` says what was reached
ROUGHLY = {"gap": 0.05, "nodes": 1, "drawn": 40}  # of plans drawn above EXACT, of which many are
REFUSED = 10  # of the initiatives of a plan above EXACT, the largest, each refused in turn
STEPS = {True: 40, False: 10}  # points of a frontier, where plans are exact and where they are not


def plan_roadmap(
    initiatives: pd.DataFrame,
    budgets: pd.Series,
    capacity: dict | None = None,
    weights: dict | None = None,
    most: dict | None = None,
    most_in_all: float | None = None,
    least: dict | None = None,
    refused=(),
    unlike: pd.Series | None = None,
    rough: bool = False,
) -> pd.DataFrame:
    """The initiatives of largest benefit over the years, and the year that each starts in.

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
    unlike : chosen by a plan; this one must add something to it and leave something of it out
    rough : above EXACT, stop sooner: for the many plans of which only the average is looked at

    Returns the same rows plus benefit (a year), total (over the years, before `most`), start (the
    year, or blank), chosen, and within: how far below the best possible the plan may be, 0–1 (0:
    proved best). What the plan brings together is
    `plan_benefit` of the result.

    >>> wishes = pd.DataFrame({"initiative": [*"ab"], "cost": [2, 3], "benefit": [4, 5]})
    >>> plan_roadmap(wishes, pd.Series({"2025": 3, "2026": 3}))["start"].tolist()
    ['2026', '2025']
    """
    table = initiatives.assign(benefit=benefits(initiatives, weights or {}))
    if budgets.empty:
        raise ValueError("There is no year to plan: `budgets` is empty. Give at least one.")
    allowed = may_start(table, budgets, capacity or {}, least or {}, refused)
    caps = most or {}, np.inf if most_in_all is None else most_in_all
    started, within = solve(table, budgets, capacity or {}, *caps, allowed, unlike, rough)
    return scheduled(table, started, budgets).assign(within=within)


def may_start(table, budgets, capacity, least, refused) -> np.ndarray:
    """(initiative, year): whether it may have started by then."""
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
    table, budgets, capacity, most, most_in_all, allowed, unlike, rough
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
    value = np.repeat((benefit * free)[:, None], years, axis=1)
    exact = n * years <= EXACT
    if exact:  # between equal plans the cheaper
        cost = column(table, "cost")
        smallest = np.abs(benefit[benefit != 0]).min(initial=1)
        value[:, -1] -= CHEAPER * smallest * cost / max(cost.sum(), 1)
    rows, high = limit_rows(table, budgets, capacity, n, years)
    if unlike is not None:
        first = unlike.to_numpy(dtype=bool)
        adds, drops = np.zeros((n, years)), np.zeros((n, years))
        adds[:, -1], drops[:, -1] = -1.0 * (~first & (benefit > 0)), first
        rows, high = [*rows, adds, drops], [*high, -1.0, first.sum() - 1.0]
    brings = np.zeros((len(rows), len(most) * years))
    capped, ceilings = ceiling_rows(benefit, dimension, most, n, years)
    rows = np.array([*(row.ravel() for row in rows), *capped], dtype=float)
    rows = np.hstack([rows, np.concatenate([brings, np.eye(len(most) * years)])])
    high, worth = [*high, *np.zeros(len(capped))], np.r_[value.ravel(), np.ones(len(ceilings))]
    beyond = years if np.isfinite(most_in_all) else 0
    if beyond:
        own = np.repeat((benefit * free)[:, None], years, axis=1)
        over = over_in_all(np.r_[own.ravel(), np.ones(len(ceilings))], years)
        rows = np.block([[rows, np.zeros((len(rows), years))], [over, -np.eye(years)]])
        high, worth = [*high, *[most_in_all] * years], np.r_[worth, -np.ones(years)]
    solved = milp(
        -worth,
        integrality=np.r_[np.ones(allowed.size), np.zeros(len(ceilings) + beyond)],
        bounds=Bounds(0, np.r_[allowed.ravel().astype(float), ceilings, [np.inf] * beyond]),
        constraints=LinearConstraint(sparse.csr_array(rows), -np.inf, high),
        options=effort(exact, rough),
    )
    if solved.x is None:
        return np.zeros(allowed.shape, dtype=bool), 0.0
    within = 0.0 if exact else max(float(solved.mip_gap), 0.0)
    return (solved.x[: allowed.size] > 0.5).reshape(allowed.shape), within


def effort(exact: bool, rough: bool) -> dict:
    """Options of the solver: how near the best, and how long to look."""
    if exact:
        return {"mip_rel_gap": 0.0}
    gap, nodes = (ROUGHLY["gap"], ROUGHLY["nodes"]) if rough else (NEARLY, NODES)
    return {"mip_rel_gap": gap, "node_limit": nodes}


def limit_rows(table, budgets, capacity, n, years):
    """(rows over initiative × year, upper limits): once started, started; money; capacity; links."""
    rows, high = [], []

    def limit(row, most):
        rows.append(row)
        high.append(float(most))

    for year in range(1, years):
        for one in range(n):
            row = np.zeros((n, years))
            row[one, year - 1], row[one, year] = 1, -1
            limit(row, 0)
    cost, running = column(table, "cost"), column(table, "running")
    used = {name: column(table, name) for name in capacity}
    for year in range(years):
        limit(starts(cost, year, n, years, running), budgets.iloc[year])
        for name, most in capacity.items():
            limit(starts(used[name], year, n, years), most)
    for kind, one, other in linked(table):
        for year in range(years) if kind == "requires" else [years - 1]:
            row = np.zeros((n, years))
            row[one, year] += 1
            row[other, year] += -1 if kind == "requires" else 1
            limit(row, 0 if kind == "requires" else 1)
    return rows, high


def starts(amount, year, n, years, after=0.0) -> np.ndarray:
    """A row: `amount` in the year an initiative starts, `after` in the years that follow."""
    row = np.zeros((n, years))
    row[:, year] = amount
    if year:
        row[:, year - 1] = after - amount
    return row


def ceiling_rows(benefit, dimension, most, n, years):
    """A limited dimension brings no more than its initiatives do (rows), nor than `most`."""
    rows = []
    for name in most:
        own = benefit * (dimension == name).to_numpy()
        for year in range(years):
            row = np.zeros((n, years))
            row[:, year] = -own
            rows.append(row.ravel())
    return rows, np.repeat([float(value) for value in most.values()], years)


def over_in_all(worth, years) -> np.ndarray:
    """A row per year: what all bring in it; variables run through the years, again and again."""
    return np.array([worth * (np.arange(len(worth)) % years == year) for year in range(years)])


def column(table, name) -> np.ndarray:
    """A column's numbers; rows that are not known may not start, so that 0 stands for nothing."""
    values = table.get(name, pd.Series(0.0, index=table.index))
    return np.nan_to_num(values.to_numpy(dtype=float))


def scheduled(table, started, budgets) -> pd.DataFrame:
    """Initiatives with start (year, None where not chosen), chosen, and total: what each brings
    over the years planned, in the unit of benefit."""
    chosen = started[:, -1]
    first = started.argmax(axis=1)
    years = np.array([str(year) for year in budgets.index], dtype=object)
    total = np.where(chosen, table["benefit"] * (len(budgets) - first), 0.0)
    return table.assign(start=np.where(chosen, years[first], None), chosen=chosen, total=total)


def plan_benefit(
    plan: pd.DataFrame, budgets: pd.Series, most: dict | None = None, most_in_all=None, **_
) -> float:
    """What the plan brings over all years together, in the unit of benefit.

    most, most_in_all : see `plan_roadmap`; a year brings no more than that. Its other limits are
    no matter here.
    """
    dimension = plan.get("dimension", pd.Series("", index=plan.index)).fillna("")
    limit, brought = most or {}, 0.0
    in_all = np.inf if most_in_all is None else most_in_all
    for place in range(len(budgets)):
        active = plan["start"].isin([str(year) for year in budgets.index[: place + 1]])
        by = plan.loc[active, "benefit"].groupby(dimension[active]).sum()
        year = sum(min(value, limit.get(name, np.inf)) for name, value in by.items())
        brought += min(year, in_all)
    return float(brought)


def refusals(initiatives, budgets, **limits) -> pd.DataFrame:
    """The second-best plan for each initiative of the best one, were it refused.

    Above EXACT initiatives × years, for the REFUSED of largest total benefit.

    Returns one row per chosen initiative: initiative, benefit_lost (over the years), instead
    (initiatives that come in, "; " between; "" where none). Largest loss first.

    >>> wishes = pd.DataFrame({"initiative": [*"ab"], "cost": [2, 3], "benefit": [4, 5]})
    >>> refusals(wishes, pd.Series({"2025": 3}))["benefit_lost"].tolist()
    [1.0]
    """
    best = plan_roadmap(initiatives, budgets, **limits)
    worth = plan_benefit(best, budgets, **limits)
    rows, before = [], list(limits.get("refused") or ())
    chosen = best[best["chosen"]]
    if len(initiatives) * len(budgets) > EXACT:
        chosen = chosen.nlargest(REFUSED, "total")
    for name in chosen["initiative"]:
        plan = plan_roadmap(initiatives, budgets, **{**limits, "refused": [*before, name]})
        new = plan.loc[plan["chosen"].to_numpy() & ~best["chosen"].to_numpy(), "initiative"]
        lost = worth - plan_benefit(plan, budgets, **limits)
        rows.append((name, lost, "; ".join(new)))
    found = pd.DataFrame(rows, columns=["initiative", "benefit_lost", "instead"])
    return found.sort_values("benefit_lost", ascending=False, kind="stable", ignore_index=True)


def limit_costs(initiatives, budgets, **limits) -> pd.DataFrame:
    """What each limit costs: the benefit over the years that would be gained without it.

    Returns one row per limit: limit (budget YEAR, a column of capacity or least, requires or
    excludes with the initiative), kind, benefit_gained when it is lifted whole. Most costly first.
    A limit that costs nothing is not worth arguing about.

    >>> wishes = pd.DataFrame({"initiative": [*"ab"], "cost": [2, 3], "benefit": [4, 5]})
    >>> limit_costs(wishes, pd.Series({"2025": 3}))["benefit_gained"].tolist()
    [4.0]
    """
    worth = plan_benefit(plan_roadmap(initiatives, budgets, **limits), budgets, **limits)
    rows = []
    for name, kind, table, money, rules in lifted(initiatives, budgets, limits):
        plan = plan_roadmap(table, money, **rules)
        rows.append((name, kind, plan_benefit(plan, money, **rules) - worth))
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
    exact = len(initiatives) * len(budgets) <= EXACT
    for kind in ("requires", "excludes"):
        if kind in initiatives and exact:
            for row in initiatives.index[initiatives[kind].fillna("").ne("")]:
                free = initiatives.copy()
                free.loc[row, kind] = ""
                yield initiatives.at[row, "initiative"], kind, free, budgets, limits


def probability_chosen(initiatives, budgets, drawn: np.ndarray, **limits) -> pd.Series:
    """How often each initiative belongs to the best plan when benefits are not known exactly, 0–1.

    drawn : (draws, initiatives) benefits a year, e.g. of `draw_benefits`. Plans that are drawn are
    not averaged: each is the best for one set of benefits that could be true. Above EXACT
    initiatives × years fewer are drawn, and roughly.

    >>> wishes = pd.DataFrame({"initiative": [*"ab"], "cost": [2, 3], "benefit": [4, 5]})
    >>> probability_chosen(wishes, pd.Series({"2025": 3}), np.array([[4, 5], [6, 5]])).tolist()
    [0.5, 0.5]
    """
    if len(initiatives) * len(budgets) > EXACT:
        drawn = drawn[: ROUGHLY["drawn"]]
    inside = np.zeros(len(initiatives))
    for benefit in drawn:
        table = initiatives.assign(benefit=benefit)
        most = moved(limits.get("most") or {}, initiatives, benefit)
        plan = plan_roadmap(table, budgets, **{**limits, "most": most}, rough=True)
        inside += plan["chosen"].to_numpy()
    return pd.Series(inside / len(drawn), index=initiatives.index)


def moved(most: dict, initiatives, benefit) -> dict:
    """The most that each dimension can bring, moved as the benefits of its initiatives have.

    >>> wishes = pd.DataFrame({"dimension": ["price"], "benefit": [4.0]})
    >>> moved({"price": 10.0}, wishes, np.array([2.0]))
    {'price': 5.0}
    """
    found = {}
    for name, value in most.items():
        own = (
            initiatives["dimension"].eq(name).to_numpy() & initiatives["benefit"].notna().to_numpy()
        )
        before = initiatives["benefit"].to_numpy()[own].sum()
        found[name] = value * benefit[own].sum() / before if before > 0 else value
    return found


def draw_benefits(
    initiatives, confidence: float = 0.95, draws: int = PLANS_DRAWN, seed: int = SEED
) -> np.ndarray:
    """(draws, initiatives) benefits from benefit and its interval (benefit_low, benefit_high).

    Initiatives of one dimension share one draw: their benefits rest on the same slope. Without an
    interval a benefit is taken as known. Never below zero: nobody would fund a loss.

    >>> wishes = pd.DataFrame({"benefit": [10], "benefit_low": [8], "benefit_high": [12]})
    >>> draw_benefits(wishes, draws=5).shape
    (5, 1)
    """
    z = norm.ppf(0.5 + confidence / 2)
    benefit = initiatives["benefit"].to_numpy(dtype=float)
    ends = initiatives.reindex(columns=["benefit_low", "benefit_high"]).astype(float)
    error = (ends["benefit_high"] - ends["benefit_low"]).fillna(0).to_numpy() / (2 * z)
    own = pd.Series(np.arange(len(initiatives)).astype(str), index=initiatives.index)
    group = initiatives["dimension"].fillna(own) if "dimension" in initiatives else own
    codes = pd.factorize(group)[0]
    noise = np.random.default_rng(seed).standard_normal((draws, codes.max() + 1))
    return np.maximum(benefit + noise[:, codes] * error, 0)


def roadmap_frontier(initiatives, budgets, **limits) -> pd.DataFrame:
    """How much is enough: the best plan at each budget at which it changes.

    Returns one row per plan, from nothing to all that could be done: budget (over the years, the
    least that carries it when every year's budget is moved alike), benefit (over the years),
    initiatives (number chosen), cost (over the years, to start and to run), plan: chosen (the one that the budgets as given carry), "", or
    last second_best (see `portfolio.choose_portfolio`; not the best at any budget). About STEPS
    plans at most; where there are more, some are passed over.

    >>> wishes = pd.DataFrame({"initiative": [*"ab"], "cost": [2, 3], "benefit": [4, 5]})
    >>> roadmap_frontier(wishes, pd.Series({"2025": 3}))[["budget", "benefit"]].values.tolist()
    [[0.0, 0.0], [2.0, 4.0], [3.0, 5.0], [5.0, 9.0], [2.0, 4.0]]
    """
    all_of = float(
        (column(initiatives, "cost") + column(initiatives, "running") * len(budgets)).sum()
    )
    base = np.minimum(budgets.astype(float), max(all_of, 1))
    found, scale = [], max(all_of / base[base > 0].min(), 1) if base.any() else 0.0
    while True:
        plan = plan_roadmap(initiatives, base * scale, **limits)
        found.append((plan, share_needed(plan, base)))
        here, span = found[-1][1], found[0][1]
        if not here:
            break
        below = here - span / STEPS[len(initiatives) * len(budgets) <= EXACT]
        scale = 1.0 if below < 1 < here else max(below, 0.0)
    best = next(plan for plan, needed in found if needed <= 1)
    second = plan_roadmap(initiatives, base, **limits, unlike=best["chosen"])
    rows = [(plan, "chosen" if plan is best else "") for plan, _ in reversed(found)]
    rows += [(second, "second_best")] if second["chosen"].any() else []
    return frontier_table(rows, base, limits)


def frontier_table(plans, base: pd.Series, limits: dict) -> pd.DataFrame:
    """One row per (plan, what it is); what less money buys, more money buys as well."""
    rows = [
        (
            share_needed(plan, base) * base.sum(),
            plan_benefit(plan, base, **limits),
            plan["chosen"].sum(),
            spent_by_year(plan, base).sum(),
            kind,
        )
        for plan, kind in plans
    ]
    table = pd.DataFrame(rows, columns=["budget", "benefit", "initiatives", "cost", "plan"])
    best = table["plan"] != "second_best"
    table.loc[best, "benefit"] = table.loc[best, "benefit"].cummax()
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
