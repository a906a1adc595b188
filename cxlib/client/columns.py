"""One column of a table, from cells to values: numbers by the habit of their column, dates, texts.

`found` is the `tables.Findings` of the table: what cannot be read is a problem there, or is left out
with a line where the table is a system's export (see `contract`).
"""

import numpy as np
import pandas as pd

from cxlib.client import cells, numerals
from cxlib.client.contract import Column
from cxlib.client.findings import shown_values
from cxlib.client.problems import SAID, first_few
from cxlib.client.scales import ends_of_marks

SHARES = ("share",)  # columns in which 22 may stand for 22 %; a fit of 7 is one of 10
RATIOS = ("value", "target", "benchmark")  # may be a share, and be written as 22 %
READERS = {"text": cells.texts, "date": cells.dates, "yes": cells.yes_or_no}
KINDS = {kind: SAID[kind][0] for kind in ("text", "number", "date", "yes")}
TOO_LATE = SAID["too_late"][0]


def decimal_marks(frame: pd.DataFrame, settings, unsure, found) -> dict[str, str]:
    """{column of numbers: its decimal mark}; a problem, and "", where its own cells leave it open."""
    there = frame.columns.intersection(list(found.table.by_name))
    columns = [each for each in map(found.table.by_name.get, there) if each.kind == "number"]
    if found.raw.decimal:
        return {column.name: found.raw.decimal for column in columns}
    texts = {column.name: cells.texts_of(frame[column.name]) for column in columns}
    proofs = {name: numerals.mark_of(each, found.raw.delimiter) for name, each in texts.items()}
    elsewhere = {mark for mark, _ in proofs.values()} & set(numerals.MARKS)
    marks = {}
    for column in columns:
        mark, doubtful = proofs[column.name]
        if doubtful:
            mark = mark_that_fits(doubtful, bounds_of(column, settings, unsure), elsewhere)
        if doubtful and not mark:
            doubt(doubtful, column.name, found)
        marks[column.name] = mark or ("" if doubtful else ".")
    return marks


def check_currency(frame: pd.DataFrame, settings, found) -> None:
    """A warning of amounts that are written in another currency than client.yml's."""
    for name in (c.name for c in found.table.columns if c.kind == "number" and c.name in frame):
        texts = found.raw.reckoned.get(name) or cells.texts_of(frame[name])
        if told := numerals.strange_to(settings.currency, texts):
            found.tell("other_currency", name, warning=True, **told)


def check_scale(values: pd.Series, column: Column, settings, found) -> None:
    """A warning of whole marks that span a scale from end to end, and one below client.yml's best."""
    ends, (least, most) = ends_of_marks(values), getattr(settings, column.scale)
    if ends and ends[1] < most:
        told = {"key": column.scale, "first": ends[0], "last": ends[1], "least": least}
        found.tell("marks_below", column.name, warning=True, most=most, **told)


def mark_that_fits(doubtful: list, bounds: tuple, elsewhere: set) -> str:
    """The one mark by which cells of two readings can be read: the other puts one off the column's
    bounds; else that of the table's other columns, where it makes thousands of them (nobody says
    so of decimals, three each). '' where that leaves two."""
    low, high = bounds
    said = [numerals.written(cell) for cell in doubtful]
    if any(each.number is not None or len(each.values) < 2 for each in said):
        return ""  # they contradict each other
    fit = [m for m in numerals.MARKS if all(low <= each.values[m] <= high for each in said)]
    if len(fit) == 1:
        return fit[0]
    thousands = [mark for mark in elsewhere if all(mark in each.grouped for each in said)]
    return thousands[0] if len(elsewhere) == 1 and thousands else ""


def doubt(doubtful: list, name: str, found) -> None:
    """The problem with cells that can be read in two ways, or in another way than their column."""
    said, value = numerals.written(doubtful[0]), first_few(doubtful)
    two = len(said.values) == 2
    if two:
        ways = " or ".join(f"{number:,g}" for number in sorted(said.values.values()))
        value = f"{value} ({doubtful[0]} is {ways})"
    frame = found.raw.frame
    header = next(each for each in frame if str(each).casefold() == name.casefold())
    rows = frame.index[frame[header].astype("str").str.strip().isin(doubtful)]
    found.tell("two_ways" if two else "other_mark", name, rows, value)


def bounds_of(column: Column, settings, unsure) -> tuple[float, float]:
    """(lowest, highest) that a number of the column can be."""
    low, high = column.low, column.high
    if column.scale and column.scale not in unsure:
        low, high = getattr(settings, column.scale)
    return -np.inf if low is None else low, np.inf if high is None else high


def as_it_came(column: pd.Series) -> pd.Series:
    """A column that the contract does not know; an empty text is blank, as in every format."""
    words = isinstance(column.dtype, pd.StringDtype)
    return column.mask(column.str.strip() == "") if words else column


def clean_column(frame, column: Column, decimal, found) -> pd.Series:
    """A column's values; cells that cannot be read are a problem, or left out with a line."""
    if column.kind == "number":
        values, unreadable = number_column(frame, column, decimal, found)
    else:
        labels = found.raw.labels.get(column.name) if column.kind == "text" else None
        given = cells.with_labels(frame[column.name], labels)
        values, unreadable = READERS[column.kind](given)
    found.report(frame, column, unreadable, column.kind)
    if column.kind == "date":
        values, none = days_that_were(frame, column, values, found)
        unreadable |= none
    doubtful = column.kind == "number" and not decimal  # which has been said
    if column.required and not doubtful:
        found.report(frame, column, values.isna() & ~unreadable, "blank", thing=found.table.row)
    return values


def number_column(frame, column: Column, decimal: str, found) -> tuple[pd.Series, pd.Series]:
    """(numbers, which cells are none) of one column, shares and scores by their own rules."""
    given = frame[column.name]
    values, unreadable = cells.numbers(given, decimal)
    percent = given.isin([each for each in cells.texts_of(given) if each.endswith(("%", "％"))])
    of_a_whole = (column.low, column.high) == (0, 1)
    if percent.any() and not of_a_whole and column.name not in RATIOS:  # per cent of what?
        return values.mask(percent), unreadable | percent
    if of_a_whole and column.name in SHARES:
        values = shares_in_percent(values, percent, column, found)
    return values, unreadable


def shares_in_percent(values: pd.Series, percent: pd.Series, column: Column, found) -> pd.Series:
    """Shares, where a column holds 22 for 22 %: all that are not 0 are then 1 or more.

    A column that has .3 beside 22 can be read in two ways, and the fewer are named.
    """
    known = values[values.notna() & ~percent & values.ne(0)]
    above, below = known[known > 1], known[known < 1]
    if above.empty or above.max() > 100 or len(above) <= len(below):
        return values  # what is above 1 is named as off the bounds
    if len(below):
        found.tell("below_one", column.name, below.index, first_few(below.map("{:g}".format)))
    else:
        value = ": as ".join(first_few(each.map("{:g}".format)) for each in (known, known / 100))
        found.tell("above_one", column.name, known.index, value, warning=True)
    return values.where(percent, values / 100)


def days_that_were(frame, column: Column, days: pd.Series, found) -> tuple:
    """(days, which were none): a placeholder such as 9999-12-31, and a day that nobody has seen yet."""
    none = cells.placeholders(days)
    found.report(frame, column, none, "placeholder")
    days = days.mask(none)
    late = pd.Series(False, days.index) if column.ahead else cells.too_late(days)
    rows = frame.index[late]
    if len(rows) and found.spares(column, rows, frame):
        value = shown_values(frame, column, rows, found.table)
        found.tell("too_late_set_aside", column.name, rows, value, warning=True)
    found.report(frame, column, late, "too_late")
    return days.mask(late), none | late


def report_cells(frame, column: str, broken, name: str, found, **facts) -> None:
    """A problem with the cells of a column that break a rule, by initiative."""
    rows = frame.index[broken.astype(bool)]
    pairs = zip(frame.loc[rows, "initiative"], frame.loc[rows, column], strict=True)
    value = first_few(f"{each} ({cells.as_text(cell)})" for each, cell in pairs)
    found.tell(name, column, rows, value, **facts)
