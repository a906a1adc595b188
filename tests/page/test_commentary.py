"""What the consultant says beside a finding: in her words and name, beside it, or refused with a reason."""

import shutil
from pathlib import Path

import nbformat.v4 as v4
import pytest
from bs4 import BeautifulSoup

import cxlib as cx
from cxlib.client.problems import ClientError
from cxlib.page import open_page, render_notebook
from cxlib.page.commentary import STEPS, prose_html, read_commentary
from cxlib.page.own_work import MARK
from cxlib.run.cli import main

ROOT = Path(__file__).parents[2]
GOOD = """
gap:
  text: {en: "The **till** is <b>old</b>.", zh-Hant: 收銀機太舊。}
  name: Ada Chan
  date: 2026-11-20
02_experience_expectation: {text: "On the step.", name: B}
kano: {text: "No place of its own.", name: C}
"""


@pytest.fixture
def client(tmp_path):
    shutil.copytree(ROOT / "data" / "meisu", tmp_path / "meisu")
    return tmp_path / "meisu"


def write(client, text):
    (client / "commentary.yml").write_text(text, encoding="utf-8")
    return client


def refusal(client, text) -> str:
    with pytest.raises(ClientError) as error:
        read_commentary(write(client, text))
    return str(error.value)


def output(html):
    return v4.new_output("display_data", {"text/html": html}, metadata=MARK)


def test_a_comment_stands_beside_what_it_is_about_in_her_words_and_name(client, monkeypatch):
    case = cx.read_client("meisu", write(client, GOOD).parent)
    page, shown = open_page(case), []
    monkeypatch.setattr(
        "IPython.display.display", lambda data, raw, metadata: shown.append(data["text/html"])
    )
    gaps = cx.gaps(case)
    page.headline("gap", gaps)
    page.show("gap", gaps, ["dimension", "gap"])
    assert sum('class="comment"' in html for html in shown) == 1, "once on a page"
    aside = BeautifulSoup(shown[0], "html.parser").aside
    assert aside.strong.text == "till" and aside.find("b") is None
    assert aside.get_text(" ", strip=True) == "The till is <b>old</b>. Ada Chan · November 20, 2026"
    chinese = open_page(cx.read_client("meisu", client.parent, language="zh-Hant"))
    assert "收銀機太舊" in chinese.comment_html("gap") and "2026年11月20日" in str(
        chinese.commentary and chinese.comment_html("gap") or "2026年11月20日"
    )


def test_no_comment_is_lost_in_the_report(client):
    case = cx.read_client("meisu", write(client, GOOD).parent)
    cells = [
        v4.new_markdown_cell("# A"),
        v4.new_markdown_cell("## Lived", metadata={"tags": ["step-02"]}),
        v4.new_code_cell("x", outputs=[output("<p class='headline'>x</p>")]),
        v4.new_markdown_cell("## Short of", metadata={"tags": ["step-04"]}),
        v4.new_code_cell("x", outputs=[output("<p class='headline'>y</p>")]),
        v4.new_markdown_cell("## Known"),
        v4.new_code_cell("x", outputs=[output("<p class='headline'>z</p>")]),
    ]
    own = {"04_gap_analysis": {"cells": [], "warnings": [], "about": ["gap"]}}
    html = render_notebook(v4.new_notebook(cells=cells), case, "report", own=own)
    soup = BeautifulSoup(html, "html.parser")
    soup.nav.decompose()
    text = " ".join(soup.main.get_text(" ").split())
    order = ["On the step.", "Short of", "The till", "Known", "No place of its own."]
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)
    for each in order:
        assert text.count(each) == 1, each


def test_a_comment_on_a_step_stands_on_its_page_beneath_the_title(client):
    case = cx.read_client("meisu", write(client, GOOD).parent)
    for step, there in (("02_experience_expectation", True), ("03_key_experience", False)):
        book = v4.new_notebook(cells=[v4.new_markdown_cell("# A"), v4.new_markdown_cell("B")])
        book.metadata["cx_step"] = step
        assert ("On the step." in render_notebook(book, case)) == there


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gapp: {text: a, name: b}", "'gapp' is no result, headline or step (line 1).\nDid you mean 'gap'?"),
        ("gap: {txt: a, name: b}", "Did you mean 'text'?"),
        ("gap: {text: a}", "'gap.name' is missing"),
        ("gap: {text: a, name: b, date: 20.11.2026}", "is not a date such as 2024-01-31"),
        ("gap: {text: {fr: a}, name: b}", "'gap.text.fr' is no language of a report"),
        ("gap: Too slow.", "'gap' holds no comment"),
        ("gap: {text: [a], name: b}", "'gap' must be text"),
        ("- gap", "Write `gap: {text"),
        ("gap: {text: a", "is not YAML"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_with_the_nearest_right_name(client, text, said):
    assert said in refusal(client, text)


def test_check_says_so_and_no_page_opens(client, capsys):
    write(client, "gapp: {text: a, name: b}")
    assert main(["check", "meisu", "--data", str(client.parent)]) == 1
    assert "commentary.yml: 'gapp' is no result" in capsys.readouterr().out
    with pytest.raises(ClientError):
        open_page(cx.read_client("meisu", client.parent))


@pytest.mark.parametrize("name", ["comments.yaml", "Commentary.yml", "COMMENTARY.YML", "commentary.YAML"])  # fmt: skip
def test_a_misnamed_file_is_no_file_that_nobody_reads(client, capsys, name):
    write(client, "gap: {text: a, name: b}").joinpath("commentary.yml").rename(client / name)
    assert main(["check", "meisu", "--data", str(client.parent)]) == 1
    assert "Name it commentary.yml." in capsys.readouterr().out
    (client / "client.yml").with_name("colours.yml").write_text("gap: ours")  # another's
    (client / name).unlink()
    assert read_commentary(client) == {}


def test_several_comments_on_one_thing(client):
    found = read_commentary(write(client, "gap:\n- {text: a, name: b}\n- {text: c, name: d}"))
    assert [each.text for each in found["gap"]] == ["a", "c"]


def test_light_marks_and_nothing_else():
    html = prose_html("a **b**\n\n- c\n- <i>d</i>\n\n[e](http://f)")
    assert html == (
        "<p>a <strong>b</strong></p><ul><li>c</li><li>&lt;i&gt;d&lt;/i&gt;</li></ul><p>[e](http://f)</p>"
    )


def test_the_steps_are_those_that_there_are():
    assert list(STEPS) == sorted(path.stem for path in (ROOT / "notebooks").glob("0*.ipynb"))
