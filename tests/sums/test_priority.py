"""Where importance was not asked, the answers imply it: by hand, and by what must hold."""

import numpy as np
import pandas as pd
import pytest

from cxlib.sums.estimate import estimate_means
from cxlib.sums.gap import gap_table, mark_key_experience
from cxlib.sums.priority import key_by_derived_importance


def gaps_of(experience, importance=np.nan, expectation=np.nan):
    names = [f"d{i}" for i in range(len(experience))]
    scores = pd.DataFrame({"dimension": names, "segment": "all", "experience": experience})
    scores = scores.assign(expectation=expectation, importance=importance, ideal=4.0)
    return mark_key_experience(gap_table(scores)).assign(p_key=np.nan)


def drivers_of(shares, width=0.0):
    names = [f"d{i}" for i in range(len(shares))]
    found = pd.DataFrame({"item": names, "method": "lmg", "share": shares})
    return found.assign(share_low=found["share"] - width / 2, share_high=found["share"] + width / 2)


def test_share_times_shortfall_by_hand():
    # d0: .10 × (3 − 4) = −.10; d1: .40 × (3.5 − 4) = −.20; d2: above the ideal.
    found = key_by_derived_importance(gaps_of([3, 3.5, 4.5]), drivers_of([0.1, 0.4, 0.3]), {})
    assert found["priority"].round(9).tolist() == [-0.10, -0.20, 0.15]
    assert found["key_experience"].tolist() == [False, True, False]
    assert found["p_key"].tolist() == [0, 1, 0]  # nothing is drawn when nothing is unsure
    assert set(found["key_basis"]) == {"derived"}


def test_stated_importance_decides_where_it_was_asked():
    asked = gaps_of([3.0, 3.5], importance=[9.0, 2.0], expectation=[4.0, 4.0])
    found = key_by_derived_importance(asked, drivers_of([0.0, 0.9]), {})
    assert found["key_experience"].tolist() == [True, False]
    assert set(found["key_basis"]) == {"stated"} and found["priority"].isna().all()


def test_expectation_goes_before_the_ideal():
    asked = gaps_of([3.0, 3.5], expectation=[3.0, 4.5])
    found = key_by_derived_importance(asked, drivers_of([0.5, 0.5]), {})
    assert found["priority"].tolist() == [0.0, -0.5]


def test_a_shortfall_is_as_unsure_as_experience_and_expectation_together():
    # Independent answers of variance 1 each, 100 people: the variance of the difference is .02,
    # so the interval of ½ × shortfall is ½ × 1.98 × √.02 = .14 either side (t, 99 degrees).
    rng = np.random.default_rng(3)
    labels = pd.MultiIndex.from_tuples([("experience", "d0"), ("expectation", "d0")])
    answers = pd.DataFrame(rng.normal(size=(100, 2)), columns=labels)
    answers = (answers - answers.mean()) @ np.linalg.inv(np.linalg.cholesky(answers.cov()).T)
    answers.columns = labels
    answers += [3, 4]
    asked = gaps_of([3.0], expectation=4.0)
    row = key_by_derived_importance(
        asked, drivers_of([0.5]), {"all": estimate_means(answers)}
    ).iloc[0]
    assert row["priority"] == -0.5
    assert [row["priority_low"], row["priority_high"]] == pytest.approx([-0.64, -0.36], abs=0.01)
    assert [row["derived_low"], row["derived_high"]] == [0.5, 0.5]


def test_no_share_that_is_drawn_is_below_zero():
    # A share of .1 with a standard error of .1 (.392 wide), one point short: 1.96 errors up −.296,
    # 1.96 down +.096, but no item accounts for less than nothing.
    row = key_by_derived_importance(gaps_of([3.0]), drivers_of([0.1], 0.392), {}).iloc[0]
    assert row["priority_low"] == pytest.approx(-0.296, abs=0.01) and row["priority_high"] == 0


def test_nothing_is_key_where_nothing_falls_short():
    found = key_by_derived_importance(gaps_of([4.2, 4.5]), drivers_of([0.5, 0.5]), {})
    assert not found["key_experience"].any()


def test_two_alike_are_a_toss_up():
    # Same shortfall, same share, both unsure: by symmetry each is first in half of the draws.
    rng = np.random.default_rng(7)
    answers = pd.DataFrame(rng.normal(3, 1, (200, 2)))
    answers = answers - answers.mean() + 3
    answers.columns = pd.MultiIndex.from_tuples([("experience", "d0"), ("experience", "d1")])
    estimates = {"all": estimate_means(answers)}
    found = key_by_derived_importance(gaps_of([3, 3]), drivers_of([0.3, 0.3], 0.1), estimates)
    assert found["p_key"].sum() == pytest.approx(1)
    assert found["p_key"][0] == pytest.approx(0.5, abs=0.05)


def test_what_has_no_share_cannot_be_weighed():
    found = key_by_derived_importance(gaps_of([3, 3]), drivers_of([0.3]), {})
    assert found["priority"].isna().tolist() == [False, True]
