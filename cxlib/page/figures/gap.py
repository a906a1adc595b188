"""Where customers are let down: the gap chart."""

import numpy as np
import pandas as pd

from cxlib.page.figures import figure
from cxlib.page.language import N_
from cxlib.page.looks import LIGHT
from cxlib.page.sentences import asked_alone, focus_rows, key_column, with_base, within
from cxlib.page.terms import ASKED_WORDS, WITHHELD, score_digits, telling_digits
from cxlib.sums.gap import worst_first
from cxlib.sums.quadrants import performance_measure

FADED = 0.45  # of a mark below the small base


@figure
def gap_chart(sheet, page, gaps, segment=""):
    """A row per dimension or item: experience, expectation and ideal on one line; satisfaction as
    asked in the place of experience, where none was."""
    rows = worst_first(focus_rows(gaps, page, segment))
    if asked := asked_alone(rows):
        rows = under_name(rows, "asked_satisfaction", "experience")
    if rows.empty or rows[["experience", "expectation"]].isna().all(axis=None):
        return None
    labels, notes = _labels(rows, page)
    key = [i for i, row in rows.iterrows() if row.get("key_experience") is True]
    matters = weight_column(rows)
    missed = performance_measure(rows)
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
    low, high = page.case.asked_scale if asked else page.settings.scale
    ax.set_xlim(low - (high - low) * 0.01, high + (high - low) * 0.01)
    for i, row in rows.iterrows():
        _gap_row(ax, i, row, i in set(key), missed)
    if sheet.narrow:
        _key(sheet, page, rows, marks(asked))
    else:
        _mark_names(sheet, page, ax, rows, marks(asked))
    _columns_at_right(sheet, page, ax, rows, matters if bars else "", missed)
    unit = page.say(N_("Score, {low} to {high}"), low=_plain(low), high=_plain(high))
    sheet.unit(ax, unit)
    return _gap_words(page, rows, asked)


def under_name(rows, column, name):
    """The rows with a column, and its interval, under another name; without any other interval."""
    if column == name:
        return rows
    ends = {f"{name}{end}": rows.get(f"{column}{end}", np.nan) for end in ("_low", "_high")}
    return rows.assign(**{name: rows[column]}, **ends)


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
    """Whether the ideal asks for something else than today, and than what customers expect, whose
    tick stands there already; a ring round every dot says nothing."""
    ideal, others = row.get("ideal"), [row["experience"], row.get("expectation", np.nan)]
    return pd.notna(ideal) and not np.isclose(ideal, others).any()


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
        sheet.text(short_right, 18, page.say(MISSED.get(missed, RATED)), ha="right", **style)
        if bars:
            head = N_("Importance") if bars == "importance" else N_("Derived")
            sheet.text(bar_left, 18, page.say(head), **style)
    digits = telling_digits(rows, missed)
    for i, row in rows.iterrows():
        bold = "bold" if row.get("key_experience") is True else "normal"
        y = ax.top + ax.pitch * i + (14 if sheet.narrow else ax.pitch / 2)
        withheld = row.get("flag") == "withheld"
        write = page.language.signed if missed in MISSED else page.language.number
        words = page.say(WITHHELD) if withheld else write(row[missed], digits)
        at = sheet.width - 8 if sheet.narrow else short_right
        sheet.text(at, y, words, ha="right", weight=bold)
        if bars and not sheet.narrow and pd.notna(row[bars]):
            sheet.small_bar(bar_left, y, bar_width, row[bars] / top)
            words = page.write(row[bars], "share" if bars == "derived" else "score")
            sheet.text(sheet.width - 8, y, words, ha="right", size=12, color=LIGHT["muted"])


MISSED = {"satisfaction": N_("Met or missed by"), "gap": N_("Gap to ideal")}
RATED = N_("Rated")
MARKS = {
    "experience": (N_("Experience"), "experience"),
    "expectation": (N_("Expectation"), "expectation"),
    "ideal": (N_("Ideal"), "ink"),
}


def marks(asked: bool) -> dict:
    """What each mark is called; the dot is satisfaction where that was asked in its place."""
    return MARKS | ({"experience": (ASKED_WORDS, "experience")} if asked else {})


def _key(sheet, page, rows, names):
    """What each mark means, above the whole chart: a phone has no room for it beside the marks."""
    known = [name for name in names if rows[name].notna().any()]
    if not rows.apply(_decided, axis=1).any():
        known = [name for name in known if name != "ideal"]
    shapes = {
        "experience": {"marker": "o", "markersize": 8.5},
        "expectation": {"marker": "|", "markersize": 16, "markeredgewidth": 3},
        "ideal": {"marker": "o", "markersize": 13, "markerfacecolor": "none"},
    }
    x = 20
    for name in known:
        words, colour = page.say(names[name][0]), LIGHT[names[name][1]]
        sheet.line([x], [12], color=colour, **shapes[name])
        sheet.text(x + 13, 12, words, size=11, color=colour)
        x += 13 + sheet.text_width(words, 11) + 24


def _mark_names(sheet, page, ax, rows, names):
    """Names each mark above the first row, with a line to it."""
    first = rows.iloc[0]
    known = [name for name in names if pd.notna(first.get(name))]
    known = [name for name in known if name != "ideal" or _decided(first)]
    found = sorted((first[name], page.say(names[name][0]), names[name][1]) for name in known)
    box = ax.get_position()
    left, width = box.x0 * sheet.width, box.width * sheet.width
    low, high = ax.get_xlim()
    xs = [left + width * (value - low) / (high - low) for value, _, _ in found]
    widths = [sheet.text_width(word, 12) + 10 for _, word, _ in found]
    line = ax.top + ax.pitch * (ax.row(0) + 0.5)
    centres = spread(xs, widths, left, left + width + 8)  # shortfalls stand at the right
    for x, centre, (_, word, colour) in zip(xs, centres, found, strict=True):
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


def _gap_words(page, rows, asked, most=8) -> str:
    """What the chart shows, with its numbers."""
    kind = key_column(rows)
    parts = [
        page.say(
            N_("{name}: {facts}"),
            name=page.label(kind, row[kind]),
            facts=_facts(page, row, score_digits(rows), place == 0, asked),
        )
        for place, (_, row) in enumerate(rows.head(most).iterrows())
    ]
    more = len(rows) - most
    if more > 0:
        words = N_("and {count} more in the table")
        parts.append(page.say(words, count=page.language.count(more)))
    said = page.say(N_("Gap chart, worst first. {rows}."), rows=page.say(N_("; ")).join(parts))
    return with_base(page, said, rows)


def _facts(page, row, digits, intervals, asked) -> str:
    """What is known of a row: experience 5.0, expectation 7.0, …; with intervals if asked."""
    if row.get("flag") == "withheld":
        return page.say(WITHHELD)
    words = {
        "experience": N_("satisfaction {score}") if asked else N_("experience {score}"),
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
