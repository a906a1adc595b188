import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from cxlib.client.contract import EXPECTATION_DRIVERS
from cxlib.sums.expectations import (
    expectation_drivers,
    promise_or_delivery,
    weighted_least_squares,
)
from cxlib.sums.weights import sampling


def people(n=400, seed=3):
    rng = np.random.default_rng(seed)
    answers = pd.DataFrame(
        rng.integers(0, 11, (n, 6)).astype(float), columns=list(EXPECTATION_DRIVERS)
    )
    expectation = 4 + 0.4 * answers["promotion"] - 0.2 * answers["past_here"]
    return answers, expectation + rng.normal(0, 1, n)


def test_the_planted_drivers_are_found_and_the_others_are_not():
    found = expectation_drivers(*people(), draws=400).set_index("driver")
    assert found.index[0] == "promotion" and found.loc["promotion", "raises"] == "raises"
    assert found.loc["past_here", "raises"] == "lowers"
    rest = found.drop(["promotion", "past_here"])
    assert (rest["raises"] == "cannot_tell").sum() >= 3  # four, but for one in twenty
    # By hand: variance explained .4² × 10 + .2² × 10 = 2 of 3 (a uniform 0–10 varies by 10).
    assert found["r2"].iloc[0] == pytest.approx(2 / 3, abs=0.06)


def test_as_they_were_rated_where_nothing_can_be_derived():
    found = expectation_drivers(people()[0]).set_index("driver")
    assert "share" not in found and found["mean"].is_monotonic_decreasing


def test_a_lower_promise_beside_a_better_delivery():
    # outcome = 2 × experience − .5 × expectation, without noise: 2 against .5.
    rng = np.random.default_rng(1)
    experience, expectation = pd.Series(rng.normal(6, 1, 80)), pd.Series(rng.normal(7, 1, 80))
    outcome = 2 * experience - 0.5 * expectation
    found = promise_or_delivery(outcome, experience, expectation)
    assert found["effect"].tolist() == pytest.approx([2, 0.5])
    assert found["difference"].tolist() == pytest.approx([1.5, 1.5])
    flat = promise_or_delivery(experience * 0, experience, expectation)
    assert flat["effect"].isna().all() and flat["n"].tolist() == [80, 80]


def test_people_asked_in_clusters_are_not_taken_as_independent():
    # Each of 160 asked four times over, the copies of one a cluster: as unsure as of the 160.
    rng = np.random.default_rng(3)
    lived, hoped, noise = (pd.Series(rng.normal(6, 1, 160)) for _ in range(3))
    outcome = lived - hoped / 2 + noise
    once = promise_or_delivery(outcome, lived, hoped)
    copies = [pd.concat([each] * 4, ignore_index=True) for each in (outcome, lived, hoped)]
    person = pd.Series(np.tile(np.arange(160), 4))
    drawn = sampling(pd.Series(1.0, person.index), person)
    width = {
        name: (table["effect_high"] - table["effect_low"]).to_numpy()
        for name, table in {
            "once": once,
            "copies": promise_or_delivery(*copies),
            "clusters": promise_or_delivery(*copies, drawn),
        }.items()
    }
    assert width["clusters"] == pytest.approx(width["once"], rel=0.1)
    assert width["copies"] == pytest.approx(width["once"] / 2, rel=0.1)


def test_estimates_and_their_spread_are_those_of_statsmodels():
    rng = np.random.default_rng(2)
    x = np.column_stack([np.ones(200), rng.integers(1, 6, (200, 3))]).astype(float)
    y, weight = rng.normal(size=200) + x[:, 1], rng.uniform(0.5, 2, 200)
    fit = sm.WLS(y, x, weight).fit(cov_type="HC3")
    beta, covariance = weighted_least_squares(x, y, weight)
    assert beta.tolist() == pytest.approx(fit.params.tolist())
    np.testing.assert_allclose(covariance, fit.cov_params(), rtol=1e-6)
