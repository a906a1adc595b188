"""Headlines of what a survey's answers imply: quadrants, penalty and reward, money at stake, NPS."""

import numpy as np
import pandas as pd

from cxlib.client.rated import net_promoter_question, outcome_scale
from cxlib.page.language import N_
from cxlib.page.sentences import as_score, based, nothing, sentence, within
from cxlib.page.sentences_churn import loss_basis
from cxlib.page.sentences_unhappy import line_words
from cxlib.sums.stakes import DETRACTOR, FEW_THERE


@sentence
def quadrants(page, table=None, *_):
    """What stands in the corner to put right first, and how firmly."""
    known = None if table is None else table.dropna(subset=["quadrant"])
    if known is None or known.empty:
        return nothing(
            page, N_("What to put right first cannot be mapped: importance is not known.")
        )
    kind = known["method"].iloc[0]
    rows = known[known["method"].eq(kind)]
    first = rows[rows["quadrant"].eq("concentrate_here")]
    if first.empty:
        words = N_("Nothing is both important and poorly served, as far as the map can tell.")
        if kind == "derived":
            words = N_(
                "Nothing is both closely tied to what customers say of the whole and poorly served, as "
                "far as the map can tell."
            )
        return page.say(words)
    words = N_("Important and poorly served: {names}.")
    if kind == "derived":
        words = N_("Closely tied to what customers say of the whole, and poorly served: {names}.")
    said = page.say(words, names=_placed(page, first))
    shaky = {
        N_("The place of {names} depends on where the lines are drawn."): ~first["stable"].eq(True),
        N_("The place of {names} may be chance."): first["p_quadrant"] < 0.8,
    }
    doubts = [
        page.say(words, names=page.language.join(page.label("dimension", name) for name in names))
        for words, rows in shaky.items()
        if len(names := first.loc[rows, "dimension"])
    ]
    return [said, based(page, first.head(1)), *doubts]


def _placed(page, rows) -> str:
    """Names of dimensions, each with the probability of its quadrant where there is one."""
    words = N_("{name} (probability {p})")
    return page.language.join(
        page.say(words, name=page.label("dimension", name), p=page.probability(p))
        if pd.notna(p)
        else page.label("dimension", name)
        for name, p in zip(rows["dimension"], rows["p_quadrant"].astype(float), strict=True)
    )


@sentence
def penalties(page, table=None, *_):
    """Which experiences hurt when poor, and which please when good."""
    known = None if table is None else table.dropna(subset=["kind"])
    if known is None or known.empty:
        return nothing(page, N_("Too few answers to tell poor experience from good."))
    words = {
        "basic": N_("Hurts when poor, more than it pleases when good: {names}."),
        "performance": N_("Hurts when poor and pleases when good: {names}."),
        "excitement": N_("Pleases when good, more than it hurts when poor: {names}."),
    }
    said = []
    for kind, text in words.items():
        rows = known[known["kind"].eq(kind)]
        if len(rows):
            said.append(page.say(text, names=_contrasted(page, rows)))
    if not said:
        words = N_(
            "Whether an experience hurts more than it pleases cannot be told from these answers."
        )
        return [page.say(words), based(page, known.head(1))]
    return [*said, based(page, known.head(1)), *_cautioned(page, known[known["kind"].isin(words)])]


def _contrasted(page, rows) -> str:
    """Each dimension with what poor and good experience of it go with, in points."""
    words = N_("{name}, poor {penalty}, good {reward} points")
    signed = page.language.signed
    return page.say(N_("; ")).join(
        page.say(
            words,
            name=page.label("dimension", row["dimension"]),
            penalty=within(page, row, "penalty", signed),
            reward=within(page, row, "reward", signed),
        )
        for _, row in rows.iterrows()
    )


def _cautioned(page, rows) -> list[str]:
    """The warnings of the contrasts that were named: the method is popular and fragile."""
    words = N_("Take care with {name}: {warning}.")
    return [
        page.say(
            words,
            name=page.label("dimension", row["dimension"]),
            warning=page.say(N_("; ")).join(page.code(code) for code in row["warning"].split(";")),
        )
        for _, row in rows[rows["warning"].ne("")].iterrows()
    ]


@sentence
def stakes(page, table=None, *_):
    """The money that goes with the gap the answers tie most of it to; association, always said."""
    if table is None or table.empty:
        return nothing(page, N_("No outcome was asked, so no gap can be tied to money."))
    carried = table[table["verdict"].eq("carried")].sort_values(
        "amount", ascending=False, kind="stable"
    )
    outcome = page.code(table["outcome"].iloc[0])
    linked = table[table["verdict"].isin(["carried", "no_money"])]
    if table["gap"].isna().all():
        words = N_(
            "No ideal was decided and what customers expect is not known, so that there is no gap that "
            "money could be tied to."
        )
        return nothing(page, words)
    if linked.empty:
        words = N_(
            "These answers tie no dimension's gap to “{outcome}” beyond what chance would explain."
        )
        together = _together(page, table)
        return [
            page.say(words, outcome=outcome),
            *([together, _association(page)] if together else []),
        ]
    association = [
        based(page, linked.head(1)),
        _how_many_linked(page, table, linked),
        _together(page, table),
        *_beyond(page, linked),
        _poor(page, table["outcome"].iloc[0]),
        _association(page),
    ]
    top = linked.sort_values(
        "at_stake" if carried.empty else "amount", ascending=False, kind="stable"
    ).iloc[0]
    facts = {"name": page.label("dimension", top["dimension"]), "outcome": outcome}
    if carried.empty:
        words = N_(
            "With the gap in {name} go about {share} of customers ({low} to {high}) who answer poorly on "
            "“{outcome}”."
        )
        said = page.say(words, **facts, **_three(page.language.share, top, "at_stake", 1))
    else:
        words = N_(
            "The gap in {name} goes with about {amount} of revenue a year ({basis}), through “{outcome}”."
        )
        facts |= {"amount": page.language.money(top["amount"]), "basis": loss_basis(page, top)}
        said = page.say(words, **facts)
    return [said, *association]


def _association(page) -> str:
    """The word of caution that belongs to every link."""
    return page.say(N_("It is association: nobody's score was changed to see."))


def _together(page, table) -> str:
    """What goes with all gaps, and how their parts were kept from claiming more; "" without any."""
    row = table.iloc[0]
    if not table["at_stake"].notna().any():
        return ""
    if pd.notna(row["together_amount"]):
        words = N_("All gaps together go with about {amount} of revenue a year ({basis}).")
        amount = page.language.money(row["together_amount"])
        said = page.say(words, amount=amount, basis=loss_basis(page, row, "together_amount"))
    else:
        words = N_("All gaps together go with about {share} of customers ({low} to {high}).")
        said = page.say(words, **_three(page.language.share, row, "together", 1))
    words = N_(
        "Each gap has its part of that, and no customer counts twice. Parts that chance alone could set "
        "apart are drawn together: the largest of several is largest partly by chance."
    )
    return page.joined([said, page.say(words)])


def _beyond(page, linked) -> list[str]:
    """Ideals that hardly anybody's score has reached: what goes with them nobody has shown."""
    few = linked[linked["already"] < FEW_THERE]
    words = N_(
        "Fewer than {share} score {names} at the ideal: what so good an experience goes with was hardly "
        "seen, and is the curve's."
    )
    names = page.language.join(page.label("dimension", name) for name in few["dimension"])
    return [page.say(words, names=names, share=page.language.share(FEW_THERE))] if len(few) else []


def _poor(page, outcome) -> str:
    """Which answers to the outcome count as poor; "" where that is no matter of a line."""
    if outcome in ("problem", "complained") or page.case.survey is None:
        return ""
    low, high = scale = outcome_scale(page.case, outcome)
    facts = {"outcome": page.code(outcome), "line": line_words(page, scale)}
    if outcome != "recommend":
        return page.say(N_("Poor on “{outcome}” are answers {line}."), **facts)
    facts |= {"low": as_score(page, low), "top": as_score(page, high)}
    facts["line"] = as_score(page, np.floor(low + DETRACTOR * (high - low)))
    return page.say(N_("Poor on “{outcome}” are answers from {low} to {line} of {top}."), **facts)


def _how_many_linked(page, table, linked) -> str:
    """Of how many gaps it is one: the more are tried, the likelier one is found by chance."""
    words = N_("Of {all} gaps tried, {count} can be tied to it beyond what chance would explain.")
    tried = table[table["slope"].notna() & table["gap"].lt(0)]
    count = page.language.count
    return page.say(words, all=count(len(tried)), count=count(len(linked)))


def _three(write, row, name, *digits) -> dict:
    ends = {"share": name, "low": f"{name}_low", "high": f"{name}_high"}
    return {place: write(row[column], *digits) for place, column in ends.items()}


@sentence
def net_promoters(page, table=None, *_):
    """The last net promoter score, and the one before."""
    rows = None if table is None else table[~table["wave"].eq("all")] if "wave" in table else table
    known = None if rows is None else rows.dropna(subset=["nps"])
    if known is None or known.empty:
        return nothing(
            page, N_("Recommendation was not asked from 0 to 10: there is no net promoter score.")
        )
    last = known.iloc[-1]
    facts = _three(page.language.signed, last, "nps", 0)
    if len(known) < 2 or "difference" not in last or pd.isna(last["difference"]):
        said = page.say(N_("The net promoter score is {share} ({low} to {high})."), **facts)
        return [said, based(page, last.to_frame().T), *_which_question(page)]
    words = N_("The net promoter score is {share} ({low} to {high}) in {wave}.")
    said = page.say(words, wave=page.label("wave", last["wave"]), **facts)
    changed = _promoters_changed(page, last, known.iloc[-2]["wave"])
    return [said, *changed, *_which_question(page)]


def _which_question(page) -> list[str]:
    """Of which question the score is, where several ask for recommendation."""
    survey = page.case.survey
    if survey is None or survey.columns["measure"].eq("recommend").sum() < 2:
        return []
    columns = survey.columns
    words = N_(
        "Several questions ask for recommendation. This score is of “{question}”: of those asked "
        "from 0 to 10, the one that most people answered."
    )
    asked = net_promoter_question(columns)
    label = asked["column"] if pd.isna(asked["label"]) else asked["label"]
    return [page.say(words, question=label)]


def _promoters_changed(page, last, earlier) -> list[str]:
    """The change since the wave before, by the interval of the change itself."""
    signed, number = page.language.signed, page.language.number
    words = N_("Since {earlier} it moved by {points} points: beyond chance.")
    if last["different"] is not True:
        words = N_("Since {earlier} it moved by {points} points: it may be chance.")
    points = within(page, last, "difference", lambda x: signed(x, 0))
    said = [
        page.say(words, earlier=page.label("wave", earlier), points=points),
        based(page, last.to_frame().T),
    ]
    if last["different"] is not True:
        words = N_("A change below about {points} points would mostly go unseen.")
        said.append(page.say(words, points=number(last["detectable"], 0)))
    return said


@sentence
def kano_segments(page, table=None, *_):
    """Whether one class for everybody hides a segment that sees it otherwise."""
    if table is None or table.empty:
        return nothing(page, N_("There are no segments to see whether all require the same."))
    split = table[table["segments_disagree"].eq(True)]
    if split.empty:
        return page.say(
            N_("Segments do not disagree about what is required by more than chance would explain.")
        )
    items = split["item"].drop_duplicates()
    names = page.language.join(page.quoted(page.label("item", item)) for item in items.head(3))
    words = N_(
        "Segments disagree about {count} of {all} items, among them {names}: one class for everybody hides that."
    )
    return page.say(
        words,
        count=page.language.count(len(items)),
        all=page.language.count(table["item"].nunique()),
        names=names,
    )
