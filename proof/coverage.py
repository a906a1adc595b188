"""How often each kind of interval holds the truth, by simulation: the test of the intervals."""

from itertools import product

import numpy as np
import pandas as pd
from scipy import stats

from cxlib.sums.compare import compare_waves, nps_changes
from cxlib.sums.estimate import Estimates, estimate_means
from cxlib.sums.gap import gap_intervals, gap_table
from cxlib.sums.interval import nps_from, nps_kinds, share_interval
from proof.page import PROMISE

# Shares of the scores 0, 1, … 10 among customers.
SKEWS = {
    "moderate": [0.01, 0.01, 0.02, 0.03, 0.04, 0.08, 0.10, 0.17, 0.24, 0.17, 0.13],  # skewness −1.0
    "strong": [0.02, 0.01, 0.01, 0.01, 0.02, 0.03, 0.04, 0.07, 0.14, 0.25, 0.40],  # skewness −2.2
    "extreme": [0.02, 0.00, 0.00, 0.00, 0.00, 0.01, 0.01, 0.01, 0.01, 0.04, 0.90],  # skewness −5.5
}
OTHERS = {
    "expectation": [0.00, 0.00, 0.01, 0.01, 0.02, 0.05, 0.09, 0.16, 0.26, 0.22, 0.18],
    "importance": [0.01, 0.01, 0.01, 0.01, 0.02, 0.04, 0.06, 0.12, 0.22, 0.22, 0.28],
}
SIZES = (30, 100, 1000)
# One person's expectation and importance go with his or her experience, and so does the weight.
CORRELATION = np.array([[1, 0.4, 0.2], [0.4, 1, 0.3], [0.2, 0.3, 1]])
WEIGHT_SPREAD = 0.5  # of the logarithm: a design effect of about 1.28
WEIGHT_CORRELATION = 0.3  # of the logarithm with each score, before rounding
IDEAL = 9.0
TOGETHER = 100  # replications simulated as columns of one survey
MEASURES = ("experience", "expectation", "importance")


def coverage_table(
    replications: int = 5_000,
    seed: int = 20_100,
    sizes=SIZES,
    skews=tuple(SKEWS),
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Share of simulated surveys whose interval holds the true value.

    One row per method, skew, n and weighted: coverage and its simulation error (coverage_error, one
    standard error), both 0–1; too_high and too_low, the shares that miss the truth on either side;
    as_promised, whether coverage is within two points of the confidence. It runs the functions
    that the reports use. Replications are rounded up to hundreds; a hundred share their weights,
    which the simulation error allows for.

    Methods: mean, paired difference, share (of scores 0–6), NPS, gap, weighted satisfaction; and
    between two such surveys of different people, difference of means and NPS change.
    Links between answers, and money, are in coverage_links.py.

    >>> coverage_table(100, sizes=(30,), skews=("moderate",))["coverage"].between(0.7, 1).all()
    True
    """
    rows = []
    for number, (skew, n, weighted) in enumerate(product(skews, sizes, [False, True])):
        rng = np.random.default_rng([seed, number])
        rounds = max(2, -(-replications // TOGETHER))
        misses = [_misses(rng, skew, n, weighted, confidence) for _ in range(rounds)]
        rows.append(summary_of_lots(misses, confidence).assign(skew=skew, n=n, weighted=weighted))
    first = ["method", "skew", "n", "weighted"]
    table = pd.concat(rows).rename_axis("method").reset_index()
    return table[[*first, *table.columns.difference(first, sort=False)]]


def summary_of_lots(misses: list[pd.DataFrame], confidence) -> pd.DataFrame:
    """One row per method, from the misses of lots of surveys: coverage, its error, as_promised."""
    by_method = pd.concat(misses).groupby(level=0, sort=False)
    missed = by_method.mean()
    coverage = 1 - missed["too_high"] - missed["too_low"]
    held = pd.concat([1 - part.sum(axis=1) for part in misses]).groupby(level=0, sort=False)
    return pd.DataFrame(
        {
            "coverage": coverage,
            "coverage_error": held.std() / np.sqrt(len(misses)),
            **missed,
            "as_promised": (coverage - confidence).abs().round(12) <= PROMISE,
        }
    )


def _misses(rng, skew, n, weighted, confidence) -> pd.DataFrame:
    """One row per method: shares of a hundred surveys whose interval is too high or too low."""
    answers, weight = _surveys(rng, skew, n, weighted)
    truth = _truth(skew, weighted)
    found = estimate_means(answers, weight)
    gaps = _gaps(found, confidence)
    kinds = estimate_means(nps_kinds(answers["experience"]), weight)
    nps = nps_from(kinds, confidence)
    detractors = kinds.pick(kinds.mean.index.get_level_values(0) == "detractors")
    again, weight_again = _surveys(rng, skew, n, weighted)
    intervals = {
        "mean": (gaps["experience_low"], gaps["experience_high"]),
        "paired difference": (gaps["satisfaction_low"], gaps["satisfaction_high"]),
        "share": share_interval(detractors, confidence)[["share_low", "share_high"]].T.to_numpy(),
        "NPS": (nps["nps_low"], nps["nps_high"]),
        "gap": (gaps["gap_low"], gaps["gap_high"]),
        "weighted satisfaction": (
            gaps["weighted_satisfaction_low"],
            gaps["weighted_satisfaction_high"],
        ),
        "difference of means": _wave_change(answers, weight, again, weight_again, confidence),
        "NPS change": _nps_change(nps, again, weight_again, confidence),
    }
    missed = {
        method: (np.mean(low > truth[method]), np.mean(high < truth[method]))
        for method, (low, high) in intervals.items()
    }
    return pd.DataFrame.from_dict(missed, orient="index", columns=["too_high", "too_low"])


def _wave_change(answers, weight, again, weight_again, confidence):
    """(low, high) of each replication's change between two waves of different people."""
    both = pd.concat([answers["experience"], again["experience"]], ignore_index=True)
    waves = pd.Series(np.repeat(["1", "2"], len(answers)))
    weights = None if weight is None else pd.concat([weight, weight_again], ignore_index=True)
    table = compare_waves(both, waves, weights, confidence)
    return table["difference_low"].to_numpy(), table["difference_high"].to_numpy()


def _nps_change(nps, again, weight_again, confidence):
    """(low, high) of each replication's change of the NPS."""
    after = nps_from(estimate_means(nps_kinds(again["experience"]), weight_again), confidence)
    pairs = pd.concat([nps, after]).sort_index(kind="stable")  # each with its own next wave
    table = nps_changes(pairs, confidence).iloc[1::2]
    return table["difference_low"].to_numpy(), table["difference_high"].to_numpy()


def _gaps(found: Estimates, confidence) -> pd.DataFrame:
    """A gap table in which each replication passes for a dimension."""
    scores = found.mean.unstack(level=0)
    scores = scores.rename_axis("dimension").reset_index().assign(segment="all", ideal=IDEAL)
    gaps, ideal = gap_table(scores), {"default": IDEAL}
    return gap_intervals(gaps, {"all": found}, confidence, draws=0, ideal=ideal)


def _surveys(rng, skew, n, weighted):
    """(answers by (measure, replication), weight) of TOGETHER surveys of n people."""
    root = np.linalg.cholesky(CORRELATION - WEIGHT_CORRELATION**2)
    # Only weights need a part that is common to all replications.
    common = rng.standard_normal((n, 1) if weighted else (n, TOGETHER))
    latent = np.einsum("ab,bnr->anr", root, rng.standard_normal((3, n, TOGETHER)))
    latent += WEIGHT_CORRELATION * common
    scores = [
        np.searchsorted(cuts, values).astype(float)
        for cuts, values in zip(_cuts(skew).values(), latent, strict=True)
    ]
    columns = pd.MultiIndex.from_product([MEASURES, range(TOGETHER)])
    answers = pd.DataFrame(np.hstack(scores), columns=columns)
    return answers, pd.Series(np.exp(WEIGHT_SPREAD * common[:, 0])) if weighted else None


def _truth(skew, weighted) -> dict[str, float]:
    """True values, exactly: weights that go with the scores move the normal behind them."""
    moved = WEIGHT_CORRELATION * WEIGHT_SPREAD if weighted else 0.0
    above = {name: stats.norm.sf(cuts - moved) for name, cuts in _cuts(skew).items()}
    mean = {name: tail.sum() for name, tail in above.items()}  # E(score) = Σ P(score > k)
    satisfaction = mean["experience"] - mean["expectation"]
    promoters, detractors = above["experience"][8], 1 - above["experience"][6]
    return {
        "mean": mean["experience"],
        "paired difference": satisfaction,
        "share": detractors,
        "NPS": 100 * (promoters - detractors),
        "gap": mean["experience"] - IDEAL,
        "weighted satisfaction": mean["importance"] * satisfaction,
        "difference of means": 0.0,
        "NPS change": 0.0,
    }


def _cuts(skew) -> dict[str, np.ndarray]:
    """Where a standard normal is cut into the scores 0–10."""
    shares = {"experience": SKEWS[skew], **OTHERS}
    return {name: cut_points(share) for name, share in shares.items()}


def cut_points(shares) -> np.ndarray:
    """Where a standard normal is cut, so that the pieces have these shares.

    >>> cut_points([0.5, 0.5]).tolist()
    [0.0]
    """
    return stats.norm.ppf(np.minimum(np.cumsum(shares)[:-1], 1))
