"""Money, a row per thing: the tree of bad experience, its views, assumptions and levers, and the plan.

Curves along an amount: plans by what they cost, profit by level of service.
"""

from functools import partial

import numpy as np

from cxlib.page.figures import figure
from cxlib.page.figures import row_chart as rows_of
from cxlib.page.figures.lines import DASHED, amount_ticks, point_words, upright_axes
from cxlib.page.figures.row_chart import axis_across, bar, row_chart
from cxlib.page.language import N_
from cxlib.page.looks import LIGHT, LOOKS
from cxlib.page.sentences import ends_of
from cxlib.page.sentences_churn import figures_of, published_loss
from cxlib.page.terms import INPUTS, LEVERS, REASONS
from cxlib.sums.service_level import FLAT

TREE = LOOKS["churn_tree"]
TOTALS = ["lost", "at_risk"]
LOUD = ["revenue", "negative", "silent_lost", *TOTALS]


@figure
def churn_tree(sheet, page, cost):
    """The year's revenue as a ledger: each branch below the one that it is a share of. Bars compare
    the bad experience alone, beside which the good would take all the ink."""
    tree = cost[cost["view"].eq("gross")] if "view" in cost else cost
    drawn = [each for each in TREE if each in {"revenue", *cost["branch"]}]
    tree = tree.set_index("branch").reindex(drawn)
    whole = tree["amount"].get(["positive", "negative"]).sum()
    if tree["amount"].drop("revenue").isna().any() or whole <= 0:
        return None
    tree.loc["revenue", "amount"] = whole
    names, step, money = tree.index, 10 if sheet.narrow else 16, page.language.money
    rows = tree.assign(
        name=[_branch(page, name) for name in names], loud=names.isin(LOUD),
        note=[_share_of(page, name, row) for name, row in tree.iterrows()],
        indent=[step * TREE[name][0] for name in names], colour=[TREE[name][1] for name in names],
        drawn=tree["amount"].where(~names.isin(["revenue", "positive"]), 0),
        **{f"drawn{end}": tree.get(f"amount{end}", tree["amount"]).where(names.isin(TOTALS))
           for end in ("_low", "_high")})  # fmt: skip
    rows = without_flat(rows, "drawn")
    if sheet.native:
        rows = rows.drop(index=["revenue", "positive"], errors="ignore")
    told = [money(row["amount"], figures_of(page, row) if name in TOTALS else 3)
            for name, row in rows.iterrows()]  # fmt: skip
    return row_chart(sheet, page, rows, "drawn", N_("Flow of {whole}, a year. {rows}."),
                     write="money3", mark=bar, facts={"whole": page.whole}, told=told, below=_ranges(page, rows, "drawn", 2), origin=None,
                     parts=[f"{name} {each}" for name, each in zip(rows["name"], told, strict=True)])  # fmt: skip


def _branch(page, node) -> str:
    """A branch's name; what all branches come from is no revenue where it is not in money."""
    whole = node == "revenue" and not page.language.is_money
    return page.say(N_("What all customers are worth")) if whole else page.code(node)


def _share_of(page, branch, row) -> str:
    """A branch's share of its parent, and where that is known from."""
    if branch == "revenue":
        return ""
    facts = {"share": page.language.share(row["share"])}
    words = N_("{share} of “{parent}” · {source}")
    if branch not in TOTALS:
        facts |= {"parent": _branch(page, row["parent"]), "source": page.code(row["from"])}
    else:
        words = N_("{share} of {whole}")
        facts = {"share": page.language.share(row["share"], 1), "whole": page.whole}
    return page.say(words, **facts)


def without_flat(rows, value):
    """The rows without the intervals that have no width."""
    ends = [f"{value}_low", f"{value}_high"]
    if not set(ends) <= set(rows):
        return rows
    ranged = rows[ends[0]].astype(float) < rows[ends[1]].astype(float)
    return rows.assign(**{end: rows[end].where(ranged) for end in ends})


def _ranges(page, rows, value, figures=None) -> list[str]:
    """Each amount's range in words; "" where it has none."""
    return [page.language.money_range(*ends, figures or figures_of(page, row, value))
            if (ends := ends_of(row, value)) else "" for _, row in rows.iterrows()]  # fmt: skip


def _amounts(sheet, page, rows, value, said, unit, above, below):
    """Bars of money from zero, each with its amount and range in words."""
    money = page.language.money
    rows = without_flat(rows, value).reset_index(drop=True)
    rows = rows.assign(loud=True, colour=np.where(rows[value] >= 0, above, below))
    told = [money(row[value], figures_of(page, row, value)) for _, row in rows.iterrows()]
    ends = [f"{value}_low", f"{value}_high"]
    drawn = rows.assign(**{each: rows[each].where(rows.get("yearly", rows[value].notna()))
                           for each in (value, *ends) if each in rows})  # fmt: skip
    return row_chart(sheet, page, drawn, value, said, write="money3", mark=bar,
                     told=told, below=_ranges(page, rows, value), ticks=page.language.short,
                     parts=rows_of.numbers(page, rows, value, lambda x: money(x, 3)),
                     unit=unit)  # fmt: skip


@figure
def cost_views(sheet, page, cost):
    """What is lost in a year, in each view side by side; what is lost over a lifetime, which is no
    yearly amount, in words alone."""
    rows = cost[cost["branch"].eq("lost")].dropna(subset=["amount"])
    if len(rows) < 2:
        return None
    yearly = rows["view"].ne("lifetime")
    rows = rows.assign(name=[page.code(view) for view in rows["view"]], yearly=yearly,
                       note=[page.code(source) for source in rows["from"]])  # fmt: skip
    return _amounts(sheet, page, rows, "amount", N_("What is lost in all, view by view. {rows}."),
                    N_("Lost a year, {currency}"), "lost", "kept")  # fmt: skip


@figure
def levers(sheet, page, worth):
    """What one point of each lever keeps, a year, with its interval."""
    rows = worth.dropna(subset=["one_point"])
    rows = rows.sort_values("one_point", ascending=False, kind="stable")
    rows = rows.assign(name=[page.code(name, LEVERS) for name in rows["lever"]])
    return _amounts(sheet, page, rows, "one_point",
                    N_("What one point of each lever keeps a year. {rows}."),
                    N_("Kept a year by one point, {currency}"), "kept", "lost")  # fmt: skip


@figure
def tornado(sheet, page, swings):
    """What each assumption, between its low and its high, does to the loss."""
    rows = swings[swings["swing"] > 0].reset_index(drop=True)
    if rows.empty:
        return None
    share = page.language.share
    rows = rows.assign(name=[page.code(name, INPUTS) for name in rows["input"]], loud=False,
                       note=[page.code(source) for source in rows["from"]], colour="lost",
                       at_low=rows["low"].map(share), at_high=rows["high"].map(share))  # fmt: skip
    parts = N_("{name} from {at_low} to {at_high}: loss {loss_low:money3} to {loss_high:money3}")
    ends = rows[["loss_low", "loss_high"]]
    least, most = ends.min(axis=None), ends.max(axis=None)
    room, stated = (most - least) * (0.3 if sheet.narrow else 0.15), published_loss(page)
    said = row_chart(sheet, page, rows, "loss", N_("What moves the loss, widest first. {rows}."),
                     write=str, told=[""] * len(rows), mark=rows_of.swing, header=30,
                     origin=None if stated is None else stated["amount"],
                     ends=(max(0, least - room), most + room), ticks=page.language.short, parts=parts,
                     unit=N_("Lost a year, {currency}"))  # fmt: skip
    if stated is not None:
        ax, figures = sheet.fig.axes[0], figures_of(page, stated)
        amount = page.language.money(stated["amount"], figures)
        ax.text(stated["amount"], 1.0, page.say(N_("as stated: {amount}"), amount=amount),
                transform=ax.get_xaxis_transform(), ha="center", va="bottom", fontsize=12)  # fmt: skip
    return said


@figure
def portfolio(sheet, page, plan):
    """Every initiative with its cost: what to fund, then the others, each with why not."""
    if plan["cost"].isna().all():
        return None
    status = np.select([plan["chosen"].eq(True), plan["second_best"].eq(True)], [0, 1], 2)
    order = {"by": ["status", "benefit"], "ascending": [True, False], "kind": "stable"}
    rows = plan.assign(status=status).sort_values(**order)
    funded = rows["status"].eq(0)
    why = {0: page.say(N_("funded")), 1: page.say(N_("second best"))}
    said = [why.get(row["status"], page.code(row.get("reason", ""), REASONS))
            for _, row in rows.iterrows()]  # fmt: skip
    rows = rows.assign(
        name=rows["initiative"].map(partial(page.label, "initiative")), loud=funded,
        under=[page.say(N_("Fund") if yes else N_("Do not fund")) for yes in funded],
        note=["" if yes else words for yes, words in zip(funded, said, strict=True)], said=said,
        colour=rows["status"].map({0: "experience", 1: "muted", 2: "other"}))  # fmt: skip
    return row_chart(sheet, page, rows, "cost", N_("Initiatives. {rows}."), mark=bar, header=34,
                     write="money3", ticks=page.language.short, unit=N_("Cost, {currency}"),
                     parts=N_("{name}: {said}, cost {cost:money3}"))  # fmt: skip


# Curves along an amount: plans by what they cost, profit by level of service


ROUNDING = 1e-6  # of a cost: less is not a cost to run
BEND = 0.1  # of the height: a line that bends less has no knee to speak of


@figure
def frontier(sheet, page, plans):
    """What plans leave against what they cost: how much is enough, and where the chosen plan stands."""
    value, short = worth_of(plans), page.language.short
    best = plans[plans["plan"] != "second_best"].sort_values("cost", ignore_index=True)
    if len(best) < 2:
        return None
    ticks = amount_ticks(best[value].max() * 1.15 or 1, 5)
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
    if bend is not None and best["plan"][bend] != "chosen" and not sheet.narrow:  # no room
        said = N_("beyond here each adds less")
        _plan(sheet, page, ax, best.loc[bend], value, said, "muted", -12)
    for kind, words, colour, up in (("second_best", N_("second best"), "muted", -12),
                                    ("chosen", N_("first choice"), "experience", 10)):  # fmt: skip
        for _, plan in plans[plans["plan"] == kind].iterrows():
            _plan(sheet, page, ax, plan, value, words, colour, up)
    currency = page.language.currency_word
    axis_across(sheet, ax, page.say(cost_counted(plans), plans.iloc[0], currency=currency), short)
    told = rows_of.told_rows(page, best.iloc[:: max(1, len(best) // 6)],
                     lambda plan: page.language.money(plan["cost"], 3), {value: partial(_benefit, page)})  # fmt: skip
    return rows_of.listed(page, N_("Benefit by cost. {rows}."), told)


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
    # The stairs rise to the right: above them is room to the left, below them to the right.
    right = at[0] > sum(ax.get_xlim()) * (0.25 if above > 0 else 0.7)
    above = abs(above) if at[1] < 0.25 * ax.get_ylim()[1] else above  # below it stand the ticks
    point_words(sheet, ax, said, at, above, across=-8 if right else 8, ha="right" if right else "left",
                color=LIGHT[colour], fontsize=12,
                bbox={"facecolor": LIGHT["paper"], "edgecolor": "none", "pad": 1})  # fmt: skip


@figure
def service_level_curve(sheet, page, curve, best=None):
    """Profit by service level: the level that pays best, and how far the top is flat."""
    short, share = page.language.short, page.language.share
    profit, said = curve["profit"], ""
    ticks = amount_ticks(profit.max(), 5, profit.min())
    title = page.say(N_("Profit a year, {currency}"), currency=page.language.currency_word)
    ax = upright_axes(sheet, ticks, [short(tick) for tick in ticks], title,
                      340 if sheet.narrow else 400, 20 if sheet.narrow else 60, bottom=60)  # fmt: skip
    ax.plot(curve["level"], profit, color=LIGHT["experience"], linewidth=2.2)
    ax.set_xlim(curve["level"].min(), curve["level"].max())
    if best is not None and len(best):
        row = best.iloc[0]
        ax.axvspan(row["best_level_low"], row["best_level_high"], color=LIGHT["panel"], linewidth=0,
                   zorder=0)  # fmt: skip
        ax.axvline(row["best_level"], color=LIGHT["muted"], linewidth=1.2, linestyle=DASHED)
        said = page.say(N_("best {level}"), level=share(row["best_level"]))
        point_words(sheet, ax, said, (row["best_level"], ticks[0]), 6, across=5, ha="left")
        words = sheet.wrap(page.say(N_("at most {share} less"), share=share(FLAT)), 120, lines=2, size=12)  # fmt: skip
        point_words(sheet, ax, words, (row["best_level_low"], ticks[0]), 26, across=5, ha="left",
                    fontsize=12, color=LIGHT["muted"])  # fmt: skip
    axis_across(sheet, ax, page.say(N_("Service level")), share)
    told = rows_of.told_rows(page, curve.iloc[:: max(1, len(curve) // 5)], lambda row: share(row["level"]),
                     {"profit": short})  # fmt: skip
    return rows_of.listed(page, N_("Profit by service level. {rows}."), filter(None, [*told, said]))
