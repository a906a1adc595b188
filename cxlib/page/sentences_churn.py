"""Headlines of step 8: what bad experience costs, how sure that is, and its levers."""

import numpy as np
import pandas as pd

from cxlib.page.language import N_
from cxlib.page.sentences import alone, nothing, sentence
from cxlib.page.terms import CODES, INPUTS, LEVERS, strength
from cxlib.sums.churn import LOSS_INPUTS, churn_tornado, silent_at_the_widest
from cxlib.sums.churn_inputs import range_holds
from cxlib.sums.complaint import left_and_complained


@sentence
def churn_cost(page, cost=None, *_):
    """What bad experience costs a year, how much of it silently, and what beyond normal churn."""
    lost = loss(cost)
    if lost is None:
        return nothing(
            page,
            N_(
                "What bad experience costs cannot be said yet: the shares of customers "
                "who complain, stay and leave are not given."
            ),
        )
    gross = cost[cost["view"].eq("gross")].set_index("branch")
    silent = gross.loc["silent_lost", "amount"] / lost["amount"] if lost["amount"] else np.nan
    counted = counted_leavers(page)
    if counted is not None:
        return [*_as_counted(page, counted, lost), _beyond_normal(page, cost), *_range_covers(page)]
    words = N_(
        "Customers who leave after a bad experience cost about {amount} of revenue a year, {share} "
        "of it ({basis})."
    )
    if not page.language.is_money:
        words = N_(
            "Customers who leave after a bad experience cost about {amount} a year, {share} of what "
            "all customers are worth, in a unit that is no money ({basis})."
        )
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
    words = N_(
        "Some would have left anyway: beyond normal churn the loss is about {amount} ({basis})."
    )
    return page.say(
        words,
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
    True: N_(
        "The {n} customers who left brought about {amount} of revenue a year, {share} of it "
        "(counted); {part} of that came from those who had complained."
    ),
    False: N_(
        "The {n} customers who left were worth about {amount}, {share} of what all customers are "
        "worth (counted, in a unit that is no money); {part} of that went with those who had "
        "complained."
    ),
}


def _as_counted(page, row, lost) -> list[str]:
    """What was counted first; then what part of it the tree sets down to a bad experience."""
    facts = counted_facts(page, row)
    words = N_(
        "How many of the silent who left had had a bad experience was not asked. If the unhappy "
        "among them left as often as all the silent, the loss that goes with a bad experience is about "
        "{loss} ({basis}); were it every one of them, it is all {amount}."
    )
    loss_of = page.language.money(lost["amount"], figures_of(page, lost))
    estimate = page.say(words, loss=loss_of, basis=loss_basis(page, lost), **facts)
    return [page.say(COUNTED[page.language.is_money], **facts), estimate, _by_worth(page)]


def _by_worth(page) -> str:
    """That the tree's shares are weighed by what customers are worth."""
    inputs = page.case.churn_inputs
    if inputs is None or not (inputs["of"].dropna() % 1 > 0).any():
        return ""
    words = N_("These shares are of what customers are worth, not of their number.")
    return page.say(words)


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
    read = N_("A stated range is read as holding its share with a probability of {holds}.")
    read = page.say(read, holds=page.language.share(range_holds(inputs))) if ranged.any() else ""
    if known.all() or not known.any():
        return [read]
    words = N_("The range covers {names} only; no range was given for the other shares.")
    quoted = N_("“{words}”")
    names = [page.say(quoted, words=page.code(key, INPUTS)) for key in used.loc[known, "input"]]
    return [page.say(words, names=page.language.join(names)), read]


def _silent_words(page, gross, share) -> str:
    """How much of the loss is silent, and the widest that all stated ends together allow."""
    silent = gross.loc["silent_lost"]
    facts = {"share": page.language.share(share), "basis": money_basis(page, silent)}
    inputs = page.case.churn_inputs
    low, high = (np.nan, np.nan) if inputs is None else _widest(page, inputs)
    told = pd.DataFrame({"input": ["silent"], "share_low": [low], "share_high": [high]})
    low, high = page.gate(told).loc[0, ["share_low", "share_high"]]
    if not low < high:
        return page.say(
            N_("{share} of the loss, as modelled, leaves without a word ({basis})."), **facts
        )
    words = N_(
        "{share} of the loss, as modelled, leaves without a word ({basis}; at the very widest {low} "
        "to {high})."
    )
    digits = 1 if 0.995 <= high < 1 or 0 < low < 0.005 else 0  # 100 % would be without complaints
    bounds = {"low": page.language.share(low, digits), "high": page.language.share(high, digits)}
    return page.say(words, **bounds, **facts)


@sentence
def cost_views(page, cost=None, *_):
    """What the figure of the views shows, and what the range of each is the range of."""
    lost = loss(cost)
    if lost is None:
        return ""
    said = [page.say(N_("What is lost in all, each way of counting it."))]
    given, views = page.settings.churn_cost, set(cost["view"])
    if given is None or not lost.get("amount_low", np.nan) < lost.get("amount_high", np.nan):
        return said
    if "margin" in views and given.margin_range is None:
        words = N_("The range in margin is that of the loss alone ({margin}).")
        said.append(page.say(words, margin=margin_basis(page)))
    elif "margin" in views:
        words = N_("The range in margin holds that of the margin rate as well ({margin}).")
        said.append(page.say(words, margin=margin_basis(page)))
    if "lifetime" in views:
        words = N_(
            "The range in lifetime value holds that of the model of purchases it comes from as well."
        )
        if given.lifetime is not None:
            words = N_(
                "The range in lifetime value is that of the loss alone: how much a year's revenue is "
                "worth over a lifetime was stated as one number, with no data to tell its range."
            )
        said.append(page.say(words))
    return said


def margin_basis(page) -> str:
    """The margin, where it comes from, and its range where one was stated."""
    given = page.settings.churn_cost
    if given is None or given.margin is None:
        return page.say(N_("margin as given"))
    share, source = page.language.share, page.code(given.margin_from, CODES)
    if given.margin_range is None:
        words = N_("margin {margin}, {source}, no range stated")
        return page.say(words, margin=share(given.margin), source=source)
    low, high = (share(end) for end in given.margin_range)
    words = N_("margin {margin}, {source}, {low} to {high}")
    return page.say(words, margin=share(given.margin), source=source, low=low, high=high)


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
        return page.say(N_("{basis}; no range stated"), basis=money_basis(page, lost))
    rough = lost["from"] != "measured"
    if rough and page.language.short(low, 2) == page.language.short(high, 2):
        return page.say(
            N_("{basis}; the ranges stated hardly move it"), basis=money_basis(page, lost)
        )
    spread = page.language.money_range(low, high, figures_of(page, lost, name))
    return page.say(N_("{basis}; range {range}"), basis=money_basis(page, lost), range=spread)


def figures_of(page, row, name="amount") -> int:
    """Significant figures of an amount and its range: as few as tell the ends of the range apart."""
    low, high = row.get(f"{name}_low", np.nan), row.get(f"{name}_high", np.nan)
    if pd.isna(low) or pd.isna(high) or low == high or row.get("from") != "measured":
        return 2  # what rests on an assumption is not known to three
    short = page.language.short
    return next((k for k in (2, 3, 4) if short(low, k) != short(high, k)), 2)


def money_basis(page, lost) -> str:
    """What an amount rests on: shares measured, from literature, or assumed."""
    basis = {
        "measured": N_("measured shares"),
        "literature": N_("shares from literature"),
    }.get(lost["from"], N_("assumed shares"))
    return page.say(basis)


@sentence
def tornado(page, swings=None, *_):
    """Which assumption to find out about first."""
    if swings is None or swings.empty:
        return nothing(
            page, N_("There are no assumptions about the cost of bad experience to test.")
        )
    widest = swings.iloc[swings["swing"].argmax()]
    if not widest["swing"] > 0:
        return nothing(
            page,
            N_(
                "No range was stated for any share, so it cannot be said which one "
                "matters most for the loss."
            ),
        )
    words = N_(
        "Find out first about “{name}”: between {low} and {high} ({source}) it moves the "
        "loss by {swing} a year, from {least} to {most}."
    )
    ends = sorted([widest["loss_low"], widest["loss_high"]])
    said = page.say(
        words,
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
    words = N_("{names} moves it almost as much.")
    if len(names) > 1:
        words = N_("{names} move it almost as much.")
    ends = page.say(
        N_(
            "That is at both ends of this one share, the others as stated; the range of the loss is "
            "where it lies with a probability of {confidence}."
        ),
        confidence=page.language.share(page.settings.confidence),
    )
    return [said, ends, page.say(words, names=page.language.join(names)) if names else ""]


NEARLY = 0.8  # of the widest swing: which of two such comes first hangs on how ranges were stated


@sentence
def levers(page, worth=None, *_):
    """Which lever one point is worth most of, and how sure that is."""
    known = None if worth is None else worth.dropna(subset=["one_point"])
    if known is None or known.empty:
        return nothing(page, N_("What one point of each lever is worth cannot be said yet."))
    best = known.loc[known["one_point"].idxmax()]
    if best["one_point"] <= 0:
        return page.say(N_("None of the three levers saves anything on these shares."))
    words = N_(
        "One percentage point is worth most here: “{lever}”, about {amount} a year ({basis})."
    )
    level, word = strength(best["p_most"]) if pd.notna(best.get("p_most")) else ("sure", "")
    if level == "tied":
        words = N_(
            "Where one percentage point is worth most cannot be told; likeliest “{lever}”, about "
            "{amount} a year ({basis})."
        )
    elif level != "sure":
        words = N_(
            "One percentage point {is_} worth most here: “{lever}”, about {amount} a year "
            "({basis})."
        )
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
    words = N_(
        "Whether “{lever}” would keep or lose revenue cannot be told from these shares{few}: mend "
        "how complaints are handled first, and count."
    )
    if high < 0:
        words = N_(
            "“{lever}” alone goes with more loss, not less: those who complain are lost more often "
            "here than the silent (association). Mend how complaints are handled first; it is no "
            "reason to hush them up."
        )
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
    return page.say(N_(" (only {count} complaints were counted)"), count=page.language.count(told))
