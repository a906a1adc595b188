"""From gap to money: what revenue goes with each dimension's gap, by the survey's own link.

For each dimension: how much less often people with a point more of experience give a bad outcome
(would not recommend, would not return, met a problem), times the gap in points, times the share
of such customers' revenue that the cost tree says is lost. Association: people who score a
dimension higher differ in other ways too, and nobody's score was changed to see.
"""

import numpy as np
import pandas as pd
from scipy import stats

from cxlib.sums.churn import LOSS_INPUTS, lost_with
from cxlib.sums.churn_inputs import stated_then_drawn, weakest_source
from cxlib.sums.clusters import base_of
from cxlib.sums.drivers import (
    BOOTSTRAPS,
    OUTCOME,
    bootstrap_sums,
    complete_moments,
    complete_products,
    spread,
)
from cxlib.sums.estimate import SEED
from cxlib.sums.unhappy import unhappy_below
from cxlib.sums.weights import Sampling, Weight, checked_weight, part_of

SMALL_BASE = 30
FEWEST = 10  # people on either side of the outcome; below, a slope says nothing

STAKES = ["at_stake", "at_stake_low", "at_stake_high"]
AMOUNTS = ["amount", "amount_low", "amount_high"]
SLOPES = [f"{slope}{end}" for slope in ("slope", "slope_alone") for end in ("", "_low", "_high")]
ESTIMATES = ["bad", *SLOPES, *STAKES, "capped", *AMOUNTS]

# For recommend a bad outcome is the NPS's detractor, at or below this place on the scale (0 lowest,
# 1 highest): 6 of 0–10.
DETRACTOR = 0.6


def bad_outcome(answers: pd.Series, measure: str, scale, below: float | None = None) -> pd.Series:
    """1 where an answer is a bad outcome, 0 where it is not, blank where there is none.

    recommend: a detractor (the lowest six tenths of the scale: 0–6 of 0–10, 1–3 of 1–5);
    problem, complained: any answer above the lowest; others (overall, repurchase, success): below
    `below`, the line between content and unhappy (`unhappy_below`), by default the middle of the
    scale. scale : (lowest, highest).

    >>> bad_outcome(pd.Series([0, 6, 7, 10]), "recommend", (0, 10)).tolist()
    [1.0, 1.0, 0.0, 0.0]
    """
    low, high = scale
    place = (answers.astype(float) - low) / (high - low)
    if measure in ("problem", "complained"):
        bad = place > 0
    else:
        line = unhappy_below(None, scale, scale) if below is None else below
        bad = place <= DETRACTOR if measure == "recommend" else answers < line
    return bad.astype(float).where(answers.notna()).rename(measure)


def revenue_at_stake(
    outcome: pd.Series | None,
    scores: pd.DataFrame,
    gaps: pd.DataFrame,
    revenue: float | None = None,
    inputs: pd.DataFrame | None = None,
    weight: Weight = None,
    confidence: float = 0.95,
    draws: int = BOOTSTRAPS,
    seed: int = SEED,
    small_base: int = SMALL_BASE,
) -> pd.DataFrame:
    """Revenue that goes with each dimension's gap, or a row that says the data cannot carry it.

    Parameters
    ----------
    outcome : 1 bad, 0 not, per respondent (see `bad_outcome`); None where none was asked
    scores : one row per respondent, one column per dimension, score points (experience)
    gaps : one row per dimension: dimension, gap (experience − ideal), gap_low, gap_high where known
    revenue : a year; inputs : the cost tree's inputs (see `churn.churn_tree`); None = no money
    weight : on the same index; small_base : fewest effective answers

    Returns one row per dimension of gaps, in their order
        outcome, n, n_eff, left_out     people who answered everything; who answered the outcome
                                        and were not used
        bad                             share of them with the bad outcome, 0–1
        slope, _low, _high              change in that share with a point more of experience, the
                                        other dimensions alike (linear probability model); a
                                        dimension that improves the outcome is below zero
        slope_alone, _low, _high        the same without regard to the others: it counts what
                                        dimensions have in common once in each
        gap                             as given
        at_stake, _low, _high           −slope × shortfall: share of customers; not above `bad`
        capped                          True where slope × shortfall would exceed `bad`: the gap is
                                        wider than a straight line can be trusted for
        amount, _low, _high             at_stake × revenue × loss rate, currency a year
        verdict     carried; or why not: no_outcome, too_few (n_eff below small_base, or fewer than
                    10 people with or without the outcome), no_score, no_gap (unknown), at_ideal,
                    spans_zero (the slope's interval reaches zero or the wrong side), no_money
        from        weakest input of the cost tree; blank without it
    at_stake and amount are blank unless carried (at_stake also under no_money). `slope` is used,
    not `slope_alone`, so that dimensions do not claim the same customers; the amounts may be
    added up as far as the shares at stake do not exceed `bad`. The loss rate is lost ÷ negative
    of the tree, beyond baseline churn where known: it takes a bad outcome for the tree's negative
    experience, as far as that goes (`churn.lost_with`: all dimensions together cannot lose more
    than the tree), and revenue for independent of the score. Interval: bootstrap over people for the
    slope, normal for the gap, draws of the tree's inputs.

    >>> case = cx.read_client("kiosk", "data")
    >>> found = cx.revenue_at_stake(case)
    >>> found["outcome"].iloc[0]
    'recommend'
    """
    people, weights, left_out = people_who_answered(outcome, scores, weight)
    drawn = part_of(weight, people.index) if isinstance(weight, Sampling) else None
    kish = pd.Series(weights, people.index)
    n_eff = base_of(people.iloc[:, -1], kish if drawn is None else drawn) if len(people) else 0.0
    facts = {"n": len(people), "n_eff": n_eff, "left_out": left_out}
    table = gaps.reindex(columns=["dimension", "gap", "gap_low", "gap_high"]).reset_index(drop=True)
    table.insert(0, "outcome", None if outcome is None else outcome.name)
    bads = people.iloc[:, -1].sum() if len(people) else 0
    too_few = n_eff < small_base or min(bads, len(people) - bads) < FEWEST
    tree = None if inputs is None else stated_then_drawn(inputs, draws, seed)
    if outcome is None or too_few:
        found = pd.DataFrame(index=table.index)
    else:
        found = stakes(people, weights, drawn, table, revenue, tree, confidence, draws, seed)
    table = table.assign(**facts).join(found.reindex(columns=ESTIMATES))
    table["verdict"] = verdicts(table, outcome is None, too_few)
    carried = table["verdict"] == "carried"
    table[STAKES] = table[STAKES].where(carried | (table["verdict"] == "no_money"))
    table[AMOUNTS] = table[AMOUNTS].where(carried)
    rests_on = [*LOSS_INPUTS, "baseline_churn"]
    table["from"] = "" if inputs is None else weakest_source(inputs, rests_on)
    return table.drop(columns=["gap_low", "gap_high"])


def people_who_answered(outcome, scores, weight) -> tuple[pd.DataFrame, np.ndarray, int]:
    """(scores and last the outcome of those who answered everything, weights, how many did not).

    A dimension that everybody scores alike has no slope, and is left aside.
    """
    weights = checked_weight(weight, scores.index)
    if outcome is None:
        return pd.DataFrame(), weights[:0], 0
    answered = scores.assign(**{OUTCOME: outcome.reindex(scores.index)}).astype(float)
    asked = answered[OUTCOME].notna().to_numpy() & (weights > 0)
    complete = asked & answered.notna().all(axis=1).to_numpy()
    people = answered[complete]
    varies = [name for name in people if people[name].nunique() > 1 or name == OUTCOME]
    return people[varies], weights[complete], int(asked.sum() - complete.sum())


def stakes(people, weights, drawn, table, revenue, tree, confidence, draws, seed) -> pd.DataFrame:
    """Slopes, shares and amounts at stake of each row of `table`, with their intervals."""
    values = people.to_numpy()
    centre = values.mean(axis=0)
    sums = bootstrap_sums(complete_products, values - centre, weights, draws, seed, drawn)
    means, covariances = complete_moments(sums, values.shape[1])
    bad = means[:, -1:] + centre[-1]
    together = np.linalg.pinv(covariances[:, :-1, :-1], hermitian=True) @ covariances[:, :-1, -1:]
    variances = np.diagonal(covariances, axis1=1, axis2=2)[:, :-1]
    alone = covariances[:, :-1, -1] / np.where(variances > 0, variances, np.nan)
    places = people.columns[:-1].get_indexer(table["dimension"])
    known = places >= 0
    slope, slope_alone = (
        np.where(known, slopes[:, places], np.nan) for slopes in (together[..., 0], alone)
    )
    reached = -slope * shortfalls(table, confidence, draws, seed)
    at_stake = np.minimum(reached, bad)
    if tree is None or revenue is None:
        money = np.full_like(bad, np.nan)
    else:
        money = revenue * lost_with(bad, {name: drawn[:, None] for name, drawn in tree.items()})
    found = {"bad": bad[0, 0], "capped": reached[0] > bad[0]}
    for name, samples in [
        ("slope", slope),
        ("slope_alone", slope_alone),
        ("at_stake", at_stake),
        ("amount", at_stake * money),
    ]:
        found |= spread(name, samples, confidence)
    return pd.DataFrame(found, index=table.index)


def shortfalls(table: pd.DataFrame, confidence: float, draws: int, seed: int) -> np.ndarray:
    """Points below the ideal, 0 where at or above it: as given, then drawn from its interval."""
    z = stats.norm.ppf(0.5 + confidence / 2)
    width = (table["gap_high"] - table["gap_low"]).astype(float).fillna(0).to_numpy()
    noise = np.random.default_rng(seed).standard_normal((draws + 1, len(table)))
    noise[0] = 0
    return np.maximum(-(table["gap"].astype(float).to_numpy() + noise * width / (2 * z)), 0)


def verdicts(table: pd.DataFrame, no_outcome: bool, too_few: bool) -> list[str]:
    """Whether the data carry each row's amount, or the first reason why not."""
    reasons = {
        "no_outcome": no_outcome,
        "too_few": too_few,
        "no_score": table["slope"].isna(),
        "no_gap": table["gap"].isna(),
        "at_ideal": table["gap"] >= 0,
        "spans_zero": table["slope_high"] >= 0,
        "no_money": table["amount"].isna(),
    }
    holds = [np.broadcast_to(reason, len(table)) for reason in reasons.values()]
    return np.select(holds, list(reasons), "carried").tolist()
