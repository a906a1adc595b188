"""Logistic regression of weighted, clustered people, for outcomes that few had."""

import numpy as np
from scipy.special import expit

from cxlib.sums.clusters import cluster_totals
from cxlib.sums.weights import Sampling, effective_base

MOST_STEPS, LONGEST, NEAR = 200, 3.0, 1e-9  # of the search: steps, log-odds of one step, its end


def logistic_regression(x: np.ndarray, y: np.ndarray, weights: np.ndarray, drawn=None):
    """(coefficients, covariance): log-odds of y with a unit more of each column, the constant first.

    Parameters
    ----------
    x : (people, columns), without the constant; y : 0 or 1; weights : only proportions matter
    drawn : Sampling of these people, where they were asked in clusters; else None

    By Firth's penalised likelihood, which takes off the bias away from zero of few outcomes, and is
    finite where a column tells all of them apart. The covariance is a sandwich that holds whatever
    the curve and the weights, with leverages as HC3, summed over clusters; on average over the
    columns no narrower than the curve's own, which where all are told apart is the only one to see it.
    Source: Firth 1993, Biometrika 80; Heinze & Schemper 2002, Statistics in Medicine 21.

    >>> x, y = np.array([[0.0], [0], [1], [1]]), np.array([0.0, 1, 1, 1])
    >>> f"{logistic_regression(x, y, np.ones(4))[0][1]:.4f}"  # ln (2.5 / 0.5) − ln (1.5 / 1.5)
    '1.6094'
    """
    design = np.column_stack([np.ones(len(x)), x])
    weights = weights * effective_base(weights) / weights.sum()
    beta = np.zeros(design.shape[1])
    for _ in range(MOST_STEPS):
        p = expit(design @ beta)
        steep = weights * p * (1 - p)
        bread = np.linalg.pinv(design.T @ (design * steep[:, None]), hermitian=True)
        pull = steep * np.einsum("ij,jk,ik->i", design, bread, design)  # of each on its own fit
        step = bread @ (design.T @ (weights * (y - p) + pull * (0.5 - p)))
        beta = beta + step * min(1.0, LONGEST / max(np.abs(step).max(), NEAR))
        if np.abs(step).max() < NEAR:
            break
    left = weights * (y - p) / np.maximum(1 - pull, NEAR)
    scores = design * left[:, None]
    if isinstance(drawn, Sampling) and drawn.clustered:
        scores, *_ = cluster_totals(scores, np.ones_like(scores, dtype=bool), drawn)
    sandwich = bread @ (scores.T @ scores) @ bread
    with np.errstate(divide="ignore", invalid="ignore"):
        wider = np.nanmean(np.diag(bread) / np.diag(sandwich))
    return beta, sandwich * max(1.0, wider)
