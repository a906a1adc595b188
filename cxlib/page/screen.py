"""The report's first screen, and all that every surface says of a verdict."""

from dataclasses import replace

import pandas as pd
from markupsafe import Markup

from cxlib.analysis.feedback_loop import actions
from cxlib.analysis.verdict import Verdict
from cxlib.page import verdict
from cxlib.page.language import N_, parts, sentences_of
from cxlib.page.render import MADE_UP
from cxlib.page.tables import template

SAID = sentences_of("verdict")
OVERTURN = parts()["overturn"]


def words_of(page, found: Verdict) -> dict:
    """What every surface says: answer, line, the tiles fix, stake and ask (head, figure, words; None
    where there is nothing to say), overturn, decision, learn, mail; in the language of the page.

    >>> words_of(page, cx.verdict(case))["answer"]
    'Fix Convenience first, unless repaired since.'
    """
    makers = {"answer": verdict.answer, "line": verdict.line, "fix": verdict.fix_tile,
              "stake": verdict.stake_tile, "ask": verdict.ask_tile, "learn": verdict.learn}  # fmt: skip
    said = {name: make(page, found) for name, make in makers.items()}
    said["overturn"] = [*sampled(page, found), *overturn(page, found)]
    said["overturn"] += [page.say(SAID.cost_unknown)] * (found.stake["amount"] is None)
    said["decision"] = [
        *verdict.decision(page, found), *overdue(page, found), *proved(page, found)]  # fmt: skip
    return said | {"mail": mail(page, found, said)}


def tiles_of(said: dict) -> list:
    """The tiles that say something: (head, figure, words) of each."""
    return [tile for tile in (said["fix"], said["stake"], said["ask"]) if tile]


def overdue(page, found) -> list[str]:
    """How many actions that were agreed are overdue, and which is so longest: to be known before more
    is approved."""
    count, table = found.ask["overdue"], actions(page.case)
    words = N_("Actions agreed and overdue: {count}."), SAID.overdue_owned, SAID.overdue
    if not count or table is None:
        return [page.say(words[0], count=page.language.count(count))] if count else []
    row = page.gate(table).iloc[0]
    facts = {"count": page.language.count(count), "due": page.language.date(row["due"], "medium")}
    return [page.say(words[1 + pd.isna(row["owner"])], {**row, **facts})]


def proved(page, found) -> list[str]:
    """That results on record prove it repaired, where they do, and what would come next."""
    if not found.fix.get("after"):
        return []
    facts = {"name": verdict.names_of(page, found.fix)[0], "after": found.fix["after"]}
    acts = found.ask.get("acts_on", {}).items()
    done = page.quoted_names("initiative", [k for k, of in acts if of in found.fix["dimensions"]])
    return [page.say(SAID.proved_by if done else SAID.proved, {**facts, "done": done})]


def sampled(page, found) -> list[str]:
    """What sampling alone says of the experience named."""
    if found.fix["kind"] != "key" or found.sure["p"] is None:
        return []
    words = N_("If those asked stand for all, {name} is first with probability {p}.")
    facts = {"name": verdict.names_of(page, found.fix)[0], "p": page.probability(found.sure["p"])}
    if found.fix.get("segment", "all") != "all":
        words = N_("If those asked stand for {who}, {name} is first with probability {p}.")
        facts["who"] = verdict.target(page)
    return [page.say(words, **facts)]


def overturn(page, found, most: int = 2) -> list[str]:
    """What could overturn the answer, the gravest first."""
    name, *_ = [*verdict.names_of(page, found.fix), ""]
    said = []
    codes = found.sure["overturn"]
    musts = [page.quoted(page.label("item", key)) for key in found.ask["musts"]]
    for each in codes[:most] + [each for each in codes[most:] if "group" in each]:
        facts = {"name": name, "musts": page.language.join(musts, 1)}
        for who in {"group", "other"} & {*each}:
            facts[who] = page.group_name(each, who)
        if "grouping" in each:
            facts["trait"] = page.label("grouping", each["grouping"])
        if "from" in each:
            facts["source"] = page.say(verdict.SOURCES[each["from"]])
        stated = page.case.spoken(page.settings.cautions[0]) if each["code"] == "stated" else ""
        said.append(stated or page.say(OVERTURN[each["code"]], each, **facts))
    return said


def mail(page, found, said) -> str:
    """Sixty plain words, in one order: whose answer it is, that it was made up, what it costs, the
    decision and what it hangs on, the gravest that could overturn it, for whom and of when."""
    point = replace(found, stake={**found.stake, "low": None})  # no room for a range
    told = found.stake["kind"] == "silent" or found.ask.get("serves", False) is not False
    answer = verdict.answer(page, found, alone=told)  # the rest is told of the stake, or the plan
    parts = [page.say(N_("{client}: {answer}"), client=page.case.title, answer=answer)]
    parts += [page.say(MADE_UP)] if page.settings.synthetic else []
    if found.stake["amount"] is not None:
        head, figure, words = verdict.stake_tile(page, point)
        said_of = N_("{head}: {figure} ({words}).")
        parts.append(page.say(said_of, head=head, figure=figure, words=words))
    whole = {"plan": verdict.plan_named(page, found.ask)} if "plan" in found.ask else {}
    _, whole["decision"], whole["cost"] = verdict.ask_tile(page, found)
    first = page.say(N_("{grounds}."), grounds=whole["decision"])
    parts += [page.say(SAID.decision, **whole)] if "plan" in whole else [first, said["learn"]]
    parts += overturn(page, found)[:1]
    parts += [page.say(N_("({grounds})"), grounds=said["line"])] if said["line"] else []
    return page.joined(parts)


def screen_html(page, found: Verdict, figure: str = "") -> Markup:
    """The first screen: the answer as title, three tiles, the chart that proves it, what could
    overturn it, and the decision asked."""
    said = words_of(page, found)
    said["tiles"] = tiles_of(said)
    said["heads"] = {name: page.say(words) for name, words in parts()["screen_heads"].items()}
    said |= {"scenario": scenario_html(page), "figure": figure, "joined": page.joined}
    return Markup(template("screen.html.j2").render(**said))


# Whose scenario a page tells of


def scenario_html(page) -> str:
    """Whose scenario the page tells of, when and why; "" for the client as client.yml stands."""
    scenario = page.case.scenario
    if scenario is None:
        return ""
    return Markup('<p class="scenario">{}</p>').format(scenario_words(page, scenario))


def scenario_words(page, scenario) -> str:
    """'Scenario “cheaper”, by Ann, 21 November 2026: note. It sets …'"""
    day = scenario.date and page.language.date(scenario.date)
    by = page.say(N_(", ")).join(filter(None, [scenario.author, day]))
    words = N_("Scenario “{name}” ({by}).") if by else N_("Scenario “{name}”.")
    said = [page.say(words, name=scenario.name, by=by)]
    if scenario.note:
        said.append(scenario.note)
    values = page.listed(f"{key} = {_written(value)}" for key, value in scenario.settings.items())
    said.append(page.say(N_("It sets {values}."), values=values))
    return page.joined(said)


def _written(value) -> str:
    """A value of client.yml in a sentence."""
    if isinstance(value, dict):
        return str(value.get("share", "")) or ", ".join(f"{k}: {v}" for k, v in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
