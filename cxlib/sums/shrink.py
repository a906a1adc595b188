"""Draws of several scores that are known with error, drawn together as far as they seem alike.

The most negative of several estimates is most negative partly by chance: taken at its word, it is
called the worst too surely. Each is a draw from what scores of this kind are (normal, its middle
and spread not known); where they differ no more than their errors would make them, all are drawn to
the middle. Source: Gelman et al. 2013, Bayesian Data Analysis, ch. 5; the spread integrated over,
under a half-Cauchy prior of the scale of the errors. Calibrated by simulation: proof/key.py.
"""

import numpy as np

from cxlib.sums.estimate import standard_normals

STEPS = 25  # of the spread
WIDEST = 3.0  # spreads of the estimates: none wider is tried
FEWEST = 3  # scores; of two nobody can tell a spread


def shrunken(drawn: np.ndarray, value: np.ndarray, seed: int) -> np.ndarray:
    """Draws (rows) of the true scores (columns), from draws around each alone and the estimates.

    A column with a blank in it stays as it is; so do all where fewer than three are known.

    >>> rng = np.random.default_rng(1)
    >>> value = np.array([-1.0, -0.9, -1.1])
    >>> drawn = value + rng.normal(size=(2000, 3))
    >>> bool(shrunken(drawn, value, 1).std() < drawn.std())
    True
    """
    value = np.asarray(value, dtype=float)
    known = np.isfinite(value) & ~np.isnan(drawn).any(axis=0)
    if known.sum() < FEWEST or not np.ptp(value[known]) > 0:
        return drawn
    y, draws = value[known], len(drawn)
    error = np.atleast_2d(np.cov(drawn[:, known].T))
    top = WIDEST * max(np.std(y, ddof=1), np.sqrt(np.diag(error).mean()))
    spreads = top * (np.arange(STEPS) + 0.5) / STEPS
    fits = [_given(tau, y, error) for tau in spreads]
    scale = np.sqrt(np.diag(error).mean())
    likely = np.array([fit[0] for fit in fits]) - np.log(scale**2 + spreads**2)
    weight = np.exp(likely - likely.max())
    often = np.random.default_rng(seed).multinomial(draws, weight / weight.sum())
    standard = standard_normals(draws, len(y), seed)[0].T
    ends = np.cumsum([0, *often])
    found = drawn.copy()
    for (_, mean, root), start, stop in zip(fits, ends, ends[1:], strict=False):
        found[start:stop, known] = mean + standard[start:stop] @ root.T
    return found


def _given(tau: float, y: np.ndarray, error: np.ndarray):
    """(log likelihood, mean, root of the covariance) of the true scores, were this their spread."""
    size, one = len(y), np.ones(len(y))
    inverse = np.linalg.inv(error + tau**2 * np.eye(size))
    of_middle = one @ inverse @ one
    middle = one @ inverse @ y / of_middle
    apart = y - middle
    likely = np.linalg.slogdet(inverse)[1] - np.log(of_middle) - apart @ inverse @ apart
    kept = error @ inverse  # what of an estimate's distance to the middle is given up
    mean = y - kept @ apart
    pull = kept @ one
    covariance = error - kept @ error + np.outer(pull, pull) / of_middle
    values, vectors = np.linalg.eigh(covariance)
    return likely / 2, mean, vectors * np.sqrt(np.maximum(values, 0))
