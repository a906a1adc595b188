"""The loss counted from customers of unequal revenue: how far it is off, and how often it is held."""

from itertools import product

import numpy as np
import pandas as pd

from cxlib.sums.churn import churn_cost
from cxlib.sums.complaint import measured_inputs
from proof.coverage_links import missed, ordered, summary

STATED = pd.DataFrame(  # nothing of it is left but who is at risk: all else is counted
    {
        "input": [
            "negative", "complain", "complained_retained", "complained_at_risk",
            "complained_lost", "silent_at_risk", "silent_lost",
        ],
        "share": [0.2, 0.1, 0.4, 0.3, 0.3, 0.6, 0.4],
        "low": np.nan, "high": np.nan, "count": np.nan, "of": np.nan, "from": "assumption",
    }
)  # fmt: skip
SPREADS = {"moderate": 0.8, "strong": 1.3}  # standard deviation of the logarithm of revenue
TILTS = (-0.8, 0.0, 0.8)  # of who leaves, on the logit scale, per standard deviation of revenue
SIZES = (300, 1000, 3000)


def customers_of(rng, n: int, spread: float, tilt: float) -> pd.DataFrame:
    """n customers made up: a fifth unhappy, three in ten of them complain, half of them leave."""
    z = rng.standard_normal(n)

    def chance(share, by):
        return rng.random(n) < 1 / (1 + np.exp(-(np.log(share / (1 - share)) + by * z)))

    negative, complained = chance(0.20, tilt / 2), chance(0.30, -tilt / 2)
    churned = np.where(negative, chance(0.5, tilt), chance(0.05, 0))
    return pd.DataFrame(
        {
            "satisfaction": np.where(negative, 2.0, 8.0),
            "complained": complained * 1.0,
            "churned": churned * 1.0,
            "revenue": np.exp(spread * z),
        }
    )


def true_loss(spread: float, tilt: float) -> float:
    """Share of revenue lost among all customers there could be, 0–1."""
    people = customers_of(np.random.default_rng(7), 1_000_000, spread, tilt)
    gone = (people["satisfaction"] < 5) & (people["churned"] == 1)
    return float(people["revenue"][gone].sum() / people["revenue"].sum())


def losses(
    replications: int = 300, seed: int = 20_100, sizes=SIZES, draws: int = 1_000, cases=None
):
    """One row per replication: spread, tilt, n, ratio (of the loss to the truth), low and high as
    shares of revenue, truth."""
    rows = []
    for number, (skew, tilt) in enumerate(cases or product(SPREADS, TILTS)):
        truth = true_loss(SPREADS[skew], tilt)
        for n in sizes:
            rng = np.random.default_rng([seed, 11, number, n])
            for _ in range(replications):
                inputs = measured_inputs(STATED, customers_of(rng, n, SPREADS[skew], tilt), 5)
                cost = churn_cost(1.0, inputs, draws=draws).set_index(["view", "branch"])
                found = cost.loc[("gross", "lost"), ["amount", "amount_low", "amount_high"]]
                rows.append((skew, tilt, n, found["amount"] / truth, *found.iloc[1:], truth))
    names = ["skew", "tilt", "n", "ratio", "low", "high", "truth"]
    return pd.DataFrame(rows, columns=names)


def churn_weights_coverage(replications: int = 300, sizes=SIZES, cases=None) -> pd.DataFrame:
    """Share of made-up companies whose interval of the loss holds the true one."""
    rows, by = [], losses(replications, sizes=sizes, cases=cases).groupby(["skew", "tilt", "n"])
    for (skew, tilt, n), each in by:
        truth = {f"loss by revenue, tilt {tilt:+g}": each["truth"].iloc[:1].to_numpy()}
        name = next(iter(truth))
        found = [
            missed({name: (np.array([low]), np.array([high]))}, truth)
            for low, high in each[["low", "high"]].to_numpy()
        ]
        rows.append(summary(found, 0.95).assign(skew=skew, n=n, weighted=True))
    return ordered(rows)
