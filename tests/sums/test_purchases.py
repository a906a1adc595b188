import numpy as np
import pandas as pd
import pytest

from cxlib.sums.lifetime import holdout_check
from cxlib.sums.purchases import (
    customer_days,
    kept_share,
    purchase_history,
)
from cxlib.sums.targets import segment_designs


@pytest.fixture
def lines():
    rows = [
        ("a", "2024-01-01 09:00", 10), ("a", "2024-01-01 15:00", 5),  # one day, one purchase
        ("a", "2024-01-15 09:00", 30), ("a", "2024-01-15 09:00", -30),  # taken back at once: none
        ("a", "2024-01-29 09:00", 40), ("a", "2024-02-01 09:00", -8),  # a return on another day
        ("b", "2024-01-08 12:00", 20),
        ("c", "2024-01-10 12:00", -5),  # bought before these lines begin
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=["customer", "date", "amount"])
    return table.assign(date=pd.to_datetime(table["date"]), amount=table["amount"].astype(float))


def test_purchases_by_hand(lines):
    found = purchase_history(customer_days(lines), "2024-02-05")
    assert found.index.tolist() == ["a", "b"]  # c has bought nothing
    columns = ["frequency", "recency", "age", "sales", "returned"]
    assert found.loc["a", columns].tolist() == [1, 4, 5, 55, 8]
    assert found.loc["b", columns].tolist() == [0, 0, 4, 20, 0]
    assert found.loc["a", "spend"] == 40 and np.isnan(found.loc["b", "spend"])
    assert kept_share(found) == pytest.approx(1 - 8 / 75)


def test_a_day_whose_lines_cancel_out_is_no_purchase_whatever_rounding_leaves():
    # 0.1 + 0.2 − 0.3 is nought, and 5.6e-17 to a computer.
    day = pd.Timestamp("2024-01-01")
    lines = pd.DataFrame({"customer": "a", "date": day, "amount": [0.1, 0.2, -0.3]})
    assert customer_days(lines)["amount"].tolist() == [0.0]
    assert purchase_history(customer_days(lines)).empty


def test_what_comes_after_the_day_is_not_known(lines):
    found = purchase_history(customer_days(lines), "2024-01-20")
    assert found.loc["a", ["frequency", "sales", "returned"]].tolist() == [0, 15, 0]


def buying(n, weeks, later, seed):
    """Customers who buy as BG/NBD has it; in the last third only a share `later` of it is bought."""
    rng, rows, start = np.random.default_rng(seed), [], pd.Timestamp("2024-01-01")
    for customer in range(n):
        rate, leave, now = rng.gamma(2, 1 / 6), rng.beta(1, 4), 0.0
        while now < weeks:
            if now < weeks * 2 / 3 or rng.random() < later:
                rows.append((f"c{customer}", start + pd.Timedelta(weeks=now)))
            if now and rng.random() < leave:
                break
            now += rng.exponential(1 / rate)
    table = pd.DataFrame(rows, columns=["customer", "date"]).assign(amount=1.0)
    return customer_days(table)


def test_the_hold_out_tells_a_good_fit_from_a_poor_one():
    steady = holdout_check(buying(600, 60, 1.0, 1)).set_index("repeats")
    assert steady.loc["all", "fits"] and steady.loc["all", "n"] == 600
    assert steady["n"].drop("all").sum() == 600
    collapsed = holdout_check(buying(600, 60, 0.3, 1)).set_index("repeats")
    assert not collapsed.loc["all", "fits"]
    # By design three tenths are left: expected is over three times what was made.
    assert collapsed.loc["all", "error"] == pytest.approx(1 / 0.3 - 1, rel=0.25)


def test_a_segment_for_which_the_common_design_is_wasted():
    rows = [
        ("all", "price", -9, True, -1.0), ("all", "advice", -2, False, -0.2),
        ("new", "price", -12, True, -2.0), ("new", "advice", 1, False, 0.1),
        ("loyal", "price", 3, False, 0.5), ("loyal", "advice", -8, True, -1.5),
    ]  # fmt: skip
    columns = ["segment", "dimension", "weighted_satisfaction", "key_experience", "satisfaction"]
    gaps = pd.DataFrame(rows, columns=columns).assign(n=50, p_key=0.9, ideal=8.0)
    gaps = gaps.assign(satisfaction_low=gaps["satisfaction"] - 0.3, satisfaction_high=np.nan)
    table = segment_designs(gaps).set_index("segment")
    assert table["own_key"].to_dict() == {"new": "price", "loyal": "advice"}
    assert table[["differs", "wasted"]].to_numpy().tolist() == [[False, False], [True, True]]
    # Not surely satisfied with the price: a design for all is not surely wasted on them.
    unsure = segment_designs(gaps.assign(satisfaction_low=gaps["satisfaction"] - 0.6))
    assert not unsure["wasted"].any()


def test_either_way_of_summing_gives_the_same(monkeypatch, lines):
    dense = customer_days(lines)
    monkeypatch.setattr("cxlib.sums.purchases.MOST_CELLS", 0)
    pd.testing.assert_frame_equal(customer_days(lines), dense)
    assert customer_days(lines.iloc[:0]).empty
