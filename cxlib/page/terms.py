"""What the columns and codes of our tables are called, and how their numbers are written.

One place, so that a table, a figure's axis and a sentence say the same word for the same thing. The
words are data: `words/columns.csv` has one row per column of our tables,

    heading   its words
    written   score, share, money, count, number, p (a probability), mark (where a number comes from),
              code (translated), yes, or the kind of the client's names that it holds
    behind    yes: in results/*.csv and on request, but not in a table by default
    counts    what the base of a table with this column counts, where it is not answers

`words/codes.csv` one row per code; `of` names the column or list that it belongs to;
`words/results.csv` one row per table of results: what it shows, and the step that works it out;
`words/kinds.csv` one row per kind that is a number: how a workbook writes it.
"""

import csv
import re
from functools import cache
from pathlib import Path

from cxlib.analysis.named import level
from cxlib.client.contract import EXPECTATION_DRIVERS, MEASURES, tables_known
from cxlib.client.problems import did_you_mean
from cxlib.page.language import N_, parts

WORDS = Path(__file__).parent / "words"


def rows_of(name: str) -> list[dict]:
    """The rows of one file of words."""
    with (WORDS / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@cache
def words_of(kind: str) -> dict[str, str]:
    """{code: word} of one kind of codes; of "" those that any column may hold."""
    return {row["code"]: row["word"] for row in rows_of("codes") if row["of"] == kind}


def all_words() -> list[str]:
    """Every heading and word of both files, for the translators."""
    files = (("columns", "heading"), ("codes", "word"), ("results", "caption"))
    return [row[name] for file, name in files for row in rows_of(file) if row[name]]


COLUMNS = {row["column"]: (row["heading"], row["written"]) for row in rows_of("columns") if row["heading"]}  # fmt: skip
BEHIND = {row["column"] for row in rows_of("columns") if row["behind"]}
# {name of results/*.csv: the step that works it out, where it is one that needs the case alone}
RESULTS = {row["result"]: row["step"] for row in rows_of("results")}
CAPTIONS = {row["result"]: row["caption"] for row in rows_of("results")}
OWN = "own_"  # before the name of a table that a consultant writes besides
COUNTS = {row["column"]: row["counts"] for row in rows_of("columns") if row["counts"]}
CODES = words_of("")
REASONS, TABLES, GROUPINGS, INPUTS = map(words_of, ("reason", "table", "grouping", "input"))
LEVERS, KANO, WORTH = map(words_of, ("lever", "kano", "value_kind"))
PLACES = {kind: words_of(kind) for kind in ("channel", "stage")}
PLACES["reason"] = {"other": REASONS["other"]}  # of cases, and of coming
# Codes that mean something else in another column.
OWN_CODES = {
    kind: {**CODES, **words_of(kind)}
    for kind in ("lever", "input", "value_kind", "value_form", "kind", "contact_mode", "rate_of",
                 "source", "came", "prediction", "adjust", "cell", "quality", "widest")
}  # fmt: skip
# The contract's columns by their headings; a survey's own stand as the client's file has them.
OWN_CODES["column"] = {name: COLUMNS[name][0] for table in tables_known().values()
                       for name in table.by_name if name in COLUMNS}  # fmt: skip
ASKED = {*MEASURES, *EXPECTATION_DRIVERS}  # items that a client need not name


def refuse_unknown(kind: str, names, known, remedy: str = "") -> None:
    """KeyError for names that are not among the known ones, each with the nearest right name."""
    wrong = [name for name in names if name not in known]
    if wrong:
        said = " ".join(f"{name!r}: {did_you_mean(name, known)}" for name in wrong)
        raise KeyError(f"There is no such {kind}: {said}{remedy}")


def counted_in(table) -> str:
    """What the base `n` of a table counts: answers, unless a column says otherwise."""
    return next((COUNTS[name] for name in table if name in COUNTS), "answers")


SCORES = ("experience", "expectation", "satisfaction", "importance", "ideal", "gap")
SCORES += ("asked_satisfaction",)
ASKED_WORDS = N_("Satisfaction, as asked")  # not the method's, which is a difference
NARROW = 0.2  # score points: an interval narrower than this is lost in one decimal


def score_digits(table) -> int:
    """Decimals of all scores of a table: two where an interval of theirs is narrow, else one.

    The same for the whole table, so that its columns can be compared and its sentences agree.
    """
    known = [name for name in SCORES if f"{name}_low" in table and f"{name}_high" in table]
    widths = [(table[f"{name}_high"] - table[f"{name}_low"]).astype(float) for name in known]
    digits = 2 if any((width < NARROW - 1e-9).any() for width in widths) else 1
    return min(digits, *(told_digits(table, name, digits) for name in SCORES if name in table), 2)


def told_digits(table, name, digits: int) -> int:
    """Decimals of a column, or of a row's number, no more than its base can carry (see the gate)."""
    return min(digits, table.attrs.get("decimals", {}).get(name, digits))


# Money or points, as the table's unit is; of an uplift that is assumed no more than two figures.
BENEFITS = ("benefit", "adds", "benefit_lost", "benefit_gained")


def telling_digits(table, name) -> int:
    """Decimals of a figure's labels: those of the table, and two where one would make two
    different numbers look the same, in a figure that sorts them.
    """
    values = table[name].dropna().astype(float)
    alike = values.round(1).nunique() < values.round(2).nunique()
    return told_digits(table, name, 2 if alike else score_digits(table))


def written_as(name, table) -> str:
    """The kind in which a column of this table is written; "" where it is none of ours."""
    kind = COLUMNS.get(name, ("", ""))[1]
    if name in BENEFITS and "unit" in table:
        return "worth" if table["unit"].eq("money").all() else "points"
    if kind.rstrip("012") not in ("score", "signed") and kind != "number2":
        return kind
    asked = score_digits(table) if name in SCORES else 2 if kind.endswith("2") else 1
    return f"{kind.rstrip('012')}{told_digits(table, name, asked)}".removesuffix("1")


STATED = ("value", "target", "benchmark", "previous")  # numbers of a measure, each in its unit


def written_in(row, name, kind: str) -> str:
    """The kind in which one cell is written: a measure's share is a percentage, whatever the column."""
    return "percent" if name in STATED and "kpi" in row and row.get("unit") == "share" else kind


MONEY = ("money", "worth")  # of what rests on assumed points two figures are told
FORMATS = {row["kind"]: row["excel"] for row in rows_of("kinds")}  # in a workbook
NUMBERS = tuple(FORMATS)  # the kinds that are numbers


@cache
def said_below() -> list[tuple]:
    """(pattern, words) of what the client's floor says: why a value is left out, what to look at."""
    words = [*words_of("left_out").values(), *words_of("warning").values()]
    patterns = (re.sub(r"\\{(\w+)\\}", r"(?P<\1>.+)", re.escape(each)) for each in words)
    return [(re.compile(each, re.DOTALL), said) for each, said in zip(patterns, words, strict=True)]


def left_out_reason(reason: str, say) -> str:
    """A reason or a warning of the client's floor in the reader's language; "" where we have no
    words for it."""
    for pattern, words in said_below():
        if found := pattern.fullmatch(reason):
            values = found.groupdict()
            for name, text in values.items():
                ours = name in OURS_INSIDE
                known = left_out_reason(text, say) if ours else ""
                values[name] = known or word_of(text, say, ours)
            return say(words, **values)
    return ""


OURS_INSIDE = ("why", "measure", "name", "wanted", "row")  # places that hold words of ours


def word_of(text: str, say, ours: bool = True) -> str:
    """A code in the reader's word, and how many more there are; the client's words as they are."""
    if ours and (text in CODES or text in TABLES):
        return say({**TABLES, **CODES}[text])
    return re.sub(r"(?<= … )([\d,]+) more\b", lambda n: say(N_("{count} more"), count=n[1]), text)


WITHHELD = N_("too few answers")
# What a loss is "partly assumed" by, its shares being measured.
PARTLY, PARTLY_ASSUMED = {"revenue", "line"}, N_("partly assumed")
ASSOCIATION = N_("This is an association, not proof of cause.")

LEVEL_WORDS = parts()["levels"]


def strength(probability: float) -> tuple[str, str]:
    """How strongly a sentence may speak: (key, word in English); see `verdict.LEVELS`."""
    key = level(probability)
    return key, LEVEL_WORDS[key]
