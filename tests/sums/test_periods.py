"""Waves and periods in time, whoever named them."""

import datetime as dt

import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from cxlib.sums.periods import first_to_last, in_time, places_in_time, rows_in_time

# First to last, as the calendar has them.
TOLD = [
    ["Q4 2024", "Q1 2025", "Q2 2025"], ["2024Q4", "2025Q1"], ["4Q24", "1Q25"], ["2024-Q4", "2025-Q1"],
    ["Q4/24", "Q1/25"], ["T4 2024", "T1 2025"], ["4T 2024", "1T 2025"], ["4. Quartal 2024", "1. Quartal 2025"],
    ["4e trimestre 2024", "1er trimestre 2025"], ["4.º trimestre 2024", "1.er trimestre 2025"],
    ["2024年第4季度", "2025年第1季度"], ["2024年第四季度", "2025年第一季度"], ["2024年第4四半期", "2025年第1四半期"],
    ["2024년 4분기", "2025년 1분기"], ["H2 2024", "H1 2025"], ["2H24", "1H25"], ["S2 2024", "S1 2025"],
    ["2. Halbjahr 2024", "1. Halbjahr 2025"], ["2024年下半年", "2025年上半年"], ["first half 2024", "second half 2024"],
    ["Dec 2024", "Mar 2025", "Apr 2025"], ["2024-12", "2025-03"], ["12/2024", "3/2025"], ["12/24", "03/25"],
    ["202412", "202501"], ["Dezember 2024", "März 2025"], ["déc. 2024", "janv. 2025"], ["ene 2024", "abr 2024"],
    ["dez/24", "fev/25"], ["2024年9月", "2024年10月"], ["2024년 9월", "2024년 10월"], ["Oct '24", "Jan '25"],
    ["Autumn 2024", "Spring 2025"], ["Herbst 2024", "Frühjahr 2025"], ["Winter 2023/24", "Spring 2024", "Winter 2024/25"],
    ["Wave 9", "Wave 10"], ["W9", "W10"], ["第9期", "第10期"], ["第九期", "第十期", "第十一期"], ["9차", "10차"],
    ["2e vague", "10e vague"], ["Wave 2 2024", "Wave 1 2025"], ["Wave 1 (Mar 2024)", "Wave 2 (Jan 2025)"],
    ["FY23/24", "FY24/25"], ["FY24", "FY25"], ["FY2024", "FY2025"], ["2023/24", "2024/25"], ["FY24 Q4", "FY25 Q1"],
    ["2024年度", "2025年度"], ["2023", "2024"], ["9", "10"], ["2024-12-05", "2025-01-01"], ["5.12.2024", "13.1.2025"],
    ["2025-W09", "2025-W10"], ["Q3", "Q4"], ["Jan", "Feb", "Mar"], ["Winter 2023", "Summer 2024"],
]  # fmt: skip


@pytest.mark.parametrize("labels", TOLD, ids=" < ".join)
def test_what_people_call_periods_is_put_in_time(labels):
    assert in_time(labels[::-1]) == labels
    assert in_time(labels[1:] + labels[:1]) == labels


@pytest.mark.parametrize(
    "labels",
    [
        ["pilot", "main"],
        ["before", "after"],
        ["Winter 2024", "Spring 2024"],  # January 2024, or the December after
        ["01/02/2024", "03/01/2024"],  # the day first, or the month
        ["Q4", "Q1"],  # of one year, or of two
        ["Nov", "Dec", "Jan"],
        ["2025", "Q1 2025"],  # one is part of the other
        ["Q1 2025", "2025Q1"],  # one period, written twice
        ["Pilot", "Wave 2"],
    ],
    ids=" ? ".join,
)
def test_an_order_that_is_not_told_is_not_made_up(labels):
    assert in_time(labels) is None
    assert first_to_last(pd.Series(labels)) == labels  # as they stand


MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
}
MONTH_STYLES = [
    *(
        lambda day, names=names: f"{names.split()[day.month - 1]} {day.year}"
        for names in MONTHS.values()
    ),
    lambda day: f"{MONTHS['en'].split()[day.month - 1][:3]}-{day:%y}",
    lambda day: f"{day:%Y-%m}",
    lambda day: f"{day:%m/%Y}",
    lambda day: f"{day:%Y%m}",
    lambda day: f"{day.year}年{day.month}月",
    lambda day: f"{day.year}년 {day.month}월",
]
QUARTER_STYLES = [
    "Q{q} {y}", "{y}Q{q}", "{q}Q{s}", "{y}-Q{q}", "Q{q}/{s}", "T{q} {y}", "{q}. Quartal {y}", "{q}º trimestre {y}",
    "{y}年第{q}季度", "{y}年第{q}四半期", "{y}년 {q}분기", "Quarter {q}, {y}",
]  # fmt: skip
HALF_STYLES = [
    "H{q} {y}",
    "{q}H{s}",
    "{y}H{q}",
    "S{q} {y}",
    "{q}. Halbjahr {y}",
    "{q}er semestre {y}",
]
DAYS = st.dates(dt.date(2001, 1, 1), dt.date(2049, 12, 31))


@settings(deadline=None)  # the first example reads the names of months
@given(st.lists(DAYS, min_size=2, max_size=8), st.sampled_from(MONTH_STYLES))
def test_months_of_any_language_stand_in_time(days, style):  # a law
    firsts = sorted({day.replace(day=1) for day in days})
    assume(len(firsts) > 1)
    assert in_time([style(day) for day in days]) == [style(day) for day in firsts]


@settings(deadline=None)  # the first example reads the names of months
@given(
    st.sets(st.tuples(st.integers(2001, 2049), st.integers(1, 4)), min_size=2, max_size=8),
    st.sampled_from(QUARTER_STYLES + HALF_STYLES),
)
def test_quarters_and_halves_of_any_writing_stand_in_time(periods, style):  # a law
    if style in HALF_STYLES:
        periods = {(year, min(part, 2)) for year, part in periods}
    written = [style.format(y=year, s=f"{year % 100:02}", q=part) for year, part in sorted(periods)]
    assert in_time(written[::-1]) == written


def test_periods_of_each_measure_are_put_in_time_by_themselves():
    table = pd.DataFrame(
        {
            "kpi": ["calls", "calls", "nps", "nps"],
            "period": ["Jan 2025", "Dec 2024", "2025", "2024"],  # across measures nothing tells
        }
    )
    assert rows_in_time(table, ["kpi"])["period"].tolist() == [
        "Dec 2024",
        "Jan 2025",
        "2024",
        "2025",
    ]
    assert places_in_time(pd.Series(["Q1 2025", "Q4 2024", None])).tolist()[:2] == [1, 0]
