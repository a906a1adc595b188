import numpy as np
import pandas as pd
import pytest

from cxlib.sums.loop import growth_in_proportion


@pytest.fixture
def stores():
    # The method, step 7: business ×2 with 2 stores, ×3 with 3, more than ×4 with 4 (here 4.5).
    years = ["2001", "2002", "2003", "2004"]
    return pd.DataFrame(
        {"period": years, "measure": "sales", "value": [10.0, 20, 30, 45], "units": [1, 2, 3, 4]}
    )


def test_business_grew_at_least_in_proportion_to_stores(stores):
    table = growth_in_proportion(stores)
    assert table["value_ratio"].tolist() == [1, 2, 3, 4.5]
    assert table["units_ratio"].tolist() == [1, 2, 3, 4]
    assert table["value_per_unit"].tolist() == [10, 10, 10, 11.25]
    assert table["in_proportion"].tolist()[1:] == [True, True, True]
    assert table["in_proportion"].isna().tolist() == [True, False, False, False]
    assert table["change"].tolist()[1:] == pytest.approx([1, 0.5, 0.5])


def test_growth_below_the_number_of_stores_is_said_to_be(stores):
    table = growth_in_proportion(stores.assign(value=[10.0, 19.9, 30, 45]))
    assert table["in_proportion"].tolist()[1:] == [False, True, True]


def test_blanks_stay_blank_and_the_base_is_the_first_known_period(stores):
    gaps = stores.assign(value=[np.nan, 20, np.nan, 40], units=[1, 2, 3, np.nan])
    table = growth_in_proportion(gaps)
    assert table["base"].unique().tolist() == ["2002"]
    assert table["value_ratio"].isna().tolist() == [True, False, True, False]
    assert table["in_proportion"].isna().all()
    assert table["change"].isna().all()


def test_measures_are_judged_apart_and_in_order_of_period(stores):
    visits = stores.assign(measure="visits", value=[5.0, 5, 5, 5])
    shuffled = pd.concat([stores, visits]).sample(frac=1, random_state=1)
    table = growth_in_proportion(shuffled)
    assert table["measure"].tolist() == ["sales"] * 4 + ["visits"] * 4
    table = table.set_index(["measure", "period"])
    assert table.loc["sales", "value_ratio"].tolist() == [1, 2, 3, 4.5]
    assert table.loc["visits", "in_proportion"].dropna().tolist() == [False, False, False]


def test_without_units_there_is_no_verdict(stores):
    table = growth_in_proportion(stores.drop(columns="units"))
    assert table["in_proportion"].isna().all()


def test_growth_is_set_against_the_year_before_it_and_its_come_and_go():
    # A year of 10 a store, ∓ .5, then two stores: 19.5 is short of 20 by less than the come and go,
    # 15 by more, though the first month alone, 9.5, would have asked for 19.
    months = [f"2023-{k:02d}" for k in range(1, 13)] + ["2024-01", "2024-02"]
    value = [9.5, 10.5] * 6 + [19.5, 15.0]
    table = pd.DataFrame(
        {"period": months, "measure": "sales", "value": value, "units": [1] * 12 + [2, 2]}
    )
    found = growth_in_proportion(table).iloc[-2:]
    assert found["promised"].tolist() == [20, 20]
    assert found["in_proportion"].tolist() == [True, False]
    assert (found["promised_low"] < 19.5).all() and (found["promised_low"] > 15).all()


def test_growth_in_the_first_year_is_set_against_that_whole_year():
    # Five months of 10 a store, seven of 12: (5 × 10 + 7 × 12) ÷ 12 = 11.17 a store, not 10.
    months = [*(f"2023-{k:02d}" for k in range(1, 13)), "2024-01"]
    units = [1] * 5 + [2] * 8
    table = pd.DataFrame({"period": months, "measure": "sales", "units": units,
                          "value": [10.0] * 5 + [24.0] * 8})  # fmt: skip
    assert growth_in_proportion(table)["promised"].iloc[-1] == pytest.approx(2 * 134 / 12)
