"""How long a plan takes: initiatives under budgets over several years."""

import time

import numpy as np
import pandas as pd

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


def portfolio() -> pd.DataFrame:
    """One row per case: initiatives, years, seconds, and how near the proven best the plan is."""
    rows = []
    for n, years in [(20, 3), (60, 5), (200, 5)]:
        budgets = pd.Series(4.0 * n, index=[str(2025 + year) for year in range(years)])
        table = made_up_initiatives(n)
        start = time.perf_counter()
        plan = plan_roadmap(table, budgets, {"person_days": 1.25 * n})
        rows.append((n, years, time.perf_counter() - start, plan["within"].iloc[0]))
    return pd.DataFrame(rows, columns=["initiatives", "years", "seconds", "within"])


if __name__ == "__main__":
    print(portfolio().to_string(index=False))
