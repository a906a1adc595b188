"""Quantiles and tails of the normal and of Student's t: what loading scipy.stats would take as long as
all else that `cx check` does."""

import numpy as np
from scipy.special import ndtri, stdtr, stdtrit


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


def p_of(errors, df=np.inf) -> np.ndarray:
    """How often chance alone brings a difference of so many standard errors, to either side; by
    Student's t with so many degrees of freedom, else by the normal. Elementwise.

    >>> round(float(p_of(1.96)), 3), round(float(p_of(2.26, df=9)), 3)
    (0.05, 0.05)
    """
    return 2 * stdtr(np.asarray(df, dtype=float), -np.abs(np.asarray(errors, dtype=float)))
