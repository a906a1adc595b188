from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import check_grad

from cxlib.sums.lifetime import (
    Fit,
    bgnbd_terms,
    expected_purchases,
    expected_spend,
    fit_bgnbd,
    fit_gamma_gamma,
    lifetime_error,
    lifetime_value,
    p_active,
)

CDNOW = Path(__file__).parent / "oracles" / "cdnow.csv"


@pytest.fixture(scope="module")
def cdnow():
    names = {"x": "frequency", "t_x": "recency", "T": "age", "zbar": "spend"}
    return pd.read_csv(CDNOW).rename(columns=names)


@pytest.fixture(scope="module")
def bgnbd(cdnow):
    return fit_bgnbd(cdnow)


def test_bgnbd_on_cdnow(cdnow, bgnbd):
    # Worked example 15: Fader, Hardie & Lee 2005, table 2.
    assert len(cdnow) == bgnbd.n == 2357
    assert bgnbd.converged
    assert np.round(bgnbd.values, 3).tolist() == [0.243, 4.414, 0.793, 2.426]
    inside = bgnbd.parameters
    assert ((inside["low"] < inside["value"]) & (inside["value"] < inside["high"])).all()


def test_what_a_customer_is_expected_to_buy(bgnbd):
    # Fader, Hardie & Lee 2005, §5: 1.226 transactions over the next 39 weeks.
    customer = pd.DataFrame({"frequency": [2], "recency": [30.43], "age": [38.86]})
    assert expected_purchases(bgnbd, customer, 39).round(3).tolist() == [1.226]


def test_gamma_gamma_on_cdnow(cdnow):
    # Worked example 16: Fader & Hardie 2013, 946 repeat buyers.
    fit = fit_gamma_gamma(cdnow)
    assert fit.n == 946
    # Their spreadsheet stops at 15.44; the top of the same likelihood is at 15.448.
    assert fit.values == pytest.approx((6.25, 3.74, 15.44), abs=0.01)


def test_the_gradient_is_the_slope(cdnow):
    # An error in a derivative slows the search down without changing where it ends.
    x, recency, age = (cdnow[name].to_numpy(float) for name in ("frequency", "recency", "age"))
    once, which = np.unique(x, return_inverse=True)

    def both(parameters):
        value, gradient = bgnbd_terms(parameters, x, recency, age, once, which)
        return value.sum(), gradient.sum(axis=1)

    for point in ([0.3, 5, 0.6, 2], [1.5, 10, 2, 1]):
        error = check_grad(lambda p: both(p)[0], lambda p: both(p)[1], np.array(point, float))
        assert error < 1e-5 * np.abs(both(np.array(point, float))[1]).max()


def buyers(n, r, alpha, a, b, weeks, seed):
    """Customers simulated as BG/NBD has them: one row each, followed for `weeks`."""
    rng = np.random.default_rng(seed)
    rate, leave = rng.gamma(r, 1 / alpha, n), rng.beta(a, b, n)
    rows = []
    for each_rate, each_leave in zip(rate, leave, strict=True):
        now, x, last = 0.0, 0, 0.0
        while (now := now + rng.exponential(1 / each_rate)) < weeks:
            x, last = x + 1, now
            if rng.random() < each_leave:
                break
        rows.append((x, last, weeks))
    return pd.DataFrame(rows, columns=["frequency", "recency", "age"]).astype(float)


def test_bgnbd_is_found_again():
    # 95 % intervals of four parameters over 40 simulations: 160 chances, of which 95 % should
    # hold the truth; fewer than 88 % or all of them would be rarer than 1 in 1,000.
    truth = np.array([0.5, 6.0, 0.8, 2.5])
    held = []
    for seed in range(40):
        fit = fit_bgnbd(buyers(800, *truth, weeks=52, seed=seed)).parameters
        held.append(((fit["low"] <= truth) & (truth <= fit["high"])).to_numpy())
    assert 0.88 <= np.mean(held) <= 1


def test_gamma_gamma_is_found_again():
    truth, rng = np.array([6.0, 4.0, 15.0]), np.random.default_rng(3)
    held = []
    for _ in range(40):
        x = rng.integers(1, 8, 600)
        each = rng.gamma(truth[0] * x) / (rng.gamma(truth[1], 1 / truth[2], 600) * x)
        fit = fit_gamma_gamma(pd.DataFrame({"frequency": x, "spend": each})).parameters
        held.append(((fit["low"] <= truth) & (truth <= fit["high"])).to_numpy())
    assert 0.88 <= np.mean(held) <= 1


def test_the_unit_of_money_does_not_matter(cdnow):
    in_cents = fit_gamma_gamma(cdnow.assign(spend=cdnow["spend"] * 100))
    in_dollars = fit_gamma_gamma(cdnow)
    ratio = np.array(in_cents.values) / in_dollars.values
    assert ratio == pytest.approx((1, 1, 100), rel=1e-3)


def test_whoever_bought_once_cannot_have_left(bgnbd):
    # A property of BG/NBD, said in the paper: customers may leave only after a repeat purchase.
    once = pd.DataFrame({"frequency": [0, 3], "recency": [0, 2.0], "age": [38, 38.0]})
    active = p_active(bgnbd, once)
    assert active[0] == 1 and 0 < active[1] < 0.5


def test_the_mean_of_a_purchase_lies_between_the_customers_own_and_everyones(cdnow):
    fit = fit_gamma_gamma(cdnow)
    p, q, v = fit.values
    everyone = p * v / (q - 1)
    customers = pd.DataFrame({"frequency": [0, 1, 9], "spend": [np.nan, 100.0, 100.0]})
    found = expected_spend(fit, customers)
    assert found[0] == pytest.approx(everyone)  # nothing known of him: the mean of all
    assert everyone < found[1] < found[2] < 100


def test_a_lifetime_is_what_is_bought_times_what_it_brings(cdnow, bgnbd):
    spend, few = fit_gamma_gamma(cdnow), cdnow.head(20)
    year = expected_purchases(bgnbd, few, 365.25 / 7) * expected_spend(spend, few)
    assert lifetime_value(bgnbd, spend, few, 1, 0).to_numpy() == pytest.approx(year.to_numpy())
    # Discounted at 10 %, money comes half a year from now on average, and mostly sooner.
    worth = lifetime_value(bgnbd, spend, few, 1, 0.10) / year
    assert worth.between(1 / 1.1, 1).all() and (worth > 1.1**-0.55).all()
    margin = lifetime_value(bgnbd, spend, few, 1, 0, kept=0.3)
    assert margin.to_numpy() == pytest.approx(0.3 * year.to_numpy())


def test_money_of_each_month_is_discounted_from_its_middle():
    # Who buys at a steady rate and never leaves: the mean of 1.1^−t over a year is
    # (1 − 1 ÷ 1.1) ÷ ln 1.1 = .9538; from the ends of months it would be .9500.
    steady = {"r": 1e6, "alpha": 1e6, "a": 1e-6, "b": 1e6}
    spend = {"p": 6.0, "q": 4.0, "v": 15.0}
    fits = [
        Fit(pd.DataFrame({"value": made}), np.eye(len(made)), 1, True) for made in (steady, spend)
    ]
    buyer = pd.DataFrame({"frequency": [50.0], "recency": 50.0, "age": 50.0, "spend": 20.0})
    worth = [lifetime_value(*fits, buyer, 1, discount)[0] for discount in (0.1, 0)]
    assert worth[0] / worth[1] == pytest.approx((1 - 1 / 1.1) / np.log(1.1), abs=1e-4)


def test_customers_of_whom_nobody_leaves_have_no_leaving_to_fit():
    rng = np.random.default_rng(1)
    rate = rng.gamma(2, 1 / 8, 500)
    x = rng.poisson(rate * 52)
    last = np.where(x > 0, 52 * rng.beta(np.maximum(x, 1), 1), 0)
    stay = pd.DataFrame({"frequency": x, "recency": last, "age": 52.0})
    fit = fit_bgnbd(stay)
    assert not fit.converged  # a / (a + b) runs off to 0
    # What the rates say still holds: the gamma's shape, 2, is found within four standard errors.
    assert fit.parameters.loc["r", "value"] == pytest.approx(2, rel=4 * 0.08)


def test_the_error_of_a_lifetime_is_that_of_parameters_that_could_be_true(cdnow, bgnbd):
    # The same spread by another way: parameters drawn from the two fits, and all valued with each.
    spend, rng = fit_gamma_gamma(cdnow), np.random.default_rng(5)
    few = cdnow.sample(300, random_state=1)

    def drawn(fit):
        noise = rng.multivariate_normal(np.zeros(len(fit.values)), fit.covariance)
        table = fit.parameters.assign(value=fit.parameters["value"] * np.exp(noise))
        return replace(fit, parameters=table)

    totals = [
        lifetime_value(drawn(bgnbd), drawn(spend), few, years=1, discount=0.1).sum()
        for _ in range(150)
    ]
    found = lifetime_error(bgnbd, spend, few, years=1, discount=0.1)
    assert found == pytest.approx(np.log(totals).std(), rel=0.2)  # of 150 draws ± 6 % is one error


def test_no_mean_of_a_purchase_where_its_distribution_has_none():
    # Gamma–Gamma: the mean of everyone is p v / (q − 1), which is none for q ≤ 1.
    table = pd.DataFrame({"value": [6.0, 0.9, 15.0]}, index=["p", "q", "v"])
    customers = pd.DataFrame({"frequency": [1], "spend": [100.0]})
    assert expected_spend(Fit(table, np.eye(3), 10, True), customers).isna().all()
