import numpy as np
import pandas as pd
import pytest

from cxlib.sums.returns import best_ideals, initiative_returns, most_by_dimension

NO_RANGE = dict.fromkeys(["low", "high", "count", "of"], np.nan)


def tree():
    """Half of bad experience is lost, said by nobody's range: the loss rate is .5 exactly."""
    shares = {
        "negative": 0.2, "complain": 0.0, "complained_retained": 1.0, "complained_at_risk": 0.0,
        "complained_lost": 0.0, "silent_at_risk": 0.5, "silent_lost": 0.5,
    }  # fmt: skip
    rows = [{"input": k, "share": v, **NO_RANGE, "from": "measured"} for k, v in shares.items()]
    return pd.DataFrame(rows)


def links():
    return pd.DataFrame(
        {
            "dimension": ["convenience", "price", "service", "product"],
            "gap": [-5.0, -1, -2, 0],
            "slope": [-0.04, -0.05, -0.01, -0.03],
            "slope_low": [-0.06, -0.07, -0.03, -0.05],
            "slope_high": [-0.02, -0.03, 0.01, -0.01],
            "bad": 0.2,  # as much as the tree has negative experience
        }
    )


def things():
    return pd.DataFrame(
        {
            "initiative": ["stores", "cuts", "smiles", "range", "vague", "other"],
            "dimension": ["convenience", "price", "service", "product", "price", None],
            "uplift": [2.0, 4.0, 1.0, 1.0, np.nan, 1.0],
            "cost": 10.0,
        }
    )


def test_points_become_money_by_hand():
    found = initiative_returns(things(), links(), 1_000_000, tree()).set_index("initiative")
    # 2 points × .04 = .08 of customers; × 1,000,000 × .5 = 40,000. Slope ± .02: 20,000 to 60,000.
    assert found.loc["stores", "kept"] == pytest.approx(0.08)
    assert found.loc["stores", "benefit"] == pytest.approx(40_000)
    ends = found.loc["stores", ["benefit_low", "benefit_high"]].tolist()
    assert ends == pytest.approx([20_000, 60_000], rel=0.05)
    # Four points where one is short of the ideal: .05 × 1.
    assert found.loc["cuts", "benefit"] == pytest.approx(25_000)


def test_what_the_survey_cannot_carry_has_no_money_and_says_why():
    found = initiative_returns(things(), links(), 1_000_000, tree()).set_index("initiative")
    assert found["verdict"].to_dict() == {
        "stores": "carried",
        "cuts": "carried",
        "smiles": "spans_zero",
        "range": "at_ideal",
        "vague": "no_uplift",
        "other": "no_dimension",
    }
    assert found.loc[found["verdict"] != "carried", "benefit"].isna().all()
    poor = initiative_returns(things(), links()).set_index("initiative")
    assert poor.loc["stores", "verdict"] == "no_money"
    assert poor.loc["stores", "kept"] == pytest.approx(0.08) and np.isnan(
        poor.loc["stores", "benefit"]
    )


def test_no_more_are_kept_than_were_at_risk():
    few = links().assign(bad=0.05)
    assert initiative_returns(things(), few, 1_000_000, tree()).loc[0, "benefit"] == pytest.approx(
        25_000
    )


def test_no_more_can_be_lost_than_the_tree_says():
    # Twice as many detractors as the tree has bad experience: each stands for half as much.
    wide = links().assign(bad=0.4)
    found = initiative_returns(things(), wide, 1_000_000, tree())
    assert found.loc[0, "benefit"] == pytest.approx(20_000)


def test_the_best_ideal_is_what_the_chosen_reach():
    # The method's worked example: 5 today, 10 decided; two points are paid for.
    gaps = pd.DataFrame(
        {
            "dimension": ["convenience", "product", "price", "brand"],
            "experience": [5.0, 6, 6, 7],
            "ideal": [10.0, 7, 7, 7],
        }
    )
    gaps["gap"] = gaps["experience"] - gaps["ideal"]
    plan = pd.DataFrame(
        {
            "dimension": ["convenience", "product", "price"],
            "uplift": [2.0, 3.0, 1.0],
            "cost": [9.0, 5.0, 4.0],
            "chosen": [True, True, False],
        }
    )
    found = best_ideals(gaps, plan, (0, 10)).set_index("dimension")
    assert found["best_ideal"].tolist() == [7, 7, 6, 7]
    assert found["closed"].tolist()[:3] == [0.4, 1, 0]
    assert found["verdict"].tolist() == ["partly", "closed", "left", "at_ideal"]


def test_two_that_close_one_gap_do_not_earn_it_twice():
    # Convenience is 5 short at 20,000 a point; price 1 short at 25,000.
    found = most_by_dimension(initiative_returns(things(), links(), 1_000_000, tree()), links())
    assert found == pytest.approx({"convenience": 100_000, "price": 25_000})
