"""Headlines of whom to design for, who succeeds and whom to win back."""

from cxlib.page.language import sentences_of
from cxlib.page.sentences import said_of, told

STANDS_OUT = 1.25  # times the next segment; ours
SAID = sentences_of("targets")


@said_of(known=["worth_index"])
def segment_worth(page, known=None):
    """Which segment is most worth designing for, and whether the design is for it."""
    if len(known) < 2:
        return ""
    first, second = known.iloc[0], known.iloc[1]
    asked = known["key_fit"].notna().any()
    if first["worth_index"] < STANDS_OUT * second["worth_index"]:
        return page.nothing(SAID.no_segment_stands_out)
    said = [page.say(SAID.worth_most if asked else SAID.worth_most_by_value, first)]
    chosen = known[known["designed_for"].eq(True)]
    if len(chosen) and not first["designed_for"]:
        names = page.names("segment", chosen["segment"])
        said.append(page.say(SAID.designed_for_others, names=names))
    return said


@said_of("share")
def success_and_liking(page, cells=None):
    """How many are content and do not succeed."""
    row = cells[cells["cell"].eq("content_unsuccessful")].iloc[0]
    return [page.say(SAID.content_unsuccessful, row), page.based(row)]


@said_of("share")
def dormant_by_date(page, found=None):
    """Who has not bought for a year, where no invoices tell how often they buy."""
    row = found.iloc[0]
    money = page.say(SAID.dormant_revenue, row) if told(row, "revenue") else ""
    return [page.say(SAID.dormant_by_date, row), money]
