"""The health check: scores by area against a reference group, as far as the bases allow."""

import numpy as np
import pandas as pd

from cxlib.sums.compare import benjamini_hochberg
from cxlib.sums.interval import t_interval
from cxlib.sums.tails import p_of

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
    fixed = other.isna()
    variance = own + other.fillna(0)
    spread = own**2 / (bases["n"] - 1) + (other**2 / (bases["reference_n"] - 1)).mask(fixed, 0)
    df = variance**2 / spread  # Welch–Satterthwaite; own n − 1 against a fixed mark
    difference = table["score"].astype(float) - table["reference"].astype(float)
    low, high = t_interval(difference, variance, df, confidence)
    p = p_of(difference / np.sqrt(variance), df)
    q = benjamini_hochberg(p)
    verdict = np.select(
        [difference.isna(), np.isnan(q), q > 1 - confidence, difference > 0],
        ["", "no_base", "cannot_tell", "higher"],
        "lower",
    )
    found = {"difference": difference, "difference_low": low, "difference_high": high}
    table = table.assign(**found, p=p, q=q, verdict=verdict)
    return table.sort_values("difference", kind="stable", ignore_index=True)
