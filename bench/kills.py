"""Runs killed at random moments while their clients' files change: no report is ever partial, and none
that is called up to date tells of other files than those that are there.

.venv/bin/python -m bench.kills [kills]
"""

import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pandas as pd
import psutil

from bench import Row
from bench.chaos import ROOT, is_whole
from cxlib.run.batch import is_up_to_date
from cxlib.run.worker import Job

CLIENTS = 3


def rows(full):
    found = counts(200 if full else 20)
    text = ", ".join(f"{name} {count}" for name, count in found.items())
    yield Row("runs killed", text, "0 partial, 0 stale", not (found["partial"] or found["stale"]))


def counts(kills: int, seed: int = 1) -> Counter:
    """How many kills found a run at work, and after how many a report was partial or stale."""
    chance, found = random.Random(seed), Counter(partial=0, stale=0)
    notebooks = ("04_gap_analysis", "09_executive_report")
    with tempfile.TemporaryDirectory() as place:
        data, reports, books = (Path(place, name) for name in ("data", "reports", "notebooks"))
        books.mkdir()
        for name in notebooks:
            shutil.copy(ROOT / "notebooks" / f"{name}.ipynb", books)
        names = [f"client-{number}" for number in range(CLIENTS)]
        for name in names:
            shutil.copytree(ROOT / "data" / "meisu", data / name)
        told = {name: write_score(data / name, 1.0) for name in names}
        folders = ["--data", data, "--reports", reports, "--notebooks", books]
        command = [sys.executable, "-m", "cxlib.run.cli", "run", "--all", "--quiet", "--jobs", "2"]
        clock = time.monotonic()
        subprocess.run([*command, *folders], cwd=ROOT, capture_output=True)
        whole = time.monotonic() - clock  # a kill falls anywhere in a run of all of them
        for kill in range(kills):
            for name in chance.sample(names, 2):  # before the run, or in the middle of it
                if chance.random() < 0.7:
                    told[name] = write_score(data / name, chance.randrange(100) / 10)
            run = subprocess.Popen([*command, *folders], cwd=ROOT, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
            time.sleep(chance.uniform(0.2, whole * 0.5))
            name = chance.choice(names)
            told[name] = write_score(data / name, chance.randrange(100) / 10)
            time.sleep(chance.uniform(0, whole * 0.5))
            found["killed at work" if run.poll() is None else "over before"] += 1
            end(run, chance)
            look(found, names, data, reports, books, told)
            if kill % 5 == 4:  # what the kills left, taken up again by a run that nobody kills
                subprocess.run([*command, *folders], cwd=ROOT, capture_output=True)
                look(found, names, data, reports, books, told)
            if kill % 20 == 19:
                print(kill + 1, dict(found), flush=True)
        done = subprocess.run([*command, *folders], cwd=ROOT, capture_output=True)
        look(found, names, data, reports, books, told)
        fresh = sum(is_up_to_date(job_of(n, data, reports, books)) for n in names)
        found["up to date in the end"] = fresh if not done.returncode else -1
    return found


def write_score(folder: Path, score: float) -> float:
    """Writes what the first dimension's experience is now."""
    table = pd.read_csv(folder / "scores.csv", dtype=str)
    table.loc[0, "experience"] = str(score)
    table.to_csv(folder / "scores.csv", index=False)
    return score


def end(run, chance) -> None:
    """Kills the parent alone, or the whole session; waits until all that it started is gone: a worker
    outlives its parent by as long as a busy machine takes to tell it."""
    started = []
    with suppress(psutil.NoSuchProcess):
        started = psutil.Process(run.pid).children(recursive=True)
    if chance.random() < 0.5:
        with suppress(ProcessLookupError):  # over before
            os.killpg(run.pid, signal.SIGKILL)
    else:
        run.kill()
    run.wait()
    left = psutil.wait_procs(started, timeout=60)[1]
    assert not left, f"still at work a minute after the kill: {left}"


def look(found, names, data, reports, books, told) -> None:
    """Counts reports that are partial, and those called up to date that tell of another score."""
    for name in names:
        report = reports / name
        if not report.exists():
            continue
        found["looked at"] += 1
        if not ((report / "run.json").is_file() and is_whole(report)):
            found["partial"] += 1
            print("partial", name, *sorted(map(str, report.rglob("*"))), flush=True)
        if is_up_to_date(job_of(name, data, reports, books)):
            found["called up to date"] += 1
            first = pd.read_csv(report / "results" / "gap.csv").iloc[0]
            if abs(first["experience"] - told[name]) > 1e-9:
                found["stale"] += 1
                print("stale", name, first["experience"], told[name], flush=True)


def job_of(name, data, reports, books) -> Job:
    return Job(name, str(data), str(reports), str(books))


if __name__ == "__main__":
    print(dict(counts(*map(int, sys.argv[1:] or ["200"]))))
