"""What people rated: experience where that was asked, else the satisfaction that was asked.

The two are never added or averaged: of one dimension, one of them speaks.
"""

import pandas as pd

from cxlib.client.case import Case
from cxlib.client.codebook import RECOMMEND_SCALE
from cxlib.client.problems import first_few
from cxlib.client.scores import ASKED
from cxlib.client.survey import Survey
from cxlib.sums.estimate import dimension_answers

RATED = ("experience", ASKED)  # first choice first
# First choice first: what a driver analysis explains.
OUTCOMES = ("overall", "recommend", "repurchase")


def answers_to(case: Case, measure: str) -> pd.DataFrame | None:
    """The answers to one measure, one column per item; None where it was not asked."""
    survey = case.latest
    asked = () if survey is None else survey.answers.columns.get_level_values("measure")
    return survey.answers[measure] if measure in asked else None


def compared_answers(survey: Survey) -> pd.DataFrame:
    """What groups and waves are compared by: what people rated, by dimension, and the outcomes."""
    answers = survey.answers
    measure = answers.columns.get_level_values("measure")
    rated_ones = dimension_answers(answers.loc[:, measure.isin(RATED)], survey.items)
    lived = {name for each, name in rated_ones if each == RATED[0]}
    speaks = [each == RATED[0] or name not in lived for each, name in rated_ones]
    rated_ones = rated_ones.loc[:, speaks]
    both = pd.concat([rated_ones, answers.loc[:, measure.isin(OUTCOMES)]], axis=1)
    return both.rename_axis(columns=["measure", "dimension"])


def rated(case: Case) -> pd.DataFrame | None:
    """What each respondent of the last wave rated, one column per dimension.

    None where nothing was rated, or where the codebook puts no item into a dimension.
    """
    found = _by_measure(case)
    return pd.concat(found.values(), axis=1) if found else None


def rated_on_one_scale(case: Case) -> tuple[pd.DataFrame, tuple]:
    """The same, and (lowest, highest) score of it; as places from 0 to 1 of their own scales where
    dimensions were rated on two."""
    found, scales = _by_measure(case), {"experience": case.settings.scale, ASKED: case.asked_scale}
    used = {scales[measure] for measure in found}
    if len(used) == 1:
        return rated(case), used.pop()
    ends = ((answers, *scales[measure]) for measure, answers in found.items())
    places = [(answers - low) / (high - low) for answers, low, high in ends]
    return pd.concat(places, axis=1), (0.0, 1.0)


def _by_measure(case: Case) -> dict[str, pd.DataFrame]:
    """{measure: answers by dimension} of what was rated, in the order of RATED."""
    if all(answers_to(case, measure) is None for measure in RATED):
        return {}
    answers = compared_answers(case.latest)
    there = set(answers.columns.get_level_values("measure"))
    return {measure: answers[measure] for measure in RATED if measure in there}


def outcome_scale(case: Case, measure: str) -> tuple:
    """(lowest, highest) answer to the first question of a measure that was asked."""
    columns = case.survey.columns
    return tuple(columns.loc[columns["measure"] == measure, ["low", "high"]].iloc[0])


def rated_items(case: Case) -> tuple[str, pd.DataFrame | None]:
    """(measure, answers by item): the one that touchpoints are scored by; ("", None) without."""
    for measure in RATED:
        if (answers := answers_to(case, measure)) is not None:
            return measure, answers
    return "", None


def asked_in_place_of_experience(table: pd.DataFrame) -> pd.DataFrame:
    """The gap table with the gap of satisfaction as asked to the ideal that was decided for it,
    where no experience was asked: see `scores.asked_target`."""
    own = table["experience"].isna() & table["ideal"].eq(table["asked_target"])
    ends = ("", "_low", "_high")
    short = {e: table[f"asked_satisfaction{e}"] - table["ideal"] for e in ends}
    return table.assign(**{f"gap{e}": table[f"gap{e}"].mask(own, short[e]) for e in ends})


def first_outcome(case: Case, outcomes) -> pd.Series | None:
    """The answers to the first of these measures that was asked, named for it."""
    asked = next((name for name in outcomes if answers_to(case, name) is not None), None)
    return None if asked is None else answers_to(case, asked).iloc[:, 0].rename(asked)


def net_promoter_question(columns: pd.DataFrame) -> pd.Series | None:
    """The survey's column that a net promoter score is of: a row of `survey.columns`.

    An NPS is defined on 0–10 alone (Reichheld 2003). Of several such questions the one that most
    people answered, the first of those; None where there is none.
    """
    asked = columns[columns["measure"] == "recommend"]
    low, high = RECOMMEND_SCALE
    asked = asked[(asked["low"] == low) & (asked["high"] == high)]
    most = asked["understood"].astype(float).sort_values(ascending=False, kind="stable")
    return asked.loc[most.index[0]] if len(asked) else None


def which_promoters(columns: pd.DataFrame) -> str:
    """Of which question the net promoter score is, and why not of the others; "" where it is plain."""
    asked, chosen = columns[columns["measure"] == "recommend"], net_promoter_question(columns)
    if asked.empty or (len(asked) == 1 and chosen is not None):
        return ""
    others = asked if chosen is None else asked.drop(index=chosen.name)
    said = "{0.column} ({0.low:g}–{0.high:g}, {0.understood:,.0f} answers)"
    named = first_few(map(said.format, others.itertuples()))
    if chosen is None:
        return f"No net promoter score: it is defined on 0–10 alone, and asked was {named}."
    why = f"of those asked from 0 to 10 the one with the most answers ({chosen['understood']:,.0f})"
    return f"The net promoter score is of {chosen['column']}, {why}; not of {named}."
