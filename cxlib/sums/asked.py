"""The key experience where no expectation was asked: satisfaction that was asked, or an ideal.

Satisfaction that was asked is a score on a scale of its own. It is no difference between experience
and expectation, and is nowhere mixed with one.
"""

import numpy as np
import pandas as pd

from cxlib.sums.estimate import Estimates
from cxlib.sums.gap import gap_intervals, gap_table, mark_key_experience

# What an experience falls short of: (ground, its score's column and measure, the target's column).
# The first that is known of a segment decides, for its products are in one unit.
GROUNDS = (
    ("ideal", "experience", "experience", "ideal"),
    ("asked_satisfaction", "asked_satisfaction", "satisfaction", "asked_target"),
)
ENDS = ("", "_low", "_high")
RANKS = ("rank", "rank_low", "rank_high", "p_key")


def key_without_expectation(gaps: pd.DataFrame, estimates: dict, confidence=0.95) -> pd.DataFrame:
    """The gap table with the ground of its key experience, and one where no expectation was asked.

    Parameters
    ----------
    gaps : rows of gap_table with intervals and key_experience, one per segment and dimension (or
        item), and asked_satisfaction, asked_target   points of the scale it was asked on
    estimates : {segment: Estimates by (measure, dimension or item)}

    Returns the same rows plus
        asked_satisfaction_low, _high   as `gap_intervals` has them
        ground     expectation, ideal or asked_satisfaction: what the row was weighed by; else blank
        priority, _low, _high   importance × (score − target), of grounds but expectation
    and, in segments where no importance × (experience − expectation) is known, key_experience, rank
    and p_key by the priority.

    Source: importance against satisfaction as asked is Martilla & James 1977, Journal of Marketing
    41(1). The product, and the top of the scale as its target where no ideal was decided, are ours,
    after step 3 of the method.

    >>> asked = {"asked_satisfaction": [2.0, 4.0], "asked_target": 5.0, "importance": [4.0, 3.0]}
    >>> gaps = pd.DataFrame({"dimension": ["a", "b"], "segment": "all", **asked}).assign(
    ...     experience=np.nan, expectation=np.nan, ideal=np.nan
    ... )
    >>> found = key_without_expectation(mark_key_experience(gap_table(gaps)), {})
    >>> found[["priority", "key_experience"]].values.tolist()
    [[-12.0, True], [-3.0, False]]
    """
    by_method = gaps["weighted_satisfaction"].notna()
    ground = pd.Series(np.where(by_method, "expectation", None), gaps.index, dtype=object)
    found = gaps.assign(ground=ground, **{f"priority{end}": np.nan for end in ENDS})
    found = with_limits(found, estimates, confidence)
    decided = by_method.groupby(gaps["segment"]).transform("any")
    for _, rows in found[~decided].groupby("segment", sort=False):
        for name, score, measure, target in GROUNDS:
            weighed = rows["importance"] * (rows[score] - rows[target])
            if weighed.notna().any():
                keys = keys_of(rows, estimates, confidence, score, measure, target)
                keys["ground"] = np.where(weighed.notna(), name, None)
                found = found.astype({"key_experience": object})
                found.loc[rows.index, list(keys)] = keys
                break
    return found


def with_limits(gaps: pd.DataFrame, estimates: dict, confidence: float) -> pd.DataFrame:
    """The rows with the limits of satisfaction as asked; blank where nobody was."""
    if gaps["asked_satisfaction"].isna().all():
        return gaps.assign(asked_satisfaction_low=np.nan, asked_satisfaction_high=np.nan)
    held = held_as_experience(gaps, "asked_satisfaction", np.nan)
    as_lived = {name: renamed(each, "satisfaction") for name, each in estimates.items()}
    limits = gap_intervals(gap_table(held), as_lived, confidence, draws=0)
    return gaps.assign(**{f"asked_satisfaction{e}": limits[f"experience{e}"] for e in ENDS[1:]})


def keys_of(rows, estimates, confidence, score, measure, target) -> pd.DataFrame:
    """priority with its limits, key_experience, rank and p_key of one segment's rows: those of the
    gap table in which the score stands for experience and the target, known, for expectation."""
    segment = rows["segment"].iloc[0]
    held = mark_key_experience(gap_table(held_as_experience(rows, score, rows[target])))
    own = estimates.get(segment)
    known = {} if own is None else {segment: renamed(own, measure)}
    held = gap_intervals(held, known, confidence)
    ends = {f"priority{end}": held[f"weighted_satisfaction{end}"] for end in ENDS}
    return pd.DataFrame(ends).join(held[["key_experience", *RANKS]])


def held_as_experience(rows: pd.DataFrame, score: str, target) -> pd.DataFrame:
    """The rows with a score of theirs in the place of experience, and a target of expectation."""
    return rows.assign(experience=rows[score].astype(float), expectation=target, ideal=np.nan)


def renamed(estimates: Estimates, measure: str) -> Estimates:
    """The estimates of a measure, as those of experience, and of importance."""
    labels = [label for label in estimates.mean.index if label[0] in (measure, "importance")]
    found = estimates.pick(labels)
    as_lived = [("experience" if one == measure else one, name) for one, name in labels]
    index = pd.MultiIndex.from_tuples(as_lived, names=estimates.mean.index.names)
    covariance = found.covariance.set_axis(index).set_axis(index, axis=1)
    by_label = (
        None if each is None else each.set_axis(index)
        for each in (found.n, found.n_eff, found.skewness, found.clusters_df)
    )
    return Estimates(found.mean.set_axis(index), covariance, *by_label)
