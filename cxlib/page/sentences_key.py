"""Headlines of step 3: the key experience, on what ground it is one, and how sure that is."""

import pandas as pd

from cxlib.page.language import N_
from cxlib.page.sentences import (
    as_score,
    as_wide,
    below_zero,
    distance,
    first_up,
    focus_rows,
    name_of,
    names_of,
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
        return why_no_key(page, rows)
    keys = known[known["key_experience"].eq(True)]
    if keys.empty:
        words = NO_KEY[ground_of(known.iloc[0])]
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
    by, words = SHORT_OF[ground_of(keys.iloc[0])]
    known = known.assign(**asked_shortfall(known)) if by == "short" else known
    key = known.loc[keys.index[0]]
    if by == "short" and key["asked_target"] == key["ideal"]:
        words = N_("satisfaction with {name}, as asked, stands {points} points below the ideal set")
    weight = "weighted_satisfaction" if pd.isna(key.get("priority")) else "priority"
    others = known[below_zero(known, weight) & (known.index != key.name)]
    others = others.dropna(subset=[by]).sort_values(weight, kind="stable").head(2)
    facts = {"name": name_of(page, key), "points": _points(page, key, by, rows)}
    said = [first_up(page.say(words, who=whom(page, rows), **facts))]
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
        return page.language.signed(value, 2 if by_derived(short.iloc[0]) else 1)

    said = [
        page.say(N_("{name}: {said}"), name=name_of(page, row), said=within(page, row, by, write))
        for _, row in short.head(3).iterrows()
    ]
    words = N_("Weighed by what matters, it is worst here – {names}.")
    if by_derived(short.iloc[0]):
        words = N_("Weighed by derived importance, it is worst here – {names}.")
    first = page.say(words, names=page.say(N_("; ")).join(said))
    known = how_much_is_known(page, focus_rows(gaps, page), rows)
    wide = as_wide(page, short, short.iloc[0], by)
    return [first, wide, "" if known in page.opening else known]


def weighed(rows) -> pd.DataFrame:
    """The rows of which a product of importance and shortfall is known, stated or derived."""
    stated = rows["weighted_satisfaction"].notna()
    return rows[stated | rows["priority"].notna()] if "priority" in rows else rows[stated]


def by_derived(key) -> bool:
    """Whether the key experience rests on derived importance, for none was stated."""
    return pd.isna(key["importance"]) and pd.notna(key.get("priority"))


def ground_of(key) -> str:
    """What the key experience falls short of: expectation, ideal or asked_satisfaction."""
    given = key.get("ground")
    if isinstance(given, str) and given:
        return given
    return "expectation" if pd.notna(key["satisfaction"]) else "ideal"


NO_KEY = {
    "expectation": N_(
        "Nowhere do {who} get less than they expect where importance is known: there "
        "is no key experience to repair."
    ),
    "ideal": N_(
        "Nowhere is experience below the ideal that was set, where importance is known: there is no "
        "key experience to repair."
    ),
    "asked_satisfaction": N_(
        "Nowhere does satisfaction, as asked, fall short where importance is known: there is no key "
        "experience to repair."
    ),
}
SHORT_OF = {  # ground: (the column of the shortfall, its words)
    "expectation": ("satisfaction", N_("{name} falls {points} points short of what {who} expect")),
    "ideal": ("gap", N_("{name} stands {points} points below the ideal that was set")),
    "asked_satisfaction": (
        "short",
        N_("satisfaction with {name}, as asked, stands {points} points below the top of its scale"),
    ),
}


def asked_shortfall(rows) -> dict:
    """Satisfaction as asked − its target, with its interval, below zero: short, short_low, …"""
    ends = ("", "_low", "_high")
    return {f"short{end}": rows[f"asked_satisfaction{end}"] - rows["asked_target"] for end in ends}


def all_withheld(rows) -> bool:
    """Whether so few answered that no row may be shown."""
    return "flag" in rows and len(rows) > 0 and bool(rows["flag"].eq("withheld").all())


def why_no_key(page, rows) -> str:
    """What is not known, so that no experience can be called the key one."""
    if all_withheld(rows):
        return page.say(N_("Too few people answered for any score to be shown."))
    short = rows[rows["satisfaction"] < 0].sort_values("satisfaction", kind="stable")
    matters = rows["importance"].notna().any()
    held = rows.reindex(columns=["satisfaction", "gap", "asked_target"]).notna().any(axis=None)
    if not matters and len(short):
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
    words = N_("How much each experience matters is not known, so none can be called the key one.")
    if matters:
        words = N_(
            "What customers expect is not known, so no experience can be called the key one."
        )
    elif not held:
        words = N_(
            "Neither what customers expect nor how much each experience matters is known, so none "
            "can be called the key one."
        )
    return page.say(words)


def key_facts(page, rows, key) -> dict:
    """What the sentences about the key experience say of it, in words."""
    return {
        "name": _only_one(page, rows, key),
        "who": whom(page, rows),
        "importance": as_score(page, key["importance"], score_digits(rows)),
        "top": as_score(page, page.settings.importance_scale[1]),
        "experience": as_score(page, key["experience"], score_digits(rows)),
        "expectation": as_score(page, key["expectation"], score_digits(rows)),
        "served": how_served(page, rows, key),
        "others": names_of(page, rivals(rows, key)),
    }


def how_served(page, rows, key) -> str:
    """How the key experience is served, where no expectation was asked: "" where one was."""
    ground, digits = ground_of(key), score_digits(rows)
    if ground == "expectation":
        return ""
    if ground == "ideal":
        words = N_("it is rated {experience} against the {ideal} set as ideal")
        facts = {name: as_score(page, key[name], digits) for name in ("experience", "ideal")}
        return page.say(words, **facts)
    words = N_("satisfaction with it, as asked, is {score} of {best}")
    score = as_score(page, key["asked_satisfaction"], digits)
    return page.say(words, score=score, best=as_score(page, page.case.asked_scale[1]))


def _only_one(page, rows, key) -> str:
    """The name of the key experience, and that it had no rival where only one could be weighed."""
    if len(rows) == 1 or len(weighed(rows)) > 1:
        return name_of(page, key)
    return page.say(N_("{name}, the only one that could be weighed,"), name=name_of(page, key))


def _the_key(page, rows, key) -> str:
    if by_derived(key):
        return the_derived_key(page, rows, key)
    facts, (level, word) = key_facts(page, rows, key), key_strength(key)
    of_method = ground_of(key) == "expectation"
    if level == "tied":
        words = N_(
            "{name} cannot be told apart from {others} as the key experience of {who}: "
            "its importance is {importance} of {top}, and it gets {experience} against "
            "the {expectation} expected."
        )
        other = N_(
            "{name} cannot be told apart from {others} as the key experience of {who}: its "
            "importance is {importance} of {top}, and {served}."
        )
        return page.say(words if of_method else other, **facts)
    words = N_(
        "{name} {is_} the key experience of {who}: its importance is {importance} of {top}, "
        "and it gets {experience} against the {expectation} expected."
    )
    other = N_(
        "{name} {is_} the key experience of {who}: its importance is {importance} of {top}, and "
        "{served}."
    )
    return page.say(words if of_method else other, is_=page.say(word), **facts)


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
    by = "weighted_satisfaction" if others["weighted_satisfaction"].notna().any() else "priority"
    return others.sort_values(by, kind="stable").head(1) if by in others else others.head(1)


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
        words = N_(
            "The probability that it is the right one, by chance in who answered alone: {p}."
        )
        if set_against:
            words = N_("Given the ideal of {ideal}, which was set, not measured: {p}.")
        return page.say(words, **facts)
    words = N_(
        "The probability that it is the right one, by chance in who answered alone: {p}, from {n} "
        "answers."
    )
    if set_against:
        words = N_(
            "The probability that it is the right one, by chance in who answered alone and given the "
            "ideal of {ideal}, which was set, not measured: {p}, from {n} answers."
        )
    return page.say(words, n=page.language.count(key["n"]), **facts)


def how_much_is_known(page, rows, known) -> str:
    """What could not be weighed, or that importance is only derived; "" where all is stated."""
    grounds = {ground_of(row) for _, row in known.iterrows()}
    if grounds == {"asked_satisfaction"}:
        return _asked_against(page, rows, known)
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


def _asked_against(page, rows, known) -> str:
    """What satisfaction as asked is short of, and how many could be weighed by it."""
    words = N_(
        "Each is weighed by importance × what satisfaction, as asked, lacks to the top of its scale: "
        "assumed, for nobody was asked what they expect, and no ideal was decided."
    )
    if known["asked_target"].eq(known["ideal"]).all():
        words = N_(
            "Each is weighed by importance × what satisfaction, as asked, lacks to the ideal set."
        )
    if len(known) == len(rows):
        return page.say(words)
    few = N_("Only {known} of {all} could be weighed: importance or satisfaction was not asked.")
    count = page.language.count
    return page.joined(
        [page.say(words), page.say(few, known=count(len(known)), all=count(len(rows)))]
    )
