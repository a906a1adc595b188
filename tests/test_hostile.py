"""Hostile words in every field of every table: no page, file, slide or widget runs or fetches anything."""

import csv
import io
import re
import subprocess
import sys
import zipfile
from types import SimpleNamespace

import pytest
from bs4 import BeautifulSoup
from ipywidgets import Widget
from openpyxl import load_workbook

import cxlib as cx
from cxlib.lab.boards import BOARDS, explore
from cxlib.lab.start import Start
from cxlib.page.page import Page
from tests.conftest import ROOT
from tests.hostile import MARK, hostile

PLAIN = re.compile(r"[-+]?[\d.,]*(e[-+]?\d+)?%?")


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    """The reports of a client all of whose words are hostile."""
    folder = tmp_path_factory.mktemp("hostile")
    hostile(folder / "data")
    command = [sys.executable, "-m", "cxlib", "run", "vendor", "--quiet", "--deck"]
    command += ["--data", str(folder / "data"), "--reports", str(folder / "reports")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder


def ours(markup: str) -> bool:
    """Whether markup holds no element, attribute or address of theirs."""
    soup = BeautifulSoup(markup, "html.parser")
    for each in soup.find_all(True):
        where = [str(each.get(name, "")) for name in ("href", "src", "action", "style")]
        run = each.name in ("script", "style") and each.get("type") != "application/json"
        if any(name.startswith("on") for name in each.attrs) or any(MARK in at for at in where):
            return False
        if run and MARK in each.get_text():
            return False
    return True


def test_what_is_looked_for_would_be_found():
    for bad in ("<i onclick=x>", f"<a href='//{MARK}'>", f"<script>{MARK}</script>"):
        assert not ours(f"<p>{bad}</p>")


def test_no_page_holds_markup_of_theirs_and_each_shows_their_words(place):
    pages = sorted((place / "reports").rglob("*.html"))
    assert len(pages) == 12
    for page in pages:
        text = page.read_text("utf-8")
        assert ours(text), page.name
        assert MARK in BeautifulSoup(text, "html.parser").get_text(), page.name


def test_no_page_runs_or_fetches_anything_of_theirs(place, browser):
    for path in sorted((place / "reports").rglob("*.html")):
        page, seen = browser.new_page(), []
        page.on("dialog", lambda dialog: (seen.append("dialog"), dialog.dismiss()))  # noqa: B023
        page.on("request", lambda asked: seen.append(asked.url))  # noqa: B023
        page.on("pageerror", lambda error: seen.append(str(error)))  # noqa: B023
        page.goto(path.as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
        for kind in ("mouseover", "click"):
            page.evaluate(
                f"document.querySelectorAll('main *').forEach(each => each.dispatchEvent(new Event('{kind}')))"
            )
        assert page.evaluate(f"window.{MARK}") is None, path.name
        assert [each for each in seen if not each.startswith(("file:", "data:", "blob:"))] == [], (
            path.name
        )
        page.close()


def test_no_cell_of_a_file_opens_as_a_formula_or_leads_out(place):
    folder = place / "reports" / "vendor"
    for path in [*folder.rglob("*.csv")]:
        with path.open(encoding="utf-8-sig", newline="") as rows:
            for cell in (cell for row in csv.reader(rows) for cell in row):
                assert cell[:1] not in tuple("=+-@\t\r") or PLAIN.fullmatch(cell), (path.name, cell)
    books = [(folder / "appendix.xlsx").read_bytes()]
    for path in (folder / "appendix.xlsx", folder / "deck.pptx"):
        with zipfile.ZipFile(path) as parts:
            for name in parts.namelist():
                assert not (name.endswith(".rels") and MARK.encode() in parts.read(name)), name
                books += [parts.read(name)] if name.endswith(".xlsx") else []
    assert len(books) > 3, "charts carry workbooks of their own"
    for book in books:
        for sheet in load_workbook(io.BytesIO(book)):
            for cell in (cell for row in sheet.iter_rows() for cell in row):
                assert cell.data_type != "f" and not (cell.hyperlink and cell.hyperlink.target), (
                    cell
                )


def test_no_widget_shows_markup_of_theirs(place, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "03.ipynb")  # as in JupyterLab
    monkeypatch.delenv("CX_BATCH", raising=False)
    notebooks, linked = place / "notebooks", []
    notebooks.mkdir(exist_ok=True)
    start = Start(place / "data", place / "reports", notebooks, "en", "vendor")
    start.links = SimpleNamespace(update=lambda html: linked.append(html.data))
    start.chosen()
    page = Page(cx.read_client("vendor", str(place / "data")))
    boards = [explore(page, name) for name in BOARDS]
    shown = [text for each in (*vars(start).values(), *boards) for text in texts_of(each)]
    assert sum(MARK in text for text in shown) > 4
    assert linked and all(map(ours, [*linked, *shown]))
    Widget.close_all()


def texts_of(widget):
    """What a widget and those in it may show as HTML."""
    if "HTML" in type(widget).__name__:
        yield widget.value
    if getattr(widget, "description_allow_html", False):
        yield widget.description
    for each in getattr(widget, "children", ()):
        yield from texts_of(each)
    for output in getattr(widget, "outputs", ()):
        yield "".join(output.get("data", {}).get("text/html", ""))
