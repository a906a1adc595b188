"""Several answers to one question: options ticked in one cell, or in a column each.

Either way one cell results, `;` between the options, in the order of the file. An option may hold
the tool's own mark: parts that never come without each other are one option, and cells that are a
few whole texts are a single choice.
"""

import itertools
import re
from collections import Counter

import numpy as np
import pandas as pd

from cxlib.client import cells
from cxlib.client.cells import is_blank
from cxlib.client.codebook import plain
from cxlib.client.strays import coded
from cxlib.client.tools import OPTION_HEADERS, PLAIN, SIGNS, Tool

OPEN_TEXT = " (text)"  # what a column of typed-in text is named, behind its question's name
TICKED, NOT_TICKED = (set(SIGNS["plain"][name]) for name in ("ticked", "not_ticked"))
OTHER = re.compile("|".join(SIGNS["plain"]["other"]), re.IGNORECASE)
LONGEST = 80  # signs of an option; what is longer is a text
RECURRING = 0.7  # share of parts that come again, from which they are options and not sentences
NEEDED = 3  # times that parts must have come together, and never apart, to be one option


# A column for each option


def one_cell_each(frame, there, columns, texts: dict, tool: Tool):
    """Questions of which each option has a column, in one column with `;` between.

    `there`: the rows that count; they decide what is a question of several options. In a plain
    table the options' own columns stay beside it, since a codebook may name them.
    """
    for question, options in option_groups(frame, columns, texts, tool).items():
        known = {name: text for name, text in options.items() if not OTHER.search(text)}
        if len(known) < 2 or not ticked_or_not(there, known):
            continue
        said_again = tool.name == "kobo" and question in frame.columns
        if said_again:
            frame, columns = frame.drop(columns=question), columns.drop(question)
        title = question
        while title in frame.columns:
            title += " [2]"
        first, names = frame.columns.get_loc(next(iter(options))), list(options)
        joined = joined_options(frame, options)
        if tool.name == PLAIN.name and not tool.over:
            columns = columns.copy()
            columns.loc[names, "role"] = f"option of {title}"
        else:
            frame, columns = frame.drop(columns=names), columns.drop(names)
            texts = {name: text for name, text in texts.items() if name not in options}
        frame = frame.copy()
        frame.insert(first, title, joined)
        columns.loc[title] = ["multiple", "", "", 0]
        columns = columns.loc[list(frame.columns)]
        texts[title] = texts.get(question, question)
    return frame, columns, texts


def option_groups(frame, columns, texts: dict, tool: Tool) -> dict:
    """{question: {column: what the option says}} of columns whose headers make them one question."""
    single = columns.index[columns["kind"] == "single"]
    if tool.own_header:
        return own_header_groups(frame, list(frame.columns), set(single))
    groups: dict = {}
    for name in single:
        patterns = (tool.option,) if tool.option else OPTION_HEADERS
        match = next(filter(None, (each.fullmatch(name) for each in patterns)), None)
        if match:
            said = option_text(name, match["option"].strip(), texts, tool)
            groups.setdefault(match["question"].strip(), {})[name] = said
    return groups


def own_header_groups(frame, names: list, single: set) -> dict:
    """Columns beside each other of which each holds nothing but its own header: one question."""
    groups, run = {}, []
    for name in [*names, None]:
        given = {coded(v) for v in frame[name].dropna().unique() if coded(v)} if name else set()
        head = re.sub(r" \[\d+\]$", "", name or "")
        if name in single and given == {plain(head)}:
            run.append((name, head))
            continue
        if len(run) > 1:
            groups[" / ".join(head for _, head in run)] = dict(run)
        run = []
    return groups


def option_text(name: str, option: str, texts: dict, tool: Tool) -> str:
    """What an option says: with some tools it stands at the end of the question's text."""
    if not tool.option_at_end:
        return option
    return re.split(r"\s+-\s+|(?<=\?)-", texts.get(name, option))[-1]


def ticked_or_not(frame, options: dict) -> bool:
    """True where every column holds one thing, its own tick, or nothing: options, not a matrix."""
    marks = []
    for name, option in options.items():
        words = {coded(value) for value in frame[name].dropna().unique()} - NOT_TICKED
        if len(words) > 1 or not all(w in TICKED | {plain(option)} or w.isdigit() for w in words):
            return False
        marks += words
    numbers = [int(mark) for mark in marks if mark.isdigit()]
    counted = len(numbers) > 1 and all(a < b for a, b in itertools.pairwise(numbers))
    rest = all(mark in TICKED or not mark.isdigit() for mark in marks)
    return bool(marks) and (rest or counted) and any(left_open(frame[name]) for name in options)


def left_open(column: pd.Series) -> bool:
    """True where somebody did not tick: a cell is blank, or says no."""
    said = {coded(value) for value in column.dropna().unique()}
    return bool(column.isna().any() or said & NOT_TICKED)


def joined_options(frame, options: dict) -> pd.Series:
    """The options that each person ticked, `;` between; what was typed under 'other' as it is."""

    def said(row):
        ticks = []
        for name, option in options.items():
            word = "" if is_blank(row[name]) else coded(row[name])
            if word and word not in NOT_TICKED:
                typed = OTHER.search(option) and word not in TICKED
                ticks.append(cells.as_text(row[name]) if typed else option.replace(";", ","))
        return ";".join(ticks) or None

    return frame[list(options)].apply(said, axis=1).astype("str")


# All in one cell


def split_cells(frame, there, columns, tool: Tool):
    """Options ticked in one cell, `;` between; rankings in order; typed-in text in its own column."""
    if not tool.between:
        return frame, columns
    for name in list(columns.index[columns["kind"] == "single"]):
        given = cells.texts(there[name])[0].dropna()
        kind, cut = cut_of(given, frame, tool)
        if tool.name == "wjx" and given.str.contains("〖", regex=False).any():
            frame, columns = typed_apart(frame, columns, name)
        if cut:
            text = cells.texts(frame[name])[0]  # Excel holds a single code as a number
            frame = frame.assign(**{name: text.map(cut, na_action="ignore").astype("str")})
            columns.loc[name, "kind"] = kind
    return frame, columns


def cut_of(given: pd.Series, frame, tool: Tool):
    """(kind, what makes `a;b` of a cell) of one column's texts; ("", None) for anything else."""
    for mark, rule in tool.between:
        joins: dict | None = {}
        if not given.str.contains(mark, regex=False).any():
            continue
        if rule == "codes" and not numbers_listed(given, comma_decimals(frame)):
            continue
        if rule == "options" and (joins := recurring_options(given, mark)) is None:
            continue
        if rule != "combined":
            return "ranking" if rule == "ranking" else "multiple", cutter(mark, joins)
    return "", None


def cutter(mark: str, joins: dict):
    """What cuts a cell at a mark and puts the parts of one option together again."""
    return lambda cell: ";".join(part.replace(";", ",") for part in parts_of(cell, mark, joins))


def parts_of(cell: str, mark: str, joins: dict) -> list[str]:
    """The options in one cell; `joins`: {part: the part behind it that belongs to it}."""
    parts = []
    for piece in cell.split(mark):
        if not piece.strip():
            continue
        if parts and joins.get(parts[-1][-1].strip()) == piece.strip():
            parts[-1].append(piece)
        else:
            parts.append([piece])
    return [mark.join(each).strip() for each in parts]


def recurring_options(given: pd.Series, mark: str) -> dict | None:
    """The parts of cells that are one option, {part: the next}, where cells list options.

    None where they are sentences, or a few whole texts of which each is one answer.
    """
    counts = given.value_counts()
    if not counts.index.str.contains(r"[^\W\d]", regex=True).any():
        return None  # numbers: codes, or decimals
    joins = belonging(counts, mark)
    cut = {cell: parts_of(cell, mark, joins) for cell in counts.index}
    if all(len(parts) < 2 for parts in cut.values()):
        ends = counts.index.str.rstrip().str.endswith(";")  # `Web;` is one option of several
        return joins if mark.strip() == ";" and ends.all() else None
    often = Counter()
    for cell, count in counts.items():
        often.update(dict.fromkeys(cut[cell], int(count)))
    again = sum(count for count in often.values() if count > 1) / often.total()
    longest = max((len(part) for part, count in often.items() if count > 1), default=0)
    if again < RECURRING or longest > LONGEST:
        return None
    whole = counts.index[counts > 1]
    alone = {parts[0] for parts in cut.values() if len(parts) == 1}
    several = {part for parts in cut.values() if len(parts) > 1 for part in parts}
    few = len(cut) <= len(often) and len(whole) == len(cut) and not alone & several
    return None if few else joins


def belonging(counts: pd.Series, mark: str) -> dict:
    """{part: the part behind it} of those that never come without each other.

    Where other options begin with a capital, a part that does not, and always stands behind the
    same one, belongs to it however seldom it comes.
    """
    alone, pairs, first = Counter(), Counter(), Counter()
    before: dict = {}
    for cell, count in counts.items():
        parts = [part.strip() for part in cell.split(mark) if part.strip()]
        alone.update(dict.fromkeys(parts, int(count)))
        first.update(dict.fromkeys(parts[:1], int(count)))
        for a, b in itertools.pairwise(parts):
            pairs[a, b] += int(count)
            before.setdefault(b, set()).add(a)
    capitals = np.mean([part[:1].isupper() for part in first]) if first else 0
    joins = {a: b for (a, b), n in pairs.items() if n >= NEEDED and n == alone[a] == alone[b]}
    for part, ahead in before.items():
        if capitals > 0.9 and part[:1].islower() and part not in first and len(ahead) == 1:
            joins.setdefault(next(iter(ahead)), part)
    return joins


def numbers_listed(given: pd.Series, decimals: bool) -> bool:
    """True for `1,4`: codes of options, rising, at least one cell with several.

    Where the file writes its decimals with a comma, only `1,2,3` is surely no decimal.
    """
    several = given[given.str.contains(",", regex=False)]
    if not len(several) or not given.str.fullmatch(r"\s*\d{1,3}(\s*,\s*\d{1,3})*\s*").all():
        return False
    codes = several.str.split(",").map(lambda parts: [int(part) for part in parts])
    rising = all(sorted(set(each)) == each for each in codes)
    return rising and (not decimals or codes.str.len().max() > 2)


def comma_decimals(frame) -> bool:
    """True where the file's own places are written 47,115: the comma is its decimal mark."""
    place = frame.get("LocationLatitude")
    return place is not None and bool(place.dropna().astype("str").str.match(r"-?\d+,\d+").any())


def typed_apart(frame, columns, name: str):
    """〖what was typed〗 beside an option, in a column of its own behind the question's."""
    text = cells.texts(frame[name])[0]
    typed = text.fillna("").str.findall(r"〖\s*([^〗]*?)\s*〗").str.join(";")
    bare = text.str.replace(r"〖[^〗]*〗", "", regex=True)
    only = (bare == "") & (typed != "")  # a question of several blanks: the text is the answer
    frame = frame.assign(**{name: bare.mask(only, typed)})
    column = name + OPEN_TEXT
    frame.insert(frame.columns.get_loc(name) + 1, column, typed.mask(only | (typed == "")))
    columns = columns.copy()
    columns.loc[column] = ["text", "", "", 0]
    return frame, columns.loc[list(frame.columns)]
