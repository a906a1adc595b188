"""The simulations of money and of the plan, small; whole by `cx validate`."""

import numpy as np
import pytest

from cxlib.sums import churn_inputs
from proof import stated
from proof.churn_weights import losses
from proof.plan import plan_rate


def test_a_loss_counted_from_unequal_customers_is_not_off():
    # Counting each customer once it would be 1.6 times the truth here, and held by 3 intervals of 10.
    found = losses(40, sizes=(300,), draws=300, cases=[("moderate", -0.8)])
    held = (found["low"] <= found["truth"]) & (found["truth"] <= found["high"])
    assert 0.9 < found["ratio"].mean() < 1.1
    assert held.mean() >= 0.85


def loss_held(trees: int = 12) -> float:
    """How often the interval of a loss holds one made of shares as their ranges state them."""
    rng = np.random.default_rng(3)
    off = [stated.loss_held(rng, stated.tree(rng, 0.9)) for _ in range(trees)]
    return 1 - float(np.mean([each.sum(axis=1).iloc[0] for each in off]))


def test_stated_ranges_lead_to_a_loss_that_is_held(monkeypatch):
    assert loss_held() == pytest.approx(0.95, abs=0.02)
    narrower = churn_inputs.share_draws

    def half(row, normal, rng):
        return narrower(row, normal / 2, rng)

    monkeypatch.setattr(churn_inputs, "share_draws", half)
    assert loss_held() < 0.80  # ±1.96 half standard deviations of a normal hold 67 %


def test_the_very_widest_is_the_extreme_of_all_ends(monkeypatch):
    trees = [stated.tree(np.random.default_rng(seed), 0.9) for seed in range(5)]
    assert all(stated.widest_is_extreme(each) for each in trees)
    monkeypatch.setattr(stated, "silent_at_the_widest", lambda inputs, swings: (0.5, 0.9))
    assert not any(stated.widest_is_extreme(each) for each in trees)


def test_the_plan_is_the_best_of_all():
    assert plan_rate(25)["coverage"].tolist() == [1.0]
