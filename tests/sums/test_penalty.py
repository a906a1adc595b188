import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from cxlib.sums.penalty import penalty_reward


@pytest.fixture(scope="module")
def survey():
    """800 people on 1–5: a only hurts, b only pleases, c does both, d does nothing."""
    rng = np.random.default_rng(0)
    items = pd.DataFrame(rng.integers(1, 6, (800, 4)), columns=list("abcd")).astype(float)
    effect = -1.0 * (items.a <= 2) + 1.0 * (items.b >= 4)
    effect += 0.6 * (items.c >= 4) - 0.6 * (items.c <= 2)
    return (3 + effect + rng.normal(size=800)).rename("overall"), items


def test_what_was_put_in_comes_out(survey):
    table = penalty_reward(*survey, scale=(1, 5)).set_index("item")
    expected = {"a": "basic", "b": "excitement", "c": "performance", "d": "unclear"}
    assert table["kind"].to_dict() == expected


def test_estimates_and_intervals_are_those_of_statsmodels(survey):
    outcome, items = survey
    weight = pd.Series(np.random.default_rng(2).uniform(0.5, 2, len(items)))
    table = penalty_reward(outcome, items, (1, 5), weight)
    marks = np.column_stack([np.ones(len(items)), items <= 2, items >= 4]).astype(float)
    fit = sm.WLS(outcome, marks, weight).fit(cov_type="HC3", use_t=True)
    assert table["penalty"].tolist() == pytest.approx(fit.params.iloc[1:5].tolist())
    assert table["reward"].tolist() == pytest.approx(fit.params.iloc[5:].tolist())
    half = (table["penalty_high"] - table["penalty_low"]) / 2
    # Ours counts degrees of freedom from Kish's effective base, a little fewer than theirs.
    assert half.tolist() == pytest.approx((1.96293 * fit.bse.iloc[1:5]).tolist(), rel=0.001)


def test_equal_weights_change_nothing(survey):
    outcome, items = survey
    twos = pd.Series(2.0, index=items.index)
    weighted, plain = (penalty_reward(outcome, items, (1, 5), w) for w in (twos, None))
    pd.testing.assert_frame_equal(weighted, plain)


def test_small_groups_and_items_that_move_together_are_warned_of(survey):
    outcome, items = survey
    crowded = items.assign(a=np.where(np.arange(800) < 10, 1.0, items["a"].clip(lower=3)))
    crowded["b2"] = crowded["b"]
    table = penalty_reward(outcome, crowded, (1, 5)).set_index("item")
    assert "few_poor" in table.loc["a", "warning"]
    assert "collinear" in table.loc["b", "warning"]
    assert "collinear" not in table.loc["c", "warning"]


def test_a_kind_that_hangs_on_the_cut_is_warned_of():
    # Only the answer 2 goes with a worse outcome; the very worst answer does not.
    rng = np.random.default_rng(1)
    item = rng.integers(1, 6, 2_000).astype(float)
    outcome = pd.Series(np.where(item == 2, -2.0, 0) + rng.normal(size=2_000), name="y")
    table = penalty_reward(outcome, pd.DataFrame({"x": item}), (1, 5))
    assert table["kind"].tolist() == ["basic"]
    assert "depends_on_cut" in table["warning"][0]


def test_an_empty_group_is_blank_and_said_to_be(survey):
    outcome, items = survey
    table = penalty_reward(outcome, items.assign(a=items["a"].clip(lower=3)), (1, 5)).set_index(
        "item"
    )
    assert table.loc["a", ["penalty", "kind"]].isna().all()
    assert table.loc["a", "n_poor"] == 0
    assert "few_poor" in table.loc["a", "warning"]
    assert table.loc["b", "kind"] == "excitement"


def test_people_with_a_blank_are_not_used(survey):
    outcome, items = survey
    holes = items.copy()
    holes.loc[:99, "a"] = np.nan
    assert penalty_reward(outcome, holes, (1, 5))["n"].unique().tolist() == [700]
