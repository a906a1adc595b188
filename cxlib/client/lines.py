"""Invoice lines in Parquet, added up by customer and day where they lie: DuckDB reads and adds, and
what comes into memory are the days, and a line in `rejected` for each row left out.

Only where every cell is of the type it should be; anything else goes the way of all tables, which
reads what people wrote (`tables.py`), and gives one row per invoice line.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from cxlib.client.cells import placeholders, too_late
from cxlib.client.contract import TABLES
from cxlib.client.files import Raw
from cxlib.client.large import connected, literal
from cxlib.client.overlooked import ADDED
from cxlib.client.tables import EXAMPLE, Findings

TEXT = ("string", "large_string")
KINDS = {  # as Arrow calls them
    "customer": TEXT,
    "date": ("timestamp", "date32"),
    "amount": ("double", "float", "int32", "int64", "decimal128"),
    "kind": TEXT,
}
BLANK = "is blank"
ZONED = "tz="  # a moment of a time zone: its day is the one that the shop wrote, not Greenwich's


def adds_up(path: Path, table: str) -> bool:
    """Whether a table is read as sums by customer and day, without its lines."""
    return table == "transactions" and path.suffix.lower() == ".parquet"


def added_up(path: Path) -> tuple[pd.DataFrame, Findings] | None:
    """(one row per customer, day and kind: customer, date, amount (net), kind, and how many lines;
    Findings), or None where a cell of the file has to be looked at one by one.

    The table's `attrs` say how many rows of the file it holds.
    """
    types = arrow_types(path)
    if not plainly_typed(types):
        return None
    wanted = [name for name in KINDS if name in types]
    texts = [name for name in wanted if KINDS[name] == TEXT]
    source = f"read_parquet({literal(str(path))}, file_row_number = true)"
    by = ["customer", "date_trunc('day', date)::timestamp as date", *wanted[3:]]
    sql = f"""select {", ".join(by)}, sum(amount)::double as amount, count(*) as {ADDED},
              count(amount) as known from {source} group by all order by all"""
    with connected(str(path)) as duck:
        table = duck.sql(sql).df()
        blank = table["customer"].isna() | table["date"].isna()
        unknown = (table["known"] < table[ADDED]) | ~np.isfinite(table["amount"])
        unknown |= placeholders(table["date"]) | too_late(table["date"])
        if blank.all() or unknown.any() or any(oddly_written(table[name]) for name in texts):
            return None
        found = Findings(Raw(str(path), pd.DataFrame(columns=wanted)), TABLES["transactions"])
        for name in ("customer", "date"):
            if table[name].isna().any():
                rows = f"select file_row_number + 2 as row from {source} where {name} is null"
                found.leave_out(np.sort(duck.sql(rows).fetchnumpy()["row"]), name, "", BLANK)
    found.filled = int(table[ADDED].sum())
    table = table[~blank].drop(columns="known").reset_index(drop=True)
    table.attrs["rows"] = int(table[ADDED].sum())
    return table.astype({name: "str" for name in texts}), found


def oddly_written(words: pd.Series) -> bool:
    """Whether any has to be tidied, or is no word: blanks around it, an error of Excel, an example."""
    said = pd.Series(words.dropna().unique(), dtype="str")
    return bool((said.ne(said.str.strip()) | said.str.match(f"#|$|{EXAMPLE}")).any())


def arrow_types(path: Path) -> dict:
    """{column: its Arrow type, as text}; nothing for a file that is not Parquet."""
    from pyarrow import ArrowException
    from pyarrow.parquet import read_schema

    try:
        schema = read_schema(path)
    except (ArrowException, OSError):
        return {}
    return dict(zip(schema.names, map(str, schema.types), strict=True))


def plainly_typed(types: dict) -> bool:
    """Whether the columns that count are there under their own names, each of its own type."""
    named = [name.casefold() for name in types if name.casefold() in KINDS]
    there = set(named)
    return (
        {"customer", "date", "amount"} <= there
        and len(named) == len(there)  # DuckDB tells no capitals from small letters
        and all(types.get(name, "").startswith(KINDS[name]) for name in there)
        and ZONED not in types["date"]
    )
