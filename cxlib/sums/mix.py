"""Averages that mislead because groups are not made up alike, and the same once they are.

A group's mean is set against everybody else's twice: as it is, and within strata (segment, role …)
where both are found, so that both have the same mix. Where the sign turns, the plain comparison
says the opposite of what holds in the parts (Simpson's paradox). Adjusting takes away what the
strata explain and nothing else: those whom staff asked may differ in other ways as well.
"""

import numpy as np
import pandas as pd

from cxlib.sums.compare import benjamini_hochberg
from cxlib.sums.estimate import p_of, z_of
from cxlib.sums.weights import Sampling, Weight, checked_weight, effective_base

COLUMNS = [
    "group", "n", "n_rest", "mean", "mean_rest", "difference", "difference_low", "difference_high",
    "adjusted", "adjusted_low", "adjusted_high", "covered", "p",
]  # fmt: skip


def mix_adjusted(
    answers: pd.Series,
    groups: pd.Series,
    strata: pd.Series,
    weight: Weight = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Each group against the rest, before and after both have the same mix of strata.

    Parameters
    ----------
    answers : one per respondent, score points or 0/1; blank = no answer
    groups, strata : of each respondent, same index; blank in either leaves the person out

    Returns one row per group
        n, n_rest, mean, mean_rest
        difference, _low, _high   mean − mean of the rest, answers' unit
        adjusted, _low, _high     the mean over strata, by the people in each, of that difference
                                  within it; strata where either side has fewer than two are left out
        covered                   share of people in strata that could be compared, 0–1
        p, q                      of the adjusted difference; q by Benjamini–Hochberg over groups
        reversed                  plain and adjusted differences have opposite signs, neither with
                                  0 in its interval
        turned                    opposite signs, whatever the intervals
        higher                    the adjusted difference is above 0, its whole interval with it

    >>> answers = pd.Series([8.0, 8, 4, 4, 4, 8])
    >>> groups, strata = pd.Series([*"aaabbb"], name="site"), pd.Series([*"xxyyyx"])
    >>> mix_adjusted(answers, groups, strata)["difference"].round(2).tolist()
    [1.33, -1.33]
    """
    table = pd.DataFrame({"x": answers, "group": groups, "stratum": strata})
    table["w"] = checked_weight(weight, table.index)
    table["cluster"] = weight.cluster if isinstance(weight, Sampling) and weight.clustered else 0
    table = table.dropna()
    names = [] if table["group"].nunique() < 2 else sorted(table["group"].unique(), key=str)
    rows = [group_row(table, table["group"] == name, name, confidence) for name in names]
    found = pd.DataFrame(rows, columns=COLUMNS)
    turned = np.sign(found["difference"]) * np.sign(found["adjusted"]) < 0
    clear = found["difference_low"] * found["difference_high"] > 0
    clear &= found["adjusted_low"] * found["adjusted_high"] > 0
    q = benjamini_hochberg(found["p"])
    higher = found["adjusted_low"] > 0
    return found.assign(q=q, reversed=turned & clear, turned=turned, higher=higher)


def group_row(table: pd.DataFrame, inside: pd.Series, name, confidence: float) -> tuple:
    """One row of `mix_adjusted`: a group against everybody else."""
    mean, other, difference, variance, influence = set_apart(table, inside)
    clustered = table["cluster"].any()
    if clustered:
        variance = by_cluster(influence, table["cluster"])
    *plain, _ = ends_of(difference, variance, confidence)
    adjusted, spread, covered = within_strata(table, inside, clustered)
    *adjusted, p = ends_of(adjusted, spread, confidence)
    sizes = int(inside.sum()), int((~inside).sum())
    return (name, *sizes, mean, other, *plain, *adjusted, covered, p)


def ends_of(difference: float, variance: float, confidence: float) -> tuple:
    """(difference, low, high, p) of a normal estimate; no p where it has no variance."""
    error = np.sqrt(variance)
    half = z_of(confidence) * error
    p = float(p_of(difference / error)) if error > 0 else np.nan
    return difference, difference - half, difference + half, p


def by_cluster(influence: pd.Series, cluster: pd.Series) -> float:
    """Variance of what people move, who were asked in clusters; blank of one cluster."""
    totals = influence.groupby(cluster.loc[influence.index]).sum()
    m = len(totals)
    return float((totals**2).sum() * m / (m - 1)) if m > 1 else np.nan


def within_strata(table: pd.DataFrame, inside: pd.Series, clustered=False) -> tuple:
    """(difference over strata, its variance, share of people in strata that were compared)."""
    both = []
    for _, rows in table.groupby("stratum"):
        mine = inside.loc[rows.index]
        if mine.sum() > 1 and (~mine).sum() > 1:
            both.append((rows["w"].sum(), *set_apart(rows, mine)[2:]))
    if not both:
        return np.nan, np.nan, 0.0
    size, difference, variance, influence = zip(*both, strict=True)
    share = np.array(size) / sum(size)
    spread = share**2 @ np.array(variance)
    if clustered:
        moved = (part * each for part, each in zip(share, influence, strict=True))
        spread = by_cluster(pd.concat(moved), table["cluster"])
    return share @ np.array(difference), spread, sum(size) / table["w"].sum()


def set_apart(rows: pd.DataFrame, inside: pd.Series) -> tuple:
    """(mean of those inside, of the others, their difference, its variance, what each person moves it)."""
    means, variances, moved = [], [], []
    for people, sign in ((rows[inside], 1), (rows[~inside], -1)):
        x, w = people["x"], people["w"] / people["w"].sum()
        means.append(w @ x if len(x) else np.nan)
        moved.append(sign * w * (x - means[-1]))
        n_eff = effective_base(w.to_numpy())
        known = (
            moved[-1] @ moved[-1] * n_eff / (n_eff - 1) if len(x) > 1 else np.nan
        )  # Kish's factor
        variances.append(known)
    return *means, means[0] - means[1], sum(variances), pd.concat(moved)
