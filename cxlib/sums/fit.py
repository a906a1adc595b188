"""Whether an initiative fits the strategy, the people, the process, the technology and the money.

Source: the method, step 6: where it does not fit, it is adjusted, or the second best is chosen.
"""

import pandas as pd


def fit_table(plan: pd.DataFrame, fits, budget: float) -> pd.DataFrame:
    """The fit of each initiative, and what would have to be adjusted first.

    Parameters
    ----------
    plan : one row per initiative: initiative, cost (currency), chosen, and any of `fits` (0–1)
    fits : names of the fits that the client states
    budget : most that may be spent in the best year, currency; blank without one

    Returns initiative, chosen, the fits that are known, money_fit (how much of its cost the budget pays,
    0–1: the method asks whether the money is there; blank without a budget), adjust (the lowest of
    them, the first of equals; blank where all are 1 or none is known), fit_lowest (that fit).

    >>> plan = pd.DataFrame({"initiative": ["a"], "cost": [4.0], "chosen": [True], "people": [0.8]})
    >>> fit_table(plan, ["people"], budget=2)[["people", "money_fit", "adjust"]].values.tolist()
    [[0.8, 0.5, 'money_fit']]
    """
    known = [name for name in fits if name in plan and plan[name].notna().any()]
    money = (budget / plan["cost"].where(plan["cost"] > 0)).clip(upper=1)
    money = money.mask(plan["cost"].eq(0), 1.0) if pd.notna(budget) else money
    table = plan[["initiative", "chosen", *known]].assign(money_fit=money)
    scored = table[[*known, "money_fit"]]
    lowest = scored.min(axis=1)
    short = lowest < 1
    adjust = pd.Series(None, index=table.index, dtype=object)
    if short.any():
        adjust[short] = scored[short].idxmin(axis=1)
    return table.assign(adjust=adjust, fit_lowest=lowest.where(short))
