"""The appendix: every table behind the report in one workbook, and who differs from whom in what.

The tables are those of results/*.csv, which the gate released; the crossings pass it here.
"""

import re
from pathlib import Path

import pandas as pd

from cxlib.analysis.crossings import crossings
from cxlib.client.release import from_file
from cxlib.page.language import N_
from cxlib.page.terms import CAPTIONS, COLUMNS, NUMBERS, OWN, SCORES
from cxlib.page.workbook import fill, open_book, plain

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
    contents = book.add_worksheet(_tab(page.say(N_("Contents"))))
    contents.write_string(0, 0, plain(page.case.title), bold)
    contents.write_string(1, 0, page.say(TITLE))
    for at, head in enumerate(HEADS):
        contents.write_string(3, at, page.say(head), bold)
    for line, (name, table) in enumerate(tables.items(), 4):
        sheet, caption = book.add_worksheet(_tab(name)), _caption(page, name)
        contents.write_url(line, 0, f"internal:'{_tab(name)}'!A1", link, name)
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


def _tab(name: str) -> str:
    """A name as Excel allows it on a sheet's tab."""
    return re.sub(r"[\[\]:*?/\\']", " ", plain(name))[:31]


def _caption(page, name: str) -> str:
    """What a table shows, in the reader's words; a table of the consultant's own by its name."""
    words = CAPTIONS.get(name) or name.removeprefix(OWN).replace("_", " ").capitalize()
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
    most = max((decimals[name] for name in SCORES if name in decimals), default=0)  # of all alike
    table.attrs["decimals"] = decimals | {name: most for name in SCORES if name in decimals}
    return table


def _counts(name: str) -> bool:
    """Whether a column holds numbers: one of ours that is written so, or one we do not know."""
    kind = COLUMNS.get(name, COLUMNS.get(re.sub(r"_(low|high)$", "", name), ("", "")))[1]
    return kind in NUMBERS if kind else name != "flag"
