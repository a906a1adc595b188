"""Ten million answers in Parquet: the gap table with intervals against DuckDB's bare scan."""

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
MEASURES = {
    "experience": 3,
    "expectation": 1,
    "importance": 1,
}  # items of each dimension: 20 in all
RUNS = 9
ROOT = Path(__file__).parents[1]
# In a process of its own, so that its peak is that of the reading and of nothing else.
MEASURED = """
import json, resource, sys, time
import duckdb
from cxlib.analysis import experience_expectation
from cxlib.client.case import gathered
from cxlib.client.large import LIMITS
import cxlib.sums.gap

data, scan, runs = sys.argv[1], sys.argv[2], int(sys.argv[3])
times = {"checked": [], "table": [], "scan": []}
for _ in range(runs):
    start = time.perf_counter()
    case, problems = gathered("large", data)
    assert not problems and case.large is not None, problems
    read = time.perf_counter()
    rows = len(experience_expectation.gaps(case))
    times["checked"].append(time.perf_counter() - start)
    times["table"].append(time.perf_counter() - read)
    with duckdb.connect(config=LIMITS) as duck:
        start = time.perf_counter()
        duck.sql(scan).fetchall()
        times["scan"].append(time.perf_counter() - start)
seconds = {name: sorted(each)[len(each) // 2] for name, each in times.items()}
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({**seconds, "peak": peak, "rows": rows}))
"""


def rows(full):
    with tempfile.TemporaryDirectory() as folder:
        scan = make_client(Path(folder) / "large")
        command = [sys.executable, "-c", MEASURED, folder, scan, str(RUNS)]
        environment = {**os.environ, **ENVIRONMENT}  # of every client's process
        done = subprocess.run(
            command, cwd=ROOT, env=environment, check=True, capture_output=True, text=True
        )
    found = json.loads(done.stdout.splitlines()[-1])
    what = f"ten million answers, gap table with intervals ({found['rows']} rows)"
    times = found["table"] / found["scan"]
    said = f"{times:.1f} times a bare scan ({found['table']:.2f} s, {found['scan']:.2f} s)"
    yield Row(what, said, "3 times", times <= 3)
    checked = found["checked"] / found["scan"]
    said = f"{checked:.1f} times ({found['checked']:.2f} s)"
    yield Row("the same with every answer checked and the file hashed", said, "none", True)
    peak = found["peak"]
    yield Row("its peak memory", f"{peak:.0f} MB", "under 1 GB", peak < 1000)


def make_client(folder: Path) -> str:
    """A client with that survey; returns the bare scan of the same columns, in SQL."""
    folder.mkdir()
    names = [
        (measure, f"{measure}_{dimension}_{item}", dimension, f"{dimension}_{item}")
        for dimension in DIMENSIONS
        for measure, items in MEASURES.items()
        for item in range(items)
    ]
    book = [f"{column},{measure},{item},{of}" for measure, column, of, item in names]
    (folder / "codebook.csv").write_text("\n".join(["column,measure,item,dimension", *book]))
    labels = ", ".join(f"{each}: {each}" for each in DIMENSIONS)
    (folder / "client.yml").write_text(
        "name: Large\nlanguage: en\ncurrency: EUR\nrevenue: 1_000_000\nscale: [0, 10]\n"
        f"importance_scale: [0, 10]\ndimensions: {{{labels}}}\n"
        "survey: {file: answers.parquet, weight: w, segment: kind}\n"
    )
    answer = "case when random() > 0.05 then floor(random() * 11)::tinyint end"
    columns = ", ".join(f"{answer} as {column}" for _, column, *_ in names)
    path = folder / "answers.parquet"
    with duckdb.connect(config={"threads": 2, "memory_limit": "512MB"}) as duck:
        duck.sql(
            f"copy (select {columns}, 0.5 + random() as w, ['new', 'old'][1 + (random() > 0.5)::int] "
            f"as kind from range({PEOPLE})) to '{path}'"
        )
    means = ", ".join(f"avg({column})" for _, column, *_ in names)
    return f"select kind, sum(w), {means} from '{path}' group by kind"
