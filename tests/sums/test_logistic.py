"""Firth's logistic regression: tables by hand, statsmodels, and the penalised likelihood maximised."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy.optimize import minimize

from cxlib.sums.stakes import logistic_regression
from cxlib.sums.weights import sampling


def people(n=1_500, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 3))
    chance = 1 / (1 + np.exp(-(-0.5 + x @ [0.5, -0.3, 0])))
    return x, (rng.random(n) < chance).astype(float), rng.integers(1, 4, n).astype(float)


def test_a_table_of_four_cells_by_hand():
    # Jeffreys' prior adds half a person to each cell: ln(9.5/3.5) − ln(4.5/8.5).
    x, y = (
        np.repeat([0.0, 1], [12, 12])[:, None],
        np.r_[np.ones(4), np.zeros(8), np.ones(9), np.zeros(3)],
    )
    beta, _ = logistic_regression(x, y, np.ones(24))
    assert beta == pytest.approx([np.log(4.5 / 8.5), np.log(9.5 / 3.5) - np.log(4.5 / 8.5)])


def test_whoever_is_told_apart_by_a_column_has_a_finite_and_unsure_link():
    x = np.repeat([0.0, 1], 20)[:, None]
    beta, covariance = logistic_regression(x, x[:, 0], np.ones(40))
    assert beta[1] == pytest.approx(2 * np.log(20.5 / 0.5))
    assert np.sqrt(covariance[1, 1]) > 1.5  # a sandwich of what is left, next to nothing, says .3


def test_many_people_are_as_statsmodels_has_them():
    x, y, weight = people(60_000)
    beta, covariance = logistic_regression(x, y, weight)
    model = sm.GLM(y, sm.add_constant(x), sm.families.Binomial(), freq_weights=weight)
    assert beta == pytest.approx(model.fit().params, abs=2e-4)
    # A weight of three is one person: three rows that are one cluster.
    rows = np.repeat(np.arange(len(y)), weight.astype(int))
    replicated = sm.GLM(y[rows], sm.add_constant(x)[rows], sm.families.Binomial())
    fit = replicated.fit(cov_type="cluster", cov_kwds={"groups": rows, "use_correction": False})
    assert np.sqrt(np.diag(covariance)) == pytest.approx(fit.bse, rel=0.01)


def test_few_people_have_the_most_likely_links_under_the_penalty():
    x, y, weight = people(60, seed=3)
    scaled = weight * weight.sum() / (weight**2).sum()
    design = np.column_stack([np.ones(60), x])

    def unlikely(beta):
        p = 1 / (1 + np.exp(-design @ beta))
        information = design.T @ (design * (scaled * p * (1 - p))[:, None])
        likely = scaled @ (y * np.log(p) + (1 - y) * np.log(1 - p))
        return -likely - np.linalg.slogdet(information)[1] / 2

    best = minimize(unlikely, np.zeros(4), method="BFGS", options={"gtol": 1e-8}).x
    assert logistic_regression(x, y, weight)[0] == pytest.approx(best, abs=1e-5)


def test_people_asked_together_are_as_unsure_as_statsmodels_says():
    x, y, _ = people(6_000)
    group = np.arange(6_000) // 20
    common = np.random.default_rng(5).normal(size=300)[group]
    x[:, 0] = common
    y = (np.random.default_rng(6).random(6_000) < 1 / (1 + np.exp(0.5 - common))).astype(float)
    y[group % 3 == 0] = (group[group % 3 == 0] % 2).astype(float)  # a whole group answers alike
    drawn = sampling(pd.Series(np.ones(6_000)), pd.Series(group))
    _, covariance = logistic_regression(x, y, np.ones(6_000), drawn)
    model = sm.GLM(y, sm.add_constant(x), sm.families.Binomial())
    fit = model.fit(cov_type="cluster", cov_kwds={"groups": group, "use_correction": False})
    assert np.sqrt(np.diag(covariance))[:2] == pytest.approx(fit.bse[:2], rel=0.02)
