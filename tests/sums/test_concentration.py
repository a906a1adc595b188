import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxlib.sums.concentration import (
    beside_published,
    concentration,
    lorenz_curve,
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
