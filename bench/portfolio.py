"""How long a plan takes: initiatives under budgets over several years."""

import time

import numpy as np
import pandas as pd

from bench import Row
from cxlib.sums.roadmap import plan_roadmap

SEED = 19


def made_up_initiatives(n: int, seed: int = SEED) -> pd.DataFrame:
    """One row per initiative; a fifth require another, a tenth rule one out, some must wait."""
    rng = np.random.default_rng(seed)
    names = [f"i{row}" for row in range(n)]
    other = [names[rng.integers(0, max(row, 1))] for row in range(n)]
    kind = rng.random(n)
    return pd.DataFrame(
        {
            "initiative": names,
            "cost": rng.integers(10, 100, n).astype(float),
            "benefit": rng.integers(5, 100, n).astype(float),
            "person_days": rng.integers(5, 50, n).astype(float),
            "dimension": rng.choice(list("abcdef"), n),
            "requires": [
                o if k < 0.2 and o != m else "" for o, k, m in zip(other, kind, names, strict=True)
            ],
            "excludes": [
                o if k > 0.9 and o != m else "" for o, k, m in zip(other, kind, names, strict=True)
            ],
            "year": np.where(rng.random(n) < 0.3, (2025 + rng.integers(0, 4, n)).astype(str), ""),
        }
    )


def rows(full):
    for n, years, most in [(20, 3, None), (60, 5, None), (200, 5, 5.0)]:
        budgets = pd.Series(4.0 * n, index=[str(2025 + year) for year in range(years)])
        table = made_up_initiatives(n)
        start = time.perf_counter()
        plan = plan_roadmap(table, budgets, {"person_days": 1.25 * n})
        seconds = time.perf_counter() - start
        near = f"{plan['within'].iloc[0]:.1%} of the best possible"
        yield Row(
            f"the best plan of {n} initiatives over {years} years",
            f"{seconds:.1f} s, within {near}",
            "none" if most is None else f"under {most:g} s",
            most is None or seconds < most,
        )
