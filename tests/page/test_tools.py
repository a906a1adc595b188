"""Tables sorted, searched and copied, figures saved: in a real browser, under the page's policy."""

import io
import re

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from openpyxl import load_workbook
from PIL import Image

from cxlib.page import open_page, render_notebook
from cxlib.page.page import Page
from cxlib.page.tables import table_html

ITEMS = [
    "Ease",
    "ease of use",
    "=cmd()",
    "Ｐrice",
    "Care",
    "Speed",
    "Trust",
    "Look",
    "Range",
    "Taste",
]


@pytest.fixture
def table():
    """Ten groups; the last is too small to be shown, one has no score."""
    scores = [7.25, -1.5, 1234.0, 6.5, None, 5.5, 5.0, 4.5, 4.0, 9.9]
    return pd.DataFrame(
        {
            "item": ITEMS,
            "n": [50_000] * 9 + [4],
            "number": scores,
            "number_low": [score and score - 1 for score in scores],
            "number_high": [score and score + 1 for score in scores],
            "text": ["-", "@home", "b", "c", "d", "e", "f", "g", "h", "i"],
        }
    )


@pytest.fixture
def sheet(opened, case, table, gaps, tmp_path):
    page = open_page(case())
    shown = [
        table_html(page.gate(table), page, ["item", "n", "number", "text"], "All of them"),
        page.figure_html("gap_chart", gaps),
    ]
    cells = [new_markdown_cell("# A")]
    for html in shown:
        output = new_output("display_data", {"text/html": str(html)})
        cells.append(new_code_cell("show", outputs=[output]))
    file = tmp_path / "tools.html"
    file.write_text(render_notebook(new_notebook(cells=cells), page.case, "report"), "utf-8")
    return opened(file)


def column(sheet, place):
    return sheet.evaluate(
        "place => [...document.querySelectorAll('tbody tr:not([hidden])')]"
        ".map(row => row.cells[place].firstChild?.textContent.trim() ?? '')",
        place,
    )


def test_a_column_of_numbers_sorts_as_numbers_blanks_last(sheet):
    head = sheet.get_by_role("button", name="Number")
    head.focus()
    sheet.keyboard.press("Enter")
    up = column(sheet, 2)
    assert up[:3] == ["−1.50", "4", "4.50"] and up[7] == "1,234"
    assert set(up[8:]) == {"–", "too few answers"}
    assert sheet.locator("th[aria-sort]").get_attribute("aria-sort") == "ascending"
    sheet.keyboard.press("Enter")
    assert column(sheet, 2)[:2] == ["1,234", "7.25"]
    assert set(column(sheet, 2)[8:]) == {"–", "too few answers"}


def test_searching_hides_the_other_rows_whatever_the_width_of_its_letters(sheet):
    search = sheet.get_by_role("searchbox", name="Search")
    search.focus()
    sheet.keyboard.type("EASE")
    assert column(sheet, 0) == ["Ease", "ease of use"]
    assert sheet.locator(".tools output").first.inner_text() == "2 / 10"
    search.fill("price")  # the table has it in full width
    assert column(sheet, 0) == ["Ｐrice"]
    sheet.emulate_media(media="print")
    assert sheet.locator("tbody tr").first.is_visible()


def copied(sheet):
    """What the button puts on the clipboard, heard where a page may hear it."""
    sheet.evaluate(
        "window.addEventListener('copy', event => {"
        " const keep = event.clipboardData.setData.bind(event.clipboardData);"
        " event.clipboardData.setData = (kind, text) => { window.taken = text; keep(kind, text); };"
        "}, true)"
    )
    sheet.get_by_role("button", name="Copy").press("Enter")
    return [line.split("\t") for line in sheet.evaluate("window.taken").split("\n")]


def test_a_copy_is_what_is_shown_and_no_formula(sheet):
    sheet.get_by_role("searchbox").fill("e")
    head, *rows = copied(sheet)
    assert head == ["Item", "Answers", "Number", "Number: range", "The customer's words"]
    found = {row[0]: row[1:] for row in rows}
    assert found["Ease"] == ["50000", "7.25", "6.25 to 8.25", "'-"]
    assert found["ease of use"] == ["50000", "-1.50", "−2.50 to −0.50", "'@home"]
    assert found["Taste"][:2] == ["too few answers"] * 2
    assert "9.9" not in str(rows) and "Trust" not in found
    sheet.get_by_role("searchbox").fill("cmd")
    assert copied(sheet)[1][:3] == ["'=cmd()", "50000", "1234"]
    assert sheet.get_by_text("Copied").is_visible()


def saved(sheet, kind):
    sheet.locator("figure").hover()
    with sheet.expect_download() as waiting:
        sheet.get_by_role("button", name=f"Save the figure: {kind}").press("Enter")
    return waiting.value.suggested_filename, waiting.value.path().read_bytes()


def test_a_figure_is_saved_as_svg_as_png_and_for_a_slide(sheet):
    name, svg = saved(sheet, "SVG")
    assert name == "gap_chart.svg" and svg.startswith(b"<svg")
    assert b"prefers-color-scheme" not in svg, "as on a light page, wherever it is put"
    width = int(re.search(rb'width="(\d+)', svg)[1])
    name, png = saved(sheet, "PNG")
    assert name == "gap_chart.png" and Image.open(io.BytesIO(png)).width == 2 * width
    name, slide = saved(sheet, "16:9")
    picture = Image.open(io.BytesIO(slide)).convert("RGB")
    assert name == "gap_chart-16x9.png" and picture.size == (1920, 1080)
    assert picture.getpixel((2, 2)) == (255, 255, 255) and len(picture.getcolors(1 << 20)) > 20


def test_without_script_the_table_is_plain_and_whole(sheet, browser):
    url = sheet.url
    context = browser.new_context(java_script_enabled=False, offline=True)
    plain = context.new_page()
    plain.goto(url)
    assert plain.locator("tbody tr").count() == len(ITEMS)
    assert plain.locator("button").count() == 0
    context.close()


def test_the_tools_speak_chinese_and_pass_axe(opened, case, table, gaps, tmp_path):
    from axe_playwright_python.sync_playwright import Axe

    page = open_page(case("zh-Hant"))
    shown = table_html(page.gate(table), page) + page.figure_html("gap_chart", gaps)
    output = new_output("display_data", {"text/html": str(shown)})
    cells = [new_markdown_cell("# A"), new_code_cell("show", outputs=[output])]
    file = tmp_path / "zh.html"
    file.write_text(render_notebook(new_notebook(cells=cells), page.case, "report"), "utf-8")
    sheet = opened(file)
    assert sheet.get_by_role("searchbox", name="搜尋").is_visible()
    assert sheet.get_by_role("button", name="複製").count() == 1
    assert sheet.get_by_role("button", name="儲存圖表: 16:9").count() == 1
    found = Axe().run(sheet)
    assert found.violations_count == 0, found.generate_report()


def shown_in_browser(opened, case, html, tmp_path):
    page = open_page(case())
    output = new_output("display_data", {"text/html": str(html(page))})
    cells = [new_markdown_cell("# A"), new_code_cell("show", outputs=[output])]
    file = tmp_path / "one.html"
    file.write_text(render_notebook(new_notebook(cells=cells), page.case, "report"), "utf-8")
    return opened(file)


def test_a_table_in_a_notebook_is_taken_along_as_excel(opened, case, table, tmp_path, monkeypatch):
    shown = []
    monkeypatch.setattr(Page, "interactive", property(lambda page: True))
    monkeypatch.setattr(Page, "_put", lambda page, html, text: shown.append(html))

    def html(page):
        page.table(table, ["item", "n", "number", "text"], "All of them")
        return shown[-1]

    sheet = shown_in_browser(opened, case, html, tmp_path)
    with sheet.expect_download() as waiting:
        sheet.get_by_role("button", name="Excel").press("Enter")
    assert waiting.value.suggested_filename == "All of them.xlsx"
    rows = [
        list(row)
        for row in load_workbook(io.BytesIO(waiting.value.path().read_bytes())).active.values
    ]
    assert rows[1][:3] == ["Ease", 50_000, 7.25] and len(rows) == 1 + len(ITEMS)
    assert "9.9" not in str(rows), "what the page withholds, the workbook withholds"


def test_a_report_carries_no_workbook(page, table, monkeypatch):
    shown = []
    monkeypatch.setattr(Page, "_put", lambda page, html, text: shown.append(html))
    page.table(table)
    assert shown and "data-book" not in shown[0]


def test_a_search_says_how_many_rows_it_sees(opened, case, tmp_path):
    many = pd.DataFrame({"item": [f"item {k}" for k in range(75)], "number": range(75)})
    sheet = shown_in_browser(opened, case, lambda page: table_html(page.gate(many), page), tmp_path)
    assert sheet.get_by_role("searchbox", name="Search the 60 rows shown").is_visible()
    assert sheet.get_by_text("searching, sorting and copying see these alone").is_visible()
