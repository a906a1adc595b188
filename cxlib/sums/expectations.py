"""What raises expectations, who sets them, and a lower promise beside a better delivery."""

import numpy as np
import pandas as pd

from cxlib.sums.clusters import leverages, sandwich
from cxlib.sums.drivers import BOOTSTRAPS, driver_table, lmg_shares, resampled
from cxlib.sums.estimate import estimate_means, spread
from cxlib.sums.interval import mean_interval, t_interval
from cxlib.sums.weights import freedom_left, who_answered


def expectation_drivers(
    answers: pd.DataFrame,
    expectation: pd.Series | None = None,
    weight: pd.Series | None = None,
    confidence: float = 0.95,
    draws: int = BOOTSTRAPS,
) -> pd.DataFrame:
    """Which of the six raise expectations, said and derived.

    Parameters
    ----------
    answers : one row per respondent, one column per driver (how much it formed the expectation)
    expectation : each respondent's mean expectation, score points; None = nothing derived

    Returns one row per driver, the largest derived share first, else the largest mean
        driver, n, n_eff, mean, mean_low, mean_high   as answered
        share, _low, _high, p_first, sign             of the variance of expectation (LMG; see
                                                      `drivers.driver_table`); r2, association
        raises      raises, lowers, or cannot_tell: by the coefficient's interval; blank if not
                    derived

    >>> answers = pd.DataFrame({"word_of_mouth": [5, 6, 7], "promotion": [2, 3, 1]})
    >>> expectation_drivers(answers)["driver"].tolist()
    ['word_of_mouth', 'promotion']
    """
    found = mean_interval(estimate_means(answers, weight), confidence)
    table = found.rename_axis("driver").reset_index()
    if expectation is not None:
        derived = driver_table(expectation, answers, weight, confidence, draws)
        derived = derived[derived["method"] == "lmg"].set_index("item")
        wanted = ["share", "share_low", "share_high", "p_first", "sign", "r2", "coefficient"]
        wanted += ["coefficient_low", "coefficient_high"]
        table = table.join(derived[wanted], on="driver")
        low, high = (table[f"coefficient_{end}"].astype(float) for end in ("low", "high"))
        kinds = [low.isna(), low > 0, high < 0]
        table["raises"] = np.select(kinds, ["", "raises", "lowers"], "cannot_tell")
    order = "share" if expectation is not None else "mean"
    return table.sort_values(order, ascending=False, kind="stable", ignore_index=True)


def shares_by_setter(answers, expectation, set_by: pd.Series, weight=None, confidence=0.95):
    """What each of those who set expectations accounts for: set_by, n, n_eff, share, _low, _high.

    set_by : {driver: who sets it}. A share is the sum of the drivers' (`expectation_drivers`), taken in
    each resample, for the drivers of one setter go together; the largest first.

    >>> answers = pd.DataFrame(np.random.default_rng(1).normal(size=(99, 2)), columns=[*"ab"])
    >>> found = shares_by_setter(answers, answers["a"], pd.Series({"a": "vendor", "b": "customer"}))
    >>> found["set_by"].tolist()
    ['vendor', 'customer']
    """
    used, samples = resampled(expectation, answers, weight)
    if samples is None:
        return pd.DataFrame(columns=["set_by", "n", "share"])
    sums = pd.DataFrame(lmg_shares(samples).T, used.items).groupby(set_by.reindex(used.items)).sum()
    found = pd.DataFrame({"set_by": sums.index, "n": used.n, "n_eff": used.n_eff})
    found = found.assign(**spread("share", sums.to_numpy().T, confidence))
    return found.sort_values("share", ascending=False, kind="stable", ignore_index=True)


def promise_or_delivery(
    outcome: pd.Series,
    experience: pd.Series,
    expectation: pd.Series,
    weight: pd.Series | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """What a point less promised goes with, beside a point more delivered.

    outcome : one value per respondent (1 bad, 0 not; or any score); experience, expectation : each
        respondent's mean, score points

    Returns two rows, lever = delivery, promise: effect, effect_low, effect_high (change of the
    outcome with one point more experience, or one point less expectation, the other held), and in
    both rows difference, difference_low, difference_high (delivery − promise) and n. By definition
    either raises satisfaction by a point; the outcome need not care alike. Intervals by HC3 and
    Student's t (`weighted_least_squares`). Association; and a
    lower promise also brings fewer customers through the door, whom no survey of customers sees.

    >>> answers = np.random.default_rng(1).normal(5, 1, size=(2, 100))
    >>> lived, hoped = (pd.Series(column) for column in answers)
    >>> promise_or_delivery(lived, lived, hoped)["effect"].round(6).abs().tolist()
    [1.0, 0.0]
    """
    asked = pd.DataFrame({"x": experience, "e": expectation, "y": outcome})
    people, weights, drawn = who_answered(asked.reindex(experience.index), weight)
    values = people.to_numpy()
    table = pd.DataFrame({"lever": ["delivery", "promise"], "n": len(values)})
    names = [f"{of}{end}" for of in ("effect", "difference") for end in ("", "_low", "_high")]
    if len(values) < 5 or (values.std(axis=0) == 0).any():
        return table.assign(**dict.fromkeys(names, np.nan))
    design = np.column_stack([np.ones(len(values)), values[:, :2]])
    slopes, covariance = weighted_least_squares(design, values[:, 2], weights, drawn)
    # A point more delivered, a point less promised, and what the one does more than the other.
    moves = np.array([[0, 1, 0], [0, 0, -1], [0, 1, 1]])
    found, variance = moves @ slopes, np.diag(moves @ covariance @ moves.T)
    low, high = t_interval(found, variance, freedom_left(weights, drawn, 3), confidence)
    ends = dict(zip(("", "_low", "_high"), (found, low, high), strict=True))
    table = table.assign(**{f"effect{end}": each[:2] for end, each in ends.items()})
    return table.assign(**{f"difference{end}": each[2] for end, each in ends.items()})


def weighted_least_squares(x: np.ndarray, y: np.ndarray, weights: np.ndarray, drawn=None):
    """(coefficients, HC3 covariance, by clusters where there are any): only proportions of weights
    matter.

    >>> x, y = np.array([[1, 0], [1, 1], [1, 2]]), np.array([1, 3, 5])
    >>> weighted_least_squares(x, y, np.ones(3))[0].round(9).tolist()
    [1.0, 2.0]
    """
    bread = np.linalg.pinv(x.T @ (x * weights[:, None]), hermitian=True)
    beta = bread @ (x.T @ (weights * y))
    left = (y - x @ beta) / np.maximum(1 - leverages(bread, x, weights), 1e-6)
    return beta, sandwich(bread, x, weights * left, drawn)
