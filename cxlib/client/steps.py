"""What each step of the method computes for one client: the case's tables into the sums.

A step whose table or question was not supplied gives None, and its section is left out.
"""

from functools import wraps
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from cxlib.client.brief import groupings
from cxlib.client.case import Case
from cxlib.client.customers import lifetime_per_revenue, lifetime_spread, lifetimes
from cxlib.client.rated import (
    OUTCOMES,
    answers_to,
    asked_in_place_of_experience,
    compared_answers,
    outcome_scale,
    rated,
    rated_on_one_scale,
)
from cxlib.client.release import withheld
from cxlib.client.survey import Survey
from cxlib.sums import stakes
from cxlib.sums.asked import key_without_expectation
from cxlib.sums.brand import reason_shares, reasons_given
from cxlib.sums.churn import churn_cost, churn_levers, churn_tornado
from cxlib.sums.compare import benjamini_hochberg, compare_groups, compare_waves
from cxlib.sums.control import xmr_chart
from cxlib.sums.drivers import driver_correlations, driver_table
from cxlib.sums.estimate import estimate_means
from cxlib.sums.evidence import growth_in_proportion
from cxlib.sums.gap import gap_intervals, gap_table, mark_key_experience, worst_first
from cxlib.sums.interval import mean_interval
from cxlib.sums.kano import compared_segments, kano_by_segment, kano_table
from cxlib.sums.penalty import penalty_reward
from cxlib.sums.priority import key_by_derived_importance
from cxlib.sums.quadrants import importance_quadrants, performance_measure
from cxlib.sums.weights import part_of

ENDS = ("_low", "_high")
FEW_BLANKS = "\0"  # no group is called so
# First choice first: what bears on staying.
STAKE_OUTCOMES = ("recommend", "repurchase", "problem", "overall")


def remembered(step):
    """A step that is computed once for a case and given as a new table to each that asks.

    The executive report asks again for what the notebooks before it have shown.
    """
    return remembered_for(lambda case: case)(step)


def remembered_for(what):
    """The same for a step that depends on a part of the case alone, which another case may share."""

    def wrap(step):
        known = WeakKeyDictionary()

        @wraps(step)
        def once(case):
            part = what(case)
            if part not in known:
                known[part] = step(case)
            return None if known[part] is None else known[part].copy()

        return once

    return wrap


def apart_from_strategy(case: Case) -> Case:
    """What neither the budget nor the weights of fit bear on."""
    return case.apart_from_strategy


def of_the_answers(case: Case):
    """The answers that are counted: other decisions leave them as they are."""
    return case if case.latest is None else case.latest


def may_be_shown(case: Case, table: pd.DataFrame) -> pd.Series:
    """Which rows the gate will let through, for what is computed from several rows at once.

    A false-discovery rate, a control limit or a test over groups is a sum over rows: were withheld
    rows in it, it would tell of them.
    """
    return withheld(case, table)["flag"] != "withheld"


def numbers_shown(case: Case, table: pd.DataFrame) -> pd.DataFrame:
    """The same rows, the numbers of those that the gate withholds blank: for what is worked out from
    them and has no base of its own for the gate to see (a benefit, an ideal for the money)."""
    return table.assign(**withheld(case, table)[table.select_dtypes("number").columns])


def table_of(case: Case, name: str) -> pd.DataFrame | None:
    """A supplied table with rows in it, or None."""
    table = case.tables.get(name)
    return None if table is None or table.empty else table


# Step 1


def reasons(case: Case) -> pd.DataFrame | None:
    """Why customers choose the company: the table brand_values, else the survey's own question.

    >>> found = cx.reasons(cx.read_client("meisu", "data"))
    >>> found[["reason"]].head(2).round(2).values.tolist()
    [['clear_prices'], ['trusted_brand']]
    """
    if "brand_values" in case.tables:
        return reason_shares(case.tables["brand_values"], case.settings.confidence)
    if case.latest is None or of_low_scores(case.latest):
        return None
    return reasons_of(case.latest, case.settings)


def of_low_scores(survey: Survey) -> bool:
    """Whether (nearly) all who name a reason recommend from 0 to 6 of 10: it is why they score low,
    and not why customers come."""
    asked = survey.columns[
        survey.columns["measure"].eq("recommend") & survey.columns["high"].eq(10)
    ]
    if asked.empty or survey.mentions.empty:
        return False
    answers = survey.answers["recommend"].loc[survey.mentions["person"].unique()].iloc[:, 0]
    return bool((answers <= 6).mean() >= 0.95)


def reasons_of(survey: Survey, settings) -> pd.DataFrame | None:
    """The reasons that people of a survey name; None where none does."""
    if survey.mentions.empty:
        return None
    mentioned = survey.mentions
    # Words that few people gave are their own, and would tell who they are.
    people = mentioned.groupby("reason")["person"].transform("nunique")
    reason = mentioned["reason"].mask(people < settings.disclosure, "other")
    given = pd.crosstab(mentioned["person"], reason).reindex(survey.people.index)
    return reasons_given(given.fillna(0).clip(upper=1), survey.weight, settings.confidence)


def target_customers(case: Case) -> pd.DataFrame | None:
    """One row per segment: segment, n, share (weighted, of respondents), designed_for.

    >>> found = cx.target_customers(cx.read_client("kiosk", "data"))
    >>> list(found)[:4]
    ['segment', 'n', 'share', 'designed_for']
    """
    if case.latest is None or case.latest.people["segment"].isna().all():
        return None
    people = case.latest.people
    by = people.groupby("segment", sort=False)["weight"]
    found = pd.DataFrame({"n": by.size(), "share": by.sum() / people["weight"].sum()})
    targets = case.settings.target_segments
    return found.assign(designed_for=found.index.isin(targets)).reset_index()


# Steps 2 to 4


@remembered_for(apart_from_strategy)
def gaps(case: Case) -> pd.DataFrame:
    """The contract's table `gap`, with intervals: one row per segment and dimension.

    Where no expectation was asked, the key experience is found by an ideal that was decided, or by
    satisfaction as asked (`key_without_expectation`); where importance was not, by derived
    importance (`key_by_derived_importance`, whose columns are then there too).

    >>> found = cx.gaps(cx.read_client("meisu", "data")).set_index("dimension")
    >>> found.loc["convenience", ["satisfaction", "weighted_satisfaction", "gap"]].tolist()
    [-2.0, -18.0, -5.0]
    """
    return gaps_with_intervals(case, case.estimates)


def gaps_with_intervals(case: Case, estimates: dict) -> pd.DataFrame:
    """The same with intervals, and a derived key experience, for the segments of `estimates` alone:
    one takes a fraction of the time of all, and the gate still sees the bases of all.
    """
    found = gaps_of(case.scores, estimates, case.settings)
    if found["ground"].notna().any() or (shares := drivers(case)) is None:
        return found
    asked = found if estimates is case.estimates else found[found["segment"].isin(estimates)]
    derived = key_by_derived_importance(asked, shares, estimates, case.settings.confidence)
    return pd.concat([derived, found.drop(asked.index)]).sort_index()


@remembered
def item_gaps(case: Case) -> pd.DataFrame | None:
    """The contract's table `items`: the same by item, worst weighted first; None without a survey.

    >>> found = cx.item_gaps(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['item', 'dimension', 'segment', 'n']
    """
    if case.asked is None:
        return None
    return worst_first(gaps_of(case.item_scores, case.item_estimates, case.settings))


def gaps_of(scores: pd.DataFrame, estimates: dict, settings) -> pd.DataFrame:
    """Rows of scores with their gaps, intervals, and the key experience with its ground."""
    scales = dict.fromkeys(("experience", "expectation"), settings.scale)
    scales["importance"] = settings.importance_scale
    of = {"ideal": settings.ideal, "scales": scales}
    found = gap_intervals(gap_table(scores), estimates, settings.confidence, **of)
    return key_without_expectation(mark_key_experience(found), estimates, settings.confidence)


def everyone(table: pd.DataFrame | None) -> pd.DataFrame | None:
    """The rows for all customers together; None stays None.

    >>> cx.everyone(cx.gaps(cx.read_client("meisu", "data")))["segment"].unique().tolist()
    ['all']
    """
    return None if table is None else table[table["segment"] == "all"].reset_index(drop=True)


def gaps_shown(case: Case) -> pd.DataFrame:
    """The gap table for everyone, with nothing in it that the gate withholds."""
    table = numbers_shown(case, everyone(gaps(case)))
    known = table[["gap", "weighted_satisfaction", "priority"]].notna().any(axis=1)
    return table.assign(key_experience=table["key_experience"].eq(True) & known)


def where_to_spend(table: pd.DataFrame) -> pd.DataFrame:
    """One row per dimension of the gap table for everyone: dimension, gap, advice; of each advice
    what weighs most first, as everywhere, and the widest gap where nothing was weighed.

    exceed   the key experience: spend here, and go beyond what is expected
    first    the same where no expectation was asked: spend here first
    repair   below the ideal elsewhere, by more than chance: bring it up to enough
    above    above the ideal, by more than chance: ask whether anyone needs it
    enough   at the ideal, as far as the answers can tell
    unknown  no ideal, or no experience
    Source: the method, step 4.

    >>> found = cx.where_to_spend(cx.gaps(cx.read_client("meisu", "data")))
    >>> list(found)[:2]
    ['dimension', 'n']
    """
    rows = everyone(table)
    low, high = rows["gap_low"].fillna(rows["gap"]), rows["gap_high"].fillna(rows["gap"])
    key = rows["key_experience"].eq(True)
    advice = np.select(
        [key & rows["weighted_satisfaction"].notna(), key, rows["gap"].isna(), high < 0, low > 0],
        ["exceed", "first", "unknown", "repair", "above"],
        "enough",
    )
    columns = ["dimension", "n", "n_eff", "gap", "gap_low", "gap_high", "weighted_satisfaction"]
    order = {"exceed": 0, "first": 0, "repair": 1, "above": 2, "enough": 3, "unknown": 4}
    weighed = rows["weighted_satisfaction"].fillna(rows["priority"])
    found = rows[columns].assign(advice=advice, place=pd.Series(advice).map(order), by=weighed)
    found = found.sort_values(["place", "by", "gap"], ignore_index=True)
    return found.drop(columns=["place", "by"])


@remembered
def segments_against_the_rest(case: Case) -> pd.DataFrame | None:
    """Each group of each grouping against everyone else, by dimension; see `compare_groups`.

    q (Benjamini–Hochberg) is over every row that may be shown, all groupings together.

    >>> found = cx.segments_against_the_rest(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['grouping', 'group', 'measure', 'dimension']
    """
    if case.latest is None:
        return None
    answers = compared_answers(case.latest)
    parts = [
        compare_groups(
            answers,
            with_few_blanks(case, values).rename("group"),
            case.latest.weight,
            case.settings.confidence,
        ).assign(grouping=name)
        for name, values in groupings(case).items()
        if values.nunique() > 1
    ]
    if not parts:
        return None
    table = pd.concat(parts, ignore_index=True)
    table = among_shown(case, table[table["group"] != FEW_BLANKS].reset_index(drop=True))
    return table[["grouping", *table.columns.drop("grouping")]]


def with_few_blanks(case: Case, values: pd.Series) -> pd.Series:
    """The groups; where fewer than `disclosure` left the question out, they count among the rest of
    each: else everyone less a group and its rest would be those few."""
    few = 0 < values.isna().sum() < case.settings.disclosure
    return values.astype(object).where(values.notna(), FEW_BLANKS) if few else values


def among_shown(case: Case, table: pd.DataFrame) -> pd.DataFrame:
    """Comparisons with q, and `different`, over those alone that may be shown; blank where none is."""
    q = pd.Series(benjamini_hochberg(table["p"].where(may_be_shown(case, table))), table.index)
    different = (q <= 1 - case.settings.confidence).astype(object).where(q.notna(), None)
    return table.assign(q=q, different=different)


@remembered_for(of_the_answers)
def drivers(case: Case) -> pd.DataFrame | None:
    """The contract's table `drivers`: derived importance of each dimension for the first outcome
    that was asked (see OUTCOMES); None where none was, or where there is nothing to derive it for.

    >>> found = cx.drivers(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['outcome', 'item', 'method', 'share']
    """
    found = of_drivers(case, driver_table)
    return None if found is None else found.assign(**{"from": "survey"})


@remembered_for(of_the_answers)
def together(case: Case) -> pd.DataFrame | None:
    """How closely the experiences of two dimensions go together: one row per pair, the closest
    first (see `driver_correlations`); None where `drivers` is.

    >>> found = cx.together(cx.read_client("vendor", "data"))
    >>> list(found)[:3]
    ['item', 'other', 'correlation']
    """
    return of_drivers(case, driver_correlations)


def of_drivers(case: Case, table) -> pd.DataFrame | None:
    """A table of the first outcome and what was rated of each dimension; None without either."""
    asked, settings = first_outcome(case, OUTCOMES), case.settings
    if asked is None or rated(case) is None:
        return None
    weight, missing = case.latest.weight, settings.missing_answers
    return table(asked, rated(case), weight, settings.confidence, missing=missing)


@remembered
def quadrants(case: Case) -> pd.DataFrame | None:
    """Each dimension's quadrant of the importance–performance map, and how firmly it stands there.

    One row per dimension and kind of importance (stated, derived); see `importance_quadrants`. How
    well each is served is measured as on the map: see `performance_measure`.

    >>> found = cx.quadrants(cx.read_client("meisu", "data"))
    >>> found[["dimension", "satisfaction"]].head(1).values.tolist()
    [['product', -1.0]]
    """
    table, settings = everyone(gaps(case)), case.settings
    measure, (low, high) = performance_measure(table), settings.scale
    spans = {"experience": (low, high), "asked_satisfaction": case.asked_scale}
    span = spans.get(measure, (low - high, high - low))
    for end in ("", *ENDS):
        table[f"performance{end}"] = table[f"{measure}{end}"]
    scales = [settings.importance_scale, span]
    names = ("importance", "performance", measure)
    columns = [f"{name}{end}" for name in names for end in ("", *ENDS)]
    stated = table[["dimension", "n", *columns]]
    found = [("stated", stated, scales)] if stated["importance"].notna().any() else []
    if (shares := drivers(case)) is not None:
        lmg = shares[shares["method"] == "lmg"].set_index("item")
        parts = {
            f"importance{end}": table["dimension"].map(lmg[f"share{end}"]) for end in ("", *ENDS)
        }
        found.append(("derived", stated.assign(**parts), [None, scales[1]]))
    parts = [
        importance_quadrants(rows, "mean", *axes, confidence=settings.confidence).assign(
            method=kind
        )
        for kind, rows, axes in found
    ]
    if not parts:
        return None
    both = pd.concat(parts, ignore_index=True)
    derived = both["method"] == "derived"
    for end in ("", *ENDS):  # a share of variance is no score: it stands in a column of its own
        both[f"derived{end}"] = both[f"importance{end}"].where(derived)
        both[f"importance{end}"] = both[f"importance{end}"].mask(derived)
    return both


@remembered
def penalties(case: Case) -> pd.DataFrame | None:
    """Penalty–reward contrasts of each dimension for the first outcome asked; see `penalty_reward`.

    By experience, or by satisfaction as asked where no experience was.

    >>> found = cx.penalties(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['dimension', 'n', 'n_poor', 'n_middle']
    """
    asked = first_outcome(case, OUTCOMES)
    if asked is None or rated(case) is None:
        return None
    settings, (answers, scale) = case.settings, rated_on_one_scale(case)
    found = penalty_reward(
        asked,
        answers,
        scale,
        case.latest.weight,
        settings.confidence,
        settings.small_base,
    )
    return found.rename(columns={"item": "dimension"}).assign(outcome=asked.name)


@remembered_for(apart_from_strategy)
def revenue_at_stake(case: Case) -> pd.DataFrame | None:
    """What revenue goes with each dimension's gap, by the survey's own link; see `sums.stakes`.

    None without a survey, or where no outcome was asked.

    >>> found = cx.revenue_at_stake(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['outcome', 'dimension', 'gap', 'n']
    """
    asked = first_outcome(case, STAKE_OUTCOMES)
    if asked is None or rated(case) is None:
        return None
    scale = outcome_scale(case, asked.name)
    settings, gap = case.settings, asked_in_place_of_experience(everyone(gaps(case)))
    found = stakes.revenue_at_stake(
        stakes.bad_outcome(asked, asked.name, scale, case.unhappy_below(scale)),
        rated(case),
        gap,
        settings.revenue,
        case.churn_inputs,
        case.latest.weight,
        settings.confidence,
        small_base=settings.small_base,
    )
    ends = gap.set_index("dimension")[["gap_low", "gap_high"]]
    return found.join(ends, on="dimension", validate="many_to_one")


def first_outcome(case: Case, outcomes) -> pd.Series | None:
    """The answers to the first of these measures that was asked, named for it."""
    asked = next((name for name in outcomes if answers_to(case, name) is not None), None)
    return None if asked is None else answers_to(case, asked).iloc[:, 0].rename(asked)


# Step 5


@remembered
def requirement_classes(case: Case) -> pd.DataFrame | None:
    """The contract's table `kano`; None where functional and dysfunctional were not both asked.

    >>> found = cx.requirement_classes(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['item', 'n', 'n_eff', 'A']
    """
    present, absent = answers_to(case, "functional"), answers_to(case, "dysfunctional")
    if present is None or absent is None:
        return None
    settings = case.settings
    return kano_table(present, absent, case.latest.weight, settings.kano_table, settings.confidence)


@remembered
def requirement_classes_by_segment(case: Case) -> pd.DataFrame | None:
    """The same by segment, and where segments disagree; None where there are none.

    >>> found = cx.requirement_classes_by_segment(cx.read_client("kiosk", "data"))
    >>> list(found)[:4]
    ['item', 'segment', 'n', 'n_eff']
    """
    present, absent = answers_to(case, "functional"), answers_to(case, "dysfunctional")
    if present is None or absent is None or case.latest.people["segment"].nunique() < 2:
        return None
    settings, people = case.settings, case.latest.people
    found = kano_by_segment(
        present,
        absent,
        people["segment"],
        case.latest.weight,
        settings.kano_table,
        settings.confidence,
    )
    shown = compared_segments(found[may_be_shown(case, found)], settings.confidence)
    tests = ["p_same", "q_same", "segments_disagree"]
    return found.drop(columns=tests).join(shown[tests])


# Step 7


def evidence(case: Case) -> pd.DataFrame | None:
    """Business results by period against growth in proportion; None without `performance`.

    >>> found = cx.evidence(cx.read_client("meisu", "data"))
    >>> found[["period", "value_ratio"]].head(2).round(2).values.tolist()
    [['1', 1.0], ['2', 2.0]]
    """
    if "performance" not in case.tables:
        return None
    return growth_in_proportion(case.tables["performance"])


@remembered
def waves(case: Case) -> pd.DataFrame | None:
    """The contract's table `waves`: one row per wave and dimension or outcome.

    wave, measure, dimension, n, n_eff, mean, mean_low, mean_high; difference to the wave before
    with its interval, base (n_before), q and `different`; detectable (smallest change it could
    have seen); and the limits of an XmR chart over the waves. Answers' units. q and the limits are
    over the rows that may be shown; a wave in which a question was not asked has no row.

    >>> found = cx.waves(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['measure', 'dimension', 'n', 'n_eff']
    """
    if case.survey is None or case.survey.people["wave"].nunique() < 2:
        return None
    answers, wave = compared_answers(case.survey), case.survey.wave.rename("wave")
    settings, weight, keys = case.settings, case.survey.weight, ["wave", "measure", "dimension"]
    changes = compare_waves(answers, wave, weight, settings.confidence)
    # n_before, so that the gate sees both sides of a change.
    columns = [*keys, "n_before", *(f"difference{end}" for end in ("", *ENDS)), "p", "detectable"]
    scale = case.survey.scale(answers.columns.get_level_values(0))
    table = wave_means(answers, wave, weight, settings.confidence, scale).merge(
        changes.loc[changes["n_before"] > 0, columns], on=keys, how="left", validate="one_to_one"
    )
    table = among_shown(case, table)
    charted = table["mean"].where(may_be_shown(case, table))
    charts = charted.groupby([table["measure"], table["dimension"]], sort=False)
    limits = charts.apply(xmr_chart).reset_index(["measure", "dimension"], drop=True)
    return table.join(limits[["centre", "limit_low", "limit_high", "signal"]])


def wave_means(answers, wave, weight, confidence: float, scale=None) -> pd.DataFrame:
    """One row per wave and column that was asked in it: measure, dimension, n, n_eff, mean with its
    interval (answers' units), wave."""
    means = []
    for name, who in wave.dropna().groupby(wave, observed=True).groups.items():
        found = estimate_means(answers.loc[who], part_of(weight, who))
        found = mean_interval(found, confidence, scale).rename_axis(["measure", "dimension"])
        means.append(found.reset_index().assign(wave=name))
    table = pd.concat(means, ignore_index=True)
    return table[table["n"] > 0]


# The cost of negative experience


@remembered
def cost_of_bad_experience(case: Case) -> pd.DataFrame | None:
    """The contract's table `churn_cost`; None where client.yml states no shares.

    The lifetime view takes what client.yml states, else what the transactions carry.

    >>> found = cx.cost_of_bad_experience(cx.read_client("meisu", "data"))
    >>> found[["view", "amount"]].head(2).round(2).values.tolist()
    [['gross', 39000000.0], ['gross', 11000000.0]]
    """
    cost = case.settings.churn_cost
    if cost is None:
        return None
    settings, ahead = case.settings, cost.lifetime or lifetime_per_revenue(lifetimes(case))
    fitted = ahead is not None and cost.lifetime is None
    return churn_cost(
        settings.revenue,
        case.churn_inputs,
        cost.margin,
        ahead,
        settings.confidence,
        factors_from={
            "margin": cost.margin_from,
            "lifetime": "measured" if fitted else "assumption",
        },
        margin_range=cost.margin_range,
        lifetime_error=lifetime_spread(lifetimes(case)) if fitted else 0.0,
    )


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


@remembered
def swings(case: Case) -> pd.DataFrame | None:
    """How far each input of the tree moves the loss; see `churn_tornado`.

    >>> found = cx.swings(cx.read_client("meisu", "data"))
    >>> found[["input", "swing"]].head(2).round(2).values.tolist()
    [['negative', 3349500.0], ['complain', 168300.0]]
    """
    if case.settings.churn_cost is None:
        return None
    return churn_tornado(case.settings.revenue, case.churn_inputs, case.settings.confidence)


@remembered
def levers(case: Case) -> pd.DataFrame | None:
    """What one point of each lever is worth; see `churn_levers`.

    >>> found = cx.levers(cx.read_client("meisu", "data"))
    >>> found[["lever", "one_point"]].head(2).round(2).values.tolist()
    [['recovery', 993.55], ['complaint', 18700.0]]
    """
    cost = case.settings.churn_cost
    if cost is None:
        return None
    return churn_levers(
        case.settings.revenue,
        case.churn_inputs,
        cost.margin,
        confidence=case.settings.confidence,
        margin_range=cost.margin_range,
    )
