"""What somebody at JupyterLab is told of an error and of a wait, and what a batch is not."""

from pathlib import Path

import pandas as pd
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_notebook

from cxlib.client import onlooker

DATA = Path(__file__).parents[2] / "data"
CELLS = {
    "error": "import cxlib as cx\ncx.read_client('nobody', 'data')",
    "wait": "from cxlib.client import onlooker\nonlooker.PATIENCE = onlooker.BEAT = 0.01\n"
    "import time\nwith onlooker.waiting('kiosk <1>'):\n    time.sleep(0.3)\nprint('read')",
    "watch": "onlooker.watch('Working')\nonlooker.watch('工作中')",
    "watched": "time.sleep(0.3)",
    "ours": f"cx.open_page(cx.read_client('meisu', {str(DATA)!r})).figure('pie')",
    "theirs": "{}['none']",
    "slip": "import pandas as pd\npd.DataFrame({'experience': [1.0], 'n': [9]})['experiense']",
    "row": "pd.DataFrame({'experience': [1.0]}, ['price']).loc['prise']",
}


@pytest.fixture(scope="module")
def outputs():
    """Outputs by cell, in a stock kernel: with somebody looking on, and in a batch."""

    def ran(**environment):
        nb = new_notebook(cells=[new_code_cell(source) for source in CELLS.values()])
        with pytest.MonkeyPatch.context() as patch:
            patch.delenv("CX_BATCH", raising=False)
            for name, value in environment.items():
                patch.setenv(name, value)
            NotebookClient(nb, allow_errors=True, timeout=120).execute()
        return {name: cell.outputs for name, cell in zip(CELLS, nb.cells, strict=True)}

    return {
        "lab": ran(JPY_SESSION_NAME="00.ipynb"),
        "batch": ran(JPY_SESSION_NAME="00.ipynb", CX_BATCH="1"),
    }


def test_an_error_is_its_paragraph_and_the_traceback_is_folded(outputs):
    *_, folded, error = outputs["lab"]["error"]  # a slow machine also shows that it waits
    assert "<details><summary>" in folded["data"]["text/html"]
    assert "read_client" in folded["data"]["text/html"] and "\x1b" not in str(folded)
    assert error["ename"] == "ClientError"
    assert "nobody" in error["traceback"][0] and "Traceback" not in str(error["traceback"])


def test_in_a_batch_an_error_keeps_its_traceback(outputs):
    (error,) = outputs["batch"]["error"]
    assert "ClientError" in str(error["traceback"]) and "Traceback" in str(error["traceback"])


def test_a_wait_is_shown_and_goes(outputs):
    line, printed = outputs["lab"]["wait"]  # nbclient keeps what an output was last updated to
    assert line["data"]["text/html"] == "<span hidden></span>"
    assert printed["text"] == "read\n"
    assert [each["output_type"] for each in outputs["batch"]["wait"]] == ["stream"]


def test_every_later_cell_is_watched_once(outputs):
    assert len(outputs["lab"]["watched"]) == 1
    assert outputs["batch"]["watched"] == []


def test_an_error_that_we_raise_on_purpose_is_told_so_and_any_other_as_ever(outputs):
    *_, folded, error = outputs["lab"]["ours"]
    assert "<details>" in folded["data"]["text/html"] and "page.py" in str(folded)
    assert error["ename"] == "KeyError"
    assert error["traceback"][0].startswith("No figure is called 'pie'.")
    # Before it, or behind it, a slow machine also shows that it waited.
    (theirs,) = [each for each in outputs["lab"]["theirs"] if each["output_type"] == "error"]
    assert [theirs] == outputs["batch"]["theirs"]
    assert "Traceback" in str(outputs["batch"]["ours"][-1]["traceback"])


def test_a_column_that_a_table_has_not_is_told_with_the_nearest_that_it_has(outputs):
    said = "this cell: 'experiense' is not a column of this table.\nDid you mean 'experience'?"
    *_, folded, error = outputs["lab"]["slip"]
    assert "\n".join(error["traceback"]) == said
    assert "<details>" in folded["data"]["text/html"] and "experiense" in str(folded)
    (error,) = outputs["batch"]["slip"]
    assert (error["ename"], error["evalue"]) == ("ClientError", said)
    assert "Traceback" in str(error["traceback"])
    # A row that is not there is told as pandas tells it.
    assert outputs["batch"]["row"][-1]["evalue"] == "'prise'"


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ("t[['experiense', 'n']]", "'experiense' is"),
        ("t[['experiense']]", "'experiense' is"),
        ("t.sort_values('experiense')", "'experiense' is"),
        ("t.loc[:, 'experiense']", "'experiense' is"),
        ("t.groupby('groop').sum()", "'groop' is"),
        ("t['l\\'offre']", "'l'offre' is"),
        ("t.loc['experiense']", None),
        ("{}['experiense']", None),
    ],
)
def test_however_a_table_is_asked_for_a_column(asked, wrong):
    table = pd.DataFrame({"experience": [1.0], "n": [9], "group": ["a"]})
    with pytest.raises(KeyError) as found:
        eval(asked, {"t": table})
    told = onlooker._no_such_column(found.value, found.value.__traceback__)
    assert wrong in str(told) if wrong else told is None


def test_what_is_shown_while_waiting(monkeypatch):
    said = []

    class Line:
        def update(self, data, raw):
            said.append(data["text/html"])

    monkeypatch.setenv("JPY_SESSION_NAME", "x")
    monkeypatch.delenv("CX_BATCH", raising=False)
    monkeypatch.setattr(onlooker, "PATIENCE", 0.01)
    monkeypatch.setattr(onlooker, "BEAT", 0.01)
    monkeypatch.setattr("IPython.display.display", lambda *_, **__: Line())
    with onlooker.waiting("kiosk <1>"):
        while len(said) < 2:
            pass
    assert said[0].startswith('<p role="status">kiosk &lt;1&gt; … <progress></progress>')
