from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxlib.sums.initiatives import benefits
from cxlib.sums.portfolio import choose_portfolio, roadmap_frontier
from proof.plan import plan_against_every_plan


def knapsack():
    # Worked example 19: Burkardt, knapsack problem P01.
    return pd.DataFrame(
        {
            "initiative": list("abcdefghij"),
            "cost": [23, 31, 29, 44, 53, 38, 63, 85, 89, 82],
            "benefit": [92, 57, 49, 68, 60, 43, 67, 84, 87, 72],
        }
    )


def test_the_printed_knapsack():
    plan = choose_portfolio(knapsack(), 165)
    assert plan["chosen"].astype(int).tolist() == [1, 1, 1, 1, 0, 1, 0, 0, 0, 0]
    assert plan.loc[plan["chosen"], "benefit"].sum() == 309
    assert plan.loc[plan["chosen"], "reason"].eq("chosen").all()
    assert plan.loc[~plan["chosen"], "reason"].eq("outbid").all()


def allowed_plans(table, budget):
    """Every plan that the rules allow, by trying them all."""
    names = table["initiative"].tolist()
    for bits in product([False, True], repeat=len(table)):
        held = {name for name, bit in zip(names, bits, strict=True) if bit}
        rows = table[list(bits)]
        fits = rows["cost"].sum() <= budget
        needs = set(rows["requires"]) - {""} <= held
        if fits and needs and not (set(rows["excludes"]) & held):
            yield np.array(bits)


@st.composite
def portfolios(draw):
    size = draw(st.integers(2, 6))
    names = list("abcdef"[:size])
    numbers = st.lists(st.integers(1, 30), min_size=size, max_size=size)
    links = []
    for name in names:
        kind = draw(st.sampled_from(["", "", "requires", "excludes"]))
        other = draw(st.sampled_from([n for n in names if n != name]))
        links.append((other if kind == "requires" else "", other if kind == "excludes" else ""))
    table = pd.DataFrame({"initiative": names, "cost": draw(numbers), "benefit": draw(numbers)})
    table[["requires", "excludes"]] = links
    return table, draw(st.integers(0, 100))


@given(portfolios())
@settings(max_examples=80, deadline=None)
def test_no_allowed_plan_is_worth_more(case):  # a law: equals trying every plan
    table, budget = case
    found = choose_portfolio(table, budget)
    plans = list(allowed_plans(table, budget))
    worth = {tuple(plan): table.loc[plan, "benefit"].sum() for plan in plans}
    chosen = tuple(found["chosen"])
    assert worth[chosen] == max(worth.values())
    others = [plan for plan in worth if any(np.array(plan) & ~np.array(chosen))]
    second = tuple(found["second_best"])
    assert any(second) == bool(others)
    if others:
        assert second in others
        assert worth[second] == max(worth[plan] for plan in others)


def test_the_second_best_does_something_else():
    # The method's step 6: if the stores do not fit, widen the range.
    table = pd.DataFrame(
        {"initiative": ["stores", "range"], "cost": [90, 80], "benefit": [5.0, 3.0]}
    )
    plan = choose_portfolio(table, 100)
    assert plan["chosen"].tolist() == [True, False]
    assert plan["second_best"].tolist() == [False, True]


def test_each_refusal_says_why():
    table = pd.DataFrame(
        {
            "initiative": ["good", "rival", "palace", "heavy", "needy", "idle", "vague", "late"],
            "cost": [50, 50, 500, 10, 1, 10, np.nan, 60],
            "benefit": [9.0, 8, 99, 5, 1, 0, 7, 2],
            "requires": ["", "", "", "", "palace", "", "", ""],
            "excludes": ["rival", "", "", "", "", "", "", ""],
            "staff": [1, 1, 1, 9, 1, 1, 1, 1],
        }
    )
    plan = choose_portfolio(table, 100, capacity={"staff": 5}).set_index("initiative")
    found = plan[["reason", "reason_about"]].apply(tuple, axis=1).to_dict()
    assert found == {
        "good": ("chosen", ""),
        "rival": ("excluded", "good"),
        "palace": ("over_budget", "cost"),
        "heavy": ("over_capacity", "staff"),
        "needy": ("requires", "palace"),
        "idle": ("no_benefit", ""),
        "vague": ("unknown", "cost"),
        "late": ("outbid", ""),
    }


def test_outside_the_strategy_is_not_the_same_as_without_benefit():
    # The method's step 6: online and phone sales are outside Meisu's strategy (fit 0).
    table = pd.DataFrame(
        {
            "initiative": ["online", "idle"],
            "cost": [1.0, 1],
            "uplift": [2.0, 0],
            "strategy_fit": [0.0, 1],
        }
    )
    assert choose_portfolio(table, 100)["reason"].tolist() == ["no_fit", "no_benefit"]


def test_a_blank_cost_is_not_free():
    table = pd.DataFrame({"initiative": ["x"], "cost": [np.nan], "benefit": [5.0]})
    assert not choose_portfolio(table, 100)["chosen"].any()
    needs = pd.DataFrame({"initiative": ["y"], "cost": [1.0], "benefit": [5.0], "requires": ["x"]})
    plan = choose_portfolio(pd.concat([table, needs], ignore_index=True), 100)
    assert not plan["chosen"].any()
    assert plan["reason"].tolist() == ["unknown", "requires"]


def test_equal_benefit_goes_to_the_cheaper():
    table = pd.DataFrame({"initiative": ["dear", "cheap"], "cost": [60, 50], "benefit": [5.0, 5]})
    assert choose_portfolio(table, 100)["chosen"].tolist() == [False, True]


def test_benefit_is_uplift_times_importance_times_fit():
    # By hand: 2 × 9 × (1 + .5)/2 = 13.5; 3 × 1 × 1 (nothing known of its fit); blank uplift.
    table = pd.DataFrame(
        {
            "initiative": ["stores", "range", "vague"],
            "dimension": ["convenience", "product", "product"],
            "uplift": [2.0, 3.0, np.nan],
            "strategy_fit": [1.0, np.nan, 1.0],
            "people": [0.5, np.nan, 1.0],
        }
    )
    found = benefits(table, {"convenience": 9})
    assert found.tolist()[:2] == [13.5, 3.0]
    assert np.isnan(found[2])
    # Strategy counted three times as much as people: 18 × (3 × 1 + .5)/4, and the rest not at all
    assert benefits(table, {"convenience": 9, "strategy_fit": 3})[0] == 15.75


def test_what_cannot_start_in_time_or_fits_too_little_says_so():
    table = pd.DataFrame(
        {
            "initiative": ["now", "never", "clumsy"],
            "cost": [50.0, 10, 10],
            "benefit": [5.0, 9, 9],
            "year": ["", "2027", ""],
            "people": [0.9, 0.9, 0.2],
        }
    )
    plan = choose_portfolio(table, pd.Series({"2025": 60.0, "2026": 60.0}), least={"people": 0.5})
    assert plan["reason"].tolist() == ["chosen", "later", "unfit"]
    assert plan["reason_about"].tolist() == ["", "year", "people"]


def test_over_the_years_the_second_best_does_something_else_too():
    # By hand: a year carries one of them. Stores and range are 5 for two years and 3 for one; with
    # the hotline for the range 5 × 2 + 1.
    table = pd.DataFrame(
        {
            "initiative": ["stores", "range", "hotline"],
            "cost": [90.0, 80, 70],
            "benefit": [5.0, 3, 1],
        }
    )
    plan = choose_portfolio(table, pd.Series({"2025": 100.0, "2026": 100.0}))
    assert plan["chosen"].tolist() == [True, True, False]
    assert plan["second_best"].tolist() == [True, False, True]


@pytest.mark.parametrize("margin", [None, 0.5])
def test_a_plan_of_one_year_costs_the_same_wherever_it_is_told(margin):
    # To start 4, and to run 1 in each of the two years after: 6, in money and in points alike.
    wishes = pd.DataFrame({"initiative": [*"abc"], "cost": [4.0, 3, 2], "running": [1.0, 0.5, 0],
                           "benefit": [9.0, 7, 3], "dimension": [*"xyz"]})  # fmt: skip
    rules = {"margin": margin, "term": 3 if margin else None}
    plan = choose_portfolio(wishes, budget=4, **rules)
    assert plan.loc[plan["chosen"], "initiative"].tolist() == ["a"]
    assert plan["second_cost"].fillna(0).tolist() == [0, 4, 0]
    front = roadmap_frontier(wishes, pd.Series({"": 4.0}), **rules).set_index("plan")
    assert front.loc[["chosen", "second_best"], "cost"].tolist() == [6, 4]


def test_the_second_best_is_not_the_best_with_an_idle_addition():
    # Room for 5 in the one dimension: with all affordable, two would bring no more than one.
    table = pd.DataFrame(
        {
            "initiative": ["stores", "kiosks"],
            "cost": [50.0, 40],
            "benefit": [5.0, 4],
            "dimension": "convenience",
        }
    )
    plan = choose_portfolio(table, 100, most={"convenience": 5.0})
    assert plan["chosen"].tolist() == [True, False]
    assert plan["second_best"].tolist() == [False, True]


def test_where_nothing_else_brings_anything_there_is_no_second_best():
    wishes = pd.DataFrame({"initiative": ["a", "idle"], "cost": [2, 0], "benefit": [3, 0]})
    assert not choose_portfolio(wishes, budget=4)["second_best"].any()


def test_what_loses_money_is_left_out_and_says_so():
    # By hand, a margin of .5 over three years: a leaves 1.5 × 100 − 60 − 2 × 10 = 70 and b, alone,
    # 1.5 × 60 − 50 = 40; beside a, with room for 120 in all, b adds 20: 1.5 × 20 − 50 = −20.
    # c loses even alone: 1.5 × 20 − 40 = −10.
    table = pd.DataFrame(
        {
            "initiative": [*"abc"],
            "cost": [60.0, 50, 40],
            "running": [10.0, 0, 0],
            "benefit": [100.0, 60, 20],
        }
    )
    plan = choose_portfolio(table, 200, most_in_all=120.0, margin=0.5, term=3)
    assert plan["reason"].tolist() == ["chosen", "adds_too_little", "loses_money"]
    assert plan["adds"].tolist() == [100, 20, 20]
    assert plan["net"].tolist() == [70, -20, -10]
    # Of a, 80 within the three years come back evenly: 60 / (.5 × 100 − 20 / 3) years. 50 / (.5 × 20);
    # 40 / (.5 × 20)
    assert plan["payback"].tolist() == pytest.approx([60 / (50 - 20 / 3), 5, 4])
    assert not plan["second_best"].any() or plan["second_best"].tolist() == [False, True, False]
    # By what it keeps alone, all three would be funded.
    assert choose_portfolio(table, 200, most_in_all=180.0)["chosen"].all()


def test_a_loss_maker_does_not_come_in_as_the_second_best():
    # Without a only b pays: .5 × 3 × 60 − 50 = 40; c would lose 10 in place of b.
    table = pd.DataFrame(
        {"initiative": [*"abc"], "cost": [60.0, 50, 40], "benefit": [100.0, 60, 20]}
    )
    plan = choose_portfolio(table, 200, margin=0.5, term=3)
    assert plan["chosen"].tolist() == [True, True, False]
    assert plan["second_best"].tolist() == [True, False, False]  # 90 without b, 40 without a


def test_the_plan_is_the_best_of_all_there_are():
    # proof/plan.py tries every timetable of two years under a shared cap; whole by `cx validate`.
    found = plan_against_every_plan(30)
    assert np.allclose(found["left"], found["most_left"])


@pytest.mark.parametrize(
    "limit", [{"most": {"x": 9.0}}, {"most_in_all": 9.0}, {"most": {"x": 9.0}, "margin": 0.5}]
)
def test_what_adds_nothing_is_not_funded(limit):
    # Room for 9 in all: any one of the three brings it, and d brings nothing. c costs nothing.
    table = pd.DataFrame(
        {
            "initiative": [*"abcd"],
            "cost": [100.0, 5.0, 0.0, 3.0],
            "benefit": [9.0, 9.0, 9.0, 0.0],
            "dimension": "x",
        }
    )
    plan = choose_portfolio(table, 1000.0, **limit)
    assert plan["initiative"][plan["chosen"]].tolist() == ["c"]
    beside = ["loses_money"] * 2 if "margin" in limit else ["adds_nothing"] * 2
    assert plan["reason"].tolist() == [*beside, "chosen", "no_benefit"]
    # In place of c the cheapest of the others brings as much, less its cost where that counts.
    assert plan["second_best"].tolist() == [False, "margin" not in limit, False, False]


def test_what_adds_nothing_itself_stays_where_another_needs_it():
    # b needs a, which brings nothing; without both, 4 of 9 would be left.
    table = pd.DataFrame(
        {"initiative": [*"abc"], "cost": [2.0, 1.0, 9.0], "benefit": [0.0, 5.0, 4.0],
         "requires": ["", "a", ""], "dimension": "x"}
    )  # fmt: skip
    assert choose_portfolio(table, 50.0, most={"x": 9.0})["chosen"].all()
    # Where b alone reaches the limit, neither c nor anything for its sake is funded.
    found = choose_portfolio(table, 50.0, most={"x": 5.0})
    assert found["chosen"].tolist() == [True, True, False]
    assert found["reason"].tolist() == ["chosen", "chosen", "adds_nothing"]


def test_no_plan_of_many_years_holds_what_adds_nothing():
    rng = np.random.default_rng(5)
    for _ in range(20):
        n = 8
        table = pd.DataFrame(
            {"initiative": [f"i{k}" for k in range(n)], "cost": rng.integers(0, 3, n) * 10.0,
             "benefit": rng.integers(1, 4, n) * 10.0, "dimension": rng.choice([*"ab"], n)}
        )  # fmt: skip
        money = pd.Series({"2026": 60.0, "2027": 60.0})
        rules = {"most": {"a": 30.0, "b": 20.0}}
        plan = choose_portfolio(table, money, **rules)

        chosen = plan[plan["chosen"]]
        whole = two_years(chosen, rules["most"])
        assert all(two_years(chosen.drop(row), rules["most"]) < whole for row in chosen.index)


def two_years(rows, most):
    """What the rows bring in two years, from the definition: no year more of a dimension than `most`."""
    total = 0.0
    for years in (["2026"], ["2026", "2027"]):
        runs = rows[rows["start"].isin(years)]
        by = runs.groupby("dimension")["benefit"].sum()
        total += sum(min(value, most[name]) for name, value in by.items())
    return total
