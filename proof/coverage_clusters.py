"""How often intervals of people who were asked in clusters hold the truth: see coverage.py.

Everybody of a cluster shares a level (a flight, a store): scores are normal variables cut into
0–10, the level a part of each.
"""

from itertools import product

import numpy as np
import pandas as pd

from cxlib.sums.compare import compare_groups
from cxlib.sums.estimate import estimate_means
from cxlib.sums.interval import mean_interval, nps_from, nps_kinds, share_interval
from cxlib.sums.weights import sampling
from proof.coverage import SKEWS, cut_points, summary_of_lots
from proof.coverage_links import missed, ordered

CLUSTERS = (8, 15, 50)
EACH = 12  # people of a cluster, on average; from 4 to 20
SHARED = 0.15  # of the variance behind a score lies between clusters
AT_ONCE = 20  # replications as columns of one survey


def clusters_coverage(
    replications: int = 400, seed: int = 20_100, skews=("moderate", "strong"), sizes=CLUSTERS
) -> pd.DataFrame:
    """Share of simulated surveys whose interval holds the true value, as `coverage_table`; n is the
    number of clusters.

    Methods: mean, share (of scores 0–6), NPS, difference of two groups that share clusters.

    >>> set(clusters_coverage(20, skews=("moderate",), sizes=(8,))["n"])
    {8}
    """
    rows = []
    for number, (skew, m) in enumerate(product(skews, sizes)):
        rng = np.random.default_rng([seed, 8, number])
        truth = truths(skew)
        times = max(2, -(-replications // AT_ONCE))
        misses = [missed(intervals(rng, skew, m), truth) for _ in range(times)]
        rows.append(
            summary_of_lots(misses, 0.95).assign(skew=f"{skew}, clusters", n=m, weighted=False)
        )
    return ordered(rows).assign(method=lambda table: table["method"] + " (clusters)")


def intervals(rng, skew: str, m: int) -> dict:
    """method → (low, high) of each of AT_ONCE surveys of m clusters."""
    cluster = np.repeat(np.arange(m), rng.integers(4, 2 * EACH - 3, m))
    shape = len(cluster), AT_ONCE
    level = rng.standard_normal((m, AT_ONCE))[cluster]
    own = rng.standard_normal(shape)
    normals = np.sqrt(SHARED) * level + np.sqrt(1 - SHARED) * own
    scores = pd.DataFrame(np.searchsorted(cut_points(SKEWS[skew]), normals).astype(float))
    one = pd.Series(1.0, scores.index)
    drawn = sampling(one, pd.Series(cluster, scores.index))
    group = pd.Series(np.where(rng.random(len(cluster)) < 0.5, "a", "b"), name="group")
    means = mean_interval(estimate_means(scores, drawn), scale=(0, 10))
    shares = share_interval(estimate_means((scores <= 6).astype(float), drawn))
    nps = nps_from(estimate_means(nps_kinds(scores), drawn))
    apart = compare_groups(scores, group, drawn).query("group == 'a'")
    tables = {
        "mean": (means, "mean"), "share": (shares, "share"), "NPS": (nps, "nps"),
        "difference": (apart, "difference"),
    }  # fmt: skip
    return {
        method: (table[f"{name}_low"].to_numpy(), table[f"{name}_high"].to_numpy())
        for method, (table, name) in tables.items()
    }


def truths(skew: str) -> dict:
    """method → true value; the groups are alike."""
    shares = np.array(SKEWS[skew])
    return {
        "mean": np.array([shares @ np.arange(11)]),
        "share": np.array([shares[:7].sum()]),
        "NPS": np.array([100 * (shares[9:].sum() - shares[:7].sum())]),
        "difference": np.zeros(1),
    }
