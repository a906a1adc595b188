"""The warm engine puts into a notebook what a stock Jupyter kernel does."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nbformat
import pytest

from tests.run.conftest import PARAMETERS, House, written

ROOT = Path(__file__).parents[2]

CELLS = {
    "parameters": PARAMETERS,
    "streams": "import sys\nprint('a'); print('b', file=sys.stderr); print('c', end=''); print('d')",
    "a result": "x = 3; client, x",
    "no result": "x;",
    "the last result": "_",
    "a table": "import pandas as pd\nframe = pd.DataFrame({'a': [1, 2], 'b': ['x', '<y>']}); display(frame); print('after')\nframe",
    "a figure": "import matplotlib.pyplot as plt\nfig, axes = plt.subplots(figsize=(2, 2))\naxes.plot([1, 2, 3]); print('drawn')",
    "a figure as a result": "fig",
    "a figure with its alternative text": "display(fig, metadata={'image/png': {'alt': 'a line that rises'}})",
    "two figures": "for _ in range(2): plt.figure(figsize=(1, 1)); plt.plot([1])",
    "vector figures": "%config InlineBackend.figure_formats = ['svg']\nplt.rcParams['svg.hashsalt'] = 'x'; plt.rcParams['savefig.transparent'] = True",
    "back to pixels": "%config InlineBackend.figure_formats = ['png']\nplt.plot([2, 1]);",
    "html with its metadata": "from IPython.display import HTML, display, clear_output, update_display\ndisplay(HTML('<b>x</b>'), metadata={'text/html': {'isolated': True}})",
    "a display": "display('one', display_id='k'); print('and')",
    "updated from another cell": "update_display('two', display_id='k')",
    "cleared": "print('gone'); clear_output(); print('kept')",
    "cleared later": "print('gone'); clear_output(wait=True); print('kept')",
    "a command": "!echo hello",
    "below Python": "import os, time; os.system('echo raw'); time.sleep(1)  # a stock kernel loses it where the cell ends sooner",
    "a warning": "import warnings; warnings.warn('careful')",
    "a magic": "%%capture caught\nprint('inside')",
    "captured": "caught.stdout",
    "waiting at the top": "import asyncio; await asyncio.sleep(0); 'awaited'",
    "defined": "class Thing:\n    def _repr_html_(self): return '<i>thing</i>'\n    def __repr__(self): return 'thing'\nThing()",
    "who am I": "__name__, Thing.__module__, len(In), sorted(Out)[:3]",
    "pickled": "import pickle; type(pickle.loads(pickle.dumps(Thing()))).__name__",
    "a widget's like": "type(get_ipython()).__mro__[1:] and get_ipython().execution_count",
    "empty": "",
    "an error, the last": "input()",
}


def plain(output):
    """An output without what no two kernels share: the way through their own code, their folder."""
    output = {key: value for key, value in output.items() if key != "traceback"}
    kernels = re.escape(os.path.join(tempfile.gettempdir(), "ipykernel_"))
    return re.sub(kernels + r"\d+/\d+\.py|<cell \d+>", "CELL", repr(output))


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("parity")
    path = written(folder / "in.ipynb", *CELLS.values())
    clean = {key: value for key, value in os.environ.items() if key != "PYTEST_CURRENT_TEST"}
    for engine in "warm", "nbclient":
        command = [
            sys.executable,
            "-m",
            "papermill",
            path,
            folder / f"{engine}.ipynb",
            "--engine",
            engine,
        ]
        ran = subprocess.run(
            [*map(str, command), "-p", "client", "acme", "--cwd", str(folder)],
            capture_output=True,
            text=True,
            env=clean,  # under pytest a stock kernel leaves the file descriptors alone
        )
        assert "StdinNotImplementedError" in ran.stderr
    return [nbformat.read(folder / f"{engine}.ipynb", 4) for engine in ("warm", "nbclient")]


def cell(notebook, name):
    return next(cell for cell in notebook.cells if cell.source == CELLS[name])


@pytest.mark.parametrize("name", CELLS)
def test_same_outputs(both, name):
    warm, stock = (cell(notebook, name) for notebook in both)
    assert warm.execution_count == stock.execution_count
    assert [plain(output) for output in warm.outputs] == [plain(output) for output in stock.outputs]


def test_same_notebook_otherwise(both):
    warm, stock = both
    assert {key: warm.metadata[key] for key in stock.metadata if key != "papermill"} == {
        key: value for key, value in stock.metadata.items() if key != "papermill"
    }


def test_the_alternative_text_is_there(both):
    shown = cell(both[0], "a figure with its alternative text").outputs[0]
    assert shown.metadata["image/png"]["alt"] == "a line that rises"


def test_same_report_of_a_real_client_whichever_engine(tmp_path):
    files = {}
    for engine in "warm", "jupyter":
        house = House(tmp_path / engine)
        shutil.rmtree(house.notebooks)
        house.notebooks.mkdir()
        shutil.copytree(ROOT / "data" / "meisu", house.data / "meisu")
        for name in "04_gap_analysis", "09_executive_report":
            shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", house.notebooks)
        assert house.cx("run", "meisu", "--engine", engine)[0] == 0
        files[engine] = house.files("meisu")
        for name in ("run.json", "history/001/run.json"):  # they hold the times
            del files[engine][name]
    assert files["warm"] == files["jupyter"]
    assert b"<img" in files["warm"]["report.html"] and b"alt=" in files["warm"]["report.html"]
