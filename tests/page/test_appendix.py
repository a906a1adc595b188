"""The workbook of all tables: as released, in the reader's words, and who differs from whom."""

import zipfile

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook
from scipy import stats

import cxlib as cx
from cxlib.client.case import read_client
from cxlib.page import open_page
from cxlib.page.workbook import crossed, write_appendix
from tests.conftest import DATA
from tests.page.test_deck import FEW, bakery, texts_and_numbers


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """(page, workbook, folder of the results) of the bakery, in Chinese."""
    place = tmp_path_factory.mktemp("appendix")
    bakery(place / "bakery", labels={"segment": {"老客": "=1+1"}})
    page = open_page(read_client("bakery", place), str(place / "reports"))
    page.publish("gap", cx.gaps(page.case))
    page.publish("items", cx.item_gaps(page.case))
    page.publish("segments", cx.segments_against_the_rest(page.case))
    results = place / "reports" / "bakery" / "results"
    (results / "bases.csv").write_text("\n")  # as a step writes that has nothing
    (results / "own_shops.csv").write_text("shop,n\n007,12\n'=1+1,3\n")
    write_appendix(page, place / "a.xlsx", results)
    return page, place / "a.xlsx", results


def rows(book, name):
    return list(load_workbook(book)[name].iter_rows(min_row=4, values_only=True))


def test_a_contents_sheet_links_to_every_table_and_says_what_it_shows(made):
    _, book, _ = made
    opened = load_workbook(book)
    assert opened.sheetnames == ["目录", "crossings", "gap", "items", "own_shops", "segments"]
    contents = opened["目录"]
    listed = [(row[0].value, row[1].value, row[0].hyperlink.location) for row in contents.iter_rows(min_row=5)]  # fmt: skip
    assert [name for name, *_ in listed] == opened.sheetnames[1:]
    assert all(caption and where == f"'{name}'!A1" for name, caption, where in listed)
    assert listed[1][1] == "各体验类型的体验、期望、重要性、理想与差距"
    for sheet in opened.worksheets[1:]:
        assert sheet.freeze_panes == "B5" and sheet.auto_filter.ref.startswith("A4:")
        assert sheet["A2"].hyperlink.location == "'目录'!A1"


def test_the_numbers_are_those_of_the_files(made):
    page, book, results = made
    told = pd.read_csv(results / "gap.csv")
    head, *body = rows(book, "gap")
    assert head[0] == "体验类型" and len(body) == len(told)
    for name, column in (("体验", "experience"), ("体验：下限", "experience_low")):
        cells = [row[head.index(name)] for row in body]
        assert [each if each != "样本过少" else np.nan for each in cells] == pytest.approx(
            told[column], nan_ok=True
        )
        assert cells.count("样本过少") == told["flag"].eq("withheld").sum() > 0
    cell = load_workbook(book)["gap"].cell(5, head.index("体验") + 1)
    assert cell.data_type == "n" and cell.number_format == "0.0"


def test_codes_stay_text_and_no_word_becomes_a_formula(made):
    _, book, _ = made
    shops = [row[0] for row in rows(book, "own_shops")[1:]]
    assert shops == ["007", "=1+1"], "the apostrophe is a file's way, and a sheet's is another"
    cells = [cell for row in load_workbook(book)["segments"].iter_rows() for cell in row]
    risky = [cell for cell in cells if cell.value == "=1+1"]
    assert risky and all(cell.data_type == "s" and cell.quotePrefix for cell in risky)


def test_nothing_withheld_and_nothing_finer_is_inside(made):
    page, book, _ = made
    assert FEW in set(page.case.latest.people["segment"])
    found = list(texts_and_numbers(book.read_bytes()))
    assert not [each for each in found if "1.25" in each]  # the mean of the four, of the queue
    with zipfile.ZipFile(book) as parts:
        sheets = "".join(parts.read(n).decode() for n in parts.namelist() if "worksheets/" in n)
    assert "<f>" not in sheets
    numbers = [each for each in found if each.replace(".", "", 1).isdigit()]
    assert not [each for each in numbers if len(each.partition(".")[2]) > 3]


def test_the_same_tables_are_the_same_bytes(made, tmp_path):
    page, book, results = made
    write_appendix(page, tmp_path / "a.xlsx", results)
    assert (tmp_path / "a.xlsx").read_bytes() == book.read_bytes()


def test_crossings_are_sorted_by_what_is_most_worth_looking_at(made):
    _, book, _ = made
    head, *body = rows(book, "crossings")
    q, size = head.index("校正后的概率（q）"), head.index("差异")
    known = [row for row in body if isinstance(row[size], int | float)]
    at = [(0.0 if isinstance(row[q], str) else row[q], -abs(row[size])) for row in known]
    assert known and [each[0] for each in at] == sorted(each[0] for each in at)
    assert body[: len(known)] == known  # what is withheld stands last


def test_a_crossing_is_welchs_test_and_its_q_that_of_benjamini_and_hochberg():
    case = read_client("vendor", DATA)
    table = cx.crossings(case)
    row = table[
        table["group"].eq("it") & table["item"].eq("one_call") & table["measure"].eq("experience")
    ]
    if row.empty:  # the dimension speaks where it has one item
        row = table[table["group"].eq("it") & table["item"].eq("manner")]
    answers = case.latest.answers["experience", row["item"].iloc[0]]
    mine, known = case.latest.people["role"].eq("it"), case.latest.people["role"].notna()
    one, other = answers[mine].dropna(), answers[~mine & known].dropna()
    assert row["difference"].iloc[0] == pytest.approx(one.mean() - other.mean())
    assert row["p"].iloc[0] == pytest.approx(stats.ttest_ind(one, other, equal_var=False).pvalue)
    shown = table.dropna(subset=["q"])
    assert np.allclose(shown["q"], stats.false_discovery_control(shown["p"]))
    assert {"wave", "role"} <= set(table["grouping"]) and shown["different"].eq(
        shown["q"] <= 0.05
    ).all()
    assert {"service", "manner"} <= set(table["item"])  # dimensions and their items


def test_of_crossings_as_sure_the_larger_stands_first():
    table = crossed(open_page(read_client("vendor", DATA)))
    q, size = table["q"].astype(float), table["difference"].astype(float).abs()
    tied = q.duplicated(keep=False) & q.eq(q.shift())
    assert q.is_monotonic_increasing and tied.sum() > 10
    assert (size[tied] <= size.shift()[tied]).all()
