import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from cxlib.sums.stakes import bad_outcome, revenue_at_stake
from cxlib.sums.weights import sampling

REVENUE = 50_000_000
INPUTS = pd.DataFrame(
    {
        "input": [
            "negative",
            "complain",
            "complained_retained",
            "complained_at_risk",
            "complained_lost",
            "silent_at_risk",
            "silent_lost",
        ],
        "share": [0.22, 0.02, 0.38, 0.34, 0.28, 0.55, 0.45],
        "from": "assumption",
    }
)


@pytest.fixture(scope="module")
def survey():
    """1,500 people: eight points of bad outcome per point of convenience, none for service."""
    rng = np.random.default_rng(0)
    halo = rng.normal(size=(1_500, 1))
    scores = np.clip(np.round(6 + halo + rng.normal(size=(1_500, 2))), 0, 10)
    scores = pd.DataFrame(scores, columns=["convenience", "service"])
    chance = 0.8 - 0.08 * scores["convenience"]
    bad = pd.Series((rng.random(1_500) < chance).astype(float), name="recommend")
    return bad, scores


IDEAL = {"convenience": 8.0, "service": 7.0}


def gaps(convenience=-2.0, service=-1.0, half=0.0):
    table = pd.DataFrame({"dimension": list(IDEAL), "gap": [convenience, service]})
    table["ideal"] = table["dimension"].map(IDEAL)
    return table.assign(gap_low=table["gap"] - half, gap_high=table["gap"] + half)


def measured(scores, weight=None):
    """The gaps that these people's scores have."""
    means = {name: np.average(scores[name], weights=weight) for name in scores}
    return gaps(*(means[name] - IDEAL[name] for name in IDEAL))


@pytest.fixture(scope="module")
def six():
    """600 people, six dimensions, one of which matters."""
    rng = np.random.default_rng(3)
    scores = np.clip(np.round(6 + rng.normal(size=(600, 1)) + rng.normal(size=(600, 6))), 0, 10)
    scores = pd.DataFrame(scores, columns=list("abcdef"))
    bad = rng.random(600) < 1 / (1 + np.exp(0.6 * (scores["a"] - 5)))
    table = pd.DataFrame({"dimension": list("abcdef"), "ideal": 8.0})
    table["gap"] = scores.mean().to_numpy() - 8
    return bad.astype(float).rename("recommend"), scores, table


def lifted(scores, table):
    """Everybody below an ideal lifted by one part of what is lacking, until the mean is there."""
    ideal = table.set_index("dimension")["ideal"]
    lacks = (ideal - scores).clip(lower=0)
    return scores + lacks * ((ideal - scores.mean()).clip(lower=0) / lacks.mean())


def test_closing_all_gaps_is_what_statsmodels_predicts(survey):
    # Two dimensions are not drawn to each other: the curve is the survey's own. 1,500 people, of
    # whom Firth's penalty moves the links by a thousandth.
    bad, scores = survey
    table = measured(scores)
    found = revenue_at_stake(bad, scores, table, REVENUE, INPUTS)
    fit = sm.GLM(bad, sm.add_constant(scores), sm.families.Binomial()).fit()
    now, then = (fit.predict(sm.add_constant(x)).mean() for x in (scores, lifted(scores, table)))
    assert lifted(scores, table).mean().tolist() == pytest.approx(list(IDEAL.values()))
    assert found["together"].tolist() == pytest.approx([now - then] * 2, abs=5e-4)
    assert found["at_stake"].sum() == pytest.approx(now - then, abs=5e-4)
    # The printed tree loses 4,912,600; it is spread over more than its 22 % of bad experience.
    assert bad.mean() > 0.22
    amount = (now - then) / bad.mean() * 4_912_600
    assert found["together_amount"].tolist() == pytest.approx([amount] * 2, rel=5e-3)
    assert found["amount"].sum() == pytest.approx(amount, rel=5e-3)
    assert found["verdict"].tolist() == ["carried", "spans_zero"]
    assert (found["from"] == "assumption").all()
    assert (found["amount_low"] < found["amount"]).all()
    assert (found["amount"] < found["amount_high"]).all()


def test_each_part_is_what_it_adds_on_the_straight_way_to_the_ideal(survey):
    # In 400 small steps, each dimension's part of each step by the curve's steepness there.
    bad, scores = survey
    table = measured(scores)
    fit = sm.GLM(bad, sm.add_constant(scores), sm.families.Binomial()).fit()
    far, parts = lifted(scores, table) - scores, np.zeros(2)
    for step in (np.arange(400) + 0.5) / 400:
        p = fit.predict(sm.add_constant(scores + step * far))
        parts -= ((p * (1 - p)).to_numpy() @ far.to_numpy()) / len(p) * fit.params[1:] / 400
    found = revenue_at_stake(bad, scores, table)["at_stake"]
    assert found.tolist() == pytest.approx(parts.tolist(), abs=5e-4)


def test_slopes_and_p_are_those_of_statsmodels(survey):
    bad, scores = survey
    weight = pd.Series(np.random.default_rng(1).uniform(0.5, 2, len(bad)))
    found = revenue_at_stake(bad, scores, measured(scores), weight=weight, draws=4_000)
    model = sm.GLM(bad, sm.add_constant(scores), sm.families.Binomial(), freq_weights=weight)
    p = model.fit().predict()
    slope = model.fit().params[1:] * np.average(p * (1 - p), weights=weight)
    assert found["slope"].tolist() == pytest.approx(slope.tolist(), abs=2e-4)
    line = sm.WLS(bad, sm.add_constant(scores), weight).fit(cov_type="HC1")
    half = (found["slope_high"] - found["slope_low"]) / 2
    assert half.tolist() == pytest.approx((1.96 * line.bse[1:]).tolist(), rel=0.08)
    assert found["p"][1] == pytest.approx(line.pvalues["service"], abs=0.05)
    # Benjamini and Hochberg, two tests: the smaller p twice, the larger once.
    assert found["q"][0] / found["p"][0] == pytest.approx(2)
    assert found["q"][1] == pytest.approx(found["p"][1])


def test_the_largest_of_several_is_taken_back(six):
    # By itself, the one that matters goes with more, and the noise with less than nothing.
    bad, scores, table = six
    alone = sm.GLM(bad, sm.add_constant(scores), sm.families.Binomial()).fit()
    p = alone.predict()
    slopes = alone.params[1:] * np.mean(p * (1 - p))
    found = revenue_at_stake(bad, scores, table).set_index("dimension")
    assert slopes["a"] + 0.01 < found.loc["a", "slope"] < slopes.drop("a").mean()
    noise = found.drop("a")["slope"]
    assert noise.std() < 0.9 * slopes.drop("a").std()
    assert found["verdict"].tolist() == ["no_money", *["spans_zero"] * 5]
    assert found["at_stake"].notna().all() and found["at_stake_low"].drop("a").max() < 0.01


def test_the_parts_are_one_whole_and_never_more_than_the_bad_outcomes(six):
    bad, scores, table = six
    far = table.assign(ideal=10.0, gap=scores.mean().to_numpy() - 10)
    found = revenue_at_stake(bad, scores, far, REVENUE, INPUTS)
    assert found["at_stake"].sum() == pytest.approx(found["together"][0])
    assert found["amount"].sum() == pytest.approx(found["together_amount"][0])
    assert found["together_high"][0] < bad.mean() + 0.05  # as unsure as the share itself
    assert found["together"][0] < bad.mean()
    assert found["together_amount"][0] < 4_912_600 < REVENUE
    assert (found["already"] < 0.05).all()
    assert found["already"].tolist() == pytest.approx((scores >= 10).mean().tolist())


def test_a_gap_of_hardly_anything_goes_with_hardly_anything(survey):
    # Many score below an ideal that the mean is at: they are lifted by as little as it lacks.
    bad, scores = survey
    table = measured(scores).assign(gap=[-0.01, 0.2])
    found = revenue_at_stake(bad, scores, table)
    assert found["at_stake"][0] == pytest.approx(-0.01 * found["slope"][0], rel=0.15)
    assert found["verdict"][1] == "at_ideal" and np.isnan(found["at_stake"][1])


def test_people_asked_together_know_less(survey):
    bad, scores = survey
    table, one = measured(scores), pd.Series(np.ones(len(bad)))
    like = np.argsort(np.argsort(bad + scores["convenience"] / 20).to_numpy()) // 30
    drawn = sampling(one, pd.Series(like, bad.index))
    alone, together = (revenue_at_stake(bad, scores, table, weight=w) for w in (one, drawn))
    width = [(t["at_stake_high"] - t["at_stake_low"])[0] for t in (alone, together)]
    assert width[1] > 1.5 * width[0]
    assert alone["at_stake"][0] == pytest.approx(together["at_stake"][0])


def test_baseline_churn_is_not_counted_as_saved(survey):
    # 4,912,600 / 11,000,000 − .05 = .3966, of the 22 % with a bad experience
    baseline = pd.DataFrame({"input": ["baseline_churn"], "share": [0.05], "from": "measured"})
    inputs = pd.concat([INPUTS, baseline], ignore_index=True)
    row = revenue_at_stake(*survey, gaps(), REVENUE, inputs).iloc[0]
    lost = row["amount"] / row["at_stake"] * row["bad"] / REVENUE
    assert lost == pytest.approx(0.3966 * 0.22, rel=5e-3)


def test_an_uncertain_gap_widens_the_amount(survey):
    sure, unsure = (
        revenue_at_stake(*survey, gaps(half=half), REVENUE, INPUTS).iloc[0] for half in (0, 1)
    )
    width = [row["amount_high"] - row["amount_low"] for row in (sure, unsure)]
    assert width[1] > 1.3 * width[0]
    assert sure["amount"] == unsure["amount"]


def test_fewer_bad_outcomes_than_the_tree_has_lose_at_its_rate(survey):
    scarce = survey[0].where(np.arange(1_500) % 4 == 0, 0.0)  # about 8 %, against 22 %
    row = revenue_at_stake(scarce, survey[1], gaps(), REVENUE, INPUTS).iloc[0]
    assert row["bad"] < 0.22
    assert row["amount"] == pytest.approx(row["at_stake"] * REVENUE * 4_912_600 / 11_000_000)


def test_data_that_cannot_carry_it_say_so(survey):
    bad, scores = survey

    def verdicts(outcome=bad, given=scores, gap=None, **money):
        gap = gaps() if gap is None else gap
        table = revenue_at_stake(outcome, given, gap, **money)
        assert table["amount"].isna().all()
        shown = table["verdict"].isin(["no_money", "spans_zero"])
        assert table["at_stake"].notna().eq(shown).all()
        return table["verdict"].tolist()

    assert verdicts(outcome=None) == ["no_outcome"] * 2
    halves = pd.Series(np.arange(29.0) % 2, name="recommend")
    assert verdicts(outcome=halves, given=scores[:29]) == ["too_few"] * 2
    assert verdicts(outcome=bad * 0) == ["too_few"] * 2
    assert verdicts(gap=gaps(np.nan, 0.5)) == ["no_gap", "at_ideal"]
    assert verdicts() == ["no_money", "spans_zero"]
    assert verdicts(revenue=REVENUE) == ["no_money", "spans_zero"]


def test_where_no_ideal_was_decided_nothing_is_tied_to_all_gaps(survey):
    undecided = gaps(np.nan, np.nan).assign(ideal=np.nan)
    found = revenue_at_stake(*survey, undecided, REVENUE, INPUTS)
    assert found["verdict"].tolist() == ["no_gap"] * 2
    assert found.filter(like="together").isna().all(axis=None), "not 0: nobody knows"
    reached = revenue_at_stake(*survey, gaps(0.5, 0.5), REVENUE, INPUTS)
    assert reached["together"].tolist() == [0, 0]


def test_a_dimension_without_scores_says_so(survey):
    bad, scores = survey
    table = revenue_at_stake(bad, scores[["convenience"]], gaps(), REVENUE, INPUTS)
    assert table["verdict"].tolist() == ["carried", "no_score"]


def test_people_with_a_blank_are_counted_as_left_out(survey):
    bad, scores = survey
    holes = scores.copy()
    holes.loc[:99, "service"] = np.nan
    unheard = bad.copy()
    unheard.loc[1_490:] = np.nan
    row = revenue_at_stake(unheard, holes, gaps(), REVENUE, INPUTS).iloc[0]
    assert (row["n"], row["left_out"]) == (1_390, 100)


def test_only_proportions_of_weights_matter(survey):
    bad, scores = survey
    weight = pd.Series(np.random.default_rng(1).uniform(0.5, 2, len(bad)))
    tables = [
        revenue_at_stake(bad, scores, gaps(), REVENUE, INPUTS, weight * factor, draws=50)
        for factor in (1, 7)
    ]
    pd.testing.assert_frame_equal(*tables)


@pytest.mark.parametrize(
    "measure, scale, answers, bad",
    [
        ("recommend", (0, 10), [0, 6, 7, 10, np.nan], [1, 1, 0, 0, np.nan]),  # NPS detractors
        ("recommend", (1, 5), [1, 3, 4, 5], [1, 1, 0, 0]),
        ("repurchase", (1, 5), [2, 3, 4], [1, 0, 0]),
        ("problem", (0, 1), [0, 1, np.nan], [0, 1, np.nan]),
    ],
)
def test_what_a_bad_outcome_is(measure, scale, answers, bad):
    found = bad_outcome(pd.Series(answers, dtype=float), measure, scale)
    assert found.name == measure
    assert np.array_equal(found, bad, equal_nan=True)
