import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxlib.sums.value import PARTS, tier_table, value_index

WEIGHTS = {"existing": 0.6, "potential": 0.3, "influence": 0.1}


@pytest.fixture
def ten():
    return pd.DataFrame(
        {
            "existing": [100, 80, 60, 40, 30, 30, 20, 20, 10, 10.0],  # mean 40
            "potential": [0, 200, 0, 0, 0, 0, 0, 0, 0, 0.0],  # mean 20
            "influence": [0, 0, 0, 0, 0, 0, 0, 0, 0, 5.0],  # mean .5
        },
        index=[f"c{i}" for i in range(10)],
    )


def test_the_index_by_hand(ten):
    found = value_index(ten, WEIGHTS)
    # c0: .6 × 100/40; c1: .6 × 80/40 + .3 × 200/20; c9: .6 × 10/40 + .1 × 5/.5.
    assert found.loc[["c0", "c1", "c9"], "index"].tolist() == pytest.approx([1.5, 4.2, 1.15])
    assert found.loc[["c1", "c0"], "tier"].tolist() == ["top", "top"]
    assert found.loc["c9", "tier"] == "middle"
    assert found["index"].mean() == pytest.approx(1)


def test_blank_is_not_zero(ten):
    ten.loc["c0", ["potential", "influence"]] = np.nan
    ten.loc["c8"] = np.nan
    found = value_index(ten, WEIGHTS)
    # Only what he brings is known of c0: it then counts for all; the mean is now 390/9.
    assert found.loc["c0", "index"] == pytest.approx(100 / (390 / 9))
    assert np.isnan(found.loc["c8", "index"]) and pd.isna(found.loc["c8", "tier"])


def test_tiers_hold_the_money_and_the_customers(ten):
    valued = value_index(ten, WEIGHTS).assign(revenue=ten["existing"])
    table = tier_table(valued).set_index("tier")
    assert table["n"].to_dict() == {"top": 2, "middle": 3, "standard": 5}
    assert table["revenue"].to_dict() == {"top": 180, "middle": 110, "standard": 110}
    assert table["revenue_share"].sum() == pytest.approx(1)
    assert table["value"].sum() == pytest.approx(1)
    # The method, §5: top customers face to face; the rest pooled.
    assert table.loc["top", "contact_mode"] == "face_to_face"
    assert table.loc["standard", "contact_mode"] == "pooled"


def test_customers_alike_are_in_the_same_tier():
    alike = pd.DataFrame({"existing": [5.0] * 7 + [9.0] * 3})
    assert value_index(alike, WEIGHTS)["tier"].tolist() == ["middle"] * 7 + ["top"] * 3


AMOUNTS = st.lists(st.floats(0.01, 1e6), min_size=8, max_size=8)


@given(AMOUNTS, AMOUNTS, st.floats(0.01, 100))
def test_units_and_the_sum_of_weights_do_not_matter(existing, potential, rate):
    table = pd.DataFrame({"existing": existing, "potential": potential})
    first = value_index(table, WEIGHTS)["index"]
    other_unit = value_index(table.assign(potential=table["potential"] * rate), WEIGHTS)["index"]
    doubled = {part: 2 * WEIGHTS[part] for part in PARTS}
    assert other_unit.to_numpy() == pytest.approx(first.to_numpy())
    assert value_index(table, doubled)["index"].to_numpy() == pytest.approx(first.to_numpy())
