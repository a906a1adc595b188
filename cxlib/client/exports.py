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
- previews, tests, unfinished answers and repeated headers are left out, each with a line.
"""

import itertools
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd

from cxlib.client import cells
from cxlib.client.codebook import plain
from cxlib.client.files import (
    TEXTS,
    Raw,
    check_file,
    check_widths,
    csv_rows,
    fitted,
    is_blank,
    numbered,
    read_file,
    readable,
    refused,
    sheet_rows,
    shown_name,
    under_header,
    unique_names,
)
from cxlib.client.problems import first_few

OPEN_TEXT = " (text)"  # what a column of typed-in text is named, behind its question's name
LINE = ["row", "column", "value", "reason"]
TICKED = {"1", "y", "yes", "true", "是", "예", "checked", "selected"}
NOT_TICKED = {"", "0", "n", "no", "false", "否", "아니오", "not selected"}
OTHER = re.compile(r"\bother\b|其他|其它|기타", re.IGNORECASE)
BRACKETED = re.compile(r"(?P<question>.+?)\s*\[(?P<option>[^\[\]]+)\]")
HTML = re.compile(r"<[^<>]*>|&nbsp;")


@dataclass(frozen=True)
class Tool:
    """How one survey tool lays out its export.

    signs     headers (plain) that together give the tool away; several sets for several layouts
    row       header row that they stand in, the first being 0
    texts     header row with the questions' texts, where it is not the first; -1: none
    meta      {plain header: what it is}; "" is of no further use
    between   what stands between options ticked in one cell
    option    pattern of the header of a column that holds one option, or one row of a matrix
    missing   answers that say that there is none
    """

    name: str
    title: str
    signs: tuple = ()
    row: int = 0
    texts: int = -1
    meta: dict = field(default_factory=dict)
    between: str = ""
    option: re.Pattern = BRACKETED
    missing: frozenset = frozenset()


def own(**columns) -> dict:
    """{plain header: what it is} of {what it is: headers}."""
    return {plain(header): what for what, headers in columns.items() for header in headers}


QUALTRICS_OWN = own(
    start=["StartDate"],
    end=["EndDate"],
    status=["Status"],
    seconds=["Duration (in seconds)"],
    finished=["Finished"],
    respondent=["ResponseId"],
    other=[
        "IPAddress", "Progress", "RecordedDate", "RecipientLastName", "RecipientFirstName",
        "RecipientEmail", "ExternalReference", "ExternalDataReference", "LocationLatitude",
        "LocationLongitude", "LocationAccuracy", "DistributionChannel", "UserLanguage",
        "ResponseSet", "Name", "EmailAddress", "Q_RecaptchaScore",
    ],
)  # fmt: skip

# Qualtrics: "Understanding Your Dataset", qualtrics.com/support (three header rows: ID, text,
# ImportId; legacy files two, the first ten columns V1–V10).
QUALTRICS = Tool(
    "qualtrics",
    "Qualtrics",
    ({"startdate", "enddate", "finished", "responseid"},),
    texts=1,
    meta=QUALTRICS_OWN,
    between=",",
    option=re.compile(r"(?P<question>.+?)_(?P<option>\d+)"),
)
QUALTRICS_LEGACY = replace(
    QUALTRICS, signs=({"responseid", "responseset", "startdate", "finished"},), row=1
)
# 问卷星: six columns of its own; ┋ between options, → in a ranking, 〖〗 round typed-in text; in
# files of codes −3 skipped, −2 missing, in files of texts (跳过) and (空).
WJX = Tool(
    "wjx",
    "问卷星 (wjx)",
    ({"序号", "提交答卷时间", "所用时间"},),
    meta=own(
        respondent=["序号"],
        end=["提交答卷时间"],
        seconds=["所用时间"],
        other=["来源", "来源详情", "来自IP", "总分"],
    ),
    between="┋",
    option=re.compile(r"(?P<question>第?\d+[、.题].*?)\s*[(（](?P<option>[^()（）]+)[)）]"),
    missing=frozenset({"-3", "-2", "(跳过)", "(空)", "(跳過)"}),
)
# LimeSurvey: "Exporting results", manual.limesurvey.org (headings as codes or as full texts;
# N/A where a question was not shown; submitdate blank until submitted).
LIMESURVEY = Tool(
    "limesurvey",
    "LimeSurvey",
    (
        {"id", "submitdate", "lastpage", "startlanguage"},
        {"response id", "date submitted", "last page", "start language"},
    ),
    meta=own(
        respondent=["id", "Response ID"],
        submitted=["submitdate", "Date submitted"],
        start=["startdate", "Date started"],
        end=["datestamp", "Date last action"],
        seconds=["interviewtime", "Total time"],
        other=[
            "lastpage", "Last page", "startlanguage", "Start language", "seed", "Seed", "token",
            "Token", "Access code", "ipaddr", "IP address", "refurl", "Referrer URL",
        ],
    ),
    missing=frozenset({"n/a"}),
)  # fmt: skip
# SurveyMonkey: "Exporting survey results", help.surveymonkey.com (two header rows: question, then
# option; the question only over its first option; no column says whether an answer is complete).
SURVEYMONKEY = Tool(
    "surveymonkey",
    "SurveyMonkey",
    ({"respondent id", "collector id"},),
    meta=own(
        respondent=["Respondent ID"],
        start=["Start Date", "Date Created"],
        end=["End Date", "Date Modified"],
        other=[
            "Collector ID", "IP Address", "Email Address", "First Name", "Last Name",
            "Custom Data 1", "Custom Data",
        ],
    ),
)  # fmt: skip
# Google Forms: "View & manage form responses", support.google.com/docs (Timestamp first, in the
# form's language; `, ` between options in Sheets, `;` in the CSV; a grid's row in brackets).
GOOGLE = Tool(
    "google_forms",
    "Google Forms",
    tuple(
        {plain(word)}
        for word in (
            "Timestamp", "时间戳记", "时间戳", "時間戳記", "타임스탬프", "タイムスタンプ",
            "Zeitstempel", "Horodateur", "Marca temporal", "Carimbo de data/hora",
        )
    ),
    meta=own(
        end=[
            "Timestamp", "时间戳记", "时间戳", "時間戳記", "타임스탬프", "タイムスタンプ",
            "Zeitstempel", "Horodateur", "Marca temporal", "Carimbo de data/hora",
        ],
        other=["Email Address", "Username", "Score", "电子邮件地址", "이메일 주소", "總分", "점수"],
    ),
    between=",;",
)  # fmt: skip
SPSS = Tool("spss", "SPSS")
PLAIN = Tool("plain", "a plain table")
KNOWN = (QUALTRICS, QUALTRICS_LEGACY, WJX, LIMESURVEY, SURVEYMONKEY, GOOGLE)
TOOLS = tuple(dict.fromkeys(tool.name for tool in (*KNOWN, SPSS, PLAIN)))
# Qualtrics' Status as a number: 1 preview, 2 test, 9 and 17 previews marked as spam or offline.
NO_ANSWERS = {"1", "2", "9", "17"}
TRIAL = re.compile(r"preview|test", re.IGNORECASE)


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
    raw: Raw
    columns: pd.DataFrame
    rejected: pd.DataFrame
    seconds: pd.Series
    warnings: tuple = ()

    @property
    def frame(self) -> pd.DataFrame:
        """The rows that count."""
        return self.raw.frame.drop(index=self.rejected["row"].unique())

    @property
    def questions(self) -> list[str]:
        """Columns that people answered, in the order of the file."""
        return list(self.columns.index[self.columns["kind"] != "meta"])


def read_export(
    path,
    tool: str = "",
    sheet: str = "",
    encoding: str = "",
    delimiter: str = "",
    decimal: str = "",
) -> Export:
    """A survey file, clean, whichever tool wrote it. Raises ClientError.

    `tool` is one of `TOOLS`; "" finds it out from the file's own headers.

    >>> read_export("data/sfo/sfo.csv").tool
    'plain'
    """
    path = Path(path)
    shown = shown_name(path, sheet)
    check_file(path, shown)
    if path.suffix.lower() == ".sav" and tool in ("", "spss"):
        return read_spss(path, shown, encoding)
    if path.suffix.lower() in (".sav", ".parquet"):
        return as_it_stands(read_file(path, sheet, encoding, delimiter, decimal))
    skipped, ragged = 0, path.suffix.lower() in TEXTS
    if ragged:
        rows, delimiter, skipped = csv_rows(path, shown, encoding, delimiter)
    else:
        rows = sheet_rows(path, shown, sheet)
    blank = next((place for place, row in enumerate(rows) if not all(map(is_blank, row))), 0)
    found, how = tool_of(rows[blank : blank + 3], tool)
    if found is PLAIN:
        raw = Raw(shown, under_header(rows, shown, skipped, ragged), delimiter, decimal)
        return replace(as_it_stands(raw), how=how)
    grid = Grid(rows[blank:], blank + skipped, shown, ragged)
    cut = ragged and cut_short(path)
    return clean_export(found, how, grid, Raw(shown, pd.DataFrame(), delimiter, decimal), cut)


def tool_of(rows: list, asked: str = "") -> tuple[Tool, str]:
    """(tool, how it was told) from a file's first rows."""
    if asked == PLAIN.name:
        return PLAIN, "client.yml says that it is a plain table"
    heads = [{plain(cell) for cell in row if not is_blank(cell)} for row in rows]
    for tool in KNOWN:
        if asked and tool.name != asked:
            continue
        for signs in tool.signs:
            first = bool(rows) and not is_blank(rows[0][0]) and plain(rows[0][0]) in signs
            there = tool.row < len(heads) and signs <= heads[tool.row]
            if there and (len(signs) > 1 or first):
                return tool, f"its header has {', '.join(sorted(signs))}"
    chosen = next((tool for tool in KNOWN if tool.name == asked), PLAIN)
    how = "client.yml says so" if asked else "its header is that of no known tool"
    return chosen, how


def as_it_stands(raw: Raw) -> Export:
    """A table that no tool has left its marks on; a header that is repeated is left out."""
    columns = described(raw.frame.columns)
    lines = repeated_headers(raw.frame, [list(raw.frame.columns)])
    seconds = pd.Series(np.nan, index=raw.frame.index)
    return Export(PLAIN.name, "", raw, columns, rejected_lines(lines), seconds)


def described(names) -> pd.DataFrame:
    """`Export.columns` of columns of which nothing is known yet."""
    columns = pd.DataFrame({"kind": "single", "role": "", "missing": "", "blanked": 0}, index=names)
    return columns.rename_axis("column")


def rejected_lines(lines: list) -> pd.DataFrame:
    """`Export.rejected` of (row, column, value, reason)."""
    return pd.DataFrame(lines, columns=LINE)


def repeated_headers(frame: pd.DataFrame, headers: list) -> list[tuple]:
    """Lines for rows that say again what a header row says: files laid one under another."""
    lines = []
    for header in headers:
        names = [plain(name) for name in header]
        same = pd.Series(True, index=frame.index)
        for place, name in enumerate(names):
            cell = frame.iloc[:, place][same]
            repeats = cell.map(
                lambda value, name=name: is_blank(value) or plain(tidy(value)) == name
            )
            same[same] = repeats.astype(bool) if len(repeats) else repeats
        filled = frame[same].astype(object).map(lambda value: not is_blank(value)).sum(axis=1)
        lines += [(row, "", "", "repeats the header") for row in filled.index[filled > 0]]
    return lines


class Grid:
    """A file's rows of cells, cut into header rows and answers."""

    def __init__(self, rows: list, before: int, shown: str, ragged: bool):
        self.rows, self.before, self.shown, self.ragged = rows, before, shown, ragged

    def heads(self, count: int) -> list[list[str]]:
        """The first rows as texts, all of one width, without the blank columns at the end."""
        heads = [[tidy(cell) for cell in row] for row in self.rows[:count]]
        width = max((n + 1 for head in heads for n, cell in enumerate(head) if cell), default=0)
        return [(head + [""] * width)[:width] for head in heads]

    def answers(self, count: int, width: int) -> pd.DataFrame:
        """The rows beneath `count` header rows, numbered as in the file."""
        body = self.rows[count:]
        while body and all(map(is_blank, body[-1])):
            body = body[:-1]
        first = self.before + count + 1
        check_widths(body, width, first, self.shown, self.ragged)
        frame = pd.DataFrame(
            [fitted(row, width) for row in body],
            columns=range(width),
            dtype="str" if self.ragged else object,
        )
        return frame.set_axis(pd.RangeIndex(first, first + len(frame), name="row"), axis=0)


def tidy(cell) -> str:
    """A header without line breaks, markup and doubled blanks."""
    return "" if is_blank(cell) else " ".join(HTML.sub(" ", str(cell)).split())


def cut_short(path: Path) -> bool:
    """True where a file does not end with a line break, as these tools end theirs."""
    with path.open("rb") as file:
        file.seek(-2, 2)
        return b"\n" not in file.read() and path.stat().st_size > 2


def clean_export(tool: Tool, how: str, grid: Grid, raw: Raw, cut: bool) -> Export:
    """Apply a tool's description to the rows of its file."""
    names, wordings, count = headers_of(tool, grid)
    frame = grid.answers(count, len(names))
    if not len(frame):
        raise refused(raw.shown, "has a header and no answers", "It may have been cut off.")
    lines = repeated_headers(frame, grid.heads(count))
    frame = frame.set_axis(pd.Index(unique_names(names), dtype=object), axis=1)
    columns = described(frame.columns)
    columns["role"] = [tool.meta.get(plain(name), "") for name in names]
    timed = frame.columns.map(
        lambda name: tool is LIMESURVEY and bool(re.search(r"Time\d*$", name))
    )
    columns.loc[(columns["role"] != "") | timed, "kind"] = "meta"
    texts = dict(zip(frame.columns, wordings, strict=True))
    frame, columns = blanked(frame, columns, tool)
    dropped = rejected_lines(lines + trial_rows(frame, columns, lines))
    there = frame.drop(index=dropped["row"])
    frame, columns, texts = one_cell_each(frame, there, columns, texts, tool)
    frame, columns = split_cells(frame, there, columns, tool)
    warnings = unclear_ends(frame, columns)
    if cut and len(frame):
        warnings += (f"does not end with a line break: row {frame.index[-1]} may be cut off",)
    known = {name: text for name, text in texts.items() if text and text != name}
    raw = replace(raw, frame=frame, wordings=known)
    seconds = seconds_of(frame, columns)
    return Export(tool.name, how, raw, columns, dropped, seconds, warnings)


def headers_of(tool: Tool, grid: Grid) -> tuple[list, list, int]:
    """(names, questions' texts, number of header rows) of a tool's file."""
    count = header_rows(tool, grid.heads(3))
    heads = grid.heads(count)
    if tool is SURVEYMONKEY and count == 2:
        check_questions(*heads, grid.shown)
        names = option_headers(*heads)
        return names, names, count
    names, texts = heads[0], heads[tool.texts if 0 < tool.texts < count else 0]
    if any('"ImportId"' in cell for cell in texts):  # the row of texts was deleted
        texts = names
    if tool is QUALTRICS_LEGACY:  # V1 … V10 say nothing; their texts are the names
        own = [bool(re.fullmatch(r"V\d+", name)) for name in names]
        names = [t if v else n for n, t, v in zip(names, texts, own, strict=True)]
    return names, texts, count


def header_rows(tool: Tool, heads: list) -> int:
    """How many header rows there are: those of the tool, unless somebody took some out."""
    who = [n for n, name in enumerate(heads[0]) if tool.meta.get(plain(name)) == "respondent"]
    if tool is SURVEYMONKEY:
        return 2 if len(heads) > 1 and not any(heads[1][n] for n in who) else 1
    count = tool.row + 1
    if tool.texts >= count and len(heads) > tool.texts and not is_dated(heads, tool):
        count = tool.texts + 1
    return count + any('"ImportId"' in cell for row in heads[count:] for cell in row)


def check_questions(questions: list, options: list, shown: str) -> None:
    """Refuse a file whose columns were moved: a question stands only over its first option."""
    alone = ("response", "open-ended response")
    lost = [n for n, text in enumerate(options, 1) if plain(text) in alone and not questions[n - 1]]
    if lost or not questions[0]:
        rule = "has answers under no question: its columns were moved"
        remedy = "SurveyMonkey names a question only over its first option: export it again."
        places = ", ".join(f"column {n}" for n in lost or [1])
        raise refused(shown, rule, remedy, value=places)


def is_dated(heads: list, tool: Tool) -> bool:
    """True where the row of texts is missing, and answers stand in its place."""
    dates = [n for n, name in enumerate(heads[0]) if tool.meta.get(plain(name)) in ("start", "end")]
    return any(re.match(r"\d+[-/.]\d+", heads[tool.texts][n]) for n in dates)


def option_headers(questions: list, options: list) -> list[str]:
    """'question [option]' where a question stands over several columns, only over the first."""
    names, question = [], ""
    for place, option in enumerate(options):
        question = questions[place] or question
        alone = plain(option) in ("", "response", "open-ended response")
        names.append(question if alone else f"{question} [{option}]")
    return names


def blanked(frame, columns, tool: Tool):
    """Cells that say that there is no answer, blank; which codes, and how many, in `columns`."""
    if not tool.missing:
        return frame, columns
    frame, columns = frame.copy(), columns.copy()
    for name in columns.index[columns["kind"] != "meta"]:
        codes = [code for code in frame[name].dropna().unique() if coded(code) in tool.missing]
        if codes:
            none = frame[name].isin(codes)
            frame[name] = frame[name].mask(none)
            columns.loc[name, "missing"] = ";".join(sorted(cells.as_text(code) for code in codes))
            columns.loc[name, "blanked"] = int(none.sum())
    return frame, columns


def coded(value) -> str:
    """A cell as a word to be compared: 1.0 is "1", "Yes " is "yes"."""
    return plain(cells.as_text(value))


def column_of(columns: pd.DataFrame, role: str) -> str:
    """The column that plays a role; "" where none does."""
    found = columns.index[columns["role"] == role]
    return found[0] if len(found) else ""


# Role of a tool's own column: why a row goes no further, and the words there that say so.
NOT_ANSWERED = {
    "status": (
        "a preview or test, not an answer",
        lambda word: word in NO_ANSWERS or bool(TRIAL.search(word)),
    ),
    "finished": ("not finished", lambda word: cells.YES.get(word) is False),
    "submitted": ("not submitted", lambda word: not word),
}


def trial_rows(frame, columns, before: list) -> list[tuple]:
    """Lines for rows that are no answers: previews, tests, and those not finished."""
    lines, gone = [], {line[0] for line in before}
    for role, (reason, says_so) in NOT_ANSWERED.items():
        name = column_of(columns, role)
        words = frame[name].map(lambda x: "" if is_blank(x) else coded(x)) if name else {}
        for row, word in words.items():
            if says_so(word) and row not in gone and not all(map(is_blank, frame.loc[row])):
                gone.add(row)
                lines.append((row, name, word, reason))
    return lines


def unclear_ends(frame, columns) -> tuple:
    """A warning where a tool's own 'finished' says neither yes nor no: those rows are kept."""
    name = column_of(columns, "finished")
    if not name:
        return ()
    unclear = frame[name].map(lambda value: not is_blank(value) and coded(value) not in cells.YES)
    if not unclear.any():
        return ()
    rows = first_few(frame.index[unclear.astype(bool)])
    return (f"says in '{name}' neither yes nor no: rows {rows} are kept as if finished",)


def one_cell_each(frame, there, columns, texts: dict, tool: Tool):
    """Questions of which each option has a column, in one column with `;` between.

    `there`: the rows that count; they decide what is a question of several options.
    """
    groups = {}
    for name in columns.index[columns["kind"] == "single"]:
        if match := tool.option.fullmatch(name):
            groups.setdefault(match["question"].strip(), []).append((name, match["option"].strip()))
    for question, members in groups.items():
        options = {name: option_text(name, option, texts, tool) for name, option in members}
        known = {name: text for name, text in options.items() if not OTHER.search(text)}
        if len(known) < 2 or not ticked_or_not(there, known):
            continue
        title = question
        while title in frame.columns:
            title += " [2]"
        first, names = frame.columns.get_loc(members[0][0]), list(options)
        joined = joined_options(frame, options)
        frame, columns = frame.drop(columns=names), columns.drop(names)
        frame.insert(first, title, joined)
        columns.loc[title] = ["multiple", "", "", 0]
        columns = columns.loc[list(frame.columns)]
        texts = {name: text for name, text in texts.items() if name not in options}
        texts[title] = question
    return frame, columns, texts


def option_text(name: str, option: str, texts: dict, tool: Tool) -> str:
    """What an option says: Qualtrics has it at the end of the question's text."""
    if tool.name != QUALTRICS.name:
        return option
    return re.split(r"\s+-\s+|(?<=\?)-", texts[name])[-1] if texts[name] else option


def ticked_or_not(frame, options: dict) -> bool:
    """True where every column holds one thing, its own tick, or nothing: options, not a matrix."""
    marks = []
    for name, option in options.items():
        words = {coded(value) for value in frame[name].dropna().unique()} - NOT_TICKED
        if len(words) > 1:
            return False
        marks.append(next(iter(words), None))
        if words and marks[-1] not in TICKED | {plain(option)} and not marks[-1].isdigit():
            return False
    numbers = [int(mark) for mark in marks if mark and mark.isdigit()]
    counted = len(numbers) > 1 and all(a < b for a, b in itertools.pairwise(numbers))
    rest = all(mark is None or mark in TICKED or not mark.isdigit() for mark in marks)
    return any(marks) and (rest or counted) and any(left_open(frame[name]) for name in options)


def left_open(column: pd.Series) -> bool:
    """True where somebody did not tick: a cell is blank, or says no."""
    return bool(column.isna().any()) or any(
        coded(v) in NOT_TICKED for v in column.dropna().unique()
    )


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


def split_cells(frame, there, columns, tool: Tool):
    """Options ticked in one cell, `;` between; rankings in order; typed-in text in its own column."""
    for name in list(columns.index[columns["kind"] == "single"]):
        given = cells.texts(there[name])[0].dropna()
        kind, mark = cell_kind(given, frame, tool)
        if tool is WJX and given.str.contains("〖", regex=False).any():
            frame, columns = typed_apart(frame, columns, name)
        if kind:
            pattern = rf"\s*{re.escape(mark)}\s*"
            text = cells.texts(frame[name])[0]  # Excel holds a single code as a number
            frame = frame.assign(**{name: text.str.replace(pattern, ";", regex=True)})
            columns.loc[name, "kind"] = kind
    return frame, columns


def cell_kind(given: pd.Series, frame, tool: Tool) -> tuple[str, str]:
    """(multiple or ranking, its mark) of one column's texts; ("", "") for anything else."""
    if tool is WJX:
        for mark, kind in {"┋": "multiple", "→": "ranking"}.items():
            if given.str.contains(mark, regex=False).any():
                return kind, mark
    if tool.name == QUALTRICS.name and numbers_listed(given, comma_decimals(frame)):
        return "multiple", ","
    if tool is GOOGLE:
        for mark in (";", ", "):
            if recurring_options(given, mark):
                return "multiple", mark
    return "", ""


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


def recurring_options(given: pd.Series, mark: str) -> bool:
    """True where cells are made of a few parts that come again, not of sentences."""
    cut = given.str.split(mark)
    if not (cut.str.len() > 1).any():
        return False
    parts = cut.explode().str.strip()
    often = parts.value_counts()
    return bool((often > 1).mean() >= 0.5 and parts.str.len().max() <= 80)


def typed_apart(frame, columns, name: str):
    """〖what was typed〗 beside an option, in a column of its own behind the question's."""
    text = cells.texts(frame[name])[0]
    typed = text.str.findall(r"〖([^〗]*)〗")
    typed = typed.map(
        lambda found: ";".join(map(str.strip, found)) if isinstance(found, list) else ""
    )
    bare = text.str.replace(r"〖[^〗]*〗", "", regex=True)
    only = (bare == "") & (typed != "")  # a question of several blanks: the text is the answer
    frame = frame.assign(**{name: bare.mask(only, typed)})
    column = name + OPEN_TEXT
    frame.insert(frame.columns.get_loc(name) + 1, column, typed.mask(only | (typed == "")))
    columns = columns.copy()
    columns.loc[column] = ["text", "", "", 0]
    return frame, columns.loc[list(frame.columns)]


def seconds_of(frame, columns) -> pd.Series:
    """How long each answer took: the tool's own figure, else from start to end."""
    if name := column_of(columns, "seconds"):
        return frame[name].map(in_seconds).astype(float)
    start, end = column_of(columns, "start"), column_of(columns, "end")
    if not start or not end:
        return pd.Series(np.nan, index=frame.index)
    ends, starts = (
        pd.to_datetime(frame[name], format="mixed", errors="coerce") for name in (end, start)
    )
    return (ends - starts).dt.total_seconds()  # month or day first: their difference is the same


def in_seconds(value) -> float:
    """38, 1,234, 38秒, 1分20秒, 2小时3分 as seconds; blank where it is none of these."""
    if is_blank(value):
        return np.nan
    number = cells.as_number(value, ".")
    if np.isfinite(number):
        return number
    text = str(value).replace(",", "")
    units = {"小时": 3600, "时": 3600, "分钟": 60, "分": 60, "秒": 1}
    parts = re.findall(r"(\d+)\s*(小时|时|分钟|分|秒)", text)
    return float(sum(int(count) * units[unit] for count, unit in parts)) if parts else np.nan


# SPSS


def read_spss(path: Path, shown: str, encoding: str = "") -> Export:
    """An SPSS file: labels, user-missing values blanked and counted, multiple-response sets joined.

    A set's own columns stay; the set is one more column, named as in SPSS without its `$`.
    """
    import pyreadstat

    remedy = "It may be damaged, or in another encoding: name it in client.yml, `survey.encoding`."
    with readable(shown, "SPSS", remedy):
        frame, about = pyreadstat.read_sav(path, encoding=encoding or None, user_missing=True)
    frame = numbered(frame, shown)
    columns = described(frame.columns)
    for name, ranges in about.missing_ranges.items():
        none = in_ranges(frame[name], ranges)
        codes = sorted(cells.as_text(value) for value in frame.loc[none, name].unique())
        declared = sorted(
            {cells.as_text(each["lo"]) for each in ranges if each["lo"] == each["hi"]}
        )
        columns.loc[name, ["missing", "blanked"]] = [";".join(codes or declared), int(none.sum())]
        frame[name] = frame[name].mask(none)
    labels = {name: dict(found) for name, found in about.variable_value_labels.items()}
    wordings = {name: text for name, text in about.column_names_to_labels.items() if text}
    for name, found in about.mr_sets.items():
        title = name.removeprefix("$")
        frame[title] = response_set(frame, found, labels, wordings)
        columns.loc[title] = ["multiple", "", "", 0]
        columns.loc[found["variable_list"], "role"] = f"option of {title}"
        wordings[title] = found["label"] or title
    raw = Raw(shown, frame, labels=labels, wordings=wordings)
    seconds = pd.Series(np.nan, index=frame.index)
    return Export(SPSS.name, "it is an SPSS file", raw, columns, rejected_lines([]), seconds)


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

    return frame[members].apply(said, axis=1).astype("str")
