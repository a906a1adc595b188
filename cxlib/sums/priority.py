"""The key experience where customers were not asked what matters, or what they expected.

The key experience where no expectation was asked: satisfaction that was asked, or an ideal.

Satisfaction that was asked is a score on a scale of its own. It is no difference between experience
and expectation, and is nowhere mixed with one.
"""

import numpy as np
import pandas as pd

from cxlib.sums.estimate import DRAWS, SEED, Estimates, central, draw_means, z_of
from cxlib.sums.gap import gap_intervals, gap_table, mark_key_experience, p_key, shrunken

ENDS = ("", "_low", "_high")


def key_by_derived_importance(
    gaps: pd.DataFrame, drivers: pd.DataFrame, estimates: dict, confidence: float = 0.95
) -> pd.DataFrame:
    """The gap table with the key experience by derived importance × shortfall, where no stated
    importance × shortfall could give one.

    The shortfall is experience − expectation where expectation was asked, else experience − ideal,
    score points; derived importance is the LMG share of the outcome's variance (`driver_table`).

    Parameters
    ----------
    gaps : rows of gap_table with key_experience and p_key, one per segment and dimension; what
        `key_without_expectation` weighed by stated importance stays
    drivers : driver_table's rows for the same dimensions
    estimates : {segment: Estimates by (measure, dimension)}

    Returns the same rows plus
        key_basis   "stated", "derived", or "" where neither can be had
        derived, _low, _high    the LMG share, 0–1, of the outcome's variance
        priority, _low, _high   derived × shortfall, where stated importance does not decide
        ground      what the shortfall is from, where that was done: expectation or ideal
    and, in segments where derived importance decides, key_experience and p_key: the share of joint
    draws where the row's priority is the most negative, shrunken as in `gap_intervals`. The shares
    are drawn as normal with the spread of their interval, independent of the scores; a departure
    from the method, which asks.

    >>> case = cx.read_client("kiosk", "data")
    >>> key_by_derived_importance(cx.gaps(case), cx.drivers(case), case.estimates)[
    ...     "key_basis"
    ... ].iloc[0]
    'stated'
    """
    lmg = drivers[drivers["method"] == "lmg"].set_index("item")
    shares = {f"derived{end}": gaps["dimension"].map(lmg[f"share{end}"]) for end in ENDS}
    blank = {f"priority{end}": np.nan for end in ENDS} | {"ground": None}
    blank = {name: value for name, value in blank.items() if name not in gaps}
    found = gaps.assign(**shares, **blank, key_basis="")
    found = found.astype({"key_experience": object, "ground": object})
    rng = np.random.default_rng(SEED)
    for segment, rows in gaps.groupby("segment", sort=False).indices.items():
        table = found.iloc[rows]
        if table[["weighted_satisfaction", "priority"]].notna().any(axis=None):
            found.loc[table.index, "key_basis"] = "stated"
            continue
        by = "expectation" if table["satisfaction"].notna().any() else "ideal"
        fell_short = table["satisfaction" if by == "expectation" else "gap"].astype(float)
        priority = table["derived"] * fell_short
        if priority.isna().all():
            continue
        shares = _share_draws(lmg.reindex(table["dimension"]), confidence, rng)
        drawn = shares * (fell_short.to_numpy() + _moved(table, estimates.get(segment), by))
        worst = priority.eq(priority.min()) & (priority < 0)
        low, high = central(drawn, confidence)
        new = {"key_basis": "derived", "key_experience": worst, "priority": priority}
        new |= {"priority_low": low, "priority_high": high}
        new |= {"p_key": p_key(shrunken(drawn, priority.to_numpy(), SEED))}
        new |= {"ground": np.where(priority.notna(), by, None)}
        for name, values in new.items():
            found.loc[table.index, name] = values
    return found


def _share_draws(lmg: pd.DataFrame, confidence: float, rng) -> np.ndarray:
    spread = (lmg["share_high"] - lmg["share_low"]).to_numpy(dtype=float) / 2 / z_of(confidence)
    share = lmg["share"].to_numpy(dtype=float)
    return np.maximum(share + spread * rng.standard_normal((DRAWS, len(share))), 0)


def _moved(table: pd.DataFrame, estimates, by: str) -> np.ndarray:
    """How far each draw of the shortfall lies from its mean; 0 where it is not the survey's.

    Experience and, where it was asked, expectation are drawn together: the same people gave both.
    """
    moved = np.zeros((DRAWS, len(table)))
    if estimates is None:
        return moved
    signs = {"experience": 1} | ({"expectation": -1} if by == "expectation" else {})
    names = table["dimension"].tolist()
    known = [(m, d) for m in signs for d in names if (m, d) in estimates.mean.index]
    drawn = draw_means(estimates, known, DRAWS, SEED) - estimates.mean.loc[known].to_numpy()
    for (measure, dimension), column in zip(known, drawn.T, strict=True):
        moved[:, names.index(dimension)] += signs[measure] * column
    return moved


# Where no expectation was asked


# What an experience falls short of: (ground, its score's column and measure, the target's column).
# The first that is known of a segment decides, for its products are in one unit.
GROUNDS = (
    ("ideal", "experience", "experience", "ideal"),
    ("asked_satisfaction", "asked_satisfaction", "satisfaction", "asked_target"),
)
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
    as_lived = [("experience" if one == measure else one, name) for one, name in labels]
    index = pd.MultiIndex.from_tuples(as_lived, names=estimates.mean.index.names)
    return estimates.pick(labels).each(lambda known: known.set_axis(index))
