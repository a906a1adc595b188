"""Ranges as they were stated: held by their draws, by the loss they lead to, and at their very ends."""

from itertools import product

import numpy as np
import pandas as pd
from scipy.stats import norm

from cxlib.sums.churn import churn_cost, churn_tornado, silent_at_the_widest
from cxlib.sums.churn_inputs import input_draws
from cxlib.sums.complaint import measured_inputs
from proof.coverage_links import missed, ordered, summary

DRAWS, TRUTHS, TREES = 2_000, 200, 200
RANGED = ("negative", "complain", "complained_lost", "silent_lost")  # what the loss rests on
COMPANIES = (300, 1000)  # customers


def tree(rng, holds: float) -> pd.DataFrame:
    """Inputs of a tree made up: shares, and a range about each that the loss rests on."""
    shares = dict(
        zip(RANGED, rng.uniform((0.1, 0.03, 0.1, 0.2), (0.4, 0.4, 0.5, 0.6)), strict=True)
    )
    kept = (1 - shares["complained_lost"]) * rng.uniform(0.2, 0.8)
    rest = {
        "complained_retained": kept,
        "complained_at_risk": 1 - shares["complained_lost"] - kept,
        "silent_at_risk": 1 - shares["silent_lost"],
    }
    table = pd.DataFrame({"input": [*shares, *rest], "share": [*shares.values(), *rest.values()]})
    reach = table["share"].where(table["input"].isin(RANGED)) * rng.uniform(0.1, 0.5, (2, 7))[0]
    table = table.assign(
        low=table["share"] - reach, high=table["share"] + reach * rng.uniform(0.5, 1.5)
    )
    return table.assign(count=np.nan, of=np.nan, holds=holds, **{"from": "assumption"})


def as_stated(rng, row, size: int) -> np.ndarray:
    """Shares that could be true: half of them beyond the share on either side, and of each half
    all but (1 − holds) within the range. Wallis 2014, the two-piece normal, by its quantiles."""
    z = norm.ppf(rng.random(size)) / norm.ppf(0.5 + row["holds"] / 2)
    reach = np.where(z < 0, row["share"] - row["low"], row["high"] - row["share"])
    return np.clip(row["share"] + z * reach, 0, 1)


def loss_of(negative, complain, complained_lost, silent_lost):
    """The tree by hand: what complains and leaves, and what leaves without a word; of revenue."""
    return negative * complain * complained_lost + negative * (1 - complain) * silent_lost


def stated_coverage(replications: int = TREES, seed: int = 20_100) -> pd.DataFrame:
    """How often the interval of the loss holds a loss made of shares drawn as their ranges say; how
    much of its draws a range holds (a stated rate); how often *at the very widest* is the extreme
    of all ends and all that lies between them, tried one by one (always); and the loss where
    complaints were counted among all customers. `replications` trees of each kind.

    >>> stated_coverage(2)["method"].nunique()
    4
    """
    rows, rng = [], np.random.default_rng([seed, 9])
    for holds in (0.90, 0.95):
        trees = [tree(rng, holds) for _ in range(replications)]
        found = [loss_held(rng, each) for each in trees]
        case = {"skew": f"ranges of {holds:.0%}", "n": replications, "weighted": False}
        rows.append(summary(found, 0.95).assign(**case))
        inside = np.array([drawn_inside(each, seed) for seed, each in enumerate(trees)])
        rows.append(rate("a stated range", inside, holds).assign(**case))
    extreme = np.array([widest_is_extreme(each) for each in trees], dtype=float)
    rows.append(rate("at the very widest", extreme, 1.0).assign(**case))
    for n in COMPANIES:
        found = [loss_of_all_held(rng, n) for _ in range(3 * replications)]
        rows.append(summary(found, 0.95).assign(skew="", n=n, weighted=False))
    return ordered(rows)


def loss_held(rng, inputs: pd.DataFrame) -> pd.DataFrame:
    """Whether the interval of a tree's loss holds each of TRUTHS losses that its ranges allow."""
    cost = churn_cost(1.0, inputs, draws=DRAWS).set_index(["view", "branch"]).loc[("gross", "lost")]
    by = inputs.set_index("input")
    truth = loss_of(*(as_stated(rng, by.loc[name], TRUTHS) for name in RANGED))
    ends = (np.full(TRUTHS, cost[end]) for end in ("amount_low", "amount_high"))
    return missed({"loss of stated ranges": tuple(ends)}, {"loss of stated ranges": truth})


def drawn_inside(inputs: pd.DataFrame, seed: int) -> float:
    """The share of its draws that a stated range holds, over the ranges of a tree, 0–1."""
    drawn, by = input_draws(inputs, DRAWS, seed), inputs.set_index("input")
    inside = [pd.Series(drawn[each]).between(*by.loc[each, ["low", "high"]]) for each in RANGED]
    return float(np.mean(inside))


def widest_is_extreme(inputs: pd.DataFrame) -> bool:
    """Whether the least and the most silent part are those of every corner, and of what is inside."""
    by = inputs.set_index("input")
    grids = [np.linspace(*by.loc[name, ["low", "high"]], 7) for name in RANGED[1:]]
    parts = [(1 - c) * s / loss_of(1, c, t, s) for c, t, s in product(*grids)]
    found = silent_at_the_widest(inputs, churn_tornado(1.0, inputs, draws=9))
    return bool(np.allclose(found, (min(parts), max(parts)), rtol=1e-12))


def loss_of_all_held(rng, n: int) -> pd.DataFrame:
    """The same of a company of n customers of whom it is known who complained and who left, but
    not who was unhappy: that share is stated, and complaints are counted among all."""
    stated = tree(np.random.default_rng(1), 0.90)
    true = as_stated(rng, stated.set_index("input").loc["negative"], 1)
    complain, gone = 0.06, {1: 0.3, 0: 0.12}  # of all; of those who did, and did not
    complained = (rng.random(n) < complain) * 1.0
    churned = (rng.random(n) < np.where(complained, gone[1], gone[0])) * 1.0
    people = pd.DataFrame({"complained": complained, "churned": churned})
    cost = churn_cost(1.0, measured_inputs(stated, people), draws=DRAWS)
    cost = cost.set_index(["view", "branch"]).loc[("gross", "lost")]
    truth = loss_of(true, np.minimum(complain / true, 1), gone[1], gone[0])
    name = "loss, complaints counted among all"
    ends = tuple(np.array([cost[end]]) for end in ("amount_low", "amount_high"))
    return missed({name: ends}, {name: truth})


def rate(method: str, found: np.ndarray, promised: float) -> pd.DataFrame:
    """A row of a rate that is stated, as `proof.simulations` describes it; allowed a point, and
    none where it is always."""
    allowed = 0.0 if promised == 1 else 0.01
    row = {
        "coverage": found.mean(), "coverage_error": found.std() / np.sqrt(len(found)),
        "too_high": np.nan, "too_low": np.nan, "promised": promised, "allowed": allowed,
        "as_promised": abs(found.mean() - promised) <= allowed,
    }  # fmt: skip
    return pd.DataFrame([row], index=[method])
