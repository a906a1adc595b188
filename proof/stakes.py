"""What goes with a gap, by simulation: intervals, the largest of several, parts of one whole.

Worlds of 4 and 8 dimensions whose links with the outcome are alike, differ, or are one alone, asked of
100 and 400 people. The truth is a population's, summed in small steps along the way to the ideal.
"""

from itertools import product

import numpy as np
import pandas as pd
from scipy.special import expit

from cxlib.sums.estimate import estimate_means
from cxlib.sums.interval import mean_interval
from cxlib.sums.stakes import (
    STAKES,
    along_the_way,
    logistic_regression,
    revenue_at_stake,
    shares_closed,
)
from proof.coverage_links import ordered, summary

DIMENSIONS, PEOPLE = (4, 8), (100, 400)
LINKS = {"alike": (0.15, 0.03), "apart": (0.15, 0.2), "one alone": (0.0, 0.0)}  # mean and spread
ALONE = 0.5  # log-odds a point less, of the one
HALO, MIDDLE, SPREAD, IDEAL = 0.4, 6.5, 1.8, 8.5
POPULATION, STEPS = 10_000, 20
DRAWS = 400
PARTS, WHOLE = "share at stake", "share at stake, all gaps"


def stakes_coverage(
    replications: int = 60, seed: int = 20_100, dimensions=DIMENSIONS, people=PEOPLE
) -> pd.DataFrame:
    """Coverage of each gap's share at stake and of all gaps', per kind of world: see
    `proof.simulations`.

    >>> set(stakes_coverage(2, dimensions=(4,), people=(100,))["n"])
    {100}
    """
    rows = []
    for number, (kind, size, n) in enumerate(product(LINKS, dimensions, people)):
        rng = np.random.default_rng([seed, 6, number])
        found = [one_survey(rng, kind, size, n) for _ in range(replications)]
        named = {"skew": f"{kind}, {size} dimensions", "n": n, "weighted": False}
        rows.append(summary([misses(each) for each in found], 0.95).assign(**named))
    return ordered(rows)


def misses(found: pd.DataFrame) -> pd.DataFrame:
    """too_high and too_low of the parts and of the whole, as `coverage_links.missed`."""
    parts, whole = found.drop("all"), found.loc[["all"]]
    rows = {
        name: [(t["at_stake_low"] > t["truth"]).mean(), (t["at_stake_high"] < t["truth"]).mean()]
        for name, t in ((PARTS, parts), (WHOLE, whole))
    }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["too_high", "too_low"])


def one_survey(rng, kind: str, size: int, n: int) -> pd.DataFrame:
    """at_stake with its interval, truth, gap, and alone (not drawn to the others), of each dimension and
    of all."""
    mean, spread = LINKS[kind]
    links = -rng.normal(mean, spread, size)
    if kind == "one alone":
        links[0] = -ALONE
    middles = MIDDLE + rng.normal(0, 0.7, size)
    everyone = scores_of(rng, middles, POPULATION)
    constant = np.log(0.3 / 0.7) - links @ middles
    people = scores_of(rng, middles, n)
    bad = pd.Series((rng.random(n) < expit(constant + people @ links)).astype(float), name="bad")
    scores = pd.DataFrame(people, columns=[f"d{each}" for each in range(size)])
    known = mean_interval(estimate_means(scores), 0.95)
    gaps = {f"gap{end}": known[f"mean{end}"] - IDEAL for end in ("", "_low", "_high")}
    gaps = pd.DataFrame(gaps).rename_axis("dimension").reset_index().assign(ideal=IDEAL)
    table = revenue_at_stake(bad, scores, gaps, draws=DRAWS).set_index("dimension")
    found = table[STAKES].copy()
    if found.isna().all(axis=None):  # too few with or without the outcome: asked again
        return one_survey(rng, kind, size, n)
    found["truth"], found["gap"] = true_parts(everyone, constant, links), table["gap"]
    found["alone"] = by_themselves(people, bad.to_numpy(), gaps.set_index("dimension"))
    found.loc["all"] = found.sum()
    ends = ["together", "together_low", "together_high"]
    found.loc["all", STAKES] = table[ends].iloc[0].to_numpy()
    return found.astype(float)


def scores_of(rng, middles, n: int) -> np.ndarray:
    """(people, dimensions) whole points from 0 to 10, alike within a person."""
    common, own = rng.standard_normal((n, 1)), rng.standard_normal((n, len(middles)))
    made = middles + SPREAD * (np.sqrt(HALO) * common + np.sqrt(1 - HALO) * own)
    return made.round().clip(0, 10)


def true_parts(people, constant: float, links) -> np.ndarray:
    """What each dimension adds to the fall of the share, in small steps to the ideal."""
    lacks = np.maximum(IDEAL - people, 0)
    far = lacks * ((IDEAL - people.mean(axis=0)).clip(min=0) / lacks.mean(axis=0))
    parts = np.zeros(len(links))
    for step in (np.arange(STEPS) + 0.5) / STEPS:
        p = expit(constant + (people + step * far) @ links)
        parts -= (p * (1 - p)) @ far / len(people) * links / STEPS
    return parts


def by_themselves(people, bad, gaps) -> np.ndarray:
    """The shares at stake by the survey's own links, not drawn to each other."""
    one = np.full(len(people), 1 / len(people))
    x, lacks = people - people.mean(axis=0), np.maximum(IDEAL - people, 0)
    found, _ = logistic_regression(x, bad, one)
    closed = shares_closed(gaps["gap"], one @ lacks, np.zeros((1, len(gaps))))
    return along_the_way(found[None], closed, x, lacks, one)[2][0]
