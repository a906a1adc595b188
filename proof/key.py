"""How often the experience that is called key is so, when its probability says so: p_key.

Worlds of 4, 8 and 12 dimensions, close together and far apart, asked of 40, 150 and 600 people who
answer in whole points; the probability is that of the table `gap`.
"""

from itertools import product

import numpy as np
import pandas as pd
from scipy import stats

from cxlib.sums.estimate import estimate_means
from cxlib.sums.gap import gap_intervals, gap_table, mark_key_experience
from proof.coverage_links import missed, ordered, summary

DIMENSIONS, PEOPLE = (4, 8, 12), (40, 150, 600)
APART = (0.15, 0.4, 1.0)  # spread of the true satisfactions, points: close together to far apart
MEANS = {"experience": 6.5, "expectation": 7.2, "importance": 7.5}
SPREAD = 2.0  # of people, before they round
HALO = 0.4  # correlation of one person's answers
BINS = ((0.5, 0.65), (0.65, 0.8), (0.8, 0.9), (0.9, 0.98))
ALLOWED = 0.05
DRAWS = 1_000


def key_calibration(replications: int = 60, seed: int = 20_100) -> pd.DataFrame:
    """One row per range of the stated probability, over all worlds, and for .80 to .90 per number of
    dimensions: see `proof.simulations`. `replications` of each kind of world.

    >>> set(key_calibration(1)["method"])
    {'p_key'}
    """
    rng = np.random.default_rng([seed, 7])
    said = pd.concat(
        [
            one_world(rng, *kind)
            for kind in product(DIMENSIONS, APART, PEOPLE)
            for _ in range(replications)
        ]
    )
    rows = [row_of(said, low, high, "") for low, high in BINS]
    rows += [row_of(part, 0.8, 0.9, f", {size} dimensions") for size, part in said.groupby("size")]
    return pd.DataFrame([row for row in rows if row])


def ranks_coverage(replications: int = 20, seed: int = 20_100, people=PEOPLE) -> pd.DataFrame:
    """How often the interval of a dimension's rank holds its true rank, by how far apart they are and how
    many people were asked; `replications` of each number of dimensions.

    >>> len(ranks_coverage(2, people=(40,)))
    3
    """
    rows = []
    for number, (apart, n) in enumerate(product(APART, people)):
        rng = np.random.default_rng([seed, 20, number])
        found = []
        for size in [each for each in DIMENSIONS for _ in range(replications)]:
            table, weighted = asked_world(rng, size, apart, n)
            ranks = {"rank": stats.rankdata(weighted)[table["dimension"].astype(int)]}
            ends = tuple(table[f"rank_{end}"].to_numpy(float) for end in ("low", "high"))
            found.append(missed({"rank": ends}, ranks))
        case = {"skew": f"{apart:g} points apart", "n": n, "weighted": False}
        rows.append(summary(found, 0.95).assign(**case))
    return ordered(rows)


def one_world(rng, size: int, apart: float, people: int) -> pd.DataFrame:
    """size, n, stated (p_key of the experience called key), right; no row where none is below 0."""
    table, weighted = asked_world(rng, size, apart, people)
    key = table[table["key_experience"]]
    right = (key["dimension"] == weighted.argmin()) & (weighted.min() < 0)
    return pd.DataFrame({"size": size, "n": people, "stated": key["p_key"], "right": right})


def asked_world(rng, size: int, apart: float, people: int) -> tuple[pd.DataFrame, np.ndarray]:
    """(the gap table of one survey, the true weighted satisfaction of each dimension)."""
    middles = {name: np.full(size, mean) for name, mean in MEANS.items()}
    middles["experience"] = middles["experience"] + rng.normal(0, apart, size)
    middles["importance"] = middles["importance"] + rng.normal(0, 0.4, size)
    common = rng.standard_normal((people, 1))
    answers, truth = {}, {}
    for name, middle in middles.items():
        own = rng.standard_normal((people, size))
        score = middle + SPREAD * (np.sqrt(HALO) * common + np.sqrt(1 - HALO) * own)
        answers[name] = pd.DataFrame(score.round().clip(0, 10))
        truth[name] = stats.norm.sf((np.arange(10)[:, None] + 0.5 - middle) / SPREAD).sum(axis=0)
    found = estimate_means(pd.concat(answers, axis=1))
    scores = found.mean.unstack(level=0).rename_axis("dimension").reset_index()
    table = mark_key_experience(gap_table(scores.assign(segment="all", ideal=9.0)))
    table = gap_intervals(table, {"all": found}, draws=DRAWS, seed=int(rng.integers(1e9)))
    return table, truth["importance"] * (truth["experience"] - truth["expectation"])


def row_of(said: pd.DataFrame, low: float, high: float, which: str) -> dict:
    """What was stated between these ends, and how often it was so; {} where it never was."""
    part = said[said["stated"].between(low, high, inclusive="left")]
    if len(part) < 2:
        return {}
    stated, right = part["stated"].mean(), part["right"].mean()
    return {
        "method": "p_key", "skew": f"{low:.2f}–{high:.2f}{which}", "n": len(part), "weighted": False,
        "coverage": right, "coverage_error": max(part["right"].std() / np.sqrt(len(part)), 1 / len(part)),
        "too_high": np.nan, "too_low": np.nan, "as_promised": abs(right - stated) <= ALLOWED,
        "promised": stated, "allowed": ALLOWED,
    }  # fmt: skip
