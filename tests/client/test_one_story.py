"""One story through the steps: reasons and the key experience, requirements and the plan, and fit."""

import json
from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest

import cxlib as cx
from cxlib.client.case import read_client
from cxlib.page.screen import words_of
from cxlib.page.tables import worked_line
from cxlib.sums.initiatives import fit_table
from cxlib.sums.register import plan_serves, requirement_kinds
from tests.conftest import DATA, ROOT

REGISTER = """stage,kind,statement,statement_zh-Hans,item
support,must,Data safe,数据安全,
support,beyond,Call-backs,回访,callback
"""
PLAN = """initiative,cost,dimension,uplift,serves,people,process
back_up,900,service,2,Data safe,0.5,0.9
ring,100,service,1,callback,0.9,0.6
"""


def small(scored, register=REGISTER, plan=PLAN, budget=500, **options):
    scored.write("register.csv", register)
    scored.write("initiatives.csv", plan)
    return scored.read(settings=json.dumps({"strategy.budget": budget}), **options)


def test_delight_before_a_must_is_said(scored):
    case = small(scored)
    table = cx.plan_serves(case)
    assert table[["serves", "kind", "chosen", "unmet_must"]].values.tolist() == [
        ["Data safe", "must", False, True],
        ["Call-backs", "beyond", True, False],
    ]
    said = cx.open_page(case).sentence("plan_serves", table)
    assert said == (
        "The plan funds what goes beyond expectation (“ring”). What must not fail is not in it: “Data"
        " safe”."
    )
    rich = small(scored, budget=2000)  # both are funded
    said = cx.open_page(rich).sentence("plan_serves", cx.plan_serves(rich))
    assert said == "The plan covers everything on record that must not fail."


def test_a_requirement_is_known_in_either_language(scored):
    case = small(scored, language="zh-Hans")
    assert cx.plan_serves(case)["serves"].tolist() == ["数据安全", "回访"]


def test_a_requirement_that_nobody_knows_is_refused_with_the_nearest(scored):
    scored.write("register.csv", REGISTER)
    scored.write("initiatives.csv", PLAN.replace("Data safe", "Data save"))
    problem = str(scored.problem())
    assert "'serves' names a requirement that neither" in problem and "'Data safe'" in problem


def test_a_must_that_is_met_is_not_left_out_and_one_that_is_not_met_is():
    plan = pd.DataFrame(
        {"initiative": ["a"], "serves": [None], "chosen": [True], "reason": "chosen"}
    )
    register = pd.DataFrame(
        {
            "statement": ["x", "y"],
            "kind": "must",
            "met": [True, False],
            "kano_class": None,
            "p_class": None,
        }
    )
    found = plan_serves(plan, requirement_kinds(register, None))
    assert found.loc[found["unmet_must"], "serves"].tolist() == ["y"]
    assert found.loc[found["unmet_must"], "initiative"].isna().all()
    # Of z nobody says whether it is met: it is named, and not called left out.
    unsaid = pd.DataFrame({"statement": ["z"], "kind": "must", "met": None, "kano_class": None, "p_class": None})  # fmt: skip
    found = plan_serves(plan, requirement_kinds(pd.concat([register, unsaid]), None))
    assert found.loc[~found["unmet_must"], "serves"].dropna().tolist() == ["z"]
    said = cx.open_page(read_client("meisu", DATA)).sentence("plan_serves", found)
    assert "met" in said and "“z”" in said and "covers everything" not in said


@pytest.mark.parametrize("p, kind", [(0.95, "must"), (0.6, "nice")])
def test_the_answers_class_a_requirement_where_they_are_sure(p, kind):
    register = pd.DataFrame({"statement": ["x"], "kind": "nice", "kano_class": "M", "p_class": p})
    assert requirement_kinds(register, None)["kind"].tolist() == [kind]


def test_fit_by_hand():
    # a: the budget pays 300 of 400, .75, and people .8 fit better; b: free, all fit.
    plan = pd.DataFrame(
        {
            "initiative": [*"ab"],
            "cost": [400.0, 0],
            "chosen": True,
            "people": [0.8, 1],
            "process": [None, 1],
        }
    )
    found = fit_table(plan, ["strategy_fit", "people", "process"], budget=300)
    assert found["money_fit"].tolist() == [0.75, 1]
    assert found["adjust"].iloc[0] == "money_fit" and found["adjust"].iloc[1] == "nothing"
    assert found["fit_lowest"].iloc[0] == 0.75 and pd.isna(found["fit_lowest"].iloc[1])
    more = fit_table(plan, ["people", "process"], budget=800)  # twice the cost is no better fit
    assert more["money_fit"].tolist() == [1, 1] and more["fit_lowest"].iloc[0] == 0.8


@pytest.mark.parametrize(
    "dimension, said",
    [
        ("convenience", "is also what customers come for (prices)"),
        ("price", "No reason for coming speaks of Convenience: customers come for Price"),
    ],
)
def test_whether_the_key_experience_is_what_customers_came_for(dimension, said):
    case = read_client("meisu", DATA)
    reasons = pd.DataFrame({"reason": ["prices"], "dimension": [dimension]})
    assert said in cx.open_page(case).sentence("came_for", cx.gaps(case), reasons)


def test_what_is_printed_of_the_results_is_not_called_unused():
    left = cx.not_used(read_client("meisu", DATA)).set_index("table")["column"]
    assert "performance" not in left and left["initiatives"] == "note"


def test_nothing_is_said_where_no_reason_names_an_experience():
    case = read_client("meisu", DATA)
    reasons = pd.DataFrame({"reason": ["prices"], "dimension": [None]})
    assert cx.open_page(case).sentence("came_for", cx.gaps(case), reasons) == ""


def test_one_experience_alone_stands_in_no_quadrant():
    # Of Meisu one importance is printed: its own mean is no line to set it against.
    assert cx.quadrants(read_client("meisu", DATA)) is None
    assert cx.quadrants(read_client("vendor", DATA)) is not None


def test_meisus_first_screen_says_whose_costs_they_are_and_what_the_results_proved():
    # The source: sales and cost shares are another company's; convenience, proved, is the brand value.
    case = read_client("meisu", DATA)
    said = words_of(cx.open_page(case), cx.verdict(case))
    assert (
        "A worked example: revenue and shares of the loss are another company's; margin and costs are assumed."
        in said["overturn"]
    )
    assert said["decision"][-1] == (
        "If the results on record are newer than these scores, “More stores in the same street” may be"
        " done already, and next comes Product."
    )
    second = read_client("vendor-2", DATA)  # product is to be repaired, and was not yet
    said = words_of(cx.open_page(second), cx.verdict(second))["decision"]
    assert not any("Results told since" in words for words in said)


def test_meisus_arithmetic_leaves_out_an_importance_that_is_not_known_of_all():
    # Only convenience has one (9): 5 points × fit 100 % = 5, which 5 × 9 is not.
    case = read_client("meisu", DATA)
    rows = cx.portfolio(case).set_index("initiative")
    assert rows.loc["more_stores", "benefit"] == 5
    book = nbformat.read(ROOT / "notebooks" / "06_strategy_capability.ipynb", 4)
    (cell,) = [c.source for c in book.cells if "page.worked(weighed" in c.source]
    lines, page = [], cx.open_page(case)
    told = SimpleNamespace(worked=lambda *asked: lines.append(worked_line(page, *asked)))
    known = {"page": told, "portfolio": cx.portfolio(case), "weights": cx.fit_weights(case)}
    known["importance"] = cx.designed_for(cx.gaps(case)).set_index("dimension")["importance"]
    exec(cell, known)  # noqa: S102
    assert lines == ["More stores in the same street: +5.0 × 100% = 5"]
