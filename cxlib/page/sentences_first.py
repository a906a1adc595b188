"""What to put right first, in the words of the first screen; else what people rate lowest."""

from cxlib.page.language import N_
from cxlib.page.sentences import (
    as_score,
    first_up,
    not_told_apart,
    within,
)
from cxlib.page.sentences_drivers import driver_strength, rivals_of, strongest_first
from cxlib.page.sentences_gap import rated_lowest, rated_rows
from cxlib.page.sentences_key import (
    SOURCES,
    by_derived,
    ground_of,
    how_much_is_known,
    how_sure,
    judged,
    key_experience,
    key_facts,
    key_strength,
    the_derived_key,
    weighed,
    why_no_key,
)
from cxlib.page.terms import score_digits


def put_right_first(page, rows, drivers=None) -> list[str]:
    """The key experience in the words of the first screen, then how sure: no term of the method.

    Where none can be named, what people rate lowest, and what goes with the outcome (`drivers`).
    """
    known = weighed(rows)
    keys = known[known["key_experience"].eq(True)]
    if known.empty and len(lived := rated_rows(rows)):
        return what_they_say(page, rows, lived, drivers)
    if len(keys) != 1:
        said = key_experience(page, rows)
        return [said] if isinstance(said, str) else said
    key = keys.iloc[0]
    first = (
        the_derived_key(page, rows, key) if by_derived(key) else _the_stated_key(page, rows, key)
    )
    return [first_up(first), how_sure(page, key), how_much_is_known(page, rows, known)]


def _the_stated_key(page, rows, key) -> str:
    """What to put right first, for whom, and by whose word where no customer was asked."""
    facts, (level, word) = key_facts(page, rows, key), key_strength(key)
    if ground_of(key) != "expectation":
        return _the_key_of_another_ground(page, rows, key, facts, level, word)
    if level == "tied":
        words = N_(
            "What to put right first cannot be told for certain: {name}, or as well "
            "{others}. {name} matters {importance} of {top} to {who}, who get {experience} "
            "against the {expectation} they expect."
        )
        return page.say(words, **facts)
    facts["is_"] = page.say(word)
    if judged(key):
        words = N_(
            "{name} {is_} what to put right first: by {source}, it matters {importance} of {top} "
            "to {who}, who get {experience} against the {expectation} they expect."
        )
        return page.say(words, source=page.say(SOURCES[key["from"]]), **facts)
    words = N_(
        "{name} {is_} what to put right first: it matters {importance} of {top} to "
        "{who}, who get {experience} against the {expectation} they expect."
    )
    return page.say(words, **facts)


def _the_key_of_another_ground(page, rows, key, facts, level, word) -> str:
    """The same where no expectation was asked."""
    if level == "tied":
        words = N_(
            "What to put right first cannot be told for certain: {name}, or as well {others}. {name} "
            "matters {importance} of {top} to {who}, and {served}."
        )
        return page.say(words, **facts)
    words = N_(
        "{name} {is_} what to put right first: it matters {importance} of {top} to {who}, and {served}."
    )
    if ground_of(key) == "asked_satisfaction" and _most_and_worst(rows, key):
        words = N_(
            "{name} {is_} what to put right first: it matters most to {who} ({importance} of {top}) and "
            "satisfies them least ({score} of {best})."
        )
    score = (
        as_score(page, key["asked_satisfaction"], score_digits(rows))
        if "asked_target" in key
        else ""
    )
    best = as_score(page, page.case.asked_scale[1]) if score else ""
    return page.say(words, is_=page.say(word), score=score, best=best, **facts)


def _most_and_worst(rows, key) -> bool:
    """Whether it surely matters most of all, and surely satisfies least."""
    known = rows.dropna(subset=["importance", "asked_satisfaction"])
    ends = {
        "importance": known["importance"].max(),
        "asked_satisfaction": known["asked_satisfaction"].min(),
    }
    sure = all(not_told_apart(known, key, name).empty for name in ends)
    return len(known) > 1 and sure and all(key[name] == end for name, end in ends.items())


def what_they_say(page, rows, lived, drivers=None) -> list[str]:
    """What is rated lowest and what goes with the outcome most, in one sentence; then what cannot be
    told apart, and why no experience can be called the key one."""
    said, *tied = rated_lowest(page, rows, lived)
    clause = _strongest(page, drivers, lived)
    both = page.say(N_("; ")).join([said.rstrip(".。"), clause]) if clause else said.rstrip(".。")
    return [page.say(N_("{grounds}."), grounds=both), *tied, why_no_key(page, rows)]


def _strongest(page, drivers, lived) -> str:
    """The strongest link with the outcome as a clause; "" where no outcome was asked."""
    if drivers is None or drivers["share"].isna().all():
        return ""
    rows, first = strongest_first(drivers)
    level, word = driver_strength(first)
    facts = {
        "outcome": page.code(first["outcome"]),
        "name": page.label("item", first["item"]),
        "share": within(page, first, "share", page.language.share),
        "is_": page.say(word),
        "others": page.language.join(page.label("item", key) for key in rivals_of(rows)),
    }
    words = N_(
        "the strongest link with “{outcome}” {is_} {name}, which accounts for {share} of its "
        "differences (association, not proof of cause)"
    )
    if level == "tied" and len(rows) > 1:
        words = N_(
            "which of them goes most with “{outcome}” cannot be told: {name}, or as well {others} "
            "(association)"
        )
    elif lived.iloc[0].get("dimension") == first["item"]:
        words = N_(
            "it {is_} also the strongest link with “{outcome}”, of whose differences it accounts for "
            "{share} (association, not proof of cause)"
        )
    return page.say(words, **facts)
