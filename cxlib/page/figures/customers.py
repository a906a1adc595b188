"""Customers drawn: concentration, tiers, survival, and loyalty against satisfaction."""

import pandas as pd

from cxlib.page.figures import figure
from cxlib.page.figures.business import bars
from cxlib.page.language import N_
from cxlib.page.looks import LIGHT
from cxlib.page.terms import CODES

COMPLAINED = {"yes": N_("complained"), "no": N_("did not complain")}


@figure
def lorenz(sheet, page, curve, found=None):
    """Share of customers, smallest first, against their share of sales."""
    side = sheet.width - 70 if sheet.narrow else 460
    sheet.begin(side + 100)
    ax = sheet.axes(52 if sheet.narrow else 240, 34, side, side)
    ax.spines["left"].set_visible(True)
    ax.plot([0, 1], [0, 1], color=LIGHT["other"], linewidth=1.2, linestyle=(0, (5, 4)))
    ax.plot(curve["customers"], curve["amounts"], color=LIGHT["experience"], linewidth=2.2)
    ax.axvline(0.8, color=LIGHT["line"], linewidth=1)
    ax.set(xlim=(0, 1), ylim=(min(0, curve["amounts"].min()), 1), xticks=[0, 0.2, 0.4, 0.6, 0.8, 1])
    ax.set_yticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_formatter(lambda value, _: page.language.share(value))
    sheet.unit(ax, page.say(N_("Share of customers, smallest first")))
    money = page.language.is_money
    words = N_("Share of sales") if money else N_("Share of what all customers are worth")
    sheet.text(8, 14, page.say(words), size=sheet.size - 1, color=LIGHT["muted"])
    if found is None or found.empty:
        return page.say(N_("Share of sales by share of customers."))
    row = found.iloc[0]
    words = N_("The top fifth of {n} customers bring {share} of sales; Gini {gini}.")
    if not money:
        words = N_(
            "The top fifth of {n} customers hold {share} of what all are worth; Gini {gini}."
        )
    return page.say(words, n=page.language.count(row["n"]), gini=page.language.number(row["gini"], 2),
                    share=page.language.share(row["top_share"], 1))  # fmt: skip


@figure
def value_tiers(sheet, page, tiers):
    """A row per tier: its share of the customers, and of the revenue (or value)."""
    money = "revenue_share" if tiers["revenue_share"].notna().all() else "value"
    rows = tiers.dropna(subset=["share", money]).reset_index(drop=True)
    if rows.empty:
        return None
    names = [page.code(tier) for tier in rows["tier"]]
    ax = sheet.rows(names, right=80, header=30, pitch=62)
    ax.set_xlim(0, max(rows[["share", money]].max()) * 1.05)
    said = []
    for i, row in rows.iterrows():
        ax.plot([0, row["share"]], [ax.row(i) - 0.17] * 2, color=LIGHT["other"], linewidth=11)
        ax.plot([0, row[money]], [ax.row(i) + 0.17] * 2, color=LIGHT["experience"], linewidth=11)
        sheet.beside(ax, i, page.language.share(row[money]), fontweight="bold")
        words = N_("{tier}: {share} of customers, {money} of revenue")
        said.append(page.say(words, tier=names[i], share=page.language.share(row["share"]),
                             money=page.language.share(row[money])))  # fmt: skip
    ax.xaxis.set_major_formatter(lambda value, _: page.language.share(value))
    sheet.text(8, 12, page.say(N_("Grey: customers · blue: what they bring")), size=sheet.size - 1,
               color=LIGHT["muted"])  # fmt: skip
    return page.say(N_("Tiers of customers. {rows}."), rows=page.say(N_("; ")).join(said))


@figure
def survival(sheet, page, curves):
    """Share still customers by length of stay, a step line and a band per group."""
    rows = curves[curves["group"].ne("all")].dropna(subset=["survival"])
    if rows.empty:
        return None
    sheet.begin(320 if sheet.narrow else 380)
    left, right = 46, 16 if sheet.narrow else 190
    ax = sheet.axes(left, 34, sheet.width - left - right, sheet.height - 94)
    ax.set_ylim(0, 1.02)
    ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
    colours = dict(zip(rows["group"].unique(), ("experience", "lost", "at_risk"), strict=False))
    said = []
    for group, part in rows.groupby("group", sort=False):
        colour = LIGHT[colours.get(group, "other")]
        ax.step(part["time"], part["survival"], where="post", color=colour, linewidth=2)
        ax.fill_between(part["time"], part["survival_low"], part["survival_high"], step="post",
                        color=colour, alpha=0.14, linewidth=0)  # fmt: skip
        last, name = part.iloc[-1], page.code(group, {**CODES, **COMPLAINED})
        place = {"xytext": (-2, 9), "ha": "right"} if sheet.narrow else {"xytext": (6, 0)}
        ax.annotate(name, (last["time"], last["survival"]), color=colour, va="center",
                    textcoords="offset points", fontsize=sheet.size - 1, **place)  # fmt: skip
        words = N_("{group}: {share} after {time} months")
        said.append(page.say(words, group=name, share=page.language.share(last["survival"]),
                             time=page.language.count(last["time"])))  # fmt: skip
    ax.yaxis.set_major_formatter(lambda value, _: page.language.share(value))
    sheet.unit(ax, page.say(N_("Months as a customer")))
    return page.say(N_("Still customers. {rows}."), rows=page.say(N_("; ")).join(said))


@figure
def loyalty_matrix(sheet, page, matrix):
    """Satisfied or not against loyal or not: the share in each quarter, larger type for more."""
    rows = matrix[matrix["freedom"].eq("all")].dropna(subset=["share"]).set_index("loyalty_type")
    if rows.empty:
        return None
    side = sheet.width - 40 if sheet.narrow else 480
    sheet.begin(side * 0.72 + 40)
    ax = sheet.axes(20 if sheet.narrow else 200, 10, side, side * 0.72)
    ax.set(xlim=(0, 2), ylim=(0, 2), xticks=[], yticks=[])
    ax.axhline(1, color=LIGHT["line"])
    ax.axvline(1, color=LIGHT["line"])
    places = {
        "apostle": (1.5, 1.5),
        "hostage": (0.5, 1.5),
        "mercenary": (1.5, 0.5),
        "defector": (0.5, 0.5),
    }
    colours = {"apostle": "kept", "hostage": "ink", "mercenary": "expectation", "defector": "lost"}
    said = []
    for kind in rows.index.intersection(list(places)):
        (x, y), row, share = places[kind], rows.loc[kind], page.language.share
        ends = page.say(
            N_("{low} to {high}"), low=share(row["share_low"]), high=share(row["share_high"])
        )
        name = sheet.wrap(page.code(kind), side * 0.48, size=sheet.size - 1)
        ax.text(x, y + 0.1, share(row["share"]), ha="center", fontweight="bold",
                fontsize=sheet.size + 14 * row["share"], color=LIGHT[colours[kind]])  # fmt: skip
        ax.text(x, y - 0.08, f"{ends}\n{name}", ha="center", va="top", fontsize=sheet.size - 1)
        said.append(f"{page.code(kind)} {share(row['share'])}")
    return page.say(N_("Loyalty and satisfaction. {rows}."), rows=page.say(N_("; ")).join(said))


@figure
def disputes(sheet, page, answers):
    """How often each answer to a complaint is disputed, most often first."""
    rows = answers.sort_values("disputed", ascending=False, kind="stable")
    return bars(sheet, page, rows, "disputed", rows.columns[0], kind="share")


@figure
def left_and_complained(sheet, page, left):
    """Leaving among those who complained beside those who did not."""
    row = left.iloc[0]
    ends = ("", "_low", "_high")
    groups = {"complained": "churn", "silent": "churn_silent"}
    parts = {f"churn{end}": [row[f"{name}{end}"] for name in groups.values()] for end in ends}
    return bars(sheet, page, pd.DataFrame({"branch": list(groups), **parts}), "churn", kind="share")
