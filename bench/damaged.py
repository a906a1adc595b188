"""Client folders damaged at random: a verdict in words for each, within two minutes and 1.5 GB, and
every row of a folder that is read all the same is used or named as left out.

.venv/bin/python -m bench.damaged [folders [first]]
"""

import csv
import io
import multiprocessing
import random
import re
import shutil
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pandas as pd

from bench import Row
from cxlib.client.case import check_client, read_client
from cxlib.client.cells import is_blank
from cxlib.client.files import TEXTS, sniffed_delimiter
from cxlib.client.problems import Problem
from cxlib.run import machine
from tests.client.test_damaged_folders import DAMAGES, TABLES, whole_file

ROOT = Path(__file__).parents[1]
SECONDS, MEMORY = 120, 1536  # of one folder; MB
WHOLE = (
    "tables", "typed", "meisu", "tables", "sheets", "typed", "tables", "complaints", "meisu", "tables",
    "typed", "sheets", "tables", "typed", "meisu", "tables", "typed", "complaints", "vendor", "kiosk",
)  # fmt: skip
SURVEY = "id,kind,speed,wait,gender\n" + "".join(
    f"r{n},{'ab'[n % 2]},{n % 11},{n * 7 % 11},f\n" for n in range(40)
)
CODEBOOK = (
    "column,measure,item,dimension,low,high\n"
    "speed,experience,speed,service,0,10\nwait,expectation,speed,service,0,10\n"
)
CLIENT = """name: Acme
currency: EUR
scale: [0, 10]
importance_scale: [0, 10]
dimensions: {product: Product, service: Service, price: Price}
survey: {file: SURVEY, respondent: id, segment: kind}
"""


def whole(folder: Path, kind: str) -> None:
    """A client folder of this kind with nothing wrong in it."""
    if kind not in ("tables", "typed", "sheets"):
        made = ("make.py", "truth", "raw", "prepare.py")
        shutil.copytree(ROOT / "data" / kind, folder, ignore=shutil.ignore_patterns(*made))
        return
    folder.mkdir(parents=True)
    tables = TABLES | {"survey.csv": SURVEY, "codebook.csv": CODEBOOK}
    frames = {name: pd.read_csv(io.StringIO(text), dtype=str) for name, text in tables.items()}
    name = {"tables": "survey.csv", "typed": "survey.sav", "sheets": "survey.xlsx"}[kind]
    (folder / "client.yml").write_text(CLIENT.replace("SURVEY", name), "utf-8")
    if kind == "tables":
        for file, text in tables.items():
            (folder / file).write_text(text, "utf-8")
    elif kind == "typed":
        import pyreadstat

        for file, frame in frames.items():
            frame.to_parquet(folder / file.replace(".csv", ".parquet"))
        (folder / "survey.parquet").unlink()
        answers = frames["survey.csv"].astype({"speed": float, "wait": float})
        pyreadstat.write_sav(answers, folder / name)
    else:
        frames.pop("survey.csv").to_excel(folder / name, index=False)
        with pd.ExcelWriter(folder / "tables.xlsx") as book:
            for file, frame in frames.items():
                frame.to_excel(book, sheet_name=file.removesuffix(".csv"), index=False)


def damaged(data: Path, seed: int) -> str:
    """A whole folder with one to three damages in it; what was done."""
    chance = random.Random(seed)
    kind = WHOLE[seed % len(WHOLE)]
    whole(data / "acme", kind)
    done = [kind]
    for _ in range(chance.choice([1, 1, 2, 3])):
        files = [each for each in sorted((data / "acme").iterdir()) if whole_file(each)]
        damage, path = chance.choice(DAMAGES), chance.choice(files)
        done.append(f"{damage.__name__} of {path.name}")
        damage(chance, path)
    return ", ".join(done)


def judge(hear) -> None:
    """Judges one folder after the other, in a process of its own."""
    for data in iter(hear.recv, None):
        with suppress(OSError):
            Path("/proc/self/clear_refs").write_text("5")  # the most memory, from here on
        hear.send((*judged(data), peak_mb()))


def peak_mb() -> int:
    """The most memory since it was last reset, where the system tells."""
    with suppress(OSError):
        return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]) // 1024
    return machine.peak_memory_mb()


def judged(data: Path) -> tuple[str, list[str]]:
    """What became of one folder: refused or read, and what is wrong with how."""
    try:
        found = check_client("acme", data)
        odd = [
            repr(each) for each in found if not (isinstance(each, Problem) and str(each).strip())
        ]
        odd += [repr(each) for each in found if not set(map(ord, str(each))).isdisjoint(CONTROLS)]
        if not found:
            odd += unaccounted(read_client("acme", data), data / "acme")
        return "refused" if found else "read", odd
    except BaseException as error:
        return "exception", [f"{type(error).__name__}: {error}"]


CONTROLS = {*range(32), *range(127, 160)} - {ord("\n"), ord("\t")}


def unaccounted(case, folder: Path) -> list[str]:
    """Text files of which a row is neither used nor named as left out."""
    found, survey = [], case.settings.survey
    used = {f"{name}.csv": (name, table.index) for name, table in case.tables.items()}
    if case.survey is not None:
        used[survey.file] = ("survey", case.survey.people["row"])
    for file, (name, index) in used.items():
        path = folder / file
        if path.suffix not in TEXTS or not path.is_file():
            continue
        lines = case.rejected[case.rejected["table"] == name]
        blank = lines["reason"] == "the row is blank"
        rows = set(index) | set(pd.to_numeric(lines.loc[~blank, "row"]))
        asked = survey.encoding if name == "survey" else case.settings.encoding
        text = path.read_bytes().decode(asked or "utf-8")
        cut = (survey.delimiter if name == "survey" else "") or sniffed_delimiter(text)
        cells = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), delimiter=cut)
        there = sum(any(not is_blank(cell) for cell in row) for row in cells) - 1
        if there != len(rows):
            found.append(f"{file}: {there} rows came, {len(rows)} are accounted for")
    return found


def counts(folders: int, first: int = 0, say=print) -> Counter:
    """How many were refused, read, ended in an exception, hung, took too much, or lost a row."""
    found, worker = Counter(), None
    for seed in range(first, first + folders):
        with tempfile.TemporaryDirectory() as place:
            what = damaged(Path(place), seed)
            worker = worker or started()
            clock = time.monotonic()
            worker[1].send(Path(place))
            said = worker[1].recv() if worker[1].poll(SECONDS) else ("hang", [], 0)
        if said[0] == "hang":
            worker[0].kill()
            worker = None
        kind, odd, peak = said
        found[kind] += 1
        found["odd"] += bool(odd) and kind != "exception"
        found["over"] += peak > MEMORY
        found["peak"], took = max(found["peak"], peak), time.monotonic() - clock
        found["slowest"] = max(found["slowest"], round(took, 1))
        if odd or kind == "hang" or peak > MEMORY:
            say(seed, what, kind, f"{peak} MB", f"{took:.1f} s", *odd[:3], sep="\n  ", flush=True)
        if seed % 250 == 249:
            say(seed + 1, dict(found), flush=True)
    if worker:
        worker[1].send(None)
    return found


def started() -> tuple:
    """(a process that judges folders, the pipe to it)."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=judge, args=(there,), daemon=True)
    process.start()
    for kind in set(WHOLE):  # what reading imports is there before the clock runs
        with tempfile.TemporaryDirectory() as place:
            whole(Path(place, "acme"), kind)
            here.send(Path(place))
            assert here.recv()[:2] == ("read", []), kind
    return process, here


def rows(full):
    found = counts(5000 if full else 200)
    text = ", ".join(f"{name} {count}" for name, count in found.items())
    bad = sum(found[each] for each in ("exception", "hang", "over", "odd"))
    yield Row(
        "client folders damaged at random", text, "no exception, hang, 1.5 GB or lost row", not bad
    )


if __name__ == "__main__":
    print(dict(counts(*map(int, sys.argv[1:] or ["5000"]))))
