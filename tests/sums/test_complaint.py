import numpy as np
import pandas as pd
import pytest

from cxlib.sums.churn import churn_cost, churn_tornado, churn_tree
from cxlib.sums.complaint import disputes, left_and_complained, measured_inputs, paid_without_repair

STATED = {
    "negative": 0.22, "complain": 0.02, "complained_retained": 0.38, "complained_at_risk": 0.34,
    "complained_lost": 0.28, "silent_at_risk": 0.55, "silent_lost": 0.45, "baseline_churn": 0.05,
}  # fmt: skip


def stated():
    table = pd.DataFrame({"input": list(STATED), "share": list(STATED.values())})
    table = table.reindex(columns=["input", "share", "low", "high", "count", "of"])
    return table.astype(dict.fromkeys(table.columns[1:], float)).assign(**{"from": "assumption"})


def people(complained, churned, n, **more):
    return pd.DataFrame({"complained": complained, "churned": churned, **more}, index=range(n))


@pytest.fixture
def telecom():
    """The published counts: 295 of 2,909 without a complaint left, 200 of 241 with one."""
    cells = [(0, 1, 295), (0, 0, 2909 - 295), (1, 1, 200), (1, 0, 41)]
    return pd.concat([people(*cell) for cell in cells], ignore_index=True)


def test_the_published_rates(telecom):
    # UCI data set 563: 10.14 % and 82.99 %.
    row = left_and_complained(telecom).iloc[0]
    assert round(100 * row["churn_silent"], 2) == 10.14
    assert round(100 * row["churn"], 2) == 82.99
    assert row["excess"] == pytest.approx(200 - 241 * 295 / 2909)
    assert row["silent_share"] == pytest.approx(295 / 495)
    assert row["complaint_rate"] == pytest.approx(241 / 3150)
    assert row["unusual"]


def test_newcombes_interval():
    # Newcombe 1998, table II, example (a), method 10: 56/70 − 48/80 = .20, from .0524 to .3339.
    cells = [(1, 1, 56), (1, 0, 14), (0, 1, 48), (0, 0, 32)]
    table = pd.concat([people(*cell) for cell in cells], ignore_index=True)
    row = left_and_complained(table).iloc[0]
    found = row[["difference", "difference_low", "difference_high"]].tolist()
    assert found == pytest.approx([0.20, 0.0524, 0.3339], abs=0.00005)
    assert not row["unusual"]


def test_what_is_not_known_is_not_counted(telecom):
    unknown = people(np.nan, 1, 50)
    more = left_and_complained(pd.concat([telecom, unknown], ignore_index=True))
    pd.testing.assert_frame_equal(more, left_and_complained(telecom))


def test_what_was_measured_replaces_what_was_stated(telecom):
    found = measured_inputs(stated(), telecom).set_index("input")
    assert found.loc["complained_lost", ["count", "of", "from"]].tolist() == [200, 241, "measured"]
    assert found.loc["baseline_churn", ["count", "of"]].tolist() == [295, 2909]
    # Nobody knows who of the silent was unhappy: they leave as all the silent do, 295 of 2,909, and
    # the complaints are set against 22 % of 3,150 customers.
    assert found.loc["silent_lost", ["count", "of", "from"]].tolist() == [295, 2909, "measured"]
    assert found.loc["complain", "share"] == pytest.approx(241 / 693)
    assert found.loc["complain", ["of_all", "from"]].tolist() == [241 / 3150, "assumption"]
    # The 41 who stayed are split as .38 to .34.
    rest = found.loc[["complained_retained", "complained_at_risk"], "share"]
    assert rest.tolist() == pytest.approx([41 / 241 * 38 / 72, 41 / 241 * 34 / 72])
    tree = churn_tree(1_000_000, found.reset_index()).set_index("branch")["amount"]
    by_hand = 220_000 * (241 / 693 * 200 / 241 + 452 / 693 * 295 / 2909)
    assert tree["lost"] == pytest.approx(by_hand)


def test_a_complaint_rate_is_no_surer_than_the_base_it_is_set_against(telecom):
    inputs = stated()
    inputs.loc[inputs["input"] == "negative", ["low", "high"]] = [0.15, 0.30]
    row = measured_inputs(inputs, telecom).set_index("input").loc["complain"]
    # By hand: 241 of 22 % of 3,150 customers; Wilson's 95 % of 241 of 3,150 are .0677 and .0863, of
    # 30 % and of 15 %.
    ends = [241 / 3150 / 0.22, 0.0677 / 0.30, 0.0863 / 0.15]
    assert row[["share", "low", "high"]].tolist() == pytest.approx(ends, abs=5e-4)
    assert row[["count", "of"]].isna().all() and row["from"] == "assumption"


def test_leavers_who_spend_little_lose_no_more_than_they_spent():
    # By hand: 100 complained, 80 of them left, each worth 1; the 20 who stayed are worth 6 each. Of
    # 900 others 90 left, worth 1 each; 810 stayed, worth 10 each. In all 200 + 90 + 8,100 = 8,390.
    cells = [(1, 1, 80, 1.0), (1, 0, 20, 6.0), (0, 1, 90, 1.0), (0, 0, 810, 10.0)]
    table = pd.concat([people(*c[:3], revenue=c[3]) for c in cells], ignore_index=True)
    inputs = measured_inputs(stated(), table)
    tree = churn_tree(8390, inputs).set_index("branch")["amount"]
    assert tree["complained"] == pytest.approx(200) and tree["complained_lost"] == pytest.approx(80)
    # 22 % of 8,390 had a bad experience; less 200 who complained, and 90 of 8,190 leave.
    assert tree["silent_lost"] == pytest.approx((0.22 * 8390 - 200) * 90 / 8190)
    assert tree["lost"] < 80 + 90, "more than left with all who left"


def test_fewer_bad_experiences_leave_those_who_complained(telecom):
    # 241 of 3,150 complained whatever share was unhappy: at 11 % they are 241 / 346.5 of it.
    inputs = stated()
    inputs.loc[inputs["input"] == "negative", ["low", "high"]] = [0.11, 0.30]
    swings = churn_tornado(1_000_000, measured_inputs(inputs, telecom)).set_index("input")
    assert swings.loc["complain", "swing"] == 0
    least = 1e6 * (200 / 3150 + (0.11 - 241 / 3150) * 295 / 2909)
    assert swings.loc["negative", "loss_low"] == pytest.approx(least)


def test_with_satisfaction_everything_but_the_risk_is_measured():
    cells = [(1, 1, 20, 2.0), (1, 0, 10, 2.0), (0, 1, 30, 2.0), (0, 0, 40, 2.0), (0, 1, 5, 9.0),
             (0, 0, 95, 9.0)]  # fmt: skip
    table = pd.concat([people(*c[:3], satisfaction=c[3]) for c in cells], ignore_index=True)
    found = measured_inputs(stated(), table, negative_below=5).set_index("input")
    shares = {name: tuple(row) for name, row in found[["count", "of"]].dropna().iterrows()}
    assert shares == {
        "negative": (100, 200), "complain": (30, 100), "complained_lost": (20, 30),
        "silent_lost": (30, 70), "baseline_churn": (5, 100),
    }  # fmt: skip
    views = churn_cost(1000, found.reset_index()).set_index(["view", "branch"])
    # Beyond baseline: 50 of the 100 negative left, 5 would have left anyway.
    assert views.loc[("incremental", "lost"), "amount"] == pytest.approx(1000 * (0.25 - 0.025))


def test_money_of_the_leavers():
    table = people(1, 1, 2).assign(revenue=[10.0, np.nan])
    row = left_and_complained(pd.concat([table, people(0, 0, 3, revenue=5.0)])).iloc[0]
    assert row["revenue_lost"] == 10 and np.isnan(row["revenue_lost_silent"])


def test_disputes_by_what_was_answered():
    # CFPB sample: 525 of 2,468 explanations, 41 of 380 non-monetary, 16 of 215 monetary.
    parts = {"explanation": (525, 2468), "non_monetary": (41, 380), "monetary": (16, 215)}
    rows = [
        pd.DataFrame({"response": name, "disputed": [True] * yes + [False] * (n - yes)})
        for name, (yes, n) in parts.items()
    ]
    blank = pd.DataFrame({"response": ["monetary"], "disputed": [pd.NA]})
    table = disputes(pd.concat([*rows, blank], ignore_index=True), ["response"])
    assert (100 * table["disputed"]).round(1).tolist() == [21.3, 10.8, 7.4]
    assert table["cases"].tolist() == [2468, 380, 216] and table["n"].tolist() == [2468, 380, 215]


def test_compensated_is_not_resolved():
    cases = pd.DataFrame(
        {
            "compensated": [True, True, True, False, True],
            "resolved": [False, True, False, True, None],
        }
    ).astype("boolean")
    row = paid_without_repair(cases).iloc[0]
    assert row[["n", "count", "unknown"]].tolist() == [3, 2, 1]
    assert row["share"] == pytest.approx(2 / 3)
    both = disputes(cases.assign(disputed=cases["compensated"]), ["compensated", "resolved"])
    assert both["cases"].sum() == 5 and "unknown" in set(both["resolved"])


def test_what_is_beyond_chance_is_judged_before_it_is_rounded():
    # 13 of 53 against 34 of 347: Newcombe's interval is .045 to .280, told as 0 to 30 %.
    table = pd.concat([people(1, 1, 13), people(1, 0, 40), people(0, 1, 34), people(0, 0, 313)])
    row = left_and_complained(table).iloc[0]
    assert row[["difference_low", "difference_high"]].round(3).tolist() == [0.045, 0.280]
    assert row["different"] == 1
    alike = pd.concat([people(1, 1, 5), people(1, 0, 48), people(0, 1, 34), people(0, 0, 313)])
    assert left_and_complained(alike).iloc[0]["different"] == 0
