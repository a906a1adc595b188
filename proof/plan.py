"""The plan against every plan there is: two years, with a cap that all initiatives share."""

from itertools import product

import numpy as np
import pandas as pd

from cxlib.sums.roadmap import plan_left, plan_roadmap

WHOLE = 200


def instance(seed: int):
    """(initiatives, budgets, rules) made up: up to six initiatives, two years, one shared cap."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 7))
    table = pd.DataFrame(
        {
            "initiative": [f"i{k}" for k in range(n)],
            "cost": rng.integers(5, 60, n).astype(float),
            "running": rng.integers(0, 15, n).astype(float),
            "benefit": rng.integers(5, 90, n).astype(float),
            "dimension": rng.choice(["a", "b"], n),
            "requires": "",
        }
    )
    if seed % 3 == 0:
        table.loc[1, "requires"] = "i0"
    budgets = pd.Series(rng.integers(30, 120, 2).astype(float), index=["2026", "2027"])
    caps = {
        "most": {"a": float(rng.integers(20, 120))},
        "most_in_all": float(rng.integers(40, 160)),
    }
    return table, budgets, caps | {"margin": float(rng.uniform(0.2, 1.0))}


def most_left(table, budgets, rules) -> float:
    """What the best of all 3ⁿ timetables leaves, worked out from the definition."""
    when = np.array(list(product([0, 1, 2], repeat=len(table))))  # 2: never
    cost, running, benefit = (table[each].to_numpy() for each in ("cost", "running", "benefit"))
    in_a = table["dimension"].eq("a").to_numpy()
    spent = [((when == y) * cost + (when < y) * running).sum(axis=1) for y in (0, 1)]
    ok = (spent[0] <= budgets.iloc[0]) & (spent[1] <= budgets.iloc[1])
    for row, needs in enumerate(table["requires"]):
        if needs:
            ok &= when[:, row] >= when[:, table["initiative"].tolist().index(needs)]
    earned = np.zeros(len(when))
    for y in (0, 1):
        runs = (when <= y) * benefit
        a = np.minimum((runs * in_a).sum(axis=1), rules["most"]["a"])
        year = np.minimum(a + (runs * ~in_a).sum(axis=1), rules["most_in_all"])
        earned += rules["margin"] * year - spent[y]
    return float(earned[ok].max())


def plan_against_every_plan(instances: int = WHOLE) -> pd.DataFrame:
    """One row per instance: left by the plan, and by the best of all plans tried one by one."""
    rows = []
    for seed in range(instances):
        table, budgets, rules = instance(seed)
        plan = plan_roadmap(table, budgets, **rules)
        rows.append((plan_left(plan, budgets, **rules), most_left(table, budgets, rules)))
    return pd.DataFrame(rows, columns=["left", "most_left"])


def plan_rate(instances: int = WHOLE) -> pd.DataFrame:
    """How often the plan leaves as much as the best of all plans (always), as `proof.simulations`
    describes a stated rate.

    >>> plan_rate(5)["coverage"].tolist()
    [1.0]
    """
    table = plan_against_every_plan(instances)
    best = np.isclose(table["left"], table["most_left"], rtol=1e-9, atol=1e-6)
    row = {
        "method": "the plan is the best of all plans", "skew": "two years, a shared limit",
        "n": instances, "weighted": False, "coverage": best.mean(), "coverage_error": 0.0,
        "too_high": np.nan, "too_low": np.nan, "as_promised": bool(best.all()),
        "promised": 1.0, "allowed": 0.0,
    }  # fmt: skip
    return pd.DataFrame([row])
