"""Where customers are let down: the gap chart.

Two numbers against each other: what matters against how it is served, what delights against what
must not fail, procedural against personal.
"""

import numpy as np
import pandas as pd
from matplotlib.patches import Ellipse
from matplotlib.ticker import MaxNLocator

from cxlib.page.figures import figure
from cxlib.page.figures.labels import place_labels
from cxlib.page.figures.row_chart import FADED, interval, listed, row_chart, told_rows
from cxlib.page.language import N_, parts
from cxlib.page.looks import LIGHT, LOOKS
from cxlib.page.sentences import asked_alone, first_up, key_column, under_name
from cxlib.page.sentences_requirements import named_musts
from cxlib.page.terms import ASKED_WORDS, CODES, COLUMNS, KANO, score_digits, telling_digits
from cxlib.sums.gap import worst_first
from cxlib.sums.quadrants import QUADRANTS, performance_measure

MISSED = {"satisfaction": N_("Met or missed by"), "gap": N_("Gap to ideal")}
SCORED = N_("Score, {low} to {high}")
FIRST_OF = N_("Score, {low} to {high}; the first {shown} of {of}")
ORDERED_OF = N_("Score, {low} to {high}; the first {shown} of {of} by importance × shortfall")
ORDERED = N_("Score, {low} to {high}; in order of importance × shortfall")  # no room for a column
MARKS = LOOKS["gap_marks"]
RING = {"markersize": 14, "markerfacecolor": "none", "markeredgewidth": 1.3}
TICK = {"markersize": 20, "markeredgewidth": 3}
MOST_SAID = 8  # rows, in the words for those who cannot see the figure
MOST = 6  # rows on a first screen


@figure
def gap_chart(sheet, page, gaps, leads=()):
    """A row per dimension or item: experience, expectation and ideal on one line; satisfaction as
    asked in the place of experience, where none was. `leads`: what stands out without a key."""
    rows = worst_first(page.focus_rows(gaps))
    if asked := asked_alone(rows):
        rows = under_name(rows, "asked_satisfaction", "experience")
    if rows.empty or rows[["experience", "expectation"]].isna().all(axis=None):
        return None
    of, rows = len(rows), rows.head(3 if sheet.narrow else MOST) if sheet.brief else rows
    kind, matters, missed = key_column(rows), weight_column(rows), performance_measure(rows)
    sources = rows["from"] if "from" in rows else pd.Series("", index=rows.index)
    # Measured is the rule and needs no mark where everything is; any other source always shows.
    plain = sources.isin(["survey", "measured"]).all() or sources.isna().all()
    plain |= sheet.brief and sources.nunique(dropna=False) == 1  # said beside it, once for all
    rows = rows.assign(
        note="" if plain else [page.code(each) if pd.notna(each) else "" for each in sources],
        loud=rows.reindex(columns=["key_experience"]).eq(True).any(axis=1) | rows[kind].isin(leads),
        ideal=rows["ideal"].where(_decided(rows)),
        hoped=rows["expectation" if missed == "satisfaction" else "ideal"],
    )
    low, high = page.case.asked_scale if asked else page.settings.scale
    digits, edge = telling_digits(rows, missed), (high - low) * 0.01
    signed = "signed" if missed in MISSED else "number"
    units = FIRST_OF if len(rows) < of else SCORED, ORDERED_OF if len(rows) < of else ORDERED
    words = {"experience": page.say(ASKED_WORDS if asked else N_("Experience")),
             "expectation": page.say(N_("Expectation")), "ideal": page.say(N_("Ideal"))}  # fmt: skip
    return row_chart(
        sheet, page, rows, missed, N_("Gap chart, worst first. {rows}."), mark=_marks, of=kind,
        write=f"{signed}{digits}", ends=(low - edge, high + edge), origin=None,
        unit=units[int(sheet.narrow and rows[matters].notna().any())],
        facts={"low": f"{low:g}", "high": f"{high:g}", "shown": len(rows), "of": of},
        ticks="number" if high - low < 2 else "count",
        head=MISSED.get(missed, N_("Rated")), second=_importance(page, rows, matters),
        key=[(words[name], LIGHT[look["colour"]], look["marker"], look["key"])
             for name, look in MARKS.items() if rows[name].notna().any()],
        parts=_gap_words(page, rows, kind, asked), at=_along_scale(low, high),
        series={name: (words[name], look["on_slide"]) for name, look in MARKS.items()})  # fmt: skip


def _along_scale(low, high) -> np.ndarray:
    """Ticks from one end of a scale to the other, in equal round steps."""
    steps = (step for step in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50) if (high - low) / step <= 6)
    step = next((step for step in steps if (high - low) / step % 1 < 1e-9), high - low)
    return np.arange(low, high + step / 2, step)


def weight_column(rows) -> str:
    """How much a row matters: stated importance, or derived where none was stated."""
    return "importance" if rows["importance"].notna().any() or "derived" not in rows else "derived"


def _decided(rows) -> pd.Series:
    """Whether the ideal asks for something else than today, and than what customers expect, whose
    tick stands there already: only that was decided, and a ring round every dot says nothing."""
    same = [np.isclose(rows["ideal"].astype(float), rows[name].astype(float))
            for name in ("experience", "expectation")]  # fmt: skip
    return rows["ideal"].notna() & ~(same[0] | same[1])


def _marks(sheet, ax, y, row, missed, colour, alpha):
    """Experience with its interval, expectation, the ideal, and what lies between."""
    lived, style = row["experience"], {"alpha": alpha, "clip_on": False}
    ax.axhline(y, color=LIGHT["line"], linewidth=1, zorder=0)
    if lived < row["hoped"]:
        ax.plot([lived, row["hoped"]], [y, y], color=colour, linewidth=5, zorder=1, alpha=alpha)
    interval(ax, y, row, "experience", LIGHT["experience"], alpha)
    ax.plot(row["ideal"], y, "o", markeredgecolor=LIGHT["ink"], zorder=2, **RING, **style)
    ax.plot(row["expectation"], y, "|", color=LIGHT["expectation"], zorder=4, **TICK)
    ax.plot(lived, y, "o", markersize=8.5, color=LIGHT["experience"], zorder=5, **style)


def _importance(page, rows, matters):
    """The second column: how much each row matters, as a small bar; None where nobody said."""
    if rows[matters].isna().all():
        return None
    derived = matters == "derived"
    top = rows[matters].max() if derived else page.settings.importance_scale[1]
    words = [page.write(number, "share" if derived else "score") for number in rows[matters]]
    return N_("Derived") if derived else N_("Importance"), rows[matters] / top, words


def _gap_words(page, rows, kind, asked) -> list[str]:
    """What is known of each row, by name; of the first with intervals."""
    headings = {"experience": ASKED_WORDS} if asked else {}
    scores = ("experience", "expectation", "importance", "ideal")
    writes = dict.fromkeys(scores, f"number{score_digits(rows)}")
    shown = rows[rows["flag"].ne("withheld")] if "flag" in rows else rows
    parts = told_rows(page, shown.head(MOST_SAID), kind, writes, 1, **headings)
    if len(rows) > len(parts):
        words = N_("and {count} more in the table")
        parts.append(page.say(words, count=page.language.count(len(rows) - len(parts))))
    return parts


# Two numbers against each other


ENDS = ("_low", "_high")


def plane(sheet, rows, x, y, labels, corners, titles, frame, height, write=(None, None), below=0,
          soft=False, room=0):  # fmt: skip
    """Axes with each row as a dot in a cross of its intervals, and the labels beside theirs.

    rows     columns x, y and their intervals; colour, a colour of the palette; flag
    labels   {row: words}
    corners  {(right, top): words}: 0 or 1 each
    titles   of the axis across and of the upright one
    frame    ((lowest, highest) across, (lowest, highest) up)
    write    how the values of the axes are written
    below    pixels beneath the axes kept free
    soft     pale ellipses in place of the crosses, where there are many
    room     pixels at the right of the axes for labels
    """
    known = {name + end: rows.get(column + end, np.nan)
             for name, column in (("x", x), ("y", y)) for end in ("", *ENDS)}  # fmt: skip
    points = pd.DataFrame(known, rows.index).astype(float)
    sheet.begin(height + below)
    left, right, top = (46, 12, 44) if sheet.narrow else (64, 30, 28)
    ax = sheet.axes(left, top, sheet.width - left - right - room, height - top - 56)
    ax.spines["left"].set_visible(True)
    ax.set(xlim=frame[0], ylim=frame[1])
    for axis, written in zip((ax.xaxis, ax.yaxis), write, strict=True):
        axis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10]))
        if written:
            axis.set_major_formatter(lambda value, _, written=written: written(value))
    taken = [_corner(sheet, ax, at, words) for at, words in corners.items()]
    for i, point in points.iterrows():
        colour = LIGHT[rows.at[i, "colour"]]
        alpha = FADED if rows.loc[i].get("flag") == "small_base" else 1
        style = {"color": colour, "linewidth": 1.2, "alpha": alpha * 0.8, "zorder": 2}
        x_ends, y_ends = (point[[f"{name}_low", f"{name}_high"]] for name in "xy")
        if soft:
            sides = np.ptp(x_ends), np.ptp(y_ends)
            ax.add_patch(Ellipse((x_ends.mean(), y_ends.mean()), *sides, alpha=0.13, linewidth=0,
                                 color=colour))  # fmt: skip
        else:
            ax.plot(x_ends, [point["y"]] * 2, **style)
            ax.plot([point["x"]] * 2, y_ends, **style)
        ax.plot(point["x"], point["y"], "o", markersize=8, color=colour, alpha=alpha, zorder=3)
    place_labels(sheet, ax, points["x"], points["y"], labels, right=room and sheet.width, taken=taken,
                 cross=None if soft else points)  # fmt: skip
    sheet.unit(ax, titles[0])
    sheet.text(8, 12, titles[1], size=sheet.size - 1, color=LIGHT["muted"])
    return ax


def _corner(sheet, ax, at, words):
    """Names a part of the plane at its corner; the place taken by it."""
    x, y = at
    text = ax.text(
        0.012 + x * 0.976, 0.012 + y * 0.976, sheet.wrap(words, sheet.width * 0.36, size=sheet.size - 1),
        ha="right" if x else "left", va="top" if y else "bottom", transform=ax.transAxes,
        fontsize=sheet.size - 1, color=LIGHT["muted"])  # fmt: skip
    return text.get_window_extent(sheet.fig.canvas.get_renderer()).extents


ACROSS = parts()["across"]


@figure
def importance_performance_map(sheet, page, gaps):
    """Importance against satisfaction, the gap, or what was rated, with intervals; the crosshair is
    a band, not a line."""
    rows = worst_first(page.focus_rows(gaps))
    if rows.empty:
        return None
    across, up, kind = performance_measure(rows), weight_column(rows), key_column(rows)
    rows = rows.dropna(subset=[across, up]).reset_index(drop=True)
    if len(rows) < 2:
        return None
    matter, share = points_that_matter(rows), page.language.share
    rows["colour"] = np.where(rows.index.isin(matter), "experience", "other")
    low, high = page.settings.scale
    reach = {"satisfaction": high - low, "gap": high - low}.get(across)
    scales = ((-reach, reach) if reach else (low, high),
              page.settings.importance_scale if up == "importance" else (0, 1))  # fmt: skip
    frame = [_frame(rows, name, scale) for name, scale in zip((across, up), scales, strict=True)]
    head = page.say(N_("Importance") if up == "importance" else N_("Derived importance"))
    ax = plane(sheet, rows, across, up, {i: page.label(kind, rows.at[i, kind]) for i in matter},
               {(x, y): first_up(page.code(name)) for (y, x), name in QUADRANTS.items()},
               (page.say(ACROSS[across]), head), frame, 440 if sheet.narrow else 560,
               (None, share if up == "derived" else None))  # fmt: skip
    for span, name, ends in ((ax.axvspan, across, frame[0]), (ax.axhspan, up, frame[1])):
        # Where to cross is a choice: from the mean to the median of the rows, at least a hair.
        middle, hair = sorted([rows[name].mean(), rows[name].median()]), np.ptp(ends) * 0.004
        span(middle[0] - hair, middle[1] + hair, color=LIGHT["line"], alpha=0.7, linewidth=0)
    words = N_("pale bands: between mean and median")
    if len(matter) < len(rows):
        words = N_("pale bands: between mean and median · grey: others")
    style = {"size": sheet.size - 1, "color": LIGHT["muted"], "ha": "right"}
    sheet.text(sheet.width - 12, 28 if sheet.narrow else 12, page.say(words), **style)
    digits, signed = score_digits(rows), across in ("satisfaction", "gap")
    writes = {up: "share" if up == "derived" else f"number{digits}",
              across: f"{'signed' if signed else 'number'}{digits}"}  # fmt: skip
    said = listed(page, N_("{up} against {across}, worst first. {rows}."),
                  told_rows(page, rows.head(MOST_SAID), kind, writes, 1), up=head,
                  across=page.say(COLUMNS[across][0]))  # fmt: skip
    return page.with_base(said, rows)


def _frame(rows, name, scale) -> tuple[float, float]:
    """From the least to the most that is drawn, with room, but never beyond the scale."""
    ends = pd.concat([rows[each] for each in (name, *(name + end for end in ENDS)) if each in rows])
    room = (ends.max() - ends.min()) * 0.15 or 0.5
    return max(scale[0], ends.min() - room), min(scale[1], ends.max() + room)


def points_that_matter(rows, most=5) -> list[int]:
    """All of a few; of many the worst weighted (they come first) and the best."""
    if len(rows) <= most + 3:
        return list(rows.index)
    return list(dict.fromkeys([*rows.index[: most - 1], rows.index[-1]]))


@figure
def kano_plane(sheet, page, kano):
    """Better against worse: what delights upwards, what must not fail to the right."""
    rows = kano.dropna(subset=["better", "worse"]).reset_index(drop=True)
    if rows.empty:
        return None
    kind, share = key_column(rows), page.language.share
    names = {"M": "experience", "A": "kept", "O": "expectation"}
    rows = rows.assign(missed=-rows["worse"], missed_low=-rows.get("worse_high", np.nan),
                       missed_high=-rows.get("worse_low", np.nan),
                       colour=[names.get(each, "other") for each in rows["class"]])  # fmt: skip
    labels = {i: page.label(kind, rows.at[i, kind]) for i in _speaking(rows)}
    lines = [sheet.wrap(words, sheet.width - 40, lines=2) for words in labels.values()]
    below = 19 * sum(1 + words.count("\n") for words in lines) if sheet.narrow else 0
    height = 400 if sheet.narrow else 540
    corners = {(0, 1): "A", (1, 1): "O", (0, 0): "I", (1, 0): "M"}
    ax = plane(sheet, rows, "missed", "better", {} if sheet.narrow else labels,
               {at: page.code(letter, KANO) for at, letter in corners.items()},
               (page.say(N_("Share displeased without it (Worse)")),
                page.say(N_("Share pleased by it (Better)"))),
               ((0, 1), (0, 1)), height, (share, share), below, soft=True,
               room=0 if sheet.narrow else 300)  # fmt: skip
    ax.axvline(0.5, color=LIGHT["line"], linewidth=1)
    ax.axhline(0.5, color=LIGHT["line"], linewidth=1)
    if sheet.narrow:
        _numbered(sheet, ax, rows.loc[list(labels)], lines, height)
    told = rows.loc[(rows["better"] - rows["worse"]).nlargest(MOST_SAID).index]
    parts = told_rows(page, told, lambda row: _of_kind(page, page.label(kind, row[kind]), row["class"], KANO),
                      dict.fromkeys(("better", "worse"), "number2"), MOST_SAID)  # fmt: skip
    return page.with_base(listed(page, N_("Kano plane. {rows}."), parts), told)


def _of_kind(page, name, code, codes=CODES) -> str:
    return page.say(N_("{name}, {said}"), name=name, said=page.code(code, codes))


def _speaking(rows, few=6) -> list[int]:
    """All of a few items; of many those that the headline names."""
    if len(rows) <= few or "item" not in rows:
        return list(rows.index)
    return list(rows.index[rows["item"].isin(named_musts(rows)["item"])])


def _numbered(sheet, ax, rows, lines, top):
    """A phone has no room for sentences among the dots: numbers there, and the words beneath."""
    box, placed = ax.get_position(), []
    unit = np.array([box.width * sheet.width, box.height * sheet.height])  # pixels
    order = sorted(range(len(rows)), key=lambda i: -rows["better"].iloc[i])
    for i in order:
        row, colour = rows.iloc[i], LIGHT[rows["colour"].iloc[i]]
        at = np.array([row["missed"], row["better"]])
        while any(np.hypot(*((at - other) * unit)) < 19 for other in placed):
            at = at - [0, 5 / unit[1]]
        placed.append(at)
        ax.plot([row["missed"], at[0]], [row["better"], at[1]], color=colour, zorder=4)
        ax.plot(*at, "o", markersize=15, color=colour, zorder=4)
        ax.text(*at, i + 1, fontsize=11, fontweight="bold", ha="center", va="center_baseline",
                color=LIGHT["paper"], zorder=5)  # fmt: skip
    for i, words in enumerate(lines):
        sheet.text(8, top, i + 1, weight="bold", va="top")
        sheet.text(26, top, words, va="top", linespacing=1.1)
        top += 19 * (1 + words.count("\n"))


@figure
def service_types(sheet, page, groups):
    """Procedural against personal: four kinds of service; grey where a group's type is not sure."""
    scale, sure = page.settings.scale, groups["verdict"].eq(groups["type"])
    rows = groups.assign(colour=np.where(sure, "experience", "other")).reset_index(drop=True)
    labels = {i: page.label("group", group) for i, group in rows["group"].items()}
    corners = {(1, 0): "A", (0, 0): "B", (1, 1): "C", (0, 1): "D"}
    ax = plane(sheet, rows, "procedural", "personal", labels,
               {at: page.code(kind) for at, kind in corners.items()},
               (page.say(N_("Procedural")), page.say(N_("Personal"))), (scale, scale),
               360 if sheet.narrow else 460)  # fmt: skip
    ax.axvline(sum(scale) / 2, color=LIGHT["line"], linewidth=1)
    ax.axhline(sum(scale) / 2, color=LIGHT["line"], linewidth=1)
    parts = told_rows(page, rows, lambda row: _of_kind(page, labels[row.name], row["verdict"]),
                      dict.fromkeys(("procedural", "personal"), "number"))  # fmt: skip
    return listed(page, N_("Service types. {rows}."), parts)
