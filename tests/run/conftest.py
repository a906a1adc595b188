"""Tiny clients and tiny notebooks, and `cx` run on them."""

import json

import nbformat
import pytest

from cxlib.run.cli import main

PARAMETERS = """client: str = "none"
data_dir: str = "../data"
reports_dir: str = "../reports"
language: str = ""
settings: str = \"\""""

REPORT = {
    "report.html", "00_brief.html", "05_results.html", "09_executive_report.html",
    "rejected.csv", "run.json", "results/draw.csv", "history/001/run.json",
}  # fmt: skip

# What a notebook may do to its run, by the name of the client; the others do no harm.
POISONS = {
    "raises": "1 / 0",
    "exits": "import sys; sys.exit(0)",
    "leaves": "import os; os._exit(0)",
    "hangs": "any(iter(int, 1))",
    "deaf": "import signal, time; signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGALRM]); time.sleep(600)",
    "killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "crashes": "import os, signal; os.kill(os.getpid(), signal.SIGSEGV)",
    "eats": "b = bytearray(5_000_000_000)",
}
POISONED = "\n".join(f"if client == {name!r}: {act}" for name, act in POISONS.items())
PUBLISH = """from pathlib import Path
import random
results = Path(reports_dir, client, "results"); results.mkdir(exist_ok=True)
_ = (results / "draw.csv").write_text(f"client,draw\\n{client},{random.random()}\\n")"""


def written(path, *cells):
    """A notebook file: a text that begins with '#md ' is Markdown; the first code cell has the parameters."""
    made, tags = [], ["parameters"]
    for number, text in enumerate(cells):
        if text.startswith("#md "):
            made.append(nbformat.v4.new_markdown_cell(text[4:], id=f"c{number}"))
        else:
            made.append(nbformat.v4.new_code_cell(text, id=f"c{number}", metadata={"tags": tags}))
            tags = []
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(nbformat.v4.new_notebook(cells=made, metadata={"kernelspec": kernel}), path)
    return path


class House:
    """A folder with data/, notebooks/ and reports/."""

    def __init__(self, folder):
        self.data, self.reports, self.notebooks = (
            folder / name for name in ("data", "reports", "notebooks")
        )
        self.notebook("00_brief", "#md # Brief", PARAMETERS, "print(client)")
        self.notebook(
            "05_results",
            "#md # Results",
            PARAMETERS,
            "#md ## Where it goes wrong",
            POISONED,
            PUBLISH,
        )
        self.notebook(
            "09_executive_report",
            "#md # Report",
            PARAMETERS,
            "import pandas as pd; pd.DataFrame({'a': [1, 2]})",
        )

    def notebook(self, name, *cells):
        return written(self.notebooks / f"{name}.ipynb", *cells)

    def client(self, *names):
        for name in names:
            (self.data / name).mkdir(parents=True)
            (self.data / name / "client.yml").write_text(
                f"name: {name}\nlanguage: en\ncurrency: HKD\n"
            )
            (self.data / name / "scores.csv").write_text(
                "dimension,experience,expectation\nproduct,6,7\n"
            )

    def command(self, command, *words):
        """The arguments of `cx` for this house."""
        folders = ["--data", str(self.data), "--reports", str(self.reports)]
        books = ["--notebooks", str(self.notebooks)] if command == "run" else []
        return [command, *map(str, words), *folders, *books]

    def cx(self, command, *words):
        """The exit status of `cx`, and what each client came to."""
        status = main(self.command(command, *words))
        return status, {
            each["client"]: each for each in self.read("summary.json").get("clients", [])
        }

    def read(self, name):
        path = self.reports / name
        return json.loads(path.read_text()) if path.exists() else {}

    def files(self, client):
        """Everything in a client's report, by name."""
        place = self.reports / client
        return {
            str(path.relative_to(place)): path.read_bytes()
            for path in place.rglob("*")
            if path.is_file()
        }


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)
