"""The simulations: how often each interval holds the truth, and each stated rate comes true.

A simulation is a function of one number (how many replications) that returns a table of one row
per method and case, as `proof.coverage.summary` makes it:

    method, skew, n, weighted   what was simulated; skew names the case, blank where there is one
    coverage, coverage_error    the rate found and one standard error of the simulation, 0–1
    too_high, too_low           shares of intervals that miss the truth on either side; may be blank
    as_promised                 whether the rate is near enough to what is promised
    promised, allowed           only where it is no interval at the confidence (PROMISE points of
                                it): the rate that the product states, and how far off it may be
"""

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context

import pandas as pd

from proof.coverage import coverage_table
from proof.coverage_clusters import clusters_coverage
from proof.coverage_links import links_coverage, money_coverage
from proof.key import key_calibration

REPLICATIONS = 600  # of a survey's means, shares and differences: a simulation error of one point


@dataclass(frozen=True)
class Simulation:
    """run : function of how many replications, of which `cx validate` takes `whole`; small : the
    same for the tests, of few replications and cases."""

    name: str
    run: Callable[[int], pd.DataFrame]
    whole: int
    small: Callable[[], pd.DataFrame]

    def often(self, replications: int) -> int:
        """How many of its own, when `replications` of REPLICATIONS are asked for."""
        return max(2, round(self.whole * replications / REPLICATIONS))


ONE_CASE = {"skews": ("moderate",), "sizes": (100,)}
SIMULATIONS = (  # the longest first, so that two cores end together
    Simulation(
        "links of 30 and 100 answers",
        partial(links_coverage, sizes=(30, 100)),
        100,
        partial(links_coverage, 2, **ONE_CASE),
    ),
    Simulation(
        "links of 1,000 answers",
        partial(links_coverage, sizes=(1000,)),
        40,
        partial(links_coverage, 2, **ONE_CASE),
    ),
    Simulation(
        "means, shares and differences",
        coverage_table,
        REPLICATIONS,
        partial(coverage_table, 100, **ONE_CASE),
    ),
    Simulation(
        "people asked in clusters",
        clusters_coverage,
        400,
        partial(clusters_coverage, 20, skews=("moderate",), sizes=(8,)),
    ),
    Simulation("the key experience", key_calibration, 60, partial(key_calibration, 1)),
    Simulation("money", money_coverage, REPLICATIONS, partial(money_coverage, 2)),
)


def simulated(replications: int = REPLICATIONS, said=None, pool=None) -> pd.DataFrame:
    """The tables of all simulations, one below the other.

    said : told a line as each ends; standard error if None
    pool : where they run; a process on every core if None
    """
    said = said or partial(print, file=sys.stderr, flush=True)
    pool = pool or ProcessPoolExecutor(os.cpu_count() or 1, get_context("spawn"))
    started, found = time.monotonic(), {}
    said(f"Simulations: {len(SIMULATIONS)}. The whole takes some minutes.")
    with pool:
        waiting = {pool.submit(each.run, each.often(replications)): each for each in SIMULATIONS}
        for done in as_completed(waiting):
            each = waiting[done]
            found[each.name] = done.result()
            seconds = time.monotonic() - started
            said(f"{len(found)} of {len(SIMULATIONS)}: {each.name}, after {seconds:.0f} s")
    return pd.concat([found[each.name] for each in SIMULATIONS], ignore_index=True)
