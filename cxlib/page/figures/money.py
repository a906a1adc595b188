"""Money, a row per thing: the tree of bad experience, its views, assumptions and levers, and the plan."""

from functools import partial

import numpy as np
import pandas as pd

from cxlib.page.figures import figure
from cxlib.page.figures.row_chart import bar, numbers, row_chart, swing
from cxlib.page.language import N_
from cxlib.page.sentences_churn import figures_of, published_loss
from cxlib.page.terms import INPUTS, LEVERS, REASONS

TREE = {  # branch: (steps in from the left, colour); a row each, what it adds up to at the end
    "revenue": (0, "line"), "positive": (1, "line"), "negative": (1, "expectation"),
    "silent": (2, "other"), "silent_lost": (3, "lost"), "silent_at_risk": (3, "at_risk"),
    "complained": (2, "other"), "complained_lost": (3, "lost"),
    "complained_at_risk": (3, "at_risk"), "complained_retained": (3, "kept"),
    "lost": (0, "lost"), "at_risk": (0, "at_risk"),
}  # fmt: skip
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
    rows, words = without_flat(rows, "drawn"), N_("Flow of annual revenue. {rows}.")
    if not page.language.is_money:
        words = N_("Flow of what all customers are worth. {rows}.")
    if sheet.native:
        rows = rows.drop(index=["revenue", "positive"], errors="ignore")
    told = [money(row["amount"], figures_of(page, row) if name in TOTALS else 3)
            for name, row in rows.iterrows()]  # fmt: skip
    return row_chart(sheet, page, rows, "drawn", words, write="money3", mark=bar,
                     told=told, below=_ranges(page, rows, "drawn", 2), origin=None,
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
        words = N_("{share} of revenue") if page.language.is_money else N_("{share} of the whole")
        facts["share"] = page.language.share(row["share"], 1)
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
    low, high = f"{value}_low", f"{value}_high"
    return [page.language.money_range(row[low], row[high], figures or figures_of(page, row, value))
            if pd.notna(row.get(low)) else "" for _, row in rows.iterrows()]  # fmt: skip


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
                     parts=numbers(page, rows, value, lambda x: money(x, 3)),
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
    for end in ("amount_low", "amount_high"):
        rows[end] = rows.get(end, np.nan)
    return _amounts(sheet, page, rows, "amount", N_("What is lost in all, view by view. {rows}."),
                    N_("Lost a year, {currency}"), "lost", "kept")  # fmt: skip


@figure
def levers(sheet, page, worth):
    """What one point of each lever keeps, a year, with its interval."""
    rows = worth.dropna(subset=["one_point"])
    rows = rows.sort_values("one_point", ascending=False, kind="stable")
    rows = rows.assign(name=[page.code(name, LEVERS) for name in rows["lever"]])
    money = N_("Revenue kept a year by one point, {currency}")
    unit = money if page.language.is_money else N_("Kept a year by one point, {currency}")
    return _amounts(sheet, page, rows, "one_point",
                    N_("What one point of each lever keeps a year. {rows}."), unit, "kept", "lost")  # fmt: skip


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
    money, amounts = N_("Revenue lost a year, {currency}"), N_("Lost a year, {currency}")
    unit = money if page.language.is_money else amounts
    said = row_chart(sheet, page, rows, "loss", N_("What moves the loss, widest first. {rows}."),
                     write=str, told=[""] * len(rows), mark=swing, header=30,
                     origin=None if stated is None else stated["amount"],
                     ends=(max(0, least - room), most + room), ticks=page.language.short, parts=parts,
                     unit=unit)  # fmt: skip
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
