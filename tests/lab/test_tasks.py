"""The tasks of docs/tasks.md in real JupyterLab, typed as the page has them, by what is seen.

What each task must come to is asserted in tests/test_tasks.py, without a browser.
"""

import shutil
import subprocess
import sys

from playwright.sync_api import expect

from tests.lab.conftest import ROOT
from tests.lab.test_workbook import IN_FRONT, begin, in_front, run_all
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


def choose(sheet, client: str, tongue: str = "en") -> None:
    sheet.get_by_label("Client", exact=True).select_option(client)
    expect(sheet.get_by_text(f"every file of {client} can be used")).to_be_visible()


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


def test_the_tasks_are_done_on_the_first_day_and_are_in_the_report(opened, workbook):
    data = workbook / "data"
    sheet = opened("notebooks/start.ipynb")
    begin(sheet)
    for name, source in (("shop", "kiosk"), ("store", "meisu")):
        shutil.copytree(ROOT / "data" / source, data / name)
    for _, name, _, text in BLOCKS:  # files beside client.yml: a comment, a second source
        if name.startswith("data/shop/"):
            (workbook / name).write_text(text, "utf-8")
    sheet.get_by_role("button", name="Look again").click()

    # The first day: the tasks are typed as the page has them.
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
    choose(sheet, "store")
    expect(report(sheet, "store")).to_contain_text("Fix Convenience first")


def test_what_was_written_is_there_on_the_second_day_and_after_new_data(opened, workbook):
    sheet = opened("notebooks/start.ipynb")
    begin(sheet)
    shutil.copytree(ROOT / "data" / "meisu", workbook / "data" / "stall")
    sheet.get_by_role("button", name="Look again").click()
    choose(sheet, "stall")
    open_step(sheet, "stall", 2, "02_experience_expectation")
    type_cell(sheet, "The stall is **ours**.", "report", prose=True)
    run_all(sheet)
    prose = sheet.locator(FRONT).locator(".jp-RenderedMarkdown", has_text="The stall is ours.")
    expect(prose).to_be_visible()
    save(sheet)
    to_start(sheet)
    expect(report(sheet, "stall")).to_contain_text("The stall is ours.")
    end_of_day(sheet)

    sheet = opened("notebooks/start.ipynb")
    begin(sheet)
    choose(sheet, "stall")
    open_step(sheet, "stall", 2, "02_experience_expectation")
    expect(sheet.locator(FRONT).get_by_text("The stall is ours.")).to_be_visible()
    end_of_day(sheet)

    scores = workbook / "data" / "stall" / "scores.csv"
    new = scores.read_text("utf-8").replace("convenience,5,7,9", "convenience,6,7,9")
    assert new != scores.read_text("utf-8")
    scores.write_text(new, "utf-8")
    sheet = opened("notebooks/start.ipynb")
    begin(sheet)
    choose(sheet, "stall")
    expect(report(sheet, "stall")).to_contain_text("The stall is ours.")
    command = [sys.executable, "-m", "cxlib", "compare", "stall"]
    subprocess.run(command, cwd=workbook, check=True, capture_output=True)
    sheet.evaluate(
        f"void {COMMANDS}('filebrowser:open-path', {{path: 'reports/stall/compare.html'}})"
    )
    page = sheet.frame_locator(".lm-DockPanel-widget:not(.lm-mod-hidden) iframe").locator("main")
    expect(page).to_contain_text("Convenience (experience) +1.00")
