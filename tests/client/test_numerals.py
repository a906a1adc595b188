"""Amounts and shares in every habit of writing them."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxlib.client.cells import decimal_mark, numbers
from cxlib.client.numerals import EITHER, form, mark_of, written


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,20,000", 120000), ("1,23,45,678.50", 12345678.5), ("180.000,00", 180000), ("1.234.567", 1234567),
        ("(300)", -300), ("300-", -300), ("(1,200.50)", -1200.5), ("1.234,56-", -1234.56), ("$(300)", -300),
        ("1 234,5", 1234.5), ("1\u00a0234,5", 1234.5), ("1\u202f234\u202f567", 1234567), ("1'234.50", 1234.5),
        ("1’234.50", 1234.5), ("−1,5 %", -0.015), ("22 %", 0.22), ("22%", 0.22), ("%22", 0.22),
        ("€ 12,50", 12.5), ("12,50 €", 12.5), ("EUR 400", 400), ("400 CHF", 400), ("HK$5", 5), ("-$300", -300),
        ("₹1,23,456", 123456), ("R$ 1.234,50", 1234.5), ("¥1,200,000", 1200000), ("12万", 120000),
        ("1.2亿", 120000000), ("1,5 Mio", 1500000), ("400k", 400000), ("3 lakh", 300000), ("Fr. 12.—", 12),
    ],
)  # fmt: skip
def test_an_amount_of_one_reading_is_read(text, number):
    assert written(text).number == pytest.approx(number)


@pytest.mark.parametrize("text", ["400.000", "1,234", "-12.500", "€ 1.200"])
def test_an_amount_of_two_readings_is_not_decided_alone(text):
    said = written(text)
    assert said.number is None
    assert abs(said.values["."] / said.values[","]) in (pytest.approx(1000), pytest.approx(0.001))


@pytest.mark.parametrize(
    "text", ["12,50,0", "1.234.5", "1-2", "--5", "abc", "12 apples", "", "1_000", "1 23"]
)
def test_what_is_no_amount_is_none(text):
    assert not written(text).values


@pytest.mark.parametrize(
    ("cells", "mark", "doubtful"),
    [
        (["400.000", "180.000,00"], ",", []),
        (["400.000", "12.5"], ".", []),
        (["400.000", "95.000"], "", ["400.000", "95.000"]),
        (["1,234", "1,20,000"], ".", []),
        (
            ["1.250,00"] * 2 + ["3.500,75", "1,250.00"],
            "",
            ["1,250.00"],
        ),  # the one, not the right three
        (["12.5", "3,5"], EITHER, []),
        (["12", "7"], "", []),
    ],
)
def test_a_column_proves_its_decimal_mark_or_names_the_cell(cells, mark, doubtful):
    assert mark_of(cells, ";") == (mark, doubtful)


GROUPS = {"none": "", "comma": ",", "point": ".", "blank": " ", "narrow": "\u202f", "swiss": "’"}
SIGNS = ["-{}", "({})", "{}-", "−{}"]
MONEY = ["{}", "€ {}", "{} EUR", "${}", "{} kr"]


def by_lakh(whole: str) -> str:
    head, tail = whole[:-3], whole[-3:]
    pairs = [head[max(0, end - 2) : end] for end in range(len(head), 0, -2)][::-1]
    return ",".join([*pairs, tail])


@given(
    st.lists(st.decimals(-(10**9), 10**9, places=2), min_size=1, max_size=12),
    st.sampled_from([*GROUPS, "lakh"]),
    st.sampled_from(".,"),
    st.sampled_from(SIGNS),
    st.sampled_from(MONEY),
)
def test_amounts_written_in_one_habit_come_back_the_same(
    amounts, group, decimal, sign, money
):  # a law
    if group in ("comma", "lakh"):
        decimal = "."
    if group == "point":
        decimal = ","

    def habit(amount: Decimal) -> str:
        whole, cents = f"{abs(amount):.2f}".split(".")
        whole = by_lakh(whole) if group == "lakh" else f"{int(whole):,}".replace(",", GROUPS[group])
        text = money.format(f"{whole}{decimal}{cents}")
        return sign.format(text) if amount < 0 else text

    column = pd.Series([habit(amount) for amount in amounts], dtype="str")
    mark, doubtful = decimal_mark([column], ";")
    found, bad = numbers(column, mark)
    assert not doubtful
    assert not bad.any()
    assert found.tolist() == pytest.approx([float(amount) for amount in amounts])


@given(st.lists(st.integers(1000, 999_999), min_size=1, max_size=8), st.sampled_from(",."))
def test_whole_thousands_set_apart_are_never_read_as_decimals_in_silence(amounts, sign):  # a law
    cells = [f"{amount:,}".replace(",", sign) for amount in amounts]
    mark, doubtful = mark_of(cells, ";")
    assert mark == ""
    assert set(doubtful) == set(cells)


def test_the_form_of_a_number_that_is_not_read():
    assert {form("300 CR"), form("1200 CR")} == {"9 CR"}
    assert form("12 apples") == form("abc") == form("n. a.") == ""
