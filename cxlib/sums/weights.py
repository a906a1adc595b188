"""Survey weights: what a weight may be, what weighting costs, and raking to known margins."""

import numpy as np
import pandas as pd


def checked_weight(weight: pd.Series | None, index: pd.Index) -> np.ndarray:
    """One weight per row of `index`, any unit; all ones where no weight is given.

    A blank or negative weight is refused: a blank taken for zero drops a person without a word.
    Zero is allowed (a person outside the population) but not everywhere.
    """
    if weight is None:
        return np.ones(len(index))
    aligned = weight.reindex(index) if not weight.index.equals(index) else weight
    values = pd.to_numeric(aligned, errors="coerce").to_numpy(dtype=float)
    problems = [
        f"{name} in {bad.sum():,} of {len(index):,} rows ({_first(index[bad])})"
        for name, bad in {
            "blank or not a number": ~np.isfinite(values),
            "negative": values < 0,
        }.items()
        if bad.any()
    ]
    if not problems and len(values) and not values.any():
        problems = [f"zero in all {len(index):,} rows"]
    if problems:
        raise ValueError(
            f"The weight is {' and '.join(problems)}. Such a weight would leave people out of every "
            "figure unannounced. Correct the weights, or leave those rows out of the survey."
        )
    return values


def effective_base(weight: pd.Series | np.ndarray) -> float:
    """Kish's effective base, in answers: (Σw)² / Σw². Only the proportions of weights matter.

    Source: Kish 1965, Survey Sampling, §11.7.
    """
    weight = np.asarray(weight, dtype=float)
    return float(weight.sum() ** 2 / (weight**2).sum())


def design_effect(weight: pd.Series | np.ndarray) -> float:
    """How many times the weights multiply the variance of a mean: n / effective base, from 1 up.

    People of weight zero are outside the population and do not count. Source: Kish 1992.
    """
    return float(np.count_nonzero(weight) / effective_base(weight))


def _first(rows: pd.Index, limit: int = 5) -> str:
    shown = ", ".join(str(row) for row in rows[:limit])
    return f"row {shown}" if len(rows) <= limit else f"row {shown} and {len(rows) - limit:,} more"
