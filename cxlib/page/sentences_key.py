"""Headlines of step 3: the key experience, on what ground it is one, and how sure that is."""

import pandas as pd

from cxlib.analysis.named import by_derived, by_own_rule, ground_of, level, rivals, served, weighed
from cxlib.page.language import parts, sentences_of
from cxlib.page.sentences import below_zero, first_up, said_of, sentence, some
from cxlib.page.terms import LEVEL_WORDS, score_digits
from cxlib.page.verdict import SOURCES, shortfall

SAID = sentences_of("key")


@sentence
def key_experience(page, gaps, segment=""):
    """The key experience, how sure it is, and how much could be weighed."""
    rows = page.focus_rows(gaps, segment)
    known = weighed(rows)
    if rows.empty:
        return page.nothing(SAID.nothing_scored)
    if by_own_rule(rows) and not all_withheld(rows):
        return _by_own_rule(page, rows, known)
    if known.empty:
        return why_no_key(page, rows)
    keys = known[known["key_experience"].eq(True)]
    if keys.empty:
        return page.say(NO_KEY[ground_of(known.iloc[0])], who=page.whom(rows))
    if len(keys) > 1 and keys["weighted_satisfaction"].notna().all():
        weighted = page.as_score(keys["weighted_satisfaction"].iloc[0])
        return page.say(SAID.equally_key, names=page.names_of(keys), weighted=weighted)
    key = keys.iloc[0]
    sure = how_sure(page, key) if pd.notna(key.get("p_key")) or judged(key) else ""
    return [*_the_key(page, rows, key), sure, how_much_is_known(page, rows, known)]


def _by_own_rule(page, rows, known) -> list[str]:
    """Which it is by the rule in this client's own notebook, without rivals or a probability."""
    keys, facts = rows[rows["key_experience"].eq(True)], {"who": page.whom(rows)}
    if keys.empty:
        return [page.say(SAID.own_rule_none, **facts)]
    said = [page.say(SAID.own_rule, names=page.names_of(keys), **facts)]
    if len(keys) == 1 and keys.index[0] in known.index:
        grounds = _short_and_matters(page, rows, keys.iloc[0])
        said.append(first_up(page.say(SAID.sentence_of, grounds=grounds)))
    return said


@said_of(without=SAID.nothing_scored)
def weighing(page, gaps=None, *_):
    """What comes after the key experience, by importance × shortfall with its interval."""
    rows = weighed(page.focus_rows(gaps))
    by = "priority" if len(rows) and rows["weighted_satisfaction"].isna().all() else ""
    by = by or "weighted_satisfaction"
    short = rows[below_zero(rows, by)].sort_values(by, kind="stable")
    if short.empty:
        return page.nothing(SAID.nothing_short)

    def write(value):
        return page.language.signed(value, 2 if by_derived(short.iloc[0]) else 1)

    names = page.each_with(short.head(3), lambda row: page.name_of(row), by, write)
    words = SAID.worst_derived if by_derived(short.iloc[0]) else SAID.worst_weighed
    first = page.say(SAID.weighed_alone if len(rows) == 1 else words, names=names)
    known = how_much_is_known(page, page.focus_rows(gaps), rows)
    return [first, page.as_wide(short, short.iloc[0], by), known]


@sentence
def came_for(page, gaps=None, reasons=None):
    """Whether the key experience is among the reasons for coming, where these say of what they speak."""
    if not some(gaps) or not some(reasons) or "dimension" not in reasons:
        return ""
    keys = page.focus_rows(gaps)
    keys = keys[keys["key_experience"].eq(True)]
    spoken = reasons.dropna(subset=["dimension"])
    if len(keys) != 1 or spoken.empty:
        return ""
    key = keys.iloc[0]
    of_key = spoken["dimension"].eq(key["dimension"])
    words = SAID.came_for if of_key.any() else SAID.came_for_others
    others = page.names("dimension", spoken["dimension"].unique()[:3])
    facts = {"reasons": page.names("reason", spoken.loc[of_key, "reason"]), "others": others}
    return page.say(words, name=page.name_of(key), **facts)


NO_KEY = parts()["no_key"]


def all_withheld(rows) -> bool:
    """Whether so few answered that no row may be shown."""
    return "flag" in rows and len(rows) > 0 and bool(rows["flag"].eq("withheld").all())


def why_no_key(page, rows) -> str:
    """What is not known, so that no experience can be called the key one."""
    if all_withheld(rows):
        return page.say(SAID.too_few)
    short = rows[rows["satisfaction"] < 0].sort_values("satisfaction", kind="stable")
    matters = rows["importance"].notna().any()
    held = rows.reindex(columns=["satisfaction", "gap", "asked_target"]).notna().any(axis=None)
    if not matters and len(short):
        worst = short.iloc[0]
        points = page.language.signed(worst["satisfaction"])
        return page.say(SAID.furthest_short, name=page.name_of(worst), satisfaction=points)
    words = SAID.importance_unknown if held else SAID.both_unknown
    return page.say(SAID.expectation_unknown if matters else words)


def _the_key(page, rows, key) -> list[str]:
    """Which it is, as surely as is known; then how far it falls short, and how much it matters."""
    strong, facts = level(key.get("p_key")), {"name": page.name_of(key), "who": page.whom(rows)}
    if len(rows) > 1 and len(weighed(rows)) == 1:
        facts["name"] = page.say(SAID.only_weighed, name=facts["name"])
    words = SAID.is_key
    if strong == "tied":
        words = SAID.cannot_tell
        facts["others"] = page.names_of(rivals(rows, key))
    said = page.say(words, is_=page.say(LEVEL_WORDS[strong]), **facts)
    return [said, first_up(page.say(SAID.sentence_of, grounds=_short_and_matters(page, rows, key)))]


def _short_and_matters(page, rows, key) -> str:
    """1.7 points short of what is expected (1.5 to 2.0); importance 6.7 of 7."""
    short = shortfall(page, served(key))
    if by_derived(key):
        return page.listed([short, page.say(SAID.derived_importance, key)])
    score = page.as_score(key["importance"], score_digits(rows))
    top = page.as_score(page.settings.importance_scale[1])
    return page.listed([short, page.say(SAID.importance, score=score, top=top)])


def judged(key) -> bool:
    """Whether a score is somebody's judgement, not customers' answers."""
    return key.get("from") in SOURCES


def how_sure(page, key) -> str:
    """The probability and the base, or that nobody was asked."""
    p = key.get("p_key")
    if p is None or pd.isna(p):
        return page.say(SAID.judged, source=page.say(SOURCES[key["from"]])) if judged(key) else ""
    words = SAID.p_right if pd.isna(key.get("n")) else SAID.p_right_of
    if by_derived(key) and pd.isna(key["satisfaction"]):  # an ideal is set, not measured
        words = SAID.p_given_ideal if pd.isna(key.get("n")) else SAID.p_given_ideal_of
    return page.say(words, key)


def how_much_is_known(page, rows, known) -> str:
    """What could not be weighed, or that importance is only derived; "" where all is stated."""
    grounds = {ground_of(row) for _, row in known.iterrows()}
    if grounds == {"asked_satisfaction"}:
        return _asked_against(page, rows, known)
    if any(by_derived(row) for _, row in known.iterrows()):
        return page.say(SAID.derived)
    if len(known) == len(rows):
        return ""
    return page.say(SAID.only_known, known=len(known), all=len(rows))


def _asked_against(page, rows, known) -> str:
    """What satisfaction as asked is short of, and how many could be weighed by it."""
    to_ideal = known["asked_target"].eq(known["ideal"]).all()
    said = [page.say(SAID.weighed_to_ideal if to_ideal else SAID.weighed_to_top)]
    if len(known) < len(rows):
        said.append(page.say(SAID.only_asked, known=len(known), all=len(rows)))
    return page.joined(said)
