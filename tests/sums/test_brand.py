import numpy as np
import pandas as pd
import pytest

from cxlib.sums.brand import reason_shares, reasons_given, value_to_customer


def test_mentions_become_shares_with_wilson_intervals():
    # 40 of 100: Wilson 95 % .3094, .4980 (Newcombe 1998's formula, by hand).
    table = reason_shares(pd.DataFrame({"reason": ["price", "trust"], "mentions": [40, 60]}))
    assert table["reason"].tolist() == ["trust", "price"]
    price = table.set_index("reason").loc["price"]
    assert price[["share", "n"]].tolist() == [0.4, 100]
    assert price[["share_low", "share_high"]].tolist() == pytest.approx([0.3094, 0.4980], abs=1e-4)


def test_stated_shares_have_no_interval():
    given = pd.DataFrame({"reason": ["price", "trust"], "share": [0.3, 0.7]})
    table = reason_shares(given)
    assert table["share"].tolist() == [0.7, 0.3]
    assert table[["share_low", "share_high", "n"]].isna().all(axis=None)
    assert given.columns.tolist() == ["reason", "share"]


def test_a_blank_count_is_not_taken_for_zero():
    table = reason_shares(pd.DataFrame({"reason": ["price", "trust"], "mentions": [40, np.nan]}))
    assert table["share"].isna().all()


def test_people_may_give_several_reasons():
    reasons = pd.DataFrame({"price": [1.0, 1, 0, np.nan], "trust": [1.0, 1, 1, 1]})
    table = reasons_given(reasons).set_index("reason")
    assert table["share"].to_dict() == pytest.approx({"trust": 1, "price": 2 / 3})
    assert table["n"].to_dict() == {"trust": 4, "price": 3}


def test_only_proportions_of_weights_matter():
    reasons = pd.DataFrame({"price": [1.0, 0, 0], "trust": [0.0, 1, 1]})
    weight = pd.Series([2.0, 1, 1])
    once, thrice = (reasons_given(reasons, weight * factor) for factor in (1, 3))
    pd.testing.assert_frame_equal(once, thrice)
    assert once.set_index("reason").loc["price", "share"] == 0.5
    assert once["n_eff"].tolist() == pytest.approx([16 / 6, 16 / 6])


def test_kinds_of_value_to_the_customer():
    # By hand: 30 of 40 mentions are economic; nothing functional; nobody says what is potential.
    table = value_to_customer(
        pd.DataFrame(
            {
                "value_kind": ["economic", "economic", "psychological", None],
                "value_form": ["explicit", "implicit", "explicit", "potential"],
                "mentions": [25.0, 5, 10, 60],
            }
        )
    ).set_index("value_kind")
    assert table.loc["economic", ["statements", "explicit", "implicit"]].tolist() == [2, 1, 1]
    assert table["share"].fillna(-1).tolist() == [0.75, -1, 0.25]
    assert table["potential_value"].tolist() == [0, 0, 0]
    assert value_to_customer(pd.DataFrame({"value_kind": [None]})) is None


def test_a_share_from_few_is_not_called_reliable():
    # The US health statistics' rule: fewer than 30, or an interval of .30 and more, is not.
    table = reasons_given(
        pd.DataFrame({"price": [1.0, 0] * 200, "trust": [1.0, 0] * 14 + [np.nan] * 372})
    )
    assert table.set_index("reason")["reliable"].to_dict() == {"price": True, "trust": False}
