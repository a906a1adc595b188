"""The eight tasks of docs/tasks.md: every block of it is run as it stands, on a copy of a demo client."""

import json
import re
import shutil
from hashlib import sha256

import nbformat
import nbformat.v4 as v4
import pandas as pd
import pytest
from bs4 import BeautifulSoup

from tests.test_guide import ROOT, clone, lines, run, write  # noqa: F401 - the fixture

TASKS = ROOT / "docs" / "tasks.md"
BLOCK = re.compile(r"```(\w+) ?(\S*) ?(\S*)\n(.*?)```", re.S)


def add_cell(folder, kind, step, tag, text) -> None:
    """What the reader writes at the end of her own copy of a step."""
    (shared,) = (ROOT / "notebooks").glob(f"{step}_*.ipynb")
    copy = folder / "copies" / "shop" / shared.name
    copy.parent.mkdir(exist_ok=True, parents=True)
    book = nbformat.read(copy if copy.exists() else shared, 4)
    cell = (v4.new_code_cell if kind == "python" else v4.new_markdown_cell)(text)
    cell.metadata["tags"] = [tag] if tag else []
    book.cells.append(cell)
    nbformat.write(book, copy)


@pytest.fixture(scope="module")
def done(clone):  # noqa: F811
    """{command: what it printed}, and the folder, once all of the page has been followed."""
    (clone / "data" / "kiosk").unlink()
    for name in ("kiosk", "meisu"):  # not links: what is written into a copy stays there
        shutil.copytree(ROOT / "data" / name, clone / "data" / name)
    (clone / "notebooks").unlink()
    (clone / "copies").mkdir()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        (clone / "copies" / path.name).symlink_to(path)
    (clone / "notebooks").symlink_to(clone / "copies")
    said = {}
    for kind, name, tag, text in BLOCK.findall(TASKS.read_text("utf-8")):
        if kind == "sh":
            said |= {line: run(clone, line) for line in lines(text)}
        elif kind in ("python", "markdown"):
            add_cell(clone, kind, name, tag, text)
        else:
            write(clone / name, text)
    return said, clone


def text_of(path) -> str:
    soup = BeautifulSoup(path.read_text("utf-8"), "html.parser")
    return " ".join(soup.main.get_text(" ").split())


def test_what_was_added_is_in_the_report(done):
    said, folder = done
    text = text_of(folder / "reports" / "shop" / "report.html")
    assert "Those wary of security, and the others." in text  # a segment
    assert "What is lived differs less than what was expected." in text  # a chart, and prose
    assert "Changed in this client's own notebook: " in text  # a rule
    assert "people want to be quick" in text and "Ada Chan · November 20, 2026" in text
    assert "The finance director expects a third of it." in text
    assert "Visits a year that the answers stand for." in text  # a second source
    html = (folder / "reports" / "shop" / "report.html").read_text("utf-8")
    assert 'alt="Experience by dimension as bars; look and feel is lowest"' in html
    assert not re.search(r"(?:src|href)=\"https?:", html)
    warnings = json.loads((folder / "reports" / "shop" / "run.json").read_text("utf-8"))["warnings"]
    assert not [each for each in warnings if ", cell " in each], "nothing of it could not be shown"
    assert "with its own 02_experience_expectation, 03_key_experience" in said["cx run shop --deck"]


def test_the_rule_is_the_one_that_was_written(done):
    gap = pd.read_csv(done[1] / "reports" / "shop" / "results" / "gap.csv")
    everyone = gap[gap["segment"] == "all"].set_index("dimension")
    key = everyone.index[everyone["key_experience"].eq(True)].tolist()
    assert key == [everyone["gap"].drop("security").idxmin()] == ["convenience"]
    assert "Convenience" in text_of(done[1] / "reports" / "shop" / "report.html").split("·")[0]


def test_the_second_source_is_one_of_the_inputs(done):
    _, folder = done
    inputs = json.loads((folder / "reports" / "shop" / "run.json").read_text("utf-8"))["inputs"]
    for name in ("visits.csv", "commentary.yml"):
        assert inputs[name] == sha256((folder / "data" / "shop" / name).read_bytes()).hexdigest()
    visits = pd.read_csv(folder / "reports" / "shop" / "private" / "own_visits.csv")
    assert dict(zip(visits["frequency"], visits["visits"], strict=True))["weekly"] == 102 * 52


def test_slides_a_workbook_and_comparisons_are_made(done):
    said, folder = done
    made = {path.name for path in (folder / "reports" / "shop").iterdir()}
    assert {"deck.pptx", "appendix.xlsx", "compare.html"} <= made
    assert said["cx compare shop"].strip() and said["cx compare shop --with store"].strip()
    assert "Meisu" in text_of(folder / "reports" / "shop" / "compare.html")


def test_the_guide_leads_to_the_tasks():
    assert "(tasks.md)" in (ROOT / "docs" / "guide.md").read_text("utf-8")
