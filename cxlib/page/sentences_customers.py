"""Headlines about the customers: who they are, what they are worth, and who is leaving.

As in `sentences`: nothing is said that the table does not carry. An association is called one.
"""

import pandas as pd

from cxlib.analysis.loyalty import loyal_by
from cxlib.page.language import N_, sentences_of
from cxlib.page.sentences import Nothing, alone, kinder_collector, said_of, some, told
from cxlib.page.sentences_churn import cut_off
from cxlib.page.terms import ASSOCIATION, strength
from cxlib.sums.care import OWN, SILENT
from cxlib.sums.churn import counted_shares
from cxlib.sums.complaint import churn_by_weighting
from cxlib.sums.interval import not_told_apart

SAID = sentences_of("customers")


@said_of("share")
def customer_value(page, tiers=None):
    """What the top tier holds."""
    top = tiers.iloc[0]
    return page.say(SAID.tier_revenue if told(top, "revenue_share") else SAID.tier_value, top)


@said_of("top_share", "top_share_low")
def concentration(page, found=None):
    """Measured, beside the published ratios, never assumed to be 80/20."""
    row = found.iloc[0]
    said = page.say(SAID.top_fifth, row, whole=page.whole)
    return [said, page.aside(SAID.gave_back, row) if row["below_zero"] > 0 else ""]


@said_of()
def lifetime_check(page, check=None, models=None):
    """Whether the model may be believed, in plain words."""
    row = check.iloc[0]
    if not told(row, "error"):
        return page.say(SAID.model_unchecked)
    words = SAID.model_near if row["fits"] else SAID.model_far
    stay = some(models) and not models["converged"].eq(True).all()
    first = page.say(words, error=page.language.share(abs(row["error"])))
    return [first, page.say(SAID.never_for_good) if stay else ""]


@said_of()
def renewals(page, found=None):
    """Whether the model of contracts fits the renewals that were seen, and how they were counted."""
    words = SAID.contracts_fit if found["fits"].eq(True).any() else SAID.contracts_misfit
    words = SAID.few_renewals if found["fits"].isna().all() else words
    by, period = FROM.get(found["period_from"].iloc[0]), PERIODS.get(found["months"].iloc[0])
    return [page.say(words), page.say(by, period=page.say(period)) if by and period else ""]


PERIODS = {1: N_("month"), 3: N_("quarter"), 12: N_("year")}
FROM = {"client": SAID.period_client, "found": SAID.period_found, "assumed": SAID.period_assumed}


@said_of("churn", "churn_silent")
def left_and_complained(page, found=None):
    """How much more often those leave who complained."""
    row, first = found.iloc[0], page.say(SAID.complained_left, found.iloc[0])
    if row["different"] != 1:  # also where it is not known: no board can act on that
        first = Nothing(page.say(SAID.complained_unclear, row))
    unusual = page.say(SAID.unusual) if row["unusual"] else ""
    parts = [page.based(found.head(1)), page.say(SAID.left_silently, row), unusual]
    return [first, *parts, _of_the_unhappy(page, row), page.say(ASSOCIATION)]


def _of_the_unhappy(page, row) -> str:
    """That the cost tree counts fewer complainers: those alone whose experience was bad."""
    inputs = page.case.churn_inputs
    if inputs is None or page.case.negative_below is None:
        return ""
    by = churn_by_weighting(page.case.leavers, page.case.negative_below)
    by = page.gate(by).set_index(["weighting", "input"])
    of = by.at[("customers", "complained_lost"), "of"]
    lost = page.gate(counted_shares(inputs)).set_index("input").loc["complained_lost"]
    if not 0 < of < row["n"] or lost["from"] != "measured" or pd.isna(lost["share"]):
        return ""
    worth = by.loc["revenue", "share"].notna().any()
    words = SAID.unhappy_worth if worth else SAID.unhappy_complainers
    share = alone(lost, "share", page.language.share)
    return page.say(words, of=page.language.count(of), share=share)


@said_of(known=["share"])
def weightings(page, shares=None):
    """The loss by customers and by revenue: those who complain or leave are not average."""
    known = shares[shares["input"].eq("lost")]
    if len(known) < 2:
        return ""
    by = known.set_index("weighting")
    alike = len(not_told_apart(known, known.iloc[0], "share")) > 0
    words = SAID.lost_alike if alike else SAID.lost_by_worth
    facts = {of: page.within(by.loc[of], "share", "share1") for of in ("customers", "revenue")}
    return [page.say(words, **facts), page.based(known[known["weighting"].eq("customers")])]


@said_of(known=["disputed"])
def disputes(page, rows=None):
    """Compensated is not resolved: which answer is disputed most, and least, as far as known."""
    if len(rows) < 2 or "response" not in rows:
        return ""
    most, least = rows.loc[rows["disputed"].idxmax()], rows.loc[rows["disputed"].idxmin()]
    alike = not_told_apart(rows, most, "disputed")
    if least.name in alike.index:
        return page.say(SAID.disputed_alike, most)
    facts = {"most": _answers(page, rows, most), "least": _answers(page, rows, least)}
    return [page.say(SAID.disputed_most, **facts), page.say(SAID.answers_association)]


def _answers(page, rows, first) -> str:
    """A kind of answer and those that cannot be told from it, each with its share and base."""
    tied = not_told_apart(rows, first, "disputed")
    tied = tied.sort_values("disputed", ascending=first["disputed"] < rows["disputed"].median())
    others = page.each(SAID.answered_with, tied)
    return page.language.join([page.say(SAID.answered_with, first), *others])


@said_of(known=["share"])
def loyalty(page, matrix=None, stake=None):
    """How many stay unsatisfied, and what would be at stake if leaving cost nothing; where too few do
    to be told of, what most customers are."""
    by = loyal_by(page.case)
    known = matrix[matrix["freedom"].eq("all")]
    held = known[known["loyalty_type"].eq("hostage")]
    if known.empty:
        return ""
    row = known.nlargest(1, "share").iloc[0] if held.empty else held.iloc[0]
    stay = SAID.recommend_unsatisfied if by == "recommend" else SAID.stay_unsatisfied
    words = SAID.most_are if held.empty else stay
    parts = [page.say(words, row), page.based(pd.Series({"n": row["n_of"]})), cut_off(page, by)]
    if len(held) and some(stake) and told(stake.iloc[-1], "revenue_at_stake"):
        parts += [page.say(SAID.at_stake, stake.iloc[-1]), _of_the_unsatisfied(page, stake)]
    return parts


def _of_the_unsatisfied(page, stake) -> str:
    """The part of the stake that is not of satisfied customers, and that it is no further loss."""
    part = stake[stake["satisfied"].eq("no")] if "satisfied" in stake else stake.head(0)
    if part.empty or not told(part.iloc[0], "revenue_at_stake"):
        return ""
    return page.say(SAID.stake_of_unsatisfied, part.iloc[0])


@said_of()
def roles(page, scores=None):
    """The role that is unhappy behind a good average."""
    poor = scores[scores["distress"].eq(True)]
    if poor.empty:
        return page.nothing(SAID.no_role)
    row = poor.loc[poor["mean"].idxmin()]
    return [page.say(SAID.unhappy_role, row), page.based(row)]


@said_of(known=["adjusted", "q"])
def collectors(page, rows=None):
    """Whether scores depend on who asked."""
    row = kinder_collector(rows)
    if row is None:
        return page.say(SAID.collectors_alike)
    words = SAID.collected_higher if row["difference"] > 0 else SAID.collected_turned
    return [page.say(words, row), page.based(row), page.say(SAID.who_asked)]


@said_of()
def success(page, found=None):
    """Liking alone is said to be liking."""
    led = found[found["leads"].eq(True)].dropna(subset=["mean"])
    return page.say(SAID.success_rated, led.iloc[0]) if len(led) else page.say(SAID.only_liking)


@said_of(known=["own_key", "p_key"])
def segment_designs(page, known=None):
    """Which segment needs another design than everyone's, as strongly as its answers carry it."""
    other = known[known["differs"].eq(True)]
    if len(other):
        row = other.loc[other["p_key"].astype(float).idxmax()]
        level = strength(row["p_key"])[0]
        words = {"sure": SAID.other_design, "probable": SAID.probably_other_design}.get(level)
        if words is None:
            return page.nothing(SAID.no_other_design)
    else:
        row, words = known.loc[known["p_key"].astype(float).idxmin()], SAID.same_design
    spent = known[known["wasted"].eq(True)]
    names = page.names("segment", spent["segment"])
    share = page.language.share(spent["n"].sum() / known["n"].sum())
    if not names:
        return [page.say(words, row), page.based(row)]
    amount = spent["wasted_cost"].sum(min_count=1) if "wasted_cost" in spent else None
    money = SAID.wasted_unknown if pd.isna(amount) else SAID.wasted_money
    wasted = page.say(SAID.wasted, row, names=names, asked=share)
    return [page.say(words, row), page.based(row), wasted, page.say(money, row, amount=amount)]


@said_of()
def dormant(page, found=None):
    """Who has not bought for long, and what they are worth: the best fifth, else all."""
    all_of = found.iloc[-1]
    if not told(all_of, "worth"):
        return ""
    best = of_best(found)
    facts = {"dormant": int(all_of["n"]), "whom": whom_of(page, best), "usual": SILENT, "most": OWN}
    words = [SAID.dormant_worth, SAID.sales_so_far]
    if best["worth"] > best["sales"]:  # no year can be expected to bring more than all so far
        words = [SAID.dormant_sales, SAID.how_often]
    return [page.say(each, best, **facts) for each in [*words, SAID.silent_means]]


def whom_of(page, row) -> str:
    """The best so many, or all of them."""
    return page.say(SAID.best_of_them if row["group"] == "best" else SAID.all_of_them, row)


def of_best(found) -> pd.Series:
    """The best fifth of the silent, where there are enough of them to be told of; else all."""
    best = found[found["group"].eq("best")].dropna(subset=["worth"])
    return (best if len(best) else found.tail(1)).iloc[0]


# Whom to design for, who succeeds and whom to win back


STANDS_OUT = 1.25  # times the next segment; ours


@said_of(known=["worth_index"])
def segment_worth(page, known=None):
    """Which segment is most worth designing for, and whether the design is for it."""
    if len(known) < 2:
        return ""
    first, second = known.iloc[0], known.iloc[1]
    asked = known["key_fit"].notna().any()
    if first["worth_index"] < STANDS_OUT * second["worth_index"]:
        return page.nothing(SAID.no_segment_stands_out)
    said = [page.say(SAID.worth_most if asked else SAID.worth_most_by_value, first)]
    chosen = known[known["designed_for"].eq(True)]
    if len(chosen) and not first["designed_for"]:
        names = page.names("segment", chosen["segment"])
        said.append(page.say(SAID.designed_for_others, names=names))
    return said


@said_of(known=["weeks_silent"])
def dormant_by_date(page, found=None):
    """Who has not bought for a year, where no invoices tell how often they buy."""
    said, best = [page.say(SAID.dormant_by_date, found.iloc[-1])], of_best(found)
    money = page.say(SAID.dormant_best, best, whom=whom_of(page, best))
    return [*said, money] if told(best, "worth") else said
