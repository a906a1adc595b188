"""A draft of TABLE.map.csv from a client's own table: for a consultant to correct, not to trust.

Which of our columns each of theirs is, is told from its header (`headers.csv`, several languages),
and held against what stands in it. What rests on little, or had to be converted, says `look`.
"""

import csv
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pandas as pd
from babel.numbers import is_currency
from jinja2 import Environment, FileSystemLoader

from cxlib.client import cells, numerals
from cxlib.client.codebook import ITEM_MEASURES, plain
from cxlib.client.contract import TABLES, Column
from cxlib.client.files import Raw, in_likeliest, read_file, shown_name
from cxlib.client.mapping import COLUMNS, ROW, names_in
from cxlib.client.problems import ClientError, did_you_mean, first_few, nearest, refusal
from cxlib.client.scales import ends_of_marks
from cxlib.client.strays import coded, summary_lines
from cxlib.client.wordings import ACCENTS, WORDS

MAPPED = ("customers", "transactions", "complaints")
LONG = "ratings"  # one row per answer: a survey
READABLE = 0.9  # share of cells that must be of a column's kind
ALIKE = 0.86  # how near a header must be to a known one
SEGMENTS = 60  # different values, from which a column is no segment
YEARS = 40  # up to which a length of time without a unit may be in years
SHOWN = 12  # values written out
NOT_ALL = {"number": "not all of it are numbers", "date": "not dates that can be read in one way"}
PERIODS = {"12": "a month's, times 12", "4": "a quarter's, times 4", "24": "days, times 24 hours"}


@dataclass
class Line:
    """One column of ours: what of theirs it is, and how sure that is."""

    name: str
    column: str
    values: str = ""
    why: list = field(default_factory=list)
    sure: bool = True
    ends: tuple = ()  # of the scale that it is on, where its marks tell

    def doubt(self, why: str) -> "Line":
        """A person should look at it, and why."""
        self.sure = False
        self.why.append(why)
        return self


def headers_known() -> tuple[dict, dict]:
    """({table: {column: entries, the likeliest first}}, {word: True or False}) of `headers.csv`."""
    known: dict = {}
    words: dict = {}
    text = Path(__file__).with_name("headers.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        entries = [each.strip() for each in row["headers"].split(";")]
        if row["column"]:
            known.setdefault(row["table"], {}).setdefault(row["column"], []).extend(entries)
        else:
            words |= {plain(each): row["table"] == "yes" for each in entries}
    return known, words


NUMBERED = re.compile(r"(?<=\w )(no|nr|num|nbr|number|code|ref)$")  # what an id is called as well
NUMBERS = re.compile(r"(\bid|nr|nummer|number|numer|numero|номер|编号|編號|番号|번호)$")
CURRENCY = re.compile(r"(?<![^\W_])[A-Z]{3}(?![^\W_])|[$€£¥₩₹₽₺₫฿]")


def bare(header) -> str:
    """A header in plain words: CustomerID, customer_no and 'Customer ID (CRM)' are 'customer id',
    'Betrag CHF' and 'Betrag €' are 'betrag'."""
    text = CURRENCY.sub(lambda m: "" if is_currency(m[0]) or len(m[0]) == 1 else m[0], str(header))
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text.strip())
    text = re.sub(r"[(\[（【].*?[)\]）】]", " ", plain(text))
    text = ACCENTS.sub("", unicodedata.normalize("NFD", text))  # código, codigo
    words = " ".join(re.sub(r"[_\-./:#*?!º°]+", " ", text).split())
    words = re.sub(r"^(n|no|nr) (?=\w{4})", "", words)  # Nº expediente
    return NUMBERED.sub("id", words) or plain(header)


COUNTED = re.compile(r"nps|promoters?|detractors?|passives?|promotores|detractores|promotoren|detraktoren|推荐者|贬损者")  # fmt: skip


class Headers:
    """A file's headers, to be found by what they are called."""

    def __init__(self, names):
        self.by_words: dict = {}
        for name in names:
            for each in (bare(name), str(name).casefold()):
                self.by_words.setdefault(each, str(name))

    def exact(self, words: str) -> str:
        """The header of these words; '' where there is none."""
        return self.by_words.get(bare(words), "")

    def dated(self, words: str) -> str:
        """The header of these words and a year: Revenue 2025."""
        for known, name in self.by_words.items():
            if re.sub(r"\s*\b(19|20)\d\d\b\s*", " ", known).strip() == bare(words) != known:
                return name
        return ""

    def near(self, words: str) -> str:
        """The header that these words most resemble."""
        found = nearest(bare(words), self.by_words, ALIKE) if len(bare(words)) > 4 else ""
        return self.by_words.get(found, "")

    def within(self, words: str) -> str:
        """The one header that says these words, five letters or more, among others."""
        found = [n for known, n in self.by_words.items() if f" {bare(words)} " in f" {known} "]
        return found[0] if len(bare(words)) > 4 and len(set(found)) == 1 else ""


def draft_map(path, table: str = "", sheet: str = "", encoding: str = "") -> pd.DataFrame:
    """A draft of TABLE.map.csv for a client's table, and its raw rows in `attrs`. Raises ClientError.

    Returns one row per column of ours that was found (file, is, column, values, sure, why), then
    one for each of theirs that nothing uses (`is` blank). `attrs` has table, rows, encoding.
    """
    path = Path(path)
    raw, encoding = in_likeliest(lambda each: read_file(path, sheet, each), path, encoding)
    raw = replace(raw, frame=raw.frame.drop(index=[line[0] for line in summary_lines(raw.frame)]))
    if raw.frame.empty:
        raise refusal(raw.shown, "no_rows")
    known, words = headers_known()
    if table and table not in MAPPED:
        raise refusal("--table", "never_mapped", value=table, hint=did_you_mean(table, MAPPED))
    tables = [table] if table else MAPPED
    drafts = {name: lines_of(name, known[name], words, raw) for name in tables}
    fits = {name: fit(name, lines, raw) for name, lines in drafts.items()}
    best = max(fits, key=fits.get)
    if not table and fits[best] < 5 and (long := long_columns(raw, known[LONG])):
        raise refusal(raw.shown, "row_per_answer", path=path, columns=",".join(long))
    counted = [name for name in raw.frame if COUNTED.fullmatch(bare(name))]
    if not table and len(counted) > 1:
        raise refusal(raw.shown, "counted_already", value=first_few(counted))
    if not table and fits[best] < 2:
        raise refusal(raw.shown, "no_known_table", value=first_few(raw.frame.columns, 10))
    return as_table(path, sheet, best, drafts[best], raw, encoding)


def as_table(path: Path, sheet, table: str, lines: list, raw: Raw, encoding: str) -> pd.DataFrame:
    """The draft's rows, and what was found out besides."""
    name = shown_name(path.name, sheet)
    sure = {True: "yes", False: "look"}
    rows = [[name, e.name, e.column, e.values, sure[e.sure], "; ".join(e.why)] for e in lines]
    used = " ".join(each.column for each in lines)
    spare = [header for header in raw.frame.columns if header not in used]
    rows += [[name, "", header, "", "", "nothing of ours"] for header in spare]
    draft = pd.DataFrame(rows, columns=COLUMNS)
    states = []
    if table == "customers" and "churned" not in set(draft["is"]):
        found = {name: cells.texts(raw.frame[name])[0].dropna().unique() for name in spare}
        states = [f"{name} ({', '.join(told)})" for name, told in found.items() if len(told) == 2]
    named = {h for e in lines if TABLES[table].by_name[e.name].kind == "number"
             for h in names_in(e.column, raw.frame) if h != ROW}  # fmt: skip
    signs = [f"1 {m[0]}" for header in named for m in CURRENCY.finditer(header)]  # 'Betrag (€)'
    texts = [text for header in named for text in cells.texts_of(raw.frame[header])]
    draft.attrs = {"table": table, "rows": len(raw.frame), "encoding": encoding, "states": states}
    draft.attrs["currency"] = numerals.currencies_of([*texts, *signs])
    draft.attrs["scale"] = next((str([*map(int, e.ends)]) for e in lines if e.ends), "")
    return draft


def fit(table: str, lines: list, raw: Raw) -> float:
    """How well a table's columns were found: required ones count three; customers stand once."""
    found = {each.name: each.column for each in lines}
    key, *required = [name for name, column in TABLES[table].by_name.items() if column.required]
    if key not in found or any(found.get(name, ROW) == ROW for name in required):
        return 0
    points = len(found) + 2 * (len(required) + (found[key] != ROW))
    if table in ("customers", "complaints") and found[key] in raw.frame:
        ids = cells.texts(raw.frame[found[key]])[0].dropna()
        points -= 6 * (ids.nunique() < 0.95 * len(ids))
    return points


def lines_of(table: str, known: dict, words: dict, raw: Raw) -> list[Line]:
    """The lines of one table, each of their columns used once but for dates that tell a state."""
    headers, taken, lines = Headers(raw.frame.columns), set(), []
    for name, column in TABLES[table].by_name.items():
        line = line_of(column, known.get(name, []), headers, taken, words, raw)
        if line is None and [name] == TABLES[table].key:
            line = numbered(name, raw)
        if line is not None:
            lines.append(line)
            taken |= {line.column} if line.column in raw.frame else set()
    named = {line.name: line.column for line in lines}
    ends = [headers.exact(each) for each in known.get("resolved", []) if each[0] != "!"]
    ends = [e for e in ends if e not in ("", named.get("date")) and is_kind(raw.frame[e], "date", raw)]  # fmt: skip
    if ends and "hours_to_resolve" not in named and named.get("date") in raw.frame:
        lines.append(Line("hours_to_resolve", f"{ends[0]} - {named['date']}", why=["two columns"]))
    return lines


def numbered(name: str, raw: Raw) -> Line:
    """The line of a table's key, where no header is known for it: the first that ends as a number's does
    and is another in every row, else the row's number."""
    for header in raw.frame.columns:
        ids = cells.texts(raw.frame[header])[0]
        if NUMBERS.search(bare(header)) and ids.notna().all() and ids.is_unique:
            return Line(name, header).doubt("its header says number, and no two rows share one")
    return Line(name, ROW).doubt(f"no column names the {name}: the row's number does")


def line_of(column: Column, entries: list, headers: Headers, taken: set, words, raw: Raw):
    """The best of what a column of ours may be called, by header and by what it holds; None: none."""
    ways = {
        headers.exact: "",
        headers.dated: "of which year? its header says one",
        headers.near: "by likeness of its header",
        headers.within: "its header says it among other words",
    }
    for how, why in ways.items():
        if how == headers.within and not column.required and column.kind != "yes":
            continue
        for entry in (column.name, *entries):
            if line := read_entry(column, entry, how, taken, words, raw):
                return line.doubt(why) if why else line
    return None


def read_entry(column: Column, entry: str, how, taken: set, words: dict, raw: Raw):
    """One entry of `headers.csv` as a line, where the file has such headers that fit; else None."""
    frame = raw.frame
    if found := re.fullmatch(r"(.+)\*(\d+)", entry):
        header = how(found[1])
        if not header or header in taken or not is_kind(frame[header], "number", raw):
            return None
        return Line(column.name, f"{header} * {found[2]}").doubt(PERIODS[found[2]])
    if "&" in entry or (column.name == "hours_to_resolve" and "-" in entry):
        sign, kind = ("&", "number") if "&" in entry else ("-", "date")
        pair = [how(each) for each in entry.split(sign)]
        fits = all(pair) and pair[0] != pair[1] and all(is_kind(frame[h], kind, raw) for h in pair)
        joined = f" {sign.replace('&', '*')} ".join(pair)
        return Line(column.name, joined, why=["two columns"]) if fits else None
    inverse, there = entry.startswith("!"), entry.endswith("?")
    header = how(entry.strip("!?"))
    # A reason that every row has tells none apart: 'Ticket type', all Problem.
    alike = header and column.name == "reason" and frame[header].nunique() == 1
    if not header or alike or (header in taken and not there):
        return None
    # A day says that something was, where some rows have none.
    some = column.kind == "yes" and cells.texts(frame[header])[0].isna().any()
    dated = some and is_kind(frame[header], "date", raw)
    if there or (dated and not inverse):
        why = f"a date in '{header}' says so"
        return Line(column.name, header, "*=yes;blank=no").doubt(why) if dated else None
    if column.kind == "yes":
        return yes_line(column.name, header, frame[header], words, inverse)
    return held_against(Line(column.name, header), column, frame[header], raw)


def is_kind(cell: pd.Series, kind: str, raw: Raw) -> bool:
    """Whether nine cells of ten, of those that hold something, are of a kind: number or date."""
    mark = raw.decimal or cells.decimal_mark([cell], raw.delimiter)[0] or "."
    found = cells.numbers(cell, mark)[0] if kind == "number" else cells.dates(cell)[0]
    given = cells.texts(cell)[0].notna().sum()
    return bool(given and found.notna().sum() >= READABLE * given)


def yes_line(name: str, header: str, cell: pd.Series, words: dict, inverse: bool):
    """A column of states as yes and no; None where its values are no states that are known."""
    often = Counter(coded(value) for value in cell.dropna() if coded(value))
    if not often:
        return None
    numbers = {value: cells.as_number(value, ".") for value in often}
    counts = all(np.isfinite(number) and number >= 0 for number in numbers.values())
    if counts and set(often) - {"0", "1"}:
        if inverse or 0 not in numbers.values() or len(often) > SHOWN:
            return None
        return Line(name, header, "0=no;*=yes").doubt("a count: none is no, any is yes")
    known = {value: words[value] for value in often if value in words}
    if sum(often[value] for value in known) < 0.5 * often.total() or len(often) > SHOWN:
        return None
    said = {cells.as_text(v): words.get(coded(v)) for v in cell.dropna().unique() if coded(v)}
    ours = {inverse: "no", not inverse: "yes"}
    codes = [f"{value}={ours[yes]}" for value, yes in said.items() if yes is not None]
    line = Line(name, header, ";".join(codes))
    if inverse:
        line.doubt("turned round: its yes is our no")
    if strange := [value for value, yes in said.items() if yes is None]:
        line.doubt(f"is {first_few(strange)} yes or no?")
    if len(set(known.values())) == 1:
        line.doubt("only one of yes and no occurs")
    return line


def held_against(line: Line, column: Column, cell: pd.Series, raw: Raw):
    """A line, in doubt where what stands in the column does not fit; None where it cannot be it."""
    given = cells.texts(cell)[0].dropna()
    if not len(given):
        return None
    if column.kind in NOT_ALL and not is_kind(cell, column.kind, raw):
        digits = given.str.contains(r"\d").mean() >= READABLE
        why = f"{NOT_ALL[column.kind]}: {first_few(given.unique(), 3)}"
        return line.doubt(why) if digits else None
    if column.name in ("segment", "kind", "reason", "channel") and given.nunique() > SEGMENTS:
        return None
    if column.name in ("customer", "case") and set(given.str.casefold()) <= cells.YES.keys():
        return None  # yes and no name nobody
    strange = given[~given.map(plain).isin(column.values)].unique() if column.values else ()
    if len(strange):
        ours = f"write which of {first_few(column.values)} each is"
        line.doubt(f"{first_few(strange)}: {ours}, `{strange[0]}={column.values[0]}`")
    numbers = cells.numbers(cell, raw.decimal or ".")[0] if column.kind == "number" else given
    if column.scale:
        ends = f"from {numbers.min():g} to {numbers.max():g}"
        line.doubt(f"{ends}: is that `{column.scale}` in client.yml?")
        line.ends = ends_of_marks(numbers)
    of_years = column.name == "tenure" and numbers.max() <= YEARS
    if of_years and not re.search(r"month|monat|mois|mes|月", bare(line.column)):
        most = f"its largest is {numbers.max():g}"
        line.doubt(f"in months? {most}; of years write `{line.column} * 12`")
    if column.name == "customer" and len(given) < 0.98 * len(cell):
        line.doubt(f"{len(cell) - len(given):,} rows name none, and are left out")
    return line


def long_columns(raw: Raw, known: dict) -> list[str]:
    """[who, what, how much] of a table with one row per answer; [] where it is none."""
    headers, frame = Headers(raw.frame.columns), raw.frame
    parts = (known[part] for part in ("person", "item", "score"))
    found = [next(filter(None, map(headers.exact, entries)), "") for entries in parts]
    if not all(found) or len(set(found)) < 3 or len(frame) < 4:
        return []
    who, what = (cells.texts(frame[name])[0] for name in found[:2])
    again = who.nunique() < 0.7 * len(frame) and what.nunique() < 0.5 * len(frame)
    once = frame[found[:2]].astype("str").duplicated().mean() < 0.05
    return found if again and once else []


def no_survey(path, draft: pd.DataFrame, sheet: str = "") -> str:
    """What a file of which the codebook's draft measures nothing may be instead; '' where nothing."""
    if draft["measure"].isin((*ITEM_MEASURES, "overall", "recommend", "functional")).sum() > 1:
        return ""
    try:
        found = draft_map(path, "", sheet, draft.attrs["encoding"])
    except ClientError as error:
        one_per_answer = "one row per answer" in str(error)
        return f"Is it no survey of one row per person? {error}" if one_per_answer else ""
    ours = int((found["is"] != "").sum())
    if ours < 4 or (found["column"] == ROW).any():
        return ""
    name = found.attrs["table"]
    return f"It looks like a table of {name}, not a survey: `cx map {path}` drafts its columns."


def map_summary(draft: pd.DataFrame) -> str:
    """What the draft found, what it is unsure of and what nothing uses, for a person to read."""
    about, used = draft.attrs, draft[draft["is"] != ""]
    columns, there = TABLES[about["table"]].by_name.items(), set(used["is"])
    lost = [name for name, column in columns if column.required and name not in there]
    spare = draft.loc[draft["is"] == "", "column"]
    told = {"used": [*used.itertuples(index=False)], "either": first_few(about["states"])}
    return summary("draft_map", needed=first_few(lost), spare=first_few(spare, 30), **about, **told)


def map_lines(draft: pd.DataFrame) -> list[str]:
    """What client.yml must say of this table: its encoding, and its currency where it can be but one."""
    codes = [code for each in draft.attrs["currency"].values() for code in each]
    told = {"currency": codes} | {key: [draft.attrs[key]] for key in ("encoding", "scale")}
    return [f"{key}: {said[0]}" for key, said in told.items() if len(said) == 1 and said[0]]


def summary(name: str, **told) -> str:
    """What a draft has to tell, in the words of `words/NAME.j2`."""
    words = Environment(loader=FileSystemLoader(WORDS), trim_blocks=True, lstrip_blocks=True)
    return words.get_template(f"{name}.j2").render(told).rstrip("\n")
