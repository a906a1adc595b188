"""Satisfaction, weighted satisfaction, the gap to the ideal, and the key experience."""

from collections.abc import Mapping
from itertools import product

import numpy as np
import pandas as pd

from cxlib.sums.estimate import DRAWS, SEED, Estimates, draw_means, standard_normals
from cxlib.sums.interval import rank_intervals, t_interval, within_scale

MEASURES = ["experience", "expectation", "importance"]
MADE_OF_THEM = ["satisfaction", "weighted_satisfaction", "gap"]
NEW = [f"{name}{end}" for name in [*MEASURES, *MADE_OF_THEM] for end in ("_low", "_high")]
NEW += ["rank", "rank_low", "rank_high", "p_key"]


def gap_table(scores: pd.DataFrame) -> pd.DataFrame:
    """Satisfaction, weighted satisfaction and gap to the ideal.

    Parameters
    ----------
    scores : one row per dimension (and segment, or item), with columns
        experience, expectation, ideal   score points on the client's scale; blank = not known
        importance                       score points on the importance scale; blank = not known

    Returns
    -------
    The same rows, plus, in score points,
        satisfaction            experience − expectation; below zero the customer expected more
        weighted_satisfaction   importance × satisfaction
        gap                     experience − ideal
    A blank input leaves what depends on it blank.

    Source: Lee, seven-step method, steps 2c, 3 and 4b; satisfaction is SERVQUAL's P − E.

    >>> scores = pd.DataFrame(
    ...     {"experience": [5], "expectation": [7], "importance": [9], "ideal": [10]}
    ... )
    >>> gap_table(scores)[["satisfaction", "weighted_satisfaction", "gap"]].values.tolist()
    [[-2, -18, -5]]
    """
    satisfaction = scores["experience"] - scores["expectation"]
    return scores.assign(
        satisfaction=satisfaction,
        weighted_satisfaction=scores["importance"] * satisfaction,
        gap=scores["experience"] - scores["ideal"],
    )


def ideal_scores(scores: pd.DataFrame, ideal: Mapping) -> pd.Series:
    """The ideal experience of each row, in score points: a decision of the company (step 4a).

    An ideal that follows experience decides nothing: it is blank, and so is the gap to it.

    Parameters
    ----------
    scores : one row per dimension (and segment, or item), with columns dimension, experience,
        expectation; an ideal already there is not looked at
    ideal : {dimension or "default": rule}; a rule is a number, "experience" (not decided: blank)
        or "expectation" (as today, raised to the expectation where below it; blank where either is)

    >>> scores = pd.DataFrame(
    ...     {"dimension": ["price", "service"], "experience": [6, 5], "expectation": [5, 7]}
    ... )
    >>> ideal_scores(scores, {"default": "expectation"}).tolist()
    [6.0, 7.0]
    """
    today, expected = (scores[name].to_numpy(dtype=float) for name in MEASURES[:2])
    words = {"experience": np.full(len(scores), np.nan), "expectation": np.maximum(today, expected)}
    rules = _rules(scores, ideal)
    found = [words[rule][row] if rule in words else rule for row, rule in enumerate(rules)]
    return pd.Series(found, index=scores.index, dtype=float, name="ideal")


def mark_key_experience(gaps: pd.DataFrame) -> pd.DataFrame:
    """The same rows plus key_experience: true where weighted satisfaction is the most negative.

    One answer per segment; rows that tie are all true; where nothing is below zero, none is; where
    nothing could be weighed, it is not known: blank.

    >>> gaps = pd.DataFrame({"segment": "all", "weighted_satisfaction": [-18, -6, 3]})
    >>> mark_key_experience(gaps)["key_experience"].tolist()
    [True, False, False]
    """
    weighted = gaps["weighted_satisfaction"].astype(float)
    worst = weighted.groupby(gaps["segment"], dropna=False).transform("min")
    marked = _same(weighted, worst) & (weighted < 0)
    if worst.isna().any():
        marked = marked.astype(object).where(worst.notna(), None)
    return gaps.assign(key_experience=marked)


def gap_intervals(
    gaps: pd.DataFrame,
    estimates: Mapping[str, Estimates],
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
    ideal: Mapping | None = None,
    scales: Mapping | None = None,
) -> pd.DataFrame:
    """Intervals for every score of a gap table, ranks, and how sure the key experience is.

    Parameters
    ----------
    gaps : gap_table's rows: one per (segment, dimension), or per (segment, item) where there is a
        column item
    estimates : {segment: Estimates by (measure, dimension or item)}; none for a segment leaves
        its new columns blank
    draws : joint draws for ranks and p_key; 0 leaves those blank
    ideal : the rules that ideal_scores went by. Without them an ideal that equals expectation is
        taken for that rule, which a number may do by chance
    scales : {measure: (lowest, highest) score}; no interval goes beyond, and where all answers are
        alike it is not of no width (`interval.within_scale`)

    Returns
    -------
    The same rows, plus
        X_low, X_high   score points, for experience, expectation, importance, satisfaction
                        (paired: the same people), weighted_satisfaction and gap; t intervals on
                        the smallest degrees of freedom (Estimates.df), bent for the skewness
                        of a single score (t_interval), products by the delta method
        rank, rank_low, rank_high   of weighted satisfaction, 1 = most negative
        p_key           probability, 0–1, that the row is the key experience: the share of joint
                        draws where it is the most negative and below zero, all drawn together as
                        far as they seem alike (`shrink.shrunken`)
    A score that is not the survey's own (typed in, or moved on a slider) is taken as known: it has
    no interval and adds no uncertainty. So is an ideal that is a number. The expectation as ideal
    leaves a gap of min(0, satisfaction), and its limits are those of satisfaction.

    >>> case = cx.read_client("kiosk", "data")
    >>> gaps = mark_key_experience(gap_table(case.scores))
    >>> found = gap_intervals(gaps, case.estimates, draws=100)
    >>> bool((found["gap_low"] <= found["gap"]).all())
    True
    """
    found, columns = {}, {name: gaps[name].to_numpy() for name in gaps}
    for segment, rows in gaps.groupby("segment", sort=False, dropna=False).indices.items():
        if estimates.get(segment) is not None:
            part = {name: values[rows] for name, values in columns.items()}
            of = (confidence, draws, seed, ideal, scales or {})
            part = _segment_intervals(part, estimates[segment], *of)
            for column, values in part.items():
                found.setdefault(column, np.full(len(gaps), np.nan))[rows] = values
    blank = np.full(len(gaps), np.nan)
    new = pd.DataFrame({name: found.get(name, blank) for name in NEW}, gaps.index)
    return pd.concat([gaps.drop(columns=new.columns, errors="ignore"), new], axis=1)


def _segment_intervals(
    rows, estimates, confidence, draws, seed, ideal, scales
) -> dict[str, np.ndarray]:
    table = {name: rows[name].astype(float) for name in [*MEASURES, "ideal"]}
    places = _places(rows, table, estimates)
    variance, df = _variances(table, places, estimates)
    skewness = _skewness(places, estimates)
    found = {}
    for name, values in variance.items():
        value, skew = rows[name].astype(float), skewness.get(name, 0.0)
        low, high = t_interval(value, values, df[name], confidence, skew)
        if name in scales:
            alike = np.where(values == 0, estimates.n_eff.to_numpy()[places[name]], np.nan)
            low, high = within_scale(value, low, high, alike, scales[name], confidence)
        found |= {f"{name}_low": low, f"{name}_high": high}
    found |= _of_alike(table, variance, found) if scales else {}
    found |= _gap_limits(rows, table, found, ideal)
    weighted = _weighted_draws(table, places, estimates, draws, seed) if draws else None
    if weighted is not None:
        found |= rank_intervals(weighted, rows["weighted_satisfaction"], confidence)
        found["p_key"] = p_key(shrunken(weighted, rows["weighted_satisfaction"], seed))
    return found


def _of_alike(table, variance, found) -> dict[str, np.ndarray]:
    """Limits of what is made of scores, where all answers are alike, from those of the scores."""
    ends = {name: [found[f"{name}_{end}"] for end in ("low", "high")] for name in MEASURES}
    known = {n: [np.where(np.isnan(e), table[n], e) for e in both] for n, both in ends.items()}
    lived, expected = known["experience"], known["expectation"]
    limits = {
        "satisfaction": (lived[0] - expected[1], lived[1] - expected[0]),
        "gap": (lived[0] - table["ideal"], lived[1] - table["ideal"]),
    }
    corners = [w * s for w in known["importance"] for s in limits["satisfaction"]]
    limits["weighted_satisfaction"] = np.min(corners, axis=0), np.max(corners, axis=0)
    wide = {}
    for name, (low, high) in limits.items():
        sure = variance[name] == 0
        wide[f"{name}_low"] = np.where(sure, low, found[f"{name}_low"])
        wide[f"{name}_high"] = np.where(sure, high, found[f"{name}_high"])
    # The gap of a score on the scale is no wider than the score's.
    wide["gap_low"] = np.maximum(wide["gap_low"], limits["gap"][0])
    wide["gap_high"] = np.minimum(wide["gap_high"], limits["gap"][1])
    return wide


def p_key(weighted: np.ndarray) -> np.ndarray:
    """Share of draws (rows) in which each column is the smallest, and below zero; blank if blank.

    >>> p_key(np.array([[-2.0, -1.0], [-1.0, -3.0], [-4.0, 1.0], [1.0, 2.0]])).tolist()
    [0.5, 0.25]
    """
    lines = np.ascontiguousarray(weighted.T)
    lowest = np.fmin.reduce(lines, axis=0)
    times = [np.count_nonzero((line == lowest) & (line < 0)) for line in lines]
    return np.where(np.isnan(lines).any(axis=1), np.nan, np.array(times) / len(weighted))


def _places(rows, table, estimates) -> dict[str, np.ndarray]:
    """Where each row's score stands in the estimates; −1 where it is not the survey's own."""
    key = rows["item"] if "item" in rows else rows["dimension"]
    mean = estimates.mean.to_numpy()
    at = {label: place for place, label in enumerate(estimates.mean.index)}
    places = {}
    for name in MEASURES:
        place = np.array([at.get((name, each), -1) for each in key], dtype=int)
        places[name] = np.where((place >= 0) & _same(table[name], mean[place]), place, -1)
    return places


def _variances(table, places, estimates) -> tuple[dict, dict]:
    """Sampling variance and degrees of freedom of each column; blank where nothing is sampled."""
    matrix = estimates.covariance.to_numpy()
    own_df = estimates.df.to_numpy()
    sampled = {name: place >= 0 for name, place in places.items()}
    df = {name: np.where(own, own_df[places[name]], np.inf) for name, own in sampled.items()}
    gradients = _gradients(table)
    variance = {}
    for column, gradient in gradients.items():
        total = 0.0
        for a, b in product(gradient, repeat=2):
            shared = np.where(sampled[a] & sampled[b], matrix[places[a], places[b]], 0)
            total = total + gradient[a] * gradient[b] * shared
        variance[column] = np.where(np.any([sampled[a] for a in gradient], axis=0), total, np.nan)
        df[column] = np.min([df[a] for a in gradient], axis=0)
    return variance, df


def _skewness(places, estimates) -> dict[str, np.ndarray]:
    """Skewness of the columns that are one sampled score; differences are nearly symmetric."""
    of_label = estimates.skewness.to_numpy()
    found = {name: np.where(place >= 0, of_label[place], 0) for name, place in places.items()}
    return found | {"gap": found["experience"]}


def _gradients(table) -> dict[str, dict]:
    """How each column moves with the sampled scores it is made of (delta method)."""
    one = np.ones(len(table["ideal"]))
    importance, satisfaction = table["importance"], table["experience"] - table["expectation"]
    weighed = {"experience": importance, "expectation": -importance, "importance": satisfaction}
    return {
        **{name: {name: one} for name in MEASURES},
        "satisfaction": {"experience": one, "expectation": -one},
        "weighted_satisfaction": weighed,
        "gap": {"experience": one},  # to an ideal that is a number
    }


def _weighted_draws(table, places, estimates, draws, seed) -> np.ndarray | None:
    """Joint draws (rows) of weighted satisfaction (columns: the table's rows), or None."""
    weighted = table["importance"] * (table["experience"] - table["expectation"])
    use = {name: (place >= 0) & np.isfinite(weighted) for name, place in places.items()}
    sizes = [own.sum() for own in use.values()]
    if not any(sizes):
        return None
    all_places = np.concatenate([places[name][use[name]] for name in MEASURES])
    drawn = draw_means(estimates, estimates.mean.index[all_places], draws, seed).T
    scores = {name: np.repeat(table[name][:, None], draws, axis=1) for name in MEASURES}
    for name, own in zip(MEASURES, np.split(drawn, np.cumsum(sizes)[:-1]), strict=True):
        scores[name][use[name]] = own
    return (scores["importance"] * (scores["experience"] - scores["expectation"])).T


def _gap_limits(rows, table, found, ideal) -> dict[str, np.ndarray]:
    """Limits of the gap where the ideal is not a number but moves with the answers."""
    raised = _same(table["ideal"], table["expectation"])
    if ideal is not None:
        rule = np.array(_rules(rows, ideal), dtype=object)
        highest = np.maximum(table["experience"], table["expectation"])
        raised = (rule == "expectation") & _same(table["ideal"], highest)
    limits = {end: np.minimum(found[f"satisfaction{end}"], 0) for end in ("_low", "_high")}
    return {f"gap{end}": np.where(raised, of, found[f"gap{end}"]) for end, of in limits.items()}


def _same(one, two) -> np.ndarray:
    return np.isclose(one, two, rtol=1e-9, atol=1e-9)


def _rules(scores, ideal) -> list:
    default = ideal.get("default", "experience")
    return [ideal.get(name, default) for name in scores["dimension"]]


def worst_first(rows: pd.DataFrame) -> pd.DataFrame:
    """The most negative importance × shortfall on top, then the shortfall, then what is rated.

    >>> table = pd.DataFrame({"weighted_satisfaction": [-2, None, -9], "gap": [0, 0, -5]})
    >>> worst_first(table)["gap"].tolist()
    [-5, 0, 0]
    """
    by = ["weighted_satisfaction", "priority", "satisfaction", "gap"]
    by += ["experience", "asked_satisfaction"]
    by = [name for name in by if name in rows]
    return rows.sort_values(by, na_position="last", kind="stable", ignore_index=True)


# How sure the worst is: scores that are known with error, drawn together as far as they seem alike.
#
# The most negative of several estimates is most negative partly by chance: taken at its word, it is
# called the worst too surely. Each is a draw from what scores of this kind are (normal, its middle
# and spread not known); where they differ no more than their errors would make them, all are drawn to
# the middle. Source: Gelman et al. 2013, Bayesian Data Analysis, ch. 5; the spread integrated over,
# under a half-Cauchy prior of the scale of the errors. Calibrated by simulation: proof/key.py.

STEPS = 25  # of the spread
WIDEST = 3.0  # spreads of the estimates: none wider is tried
FEWEST = 3  # scores; of two nobody can tell a spread


def shrunken(drawn: np.ndarray, value: np.ndarray, seed: int) -> np.ndarray:
    """Draws (rows) of the true scores (columns), from draws around each alone and the estimates.

    A column with a blank in it stays as it is; so do all where fewer than three are known.

    >>> rng = np.random.default_rng(1)
    >>> value = np.array([-1.0, -0.9, -1.1])
    >>> drawn = value + rng.normal(size=(2000, 3))
    >>> bool(shrunken(drawn, value, 1).std() < drawn.std())
    True
    """
    value = np.asarray(value, dtype=float)
    known = np.isfinite(value) & ~np.isnan(drawn).any(axis=0)
    if known.sum() < FEWEST or not np.ptp(value[known]) > 0:
        return drawn
    y, draws = value[known], len(drawn)
    error = np.atleast_2d(np.cov(drawn[:, known].T))
    top = WIDEST * max(np.std(y, ddof=1), np.sqrt(np.diag(error).mean()))
    spreads = top * (np.arange(STEPS) + 0.5) / STEPS
    fits = [_given(tau, y, error) for tau in spreads]
    scale = np.sqrt(np.diag(error).mean())
    likely = np.array([fit[0] for fit in fits]) - np.log(scale**2 + spreads**2)
    weight = np.exp(likely - likely.max())
    often = np.random.default_rng(seed).multinomial(draws, weight / weight.sum())
    standard = standard_normals(draws, len(y), seed)[0].T
    ends = np.cumsum([0, *often])
    found = drawn.copy()
    for (_, mean, root), start, stop in zip(fits, ends, ends[1:], strict=False):
        found[start:stop, known] = mean + standard[start:stop] @ root.T
    return found


def _given(tau: float, y: np.ndarray, error: np.ndarray):
    """(log likelihood, mean, root of the covariance) of the true scores, were this their spread."""
    size, one = len(y), np.ones(len(y))
    inverse = np.linalg.inv(error + tau**2 * np.eye(size))
    of_middle = one @ inverse @ one
    apart = y - (one @ inverse @ y / of_middle)
    likely = np.linalg.slogdet(inverse)[1] - np.log(of_middle) - apart @ inverse @ apart
    kept = error @ inverse  # what of an estimate's distance to the middle is given up
    mean = y - kept @ apart
    pull = kept @ one
    covariance = error - kept @ error + np.outer(pull, pull) / of_middle
    values, vectors = np.linalg.eigh(covariance)
    return likely / 2, mean, vectors * np.sqrt(np.maximum(values, 0))
