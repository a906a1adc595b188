"""One column of a table, from cells to values: numbers by the habit of their column, dates, texts.

`found` is the `tables.Findings` of the table: what cannot be read is a problem there, or is left out
with a line where the table is a system's export (see `contract`).
"""

import pandas as pd

from cxlib.client import cells, numerals
from cxlib.client.contract import MOST, Column, Table
from cxlib.client.initiative_rules import report_cells
from cxlib.client.problems import did_you_mean, first_few

SHARES = ("share",)  # columns in which 22 may stand for 22 %; a fit of 7 is one of 10
RATIOS = ("value", "target", "benchmark")  # may be a share, and be written as 22 %
NO_BOUNDS = (-float("inf"), float("inf"))
READERS = {"text": cells.texts, "date": cells.dates, "yes": cells.yes_or_no}
KINDS = {
    "text": "is an Excel error, or a number too long for Excel to keep",
    "number": "is not a number",
    "date": "is not a date that can be read in one way only",
    "yes": "is not yes or no",
}
KIND_REMEDIES = {
    "text": "Correct the formula, or keep identifiers as text.",
    "number": "Write plain numbers such as 1250.5 (a share as 0.22, or 22 %), or leave the cell blank.",
    "date": "Write 2024-01-31.",
    "yes": "Write yes or no, or leave the cell blank.",
}

TOO_FAR = (
    f"is beyond {MOST:g}, more than any company takes in or counts, in any currency",
    "Take out the digits too many.",
)
PLACEHOLDER = "stands for no date: it is before 1901 or after 2100"
PLACEHOLDER_REMEDY = "Leave the cell blank where the date is not known."
TOO_LATE = "is after the day of the run, or far after all other dates"
SET_ASIDE = "Set aside, so that today is not moved by it: a line each in rejected.csv."
LATE_REMEDY = "Correct the year."


def decimal_marks(frame: pd.DataFrame, settings, unsure, found) -> dict[str, str]:
    """{column of numbers: its decimal mark}; a problem, and "", where its own cells leave it open."""
    by_name = found.table.by_name | {
        name: Column(name, "", "number")
        for name in limits_of(settings, found.table)
        if name in frame
    }
    columns = [by_name[name] for name in frame.columns if name in by_name]
    columns = [column for column in columns if column.kind == "number"]
    if found.raw.decimal:
        return {column.name: found.raw.decimal for column in columns}
    texts = {column.name: texts_of(frame[column.name]) for column in columns}
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


def mark_that_fits(doubtful: list, bounds: tuple, elsewhere: set) -> str:
    """The one mark by which cells of two readings can be read: the other puts one off the column's
    bounds; else that of the table's other columns, where it makes thousands of them (nobody says
    so of decimals, three each). '' where that leaves two."""
    low, high = bounds
    said = [numerals.written(cell) for cell in doubtful]
    if any(each.number is not None or len(each.values) < 2 for each in said):
        return ""  # they contradict each other
    fit = [
        mark for mark in numerals.MARKS if all(low <= each.values[mark] <= high for each in said)
    ]
    if len(fit) == 1:
        return fit[0]
    thousands = [mark for mark in elsewhere if all(mark in each.grouped for each in said)]
    return thousands[0] if len(elsewhere) == 1 and thousands else ""


def doubt(doubtful: list, name: str, found) -> None:
    """The problem with cells that can be read in two ways, or in another way than their column."""
    said = numerals.written(doubtful[0])
    if len(said.values) == 2:
        ways = " or ".join(f"{number:,g}" for number in sorted(said.values.values()))
        rule = "can be read in two ways: as decimals, or as thousands set apart"
        value = f"{first_few(doubtful)} ({doubtful[0]} is {ways})"
    else:
        rule, value = "has another decimal mark than the rest of its column", first_few(doubtful)
    rows = found.raw.frame.index[texts_in(found.raw.frame, name).isin(doubtful)]
    remedy = (
        'Write 3000 or 3.0, without separators, or name the mark in client.yml: `decimal: ","`.'
    )
    found.problem(rule, remedy, name, rows, value)


def texts_in(frame: pd.DataFrame, name: str) -> pd.Series:
    """A column, by its name in any case, as stripped texts."""
    header = next(each for each in frame.columns if str(each).casefold() == name.casefold())
    return frame[header].astype("str").str.strip()


def texts_of(column: pd.Series) -> list[str]:
    """The different texts of a column, but for blanks around them; none of a column of numbers."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return []
    given = [each.strip() for each in column.dropna().unique() if isinstance(each, str)]
    return list(dict.fromkeys(given))


def bounds_of(column: Column, settings, unsure) -> tuple[float, float]:
    """(lowest, highest) that a number of the column can be."""
    if column.scale:
        return NO_BOUNDS if column.scale in unsure else getattr(settings, column.scale)
    low, high = column.low, column.high
    return NO_BOUNDS[0] if low is None else low, NO_BOUNDS[1] if high is None else high


def as_it_came(column: pd.Series) -> pd.Series:
    """A column that the contract does not know; an empty text is blank, as in every format."""
    return (
        column.mask(column.str.strip() == "")
        if isinstance(column.dtype, pd.StringDtype)
        else column
    )


def clean_column(frame, column: Column, decimal, found, kept) -> pd.Series:
    """A column's values; cells that cannot be read are a problem, or left out with a line."""
    labels = found.raw.labels.get(column.name)
    given = frame[column.name]
    if labels and column.kind == "text":
        given = given.map(lambda code: labels.get(code, code))
    if column.kind == "number":
        values, unreadable = number_column(frame, column, decimal, found)
    else:
        values, unreadable = READERS[column.kind](given)
    if unreadable.any():
        kind = column.kind
        report(frame, column, unreadable, KINDS[kind], KIND_REMEDIES[kind], found, kept)
    if column.kind == "date":
        values, none = days_that_were(frame, column, values, found, kept)
        unreadable |= none
    doubtful = column.kind == "number" and not decimal  # which has been said
    if column.required and not doubtful and (blank := values.isna() & ~unreadable).any():
        remedy = f"Every {found.table.row} needs one: fill it in, or delete the row."
        report(frame, column, blank, "is blank", remedy, found, kept)
    return values


def number_column(frame, column: Column, decimal: str, found) -> tuple[pd.Series, pd.Series]:
    """(numbers, which cells are none) of one column, shares and scores by their own rules."""
    given = frame[column.name]
    values, unreadable = cells.numbers(given, decimal)
    shares = [each for each in texts_of(given) if each.endswith(("%", "％"))]
    percent = given.isin(shares)
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
        rule = "is below 1 in a column of per cent"
        remedy = "Write all shares alike: 0.22, or 22 %."
        found.problem(
            rule, remedy, column.name, below.index, first_few(f"{each:g}" for each in below)
        )
    else:
        rule = "holds numbers above 1, and is read as per cent"
        value = f"{first_few(f'{each:g}' for each in known)}: as {first_few(f'{each / 100:g}' for each in known)}"
        found.problem(rule, "Write 0.22, or 22 %.", column.name, known.index, value, warning=True)
    return values.where(percent, values / 100)


def days_that_were(frame, column: Column, days: pd.Series, found, kept) -> tuple:
    """(days, which were none): a placeholder such as 9999-12-31, and a day that nobody has seen yet."""
    none = cells.placeholders(days)
    if none.any():
        report(frame, column, none, PLACEHOLDER, PLACEHOLDER_REMEDY, found, kept)
        days = days.mask(none)
    late = pd.Series(False, days.index) if column.ahead else cells.too_late(days)
    if late.any():
        rows, value = frame.index[late], shown_values(frame, column, frame.index[late], found.table)
        if found.table.records and (column.required is False or len(rows) < len(frame)):
            found.problem(
                TOO_LATE, f"{SET_ASIDE} {LATE_REMEDY}", column.name, rows, value, warning=True
            )
        report(frame, column, late, TOO_LATE, LATE_REMEDY, found, kept)
        days = days.mask(late)
    return days, none | late


def type_capacities(frame, settings, marks: dict, found) -> None:
    """Columns that `strategy.capacity` adds up are numbers, whatever the client called them."""
    for name in settings.strategy.capacity:
        if name not in frame:
            hint = did_you_mean(name, frame.columns)
            found.problem("is missing: `strategy.capacity` in client.yml limits it", hint, name)
        elif name not in found.table.by_name:
            frame[name], wrong = cells.numbers(frame[name], marks[name])
            if wrong.any():
                found.problem(KINDS["number"], KIND_REMEDIES["number"], name, frame.index[wrong])
            report_cells(frame, name, frame[name] < 0, "is below 0", "Correct it.", found)


def limits_of(settings, table: Table) -> list[str]:
    """Columns that are no column of the contract, and hold numbers: those of `strategy.capacity`."""
    extra = settings.strategy.capacity if table.name == "initiatives" else ()
    return [name for name in extra if name not in table.by_name]


def report(frame, column: Column, broken, rule, remedy, found, kept) -> None:
    """A rule broken in some rows: refused, or left out where the table is a system's export."""
    rows = frame.index[broken]
    given = frame.loc[broken, column.name]
    if rule == KINDS["number"] and found.table.records and (form := one_form(given)):
        rule = f"holds numbers of one form that is not read ({form})"
        value = shown_values(frame, column, rows, found.table)
        found.problem(rule, f"They are too many to be slips. {remedy}", column.name, rows, value)
        return
    if found.table.records and (len(rows) < len(frame) or not column.required):
        found.leave_out(rows, column.name, cells.texts(given)[0].fillna("").to_numpy(), rule)
        if column.required:
            kept.loc[rows] = False
        return
    found.problem(rule, remedy, column.name, rows, shown_values(frame, column, rows, found.table))


def one_form(given: pd.Series) -> str:
    """The form of cells that are all plainly numbers, written alike; '' where they are not, or one."""
    texts = [str(cell) for cell in given.unique()]
    forms = {numerals.form(text) for text in texts}
    return forms.pop() if len(texts) > 1 and len(forms) == 1 else ""


def shown_values(frame, column: Column, rows, table: Table) -> str:
    """'service (12), price (-1)': the key of each row and the value found in it."""
    first = frame.loc[rows[:6]]
    values = first[column.name].map(
        lambda value: "blank" if pd.isna(value) or value == "" else cells.as_text(value)
    )
    key = next((name for name in table.key if name in frame.columns and name != column.name), None)
    if key is None:
        shown = list(values)
    else:
        shown = [
            f"{cells.as_text(name)} ({value})"
            for name, value in zip(first[key], values, strict=True)
        ]
    return first_few(shown + [""] * (len(rows) - len(shown)))
