"""Headlines of what a survey's answers imply: quadrants, money at stake, NPS."""

import numpy as np
import pandas as pd

from cxlib.client.rated import net_promoter_question, outcome_scale
from cxlib.page.language import sentences_of
from cxlib.page.sentences import said_of, told
from cxlib.page.sentences_churn import line_words, loss_basis
from cxlib.sums.stakes import DETRACTOR, FEW_THERE

SAID = sentences_of("survey")


MANY = 0.2  # share of people who give no score, from which it is told: assumed


@said_of("unscored")
def unscored(page, table=None, *_):
    """Of what most often “don't know” was said, where many did."""
    most = table.iloc[0]
    return page.say(SAID.could_not_judge, most) if most["unscored_low"] >= MANY else ""


@said_of(known=["quadrant"], without=SAID.not_mapped)
def quadrants(page, known=None, *_):
    """What stands in the corner to put right first, and how firmly."""
    kind = known["method"].iloc[0]
    rows = known[known["method"].eq(kind)]
    first = rows[rows["quadrant"].eq("concentrate_here")]
    if first.empty:
        return page.say(SAID.none_to_repair_derived if kind == "derived" else SAID.none_to_repair)
    words = SAID.to_repair_derived if kind == "derived" else SAID.to_repair
    said = page.say(words, names=_placed(page, first))
    shaky = ((SAID.hangs_on_lines, ~first["stable"].eq(True)),
             (SAID.may_be_chance, first["p_quadrant"] < 0.8))  # fmt: skip
    doubts = [page.say(words, names=page.names("dimension", first["dimension"][of]))
              for words, of in shaky if of.any()]  # fmt: skip
    return [said, page.based(first.head(1)), *doubts]


def _placed(page, rows) -> str:
    """Names of dimensions, each with the probability of its quadrant where there is one."""

    def placed(row):
        sure = told(row, "p_quadrant")
        return page.say(SAID.with_probability, row) if sure else page.name_of(row)

    return page.language.join(placed(row) for _, row in rows.iterrows())


@said_of(without=SAID.no_outcome)
def stakes(page, table=None, *_):
    """The money that goes with the gap the answers tie most of it to; association, always said."""
    outcome = table["outcome"].iloc[0]
    linked = table[table["verdict"].isin(["carried", "no_money"])]
    if table["gap"].isna().all():
        return page.nothing(SAID.no_gap)
    together = _together(page, table)
    caution = [together, *_beyond(page, linked), _poor(page, outcome), page.say(SAID.association)]
    if linked.empty:
        none = page.say(SAID.none_linked, outcome=page.code(outcome))
        return [none, *caution] if together else none
    money = table["verdict"].eq("carried").any()
    by, words = ("amount", SAID.amount_with_gap) if money else ("at_stake", SAID.share_with_gap)
    top = linked.sort_values(by, ascending=False, kind="stable").iloc[0]
    said = page.say(words, top, basis=loss_basis(page, top) if money else "")
    # The more are tried, the likelier one is found by chance.
    of = (table["slope"].notna() & table["gap"].lt(0)).sum()
    tried = page.say(SAID.tried, all=int(of), count=len(linked))
    return [said, page.based(linked.head(1)), tried, *caution]


def _together(page, table) -> str:
    """What goes with all gaps, and how their parts were kept from claiming more; "" without any."""
    row = table.iloc[0]
    if not table["at_stake"].notna().any():
        return ""
    if pd.notna(row["together_amount"]):
        said = page.say(SAID.together_amount, row, basis=loss_basis(page, row, "together_amount"))
    else:
        said = page.say(SAID.together_share, row)
    return page.joined([said, page.say(SAID.parts)])


def _beyond(page, linked) -> list[str]:
    """Ideals that hardly anybody's score has reached: what goes with them nobody has shown."""
    few = linked[linked["already"] < FEW_THERE]
    names, share = page.names("dimension", few["dimension"]), page.language.share(FEW_THERE)
    return [page.say(SAID.hardly_reached, names=names, share=share)] if names else []


def _poor(page, outcome) -> str:
    """Which answers to the outcome count as poor; "" where that is no matter of a line."""
    if outcome in ("problem", "complained") or page.case.survey is None:
        return ""
    low, high = scale = outcome_scale(page.case, outcome)
    facts = {"outcome": page.code(outcome), "line": line_words(page, scale)}
    if outcome != "recommend":
        return page.say(SAID.poor_line, **facts)
    facts |= {"low": page.as_score(low), "top": page.as_score(high)}
    facts["line"] = page.as_score(np.floor(low + DETRACTOR * (high - low)))
    return page.say(SAID.poor_promoters, **facts)


@said_of(known=["nps"], without=SAID.no_promoters)
def net_promoters(page, table=None, *_):
    """The last net promoter score, and the one before."""
    known = table[~table["wave"].eq("all")] if "wave" in table else table
    if known.empty:
        return page.nothing(SAID.no_promoters)
    last = known.iloc[-1]
    if len(known) < 2 or not told(last, "difference"):
        return [page.say(SAID.promoters, last), page.based(last), _which_question(page)]
    sure, earlier = last["different"] is True, page.label("wave", known.iloc[-2]["wave"])
    moved = page.say(SAID.moved if sure else SAID.moved_by_chance, last, earlier=earlier)
    said = [page.say(SAID.promoters_in_wave, last), moved, page.based(last)]
    steps = known[known["different"].eq(True)]
    before = [] if sure or steps.empty else [page.say(SAID.moved_before, steps.iloc[-1])]
    unseen = "" if sure else page.say(SAID.unseen, last)
    return [*said, *before, unseen, _which_question(page)]


def _which_question(page) -> str:
    """Of which question the score is, where several ask for recommendation."""
    survey = page.case.survey
    if survey is None or survey.columns["measure"].eq("recommend").sum() < 2:
        return ""
    asked = net_promoter_question(survey.columns)
    label = asked["column"] if pd.isna(asked["label"]) else asked["label"]
    return page.say(SAID.which_question, question=label)


@said_of(without=SAID.no_segments)
def kano_segments(page, table=None, *_):
    """Whether one class for everybody hides a segment that sees it otherwise."""
    split = table[table["segments_disagree"].eq(True)]
    if split.empty:
        return page.say(SAID.segments_agree)
    items = split["item"].drop_duplicates()
    facts = {"names": page.quoted_names("item", items.head(3)), "count": len(items)}
    return page.say(SAID.segments_disagree, all=table["item"].nunique(), **facts)


@said_of(known=["needed"])
def next_survey(page, rows=None, *_):
    """Which difference as many answers again would find, and what a smaller one takes."""
    found, missed = rows[rows["enough"].eq(True)].tail(1), rows[~rows["enough"].eq(True)].head(1)
    beyond = SAID.for_more if len(found) else SAID.again_too_few
    return [*page.each(SAID.again, found), *page.each(beyond, missed)]


@said_of()
def not_answered(page, table=None, *_):
    """What those who did not answer could change: of the experience that falls shortest."""
    said = []
    if "silent_mean" in table and table["response_rate"].notna().any():
        rated, (_, top) = "experience", page.settings.scale
        if rated not in table:
            rated, (_, top) = "asked_satisfaction", page.case.asked_scale
        known = table.dropna(subset=[rated])
        short = known["silent_mean"].where(known["silent_mean"] > known[rated]).dropna()
        row = known.loc[short.idxmax() if len(short) else known.index[0]]
        words = SAID.silent_needed if row["silent_mean"] <= top else SAID.silent_in_vain
        words = words if len(short) else SAID.silent_short_of_none
        said.append(page.say(words, row, name=page.name_of(row)))
    if "difference" in table and table["difference"].notna().any():
        row = table.loc[table["difference"].abs().idxmax()]
        words = SAID.raking_moved if row["difference"] else SAID.raking_unmoved
        said.append(page.say(words, row, name=page.name_of(row)))
    return said
