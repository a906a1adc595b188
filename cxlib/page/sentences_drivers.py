"""Headlines of what goes with the outcome, and whether customers say so too."""

import pandas as pd

from cxlib.page.language import sentences_of
from cxlib.page.sentences import key_column, sentence, some
from cxlib.page.terms import strength
from cxlib.sums.interval import not_told_apart

SAID = sentences_of("drivers")
LEAST = 0.05  # of the differences in what was asked of the whole: a weaker link is no finding


@sentence
def drivers(page, shares=None, gaps=None, *_):
    """What goes with the outcome most, and whether customers say so too."""
    if shares is None or shares["share"].isna().all():
        return page.nothing(SAID.no_outcome)
    rows, first = strongest_first(shares)
    if max(first["share"], first.get("r2_low", 0)) < LEAST:  # neither one nor all of them together
        return [page.say(SAID.no_link, first), _driver_base(page, first)]
    level, word = driver_strength(first)
    others = page.names("item", rivals_of(rows))
    words = SAID.tied if level == "tied" and len(rows) > 1 else SAID.strongest
    said = [page.say(words, first, others=others, is_=page.say(word)), _driver_base(page, first)]
    said += [_stated_first(page, first, gaps), said_and_shown(page, shares, gaps)]
    return [*said, *_negative_signs(page, rows), page.say(SAID.association)]


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
    keys = gaps[gaps["key_experience"].eq(True) & gaps["importance"].notna()]
    keys = page.focus_rows(keys) if "segment" in gaps else keys
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
    return [page.say(SAID.negative_sign, row) for _, row in rows[rows["sign"].eq("-")].iterrows()]


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
