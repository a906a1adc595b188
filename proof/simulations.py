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

import numpy as np
import pandas as pd

from cxlib.sums.interval import SHORT_OF_PROMISE
from proof.before_after import CASES, before_after_coverage
from proof.churn_weights import TILTS, churn_weights_coverage
from proof.coverage import coverage_table
from proof.coverage_clusters import clusters_coverage
from proof.coverage_links import links_coverage, money_coverage
from proof.coverage_money import (
    free_coverage,
    level_coverage,
    plans_coverage,
    purchases_coverage,
    silent_coverage,
)
from proof.coverage_rest import concentration_coverage, rest_coverage
from proof.key import key_calibration, ranks_coverage
from proof.page import PROMISE, SURE
from proof.plan import plan_rate
from proof.renewals import renewals_coverage
from proof.stakes import stakes_coverage
from proof.stated import stated_coverage
from proof.stays import stays_coverage

PROMISED = 0.95
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
# The longest first, so that two cores end together; so many of each that all take some 1,100 seconds
# of one core (each timed on a 25th), less than ten minutes on two. Their error is on the page.
SIMULATIONS = (
    Simulation(
        "losses by revenue",
        churn_weights_coverage,
        90,
        partial(churn_weights_coverage, 2, sizes=(300,), cases=[("moderate", 0.8)]),
    ),
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
    Simulation("what else is compared", rest_coverage, 200, partial(rest_coverage, 2, sizes=(30,))),
    Simulation(
        "what goes with gaps",
        stakes_coverage,
        80,
        partial(stakes_coverage, 2, dimensions=(4,), people=(100,)),
    ),
    Simulation("the key experience", key_calibration, 60, partial(key_calibration, 1)),
    Simulation("stated ranges", stated_coverage, 100, partial(stated_coverage, 2)),
    Simulation(
        "how long customers stay", stays_coverage, 120, partial(stays_coverage, 3, sizes=(30,))
    ),
    Simulation(
        "how concentrated, of other shapes",
        concentration_coverage,
        200,
        partial(concentration_coverage, 2, sizes=(100,)),
    ),
    Simulation("money", money_coverage, REPLICATIONS, partial(money_coverage, 2)),
    Simulation("renewals", renewals_coverage, REPLICATIONS, partial(renewals_coverage, 3)),
    Simulation(
        "before and after",
        before_after_coverage,
        1_000,
        partial(before_after_coverage, 3, cases=CASES[:1]),
    ),
    Simulation("the plan", plan_rate, 200, partial(plan_rate, 5)),
    Simulation("what plans bring", plans_coverage, 60, partial(plans_coverage, 2, people=(100,))),
    Simulation(
        "models of purchases", purchases_coverage, 100, partial(purchases_coverage, 2, sizes=(500,))
    ),
    Simulation("ranks", ranks_coverage, 20, partial(ranks_coverage, 2, people=(40,))),
    Simulation(
        "who suffers in silence",
        silent_coverage,
        300,
        partial(silent_coverage, 3, sizes=((1000, 100),)),
    ),
    Simulation(
        "if leaving cost nothing", free_coverage, 300, partial(free_coverage, 3, sizes=(100,))
    ),
    Simulation("service levels", level_coverage, 300, partial(level_coverage, 3, levels=(5,))),
)

UNTRIED = ()  # intervals printed that no simulation has

SAID = {  # method: under which exception the reports tell of it
    "LMG share": "drivers", "Johnson weight": "drivers", "mean": "mean", "gap": "mean",
    "share of what forms expectations": "drivers", "coefficient": "drivers",
    "promise, delivery": "drivers", "delivery less promise": "drivers",
    "what forms expectations": "mean", "rank": "ranks",
    "share of the top fifth": "concentration", "Gini": "concentration",
    **{f"loss by revenue, tilt {tilt:+g}": "loss" for tilt in TILTS},
}  # fmt: skip


def unsaid(found: pd.DataFrame) -> list[str]:
    """Methods whose intervals are surely too narrow and of which the reports do not tell, or tell a
    better coverage than was found (beyond the simulation's own error).

    found : as `simulated`
    """
    short = PROMISED - PROMISE - found["coverage"] > SURE * found["coverage_error"]
    short &= found.get("promised", pd.Series(np.nan, found.index)).isna()
    told = (
        found["method"]
        .map(SAID)
        .map({name: holds for name, (_, holds) in SHORT_OF_PROMISE.items()})
    )
    told_well = found["coverage"] + SURE * found["coverage_error"] >= told
    return sorted(set(found.loc[short & ~told_well, "method"]))


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
