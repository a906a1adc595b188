"""Headlines of step 7: what results and waves show, and where the next cycle starts."""

from cxlib.page.language import N_, sentences_of
from cxlib.page.sentences import clearest_change, first_up, last_change, said_of, sentence, some
from cxlib.sums.loop import DONE_SO_FAR

SAID = sentences_of("feedback")


@said_of(without=SAID.no_results)
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
    return first_up(page.say(N_("{grounds}."), grounds=page.listed(parts)))


@said_of(without=SAID.one_wave)
def waves(page, table=None, *_):
    """The last wave against the one before."""
    most = last_change(table)
    if most is None:
        return page.nothing(SAID.too_few)
    wave = page.label("wave", most["wave"])
    if most["different"] is not True:
        last = table[table["wave"].eq(most["wave"])]
        return [page.say(SAID.nothing_changed, wave=wave), *_could_be_seen(page, last)]
    clearest, rows = clearest_change(table), most.to_frame().T
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


@sentence
def next_cycle(page, table=None, gaps=None, *_):
    """What the next cycle starts from: what was repaired and proved, and the worst that remains."""
    roles = {} if not some(table) else dict(tuple(table.groupby("next", sort=False)))
    names = {role: page.names_of(rows.drop_duplicates("dimension")) for role, rows in roles.items()}
    parts, worst = [], names.get("key_experience", "")
    if "brand_value" in names:  # one sentence: a report prints the first alone
        words = SAID.repaired_and_next if worst else SAID.repaired
        parts.append(page.say(words, names=_proved(page, roles["brand_value"]), worst=worst))
    if "repaired" in names:
        parts.append(page.say(SAID.not_proved, names=names["repaired"]))
    if not some(gaps) and not parts:
        return page.nothing(SAID.nothing_scored)
    if "brand_value" in names and "key_experience" in names:
        return parts
    if "key_experience" in names:
        words = SAID.nothing_repaired if "repaired" not in names else SAID.key_stays
        return [*parts, page.say(words, names=names["key_experience"])]
    unasked = some(gaps) and page.focus_rows(gaps)["key_experience"].isna().all()
    return [*parts, page.say(SAID.ask_what if unasked else SAID.ask_again)]


def _proved(page, rows) -> str:
    """The names of what was proved, each with whether part of what was to be done for it is not."""
    undone = set(rows.loc[rows["condition"].eq(DONE_SO_FAR) & rows["holds"].eq(False), "dimension"])
    names = {row["dimension"]: page.name_of(row) for _, row in rows.iterrows()}
    said = {key: page.say(SAID.part_open, name=names[key]) for key in undone}
    return page.language.join((names | said).values(), 3)
