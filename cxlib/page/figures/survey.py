"""What a survey shows: requirement classes, drivers, segments, touchpoints and waves."""

import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap, to_rgba
from matplotlib.patches import Ellipse, Rectangle
from matplotlib.ticker import MaxNLocator

from cxlib.client.codebook import RECOMMEND_SCALE
from cxlib.page.figures import figure
from cxlib.page.figures.gap import gap_chart, spread
from cxlib.page.figures.labels import place_labels
from cxlib.page.language import N_
from cxlib.page.looks import LIGHT
from cxlib.page.sentences import (
    clearest_first,
    compared_name,
    each_once,
    focus_rows,
    group_name,
    key_column,
    last_change,
    of_customers,
    with_base,
    within,
)
from cxlib.page.sentences_requirements import named_musts
from cxlib.page.terms import KANO, WITHHELD, telling_digits


@figure
def kano_plane(sheet, page, kano):
    """Better against worse: what delights upwards, what must not fail to the right."""
    rows = kano.dropna(subset=["better", "worse"]).reset_index(drop=True)
    if rows.empty:
        return None
    side, name = sheet.width - 62 if sheet.narrow else 520, key_column(rows)
    labels = {i: page.label(name, rows.at[i, name]) for i in _speaking(rows, sheet)}
    lines = [sheet.wrap(words, sheet.width - 40, lines=2) for words in labels.values()]
    below = 19 * sum(1 + words.count("\n") for words in lines) if sheet.narrow else 0
    sheet.begin(side + 84 + below)
    left = 46 if sheet.narrow else 110  # on a desk there is room for words at the right
    ax = sheet.axes(left, 28, side, side)
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.spines["left"].set_visible(True)
    ax.axvline(0.5, color=LIGHT["line"], linewidth=1)
    ax.axhline(0.5, color=LIGHT["line"], linewidth=1)
    corners = _regions(sheet, page, ax)
    for _, row in rows.iterrows():
        _ellipse(ax, row)
    colours = [_class_colour(row) for _, row in rows.iterrows()]
    ax.scatter(-rows["worse"], rows["better"], s=46, c=colours, zorder=3, linewidths=0)
    if sheet.narrow:
        _numbered(sheet, ax, rows.loc[list(labels)], lines, side + 84)
    else:
        place = {"size": sheet.size - 0.5, "taken": corners, "right": sheet.width}
        place_labels(sheet, ax, -rows["worse"], rows["better"], labels, **place)
    ax.set_yticks([0, 0.5, 1])
    ax.set_xticks([0, 0.5, 1])
    sheet.unit(ax, page.say(N_("Worse: share displeased without it")))
    words = page.say(N_("Better: share who are pleased by it"))
    sheet.text(left - 38, 12, words, size=sheet.size - 1, color=LIGHT["muted"])
    return _kano_words(page, rows, name)


def _numbered(sheet, ax, rows, lines, top):
    """A phone has no room for sentences among the dots: numbers there, and the words beneath."""
    places = _apart(-rows["worse"], rows["better"], 19 / (ax.get_position().width * sheet.width))
    numbered = zip(rows.iterrows(), places, lines, strict=True)
    for number, ((_, row), (x, y), words) in enumerate(numbered, 1):
        ax.plot([-row["worse"], x], [row["better"], y], color=_class_colour(row), zorder=4)
        ax.plot(x, y, "o", markersize=15, color=_class_colour(row), zorder=4)
        at = {"ha": "center", "va": "center_baseline", "color": LIGHT["paper"], "zorder": 5}
        ax.text(x, y, number, fontsize=11, fontweight="bold", **at)
        sheet.text(8, top, number, weight="bold", va="top")
        sheet.text(26, top, words, va="top", linespacing=1.1)
        top += 19 * (1 + words.count("\n"))


def _apart(xs, ys, least) -> list[tuple[float, float]]:
    """The places, each moved down until none lies on a higher one; unit: of the square's side."""
    places = list(zip(xs, ys, strict=True))
    placed = {}
    for i in sorted(range(len(places)), key=lambda i: -places[i][1]):
        x, y = places[i]
        while any(np.hypot(x - a, y - b) < least for a, b in placed.values()):
            y -= least / 4
        placed[i] = x, y
    return [placed[i] for i in range(len(places))]


def _speaking(rows, sheet) -> list[int]:
    """The items a reader asks about: those the headline names, and the furthest from indifference."""
    most = len(rows) if len(rows) <= 6 else 4 if sheet.narrow else 8
    named = rows.index[rows["item"].isin(named_musts(rows)["item"])] if "item" in rows else []
    furthest = (rows["better"] - rows["worse"]).nlargest(most).index
    return list(dict.fromkeys([*named, *furthest]))[:most]


def _class_colour(row) -> str:
    names = {"M": "experience", "A": "kept", "O": "expectation"}
    return LIGHT[names.get(row.get("class"), "other")]


def _regions(sheet, page, ax) -> list:
    """Names the regions at their corners; the places taken by it."""
    corners = [
        (0.02, 0.98, "A", "left", "top"),
        (0.98, 0.98, "O", "right", "top"),
        (0.02, 0.02, "I", "left", "bottom"),
        (0.98, 0.02, "M", "right", "bottom"),
    ]
    written = []
    for x, y, letter, ha, va in corners:
        words = sheet.wrap(page.code(letter, KANO), sheet.width * 0.36, size=sheet.size - 1)
        style = {"fontsize": sheet.size - 1, "style": "italic", "color": LIGHT["muted"]}
        corner = ax.text(x, y, words, ha=ha, va=va, **style)
        written.append(corner.get_window_extent(sheet.fig.canvas.get_renderer()).extents)
    return written


def _ellipse(ax, row):
    if pd.isna(row.get("better_low")) or pd.isna(row.get("worse_low")):
        return
    middle = (
        -(row["worse_low"] + row["worse_high"]) / 2,
        (row["better_low"] + row["better_high"]) / 2,
    )
    width = row["worse_high"] - row["worse_low"]
    height = row["better_high"] - row["better_low"]
    ax.add_patch(Ellipse(middle, width, height, color=_class_colour(row), alpha=0.13, linewidth=0))


def _kano_words(page, rows, name, most=10) -> str:
    """The items furthest from indifference, as they are labelled, with their intervals."""
    rows = rows.loc[(rows["better"] - rows["worse"]).nlargest(most).index]

    def score(value):
        return page.language.number(value, 2)

    parts = [
        page.say(
            N_("{name}: {kind}, better {better}, worse {worse}"),
            name=page.label(name, row[name]),
            kind=page.code(row.get("class"), KANO),
            better=within(page, row, "better", score),
            worse=within(page, row, "worse", score),
        )
        for _, row in rows.iterrows()
    ]
    said = page.say(N_("Kano plane. {rows}."), rows=page.say(N_("; ")).join(parts))
    return with_base(page, said, rows)


@figure
def drivers(sheet, page, shares, gaps=None, method="lmg", outcome=""):
    """What moves the outcome, by its data, beside what customers say matters."""
    rows = shares[shares["method"].eq(method)] if "method" in shares else shares
    outcome = outcome or (rows["outcome"].iloc[0] if "outcome" in rows and len(rows) else "")
    rows = rows[rows["outcome"].eq(outcome)] if outcome else rows
    rows = rows.dropna(subset=["share"]).sort_values(
        "share", ascending=False, kind="stable", ignore_index=True
    )
    if rows.empty:
        return None
    kind = key_column(rows)
    stated = _stated(rows, gaps, kind)
    labels = [page.label(kind, key) for key in rows[kind]]
    right = 64 if sheet.narrow else 90 + (190 if stated is not None else 0)
    ax = sheet.rows(labels, right=right, header=34 if stated is not None else 8, bold={0})
    top = rows["share_high"].max() if "share_high" in rows else rows["share"].max()
    ax.set_xlim(0, top * 1.04)
    for i, row in rows.iterrows():
        colour = LIGHT["experience"] if i == 0 else LIGHT["other"]
        ax.plot([0, row["share"]], [ax.row(i)] * 2, color=colour, linewidth=14)
        if pd.notna(row.get("share_low")):
            ends = [row["share_low"], row["share_high"]]
            ax.plot(ends, [ax.row(i)] * 2, color=LIGHT["ink"], linewidth=1.3)
        _driver_words(sheet, page, ax, i, row, stated)
    if stated is not None and not sheet.narrow:
        style = {"size": 11.5, "color": LIGHT["muted"], "ha": "right"}
        sheet.text(sheet.width - 8, 16, page.say(N_("Stated importance")), **style)
        sheet.text(sheet.width - 200, 16, page.say(N_("Derived")), **style)
    ax.xaxis.set_major_formatter(lambda value, _: page.language.share(value))
    named = page.code(outcome)
    sheet.unit(ax, page.say(N_("Share of the differences in “{outcome}”"), outcome=named))
    parts = [
        f"{label} {within(page, row, 'share', page.language.share)}"
        for label, (_, row) in zip(labels, rows.iterrows(), strict=True)
    ]
    said = page.say(
        N_("What goes with “{outcome}”, strongest first. {rows}."),
        outcome=named,
        rows=page.say(N_("; ")).join(parts),
    )
    return with_base(page, said, rows)


@figure
def together(sheet, page, pairs):
    """How closely the scores of two experiences go together: each pair once, in a triangle."""
    import seaborn

    closest = pairs.dropna(subset=["correlation"])
    names = list(dict.fromkeys(closest[["item", "other"]].to_numpy().ravel()))
    names = names[: 8 if sheet.narrow else 14]
    if not names:
        return None
    both = pd.concat([closest, closest.rename(columns={"item": "other", "other": "item"})])
    square = both.pivot(index="item", columns="other", values="correlation")
    shown = square.reindex(index=names, columns=names[:-1])
    hidden = np.triu(np.ones(shown.shape, dtype=bool)) | shown.isna().to_numpy()
    number = np.frompyfunc(lambda value: page.language.number(value, 2), 1, 1)
    left, top, deep = (150, 26, 36) if sheet.narrow else (270, 28, 38)
    across = min((sheet.width - left - 12) / len(names[:-1]), 90)
    sheet.begin(top + deep * len(names) + 8)
    ax = sheet.axes(left, top, across * len(names[:-1]), deep * len(names))
    seaborn.heatmap(
        shown.abs(),
        mask=hidden,
        annot=np.where(hidden, "", number(shown.to_numpy())),
        fmt="",
        annot_kws={"size": 11 if sheet.narrow else 12, "color": LIGHT["ink"]},
        cmap=_deeper(),
        vmin=0,
        vmax=1,
        cbar=False,
        xticklabels=False,
        yticklabels=False,
        ax=ax,
    )
    ax.set(xlabel="", ylabel="")
    for place, name in enumerate(names):
        words = sheet.wrap(f"{place + 1} · {page.label('item', name)}", left - 18, 2, size=12)
        sheet.text(left - 8, top + deep * (place + 0.5), words, size=12, ha="right")
        if place < len(names) - 1:
            at = left + across * (place + 0.5)
            sheet.text(at, top - 12, place + 1, size=12, ha="center", color=LIGHT["muted"])
    parts = [
        page.say(
            N_("{one} and {other} {correlation}"),
            one=page.label("item", row["item"]),
            other=page.label("item", row["other"]),
            correlation=within(page, row, "correlation", lambda r: page.language.number(r, 2)),
        )
        for _, row in closest.head(5).iterrows()
    ]
    said = page.say(
        N_("How closely scores go together (correlation, −1 to 1), the closest first: {pairs}."),
        pairs=page.say(N_("; ")).join(parts),
    )
    return with_base(page, said, closest)


def _deeper() -> ListedColormap:
    """One colour, the deeper the closer: it follows the reader's light or dark page."""
    return ListedColormap([to_rgba(LIGHT["experience"], alpha) for alpha in np.linspace(0, 0.55)])


def _stated(rows, gaps, kind):
    """Stated importance by row, or None where nothing was stated by these names."""
    if gaps is None or "importance" not in gaps:
        return None
    everyone = gaps[gaps["segment"].eq("all")] if "segment" in gaps else gaps
    by_name = everyone.set_index(key_column(everyone))["importance"]
    found = rows[kind].map(by_name)
    return found if found.notna().any() else None


def _driver_words(sheet, page, ax, i, row, stated):
    share = page.language.share(row["share"])
    weight = "bold" if i == 0 else "normal"
    if stated is None or sheet.narrow:
        sheet.beside(ax, i, share, weight=weight)
        return
    y = ax.top + ax.pitch * (i + 0.5)
    sheet.text(sheet.width - 200, y, share, ha="right", weight=weight)
    if pd.notna(stated[i]):
        sheet.small_bar(sheet.width - 128, y, 70, stated[i] / page.settings.importance_scale[1])
        words = page.language.number(stated[i])
        sheet.text(sheet.width - 8, y, words, ha="right", size=12, color=LIGHT["muted"])


@figure
def segments(sheet, page, compared, group="", most=10):
    """Each group against the rest, the clearest differences first."""
    group = group or next(name for name in ("group", "segment", "role") if name in compared)
    rows = clearest_first(each_once(of_customers(compared)).dropna(subset=["difference"]))
    rows = rows.reset_index(drop=True)
    spoken = rows["different"].eq(True) if "different" in rows else rows["difference"].notna()
    spoken &= rows["flag"].ne("small_base") if "flag" in rows else True  # too few to speak
    order = spoken.sort_values(ascending=False, kind="stable").index[:most]
    rows, spoken = (each.loc[order].reset_index(drop=True) for each in (rows, spoken))
    if rows.empty:
        return None
    labels = _compared_labels(page, rows, group)
    ax = around_zero(sheet, page, rows, labels, "difference", spoken)
    sheet.unit(ax, page.say(N_("Difference from everybody else, score points")))
    parts = [
        f"{label} {within(page, row, 'difference', lambda x: page.language.signed(x, 2))}"
        for label, (_, row) in zip(labels, rows.iterrows(), strict=True)
    ]
    said = page.say(N_("Groups against the rest. {rows}."), rows=page.say(N_("; ")).join(parts))
    return with_base(page, said, rows)


def _compared_labels(page, rows, group) -> list[str]:
    """Group and what was compared; the question as well where one measure was asked by several."""
    words = N_("{group} · {name}")
    names = [compared_name(page, row) for _, row in rows.iterrows()]
    pairs = list(zip(rows[group], names, strict=True))
    if "dimension" in rows:
        names = [
            page.label("dimension", key) if pairs.count(pair) > 1 else name
            for pair, name, key in zip(pairs, names, rows["dimension"], strict=True)
        ]
    return [
        page.say(words, group=group_name(page, row, group), name=name)
        for (_, row), name in zip(rows.iterrows(), names, strict=True)
    ]


@figure
def satisfaction(sheet, page, gaps, segment=""):
    """Experience − expectation by dimension, with its interval, around zero; what was rated, where
    no expectation was asked."""
    rows = focus_rows(gaps, page, segment).dropna(subset=["satisfaction"])
    rows = rows.sort_values("satisfaction", kind="stable", ignore_index=True)
    if rows.empty:
        return gap_chart(sheet, page, gaps, segment)
    kind = key_column(rows)
    labels = [page.label(kind, key) for key in rows[kind]]
    spoken = rows["satisfaction"] < 0
    ax = around_zero(sheet, page, rows, labels, "satisfaction", spoken)
    sheet.unit(ax, page.say(N_("Satisfaction: experience − expectation, score points")))
    digits = telling_digits(rows, "satisfaction")
    parts = [
        f"{label} {within(page, row, 'satisfaction', lambda x: page.language.signed(x, digits))}"
        for label, (_, row) in zip(labels, rows.iterrows(), strict=True)
    ]
    said = page.say(N_("Satisfaction, worst first. {rows}."), rows=page.say(N_("; ")).join(parts))
    return with_base(page, said, rows)


def around_zero(sheet, page, rows, labels, value, spoken, digits=None):
    """A dot with its interval per row, right or left of zero; the spoken of in colour."""
    ax = sheet.rows(labels, right=84)
    ends = [name for name in (value, f"{value}_low", f"{value}_high") if name in rows]
    reach = rows[ends].abs().max(axis=None) * 1.08 or 1
    ax.set_xlim(-reach, reach)
    sheet.upright(ax, 0, len(rows), LIGHT["expectation"])
    digits = telling_digits(rows, value) if digits is None else digits
    for (i, row), loud in zip(rows.iterrows(), spoken, strict=True):
        colour = LIGHT["experience"] if loud else LIGHT["other"]
        ax.plot([0, row[value]], [ax.row(i)] * 2, color=colour, linewidth=4, alpha=0.45)
        if pd.notna(row.get(f"{value}_low")):
            low_high = [row[f"{value}_low"], row[f"{value}_high"]]
            ax.plot(low_high, [ax.row(i)] * 2, color=colour, linewidth=1.6)
        ax.plot(row[value], ax.row(i), "o", color=colour, markersize=8.5)
        words = page.language.signed(row[value], digits)
        sheet.beside(ax, i, words, weight="bold" if loud else "normal")
    return ax


@figure
def touchpoint_map(sheet, page, touchpoints, value="satisfaction"):
    """Channel × stage: the score and its base in each cell; hatched where nobody was asked."""
    rows = touchpoints.dropna(subset=["channel", "stage"])
    value = value if value in rows or rows.empty else "asked_satisfaction"
    if rows.empty or rows[value].isna().all():
        return None
    across_, down = "stage", "channel"
    if sheet.narrow and rows["stage"].nunique() > 3 >= rows["channel"].nunique():
        across_, down = down, across_  # a phone has room for three columns
    stages, channels = (_in_order(page, name, rows[name]) for name in (across_, down))
    cells = rows.set_index([down, across_])
    left = 8 if sheet.narrow else 170
    across = (sheet.width - left - 8) / len(stages)
    deep, header = 62, 44
    pitch = deep + (26 if sheet.narrow else 6)
    sheet.begin(header + pitch * len(channels) + 8)
    ax = sheet.axes(0, 0, sheet.width, sheet.height)
    ax.set(xlim=(0, sheet.width), ylim=(sheet.height, 0))
    ax.axis("off")
    worst = rows[value].min()
    spread = rows[value].max() - worst
    for c, stage in enumerate(stages):
        words = sheet.wrap(page.label(across_, stage), across - 8, lines=2, size=12)
        sheet.text(left + across * (c + 0.5), 20, words, size=12, ha="center", color=LIGHT["muted"])
    for r, channel in enumerate(channels):
        top = header + pitch * r + (22 if sheet.narrow else 0)
        at = (left, top - 11) if sheet.narrow else (left - 14, top + deep / 2)
        sheet.text(*at, page.label(down, channel), ha="left" if sheet.narrow else "right")
        for c, stage in enumerate(stages):
            row = cells.loc[(channel, stage)] if (channel, stage) in cells.index else None
            box = (left + across * c + 2, top, across - 4, deep)
            _touchpoint(
                sheet, page, ax, box, row, value, worst, spread, telling_digits(rows, value)
            )
    return _touchpoint_words(page, rows, value)


def _in_order(page, kind, keys) -> list:
    """Stages and channels in the order in which the client's labels name them, else as they come."""
    named = list((getattr(page.settings, "labels", None) or {}).get(kind, {}))
    given = list(dict.fromkeys(keys))
    return sorted(given, key=lambda key: named.index(key) if key in named else len(named))


def _touchpoint(sheet, page, ax, box, row, value, worst, spread, digits):
    x, y, width, height = box
    if row is None or (pd.isna(row[value]) and row.get("flag") != "withheld"):
        ax.add_patch(
            Rectangle(
                (x, y),
                width,
                height,
                facecolor="none",
                hatch="///",
                edgecolor=LIGHT["line"],
                linewidth=0.8,
            )
        )
        return
    style = {"ha": "center"}
    if row.get("flag") == "withheld":
        ax.add_patch(Rectangle((x, y), width, height, color=LIGHT["panel"], linewidth=0))
        words = sheet.wrap(page.say(WITHHELD), width - 6, size=11)
        sheet.text(x + width / 2, y + height / 2, words, size=11, color=LIGHT["muted"], **style)
        return
    # The worse the cell, the deeper its colour; never so deep that its number is hard to read.
    depth = 0.08 + 0.37 * (1 - (row[value] - worst) / spread if spread else 0.5)
    ax.add_patch(Rectangle((x, y), width, height, color=LIGHT["lost"], alpha=depth, linewidth=0))
    write = page.language.signed if value == "satisfaction" else page.language.number
    sheet.text(x + width / 2, y + height / 2 - 8, write(row[value], digits), weight="bold", **style)
    if pd.notna(row.get("n")):
        base = page.say(N_("n = {n}"), n=page.language.count(row["n"]))
        sheet.text(x + width / 2, y + height / 2 + 12, base, size=11, color=LIGHT["muted"], **style)


def _touchpoint_words(page, rows, value, most=10) -> str:
    known = rows.dropna(subset=[value]).sort_values(value, kind="stable").head(most)
    digits = telling_digits(rows, value)
    write = page.language.signed if value == "satisfaction" else page.language.number
    parts = [
        page.say(
            N_("{stage}, {channel}: {score}"),
            stage=page.label("stage", row["stage"]),
            channel=page.label("channel", row["channel"]),
            score=within(page, row, value, lambda x: write(x, digits)),
        )
        for _, row in known.iterrows()
    ]
    return page.say(N_("Touchpoints, lowest first. {rows}."), rows=page.say(N_("; ")).join(parts))


@figure
def waves(sheet, page, table, x="", value="", unit="", write="score"):
    """A line over time with its band, its limits and what happened when."""
    x = x or next((name for name in ("wave", "period") if name in table), table.columns[0])
    value = value or ("value" if "value" in table else "mean")
    rows, name = _one_line(page, table)
    unit = unit or name
    known = np.flatnonzero(rows[value].notna())
    if len(known) < 2:
        return None
    rows = rows.iloc[known[0] : known[-1] + 1].reset_index(drop=True)  # as long as it was asked
    sheet.begin(330 if sheet.narrow else 380)
    ticks = _heights(page, rows, value, write)
    marks = _heights_written(page, ticks, write)
    left = max(sheet.text_width(mark, sheet.size - 1) for mark in marks) + 16
    right = 16 if not _has_limits(rows) else 82 if sheet.narrow else 130
    told = "event" in rows and rows["event"].fillna("").ne("").any()
    top = 34 + (44 if told else 0)
    ax = sheet.axes(left, top, sheet.width - left - right, sheet.height - top - 40)
    ax.spines["left"].set_visible(True)
    ax.set_ylim(ticks[0], ticks[-1])
    ax.set_yticks(ticks, marks)
    room = max(0.3, 0.06 * len(rows))  # for the first number, clear of the axis
    ax.set_xlim(-room, len(rows) - 1 + room)
    places = np.arange(len(rows))
    _band_and_limits(sheet, page, ax, rows, value, write)
    style = {"color": LIGHT["experience"], "marker": "o", "markersize": 6, "clip_on": False}
    ax.plot(places, rows[value], linewidth=2, **style)
    _signals(ax, rows, value)
    _values_at_ends(sheet, page, ax, rows, value, write)
    _events(sheet, ax, rows)
    shown = places[:: max(1, -(-len(rows) // (5 if sheet.narrow else 12)))]
    ax.set_xticks(shown, [page.label(x, rows[x][i]) for i in shown])
    if unit:
        sheet.text(8, 12, page.say(unit), size=sheet.size - 1, color=LIGHT["muted"])
    kind = "score2" if write == "score" and f"{value}_low" in rows else write
    parts = [
        f"{page.label(x, row[x])} {page.write(row[value], kind)}" for _, row in rows.iterrows()
    ]
    last = within(page, rows.iloc[-1], value, lambda number: page.write(number, kind))
    parts[-1] = f"{page.label(x, rows[x].iloc[-1])} {last}"
    said = page.say(N_("Over time. {rows}."), rows=page.say(N_("; ")).join(parts))
    return with_base(page, said, rows.tail(1))


def _one_line(page, table) -> tuple[pd.DataFrame, str]:
    """The rows of one measure, and its name: the one that the headline speaks of."""
    if "measure" not in table or table.groupby(["measure", "dimension"], dropna=False).ngroups < 2:
        return table.reset_index(drop=True), ""
    chosen = last_change(table)
    chosen = table.iloc[0] if chosen is None else chosen
    same = table["measure"].eq(chosen["measure"]) & table["dimension"].eq(chosen["dimension"])
    return table[same].reset_index(drop=True), compared_name(page, chosen)


@figure
def control_chart(sheet, page, table, **options):
    """The same line; limits and signals come with the rows of xmr_chart or p_chart."""
    return waves(sheet, page, table, **options)


LEAST_FOR_LIMITS = 8  # points; from fewer, limits are as unsure as what they would judge
LIMITS = {
    "limit_high": N_("upper limit"),
    "centre": N_("centre"),
    "limit_low": N_("lower limit"),
}
# Of the answer scale, what the height of a line shows at least. With less, a change that is hardly
# more than chance would fall from top to bottom; with the whole scale, no change could be seen. An
# amount has no answer scale: its scale runs from 0 to the highest value drawn.
LEAST_SPAN = 0.25


def _has_limits(rows) -> bool:
    return "centre" in rows and len(rows) >= LEAST_FOR_LIMITS


def _heights(page, rows, value, write) -> np.ndarray:
    """Round values for the upright axis, from its lowest to its highest; see LEAST_SPAN."""
    names = [value, f"{value}_low", f"{value}_high", *(LIMITS if _has_limits(rows) else ())]
    drawn = rows[[name for name in names if name in rows]].astype(float)
    low, high = drawn.min(axis=None), drawn.max(axis=None)
    scale = _answer_scale(page, rows, write)
    floor, ceiling = scale or (0, high)
    floor, ceiling = min(floor, low), max(ceiling, high)
    span = max(high - low, LEAST_SPAN * (ceiling - floor))
    low = np.clip((low + high - span) / 2, floor, ceiling - span)
    ticks = MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(low, low + span)
    if not scale:
        return ticks
    ticks = np.unique(np.clip(ticks, floor, ceiling))
    inner = ticks[1:-1][
        np.abs(ticks[1:-1, None] - ticks[[0, -1]]).min(axis=1) > 0.1 * np.ptp(ticks)
    ]
    return np.array([ticks[0], *inner, ticks[-1]])


def _answer_scale(page, rows, write) -> tuple | None:
    """Lowest and highest that could be answered; None for an amount."""
    if write != "score":
        return (0, 1) if write == "share" else None
    asked = rows["measure"].iloc[0] if "measure" in rows else ""
    known = {"recommend": RECOMMEND_SCALE, "importance": page.settings.importance_scale}
    return tuple(known.get(asked, page.settings.scale))


def _heights_written(page, ticks, write) -> list[str]:
    """The values of the upright axis, with as many decimals as tell them apart."""
    if write not in ("score", "number"):
        return [page.write(tick, write) for tick in ticks]
    digits = next((d for d in range(3) if np.allclose(ticks, ticks.round(d), atol=1e-9)), 2)
    return [page.language.number(tick, digits) for tick in ticks]


def _band_and_limits(sheet, page, ax, rows, value, write):
    places = np.arange(len(rows))
    low, high = f"{value}_low", f"{value}_high"
    if low in rows:
        ax.fill_between(
            places,
            rows[low].astype(float),
            rows[high].astype(float),
            color=LIGHT["experience"],
            alpha=0.13,
            linewidth=0,
        )
    if not _has_limits(rows):
        return
    ax.plot(places, rows["centre"], color=LIGHT["muted"], linewidth=1)
    for limit in ("limit_low", "limit_high"):
        ax.plot(places, rows[limit], color=LIGHT["muted"], linewidth=1, linestyle=(0, (5, 4)))
    _limit_words(sheet, page, ax, rows, write)


def _limit_words(sheet, page, ax, rows, write):
    """Centre and limits by name, at the right of their lines; none on another."""
    last = rows[list(LIMITS)].iloc[-1].dropna()
    between = "\n" if sheet.narrow else " "
    words = [
        f"{page.say(LIMITS[name])}{between}{page.write(last[name], write)}" for name in last.index
    ]
    points = ax.transData.transform([(len(rows) - 1, y) for y in last])
    ys = list(sheet.height - points[:, 1])
    heights = [28 if sheet.narrow else 15] * len(ys)
    for y, said in zip(spread(ys, heights, 0, sheet.height - 24), words, strict=True):
        style = {"size": 11, "color": LIGHT["muted"], "linespacing": 1.1}
        sheet.text(points[0, 0] + (10 if sheet.narrow else 14), y, said, **style)


def _signals(ax, rows, value):
    if "signal" in rows:
        out = rows[rows["signal"].fillna("").ne("")]
        ax.plot(
            out.index, out[value], "o", color=LIGHT["lost"], markersize=9, zorder=4, clip_on=False
        )


def _values_at_ends(sheet, page, ax, rows, value, write):
    known = rows[value].dropna()
    for i in {known.index[0], known.index[-1]}:
        ax.annotate(
            page.write(known[i], write),
            (i, known[i]),
            xytext=(0, 9),
            ha="center",
            textcoords="offset points",
            fontsize=sheet.size,
            fontweight="bold",
        )


def _events(sheet, ax, rows):
    if "event" not in rows:
        return
    told = rows[rows["event"].fillna("").ne("")]
    for i, row in told.iterrows():
        ax.axvline(i, color=LIGHT["line"], linewidth=1, zorder=0)
        words = sheet.wrap(row["event"], 90 if sheet.narrow else 130, lines=3, size=11)
        last = i > len(rows) * 0.7
        ax.annotate(
            words,
            (i, 1),
            xycoords=("data", "axes fraction"),
            fontsize=11,
            xytext=(0, 6),
            textcoords="offset points",
            ha="right" if last else "left",
            va="bottom",
            color=LIGHT["muted"],
        )
