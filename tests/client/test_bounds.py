"""Small files that grow without end, and large ones, are refused in words before they are read."""

import subprocess
import sys
import zipfile

import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from cxlib.client.bounds import allowed, check_shape, check_size, within
from cxlib.client.files import read_file
from cxlib.client.problems import LONGEST, ClientError, Problem, first_few
from cxlib.client.settings import Limits
from cxlib.client.workbooks import check_parts


def refusal(path, **limits):
    """What is said of a file under these limits; '' where it is read."""
    with allowed(Limits(**limits)):
        try:
            read_file(path)
        except ClientError as error:
            return str(error)
    return ""


def test_a_hundred_million_equal_rows_in_a_small_file_are_refused(tmp_path):
    path = tmp_path / "customers.parquet"
    column = pa.DictionaryArray.from_arrays(np.zeros(20_000_000, dtype="int8"), ["a"])
    pq.write_table(pa.table({"customer": column}), path)
    assert path.stat().st_size < 100_000
    assert "has 20,000,000 rows; up to 10,000,000 are read" in refusal(path)
    assert "`limits: {rows: …}`" in refusal(path)


@pytest.mark.parametrize("word", ["a" * 1000, b"a" * 1000])
def test_one_long_word_ten_thousand_times_in_a_small_file_is_refused(tmp_path, word):
    path = tmp_path / "customers.parquet"
    pq.write_table(pa.table({"customer": [word] * 10_000, "n": range(10_000)}), path)
    assert path.stat().st_size < 100_000
    assert "comes to 10 MB; up to 1 MB are read" in refusal(path, file_mb=1)
    assert refusal(path) == ""
    frame = read_file(path).frame
    assert frame["customer"].astype(str).str.len().eq(1000).all() and frame["n"].sum() == 49_995_000


@pytest.mark.skipif(sys.platform != "linux", reason="no other system refuses a process more memory")
def test_what_grows_only_as_it_is_read_is_refused_in_words(tmp_path):
    """Words that each repeat the one before, which no size in the file tells: 2 GB in 4 MB."""
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "client.yml").write_text("name: Acme\ncurrency: EUR\n")
    part = pa.array([f"{'a' * 100_000}{n}" for n in range(1_000)])
    words = pa.table({"customer": pa.chunked_array([part] * 20)})
    kept = {"use_dictionary": False, "column_encoding": {"customer": "DELTA_BYTE_ARRAY"}}
    pq.write_table(words, folder / "customers.parquet", **kept)
    assert (folder / "customers.parquet").stat().st_size < 2**22
    done = subprocess.run(
        [sys.executable, "-m", "cxlib", "check", "acme", "--data", tmp_path],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and "needs more than 1,150 MB to be read" in done.stdout


def test_a_file_that_is_mostly_nothing_is_refused_by_its_size(tmp_path):
    path = tmp_path / "scores.csv"
    with path.open("wb") as file:
        file.write(b"dimension,experience\nproduct,6\n")
        file.truncate(3 * 2**30)  # sparse: takes no room on the disk
    assert "comes to 3,072 MB; up to 500 MB are read" in refusal(path)


def test_what_a_zip_expands_to_counts(tmp_path):
    path = tmp_path / "scores.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("scores.csv", b"a,b\n" + b"1,2\n" * 1_000_000)
    assert path.stat().st_size < 2**20
    assert "comes to 4 MB; up to 1 MB are read" in refusal(path, file_mb=1)
    assert refusal(path) == ""


@pytest.mark.parametrize(
    ("text", "limits", "said"),
    [
        ("a,b\n" + "\n" * 5000, {"rows": 1000}, "has 5,001 rows; up to 1,000"),
        ("a,b\n" + "1,2\n" * 999, {"cells": 1000}, "cells; up to 1,000"),
        (
            ",".join(f"c{n}" for n in range(50)) + "\n" + "1," * 49 + "1\n",
            {"columns": 20},
            "has 50 columns; up to 20",
        ),
        (
            "a,b\n1,2\n1," + "x" * 500 + "\n",
            {"cell": 100},
            "'b' holds a text of 500 characters; up to 100 are read (row 3)",
        ),
    ],
)
def test_a_text_of_too_much_is_refused(tmp_path, text, limits, said):
    path = tmp_path / "scores.csv"
    path.write_text(text, encoding="utf-8")
    assert said in refusal(path, **limits)
    assert refusal(path) == ""  # a laptop has room for it


def test_as_much_as_the_limit_says_is_read_and_no_more():
    with allowed(Limits(file_mb=1, rows=7, cells=10)):
        check_size(1_048_576, "")  # a MB, to the byte
        with pytest.raises(ClientError, match="comes to 1 MB"):
            check_size(1_048_577, "")
        check_shape(7, 10, "")
        check_shape(35, 50, "", typed=True)  # five times as much of a typed file
        for rows, cells in ((36, 50), (35, 51)):
            with pytest.raises(ClientError, match="up to (35|50) are read"):
                check_shape(rows, cells, "", typed=True)


def test_a_few_long_rows_are_too_many_cells():
    with allowed(Limits(cells=100)):
        assert len([*within([["a"] * 25] * 4, "")]) == 4
        with pytest.raises(ClientError, match="has 125 cells; up to 100 are read"):
            list(within([["a"] * 25] * 5, ""))


def test_rows_of_a_workbook_are_counted_as_they_are_read(tmp_path):
    path = tmp_path / "scores.xlsx"
    book = openpyxl.Workbook()
    for _ in range(3000):
        book.active.append(["a", 1])
    book.save(path)
    assert "rows; up to 1,000 are read" in refusal(path, rows=1000)
    assert refusal(path) == ""


def test_beginnings_of_cells_in_a_comment_take_no_longer_than_other_text(tmp_path):
    class Page:
        _worksheet_path = "/sheet.xml"

    path = tmp_path / "book.zip"
    hostile = b"<!--" + b"<c " * 150_000 + b'--><c r="B2"><f>1+1</f></c>'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("sheet.xml", hostile)
    with pytest.raises(ClientError, match="never computed: B2"):
        check_parts(path, Page, "book")  # hangs for minutes where the pattern has no bound


def test_client_yml_sets_the_limits(acme):
    acme.write("customers.csv", "customer,revenue\n" + "".join(f"c{n},1\n" for n in range(50)))
    acme.settings("limits: {rows: 20}")
    assert "has 51 rows; up to 20 are read" in acme.problem().rule or "rows; up to 20" in str(
        acme.problem()
    )
    acme.settings("limits: {rows: 100}")
    assert len(acme.read().tables["customers"]) == 50
    check_size(2**20, "")  # the limits of one client are not those of the next


def test_a_segment_that_names_every_customer_is_refused(acme):
    rows = "".join(f"c{n},1,s{n}\n" for n in range(60))
    acme.write("customers.csv", "customer,revenue,segment\n" + rows)
    acme.settings("limits: {segments: 50}")
    assert "has 60 different values; up to 50" in str(acme.problem())
    acme.settings("limits: {segments: 60}")
    assert acme.problems() == [], "sixty, as the limit says"


def test_a_message_shows_nothing_that_a_terminal_obeys():
    text = str(
        Problem("a.csv", "is wrong", value="\x1b[2J\x07 red\x00 \u202e abc \ud800 é 客户\xa0")
    )
    assert not set("\x1b\x07\x00\u202e\ud800") & set(text)
    assert "é 客户\xa0" in text and "\\x1b[2J" in text
    assert len(first_few(["x" * 10_000])) < LONGEST + 40
