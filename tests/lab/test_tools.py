"""The tools of a table and of a figure, by keyboard, in real JupyterLab."""

import nbformat
import pandas as pd
from nbformat.v4 import new_code_cell, new_notebook
from playwright.sync_api import expect

CELLS = [
    "import cxlib as cx\n"
    "case = cx.read_client('kiosk', '../data', language='zh-Hant')\npage = cx.open_page(case)",
    "page.table(cx.item_gaps(case), ['item', 'n', 'gap'])",
    "page.figure('gap_chart', cx.gaps(case))",
]


def test_a_table_is_sorted_searched_and_copied_and_a_figure_saved(opened, workbook):
    book = new_notebook(cells=[new_code_cell(source) for source in CELLS])
    nbformat.write(book, workbook / "notebooks" / "tools.ipynb")
    sheet = opened("notebooks/tools.ipynb")
    assert sheet.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    search = sheet.get_by_role("searchbox", name="搜尋")
    search.wait_for()

    head = sheet.locator("div.table thead button").nth(2)
    head.focus()
    sheet.keyboard.press("Enter")  # and not JupyterLab's "edit this cell"
    assert sheet.locator("div.table th[aria-sort]").get_attribute("aria-sort") == "ascending"

    search.focus()
    sheet.keyboard.type("add")  # letters that JupyterLab takes for commands
    assert search.input_value() == "add"
    assert sheet.locator(".jp-Notebook .jp-Cell").count() == len(CELLS)
    search.fill("")

    sheet.get_by_role("button", name="複製", exact=True).press("Space")
    sheet.get_by_text("已複製").wait_for()

    sheet.locator("figure").hover()
    with sheet.expect_download() as waiting:
        sheet.get_by_role("button", name="儲存圖表: 16:9").press("Enter")
    assert waiting.value.suggested_filename == "gap_chart-16x9.png"


SHORT = [
    CELLS[0],
    "page.table(cx.everyone(cx.item_gaps(case)), ['item', 'segment', 'n', 'gap'], 'Every question')",
    "print('end', 'of the notebook')",
]


def test_a_table_is_taken_along_as_an_excel_workbook(opened, workbook):
    book = new_notebook(cells=[new_code_cell(source) for source in SHORT])
    nbformat.write(book, workbook / "notebooks" / "excel.ipynb")
    sheet = opened("notebooks/excel.ipynb")
    assert sheet.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")
    expect(sheet.get_by_text("end of the notebook")).to_be_visible()
    cells = sheet.locator("div.table tbody tr").evaluate_all(
        "rows => rows.map(row => [...row.cells].map(cell => cell.firstChild.textContent.trim()))"
    )
    with sheet.expect_download() as waiting:
        sheet.get_by_role("button", name="Excel", exact=True).press("Enter")
    assert waiting.value.suggested_filename == "Every question.xlsx"
    saved = pd.read_excel(waiting.value.path())
    assert len(saved) == len(cells) > 20
    # What the workbook holds is what stands on the page, as numbers, and not rounded.
    for row, shown in zip(saved.itertuples(index=False), cells, strict=True):
        assert [*row[:2], f"{row[2]}"] == shown[:3]
        assert row[3] == float(shown[3].replace("−", "-"))
        assert row[4] <= row[3] <= row[5], "its interval in two columns of its own"
