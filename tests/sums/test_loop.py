import numpy as np
import pandas as pd
import pytest

from cxlib.sums.loop import (
    REPAIRED,
    acted_on,
    action_list,
    at_least,
    before_after,
    next_cycle,
)
from proof.before_after import before_after_coverage


def test_what_became_of_the_findings():
    actions = pd.DataFrame(
        {
            "finding": list("abcde"),
            "owner": ["x", "x", None, "y", "y"],
            "due": ["2024-01-01", "2024-01-01", "2024-12-01", "2024-12-01", None],
            "status": ["done", "open", "open", "open", "open"],
        }
    )
    found = action_list(actions, "2024-06-30")
    assert found["state"].tolist() == ["overdue", "nobody", "undated", "open", "done"]
    row = acted_on(found).iloc[0]
    # Wilson, 1 of 5: .0362 to .6245.
    assert row[["share", "share_low", "share_high"]].tolist() == pytest.approx(
        [0.2, 0.0362, 0.6245], abs=5e-5
    )
    assert row["overdue"] == 1 and row["nobody"] == 1
    on_the_day = action_list(actions.assign(due="2024-06-30"), "2024-06-30")
    assert "overdue" not in on_the_day["state"].tolist(), "it has until the evening"


def series(values, event_at, units=None, years=False):
    n = len(values)
    months = [f"{2020 + k // 12}-{k % 12 + 1:02d}" for k in range(n)]
    names = [str(2000 + k) for k in range(n)] if years else months
    return pd.DataFrame(
        {
            "period": names, "measure": "sales", "value": values,
            "units": units or 1, "event": [None if k != event_at else "opened" for k in range(n)],
        }
    )  # fmt: skip


def test_the_line_before_carried_on():
    # A line of 2 a year with a little noise: 28 and 30 are due, 38 came.
    line = [10.1, 11.9, 13.9, 16.1, 18.1, 19.9, 21.9, 24.1, 26.0]
    found = before_after(series([*line, 38.0, 38.0], 9, years=True)).iloc[0]
    assert found["expected"] == pytest.approx(29, abs=0.2)
    assert found["effect"] == pytest.approx(9, abs=0.2)
    # By least squares alone, t(7) = 2.365 and s² = .0127, the half would be .34; what is handed on
    # from year to year is not known, and makes it wider.
    assert 0.3 < found["effect_high"] - found["effect"] < 1.5
    assert found["verdict"] == "higher"


def test_a_season_is_no_effect_and_is_not_taken_for_one():
    season = 10 + 3 * np.sin(np.arange(42) * np.pi / 6)
    noise = np.random.default_rng(8).normal(0, 0.3, 42)
    low = before_after(series(season + noise, 36)).iloc[0]  # half a year, of the high months
    assert low["verdict"] == "cannot_tell" and abs(low["effect"]) < 0.8
    jump = np.where(np.arange(42) >= 36, 4.0, 0)
    assert before_after(series(season + noise + jump, 36)).iloc[0]["verdict"] == "higher"
    short = before_after(series((season + noise + jump)[22:], 14)).iloc[0]
    assert short["verdict"] in ("season", "cannot_tell")


def test_per_unit_and_nothing_invented_from_few_periods():
    found = before_after(series([10.0, 10, 30, 30], 2, [1, 1, 2, 3])).iloc[0]
    assert found["before"] == 10 and found["after"] == 12.5 and found["change"] == 0.25
    assert found["verdict"] == "too_few" and np.isnan(found["effect"])
    assert before_after(series([1.0, 2, 3], 9)).empty


def test_noise_is_not_an_effect():
    rng = np.random.default_rng(5)
    told = [
        before_after(series(list(rng.normal(10, 1, 12)), 8, years=True)).iloc[0]["verdict"]
        for _ in range(100)
    ]
    # One in twenty by chance: within 3 standard errors of .05.
    wrong = np.mean([verdict != "cannot_tell" for verdict in told])
    assert wrong < 0.05 + 3 * (0.05 * 0.95 / 100) ** 0.5


def test_what_one_period_hands_on_is_no_effect():
    # proof/before_after.py, whole by `cx validate`: .92 of 200 here, .99 where .3 is handed on.
    found = before_after_coverage(60, cases=[(0.6, 0.0, 24, 12)])
    assert found["coverage"].iloc[0] > 0.92 - 3 * (0.08 * 0.92 / 60) ** 0.5


def meisu():
    table = pd.DataFrame(
        {
            "dimension": ["product", "service", "convenience", "brand"],
            "experience": [6.0, 6, 5, 7],
            "expectation": [7.0, np.nan, 7, 7],
            "importance": [np.nan, np.nan, 9, np.nan],
            "ideal": [6.0, 6, 10, 7],
        }
    )
    table["satisfaction"] = table["experience"] - table["expectation"]
    table["weighted_satisfaction"] = table["importance"] * table["satisfaction"]
    table["gap"] = table["experience"] - table["ideal"]
    return table.assign(key_experience=table["dimension"] == "convenience", p_key=np.nan)


def proof(*rows):
    return pd.DataFrame(rows, columns=REPAIRED)


GROWN = ("convenience", "grown_in_proportion", 1.0, True)


def test_meisus_next_cycle():
    # The method's step 7: four stores, each at least in proportion; then convenience is the brand
    # value, and the worst of the others is the product, whose importance nobody knows.
    found = next_cycle(meisu(), proof(GROWN)).set_index(["next", "condition"])
    brand = found.loc["brand_value"]
    assert set(brand["dimension"]) == {"convenience"}
    assert brand.loc["grown_in_proportion", "holds"] == True  # noqa: E712
    assert brand.loc["at_ideal", "holds"] == False and brand.loc["at_ideal", "found"] == -5  # noqa: E712
    worst = found.loc["key_experience"]
    assert set(worst["dimension"]) == {"product"}
    assert worst.loc["importance_known", "holds"] == False  # noqa: E712


@pytest.mark.parametrize(
    "repairs, roles",
    [
        ([], {"key_experience": "convenience"}),  # nothing was repaired: nothing else is proposed
        ([("convenience", "action_done", 1, None)], {"repaired": "convenience", "key_experience": "convenience"}),
        ([("convenience", "grown_in_proportion", 0.5, False)], {"repaired": "convenience", "key_experience": "convenience"}),
        ([("service", "rose", 0.8, True)], {"brand_value": "service", "key_experience": "convenience"}),
        ([("convenience", "rose", 0.8, True)], {"repaired": "convenience", "key_experience": "convenience"}),
        ([("service", "rose", 0.8, True), ("service", "grown_in_proportion", 0.5, False)],
         {"repaired": "service", "key_experience": "convenience"}),
        # The product stands at its ideal; convenience does not, so that open work keeps it back.
        ([("product", "rose", 0.8, True), ("product", "action_done", 0.5, None)],
         {"brand_value": "product", "key_experience": "convenience"}),
        ([(*GROWN[:1], "results_higher", 1.0, True), ("convenience", "action_done", 0.5, None)],
         {"in_part": "convenience", "key_experience": "convenience"}),
        ([("elsewhere", "rose", 0.8, True)], {"key_experience": "convenience"}),
    ],
)  # fmt: skip
def test_what_was_repaired_and_proved_and_nothing_else_becomes_the_brand_value(repairs, roles):
    found = next_cycle(meisu(), proof(*repairs))
    assert dict(found[["next", "dimension"]].drop_duplicates().to_numpy()) == roles


@pytest.mark.parametrize(("share", "holds"), [(1.0, True), (0.5, False)])
def test_what_was_to_be_done_is_done_where_all_of_it_is(share, holds):
    found = next_cycle(meisu(), proof(("service", "action_done", share, None)))
    row = found[found["condition"].eq("action_done")].iloc[0]
    assert (row["next"], bool(row["holds"])) == ("repaired", holds)  # it proves nothing either way


def test_no_key_experience_no_next_cycle():
    assert next_cycle(meisu().assign(key_experience=False), proof()).empty


@pytest.mark.parametrize(("value", "said"), [(0.8, True), (0.79, False), (np.nan, None)])
def test_the_least_that_will_do_does(value, said):
    assert at_least(value, 0.8) is said
