"""Headlines of step 6: the plan, what it costs and brings, and the second best."""

import numpy as np
import pandas as pd

from cxlib.page.language import N_
from cxlib.page.sentences import nothing, sentence, within


@sentence
def strategy(page, portfolio=None, worth=None, *_):
    """The plan, what it costs and brings, what is too slow, and the second best."""
    if portfolio is None or portfolio.empty:
        return nothing(page, N_("No initiatives have been proposed yet."))
    chosen = titles(page, portfolio, "chosen")
    if not chosen:
        return page.say(N_("None of the proposed initiatives fits the budget."))
    cost = portfolio.loc[portfolio["chosen"].eq(True), "cost"].sum()
    facts = {"names": chosen, "cost": page.language.money(cost, 3)}
    said = [
        page.say(_within_the_budget(page, worth, facts), **facts),
        to_run(page, worth),
        *_what_it_brings(page, portfolio, worth),
    ]
    term = np.nan if worth is None else worth.iloc[0].get("term", np.nan)
    said.append(_left_over(page, portfolio, worth))
    return [*said, _too_slow(page, portfolio, term), second_best(page, portfolio)]


WANTING = {"outbid", "over_budget", "over_capacity", "later"}  # left out for want of something


def _left_over(page, portfolio, worth) -> str:
    """What is left of the budget where nothing was left out for want of it."""
    if worth is None or set(portfolio["reason"]) & WANTING:
        return ""
    row = worth.iloc[0]
    left = row["budget"] - row["cost"] - row.get("running_in_plan", 0)
    if not left > 0:
        return ""
    words = N_(
        "{left} of the budget is left: nothing else that was proposed fits, adds to it or pays."
    )
    return page.say(words, left=page.language.money(left, 3))


def _too_slow(page, portfolio, term) -> str:
    """What was left out because its cost is not back within the plan's term, in years."""
    late = titles(page, portfolio.assign(late=portfolio["reason"].eq("pays_late")), "late", most=3)
    words = N_("Left out, because their cost is not back within {term} years: {names}.")
    if pd.isna(term):
        words = N_("Left out, because their cost is back too late: {names}.")
    return page.say(words, names=late, term=page.language.count(term)) if late else ""


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
        return N_("Most is gained within the budget by: {names} (cost {cost}).")
    row = worth.iloc[0]
    if pd.isna(row["budget"]):
        return N_("No budget was stated; without one, most is gained by: {names} (cost {cost}).")
    facts["budget"] = page.language.money(row["budget"], 3)
    if row["years"] == 1:
        return N_("Most is gained within the budget of {budget} by: {names} (cost {cost}).")
    facts["years"] = page.language.count(row["years"])
    return N_(
        "Most is gained within the budget of {budget} over {years} years by: {names} (cost {cost})."
    )


def to_run(page, worth) -> str:
    """What running the plan adds to its cost within the years planned, where that is something."""
    if worth is None or not worth.iloc[0].get("running_in_plan", 0) > 0:
        return ""
    row, money = worth.iloc[0], page.language.money
    words = N_("Running it adds {running} within the {years} years planned: {all} in all.")
    running, years = row["running_in_plan"], page.language.count(row["years"])
    return page.say(
        words, running=money(running, 3), years=years, all=money(row["cost"] + running, 3)
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
    words = N_(
        "Once all of it runs it would keep about {benefit} of revenue a year ({low} to {high}), by "
        "the survey's own link between scores and leaving: an association, not a promise."
    )
    implied = row.get("implied", np.nan)
    if implied > row["benefit"] * 1.005:  # as read, more than the tree can lose
        words = N_(
            "Once all of it runs it would keep at most the whole avoidable loss, about {benefit} of "
            "revenue a year ({low} to {high}); the scores alone would imply {implied}: an "
            "association, not a promise."
        )
    ends = {end: page.language.money(row[f"benefit_{end}"], 2) for end in ("low", "high")}
    ends["implied"] = page.language.money(implied, 2)
    said = [page.say(words, benefit=page.language.money(row["benefit"], 2), **ends)]
    if pd.isna(row["margin"]):  # revenue kept is not money earned
        return said
    words = N_("At a margin of {margin} its cost is back after about {years} years.")
    if row["running"] > 0:
        words = N_(
            "At a margin of {margin}, and {running} a year to run it, its cost is back after about "
            "{years} years."
        )
    if pd.isna(row["payback"]):
        words = N_("At a margin of {margin} it would not earn back what it takes to run.")
    facts = {
        "margin": page.language.share(row["margin"]),
        "years": within(page, row, "payback", page.language.number),
        "running": page.language.money(row["running"], 2),
    }
    return [*said, page.say(words, **facts)]


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
