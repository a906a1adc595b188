"""Headlines of steps 0 and 1: what we were given, why customers come, whom it is for."""

import numpy as np
import pandas as pd

from cxlib.page.language import N_
from cxlib.page.sentences import Nothing, based, not_told_apart, nothing, sentence, some, within
from cxlib.page.terms import TABLES


@sentence
def brief(page, *_):
    """What was sent, and what of it could not be used."""
    case = page.case
    people = 0 if case.survey is None else len(case.survey.people)
    tables = len(case.tables)
    left_out = len(case.rejected)
    count = page.language.count
    if people and tables:
        first = N_("We were given a survey of {people} people, and tables: {tables}.")
    elif people:
        first = N_("We were given a survey of {people} people.")
    elif tables:
        first = N_("We were given tables, and no raw survey: {tables}.")
    else:
        first = N_("We were given no tables and no survey.")
    names = page.language.join(page.code(name, TABLES) for name in sorted(case.tables))
    given = [page.say(first, people=count(people), tables=names), last_wave(page)]
    if not left_out:
        return [*given, page.say(N_("Every row could be used."))]
    out = N_("Rows left out: {count}, each listed below with its reason.")
    return [*given, page.say(out, count=count(left_out))]


def last_wave(page) -> str:
    """Whose answers today's scores are, where there were several waves."""
    waves = [] if page.case.survey is None else page.case.survey.waves
    if len(waves) < 2:
        return ""
    latest = page.case.latest.people
    words = N_("Today's scores rest on the last of {count} waves: {wave}, {people} people.")
    if page.settings.survey.today not in (None, waves[-1]):
        words = N_("Today's scores rest on one of {count} waves: {wave}, {people} people.")
    return page.say(
        words,
        count=page.language.count(len(waves)),
        wave=page.label("wave", latest["wave"].iloc[0]),
        people=page.language.count(len(latest)),
    )


@sentence
def weighting(page, bases=None, margins=None):
    """What the weights cost, and what they were made to meet; nothing where everyone counts 1."""
    if not some(bases) or "design_effect" not in bases:
        return ""
    everyone, count = bases.iloc[0], page.language.count
    if pd.isna(everyone["design_effect"]) or everyone["design_effect"] < 1.005:
        return ""
    words = N_(
        "The answers are weighted: {n} people tell as much as {n_eff} who count alike (design "
        "effect {effect})."
    )
    clusters = everyone.get("clusters", np.nan)
    if pd.notna(clusters):
        words = N_(
            "People were asked in {clusters} clusters: {n} tell as much as {n_eff} asked one by one "
            "(design effect {effect}, the middle one of all questions)."
        )
    effect = page.language.number(everyone["design_effect"], 2)
    n, n_eff = count(everyone["n"]), count(everyone["n_eff"])
    said = [page.say(words, n=n, n_eff=n_eff, effect=effect, clusters=count(clusters))]
    if some(margins) and margins["trimmed"].max() > 0:
        words = N_(
            "{count} people are held at the largest weight; the margins are met all the same."
        )
        said.append(page.say(words, count=count(margins["trimmed"].max())))
    return said


@sentence
def independent(page, signs=None):
    """That answers are taken as independent although they may not be, and what rests on it."""
    if not some(signs):
        return ""
    row, count, share = signs.iloc[0], page.language.count, page.language.share
    words = {
        "accounts": N_(
            "Answers are taken as independent of each other, though {people} people are of "
            "{clusters} accounts, stores or the like."
        ),
        "people": N_(
            "Answers are taken as independent of each other, though {people} of them are of "
            "{clusters} respondents."
        ),
        "rows": N_(
            "Answers are taken as independent of each other, though rows of the file that follow "
            "one another are alike (correlation {alike}), as where people are asked together."
        ),
    }[row["sign"]]
    facts = {
        name: count(row[name]) for name in ("people", "clusters", "of", "beyond", "beyond_then")
    }
    said = [page.say(words, alike=page.language.number(row["alike"], 2), **facts)]
    more = N_(
        "Were they to tell half as much (a design effect of {effect}), {beyond_then} in place of "
        "{beyond} of the {of} differences from what is expected or decided would be beyond chance."
    )
    if row["beyond"]:
        said.append(page.say(more, effect=page.language.number(row["effect"], 0), **facts))
    if pd.notna(row["p_key"]):
        sure = N_("The key experience would be so in {then} of draws, and not in {now}.")
        said.append(page.say(sure, then=share(row["p_key_then"]), now=share(row["p_key"])))
    return said


@sentence
def brand_value(page, reasons=None, *_):
    """The reasons most named for choosing the company, those that tie among them."""
    if reasons is None or reasons.empty:
        return nothing(page, N_("Why customers choose this company has not been asked yet."))
    known = [
        name for name in ("share", "mentions") if name in reasons and reasons[name].notna().any()
    ]
    value = known[0] if known else ""
    if not known:
        names = page.language.join(page.label("reason", key) for key in reasons["reason"].head(4))
        words = N_("Customers choose this company for: {names}. How many name each is not known.")
        return page.say(words, names=names)
    rows = reasons.dropna(subset=[value]).sort_values(
        value, ascending=False, kind="stable", ignore_index=True
    )
    same = rows[value].eq(rows[value].max())
    one_whole = "basis" in rows and rows["basis"].eq("mentions").all()
    tied = not_told_apart(rows, rows.iloc[0], value, parts=one_whole).index
    top = rows[same | rows.index.isin(tied)]

    def write(number):
        return page.write(number, "share" if value == "share" else "count", value)

    said = [
        page.say(
            N_("{name}: {said}"),
            name=page.label("reason", row["reason"]),
            said=within(page, row, value, write),
        )
        for _, row in top.iterrows()
    ]
    words = N_("The reason most named for choosing this company – {names}.")
    if len(top) > 1:
        words = N_("Named most as reasons to come, and not to be told apart – {names}.")
    first = page.say(words, names=page.say(N_("; ")).join(said))
    shaky = "reliable" in top and top["reliable"].eq(False).any()
    unsure = page.say(N_("A share with so wide an interval is no ground to decide on."))
    return [first, based(page, top.head(1)), unsure if shaky else ""]


@sentence
def target_customers(page, targets=None, *_):
    """Whom the design is for, and their share."""
    if targets is None or targets.empty:
        return nothing(
            page, N_("Nothing says who the customers are: the design is for all of them.")
        )
    chosen = targets[targets["designed_for"].eq(True)]
    if chosen.empty:
        words = N_("No target customers are named: the design is for all {count} groups alike.")
        # "For whom" says it at the top of a report: the consultant alone reads it here.
        return Nothing(page.say(words, count=page.language.count(len(targets))))
    names = page.language.join(page.label("segment", name) for name in chosen["segment"])
    share = chosen["share"].sum() if chosen["share"].notna().all() else None
    if share is None:
        return page.say(N_("The design is for: {names}."), names=names)
    words = N_("The design is for: {names} ({share} of those who answered).")
    return page.say(words, names=names, share=page.language.share(share))
