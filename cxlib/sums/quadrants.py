"""Importance–performance analysis: what first, what to leave alone (Martilla & James 1977).

Which quadrant an item falls in depends on where the crosshair stands, and on who happened to
answer. Both are tried, so that no quadrant is read as a fact that is only a choice of line.
"""

import numpy as np
import pandas as pd

from cxlib.sums.estimate import DRAWS, SEED, z_of

QUADRANTS = {
    (True, False): "concentrate_here", (True, True): "keep_up", (False, False): "low_priority",
    (False, True): "possible_overkill",
}  # fmt: skip
AXES = ["importance", "performance"]
# Of how an experience is served: the first known.
MEASURES = ("satisfaction", "gap", "experience", "asked_satisfaction")


def importance_quadrants(
    items: pd.DataFrame,
    crosshair: str = "mean",
    importance_scale=None,
    performance_scale=None,
    confidence: float = 0.95,
    draws: int = DRAWS,
) -> pd.DataFrame:
    """The quadrant of each item, and whether it holds under other lines and other samples.

    Parameters
    ----------
    items : one row per item, columns importance (stated, or a derived share) and performance;
        importance_low, importance_high, performance_low, performance_high where known, at
        `confidence`
    crosshair : mean or median of the items, or midpoint of the scales
    importance_scale, performance_scale : (lowest, highest); a derived share has no scale, and its
        midpoint is then the mean of the items

    Returns the same rows plus
        importance_line, performance_line   where the crosshair stands
        quadrant             concentrate_here (important, poor), keep_up (important, good),
                             low_priority (neither), possible_overkill (unimportant, good);
                             an item on a line is important, or good
        quadrant_mean, quadrant_median, quadrant_midpoint    under each crosshair
        stable               the same under all three
        p_quadrant           probability of `quadrant` when every score is drawn from its interval
                             (normal, independent) and the crosshair moves along; blank where an
                             interval is
    A blank score leaves the item's quadrants blank, and out of the crosshair.

    >>> items = pd.DataFrame({"importance": [9, 9, 2, 2], "performance": [3, 8, 3, 8]})
    >>> importance_quadrants(items)["quadrant"].tolist()
    ['concentrate_here', 'keep_up', 'low_priority', 'possible_overkill']
    """
    scales = [importance_scale, performance_scale]
    kinds = ["mean", "median", "midpoint"]
    values = items[AXES].astype(float).dropna().reindex(items.index).to_numpy()
    lines = {kind: crosshair_lines(values, kind, scales) for kind in kinds}
    found = {f"quadrant_{kind}": named(values, lines[kind]) for kind in kinds}
    stand = dict(zip(("importance_line", "performance_line"), lines[crosshair], strict=True))
    table = items.assign(**stand, quadrant=found[f"quadrant_{crosshair}"], **found)
    same = table[list(found)].nunique(axis=1) == 1
    drawn = drawn_scores(items, values, confidence, draws)
    moved = drawn >= crosshair_lines(drawn, crosshair, scales)[..., None, :]
    held = (moved == (values >= lines[crosshair])).all(axis=-1).mean(axis=0)
    unknown = np.isnan(drawn).any(axis=(0, 2))
    return table.assign(
        stable=same.where(table["quadrant"].notna()).astype("boolean"),
        p_quadrant=np.where(unknown, np.nan, held),
    )


def performance_measure(rows: pd.DataFrame) -> str:
    """The column that says how well each is served: satisfaction (experience − expectation), else
    the gap to the ideal, else experience alone, or satisfaction as asked. The map and the table of
    quadrants both go by it.

    >>> performance_measure(pd.DataFrame({"satisfaction": [None, None], "gap": [-1.0, 0.0]}))
    'gap'
    """
    known = (name for name in MEASURES if name in rows and rows[name].notna().any())
    return next(known, "experience")


def crosshair_lines(values: np.ndarray, kind: str, scales) -> np.ndarray:
    """(importance, performance) line for scores (…, items, 2)."""
    if not np.isfinite(values).any():
        return np.full((*values.shape[:-2], 2), np.nan)
    centre = np.nanmedian(values, axis=-2) if kind == "median" else np.nanmean(values, axis=-2)
    for axis, scale in enumerate(scales):
        if kind == "midpoint" and scale is not None:
            centre[..., axis] = (scale[0] + scale[1]) / 2
    return centre


def named(values: np.ndarray, line: np.ndarray) -> list:
    """Quadrant of each item; None where a score is blank."""
    sides = zip((values >= line).tolist(), np.isnan(values).any(axis=1), strict=True)
    return [None if gone else QUADRANTS[tuple(side)] for side, gone in sides]


def drawn_scores(items, values, confidence: float, draws: int) -> np.ndarray:
    """(draws, items, 2) scores from their intervals; blank where an interval is."""
    z = z_of(confidence)
    ends = items.reindex(columns=[f"{axis}_{end}" for axis in AXES for end in ("low", "high")])
    low, high = ends.astype(float).to_numpy().reshape(-1, 2, 2).transpose(2, 0, 1)
    noise = np.random.default_rng(SEED).standard_normal((draws, *values.shape))
    return values + noise * (high - low) / (2 * z)
