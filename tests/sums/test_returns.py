import numpy as np
import pandas as pd
import pytest

from cxlib.sums.initiatives import best_ideals, initiative_returns


def stakes():
    ends = {"at_stake": [0.2, 0.05, 0.02, np.nan], "at_stake_low": [0.1, 0.03, -0.02, np.nan],
            "at_stake_high": [0.3, 0.07, 0.06, np.nan]}  # fmt: skip
    table = pd.DataFrame(
        {
            "dimension": ["convenience", "price", "service", "product"],
            "gap": [-5.0, -1, -2, 0],
            **ends,
            "verdict": ["carried", "carried", "spans_zero", "at_ideal"],
        }
    )
    money = {name.replace("at_stake", "amount"): table[name] * 500_000 for name in ends}
    return table.assign(**money)


def things():
    return pd.DataFrame(
        {
            "initiative": ["stores", "cuts", "smiles", "range", "vague", "other", "odd"],
            "dimension": ["convenience", "price", "service", "product", "price", None, "colour"],
            "uplift": [2.0, 4.0, 1.0, 1.0, np.nan, 1.0, 1.0],
            "cost": 10.0,
        }
    )


def test_points_become_money_by_hand():
    found = initiative_returns(things(), stakes()).set_index("initiative")
    # 2 of 5 points: two fifths of .2 of customers, and of 100,000 (50,000 to 150,000).
    ends = ["", "_low", "_high"]
    assert found.loc["stores", [f"kept{e}" for e in ends]].tolist() == pytest.approx(
        [0.08, 0.04, 0.12]
    )
    amounts = found.loc["stores", [f"benefit{e}" for e in ends]].tolist()
    assert amounts == pytest.approx([40_000, 20_000, 60_000])
    # Four points where one is short of the ideal: the whole gap, and no more.
    assert found.loc["cuts", "benefit"] == pytest.approx(25_000)
    # Half of 10,000, which may be nothing.
    assert found.loc["smiles", "benefit"] == pytest.approx(5_000)
    assert found.loc["smiles", "benefit_low"] == pytest.approx(-5_000)


def test_what_the_survey_cannot_carry_has_no_money_and_says_why():
    found = initiative_returns(things(), stakes()).set_index("initiative")
    assert found["verdict"].to_dict() == {
        "stores": "carried",
        "cuts": "carried",
        "smiles": "spans_zero",
        "range": "at_ideal",
        "vague": "no_uplift",
        "other": "no_dimension",
        "odd": "no_link",
    }
    assert found.loc[["range", "vague", "other", "odd"], "benefit"].isna().all()


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
