"""Where the line between content and unhappy lies, and how much the loss hangs on it."""

from cxlib.analysis.loyalty import SATISFIED
from cxlib.client.rated import outcome_scale
from cxlib.client.settings import unhappy_line
from cxlib.page.language import N_
from cxlib.page.sentences import as_score, sentence, some


def line_words(page, scale) -> str:
    """The answers of a scale that count as unhappy: "below 3 of 5 (assumed)"; "" without a client
    that says."""
    if not hasattr(page.case, "unhappy_below"):
        return ""
    facts = {
        "line": as_score(page, round(page.case.unhappy_below(tuple(scale)), 2), 2),
        "top": as_score(page, scale[1]),
    }
    words = N_("below {line} of {top} (assumed: the middle of the scale)")
    if unhappy_line(page.settings) is not None:
        words = N_("{line} of {top} or less (as decided)")
    return page.say(words, **facts)


def cut_off(page, by: str) -> str:
    """From where on an answer counts as satisfied, or as loyal, and by which question."""
    if not by:
        return ""
    words = N_(
        "Not satisfied are answers {line}; loyal, by “{question}”, those from {cut} of their scale on."
    )
    line = line_words(page, outcome_scale(page.case, "overall"))
    return page.say(words, line=line, question=page.code(by), cut=page.language.share(SATISFIED))


@sentence
def unhappy_line_drawn(page, table=None):
    """The line that the share of bad experience rests on, where that share was counted."""
    if not some(table):
        return ""
    words = N_("A bad experience is a satisfaction {line}.")
    return page.say(words, line=line_words(page, page.settings.scale))


@sentence
def unhappy(page, table=None):
    """The line, and what would be lost with it a point lower or higher."""
    first = unhappy_line_drawn(page, table)
    if not first:
        return ""
    amount = {
        int(moved): page.language.money(row["amount"], 2)
        for moved, row in table.set_index("moved").iterrows()
    }
    said = {
        (-1, 1): N_(
            "Drawn a point lower the loss would be about {lower} a year, a point higher {higher}, in "
            "place of {amount}."
        ),
        (-1,): N_("Drawn a point lower the loss would be about {lower} a year, not {amount}."),
        (1,): N_("Drawn a point higher the loss would be about {higher} a year, not {amount}."),
    }.get(tuple(moved for moved in (-1, 1) if moved in amount))
    facts = {"lower": amount.get(-1, ""), "higher": amount.get(1, ""), "amount": amount.get(0, "")}
    return [first, page.say(said, **facts)] if said else first
