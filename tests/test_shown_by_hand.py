"""Each money figure that the pages of `kiosk` show, reckoned again from the tables on those pages:
plain Python, and nothing of the product but its HTML."""

import html
import math
import re
from io import StringIO
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from tests.conftest import DATA

UNITS = {None: 1, "million": 1e6, "billion": 1e9}
BAD, TOLD, LOST, QUIET, NORMAL = (
    "Share of bad experience", "Share who complain", "Complainers lost",
    "Silent customers lost", "Normal churn",
)  # fmt: skip
TERM = 3  # years, as the page says: "in 6.5 years, not 3"


@pytest.fixture(scope="module")
def pages(demo_reports):
    folder = demo_reports("kiosk") / "kiosk"
    return {
        name: next(folder.glob(f"*{name}.html")).read_text("utf-8")
        for name in ("report", "strategy_capability", "churn_cost")
    }


def words_of(page) -> str:
    """What a reader reads: no drawings, no scripts."""
    bare = re.sub(r"(?s)<(style|script|svg|pre)\b.*?</\1>", " ", page)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", bare)).split())


def number(cell) -> float:
    """The first number of a cell: its value, not its interval; a share as 0–1."""
    found = re.search(r"[+−-]?[\d,]+(\.\d+)?", str(cell))
    value = float(found[0].replace(",", "").replace("−", "-"))
    return value / 100 if "%" in str(cell)[: found.end() + 1] else value


def table(page, *columns) -> pd.DataFrame:
    """The first table with these columns."""
    found = [
        each for each in pd.read_html(StringIO(page)) if {*columns} <= {*map(str, each.columns)}
    ]
    return found[0]


@pytest.fixture(scope="module")
def shown(pages):
    """Share, Low, High of each assumption, as the report's table has them."""
    rows = table(pages["report"], "Assumption", "Share").set_index("Assumption")
    return rows[["Share", "Low", "High"]].map(number)


@pytest.fixture(scope="module")
def revenue(pages):
    return amounts(re.search(r"The year's revenue: (KRW [^(]+)", words_of(pages["report"]))[1])[0]


def amounts(text) -> list[float]:
    """Every amount of money in words; "KRW 3.1 to 8 million" says its unit once."""
    amount, found = r"(\d[\d,.]*\d|\d)(?: (million|billion))?", []
    for one, unit, other, of in re.findall(rf"KRW {amount}(?: to (?:KRW )?{amount})?", text):
        shared = unit or ("" if "," in one else of)
        found += [(one, shared), (other, of)] if other else [(one, unit)]
    return [float(digits.replace(",", "")) * UNITS[unit or None] for digits, unit in found]


def loss(bad, told, lost, quiet):
    return bad * (told * lost + (1 - told) * quiet)


def drawn_loss(shown, revenue):
    """(low, high) by the reading that the page states: each range holds its share with 90 %."""
    rng, draws = np.random.default_rng(1), 200_000
    drawn = []
    for name in (BAD, TOLD, LOST, QUIET):
        share, low, high = shown.loc[name]
        z = rng.standard_normal(draws) / norm.ppf(0.95)
        drawn.append(np.clip(share + z * np.where(z < 0, share - low, high - share), 0, 1))
    return revenue * np.quantile(loss(*drawn), [0.025, 0.975])


def two_figures(value) -> float:
    return float(f"{value:.2g}")


@pytest.fixture(scope="module")
def reckoned(pages, shown, revenue):
    """What a reader gets from the tables, by name."""
    bad, told, lost, quiet, normal = shown["Share"].loc[[BAD, TOLD, LOST, QUIET, NORMAL]]
    margin_rows = table(pages["churn_cost"], "View", "Branch", "Amount, KRW").set_index(
        ["View", "Branch"]
    )
    margin = number(margin_rows.loc[("In margin", "Lost in all"), "Amount, KRW"]) / number(
        margin_rows.loc[("Gross", "Lost in all"), "Amount, KRW"]
    )
    plan = table(
        pages["report"], "Initiative", "Cost, KRW", "Probability of being in the best plan"
    )
    cost = sum(plan["Cost, KRW"].map(number))
    kept = revenue * (loss(bad, told, lost, quiet) - bad * normal)
    low, high = drawn_loss(shown, revenue)
    swing = [revenue * loss(shown.loc[BAD, end], told, lost, quiet) for end in ("Low", "High")]
    return {
        "margin": margin,
        "loss": revenue * loss(bad, told, lost, quiet),
        "loss_low": low,
        "loss_high": high,
        "kept": kept,
        "margin_kept": margin * kept,
        "most": TERM * margin * kept,
        "cost": cost,
        "years": cost / (margin * kept),
        "needed": revenue * cost / (TERM * margin * kept),
        "swing_low": swing[0],
        "swing_high": swing[1],
        "swing": swing[1] - swing[0],
        "revenue": revenue,
    }


def test_the_report_tells_no_amount_that_its_tables_do_not_give(pages, reckoned):
    exact = {reckoned["loss"], 0.0}  # of the sliders: as stated, and against it
    rounded = {two_figures(value) for value in reckoned.values()}
    told = amounts(words_of(pages["report"]))
    assert len(told) > 12
    strange = [
        each for each in told if each not in rounded and not np.isclose(each, [*exact]).any()
    ]
    assert strange == []
    for name in ("loss", "loss_low", "loss_high", "cost", "needed", "swing_low", "swing_high"):
        assert two_figures(reckoned[name]) in told, name


def test_the_plan_is_refused_for_what_it_leaves(pages, reckoned):
    said = words_of(pages["report"])
    years, needed = reckoned["years"], reckoned["needed"]
    lost = f"Even ending all the avoidable KRW {reckoned['kept'] / 1e6:.2g} million a year"
    kept = f"KRW {reckoned['margin_kept'] / 1e6:.2g} million at {reckoned['margin']:.0%} margin"
    above = f"Within {TERM} years only above a revenue of KRW {needed / 1e9:.2g} billion"
    assert f"{lost} (profit {kept}), it pays back in {years:.1f} years. {above}." in said
    most = f"KRW {reckoned['most'] / 1e6:.2g} million could pay back in time"
    alone = f"alone only by ending {40e6 / reckoned['most']:.0%}"  # initiatives.csv: KRW 40 million
    assert f"Nothing above {most}; “Privacy screen and shielded keypad” {alone}." in said
    assert f"share of the avoidable loss: {years:.1f} years, later than {TERM}" in said
    assert f"at full gain repaid year {math.ceil(years)}" in said
    assert f"{reckoned['loss'] / reckoned['revenue']:.1%} of it" in said
    # Margin × what is kept, under the cap that all share, less the cost: a loss within the term.
    assert TERM * reckoned["margin"] * reckoned["kept"] - reckoned["cost"] < 0


def test_no_initiative_would_leave_anything_within_the_term(pages, reckoned):
    returns = table(pages["strategy_capability"], "Initiative", "Uplift", "Benefit")
    costs = table(pages["strategy_capability"], "Initiative", "Cost, KRW", "Funded")
    costs = costs.set_index("Initiative")["Cost, KRW"].map(number)
    assert len(returns) == 7
    for row in returns.itertuples():
        most = max(float(end.replace(",", "").replace("−", "-"))
                   for end in re.findall(r"[−-]?[\d,]{5,}", row.Benefit))  # fmt: skip
        assert TERM * reckoned["margin"] * most < costs[row.Initiative]


def test_what_goes_with_a_gap_is_its_part_of_the_whole(pages):
    stakes = table(pages["churn_cost"], "Experience type", "Gap to ideal", "Amount, KRW")
    amount = stakes.set_index("Experience type")["Amount, KRW"].map(number)
    together = re.search(r"All gaps together go with about (KRW [\d.]+ million)",
                         words_of(pages["churn_cost"]))[1]  # fmt: skip
    assert two_figures(amount.sum()) == amounts(together)[0]
    # What an initiative brings is the part of the gap that it closes (the shown gap has one decimal).
    gap = stakes.set_index("Experience type")["Gap to ideal"].map(number)
    returns = table(pages["strategy_capability"], "Initiative", "Uplift", "Benefit")
    for row in returns.itertuples():
        where = row[2]
        closes = number(row.Uplift) / -gap[where]
        off = 0.05 / -gap[where] + 0.01
        assert number(row.Benefit) == pytest.approx(amount[where] * closes, rel=off)


def test_the_plan_in_points_is_the_best_of_all_within_the_budget(pages):
    """Points: uplift × importance × the mean of how it fits, as the page says; all sets tried."""
    page = pages["strategy_capability"]
    points = table(page, "Initiative", "Cost, KRW", "Funded").set_index("Initiative")
    fits = table(page, "Initiative", "Fits strategy", "People", "Process", "Technology")
    fits = fits.set_index("Initiative")[["Fits strategy", "People", "Process", "Technology"]]
    returns = table(page, "Initiative", "Uplift", "Benefit").set_index("Initiative")
    importance = table(pages["report"], "Experience type", "Importance")
    importance = importance.set_index("Experience type")["Importance"].map(number)
    gain = returns["Uplift"].map(number) * fits.map(number).mean(axis=1)
    gain *= returns["Experience type"].map(importance)
    given = points["Adds to the plan, a year"].map(number)
    assert given.to_dict() == pytest.approx(
        gain.to_dict(), rel=0.03
    )  # of rounded importance, in two figures
    cost = points["Cost, KRW"].map(number)
    budget = amounts(re.search(r"within the budget of (KRW \d+ million)", words_of(page))[1])[0]
    rules = pd.read_csv(DATA / "kiosk" / "initiatives.csv").set_index("label")  # on no page
    names = rules["initiative"]

    def allowed(plan):
        inside = set(names[[*plan]])
        needs = rules.loc[[*plan], "requires"].dropna()
        never = set(";".join(rules.loc[[*plan], "excludes"].dropna()).split(";"))
        return cost[[*plan]].sum() <= budget and set(needs) <= inside and not never & inside

    plans = [plan for size in range(1, 8) for plan in combinations(points.index, size)]
    best = max(filter(allowed, plans), key=lambda plan: gain[[*plan]].sum())
    assert set(best) == set(points.index[points["Funded"] == "yes"])


def test_the_tree_is_the_multiplication_of_its_shares(pages, shown, revenue):
    told = table(pages["churn_cost"], "View", "Branch", "Amount, KRW")
    told = told.set_index(["View", "Branch"])["Amount, KRW"].map(number)
    share = shown["Share"]
    bad, told_of = revenue * share[BAD], share[TOLD]
    loud, quiet = bad * told_of, bad * (1 - told_of)
    leave = {
        "Complain and leave": (loud, share[LOST]),
        "Leave without a word": (quiet, share[QUIET]),
    }
    gross = {
        "Good experience": revenue - bad,
        "Bad experience": bad,
        "Complain": loud,
        "Say nothing": quiet,
        "Complain and are won back": loud * share["Complainers won back"],
        "Complain and are at risk": loud * share["Complainers at risk"],
        "Silent and at risk": quiet * share["Silent customers at risk"],
        **{name: of * part for name, (of, part) in leave.items()},
    }
    gross["Lost in all"] = sum(gross[name] for name in leave)
    gross["At risk in all"] = gross["Complain and are at risk"] + gross["Silent and at risk"]
    beyond = {name: of * (part - share[NORMAL]) for name, (of, part) in leave.items()}
    beyond["Lost in all"] = sum(beyond.values())
    margin = {name: 0.2 * gross[name] for name in [*leave, "Lost in all"]}
    assert "margin 20%, assumed" in words_of(pages["churn_cost"])
    views = {"Gross": gross, "Beyond normal churn": beyond, "In margin": margin}
    whole = {(view, branch): each for view, rows in views.items() for branch, each in rows.items()}
    assert told.to_dict() == pytest.approx(whole, abs=0.5)


def test_what_one_point_is_worth(pages, shown, revenue):
    told = table(pages["churn_cost"], "Lever", "One percentage point is worth, a year, KRW")
    told = told.set_index("Lever")
    share, point = shown["Share"], 0.01 * revenue
    bad, loud = share[BAD], share[TOLD]
    one = {
        "Win back more of those who complain":
            point * bad * loud * share[LOST] / (1 - share["Complainers won back"]),
        "Make complaining easy": point * bad * (share[QUIET] - share[LOST]),
        "Have fewer bad experiences": point * loss(1, loud, share[LOST], share[QUIET]),
    }  # fmt: skip
    found = told["One percentage point is worth, a year, KRW"].map(number).to_dict()
    assert found == pytest.approx(one, abs=0.5)
    # At most its margin, and of fewer bad experiences only what leaves beyond normal churn.
    one["Have fewer bad experiences"] -= point * share[NORMAL]
    most = told["Most it may cost, a year, KRW"].map(number).to_dict()
    assert most == pytest.approx({name: 0.2 * each for name, each in one.items()}, abs=0.5)
