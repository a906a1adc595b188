"""How much service is best: revenue rises at a falling rate, cost at a rising one."""

import numpy as np
import pandas as pd
from scipy.interpolate import PchipInterpolator

FLAT = 0.01  # profit within this share of the best is as good as the best
STEPS = 1_000
FEWEST = 5  # levels; of four a curve's best is, in 13 of 100 tries, not within FLAT of the true one


def critical_ratio(margin, overage):
    """The best probability of meeting demand, 0–1: margin / (margin + overage).

    margin : lost per unit short; overage : lost per unit left over. Elementwise. Source: the
    newsvendor; the level where a unit more earns on average what it costs.

    >>> critical_ratio(margin=3, overage=1)
    0.75
    """
    return margin / (margin + overage)


def service_level_profit(levels: pd.DataFrame, flat: float = FLAT, margin: float = 1.0):
    """One row per level tried or quoted, by rising cost: level, cost, revenue, profit
    (margin × revenue − cost), best, within (of the best profit, by `flat` of its size), marginal_revenue
    and marginal_cost (against the level before; currency a year).

    levels : columns level, cost, revenue, currency a year; rows with a blank stay blank.
    margin : share of revenue, 0–1; 1 where none is known, and then revenue is taken whole

    >>> levels = pd.DataFrame(
    ...     {"level": [0.8, 0.9, 1.0], "cost": [1, 2, 6], "revenue": [10, 14, 15]}
    ... )
    >>> service_level_profit(levels)["profit"].tolist()
    [9.0, 12.0, 9.0]
    """
    table = levels.sort_values("cost", kind="stable", ignore_index=True)
    profit = (margin * table["revenue"] - table["cost"]).astype(float)
    most = profit.max()
    return table.assign(
        profit=profit,
        best=profit.eq(most),
        within=profit >= most - flat * abs(most),
        marginal_revenue=table["revenue"].astype(float).diff(),
        marginal_cost=table["cost"].astype(float).diff(),
    )


def service_level_curve(levels: pd.DataFrame, steps: int = STEPS, margin: float = 1.0):
    """Revenue, cost and their slopes between the levels of the table; no rows where a level is
    not a number (0.95, 95 or "95%") or fewer than FEWEST are.

    One row per point: level, revenue, cost, profit (currency a year), marginal_revenue and
    marginal_cost (per unit of level). Monotone piecewise cubic curves through the points (PCHIP,
    Fritsch & Carlson 1980): they do not swing between points, nor go beyond the first and last.

    >>> levels = pd.DataFrame(
    ...     {"level": [6, 7, 8, 9, 10], "cost": [1, 2, 4, 7, 12], "revenue": [10, 14, 17, 19, 20]}
    ... )
    >>> service_level_curve(levels, steps=4)["profit"].round(9).tolist()
    [9.0, 12.0, 13.0, 12.0, 8.0]
    """
    names = ["level", "revenue", "cost", "profit", "marginal_revenue", "marginal_cost"]
    number = pd.to_numeric(levels["level"].astype(str).str.rstrip("%"), errors="coerce")
    known = levels.assign(level=number)[["level", "revenue", "cost"]].astype(float)
    known = known.dropna().drop_duplicates("level").sort_values("level")
    if number.isna().any() or len(known) < FEWEST:
        return pd.DataFrame(columns=names, dtype=float)
    at = np.linspace(known["level"].min(), known["level"].max(), steps + 1)
    curves = [PchipInterpolator(known["level"], known[name]) for name in ("revenue", "cost")]
    (revenue, cost), slopes = ([curve(at, nu) for curve in curves] for nu in (0, 1))
    columns = [at, revenue, cost, margin * revenue - cost, *slopes]
    return pd.DataFrame(dict(zip(names, columns, strict=True)))


def best_service_level(levels: pd.DataFrame, flat: float = FLAT, margin: float = 1.0):
    """One row: best_level with best_level_low and best_level_high (the range whose profit is
    within `flat` of the best), profit, at_edge (the best is the lowest or highest level known, so
    that a better one may lie beyond), between (read from the curve, not a level of the table).

    >>> levels = pd.DataFrame(
    ...     {"level": [0.8, 0.9, 1.0], "cost": [1, 2, 6], "revenue": [10, 14, 15]}
    ... )
    >>> best_service_level(levels)["at_edge"].tolist()
    [False]
    """
    curve = service_level_curve(levels, margin=margin)
    given = service_level_profit(levels, flat, margin).dropna(subset=["profit"])
    rows = (curve if len(curve) else given).reset_index(drop=True)
    if rows.empty:
        return pd.DataFrame()
    place, most = int(rows["profit"].argmax()), rows["profit"].max()
    good = rows["profit"] >= most - flat * abs(most)
    # The stretch around the best: another good stretch elsewhere is another answer.
    stretch = (good != good.shift()).cumsum()
    inside = rows.loc[stretch == stretch[place], "level"]
    found = {
        "best_level": rows["level"][place],
        "best_level_low": inside.iloc[0], "best_level_high": inside.iloc[-1],
        "profit": most, "at_edge": place in (0, len(rows) - 1), "between": len(curve) > 0,
    }  # fmt: skip
    return pd.DataFrame([found])
