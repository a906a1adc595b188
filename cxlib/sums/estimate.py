"""Means of answers, with the covariance between them: all that intervals and draws are made of.

Quantiles and tails of the normal and of Student's t: what loading scipy.stats would take as long as
all else that `cx check` does.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtr, stdtrit

from cxlib.sums.clusters import clustered_moments
from cxlib.sums.weights import Sampling, Weight, checked_weight

DRAWS = 10_000
CHUNK = 8_192  # people summed at a time
MANY = 8  # lots of them from which two are worked out side by side
SEED = 20_100


@dataclass(frozen=True)
class Estimates:
    """Means of several columns of answers from the same people, indexed by the column labels.

    mean         in the unit of the answers; blank where nobody answered
    covariance   of the means (their squared standard errors on the diagonal); blank below two
                 answers
    n            people who answered, weight above zero
    n_eff        Kish's effective base of those people; where they were asked in clusters, as many
                 independent answers as would know the mean as well, at most that
    skewness     of the mean's sampling distribution: its third moment over its variance to the
                 power 3/2 (no unit; a single answer's over √n when weights are equal); 0 for a
                 constant; blank below three answers
    clusters_df  clusters − strata, where people were asked in clusters; else None
    """

    mean: pd.Series
    covariance: pd.DataFrame
    n: pd.Series
    n_eff: pd.Series
    skewness: pd.Series
    clusters_df: pd.Series | None = None

    @property
    def df(self) -> pd.Series:
        """Degrees of freedom of each variance: effective base − 1, or clusters − strata."""
        return self.n_eff - 1 if self.clusters_df is None else self.clusters_df

    def pick(self, labels) -> "Estimates":
        """The estimates of some labels only (a list of labels, or one Boolean per label)."""
        return self.each(lambda known: known.loc[labels])

    def each(self, by_label) -> "Estimates":
        """The same with a function of labelled rows applied to all of it: its rows, and columns."""
        known = {part.name: getattr(self, part.name) for part in fields(self)}
        found = {name: by_label(part) for name, part in known.items() if part is not None}
        return Estimates(**found | {"covariance": by_label(found["covariance"].T).T})

    def design_effect(self, effect: float) -> "Estimates":
        """The same means, known as well as if their variance were `effect` times what it is."""
        n_eff, covariance = self.n_eff / effect, self.covariance * effect
        return replace(self, covariance=covariance, n_eff=n_eff)


@dataclass(frozen=True)
class Moments:
    """Sums over people i that add up across files, machines or chunks; 1 marks an answer.

    By column a:             n    Σ 1a         w    Σ w 1a       w2   Σ w² 1a      wx   Σ w xa
                             w3   Σ w³ 1a      w3x  Σ w³ xa      w3x2 Σ w³ xa²     w3x3 Σ w³ xa³
    By pair of columns a, b: one  Σ w² 1a 1b   x1   Σ w² xa 1b   xx   Σ w² xa xb
    """

    labels: pd.Index  # of the columns of answers
    sums: list  # arrays in this order, the pairs last

    def __add__(self, other: "Moments") -> "Moments":
        """The moments of both lots of people together."""
        return Moments(self.labels, [a + b for a, b in zip(self.sums, other.sums, strict=True)])

    def __sub__(self, other: "Moments") -> "Moments":
        """The moments of the people who are left when the others, who are among them, are gone."""
        return Moments(self.labels, [a - b for a, b in zip(self.sums, other.sums, strict=True)])


def estimate_means(answers: pd.DataFrame, weight: Weight = None) -> Estimates:
    """Means of every column, and the covariance matrix of those means, in one pass.

    Parameters
    ----------
    answers : one row per respondent; any columns; blank = no answer
    weight : on the same index; only its proportions matter; blank or negative is refused. With
        clusters, strata or raking (Sampling) the covariance is that of clustered_moments

    >>> estimate_means(pd.DataFrame({"a": [1, 2, 3]}), pd.Series([1, 1, 2])).mean["a"]
    2.25
    """
    # Centred first, so that large values with a small spread keep their digits.
    centre = answers.mean()
    found = estimates_from_moments(moments(answers, weight, centre))
    found = replace(found, mean=found.mean + centre)
    if isinstance(weight, Sampling):
        known = clustered_moments(answers, found.mean, found.n_eff, weight)
        found = replace(found, **{name: known[name] for name in known})
    return found


def moments(answers: pd.DataFrame, weight: pd.Series | None = None, centre=0.0) -> Moments:
    """The sums that Estimates need, from one row per respondent (see Moments).

    centre : what each column of answers is taken less, in their unit

    >>> moments(pd.DataFrame({"a": [1.0, 3.0, None]})).sums[0].tolist()
    [2.0]
    """
    weights = checked_weight(weight, answers.index)
    values = answers.to_numpy(dtype=float).T
    less = np.broadcast_to(np.asarray(centre, dtype=float), len(values))[:, None]
    several = by_lots(lambda some: moment_sums(values[:, some] - less, weights[some]), len(answers))
    sums = [sum(parts[1:], parts[0]) for parts in zip(*several, strict=True)]
    return Moments(answers.columns, sums)


def by_lots(work, people: int) -> list:
    """What `work` gives of each lot of CHUNK people (a slice), in order: what is worked out of a lot
    stays in the processor's memory. Two lots at a time where there are many.

    >>> by_lots(lambda some: some.stop, CHUNK + 1) == [CHUNK, 2 * CHUNK]
    True
    """
    lots = [slice(at, at + CHUNK) for at in range(0, max(people, 1), CHUNK)]
    if len(lots) < MANY:
        return [work(some) for some in lots]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(work, lots))


def moment_sums(values: np.ndarray, weights: np.ndarray) -> list[np.ndarray]:
    """The sums of Moments, in its order.

    Parameters
    ----------
    values : one row per column of answers, one column per person; blank = no answer
    weights : one per person, not below zero

    >>> n, _, _, wx, *_ = moment_sums(np.array([[1.0, 3.0]]), np.ones(2))
    >>> n.tolist(), wx.tolist()
    ([2.0], [4.0])
    """
    answered = ~np.isnan(values)
    weighted = np.concatenate([answered, np.where(answered, values, 0)])
    weighted *= weights
    size = len(answered)
    pairs = weighted @ weighted.T  # they carry w²
    one, x1, xx = pairs[:size, :size], pairs[size:, :size], pairs[size:, size:]
    first, cubed = (weighted @ np.array([np.ones_like(weights), weights**2]).T).T
    squares = np.multiply(weighted[size:], weighted[size:], out=weighted[:size])
    w3x2, w3x3 = squares @ weights, np.vecdot(squares, weighted[size:])
    counted = answered if weights.all() else answered * (weights > 0)
    n = np.array([np.count_nonzero(row) for row in counted], dtype=float)  # faster than by axis
    w, wx, w3, w3x = first[:size], first[size:], cubed[:size], cubed[size:]
    return [n, w, np.diag(one), wx, w3, w3x, w3x2, w3x3, one, x1, xx]


def estimates_from_moments(sums: Moments) -> Estimates:
    """Means and their linearised covariance: Σ w² 1a 1b (xa − ma)(xb − mb) / (Wa Wb).

    Times √(fa fb), where f = n_eff / (n_eff − 1): the usual s²/n when weights are equal. Survey
    software uses n / (n − 1), which falls short in small weighted samples. The matrix is a sum of
    squares whatever the pattern of blanks, so it can always be drawn from.

    Source: Taylor linearisation, e.g. Lumley 2010, Complex Surveys, ch. 2.

    >>> sums = moments(pd.DataFrame({"a": [1.0, 3.0]}))
    >>> estimates_from_moments(sums).mean["a"]
    2.0
    """
    labels = sums.labels
    n, w, w2, wx, w3, w3x, w3x2, w3x3, one, x1, xx = sums.sums
    with np.errstate(divide="ignore", invalid="ignore"):
        mean, n_eff = wx / w, w**2 / w2
        moved = x1 * mean
        squares = xx - moved - moved.T + one * np.outer(mean, mean)
        scale = np.sqrt(np.where(n > 1, n_eff / (n_eff - 1), np.nan)) / w
        covariance = squares * np.outer(scale, scale)
        # Rounding can leave the variance of a constant a hair below zero.
        np.fill_diagonal(covariance, np.maximum(np.diag(covariance), 0))
        variance = np.diag(covariance)
        cubes = w3x3 - 3 * mean * w3x2 + 3 * mean**2 * w3x - mean**3 * w3
        factor = np.where(n > 2, n_eff**2 / (n_eff - 1) / (n_eff - 2), np.nan)
        skewness = factor * cubes / w**3 / variance**1.5
    constant = ~(variance > 0) & ~np.isnan(factor)
    return Estimates(
        mean=pd.Series(mean, index=labels),
        covariance=pd.DataFrame(covariance, index=labels, columns=labels),
        n=pd.Series(n.astype(int), index=labels),
        n_eff=pd.Series(np.nan_to_num(n_eff), index=labels),
        skewness=pd.Series(np.where(constant, 0.0, skewness), index=labels),
    )


def draw_means(estimates: Estimates, labels, draws: int = DRAWS, seed: int = SEED) -> np.ndarray:
    """Joint draws of the true means, one row per draw and one column per label.

    Multivariate t around the estimates, with each label's degrees of freedom,
    so that small samples are as unsure here as in their intervals. The same seed gives the same
    draws. A label whose covariance is blank gives blank draws.

    >>> found = estimate_means(pd.DataFrame({"a": [1, 2, 3, 4], "b": [4, 3, 2, 1]}))
    >>> draw_means(found, ["a", "b"], draws=5).shape
    (5, 2)
    """
    mean = estimates.mean
    places = {label: place for place, label in enumerate(mean.index)}
    at = np.array([places[label] for label in labels], dtype=int)
    covariance = estimates.covariance.to_numpy()[np.ix_(at, at)]
    known = np.isfinite(np.diag(covariance))
    standard, together = standard_normals(draws, int(known.sum()), seed)
    values, vectors = np.linalg.eigh(covariance[np.ix_(known, known)])
    normal = (vectors * np.sqrt(np.maximum(values, 0))) @ standard
    normal /= _root_of_chi_square_per_df(together, estimates.df.to_numpy()[at][known])
    normal += mean.to_numpy()[at][known][:, None]
    found = np.full((len(known), draws), np.nan)
    found[known] = normal
    return found.T


@lru_cache(maxsize=4)
def standard_normals(draws: int, rows: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """So many rows of draws, and one more; the same for every segment and setting.

    >>> standard_normals(5, 2, 1)[0].shape
    (2, 5)
    """
    rng = np.random.default_rng(seed)
    found = np.ascontiguousarray(rng.standard_normal((draws, rows)).T), rng.standard_normal(draws)
    for each in found:
        each.flags.writeable = False
    return found


def _root_of_chi_square_per_df(normal: np.ndarray, df: np.ndarray) -> np.ndarray:
    """√(χ²/df) of each df (rows), moving together from draw to draw (one standard normal each).

    Wilson & Hilferty 1931; the floor keeps the cube root positive below three degrees of freedom.
    """
    part = (2 / (9 * np.maximum(df, 1)))[:, None]
    cube_root = np.maximum(1 - part + np.sqrt(part) * normal, 0.1)
    return cube_root * np.sqrt(cube_root)


def dimension_answers(answers: pd.DataFrame, items: pd.DataFrame) -> pd.DataFrame:
    """Each person's mean over the items of a dimension that he or she answered.

    Parameters
    ----------
    answers : one row per respondent, columns (measure, item)
    items : one row per item, named in the index, with column dimension; items without a
        dimension, and columns that are no item, are left out

    Returns
    -------
    One row per respondent, columns (measure, dimension) in order of first appearance; blank
    where the person answered none of the items.

    >>> answers = pd.DataFrame(
    ...     [[4, 6]], columns=pd.MultiIndex.from_product([["experience"], ["q1", "q2"]])
    ... )
    >>> items = pd.DataFrame({"dimension": ["service", "service"]}, index=["q1", "q2"])
    >>> dimension_answers(answers, items)["experience", "service"].tolist()
    [5.0]
    """
    measure, item = (answers.columns.get_level_values(level) for level in (0, 1))
    dimension = items["dimension"].reindex(item).to_numpy()
    used = pd.notna(dimension)
    names = ["measure", "dimension"]
    target = pd.MultiIndex.from_arrays([measure[used], dimension[used]], names=names)
    place, labels = pd.factorize(target)
    belongs = np.eye(len(labels))[place]
    values, means = answers.to_numpy(dtype=float).T, np.empty((len(labels), len(answers)))

    def pool(some):
        part = values[used, some]
        answered = ~np.isnan(part)
        with np.errstate(invalid="ignore"):
            means[:, some] = (belongs.T @ np.where(answered, part, 0)) / (belongs.T @ answered)

    by_lots(pool, len(answers))
    columns = pd.MultiIndex.from_tuples(list(labels), names=names)
    return pd.DataFrame(means.T, index=answers.index, columns=columns)


# Quantiles and tails of the normal and of Student's t


def z_of(confidence: float) -> float:
    """How many standard errors an interval of this confidence reaches to each side of an estimate.

    >>> round(z_of(0.95), 2)
    1.96
    """
    return float(ndtri(0.5 + confidence / 2))


def t_of(confidence: float, df) -> np.ndarray:
    """The same by Student's t with so many degrees of freedom, elementwise.

    >>> round(float(t_of(0.95, 9)), 2)
    2.26
    """
    return stdtrit(np.asarray(df, dtype=float), 0.5 + confidence / 2)


def central(drawn, confidence: float) -> np.ndarray:
    """The two ends between which the central part of the draws (rows) lies; of each column.

    >>> central(np.array([1, 2, 3, 4]), 0.5).tolist()
    [1.75, 3.25]
    """
    return np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)


def spread(name: str, samples: np.ndarray, confidence: float) -> dict:
    """name, name_low, name_high: the first row, and the central `confidence` of the others.

    >>> spread("share", np.array([5, 1, 2, 3, 4]), 0.5)
    {'share': 5, 'share_low': 1.75, 'share_high': 3.25}
    """
    low, high = central(samples[1:], confidence)
    return {name: samples[0], f"{name}_low": low, f"{name}_high": high}


def df_of_sum(variances, df):
    """Degrees of freedom of the variance of a sum, or difference, of independent estimates, from
    those of each. Elementwise. Source: Welch 1947; Satterthwaite 1946.

    >>> df_of_sum([1.0, 1.0], [9.0, 9.0])
    18.0
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        parts = [each**2 / left for each, left in zip(variances, df, strict=True)]
        return sum(variances) ** 2 / sum(parts)


def p_of(errors, df=np.inf) -> np.ndarray:
    """How often chance alone brings a difference of so many standard errors, to either side; by
    Student's t with so many degrees of freedom, else by the normal. Elementwise.

    >>> round(float(p_of(1.96)), 3), round(float(p_of(2.26, df=9)), 3)
    (0.05, 0.05)
    """
    return 2 * stdtr(np.asarray(df, dtype=float), -np.abs(np.asarray(errors, dtype=float)))
