"""Headlines of step 6: the plan, what it costs and brings, and the second best."""

import numpy as np
import pandas as pd

from cxlib.page.language import N_, sentences_of
from cxlib.page.sentences import said_of, sentence, some
from cxlib.page.verdict import cost_of

SAID = sentences_of("strategy")


@said_of(without=SAID.none_proposed)
def strategy(page, portfolio=None, worth=None, *_):
    """The plan, what it costs and brings, what is too slow, and the second best."""
    chosen = titles(page, portfolio, "chosen")
    if not chosen:
        return page.say(SAID.none_fits)
    facts = {"names": chosen, "cost": _whole_cost(page, portfolio, worth)}
    said = [
        page.say(_within_the_budget(page, worth, facts), **facts),
        *_what_it_brings(page, portfolio, worth),
    ]
    said += [_left_over(page, portfolio, worth), *_does_not_pay(page, portfolio, worth)]
    return [*said, second_best(page, portfolio)]


def _whole_cost(page, portfolio, worth) -> str:
    """What the plan costs: to start, and to run within its term."""
    if worth is None:
        return page.language.money(portfolio.loc[portfolio["chosen"].eq(True), "cost"].sum(), 3)
    row = worth.iloc[0]
    return cost_of(
        page, {"cost": row["cost_in_term"], "running": row["running"], "term": row["term"]}
    )


WANTING = {"outbid", "over_budget", "over_capacity", "later"}  # left out for want of something


def _left_over(page, portfolio, worth) -> str:
    """What is left of the budget where nothing was left out for want of it."""
    if worth is None or set(portfolio["reason"]) & WANTING:
        return ""
    row = worth.iloc[0]
    left = row["budget"] - row["cost" if row["years"] == 1 else "cost_in_term"]
    if not left > 0:
        return ""
    return page.say(SAID.left_over, left=page.language.money(left, 3))


def _does_not_pay(page, portfolio, worth) -> list[str]:
    """What was left out because it would lose money within the term or add nothing, and beside what."""
    facts = {"term": page.language.count(np.nan if worth is None else worth["term"].iloc[0])}
    said = []
    for code in ("loses_money", "adds_too_little", "adds_nothing"):
        names = titles(page, portfolio.assign(out=portfolio["reason"].eq(code)), "out", most=3)
        said.append(page.say(getattr(SAID, code), names=names, **facts) if names else "")
    return said


def second_best(page, portfolio) -> str:
    """The second-best plan and its cost: what it does in place of what, where the two share some."""
    second = portfolio[portfolio["second_best"].eq(True)]
    if second.empty:
        return ""
    facts = {"names": titles(page, portfolio, "second_best")}
    facts["cost"] = page.language.money(second["cost"].sum(), 3)
    first, other = portfolio["chosen"].eq(True), portfolio["second_best"].eq(True)
    if not (first & other).any():
        return page.say(SAID.second_best, **facts)
    facts["new"] = titles(page, portfolio.assign(new=other & ~first), "new")
    facts["old"] = titles(page, portfolio.assign(old=first & ~other), "old")
    words = SAID.second_without if not facts["new"] else SAID.second_in_place
    return page.say(words, **facts)


def _within_the_budget(page, worth, facts: dict) -> str:
    """The sentence for the plan; the budget goes into `facts`."""
    if worth is None:
        return SAID.best
    row = worth.iloc[0]
    if pd.isna(row["budget"]):
        return SAID.best_without_budget
    facts["budget"] = page.language.money(row["budget"], 3)
    if row["years"] == 1:
        return SAID.best_in_year
    facts["years"] = page.language.count(row["years"])
    return SAID.best_over_years


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
    words = SAID.keeps
    said = [page.say(words, **money_between(page, row, "benefit", "benefit"))]
    if pd.isna(row["margin"]):  # revenue kept is not money earned
        return [*said, page.say(SAID.no_margin)]
    words = SAID.leaves_assumed_term if row["years"] == 1 else SAID.leaves
    facts = money_between(page, row, "net", "left") | {"margin": page.language.share(row["margin"])}
    return [*said, page.say(words, term=page.language.count(row["term"]), **facts)]


def money_between(page, row, name, said_as) -> dict:
    """An amount that rests on assumed points, and its ends: two figures of it are known."""
    ends = {"low": row[f"{name}_low"], "high": row[f"{name}_high"], said_as: row[name]}
    return {end: page.language.money(value, 2) for end, value in ends.items()}


def titles(page, portfolio, column, most=99) -> str:
    """The initiatives by name; of more than `most` the first two, and how many more."""
    if column not in portfolio:
        return ""
    rows = portfolio[portfolio[column].eq(True)]
    quoted = N_("“{words}”")  # a name may hold a comma
    names = [page.say(quoted, words=page.label("initiative", key)) for key in rows["initiative"]]
    if len(names) > most:
        more = page.language.count(len(names) - 2)
        names = [*names[:2], page.say(N_("{count} more"), count=more)]
    return page.language.join(names)


@said_of()
def in_plan(page, chosen=None, worth=None, *_):
    """Above the table of the plan: its order, and what the whole of it costs."""
    back = "payback" in chosen and chosen["payback"].notna().any()
    said = [page.say(SAID.in_plan_back if back else SAID.in_plan)]
    if some(worth) and worth["running"].iloc[0] > 0:
        said.append(page.say(SAID.in_all, cost=_whole_cost(page, chosen, worth)))
    return said


@sentence
def frontier(page, plans=None, *_):
    """What the figure of the frontier counts: the rule that the plan is held to as well."""
    if plans is None or plans.empty or "most_a_year" not in plans:
        return ""
    return page.say(SAID.frontier, amount=page.language.money(plans["most_a_year"].iloc[0]))
