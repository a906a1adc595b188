"""How much of the money few customers bring: measured, never assumed to be 80/20.

Amounts below zero (more returned than bought) stay in, as the invoices have them: the Lorenz curve
then passes above 1 and Gini may as well. How many such customers there are is said.
"""

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from cxlib.sums.estimate import SEED, t_of

TOP = 0.20
RESAMPLES = 1_000
WIDER = 1.5  # upwards than downwards
# Share of sales that the top fifth of customers bring; McCarthy & Winer 2019 (Marketing Letters
# 30), as the method prints them (§5).
PUBLISHED = {"consumer_goods": 0.73, "other": 0.67, "subscription": 0.59}
CENT = 1e-6  # a sum of amounts that cancel out may be a hair below zero


def top_count(n: int) -> int:
    """How many customers the top fifth is: a whole number, at least one."""
    return max(round(TOP * n), 1)


def top_and_gini(ordered: np.ndarray, times: np.ndarray) -> tuple[float, float]:
    """(share of the total that the top customers bring, Gini) of amounts, from large to small, of
    which each occurs so many `times`; blank without a total above zero.

    The Gini coefficient is corrected for the number of customers, n ÷ (n − 1) times the raw one: 0
    when all bring the same, 1 when one brings everything; blank with fewer than two.

    >>> top_and_gini(np.array([9.0, 0.0, 0.0]), np.ones(3))
    (1.0, 1.0)
    """
    n, total = int(times.sum()), times @ ordered
    if not total > 0:
        return np.nan, np.nan
    before = np.cumsum(times) - times
    rank_sum = times * (n - before - (times - 1) / 2)  # ranks from below of those alike
    first, others = np.clip(top_count(n) - before, 0, times), n - 1 if n > 1 else np.nan
    unequal = (2 * rank_sum - (n + 1) * times) @ ordered / (others * total)
    return float(first @ ordered / total), float(unequal)


def concentration(amounts: pd.Series, confidence=0.95, draws: int = RESAMPLES) -> pd.DataFrame:
    """One row: how concentrated customers' amounts are, with bootstrap intervals.

    amounts : one per customer, currency; blank = not known, and then not counted

    Returns n (customers), below_zero (of them), total, top_customers (how many the top fifth is),
    top_share, top_share_low, top_share_high, gini, gini_low, gini_high: what another set of customers
    like these would show, see `skewed_ends`.

    >>> concentration(pd.Series([80, 10, 5, 3, 2]), draws=10)["top_share"].tolist()
    [0.8]
    """
    known = pd.Series(amounts, dtype=float).dropna().to_numpy()
    ordered = np.sort(known)[::-1]
    shown = np.array(top_and_gini(ordered, np.ones(len(known))))
    ends = skewed_ends(shown, resampled(ordered, draws), len(known), confidence)
    row = {"n": len(known), "below_zero": int((known < -CENT).sum()), "total": known.sum()}
    row |= {"top_customers": top_count(len(known)), "top_share": shown[0]}
    row |= {"top_share_low": ends[0, 0], "top_share_high": ends[1, 0], "gini": shown[1]}
    return pd.DataFrame([row | {"gini_low": ends[0, 1], "gini_high": ends[1, 1]}])


def skewed_ends(shown: np.ndarray, drawn: np.ndarray, n: int, confidence: float) -> np.ndarray:
    """(2, columns) ends of what was found in [0, 1] of n customers, from its resamples (rows).

    Student's t on the scale of log-odds, less the bias of the resamples, and half as far again
    upwards: the largest of all are often not among so few, and the percentiles of a bootstrap held
    the truth 8 times in 10. Ours, found by trying lognormal revenue; of a gamma and a Pareto it holds
    the truth 92 to 97 % of the time as well. Percentiles where a share is 0, 1 or beyond.

    >>> drawn = np.array([[0.4], [0.5], [0.6]])
    >>> skewed_ends(np.array([0.5]), drawn, 1000, 0.95).round(2).ravel().tolist()
    [0.34, 0.73]
    """
    if n < 2:
        return np.full((2, drawn.shape[1]), np.nan)
    plain = np.nanquantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    odds, found = logit(drawn), logit(shown)
    t = t_of(confidence, n - 1)
    with np.errstate(invalid="ignore"):
        error, middle = np.nanstd(odds, axis=0), 2 * found - np.nanmean(odds, axis=0)
    ends = expit(np.array([middle - t * error, middle + WIDER * t * error]))
    return np.where(np.isfinite(ends), ends, plain)


def resampled(ordered: np.ndarray, draws: int) -> np.ndarray:
    """(top share, Gini) of customers drawn again with replacement, one row per draw.

    `ordered` from large to small: a draw is then how often each occurs, and needs no sorting.
    """
    n, rng = len(ordered), np.random.default_rng(SEED)
    if n < 2:
        return np.full((draws, 2), np.nan)
    drawn = (np.bincount(rng.integers(0, n, n), minlength=n) for _ in range(draws))
    return np.array([top_and_gini(ordered, times) for times in drawn])


def beside_published(found: pd.DataFrame) -> pd.DataFrame:
    """One row for what was observed and one per published ratio: kind, top_share, its interval,
    n, from.

    >>> observed = concentration(pd.Series([80, 10, 5, 3, 2]), draws=10)
    >>> beside_published(observed)[["kind", "top_share"]].values.tolist()
    [['observed', 0.8], ['consumer_goods', 0.73], ['other', 0.67], ['subscription', 0.59]]
    """
    published = pd.Series(PUBLISHED, name="top_share").rename_axis("kind").reset_index()
    parts = found.assign(kind="observed"), published
    table = pd.concat(parts, ignore_index=True).assign(**{"from": "literature"})
    table.loc[0, "from"] = "measured"
    return table[["kind", "n", "top_share", "top_share_low", "top_share_high", "from"]]


def lorenz_curve(amounts: pd.Series, points: int = 100) -> pd.DataFrame:
    """Share of customers, from the smallest, and of their amounts: customers, amounts (0–1).

    At most `points` steps of equal size: as few as leave no customer to be read off the curve.

    >>> lorenz_curve(pd.Series([1, 3]))["amounts"].tolist()
    [0.0, 0.25, 1.0]
    """
    ordered = np.sort(pd.Series(amounts, dtype=float).dropna().to_numpy())
    running = np.concatenate([[0.0], np.cumsum(ordered)])
    places = np.linspace(0, len(ordered), min(points, len(ordered)) + 1).round().astype(int)
    share = running[places] / running[-1]
    return pd.DataFrame({"customers": places / max(len(ordered), 1), "amounts": share})
