"""Headlines of what a survey's answers imply: quadrants, penalty and reward, money at stake, NPS."""

import numpy as np
import pandas as pd

from cxlib.client.rated import net_promoter_question, outcome_scale
from cxlib.page.language import sentences_of
from cxlib.page.sentences import said_of, told
from cxlib.page.sentences_churn import loss_basis
from cxlib.page.sentences_unhappy import line_words
from cxlib.sums.stakes import DETRACTOR, FEW_THERE

SAID = sentences_of("survey")


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
    shaky = {SAID.hangs_on_lines: ~first["stable"].eq(True)}
    shaky[SAID.may_be_chance] = first["p_quadrant"] < 0.8
    names = {words: page.names("dimension", first["dimension"][of]) for words, of in shaky.items()}
    doubts = [page.say(words, names=told) for words, told in names.items() if told]
    return [said, page.based(first.head(1)), *doubts]


def _placed(page, rows) -> str:
    """Names of dimensions, each with the probability of its quadrant where there is one."""
    return page.language.join(
        page.say(SAID.with_probability, row)
        if told(row, "p_quadrant")
        else page.label("dimension", row["dimension"])
        for _, row in rows.iterrows()
    )


@said_of(known=["kind"], without=SAID.too_few)
def penalties(page, known=None, *_):
    """Which experiences hurt when poor, and which please when good."""
    words = {"basic": SAID.basic, "performance": SAID.performance, "excitement": SAID.excitement}
    said = [
        page.say(text, names=_contrasted(page, known[known["kind"].eq(kind)]))
        for kind, text in words.items()
        if known["kind"].eq(kind).any()
    ]
    if not said:
        return [page.say(SAID.cannot_tell), page.based(known.head(1))]
    return [*said, page.based(known.head(1)), *_cautioned(page, known[known["kind"].isin(words)])]


def _contrasted(page, rows) -> str:
    """Each dimension with what poor and good experience of it go with, in points."""
    return page.listed(page.say(SAID.contrast, row) for _, row in rows.iterrows())


def _cautioned(page, rows) -> list[str]:
    """The warnings of the contrasts that were named: the method is popular and fragile."""
    said = []
    for _, row in rows[rows["warning"].ne("")].iterrows():
        warning = page.listed(map(page.code, row["warning"].split(";")))
        said.append(page.say(SAID.take_care, row, warning=warning))
    return said


@said_of(without=SAID.no_outcome)
def stakes(page, table=None, *_):
    """The money that goes with the gap the answers tie most of it to; association, always said."""
    outcome = page.code(table["outcome"].iloc[0])
    linked = table[table["verdict"].isin(["carried", "no_money"])]
    if table["gap"].isna().all():
        return page.nothing(SAID.no_gap)
    if linked.empty:
        together = _together(page, table)
        poor = _poor(page, table["outcome"].iloc[0])
        caution = [together, poor, page.say(SAID.association)] if together else []
        return [page.say(SAID.none_linked, outcome=outcome), *caution]
    money = table["verdict"].eq("carried").any()
    by, words = ("amount", SAID.amount_with_gap) if money else ("at_stake", SAID.share_with_gap)
    top = linked.sort_values(by, ascending=False, kind="stable").iloc[0]
    said = page.say(words, top, basis=loss_basis(page, top) if money else "")
    said = [said, page.based(linked.head(1)), _how_many_linked(page, table, linked)]
    said += [_together(page, table), *_beyond(page, linked)]
    return [*said, _poor(page, table["outcome"].iloc[0]), page.say(SAID.association)]


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


def _how_many_linked(page, table, linked) -> str:
    """Of how many gaps it is one: the more are tried, the likelier one is found by chance."""
    tried = table[table["slope"].notna() & table["gap"].lt(0)]
    return page.say(SAID.tried, all=len(tried), count=len(linked))


@said_of(known=["nps"], without=SAID.no_promoters)
def net_promoters(page, table=None, *_):
    """The last net promoter score, and the one before."""
    known = table[~table["wave"].eq("all")] if "wave" in table else table
    if known.empty:
        return page.nothing(SAID.no_promoters)
    last = known.iloc[-1]
    if len(known) < 2 or "difference" not in last or pd.isna(last["difference"]):
        return [page.say(SAID.promoters, last), page.based(last), *_which_question(page)]
    said = page.say(SAID.promoters_in_wave, last)
    return [said, *_promoters_changed(page, last, known.iloc[-2]["wave"]), *_which_question(page)]


def _which_question(page) -> list[str]:
    """Of which question the score is, where several ask for recommendation."""
    survey = page.case.survey
    if survey is None or survey.columns["measure"].eq("recommend").sum() < 2:
        return []
    asked = net_promoter_question(survey.columns)
    label = asked["column"] if pd.isna(asked["label"]) else asked["label"]
    return [page.say(SAID.which_question, question=label)]


def _promoters_changed(page, last, earlier) -> list[str]:
    """The change since the wave before, by the interval of the change itself."""
    sure = last["different"] is True
    words = SAID.moved if sure else SAID.moved_by_chance
    said = page.say(words, last, earlier=page.label("wave", earlier))
    return [said, page.based(last), "" if sure else page.say(SAID.unseen, last)]


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
    said = []
    for words, part in ((SAID.again, rows[rows["enough"].eq(True)].tail(1)),
                        (SAID.for_more, rows[~rows["enough"].eq(True)].head(1))):  # fmt: skip
        for row in part.to_dict("records"):
            words = words if said or words == SAID.again else SAID.again_too_few
            said.append(page.say(words, row))
    return said


@said_of()
def not_answered(page, table=None, *_):
    """What those who did not answer could change: of the experience that falls shortest."""
    said, score = [], lambda value: page.write(value, "score2")
    if "silent_mean" in table and table["response_rate"].notna().any():
        rated, (_, top) = "experience", page.settings.scale
        if rated not in table:
            rated, (_, top) = "asked_satisfaction", page.case.asked_scale
        known = table.dropna(subset=[rated])
        short = known["silent_mean"].where(known["silent_mean"] > known[rated]).dropna()
        row = known.loc[short.idxmax() if len(short) else known.index[0]]
        words = SAID.silent_needed if row["silent_mean"] <= top else SAID.silent_in_vain
        facts = {"share": page.write(row["response_rate"], "share"), "name": page.name_of(row)}
        ends = {"score": "silent_mean", "low": "mean_lowest", "high": "mean_highest"}
        facts |= {place: score(row[column]) for place, column in ends.items()}
        said.append(page.say(words if len(short) else SAID.silent_short_of_none, **facts))
    if "difference" in table and table["difference"].notna().any():
        row = table.loc[table["difference"].abs().idxmax()]
        said.append(page.say(SAID.raking_moved, name=page.name_of(row), points=page.language.signed(row["difference"], 2)))  # fmt: skip
    return said
