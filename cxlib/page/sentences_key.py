"""Headlines of step 3: the key experience, on what ground it is one, and how sure that is.

Headlines of what goes with the outcome, and whether customers say so too.
"""

import pandas as pd

from cxlib.analysis import named
from cxlib.page.language import parts, sentences_of
from cxlib.page.sentences import below_zero, first_up, key_column, said_of, sentence, some
from cxlib.page.terms import ASSOCIATION, LEVEL_WORDS, score_digits, strength
from cxlib.page.verdict import SOURCES, shortfall
from cxlib.sums.drivers import linked
from cxlib.sums.interval import not_told_apart

SAID = sentences_of("key")


@sentence
def key_experience(page, gaps, segment=""):
    """The key experience, how sure it is, and how much could be weighed."""
    rows = page.focus_rows(gaps, segment)
    known = named.weighed(rows)
    if rows.empty:
        return page.nothing(SAID.nothing_scored)
    if named.by_own_rule(rows) and not named.all_withheld(rows):
        return _by_own_rule(page, rows, known)
    if known.empty:
        return why_no_key(page, rows)
    keys = known[known["key_experience"].eq(True)]
    if keys.empty:
        return page.say(NO_KEY[named.ground_of(known.iloc[0])], who=page.whom(rows))
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
    rows = named.weighed(page.focus_rows(gaps))
    by = "priority" if len(rows) and rows["weighted_satisfaction"].isna().all() else ""
    by = by or "weighted_satisfaction"
    short = rows[below_zero(rows, by)].sort_values(by, kind="stable")
    if short.empty:
        return page.nothing(SAID.nothing_short)
    words, kind = SAID.worst_weighed, "signed1"
    if named.by_derived(short.iloc[0]):
        words, kind = SAID.worst_derived, "signed2"
    names = page.each_with(short.head(3), page.name_of, by, kind)
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


def why_no_key(page, rows) -> str:
    """What is not known, so that no experience can be called the key one."""
    if named.all_withheld(rows):
        return page.say(SAID.too_few)
    short = rows[rows["satisfaction"] < 0].sort_values("satisfaction", kind="stable")
    matters = rows["importance"].notna().any()
    held = rows.reindex(columns=["satisfaction", "gap", "asked_target"]).notna().any(axis=None)
    if not matters and len(short):
        worst = short.iloc[0]
        return page.say(SAID.furthest_short, worst, name=page.name_of(worst))
    words = SAID.importance_unknown if held else SAID.both_unknown
    return page.say(SAID.expectation_unknown if matters else words)


def _the_key(page, rows, key) -> list[str]:
    """Which it is, as surely as is known; then how far it falls short, and how much it matters."""
    strong, name = named.level(key.get("p_key")), page.name_of(key)
    if len(rows) > 1 and len(named.weighed(rows)) == 1:
        name = page.say(SAID.only_weighed, name=name)
    words = SAID.cannot_tell if strong == "tied" else SAID.is_key
    facts = {"who": page.whom(rows), "others": page.names_of(named.rivals(rows, key))}
    said = page.say(words, name=name, is_=page.say(LEVEL_WORDS[strong]), **facts)
    return [said, first_up(page.say(SAID.sentence_of, grounds=_short_and_matters(page, rows, key)))]


def _short_and_matters(page, rows, key) -> str:
    """1.7 points short of what is expected (1.5 to 2.0); importance 6.7 of 7."""
    short = shortfall(page, named.served(key))
    if named.by_derived(key):
        return page.listed([short, page.say(SAID.derived_importance, key)])
    score = page.as_mean(key["importance"], score_digits(rows))
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
    set_not_measured = named.by_derived(key) and pd.isna(key["satisfaction"])  # the ideal
    said = page.say(SAID.p_given_ideal if set_not_measured else SAID.p_right, key)
    return page.joined([said, page.based(key)]).strip()


def how_much_is_known(page, rows, known) -> str:
    """What could not be weighed, or that importance is only derived; "" where all is stated."""
    grounds = {named.ground_of(row) for _, row in known.iterrows()}
    if grounds == {"asked_satisfaction"}:
        return _asked_against(page, rows, known)
    if any(named.by_derived(row) for _, row in known.iterrows()):
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


# What goes with the outcome, and whether customers say so too


@said_of(known=["share"], without=SAID.no_outcome)
def drivers(page, shares=None, gaps=None, *_):
    """What goes with the outcome most, and whether customers say so too."""
    rows, first = strongest_first(shares)
    if not linked(shares):
        return [page.say(SAID.no_link, first), _driver_base(page, first)]
    level, word = driver_strength(first)
    others = page.names("item", rivals_of(rows))
    words = SAID.tied if level == "tied" and len(rows) > 1 else SAID.strongest
    said = [page.say(words, first, others=others, is_=page.say(word)), _driver_base(page, first)]
    said += [_stated_first(page, first, gaps), said_and_shown(page, shares, gaps)]
    return [*said, *_negative_signs(page, rows), page.say(ASSOCIATION)]


def strongest_first(shares) -> tuple[pd.DataFrame, pd.Series]:
    """(the drivers by LMG, the strongest first; the first of them)."""
    rows = shares[shares["method"].eq("lmg")].sort_values("share", ascending=False)
    return rows, rows.iloc[0]


def driver_strength(first) -> tuple[str, str]:
    """How strongly to speak of the strongest link."""
    return strength(first["p_first"]) if pd.notna(first["p_first"]) else strength(0.0)


def rivals_of(rows) -> list:
    """The drivers that may as well be the strongest: at most two."""
    others = rows.iloc[1:3]
    likely = others["p_first"].ge(0.1)
    return list((others[likely] if likely.any() else others.head(1))["item"])


def said_and_shown(page, shares, gaps) -> str:
    """Where what customers say and what their answers imply lead to two experiences: both names."""
    if not some(shares) or not some(gaps) or shares["share"].isna().all():
        return ""
    keys = page.focus_rows(gaps[gaps["key_experience"].eq(True) & gaps["importance"].notna()])
    _, first = strongest_first(shares)
    level, _ = driver_strength(first)
    if len(keys) != 1 or level == "tied" or key_column(keys) != "dimension":
        return ""
    if first["item"] == keys["dimension"].iloc[0] or first["item"] not in set(gaps["dimension"]):
        return ""
    words = SAID.serve_both if level == "sure" else SAID.probably_serve_both
    return page.say(words, first, key=page.name_of(keys.iloc[0]))


def _negative_signs(page, rows) -> list[str]:
    """Each driver whose coefficient is below zero, all items together: shown, never hidden."""
    if not {"sign", "p_negative"} <= set(rows):
        return []
    return page.each(SAID.negative_sign, rows[rows["sign"].eq("-")])


def _driver_base(page, first) -> str:
    """The base, and what became of those who did not answer every question."""
    left = first.get("left_out", 0)
    if first.get("missing") == "pairwise":
        return page.say(SAID.base_pairwise, first)
    if first.get("missing") == "mean" and first["filled"] > 0:
        return page.say(SAID.base_filled, first)
    return page.based(first) if pd.isna(left) or not left else page.say(SAID.base_left_out, first)


def _stated_first(page, first, gaps) -> str:
    """What customers themselves say matters most, where that was asked by the same names."""
    if gaps is None or "importance" not in gaps:
        return ""
    rows = page.focus_rows(gaps, "all").dropna(subset=["importance"])
    kind = key_column(rows)
    if rows.empty or first["item"] not in set(rows[kind]):
        return ""
    stated = rows.loc[rows["importance"].idxmax()]
    alike = not_told_apart(rows, stated, "importance").sort_values("importance", ascending=False)
    if len(alike):
        named = pd.concat([stated.to_frame().T, alike])
        return page.say(SAID.stated_alike, names=page.names_of(named))
    if stated[kind] == first["item"]:
        return page.say(SAID.stated_too)
    return page.say(SAID.stated_first, name=page.name_of(stated))
