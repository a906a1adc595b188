"""Groups against the rest, waves against the one before, and what a survey could have seen.

The health check: scores by area against a reference group, as far as the bases allow.

How many people the next survey has to ask, and what those who did not answer could change.
"""

from dataclasses import replace
from functools import partial, reduce
from itertools import pairwise
from operator import add

import numpy as np
import pandas as pd
from scipy.special import ndtri, stdtrit

from cxlib.sums import estimate
from cxlib.sums.clusters import cluster_totals, influences
from cxlib.sums.interval import difference_interval, t_interval
from cxlib.sums.periods import first_to_last
from cxlib.sums.weights import Sampling, Weight, part_of

POWER = 0.80


def compare_groups(
    answers: pd.DataFrame, groups: pd.Series, weight: Weight = None, confidence: float = 0.95
) -> pd.DataFrame:
    """Each group against everybody else: one row per group and column of answers.

    The rest, not the total: a group is part of the total, and a large one would be compared with
    itself. People without a group are left out of both sides, for they might belong to either.

    Parameters
    ----------
    answers : one row per respondent; columns (measure, dimension) or plain; blank = no answer
    groups : group of each respondent, on the same index; its name is the first column's

    Returns the columns of _differences, with `_rest` for the other side.

    >>> answers = pd.DataFrame({"overall": [6, 7, 8, 2, 3, 4]})
    >>> compare_groups(answers, pd.Series([*"aaabbb"], name="group"))["difference"].tolist()
    [4.0, -4.0]
    """
    by_group, apart = _by_group(answers, groups, weight)
    if isinstance(weight, Sampling):
        known = groups.index[groups.notna()]
        pairs = {group: (own, known.difference(own)) for group, own in by_group.items()}
    else:
        total = reduce(add, by_group.values())
        pairs = {group: (own, total - own) for group, own in by_group.items()}
    return _differences(pairs, groups.name, "rest", apart, confidence)


def compare_waves(
    answers: pd.DataFrame, waves: pd.Series, weight: Weight = None, confidence: float = 0.95
) -> pd.DataFrame:
    """Each wave against the one before: one row per wave after the first and column of answers.

    Waves are taken in time (`periods.first_to_last`) and as samples of different people.
    Returns the columns of _differences, with `_before` for the other side.

    >>> answers = pd.DataFrame({"overall": [6, 7, 8, 8, 9, 10]})
    >>> compare_waves(answers, pd.Series([1, 1, 1, 2, 2, 2], name="wave"))[
    ...     "difference"
    ... ].tolist()
    [2.0]
    """
    by_wave, apart = _by_group(answers, waves, weight)
    order = pairwise(first_to_last(waves))
    pairs = {wave: (by_wave[wave], by_wave[before]) for before, wave in order}
    return _differences(pairs, waves.name, "before", apart, confidence)


def nps_changes(scores: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Each wave's net promoter score against the one before: the same rows, in their order.

    scores : one row per wave, in order, of different people: n, nps, nps_low, nps_high (points, at
        this confidence)

    Returns them plus n_before, nps_before, difference (nps − nps_before), difference_low and
    _high, p (how often chance alone would bring one as large), and detectable (smallest true
    change found with 80 % power), in points; blank in the first row. Two intervals may overlap
    although the difference is beyond chance, so it has one of its own, from those of its two sides.

    Source: MOVER, Zou & Donner 2008, Statistics in Medicine 27; as Newcombe's for two shares.

    >>> waves = pd.DataFrame(
    ...     {"n": 100, "nps": [10, 40], "nps_low": [-5, 25], "nps_high": [25, 55]}
    ... )
    >>> nps_changes(waves)[["difference", "p"]].iloc[1].round(3).tolist()
    [30.0, 0.006]
    """
    before = scores[["n", "nps", "nps_low", "nps_high"]].shift()
    found = pd.DataFrame(difference_interval(scores, before, "nps"))
    low, high = found["difference_low"], found["difference_high"]
    variance = ((high - low) / 2 / estimate.z_of(confidence)) ** 2
    seen = detectable_difference(variance, np.inf, confidence)
    found = found.assign(p=chance_of(found, confidence), detectable=seen)
    return scores.assign(n_before=before["n"], nps_before=before["nps"], **found)


def chance_of(found: pd.DataFrame, confidence: float = 0.95) -> pd.Series:
    """p of differences of `difference_interval`: how often chance alone would bring one as large.

    >>> found = pd.DataFrame({"difference": [1.96], "difference_low": [0.0], "difference_high": [4.0]})
    >>> chance_of(found).round(3).tolist()
    [0.05]
    """
    change, low, high = (found[f"difference{end}"] for end in ("", "_low", "_high"))
    towards_zero = (change - low).where(change > 0, high - change)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = change.abs() / towards_zero * estimate.z_of(confidence)
    return pd.Series(estimate.p_of(z), found.index).where(towards_zero > 0)


def benjamini_hochberg(p) -> np.ndarray:
    """q, 0–1: the false-discovery rate at which each p would be called a difference.

    Blank p are no tests: they stay blank and do not count. Source: Benjamini & Hochberg 1995.

    >>> benjamini_hochberg([0.01, 0.04, 0.5]).round(3).tolist()
    [0.03, 0.06, 0.5]
    """
    p = np.asarray(p, dtype=float)
    q = np.full(p.shape, np.nan)
    tested = ~np.isnan(p)
    if tested.any():
        from scipy.stats import false_discovery_control

        q[tested] = false_discovery_control(p[tested], method="bh")
    return q


def detectable_difference(variance, df, confidence: float = 0.95, power: float = POWER):
    """The smallest true difference that would be found with this power, in the answers' unit.

    variance : of the difference; df : its degrees of freedom. Elementwise.
    """
    df = np.where(np.asarray(df, dtype=float) > 0, df, np.nan)
    return (estimate.t_of(confidence, df) + stdtrit(df, power)) * np.sqrt(variance)


def _by_group(answers, groups, weight) -> tuple:
    """(what is known of each group, how one is set apart from another): Moments about the mean, which
    add up; of people asked in clusters their labels, for a cluster may be on both sides."""
    by = groups.groupby(groups, observed=True).groups
    if isinstance(weight, Sampling):
        return by, partial(_together, answers=answers, weight=weight)
    found, centre = {}, answers.mean()
    for name, who in by.items():
        found[name] = estimate.moments(answers.loc[who], part_of(weight, who), centre)
    return found, partial(_apart, centre=centre)


def _differences(pairs, name, other, apart, confidence) -> pd.DataFrame:
    """One row per group and label, of pairs as `_by_group` knows them.

    n, n_eff, mean and their `_{other}`; difference (mean − the other mean), difference_low and
    _high, in the answers' unit; p (Welch's t on effective bases); q (Benjamini–Hochberg over the
    whole table); different (q ≤ 1 − confidence); detectable (smallest true difference found with
    80 % power).
    """
    parts = [_difference(*apart(*pair), other, confidence) for pair in pairs.values()]
    if not parts:
        return pd.DataFrame()
    table = pd.concat(parts, keys=list(pairs), names=[name or "group"]).reset_index()
    q = benjamini_hochberg(table["p"])
    after_p = table.columns.get_loc("p") + 1
    table.insert(after_p, "q", q)
    table.insert(after_p + 1, "different", q <= 1 - confidence)
    return table


def _apart(own: estimate.Moments, its_other: estimate.Moments, centre) -> tuple:
    """(one side, the other, variance of the difference): no person stands on both sides."""
    found = map(estimate.estimates_from_moments, (own, its_other))
    one, two = (replace(each, mean=each.mean + centre) for each in found)
    return one, two, _variance(one) + _variance(two)


def _together(own, its_other, answers, weight) -> tuple:
    """The same of labels of people; a cluster with people on both sides moves both."""
    influence, sides = [], []
    for people, sign in ((own, 1), (its_other, -1)):
        part = part_of(weight, people)
        sides.append(estimate.estimate_means(answers.loc[people], part))
        influence.append(sign * influences(answers.loc[people], sides[-1].mean, part))
    both = own.append(its_other)
    answered = answers.loc[both].notna().to_numpy()
    totals, *_ = cluster_totals(np.concatenate(influence), answered, part_of(weight, both))
    variance = pd.Series((totals**2).sum(axis=0), answers.columns)
    return *sides, variance.where(_variance(sides[0]).notna() & _variance(sides[1]).notna())


def _variance(found) -> pd.Series:
    return pd.Series(np.diag(found.covariance), index=found.mean.index)


def _difference(one, two, variance, other, confidence) -> pd.DataFrame:
    difference = one.mean - two.mean
    df = estimate.df_of_sum([_variance(one), _variance(two)], [one.df, two.df])
    low, high, p = _tested(difference, variance, df, confidence)
    columns = {"n": one.n, f"n_{other}": two.n, "n_eff": one.n_eff, f"n_eff_{other}": two.n_eff,
        "mean": one.mean, f"mean_{other}": two.mean, "difference": difference,
        "difference_low": low, "difference_high": high, "p": p,
        "detectable": detectable_difference(variance, df, confidence)}  # fmt: skip
    table = pd.DataFrame(columns)
    return table.rename_axis([label or "measure" for label in table.index.names])


def _tested(difference, variance, df, confidence) -> tuple:
    """(low, high, p) of a difference, by Student's t."""
    with np.errstate(divide="ignore", invalid="ignore"):
        p = estimate.p_of(difference / np.sqrt(variance), df)
    return *t_interval(difference, variance, df, confidence), p


# The health check


BASES = ["n", "sd", "reference_n", "reference_sd"]


def health_check(areas: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """One row per area, the worst difference first.

    Parameters
    ----------
    areas : area, score, reference, in one unit; where known n, sd (answers behind the score and
        their standard deviation), reference_n, reference_sd; a reference without a base is taken
        as a fixed mark

    Returns the same rows plus difference (score − reference), difference_low, difference_high, p,
    q (Benjamini–Hochberg over the areas) and verdict: higher, lower, cannot_tell; no_base where no
    interval can be computed, so that the difference stands as printed; blank without a difference.

    >>> areas = pd.DataFrame(
    ...     {"area": ["service", "price"], "score": [61.2, 70.0], "reference": [68.3, 65.0]}
    ... )
    >>> health_check(areas)["difference"].round(1).tolist()
    [-7.1, 5.0]
    """
    table = areas.reset_index(drop=True)
    table = table.assign(**{name: np.nan for name in BASES if name not in table})
    bases = table[BASES].apply(pd.to_numeric, errors="coerce")
    own = bases["sd"] ** 2 / bases["n"].where(bases["n"] > 1)
    other = bases["reference_sd"] ** 2 / bases["reference_n"].where(bases["reference_n"] > 1)
    both = own, other.fillna(0)  # nothing more is unsure against a fixed mark
    df = estimate.df_of_sum(both, (bases["n"] - 1, (bases["reference_n"] - 1).fillna(np.inf)))
    difference = table["score"].astype(float) - table["reference"].astype(float)
    low, high, p = _tested(difference, sum(both), df, confidence)
    q = benjamini_hochberg(p)
    holds = [difference.isna(), np.isnan(q), q > 1 - confidence, difference > 0]
    verdict = np.select(holds, ["", "no_base", "cannot_tell", "higher"], "lower")
    found = {"difference": difference, "difference_low": low, "difference_high": high}
    table = table.assign(**found, p=p, q=q, verdict=verdict)
    return table.sort_values("difference", kind="stable", ignore_index=True)


# How many people the next survey has to ask


def answers_needed(spread, difference, confidence=0.95, power=POWER, design_effect=1.0):
    """Answers in each of two waves, or groups, of one size, so that a true difference of this size is
    found with this power. Elementwise.

    spread : standard deviation of single answers; difference : in the same unit
    design_effect : how many times weights and clusters multiply the variance of a mean

    The normal sum with Guenther's term for an estimated spread, within one of the exact noncentral t.

    Source: Guenther 1981, The American Statistician 35; design effect, Kish 1965.

    >>> float(answers_needed(1.0, 0.5).round(1))  # R: power.t.test(delta = .5, sd = 1, power = .8), 63.8
    63.8
    """
    z = estimate.z_of(confidence)
    return design_effect * (2 * ((z + ndtri(power)) * spread / difference) ** 2 + z**2 / 4)


def had_all_answered(mean, rate, scale, aim=np.nan) -> dict:
    """What the mean of all who were asked could be, whatever the silent would have said. Elementwise.

    mean : of those who answered; rate : their share of all who were asked; aim : a mean to be reached

    mean_lowest, mean_highest : were all the silent at an end of the scale (Manski's bounds)
    silent_mean : what the silent must have scored on average for the aim to be reached by all; beyond
        the scale no answer of theirs could reach it

    Source: Manski 1989, Journal of Human Resources 24.

    >>> had_all_answered(6.0, 0.25, (0, 10), 7.0)
    {'mean_lowest': 1.5, 'mean_highest': 9.0, 'silent_mean': 7.333333333333333}
    """
    low, high = (rate * mean + (1 - rate) * end for end in scale)
    silent = (aim - rate * mean) / (1 - rate)
    return {"mean_lowest": low, "mean_highest": high, "silent_mean": silent}
