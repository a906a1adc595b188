"""From gap to money: what revenue goes with each dimension's gap, by the survey's own link.

Who gives a bad outcome (would not recommend, would not return, met a problem) follows a logistic
curve in the dimensions' scores. Everybody below a dimension's ideal is lifted by the same part of
what he or she lacks, until the mean is at the ideal: what the share of bad outcomes falls by is at
stake, and, by the cost tree's loss of such customers, the revenue. Association: people who score a
dimension higher differ in other ways too, and nobody's score was changed to see.
"""

import numpy as np
import pandas as pd
from scipy.special import expit

from cxlib.sums.churn import LOSS_INPUTS, lost_with
from cxlib.sums.churn_inputs import stated_then_drawn, weakest_source
from cxlib.sums.clusters import base_of, leverages, sandwich
from cxlib.sums.compare import benjamini_hochberg
from cxlib.sums.drivers import BOOTSTRAPS, OUTCOME
from cxlib.sums.estimate import SEED, p_of, spread, t_of, z_of
from cxlib.sums.gap import shrunken
from cxlib.sums.unhappy import unhappy_below
from cxlib.sums.weights import Weight, effective_base, freedom_left, who_answered

SMALL_BASE = 30
FEWEST = 10  # people on either side of the outcome; below, a slope says nothing

FEW_THERE = 0.05  # of people at the ideal; below, what goes with it is the curve's, not seen
MOST_CURVES = 20_000_000  # people × draws that are worked out; of many people fewer draws, at least
FEWEST_DRAWS = 200
NO_WAY = 1e-9  # log-odds: nearer than that the way has no length

STAKES = ["at_stake", "at_stake_low", "at_stake_high"]
ESTIMATES = ["bad", "already", "slope", "slope_low", "slope_high", "p", *STAKES]
MONEY = ("amount", "together", "together_amount")
ESTIMATES += [f"{name}{end}" for name in MONEY for end in ("", "_low", "_high")]

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
    small_base: int = SMALL_BASE,
) -> pd.DataFrame:
    """Revenue that goes with each dimension's gap, or a row that says the data cannot carry it.

    Parameters
    ----------
    outcome : 1 bad, 0 not, per respondent (see `bad_outcome`); None where none was asked
    scores : one row per respondent, one column per dimension, score points (experience)
    gaps : one row per dimension: dimension, ideal, gap (mean − ideal), gap_low, gap_high where known
    revenue : a year; inputs : the cost tree's inputs (see `churn.churn_cost`); None = no money
    weight : on the same index; small_base : fewest effective answers

    Returns one row per dimension of gaps, in their order
        outcome, n, n_eff, left_out     people who answered everything; who answered the outcome
                                        and were not used
        bad                             share of them with the bad outcome, 0–1
        already                         share of them who score at the ideal, or above
        slope, _low, _high              change in the share `bad` with a point more of experience, the
                                        other dimensions alike, at today's scores
        p, q                            of no link, each curve by itself; q by Benjamini–Hochberg
                                        over the gaps there are
        gap                             as given
        at_stake, _low, _high           share of customers: what `bad` falls by when this gap is
                                        closed with all the others; below zero where it would rise
        amount, _low, _high             at_stake × revenue × loss rate, currency a year
        together, together_amount       the same of all gaps, with _low and _high: what the parts
                                        add up to, never above `bad`; in every row
        verdict     carried; or no_outcome, too_few (n_eff below small_base, or fewer than 10 people
                    with or without the outcome), no_score, no_gap (unknown), at_ideal, spans_zero
                    (q above 1 − confidence: may be chance, and is told with its interval), no_money
        from        weakest input of the cost tree; blank without it
    at_stake and amount are blank where there is no gap. What people lack together is split among
    dimensions by what each adds along the straight way to the ideal (Aumann & Shapley 1974), so that
    no customer is claimed twice. The largest of several estimates is largest partly by chance: the
    links (log-odds with a point) are drawn to each other as far as that could be all, `shrunken`; the
    intervals are those of the survey's own links, which hold the truth as often as they say.
    The loss rate is lost ÷ negative of the tree, beyond baseline churn where known: it takes a bad
    outcome for the tree's negative experience, as far as that goes (`churn.lost_with`), and revenue
    for independent of the score. Interval: draws of the links, of the gaps (normal), of the tree.

    >>> case = cx.read_client("kiosk", "data")
    >>> found = cx.revenue_at_stake(case)
    >>> found["outcome"].iloc[0]
    'recommend'
    """
    people, weights, drawn, left_out = people_who_answered(outcome, scores, weight)
    kish = pd.Series(weights, people.index)
    n_eff = base_of(people.iloc[:, -1], kish if drawn is None else drawn) if len(people) else 0.0
    facts = {"n": len(people), "n_eff": n_eff, "left_out": left_out}
    given = ["dimension", "ideal", "gap", "gap_low", "gap_high"]
    table = gaps.reindex(columns=given).reset_index(drop=True)
    table.insert(0, "outcome", None if outcome is None else outcome.name)
    bads = people.iloc[:, -1].sum() if len(people) else 0
    too_few = n_eff < small_base or min(bads, len(people) - bads) < FEWEST
    if outcome is None or too_few:
        found = pd.DataFrame(index=table.index)
    else:
        draws = int(np.clip(MOST_CURVES // len(people), min(FEWEST_DRAWS, draws), draws))
        tree = None if inputs is None else stated_then_drawn(inputs, draws, SEED)
        found = stakes(people, weights, drawn, table, revenue, tree, confidence, draws)
    table = table.assign(**facts).join(found.reindex(columns=ESTIMATES))
    table["q"] = benjamini_hochberg(table["p"].where(table["gap"] < 0))
    table["verdict"] = verdicts(table, outcome is None, too_few, confidence)
    rests_on = [*LOSS_INPUTS, "baseline_churn"]
    table["from"] = "" if inputs is None else weakest_source(inputs, rests_on)
    return table.drop(columns=["ideal", "gap_low", "gap_high"])


def people_who_answered(outcome, scores, weight) -> tuple:
    """(scores and last the outcome of those who answered everything, their weights, how they were drawn,
    how many did not).

    A dimension that everybody scores alike has no slope, and is left aside.
    """
    if outcome is None:
        return pd.DataFrame(), np.zeros(0), None, 0
    answered = scores.assign(**{OUTCOME: outcome.reindex(scores.index)})
    asked, *_ = who_answered(answered[[OUTCOME]], weight)
    people, weights, drawn = who_answered(answered, weight)
    varies = [name for name in people if people[name].nunique() > 1 or name == OUTCOME]
    return people[varies], weights, drawn, len(asked) - len(people)


def stakes(people, weights, drawn, table, revenue, tree, confidence, draws) -> pd.DataFrame:
    """ESTIMATES of each row of `table`."""
    scores, y = people.iloc[:, :-1], people.iloc[:, -1].to_numpy()
    weights, x = weights / weights.sum(), scores.to_numpy()
    rows = table.drop_duplicates("dimension").set_index("dimension").reindex(scores.columns)
    lacks = np.nan_to_num(np.maximum(rows["ideal"].to_numpy(dtype=float) - x, 0))
    alike = np.cov(x.T, aweights=weights).reshape(x.shape[1], -1)
    lower = gap_errors(rows, alike, confidence, draws)
    closed = shares_closed(rows["gap"], weights @ lacks, lower)
    links, p = drawn_links(x - weights @ x, y, weights, drawn, confidence, draws)
    links[:, 0] -= (links[:, 1:] * lower).sum(axis=1)  # with lower scores more are unhappy
    bad, slope, parts = along_the_way(links, closed, x - weights @ x, lacks, weights)
    parts[:, ~(rows["gap"] < 0).to_numpy()] = np.nan
    if tree is None or revenue is None:
        money = np.full((draws + 1, 1), np.nan)
    else:
        lost = lost_with(bad[:, None], {name: each[:, None] for name, each in tree.items()})
        money = revenue * lost
    columns = {"p": p, "already": np.where(rows["ideal"].notna(), weights @ (lacks == 0), np.nan)}
    for name, samples in [("slope", slope), ("at_stake", parts), ("amount", parts * money)]:
        columns |= around(name, samples, confidence)
    found = pd.DataFrame(columns, index=scores.columns).reindex(table["dimension"])
    found = found.set_axis(table.index).assign(bad=weights @ y)
    # Undecided is not zero.
    whole = np.where(rows["gap"].notna().any(), np.nansum(parts, axis=1), np.nan)[:, None]
    for name, samples in [("together", whole), ("together_amount", whole * money)]:
        found = found.assign(**{k: v[0] for k, v in around(name, samples, confidence).items()})
    return found


def around(name: str, samples: np.ndarray, confidence: float) -> dict:
    """`estimate.spread`; an estimate that was drawn beyond an end of its interval is the end."""
    found = spread(name, samples, confidence)
    ends = {f"{name}_low": np.fmin, f"{name}_high": np.fmax}
    return found | {end: beyond(found[name], found[end]) for end, beyond in ends.items()}


def drawn_links(x, y, weights, drawn, confidence, draws: int):
    """((draws + 1, 1 + dimensions) constant and log-odds with a point of each: drawn towards each
    other, then draws of the survey's own; p of each of the survey's own, two-sided).

    As wide as Student's t. The constant moves with the links, so that the curve stays on the data.
    """
    found, covariance = logistic_regression(x, y, weights, drawn)
    df = max(freedom_left(weights, drawn, len(found)), 1)
    p = p_of(found / np.sqrt(np.diag(covariance)), df)[1:]
    covariance = covariance * (t_of(confidence, df) / z_of(confidence)) ** 2
    own = np.random.default_rng(SEED).multivariate_normal(found, covariance, draws, method="eigh")
    links = shrunken(own[:, 1:], found[1:], SEED)
    middle = found[1:] + links.mean(axis=0) - own[:, 1:].mean(axis=0)
    pull = np.linalg.pinv(covariance[1:, 1:], hermitian=True) @ covariance[1:, 0]
    return np.vstack([np.r_[found[0] + (middle - found[1:]) @ pull, middle], own]), p


def gap_errors(rows, alike, confidence: float, draws: int) -> np.ndarray:
    """(draws + 1, dimensions) score points by which means may be lower than they were found: none, then
    drawn from the gaps' intervals; alike : covariance of people's scores, whose means err together."""
    width = (rows["gap_high"] - rows["gap_low"]).astype(float).fillna(0).to_numpy()
    rng, own = np.random.default_rng(SEED), np.sqrt(np.diag(alike))
    noise = rng.multivariate_normal(0 * own, alike, draws + 1, method="eigh") / own
    noise[0] = 0
    return noise * width / (2 * z_of(confidence))


def shares_closed(gap, lacking, lower) -> np.ndarray:
    """(draws + 1, dimensions): the part of what each person lacks that brings the mean to the ideal,
    0–1; lacking : on average, score points; lower : see `gap_errors`. 0 where there is no gap."""
    gap = np.asarray(gap, dtype=float)
    there = (gap < 0) & (lacking > 0)
    closed = np.maximum(lower - gap, 0) / np.where(there, lacking, 1.0)
    closed[0] = np.minimum(closed[0], 1)  # what is drawn may be wider than these people show
    return np.where(there, closed, 0.0)


def along_the_way(links, closed, x, lacks, weights):
    """(bad (draws,), slope and parts (draws, dimensions)): the share of bad outcomes, its change with
    a point of each dimension, and what each adds to its fall when all are closed.

    links, closed : one row per draw; x, lacks : (people, dimensions), score points; weights add up to 1

    >>> links, one = np.array([[0.0, -1.0]]), np.ones((1, 1))
    >>> bad, slope, parts = along_the_way(links, one, 0 * one, 2 * one, one[0])
    >>> f"{bad[0] - parts[0, 0]:.4f}"  # 1 ÷ (1 + e²)
    '0.1192'
    """
    bad, slope, parts = np.empty(len(links)), np.empty(closed.shape), np.empty(closed.shape)
    for draw, ((constant, *log_odds), part) in enumerate(zip(links, closed, strict=True)):
        log_odds = np.array(log_odds)
        now = constant + x @ log_odds
        moved = lacks @ (log_odds * part)
        before, after = expit(now), expit(now + moved)
        steep, far = before * (1 - before), np.abs(moved) > NO_WAY
        way = np.divide(after - before, moved, out=steep.copy(), where=far)  # steepness on average
        bad[draw], slope[draw] = weights @ before, log_odds * (weights @ steep)
        parts[draw] = -log_odds * part * ((weights * way) @ lacks)
    return bad, slope, parts


def verdicts(table: pd.DataFrame, no_outcome: bool, too_few: bool, confidence: float) -> list[str]:
    """Whether the data carry each row's amount, or the first reason why not."""
    reasons = {
        "no_outcome": no_outcome, "too_few": too_few, "no_score": table["slope"].isna(),
        "no_gap": table["gap"].isna(), "at_ideal": table["gap"] >= 0,
        "spans_zero": ~(table["q"] <= 1 - confidence) | (table["slope"] >= 0),
        "no_money": table["amount"].isna(),
    }  # fmt: skip
    holds = [np.broadcast_to(reason, len(table)) for reason in reasons.values()]
    return np.select(holds, list(reasons), "carried").tolist()


# The regression behind the links

MOST_STEPS, LONGEST, NEAR = 200, 3.0, 1e-9  # of the search: steps, log-odds of one step, its end


def logistic_regression(x: np.ndarray, y: np.ndarray, weights: np.ndarray, drawn=None):
    """(coefficients, covariance): log-odds of y with a unit more of each column, the constant first.

    Parameters
    ----------
    x : (people, columns), without the constant; y : 0 or 1; weights : only proportions matter
    drawn : Sampling of these people, where they were asked in clusters; else None

    By Firth's penalised likelihood, which takes off the bias away from zero of few outcomes, and is
    finite where a column tells all of them apart. The covariance is a sandwich that holds whatever
    the curve and the weights, with leverages as HC3, summed over clusters; on average over the
    columns no narrower than the curve's own, which where all are told apart is the only one to see it.
    Source: Firth 1993, Biometrika 80; Heinze & Schemper 2002, Statistics in Medicine 21.

    >>> x, y = np.array([[0.0], [0], [1], [1]]), np.array([0.0, 1, 1, 1])
    >>> f"{logistic_regression(x, y, np.ones(4))[0][1]:.4f}"  # ln (2.5 / 0.5) − ln (1.5 / 1.5)
    '1.6094'
    """
    design = np.column_stack([np.ones(len(x)), x])
    weights = weights * effective_base(weights) / weights.sum()
    beta = np.zeros(design.shape[1])
    for _ in range(MOST_STEPS):
        p = expit(design @ beta)
        steep = weights * p * (1 - p)
        bread = np.linalg.pinv(design.T @ (design * steep[:, None]), hermitian=True)
        pull = leverages(bread, design, steep)
        step = bread @ (design.T @ (weights * (y - p) + pull * (0.5 - p)))
        beta = beta + step * min(1.0, LONGEST / max(np.abs(step).max(), NEAR))
        if np.abs(step).max() < NEAR:
            break
    covariance = sandwich(bread, design, weights * (y - p) / np.maximum(1 - pull, NEAR), drawn)
    with np.errstate(divide="ignore", invalid="ignore"):
        wider = np.nanmean(np.diag(bread) / np.diag(covariance))
    return beta, covariance * max(1.0, wider)
