"""The first screen: what to fix, for whom, what it costs, what to do, how sure, on what grounds.

One sentence says all of it that is known; under it one row for each question, and what it would
take where there is no answer yet.
"""

import numpy as np
import pandas as pd

from cxlib.page.language import N_
from cxlib.page.sentences import (
    Led,
    Nothing,
    alone,
    asked_alone,
    based,
    clearest_first,
    cut,
    each_once,
    evidence,
    first_up,
    focus_rows,
    group_name,
    name_of,
    of_customers,
    sentence,
    some,
)
from cxlib.page.sentences_brief import last_wave
from cxlib.page.sentences_churn import (
    COUNTED,
    churn_cost,
    counted_facts,
    counted_leavers,
    figures_of,
    loss,
    loss_basis,
    lost_in_view,
    margin_basis,
    money_basis,
)
from cxlib.page.sentences_drivers import said_and_shown
from cxlib.page.sentences_first import put_right_first
from cxlib.page.sentences_key import all_withheld
from cxlib.page.sentences_strategy import back_in_year, second_best, titles, to_run, year_of
from cxlib.page.sentences_survey import stakes as stakes_sentence

NOTABLE = 0.05  # of the scale: a group that scores less than this below the others is not named
SHARES = N_("the shares of customers who have a bad experience, complain, and leave")
TAKES = {  # question: what an answer would take
    N_("How sure"): N_("answers about experience, expectation and importance"),
    N_("What it costs to leave it"): N_(
        "a year's revenue, and the shares of customers who have a bad experience, complain, and leave"
    ),
    N_("What to do"): N_("initiatives with their costs, and a budget"),
}
GROUNDS, UNANSWERED = N_("What this rests on"), N_("Not answered by these data")
MISSING = {  # question: what is not answered
    "How sure": N_("which experience to put right first, and how sure that is"),
    "What it costs to leave it": N_("what it costs to leave it"),
    "What to do": N_("what to fund"),
}
NEXT = {  # the finding that leads: what to ask next
    "left_and_complained": N_(
        "Next: find out what those who complained complained of, and what was done about it."
    ),
    "disputes": N_(
        "Next: ask customers why the answers disputed most often do not settle their case."
    ),
    "concentration": N_(
        "Next: ask the customers who bring most why they come, and what they expected."
    ),
}
NEEDS = N_("Not known yet: it takes {what}.")
IN_MONEY = N_("In money it is not known yet: that takes {what}.")
DATED = ("transactions", "complaints", "contacts")


NAMED = 3  # initiatives in the opening sentence; of more, two and how many more


@sentence
def business_case(page, *tables, **more):
    """What to fix, for whom, how sure, what it costs to leave it, what to do, on what grounds."""
    parts = business_case_parts(page, *tables, **more)
    return [sentence for _, said in parts for sentence in said]


def business_case_parts(
    page,
    gaps=None,
    cost=None,
    portfolio=None,
    worth=None,
    segment="",
    found=(),
    stakes=None,
    segments=None,
):
    """The same as (heading, sentences): the first has no heading, it is the one sentence of all.

    worth : `plan_worth`, for when the plan's cost is back
    found : `leading_findings`; the first of them leads where no experience can
    stakes : `revenue_at_stake`; said where the cost of bad experience is not known
    segments : `segments_against_the_rest`, for whom it is worst
    """
    rows = focus_rows(gaps, page, segment) if some(gaps) else None
    fix, *sure = [""] if rows is None else put_right_first(page, rows, _drivers_of(page, found))
    parts = [
        ("", [_one_sentence(page, fix, cost, portfolio, found, worth)]),
        (N_("For whom"), _for_whom(page, gaps, segments) if fix else []),
        (N_("How sure"), [*sure, _said_and_shown(page, found)]),
        (N_("What it costs to leave it"), _money(page, cost, gaps, stakes)),
        (N_("What to do"), _decision(page, portfolio, cost, worth)),
        (
            GROUNDS,
            [_grounds(page, gaps, cost, found), _wave_of(page, gaps), data_from_to(page)],
        ),
        # The client's own words of caution belong beside the claim, not only at its end.
        (N_("Keep in mind"), [page.case.spoken(c) for c in getattr(page.settings, "cautions", [])]),
    ]
    parts = [(head, [each for each in said if each]) for head, said in parts]
    head, tied = "What it costs to leave it", _at_stake(page, stakes)
    in_money = page.say(IN_MONEY, what=page.say(_takes(page, head)))
    at_stake = {head: [*tied, in_money]} if tied else {}
    parts = [(head, said or at_stake.get(head, [])) for head, said in parts]
    return _unanswered(page, parts, found)


def _unanswered(page, parts, found) -> list:
    """The parts with what one missing answer would take in its place; several missing in one row."""
    missing = [head for head, said in parts if not said and head in TAKES]
    if len(missing) < 2:
        parts = [(head, said or _needed(page, head)) for head, said in parts]
        return [(head, said) for head, said in parts if said]
    takes = page.say(N_("; ")).join(page.say(_takes(page, head)) for head in missing)
    what = page.say(N_("; ")).join(page.say(MISSING[head]) for head in missing)
    lead = NEXT.get(found[0].headline, "") if found else ""
    row = [
        first_up(page.say(N_("{grounds}."), grounds=what)),
        page.say(N_("It takes {what}."), what=takes),
        page.say(lead) if lead else "",
    ]
    known = [(head, said) for head, said in parts if said]
    heads = [head for head, _ in known]
    place = heads.index(GROUNDS) if GROUNDS in heads else len(heads)
    return [*known[:place], (UNANSWERED, [each for each in row if each]), *known[place:]]


def _for_whom(page, gaps, segments) -> list[str]:
    """Whom the key experience fails most, as far as groups were compared and can be told apart."""
    if page.settings.target_segments:
        names = [page.label("segment", name) for name in page.settings.target_segments]
        return [page.say(N_("The design is for: {names}."), names=page.language.join(names))]
    if not some(segments) and all_withheld(page.gate(gaps)):
        return [page.say(N_("Too few answers to tell groups of customers apart."))]
    if not some(segments):
        return [
            page.say(N_("Whether it is worse for some customers than for others was not asked."))
        ]
    table = each_once(of_customers(page.gate(segments))).dropna(subset=["difference"])
    rated = "satisfaction" if asked_alone(gaps) else "experience"
    table = table[table["measure"].eq(rated) & table["flag"].eq("")]
    if table.empty:
        return [page.say(N_("Too few answers to tell groups of customers apart."))]
    low, high = page.settings.scale if rated == "experience" else page.case.asked_scale
    surely, least = table["different"].eq(True), NOTABLE * (high - low)
    worse = clearest_first(table[surely & (table["difference"] <= -least)])
    keys = focus_rows(gaps, page)
    key = keys.loc[keys["key_experience"].eq(True), "dimension"] if "dimension" in keys else []
    on_key = worse[worse["dimension"].isin(key)]
    rest = worse[~worse["dimension"].isin(key)]
    if worse.empty:
        alike = N_("All customers alike, as far as these answers can tell groups apart.")
        nearly = N_("All customers nearly alike: no group surely scores {points} points lower.")
        points = page.language.number(least)
        return [page.say(nearly, points=points) if surely.any() else page.say(alike)]
    words = N_(
        "All customers, and “{group}” most: they rate {name} {points} points lower than the others."
    )
    said = _of_group(page, words, on_key.iloc[0]) if len(on_key) else page.say(N_("All customers."))
    words = N_(
        "Elsewhere “{group}” stand out: they rate {name} {points} points lower than the others."
    )
    return [said, _of_group(page, words, rest.iloc[0]) if len(rest) else ""]


def _of_group(page, words, row) -> str:
    """A group that differs surely, by how much, and on how many answers."""
    points = page.language.number(abs(row["difference"]))
    points = cut(points, row.attrs.get("decimals", {}).get("difference"))
    row = row.astype(object)
    said = page.say(words, group=group_name(page, row), name=name_of(page, row), points=points)
    base = based(page, row.to_frame().T)
    return said + ("" if page.language.chinese else " ") + base if base else said


def data_from_to(page) -> str:
    """The first and the last day of the dated tables: what they tell may be years old."""
    dates = [
        table["date"].dropna()
        for name, table in page.case.tables.items()
        if name in DATED and table is not None and "date" in table
    ]
    dates = pd.to_datetime(pd.concat(dates), errors="coerce").dropna() if dates else []
    if not len(dates):
        return ""
    words = N_("Dated rows run from {first} to {last}.")
    date = page.language.date
    return page.say(words, first=date(dates.min()), last=date(dates.max()))


def _said_and_shown(page, found) -> str:
    """What the drivers among the findings say of the key experience; "" where they agree."""
    gaps = [finding.tables[1] for finding in found if finding.headline == "drivers"]
    known = gaps and gaps[0] is not None
    return said_and_shown(page, _drivers_of(page, found), page.gate(gaps[0]) if known else None)


def _drivers_of(page, found):
    """The drivers among the findings, as they may be shown; None where there are none."""
    tables = [finding.tables[0] for finding in found if finding.headline == "drivers"]
    return page.gate(tables[0]) if tables and tables[0] is not None else None


def _at_stake(page, table) -> list[str]:
    """What the survey ties the widest gap to, in customers or in money, where it ties any."""
    if not some(table) or not table["verdict"].isin(["carried", "no_money"]).any():
        return []
    return [part for part in stakes_sentence(page, page.gate(table))[:2] if part]


def _needed(page, head) -> list[str]:
    """What an answer would take; what is there already is not asked for again."""
    if head not in TAKES:
        return []
    return [page.say(NEEDS, what=page.say(_takes(page, head)))]


def _takes(page, head) -> str:
    revenue = bool(getattr(page.settings, "revenue", None))
    return SHARES if head == "What it costs to leave it" and revenue else TAKES[head]


def _one_sentence(page, fix, cost, portfolio, found, worth=None) -> Led:
    """What is known of: what to fix and for whom, what leaving it costs, what to do."""
    lost, do = loss(cost), titles(page, portfolio, "chosen", NAMED) if some(portfolio) else ""
    clauses = [fix]
    if found and not fix and lost is None:
        clauses = page.sentences(found[0].headline, *found[0].tables)[:1]
    if lost is not None:
        clauses.append(_loss_clause(page, lost, bool(fix)))
    if do:
        plan = portfolio[portfolio["chosen"].eq(True)]
        words = N_("the budget is best spent on {names}")
        if any(_paid_back(page, plan, cost, worth)[-1:]):  # the verdict comes last
            words = N_("of what was proposed, {names} would gain most, but not pay back in time")
        clauses.append(page.say(words, names=do))
    if not fix and not (found and lost is None and any(clauses)):
        clauses.append(page.say(N_("which experience to put right first is not known yet")))
    clauses = [clause.rstrip(".。") for clause in clauses if clause]
    said = Led(first_up(page.say(N_("{grounds}."), grounds=page.say(N_("; ")).join(clauses))))
    said.lead = said[: len(clauses[0])]
    return said


def _loss_clause(page, lost, beside_a_key: bool) -> str:
    """What leaving costs: as counted, where it was, else by the tree; of any bad experience, so that
    it is not taken for the money of the one named before it."""
    counted = counted_leavers(page)
    if counted is not None:
        return page.say(COUNTED[page.language.is_money], **counted_facts(page, counted))
    words = N_(
        "customers who leave after a bad experience cost about {amount} of revenue a year ({basis})"
    )
    if beside_a_key:
        words = N_(
            "customers who leave after a bad experience of any kind cost about {amount} of revenue a "
            "year ({basis})"
        )
    if not page.language.is_money:
        words = N_(
            "customers who leave after a bad experience cost about {amount} a year ({basis})"
        )
    facts = {"amount": page.language.money(lost["amount"]), "basis": loss_basis(page, lost)}
    return page.say(words, **facts)


def _money(page, cost, gaps=None, stakes=None) -> list[str]:
    """What there is to know of the amount beyond the one sentence; see `churn_cost`."""
    said = churn_cost(page, cost)
    if isinstance(said, Nothing):
        return []
    if counted_leavers(page) is not None:
        return [*said[1:2], _in_margin(page, cost), *said[2:]]
    words = N_("That is {share} of a year's revenue.")
    if not page.language.is_money:
        words = N_("That is {share} of what all customers are worth, in a unit that is no money.")
    first = page.say(words, share=alone(loss(cost), "share", lambda x: page.language.share(x, 1)))
    return [first, _tied_to(page, gaps, stakes), _in_margin(page, cost), *said[1:]]


def _tied_to(page, gaps, stakes) -> str:
    """That the answers tie none of the money to the key experience, and to what they do tie it."""
    if not (some(gaps) and some(stakes)):
        return ""
    rows = focus_rows(gaps, page)
    keys = rows[rows["key_experience"].eq(True)]
    if len(keys) != 1 or "dimension" not in keys or "item" in keys:
        return ""
    table = page.gate(stakes)
    tied = table[table["verdict"].eq("carried")].sort_values("amount", ascending=False)
    known = table[table["dimension"].eq(keys["dimension"].iloc[0])]
    if known.empty or known["verdict"].isin(["carried", "no_money"]).any():
        return ""
    facts = {"name": name_of(page, keys.iloc[0])}
    if tied.empty:
        return page.say(N_("These answers tie none of it to {name}."), **facts)
    words = N_("These answers tie none of it to {name}; about {amount} of it goes with {other}.")
    facts |= {"amount": page.language.money(tied["amount"].iloc[0])}
    return page.say(words, other=name_of(page, tied.iloc[0]), **facts)


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


def _paid_back(page, plan, cost, worth) -> list[str]:
    """When the margin has paid the plan's cost, at half the gain, and whether that is soon enough.

    As the plan goes, or, where its gain is counted in points, at the soonest, were all of the
    avoidable loss ended.
    """
    if worth is not None and pd.notna(worth["margin"].iloc[0]):
        return _paid_back_by_plan(page, worth.iloc[0])
    points = "unit" in plan and plan["unit"].eq("points").all()
    if not points or loss(cost) is None or not loss(cost)["amount"] > 0:
        return []
    avoidable = lost_in(cost, "incremental")
    avoidable = loss(cost)["amount"] if np.isnan(avoidable) else avoidable
    kept = avoidable * lost_in(cost, "margin") / loss(cost)["amount"]
    kept -= plan["running"].sum() if "running" in plan else 0
    if not kept > 0:
        return []
    words = N_(
        "Even if it ended all of the avoidable loss, what that leaves in margin, {amount} a year, "
        "would take about {years} years to pay back its cost."
    )
    years = plan["cost"].sum() / kept
    said = page.say(words, amount=page.language.money(kept), years=page.language.number(years))
    return [said, "" if worth is None else _too_late(page, years, worth.iloc[0])]


def _paid_back_by_plan(page, row) -> list[str]:
    """The same where the plan's gain is money; and at half the gain."""
    said = [back_in_year(page, row)]
    if pd.isna(row["payback"]):
        return said
    half = row.get("payback_half", np.nan)
    if pd.notna(half):
        said.append(page.say(N_("At half the gain, in year {year}."), year=year_of(page, half)))
    elif "payback_half" in row:
        said.append(page.say(N_("At half the gain its cost never comes back.")))
    return [*said, _too_late(page, row["payback"], row)]


def _too_late(page, years, row) -> str:
    """The verdict on a plan whose cost is not back in time: the rule that refuses an initiative."""
    term = row.get("term", np.nan)
    if not years > term:
        return ""
    facts = {"years": page.language.number(years), "term": page.language.count(term)}
    words = N_(
        "The plan does not pay for itself in the {term} years planned: fund it for other reasons "
        "than this money, or not at all."
    )
    if row["years"] == 1:
        words = N_(
            "The plan does not pay for itself within {term} years (assumed: no term was stated): fund "
            "it for other reasons than this money, or not at all."
        )
    return page.say(words, **facts)


def _decision(page, portfolio, cost_of_loss=None, worth=None) -> list[str]:
    """What is funded, at what cost, and what comes second; the reasons follow further down."""
    if not some(portfolio):
        return []
    chosen = titles(page, portfolio, "chosen")
    if not chosen:
        return [page.say(N_("None of the proposed initiatives fits the budget."))]
    plan = portfolio[portfolio["chosen"].eq(True)]
    cost = page.language.money(plan["cost"].sum(), 3)
    words = N_("Fund: {names} ({cost} to start).")
    if len(plan) <= NAMED:  # the opening sentence names them all
        words = N_("That costs {cost} to start.")
    said = [page.say(words, names=chosen, cost=cost)]
    said += [to_run(page, worth), *_paid_back(page, plan, cost_of_loss, worth)]
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
        if page.language.is_money and getattr(page.settings, "revenue_from", "") == "assumption":
            words = N_("the money: {basis}, of an assumed revenue")
        if counted_leavers(page) is not None:
            words = N_("what left: counted; what of it goes with a bad experience: {basis}")
        said.append(page.say(words, basis=money_basis(page, loss(cost))))
    said = [part for part in said if part]
    words = page.say(N_("{grounds}."), grounds=page.say(N_("; ")).join(said)) if said else ""
    return first_up(words)
