"""Where the line between content and unhappy lies, and how much the loss hangs on it."""

from cxlib.analysis.loyalty import SATISFIED
from cxlib.client.rated import outcome_scale
from cxlib.client.settings import unhappy_line
from cxlib.page.language import sentences_of
from cxlib.page.sentences import said_of, sentence

SAID = sentences_of("unhappy")


def line_words(page, scale) -> str:
    """The answers of a scale that count as unhappy: "below 3 of 5 (assumed)"; "" without a client
    that says."""
    if not hasattr(page.case, "unhappy_below"):
        return ""
    line = page.as_score(round(page.case.unhappy_below(tuple(scale)), 2), 2)
    words = SAID.or_less if unhappy_line(page.settings) is not None else SAID.below_middle
    return page.say(words, line=line, top=page.as_score(scale[1]))


def cut_off(page, by: str) -> str:
    """From where on an answer counts as satisfied, or as loyal, and by which question; of customers
    who were asked no question (`by`), from where on their satisfaction does."""
    if not by:
        line = line_words(page, page.settings.scale)
        return line and page.say(SAID.bad_experience, line=line)
    line = line_words(page, outcome_scale(page.case, "overall"))
    facts = {"question": page.code(by), "cut": page.language.share(SATISFIED)}
    return page.say(SAID.not_satisfied, line=line, **facts)


@said_of()
def unhappy_line_drawn(page, table=None):
    """The line that the share of bad experience rests on, where that share was counted."""
    return page.say(SAID.bad_experience, line=line_words(page, page.settings.scale))


@sentence
def unhappy(page, table=None):
    """The line, and what would be lost with it a point lower or higher."""
    first = unhappy_line_drawn(page, table)
    if not first:
        return ""
    amount = {int(moved): each for moved, each in table.set_index("moved")["amount"].items()}
    said = {(-1, 1): SAID.drawn_both, (-1,): SAID.drawn_lower, (1,): SAID.drawn_higher}.get(
        tuple(moved for moved in (-1, 1) if moved in amount)
    )
    facts = {"lower": amount.get(-1, ""), "higher": amount.get(1, ""), "amount": amount.get(0, "")}
    return [first, page.say(said, **facts)] if said else first
