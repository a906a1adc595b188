"""Where a rule of the verdict turns: one step on either side of it, each number by hand."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from cxlib.analysis.named import fix_of, lead_of
from cxlib.analysis.since import _came, last_release
from cxlib.analysis.verdict import decide
from cxlib.client.kept import Kept


def loss(low=5e5, high=2e6):
    return pd.DataFrame(
        {"view": ["gross"], "branch": "lost", "share": 0.1, "amount": 1e6, "amount_low": low,
         "amount_high": high, "from": "assumption"}
    )  # fmt: skip


def lived(**more):
    rows = {"dimension": ["price"], "segment": "all", "n": 90.0, "experience": 4.0, "ideal": np.nan,
            "expectation": 6.0, "satisfaction": -2.0, "importance": 8.0, "gap": np.nan,
            "weighted_satisfaction": -16.0, "key_experience": True, "p_key": 0.97}  # fmt: skip
    return pd.DataFrame(rows | more)


def plan(**more):
    row = {"initiative": ["till"], "dimension": "price", "chosen": True, "second_best": True, "from": "assumed"}  # fmt: skip
    return pd.DataFrame(row | more)


def worth(benefit):
    """To start 300 and nothing to run; a margin of .5; three years."""
    return pd.DataFrame(
        {"budget": [400.0], "years": 3, "cost": 300.0, "running": 0.0, "cost_in_term": 300.0,
         "unit": "money", "benefit": benefit, "margin": 0.5}
    )  # fmt: skip


@pytest.mark.parametrize(("a_year", "stake"), [(900.0, 700), (500.0, 500)])
def test_the_silent_bring_no_more_a_year_than_in_all_so_far(a_year, stake):
    dormant = pd.DataFrame({"n": [40.0], "worth": [a_year], "sales": [700.0]})
    found = decide({"dormant": dormant}, {}).stake
    assert (found["kind"], found["amount"]) == ("silent", stake)


def test_a_range_without_width_is_none():
    found = decide({"cost": loss()}, {}).stake
    assert (found["low"], found["high"]) == (5e5, 2e6)
    found = decide({"cost": loss(1e6, 1e6)}, {}).stake
    assert (found["low"], found["high"]) == (None, None) and found["amount"] == 1e6


@pytest.mark.parametrize(("carried", "tied"), [(4e5, 4e5), (3e6, 1e6)])
def test_no_more_is_tied_to_an_experience_than_is_lost(carried, tied):
    stakes = pd.DataFrame({"dimension": ["price"], "verdict": "carried", "amount": carried})
    assert decide({"gaps": lived(), "cost": loss(), "stakes": stakes}, {}).stake["tied"] == tied


@pytest.mark.parametrize(("to", "old"), [(2023, True), (2024, False)])
def test_data_that_end_three_years_ago_are_old(to, old):
    assert decide({}, {"to": to, "today": 2026}).rests["years"] == (3 if old else None)


@pytest.mark.parametrize(("p", "follows"), [(0.8, True), (0.79, False)])
def test_another_experience_is_followed_from_eighty_per_cent_on(p, follows):
    drivers = pd.DataFrame(
        {"method": ["lmg"], "item": "speed", "outcome": "overall", "share": 0.6, "p_first": p}
    )
    told = decide({"gaps": lived(), "drivers": drivers}, {}).sure["overturn"]
    assert ("follows" in [each["code"] for each in told]) is follows


@pytest.mark.parametrize(
    ("benefit", "decision", "learn"),
    [
        (600.0, "approve", {"code": "pilot", "initiative": "till"}),  # 300 / (.5 × 600) = 1 year
        (190.0, "refuse", {"code": "count", "input": "negative"}),  # 3.2 years of three
    ],
)
def test_what_would_change_the_mind_hangs_on_the_decision(benefit, decision, learn):
    swings = pd.DataFrame({"input": ["complain", "negative"], "swing": [1e4, 5e4]})
    tables = {"gaps": lived(), "cost": loss(), "swings": swings}
    found = decide(tables | {"plan": plan(), "worth": worth(benefit)}, {"unhappy_known": True})
    assert (found.ask["decision"], found.learn) == (decision, learn)


def test_half_the_effect_is_on_time_to_the_day():
    # 300 in three years is 100 a year: half of .5 × 400.
    assert decide({"gaps": lived(), "plan": plan(), "worth": worth(400.0)}, {}).ask[
        "on_time_at_half"
    ]
    ask = decide({"gaps": lived(), "plan": plan(), "worth": worth(399.0)}, {}).ask
    assert ask["on_time"] and not ask["on_time_at_half"]


def test_satisfaction_as_asked_falls_short_of_its_target():
    rows = lived(
        ground="asked_satisfaction", asked_satisfaction=3.5, asked_satisfaction_low=3.2,
        asked_satisfaction_high=3.8, asked_target=5.0,
    )  # fmt: skip
    found = fix_of(rows)
    assert (found["score"], found["against"]) == (3.5, 5.0)
    ends = [found["short"], found["short_low"], found["short_high"]]
    assert ends == pytest.approx([1.5, 1.2, 1.8])


def test_those_who_complained_are_no_group_that_leaves_most():
    leaving = pd.DataFrame(
        {"grouping": ["everyone", "complained", "plan"], "group": ["", "yes", "monthly"],
         "n": [300.0, 50, 120], "leaving": [0.2, 0.8, 0.4], "leaving_rest": [np.nan, 0.1, 0.1],
         "different": [None, True, True], "difference": [np.nan, 0.7, 0.3], "flag": ""}
    )  # fmt: skip
    found = lead_of({"leaving": leaving})
    assert (found["grouping"], found["group"], found["of_group"]) == ("plan", "monthly", 0.4)
    few = leaving.assign(flag=["", "", "small_base"])
    assert "group" not in lead_of({"leaving": few})


@pytest.mark.parametrize(
    ("low", "high", "came"), [(0.1, 0.9, "as_foreseen"), (0.1, 0.6, "less"), (0.8, 1.2, "more")]
)
def test_a_rise_is_held_to_what_was_foreseen_by_its_interval(low, high, came):
    row = {"prediction": "rise", "difference": 0.5, "difference_low": low, "uplift": 0.7}
    row |= {"difference_high": high, "different": None, "mean": 6.5, "mean_before": 6.0}
    assert _came(pd.DataFrame([row])).tolist() == [came]


def test_the_last_release_is_the_latest_of_other_inputs_as_client_yml_stood(monkeypatch):
    told = [({"a": 1}, {}), ({"a": 2}, {}), ({"a": 2}, {"small_base": 9}), ({"a": 3}, {})]
    runs = [
        Kept(number, {"inputs": inputs, "settings": settings}, {}, {})
        for number, (inputs, settings) in enumerate(told, 1)
    ]
    monkeypatch.setattr("cxlib.analysis.since.kept_runs", lambda place: runs)
    case = SimpleNamespace(client="acme", inputs={"a": 3})
    assert last_release(case, "reports").number == 2
    assert last_release(case, "") is None
