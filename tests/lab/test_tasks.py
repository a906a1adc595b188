"""Three days with three clients in real JupyterLab: the tasks of docs/tasks.md, typed as the page has them
into cells and a terminal, by what is seen.

What each task must come to is asserted in tests/test_tasks.py, without a browser.
"""

import re
import shutil
import sys
from pathlib import Path

import pandas as pd
from playwright.sync_api import expect

from tests.lab.test_workbook import IN_FRONT, begin, in_front, run_all
from tests.test_guide import lines
from tests.test_tasks import BLOCK, TASKS

BLOCKS = BLOCK.findall(TASKS.read_text("utf-8"))
COMMANDS = "window.jupyterapp.commands.execute"
FRONT = ".jp-NotebookPanel:not(.lm-mod-hidden)"


def type_cell(sheet, text: str, tag: str = "", prose: bool = False) -> None:
    """A new cell at the end, as hands do it: its text, and its tag in the panel at the right."""
    sheet.locator(f"{FRONT} .jp-Cell .jp-InputArea-prompt").last.click()
    for key in ["Escape", "b", *["m"] * prose, "Enter"]:
        sheet.keyboard.press(key)
    sheet.keyboard.insert_text(text.strip())
    cell = f"{IN_FRONT}.content.activeCell.model"
    assert sheet.evaluate(f"{cell}.sharedModel.getSource()") == text.strip()
    if tag:
        add = sheet.locator(".jp-CellTags input.jp-CellTags-Add")
        if not add.is_visible():
            sheet.evaluate(f"{COMMANDS}('property-inspector:show-panel')")
        if not add.is_visible():
            sheet.get_by_text("Common Tools").click()
        add.click()
        sheet.keyboard.insert_text(tag)
        add.press("Enter")
        sheet.wait_for_function(f"({cell}.getMetadata('tags') ?? []).includes('{tag}')")


def type_task(sheet, step: str) -> None:
    """Every cell that the page of tasks has for a step."""
    for kind, where, tag, text in BLOCKS:
        if where == step and kind in ("python", "markdown"):
            type_cell(sheet, text, tag, kind == "markdown")


def save(sheet) -> None:
    sheet.keyboard.press("Escape")
    sheet.keyboard.press("Control+s")
    sheet.wait_for_function(f"!{IN_FRONT}.context.model.dirty")


def to_start(sheet) -> None:
    sheet.locator(".lm-TabBar-tab", has_text="start.ipynb").click()
    sheet.wait_for_function(f"{IN_FRONT}.context.path.endsWith('start.ipynb')")


def choose(sheet, client: str) -> None:
    sheet.get_by_label("Client", exact=True).select_option(client)
    expect(sheet.get_by_text(f"every file of {client} can be used")).to_be_visible()


def terminal(sheet):
    """JupyterLab's own terminal: types lines; waits until what they print holds some words."""
    sheet.evaluate(f"void {COMMANDS}('terminal:create-new')")
    screen = sheet.locator(".jp-Terminal .xterm-accessibility-tree")
    screen.wait_for(state="attached")
    expect(screen).to_contain_text(re.compile("[$#]"))
    tab = sheet.locator(".lm-TabBar-tab", has_text="Terminal")

    def type_lines(*said, until=""):
        tab.click()
        sheet.locator(".jp-Terminal .xterm-helper-textarea").focus()
        for line in said:
            sheet.keyboard.type(line)
            sheet.keyboard.press("Enter")
        if until:
            expect(screen).to_contain_text(until, timeout=300_000)

    # As the guide says of a new terminal.
    type_lines(f". {Path(sys.prefix, 'bin', 'activate')}")
    return type_lines


def shell(task: str) -> list[str]:
    """The lines for a shell beneath a heading of the page; of its beginning for ""."""
    of = re.split(r"(?m)^## ", TASKS.read_text("utf-8"))
    part = next(each for each in of if each.startswith(f"{task}. ")) if task else of[0]
    return [line for kind, *_, text in BLOCK.findall(part) if kind == "sh" for line in lines(text)]


def opened_page(sheet, path: str):
    """A page of the reports, opened in JupyterLab."""
    sheet.evaluate(f"void {COMMANDS}('filebrowser:open-path', {{path: '{path}'}})")
    return sheet.frame_locator(".lm-DockPanel-widget:not(.lm-mod-hidden) iframe").locator("main")


def open_step(sheet, client: str, number: int, name: str) -> None:
    sheet.get_by_role("link", name=f"{number} · ").click()
    in_front(sheet, f"{client}/{client}_{name}.ipynb")


def report(sheet, client: str, button: str = "Make the report"):
    """The report of a client, made by a button of the start page and opened there."""
    sheet.get_by_role("button", name=button).click()
    expect(sheet.get_by_text(f"The report of {client} is made.")).to_be_visible(timeout=600_000)
    sheet.get_by_role("link", name="The report", exact=True).click()
    return sheet.frame_locator(".lm-DockPanel-widget:not(.lm-mod-hidden) iframe").locator("main")


def end_of_day(sheet) -> None:
    """Everything is shut down; what was saved is what is left."""
    sheet.evaluate("window.jupyterapp.serviceManager.sessions.shutdownAll()")


CHINESE = """
# alt: 各項體驗的長條圖，關係最低
體驗 = cx.everyone(cx.gaps(case)).sort_values("experience")
體驗["項目"] = [page.label("dimension", 項) for 項 in 體驗["dimension"]]
圖 = 體驗.plot.barh(x="項目", y="experience", legend=False)
_ = 圖.set_title("客戶的體驗（滿分 10）")
"""
CHINESE_TABLE = """
分店 = 體驗.rename(columns={"experience": "得分"})[["項目", "得分"]]
page.show("own_分店", 分店, ["項目", "得分"], caption="各項得分，由高至低。")
"""


def test_three_days_with_three_clients(opened, workbook):
    data, reports = workbook / "data", workbook / "reports"
    sheet = opened("notebooks/start.ipynb")

    # The first day: the tasks are typed as the page has them, while the terminal makes the first reports.
    type_lines = terminal(sheet)
    type_lines(*shell(""), until="reports/shop/report.html")
    type_lines(*shell("8")[:2])
    to_start(sheet)
    begin(sheet)
    for _, name, _, text in BLOCKS:  # files beside client.yml: a comment, a second source
        if name.startswith("data/shop/"):
            (workbook / name).write_text(text, "utf-8")
    choose(sheet, "shop")
    open_step(sheet, "shop", 2, "02_experience_expectation")
    expect(sheet.get_by_role("tab", name="shop_02_experience_expectation.ipynb")).to_be_visible()
    type_task(sheet, "02")
    run_all(sheet)
    front = sheet.locator(FRONT)
    shown = front.locator(".jp-OutputArea-output")
    expect(shown.get_by_text("Those wary of security, and the others.")).to_be_visible()
    expect(shown.get_by_text("Visits a year that the answers stand for.")).to_be_visible()
    expect(front.locator("figure img, .jp-OutputArea img").last).to_be_visible()
    save(sheet)
    to_start(sheet)
    open_step(sheet, "shop", 3, "03_key_experience")
    type_task(sheet, "03")
    run_all(sheet)
    expect(shown.get_by_text("Changed in this client's own notebook: ")).to_be_visible()
    save(sheet)
    to_start(sheet)
    told = report(sheet, "shop", "Make slides and workbook")
    for words in ("Those wary of security, and the others.", "people want to be quick",
                  "What is lived differs less than what was expected.", "Ada Chan",
                  "Changed in this client's own notebook: ", "Convenience"):  # fmt: skip
        expect(told).to_contain_text(words)
    expect(told.get_by_alt_text("Experience by dimension as bars; look and feel")).to_have_count(1)
    to_start(sheet)
    for name in ("The slides", "The workbook of all tables"):
        with sheet.expect_download() as waiting:
            sheet.get_by_role("link", name=name).click()
        assert waiting.value.path().stat().st_size > 10_000
    # Last quarter, and two clients side by side, in the terminal.
    type_lines(*shell("7"), until="reports/shop/compare.html")
    type_lines(*shell("8")[2:], until="Meisu Electronics")
    expect(opened_page(sheet, "reports/shop/compare.html")).to_contain_text("Meisu Electronics")
    end_of_day(sheet)

    # The second day: a client that is Chinese, and cells in Chinese.
    shutil.copytree(data / "meisu", data / "stall")
    yml = data / "stall" / "client.yml"
    yml.write_text(yml.read_text("utf-8").replace("language: en\n", "language: zh-Hant\n"), "utf-8")
    sheet = opened("notebooks/start.ipynb")
    begin(sheet)
    choose(sheet, "stall")
    open_step(sheet, "stall", 2, "02_experience_expectation")
    type_cell(sheet, CHINESE, "finding")
    type_cell(sheet, CHINESE_TABLE, "report")
    type_cell(sheet, "這個攤位是**我們的**。", "report", prose=True)
    run_all(sheet)
    expect(shown.get_by_text("各項得分，由高至低。")).to_be_visible()
    expect(front.locator(".jp-RenderedMarkdown", has_text="這個攤位是我們的。")).to_be_visible()
    save(sheet)
    to_start(sheet)
    told = report(sheet, "stall")
    for words in ("這個攤位是我們的。", "各項得分，由高至低。", "便利性"):
        expect(told).to_contain_text(words)
    expect(told.get_by_alt_text("各項體驗的長條圖，關係最低")).to_have_count(1)
    page = (reports / "stall" / "02_experience_expectation.html").read_text("utf-8")
    assert "各項得分，由高至低。" in page and "各項體驗的長條圖，關係最低" in page
    rows = pd.read_csv(reports / "stall" / "results" / "own_分店.csv")
    assert dict(zip(rows["項目"], rows["得分"], strict=True))["關係"] == 4  # scores.csv, as printed
    end_of_day(sheet)

    # The third: all is still there; one has new data.
    scores = data / "stall" / "scores.csv"
    new = scores.read_text("utf-8").replace("convenience,5,7,9", "convenience,6,7,9")
    assert new != scores.read_text("utf-8")
    scores.write_text(new, "utf-8")
    sheet = opened("notebooks/start.ipynb")
    begin(sheet)
    choose(sheet, "shop")
    open_step(sheet, "shop", 2, "02_experience_expectation")
    expect(front.get_by_text("What is lived differs less")).to_be_visible()
    to_start(sheet)
    choose(sheet, "stall")
    expect(report(sheet, "stall")).to_contain_text("這個攤位是我們的。")
    type_lines = terminal(sheet)
    type_lines("cx compare stall", until="reports/stall/compare.html")
    page = opened_page(sheet, "reports/stall/compare.html")
    expect(page).to_contain_text("+1.00")
    page = opened_page(sheet, "reports/index.html")
    for name in ("Self-service kiosks", "Meisu Electronics", "美蘇電器"):
        expect(page).to_contain_text(name)
