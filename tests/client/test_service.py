"""The service steps: what each table brings, and nothing where it was not sent."""

import inspect

import pandas as pd
import pytest

from cxlib.client import service
from cxlib.client.case import read_client
from tests.conftest import DATA

TABLED = [
    "touchpoint_map", "case_paths", "what_raises_expectations", "promise_beside_delivery", "service_quality",
    "gaps_in_the_service", "service_type_map", "kpis", "monitors", "seven_rights", "requirement_register",
    "register_counts", "silent_sufferers", "returns", "roadmap_plan", "ideals_for_the_money",
    "service_levels", "service_curve", "best_level", "owning", "owning_unspoken", "health", "actions", "actions_done",
    "effects", "the_next_cycle",
]  # fmt: skip


@pytest.fixture(scope="module")
def vendor():
    return read_client("vendor", DATA)


@pytest.mark.parametrize("name", TABLED)
def test_each_step_answers_where_its_table_is_there(vendor, name):
    found = getattr(service, name)(vendor)
    assert isinstance(found, pd.DataFrame) and len(found)


@pytest.mark.parametrize("name", TABLED)
def test_each_step_is_silent_where_it_is_not(scored, name):
    case = scored.read()  # dimension, experience, expectation, importance: nothing else
    if name == "the_next_cycle":  # needs the scores alone
        assert set(service.the_next_cycle(case)["role"]) == {"brand_value", "key_experience"}
    else:
        assert getattr(service, name)(case) is None


def test_meisus_story():
    # The method: four stores fit budget and strategy, a wider range is second best, and
    # convenience is the next brand value.
    case = read_client("meisu", DATA)
    plan = service.roadmap_plan(case).set_index("initiative")
    assert plan.loc["more_stores", "chosen"]
    found = service.the_next_cycle(case)
    brand = found[found["role"] == "brand_value"].set_index("condition")
    assert set(brand["dimension"]) == {"convenience"}
    assert (
        brand.loc["grown_in_proportion", "holds"] and brand.loc["grown_in_proportion", "found"] == 1
    )
    assert not brand.loc["at_ideal", "holds"]
    ideals = service.ideals_for_the_money(case).set_index("dimension")
    assert ideals.loc["convenience", "best_ideal"] == 10  # 5 today and 5 more
    refused = service.refused_plans(case).set_index("initiative")
    assert "more_stores" in refused.index


def test_the_plan_goes_by_money_where_the_survey_carries_it(vendor):
    plan = service.roadmap_plan(vendor)
    assert plan["p_chosen"].between(0, 1).all()
    funded = plan[plan["chosen"]]
    assert funded["verdict"].eq("carried").all() and funded["benefit"].gt(0).all()
    limits = service.limits(vendor)["capacity"]["person_days"]
    assert funded.groupby("start")["person_days"].sum().max() <= limits
    money = service.yearly_budgets(vendor)
    spent = funded.groupby("start")["cost"].sum()
    assert (spent <= money[spent.index]).all()


def test_a_yearly_budget_for_each_year_that_is_named(vendor):
    assert service.yearly_budgets(vendor).to_dict() == dict.fromkeys(
        ["2026", "2027", "2028"], 900_000.0
    )


def test_overdue_is_judged_by_the_records_and_not_by_the_clock(vendor):
    table = service.actions(vendor).set_index("finding")["state"]
    assert table["IT is worse served than others"] == "overdue"  # due 2025-09, records to 2025-12
    assert table["Upgrades break what worked"] == "open"  # due 2026-03
    later = service.actions(vendor, today="2026-06-30").set_index("finding")["state"]
    assert later["Upgrades break what worked"] == "overdue"


def test_every_step_takes_a_case():
    for name in TABLED:
        assert next(iter(inspect.signature(getattr(service, name)).parameters)) == "case"
