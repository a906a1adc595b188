"""The report's first screen, and all that every surface says of a verdict."""

from markupsafe import Markup

from cxlib.analysis.verdict import Verdict
from cxlib.page import verdict
from cxlib.page.language import N_
from cxlib.page.scenario import scenario_html
from cxlib.page.tables import template

REST = {
    "uncounted": N_("How many customers answered is not known."),
    "collected": N_("Scores depend on who collected the answers."),
    "effects": N_("What the plan would bring is assumed."),
    "shares": N_("What doing nothing costs rests on assumed shares."),
}


def words_of(page, found: Verdict) -> dict:
    """What every surface says: answer, line, the tiles fix, stake and ask (head, figure, words; None
    where there is nothing to say), overturn, decision, learn, mail; in the language of the page.

    >>> words_of(page, cx.verdict(case))["answer"]
    'Fix Convenience first; the plan must end 61% of the loss.'
    """
    said = {
        "answer": verdict.answer(page, found),
        "line": verdict.line(page, found),
        "fix": verdict.fix_tile(page, found),
        "stake": verdict.stake_tile(page, found),
        "ask": verdict.ask_tile(page, found),
        "overturn": overturn(page, found),
        "decision": verdict.decision(page, found),
        "learn": verdict.learn(page, found),
    }  # fmt: skip
    return said | {"mail": mail(page, found, said)}


def overturn(page, found, most: int = 2) -> list[str]:
    """What could overturn the answer, the gravest first."""
    said, names = [], verdict.names_of(page, found)
    for each in found.sure["overturn"][:most]:
        code = each["code"]
        if code == "judged":
            words = N_("The scores are {source}; no customer was asked.")
            said.append(page.say(words, source=page.say(verdict.SOURCES[each["from"]])))
        elif code == "follows":
            words = N_("Overall ratings follow {other} more than {name} (association).")
            said.append(page.say(words, other=page.label("item", each["item"]), name=names[0]))
        elif code == "old":
            words = N_("The data end in {year}, {years} years ago.")
            said.append(
                page.say(words, year=str(each["to"]), years=page.language.count(each["years"]))
            )
        elif code in REST:
            said.append(page.say(REST[code]))
        elif code == "few":
            said.append(
                page.say(N_("Only {n} people stand behind it."), n=page.language.count(each["n"]))
            )
        else:
            said.append(page.case.spoken(page.settings.cautions[0]))
    return said


def mail(page, found, said) -> str:
    """Sixty plain words: the answer, what it costs, the decision, the caveat."""
    parts = [said["answer"]]
    if found.stake["amount"] is not None:
        head, figure, words = said["stake"]
        said_of = N_("{head}: {figure} ({words}).")
        parts.append(page.say(said_of, head=head, figure=figure, words=words))
    parts += said["decision"][:1] + said["overturn"][:1]
    parts.append(page.say(N_("({grounds})"), grounds=said["line"]) if said["line"] else "")
    return page.joined([part for part in parts if part])


def screen_html(page, found: Verdict, figure: str = "") -> Markup:
    """The first screen: the answer as title, three tiles, the chart that proves it, what could
    overturn it, and the decision asked."""
    said = words_of(page, found)
    heads = {
        "overturn": N_("What could overturn this"),
        "decision": N_("The decision asked of you"),
        "mail": N_("Copy as e-mail"),
        "copied": N_("Copied"),
    }
    return Markup(
        template("screen.html.j2").render(
            **said,
            tiles=[tile for tile in (said["fix"], said["stake"], said["ask"]) if tile],
            heads={name: page.say(words) for name, words in heads.items()},
            scenario=scenario_html(page),
            figure=figure,
            joined=page.joined,
        )
    )
