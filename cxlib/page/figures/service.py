"""The best service level, and the map of service types."""

from matplotlib.ticker import MaxNLocator

from cxlib.page.figures import figure
from cxlib.page.language import N_
from cxlib.page.looks import LIGHT

# Where the name of each type stands, in parts of the map, and the side that it is flush with.
CORNERS = {
    "A": (0.98, 0.03, "right"),
    "B": (0.02, 0.03, "left"),
    "C": (0.98, 0.95, "right"),
    "D": (0.02, 0.95, "left"),
}


@figure
def service_level_curve(sheet, page, curve, best=None):
    """Marginal revenue and marginal cost by service level; where they cross is the best level."""
    if curve is None or curve.empty:
        return None
    sheet.begin(340 if sheet.narrow else 400)
    left, right = (12, 16) if sheet.narrow else (24, 170)
    ax = sheet.axes(left, 40, sheet.width - left - right, sheet.height - 40 - 60)
    top = max(curve["marginal_cost"].quantile(0.9), curve["marginal_revenue"].quantile(0.9))
    ax.set_ylim(0, top * 1.15)
    if best is not None and len(best):
        row = best.iloc[0]
        ax.axvspan(row["best_level_low"], row["best_level_high"], color=LIGHT["panel"], linewidth=0)
        ax.axvline(row["best_level"], color=LIGHT["muted"], linewidth=1.2, linestyle=(0, (5, 4)))
    for name, colour, words in (
        ("marginal_revenue", "kept", N_("revenue of a step more")),
        ("marginal_cost", "lost", N_("cost of a step more")),
    ):
        ax.plot(curve["level"], curve[name], color=LIGHT[colour], linewidth=2.2)
        row = curve.iloc[len(curve) // (12 if name == "marginal_revenue" else 3)]
        ax.annotate(
            page.say(words),
            (row["level"], min(row[name], top)),
            xytext=(6, 8 if name == "marginal_revenue" else -18),
            textcoords="offset points",
            color=LIGHT[colour],
            fontsize=sheet.size - 1,
        )
    ax.xaxis.set_major_locator(MaxNLocator(4 if sheet.narrow else 7))
    ax.xaxis.set_major_formatter(lambda value, _: page.language.share(value))
    sheet.unit(ax, page.say(N_("Service level")))
    at = curve.iloc[:: max(1, len(curve) // 5)]
    parts = [
        page.say(
            N_("at {level}: revenue {revenue}, cost {cost}"),
            level=page.language.share(r["level"]),
            revenue=page.language.short(r["revenue"]),
            cost=page.language.short(r["cost"]),
        )
        for _, r in at.iterrows()
    ]
    return page.say(
        N_("Revenue and cost by service level. {rows}."), rows=page.say(N_("; ")).join(parts)
    )


@figure
def service_types(sheet, page, groups, scale=None):
    """Procedural against personal: four kinds of service, with intervals."""
    if groups is None or groups.empty:
        return None
    low, high = scale or page.settings.scale
    sheet.begin(360 if sheet.narrow else 460)
    left, right = (16, 16) if sheet.narrow else (60, 60)
    ax = sheet.axes(left, 24, sheet.width - left - right, sheet.height - 24 - 56)
    ax.set(xlim=(low, high), ylim=(low, high))
    middle = (low + high) / 2
    ax.axvline(middle, color=LIGHT["line"], linewidth=1)
    ax.axhline(middle, color=LIGHT["line"], linewidth=1)
    for kind, (x, y, side) in CORNERS.items():
        style = {"ha": side, "fontsize": 12, "color": LIGHT["muted"]}
        ax.text(x, y, page.code(kind), transform=ax.transAxes, **style)
    for _, row in groups.iterrows():
        _service_type(sheet, page, ax, row)
    sheet.unit(ax, page.say(N_("Procedural → ; personal ↑")))
    parts = [
        page.say(
            N_("{name}: procedural {procedural}, personal {personal}"),
            name=page.label("group", r["group"]),
            procedural=page.language.number(r["procedural"]),
            personal=page.language.number(r["personal"]),
        )
        for _, r in groups.iterrows()
    ]
    return page.say(N_("Service types. {rows}."), rows=page.say(N_("; ")).join(parts))


def _service_type(sheet, page, ax, row):
    """A group as a cross of its two intervals; grey where its type is not sure."""
    colour = LIGHT["experience" if row["verdict"] == row["type"] else "other"]
    across, up = row["procedural"], row["personal"]
    ax.plot([row["procedural_low"], row["procedural_high"]], [up, up], color=colour)
    ax.plot([across, across], [row["personal_low"], row["personal_high"]], color=colour)
    beside = {"xytext": (7, 7), "textcoords": "offset points", "fontsize": sheet.size}
    ax.annotate(page.label("group", row["group"]), (across, up), **beside)
