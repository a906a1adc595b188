from itertools import product

import numpy as np
import pandas as pd
import pytest

from cxlib.sums import portfolio, roadmap
from cxlib.sums.initiatives import benefits
from cxlib.sums.plans_drawn import draw_benefits, probability_chosen
from cxlib.sums.portfolio import limit_costs, refusals, roadmap_frontier
from cxlib.sums.roadmap import plan_benefit, plan_roadmap


def random_initiatives(rng, n):
    table = pd.DataFrame(
        {
            "initiative": [f"i{k}" for k in range(n)],
            "cost": rng.integers(1, 40, n),
            "benefit": rng.integers(1, 40, n).astype(float),
            "days": rng.integers(1, 20, n),
            "dimension": rng.choice(["a", "b", ""], n),
        }
    )
    links = {"requires": [""] * n, "excludes": [""] * n}
    for row in range(n):
        kind = rng.choice(["", "", "requires", "excludes"])
        if kind:
            links[kind][row] = f"i{rng.choice([k for k in range(n) if k != row])}"
    return table.assign(**links)


def worth_of_every_subset(table, budget, days, most):
    """Benefit of each of the 2^n plans of one year, −1 where a rule forbids it."""
    n = len(table)
    held = (np.arange(1 << n)[:, None] >> np.arange(n)) & 1
    number = {name: row for row, name in enumerate(table["initiative"])}
    ok = (held @ table["cost"].to_numpy() <= budget) & (held @ table["days"].to_numpy() <= days)
    for row, (needs, bars) in enumerate(zip(table["requires"], table["excludes"], strict=True)):
        if needs:
            ok &= held[:, row] <= held[:, number[needs]]
        if bars:
            ok &= held[:, row] + held[:, number[bars]] <= 1
    worth = np.zeros(1 << n)
    for name in ["a", "b", ""]:
        own = held @ (table["benefit"] * (table["dimension"] == name)).to_numpy()
        worth += np.minimum(own, most.get(name, np.inf))
    return np.where(ok, worth, -1)


@pytest.mark.parametrize("seed", range(200))
def test_one_year_equals_trying_every_plan(seed):  # up to 15 initiatives
    rng = np.random.default_rng(seed)
    table = random_initiatives(rng, int(rng.integers(2, 16)))
    budget, days = float(rng.integers(20, 200)), float(rng.integers(10, 90))
    most = {"a": float(rng.integers(20, 90))} if seed % 2 else {}
    money = pd.Series([budget], index=["2025"])
    in_all = float(rng.integers(20, 150)) if seed % 3 == 0 else np.inf
    rules = {"most": most, "most_in_all": in_all}
    plan = plan_roadmap(table, money, {"days": days}, **rules)
    worth = np.minimum(worth_of_every_subset(table, budget, days, most), in_all)
    chosen = int((plan["chosen"].to_numpy() << np.arange(len(table))).sum())
    assert worth[chosen] == worth.max()
    assert plan_benefit(plan, money, **rules) == pytest.approx(worth.max())


@pytest.mark.parametrize("seed", range(12))
def test_three_years_equal_trying_every_timetable(seed):
    rng = np.random.default_rng(1000 + seed)
    table = random_initiatives(rng, 5).assign(running=rng.integers(0, 4, 5))
    money = pd.Series([30.0, 20, 40], index=["2025", "2026", "2027"])
    most, in_all = {"a": 25.0}, [45.0, np.inf][seed % 2]
    rules = {"most": most, "most_in_all": in_all}
    found = plan_benefit(plan_roadmap(table, money, {"days": 25}, **rules), money, **rules)
    names = table["initiative"].tolist()
    best = 0.0
    for when in product([0, 1, 2, 3], repeat=5):  # 3: never
        first = np.array(when)
        if all(
            first[r] >= first[names.index(j)] for r, j in enumerate(table["requires"]) if j
        ) and not any(
            first[r] < 3 and first[names.index(j)] < 3 for r, j in enumerate(table["excludes"]) if j
        ):
            spent = [
                table["cost"][first == y].sum() + table["running"][first < y].sum()
                for y in range(3)
            ]
            days = [table["days"][first == y].sum() for y in range(3)]
            if all(s <= m for s, m in zip(spent, money, strict=True)) and max(days) <= 25:
                worth = 0.0
                for y in range(3):
                    year = 0.0
                    for name in ["a", "b", ""]:
                        own = table["benefit"][(first <= y) & (table["dimension"] == name)].sum()
                        year += min(own, most.get(name, np.inf))
                    worth += min(year, in_all)
                best = max(best, worth)
    assert found == pytest.approx(best)


def shops():
    return pd.DataFrame(
        {
            "initiative": ["stores", "range", "hotline"],
            "cost": [90.0, 80, 30],
            "benefit": [5.0, 3, 1],
            "dimension": ["convenience", "product", "service"],
            "people": [0.9, 0.9, 0.2],
        }
    )


def test_the_printed_knapsack_in_one_year():
    # Worked example 19: Burkardt, knapsack problem P01.
    table = pd.DataFrame(
        {
            "initiative": list("abcdefghij"),
            "cost": [23, 31, 29, 44, 53, 38, 63, 85, 89, 82],
            "benefit": [92, 57, 49, 68, 60, 43, 67, 84, 87, 72],
        }
    )
    money = pd.Series([165.0], index=["2025"])
    plan = plan_roadmap(table, money)
    assert plan["chosen"].astype(int).tolist() == [1, 1, 1, 1, 0, 1, 0, 0, 0, 0]
    assert plan_benefit(plan, money) == 309


def test_the_better_comes_first_and_bears_longer():
    # By hand: 5 for two years and 3 for one.
    money = pd.Series([100.0, 100], index=["2025", "2026"])
    plan = plan_roadmap(shops(), money).set_index("initiative")
    assert plan.loc["stores", "start"] == "2025" and plan.loc["range", "start"] == "2026"
    assert plan_benefit(plan.reset_index(), money) == 13
    late = plan_roadmap(shops().assign(year=["2026", None, None]), money).set_index("initiative")
    assert late.loc["stores", "start"] == "2026" and late.loc["range", "start"] == "2025"


def test_a_refused_initiative_has_a_second_best():
    money = pd.Series([100.0], index=["2025"])
    found = refusals(shops(), money)
    assert found.to_numpy().tolist() == [["stores", 2.0, "range"]]  # 5 − 3; range alone leaves 20


def test_of_a_large_plan_only_the_largest_are_refused_in_turn(monkeypatch):
    money = pd.Series([1000.0], index=["2025"])
    every = refusals(shops(), money)["initiative"].tolist()
    assert len(every) == 3
    monkeypatch.setattr(roadmap, "EXACT", 2)
    monkeypatch.setattr(portfolio, "REFUSED", 1)
    assert refusals(shops(), money)["initiative"].tolist() == ["stores"]  # 5, against 3 and 1


def test_links_of_a_large_plan_are_not_lifted_one_by_one(monkeypatch):
    money = pd.Series([100.0], index=["2025"])
    linked = shops().assign(requires=["", "stores", ""])
    assert set(limit_costs(linked, money)["kind"]) == {"budget", "requires"}
    monkeypatch.setattr(roadmap, "EXACT", 2)
    assert set(limit_costs(linked, money)["kind"]) == {"budget"}


def test_what_each_limit_costs():
    # Without the money's limit all three are done: 9 instead of 5. Nothing else binds but people,
    # which keeps the hotline out even then: 9 with both lifted, so lifting it alone gains nothing.
    money = pd.Series([100.0], index=["2025"])
    found = limit_costs(shops(), money, least={"people": 0.5}).set_index("limit")
    assert found.loc["2025", "benefit_gained"] == 3
    assert found.loc["people", "benefit_gained"] == 0


def test_what_lies_beyond_the_ideal_counts_nothing():
    # Two initiatives of 5 in one dimension that has room for 6: the second brings 1, range 3.
    table = pd.DataFrame(
        {
            "initiative": ["one", "two", "range"],
            "cost": [50.0, 50, 50],
            "benefit": [5.0, 5, 3],
            "dimension": ["convenience", "convenience", "product"],
        }
    )
    money = pd.Series([100.0], index=["2025"])
    plan = plan_roadmap(table, money, most={"convenience": 6})
    assert plan.loc[plan["chosen"], "initiative"].tolist()[-1] == "range"
    assert plan_benefit(plan, money, {"convenience": 6}) == 8


def test_certain_benefits_give_certain_plans_and_equal_ones_a_coin():
    money = pd.Series([100.0], index=["2025"])
    sure = draw_benefits(shops(), draws=5)
    assert probability_chosen(shops(), money, sure).tolist() == [1, 0, 0]
    # Two alike but for luck: each is in the better plan half the time.
    alike = pd.DataFrame({"initiative": ["x", "y"], "cost": [60.0, 60], "benefit": [5.0, 5]})
    alike = alike.assign(benefit_low=3.0, benefit_high=7.0)
    found = probability_chosen(alike, money, draw_benefits(alike, draws=300))
    assert found.sum() == 1
    assert 0.4 < found[0] < 0.6  # 300 draws: ± .057 with 95 %
    # One slope behind both, so that they win and lose together: the first never loses.
    shared = alike.assign(dimension="service", benefit=[5.0, 4])
    shared = shared.assign(benefit_low=[3.0, 2.4], benefit_high=[7.0, 5.6])
    drawn = draw_benefits(shared, draws=50)
    assert (drawn[:, 0] >= drawn[:, 1]).all()


def test_draws_have_the_interval_they_were_given():
    table = pd.DataFrame({"initiative": ["x"], "benefit": [50.0], "benefit_low": [40.0]})
    drawn = draw_benefits(table.assign(benefit_high=60.0), draws=4000)
    assert np.quantile(drawn, [0.025, 0.975]) == pytest.approx([40, 60], abs=1)


def test_draws_reach_as_far_on_either_side_as_the_interval_does():
    table = pd.DataFrame({"benefit": [50.0], "benefit_low": [-10.0], "benefit_high": [60.0]})
    drawn = draw_benefits(table, draws=4000)
    assert np.quantile(drawn, [0.025, 0.5, 0.975]) == pytest.approx([-10, 50, 60], abs=3)
    # What loses by itself is in no plan, whatever is drawn.
    plan = table.assign(initiative="x", cost=1.0)
    found = probability_chosen(plan, pd.Series([9.0], index=["2025"]), drawn[:100])
    assert found.item() == pytest.approx((drawn[:100] > 0).mean())


def test_an_unknown_cost_never_starts_and_drags_what_needs_it():
    table = pd.DataFrame(
        {"initiative": ["x", "y"], "cost": [np.nan, 1], "benefit": [9.0, 1], "requires": ["", "x"]}
    )
    assert not plan_roadmap(table, pd.Series([100.0], index=["2025"]))["chosen"].any()


def test_the_frontier_steps_where_the_best_plan_changes():
    # By hand, shops of 90, 80 and 30 for 5, 3 and 1: nothing, the hotline from 30, the range from
    # 80, the stores from 90, stores and hotline from 120, stores and range from 170, all from 200.
    money = pd.Series([100.0], index=["2025"])
    found = roadmap_frontier(shops(), money)
    assert found["budget"].tolist()[:-1] == pytest.approx([0, 30, 80, 90, 120, 170, 200])
    assert found["benefit"].tolist()[:-1] == [0, 1, 3, 5, 6, 8, 9]
    assert found["initiatives"].tolist()[:-1] == [0, 1, 1, 1, 2, 2, 3]
    assert found.loc[found["plan"] == "chosen", "budget"].item() == 90
    second = found.iloc[-1]  # 5 for the stores is best; else the range alone
    assert second[["budget", "benefit", "plan"]].tolist() == pytest.approx([80, 3, "second_best"])


def test_the_frontier_ends_at_the_most_that_can_be_kept():
    # Of the same shops nobody can keep more than 5: past the stores at 90 no money buys more.
    found = roadmap_frontier(shops(), pd.Series([200.0], index=["2025"]), most_in_all=5)
    line = found[found["plan"] != "second_best"]
    assert line["budget"].tolist() == pytest.approx([0, 30, 80, 90])
    assert line["benefit"].tolist() == [0, 1, 3, 5]


def timetables(table, money):
    """(cost within the two years, benefit) of every timetable that keeps the budgets and the links."""
    names = table["initiative"].tolist()
    for when in product([0, 1, 2], repeat=len(names)):  # 2: never
        first = np.array(when)
        spent = [
            table["cost"][first == y].sum() + table["running"][first < y].sum() for y in (0, 1)
        ]
        kept = all(s <= m for s, m in zip(spent, money, strict=True))
        kept &= all(first[r] >= first[names.index(j)] for r, j in enumerate(table["requires"]) if j)
        barred = [(r, names.index(j)) for r, j in enumerate(table["excludes"]) if j]
        if kept and not any(first[r] < 2 and first[other] < 2 for r, other in barred):
            yield sum(spent), (table["benefit"] * (2 - first)).sum()


@pytest.mark.parametrize("seed", range(5))
def test_the_frontier_over_years_is_what_each_cost_buys(seed):
    # No plan that the budgets carry brings more for what it costs than the line says.
    rng = np.random.default_rng(seed)
    table = random_initiatives(rng, 6).assign(running=rng.integers(0, 4, 6))
    money = pd.Series([30.0, 40], index=["2025", "2026"])
    found = roadmap_frontier(table, money, term=2)
    line = found[found["plan"] != "second_best"]
    assert line["benefit"].is_monotonic_increasing
    assert (line["plan"] == "chosen").sum() == 1
    every = pd.DataFrame(timetables(table, money), columns=["cost", "benefit"])
    chosen = line.index[line["plan"] == "chosen"].item()
    for _, row in line.loc[:chosen].iterrows():
        assert row["benefit"] == every["benefit"][every["cost"] <= row["cost"] + 1e-9].max()
    assert line.loc[chosen, "benefit"] == every["benefit"].max()
    for _, row in line.loc[chosen + 1 :].iterrows():
        moved = money * (row["budget"] / money.sum() + 1e-9)
        assert plan_benefit(plan_roadmap(table, moved), moved) == pytest.approx(row["benefit"])


def test_a_large_plan_keeps_its_rules_and_says_how_near_the_best_it_is(monkeypatch):
    rng = np.random.default_rng(3)
    table = random_initiatives(rng, 35)
    money = pd.Series([120.0, 120, 120], index=["2025", "2026", "2027"])
    plan = plan_roadmap(table, money)
    assert 0 <= plan["within"].iloc[0] < 0.2
    assert (plan.groupby("start")["cost"].sum() <= 120).all()
    held = set(plan.loc[plan["chosen"], "initiative"])
    for row in plan[plan["chosen"]].itertuples():
        assert not row.requires or row.requires in held
        assert row.excludes not in held
    monkeypatch.setattr(roadmap, "EXACT", 1000)
    best = plan_roadmap(table, money)
    assert best["within"].iloc[0] == 0
    assert plan_benefit(plan, money) >= (1 - plan["within"].iloc[0]) * plan_benefit(best, money)


def test_the_room_of_a_dimension_moves_with_its_benefits():
    # Room for one of two alike, whatever they are worth: never both, though money is there.
    table = pd.DataFrame(
        {"initiative": ["x", "y"], "cost": [10.0, 10], "benefit": [5.0, 5], "dimension": "service"}
    )
    table = table.assign(benefit_low=2.0, benefit_high=8.0)
    money = pd.Series([100.0], index=["2025"])
    drawn = draw_benefits(table, draws=40)
    assert probability_chosen(table, money, drawn, most={"service": 5.0}).sum() == 1


def test_what_was_refused_before_does_not_come_in_instead():
    wishes = pd.DataFrame({"initiative": [*"abc"], "cost": 2, "benefit": [5, 4, 3]})
    found = refusals(wishes, pd.Series({"2025": 2}), refused=["b"])
    assert found.to_numpy().tolist() == [["a", 2.0, "c"]]


def test_a_benefit_without_any_fit_is_the_uplift_by_what_its_dimension_weighs():
    wishes = pd.DataFrame({"initiative": ["a"], "uplift": [2.0], "dimension": ["price"]})
    assert benefits(wishes, {"price": 3}).tolist() == [6.0]
