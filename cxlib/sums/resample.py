"""Resamples of people, or of the clusters they were asked in, as sums of what each brings."""

import numpy as np

from cxlib.sums.weights import Sampling, Weight

BLOCK = 50  # resamples at once


def bootstrap_sums(rows: np.ndarray, draws: int, seed: int, drawn: Weight = None) -> np.ndarray:
    """Sums over people: as surveyed, then over `draws` resamples of them with replacement.

    A resample is how often each person is drawn, so that all resamples of a block are one matrix
    product. Where people were asked in clusters (`drawn`), whole clusters are resampled.

    >>> bootstrap_sums(np.array([[1.0], [2.0]]), draws=1, seed=1)[0].tolist()
    [3.0]
    """
    if isinstance(drawn, Sampling) and drawn.clustered:
        return resampled_clusters(rows, draws, seed, drawn)
    people = len(rows)
    rng = np.random.default_rng(seed)
    sums = [rows.sum(axis=0, keepdims=True)]
    for start in range(0, draws, BLOCK):
        drawn = rng.integers(0, people, (min(BLOCK, draws - start), people), dtype=np.int32)
        counts = np.array([np.bincount(one, minlength=people) for one in drawn], dtype=float)
        sums.append(counts @ rows)
    return np.concatenate(sums)


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
