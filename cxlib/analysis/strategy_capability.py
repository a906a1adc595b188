"""Step 6: what to fund, how well to serve, and how sure that is."""

import numpy as np
import pandas as pd

from cxlib.analysis import asking
from cxlib.analysis.churn_cost import lost_amounts, revenue_at_stake
from cxlib.analysis.experience_expectation import gaps_shown
from cxlib.analysis.roles import role_scores
from cxlib.client.case import Case
from cxlib.sums import portfolio as plans
from cxlib.sums.initiatives import FITS, benefits, best_ideals, fit_of, initiative_returns
from cxlib.sums.initiatives import fit_weights as weights_of_fit
from cxlib.sums.plans_drawn import draw_benefits, probability_chosen, worth_of_draws
from cxlib.sums.roadmap import payback_term, payback_years, plan_cost
from cxlib.sums.service_level import best_service_level, service_level_curve, service_level_profit

WORKED_OUT = (  # and not taken from a column of the client's own
    "benefit", "benefit_low", "benefit_high", "closes", "verdict", "unit", "start", "adds", "net",
    "chosen", "within", "second_best", "second_cost", "reason", "reason_about", "payback", "p_chosen", "gain", "fit",
    "for_role",
)  # fmt: skip


def beyond_normal_churn(case: Case) -> tuple:
    """(amount, low, high) lost to bad experience beyond baseline churn; gross where none is stated."""
    return lost_amounts(case, "incremental", "gross")


@asking.remembered
def service_levels(case: Case) -> pd.DataFrame | None:
    """The contract's table `service_levels` with profit and margins.

    >>> found = cx.service_levels(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['level', 'cost', 'revenue', 'profit']
    """
    return of_levels(case, service_level_profit)


@asking.remembered
def service_curve(case: Case) -> pd.DataFrame | None:
    """Revenue, cost and their slopes between levels that are numbers.

    >>> found = cx.service_curve(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['level', 'revenue', 'cost', 'profit']
    """
    return asking.needed(of_levels(case, service_level_curve))


@asking.remembered
def best_level(case: Case) -> pd.DataFrame | None:
    """One row: the service level of most profit, and the margin that it rests on, blank where none
    was stated; None without the table; see `sums.service_level`.

    >>> list(cx.best_level(cx.read_client("vendor", "data")))[:1]
    ['best_level']
    """
    return of_levels(case, best_service_level).assign(margin=margin_of(case))


def of_levels(case: Case, function) -> pd.DataFrame:
    """What a function of `service_level` says of the levels that are quoted, at the margin as stated;
    at all of revenue where none is. Or NotThere."""
    table, margin = asking.needed(asking.table_of(case, "service_levels")), margin_of(case)
    return function(table, margin=1.0 if np.isnan(margin) else margin)


@asking.remembered_for(asking.apart_from_strategy)
def returns(case: Case) -> pd.DataFrame | None:
    """What each initiative returns, in money; None without initiatives or the survey's link.

    >>> found = cx.returns(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['initiative', 'label', 'cost', 'running']
    """
    initiatives = asking.needed(asking.table_of(case, "initiatives"))
    return initiative_returns(initiatives, asking.numbers_shown(case, asking.needed(revenue_at_stake(case))))  # fmt: skip


def yearly_budgets(case: Case) -> pd.Series:
    """Most that each year may cost: `strategy.budgets`, else `strategy.budget` for each year that
    `initiatives` names, or for the one plan where it names none; no end without a budget."""
    strategy = case.settings.strategy
    if strategy.budgets:
        return pd.Series(strategy.budgets, dtype=float).sort_index()
    budget = np.inf if strategy.budget is None else strategy.budget
    initiatives = asking.table_of(case, "initiatives", "year")
    years = [] if initiatives is None else initiatives["year"].dropna()
    return pd.Series(float(budget), index=sorted({str(year) for year in years}) or [plans.ONLY])


@asking.remembered
def plan_table(case: Case) -> pd.DataFrame | None:
    """Initiatives with benefit, benefit_low, benefit_high, and the unit that the plan goes by.

    money    (a year) where the survey ties money to an initiative for the key experience, or, where
             none is about it, to any: initiatives it ties no money to are left out, and said so;
             fit is then a limit (`strategy.least`) and no weight, for money is not worth less
    points   otherwise: uplift × importance × fit, see `initiatives.benefits`, with the interval of
             the importance; a plan in money that could not repair what matters most would mislead

    Nothing can be gained where nothing is missed (verdict: at_ideal); in points for_role: the role
    in distress behind an average at which nothing is.
    """
    initiatives = asking.needed(asking.table_of(case, "initiatives"))
    table = initiatives[[name for name in initiatives if name not in WORKED_OUT]]
    table, found, gap = table.reset_index(drop=True), returns(case), gaps_shown(case)
    if found is None or not money_decides(found, gap):
        return in_points(table, gap, case.settings.strategy.weights, in_distress(case))
    nothing = found["verdict"].eq("at_ideal")  # no shortfall, so that nothing can be gained
    worth = found[["benefit", "benefit_low", "benefit_high"]].where(~nothing, 0.0)
    return table.assign(closes=found["closes"], **worth, verdict=found["verdict"], unit="money")


def money_decides(found: pd.DataFrame, gap: pd.DataFrame) -> bool:
    """Whether the plan may go by money; see `plan_table`."""
    if "dimension" not in found:
        return False
    carried = found["verdict"].eq("carried")
    key = found["dimension"].isin(gap.loc[gap["key_experience"], "dimension"])
    return bool(carried[key].any() if key.any() else carried.any())


def in_distress(case: Case) -> dict:
    """{experience: the role that is unhappy behind its good average}, as far as it may be told."""
    if (roles := role_scores(case)) is None:
        return {}
    shown = asking.numbers_shown(case, roles)
    poor = shown[shown["distress"].eq(True) & shown["mean"].notna()]
    return poor.groupby("dimension")["role"].first().to_dict()


def in_points(table: pd.DataFrame, gap: pd.DataFrame, fits: dict, poor: dict) -> pd.DataFrame:
    """Benefits in weighted score points; importance counts where it is known for all touched."""
    met = gap.loc[gap["gap"].ge(0) & gap["satisfaction"].ge(0), "dimension"]
    about = table.get("dimension", pd.Series(np.nan, index=table.index, dtype=object))
    about = about.where(about.isin(met))
    for_role, nothing = about.map(poor), about.notna() & ~about.isin(list(poor))
    known = gap.set_index("dimension")[["importance", "importance_low", "importance_high"]]
    known = known.dropna(subset=["importance"])
    touched = set(table["dimension"].dropna()) if "dimension" in table else set()
    ends = {}
    for end in ("", "_low", "_high"):
        importance = known[f"importance{end}"].fillna(known["importance"]).to_dict()
        weights = {**fits, **(importance if touched <= set(importance) else {})}
        ends[f"benefit{end}"] = benefits(table, weights).mask(nothing, 0.0)
    verdict = nothing.map({True: "at_ideal"})
    return table.assign(**ends, verdict=verdict, for_role=for_role, unit="points")


@asking.remembered
def plan(case: Case) -> pd.DataFrame | None:
    """The plan, over the years where there are several: the one that every page speaks of.

    The columns of `portfolio.choose_portfolio`, and unit, of benefit: money (currency a year) or
    points.
    """
    table = asking.needed(plan_table(case))
    found = plans.choose_portfolio(table, yearly_budgets(case), **rules_of_plan(case))
    no_money = found["unit"].eq("money") & found["reason"].eq("unknown")
    not_tied = no_money & found["reason_about"].eq("benefit")
    met = found["reason"].eq("no_benefit") & found["verdict"].eq("at_ideal")
    return found.assign(reason=found["reason"].mask(not_tied, "not_tied").mask(met, "at_ideal"))


@asking.remembered
def portfolio(case: Case) -> pd.DataFrame | None:
    """The contract's table `portfolio`: the plan, and p_chosen: the probability that an initiative
    belongs to the best plan, 0–1; blank where no benefit has an interval; fit: with strategy, people,
    process and technology, 0–1; gain: what it adds × margin − running, currency a year; blank where
    the benefit is no money or no margin is known.

    >>> found = cx.portfolio(cx.read_client("meisu", "data"))
    >>> found[["initiative", "benefit"]].head(2).round(2).values.tolist()
    [['more_stores', 5.0], ['wider_range', 1.0]]
    """
    found = asking.needed(plan(case))
    table, budgets, rules = plan_table(case), yearly_budgets(case), rules_of_plan(case)
    drawn = plans_drawn(case, table)
    sure = np.nan if drawn is None else probability_chosen(table, budgets, drawn, **rules)
    found = found.reindex(columns=list(dict.fromkeys([*found, *FITS, "running"])))
    gain = found["adds"] * margin_of_plan(case) - found["running"].fillna(0)
    return found.assign(p_chosen=sure, fit=fit_of(found, case.settings.strategy.weights), gain=gain)


def fit_weights(case: Case) -> pd.Series:
    """The weight of each kind of fit: `strategy.weights`, 1 where it says none.

    >>> cx.fit_weights(cx.read_client("meisu", "data")).index.tolist()
    ['strategy_fit', 'people', 'process', 'technology']
    """
    return weights_of_fit(case.settings.strategy.weights)


def margin_of_plan(case: Case) -> float:
    """The margin by which the plan's benefit is earned, 0–1; blank where benefit is no money.

    >>> cx.margin_of_plan(cx.read_client("vendor", "data"))
    0.7
    """
    margin = None if plan_table(case) is None else rules_of_plan(case)["margin"]
    return np.nan if margin is None else margin


def by_return(found: pd.DataFrame | None, chosen: bool) -> pd.DataFrame | None:
    """The initiatives that are in the plan (or not), the one that is back soonest first.

    >>> plan = cx.portfolio(cx.read_client("meisu", "data"))
    >>> cx.by_return(plan, chosen=True)["initiative"].tolist()
    ['more_stores']
    """
    if found is None:
        return None
    rows = found[found["chosen"].eq(chosen)]
    return rows.sort_values(["payback", "adds"], ascending=[True, False], kind="stable")


def plans_drawn(case: Case, table: pd.DataFrame) -> np.ndarray | None:
    """Benefits that could be true, drawn; None where no benefit has an interval."""
    known = (table["benefit_high"] > table["benefit_low"]).any()
    return draw_benefits(table, case.settings.confidence) if known else None


def margin_of(case: Case) -> float:
    """Margin on revenue, 0–1; blank where none is stated: revenue kept is not money earned."""
    cost = case.settings.churn_cost
    return np.nan if cost is None or cost.margin is None else cost.margin


@asking.remembered
def plan_worth(case: Case) -> pd.DataFrame | None:
    """What the whole plan costs, brings and leaves: one row.

    budget (over the years; blank without one), years, term (see `roadmap.payback_term`), cost (to start),
    running (a year, once all run), cost_in_term (to start and to run, within the term), benefit
    (a year, once all run, under the limits that the initiatives share), net (over the term, see
    `roadmap.plan_left`; blank where benefit is no money or no margin is known), both with their
    intervals, unit, margin, payback (years until its cost is back from the margin, see
    `roadmap.payback_years`; blank where it never is; _low and _high by the range of the benefit,
    _half at half of it), p_least (the smallest p_chosen of its initiatives), within (how far below the best possible
    it may be, 0–1).

    >>> found = cx.plan_worth(cx.read_client("meisu", "data"))
    >>> found[["unit", "benefit"]].head(2).round(2).values.tolist()
    [['points', 5.0]]
    """
    found = asking.needed(portfolio(case))
    chosen, budgets = asking.needed(found[found["chosen"]]), yearly_budgets(case)
    rules = rules_of_plan(case)
    drawn, of = plans_drawn(case, found), case.settings.confidence
    drawn = worth_of_draws(found, budgets, drawn, rules, of)
    margin = np.nan if rules["margin"] is None else rules["margin"]
    cost, running = chosen["cost"].sum(), chosen.get("running", pd.Series(dtype=float)).sum()
    row = {
        "budget": budgets.sum() if np.isfinite(budgets.sum()) else np.nan,
        "years": len(budgets), "term": payback_term(len(budgets)), "cost": cost, "running": running,
        "cost_in_term": plan_cost(chosen, budgets, rules["term"]), **drawn, "margin": margin,
        "p_least": chosen["p_chosen"].min(), **chosen[["unit", "within"]].iloc[0],
    }  # fmt: skip
    worths = {"": "benefit", "_low": "benefit_high", "_high": "benefit_low"}
    worths = {end: drawn[name] for end, name in worths.items()} | {"_half": drawn["benefit"] / 2}
    costs = cost, running, row["cost_in_term"], row["term"]
    back = {f"payback{end}": payback_years(margin * worth, *costs) for end, worth in worths.items()}
    return pd.DataFrame([row | back]).astype(dict.fromkeys(back, float))


def rules_of_plan(case: Case) -> dict:
    """Everything but the money that the plan must keep to; see `roadmap.plan_roadmap`."""
    strategy, table = case.settings.strategy, plan_table(case)
    money, margin = table["unit"].eq("money").all(), margin_of(case)
    most = {}
    if money:  # initiatives that together close more than the gap do not earn it twice
        stakes = asking.numbers_shown(case, revenue_at_stake(case)).dropna(subset=["amount"])
        most = stakes.set_index("dimension")["amount"].clip(lower=0).to_dict()
    return {
        "capacity": dict(strategy.capacity),
        "least": dict(strategy.least),
        "most": most,
        # What the tree loses beyond normal churn: the one rule for plan, frontier and refusals.
        "most_in_all": beyond_normal_churn(case)[0] if money else None,
        "margin": margin if money and not np.isnan(margin) else None,
        "term": payback_term(len(yearly_budgets(case))) if money else None,
    }


@asking.remembered
def refused_plans(case: Case) -> pd.DataFrame | None:
    """What to do instead of each chosen initiative, were it refused.

    >>> found = cx.refused_plans(cx.read_client("meisu", "data"))
    >>> found[["initiative", "benefit_lost"]].head(2).round(2).values.tolist()
    [['more_stores', 4.0]]
    """
    return of_plan(case, plans.refusals)


@asking.remembered
def limit_costs(case: Case) -> pd.DataFrame | None:
    """What each limit costs.

    >>> found = cx.limit_costs(cx.read_client("meisu", "data"))
    >>> found[["limit", "benefit_gained"]].head(2).round(2).values.tolist()
    [['', 1.0]]
    """
    return of_plan(case, plans.limit_costs)


@asking.remembered
def plan_frontier(case: Case) -> pd.DataFrame | None:
    """The best plan at each cost at which it changes; with term (years over which it is counted),
    and, where benefit is money, most_a_year, the most revenue that any plan can keep.

    >>> found = cx.plan_frontier(cx.read_client("meisu", "data"))
    >>> found[["plan", "benefit"]].head(2).round(2).values.tolist()
    [['', 0.0], ['', 1.0]]
    """
    found = of_plan(case, plans.roadmap_frontier)
    rules = rules_of_plan(case)
    limit = {} if rules["most_in_all"] is None else {"most_a_year": rules["most_in_all"]}
    if rules["margin"] is None:
        found["net"] = np.nan
    years = len(yearly_budgets(case))
    return found.assign(years=years, term=payback_term(years), **limit)


def of_plan(case: Case, function) -> pd.DataFrame:
    """What a function of `roadmap` says of the plan, with the unit of its benefits; or NotThere."""
    table = asking.needed(plan_table(case))
    found = function(table, yearly_budgets(case), **rules_of_plan(case))
    return found.assign(unit=table["unit"].iloc[0])


@asking.remembered
def ideals_for_the_money(case: Case) -> pd.DataFrame | None:
    """The ideal that the plan reaches beside the one decided.

    >>> found = cx.ideals_for_the_money(cx.read_client("meisu", "data"))
    >>> found[["dimension", "best_ideal"]].head(2).round(2).values.tolist()
    [['product', 6.0], ['service', 6.0]]
    """
    found = asking.needed(plan(case))
    asking.needed({"uplift", "dimension"} <= set(found))
    return best_ideals(gaps_shown(case), found, case.settings.scale)
