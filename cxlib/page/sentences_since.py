"""Headlines of two releases set against each other: what moved, and what came of what was foreseen."""

import pandas as pd

from cxlib.page.language import parts, sentences_of
from cxlib.page.sentences import alone, clearest_first, said_of

SAID = sentences_of("since")
WHY_NO_TEST, CAME, LOSS = map(parts().get, ("no_test", "came", "loss_came"))
MOST = 3


@said_of()
def since(page, table=None, *_):
    """What moved from one release to the other, beyond chance or not, or why no test is made."""
    tested, why = table["tested"].iloc[0], table["because"].iloc[0].split("; ")
    rows = table.dropna(subset=["difference"])
    sure = rows[rows["different"].eq(True)]
    if tested != "apart":
        because = page.language.join([page.write(name, "about") for name in why])
        words = SAID.decided if tested == "same" and because else WHY_NO_TEST[tested]
        said = [page.say(words, because=because)]
        rows = rows[rows["difference"].ne(0)]
        rows = rows.loc[rows["difference"].abs().sort_values(ascending=False).index]
    elif sure.empty:
        return page.say(SAID.nothing_moved)
    else:
        said, rows = [], clearest_first(sure)
    if rows.empty:
        return said
    parts = [
        page.say(SAID.move, row, measure=page.write(row["score_of"], "about").lower())
        for _, row in rows.head(MOST).iterrows()
    ]
    words = SAID.moved if tested == "apart" else SAID.moved_untested
    return [page.say(words, moves=page.listed(parts)), *said]


@said_of()
def foreseen(page, table=None, *_):
    """What was foreseen of experiences beside what happened."""
    said, write = [], lambda x: page.language.signed(x, 2)
    for _, row in table[table["came"].ne("not_asked")].iterrows():
        facts = {"measure": page.write(row["score_of"], "about").lower()}
        score = page.language.number if row["score_of"] == "experience" else write
        facts |= {"now": page.within(row, "mean", score), "was": alone(row, "mean_before", score)}
        facts["uplift"] = page.language.number(row["uplift"])
        said.append(page.say(CAME[row["came"]], row, **facts))
    why = WHY_NO_TEST.get(table["tested"].iloc[0])
    return [*said, page.say(why)] if said and why else said


@said_of()
def loss_foreseen(page, table=None, *_):
    """The loss foreseen beside that of today."""
    row = table.iloc[0]
    now, was = (ranged(page, row, name) for name in ("amount", "amount_before"))
    return page.say(LOSS[row["came"]], now=now, was=was)


def ranged(page, row, name: str) -> str:
    """An amount with its range, the currency said once."""
    amount, low, high = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
    if pd.isna(low) or low == high:
        return page.language.money(amount)
    ends = {end: page.language.short(value, 2) for end, value in (("low", low), ("high", high))}
    return page.say(SAID.ranged, value=page.language.money(amount), **ends)
