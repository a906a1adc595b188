"""reports/NAME/compare.html: two releases side by side."""

from datetime import date

from markupsafe import Markup

from cxlib.analysis.since import came_true, loss_foreseen, moved, on_what, predictions_of, rows_of
from cxlib.analysis.since_shares import shares_moved
from cxlib.page.language import N_
from cxlib.page.render import MADE_UP, page_html
from cxlib.page.tables import table_html, template

MOVED = ["score_of", "dimension", "item", "n", "mean_before", "mean", "difference", "different"]
OFTEN = ["grouping", "group", "n", "share_then", "share_today", "share_change", "different"]
FORESEEN = ["prediction", "dimension", "score_of", "mean_before", "mean", "difference", "uplift",
            "came"]  # fmt: skip


def comparison(page, before, now, of_two: bool = False) -> tuple[str, list[str]]:
    """The page, and its sentences for a terminal.

    page : of the client of `now`, whose words and language it speaks; before, now : kept runs
    of_two : they are of two clients, so that nothing was foreseen of the one by the other
    """
    table, told = moved(before, now), None if of_two else predictions_of(before)
    parts = [
        ("since", N_("What moved"), table, MOVED),
        ("since", N_("Question by question"), moved(before, now, "item"), MOVED),
        ("since_shares", N_("What customers say, and what cases are about"), shares_moved(before, now), OFTEN),
    ]  # fmt: skip
    if told is not None:
        head = N_("What was foreseen, and what happened")
        parts.append(("foreseen", head, came_true(told, before, now), FORESEEN))
        parts.append(("loss_foreseen", "", loss_foreseen(told, now), None))
    names = {"one": named(page, before, of_two), "two": named(page, now, of_two)}
    title, lines = page.say(N_("{one} – {two}"), **names), answers(page, before, now, of_two)
    alone = [*filter(None, [of_two and in_one_alone(page, before, now)])]
    shown, nothing = [], ""
    said = [title, *lines, *alone]
    for name, words, rows, columns in parts:
        if rows is not None and not rows.empty:
            head = page.say(words) if words else ""
            told = columns and table_html(rows, page, columns, head)
            shown.append((head, Markup(page.headline_html(name, rows)), told))
            said += page.sentences(name, rows)
    if table.empty:
        nothing = N_("No experience is scored in both, so there is nothing to compare.")
        if on_what(before, now) == "same":
            nothing = N_("Both count the same answers, and no score of them moved.")
        said.append(nothing := page.say(nothing))
    told = {"title": title, "lines": lines, "alone": alone, "shown": shown, "nothing": nothing}
    html = page_html(
        Markup(template("compare.html.j2").render(told).strip()), page.language, title, client=page.case.title, colour=page.colour,
        date=page.language.date(date.today()), banner=page.say(MADE_UP) if page.settings.synthetic else "",
    )  # fmt: skip
    return html, said


def named(page, run, of_two: bool) -> str:
    """A kept run by its number and day, and whose it is where there are two clients."""
    day = page.language.date(run.day, "medium")
    if of_two:
        return page.say(N_("{name}, {day}"), name=run.about["title"], day=day)
    return page.say(N_("Run {number} of {day}"), number=run.number, day=day)


def answers(page, before, now, of_two: bool) -> list[str]:
    """What the verdict of each came to, in the words that it was given in."""
    words = N_("{run}: {answer}")
    return [
        page.say(words, run=named(page, run, of_two), answer=run.verdict["said"]["answer"])
        for run in (before, now)
        if run.verdict.get("said")
    ]


def in_one_alone(page, before, now) -> str:
    """The dimensions that one of two clients alone has."""
    one, two = (set(rows_of(*pair)["dimension"]) for pair in ((before, now), (now, before)))
    called = before.about.get("names", {}) | now.about.get("names", {})
    names = [called.get(each) or page.label("dimension", each) for each in sorted(one ^ two)]
    words = N_("Only one of the two has {names}.")
    return page.say(words, names=page.language.join(names)) if names else ""
