from itertools import permutations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from plotnine.data import mtcars

from cxlib.sums import clusters
from cxlib.sums.drivers import (
    coefficients,
    driver_table,
    johnson_weights,
    lmg_shares,
    r2_interval,
    sampled_gains,
    subset_r2,
)

# Worked example 4: R package dominanceAnalysis, tests. Order SES, IQ, nAch; outcome GPA.
ACHIEVEMENT = np.array(
    [[1, 0.30, 0.41, 0.33], [0.30, 1, 0.16, 0.57], [0.41, 0.16, 1, 0.50], [0.33, 0.57, 0.50, 1]]
)


@pytest.fixture(scope="module")
def survey():
    """300 people, 4 items on 0–10 that move together, one of them against the outcome."""
    rng = np.random.default_rng(7)
    halo = rng.normal(size=(300, 1))
    items = np.clip(np.round(7 + halo + rng.normal(size=(300, 4))), 0, 10)
    outcome = 1.0 * items[:, 0] + 0.5 * items[:, 1] - 0.6 * items[:, 3] + 2 * rng.normal(size=300)
    return pd.Series(outcome, name="overall"), pd.DataFrame(items, columns=list("abcd"))


def random_correlations(seed, p, samples=1):
    rng = np.random.default_rng(seed)
    return np.array([np.corrcoef(rng.normal(size=(p + 1, 3 * p))) for _ in range(samples)])


def shares_by_every_ordering(correlation):
    """LMG as its authors define it, from statsmodels-free least squares in every ordering."""
    p = len(correlation) - 1
    gains = np.zeros(p)

    def r2(held):
        inside = correlation[np.ix_(held, held)]
        return correlation[held, -1] @ np.linalg.solve(inside, correlation[held, -1])

    orders = list(permutations(range(p)))
    for order in orders:
        for place, item in enumerate(order):
            before = list(order[:place])
            gains[item] += r2([*before, item]) - (r2(before) if before else 0)
    return gains / len(orders)


def test_r2_of_every_subset_as_printed():
    # bit 0 SES, bit 1 IQ, bit 2 nAch
    printed = [0, 0.1089, 0.3249, 0.3526813, 0.25, 0.2687823, 0.4964080, 0.4964735]
    assert subset_r2(ACHIEVEMENT[None])[:, 0] == pytest.approx(printed, abs=5e-8)


def test_lmg_of_mtcars_as_printed():
    # Worked example 5: R package domir, README.
    table = driver_table(mtcars["mpg"], mtcars[["am", "vs", "cyl"]], draws=20)
    lmg = table[table["method"] == "lmg"].set_index("item")
    printed = {"am": 0.1774892, "vs": 0.2027032, "cyl": 0.3817849}
    assert lmg["share"].to_dict() == pytest.approx(printed, abs=5e-8)
    assert lmg["r2"].iloc[0] == pytest.approx(0.7619773, abs=5e-8)
    assert (lmg.loc["cyl", "sign"], lmg.loc["am", "sign"]) == ("-", "+")


def test_lmg_is_the_mean_over_every_ordering():
    for seed in range(5):
        correlation = random_correlations(seed, 5)[0]
        assert lmg_shares(correlation) == pytest.approx(shares_by_every_ordering(correlation))


@given(st.integers(0, 10_000), st.integers(1, 8))
@settings(max_examples=40, deadline=None)
def test_shares_sum_to_r2_whatever_the_order_of_columns(seed, p):  # a law
    correlation = random_correlations(seed, p)[0]
    order = np.random.default_rng(seed).permutation(p)
    swapped = correlation[np.ix_([*order, p], [*order, p])]
    r2 = coefficients(correlation) @ correlation[:-1, -1]
    for shares in (lmg_shares, johnson_weights):
        assert shares(correlation).sum() == pytest.approx(r2)
        assert shares(swapped) == pytest.approx(shares(correlation)[order])


@given(st.integers(0, 10_000))
@settings(max_examples=20, deadline=None)
def test_with_two_predictors_both_methods_agree(seed):  # LeBreton et al. 2004: they must
    correlation = random_correlations(seed, 2)[0]
    assert johnson_weights(correlation) == pytest.approx(lmg_shares(correlation))


def test_johnson_by_orthogonal_counterparts(survey):
    # Johnson 2000's own route, on the data: nearest orthogonal variables by singular values.
    outcome, items = survey
    x = (items - items.mean()) / items.std(ddof=0) / np.sqrt(len(items))
    y = (outcome - outcome.mean()) / outcome.std(ddof=0) / np.sqrt(len(items))
    left, _, right = np.linalg.svd(x.to_numpy(), full_matrices=False)
    orthogonal = left @ right
    expected = (orthogonal.T @ x.to_numpy()).T ** 2 @ (orthogonal.T @ y.to_numpy()) ** 2
    correlation = np.corrcoef(np.column_stack([items, outcome]).T)
    assert johnson_weights(correlation) == pytest.approx(expected)


def test_one_stack_gives_what_single_matrices_give():
    stack = random_correlations(3, 6, samples=4).reshape(2, 2, 7, 7)
    assert lmg_shares(stack)[1, 0] == pytest.approx(lmg_shares(stack[1, 0]))
    assert johnson_weights(stack)[1, 0] == pytest.approx(johnson_weights(stack[1, 0]))


def test_sampled_orderings_agree_with_the_exact_shares():
    correlation = random_correlations(11, 9)[0]
    gains = sampled_gains(correlation, seed=1, orderings=4_000)
    error = gains.std(axis=0) / np.sqrt(len(gains))
    exact = lmg_shares(correlation)
    assert np.all(np.abs(gains.mean(axis=0) - exact) < 4 * error)
    assert error.max() < 0.02 * exact.sum()


def test_above_fifteen_items_orderings_are_sampled_and_still_sum_to_r2():
    rng = np.random.default_rng(5)
    items = pd.DataFrame(rng.normal(size=(400, 18)), columns=[f"q{i}" for i in range(18)])
    outcome = (items["q0"] + 0.5 * items["q1"] + rng.normal(size=400)).rename("y")
    table = driver_table(outcome, items, draws=10)
    lmg = table[table["method"] == "lmg"]
    assert lmg["sampled"].all()
    assert lmg["item"].tolist()[:2] == ["q0", "q1"]
    r2 = sm.OLS(outcome, sm.add_constant(items)).fit().rsquared
    assert lmg["share"].sum() == pytest.approx(r2, abs=1e-6)


def test_a_copied_item_shares_with_its_original():
    correlation = random_correlations(2, 3)[0]
    copied = correlation[np.ix_([0, 0, 1, 2, 3], [0, 0, 1, 2, 3])]
    for shares in (lmg_shares(copied), johnson_weights(copied)):
        assert shares[0] == pytest.approx(shares[1])
        assert shares.sum() == pytest.approx(lmg_shares(correlation).sum())


def test_weighted_r2_and_coefficients_are_those_of_statsmodels(survey):
    outcome, items = survey
    weight = pd.Series(np.random.default_rng(1).uniform(0.3, 3, len(items)))
    table = driver_table(outcome, items, weight, draws=10)
    lmg = table[table["method"] == "lmg"].set_index("item")
    fit = sm.WLS(outcome, sm.add_constant(items), weight).fit()
    assert lmg["r2"].iloc[0] == pytest.approx(fit.rsquared)

    def spread(values):
        return np.sqrt(
            np.average((values - np.average(values, weights=weight)) ** 2, weights=weight)
        )

    scaled = fit.params[items.columns] * items.apply(spread) / spread(outcome)
    assert lmg["coefficient"].to_dict() == pytest.approx(scaled.to_dict())


def test_a_driver_that_works_against_the_outcome_shows_its_sign(survey):
    table = driver_table(*survey, draws=200)
    lmg = table[table["method"] == "lmg"].set_index("item")
    assert lmg.loc["d", "sign"] == "-"
    assert lmg.loc["d", "coefficient_high"] < 0
    assert lmg.loc["d", "p_negative"] > 0.95
    assert lmg.loc["d", "share"] > 0


def test_the_sign_is_of_the_coefficient_even_where_the_item_alone_goes_the_other_way():
    # y = a − b/2 exactly, and b = a + noise: alone, b rises with y; beside a, it falls.
    rng = np.random.default_rng(6)
    a = rng.normal(size=500)
    items = pd.DataFrame({"a": a, "b": a + 0.5 * rng.normal(size=500)})
    outcome = (items["a"] - items["b"] / 2).rename("y")
    row = driver_table(outcome, items, draws=20).set_index(["method", "item"]).loc[("lmg", "b")]
    assert row["correlation"] > 0
    assert (row["sign"], row["p_negative"]) == ("-", 1)


def test_p_first_adds_up_to_one_and_favours_the_largest(survey):
    table = driver_table(*survey, draws=300)
    for _, rows in table.groupby("method"):
        assert rows["p_first"].sum() == pytest.approx(1)
        assert rows["item"].iloc[0] == "a"
        assert rows["p_first"].idxmax() == rows.index[0]
        assert ((rows["share_low"] < rows["share"]) & (rows["share"] < rows["share_high"])).all()


def test_the_bootstrap_spread_of_a_correlation_is_the_known_one():
    # Normal data: the standard error of r is (1 − r²)/√n. One item, so the coefficient is r.
    rng = np.random.default_rng(8)
    x = rng.normal(size=4_000)
    y = 0.5 * x + np.sqrt(0.75) * rng.normal(size=4_000)
    row = driver_table(pd.Series(y, name="y"), pd.DataFrame({"x": x}), draws=2_000).iloc[0]
    width = row["coefficient_high"] - row["coefficient_low"]
    expected = 2 * 1.96 * (1 - row["correlation"] ** 2) / np.sqrt(4_000)
    assert width == pytest.approx(expected, rel=0.08)


@given(st.floats(0.01, 100))
@settings(max_examples=10, deadline=None)
def test_only_proportions_of_weights_matter(factor):  # a law
    rng = np.random.default_rng(4)
    items = pd.DataFrame(rng.integers(0, 11, (60, 3)).astype(float), columns=list("abc"))
    outcome, weight = pd.Series(rng.normal(size=60), name="y"), pd.Series(rng.uniform(0.5, 2, 60))
    tables = [driver_table(outcome, items, weight * f, draws=20) for f in (1, factor)]
    pd.testing.assert_frame_equal(*tables)


def test_a_person_of_weight_two_counts_as_two(survey):
    outcome, items = survey
    weight = pd.Series(np.where(np.arange(len(items)) < 50, 2.0, 1))
    twice = [*range(50), *range(len(items))]
    doubled = driver_table(
        outcome.iloc[twice].reset_index(drop=True),
        items.iloc[twice].reset_index(drop=True),
        draws=5,
    )
    weighted = driver_table(outcome, items, weight, draws=5)
    assert weighted["share"].tolist() == pytest.approx(doubled["share"].tolist())


def test_each_treatment_of_blanks_says_what_it_used(survey):
    outcome, items = survey
    holes = items.copy()
    holes.loc[:49, "a"] = np.nan
    holes.loc[40:99, "b"] = np.nan
    unheard = outcome.copy()
    unheard.loc[290:] = np.nan
    found = {
        missing: driver_table(unheard, holes, draws=5, missing=missing).iloc[0]
        for missing in ["complete", "pairwise", "mean"]
    }
    facts = {name: (row["n"], row["left_out"], row["filled"]) for name, row in found.items()}
    # 290 heard; 100 of them have a hole; 50 + 60 holes.
    assert facts == {"complete": (190, 100, 0), "pairwise": (190, 0, 0), "mean": (290, 0, 110)}


def test_pairwise_correlations_are_those_of_pandas(survey):
    outcome, items = survey
    holes = items.mask(np.random.default_rng(3).random(items.shape) < 0.2)
    table = driver_table(outcome, holes, draws=5, missing="pairwise")
    expected = holes.corrwith(outcome).to_dict()
    found = table[table["method"] == "lmg"].set_index("item")["correlation"].to_dict()
    assert found == pytest.approx(expected)


def test_impossible_pairwise_correlations_still_give_shares_of_a_whole():
    # a–b and a–c go together, b–c against each other, each on other people: no such three.
    rng = np.random.default_rng(1)
    ramp, blank = np.arange(40.0), np.full(40, np.nan)
    items = {"a": [*ramp, *ramp, *blank], "b": [*ramp, *blank, *ramp]}
    items = pd.DataFrame(items | {"c": [*blank, *ramp, *ramp[::-1]]}) + 6 * rng.normal(
        size=(120, 3)
    )
    outcome = pd.Series(np.tile(ramp, 3) + 6 * rng.normal(size=120), name="y")
    assert np.linalg.eigvalsh(items.corr())[0] < -0.1
    table = driver_table(outcome, items, draws=5, missing="pairwise")
    assert (table["share"] >= -1e-9).all()
    assert table["r2"].max() <= 1 + 1e-9


def test_an_item_that_everybody_answers_alike_stays_blank(survey):
    outcome, items = survey
    table = driver_table(outcome, items.assign(same=5.0), draws=5).set_index(["method", "item"])
    without = driver_table(outcome, items, draws=5).set_index(["method", "item"])
    assert table.loc[("lmg", "same"), ["share", "coefficient", "sign"]].isna().all()
    assert table["share"].dropna().to_dict() == pytest.approx(without["share"].to_dict())


def test_too_few_people_give_blanks_and_their_number(survey):
    outcome, items = survey
    table = driver_table(outcome[:6], items[:6], draws=5)
    assert table["share"].isna().all()
    assert table["n"].tolist() == [6] * 8


def test_what_it_cannot_do_is_refused(survey):
    outcome, items = survey
    with pytest.raises(ValueError, match="negative"):
        driver_table(outcome, items, weight=pd.Series(-1.0, index=items.index))


def test_the_interval_of_r2_by_hand():
    # R² .4 of 30 and 4 items. Helland: F of 9.8 and 25 degrees, 2.6252 and .29419 at its ends: .07492
    # and .64484 about the adjusted .304; Fisher's z of these .2809, 1.1071 and .6203, farther by
    # t(25) ÷ z = 1.0508: tanh² of .2636 and 1.1318.
    assert r2_interval(0.4, 30, 4, 0.95) == pytest.approx((0.0664, 0.6587), abs=1e-4)
    # An error of .3 in place of 1 ÷ √27 is 1.5588 times as far again.
    assert r2_interval(0.4, 30, 4, 0.95, 0.3) == pytest.approx((0.0041, 0.7905), abs=1e-4)
    assert r2_interval(0.4, 30, 4, 0.95, 0.1) == r2_interval(0.4, 30, 4, 0.95)  # never narrower
    assert r2_interval(1.0, 30, 4, 0.95, 0.5) == pytest.approx((1, 1))
    assert np.isnan(r2_interval(0.4, 5, 4, 0.95)).all()


def test_of_many_people_lots_by_chance_vary_as_the_people_do(monkeypatch):
    """The standard error of a mean is s/√n; lots of neighbours in a sorted file would have more."""
    monkeypatch.setattr(clusters, "LOTS", 400)
    values = np.sort(np.random.default_rng(1).normal(5, 2, (4_000, 1)), axis=0)
    sums = clusters.bootstrap_sums(clusters.complete_products, values, np.ones(4_000), 2_000, 1)
    means = sums[:, 1] / sums[:, 0]
    assert means[0] == pytest.approx(values.mean())
    assert means[1:].std() == pytest.approx(values.std() / np.sqrt(4_000), rel=0.1)
