"""Step 2: what customers experienced beside what they expected, for whom, and what raised it.

The appendix: everything that was rated by everybody who can be told apart.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from cxlib.analysis import asking
from cxlib.client import rated
from cxlib.client.case import Case
from cxlib.client.few import hidden_groups
from cxlib.client.library import library
from cxlib.sums import mix
from cxlib.sums.drivers import driver_table, linked
from cxlib.sums.estimate import estimate_means
from cxlib.sums.expectations import expectation_drivers, promise_or_delivery, shares_by_setter
from cxlib.sums.gap import gap_intervals, gap_table, mark_key_experience, worst_first
from cxlib.sums.interval import mean_interval, share_interval
from cxlib.sums.priority import key_by_derived_importance, key_without_expectation
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
    shares = None if found["ground"].notna().any() else drivers(case)
    if shares is None or not linked(shares):  # no link strong enough to weigh by
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
    shown = asking.numbers_shown(case, found)  # where a withheld row stands tells of its numbers
    return found.loc[worst_first(shown.assign(at=shown.index))["at"]].reset_index(drop=True)


def gaps_of(scores: pd.DataFrame, estimates: dict, settings) -> pd.DataFrame:
    """Rows of scores with their gaps, intervals, and the key experience with its ground."""
    scales = dict.fromkeys(("experience", "expectation"), settings.scale)
    scales["importance"] = settings.importance_scale
    of = {"ideal": settings.ideal, "scales": scales}
    found = gap_intervals(gap_table(scores), estimates, settings.confidence, **of)
    return key_without_expectation(mark_key_experience(found), estimates, settings.confidence)


@asking.remembered
def outcomes(case: Case) -> pd.DataFrame | None:
    """What today's customers say of the whole, one row per question but that of a net promoter score:
    measure, question, n, n_eff; score with its ends, in points up to `highest`; or, where there were
    two answers, the share with its ends, 0–1, who gave the better one (`answer`).

    >>> cx.outcomes(cx.read_client("sfo", "data"))["measure"].tolist()
    ['overall', 'problem']
    """
    asked = asking.needed(case.survey).columns
    promoted = rated.net_promoter_question(asked)
    asked = asked.drop(index=[] if promoted is None else [promoted.name])
    found = []
    for measure in (*rated.OUTCOMES, "problem"):
        for question in asked[asked["measure"].eq(measure)].itertuples():
            answers = case.latest.answers[[(measure, question.item)]]
            if answers.notna().any(axis=None):
                found.append(_outcome(case, answers, question))
    return asking.needed(pd.concat(found, ignore_index=True) if found else None)


def _outcome(case: Case, answers: pd.DataFrame, question) -> pd.DataFrame:
    """The row of `outcomes` of one question."""
    told = {"measure": question.measure, "question": question.column}
    told |= {"question": question.label} if pd.notna(question.label) else {}
    weight, confidence = case.latest.weight, case.settings.confidence
    if question.high - question.low > 1:
        scale, estimates = (question.low, question.high), estimate_means(answers, weight)
        found = mean_interval(estimates, confidence, scale, "score")
        return pd.DataFrame(
            [told | {"highest": question.high, "answer": np.nan} | dict(found.iloc[0])]
        )
    found = share_interval(estimate_means(answers - question.low, weight), confidence)
    codes = case.tables["codebook"].set_index("column")["codes"].get(question.column)
    words = {} if pd.isna(codes) else dict(each.rsplit("=", 1)[::-1] for each in codes.split(";"))
    told |= {"highest": np.nan, "answer": words.get(f"{question.high:g}", np.nan)}
    return pd.DataFrame([told | dict(found.iloc[0])])


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
    survey, least, found = asking.needed(case.survey), case.settings.disclosure, {}
    of_people = case.latest.groupings
    grouped = {name: of_people[name] for name in ("segment", "role") if name in of_people}
    if len(survey.waves) > 1:
        grouped["wave"] = survey.people["wave"]
    for grouping, values in grouped.items():
        people = values.value_counts()
        names = sorted(people.index[people >= least], key=str)
        for group in names if 1 < len(names) <= MOST_GROUPS else []:
            who = values.eq(group).reindex(survey.people.index, fill_value=False)
            alone = replace(case, survey=survey.among(who), basis=None, known={})
            found[grouping, group] = asking.everyone(gaps(alone)).drop(columns="segment")
    table = pd.concat(asking.needed(found), names=["grouping", "group", None])
    return table.reset_index(["grouping", "group"]).reset_index(drop=True)


@asking.remembered
def segments_against_the_rest(case: Case) -> pd.DataFrame | None:
    """Each group of each grouping against everyone else, by dimension; see `compare_groups`.

    q (Benjamini–Hochberg) is over every row that may be shown, all groupings together.

    >>> found = cx.segments_against_the_rest(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['grouping', 'group', 'measure', 'dimension']
    """
    survey = asking.needed(case.latest)
    of = rated.compared_answers(survey), survey.weight
    return asking.among_shown(case, asking.of_each_grouping(case, survey.groupings, lambda _: of))


@asking.remembered_for(asking.of_the_answers)
def drivers(case: Case) -> pd.DataFrame | None:
    """The contract's table `drivers`: derived importance of each dimension for the first outcome
    that was asked (see OUTCOMES); None where none was, or where there is nothing to derive it for.

    >>> found = cx.drivers(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['outcome', 'item', 'method', 'share']
    """
    asked, scores = asking.needed(rated.first_outcome(case, rated.OUTCOMES), rated.rated(case))
    of, settings = case.latest.weight, case.settings
    found = driver_table(asked, scores, of, settings.confidence, missing=settings.missing_answers)
    return found.assign(**{"from": "survey"})


def open_groupings(case: Case) -> dict[str, pd.Series]:
    """The groupings of which every group may be shown.

    What is held alike across a grouping would otherwise tell of a group that is withheld.
    """
    hidden = {name for name, _ in hidden_groups(case)}
    return {name: values for name, values in case.latest.groupings.items() if name not in hidden}


@asking.remembered
def by_collector(case: Case) -> pd.DataFrame | None:
    """Scores by who collected them, before and after the respondents have the same mix.

    The mix is every other grouping that may be shown, all at once; see `mix.mix_adjusted`.

    >>> found = cx.by_collector(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['collected_by', 'n', 'n_rest', 'mean']
    """
    outcome, by = asking.needed(rated.first_outcome(case, rated.OUTCOMES)), open_groupings(case)
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


def mean_answer(case: Case, measure: str) -> pd.Series | None:
    """Each person's mean over the items of one measure; None where it was not asked."""
    answers = rated.answers_to(case, measure)
    return None if answers is None else answers.mean(axis=1).rename(measure)


@asking.remembered
def what_raises_expectations(case: Case) -> pd.DataFrame | None:
    """The six drivers; see `sums.expectations.expectation_drivers`. set_by : who sets each (§4: the
    customer, the vendor, other companies, the customer's own rivals or trade), and manageable (yes,
    partly, no), as the library has them; set_by_client : who sets it as the codebook says.

    >>> found = cx.what_raises_expectations(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['driver', 'n', 'n_eff', 'mean']
    """
    answers = asking.needed(rated.answers_to(case, "expectation_driver"))
    of = mean_answer(case, "expectation"), case.latest.weight, case.settings.confidence
    found, items = expectation_drivers(answers, *of), case.latest.items
    stated = items["set_by"] if "set_by" in items else pd.Series(dtype=object)
    of_the_source = library("expectation_drivers")[["driver", "set_by", "manageable"]]
    found = found.merge(of_the_source, on="driver", how="left", validate="one_to_one")
    return found.assign(set_by_client=found["driver"].map(stated))


@asking.remembered
def who_sets_expectations(case: Case) -> pd.DataFrame | None:
    """Who sets expectations, as the client states it, else as the source has it; None where nothing is
    derived. See `sums.expectations.shares_by_setter`.

    >>> found = cx.who_sets_expectations(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['set_by', 'n', 'n_eff', 'share']
    """
    drivers = asking.needed(what_raises_expectations(case)).set_index("driver")
    lived, expected = rated.answers_to(case, "expectation_driver"), mean_answer(case, "expectation")
    set_by = drivers["set_by_client"].fillna(drivers["set_by"])
    of = case.latest.weight, case.settings.confidence
    return asking.needed(shares_by_setter(lived, asking.needed(expected), set_by, *of))


@asking.remembered
def promise_beside_delivery(case: Case) -> pd.DataFrame | None:
    """What a point less promised goes with, beside a point more delivered, for the first outcome.

    >>> found = cx.promise_beside_delivery(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['lever', 'n', 'effect', 'effect_low']
    """
    both = (mean_answer(case, each) for each in ("experience", "expectation"))
    lived, expected = asking.needed(*both)
    outcome = asking.needed(rated.first_outcome(case, rated.OUTCOMES))
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


# The appendix: everything that was rated by everybody who can be told apart


FIRST = ["grouping", "group", "measure", "item"]


@asking.remembered
def crossings(case: Case) -> pd.DataFrame | None:
    """Every item, dimension and outcome by every group against everybody else: grouping (segment,
    role, the survey's own, wave), group, measure, item (or dimension), then as `compare_groups`.

    q (Benjamini–Hochberg), and `different`, are over all crossings that may be shown. None where
    nobody was asked, or nobody can be told apart.

    >>> list(cx.crossings(cx.read_client("vendor", "data")))[:4]
    ['grouping', 'group', 'measure', 'item']
    """

    def asked(name):
        survey = case.survey if name == "wave" else case.latest
        return rated_answers(survey), survey.weight

    by = asking.needed(case.latest).groupings | {"wave": case.survey.wave}
    table = asking.of_each_grouping(case, by, asked)
    table = table.astype({"group": str})[table["n"].gt(0)].reset_index(drop=True)
    table = asking.among_shown(case, table)
    return table[[*FIRST, *table.columns.drop(FIRST)]]


def rated_answers(survey) -> pd.DataFrame:
    """What people rated: one column (measure, item) per dimension, item and outcome; of a dimension
    of one item, the dimension alone."""
    whole, answers = rated.compared_answers(survey), survey.answers
    items = answers.loc[:, answers.columns.get_level_values("measure").isin(rated.RATED)]
    of = survey.items["dimension"].reindex(items.columns.get_level_values(1))
    several = of.isna() | of.groupby(of).transform("size").gt(1)
    found = pd.concat([whole, items.loc[:, several.to_numpy()]], axis=1)
    return found.loc[:, ~found.columns.duplicated()].rename_axis(columns=["measure", "item"])
