"""Intervals for means, differences, shares, NPS and ranks."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import special

from cxlib.sums.clusters import base_of
from cxlib.sums.estimate import Estimates, estimate_means, t_of, z_of
from cxlib.sums.weights import Sampling, Weight, effective_base, part_of

# What no interval here keeps, found by the simulations in proof/, for the reports to say: (about
# this many answers, the least coverage found at .95). `proof.simulations.unsaid` holds it to them.
SHORT_OF_PROMISE = {
    "drivers": (100, 0.91),  # below so many; bootstrap shares near zero come out too high
    "concentration": (100, 0.87),  # of very unequal ones the largest are often not among so few
    "ranks": (40, 0.87),  # of experiences hardly apart
    "mean": (30, 0.87),  # extreme skewness: often not one low score among so few
    "loss": (1000, 0.87),  # a few customers weigh so much that their leaving is a toss
}


def t_interval(value, variance, df, confidence: float = 0.95, skewness=0.0):
    """(low, high) around value, elementwise; blank where the variance is, or df ≤ 0.

    Student's t; with the skewness of the estimate, t bent by Hall's transformation: among very
    satisfied customers the few low scores make a mean less sure below than above, and plain t
    intervals at n = 30 hold the truth 9 times in 10 instead of 19 in 20 (see coverage.py).

    Source: Hall 1992, J. Royal Statistical Society B 54(1), the transformation g3.

    >>> [round(float(end), 2) for end in t_interval(10, 1, df=1e9)]
    [8.04, 11.96]
    """
    df = np.asarray(df, dtype=float)
    with np.errstate(invalid="ignore"):
        error = np.sqrt(variance)
        # As stats.t.ppf, which takes ten times as long to ask whether it may.
        t = special.stdtrit(np.where(df > 0, df, np.nan), 0.5 + confidence / 2)
    return value - error * _bent(t, skewness), value - error * _bent(-t, skewness)


def _bent(t, skewness):
    """Hall's transformation backwards: the quantile that a skewed estimate has for t."""
    # No mean of answers is more skewed than 1: so few of them can seem to be (capped).
    skewness = np.nan_to_num(np.asarray(skewness, dtype=float)).clip(-1, 1)
    straight = np.abs(skewness) < 1e-6  # 0/0 in the formula, whose limit is t
    skewness = np.where(straight, 1.0, skewness)
    bent = 3 / skewness * (np.cbrt(1 + skewness * (t - skewness / 6)) - 1)
    return np.where(straight, t, bent)


def mean_interval(estimates: Estimates, confidence=0.95, scale=None, name="mean") -> pd.DataFrame:
    """One row per label: n, n_eff, mean (under this name), mean_low, mean_high, in the answers' unit.

    scale : (lowest, highest) answer, numbers or one per label; no interval goes beyond it, and
        where all answers are alike it says how far the mean may be off (`within_scale`)

    t_interval with skewness, on the estimates' degrees of freedom (Estimates.df).

    >>> from cxlib.sums.estimate import estimate_means
    >>> mean_interval(estimate_means(pd.DataFrame({"a": [1, 2, 3, 4]})))[
    ...     ["n", "mean"]
    ... ].values.tolist()
    [[4.0, 2.5]]
    """
    variance = np.diag(estimates.covariance)
    low, high = t_interval(estimates.mean, variance, estimates.df, confidence, estimates.skewness)
    if scale is not None:
        alike = np.where(variance == 0, estimates.n_eff, np.nan)
        low, high = within_scale(estimates.mean, low, high, alike, scale, confidence)
    found = {"n": estimates.n, "n_eff": estimates.n_eff, name: estimates.mean}
    return pd.DataFrame(found | {f"{name}_low": low, f"{name}_high": high})


def means_by_group(
    answers: pd.DataFrame, groups: Mapping, weight: Weight, confidence: float, scale=None
) -> pd.DataFrame:
    """`mean_interval` of the people of each group, one group after the other.

    answers : one row per person, columns (measure, dimension); groups : {group: its people}

    Returns measure, dimension, the columns of `mean_interval`, and group.

    >>> of = pd.MultiIndex.from_tuples([("experience", "price")])
    >>> answers = pd.DataFrame([[4.0], [6.0]], columns=of)
    >>> found = means_by_group(answers, {"all": [0, 1], "user": [1]}, None, 0.95)
    >>> found[["group", "mean"]].values.tolist()
    [['all', 5.0], ['user', 6.0]]
    """
    parts = []
    for group, people in groups.items():
        found = estimate_means(answers.loc[people], part_of(weight, people))
        rows = mean_interval(found, confidence, scale).rename_axis(["measure", "dimension"])
        parts.append(rows.reset_index().assign(group=group))
    return pd.concat(parts, ignore_index=True)


def within_scale(value, low, high, alike, scale, confidence: float = 0.95):
    """(low, high), elementwise, kept on the scale, and not of no width where all answers are alike.

    alike : effective base where all answers are alike, else blank. As many people as so few would
    miss (Wilson's limit of none in them, 3.8 in n at 95 %) may be at either end of the scale.

    >>> [round(float(end), 2) for end in within_scale(9.0, 9.0, 9.0, 100, (0, 10))]
    [8.67, 9.04]
    """
    missed = np.nan_to_num(wilson_interval(0 * np.asarray(alike), alike, confidence)[1])
    missed = np.where(np.isfinite(np.subtract(scale[1], scale[0])), missed, 0.0)
    low = np.where(missed > 0, value - missed * (value - scale[0]), low)
    high = np.where(missed > 0, value + missed * (scale[1] - value), high)
    ends = np.fmax(low, scale[0]), np.fmin(high, scale[1])
    return tuple(np.where(np.isnan(value), np.nan, end) for end in ends)  # nobody gave a score


def wilson_interval(successes, n, confidence: float = 0.95):
    """(low, high) of a share, 0–1; successes of n, elementwise; blank where n is 0.

    For weighted answers give share × n_eff of n_eff. Source: Wilson 1927, JASA 22:209.

    >>> [round(float(end), 3) for end in wilson_interval(5, 10)]
    [0.237, 0.763]
    """
    n = np.asarray(n, dtype=float)
    z = z_of(confidence)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = np.asarray(successes, dtype=float) / n
        centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
        half = z / (1 + z**2 / n) * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2))
    return np.maximum(centre - half, 0), np.minimum(centre + half, 1)


def counted_share(count, of, confidence: float = 0.95, name: str = "share") -> dict:
    """A share, 0–1, of a count, under a name, and the ends of its Wilson interval, elementwise;
    blank of nobody.

    >>> counted_share(5, 10)["share"]
    0.5
    """
    count, of = np.asarray(count, dtype=float), np.asarray(of, dtype=float)
    low, high = wilson_interval(count, of, confidence)
    # of numbers a number
    return {name: share_of(count, of)[()], f"{name}_low": low, f"{name}_high": high}


def share_of(part, whole):
    """part / whole, and blank where the whole is nothing.

    >>> share_of(np.array([1.0, 1.0]), [4, 0]).tolist()
    [0.25, nan]
    """
    return part / np.where(np.asarray(whole) > 0, whole, np.nan)


def weighted_share(member: pd.Series, weight: pd.Series, confidence: float, drawn: Weight = None):
    """(share, low, high, n_eff) of 0-or-1 by weight, Wilson on the effective base; blank where nothing
    weighs. drawn : how they were asked, if in clusters.

    >>> weighted_share(pd.Series([1, 0]), pd.Series([3.0, 1.0]), 0.95)[::3]
    (0.75, 1.6)
    """
    if not len(member) or not weight.sum() > 0:
        return np.nan, np.nan, np.nan, 0.0
    share, n_eff = float(np.average(member, weights=weight)), effective_base(weight)
    if isinstance(drawn, Sampling):
        n_eff = base_of(member.astype(float), part_of(drawn, member.index))
    low, high = wilson_interval(share * n_eff, n_eff, confidence)
    return share, float(low), float(high), n_eff


def difference_interval(one, two, name: str, other: str = "", reach=np.hypot) -> dict:
    """difference, difference_low, difference_high of two independent estimates, from the interval of
    each, elementwise: X, X_low and X_high of `one`, less those of `two` (there called `other`).

    reach : of both, from that of each; np.add for parts of one whole: what one has the others lack

    Source: Zou & Donner 2008, Statistics in Medicine 27; of shares by Wilson it is Newcombe 1998.

    >>> here, there = {"x": 5.0, "x_low": 2.0, "x_high": 8.0}, {"x": 3.0, "x_low": -1.0, "x_high": 7.0}
    >>> {name: float(value) for name, value in difference_interval(here, there, "x").items()}
    {'difference': 2.0, 'difference_low': -3.0, 'difference_high': 7.0}
    """
    here, low, high = (one[f"{name}{end}"] for end in ("", "_low", "_high"))
    there, there_low, there_high = (two[f"{other or name}{end}"] for end in ("", "_low", "_high"))
    difference = here - there
    down, up = reach(here - low, there_high - there), reach(high - here, there - there_low)
    ends = {"difference_low": difference - down, "difference_high": difference + up}
    return {"difference": difference, **ends}


def share_interval(estimates: Estimates, confidence: float = 0.95) -> pd.DataFrame:
    """One row per label of answers that are 0 or 1: n, n_eff, share, share_low, share_high, reliable.

    Shares are 0–1. Wilson on design_base; `reliable` is share_is_reliable.

    >>> from cxlib.sums.estimate import estimate_means
    >>> share_interval(estimate_means(pd.DataFrame({"a": [1, 0, 0, 1]})))["share"].tolist()
    [0.5]
    """
    base = design_base(estimates, estimates.mean * (1 - estimates.mean))
    low, high = wilson_interval(estimates.mean * base, base, confidence)
    found = {"n": estimates.n, "n_eff": estimates.n_eff, "share": estimates.mean}
    reliable = share_is_reliable(estimates.mean, low, high, estimates.n_eff)
    return pd.DataFrame(found | {"share_low": low, "share_high": high, "reliable": reliable})


def design_base(estimates: Estimates, variance_of_one) -> np.ndarray:
    """The size of an unweighted survey that would know each mean as well, in answers, at most n.

    Kish's n_eff takes the weights for unrelated to the answers, which is too pessimistic for small
    shares among people of small weight; this uses the variance that the weighted mean has.

    Parameters
    ----------
    variance_of_one : variance of one answer if people were weighted alike, e.g. p(1 − p)

    Source: Korn & Graubard 1998, Survey Methodology 24(2), with their limit at n.
    """
    n, n_eff = estimates.n.to_numpy(), estimates.n_eff.to_numpy()
    variance = np.diag(estimates.covariance)
    with np.errstate(divide="ignore", invalid="ignore"):
        base = np.asarray(variance_of_one) / variance * n_eff / (n_eff - 1)
    if estimates.clusters_df is not None:  # few clusters do not know their own variance well
        normal, df = z_of(0.95), np.maximum(estimates.clusters_df.to_numpy(), 1)
        base = np.asarray(variance_of_one) / variance * (normal / t_of(0.95, df)) ** 2
    return np.where(variance > 0, np.minimum(base, n), n_eff)


def share_is_reliable(share, low, high, n_eff):
    """Whether a share (0–1) may be presented, elementwise: the US health statistics' rule.

    Not when the effective base is below 30, the 95 % interval is .30 wide or wider, or it is wider
    than both .05 and 130 % of the share. Source: NCHS, Vital and Health Statistics 2(175), 2017.

    >>> bool(share_is_reliable(0.5, 0.45, 0.55, 400)), bool(share_is_reliable(0.5, 0.2, 0.8, 9))
    (True, False)
    """
    width = np.asarray(high, dtype=float) - np.asarray(low, dtype=float)
    relative = width > 1.30 * np.asarray(share, dtype=float)
    return (np.asarray(n_eff) >= 30) & (width < 0.30) & ~((width > 0.05) & relative)


def nps_interval(promoters, passives, detractors, confidence: float = 0.95, n_eff=None):
    """(nps, low, high) in points, −100 to 100, from counts, elementwise; blank without answers.

    Adjusted Wald: three more answers, ¾ of them promoters and ¾ detractors, before the variance.
    For weighted answers give weighted counts, and their effective base as n_eff. Source: Rocks 2016, The American
    Statistician 70(4).

    >>> [round(float(end), 1) for end in nps_interval(50, 30, 20)]
    [30.0, 14.1, 44.2]
    """
    counts = [np.asarray(count, dtype=float) for count in (promoters, passives, detractors)]
    total = sum(counts)
    base = total if n_eff is None else np.asarray(n_eff, dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        up, down = counts[0] / total, counts[2] / total
        more_up, more_down = (up * base + 0.75) / (base + 3), (down * base + 0.75) / (base + 3)
    half = z_of(confidence) * np.sqrt(nps_variance(more_up, more_down) / (base + 3))
    centre = 100 * (more_up - more_down)
    return 100 * (up - down), np.maximum(centre - half, -100), np.minimum(centre + half, 100)


def nps_variance(promoters, detractors):
    """Variance of one answer's contribution to the NPS, in points² (100², not 100), from shares.

    >>> round(nps_variance(0.5, 0.2))
    6100
    """
    return 100**2 * (promoters + detractors - (promoters - detractors) ** 2)


def nps_table(
    recommend: pd.Series,
    weight: Weight = None,
    by: pd.Series | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """One row per group of people, `all` first: n, n_eff, promoters, passives, detractors, nps.

    Parameters
    ----------
    recommend : one answer per respondent, 0–10; blank = no answer
    by : group of each respondent, on the same index; its name is the first column's

    Promoters (9, 10), passives and detractors (0–6) are shares, 0–1; nps, nps_low and nps_high
    are points, −100 to 100.

    >>> nps_table(pd.Series([10, 9, 8, 3]))["nps"].tolist()
    [25.0]
    """
    kinds = nps_kinds(recommend)
    groups = {"all": kinds.index}
    if by is not None:
        groups |= by.groupby(by, observed=True).groups
    found = (estimate_means(kinds.loc[who], part_of(weight, who)) for who in groups.values())
    table = pd.concat([nps_from(each, confidence) for each in found], ignore_index=True)
    table.insert(0, "segment" if by is None else by.name, list(groups))
    return table


def nps_kinds(recommend: pd.Series | pd.DataFrame) -> pd.DataFrame:
    """Columns promoters, passives, detractors (0 or 1) and nps (100, 0, −100); blank if blank.

    For answers in several columns, the kinds are the upper level of the columns.

    >>> nps_kinds(pd.Series([10, 8, 3]))["nps"].tolist()
    [100.0, 0.0, -100.0]
    """
    promoters, detractors = recommend >= 9, recommend <= 6
    kinds = {
        "promoters": promoters.astype(float),
        "passives": (~promoters & ~detractors).astype(float),
        "detractors": detractors.astype(float),
        "nps": 100.0 * promoters - 100.0 * detractors,
    }
    told = {kind: values.mask(recommend.isna()) for kind, values in kinds.items()}
    return pd.concat(told, axis=1)


def nps_from(found: Estimates, confidence: float = 0.95) -> pd.DataFrame:
    """One row per column of answers that nps_kinds made kinds of, from the kinds' means.

    >>> from cxlib.sums.estimate import estimate_means
    >>> kinds = nps_kinds(pd.DataFrame({"shop": [10, 9, 8, 3]}))
    >>> nps_from(estimate_means(kinds))["nps"].tolist()
    [25.0]
    """
    kinds = ("promoters", "passives", "detractors")
    shares = {kind: np.atleast_1d(found.mean[kind]) for kind in kinds}
    kept = found.pick(found.mean.index.get_level_values(0) == "nps")
    base = design_base(kept, nps_variance(shares["promoters"], shares["detractors"]))
    nps, low, high = nps_interval(*shares.values(), confidence=confidence, n_eff=base)
    bases = {"n": kept.n.to_numpy(), "n_eff": kept.n_eff.to_numpy()}
    return pd.DataFrame({**bases, **shares, "nps": nps, "nps_low": low, "nps_high": high})


def nps_possible(nps: float, n: int) -> bool:
    """Whether n unweighted answers can give the NPS reported, −100 to 100, as it was rounded.

    The NPS of n answers is a whole number of 100/n points; it is taken to be rounded to the digits
    that the number has. Source: the GRIM test, Brown & Heathers 2017.

    >>> nps_possible(50, 4), nps_possible(33, 4)
    (True, False)
    """
    decimals = len(f"{nps:.10f}".rstrip("0").partition(".")[2])
    nearest = np.clip(round(nps * n / 100), -n, n) * 100 / n
    # Either way of rounding a half is allowed.
    return bool(abs(nearest - nps) <= 0.5 * 10.0**-decimals + 1e-9)


def rank_intervals(draws: np.ndarray, value, confidence: float = 0.95) -> dict[str, np.ndarray]:
    """rank, rank_low, rank_high of each column, 1 = smallest, over joint draws (rows).

    Blank where the draws are. `value` is the estimate that `rank` itself goes by.

    >>> draws = np.array([[1.0, 2.0], [1.5, 2.5], [0.5, 3.0]])
    >>> rank_intervals(draws, [1.0, 2.5])["rank"].tolist()
    [1.0, 2.0]
    """
    blank, lines = np.isnan(draws).any(axis=0), np.ascontiguousarray(draws.T)
    low, high = np.full((2, len(blank)), np.nan)
    tail = (1 - confidence) / 2
    for each in np.flatnonzero(~blank):
        smaller = np.zeros(len(draws), dtype=np.int16)
        for other in lines[~blank]:
            smaller += other < lines[each]
        reached = np.bincount(smaller).cumsum() / len(draws)
        low[each], high[each] = reached.searchsorted([tail, 1 - tail]) + 1
    value = np.where(blank, np.nan, np.asarray(value, dtype=float))
    rank = np.where(np.isnan(value), np.nan, 1 + (value[:, None] > value).sum(axis=1))
    return {"rank": rank, "rank_low": low, "rank_high": high}


def not_told_apart(rows, first, name, parts: bool = False) -> pd.DataFrame:
    """The other rows from which the first cannot be told apart by their intervals.

    By `difference_interval`, which is cautious where the same people answered both; parts : of one
    whole.

    >>> rows = pd.DataFrame({"share": [0.5, 0.45, 0.2]})
    >>> rows = rows.assign(share_low=rows["share"] - 0.05, share_high=rows["share"] + 0.05)
    >>> not_told_apart(rows, rows.iloc[0], "share").index.tolist()
    [1]
    """
    others = rows[rows.index != first.name]
    if f"{name}_low" not in rows or pd.isna(first[f"{name}_low"]):
        return others.head(0)
    known = others[[name, f"{name}_low", f"{name}_high"]].astype(float)
    found = difference_interval(known, first, name, reach=np.add if parts else np.hypot)
    return others[(found["difference_low"] <= 0) & (found["difference_high"] >= 0)]
