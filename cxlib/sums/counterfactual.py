"""What a series of periods would have come to: carried on with its line, season and persistence."""

import numpy as np
from scipy import special

from cxlib.sums.periods import plain, span

CARRIES = np.linspace(0, 0.95, 20)  # what of one period's deviation the next may keep


def cycle_of(labels) -> int:
    """Periods in a year, where all of them are months, quarters or halves; 1 otherwise.

    >>> cycle_of(["2024-01", "2024-02"]), cycle_of(["Q1 2024"]), cycle_of(["2024", "2025"])
    (12, 4, 1)
    """
    spans = [span(plain(label), True, True, False) for label in labels]
    if not spans or any(each is None or each[0] is None for each in spans):
        return 1
    lengths = {each[2] - each[1] for each in spans}
    months = lengths.pop() if len(lengths) == 1 else 0
    return 12 // months if months in (1, 3, 6) else 1


def design(n: int, cycle: int, line: bool = True) -> np.ndarray:
    """Columns of n periods: level, line, and a season where there is a cycle."""
    time = np.arange(n, dtype=float)
    season = np.eye(cycle)[np.arange(n) % cycle][:, 1:]
    return np.column_stack([np.ones(n), *([time] if line else []), season])


def carried_on(y: np.ndarray, before, after, cycle: int = 1, line: bool = True, confidence=0.95):
    """(expected, low, high) of the mean of y in the periods `after`, from those `before`.

    Least squares on level, line and season (`cycle` periods a year; 1: none) with deviations that
    each period hands on in part to the next. That part is not known: every value of it from 0 to
    .95 is weighed by its likelihood (of the residuals, REML), and the prediction is the mixture of
    their t distributions. Blank where fewer than two degrees of freedom are left.

    y : one value per period; before, after : True where a period counts, False also where blank.
    Source: Harville 1974, Biometrika 61; Zellner & Tiao 1964, J. American Statistical Association 59.

    >>> y = np.array([1.0, 2, 1, 2, 1, 2, 9])
    >>> [round(each, 1) for each in carried_on(y, np.arange(7) < 6, np.arange(7) == 6)][0]
    2.0
    """
    x = design(len(y), cycle, line)
    known = x[before]
    x = x[:, (known != 0).any(axis=0)]  # a season that was never seen before cannot be told
    df = int(before.sum()) - np.linalg.matrix_rank(x[before])
    if df < 2 or not after.any():
        return np.nan, np.nan, np.nan
    weight, centre, scale = np.array([one_carry(y, x, before, after, rho, df) for rho in CARRIES]).T
    weight = np.exp(weight - weight.max())
    weight /= weight.sum()
    expected = float(weight @ centre)
    tail = (1 - confidence) / 2
    return expected, *(mixture_quantile(p, weight, centre, scale, df) for p in (tail, 1 - tail))


def one_carry(y, x, before, after, rho: float, df: int):
    """(log-likelihood, centre, scale) of the mean after, where each period hands on `rho`."""
    time = np.arange(len(y))
    together = rho ** np.abs(time[:, None] - time[None, :]) / (1 - rho**2)
    own = together[np.ix_(before, before)]
    inverse, a = np.linalg.inv(own), x[before]
    information = a.T @ inverse @ a
    spread = np.linalg.pinv(information, hermitian=True)
    beta = spread @ a.T @ inverse @ y[before]
    left = y[before] - a @ beta
    square = max(float(left @ inverse @ left), np.finfo(float).tiny)
    mean = np.full(int(after.sum()), 1 / after.sum())
    cross = mean @ together[np.ix_(after, before)] @ inverse
    x_new = mean @ x[after] - cross @ a
    centre = mean @ x[after] @ beta + cross @ left
    variance = mean @ together[np.ix_(after, after)] @ mean
    variance += -cross @ own @ cross + x_new @ spread @ x_new
    fit = -np.linalg.slogdet(own)[1] / 2 - np.linalg.slogdet(information)[1] / 2
    return fit - df / 2 * np.log(square), centre, np.sqrt(max(variance, 0) * square / df)


def mixture_quantile(p: float, weight, centre, scale, df: int) -> float:
    """The value below which a mixture of t distributions lies with probability p, by bisection."""
    ends = centre + scale * special.stdtrit(df, p)
    low, high = ends.min(), ends.max()
    for _ in range(60):
        middle = (low + high) / 2
        below = weight @ special.stdtr(df, (middle - centre) / np.maximum(scale, 1e-300))
        low, high = (middle, high) if below < p else (low, middle)
    return float((low + high) / 2)
