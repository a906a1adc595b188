"""Headlines of step 7: what results and waves show, and where the next cycle starts."""

from cxlib.page.language import N_
from cxlib.page.sentences import (
    based,
    clearest_change,
    compared_name,
    first_up,
    focus_rows,
    last_change,
    names_of,
    nothing,
    sentence,
    some,
    within,
)


@sentence
def feedback(page, results=None, *_):
    """In how many periods business grew at least in proportion."""
    if results is None or results.empty:
        return nothing(
            page, N_("No business results have been supplied yet, so nothing is proved.")
        )
    known = results.dropna(subset=["in_proportion"])
    grown = known[known["in_proportion"].eq(True)]
    if known.empty:
        return page.say(
            N_("The business results cannot be set against what was promised: units are missing.")
        )
    count, ranged = (
        page.language.count,
        "promised_low" in known and known["promised_low"].notna().any(),
    )
    judged = (
        page.say(N_("As far as the usual come and go of the periods before tells."))
        if ranged
        else ""
    )
    if len(grown) == len(known):
        words = N_(
            "Each time, business grew at least in proportion to what was added ({count} of {count})."
        )
        return [page.say(words, count=count(len(known))), judged]
    words = N_(
        "Business grew at least in proportion to what was added in {grown} of {known} periods."
    )
    said = page.say(words, grown=count(len(grown)), known=count(len(known)))
    return [said, _grown_by_measure(page, known), judged]


def _grown_by_measure(page, known) -> str:
    """The same of each measure, where there are several."""
    if "measure" not in known or known["measure"].nunique() < 2:
        return ""
    words, count = N_("{name} in {grown} of {known}"), page.language.count
    parts = [
        page.say(
            words,
            name=page.label("measure", measure),
            grown=count(rows["in_proportion"].eq(True).sum()),
            known=count(len(rows)),
        )
        for measure, rows in known.groupby("measure", sort=False)
    ]
    return first_up(page.say(N_("{grounds}."), grounds=page.say(N_("; ")).join(parts)))


@sentence
def waves(page, table=None, *_):
    """The last wave against the one before."""
    if table is None or table.empty:
        return nothing(page, N_("There is only one wave, so nothing can be said about change yet."))
    most = last_change(table)
    if most is None:
        return nothing(page, N_("There are too few answers to say what has changed."))
    wave = page.label("wave", most["wave"])
    if most["different"] is not True:
        last = table[table["wave"].eq(most["wave"])]
        words = N_("Nothing changed by more than chance in wave {wave}.")
        return [page.say(words, wave=wave), *_could_be_seen(page, last)]
    clearest = clearest_change(table)
    words = N_("The clearest change in wave {wave}: {name} by {points} points.")
    if clearest.name != most.name:  # what customers think of it all comes before any one part
        words = N_("What changed in wave {wave}: {name} by {points} points.")
    said = page.say(words, wave=wave, **_change_facts(page, most))
    also = ""
    if clearest.name != most.name:
        words = N_("More clearly still: {name} by {points} points.")
        also = page.say(words, **_change_facts(page, clearest))
    seen = _could_be_seen(page, most.to_frame().T)
    return [said, based(page, most.to_frame().T), also, *seen]


def _change_facts(page, row) -> dict:
    points = within(page, row, "difference", lambda x: page.language.signed(x, 2))
    return {"name": compared_name(page, row), "points": points}


def _could_be_seen(page, rows) -> list[str]:
    """The smallest change that these rows could have shown, measure by measure: scales differ."""
    if not {"detectable", "measure"} <= set(rows):
        return []
    said = []
    for measure, part in rows.dropna(subset=["detectable"]).groupby("measure", sort=False):
        ends = part["detectable"].astype(float)
        write = lambda x: page.language.number(x, 2)  # noqa: E731
        low, high = write(ends.min()), write(ends.max())
        words = N_("{measure}: changes below {low} to {high} points would mostly go unseen.")
        if low == high:
            words = N_("{measure}: changes below {low} points would mostly go unseen.")
        said.append(page.say(words, measure=page.code(measure), low=low, high=high))
    return said


@sentence
def next_cycle(page, table=None, gaps=None, *_):
    """What the next cycle starts from: what was repaired and proved, and the worst that remains."""
    roles = {} if not some(table) else dict(tuple(table.groupby("next", sort=False)))
    names = {
        role: names_of(page, rows.drop_duplicates("dimension")) for role, rows in roles.items()
    }
    parts = []
    if "brand_value" in names:
        words = N_("Repaired and proved: {names}. That becomes the reason to choose this company.")
        if "key_experience" in names:  # one sentence: a report prints the first alone
            words = N_(
                "Repaired and proved: {names}. That becomes the reason to choose this company; the next cycle starts with the worst that remains, {worst}."
            )
        parts.append(
            page.say(words, names=names["brand_value"], worst=names.get("key_experience", ""))
        )
    if "repaired" in names:
        words = N_("{names}: worked on, and not proved yet.")
        parts.append(page.say(words, names=names["repaired"]))
    if not some(gaps) and not parts:
        return nothing(page, N_("No experience has been scored yet."))
    if "brand_value" in names and "key_experience" in names:
        return parts
    if "key_experience" in names:
        words = N_("The key experience stays {names} until it is repaired and proved.")
        if "repaired" not in names:
            words = N_(
                "Nothing has been repaired yet that these data could tell: the key experience stays {names}."
            )
        return [*parts, page.say(words, names=names["key_experience"])]
    if some(gaps) and focus_rows(gaps, page)["key_experience"].isna().all():
        words = N_(
            "The next cycle starts with asking what no experience could be weighed by: what "
            "customers expect, and how much each matters to them."
        )
    else:
        words = N_(
            "The next cycle starts with asking again: no experience stands out as the one to repair."
        )
    return [*parts, page.say(words)]
