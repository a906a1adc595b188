"""Headlines for a client who sent one thing: a promoter score, who left, cases, or measures."""

import pandas as pd

from cxlib.page.language import parts, sentences_of
from cxlib.page.sentences import AS_MANY, each_once, on_enough, said_of, sentence, some
from cxlib.page.sentences_survey import net_promoters
from cxlib.page.terms import ASSOCIATION
from cxlib.page.verdict import shortly
from cxlib.sums.interval import not_told_apart

SAID = sentences_of("one_thing")

NAMED = 3  # groups in one sentence


def apart(table) -> pd.DataFrame:
    """The groups that differ from the rest beyond chance, on enough, the highest share first."""
    rows = table.dropna(subset=["difference"])
    # Of two groups, each is all the rest of the other: the one with the higher share alone.
    known = on_enough(each_once(rows.sort_values("difference", ascending=False, kind="stable")))
    return known[known["different"].eq(True) & (known["difference"] > 0)]


@sentence
def promoters(page, waves=None, groups=None, low=None):
    """The net promoter score and its change, by group, and what those who score low say."""
    said = net_promoters(page, waves)
    if not isinstance(said, list):
        return said
    return [*said, _lowest_group(page, groups), *_low_scorers(page, low)]


def _lowest_group(page, groups) -> str:
    """The group with the lowest score, and those that may be as low; of ours, not of how it was asked."""
    if not some(groups):
        return ""
    rows = groups[~groups["grouping"].isin(["everyone", "collected_by"])].dropna(subset=["nps"])
    rows = on_enough(rows[rows["grouping"].eq("segment")] if rows["grouping"].eq("segment").any() else rows)  # fmt: skip
    if len(rows) < 2:
        return ""
    lowest = rows.loc[rows["nps"].idxmin()]
    words = SAID.lowest_among if not_told_apart(rows, lowest, "nps").empty else SAID.lowest_unclear
    return page.say(words, lowest, group=page.group_name(lowest))


def _low_scorers(page, low) -> list[str]:
    """How many of those who score 0 to 6 say why, and what they name."""
    if not some(low) or pd.isna(low["commented"].iloc[0]):
        return []
    first, said = low.iloc[0], []
    if first["commented"]:
        commented = min(first["commented"], first["n"])  # told in fives, which may be more than all
        said.append(page.say(SAID.left_comment, first, count=int(commented)))
    named = low.dropna(subset=["share"])
    named = named[named["reason"].notna()]
    if some(named):
        name = lambda row: page.label("reason", row["reason"])  # noqa: E731
        names = page.each_with(named.head(NAMED), name, "share", "share")
        said.append(page.say(SAID.those_name, names=names))
    return said


@said_of("leaving")
def leavers(page, table=None, *_):
    """Who left, what they were worth, and which traits go with leaving: association, always said."""
    everyone, words, facts = table.iloc[0], SAID.left, {}
    share = page.within(everyone, "leaving", lambda x: page.write(x, "share"))
    if everyone.get("revenue_lost", 0) > 0:
        words, facts = SAID.left_worth, {"part": everyone["revenue_lost"] / everyone["revenue"]}
    left = page.say(words, everyone, share=share, **facts)
    return [left, *_goes_with(page, table), _repeats(page, everyone)]


def _goes_with(page, table) -> list[str]:
    """The traits that leaving surely goes with, the widest difference first; of complaints, and that
    it is no cause, `left_and_complained` tells."""
    if table["difference"].isna().all():
        return []
    told = table["grouping"].eq("complained")
    sure = apart(table[~told])
    if sure.empty:
        return [] if apart(table[told]).size else [page.say(SAID.no_trait)]
    first = sure.drop_duplicates("grouping").head(NAMED)
    names = page.each(SAID.leaving_of, first, name=page.trait_group)
    said = page.say(SAID.leaving_goes_with, names=page.listed(names))
    return [said] if told.any() else [said, page.say(ASSOCIATION)]


def _repeats(page, everyone) -> str:
    """The columns that only repeat who left."""
    same = [name for name in str(everyone.get("same") or "").split(";") if name]
    if not same:
        return ""
    return page.aside(SAID.not_compared, names=page.names("grouping", same))


# how a case ends badly: of all, and where most often
RATES = parts()["cases_end"]


@sentence
def tickets(page, about=None, ends=None):
    """What cases are about; what is answered late, opened again, disputed, not put right."""
    said = _about(page, about)
    if some(ends):
        half = ends["half_within"].dropna() if "half_within" in ends else ()
        said += [page.say(SAID.half_closed, hours=hours(page, each)) for each in half[:1]]
        by = {name: ends[ends["measure"].eq(name)] for name in RATES}
        said += [_rate(page, rows, RATES[name]) for name, rows in by.items()]
    return said


@said_of("of_leavers")
def why_left(page, reasons=None, *_):
    """The reason that is most often on record of those who left."""
    return _about(page, reasons, "of_leavers", SAID.left_for)


def _about(page, about, share="of_cases", words=SAID.cases_about) -> list[str]:
    """What most cases are about, or most left for, and what may be as many."""
    known = None if about is None else about.dropna(subset=[share])
    if not some(known):
        return []
    first = known.iloc[0]
    alike = not_told_apart(known, first, share, parts=True)
    names = shortly(page, [page.quoted(page.group_name(row)) for _, row in alike.iterrows()])
    said = page.say(words, first, name=page.group_name(first))
    return [page.or_alike(said, names, AS_MANY)]


def hours(page, value) -> str:
    """A time as records carry it: whole hours from ten on."""
    return page.language.number(value, 0 if pd.notna(value) and value >= 10 else 1)


def _rate(page, rows, words) -> str:
    """One way of ending badly, and the group in which it surely is most frequent."""
    if rows.empty or pd.isna(rows["of_ended"].iloc[0]):
        return ""
    whole = rows.iloc[0]
    said = page.say(words, whole, hours=hours(page, whole.get("late_after")))
    sure = apart(rows)
    if sure.empty:  # that one in ten takes longer than nine in ten needs no telling
        return "" if whole.get("late_from") == "usual" else page.say(SAID.sentence_of, grounds=said)
    most = sure.iloc[0]
    return page.say(SAID.most_with, most, said=said, name=page.group_name(most))
