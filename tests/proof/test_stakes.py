"""What goes with gaps: parts of one whole, held by their intervals, and the largest not overstated."""

import numpy as np
import pandas as pd
import pytest

from proof.stakes import STEPS, by_themselves, one_survey, scores_of, stakes_coverage, true_parts


@pytest.fixture(scope="module")
def worlds():
    """Thirty surveys of 400 people and eight links that hardly differ."""
    rng = np.random.default_rng(11)
    return [one_survey(rng, "alike", 8, 400) for _ in range(30)]


def largest_over_truth(worlds, column):
    tops = [each.drop("all").nlargest(1, column).iloc[0] for each in worlds]
    return sum(top[column] for top in tops) / sum(top["truth"] for top in tops)


def test_the_largest_of_several_is_not_overstated(worlds):
    assert largest_over_truth(worlds, "alone") > 1.35  # the curse, each by itself
    assert 0.85 < largest_over_truth(worlds, "at_stake") < 1.25


def test_the_whole_is_as_large_as_it_is_and_the_parts_add_up_to_it(worlds):
    whole = pd.DataFrame([each.loc["all"] for each in worlds])
    assert whole["at_stake"].mean() == pytest.approx(whole["truth"].mean(), rel=0.06)
    for each in worlds:
        assert each["at_stake"].drop("all").sum() == pytest.approx(each.loc["all", "at_stake"])


def test_intervals_hold_the_truth():
    found = stakes_coverage(25, seed=2, dimensions=(4,), people=(400,))
    off = (found["coverage"] - 0.95).abs() - 3 * found["coverage_error"]
    assert len(found) == 6 and (off < 0.05).all(), found


def test_the_truth_is_what_lifting_everybody_leaves():
    people = scores_of(np.random.default_rng(1), np.array([6.0, 7.0, 5.0]), 4_000)
    links, constant = np.array([-0.4, -0.1, 0.05]), 2.0
    lacks = np.maximum(8.5 - people, 0)
    there = people + lacks * ((8.5 - people.mean(axis=0)) / lacks.mean(axis=0))
    now, then = (1 / (1 + np.exp(-(constant + x @ links))) for x in (people, there))
    assert STEPS >= 20
    assert true_parts(people, constant, links).sum() == pytest.approx(
        now.mean() - then.mean(), rel=1e-3
    )
    bad = (np.random.default_rng(2).random(4_000) < now).astype(float)
    gaps = pd.DataFrame({"gap": people.mean(axis=0) - 8.5})
    gaps = gaps.assign(gap_low=gaps["gap"], gap_high=gaps["gap"])
    alone = by_themselves(people, bad, gaps)
    assert alone.sum() == pytest.approx(now.mean() - then.mean(), abs=0.03)
