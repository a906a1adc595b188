"""Headlines of step 6: the plan, what it costs and brings, and the second best."""

import numpy as np
import pandas as pd

from cxlib.page.language import sentences_of
from cxlib.page.sentences import said_of, some
from cxlib.page.verdict import cost_of

SAID = sentences_of("strategy")


@said_of(without=SAID.none_proposed)
def strategy(page, portfolio=None, worth=None, *_):
    """The plan, what it costs and brings, what is too slow, and the second best."""
    chosen = titles(page, portfolio, "chosen")
    if not chosen:
        return page.say(SAID.none_fits)
    facts = {"names": chosen, "cost": _whole_cost(page, portfolio, worth)}
    row = None if worth is None else worth.iloc[0]
    said = [page.say(_within_the_budget(row), row, **facts)]
    said += _what_it_brings(page, portfolio, worth)
    said += [*_for_whom(page, portfolio), _left_over(page, portfolio, worth)]
    said += _does_not_pay(page, portfolio, worth)
    return [*said, second_best(page, portfolio, worth)]


def _whole_cost(page, portfolio, worth) -> str:
    """What the plan costs: to start, and to run within its term."""
    if worth is None:
        return page.language.money(portfolio.loc[portfolio["chosen"].eq(True), "cost"].sum(), 3)
    row = worth.iloc[0]
    return cost_of(page, {**row, "cost": row["cost_in_term"]})


def _for_whom(page, portfolio) -> list[str]:
    """The role for whose sake an experience is worked on that is good enough on the average."""
    named = portfolio.get("for_role", pd.Series(index=portfolio.index)).notna()
    return page.each(SAID.for_role, portfolio[named & portfolio["chosen"].eq(True)])


WANTING = {"outbid", "over_budget", "over_capacity", "later"}  # left out for want of something


def _left_over(page, portfolio, worth) -> str:
    """What is left of the budget where nothing was left out for want of it."""
    if worth is None or set(portfolio["reason"]) & WANTING:
        return ""
    row = worth.iloc[0]
    left = row["budget"] - row["cost" if row["years"] == 1 else "cost_in_term"]
    return page.say(SAID.left_over, left=left) if left > 0 else ""


def _does_not_pay(page, portfolio, worth) -> list[str]:
    """What was left out because it would lose money within the term or add nothing, and beside what."""
    facts = {"term": np.nan if worth is None else worth["term"].iloc[0]}
    said = []
    for code in ("loses_money", "adds_too_little", "adds_nothing"):
        names = titles(page, portfolio.assign(out=portfolio["reason"].eq(code)), "out", most=3)
        said.append(page.say(getattr(SAID, code), names=names, **facts) if names else "")
    return said


def second_best(page, portfolio, worth=None) -> str:
    """The second-best plan and its cost: what it does in place of what, where the two share some."""
    second = portfolio[portfolio["second_best"].eq(True)]
    if second.empty:
        return ""
    facts = {"names": titles(page, portfolio, "second_best")}
    running = second.get("running", pd.Series(dtype=float)).sum() if some(worth) else 0
    cost = second["second_cost" if running else "cost"].sum()
    term = worth["term"].iloc[0] if running else np.nan
    facts["cost"] = cost_of(page, {"cost": cost, "running": running, "term": term})
    first, other = portfolio["chosen"].eq(True), portfolio["second_best"].eq(True)
    if not (first & other).any():
        return page.say(SAID.second_best, **facts)
    facts["new"] = titles(page, portfolio.assign(new=other & ~first), "new")
    facts["old"] = titles(page, portfolio.assign(old=first & ~other), "old")
    return page.say(SAID.second_without if not facts["new"] else SAID.second_in_place, **facts)


def _within_the_budget(row) -> str:
    """The sentence for the plan."""
    if row is None:
        return SAID.best
    if pd.isna(row["budget"]):
        return SAID.best_without_budget
    return SAID.best_in_year if row["years"] == 1 else SAID.best_over_years


def _what_it_brings(page, portfolio, worth) -> list[str]:
    """The unit of the benefit, how much it is, and whether the uplifts behind it are assumed."""
    chosen = portfolio[portfolio["chosen"].eq(True)]
    assumed = "from" in chosen and chosen["from"].isin(["assumed", "assumption"]).any()
    money = "unit" in chosen and chosen["unit"].eq("money").all()
    if not money:
        return [page.say(words) for words in (SAID.gain_points, SAID.points_assumed)[: 1 + assumed]]
    said = [] if worth is None else _money_it_brings(page, worth.iloc[0])
    return [*said, page.say(SAID.gain_money_assumed)] if assumed else said


def _money_it_brings(page, row) -> list[str]:
    """Revenue kept a year, what that leaves within the term, and when what it cost is back."""
    said = [page.say(SAID.keeps, row)]
    if pd.isna(row["margin"]):  # revenue kept is not money earned
        return [*said, page.say(SAID.no_margin)]
    words = SAID.leaves_assumed_term if row["years"] == 1 else SAID.leaves
    return [*said, page.say(words, row)]


def titles(page, portfolio, column, most=99) -> str:
    """The initiatives marked in a column, by name."""
    keys = portfolio.loc[portfolio[column].eq(True), "initiative"]
    return page.quoted_names("initiative", keys, most)


@said_of()
def in_plan(page, chosen=None, worth=None, *_):
    """Above the table of the plan: its order, and what the whole of it costs."""
    back = "payback" in chosen and chosen["payback"].notna().any()
    said = [page.say(SAID.in_plan_back if back else SAID.in_plan)]
    if some(worth) and worth["running"].iloc[0] > 0:
        row = worth.iloc[0].rename({"cost": "cost_to_start"})
        cost, run = _whole_cost(page, chosen, worth), row["cost_in_term"] - row["cost_to_start"]
        said.append(page.say(SAID.in_all, row, cost=cost, run=run))
    return said


# What the plan serves, and what in it fits least


@said_of()
def plan_serves(page, served=None, *_):
    """Whether must-haves come before delight in the plan, and what in it serves nothing on record."""
    chosen = served[served["chosen"].eq(True)]
    musts = page.quoted_names("item", served.loc[served["unmet_must"].eq(True), "serves"], 2)
    beyond = chosen.loc[chosen["kind"].eq("beyond"), "initiative"]
    delights = page.quoted_names("initiative", beyond, 2)
    unsaid = served.loc[served["initiative"].isna() & ~served["unmet_must"].eq(True), "serves"]
    words = SAID.none_left_out if served["kind"].eq("must").any() and unsaid.empty else ""
    if musts:
        words = SAID.delight_first if delights else SAID.left_out
    said = [page.say(words, musts=musts, delights=delights) if words else ""]
    unknown = page.quoted_names("item", unsaid, 2)
    said.append(page.say(SAID.unsaid, names=unknown) if unknown else "")
    names = page.quoted_names("initiative", chosen.loc[chosen["serves"].isna(), "initiative"])
    return [*said, page.say(SAID.serves_nothing, names=names) if names else ""]


@said_of(known=["fit_lowest"])
def fits(page, table=None, *_):
    """What the plan would have to adjust first: the lowest fit of what is in it."""
    short = table[table["chosen"].eq(True)]
    if short.empty:
        return ""
    row = short.sort_values("fit_lowest", kind="stable").iloc[0]
    alike = short[short["adjust"].eq(row["adjust"]) & short["fit_lowest"].eq(row["fit_lowest"])]
    names = page.quoted_names("initiative", alike["initiative"])
    return page.say(SAID.fits_least, row, names=names)
