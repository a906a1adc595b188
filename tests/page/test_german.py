"""A language is one file: German has words for the first screen and the headings, and says so."""

from pathlib import Path

import nbformat
import pytest

import cxlib as cx
from cxlib.analysis.executive_report import behind_findings
from cxlib.page import findings
from cxlib.page.deck import write_deck
from cxlib.page.language import Language, Untranslated, catalogue, not_yet, untranslated
from cxlib.page.page import Page
from cxlib.page.screen import screen_html, words_of
from cxlib.run.cli import main

ROOT = Path(__file__).parents[2]


def page_of(client):
    return Page(cx.read_client(client, ROOT / "data", language="de"))


@pytest.mark.parametrize(
    "client, answer",
    [
        ("meisu", "Zuerst Bequemlichkeit beheben, wenn nicht schon behoben."),
        ("telecom", "83\u00a0% derer, die sich beschwerten, gingen; von den anderen 10\u00a0%."),
        ("complaints", "Antworten der Art „Explanation“ oder „Closed without more“ werden am häufigsten bestritten: 21\u00a0%."),
    ],
)  # fmt: skip
def test_the_first_screen_speaks_german(client, answer):
    page = page_of(client)
    found = cx.verdict(page.case)
    assert words_of(page, found)["answer"] == answer
    leading = findings.leading_findings(**behind_findings(page.case))
    html = screen_html(page, found, findings.screen_figure(page, found, leading))
    assert "Die Entscheidung, um die wir bitten" in html and "Als E-Mail kopieren" in html


def test_the_ten_headings_speak_german():
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        cells = nbformat.read(path, 4).cells
        heading = next(cell.source for cell in cells if cell.cell_type == "markdown").split("\n")[0]
        assert heading.lstrip("# ") in catalogue("de"), path.stem


def test_what_has_no_words_yet_is_refused_and_not_said_in_english():
    with pytest.raises(Untranslated, match=r"has words for \d+ of [\d,]+ sentences.*de\.po"):
        page_of("meisu").sentence("brief")
    assert not untranslated("en") and not not_yet("en") and not not_yet("zh-Hans")


def test_a_whole_report_is_refused_by_name(tmp_path, capsys):
    words = ["run", "meisu", "--data", str(ROOT / "data"), "--reports", str(tmp_path), "--quiet"]
    assert main([*words, "--set", "language=de"]) == 1
    told = capsys.readouterr()
    assert (
        "de.po" in told.out + told.err and "or choose en, zh-Hans, zh-Hant" in told.out + told.err
    )
    assert not (tmp_path / "meisu" / "report.html").exists()


def test_a_deck_is_refused_by_name_and_none_is_written(tmp_path):
    with pytest.raises(Untranslated, match=r"de has words for \d+ of [\d,]+ sentences.*de\.po"):
        write_deck(page_of("meisu"), tmp_path / "deck.pptx")
    assert not list(tmp_path.iterdir())


def test_numbers_as_in_german():
    german = Language("de", "EUR")
    assert german.number(1234.56) == "1.234,6" and german.share(0.25) == "25\u00a0%"
    assert german.money(4_912_600) == "4,9 Millionen EUR"
    assert german.join(["eins", "zwei", "drei"]) == "eins, zwei und drei"
