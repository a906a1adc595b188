"""A figure or a table taken along: SVG, PNG, a slide, a workbook. Written only when asked for.

Everything passes the page's gate, as it does when it is shown: what is withheld there is withheld
here. Nothing is a formula, whatever a client's word begins with.
"""

import io
import json
import re
from base64 import b64encode
from pathlib import Path

import numpy as np
import pandas as pd
from PIL import Image, ImageOps

from cxlib.client.release import withheld
from cxlib.page.drawing import drawn, light_svg, png
from cxlib.page.language import N_
from cxlib.page.screen import words_of
from cxlib.page.workbook import fill, open_book

SLIDE = (1920, 1080)  # 16:9
MARGIN = 96
FORMULA = re.compile(r"[=@+\t\r]|-(?!\s|[\d.]*$)")  # how a cell begins that a spreadsheet would run
MOST_LETTERS = 31  # of a sheet's name in Excel


def save_figure(page, path, name: str, *tables, slide: bool = False, **options) -> Path:
    """Writes a figure as .svg or .png; `slide`: a .png of 1920 × 1080, the figure in its middle."""
    path = _checked(path, (".png",) if slide else (".png", ".svg"))
    draw = page.drawing(name, *tables, **options)
    taken = light_svg if path.suffix.lower() == ".svg" else png
    data, alt = drawn(draw, page.language, taken)
    if alt is None:
        raise ValueError(f"There is nothing to draw: {name} has no rows, or too few answers.")
    path.write_bytes(on_slide(data) if slide else data)
    return path


def on_slide(png: bytes) -> bytes:
    """The picture on a white sheet of 16:9, as large as its margins allow."""
    picture, written = Image.open(io.BytesIO(png)).convert("RGB"), io.BytesIO()
    room = tuple(side - 2 * MARGIN for side in SLIDE)
    inside = ImageOps.pad(picture, room, Image.Resampling.LANCZOS, "white")
    ImageOps.expand(inside, MARGIN, "white").save(written, "PNG")
    return written.getvalue()


MOST_IN_BOOK = 1_000  # rows of a table that a notebook carries along as a workbook


def book_of(page, table, columns=None, caption: str = "") -> str:
    """The rows as an .xlsx of one sheet, in base64, for the button beside the table; "" where they
    are too many to be carried along: `save_table` writes those."""
    if len(table) > MOST_IN_BOOK:
        return ""
    written = io.BytesIO()
    _workbook(page, [(table, columns, caption)], written)
    return b64encode(written.getvalue()).decode()


def save_tables(page, path, tables) -> Path:
    """Writes an .xlsx with one sheet per (rows, columns, caption), each through the gate."""
    path = _checked(path, (".xlsx",))
    _workbook(page, tables, path)
    return path


def _workbook(page, tables, where):
    tables = [each for each in tables if each[0] is not None and len(each[0])]
    if not tables:
        raise ValueError("There is no table to save: none has been shown, or it has no rows.")
    book, names = open_book(where), []
    for table, columns, caption in tables:
        names.append(_sheet_name(page, caption, names))
        table = page.gate(table.reset_index() if table.index.name else table)
        fill(book, book.add_worksheet(names[-1]), table, columns, page)
    book.close()


def _checked(path, endings) -> Path:
    path = Path(path)
    if path.suffix.lower() not in endings:
        raise ValueError(f"{path} is saved as {' or '.join(endings)}: give it that ending.")
    if not path.absolute().parent.is_dir():
        raise ValueError(f"{path.parent} is no folder: make it, or name another.")
    return path


def _sheet_name(page, caption: str, taken) -> str:
    """A caption's first words, as Excel allows them, and no name twice."""
    words = re.sub(r"[\[\]:*?/\\']", " ", page.say(caption) if caption else page.say(N_("Table")))
    name, number = words[:MOST_LETTERS].strip(), 1
    while name.casefold() in {each.casefold() for each in taken}:
        number += 1
        name = f"{words[: MOST_LETTERS - 4].strip()} {number}"
    return name


# The files behind the figures

BASES = ("n", "n_rest", "n_before", "n_silent", "left_out", "count", "of")
TRUTHS = {True: "true", False: "false"}  # as the files write them


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
        return TRUTHS[bool(cell)]
    return f"'{cell}" if isinstance(cell, str) and FORMULA.match(cell) else cell
