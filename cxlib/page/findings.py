"""The findings that lead a report: one headline, one figure, one line of evidence, one proof each."""

from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from cxlib.analysis.asking import changed_columns
from cxlib.analysis.independence import independence
from cxlib.analysis.verdict import verdict
from cxlib.page.language import N_, parts, sentences_of
from cxlib.page.sentences import of_customers
from cxlib.page.sentences_churn import counted_leavers
from cxlib.page.sentences_customers import kinder_collector
from cxlib.page.terms import rows_of
from cxlib.sums.churn import LOSS_INPUTS
from cxlib.sums.interval import SHORT_OF_PROMISE, not_told_apart

SAID = sentences_of("findings")

MOST = 3
LEAST = 0.05  # of the differences in what was asked of the whole: a weaker link is no finding
RATED = ("experience", "satisfaction", "priority", "asked_satisfaction")
FINDINGS = {row["headline"]: row for row in rows_of("findings")}  # headline, figure, proof


@dataclass(frozen=True)
class Finding:
    """What leads a report: names of a headline and a figure, their tables, and its proof."""

    headline: str
    figure: str
    proof: str  # the consultant's page that shows the whole table
    tables: tuple
    drawn: tuple = ()  # the figure's tables, where they are not the headline's


def leading_findings(gaps=None, **tables) -> list[Finding]:
    """The first three findings that the data carry, in the order a board asks.

    Each table is the one of its step, or None; see `behind_findings`. What a table only fails to find
    (no difference beyond chance, say) is no finding: docs/verdict.md tells the bar.

    >>> found = leading_findings(gaps=cx.gaps(cx.read_client("meisu", "data")))
    >>> found[0].headline
    'experience'
    """
    one, names = tables.get, "drivers kano segments waves reasons left disputes worth collectors"
    drivers, kano, segments, waves, reasons, left, disputes, worth, collectors = map(
        one, names.split()
    )
    asked_by = _by_collector(collectors, segments)
    told_apart = segments is not None and _true(of_customers(segments), "different")
    lived = _any(gaps, "experience")
    asked = not lived and _any(one("promoters"), "nps")  # a promoter score, and nothing else
    cases = one("about"), one("ends")
    candidates = [  # (whether the data carry it, its headline, the headline's tables)
        (asked, "promoters", one("promoters"), one("promoter_groups"), one("low_scorers")),
        (any(_any(gaps, name) for name in RATED), "experience", gaps),
        (_any(drivers, "share") and drivers["share"].max() >= LEAST, "drivers", drivers, gaps),
        (_any(kano, "class"), "requirements", kano),
        (_true(waves, "different"), "waves", waves),
        (asked_by is not None and len(asked_by) > 0, "collectors", collectors),
        (_any(reasons, "share") and not asked, "brand_value", reasons),
        (told_apart, "segments", segments),
        (_true(left, "different"), "left_and_complained", left),
        (_any(one("leaving"), "leaving"), "leavers", one("leaving")),
        (_told_apart(disputes, "disputed"), "disputes", disputes),
        (_any(cases[0], "of_cases") or _any(cases[1], "of_ended"), "tickets", *cases),
        (_any(one("dormant"), "worth"), "dormant", one("dormant")),
        (_any(one("loyalty"), "share"), "loyalty", one("loyalty")),
        (_any(worth, "top_share"), "concentration", worth),
        (_any(one("evidence"), "in_proportion"), "feedback", one("evidence")),
        (_any_is(one("measures"), "verdict", "missed"), "service_measures", one("measures")),
    ]
    drawn = {
        "collectors": (asked_by,),
        "concentration": (worth, worth),
        "promoters": (one("promoter_groups"), one("promoters")),
        "tickets": cases[:1],
        "service_measures": (one("measures"), one("periods")),
    }
    found = [
        Finding(**FINDINGS[headline], tables=tuple(tables), drawn=drawn.get(headline, ()))
        for carried, headline, *tables in candidates
        if carried
    ]
    figures = [finding.figure for finding in found]
    return [f for i, f in enumerate(found) if f.figure not in figures[:i]][: MOST + 1]


def _any(table, column) -> bool:
    return table is not None and column in table and table[column].notna().any()


def _by_collector(collectors, segments):
    """The comparisons of those who get the higher scores, whom the headline names, or None."""
    kinder = None if collectors is None else kinder_collector(collectors)
    if kinder is None or segments is None or "grouping" not in segments:
        return None
    theirs = segments["group"].eq(kinder["collected_by"])
    return segments[segments["grouping"].eq("collected_by") & theirs]


def _told_apart(answers, column) -> bool:
    """Whether the highest share surely lies above another."""
    if not _any(answers, column) or "response" not in answers:
        return False
    rows = answers.dropna(subset=[column])
    most = rows.loc[rows[column].idxmax()]
    return len(not_told_apart(rows, most, column)) < len(rows) - 1


def _any_is(table, column, value) -> bool:
    return table is not None and column in table and table[column].eq(value).any()


def _true(table, column) -> bool:
    return _any_is(table, column, True)


def finding_html(page, found: list[Finding], number: int) -> str:
    """The finding of this number (from 0) after that of the first screen; "" where there is none."""
    led = {id(table) for _, table, anchor in page.leading if anchor == "content"}
    rest = [finding for finding in found if id(finding.tables[0]) not in led][:MOST]
    return _one(page, rest[number], f"finding-{number + 1}") if number < len(rest) else ""


def _one(page, finding, anchor) -> str:
    first, *_ = page.sentences(finding.headline, *finding.tables) or [""]
    grounds = page.sentence("evidence", finding.tables[0])
    said = Markup('<h3 class="headline">{}</h3>').format(first)
    tables = finding.drawn or finding.tables
    drawn = "" if page.leads(finding.figure, *tables) else page.figure_html(finding.figure, *tables)
    page.leading.append((finding.figure, tables[0], anchor))
    page.leading.append((finding.headline, finding.tables[0], anchor))
    link = Markup(' <a class="proof" href="{}.html">{}</a>').format(
        finding.proof, page.say(SAID.proof)
    )
    foot = Markup('<p class="evidence">{}{}</p>').format(grounds, link)
    one = Markup('<div class="one" id="{}">{}{}{}{}</div>')
    return one.format(anchor, said, drawn, foot, page.comment_html(finding.headline))


# What the verdict leads with: the finding whose figure proves it, where it is called otherwise.
SCREEN = dict.fromkeys(("key", "tied", "nothing", "lowest"), "experience")


def screen_figure(page, verdict, found) -> str:
    """The figure of the finding that the verdict leads with; "" without one."""
    kind = verdict.fix["kind"]
    first = [f for f in found if f.headline == SCREEN.get(kind, kind)]
    if not first:
        return ""
    tables = first[0].drawn or first[0].tables
    page.leading.append((first[0].figure, tables[0], "content"))
    page.leading.append((first[0].headline, first[0].tables[0], "content"))
    return page.figure_html(first[0].figure, *tables, brief=True)


# What to keep in mind, and how it was done


def cautions(page, own: bool = True) -> list[str]:
    """What a reader must keep in mind, each only where it is true of this client."""
    case, settings = page.case, page.settings
    found = [case.spoken(caution) for caution in settings.cautions if own]
    inputs = case.churn_inputs
    used = inputs is not None and inputs.loc[inputs["input"].isin(LOSS_INPUTS), "from"]
    told = inputs is not None and counted_leavers(page) is None  # no number of the tree's otherwise
    if told and used.isin(["assumption", "literature"]).any():
        found.append(page.say(SAID.money_assumed))
    found += _revenue_stated(page)
    if case.survey is not None:
        bases = {"base": settings.small_base, "least": settings.disclosure}
        found.append(page.say(SAID.small_groups, **bases))
        found.append(page.say(SAID.chance_alone))
        found.append(page.joined(page.sentences("independent", independence(case))))
    elif "scores" in case.tables:
        asked = case.tables["scores"].get("from", pd.Series(dtype=object)).eq("survey").any()
        found.append(page.say(SAID.base_unknown if asked else SAID.no_customer))
    return [said for said in found if said]


def _revenue_stated(page) -> list[str]:
    """Where the year's revenue was not measured: what is lost hangs on it."""
    source = page.settings.revenue_from
    if source == "measured" or not page.settings.revenue:
        return []
    words = SAID.revenue_stated if page.language.is_money else SAID.worth_stated
    amount = page.language.money(page.settings.revenue, 3)
    return [page.say(words, amount=amount, source=page.code(source))]


METHOD = [  # (what a client must have for it, how it was done)
    ("expectation", SAID.by_expectation),
    ("asked_satisfaction", SAID.by_satisfaction),
    ("ideal", SAID.by_ideal),
    ("", SAID.intervals),
    ("answers", SAID.tried),
    ("answers", SAID.false_discovery),
    ("money", SAID.cost_tree),
]


# of the intervals that were tried: see interval.SHORT_OF_PROMISE
EXCEPTIONS = parts()["short_of_promise"]
INTERVALS = parts()["interval_of"]  # by what a client must have for it


def method_html(page) -> str:
    """How it was done, with which versions, and where the method is proved."""
    head = Markup("<h3>{}</h3>").format(page.say(N_("How it was worked out")))
    return head + list_html(method_lines(page))


def method_lines(page) -> list[str]:
    """The same, a sentence or two each."""
    from importlib.metadata import version

    case, share, count = page.case, page.language.share, page.language.count
    known = ("expectation", "asked_satisfaction", "ideal")
    has = {name: case.scores[name].notna().any() for name in known}
    has["answers"] = case.survey is not None
    has["money"] = case.churn_inputs is not None and verdict(case).stake["kind"] != "counted"
    of = [words for needs, words in INTERVALS.items() if has.get(needs, True)]
    facts = {
        "confidence": share(page.settings.confidence),
        "of": page.listed(map(page.say, of)),
        "odds": count(1 / (1 - page.settings.confidence)),
        "from_": share(0.93),
        "to": share(0.97),
        "exceptions": page.listed(
            page.say(EXCEPTIONS[name], n=n, share=share(holds))
            for name, (n, holds) in SHORT_OF_PROMISE.items()
        ),
    }
    lines = [page.say(words, **facts) for needs, words in METHOD if has.get(needs, True)]
    lines += [page.changed_words(columns) for columns in changed_columns(case)]
    packages = [f"{name} {version(name)}" for name in ("cxlib", "pandas", "scipy", "matplotlib")]
    lines.append(page.say(SAID.made_with, packages=page.language.join(packages)))
    return lines


def list_html(lines, style: str = "") -> str:
    items = Markup("").join(Markup("<li>{}</li>").format(line) for line in lines)
    start = Markup('<ul class="{}">').format(style) if style else Markup("<ul>")
    return start + items + Markup("</ul>") if lines else Markup("")
