"""Where customers are let down: the gap chart."""

import numpy as np
import pandas as pd

from cxlib.page.figures import figure
from cxlib.page.figures.row_chart import interval, row_chart, told_by_column
from cxlib.page.language import N_
from cxlib.page.looks import LIGHT
from cxlib.page.sentences import asked_alone, key_column
from cxlib.page.terms import ASKED_WORDS, score_digits, telling_digits
from cxlib.sums.gap import worst_first
from cxlib.sums.quadrants import performance_measure

MISSED = {"satisfaction": N_("Met or missed by"), "gap": N_("Gap to ideal")}
RATED = N_("Rated")
RING = {"markersize": 14, "markerfacecolor": "none", "markeredgewidth": 1.3}
TICK = {"markersize": 20, "markeredgewidth": 3}
MOST_SAID = 8  # rows, in the words for those who cannot see the figure
MOST = 6  # rows on a first screen


@figure
def gap_chart(sheet, page, gaps):
    """A row per dimension or item: experience, expectation and ideal on one line; satisfaction as
    asked in the place of experience, where none was."""
    rows = worst_first(page.focus_rows(gaps))
    if asked := asked_alone(rows):
        rows = under_name(rows, "asked_satisfaction", "experience")
    if rows.empty or rows[["experience", "expectation"]].isna().all(axis=None):
        return None
    rows = rows.head(3 if sheet.narrow else MOST) if sheet.brief else rows
    kind, matters, missed = key_column(rows), weight_column(rows), performance_measure(rows)
    sources = rows["from"] if "from" in rows else pd.Series("", index=rows.index)
    # Measured is the rule and needs no mark where everything is; any other source always shows.
    plain = sources.isin(["survey", "measured"]).all() or sources.isna().all()
    plain |= sheet.brief and sources.nunique(dropna=False) == 1  # said beside it, once for all
    rows = rows.assign(
        note="" if plain else [page.code(each) if pd.notna(each) else "" for each in sources],
        loud=rows["key_experience"].eq(True) if "key_experience" in rows else False,
        ideal=rows["ideal"].where(_decided(rows)),
        hoped=rows["expectation" if missed == "satisfaction" else "ideal"],
    )
    low, high = page.case.asked_scale if asked else page.settings.scale
    digits, edge = telling_digits(rows, missed), (high - low) * 0.01
    signed = "signed" if missed in MISSED else "number"
    words = {"experience": page.say(ASKED_WORDS if asked else N_("Experience")),
             "expectation": page.say(N_("Expectation")), "ideal": page.say(N_("Ideal"))}  # fmt: skip
    return row_chart(
        sheet, page, rows, missed, N_("Gap chart, worst first. {rows}."), mark=_marks, of=kind,
        write=f"{signed}{digits}", ends=(low - edge, high + edge), origin=None,
        unit=N_("Score, {low} to {high}"), facts={"low": f"{low:g}", "high": f"{high:g}"},
        ticks="number" if high - low < 2 else "count",
        head=MISSED.get(missed, RATED), second=_importance(page, rows, matters),
        key=[(words[name], *KEY[name]) for name in KEY if rows[name].notna().any()],
        parts=_gap_words(page, rows, kind, asked), at=_along_scale(low, high),
        series={name: (words[name], COLOUR[name]) for name in KEY})  # fmt: skip


def _along_scale(low, high) -> np.ndarray:
    """Ticks from one end of a scale to the other, in equal round steps."""
    steps = (step for step in (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50) if (high - low) / step <= 6)
    step = next((step for step in steps if (high - low) / step % 1 < 1e-9), high - low)
    return np.arange(low, high + step / 2, step)


KEY = {
    "experience": (LIGHT["experience"], "o", {}),
    "expectation": (LIGHT["expectation"], "|", {**TICK, "markersize": 16}),
    "ideal": (LIGHT["ink"], "o", {**RING, "markersize": 13}),
}

COLOUR = {"experience": "experience", "expectation": "other", "ideal": "line"}  # on a slide


def under_name(rows, column, name):
    """The rows with a column, and its interval, under another name; without any other interval."""
    if column == name:
        return rows
    ends = {f"{name}{end}": rows.get(f"{column}{end}", np.nan) for end in ("_low", "_high")}
    return rows.assign(**{name: rows[column]}, **ends)


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
    digits, headings = score_digits(rows), {"experience": ASKED_WORDS} if asked else {}
    writes = dict.fromkeys(("experience", "expectation", "importance", "ideal"),
                           lambda x: page.language.number(x, digits))  # fmt: skip
    shown = rows[rows["flag"].ne("withheld")] if "flag" in rows else rows
    parts = [told_by_column(page, page.label(kind, row[kind]), row, writes, i == shown.index[0], **headings)
             for i, row in shown.head(MOST_SAID).iterrows()]  # fmt: skip
    if len(rows) > len(parts):
        words = N_("and {count} more in the table")
        parts.append(page.say(words, count=page.language.count(len(rows) - len(parts))))
    return parts
