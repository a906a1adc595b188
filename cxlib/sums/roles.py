"""Who says what: scores by role, how much the roles disagree, and who is unhappy behind a good mean.

Source: the method, §6: sponsor, IT, finance and user value different things; show each, the spread
between them, and the view weighted by who decides and pays.
"""

import numpy as np
import pandas as pd

from cxlib.sums.estimate import Estimates, df_of_sum
from cxlib.sums.interval import means_by_group, t_interval
from cxlib.sums.weights import Weight, checked_weight

DISTRESS = 0.5  # of the scale: a mean surely below its middle is distress
GOOD = 0.6  # of the scale: a mean of everybody from here on looks good


def role_scores(
    answers: pd.DataFrame,
    roles: pd.Series,
    scale: tuple,
    weight: Weight = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """One row per measure, dimension and role (`all` first).

    Parameters
    ----------
    answers : one row per respondent, columns (measure, dimension) on `scale`; blank = no answer
    roles : of each respondent, same index; blank = not known, and then only in `all`

    Returns measure, dimension, role, n, n_eff, mean, mean_low, mean_high (score points), and
    share_of_answers: the role's of all answers, those of no known role included (0–1); distress: the
    role's interval lies below the middle of the scale while the mean of everybody
    looks good (60 % of the way up the scale or more).

    >>> answers = pd.DataFrame(
    ...     [[4.0], [6.0]], columns=pd.MultiIndex.from_tuples([("experience", "price")])
    ... )
    >>> role_scores(answers, pd.Series(["user", "sponsor"]), (0, 10))[
    ...     ["role", "mean"]
    ... ].values.tolist()
    [['all', 5.0], ['sponsor', 6.0], ['user', 4.0]]
    """
    groups = {"all": answers.index} | dict(roles.groupby(roles).groups)
    table = means_by_group(answers, groups, weight, confidence, scale)
    table, (low, high) = table.rename(columns={"group": "role"}), scale
    whole = table.groupby(["measure", "dimension"], dropna=False)[["n", "mean"]].transform("first")
    share = table["n"] / whole["n"].where(whole["n"] > 0)
    good = whole["mean"] >= low + GOOD * (high - low)
    below = table["mean_high"] < low + DISTRESS * (high - low)
    columns = ["measure", "dimension", "role", "n", "n_eff", "mean", "mean_low", "mean_high"]
    distress = good & below & (table["role"] != "all")
    return table[columns].assign(share_of_answers=share, distress=distress)


def role_spread(answers: pd.DataFrame, roles: pd.Series, weight: Weight = None) -> pd.DataFrame:
    """How much of the differences between people are differences between roles.

    Returns one row per measure and dimension: n, roles (how many), spread (share of all variance
    that lies between roles, 0–1: omega squared, which unlike R² does not grow with the number of
    roles; 0 where chance alone would do), lowest and highest (the roles with those means).

    >>> answers = pd.DataFrame(
    ...     [[4.0], [4.1], [6.0], [6.1]],
    ...     columns=pd.MultiIndex.from_tuples([("experience", "price")]),
    ... )
    >>> role_spread(answers, pd.Series(["user", "user", "sponsor", "sponsor"]))[
    ...     "highest_role"
    ... ].tolist()
    ['sponsor']
    """
    rows, weights = [], checked_weight(weight, answers.index)
    for column in answers.columns:
        table = pd.DataFrame({"x": answers[column], "role": roles, "w": weights}).dropna()
        rows.append((*column, *spread_of(table)))
    columns = ["measure", "dimension", "n", "roles", "spread", "lowest_role", "highest_role"]
    return pd.DataFrame(rows, columns=columns)


def spread_of(table: pd.DataFrame) -> tuple:
    """(people, roles, omega squared, role with the lowest mean, with the highest)."""
    n, roles = len(table), table["role"].nunique()
    if roles < 2 or n <= roles or not table["w"].sum():
        return n, roles, np.nan, None, None
    w = table["w"] / table["w"].mean()  # so that weights do not change the number of people
    sums = pd.DataFrame({"w": w, "wx": w * table["x"]}).groupby(table["role"]).sum()
    means, centre = sums["wx"] / sums["w"], (w @ table["x"]) / w.sum()
    between = sums["w"] @ (means - centre) ** 2
    total = w @ (table["x"] - centre) ** 2
    if not total:
        return n, roles, np.nan, None, None
    within = (total - between) / (n - roles)
    omega = (between - (roles - 1) * within) / (total + within)
    return n, roles, max(float(omega), 0.0), means.idxmin(), means.idxmax()


def weighted_by_role(
    by_role: dict[str, Estimates],
    role_weights: dict,
    confidence: float = 0.95,
    together: Estimates | None = None,
) -> pd.DataFrame:
    """The view of who decides and pays, beside that of everybody asked.

    by_role : Estimates of the same columns for each role, and for `all`
    together : of columns (role, measure, dimension), where roles were asked in the same clusters

    Returns one row per measure and dimension: n (people in the weighted roles), mean, weighted,
    weighted_low, weighted_high (score points), missing (weight of roles nobody answered for, 0–1:
    the others share it).

    >>> from cxlib.sums.estimate import estimate_means
    >>> column = pd.MultiIndex.from_tuples([("experience", "price")])
    >>> by_role = {
    ...     role: estimate_means(pd.DataFrame(scores, columns=column))
    ...     for role, scores in {
    ...         "user": [[4.0], [4.0]],
    ...         "sponsor": [[8.0], [8.0]],
    ...         "all": [[6.0], [6.0]],
    ...     }.items()
    ... }
    >>> weighted_by_role(by_role, {"user": 1, "sponsor": 3})["weighted"].tolist()
    [7.0]
    """
    weights = pd.Series(role_weights, dtype=float)
    weights = weights[weights > 0] / weights.sum()
    there = [role for role in weights.index if role in by_role]
    everybody = by_role["all"]
    rows = []
    for label in everybody.mean.index:
        told = {role: by_role[role] for role in there if pd.notna(by_role[role].mean[label])}
        row = combined(told, weights.reindex(list(told)), label, confidence, together)
        rows.append((*label, everybody.mean[label], *row))
    columns = ["measure", "dimension", "mean", "n", "weighted", "weighted_low", "weighted_high"]
    return pd.DataFrame(rows, columns=[*columns, "missing"])


def combined(told: dict, share: pd.Series, label, confidence: float, together=None) -> tuple:
    """(people, weighted mean, low, high, weight that nobody speaks for) of one column."""
    if not told:
        return 0, np.nan, np.nan, np.nan, 1.0
    part = share / share.sum()
    mean = sum(part[role] * one.mean[label] for role, one in told.items())
    pieces = [part[role] ** 2 * one.covariance.at[label, label] for role, one in told.items()]
    variance = sum(pieces)
    if together is not None:
        labels = [(role, *label) for role in told]
        variance = part.to_numpy() @ together.covariance.loc[labels, labels].to_numpy() @ part
    df = df_of_sum(
        pieces, [one.df[label] for one in told.values()]
    )  # a role of three keeps it wide
    low, high = t_interval(mean, variance, df, confidence)
    n = sum(int(one.n[label]) for one in told.values())
    return n, mean, float(low), float(high), 1 - share.sum()
