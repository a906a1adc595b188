"""Headlines of steps 0 and 1: what we were given, why customers come, whom it is for."""

from cxlib.analysis.grounds import whom
from cxlib.page.language import N_, sentences_of
from cxlib.page.sentences import Nothing, said_of, sentence, some, told
from cxlib.page.terms import TABLES
from cxlib.sums.interval import not_told_apart

SAID = sentences_of("brief")


@sentence
def brief(page, *_):
    """What was sent, and what of it could not be used."""
    case = page.case
    people = 0 if case.survey is None else len(case.survey.people)
    given = sorted({*case.tables} - {"codebook"})  # how the survey is read
    first = SAID.survey_and_tables if given else SAID.survey_alone
    if not people:
        first = SAID.tables_alone if given else SAID.nothing_sent
    names = page.language.join(page.code(name, TABLES) for name in given)
    if len(given) > 5:  # that is a list, not a sentence
        names = page.say(N_("{count} in all"), count=len(given))
    left_out = len(case.rejected)
    used = page.say(SAID.left_out if left_out else SAID.all_used, count=left_out)
    return [page.say(first, people=people, tables=names), last_wave(page), used]


def last_wave(page) -> str:
    """Whose answers today's scores are, where there were several waves."""
    waves = [] if page.case.survey is None else page.case.survey.waves
    if len(waves) < 2:
        return ""
    latest = page.case.latest.people
    words = SAID.one_wave if page.settings.survey.today not in (None, waves[-1]) else SAID.last_wave
    wave = page.label("wave", latest["wave"].iloc[0])
    people = whom(page.case)["n"] or f"<{page.settings.disclosure}"
    return page.say(words, count=len(waves), wave=wave, people=people)


@said_of("design_effect")
def weighting(page, bases=None, margins=None):
    """What the weights cost, and what they were made to meet; nothing where everyone counts 1."""
    everyone = bases.iloc[0]
    if everyone["design_effect"] < 1.005:
        return ""
    said = [page.say(SAID.clustered if told(everyone, "clusters") else SAID.weighted, everyone)]
    if some(margins) and margins["trimmed"].max() > 0:
        said.append(page.say(SAID.trimmed, count=page.language.count(margins["trimmed"].max())))
    return said


@said_of()
def independent(page, signs=None):
    """That answers are taken as independent although they may not be, and what rests on it."""
    row = signs.iloc[0]
    signs = {"accounts": SAID.of_accounts, "people": SAID.of_respondents, "rows": SAID.rows_alike}
    half = page.say(SAID.half_as_much, row) if row["beyond"] else ""
    moved = told(row, "p_key") and row["p_key_then"] != row["p_key"]
    return [page.say(signs[row["sign"]], row), half, page.say(SAID.key_then, row) if moved else ""]


@said_of(without=SAID.reasons_not_asked)
def brand_value(page, reasons=None, *_):
    """The reasons most named for choosing the company, those that tie among them."""
    counted = reasons.reindex(columns=["share", "mentions"]).dropna(axis="columns", how="all")
    value = next(iter(counted), "")
    if not value:
        names = page.names("reason", reasons["reason"].head(4))
        return page.say(SAID.reasons_uncounted, names=names)
    rows = reasons.dropna(subset=[value]).sort_values(value, ascending=False, kind="stable")
    rows = rows.reset_index(drop=True)
    same = rows[value].eq(rows[value].max())
    one_whole = "basis" in rows and rows["basis"].eq("mentions").all()
    tied = not_told_apart(rows, rows.iloc[0], value, parts=one_whole).index
    top = rows[same | rows.index.isin(tied)]

    def write(number):
        return page.write(number, "share" if value == "share" else "count", value)

    names = page.each_with(top, lambda row: page.label("reason", row["reason"]), value, write)
    first = page.say(SAID.named_alike if len(top) > 1 else SAID.most_named, names=names)
    shaky = "reliable" in top and top["reliable"].eq(False).any()
    return [first, page.based(top.head(1)), page.say(SAID.wide_interval) if shaky else ""]


@said_of(without=SAID.for_everyone)
def target_customers(page, targets=None, *_):
    """Whom the design is for, and their share."""
    chosen = targets[targets["designed_for"].eq(True)]
    if chosen.empty:
        # "For whom" says it at the top of a report: the consultant alone reads it here.
        return Nothing(page.say(SAID.no_target, count=len(targets)))
    names = page.names("segment", chosen["segment"])
    words = SAID.designed_for_share if chosen["share"].notna().all() else SAID.designed_for
    return page.say(words, names=names, share=page.language.share(chosen["share"].sum()))


@said_of()
def carried_over(page, table=None, *_):
    """The brand value that this cycle begins with, and from which cycle."""
    names = page.names("reason", table[table["proved"].notna()]["reason"])
    return page.say(SAID.carried_over if names else SAID.nothing_proved, table.iloc[0], names=names)
