"""Cells as people and programs write them."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxlib.client.cells import as_number, dates, decimal_mark, numbers, texts, yes_or_no

INF, NAN = float("inf"), float("nan")


@pytest.mark.parametrize(
    ("written", "decimal", "number"),
    [
        ("7", ".", 7), (" 7.5 ", ".", 7.5), ("1e3", ".", 1000), ("-.5", ".", -0.5), ("−1", ".", -1),
        ("１，２５０．５", ".", 1250.5), ("1,250.5", ".", 1250.5), ("1 250.5", ".", 1250.5), ("1,250", ".", 1250),
        ("3,5", ",", 3.5), ("1.250,5", ",", 1250.5), ("1.250", ",", 1250), ("1 250,5", ",", 1250.5),
        ("", ".", NAN), ("-", ".", NAN), ("–", ".", NAN), ("NA", ".", NAN), ("n/a", ".", NAN), ("NaN", ".", NAN),
        ("3,5", ".", INF), ("7.5", ",", INF), ("12,50,0", ".", INF), ("22%", ".", INF), ("inf", ".", INF),
        ("HK$5", ".", INF), ("1_000", ".", INF), ("0x10", ".", INF), ("#DIV/0!", ".", INF), ("#N/A", ".", INF),
        (True, ".", INF), (dt.datetime(2024, 3, 5), ".", INF), (dt.time(12, 30), ".", INF), (5, ".", 5), (2.5, ",", 2.5),
    ],
)  # fmt: skip
def test_a_number_is_read_or_refused(written, decimal, number):
    assert as_number(written, decimal) == pytest.approx(number, nan_ok=True)


@pytest.mark.parametrize(
    ("cells", "delimiter", "mark"),
    [
        (["3,5", "4"], ";", ","),
        (["1.234,5"], ";", ","),
        (["1,234.5"], ";", "."),
        (["1,234,567"], ";", "."),
        (["3,000"], ";", ""),  # three, or three thousand
        (["3,000"], ",", "."),  # quoted in a file cut at commas: thousands
        (["3,000", "2,5"], ";", ","),
        (["1,234.5", "2,5"], ";", ""),  # contradict each other
        (["4.5"], ";", "."),
    ],
)
def test_the_decimal_mark_is_proved_by_the_whole_file(cells, delimiter, mark):
    assert decimal_mark([pd.Series(cells, dtype="str")], delimiter)[0] == mark


@given(
    st.lists(st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 3)), min_size=1)
)
def test_both_decimal_marks_give_the_same_numbers(values):  # a law
    point = pd.Series([f"{value:.3f}" for value in values], dtype="str")
    comma = point.str.replace(".", ",")
    assert np.array_equal(numbers(point, ".")[0], numbers(comma, ",")[0])


def test_identifiers_are_text_whatever_held_them():
    given_ones = pd.Series(
        ["007", 7, 7.0, dt.datetime(2024, 3, 1), " a ", "", None, True], dtype=object
    )
    found, bad = texts(given_ones)
    assert found.tolist()[:5] == ["007", "7", "7", "2024-03-01", "a"]
    assert found.isna().tolist()[5:7] == [True, True]
    assert not bad.any()
    assert texts(pd.Series([" a ", " "], dtype="str"))[0].fillna("?").tolist() == ["a", "?"]
    assert texts(pd.Series([1, 2]))[0].tolist() == ["1", "2"]
    assert texts(pd.Series([1.0, NAN]))[0].tolist()[0] == "1"


def test_an_identifier_that_excel_shortened_is_refused():
    # Excel keeps 15 digits: ...789 has become ...000.
    assert texts(pd.Series([1234567890123456000.0, 5.0]))[1].tolist() == [True, False]
    assert texts(pd.Series(["#REF!", "#1"], dtype="str"))[1].tolist() == [True, False]


@pytest.mark.parametrize(
    ("cells", "first"),
    [
        (["2024-01-31"], "2024-01-31"),
        (["2024/1/31"], "2024-01-31"),
        (["2024年1月31日"], "2024-01-31"),
        (["31/1/2024", "1/2/2024"], "2024-01-31"),
        (["1/31/2024 8:26", "2/1/2024 9:00"], "2024-01-31 08:26"),
        (["2010-12-1 8:26"], "2010-12-01 08:26"),
        ([dt.datetime(2024, 1, 31)], "2024-01-31"),
        ([dt.date(2024, 1, 31)], "2024-01-31"),
        (["2024-01-31T10:00:00+08:00"], "2024-01-31 10:00"),
        # As survey tools and spreadsheets of these languages write the moment of an answer.
        (["2024/01/31 3:49:05 PM EET"], "2024-01-31 15:49:05"),
        (["2024/01/31 3:49:05 p. m. GMT-6"], "2024-01-31 15:49:05"),
        (["2024/01/31 3:49:05 오후 GMT+9"], "2024-01-31 15:49:05"),
        (["2024. 1. 31. 오후 3:49:05"], "2024-01-31 15:49:05"),
        (["2024년 1월 31일 오전 12시 5분"], "2024-01-31 00:05"),
        (["2024/1/31 下午 3:49"], "2024-01-31 15:49"),
        (["2024年1月31日 15:49"], "2024-01-31 15:49"),
        (["31.01.2024 klo 15.49.05"], "2024-01-31 15:49:05"),
        (["31.1.2024 15.49"], "2024-01-31 15:49"),
        (["31.01.2024, 15:49 Uhr"], "2024-01-31 15:49"),
        (["31/01/2024 à 15h49"], "2024-01-31 15:49"),
        (["31/1/2024, 3:49:05 μ.μ."], "2024-01-31 15:49:05"),
    ],
)
def test_a_date_that_can_be_read_in_one_way_is(cells, first):
    found, bad = dates(pd.Series(cells, dtype=object))
    assert found.iloc[0] == pd.Timestamp(first)
    assert not bad.any()


@pytest.mark.parametrize(
    "cell",
    [
        "1/2/2024",
        "45322",
        "soon",
        "31.02.2024",
        "2024-13-01",
        "2024-01-31 at noon",
        "2024-01-31 25:00",
    ],
)
def test_a_date_that_cannot_is_refused(cell):
    found, bad = dates(pd.Series([cell, "", "-"], dtype="str"))
    assert bad.tolist() == [True, False, False]
    assert found.isna().all()


def test_numbers_are_no_dates_and_dates_no_numbers():
    assert dates(pd.Series([20240131.0, NAN]))[1].tolist() == [True, False]
    assert dates(pd.Series([7.0, 45322.0]))[1].tolist() == [True, True]
    zoned = pd.Series(pd.to_datetime(["2024-01-31T10:00:00+08:00"]))
    assert dates(zoned)[0].tolist() == [pd.Timestamp("2024-01-31 10:00")]
    assert numbers(pd.Series(pd.to_datetime(["2024-01-31"])))[1].tolist() == [True]
    assert numbers(pd.Series([1.0, INF, NAN]))[1].tolist() == [False, True, False]


def test_yes_and_no_are_read_in_any_of_their_words():
    found, bad = yes_or_no(
        pd.Series(["Yes", "no", 1, 0.0, "是", "否", "n/a", "perhaps", True], dtype=object)
    )
    assert found.tolist()[:6] == [True, False, True, False, True, False]
    assert bad.tolist() == [False] * 7 + [True, False]
    assert found[8]
