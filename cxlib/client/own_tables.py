"""Tables of the consultant's own: what the contract does not know is read when a notebook asks for it."""

import warnings
from pathlib import Path

import pandas as pd

from cxlib.client import cells
from cxlib.client.contract import TABLES
from cxlib.client.files import ENDINGS, Raw, read_file, shown_name
from cxlib.client.mapping import ENDING as MAPS
from cxlib.client.problems import did_you_mean, first_few, refusal
from cxlib.client.workbooks import sheet_names


def own_sources(folder: Path, workbook: str, others=()) -> dict[str, list[tuple[Path, str]]]:
    """{table: its (file, sheet), several where it is there twice} of what no table of ours is.

    workbook : whose sheets are tables; others : files that client.yml names
    """
    found: dict = {}
    for path in sorted(Path(folder).iterdir()):
        known = path.name in (workbook, *others) or path.name.endswith(MAPS) or path.stem in TABLES
        if path.suffix.lower() in ENDINGS and not known and not path.name.startswith((".", "~$")):
            found.setdefault(path.stem, []).append((path, ""))
    book = Path(folder, workbook)
    for sheet in sheet_names(book) if book.is_file() else ():
        if sheet not in TABLES and not sheet.startswith("_"):
            found.setdefault(sheet, []).append((book, sheet))
    return found


def own_table(sources: dict, name: str, folder: Path, settings, key: str = "") -> pd.DataFrame:
    """One of them, a row per row of the file. Raises ClientError.

    A column is numbers or days where every cell can be read as one, else text; codes that begin with
    0 are text. `key` is text as our own codes are, and names each row once.
    """
    if name in TABLES:
        raise refusal(f"{folder}/{name}", "of_contract", name=name)
    if name not in sources:
        none = "It holds none that the contract does not know."
        hint = did_you_mean(name, sources) if sources else none
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
