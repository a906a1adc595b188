"""The verdict in words: title, tiles, what could overturn it, the decision asked, and its e-mail.

Everything that a surface says of a client's answer it takes from here; the facts are those of
`cxlib.analysis.verdict`. Sentences hold at most 25 words, the title 12, a tile 12.
"""

import numpy as np

from cxlib.analysis.named import NAMED
from cxlib.page.language import N_, parts, sentences_of
from cxlib.page.terms import INPUTS, LEVEL_WORDS

SAID = sentences_of("verdict")
SOURCES, COUNTED, LEARN, DECIDE = map(parts().get, ("judged_by", "counted", "learn", "decide"))
LEADS, TOLD = parts()["leads"], parts()["told"]  # by what leads: the title, the words of its tile
SHORT_OF = parts()["short_of"]  # by ground; "top" where nobody decided a target
MARKS = {"measured": N_("measured"), "literature": N_("from literature")}


def shortly(page, names) -> list[str]:
    """Two names, or the first and how many more."""
    more = page.say(N_("{count} more"), count=page.language.count(len(names) - 1))
    return names if len(names) < 3 else [names[0], more]


def join_or(page, names) -> str:
    """Names in a row, one of which it is."""
    return page.say(N_(" or ")).join(names)


def names_of(page, found) -> list[str]:
    """The experiences named; a whole sentence that was asked stands in quotation marks."""
    names = [page.label("dimension", key) for key in found.fix["dimensions"]]
    return [f"“{name}”" if len(name.split()) > 4 else name for name in names]


# The title


def answer(page, found) -> str:
    """The title: what to do, in at most 12 words."""
    fix, clause = _first(page, found), _then(page, found)
    said = page.say(N_("{fix}; {then}"), fix=fix, then=clause) if clause else fix
    return page.say(N_("{grounds}."), grounds=said)


def _first(page, found) -> str:
    fix, names = found.fix, names_of(page, found)
    if fix["kind"] == "key":
        words = SAID.fix_probably if fix["level"] != "sure" else SAID.fix_first
        return page.say(words, name=names[0], is_=page.say(LEVEL_WORDS[fix["level"]]))
    if fix["kind"] == "tied":
        return page.say(SAID.fix_one_of, names=join_or(page, names[:2]))
    words = LEADS[fix["kind"]]
    if fix["kind"] == "leavers" and "group" in fix:
        words = SAID.left_of_group
    return page.say(words, **_lead_facts(page, fix))


def _lead_facts(page, fix) -> dict:
    """The numbers and the name of what leads, as they are written."""
    kind = fix["kind"]
    facts = {name: fix.get(name) for name in ("value", "low", "high")}
    facts["value"] = fix.get("value", fix.get("score"))
    share, count = page.language.share, page.language.count
    writes = {"promoters": page.language.signed0, "lowest": page.language.number}
    write = (writes | {"dormant": count, "service_measures": count}).get(kind, share)
    found = {name: write(value) for name, value in facts.items()}
    found |= {name: share(fix.get(name)) for name in ("other", "of_all", "of_group")}
    found |= {"name": _named(page, fix), "pause": count(fix.get("pause"))}
    asked = fix.get("by") == "asked_satisfaction"
    scale = page.case.asked_scale if asked else page.settings.scale
    return found | {"top": count(scale[1])}


def _named(page, fix) -> str:
    """What leads, by name: two that chance may have put in this order, or one and how many more."""
    if "kpi" in fix:
        return page.quoted(page.label("kpi", fix["kpi"]))
    if fix["dimensions"]:
        names = [page.label("dimension", key) for key in fix["dimensions"]]
    else:
        keys = [fix["group"], *fix.get("alike", [])] if "group" in fix else []
        names = [page.quoted(page.label(fix["grouping"], key)) for key in keys]
    return join_or(page, shortly(page, names))


def _then(page, found) -> str:
    """The title's second clause: the plan, else what doing nothing costs, else what moved."""
    ask, stake, promoters = found.ask, found.stake, found.answer["promoters"]
    if ask["decision"] == "approve":
        words = SAID.pays_for_others if ask["serves"] is False else SAID.pays_back
        return page.say(words, year=year_of(page, ask["payback"]))
    if ask["decision"] == "refuse":
        words = SAID.pays_for_nobody if ask["serves"] is False else SAID.does_not_pay
        return page.say(words)
    if ask["decision"] == "defer":
        words = SAID.must_end if ask["needed"] is not None else SAID.unknown_payback
        return page.say(words, needed=page.language.share(ask["needed"]))
    if ask["decision"] == "nothing_fits":
        return page.say(SAID.nothing_fits)
    if promoters and found.fix["kind"] != "promoters":
        words = SAID.promoters_fell if promoters["change"] < 0 else SAID.promoters_rose
        return page.say(words, change=page.language.count(abs(promoters["change"])))
    words = {"silent": SAID.best_fifth, "left": SAID.a_year_lost}
    if stake.get("a_year"):
        words["silent"] = SAID.best_fifth_a_year
    if stake["kind"] in words:
        return page.say(words[stake["kind"]], amount=page.language.money(stake["amount"]))
    return ""


def year_of(page, years) -> str:
    """1 for all that is back within the first year."""
    return page.language.count(None if years is None else np.ceil(years))


# The line and the tiles


def line(page, found) -> str:
    """Whom the data speak for, and of what period they are."""
    rests, fix = found.rests, found.fix
    n = page.language.count(rests["n"]) if rests["n"] else f"<{page.settings.disclosure}"
    said = [page.say(COUNTED[rests["counted"]], n=n)] if rests["counted"] in COUNTED else []
    if fix.get("segment", "all") != "all":
        said.insert(0, page.label("segment", fix["segment"]))
    if rests["period"]:
        said.append(page.say(N_("data of {period}"), period=page.label("wave", rests["period"])))
    return " · ".join(said)


def shortfall(page, fix) -> str:
    """By how much an experience falls short, with its range: see `analysis.verdict.served`."""
    digits = 2 if not np.isclose(round(fix["short"], 1), fix["short"]) else 1
    ends = ("short", "short_low", "short_high")
    short, low, high = (page.language.number(fix[end], digits) for end in ends)
    asked = page.case.asked_scale if fix["ground"] == "asked_satisfaction" else None
    undecided = asked is not None and fix["against"] == asked[1]
    words = page.say(SHORT_OF["top" if undecided else fix["ground"]], points=short)
    if fix["short_low"] is None:
        return words
    return page.say(N_("{value} ({low} to {high})"), value=words, low=low, high=high)


def fix_tile(page, found):
    """What to fix: its name, and by how much it falls short; else what stands out."""
    fix, kind = found.fix, found.fix["kind"]
    if kind in NAMED:
        words = shortfall(page, fix)
        if kind == "tied":
            facts = {"p": page.probability(fix["p"])} if fix["p"] is not None else {}
            words = SAID.tied_probably if facts else SAID.tied
            words = page.say(words, **facts)
        return page.say(N_("Fix")), join_or(page, names_of(page, found)[:2]), words
    facts = _lead_facts(page, fix)
    figure = {"unknown": "", "nothing": page.say(N_("Nothing"))}.get(kind, facts["value"])
    figure = facts["name"] if kind == "lowest" else figure
    words = page.say(TOLD[kind], **facts) if kind in TOLD else ""
    return (page.say(N_("What stands out")), figure, words) if figure else None


def mark_of(page, mark) -> str:
    """Whether an amount was measured, is from literature, or assumed."""
    return page.say(MARKS.get(mark, N_("assumed")))


def stake_tile(page, found):
    """What doing nothing costs a year, with its range and its mark; else what surely moved."""
    stake, money = found.stake, page.language
    if stake["amount"] is None:
        return _promoters(page, found)
    partly = stake["kind"] == "left" and "revenue" in (found.rests["assumed"] or ())
    mark = N_("partly assumed") if partly and stake["mark"] == "measured" else ""
    facts = {"mark": page.say(mark) if mark else mark_of(page, stake["mark"])}
    if stake["low"] is not None:
        facts |= {"low": money.short(stake["low"], 2), "high": money.short(stake["high"], 2)}
    words = SAID.of_revenue_between if "low" in facts else SAID.of_revenue
    if stake["kind"] == "counted":
        words = SAID.left_with_them
    if stake["kind"] == "silent":
        words = SAID.most_a_year if stake["a_year"] else SAID.brought_so_far
    said = page.say(words, share=money.share(stake["share"], 1), **facts)
    if stake["tied"] == 0:
        said = page.say(SAID.none_tied, said=said, name=names_of(page, found)[0])
    head = N_("At stake a year") if stake.get("a_year", True) else N_("At stake")
    return page.say(head), money.money(stake["amount"]), said


def _promoters(page, found):
    moved = found.answer["promoters"]
    if not moved or found.fix["kind"] == "promoters":
        return None
    facts = {end: page.language.signed0(moved[end]) for end in ("low", "high")}
    facts["change"] = page.language.count(abs(moved["change"]))
    words = SAID.down_by if moved["change"] < 0 else SAID.up_by
    return (
        page.say(N_("Net promoter score")),
        page.language.signed0(moved["value"]),
        page.say(words, **facts),
    )


def cost_of(page, ask) -> str:
    """The one definition of a plan's cost: to start, and to run within its term."""
    cost = page.language.money(ask["cost"], 3)
    if not ask["running"]:
        return cost
    words = N_("{cost} within {term} years")
    return page.say(words, cost=cost, term=page.language.count(ask["term"]))


def ask_tile(page, found):
    """The decision: what it costs, and when that is back."""
    ask, kind = found.ask, found.ask["decision"]
    if kind in ("none", "nothing_fits"):
        words = learn(page, found) if kind == "none" else page.say(SAID.none_funded)
        return page.say(N_("Decide")), page.say(DECIDE[kind]), words
    facts = {
        "cost": cost_of(page, ask), "year": year_of(page, ask["payback"]),
        "half": year_of(page, ask["payback_half"]), "term": page.language.count(ask["term"]),
        "needed": page.language.share(ask["needed"]), "revenue": page.language.money(ask.get("revenue_needed")),
    }  # fmt: skip
    words = {"approve": SAID.repaid, "refuse": SAID.not_back, "defer": SAID.must_end_loss}[kind]
    if kind == "approve" and ask["payback_half"] is None:
        words = SAID.repaid_half_never
    if kind == "refuse" and ask["revenue_needed"] is not None:
        words = SAID.pays_above
    if kind == "defer" and ask["needed"] is None:
        words = SAID.earns_unknown
    return page.say(N_("Decide")), page.say(DECIDE[kind]), page.say(words, **facts)


# Below the chart


def plan_named(page, ask) -> str:
    """The plan by name: two initiatives, or the first and how many more."""
    names = [page.quoted(page.label("initiative", key)) for key in ask["plan"]]
    return page.language.join(shortly(page, names))


def decision(page, found) -> list[str]:
    """The decision asked of the reader, and what it hangs on."""
    ask, kind = found.ask, found.ask["decision"]
    if kind in ("none", "nothing_fits"):
        words = SAID.nothing_proposed if kind == "none" else SAID.no_initiative_funded
        return [page.say(words), learn(page, found)]
    facts = {"plan": plan_named(page, ask), "cost": cost_of(page, ask)}
    words, facts["decision"] = SAID.decision, page.say(DECIDE[kind])
    said = [page.say(words, **facts), *hangs_on(page, found), _acts_elsewhere(page, found)]
    return [sentence for sentence in said if sentence]


def hangs_on(page, found) -> list[str]:
    """What would have to be true for the plan to pay back within its term."""
    ask = found.ask
    facts = {
        "needed": page.language.share(ask["needed"]), "term": page.language.count(ask["term"]),
        "years": page.language.number(ask["payback"]), "revenue": page.language.money(ask["revenue_needed"]),
        "half": year_of(page, ask["payback_half"]), "kept": page.language.money(ask["kept"]),
    }  # fmt: skip
    if ask["on_time"] is None:
        why = SAID.no_link if ask["unit"] != "money" else SAID.no_margin
        return [page.say(SAID.earning_unknown, why=page.say(why))]
    if ask["needed"] is None:
        return [page.say(SAID.running_unpaid)]
    if ask["effect"] == "loss":
        words = SAID.pays_with_revenue if not ask["on_time"] else SAID.pays_if_loss_ends
        return [page.say(words, **facts), _alone(page, ask)]
    words = SAID.pays_late if not ask["on_time"] else SAID.pays_if_gain
    return [page.say(words, **facts)]


def _alone(page, ask) -> str:
    """What of a refused plan could still pay; "" where nothing could."""
    one = ask["alone"]
    if not one:
        return ""
    facts = {
        "cost": page.language.money(one["cost"], 3),
        "needed": page.language.share(one["needed"]),
    }
    return page.say(SAID.pays_alone, name=page.label("initiative", one["initiative"]), **facts)


def _acts_elsewhere(page, found) -> str:
    """That the plan serves other experiences than the one named; "" where it serves that."""
    if found.ask["serves"] is not False:
        return ""
    others = dict.fromkeys(page.label("dimension", key) for key in found.ask["acts_on"].values())
    return page.say(SAID.acts_on, others=page.language.join(others), name=names_of(page, found)[0])


def learn(page, found) -> str:
    """The one measurement that would change our mind."""
    of = found.learn
    facts = {"names": page.language.join(names_of(page, found))}
    if "input" in of:
        facts["input"] = page.code(of["input"], INPUTS)
    if "initiative" in of:
        facts["initiative"] = page.label("initiative", of["initiative"])
    return page.say(LEARN[of["code"]], **facts)
