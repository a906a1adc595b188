"""The survey tools that are known, and how each lays out its export: read from `tools.toml`."""

import re
import tomllib
from dataclasses import dataclass, field, replace
from pathlib import Path

from cxlib.client.codebook import plain
from cxlib.client.files import is_blank

SIGNS = tomllib.loads(Path(__file__).with_name("tools.toml").read_text(encoding="utf-8"))
IMPORT_ID = re.compile(r"""["']ImportId["']""")
BRACKETED = r"(?P<question>.+?)\s*\[(?P<option>[^\[\]]+)\]"


@dataclass(frozen=True)
class Tool:
    """How one survey tool lays out its export; the fields are explained in `tools.toml`."""

    name: str
    signs: tuple = ()
    row: int = 0
    texts: int = -1
    meta: dict = field(default_factory=dict)
    between: tuple = ()
    option: re.Pattern | None = re.compile(BRACKETED)
    missing: frozenset = frozenset()
    times: re.Pattern | None = None
    blank: bool = False
    over: bool = False
    option_at_end: bool = False
    own_header: bool = False


def tool_from(told: dict, known: dict) -> Tool:
    """One table of `tools.toml`; `like` takes over what another of the tools has."""
    given = dict(told)
    base = known[given.pop("like")] if "like" in given else Tool(given["name"])
    if columns := given.pop("columns", {}):
        given["meta"] = {plain(name): what for what, names in columns.items() for name in names}
    given["signs"] = tuple(frozenset(map(plain, each)) for each in given["signs"])
    for name in {"option", "times"} & set(given):
        given[name] = re.compile(given[name])
    if "missing" in given:
        given["missing"] = frozenset(map(plain, given["missing"]))
    return replace(base, **given)


def tools_known() -> tuple[Tool, ...]:
    """Every layout of every tool, in the order they are looked for."""
    known, first = [], {}
    for told in SIGNS["tool"]:
        tool = tool_from(told, first)
        first.setdefault(tool.name, tool)
        known.append(tool)
    return tuple(known)


KNOWN = tools_known()
PLAIN = Tool("plain", option=None)
TOOLS = tuple(dict.fromkeys([*(tool.name for tool in KNOWN), "spss", "stata", PLAIN.name]))
OPTION_HEADERS = tuple(map(re.compile, SIGNS["plain"]["options"]))
ALONE = frozenset(map(plain, SIGNS["plain"]["alone"]))
ROW_WORDS = {what: re.compile("|".join(words)) for what, words in SIGNS["rows"].items()}


def tool_of(rows: list, asked: str = "") -> tuple[Tool, str]:
    """(tool, how it was told) from a file's first rows, its header leading."""
    if asked == PLAIN.name:
        return PLAIN, "client.yml says that it is a plain table"
    heads = [{plain(cell) for cell in row if not is_blank(cell)} for row in rows]
    for tool in KNOWN:
        if asked and tool.name != asked:
            continue
        for signs in tool.signs:
            first = bool(rows) and not is_blank(rows[0][0]) and plain(rows[0][0]) in signs
            there = tool.row < len(heads) and signs <= heads[tool.row]
            if there and (len(signs) > 1 or first) and (not tool.blank or second_header(rows)):
                return tool, f"its header has {', '.join(sorted(signs))}"
    if asked or any(map(of_import_ids, rows[1:])):  # where columns of the tool's were left out
        found = next((tool for tool in KNOWN if tool.name == (asked or "qualtrics")), PLAIN)
        return found, "client.yml says so" if asked else "it has a row of ImportId"
    if second_header(rows):
        over = replace(PLAIN, over=True, option=re.compile(BRACKETED))
        return over, "it has two header rows, a question over the first of its options"
    return PLAIN, "its header is that of no known tool"


def of_import_ids(row) -> bool:
    """Whether a row is Qualtrics' own of ImportId: each of its cells holds one, not a single answer."""
    told = [str(cell) for cell in row if not is_blank(cell)]
    return bool(told) and all(map(IMPORT_ID.search, told))


def second_header(rows: list) -> bool:
    """Whether the second row is one of headers: it fills what the first leaves blank, in words, and
    is blank under the identifier, or says 'Response' where a question has one column only."""
    if len(rows) < 3:
        return False
    width = max(map(len, rows[:2]))
    first, second = ([*row, *[None] * (width - len(row))] for row in rows[:2])
    words = [cell for cell in second if not is_blank(cell)]
    if not words or any(not isinstance(cell, str) or is_number(cell) for cell in words):
        return False
    filled = sum(is_blank(a) and not is_blank(b) for a, b in zip(first, second, strict=True))
    alone = sum(plain(cell) in ALONE for cell in words)
    named = is_blank(second[0]) and not is_blank(first[0]) and not is_blank(rows[2][0])
    return bool(alone and (filled or named)) or bool(named and filled)


def is_number(text: str) -> bool:
    """Whether a cell of a text file holds a number."""
    return bool(re.fullmatch(r"\s*[-+]?[\d.,]+\s*", text))
