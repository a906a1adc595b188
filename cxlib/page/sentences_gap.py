"""Headlines of steps 2 and 4: experience against expectation, and the gap to the ideal."""

import numpy as np
import pandas as pd

from cxlib.analysis.named import all_withheld
from cxlib.client.rated import OUTCOMES, outcome_scale
from cxlib.page import sentences
from cxlib.page.language import parts, sentences_of
from cxlib.page.sentences import below_zero, distance, first_up, said_of, sentence, under_name
from cxlib.page.terms import score_digits
from cxlib.sums.interval import not_told_apart

SAID = sentences_of("gap")
TOO_FEW = sentences_of("key").too_few


@sentence
def experience(page, gaps, segment=""):
    """Where customers get less than they expect, most of all where, and what may be as wide."""
    rows = page.focus_rows(gaps, segment)
    known = rows.dropna(subset=["satisfaction"])
    if known.empty:
        lived = rated_rows(rows)
        if lived.empty:
            few = all_withheld(rows)
            return page.say(TOO_FEW) if few else page.nothing(SAID.nothing_known)
        return [rated_lowest(page, rows, lived), page.based(lived.head(1))]
    short = known[below_zero(known, "satisfaction")].sort_values("satisfaction", kind="stable")
    digits = score_digits(rows)
    if short.empty and (known["satisfaction"] < 0).any():
        return page.say(SAID.meets_as_far, who=page.whom(rows), known=len(known))
    if short.empty:
        return page.say(SAID.meets_all, who=page.whom(rows), count=len(known), all=len(rows))
    worst = short.iloc[0]
    facts = {side: page.as_mean(worst[side], digits) for side in ("experience", "expectation")}
    facts |= {"who": page.whom(rows), "name": page.name_of(worst)}
    said = page.say(SAID.less_than_expected, short=len(short), known=len(known), **facts)
    return [first_up(said), *_how_short(page, known, short, digits), _also_asked(page, rows)]


def rated_rows(rows) -> pd.DataFrame:
    """The rows that people rated, lowest first, with what they rated in the column `rated`:
    experience, or satisfaction as asked where no experience was asked at all."""
    column = "asked_satisfaction" if sentences.asked_alone(rows) else "experience"
    rated = under_name(rows, column, "rated").dropna(subset=["rated"])
    return rated.sort_values("rated", kind="stable")


def rated_lowest(page, rows, lived) -> str:
    """The lowest score, and those that may be as low: no headline claims an order that is chance."""
    worst, asked = lived.iloc[0], sentences.asked_alone(rows)
    scale, digits = page.case.asked_scale if asked else page.settings.scale, score_digits(rows)
    score = page.within(worst, "rated", lambda x: page.as_mean(x, digits))
    alike = not_told_apart(lived, worst, "rated")
    words = SAID.least_satisfied if asked else SAID.rated_lowest
    words = SAID.rated_alone if len(lived) == 1 else words
    facts = {"who": page.whom(rows), "score": score, "best": page.as_score(scale[1])}
    said = first_up(page.say(words, name=page.name_of(worst), **facts))
    return page.or_alike(said, page.names_of(alike))


def _also_asked(page, rows) -> str:
    """What satisfies least where that was asked beside experience and expectation."""
    known = under_name(rows, "asked_satisfaction", "rated").dropna(subset=["rated"])
    alone = known.assign(experience=np.nan)
    return "" if known.empty else rated_lowest(page, alone, rated_rows(alone))


def _how_short(page, known, short, digits) -> list[str]:
    """The widest shortfall with its interval, what may be as wide, and what meets expectation."""
    worst = short.iloc[0]
    if pd.isna(worst.get("satisfaction_high")):
        return []
    signed = page.within(worst, "satisfaction", f"signed{digits}")
    said = [page.say(SAID.difference_there, points=signed)]
    said += [page.as_wide(short, worst, "satisfaction"), page.based(short.head(1))]
    met = page.names_of(known[~known.index.isin(short.index)])
    return [*said, page.say(SAID.as_expected, names=met) if met else ""]


@said_of()
def meaning(page, gaps=None, of="satisfaction"):
    """What satisfaction, the key experience (key) or the ideal is; "" where it is not known."""
    rows = page.focus_rows(gaps)
    if of == "ideal":
        return page.say(SAID.ideal) if page.case.ideal_decided and rows["gap"].notna().any() else ""
    if of == "satisfaction":
        said = [page.say(SAID.satisfaction)] if rows["satisfaction"].notna().any() else []
        if "asked_satisfaction" in rows and rows["asked_satisfaction"].notna().any():
            low, high = map(page.as_score, page.case.asked_scale)
            said.append(page.say(SAID.as_asked, low=low, high=high))
        return said
    known = set(rows["ground"].dropna()) if "ground" in rows else {"expectation"}
    return [page.say(words) for ground, words in KEY_IS.items() if ground in known]


KEY_IS = parts()["key_is"]


@said_of(without=SAID.no_groups)
def segments(page, compared=None, *_):
    """The clearest difference of a group from everybody else, and how many there are."""
    known = sentences.of_customers(compared).dropna(subset=["difference"])
    known = sentences.each_once(sentences.clearest_first(known))
    sure = known[known["different"].eq(True)]
    if known.empty:
        return page.nothing(SAID.small_groups)
    if sure.empty:
        return page.say(SAID.no_group_differs)
    sure = sentences.on_enough(sure)
    if sure.empty:
        return page.say(SAID.few_answers)
    most = sure.head(1)
    row = most.iloc[0]
    facts = {"group": page.group_name(row), "name": page.compared_name(row)}
    words = SAID.clearest_above if row["difference"] > 0 else SAID.clearest_below
    if row.get("measure") in OUTCOMES and np.ptp(outcome_scale(page.case, row["measure"])) == 1:
        words = SAID.share_above if row["difference"] > 0 else SAID.share_below
        percent = lambda x: page.language.number(100 * x, 0)  # noqa: E731
        facts["apart"] = page.within(distance(row), "difference", percent)
    said = page.say(words, distance(row), **facts)
    how_many = page.aside(SAID.how_many_differ, sure=len(sure), all=len(known))
    return [said, page.based(most), how_many]


@sentence
def gap(page, gaps, segment=""):
    """The widest gap to the ideal, and what may be as wide."""
    rows = page.focus_rows(gaps, segment)
    known = rows.dropna(subset=["gap"])
    if known.empty:
        return page.nothing(SAID.no_ideal)
    if not page.case.ideal_decided:
        return page.say(SAID.expectation_stands_in)
    short = known[known["gap"] < 0].sort_values("gap", kind="stable")
    if short.empty:
        return page.say(SAID.meets_ideal)
    worst, digits = short[np.isclose(short["gap"], short["gap"].iloc[0])], score_digits(rows)
    first = worst.iloc[0]
    points = page.within(distance(first, "gap"), "gap", f"number{digits}")
    facts = {"names": page.names_of(worst), "points": points}
    if len(worst) > 1:
        return [page.say(SAID.widest_gaps, **facts), page.based(worst)]
    facts["experience"] = page.as_mean(first["experience"], digits)
    facts["ideal"] = page.as_score(first["ideal"], digits)
    wide = page.as_wide(short, first, "gap")
    said = [page.say(SAID.widest_gap, **facts), wide, page.based(worst)]
    if len(short) == 1 and len(known) > 1:
        at_ideal = np.isclose(known.loc[known.index != first.name, "gap"], 0).all()
        said.append(page.say(SAID.elsewhere_today if at_ideal else SAID.elsewhere_met))
    return said


@sentence
def spending(page, advice=None, *_):
    """Where to spend, where to bring up to enough, where to ask whether less would do."""
    if advice is None or advice["advice"].eq("unknown").all():
        return page.nothing(SAID.no_ideal)
    if "flag" in advice and advice["flag"].eq("withheld").all():
        return ""
    by = advice.groupby("advice", sort=False)["dimension"]
    named = {kind: page.names("dimension", keys) for kind, keys in by}
    decided = page.case.ideal_decided
    repair = SAID.to_ideal if decided else SAID.to_expectation
    parts = {"exceed": SAID.exceed, "first": SAID.spend_first}
    parts |= {"repair": repair, "above": SAID.above_ideal}
    said = [page.say(words, names=named[kind]) for kind, words in parts.items() if kind in named]
    words = SAID.all_at_ideal if decided else SAID.all_as_expected
    words = SAID.ideals_undecided if decided and "unknown" in named else words
    return said or page.say(words, names=named.get("unknown", ""))


@said_of(known=["widest"])
def five_gaps(page, found=None):
    """The widest cause of all, in points and in per cent of the scale."""
    depth = pd.Series({at: row[row["widest"]] for at, row in found.iterrows()})
    row, (low, high) = found.loc[depth.idxmin()], page.settings.scale
    points = -depth.min()
    return page.say(SAID.widest_cause, row, points=points, share=points / (high - low))
