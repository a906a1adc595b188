"""Resamples of people, or of the clusters they were asked in, as sums of what each brings."""

import numpy as np

from cxlib.sums.weights import Sampling, Weight

BLOCK = 50  # resamples at once
LOTS = 20_000  # of more people than this, lots of them put together by chance are resampled
TOGETHER = 500  # lots worked out at once


def bootstrap_sums(
    products, values: np.ndarray, weights: np.ndarray, draws: int, seed: int, drawn: Weight = None
) -> np.ndarray:
    """Sums over people: as surveyed, then over `draws` resamples of them with replacement.

    products : what each person brings, of rows of values; times the person's weight

    A resample is how often each person is drawn, so that all resamples of a block are one matrix
    product. Where people were asked in clusters (`drawn`), whole clusters are resampled; of more
    than LOTS people, lots of them, which vary as the people do.

    >>> values, once = np.array([[1.0], [2.0]]), np.ones(2)
    >>> bootstrap_sums(complete_products, values, once, draws=1, seed=1)[0].tolist()
    [2.0, 3.0, 5.0]
    """
    if isinstance(drawn, Sampling) and drawn.clustered:
        return resampled_clusters(products(values) * weights[:, None], draws, seed, drawn)
    rows = in_lots(products, values, weights, seed)
    people = len(rows)
    rng = np.random.default_rng(seed)
    sums = [rows.sum(axis=0, keepdims=True)]
    for start in range(0, draws, BLOCK):
        drawn = rng.integers(0, people, (min(BLOCK, draws - start), people), dtype=np.int32)
        counts = np.array([np.bincount(one, minlength=people) for one in drawn], dtype=float)
        sums.append(counts @ rows)
    return np.concatenate(sums)


def in_lots(products, values: np.ndarray, weights: np.ndarray, seed: int) -> np.ndarray:
    """What each person brings, or of more than LOTS people what each lot of them does.

    Source: random groups, Wolter 2007, Introduction to Variance Estimation, ch. 2.

    >>> many = np.ones((2 * LOTS, 1))
    >>> in_lots(complete_products, many, many[:, 0], seed=1).sum(axis=0).tolist()
    [40000.0, 40000.0, 40000.0]
    """
    if len(values) <= LOTS:
        return products(values) * weights[:, None]
    order = np.random.default_rng(seed).permutation(len(values))
    edges = np.linspace(0, len(values), LOTS + 1).astype(int)
    found = []
    for first in range(0, LOTS, TOGETHER):
        starts = edges[:-1][first : first + TOGETHER]
        some = order[starts[0] : edges[min(first + TOGETHER, LOTS)]]
        rows = products(values[some]) * weights[some, None]
        found.append(np.add.reduceat(rows, starts - starts[0]))
    return np.concatenate(found)


def resampled_clusters(rows: np.ndarray, draws: int, seed: int, drawn: Sampling) -> np.ndarray:
    """`bootstrap_sums` of whole clusters: m − 1 of the m of each stratum, each counting m/(m − 1).

    Source: Rao & Wu 1988, JASA 83; with m draws few clusters would seem too much alike.
    """
    codes, place = np.unique(drawn.cluster.to_numpy(), return_inverse=True)
    stratum = np.empty(len(codes), dtype=int)
    stratum[place] = drawn.stratum.to_numpy()
    totals = np.zeros((len(codes), rows.shape[1]))
    np.add.at(totals, place, rows)
    rng = np.random.default_rng(seed)
    sums = np.zeros((draws + 1, rows.shape[1]))
    sums[0] = totals.sum(axis=0)
    for layer in np.unique(stratum):
        mine = totals[stratum == layer]
        m = len(mine)
        often = rng.multinomial(m - 1, np.full(m, 1 / m), draws) * m / (m - 1) if m > 1 else [[1.0]]
        sums[1:] += often @ mine
    return sums


def complete_products(values: np.ndarray) -> np.ndarray:
    """Per person: 1 and the answers, each times each (upper triangle).

    >>> complete_products(np.array([[2.0]])).tolist()
    [[1.0, 2.0, 4.0]]
    """
    ones = np.column_stack([np.ones(len(values)), values])
    first, second = np.triu_indices(ones.shape[1])
    return ones[:, first] * ones[:, second]


def complete_moments(sums: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """(means, covariances) from the sums of `complete_products`.

    >>> means, covariances = complete_moments(
    ...     complete_products(np.array([[1.0], [3.0]])).sum(0)[None], 1
    ... )
    >>> float(means[0, 0]), float(covariances[0, 0, 0])
    (2.0, 1.0)
    """
    first, second = np.triu_indices(size + 1)
    moments = np.empty((len(sums), size + 1, size + 1))
    moments[:, first, second] = moments[:, second, first] = sums / sums[:, :1]
    means = moments[:, 0, 1:]
    return means, moments[:, 1:, 1:] - means[:, :, None] * means[:, None, :]
