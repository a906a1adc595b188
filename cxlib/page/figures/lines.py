"""Lines over time: waves, measures, results, and who is still a customer."""

from functools import partial

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from cxlib.client.codebook import RECOMMEND_SCALE
from cxlib.page.figures import FIGURES, figure
from cxlib.page.figures.labels import spread
from cxlib.page.figures.row_chart import listed, told_rows
from cxlib.page.language import N_
from cxlib.page.looks import LIGHT
from cxlib.page.sentences import alone, last_change, on_enough
from cxlib.page.terms import CODES

DASHED = (0, (5, 4))
LEAST_FOR_LIMITS = 8  # points; from fewer, limits are as unsure as what they would judge
LIMITS = {"limit_high": N_("upper limit"), "centre": N_("centre"), "limit_low": N_("lower limit")}
# Of the answer scale, what the height of a line shows at least. With less, a change that is hardly
# more than chance would fall from top to bottom; with the whole scale, no change could be seen. An
# amount has no answer scale: its scale runs from 0 to the highest value drawn.
LEAST_SPAN = 0.25
COMPLAINED = {"yes": N_("complained"), "no": N_("did not complain")}


def upright_axes(sheet, ticks, marks, title, height, right=16, top=34, bottom=44):
    """Axes with these values on the upright one, as written, under its title."""
    sheet.begin(height)
    left = max(sheet.text_width(mark, sheet.size - 1) for mark in marks) + 16
    ax = sheet.axes(left, top, sheet.width - left - right, height - top - bottom)
    ax.spines["left"].set_visible(True)
    ax.set_ylim(ticks[0], ticks[-1])
    ax.set_yticks(ticks, marks)
    style = {"size": sheet.size - 1, "color": LIGHT["muted"]}
    sheet.text(8, 12, sheet.wrap(title, sheet.width - 16, lines=1, size=sheet.size - 1), **style)
    return ax


def point_words(sheet, ax, words, at, above=9, **style):
    """Words beside a point, in pixels above it (below: less than zero)."""
    style = {"ha": "center", "fontsize": sheet.size, "va": "bottom" if above > 0 else "top"} | style
    ax.annotate(words, at, xytext=(style.pop("across", 0), above), textcoords="offset points", **style)  # fmt: skip


def band(ax, xs, rows, value, colour):
    """The interval of a line, where one is known."""
    if f"{value}_low" in rows:
        low, high = (rows[f"{value}_{end}"].astype(float) for end in ("low", "high"))
        ax.fill_between(xs, low, high, color=LIGHT[colour], alpha=0.14, linewidth=0)


def amount_ticks(top, parts=4, low=0):
    """Round values from the lowest (0) to at least the highest."""
    return MaxNLocator(parts, steps=[1, 2, 5, 10]).tick_values(low, top)


@figure
def waves(sheet, page, table, unit="", write="score"):
    """A line over time with its band, its limits and what happened when; of several measures one
    small line each, in colour where the last wave changed beyond chance."""
    x, value = "wave" if "wave" in table else "period", "value" if "value" in table else "mean"
    by = [name for name in ("measure", "dimension") if name in table]
    series = [rows for _, rows in table.groupby(by, sort=False, dropna=False)] if by else [table]
    known = [rows[value].notna() for rows in series]  # each line as long as it was asked
    series = [rows[asked.cummax() & asked[::-1].cummax()].reset_index(drop=True)
              for rows, asked in zip(series, known, strict=True) if asked.sum() > 1]  # fmt: skip
    if not series:
        return None
    if sheet.native:
        said, rows = _on_slide(sheet, page, series, x, value, write, unit)
    elif len(series) > 1:
        said, rows = _small_lines(sheet, page, series, x, value, write), series[0]
    else:
        said, rows = _one_line(sheet, page, series[0], x, value, write, unit), series[0]
    return page.with_base(listed(page, N_("Over time. {rows}."), said), rows.tail(1))


def _one_line(sheet, page, rows, x, value, write, unit) -> list[str]:
    """One line over time, with its limits where it has them."""
    ticks = heights(page, [rows], value, write)
    ax = one_line(sheet, page, rows, value, lambda number: page.write(number, write), ticks,
                  _written(page, ticks, write), unit and page.say(unit),
                  [page.label(x, each) for each in rows[x]])  # fmt: skip
    if _has_limits(rows):
        _limits(sheet, page, ax, rows, write)
    return _told(page, rows, x, value, write)


# Limits and signals come with the rows of xmr_chart or p_chart.
FIGURES["control_chart"] = FIGURES["waves"]


def one_line(sheet, page, rows, value, write, ticks, marks, title, periods, few=()):
    """A line with its band, what is out of the ordinary, what happened when, and its first and last
    value (and those of the rows `few`) in words."""
    told = "event" in rows and rows["event"].fillna("").ne("").any()
    right = (82 if sheet.narrow else 130) if _has_limits(rows) else 16
    foot = 44 + 16 * any("\n" in each for each in periods)
    ax = upright_axes(sheet, ticks, marks, title, 340 if sheet.narrow else 390, right,
                      78 if told else 38, foot)  # fmt: skip
    band(ax, rows.index, rows, value, "experience")
    style = {"color": LIGHT["experience"], "marker": "o", "markersize": 6, "clip_on": False}
    ax.plot(rows[value], linewidth=2, **style)
    if "signal" in rows:
        out = rows[rows["signal"].fillna("").ne("")]
        style |= {"color": LIGHT["lost"], "markersize": 9, "linestyle": "", "zorder": 4}
        ax.plot(out.index, out[value], **style)
    for i in {*rows[value].dropna().index[[0, -1]], *few}:
        point_words(sheet, ax, write(rows[value][i]), (i, rows[value][i]), fontweight="bold")
    if told:
        _events(sheet, ax, rows)
    _periods(sheet, ax, periods)
    return ax


def _told(page, rows, x, value, write) -> list[str]:
    """Each wave's value, the last with its interval."""
    kind = "score2" if write == "score" and f"{value}_low" in rows else write
    said = lambda number: page.write(number, kind)  # noqa: E731
    values = [*map(said, rows[value][:-1]), page.within(rows.iloc[-1], value, said)]
    return [f"{page.label(x, when)} {each}" for when, each in zip(rows[x], values, strict=True)]


def _of_one(page, name, told) -> str:
    """What is told of one line among several."""
    return page.say(N_("{name}: {facts}"), name=name, facts=page.say(N_(", ")).join(told))


def _small_lines(sheet, page, series, x, value, write):
    """Small multiples: those of one scale share their heights."""
    across, deep, foot = 2 if sheet.narrow else 4, 120, 24
    room = (sheet.width - 8) / across
    sheet.begin((deep + 34) * -(-len(series) // across) + foot)
    scales = [_answer_scale(page, rows, write) for rows in series]
    said = []
    for i, rows in enumerate(series):
        left, top = 8 + room * (i % across), (deep + 34) * (i // across)
        ax = sheet.axes(left + 20, top + 40, room - 64, deep - 40)
        alike = [each for each, scale in zip(series, scales, strict=True) if scale == scales[i]]
        ticks = heights(page, alike, value, write)
        changed = "different" in rows and rows["different"].iloc[-1] is True
        band(ax, rows.index, rows, value, "experience" if changed else "muted")
        line = {"linewidth": 2, "marker": "o", "markersize": 4, "clip_on": False}
        ax.plot(rows[value], color=LIGHT["muted"], **line)
        if changed:  # since the wave before, not since the first
            ax.plot(rows[value].iloc[-2:], color=LIGHT["experience"], **line)
        ax.set(ylim=(ticks[0], ticks[-1]), xlim=(-0.2, len(rows) - 0.8))
        ends = rows.index[[0, -1]]
        ax.set_xticks(ends, [page.label(x, rows[x][end]) for end in ends])
        for end in ends:
            point_words(sheet, ax, page.write(rows[value][end], write), (end, rows[value][end]),
                        fontweight="bold" if changed and end else "normal", fontsize=12)  # fmt: skip
        name, weight = page.compared_name(rows.iloc[-1]), "bold" if changed else "normal"
        shown = sheet.wrap(name, room - 36 - 54 * changed, lines=1)
        sheet.text(left, top + 12, shown, weight=weight)
        if changed:
            by = alone(rows.iloc[-1], "difference", partial(page.language.signed, digits=2))
            sheet.text(left + room - 36, top + 12, by, ha="right", weight=weight)
        told = _told(page, rows.iloc[[0, -1]], x, value, write)
        said.append(_of_one(page, name, told))
    return said


MOST_ON_SLIDE, BY = 4, ["measure", "dimension"]  # lines, and what names one


def _on_slide(sheet, page, series, x, value, write, unit):
    """The lines of one chart: what the headline speaks of, and what else changed beyond chance on its
    scale."""
    sure = [rows for rows in series if "different" in rows and rows["different"].iloc[-1] is True]
    told = last_change(pd.concat(series)) if sure else None
    sure.sort(key=lambda rows: not told[BY].equals(rows.iloc[-1][BY]))
    scale = _answer_scale(page, (sure or series)[0], write)
    chosen = [rows for rows in sure or series[:1] if _answer_scale(page, rows, write) == scale]
    chosen, ends = chosen[:MOST_ON_SLIDE], [value, f"{value}_low", f"{value}_high"]
    named = [page.compared_name(rows.iloc[-1]) or page.say(unit) for rows in chosen]
    when = list(dict.fromkeys(each for rows in chosen for each in rows[x]))
    table = pd.DataFrame({"name": [page.label(x, each) for each in when]})
    for i, rows in enumerate(chosen):
        part = rows.set_index(x).reindex(when)
        table = table.assign(**{f"{i}{name.removeprefix(value)}": part[name].to_numpy()
                                for name in ends if name in part})  # fmt: skip
    colours = ("experience", "lost", "kept", "at_risk")
    lines = {str(i): (name, colours[i]) for i, name in enumerate(named)}
    ticks = heights(page, chosen, value, write)
    sheet.take(table, "0", lambda number: page.write(number, write), series=lines, kind="line",
               unit=unit and page.say(unit), ends=(ticks[0], ticks[-1]))  # fmt: skip
    said = [_of_one(page, name, _told(page, rows, x, value, write))
            for name, rows in zip(named, chosen, strict=True)]  # fmt: skip
    return said, chosen[0]


@figure
def measures(sheet, page, latest, history):
    """The measure that misses its target, else the first, over its periods."""
    missed = latest[latest["verdict"].eq("missed")]
    row = (missed if len(missed) else latest).iloc[0]
    where = ["kpi", "stage", "channel"]  # blank where none is named, and then alike
    series = history.merge(latest.loc[[row.name], where], on=where, validate="many_to_one")
    write = "share" if row["unit"] == "share" else "number"
    return waves(sheet, page, series, unit=page.label("kpi", row["kpi"]), write=write)


def _has_limits(rows) -> bool:
    return "centre" in rows and len(rows) >= LEAST_FOR_LIMITS


def heights(page, series, value, write) -> np.ndarray:
    """Round values for the upright axis, from its lowest to its highest; see LEAST_SPAN."""
    drawn = pd.concat([
        rows[[name for name in (value, f"{value}_low", f"{value}_high",
                                *(LIMITS if _has_limits(rows) else ())) if name in rows]]
        for rows in series]).astype(float)  # fmt: skip
    low, high = drawn.min(axis=None), drawn.max(axis=None)
    scale = _answer_scale(page, series[0], write)
    floor, ceiling = scale or (0, high)
    floor, ceiling = min(floor, low), max(ceiling, high)
    span = max(high - low, LEAST_SPAN * (ceiling - floor))
    low = np.clip((low + high - span) / 2, floor, ceiling - span)
    ticks = amount_ticks(low + span, low=low)
    if not scale:
        return ticks
    ticks = np.unique(np.clip(ticks, floor, ceiling))
    inner = ticks[1:-1]
    clear = np.abs(inner[:, None] - ticks[[0, -1]]).min(axis=1) > 0.1 * np.ptp(ticks)
    return np.array([ticks[0], *inner[clear], ticks[-1]])


def _answer_scale(page, rows, write) -> tuple | None:
    """Lowest and highest that could be answered; None for an amount."""
    if write != "score":
        return (0, 1) if write == "share" else None
    asked = rows["measure"].iloc[0] if "measure" in rows else ""
    known = {"recommend": RECOMMEND_SCALE, "importance": page.settings.importance_scale}
    return tuple(known.get(asked, page.settings.scale))


def _written(page, ticks, write) -> list[str]:
    """The values of the upright axis, with as many decimals as tell them apart."""
    if write not in ("score", "number"):
        return [page.write(tick, write) for tick in ticks]
    digits = next((d for d in range(3) if np.allclose(ticks, ticks.round(d), atol=1e-9)), 2)
    return [page.language.number(tick, digits) for tick in ticks]


def _limits(sheet, page, ax, rows, write):
    """Centre and limits, by name at the right of their lines; none on another."""
    for name in LIMITS:
        style = "-" if name == "centre" else DASHED
        ax.plot(rows[name], color=LIGHT["muted"], linewidth=1, linestyle=style)
    last = rows[list(LIMITS)].iloc[-1].dropna()
    between = "\n" if sheet.narrow else " "
    words = [f"{page.say(LIMITS[name])}{between}{page.write(last[name], write)}" for name in last.index]  # fmt: skip
    points = ax.transData.transform([(len(rows) - 1, y) for y in last])
    sizes = [28 if sheet.narrow else 15] * len(last)
    ys = spread(list(sheet.height - points[:, 1]), sizes, 0, sheet.height - 24)
    for y, said in zip(ys, words, strict=True):
        at = points[0, 0] + (10 if sheet.narrow else 14)
        sheet.text(at, y, said, size=11, color=LIGHT["muted"], linespacing=1.1)


def _events(sheet, ax, rows):
    for i, row in rows[rows["event"].fillna("").ne("")].iterrows():
        ax.axvline(i, color=LIGHT["line"], linewidth=1, zorder=0)
        words = sheet.wrap(row["event"], 90 if sheet.narrow else 130, lines=3, size=11)
        point_words(sheet, ax, words, (i, 1), 6, xycoords=("data", "axes fraction"), fontsize=11,
                    ha="right" if i > len(rows) * 0.7 else "left", color=LIGHT["muted"])  # fmt: skip


def _periods(sheet, ax, words):
    """As many periods beneath the axis as have room, each on its own lines."""
    widest = max(sheet.text_width(line, sheet.size - 1) for each in words for line in each.split("\n"))  # fmt: skip
    room = ax.get_position().width * sheet.width // (widest + 10)
    shown = range(0, len(words), max(1, -(-len(words) // int(room))))
    ax.set_xticks(list(shown), [words[i] for i in shown])
    space = max(0.3, 0.06 * len(words))  # for the first number, clear of the axis
    ax.set_xlim(-space, len(words) - 1 + space)


@figure
def performance(sheet, page, results, measure=""):
    """A result by period against what growth in proportion to the units would have given."""
    measure = measure or results["measure"].iloc[0]
    rows = results[results["measure"].eq(measure)].dropna(subset=["value"]).reset_index(drop=True)
    if len(rows) < 2:
        return None
    short, count, named = page.language.short, page.language.count, page.label("measure", measure)
    ticks = amount_ticks(1.1 * rows[["value", "promised"]].max(axis=None))  # with room for words
    units = rows["units"] if "units" in rows else pd.Series(np.nan, rows.index)
    below = ["" if pd.isna(n) else "\n" + page.say(N_("units: {units}"), units=count(n)) for n in units]  # fmt: skip
    periods = [f"{period}{n}" for period, n in zip(rows["period"], below, strict=True)]
    few = rows if len(rows) <= (5 if sheet.narrow else 8) else rows.iloc[[0, -1]]
    rows = rows.drop(columns="event", errors="ignore")
    told = told_rows(page, few, "period", dict.fromkeys(("value", "promised"), short),
                     promised=N_("In proportion"))  # fmt: skip
    words = N_("{measure} by period, against growth in proportion. {rows}.")
    said = listed(page, words, told, measure=named)
    if sheet.native:
        bars = {"value": (named, "experience")}
        bars["promised"] = page.say(N_("In proportion")), "other"
        rows = rows.assign(name=periods)
        sheet.take(rows, "value", page.language.money, series=bars, kind="column")
        return said
    ax = one_line(sheet, page, rows, "value", short, ticks, [short(tick) for tick in ticks],
                  page.say(N_("{measure} · dashed: in proportion"), measure=named), periods, few.index)  # fmt: skip
    ax.plot(rows["promised"], color=LIGHT["expectation"], linewidth=1.5, linestyle=DASHED)
    return said


@figure
def survival(sheet, page, curves):
    """Share still customers by length of stay, a line and a band per group; told at the longest stay
    that every group has had."""
    rows = curves[curves["group"].ne("all")].dropna(subset=["survival"])
    if rows.empty:
        return None
    sure = on_enough(rows)
    at = (rows if sure.empty else sure).groupby("group")["time"].max().min()
    share, ticks = page.language.share, [0, 0.25, 0.5, 0.75, 1]
    ax = upright_axes(sheet, ticks, [share(tick) for tick in ticks], "",
                      320 if sheet.narrow else 380, 16 if sheet.narrow else 190, 20, 60)  # fmt: skip
    colours = dict(zip(rows["group"].unique(), ("experience", "lost", "at_risk"), strict=False))
    said = []
    for group, part in rows.groupby("group", sort=False):
        colour = colours.get(group, "other")
        ax.plot(part["time"], part["survival"], color=LIGHT[colour], linewidth=2)
        band(ax, part["time"], part, "survival", colour)
        last, name = part.iloc[-1], page.code(group, {**CODES, **COMPLAINED})
        place = {"across": -2, "ha": "right"} if sheet.narrow else {"across": 6, "ha": "left"}
        point_words(sheet, ax, name, (last["time"], last["survival"]), 9 if sheet.narrow else -1,
                    color=LIGHT[colour], fontsize=sheet.size - 1, va="center", **place)  # fmt: skip
        words = N_("{name}: {survival:share} after {time:count} months")
        then = part.loc[(part["time"] - at).abs().idxmin()]
        said.append(page.say(words, then, name=name))
    sheet.unit(ax, page.say(N_("Months as a customer")))
    return listed(page, N_("Still customers. {rows}."), said)
