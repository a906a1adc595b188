"""The simulations of money and of the plan, small; whole by `cx validate`."""

from proof.churn_weights import losses


def test_a_loss_counted_from_unequal_customers_is_not_off():
    # Counting each customer once it would be 1.6 times the truth here, and held by 3 intervals of 10.
    found = losses(40, sizes=(300,), draws=300, cases=[("moderate", -0.8)])
    held = (found["low"] <= found["truth"]) & (found["truth"] <= found["high"])
    assert 0.9 < found["ratio"].mean() < 1.1
    assert held.mean() >= 0.85
