"""A batch against the plain way, against its own limit, against itself when larger, and unchanged."""

import json
import multiprocessing
import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from html.parser import HTMLParser
from pathlib import Path

from bench import Row
from cxlib.run.worker import ENVIRONMENT

ROOT = Path(__file__).parents[1]
JOBS = 2  # the promises are for two cores
DEMO = ("meisu", "kiosk")
CX = [sys.executable, "-m", "cxlib.run.cli", "run", "--quiet", "--jobs", str(JOBS)]


def rows(full):
    many, few = (200, 20) if full else (60, 2)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        small = clients(folder / "small", 20)
        # In turn, and the best of each: what else the machine does then weighs less.
        turns = [
            (run(small, folder / f"reports{n}"), timed(plain_scripts, small)) for n in range(2)
        ]
        batch, limit = map(min, zip(*turns, strict=True))
        (folder / "reports0").rename(folder / "reports")
        yield against_its_limit(batch, limit)
        yield against_unchanged(small, folder)
        yield against_the_plain_way(batch, few, folder)
        yield against_larger(small, many, folder)
        run(ROOT / "data", folder / "demo")
        yield by_stage(json.loads((folder / "demo" / "kiosk" / "run.json").read_text()))
        peak = max(each["memory_mb"] for each in runs(folder / "demo"))
        yield Row("peak memory per worker, demo clients", f"{peak} MB", "400 MB", peak < 400)


def against_its_limit(batch, limit):
    what = "20 clients against their notebooks as plain scripts in warm processes"
    said = f"{batch / limit:.2f} times as long ({batch:.0f} s against {limit:.0f} s)"
    return Row(what, said, "1.3 times", batch <= 1.3 * limit)


def against_unchanged(small, folder):
    each = run(small, folder / "reports") / 20
    what = "second run, nothing changed, per client"
    return Row(what, f"{each * 1000:.1f} ms", "20 ms", each < 0.020)


def against_the_plain_way(batch, few, folder):
    """A few of the 20, as many of each kind, stand for all in the plain way: it is slow."""
    data = clients(folder / "few", few)
    ratio = timed(plain_way, data, folder / "plain") / few / (batch / 20)
    plain, ours = folder / "plain", folder / "reports"
    same = same_results(data, plain, ours) and same_pages(data, plain, ours)
    what = f"20 clients against the plain way (measured on {few})"
    outputs = "results, tables and alternative texts"
    said = f"{ratio:.1f} times faster, {outputs} {'the same' if same else 'DIFFER'}"
    return Row(what, said, "8 times", ratio >= 8 and same)


def against_larger(small, many, folder):
    """The 20 just before and just after the many: what else the machine does changes by the minute."""
    before = run(small, folder / "before")
    each = run(clients(folder / "many", many), folder / "many-reports") / many
    ratio = each / ((before + run(small, folder / "after")) / 2 / 20)
    what = f"time per client, 20 to {many} clients"
    return Row(what, f"{ratio - 1:+.1%}", "within 5 %", ratio <= 1.05)


def by_stage(run):
    """Where the time of one client goes; `cx run NAME --timing` shows it of any."""
    stages = run["notebooks"].items()
    longest = sorted(stages, key=lambda each: -each[1]["run"] - each[1]["render"])
    said = ", ".join(f"{name[:2]} {each['run'] + each['render']:.1f}" for name, each in longest)
    rendered = sum(each["render"] for _, each in stages)
    what = f"seconds by notebook, the longest first ({run['client']})"
    return Row(what, f"{said}; {rendered:.1f} of them rendering", "none", True)


def clients(folder, count):
    """A data folder with so many clients, the demo clients in turn."""
    for number in range(count):
        shutil.copytree(ROOT / "data" / DEMO[number % len(DEMO)], folder / f"client-{number:04}")
    return folder


def names(data):
    return sorted(path.name for path in data.iterdir())


def runs(reports):
    return [json.loads(path.read_text()) for path in sorted(reports.glob("*/run.json"))]


def timed(function, *arguments):
    """Seconds."""
    clock = time.perf_counter()
    function(*arguments)
    return time.perf_counter() - clock


def run(data, reports):
    """Seconds of `cx run --all`."""
    command = [*CX, "--all", "--data", data, "--reports", reports]
    return timed(
        lambda: subprocess.run(list(map(str, command)), cwd=ROOT, check=True, capture_output=True)
    )


def plain_way(data, out):
    """The papermill and the nbconvert command for each notebook of each client, two at a time."""
    work = [
        (data, out, name, notebook)
        for name in names(data)
        for notebook in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))
    ]
    with ThreadPoolExecutor(JOBS) as pool:
        list(pool.map(lambda each: papermill_and_nbconvert(*each), work))


def papermill_and_nbconvert(data, out, name, notebook):
    (out / name).mkdir(parents=True, exist_ok=True)
    made = out / name / notebook.name
    parameters = {"client": name, "data_dir": data, "reports_dir": out, "language": ""}
    words = [word for key, value in parameters.items() for word in ("-p", key, str(value))]
    environment = {**os.environ, "CX_BATCH": "1"}
    for command in (
        ["papermill", str(notebook), str(made), *words],
        ["jupyter", "nbconvert", "--to", "html", str(made)],
    ):
        subprocess.run(
            [sys.executable, "-m", *command],
            cwd=ROOT / "notebooks",
            env=environment,
            check=True,
            capture_output=True,
        )


def same_results(data, *reports):
    """Whether results/*.csv of these clients are the same, byte for byte, in both folders."""
    one, other = (
        {
            path.relative_to(out): path.read_bytes()
            for name in names(data)
            for path in (out / name / "results").glob("*.csv")
        }
        for out in reports
    )
    return one == other and len(one) > 0


class Shown(HTMLParser):
    """What a page shows: the alternative text of each figure, and the text of each table's cells."""

    def __init__(self, html):
        super().__init__()
        self.found, self.inside = [], False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "img":
            self.found.append(dict(attrs).get("alt"))
        self.inside = self.inside or tag == "table"

    def handle_endtag(self, tag):
        self.inside = self.inside and tag != "table"

    def handle_data(self, data):
        if self.inside and data.strip():
            self.found.append(data.strip())


def same_pages(data, plain, reports):
    """Whether the executed notebooks of the plain way and our pages show the same, in that order."""
    import nbformat

    one, other = {}, {}
    for path in sorted(each for name in names(data) for each in (plain / name).glob("*.ipynb")):
        cells = [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]
        outputs = [each.get("data", {}) for cell in cells for each in cell.outputs]
        html = "".join(each.get("text/html", "") for each in outputs)
        page = reports / path.parent.name / f"{path.stem}.html"
        one[page], other[page] = Shown(html).found, Shown(page.read_text("utf-8")).found
    return one == other and any(one.values())


def plain_scripts(data):
    """The limit: the cells' code and nothing around it, in warm processes, and the pages rendered."""
    os.environ.update(ENVIRONMENT)
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["cxlib.run.warm"])
    with context.Pool(JOBS, maxtasksperchild=1) as pool:
        pool.starmap(script, [(str(data), name) for name in names(data)], chunksize=1)


def script(data, name):
    import nbformat

    from cxlib.client.case import read_client
    from cxlib.page.render import render_notebook

    os.chdir(ROOT / "notebooks")
    with tempfile.TemporaryDirectory() as out, open(os.devnull, "w") as sys.stdout:
        Path(out, name).mkdir()
        case = read_client(name, data)
        for path in sorted(Path().glob("[0-9]*.ipynb")):
            notebook, space = nbformat.read(path, 4), {"__name__": "__main__"}
            given = {"client": name, "data_dir": data, "reports_dir": out, "language": ""}
            for cell in notebook.cells:
                if cell.cell_type == "code":
                    exec(compile(cell.source, path.name, "exec"), space)
                    space.update(given if "parameters" in cell.metadata.get("tags", []) else {})
                    cell.outputs = []
            for kind in ["consultant"] + ["report"] * path.name.startswith("09"):
                Path(out, name, f"{path.stem}.{kind}.html").write_text(
                    render_notebook(notebook, case, kind=kind)
                )
