"""Bars of anything, the reasons customers come, and business results."""

import numpy as np
import pandas as pd
from matplotlib.ticker import MaxNLocator

from cxlib.page.figures import figure
from cxlib.page.language import N_
from cxlib.page.looks import LIGHT
from cxlib.page.sentences import with_base, within
from cxlib.page.terms import COLUMNS, REASONS


@figure
def bars(sheet, page, table, value, label="", highlight=1, kind="", unit=""):
    """A bar per row, as ordered in the table; the first `highlight` rows are talked about."""
    rows = table.dropna(subset=[value]).reset_index(drop=True)
    if rows.empty:
        return None
    label = label or rows.columns[0]
    kind = kind or COLUMNS.get(value, ("", "number"))[1]
    names = [page.write(name, COLUMNS.get(label, ("", "text"))[1]) for name in rows[label]]
    ax = sheet.rows(names, right=90, footer=14 if not unit else 44)
    low, high = f"{value}_low", f"{value}_high"
    has_interval = low in rows and rows[low].notna().any()
    most = max(rows[value].max(), rows[high].max() if has_interval else 0, 0)
    least = min(rows[value].min(), rows[low].min() if has_interval else 0, 0)
    ax.set_xlim(least * 1.05, most * 1.05 or 1)
    for i, row in rows.iterrows():
        colour = LIGHT["experience"] if i < highlight else LIGHT["other"]
        ax.plot([0, row[value]], [ax.row(i)] * 2, color=colour, linewidth=14)
        if has_interval:
            ax.plot([row[low], row[high]], [ax.row(i)] * 2, color=LIGHT["ink"], linewidth=1.3)
        bold = "bold" if i < highlight else "normal"
        sheet.beside(ax, i, page.write(row[value], kind, value), weight=bold)
    sheet.upright(ax, 0, len(rows), LIGHT["expectation"])
    if unit:
        sheet.unit(ax, page.say(unit))
    else:
        ax.xaxis.set_visible(False)
        ax.spines["bottom"].set_visible(False)
    pairs = [
        f"{name} {within(page, row, value, lambda x: page.write(x, kind, value))}"
        for name, (_, row) in zip(names, rows.iterrows(), strict=True)
    ]
    return with_base(page, page.say(N_("Bars. {rows}."), rows=page.say(N_("; ")).join(pairs)), rows)


@figure
def brand_values(sheet, page, reasons):
    """Why customers come, most often named first."""
    known = [name for name in ("share", "mentions") if name in reasons and reasons[name].any()]
    if not known:
        return None
    value = known[0]
    rows = reasons.sort_values(value, ascending=False, kind="stable")
    return bars(sheet, page, rows, value, "reason")


@figure
def performance(sheet, page, results, measure=""):
    """A result by period against what growth in proportion to the units would have given."""
    measure = measure or results["measure"].iloc[0]
    rows = results[results["measure"].eq(measure)].dropna(subset=["value"]).reset_index(drop=True)
    if len(rows) < 2:
        return None
    sheet.begin(340 if sheet.narrow else 400)
    top = rows[["value", "promised"]].max(axis=None)
    ticks = MaxNLocator(4, steps=[1, 2, 5, 10]).tick_values(0, top)
    marks = [page.language.short(tick) for tick in ticks]
    left = max(sheet.text_width(mark, sheet.size - 1) for mark in marks) + 16
    right = 16 if sheet.narrow else 60
    ax = sheet.axes(left, 52, sheet.width - left - right, sheet.height - 52 - 64)
    ax.spines["left"].set_visible(True)
    ax.set_ylim(0, ticks[-1])
    ax.set_yticks(ticks, marks)
    ax.plot(
        rows.index,
        rows["promised"],
        color=LIGHT["expectation"],
        linewidth=1.5,
        linestyle=(0, (5, 4)),
    )
    style = {"color": LIGHT["experience"], "marker": "o", "clip_on": False}
    ax.plot(rows.index, rows["value"], linewidth=2.2, **style)
    few = len(rows) <= (5 if sheet.narrow else 8)
    for i in rows.index if few else (rows.index[0], rows.index[-1]):
        words = page.language.short(rows["value"][i])
        ax.annotate(
            words,
            (i, rows["value"][i]),
            xytext=(0, 9),
            textcoords="offset points",
            ha="center",
            fontsize=sheet.size,
            fontweight="bold",
        )
    _periods(sheet, page, ax, rows)
    words = page.say(
        N_("{measure} · dashed: in proportion to the units"), measure=page.label("measure", measure)
    )
    sheet.text(
        8, 14, sheet.wrap(words, sheet.width - 16), size=sheet.size - 1, color=LIGHT["muted"]
    )
    return page.say(
        N_("{measure} by period, against growth in proportion. {rows}."),
        measure=page.label("measure", measure),
        rows=page.say(N_("; ")).join(
            _promised_words(page, row)
            for _, row in (rows if few else rows.iloc[[0, -1]]).iterrows()
        ),
    )


def _periods(sheet, page, ax, rows):
    """Each period with its units beneath it."""
    units = [
        ""
        if pd.isna(row.get("units"))
        else "\n" + page.say(N_("units: {units}"), units=page.language.count(row["units"]))
        for _, row in rows.iterrows()
    ]
    words = [
        line for i, unit in enumerate(units) for line in f"{rows['period'][i]}{unit}".split("\n")
    ]
    widest = max(sheet.text_width(line, sheet.size - 1) for line in words) + 10
    step = max(1, -(-len(rows) // int(ax.get_position().width * sheet.width // widest)))
    shown = list(rows.index[::step])
    ax.set_xticks(shown, [f"{rows['period'][i]}{units[i]}" for i in shown])
    ax.set_xlim(-0.4, len(rows) - 0.6)


def _promised_words(page, row) -> str:
    return page.say(
        N_("{period}: {value}, in proportion {promised}"),
        period=row["period"],
        value=page.language.short(row["value"]),
        promised=page.language.short(row["promised"]),
    )


@figure
def frontier(sheet, page, plans):
    """Budget against benefit: how much is enough, and where the chosen plan stands."""
    rows = plans[plans["plan"] != "second_best"].sort_values("budget", ignore_index=True)
    if len(rows) < 2:
        return None
    sheet.begin(340 if sheet.narrow else 400)
    value = worth_of(plans)
    top = rows[value].max() * 1.2 or 1
    ticks = [tick for tick in MaxNLocator(5).tick_values(0, top) if 0 <= tick <= top]
    digits = 0 if all(float(tick).is_integer() for tick in ticks) else 2
    at_ticks = [_benefit(page, tick, digits) for tick in ticks]
    widest = max(sheet.text_width(words, sheet.size - 1) for words in at_ticks)
    left, right = widest + 16, 16 if sheet.narrow else 60
    ax = sheet.axes(left, 34, sheet.width - left - right, sheet.height - 34 - 60)
    ax.spines["left"].set_visible(True)
    ax.plot(
        rows["budget"],
        rows[worth_of(plans)],
        color=LIGHT["other"],
        linewidth=2.2,
        drawstyle="steps-post",
    )
    ax.set_ylim(0, top)
    ax.set_yticks(ticks, at_ticks)
    _plan(sheet, page, ax, plans, "second_best", N_("second best"), "muted", -16)
    _plan(sheet, page, ax, plans, "chosen", N_("chosen plan"), "experience", 10)
    ax.xaxis.set_major_locator(MaxNLocator(3 if sheet.narrow else 6))
    ax.xaxis.set_major_formatter(lambda value, _: page.language.short(value))
    words = page.say(budget_counted(plans), currency=page.language.currency_word)
    sheet.unit(ax, sheet.wrap(words, sheet.width - left - right))
    sheet.text(8, 12, _benefit_counted(page, plans), size=sheet.size - 1, color=LIGHT["muted"])
    parts = [
        page.say(
            N_("{budget}: benefit {benefit}"),
            budget=page.language.money(row["budget"], 3),
            benefit=_benefit(page, row[value]),
        )
        for _, row in rows.iloc[:: max(1, len(rows) // 6)].iterrows()
    ]
    return page.say(N_("Benefit by budget. {rows}."), rows=page.say(N_("; ")).join(parts))


def budget_counted(plans) -> str:
    """What the axis of the budget is; a plan of years needs in each what its costliest year asks."""
    if _of_years(plans):
        return N_("Budget over the years, the same in each, that carries the plan, {currency}")
    return N_("Budget, {currency}")


def _of_years(plans) -> bool:
    return "years" in plans and bool(plans["years"].gt(1).all())


def _benefit_counted(page, plans) -> str:
    """What the benefit of the best plan is counted in."""
    if worth_of(plans) == "net":
        words = N_("Left by the best plan within {term} years, {currency}")
        term = page.language.count(plans["term"].iloc[0])
        return page.say(words, term=term, currency=page.language.currency_word)
    if "unit" in plans and plans["unit"].eq("money").all():
        words = N_("Revenue that the best plan would keep over the years, {currency}")
        return page.say(words, currency=page.language.currency_word)
    return page.say(N_("Benefit of the best plan, weighted score points"))


def worth_of(plans) -> str:
    """The column that tells what a plan is worth: what it leaves, where that is known."""
    return "net" if "net" in plans and plans["net"].notna().all() else "benefit"


def _benefit(page, value, digits=2) -> str:
    """Weighted score points, or money where the benefits are in money."""
    large = abs(value) >= 1000
    return page.language.short(value) if large else page.language.number(value, digits)


def _plan(sheet, page, ax, plans, kind, words, colour, up):
    plan = plans[plans["plan"] == kind]
    if plan.empty:
        return
    at = (plan["budget"].item(), plan[worth_of(plans)].item())
    ax.plot(*at, "o", color=LIGHT[colour], markersize=10, zorder=3)
    between = "\n" if sheet.narrow else " · "
    amount = page.language.money(plan["cost"].item() if "cost" in plan else at[0], 3)
    if _of_years(plans):  # less than the budget that carries it: no year may ask more than its part
        amount = page.say(N_("costs {amount}"), amount=amount)
    said = f"{page.say(words)}{between}{amount}"
    end = at[0] > sum(ax.get_xlim()) / 2
    if at[1] < 0.25 * ax.get_ylim()[1]:  # below it stand the ticks
        up = abs(up)
    ax.annotate(
        said,
        at,
        xytext=(-8 if end else 8, up),
        textcoords="offset points",
        ha="right" if end else "left",
        va="bottom" if up > 0 else "top",
        bbox={"facecolor": LIGHT["paper"], "edgecolor": "none", "pad": 1},
        fontsize=12,
        color=LIGHT[colour],
    )


@figure
def portfolio(sheet, page, plan):
    """Every initiative with its cost: funded, second best, or refused and why."""
    if plan["cost"].isna().all():
        return None
    status = np.select([plan["chosen"].eq(True), plan["second_best"].eq(True)], [0, 1], 2)
    rows = plan.assign(status=status).sort_values(
        ["status", "benefit"], ascending=[True, False], kind="stable", ignore_index=True
    )
    labels = [page.label("initiative", key) for key in rows["initiative"]]
    said = [_status(page, row) for _, row in rows.iterrows()]
    chosen = {i for i, row in rows.iterrows() if row["status"] == 0}
    right = 110 if sheet.narrow else 330
    ax = sheet.rows(labels, right=right, bold=chosen, pitch=78 if sheet.narrow else 0)
    ax.set_xlim(0, rows["cost"].max() * 1.04 or 1)
    for i, row in rows.iterrows():
        colour = LIGHT[["experience", "muted", "other"][row["status"]]]
        if pd.notna(row["cost"]):
            ax.plot([0, row["cost"]], [ax.row(i)] * 2, color=colour, linewidth=14)
        _initiative_words(sheet, page, ax, i, row, said[i])
    ax.xaxis.set_major_locator(MaxNLocator(3 if sheet.narrow else 5))
    ax.xaxis.set_major_formatter(lambda value, _: page.language.short(value))
    sheet.unit(ax, page.say(N_("Cost, {currency}"), currency=page.language.currency_word))
    parts = [
        page.say(
            N_("{name}: {status}, cost {cost}"),
            name=label,
            status=words,
            cost=page.language.money(cost, 3),
        )
        for label, words, cost in zip(labels, said, rows["cost"], strict=True)
    ]
    return page.say(N_("Initiatives. {rows}."), rows=page.say(N_("; ")).join(parts))


def _status(page, row) -> str:
    if row["status"] == 0:
        return page.say(N_("funded"))
    if row["status"] == 1:
        return page.say(N_("second best"))
    return page.code(row.get("reason", ""), REASONS)


def _initiative_words(sheet, page, ax, i, row, said):
    top = ax.top + ax.pitch * i
    cost = page.language.money(row["cost"], 3)
    colour = LIGHT["experience" if row["status"] == 0 else "muted"]
    if sheet.narrow:
        sheet.text(sheet.width - 8, top + 14, cost, ha="right")
        sheet.text(8, top + ax.pitch - 12, said, size=11.5, color=colour)
        return
    sheet.text(sheet.width - 316, top + ax.pitch / 2, cost)
    words = sheet.wrap(said, 196, lines=2, size=12.5)
    sheet.text(sheet.width - 200, top + ax.pitch / 2, words, size=12.5, color=colour)
