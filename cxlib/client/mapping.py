"""A table with other headers: TABLE.map.csv says which of our columns each of theirs is.

One row per column of ours: `file` (in the client's folder; `book.xlsx#Sheet`), `is` (our column),
`column` (their header, or two of them: `Quantity * UnitPrice`, `MonthlyCharges * 12`, `closed -
opened`; dates are subtracted in hours; `(row)` is the row's number), `values` (`theirs=ours;…`, as in
the codebook; `*` any other, `blank` an empty cell). Rows without `is` are columns that nothing uses.
The file itself stays as it came.
"""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from cxlib.client import cells
from cxlib.client.codebook import parse_codes, plain
from cxlib.client.contract import TABLES, Table
from cxlib.client.files import Raw, read_file
from cxlib.client.problems import ClientError, Problem, did_you_mean, first_few, problem, refusal
from cxlib.client.strays import summary_lines

ENDING = ".map.csv"
COLUMNS = ["file", "is", "column", "values", "sure", "why"]
ROW = "(row)"  # in place of a header: the row's number in the file
PAIR = re.compile(r"(.+?)\s+([*+-])\s+(.+)")
ANY, BLANK = "*", "blank"


def map_path(folder: Path, table: str) -> Path:
    """Where the map of a table is, if there is one."""
    return folder / f"{table}{ENDING}"


def mapped_sources(folder: Path) -> tuple[dict, list[Problem]]:
    """{table: (file, sheet)} of the maps in a client's folder; what is wrong with them."""
    found, problems = {}, []
    for path in sorted(folder.glob(f"*{ENDING}")):
        table = path.name.removesuffix(ENDING)
        try:
            rows = read_map(path)
        except ClientError as error:
            problems += error.problems
            continue
        files = list(dict.fromkeys(rows["file"].dropna()))
        name, _, sheet = files[0].partition("#") if files else ("", "", "")
        faults = {
            "map_of_nothing": table not in TABLES,
            "map_of_files": len(files) != 1,
            "map_of_other": Path(name).name != name,
        }
        if fault := next((each for each, wrong in faults.items() if wrong), ""):
            about = {"value": first_few(files), "hint": did_you_mean(table, TABLES)}
            problems.append(problem(path, fault, "file", **about))
        else:
            found[table] = (folder / name, sheet)
    return found, problems


def read_map(path: Path) -> pd.DataFrame:
    """The rows of one map, as texts; index = row in the file. Raises ClientError."""
    frame = read_file(path).frame
    if missing := [name for name in ("file", "is", "column") if name not in frame]:
        raise refusal(path, "map_lacks", columns=first_few(missing))
    frame = frame.reindex(columns=COLUMNS).astype("str")
    return frame.apply(lambda column: column.str.strip().mask(lambda text: text == ""))


def read_table(path: Path, sheet: str, encoding: str, table: str, decimal: str = "") -> Raw:
    """A client's table under our headers, through its map where there is one. Raises ClientError."""
    raw = read_file(path, sheet, encoding, decimal=decimal)
    lines = []
    if table != "codebook":  # whose rows are columns: one may well be called Total
        lines = summary_lines(raw.frame, counted=not TABLES[table].records)
    kept = raw.frame.drop(index=[line[0] for line in lines])
    raw = replace(raw, frame=kept, apart=(*raw.apart, *lines))
    plan = map_path(path.parent, table)
    return mapped(raw, read_map(plan), TABLES[table], str(plan)) if plan.is_file() else raw


def mapped(raw: Raw, plan: pd.DataFrame, table: Table, shown: str) -> Raw:
    """The raw table with our columns, their other columns behind them. Raises ClientError."""
    used = plan[plan["is"].notna()]
    if problems := map_problems(used, raw.frame, table, shown):
        raise ClientError(problems)
    ours, labels, reckoned = {}, dict(raw.labels), {}
    for line in used.itertuples(index=False):
        name, header, values = line[1], line[2], line[3]
        ours[name] = valued(operands(header, raw), parse_codes(values))
        parts = names_in(header, raw.frame)
        reckoned[name] = [
            t for part in parts if part != ROW for t in cells.texts_of(raw.frame[part])
        ]
        if header in raw.labels:
            labels[name] = raw.labels[header]
    told = {part for text in used["column"] for part in names_in(str(text), raw.frame)}
    gone = {*table.by_name, *ours}
    rest = [name for name in raw.frame if name.casefold() not in gone and name not in told]
    frame = pd.concat([pd.DataFrame(ours, index=raw.frame.index), raw.frame[rest]], axis=1)
    return replace(raw, frame=frame, labels=labels, reckoned=reckoned)


def map_problems(used: pd.DataFrame, frame: pd.DataFrame, table: Table, shown: str) -> list:
    """What is wrong with a map: columns of ours or theirs that are not there, or twice."""
    found = []

    def add(name, column, broken, wrong=(), known=()):
        if len(broken):
            where = column, first_few(broken.index), first_few(broken[column])
            hint = did_you_mean(wrong[0], known) if wrong else ""
            found.append(problem(shown, name, *where, table=table.name, hint=hint))

    strange = used[~used["is"].isin(table.by_name)]
    add("map_strange", "is", strange, list(strange["is"]), table.by_name)
    add("map_twice", "is", used[used["is"].duplicated(keep=False)])
    named = used["column"].fillna("").map(lambda text: names_in(str(text), frame)).explode()
    lost = named[~named.isin([*frame.columns, ROW]) & named.notna()]
    add("map_lost", "column", used.loc[lost.index.unique()], list(lost), list(frame.columns))
    bad = used["values"].map(lambda text: parse_codes(text) is None).astype(bool)
    add("map_values", "values", used[bad])
    return found


def names_in(text: str, frame: pd.DataFrame) -> list[str]:
    """The headers that an entry of `column` names; a number is none."""
    if text in frame.columns or text == ROW:
        return [text]
    pair = PAIR.fullmatch(text)
    parts = [pair[1], pair[3]] if pair else [text]
    return [part for part in parts if not (pair and is_number(part))]


def is_number(text: str) -> bool:
    """Whether a part of an entry is a number, such as 12."""
    return bool(np.isfinite(cells.as_number(text, "."))) if text.strip() else False


def operands(text: str, raw: Raw) -> pd.Series:
    """What an entry of `column` stands for: a column, or two of them (or one and a number) joined."""
    frame = raw.frame
    if text == ROW:
        return pd.Series([f"row {row}" for row in frame.index], frame.index, dtype="str")
    if text in frame.columns:
        return frame[text]
    left, sign, right = PAIR.fullmatch(text).groups()
    if sign == "-" and not is_number(right):
        ends, starts = cells.dates(frame[left]), cells.dates(frame[right])
        if ends[0].notna().any() and starts[0].notna().any():
            hours = (ends[0] - starts[0]).dt.total_seconds() / 3600
            return readable_only(hours, frame, (left, right), ends[1] | starts[1])
    parts, none = [part for part in (left, right) if part in frame], pd.Series(False, frame.index)
    mark = raw.decimal or cells.decimal_mark([frame[p] for p in parts], raw.delimiter)[0] or "."
    sides = (cells.numbers(frame[p], mark) if p in parts else (cells.as_number(p, "."), none)
             for p in (left, right))  # fmt: skip
    (a, wrong_a), (b, wrong_b) = sides
    done = {"*": lambda: a * b, "+": lambda: a + b, "-": lambda: a - b}[sign]()
    return readable_only(done, frame, parts, wrong_a | wrong_b)


def readable_only(done: pd.Series, frame, parts, wrong: pd.Series) -> pd.Series:
    """What was computed; where a cell could not be read, that cell, for the table's own rules to find."""
    if not wrong.any():
        return done
    said = frame[list(parts)].astype("str").fillna("").agg(" / ".join, axis=1)
    return done.astype(object).mask(wrong, said)


def valued(column: pd.Series, codes: dict) -> pd.Series:
    """A column with our values in place of theirs; what is not named stays as it came."""
    if not codes:
        return column
    words = cells.texts(column)[0]
    named = words.map(lambda word: codes.get(plain(word)), na_action="ignore").astype(object)
    if ANY in codes:
        named = named.mask(named.isna() & words.notna(), codes[ANY])
    if BLANK in codes:
        named = named.mask(words.isna(), codes[BLANK])
    return named.where(named.notna(), column.astype(object))
