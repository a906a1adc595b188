"""Before and after: how often a change is found where there is none, with carry-over and season."""

import numpy as np
import pandas as pd

from cxlib.sums.loop import carried_on

CASES = (  # part of a deviation handed on, season's height in deviations, periods before and after
    (0.0, 0.0, 12, 6),
    (0.3, 0.0, 12, 6),
    (0.6, 0.0, 12, 6),
    (0.6, 0.0, 24, 12),
    (0.6, 1.5, 24, 12),
    (0.3, 1.5, 36, 12),
    (0.6, 1.5, 36, 6),
)


def series(rng, carry: float, height: float, n: int) -> np.ndarray:
    """n months in which nothing happened: a level, a season, and deviations handed on."""
    y, noise = np.zeros(n), rng.standard_normal(n) * np.sqrt(1 - carry**2)
    y[0] = rng.standard_normal()
    for month in range(1, n):
        y[month] = carry * y[month - 1] + noise[month]
    return 50 + y + height * np.sin(2 * np.pi * np.arange(n) / 12)


def before_after_coverage(replications: int = 600, seed: int = 20_100, cases=CASES):
    """Share of series without an event whose interval holds what came, in the shape of `summary`."""
    rows = []
    for number, (carry, height, n, m) in enumerate(cases):
        rng = np.random.default_rng([seed, 12, number])
        high = low = 0
        for _ in range(replications):
            y = series(rng, carry, height, n + m)
            time = np.arange(n + m)
            ends = carried_on(y, time < n, time >= n, 12 if height else 1)[1:]
            high += ends[0] > y[n:].mean()
            low += ends[1] < y[n:].mean()
        held = 1 - (high + low) / replications
        error = max(np.sqrt(held * (1 - held) / replications), 1 / replications)
        name = f"before and after, carried over {carry:g}" + (", season" if height else "")
        rows.append((name, "", n, False, held, error, high / replications, low / replications))
    names = ["method", "skew", "n", "weighted", "coverage", "coverage_error", "too_high", "too_low"]
    found = pd.DataFrame(rows, columns=names)
    return found.assign(as_promised=(found["coverage"] - 0.95).abs() <= 0.02)
