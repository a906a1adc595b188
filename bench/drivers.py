"""Derived importance with intervals: against the plain loop over regressions, and on a real survey."""

import os
import subprocess
import sys
import tempfile
import time
from itertools import combinations
from math import comb
from pathlib import Path

import numpy as np
import pandas as pd
import statsmodels.api as sm

from bench import Row
from cxlib.sums.drivers import driver_table, lmg_shares

ROOT = Path(__file__).parents[1]
PEOPLE, ITEMS, BOOTSTRAPS = 20_000, 10, 1_000
SECONDS = 10  # for the whole notebook, on two cores
SEED = 10


def rows(full):
    yield against_the_plain_loop(repeats=5 if full else 1)
    yield notebook_on_the_airport()


def made_up_survey(people: int = PEOPLE, items: int = ITEMS) -> tuple[pd.Series, pd.DataFrame]:
    """(outcome, items): scores 0–10 that go together."""
    rng = np.random.default_rng(SEED)
    halo = rng.normal(size=(people, 1))
    scores = np.clip(np.round(7 + halo + rng.normal(size=(people, items))), 0, 10)
    outcome = scores @ rng.uniform(0, 1, items) + 3 * rng.normal(size=people)
    return pd.Series(outcome, name="overall"), pd.DataFrame(scores).add_prefix("item_")


def against_the_plain_loop(repeats: int) -> Row:
    """Ours in full; of the plain loop's resamples only a few, since all would take more than an hour."""
    outcome, items = made_up_survey()
    start = time.perf_counter()
    driver_table(outcome, items, draws=BOOTSTRAPS)
    ours = time.perf_counter() - start
    rng = np.random.default_rng(SEED)
    start, same = time.perf_counter(), True
    for _ in range(repeats):
        drawn = rng.integers(0, PEOPLE, PEOPLE)
        one = outcome.iloc[drawn], items.iloc[drawn]
        same &= np.allclose(plain_shares(*one), lmg_of(*one))
    plain = (time.perf_counter() - start) / repeats * BOOTSTRAPS
    what = (
        f"{BOOTSTRAPS:,} bootstraps of LMG, {ITEMS} items, {PEOPLE:,} answers, against a loop over "
        f"statsmodels fits (extrapolated from {repeats} of its bootstraps)"
    )
    said = f"{plain / ours:,.0f} times faster ({ours:.1f} s), shares {'the same' if same else 'DIFFER'}"
    return Row(what, said, "100 times", plain / ours >= 100 and bool(same))


def plain_shares(outcome: pd.Series, items: pd.DataFrame) -> np.ndarray:
    """LMG as a text book has it: a regression for every subset of the items."""
    y, x, p = outcome.to_numpy(), items.to_numpy(), items.shape[1]
    subsets = [subset for size in range(1, p + 1) for subset in combinations(range(p), size)]
    r2 = {subset: sm.OLS(y, sm.add_constant(x[:, subset])).fit().rsquared for subset in subsets}
    r2[()], shares = 0.0, np.zeros(p)
    for subset, explained in r2.items():
        for item in subset:
            without = tuple(other for other in subset if other != item)
            shares[item] += (explained - r2[without]) / comb(p - 1, len(without)) / p
    return shares


def lmg_of(outcome: pd.Series, items: pd.DataFrame) -> np.ndarray:
    return lmg_shares(np.corrcoef(np.column_stack([items, outcome]), rowvar=False))


def notebook_on_the_airport() -> Row:
    """Notebook 03 on `sfo` as its own command: interpreter, kernel, reading and every cell."""
    with tempfile.TemporaryDirectory() as folder:
        given = {"client": "sfo", "data_dir": str(ROOT / "data"), "reports_dir": folder}
        words = [word for name, value in given.items() for word in ("-p", name, value)]
        notebook = ROOT / "notebooks" / "03_key_experience.ipynb"
        command = [
            sys.executable,
            "-m",
            "papermill",
            str(notebook),
            str(Path(folder, "out.ipynb")),
            *words,
        ]
        start = time.perf_counter()
        subprocess.run(
            [*command, "--kernel", "python3", "--no-progress-bar"],
            cwd=ROOT / "notebooks",
            env={**os.environ, "CX_BATCH": "1"},
            check=True,
            capture_output=True,
        )
        seconds = time.perf_counter() - start
    what = "the whole of notebook 03 on sfo, from nothing"
    return Row(what, f"{seconds:.1f} s", f"{SECONDS} s", seconds < SECONDS)
