"""One line between content and unhappy, wherever a share rests on it."""

import json

import pandas as pd
import pytest

import cxlib as cx
from cxlib.client.problems import ClientError
from cxlib.sums.stakes import bad_outcome
from cxlib.sums.unhappy import unhappy_below
from tests.conftest import DATA


def test_without_a_stated_line_whoever_is_short_of_the_middle_is_unhappy():
    assert unhappy_below(None, (0, 10), (0, 10)) == 5
    assert unhappy_below(None, (0, 10), (1, 7)) == 4


def test_a_stated_line_is_itself_unhappy_and_goes_over_to_other_scales_in_proportion():
    scores = pd.Series([2.0, 2.5, 3.0, 3.5])
    assert (scores < unhappy_below(3, (1, 5), (1, 5))).tolist() == [True, True, True, False]
    # 3 of 1–5 is half way up: 5 of 0–10.
    places = pd.Series([4.9, 5.0, 5.1])
    assert (places < unhappy_below(3, (1, 5), (0, 10))).tolist() == [True, True, False]


def test_stakes_take_the_line_and_leave_a_detractor_what_he_is():
    answers, below = pd.Series([1.0, 2, 3, 4]), unhappy_below(3, (1, 5), (1, 5))
    assert bad_outcome(answers, "overall", (1, 5), below).tolist() == [1, 1, 1, 0]
    assert bad_outcome(answers, "overall", (1, 5)).tolist() == [1, 1, 0, 0]
    assert bad_outcome(answers, "recommend", (1, 5), 2).tolist() == [1, 1, 1, 0]


@pytest.fixture(scope="module")
def customers():
    return pd.read_csv(DATA / "vendor" / "customers.csv")


@pytest.mark.parametrize("line", [None, 4, 6])
def test_tree_and_loyalty_go_by_the_same_line(customers, line):
    settings = "" if line is None else json.dumps({"survey.unhappy": line})
    case = cx.read_client("vendor", DATA, settings=settings)
    bad = customers["satisfaction"] < 5 if line is None else customers["satisfaction"] <= line
    table = cx.loss_by_line(case).set_index("moved")
    assert table.loc[0, "n"] == customers["satisfaction"].notna().sum()
    answers = case.latest.answers[["overall", "recommend"]].dropna()
    liked = answers["overall"].iloc[:, 0]
    low, high = case.survey.columns.query("measure == 'overall'")[["low", "high"]].iloc[0]
    place = (liked - low) / (high - low) * 10  # of the scale 0–10
    unhappy = place < 5 if line is None else place <= line + 1e-6
    matrix = cx.loyalty_matrix(case).query("freedom == 'all'").set_index("loyalty_type")["n"]
    assert matrix["hostage"] + matrix["defector"] == unhappy.sum()
    assert bad.sum() > 0


def test_the_loss_with_the_line_a_point_away_is_that_of_the_line_there():
    as_is = cx.loss_by_line(cx.read_client("vendor", DATA)).set_index("moved")["amount"]
    moved = cx.loss_by_line(cx.read_client("vendor", DATA, settings='{"survey.unhappy": 5}'))
    # Whole answers: 5 or less is less than 6, a point above the middle.
    assert moved.set_index("moved").loc[0, "amount"] == pytest.approx(as_is[1])
    page = cx.open_page(cx.read_client("vendor", DATA))
    said = page.sentence("unhappy", cx.loss_by_line(page.case))
    assert said.startswith("A bad experience is a satisfaction below 5 of 10 (assumed")


def test_a_line_that_leaves_nobody_or_all_is_refused():
    with pytest.raises(ClientError, match="off the scale 0–10"):
        cx.read_client("vendor", DATA, settings='{"survey.unhappy": 10}')


def test_the_line_stands_beside_shares_of_which_nothing_else_is_told():
    # Of kiosk no gap is surely tied to money, and too few stay unsatisfied to be told of; the
    # tables show what rests on the line all the same. 1–5: six tenths up are 3.4, the middle is 3.
    page = cx.open_page(cx.read_client("kiosk", DATA))
    said = page.sentence("stakes", cx.revenue_at_stake(page.case))
    assert said.startswith("These answers tie no dimension's gap")
    assert "Poor on “Recommendation” are answers from 1 to 3 of 5." in said
    matrix = page.gate(cx.loyalty_matrix(page.case))
    said = page.sentence("loyalty", matrix)
    assert said.startswith("78% of customers (71% to 83%) are satisfied and loyal.")
    assert "Not satisfied are answers below 3 of 5 (assumed" in said


def test_of_customers_who_were_asked_nothing_the_line_is_that_of_their_satisfaction(monkeypatch):
    monkeypatch.setattr("cxlib.page.sentences_customers.loyal_by", lambda case: "")
    page = cx.open_page(cx.read_client("vendor", DATA))
    said = page.sentence("loyalty", page.gate(cx.loyalty_matrix(page.case)))
    assert "A bad experience is a satisfaction below 5 of 10 (assumed" in said
