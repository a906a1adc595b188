"""What an initiative returns, from score points to money, and the best ideal for the money.

uplift (score points) → shortfall closed → share of customers at risk → revenue, through the
survey's own link (`stakes.revenue_at_stake`). The link is an association: what it promises comes
only if raising the score is what keeps the customer.
"""

import numpy as np
import pandas as pd
from scipy.stats import norm

from cxlib.sums.churn import lost_with
from cxlib.sums.churn_inputs import stated_then_drawn
from cxlib.sums.estimate import SEED

DRAWS = 2_000


def initiative_returns(
    initiatives: pd.DataFrame,
    stakes: pd.DataFrame,
    revenue: float | None = None,
    inputs: pd.DataFrame | None = None,
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """What each initiative is worth a year, with its interval; or why nobody can say.

    Parameters
    ----------
    initiatives : one row per initiative: initiative, dimension, uplift (score points)
    stakes : one row per dimension: dimension, gap, slope, slope_low, slope_high (change in the
        share of customers with a bad outcome, 0–1, with a point more of experience), bad
    revenue : a year; inputs : the cost tree's inputs; without either, no money

    Returns the same rows plus
        closes                  of the uplift, the part up to the ideal, score points
        kept, _low, _high       share of customers kept from a bad outcome: −slope × closes, ≤ bad
        benefit, _low, _high    kept × revenue × loss rate (`churn.lost_with`), currency a year
        verdict   carried; or no_dimension, no_uplift, no_link (no slope), no_gap, at_ideal,
                  spans_zero (the slope may be nothing), no_money
    kept and benefit are blank unless carried (kept also under no_money). Interval: normal for the
    slope (its stated interval), draws of the tree's inputs; the uplift itself is somebody's
    judgement and is taken as stated.

    >>> wishes = pd.DataFrame({"initiative": ["a"], "dimension": ["price"], "uplift": [2.0]})
    >>> stakes = pd.DataFrame(
    ...     {
    ...         "dimension": ["price"],
    ...         "gap": [-1.0],
    ...         "slope": [-0.1],
    ...         "slope_low": [-0.12],
    ...         "slope_high": [-0.08],
    ...         "bad": [0.3],
    ...     }
    ... )
    >>> initiative_returns(wishes, stakes)["closes"].tolist()
    [1.0]
    """
    table = initiatives.reset_index(drop=True)
    link = stakes.drop_duplicates("dimension").set_index("dimension")
    dimension = table.get("dimension", pd.Series(index=table.index, dtype=object))
    found = link.reindex(dimension).reset_index(drop=True)
    uplift = table.get("uplift", pd.Series(np.nan, index=table.index)).astype(float)
    closes = np.minimum(uplift, (-found["gap"].astype(float)).clip(lower=0)).where(uplift.notna())
    slopes = drawn_slopes(found, confidence, draws, seed)
    kept = np.minimum(-slopes * closes.to_numpy(), found["bad"].astype(float).to_numpy())
    if inputs is None or revenue is None:
        benefit = np.full_like(kept, np.nan)
    else:
        tree = stated_then_drawn(inputs, draws, seed)
        bad = found["bad"].astype(float).to_numpy()
        benefit = kept * revenue * lost_with(bad, {k: drawn[:, None] for k, drawn in tree.items()})
    table = table.assign(closes=closes, **ends("kept", kept, confidence))
    table = table.assign(**ends("benefit", benefit, confidence))
    table["verdict"] = verdicts(table, found, dimension, uplift, closes)
    carried = table["verdict"] == "carried"
    shares = ["kept", "kept_low", "kept_high"]
    amounts = ["benefit", "benefit_low", "benefit_high"]
    table[shares] = table[shares].where(carried | (table["verdict"] == "no_money"))
    table[amounts] = table[amounts].where(carried)
    return table


def drawn_slopes(found, confidence, draws, seed) -> np.ndarray:
    """(draws + 1, rows): the slope as estimated, then drawn; one draw for one dimension."""
    slope = found["slope"].astype(float).to_numpy()
    width = (found["slope_high"] - found["slope_low"]).astype(float).to_numpy()
    error = width / (2 * norm.ppf(0.5 + confidence / 2))
    codes = pd.factorize(pd.Series(slope))[0]  # equal slopes are the same dimension's
    noise = np.random.default_rng(seed).standard_normal((draws + 1, codes.max(initial=0) + 1))
    noise[0] = 0
    return slope + noise[:, codes] * error


def ends(name: str, samples: np.ndarray, confidence: float) -> dict:
    """name (as estimated), name_low, name_high."""
    with np.errstate(invalid="ignore"):
        low, high = np.quantile(samples[1:], [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    return {name: samples[0], f"{name}_low": low, f"{name}_high": high}


def verdicts(table, found, dimension, uplift, closes) -> np.ndarray:
    """Whether the data carry each row, or the first reason why not."""
    reasons = {
        "no_dimension": dimension.isna(),
        "no_uplift": uplift.isna(),
        "no_link": found["slope"].isna(),
        "no_gap": found["gap"].isna(),
        "at_ideal": closes <= 0,
        "spans_zero": ~(found["slope_high"] < 0),
        "no_money": table["benefit"].isna(),
    }
    return np.select([reason.to_numpy() for reason in reasons.values()], list(reasons), "carried")


def most_by_dimension(returns: pd.DataFrame, gaps: pd.DataFrame) -> dict:
    """The most that each dimension can bring a year: its whole shortfall closed. Initiatives that
    together lift a score beyond the ideal do not earn it twice.

    returns : rows of `initiative_returns`; gaps : one row per dimension: dimension, gap. Only for
    dimensions with a benefit that is carried; in the unit of benefit.

    >>> returns = pd.DataFrame(
    ...     {
    ...         "dimension": ["price"],
    ...         "closes": [1.0],
    ...         "benefit": [50.0],
    ...         "verdict": ["carried"],
    ...     }
    ... )
    >>> most_by_dimension(returns, pd.DataFrame({"dimension": ["price"], "gap": [-2.0]}))
    {'price': 100.0}
    """
    carried = returns[returns["verdict"].eq("carried")].drop_duplicates("dimension")
    a_point = (carried["benefit"] / carried["closes"]).set_axis(carried["dimension"])
    shortfall = -gaps.set_index("dimension")["gap"].reindex(a_point.index)
    return (a_point * shortfall).to_dict()


def best_ideals(gaps: pd.DataFrame, plan: pd.DataFrame, scale) -> pd.DataFrame:
    """The ideal that the money buys, beside the one that was decided: "close all gaps" is neither
    free nor always worth it.

    Parameters
    ----------
    gaps : one row per dimension: dimension, experience, ideal, gap
    plan : one row per initiative: dimension, uplift, cost, chosen
    scale : (lowest, highest) score

    Returns one row per dimension: dimension, experience, ideal (decided), uplift (of the chosen),
    best_ideal (experience + uplift, not above the ideal decided where that is higher than today,
    nor the scale), closed (share of the gap, 0–1; blank where there is none), cost (of the chosen),
    verdict: closed, partly, left (a gap that no money goes to), at_ideal, unknown.

    >>> gaps = pd.DataFrame(
    ...     {"dimension": ["price"], "experience": [5.0], "ideal": [8.0], "gap": [-3.0]}
    ... )
    >>> plan = pd.DataFrame(
    ...     {"dimension": ["price"], "uplift": [2.0], "cost": [10.0], "chosen": [True]}
    ... )
    >>> best_ideals(gaps, plan, (0, 10))[["best_ideal", "verdict"]].values.tolist()
    [[7.0, 'partly']]
    """
    table = gaps[["dimension", "experience", "ideal", "gap"]].reset_index(drop=True)
    chosen = plan[plan["chosen"].eq(True)]
    spent = chosen.groupby("dimension")[["uplift", "cost"]].sum().reindex(table["dimension"])
    table = table.assign(
        uplift=spent["uplift"].fillna(0).to_numpy(), cost=spent["cost"].fillna(0).to_numpy()
    )
    ceiling = table[["experience", "ideal"]].max(axis=1).clip(upper=scale[1])
    best = np.minimum(table["experience"] + table["uplift"], ceiling)
    short = (-table["gap"]).where(table["gap"] < 0)
    closed = ((best - table["experience"]) / short).clip(0, 1)
    verdict = np.select(
        [table["gap"].isna(), table["gap"] >= 0, closed >= 1 - 1e-9, closed > 0],
        ["unknown", "at_ideal", "closed", "partly"],
        "left",
    )
    return table.assign(best_ideal=best, closed=closed, verdict=verdict)
