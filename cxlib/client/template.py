"""A new client's folder: client.yml with every key explained, and a workbook to fill in."""

import json
import re
import textwrap
import tomllib
from pathlib import Path

from cxlib.client.client_yml import keeping_yaml, write_settings
from cxlib.client.contract import TABLES, Column, Table
from cxlib.client.folder import WORKBOOK, new_folder
from cxlib.client.settings import DIMENSIONS, KEYS, keys_within
from cxlib.client.tables import EXAMPLE

WORDS = tomllib.loads(Path(__file__).with_name("template.toml").read_text(encoding="utf-8"))
FILLED_ROWS = 500  # rows that drop-down lists and ranges are laid over
WIDTH = 92


def new_client(name: str, data_dir="../data") -> Path:
    """Make data_dir/name with a commented client.yml and a workbook to fill in; returns the folder.

    Raises ClientError where the name is not one, or the folder is there already.
    """
    folder = new_folder(data_dir, name, "Choose another name: nothing is written over.")
    settings, workbook = commented_settings(name), workbook_to_fill_in()
    folder.mkdir(parents=True)
    (folder / "client.yml").write_text(settings, encoding="utf-8")
    workbook.save(folder / WORKBOOK)
    return folder


def written_into(folder: Path, lines: list[str]) -> bool:
    """Whether these lines went into client.yml: they do where it is still as `new_client` made it."""
    path = folder / "client.yml"
    fresh = path.is_file() and path.read_text("utf-8") == commented_settings(folder.resolve().name)
    if fresh and lines:
        write_settings(path, keeping_yaml().load("\n".join(lines)))
    return fresh and bool(lines)


def commented_settings(name: str) -> str:
    """client.yml with every key and what it is for; keys not needed yet are commented out."""
    title = name.replace("-", " ").title()
    return "\n".join([WORDS["settings"], *part_lines("", "", {"name": title})]) + "\n"


def part_lines(path: str, indent: str, given: dict, off=False) -> list:
    """Lines of the keys of one mapping; `off` comments them out whatever their default."""
    lines = []
    for key, here in keys_within(path).items():
        told = KEYS[here]
        unused = off or (key not in given and is_nothing(here))
        mark = "#" if unused else ""
        about = textwrap.wrap(told["about"], WIDTH - len(indent))
        lines += [f"{mark if path else ''}{indent}# {text}" for text in about]
        if told.get("type") != "part" or "example" in told:
            value = given.get(key, told.get("example", told.get("default")))
            lines += [f"{mark}{line}" for line in key_lines(key, value, indent)]
        else:
            lines.append(f"{mark}{indent}{key}:")
            lines += part_lines(here, indent + "  ", {}, off=unused)
        if not path:
            lines.append("")
    return lines


def is_nothing(key: str) -> bool:
    """No default, or one in which nothing is set."""
    inside = keys_within(key).values() if "default" in KEYS[key] else ()
    return KEYS[key].get("default") in (None, [], {}) and all(map(is_nothing, inside))


def key_lines(key: str, value, indent: str) -> list[str]:
    """`key: value`, or the key with a line for each of its own keys where that is too long."""
    line = f"{indent}{key}: {flow(value)}"
    if len(line) <= WIDTH or not isinstance(value, dict):
        return [line]
    inside = (f"{indent}  {each}: {flow(inner)}" for each, inner in value.items())
    return [f"{indent}{key}:", *inside]


def flow(value) -> str:
    """A value as YAML on one line."""
    if value is None:
        return ""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(key)}: {flow(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(flow, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, int):
        return f"{value:_}"
    plain = re.fullmatch(r"[^\W\d][\w .…-]*", value)
    return value if plain else json.dumps(value, ensure_ascii=False)


def workbook_to_fill_in():
    """A workbook with a sheet per table: headers explained, lists and ranges laid over the cells."""
    from openpyxl import Workbook

    book = Workbook()
    about = book.active
    about.title = "_about"
    for line in about_lines():
        about.append([line])
    about.column_dimensions["A"].width = 100
    lists = book.create_sheet("_lists")
    for name in DIMENSIONS:
        lists.append([name])
    for table in TABLES.values():
        fill_sheet(book.create_sheet(table.name), table)
    lists.sheet_state = "hidden"
    return book


def about_lines() -> list[str]:
    told = "{0.name}: one row per {0.row}. It tells {0.unlocks}.".format
    return [*WORDS["workbook"].splitlines(), "", *map(told, TABLES.values())]


def fill_sheet(sheet, table: Table) -> None:
    """Header, example row, lists and ranges of one table."""
    from openpyxl.comments import Comment
    from openpyxl.styles import Font, PatternFill
    from openpyxl.utils import get_column_letter

    grey = PatternFill("solid", start_color="E8E8E8")
    for place, column in enumerate(table.columns, 1):
        head = sheet.cell(1, place, column.name)
        head.font = Font(bold=column.required)
        head.comment = Comment(explained(column), "cx", width=320, height=120)
        letter = get_column_letter(place)
        sheet.column_dimensions[letter].width = max(14, len(column.name) + 4)
        if column.kind in ("text", "date"):
            # '@' keeps 007 and 2024-03 from being turned into numbers and dates.
            style = "@" if column.kind == "text" else "yyyy-mm-dd"
            sheet.column_dimensions[letter].number_format = style
        value = f"{EXAMPLE}{column.example}" if place == 1 else column.example
        sheet.cell(2, place, None if value == "" else value).fill = grey
        add_rule(sheet, column, f"{letter}2:{letter}{FILLED_ROWS + 1}")
    sheet.freeze_panes = "A2"


def explained(column: Column) -> str:
    """What a header's note says."""
    said = [column.about.capitalize(), WORDS["kinds"][column.kind]]
    if column.required:
        said.append("must be filled in")
    if column.values:
        said.append("one of " + ", ".join(column.values))
    if column.scale:
        said.append(f"on the {column.scale.replace('_', ' ')} of client.yml")
    elif column.low is not None:
        to = "" if column.high is None else f" to {column.high:g}"
        said.append(f"from {column.low:g}{to}")
    return ". ".join(part[0].upper() + part[1:] for part in said) + "."


def add_rule(sheet, column: Column, cells: str) -> None:
    """A drop-down list or a range over the cells of a column, where the contract has one."""
    from openpyxl.worksheet.datavalidation import DataValidation

    low, high = KEYS[column.scale]["default"] if column.scale else (column.low, column.high)
    words = "yes,no" if column.kind == "yes" else ",".join(column.values)
    if words:
        given = {"type": "list", "formula1": f'"{words}"'}
    elif column.joins == "dimensions":
        given = {"type": "list", "formula1": f"_lists!$A$1:$A${len(DIMENSIONS)}"}
    elif low is not None:
        given = {"type": "decimal", "operator": "greaterThanOrEqual", "formula1": f"{low:g}"}
        given |= {} if high is None else {"operator": "between", "formula2": f"{high:g}"}
    else:
        return
    # A client may have dimensions and a scale of its own: these are only warned of.
    style = "warning" if column.scale or column.joins else "stop"
    rule = DataValidation(**given, allow_blank=True, errorStyle=style)
    rule.error, rule.errorTitle = explained(column)[:255], column.name
    sheet.add_data_validation(rule)
    rule.add(cells)
