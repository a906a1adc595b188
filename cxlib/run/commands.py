"""What `cx` does beside checking, drafting and running: compare, next, lab, validate.

A command is the function of its own name here, which gives its exit status; the command line loads
this module for one of them alone. The proofs of `cx validate` are in `proof/`, beside the package:
a checkout has them.
"""

import os
import shutil
import subprocess
import sys
from dataclasses import replace
from importlib import import_module
from pathlib import Path

import pandas as pd

from cxlib.client.case import read_client
from cxlib.client.kept import COUNTED, HISTORY, PRIVATE, Kept, kept_runs, write_private
from cxlib.client.problems import nearest
from cxlib.run import changes, folder
from cxlib.run.asked import TOLD, NotYet, Usage

# `cx compare`: two kept runs of a client, or of two clients, side by side

WORDS = ("last", "previous")


def compare(asked) -> int:
    """Writes reports/NAME/compare.html and prints what it says, and where it is; wrong usage where
    there is no such run."""
    from cxlib.page.comparison import comparison
    from cxlib.page.page import Page

    if len(asked.runs) > 2:
        raise Usage(f"compare takes two runs, not {len(asked.runs)}. See `cx compare --help`")
    before, now, of_two = chosen(asked.client, asked.runs, asked.other, asked.reports)
    html, said = comparison(Page(read_client(asked.client, asked.data)), before, now, of_two)
    path = Path(asked.reports, asked.client, "compare.html")
    folder.write_whole(path, html)
    print(*said, path, sep="\n")
    return 0


def chosen(client: str, words: list[str], other: str, reports) -> tuple[Kept, Kept, bool]:
    """(the earlier run, the later, whether they are of two clients).

    words : up to two of a number, a day, last, previous; one alone may be another client, where no
        run of this client is called so
    """
    runs = runs_of(client, reports)
    if not other and len(words) == 1 and found(words[0], runs) is None:
        is_client = words[0] == Path(words[0]).name and kept_runs(Path(reports, words[0]))
        other, words = (words[0], []) if is_client else ("", words)
    if other:
        theirs = runs_of(other, reports)
        mine = the_run(words[0] if words else "last", runs, client)
        their = the_run(words[1] if len(words) > 1 else "last", theirs, other)
        return of_others(their, mine, other), mine, True
    words = words if len(words) == 2 else [*words, "last"] if words else ["previous", "last"]
    before, now = (the_run(word, runs, client) for word in words)
    if before is now:
        raise Usage(f"{client}: {' and '.join(words)} are the same run. {kept(runs, client)}")
    return before, now, False


def runs_of(client: str, reports) -> list[Kept]:
    """A client's kept runs, oldest first."""
    runs = kept_runs(Path(reports, client))
    if not runs:
        names = {path.parents[2].name for path in Path(reports).glob("*/history/*/run.json")}
        near = nearest(client, names)
        hint = f"Did you mean '{near}'?" if near else f"`cx run {client}` keeps one."
        raise Usage(f"no run of '{client}' is kept in {reports}. {hint}")
    return runs


def the_run(word: str, runs: list[Kept], client: str) -> Kept:
    """The run that a word means; see `chosen`."""
    if word == "previous" and len(runs) == 1:
        raise Usage(TOLD["said"]["one_run"].format(client=client, day=runs[0].day))
    run = found(word, runs)
    if run is None:
        near = nearest(word, [*WORDS, *(run.day for run in runs)])
        hint = f" Did you mean '{near}'?" if near else ""
        raise Usage(f"no run '{word}' of {client} is kept.{hint} {kept(runs, client)}")
    return run


def found(word: str, runs: list[Kept]) -> Kept | None:
    """The run called so; of several of one day the last."""
    if word in WORDS:
        return runs[-1] if word == "last" else runs[-2] if len(runs) > 1 else None
    called = [run for run in runs if word in (str(run.number), run.day)]
    return called[-1] if called else None


def kept(runs: list[Kept], client: str) -> str:
    """Which runs there are."""
    return f"Kept of {client}: " + ", ".join(f"{run.number} ({run.day})" for run in runs) + "."


def of_others(run: Kept, mine: Kept, client: str) -> Kept:
    """Another client's run: its people and cases are others, though both number theirs from 1, unless a file of
    answers is the same."""
    files = [set(each.about["inputs"].values()) for each in (run, mine)]
    if files[0] & files[1]:
        return run
    people, cases = (each and frozenset(f"{client} {one}" for one in each) for each in (run.counted, run.cases))  # fmt: skip
    return replace(run, counted=people, cases=cases)


# `cx next`: the next cycle of a client, from where the last one ended

START = "000"  # in the history of the next cycle: how the last one ended


def next_cycle(asked) -> int:
    """Makes the folder, and tells what was carried over and what is to be brought; refused where
    there is no end to begin from, or the folder is there."""
    from cxlib.analysis.feedback_loop import actions
    from cxlib.analysis.since import predictions_of
    from cxlib.client.following import next_client, next_name, to_bring

    client, new = asked.client, asked.new or next_name(asked.client)
    case = read_client(client, asked.data)
    place, report = Path(asked.reports, client), Path(asked.reports, new)
    runs = [run for run in kept_runs(place) if not run.about["settings"]]
    if not runs:
        raise NotYet(f"{client} has not been run as client.yml stands: `cx run {client}` first.")
    if report.exists():
        where = f"{report} is there already, and the next cycle's report goes there"
        raise NotYet(f"{where}: name another.")
    last, foreseen = runs[-1], predictions_of(runs[-1])
    proved, todo = proved_in(place), actions(case)
    nothing = pd.Series(dtype=bool)
    done = nothing if todo is None else todo.set_index("finding")["state"].eq("done")
    made = next_client(case, new, proved, last.day, done, foreseen)
    hand_over(place, report, last.number)
    carried = [f"the brand value ({', '.join(proved)})"] if proved else []
    carried += ["ideals as decided", f"open actions: {int((~done).sum())}"]
    carried.append(f"predictions: {len(foreseen)} (predictions.csv)")
    bring = to_bring(case)
    nothing = "" if proved else "Nothing was repaired and proved, so there is no new brand value.\n"
    print(
        f"{made} begins where {client} ended (run {last.number} of {last.day}).\n{nothing}"
        f"Carried over: {', '.join(carried)}.\nTo be brought: {', '.join(bring) or 'new data'}.\n"
        f"Then `cx check {new}`."
    )
    return 0


def proved_in(place: Path) -> list[str]:
    """Dimensions that the last report calls repaired and proved."""
    path = place / "results" / "next_cycle.csv"
    if not path.is_file():
        return []
    table = pd.read_csv(path)
    return list(dict.fromkeys(table.loc[table["next"].eq("brand_value"), "dimension"]))


def hand_over(place: Path, report: Path, number: int) -> None:
    """The last release of one cycle is what the first run of the next is set against."""
    name = f"{number:03d}"
    shutil.copytree(place / HISTORY / name, report / HISTORY / START)
    known = folder.read_json(place / PRIVATE / COUNTED)
    if name in known:
        write_private(report / PRIVATE / COUNTED, {START: known[name]})


# `cx lab`: JupyterLab with the workbook's start page: this machine's alone, behind a token

# Whatever a machine's own settings say: nobody else reaches the answers of a client's customers.
SAFE = [
    "--ServerApp.ip=127.0.0.1", "--ServerApp.root_dir=.", "--ServerApp.allow_remote_access=False",
]  # fmt: skip


def lab(_) -> int:
    """Opens notebooks/start.ipynb here; where there are none, from a copy of the package's own.
    JupyterLab's own exit status."""
    notebooks = Path("notebooks")
    if not (notebooks / "start.ipynb").is_file():
        copied = copy_notebooks(notebooks)
        print(f"{notebooks}/: {copied} notebooks copied; they are yours to change.")
    command = [sys.executable, "-m", "jupyterlab", str(notebooks / "start.ipynb"), *SAFE]
    return subprocess.run(command, env=os.environ).returncode


def copy_notebooks(to: Path) -> int:
    """How many notebooks of the package were copied; one that is there already is left alone."""
    to.mkdir(exist_ok=True)
    ours = sorted(changes.own_notebooks().glob("*.ipynb"))
    missing = [each for each in ours if not (to / each.name).exists()]
    for each in missing:
        shutil.copyfile(each, to / each.name)
    return len(missing)


# `cx validate`: reports/validation.html: every published number and every law, computed anew

ROOT = Path(__file__).parents[2]


def validate(asked) -> int:
    """Writes validation.html and says how many checks hold; 1 where one fails."""
    if not (ROOT / "proof" / "__init__.py").exists():
        print(TOLD["said"]["no_proofs"], file=sys.stderr)
        return 1
    examples, laws, figures = proofs("surveys").checks(asked.data)
    page, status = proofs("page"), pd.concat([t["status"] for t in (examples, laws, figures)])
    held, failed = (status == page.PASS).sum(), (status == page.FAIL).sum()
    held = f"{held} of {len(status)} checks hold, {failed} fail."
    print(held, file=sys.stderr, flush=True)
    simulations = proofs("simulations")
    coverage = simulations.simulated(asked.replications or simulations.REPLICATIONS)
    if unsaid := simulations.unsaid(coverage):
        print(f"Too narrow, and not said in the reports: {', '.join(unsaid)}.", file=sys.stderr)
    untried = simulations.UNTRIED
    html = page.validation_page(examples, laws, figures, coverage, asked.language, untried=untried)
    Path(asked.reports).mkdir(parents=True, exist_ok=True)
    written = Path(asked.reports, "validation.html")
    folder.write_whole(written, html)
    print(written, held, sep="\n")
    return int(failed > 0)


def proofs(name: str):
    """A module of proof/, from the checkout that this package belongs to."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    return import_module(f"proof.{name}")
