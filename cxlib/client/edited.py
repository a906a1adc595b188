"""Values of a client that somebody types over: tried on a copy of the folder, judged as `cx check` judges,
and written only then, with what stood there kept in the file to be taken back.
"""

import csv
import io
import json
import os
import re
import shutil
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd
from openpyxl import load_workbook
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from cxlib.client.client_yml import settings_tree, write_settings
from cxlib.client.files import read_file
from cxlib.client.folder import apart, table_sources
from cxlib.client.problems import refusal
from cxlib.client.settings import Settings, keys_within
from cxlib.client.workbooks import WORKBOOKS

FIRST = "initiative,label,cost,dimension,uplift\n"  # of the table, where there is none
FROM_TO = re.compile(r"([\d.%_]+)\s*(?:to|bis|[至到,，、~～–—-])\s*([\d.%_]+)")  # 0.1 to 0.35
APART = re.compile(r"\s*[,，、;；]\s*")
UNDO = re.compile(r"# before \S+: ({.*})\n?")  # the last such line of client.yml: what stood there


def keys_of(tree: dict, names: dict, path: str = ""):
    """Dotted keys of all that stands in a mapping of client.yml, or could; `names`: {key: names in it}."""
    for name in keys_within(path):
        key = f"{path}.{name}" if path else name
        if keys_within(key):
            yield from keys_of(tree, names, key)
        elif key in names or isinstance(value_of(tree, key), dict):
            for each in dict.fromkeys([*(value_of(tree, key) or {}), *names.get(key, ())]):
                yield f"{key}.{each}"
        else:
            yield key


def value_of(tree: dict, key: str):
    """What client.yml says at a dotted key; None where it says nothing. A bare share is a share."""
    for name in key.split("."):
        if not isinstance(tree, dict):
            return tree if name == "share" else None
        tree = tree.get(name)
    return tree


def typed(text: str, kind: str = ""):
    """What was typed, as YAML has it: 0.25, [0.1, 0.3], words; blank is not given. Raises ClientError.

    kind : the key's type: where it is a range or a list, that may be written without brackets

    >>> typed("0.1 to 0.35", "pair of shares"), typed("新客、老客", "segments")
    ([0.1, 0.35], ['新客', '老客'])
    """
    if kind in ("pair of shares", "scale") and (ends := FROM_TO.fullmatch(text.strip())):
        return [typed(each) for each in ends.groups()]
    try:
        value = YAML().load(text) if text.strip() else None
    except YAMLError:
        raise refusal("client.yml", "yml_cannot_hold", "", "", text) from None
    listed = isinstance(value, str) and kind in ("segments", "texts")
    return [each for each in APART.split(value) if each] if listed else value


def initiatives(folder: Path, settings: Settings) -> tuple:
    """(file, sheet, its cells as they came by row of the file); a table yet to be written is blank."""
    place = table_sources(folder, settings, apart(settings))[0].get("initiatives")
    if place is None:
        return folder / "initiatives.csv", "", pd.read_csv(io.StringIO(FIRST), dtype=str)
    return *place, read_file(*place).frame.fillna("").astype(str)


@contextmanager
def candidate(folder: Path, changes: dict, cells: dict, settings: Settings):
    """A data_dir with a copy of the client's folder in which {dotted key: value} of client.yml and
    {(row of the file, column): text} of the initiatives are as typed."""
    with TemporaryDirectory(dir=folder.parent, prefix=".typed-") as place:
        copy = Path(place, folder.name)
        shutil.copytree(folder, copy, copy_function=_linked)
        if changes:
            write_settings(copy / "client.yml", changes)
        if cells:
            write_cells(*initiatives(copy, settings)[:2], cells)
        yield Path(place)


def _linked(source, target):
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def write_cells(path: Path, sheet: str, cells: dict) -> None:
    """Cells of a CSV or a workbook, {(row of the file, column): text}; all else stays. Raises ClientError."""
    new = path.with_name(f".{path.name}")
    if path.suffix.lower() in WORKBOOKS:
        book = load_workbook(path)
        rows = book[sheet] if sheet else book.worksheets[0]
        heads = {str(cell.value).strip(): cell.column for cell in rows[1]}
        for (row, column), text in cells.items():
            number = text.replace(".", "", 1).isdigit()
            rows.cell(row, heads[column]).value = float(text) if number else text or None
        book.save(new)
    else:
        try:
            text = path.read_bytes().decode("utf-8-sig") if path.exists() else FIRST
        except UnicodeDecodeError:
            raise refusal(path, "typed_no_utf8") from None
        mark = read_file(path).delimiter if path.exists() else ","
        lines = list(csv.reader(io.StringIO(text), delimiter=mark))
        heads = [name.strip() for name in lines[0]]
        for (row, column), value in cells.items():
            lines += [[""] * len(heads) for _ in range(row - len(lines))]
            lines[row - 1][heads.index(column)] = value
        if not any(map(any, lines[1:])):  # the first was taken back
            return path.unlink()
        with new.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=mark, lineterminator="\n").writerows(lines)
    new.replace(path)


def write(folder: Path, changes: dict, cells: dict, settings: Settings) -> None:
    """Writes them, and into client.yml as a remark what stood there."""
    path, undo = folder / "client.yml", {}
    if changes:
        tree, _ = settings_tree(path, {})
        undo = {"keys": {key: value_of(tree, key) for key in changes}}
        write_settings(path, changes)
    if cells:
        file, sheet, frame = initiatives(folder, settings)
        there = [(row, column, frame.loc[row, column] if row in frame.index else "") for row, column in cells]  # fmt: skip
        undo |= {"cells": there}
        write_cells(file, sheet, cells)
    line = f"# before {date.today().isoformat()}: {json.dumps(undo, ensure_ascii=False)}\n"
    text = path.read_text("utf-8")
    path.write_text(text + "\n" * (not text.endswith("\n")) + line, "utf-8")


def take_back(folder: Path, settings: Settings) -> list[str]:
    """Puts back what stood there before the last writing; the keys and cells, [] where none is left."""
    path = folder / "client.yml"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    there = [at for at, line in enumerate(lines) if UNDO.fullmatch(line)]
    if not there:
        return []
    undo = json.loads(UNDO.fullmatch(lines.pop(there[-1]))[1])
    path.write_text("".join(lines), "utf-8")
    keys = {key: typed(value) if isinstance(value, str) else value for key, value in undo.get("keys", {}).items()}  # fmt: skip
    if keys:
        write_settings(path, keys)
    cells = {(row, column): value for row, column, value in undo.get("cells", ())}
    if cells:
        write_cells(*initiatives(folder, settings)[:2], cells)
    return [*keys, *(f"initiatives {row}, {column}" for row, column in cells)]
