"""Only what the gate returns can be shown: a raw table is refused, or gated, at every way out."""

import inspect
import io
from base64 import b64decode

import openpyxl
import pandas as pd
import pytest

import cxlib as cx
from cxlib.client.release import from_file, has_passed
from cxlib.page import open_page, tables, whatif, workbook
from cxlib.page.figures import FIGURES
from cxlib.page.page import Page
from cxlib.page.sentences import SENTENCES
from cxlib.page.whatif import choice_html
from tests.conftest import DATA

MARKS = ("0773", "8765")  # digits that no released number has
RAW = pd.DataFrame(
    {
        "segment": ["all", "a", "b"],
        "dimension": "price",
        "n": [207, 203, 4],
        "experience": [5.0773, 5.3077310773, 8.8765],
        "expectation": [6.0773, 6.1077310773, 9.8765],
        "satisfaction": [-1.0773, -0.80773, -1.8765],
        "ideal": [8.0773, 8.90773, 9.8765],
        "importance": [7.0773, 7.1077310773, 9.8765],
        "weighted_satisfaction": [-7.077310773, -5.7910773, -9.8765],
        "gap": [-1.0773, -1.10773, -1.8765],
        "key_experience": True,
    }
)
GROUPS = RAW.assign(grouping="segment", group=RAW["segment"]).drop(columns="segment")
COLUMNS = ["dimension", "n", "experience"]


@pytest.fixture(scope="module")
def case():
    return cx.read_client("kiosk", DATA)


@pytest.fixture
def page(case, tmp_path):
    (tmp_path / "kiosk").mkdir()
    return open_page(case, str(tmp_path))


@pytest.fixture
def displayed(monkeypatch):
    """What is put on the page."""
    found = []
    monkeypatch.setattr(
        "IPython.display.display", lambda data, **_: found.extend(map(str, data.values()))
    )
    return found


def test_the_raw_table_has_what_may_not_be_told(case):
    assert all(mark in RAW.to_csv() for mark in MARKS)
    told = cx.client.release.released(case, RAW)
    assert not any(mark in told.to_csv() for mark in MARKS)
    assert told["flag"].tolist() == ["", "withheld", "withheld"]


def in_place(table):
    table.loc[table.index[0], "experience"] = 5.0773
    return table


SELECTIONS = {
    "rows": lambda told: told[told["segment"] == "all"],
    "columns": lambda told: told[["segment", "experience"]],
    "order": lambda told: told.sort_values("segment").reset_index(drop=True),
    "named": lambda told: told.set_index("segment").loc[["b"]],
    "cells": lambda told: told.dropna().query("n > 100").head(1),
    "none": lambda told: told.iloc[:0],
}
CHANGES = {
    "assign": lambda told: told.assign(experience=RAW["experience"]),
    "a column more": lambda told: told.assign(size=RAW["experience"]),
    "merge": lambda told: told[["segment"]].merge(RAW),
    "merge of what was hidden": lambda told: told.drop(columns="n").merge(RAW[["segment", "n"]]),
    "rename": lambda told: told.rename(columns={"gap": "ideal", "ideal": "gap"}),
    "fillna": lambda told: told.fillna({"experience": 8.8765}),
    "in place": lambda told: in_place(told.copy()),
    "update": lambda told: told.update(RAW) or told,
    "index": lambda told: told.set_axis([*RAW["experience"]]),
    "named index": lambda told: told.set_index(RAW["experience"]),
    "columns of two rows": lambda told: told.assign(segment=[*told["segment"]][::-1]),
    "concat": lambda told: pd.concat([told, RAW]),
    "where": lambda told: told.where(told["segment"] == "all", RAW),
    "combine_first": lambda told: told.combine_first(RAW),
}


@pytest.mark.parametrize("name", [*SELECTIONS])
def test_a_selection_of_what_was_told_has_passed(case, name):
    assert has_passed(SELECTIONS[name](cx.client.release.released(case, RAW)))


@pytest.mark.parametrize("name", [*CHANGES])
def test_what_was_changed_after_the_gate_has_not_passed_and_is_gated_again(page, name):
    changed = CHANGES[name](page.gate(RAW).copy())
    assert not has_passed(changed)
    assert not any(mark in page.gate(changed).to_csv(index=False) for mark in MARKS)
    with pytest.raises(TypeError, match=r"passed the gate"):
        SENTENCES["gap"](page, changed)
    assert has_passed(page.gate(RAW))  # of which that was a copy


@pytest.mark.parametrize("name", ["kpi", "event", "area", "level"])
def test_a_group_of_people_may_have_the_name_of_a_record(case, name):
    told = cx.client.release.released(case, RAW.rename(columns={"segment": name}))
    assert told["experience"].iloc[0] == 5.1


def test_what_a_company_counts_of_itself_is_told_to_the_last_digit():
    vendor = cx.read_client("vendor", DATA)
    for name, known in {"kpi": vendor.tables["kpis"]["kpi"].iloc[0], "level": 0.95}.items():
        mine = pd.DataFrame({name: [known], "value": [0.98765]})
        assert cx.client.release.released(vendor, mine)["value"].tolist() == [0.98765]
        others = mine.assign(**{name: "north"})
        assert cx.client.release.released(vendor, others)["value"].tolist() == [0.99]


@pytest.mark.parametrize("name", [*FIGURES])
def test_a_figure_refuses_what_did_not_pass_the_gate(page, name):
    with pytest.raises(TypeError, match=r"passed the gate"):
        FIGURES[name](None, page, RAW)


@pytest.mark.parametrize("name", [*SENTENCES])
def test_a_sentence_refuses_what_did_not_pass_the_gate(page, name):
    with pytest.raises(TypeError, match=r"passed the gate"):
        SENTENCES[name](page, RAW)


def test_a_sheet_and_a_slider_refuse_what_did_not_pass_the_gate(page):
    book = workbook.open_book(io.BytesIO())
    for way in (
        lambda: workbook.fill(book, book.add_worksheet("a"), RAW, COLUMNS, page),
        lambda: whatif.whatif_gap(page, RAW),
    ):
        with pytest.raises(TypeError, match=r"passed the gate"):
            way()


def cells(data) -> str:
    sheets = openpyxl.load_workbook(io.BytesIO(data)).worksheets
    return str([[*sheet.values] for sheet in sheets])


# Every method of the page that is given a table; what it writes, as text.
WAYS = {
    "gate": lambda page, _: page.gate(RAW).to_csv(),
    "show": lambda page, _: page.show("own_x", RAW, COLUMNS, "words", "satisfaction", "experience"),
    "table": lambda page, _: page.table(RAW, COLUMNS),
    "choose": lambda page, _: page.choose(RAW, GROUPS, COLUMNS, "words"),
    "figure": lambda page, _: page.figure("gap_chart", RAW),
    "figure_html": lambda page, _: page.figure_html("satisfaction", RAW),
    "drawing": lambda page, _: page.figure_html("gap_chart", RAW),
    "headline": lambda page, _: page.headline("experience", RAW),
    "headline_html": lambda page, _: page.headline_html("experience", RAW),
    "sentence": lambda page, _: page.sentence("experience", RAW),
    "sentences": lambda page, _: page.sentence("gap", RAW),
    "evidence": lambda page, _: page.evidence(RAW),
    "meaning": lambda page, _: page.meaning("key", RAW),
    "worked": lambda page, _: page.worked(RAW, "importance × experience = weighted_satisfaction"),
    "whatif_gap": lambda page, _: page.whatif_gap(RAW),
    "whatif_churn": lambda page, _: page.whatif_churn(page.case.churn_inputs),
    "publish": lambda page, _: page.publish("own_y", RAW),
    "save_figure": lambda page, to: page.save_figure(to / "a.svg", "gap_chart", RAW).read_text(),
    "save_table": lambda page, to: cells(page.save_table(to / "a.xlsx", RAW).read_bytes()),
    "leads": lambda page, _: page.leads("gap_chart", RAW),
}
TABLES = {"table", "tables", "gaps", "inputs", "groups"}
NO_WAY_OUT = {"finding", "screen"}  # of tables that were found above, each through these


def test_every_way_out_is_tried():
    given = {
        name
        for name, function in inspect.getmembers(Page, inspect.isfunction)
        if not name.startswith("_") and TABLES & {*inspect.signature(function).parameters}
    }
    assert given - {"focus_rows"} == {*WAYS}  # which only selects


@pytest.mark.parametrize("name", [*WAYS])
def test_no_way_out_tells_the_raw_numbers(page, displayed, tmp_path, name):
    said = WAYS[name](page, tmp_path)
    text = [*displayed, said if isinstance(said, str) else ""]
    text += [path.read_text() for path in (tmp_path / "kiosk").glob("results/*.csv")]
    if name in ("publish", "show"):  # and in private are no withheld rows
        assert MARKS[0] in (exact := next((tmp_path / "kiosk/private").glob("*.csv")).read_text())
        assert MARKS[1] not in exact
    assert not any(mark in each for each in text for mark in MARKS)


def test_no_table_no_choice_and_no_book_tells_the_raw_numbers(page):
    text = [
        tables.table_html(RAW, page, COLUMNS),
        choice_html(page, RAW, GROUPS, COLUMNS, "words"),
        cells(b64decode(workbook.book_of(page, RAW, COLUMNS))),
    ]
    assert all("5" in each for each in text)
    assert not any(mark in each for each in text for mark in MARKS)


def test_the_appendix_is_made_of_released_files(page, tmp_path):
    workbook.write_results(page, "own_z", RAW)
    table = from_file(tmp_path / "kiosk/results/own_z.csv", workbook.as_released)
    assert has_passed(table) and not any(mark in table.to_csv() for mark in MARKS)


def test_no_word_of_a_file_opens_as_a_formula(page, tmp_path):
    run = ["=HYPERLINK(1)", "@SUM(1)", "+1+1", "-1+1"]
    words = [*run, "plain = words", "-", "- or not", "-0.3"]
    workbook.write_results(page, "own_z", pd.DataFrame({"label": words, "value": -1.0}))
    told = (tmp_path / "kiosk/results/own_z.csv").read_text("utf-8").splitlines()[1:]
    assert told == [f"{word},-1.0" for word in [*(f"'{each}" for each in run), *words[len(run) :]]]
