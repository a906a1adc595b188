"""Variances of people who were not asked one by one: clusters, strata, and raked weights.

Source: ultimate clusters, Hansen, Hurwitz & Madow 1953; linearisation and raking, Deville & Särndal
1992, JASA 87; as R's package survey computes them (Lumley 2010), without a finite population.

Resamples of people, or of the clusters they were asked in, as sums of what each brings.
"""

import numpy as np
import pandas as pd

from cxlib.sums.weights import Sampling, Weight, checked_weight, effective_base


def clustered_moments(
    answers: pd.DataFrame, mean: pd.Series, kish: pd.Series, weight: Sampling
) -> dict:
    """covariance, skewness, n_eff and clusters_df of weighted means; see `estimate.Estimates`.

    answers : one row per respondent; mean, kish : of each column, its mean and Kish's base

    >>> from cxlib.sums.weights import sampling
    >>> answers = pd.DataFrame({"a": [1.0, 1, 3, 3]})  # two who say the same tell what one does
    >>> drawn = sampling(pd.Series(1.0, range(4)), pd.Series([*"xxyy"]))
    >>> found = clustered_moments(answers, answers.mean(), answers.count(), drawn)["covariance"]
    >>> round(found.loc["a", "a"], 9).item()
    1.0
    """
    if weight.whole is not None:  # a part: those outside it gave no answer that counts in it
        weight = weight.whole
        answers = answers.reindex(weight.weight.index)
    influence = influences(answers, mean, weight)
    totals, there, df = cluster_totals(influence, answers.notna().to_numpy(), weight, kish)
    covariance = totals.T @ totals
    covariance[df <= 0], covariance[:, df <= 0] = np.nan, np.nan
    variance, clusters = np.diag(covariance), there.sum(axis=0)
    with np.errstate(divide="ignore", invalid="ignore"):
        factor = np.sqrt(clusters * (clusters - 1)) / (clusters - 2)
        skewness = factor * (totals**3).sum(axis=0) / variance**1.5
    labels = answers.columns
    found = {
        "covariance": pd.DataFrame(covariance, labels, labels),
        "skewness": pd.Series(np.where(variance > 0, skewness, 0.0), labels),
    }
    if weight.clustered:
        found["clusters_df"] = pd.Series(df, labels)
        found["n_eff"] = independent_base(answers, mean, variance, kish, weight)
    return found


def influences(answers: pd.DataFrame, mean: pd.Series, weight: Sampling) -> np.ndarray:
    """How much each person (row) moves each mean (column); they add up to 0.

    Where weights were raked, what is left when the margins have explained what they can: of that
    part the population's total is known.

    >>> from cxlib.sums.weights import sampling
    >>> one = pd.DataFrame({"a": [1.0, 3.0]})
    >>> influences(one, one.mean(), sampling(pd.Series([1.0, 1.0]))).ravel().tolist()
    [-0.5, 0.5]
    """
    weights = checked_weight(weight, answers.index)[:, None]
    values = answers.to_numpy(dtype=float)
    answered = ~np.isnan(values) & (weights > 0)
    weighed = np.where(answered, weights, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.where(answered, values - mean.to_numpy(), 0.0) / weighed.sum(axis=0)
    if weight.raked is not None:
        margins = pd.get_dummies(weight.raked.astype(object), dummy_na=True).to_numpy(dtype=float)
        root = np.sqrt(checked_weight(weight.start, answers.index)[:, None])
        moved = moved - margins @ np.linalg.lstsq(margins * root, moved * root, rcond=None)[0]
    return weights * moved


def cluster_totals(influence: np.ndarray, answered: np.ndarray, weight: Sampling, kish=None):
    """(totals, there, df): what each cluster (row) moves each mean, so that the squares add up to
    the variance; whether anybody in it answered; clusters − strata.

    kish : effective base of each column; without clusters and strata, variances take its small-
        sample factor, as `estimate.estimates_from_moments` does

    >>> from cxlib.sums.weights import sampling
    >>> drawn = sampling(pd.Series(1.0, range(3)), pd.Series([*"xxy"]))
    >>> moved = np.array([[1.0], [-3.0], [2.0]])  # by cluster −2 and 2, times √(2 / 1)
    >>> totals, _, df = cluster_totals(moved, np.full((3, 1), True), drawn)
    >>> totals.ravel().round(2).tolist(), df.tolist()
    ([-2.83, 2.83], [1.0])
    """
    by = weight.cluster.to_numpy()
    stratum = weight.stratum.groupby(by).first().to_numpy()
    totals = pd.DataFrame(influence).groupby(by).sum().to_numpy(copy=True)
    there = pd.DataFrame(answered).groupby(by).any().to_numpy()
    df = there.sum(axis=0).astype(float)
    for layer in np.unique(stratum):
        mine = stratum == layer
        inside, count = there[mine], there[mine].sum(axis=0)
        df -= count > 0
        several = count > 1  # a cluster alone in its stratum is held against the whole
        middle = totals[mine].sum(axis=0) / np.maximum(count, 1) * several
        scale = np.sqrt(np.where(several, count / np.maximum(count - 1, 1), 1.0))
        totals[mine] = (totals[mine] - middle * inside) * scale
    if kish is not None and not weight.clustered:
        count, base = there.sum(axis=0), np.asarray(kish, dtype=float)
        with np.errstate(divide="ignore", invalid="ignore"):
            totals = totals * np.sqrt((count - 1) / count * base / (base - 1))
    return totals, there, df


def sandwich(bread: np.ndarray, design: np.ndarray, moved: np.ndarray, drawn: Weight) -> np.ndarray:
    """The covariance of a regression's coefficients that holds whatever the errors are like: summed
    over clusters, where people were asked in such.

    bread : inverse of the information; moved : what each person leaves unexplained, weighted

    >>> sandwich(np.array([[0.5]]), np.ones((2, 1)), np.array([1.0, -1.0]), None).tolist()
    [[0.5]]
    """
    scores = design * moved[:, None]
    if isinstance(drawn, Sampling) and drawn.clustered:
        scores, *_ = cluster_totals(scores, np.ones_like(scores, dtype=bool), drawn)
    return bread @ (scores.T @ scores) @ bread


def leverages(bread: np.ndarray, design: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """How much each person's answer pulls on its own fit, 0–1; bread as in `sandwich`.

    >>> leverages(np.array([[0.25]]), np.ones((4, 1)), np.ones(4)).tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    return weights * np.einsum("ij,jk,ik->i", design, bread, design)


def independent_base(answers, mean, variance, kish, weight: Sampling) -> pd.Series:
    """Answers of one by one that would know each mean as well, at most Kish's base; that where all
    answers are alike, or nothing can be told."""
    weights = checked_weight(weight, answers.index)[:, None] * answers.notna()
    squares = (weights * (answers - mean) ** 2).sum() / weights.sum()
    with np.errstate(divide="ignore", invalid="ignore"):
        base = squares / variance + 1
    return base.where(np.isfinite(base), kish).clip(upper=kish)


def base_of(values: pd.Series, weight: Weight) -> float:
    """The effective base of people's answers to one question: Kish's, or that of their clusters.

    >>> base_of(pd.Series([1.0, 0.0, 1.0]), None)
    3.0
    """
    weights = checked_weight(weight, values.index)
    kish = effective_base(weights[values.notna()])
    if not (isinstance(weight, Sampling) and weight.clustered):
        return kish
    table = values.to_frame("x").astype(float)
    held = table["x"].notna()
    mean = pd.Series({"x": np.average(table.loc[held, "x"], weights=weights[held])})
    return float(clustered_moments(table, mean, pd.Series({"x": kish}), weight)["n_eff"]["x"])


# Resamples of people, or of the clusters they were asked in, as sums of what each brings


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
    by = drawn.cluster.to_numpy()
    stratum = drawn.stratum.groupby(by).first().to_numpy()
    totals = pd.DataFrame(rows).groupby(by).sum().to_numpy()
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
