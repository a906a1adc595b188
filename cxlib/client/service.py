"""How the service runs and what to do about it, for one client: the case's tables into the sums.

A step whose table or question was not supplied gives None, and its section is left out.
"""

import numpy as np
import pandas as pd

from cxlib.client.case import Case
from cxlib.client.settings import EVERYONE
from cxlib.client.steps import (
    OUTCOMES,
    answers_to,
    apart_from_strategy,
    cost_of_bad_experience,
    everyone,
    evidence,
    first_outcome,
    gaps,
    numbers_shown,
    remembered,
    remembered_for,
    requirement_classes,
    revenue_at_stake,
)
from cxlib.sums import kpi, register, roadmap, touchpoints
from cxlib.sums.brand import value_to_customer as value_kinds
from cxlib.sums.churn import counted_shares
from cxlib.sums.expectations import expectation_drivers, promise_or_delivery
from cxlib.sums.health import health_check
from cxlib.sums.initiatives import benefits
from cxlib.sums.loop import acted_on, action_list, before_after, next_cycle
from cxlib.sums.ownership import cost_of_owning, unspoken_share
from cxlib.sums.portfolio import ONLY, choose_portfolio
from cxlib.sums.proactive import reason_pareto
from cxlib.sums.quality import five_gaps, quality_scores, service_types
from cxlib.sums.returns import best_ideals, initiative_returns, most_by_dimension
from cxlib.sums.roadmap import probability_chosen
from cxlib.sums.service_level import (
    best_service_level,
    service_level_curve,
    service_level_profit,
)


def table_of(case: Case, name: str) -> pd.DataFrame | None:
    """A supplied table with rows in it, or None."""
    table = case.tables.get(name)
    return None if table is None or table.empty else table


# Touchpoints


@remembered
def touchpoint_map(case: Case) -> pd.DataFrame | None:
    """The contract's table `touchpoints`; see `sums.touchpoints.touchpoint_map`.

    >>> found = cx.touchpoint_map(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['stage', 'channel', 'n', 'n_eff']
    """
    answers, complaints = answers_to(case, "experience"), table_of(case, "complaints")
    survey = case.latest
    found = touchpoints.touchpoint_map(
        answers,
        None if survey is None else survey.items,
        None if survey is None else survey.weight,
        complaints,
        lost_amounts(case, "gross"),
        case.settings.confidence,
    )
    return None if found.empty else found


def lost_amounts(case: Case, *views: str) -> tuple | None:
    """(amount, low, high) lost, currency a year, in the first of the views that is there; None
    without a cost tree."""
    cost = cost_of_bad_experience(case)
    if cost is None:
        return None
    lost = cost[cost["branch"] == "lost"].set_index("view")
    view = next(view for view in views if view in lost.index)
    return tuple(lost.loc[view, ["amount", "amount_low", "amount_high"]].astype(float))


def beyond_normal_churn(case: Case) -> tuple:
    """(amount, low, high) lost to bad experience beyond baseline churn; gross where none is stated."""
    return lost_amounts(case, "incremental", "gross")


def case_paths(case: Case) -> pd.DataFrame | None:
    """The ways that cases took through the channels; None where none changed its channel.

    >>> found = cx.case_paths(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['path', 'hops', 'cases', 'share']
    """
    complaints = table_of(case, "complaints")
    if complaints is None:
        return None
    found = touchpoints.case_paths(complaints, case.settings.confidence)
    return None if found.empty else found


# Expectations and quality


def mean_answer(case: Case, measure: str) -> pd.Series | None:
    """Each person's mean over the items of one measure; None where it was not asked."""
    answers = answers_to(case, measure)
    return None if answers is None else answers.mean(axis=1).rename(measure)


@remembered
def what_raises_expectations(case: Case) -> pd.DataFrame | None:
    """The six drivers; see `sums.expectations.expectation_drivers`.

    >>> found = cx.what_raises_expectations(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['driver', 'n', 'n_eff', 'mean']
    """
    answers = answers_to(case, "expectation_driver")
    if answers is None:
        return None
    expectation = mean_answer(case, "expectation")
    return expectation_drivers(answers, expectation, case.latest.weight, case.settings.confidence)


def promise_beside_delivery(case: Case) -> pd.DataFrame | None:
    """What a point less promised goes with, beside a point more delivered, for the first outcome.

    >>> found = cx.promise_beside_delivery(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['lever', 'n', 'effect', 'effect_low']
    """
    lived, expected = mean_answer(case, "experience"), mean_answer(case, "expectation")
    outcome = first_outcome(case, OUTCOMES)
    if lived is None or expected is None or outcome is None:
        return None
    found = promise_or_delivery(
        outcome, lived, expected, case.latest.weight, case.settings.confidence
    )
    return found.assign(outcome=outcome.name)


def service_quality(case: Case) -> pd.DataFrame | None:
    """Technical and functional quality, and image; None where the codebook names no quality.

    >>> found = cx.service_quality(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['quality', 'experience', 'expectation', 'importance']
    """
    survey = case.latest
    if survey is None or "quality" not in survey.items:
        return None
    found = quality_scores(survey.answers, survey.items, survey.weight, case.settings.confidence)
    return None if found.empty else found


def gaps_in_the_service(case: Case) -> pd.DataFrame | None:
    """The five-gap model, where the table `scores` says what the company believes beside a survey.

    Only scores from management or the front line count as the company's; without a survey they
    are all there is of the customers' side too, and only rows from it are left.

    >>> found = cx.gaps_in_the_service(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['dimension', 'gap_1', 'gap_2', 'gap_3']
    """
    if case.survey is None:
        return None
    customers = numbers_shown(case, everyone(case.scores))
    stated = table_of(case, "scores")
    company = None
    if stated is not None and "from" in stated:
        rows = stated[stated["from"].isin(["management", "frontline"])]
        rows = rows[rows["segment"].eq(EVERYONE)] if "segment" in rows else rows
        company = rows if len(rows) else None
    decided = customers.set_index("dimension")
    ideal = decided["ideal"].where(decided["ideal"] != decided["experience"])
    if company is None and ideal.isna().all():
        return None
    return five_gaps(customers, company, ideal)


def service_type_map(case: Case) -> pd.DataFrame | None:
    """Procedural × personal, by who served (served_by), else by how (contact_mode), or segment.

    >>> found = cx.service_type_map(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['group', 'n', 'procedural', 'procedural_low']
    """
    customers = table_of(case, "customers")
    if customers is None or not {"procedural", "personal"} <= set(customers):
        return None
    group = next((n for n in ("served_by", "contact_mode", "segment") if n in customers), None)
    if group is None or customers[["procedural", "personal"]].isna().any(axis=1).all():
        return None
    low, high = case.settings.scale
    found = service_types(customers, customers[group], (low + high) / 2)
    return found.rename(columns={group: "group"}).assign(grouping=group)


# Service measures


@remembered
def kpis(case: Case) -> pd.DataFrame | None:
    """The contract's table `kpis`; see `sums.kpi.kpi_table`.

    >>> found = cx.kpis(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['kpi', 'period', 'stage', 'channel']
    """
    table = table_of(case, "kpis")
    return None if table is None else kpi.kpi_table(table, case.settings.confidence)


def monitors(case: Case) -> pd.DataFrame | None:
    """The latest period of each measure, by channel.

    >>> found = cx.monitors(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['kpi', 'period', 'stage', 'channel']
    """
    table = kpis(case)
    return None if table is None else kpi.latest_kpis(table)


MOST_CHARTS = 3


def charted_measures(case: Case) -> dict[str, pd.DataFrame]:
    """{measure: its periods with centre and limits} of the measures that left their usual come and
    go, latest signal first, at most MOST_CHARTS: a chart on which nothing happened says nothing.

    >>> cx.charted_measures(cx.read_client("meisu", "data"))  # it has no table kpis
    {}
    """
    table = kpis(case)
    if table is None:
        return {}
    signals = table[table["signal"].fillna("").ne("")]
    last = signals.groupby("kpi", sort=False)["period"].max().sort_values(ascending=False)
    return {name: table[table["kpi"] == name] for name in last.index[:MOST_CHARTS]}


def seven_rights(case: Case) -> pd.DataFrame | None:
    """The checklist, where the table `kpis` says which right a measure speaks of (`right`).

    >>> found = cx.seven_rights(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['right', 'measures', 'met', 'missed']
    """
    latest = monitors(case)
    return None if latest is None or "right" not in latest else kpi.seven_rights(latest)


# Requirements


def requirement_register(case: Case) -> pd.DataFrame | None:
    """The register by stage, tied to complaints and to the table `kano`.

    >>> found = cx.requirement_register(cx.read_client("meisu", "data"))
    >>> found[["stage"]].head(2).round(2).values.tolist()
    [['during']]
    """
    table = table_of(case, "register")
    if table is None:
        return None
    return register.register_table(table, table_of(case, "complaints"), requirement_classes(case))


def register_counts(case: Case) -> pd.DataFrame | None:
    """One row per stage: how many requirements of each kind; None without the table.

    >>> cx.register_counts(cx.read_client("meisu", "data"))["need"].tolist()[:1]
    [1]
    """
    table = table_of(case, "register")
    return None if table is None else register.register_counts(table)


def value_to_customer(case: Case) -> pd.DataFrame | None:
    """Kinds of value to the customer, of the reasons to choose the company and the requirements
    that say their kind; see `sums.brand.value_to_customer`.

    >>> found = cx.value_to_customer(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['value_kind', 'explicit', 'implicit', 'potential_value']
    """
    columns = ["value_kind", "value_form", "mentions"]
    parts = [table_of(case, name) for name in ("brand_values", "register")]
    parts = [part.reindex(columns=columns) for part in parts if part is not None]
    return value_kinds(pd.concat(parts, ignore_index=True)) if parts else None


# Proactive service


def silent_sufferers(case: Case) -> pd.DataFrame | None:
    """Reasons behind the cases and the silent that each implies; None without reasons, or without
    a complaint rate in client.yml (`churn_cost.complain`).

    >>> found = cx.silent_sufferers(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['reason', 'cases', 'share', 'share_low']
    """
    complaints, inputs = table_of(case, "complaints"), case.churn_inputs
    if complaints is None or "reason" not in complaints or inputs is None:
        return None
    if complaints["reason"].isna().all():
        return None
    # A rate that was counted is uncertain as well: its range is the interval of its counts.
    known = counted_shares(inputs, case.settings.confidence)
    rate = known.set_index("input").loc["complain"]
    share = rate["share"]
    low, high = (share if pd.isna(rate[end]) else rate[end] for end in ("low", "high"))
    customers, each = None, None
    people = table_of(case, "customers")
    if people is not None:
        customers = len(people)
        each = people["revenue"].mean() if "revenue" in people else None
    found = reason_pareto(
        complaints, share, low, high, customers, each, confidence=case.settings.confidence
    )
    return found.assign(**{"from": rate["from"]})


# The portfolio


@remembered_for(apart_from_strategy)
def returns(case: Case) -> pd.DataFrame | None:
    """What each initiative returns, in money; None without initiatives or the survey's link.

    >>> found = cx.returns(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['initiative', 'label', 'cost', 'running']
    """
    initiatives = table_of(case, "initiatives")
    stakes = None if initiatives is None else revenue_at_stake(case)
    if stakes is None:
        return None
    stakes = numbers_shown(case, stakes)
    return initiative_returns(
        initiatives, stakes, case.settings.revenue, case.churn_inputs, case.settings.confidence
    )


def gaps_shown(case: Case) -> pd.DataFrame:
    """The gap table for everyone, with nothing in it that the gate withholds."""
    table = numbers_shown(case, everyone(gaps(case)))
    known = table["gap"].notna() | table["weighted_satisfaction"].notna()
    return table.assign(key_experience=table["key_experience"].eq(True) & known)


def yearly_budgets(case: Case) -> pd.Series:
    """Most that each year may cost: `strategy.budgets`, else `strategy.budget` for each year that
    `initiatives` names, or for the one plan where it names none; no end without a budget."""
    strategy = case.settings.strategy
    if strategy.budgets:
        return pd.Series(strategy.budgets, dtype=float).sort_index()
    budget = np.inf if strategy.budget is None else strategy.budget
    initiatives = table_of(case, "initiatives")
    years = [] if initiatives is None or "year" not in initiatives else initiatives["year"].dropna()
    return pd.Series(float(budget), index=sorted({str(year) for year in years}) or [ONLY])


WORKED_OUT = (  # and not taken from a column of the client's own
    "benefit", "benefit_low", "benefit_high", "closes", "verdict", "unit", "total", "start",
    "chosen", "within", "second_best", "reason", "reason_about", "payback", "p_chosen",
)  # fmt: skip


@remembered
def plan_table(case: Case) -> pd.DataFrame | None:
    """Initiatives with benefit, benefit_low, benefit_high, and the unit that the plan goes by.

    money    (a year) where the survey ties money to an initiative for the key experience, or, where
             none is about it, to any: initiatives it ties no money to are left out, and said so;
             fit is then a limit (`strategy.least`) and no weight, for money is not worth less
    points   otherwise: uplift × importance × fit, see `initiatives.benefits`, with the interval of
             the importance; a plan in money that could not repair what matters most would mislead
    """
    initiatives = table_of(case, "initiatives")
    if initiatives is None:
        return None
    table = initiatives[[name for name in initiatives if name not in WORKED_OUT]]
    table, found, gap = table.reset_index(drop=True), returns(case), gaps_shown(case)
    if found is None or not money_decides(found, gap):
        return in_points(table, gap, case.settings.strategy.weights)
    nothing = found["verdict"].eq("at_ideal")  # no shortfall, so that nothing can be gained
    ends = ["benefit", "benefit_low", "benefit_high"]
    worth = found[ends].where(~nothing, 0.0)
    return table.assign(closes=found["closes"], **worth, verdict=found["verdict"], unit="money")


def money_decides(found: pd.DataFrame, gap: pd.DataFrame) -> bool:
    """Whether the plan may go by money; see `plan_table`."""
    if "dimension" not in found:
        return False
    carried = found["verdict"].eq("carried")
    key = found["dimension"].isin(gap.loc[gap["key_experience"], "dimension"])
    return bool(carried[key].any() if key.any() else carried.any())


def in_points(table: pd.DataFrame, gap: pd.DataFrame, fits: dict) -> pd.DataFrame:
    """Benefits in weighted score points; importance counts where it is known for all touched."""
    known = gap.set_index("dimension")[["importance", "importance_low", "importance_high"]]
    known = known.dropna(subset=["importance"])
    touched = set(table["dimension"].dropna()) if "dimension" in table else set()
    ends = {}
    for end in ("", "_low", "_high"):
        importance = known[f"importance{end}"].fillna(known["importance"]).to_dict()
        weights = {**fits, **(importance if touched <= set(importance) else {})}
        ends[f"benefit{end}"] = benefits(table, weights)
    return table.assign(**ends, unit="points")


@remembered
def plan(case: Case) -> pd.DataFrame | None:
    """The plan, over the years where there are several: the one that every page speaks of.

    The columns of `portfolio.choose_portfolio`, and
        unit     of benefit: money (currency a year) or points
        payback  years until its cost is back from the margin on what it keeps; blank where
                 benefit is not money, or no margin is stated
    """
    table = plan_table(case)
    if table is None:
        return None
    found = choose_portfolio(table, yearly_budgets(case), **rules_of_plan(case))
    no_money = found["unit"].eq("money") & found["reason"].eq("unknown")
    not_tied = no_money & found["reason_about"].eq("benefit")
    back = payback(found, margin_of(case))
    reasons = found["reason"].mask(not_tied, "not_tied")
    reasons = reasons.mask(reasons.eq("refused") & back.notna(), "pays_late")
    return found.assign(reason=reasons.replace("refused", "never_pays"), payback=back)


@remembered
def portfolio(case: Case) -> pd.DataFrame | None:
    """The contract's table `portfolio`: the plan, and p_chosen: the probability that an initiative
    belongs to the best plan, 0–1; blank where no benefit has an interval.

    >>> found = cx.portfolio(cx.read_client("meisu", "data"))
    >>> found[["initiative", "benefit"]].head(2).round(2).values.tolist()
    [['more_stores', 5.0], ['wider_range', 1.0]]
    """
    found = plan(case)
    if found is None:
        return None
    table, budgets, rules = plan_table(case), yearly_budgets(case), rules_of_plan(case)
    drawn = plans_drawn(case, table)
    sure = np.nan if drawn is None else probability_chosen(table, budgets, drawn, **rules)
    return found.assign(p_chosen=sure)


def plans_drawn(case: Case, table: pd.DataFrame) -> np.ndarray | None:
    """Benefits that could be true, drawn; None where no benefit has an interval."""
    if not (table["benefit_high"] > table["benefit_low"]).any():
        return None
    return roadmap.draw_benefits(table, case.settings.confidence)


def margin_of(case: Case) -> float:
    """Margin on revenue, 0–1; blank where none is stated: revenue kept is not money earned."""
    cost = case.settings.churn_cost
    return np.nan if cost is None or cost.margin is None else cost.margin


def payback(rows: pd.DataFrame, margin: float) -> pd.Series:
    """Years until the cost is back from the margin on the revenue kept, less running cost; blank
    where it never is, where no margin is known, or where benefit is not money."""
    running = rows.get("running", pd.Series(0.0, index=rows.index)).fillna(0)
    yearly = margin * rows["benefit"] - running
    return (rows["cost"] / yearly).where(rows["unit"].eq("money") & (yearly > 0))


@remembered
def plan_worth(case: Case) -> pd.DataFrame | None:
    """What the whole plan costs and brings: one row.

    budget (over the years; blank without one), years, cost, running (a year, once all run),
    running_in_plan (over the years planned, each from the year after its start), benefit (revenue
    kept a year, once all run) with its interval, implied (what the scores alone would give, before
    the tree's loss limits it), unit, margin, payback (years, from the margin less running; blank
    where it never comes back, or no margin is known; _low and _high by the range of the benefit,
    _half at half of it), term (see `payback_term`), p_least (the smallest p_chosen of its
    initiatives), within (how far below the best possible it may be, 0–1).

    >>> found = cx.plan_worth(cx.read_client("meisu", "data"))
    >>> found[["unit", "benefit"]].head(2).round(2).values.tolist()
    [['points', 5.0]]
    """
    found = portfolio(case)
    if found is None or not found["chosen"].any():
        return None
    chosen, budgets = found[found["chosen"]], yearly_budgets(case)
    low, high = brought_between(case, found)
    worth, money = brought(found, rules_of_plan(case)["most"]), chosen["unit"].eq("money").all()
    implied = worth
    if money:  # closing several gaps cannot keep more than the tree loses
        worth, low, high = np.minimum([worth, low, high], beyond_normal_churn(case))
    margin = margin_of(case) if money else np.nan
    cost, running = chosen["cost"].sum(), chosen.get("running", pd.Series(dtype=float)).sum()
    row = {
        "budget": budgets.sum() if np.isfinite(budgets.sum()) else np.nan,
        "years": len(budgets),
        "cost": cost,
        "running": running,
        "running_in_plan": run_in_plan(chosen, budgets),
        "benefit": worth,
        "implied": implied,
        "benefit_low": low,
        "benefit_high": high,
        "unit": chosen["unit"].iloc[0],
        "margin": margin,
        **paybacks(
            cost, running, margin, {"": worth, "_low": high, "_high": low, "_half": worth / 2}
        ),
        "term": payback_term(len(budgets)),
        "p_least": chosen["p_chosen"].min(),
        "within": chosen["within"].iloc[0],
    }
    return pd.DataFrame([row])


def paybacks(cost: float, running: float, margin: float, worths: dict) -> dict:
    """payback and each ending → years until the cost is back; blank where it never is."""
    kept = {end: margin * worth - running for end, worth in worths.items()}
    return {f"payback{end}": cost / each if each > 0 else np.nan for end, each in kept.items()}


USUAL_TERM = 3  # years; assumed, where a plan of one year states no term to pay back in


def payback_term(years: int) -> int:
    """Years within which a plan must pay back its cost: those planned, of several."""
    return years if years > 1 else USUAL_TERM


def run_in_plan(chosen: pd.DataFrame, budgets: pd.Series) -> float:
    """What the chosen cost to run over the years planned: from the year after each starts."""
    years = [str(year) for year in budgets.index]
    after = len(years) - 1 - chosen["start"].map(years.index).astype(float)
    running = chosen.get("running", pd.Series(0.0, index=chosen.index)).fillna(0)
    return float((running * after).sum())


def brought(found: pd.DataFrame, most: dict) -> float:
    """What the chosen bring in a year, a dimension no more than `most`."""
    chosen = found[found["chosen"]]
    dimension = chosen.get("dimension", pd.Series("", index=chosen.index)).fillna("")
    by = chosen["benefit"].groupby(dimension).sum()
    return float(sum(min(value, most.get(name, np.inf)) for name, value in by.items()))


def brought_between(case: Case, found: pd.DataFrame) -> tuple[float, float]:
    """The interval of `brought`; blank where no benefit has one."""
    drawn, most = plans_drawn(case, found), rules_of_plan(case)["most"]
    if drawn is None:
        return np.nan, np.nan
    sums = [brought(found.assign(benefit=x), roadmap.moved(most, found, x)) for x in drawn]
    tail = (1 - case.settings.confidence) / 2
    return tuple(np.quantile(sums, [tail, 1 - tail]))


def rules_of_plan(case: Case) -> dict:
    """Everything but the money that the plan must keep to; see `roadmap.plan_roadmap`."""
    strategy, table = case.settings.strategy, plan_table(case)
    most = most_by_dimension(table, gaps_shown(case)) if "verdict" in table else {}
    return {
        "capacity": dict(strategy.capacity),
        "least": dict(strategy.least),
        "most": most,
        "most_in_all": most_kept(case, table),
        "refused": not_worth_it(table, margin_of(case), len(yearly_budgets(case))),
    }


def most_kept(case: Case, table: pd.DataFrame) -> float | None:
    """The most revenue that any plan can keep in a year: what the tree loses beyond normal churn.

    The one rule for the plan, its frontier and what refusals cost; None where benefit is no money.
    """
    return beyond_normal_churn(case)[0] if table["unit"].eq("money").all() else None


def not_worth_it(table: pd.DataFrame, margin: float, years: int) -> list[str]:
    """Initiatives that the margin on the revenue they keep does not pay for, however much revenue
    that is: never, or not within the plan's term (see `payback_term`). None where no margin is
    known, or benefit is no money.
    """
    if np.isnan(margin):
        return []
    back = payback(table, margin)
    brings = table["unit"].eq("money") & (table["benefit"] > 0)
    refused = brings & (back.isna() | (back > payback_term(years)))
    return table.loc[refused, "initiative"].tolist()


def refused_plans(case: Case) -> pd.DataFrame | None:
    """What to do instead of each chosen initiative, were it refused.

    >>> found = cx.refused_plans(cx.read_client("meisu", "data"))
    >>> found[["initiative", "benefit_lost"]].head(2).round(2).values.tolist()
    [['more_stores', 4.0]]
    """
    return of_plan(case, roadmap.refusals)


def limit_costs(case: Case) -> pd.DataFrame | None:
    """What each limit costs.

    >>> found = cx.limit_costs(cx.read_client("meisu", "data"))
    >>> found[["limit", "benefit_gained"]].head(2).round(2).values.tolist()
    [['', 1.0]]
    """
    return of_plan(case, roadmap.limit_costs)


@remembered
def plan_frontier(case: Case) -> pd.DataFrame | None:
    """The best plan at each budget at which it changes; with most_a_year, the most revenue that any
    plan can keep, where benefit is money.

    >>> found = cx.plan_frontier(cx.read_client("meisu", "data"))
    >>> found[["plan", "benefit"]].head(2).round(2).values.tolist()
    [['', 0.0], ['', 1.0]]
    """
    found = of_plan(case, roadmap.roadmap_frontier)
    if found is None:
        return None
    most = rules_of_plan(case)["most_in_all"]
    limit = {} if most is None else {"most_a_year": most}
    return found.assign(years=len(yearly_budgets(case)), **limit)


def of_plan(case: Case, function) -> pd.DataFrame | None:
    """What a function of `roadmap` says of the plan, with the unit of its benefits."""
    table = plan_table(case)
    if table is None:
        return None
    found = function(table, yearly_budgets(case), **rules_of_plan(case))
    return found.assign(unit=table["unit"].iloc[0])


def ideals_for_the_money(case: Case) -> pd.DataFrame | None:
    """The ideal that the plan reaches beside the one decided.

    >>> found = cx.ideals_for_the_money(cx.read_client("meisu", "data"))
    >>> found[["dimension", "best_ideal"]].head(2).round(2).values.tolist()
    [['product', 6.0], ['service', 6.0]]
    """
    found = plan(case)
    if found is None or not {"uplift", "dimension"} <= set(found):
        return None
    return best_ideals(gaps_shown(case), found, case.settings.scale)


# Service levels, owning, health check


def service_levels(case: Case) -> pd.DataFrame | None:
    """The contract's table `service_levels` with profit and margins.

    >>> found = cx.service_levels(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['level', 'cost', 'revenue', 'profit']
    """
    table = table_of(case, "service_levels")
    return None if table is None else service_level_profit(table)


def service_curve(case: Case) -> pd.DataFrame | None:
    """Revenue, cost and their slopes between levels that are numbers.

    >>> found = cx.service_curve(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['level', 'revenue', 'cost', 'profit']
    """
    table = table_of(case, "service_levels")
    curve = None if table is None else service_level_curve(table)
    return None if curve is None or curve.empty else curve


def best_level(case: Case) -> pd.DataFrame | None:
    """One row: the service level of most profit; None without the table; see `sums.service_level`.

    >>> list(cx.best_level(cx.read_client("vendor", "data")))[:1]
    ['best_level']
    """
    table = table_of(case, "service_levels")
    return None if table is None else best_service_level(table)


def owning(case: Case) -> pd.DataFrame | None:
    """The cost of owning; named are the items that a complaint's reason, or a requirement (its
    `item`), speaks of.

    >>> found = cx.owning(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['item', 'label', 'money', 'hours']
    """
    table = table_of(case, "ownership")
    if table is None:
        return None
    named = []
    for source, column in (("complaints", "reason"), ("register", "item")):
        other = table_of(case, source)
        if other is not None and column in other:
            named += list(other[column].dropna().unique())
    return cost_of_owning(table, named)


def owning_unspoken(case: Case) -> pd.DataFrame | None:
    """One row: what nobody spoke of in the cost of owning; see `ownership.unspoken_share`.

    >>> list(cx.owning_unspoken(cx.read_client("vendor", "data")))[:2]
    ['items', 'unspoken']
    """
    table = owning(case)
    return None if table is None else unspoken_share(table)


def health(case: Case) -> pd.DataFrame | None:
    """The health check; bases may be given beside the contract's columns (n, sd, reference_n,
    reference_sd).

    >>> found = cx.health(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['area', 'score', 'reference', 'n']
    """
    table = table_of(case, "health_check")
    return None if table is None else health_check(table, case.settings.confidence)


# The loop


def actions(case: Case, today=None) -> pd.DataFrame | None:
    """The findings and what became of them. today: the date to judge by; the latest that any
    record or action bears where not said, so that a report says the same tomorrow.

    >>> found = cx.actions(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['finding', 'label', 'owner', 'due']
    """
    table = table_of(case, "actions")
    if table is None:
        return None
    return action_list(table, last_date(case) if today is None else today)


def last_date(case: Case) -> pd.Timestamp:
    """The latest date in the records; before everything where there are none."""
    dates = [
        case.tables[name][column].max()
        for name, column in (("complaints", "date"), ("contacts", "date"), ("transactions", "date"))
        if name in case.tables and column in case.tables[name]
    ]
    known = [date for date in dates if pd.notna(date)]
    return max(known) if known else pd.Timestamp.min


def actions_done(case: Case) -> pd.DataFrame | None:
    """One row: how many findings were acted on; None without the table; see `loop.acted_on`.

    >>> list(cx.actions_done(cx.read_client("vendor", "data")))[:3]
    ['findings', 'done', 'share']
    """
    table = actions(case)
    return None if table is None else acted_on(table, case.settings.confidence)


def effects(case: Case) -> pd.DataFrame | None:
    """Business results before and after, against the line before carried on.

    >>> found = cx.effects(cx.read_client("meisu", "data"))
    >>> found[["measure", "periods_before"]].head(2).round(2).values.tolist()
    [['business', 1]]
    """
    table = table_of(case, "performance")
    found = None if table is None else before_after(table, case.settings.confidence)
    return None if found is None or found.empty else found


def the_next_cycle(case: Case) -> pd.DataFrame | None:
    """The next brand value and key experience, and what would have to be true.

    >>> found = cx.the_next_cycle(cx.read_client("meisu", "data"))
    >>> found[["next", "found"]].head(2).round(2).values.tolist()
    [['brand_value', 1.0], ['brand_value', -5.0]]
    """
    found = next_cycle(gaps_shown(case), evidence(case))
    return None if found.empty else found
