"""How often the intervals of links, and of money, hold the truth, by simulation: see coverage.py.

Drivers rest on how answers go together, so their truth takes the joint
distribution of two answers: scores that are normal variables cut into 0–10, as there.
"""

from functools import lru_cache
from itertools import product
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy import stats

from cxlib.sums.churn import LOSS_INPUTS, lost_amount
from cxlib.sums.churn_inputs import stated_then_drawn
from cxlib.sums.drivers import (
    coefficients,
    driver_table,
    johnson_weights,
    lmg_shares,
)
from cxlib.sums.estimate import SEED, central
from cxlib.sums.expectations import expectation_drivers, promise_or_delivery
from proof.coverage import (
    SIZES,
    SKEWS,
    WEIGHT_CORRELATION,
    WEIGHT_SPREAD,
    cut_points,
)
from proof.page import PROMISE

DIMENSIONS = ["a", "b", "c", "d"]
EFFECTS = np.array([0.4, 0.25, 0.1, 0.0])  # of the normal behind each score on the outcome's
HALO = 0.4  # correlation between the normals behind the scores
DRAWS = 400  # bootstraps of each survey; a report takes more
REVENUE = 1_000_000.0
TREE = {
    "negative": 0.22,
    "complain": 0.10,
    "complained_retained": 0.38,
    "complained_at_risk": 0.34,
    "complained_lost": 0.28,
    "silent_at_risk": 0.55,
    "silent_lost": 0.45,
}


def links_coverage(
    replications: int = 200,
    seed: int = 20_100,
    sizes=SIZES,
    skews=("moderate", "strong"),
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Share of simulated surveys whose interval holds the true value, as `coverage_table`.

    Methods: R²; LMG and Johnson shares of four items, their coefficients;
    what forms expectations (how much each does, and its share); a point delivered beside a point
    promised. A method that shows nothing in most
    surveys of a size has no row: it says "too few" there.

    >>> links_coverage(2, sizes=(300,), skews=("moderate",))["n"].unique().tolist()
    [300]
    """
    rows = []
    for number, (skew, n, weighted) in enumerate(product(skews, sizes, [False, True])):
        rng = np.random.default_rng([seed, 1, number])
        truth = true_links(skew, weighted)
        found = [link_intervals(rng, skew, n, weighted, confidence) for _ in range(replications)]
        misses = [missed(each, truth) for each in found]
        rows.append(summary(misses, confidence).assign(skew=skew, n=n, weighted=weighted))
    return ordered(rows)


def money_coverage(
    replications: int = 1_000, seed: int = 20_100, sizes=SIZES, confidence: float = 0.95
) -> pd.DataFrame:
    """The same for the loss of the cost tree, each share of which was counted among n customers.

    >>> money_coverage(20, sizes=(100,))["coverage"].between(0.7, 1).all()
    True
    """
    lost = lost_amount(REVENUE, *(TREE[name] for name in LOSS_INPUTS))
    rows, truth = [], {"loss from counts": np.array([lost])}
    for number, n in enumerate(sizes):
        rng = np.random.default_rng([seed, 2, number])
        misses = [missed(loss_interval(rng, n, confidence), truth) for _ in range(replications)]
        rows.append(summary(misses, confidence).assign(skew="", n=n, weighted=False))
    return ordered(rows)


def ordered(rows) -> pd.DataFrame:
    """Rows of several simulations as one table, what names a row first."""
    first = ["method", "skew", "n", "weighted"]
    table = pd.concat(rows).rename_axis("method").reset_index()
    return table[[*first, *table.columns.difference(first, sort=False)]]


def missed(intervals: dict, truth: dict) -> pd.DataFrame:
    """too_high and too_low of each method's intervals, shares; blank where none is shown."""
    rows = {}
    for method, (low, high) in intervals.items():
        shown = ~np.isnan(low)
        off = [(low > truth[method])[shown], (high < truth[method])[shown]]
        rows[method] = [each.mean() if shown.any() else np.nan for each in off]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["too_high", "too_low"])


def summary(misses: list[pd.DataFrame], confidence: float) -> pd.DataFrame:
    """One row per method that most surveys show: coverage, its error, misses, as_promised."""
    together = pd.concat(misses)
    by_method = together.groupby(level=0, sort=False)
    off, often = by_method.mean(), by_method["too_high"].count() > len(misses) / 2
    held = together.sum(axis=1, min_count=2).groupby(level=0, sort=False)
    coverage = 1 - off.sum(axis=1)
    # A hundred surveys that all hold do not know that every one would: never below one in them.
    error = np.maximum(held.std() / np.sqrt(held.count()), 1 / held.count())
    found = {"coverage": coverage, "coverage_error": error}
    promised = (coverage - confidence).abs().round(12) <= PROMISE
    return pd.DataFrame(found).join(off).assign(as_promised=promised)[often]


def link_intervals(rng, skew, n, weighted, confidence) -> dict:
    """method → (low, high) of its four items, of one simulated survey."""
    scores, outcome, weight = survey_of(rng, skew, n, weighted)
    by = driver_table(outcome, scores, weight, confidence, DRAWS).set_index(["method", "item"])
    first = by.loc["lmg"].iloc[[0] * len(DIMENSIONS)].set_axis(DIMENSIONS)
    forms = expectation_drivers(scores, outcome, weight, confidence, DRAWS).set_index("driver")
    lived, hoped = (scores[name] for name in DIMENSIONS[:2])
    levers = promise_or_delivery(outcome, lived, hoped, weight, confidence)
    tables = {
        "coefficient": (by.loc["lmg"], "coefficient"),
        "what forms expectations": (forms, "mean"),
        "share of what forms expectations": (forms, "share"),
        "promise, delivery": (levers, "effect"),
        "delivery less promise": (levers.iloc[:1], "difference"),
        "R²": (first, "r2"),
        "LMG share": (by.loc["lmg"], "share"),
        "Johnson weight": (by.loc["johnson"], "share"),
    }
    by_item = {
        name for name, (table, _) in tables.items() if table.index.name in ("item", "driver")
    }
    return {
        method: tuple(
            (table.reindex(DIMENSIONS) if method in by_item else table)[f"{name}{end}"]
            .astype(float)
            .to_numpy()
            for end in ("_low", "_high")
        )
        for method, (table, name) in tables.items()
    }


def survey_of(rng, skew, n, weighted):
    """(scores by item, outcome, weight) of n people."""
    behind = latent_correlations()
    root = np.linalg.cholesky(behind - WEIGHT_CORRELATION**2)
    common = rng.standard_normal(n)
    normals = rng.standard_normal((n, len(behind))) @ root.T + WEIGHT_CORRELATION * common[:, None]
    answers = np.searchsorted(cut_points(SKEWS[skew]), normals).astype(float)
    scores = pd.DataFrame(answers[:, :-1], columns=DIMENSIONS)
    weight = pd.Series(np.exp(WEIGHT_SPREAD * common)) if weighted else None
    return scores, pd.Series(answers[:, -1], name="recommend"), weight


def latent_correlations() -> np.ndarray:
    """Of the normals behind the four scores, and last the outcome."""
    among = np.full((4, 4), HALO) + (1 - HALO) * np.eye(4)
    outcome = (among @ EFFECTS)[:, None]
    return np.block([[among, outcome], [outcome.T, np.ones((1, 1))]])


# The truth, exactly


class Tails(NamedTuple):
    """Chances that answers exceed 0, 1, … 9."""

    alone: np.ndarray  # one answer: (10,)
    together: np.ndarray  # two answers of one person: (5, 5, 10, 10), the outcome last


@lru_cache
def tails(skew, weighted) -> Tails:
    """Weights that go with the scores move the normals behind them, and nothing else."""
    moved = WEIGHT_CORRELATION * WEIGHT_SPREAD if weighted else 0.0
    cuts, behind = cut_points(SKEWS[skew]) - moved, latent_correlations()
    alone, grid = stats.norm.sf(cuts), np.array(list(product(-cuts, -cuts))).clip(-8, 8)
    together = np.empty((5, 5, 10, 10))
    for a, b in product(range(5), repeat=2):
        pair = [[1, behind[a, b]], [behind[a, b], 1]]
        together[a, b] = (
            np.minimum.outer(alone, alone)
            if a == b
            else stats.multivariate_normal(cov=pair).cdf(grid).reshape(10, 10)
        )
    return Tails(alone, together)


def covariances(chances: Tails, parts) -> np.ndarray:
    """Of columns made of steps: (whose answer, what exceeding 0, 1, … 9 adds to the column)."""
    apart = np.outer(chances.alone, chances.alone)
    return np.array(
        [[one @ (chances.together[a, b] - apart) @ two for b, two in parts] for a, one in parts]
    )


def regression(chances: Tails, columns, outcome) -> np.ndarray:
    """Coefficients of the outcome on the columns, all together."""
    matrix = covariances(chances, [*columns, outcome])
    return np.linalg.solve(matrix[:-1, :-1], matrix[:-1, -1])


def true_links(skew, weighted) -> dict[str, np.ndarray]:
    """method → true value of each item."""
    chances = tails(skew, weighted)
    score = np.ones(10)  # a point with each step
    matrix = covariances(chances, [(each, score) for each in range(5)])
    spread = np.sqrt(np.diag(matrix))
    correlations = matrix / np.outer(spread, spread)
    slopes = regression(chances, [(0, score), (1, score)], (4, score))
    means = chances.alone.sum() * np.ones(4)
    return {
        "coefficient": coefficients(correlations),
        "what forms expectations": means,
        "share of what forms expectations": lmg_shares(correlations),
        "promise, delivery": slopes * np.array([1, -1]),
        "delivery less promise": slopes.sum(keepdims=True),
        "R²": np.repeat(lmg_shares(correlations).sum(), 4),
        "LMG share": lmg_shares(correlations),
        "Johnson weight": johnson_weights(correlations),
    }


# The money


def loss_interval(rng, n, confidence) -> dict:
    """The interval of the loss of one set of counts."""
    counts = {name: rng.binomial(n, TREE[name]) for name in ("negative", "complain")}
    for group in ("complained_", "silent_"):
        leaves = [name for name in TREE if name.startswith(group)]
        shares = [TREE[name] for name in leaves]
        counts |= dict(zip(leaves, rng.multinomial(n, shares), strict=True))
    inputs = pd.DataFrame({"input": list(TREE), "count": [counts[name] for name in TREE]})
    inputs = inputs.assign(of=n, share=np.nan, low=np.nan, high=np.nan)
    drawn = stated_then_drawn(inputs, 2_000, SEED)
    lost = lost_amount(REVENUE, *(drawn[name] for name in LOSS_INPUTS))
    return {"loss from counts": tuple(np.array([end]) for end in central(lost[1:], confidence))}
