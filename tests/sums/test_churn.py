import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import beta

from cxlib.sums.churn import (
    churn_cost,
    churn_levers,
    churn_tornado,
    churn_tree,
    counted_shares,
    loss_rate,
    silent_at_the_widest,
)
from cxlib.sums.churn_inputs import GROUPS, input_draws, input_faults, stated_shares
from cxlib.sums.complaint import churn_by_weighting

REVENUE = 50_000_000
STATED = {
    "negative": 0.22,
    "complain": 0.02,
    "complained_retained": 0.38,
    "complained_at_risk": 0.34,
    "complained_lost": 0.28,
    "silent_at_risk": 0.55,
    "silent_lost": 0.45,
}


def inputs_table(shares=STATED, **changes):
    """The inputs table; a change is a dict of columns for one input."""
    columns = ["low", "high", "count", "of"]
    table = pd.DataFrame({"input": list(shares), "share": list(shares.values())})
    table = table.reindex(columns=["input", "share", *columns]).assign(**{"from": "assumption"})
    table = table.set_index("input").astype({column: float for column in columns})
    for name, values in changes.items():
        for column, value in values.items():
            table.loc[name, column] = value
    table["from"] = table["from"].fillna("assumption")
    return table.reset_index()


def lost_row(table, view):
    return table.set_index(["view", "branch"]).loc[(view, "lost")]


def test_the_printed_tree():
    # Worked example 1: the method's source, §3.
    tree = churn_tree(REVENUE, inputs_table()).set_index("branch")
    printed = {
        "negative": 11_000_000,
        "complained": 220_000,
        "complained_retained": 83_600,
        "complained_at_risk": 74_800,
        "complained_lost": 61_600,
        "silent": 10_780_000,
        "silent_at_risk": 5_929_000,
        "silent_lost": 4_851_000,
        "lost": 4_912_600,
    }
    assert tree.loc[list(printed), "amount"].tolist() == pytest.approx(list(printed.values()))
    assert tree.loc["lost", "share"] == pytest.approx(0.098252)
    assert tree.loc["complained_lost", "share"] == 0.28


def test_without_ranges_the_simulation_returns_the_tree():
    cost = churn_cost(REVENUE, inputs_table(), draws=50)
    gross = cost[cost["view"] == "gross"].set_index("branch")
    tree = churn_tree(REVENUE, inputs_table()).set_index("branch")
    for column in ["amount", "amount_low", "amount_high"]:
        assert np.abs(gross[column] - tree["amount"]).max() < 0.01
    assert np.allclose(gross["share_low"], tree["share"])


def test_the_four_views_by_hand():
    # By hand: 4,912,600 − .05 × 11,000,000; × .30; × 2.5.
    inputs = inputs_table(STATED | {"baseline_churn": 0.05})
    cost = churn_cost(REVENUE, inputs, margin=0.30, lifetime=2.5, draws=50)
    amounts = {view: lost_row(cost, view)["amount"] for view in cost["view"].unique()}
    assert amounts == pytest.approx(
        {"gross": 4_912_600, "incremental": 4_362_600, "margin": 1_473_780, "lifetime": 12_281_500}
    )
    assert lost_row(cost, "incremental")["share"] == pytest.approx(0.087252)


def test_a_view_that_nothing_supports_is_absent():
    assert set(churn_cost(REVENUE, inputs_table(), draws=10)["view"]) == {"gross"}


def test_complainers_kept_better_than_the_satisfied_show_a_negative_cost():
    # 2 % of complainers lost against 5 % baseline: −.03 × 220,000, by hand.
    shares = STATED | {"complained_retained": 0.64, "complained_lost": 0.02, "baseline_churn": 0.05}
    cost = churn_cost(REVENUE, inputs_table(shares), draws=10).set_index(["view", "branch"])
    assert cost.loc[("incremental", "complained_lost"), "amount"] == pytest.approx(-6_600)


def test_what_one_point_is_worth_by_hand():
    # recovery 220,000 × .01 × .28/.62; complaint 11 m × .01 × (.45 − .28); negative 4,912,600/22
    inputs = inputs_table(STATED | {"baseline_churn": 0.05})
    levers = churn_levers(REVENUE, inputs, margin=0.3, draws=10)
    assert levers["lever"].tolist() == ["recovery", "complaint", "negative"]
    assert levers["one_point"].tolist() == pytest.approx([993.548387, 18_700, 223_300])
    assert levers["one_point_incremental"].tolist() == pytest.approx([993.548387, 18_700, 198_300])
    assert levers["break_even"].tolist() == pytest.approx([298.064516, 5_610, 59_490])
    worst, best = levers["break_even_low"], levers["break_even_high"]
    assert worst.tolist() == best.tolist() == levers["break_even"].tolist()  # nothing is open
    assert levers["p_most"].tolist() == [0, 0, 1]


@pytest.mark.parametrize("lever", ["recovery", "complaint", "negative"])
def test_a_lever_is_worth_what_moving_the_tree_one_point_saves(lever):
    moved = dict(STATED)
    if lever == "recovery":
        moved["complained_retained"] += 0.01
        for leaf in ["complained_at_risk", "complained_lost"]:
            moved[leaf] -= 0.01 * STATED[leaf] / 0.62
    else:
        moved[{"complaint": "complain"}.get(lever, lever)] += 0.01 * (
            1 if lever == "complaint" else -1
        )
    lost = [
        churn_tree(REVENUE, inputs_table(shares)).set_index("branch").loc["lost", "amount"]
        for shares in (STATED, moved)
    ]
    levers = churn_levers(REVENUE, inputs_table(), draws=10).set_index("lever")
    assert levers.loc[lever, "one_point"] == pytest.approx(lost[0] - lost[1])


def test_easier_complaining_is_not_called_a_saving_when_complainers_leave_more():
    shares = STATED | {"complained_retained": 0.10, "complained_lost": 0.56}
    levers = churn_levers(REVENUE, inputs_table(shares), margin=0.3)
    complaint = levers.set_index("lever").loc["complaint"]
    assert complaint["p_most"] == 0 and levers["p_most"].sum() == pytest.approx(1)
    assert complaint["one_point"] < 0
    assert complaint["p_saves"] == 0


def test_the_tornado_takes_each_input_to_the_ends_of_its_range():
    # By hand: 50 m × .15 × .4466 and × .30 × .4466; 11 m × (c × .28 + (1 − c) × .45).
    inputs = inputs_table(
        negative={"low": 0.15, "high": 0.30},
        complain={"low": 0.01, "high": 0.10, "from": "literature"},
    )
    tornado = churn_tornado(REVENUE, inputs, draws=10)
    assert tornado["input"].tolist()[:2] == ["negative", "complain"]
    assert tornado.loc[0, ["loss_low", "loss_high"]].tolist() == pytest.approx(
        [3_349_500, 6_699_000]
    )
    assert tornado.loc[1, ["loss_low", "loss_high"]].tolist() == pytest.approx(
        [4_931_300, 4_763_000]
    )
    assert tornado.loc[1, "swing"] == pytest.approx(168_300)
    assert tornado["swing"].tolist()[2:] == pytest.approx([0, 0])
    assert tornado.loc[1, "from"] == "literature"


def test_counts_give_the_jeffreys_posterior():
    # Beta(200.5, 41.5), 2.5 and 97.5 %: R qbeta() and scipy agree on .7776, .8726 (telecom counts)
    from scipy.stats import beta

    inputs = inputs_table(negative={"count": 200, "of": 241, "from": "measured"})
    cost = churn_cost(REVENUE, inputs, draws=200_000).set_index(["view", "branch"])
    row = cost.loc[("gross", "negative")]
    assert row["share"] == pytest.approx(200 / 241)
    assert [row["share_low"], row["share_high"]] == pytest.approx(
        beta(200.5, 41.5).ppf([0.025, 0.975]).tolist(), abs=0.001
    )
    assert row["from"] == "measured"
    assert cost.loc[("gross", "lost"), "from"] == "assumption"


def test_counted_leaves_are_one_dirichlet():
    # Means of Dirichlet(19.5, 17.5, 14.5), and its negative correlation −√(ab/((s−a)(s−b))).
    counts = dict(zip(GROUPS["complained"], [19, 17, 14], strict=True))
    inputs = inputs_table(**{leaf: {"count": n, "of": 50} for leaf, n in counts.items()})
    drawn = input_draws(inputs, 100_000, 1)
    means = [drawn[leaf].mean() for leaf in GROUPS["complained"]]
    assert means == pytest.approx([19.5 / 51.5, 17.5 / 51.5, 14.5 / 51.5], abs=0.002)
    # Its marginals are Beta(19.5, 32): √(pq/(s + 1))
    expected = np.sqrt(19.5 * 32 / 51.5**2 / 52.5)
    assert drawn["complained_retained"].std() == pytest.approx(expected, rel=0.01)
    found = np.corrcoef(drawn["complained_retained"], drawn["complained_lost"])[0, 1]
    assert found == pytest.approx(-np.sqrt(19.5 * 14.5 / (32 * 37)), abs=0.01)


def test_a_stated_range_is_what_is_drawn():
    # 90 % of the draws lie in the range, a twentieth beyond either end, and half above the share.
    inputs = inputs_table(
        negative={"low": 0.15, "high": 0.40},
        complain={"low": 0.01, "high": 0.10},
        silent_lost={"low": 0.30, "high": 0.50},
    )
    drawn = input_draws(inputs, 100_000, 2)
    for name, ends in {
        "negative": (0.15, 0.22, 0.40),
        "complain": (0.01, 0.02, 0.10),
        "silent_lost": (0.30, 0.45, 0.50),
    }.items():
        assert np.quantile(drawn[name], [0.05, 0.5, 0.95]) == pytest.approx(ends, abs=0.003)
    assert np.allclose(drawn["silent_lost"] + drawn["silent_at_risk"], 1)
    wider = input_draws(inputs.assign(holds=0.5), 100_000, 2)["negative"]
    assert np.quantile(wider, [0.25, 0.75]) == pytest.approx([0.15, 0.40], abs=0.003)


def test_three_leaves_with_ranges_are_drawn_as_wide_as_each_was_stated():
    # By hand: .15² + .10² + 2ρ × .15 × .10 = .10² holds for ρ = −.75.
    inputs = inputs_table(
        complained_retained={"low": 0.23, "high": 0.53},
        complained_at_risk={"low": 0.24, "high": 0.44},
        complained_lost={"low": 0.18, "high": 0.38},
    )
    drawn = input_draws(inputs, 100_000, 3)
    parts = ["complained_retained", "complained_at_risk", "complained_lost"]
    found = [np.quantile(drawn[part], [0.05, 0.95]) for part in parts]
    assert np.ravel(found) == pytest.approx([0.23, 0.53, 0.24, 0.44, 0.18, 0.38], abs=0.005)
    assert np.allclose(sum(drawn[part] for part in parts), 1)


def test_complaints_counted_among_all_have_their_error():
    # 10 of 200 complained: Beta(10.5, 190.5), whose middle 95 % scipy gives as .0258 to .0868; of
    # the 22 % who were unhappy, known without error, that is .117 to .394.
    inputs = inputs_table().assign(of_all=np.nan, of_all_base=np.nan)
    inputs.loc[inputs["input"].eq("complain"), ["share", "of_all", "of_all_base"]] = (
        10 / 44,
        0.05,
        200,
    )
    drawn = input_draws(inputs, 50_000, 1)["complain"]
    ends = stats.beta.ppf([0.025, 0.975], 10.5, 190.5) / 0.22
    assert np.quantile(drawn, [0.025, 0.975]) == pytest.approx(ends, rel=0.02)


def test_at_the_very_widest_is_the_extreme_of_all_corners():
    inputs = inputs_table(
        complain={"low": 0.01, "high": 0.10},
        complained_lost={"low": 0.10, "high": 0.40},
        silent_lost={"low": 0.30, "high": 0.50},
    )
    corners = [
        (1 - c) * s / ((1 - c) * s + c * t)
        for c in (0.01, 0.1)
        for t in (0.1, 0.4)
        for s in (0.3, 0.5)
    ]  # of eight, tried one by one
    found = silent_at_the_widest(inputs, churn_tornado(1.0, inputs, draws=50))
    assert found == pytest.approx((min(corners), max(corners)))


def test_a_share_on_the_end_of_its_range_keeps_its_uncertainty():
    inputs = inputs_table(complain={"low": 0.02, "high": 0.50})
    lost = lost_row(churn_cost(REVENUE, inputs), "gross")
    assert lost["amount"] - lost["amount_low"] > 100_000


def test_every_fault_of_the_shares_is_named_at_once():
    shares = STATED | {"complained_lost": 0.30, "silent_lost": 0.40, "negative": 1.2}
    shares.pop("complain")
    shares["baseline_churn"] = 0.05
    with pytest.raises(ValueError) as caught:
        churn_tree(REVENUE, inputs_table(shares, baseline_churn={"low": 0.06, "high": 0.08}))
    message = str(caught.value)
    for part in ["'complained' add up to 1.02", "'silent' add up to 0.95", "'negative' is 1.2"]:
        assert part in message
    assert "'complain' is missing" in message
    assert "'baseline_churn' is 0.05, outside its range 0.06–0.08" in message


def test_the_same_seed_gives_the_same_interval_and_another_does_not():
    inputs = inputs_table(negative={"low": 0.15, "high": 0.30})
    first, again, other = (
        lost_row(churn_cost(REVENUE, inputs, draws=500, seed=seed), "gross")["amount_low"]
        for seed in (1, 1, 2)
    )
    assert first == again != other


def test_inputs_without_fault_are_told_to_have_none():
    assert input_faults(inputs_table()) == []
    twice = pd.concat([inputs_table(), inputs_table()[:1]])
    assert input_faults(twice) == ["'negative' is stated more than once: keep one."]


def test_the_loss_rate_of_negative_experience():
    # 4,912,600 of 11,000,000; and less the 5 % who would have left anyway.
    assert loss_rate(stated_shares(inputs_table())) == pytest.approx(0.4466)
    inputs = inputs_table(STATED | {"baseline_churn": 0.05})
    assert loss_rate(stated_shares(inputs)) == pytest.approx(0.3966)


def customers():
    """Four unhappy of ten: two complain, and of those the large one leaves."""
    return pd.DataFrame(
        {
            "satisfaction": [2, 3, 1, 4, 8, 9, 7, 8, 9, 7],
            "complained": [1, 1, 0, 0, 0, 0, 0, 0, 0, np.nan],
            "churned": [1, 0, 0, 1, 0, 0, 0, 0, 0, 1],
            "revenue": [70, 10, 10, 10, 50, 50, 50, 50, 50, 50],
        }
    )


def test_complaining_customers_are_not_average_customers():
    # By hand; by revenue, complain 80 of 100 of the negative, and 70 of those 80 lost.
    table = churn_by_weighting(customers(), negative_below=5).set_index(["weighting", "input"])
    assert table.loc["customers", "share"].to_dict() == pytest.approx(
        {
            "negative": 0.4,
            "baseline_churn": 1 / 6,
            "complain": 0.5,
            "complained_lost": 0.5,
            "silent_lost": 0.5,
            "lost": 0.4 * (0.5 * 0.5 + 0.5 * 0.5),  # the tree's own formula
        }
    )
    assert table.loc["revenue", "share"].to_dict() == pytest.approx(
        {
            "negative": 0.25,
            "baseline_churn": 1 / 6,
            "complain": 0.8,
            "complained_lost": 0.875,
            "silent_lost": 0.5,
            "lost": 0.25 * (0.8 * 0.875 + 0.2 * 0.5),
        }
    )
    counts = table.loc[("customers", "complained_lost"), ["count", "of"]].tolist()
    assert counts == [1, 2]
    assert table.loc[("revenue", "complained_lost"), "n_eff"] == pytest.approx(80**2 / 5000)


def test_a_customer_of_unknown_revenue_is_not_one_of_none():
    known = customers()
    known.loc[0, "revenue"] = np.nan
    table = churn_by_weighting(known, negative_below=5).set_index(["weighting", "input"])
    assert table.loc[("revenue", "negative"), "n"] == 9
    assert table.loc[("customers", "negative"), "n"] == 10


def test_without_scores_everyone_is_looked_at():
    table = churn_by_weighting(customers().drop(columns="satisfaction"))
    assert set(table["input"]) == {"complain", "complained_lost", "silent_lost"}
    row = table.set_index(["weighting", "input"]).loc[("customers", "silent_lost")]
    assert (row["n"], row["share"]) == (7, pytest.approx(1 / 7))


share = st.floats(0, 1)


@given(share, share, st.tuples(share, share, share), share)
@settings(max_examples=60, deadline=None)
def test_the_leaves_sum_to_revenue(negative, complain, complained, lost):  # a law
    total = sum(complained)
    thirds = [part / total for part in complained] if total > 1e-6 else [1, 0, 0]
    shares = {"negative": negative, "complain": complain}
    shares |= dict(zip(GROUPS["complained"], thirds, strict=True))
    shares |= {"silent_at_risk": 1 - lost, "silent_lost": lost}
    tree = churn_tree(REVENUE, inputs_table(shares)).set_index("branch")["amount"]
    leaves = [leaf for group in GROUPS.values() for leaf in group]
    assert tree[["positive", *leaves]].sum() == pytest.approx(REVENUE)
    assert tree[["positive", "complained_retained", "at_risk", "lost"]].sum() == pytest.approx(
        REVENUE
    )


def test_a_counted_share_is_worked_out_to_be_read():
    counted = inputs_table(silent_lost={"share": np.nan, "count": 20, "of": 77},
                           silent_at_risk={"share": 57 / 77})  # fmt: skip
    row = counted_shares(counted).set_index("input").loc["silent_lost"]
    assert row["share"] == pytest.approx(20 / 77)
    # Jeffreys' interval for 20 of 77: the quantiles of Beta(20.5, 57.5)
    assert row["low"] == pytest.approx(beta.ppf(0.025, 20.5, 57.5), abs=0.005)
    assert row["high"] == pytest.approx(beta.ppf(0.975, 20.5, 57.5), abs=0.005)
    others = counted["input"].ne("silent_lost")
    pd.testing.assert_frame_equal(counted_shares(counted)[others], counted[others])


def test_a_margin_with_a_range_widens_the_views_in_margin_and_no_other():
    ranged = {"margin": 0.30, "margin_range": (0.20, 0.40), "draws": 20_000}
    wide, known = (
        churn_cost(REVENUE, inputs_table(), **asked) for asked in (ranged, {"margin": 0.30})
    )
    # Shares without a range: the loss is the printed 4,912,600, and only the margin moves it. A
    # normal with 90 % in .20 to .40 has 95 % in .30 ∓ .10 × 1.96 / 1.645 = .1808 to .4192.
    lost = lost_row(wide, "margin")
    assert lost["amount"] == pytest.approx(0.30 * 4_912_600)
    assert lost["amount_low"] == pytest.approx(0.1808 * 4_912_600, rel=0.02)
    assert lost["amount_high"] == pytest.approx(0.4192 * 4_912_600, rel=0.02)
    assert lost_row(wide, "gross")["amount_high"] == lost_row(known, "gross")["amount_high"]
    levers = churn_levers(REVENUE, inputs_table(), **ranged).set_index("lever").loc["negative"]
    assert levers["break_even_low"] < levers["break_even"] < levers["break_even_high"]


def test_a_fitted_lifetime_carries_its_error():
    cost = churn_cost(REVENUE, inputs_table(), lifetime=2.0, lifetime_error=0.1, draws=20_000)
    lost = lost_row(cost, "lifetime")
    # A normal's 95 % are ± 1.96 errors, here of the logarithm.
    assert lost["amount_low"] == pytest.approx(2 * 4_912_600 * np.exp(-0.196), rel=0.01)
    assert lost["amount_high"] == pytest.approx(2 * 4_912_600 * np.exp(0.196), rel=0.01)
