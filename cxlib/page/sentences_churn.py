"""Headlines of step 8: what bad experience costs, how sure that is, and its levers."""

import numpy as np
import pandas as pd

from cxlib.page.language import sentences_of
from cxlib.page.sentences import alone, nothing, sentence
from cxlib.page.terms import CODES, INPUTS, LEVERS, strength
from cxlib.sums.churn import LOSS_INPUTS, churn_tornado, silent_at_the_widest
from cxlib.sums.churn_inputs import range_holds
from cxlib.sums.complaint import left_and_complained

SAID = sentences_of("churn")


@sentence
def churn_cost(page, cost=None, *_):
    """What bad experience costs a year, how much of it silently, and what beyond normal churn."""
    lost = loss(cost)
    if lost is None:
        return nothing(page, SAID.unknown)
    gross = cost[cost["view"].eq("gross")].set_index("branch")
    silent = gross.loc["silent_lost", "amount"] / lost["amount"] if lost["amount"] else np.nan
    counted = counted_leavers(page)
    if counted is not None:
        return [*_as_counted(page, counted, lost), _beyond_normal(page, cost), *_range_covers(page)]
    words = SAID.cost
    if not page.language.is_money:
        words = SAID.cost_in_units
    first = page.say(
        words,
        amount=page.language.money(lost["amount"], figures_of(page, lost)),
        share=alone(lost, "share", lambda x: page.language.share(x, 1)),
        basis=loss_basis(page, lost),
    )
    said = [first]
    if pd.notna(silent):
        said.append(_silent_words(page, gross, silent))
    return [*said, _beyond_normal(page, cost), *_range_covers(page)]


def _beyond_normal(page, cost) -> str:
    """The loss beyond what would have left anyway; "" where that is not known."""
    net = lost_in_view(cost, "incremental")
    if net is None or pd.isna(net["amount"]):
        return ""
    return page.say(
        SAID.beyond_normal,
        amount=page.language.money(net["amount"], figures_of(page, net)),
        basis=loss_basis(page, net),
    )


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


def counted_facts(page, row) -> dict:
    """How many left, what they were worth, of all, and the part that had complained."""
    lost = row["revenue_lost"] + row["revenue_lost_silent"]
    return {
        "n": page.language.count(row["lost"] + row["lost_silent"]),
        "amount": page.language.money(lost),
        "share": page.language.share(lost / row["revenue"], 1),
        "part": page.language.share(row["revenue_lost"] / lost),
    }


COUNTED = {  # is it money: the sentence
    True: SAID.counted_money,
    False: SAID.counted_units,
}


def _as_counted(page, row, lost) -> list[str]:
    """What was counted first; then what part of it the tree sets down to a bad experience."""
    facts = counted_facts(page, row)
    loss_of = page.language.money(lost["amount"], figures_of(page, lost))
    estimate = page.say(SAID.as_counted, loss=loss_of, basis=loss_basis(page, lost), **facts)
    return [page.say(COUNTED[page.language.is_money], **facts), estimate, _by_worth(page)]


def _by_worth(page) -> str:
    """That the tree's shares are weighed by what customers are worth."""
    inputs = page.case.churn_inputs
    if inputs is None or not (inputs["of"].dropna() % 1 > 0).any():
        return ""
    return page.say(SAID.by_worth)


def _widest(page, inputs) -> tuple[float, float]:
    """The least and the most of the loss that can be silent, over all ends of the inputs."""
    return silent_at_the_widest(inputs, churn_tornado(1.0, inputs, page.settings.confidence))


def _range_covers(page) -> list[str]:
    """Which shares the range is the range of, where others were given without one."""
    inputs = page.case.churn_inputs
    if inputs is None:
        return []
    used = inputs[inputs["input"].isin(LOSS_INPUTS)]
    ranged = used["count"].isna() & (used["low"] < used["high"])
    known = used["count"].notna() | (used["low"].notna() & used["high"].notna())
    read = SAID.stated_range
    read = page.say(read, holds=page.language.share(range_holds(inputs))) if ranged.any() else ""
    if known.all() or not known.any():
        return [read]
    names = [
        page.say(SAID.quoted, words=page.code(key, INPUTS)) for key in used.loc[known, "input"]
    ]
    return [page.say(SAID.range_covers, names=page.language.join(names)), read]


def _silent_words(page, gross, share) -> str:
    """How much of the loss is silent, and the widest that all stated ends together allow."""
    silent = gross.loc["silent_lost"]
    facts = {"share": page.language.share(share), "basis": money_basis(page, silent)}
    inputs = page.case.churn_inputs
    low, high = (np.nan, np.nan) if inputs is None else _widest(page, inputs)
    told = pd.DataFrame({"input": ["silent"], "share_low": [low], "share_high": [high]})
    low, high = page.gate(told).loc[0, ["share_low", "share_high"]]
    if not low < high:
        return page.say(SAID.silent_share, **facts)
    digits = 1 if 0.995 <= high < 1 or 0 < low < 0.005 else 0  # 100 % would be without complaints
    bounds = {"low": page.language.share(low, digits), "high": page.language.share(high, digits)}
    return page.say(SAID.silent_at_widest, **bounds, **facts)


@sentence
def cost_views(page, cost=None, *_):
    """What the figure of the views shows, and what the range of each is the range of."""
    lost = loss(cost)
    if lost is None:
        return ""
    said = [page.say(SAID.views)]
    given, views = page.settings.churn_cost, set(cost["view"])
    if given is None or not lost.get("amount_low", np.nan) < lost.get("amount_high", np.nan):
        return said
    if "margin" in views and given.margin_range is None:
        said.append(page.say(SAID.margin_fixed, margin=margin_basis(page)))
    elif "margin" in views:
        said.append(page.say(SAID.margin_ranged, margin=margin_basis(page)))
    if "lifetime" in views:
        words = SAID.lifetime_modelled
        if given.lifetime is not None:
            words = SAID.lifetime_stated
        said.append(page.say(words))
    return said


def margin_basis(page) -> str:
    """The margin, where it comes from, and its range where one was stated."""
    given = page.settings.churn_cost
    if given is None or given.margin is None:
        return page.say(SAID.margin_as_given)
    share, source = page.language.share, page.code(given.margin_from, CODES)
    if given.margin_range is None:
        return page.say(SAID.margin_no_range, margin=share(given.margin), source=source)
    low, high = (share(end) for end in given.margin_range)
    return page.say(
        SAID.margin_range, margin=share(given.margin), source=source, low=low, high=high
    )


def lost_in_view(cost, view: str):
    """The row of the loss in one view, or None."""
    rows = cost[cost["view"].eq(view) & cost["branch"].eq("lost")]
    return rows.iloc[0] if len(rows) else None


def loss(cost):
    """The row of the gross loss, or None."""
    if cost is None or cost.empty:
        return None
    rows = cost[cost["view"].eq("gross") & cost["branch"].eq("lost")].dropna(subset=["amount"])
    return None if rows.empty else rows.iloc[0]


def loss_basis(page, lost, name="amount") -> str:
    """What an amount rests on, and its range where one is known."""
    low, high = lost.get(f"{name}_low"), lost.get(f"{name}_high")
    if low is None or pd.isna(low) or low == high:
        return page.say(SAID.no_range, basis=money_basis(page, lost))
    rough = lost["from"] != "measured"
    if rough and page.language.short(low, 2) == page.language.short(high, 2):
        return page.say(SAID.hardly_moves, basis=money_basis(page, lost))
    spread = page.language.money_range(low, high, figures_of(page, lost, name))
    return page.say(SAID.with_range, basis=money_basis(page, lost), range=spread)


def figures_of(page, row, name="amount") -> int:
    """Significant figures of an amount and its range: as few as tell the ends of the range apart."""
    low, high = row.get(f"{name}_low", np.nan), row.get(f"{name}_high", np.nan)
    if pd.isna(low) or pd.isna(high) or low == high or row.get("from") != "measured":
        return 2  # what rests on an assumption is not known to three
    short = page.language.short
    return next((k for k in (2, 3, 4) if short(low, k) != short(high, k)), 2)


def money_basis(page, lost) -> str:
    """What an amount rests on: shares measured, from literature, or assumed."""
    basis = {"measured": SAID.measured, "literature": SAID.literature}.get(
        lost["from"], SAID.assumed
    )
    return page.say(basis)


@sentence
def tornado(page, swings=None, *_):
    """Which assumption to find out about first."""
    if swings is None or swings.empty:
        return nothing(page, SAID.no_assumptions)
    widest = swings.iloc[swings["swing"].argmax()]
    if not widest["swing"] > 0:
        return nothing(page, SAID.no_swing)
    ends = sorted([widest["loss_low"], widest["loss_high"]])
    said = page.say(
        SAID.find_out_first,
        source=page.code(widest["from"]),
        least=page.language.money(ends[0]),
        most=page.language.money(ends[1]),
        name=page.code(widest["input"], INPUTS),
        low=page.language.share(widest["low"]),
        high=page.language.share(widest["high"]),
        swing=page.language.money(widest["swing"]),
    )
    others = swings[swings.index != widest.name]
    near = others[others["swing"] >= NEARLY * widest["swing"]]
    names = [page.quoted(page.code(name, INPUTS)) for name in near["input"]]
    words = SAID.almost_as_much
    if len(names) > 1:
        words = SAID.almost_as_much_several
    ends = page.say(SAID.ends_of_one, confidence=page.language.share(page.settings.confidence))
    return [said, ends, page.say(words, names=page.language.join(names)) if names else ""]


NEARLY = 0.8  # of the widest swing: which of two such comes first hangs on how ranges were stated


@sentence
def levers(page, worth=None, *_):
    """Which lever one point is worth most of, and how sure that is."""
    known = None if worth is None else worth.dropna(subset=["one_point"])
    if known is None or known.empty:
        return nothing(page, SAID.no_lever)
    best = known.loc[known["one_point"].idxmax()]
    if best["one_point"] <= 0:
        return page.say(SAID.nothing_saved)
    words = SAID.lever_most
    level, word = strength(best["p_most"]) if pd.notna(best.get("p_most")) else ("sure", "")
    if level == "tied":
        words = SAID.lever_tied
    elif level != "sure":
        words = SAID.lever_perhaps
    said = page.say(
        words,
        is_=page.say(word) if word else "",
        basis=loss_basis(page, best, "one_point"),
        lever=page.code(best["lever"], LEVERS),
        amount=page.language.money(best["one_point"], figures_of(page, best, "one_point")),
    )
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
    words = SAID.complaints_unclear
    if high < 0:
        words = SAID.complaints_cost
    lever = page.code("complaint", LEVERS)
    return page.say(words, lever=lever, few=_few_complaints(page))


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
