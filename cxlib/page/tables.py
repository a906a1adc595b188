"""A table of results as an HTML table: headings in the reader's words, numbers by locale."""

import operator
from functools import cache
from pathlib import Path

import pandas as pd
from jinja2 import Environment, FileSystemLoader, select_autoescape
from markupsafe import Markup

from cxlib.analysis.asking import designed_for
from cxlib.client.settings import TARGET
from cxlib.page import terms
from cxlib.page.language import N_, sentences_of
from cxlib.page.sentences import ends_of
from cxlib.page.terms import refuse_unknown, written_as

SAID = sentences_of("page")
MOST_ROWS = 60  # of a table on the page; the file behind it has them all
ONE_FOR_ALL = ("segment", "outcome", "measure", "view", "event", "grouping")
CLASSES = {"mark": "mark", "text": "t", "reason": "t", "said": "t", "code": "t"}
NAMING = {"dimension", "item", "n", "from"}
SWIPE = N_("There is more on the right →")
INTERVAL_ENDS = ("_low", "_high")


@cache
def template(name: str, folder=Path(__file__).parent):
    """A template of a folder, this one unless told; everything put into it is escaped."""
    loader, escaped = FileSystemLoader(folder), select_autoescape(["html", "j2"], default=True)
    rooms = Environment(loader=loader, autoescape=escaped, trim_blocks=True)
    rooms.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "allow_nan": False}
    return rooms.get_template(name)


def made(part: str, *given) -> Markup:
    """A small part of a page: a macro of `parts.html.j2`, by its name."""
    return getattr(template("parts.html.j2").module, part)(*given)


def table_html(table: pd.DataFrame, page, columns=None, caption: str = "", book: str = "") -> str:
    """The rows, through the gate, as an HTML table; X_low and X_high stand beside X, and a withheld
    row says so.

    book : the same rows as an .xlsx, in base64, for a button that saves it; "" for none
    """
    table = page.gate(table.reset_index() if table.index.name else table)
    columns = table_columns(table, columns)
    names = list(columns)
    kinds = {name: terms.written_as(name, table) for name in names}
    if caption and "segment" in table and table["segment"].eq(TARGET).all():
        caption = page.joined([caption, page.say(N_("Target customers alone."))])
    rows = [_row(row, kinds, page) for row in table.head(MOST_ROWS).to_dict("records")]
    heads = [table_head(table, name, columns[name], page) for name in names]
    said = {"name": page.say(N_("Table")), "more": page.say(SWIPE)}
    said |= {"words": table_words(page.language, len(table)), "footnote": _footnote(table, page)}
    board = template("table.html.j2").render
    return Markup(board(caption=caption, book=book, heads=heads, rows=rows, **said))


def table_words(language, rows: int = 0) -> str:
    """What tools.js calls the things that it adds to a table, which may be of more rows than it
    shows."""
    words = [N_("Search"), N_("Copy"), N_("Copied"), N_("range")]
    find, *others = (language.say(word) for word in words)
    if rows > MOST_ROWS:
        find = language.say(N_("Search the {shown} rows shown"), shown=language.count(MOST_ROWS))
    return "|".join([find, *others])


def table_columns(table, columns) -> dict[str, str]:
    """Column → heading to use instead of ours ("" for ours)."""
    # A column of ours may be absent where it was not asked; one of nobody's is misspelt.
    terms.refuse_unknown("column", columns or [], [*table, *terms.COLUMNS])
    if isinstance(columns, dict):
        return {name: head for name, head in columns.items() if name in table}
    if columns is not None:
        # What is known of no row needs no column of dashes.
        known = table.notna() & table.ne("")
        return {name: "" for name in columns if name in table and known[name].any()}
    return {name: "" for name in table if not _behind(table, name)}


def tells(table, columns) -> bool:
    """Whether the columns hold more than what names a row, its base and its source."""
    named = isinstance(columns, list) and set(table_columns(table, columns)) <= NAMING
    return not named or NAMING.issuperset(columns)


def _behind(table, name) -> bool:
    """Whether a column stays in the files: an end of an interval, a means, or nothing to tell."""
    if name in terms.BEHIND or table[name].isna().all():
        return True
    if str(name).endswith(INTERVAL_ENDS) and (_stem(name) in table or _stem(name) in terms.BEHIND):
        return True
    return name in ONE_FOR_ALL and table[name].nunique(dropna=False) == 1 and len(table) > 1


def _stem(name: str) -> str:
    return name.rsplit("_", 1)[0]


def table_head(table, name, heading, page) -> dict:
    """The words over one column, and whether numbers stand beneath."""
    ours = {"n": terms.words_of("n")[terms.counted_in(table)]}.get(name)
    ours = ours or terms.COLUMNS.get(name, ("",))[0]
    heading = heading or ours or str(name).replace("_", " ").capitalize()
    text, kind = page.say(heading), terms.written_as(name, table)
    first = next(iter(table[name].dropna().to_list()), "")
    if kind in terms.MONEY and page.language.currency:
        text = page.say(N_("{name}, {currency}"), name=text, currency=page.language.currency_word)
    return {"text": text, "number": (kind or _kind_of_value(first)) in terms.NUMBERS}


def _row(row, kinds, page) -> dict:
    classes = ["key"] if any(row.get(name) is True for name in ("key_experience", "chosen")) else []
    classes += [flag for flag in [row.get("flag")] if flag]
    cells = [table_cell(row, name, kind, page) for name, kind in kinds.items()]
    return {"classes": " ".join(classes), "cells": cells}


def table_cell(row, name, kind, page) -> dict:
    """The text of a cell, the interval beneath it, and its classes; "withheld" where it is."""
    value = row[name]
    kind = terms.written_in(row, name, kind) or _kind_of_value(value)
    number = kind in terms.NUMBERS
    if number and row.get("flag") == "withheld":
        return {"text": page.say(terms.WITHHELD), "classes": "withheld"}
    interval = ""
    if number and (ends := ends_of(row, name)):
        low, high = (page.write(end, kind, name) for end in ends)
        interval = page.say(N_("{low} to {high}"), low=low, high=high)
    named = kind == "group" and pd.notna(value)
    text = page.group_name(row) if named else page.write(value, kind, name)
    classes = "n" if number else CLASSES.get(kind, "")
    day = kind == "date" and not pd.isna(value)
    sort = f"{pd.Timestamp(value):%Y-%m-%d}" if day else ""  # a spoken date does not sort
    return {"text": text, "interval": interval, "classes": classes, "sort": sort}


def _kind_of_value(value) -> str:
    if isinstance(value, bool):
        return "yes"
    if isinstance(value, int):
        return "count"
    return "number" if isinstance(value, float) else "text"


def _footnote(table, page) -> str:
    notes, count = [], page.language.count
    if "flag" in table and (table["flag"] == "small_base").any():
        words = N_("Paler: fewer than {base} answers, an indication.")
        notes.append(page.say(words, base=count(page.settings.small_base)))
    if len(table) > MOST_ROWS:
        notes.append(page.say(SAID.first_rows, shown=count(MOST_ROWS), all=count(len(table))))
    return " ".join(notes)


# One line of a step's arithmetic, with the client's own numbers


SIGNS = {"+": operator.add, "−": operator.sub, "×": operator.mul}


def worked_line(page, table, formula: str) -> str:
    """ "Security: 6.7 × −1.7 = −11.4", of the key experience, or of what is chosen, where one is
    marked; "" without a row. The signs are taken one after the other. ≈ where the numbers shown are
    rounded apart."""
    if table is None:
        return ""
    words = formula.split()
    names = words[::2]
    refuse_unknown("column of this table", names, table)
    refuse_unknown("sign", words[1::2], [*SIGNS, "="])
    rows = page.gate(designed_for(table)).dropna(subset=names)
    if rows.empty:
        return ""
    plan = "initiative" in rows
    of, mark = ("initiative", "chosen") if plan else ("dimension", "key_experience")
    marked = rows[rows[mark].eq(True)]
    row = (rows if marked.empty else marked).sort_values(names[-1]).iloc[0]
    told = {name: page.write(row[name], written_as(name, rows), name) for name in names}
    line = f"{page.label(of, row[of])}: " + " ".join(told.get(word, word) for word in words)
    return line if same_sum(list(told.values()), *words[1:-2:2]) else line.replace(" = ", " ≈ ")


def same_sum(numbers: list[str], *signs: str) -> bool:
    """Whether numbers as written come, one sign after the other, to the last as written.

    >>> same_sum(["6.7", "−1.7", "−11.4"], "×"), same_sum(["5.3", "7.1", "−1.7"], "−")
    (True, False)
    >>> same_sum(["450", "70%", "40", "275"], "×", "−")
    True
    """
    found, *others, last = [_as_number(each) for each in numbers]
    for sign, value in zip(signs, others, strict=True):
        found = SIGNS[sign](found, value)
    digits = len(numbers[-1].partition(".")[2])
    return abs(round(found, digits) - last) < 10**-digits / 2


def _as_number(text: str) -> float:
    number = float(text.replace(",", "").replace("−", "-").rstrip("%"))
    return number / 100 if text.endswith("%") else number
