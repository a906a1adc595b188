import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cxlib.sums.service_level import (
    best_service_level,
    critical_ratio,
    service_level_curve,
    service_level_profit,
)


def test_the_newsvendor():
    # Worked example 20: overage 3, margin 4, demand U(250, 450); then margin 8.
    demand = stats.uniform(250, 200)
    assert critical_ratio(4, 3) == pytest.approx(0.5714, abs=5e-5)
    assert demand.ppf(critical_ratio(4, 3)) == pytest.approx(364.29, abs=0.005)
    assert critical_ratio(8, 3) == pytest.approx(0.7273, abs=5e-5)
    assert demand.ppf(critical_ratio(8, 3)) == pytest.approx(395.45, abs=0.005)


def curves(levels):
    """Revenue 100 √x and cost 50 x²: the best x solves 50/√x = 100 x, x = .25^(1/1.5) = .39685."""
    x = np.array(levels)
    return pd.DataFrame({"level": x.astype(str), "cost": 50 * x**2, "revenue": 100 * np.sqrt(x)})


BEST = 0.5 ** (2 / 3)


def test_the_best_level_is_where_marginal_revenue_is_marginal_cost():
    table = curves(np.linspace(0.05, 1, 20))
    best = best_service_level(table).iloc[0]
    assert best["best_level"] == pytest.approx(BEST, abs=0.01)
    assert best["profit"] == pytest.approx(100 * BEST**0.5 - 50 * BEST**2, rel=1e-3)
    curve = service_level_curve(table)
    at = curve.iloc[(curve["level"] - best["best_level"]).abs().argmin()]
    assert at["marginal_revenue"] == pytest.approx(at["marginal_cost"], rel=0.02)
    assert best["between"] and not best["at_edge"]


def test_how_flat_it_is():
    # By hand: profit within 1 % of the best of the curves themselves.
    x = np.linspace(0.05, 1, 200_001)
    profit = 100 * np.sqrt(x) - 50 * x**2
    inside = x[profit >= 0.99 * profit.max()]
    best = best_service_level(curves(np.linspace(0.05, 1, 40))).iloc[0]
    assert best["best_level_low"] == pytest.approx(inside[0], abs=0.01)
    assert best["best_level_high"] == pytest.approx(inside[-1], abs=0.01)
    narrow = best_service_level(curves(np.linspace(0.05, 1, 40)), flat=1e-4).iloc[0]
    assert narrow["best_level_high"] - narrow["best_level_low"] < 0.1


def test_named_levels_have_no_curve_between_them():
    table = pd.DataFrame(
        {"level": ["gold", "basic", "silver"], "cost": [90, 10, 40], "revenue": [150, 60, 110]}
    )
    assert service_level_curve(table).empty
    found = service_level_profit(table)
    assert found["level"].tolist() == ["basic", "silver", "gold"]
    assert found["profit"].tolist() == [50, 70, 60]
    assert found["marginal_revenue"].tolist()[1:] == [50, 40]
    assert found["marginal_cost"].tolist()[1:] == [30, 50]
    best = best_service_level(table).iloc[0]
    assert (best["best_level"], best["at_edge"], best["between"]) == ("silver", False, False)
    assert best_service_level(table, flat=0.2).iloc[0]["best_level_high"] == "gold"  # 60 ≥ 56


def test_four_levels_do_not_tell_what_lies_between_them():
    # Simulated (proof/coverage_money.py), a curve through four earns within 1 % of the most in 87 of
    # 100 tries, through five in all. By hand: 100 √x − 50 x² is 46.9, 58.5, 58.2, 50 at these.
    table = curves([0.25, 0.75, 0.5, 1.0])
    assert service_level_curve(table).empty
    best = best_service_level(table).iloc[0]
    assert (best["best_level"], best["between"]) == ("0.75", False)
    assert best["profit"] == pytest.approx(100 * 0.75**0.5 - 50 * 0.75**2)
    five = best_service_level(curves([0.2, 0.35, 0.5, 0.75, 1.0])).iloc[0]
    assert five["between"] and five["profit"] == pytest.approx(
        100 * BEST**0.5 - 50 * BEST**2, rel=0.01
    )


def test_a_best_level_at_the_edge_may_not_be_the_best():
    assert best_service_level(curves([0.05, 0.1, 0.15, 0.2]))["at_edge"].item()
    assert best_service_level(pd.DataFrame(columns=["level", "cost", "revenue"])).empty
    assert service_level_profit(
        pd.DataFrame({"level": ["a", "b"], "cost": [1, 2], "revenue": [np.nan, 9]})
    )["profit"].tolist()[1:] == [7]


def test_a_good_level_elsewhere_is_another_answer():
    # Profits 10, 2, 10.05: within 1 % of the best are both ends, and what lies between is not.
    table = pd.DataFrame(
        {"level": ["a", "b", "c"], "cost": [1.0, 2, 3], "revenue": [11.0, 4, 13.05]}
    )
    best = best_service_level(table).iloc[0]
    assert (best["best_level"], best["best_level_low"]) == ("c", "c")


def test_the_best_level_is_where_margin_less_cost_is_largest():
    # By hand, a margin of .5: 18.3 − 1.2, 19.1 − 1.5, 19.45 − 1.8, 19.75 − 2.3: 17.1, 17.6, 17.65,
    # 17.45; of all revenue the dearest would be best, 35.4, 36.7, 37.1, 37.2.
    levels = pd.DataFrame(
        {
            "level": ["a", "b", "c", "d"],
            "cost": [1.2, 1.5, 1.8, 2.3],
            "revenue": [36.6, 38.2, 38.9, 39.5],
        }
    )
    assert best_service_level(levels, margin=0.5)["best_level"].item() == "c"
    assert best_service_level(levels)["best_level"].item() == "d"
