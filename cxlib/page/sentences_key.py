"""Headlines of step 3: the key experience, how sure it is, and what drives the outcome."""

import pandas as pd

from cxlib.page.language import N_
from cxlib.page.sentences import (
    as_score,
    as_wide,
    based,
    below_zero,
    distance,
    focus_rows,
    key_column,
    name_of,
    names_of,
    not_told_apart,
    nothing,
    sentence,
    some,
    whom,
    within,
)
from cxlib.page.sentences_gap import experience
from cxlib.page.terms import score_digits, strength


@sentence
def key_experience(page, gaps, segment=""):
    """The key experience, how sure it is, and how much could be weighed."""
    rows = focus_rows(gaps, page, segment)
    known = weighed(rows)
    if rows.empty:
        return nothing(page, N_("No experience has been scored yet."))
    if known.empty:
        return _why_no_key(page, rows)
    keys = known[known["key_experience"].eq(True)]
    if keys.empty:
        words = N_(
            "Nowhere do {who} get less than they expect where importance is known: there "
            "is no key experience to repair."
        )
        return page.say(words, who=whom(page, rows))
    if len(keys) > 1 and keys["weighted_satisfaction"].notna().all():
        words = N_(
            "{names} are equally the key experience: importance × satisfaction is "
            "{weighted} in each."
        )
        weighted = as_score(page, keys["weighted_satisfaction"].iloc[0])
        return page.say(words, names=names_of(page, keys), weighted=weighted)
    key = keys.iloc[0]
    sure = how_sure(page, key) if pd.notna(key.get("p_key")) or judged(key) else ""
    return [_the_key(page, rows, key), sure, how_much_is_known(page, rows, known)]


@sentence
def shortfalls(page, gaps=None, *_):
    """How far the key experience falls short, and what comes after it: for beside the figure, where
    the opening sentence has named it already."""
    if not some(gaps):
        return nothing(page, N_("No experience has been scored yet."))
    rows = focus_rows(gaps, page)
    known = weighed(rows)
    keys = known[known["key_experience"].eq(True)]
    if len(keys) != 1:
        return experience(page, gaps)
    key, weight = keys.iloc[0], "weighted_satisfaction"
    by = "satisfaction" if pd.notna(key["satisfaction"]) else "gap"
    weight = "priority" if by_derived(key) else weight
    words = {
        "satisfaction": N_("{name} falls {points} points short of what {who} expect"),
        "gap": N_("{name} stands {points} points below the ideal that was set"),
    }[by]
    others = known[below_zero(known, weight) & (known.index != key.name)]
    others = others.dropna(subset=[by]).sort_values(weight, kind="stable").head(2)
    facts = {"name": name_of(page, key), "points": _points(page, key, by, rows)}
    said = [page.say(words, who=whom(page, rows), **facts)]
    said += [_next_come(page, others, by, rows)] if len(known) > 1 else []
    short = known[below_zero(known, weight)].sort_values(weight, kind="stable")
    alike = as_wide(page, short, key, weight) if key.name in short.index else ""
    return [page.say(N_("{grounds}."), grounds=page.say(N_("; ")).join(said)), alike]


def _points(page, row, by, rows) -> str:
    """How far a row falls short, in points above zero, with its interval."""
    digits = score_digits(rows)
    return within(page, distance(row, by), by, lambda x: as_score(page, x, digits))


def _next_come(page, others, by, rows) -> str:
    if others.empty:
        return page.say(N_("nothing else that could be weighed falls short"))
    digits = score_digits(rows)
    named = [
        page.say(
            N_("{name} ({said})"),
            name=name_of(page, row),
            said=as_score(page, -row[by], digits),
        )
        for _, row in others.iterrows()
    ]
    words = N_("next, weighed by what matters, come {names}")
    if len(named) == 1:
        words = N_("next, weighed by what matters, comes {names}")
    return page.say(words, names=page.language.join(named))


@sentence
def weighing(page, gaps=None, *_):
    """What comes after the key experience, by importance × shortfall with its interval."""
    if not some(gaps):
        return nothing(page, N_("No experience has been scored yet."))
    rows = weighed(focus_rows(gaps, page))
    by = "priority" if len(rows) and rows["weighted_satisfaction"].isna().all() else ""
    by = by or "weighted_satisfaction"
    short = rows[below_zero(rows, by)].sort_values(by, kind="stable")
    if short.empty:
        return nothing(page, N_("Nothing that could be weighed falls short."))

    def write(value):
        return page.language.signed(value, 2 if by == "priority" else 1)

    said = [
        page.say(N_("{name}: {said}"), name=name_of(page, row), said=within(page, row, by, write))
        for _, row in short.head(3).iterrows()
    ]
    words = N_("Weighed by what matters, it is worst here – {names}.")
    if by == "priority":
        words = N_("Weighed by derived importance, it is worst here – {names}.")
    first = page.say(words, names=page.say(N_("; ")).join(said))
    return [
        first,
        as_wide(page, short, short.iloc[0], by),
        how_much_is_known(page, focus_rows(gaps, page), rows),
    ]


def weighed(rows) -> pd.DataFrame:
    """The rows of which a product of importance and shortfall is known, stated or derived."""
    stated = rows["weighted_satisfaction"].notna()
    return rows[stated | rows["priority"].notna()] if "priority" in rows else rows[stated]


def by_derived(key) -> bool:
    """Whether the key experience rests on derived importance, for none was stated."""
    return pd.isna(key["weighted_satisfaction"]) and pd.notna(key.get("priority"))


def all_withheld(rows) -> bool:
    """Whether so few answered that no row may be shown."""
    return "flag" in rows and len(rows) > 0 and bool(rows["flag"].eq("withheld").all())


def _why_no_key(page, rows) -> str:
    if all_withheld(rows):
        return page.say(N_("Too few people answered for any score to be shown."))
    short = rows[rows["satisfaction"] < 0].sort_values("satisfaction", kind="stable")
    if rows["importance"].isna().all() and len(short):
        worst = short.iloc[0]
        words = N_(
            "How much each experience matters is not known, so none can be called the key "
            "one. {name} falls furthest short of what is expected ({satisfaction} points)."
        )
        return page.say(
            words,
            name=name_of(page, worst),
            satisfaction=page.language.signed(worst["satisfaction"]),
        )
    if rows["importance"].isna().all():
        return page.say(
            N_("How much each experience matters is not known, so none can be called the key one.")
        )
    return page.say(
        N_("What customers expect is not known, so no experience can be called the key one.")
    )


def key_facts(page, rows, key) -> dict:
    """What the sentences about the key experience say of it, in words."""
    return {
        "name": _only_one(page, rows, key),
        "who": whom(page, rows),
        "importance": as_score(page, key["importance"], score_digits(rows)),
        "top": as_score(page, page.settings.importance_scale[1]),
        "experience": as_score(page, key["experience"], score_digits(rows)),
        "expectation": as_score(page, key["expectation"], score_digits(rows)),
        "others": names_of(page, rivals(rows, key)),
    }


def _only_one(page, rows, key) -> str:
    """The name of the key experience, and that it had no rival where only one could be weighed."""
    if len(rows) == 1 or len(weighed(rows)) > 1:
        return name_of(page, key)
    return page.say(N_("{name}, the only one that could be weighed,"), name=name_of(page, key))


def _the_key(page, rows, key) -> str:
    if by_derived(key):
        return the_derived_key(page, rows, key)
    facts, (level, word) = key_facts(page, rows, key), key_strength(key)
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


def the_derived_key(page, rows, key) -> str:
    """The key experience where customers were not asked what matters."""
    level, word = key_strength(key)
    facts = {
        "name": name_of(page, key),
        "who": whom(page, rows),
        "others": names_of(page, rivals(rows, key)),
        "is_": page.say(word),
        "experience": as_score(page, key["experience"], score_digits(rows)),
        "top": as_score(page, page.settings.scale[1]),
        "share": within(page, key, "derived", page.language.share),
    }
    if pd.notna(key["satisfaction"]):
        target = page.say(
            N_("the {expectation} they expect"),
            expectation=as_score(page, key["expectation"], score_digits(rows)),
        )
    else:
        target = page.say(
            N_("the {ideal} set as ideal"), ideal=as_score(page, key["ideal"], score_digits(rows))
        )
    words = N_(
        "{name} {is_} what to put right first: {who} rate it {experience} of {top} against "
        "{target}, and it accounts for {share} of how their overall ratings differ (association)."
    )
    if level == "tied":
        words = N_(
            "What to put right first cannot be told for certain: {name}, or as well {others}. "
            "{who} rate {name} {experience} of {top} against {target}, and it accounts for "
            "{share} of how their overall ratings differ (association)."
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
    facts = {"p": page.probability(p), "ideal": as_score(page, key.get("ideal"))}
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
    """What could not be weighed, or that importance is only derived; "" where all is stated."""
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
        return nothing(
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
    if not some(shares) or not some(gaps) or shares["share"].isna().all():
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
    facts = {"key": name_of(page, keys.iloc[0]), "name": page.label("item", first["item"])}
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
        return page.say(words, names=names_of(page, named))
    if stated[kind] == first["item"]:
        return page.say(N_("Customers say so too."))
    words = N_("Asked directly, customers name {name} first.")
    return page.say(words, name=name_of(page, stated))
