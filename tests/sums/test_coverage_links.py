"""Intervals of links between answers, and of money counted from cases, hold the truth as promised."""

import numpy as np
import pytest

from cxlib.sums.coverage import SHORT_OF_PROMISE, coverage_table
from cxlib.sums.coverage_links import (
    DIMENSIONS,
    link_intervals,
    links_coverage,
    missed,
    money_coverage,
    survey_of,
    true_links,
)


@pytest.mark.parametrize("weighted", [False, True])
def test_the_truth_is_that_of_a_very_large_survey(weighted):
    # Plain least squares on people made as the surveys are, against the exact chances.
    scores, outcome, weight = survey_of(np.random.default_rng(4), "strong", 400_000, weighted)
    w = np.ones(len(scores)) if weight is None else weight.to_numpy()
    root, x = np.sqrt(w)[:, None], scores.to_numpy()
    truth = true_links("strong", weighted)

    def fitted(columns, y):
        design = np.column_stack([np.ones(len(y)), columns])
        return np.linalg.lstsq(design * root, y * root[:, 0], rcond=None)[0][1:]

    slope = fitted(x, (outcome <= 6).to_numpy(float))
    assert truth["slope"] == pytest.approx(slope, abs=0.002)
    assert truth["share at stake"] == pytest.approx(
        -slope * (9 - np.average(x, axis=0, weights=w)), abs=0.006
    )
    contrasts = fitted(np.column_stack([x <= 3, x >= 7]), outcome.to_numpy())
    assert [*truth["penalty"], *truth["reward"]] == pytest.approx(contrasts.tolist(), abs=0.1)
    residual = outcome - np.column_stack([np.ones(len(x)), x]) @ np.r_[0, fitted(x, outcome)]
    spread = np.average((outcome - np.average(outcome, weights=w)) ** 2, weights=w)
    left = np.average((residual - np.average(residual, weights=w)) ** 2, weights=w)
    for shares in ("LMG share", "Johnson weight"):  # both add up to R²
        assert truth[shares].sum() == pytest.approx(1 - left / spread, abs=0.006)


def test_links_hold_the_truth_from_a_hundred_answers():
    table = links_coverage(25, seed=2, sizes=[100], skews=["moderate"]).set_index("method")
    off = (table["coverage"] - 0.95).abs() - 3 * table["coverage_error"]
    assert set(table.index) == {"LMG share", "Johnson weight", "reward", "slope", "share at stake"}
    assert (off < 0.03).all(), table[off >= 0.03]


def test_too_few_poor_experiences_show_nothing():
    found = link_intervals(np.random.default_rng(1), "strong", 30, False, 0.95)
    assert np.isnan(found["penalty"][0]).all() and np.isnan(found["slope"][0]).all()
    assert missed(found, true_links("strong", False)).loc["penalty"].isna().all()
    assert len(found["LMG share"][0]) == len(DIMENSIONS)


def test_what_falls_short_is_what_the_reports_say():
    n, holds = SHORT_OF_PROMISE["drivers"]
    table = links_coverage(40, seed=3, sizes=[30], skews=["strong"]).set_index("method")
    found = table.loc["LMG share", ["coverage", "coverage_error", "too_high", "too_low"]].mean()
    assert n == 100 and found["coverage"] == pytest.approx(holds, abs=2 * found["coverage_error"])
    assert found["too_high"] > 2 * found["too_low"]  # shares near zero, from above
    n, holds = SHORT_OF_PROMISE["mean"]
    table = coverage_table(1_000, seed=3, sizes=[n], skews=["extreme"]).set_index("method")
    assert table.loc["mean", "coverage"].tolist() == pytest.approx([holds] * 2, abs=0.03)


def test_a_loss_of_counted_shares_holds_the_truth():
    table = money_coverage(150, seed=1, sizes=[30, 1000])
    off = (table["coverage"] - 0.95).abs() - 3 * table["coverage_error"]
    assert len(table) == 2 and (off < 0.02).all(), table
