"""Where a rule of the reading floor turns: one step on either side of it."""

from types import SimpleNamespace

import pandas as pd
import pytest

from cxlib.client.sampling import ordered_values, waves_in_time, waves_of_days
from cxlib.client.ticked import belonging, left_open, numbers_listed, ticked_or_not

BLANK = None


@pytest.mark.parametrize(
    ("by", "waves"),
    [
        ("half", ["2025-H1", "2025-H2", None]),
        ("quarter", ["2025-Q2", "2025-Q3", None]),
        ("month", ["2025-06", "2025-07", None]),
        ("year", ["2025", "2025", None]),
    ],
)
def test_the_year_is_cut_after_the_thirtieth_of_june(by, waves):
    days = pd.Series(pd.to_datetime(["2025-06-30", "2025-07-01", None]))
    found = waves_of_days(days, by)
    assert found.astype(object).where(found.notna(), None).tolist() == waves


def test_where_nothing_tells_the_order_today_is_the_last():
    settings = SimpleNamespace(labels={}, survey=SimpleNamespace(today="blue"))
    waves = pd.Series(["green", "blue", "red", "blue"])
    assert waves_in_time(waves, settings) == ["green", "red", "blue"]
    settings.labels = {"wave": {"red": "", "blue": "", "green": "", "grey": ""}}
    assert waves_in_time(waves, settings) == ["red", "blue", "green"], "as listed"
    assert ordered_values(pd.Series(["b", "c", "a"]), ["c"]) == ["c", "a", "b"]


def test_ticks_are_one_thing_or_codes_that_rise():
    options = {"a": "Web", "b": "Shop"}
    rising = pd.DataFrame({"a": ["1", BLANK], "b": ["2", BLANK]})
    assert ticked_or_not(rising, options)
    assert not ticked_or_not(rising.rename(columns={"a": "b", "b": "a"}), options), "2 before 1"
    assert not ticked_or_not(rising.fillna("1"), options), "a matrix: 1 and 2 in one column"
    assert not ticked_or_not(pd.DataFrame({"a": ["1"], "b": ["2"]}), options), "nothing left open"
    assert left_open(pd.Series(["yes", "no"])) and not left_open(pd.Series(["yes"]))


@pytest.mark.parametrize(
    ("cells", "decimals", "codes"),
    [
        (["1,4", "2"], False, True),
        (["1,4", "2"], True, False),  # 1.4, where the file writes decimals so
        (["1,4,5", "2"], True, True),
        (["4,1"], False, False),  # falling
        (["1", "2"], False, False),  # nobody gave several
    ],
)
def test_codes_with_commas_are_no_decimals(cells, decimals, codes):
    assert numbers_listed(pd.Series(cells), decimals) == codes


def test_parts_that_never_come_apart_are_one_option():
    counts = pd.Series({"Tea, hot,Milk": 3, "Milk": 2, "Cake": 1})
    assert belonging(counts, ",") == {"Tea": "hot"}
    seldom = pd.Series({"tea, hot,Milk": 1, "Milk": 2, "Cake": 1})
    assert belonging(seldom, ",") == {}, "once, and not every option begins with a capital"
