"""The money of `vendor` and `kiosk` as a sceptic reckons it: from their files, with pandas alone.

Of the product's numbers only one is taken as given, what each initiative brings a year by itself
(the table `returns`): the link behind it has tests of its own.
"""

from itertools import product

import numpy as np
import pandas as pd
import pytest
import yaml

import cxlib as cx
from tests.conftest import DATA


@pytest.fixture(scope="module", params=["vendor", "kiosk"])
def name(request):
    return request.param


@pytest.fixture(scope="module")
def case(name):
    return cx.read_client(name, DATA)


@pytest.fixture(scope="module")
def page(case, tmp_path_factory):
    return cx.open_page(case, tmp_path_factory.mktemp("reports"))


@pytest.fixture(scope="module")
def stated(name):
    return yaml.safe_load((DATA / name / "client.yml").read_text("utf-8"))


@pytest.fixture(scope="module")
def shares(name, stated):
    """Of revenue with a bad experience; of that, with a complaint; of those who did, and did not,
    lost; lost of all others."""
    given = stated["churn_cost"]
    if name == "kiosk":  # stated, all of them
        of = [
            given["negative"],
            given["complain"],
            given["complained"]["lost"],
            given["silent"]["lost"],
        ]
        return [each["share"] for each in [*of, given["baseline_churn"]]]
    customers = pd.read_csv(DATA / name / "customers.csv")
    bad, told, left = (
        customers["satisfaction"] < 5,
        customers["complained"] == "yes",
        customers["churned"] == "yes",
    )

    def of_revenue(part, whole):
        return customers.loc[part & whole, "revenue"].sum() / customers.loc[whole, "revenue"].sum()

    everyone = bad | True
    return [
        of_revenue(bad, everyone), of_revenue(told, bad), of_revenue(left, bad & told),
        of_revenue(left, bad & ~told), of_revenue(left, ~bad),
    ]  # fmt: skip


alone = pytest.mark.parametrize("name", ["vendor"], indirect=True)  # kiosk's plan is in points


def in_words(amount, currency) -> str:
    """Two figures of an amount of money, as sentences have it."""
    rounded = float(f"{amount:.2g}")
    return (
        f"{currency} {rounded / 1e6:.3g} million"
        if rounded >= 1e6
        else f"{currency} {rounded:,.0f}"
    )


def test_what_bad_experience_costs(case, page, stated, shares):
    bad, told, lost, silent, normal = shares
    revenue, given = stated["revenue"], stated["churn_cost"]
    amount = {
        "gross": revenue * bad * (told * lost + (1 - told) * silent),
        "incremental": revenue * bad * (told * lost + (1 - told) * silent - normal),
    }
    amount["margin"] = amount["gross"] * given["margin"]
    if "lifetime" in given:
        amount["lifetime"] = amount["gross"] * given["lifetime"]
    cost = cx.cost_of_bad_experience(case)
    found = cost[cost["branch"] == "lost"].set_index("view")["amount"]
    assert found.to_dict() == pytest.approx(amount)
    said = page.sentence("churn_cost", cost)
    assert in_words(amount["gross"], stated["currency"]) in said
    assert in_words(amount["incremental"], stated["currency"]) in said
    of_all, quiet = amount["gross"] / revenue, (1 - told) * silent * bad * revenue / amount["gross"]
    digits = 0 if "customers" in case.tables else 1  # counted among 600: no tenths of a per cent
    assert f"{of_all:.{digits}%} of it" in said and f"{quiet:.0%} of the loss" in said


def test_what_one_point_is_worth(case, stated, shares):
    bad, told, lost, silent, normal = shares
    given, point = stated["churn_cost"]["complained"], 0.01 * stated["revenue"]
    # Who is at risk cannot be counted: what is left over keeps the proportion that was stated.
    rest = given["at_risk"]["share"] / (given["at_risk"]["share"] + given["retained"]["share"])
    unhappy = lost + (1 - lost) * rest
    worth = {
        "recovery": point * bad * told * lost / unhappy,
        "complaint": point * bad * (silent - lost),
        "negative": point * (told * lost + (1 - told) * silent),
    }
    found = cx.levers(case).set_index("lever")
    assert found["one_point"].to_dict() == pytest.approx(worth)
    kept = worth["negative"] - point * normal
    assert found.loc["negative", "one_point_incremental"] == pytest.approx(kept)
    margin = stated["churn_cost"]["margin"]
    assert found.loc["negative", "break_even"] == pytest.approx(kept * margin)


def every_plan(name, brings, limits, stated):
    """(what each timetable leaves over its term, the timetables: the year each starts in, or none);
    all that keep to the budgets, the people, and what requires or excludes what."""
    table = pd.read_csv(DATA / name / "initiatives.csv").fillna(
        {"running": 0} if name == "vendor" else {}
    )
    table = table.assign(running=table.get("running", 0.0), brings=brings.to_numpy())
    strategy, margin = stated["strategy"], stated["churn_cost"]["margin"]
    table = table[
        ~(table["people"] < strategy.get("least", {}).get("people", 0)) & (table["brings"] > 0)
    ]
    years = sorted(table["year"].unique()) if "year" in table else ["plan"]
    years, term = (
        (range(int(min(years)), int(max(years)) + 1), len(years)) if "year" in table else ([0], 3)
    )
    never = max(years) + 1
    first = table["year"].astype(int) if "year" in table else pd.Series(0, table.index)
    choices = [[*(y for y in years if y >= start), never] for start in first]
    when = np.array(list(product(*choices)))
    place = {each: at for at, each in enumerate(table["initiative"])}
    ok = np.ones(len(when), dtype=bool)
    for row, needs in table[["initiative", "requires"]].dropna().to_numpy():
        ok &= (
            when[:, place[row]] >= when[:, place[needs]]
            if needs in place
            else when[:, place[row]] == never
        )
    for row, others in table[["initiative", "excludes"]].dropna().to_numpy():
        for other in set(others.split(";")) & set(place):
            ok &= (when[:, place[row]] == never) | (when[:, place[other]] == never)
    left = np.zeros(len(when))
    for at, year in enumerate(years):
        starts, runs = (when == year) * 1.0, (when <= year) * 1.0
        stands = 1 if year < max(years) else term - at  # the last year stands for the rest
        spent = starts @ table["cost"].to_numpy() + (runs - starts) @ table["running"].to_numpy()
        ok &= spent <= strategy["budget"]
        for each, most in strategy.get("capacity", {}).items():
            ok &= starts @ table[each].to_numpy() <= most
        year_of = [
            np.minimum(
                runs @ (table["brings"] * (table["dimension"] == each)).to_numpy(),
                limits["most"][each],
            )
            for each in table["dimension"].unique()
        ]
        earned = margin * np.minimum(sum(year_of), limits["in_all"])
        left += stands * earned - spent - (stands - 1) * (runs @ table["running"].to_numpy())
    return np.where(ok, left, -np.inf), when, table, never


@alone
def test_the_plan_is_the_best_of_all_and_leaves_what_it_says(name, case, page, stated, shares):
    bad, told, lost, silent, normal = shares
    worth = cx.plan_worth(case).iloc[0]
    returns, gaps = cx.returns(case), cx.everyone(cx.gaps(case)).set_index("dimension")["gap"]
    a_point = (returns["benefit"] / returns["closes"]).groupby(returns["dimension"]).first()
    limits = {
        "most": {each: -gaps[each] * value for each, value in a_point.items()},
        "in_all": stated["revenue"] * bad * (told * lost + (1 - told) * silent - normal),
    }
    left, when, table, never = every_plan(name, returns["benefit"], limits, stated)
    best = when[left.argmax()] < never
    chosen = cx.portfolio(case).set_index("initiative")["chosen"]
    assert set(chosen.index[chosen]) == set(table["initiative"][best])
    assert worth["net"] == pytest.approx(left.max())
    part = table[best]
    kept = min(part["brings"].sum(), limits["in_all"])
    # It runs from the year after its start; what that costs within three years comes back evenly.
    after = 2 - (when[left.argmax()][best] - when.min())
    earned = stated["churn_cost"]["margin"] * kept - (after * part["running"]).sum() / 3
    back = part["cost"].sum() / earned
    assert back <= 3
    assert [worth["benefit"], worth["payback"]] == pytest.approx([kept, back])
    said = page.sentence("strategy", cx.portfolio(case), cx.plan_worth(case))
    assert f"leaves about {in_words(left.max(), stated['currency'])}" in said
    assert f"about {in_words(kept, stated['currency'])} of revenue a year" in said
    assert cx.verdict(case).ask["payback"] == pytest.approx(back, rel=0.005)  # of what is told


@alone
def test_a_service_level_leaves_its_margin_less_its_cost(name, case, stated):
    quoted = pd.read_csv(DATA / name / "service_levels.csv")
    profit = 0.7 * quoted["revenue"] - quoted["cost"]
    assert stated["churn_cost"]["margin"] == 0.7
    found = cx.service_levels(case)
    assert found["profit"].tolist() == pytest.approx(profit.tolist())
    best = found.loc[found["best"], "level"].astype(float)
    assert best.tolist() == [quoted["level"][profit.argmax()]]


@alone
def test_who_left_and_what_they_brought(name, case, page):
    customers = pd.read_csv(DATA / name / "customers.csv")
    gone = customers[customers["churned"] == "yes"]
    found = cx.leaving(case).iloc[0]
    assert [found["left"], found["revenue_lost"]] == [len(gone), gone["revenue"].sum()]
    said = page.sentence("leavers", cx.leaving(case))
    assert "CNY 3.2 million a year, 7.9% of the whole" in said
    # Of the ten who complained of a bad experience five left, with .60 of what the ten brought.
    told = customers[(customers["complained"] == "yes") & (customers["satisfaction"] < 5)]
    of = told.loc[told["churned"] == "yes", "revenue"].sum() / told["revenue"].sum()
    assert len(told) == 10
    said = page.sentence("left_and_complained", cx.left_and_complained(case))
    assert (
        f"only the 10 of them whose experience was bad: of what those are worth {of:.0%} left"
        in said
    )
