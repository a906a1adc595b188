"""docs/method-map.md points at what is there: notebooks, sums, demo clients, and what they show."""

import re
from functools import cache
from importlib import import_module
from importlib.util import find_spec

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup

import cxlib as cx
from cxlib.analysis import workshop
from cxlib.client.case import read_client
from cxlib.client.library import library
from tests.conftest import DATA, ROOT

MAP = (ROOT / "docs" / "method-map.md").read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in MAP.splitlines()
    if line.startswith("| ") and not line.startswith("| model")
]
BOOKS = {path.name[:2]: path for path in (ROOT / "notebooks").glob("[0-9]*.ipynb")}
CLIENTS = sorted((path.parent.name for path in DATA.glob("*/client.yml")), key=len, reverse=True)
NAMED = re.compile("|".join(rf"\b{name}\b(?!-)" for name in CLIENTS))
# What the map says can be seen: book, heading, step, and each demo client named.
SEEN = [
    (books[:2], *re.fullmatch(r"(.+): `(\w+)`", at).groups(), client)
    for _model, books, at, _sums, demo in ROWS
    if at.endswith("`")
    for client in dict.fromkeys(NAMED.findall(demo))
]
# The model's own terms, as they stand on the page of that client, beneath the heading of the map.
TERMS = pd.read_csv(ROOT / "tests" / "page" / "method_terms.csv", dtype=str)
SHOWN = [row for row in ROWS if row[2].endswith("`")]
PLACES = {row[0]: (row[1][:2], row[2].rpartition(": `")[0]) for row in SHOWN}
LIBRARIES = re.findall(r"`library\.library` \((\w+)\)", MAP)


def test_every_row_has_its_place():
    assert len(ROWS) > 40
    assert "not yet" not in " ".join(cell for row in ROWS for cell in row)
    for model, books, at, sums, demo in ROWS:
        assert at.endswith(("`", "(the sources' own rows)")) or books == at == "–", model
        assert all(book in BOOKS for book in re.findall(r"\d\d", books)), model
        for name in re.findall(r"`([a-z_]+)(?:\.([a-z_]+))?`", sums):
            if name[0] not in ("delight", "contradiction", "penalty_due"):
                floors = ("sums", "analysis", "client")
                there = [
                    f"cxlib.{floor}.{name[0]}"
                    for floor in floors
                    if find_spec(f"cxlib.{floor}.{name[0]}")
                ]
                assert there, (model, name)
                assert not name[1] or any(hasattr(import_module(m), name[1]) for m in there), (
                    model,
                    name,
                )
        assert NAMED.search(demo) or "validation" in demo or "test client" in demo, model


def section(book: str, heading: str) -> str:
    """The code beneath a heading of a notebook."""
    found, here = [], False
    for cell in nbformat.read(BOOKS[book], 4).cells:
        if cell.cell_type == "markdown" and "## " in cell.source:
            here = cell.source.splitlines()[0] == f"## {heading}"
        elif here and cell.cell_type == "code":
            found.append(cell.source)
    return "\n".join(found)


# A client after the other: what one step has worked out, the next finds.
@pytest.mark.parametrize("book, heading, step, client", sorted(set(SEEN), key=lambda at: at[::-1]))
def test_what_the_map_says_can_be_seen_is_there(book, heading, step, client):
    asked = re.search(rf"cx\.{step}\((case|life|gaps)[^()]*\)", section(book, heading))
    assert asked, f"{book} {heading!r} does not ask cx.{step}"
    case = read_client(client, DATA)
    known = {"cx": cx, "case": case, "foresaw": None, "moved": None, "gaps": cx.gaps(case)}
    if "life" in asked[0]:
        known["life"] = cx.lifetimes(case)
    found = eval(asked[0], known)  # noqa: S307
    assert found is not None and len(found)


@pytest.mark.parametrize("name", sorted(set(LIBRARIES)))
def test_each_library_of_the_map_is_shown_in_its_notebook(name):
    books = next(row[1] for row in ROWS if f"({name})" in row[3])
    assert len(library(name))
    for book in re.findall(r"\d\d", books):
        cells = nbformat.read(BOOKS[book], 4).cells
        assert any(f'cx.library("{name}"' in cell.source for cell in cells), (name, book)


@pytest.mark.parametrize("step", sorted(set(library("workshop")["step"])))
def test_each_question_of_the_sources_is_asked_in_its_step(step):
    cells = nbformat.read(BOOKS[f"{step:02}"], 4).cells
    assert any(f"cx.questions(case, {step})" in cell.source for cell in cells)
    assert len(workshop.questions(read_client("meisu", DATA), step))


@pytest.fixture(scope="module")
def pages(demo_reports):
    """(client, book) → {heading: what stands beneath it, a picture's words among it}."""
    folder = demo_reports(*sorted(CLIENTS))

    @cache
    def read(client, book):
        path = next((folder / client).glob(f"{book}_*.html"))
        sheet = BeautifulSoup(path.read_text("utf-8"), "html.parser")
        for code in sheet.select("script, style, pre, .highlight"):
            code.decompose()
        for each in sheet.select("[alt]"):
            each.insert_after(f" {each['alt']} ")
        texts, here = {}, ""
        for text in sheet.main.find_all(string=True):
            here = text.strip() if text.find_parent("h2") else here
            texts[here] = f"{texts.get(here, '')} {text}"
        return {name: re.sub(r"\s+", " ", text) for name, text in texts.items()}

    return read


def test_each_row_of_the_map_has_terms_that_tell_it_by_name():
    assert set(TERMS["model"]) == set(PLACES)
    told = {(model, client) for model, client in TERMS[["model", "client"]].values}
    for model, *_, demo in SHOWN:
        assert (model, NAMED.search(demo)[0]) in told, model


@pytest.mark.parametrize("client", sorted(TERMS["client"].unique()))
def test_the_terms_of_each_model_stand_beneath_its_heading(client, pages):
    missing = []
    for model, terms in TERMS.loc[TERMS["client"].eq(client), ["model", "terms"]].values:
        book, heading = PLACES[model]
        text = pages(client, book).get(heading, "")
        missing += [(model, term) for term in terms.split("|") if term not in text]
    assert not missing


@pytest.mark.parametrize("client", sorted(CLIENTS))
def test_no_demo_report_says_that_a_notebook_was_changed(client, pages):
    """What a notebook that all clients share makes of a table is no change of the client's own."""
    said = {book: " ".join(pages(client, book).values()) for book in sorted(BOOKS)}
    assert not [book for book, text in said.items() if "own notebook: " in text]
