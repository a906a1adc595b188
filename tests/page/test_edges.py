"""Where a rule of the page turns: one step on either side of it."""

import re

import pandas as pd
import pytest

from cxlib.page.tables import table_columns, table_html
from cxlib.page.terms import score_digits, telling_digits
from cxlib.page.whatif import plan_at_start, whatif_churn


def scored(low):
    return pd.DataFrame({"experience": [5.0], "experience_low": [low], "experience_high": [5.1]})


@pytest.mark.parametrize(("low", "digits"), [(4.9, 1), (4.91, 2)])
def test_an_interval_narrower_than_two_tenths_needs_a_second_decimal(low, digits):
    assert score_digits(scored(low)) == digits


def test_two_numbers_that_one_decimal_makes_alike_have_two():
    table = scored(4.0).iloc[:0].reindex([0, 1])
    assert telling_digits(table.assign(experience=[1.04, 1.01]), "experience") == 2
    assert telling_digits(table.assign(experience=[1.0, 1.1]), "experience") == 1


def test_an_interval_without_width_is_not_told(page):
    table = pd.DataFrame({"dimension": ["price"], "experience": [5.0]})
    ends = {"experience_low": 4.0, "experience_high": 6.0}
    assert "4.0 to 6.0" in table_html(table.assign(**ends), page)
    assert " to " not in table_html(table.assign(experience_low=5.0, experience_high=5.0), page)


def test_a_column_that_is_one_for_all_is_told_of_a_single_row():
    table = pd.DataFrame({"segment": ["all", "all"], "experience": [5.0, 6]})
    assert list(table_columns(table, None)) == ["experience"]
    assert list(table_columns(table.head(1), None)) == ["segment", "experience"]


@pytest.mark.parametrize("name", ["key_experience", "chosen"])
def test_what_was_chosen_stands_out_as_the_key_experience_does(page, name):
    table = pd.DataFrame({"dimension": ["price", "speed"], name: [True, False]})
    assert table_html(table, page).count('<tr class="key"') == 1


@pytest.mark.parametrize(
    ("p", "said"), [(0.005, "under 1%"), (0.01, "1%"), (0.99, "99%"), (0.995, "over 99%")]
)
def test_a_probability_is_never_nought_nor_all(page, p, said):
    assert page.probability(p) == said


@pytest.mark.parametrize(("value", "said"), [("1", "100%"), ("0.5", "50%"), ("4", "4"), ("a", "a")])
def test_a_level_up_to_one_is_a_share(page, value, said):
    assert page.level(value).removesuffix(".00") == said


def test_a_slider_goes_three_times_as_far_as_the_share_and_a_tenth_at_least(page, inputs):
    # The method's shares: .22, .02, .38 and .45; three times as much is .66, .06, 1.14 and 1.35.
    html = whatif_churn(page, inputs, 50_000_000)
    ends = [float(end) for end in re.findall(r'max="([\d.]+)"', html)]
    assert ends == [0.66, 0.1, 1, 1]


@pytest.mark.parametrize(
    ("effect", "needed", "start"), [("loss", 0.6, 0.6), ("loss", 1.4, 1), ("plan", 0.6, 1)]
)
def test_a_plan_starts_at_its_own_effect_or_at_the_loss_that_it_must_end(effect, needed, start):
    ask = {
        "to_start": 9.0,
        "cost": 11.0,
        "running": 1.0,
        "kept": 5.0,
        "term": 3,
        "effect": effect,
        "needed": needed,
    }
    assert plan_at_start(ask)["effect"] == start
    assert plan_at_start(ask | {"kept": 0.0}) is None
