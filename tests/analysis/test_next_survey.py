"""Planning from a survey's own spread, and what those who did not answer could change."""

import json

import numpy as np
import pandas as pd
import pytest

import cxlib as cx
from cxlib.client.case import check_client

ANSWERS = [2] * 60 + [8] * 60  # on 0 to 10: mean 5, and each answer 3 from it


@pytest.fixture
def lift(tmp_path):
    """A lift maker: 120 answers of 400 people asked, twice as many women as live there."""

    def made(invited=400):
        folder = tmp_path / "lift"
        folder.mkdir(exist_ok=True)
        sex = ["f", "f", "m"] * 40
        table = {"sex": sex, "ride_e": ANSWERS, "ride_x": [9] * 120}
        pd.DataFrame(table).to_csv(folder / "s.csv", index=False)
        (folder / "codebook.csv").write_text(
            "column,measure,item,dimension\nsex,group,,\nride_e,experience,ride,ride\nride_x,expectation,ride,ride\n"
        )
        survey = {"file": "s.csv", "invited": invited, "raking": {"sex": {"f": 0.5, "m": 0.5}}}
        given = {"name": "Lift", "dimensions": {"ride": "Ride"}, "survey": survey}
        (folder / "client.yml").write_text(json.dumps(given))
        return tmp_path

    return made


def test_needed_from_the_surveys_own_spread(lift):
    case = cx.read_client("lift", lift(), settings='{"survey.raking": {}}')
    found = cx.next_survey(case).set_index("to_find")
    spread = np.std(ANSWERS, ddof=1)
    # Lehr 1992: sixteen times the variance over the squared difference, for 80 % power.
    assert found.loc[0.5, "needed"] == pytest.approx(16 * (spread / 0.5) ** 2, rel=0.03)
    assert found["enough"].tolist() == [False] * 3  # a point takes 143


def test_what_the_silent_could_change(lift):
    row = cx.not_answered(cx.read_client("lift", lift())).iloc[0]
    assert row["response_rate"] == pytest.approx(0.3)
    # Of ten, three said 5 on average; seven at 0 or at 10 make 1.5 or 8.5; for 9, 10.7 each.
    assert row[["mean_lowest", "mean_highest"]].tolist() == pytest.approx([1.5, 8.5])
    assert row["silent_mean"] == pytest.approx((9 - 0.3 * 5) / 0.7)
    assert row["unraked"] == 5 and row["difference"] == pytest.approx(row["experience"] - 5)
    page = cx.open_page(cx.read_client("lift", lift()))
    said = " ".join(page.sentences("not_answered", cx.not_answered(page.case)))
    assert "30% answered" in said and "Ride would fall short" in said
    assert "moved no score" in said  # women and men answered alike


def test_fewer_asked_than_answered_is_refused(lift):
    problems = "\n".join(map(str, check_client("lift", lift(100))))
    assert "survey.invited" in problems and "120" in problems


@pytest.mark.parametrize("important", ["", "ride_x,importance,ride,ride,1,10\n"])
def test_a_survey_of_satisfaction_is_planned_on_its_own_scale(lift, important):
    folder = lift() / "lift"
    book = "column,measure,item,dimension,low,high\nsex,group,,,,\nride_e,satisfaction,ride,ride,1,10\n"
    book += important
    (folder / "codebook.csv").write_text(book)
    case = cx.read_client("lift", folder.parent, settings='{"survey.raking": {}}')
    found = cx.next_survey(case)
    assert found["to_find"].tolist() == pytest.approx([0.9, 0.45, 0.18])  # of 1 to 10
    assert found["needed"].iloc[0] == pytest.approx(
        16 * (np.std(ANSWERS, ddof=1) / 0.9) ** 2, rel=0.03
    )
    row = cx.not_answered(case).iloc[0]
    # Of ten, three said 5 on average; seven at 1 or at 10 make 2.2 or 8.5.
    assert row["asked_satisfaction"] == 5 and row["response_rate"] == pytest.approx(0.3)
    assert row[["mean_lowest", "mean_highest"]].tolist() == pytest.approx([2.2, 8.5])
    said = " ".join(cx.open_page(case).sentences("not_answered", cx.not_answered(case)))
    assert "30% answered" in said and "Ride" in said


def test_a_survey_of_importance_alone_plans_nothing(lift):
    book = lift() / "lift" / "codebook.csv"
    book.write_text("column,measure,item\nsex,group,\nride_e,importance,ride\n")
    case = cx.read_client("lift", book.parents[1])
    assert cx.next_survey(case) is None and cx.not_answered(case) is None
