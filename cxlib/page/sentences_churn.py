"""Headlines of step 8: what bad experience costs, how sure that is, and its levers.

Where the line between content and unhappy lies, and how much the loss hangs on it.
"""

import numpy as np
import pandas as pd

from cxlib.analysis.brand_value import YEARS, lifetimes
from cxlib.analysis.churn_cost import cost_of_bad_experience, lifetime_per_revenue
from cxlib.analysis.grounds import assumed
from cxlib.analysis.loyalty import SATISFIED
from cxlib.analysis.verdict import lost_row
from cxlib.client.rated import outcome_scale
from cxlib.client.settings import unhappy_line
from cxlib.page.language import sentences_of
from cxlib.page.sentences import ends_of, said_of, sentence
from cxlib.page.terms import INPUTS, LEVERS, PARTLY, PARTLY_ASSUMED, strength
from cxlib.sums.churn import LOSS_INPUTS, churn_tornado, silent_at_the_widest
from cxlib.sums.churn_inputs import range_holds
from cxlib.sums.complaint import left_and_complained

SAID = sentences_of("churn")


@sentence
def churn_cost(page, cost=None, *_):
    """What bad experience costs a year, how much of it silently, and what beyond normal churn."""
    lost = lost_row(cost)
    if lost is None:
        return page.nothing(SAID.unknown)
    gross = cost[cost["view"].eq("gross")].set_index("branch")
    silent = gross.loc["silent_lost", "amount"] / lost["amount"] if lost["amount"] else np.nan
    counted = counted_leavers(page)
    if counted is not None:
        return [*_as_counted(page, counted, lost), _beyond_normal(page, cost), *_range_covers(page)]
    words = SAID.cost if page.language.is_money else SAID.cost_in_units
    said = [page.say(words, lost, **_amount(page, lost))]
    if pd.notna(silent):
        said.append(_silent_words(page, gross, silent))
    return [*said, _beyond_normal(page, cost), *_range_covers(page)]


def _beyond_normal(page, cost) -> str:
    """The loss beyond what would have left anyway; "" where that is not known."""
    net = lost_row(cost, "incremental")
    return "" if net is None else page.say(SAID.beyond_normal, **_amount(page, net))


def _amount(page, row, name="amount", said_as="amount") -> dict:
    """An amount, with as many figures as it carries, and what it rests on."""
    amount = page.language.money(row[name], figures_of(page, row, name))
    return {said_as: amount, "basis": loss_basis(page, row, name)}


def counted_leavers(page):
    """What all who left were worth, where that was counted and who of the silent was unhappy was
    not: the row of `left_and_complained`, or None. It leads, and is the most that can have been lost.
    """
    case, people = page.case, page.case.leavers
    if people is None or case.negative_below is not None:
        return None
    row = page.gate(left_and_complained(people, page.settings.confidence)).iloc[0]
    worth = row[["revenue_lost", "revenue_lost_silent", "revenue"]].astype(float)
    return row if worth.notna().all() and worth["revenue"] > 0 and worth.iloc[:2].sum() else None


def _as_counted(page, row, lost) -> list[str]:
    """What was counted first: how many left, what they were worth, of all, and the part that had
    complained; then what part of it the tree sets down to a bad experience."""
    worth = row["revenue_lost"] + row["revenue_lost_silent"]
    facts = {"n": row["lost"] + row["lost_silent"], "amount": worth}
    facts |= {"share": worth / row["revenue"], "part": row["revenue_lost"] / worth}
    words = SAID.counted_money if page.language.is_money else SAID.counted_units
    estimate = page.say(SAID.as_counted, **_amount(page, lost, said_as="loss"), **facts)
    return [page.say(words, **facts), estimate, _by_worth(page)]


def _by_worth(page) -> str:
    """That the tree's shares are weighed by what customers are worth."""
    inputs = page.case.churn_inputs
    if inputs is None or not (inputs["of"].dropna() % 1 > 0).any():
        return ""
    return page.aside(SAID.by_worth)


def _range_covers(page) -> list[str]:
    """Which shares the range is the range of, where others were given without one."""
    inputs = page.case.churn_inputs
    if inputs is None:
        return []
    used = inputs[inputs["input"].isin(LOSS_INPUTS)]
    ranged = used["count"].isna() & (used["low"] < used["high"])
    known = used["count"].notna() | (used["low"].notna() & used["high"].notna())
    holds = page.language.share(range_holds(inputs))
    read = page.aside(SAID.stated_range, holds=holds) if ranged.any() else ""
    if known.all() or not known.any():
        return [read]
    names = [page.quoted(page.code(key, INPUTS)) for key in used.loc[known, "input"]]
    return [page.say(SAID.range_covers, names=page.language.join(names)), read]


def _silent_words(page, gross, share) -> str:
    """How much of the loss is silent, and the widest that all stated ends together allow."""
    silent = gross.loc["silent_lost"]
    facts = {"share": page.language.share(share), "basis": money_basis(page, silent)}
    inputs = page.case.churn_inputs
    if inputs is None:
        return page.say(SAID.silent_share, **facts)
    low, high = silent_at_the_widest(inputs, churn_tornado(1.0, inputs, page.settings.confidence))
    told = pd.DataFrame({"input": ["silent"], "share_low": [low], "share_high": [high]})
    low, high = page.gate(told).loc[0, ["share_low", "share_high"]]
    if not low < high:
        return page.say(SAID.silent_share, **facts)
    digits = 1 if 0.995 <= high < 1 or 0 < low < 0.005 else 0  # 100 % would be without complaints
    low, high = (page.language.share(end, digits) for end in (low, high))
    return page.say(SAID.silent_at_widest, low=low, high=high, **facts)


@sentence
def cost_views(page, cost=None, *_):
    """What the figure of the views shows, and what the range of each is the range of."""
    lost = lost_row(cost)
    if lost is None:
        return ""
    said = [page.say(SAID.views)]
    given, views = page.settings.churn_cost, set(cost["view"])
    if given is None or not lost.get("amount_low", np.nan) < lost.get("amount_high", np.nan):
        return said
    if "margin" in views:
        words = SAID.margin_fixed if given.margin_range is None else SAID.margin_ranged
        said.append(page.say(words, margin=margin_basis(page)))
    return said + _of_a_lifetime(page, given.lifetime) if "lifetime" in views else said


def _of_a_lifetime(page, stated) -> list[str]:
    """Whether what a year is worth over a lifetime was stated, and what the purchases make of it."""
    if stated is None:
        return [page.say(SAID.lifetime_modelled)]
    life = lifetimes(page.case)
    if (fitted := lifetime_per_revenue(life)) is None:
        return [page.say(SAID.lifetime_stated)]
    told = page.gate(pd.DataFrame({"n": [len(life.history)], "lifetime": [fitted]})).iloc[0]
    times = round(told["lifetime"], 1)
    facts = {"lifetime": times, "years": YEARS, "share": times / stated}
    as_stated = page.say(SAID.lifetime_as_stated, stated=float(stated))
    return [as_stated, page.say(SAID.lifetime_by_purchases, **facts)]


def margin_basis(page) -> str:
    """The margin, where it comes from, and its range where one was stated."""
    given = page.settings.churn_cost
    if given is None or given.margin is None:
        return page.say(SAID.margin_as_given)
    words = SAID.margin_range if given.margin_range else SAID.margin_no_range
    low, high = given.margin_range or (None, None)
    return page.say(words, margin=given.margin, source=given.margin_from, low=low, high=high)


def published_loss(page):
    """The row of the loss that every place tells, as it may be told; None without a tree."""
    cost = cost_of_bad_experience(page.case)
    return None if cost is None else lost_row(page.gate(cost))


def loss_basis(page, lost, name="amount") -> str:
    """What an amount rests on, and its range where one is known."""
    basis, ends = money_basis(page, lost), ends_of(lost, name)
    if ends is None:
        return page.say(SAID.no_range, basis=basis)
    low, high = (page.language.short(end, 2) for end in ends)
    if lost["from"] != "measured" and low == high:
        return page.say(SAID.hardly_moves, basis=basis)
    spread = page.language.money_range(*ends, figures_of(page, lost, name))
    return page.say(SAID.with_range, basis=basis, range=spread)


def figures_of(page, row, name="amount") -> int:
    """Significant figures of an amount and its range: as few as tell the ends of the range apart."""
    ends, short = ends_of(row, name), page.language.short
    if ends is None or row.get("from") != "measured":
        return 2  # what rests on an assumption is not known to three
    return next((k for k in (2, 3, 4) if short(ends[0], k) != short(ends[1], k)), 2)


def money_basis(page, lost) -> str:
    """What an amount rests on: shares measured, from literature, or assumed."""
    measured = PARTLY_ASSUMED if PARTLY & {*assumed(page.case)} else SAID.measured
    known = {"measured": measured, "literature": SAID.literature}
    return page.say(known.get(lost["from"], SAID.assumed))


@said_of(without=SAID.no_assumptions)
def tornado(page, swings=None, *_):
    """Which assumption to find out about first."""
    widest = swings.iloc[swings["swing"].argmax()]
    if not widest["swing"] > 0:
        return page.nothing(SAID.no_swing)
    least, most = sorted([widest["loss_low"], widest["loss_high"]])
    said = page.say(SAID.find_out_first, widest, range=page.language.money_range(least, most))
    others = swings[swings.index != widest.name]
    near = others[others["swing"] >= NEARLY * widest["swing"]]
    names = page.language.join(page.quoted(page.code(name, INPUTS)) for name in near["input"])
    ends = page.say(SAID.ends_of_one, confidence=page.language.share(page.settings.confidence))
    return [said, ends, page.say(SAID.almost_as_much, names=names) if names else ""]


NEARLY = 0.8  # of the widest swing: which of two such comes first hangs on how ranges were stated


@said_of(known=["share"])
def shares_of_the_tree(page, known=None):
    """How many of the tree's shares are measured."""
    measured = int(known["from"].eq("measured").sum())
    return page.say(SAID.shares_known, measured=measured, of=len(known))


@said_of(known=["one_point"], without=SAID.no_lever)
def levers(page, known=None, *_):
    """Which lever one point is worth most of, and how sure that is."""
    best = known.loc[known["one_point"].idxmax()]
    if best["one_point"] <= 0:
        return page.say(SAID.nothing_saved)
    level, word = strength(best["p_most"] if pd.notna(best.get("p_most")) else 1.0)
    words = SAID.lever_tied if level == "tied" else SAID.lever_most
    said = page.say(words, best, is_=page.say(word), **_amount(page, best, "one_point"))
    return [said, _handle_them_first(page, known)]


def _handle_them_first(page, known) -> str:
    """What more complaints go with where they do not surely save: not that they be hushed up."""
    row = known[known["lever"].eq("complaint")]
    if row.empty or row["one_point"].isna().all():
        return ""
    row = row.iloc[0]
    low, high = (row.get(f"one_point_{end}", row["one_point"]) for end in ("low", "high"))
    if min(low, row["one_point"]) > 0:
        return ""
    words = SAID.complaints_cost if high < 0 else SAID.complaints_unclear
    return page.say(words, lever=page.code("complaint", LEVERS), few=_few_complaints(page))


def _few_complaints(page) -> str:
    """In brackets how few complaints were counted, where they are a small base; else ""."""
    inputs = page.case.churn_inputs
    if inputs is None:
        return ""
    counted = inputs.set_index("input").loc["complained_lost", "of"]
    if not page.settings.disclosure <= counted < page.settings.small_base:
        return ""
    told = page.gate(inputs).set_index("input").loc["complained_lost", "of"]
    return page.say(SAID.few_complaints, count=page.language.count(told))


# Where the line between content and unhappy lies, and how much the loss hangs on it


def line_words(page, scale) -> str:
    """The answers of a scale that count as unhappy: "below 3 of 5 (assumed)"."""
    line = page.as_score(round(page.case.unhappy_below(tuple(scale)), 2), 2)
    words = SAID.or_less if unhappy_line(page.settings) is not None else SAID.below_middle
    return page.say(words, line=line, top=page.as_score(scale[1]))


def cut_off(page, by: str) -> str:
    """From where on an answer counts as satisfied, or as loyal, and by which question; of customers
    who were asked no question (`by`), from where on their satisfaction does."""
    if not by:
        return page.say(SAID.bad_experience, line=line_words(page, page.settings.scale))
    line = line_words(page, outcome_scale(page.case, "overall"))
    facts = {"question": page.code(by), "cut": page.language.share(SATISFIED)}
    return page.say(SAID.not_satisfied, line=line, **facts)


@said_of()
def unhappy_line_drawn(page, table=None):
    """The line that the share of bad experience rests on, where that share was counted."""
    return page.say(SAID.bad_experience, line=line_words(page, page.settings.scale))


@said_of()
def unhappy(page, table=None):
    """The line, and what would be lost with it a point lower or higher."""
    first, names = unhappy_line_drawn(page, table), {-1: "lower", 0: "amount", 1: "higher"}
    amount = table.set_index(table["moved"].astype(int).map(names))["amount"]
    words = SAID.drawn_both if {"lower", "higher"} <= set(amount.index) else SAID.drawn_lower
    words = words if "lower" in amount else SAID.drawn_higher
    return [first, page.say(words, amount)] if len(amount) > 1 else first
