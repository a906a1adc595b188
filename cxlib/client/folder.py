"""Which files of a client's folder hold which table, and which nothing reads.

Tables of the consultant's own: what the contract does not know is read when a notebook asks for it.
"""

import hashlib
import re
import warnings
from collections import defaultdict
from pathlib import Path

import pandas as pd

from cxlib.client import cells
from cxlib.client.cells import is_blank
from cxlib.client.contract import TABLES
from cxlib.client.files import ENDINGS, OLD_ENDINGS, Raw, read_file, shown_name, wrong_ending
from cxlib.client.findings import Gathered
from cxlib.client.looks import named_files
from cxlib.client.mapping import ENDING as MAPS
from cxlib.client.mapping import map_path, mapped_sources
from cxlib.client.problems import (
    ClientError,
    Problem,
    did_you_mean,
    first_few,
    nearest,
    problem,
    refusal,
)
from cxlib.client.settings import Settings
from cxlib.client.tables import EXAMPLE
from cxlib.client.workbooks import WORKBOOKS, read_sheet_rows, sheet_names

WORKBOOK = "tables.xlsx"
NAME = re.compile(r"[a-z0-9][a-z0-9-]*")
ALIKE = 0.75  # how near a file's name must be to a table's to be taken for a slip


def wrong_characters(client: str) -> list[Problem]:
    """A name is a folder, a web address and a word of a command: few characters serve for all."""
    known = NAME.fullmatch(str(client))
    return [] if known else [problem("client", "not_a_name", value=repr(client))]


def new_folder(data_dir, name: str, hint: str) -> Path:
    """Where a client's new folder goes. Raises ClientError where the name is not one, or is taken."""
    folder, problems = Path(data_dir, name), wrong_characters(name)
    if not problems and folder.exists():
        problems = [problem(folder, "there_already", hint=hint)]
    if problems:
        raise ClientError(problems)
    return folder


def wrong_name(client: str, data_dir) -> list[Problem]:
    """What is wrong with a client's name, or with there being no such folder."""
    data = Path(data_dir)
    if problems := wrong_characters(client):
        return problems
    if not (data / client).is_dir():
        known = sorted(path.parent.name for path in data.glob("*/client.yml"))
        hint = did_you_mean(client, known, f"{data} holds no clients.")
        return [problem(data / client, "no_client", hint=hint)]
    return []


def apart(settings: Settings) -> set[str]:
    """Files that client.yml names: no tables, and read in their own way."""
    return {name for key, name in named_files(settings).items() if key.startswith("survey.")}


def table_sources(folder: Path, settings: Settings, refused=()) -> tuple[dict, Gathered]:
    """{table: (file, sheet)} of a client's folder, and what was found besides; `refused` is passed over."""
    found, other = Gathered(), {"client.yml", *apart(settings), *refused}
    maps, found.problems = mapped_sources(folder)
    files = defaultdict(list, {table: [place] for table, place in maps.items()})
    other |= {path.name for path, _ in maps.values()}
    other |= {path.name for path in folder.glob(f"*{MAPS}")}
    for path in sorted(folder.iterdir()):
        if path.name in other or path.name.startswith((".", "~$")) or not path.is_file():
            continue
        if path.name == WORKBOOK:
            for sheet in sheets_of(path, found):
                files[sheet].append((path, sheet))
        elif path.stem in TABLES and path.suffix in ENDINGS:
            files[path.stem].append((path, own_sheet(path)))
        elif path.suffix.lower() in (*ENDINGS, *OLD_ENDINGS, ".yaml", ".yml"):
            unread(path, found, settings.encoding or "")
    for name, places in files.items():
        if len(places) > 1:
            places[:] = [each for each in places if not untouched(*each)] or places[:1]
        if len(places) > 1:
            others = first_few(shown_name(path.name, sheet) for path, sheet in places[:-1])
            last = places[-1][0]
            found.problems.append(problem(last, "given_twice", table=name, others=others))
    return {name: places[0] for name, places in files.items()}, found


def own_sheet(path: Path) -> str:
    """The sheet of TABLE.xlsx that is named for the table; '' for the first."""
    if path.suffix.lower() not in WORKBOOKS:
        return ""
    try:
        return path.stem if path.stem in sheet_names(path) else ""
    except ClientError:
        return ""  # reading it will say why


def sheets_of(path: Path, found: Gathered) -> list[str]:
    """The tables of the workbook; a sheet with a slip in its name is refused."""
    try:
        sheets = sheet_names(path)
    except ClientError as error:
        found.problems += error.problems
        return []
    for sheet in [each for each in sheets if each not in TABLES]:
        shown, near = f"{path}#{sheet}", nearest(sheet, TABLES, ALIKE)
        if near and has_columns_of(near, path, sheet):
            found.problems.append(problem(shown, "slip_of_sheet", near=near))
        elif not sheet.startswith("_"):
            found.warnings.append(problem(shown, "own_sheet", name=sheet))
    return [each for each in sheets if each in TABLES]


def untouched(path: Path, sheet: str) -> bool:
    """Whether a sheet of the workbook is still as `cx new` made it: a header, and the example."""
    if path.name != WORKBOOK:
        return False
    try:
        rows = read_sheet_rows(path, shown_name(path, sheet), sheet).rows[1:]
    except ClientError:
        return False  # reading it will say why
    cells = [cell for row in rows for cell in row[:1] if not is_blank(cell)]
    return all(str(cell).startswith(EXAMPLE) for cell in cells)


def has_columns_of(table: str, path: Path, sheet: str = "", encoding: str = "") -> bool:
    """Whether a file, or a sheet, whose name is nearly a table's is that table by its header: stores
    are not scores."""
    try:
        header = {str(name).casefold() for name in read_file(path, sheet, encoding).frame}
    except ClientError:  # who asks for it will be told
        return False
    return any(column.required and column.name in header for column in TABLES[table].columns)


def unread(path: Path, found: Gathered, encoding: str = "") -> None:
    """A data file that nothing reads: a slip of the name is refused, anything else announced."""
    near = nearest(path.stem, [*TABLES, "tables", "client"], ALIKE)
    if near in TABLES and path.suffix in OLD_ENDINGS:
        found.problems.append(wrong_ending(path, str(path)))
    elif near and (near not in TABLES or has_columns_of(near, path, encoding=encoding)):
        ending = {"tables": ".xlsx", "client": ".yml"}.get(near, path.suffix)
        found.problems.append(problem(path, "slip_of_file", near=near + ending))
    elif path.suffix in ENDINGS and path.suffix != ".txt":  # which may be anybody's notes
        about = {"name": path.stem, "tables": first_few(TABLES, 30)}
        found.warnings.append(problem(path, "own_file", **about))


def hashes(folder: Path, settings: Settings, sources: dict, used=()) -> dict:
    """{file in the client's folder: SHA-256} of everything that was read; `used` besides tables."""
    names = {"client.yml", *named_files(settings).values(), *used}
    names |= {path.name for path, _ in sources.values()}
    names |= {path.name for path in (map_path(folder, n) for n in sources) if path.is_file()}
    found = {}
    for name in sorted(names):
        with (folder / name).open("rb") as file:
            found[name] = hashlib.file_digest(file, "sha256").hexdigest()
    return found


# Tables of the consultant's own


def own_sources(folder: Path, settings: Settings) -> dict[str, list[tuple[Path, str]]]:
    """{table: its (file, sheet), several where it is there twice} of what no table of ours is."""
    found: dict = {}
    for path in sorted(folder.iterdir()):
        known = (
            path.name in (WORKBOOK, *apart(settings))
            or path.name.endswith(MAPS)
            or path.stem in TABLES
        )
        if path.suffix.lower() in ENDINGS and not known and not path.name.startswith((".", "~$")):
            found.setdefault(path.stem, []).append((path, ""))
    book = folder / WORKBOOK
    for sheet in sheet_names(book) if book.is_file() else ():
        if sheet not in TABLES and not sheet.startswith("_"):
            found.setdefault(sheet, []).append((book, sheet))
    return found


def own_table(folder: Path, name: str, settings: Settings, key: str = "") -> pd.DataFrame:
    """One of them, a row per row of the file. Raises ClientError.

    A column is numbers or days where every cell can be read as one, else text; codes that begin with
    0 are text. `key` is text as our own codes are, and names each row once.
    """
    if name in TABLES:
        raise refusal(f"{folder}/{name}", "of_contract", name=name)
    sources = own_sources(folder, settings)
    if name not in sources:
        hint = did_you_mean(name, sources, "It holds none that the contract does not know.")
        raise refusal(folder, "no_own_table", name=name, hint=hint)
    if len(sources[name]) > 1:
        there = first_few(shown_name(*place) for place in sources[name])
        raise refusal(folder, "own_twice", name=name, there=there)
    (path, sheet), decimal = sources[name][0], settings.decimal or ""
    raw = read_file(path, sheet, settings.encoding or "", decimal=decimal)
    for said in (*raw.notes, *left_apart(raw)):
        warnings.warn(f"{raw.shown}: {said}", stacklevel=3)
    return typed(raw, key)


def left_apart(raw: Raw) -> list[str]:
    """What stands in the file and is no row of the table: rows above its header, totals."""
    if not raw.apart:
        return []
    rows, _, values, _ = zip(*raw.apart, strict=True)
    said = f"row {first_few(dict.fromkeys(rows))} of the file is none of the table"
    return [f"{said}: {first_few(values)}"]


def typed(raw: Raw, key: str = "") -> pd.DataFrame:
    """A raw table's columns as numbers, days or text; see `own_table`."""
    if key and key not in raw.frame:
        raise refusal(raw.shown, "no_key", key=key, hint=did_you_mean(key, raw.frame.columns))
    mark, doubtful = cells.decimal_mark([raw.frame[name] for name in raw.frame], raw.delimiter)
    mark = raw.decimal or mark
    columns = {name: raw.frame[name] if name == key else of_one_kind(raw.frame[name], mark)
               for name in raw.frame}  # fmt: skip
    if key:
        columns[key] = cells.texts(raw.frame[key])[0]
        often = columns[key][columns[key].duplicated(keep=False) | columns[key].isna()]
        if len(often):
            value = first_few(often.fillna("(blank)").unique())
            raise refusal(raw.shown, "names_no_row", key, first_few(often.index), value)
    if not mark and doubtful:
        raise refusal(raw.shown, "own_two_ways", value=first_few(doubtful))
    return pd.DataFrame(columns)


def of_one_kind(column: pd.Series, mark: str) -> pd.Series:
    """A column as numbers or days where all of it is, else as text; blank is not known."""
    words = cells.texts(column)[0]
    if words.str.match(r"0\d").any():
        return words
    for read in (lambda: cells.numbers(column, mark), lambda: cells.dates(column)):
        values, unread = read()
        if values.notna().any() and not unread.any():
            return values
    return words
