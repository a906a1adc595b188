"""Tables as sheets of a workbook: headings in the reader's words, numbers that stay numbers.

The tables have passed the gate. Nothing is a formula, whatever a client's word begins with, and the
same tables give the same file.

The appendix: every table behind the report in one workbook, and who differs from whom in what.

The tables are those of results/*.csv, which the gate released; the crossings pass it here.

A figure or a table taken along: SVG, PNG, a workbook. Written only when asked for.

Everything passes the page's gate, as it does when it is shown: what is withheld there is withheld
here. Nothing is a formula, whatever a client's word begins with.
"""

import io
import json
import re
from base64 import b64encode
from datetime import datetime
from decimal import Decimal
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import xlsxwriter

from cxlib.analysis.experience_expectation import crossings
from cxlib.client.release import from_file, of_released, withheld
from cxlib.page import terms
from cxlib.page.drawing import drawn, light_svg, png
from cxlib.page.language import N_
from cxlib.page.screen import words_of
from cxlib.page.tables import table_cell, table_columns, table_head

MADE = datetime(2000, 1, 1)  # as the file says, lest two runs of one day differ
NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
FLAGS = {"small_base": N_("few answers: an indication"), "withheld": terms.WITHHELD}
MOST_LETTERS = 31  # of a sheet's name in Excel
WIDEST = 60  # letters of a column


def plain(text) -> str:
    """Text without what no file of Office may hold."""
    return NOT_XML.sub("", str(text))


def as_written(number) -> Decimal:
    """The number that the file is to show: 0.07, where a binary fraction would be 0.07000000000000001."""
    return Decimal(repr(float(number)))


def sheet_name(words) -> str:
    """Words as Excel allows them for a sheet."""
    return re.sub(r"[\[\]:*?/\\']", " ", plain(words))[:MOST_LETTERS].strip()


def open_book(where) -> xlsxwriter.Workbook:
    """A workbook to be written to a file or a stream when it is closed."""
    off = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    book = xlsxwriter.Workbook(where, {"in_memory": True, **off})
    book.set_properties({"created": MADE})
    return book


@of_released
def fill(book, sheet, table, columns, page, top: int = 0, loud: str = "") -> None:
    """Headings, then a row per row; X_low and X_high stand behind X, the flag at the end.

    top : the row of the headings; loud : a column of truths, whose rows are in bold
    """
    places = _places(table, columns, page)
    kinds = {of: terms.written_as(of, table) for _, of, _ in places}
    digits = table.attrs.get("decimals", {})  # no more than it was released with

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
    kind = terms.written_in(row, of, kind)
    return None if pd.isna(row[name]) else row[name], terms.FORMATS.get(kind, "")


# The appendix: every table behind the report in one workbook


TITLE, CROSSINGS = N_("Appendix: the tables behind the report"), "crossings"
HEADS = (N_("Table"), N_("What it shows"), N_("Rows"))
TRUTH = {"true": True, "false": False}
LOUD = {"gap": "key_experience", "items": "key_experience", "portfolio": "chosen", CROSSINGS: "different"}  # fmt: skip


def write_appendix(page, path, results) -> None:
    """Writes the workbook: contents with links, the crossings, a sheet for each file of the folder
    `results`, in alphabetical order.

    >>> from tempfile import mkdtemp
    >>> write_appendix(page, f"{mkdtemp()}/appendix.xlsx", mkdtemp())
    """
    tables = {CROSSINGS: crossed(page)}
    files = sorted(Path(results).glob("*.csv"))
    files = [path for path in files if path.read_text("utf-8").strip()]
    tables |= {path.stem: from_file(path, as_released) for path in files}
    tables = {name: table for name, table in tables.items() if table is not None and len(table)}
    book = open_book(path)
    bold, link = book.add_format({"bold": True}), book.get_default_url_format()
    contents = book.add_worksheet(sheet_name(page.say(N_("Contents"))))
    contents.write_string(0, 0, plain(page.case.title), bold)
    contents.write_string(1, 0, page.say(TITLE))
    for at, head in enumerate(HEADS):
        contents.write_string(3, at, page.say(head), bold)
    for line, (name, table) in enumerate(tables.items(), 4):
        sheet, caption = book.add_worksheet(sheet_name(name)), _caption(page, name)
        contents.write_url(line, 0, f"internal:'{sheet_name(name)}'!A1", link, name)
        contents.write_string(line, 1, caption)
        contents.write_number(line, 2, len(table))
        sheet.write_string(0, 0, caption, bold)
        sheet.write_url(1, 0, f"internal:'{contents.name}'!A1", link, page.say(N_("Contents")))
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        fill(book, sheet, table, list(_shown(table)), page, top=3, loud=LOUD.get(name, ""))
    contents.set_column(0, 0, 24)
    contents.set_column(1, 1, 90)
    contents.freeze_panes(4, 0)
    book.close()


def _caption(page, name: str) -> str:
    """What a table shows, in the reader's words; a table of the consultant's own by its name."""
    words = terms.CAPTIONS.get(name) or name.removeprefix(terms.OWN).replace("_", " ").capitalize()
    return plain(page.say(words))


def _shown(table) -> list[str]:
    """Its columns, but for those that a sheet has beside or after the others, and what is blank."""
    ends = {f"{name}{end}" for name in table for end in ("_low", "_high")}
    known = table.notna() & table.ne("")
    return [name for name in table if name not in {*ends, "flag"} and known[name].any()]


def crossed(page) -> pd.DataFrame | None:
    """The crossings that may be shown, most worth looking at first: by adjusted probability, then by
    size. What is withheld stands last, and tells nothing by its place."""
    table = crossings(page.case)
    if table is None:
        return None
    shown = page.gate(table)
    kept = ["grouping", "group", "measure", "item", "flag", "n", "n_rest", "mean", "mean_rest"]
    kept += ["difference", "difference_low", "difference_high", "q", "different"]
    order = shown.assign(size=-shown["difference"].abs())
    order = order.sort_values(["q", "size"], kind="stable", na_position="last")
    return order[kept].reset_index(drop=True)


def as_released(text: pd.DataFrame) -> pd.DataFrame:
    """The text of a file of results as what was released: numbers, truths and codes, blank where not
    known; the decimals of each column in attrs."""
    table, decimals = text.copy(), {}
    for name, values in text.items():
        known = values[values.ne("")]
        numbers = pd.to_numeric(known, errors="coerce")
        if known.isin(list(TRUTH)).all() and len(known):
            table[name] = values.map(TRUTH).astype(object)
        elif numbers.notna().all() and _counts(name) and not known.str.match(r"0\d").any():
            table[name] = numbers.reindex(values.index).astype(float)
            places = known.str.extract(r"\.(\d+)$")[0].fillna("").str.rstrip("0").str.len()
            decimals |= {name: int(places.max())} if len(known) else {}
        else:
            # A sheet marks itself what would be a formula.
            values = values.str.replace(r"^'(?=[=@+\t\r-])", "", regex=True)
            table[name] = values.mask(values.eq("") & (name != "flag"), None)
    scores = {name: decimals[name] for name in terms.SCORES if name in decimals}  # all alike
    table.attrs["decimals"] = decimals | dict.fromkeys(scores, max(scores.values(), default=0))
    return table


def _counts(name: str) -> bool:
    """Whether a column holds numbers: one of ours that is written so, or one we do not know."""
    kind = terms.COLUMNS.get(name, terms.COLUMNS.get(re.sub(r"_(low|high)$", "", name), ("", "")))[1]  # fmt: skip
    return kind in terms.NUMBERS if kind else name != "flag"


# A figure or a table taken along


# How a cell begins that a spreadsheet would run.
RUN_BY_SHEETS = re.compile(r"[=@+\t\r]|-(?!\s|[\d.]*$)")


def save_figure(page, path, name: str, *tables, **options) -> Path:
    """Writes the named figure as .svg or .png.

    >>> from tempfile import mkdtemp
    >>> page.save_figure(f"{mkdtemp()}/gap.svg", "gap_chart", cx.gaps(case)).name
    'gap.svg'
    """
    path = _checked(path, (".png", ".svg"))
    draw = page.drawing(name, *tables, **options)
    taken = light_svg if path.suffix.lower() == ".svg" else png
    data, alt = drawn(draw, page.language, taken)
    if alt is None:
        raise ValueError(f"There is nothing to draw: {name} has no rows, or too few answers.")
    path.write_bytes(data)
    return path


MOST_IN_BOOK = 1_000  # rows of a table that a notebook carries along as a workbook


def book_of(page, table, columns=None, caption: str = "") -> str:
    """The rows as an .xlsx of one sheet, in base64, for the button beside the table; "" where they
    are too many to be carried along: `save_table` writes those."""
    if len(table) > MOST_IN_BOOK:
        return ""
    written = io.BytesIO()
    _write_book(page, written, table, columns, caption)
    return b64encode(written.getvalue()).decode()


def save_table(page, path, table, columns=None, caption: str = "") -> Path:
    """Writes the rows as they may be shown, all of them, as an .xlsx of one sheet.

    >>> from tempfile import mkdtemp
    >>> page.save_table(f"{mkdtemp()}/gaps.xlsx", cx.gaps(case)).name
    'gaps.xlsx'
    """
    path = _checked(path, (".xlsx",))
    if table is None or table.empty:
        raise ValueError("There is no table to save: it has no rows.")
    _write_book(page, path, table, columns, caption)
    return path


def _write_book(page, where, table, columns, caption):
    book = open_book(where)
    sheet = book.add_worksheet(sheet_name(page.say(caption or N_("Table"))))
    fill(book, sheet, page.gate(table.reset_index() if table.index.name else table), columns, page)
    book.close()


def _checked(path, endings) -> Path:
    path = Path(path)
    if path.suffix.lower() not in endings:
        raise ValueError(f"{path} is saved as {' or '.join(endings)}: give it that ending.")
    if not path.absolute().parent.is_dir():
        raise ValueError(f"{path.parent} is no folder: make it, or name another.")
    return path


# The files behind the figures

BASES = ("n", "n_rest", "n_before", "n_silent", "left_out", "count", "of")


def write_results(page, name: str, table: pd.DataFrame) -> None:
    """results/NAME.csv, as released; and private/NAME.csv, its numbers as they are, for the
    consultant's own eyes. What is withheld is in neither."""
    home = Path(page.reports_dir) / page.case.client
    table = table.reset_index() if table.index.name else table
    _write_csv(page.gate(table), _folder(home / "results") / f"{name}.csv")
    exact = _folder(home / "private", 0o700) / f"{name}.csv"
    _write_csv(withheld(page.case, table), exact)
    exact.chmod(0o600)


def write_verdict(page, found) -> None:
    """results/verdict.json: the verdict's facts, and `said`, its words in the language of the run."""
    place = _folder(Path(page.reports_dir) / page.case.client / "results") / "verdict.json"
    told = found.facts() | {"said": words_of(page, found)}
    place.write_text(json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False), "utf-8")


def _folder(path: Path, mode: int = 0o755) -> Path:
    path.mkdir(parents=True, exist_ok=True, mode=mode)
    return path


def _write_csv(table: pd.DataFrame, path: Path) -> None:
    """UTF-8, a point for decimals, people in whole numbers, truths as true and false."""
    columns = {}
    for column in [base for base in BASES if base in table]:  # people are whole
        people = pd.to_numeric(table[column])
        if (people.dropna() % 1 == 0).all():
            columns[column] = people.astype("Int64")
    # Cell by cell: a column of truths in which some are withheld or not known is no bool column.
    table = table.assign(**columns).map(_cell)
    table.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def _cell(cell):
    """A truth by its word; a word that a spreadsheet would run, with an apostrophe before it."""
    if isinstance(cell, bool | np.bool_):
        return str(bool(cell)).lower()
    return f"'{cell}" if isinstance(cell, str) and RUN_BY_SHEETS.match(cell) else cell
