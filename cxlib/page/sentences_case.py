"""The first screen: what to fix, for whom, what it costs, what to do, how sure, on what grounds.

One sentence says all of it that is known; under it one row for each question, and what it would
take where there is no answer yet.
"""

import numpy as np
import pandas as pd

from cxlib.page.language import N_
from cxlib.page.sentences import Led, Nothing, evidence, first_up, focus_rows, sentence, some
from cxlib.page.sentences_brief import last_wave
from cxlib.page.sentences_churn import (
    churn_cost,
    figures_of,
    loss,
    loss_basis,
    lost_in_view,
    margin_basis,
    money_basis,
)
from cxlib.page.sentences_key import (
    SOURCES,
    by_derived,
    how_much_is_known,
    how_sure,
    judged,
    key_experience,
    key_facts,
    key_strength,
    said_and_shown,
    the_derived_key,
    weighed,
)
from cxlib.page.sentences_strategy import second_best, titles, to_run
from cxlib.page.sentences_survey import stakes as stakes_sentence

NEEDS = {  # question: what an answer would take
    N_("How sure"): N_(
        "Not known yet: it takes answers about experience, expectation and importance."
    ),
    N_("What it costs to leave it"): N_(
        "Not known yet: it takes a year's revenue, and the shares of customers who have a bad "
        "experience, complain, and leave."
    ),
    N_("What to do"): N_("Not known yet: it takes initiatives with their costs, and a budget."),
}

SHARES_NEEDED = N_(
    "Not known yet: it takes the shares of customers who have a bad experience, complain, and leave."
)


NAMED = 3  # initiatives in the opening sentence; of more, two and how many more


@sentence
def business_case(
    page, gaps=None, cost=None, portfolio=None, worth=None, segment="", found=(), stakes=None
):
    """What to fix, for whom, how sure, what it costs to leave it, what to do, on what grounds."""
    parts = business_case_parts(page, gaps, cost, portfolio, worth, segment, found, stakes)
    return [sentence for _, said in parts for sentence in said]


def business_case_parts(
    page, gaps=None, cost=None, portfolio=None, worth=None, segment="", found=(), stakes=None
):
    """The same as (heading, sentences): the first has no heading, it is the one sentence of all.

    worth : `plan_worth`, for when the plan's cost is back
    found : `leading_findings`; the first of them leads where no experience can
    stakes : `revenue_at_stake`; said where the cost of bad experience is not known
    """
    fix, *sure = put_right_first(page, focus_rows(gaps, page, segment)) if some(gaps) else [""]
    parts = [
        ("", [_one_sentence(page, fix, cost, portfolio, found)]),
        (N_("How sure"), [*sure, _said_and_shown(page, found)]),
        (N_("What it costs to leave it"), _money(page, cost)),
        (N_("What to do"), _decision(page, portfolio, cost, worth)),
        (N_("What this rests on"), [_grounds(page, gaps, cost, found), _wave_of(page, gaps)]),
        # The client's own words of caution belong beside the claim, not only at its end.
        (N_("Keep in mind"), [page.case.spoken(c) for c in getattr(page.settings, "cautions", [])]),
    ]
    parts = [(head, [each for each in said if each]) for head, said in parts]
    at_stake = {"What it costs to leave it": _at_stake(page, stakes)}
    parts = [(h, said or [*at_stake.get(h, []), *_needed(page, h)]) for h, said in parts]
    return [(head, said) for head, said in parts if said]


def _said_and_shown(page, found) -> str:
    """What the drivers among the findings say of the key experience; "" where they agree."""
    tables = [finding.tables for finding in found if finding.headline == "drivers"]
    gated = [None if table is None else page.gate(table) for table in (tables or [(None, None)])[0]]
    return said_and_shown(page, *gated)


def _at_stake(page, table) -> list[str]:
    """What the survey ties the widest gap to, in customers or in money, where it ties any."""
    if not some(table) or not table["verdict"].isin(["carried", "no_money"]).any():
        return []
    return [part for part in stakes_sentence(page, page.gate(table))[:2] if part]


def _needed(page, head) -> list[str]:
    """What an answer would take; what is there already is not asked for again."""
    if head == "What it costs to leave it" and getattr(page.settings, "revenue", None):
        return [page.say(SHARES_NEEDED)]
    return [page.say(NEEDS[head])] if head in NEEDS else []


def _one_sentence(page, fix, cost, portfolio, found) -> Led:
    """What is known of: what to fix and for whom, what leaving it costs, what to do."""
    lost, do = loss(cost), titles(page, portfolio, "chosen", NAMED) if some(portfolio) else ""
    clauses = [fix]
    if found and not fix and lost is None:
        clauses = page.sentences(found[0].headline, *found[0].tables)[:1]
    if lost is not None:
        words = N_(
            "customers who leave after a bad experience cost about {amount} of revenue a year ({basis})"
        )
        if not page.language.is_money:
            words = N_(
                "customers who leave after a bad experience cost about {amount} a year ({basis})"
            )
        facts = {"amount": page.language.money(lost["amount"]), "basis": loss_basis(page, lost)}
        clauses.append(page.say(words, **facts))
    if do:
        clauses.append(page.say(N_("the budget is best spent on {names}"), names=do))
    if not fix:
        clauses.append(page.say(N_("which experience to put right first is not known yet")))
    clauses = [clause.rstrip(".。") for clause in clauses if clause]
    said = Led(first_up(page.say(N_("{grounds}."), grounds=page.say(N_("; ")).join(clauses))))
    said.lead = said[: len(clauses[0])]
    return said


def _money(page, cost) -> list[str]:
    """What there is to know of the amount beyond the one sentence; see `churn_cost`."""
    said = churn_cost(page, cost)
    if isinstance(said, Nothing):
        return []
    words = N_("That is {share} of a year's revenue.")
    if not page.language.is_money:
        words = N_("That is {share} of what all customers are worth, in a unit that is no money.")
    first = page.say(words, share=page.language.share(loss(cost)["share"], 1))
    return [first, _in_margin(page, cost), *said[1:]]


def _in_margin(page, cost) -> str:
    """The loss in margin with its range, and whose the margin is; "" without that view."""
    if not pd.notna(lost_in(cost, "margin")):
        return ""
    row = lost_in_view(cost, "margin")
    facts = {"margin": margin_basis(page), "amount": page.language.money(row["amount"])}
    low, high = row.get("amount_low", np.nan), row.get("amount_high", np.nan)
    if pd.isna(low) or pd.isna(high) or low == high:
        return page.say(N_("In margin it is about {amount} a year ({margin})."), **facts)
    facts["range"] = page.language.money_range(low, high, figures_of(page, row))
    words = N_("In margin it is about {amount} a year (range {range}; {margin}).")
    return page.say(words, **facts)


def lost_in(cost, view: str) -> float:
    """The loss in one view, currency a year; blank where the view is not there."""
    row = lost_in_view(cost, view)
    return np.nan if row is None else float(row["amount"])


def _paid_back(page, plan, cost, worth) -> str:
    """When the margin has paid the plan's cost: as the plan goes, or, where its gain is counted in
    points, at the soonest, were all of the avoidable loss ended."""
    years = np.nan if worth is None else worth["payback"].iloc[0]
    if pd.notna(years):
        words = N_("From the margin on what it keeps, its cost is back after about {years} years.")
        if years > worth["years"].iloc[0] > 1:
            words = N_(
                "From the margin on what it keeps, its cost is back after about {years} years: longer "
                "than the {planned} years planned."
            )
        planned = page.language.count(worth["years"].iloc[0])
        return page.say(words, years=page.language.number(years), planned=planned)
    points = "unit" in plan and plan["unit"].eq("points").all()
    if not points or loss(cost) is None or not loss(cost)["amount"] > 0:
        return ""
    avoidable = lost_in(cost, "incremental")
    avoidable = loss(cost)["amount"] if np.isnan(avoidable) else avoidable
    kept = avoidable * lost_in(cost, "margin") / loss(cost)["amount"]
    kept -= plan["running"].sum() if "running" in plan else 0
    if not kept > 0:
        return ""
    words = N_(
        "Even if it ended all of the avoidable loss, what that leaves in margin, {amount} a year, "
        "would take about {years} years to pay back its cost."
    )
    years = page.language.number(plan["cost"].sum() / kept)
    return page.say(words, amount=page.language.money(kept), years=years)


def _decision(page, portfolio, cost_of_loss=None, worth=None) -> list[str]:
    """What is funded, at what cost, and what comes second; the reasons follow further down."""
    if not some(portfolio):
        return []
    chosen = titles(page, portfolio, "chosen")
    if not chosen:
        return [page.say(N_("None of the proposed initiatives fits the budget."))]
    plan = portfolio[portfolio["chosen"].eq(True)]
    cost = page.language.money(plan["cost"].sum(), 3)
    words = N_("Fund: {names} (cost {cost}).")
    if len(plan) <= NAMED:  # the opening sentence names them all
        words = N_("That costs {cost}.")
    said = [page.say(words, names=chosen, cost=cost)]
    said += [to_run(page, worth), _paid_back(page, plan, cost_of_loss, worth)]
    said.append(second_best(page, portfolio))
    if "from" in plan and plan["from"].isin(["assumed", "assumption"]).any():
        said.append(page.say(N_("How much each would bring is assumed.")))
    return said


def _wave_of(page, gaps) -> str:
    """Of several waves, the one that the scores are of: it may be years before the report."""
    return last_wave(page) if some(gaps) and page.case.survey is not None else ""


def _grounds(page, gaps, cost, found=()) -> str:
    """The base, the intervals and the sources, of the scores and of the money."""
    said = [evidence(page, gaps)] if some(gaps) else []
    if found and not some(gaps):
        said.append(evidence(page, found[0].tables[0]))
    if loss(cost) is not None:
        words = N_("the money: {basis}") if page.language.is_money else N_("the amounts: {basis}")
        said.append(page.say(words, basis=money_basis(page, loss(cost))))
    said = [part for part in said if part]
    words = page.say(N_("{grounds}."), grounds=page.say(N_("; ")).join(said)) if said else ""
    return first_up(words)


def put_right_first(page, rows) -> list[str]:
    """The key experience in the words of the first screen, then how sure: no term of the method."""
    known = weighed(rows)
    keys = known[known["key_experience"].eq(True)]
    if len(keys) != 1:
        said = key_experience(page, rows)
        return [said] if isinstance(said, str) else said
    key = keys.iloc[0]
    first = (
        the_derived_key(page, rows, key) if by_derived(key) else _the_stated_key(page, rows, key)
    )
    return [first_up(first), how_sure(page, key), how_much_is_known(page, rows, known)]


def _the_stated_key(page, rows, key) -> str:
    """What to put right first, for whom, and by whose word where no customer was asked."""
    facts, (level, word) = key_facts(page, rows, key), key_strength(key)
    if level == "tied":
        words = N_(
            "What to put right first cannot be told for certain: {name}, or as well "
            "{others}. {name} matters {importance} of {top} to {who}, who get {experience} "
            "against the {expectation} they expect."
        )
        return page.say(words, **facts)
    facts["is_"] = page.say(word)
    if judged(key):
        words = N_(
            "{name} {is_} what to put right first: by {source}, it matters {importance} of {top} "
            "to {who}, who get {experience} against the {expectation} they expect."
        )
        return page.say(words, source=page.say(SOURCES[key["from"]]), **facts)
    words = N_(
        "{name} {is_} what to put right first: it matters {importance} of {top} to "
        "{who}, who get {experience} against the {expectation} they expect."
    )
    return page.say(words, **facts)
