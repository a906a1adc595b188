"""How much of a file is read into memory at once: beyond it a file is refused in words, before it is
read. Small files can be made to grow without end (a Parquet of one value a hundred million times, a
sparse CSV, one cell of 300 MB), and would take the machine from everybody else's run.

Of a typed file (Parquet) so many times as much is read as its cells take less room than texts do.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import pandas as pd

from cxlib.client.problems import Problem, problem, refusal
from cxlib.client.settings import Limits, Settings

TYPED = 5  # times as many cells of a typed file as of texts have room in the same memory
_LIMITS = ContextVar("limits", default=Limits())  # noqa: B039 - never changed


@contextmanager
def allowed(limits: Limits):
    """Read with these limits, those of a client's client.yml."""
    token = _LIMITS.set(limits)
    try:
        yield
    finally:
        _LIMITS.reset(token)


def check_size(size: int, shown: str) -> None:
    """Refuse a file of more bytes, or one that would expand to more, than is read into memory."""
    most = _LIMITS.get().file_mb
    if size > most * 2**20:
        told = f"comes to {size / 2**20:,.0f} MB; up to {most:,} MB"
        raise refusal(shown, "too_large", size=told, key="file_mb")


def check_shape(rows: int, cells: int, shown: str, columns: int = 0, typed: bool = False) -> None:
    """Refuse a table of more rows, columns or cells than are read into memory."""
    most, times = _LIMITS.get(), TYPED if typed else 1
    for count, limit, key in (
        (columns, most.columns, "columns"),
        (rows, most.rows * times, "rows"),
        (cells, most.cells * times, "cells"),
    ):
        if count > limit:
            told = f"has {count:,} {key}; up to {limit:,}"
            raise refusal(shown, "too_large", size=told, key=key)


def within(rows, shown: str):
    """Rows of cells, one by one; refused as soon as there are too many of either."""
    cells = 0
    for count, row in enumerate(rows, 1):
        cells += len(row)
        if not count % 1000:
            check_shape(count, cells, shown)
        yield row
    check_shape(0, cells, shown)


def check_text(data: bytes, delimiters: str, shown: str) -> None:
    """Refuse a text that would be cut into too many rows or cells, told from its bytes."""
    rows = data.count(b"\n") or data.count(b"\r")
    cuts = max(data.count(each.encode()) for each in delimiters) if delimiters else 0
    check_shape(rows, rows + cuts, shown)


def check_cells(frame: pd.DataFrame, shown: str) -> None:
    """Refuse a table with a text longer than anybody writes into one cell."""
    most = _LIMITS.get().cell
    for name in frame.columns[: _LIMITS.get().columns]:
        if isinstance(frame[name].dtype, pd.StringDtype):
            length = frame[name].str.len()
            if (long := length > most).any():
                where = str(name)[:100], str(long.idxmax())
                about = {"length": int(length.max()), "most": most}
                raise refusal(shown, "long_text", *where, **about)


def crowded(settings: Settings, tables: dict, survey, folder: Path) -> list[Problem]:
    """Groupings with so many different values that they name single people or cases."""
    most, problems = settings.limits.segments, []
    found = {name: table["segment"] for name, table in tables.items() if "segment" in table}
    if survey is not None:
        found |= {f"survey, {name}": survey.people[name] for name in ("segment", "role", "wave")}
    for name, column in found.items():
        if (count := column.nunique()) > most:
            problems.append(problem(folder, "crowded", name, n=count, most=most))
    return problems
