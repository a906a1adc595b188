"""The deck: what the verdict says, then a slide a finding, the money, the decision, customers' words,
and how it was done. It speaks from the verdict and from the released tables, and from nothing else.
"""

from pathlib import Path

from cxlib.analysis.churn_cost import cost_of_bad_experience
from cxlib.analysis.executive_report import behind_findings
from cxlib.analysis.own_words import quoted, themes, who_says_it
from cxlib.analysis.strategy_capability import portfolio
from cxlib.analysis.verdict import verdict
from cxlib.page.findings import SCREEN, cautions, leading_findings, method_lines
from cxlib.page.language import N_, parts
from cxlib.page.native import Rows
from cxlib.page.own_slides import COMMENTS, comments, own_slides
from cxlib.page.render import MADE_UP
from cxlib.page.screen import tiles_of, words_of
from cxlib.page.sentences_churn import published_loss
from cxlib.page.sentences_themes import low_scorers, said_more
from cxlib.page.slides import Deck, Slide, picture_of
from cxlib.page.terms import counted_in
from cxlib.page.terms import words_of as words_of_kind
from cxlib.page.verdict import changes, line

ON_SLIDE = {"kano_plane": "must_haves"}  # figures that a slide has another chart for
SOURCES = parts()["slide_sources"]
MOST_POINTS, MOST_QUOTES, MOST_THEMES = 4, 4, 6
UNDRAWN = N_("The logo is an SVG, which slides cannot hold: add it as a PNG to have it on them.")


def write_deck(page, path, date: str = "", own=()) -> list[str]:
    """Writes the deck as a .pptx; what could not be put on it, in words.

    own : what the consultant's cells put into the report; see `own_work.kept`

    >>> from tempfile import mkdtemp
    >>> write_deck(page, f"{mkdtemp()}/deck.pptx")
    []
    """
    settings, folder = page.settings, page.case.folder
    logo = folder / settings.logo if settings.logo else None
    template = str(folder / settings.deck) if settings.deck else None
    deck = Deck(page.language, page.colour, template, picture_of(logo))
    first, *rest = slides_of(page, dict(own))
    deck.open(first, " · ".join(filter(None, [str(page.case.title), page.language.date(date)])))
    for slide in rest:
        deck.add(slide)
    deck.save(Path(path), first.title, str(page.case.title))
    return [page.say(UNDRAWN)] if logo is not None and deck.logo is None else []


def slides_of(page, own=()) -> list[Slide]:
    """What the slides say, in their order; `own` as for `write_deck`.

    >>> slides_of(page)[0].title
    'Fix Convenience first, unless repaired since.'
    """
    found, tables = verdict(page.case), behind_findings(page.case)
    said = words_of(page, found)
    said["tiles"] = tiles_of(said)
    slides, steps, done = [_opening(page, said), *_findings(page, found, tables)], dict(own), set()
    slides += [*own_slides(page, steps, "finding"), _money(page), _decision(page, found, said)]
    slides += [_words(page), *own_slides(page, steps, "report"), _method(page, said)]
    kept = [slide for slide in slides if slide is not None]
    for slide in kept:  # a comment stands beside what it is about
        told = comments(page, slide.about, done)
        slide.points, slide.notes = [*told, *slide.points], [*slide.notes, *told]
    if left := comments(page, set(page.commentary), done):
        kept.insert(-1, Slide(page.say(COMMENTS), left, notes=left))
    made_up = page.say(MADE_UP).rstrip(".。") if page.settings.synthetic else ""
    scenario = page.case.scenario  # a slide is seldom seen alone
    whose = str(page.case.title), scenario and scenario.name
    for slide in kept:
        slide.grounds = " · ".join(filter(None, [slide.grounds, made_up, *whose]))
    return kept


def _grounds(page, table) -> str:
    """Base, period and source of a table: the foot of its slide."""
    said, source = page.sentence("evidence", table), ""
    if table is None or "from" not in table:
        source = page.say(SOURCES.get(counted_in(table), SOURCES["answers"]))
    found = verdict(page.case)
    of = found.rests["period"]
    period = page.say(N_("data of {period}"), period=page.label("wave", of)) if said and of else ""
    return " · ".join(filter(None, [said or line(page, found), period, source]))


def _chart(page, name, *tables, **options) -> tuple[Rows | None, str]:
    """The named figure as a chart, and its words; (None, "") where it draws nothing."""
    taken = Rows(page.language)
    words = page.drawing(ON_SLIDE.get(name, name), *tables, **options)(taken)
    return (taken, words) if words and taken.series else (None, "")


def _opening(page, said) -> Slide:
    notes = [said["mail"], *said["overturn"]]
    source = SOURCES.get(verdict(page.case).rests["counted"], "")
    grounds = " · ".join(filter(None, [said["line"], source and page.say(source)]))
    return Slide(said["answer"], tiles=said["tiles"], grounds=grounds, notes=notes)


def _findings(page, found, tables) -> list[Slide]:
    """A slide for each finding of the report, that which proves the answer first."""
    kind = found.fix["kind"]
    findings = leading_findings(**tables)
    findings.sort(key=lambda each: each.headline != SCREEN.get(kind, kind))
    return [slide for each in findings if (slide := _finding(page, each))]


def _told(page, headline, figure, tables, drawn, about, more=(), **options) -> Slide | None:
    """A slide of a headline, its figure and its grounds; None where it says nothing. `more` is told by
    mouth alone."""
    sentences = page.sentences(headline, *tables)
    if not sentences:
        return None
    chart, alt = _chart(page, figure, *drawn, **options)
    grounds = _grounds(page, tables[0])
    notes = [*sentences, *more, alt, grounds]
    return Slide(str(sentences[0]), sentences[1:], [], chart, alt, grounds, notes, about)


def _finding(page, finding) -> Slide | None:
    of, about = finding.tables, {finding.headline, finding.proof}
    if slide := _told(page, finding.headline, finding.figure, of, finding.drawn, about):
        # The grounds say the base.
        base = page.say(words_of_kind("base")[counted_in(of[0])]).partition("{")[0].lower()
        said = [str(each) for each in slide.points if not each.lower().startswith(base)]
        slide.points = said[:MOST_POINTS]
    return slide


def _money(page) -> Slide | None:
    """What it costs to do nothing; None where no amount is known."""
    if published_loss(page) is None:
        return None
    cost = cost_of_bad_experience(page.case)
    about, views = {"churn_cost", "cost_views", "08_churn_cost"}, page.sentences("cost_views", cost)
    slide = _told(page, "churn_cost", "churn_tree", [cost], [cost], about, views)
    slide.points = slide.points[:MOST_POINTS]
    return slide


def _decision(page, found, said) -> Slide:
    """The decision asked, what it hangs on, and what would change it."""
    title, *points = said["decision"]
    if found.ask["decision"] == "none":
        title, points = said["learn"], [title]
    points += [*filter(None, [changes(page, found)]), *said["overturn"]]
    plan = portfolio(page.case)
    chart, alt = (None, "") if plan is None else _chart(page, "portfolio", plan)
    grounds = _grounds(page, plan) if plan is not None else said["line"]
    notes = [*said["decision"], *points, alt]
    about = {"portfolio", "strategy", "06_strategy_capability"}
    return Slide(title, points, said["tiles"], chart, alt, grounds, notes, about)


def _words(page) -> Slide | None:
    """What customers say in their own words: of a bad key experience, where they say more of it than
    others do, else of all; quoted, where they may be."""
    table, groups, quotes = themes(page.case), who_says_it(page.case), quoted(page.case)
    said = [] if table is None else page.sentences("themes", table, groups)
    if not said:
        return None
    told, unit = table[table["segment"].eq("all")], N_("Share of those who said something")
    told = told.assign(n=told["n_of"])
    theirs = low_scorers(None if groups is None else page.gate(groups))
    if len(said_more(theirs)):
        told = theirs.sort_values("share", ascending=False, kind="stable")
        unit = page.say(N_("Share of those with a bad score of {name}"), name=page.label("dimension", told["group"].iloc[0])).replace("{", "{{").replace("}", "}}")  # fmt: skip
    told = page.gate(told.head(MOST_THEMES))
    chart, alt = _chart(page, "bars", told, value="share", label="theme", kind="share", unit=unit)
    few = page.gate(quotes).dropna(subset=["quote"]).groupby("theme", sort=False).head(2)
    points = [page.quoted(words) for words in few["quote"]]
    notes, about = [*said, alt, *points], {"themes", "theme_groups"}
    return Slide(said[0], points[:MOST_QUOTES], [], chart, alt, _grounds(page, told), notes, about)


def _method(page, said) -> Slide:
    """Who was asked, how many, of when, and what is assumed."""
    first, *rest = page.sentences("brief")
    points = [said["line"], *cautions(page)]
    notes = [first, *rest, *points, *method_lines(page)]
    points, about = [each for each in points if each], {"brief", "00_client_brief"}
    return Slide(first, points, grounds=said["line"], notes=notes, about=about)
