"""How often the band of a survival curve holds the share who are still customers, by simulation."""

import numpy as np
import pandas as pd

from cxlib.sums.retention import survival_curves
from proof.coverage import SIZES
from proof.coverage_links import missed, ordered, summary

SHAPE, SCALE = 0.7, 48.0  # of a Weibull stay, months: who easily leaves is gone first
FOLLOWED = 60.0  # months since the first customers came; the others came evenly since
LOOKED = 36.0  # months of these in which we looked, where customers were first seen late
AT = np.array([6.0, 12.0, 24.0, 36.0])  # months, at which 79, 68, 54 and 44 % are still there


def stays_coverage(replications: int = 300, seed: int = 20_100, sizes=SIZES) -> pd.DataFrame:
    """How often the band holds, at each of AT, the share still there, of n customers followed from
    the start, or of whom those who left before we looked are not in the file; in the shape of
    `coverage_table`.

    >>> stays_coverage(2, sizes=(30,))["skew"].tolist()
    ['seen from the start', 'seen late']
    """
    rows = []
    for number, n in enumerate(sizes):
        for late, named in enumerate(("seen from the start", "seen late")):
            rng = np.random.default_rng([seed, 21, number, late])
            found = [stay_misses(made_stays(rng, n, late)) for _ in range(replications)]
            rows.append(summary(found, 0.95).assign(skew=named, n=n, weighted=False))
    return ordered(rows)


def made_stays(rng, n: int, late) -> pd.DataFrame:
    """tenure, left and entered of n customers; who left before we looked is unknown to us."""
    stay, ago = SCALE * rng.weibull(SHAPE, 9 * n), rng.uniform(0, FOLLOWED, 9 * n)
    entered = np.maximum(ago - LOOKED, 0) * late
    made = {"tenure": np.minimum(stay, ago), "left": (stay <= ago) * 1, "entered": entered}
    return pd.DataFrame(made)[stay > entered].head(n)


def stay_misses(customers: pd.DataFrame) -> pd.DataFrame:
    """Of one company, where its curve is drawn; of those who had stayed until its start, where it is."""
    curve = survival_curves(customers)
    start = curve["start"].iloc[0]
    step = np.searchsorted(curve["time"], AT, side="right") - 1
    shown = (step >= 0) & (start < AT)
    true = np.exp((start / SCALE) ** SHAPE - (AT / SCALE) ** SHAPE)
    low, high = (curve[f"survival{end}"].to_numpy()[step] for end in ("_low", "_high"))
    name = "how long customers stay (Kaplan–Meier)"
    ends = np.where(shown, low, np.nan), np.where(shown, high, np.nan)
    return missed({name: ends}, {name: true})
