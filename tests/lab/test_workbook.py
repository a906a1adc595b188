"""A consultant's way through the workbook, in real JupyterLab."""

import json

from playwright.sync_api import expect
from ruamel.yaml import YAML

IN_FRONT = "window.jupyterapp.shell.currentWidget"


def in_front(sheet, ending: str) -> None:
    """Until the document with this path is in front, and its kernel has nothing to do."""
    sheet.wait_for_function(f"{IN_FRONT}?.context?.path?.endsWith('{ending}')")
    sheet.wait_for_function(f"{IN_FRONT}.sessionContext.session?.kernel?.status == 'idle'")


def run_all(sheet) -> None:
    assert sheet.evaluate("window.jupyterapp.commands.execute('notebook:run-all-cells')")


def begin(sheet) -> None:
    """What the start page asks for: Shift + Enter three times."""
    sheet.locator(".jp-Notebook .jp-Cell").first.click()
    for _ in range(3):
        sheet.keyboard.press("Shift+Enter")
    expect(sheet.get_by_text("every file of kiosk can be used")).to_be_visible()


def slider(sheet, label: str):
    """The handle of a slider, as the keyboard finds it."""
    return sheet.locator(".cx-desk .widget-hslider", has_text=label).locator(".noUi-handle")


def test_from_the_start_page_to_a_scenario_in_the_report(opened, workbook):
    sheet = opened("notebooks/start.ipynb")
    begin(sheet)
    sheet.get_by_label("Client", exact=True).select_option("meisu")
    expect(sheet.get_by_text("every file of meisu can be used")).to_be_visible()
    sheet.get_by_role("link", name="4 · What should the experience be").click()
    in_front(sheet, "meisu/meisu_04_gap_analysis.ipynb")
    run_all(sheet)

    desk = sheet.locator(".cx-desk")
    headline, picture = desk.locator(".headline"), desk.locator("figure img")
    expect(headline).to_contain_text("from 5 to 10")
    before = picture.get_attribute("src")
    slider(sheet, "Convenience").press("ArrowLeft")
    # The method's own example: experience 5. An ideal of 9.5 in place of 10 leaves 4.5 points.
    expect(desk.locator("p.change")).to_have_text("Convenience −5.00 → −4.50")
    expect(headline).to_contain_text("from 5 to 9.5")
    assert picture.get_attribute("src") != before

    sheet.get_by_label("Name of the scenario").fill("lower-ideal")
    sheet.get_by_label("Note: why").fill("What does half a point less cost?")
    sheet.get_by_label("Author").fill("Ann Chan")
    sheet.get_by_role("button", name="Save as a scenario").click()
    expect(desk.locator("p.kept")).to_contain_text("lower-ideal.yml")
    saved = YAML().load((workbook / "data/meisu/scenarios/lower-ideal.yml").read_text())
    assert saved["settings"] == {"ideal.convenience": 9.5}
    sheet.get_by_role("button", name="Undo").click()
    expect(desk.locator("p.change")).to_have_text("As saved.")
    expect(headline).to_contain_text("from 5 to 10")

    sheet.locator(".lm-TabBar-tab", has_text="start.ipynb").click()
    sheet.get_by_role("button", name="Look again").click()
    expect(sheet.get_by_text("lower-ideal · Ann Chan")).to_be_visible()
    in_front(sheet, "start.ipynb")  # a choice made while the kernel works is sent after the button
    sheet.get_by_label("Scenario", exact=True).select_option("lower-ideal")
    sheet.get_by_role("button", name="Make the report").click()
    expect(sheet.get_by_text("The report of meisu is made.")).to_be_visible()
    run = json.loads((workbook / "reports/meisu/run.json").read_text())
    assert run["settings"] == {"scenario": "lower-ideal"}
    assert "scenarios/lower-ideal.yml" in run["inputs"]
    sheet.get_by_role("link", name="The report").click()
    said = sheet.frame_locator("iframe").locator("p.scenario")
    expect(said).to_contain_text("lower-ideal")
    expect(said).to_contain_text("Ann Chan")
    expect(said).to_contain_text("What does half a point less cost?")


def test_by_keyboard_and_in_chinese(opened, workbook):
    sheet = opened("notebooks/start.ipynb")
    begin(sheet)
    tongue = sheet.get_by_label("Language", exact=True)
    tongue.focus()
    tongue.press("ArrowDown")
    expect(sheet.get_by_text("已检查：kiosk 的所有文件均可使用。")).to_be_visible()
    link = sheet.get_by_role("link", name="8 · ")
    link.press("Enter")
    in_front(sheet, "kiosk/kiosk_08_churn_cost.ipynb")
    run_all(sheet)
    desk = sheet.locator(".cx-desk")
    slider(sheet, "负面体验的比例").press("ArrowLeft")
    expect(desk.locator("p.change")).to_contain_text("→")
    undo = sheet.get_by_role("button", name="撤销")
    undo.press("Space")
    expect(desk.locator("p.change")).to_have_text("与已保存的一致。")
