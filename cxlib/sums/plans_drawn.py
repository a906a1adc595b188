"""The plan where benefits are not known exactly: drawn from their intervals, and planned anew; step 6."""

import numpy as np
import pandas as pd

from cxlib.sums.estimate import SEED, central, z_of
from cxlib.sums.roadmap import DRAWN, EXACT, benefit_a_year, plan_left, plan_roadmap

PLANS_DRAWN = 200  # a probability from so many plans is known to ± .07 at most


def probability_chosen(initiatives, budgets, drawn: np.ndarray, **limits) -> pd.Series:
    """How often each initiative belongs to the best plan when benefits are not known exactly, 0–1.

    drawn : (draws, initiatives) benefits a year, e.g. of `draw_benefits`. Plans that are drawn are
    not averaged: each is the best for one set of benefits that could be true. Above EXACT
    initiatives × years fewer are drawn, and roughly.

    >>> wishes = pd.DataFrame({"initiative": [*"ab"], "cost": [2, 3], "benefit": [4, 5]})
    >>> probability_chosen(wishes, pd.Series({"2025": 3}), np.array([[4, 5], [6, 5]])).tolist()
    [0.5, 0.5]
    """
    if len(initiatives) * len(budgets) > EXACT:
        drawn = drawn[:DRAWN]
    inside = np.zeros(len(initiatives))
    for benefit in np.maximum(drawn, 0):  # nobody would fund a loss
        table = initiatives.assign(benefit=benefit)
        most = moved(limits.get("most") or {}, initiatives, benefit)
        plan = plan_roadmap(table, budgets, **{**limits, "most": most}, rough=True)
        inside += plan["chosen"].to_numpy()
    return pd.Series(inside / len(drawn), index=initiatives.index)


def moved(most: dict, initiatives, benefit) -> dict:
    """The most that each dimension can bring, moved as the benefits of its initiatives have; of
    (draws, initiatives) benefits, a number for each draw.

    >>> wishes = pd.DataFrame({"dimension": ["price"], "benefit": [4.0]})
    >>> moved({"price": 10.0}, wishes, np.array([2.0]))
    {'price': 5.0}
    """
    found = {}
    for name, value in most.items():
        own = (initiatives["dimension"].eq(name) & initiatives["benefit"].notna()).to_numpy()
        before = initiatives["benefit"].to_numpy()[own].sum()
        found[name] = value * benefit[..., own].sum(axis=-1) / before if before > 0 else value
    return found


def draw_benefits(initiatives, confidence=0.95, draws: int = PLANS_DRAWN) -> np.ndarray:
    """(draws, initiatives) benefits from benefit and its interval (benefit_low, benefit_high).

    Initiatives of one dimension share one draw: their benefits rest on the same slope. Above and
    below a benefit as far as its interval reaches there, so that what is drawn is below zero as
    often as the interval says. Without an interval a benefit is taken as known.

    >>> wishes = pd.DataFrame({"benefit": [10], "benefit_low": [8], "benefit_high": [12]})
    >>> draw_benefits(wishes, draws=5).shape
    (5, 1)
    """
    benefit = initiatives["benefit"].to_numpy(dtype=float)
    ends = initiatives.reindex(columns=["benefit_low", "benefit_high"]).astype(float)
    reach = np.nan_to_num(np.abs(ends.to_numpy() - benefit[:, None])) / z_of(confidence)
    own = pd.Series(np.arange(len(initiatives)).astype(str), index=initiatives.index)
    group = initiatives["dimension"].fillna(own) if "dimension" in initiatives else own
    codes = pd.factorize(group)[0]
    noise = np.random.default_rng(SEED).standard_normal((draws, codes.max() + 1))[:, codes]
    return benefit + noise * np.where(noise < 0, *reach.T)


def worth_of_draws(
    plan, budgets, drawn: np.ndarray | None, limits: dict, confidence: float = 0.95
) -> dict:
    """benefit (a year, once all runs) and net (over the term, see `roadmap.plan_left`; blank without a
    margin) of what is chosen of the plan, with their ends; `drawn` as in `probability_chosen`.

    >>> plan = pd.DataFrame({"start": ["2025"], "chosen": [True], "benefit": [8.0]})
    >>> limits = {"most": {}, "margin": None}
    >>> worth = worth_of_draws(plan, pd.Series({"2025": 9}), np.array([[6.0], [10]]), limits, 0.5)
    >>> worth["benefit"], worth["benefit_low"], worth["benefit_high"]
    (8.0, 7.0, 9.0)
    """
    inside = plan["chosen"].to_numpy(dtype=bool)
    benefit = plan["benefit"].to_numpy(dtype=float)[None]
    benefit = benefit if drawn is None else np.vstack([benefit, drawn])
    limits = limits | {"most": moved(limits["most"], plan, benefit), "drawn": benefit[:, inside]}
    chosen = plan[inside]
    sums = {"benefit": benefit_a_year(chosen, **limits), "net": np.full(len(benefit), np.nan)}
    if limits["margin"] is not None:
        sums["net"] = plan_left(chosen, budgets, **limits)
    ends = {}
    for name, (stated, *rest) in sums.items():
        low, high = central(rest, confidence) if rest else (np.nan, np.nan)
        ends |= {name: stated, f"{name}_low": low, f"{name}_high": high}
    return ends
