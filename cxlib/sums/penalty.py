"""Penalty–reward contrasts: does an item hurt when bad, please when good, or both? (Brandt 1987)

Popular and fragile: the answer hangs on which answers are called bad and good, on groups that are
often small, and on items that move together. Every row carries its own warnings.
"""

import numpy as np
import pandas as pd

from cxlib.sums.clusters import cluster_totals
from cxlib.sums.interval import t_interval
from cxlib.sums.weights import Weight, freedom_left, who_answered

THIRD = 1 / 3  # of the scale's width, at either end
FEW = 30
COLLINEAR = 5.0  # variance inflation factor


def penalty_reward(
    outcome: pd.Series,
    predictors: pd.DataFrame,
    scale,
    weight: Weight = None,
    confidence: float = 0.95,
    small_base: int = FEW,
) -> pd.DataFrame:
    """What poor and good experience of each item go with, against a middling one.

    Regression of the outcome on two marks per item, all items together: poor (an answer in the
    lowest third of the scale) and good (in the highest third); people who answered everything.

    Parameters
    ----------
    outcome : one answer per respondent; predictors : one column per item, all on `scale`
    scale : (lowest, highest) answer; weight : same index, only its proportions matter
    small_base : below this many people in a group it is warned of

    Returns one row per item
        n                     people used
        n_poor, n_middle, n_good   of them in each group; the middling is what both are held against
        penalty, _low, _high  outcome points with poor experience; below zero it hurts
        reward, _low, _high   outcome points with good experience
        excess, _low, _high   reward + penalty: above zero it pleases more than it hurts
        kind                  basic (hurts more), excitement (pleases more), performance (both,
                              alike), unclear (neither can be told from nothing)
        warning               codes, ";" between: few_poor, few_good, few_middle, collinear,
                              depends_on_cut (another kind when only the two end answers count);
                              association is always meant, and is not repeated here
    Intervals: t with a heteroscedasticity-consistent covariance (HC3: of the kinds there are the
    one that holds best where few had a poor experience; Long & Ervin 2000, The American
    Statistician 54). Blank where a group is empty, or nothing is left to compare with.

    >>> items = pd.DataFrame({"speed": [1, 4, 7] * 20})
    >>> outcome = pd.Series([2.0, 6.0, 7.0] * 20)
    >>> penalty_reward(outcome, items, (1, 7))[["penalty", "reward"]].round(2).values.tolist()
    [[-4.0, 1.0]]
    """
    asked = pd.concat([predictors, outcome.reindex(predictors.index)], axis=1)
    people, weights, drawn = who_answered(asked, weight)
    answers, scores = people.iloc[:, -1], people.iloc[:, :-1]
    table = contrasts(answers, scores, scale, weights, confidence, THIRD, drawn)
    ends = contrasts(answers, scores, scale, weights, confidence, 0, drawn)
    moved = (table["kind"] != ends["kind"]) & table["kind"].notna()
    warnings = {
        "few_poor": table["n_poor"] < small_base,
        "few_good": table["n_good"] < small_base,
        "few_middle": table["n_middle"] < small_base,
        "collinear": table.pop("inflation") > COLLINEAR,
        "depends_on_cut": moved,
    }
    flags = pd.DataFrame(warnings)
    return table.assign(warning=[";".join(flags.columns[row]) for row in flags.to_numpy()])


def contrasts(
    answers, scores, scale, weights, confidence: float, cut: float, drawn: Weight = None
) -> pd.DataFrame:
    """penalty, reward and kind of each item, for marks at `cut` of the scale's width."""
    low, high = scale
    poor = (scores <= low + cut * (high - low)).to_numpy()
    good = (scores >= high - cut * (high - low)).to_numpy()
    items, p = scores.columns, scores.shape[1]
    marks = np.column_stack([np.ones(len(scores)), poor, good]).astype(float)
    usable = (np.ptp(marks, axis=0) > 0) if len(marks) else np.zeros(2 * p + 1, dtype=bool)
    usable[0] = True
    beta, covariance = np.full(2 * p + 1, np.nan), np.full((2 * p + 1, 2 * p + 1), np.nan)
    if len(marks) > usable.sum():
        found = weighted_least_squares(marks[:, usable], answers.to_numpy(), weights, drawn)
        beta[usable], covariance[np.ix_(usable, usable)] = found
    df = freedom_left(weights, drawn, usable.sum()) if len(marks) else np.nan
    penalties, rewards = np.arange(1, p + 1), np.arange(p + 1, 2 * p + 1)
    variance = np.diag(covariance)
    joint = variance[penalties] + variance[rewards] + 2 * covariance[penalties, rewards]
    groups = {"n_poor": poor, "n_middle": ~poor & ~good, "n_good": good}
    columns = {"n": len(scores)} | {name: who.sum(axis=0) for name, who in groups.items()}
    for name, value, spread in [
        ("penalty", beta[penalties], variance[penalties]),
        ("reward", beta[rewards], variance[rewards]),
        ("excess", beta[penalties] + beta[rewards], joint),
    ]:
        ends = t_interval(value, spread, df, confidence)
        columns |= {name: value, f"{name}_low": ends[0], f"{name}_high": ends[1]}
    table = pd.DataFrame(columns, index=items).rename_axis("item").reset_index()
    return table.assign(kind=kinds(table), inflation=inflation(scores))


def weighted_least_squares(x: np.ndarray, y: np.ndarray, weights: np.ndarray, drawn=None):
    """(coefficients, HC3 covariance, by clusters where there are any): only proportions of weights
    matter.

    >>> x, y = np.array([[1, 0], [1, 1], [1, 2]]), np.array([1, 3, 5])
    >>> weighted_least_squares(x, y, np.ones(3))[0].round(9).tolist()
    [1.0, 2.0]
    """
    bread = np.linalg.pinv(x.T @ (x * weights[:, None]), hermitian=True)
    beta = bread @ (x.T @ (weights * y))
    pull = weights * np.einsum("ij,jk,ik->i", x, bread, x)  # of each answer on its own fit, 0–1
    left = (y - x @ beta) / np.maximum(1 - pull, 1e-6)
    scores = x * (weights * left)[:, None]
    if drawn is not None and drawn.clustered:
        scores, *_ = cluster_totals(scores, np.ones_like(scores, dtype=bool), drawn)
    return beta, bread @ (scores.T @ scores) @ bread


def kinds(table: pd.DataFrame) -> pd.Series:
    """basic, excitement, performance or unclear, by the intervals; None where they are blank."""
    hurts, pleases = table["penalty_high"] < 0, table["reward_low"] > 0
    found = np.select(
        [hurts & (table["excess_high"] < 0), pleases & (table["excess_low"] > 0), hurts & pleases],
        ["basic", "excitement", "performance"],
        "unclear",
    )
    return pd.Series(found, index=table.index, dtype=object).where(table["excess"].notna(), None)


def inflation(scores: pd.DataFrame) -> np.ndarray:
    """Variance inflation factor of each item among the others; blank for one that never varies."""
    found = np.full(scores.shape[1], np.nan)
    varies = (scores.nunique() > 1).to_numpy()
    correlation = scores.loc[:, varies].corr().to_numpy()
    # The ridge turns the infinite inflation of a copy into a very large one.
    found[varies] = np.diag(np.linalg.inv(correlation + 1e-9 * np.eye(len(correlation))))
    return found
