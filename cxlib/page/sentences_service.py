"""Headlines of how the service runs: right for any client, and silent where nothing was sent."""

import numpy as np
import pandas as pd

from cxlib.page.language import parts, sentences_of
from cxlib.page.sentences import AS_MANY, Nothing, distance, said_of, some, told
from cxlib.page.terms import WORTH, score_digits, written_in
from cxlib.page.verdict import shortly
from cxlib.sums.interval import not_told_apart
from cxlib.sums.proactive import EVERY
from cxlib.sums.service_level import FLAT

SAID = sentences_of("service")


@said_of()
def touchpoints(page, table=None, *_):
    """The worst touchpoint, and where nothing is known."""
    name = "asked_satisfaction" if "asked_satisfaction" in table else "experience"
    known = table.dropna(subset=[name])
    blind = table[table["seen"].eq("blind")]
    said = []
    if len(known):
        worst, digits = known.loc[known[name].idxmin()], score_digits(known)
        score = page.within(worst, name, f"number{digits}")
        lowest = page.say(SAID.rated_lowest, worst, score=score)
        alike = _places(page, not_told_apart(known, worst, name))
        said = [page.or_alike(lowest, alike), page.based(worst)]
    if table["cases"].fillna(0).gt(0).any():
        most = table.loc[table["cases"].idxmax()]
        from_there = page.say(SAID.most_cases, most, of=int(table["cases"].sum()))
        alike = not_told_apart(table.dropna(subset=["share"]), most, "share", parts=True)
        said.append(page.or_alike(from_there, _places(page, alike), AS_MANY))
    if len(blind):
        said.append(page.say(SAID.blind_spots, count=len(blind), all=len(table)))
    return said


def _places(page, rows) -> str:
    """Touchpoints by name: two, or the first and how many more."""
    return shortly(page, map(page.quoted, page.each(SAID.place, rows)))


@said_of()
def service_measures(page, latest=None, *_):
    """Which measures miss their target."""
    if latest["verdict"].eq("").all():
        return _perverse(page, latest)
    kinds = {"met": "met", "missed": "missed", "unsure": "cannot_tell"}
    counts = {place: int(latest["verdict"].eq(kind).sum()) for place, kind in kinds.items()}
    missed = latest[latest["verdict"].eq("missed")].iterrows()
    names = page.listed(_against_target(page, row) for _, row in missed)
    said = [page.say(SAID.targets, **counts), page.say(SAID.missed, names=names) if names else ""]
    return [*said, _perverse(page, latest), *_impossible(page, latest)]


def _against_target(page, row) -> str:
    """A measure, where it stands and what it should be."""
    name = page.label("kpi", row["kpi"])
    if pd.isna(row.get("value")) or pd.isna(row.get("target")):
        return name
    kinds = {of: written_in(row, of, "number") for of in ("value", "target")}
    told = {of: page.write(row[of], kind) for of, kind in kinds.items()}
    return page.say(SAID.against_target, name=name, **told)


def _perverse(page, latest) -> str:
    """Each measure that is better the fewer complain."""
    off = latest[latest["perverse"].eq(True)] if "perverse" in latest else latest.head(0)
    return page.say(SAID.perverse, names=page.quoted_names("kpi", off["kpi"])) if len(off) else ""


def _impossible(page, latest) -> list[str]:
    """Each reported NPS that no set of so many answers can give."""
    off = latest[latest["impossible"].eq(True)] if "impossible" in latest else latest.head(0)
    return page.each(SAID.impossible_nps, off, value=lambda row: page.write(row["value"], "number"))


@said_of()
def silent_sufferers(page, reasons=None, *_):
    """The reason behind most cases, and how many suffer it silently."""
    named = reasons[~reasons["reason"].isin(["other", EVERY])]  # of what few called for: together
    if named.empty:
        return None
    top = named.loc[named["silent"].idxmax()]
    said = [page.say(SAID.silent_of_reason, top)]
    if not top["capped"]:
        rate = page.language.share(top["people"] / (top["people"] + top["silent"]), 1)
        said.append(page.say(RATES[top["rate_of"]], top, rate=rate))
    whole = reasons[reasons["reason"].eq(EVERY)]
    if len(whole) and len(reasons) > 2:
        said.append(page.say(SAID.silent_of_all, whole.iloc[0]))
    return said


RATES = parts()["rate_of"]


@said_of()
def roadmap(page, plan=None, *_):
    """When each starts, how sure each place is, and how near the best the plan is."""
    chosen = plan[plan["chosen"].eq(True)]
    if chosen.empty:
        return None  # `strategy` has said it
    starts, within = chosen.groupby("start")["initiative"], chosen["within"].iloc[0]
    years = [page.say(SAID.year_of_names, year=year, names=page.names("initiative", each))
             for year, each in starts]  # fmt: skip
    said = [page.say(SAID.year_by_year, years=page.listed(years))] if len(years) > 1 else []
    if "p_chosen" in chosen and chosen["p_chosen"].lt(0.95).any():
        said.append(page.say(SAID.least_sure, chosen.loc[chosen["p_chosen"].idxmin()]))
    if within > 0.001:
        said.append(page.say(SAID.better_plan, share=page.write(within, "share")))
    return said


@said_of()
def value_to_customer(page, table=None, *_):
    """Which kind of value is spoken of most, and which nobody has looked for."""
    said = []
    if table["share"].notna().any():
        top = table.loc[table["share"].idxmax()]
        facts = {"share": page.write(top["share"], "share"), "mentions": table["mentions"].sum()}
        said.append(page.say(SAID.valued_most, top, **facts))
    unseen = table[table["potential_value"] == 0]["value_kind"]
    if len(unseen):
        kinds = page.language.join(page.code(each, WORTH) for each in unseen)
        said.append(page.say(SAID.nobody_looked, kinds=kinds))
    return said


@said_of()
def service_level(page, best=None, *_):
    """The most profitable level, and how flat the curve is there."""
    row = best.iloc[0]
    words = SAID.best_level if row["between"] else SAID.best_of_given
    said = page.say(words, row, loss=page.language.share(FLAT))
    margin = SAID.margin if told(row, "margin") else SAID.no_margin
    return [said, page.say(margin, row), page.say(SAID.at_edge) if row["at_edge"] else ""]


@said_of("question")
def questions(page, asked=None):
    """How many questions nobody has answered yet, and of what they are."""
    waiting = asked[asked["answer"].isna()]
    of = [page.quoted(each) for each in waiting.get("element", ())]
    words = SAID.waiting_of if of else SAID.waiting if len(waiting) else SAID.all_answered
    return page.say(words, waiting=len(waiting), all=len(asked), names=page.language.join(of, 4))


@said_of()
def owning(page, items=None, hidden=None):
    """What burdens the owner most, and what nobody named."""
    said, of = [page.say(SAID.heaviest, items.iloc[0])], {} if hidden is None else hidden.iloc[0]
    if told(of, "hours_share") and of["unspoken"]:
        said.append(page.say(SAID.unspoken_hours, of))
    return said


@said_of(known=["difference"])
def health(page, areas=None, *_):
    """Areas below and above the reference."""
    below = areas[areas["verdict"].eq("lower")]
    row = distance(below.iloc[0]) if len(below) else areas.loc[areas["difference"].idxmin()]
    if below.empty and row["difference"] >= 0:
        return page.say(SAID.none_below)
    words = SAID.below_reference if len(below) else SAID.largest_shortfall
    group = row.get("reference_group")
    named = page.say(SAID.reference_named, group=group) if pd.notna(group) else ""
    return [page.say(words, row), page.based(row.reindex(["n"])), named]


@said_of()
def effects(page, table=None, *_):
    """Which events a result rose or fell after, beyond its earlier trend."""
    said = []
    for _, row in table.iterrows():
        low, high = sorted(abs(row[end]) for end in ("effect_low", "effect_high"))
        facts = {"effect": abs(row.get("effect", np.nan)), "low": low, "high": high}
        facts = {name: page.language.number(number, 2) for name, number in facts.items()}
        said.append(page.say(parts()["effect_seen"][row["verdict"]], row, **facts))
    if table["verdict"].eq("too_few").all():  # nothing is known yet: said to the consultant only
        return Nothing(said[0])
    return said


@said_of()
def actions(page, done=None, table=None, *_):
    """What is overdue, and how many findings led to action."""
    late = table[table["state"].eq("overdue")] if some(table) else done.iloc[:0]
    names = page.quoted_names("finding", late.get("finding", []), 4)
    overdue = page.say(SAID.overdue, names=names) if names else ""
    row = done.iloc[0]
    still = row["findings"] - row[["done", "overdue", "nobody"]].sum()
    return [overdue, page.say(SAID.actions, row, still=still)]
