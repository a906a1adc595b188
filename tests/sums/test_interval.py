import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from cxlib.sums.estimate import estimate_means
from cxlib.sums.interval import (
    design_base,
    mean_interval,
    nps_interval,
    nps_possible,
    nps_table,
    nps_variance,
    rank_intervals,
    share_interval,
    share_is_reliable,
    t_interval,
    wilson_interval,
    within_scale,
)


def test_wilson():
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3.
    low, high = wilson_interval([81, 15, 0, 1], [263, 148, 20, 29])
    assert low == pytest.approx([0.2553, 0.0624, 0, 0.0061], abs=5e-5)
    assert high == pytest.approx([0.3662, 0.1605, 0.1611, 0.1718], abs=5e-5)


@settings(deadline=None)
@given(st.integers(1, 500), st.data())
def test_wilson_stays_within_0_and_1_and_holds_the_share(n, data):
    successes = data.draw(st.integers(0, n))
    low, high = wilson_interval(successes, n)
    assert 0 <= low <= successes / n + 1e-12 and successes / n - 1e-12 <= high <= 1
    mirrored = wilson_interval(n - successes, n)
    assert mirrored == pytest.approx((1 - high, 1 - low))


def test_nobody_asked_nothing_known():
    assert np.isnan(wilson_interval(0, 0)).all() and np.isnan(nps_interval(0, 0, 0)).all()


def test_nps_variance_is_in_squared_points():
    # Worked example 10: promoters ½, passives ⅓, detractors ⅙ give 1/3 and 5/9.
    nps, _, _ = nps_interval(30, 20, 10)
    assert nps == pytest.approx(100 / 3)
    assert nps_variance(1 / 2, 1 / 6) == pytest.approx(5 / 9 * 100**2)


def test_nps_adjusted_wald():
    # Rocks 2016: n + 3, promoters + ¾, detractors + ¾. Of 30, 20, 10 by hand: 30.75/63 .488095,
    # 10.75/63 .170635; centre .317460, variance .557949, ∓ 1.959964 √(.557949/63) = .184449.
    _, low, high = nps_interval(30, 20, 10)
    assert (low, high) == (pytest.approx(13.3011, abs=1e-3), pytest.approx(50.1910, abs=1e-3))


@settings(deadline=None)
@given(*[st.integers(0, 300)] * 3)
def test_nps_stays_on_its_scale_and_mirrors(up, middle, down):
    nps, low, high = nps_interval(up, middle + 1, down)
    assert -100 <= low <= high <= 100
    assert nps_interval(down, middle + 1, up) == pytest.approx((-nps, -high, -low))


def test_nps_of_answers():
    recommend = pd.Series([10, 9, 7, 6, 0, np.nan])
    by = pd.Series(["a", "a", "a", "b", "b", "b"], name="segment")
    table = nps_table(recommend, by=by).set_index("segment")
    assert table["n"].to_dict() == {"all": 5, "a": 3, "b": 2}
    assert table["nps"].to_dict() == pytest.approx({"all": 0, "a": 200 / 3, "b": -100})
    assert table.loc["all", "nps_high"] == pytest.approx(nps_interval(2, 1, 2)[2])
    weighted = nps_table(recommend, pd.Series([3.0, 1, 1, 1, 1, 1]))
    assert weighted["nps"].tolist() == pytest.approx([100 * (4 - 2) / 7])


@pytest.mark.parametrize(
    ("nps", "n", "possible"),
    [
        (30, 10, True),
        (33, 10, False),  # ten answers give tens only
        (38, 8, True),  # 37.5, rounded up
        (37, 8, True),  # or down
        (37.4, 8, False),
        (39.84, 2746, True),  # San Francisco airport, 2017
        (39.85, 2746, False),
        (-100, 3, True),
        (133.33, 3, False),
    ],
)
def test_an_nps_that_no_answers_can_produce(nps, n, possible):
    assert nps_possible(nps, n) is possible


@settings(deadline=None)
@given(st.integers(1, 400), st.integers(0, 3), st.data())
def test_an_nps_from_answers_is_possible(n, decimals, data):
    difference = data.draw(st.integers(-n, n))
    assert nps_possible(round(100 * difference / n, decimals), n)


@pytest.mark.parametrize(
    ("share", "low", "high", "n_eff", "reliable"),
    [
        (0.5, 0.4, 0.6, 29, False),
        (0.5, 0.4, 0.6, 30, True),
        (0.5, 0.35, 0.651, 40, False),  # .30 wide or wider
        (0.04, 0.02, 0.08, 100, False),  # wider than .05 and than 130 % of the share
        (0.05, 0.03, 0.09, 100, True),  # 120 %
        (0.01, 0.005, 0.05, 500, True),  # 450 %, but not wider than .05
    ],
)
def test_a_share_that_may_be_presented(share, low, high, n_eff, reliable):
    # Worked example 21: NCHS Series 2 No. 175.
    assert share_is_reliable(share, low, high, n_eff) == reliable


def test_a_symmetric_mean_has_students_interval():
    values = np.array([1.0, 2, 3, 4, 5, 6, 7])
    table = mean_interval(estimate_means(pd.DataFrame({"a": values})))
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    assert table.loc["a", ["mean_low", "mean_high"]].tolist() == pytest.approx(list(expected))


@settings(deadline=None)
@given(st.floats(-1, 1).filter(lambda s: abs(s) > 1e-3))
def test_the_bent_interval_undoes_halls_transformation(skewness):
    # Hall 1992: g(T) = T + sT²/3 + s²T³/27 + s/6 is nearly Student's t; so g(limit) must be t.
    low, high = t_interval(0, 1, 20, 0.95, skewness)
    limits = np.array([-high, -low])
    found = limits + skewness * limits**2 / 3 + skewness**2 * limits**3 / 27 + skewness / 6
    assert found == pytest.approx(np.array([-1, 1]) * stats.t.ppf(0.975, 20))


def test_the_bend_is_capped_where_so_few_answers_cannot_be_so_skewed():
    # By hand at a skewness of 1, t(20 df) 2.0860: 3 (∛(1 + 2.0860 − 1/6) − 1) = 1.2876 below, and
    # 3 (∛(1 − 2.0860 − 1/6) − 1) = −6.2339, so that far above; more skewed is no more bent.
    ends = [-1.2876, 6.2339]
    for skewness in (1.0, 1.5, 40.0):
        assert t_interval(0, 1, 20, 0.95, skewness) == pytest.approx(ends, abs=1e-4)
        mirrored = t_interval(0, 1, 20, 0.95, -skewness)
        assert mirrored == pytest.approx([-end for end in ends[::-1]], abs=1e-4)


def test_the_interval_of_a_mean_ends_with_its_scale():
    # By hand, of 4, 5, 4, 5: 4.5 ∓ 3.1824 × .57735 ÷ 2 is 3.5813 to 5.4187; nobody can answer that.
    found = estimate_means(pd.DataFrame({"a": [4.0, 5, 4, 5], "b": [1.0, 2, 1, 2]}))
    ends = mean_interval(found, scale=(1, 5))[["mean_low", "mean_high"]].to_numpy()
    assert ends == pytest.approx(np.array([[3.5813, 5], [1, 2.4187]]), abs=1e-4)


def test_what_nobody_was_asked_has_no_interval_however_short_its_scale():
    value, low, high = np.array([[np.nan, 3.0], [np.nan, 2.0], [np.nan, 6.0]])
    low, high = within_scale(value, low, high, np.nan, (1, 5))
    assert np.isnan([low[0], high[0]]).all() and [low[1], high[1]] == [2, 5]


def test_few_low_scores_make_a_mean_less_sure_below():
    values = pd.DataFrame({"a": [10.0] * 25 + [9.0] * 8 + [2, 3, 5]})
    row = mean_interval(estimate_means(values)).loc["a"]
    assert row["mean"] - row["mean_low"] > 1.2 * (row["mean_high"] - row["mean"])


def test_answers_that_are_all_alike_may_miss_as_many_as_lie_towards_either_end():
    # Wilson's limit of none in 100 is 3.8415 / 103.8415: so many may have given a 0, or a 10.
    missed = 3.8415 / 103.8415
    low, high = within_scale(9.0, 9.0, 9.0, 100, (0, 10))
    assert [low, high] == pytest.approx([9 - 9 * missed, 9 + 1 * missed], abs=1e-4)
    assert [float(end) for end in within_scale(9.0, 8.0, 11.0, np.nan, (0, 10))] == [8, 10]


def test_one_answer_has_no_interval():
    table = mean_interval(estimate_means(pd.DataFrame({"a": [7.0]})))
    assert table[["mean_low", "mean_high"]].isna().all(axis=None)


def test_shares_of_yes_and_no():
    answers = pd.DataFrame({"problem": [1.0] * 15 + [0.0] * 133 + [np.nan]})
    row = share_interval(estimate_means(answers)).loc["problem"]
    assert row["n"] == 148 and row["reliable"]
    assert row[["share_low", "share_high"]].tolist() == pytest.approx([0.0624, 0.1605], abs=5e-5)


def test_the_design_base_is_the_size_of_an_unweighted_survey_as_sure():
    answers = pd.DataFrame({"a": [1.0, 0, 1, 0, 0, 1]})
    assert design_base(estimate_means(answers), [0.25]) == pytest.approx([6])
    # By hand: weights 1 3: share .25, linearised Σw²(x−p)² / W² = 2·(.5625 + 9·.0625)/64 = .0351563;
    # .1875 / .0351563 = 5.33, but never more than the four people asked.
    found = estimate_means(pd.DataFrame({"a": [1.0, 0, 1, 0]}), pd.Series([1.0, 3, 1, 3]))
    assert design_base(found, found.mean * (1 - found.mean)) == pytest.approx([4])
    # The other way round the rare yes has the large weight: p = .75, Σ = 2·(9·.0625 + .5625).
    found = estimate_means(pd.DataFrame({"a": [1.0, 0, 1, 0, 1]}), pd.Series([3.0, 1, 3, 1, 0]))
    assert design_base(found, found.mean * (1 - found.mean)) == pytest.approx([4])


def test_ranks_by_hand():
    draws = np.array([[1.0, 2, np.nan, 3]] * 9 + [[2.0, 1, np.nan, 3]])
    found = rank_intervals(draws, [1.1, 1.9, 0, 3], confidence=0.9)
    assert found["rank"][[0, 1, 3]].tolist() == [1, 2, 3]
    assert found["rank_low"][[0, 1, 3]].tolist() == [1, 1, 3]
    assert found["rank_high"][[0, 1, 3]].tolist() == [2, 2, 3]
    assert all(np.isnan(values[2]) for values in found.values())
