"""The findings that lead a report: one headline, one figure, one line of evidence, one proof each.

`words/findings.csv` has one row per finding, in the order a board asks: its headline and figure with
the tables of each, the page that proves it, and what a table must carry for it to be one (`_holds`).

What the client's floor found to look at, in the reader's language, for the consultant's pages; and
what was not sent.

The floor speaks English to the terminal; its sentences are data in `words/codes.csv` (`warning`), by
which they are known again here. One that is not there stays as it is.
"""

import re
from dataclasses import dataclass

import pandas as pd

from cxlib.analysis.asking import changed_columns
from cxlib.analysis.grounds import assumed, independence
from cxlib.analysis.named import lead_of
from cxlib.analysis.verdict import verdict
from cxlib.page.language import N_, parts, sentences_of
from cxlib.page.sentences import first_up, kinder_collector, of_customers
from cxlib.page.sentences_churn import counted_leavers
from cxlib.page.sentences_themes import low_scorers, said_more
from cxlib.page.tables import made
from cxlib.page.terms import TABLES, left_out_reason, rows_of, word_of
from cxlib.sums.churn import LOSS_INPUTS
from cxlib.sums.drivers import linked
from cxlib.sums.interval import SHORT_OF_PROMISE, not_told_apart

SAID = sentences_of("findings")

MOST = 3


@dataclass(frozen=True)
class Finding:
    """What leads a report: names of a headline and a figure, their tables, and its proof."""

    headline: str
    figure: str
    proof: str  # the consultant's page that shows the whole table
    tables: tuple
    drawn: tuple  # the figure's tables


def leading_findings(gaps=None, **tables) -> list[Finding]:
    """The first three findings that the data carry, in the order a board asks.

    Each table is the one of its step, or None; see `behind_findings`. What a table only fails to find
    (no difference beyond chance, say) is no finding: docs/verdict.md tells the bar.

    >>> found = leading_findings(gaps=cx.gaps(cx.read_client("meisu", "data")))
    >>> found[0].headline
    'experience'
    """
    segments, collectors = tables.get("segments"), tables.get("collectors")
    tables |= {"gaps": gaps, "by_collector": _by_collector(collectors, segments)}
    tables["customers"] = None if segments is None else of_customers(segments)
    found = [
        Finding(row["headline"], row["figure"], row["proof"], *(
            tuple(tables.get(name) for name in row[of].split()) for of in ("tables", "drawn")))
        for row in rows_of("findings")
        if any(_holds(tables, each) for each in row["carried"].split())
        and BESIDES.get(row["headline"], bool)(tables)
    ]  # fmt: skip
    figures = [finding.figure for finding in found]
    return [f for i, f in enumerate(found) if f.figure not in figures[:i]][: MOST + 1]


def _holds(tables, what: str) -> bool:
    """Whether a table tells it: of "gaps.experience" anything at all, of "waves.different=yes" that."""
    name, column, value = re.fullmatch(r"(\w+)\.(\w+)=?(\w*)", what).groups()
    table = tables.get(name)
    if table is None or column not in table:
        return False
    known = table[column].eq(True if value == "yes" else value) if value else table[column].notna()
    return bool(known.any())


def _asked_alone(tables) -> bool:
    """Whether a promoter score was sent, and no experience."""
    return _holds(tables, "promoters.nps") and not _holds(tables, "gaps.experience")


def _unscored(tables) -> bool:
    """Whether no experience was scored at all."""
    return not any(_holds(tables, f"gaps.{name}") for name in ("experience", "asked_satisfaction"))


def _by_collector(collectors, segments):
    """The comparisons of those who get the higher scores, whom the headline names, or None."""
    kinder = None if collectors is None else kinder_collector(collectors)
    if kinder is None or segments is None or "grouping" not in segments:
        return None
    theirs = segments["group"].eq(kinder["collected_by"])
    return segments[segments["grouping"].eq("collected_by") & theirs]


def _told_apart(tables) -> bool:
    """Whether the highest share of disputed answers surely lies above another."""
    rows = tables["disputes"].dropna(subset=["disputed"])
    most = rows.loc[rows["disputed"].idxmax()]
    return "response" in rows and len(not_told_apart(rows, most, "disputed")) < len(rows) - 1


BESIDES = {  # what else must be so for a headline to be a finding
    "promoters": _asked_alone,
    "drivers": lambda tables: linked(tables["drivers"]),
    "brand_value": lambda tables: not _asked_alone(tables),
    "disputes": _told_apart,
    "low_scorers_say": lambda t: _unscored(t) and len(said_more(low_scorers(t["low_words"]))) > 0,
    "themes": lambda tables: lead_of(tables)["kind"] == "spoken",
    "waves": lambda tables: not _asked_alone(tables),  # the title says that a score moved
}


def finding_html(page, found: list[Finding], number: int) -> str:
    """The finding of this number (from 0) after that of the first screen; "" where there is none."""
    led = {id(table) for _, table, anchor in page.leading if anchor == "content"}
    rest = [finding for finding in found if id(finding.tables[0]) not in led][:MOST]
    if number >= len(rest):
        return ""
    finding, anchor = rest[number], f"finding-{number + 1}"
    first, *_ = page.sentences(finding.headline, *finding.tables) or [""]
    of, grounds = finding.drawn, page.sentence("evidence", finding.tables[0])
    drawn = "" if page.leads(finding.figure, *of) else page.figure_html(finding.figure, *of)
    _lead(page, finding, anchor)
    proof, comment = page.say(SAID.proof), page.comment_html(finding.headline)
    return made("one", anchor, first, drawn, grounds, finding.proof, proof, comment)


def _lead(page, finding, anchor) -> None:
    """From here on the page points there instead of saying, or drawing, the finding again."""
    page.leading.append((finding.figure, finding.drawn[0], anchor))
    page.leading.append((finding.headline, finding.tables[0], anchor))


# What the verdict leads with: the finding whose figure proves it, where it is called otherwise.
SCREEN = dict.fromkeys(("key", "tied", "nothing", "lowest", "short"), "experience")
SCREEN |= {"spoken": "themes"}


def screen_figure(page, verdict, found) -> str:
    """The figure of the finding that the verdict leads with; "" without one."""
    kind = verdict.fix["kind"]
    first = [f for f in found if f.headline == SCREEN.get(kind, kind)]
    if not first:
        return ""
    _lead(page, first[0], "content")
    leads = verdict.fix["dimensions"] if kind in ("short", "lowest") else []
    more = {"leads": leads} if first[0].figure == "gap_chart" and len(leads) == 1 else {}
    return page.figure_html(first[0].figure, *first[0].drawn, brief=True, **more)


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
    found += [*_revenue_stated(page), *_assumed(page)]
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


def _assumed(page) -> list[str]:
    """The margin where it was not measured, and who assumed what was assumed; "" where not known."""
    of, who, cost = assumed(page.case), page.settings.assumed_by, page.settings.churn_cost
    words, source = SAID.margin_stated, cost and page.code(cost.margin_from)
    margin = page.say(words, margin=cost.margin, source=source) if "margin" in of else ""
    return [margin, page.say(SAID.assumed_by, who=page.case.spoken(who)) if of and who else ""]


METHOD = parts()["method"]  # by what a client must have for it
# of the intervals that were tried: see interval.SHORT_OF_PROMISE
EXCEPTIONS = parts()["short_of_promise"]
INTERVALS = parts()["interval_of"]  # by what a client must have for it


def method_html(page) -> str:
    """How it was done, with which versions, and where the method is proved."""
    return made("section", page.say(N_("How it was worked out")), method_lines(page))


def method_lines(page) -> list[str]:
    """The same, a sentence or two each."""
    from importlib.metadata import version

    case, share, confidence = page.case, page.language.share, page.settings.confidence
    known = ("expectation", "asked_satisfaction", "ideal")
    has = {name: case.scores[name].notna().any() for name in known}
    has |= dict.fromkeys(("answers", "tried", "false_discovery"), case.survey is not None)
    money = case.churn_inputs is not None and verdict(case).stake["kind"] != "counted"
    has |= dict.fromkeys(("money", "cost_tree"), money)
    of = [page.say(words) for needs, words in INTERVALS.items() if has.get(needs, True)]
    facts = {"confidence": share(confidence), "from_": share(0.93), "to": share(0.97)}
    facts |= {"odds": page.language.count(1 / (1 - confidence)), "of": page.listed(of)}
    exceptions = ((EXCEPTIONS[name], *of) for name, of in SHORT_OF_PROMISE.items())
    facts["exceptions"] = page.listed(page.say(words, n=n, share=share(holds)) for words, n, holds in exceptions)  # fmt: skip
    lines = [page.say(words, **facts) for needs, words in METHOD.items() if has.get(needs, True)]
    lines += [page.changed_words(columns) for columns in changed_columns(case)]
    packages = [f"{name} {version(name)}" for name in ("cxlib", "pandas", "scipy", "matplotlib")]
    lines.append(page.say(SAID.made_with, packages=page.language.join(packages)))
    return lines


# What the client's floor found to look at, and what more would tell


def said_of(page, warning) -> str:
    """One warning: where, what, how often, which values, which rows, and what to do.

    The file by its name alone: a page does not tell where on whose machine it lay.
    """
    say, count = page.say, page.language.count
    file = re.sub(r".*[/\\\\]", "", warning.file)
    rule = left_out_reason(warning.rule, say) or warning.rule
    file = word_of(file, say)
    place = say(N_(", ")).join(filter(None, [file, warning.column]))
    if warning.of:
        words = N_("{rule} (in {count} of {of} rows)")
        rule = say(words, rule=rule, count=count(warning.count), of=count(warning.of))
    if warning.row:
        words = N_("{rule} (line {row})") if file.endswith(".yml") else N_("{rule} (rows {row})")
        rule = say(words, rule=rule, row=word_of(warning.row, say))
    words = N_("{place} {rule}: {value}.") if warning.value else N_("{place} {rule}.")
    said = say(words, place=place, rule=rule, value=word_of(warning.value, say))
    remedy = left_out_reason(warning.remedy, say) or warning.remedy
    return f"{said}{'' if page.language.chinese else ' '}{remedy}".strip()


def cautions_html(page, own: bool = True) -> str:
    """The cautions; below them, for the consultant alone, what was odd about the files."""
    warnings = [said_of(page, each) for each in page.case.warnings]
    return made("lines", cautions(page, own)) + made("lines", warnings, "warnings")


# What the verdict lacks comes first: what answers its one question, what it costs, what to decide;
# the rest in the order of the method.
ANSWERED_BY = {"complaints": "complaints", "leave": "customers", "pilot": "performance"}
WISHED_NEXT = ("codebook", "initiatives", "customers", "complaints", "performance")


def wishes_html(page, missing) -> str:
    """What was not supplied and would tell more: three things, the rest folded away."""
    if missing is None or missing.empty:
        return ""
    found = verdict(page.case)
    lacks = [ANSWERED_BY.get(found.learn["code"], "codebook")]
    lacks += ["customers"] * (found.stake["amount"] is None)
    lacks += ["initiatives"] * (found.ask["decision"] == "none")
    rank = {name: place for place, name in enumerate(dict.fromkeys([*lacks, *WISHED_NEXT]))}
    order = missing["table"].map(rank).fillna(len(rank)).sort_values(kind="stable").index
    words, lines = N_("{name}: {facts}"), []
    for _, row in missing.loc[order].iterrows():
        name, facts = page.code(row["table"], TABLES), page.say(row["unlocks"])
        lines.append(first_up(page.say(words, name=name, facts=facts)))
    more = page.say(N_("{count} more"), count=page.language.count(len(lines) - MOST))
    title, shown = page.say(N_("What more would tell us")), lines[:MOST]
    return made("section", title, shown, more, lines[MOST:])
