"""Curves along an amount: plans by what they cost, profit by level of service."""

import numpy as np
from matplotlib.ticker import MaxNLocator

from cxlib.page.figures import figure
from cxlib.page.figures.lines import DASHED, amount_ticks, point_words, upright_axes
from cxlib.page.figures.row_chart import listed, told_by_column
from cxlib.page.language import N_
from cxlib.page.looks import LIGHT
from cxlib.sums.service_level import FLAT

ROUNDING = 1e-6  # of a cost: less is not a cost to run
BEND = 0.1  # of the height: a line that bends less has no knee to speak of


@figure
def frontier(sheet, page, plans):
    """What plans leave against what they cost: how much is enough, and where the chosen plan stands."""
    value, short = worth_of(plans), page.language.short
    best = plans[plans["plan"] != "second_best"].sort_values("cost", ignore_index=True)
    if len(best) < 2:
        return None
    top = best[value].max() * 1.15 or 1
    ticks = amount_ticks(top, 5)
    digits = 0 if all(float(tick).is_integer() for tick in ticks) else 2
    marks = [_benefit(page, tick, digits) for tick in ticks]
    ax = upright_axes(sheet, ticks, marks, _benefit_counted(page, plans),
                      360 if sheet.narrow else 400, 16 if sheet.narrow else 60, bottom=60)  # fmt: skip
    # A budget is for what it costs to start.
    budget, worth = np.inf if _runs_on(plans) else _budget(page, plans), best[value].cummax()
    most = max(best["cost"].max(), budget if budget < 3 * best["cost"].max() else 0)
    ax.plot([*best["cost"], most * 1.04], [*worth, worth.iloc[-1]], color=LIGHT["other"], linewidth=2.2,
            drawstyle="steps-post")  # fmt: skip
    ax.set_xlim(0, most * 1.06)
    if budget <= most:
        ax.axvline(budget, color=LIGHT["muted"], linewidth=1.2, linestyle=DASHED)
        said = page.say(N_("budget {amount}"), amount=short(budget))
        side = {"across": -5, "ha": "right"} if budget > most / 2 else {"across": 5, "ha": "left"}
        point_words(sheet, ax, said, (budget, 0), 6, color=LIGHT["muted"], **side)
    bend = knee(best["cost"], worth)
    if bend is not None and best["plan"][bend] != "chosen":
        said = N_("beyond here each adds less")
        _plan(sheet, page, ax, best.loc[bend], value, said, "muted", -12)
    for kind, words, colour, up in (("second_best", N_("second best"), "muted", -12),
                                    ("chosen", N_("first choice"), "experience", 10)):  # fmt: skip
        for _, plan in plans[plans["plan"] == kind].iterrows():
            _plan(sheet, page, ax, plan, value, words, colour, up)
    ax.xaxis.set_major_locator(MaxNLocator(3 if sheet.narrow else 6))
    ax.xaxis.set_major_formatter(lambda number, _: short(number))
    currency = page.language.currency_word
    sheet.unit(ax, page.say(cost_counted(plans), plans.iloc[0], currency=currency))
    parts = [told_by_column(page, page.language.money(row["cost"], 3), row,
                            {value: lambda x: _benefit(page, x)}, False)
             for _, row in best.iloc[:: max(1, len(best) // 6)].iterrows()]  # fmt: skip
    return listed(page, N_("Benefit by cost. {rows}."), parts)


def knee(cost, worth) -> int | None:
    """The row from which more money brings less than on average: the furthest above the straight
    line from the first to the last (Satopää et al. 2011, Kneedle); None of fewer than four."""
    if len(cost) < 4 or not np.ptp(worth) or not np.ptp(cost):
        return None
    above = (worth - worth.iloc[0]) / np.ptp(worth) - (cost - cost.iloc[0]) / np.ptp(cost)
    return above.idxmax() if above.max() > BEND else None


def _budget(page, plans) -> float:
    """What the client may spend over the years of the plan; no end where nothing was said."""
    strategy, years = page.settings.strategy, plans["years"].iloc[0] if "years" in plans else 1
    if strategy.budgets:
        return sum(strategy.budgets.values())
    return np.inf if strategy.budget is None else strategy.budget * years


def cost_counted(plans) -> str:
    """What the axis of the cost is: of a plan of years, all that it costs within its term."""
    if "years" in plans and plans["years"].gt(1).all():
        return N_("Cost over the years, {currency}")
    if _runs_on(plans):
        return N_("Cost within {term:count} years, {currency}")
    return N_("Cost, {currency}")


def _runs_on(plans) -> bool:
    """Whether a plan of one year costs more within its term than to start."""
    one = "years" in plans and plans["years"].eq(1).all()
    return bool(one and plans["cost"].gt(plans["budget"] * (1 + ROUNDING)).any())


def worth_of(plans) -> str:
    """The column that tells what a plan is worth: what it leaves, where that is known."""
    return "net" if "net" in plans and plans["net"].notna().all() else "benefit"


def _benefit_counted(page, plans) -> str:
    """What the benefit of the best plan is counted in."""
    currency = page.language.currency_word
    if worth_of(plans) == "net":
        words = N_("Left by the best plan within {term} years, {currency}")
        return page.say(words, term=page.language.count(plans["term"].iloc[0]), currency=currency)
    if "unit" in plans and plans["unit"].eq("money").all():
        words = N_("Revenue that the best plan would keep over the years, {currency}")
        return page.say(words, currency=currency)
    return page.say(N_("Benefit of the best plan, weighted score points"))


def _benefit(page, value, digits=2) -> str:
    """Weighted score points, or money where the benefits are in money."""
    return page.language.short(value) if abs(value) >= 1000 else page.language.number(value, digits)


def _plan(sheet, page, ax, plan, value, words, colour, above):
    """A plan on the frontier: a dot, its name and its cost."""
    at = plan["cost"], plan[value]
    ax.plot(*at, "o", color=LIGHT[colour], markersize=10, zorder=3, clip_on=False)
    said = page.say(words) + ("\n" if sheet.narrow else " · ") + page.language.money(at[0], 3)
    right = at[0] > sum(ax.get_xlim()) / 2
    above = abs(above) if at[1] < 0.25 * ax.get_ylim()[1] else above  # below it stand the ticks
    point_words(sheet, ax, said, at, above, across=-8 if right else 8, ha="right" if right else "left",
                color=LIGHT[colour], fontsize=12,
                bbox={"facecolor": LIGHT["paper"], "edgecolor": "none", "pad": 1})  # fmt: skip


@figure
def service_level_curve(sheet, page, curve, best=None):
    """Profit by service level: the level that pays best, and how far the top is flat."""
    short, share = page.language.short, page.language.share
    profit = curve["profit"]
    ticks = amount_ticks(profit.max(), 5, profit.min())
    title = page.say(N_("Profit a year, {currency}"), currency=page.language.currency_word)
    ax = upright_axes(sheet, ticks, [short(tick) for tick in ticks], title,
                      340 if sheet.narrow else 400, 20 if sheet.narrow else 60, bottom=60)  # fmt: skip
    ax.plot(curve["level"], profit, color=LIGHT["experience"], linewidth=2.2)
    ax.set_xlim(curve["level"].min(), curve["level"].max())
    facts = ""
    if best is not None and len(best):
        row = best.iloc[0]
        ax.axvspan(row["best_level_low"], row["best_level_high"], color=LIGHT["panel"], linewidth=0,
                   zorder=0)  # fmt: skip
        ax.axvline(row["best_level"], color=LIGHT["muted"], linewidth=1.2, linestyle=DASHED)
        facts = page.say(N_("best {level}"), level=share(row["best_level"]))
        point_words(sheet, ax, facts, (row["best_level"], ticks[0]), 6, across=5, ha="left")
        words = sheet.wrap(
            page.say(N_("at most {share} less"), share=share(FLAT)), 120, lines=2, size=12
        )
        point_words(sheet, ax, words, (row["best_level_low"], ticks[0]), 26, across=5, ha="left",
                    fontsize=12, color=LIGHT["muted"])  # fmt: skip
    ax.xaxis.set_major_locator(MaxNLocator(4 if sheet.narrow else 7, steps=[1, 2, 5, 10]))
    ax.xaxis.set_major_formatter(lambda level, _: share(level))
    sheet.unit(ax, page.say(N_("Service level")))
    parts = [told_by_column(page, share(row["level"]), row, {"profit": short}, False)
             for _, row in curve.iloc[:: max(1, len(curve) // 5)].iterrows()]  # fmt: skip
    parts += [facts] if facts else []
    return listed(page, N_("Profit by service level. {rows}."), parts)
