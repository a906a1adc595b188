"""The controls of a notebook: the same sums and figures, under other decisions."""

import json
import re
import shutil
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from ipywidgets import Widget
from nbformat.v4 import new_code_cell, new_notebook
from ruamel.yaml import YAML

import cxlib as cx
from cxlib.lab import controls
from cxlib.lab.boards import BOARDS, compare_scenarios, comparison_html, explore
from cxlib.lab.controls import moved_shares
from cxlib.page import open_page
from cxlib.page.page import Page
from cxlib.page.screen import scenario_html
from cxlib.run import changes
from cxlib.sums.churn_inputs import stated_shares

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
RUNS = 50


@pytest.fixture(autouse=True)
def looking_on(monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "03.ipynb")
    monkeypatch.delenv("CX_BATCH", raising=False)
    yield
    Widget.close_all()


@pytest.fixture
def folder(tmp_path):
    """Meisu in a folder of its own, to be written into."""
    shutil.copytree(DATA / "meisu", tmp_path / "meisu")
    return tmp_path


def page_of(client, data=DATA, **more):
    return Page(cx.read_client(client, str(data), **more))


class Looker:
    """A person at a board: reads what is shown, and moves what can be moved."""

    def __init__(self, page, name):
        self.children = explore(page, name).children
        *boxes, buttons, self.said, self.shown, keep = self.children
        self.boxes = {box.description: box for box in boxes}
        self.undo, self.reset = buttons.children
        _, self.name, self.note, self.author, ways, self.kept = keep.children
        self.save, self.write = ways.children

    def choose(self, label, text):
        box = self.boxes[label]
        box.value = next(value for words, value in box.options if words == text)

    def at(self, label):
        box = self.boxes[label]
        return box.options[box.value][0]


def test_a_batch_run_shows_no_controls(monkeypatch):
    monkeypatch.setenv("CX_BATCH", "1")
    page = page_of("meisu")
    assert [explore(page, name) for name in BOARDS] == [None] * len(BOARDS)
    assert compare_scenarios(page) is None


def test_where_there_is_nothing_to_choose_there_is_no_board():
    assert explore(page_of("meisu"), "requirements") is None
    assert explore(page_of("sfo"), "requirements") is None  # waves, but no such questions
    assert compare_scenarios(page_of("meisu")) is None


def test_importance_moves_the_key_experience_and_undo_takes_it_back():
    board = Looker(page_of("meisu"), "importance")
    assert "Convenience, the only one that could be weighed, is the key" in board.shown.value
    assert "As saved." in board.said.value and board.undo.disabled
    # product falls one point short, convenience two: 10 × −1 against 3 × −2
    board.choose("Product", "10")
    board.choose("Convenience", "3")
    assert "Product is the key experience" in board.shown.value
    assert "Key experience Convenience → Product" in board.said.value
    assert "Convenience −18.00 → −6.00" in board.said.value
    assert "<figure" in board.shown.value and "&lt;p" not in board.shown.value
    board.undo.click()
    assert (board.at("Product"), board.at("Convenience")) == ("10", "9")
    board.undo.click()
    assert board.at("Product") == "–" and "As saved." in board.said.value
    assert "Convenience, the only one that could be weighed, is the key" in board.shown.value


def test_reset_takes_everything_back_at_once_and_can_itself_be_undone():
    board = Looker(page_of("meisu"), "ideal")
    board.choose("Convenience", "7")
    board.choose("Relationship", "8.5")
    board.reset.click()
    assert "As saved." in board.said.value and board.reset.disabled
    board.undo.click()
    assert (board.at("Convenience"), board.at("Relationship")) == ("7", "8.5")


def test_the_ideal_moves_the_gap():
    board = Looker(page_of("meisu"), "ideal")
    assert board.at("Convenience") == "10" and board.at("Product") == "6"
    assert "5.0 points, from 5 to 10" in board.shown.value
    board.choose("Convenience", "7")
    board.choose("Relationship", "8.5")
    assert "4.5 points, from 4 to 8.5" in board.shown.value
    assert "Relationship 0.00 → −4.50; Convenience −5.00 → −2.00" in board.said.value


def test_the_shares_move_the_tree():
    board = Looker(page_of("meisu"), "cost")
    assert "HKD 4.9 million" in board.shown.value and "&lt;p" not in board.shown.value
    board.choose("Share of bad experience", "11.0%")  # half of 22 %: half the loss
    assert "about HKD 2.5 million of revenue a year" in board.shown.value
    assert "Share of revenue lost 9.8% → 4.9%" in board.said.value


def test_moved_shares_still_add_up():
    stated = stated_shares(cx.read_client("meisu", str(DATA)).churn_inputs)
    moved = moved_shares(stated, "complained_retained", 0.69)
    # 31 % left to be split as 34 : 28
    assert moved["churn_cost.complained.at_risk"]["share"] == pytest.approx(0.17)
    assert moved["churn_cost.complained.lost"]["share"] == pytest.approx(0.14)
    moved = moved_shares(stated, "silent_lost", 0.2)
    assert moved["churn_cost.silent.at_risk"]["share"] == pytest.approx(0.8)
    assert set(moved_shares(stated, "negative", 0.3)) == {"churn_cost.negative"}


def test_the_budget_chooses_the_initiatives():
    board = Looker(page_of("meisu"), "strategy")
    board.choose("Budget", "no limit")
    assert "A wider product range" in board.said.value
    board.choose("Budget", "HKD 0")
    assert "→ none" in board.said.value


def test_a_segment_too_small_to_be_shown_stays_hidden():
    """What the gate withholds on the page, no control lets out."""
    page = Page(cx.read_client("kiosk", str(DATA), settings='{"disclosure": 60}'))
    sizes = page.case.latest.people["segment"].value_counts()
    small = sizes.index[sizes < 60][0]
    board = Looker(page, "experience")
    board.choose("Target segment", page.label("segment", small))
    after = re.findall(r"→ ([^;<]+)", board.said.value)
    assert after and set(after) == {"–"}
    assert "<figure" not in board.shown.value


def test_an_earlier_wave_and_equal_weights_can_be_looked_at():
    board = Looker(page_of("sfo"), "brief")
    assert board.at("Wave") == "2018"
    board.choose("Wave", "2017")
    people = cx.read_client("sfo", str(DATA)).survey.people["wave"].value_counts()
    assert f"→ {people['2017']:,}" in board.said.value
    board = Looker(page_of("sfo"), "experience")
    board.choose("What an answer counts", "the same for everyone")
    assert "→" in board.said.value


def test_a_segment_that_nobody_of_the_wave_is_of_says_so(tmp_path):
    """And not what everybody else says, as if it were theirs."""
    place = tmp_path / "two"
    place.mkdir()
    lines = [f"{wave},{name},{score},9" for wave, name in ((2025, "old"), (2026, "new"))
             for score in [4, 6] * 20]  # fmt: skip
    (place / "s.csv").write_text("\n".join(["wave,seg,e,x", *lines]))
    book = "column,measure,item,dimension\ne,experience,ride,ride\nx,expectation,ride,ride\n"
    (place / "codebook.csv").write_text(book)
    (place / "client.yml").write_text(
        "name: Two\ndimensions: {ride: Ride}\ntarget_segments: [new]\n"
        "survey: {file: s.csv, wave: wave, segment: seg}\n"
    )
    board = Looker(page_of("two", tmp_path), "experience")
    assert "Ride" in board.shown.value
    board.choose("Wave", "2025")
    assert "Nobody of new answered in this wave" in board.said.value and not board.shown.value


def test_what_was_tried_is_kept_only_when_asked_and_never_over_another(folder):
    board = Looker(page_of("meisu", folder), "ideal")
    board.name.value = "lower"
    board.save.click()
    assert "nothing was changed" in board.kept.value
    board.choose("Convenience", "7")
    assert not (folder / "meisu" / "scenarios").exists()
    board.note.value, board.author.value = "why", "Ann"
    board.save.click()
    saved = YAML().load((folder / "meisu" / "scenarios" / "lower.yml").read_text())
    assert (saved["settings"], saved["note"]) == ({"ideal.convenience": 7}, "why")
    board.choose("Convenience", "8")
    board.save.click()
    assert "there already" in board.kept.value
    again = YAML().load((folder / "meisu" / "scenarios" / "lower.yml").read_text())
    assert again == saved


def test_a_scenario_built_on_another_holds_both(folder):
    settings = json.dumps({"strategy.budget": 1_000_000})
    board = Looker(page_of("meisu", folder, settings=settings), "ideal")
    board.choose("Convenience", "7")
    board.name.value = "both"
    board.save.click()
    saved = YAML().load((folder / "meisu" / "scenarios" / "both.yml").read_text())
    assert saved["settings"] == {"strategy.budget": 1_000_000, "ideal.convenience": 7}


def test_a_decision_is_written_into_client_yml_only_when_asked(folder):
    path = folder / "meisu" / "client.yml"
    before, stamp = path.read_bytes(), changes.stamp(path)
    board = Looker(page_of("meisu", folder), "ideal")
    board.write.click()
    board.choose("Convenience", "7")
    assert changes.stamp(path) == stamp
    board.write.click()
    assert cx.read_client("meisu", str(folder)).settings.ideal["convenience"] == 7
    assert path.read_text("utf-8").count("#") == before.decode().count("#")


def test_every_choice_of_every_board_can_be_kept(folder):
    """YAML holds what a control sets, and reading it back gives the same client."""
    from cxlib.client.scenario import save_scenario

    page = page_of("meisu", folder)
    for number, (name, (_, names)) in enumerate(BOARDS.items()):
        made = [control for each in names.split() for control in getattr(controls, each)(page)]
        last = {key: value for each in made for key, value in each.options[-1][1].items()}
        if not last:
            continue
        save_scenario(page.case.folder, f"s{number}", last)
        asked = json.dumps({"scenario": f"s{number}"})
        read = cx.read_client("meisu", str(folder), settings=asked)
        assert read.settings == page.case.what_if(last).settings, name


def test_two_scenarios_side_by_side(folder):
    for name, value in (("lower", 7), ("lowest", 5)):
        board = Looker(page_of("meisu", folder), "ideal")
        board.choose("Convenience", str(value))
        board.name.value = name
        board.save.click()
    page = page_of("meisu", folder)
    html = comparison_html(page, "", "lower")
    # Ideal 7 for convenience, which gets 5: a gap of 2, no longer 5; nothing else is decided anew.
    assert "From “As saved” to “lower”: Worst gap Convenience −5.00 → Convenience −2.00." in html
    assert html.count("HKD 4.9 million") == 2  # the loss, which no ideal moves
    assert html.count("Defer (HKD 2.4 million") == 2, "what is asked, in both"
    assert "come to the same" in comparison_html(page, "lower", "lower")
    assert compare_scenarios(page) is not None


def test_the_report_says_whose_scenario_it_is(folder):
    board = Looker(page_of("meisu", folder), "ideal")
    board.choose("Convenience", "7")
    board.name.value, board.author.value, board.note.value = "lower", "<Ann>", "why & how"
    board.save.click()
    page = page_of("meisu", folder, settings='{"scenario": "lower"}', language="zh-Hans")
    html = scenario_html(page)
    assert "方案“lower”（&lt;Ann&gt;" in html and "why &amp; how" in html
    assert "ideal.convenience = 7" in html
    assert scenario_html(page_of("meisu", folder)) == ""


def test_every_label_is_spoken_in_chinese():
    board = Looker(page_of("kiosk", language="zh-Hant"), "ideal")
    assert not [label for label in board.boxes if label.isascii()]
    assert (board.undo.description, board.save.description) == ("復原", "另存為方案")


# Nothing hangs


def step_with_controls(times: int):
    """A notebook as the steps are, with its last cell so many times."""
    setup = (
        "import cxlib as cx\n"
        f"case = cx.read_client('meisu', {str(DATA)!r})\n"
        "page = cx.open_page(case)"
    )
    cells = [
        new_code_cell(setup),
        *(new_code_cell("cx.explore(page, 'ideal')") for _ in range(times)),
    ]
    return new_notebook(
        cells=cells, metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}}
    )


def shown(notebook) -> int:
    """How many widgets a notebook shows."""
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    return sum("application/vnd.jupyter.widget-view+json" in out.get("data", {}) for out in outputs)


def test_fifty_batch_runs_show_no_control_and_end(tmp_path, monkeypatch):
    """Through papermill and the batch's own engine: fifty whole runs of one notebook."""
    import papermill

    monkeypatch.setenv("CX_BATCH", "1")
    nbformat.write(step_with_controls(1), tmp_path / "step.ipynb")
    for _ in range(RUNS):
        ran = papermill.execute_notebook(
            str(tmp_path / "step.ipynb"), None, engine_name="warm", progress_bar=False
        )
        assert shown(ran) == 0


def test_fifty_times_the_controls_hang_in_no_kernel():
    """In a real kernel that takes itself for JupyterLab's, with nobody there to answer a widget."""
    from nbclient import NotebookClient

    notebook = step_with_controls(RUNS)
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    assert shown(notebook) == RUNS


def test_the_steps_name_boards_that_there_are():
    named = set()
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        cells = [
            c for c in nbformat.read(path, 4).cells if "controls" in c.metadata.get("tags", [])
        ]
        assert len(cells) == 1, path.name
        named |= {board for board in BOARDS if f'cx.explore(page, "{board}")' in cells[0].source}
    assert named == set(BOARDS)


def test_an_unknown_board_is_refused_with_those_there_are():
    with pytest.raises(KeyError, match="requirements"):
        explore(open_page(cx.read_client("meisu", str(DATA))), "requirement")


def test_a_wave_that_is_not_the_last_is_not_called_so():
    page = page_of("sfo", settings='{"survey.today": "2017"}')
    assert "one of 9 waves: 2017" in page.sentence("brief")
    assert "the last of 9 waves: 2018" in page_of("sfo").sentence("brief")


SCORED_BY_FEW = {"dimension": ["service", "price"], "experience": [5.25, 1.75], "n": [9000, 5]}


def test_no_control_starts_at_a_score_that_may_not_be_shown(monkeypatch):
    page = page_of("meisu")
    few = pd.DataFrame(SCORED_BY_FEW).assign(
        segment="all", n_eff=[90, 5], expectation=[6.25, 8.25], importance=[7.25, 9.25], ideal=4.0
    )
    monkeypatch.setattr(type(page.case), "scores", property(lambda case: few))
    for asked in (controls.ideals, controls.importances):
        words = {each.label: " ".join(text for text, _ in each.options) for each in asked(page)}
        assert any(score in words["Service"] for score in ("6.25", "7.25"))
        assert not any(score in words["Price"] for score in ("1.75", "8.25", "9.25"))


def test_a_scenario_that_says_neither_who_nor_when_is_told_without(folder):
    (folder / "meisu" / "scenarios").mkdir()
    text = "settings: {ideal.convenience: 9}\n"
    (folder / "meisu" / "scenarios" / "lower.yml").write_text(text)
    said = str(comparison_html(page_of("meisu", folder), "", "lower"))
    assert "Scenario “lower”. It sets ideal.convenience = 9." in said
