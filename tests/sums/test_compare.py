import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.power import TTestIndPower

from cxlib.sums.compare import (
    benjamini_hochberg,
    compare_groups,
    compare_waves,
    detectable_difference,
    nps_changes,
)
from cxlib.sums.estimate import estimate_means

# Worked example 12: Benjamini & Hochberg 1995, §4.1.
P = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
    0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1,
]  # fmt: skip


@pytest.fixture
def survey():
    rng = np.random.default_rng(5)
    answers = pd.DataFrame(rng.normal(7, 2, (90, 2)), columns=["speed", "care"])
    groups = pd.Series(["a"] * 20 + ["b"] * 30 + ["c"] * 40, name="segment")
    return answers, groups


def test_four_of_fifteen():
    assert (benjamini_hochberg(P) <= 0.05).sum() == 4
    assert (np.array(P) <= 0.05 / 15).sum() == 3  # Bonferroni, for comparison


def test_blank_tests_do_not_count():
    found = benjamini_hochberg([np.nan, *P])
    assert np.isnan(found[0]) and found[1:].tolist() == benjamini_hochberg(P).tolist()
    assert np.isnan(benjamini_hochberg([np.nan])).all()


@settings(deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20), st.randoms())
def test_the_order_of_tests_does_not_matter(p, random):
    order = list(range(len(p)))
    random.shuffle(order)
    found = benjamini_hochberg(p)
    assert (found >= np.array(p) - 1e-12).all()
    assert benjamini_hochberg(np.array(p)[order]) == pytest.approx(found[order])


def test_each_group_against_the_rest_is_welchs_test(survey):
    answers, groups = survey
    table = compare_groups(answers, groups).set_index(["segment", "measure"])
    row = table.loc[("a", "speed")]
    own = groups == "a"
    expected = stats.ttest_ind(answers["speed"][own], answers["speed"][~own], equal_var=False)
    interval = expected.confidence_interval(0.95)
    assert row[["n", "n_rest"]].tolist() == [20, 70]
    assert row["mean"] == pytest.approx(answers["speed"][own].mean())
    assert row["mean_rest"] == pytest.approx(answers["speed"][~own].mean())
    assert row["p"] == pytest.approx(expected.pvalue)
    assert row["difference_low"] == pytest.approx(interval.low)
    assert row["difference_high"] == pytest.approx(interval.high)
    assert table["q"].tolist() == pytest.approx(benjamini_hochberg(table["p"]).tolist())


def test_one_of_many_that_seems_to_differ_is_held_to_the_rate_of_all(survey):
    # Six tests; the smallest p alone is below .05, and by Benjamini and Hochberg six times as large.
    answers, groups = survey
    for lift in np.linspace(0, 3, 300):
        tried = answers.assign(speed=answers["speed"] + lift * (groups == "a"))
        table = compare_groups(tried, groups)
        p = np.sort(table["p"])
        if 0.01 < p[0] < 0.04 and p[1] > 0.1:
            break
    assert p[0] < 0.05 < min(6 * p / np.arange(1, 7))
    assert not table["different"].any()


def test_weights_count_on_both_sides(survey):
    answers, groups = survey
    weight = pd.Series(np.random.default_rng(1).uniform(0.5, 2, 90))
    row = (
        compare_groups(answers, groups, weight).set_index(["segment", "measure"]).loc[("b", "care")]
    )
    own, rest = (
        estimate_means(answers[part], weight[part]) for part in (groups == "b", groups != "b")
    )
    assert row["difference"] == pytest.approx(own.mean["care"] - rest.mean["care"])
    assert row["n_eff_rest"] == pytest.approx(rest.n_eff["care"])
    error = np.sqrt(own.covariance.loc["care", "care"] + rest.covariance.loc["care", "care"])
    width = row["difference_high"] - row["difference_low"]
    assert width / error / 2 == pytest.approx(stats.t.ppf(0.975, 60), rel=0.01)


def test_people_without_a_group_are_on_neither_side(survey):
    answers, groups = survey
    table = compare_groups(answers, groups.where(groups != "c")).set_index(["segment", "measure"])
    assert table.loc[("a", "speed"), ["n", "n_rest"]].tolist() == [20, 30]
    assert ("c", "speed") not in table.index


def test_columns_of_answers_keep_their_names(survey):
    answers, groups = survey
    answers.columns = pd.MultiIndex.from_tuples(
        [("experience", "speed"), ("experience", "care")], names=["measure", "dimension"]
    )
    table = compare_groups(answers, groups)
    assert table.columns[:3].tolist() == ["segment", "measure", "dimension"]


def test_each_wave_against_the_one_before(survey):
    answers, _ = survey
    waves = pd.Series(["9"] * 30 + ["10"] * 30 + ["11"] * 30, name="wave")
    table = compare_waves(answers, waves).set_index(["wave", "measure"])
    assert table.index.get_level_values("wave").unique().tolist() == ["10", "11"]
    expected = stats.ttest_ind(answers["care"][60:], answers["care"][30:60], equal_var=False)
    assert table.loc[("11", "care"), "p"] == pytest.approx(expected.pvalue)
    assert table.loc[("11", "care"), "mean_before"] == pytest.approx(answers["care"][30:60].mean())


def test_one_wave_has_nothing_before_it(survey):
    answers, _ = survey
    assert compare_waves(answers, pd.Series("2020", index=answers.index, name="wave")).empty


def test_the_smallest_difference_that_could_have_been_seen():
    # Two waves of 100 people with a standard deviation of 1.
    expected = TTestIndPower().solve_power(nobs1=100, alpha=0.05, power=0.8)
    assert detectable_difference(2 / 100, 198) == pytest.approx(expected, abs=0.002)


def test_the_change_of_a_net_promoter_score_has_an_interval_of_its_own():
    # MOVER by hand: sides of 3 and 4 points make 5. 10 (6 to 14) and 16 (13 to 19) overlap, yet
    # their difference is 6 (1 to 11).
    waves = pd.DataFrame({"wave": ["1", "2", "3"], "n": [300, 500, 400], "nps": [10.0, 16.0, 14.0]})
    waves = waves.assign(nps_low=[6.0, 13.0, 10.0], nps_high=[14.0, 19.0, 18.0])
    table = nps_changes(waves)
    second = table.loc[1, ["difference", "difference_low", "difference_high"]].tolist()
    assert second == pytest.approx([6, 1, 11])
    # z = 6 ÷ (5 ÷ 1.960) = 2.352; the change of −2 has sides of 5: −7 to 3, z = 0.784.
    assert table["p"].tolist()[1:] == pytest.approx([0.0187, 0.433], abs=0.0005)
    assert np.isnan(table["p"][0])
    assert table["n_before"].tolist()[1:] == [300, 500] and np.isnan(table["n_before"][0])
    # Half-width 5 at 95 % is a standard error of 2.551; times 1.960 + 0.842.
    assert table.loc[1, "detectable"] == pytest.approx(7.15, abs=0.005)
