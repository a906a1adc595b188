"""The start page's own notebooks: made when asked, brought up to date, never over anybody's work."""

import json
import os
import re
import shutil
import time
from pathlib import Path
from threading import Event, Thread

import pytest

from cxlib.lab.start import Start, own_notebooks, start_page, with_parameters
from cxlib.run import changes
from cxlib.run.worker import Result

ROOT = Path(__file__).parents[2]


@pytest.fixture
def place(tmp_path):
    """A workbook: notebooks/, data/, reports/."""
    shutil.copytree(
        ROOT / "notebooks", tmp_path / "notebooks", ignore=shutil.ignore_patterns(".*", "*/")
    )
    for name in ("data", "reports"):
        (tmp_path / name).mkdir()
    return tmp_path


def make(place, client="acme", **more):
    return own_notebooks(client, place / "data", place / "reports", place / "notebooks", **more)


def parameters(path) -> str:
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return next("".join(c["source"]) for c in cells if c["metadata"].get("tags") == ["parameters"])


def rewrite(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def later(place):
    """The steps are newer than the copies."""
    for path in (place / "notebooks").glob("[0-9]*.ipynb"):
        os.utime(path, (time.time() + 60,) * 2)


def test_a_client_has_its_own_ten_notebooks(place):
    steps = list(changes.notebooks(str(place / "notebooks")))
    assert make(place) == []
    own = sorted((place / "notebooks" / "acme").glob("*.ipynb"))
    assert [path.stem.removeprefix("acme_") for path in own] == steps and len(own) == 10
    for path in own:
        said = {}
        exec(parameters(path), said)
        assert said["client"] == "acme"
        assert (path.parent / said["data_dir"]).resolve() == (place / "data").resolve()
        assert (path.parent / said["reports_dir"]).resolve() == (place / "reports").resolve()


def test_a_batch_takes_none_of_them_and_not_the_start_page(place):
    before = changes.notebooks(str(place / "notebooks"))
    make(place)
    assert changes.notebooks(str(place / "notebooks")) == before
    assert "start" not in before and len(before) == 10


def test_somebodys_own_work_is_left_as_it_is(place):
    make(place)
    mine, other = (
        place / "notebooks" / "acme" / f"acme_{name}.ipynb"
        for name in ("04_gap_analysis", "03_key_experience")
    )
    rewrite(mine, "gaps = cx.gaps(case)", "gaps = cx.gaps(case)  # mine")
    step = place / "notebooks" / "03_key_experience.ipynb"
    rewrite(step, "drivers = cx.drivers(case)", "drivers = cx.drivers(case)  # newer")
    before = mine.read_bytes()
    later(place)
    assert make(place) == [mine]
    assert mine.read_bytes() == before and "# newer" in other.read_text("utf-8")


def test_what_a_notebook_showed_is_nobodys_work(place):
    """A notebook that was run and saved can be brought up to date: only its text counts."""
    make(place)
    path = place / "notebooks" / "acme" / "acme_04_gap_analysis.ipynb"
    book = json.loads(path.read_text("utf-8"))
    for cell in book["cells"]:
        cell["source"] = "".join(cell["source"]).splitlines(keepends=True)  # as JupyterLab saves it
        if cell["cell_type"] == "code":
            cell["outputs"], cell["execution_count"] = [{"output_type": "stream"}], 1
    path.write_text(json.dumps(book), "utf-8")
    assert make(place) == [] and "stream" in path.read_text("utf-8")  # it may be open
    later(place)
    assert make(place) == [] and "stream" not in path.read_text("utf-8")


def test_the_steps_speak_the_language_that_was_chosen(place):
    make(place)
    make(place, language="zh-Hant")
    said, path = {}, place / "notebooks" / "acme" / "acme_08_churn_cost.ipynb"
    exec(parameters(path), said)
    assert said["language"] == "zh-Hant" and said["client"] == "acme"
    cells = json.loads(path.read_text("utf-8"))["cells"]
    prose = [c["source"] for c in cells if c["cell_type"] == "markdown"]
    assert prose and all(re.search("[\u4e00-\u9fff]", text) for text in prose)


def test_a_copy_under_the_name_of_its_step_is_still_the_clients_own(place):
    make(place)
    new = place / "notebooks" / "acme" / "acme_04_gap_analysis.ipynb"
    older = new.rename(new.with_name("04_gap_analysis.ipynb"))
    rewrite(older, "gaps = cx.gaps(case)", "gaps = cx.gaps(case)  # mine")
    make(place)
    assert not new.exists()
    assert changes.own_notebooks_of(place / "notebooks", "acme") == ["04_gap_analysis"]


def test_only_the_parameters_named_are_changed():
    source = 'client: str = "kiosk"  # a folder\nclient_note: str = "kiosk"\nlanguage: str = ""'
    assert with_parameters(source, {"client": "acme"}) == source.replace('"kiosk"  #', '"acme"  #')


def test_where_nobody_looks_on_there_is_no_start_page(capsys, monkeypatch):
    monkeypatch.setenv("CX_BATCH", "1")
    assert start_page() is None and capsys.readouterr().out == ""


def test_a_button_waits_until_the_cell_is_done(place):
    # JupyterLab runs what a button calls in a thread beside the cells.
    page, done = Start(place / "data", place / "reports", place / "notebooks", "en", ""), Event()
    with page.lock:
        Thread(target=lambda: (page.chosen(), done.set())).start()
        assert not done.wait(0.3) and not page.state.value
    assert done.wait(30) and "There is no client yet" in page.state.value


@pytest.mark.parametrize("button, deck", [("run", False), ("slides", True)])
def test_a_button_makes_the_report_and_one_slides_and_workbook_with_it(
    place, monkeypatch, button, deck
):
    shutil.copytree(ROOT / "data" / "meisu", place / "data" / "meisu")
    page, jobs = Start(place / "data", place / "reports", place / "notebooks", "en", ""), []

    def made(job, told):  # as a run leaves it
        jobs.append(job)
        folder = place / "reports" / "meisu"
        folder.mkdir()
        for name in ("report.html", "deck.pptx", "appendix.xlsx"):
            (folder / name).write_text("")
        return Result("meisu", "done")

    monkeypatch.setattr("cxlib.lab.start.run_client", made)
    page.links = Shown()
    getattr(page, button).click()
    assert [job.deck for job in jobs] == [deck]
    links = re.findall('href="([^"]+)"( download)?', page.links.html)
    assert {Path(name).name: bool(save) for name, save in links if "reports" in name} == {
        "report.html": False, "deck.pptx": True, "appendix.xlsx": True,
    }  # fmt: skip


class Shown:
    """What stands where the links do."""

    html = ""

    def update(self, shown):
        self.html = shown.data


def test_a_new_client_appears_and_what_was_chosen_stays(place):
    shutil.copytree(ROOT / "data" / "meisu", place / "data" / "meisu")
    page = Start(place / "data", place / "reports", place / "notebooks", "en", "meisu")
    page.links = Shown()
    shutil.copytree(ROOT / "data" / "meisu", place / "data" / "alpha")
    page.again.click()
    assert page.client.options == ("alpha", "meisu") and page.client.value == "meisu"
    assert page.links.html.count("meisu/meisu_0") == 10, "each step opens without a button"
    assert (place / "notebooks" / "meisu" / "meisu_04_gap_analysis.ipynb").exists()
