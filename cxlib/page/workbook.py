"""Tables as sheets of a workbook: headings in the reader's words, numbers that stay numbers.

The tables have passed the gate. Nothing is a formula, whatever a client's word begins with, and the
same tables give the same file.
"""

import re
from datetime import datetime
from decimal import Decimal
from functools import cache

import pandas as pd
import xlsxwriter

from cxlib.client.release import of_released
from cxlib.page.language import N_
from cxlib.page.tables import table_cell, table_columns, table_head
from cxlib.page.terms import FORMATS, WITHHELD, written_as, written_in

MADE = datetime(2000, 1, 1)  # as the file says, lest two runs of one day differ
NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FLAGS = {"small_base": N_("few answers: an indication"), "withheld": WITHHELD}
WIDEST = 60  # letters of a column


def plain(text) -> str:
    """Text without what no file of Office may hold."""
    return NOT_XML.sub("", str(text))


def as_written(number) -> Decimal:
    """The number that the file is to show: 0.07, where a binary fraction would be 0.07000000000000001."""
    return Decimal(repr(float(number)))


def open_book(where) -> xlsxwriter.Workbook:
    """A workbook to be written to a file or a stream when it is closed."""
    off = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    book = xlsxwriter.Workbook(where, {"in_memory": True, **off})
    book.set_properties({"created": MADE})
    return book


@of_released
def fill(book, sheet, table, columns, page, top: int = 0, loud: str = "", digits=None) -> None:
    """Headings, then a row per row; X_low and X_high stand behind X, the flag at the end.

    top : the row of the headings; loud : a column of truths, whose rows are in bold
    digits : {column: decimals of a share}, no more than it was released with
    """
    places = _places(table, columns, page)
    kinds = {of: written_as(of, table) for _, of, _ in places}
    digits = table.attrs.get("decimals", {}) if digits is None else digits

    @cache
    def look(**how):
        return book.add_format(how)

    wide = [len(head) for *_, head in places]
    for at, (_, _, head) in enumerate(places):
        sheet.write_string(top, at, plain(head), look(bold=True, bottom=1, text_wrap=True, valign="top"))  # fmt: skip
    for line, row in enumerate(table.to_dict("records"), top + 1):
        weight = {"bold": True} if loud and row.get(loud) in (True, "true") else {}
        for at, (name, of, _) in enumerate(places):
            value, written = _value(row, name, of, kinds[of], page)
            if written == "0.0%" and digits.get(of, 9) < 3:
                written = "0%"
            if isinstance(value, str) and value:
                quoted = {"quote_prefix": True} if value.startswith(FORMULA) else {}
                sheet.write_string(line, at, plain(value), look(**weight, **quoted))
            elif value is not None and not isinstance(value, str):
                kept = {"num_format": written} if written else {}
                sheet.write_number(line, at, as_written(value), look(**weight, **kept))
            wide[at] = max(wide[at], len(str(value)))
    for at, letters in enumerate(wide):
        sheet.set_column(at, at, min(letters + 2, WIDEST) if at == 0 else min(letters + 2, 28))
    sheet.freeze_panes(top + 1, 1)
    sheet.autofilter(top, 0, top + len(table), len(places) - 1)


def _places(table, columns, page) -> list[tuple[str, str, str]]:
    """(column, the column that it is an end of, or itself; heading) of each column of the sheet."""
    ends = {"_low": N_("{name}: from"), "_high": N_("{name}: to")}
    places = []
    for name, heading in table_columns(table, columns).items():
        head = table_head(table, name, heading, page)["text"]
        places.append((name, name, head))
        for end, words in ends.items():
            if f"{name}{end}" in table:
                places.append((f"{name}{end}", name, page.say(words, name=head)))
    if "flag" in table and table["flag"].astype(bool).any():
        places.append(("flag", "flag", page.say(N_("Remark"))))
    return places


def _value(row, name, of, kind, page) -> tuple:
    """(value, number format) of a cell: a number where it is known and may be, else its words."""
    if name == "flag":
        return page.code(row["flag"], FLAGS), ""
    cell = table_cell({**row, of: row[name]}, of, kind, page)
    certain = kind == "p" and not 0.01 <= row[name] <= 0.99  # a simulation never is
    if cell["classes"] != "n" or certain:
        return cell["text"], ""
    kind = written_in(row, of, kind)
    return None if pd.isna(row[name]) else row[name], FORMATS.get(kind, "")
