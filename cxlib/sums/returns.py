"""What an initiative returns, from score points to money, and the best ideal for the money.

uplift (score points) → share of the gap that it closes → that share of the revenue that goes with the
gap (`stakes.revenue_at_stake`). The link is an association: what it promises comes only if raising
the score is what keeps the customer.
"""

import numpy as np
import pandas as pd


def initiative_returns(initiatives: pd.DataFrame, stakes: pd.DataFrame) -> pd.DataFrame:
    """What each initiative is worth a year, with its interval; or why nobody can say.

    Parameters
    ----------
    initiatives : one row per initiative: initiative, dimension, uplift (score points)
    stakes : rows of `stakes.revenue_at_stake`: dimension, gap, at_stake, amount, their ends, verdict

    Returns the same rows plus
        closes                  of the uplift, the part up to the ideal, score points
        kept, _low, _high       share of customers kept from a bad outcome: of at_stake as much as
                                it closes of the gap
        benefit, _low, _high    the same of amount, currency a year
        verdict   of its dimension (carried, spans_zero, at_ideal …); or no_dimension, no_uplift,
                  no_link (the survey has no such dimension)
    The uplift itself is somebody's judgement and is taken as stated.

    >>> wishes = pd.DataFrame({"initiative": ["a"], "dimension": ["price"], "uplift": [1.0]})
    >>> ends = {"amount": 90.0, "amount_low": 30.0, "amount_high": 120.0}
    >>> stakes = pd.DataFrame([{"dimension": "price", "gap": -3.0, **ends, "verdict": "carried"}])
    >>> initiative_returns(wishes, stakes)["benefit"].tolist()
    [30.0]
    """
    table = initiatives.reset_index(drop=True)
    dimension = table.get("dimension", pd.Series(index=table.index, dtype=object))
    uplift = table.get("uplift", pd.Series(np.nan, index=table.index)).astype(float)
    of = stakes.drop_duplicates("dimension").set_index("dimension").reindex(dimension)
    of = of.reset_index(drop=True)
    short = (0.0 - of["gap"].astype(float)).clip(lower=0)
    table["closes"] = np.minimum(uplift, short).where(uplift.notna())
    share = table["closes"] / short.where(short > 0)
    for name, worth in (("kept", "at_stake"), ("benefit", "amount")):
        for end in ("", "_low", "_high"):
            table[f"{name}{end}"] = share * of.get(f"{worth}{end}", np.nan)
    unknown = [dimension.isna(), uplift.isna(), of["verdict"].isna()]
    reasons = ["no_dimension", "no_uplift", "no_link"]
    return table.assign(verdict=np.select(unknown, reasons, of["verdict"].astype(object)))


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
    table[["uplift", "cost"]] = spent.fillna(0).to_numpy()
    ceiling = table[["experience", "ideal"]].max(axis=1).clip(upper=scale[1])
    best = np.minimum(table["experience"] + table["uplift"], ceiling)
    closed = ((best - table["experience"]) / (-table["gap"]).where(table["gap"] < 0)).clip(0, 1)
    verdict = np.select(
        [table["gap"].isna(), table["gap"] >= 0, closed >= 1 - 1e-9, closed > 0],
        ["unknown", "at_ideal", "closed", "partly"],
        "left",
    )
    return table.assign(best_ideal=best, closed=closed, verdict=verdict)
