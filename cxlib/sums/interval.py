"""Intervals for means, differences, shares, NPS and ranks."""

import numpy as np
import pandas as pd
from scipy import stats

from cxlib.sums.estimate import Estimates


def t_interval(value, variance, df, confidence: float = 0.95):
    """(low, high) = value ∓ t √variance, elementwise; blank where the variance is, or df ≤ 0."""
    df = np.asarray(df, dtype=float)
    with np.errstate(invalid="ignore"):
        half = stats.t.ppf(0.5 + confidence / 2, np.where(df > 0, df, np.nan)) * np.sqrt(variance)
    return value - half, value + half


def mean_interval(estimates: Estimates, confidence: float = 0.95) -> pd.DataFrame:
    """One row per label: n, n_eff, mean, mean_low, mean_high, in the unit of the answers.

    Student's t on Kish's effective base − 1 degrees of freedom.
    """
    variance = np.diag(estimates.covariance)
    low, high = t_interval(estimates.mean, variance, estimates.n_eff - 1, confidence)
    return pd.DataFrame(
        {
            "n": estimates.n,
            "n_eff": estimates.n_eff,
            "mean": estimates.mean,
            "mean_low": low,
            "mean_high": high,
        }
    )


def paired_interval(estimates: Estimates, first, second, confidence: float = 0.95) -> pd.DataFrame:
    """Difference of two means from the same people, row by row of the two lists of labels.

    Columns difference, difference_low, difference_high, in the unit of the answers. The covariance
    of the two means takes care of the pairing, and of people who answered only one of them.
    """
    matrix = estimates.covariance
    pairs = list(zip(first, second, strict=True))
    variance = [matrix.at[a, a] + matrix.at[b, b] - 2 * matrix.at[a, b] for a, b in pairs]
    difference = np.array([estimates.mean[a] - estimates.mean[b] for a, b in pairs])
    df = [min(estimates.n_eff[a], estimates.n_eff[b]) - 1 for a, b in pairs]
    low, high = t_interval(difference, np.maximum(variance, 0), df, confidence)
    columns = {"difference": difference, "difference_low": low, "difference_high": high}
    index = first if isinstance(first, pd.Index) else pd.Index(list(first))
    return pd.DataFrame(columns, index=index)


def wilson_interval(successes, n, confidence: float = 0.95):
    """(low, high) of a share, 0–1; successes of n, elementwise; blank where n is 0.

    For weighted answers give share × n_eff of n_eff. Source: Wilson 1927, JASA 22:209.
    """
    n = np.asarray(n, dtype=float)
    z = stats.norm.ppf(0.5 + confidence / 2)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.asarray(successes, dtype=float) / n
        centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return np.maximum(centre - half, 0), np.minimum(centre + half, 1)


def rank_intervals(draws: np.ndarray, value, confidence: float = 0.95) -> dict[str, np.ndarray]:
    """rank, rank_low, rank_high of each column, 1 = smallest, over joint draws (rows).

    Blank where the draws are. `value` is the estimate that `rank` itself goes by.
    """
    blank = np.isnan(draws).any(axis=0)
    order = np.where(blank, np.inf, draws).argsort(axis=1).argsort(axis=1) + 1
    tail = (1 - confidence) / 2
    low, high = np.quantile(order, [tail, 1 - tail], axis=0, method="inverted_cdf").astype(float)
    rank = pd.Series(np.asarray(value, dtype=float)).where(~blank).rank(method="min").to_numpy()
    low[blank] = high[blank] = np.nan
    return {"rank": rank, "rank_low": low, "rank_high": high}
