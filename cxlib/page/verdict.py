"""The verdict in words: title, tiles, what could overturn it, the decision asked, and its e-mail.

Everything that a surface says of a client's answer it takes from here; the facts are those of
`cxlib.analysis.verdict`. Sentences hold at most 25 words, the title 12, a tile 12.
"""

import numpy as np

from cxlib.analysis.named import NAMED
from cxlib.page.language import N_, parts, sentences_of
from cxlib.page.terms import LEVEL_WORDS, PARTLY, PARTLY_ASSUMED

SAID = sentences_of("verdict")
SOURCES, COUNTED, LEARN, DECIDE = map(parts().get, ("judged_by", "counted", "learn", "decide"))
LEADS, TOLD = parts()["leads"], parts()["told"]  # by what leads: the title, the words of its tile
MOVED = (SAID.fell_in, SAID.rose_in), (SAID.fell_since, SAID.rose_since)
SHORT_OF = parts()["short_of"]  # by ground; "top" where nobody decided a target
MARKS = {"measured": N_("measured"), "literature": N_("from literature")}


def shortly(page, names) -> str:
    """Two names, or the first and how many more."""
    names = list(names)
    return page.language.join(names, 2 if len(names) < 3 else 1)


def names_of(page, fix) -> list[str]:
    """The experiences named; a whole sentence that was asked stands in quotation marks."""
    names = [page.label("dimension", key) for key in fix["dimensions"]]
    return [f"“{name}”" if len(name.split()) > 3 else name for name in names]


# The title


def answer(page, found, alone: bool = False) -> str:
    """The title: what to do, in at most 12 words; `alone`: without the clause of plan or stake."""
    alone = alone or found.fix["kind"] == "short" and len(found.fix["dimensions"]) > 1  # no room
    fix, clause = _first(page, found), "" if alone else _then(page, found)
    said = page.say(N_("{fix}; {then}"), fix=fix, then=clause) if clause else fix
    return page.say(N_("{grounds}."), grounds=said)


def _first(page, found) -> str:
    fix, names = found.fix, names_of(page, found.fix)
    if fix["kind"] == "key":
        words = SAID.fix_probably if fix["level"] != "sure" else SAID.fix_first
        said = page.say(words, name=shortly(page, names), is_=page.say(LEVEL_WORDS[fix["level"]]))
        return page.say(SAID.unless_repaired, fix=said) if fix.get("after") else said
    if fix["kind"] == "tied":
        words = SAID.fix_one_of if len(names) < 3 else SAID.fix_any_of
        return page.say(words, names=any_of(page, names))
    words = LEADS[fix["kind"] + standing(fix)]
    if fix["kind"] == "leavers" and "group" in fix:
        words = SAID.left_of_group
    if fix.get("own"):
        words = SAID.own_rule_none
    return page.say(words, fix, **_lead_facts(page, fix))


# else a share
FIGURE = dict.fromkeys(("dormant", "quiet", "service_measures"), "count")
FIGURE |= {"promoters": "signed0", "overall": "as_mean", "asked": "as_mean"}


def _lead_facts(page, fix) -> dict:
    """The name of what leads, and the top of the scale that it was asked on."""
    asked = fix.get("by") == "asked_satisfaction"
    scale = page.case.asked_scale if asked else page.settings.scale
    facts = {"name": _named(page, fix), "top": page.language.count(fix.get("highest", scale[1]))}
    if "answer" in fix:
        answer = page.quoted(fix["answer"] or page.say(N_("yes")))
        facts |= {"answer": answer, "name": page.quoted(fix["question"])}
    return facts


def _named(page, fix) -> str:
    """What leads, by name: two that chance may have put in this order, or one and how many more."""
    if "kpi" in fix:
        return page.quoted(page.label("kpi", fix["kpi"]))
    if fix["dimensions"]:
        names = names_of(page, fix)
    else:
        keys = [fix["group"], *fix.get("alike", [])] if "group" in fix else []
        names = [page.quoted(page.label(fix["grouping"], key)) for key in keys]
    return any_of(page, names)


def any_of(page, names) -> str:
    """Those that chance may have put in this order: two of them, or one and how many more."""
    more = [page.say(N_("{count} more"), count=len(names) - 1)]
    return page.say(N_(" or ")).join(names if len(names) < 3 else names[:1] + more)


def standing(fix) -> str:
    """How what leads stands among all that was compared: _alone, _alike (chance alone may have put
    all of them in their order, so that none stands out; of what is spoken of, two) or neither."""
    of, alike = fix.get("of", 0), fix["dimensions"] or ["", *fix.get("alike", [])]
    if len(alike) != of and (fix["kind"] != "spoken" or len(alike) == 1):
        return ""
    return "_alike" if of > 1 else "_alone" * (fix["kind"] in ("lowest", "short"))


PAYS = {None: SAID.pays_back, "measured": SAID.pays_back, "assumed": SAID.pays_as_assumed}


def _then(page, found) -> str:
    """The title's second clause: the plan, else what doing nothing costs, else what moved."""
    ask, stake, step = found.ask, found.stake, found.fix.get("step")
    others = ask.get("serves") is False
    late = SAID.pays_too_late if ask.get("payback") else SAID.does_not_pay
    if found.fix.get("after") or (found.fix["kind"] == "nothing" and found.fix["own"]):
        return ""
    plan = {
        "approve": SAID.pays_for_others if others else PAYS[ask.get("effects")],
        "refuse": SAID.pays_for_nobody if others else late,
        "defer": SAID.unknown_payback if ask.get("needed") is None else SAID.must_end,
        "nothing_fits": SAID.nothing_fits,
    }
    if ask["decision"] in plan:
        return page.say(plan[ask["decision"]], ask)
    if step and step["difference"]:  # not beside a fix: nothing ties it to the score
        words = MOVED[found.fix["moved"]][step["difference"] > 0]
        return page.say(words, step, change=page.language.count(abs(step["difference"])))
    return page.say(SAID.a_year_lost, stake) if stake["kind"] == "left" else ""


# The line and the tiles


def target(page) -> str:
    """Whom the design is for."""
    return shortly(page, [page.label("segment", each) for each in page.settings.target_segments])


def line(page, found) -> str:
    """Whom the data speak for, and of what period they are."""
    rests, fix = found.rests, found.fix
    n = page.language.count(rests["n"]) if rests["n"] else f"<{page.settings.disclosure}"
    said = [page.say(COUNTED[rests["counted"]], n=n)] if rests["counted"] in COUNTED else []
    if fix.get("segment", "all") != "all":
        said.insert(0, target(page))
    if page.settings.survey and page.settings.survey.sampling:
        said.append(page.case.spoken(page.settings.survey.sampling))
    if rests["period"]:
        words = N_("data of {period}"), N_("data of {period}, {years:count} years old")
        period = page.label("wave", rests["period"])
        said.append(page.say(words[rests["years"] is not None], rests, period=period))
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
    if fix.get("own"):
        name = (
            shortly(page, names_of(page, found.fix)) if kind == "key" else page.say(N_("Nothing"))
        )
        return page.say(N_("Fix")), name, page.say(SAID.own_rule)
    if kind in NAMED:
        words = shortfall(page, fix)
        if kind == "tied":
            words = page.say(SAID.tied if fix["p"] is None else SAID.tied_probably, fix)
        return page.say(N_("Fix")), any_of(page, names_of(page, found.fix)), words
    facts = _lead_facts(page, fix)
    figure = {"unknown": "", "few": "", "nothing": page.say(N_("Nothing"))}.get(kind)
    figure = facts["name"] if kind in ("lowest", "short") else figure
    figure = page.say(SAID.none_of, fix) if standing(fix) == "_alike" else figure
    kind += standing(fix)
    figure = page.spoken(fix["value"], FIGURE.get(kind, "share")) if figure is None else figure
    figure = page.say(COUNTED["customers"], n=figure) if kind in ("dormant", "quiet") else figure
    words = page.say(TOLD[kind], fix, **facts) if kind in TOLD else ""
    words = shortfall(page, fix) if kind in ("short", "short_alone") else words
    return (page.say(N_("What stands out")), figure, words) if figure else None


def stake_tile(page, found):
    """What doing nothing costs a year, with its range and its mark; else how cases end, or what
    surely moved."""
    stake = found.stake
    if stake["amount"] is None:
        return _promoters(page, found)
    partly = stake["kind"] == "left" and stake["mark"] == "measured"
    partly = partly and PARTLY & set(found.rests["assumed"] or ())
    mark = page.say(PARTLY_ASSUMED if partly else MARKS.get(stake["mark"], N_("assumed")))
    words = SAID.of_revenue if stake["low"] is None else SAID.of_revenue_between
    if stake["kind"] == "counted":
        words = SAID.left_with_them
    if stake["kind"] == "silent":
        words = SAID.most_a_year if stake["a_year"] else SAID.brought_so_far
    span = page.language.money_range(stake["low"], stake["high"])
    said = page.say(words, stake, mark=mark, range=span)
    if stake["tied"] == 0:
        said = page.say(SAID.none_tied, said=said, name=names_of(page, found.fix)[0])
    head = N_("At stake a year") if stake.get("a_year", True) else N_("Brought so far")
    return page.say(head), page.language.money(stake["amount"]), said


def _promoters(page, found):
    moved, bad = found.answer["promoters"], found.answer["unresolved"]
    if bad:
        share = page.spoken(bad["value"], "share")
        return page.say(N_("Not put right")), share, page.say(SAID.of_cases, bad)
    if not moved or found.fix["kind"] == "promoters":
        return None
    words = SAID.down_by if moved["change"] < 0 else SAID.up_by
    ends = sorted(abs(moved[name]) for name in ("change", "change_low", "change_high"))
    low, change, high = map(page.language.count, ends)  # one that surely moved has both on one side
    said = page.say(words, moved, change=change, least=low, most=high)
    return page.say(N_("Net promoter score")), page.spoken(moved["value"], "signed0"), said


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
    words = {"approve": SAID.repaid, "refuse": SAID.not_back, "defer": SAID.must_end_loss}[kind]
    if kind == "approve" and ask["payback_half"] is None:
        words = SAID.repaid_half_never
    if kind == "refuse" and ask["revenue_needed"] is not None:
        words = SAID.back_at_best if ask["payback"] else SAID.pays_above
    if kind == "defer" and ask["needed"] is None:
        words = SAID.earns_unknown
    elif kind == "defer" and found.learn["code"] == "count":
        words = SAID.until_counted
    back = told_years(ask["payback"], ask["term"])
    said = page.say(words, {**found.learn, **ask}, cost=cost_of(page, ask), payback=back)
    return page.say(N_("Decide")), page.say(DECIDE[kind]), said


# Below the chart


def plan_named(page, ask) -> str:
    """The plan by name: two initiatives, or the first and how many more."""
    return shortly(page, [page.quoted(page.label("initiative", key)) for key in ask["plan"]])


def decision(page, found) -> list[str]:
    """The decision asked of the reader, and what it hangs on."""
    ask, kind = found.ask, found.ask["decision"]
    if kind in ("none", "nothing_fits"):
        if kind == "none":  # what to find out stands in its tile
            return [page.say(SAID.nothing_proposed)]
        return [page.say(SAID.no_initiative_funded), learn(page, found)]
    facts = {"decision": page.say(DECIDE[kind]), "plan": plan_named(page, ask)}
    cost, running = cost_of(page, ask), ask["running"]
    if running:
        words = N_("{cost}, then {running} a year")
        cost = page.say(words, cost=cost, running=page.language.money(running))
    first = page.say(SAID.decision, cost=cost, **facts)
    said = first, *hangs_on(page, found), _acts_elsewhere(page, found), _for_others(page, ask)
    return list(filter(None, said))


def hangs_on(page, found) -> list[str]:
    """What would have to be true for the plan to pay back within its term."""
    ask = found.ask
    if ask["on_time"] is None:
        why = SAID.no_link if ask["unit"] != "money" else SAID.no_margin
        return [page.say(SAID.earning_unknown, why=page.say(why))]
    if ask["payback"] is None:
        return [page.say(SAID.running_unpaid)]
    words = SAID.pays_if_gain if ask["on_time"] else SAID.pays_late
    if ask["effect"] == "loss":
        words = SAID.pays_if_loss_ends if ask["on_time"] else SAID.pays_with_revenue
    said = page.say(words, ask, payback=told_years(ask["payback"], ask["term"]))
    most = page.say(SAID.most_alone if "alone" in ask else SAID.most_back, ask)
    return [said, most if words == SAID.pays_with_revenue else ""]


def told_years(years, term) -> float | None:
    """After how many years a plan is back, as it is told: one that is late never "in 3.0, not 3"."""
    return max(years, term + 0.1) if years and years > term + 1e-9 else years


def _acts_elsewhere(page, found) -> str:
    """That the plan serves other experiences than the one named; "" where it serves that."""
    if found.ask["serves"] is not False:
        return ""
    others = dict.fromkeys(page.label("dimension", key) for key in found.ask["acts_on"].values())
    return page.say(
        SAID.acts_on, others=page.language.join(others), name=names_of(page, found.fix)[0]
    )


def _for_others(page, ask) -> str:
    """What of the plan is for customers whom the design is not for; "" where nothing is."""
    targets, of = page.settings.target_segments, ask.get("for", {})
    others = [name for name in of if targets and of[name] not in targets]
    plan = page.quoted_names("initiative", others)
    return page.say(SAID.for_others, plan=plan, target=target(page)) if others else ""


def changes(page, found) -> str:
    """What would change the verdict on a plan; "" without one."""
    words = N_("What to find out next: {learn}")
    return page.say(words, learn=learn(page, found)) if "plan" in found.ask else ""


def learn(page, found) -> str:
    """The one measurement that would change our mind."""
    names = names_of(page, found.fix)
    these = page.say(N_("these {count}"), count=len(names))
    names = these if len(names) > 2 else page.language.join(names)
    return page.say(LEARN[found.learn["code"]], found.learn, names=names)
