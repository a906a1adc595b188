import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import stats

from cxlib.sums import estimate
from cxlib.sums.estimate import (
    dimension_answers,
    draw_means,
    estimate_means,
    estimates_from_moments,
    moments,
)

SCORES = st.one_of(st.just(np.nan), st.integers(0, 10).map(float))


@st.composite
def weighted_answers(draw):
    """Answers 0–10 with blanks, and weights above zero."""
    n = draw(st.integers(3, 12))
    answers = pd.DataFrame(draw(hnp.arrays(float, (n, 3), elements=SCORES)), columns=list("abc"))
    weight = draw(hnp.arrays(float, n, elements=st.floats(0.1, 10)))
    return answers, pd.Series(weight)


@pytest.fixture
def answers():
    rng = np.random.default_rng(1)
    return pd.DataFrame(rng.integers(0, 11, (40, 3)).astype(float), columns=["a", "b", "c"])


def test_unweighted_and_complete_it_is_the_textbook(answers):
    found = estimate_means(answers)
    pd.testing.assert_series_equal(found.mean, answers.mean())
    pd.testing.assert_frame_equal(found.covariance, answers.cov() / 40)
    assert found.n.tolist() == [40, 40, 40]
    assert found.n_eff.tolist() == pytest.approx([40, 40, 40])
    skew = stats.skew(answers, bias=False) / np.sqrt(40)
    assert found.skewness.to_numpy() == pytest.approx(skew)


def test_the_weighted_variance_is_linearised():
    # By hand: mean (1 + 2 + 8)/4 = 2.75; Σw²(x−m)² = 3.0625 + .5625 + 6.25 = 9.875; over 4² .6171875;
    # n_eff 16/6, factor 2.6667/1.6667 = 1.6.
    found = estimate_means(pd.DataFrame({"a": [1.0, 2, 4]}), pd.Series([1.0, 1, 2]))
    assert found.mean["a"] == 2.75
    assert found.n_eff["a"] == pytest.approx(16 / 6)
    assert found.covariance.loc["a", "a"] == pytest.approx(0.9875)
    # Σw³(x−m)³ = −5.359375 − .421875 + 15.625 = 9.84375 over 4³; n_eff²/((n_eff−1)(n_eff−2)) = 6.4.
    assert found.skewness["a"] == pytest.approx(6.4 * 9.84375 / 64 / 0.9875**1.5)


def test_blanks_leave_their_own_column_only():
    answers = pd.DataFrame({"a": [1.0, 3, np.nan], "b": [2.0, np.nan, 4], "c": [np.nan] * 3})
    found = estimate_means(answers)
    assert found.mean[["a", "b"]].tolist() == [2, 3]
    assert found.n.tolist() == [2, 2, 0]
    # Only the first person answered both: (1−2)(2−3) / (2·2), times the factor 2/(2−1).
    assert found.covariance.loc["a", "b"] == pytest.approx(0.5)
    assert np.isnan(found.mean["c"]) and np.isnan(found.covariance.loc["c", "c"])
    assert found.n_eff["c"] == 0


def test_one_answer_has_no_variance():
    found = estimate_means(pd.DataFrame({"a": [7.0, np.nan]}))
    assert found.mean["a"] == 7 and np.isnan(found.covariance.loc["a", "a"])


def test_nobody_of_weight_zero_counts():
    found = estimate_means(pd.DataFrame({"a": [7.0, 9, 1]}), pd.Series([1.0, 1, 0]))
    assert (found.mean["a"], found.n["a"], found.n_eff["a"]) == (8, 2, 2)


@pytest.mark.parametrize(
    ("bad", "said"),
    [(np.nan, "blank or not a number in 1 of 2 rows"), (-1.0, "negative in 1 of 2")],
)
def test_a_blank_or_negative_weight_is_refused(bad, said):
    with pytest.raises(ValueError, match=said):
        estimate_means(pd.DataFrame({"a": [7.0, 9]}), pd.Series([1.0, bad]))


def test_large_values_with_a_small_spread_keep_their_digits():
    values = pd.DataFrame({"a": 1e9 + np.array([0.0, 1, 2])})
    assert estimate_means(values).covariance.loc["a", "a"] == pytest.approx(1 / 3)


@settings(deadline=None)
@given(weighted_answers())
def test_moments_add_up_over_chunks_and_subtract(case):
    answers, weight = case
    first, rest = answers.index < 2, answers.index >= 2
    parts = [moments(answers[part], weight[part]) for part in (first, rest)]
    whole = moments(answers, weight)
    joined, alone = (estimates_from_moments(m) for m in (parts[0] + parts[1], whole))
    pd.testing.assert_frame_equal(joined.covariance, alone.covariance, atol=1e-9)
    pd.testing.assert_series_equal(joined.mean, alone.mean)
    (n, *_), (left_n, *_) = parts[1].sums, (whole - parts[0]).sums
    (wx, left_wx) = (each.sums[3] for each in (parts[1], whole - parts[0]))
    np.testing.assert_allclose(left_wx, wx, atol=1e-9)
    assert left_n.tolist() == n.tolist()


def test_people_summed_in_many_lots_are_summed_as_one(answers, monkeypatch):
    """In lots of seven of forty people the means are the textbook's too, item by item and pooled."""
    answers = answers.mask(answers > 9)
    columns = pd.MultiIndex.from_product([["experience"], answers.columns])
    items = pd.DataFrame({"dimension": ["x", "x", "y"]}, index=answers.columns)
    monkeypatch.setattr(estimate, "CHUNK", 7)
    pooled = dimension_answers(answers.set_axis(columns, axis=1), items)
    expected = answers[["a", "b"]].mean(axis=1)
    pd.testing.assert_series_equal(pooled["experience", "x"], expected, check_names=False)
    found = estimate_means(answers)
    pd.testing.assert_series_equal(found.mean, answers.mean())
    variance = answers.var() / answers.count()
    assert np.diag(found.covariance) == pytest.approx(variance.to_numpy())


@settings(deadline=None)
@given(weighted_answers(), st.floats(0.01, 100))
def test_only_the_proportions_of_weights_matter(case, factor):
    answers, weight = case
    one, two = estimate_means(answers, weight), estimate_means(answers, weight * factor)
    pd.testing.assert_series_equal(one.mean, two.mean)
    pd.testing.assert_series_equal(one.n_eff, two.n_eff)
    pd.testing.assert_frame_equal(one.covariance, two.covariance, atol=1e-9)


@settings(deadline=None)
@given(weighted_answers())
def test_the_covariance_can_be_drawn_from_whatever_the_blanks(case):
    covariance = estimate_means(*case).covariance.to_numpy()
    known = np.isfinite(np.diag(covariance))
    values = np.linalg.eigvalsh(covariance[np.ix_(known, known)])
    assert (values >= -1e-9 * max(values.max(initial=0), 1)).all()


def test_draws_have_the_means_the_covariance_and_the_tails(answers):
    correlated = answers.assign(b=answers["a"] + answers["b"])
    found = estimate_means(correlated)
    draws = draw_means(found, ["a", "b"], draws=200_000, seed=3)
    assert draws.mean(axis=0) == pytest.approx(found.mean[["a", "b"]].to_numpy(), abs=0.01)
    # A t on 39 degrees of freedom has 39/37 times its scale as variance.
    expected = found.covariance.loc[["a", "b"], ["a", "b"]].to_numpy() * 39 / 37
    assert np.cov(draws.T) == pytest.approx(expected, rel=0.02)
    tail = found.mean["a"] + stats.t.ppf(0.995, 39) * np.sqrt(found.covariance.loc["a", "a"])
    assert (draws[:, 0] > tail).mean() == pytest.approx(0.005, abs=0.0008)
    again = draw_means(found, ["a", "b"], draws=200_000, seed=3)
    assert (draws == again).all()


def test_what_has_no_variance_cannot_be_drawn():
    found = estimate_means(pd.DataFrame({"a": [1.0, 2, 3], "b": [5.0, np.nan, np.nan]}))
    draws = draw_means(found, ["a", "b"], draws=10)
    assert np.isfinite(draws[:, 0]).all() and np.isnan(draws[:, 1]).all()


def test_a_dimension_is_the_mean_of_the_items_that_a_person_answered():
    columns = pd.MultiIndex.from_tuples(
        [("experience", "fast"), ("experience", "kind"), ("experience", "near"), ("overall", "")]
    )
    answers = pd.DataFrame([[4, 8, 5, 9], [np.nan, 6, np.nan, 9]], columns=columns, dtype=float)
    items = pd.DataFrame(
        {"dimension": ["service", "service", "place"]}, index=["fast", "kind", "near"]
    )
    found = dimension_answers(answers, items)
    assert found.columns.tolist() == [("experience", "service"), ("experience", "place")]
    assert found[("experience", "service")].tolist() == [6, 6]
    assert found[("experience", "place")].tolist()[0] == 5
    assert np.isnan(found[("experience", "place")][1])
