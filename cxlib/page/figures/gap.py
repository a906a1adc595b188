"""Where customers are let down: the gap chart and the importance–performance map."""

import numpy as np
import pandas as pd

from cxlib.page.figures import figure
from cxlib.page.language import N_
from cxlib.page.looks import LIGHT
from cxlib.page.sentences import first_up, focus_rows, key_column, with_base, within
from cxlib.page.terms import WITHHELD, score_digits, telling_digits
from cxlib.sums.gap import worst_first
from cxlib.sums.quadrants import QUADRANTS, performance_measure

FADED = 0.45  # of a mark below the small base


@figure
def gap_chart(sheet, page, gaps, segment=""):
    """A row per dimension or item: experience, expectation and ideal on one line."""
    rows = worst_first(focus_rows(gaps, page, segment))
    if rows.empty or rows[["experience", "expectation"]].isna().all(axis=None):
        return None
    labels, notes = _labels(rows, page)
    key = [i for i, row in rows.iterrows() if row.get("key_experience") is True]
    matters = weight_column(rows)
    missed = "satisfaction" if performance_measure(rows) == "satisfaction" else "gap"
    bars = rows[matters].notna().any()
    right = 64 if sheet.narrow else 150 + (118 if bars else 0)
    ax = sheet.rows(
        labels,
        right=right,
        header=42 if sheet.narrow else 40,
        notes=notes,
        bold=set(key),
        footer=50,
    )
    low, high = page.settings.scale
    ax.set_xlim(low - (high - low) * 0.01, high + (high - low) * 0.01)
    for i, row in rows.iterrows():
        _gap_row(ax, i, row, i in set(key), missed)
    if sheet.narrow:
        _key(sheet, page, rows)
    else:
        _mark_names(sheet, page, ax, rows)
    _columns_at_right(sheet, page, ax, rows, matters if bars else "", missed)
    unit = page.say(N_("Score, {low} to {high}"), low=_plain(low), high=_plain(high))
    sheet.unit(ax, unit)
    return _gap_words(page, rows)


def weight_column(rows) -> str:
    """How much a row matters: stated importance, or derived where none was stated."""
    stated = rows["importance"].notna().any() or "derived" not in rows
    return "importance" if stated else "derived"


def _gap_row(ax, i, row, is_key, missed):
    y, lived = ax.row(i), row["experience"]
    hoped = row["expectation"] if missed == "satisfaction" else row["ideal"]
    faded = FADED if row.get("flag") == "small_base" else 1
    ax.axhline(y, color=LIGHT["line"], linewidth=1, zorder=0)
    if row.get("flag") == "withheld":
        return
    if lived < hoped:
        colour = LIGHT["experience"] if is_key else LIGHT["other"]
        ax.plot([lived, hoped], [y, y], color=colour, linewidth=5, zorder=1, alpha=faded)
    if pd.notna(row.get("experience_low")):
        ends = [row["experience_low"], row["experience_high"]]
        ax.plot(ends, [y, y], color=LIGHT["experience"], linewidth=1.4, zorder=3, alpha=faded)
    if _decided(row):
        ax.plot(
            row["ideal"],
            y,
            "o",
            markersize=14,
            markerfacecolor="none",
            zorder=2,
            markeredgecolor=LIGHT["ink"],
            markeredgewidth=1.3,
            alpha=faded,
            clip_on=False,
        )
    tick = {"markersize": 20, "markeredgewidth": 3, "color": LIGHT["expectation"], "zorder": 4}
    ax.plot(row["expectation"], y, "|", **tick)
    ax.plot(
        lived,
        y,
        "o",
        markersize=8.5,
        color=LIGHT["experience"],
        zorder=5,
        alpha=faded,
        clip_on=False,
    )


def _decided(row) -> bool:
    """Whether the ideal asks for something else than today; a ring round every dot says nothing."""
    ideal = row.get("ideal")
    return pd.notna(ideal) and not np.isclose(ideal, row["experience"])


def _columns_at_right(sheet, page, ax, rows, bars, missed):
    """The shortfall in figures, and importance (`bars`: its column, or "") as a small bar."""
    top = (
        page.settings.importance_scale[1]
        if bars == "importance"
        else rows[bars].max()
        if bars
        else 1
    )
    bar_left, bar_width = sheet.width - 118, 70
    short_right = sheet.width - (148 if bars else 8)
    if not sheet.narrow:
        style = {"size": 11.5, "color": LIGHT["muted"]}
        met = N_("Met or missed by") if missed == "satisfaction" else N_("Gap to ideal")
        sheet.text(short_right, 18, page.say(met), ha="right", **style)
        if bars:
            head = N_("Importance") if bars == "importance" else N_("Derived")
            sheet.text(bar_left, 18, page.say(head), **style)
    digits = telling_digits(rows, missed)
    for i, row in rows.iterrows():
        bold = "bold" if row.get("key_experience") is True else "normal"
        y = ax.top + ax.pitch * i + (14 if sheet.narrow else ax.pitch / 2)
        withheld = row.get("flag") == "withheld"
        words = page.say(WITHHELD) if withheld else page.language.signed(row[missed], digits)
        at = sheet.width - 8 if sheet.narrow else short_right
        sheet.text(at, y, words, ha="right", weight=bold)
        if bars and not sheet.narrow and pd.notna(row[bars]):
            sheet.small_bar(bar_left, y, bar_width, row[bars] / top)
            words = page.write(row[bars], "share" if bars == "derived" else "score")
            sheet.text(sheet.width - 8, y, words, ha="right", size=12, color=LIGHT["muted"])


MARKS = {
    "experience": (N_("Experience"), "experience"),
    "expectation": (N_("Expectation"), "expectation"),
    "ideal": (N_("Ideal"), "ink"),
}


def _key(sheet, page, rows):
    """What each mark means, above the whole chart: a phone has no room for it beside the marks."""
    known = [name for name in MARKS if rows[name].notna().any()]
    if not rows.apply(_decided, axis=1).any():
        known = [name for name in known if name != "ideal"]
    shapes = {
        "experience": {"marker": "o", "markersize": 8.5},
        "expectation": {"marker": "|", "markersize": 16, "markeredgewidth": 3},
        "ideal": {"marker": "o", "markersize": 13, "markerfacecolor": "none"},
    }
    x = 20
    for name in known:
        words, colour = page.say(MARKS[name][0]), LIGHT[MARKS[name][1]]
        sheet.line([x], [12], color=colour, **shapes[name])
        sheet.text(x + 13, 12, words, size=11, color=colour)
        x += 13 + sheet.text_width(words, 11) + 24


def _mark_names(sheet, page, ax, rows):
    """Names each mark above the first row, with a line to it."""
    first = rows.iloc[0]
    known = [name for name in MARKS if pd.notna(first.get(name))]
    known = [name for name in known if name != "ideal" or _decided(first)]
    marks = sorted((first[name], page.say(MARKS[name][0]), MARKS[name][1]) for name in known)
    box = ax.get_position()
    left, width = box.x0 * sheet.width, box.width * sheet.width
    low, high = ax.get_xlim()
    xs = [left + width * (value - low) / (high - low) for value, _, _ in marks]
    widths = [sheet.text_width(word, 12) + 10 for _, word, _ in marks]
    line = ax.top + ax.pitch * (ax.row(0) + 0.5)
    centres = spread(xs, widths, left, left + width + 8)  # shortfalls stand at the right
    for x, centre, (_, word, colour) in zip(xs, centres, marks, strict=True):
        sheet.text(centre, 12, word, size=12, ha="center", color=LIGHT[colour])
        sheet.line([centre, x], [20, line - 9], color=LIGHT[colour], linewidth=0.7)


def spread(xs, widths, left, right) -> list[float]:
    """Centres near the xs (ascending) for words of these widths that neither touch nor leave."""
    centres = list(xs)
    for i, (x, width) in enumerate(zip(xs, widths, strict=True)):
        edge = centres[i - 1] + widths[i - 1] / 2 if i else left
        centres[i] = max(x, edge + width / 2)
    edge = right
    for i in reversed(range(len(centres))):
        centres[i] = min(centres[i], edge - widths[i] / 2)
        edge = centres[i] - widths[i] / 2
    return centres


def _labels(rows, page) -> tuple[list[str], list[str]]:
    kind = key_column(rows)
    labels = [page.label(kind, key) for key in rows[kind]]
    sources = rows["from"] if "from" in rows else pd.Series("", index=rows.index)
    # Measured is the rule and needs no mark where everything is; any other source always shows.
    plain = sources.isin(["survey", "measured"]).all()
    notes = ["" if plain or pd.isna(source) else page.code(source) for source in sources]
    return labels, notes


def _plain(value) -> str:
    return f"{value:g}"


def _gap_words(page, rows, most=8) -> str:
    """What the chart shows, with its numbers."""
    kind = key_column(rows)
    parts = [
        page.say(
            N_("{name}: {facts}"),
            name=page.label(kind, row[kind]),
            facts=_facts(page, row, score_digits(rows), place == 0),
        )
        for place, (_, row) in enumerate(rows.head(most).iterrows())
    ]
    more = len(rows) - most
    if more > 0:
        words = N_("and {count} more in the table")
        parts.append(page.say(words, count=page.language.count(more)))
    said = page.say(N_("Gap chart, worst first. {rows}."), rows=page.say(N_("; ")).join(parts))
    return with_base(page, said, rows)


def _facts(page, row, digits, intervals) -> str:
    """What is known of a row: experience 5.0, expectation 7.0, …; with intervals if asked."""
    if row.get("flag") == "withheld":
        return page.say(WITHHELD)
    words = {
        "experience": N_("experience {score}"),
        "expectation": N_("expectation {score}"),
        "importance": N_("importance {score}"),
        "ideal": N_("ideal {score}"),
    }
    known = {name: words[name] for name in words if pd.notna(row.get(name))}

    def write(value):
        return page.language.number(value, digits)

    said = [
        page.say(w, score=within(page, row, name, write) if intervals else write(row[name]))
        for name, w in known.items()
    ]
    return page.say(N_(", ")).join(said) if said else page.say(N_("not known"))


@figure
def importance_performance_map(sheet, page, gaps, segment=""):
    """Importance against satisfaction, with intervals; the crosshair is a band, not a line."""
    rows = worst_first(focus_rows(gaps, page, segment))
    if rows.empty:
        return None
    across, up = performance_measure(rows), weight_column(rows)
    rows = rows.dropna(subset=[across, up]).reset_index(drop=True)
    if len(rows) < 2 or across == "experience":
        return None
    # The map is drawn from two columns, whatever they hold.
    rows = _as(_as(rows, across, "satisfaction"), up, "importance")
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
    title = N_("Satisfaction: experience − expectation, score points")
    if across == "gap":
        title = N_("Gap: experience − ideal, score points")
    sheet.unit(ax, page.say(title))
    head = N_("Importance") if up == "importance" else N_("Derived importance")
    sheet.text(8, 12, page.say(head), size=sheet.size - 1, color=LIGHT["muted"])
    if up == "derived":
        ax.yaxis.set_major_formatter(lambda value, _: page.language.share(value))
    ax.yaxis.set_major_locator(_few_ticks())
    ax.xaxis.set_major_locator(_few_ticks())
    return _map_words(page, rows, kind, up == "derived", across == "gap")


def _as(rows, column, name):
    """The rows with a column, and its interval, under another name; without any other interval."""
    if column == name:
        return rows
    ends = {f"{name}{end}": rows.get(f"{column}{end}", np.nan) for end in ("_low", "_high")}
    return rows.assign(**{name: rows[column]}, **ends)


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


def place_labels(sheet, ax, xs, ys, labels, size=0, cross=None, taken=(), right=0):
    """Writes each label where it covers least: greedy, from the right, over places around its point.

    cross : rows whose interval bars the labels should not cover
    taken : boxes (x0, y0, x1, y1, in pixels) in which something is written already
    right : how far right words may stand, in pixels; to the edge of the axes unless told
    """
    size = size or sheet.size
    points = ax.transData.transform(np.column_stack([xs, ys]))
    if cross is not None:
        bars = [_along(cross.loc[i]) for i in labels]
        points = np.vstack([points, *(ax.transData.transform(bar) for bar in bars if len(bar))])
    frame = ax.get_window_extent().frozen()
    frame.x1 = right or frame.x1
    taken = [tuple(box) for box in taken]
    for i, words in sorted(labels.items(), key=lambda each: -points[each[0], 0]):
        words = sheet.wrap(words, 130 if sheet.narrow else 230, lines=2, size=size)
        w = max(sheet.text_width(line, size) for line in words.split("\n"))
        h = (size + 3) * (words.count("\n") + 1)
        boxes = list(_places_around(points[i], w, h))
        edges = [np.clip(points[i], box[:2], box[2:]) for box in boxes]
        costs = [
            _cost(box, taken, points, frame) + 20 * _crossed(edge, points[i], taken) + k * 0.1
            for k, (box, edge) in enumerate(zip(boxes, edges, strict=True))
        ]
        chosen = int(np.argmin(costs))
        (x0, y0, x1, y1), edge = boxes[chosen], edges[chosen]
        taken.append((x0, y0, x1, y1))
        middle = (y0 + y1) / 2
        sheet.text(x0, sheet.height - middle, words, size=size, linespacing=1.1)
        if np.hypot(*(edge - points[i])) > 12:
            xs_, ys_ = zip(edge, points[i], strict=True)
            sheet.line(xs_, [sheet.height - y for y in ys_], color=LIGHT["muted"], linewidth=0.7)
            taken += [(x - 3, y - 3, x + 3, y + 3) for x, y in np.linspace(edge, points[i], 9)[:-1]]


def _along(row, steps=9) -> np.ndarray:
    """Points along the two interval bars of a row."""
    x, y, parts = row["satisfaction"], row["importance"], np.linspace(0, 1, steps)
    bars = []
    if pd.notna(row.get("satisfaction_low")):
        xs = row["satisfaction_low"] + parts * (row["satisfaction_high"] - row["satisfaction_low"])
        bars += [(at, y) for at in xs]
    if pd.notna(row.get("importance_low")):
        ys = row["importance_low"] + parts * (row["importance_high"] - row["importance_low"])
        bars += [(x, at) for at in ys]
    return np.array(bars)


def _places_around(point, w, h):
    x, y = point
    for far in (9, 24, 42, 64, 96, 130):
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)):
            cx, cy = x + dx * (far + w / 2), y + dy * (far + h / 2)
            yield cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2


def _crossed(edge, point, taken) -> int:
    """How much written already a line from a label's edge to its point would cross."""
    along = np.linspace(edge, point, 15)
    return sum(((along > box[:2]) & (along < box[2:])).all(axis=1).any() for box in taken)


def _cost(box, taken, points, frame) -> float:
    x0, y0, x1, y1 = box
    outside = x0 < frame.x0 or x1 > frame.x1 or y0 < frame.y0 + 18 or y1 > frame.y1 - 18
    over = sum(x0 < b[2] and b[0] < x1 and y0 < b[3] and b[1] < y1 for b in taken)
    covered = ((points > (x0 - 5, y0 - 5)) & (points < (x1 + 5, y1 + 5))).all(axis=1).sum()
    return 100 * outside + 50 * over + 10 * covered


def _map_words(page, rows, kind, derived, to_ideal, most=8) -> str:
    """The points by what they are: importance stated or derived, satisfaction or gap to ideal."""
    words, heading = {
        (False, False): (
            N_("{name}: importance {importance}, satisfaction {satisfaction}"),
            N_("Importance against satisfaction, worst first. {rows}."),
        ),
        (True, False): (
            N_("{name}: derived importance {importance}, satisfaction {satisfaction}"),
            N_("Derived importance against satisfaction, worst first. {rows}."),
        ),
        (False, True): (
            N_("{name}: importance {importance}, gap to ideal {satisfaction}"),
            N_("Importance against the gap to the ideal, worst first. {rows}."),
        ),
        (True, True): (
            N_("{name}: derived importance {importance}, gap to ideal {satisfaction}"),
            N_("Derived importance against the gap to the ideal, worst first. {rows}."),
        ),
    }[derived, to_ideal]
    digits = score_digits(rows)
    weight = page.language.share if derived else lambda x: page.language.number(x, digits)

    def signed(value):
        return page.language.signed(value, digits)

    parts = [
        page.say(
            words,
            name=page.label(kind, row[kind]),
            importance=within(page, row, "importance", weight)
            if i == 0
            else weight(row["importance"]),
            satisfaction=within(page, row, "satisfaction", signed)
            if i == 0
            else signed(row["satisfaction"]),
        )
        for i, (_, row) in enumerate(rows.head(most).iterrows())
    ]
    return with_base(page, page.say(heading, rows=page.say(N_("; ")).join(parts)), rows)
