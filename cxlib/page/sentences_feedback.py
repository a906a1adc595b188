"""Headlines of step 7: what results and waves show, and where the next cycle starts.

Headlines of two releases set against each other: what moved, and what came of what was foreseen.
"""

from functools import partial

from cxlib.page import sentences
from cxlib.page.language import N_, parts, sentences_of
from cxlib.page.verdict import shortly
from cxlib.sums.loop import ROSE

SAID = sentences_of("feedback")
SCREEN = sentences_of("verdict")


@sentences.said_of(without=SAID.no_results)
def feedback(page, results=None, *_):
    """In how many periods business grew at least in proportion."""
    known = results.dropna(subset=["in_proportion"])
    grown = known[known["in_proportion"].eq(True)]
    if known.empty:
        return page.say(SAID.no_units)
    ranged = "promised_low" in known and known["promised_low"].notna().any()
    judged = page.say(SAID.usual_come_and_go) if ranged else ""
    if len(grown) == len(known):
        return [page.say(SAID.grew_each_time, count=len(known)), judged]
    said = page.say(SAID.grew_in_some, grown=len(grown), known=len(known))
    return [said, _grown_by_measure(page, known), judged]


def _grown_by_measure(page, known) -> str:
    """The same of each measure, where there are several."""
    if "measure" not in known or known["measure"].nunique() < 2:
        return ""
    parts = []
    for measure, rows in known.groupby("measure", sort=False):
        facts = {"grown": int(rows["in_proportion"].eq(True).sum()), "known": len(rows)}
        parts.append(page.say(SAID.measure_grew, name=page.label("measure", measure), **facts))
    return sentences.first_up(page.say(N_("{grounds}."), grounds=page.listed(parts)))


@sentences.said_of(without=SAID.one_wave)
def waves(page, table=None, *_):
    """The last wave against the one before."""
    most = sentences.last_change(table)
    if most is None:
        return page.nothing(SAID.too_few)
    wave = page.label("wave", most["wave"])
    if most["different"] is not True:
        last = table[table["wave"].eq(most["wave"])]
        return [page.say(SAID.nothing_changed, wave=wave), *_could_be_seen(page, last)]
    clearest, rows = sentences.clearest_change(table), most.to_frame().T
    words, also = SAID.clearest_change, ""
    if clearest.name != most.name:  # what customers think of it all comes before any one part
        words = SAID.what_changed
        also = page.say(SAID.more_clearly, clearest, name=page.compared_name(clearest))
    said = page.say(words, most, wave=wave, name=page.compared_name(most))
    return [said, page.based(most), also, *_could_be_seen(page, rows)]


def _could_be_seen(page, rows) -> list[str]:
    """The smallest change that these rows could have shown, measure by measure: scales differ."""
    if not {"detectable", "measure"} <= set(rows):
        return []
    said = []
    for measure, part in rows.dropna(subset=["detectable"]).groupby("measure", sort=False):
        ends = part["detectable"].astype(float).round(2)
        words = SAID.unseen if ends.min() == ends.max() else SAID.unseen_range
        said.append(page.aside(words, measure=measure, low=ends.min(), high=ends.max()))
    return said


@sentences.sentence
def next_cycle(page, table=None, gaps=None, *_):
    """What the next cycle starts from: what was repaired and proved, and the worst that remains."""
    roles = {} if not sentences.some(table) else dict(tuple(table.groupby("next", sort=False)))
    names = {role: page.names_of(rows.drop_duplicates("dimension")) for role, rows in roles.items()}
    parts, worst = [], names.get("key_experience", "")
    if "brand_value" in names:  # one sentence: a report prints the first alone
        proved = roles["brand_value"]
        seen = proved["condition"].eq(ROSE) | proved["condition"].eq("at_ideal") & proved["holds"]
        words = SAID.repaired_and_next if worst else SAID.repaired
        facts = {"names": names["brand_value"], "worst": worst}
        if worst and not seen.any():  # results alone prove it: the words of the first screen
            words, facts = SCREEN.proved, {"name": facts["names"]}
            facts["after"] = roles["key_experience"]["dimension"].iloc[0]
        parts.append(page.say(words, **facts))
    worked_on = {"in_part": SAID.part_open, "repaired": SAID.not_proved}
    parts += [page.say(worked_on[role], names=names[role]) for role in worked_on if role in names]
    if not sentences.some(gaps) and not parts:
        return page.nothing(SAID.nothing_scored)
    if "brand_value" in names and "key_experience" in names:
        return parts
    if "key_experience" in names:
        words = SAID.key_stays if set(worked_on) & set(names) else SAID.nothing_repaired
        return [*parts, page.say(words, names=names["key_experience"])]
    unasked = sentences.some(gaps) and page.focus_rows(gaps)["key_experience"].isna().all()
    return [*parts, page.say(SAID.ask_what if unasked else SAID.ask_again)]


# Two releases set against each other


WHY_NO_TEST, CAME, LOSS = map(parts().get, ("no_test", "came", "loss_came"))
MOST = 3


@sentences.said_of()
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
        asked = rows["item"].nunique() if "item" in rows else 0
        return page.say(SAID.no_question if asked else SAID.nothing_moved, count=asked)
    else:
        said, rows = [], sentences.clearest_first(sure)
    if rows.empty:
        return said
    move = SAID.of_question if "item" in rows else SAID.move
    moves = page.each(move, rows.head(MOST), measure=partial(_measure, page))
    words = SAID.moved if tested == "apart" else SAID.moved_untested
    return [page.say(words, moves=page.listed(moves)), *said]


def _measure(page, row) -> str:
    """What a score is of, within a sentence."""
    return page.write(row["score_of"], "about").lower()


@sentences.said_of()
def since_shares(page, table=None, *_):
    """What is spoken of, and what cases are about, more or less often than at the other release."""
    rows, why = table.dropna(subset=["share_change"]), table["tested"].unique()
    tested = rows["tested"].eq("apart")
    sure = rows[tested & rows["different"].eq(True)]
    others = rows[~tested & rows["share_change"].ne(0)]
    said = [page.say(SAID.as_often)] if tested.any() and sure.empty else []
    for words, part in ((SAID.often, sure), (SAID.often_untested, others)):
        order = part["share_change"].astype(float).abs().sort_values(ascending=False).index
        moves = page.each(SAID.from_to, part.loc[order].head(MOST), name=page.group_name)
        said += [page.say(words, moves=page.listed(moves))] if moves else []
    said += [page.say(WHY_NO_TEST[each]) for each in why if each != "apart"]
    single = table.loc[table["share_change"].isna(), ["grouping", "group"]].to_numpy()
    names = shortly(page, [page.quoted(page.label(*of)) for of in single])
    return [*said, page.say(SAID.in_one_alone, names=names)] if names else said


@sentences.said_of()
def foreseen(page, table=None, *_):
    """What was foreseen of experiences beside what happened."""
    said = []
    for _, row in table[table["came"].ne("not_asked")].iterrows():
        signed, number = partial(page.language.signed, digits=2), page.language.number
        score = number if row["score_of"] == "experience" else signed
        facts = {"measure": _measure(page, row), "uplift": number(row["uplift"])}
        facts["was"] = sentences.alone(row, "mean_before", score)
        facts["now"] = page.within(row, "mean", score)
        said.append(page.say(CAME[row["came"]], row, **facts))
    why = WHY_NO_TEST.get(table["tested"].iloc[0])
    return [*said, page.say(why)] if said and why else said


@sentences.said_of()
def loss_foreseen(page, table=None, *_):
    """The loss foreseen beside that of today."""
    row = table.iloc[0]
    write = page.language.money, lambda end: page.language.short(end, 2)  # the currency said once
    now, was = (page.within(row, name, *write) for name in ("amount", "amount_before"))
    return page.say(LOSS[row["came"]], now=now, was=was)
