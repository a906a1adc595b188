import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxlib.sums.mix import mix_adjusted

# Charig et al. 1986, BMJ 292: kidney stones removed by open surgery and by puncture, by size.
STONES = [
    ("surgery", "small", 81, 87), ("surgery", "large", 192, 263),
    ("puncture", "small", 234, 270), ("puncture", "large", 55, 80),
]  # fmt: skip


@pytest.fixture
def stones():
    rows = []
    for treatment, size, well, n in STONES:
        rows += [(treatment, size, 1.0)] * well + [(treatment, size, 0.0)] * (n - well)
    return pd.DataFrame(rows, columns=["treatment", "size", "well"])


def test_the_kidney_stones(stones):
    table = mix_adjusted(stones["well"], stones["treatment"], stones["size"]).set_index("group")
    row = table.loc["surgery"]
    # Printed: 78 % against 83 %; 93 against 87 % of the small, 73 against 69 % of the large.
    assert (round(row["mean"], 2), round(row["mean_rest"], 2)) == (0.78, 0.83)
    by_hand = (357 * (81 / 87 - 234 / 270) + 343 * (192 / 263 - 55 / 80)) / 700
    assert row["adjusted"] == pytest.approx(by_hand)
    assert row["turned"] and not row["reversed"]  # each interval of these 700 still holds 0
    assert row["covered"] == 1


def test_a_reversal_that_is_beyond_chance(stones):
    many = pd.concat([stones] * 20, ignore_index=True)
    table = mix_adjusted(many["well"], many["treatment"], many["size"])
    assert table["reversed"].all()


def test_the_same_mix_needs_no_adjusting():
    # Groups whose strata have the same shares: both differences are the same, by algebra.
    rows = pd.DataFrame({"g": list("aabb") * 10, "s": list("uvuv") * 10})
    x = pd.Series(np.random.default_rng(2).normal(size=40))
    table = mix_adjusted(x, rows["g"], rows["s"])
    assert table["adjusted"].to_numpy() == pytest.approx(table["difference"].to_numpy())


def test_what_cannot_be_compared_is_left_out_and_said(stones):
    # Nobody with small stones had surgery: only the large can be compared.
    some = stones[~((stones["treatment"] == "surgery") & (stones["size"] == "small"))]
    row = mix_adjusted(some["well"], some["treatment"], some["size"]).set_index("group")
    assert row.loc["surgery", "adjusted"] == pytest.approx(192 / 263 - 55 / 80)
    assert row.loc["surgery", "covered"] == pytest.approx(343 / 613)
    # 4.3 points of a hundred, whose interval has 0 within it: nobody does surely better.
    assert not row["higher"].any() and row.loc["surgery", "adjusted_low"] < 0 < 192 / 263 - 55 / 80
    alone = mix_adjusted(some["well"], some["size"], some["size"])
    assert alone["adjusted"].isna().all() and (alone["covered"] == 0).all()


def test_the_adjusted_interval_holds_the_truth():
    held, rng = [], np.random.default_rng(4)
    for _ in range(200):
        stratum = rng.integers(0, 3, 300)
        group = rng.random(300) < np.array([0.2, 0.5, 0.8])[stratum]
        x = 0.3 * group + 2.0 * stratum + rng.normal(size=300)
        table = mix_adjusted(pd.Series(x), pd.Series(group), pd.Series(stratum))
        row = table.set_index("group").loc[True]
        held.append(row["adjusted_low"] <= 0.3 <= row["adjusted_high"])
    assert 0.90 <= np.mean(held) < 1


@given(st.floats(0.1, 10))
def test_only_proportions_of_weights_matter(factor):
    rng = np.random.default_rng(1)
    x, group = pd.Series(rng.normal(size=30)), pd.Series(list("ab") * 15)
    stratum, weight = pd.Series(list("uvw") * 10), pd.Series(rng.random(30) + 0.1)
    first = mix_adjusted(x, group, stratum, weight)
    second = mix_adjusted(x, group, stratum, weight * factor)
    pd.testing.assert_frame_equal(first, second)
