"""Intervals of links between answers, and of money counted from cases, hold the truth as promised."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cxlib.sums.interval import SHORT_OF_PROMISE
from proof.coverage import coverage_table
from proof.coverage_clusters import clusters_coverage
from proof.coverage_links import (
    link_intervals,
    links_coverage,
    money_coverage,
    summary,
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

    residual = outcome - np.column_stack([np.ones(len(x)), x]) @ np.r_[0, fitted(x, outcome)]
    spread = np.average((outcome - np.average(outcome, weights=w)) ** 2, weights=w)
    left = np.average((residual - np.average(residual, weights=w)) ** 2, weights=w)
    for shares in ("LMG share", "Johnson weight"):  # both add up to R²
        assert truth[shares].sum() == pytest.approx(1 - left / spread, abs=0.006)


def test_links_hold_the_truth_from_a_hundred_answers():
    table = links_coverage(25, seed=2, sizes=[100], skews=["moderate"]).set_index("method")
    off = (table["coverage"] - 0.95).abs() - 3 * table["coverage_error"]
    assert set(table.index) == {
        "LMG share",
        "Johnson weight",
        "R²",
        "coefficient",
        "what forms expectations",
        "share of what forms expectations",
        "promise, delivery",
        "delivery less promise",
    }
    assert (off < 0.03).all(), table[off >= 0.03]


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


def test_every_interval_is_of_the_confidence_asked_for():
    wide, narrow = (
        link_intervals(np.random.default_rng(5), "moderate", 300, False, confidence)
        for confidence in (0.95, 0.50)
    )
    ratio = {name: np.subtract(*wide[name]) / np.subtract(*narrow[name]) for name in wide}
    # Student's t of 300 answers, less two and the constant: known for the point promised alone.
    student = stats.t.ppf([0.975, 0.75], 297)
    assert ratio["promise, delivery"] == pytest.approx(np.full(2, student[0] / student[1]))
    assert all(np.nanmin(each) > 1.8 for each in ratio.values())  # of a normal: 2.9


def test_a_summary_of_a_hundred_surveys_by_hand():
    missed_by = {"one": 10, "other": 5, "rare": 0}
    misses = [
        pd.DataFrame.from_dict(
            {
                name: (np.nan, np.nan) if name == "rare" and survey % 2 else (survey < often, 0.0)
                for name, often in missed_by.items()
            },
            orient="index",
            columns=["too_high", "too_low"],
        ).astype(float)
        for survey in range(100)
    ]
    found = summary(misses, 0.95)
    assert found.index.tolist() == ["one", "other"]  # what half show is not what most show
    assert found["coverage"].tolist() == pytest.approx([0.90, 0.95])
    # The standard error of ten in a hundred: √(.1 × .9 / 99).
    assert found.loc["one", "coverage_error"] == pytest.approx(0.030151, abs=1e-6)
    assert found["too_high"].tolist() == pytest.approx([0.10, 0.05])
    assert found["as_promised"].tolist() == [False, True]


def test_intervals_of_clusters_hold_the_truth():
    found = clusters_coverage(200, seed=4, skews=["moderate"], sizes=[50])
    off = (found["coverage"] - 0.95).abs() - 3 * np.maximum(found["coverage_error"], 0.0154)
    assert len(found) == 4 and (off < 0.02).all(), found
