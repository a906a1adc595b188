"""Headlines of step 6: what the plan serves, and what in it fits least."""

from cxlib.page.language import sentences_of
from cxlib.page.sentences import said_of
from cxlib.page.verdict import shortly

SAID = sentences_of("fit")


@said_of()
def plan_serves(page, served=None, *_):
    """Whether must-haves come before delight in the plan, and what in it serves nothing on record."""
    chosen = served[served["chosen"].eq(True)]
    musts = _quoted(page, "item", served.loc[served["unmet_must"].eq(True), "serves"], shortly)
    beyond = chosen.loc[chosen["kind"].eq("beyond"), "initiative"]
    delights = _quoted(page, "initiative", beyond, shortly)
    words = SAID.none_left_out if served["kind"].eq("must").any() else ""
    if musts:
        words = SAID.delight_first if delights else SAID.left_out
    said = [page.say(words, musts=musts, delights=delights) if words else ""]
    names = _quoted(page, "initiative", chosen.loc[chosen["serves"].isna(), "initiative"])
    return [*said, page.say(SAID.serves_nothing, names=names) if names else ""]


@said_of(known=["adjust"])
def fits(page, table=None, *_):
    """What the plan would have to adjust first: the lowest fit of what is in it."""
    short = table[table["chosen"].eq(True)]
    if short.empty:
        return ""
    row = short.sort_values("fit_lowest", kind="stable").iloc[0]
    alike = short[short["adjust"].eq(row["adjust"]) & short["fit_lowest"].eq(row["fit_lowest"])]
    facts = {"names": _quoted(page, "initiative", alike["initiative"])}
    facts |= {"fit": page.code_or_name(row["adjust"], "adjust")}
    return page.say(SAID.fits_least, row, **facts)


def _quoted(page, kind, keys, of=lambda page, names: page.language.join(names)) -> str:
    """Names in quotation marks, each once: a name may hold a comma."""
    return of(page, [page.quoted(page.label(kind, key)) for key in dict.fromkeys(keys)])
