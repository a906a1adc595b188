"""Exports that nobody here has met: how other tools, languages and spreadsheets write what they hold."""

import json
import warnings

import pandas as pd
import pyreadstat
import pytest

from cxlib.client.cells import dates
from cxlib.client.codebook import Plan, with_own_dimensions
from cxlib.client.draft import draft_codebook
from cxlib.client.draft_map import draft_map
from cxlib.client.exports import read_export
from cxlib.client.settings import Settings
from cxlib.client.strays import content_of


def drafted(path, table):
    table.to_csv(path, index=False)
    return draft_codebook(path).set_index("column")


@pytest.mark.parametrize(
    "written, day",
    [
        ("January 5, 2026 3:12 PM", "2026-01-05 15:12"),
        ("5-JAN-2026 12:05 AM", "2026-01-05 00:05"),
        ("Mon, 5 Jan 2026 10:00:00 +0000", "2026-01-05 10:00"),
        ("5. März 2026", "2026-03-05"),
        ("1er février 2026", "2026-02-01"),
        ("5 de enero de 2026", "2026-01-05"),
        ("12 мая 2026", "2026-05-12"),
        ("3 września 2026 9:30", "2026-09-03 09:30"),
        ("13/5/2026 9:00", "2026-05-13 09:00"),
    ],
)
def test_a_day_with_its_month_in_words_can_be_read_in_one_way(written, day):
    found, unread = dates(pd.Series([written], dtype="str"))
    assert found[0] == pd.Timestamp(day) and not unread[0]


@pytest.mark.parametrize("written", ["May 2026", "45 Jan 2026", "3 points 2026", "12:30 AM"])
def test_what_names_no_day_is_none(written):
    assert dates(pd.Series([written], dtype="str"))[1].tolist() == [True]


def test_a_clock_of_twelve_hours_is_read_with_its_half():
    found, _ = dates(pd.Series(["1/5/2026 9:00 AM", "1/25/2026, 11:07 PM"], dtype="str"))
    assert found.tolist() == [pd.Timestamp("2026-01-05 09:00"), pd.Timestamp("2026-01-25 23:07")]


@pytest.mark.parametrize("kind", [float, str])
def test_a_column_of_a_spreadsheets_days_is_one_of_days(kind):
    # Excel's 45658 is the first of January 2025.
    given = pd.Series([45658, 45689.75, None]).map(kind, na_action="ignore")
    found, unread = dates(given if kind is float else given.astype("str"))
    assert found.tolist()[:2] == [pd.Timestamp("2025-01-01"), pd.Timestamp("2025-02-01 18:00")]
    assert pd.isna(found[2]) and not unread.any()
    assert dates(pd.Series([45658, 2.0]))[1].all(), "a number among them is no day"
    ids = pd.Series([str(45658 + n) for n in range(20)], name="form", dtype="str")
    assert content_of(ids) == "identifier"


SETTINGS = Settings.model_construct(scale=(1, 5), importance_scale=(1, 5), dimensions={})


def test_items_that_stand_for_themselves_are_named_in_the_surveys_words():
    rows = [["q1", "experience", "item_01", "نظافة المكان"], ["q2", "experience", "speed", None]]
    table = pd.DataFrame(rows, columns=["column", "measure", "item", "label"])
    _, settings, (said,) = with_own_dimensions(table, SETTINGS, "codebook.csv")
    assert "stands for itself: نظافة المكان, speed." in str(said)
    assert settings.dimensions == {"item_01": "نظافة المكان", "speed": "speed"}


@pytest.mark.parametrize("blank", ["item", "dimension", "label"])
def test_a_codebooks_column_that_is_all_blank_is_one_of_texts(blank):
    given = {"item": ["a", "b"], "dimension": ["product", None], "label": ["A", "B"]}
    table = pd.DataFrame({"column": ["q1", "q2"], "measure": ["experience", "group"], **given})
    table[blank] = float("nan")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with_own_dimensions(table, SETTINGS, "codebook.csv")
        assert not Plan(table, ["q1", "q2"], "s.csv", SETTINGS, (), "codebook.csv").problems
