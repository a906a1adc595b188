"""Typed tables: Parquet, and what other programs keep with types of their own."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import numpy as np
import pandas as pd

from cxlib.client.bounds import check_shape, check_size
from cxlib.client.cells import is_blank
from cxlib.client.problems import readable, refusal

WHOLE = {8: pd.Int8Dtype(), 16: pd.Int16Dtype(), 32: pd.Int32Dtype(), 64: pd.Int64Dtype()}


def read_parquet(path: Path, shown: str) -> pd.DataFrame:
    """The rows of a Parquet file."""
    from pyarrow.parquet import read_metadata, read_schema, read_table
    from pyarrow.types import is_dictionary

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
            if is_dictionary(kind := table.field(place).type):
                table = table.set_column(place, name, table.column(place).cast(kind.value_type))
        frame = table.to_pandas(types_mapper=whole_numbers, date_as_object=False)
    return numbered(frame, shown)


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
        return column.map(lambda cell: cell if is_plain(cell) else in_words(cell)).astype(object)
    return column.astype(float) if pd.api.types.is_float_dtype(kind) else column


def is_plain(cell) -> bool:
    """Whether a cell holds one value, not a list or a mapping."""
    known = str | int | float | Decimal | dt.date | np.number | np.bool_
    return is_blank(cell) or isinstance(cell, known)


def in_words(cell) -> str:
    """A cell that is not plain, as text."""
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)


def unique_names(header: list) -> list[str]:
    """Header texts; blank ones named by their place, the second of a name gets ' [2]'."""
    seen, names = {}, []
    for place, cell in enumerate(header, 1):
        name = f"column {place}" if is_blank(cell) else str(cell).strip()
        seen[name] = seen.get(name, 0) + 1
        names.append(name if seen[name] == 1 else f"{name} [{seen[name]}]")
    return names
