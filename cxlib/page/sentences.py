"""Headlines: full sentences computed from the tables beneath them, right for any client.

A sentence never says more than its table: what is not known is said, in the same voice; strength
follows the evidence (`terms.strength`).
"""

import numpy as np
import pandas as pd

from cxlib.client.survey import in_time
from cxlib.page.language import N_
from cxlib.page.terms import CODES, INPUTS, KANO, LEVERS, TABLES, score_digits, strength
from cxlib.sums.churn import LOSS_INPUTS
from cxlib.sums.complaint import complaint_effect

SENTENCES = {}


class Nothing(str):
    """A sentence that can only say what was not supplied; a report leaves it out."""


class Led(str):
    """A sentence whose first clause, `lead`, weighs most."""

    lead = ""


def sentence(function):
    """Registers a headline under the function's own name."""
    SENTENCES[function.__name__] = function
    return function


def _nothing(page, sentence: str) -> Nothing:
    return Nothing(page.say(sentence))


# Headlines made of each person's answers: what must have been asked, or be named in client.yml.
OUTCOME_ASKED = ("overall", "recommend", "repurchase")
OF_EACH_PERSON = {
    "segments": ("segment",),
    "waves": ("wave",),
    "drivers": OUTCOME_ASKED,
    "penalties": OUTCOME_ASKED,
    "stakes": OUTCOME_ASKED,
    "net_promoters": ("recommend",),
    "requirements": ("functional",),
    "kano_segments": ("functional",),
}


def or_too_large(page, name: str, said):
    """What was said; of a survey too large to be held person by person, why nothing could be."""
    large = getattr(page.case, "large", None)
    if large is None or not isinstance(said, Nothing):
        return said
    survey = page.settings.survey
    asked = {
        *large.columns["measure"],
        *(each for each in ("segment", "wave") if getattr(survey, each)),
    }
    if asked.isdisjoint(OF_EACH_PERSON.get(name, ())):
        return said
    words = N_(
        "This needs each person's answers side by side, and a survey of this size is kept as sums: "
        "a second client, of a random sample of it, would show it."
    )
    return Nothing(page.say(words))


# What a table is about


def key_column(rows: pd.DataFrame) -> str:
    return "item" if "item" in rows else "dimension"


def focus_rows(table: pd.DataFrame, page, segment: str = "") -> pd.DataFrame:
    """The rows of one segment: the one asked for, else the one the design is for."""
    if "segment" not in table:
        return table.reset_index(drop=True)
    segments = table["segment"].unique()
    wanted = segment or (page.focus if page.focus in segments else "all")
    return table[table["segment"].eq(wanted)].reset_index(drop=True)


def _who(page, rows) -> str:
    segment = rows["segment"].iloc[0] if "segment" in rows and len(rows) else "all"
    return page.say(N_("customers")) if segment == "all" else page.label("segment", segment)


def _name(page, row) -> str:
    """A dimension by its name; an item, often a whole sentence, in quotation marks."""
    if "item" in row.index:
        return page.say(N_("“{words}”"), words=page.label("item", row["item"]))
    return page.label("dimension", row["dimension"])


def _names(page, rows, most=3) -> str:
    names = [_name(page, row) for _, row in rows.head(most).iterrows()]
    if len(rows) > most:
        more = page.language.count(len(rows) - most)
        names.append(page.say(N_("{count} more"), count=more))
    return page.language.join(names)


def _score(page, value, digits=1) -> str:
    """5, not 5.0, where the score was given as a whole number; no zeros behind 4.2 either."""
    exact = [d for d in range(digits) if pd.notna(value) and round(float(value), d) == value]
    return page.language.number(value, min(exact, default=digits))


def within(page, row, name, write) -> str:
    """The number with its interval, where one is known: 1.7 (1.5 to 1.9)."""
    low, high = row.get(f"{name}_low"), row.get(f"{name}_high")
    if low is None or high is None or pd.isna(low) or pd.isna(high):
        return write(row[name])
    words = N_("{value} ({low} to {high})")
    return page.say(words, value=write(row[name]), low=write(low), high=write(high))


def below_zero(rows, name) -> pd.Series:
    """Which rows are below zero beyond chance; without an interval, as the number says."""
    high = rows.get(f"{name}_high", pd.Series(np.nan, rows.index))
    return high.astype(float).fillna(rows[name]) < 0


def not_told_apart(rows, first, name, parts: bool = False) -> pd.DataFrame:
    """The other rows from which the first cannot be told apart by their intervals.

    The interval of a difference from the intervals of its two sides (MOVER: Zou & Donner 2008,
    Statistics in Medicine 27), which is cautious where the same people answered both. Of `parts`
    of one whole, what one has the others lack: their sides are added, not squared.
    """
    others = rows[rows.index != first.name]
    if f"{name}_low" not in rows or pd.isna(first[f"{name}_low"]):
        return others.head(0)
    low, high = others[f"{name}_low"].astype(float), others[f"{name}_high"].astype(float)
    up = first[name] > others[name]
    mine = np.where(up, first[name] - first[f"{name}_low"], first[f"{name}_high"] - first[name])
    theirs = np.where(up, high - others[name], others[name] - low)
    reach = mine + theirs if parts else np.hypot(mine, theirs)
    return others[(others[name] - first[name]).abs() <= reach]


def _as_wide(page, rows, first, name) -> str:
    """Which shortfalls may be as wide as the widest."""
    others = not_told_apart(rows, first, name).sort_values(name, kind="stable")
    if others.empty:
        return ""
    words = N_("The difference may be as wide in {names}: the answers cannot tell them apart.")
    if name not in ("satisfaction", "gap"):  # importance is in it already
        words = N_("{names} may weigh as much: the answers cannot tell them apart.")
    elif _matters_more(rows, first, others):
        words = N_("The difference may be as wide in {names}, but {name} matters more.")
    return page.say(words, names=_names(page, others), name=_name(page, first))


def _matters_more(rows, first, others) -> bool:
    """Whether the first is more important than each of the others, beyond chance."""
    if (
        "importance" not in rows
        or pd.isna(rows.loc[[first.name, *others.index], "importance"]).any()
    ):
        return False
    alike = not_told_apart(rows, first, "importance")
    more = others["importance"] < first["importance"]
    return bool(more.all() and alike.index.intersection(others.index).empty)


def of_base(page, n) -> str:
    """A base given as a number, as a sentence of its own: "Base: 420 answers."; "" where unknown."""
    if n is None or pd.isna(n):
        return ""
    return page.say(N_("{grounds}."), grounds=_base(page, pd.DataFrame({"n": [n]})))


def based(page, rows) -> str:
    """The base as a sentence of its own, and a warning where it is small."""
    base = _base(page, rows)
    said = page.say(N_("{grounds}."), grounds=base) if base else ""
    if "flag" in rows and rows["flag"].eq("small_base").any():
        few = page.say(N_("It rests on few answers: read it as an indication."))
        return ("" if page.language.chinese else " ").join(part for part in (said, few) if part)
    return said


# Step 0: what we were given

KEPT_AS_SUMS = N_(
    "The survey is too large to be held person by person: scores, gaps and bases rest on every "
    "answer; comparisons of people (drivers, requirement classes, groups, waves, roles) are left out."
)


@sentence
def brief(page, *_):
    case = page.case
    large = getattr(case, "large", None)
    people = len(case.survey.people) if case.survey is not None else large.people if large else 0
    tables = len(case.tables)
    left_out = int(case.rejected_counts.sum()) if large else len(case.rejected)
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
    given = [page.say(first, people=count(people), tables=names), _last_wave(page)]
    given += [page.say(KEPT_AS_SUMS)] if large else []
    if not left_out:
        return [*given, page.say(N_("Every row could be used."))]
    out = N_("Rows left out: {count}, each listed below with its reason.")
    if large:
        out = N_("Left out: {count} rows or answers, counted below by column and reason.")
    return [*given, page.say(out, count=count(left_out))]


def _last_wave(page) -> str:
    """Whose answers today's scores are, where there were several waves."""
    waves = None if page.case.survey is None else page.case.survey.people["wave"].dropna()
    if waves is None or waves.nunique() < 2:
        return ""
    latest = page.case.latest.people
    words = N_("Today's scores rest on the last of {count} waves: {wave}, {people} people.")
    if page.settings.survey.today not in (None, in_time(waves)[-1]):
        words = N_("Today's scores rest on one of {count} waves: {wave}, {people} people.")
    return page.say(
        words,
        count=page.language.count(waves.nunique()),
        wave=page.label("wave", latest["wave"].iloc[0]),
        people=page.language.count(len(latest)),
    )


@sentence
def weighting(page, bases=None, margins=None):
    """What the weights cost, and what they were made to meet; nothing where everyone counts 1."""
    if not _some(bases) or "design_effect" not in bases:
        return ""
    everyone, count = bases.iloc[0], page.language.count
    if pd.isna(everyone["design_effect"]) or everyone["design_effect"] < 1.005:
        return ""
    words = N_(
        "The answers are weighted: {n} people tell as much as {n_eff} who count alike (design "
        "effect {effect})."
    )
    effect = page.language.number(everyone["design_effect"], 2)
    said = [page.say(words, n=count(everyone["n"]), n_eff=count(everyone["n_eff"]), effect=effect)]
    if _some(margins) and margins["trimmed"].max() > 0:
        words = N_(
            "{count} people are held at the largest weight; the margins are met all the same."
        )
        said.append(page.say(words, count=count(margins["trimmed"].max())))
    return said


# Step 1: why customers come


@sentence
def brand_value(page, reasons=None, *_):
    if reasons is None or reasons.empty:
        return _nothing(page, N_("Why customers choose this company has not been asked yet."))
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
    if targets is None or targets.empty:
        return _nothing(
            page, N_("Nothing says who the customers are: the design is for all of them.")
        )
    chosen = targets[targets["designed_for"].eq(True)]
    if chosen.empty:
        words = N_("No target customers are named: the design is for all {count} groups alike.")
        return page.say(words, count=page.language.count(len(targets)))
    names = page.language.join(page.label("segment", name) for name in chosen["segment"])
    share = chosen["share"].sum() if chosen["share"].notna().all() else None
    if share is None:
        return page.say(N_("The design is for: {names}."), names=names)
    words = N_("The design is for: {names} ({share} of those who answered).")
    return page.say(words, names=names, share=page.language.share(share))


# Step 2: experience and expectation


@sentence
def experience(page, gaps, segment=""):
    rows = focus_rows(gaps, page, segment)
    known = rows.dropna(subset=["satisfaction"])
    if known.empty:
        lived = rows.dropna(subset=["experience"]).sort_values("experience", kind="stable")
        if lived.empty:
            return _nothing(page, N_("Neither experience nor expectation is known yet."))
        return _rated_lowest(page, rows, lived)
    short = known[below_zero(known, "satisfaction")].sort_values("satisfaction", kind="stable")
    count, digits = page.language.count, score_digits(rows)
    if short.empty and (known["satisfaction"] < 0).any():
        words = N_(
            "Experience meets what {who} expect in all {known} comparisons, as far as the "
            "answers can tell."
        )
        return page.say(words, who=_who(page, rows), known=count(len(known)))
    if short.empty:
        words = N_(
            "Experience meets or exceeds what {who} expect wherever both are known "
            "({count} of {all})."
        )
        return page.say(words, who=_who(page, rows), count=count(len(known)), all=count(len(rows)))
    worst = short.iloc[0]
    words = N_(
        "{who} get less than they expect in {short} of {known} comparisons, most of all in "
        "{name}: {experience} against the {expectation} they expect."
    )
    first = first_up(
        page.say(
            words,
            who=_who(page, rows),
            short=count(len(short)),
            known=count(len(known)),
            name=_name(page, worst),
            experience=_score(page, worst["experience"], digits),
            expectation=_score(page, worst["expectation"], digits),
        )
    )
    return [first, *_how_short(page, known, short, digits)]


def _rated_lowest(page, rows, lived) -> list[str]:
    """The lowest score, and those that may be as low, where nobody asked what was expected."""
    worst, digits = lived.iloc[0], score_digits(rows)
    words = N_("{name} is rated lowest: {experience}. What customers expect is not known.")
    score = within(page, worst, "experience", lambda x: _score(page, x, digits))
    said = page.say(words, name=_name(page, worst), experience=score)
    alike = not_told_apart(lived, worst, "experience")
    words = N_("{names} may be rated as low: the answers cannot tell them apart.")
    tied = page.say(words, names=_names(page, alike)) if len(alike) else ""
    return [said, tied, based(page, worst.to_frame().T)]


def _how_short(page, known, short, digits) -> list[str]:
    """The widest shortfall with its interval, what may be as wide, and what meets expectation."""
    worst = short.iloc[0]
    if pd.isna(worst.get("satisfaction_high", np.nan)):
        return []
    signed = within(page, worst, "satisfaction", lambda x: page.language.signed(x, digits))
    said = [
        page.say(N_("The difference there: {points} points."), points=signed),
        _as_wide(page, short, worst, "satisfaction"),
        based(page, short.head(1)),
    ]
    if len(known) > len(short):
        words = N_("As expected or better, as far as the answers can tell: {names}.")
        met = known[~known.index.isin(short.index)]
        said.append(page.say(words, names=_names(page, met)))
    return said


def first_up(text: str) -> str:
    return text[:1].upper() + text[1:] if text else text


@sentence
def segments(page, compared=None, *_):
    if compared is None or compared.empty:
        return _nothing(page, N_("There are no groups of customers to compare."))
    known = each_once(of_customers(compared)).dropna(subset=["difference"])
    sure = known[known["different"].eq(True)]
    if known.empty:
        return _nothing(page, N_("The groups are too small to compare."))
    if sure.empty:
        return page.say(N_("No group differs from the rest by more than chance."))
    most = clearest_first(sure).head(1)
    row = most.iloc[0]
    words = N_(
        "The clearest difference: {name}, among “{group}”, is {points} points below everybody else."
    )
    if row["difference"] > 0:
        words = N_(
            "The clearest difference: {name}, among “{group}”, is {points} points above "
            "everybody else."
        )
    points = within(page, distance(row), "difference", lambda x: page.language.number(x, 2))
    said = page.say(
        words, group=group_name(page, row), points=points, name=compared_name(page, row)
    )
    words = N_("In all, {sure} of {all} comparisons differ by more than chance.")
    count = page.language.count
    return [said, based(page, most), page.say(words, sure=count(len(sure)), all=count(len(known)))]


def of_customers(compared: pd.DataFrame) -> pd.DataFrame:
    """The comparisons of customers: how they were asked is no group of them; see `collectors`."""
    if "grouping" not in compared or compared["grouping"].eq("collected_by").all():
        return compared
    return compared[~compared["grouping"].eq("collected_by")]


def each_once(compared: pd.DataFrame) -> pd.DataFrame:
    """The comparisons without mirror images: of two groups, each is all the rest of the other."""
    if "grouping" not in compared or "group" not in compared:
        return compared
    groups = compared.groupby("grouping")["group"]
    return compared[
        (groups.transform("nunique") != 2) | compared["group"].eq(groups.transform("first"))
    ]


def clearest_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Least likely by chance first (q), then widest in terms of its own interval.

    Not by points: outcomes are asked on other scales than experience.
    """
    width = (rows["difference_high"] - rows["difference_low"]) if "difference_low" in rows else 1.0
    order = pd.DataFrame(
        {"q": rows.get("q", 0.0), "wide": -(rows["difference"] / width).abs()}, rows.index
    )
    return rows.loc[order.astype(float).sort_values(["q", "wide"], kind="stable").index]


def distance(row, name="difference"):
    """The row with a difference below zero turned round, its interval with it."""
    if row[name] >= 0:
        return row
    ends = {
        f"{name}_low": -row.get(f"{name}_high", np.nan),
        f"{name}_high": -row.get(f"{name}_low", np.nan),
    }
    return pd.Series({**row, name: -row[name], **ends})


def group_name(page, row, column="group") -> str:
    """A group by the client's word for it within its grouping."""
    return page.label(row.get("grouping", "segment"), row[column])


def compared_name(page, row) -> str:
    """What was compared: an outcome by our name, a dimension by the client's."""
    if "measure" in row and row["measure"] in CODES and row["measure"] != "experience":
        return page.code(row["measure"])
    kind = next((name for name in ("item", "dimension", "measure") if name in row), "")
    return page.label(kind, row[kind]) if kind else ""


# Step 3: the key experience


@sentence
def key_experience(page, gaps, segment=""):
    rows = focus_rows(gaps, page, segment)
    known = weighed(rows)
    if rows.empty:
        return _nothing(page, N_("No experience has been scored yet."))
    if known.empty:
        return _why_no_key(page, rows)
    keys = known[known["key_experience"].eq(True)]
    if keys.empty:
        words = N_(
            "Nowhere do {who} get less than they expect where importance is known: there "
            "is no key experience to repair."
        )
        return page.say(words, who=_who(page, rows))
    if len(keys) > 1 and keys["weighted_satisfaction"].notna().all():
        words = N_(
            "{names} are equally the key experience: importance × satisfaction is "
            "{weighted} in each."
        )
        weighted = _score(page, keys["weighted_satisfaction"].iloc[0])
        return page.say(words, names=_names(page, keys), weighted=weighted)
    key = keys.iloc[0]
    sure = how_sure(page, key) if pd.notna(key.get("p_key")) or judged(key) else ""
    return [_the_key(page, rows, key), sure, how_much_is_known(page, rows, known)]


@sentence
def weighing(page, gaps=None, *_):
    """What comes after the key experience, by importance × shortfall with its interval."""
    if not _some(gaps):
        return _nothing(page, N_("No experience has been scored yet."))
    rows = weighed(focus_rows(gaps, page))
    by = "priority" if len(rows) and rows["weighted_satisfaction"].isna().all() else ""
    by = by or "weighted_satisfaction"
    short = rows[below_zero(rows, by)].sort_values(by, kind="stable")
    if short.empty:
        return _nothing(page, N_("Nothing that could be weighed falls short."))

    def write(value):
        return page.language.signed(value, 2 if by == "priority" else 1)

    said = [
        page.say(N_("{name}: {said}"), name=_name(page, row), said=within(page, row, by, write))
        for _, row in short.head(3).iterrows()
    ]
    words = N_("Weighed by what matters, it is worst here – {names}.")
    if by == "priority":
        words = N_("Weighed by derived importance, it is worst here – {names}.")
    first = page.say(words, names=page.say(N_("; ")).join(said))
    return [
        first,
        _as_wide(page, short, short.iloc[0], by),
        how_much_is_known(page, focus_rows(gaps, page), rows),
    ]


def weighed(rows) -> pd.DataFrame:
    """The rows of which a product of importance and shortfall is known, stated or derived."""
    stated = rows["weighted_satisfaction"].notna()
    return rows[stated | rows["priority"].notna()] if "priority" in rows else rows[stated]


def by_derived(key) -> bool:
    """Whether the key experience rests on derived importance, for none was stated."""
    return pd.isna(key["weighted_satisfaction"]) and pd.notna(key.get("priority"))


def _why_no_key(page, rows) -> str:
    short = rows[rows["satisfaction"] < 0].sort_values("satisfaction", kind="stable")
    if rows["importance"].isna().all() and len(short):
        worst = short.iloc[0]
        words = N_(
            "How much each experience matters is not known, so none can be called the key "
            "one. {name} falls furthest short of what is expected ({satisfaction} points)."
        )
        return page.say(
            words, name=_name(page, worst), satisfaction=page.language.signed(worst["satisfaction"])
        )
    if rows["importance"].isna().all():
        return page.say(
            N_("How much each experience matters is not known, so none can be called the key one.")
        )
    return page.say(
        N_("What customers expect is not known, so no experience can be called the key one.")
    )


def _key_facts(page, rows, key) -> dict:
    return {
        "name": _only_one(page, rows, key),
        "who": _who(page, rows),
        "importance": _score(page, key["importance"], score_digits(rows)),
        "top": _score(page, page.settings.importance_scale[1]),
        "experience": _score(page, key["experience"], score_digits(rows)),
        "expectation": _score(page, key["expectation"], score_digits(rows)),
        "others": _names(page, rivals(rows, key)),
    }


def _only_one(page, rows, key) -> str:
    """The name of the key experience, and that it had no rival where only one could be weighed."""
    if len(rows) == 1 or len(weighed(rows)) > 1:
        return _name(page, key)
    return page.say(N_("{name}, the only one that could be weighed,"), name=_name(page, key))


def _the_key(page, rows, key) -> str:
    if by_derived(key):
        return _the_derived_key(page, rows, key)
    facts, (level, word) = _key_facts(page, rows, key), key_strength(key)
    if level == "tied":
        words = N_(
            "{name} cannot be told apart from {others} as the key experience of {who}: "
            "its importance is {importance} of {top}, and it gets {experience} against "
            "the {expectation} expected."
        )
        return page.say(words, **facts)
    words = N_(
        "{name} {is_} the key experience of {who}: its importance is {importance} of {top}, "
        "and it gets {experience} against the {expectation} expected."
    )
    return page.say(words, is_=page.say(word), **facts)


def _the_derived_key(page, rows, key) -> str:
    """The key experience where customers were not asked what matters."""
    level, word = key_strength(key)
    facts = {
        "name": _name(page, key),
        "who": _who(page, rows),
        "others": _names(page, rivals(rows, key)),
        "is_": page.say(word),
        "experience": _score(page, key["experience"], score_digits(rows)),
        "share": within(page, key, "derived", page.language.share),
    }
    if pd.notna(key["satisfaction"]):
        target = page.say(
            N_("the {expectation} they expect"),
            expectation=_score(page, key["expectation"], score_digits(rows)),
        )
    else:
        target = page.say(
            N_("the {ideal} set as ideal"), ideal=_score(page, key["ideal"], score_digits(rows))
        )
    words = N_(
        "{name} {is_} what to put right first: {who} rate it {experience} against {target}, "
        "and it accounts for {share} of how their overall ratings differ (association)."
    )
    if level == "tied":
        words = N_(
            "What to put right first cannot be told for certain: {name}, or as well {others}. "
            "{who} rate {name} {experience} against {target}, and it accounts for {share} of how "
            "their overall ratings differ (association)."
        )
    return page.say(words, target=target, **facts)


def key_strength(key) -> tuple[str, str]:
    """How strongly to speak of the key experience; without answers, as the scores given say."""
    p = key.get("p_key")
    return strength(1.0 if p is None or pd.isna(p) else p)


def rivals(rows, key) -> pd.DataFrame:
    """The rows that may as well be the key experience, likeliest first."""
    others = rows[rows.index != key.name]
    if "p_key" in others and others["p_key"].notna().any():
        others = others.sort_values("p_key", ascending=False, kind="stable")
        # Those at least half as likely as the likeliest of them, and not far-fetched.
        likely = others[others["p_key"] >= max(0.1, others["p_key"].iloc[0] / 2)]
        return likely.head(3) if len(likely) else others.head(1)
    return others.sort_values("weighted_satisfaction", kind="stable").head(1)


SOURCES = {
    "management": N_("the management's judgement"),
    "frontline": N_("what the front line reports"),
    "assumed": N_("assumptions"),
    "assumption": N_("assumptions"),
}


def judged(key) -> bool:
    """Whether a score is somebody's judgement, not customers' answers."""
    return key.get("from") in SOURCES


def how_sure(page, key) -> str:
    """The probability and the base, or that nobody was asked."""
    p = key.get("p_key")
    if p is None or pd.isna(p):
        words = N_(
            "These scores are {source}, not customers' answers, so no probability can be given."
        )
        return page.say(words, source=page.say(SOURCES[key["from"]])) if judged(key) else ""
    facts = {"p": page.probability(p), "ideal": _score(page, key.get("ideal"))}
    set_against = by_derived(key) and pd.isna(key["satisfaction"])  # an ideal is set, not measured
    if pd.isna(key.get("n")):
        words = N_("The probability that it is the right one: {p}.")
        if set_against:
            words = N_("Given the ideal of {ideal}, which was set, not measured: {p}.")
        return page.say(words, **facts)
    words = N_("The probability that it is the right one: {p}, from {n} answers.")
    if set_against:
        words = N_(
            "The probability that it is the right one, given the ideal of {ideal}, which was set, "
            "not measured: {p}, from {n} answers."
        )
    return page.say(words, n=page.language.count(key["n"]), **facts)


def how_much_is_known(page, rows, known) -> str:
    if any(by_derived(row) for _, row in known.iterrows()):
        return page.say(
            N_(
                "Customers were not asked what matters: importance is derived from "
                "their answers, which is association, not proof."
            )
        )
    if len(known) == len(rows):
        return ""
    words = N_(
        "Only {known} of {all} could be weighed: for the others importance or expectation "
        "is not known."
    )
    count = page.language.count
    return page.say(words, known=count(len(known)), all=count(len(rows)))


@sentence
def drivers(page, shares=None, gaps=None, *_):
    """What goes with the outcome most, and whether customers say so too."""
    if shares is None or shares["share"].isna().all():
        return _nothing(
            page,
            N_(
                "What customers' answers imply about importance cannot be derived: it "
                "needs an outcome, such as overall satisfaction, in the same survey."
            ),
        )
    rows = shares[shares["method"].eq("lmg")].sort_values("share", ascending=False)
    first, others = rows.iloc[0], rows.iloc[1:3]
    others = (
        others[others["p_first"].ge(0.1)] if others["p_first"].ge(0.1).any() else others.head(1)
    )
    facts = {
        "outcome": page.code(first["outcome"]),
        "name": page.label("item", first["item"]),
        "share": within(page, first, "share", page.language.share),
        "others": page.language.join(page.label("item", key) for key in others["item"]),
    }
    level, word = strength(first["p_first"]) if pd.notna(first["p_first"]) else strength(0.0)
    if level == "tied" and len(others):
        words = N_(
            "{name} cannot be told apart from {others} as the strongest link with “{outcome}”: "
            "{name} accounts for {share} of its differences."
        )
        said = page.say(words, **facts)
    else:
        words = N_(
            "{name} {is_} the strongest link with “{outcome}”: it accounts for {share} of its "
            "differences."
        )
        said = page.say(words, is_=page.say(word), **facts)
    return [
        said,
        _driver_base(page, first),
        _stated_first(page, first, gaps),
        said_and_shown(page, shares, gaps),
        *_negative_signs(page, rows),
        page.say(N_("This is association, not proof of cause.")),
    ]


def said_and_shown(page, shares, gaps) -> str:
    """Where what customers say and what their answers imply lead to two experiences: both names."""
    if not _some(shares) or not _some(gaps) or shares["share"].isna().all():
        return ""
    keys = gaps[gaps["key_experience"].eq(True) & gaps["weighted_satisfaction"].notna()]
    keys = focus_rows(keys, page, "all") if "segment" in gaps else keys
    first = shares[shares["method"].eq("lmg")].sort_values("share", ascending=False).iloc[0]
    unsure = pd.isna(first["p_first"]) or strength(first["p_first"])[0] == "tied"
    if len(keys) != 1 or unsure or key_column(keys) != "dimension":
        return ""
    if first["item"] == keys["dimension"].iloc[0] or first["item"] not in set(gaps["dimension"]):
        return ""
    words = N_(
        "What customers say points to {key}; “{outcome}” goes most with {name}: a plan should serve "
        "both."
    )
    if strength(first["p_first"])[0] != "sure":
        words = N_(
            "What customers say points to {key}; “{outcome}” probably goes most with {name}: a plan "
            "should serve both."
        )
    facts = {"key": _name(page, keys.iloc[0]), "name": page.label("item", first["item"])}
    return page.say(words, outcome=page.code(first["outcome"]), **facts)


def _negative_signs(page, rows) -> list[str]:
    """Each driver whose coefficient is below zero, all items together: shown, never hidden."""
    if not {"sign", "p_negative"} <= set(rows):
        return []
    words = N_(
        "Other things equal, higher scores for {name} come with lower “{outcome}” (probability "
        "{p}): unexplained, so do not act on it."
    )
    return [
        page.say(
            words,
            name=page.label("item", row["item"]),
            outcome=page.code(row["outcome"]),
            p=page.probability(row["p_negative"]),
        )
        for _, row in rows[rows["sign"].eq("-")].iterrows()
    ]


def _driver_base(page, first) -> str:
    """The base, and what became of those who did not answer every question."""
    left, count = first.get("left_out", 0), page.language.count
    if first.get("missing") == "pairwise":
        words = N_("Base: {n} answers to the two questions that fewest answered together.")
        return page.say(words, n=count(first["n"]))
    if first.get("missing") == "mean" and first["filled"] > 0:
        words = N_(
            "Base: {n} answers; {filled} blanks were filled with the mean of their question, which "
            "makes the intervals too narrow."
        )
        return page.say(words, n=count(first["n"]), filled=count(first["filled"]))
    if pd.isna(left) or not left:
        return based(page, first.to_frame().T)
    words = N_("Base: {n} answers; {left} people left out, who did not answer every question.")
    return page.say(words, n=count(first["n"]), left=count(left))


def _stated_first(page, first, gaps) -> str:
    """What customers themselves say matters most, where that was asked by the same names."""
    if gaps is None or "importance" not in gaps:
        return ""
    rows = focus_rows(gaps, page, "all").dropna(subset=["importance"])
    kind = key_column(rows)
    if rows.empty or first["item"] not in set(rows[kind]):
        return ""
    stated = rows.loc[rows["importance"].idxmax()]
    alike = not_told_apart(rows, stated, "importance").sort_values("importance", ascending=False)
    if len(alike):
        words = N_(
            "Asked directly, customers call these most important, and the answers cannot "
            "put them in order: {names}."
        )
        named = pd.concat([stated.to_frame().T, alike])
        return page.say(words, names=_names(page, named))
    if stated[kind] == first["item"]:
        return page.say(N_("Customers say so too."))
    words = N_("Asked directly, customers name {name} first.")
    return page.say(words, name=_name(page, stated))


# Step 4: the gap to the ideal


@sentence
def gap(page, gaps, segment=""):
    rows = focus_rows(gaps, page, segment)
    known = rows.dropna(subset=["gap"])
    if known.empty:
        return _nothing(
            page, N_("No ideal experience has been decided yet, so there is no gap to show.")
        )
    short = known[known["gap"] < 0].sort_values("gap", kind="stable")
    if short.empty:
        return page.say(N_("Experience already meets the ideal that was set, everywhere."))
    worst, digits = short[np.isclose(short["gap"], short["gap"].iloc[0])], score_digits(rows)
    first = worst.iloc[0]
    facts = {
        "names": _names(page, worst),
        "points": within(
            page, distance(first, "gap"), "gap", lambda x: page.language.number(x, digits)
        ),
    }
    if len(worst) > 1:
        words = N_("The widest gaps to the ideal are in {names}: {points} points each.")
        return [page.say(words, **facts), based(page, worst)]
    words = N_(
        "The widest gap to the ideal is in {names}: {points} points, from {experience} "
        "today to {ideal}."
    )
    said = [
        page.say(
            words,
            experience=_score(page, first["experience"], digits),
            ideal=_score(page, first["ideal"], digits),
            **facts,
        ),
        _as_wide(page, short, first, "gap"),
        based(page, worst),
    ]
    if len(short) == 1 and len(known) > 1:
        words = N_("Elsewhere experience is at the ideal that was set, or above it.")
        if np.isclose(known.loc[known.index != first.name, "gap"], 0).all():
            words = N_("Elsewhere the ideal was set at today's level.")
        said.append(page.say(words))
    return said


@sentence
def spending(page, advice=None, *_):
    """Where to spend, where to bring up to enough, where to ask whether less would do."""
    if advice is None or advice.empty:
        return _nothing(
            page, N_("No ideal experience has been decided yet, so there is no gap to show.")
        )
    named = {
        kind: page.language.join(page.label("dimension", key) for key in rows["dimension"])
        for kind, rows in advice.groupby("advice", sort=False)
    }
    exceed = advice[advice["advice"].eq("exceed")]
    # Stated importance × (experience − expectation): known only where an expectation was asked.
    asked = "weighted_satisfaction" not in exceed or exceed["weighted_satisfaction"].notna().all()
    beyond = N_("Spend on {names}, and go beyond what is expected there.")
    then = N_("After that, bring up to the ideal: {names}.")
    parts = [
        ("exceed", beyond if asked else N_("Spend on {names} first.")),
        ("repair", then if exceed["dimension"].size else N_("Bring up to the ideal: {names}.")),
        ("above", N_("Already above the ideal that was set: {names}.")),
    ]
    said = [page.say(words, names=named[kind]) for kind, words in parts if kind in named]
    return said or page.say(
        N_(
            "Nothing asks for more money: every experience is at its ideal, "
            "or its ideal is not known."
        )
    )


# Step 5: requirements


@sentence
def register(page, statements=None, *_):
    if statements is None or statements.empty:
        return _nothing(page, N_("What customers require has not been collected yet."))
    return _register_sentence(page, statements)


@sentence
def requirements(page, kano=None, register=None):
    if kano is not None and len(kano):
        return _kano_sentence(page, kano.dropna(subset=["class"]))
    if register is not None and len(register):
        return _register_sentence(page, register)
    return _nothing(page, N_("What customers require has not been asked yet."))


def _kano_sentence(page, kano):
    if kano.empty:
        return page.say(N_("Too few answers to tell what customers require."))
    must = kano[kano["class"].eq("M")].sort_values("worse", kind="stable")
    if must.empty:
        by = kano["class"].value_counts()
        words = N_("No item is a must; most are of the class “{kind}” ({count} of {all}).")
        return page.say(
            words,
            kind=page.code(by.index[0], KANO),
            count=page.language.count(by.iloc[0]),
            all=page.language.count(len(kano)),
        )
    settled = settled_musts(must)
    if settled.empty:
        words = N_("No item is a must beyond doubt; likeliest to be one: {names}.")
        return [page.say(words, names=_names(page, must)), based(page, must.head(1))]
    alike = not_told_apart(settled, settled.iloc[0], "worse")
    words = N_(
        "At least {count} of {all} items must not fail, first of all {name}: without it "
        "customers turn away."
    )
    if len(alike):
        words = N_(
            "At least {count} of {all} items must not fail; {tied} of them tie for first: {name}."
        )
    first = page.say(
        words,
        count=page.language.count(len(settled)),
        all=page.language.count(len(kano)),
        tied=page.language.count(1 + len(alike)),
        name=_names(page, pd.concat([settled.head(1), alike]), most=MUSTS_NAMED),
    )
    base = based(page, settled.head(1))
    return [first, _unsettled(page, len(must) - len(settled)), base, _by_other_table(page, kano)]


def _by_other_table(page, kano) -> str:
    """How many classes hang on which of the two evaluation tables is used."""
    moved = 0 if "class_other" not in kano else (kano["class"] != kano["class_other"]).sum()
    words = N_("By the other evaluation table {count} of {all} would be of another class.")
    count = page.language.count
    return page.say(words, count=count(moved), all=count(len(kano))) if moved else ""


def settled_musts(must) -> pd.DataFrame:
    """Of the items that are likeliest a must, those that are so beyond doubt."""
    return must[must["p_class"].map(is_sure)] if "p_class" in must else must


MUSTS_NAMED = 6  # of those that tie for first: all that a reader can hold


def named_musts(kano, most=MUSTS_NAMED) -> pd.DataFrame:
    """The items that the headline names, so that the figure beside it can name them too."""
    must = kano[kano["class"].eq("M")].sort_values("worse", kind="stable")
    settled = settled_musts(must)
    if settled.empty:
        return must.head(most)
    alike = not_told_apart(settled, settled.iloc[0], "worse")
    return pd.concat([settled.head(1), alike]).head(most)


def is_sure(probability) -> bool:
    """Whether a class may be stated without a doubt; as given where no probability is known."""
    return pd.isna(probability) or strength(probability)[0] == "sure"


def _unsettled(page, count) -> str:
    words = N_("Another {count} may be a must as well: the answers do not settle it.")
    return page.say(words, count=page.language.count(count)) if count else ""


def _register_sentence(page, register):
    kinds = register["kind"].value_counts()
    if len(register) == 1 and "statement" in register:
        words = N_("One requirement is on record: “{words}”.")
        return page.say(words, words=page.label("statement", register["statement"].iloc[0]))
    words = N_("Requirements on record: {all} ({kinds}).")
    pair = N_("{kind} {count}")
    kinds = [
        page.say(pair, kind=page.write(kind, "code", "kind"), count=page.language.count(n))
        for kind, n in kinds.items()
    ]
    return page.say(words, all=page.language.count(len(register)), kinds=page.language.join(kinds))


# Step 6: what fits


@sentence
def strategy(page, portfolio=None, worth=None, *_):
    if portfolio is None or portfolio.empty:
        return _nothing(page, N_("No initiatives have been proposed yet."))
    chosen = _titles(page, portfolio, "chosen")
    if not chosen:
        return page.say(N_("None of the proposed initiatives fits the budget."))
    cost = portfolio.loc[portfolio["chosen"].eq(True), "cost"].sum()
    facts = {"names": chosen, "cost": page.language.money(cost, 3)}
    said = [
        page.say(_within_the_budget(page, worth, facts), **facts),
        to_run(page, worth),
        *_what_it_brings(page, portfolio, worth),
    ]
    return [*said, _too_slow(page, portfolio), second_best(page, portfolio)]


def _too_slow(page, portfolio) -> str:
    """What was left out because its cost is not back in the years planned."""
    late = _titles(page, portfolio.assign(late=portfolio["reason"].eq("pays_late")), "late", most=3)
    words = N_("Left out, because their cost is not back in the years planned: {names}.")
    return page.say(words, names=late) if late else ""


def second_best(page, portfolio) -> str:
    """The second-best plan and its cost: what it does in place of what, where the two share some."""
    second = portfolio[portfolio["second_best"].eq(True)]
    if second.empty:
        return ""
    facts = {"names": _titles(page, portfolio, "second_best")}
    facts["cost"] = page.language.money(second["cost"].sum(), 3)
    first, other = portfolio["chosen"].eq(True), portfolio["second_best"].eq(True)
    if not (first & other).any():
        words = N_("Second best, should that not be possible: {names} (cost {cost}).")
        return page.say(words, **facts)
    facts["new"] = _titles(page, portfolio.assign(new=other & ~first), "new")
    facts["old"] = _titles(page, portfolio.assign(old=first & ~other), "old")
    words = N_(
        "Second best, should that not be possible: the same with {new} in place of {old} "
        "(the plan then costs {cost})."
    )
    if not facts["new"]:
        words = N_(
            "Second best, should that not be possible: the same without {old} (the plan then costs "
            "{cost})."
        )
    return page.say(words, **facts)


def _within_the_budget(page, worth, facts: dict) -> str:
    """The sentence for the plan; the budget goes into `facts`."""
    if worth is None:
        return N_("Most is gained within the budget by: {names} (cost {cost}).")
    row = worth.iloc[0]
    if pd.isna(row["budget"]):
        return N_("No budget was stated; without one, most is gained by: {names} (cost {cost}).")
    facts["budget"] = page.language.money(row["budget"], 3)
    if row["years"] == 1:
        return N_("Most is gained within the budget of {budget} by: {names} (cost {cost}).")
    facts["years"] = page.language.count(row["years"])
    return N_(
        "Most is gained within the budget of {budget} over {years} years by: {names} (cost {cost})."
    )


def to_run(page, worth) -> str:
    """What running the plan adds to its cost within the years planned, where that is something."""
    if worth is None or not worth.iloc[0].get("running_in_plan", 0) > 0:
        return ""
    row, money = worth.iloc[0], page.language.money
    words = N_("Running it adds {running} within the {years} years planned: {all} in all.")
    running, years = row["running_in_plan"], page.language.count(row["years"])
    return page.say(
        words, running=money(running, 3), years=years, all=money(row["cost"] + running, 3)
    )


def _what_it_brings(page, portfolio, worth) -> list[str]:
    """The unit of the benefit, how much it is, and whether the uplifts behind it are assumed."""
    chosen = portfolio[portfolio["chosen"].eq(True)]
    assumed = "from" in chosen and chosen["from"].isin(["assumed", "assumption"]).any()
    money = "unit" in chosen and chosen["unit"].eq("money").all()
    if not money:
        words = N_(
            "The gain is counted in score points, weighted by importance and fit where they are "
            "known; it is not money."
        )
        if assumed:
            words = N_(
                "The gain is counted in score points, weighted by importance and fit where they "
                "are known; it is not money, and the points each would bring are assumed."
            )
        return [page.say(words)]
    said = [] if worth is None else _money_it_brings(page, worth.iloc[0])
    words = N_(
        "The gain is money that the survey ties to each point; the points each would bring are "
        "assumed."
    )
    return [*said, page.say(words)] if assumed else said


def _money_it_brings(page, row) -> list[str]:
    words = N_(
        "Once all of it runs it would keep about {benefit} of revenue a year ({low} to {high}), by "
        "the survey's own link between scores and leaving: an association, not a promise."
    )
    implied = row.get("implied", np.nan)
    if implied > row["benefit"] * 1.005:  # as read, more than the tree can lose
        words = N_(
            "Once all of it runs it would keep at most the whole avoidable loss, about {benefit} of "
            "revenue a year ({low} to {high}); the scores alone would imply {implied}: an "
            "association, not a promise."
        )
    ends = {end: page.language.money(row[f"benefit_{end}"], 2) for end in ("low", "high")}
    ends["implied"] = page.language.money(implied, 2)
    said = [page.say(words, benefit=page.language.money(row["benefit"], 2), **ends)]
    if pd.isna(row["margin"]):  # revenue kept is not money earned
        return said
    words = N_("At a margin of {margin} its cost is back after about {years} years.")
    if row["running"] > 0:
        words = N_(
            "At a margin of {margin}, and {running} a year to run it, its cost is back after about "
            "{years} years."
        )
    if pd.isna(row["payback"]):
        words = N_("At a margin of {margin} it would not earn back what it takes to run.")
    facts = {
        "margin": page.language.share(row["margin"]),
        "years": page.language.number(row["payback"]),
        "running": page.language.money(row["running"], 2),
    }
    return [*said, page.say(words, **facts)]


def _titles(page, portfolio, column, most=99) -> str:
    """The initiatives by name; of more than `most` the first two, and how many more."""
    if column not in portfolio:
        return ""
    rows = portfolio[portfolio[column].eq(True)]
    quoted = N_("“{words}”")  # a name may hold a comma
    names = [page.say(quoted, words=page.label("initiative", key)) for key in rows["initiative"]]
    if len(names) > most:
        more = page.language.count(len(names) - 2)
        names = [*names[:2], page.say(N_("{count} more"), count=more)]
    return page.language.join(names)


# Step 7: did it work?


@sentence
def feedback(page, results=None, *_):
    if results is None or results.empty:
        return _nothing(
            page, N_("No business results have been supplied yet, so nothing is proved.")
        )
    known = results.dropna(subset=["in_proportion"])
    grown = known[known["in_proportion"].eq(True)]
    if known.empty:
        return page.say(
            N_("The business results cannot be set against what was promised: units are missing.")
        )
    count = page.language.count
    if len(grown) == len(known):
        words = N_(
            "Each time, business grew at least in proportion to what was added ({count} of {count})."
        )
        return page.say(words, count=count(len(known)))
    words = N_(
        "Business grew at least in proportion to what was added in {grown} of {known} periods."
    )
    return page.say(words, grown=count(len(grown)), known=count(len(known)))


@sentence
def waves(page, table=None, *_):
    """The last wave against the one before."""
    if table is None or table.empty:
        return _nothing(
            page, N_("There is only one wave, so nothing can be said about change yet.")
        )
    most = last_change(table)
    if most is None:
        return _nothing(page, N_("There are too few answers to say what has changed."))
    wave = page.label("wave", most["wave"])
    if most["different"] is not True:
        last = table[table["wave"].eq(most["wave"])]
        words = N_("Nothing changed by more than chance in wave {wave}.")
        return [page.say(words, wave=wave), *_could_be_seen(page, last)]
    clearest = clearest_change(table)
    words = N_("The clearest change in wave {wave}: {name} by {points} points.")
    if clearest.name != most.name:  # what customers think of it all comes before any one part
        words = N_("What changed in wave {wave}: {name} by {points} points.")
    said = page.say(words, wave=wave, **_change_facts(page, most))
    also = ""
    if clearest.name != most.name:
        words = N_("More clearly still: {name} by {points} points.")
        also = page.say(words, **_change_facts(page, clearest))
    seen = _could_be_seen(page, most.to_frame().T)
    return [said, based(page, most.to_frame().T), also, *seen]


def _change_facts(page, row) -> dict:
    points = within(page, row, "difference", lambda x: page.language.signed(x, 2))
    return {"name": compared_name(page, row), "points": points}


def _could_be_seen(page, rows) -> list[str]:
    """The smallest change that these rows could have shown, measure by measure: scales differ."""
    if not {"detectable", "measure"} <= set(rows):
        return []
    said = []
    for measure, part in rows.dropna(subset=["detectable"]).groupby("measure", sort=False):
        ends = part["detectable"].astype(float)
        write = lambda x: page.language.number(x, 2)  # noqa: E731
        low, high = write(ends.min()), write(ends.max())
        words = N_("{measure}: changes below {low} to {high} points would mostly go unseen.")
        if low == high:
            words = N_("{measure}: changes below {low} points would mostly go unseen.")
        said.append(page.say(words, measure=page.code(measure), low=low, high=high))
    return said


def last_change(table):
    """The change of the last wave to speak of, or None: an outcome that moved beyond chance, else
    what moved most clearly."""
    outcomes = table[table["measure"].isin(OUTCOME_ASKED)] if "measure" in table else table.head(0)
    first = clearest_change(outcomes, table["wave"].iloc[-1])
    return first if first is not None and first["different"] is True else clearest_change(table)


def clearest_change(table, wave=None):
    """The row of the last wave that changed most clearly, beyond chance if any did, or None."""
    wave = table["wave"].iloc[-1] if wave is None else wave
    last = table[table["wave"].eq(wave)].dropna(subset=["difference"])
    sure = last[last["different"].eq(True)]
    rows = sure if len(sure) else last
    return clearest_first(rows).astype(object).iloc[0] if len(rows) else None


@sentence
def next_cycle(page, gaps=None, results=None, *_):
    """What the next cycle starts from: the worst that remains, and what was proved."""
    parts = []
    if results is not None and len(results) and results["in_proportion"].eq(True).any():
        parts.append(
            page.say(
                N_(
                    "What was repaired and has proved itself can become the new "
                    "reason to choose this company."
                )
            )
        )
    if not _some(gaps):
        return parts or _nothing(page, N_("No experience has been scored yet."))
    rows = focus_rows(gaps, page)
    keys = rows[rows["key_experience"].eq(True)]
    if keys.empty:
        parts.append(
            page.say(
                N_(
                    "The next cycle starts with asking again: no experience stands "
                    "out as the one to repair."
                )
            )
        )
    else:
        words = N_("The next cycle starts with {names}.")
        parts.append(page.say(words, names=_names(page, keys)))
    return parts


# The money


@sentence
def churn_cost(page, cost=None, *_):
    lost = loss(cost)
    if lost is None:
        return _nothing(
            page,
            N_(
                "What bad experience costs cannot be said yet: the shares of customers "
                "who complain, stay and leave are not given."
            ),
        )
    gross = cost[cost["view"].eq("gross")].set_index("branch")
    silent = gross.loc["silent_lost", "amount"] / lost["amount"] if lost["amount"] else np.nan
    words = N_(
        "Customers who leave after a bad experience cost about {amount} of revenue a year, {share} "
        "of it ({basis})."
    )
    if not page.language.is_money:
        words = N_(
            "Customers who leave after a bad experience cost about {amount} a year, {share} of what "
            "all customers are worth, in a unit that is no money ({basis})."
        )
    first = page.say(
        words,
        amount=page.language.money(lost["amount"], figures_of(page, lost)),
        share=page.language.share(lost["share"], 1),
        basis=loss_basis(page, lost),
    )
    said = [first]
    if pd.notna(silent):
        said.append(_silent_words(page, gross, silent))
    net = cost[cost["view"].eq("incremental") & cost["branch"].eq("lost")]
    net = net.dropna(subset=["amount"])
    if len(net):
        words = N_(
            "Some would have left anyway: beyond normal churn the loss is about {amount} ({basis})."
        )
        said.append(
            page.say(
                words,
                amount=page.language.money(net["amount"].iloc[0], figures_of(page, net.iloc[0])),
                basis=loss_basis(page, net.iloc[0]),
            )
        )
    return [*said, _range_covers(page), _shares_and_counts(page)]


def _shares_and_counts(page) -> str:
    """Assumed shares of the unhappy beside what was counted among all customers: other bases."""
    inputs, people = getattr(page.case, "churn_inputs", None), getattr(page.case, "leavers", None)
    if inputs is None or people is None:
        return ""
    row = page.gate(complaint_effect(people, page.settings.confidence)).iloc[0]
    stated = inputs.set_index("input").loc[["complain", "silent_lost"]]
    if (
        stated["from"].eq("measured").any()
        or pd.isna(row[["complaint_rate", "churn_silent"]]).any()
    ):
        return ""
    words = N_(
        "Two of these shares are assumed, of those with a bad experience alone: {complain} of them "
        "complain, and {lost} of the silent leave. Counted among all customers, {rate} complained, "
        "and {left} of the others left."
    )
    share = page.language.share
    facts = {"complain": share(stated["share"].iloc[0]), "lost": share(stated["share"].iloc[1])}
    facts |= {"rate": share(row["complaint_rate"], 1), "left": share(row["churn_silent"], 1)}
    return page.say(words, **facts)


def _range_covers(page) -> str:
    """Which shares the range is the range of, where others were given without one."""
    inputs = getattr(page.case, "churn_inputs", None)
    if inputs is None:
        return ""
    used = inputs[inputs["input"].isin(LOSS_INPUTS)]
    known = used["count"].notna() | (used["low"].notna() & used["high"].notna())
    if known.all() or not known.any():
        return ""
    words = N_("The range covers {names} only; no range was given for the other shares.")
    quoted = N_("“{words}”")
    names = [page.say(quoted, words=page.code(key, INPUTS)) for key in used.loc[known, "input"]]
    return page.say(words, names=page.language.join(names))


def _silent_words(page, gross, share) -> str:
    """How much of the loss is silent, and the widest that the ends of both parts allow.

    The outer bound is said to be one: silent loss at its low end with told loss at its high end,
    and the other way round, is less likely than either alone.
    """
    silent, told = gross.loc["silent_lost"], gross.loc["complained_lost"]
    facts = {"share": page.language.share(share), "basis": money_basis(page, silent)}
    ends = [row.get(end, np.nan) for row in (silent, told) for end in ("amount_low", "amount_high")]
    if pd.isna(ends).any() or ends[0] == ends[1] and ends[2] == ends[3]:
        return page.say(
            N_("{share} of the loss, as modelled, leaves without a word ({basis})."), **facts
        )
    low, high = ends[0] / (ends[0] + ends[3]), ends[1] / (ends[1] + ends[2])
    words = N_(
        "{share} of the loss, as modelled, leaves without a word ({basis}; at the very widest {low} "
        "to {high})."
    )
    digits = 1 if 0.995 <= high < 1 or 0 < low < 0.005 else 0  # 100 % would be without complaints
    bounds = {"low": page.language.share(low, digits), "high": page.language.share(high, digits)}
    return page.say(words, **bounds, **facts)


def loss(cost):
    """The row of the gross loss, or None."""
    if cost is None or cost.empty:
        return None
    rows = cost[cost["view"].eq("gross") & cost["branch"].eq("lost")].dropna(subset=["amount"])
    return None if rows.empty else rows.iloc[0]


def loss_basis(page, lost, name="amount") -> str:
    """What an amount rests on, and its range where one is known."""
    low, high = lost.get(f"{name}_low"), lost.get(f"{name}_high")
    if low is None or pd.isna(low) or low == high:
        return page.say(N_("{basis}; no range stated"), basis=money_basis(page, lost))
    rough = lost["from"] != "measured"
    if rough and page.language.short(low, 2) == page.language.short(high, 2):
        return page.say(
            N_("{basis}; the ranges stated hardly move it"), basis=money_basis(page, lost)
        )
    spread = page.language.money_range(low, high, figures_of(page, lost, name))
    return page.say(N_("{basis}; range {range}"), basis=money_basis(page, lost), range=spread)


def figures_of(page, row, name="amount") -> int:
    """Significant figures of an amount and its range: as few as tell the ends of the range apart."""
    low, high = row.get(f"{name}_low", np.nan), row.get(f"{name}_high", np.nan)
    if pd.isna(low) or pd.isna(high) or low == high or row.get("from") != "measured":
        return 2  # what rests on an assumption is not known to three
    short = page.language.short
    return next((k for k in (2, 3, 4) if short(low, k) != short(high, k)), 2)


def money_basis(page, lost) -> str:
    basis = {
        "measured": N_("measured shares"),
        "literature": N_("shares from literature"),
    }.get(lost["from"], N_("assumed shares"))
    return page.say(basis)


@sentence
def tornado(page, swings=None, *_):
    """Which assumption to find out about first."""
    if swings is None or swings.empty:
        return _nothing(
            page, N_("There are no assumptions about the cost of bad experience to test.")
        )
    widest = swings.iloc[swings["swing"].argmax()]
    if not widest["swing"] > 0:
        return _nothing(
            page,
            N_(
                "No range was stated for any share, so it cannot be said which one "
                "matters most for the loss."
            ),
        )
    words = N_(
        "Find out first about “{name}”: between {low} and {high} ({source}) it moves the "
        "loss by {swing} a year, from {least} to {most}."
    )
    ends = sorted([widest["loss_low"], widest["loss_high"]])
    said = page.say(
        words,
        source=page.code(widest["from"]),
        least=page.language.money(ends[0]),
        most=page.language.money(ends[1]),
        name=page.code(widest["input"], INPUTS),
        low=page.language.share(widest["low"]),
        high=page.language.share(widest["high"]),
        swing=page.language.money(widest["swing"]),
    )
    others = swings[swings.index != widest.name]
    near = others[others["swing"] >= NEARLY * widest["swing"]]
    names = [page.quoted(page.code(name, INPUTS)) for name in near["input"]]
    words = N_("{names} moves it almost as much.")
    if len(names) > 1:
        words = N_("{names} move it almost as much.")
    ends = page.say(
        N_(
            "That is at both ends of this one share, the others as stated; the range of the loss is "
            "where it lies with a probability of {confidence}."
        ),
        confidence=page.language.share(page.settings.confidence),
    )
    return [said, ends, page.say(words, names=page.language.join(names)) if names else ""]


NEARLY = 0.8  # of the widest swing: which of two such comes first hangs on how ranges were stated


@sentence
def levers(page, worth=None, *_):
    known = None if worth is None else worth.dropna(subset=["one_point"])
    if known is None or known.empty:
        return _nothing(page, N_("What one point of each lever is worth cannot be said yet."))
    best = known.loc[known["one_point"].idxmax()]
    if best["one_point"] <= 0:
        return page.say(N_("None of the three levers saves anything on these shares."))
    words = N_(
        "One percentage point is worth most here: “{lever}”, about {amount} a year ({basis})."
    )
    level, word = strength(best["p_most"]) if pd.notna(best.get("p_most")) else ("sure", "")
    if level == "tied":
        words = N_(
            "Where one percentage point is worth most cannot be told; likeliest “{lever}”, about "
            "{amount} a year ({basis})."
        )
    elif level != "sure":
        words = N_(
            "One percentage point {is_} worth most here: “{lever}”, about {amount} a year "
            "({basis})."
        )
    said = page.say(
        words,
        is_=page.say(word) if word else "",
        basis=loss_basis(page, best, "one_point"),
        lever=page.code(best["lever"], LEVERS),
        amount=page.language.money(best["one_point"], figures_of(page, best, "one_point")),
    )
    return [said, _handle_them_first(page, known)]


def _handle_them_first(page, known) -> str:
    """Why more complaints would cost money, where they would: not that they should be hushed up."""
    told = known.loc[known["lever"].eq("complaint"), "one_point"]
    if told.empty or not told.iloc[0] < 0:
        return ""
    words = N_(
        "“{lever}” alone would lose revenue, because those who complain are lost more often here "
        "than the silent: mend how complaints are handled first. It is no reason to hush them up."
    )
    return page.say(words, lever=page.code("complaint", LEVERS))


# What a finding rests on


def _some(table) -> bool:
    return table is not None and not table.empty


@sentence
def evidence(page, table=None, *_):
    """Base, interval, source: one line under a finding."""
    if table is None or table.empty:
        return ""
    rows = _spoken_of(page, table)
    parts = [_base(page, rows)]
    if any(name.endswith("_low") and rows[name].notna().any() for name in rows):
        share = page.language.share(page.settings.confidence)
        parts.append(page.say(N_("{confidence} intervals"), confidence=share))
    parts.append(_sources(page, rows))
    return first_up(page.say(N_("; ")).join(part for part in parts if part))


def _spoken_of(page, table) -> pd.DataFrame:
    """The rows that the headline of this table speaks of: one comparison, or one segment."""
    if "difference" not in table:
        return focus_rows(table, page)
    if "wave" in table:
        change = last_change(table)
        return table if change is None else change.to_frame().T
    known = each_once(of_customers(table)).dropna(subset=["difference"])
    sure = known[known["different"].eq(True)] if "different" in known else known
    return clearest_first(sure if len(sure) else known).head(1) if len(known) else table


def with_base(page, words, rows) -> str:
    """Words, and the base of the first of the rows: for the text beside a figure."""
    base = based(page, rows.head(1))
    return ("" if page.language.chinese else " ").join(part for part in (words, base) if part)


# What a base counts: answers, unless a column says that it is customers or cases.
COUNTED = {
    "top_share": "customers",
    "churn": "customers",
    "reached": "customers",
    "weighting": "customers",
    "disputed": "cases",
}
BASE_WORDS = {
    "answers": (
        N_("Base: {n} answers"),
        N_("Base: {low} to {high} answers"),
        N_("Base: {n} answers against {rest}"),
    ),
    "customers": (
        N_("Base: {n} customers"),
        N_("Base: {low} to {high} customers"),
        N_("Base: {n} customers against {rest}"),
    ),
    "cases": (
        N_("Base: {n} cases"),
        N_("Base: {low} to {high} cases"),
        N_("Base: {n} cases against {rest}"),
    ),
}


def _base(page, rows) -> str:
    if "n" not in rows or rows["n"].isna().all():
        return ""
    counted = next((what for column, what in COUNTED.items() if column in rows), "answers")
    one, several, compared = BASE_WORDS[counted]
    against = next((n for n in ("n_rest", "n_before", "n_silent") if n in rows), "")
    count = page.language.count
    if len(rows) == 1 and against and pd.notna(rows[against].iloc[0]):
        n, rest = rows["n"].iloc[0], rows[against].iloc[0]
        return page.say(compared, n=count(n), rest=count(rest))
    asked = rows.loc[rows["n"] > 0, "n"]  # a row of nobody has no number to be the base of
    if asked.empty:
        return ""
    low, high = asked.min(), asked.max()
    if low == high:
        return page.say(one, n=count(low))
    return page.say(several, low=count(low), high=count(high))


def _sources(page, rows) -> str:
    if "from" not in rows:
        return ""
    sources = [page.code(source, CODES) for source in rows["from"].dropna().unique() if source]
    words = N_("source of the numbers: {sources}")
    unique = dict.fromkeys(sources)
    return page.say(words, sources=page.language.join(unique)) if sources else ""
