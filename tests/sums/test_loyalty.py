import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxlib.sums.loyalty import TYPES, if_switching_were_free, loyalty_table, loyalty_types


def typed(rows):
    columns = ["satisfaction", "loyalty", "switching_cost", "revenue"]
    return loyalty_types(pd.DataFrame(rows, columns=columns, dtype=float), 7, 6, 5)


@pytest.fixture
def ten():
    return typed(
        [(9, 9, 0, 10)] * 3 + [(3, 9, 8, 100)] * 2 + [(9, 2, 0, 10)] + [(2, 1, 0, 10)] * 3
        + [(2, 8, 0, 10)]
    )  # fmt: skip


def test_the_four_types(ten):
    # The method, §6: loyal though unsatisfied is a hostage.
    assert ten["type"].tolist() == ["apostle"] * 3 + ["hostage"] * 2 + ["mercenary"] + [
        "defector"
    ] * 3 + ["hostage"]
    assert ten["freedom"].tolist() == ["free"] * 3 + ["bound"] * 2 + ["free"] * 5


def test_shares_of_customers_and_of_revenue(ten):
    table = loyalty_table(ten).set_index(["freedom", "loyalty_type"])
    everyone = table.loc["all"]
    assert everyone["share"].to_dict() == {
        "apostle": 0.3, "hostage": 0.3, "mercenary": 0.1, "defector": 0.3,
    }  # fmt: skip
    # Two hostages bring 100 each, everyone else 10: 210 of 280.
    assert everyone.loc["hostage", "revenue"] == 210
    assert everyone.loc["hostage", "revenue_share"] == pytest.approx(210 / 280)
    assert table.loc[("bound", "hostage"), "share"] == 1
    # Wilson, 3 of 10, by hand from the formula: .108 to .603.
    ends = everyone.loc["hostage", ["share_low", "share_high"]].tolist()
    assert ends == pytest.approx([0.108, 0.603], abs=0.0005)


def test_who_was_paid_back_more_than_he_brought_takes_no_share_from_others():
    # 100 of the 200 that anybody brought, not of the 150 that are left.
    table = loyalty_table(typed([(9, 9, 0, 100), (3, 9, 8, 100), (2, 1, 0, -50)]))
    shares = table[table["freedom"] == "all"].set_index("loyalty_type")["revenue_share"]
    assert shares[["apostle", "hostage", "defector"]].tolist() == [0.5, 0.5, 0]


def test_if_switching_were_free(ten):
    # Three of the four free customers who are not satisfied are disloyal: the two hostages who
    # are bound would go at that rate, with 200 a year.
    table = if_switching_were_free(ten).set_index("satisfied")
    assert table.loc["no", ["n", "n_free", "disloyal"]].tolist() == [2, 4, 0.75]
    assert table.loc["no", "revenue_at_stake"] == pytest.approx(150)
    assert table.loc["all", "revenue_at_stake"] == pytest.approx(150)
    row = table.loc["all"]
    # Beta(3.5, 1.5): its central 95 % by scipy's tables is .284 to .972.
    assert row[["revenue_at_stake_low", "revenue_at_stake_high"]].tolist() == pytest.approx(
        [57, 194], abs=3
    )


def test_what_is_not_known_is_nobodys_type():
    found = typed([(9, np.nan, 0, 1), (np.nan, 9, 0, 1), (9, 9, np.nan, 1)])
    assert found["type"].isna().tolist() == [True, True, False]
    assert found["freedom"].isna().all()
    assert loyalty_table(found)["freedom"].unique().tolist() == ["all"]


@settings(deadline=None)
@given(st.lists(st.tuples(*[st.integers(0, 10)] * 3, st.integers(1, 99)), min_size=1))
def test_everyone_has_one_type(rows):
    table = loyalty_table(typed(rows))
    everyone = table[table["freedom"] == "all"]
    assert everyone["loyalty_type"].tolist() == list(TYPES)
    assert everyone["share"].sum() == pytest.approx(1)
    assert everyone["revenue"].sum() == pytest.approx(sum(row[3] for row in rows))
    split = table[table["freedom"] != "all"].groupby("loyalty_type")["n"].sum()
    assert (split == everyone.set_index("loyalty_type")["n"].loc[split.index]).all()


def test_what_the_free_would_take_along_is_weighed_by_what_they_bring():
    # Of the free, one who brings 300 stays and one who brings 100 does not: a quarter of the money,
    # half of the people. The bound one brings 1,000: 250 at stake.
    typed = pd.DataFrame(
        {"satisfied": 1.0, "loyal": [1.0, 0.0, 1.0], "revenue": [300.0, 100.0, 1000.0],
         "freedom": ["free", "free", "bound"]}
    )  # fmt: skip
    found = if_switching_were_free(typed).set_index("satisfied")
    assert found.loc["all", "revenue_at_stake"] == 250 and found.loc["yes", "disloyal"] == 0.25
    # Where no revenue is known each counts once.
    even = if_switching_were_free(typed.drop(columns="revenue")).set_index("satisfied")
    assert even.loc["yes", "disloyal"] == 0.5
