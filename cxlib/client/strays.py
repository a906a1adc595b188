"""Rows of a file that are nobody's answers: totals beneath a table, a header that comes again, a row
that stands twice; and columns that hold no answers: identifiers, times, addresses.

Each function finds; leaving out, with a line, is for who reads the file.
"""

import re

import numpy as np
import pandas as pd

from cxlib.client import cells
from cxlib.client.cells import is_blank
from cxlib.client.codebook import plain
from cxlib.client.problems import first_few
from cxlib.client.tools import ROW_WORDS, SIGNS
from cxlib.client.wordings import GROUP_WORDS, MEASURE_WORDS, YES_NO, simplified

BENEATH = 6  # rows at the end of a table that may sum it up
HELD = {kind: each["told"] for kind, each in SIGNS["holds"].items()}
HOLDS = {kind: re.compile(each["is"]) for kind, each in SIGNS["holds"].items() if "is" in each}
TOKEN, IDENTIFIER = (re.compile(SIGNS["identifiers"][each]) for each in ("token", "header"))
NAMED = re.compile(rf"\d{{1,18}}|{TOKEN.pattern}")
MOST_DAYS = 0.8  # share of values that are days, from which a column is one of days
LOOKED_AT = 1000  # values of a column that tell whether they are days
MANY = 10  # values from which one that never comes twice tells an identifier


def coded(value) -> str:
    """A cell as a word to be compared: 1.0 is "1", "Yes " is "yes"."""
    return plain(cells.as_text(value))


def summary_lines(frame: pd.DataFrame, counted: bool = False) -> list[tuple]:
    """Lines (row, column, value, reason) for the last rows that sum a table up, by name or by number.

    A row is named Average, Total, 合计 … where the first of its cells that holds anything says so.
    A row without a name sums up where each of its numbers, two at least, is the mean or the sum of
    its column above. `counted`: a row that is named Total is one only where its numbers are those
    of the rows above.
    """
    lines, first = [], frame.columns[:1]
    rows = [row for row in frame.index[-BENEATH:] if not all(map(is_blank, frame.loc[row]))]
    for row in reversed(rows):
        name = next((cell for cell in frame.loc[row] if not is_blank(cell)), "")
        named = isinstance(name, str) and bool(ROW_WORDS["summed"].fullmatch(plain(name)))
        above, said = frame.loc[: row - 1], "named" if named and len(frame) > 2 else ""
        said = said or means_or_sums(above, frame.loc[row]) or note(above, frame.loc[row])
        if not said:
            break
        unnamed = frame.loc[row].mask(frame.columns == first[0])
        if said != "named" or not counted or means_or_sums(above, unnamed, least=1):
            value = str(name).strip() if said == "named" else said
            lines.append((row, str(first[0]), value, SIGNS["beneath"][said]))
    return lines


def means_or_sums(above: pd.DataFrame, row: pd.Series, least: int = 2) -> str:
    """'mean' or 'sum' where all numbers of a row are those of the columns above; '' where not.

    The rows above have an identifier, and this one none, or a word where a number is a fraction.
    """
    given = {name: cells.as_number(row[name], ".") for name in row.index if not is_blank(row[name])}
    given = {name: number for name, number in given.items() if np.isfinite(number)}
    first = row.iloc[0]
    word = isinstance(first, str) and not np.isfinite(cells.as_number(first, "."))
    fraction = any(not float(number).is_integer() for number in given.values())
    nobody = is_blank(first) or (word and fraction)
    if len(above) < 3 or len(given) < least or not nobody or above.iloc[:, 0].map(is_blank).any():
        return ""
    columns = {name: cells.numbers(above[name])[0].dropna() for name in given}
    for said, of in (("mean", pd.Series.mean), ("sum", pd.Series.sum)):
        right = {name: of(column) for name, column in columns.items() if len(column)}
        if len(right) == len(given) and all(rounded_alike(given[n], right[n]) for n in given):
            return said
    return ""


def note(above: pd.DataFrame, row: pd.Series) -> str:
    """'note' for a sentence alone beneath a table whose first column holds none; '' where not."""
    filled = [cell for cell in row if not is_blank(cell)]
    if len(row) < 3 or len(filled) != 1 or is_blank(row.iloc[0]) or len(above) < 3:
        return ""
    first = above.iloc[:, 0].map(lambda cell: isinstance(cell, str) and " " in cell.strip())
    sentence = isinstance(filled[0], str) and " " in filled[0].strip()
    return "note" if sentence and not first.any() else ""


def rounded_alike(shown: float, exact: float) -> bool:
    """Whether a number is the exact one, rounded to as many decimals as it shows."""
    text = f"{shown:.10f}".rstrip("0")
    return abs(shown - exact) <= 0.5000001 * 10.0 ** -len(text.partition(".")[2])


def repeated_headers(frame: pd.DataFrame, headers: list, tidy) -> list[tuple]:
    """Lines for rows that say again what a header row says: files laid one under another."""
    lines = []
    for header in headers:
        names = [plain(name) for name in header]
        same = pd.Series(True, index=frame.index)
        numbers = [pd.api.types.is_numeric_dtype(kind) for kind in frame.dtypes]
        for place in sorted(range(len(names)), key=lambda at: not numbers[at]):  # they are quick
            name = names[place]
            cell = frame.iloc[:, place][same]
            if typed := numbers[place] and not name.isdecimal():
                cell = cell[:0]  # numbers say no name
            said = [each for each in cell.unique() if is_blank(each) or plain(tidy(each)) == name]
            column = frame.iloc[:, place]
            same &= column.isna() if typed else column.isna() | column.isin(said)
        filled = frame[same].astype(object).map(lambda value: not is_blank(value)).sum(axis=1)
        lines += [(row, "", "", "repeats the header") for row in filled.index[filled > 0]]
    return lines


def copied_rows(frame: pd.DataFrame, respondent: str, answers: list) -> list[tuple]:
    """Lines for rows in which one respondent gave the same answers a second time."""
    if respondent not in frame or not answers:
        return []
    name = cells.texts(frame[respondent])[0]
    name = name[name.notna() & name.duplicated(keep=False)]
    said = frame.loc[name.index, answers].astype(object).map(cells.as_text, na_action="ignore")
    said = said.fillna("")[said.fillna("").ne("").any(axis=1)]
    first, lines = {}, []
    for row, *key in zip(said.index, name[said.index], map(tuple, said.to_numpy()), strict=True):
        if (before := first.setdefault(tuple(key), row)) != row:
            lines.append((row, respondent, key[0], f"is row {before} a second time"))
    return lines


def content_of(column: pd.Series) -> str:
    """What a column holds that is no answer: address, mail, link, time, identifier; else ''."""
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return "time"
    given = column.dropna()
    if isinstance(column.dtype, pd.StringDtype):
        given = given[given != ""]
    unique = len(given) >= MANY and given.is_unique
    if not len(given) or (pd.api.types.is_numeric_dtype(column.dtype) and not unique):
        return ""
    sample = cells.texts(given.iloc[:200])[0].dropna()
    for kind, pattern in HOLDS.items():
        if len(sample) and sample.str.fullmatch(pattern).all():
            return kind
    if not unique or not sample.str.fullmatch(NAMED).all():
        return ""
    return "identifier" if is_identifier(cells.texts(given)[0].dropna(), str(column.name)) else ""


def is_identifier(given: pd.Series, name: str) -> bool:
    """Whether values never come twice and are names of rows: running numbers, tokens, or said so;
    days are none, nor what its header calls an age, a score or the like, though none comes twice."""
    words = simplified(re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " "))
    said = bool(IDENTIFIER.search(words) or IDENTIFIER.search(name))
    asked = any(each.search(words) for each in (*GROUP_WORDS.values(), *MEASURE_WORDS.values()))
    if not given.is_unique or (asked and not said):
        return False
    some = given.iloc[:: max(1, len(given) // LOOKED_AT)]
    if cells.dates(some[~some.str.fullmatch(r"\d{5}")])[0].notna().mean() > MOST_DAYS:
        return False
    if given.str.fullmatch(r"\d{1,18}").all():
        numbers = given.astype("int64")
        return bool(said or numbers.max() - numbers.min() < 1.2 * len(given))
    return bool(given.str.fullmatch(TOKEN).all())


# What a tool's own columns say of a row


def column_of(columns: pd.DataFrame, role: str) -> str:
    """The column that plays a role; "" where none does."""
    found = columns.index[columns["role"] == role]
    return found[0] if len(found) else ""


FINISHED = YES_NO | cells.YES


def is_answer(role: str, word: str) -> bool | None:
    """Whether a word in a tool's own column says that the row is an answer, or none; None: neither."""
    if role in ("finished", "submitted"):
        return FINISHED.get(word) if role == "finished" else bool(word)
    for says in ("no", "yes"):
        found = ROW_WORDS[SIGNS["roles"][role][says]]
        if found.fullmatch(word) if word.isdigit() else found.search(word):
            return says == "yes"
    return None


def words_of(frame, columns, role: str) -> tuple[str, pd.Series]:
    """(name, words to be compared) of the column that plays a role; ("", none) where none does."""
    name = column_of(columns, role)
    words = frame[name] if name else pd.Series(dtype=object)
    return name, words.map(lambda value: "" if is_blank(value) else coded(value))


def trial_rows(frame, columns, before: list) -> list[tuple]:
    """Lines for rows that are no answers: previews, tests, and those not finished."""
    lines, gone = [], {line[0] for line in before}
    for role, told in SIGNS["roles"].items():
        name, words = words_of(frame, columns, role)
        for row in [row for row, word in words.items() if is_answer(role, word) is False]:
            if row not in gone and not all(map(is_blank, frame.loc[row])):
                gone.add(row)
                lines.append((row, name, cells.as_text(frame.loc[row, name]), told["why"]))
    return lines


def unclear_rows(frame, columns) -> tuple:
    """Warnings where a tool's own column says neither that a row is an answer nor that it is none."""
    warnings = []
    for role in SIGNS["roles"]:
        name, words = words_of(frame, columns, role)
        unclear = [r for r, word in words.items() if word and is_answer(role, word) is None]
        if unclear:
            rows, said = first_few(unclear), first_few(frame.loc[unclear, name].unique())
            what = "neither yes nor no" if role == "finished" else f"what is not known ({said})"
            warnings.append(f"says in '{name}' {what}: rows {rows} are kept as if finished")
    return tuple(warnings)


def seconds_of(frame, columns) -> pd.Series:
    """How long each answer took: the tool's own figure, else from start to end."""
    if name := column_of(columns, "seconds"):
        return frame[name].map(in_seconds).astype(float)
    start, end = column_of(columns, "start"), column_of(columns, "end")
    if not start or not end:
        return pd.Series(np.nan, index=frame.index)
    starts, ends = (pd.to_datetime(frame[n], format="mixed", errors="coerce") for n in (start, end))
    return (ends - starts).dt.total_seconds()  # month or day first: their difference is the same


def in_seconds(value) -> float:
    """38, 1,234, 38秒, 1分20秒, 2小时3分 as seconds; blank where it is none of these."""
    if is_blank(value):
        return np.nan
    number = cells.as_number(value, ".")
    if np.isfinite(number):
        return number
    text = str(value).replace(",", "")
    units = {"小时": 3600, "时": 3600, "分钟": 60, "分": 60, "秒": 1}
    parts = re.findall(r"(\d+)\s*(小时|时|分钟|分|秒)", text)
    return float(sum(int(count) * units[unit] for count, unit in parts)) if parts else np.nan
