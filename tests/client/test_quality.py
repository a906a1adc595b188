"""What was understood of a survey, and who is flagged: nobody is dropped."""

import pandas as pd
import pytest

from cxlib.analysis.churn_cost import revenue_at_stake
from cxlib.analysis.client_brief import flag_people, understood_shares, what_was_read
from cxlib.analysis.experience_expectation import drivers

ITEMS = [f"q{n}" for n in range(1, 7)]
CODEBOOK = "column,measure,item,dimension,low,high,missing\n" + "".join(
    f"{name},{measure},{name[1:]},service,1,7,99\n"
    for measure, names in {
        "experience": ITEMS,
        "expectation": [f"e{n}" for n in range(1, 7)],
    }.items()
    for name in names
)
HEADER = "序号,提交答卷时间,所用时间," + ",".join([*ITEMS, *[f"e{n}" for n in range(1, 7)]])


@pytest.fixture
def asked(acme):
    """A survey of six items, twice, by 问卷星, which says how long each person took."""
    acme.settings("survey: {file: answers.csv, respondent: 序号}")
    acme.write("codebook.csv", CODEBOOK)

    def people(*rows):
        lines = [f"{name},2024/3/5 10:00:00,{time},{answers}" for name, time, answers in rows]
        acme.write("answers.csv", "\n".join([HEADER, *lines, ""]))
        return acme.read()

    return people


CAREFUL = ("a", "90秒", "1,2,3,4,5,6,7,6,5,4,3,2")


def flags(case):
    found = flag_people(case.survey)
    return list(found[["respondent", "flag", "value"]].itertuples(index=False, name=None))


def test_a_careful_person_is_not_flagged(asked):
    assert not len(flag_people(asked(CAREFUL).survey))


def test_one_answer_to_a_whole_battery_is_flagged(asked):
    case = asked(CAREFUL, ("b", "90秒", "4,4,4,4,4,4,7,6,5,4,3,3"))
    assert flags(case) == [("b", "straight_line", 6)]
    assert flag_people(case.survey)["about"].tolist() == ["experience"]


def test_a_battery_of_four_answers_says_nothing(asked):
    assert not len(flag_people(asked(CAREFUL, ("b", "90秒", "4,4,4,4,,,7,6,5,4,3,3")).survey))


def test_less_than_two_seconds_an_answer_is_flagged(asked):
    # Twelve answers in 23 seconds: 1.917 each; in 24 seconds: 2, which is not less.
    case = asked(("a", "23秒", CAREFUL[2]), ("b", "24秒", "2,2,3,4,5,6,7,6,5,4,3,2"))
    assert flags(case) == [("a", "too_fast", pytest.approx(23 / 12))]


def test_the_same_answers_again_are_flagged_at_the_second(asked):
    case = asked(CAREFUL, ("b", "80秒", CAREFUL[2]), ("c", "80秒", "2,2,3,4,5,6,7,6,5,4,3,2"))
    assert flags(case) == [("b", "same_answers", 12)]
    assert flag_people(case.survey)["about"].tolist() == [2]  # row of the first


def test_few_answers_may_be_alike_by_chance(asked):
    few = "1,2,3,4,,,,,,,,"
    assert not len(flag_people(asked(("a", "90秒", few), ("b", "90秒", few)).survey))


def test_a_respondent_who_stands_twice_is_flagged_both_times(asked):
    case = asked(CAREFUL, ("a", "90秒", "2,2,3,4,5,6,7,6,5,4,3,2"))
    assert flags(case) == [("a", "same_name", 2), ("a", "same_name", 2)]


def test_nobody_is_dropped(asked):
    case = asked(CAREFUL, ("b", "3秒", "4,4,4,4,4,4,4,4,4,4,4,4"))
    assert len(case.survey.people) == 2 and not len(case.rejected)


def test_the_share_understood_and_what_was_not(asked):
    case = asked(
        CAREFUL, ("b", "90秒", "9,2,3,4,5,6,7,6,5,4,3,1"), ("c", "9秒", "x,99,,4,5,6,7,6,5,4,3,1")
    )
    table = understood_shares(case).set_index("column")
    assert table.loc["q1", ["answered", "understood"]].tolist() == [3, 1]
    assert table["share"]["q1"] == pytest.approx(1 / 3)
    assert sorted(table["not_understood"]["q1"].split(", ")) == ["9 (1)", "x (1)"]
    assert table.loc["q2", ["answered", "understood", "share", "not_understood"]].tolist() == [
        2,
        2,
        1,
        "",
    ]
    assert table.loc["q3", "answered"] == 2 and len(table) == 12


def test_a_column_that_nobody_answered_has_no_share(asked):
    table = understood_shares(asked(("a", "90秒", ",2,3,4,5,6,7,6,5,4,3,2"))).set_index("column")
    assert pd.isna(table["share"]["q1"])


def test_before_anything_is_computed_it_is_said_what_was_understood(asked):
    # Two people × twelve answers; one is no number, one is off the scale of 1 to 7.
    case = asked(CAREFUL, ("b", "90秒", "abc,8,3,4,5,6,7,6,5,4,3,3"), ("c", "90秒", "," * 11))
    said = what_was_read(case)
    assert said[0] == "Survey: 2 people, 12 columns used, 91.7% of 24 answers understood."
    assert said[1] == "  q1: 50.0%; not understood: abc (1)"
    assert said[2] == "  q2: 50.0%; not understood: 8 (1)"
    assert "Left out of survey: 1 row: no answer to any question of the codebook." in said


def test_items_of_no_dimension_are_said_and_no_step_stumbles_over_them(asked, acme):
    asked(CAREFUL)
    none = CODEBOOK.replace(",service,", ",none,").replace("e6,expectation,6,", "e6,overall,,")
    case = acme.write("codebook.csv", none).read()
    assert case.scores.empty and len(case.item_scores) == 6
    assert drivers(case) is None and revenue_at_stake(case) is None
