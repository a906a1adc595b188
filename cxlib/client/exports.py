"""What survey tools export, read to one clean table: a column per question, a row per person.

A tool is described as data (`TOOLS`): how many header rows, which columns are its own, what it puts
between ticked options, what it writes for no answer. One set of functions applies a description.
The tool is told from the file's own headers; `survey.tool` in client.yml overrides it. A file of
no known tool is read as it stands.

The clean table is the same whichever tool it comes from:
- a question's column is named as in the file, without line breaks, the second of a name `… [2]`;
- options ticked in one question stand in one cell, `;` between, in the order of the file;
- what a person typed beside an option stands in a column of its own, `… (text)`;
- a code for "not asked" or "not answered" is blank, and counted;
- previews, tests, unfinished answers, repeated headers, totals beneath the table and answers that
  one respondent gave twice are left out, each with a line.

Files of statistics packages (SPSS, Stata): they carry labels, wordings and codes for no answer.
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from cxlib.client import cells, files, strays
from cxlib.client.cells import is_blank
from cxlib.client.codebook import plain
from cxlib.client.files import PACKAGES, Raw
from cxlib.client.long import turned_wide
from cxlib.client.problems import first_few, readable, refusal
from cxlib.client.ticked import one_cell_each, split_cells
from cxlib.client.tools import ALONE, PLAIN, Tool, of_import_ids, tool_of
from cxlib.client.workbooks import check_merged, numbered

LINE = ["row", "column", "value", "reason"]
HTML = re.compile(r"<[^<>]*>|&nbsp;")


@dataclass(frozen=True)
class Export:
    """One survey file, clean.

    tool       key of the tool that wrote it
    how        what gave the tool away, as a sentence
    raw        every row that is not a header, numbered as in the file; labels and wordings
    columns    one row per column: kind (meta, single, multiple, ranking, text), role (of meta:
               respondent, seconds, start …), missing (codes that were blanked, `;` between),
               blanked (how many cells)
    rejected   one line per row that goes no further: row, column, value, reason
    seconds    how long each answer took; blank = not known
    warnings   sentences on what could not be made sure of
    """

    tool: str
    how: str
    raw: files.Raw
    columns: pd.DataFrame
    rejected: pd.DataFrame
    seconds: pd.Series
    warnings: tuple = ()

    @property
    def frame(self) -> pd.DataFrame:
        """The rows that count."""
        return self.raw.frame.drop(index=self.rejected["row"].unique(), errors="ignore")

    @property
    def left_out(self) -> str:
        """'5 rows: a preview or test, not an answer (4), not finished (1)'; '' where none is."""
        often = self.rejected.drop_duplicates("row")["reason"].value_counts(sort=False)
        why = ", ".join(f"{reason} ({count:,})" for reason, count in often.items())
        rows = "1 row" if often.sum() == 1 else f"{often.sum():,} rows"
        return f"{rows}: {why}" if len(often) else ""

    @property
    def notes(self) -> list[str]:
        """What of the file was read, what was left out and why, and what could not be made sure of."""
        left = f"Rows left out: {self.left_out}." if self.left_out else "No row is left out."
        return [left, *self.raw.notes, *(f"Look: {each}." for each in self.warnings)]

    def check_answers(self) -> None:
        """Refuse a file of which no row is an answer. Raises ClientError."""
        rows, lines = len(self.raw.frame), self.rejected
        if len(self.frame):
            return
        if not rows:
            raise refusal(self.raw.shown, "header_alone")
        trials = lines["reason"].str.contains("preview or test").all()
        said = first_few(f"{v} ({n:,})" for v, n in lines["value"].value_counts().items())
        which = f"previews or tests: {said}" if trials else f"left out: {self.left_out}"
        raise refusal(self.raw.shown, "no_answers", all=rows, which=which)

    @property
    def questions(self) -> list[str]:
        """Columns that people answered, in the order of the file."""
        return list(self.columns.index[self.columns["kind"] != "meta"])


def read_export(path, tool: str = "", respondent: str = "", long: tuple = (), **how) -> Export:
    """A survey file, clean, whichever tool wrote it. Raises ClientError.

    `tool` is one of `TOOLS`; "" finds it out from the file's own headers. `respondent` is the column
    that names the respondent, where the tool's own is not it; `long`, of a file with one row per
    answer, the columns that say who answered, what, and how. `how` it is written: sheet, encoding,
    delimiter, decimal, as `files.read_file` takes them.

    >>> read_export("data/sfo/sfo.csv").tool
    'plain'
    """
    path = Path(path)
    shown = files.shown_name(path, how.get("sheet", ""))
    if long:
        raw, lines = turned_wide(files.read_file(path, **how), long)
        found = as_it_stands(raw, long[0])
        rejected = pd.concat([rejected_lines(lines), found.rejected], ignore_index=True)
        return replace(found, how="client.yml says that a row is an answer", rejected=rejected)
    with files.opened_file(path, shown) as inner:
        ending = inner.suffix.lower()
        if ending in files.PACKAGES and tool in ("", files.PACKAGES[ending].lower()):
            return of_package(inner, shown, how.get("encoding", ""), respondent)
        if ending in (*files.PACKAGES, ".parquet"):
            raw = files.read_file(inner, **how)
            return as_it_stands(replace(raw, shown=shown), respondent)
        cut = (grid := files.read_grid(inner, shown, **how)).ragged and cut_short(inner)
    found, told = tool_of(grid.rows[:3], tool)
    check_merged(grid.merged, grid.before + (2 if found.over else 0), shown)
    if found is not PLAIN:
        return replace(clean_export(found, grid, cut, respondent), how=told)
    raw = files.Raw(shown, files.under_header(grid), **grid.known)
    return replace(as_it_stands(raw, respondent), how=told)


def as_it_stands(raw: files.Raw, respondent: str = "") -> Export:
    """A table that no tool has left its marks on, less the rows that are nobody's answers."""
    columns = described(raw.frame.columns)
    columns["role"] = [strays.content_of(raw.frame[name]) for name in raw.frame.columns]
    found = without_strays(PLAIN, raw, columns, [list(raw.frame.columns)], respondent)
    return replace(found, warnings=doubtful_second(raw.frame))


def of_package(path: Path, shown: str, encoding: str, respondent: str) -> Export:
    """A file of SPSS or Stata: codes for no answer blanked and counted, response sets joined."""
    raw, missing, sets = read_labelled(path, shown, encoding)
    columns = described(raw.frame.columns)
    for name, (codes, count) in missing.items():
        columns.loc[name, ["missing", "blanked"]] = [codes, count]
    for title, members in sets.items():
        columns.loc[title, "kind"] = "multiple"
        columns.loc[members, "role"] = f"option of {title}"
    lines = strays.copied_rows(raw.frame, respondent, [n for n in raw.frame if n != respondent])
    seconds = pd.Series(np.nan, index=raw.frame.index)
    kind = files.PACKAGES[path.suffix.lower()]
    found = rejected_lines(lines)
    return Export(kind.lower(), f"it is a file of {kind}", raw, columns, found, seconds)


def doubtful_second(frame: pd.DataFrame) -> tuple:
    """A warning where the first row beneath the header has no identifier, and all others have one."""
    if len(frame) < 3 or not is_blank(frame.iloc[0, 0]) or frame.iloc[1:, 0].map(is_blank).any():
        return ()
    row, name = frame.index[0], frame.columns[0]
    return (f"has no '{name}' in row {row} alone: is that row a second header?",)


def described(names) -> pd.DataFrame:
    """`Export.columns` of columns of which nothing is known yet."""
    columns = pd.DataFrame({"kind": "single", "role": "", "missing": "", "blanked": 0}, index=names)
    return columns.rename_axis("column")


def rejected_lines(lines: list) -> pd.DataFrame:
    """`Export.rejected` of (row, column, value, reason)."""
    return pd.DataFrame(lines, columns=LINE)


def heads_of(grid: files.Grid, count: int) -> list[list[str]]:
    """The first rows as texts, all of one width, without the blank columns at the end."""
    heads = [[tidy(cell) for cell in row] for row in grid.rows[:count]]
    width = max((n + 1 for head in heads for n, cell in enumerate(head) if cell), default=0)
    return [(head + [""] * width)[:width] for head in heads]


def tidy(cell) -> str:
    """A header without line breaks, markup and doubled blanks."""
    return "" if is_blank(cell) else " ".join(HTML.sub(" ", str(cell)).split())


def cut_short(path: Path) -> bool:
    """True where a file does not end with a line break, as these tools end theirs."""
    with path.open("rb") as file:
        file.seek(-2, 2)
        return b"\n" not in file.read() and path.stat().st_size > 2


def clean_export(tool: Tool, grid: files.Grid, cut: bool, respondent: str) -> Export:
    """Apply a tool's description to the rows of its file."""
    names, texts, count = headers_of(tool, grid)
    frame = files.under_header(grid, names, count)
    if not len(frame):
        raise refusal(grid.shown, "header_cut_off")
    columns = described(frame.columns)
    if tool.name == PLAIN.name:
        columns["role"] = [strays.content_of(frame[name]) for name in frame.columns]
    else:
        columns["role"] = [tool.meta.get(plain(name), "") for name in names]
    times = [n for n in frame.columns if tool.times and tool.times.search(n)]
    columns.loc[[*columns.index[columns["role"] != ""], *times], "kind"] = "meta"
    wordings = {n: text for n, text in zip(frame.columns, texts, strict=True) if text}
    raw = files.Raw(grid.shown, frame, wordings=wordings, **grid.known)
    found = without_strays(tool, raw, columns, heads_of(grid, count), respondent)
    said = f"does not end with a line break: row {found.raw.frame.index[-1:].max()} may be cut off"
    return replace(found, warnings=(*found.warnings, *([said] if cut else [])))


def without_strays(tool: Tool, raw: files.Raw, columns, headers: list, respondent: str) -> Export:
    """A table under its header without the rows that are nobody's answers, its options joined.

    `columns`: as in `Export`, kind and role known; `headers`: rows that may come again.
    """
    lines = strays.repeated_headers(raw.frame, headers, tidy)
    lines += strays.summary_lines(raw.frame.drop(index=[line[0] for line in lines]))
    frame, columns = blanked(raw.frame, columns, tool)
    lines += strays.trial_rows(frame, columns, lines)
    there = frame.drop(index=[line[0] for line in lines])
    roles = [strays.column_of(columns, each) for each in ("respondent", "identifier")]
    named = next(filter(None, [respondent, *roles]), "")
    asked = [name for name in columns.index[columns["kind"] != "meta"] if name != named]
    lines += strays.copied_rows(there, named, asked)
    there = frame.drop(index=[line[0] for line in lines])
    texts = dict(raw.wordings)
    if frame.columns.is_unique and len(there):
        frame, columns, texts = one_cell_each(frame, there, columns, texts, tool)
    frame, columns = split_cells(frame, there, columns, tool)
    seconds, warnings = strays.seconds_of(frame, columns), strays.unclear_rows(frame, columns)
    known = {name: text for name, text in texts.items() if text != name}
    raw, rejected = replace(raw, frame=frame, wordings=known), rejected_lines([*lines, *raw.apart])
    return Export(tool.name, "", raw, columns, rejected, seconds, warnings)


def headers_of(tool: Tool, grid: files.Grid) -> tuple[list, list, int]:
    """(names, questions' texts, number of header rows) of a tool's file."""
    count = header_rows(tool, heads_of(grid, 3))
    heads = heads_of(grid, count)
    if tool.over and count == 2:
        check_questions(*heads, grid.shown)
        names = option_headers(*heads)
        return names, names, count
    names, texts = heads[0], heads[tool.texts if 0 < tool.texts < count else 0]
    if of_import_ids(texts):  # the row of texts was deleted
        texts = names
    if tool.row:  # V1 … V10 say nothing; their texts are the names
        own = [bool(re.fullmatch(r"V\d+", name)) for name in names]
        names = [t if v else n for n, t, v in zip(names, texts, own, strict=True)]
    return names, texts, count


def header_rows(tool: Tool, heads: list) -> int:
    """How many header rows there are: those of the tool, unless somebody took some out."""
    who = [n for n, name in enumerate(heads[0]) if tool.meta.get(plain(name)) == "respondent"]
    if tool.over:
        return 2 if len(heads) > 1 and not any(heads[1][n] for n in who) else 1
    count = tool.row + 1
    if tool.texts >= count and len(heads) > tool.texts and not is_dated(heads, tool):
        count = tool.texts + 1
    return count + any(map(of_import_ids, heads[count:]))


def check_questions(questions: list, options: list, shown: str) -> None:
    """Refuse a file whose columns were moved: a question stands only over its first option."""
    lost = [n for n, text in enumerate(options, 1) if plain(text) in ALONE and not questions[n - 1]]
    if lost or not questions[0]:
        places = ", ".join(f"column {n}" for n in lost or [1])
        raise refusal(shown, "columns_moved", value=places)


def is_dated(heads: list, tool: Tool) -> bool:
    """True where the row of texts is missing, and answers stand in its place."""
    dates = [n for n, name in enumerate(heads[0]) if tool.meta.get(plain(name)) in ("start", "end")]
    return any(re.match(r"\d+[-/.]\d+", heads[tool.texts][n]) for n in dates)


def option_headers(questions: list, options: list) -> list[str]:
    """'question [option]' where a question stands over several columns, only over the first."""
    names, question = [], ""
    for place, option in enumerate(options):
        question = questions[place] or question
        alone = not option or plain(option) in ALONE
        names.append(question if alone else f"{question} [{option}]")
    return names


def blanked(frame, columns, tool: Tool):
    """Cells that say that there is no answer, blank; which codes, and how many, in `columns`."""
    if not tool.missing:
        return frame, columns
    frame, columns = frame.copy(), columns.copy()
    for name in columns.index[columns["kind"] != "meta"]:
        given = frame[name].dropna().unique()
        codes = [code for code in given if strays.coded(code) in tool.missing]
        if codes:
            none = frame[name].isin(codes)
            frame[name] = frame[name].mask(none)
            columns.loc[name, "missing"] = ";".join(sorted(cells.as_text(code) for code in codes))
            columns.loc[name, "blanked"] = int(none.sum())
    return frame, columns


# Files of statistics packages


def read_labelled(path: Path, shown: str, encoding: str = "") -> tuple[Raw, dict, dict]:
    """(raw table, {column: (codes for no answer, cells blanked)}, {set: its columns}).

    User-missing values (Stata's .a to .z too) are blanked and counted. A multiple-response set is
    one more column, named as in SPSS without its `$`; its own columns stay.
    """
    import pyreadstat

    ending, reader = path.suffix.lower(), {".dta": pyreadstat.read_dta, ".por": pyreadstat.read_por}
    options = {"encoding": encoding or None, "user_missing": True} if ending != ".por" else {}
    with readable(shown, PACKAGES[ending], "unreadable_labelled"):
        frame, about = reader.get(ending, pyreadstat.read_sav)(path, **options)
    frame = numbered(frame, shown)
    labels = {name: dict(found) for name, found in about.variable_value_labels.items()}
    wordings = {name: text for name, text in about.column_names_to_labels.items() if text}
    missing = {}
    for name, ranges in about.missing_ranges.items():
        none = in_ranges(frame[name], ranges)
        missing[name] = declared_codes(frame.loc[none, name], ranges), int(none.sum())
        frame[name] = frame[name].mask(none)
    for name, codes in (about.missing_user_values or {}).items():
        none = frame[name].isin(codes)
        missing[name] = ";".join(sorted(map(str, codes))), int(none.sum())
        rest = frame[name].mask(none)
        number = pd.to_numeric(rest, errors="coerce")
        frame[name] = number if number.notna().sum() == rest.notna().sum() else rest
    sets = {}
    for name, found in about.mr_sets.items():
        title = name.removeprefix("$")
        frame[title] = response_set(frame, found, labels, wordings)
        sets[title] = list(found["variable_list"])
        wordings[title] = found["label"] or title
    return Raw(shown, frame, labels=labels, wordings=wordings), missing, sets


def declared_codes(found: pd.Series, ranges: list) -> str:
    """The codes for no answer that occur, `;` between; where none does, those that are declared."""
    codes = sorted(cells.as_text(value) for value in found.unique())
    declared = sorted({cells.as_text(each["lo"]) for each in ranges if each["lo"] == each["hi"]})
    return ";".join(codes or declared)


def in_ranges(column: pd.Series, ranges: list) -> pd.Series:
    """True for cells that SPSS counts as missing though they hold something."""
    none = pd.Series(False, index=column.index)
    for each in ranges:
        none |= column.between(each["lo"], each["hi"]).fillna(False).astype(bool)
    return none


def response_set(frame, found: dict, labels: dict, wordings: dict) -> pd.Series:
    """The options of one multiple-response set that each person chose, `;` between."""
    members = found["variable_list"]

    def said(row):
        if found["is_dichotomy"]:
            counted = cells.as_text(found["counted_value"])
            chosen = [wordings.get(n, n) for n in members if cells.as_text(row[n]) == counted]
        else:
            given = [(n, row[n]) for n in members if not is_blank(row[n])]
            chosen = [str(labels.get(n, {}).get(v, cells.as_text(v))) for n, v in given]
        return ";".join(dict.fromkeys(chosen)) or None

    return frame[members].apply(said, axis=1).astype("str") if len(frame) else np.nan
