"""Step 2: what customers experienced beside what they expected, for whom, and what raised it."""

from dataclasses import replace
from itertools import permutations

import pandas as pd

from cxlib.analysis import asking
from cxlib.client.case import Case
from cxlib.client.few import hidden_groups
from cxlib.client.groupings import groupings
from cxlib.client.rated import OUTCOMES, answers_to, compared_answers, first_outcome, rated
from cxlib.sums import designs, mix
from cxlib.sums.asked import key_without_expectation
from cxlib.sums.compare import benjamini_hochberg, compare_groups
from cxlib.sums.drivers import driver_table
from cxlib.sums.expectations import expectation_drivers, promise_or_delivery
from cxlib.sums.gap import gap_intervals, gap_table, mark_key_experience, worst_first
from cxlib.sums.priority import key_by_derived_importance
from cxlib.sums.quality import quality_scores, service_types

MOST_GROUPS = 24  # of a grouping that a reader chooses from


@asking.remembered_for(asking.apart_from_strategy)
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


@asking.remembered
def item_gaps(case: Case) -> pd.DataFrame | None:
    """The contract's table `items`: the same by item, worst weighted first; None without a survey.

    >>> found = cx.item_gaps(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['item', 'dimension', 'segment', 'n']
    """
    asking.needed(case.survey)
    found = gaps_of(case.item_scores, case.item_estimates, case.settings)
    shown = asking.numbers_shown(
        case, found
    )  # where a withheld row stands would tell of its numbers
    return found.loc[worst_first(shown.assign(at=shown.index))["at"]].reset_index(drop=True)


def gaps_of(scores: pd.DataFrame, estimates: dict, settings) -> pd.DataFrame:
    """Rows of scores with their gaps, intervals, and the key experience with its ground."""
    scales = dict.fromkeys(("experience", "expectation"), settings.scale)
    scales["importance"] = settings.importance_scale
    of = {"ideal": settings.ideal, "scales": scales}
    found = gap_intervals(gap_table(scores), estimates, settings.confidence, **of)
    return key_without_expectation(mark_key_experience(found), estimates, settings.confidence)


def gaps_shown(case: Case) -> pd.DataFrame:
    """The gap table of the customers that the design is for, else of everyone, with nothing in it
    that the gate withholds."""
    table = asking.designed_for(asking.numbers_shown(case, gaps(case)))
    known = table[["gap", "weighted_satisfaction", "priority"]].notna().any(axis=1)
    return table.assign(key_experience=table["key_experience"].eq(True) & known)


@asking.remembered_for(asking.apart_from_strategy)
def gaps_by_group(case: Case) -> pd.DataFrame | None:
    """The table `gap` of each segment, role and wave, as a run with those people alone would give
    it: grouping and group first; None without any. A grouping of more than MOST_GROUPS is left out.

    >>> found = cx.gaps_by_group(cx.read_client("vendor", "data"))
    >>> found["grouping"].unique().tolist()
    ['role', 'wave']
    """
    survey, least, found = asking.needed(case.survey), case.settings.disclosure, []
    grouped = {name: each for name, each in groupings(case).items() if name in ("segment", "role")}
    if len(survey.waves) > 1:
        grouped["wave"] = survey.people["wave"]
    for grouping, values in grouped.items():
        people = values.value_counts()
        names = sorted(people.index[people >= least], key=str)
        for group in names if 1 < len(names) <= MOST_GROUPS else []:
            who = values.eq(group).reindex(survey.people.index, fill_value=False)
            alone = replace(case, survey=survey.among(who), basis=None, known={})
            rows = asking.everyone(gaps(alone)).drop(columns="segment")
            found.append(rows.assign(grouping=grouping, group=group))
    table = pd.concat(asking.needed(found), ignore_index=True)
    return table[["grouping", "group", *table.columns.drop(["grouping", "group"])]]


@asking.remembered
def segments_against_the_rest(case: Case) -> pd.DataFrame | None:
    """Each group of each grouping against everyone else, by dimension; see `compare_groups`.

    q (Benjamini–Hochberg) is over every row that may be shown, all groupings together.

    >>> found = cx.segments_against_the_rest(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['grouping', 'group', 'measure', 'dimension']
    """
    survey, confidence = asking.needed(case.latest), case.settings.confidence
    answers = compared_answers(survey)

    def compared(_, groups):
        return compare_groups(answers, groups, survey.weight, confidence)

    return asking.among_shown(case, asking.of_each_grouping(case, groupings(case), compared))


@asking.remembered_for(asking.of_the_answers)
def drivers(case: Case) -> pd.DataFrame | None:
    """The contract's table `drivers`: derived importance of each dimension for the first outcome
    that was asked (see OUTCOMES); None where none was, or where there is nothing to derive it for.

    >>> found = cx.drivers(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['outcome', 'item', 'method', 'share']
    """
    return of_drivers(case, driver_table).assign(**{"from": "survey"})


def of_drivers(case: Case, table) -> pd.DataFrame:
    """A table of the first outcome and what was rated of each dimension; NotThere without either."""
    asked, scores = asking.needed(first_outcome(case, OUTCOMES), rated(case))
    weight, settings = case.latest.weight, case.settings
    return table(asked, scores, weight, settings.confidence, missing=settings.missing_answers)


def open_groupings(case: Case) -> dict[str, pd.Series]:
    """The groupings of which every group may be shown.

    What is held alike across a grouping would otherwise tell of a group that is withheld.
    """
    hidden = {name for name, _ in hidden_groups(case)}
    return {name: values for name, values in groupings(case).items() if name not in hidden}


@asking.remembered
def reversals(case: Case) -> pd.DataFrame | None:
    """Groups of one grouping compared as they are, and within the groups of each other grouping.

    Returns the rows of `mix.mix_adjusted` for each pair of groupings, with grouping, split and
    outcome first; q over the whole table; None where there are fewer than two groupings.

    >>> found = cx.reversals(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['grouping', 'split', 'outcome', 'group']
    """
    outcome = asking.needed(first_outcome(case, OUTCOMES))
    weight, confidence = case.latest.weight, case.settings.confidence
    by = {
        name: asking.with_few_blanks(case, values) for name, values in open_groupings(case).items()
    }
    parts = []
    for one, other in permutations(by, 2):
        found = mix.mix_adjusted(outcome, by[one], by[other], weight, confidence)
        parts.append(found.assign(grouping=one, split=other))
    table = asking.needed(pd.concat(asking.needed(parts))).assign(outcome=outcome.name)
    table = table[table["group"] != asking.BLANK].reset_index(drop=True)
    table["q"] = benjamini_hochberg(table["p"])
    first = ["grouping", "split", "outcome"]
    return table[[*first, *table.columns.drop(first)]]


@asking.remembered
def by_collector(case: Case) -> pd.DataFrame | None:
    """Scores by who collected them, before and after the respondents have the same mix.

    The mix is every other grouping that may be shown, all at once; see `mix.mix_adjusted`.

    >>> found = cx.by_collector(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['collected_by', 'n', 'n_rest', 'mean']
    """
    outcome, by = asking.needed(first_outcome(case, OUTCOMES)), open_groupings(case)
    asking.needed(case.latest.people["collected_by"].nunique() > 1)
    collected = asking.with_few_blanks(case, case.latest.people["collected_by"])
    by.pop("collected_by", None)
    strata = pd.Series("all", outcome.index)
    for values in by.values():
        strata = strata + " / " + values.astype(object).fillna("?").astype(str)
    of = case.latest.weight, case.settings.confidence
    table = mix.mix_adjusted(outcome, collected, strata, *of)
    table = table[table["group"] != asking.BLANK].reset_index(drop=True)
    return table.rename(columns={"group": "collected_by"}).assign(outcome=outcome.name)


@asking.remembered
def bonus_spikes(case: Case) -> pd.DataFrame | None:
    """Scores before bonus dates; None unless client.yml names `bonus_dates` and `survey.date`.

    >>> cx.bonus_spikes(cx.read_client("meisu", "data")) is None  # it has no bonus dates
    True
    """
    dates, confidence = asking.needed(case.settings.bonus_dates), case.settings.confidence
    outcome = asking.needed(first_outcome(case, OUTCOMES))
    return mix.spikes(case.latest.people["date"], outcome, dates, confidence=confidence)


@asking.remembered
def segment_designs(case: Case) -> pd.DataFrame | None:
    """Each segment's own key experience beside everyone's; None with fewer than two segments.

    >>> found = cx.segment_designs(cx.read_client("kiosk", "data"))
    >>> list(found)[:4]
    ['segment', 'n', 'own_key', 'weighted_satisfaction']
    """
    table = designs.segment_designs(gaps(case))
    return table if len(table) > 1 else None


def mean_answer(case: Case, measure: str) -> pd.Series | None:
    """Each person's mean over the items of one measure; None where it was not asked."""
    answers = answers_to(case, measure)
    return None if answers is None else answers.mean(axis=1).rename(measure)


@asking.remembered
def what_raises_expectations(case: Case) -> pd.DataFrame | None:
    """The six drivers; see `sums.expectations.expectation_drivers`.

    >>> found = cx.what_raises_expectations(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['driver', 'n', 'n_eff', 'mean']
    """
    answers = asking.needed(answers_to(case, "expectation_driver"))
    expectation = mean_answer(case, "expectation")
    return expectation_drivers(answers, expectation, case.latest.weight, case.settings.confidence)


@asking.remembered
def promise_beside_delivery(case: Case) -> pd.DataFrame | None:
    """What a point less promised goes with, beside a point more delivered, for the first outcome.

    >>> found = cx.promise_beside_delivery(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['lever', 'n', 'effect', 'effect_low']
    """
    lived, expected = asking.needed(
        *(mean_answer(case, each) for each in ("experience", "expectation"))
    )
    outcome = asking.needed(first_outcome(case, OUTCOMES))
    of = case.latest.weight, case.settings.confidence
    return promise_or_delivery(outcome, lived, expected, *of).assign(outcome=outcome.name)


@asking.remembered
def service_quality(case: Case) -> pd.DataFrame | None:
    """Technical and functional quality, and image; None where the codebook names no quality.

    >>> found = cx.service_quality(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['quality', 'experience', 'expectation', 'importance']
    """
    survey, confidence = asking.needed(case.latest), case.settings.confidence
    asking.needed("quality" in survey.items)
    return asking.needed(quality_scores(survey.answers, survey.items, survey.weight, confidence))


@asking.remembered
def service_type_map(case: Case) -> pd.DataFrame | None:
    """Procedural × personal, by who served (served_by), else by how (contact_mode), or segment.

    >>> found = cx.service_type_map(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['group', 'n', 'procedural', 'procedural_low']
    """
    customers = asking.needed(asking.table_of(case, "customers", "procedural", "personal"))
    asking.needed(customers[["procedural", "personal"]].dropna())
    by = ("served_by", "contact_mode", "segment")
    group = asking.needed(next((name for name in by if name in customers), None))
    low, high = case.settings.scale
    found = service_types(customers, customers[group], (low + high) / 2)
    return found.rename(columns={group: "group"}).assign(grouping=group)
