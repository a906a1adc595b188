"""Headlines of step 6: the plan, what it costs and brings, and the second best."""

import numpy as np
import pandas as pd

from cxlib.page.language import N_
from cxlib.page.sentences import nothing, sentence
from cxlib.page.verdict import cost_of


@sentence
def strategy(page, portfolio=None, worth=None, *_):
    """The plan, what it costs and brings, what is too slow, and the second best."""
    if portfolio is None or portfolio.empty:
        return nothing(page, N_("No initiatives have been proposed yet."))
    chosen = titles(page, portfolio, "chosen")
    if not chosen:
        return page.say(N_("None of the proposed initiatives fits the budget."))
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
    words = N_(
        "{left} of the budget is left: nothing else that was proposed fits, adds to it or pays."
    )
    return page.say(words, left=page.language.money(left, 3))


def _does_not_pay(page, portfolio, worth) -> list[str]:
    """What was left out because it would lose money within the term or add nothing, and beside what."""
    facts = {"term": page.language.count(np.nan if worth is None else worth["term"].iloc[0])}
    words = {
        "loses_money": N_(
            "Left out, because within {term} years each would cost more than it earns: {names}."
        ),
        "adds_too_little": N_(
            "Left out, because beside these it would add less than it costs: {names}."
        ),
        "adds_nothing": N_("Left out, because beside these it would add nothing: {names}."),
    }
    said = []
    for code, sentence_of in words.items():
        names = titles(page, portfolio.assign(out=portfolio["reason"].eq(code)), "out", most=3)
        said.append(page.say(sentence_of, names=names, **facts) if names else "")
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
        words = N_("Second best, should that not be possible: {names} (cost {cost}).")
        return page.say(words, **facts)
    facts["new"] = titles(page, portfolio.assign(new=other & ~first), "new")
    facts["old"] = titles(page, portfolio.assign(old=first & ~other), "old")
    words = N_(
        "Second best, should that not be possible: the same with {new} in place of {old} "
        "(the plan then costs {cost})."
    )
    if not facts["new"]:
        words = N_(
            "Second best, should that not be possible: the same without {old} (the plan then costs "
            "{cost})."
        )
    return page.say(words, **facts)


def _within_the_budget(page, worth, facts: dict) -> str:
    """The sentence for the plan; the budget goes into `facts`."""
    if worth is None:
        return N_(
            "Best within the budget, were each to bring what it is taken to bring: {names} ({cost})."
        )
    row = worth.iloc[0]
    if pd.isna(row["budget"]):
        return N_(
            "No budget was stated; without one, and were each to bring what it is taken to bring, the best are: {names} ({cost})."
        )
    facts["budget"] = page.language.money(row["budget"], 3)
    if row["years"] == 1:
        return N_(
            "Best within the budget of {budget}, were each to bring what it is taken to bring: {names} ({cost})."
        )
    facts["years"] = page.language.count(row["years"])
    return N_(
        "Best within the budget of {budget} over {years} years, were each to bring what it is taken to bring: {names} ({cost})."
    )


def _what_it_brings(page, portfolio, worth) -> list[str]:
    """The unit of the benefit, how much it is, and whether the uplifts behind it are assumed."""
    chosen = portfolio[portfolio["chosen"].eq(True)]
    assumed = "from" in chosen and chosen["from"].isin(["assumed", "assumption"]).any()
    money = "unit" in chosen and chosen["unit"].eq("money").all()
    if not money:
        words = N_(
            "The gain is counted in score points, weighted by importance and fit where they are "
            "known; it is not money."
        )
        if assumed:
            words = N_(
                "The gain is counted in score points, weighted by importance and fit where they "
                "are known; it is not money, and the points each would bring are assumed."
            )
        return [page.say(words)]
    said = [] if worth is None else _money_it_brings(page, worth.iloc[0])
    words = N_(
        "The gain is money that the survey ties to each point; the points each would bring are "
        "assumed."
    )
    return [*said, page.say(words)] if assumed else said


def _money_it_brings(page, row) -> list[str]:
    """Revenue kept a year, what that leaves within the term, and when what it cost is back."""
    words = N_(
        "Once all of it runs it would keep about {benefit} of revenue a year ({low} to {high}), by "
        "the survey's own link between scores and leaving: an association, not a promise."
    )
    said = [page.say(words, **money_between(page, row, "benefit", "benefit"))]
    if pd.isna(row["margin"]):  # revenue kept is not money earned
        words = N_("No margin was stated: the plan goes by revenue kept, not by what that earns.")
        return [*said, page.say(words)]
    words = N_(
        "At a margin of {margin} that leaves about {left} within {term} years, after all its costs "
        "({low} to {high})."
    )
    if row["years"] == 1:
        words = N_(
            "At a margin of {margin} that leaves about {left} within {term} years (assumed: no term "
            "was stated), after all its costs ({low} to {high})."
        )
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


@sentence
def frontier(page, plans=None, *_):
    """What the figure of the frontier counts: the rule that the plan is held to as well."""
    if plans is None or plans.empty or "most_a_year" not in plans:
        return ""
    words = N_(
        "As in the plan, no year counts more than all the avoidable loss, {amount}: however many gaps "
        "are closed, no more can be kept."
    )
    return page.say(words, amount=page.language.money(plans["most_a_year"].iloc[0]))
