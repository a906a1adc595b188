"""One client's report, made in a process of its own: read, run the notebooks, render, put in place."""

import ast
import json
import os
import random
import re
import shutil
import sys
import time
import warnings
from contextlib import chdir, contextmanager
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path

from cxlib.analysis.asking import CHANGED
from cxlib.client.kept import PRIVATE, WHERE, carry_over
from cxlib.run import changes, folder, history, machine
from cxlib.run.worker import too_much_memory

SEED = 20_060_725  # of every notebook: the same inputs give the same report
EXECUTIVE = "09"  # the notebook that is the report
EXITED = "it called exit, so the cells after it never ran"


class Failure(Exception):
    """A report that could not be made: why, and in which notebook and cell ("" where in none)."""

    def __init__(self, reason, notebook="", cell=""):
        super().__init__(reason, notebook, cell)
        self.reason, self.notebook, self.cell = reason, notebook, cell


def make_report(job, tell):
    """Make one client's report and put it in place; what run.json says of it.

    job    see worker.Job
    tell   called with what is being done now: "waiting" for another run of this client, "started",
           "notebook" and its name, "cell" and its description, "ran" and the notebook's name
    """
    from cxlib.client.case import read_client

    if job.client != Path(job.client).name:  # not a folder's name; reading says so in its own words
        read_client(job.client, job.data_dir)
    with folder.locked(job.reports_dir, job.client, on_wait=lambda: tell("waiting")):
        tell("started")
        if not (job.force or job.first_step) and not changes.changes(job):
            return {"status": "unchanged"}  # another run made it while we waited
        try:
            new = folder.new_report(job.reports_dir, job.client)
        except folder.InTheWay as error:
            raise Failure(str(error)) from error
        found = _written(job, new, tell)
        folder.put_in_place(job.reports_dir, job.client)
        folder.note_failure(job.reports_dir, job.client)
        return found


def _written(job, new, tell):
    """The new report's files, run.json last; what run.json says."""
    from cxlib.client.case import read_client
    from cxlib.page.language import not_yet

    started, clock = datetime.now(UTC), time.perf_counter()
    before = changes.state(job, folder.read_json(Path(job.reports_dir, job.client, "run.json")))
    os.chdir(job.notebooks_dir)
    parameters = {"client": job.client, "language": "", "settings": job.settings}
    folders = {"data_dir": job.data_dir, "reports_dir": new.parent}
    parameters |= {name: os.path.relpath(place) for name, place in folders.items()}
    place = Path(job.reports_dir, job.client)
    carry_over(place, new)
    os.environ[WHERE] = str(history.ledger_of(place).absolute())
    case = read_client(job.client, parameters["data_dir"], settings=job.settings)
    if refused := not_yet(case.language):
        raise Failure(refused)
    before = changes.state(job, {**before, "inputs": before["inputs"] | case.inputs})
    case.rejected.to_csv(new / "rejected.csv", index=False)
    timing = {"read": {"run": _since(clock)}}
    kept = _kept_steps(job, new, before)
    steps = {**kept["steps"]}
    for name in before["notebooks_sha256"]:
        if name not in steps:
            tell("notebook", name)
            steps[name] = timing[name] = _run_and_render(job, name, parameters, case, new, tell)
    if changes.state(job, before) != before:
        raise Failure("its files, or the notebooks, changed while it ran. Run it again.")
    when = started.isoformat(timespec="seconds")
    history.count(place, new, case.survey, when[:16])
    if not kept["stale"]:
        history.keep(new, case, before, when)
    case.warnings.extend(_slides(job, case, new) if job.deck else [])
    found = {
        "client": job.client,
        "status": "complete",
        "started": when,
        "seconds": _since(clock),
        "engine": job.engine,
        "day": job.date[: 10 if "actions" in case.tables else 4],  # all that results go by
        "parameters": {**parameters, "reports_dir": os.path.relpath(job.reports_dir)},
        "stale": kept["stale"],
        "own_notebooks": changes.own_notebooks_of(job.notebooks_dir, job.client),
        "notebooks": steps,
        **_came_of_it(case, new),
        **before,
    }
    text = json.dumps(found, ensure_ascii=False, indent=1)
    (new / "run.json").write_text(text, encoding="utf-8", errors="backslashreplace")
    return found | {"timing": timing}


def _slides(job, case, new):
    """deck.pptx and appendix.xlsx of what the notebooks have released; what they could not hold."""
    from cxlib.page import open_page
    from cxlib.page.deck import write_deck
    from cxlib.page.own_work import kept
    from cxlib.page.workbook import write_appendix

    page, own = open_page(case), kept(new / history.PRIVATE)
    write_appendix(page, new / "appendix.xlsx", new / "results")
    return write_deck(page, new / "deck.pptx", job.date, own)


def _came_of_it(case, new):
    """The part of run.json that is known once all else is written."""
    from cxlib.page.own_work import kept

    files = [path for path in sorted(new.rglob("*")) if path.is_file()]
    own = [warning for told in kept(new / history.PRIVATE).values() for warning in told["warnings"]]
    return {
        "memory_mb": machine.peak_memory_mb(),
        "headline": {"title": str(case.title), "language": case.language},  # of the index
        "warnings": [*map(str, case.warnings), *own],
        "outputs": {str(path.relative_to(new)): path.stat().st_size for path in files},
    }


def _since(clock):
    return round(time.perf_counter() - clock, 3)


def _run_and_render(job, name, parameters, case, new, tell):
    """Run one notebook and write its pages; when it started, and seconds spent."""
    from cxlib.page import own_work
    from cxlib.page.language import Language
    from cxlib.page.render import render_notebook

    started, clock = datetime.now(UTC).isoformat(timespec="milliseconds"), time.perf_counter()
    os.environ[CHANGED] = str(Path(new, PRIVATE, f"changed_{name}").absolute())
    before = written(new)
    with as_found():
        notebook = run_notebook(job, name, parameters, tell)
    ran = _since(clock)
    tell("ran", name)
    cells = json.loads(Path(job.notebooks_dir, f"{name}.ipynb").read_text("utf-8"))["cells"]
    shared = ["".join(cell["source"]) for cell in cells]
    odd = own_work.settle(notebook, name, Language(case.language), shared)
    own_work.keep(notebook, name, new / history.PRIVATE, odd)
    pages = {name: "consultant"} | ({"report": "report"} if name.startswith(EXECUTIVE) else {})
    for page, kind in pages.items():
        try:
            own = own_work.kept(new / history.PRIVATE) if kind == "report" else {}
            html = render_notebook(notebook, case, kind=kind, date=job.date, own=own)
        except Exception as error:
            said = f"its page cannot be made: {type(error).__name__}: {error}"
            raise Failure(said, name) from error
        # half a letter, which a cell may print, is written as its number
        (new / f"{page}.html").write_text(html, encoding="utf-8", errors="backslashreplace")
    wrote = sorted(each for each, _ in written(new).items() - before.items())
    return {"started": started, "run": ran, "render": round(_since(clock) - ran, 3), "wrote": wrote}


def written(place) -> dict[str, int]:
    """The files of results, released and exact, with when each was written last."""
    files = [path for kind in ("results", PRIVATE) for path in Path(place, kind).glob("*")]
    return {str(path.relative_to(place)): path.stat().st_mtime_ns for path in files}


def run_notebook(job, name, parameters, tell):
    """The executed notebook; Failure says in which cell it stopped, and why."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError

    from cxlib.run.engine import CellTimeout  # after papermill, which imports it half way

    path, where = changes.notebook_paths(job.notebooks_dir, job.client)[name], _Where()
    refuse_unknown(parameters, declared_parameters(path), path)

    def on_cell_start(cell, cell_index):
        where.enter(cell)
        tell("cell", str(where))

    try:
        notebook = papermill.execute_notebook(
            str(path).replace("{", "{{").replace("}", "}}"),  # papermill formats the path
            None,
            parameters,
            engine_name="warm" if job.engine == "warm" else None,
            progress_bar=False,
            execution_timeout=job.cell_timeout,
            on_cell_start=on_cell_start,
        )
    except papermill.PapermillExecutionError as error:
        raise Failure(cell_error(error.ename, error.evalue, job), name, str(where)) from error
    except (CellTimeoutError, CellTimeout) as error:
        raise Failure(cell_error("CellTimeout", "", job), name, str(where)) from error
    except DeadKernelError as error:
        raise Failure("the kernel died", name, str(where)) from error
    except Exception as error:  # what a cell has done to the libraries that run it
        reason = cell_error(type(error).__name__, str(error), job)
        reason += " (this cell, or one before it, has changed what runs the cells)"
        raise Failure(reason, name, str(where)) from error
    refuse_unfinished(notebook, name)
    return _as_asked(notebook, name, parameters["reports_dir"], os.path.relpath(job.reports_dir))


def _as_asked(notebook, name, made_in, reports_dir):
    """Without what differs from run to run: a random cell id, the folder a report is made in."""
    for index, cell in enumerate(notebook.cells):
        cell["id"] = f"{name}-{index}"
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["source"] = cell.source.replace(made_in, reports_dir)
    return notebook


def cell_error(kind, text, job):
    """What went wrong in a cell, in words."""
    text = re.sub(r"\x1b\[[0-9;]*m", "", text)
    if kind == "ClientError":
        return text
    if kind == "CellTimeout":
        return f"it took longer than {job.cell_timeout:g} s, the limit for a cell (--cell-timeout)"
    if kind == "MemoryError":
        return too_much_memory(job)
    if kind == "SystemExit":
        return EXITED
    return f"{kind}: {text}" if text else kind


class _Where:
    """The cell that is running, as a person finds it: its number in the stored notebook, the heading
    above it and its first line."""

    number, heading, line = 0, "", ""

    def enter(self, cell):
        """The next cell runs."""
        self.number += "injected-parameters" not in cell.metadata.get("tags", [])
        lines = [line.strip() for line in cell.source.splitlines() if line.strip()]
        if cell.cell_type == "markdown":
            heads = [line.lstrip("# ") for line in lines if line.startswith("#")]
            self.heading = next(iter(heads), self.heading)
        self.line = lines[0][:70] if lines else ""

    def __str__(self):
        under = f" under “{self.heading}”" if self.heading else ""
        return f"cell {self.number}{under} ({self.line})"


def refuse_unfinished(notebook, name):
    """Every cell must have run: papermill passes over a cell that called sys.exit()."""
    where = _Where()
    for cell in notebook.cells:
        where.enter(cell)
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        if any(output.output_type == "error" for output in cell.outputs):
            raise Failure(EXITED, name, str(where))
        if cell.execution_count is None:
            raise Failure("it was never run", name, str(where))


def declared_parameters(path):
    """Names that the cell tagged `parameters` of a notebook file gives a value."""
    cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
    tagged = [cell for cell in cells if "parameters" in cell["metadata"].get("tags", [])]
    if not tagged:
        raise Failure(f"{path.name} has no cell tagged 'parameters'", path.stem)
    nodes = ast.walk(ast.parse("".join(tagged[0]["source"])))
    names = (node for node in nodes if isinstance(node, ast.Name))
    return {node.id for node in names if isinstance(node.ctx, ast.Store)}


def refuse_unknown(parameters, declared, path):
    """papermill only warns of a parameter that the notebook does not have, and goes on without it."""
    for name in parameters:
        if name not in declared:
            near = get_close_matches(name, declared, 1)
            hint = f"; is '{near[0]}' meant to be it" if near else ""
            raise Failure(f"its parameters cell does not set '{name}'{hint}", path.stem)


@contextmanager
def as_found():
    """Give a notebook the process as the first one found it, and put back what it changes."""
    import matplotlib
    import numpy as np
    import pandas as pd

    options = {name: value for name, value in _options(pd.options, "")}
    environment, path = dict(os.environ), list(sys.path)
    random.seed(SEED)
    np.random.seed(SEED)  # noqa: NPY002 - notebooks may use the global generator; it must not differ
    try:
        with chdir("."), matplotlib.rc_context(), warnings.catch_warnings(), np.errstate():
            yield
    finally:
        os.environ.clear()
        os.environ.update(environment)
        sys.path[:] = path
        for name, value in options.items():
            if pd.get_option(name) != value:
                pd.set_option(name, value)


def _options(group, prefix):
    """Every pandas option and its value."""
    for name in dir(group):
        value = getattr(group, name)
        if type(value) is type(group):
            yield from _options(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


def _kept_steps(job, new, now):
    """With --from: the earlier steps' pages and results, from the last report, and their lines; of what
    the steps that are run again had written nothing.

    They are stale where anything but the later notebooks has changed since; the report then says so
    in run.json, and the next run makes everything anew.
    """
    if not job.first_step:
        return {"steps": {}, "stale": False}
    place = Path(job.reports_dir, job.client)
    last = folder.read_json(place / "run.json")
    earlier = [name for name in now["notebooks_sha256"] if name < job.first_step]
    missing = [name for name in earlier if name not in last.get("notebooks", {})]
    if missing:
        absent = f"there is no last report to take {missing[0]} from."
        raise Failure(f"{absent} Run it once without --from.")
    steps = {name: last["notebooks"][name] for name in earlier}
    of_steps, of_all = (
        {each for told in some.values() for each in told.get("wrote", [])}
        for some in (steps, last["notebooks"])
    )
    tables = [name for name in written(place) if name in of_steps or name not in of_all]
    for name in [*(f"{name}.html" for name in earlier), *tables]:
        there = new / name
        there.parent.mkdir(exist_ok=True, mode=0o700 if there.parent.name == PRIVATE else 0o755)
        shutil.copy(place / name, there)  # and who may read it
    alike = [now[key] == last.get(key) for key in ("inputs", "settings", "code_sha256", "packages")]
    books, before = now["notebooks_sha256"], last["notebooks_sha256"]
    alike += [books[name] == before.get(name) for name in earlier]
    return {"steps": steps, "stale": not all(alike) or bool(last.get("stale"))}
