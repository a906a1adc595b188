"""Where the money goes: the tree of negative experience, its assumptions and its levers."""

import numpy as np
import pandas as pd
from matplotlib.patches import Polygon, Rectangle

from cxlib.page.figures import figure
from cxlib.page.language import N_
from cxlib.page.looks import LIGHT
from cxlib.page.sentences_churn import figures_of
from cxlib.page.terms import INPUTS, LEVERS

COLOURS = {
    "revenue": "other",
    "positive": "line",
    "negative": "expectation",
    "complained": "other",
    "silent": "other",
    "complained_retained": "kept",
    "complained_at_risk": "at_risk",
    "complained_lost": "lost",
    "silent_at_risk": "at_risk",
    "silent_lost": "lost",
}
CHILDREN = {
    "revenue": ["negative", "positive"],
    "negative": ["silent", "complained"],
    "silent": ["silent_lost", "silent_at_risk"],
    "complained": ["complained_lost", "complained_at_risk", "complained_retained"],
}
PARENT = {child: parent for parent, children in CHILDREN.items() for child in children}
DEPTH = {"revenue": 0, "negative": 1, "positive": 1, "silent": 2, "complained": 2}
BAR, LEAST = 12, 1.6  # pixels: width of a node, least thickness of a flow
TOTALS = 104  # pixels: height of the totals, below the leaves
FLOW_TOP, FLOW_HEIGHT = 84, 420  # pixels; above the flow there is room for four lines


@figure
def churn_tree(sheet, page, cost):
    """Revenue flowing left to right into kept, at risk and lost; width by money."""
    tree = cost[cost["view"].eq("gross")] if "view" in cost else cost
    tree = tree.set_index("branch")
    amounts = tree["amount"].to_dict()
    if tree["amount"].isna().any() or amounts["positive"] + amounts["negative"] <= 0:
        return None
    amounts["revenue"] = amounts["positive"] + amounts["negative"]
    if sheet.narrow:
        _stacked(sheet, page, amounts, tree["from"].to_dict())
    else:
        _flow(sheet, page, amounts, tree["from"].to_dict())
        _totals(sheet, page, tree)
    return _tree_words(page, amounts)


LEFT = {0: 8, 1: 204, 2: 436, 3: 668}  # pixels: where the nodes of each depth stand


def _flow(sheet, page, amounts, sources):
    scale = FLOW_HEIGHT / amounts["revenue"]
    tops = _tops(amounts, scale)
    ends = {node: top + max(amounts[node] * scale, LEAST) for node, top in tops.items()}
    totals = max(ends["complained"] + 80, tops["complained_retained"] + 54) + TOTALS
    sheet.begin(max(totals, ends["complained_retained"] + 16 + TOTALS, ends["positive"] + 16))
    ax = sheet.axes(0, 0, sheet.width, sheet.height)
    ax.set(xlim=(0, sheet.width), ylim=(sheet.height, 0))
    ax.axis("off")
    for parent, children in CHILDREN.items():
        at = tops[parent]
        for child in children:
            thick = amounts[child] * scale
            start, end = (LEFT[DEPTH[parent]] + BAR, at), (LEFT[DEPTH.get(child, 3)], tops[child])
            _ribbon(ax, start, end, thick, LIGHT[COLOURS[child]])
            at += thick
    for node, top in tops.items():
        x, thick = LEFT[DEPTH.get(node, 3)], ends[node] - top
        ax.add_patch(Rectangle((x, top), BAR, thick, color=LIGHT[COLOURS[node]], linewidth=0))
        words = (sheet, page, node, top, ends, amounts, sources)
        _node_words(*words) if node in DEPTH else _leaf_words(*words)


def _tops(amounts, scale) -> dict[str, float]:
    """Where each branch starts, from the top: those that lose on top, room for the words."""
    room, tops, at = 44, {"revenue": FLOW_TOP, "negative": FLOW_TOP}, FLOW_TOP
    for leaf in [*CHILDREN["silent"], *CHILDREN["complained"]]:
        tops[leaf] = at
        at += max(amounts[leaf] * scale + 10, room)
    tops["silent"] = FLOW_TOP
    below = FLOW_TOP + amounts["silent"] * scale + 24
    # Level with its last leaf, so that its flows rise and its words stand free below it.
    tops["complained"] = max(below, tops["complained_retained"])
    # Low enough that its words, below the flow to those who complain, stand beside its bar.
    end = tops["complained"] + amounts["complained"] * scale + 70
    bad = FLOW_TOP + amounts["negative"] * scale + 40
    tops["positive"] = max(bad, end - amounts["positive"] * scale)
    return tops


def _totals(sheet, page, tree):
    """What it adds up to, in the room below the leaves."""
    y = sheet.height - TOTALS + 10
    for i, branch in enumerate(("lost", "at_risk")):
        if branch not in tree.index:
            continue
        x, row = LEFT[2] + 40 + 250 * i, tree.loc[branch]
        colour = LIGHT["lost"] if branch == "lost" else LIGHT["ink"]
        sheet.text(x, y, page.code(branch), color=LIGHT["muted"])
        amount = page.language.money(row["amount"], 3)
        sheet.text(x, y + 28, amount, size=23, weight="bold", color=colour)
        words = N_("{share} of revenue") if page.language.is_money else N_("{share} of the whole")
        words = page.say(words, share=page.language.share(row["share"], 1))
        sheet.text(x, y + 55, words, size=12.5)
        if pd.notna(row.get("amount_low")) and row["amount_low"] < row["amount_high"]:
            ends = page.language.money_range(row["amount_low"], row["amount_high"])
            sheet.text(x, y + 74, ends, size=11.5, color=LIGHT["muted"])


def _branch(page, node) -> str:
    """A branch's name; what all branches come from is no revenue where it is not in money."""
    whole = node == "revenue" and not page.language.is_money
    return page.say(N_("What all customers are worth")) if whole else page.code(node)


def _ribbon(ax, start, end, thick, colour):
    """A flow between two nodes, in an S curve; never thinner than can be seen."""
    t = np.linspace(0, 1, 24)
    ease = t * t * (3 - 2 * t)
    x = start[0] + (end[0] - start[0]) * t
    y = start[1] + (end[1] - start[1]) * ease
    thick = max(thick, LEAST)
    outline = np.concatenate([np.column_stack([x, y]), np.column_stack([x, y + thick])[::-1]])
    ax.add_patch(Polygon(outline, color=colour, alpha=0.34, linewidth=0))


def _node_words(sheet, page, node, top, ends, amounts, sources):
    """Name, amount, share of its parent and source of that share: beside the flow, never on it.

    Above a bar from which the flow runs level or falls; below that of all who complain, whose flows
    rise; and of good experience at the right, below every flow.
    """
    heavy = "bold" if node in ("revenue", "negative") else "normal"
    x, room = LEFT[DEPTH[node]], LEFT[DEPTH[node] + 1] - LEFT[DEPTH[node]] - BAR - 18
    lines = [
        (line, {"size": 13, "weight": heavy})
        for line in sheet.wrap(_branch(page, node), room, size=13, weight=heavy).split("\n")
    ]
    lines.append((page.language.money(amounts[node], 3), {"size": 14, "weight": "bold"}))
    if share := _share_words(page, node, amounts, sources):
        lines.append((share, {"size": 11.5, "color": LIGHT["muted"]}))
    y = top - 18 * len(lines) + 2
    if node == "complained":
        y = ends[node] + 16
    elif node == "positive":
        x, y = x + BAR + 9, max(top, ends["complained"]) + 16
    for i, (line, style) in enumerate(lines):
        sheet.text(x, y + 18 * i, line, **style)


def _leaf_words(sheet, page, node, top, ends, amounts, sources):
    """The same at the right of a leaf, on two lines."""
    heavy = "bold" if node == "silent_lost" else "normal"
    x, y = LEFT[3] + BAR + 9, top + (14 if ends[node] - top > 30 else 8)
    amount = page.language.money(amounts[node], 3)
    colour = LIGHT["lost"] if node.endswith("lost") else LIGHT["ink"]
    sheet.text(x, y, _branch(page, node), size=13, weight=heavy)
    sheet.text(x, y + 18, amount, size=14, weight="bold", color=colour)
    x += sheet.text_width(amount, 14, "bold") + 10
    share = _share_words(page, node, amounts, sources)
    sheet.text(x, y + 18, share, size=11.5, color=LIGHT["muted"])


def _share_words(page, node, amounts, sources) -> str:
    parent = PARENT.get(node)
    if parent is None:
        return ""
    return page.say(
        N_("{share} · {source}"),
        share=_share_of_parent(page, node, amounts),
        source=page.code(sources.get(node, "")),
    )


def _share_of_parent(page, node, amounts) -> str:
    whole = amounts[PARENT[node]]
    return page.language.share(amounts[node] / whole if whole else np.nan)


def _stacked(sheet, page, amounts, sources):
    """On a phone the tree stands: a branch per line, indented, its bar as long as its money."""
    order = [("revenue", 0), ("positive", 1), ("negative", 1), ("silent", 2), ("silent_lost", 3)]
    order += [("silent_at_risk", 3), ("complained", 2), ("complained_lost", 3)]
    order += [("complained_at_risk", 3), ("complained_retained", 3)]
    pitch, full = 56, sheet.width - 16
    sheet.begin(8 + pitch * len(order))
    for i, (node, depth) in enumerate(order):
        top, left = 8 + pitch * i, 8 + 12 * depth
        length = max(amounts[node] / amounts["revenue"] * full, LEAST)
        ends = [left, left + min(length, sheet.width - 8 - left)]
        sheet.line(ends, [top + 41, top + 41], color=LIGHT[COLOURS[node]], linewidth=11)
        heavy = "bold" if node in ("silent_lost", "revenue", "negative") else "normal"
        sheet.text(left, top + 9, _branch(page, node), weight=heavy)
        amount = page.language.money(amounts[node], 3)
        colour = LIGHT["lost"] if node.endswith("lost") else LIGHT["ink"]
        sheet.text(sheet.width - 8, top + 9, amount, ha="right", weight="bold", color=colour)
        if node in PARENT:
            words = page.say(
                N_("{share} of “{parent}” · {source}"),
                share=_share_of_parent(page, node, amounts),
                parent=_branch(page, PARENT[node]),
                source=page.code(sources.get(node, "")),
            )
            sheet.text(left, top + 26, words, size=11, color=LIGHT["muted"])


def _tree_words(page, amounts) -> str:
    money = page.language.money
    named = [f"{_branch(page, branch)} {money(amounts[branch], 3)}" for branch in COLOURS]
    words = N_("Flow of annual revenue. {branches}.")
    if not page.language.is_money:
        words = N_("Flow of what all customers are worth. {branches}.")
    return page.say(words, branches=page.say(N_("; ")).join(named))


@figure
def tornado(sheet, page, swings):
    """What each assumption, between its low and its high, does to the loss."""
    rows = swings[swings["swing"] > 0].reset_index(drop=True)
    if rows.empty:
        return None
    labels = [page.code(name, INPUTS) for name in rows["input"]]
    notes = [page.code(source) for source in rows["from"]]
    ax = sheet.rows(labels, right=24, notes=notes, header=26)
    middle = _stated_loss(rows)
    ends = rows[["loss_low", "loss_high"]]
    room = (ends.max(axis=None) - ends.min(axis=None)) * (0.3 if sheet.narrow else 0.18)
    ax.set_xlim(ends.min(axis=None) - room, ends.max(axis=None) + room)
    for i, row in rows.iterrows():
        _swing(page, ax, ax.row(i), row)
    if middle is not None:
        sheet.upright(ax, middle, len(rows), LIGHT["ink"])
        words = page.say(N_("as stated: {amount}"), amount=page.language.money(middle, 3))
        ax.text(
            middle,
            1.0,
            words,
            transform=ax.get_xaxis_transform(),
            ha="center",
            va="bottom",
            fontsize=12,
        )
    money = page.language.is_money
    words = N_("Revenue lost a year, {currency}") if money else N_("Lost a year, {currency}")
    _money_axis(sheet, page, ax, words)
    return page.say(
        N_("What moves the loss, widest first. {rows}."),
        rows=page.say(N_("; ")).join(_swing_words(page, row) for _, row in rows.iterrows()),
    )


def _stated_loss(rows):
    """The loss as stated lies where every bar's share does; any one row gives it."""
    row = rows.iloc[0]
    if row["high"] == row["low"]:
        return None
    part = (row["share"] - row["low"]) / (row["high"] - row["low"])
    return row["loss_low"] + part * (row["loss_high"] - row["loss_low"])


def _swing(page, ax, y, row):
    size = 12
    low, high = sorted([row["loss_low"], row["loss_high"]])
    ax.plot([low, high], [y, y], color=LIGHT["lost"], linewidth=14, alpha=0.85)
    first, second = ("low", "high") if row["loss_low"] <= row["loss_high"] else ("high", "low")
    gap = np.ptp(ax.get_xlim()) * 0.01
    share = page.language.share
    ax.text(low - gap, y, share(row[first], 0), ha="right", va="center", fontsize=size)
    ax.text(high + gap, y, share(row[second], 0), ha="left", va="center", fontsize=size)


def _swing_words(page, row) -> str:
    return page.say(
        N_("{name} from {low} to {high}: loss {loss_low} to {loss_high}"),
        name=page.code(row["input"], INPUTS),
        low=page.language.share(row["low"], 0),
        high=page.language.share(row["high"], 0),
        loss_low=page.language.money(row["loss_low"], 3),
        loss_high=page.language.money(row["loss_high"], 3),
    )


def _money_axis(sheet, page, ax, title):
    from matplotlib.ticker import MaxNLocator

    ax.xaxis.set_major_locator(MaxNLocator(3 if sheet.narrow else 5))
    ax.xaxis.set_major_formatter(lambda value, _: page.language.short(value))
    sheet.unit(ax, page.say(title, currency=page.language.currency_word))


@figure
def cost_views(sheet, page, cost):
    """What is lost in all, in each view side by side, with its interval."""
    rows = cost[cost["branch"].eq("lost")].dropna(subset=["amount"]).reset_index(drop=True)
    if len(rows) < 2:
        return None
    labels = [page.code(view) for view in rows["view"]]
    notes = [page.code(source) for source in rows["from"]]
    ax = sheet.rows(labels, right=24 if sheet.narrow else 210, footer=50, notes=notes)
    _bars(sheet, page, ax, rows, "amount", LIGHT["lost"], LIGHT["kept"])
    _money_axis(sheet, page, ax, N_("Lost a year, {currency}"))
    return page.say(
        N_("What is lost in all, view by view. {rows}."),
        rows=page.say(N_("; ")).join(
            f"{label} {_with_range(page, row, 'amount')}"
            for label, (_, row) in zip(labels, rows.iterrows(), strict=True)
        ),
    )


@figure
def levers(sheet, page, worth):
    """What one point of each lever keeps, a year, with its interval."""
    rows = worth.dropna(subset=["one_point"]).sort_values(
        "one_point", ascending=False, kind="stable", ignore_index=True
    )
    if rows.empty:
        return None
    labels = [page.code(name, LEVERS) for name in rows["lever"]]
    ax = sheet.rows(labels, right=24 if sheet.narrow else 210, footer=50)
    _bars(sheet, page, ax, rows, "one_point", LIGHT["kept"], LIGHT["lost"])
    money = page.language.is_money
    words = (
        N_("Revenue kept a year by one point, {currency}")
        if money
        else N_("Kept a year by one point, {currency}")
    )
    _money_axis(sheet, page, ax, words)
    return page.say(
        N_("What one point of each lever keeps a year. {rows}."),
        rows=page.say(N_("; ")).join(
            f"{label} {_with_range(page, row, 'one_point')}"
            for label, (_, row) in zip(labels, rows.iterrows(), strict=True)
        ),
    )


def _bars(sheet, page, ax, rows, name, above, below):
    """A bar from zero for each amount, its interval on it, and both in words beside it."""
    ends = rows.reindex(columns=[name, f"{name}_low", f"{name}_high"])
    least, most = min(0, ends.min(axis=None)), max(0, ends.max(axis=None))
    room = (most - least) * 0.03
    ax.set_xlim(least - (room if least < 0 else 0), most + room)
    for i, row in rows.iterrows():
        colour = above if row[name] >= 0 else below
        ax.plot([0, row[name]], [ax.row(i)] * 2, color=colour, linewidth=14)
        if _is_ranged(row, name):
            ends = [row[f"{name}_low"], row[f"{name}_high"]]
            ax.plot(ends, [ax.row(i)] * 2, color=LIGHT["ink"], linewidth=1.3)
        _amount_beside(sheet, page, ax, i, row, name)
    sheet.upright(ax, 0, len(rows), LIGHT["expectation"])


def _amount_beside(sheet, page, ax, i, row, name):
    """The amount at the right of its bar; on a desk, its range below it."""
    amount = page.language.money(row[name], figures_of(page, row, name))
    if sheet.narrow or not _is_ranged(row, name):
        return sheet.beside(ax, i, amount, weight="bold", size=12.5)
    y, right = ax.top + ax.pitch * (i + 0.5), sheet.width - 8
    sheet.text(right, y - 8, amount, ha="right", weight="bold", size=12.5)
    figures = figures_of(page, row, name)
    ends = page.language.money_range(row[f"{name}_low"], row[f"{name}_high"], figures)
    return sheet.text(right, y + 10, ends, ha="right", size=11, color=LIGHT["muted"])


def _is_ranged(row, name) -> bool:
    return pd.notna(row.get(f"{name}_low")) and row[f"{name}_low"] < row[f"{name}_high"]


def _with_range(page, row, name) -> str:
    money = page.language.money
    if not _is_ranged(row, name):
        return money(row[name], 3)
    words = N_("{value} ({low} to {high})")
    ends = {"low": money(row[f"{name}_low"], 3), "high": money(row[f"{name}_high"], 3)}
    return page.say(words, value=money(row[name], 3), **ends)
