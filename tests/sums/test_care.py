import numpy as np
import pandas as pd
import pytest

from cxlib.sums.care import (
    contact_coverage,
    contact_outcomes,
    dormant_customers,
    dormant_table,
    territories,
    usual_pauses,
)
from cxlib.sums.lifetime import Fit


def fit(*values):
    names = [f"p{i}" for i in range(len(values))]
    return Fit(pd.DataFrame({"value": values}, index=names), np.eye(len(values)), 100, True)


def test_contacts_against_the_plan():
    tiers = pd.Series({"a": "top", "b": "top", "c": "standard", "d": "standard"})
    dates = pd.to_datetime(["2023-01-01", "2023-06-01", "2023-12-31", "2023-07-01"])
    contacts = pd.DataFrame({"customer": ["a", "a", "a", "c"], "date": dates})
    table = contact_coverage(contacts, tiers).set_index("tier")
    # Three contacts with two customers in 365 days, of twelve a year planned (see STRATEGY).
    assert table.loc["top", ["n", "reached", "contacts"]].tolist() == [2, 1, 3]
    assert table.loc["top", "a_year"] == pytest.approx(1.5 * 365.25 / 365)
    assert table.loc["top", "kept"] == pytest.approx(1.5 * 365.25 / 365 / 12)
    assert table.loc["standard", "share"] == 0.5
    assert set(table["planned_from"]) == {"assumption"}
    own = contact_coverage(contacts, tiers, planned={"top": 6, "standard": None}).set_index("tier")
    assert own.loc["top", "kept"] == pytest.approx(2 * table.loc["top", "kept"])
    assert own[["planned", "planned_from"]].values.tolist() == [[6, "client"], [1, "assumption"]]


def test_what_contacts_led_to():
    contacts = pd.DataFrame(
        {"mode": ["visit", "visit", "phone", "phone"], "amount": [100, np.nan, np.nan, 50.0]}
        | {"outcome": ["sold", "planned", None, "sold"]}
    )
    table = contact_outcomes(contacts).set_index(["contact_mode", "outcome"])
    assert table.loc[("all", "sold"), ["n", "count", "amount"]].tolist() == [3, 2, 150]
    assert table.loc[("visit", "sold"), "share"] == 0.5
    assert table.loc[("phone", "sold"), "n"] == 1  # an unknown outcome is not an archived one
    assert np.isnan(table.loc[("all", "archived"), "amount"])


def bought(customer, *weeks):
    """Days on which a customer bought, so many weeks apart."""
    dates = pd.Timestamp("2024-01-01") + pd.to_timedelta(np.cumsum([0, *weeks]) * 7, unit="D")
    return pd.DataFrame({"customer": customer, "date": dates, "amount": 1.0})


def test_the_usual_pause_is_the_customers_own_where_it_is_known():
    # Fifty pauses of a week, and nine customers with one of ten: by pauses the ninth tenth is a week,
    # by customers ten weeks. The one who buys weekly has a week of their own.
    often, seldom = bought("often", *[1] * 50), [bought(f"seldom {i}", 10) for i in range(9)]
    found = usual_pauses(pd.concat([often, *seldom, bought("once")], ignore_index=True))
    assert found["often"] == 1
    assert found.drop("often").tolist() == [10] * 10
    # Five pauses tell their own: of 1, 1, 1, 1 and 6 weeks the 90 % quantile is at 1 + 0.6 × 5.
    assert usual_pauses(bought("a", 1, 1, 1, 1, 6))["a"] == pytest.approx(4)
    # Four do not: the first pause that nine tenths of the weight do not go beyond.
    assert usual_pauses(bought("a", 1, 1, 1, 6))["a"] == 6
    assert np.isnan(usual_pauses(bought("a"))["a"])


def test_whom_to_win_back():
    purchases = pd.DataFrame(
        {"frequency": [9, 1, 9], "recency": [18.0, 8, 40], "age": [40.0, 40, 41], "sales": 100.0}
        | {"spend": [50.0, 50, 50], "returned": 10.0},
        index=["gone", "rare", "here"],
    )
    # Gamma–Gamma with p = q − 1: a purchase brings (v + x·50)/(1 + x), which is 50 for v = 50.
    found = dormant_customers(purchases, 10, fit(1, 2, 1, 1), fit(5, 6, 50))
    assert found.index.tolist() == ["gone", "rare"]
    assert found["weeks_silent"].tolist() == [22, 32]
    assert found["worth"].tolist() == pytest.approx(
        [10 / 20 * 365.25 / 7 * 50, 2 / 10 * 365.25 / 7 * 50]
    )
    table = dormant_table(found, 3).set_index("group")
    assert table.loc["all", ["n", "sales"]].tolist() == [2, 180]
    assert table.loc["all", "share"] == pytest.approx(2 / 3)


def test_territories_by_value_and_load():
    customers = pd.DataFrame(
        {"territory": ["n", "n", "s", "s", None], "index": [3.0, 3, 1, 1, 9]}
        | {"contacts": [1, 1, 1, 1, 9]}
    )
    table = territories(customers).set_index("territory")
    assert table.loc["n", ["value", "load", "value_ratio"]].tolist() == [0.75, 0.5, 1.5]
    assert table["uneven"].tolist() == [True, True]
    assert table["n"].sum() == 4


def test_the_load_of_a_territory_is_its_contacts_where_they_are_known():
    customers = pd.DataFrame(
        {"territory": ["north", "south"], "index": [1.0, 1.0], "contacts": [30, 10]}
    )
    assert territories(customers).set_index("territory")["load"].to_dict() == {
        "north": 0.75, "south": 0.25,
    }  # fmt: skip
