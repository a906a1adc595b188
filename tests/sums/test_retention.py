import numpy as np
import pandas as pd
import pytest
from scipy.optimize import check_grad

from cxlib.sums.retention import (
    fit_sbg,
    misfit,
    renewal_terms,
    renewals,
    survival_curves,
    survival_difference,
)

# Fader & Hardie 2007, table 1: per cent of customers still there after each of seven years.
STAYED = {
    "regular": [100, 63.1, 46.8, 38.2, 32.6, 28.9, 26.2, 24.1],
    "high_end": [100, 86.9, 74.3, 65.3, 59.3, 55.1, 51.7, 49.1],
}


def contracts(stayed):
    """One row per year in which customers left, and one for those who are still there."""
    stayed = np.array(stayed) * 10  # the paper's 1,000 customers
    left = pd.DataFrame({"completed": range(len(stayed) - 1), "left": 1, "count": -np.diff(stayed)})
    still = pd.DataFrame({"completed": [len(stayed) - 1], "left": 0, "count": stayed[-1:]})
    return pd.concat([left, still], ignore_index=True).assign(entered=0)


@pytest.mark.parametrize(
    ("segment", "printed"), {"regular": (0.704, 1.182), "high_end": (0.668, 3.806)}.items()
)
def test_sbg_on_the_published_cohorts(segment, printed):
    # Fader & Hardie 2007, §3.
    assert fit_sbg(contracts(STAYED[segment])).values == pytest.approx(printed, abs=0.001)


def leaving(n, alpha, beta, entered, until, seed):
    """Customers of whom only those still there after `entered` periods are seen."""
    rng = np.random.default_rng(seed)
    lasted = rng.geometric(rng.beta(alpha, beta, n)) - 1  # renewals made before leaving
    entered = np.full(n, entered) if np.isscalar(entered) else rng.choice(entered, n)
    seen = lasted >= entered
    table = pd.DataFrame({"entered": entered, "completed": np.minimum(lasted, until)})
    return table.assign(left=(lasted < until).astype(int))[seen]


def test_sbg_is_found_again_from_customers_seen_late():
    # Left out of account, the late start would make customers look more lasting than they are.
    truth, held = np.array([1.0, 3.0]), []
    for seed in range(40):
        fit = fit_sbg(leaving(3000, *truth, [0, 1, 2, 3], 8, seed)).parameters
        held.append(((fit["low"] <= truth) & (truth <= fit["high"])).to_numpy())
    assert 0.86 <= np.mean(held) <= 1
    ignored = fit_sbg(leaving(3000, *truth, 3, 8, 1).assign(entered=0))
    assert ignored.values[1] > 2 * truth[1]


def test_a_model_that_does_not_fit_is_told():
    rng = np.random.default_rng(5)
    cohort = leaving(4000, 1.0, 3.0, 0, 8, 5)
    assert renewals(cohort, fit_sbg(cohort))["fits"].all()
    # Nobody leaves for four periods, then half of them each time: no sBG retention falls.
    lasted = 4 + rng.geometric(0.5, 4000) - 1
    odd = pd.DataFrame({"entered": 0, "completed": np.minimum(lasted, 8)})
    odd["left"] = (lasted < 8).astype(int)
    found = renewals(odd, fit_sbg(odd))
    assert not found["fits"].any()
    assert found.loc[found["period"] == 4, "retention"].tolist() == [1.0]


# Freireich et al. 1963: weeks in remission; + is still in remission.
MERCAPTOPURINE = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


@pytest.fixture
def leukaemia():
    parts = []
    for arm, weeks in {"6-MP": MERCAPTOPURINE, "placebo": PLACEBO}.items():
        times = weeks.split()
        tenure = [float(time.rstrip("+")) for time in times]
        left = [0 if time.endswith("+") else 1 for time in times]
        parts.append(pd.DataFrame({"tenure": tenure, "left": left, "arm": arm}))
    return pd.concat(parts, ignore_index=True)


def test_survival_of_the_leukaemia_trial(leukaemia):
    # Worked example 17.
    curves = survival_curves(leukaemia, "arm")
    six = curves[(curves["group"] == "6-MP") & (curves["time"] == 6)]
    assert six["survival"].round(4).tolist() == [0.8571]
    assert six[["n", "left"]].to_numpy().tolist() == [[21, 3]]
    assert (curves["survival_low"] <= curves["survival"]).all()
    assert f"{survival_difference(leukaemia, 'arm'):.2e}" == "4.17e-05"


def test_a_curve_told_every_so_often_stands_where_the_steps_before_left_it(leukaemia):
    # The same worked example: 6-MP stands at 0.8571, 0.7529, 0.6275 and 0.4482 after 6, 10, 16 and 23.
    curves = survival_curves(leukaemia, "arm", every=6)
    told = curves[curves["group"] == "6-MP"].set_index("time").loc[6:24]
    assert told["survival"].round(4).tolist() == [0.8571, 0.7529, 0.6275, 0.4482]
    assert told["left"].tolist() == [3, 2, 2, 2]
    assert told["n"].tolist() == [21, 12, 9, 5]


def test_customers_first_seen_late_are_at_risk_only_from_then():
    # By hand: at time 2 twenty of thirty are at risk, since ten were first seen at 3.
    rows = [(2, 1, 0)] * 10 + [(5, 1, 0)] * 10 + [(6, 0, 3)] * 10
    late = pd.DataFrame(rows, columns=["tenure", "left", "entered"]).astype(float)
    curve = survival_curves(late)
    assert curve["n"].tolist() == [20, 20]
    assert curve["survival"].tolist() == pytest.approx([1 / 2, 1 / 4])


def test_a_curve_starts_where_enough_were_seen():
    # The one customer seen at 1 left: a curve from there would be zero for ever.
    rows = [(1, 1, 0)] + [(5, 1, 2)] * 10 + [(6, 0, 2)] * 10
    late = pd.DataFrame(rows, columns=["tenure", "left", "entered"]).astype(float)
    curve = survival_curves(late)
    assert curve[["time", "start"]].to_numpy().tolist() == [[5, 1]]
    assert curve["survival"].tolist() == pytest.approx([0.5])


def test_one_group_is_no_comparison(leukaemia):
    assert np.isnan(survival_difference(leukaemia.assign(arm="one"), "arm"))


def test_the_gradient_is_the_slope():
    entered, completed, left = np.array([[0, 0, 1], [2, 5, 0], [3, 3, 1], [1, 9, 1]]).T

    def both(parameters):
        value, gradient = renewal_terms(parameters, entered, completed, left)
        return value.sum(), gradient.sum(axis=1)

    for point in ([0.7, 1.2], [3.0, 9.0]):
        error = check_grad(lambda p: both(p)[0], lambda p: both(p)[1], np.array(point))
        assert error < 1e-5


def test_the_test_of_a_misfit_by_hand():
    # Four periods of 100, half expected: (5² + 5²)/25 + 0 + (10²)/25 = 6 on 4 − 2 degrees of
    # freedom, whose tail is exp(−3).
    renewed, n = pd.Series([55, 45, 50, 60]), pd.Series([100] * 4)
    assert misfit(renewed, n, pd.Series([0.5] * 4)) == pytest.approx(np.exp(-3))
    assert np.isnan(misfit(renewed[:3], n[:3], pd.Series([0.5] * 3)))
    # Of eight, four expected either way: too few for the chi-square, whatever they did.
    few = pd.Series([*renewed, 8]), pd.Series([*n, 8]), pd.Series([0.5] * 5)
    assert misfit(*few) == pytest.approx(np.exp(-3))
