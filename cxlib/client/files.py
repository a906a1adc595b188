"""From a file to a raw table: text or typed cells under a header, rows numbered as in the file.

Nothing is interpreted here beyond the file's own format; `tables.py` and `survey.py` do that. A
further format, or a survey tool's own layout, is one more function here.
"""

import csv
import io
import itertools
import os
import re
import tempfile
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from cxlib.client import workbooks
from cxlib.client.bounds import check_cells, check_shape, check_size, check_text
from cxlib.client.cells import is_blank
from cxlib.client.letters import likely_encoding
from cxlib.client.problems import ClientError, Problem, first_few, problem, readable, refusal
from cxlib.client.workbooks import WORKBOOKS, Sheet

DELIMITERS = ",;\t|"
SNIFFED = 64 * 1024
LOOKED_AT_BYTES = 256 * 1024  # of a file whose encoding is to be told
OTHER_FORMATS = (b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0", b"$FL2")  # by their first bytes
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
TEXTS = (".csv", ".tsv", ".txt")  # read alike: the delimiter is found, whatever the ending says
PACKAGES = {".sav": "SPSS", ".zsav": "SPSS", ".por": "SPSS", ".dta": "Stata"}
ENDINGS = (*TEXTS, ".parquet", *WORKBOOKS, *PACKAGES, ".zip")
OLD_ENDINGS = (".json", ".numbers", ".rdata", ".rds", ".sas7bdat", ".xpt", ".mdb", ".pdf")
BELOW = 10  # rows at the end of a text file that may be notes
LOOKED_AT = 200  # rows from which the width of a table is told


@dataclass(frozen=True)
class Raw:
    """A file's table as it came.

    frame      cells; index = row as a person counts it in the file, the header being row 1
    delimiter  of a CSV, "" otherwise
    decimal    decimal mark where it is known, "" where it is to be found out
    labels     value labels by column, where the format has them (SPSS, Stata)
    wordings   what was asked, by column, where the file says it
    apart      (row, column, value, reason) of rows that are none of the table
    reckoned   texts of the columns that a map reckons with, by ours
    notes      sentences on what of the file was read
    """

    shown: str
    frame: pd.DataFrame
    delimiter: str = ""
    decimal: str = ""
    labels: dict = field(default_factory=dict)
    wordings: dict = field(default_factory=dict)
    apart: tuple = ()
    reckoned: dict = field(default_factory=dict)
    notes: tuple = ()


@dataclass(frozen=True)
class Grid:
    """A text file's or a sheet's rows of cells from the header on; `before` rows stand above it.

    ragged  rows may be of any width, as in a text that may be cut off anywhere
    merged  as `Sheet` has it; known: delimiter, decimal, apart and notes of `Raw`
    """

    rows: list
    before: int
    shown: str
    ragged: bool
    merged: tuple = ()
    known: dict = field(default_factory=dict)


def read_file(
    path: Path, sheet: str = "", encoding: str = "", delimiter: str = "", decimal: str = ""
) -> Raw:
    """One file, or one sheet of a workbook, as a raw table. Raises ClientError."""
    shown = shown_name(path, sheet)
    with opened_file(path, shown) as inner:
        ending = inner.suffix.lower()
        if ending in PACKAGES:
            from cxlib.client.exports import read_labelled

            return read_labelled(inner, shown, encoding)[0]
        if ending == ".parquet":
            frame, known = workbooks.read_parquet(inner, shown), {"decimal": decimal}
        else:
            grid = read_grid(inner, shown, sheet, encoding, delimiter, decimal)
            workbooks.check_merged(grid.merged, grid.before, shown)
            frame, known = under_header(grid), grid.known
    check_cells(frame, shown)
    return Raw(shown, frame, **known)


@contextmanager
def opened_file(path: Path, shown: str):
    """The file to read: the one that was named, or the only table in a zip. Raises ClientError."""
    check_file(path, shown)
    if path.suffix.lower() != ".zip":
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        with readable(shown, "a zip"), zipfile.ZipFile(path) as archive:
            tables = [name for name in archive.namelist() if is_table_name(name)]
            if len(tables) != 1:
                there = f"{len(tables)} tables: {first_few(tables)}" if tables else "no tables"
                raise refusal(shown, "tables_in_zip", tables=there)
            check_size(archive.getinfo(tables[0]).file_size, f"{shown}#{tables[0]}")
            inner = Path(archive.extract(tables[0], folder))
        check_file(inner, f"{shown}#{tables[0]}")
        yield inner


def is_table_name(name: str) -> bool:
    """Whether an entry of a zip is a file that is read; what systems add to it is none."""
    path = Path(name)
    hidden = path.name.startswith((".", "~$")) or "__MACOSX" in path.parts
    return path.suffix.lower() in set(ENDINGS) - {".zip"} and not hidden


def shown_name(path: Path, sheet: str = "") -> str:
    """How a file, or one sheet of it, is named in a message: tables.xlsx#scores."""
    return f"{path}#{sheet}" if sheet else str(path)


def check_file(path: Path, shown: str) -> None:
    """Refuse a file that is not there, of another kind, or empty."""
    if not os.path.isfile(path):  # nor can be: a name too long, or with signs that no name has
        raise refusal(shown, "not_there")
    if path.suffix.lower() not in ENDINGS:
        raise ClientError([wrong_ending(path, shown)])
    if not path.stat().st_size:
        raise refusal(shown, "file_empty")
    check_size(path.stat().st_size, shown)


def wrong_ending(path: Path, shown: str) -> Problem:
    """The problem with a file of a kind that is not read."""
    name = "wrong_kind_numbers" if path.suffix.lower() == ".numbers" else "wrong_kind"
    return problem(shown, name, ending=path.suffix)


def read_grid(path: Path, shown: str, sheet="", encoding="", delimiter="", decimal="") -> Grid:
    """The rows of a text file or a sheet. Raises ClientError."""
    page, skipped, known = None, 0, {"decimal": decimal}
    if path.suffix.lower() in WORKBOOKS:
        page = workbooks.read_sheet_rows(path, shown, sheet)
        rows, known["notes"] = page.rows, other_sheets(page)
    else:
        rows, known["delimiter"], skipped = csv_rows(path, shown, encoding, delimiter)
    above = rows_above(rows, page is None)
    blank = next((n for n, row in enumerate(rows) if not all(map(is_blank, row))), 0)
    start, end = max(above, blank), len(rows) - (rows_below(rows) if page is None else 0)
    known["apart"] = said_apart(rows[:above], 1, "stands above the header")
    known["apart"] += said_apart(rows[end:], end + 1 + skipped, "is a note beneath the table")
    merged = page.merged if page else ()
    return Grid(rows[start:end], start + skipped, shown, page is None, merged, known)


def csv_rows(path: Path, shown: str, encoding="", delimiter="") -> tuple[list, str, int]:
    """(rows of cells, delimiter, lines before the first row) of a CSV."""
    with readable(shown, "CSV", "unreadable_text"):
        data = path.read_bytes()
        check_text(data, "", shown)
        text = decoded(data, shown, encoding)
    skipped = 0
    if told := re.match(r"sep=(.)\r?\n", text):  # Excel's own way of naming the delimiter
        delimiter, text, skipped = told[1], text[told.end() :], 1
    delimiter = delimiter.replace("\\t", "\t") or sniffed_delimiter(text)
    if len(delimiter) != 1:
        raise refusal(shown, "not_one_sign", delimiter=delimiter)
    data = text.encode("utf-8", "surrogatepass")
    del text  # twice in memory is enough
    check_text(data, delimiter, shown)
    lines = io.TextIOWrapper(io.BytesIO(data), "utf-8", "surrogatepass", newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        row = str(reader.line_num + skipped)
        raise refusal(shown, "not_csv", "", row, error=error) from None
    return rows, delimiter, skipped


def decoded(data: bytes, shown: str, encoding: str = "") -> str:
    """Text of a file: UTF-8, or UTF-16 with its mark, or as declared. Never guessed in silence."""
    if data[:4] in OTHER_FORMATS:
        raise refusal(shown, "other_format")
    marked = data[:2] in UTF16_MARKS
    name = encoding.lower().replace("_", "-") or ("utf-16" if marked else "utf-8")
    if name == "utf-16" and not marked:  # any bytes are UTF-16 of a kind
        raise wrong_encoding(data, encoding, 0, shown)
    if "utf" not in name and is_utf8(data):
        raise refusal(shown, "is_utf8", encoding=encoding)
    try:
        text = data.decode("utf-8-sig" if name in ("utf-8", "utf8") else name)
    except LookupError:
        raise refusal(shown, "no_encoding", encoding=encoding) from None
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        if start and start >= len(data) - 3:
            raise refusal(shown, "ends_inside") from None
        raise wrong_encoding(data, encoding, start, shown) from None
    if "\0" in text:
        raise refusal(shown, "no_text")
    return text.removeprefix("\ufeff")


def is_utf8(data: bytes) -> bool:
    """True where enough characters that are not ASCII fit UTF-8 for it to be no chance."""
    try:
        return sum(not each.isascii() for each in data.decode("utf-8")) >= 10
    except UnicodeError:
        return False


def wrong_encoding(data: bytes, encoding: str, start: int, shown: str) -> ClientError:
    """The refusal of bytes that are not in the encoding they should be in."""
    best = likely_encoding(data[:LOOKED_AT_BYTES])
    guess = f" It looks like {best}." if best else ""
    about = {"encoding": encoding or "UTF-8", "line": data[:start].count(b"\n") + 1}
    return refusal(shown, "wrong_encoding", **about, guess=guess)


def sniffed_delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into the most columns of equal number."""
    start = text[:SNIFFED]
    if len(text) > SNIFFED:
        start = start[: start.rfind("\n") + 1]

    def fit(delimiter):
        lines = io.StringIO(start, newline="")
        try:
            widths = [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
        except csv.Error:
            return (0, 0)
        alike = bool(widths) and widths.count(widths[0]) > len(widths) / 2
        return (widths[0] > 1 and alike, widths[0]) if widths else (0, 0)

    return max(DELIMITERS, key=fit)


def rows_above(rows: list, ragged: bool = False) -> int:
    """How many rows stand above the header: lines of one cell over a wider table, and lines of two
    over a blank row. In a text file, which may be cut off anywhere, the table is of one width."""
    start = rows[:LOOKED_AT]
    filled = [sum(not is_blank(cell) for cell in row) for row in start]
    wide = sorted(count for count in filled if count)
    typical = wide[len(wide) // 2] if wide else 0
    first = next((place for place, count in enumerate(filled) if count), 0)
    head = first
    if 0 in filled[first : first + 10]:
        gap = filled.index(0, first)
        over = max(filled[first:gap], default=0)
        if over < 3 and over < typical:
            head = next((n for n in range(gap, len(filled)) if filled[n]), first)
    while head + 1 < len(filled) and filled[head] < 2 and typical > 2:
        head += 1
    widths = {len(start[n]) for n in range(head, len(start)) if filled[n]}
    return head if head > first and not (ragged and len(widths) > 1) else 0


def rows_below(rows: list) -> int:
    """How many rows at the end of a text file are notes: a blank one, and beneath it single cells."""
    tail = list(itertools.takewhile(lambda row: sum(map(bool, row)) < 2, rows[:-BELOW:-1]))[::-1]
    blank = next((n for n, row in enumerate(tail) if not any(row)), len(tail))
    return len(tail) - blank if len(tail) < min(BELOW - 1, len(rows) - 1) else 0


def said_apart(rows: list, first: int, reason: str) -> tuple:
    """Lines (row, column, value, reason) for what stands in rows above or beneath a table."""
    said = ((n, " ".join(str(c) for c in r if not is_blank(c))) for n, r in enumerate(rows, first))
    return tuple((n, "", text, reason) for n, text in said if text)


def under_header(grid: Grid, names: list | None = None, count: int = 1) -> pd.DataFrame:
    """The rows beneath so many header rows, numbered as in the file, under these names, else those
    of the first row; blank rows at the end are dropped."""
    if not grid.rows or all(map(is_blank, grid.rows[0])):
        raise refusal(grid.shown, "table_empty")
    if names is None:
        names = list(grid.rows[0])
        while is_blank(names[-1]):
            names.pop()
    end, width, first = len(grid.rows), len(names), grid.before + count + 1
    while end > count and all(map(is_blank, grid.rows[end - 1])):
        end -= 1
    check_shape(0, 0, grid.shown, width)
    body = grid.rows[count:end]
    check_widths(body, width, first, grid.shown, grid.ragged)
    # What is cut off of a row, to make it as wide as the header, is known to be blank.
    body = [row if len(row) == width else [*row, *[None] * width][:width] for row in body]
    frame = pd.DataFrame(body, columns=range(width), dtype="str" if grid.ragged else object)
    frame.columns = pd.Index(workbooks.unique_names(names), dtype=object)
    frame.index = pd.RangeIndex(first, first + len(frame), name="row")
    return frame


def check_widths(body, width, first, shown, ragged) -> None:
    """Refuse rows with more or fewer cells than the header: their cells are in wrong columns."""
    more = [n for n, row in enumerate(body) if not all(map(is_blank, row[width:]))]
    fewer = [n for n, row in enumerate(body) if ragged and 0 < len(row) < width and any(row)]
    faults = {"more_cells_in_text" if ragged else "more_cells_in_sheet": more, "fewer_cells": fewer}
    problems = []
    for name, places in faults.items():
        if places:
            found = first_few(f"{len(body[n])} cells" for n in places)
            where = "", first_few(n + first for n in places), found, len(places), len(body)
            problems.append(problem(shown, name, *where, width=width))
    if problems:
        raise ClientError(problems)


def other_sheets(page: Sheet) -> tuple:
    """A note on the sheets that are not read."""
    if not page.others:
        return ()
    return (f"Sheet '{page.name}' is read; also there: {first_few(page.others, 20)}.",)


def in_likeliest(read, path: Path, encoding: str) -> tuple:
    """(what `read` makes of the file in an encoding, that encoding if it had to be guessed)."""
    try:
        return read(encoding), ""
    except ClientError as error:
        if encoding or path.suffix.lower() not in TEXTS or not path.is_file():
            raise
        guess = likely_encoding(path.read_bytes()[:LOOKED_AT_BYTES])
        try:
            return read(guess), guess
        except ClientError:  # as it is in every encoding, where something else is wrong with it
            raise error from None
