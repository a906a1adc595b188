"""Headlines of two releases set against each other: what moved, and what came of what was foreseen."""

import pandas as pd

from cxlib.page.language import N_
from cxlib.page.sentences import alone, clearest_first, sentence, some, within

MOST = 3
WHY_NO_TEST = {
    "same": N_("Both count the same answers, so no test is made: other decisions moved it."),
    "shared": N_("The two overlap: people are counted in both, so no test is made."),
    "unknown": N_("Whether the same people are in both is not known, so no test is made."),
    "judged": N_("Scores without answers behind them have no interval, so no test is made."),
    "scales": N_("They were asked on different scales, so no difference is told."),
    "confidence": N_("They were worked out at different confidence, so no test is made."),
}
CAME = {
    "put_right": N_("{name} was to be put right, and is: {now}, from {was}."),
    "better": N_("{name} was to be put right, and is better: {now}, from {was}."),
    "worse": N_("{name} was to be put right, and is worse: {now}, from {was}."),
    "as_before": N_(
        "{name} was to be put right; nothing beyond chance has changed: {now}, from {was}."
    ),
    "as_foreseen": N_("{name} was to rise by {uplift}; {points} is no different from that."),
    "less": N_("{name} was to rise by {uplift}; it moved by less: {points}."),
    "more": N_("{name} was to rise by {uplift}; it moved by more: {points}."),
    "not_tested": N_("{name}: {measure} {now}, from {was}; not tested."),
}
LOSS = {
    "within": N_("A loss of {was} a year was foreseen if nothing was done; now it is {now}."),
    "below": N_(
        "The loss is below what was foreseen if nothing was done: {now}, not {was} a year."
    ),
    "above": N_(
        "The loss is above what was foreseen if nothing was done: {now}, not {was} a year."
    ),
}


@sentence
def since(page, table=None, *_):
    """What moved from one release to the other, beyond chance or not, or why no test is made."""
    if not some(table):
        return None
    tested, signed = table["tested"].iloc[0], lambda x: page.language.signed(x, 2)
    rows = table.dropna(subset=["difference"])
    sure = rows[rows["different"].eq(True)]
    if tested != "apart":
        said = [page.say(WHY_NO_TEST[tested])]
        rows = rows[rows["difference"].ne(0)]
        rows = rows.loc[rows["difference"].abs().sort_values(ascending=False).index]
    elif sure.empty:
        return page.say(N_("Nothing moved by more than chance."))
    else:
        said, rows = [], clearest_first(sure)
    if rows.empty:
        return said
    parts = [
        page.say(
            N_("{name} ({measure}) {points}"),
            name=page.label("dimension", row["dimension"]),
            measure=page.write(row["score_of"], "about").lower(),
            points=within(page, row, "difference", signed),
        )
        for _, row in rows.head(MOST).iterrows()
    ]
    words = (
        N_("Beyond chance, in points: {moves}.") if tested == "apart" else N_("{moves}, in points.")
    )
    return [page.say(words, moves=page.say(N_("; ")).join(parts)), *said]


@sentence
def foreseen(page, table=None, *_):
    """What was foreseen of experiences beside what happened."""
    if not some(table):
        return None
    said, write = [], lambda x: page.language.signed(x, 2)
    for _, row in table[table["came"].ne("not_asked")].iterrows():
        facts = {
            "name": page.label("dimension", row["dimension"]),
            "measure": page.write(row["score_of"], "about").lower(),
            "points": within(page, row, "difference", write),
            "uplift": page.language.number(row["uplift"]) if pd.notna(row["uplift"]) else "",
        }
        score = page.language.number if row["score_of"] == "experience" else write
        facts |= {"now": within(page, row, "mean", score), "was": alone(row, "mean_before", score)}
        said.append(page.say(CAME[row["came"]], **facts))
    return said


@sentence
def loss_foreseen(page, table=None, *_):
    """The loss foreseen beside that of today."""
    if not some(table):
        return None
    row = table.iloc[0]
    now, was = (ranged(page, row, name) for name in ("amount", "amount_before"))
    return page.say(LOSS[row["came"]], now=now, was=was)


def ranged(page, row, name: str) -> str:
    """An amount with its range, the currency said once."""
    amount, low, high = (row[f"{name}{end}"] for end in ("", "_low", "_high"))
    if pd.isna(low) or low == high:
        return page.language.money(amount)
    ends = {end: page.language.short(value, 2) for end, value in (("low", low), ("high", high))}
    return page.say(N_("{value} ({low} to {high})"), value=page.language.money(amount), **ends)
