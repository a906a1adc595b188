"""Tables that are looked at: the touchpoints, and how each initiative fits."""

import pandas as pd
from matplotlib.patches import Rectangle

from cxlib.client.contract import FITS
from cxlib.client.sampling import ordered_values
from cxlib.page.figures import figure
from cxlib.page.figures.row_chart import listed, told_rows
from cxlib.page.language import N_
from cxlib.page.looks import LIGHT
from cxlib.page.sentences_service import SAID
from cxlib.page.terms import COLUMNS, WITHHELD, telling_digits
from cxlib.sums.interval import not_told_apart


@figure
def touchpoint_map(sheet, page, touchpoints, value="experience"):
    """Channel × stage: the score with its base and the cases in each cell, the lowest score, and
    what cannot be told apart from it, marked; hatched where nothing is known."""
    rows = touchpoints.dropna(subset=["channel", "stage"])
    value = value if value in rows or rows.empty else "asked_satisfaction"
    if rows.empty or rows[value].isna().all():
        return None
    across_, down = "stage", "channel"
    if sheet.narrow and rows["stage"].nunique() > 3 >= rows["channel"].nunique():
        across_, down = down, across_  # a phone has room for three columns
    named = page.settings.labels  # in whose order they come
    columns, lines = (ordered_values(rows[of], named.get(of, {})) for of in (across_, down))
    known = rows.dropna(subset=[value]).sort_values(value, kind="stable")
    lowest = not_told_apart(known, known.iloc[0], value).index.union(known.index[:1])
    cells = rows.assign(marked=rows.index.isin(lowest)).set_index([down, across_]).astype(object)
    cells = cells.reindex(pd.MultiIndex.from_product([lines, columns]))
    write = f"number{telling_digits(rows, value)}"

    def cell(line, column):
        row = cells.loc[(line, column)]
        return _known_of_touchpoint(page, row, value, page.writer(write)), row["marked"] is True

    heads = {key: page.label(across_, key) for key in columns}
    _grid(sheet, heads, {key: page.label(down, key) for key in lines}, cell, deep=62)
    parts = told_rows(
        page, known.head(10), lambda row: page.say(SAID.place, row), {value: write}, 10
    )
    return listed(page, N_("Touchpoints, lowest first. {rows}."), parts)


@figure
def fit_map(sheet, page, fits):
    """How far each initiative fits strategy, people, process, technology and money, those of the plan
    first; the lowest of each, if it is not 1, is marked."""
    heads = {name: page.say(COLUMNS[name][0]) for name in (*FITS, "money_fit")
             if name in fits and fits[name].notna().any()}  # fmt: skip
    rows = fits.sort_values("chosen", ascending=False, kind="stable").set_index("initiative")
    if not heads or rows.empty:
        return None
    share = page.language.share

    def cell(line, column):
        value = rows.at[line, column]
        known = [] if pd.isna(value) else [share(value)]
        return known, value == rows.at[line, "fit_lowest"]

    names = {key: page.label("initiative", key) for key in rows.index}
    _grid(sheet, heads, names, cell, deep=30)
    short = rows.dropna(subset=["fit_lowest"])
    parts = page.each(N_("{name}: {fit} {share}"), short, name=lambda row: names[row.name],
                      fit=lambda row: heads[row["adjust"]], share=lambda row: share(row["fit_lowest"]))  # fmt: skip
    return listed(page, N_("The lowest fit of each initiative. {rows}."), parts)


def _grid(sheet, heads, names, cell, deep):
    """Cells beneath `heads` and beside `names`, both {key: words}; cell(line, column) gives what
    stands in one, [] where nothing is known, and whether it is marked."""
    left, header = 8 if sheet.narrow else 170, 44
    wide, pitch = (sheet.width - left - 8) / len(heads), deep + (26 if sheet.narrow else 6)
    sheet.begin(header + pitch * len(names) + 8)
    ax = sheet.axes(0, 0, sheet.width, sheet.height)
    ax.set(xlim=(0, sheet.width), ylim=(sheet.height, 0))
    ax.axis("off")
    for c, said in enumerate(heads.values()):
        words = sheet.wrap(said, wide - 8, lines=2, size=12)
        sheet.text(left + wide * (c + 0.5), 20, words, size=12, ha="center", color=LIGHT["muted"])
    for r, (line, said) in enumerate(names.items()):
        top = header + pitch * r + (22 if sheet.narrow else 0)
        at = (left, top - 11) if sheet.narrow else (left - 14, top + deep / 2)
        said = said if sheet.narrow else sheet.wrap(said, left - 18, lines=2)
        sheet.text(*at, said, ha="left" if sheet.narrow else "right")
        for c, column in enumerate(heads):
            box = (left + wide * c + 2, top, wide - 4, deep)
            told, marked = cell(line, column)
            style = {"facecolor": LIGHT["panel"], "edgecolor": LIGHT["lost"]}
            if not told:
                style = {"facecolor": "none", "edgecolor": LIGHT["line"], "hatch": "///"}
            ax.add_patch(Rectangle(box[:2], *box[2:], linewidth=2 * marked, **style))
            _lines(sheet, box, told, "lost" if marked else "ink")


def _known_of_touchpoint(page, row, value, write) -> list[str]:
    """The lines of a cell: the score, or "" without one; its base; the cases."""
    if row.get("flag") == "withheld":
        return ["", page.say(WITHHELD)]
    known = [write(row[value]) if pd.notna(row[value]) else ""]
    for name, words in (("n", N_("n = {n}")), ("cases", N_("{n} cases"))):
        if row.get(name, 0) > 0:
            known.append(page.say(words, n=page.language.count(row[name])))
    return known if any(known) else []


def _lines(sheet, box, known, colour):
    """The score large, the others small, in the middle of the cell."""
    lines = [(words, i == 0) for i, words in enumerate(known) if words]
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2 - 8.5 * (len(lines) - 1)
    for i, (words, score) in enumerate(lines):
        style = {"size": 11, "color": LIGHT["muted"]}
        if score:
            style = {"weight": "bold", "color": LIGHT[colour]}
        words = sheet.wrap(words, box[2] - 6, size=11)
        sheet.text(x, y + 17 * i, words, ha="center", **style)
