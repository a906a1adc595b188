"""The probability of being the worst is right as often as it says, of scores close together too."""

import numpy as np
import pytest

from cxlib.sums.gap import p_key, shrunken
from proof.key import key_calibration, one_world


def stated_and_right(rng, size, apart):
    """(p_key as drawn alone, as shrunken, whether it is so) of the score that seems worst."""
    true = rng.normal(-1, apart, size)
    seen = true + rng.normal(size=size)
    drawn = seen + rng.normal(size=(400, size))
    worst = seen.argmin()
    each = (p_key(draws)[worst] for draws in (drawn, shrunken(drawn, seen, 1)))
    return (*each, true.argmin() == worst and true[worst] < 0)


def test_when_it_says_85_it_is_right_80_to_90_times():
    rng = np.random.default_rng(7)
    kinds = [(size, apart) for size in (4, 8, 12) for apart in (0.3, 1, 3)]
    said = np.array(
        [stated_and_right(rng, *kind) for kind in kinds for _ in range(150)], dtype=float
    )
    alone, shrunk = (said[(said[:, k] >= 0.75) & (said[:, k] < 0.95)] for k in (0, 1))
    assert alone[:, 2].mean() < 0.75  # each score by itself: too sure of the worst
    assert 0.78 <= shrunk[:, 2].mean() <= 0.92  # .80 to .90, and the error of so short a simulation
    assert said[:, 1].mean() == pytest.approx(said[:, 2].mean(), abs=0.05)  # and over all


def test_scores_far_apart_stay_where_they_are():
    rng = np.random.default_rng(1)
    value = np.array([-30.0, -10, 0, 20])
    drawn = value + rng.normal(size=(4000, 4))
    found = shrunken(drawn, value, 1)
    assert found.mean(axis=0) == pytest.approx(value, abs=0.15)
    assert found.std(axis=0) == pytest.approx(np.ones(4), abs=0.05)


def test_what_is_not_known_and_two_alone_stay_as_drawn():
    drawn = np.array([[1.0, np.nan, 3], [2, np.nan, 4]])
    assert np.array_equal(shrunken(drawn, [1, np.nan, 3], 1), drawn, equal_nan=True)


def test_a_world_says_what_was_stated_and_whether_it_is_so():
    world = one_world(np.random.default_rng(2), 4, 1.0, 150)
    assert len(world) <= 1 and world["stated"].between(0, 1).all()
    assert {"promised", "coverage", "as_promised"} <= set(key_calibration(1))
