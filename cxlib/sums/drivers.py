"""Derived importance: how much of an outcome's variance each item accounts for.

Two methods, so that a reader sees where they disagree: LMG (Shapley values of R²; Lindeman,
Merenda & Gold 1980; Grömping 2006) and Johnson's relative weights (Johnson 2000). Both come from
correlations alone, so a bootstrap costs one set of correlations. Shares are of the outcome's
variance, add up to R², and measure association, not cause.
"""

from math import factorial
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.special import fdtri

from cxlib.sums.clusters import base_of, bootstrap_sums, complete_moments, complete_products
from cxlib.sums.estimate import SEED, spread, t_of, z_of
from cxlib.sums.weights import Weight, who_answered

BOOTSTRAPS = 1_000
EXACT = 15  # predictors; above, 2^p subsets are too many and orderings are sampled
ORDERINGS = 2_000  # for the estimate; each bootstrap sample takes fewer
BOOTSTRAP_ORDERINGS = 64
ALL = 1 - 1e-12  # of the variance: Fisher's z of 1 has no end
NO_VARIANCE = 1e-10  # of 1: what is left of a predictor that the others determine
CELLS = 100_000  # subsets × samples at once: what a processor's cache holds
OUTCOME = "\0outcome"  # a name that no item has
ESTIMATES = [
    *("share", "share_low", "share_high", "p_first", "sign"),
    *("coefficient", "coefficient_low", "coefficient_high", "p_negative", "correlation"),
    *("r2", "r2_low", "r2_high"),
]


def lmg_shares(correlations: np.ndarray, orderings: int = ORDERINGS):
    """LMG share of the outcome's variance of each predictor; they add up to R².

    correlations : (…, p + 1, p + 1), the outcome last. Returns (…, p).
    Exact to 15 predictors; above, the mean over random orderings, each with its reverse.

    >>> lmg_shares(np.array([[1, 0, 0.6], [0, 1, 0.3], [0.6, 0.3, 1]])).round(2).tolist()
    [0.36, 0.09]
    """
    matrices = np.asarray(correlations, dtype=float)
    stacked = matrices.reshape(-1, *matrices.shape[-2:])
    p = stacked.shape[-1] - 1
    if p <= EXACT:
        size = max(1, CELLS >> p)
        chunks = [subset_r2(stacked[i : i + size]) for i in range(0, len(stacked), size)]
        shares = np.concatenate(chunks, axis=1).T @ marginal_weights(p)
    else:
        shares = np.array([sampled_gains(one, SEED, orderings).mean(axis=0) for one in stacked])
    return shares.reshape(*matrices.shape[:-2], p)


def subset_r2(correlations: np.ndarray) -> np.ndarray:
    """R² of every subset of the predictors: (2^p, B); bit j of the row number says j is in.

    Predictors are swept in one at a time; each step doubles the subsets, and keeps for each only
    the covariances that it leaves among the predictors still to come and the outcome.

    >>> subset_r2(np.array([[[1, 0, 0.6], [0, 1, 0.3], [0.6, 0.3, 1]]])).round(
    ...     2
    ... ).ravel().tolist()
    [0.0, 0.36, 0.09, 0.45]
    """
    samples, size = correlations.shape[:2]
    left = np.moveaxis(correlations, 0, -1)
    for _ in range(size - 1):
        pivot, column = left[0, 0], left[1:, 0]
        usable = pivot > NO_VARIANCE
        swept = column[:, None] * (column * usable / np.where(usable, pivot, 1))
        left = np.concatenate([left[1:, 1:], left[1:, 1:] - swept], axis=-1)
    return 1 - left[0, 0].reshape(-1, samples)


def marginal_weights(p: int) -> np.ndarray:
    """(2^p, p): what each subset's R² counts for in each predictor's Shapley value."""
    held = (np.arange(1 << p)[:, None] >> np.arange(p)) & 1
    size = held.sum(axis=1)
    share = [factorial(s) * factorial(p - s - 1) / factorial(p) for s in range(p)]
    joined, without = np.array([0, *share]), np.array([*share, 0])
    return np.where(held, joined[size][:, None], -without[size][:, None])


def sampled_gains(correlation: np.ndarray, seed: int, orderings: int) -> np.ndarray:
    """What each predictor adds to R² in random orderings, each averaged with its reverse."""
    p = len(correlation) - 1
    rng = np.random.default_rng(seed)
    forward = rng.permuted(np.tile(np.arange(p), (max(orderings // 2, 1), 1)), axis=1)
    return (ordered_gains(correlation, forward) + ordered_gains(correlation, forward[:, ::-1])) / 2


def ordered_gains(correlation: np.ndarray, orders: np.ndarray) -> np.ndarray:
    """What each predictor adds to R² when it comes in after those before it in each order."""
    rows = np.concatenate([orders, np.full((len(orders), 1), len(correlation) - 1)], axis=1)
    # The last row of a Cholesky factor holds the square roots of the gains in R².
    ridge = correlation + NO_VARIANCE * np.eye(len(correlation))
    factors = np.linalg.cholesky(ridge[rows[:, :, None], rows[:, None, :]])
    gains = np.empty(orders.shape)
    np.put_along_axis(gains, orders, factors[:, -1, :-1] ** 2, axis=1)
    return gains


def johnson_weights(correlations: np.ndarray) -> np.ndarray:
    """Johnson's relative weight of each predictor; they add up to R². Shapes as `lmg_shares`.

    >>> johnson_weights(np.array([[1, 0, 0.6], [0, 1, 0.3], [0.6, 0.3, 1]])).round(2).tolist()
    [0.36, 0.09]
    """
    matrices = np.asarray(correlations, dtype=float)
    values, vectors = np.linalg.eigh(matrices[..., :-1, :-1])
    usable = values > NO_VARIANCE
    root = np.sqrt(np.where(usable, values, 0))
    back = np.where(usable, 1 / np.where(usable, root, 1), 0)
    turned = vectors.swapaxes(-1, -2) @ matrices[..., :-1, -1:]
    beta = vectors @ (back[..., None] * turned)
    loadings = (vectors * root[..., None, :]) @ vectors.swapaxes(-1, -2)
    return (loadings**2 @ beta**2)[..., 0]


def coefficients(correlations: np.ndarray) -> np.ndarray:
    """Standardised regression coefficients on all predictors. Shapes as `lmg_shares`.

    >>> coefficients(np.array([[1, 0, 0.6], [0, 1, 0.3], [0.6, 0.3, 1]])).tolist()
    [0.6, 0.3]
    """
    inverse = np.linalg.pinv(correlations[..., :-1, :-1], rcond=NO_VARIANCE, hermitian=True)
    return (inverse @ correlations[..., :-1, -1:])[..., 0]


LEAST = 0.05  # of the outcome's variance: a weaker link is nothing to act on


def linked(drivers: pd.DataFrame) -> bool:
    """Whether an item accounts for enough of the outcome to act on, or all together beyond chance.

    >>> linked(pd.DataFrame({"method": "lmg", "share": [0.03, 0.01], "r2_low": 0.0}))
    False
    """
    by_lmg = drivers[drivers["method"].eq("lmg")].reindex(columns=["share", "r2_low"])
    return bool(by_lmg.max(axis=None) >= LEAST)


METHODS = {"lmg": lmg_shares, "johnson": johnson_weights}


def driver_table(
    outcome: pd.Series,
    predictors: pd.DataFrame,
    weight: Weight = None,
    confidence: float = 0.95,
    draws: int = BOOTSTRAPS,
    missing: str = "complete",
) -> pd.DataFrame:
    """How much of the outcome's variance each item accounts for, by two methods, with intervals.

    Parameters
    ----------
    outcome : one answer per respondent (e.g. overall satisfaction); its name is the outcome's
    predictors : one row per respondent, one column per item (or dimension); blank = no answer
    weight : on the same index; only its proportions matter
    missing : "complete" uses the people who answered everything; "pairwise" each correlation's
        own answers; "mean" fills an item's blanks with its mean. The outcome is never filled.

    Returns one row per method (lmg, johnson) and item, largest share first
        outcome, item, method
        share, _low, _high     of the outcome's variance, 0–1; add up to r2
        p_first                share of bootstrap samples in which the item comes first
        sign                   "+" or "-", of the coefficient
        coefficient, _low, _high   standardised, all items together; shown whatever its sign
        p_negative             share of bootstrap samples with a coefficient below zero
        correlation            with the outcome, the item alone
        r2, _low, _high        of all items together; in small samples it flatters, which the interval
                               (`r2_interval`) allows for
        n, n_eff               people used, and Kish's effective base of them (pairwise: of the
                               correlation with the fewest)
        missing, left_out, filled   the treatment; people who answered the outcome and were not
                               used; answers that were filled in
        sampled                True above 15 items, where lmg rests on random orderings
    Intervals are percentiles of a bootstrap over people: in simulation the best of five kinds,
    though below 100 people they miss shares near zero too often, from above. An item that everybody answers alike, and
    every item where fewer than items + 3 people are left, stays blank. Association, not proof of cause.

    >>> noise = np.random.default_rng(1).normal(size=(3, 200))
    >>> items = pd.DataFrame({"speed": noise[0], "price": noise[1]})
    >>> overall = pd.Series(2 * noise[0] + noise[2], name="overall")
    >>> driver_table(overall, items, draws=50)["item"].iloc[0]
    'speed'
    """
    used, samples = resampled(outcome, predictors, weight, missing, draws)
    tables = []
    for method in METHODS:
        found = driver_estimates(method, samples, used, confidence)
        found = found.reindex(predictors.columns).rename_axis("item").reset_index()
        found = found.sort_values("share", ascending=False, kind="stable")
        tables.append(found.assign(method=method))
    facts = {"n": used.n, "n_eff": used.n_eff, "missing": missing, "left_out": used.left_out}
    facts |= {"filled": used.filled, "sampled": len(used.items) > EXACT}
    table = pd.concat(tables, ignore_index=True).assign(outcome=outcome.name, **facts)
    first = ["outcome", "item", "method"]
    return table[first + [column for column in table if column not in first]]


class Used(NamedTuple):
    """The answers that a driver analysis rests on, and how many were let go."""

    values: np.ndarray  # one row per person, the items and last the outcome; blank = no answer
    weights: np.ndarray
    drawn: Weight  # of these people, where they were asked in clusters
    items: list
    n: int
    n_eff: float
    left_out: int
    filled: int


def resampled(outcome, predictors, weight=None, missing="complete", draws=BOOTSTRAPS) -> tuple:
    """(Used, its correlations: as surveyed, then of each resample; None where no item varies).

    >>> answers = pd.DataFrame(np.random.default_rng(1).normal(size=(99, 2)), columns=[*"ab"])
    >>> used, samples = resampled(answers["a"], answers, draws=20)
    >>> used.items, used.n, samples.shape, float(samples[0, 0, 2].round(6))
    (['a', 'b'], 99, (21, 3, 3), 1.0)
    """
    used = used_answers(outcome, predictors, weight, missing)
    return used, bootstrap_correlations(used, missing, draws) if used.items else None


def used_answers(outcome, predictors, weight, missing: str) -> Used:
    """Answers after the treatment of blanks; items without variance left aside."""
    answers = predictors.assign(**{OUTCOME: outcome.reindex(predictors.index)}).astype(float)
    asked, *_ = who_answered(answers[[OUTCOME]], weight)
    needed = answers if missing == "complete" else answers[[OUTCOME]]
    kept, weights, drawn = who_answered(needed, weight)
    frame = answers.loc[kept.index]
    blanks = int(frame.isna().to_numpy().sum()) if missing == "mean" else 0
    if missing == "mean":
        weighted = frame.mul(weights, axis=0).sum() / frame.notna().mul(weights, axis=0).sum()
        frame = frame.fillna(weighted)
    items = [item for item in predictors.columns if frame[item].nunique() > 1]
    n, n_eff = smallest_base(frame[[*items, OUTCOME]].notna().to_numpy(), weights)
    if drawn is not None and n:
        n_eff = min(n_eff, base_of(frame[OUTCOME], drawn))
    if n < len(items) + 3 or frame[OUTCOME].nunique() < 2:
        items = []
    values = frame[[*items, OUTCOME]].to_numpy()
    return Used(values, weights, drawn, items, n, n_eff, len(asked) - len(kept), blanks)


def smallest_base(answered: np.ndarray, weights: np.ndarray) -> tuple[int, float]:
    """(n, n_eff) of the pair of columns that the fewest people answered together."""
    n = answered.T.astype(float) @ answered
    weighted = (answered.T * weights) @ answered
    squared = (answered.T * weights**2) @ answered
    fewest = np.unravel_index(n.argmin(), n.shape)
    n_eff = weighted[fewest] ** 2 / squared[fewest] if n[fewest] else 0.0
    return int(n[fewest]), float(n_eff)


def bootstrap_correlations(used: Used, missing: str, draws: int) -> np.ndarray:
    """(draws + 1, k, k) correlations, the outcome last: as surveyed, then of each resample."""
    centred = used.values - np.nanmean(used.values, axis=0)
    pairwise = missing == "pairwise"
    products = pairwise_products if pairwise else complete_products
    sums = bootstrap_sums(products, centred, used.weights, draws, SEED, used.drawn)
    size = centred.shape[1]
    if pairwise:
        return pairwise_correlations(sums, size)
    return standardised(complete_moments(sums, size)[1])


def standardised(covariances: np.ndarray) -> np.ndarray:
    """Correlations from covariances; a column that does not vary correlates with nothing."""
    variances = np.diagonal(covariances, axis1=-2, axis2=-1)
    spread = np.sqrt(np.where(variances > 0, variances, np.inf))
    return covariances / spread[:, :, None] / spread[:, None, :]


def pairwise_products(values: np.ndarray) -> np.ndarray:
    """Per person and pair of columns: both answered, first, first squared, and their product."""
    answered = (~np.isnan(values)).astype(float)
    filled = np.nan_to_num(values)
    parts = [(answered, answered), (filled, answered), (filled**2, answered), (filled, filled)]
    pairs = [first[:, :, None] * second[:, None, :] for first, second in parts]
    return np.stack(pairs, axis=1).reshape(len(values), -1)


def pairwise_correlations(sums: np.ndarray, size: int) -> np.ndarray:
    """Correlations from the sums of `pairwise_products`, made possible where they are not.

    Correlations of different people need not go together (negative eigenvalues): those
    eigenvalues are set to zero and the diagonal back to 1.
    """
    both, first, squared, product = np.moveaxis(sums.reshape(-1, 4, size, size), 1, 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean = first / both
        variance = squared / both - mean**2
        cross = product / both - mean * mean.swapaxes(1, 2)
        found = np.nan_to_num(cross / np.sqrt(variance * variance.swapaxes(1, 2)))
    values, vectors = np.linalg.eigh(found)
    return standardised((vectors * np.maximum(values, 0)[:, None, :]) @ vectors.swapaxes(1, 2))


def driver_estimates(method: str, samples, used: Used, confidence: float):
    """One row per item of one method's estimates; no rows where there are no samples."""
    if samples is None:
        return pd.DataFrame(columns=ESTIMATES)
    items = used.items
    if method == "lmg" and len(items) > EXACT:
        resampled = lmg_shares(samples[1:], BOOTSTRAP_ORDERINGS)
        shares = np.concatenate([lmg_shares(samples[:1]), resampled])
    else:
        shares = METHODS[method](samples)
    beta, correlation = coefficients(samples), samples[:, :-1, -1]
    r2, *drawn = (beta * correlation).sum(axis=1).tolist()
    low, high = r2_interval(r2, used.n_eff, len(items), confidence, np.std(fisher_z(drawn)))
    found = {
        **spread("share", shares, confidence),
        "p_first": np.bincount(shares[1:].argmax(axis=1), minlength=len(items)) / len(samples[1:]),
        "sign": np.where(beta[0] < 0, "-", "+"),
        **spread("coefficient", beta, confidence),
        "p_negative": (beta[1:] < 0).mean(axis=0),
        "correlation": correlation[0],
        **{"r2": r2, "r2_low": low, "r2_high": high},
    }
    return pd.DataFrame(found, index=items)


def r2_interval(
    r2: float, n: float, p: int, confidence: float, error: float = 0.0
) -> tuple[float, float]:
    """(low, high) of the population's R², 0–1, of p random predictors and n answers.

    A bootstrap takes what chance adds to R² for the truth. Source: Helland 1987, Biometrics 43,
    eq. 10, who approximates the distribution under a multivariate normal by an F. Skewed answers
    spread wider: by as much as the standard error found of Fisher's z of R (`error`, of a bootstrap)
    is larger than the normal's 1 ÷ √(n − 3), and as t is than z, both ends are farther from the
    adjusted R², on that scale. Ours, tried by simulation.

    >>> [round(end, 2) for end in r2_interval(0.4, 30, 4, 0.95)]
    [0.07, 0.66]
    """
    left = n - p - 1
    if left <= 0:
        return np.nan, np.nan
    freedom = (left * r2 + p) ** 2 / (n - 1 - left * (1 - r2) ** 2)
    ends = []
    for tail in ((1 + confidence) / 2, (1 - confidence) / 2):
        f = fdtri(freedom, left, tail)
        ends.append((left * r2 - (1 - r2) * p * f) / (left * (r2 + (1 - r2) * f)))
    middle, *ends = fisher_z(np.array([1 - (1 - r2) * (n - 1) / left, *ends]))
    wider = max(error * np.sqrt(max(n - 3, 0)), 1.0) * t_of(confidence, left) / z_of(confidence)
    return tuple(float(np.tanh(max(middle + wider * (end - middle), 0)) ** 2) for end in ends)


def fisher_z(r2):
    """Fisher's z of the correlation that a share of variance, 0–1, is of; below zero as far below."""
    return np.sign(r2) * np.arctanh(np.sqrt(np.minimum(np.abs(r2), ALL)))
