"""`cx new`: what a new client's folder holds, and that it is a client once filled in."""

import pandas as pd
import pytest
from openpyxl import load_workbook

from cxlib.client.case import check_client, read_client
from cxlib.client.contract import TABLES
from cxlib.client.files import Raw
from cxlib.client.problems import ClientError
from cxlib.client.settings import Settings
from cxlib.client.tables import clean_table
from cxlib.client.template import new_client


@pytest.fixture
def book(tmp_path):
    return load_workbook(new_client("acme-2024", tmp_path) / "tables.xlsx")


def test_a_new_client_has_a_sheet_for_every_table_with_its_columns(book):
    assert [name for name in book.sheetnames if not name.startswith("_")] == list(TABLES)
    for name, table in TABLES.items():
        header = next(book[name].iter_rows(max_row=1))
        assert [cell.value for cell in header] == [column.name for column in table.columns]
        assert [bool(cell.font.bold) for cell in header] == [
            column.required for column in table.columns
        ]
        assert all(cell.comment.text for cell in header)


def rules(sheet):
    return {str(rule.sqref).split(":")[0]: rule for rule in sheet.data_validations.dataValidation}


def test_lists_and_ranges_are_laid_where_the_contract_has_them(book):
    scores, register, customers = (
        rules(book[name]) for name in ("scores", "register", "customers")
    )
    assert scores["G2"].formula1 == '"survey,frontline,management,assumed"'
    assert (scores["C2"].type, scores["C2"].formula1, scores["C2"].formula2) == (
        "decimal",
        "0",
        "10",
    )
    assert scores["A2"].formula1.startswith("_lists!")
    assert register["B2"].formula1 == '"need,complaint,must,nice,beyond"'
    assert customers["I2"].formula1 == '"yes,no"'
    assert "C2" not in customers  # revenue may be any number


@pytest.mark.parametrize("name", TABLES)
def test_the_example_row_obeys_the_contract(name):
    table = TABLES[name]
    row = [None if column.example == "" else column.example for column in table.columns]
    frame = pd.DataFrame(
        [row], columns=[column.name for column in table.columns], index=[2], dtype=object
    )
    clean, found = clean_table(Raw(name, frame), table, Settings(name="Acme"))
    assert not found.problems and not found.rejected and not found.warnings
    assert len(clean) == 1


def test_an_untouched_folder_holds_nothing_to_run(tmp_path):
    new_client("acme", tmp_path)
    (problem,) = check_client("acme", tmp_path)
    assert "holds no tables" in str(problem)


def test_the_example_row_is_left_out_with_a_line_and_what_is_filled_in_is_read(tmp_path):
    path = new_client("acme", tmp_path) / "tables.xlsx"
    book = load_workbook(path)
    book["scores"].append(["price", None, 4, 6, 9])
    book.save(path)
    case = read_client("acme", tmp_path)
    assert list(case.tables) == ["scores"]
    assert case.scores[["dimension", "experience"]].to_numpy().tolist() == [["price", 4]]
    assert case.rejected.to_numpy().tolist() == [
        ["scores", 2, "dimension", "example: convenience", "the template's example row"]
    ]
    assert "'dimension' is the template's example and is not used" in str(case.warnings[0])


def test_a_sheet_that_nobody_touched_does_not_stand_in_the_way_of_a_file(tmp_path):
    folder = new_client("acme", tmp_path)
    (folder / "scores.csv").write_text("dimension,experience\nprice,4\n", "utf-8")
    assert read_client("acme", tmp_path).scores["experience"].tolist() == [4]
    book = load_workbook(folder / "tables.xlsx")
    book["scores"].append(["price", None, 5])
    book.save(folder / "tables.xlsx")
    assert any("a second time" in str(problem) for problem in check_client("acme", tmp_path))


def test_a_client_that_is_there_is_not_written_over(tmp_path):
    new_client("acme", tmp_path)
    with pytest.raises(ClientError, match="is there already"):
        new_client("acme", tmp_path)
    with pytest.raises(ClientError, match="is not a name for a client"):
        new_client("A/B", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["acme"]
