"""The importance–performance map: what matters against how it is served."""

import numpy as np
import pandas as pd

from cxlib.page.figures import figure
from cxlib.page.figures.gap import (
    FADED,
    under_name,
    weight_column,
)
from cxlib.page.figures.labels import place_labels
from cxlib.page.language import N_
from cxlib.page.looks import LIGHT
from cxlib.page.sentences import first_up, focus_rows, key_column, with_base, within
from cxlib.page.terms import score_digits
from cxlib.sums.gap import worst_first
from cxlib.sums.quadrants import QUADRANTS, performance_measure


@figure
def importance_performance_map(sheet, page, gaps, segment=""):
    """Importance against satisfaction, the gap, or what was rated, with intervals; the crosshair is
    a band, not a line."""
    rows = worst_first(focus_rows(gaps, page, segment))
    if rows.empty:
        return None
    across, up = performance_measure(rows), weight_column(rows)
    rows = rows.dropna(subset=[across, up]).reset_index(drop=True)
    if len(rows) < 2:
        return None
    # The map is drawn from two columns, whatever they hold.
    rows = under_name(under_name(rows, across, "satisfaction"), up, "importance")
    sheet.begin(440 if sheet.narrow else 560)
    left, right = (46, 12) if sheet.narrow else (64, 30)
    ax = sheet.axes(left, 26, sheet.width - left - right, sheet.height - 26 - 56)
    ax.spines["left"].set_visible(True)
    _frame(ax, rows)
    _crosshair(ax, rows)
    corners = _quadrants(sheet, page, ax)
    matter = points_that_matter(rows)
    for i, row in rows.iterrows():
        _cross(ax, row, LIGHT["experience"] if i in matter else LIGHT["other"])
    kind = key_column(rows)
    labels = {i: page.label(kind, rows.at[i, kind]) for i in matter}
    place = {"cross": rows, "taken": corners}
    place_labels(sheet, ax, rows["satisfaction"], rows["importance"], labels, **place)
    words = N_("pale bands: between mean and median")
    if len(matter) < len(rows):
        words = N_("pale bands: between mean and median · grey: others")
    style = {"size": sheet.size - 1, "color": LIGHT["muted"]}
    sheet.text(sheet.width - right, 12, page.say(words), ha="right", **style)
    sheet.unit(ax, page.say(ACROSS[across][0]))
    head = N_("Importance") if up == "importance" else N_("Derived importance")
    sheet.text(8, 12, page.say(head), size=sheet.size - 1, color=LIGHT["muted"])
    if up == "derived":
        ax.yaxis.set_major_formatter(lambda value, _: page.language.share(value))
    ax.yaxis.set_major_locator(_few_ticks())
    ax.xaxis.set_major_locator(_few_ticks())
    return _map_words(page, rows, kind, up == "derived", across)


def _few_ticks():
    from matplotlib.ticker import MaxNLocator

    return MaxNLocator(6)


def _frame(ax, rows):
    for axis, name in ((ax.set_xlim, "satisfaction"), (ax.set_ylim, "importance")):
        ends = [rows[name], *(rows[end] for end in (f"{name}_low", f"{name}_high") if end in rows)]
        ends = pd.concat(ends).dropna()
        room = (ends.max() - ends.min()) * 0.15 or 0.5
        axis(ends.min() - room, ends.max() + room)


def _crosshair(ax, rows):
    """Where to cross is a choice: from the mean to the median of the rows, at least a hair."""
    for span, name in ((ax.axvspan, "satisfaction"), (ax.axhspan, "importance")):
        middle = sorted([rows[name].mean(), rows[name].median()])
        hair = np.ptp(ax.get_xlim() if name == "satisfaction" else ax.get_ylim()) * 0.004
        span(middle[0] - hair, middle[1] + hair, color=LIGHT["line"], alpha=0.7, linewidth=0)


def _quadrants(sheet, page, ax) -> list:
    """Names the quadrants at their corners; the places taken by it."""
    written = []
    for (y, x), name in QUADRANTS.items():
        corner = ax.text(
            0.012 + x * 0.976,
            0.012 + y * 0.976,
            first_up(page.code(name)),
            ha="right" if x else "left",
            va="top" if y else "bottom",
            transform=ax.transAxes,
            fontsize=sheet.size - 1,
            color=LIGHT["muted"],
            style="italic",
        )
        written.append(corner.get_window_extent(sheet.fig.canvas.get_renderer()).extents)
    return written


def points_that_matter(rows, most=5) -> list[int]:
    """All of a few; of many the worst weighted (they come first) and the best."""
    if len(rows) <= most + 3:
        return list(rows.index)
    return list(dict.fromkeys([*rows.index[: most - 1], rows.index[-1]]))


def _cross(ax, row, colour):
    faded = FADED if row.get("flag") == "small_base" else 1
    x, y = row["satisfaction"], row["importance"]
    style = {"color": colour, "linewidth": 1.2, "alpha": faded * 0.8, "zorder": 2}
    if pd.notna(row.get("satisfaction_low")):
        ax.plot([row["satisfaction_low"], row["satisfaction_high"]], [y, y], **style)
    if pd.notna(row.get("importance_low")):
        ax.plot([x, x], [row["importance_low"], row["importance_high"]], **style)
    ax.plot(x, y, "o", markersize=8, color=colour, alpha=faded, zorder=3)


ACROSS = {  # what stands across: (the axis, with importance, with derived importance)
    "satisfaction": (
        N_("Satisfaction: experience − expectation, score points"),
        N_("{name}: importance {importance}, satisfaction {satisfaction}"),
        N_("{name}: derived importance {importance}, satisfaction {satisfaction}"),
    ),
    "gap": (
        N_("Gap: experience − ideal, score points"),
        N_("{name}: importance {importance}, gap to ideal {satisfaction}"),
        N_("{name}: derived importance {importance}, gap to ideal {satisfaction}"),
    ),
    "experience": (
        N_("Experience, score points"),
        N_("{name}: importance {importance}, experience {satisfaction}"),
        N_("{name}: derived importance {importance}, experience {satisfaction}"),
    ),
    "asked_satisfaction": (
        N_("Satisfaction, as asked, score points"),
        N_("{name}: importance {importance}, satisfaction {satisfaction}"),
        N_("{name}: derived importance {importance}, satisfaction {satisfaction}"),
    ),
}
HEADINGS = {  # what was weighed, or what was only rated
    ("satisfaction", False): N_("Importance against satisfaction, worst first. {rows}."),
    ("satisfaction", True): N_("Derived importance against satisfaction, worst first. {rows}."),
    ("gap", False): N_("Importance against the gap to the ideal, worst first. {rows}."),
    ("gap", True): N_("Derived importance against the gap to the ideal, worst first. {rows}."),
    ("experience", False): N_("Importance against experience, worst first. {rows}."),
    ("experience", True): N_("Derived importance against experience, worst first. {rows}."),
}


def _map_words(page, rows, kind, derived, across, most=8) -> str:
    """The points by what they are: importance stated or derived, and what stands across."""
    words = ACROSS[across][2 if derived else 1]
    heading = HEADINGS[across.removeprefix("asked_"), derived]
    digits = score_digits(rows)
    weight = page.language.share if derived else lambda x: page.language.number(x, digits)
    rated = across in ("experience", "asked_satisfaction")

    def write(value):
        return (page.language.number if rated else page.language.signed)(value, digits)

    parts = [
        page.say(
            words,
            name=page.label(kind, row[kind]),
            importance=within(page, row, "importance", weight)
            if i == 0
            else weight(row["importance"]),
            satisfaction=within(page, row, "satisfaction", write)
            if i == 0
            else write(row["satisfaction"]),
        )
        for i, (_, row) in enumerate(rows.head(most).iterrows())
    ]
    return with_base(page, page.say(heading, rows=page.say(N_("; ")).join(parts)), rows)
