import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxlib.sums.concentration import (
    again_at_top,
    beside_published,
    by_length,
    concentration,
    lorenz_curve,
    top_again,
)

AMOUNTS = st.lists(st.integers(1, 10_000), min_size=2, max_size=60)


def gini(amounts) -> float:
    return concentration(pd.Series(amounts), draws=1)["gini"].item()


def top_share(amounts) -> float:
    return concentration(pd.Series(amounts), draws=1)["top_share"].item()


def test_gini_corrected_for_n():
    # Worked example 18: R package ineq, saved output.
    assert round(gini([50 / 9] * 9 + [50]), 4) == 0.4444


def test_the_ends_of_gini():
    assert gini([7, 7, 7]) == 0
    assert gini([0, 0, 0, 9]) == pytest.approx(1)
    assert np.isnan(gini([5])) and np.isnan(gini([0, 0]))


def test_eighty_twenty_by_hand():
    # Ten customers: two bring 40 each, eight bring 2.5.
    assert top_share([2.5] * 8 + [40, 40]) == 0.8
    assert top_share([3.0, np.nan, 1.0]) == 0.75  # blank is not a customer of zero


@given(AMOUNTS)
def test_lorenz_gives_gini_and_the_top(amounts):
    # Gini is one minus twice the area beneath the curve: the definition, here of the raw one.
    curve, n = lorenz_curve(pd.Series(amounts)), len(amounts)
    area = np.trapezoid(curve["amounts"], curve["customers"])
    assert (1 - 2 * area) * n / (n - 1) == pytest.approx(gini(amounts), abs=1e-9)
    assert curve.iloc[[0, -1]].to_numpy().tolist() == [[0, 0], [1, 1]]
    assert (curve["amounts"] <= curve["customers"] + 1e-9).all()


@given(AMOUNTS, st.floats(0.01, 100))
def test_currency_does_not_matter(amounts, rate):
    moved = np.array(amounts) * rate
    assert gini(moved) == pytest.approx(gini(amounts))
    assert top_share(moved) == pytest.approx(top_share(amounts))


@given(AMOUNTS)
def test_money_moved_to_a_richer_customer_concentrates(amounts):
    ordered = sorted(amounts)
    moved = [ordered[0] - 1, *ordered[1:-1], ordered[-1] + 1]
    assert gini(moved) > gini(ordered)


def test_intervals_hold_the_truth():
    # Exponential amounts: the top fifth of everybody brings .2 (1 + ln 5) = .5219, and Gini is ½.
    held = []
    for seed in range(100):
        amounts = pd.Series(np.random.default_rng(seed).exponential(100, 400))
        row = concentration(amounts, draws=200).iloc[0]
        held.append(
            (
                row["top_share_low"] <= 0.2 * (1 + np.log(5)) <= row["top_share_high"],
                row["gini_low"] <= 0.5 <= row["gini_high"],
            )
        )
    assert (np.mean(held, axis=0) >= 0.88).all()
    assert np.mean(held) < 1


def test_the_resampled_gini_is_the_gini():
    # Everybody drawn once is the sample itself: so the mean over draws must be near it.
    amounts = np.random.default_rng(1).lognormal(3, 1, 500)
    row = concentration(pd.Series(amounts), draws=300).iloc[0]
    assert row["gini_low"] < gini(amounts) < row["gini_high"]
    assert row["gini_high"] - row["gini_low"] < 0.12


def test_what_was_observed_stands_beside_what_was_published():
    table = beside_published(concentration(pd.Series([1.0, 2, 3, 4, 10]))).set_index("kind")
    assert table.loc["observed", "top_share"] == 0.5
    # The method, §5.
    assert table["top_share"].drop("observed").tolist() == [0.73, 0.67, 0.59]
    assert set(table["from"].drop("observed")) == {"literature"}


@pytest.fixture
def two_years():
    """Ten customers who buy every month of two years; c0 and c1 are the large ones of the second,
    c0 and c2 of the first."""
    rows = []
    for month in pd.date_range("2022-01-15", periods=24, freq="MS"):
        large = ("c0", "c2") if month.year == 2022 else ("c0", "c1")
        rows += [(f"c{i}", month, 100.0 if f"c{i}" in large else 10.0) for i in range(10)]
    rows.append(("c0", pd.Timestamp("2022-01-01"), 1.0))
    return pd.DataFrame(rows, columns=["customer", "date", "amount"])


def test_how_many_of_the_top_were_top_before(two_years):
    table = top_again(two_years)
    assert table[["n", "again", "bought"]].to_numpy().tolist() == [[2, 1, 2]]
    assert table["share"].tolist() == [0.5]
    assert table["by_chance"].tolist() == [0.2]


def test_less_than_two_years_is_halved():
    days = pd.DataFrame(
        {"customer": ["a", "b", "a", "b"], "amount": [9.0, 1, 9, 1]}
        | {"date": pd.to_datetime(["2024-01-01", "2024-01-02", "2024-03-01", "2024-03-02"])}
    )
    table = top_again(days)
    assert len(table) == 1 and table["months"].iloc[0] == pytest.approx(1, abs=0.05)
    assert table["share"].tolist() == [1.0]


def test_a_month_shows_another_concentration_than_two_years(two_years):
    table = by_length(two_years).set_index("months")
    assert table.index[0] == 1 and table.index[-1] == pytest.approx(24.0, abs=0.1)
    assert table.loc[1, "top_share"] == pytest.approx(200 / 280)
    # Over both years, by hand: c0 2,401, c1 13 × 100 + 11 × 10, of 6,721 in all.
    assert table["top_share"].iloc[-1] == pytest.approx((2401 + 1410) / 6721)


def test_chance_alone_can_bring_back_only_who_bought_before():
    # Two of ten are top now, one of them new; one of five was top: 1/2 × 1/5.
    now = pd.Series(range(10, 0, -1), index=[f"c{i}" for i in range(10)])
    before = pd.Series([5, 4, 3, 2, 1], index=["c1", "c6", "c7", "c8", "c9"])
    assert again_at_top(now, before) == (2, 1, 1, pytest.approx(0.1))


def test_a_share_of_few_customers_is_held_as_often_as_promised():
    # Lognormal: the top fifth bring Φ(σ − Φ⁻¹(.8)), Gini is 2Φ(σ/√2) − 1 (Aitchison & Brown 1957).
    rng, held = np.random.default_rng(8), []
    for _ in range(120):
        row = concentration(pd.Series(np.exp(rng.standard_normal(60))), draws=150).iloc[0]
        held += [row["top_share_low"] <= 0.5628 <= row["top_share_high"]]
        held += [row["gini_low"] <= 0.5205 <= row["gini_high"]]
    assert np.mean(held) >= 0.91  # percentiles of a bootstrap: .82


def test_where_all_bring_the_same_the_interval_is_theirs():
    row = concentration(pd.Series([5.0] * 10), draws=20).iloc[0]
    assert row[["top_share_low", "top_share_high", "gini"]].tolist() == [0.2, 0.2, 0.0]
