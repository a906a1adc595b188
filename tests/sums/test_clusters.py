"""Variances of people who were asked together: R's figures, and the same people asked one by one."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxlib.sums.clusters import base_of
from cxlib.sums.compare import compare_groups, compare_waves
from cxlib.sums.drivers import driver_table
from cxlib.sums.estimate import estimate_means
from cxlib.sums.expectations import promise_or_delivery
from cxlib.sums.interval import mean_interval, nps_table, share_interval
from cxlib.sums.kano import kano_table
from cxlib.sums.mix import mix_adjusted
from cxlib.sums.roles import weighted_by_role
from cxlib.sums.weights import part_of, rake, sampling

ORACLES = Path(__file__).parent / "oracles"
OF_POPULATION = 1 - 15 / 757  # districts sampled; R's figures are of a finite population
MARGINS = {
    "stype": {"E": 4421 / 6194, "H": 755 / 6194, "M": 1018 / 6194},
    "sch_wide": {"No": 1072 / 6194, "Yes": 5122 / 6194},
}


@pytest.fixture(scope="module")
def districts():
    return pd.read_csv(ORACLES / "apiclus1.csv")


def errors(found):
    return np.sqrt(np.diag(found.covariance))


def test_the_mean_of_a_cluster_sample(districts):
    # R survey 4.1, example(api): svymean(~api00, dclus1) 644.17, SE 23.542; degf 14.
    found = estimate_means(districts[["api00"]], sampling(districts["pw"], districts["dnum"]))
    assert found.mean["api00"] == pytest.approx(644.17, abs=0.005)
    assert errors(found) * np.sqrt(OF_POPULATION) == pytest.approx([23.542], abs=0.0005)
    assert found.df["api00"] == 14
    # confint(m, df = degf(dclus1)) is 593.6763 to 694.6625, symmetric; the mid-point and n_eff ours.
    row = mean_interval(found).loc["api00"]
    assert row["mean_low"] < 593.68 + 12 and 10 < row["n_eff"] < 30


def test_a_raked_mean_has_the_variance_of_what_the_margins_leave(districts):
    # R survey 4.1, tests/rakecheck.Rout: svymean api00 641.23, SE 23.704; svytotal enroll
    # 3647300, SE 400603, of 6194 schools.
    raked = rake(districts, MARGINS, districts["pw"], largest=100).weight
    of = {"raked": districts[[*MARGINS]], "start": districts["pw"]}
    answers = districts[["api00", "enroll"]]
    found = estimate_means(answers, sampling(raked, districts["dnum"], **of))
    assert found.mean["api00"] == pytest.approx(641.23, abs=0.005)
    expected = [23.704, 400603 / 6194]
    assert errors(found) * np.sqrt(OF_POPULATION) == pytest.approx(expected, abs=0.0005)
    # The same schools taken as drawn one by one: 29.3, and 36.3 without regard to the margins.
    alone = estimate_means(answers, sampling(raked, **of))
    assert errors(alone)[1] == pytest.approx(29.3, abs=0.05)
    assert errors(estimate_means(answers, raked))[1] == pytest.approx(36.3, abs=0.05)


def test_so_has_the_mean_of_a_part():
    # The oracle is the spread of the means themselves, of 400 samples of one population raked to
    # what is known of all; without the margins it would be taken for a fifth larger, or more.
    rng, found = np.random.default_rng(5), []
    for _ in range(400):
        old, city = rng.random(300) < 0.4, rng.random(300) < 0.5
        people = pd.DataFrame({"old": old.astype(str), "city": city.astype(str)})
        answers = pd.DataFrame({"y": 3 * old + rng.standard_normal(300)})
        margins = {"old": {"True": 0.4, "False": 0.6}, "city": {"True": 0.5, "False": 0.5}}
        drawn = sampling(
            rake(people, margins).weight, raked=people, start=pd.Series(1.0, people.index)
        )
        rows = people.index[rng.random(300) < 0.7]
        part = estimate_means(answers.loc[rows], part_of(drawn, rows))
        alone = estimate_means(answers.loc[rows], drawn.weight.loc[rows])
        found.append((part.mean["y"], errors(part)[0], errors(alone)[0]))
    mean, error, without = np.array(found).T
    assert error.mean() == pytest.approx(mean.std(), rel=0.08)
    assert without.mean() > 1.2 * mean.std()


def test_the_mean_of_a_stratified_sample():
    schools = pd.read_csv(ORACLES / "apistrat.csv")
    by = schools.groupby("stype")
    share, n, size = by["fpc"].first() / 6194, by.size(), by["fpc"].first()
    of_stratum = share**2 * by["api00"].var() / n
    # R survey 4.1: svymean(~api00, dstrat) 662.29, SE 9.4089, of a finite population.
    assert np.sqrt((of_stratum * (1 - n / size)).sum()) == pytest.approx(9.4089, abs=5e-5)
    found = estimate_means(schools[["api00"]], sampling(schools["pw"], stratum=schools["stype"]))
    assert found.mean["api00"] == pytest.approx(662.29, abs=0.005)
    assert errors(found) == pytest.approx([np.sqrt(of_stratum.sum())])
    assert found.df["api00"] == 197


# A law: ten people who say the same and were asked together tell what one of them tells.

RNG = np.random.default_rng(14)
ONE = pd.DataFrame(
    {"a": RNG.integers(0, 11, 40), "b": RNG.integers(0, 11, 40), "y": RNG.integers(0, 11, 40)},
    dtype=float,
)
ONE["y"] = (ONE["y"] + ONE["a"]) / 2
TEN = ONE.loc[np.repeat(ONE.index, 10)].reset_index(drop=True)
GROUP = pd.Series(np.where(np.arange(40) % 3, "x", "z"), name="group")
DRAWN = sampling(pd.Series(1.0, TEN.index), pd.Series(np.repeat(np.arange(40), 10)))
ENDS = ["difference", "difference_low", "difference_high"]


def repeated(series):
    return series.loc[np.repeat(series.index, 10)].reset_index(drop=True)


def test_ten_that_are_alike_are_one():
    one, ten = estimate_means(ONE), estimate_means(TEN, DRAWN)
    assert ten.mean.tolist() == pytest.approx(one.mean.tolist())
    assert ten.covariance.to_numpy() == pytest.approx(one.covariance.to_numpy())
    assert ten.df.tolist() == one.df.tolist() == [39] * 3
    assert ten.skewness.tolist() == pytest.approx(one.skewness.tolist())
    assert ten.n_eff.tolist() == pytest.approx([40] * 3)
    assert base_of(TEN["a"], DRAWN) == pytest.approx(40)


def test_so_are_their_groups_waves_and_shares():
    for compare in (compare_groups, compare_waves):
        one, ten = compare(ONE, GROUP), compare(TEN, repeated(GROUP), DRAWN)
        for name in [*ENDS, "p"]:  # a factor of 39/40 on the whole in place of one for each side
            assert ten[name].tolist() == pytest.approx(one[name].tolist(), rel=0.05, abs=0.02)
    bad = (ONE <= 4).astype(float)
    one, ten = (
        share_interval(estimate_means(bad)),
        share_interval(estimate_means(repeated(bad), DRAWN)),
    )
    assert ((ten["share_high"] - one["share_high"]).between(0, 0.01)).all()  # 39 df, not a normal
    one, ten = nps_table(ONE["a"]), nps_table(TEN["a"], DRAWN)
    assert ten["nps_high"].tolist() == pytest.approx(one["nps_high"].tolist(), abs=2)
    assert nps_table(TEN["a"])["nps_high"].item() < one["nps_high"].item() - 10


def test_so_are_their_links():
    one = promise_or_delivery(*(ONE[name] for name in "yab"))
    ten = promise_or_delivery(*(TEN[name] for name in "yab"), DRAWN)
    width = [t["effect_high"] - t["effect_low"] for t in (one, ten)]
    assert width[1].tolist() == pytest.approx(width[0].tolist(), rel=0.3)  # HC3 knows 40, not 400
    one = driver_table(ONE["y"], ONE[["a", "b"]], draws=4000)
    ten = driver_table(TEN["y"], TEN[["a", "b"]], DRAWN, draws=4000)
    for end in ("share_low", "share_high"):
        assert ten[end].tolist() == pytest.approx(one[end].tolist(), abs=0.03)
    assert ten["n_eff"].tolist() == pytest.approx([40] * 4)


def test_so_are_their_requirements():
    codes = pd.DataFrame({"lift": RNG.integers(1, 6, 40), "desk": RNG.integers(1, 6, 40)})
    other = 6 - codes.sample(frac=1, random_state=1).reset_index(drop=True)
    one, ten = kano_table(codes, other), kano_table(repeated(codes), repeated(other), DRAWN)
    assert ten["n_eff"].tolist() == pytest.approx(one["n_eff"].tolist(), rel=0.03)
    assert ten["p_class"].tolist() == pytest.approx(one["p_class"].tolist(), abs=0.03)
    for name in ("better_low", "worse_high", "functional_score_low"):
        assert ten[name].tolist() == pytest.approx(one[name].tolist(), abs=0.02)


def test_so_are_groups_of_the_same_mix():
    split = pd.Series(np.where(np.arange(40) % 2, "p", "q"))
    one = mix_adjusted(ONE["y"], GROUP, split)
    ten = mix_adjusted(TEN["y"], repeated(GROUP), repeated(split), DRAWN)
    for name in ("difference_low", "adjusted_low", "adjusted_high"):
        assert ten[name].tolist() == pytest.approx(one[name].tolist(), abs=0.12)


def test_a_cluster_on_both_sides_takes_its_own_part_out():
    # Two of each cluster, one in each group, with the cluster's own level in common: as paired.
    level = np.repeat(RNG.normal(size=30) * 5, 2)
    answers = pd.DataFrame({"a": level + RNG.normal(size=60)})
    groups = pd.Series(["u", "v"] * 30, name="group")
    drawn = sampling(pd.Series(1.0, answers.index), pd.Series(np.repeat(np.arange(30), 2)))
    row = compare_groups(answers, groups, drawn).iloc[0]
    pairs = answers["a"].to_numpy().reshape(30, 2) @ [1, -1]
    t = row["difference"] / (pairs.std(ddof=1) / np.sqrt(30))
    half = (row["difference_high"] - row["difference_low"]) / 2
    assert row["difference"] == pytest.approx(pairs.mean())
    assert half == pytest.approx(2.0 * row["difference"] / t, rel=0.03)


def test_roles_of_one_account_are_no_strangers():
    label = pd.MultiIndex.from_tuples([("experience", "price")], names=["measure", "dimension"])
    level = np.repeat(RNG.normal(size=30) * 5, 2)
    answers = pd.DataFrame({0: level + RNG.normal(size=60)}).set_axis(label, axis=1)
    role = pd.Series(["user", "sponsor"] * 30)
    drawn = sampling(pd.Series(1.0, answers.index), pd.Series(np.repeat(np.arange(30), 2)))
    by = {name: estimate_means(answers[role == name]) for name in ("user", "sponsor")}
    by["all"] = estimate_means(answers)
    wide = pd.concat({name: answers.where(role == name) for name in ("user", "sponsor")}, axis=1)
    half = {"user": 0.5, "sponsor": 0.5}
    plain = weighted_by_role(by, half).iloc[0]
    known = weighted_by_role(by, half, together=estimate_means(wide, drawn)).iloc[0]
    accounts = pd.Series(answers.to_numpy().reshape(30, 2).mean(axis=1))
    ratio = (known["weighted_high"] - known["weighted"]) / (
        plain["weighted_high"] - plain["weighted"]
    )
    assert known["weighted"] == pytest.approx(accounts.mean())
    assert ratio == pytest.approx(np.sqrt(2), rel=0.05)  # 30 accounts, not 60 people


def test_one_cluster_tells_nothing_of_the_spread():
    found = estimate_means(ONE, sampling(pd.Series(1.0, ONE.index), pd.Series("one", ONE.index)))
    assert np.isnan(errors(found)).all() and mean_interval(found)["mean_low"].isna().all()


def test_who_has_no_cluster_was_asked_alone():
    drawn = sampling(pd.Series(1.0, range(4)), pd.Series(["a", "a", None, None]))
    assert drawn.cluster.nunique() == 3
