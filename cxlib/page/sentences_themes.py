"""What customers say in their own words, as sentences."""

import pandas as pd

from cxlib.analysis.own_words import names_of_no_theme
from cxlib.page.language import sentences_of
from cxlib.page.sentences import on_enough, said_of

SAID = sentences_of("themes")

NAMED = 3  # themes in one sentence


@said_of()
def themes(page, table=None, groups=None):
    """What those with a bad key experience say more than others; what most say; what is heard more
    or less than before; and names in client.yml that name nothing."""
    rows = table[table["segment"].eq("all")].dropna(subset=["share"])
    led = any(name == "low_scorers_say" for name, *_ in page.leading)
    low = "" if led else _low_scorers(page, groups)
    said = [low, _most(page, rows), _moved(page, on_enough(rows))]
    if unknown := names_of_no_theme(page.case, table):
        said.append(page.say(SAID.no_theme, words=page.language.join(map(page.quoted, unknown))))
    return [part for part in said if part]


def _most(page, rows) -> str:
    if rows.empty:
        return ""
    told = page.language.join(page.each(SAID.theme, rows.head(NAMED)))
    return page.say(SAID.most_speak, rows.iloc[0], themes=told)


def _moved(page, rows) -> str:
    """The theme whose share moved most, beyond chance, since the wave before."""
    ends = rows.reindex(columns=["trend_low", "trend_high"]).astype(float)
    sure = rows[(ends["trend_low"] > 0) | (ends["trend_high"] < 0)]
    if sure.empty:
        return ""
    row = sure.loc[sure["trend"].abs().idxmax()]
    words = SAID.less_heard if row["trend"] < 0 else SAID.more_heard
    return page.say(words, row, points=page.language.count(100 * abs(row["trend"])))


@said_of()
def low_scorers_say(page, groups=None):
    """What those with a bad key experience, or who recommend least, speak of more than others."""
    return [_low_scorers(page, groups)]


def _low_scorers(page, groups) -> str:
    rows = low_scorers(groups)
    more = said_more(rows)
    if rows.empty:
        return ""
    nps = rows["group"].eq("recommend").all()
    if more.empty:
        return page.say(SAID.no_other_detractors if nps else SAID.no_other_words, rows.iloc[0])
    return page.say(SAID.other_detractors if nps else SAID.other_words, more.iloc[0])


def low_scorers(groups) -> pd.DataFrame:
    """The themes of those with a bad key experience, as far as they may be told."""
    if groups is None:
        return pd.DataFrame(columns=["share", "share_rest", "different"])
    return groups[groups["grouping"].eq("low_scorers")].dropna(subset=["share"])


def said_more(rows) -> pd.DataFrame:
    """Those that they surely speak of more than the others do, the most frequent first."""
    more = rows["different"].eq(True) & (rows["share"] > rows["share_rest"])
    return rows[more].sort_values("share", ascending=False, kind="stable")
