"""The one chart of a row per thing: a mark on each line, its number beside it, one key.

A figure chooses and names its rows, and the mark; everything else is the same for all.

    rows   one row each, in order. Columns: name, the value drawn; and where there are any
           value_low, value_high   its interval
           flag                    small_base is drawn pale, withheld not at all
           loud                    what the headline speaks of: in colour, its number in bold
           colour                  a colour of the palette by name, in place of that
           note, under, indent     see Sheet.rows
"""

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from cxlib.page.language import N_
from cxlib.page.looks import LIGHT
from cxlib.page.terms import COLUMNS, WITHHELD

FADED = 0.45  # of a mark on a small base
SECOND = 118  # pixels: the column of small bars at the right of a desk


def row_chart(
    sheet, page, rows, value, said, *, write, mark, of="", unit="", ticks=None, ends=None, told=None,
    below=None, head="", second=None, key=(), header=8, origin=0, parts=None, facts=None, at=None,
    series=None, kind="bar",
):  # fmt: skip
    """Draws the rows and returns their words; None without rows.

    said   the words, with a place {rows} for each row's name and number (or `parts`, as they are or
           as words of a row) and for `facts`
    of     what rows are named by: the column of a dimension, an item
    write  how a value is told beside its mark: as `Page.spoken` has it, or a function; `told`: words
    mark   draws a row: mark(sheet, ax, y, row, value, colour, alpha)
    unit   title of the axis, drawn only where there is one; `ticks` writes its values, as `write`
    ends   lowest and highest of the axis; those of the values unless told
    below, head, second   on a desk: small words beneath each number, a heading for the numbers, and a
             second column of small bars: (heading, shares of 0–1, words)
    key    what marks mean, above: see Sheet.key
    origin   where an upright line stands, if anywhere; at: where the axis has its values, if told
    series   what a slide's chart has bars of, {column: (words, colour)}; the value alone unless told;
             kind: bar, or stacked of parts of one whole
    """
    rows = rows.reset_index(drop=True)
    if rows.empty:
        return None
    if of:
        rows["name"] = [page.label(of, key) for key in rows[of]]
    facts = {"currency": page.language.currency_word, **(facts or {})}
    unit = unit and page.say(unit, **facts)
    write, ticks = page.writer(write), page.writer(ticks)
    loud = rows.get("loud", pd.Series(rows.index == 0)).fillna(False).astype(bool)
    withheld = rows["flag"].eq("withheld") if "flag" in rows else pd.Series(False, rows.index)
    if isinstance(parts, str):
        parts = page.each(parts, rows[~withheld])
    parts = parts or numbers(page, rows[~withheld], value, write)
    alt = page.with_base(listed(page, said, parts, **facts), rows)
    if sheet.native:
        known, ends = rows.assign(loud=loud)[~withheld], ends and tuple(map(round, ends))
        sheet.take(known, value, write, series=series, unit=unit, ends=ends, kind=kind,
                   name=page.say(COLUMNS.get(value, COLUMNS["amount"])[0]))  # fmt: skip
        return alt
    told = [write(number) for number in rows[value]] if told is None else list(told)
    told = [page.say(WITHHELD) if out else words for out, words in zip(withheld, told, strict=True)]
    if sheet.narrow:
        below, head, second = None, "", None
    below = below or [""] * len(rows)
    edge = sheet.width - 8 - (SECOND + 22 if second else 0)
    header += 26 * bool(key or head or second)
    rights = _rights(sheet, told, below, head and page.say(head), sheet.width - edge)
    ax = sheet.rows(rows, rights, header=header, footer=46 if unit else 10,
                    bold=set(rows.index[loud & ~loud.all()]))  # fmt: skip
    ax.set_xlim(*(ends or _reach(rows[~withheld], value)))
    _draw_marks(sheet, ax, rows[~withheld], value, mark, loud)
    if origin is not None:
        sheet.upright(ax, origin, LIGHT["expectation"])
    for i, words in enumerate(told):
        _number(sheet, edge, ax.words[i], words, below[i], loud[i])
    _columns(sheet, page, ax, edge, head, second)
    sheet.key(key)
    axis_across(sheet, ax, unit, ticks, at)
    return alt


def _draw_marks(sheet, ax, rows, value, mark, loud):
    """Each row's mark: in full colour where it is loud, pale where few stand behind it."""
    for i, row in rows.iterrows():
        colour = LIGHT[row.get("colour") or ("experience" if loud[i] else "other")]
        alpha = FADED if row.get("flag") == "small_base" else 1
        mark(sheet, ax, ax.ys[i], row, value, colour, alpha)


def _rights(sheet, told, below, head: str, edge) -> list[float]:
    """The room that the number of each row takes at the right, and the heading above the first."""
    widths = [max(sheet.text_width(words, weight="bold"), sheet.text_width(small, 11))
              for words, small in zip(told, below, strict=True)]  # fmt: skip
    widths[0] = max(widths[0], sheet.text_width(head, 11.5) if head else 0)
    return [edge + width + (8 if sheet.narrow else 20) for width in widths]


def axis_across(sheet, ax, unit: str, ticks, at=None):
    """The axis with its values and its title; none without a unit."""
    if ticks:
        ax.xaxis.set_major_locator(MaxNLocator(3 if sheet.narrow else 6, steps=[1, 2, 5, 10]))
        ax.xaxis.set_major_formatter(lambda number, _: ticks(number))
    if at is not None:
        ax.set_xticks(at)
    if unit:
        sheet.unit(ax, unit)
    else:
        ax.xaxis.set_visible(False)
        ax.spines["bottom"].set_visible(False)


def numbers(page, rows, value, write) -> list[str]:
    """Each row's name with its number and interval in words."""
    return [f"{row['name']} {page.within(row, value, write)}" for _, row in rows.iterrows()]


def told_rows(page, rows, named, writes, intervals=0, **headings) -> list[str]:
    """Each row in words: its name, and each number that is known under its column's heading.

    named : the column of what it is called, or a function of the row
    writes : {column: a kind, or what writes it}
    intervals : how many of the first rows tell their intervals
    """
    told, writes = [], {column: page.writer(write) for column, write in writes.items()}
    for place, (_, row) in enumerate(rows.iterrows()):
        said = [f"{page.say(headings.get(column) or COLUMNS[column][0])} "
                f"{page.within(row, column, write) if place < intervals else write(row[column])}"
                for column, write in writes.items() if pd.notna(row.get(column))]  # fmt: skip
        name = page.label(named, row[named]) if isinstance(named, str) else named(row)
        facts = page.say(N_(", ")).join(said) or page.say(N_("not known"))
        told.append(page.say(N_("{name}: {facts}"), name=name, facts=facts))
    return told


def listed(page, said, parts, **facts) -> str:
    """A sentence with a place {rows} for what there is, one after the other."""
    return page.say(said, rows=page.listed(parts), **facts)


def _reach(rows, value) -> tuple[float, float]:
    """From the least value or interval to the most, zero among them, with a little room."""
    known = rows[[name for name in (value, f"{value}_low", f"{value}_high") if name in rows]]
    least, most = (float(end) for end in (known.min(axis=None), known.max(axis=None)))
    least, most = min(least, 0), max(most, 0)
    room = (most - least) * 0.04 or 1
    return least - (room if least < 0 else 0), most + (room if most > 0 or least == most else 0)


def _number(sheet, at, y, words, below, loud):
    """The number of a row; its small words beneath it, on a desk."""
    weight = "bold" if loud else "normal"
    sheet.text(at, y - (8 if below else 0), words, ha="right", weight=weight)
    sheet.text(at, y + 10, below, ha="right", size=11, color=LIGHT["muted"])


def _columns(sheet, page, ax, at, head, second):
    small = {"size": 11.5, "color": LIGHT["muted"]}
    if head:
        sheet.text(at, 14, page.say(head), ha="right", **small)
    if not second:
        return
    heading, shares, words = second
    left = sheet.width - SECOND
    sheet.text(left, 14, page.say(heading), **small)
    for y, share, said in zip(ax.words, shares, words, strict=True):
        if pd.notna(share):
            for end, colour in ((70, "line"), (70 * share, "muted")):  # a bar in its track
                sheet.line([left, left + end], [y, y], color=LIGHT[colour], linewidth=7)
            sheet.text(sheet.width - 8, y, said, ha="right", size=12, color=LIGHT["muted"])


# The marks


def interval(ax, y, row, value, colour, alpha, width=1.4):
    """The interval of a value, where one is known."""
    if pd.notna(row.get(f"{value}_low")):
        ends = [row[f"{value}_low"], row[f"{value}_high"]]
        ax.plot(ends, [y, y], color=colour, linewidth=width, alpha=alpha, zorder=3)


def bar(sheet, ax, y, row, value, colour, alpha, width=14):
    """A bar from zero, its interval on it."""
    ax.plot([0, row[value]], [y, y], color=colour, linewidth=width, alpha=alpha)
    interval(ax, y, row, value, LIGHT["paper"], 1, 3.6)  # so that it shows on a dark bar
    interval(ax, y, row, value, LIGHT["ink"], alpha, 1.3)


def dot(sheet, ax, y, row, value, colour, alpha):
    """A dot with its interval, a pale line from zero."""
    ax.plot([0, row[value]], [y, y], color=colour, linewidth=4, alpha=alpha * 0.35)
    interval(ax, y, row, value, colour, alpha, 1.6)
    ax.plot(row[value], y, "o", color=colour, markersize=8.5, alpha=alpha, zorder=4)


def swing(sheet, ax, y, row, value, colour, alpha):
    """A bar between two values; beside each end, the words for it (columns at_low, at_high)."""
    ends = sorted([(row[f"{value}_low"], row["at_low"]), (row[f"{value}_high"], row["at_high"])])
    ax.plot([end for end, _ in ends], [y, y], color=colour, linewidth=14, alpha=0.85 * alpha)
    for (at, words), side, way in zip(ends, ("right", "left"), (-1, 1), strict=True):
        at += way * np.ptp(ax.get_xlim()) * 0.01
        ax.text(at, y, words, ha=side, va="center", fontsize=12)


def stacked(parts, write):
    """A mark of parts of one whole, end to end: parts are (column, colour), shares of 0–1; each
    has its number on it where there is room."""

    def mark(sheet, ax, y, row, value, colour, alpha):
        left, wide = 0, ax.get_position().width * sheet.width / np.ptp(ax.get_xlim())
        for column, shade in parts:
            share, words = row[column], write(row[column])
            if pd.isna(share):
                continue
            ax.plot([left, left + share], [y, y], color=LIGHT[shade], linewidth=20, alpha=alpha)
            if share * wide > sheet.text_width(words, 12) + 6:
                ink = "ink" if shade in ("line", "other") else "paper"
                ax.text(left + share / 2, y, words, ha="center", va="center_baseline", fontsize=12,
                        color=LIGHT[ink])  # fmt: skip
            left += share

    return mark
