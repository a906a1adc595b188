"""Sheets of workbooks (.xlsx, .xlsm, .xls, .xlsb, .ods): rows of cells, merged cells, hidden sheets.

Typed tables: Parquet, and what other programs keep with types of their own.
"""

import datetime as dt
import re
import zipfile
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from pyarrow import compute, types

from cxlib.client.bounds import check_shape, check_size, within
from cxlib.client.cells import is_blank
from cxlib.client.problems import first_few, nearest, readable, refusal

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
OPENED = (".xlsx", ".xlsm")  # by openpyxl, which knows of formulas; the others by calamine


@dataclass(frozen=True)
class Sheet:
    """One sheet: its rows of cells, and where cells are merged as (first row, last row, 'B2:B3')."""

    name: str
    rows: list
    merged: tuple = ()
    others: tuple = ()


def sheet_names(path: Path) -> list[str]:
    """Sheets of a workbook, in its order, hidden ones left out unless all are. Raises ClientError."""
    with readable(str(path), kind_of(path), "unreadable_workbook"):
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                check_size(sum(each.file_size for each in archive.infolist()), str(path))
        if path.suffix.lower() in OPENED:
            with closing(open_workbook(path)) as book:
                shown = [(page.title, page.sheet_state == "visible") for page in book.worksheets]
        else:
            from python_calamine import SheetVisibleEnum

            pages = calamine_book(path).sheets_metadata
            shown = [(each.name, each.visible == SheetVisibleEnum.Visible) for each in pages]
    return [name for name, visible in shown if visible] or [name for name, _ in shown]


def kind_of(path: Path) -> str:
    """What a workbook of this ending is called."""
    return "an OpenDocument sheet" if path.suffix.lower() == ".ods" else "an Excel workbook"


def open_workbook(path: Path):
    """A workbook with the values that Excel last computed."""
    from openpyxl import load_workbook

    return load_workbook(path, read_only=True, data_only=True)


def calamine_book(path: Path):
    """A workbook of any kind, as python-calamine reads it."""
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_path(str(path))


def read_sheet_rows(path: Path, shown: str, sheet: str = "") -> Sheet:
    """One sheet: that which is named, or the only one that holds a table. Raises ClientError."""
    names = sheet_names(path)
    with readable(shown, kind_of(path), "unreadable_workbook"):
        if path.suffix.lower() in OPENED:
            with closing(open_workbook(path)) as book:
                wanted = named(sheet, names, [page.title for page in book.worksheets], shown)
                read = {name: list(opened_rows(book[name])) for name in wanted}
                merged = check_parts(path, book[chosen := the_table(read, shown)], shown)
        else:
            book = calamine_book(path)
            wanted = named(sheet, names, book.sheet_names, shown)
            pages = {name: book.get_sheet_by_name(name) for name in wanted}
            read = {name: list(calamine_rows(page)) for name, page in pages.items()}
            chosen = the_table(read, shown)
            ranges = pages[chosen].merged_cell_ranges or ()
            merged = tuple((a[0] + 1, b[0] + 1, f"{place(*a)}:{place(*b)}") for a, b in ranges)
    return Sheet(chosen, read[chosen], merged, tuple(each for each in names if each != chosen))


def named(sheet: str, names: list, every: list, shown: str) -> list:
    """The sheets to look at: that which is named, else all that are not hidden."""
    if not sheet:
        return names
    if sheet in every:
        return [sheet]
    near = nearest(sheet, every)
    hint = f"Did you mean '{near}'? " if near else ""
    raise refusal(shown, "no_sheet", sheet=sheet, hint=hint, sheets=first_few(every, 20))


def opened_rows(page):
    """Rows of cells of a sheet; the size that a file declares may be wrong."""
    page.reset_dimensions()
    return within((list(row) for row in page.iter_rows(values_only=True)), page.title)


def calamine_rows(page):
    """Rows of cells of a sheet; a whole number is one, and an empty text is blank."""

    def plain(cell):
        return int(cell) if isinstance(cell, float) and cell.is_integer() else cell

    rows = page.to_python(skip_empty_area=False)
    told = ([None if cell == "" else plain(cell) for cell in row] for row in rows)
    return within(told, page.name)


def the_table(read: dict, shown: str) -> str:
    """The only sheet that holds a table of two rows and two columns at least, or the only one."""
    if len(read) == 1:
        return next(iter(read))
    tables = [name for name, rows in read.items() if is_table(rows)]
    if len(tables) > 1:
        raise refusal(shown, "several_tables", n=len(tables), sheets=first_few(tables, 20))
    filled = [name for name, rows in read.items() if any(not all(map(is_blank, r)) for r in rows)]
    return (tables or filled or list(read))[0]


def is_table(rows: list) -> bool:
    """Whether at least three rows, a header among them, hold two cells or more: a cover does not."""
    return sum(sum(not is_blank(cell) for cell in row) > 1 for row in rows) > 2


def place(row: int, column: int) -> str:
    """B3 of (2, 1)."""
    from openpyxl.utils import get_column_letter

    return f"{get_column_letter(column + 1)}{row + 1}"


def check_parts(path: Path, page, shown: str) -> tuple:
    """Where cells are merged; formulas that were never computed, which read as blanks, are refused."""
    with zipfile.ZipFile(path) as archive:
        xml = archive.read(page._worksheet_path.lstrip("/"))
    formula = (
        # bounded everywhere, so that a text made of such beginnings takes no longer than another
        rb'<c\s[^>]{0,200}?r="([A-Z]{1,3}\d{1,7})"[^>]{0,200}>\s{0,20}'
        rb"<f[^>]{0,500}?(?:/>|>[^<]{0,8192}</f>)\s{0,20}(?:<v\s{0,20}/>|<v></v>|</c>)"
    )
    if never := re.findall(formula, xml):
        found = first_few(ref.decode() for ref in never)
        raise refusal(shown, "never_computed", "", "", found, len(never))
    merged = re.findall(rb'<mergeCell\s[^>]{0,200}?ref="([^">]{1,50})"', xml)
    refs = [ref.decode() for ref in merged]
    return tuple((*map(int, re.findall(r"\d+", ref)[:2]), ref) for ref in refs if ":" in ref)


def check_merged(merged, allowed: int, shown: str) -> None:
    """Refuse merged cells beneath the rows that may have some: all but the first of them are blank."""
    wrong = [ref for _, last, ref in merged if last > allowed]
    if wrong:
        raise refusal(shown, "merged", "", "", first_few(wrong), len(wrong))


# Files whose cells have types of their own


# Whole numbers with blanks stay whole: an identifier does not lose its end.
WHOLE = dict(zip((pa.int8(), pa.int16(), pa.int32(), pa.int64()),
                 (pd.Int8Dtype(), pd.Int16Dtype(), pd.Int32Dtype(), pd.Int64Dtype()), strict=True))  # fmt: skip


def read_parquet(path: Path, shown: str) -> pd.DataFrame:
    """The rows of a Parquet file."""
    from pyarrow.parquet import read_metadata, read_schema, read_table

    with readable(shown, "Parquet"):
        about = read_metadata(path)
        rows, columns = about.num_rows, about.num_columns
        check_shape(rows, rows * columns, shown, columns, typed=True)
        groups = [about.row_group(number) for number in range(about.num_row_groups)]
        check_size(sum(each.total_byte_size for each in groups), shown)
        # Words are kept once each until it is known how long they are all together; but for those
        # written as what they add to the one before (DELTA_…), which Arrow reads in no other way.
        parts = [each.column(place) for each in groups for place in range(columns)]
        added = {each.path_in_schema for each in parts if "DELTA" in "".join(each.encodings)}
        words = [e.name for e in read_schema(path) if is_text(e.type) and e.name not in added]
        table = read_table(path, read_dictionary=words)
        table = table.replace_schema_metadata()  # of pandas: types that few columns have
        check_size(sum(map(written_out, table.columns)), shown)
        for place, name in enumerate(table.column_names):
            if types.is_dictionary(kind := table.field(place).type):
                table = table.set_column(place, name, table.column(place).cast(kind.value_type))
        frame = table.to_pandas(types_mapper=WHOLE.get, date_as_object=False)
    return numbered(frame, shown)


def is_text(kind) -> bool:
    """Whether an Arrow type is of words of any length."""
    return types.is_string(kind) or types.is_large_string(kind) or types.is_binary(kind)


def written_out(column) -> int:
    """Bytes of a column's words, each as often as it stands there; 0 of other columns."""
    kind = column.type
    if not (types.is_dictionary(kind) and is_text(kind.value_type)):
        return 0
    words = ((compute.binary_length(part.dictionary), part.indices) for part in column.chunks)
    lengths = (compute.take(*each).cast("int64") for each in words)
    return sum(compute.sum(each).as_py() or 0 for each in lengths)


def numbered(frame: pd.DataFrame, shown: str) -> pd.DataFrame:
    """A typed table with the header's names as text and its rows numbered from 2."""
    if not len(frame.columns):
        raise refusal(shown, "table_empty")
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
        return column.map(plain_cell).astype(object)
    return column.astype(float) if pd.api.types.is_float_dtype(kind) else column


def plain_cell(cell):
    """A cell that holds one value; a list, a mapping or bytes as text."""
    known = str | int | float | Decimal | dt.date | np.number | np.bool_
    if is_blank(cell) or isinstance(cell, known):
        return cell
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)


def unique_names(header: list) -> list[str]:
    """Header texts; blank ones named by their place, the second of a name gets ' [2]'."""
    seen, names = {}, []
    for place, cell in enumerate(header, 1):
        name = f"column {place}" if is_blank(cell) else str(cell).strip()
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} [{seen[name]}]")
    return names
