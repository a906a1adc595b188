"""Hundreds of clients, some of them poisoned, and the batch killed in the middle, three times."""

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat

from bench import Row

ROOT = Path(__file__).parents[1]
NOTEBOOKS = ("00_client_brief", "04_gap_analysis", "09_executive_report")

SHARES = """name: x
churn_cost: {negative: .22, complain: .02, silent: {at_risk: .55, lost: .45},
             complained: {retained: .5, at_risk: .5, lost: .5}}
"""

# Poisons in the files: what is written into which file, and what the reason must say.
IN_FILES = {
    "no-yaml": ("client.yml", "name: {[", "is not YAML"),
    "shares": ("client.yml", SHARES, "add up"),
    "misspelt-key": ("client.yml", "name: x\nlangauge: en\n", "Did you mean 'language'?"),
    "empty-table": ("scores.csv", "", "scores.csv"),
    "no-column": ("scores.csv", "experience,expectation\n6,7\n", "dimension"),
    "off-scale": ("scores.csv", "dimension,experience\nproduct,99\n", "experience"),
    "twice": ("scores.csv", "dimension,experience\nproduct,6\nproduct,7\n", "product"),
}
# Poisons in a notebook: what a cell does, and what the reason must say.
IN_CELLS = {
    "raises": ("1 / 0", "ZeroDivisionError"),
    "exits": ("import sys; sys.exit(0)", "called exit"),
    "leaves": ("import os; os._exit(0)", "ended in the middle"),
    "hangs": ("any(iter(int, 1))", "longer than"),
    "killed": ("import os; os.kill(os.getpid(), 9)", "killed from outside"),
    "crashes": ("import os; os.kill(os.getpid(), 11)", "SIGSEGV"),
    "eats": ("x = bytearray(40_000_000_000)", "memory"),
}
REASONS = {name: reason for name, (*_, reason) in {**IN_FILES, **IN_CELLS}.items()}


def rows(full):
    found = chaos(1000, 50, 3, NOTEBOOKS)
    text = f"{found['complete']} complete, {found['failed']} failed ({found['right']} for the right reason), {found['partial']} partial, {found['twice']} run twice"
    right = {"complete": 950, "failed": 50, "right": 50, "partial": 0, "twice": 0}
    yield Row(
        "1,000 clients, 50 poisoned, killed three times", text, "950, 50 (50), 0, 0", found == right
    )


def chaos(count, poisoned, kills, notebooks, jobs=2, seed=None):
    """What came of it: counts of complete and failed clients, of reasons that are right, and of
    reports that are partial or were run to their end twice."""
    with tempfile.TemporaryDirectory() as folder:
        data, reports, books = (Path(folder, name) for name in ("data", "reports", "notebooks"))
        generate(data, count, poisoned)
        poison_notebooks(books, notebooks)
        command = [
            sys.executable,
            "-m",
            "cxlib.run.cli",
            "run",
            "--all",
            "--quiet",
            "--jobs",
            jobs,
            "--cell-timeout",
            20,
        ]
        command = list(
            map(str, [*command, "--data", data, "--reports", reports, "--notebooks", books])
        )
        chance, seen, twice = random.Random(seed), {}, set()
        for kill in range(1, kills + 1):
            run = subprocess.Popen(
                command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            enough = int((count - poisoned) * (kill - chance.random()) / (kills + 1))
            while run.poll() is None and len(list(reports.glob("*/run.json"))) < enough:
                time.sleep(0.02)
            time.sleep(chance.random())
            run.kill()
            run.wait()
            twice |= again(seen, reports)
        subprocess.run(command, cwd=ROOT, capture_output=True)
        twice |= again(seen, reports)
        return {**outcome(reports), "twice": len(twice)}


def again(seen, reports):
    """Clients whose report was put there anew since the last look, and note when the others were."""
    now = {path.parent.name: path.stat().st_mtime_ns for path in reports.glob("*/run.json")}
    twice = {name for name in seen if now.get(name) != seen[name]}
    seen.update(now)
    return twice


def outcome(reports):
    summary = json.loads((reports / "summary.json").read_text())["clients"]
    failed = [each for each in summary if each["status"] == "failed"]
    there = {path.name for path in reports.iterdir()} - {".work", "index.html", "summary.json"}
    whole = {path.parent.name for path in reports.glob("*/run.json") if is_whole(path.parent)}
    left = [*reports.glob(".work/new/*"), *reports.glob(".work/old/*")]
    return {
        "complete": len(whole),
        "failed": len(failed),
        "right": sum(
            REASONS.get(each["client"].split("--")[0], "\0") in each["reason"] for each in failed
        ),
        "partial": len(there - whole) + len(left),
    }


def is_whole(report):
    """Whether the folder holds the files that its run.json lists, each of its size, and no others."""
    listed = json.loads((report / "run.json").read_text())["outputs"]
    files = {
        str(path.relative_to(report)): path.stat().st_size
        for path in report.rglob("*")
        if path.is_file()
    }
    return {name: size for name, size in files.items() if name != "run.json"} == listed


def generate(data, count, poisoned):
    """So many clients like the worked example, each with its own scores; poisons spread evenly."""
    kinds, every = list(REASONS), count // max(1, poisoned)
    for number in range(count):
        nth, rest = divmod(number, every)
        poison = kinds[nth % len(kinds)] if rest == 0 and nth < poisoned else ""
        folder = data / (f"{poison}--{number:04}" if poison else f"client-{number:04}")
        shutil.copytree(ROOT / "data" / "meisu", folder)
        scores = (folder / "scores.csv").read_text(encoding="utf-8")
        (folder / "scores.csv").write_text(
            scores.replace(",5,", f",{number % 10},"), encoding="utf-8"
        )
        if poison in IN_FILES:
            file, text, _ = IN_FILES[poison]
            (folder / file).write_text(text, encoding="utf-8")


def poison_notebooks(folder, names):
    """These notebooks, the second with a cell that harms the clients named for it."""
    folder.mkdir()
    harm = "\n".join(
        f"if client.startswith('{name}--'): {act}" for name, (act, _) in IN_CELLS.items()
    )
    for place, name in enumerate(names):
        notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", 4)
        if place == 1:
            notebook.cells.append(nbformat.v4.new_code_cell(harm, id="harm"))
        nbformat.write(notebook, folder / f"{name}.ipynb")
