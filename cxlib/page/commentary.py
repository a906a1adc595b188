"""commentary.yml in a client's folder: what the consultant says beside a finding, in her own words.

gap:                         # a result, a headline, or a step: 03_key_experience
  text: {en: …, zh-Hant: …}  # or one text; **bold**, a blank line, lines that begin with -
  name: Ada Chan
  date: 2026-11-20
"""

import re
from dataclasses import dataclass, replace
from pathlib import Path

from markupsafe import Markup, escape

from cxlib.client.client_yml import settings_tree
from cxlib.client.problems import ClientError, Problem, did_you_mean
from cxlib.client.settings import LANGUAGES, a_day
from cxlib.page.sentences import SENTENCES
from cxlib.page.tables import made
from cxlib.page.terms import RESULTS

FILE, MEANT = "commentary.yml", "[Cc][Oo][Mm][Mm]*.[Yy]*"  # and what may be meant for it
KEYS = ("text", "name", "date")
STEPS = (
    "00_client_brief", "01_brand_value", "02_experience_expectation", "03_key_experience", "04_gap_analysis",
    "05_requirements", "06_strategy_capability", "07_feedback_loop", "08_churn_cost", "09_executive_report",
)  # fmt: skip
SHAPE = "Write `gap: {text: …, name: …, date: 2026-11-20}`: what it is about, and the comment."


@dataclass(frozen=True)
class Comment:
    """text: in one language, or {language: text}; name: whose it is; date: ISO 8601, or ""."""

    text: str | dict
    name: str
    date: str = ""


def read_commentary(folder: Path) -> dict[str, list[Comment]]:
    """{what it is about: its comments}; {} without the file. Raises ClientError with all that is wrong."""
    path, lines = Path(folder, FILE), {}
    misnamed = [each for each in Path(folder).glob(MEANT) if each.name != FILE]
    problems = [Problem(str(each), "is not read", f"Name it {FILE}.") for each in misnamed]
    tree = {}
    if path.exists():
        try:
            tree, found = settings_tree(path, lines)
        except ClientError as error:
            found = [
                replace(each, remedy=SHAPE) if "cx new" in each.remedy else each
                for each in error.problems
            ]
        problems += found
    for about, given in tree.items():
        problems += faults(path, about, given, str(lines[(about,)]))
    if problems:
        raise ClientError(problems)
    lists = {about: given if isinstance(given, list) else [given] for about, given in tree.items()}
    return {about: [Comment(**each) for each in given] for about, given in lists.items()}


def faults(path: Path, about: str, given, row: str) -> list[Problem]:
    """What is wrong with the comments on one thing."""
    known, found = [*RESULTS, *SENTENCES, *STEPS], {}
    if about not in known:
        found[about] = "is no result, headline or step", did_you_mean(about, known)
    for each in given if isinstance(given, list) else [given]:
        if not isinstance(each, dict):
            found[about] = "holds no comment", SHAPE
            continue
        for key in set(each) - set(KEYS):
            found[f"{about}.{key}"] = "is not a key that a comment has", did_you_mean(key, KEYS)
        for key in ("text", "name"):
            if not each.get(key):
                found[f"{about}.{key}"] = "is missing", SHAPE
        text = each.get("text")
        for key in set(text) - set(LANGUAGES) if isinstance(text, dict) else ():
            near = did_you_mean(key, LANGUAGES)
            found[f"{about}.text.{key}"] = "is no language of a report", near
        if isinstance(text, list) or isinstance(each.get("name"), dict | list):
            found[about] = "must be text", SHAPE
        try:
            a_day(each.get("date") or "2000-01-01")
        except ValueError as error:
            found[f"{about}.date"] = str(error), "Write the day of the comment, or leave it out."
    return [Problem(str(path), *said, column, row) for column, said in sorted(found.items())]


def comments_of(case) -> dict[str, str]:
    """{what about: HTML} of a client's comments; {} without a client."""
    from cxlib.page.page import Page

    page = Page(case)
    return {} if case is None else {about: page.comment_html(about) for about in page.commentary}


def comment_html(page, about: str, comments) -> str:
    """The comments on one thing, each with whose it is and of when."""
    whose = (filter(None, [each.name, page.language.date(each.date)]) for each in comments)
    words = (prose_html(page.case.spoken(each.text)) for each in comments)
    return made("comments", about, zip(words, map(" · ".join, whose), strict=True))


def prose_html(text: str) -> str:
    """Text with **bold**, paragraphs and lists; all else is text, markup included."""
    html = ""
    for block in re.split(r"\n\s*\n", text.strip()):
        said = re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", str(escape(block)), flags=re.S)
        items = re.split(r"(?:^|\n)\s*- ", said)
        html += f"<p>{items[0]}</p>" if items[0].strip() else ""
        html += f"<ul>{''.join(f'<li>{each}</li>' for each in items[1:])}</ul>" if items[1:] else ""
    return Markup(html)
