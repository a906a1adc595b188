"""Headlines that tell of one row of a table, its lowest or highest: of which, in which words, is data.

`words/headlines.csv`, one line per sentence: headline, words (in `sentences.toml`), which (lowest, highest
or first), column (that it goes by), name (column that names the row), only (the rows it is of), nothing
(words where the lowest is not below zero, or the highest not above it).
"""

from pathlib import Path

import pandas as pd

from cxlib.page.language import sentences_of
from cxlib.page.sentences import AS_HIGH, AS_LOW, said_of
from cxlib.page.terms import COLUMNS
from cxlib.sums.interval import counted_share, not_told_apart

SAID = sentences_of("picked")
LINES = pd.read_csv(Path(__file__).parent / "words" / "headlines.csv", keep_default_na=False)
MOST = 3  # names of others that may be as low or as high


def of_its_rows(name: str, lines: pd.DataFrame) -> None:
    """Registers the headline of a name, of the lines that say what it tells."""

    def headline(page, rows=None, *_):
        return [each for line in lines.itertuples() for each in _picked(page, rows, line)]

    headline.__name__ = name
    said_of()(headline)


def _picked(page, rows, line) -> list[str]:
    """One row in its words, and which others may come before it; [] where its column is not known."""
    rows = rows.query(line.only) if line.only else rows
    rows = page.focus_rows(rows) if "segment" in rows else rows
    if line.column not in rows or rows[line.column].isna().all():
        return []
    if {"count", "n"} <= set(rows) and line.column == "share" and "share_low" not in rows:
        rows = rows.assign(**counted_share(rows["count"], rows["n"], page.settings.confidence))
    rows = rows.dropna(subset=[each for each in (line.column, line.name) if each])
    values = rows[line.column].astype(float)
    if len(rows) == 1 and line.which != "first":
        return []
    ends = {"lowest": values.min(), "highest": values.max(), "first": values.iloc[0]}
    sign = {"lowest": -1, "highest": 1}.get(line.which, 0) * ends[line.which]
    if line.nothing and sign <= 0:
        return [page.say(getattr(SAID, line.nothing))]
    row = rows[values.eq(ends[line.which])].iloc[0]
    same, alike = rows.index[values.eq(row[line.column])], not_told_apart(rows, row, line.column)
    alike = alike.index.union(same).difference([row.name], sort=False)
    others = rows.loc[alike, line.name] if line.name else []
    written = COLUMNS[line.name][1] if line.name else ""
    names = [page.quoted(page.write(each, written, line.name)) for each in others]
    words, said = (
        AS_LOW if line.which == "lowest" else AS_HIGH,
        page.say(getattr(SAID, line.words), row),
    )
    said = page.or_alike(said, page.language.join(names, MOST), words)
    return [said, page.based(row) if f"{line.column}_low" in rows else ""]


for _name, _lines in LINES.groupby("headline", sort=False):
    of_its_rows(_name, _lines)
