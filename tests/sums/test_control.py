import numpy as np
import pandas as pd
import pytest

from cxlib.sums.kpi import p_chart, xmr_chart

# Worked example 14: Montgomery, orange-juice cans that leak, of 50.
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]  # fmt: skip


def test_xmr():
    # Worked example 13: NIST/SEMATECH e-Handbook 6.3.2.2, with 3/1.128 rather than 2.66.
    values = pd.Series([49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1])
    chart = xmr_chart(values)
    row = chart.iloc[0]
    assert row["centre"] == pytest.approx(50.81)
    assert row["mean_range"] == pytest.approx(1.8778, abs=5e-5)
    assert row["limit_high"] == pytest.approx(55.8041, abs=5e-5)
    assert row["limit_low"] == pytest.approx(45.8159, abs=5e-5)
    assert (chart["signal"] == "").all()


def test_p_chart():
    count = pd.Series(CANS, index=range(1, 31))
    chart = p_chart(count, pd.Series(50, index=count.index))
    row = chart.iloc[0]
    assert row["centre"] == pytest.approx(0.2313, abs=5e-5)
    assert row["limit_high"] == pytest.approx(0.4102, abs=5e-5)
    assert row["limit_low"] == pytest.approx(0.0524, abs=5e-5)
    assert chart.index[chart["signal"] == "outside"].tolist() == [15, 23]


def test_each_period_has_the_limits_of_its_own_n():
    chart = p_chart(pd.Series([10, 100]), pd.Series([100, 1000]))
    # p̄ .1; 3 √(.09/100) = .09, 3 √(.09/1000) = .02846.
    assert chart["limit_high"].tolist() == pytest.approx([0.19, 0.12846], abs=1e-5)
    assert p_chart(pd.Series([1, 1]), pd.Series([5, 5]))["limit_low"].tolist() == [0, 0]
    # p̄ .9: 3 √(.09/10) = .28, and no share is above 1.
    assert p_chart(pd.Series([9, 9]), pd.Series([10, 10]))["limit_high"].tolist() == [1, 1]


def test_a_run_on_one_side_of_the_centre_is_a_signal():
    values = pd.Series([1.0, 2] * 4 + [3.0, 4] * 4)
    signals = xmr_chart(values)["signal"].tolist()
    assert signals == [""] * 7 + ["run"] + [""] * 7 + ["run"]


def test_a_blank_period_stays_blank_and_does_not_count():
    values = pd.Series([1.0, 2, np.nan, 9, 10, 9])
    chart = xmr_chart(values)
    assert chart["centre"].iloc[0] == pytest.approx(31 / 5)
    assert chart["mean_range"].iloc[0] == pytest.approx(1)  # not the step of 7 across the blank
    assert np.isnan(chart.loc[2, "value"]) and chart.loc[2, "signal"] == ""
    p = p_chart(pd.Series([5, np.nan, 5]), pd.Series([10, 10, 0]))
    assert p["centre"].tolist() == [0.5] * 3 and p["value"].isna().tolist() == [False, True, True]


def test_two_periods_are_too_few_for_limits():
    chart = xmr_chart(pd.Series([1.0, 2]))
    assert chart[["limit_low", "limit_high"]].isna().all(axis=None)


def test_a_jump_within_the_limits_is_a_signal():
    # Twelve ranges of 1 and one of 7 (up, from below the centre): mean range (12 + 7 + 6) / 13 …
    values = pd.Series([10.0, 11] * 4 + [7.0, 14] + [11.0, 12] * 4)
    chart = xmr_chart(values)
    ranges = values.diff().abs().dropna()
    assert chart["range_limit"].iloc[0] == pytest.approx(3.268 * ranges.mean(), abs=1e-3)
    assert ranges.max() > 3.268 * ranges.mean()
    assert values.between(chart["limit_low"].iloc[0], chart["limit_high"].iloc[0]).all()
    assert chart["signal"].tolist().count("jump") == 1 and chart["signal"].iloc[9] == "jump"
