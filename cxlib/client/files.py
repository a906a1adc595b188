"""From a file to a raw table: text or typed cells under a header, rows numbered as in the file.

Nothing is interpreted here beyond the file's own format; `tables.py` and `survey.py` do that. A
further format, or a survey tool's own layout, is one more function here.
"""

import csv
import datetime as dt
import io
import os
import re
import zipfile
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from cxlib.client.problems import ClientError, Problem, first_few

DELIMITERS = ",;\t|"
SNIFFED = 64 * 1024
OTHER_FORMATS = (b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0", b"$FL2")  # by their first bytes
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
TEXTS = (".csv", ".tsv", ".txt")  # read alike: the delimiter is found, whatever the ending says
ENDINGS = (*TEXTS, ".parquet", ".xlsx", ".sav")
OLD_ENDINGS = (".xls", ".xlsm", ".xlsb", ".ods", ".json", ".dta", ".por", ".numbers")
SHEETS = (".xls", ".xlsm", ".xlsb", ".ods", ".numbers")


@dataclass(frozen=True)
class Raw:
    """A file's table as it came.

    frame      cells; index = row as a person counts it in the file, the header being row 1
    delimiter  of a CSV, "" otherwise
    decimal    decimal mark where it is known, "" where it is to be found out
    labels     value labels by column, where the format has them (SPSS)
    """

    shown: str
    frame: pd.DataFrame
    delimiter: str = ""
    decimal: str = ""
    labels: dict = field(default_factory=dict)
    wordings: dict = field(default_factory=dict)


def read_file(
    path: Path, sheet: str = "", encoding: str = "", delimiter: str = "", decimal: str = ""
) -> Raw:
    """One file, or one sheet of a workbook, as a raw table. Raises ClientError."""
    shown = shown_name(path, sheet)
    reader = {".xlsx": read_sheet, ".parquet": read_parquet, ".sav": read_sav}
    check_file(path, shown)
    options = {"sheet": sheet, "encoding": encoding, "delimiter": delimiter}
    frame, known = reader.get(path.suffix.lower(), read_csv)(path, shown, **options)
    return Raw(shown, frame, **{"decimal": decimal, **known})


def shown_name(path: Path, sheet: str = "") -> str:
    """How a file, or one sheet of it, is named in a message: tables.xlsx#scores."""
    return f"{path}#{sheet}" if sheet else str(path)


def check_file(path: Path, shown: str) -> None:
    """Refuse a file that is not there, of another kind, or empty."""
    if not os.path.isfile(path):  # nor can be: a name too long, or with signs that no name has
        raise refused(shown, "is not there", "Put it there, or correct its name.")
    if path.suffix.lower() not in ENDINGS:
        raise refused(shown, *wrong_ending(path))
    if not path.stat().st_size:
        raise refused(shown, "is empty", "Send it again, or take it out of the folder.")


def wrong_ending(path: Path) -> tuple[str, str]:
    """What to say of a file of a kind that is not read, and what to do about it."""
    rule = f"is not a file that is read: {path.suffix}"
    if path.suffix.lower() in SHEETS:
        return rule, "Open it in Excel or LibreOffice, then File, Save as, Excel workbook (.xlsx)."
    return rule, "Save it as .csv, .xlsx, .parquet or .sav."


def refused(shown: str, rule: str, remedy: str = "", **where) -> ClientError:
    """One problem of one file, to be raised."""
    return ClientError([Problem(shown, rule, remedy, **where)])


def read_csv(path: Path, shown: str, encoding="", delimiter="", **_):
    """(rows under their header as texts, the delimiter that was found)."""
    rows, delimiter, skipped = csv_rows(path, shown, encoding, delimiter)
    return under_header(rows, shown, skipped, ragged=True), {"delimiter": delimiter}


def csv_rows(path: Path, shown: str, encoding="", delimiter="") -> tuple[list, str, int]:
    """(rows of cells, delimiter, lines before the first row) of a CSV."""
    with readable(shown, "CSV", "See that the file may be read."):
        text = decoded(path.read_bytes(), shown, encoding)
    skipped = 0
    if told := re.match(r"sep=(.)\r?\n", text):  # Excel's own way of naming the delimiter
        delimiter, text, skipped = told[1], text[told.end() :], 1
    delimiter = delimiter.replace("\\t", "\t") or sniffed_delimiter(text)
    if len(delimiter) != 1:
        remedy = "Correct `survey.delimiter` in client.yml, or take it out: it is found by itself."
        raise refused(shown, f"is said to be cut at '{delimiter}', which is not one sign", remedy)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        remedy = "Look for a quotation mark that is not closed, or a file that was cut off."
        row = str(reader.line_num + skipped)
        raise refused(shown, f"cannot be read as CSV: {error}", remedy, row=row) from None
    return rows, delimiter, skipped


def decoded(data: bytes, shown: str, encoding: str = "") -> str:
    """Text of a file: UTF-8, or UTF-16 with its mark, or as declared. Never guessed in silence."""
    if data[:4] in OTHER_FORMATS:
        remedy = "Give it the ending that it has: .xlsx, .parquet or .sav."
        raise refused(shown, "is not a CSV, though its name says so", remedy)
    marked = data[:2] in UTF16_MARKS
    name = encoding.lower().replace("_", "-") or ("utf-16" if marked else "utf-8")
    if name == "utf-16" and not marked:  # any bytes are UTF-16 of a kind
        raise refused(shown, *wrong_encoding(data, encoding, 0))
    if "utf" not in name and is_utf8(data):
        rule = f"is said to be {encoding}, and is UTF-8"
        raise refused(shown, rule, "Take its encoding out of client.yml.")
    try:
        text = data.decode("utf-8-sig" if name in ("utf-8", "utf8") else name)
    except LookupError:
        rule = f"is said to be '{encoding}', which is no encoding"
        remedy = "Try utf-8, gb18030, big5, cp949, shift_jis or cp1252."
        raise refused(shown, rule, remedy) from None
    except UnicodeError as error:
        start = getattr(error, "start", 0)
        if start and start >= len(data) - 3:
            rule = "ends in the middle of a character"
            raise refused(shown, rule, "It was cut off: send it again.") from None
        raise refused(shown, *wrong_encoding(data, encoding, start)) from None
    if "\0" in text:
        remedy = "It may be UTF-16 or another format: save it as CSV UTF-8."
        raise refused(shown, "holds bytes that are no text", remedy)
    return text.removeprefix("\ufeff")


def is_utf8(data: bytes) -> bool:
    """True where enough characters that are not ASCII fit UTF-8 for it to be no chance."""
    try:
        return sum(not each.isascii() for each in data.decode("utf-8")) >= 10
    except UnicodeError:
        return False


def wrong_encoding(data: bytes, encoding: str, start: int) -> tuple[str, str]:
    """What to say of bytes that are not in the encoding they should be in."""
    from charset_normalizer import from_bytes

    best = from_bytes(data[: 256 * 1024]).best()
    row = data[:start].count(b"\n") + 1
    rule = f"is not {encoding or 'UTF-8'}: the first byte that does not fit is in line {row}"
    guess = f" It looks like {best.encoding}." if best else ""
    key = "`survey.encoding` (the survey file) or `encoding` (tables)"
    return rule, f"Save it as CSV UTF-8, or name its encoding in client.yml, {key}.{guess}"


def sniffed_delimiter(text: str) -> str:
    """The delimiter that cuts the first rows into the most columns of equal number."""
    start = text[:SNIFFED]
    if len(text) > SNIFFED:
        start = start[: start.rfind("\n") + 1]

    def fit(delimiter):
        try:
            widths = [
                len(row)
                for row in csv.reader(io.StringIO(start, newline=""), delimiter=delimiter)
                if row
            ]
        except csv.Error:
            return (0, 0)
        alike = sum(width == widths[0] for width in widths) / len(widths) if widths else 0
        return (widths[0] > 1 and alike > 0.5, widths[0]) if widths else (0, 0)

    return max(DELIMITERS, key=fit)


def under_header(rows: list, shown: str, skipped: int = 0, ragged: bool = False) -> pd.DataFrame:
    """Rows as a frame under their first row that is not blank; trailing blank rows are dropped."""
    blank = [all(is_blank(cell) for cell in row) for row in rows]
    filled = [place for place, empty in enumerate(blank) if not empty]
    if not filled:
        raise refused(shown, "is empty", "Send it again, or take it out.")
    head, last = filled[0], filled[-1]
    header = list(rows[head])
    while header and is_blank(header[-1]):
        header.pop()
    body = rows[head + 1 : last + 1]
    first = head + 2 + skipped
    width = len(header)
    check_widths(body, width, first, shown, ragged)
    body = [row if len(row) == width else fitted(row, width) for row in body]
    frame = pd.DataFrame(body, columns=range(width), dtype="str" if ragged else object)
    frame.columns = pd.Index(unique_names(header), dtype=object)
    frame.index = pd.RangeIndex(first, first + len(frame), name="row")
    return frame


def fitted(row: list, width: int) -> list:
    """A row with as many cells as the header has; what is cut off is known to be blank."""
    return [*row[:width], *[None] * (width - len(row))]


def check_widths(body, width, first, shown, ragged) -> None:
    """Refuse rows with more or fewer cells than the header: their cells are in wrong columns."""
    long = [
        n
        for n, row in enumerate(body)
        if len(row) > width and any(not is_blank(c) for c in row[width:])
    ]
    short = [n for n, row in enumerate(body) if ragged and 0 < len(row) < width and any(row)]
    problems = []
    for places, which, remedy in (
        (long, "more", "A delimiter inside a text needs quotation marks around the text."),
        (short, "fewer", "The file may have been cut off, or a delimiter is missing."),
    ):
        if places:
            found = first_few(f"{len(body[n])} cells" for n in places)
            row = first_few(n + first for n in places)
            rule = f"has {which} cells than the header's {width}"
            problems.append(Problem(shown, rule, remedy, "", row, found, len(places), len(body)))
    if problems:
        raise ClientError(problems)


def is_blank(cell) -> bool:
    """Whether nothing stands in a cell: None, NA, NaN, NaT, or a text of spaces."""
    if isinstance(cell, str):
        return not cell.strip()
    return cell is None or (pd.api.types.is_scalar(cell) and bool(pd.isna(cell)))


def unique_names(header: list) -> list[str]:
    """Header texts; blank ones named by their place, the second of a name gets ' [2]'."""
    seen, names = {}, []
    for place, cell in enumerate(header, 1):
        name = f"column {place}" if is_blank(cell) else str(cell).strip()
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} [{seen[name]}]")
    return names


@contextmanager
def readable(shown: str, what: str, remedy: str = "It may be damaged or cut off: send it again."):
    """Turn whatever a library raises on a damaged file into a refusal: it can break anywhere."""
    try:
        yield
    except ClientError:
        raise
    except Exception as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise refused(shown, f"cannot be read as {what}: {reason}", remedy) from None


NO_WORKBOOK = (
    "It may be damaged, protected by a password, or an old .xls: save it as .xlsx without one."
)


def open_workbook(path: Path):
    """A workbook with the values that Excel last computed."""
    from openpyxl import load_workbook

    return load_workbook(path, read_only=True, data_only=True)


def sheet_names(path: Path) -> list[str]:
    """Sheets of a workbook, in its order. Raises ClientError."""
    with (
        readable(str(path), "an Excel workbook", NO_WORKBOOK),
        closing(open_workbook(path)) as book,
    ):
        return list(book.sheetnames)


def read_sheet(path: Path, shown: str, sheet="", **_):
    """(rows of one sheet of a workbook under their header, nothing more)."""
    return under_header(sheet_rows(path, shown, sheet), shown), {}


def sheet_rows(path: Path, shown: str, sheet="") -> list:
    """Rows of cells of one sheet, the first if none is named."""
    with readable(shown, "an Excel workbook", NO_WORKBOOK), closing(open_workbook(path)) as book:
        if sheet and sheet not in book.sheetnames:
            has = f"It has: {first_few(book.sheetnames, 20)}."
            raise refused(shown, f"has no sheet '{sheet}'", has)
        page = book[sheet] if sheet else book.worksheets[0]
        check_sheet(path, page, shown)
        page.reset_dimensions()  # the size a file declares may be wrong
        return [list(row) for row in page.iter_rows(values_only=True)]


def check_sheet(path: Path, page, shown: str) -> None:
    """Refuse what openpyxl would read as blanks: merged cells, formulas that were never computed."""
    with zipfile.ZipFile(path) as archive:
        xml = archive.read(page._worksheet_path.lstrip("/"))
    problems = []
    if merged := re.findall(rb'<mergeCell\s[^>]*ref="([^"]+)"', xml):
        found = first_few(ref.decode() for ref in merged)
        remedy = "Unmerge them and write the value into every row that it holds for."
        problems.append(Problem(shown, "has merged cells", remedy, value=found, count=len(merged)))
    formula = (
        rb'<c\s[^>]*?r="([A-Z]+\d+)"[^>]*>\s*<f[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>|</c>)'
    )
    if never := re.findall(formula, xml):
        found = first_few(ref.decode() for ref in never)
        remedy = "Open it in Excel or LibreOffice and save it, or paste the values."
        problems.append(
            Problem(
                shown,
                "has formulas that were never computed",
                remedy,
                value=found,
                count=len(never),
            )
        )
    if problems:
        raise ClientError(problems)


def read_parquet(path: Path, shown: str, **_):
    """(rows of a Parquet file, nothing more)."""
    from pyarrow.parquet import read_table

    with readable(shown, "Parquet"):
        table = read_table(path).replace_schema_metadata()  # of pandas: types that few columns have
        frame = table.to_pandas(types_mapper=whole_numbers)
    return numbered(frame, shown), {}


def whole_numbers(kind):
    """Whole numbers with blanks stay whole: an identifier does not lose its end."""
    from pyarrow import types

    return pd.Int64Dtype() if types.is_signed_integer(kind) else None


def read_sav(path: Path, shown: str, encoding="", **_):
    """(rows of an SPSS file, its value labels and its questions' wordings)."""
    import pyreadstat

    with readable(
        shown, "SPSS", "It may be damaged, or in another encoding: name it in client.yml."
    ):
        frame, meta = pyreadstat.read_sav(path, encoding=encoding or None)
    labels = {column: dict(found) for column, found in meta.variable_value_labels.items()}
    wordings = {name: text for name, text in meta.column_names_to_labels.items() if text}
    return numbered(frame, shown), {"labels": labels, "wordings": wordings}


def numbered(frame: pd.DataFrame, shown: str) -> pd.DataFrame:
    """A typed table with the header's names as text and its rows numbered from 2."""
    if not len(frame.columns):
        raise refused(shown, "is empty", "Send it again, or take it out.")
    plain = [plain_type(frame.iloc[:, place]) for place in range(len(frame.columns))]
    columns = dict(enumerate(each.reset_index(drop=True) for each in plain))
    rows = pd.RangeIndex(2, len(frame) + 2, name="row")
    names = unique_names(list(frame.columns))
    return pd.DataFrame(columns).set_axis(names, axis=1).set_axis(rows, axis=0)


def plain_type(column: pd.Series) -> pd.Series:
    """A column of numbers, yes or no, dates or text, whatever type the file keeps them in.

    What is none of these (bytes, lists, records, lengths of time) is text, as Python writes it.
    """
    kind = column.dtype
    if isinstance(kind, pd.CategoricalDtype):
        return plain_type(column.astype(kind.categories.dtype))
    if isinstance(kind, pd.StringDtype) or pd.api.types.is_timedelta64_dtype(kind):
        return column.astype("str")
    if pd.api.types.is_object_dtype(kind):
        return column.map(lambda cell: cell if is_plain(cell) else in_words(cell)).astype(object)
    return column.astype(float) if pd.api.types.is_float_dtype(kind) else column


def is_plain(cell) -> bool:
    """Whether a cell holds one value, not a list or a mapping."""
    known = str | int | float | Decimal | dt.date | np.number | np.bool_
    return is_blank(cell) or isinstance(cell, known)


def in_words(cell) -> str:
    """A cell that is not plain, as text."""
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
