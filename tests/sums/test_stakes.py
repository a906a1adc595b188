import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from cxlib.sums.stakes import bad_outcome, revenue_at_stake

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


def gaps(convenience=-2.0, service=-1.0, half=0.0):
    table = pd.DataFrame({"dimension": ["convenience", "service"], "gap": [convenience, service]})
    return table.assign(gap_low=table["gap"] - half, gap_high=table["gap"] + half)


def test_the_chain_from_gap_to_money_by_hand(survey):
    # Slope by statsmodels; 2 points; the printed tree loses 4,912,600 of 50,000,000, which is
    # spread over those with the bad outcome, for they are more than its 22 % of bad experience.
    bad, scores = survey
    row = revenue_at_stake(bad, scores, gaps(), REVENUE, INPUTS).iloc[0]
    slope = sm.OLS(bad, sm.add_constant(scores)).fit().params["convenience"]
    assert row["slope"] == pytest.approx(slope)
    assert row["at_stake"] == pytest.approx(-2 * slope)
    assert bad.mean() > 0.22
    assert row["amount"] == pytest.approx(-2 * slope / bad.mean() * 4_912_600)
    assert row["verdict"] == "carried"
    assert row["amount_low"] < row["amount"] < row["amount_high"]
    assert row["from"] == "assumption"


def test_baseline_churn_is_not_counted_as_saved(survey):
    # 4,912,600 / 11,000,000 − .05 = .3966, of the 22 % with a bad experience
    baseline = pd.DataFrame({"input": ["baseline_churn"], "share": [0.05], "from": "measured"})
    inputs = pd.concat([INPUTS, baseline], ignore_index=True)
    row = revenue_at_stake(*survey, gaps(), REVENUE, inputs).iloc[0]
    lost = row["amount"] / row["at_stake"] * row["bad"] / REVENUE
    assert lost == pytest.approx(0.3966 * 0.22)


def test_what_goes_with_another_dimension_is_not_claimed_twice(survey):
    table = revenue_at_stake(*survey, gaps(), REVENUE, INPUTS).set_index("dimension")
    service = table.loc["service"]
    assert service["slope_alone_high"] < 0  # the halo: alone, service seems to matter
    assert service["verdict"] == "spans_zero"
    assert service[["at_stake", "amount", "amount_low"]].isna().all()


def test_slopes_and_their_intervals_are_those_of_statsmodels(survey):
    bad, scores = survey
    weight = pd.Series(np.random.default_rng(1).uniform(0.5, 2, len(bad)))
    table = revenue_at_stake(bad, scores, gaps(), weight=weight, draws=4_000)
    fit = sm.WLS(bad, sm.add_constant(scores), weight).fit(cov_type="HC1")
    assert table["slope"].tolist() == pytest.approx(fit.params[scores.columns].tolist())
    half = (table["slope_high"] - table["slope_low"]) / 2
    assert half.tolist() == pytest.approx((1.96 * fit.bse[scores.columns]).tolist(), rel=0.06)
    alone = sm.WLS(bad, sm.add_constant(scores["service"]), weight).fit().params["service"]
    assert table["slope_alone"][1] == pytest.approx(alone)


def test_an_uncertain_gap_widens_the_amount(survey):
    sure, unsure = (
        revenue_at_stake(*survey, gaps(half=half), REVENUE, INPUTS).iloc[0] for half in (0, 1)
    )
    width = [row["amount_high"] - row["amount_low"] for row in (sure, unsure)]
    assert width[1] > 1.5 * width[0]
    assert sure["amount"] == unsure["amount"]


def test_no_more_is_at_stake_than_there_are_bad_outcomes(survey):
    row = revenue_at_stake(*survey, gaps(convenience=-9.0), REVENUE, INPUTS).iloc[0]
    assert row["capped"]
    assert row["at_stake"] == pytest.approx(survey[0].mean())
    assert row["amount"] == pytest.approx(4_912_600)  # all that the printed tree loses


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
        return table["verdict"].tolist()

    assert verdicts(outcome=None) == ["no_outcome"] * 2
    halves = pd.Series(np.arange(29.0) % 2, name="recommend")
    assert verdicts(outcome=halves, given=scores[:29]) == ["too_few"] * 2
    assert verdicts(outcome=bad * 0) == ["too_few"] * 2
    assert verdicts(gap=gaps(np.nan, 0.5)) == ["no_gap", "at_ideal"]
    assert verdicts() == ["no_money", "spans_zero"]
    assert verdicts(revenue=REVENUE) == ["no_money", "spans_zero"]


def test_without_money_the_share_of_customers_is_still_told(survey):
    row = revenue_at_stake(*survey, gaps()).iloc[0]
    assert row["at_stake"] == pytest.approx(-2 * row["slope"])


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
