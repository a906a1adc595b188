"""Scenarios on the page: whose thought one was, and two of them side by side."""

import json
from functools import partial

import pandas as pd
from markupsafe import Markup

from cxlib.analysis.verdict import verdict
from cxlib.client.case import read_client
from cxlib.client.scenario import KEY as SCENARIO
from cxlib.client.scenario import read_scenario, scenario_names
from cxlib.lab.boards import changed
from cxlib.lab.controls import FIELD, paragraph, show_in
from cxlib.lab.looked import focus_gaps
from cxlib.page.language import N_, UNKNOWN
from cxlib.page.screen import scenario_words, words_of
from cxlib.page.tables import table_html


def decided(page) -> dict:
    """{what: words}: what a client's verdict says, for setting two beside each other."""
    said, words = words_of(page, verdict(page.case)), N_("{amount} ({range})")
    found = {page.say(N_("Answer")): said["answer"]}
    for head, figure, told in filter(None, (said["fix"], said["stake"], said["ask"])):
        found[head] = page.say(words, amount=figure, range=told)
    return found | {page.say(N_("Worst gap")): worst_gap(page, focus_gaps(page))}


def worst_gap(page, gaps) -> str:
    """The worst gap of the focus segment with its interval: 'Service −1.2 (−1.5 to −0.9)'."""
    rows = page.focus_rows(page.gate(gaps)).dropna(subset=["gap"])
    if rows.empty:
        return UNKNOWN
    row = rows.loc[rows["gap"].idxmin()]
    number = page.within(row, "gap", partial(page.write, kind="signed2"))
    return f"{page.label('dimension', row['dimension'])} {number}"


def scenario_page(page, name: str):
    """The client's page under one of its scenarios; "" for as client.yml stands."""
    asked = json.dumps({SCENARIO: name}, ensure_ascii=False) if name else ""
    case = page.case
    return type(page)(read_client(case.client, case.folder.parent, case.language, asked))


def comparison_html(page, left: str, right: str) -> Markup:
    """Two scenarios ("" for as saved) side by side: a sentence, and a table."""
    titles = [name or page.say(N_("As saved")) for name in (left, right)]
    found = [decided(each) for each in [scenario_page(page, name) for name in (left, right)]]
    rows = pd.DataFrame({"what": list(dict.fromkeys([*found[0], *found[1]]))})
    for side, facts in zip(("first", "second"), found, strict=True):
        rows[side] = [facts.get(what, UNKNOWN) for what in rows["what"]]
    different = changed(page, *found)
    same = N_("“{left}” and “{right}” come to the same.")
    words = N_("From “{left}” to “{right}”: {changes}.") if different else same
    said = page.say(words, left=titles[0], right=titles[1], changes=different)
    heads = {"what": page.say(N_("What")), "first": titles[0], "second": titles[1]}
    headline = paragraph("headline", said)
    read = (read_scenario(page.case.folder, name)[0] for name in (left, right) if name)
    notes = Markup("").join(paragraph("note", scenario_words(page, each)) for each in read)
    return headline + table_html(rows, page, heads) + notes


def compare_scenarios(page):
    """In JupyterLab: two scenarios to choose, and what they come to side by side; None without any,
    and nothing in a batch run.

    >>> cx.compare_scenarios(page)  # in JupyterLab
    """
    if not page.interactive:
        return None
    import ipywidgets as widgets

    names = ["", *scenario_names(page.case.folder)]
    if len(names) < 2:
        return None
    words = [(name or page.say(N_("As saved")), name) for name in names]
    left, right = (
        widgets.Dropdown(options=words, value=value, description=page.say(text), **FIELD)
        for text, value in ((N_("Compare"), ""), (N_("with"), names[1]))
    )
    shown = widgets.HTML()

    def draw(_=None):
        show_in(shown, comparison_html, page, left.value, right.value)

    left.observe(draw, names="value")
    right.observe(draw, names="value")
    draw()
    return widgets.VBox([left, right, shown])
