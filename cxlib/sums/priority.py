"""The key experience where customers were not asked what matters, or what they expected."""

import numpy as np
import pandas as pd

from cxlib.sums.estimate import DRAWS, SEED, draw_means
from cxlib.sums.gap import p_key
from cxlib.sums.shrink import shrunken
from cxlib.sums.tails import central, z_of

ENDS = ("", "_low", "_high")


def key_by_derived_importance(
    gaps: pd.DataFrame,
    drivers: pd.DataFrame,
    estimates: dict,
    confidence: float = 0.95,
    draws: int = DRAWS,
) -> pd.DataFrame:
    """The gap table with the key experience by derived importance × shortfall, where no stated
    importance × shortfall could give one.

    The shortfall is experience − expectation where expectation was asked, else experience − ideal,
    score points; derived importance is the LMG share of the outcome's variance (`driver_table`).

    Parameters
    ----------
    gaps : rows of gap_table with key_experience and p_key, one per segment and dimension; what
        `asked.key_without_expectation` weighed by stated importance stays
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
    >>> key_by_derived_importance(cx.gaps(case), cx.drivers(case), case.estimates, draws=50)[
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
        fell_short = _shortfall(table)
        priority = table["derived"] * fell_short
        if priority.isna().all():
            continue
        shares = _share_draws(lmg.reindex(table["dimension"]), confidence, draws, rng)
        drawn = shares * (fell_short.to_numpy() + _moved(table, estimates.get(segment), draws))
        tails = central(drawn, confidence)
        worst = priority.eq(priority.min()) & (priority < 0)
        found.loc[table.index, "key_basis"] = "derived"
        found.loc[table.index, "priority"] = priority
        found.loc[table.index, ["priority_low", "priority_high"]] = tails.T
        found.loc[table.index, "key_experience"] = worst
        found.loc[table.index, "p_key"] = p_key(shrunken(drawn, priority.to_numpy(), SEED))
        by = "expectation" if table["satisfaction"].notna().any() else "ideal"
        found.loc[table.index, "ground"] = np.where(priority.notna(), by, None)
    return found


def _shortfall(table: pd.DataFrame) -> pd.Series:
    """Experience − expectation, or − ideal where nothing was expected of any dimension."""
    asked = table["satisfaction"].notna().any()
    return (table["satisfaction"] if asked else table["gap"]).astype(float)


def _share_draws(lmg: pd.DataFrame, confidence: float, draws: int, rng) -> np.ndarray:
    spread = (lmg["share_high"] - lmg["share_low"]).to_numpy(dtype=float) / 2 / z_of(confidence)
    share = lmg["share"].to_numpy(dtype=float)
    return np.maximum(share + spread * rng.standard_normal((draws, len(share))), 0)


def _moved(table: pd.DataFrame, estimates, draws: int) -> np.ndarray:
    """How far each draw of the shortfall lies from its mean; 0 where it is not the survey's.

    Experience and, where it was asked, expectation are drawn together: the same people gave both.
    """
    moved = np.zeros((draws, len(table)))
    if estimates is None:
        return moved
    signs = {"experience": 1} | ({"expectation": -1} if table["satisfaction"].notna().any() else {})
    names = table["dimension"].tolist()
    known = [(m, d) for m in signs for d in names if (m, d) in estimates.mean.index]
    drawn = draw_means(estimates, known, draws, SEED) - estimates.mean.loc[known].to_numpy()
    for (measure, dimension), column in zip(known, drawn.T, strict=True):
        moved[:, names.index(dimension)] += signs[measure] * column
    return moved
