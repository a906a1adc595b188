"""A survey of ten million answers and more in Parquet: the gap table against DuckDB's bare scan of the
file, and a whole report with every analysis.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import duckdb

from bench import Row
from cxlib.run.worker import ENVIRONMENT

PEOPLE = 500_000
DIMENSIONS = ("product", "service", "price", "brand")
ITEMS = {"experience": 3, "expectation": 1, "importance": 1}  # of each dimension: 20 in all
OUTCOMES = {"overall": "overall", "again": "recommend", "back": "repurchase"}
KANO = [f"{kind}{item}" for item in range(3) for kind in ("functional", "dysfunctional")]
RUNS = 9
ROOT = Path(__file__).parents[1]
# In a process of its own, so that its peak is that of the reading and of nothing else.
MEASURED = """
import json, resource, sys, time
import duckdb
from cxlib.analysis import experience_expectation
from cxlib.client.case import gathered
import cxlib.sums.gap

data, scan, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
times = {"read": [], "table": [], "scan": []}
for _ in range(runs):
    start = time.perf_counter()
    case, problems = gathered("large", data)
    assert not problems, problems
    read = time.perf_counter()
    rows = len(experience_expectation.gaps(case))
    times["table"].append(time.perf_counter() - read)
    times["read"].append(read - start)
    with duckdb.connect(config={"threads": 2}) as duck:
        start = time.perf_counter()
        duck.sql(scan).fetchall()
        times["scan"].append(time.perf_counter() - start)
seconds = {name: sorted(each)[len(each) // 2] for name, each in times.items()}
print(json.dumps({**seconds, "rows": rows}))
"""
REPORTED = """
import json, resource, sys, time
from cxlib.run.report import make_report
from cxlib.run.worker import Job

data, reports, notebooks = sys.argv[1:]
start = time.perf_counter()
make_report(Job("large", data, reports, notebooks), lambda *_: None)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "peak": peak}))
"""


def rows(full):
    with tempfile.TemporaryDirectory() as folder:
        scan = make_client(Path(folder) / "large")
        found = measured(MEASURED, folder, scan, str(RUNS))
        what = f"ten million answers of 500,000 people, gap table with intervals ({found['rows']} rows)"
        times = found["table"] / found["scan"]
        said = f"{times:.1f} times a bare scan of the file ({found['table']:.2f} s, {found['scan']:.2f} s)"
        yield Row(what, said, "3 times", times <= 3)
        said = f"{found['read']:.1f} s"
        yield Row("before it, once: every answer read and checked", said, "none", True)
        all_ = (
            "thirteen million answers with outcomes, Kano pairs, waves and roles: the whole report"
        )
        make_client(Path(folder) / "large", *OUTCOMES, *KANO)
        found = measured(REPORTED, folder, str(Path(folder) / "reports"), str(ROOT / "notebooks"))
        yield Row(all_, f"{found['seconds']:.0f} s", "under a minute", found["seconds"] < 60)
        peak = found["peak"]
        yield Row("its peak memory", f"{peak:.0f} MB", "under 1 GB", peak < 1000)


def measured(script: str, *given: str) -> dict:
    command = [sys.executable, "-W", "ignore", "-c", script, *given]
    environment = {**os.environ, **ENVIRONMENT}  # of every client's process
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def make_client(folder: Path, *others: str) -> str:
    """A client with that survey, and these columns more; the bare scan of the same, in SQL."""
    folder.mkdir(exist_ok=True)
    names = [
        (measure, f"{measure}_{dimension}_{item}", dimension, f"{dimension}_{item}")
        for dimension in DIMENSIONS
        for measure, items in ITEMS.items()
        for item in range(items)
    ]
    book = [f"{column},{measure},{item},{of}" for measure, column, of, item in names]
    book += [f"{name},{OUTCOMES.get(name, name[:-1])},{'' if name in OUTCOMES else name[-1]},"
             for name in others]  # fmt: skip
    (folder / "codebook.csv").write_text("\n".join(["column,measure,item,dimension", *book]))
    labels = ", ".join(f"{each}: {each}" for each in DIMENSIONS)
    told = "segment: kind, wave: wave, role: role" if others else "segment: kind"
    (folder / "client.yml").write_text(
        "name: Large\nlanguage: en\ncurrency: EUR\nrevenue: 1_000_000\nscale: [0, 10]\n"
        f"importance_scale: [0, 10]\ndimensions: {{{labels}}}\n"
        f"survey: {{file: answers.parquet, weight: w, {told}}}\n"
    )
    answer = "case when random() > 0.05 then greatest(0, floor(mood + random() * 5))::tinyint end"
    columns = [f"{answer} as {column}" for _, column, *_ in names]
    columns += [f"{'1 + floor(random() * 5)::tinyint' if name in KANO else answer} as {name}"
                for name in others]  # fmt: skip
    words = {"kind": ("new", "old"), "wave": ("2024", "2025"), "role": ("buyer", "user")}
    columns += [f"{list(two)}[1 + (random() > 0.5)::int] as {name}" for name, two in words.items()]
    path = folder / "answers.parquet"
    people = f"(select random() * 6 as mood from range({PEOPLE}))"
    with duckdb.connect(config={"threads": 2, "memory_limit": "512MB"}) as duck:
        duck.sql(
            f"copy (select {', '.join(columns)}, 0.5 + random() as w from {people}) to '{path}'"
        )
    means = ", ".join(f"avg({column})" for _, column, *_ in names)
    return f"select kind, sum(w), {means} from '{path}' group by kind"
