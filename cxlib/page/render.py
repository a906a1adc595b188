"""Executed notebooks and the list of clients as self-contained pages.

No page asks the network for anything: one style, a few scripts of our own, each named by its hash
in the Content-Security-Policy; pictures are data.
"""

import re
import sys
from base64 import b64encode
from functools import cache
from mimetypes import guess_type
from pathlib import Path

from markupsafe import Markup

from cxlib.page.cleaned import cleaned, policy
from cxlib.page.commentary import comments_of
from cxlib.page.language import N_, Language, parts, sentences_of
from cxlib.page.looks import LOOKS, stylesheet
from cxlib.page.own_work import html_of, tag_of, with_comments, with_own_work
from cxlib.page.tables import SWIPE, table_words, template

SAID = sentences_of("page")
HERE = Path(__file__).parent
MADE_UP = N_("Made-up data: this client does not exist.")
SECTIONS = ("story", "finding", "money", "decision", "step", "proof")
# A report is mailed by itself: her pages are not beside it. What was odd about the files, and about
# her own cells, is not for its reader.
FOR_THE_CONSULTANT = re.compile(
    r'<p class="(?:evidence pointer|note own|aside)">.*?</p>|<ul class="warnings">.*?</ul>'
    r'|\s*<a class="proof"[^>]*>.*?</a>',
    flags=re.S,
)
REST = '<p class="lede">.*?</p>'  # of what a headline says
FEW = 8  # headlines of a report that is short enough to tell the rest of each


def render_notebook(nb, case_or_language, kind="consultant", date: str = "", own=()) -> str:
    """The executed notebook as one HTML page.

    kind "report" shows no code, "consultant" folds it. Markdown is translated paragraph by
    paragraph. Cells tagged story, finding, money, decision, step or proof become sections.
    own : what the consultant's cells of the other steps put into the report; see `own_work.kept`
    """
    if kind not in ("report", "consultant"):
        raise ValueError(f"kind is {kind!r}; a notebook is rendered as 'report' or 'consultant'.")
    case = None if isinstance(case_or_language, str) else case_or_language
    language = Language(case.language if case else case_or_language)
    nb, comments = with_own_work(nb, dict(own), language), comments_of(case)
    nb = with_comments(nb, comments, dict(own) if kind == "report" else None)
    # One sentence on each; the consultant's pages tell the rest.
    brief = kind == "report" and sum(html_of(c).count('class="headline"') for c in nb.cells) > FEW
    nb = _arranged(nb, kind, language, brief)
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            cell["source"] = translate_markdown(cell.source, language)
    resources = {"cx_kind": kind, "cx_code": language.say(N_("Code"))}
    body, _ = _exporter().from_notebook_node(nb, resources)
    body = re.sub(r'<a class="anchor-link"[^>]*>.*?</a>', "", body)
    if kind == "report":
        body = FOR_THE_CONSULTANT.sub("", body)
    if brief:
        body = re.sub(REST, "", body, flags=re.S)
    heading = re.search(r"<h1[^>]*>(.*?)</h1>", body, flags=re.S)
    title = Markup(heading[1]).striptags() if heading else language.say(N_("Report"))
    body = Markup(_with_contents(body, language, kind == "consultant"))
    about = {"date": language.date(date)}
    if case:
        about |= {"client": str(case.title), "logo": _logo(case), "foot": _foot(case)}
        about["colour"] = case.settings.colour or ""
        about["banner"] = language.say(MADE_UP) if case.settings.synthetic else ""
        title = f"{title} – {case.title}" if str(case.title) else title
    return page_html(body, language, title, **about)


def _foot(case) -> str:
    """The client's own words of caution, and whose scenario it is: no page is read alone."""
    words = [case.spoken(caution) for caution in case.settings.cautions]
    if case.scenario:
        from cxlib.page.page import Page
        from cxlib.page.screen import scenario_words

        words.append(scenario_words(Page(case), case.scenario))
    return " ".join(words)


def page_html(body, language, title, client="", date="", logo="", colour="", foot="", banner=""):
    """The body in our one page template, with its policy."""
    style = stylesheet(colour)
    styles = [style, *re.findall(r"<style>(.*?)</style>", body, flags=re.S)]  # of styled tables
    names = [script for script, sign in LOOKS["scripts"].items() if re.search(sign, body)]
    scripts = [(HERE / name).read_text("utf-8") for name in names]
    return template("report.html.j2").render(lang=language.tag, title=title, client=client,
        date=date, logo=logo, foot=foot, banner=banner, style=Markup(style),
        scripts=[Markup(script) for script in scripts], body=body, policy=policy(styles, scripts),
        words={"skip": language.say(N_("Skip to the content"))})  # fmt: skip


@cache
def _exporter():
    """nbconvert's exporter, made once per process."""
    # jsonschema would load a grammar of web addresses (a second) for a check nobody asks for.
    blocked = "rfc3987_syntax" not in sys.modules
    if blocked:
        sys.modules["rfc3987_syntax"] = None
    from nbconvert import HTMLExporter

    if blocked:
        del sys.modules["rfc3987_syntax"]
    exporter = HTMLExporter(extra_template_basedirs=[str(HERE / "templates")], template_name="cx")
    exporter.register_filter("cleaned", lambda html: cleaned(html)[0])
    return exporter


def _arranged(nb, kind, language, brief):
    """A copy whose neighbouring cells of one section are marked as one; see `SECTIONS`.

    Controls for JupyterLab go, with their heading, and so does every heading with nothing to show
    under it, with its prose: the consultant's page names them at its end.
    """
    from nbformat import NotebookNode

    cells = [NotebookNode({**cell, "metadata": NotebookNode(cell.metadata)}) for cell in nb.cells]
    tried = [_for_the_lab(cell) for cell in cells]
    heads = [after and _level(cell) for cell, after in zip(cells, [*tried[1:], False], strict=True)]
    cells = [c for c, gone, head in zip(cells, tried, heads, strict=True) if not (gone or head)]
    if kind == "report":
        for cell in cells:
            cell["outputs"] = [out for out in cell.get("outputs", []) if _reported(out, cell)]
        titled = any("<h1" in html_of(cell) for cell in cells)
        cells = [cell for cell in cells if not (titled and _level(cell) == 1)]
    cells = _without_the_empty(cells, kind, language, brief)
    opened, spoken = "", False
    for before, cell in zip([None, *cells], cells, strict=False):
        section = next((tag for tag in cell.metadata.get("tags", []) if tag in SECTIONS), "")
        headline = 'class="headline' in html_of(cell)
        starts = section != opened or _level(cell) or (headline and spoken)
        if starts and opened:
            before.metadata["cx_after"] = "</section>"
        if starts and section:
            cell.metadata["cx_before"] = f'<section class="{section}">'
        opened, spoken = section, headline or (spoken and not starts)
    if opened:
        cells[-1].metadata["cx_after"] = "</section>"
    return NotebookNode({**nb, "cells": cells})


def _without_the_empty(cells, kind, language, brief) -> list:
    """The cells without the headings that have nothing under them; the consultant is told which."""
    from nbformat.v4 import new_markdown_cell

    empty = _empty(cells, brief)
    titles = [cell.source for i, cell in enumerate(cells) if i in empty and _level(cell) == 2]
    heads = [language.say(markdown_sentences(each)[0][1]) for each in titles]
    kept = [cell for i, cell in enumerate(cells) if i not in empty]
    if kind == "report" or not heads:
        return kept
    said = language.say(SAID.left_out, heads=language.say(N_("; ")).join(heads))
    return [*kept, new_markdown_cell(said, id="left-out")]


def _for_the_lab(cell) -> bool:
    """Whether a cell holds controls, which a batch does not show."""
    return "controls" in cell.metadata.get("tags", []) and not cell.get("outputs")


def _reported(output, cell) -> bool:
    """Whether an output belongs to the report: it says something, and the consultant's own is asked
    for by its cell's tag."""
    html = "".join(output.get("data", {}).get("text/html", ""))
    own = output.get("metadata", {}).get("cxlib") in ("own", "note")
    return not html.startswith('<p class="headline thin">') and (not own or bool(tag_of(cell)))


def _level(cell) -> int:
    """Level of the heading that a cell of prose begins with; 0 for none."""
    if cell.cell_type != "markdown":
        return 0
    return len(re.match(r"\s*(#*)", cell.source)[1])


def _tells(cell, brief) -> bool:
    """Whether a cell shows more than a link to where it is said already, or what a word means."""
    shown = re.sub(r'<p class="(evidence pointer|meaning|aside)">.*?</p>', "", html_of(cell))
    return bool((re.sub(REST, "", shown, flags=re.S) if brief else shown).strip())


def _empty(cells, brief) -> set[int]:
    """Which cells, by place, belong to a heading under which the code has nothing to show, or only what
    stands among the findings above."""
    empty = set()
    for start, cell in enumerate(cells):
        level = _level(cell)
        if level < 2:
            continue
        ends = (i for i in range(start + 1, len(cells)) if 0 < _level(cells[i]) <= level)
        under = range(start + 1, next(ends, len(cells)))
        code = [i for i in under if cells[i].cell_type == "code"]
        own = any(cells[i].metadata.get("cx_own") for i in (start, *under))
        if code and not own and not any(_tells(cells[i], brief) for i in code):
            empty |= {start, *under}
    return empty


def translate_markdown(source: str, language: Language) -> str:
    """Markdown with every paragraph, heading and list item put into this language."""
    if language.locale == "en":
        return source
    blocks = map(markdown_sentences, re.split(r"\n\s*\n", source))
    said = ([mark + language.say(text) for mark, text in block] for block in blocks)
    return "\n\n".join(map("\n".join, said))


def markdown_sentences(block: str) -> list[tuple[str, str]]:
    """The translatable texts of one block: (mark before it, text); lines of a paragraph joined."""
    texts: list[tuple[str, str]] = []
    for line in block.strip().split("\n"):
        mark, text = re.fullmatch(r"((?:#+|[-*>]|\d+\.)\s+|)(.*)", line.strip()).groups()
        if texts and not mark and not texts[-1][0].startswith("#"):
            texts[-1] = (texts[-1][0], f"{texts[-1][1]} {text}")
        else:
            texts.append((mark, text))
    return texts


def _with_contents(body: str, language: Language, opened: bool) -> str:
    """The body with a table of contents after its first section of story, or its first heading."""
    headings = re.findall(r'<h2[^>]*\bid="([^"]+)"[^>]*>(.*?)</h2>', body, flags=re.S)
    if len(headings) < 3:
        return body
    told = {"title": language.say(N_("Contents")), "headings": headings, "opened": opened}
    contents = template("contents.html.j2").render(told)
    end = body.find("</section>") + len("</section>") if '<section class="story' in body else 0
    end = end or body.find("</h1>") + len("</h1>")
    return body[:end] + contents + body[end:]


def _logo(case) -> str:
    """The client's logo as data, or nothing."""
    if not case.settings.logo:
        return ""
    path = case.folder / case.settings.logo
    kind = guess_type(path.name)[0] or "image/png"
    return f"data:{kind};base64,{b64encode(path.read_bytes()).decode()}"


# All clients side by side


def index_page(rows, language: str = "en", date: str = "") -> str:
    """reports/index.html: one row per client, failures first, then as the decisions stand.

    rows : dicts with client, title, status ("complete" or "failed"), reason, link, date, and the
        client's verdict (see docs/verdict.md), in its own language; a missing one is not known
    """
    words = Language(language)
    rows = sorted(rows, key=_in_order)
    said = {"title": words.say(N_("All clients")), "tools": table_words(words)}
    said |= {"order": words.say(SAID.clients_in_order), "more": words.say(SWIPE)}
    heads = [{"text": words.say(head), "number": of == "stake"}
             for of, head in parts()["index_heads"].items()]  # fmt: skip
    rows = [_index_row(row, words) for row in rows]
    body = template("index.html.j2").render(words=said, rows=rows, heads=heads)
    return page_html(Markup(body), words, said["title"], date=words.date(date))


DECISIONS = ["approve", "defer", "refuse", "nothing_fits", "none"]


def _in_order(row):
    decision = (row.get("verdict") or {}).get("ask", {}).get("decision")
    place = DECISIONS.index(decision) if decision in DECISIONS else len(DECISIONS)
    return (row.get("status") != "failed", place, row["client"])


def _index_row(row, words) -> dict:
    told, failed = row.get("verdict") or {}, row.get("status") == "failed"
    said, amount = told.get("said", {}), told.get("stake", {}).get("amount")
    fix, stake, ask = (said.get(name) or ["", "–", ""] for name in ("fix", "stake", "ask"))
    status = words.say(N_("failed")) if failed else ""
    if not failed and told:
        answered = words.count(told["answer"]["answered"])
        status = words.say(N_("{count} of 5 answered"), count=answered)
    told_of = words.date(row.get("date") or "–", "medium")
    cells = [
        _cell(said.get("answer", "–"), said.get("answer", "")),
        _cell(fix[1], fix[1], small=fix[2]),
        _cell(stake[1], amount, True, stake[2]) if amount else _cell("–", "", True),
        _cell(ask[1], ask[1], small=ask[2]),
        _cell(said.get("line") or "–", told.get("rests", {}).get("to") or ""),
        _cell(status or told_of, status, small=row.get("reason") or (told_of if status else "")),
    ]
    language, title = row.get("language") or words.tag, row.get("title") or row["client"]
    about = {"client": row["client"], "title": title, "lang": Language(language).tag}
    return about | {"link": row.get("link") or "", "failed": failed, "cells": cells}


def _cell(text, sort, number=False, small="") -> dict:
    sort = "" if sort is None or sort != sort else sort
    return {"text": text, "sort": sort, "number": number, "small": small}
