"""From a file to a raw table: text or typed cells under a header, rows numbered as in the file.

Nothing is interpreted here beyond the file's own format; `tables.py` and `survey.py` do that. A
further format, or a survey tool's own layout, is one more function here.
"""

import csv
import datetime as dt
import io
import os
import re
import tempfile
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from cxlib.client.bounds import check_cells, check_shape, check_size, check_text
from cxlib.client.cells import is_blank
from cxlib.client.letters import likely_encoding
from cxlib.client.problems import ClientError, Problem, first_few, readable, refused
from cxlib.client.workbooks import WORKBOOKS, Sheet, check_merged, read_sheet_rows

DELIMITERS = ",;\t|"
SNIFFED = 64 * 1024
OTHER_FORMATS = (b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0", b"$FL2")  # by their first bytes
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
TEXTS = (".csv", ".tsv", ".txt")  # read alike: the delimiter is found, whatever the ending says
LABELLED = (".sav", ".zsav", ".por", ".dta")
ENDINGS = (*TEXTS, ".parquet", *WORKBOOKS, *LABELLED, ".zip")
OLD_ENDINGS = (".json", ".numbers", ".rdata", ".rds", ".sas7bdat", ".xpt", ".mdb", ".pdf")
WHOLE = {8: pd.Int8Dtype(), 16: pd.Int16Dtype(), 32: pd.Int32Dtype(), 64: pd.Int64Dtype()}
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
    notes      sentences on what of the file was read
    """

    shown: str
    frame: pd.DataFrame
    delimiter: str = ""
    decimal: str = ""
    labels: dict = field(default_factory=dict)
    wordings: dict = field(default_factory=dict)
    apart: tuple = ()
    notes: tuple = ()


def read_file(
    path: Path, sheet: str = "", encoding: str = "", delimiter: str = "", decimal: str = ""
) -> Raw:
    """One file, or one sheet of a workbook, as a raw table. Raises ClientError."""
    shown = shown_name(path, sheet)
    options = {"sheet": sheet, "encoding": encoding, "delimiter": delimiter}
    with opened_file(path, shown) as inner:
        ending = inner.suffix.lower()
        if ending in LABELLED:
            from cxlib.client.labelled import read_labelled

            return read_labelled(inner, shown, encoding)[0]
        read = read_parquet if ending == ".parquet" else read_csv
        read = read_sheet if ending in WORKBOOKS else read
        frame, known = read(inner, shown, **options)
    check_cells(frame, shown)
    return Raw(shown, frame, **{"decimal": decimal, **known})


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
                rule = f"holds {len(tables) or 'no'} tables{': ' * bool(tables)}{first_few(tables)}"
                raise refused(shown, rule, "Unpack it, and name the one that is meant.")
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
        raise refused(shown, "is not there", "Put it there, or correct its name.")
    if path.suffix.lower() not in ENDINGS:
        raise refused(shown, *wrong_ending(path))
    if not path.stat().st_size:
        raise refused(shown, "is empty", "Send it again, or take it out of the folder.")
    check_size(path.stat().st_size, shown)


def wrong_ending(path: Path) -> tuple[str, str]:
    """What to say of a file of a kind that is not read, and what to do about it."""
    rule = f"is not a file that is read: {path.suffix}"
    if path.suffix.lower() == ".numbers":
        return rule, "Open it in Numbers, then File, Export To, Excel (.xlsx)."
    return rule, "Save it as .csv, .xlsx, .parquet or .sav."


def read_csv(path: Path, shown: str, encoding="", delimiter="", **_):
    """(rows under their header as texts, the delimiter that was found)."""
    rows, delimiter, skipped = csv_rows(path, shown, encoding, delimiter)
    above = rows_above(rows, ragged=True)
    frame = under_header(rows[above:], shown, skipped + above, ragged=True)
    return frame, {"delimiter": delimiter, "apart": said_above(rows[:above])}


def csv_rows(path: Path, shown: str, encoding="", delimiter="") -> tuple[list, str, int]:
    """(rows of cells, delimiter, lines before the first row) of a CSV."""
    with readable(shown, "CSV", "See that the file may be read."):
        data = path.read_bytes()
        check_text(data, "", shown)
        text = decoded(data, shown, encoding)
    skipped = 0
    if told := re.match(r"sep=(.)\r?\n", text):  # Excel's own way of naming the delimiter
        delimiter, text, skipped = told[1], text[told.end() :], 1
    delimiter = delimiter.replace("\\t", "\t") or sniffed_delimiter(text)
    if len(delimiter) != 1:
        remedy = "Correct `survey.delimiter` in client.yml, or take it out: it is found by itself."
        raise refused(shown, f"is said to be cut at '{delimiter}', which is not one sign", remedy)
    data = text.encode("utf-8", "surrogatepass")
    del text  # twice in memory is enough
    check_text(data, delimiter, shown)
    lines = io.TextIOWrapper(io.BytesIO(data), "utf-8", "surrogatepass", newline="")
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
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
    best = likely_encoding(data[: 256 * 1024])
    row = data[:start].count(b"\n") + 1
    rule = f"is not {encoding or 'UTF-8'}: the first byte that does not fit is in line {row}"
    guess = f" It looks like {best}." if best else ""
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
    if (
        ragged
        and len({len(row) for row, count in zip(start[head:], filled[head:], strict=True) if count})
        > 1
    ):
        return 0
    return head if head > first else 0


def said_above(rows: list) -> tuple:
    """Lines (row, column, value, reason) for what stands in the rows above a header."""
    said = [(n, " ".join(str(c) for c in row if not is_blank(c))) for n, row in enumerate(rows, 1)]
    return tuple((n, "", text, "stands above the header") for n, text in said if text)


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
    check_shape(0, 0, shown, len(header))
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
    quoted = "A delimiter inside a text needs quotation marks around the text."
    in_sheet = (
        "Is there a title above the header, a second table beside it, or a question over several "
        "columns? Leave one header row with a name over every column."
    )
    for places, which, remedy in (
        (long, "more", quoted if ragged else in_sheet),
        (short, "fewer", "The file may have been cut off, or a delimiter is missing."),
    ):
        if places:
            found = first_few(f"{len(body[n])} cells" for n in places)
            row = first_few(n + first for n in places)
            rule = f"has {which} cells than the header's {width}"
            problems.append(Problem(shown, rule, remedy, "", row, found, len(places), len(body)))
    if problems:
        raise ClientError(problems)


def unique_names(header: list) -> list[str]:
    """Header texts; blank ones named by their place, the second of a name gets ' [2]'."""
    seen, names = {}, []
    for place, cell in enumerate(header, 1):
        name = f"column {place}" if is_blank(cell) else str(cell).strip()
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} [{seen[name]}]")
    return names


def read_sheet(path: Path, shown: str, sheet="", **_):
    """(rows of one sheet of a workbook under their header, what stands above it)."""
    page = read_sheet_rows(path, shown, sheet)
    above = rows_above(page.rows)
    check_merged(page.merged, above, shown)
    frame = under_header(page.rows[above:], shown, above)
    return frame, {"apart": said_above(page.rows[:above]), "notes": other_sheets(page)}


def other_sheets(page: Sheet) -> tuple:
    """A note on the sheets that are not read."""
    if not page.others:
        return ()
    return (f"Sheet '{page.name}' is read; also there: {first_few(page.others, 20)}.",)


def read_parquet(path: Path, shown: str, **_):
    """(rows of a Parquet file, nothing more)."""
    from pyarrow.parquet import read_metadata, read_schema, read_table
    from pyarrow.types import is_dictionary

    with readable(shown, "Parquet"):
        about = read_metadata(path)
        rows, columns = about.num_rows, about.num_columns
        check_shape(rows, rows * columns, shown, columns, typed=True)
        groups = (about.row_group(number) for number in range(about.num_row_groups))
        check_size(sum(each.total_byte_size for each in groups), shown)
        # Words are kept once each until it is known how long they are all together.
        words = [each.name for each in read_schema(path) if is_text(each.type)]
        table = read_table(path, read_dictionary=words)
        table = table.replace_schema_metadata()  # of pandas: types that few columns have
        check_size(sum(map(written_out, table.columns)), shown)
        for place, name in enumerate(table.column_names):
            if is_dictionary(kind := table.field(place).type):
                table = table.set_column(place, name, table.column(place).cast(kind.value_type))
        frame = table.to_pandas(types_mapper=whole_numbers, date_as_object=False)
    return numbered(frame, shown), {}


def is_text(kind) -> bool:
    """Whether an Arrow type is of words of any length."""
    from pyarrow import types

    return types.is_string(kind) or types.is_large_string(kind) or types.is_binary(kind)


def written_out(column) -> int:
    """Bytes of a column's words, each as often as it stands there; 0 of other columns."""
    from pyarrow import compute as sums
    from pyarrow import types

    kind = column.type
    if not (types.is_dictionary(kind) and is_text(kind.value_type)):
        return 0
    lengths = (
        sums.take(sums.binary_length(part.dictionary), part.indices) for part in column.chunks
    )
    return sum(sums.sum(each.cast("int64")).as_py() or 0 for each in lengths)


def whole_numbers(kind):
    """Whole numbers with blanks stay whole: an identifier does not lose its end."""
    from pyarrow import types

    return WHOLE[kind.bit_width] if types.is_signed_integer(kind) else None


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
