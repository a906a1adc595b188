"""What a consultant takes along: only when asked for, and never more than the page may show."""

import io
import zipfile

import pandas as pd
import pytest
from openpyxl import load_workbook
from PIL import Image

from cxlib.page import open_page

SECRET = 8.8675309  # the score of a group of four people


@pytest.fixture
def groups():
    return pd.DataFrame(
        {
            "segment": ["=1+1", "b", "c", "d"],
            "n": [100, 20, 4, 8],
            "share": [0.256, 0.5, SECRET, SECRET],
            "share_low": [0.2, 0.3, SECRET - 1, SECRET - 1],
            "share_high": [0.3, 0.7, SECRET + 1, SECRET + 1],
            "p_key": [0.999, 0.4, SECRET, SECRET],
            "text": ["@x", "-2", "+3", "d"],
        }
    )


def cells(path, sheet=0):
    return [list(row) for row in load_workbook(path).worksheets[sheet].iter_rows()]


def values(path, sheet=0):
    return [[cell.value for cell in row] for row in cells(path, sheet)]


def test_a_table_keeps_its_numbers_its_flags_and_its_secrets(case, groups, tmp_path):
    page = open_page(case(small_base=30, disclosure=10))
    path = page.save_table(tmp_path / "groups.xlsx", groups)
    head, first, second, third, _ = values(path)
    assert head[:5] == ["Customers", "Answers", "Share", "Share: from", "Share: to"]
    assert first[1:5] == [100, 0.25, 0.2, 0.3] and second[1:5] == [20, 0.4, 0.2, 0.8]
    assert head[-1] == "Remark"
    assert [row[-1] for row in (first, second, third)] == [
        None,
        "few answers: an indication",
        "too few answers",
    ]
    assert third[1:5] == ["too few answers"] * 4
    with zipfile.ZipFile(path) as book:
        inside = b"".join(book.read(name) for name in book.namelist())
    assert b"8.86" not in inside and b"9.86" not in inside and b"7.86" not in inside


def test_numbers_are_numbers_and_a_simulation_is_never_certain(case, groups, tmp_path):
    path = open_page(case()).save_table(tmp_path / "groups.xlsx", groups)
    _, first, second, *_ = cells(path)
    assert first[2].number_format == "0%" and first[2].data_type == "n"
    assert first[5].value == "over 99%" and second[5].value == 0.4


def test_no_word_becomes_a_formula(case, groups, tmp_path):
    path = open_page(case()).save_table(tmp_path / "groups.xlsx", groups)
    _, *rows = cells(path)
    risky = [rows[0][0], rows[0][6], rows[1][6]]
    assert [cell.value for cell in risky] == ["=1+1", "@x", "-2"]
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in risky)


def test_a_workbook_holds_all_rows_of_a_long_table(case, groups, tmp_path):
    page, caption = open_page(case()), "Who / what: said [it], and this is long indeed"
    long = pd.concat([groups] * 40, ignore_index=True)
    page.table(long, {"segment": "Who"}, caption=caption)
    assert list(tmp_path.iterdir()) == [], "nothing is written without being asked"
    path = page.save_table(tmp_path / "all.xlsx", long, {"segment": "Who"}, caption)
    assert load_workbook(path).sheetnames == ["Who   what  said  it , and this"]
    assert values(path)[0][0] == "Who"
    assert len(values(path)) == 161, "all rows, of which the page shows the first sixty"


def test_a_figure_as_svg_and_as_png(case, gaps, tmp_path):
    page = open_page(case())
    svg = page.save_figure(tmp_path / "gap.svg", "gap_chart", gaps).read_text("utf-8")
    assert svg.startswith("<svg") and "Convenience" in svg
    assert "var(--" not in svg and "prefers-color-scheme" not in svg, "other programs know neither"
    png = page.save_figure(tmp_path / "gap.png", "gap_chart", gaps).read_bytes()
    wide = float(svg.split('width="')[1].split('"')[0])
    assert Image.open(io.BytesIO(png)).width == pytest.approx(2 * wide, abs=2)


def test_no_figure_draws_a_withheld_group(case, groups, tmp_path):
    page = open_page(case(labels={"b": "Beta", "c": "Gamma"}))
    bars = {"value": "share", "label": "segment"}
    svg = page.save_figure(tmp_path / "b.svg", "bars", groups, **bars).read_text("utf-8")
    assert "887" not in svg and "8.8" not in svg
    hidden = groups.assign(n=4)
    with pytest.raises(ValueError, match="nothing to draw"):
        page.save_figure(tmp_path / "none.svg", "bars", hidden, **bars)
    assert [path.name for path in tmp_path.iterdir()] == ["b.svg"]


@pytest.mark.parametrize("name, said", [("x.pdf", "saved as"), ("nowhere/x.xlsx", "no folder")])
def test_a_wrong_place_is_refused(case, groups, tmp_path, name, said):
    with pytest.raises(ValueError, match=said):
        open_page(case()).save_table(tmp_path / name, groups)


def test_nothing_to_save_is_said(case, tmp_path):
    with pytest.raises(ValueError, match="no table to save"):
        open_page(case()).save_table(tmp_path / "none.xlsx", None)


class Shut(Exception):
    """The gate is shut: whoever gets past did not come through it."""


@pytest.mark.parametrize("name", ["save_figure", "save_table", "publish", "table"])
def test_there_is_no_way_round_the_gate(case, groups, tmp_path, monkeypatch, name):
    page = open_page(case(), str(tmp_path))

    def shut(self, table):
        raise Shut

    monkeypatch.setattr(type(page), "gate", shut)
    given = {
        "save_figure": (tmp_path / "x.svg", "bars", groups),
        "save_table": (tmp_path / "x.xlsx", groups),
        "publish": ("effects", groups),
        "table": (groups,),
    }
    with pytest.raises(Shut):
        getattr(page, name)(*given[name])
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
