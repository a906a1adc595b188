"""Perceived service quality: technical, functional and image; the five gaps; the service types."""

import numpy as np
import pandas as pd
from scipy.special import stdtr

from cxlib.sums.estimate import dimension_answers, estimate_means, t_of
from cxlib.sums.gap import gap_intervals, gap_table

QUALITIES = ["technical", "functional", "image"]
GAPS = ["gap_1", "gap_2", "gap_3", "gap_4", "gap_5"]
TYPES = {(True, False): "A", (False, False): "B", (True, True): "C", (False, True): "D"}
SURE = 0.8


def quality_scores(
    answers: pd.DataFrame,
    items: pd.DataFrame,
    weight: pd.Series | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """What is delivered (technical), how (functional), both in total, and the image through which they
    are seen.

    answers : wide, (measure, item) with experience and, where asked, expectation and importance;
    items : one row per item (index): quality

    Returns one row per quality that was asked, and total (of all technical and functional items, where
    both were): quality, n, n_eff, experience, expectation, importance, satisfaction and
    weighted_satisfaction with their intervals (see `gap_intervals`).
    Source: Grönroos 1984.

    >>> answers = pd.DataFrame(
    ...     [[4.0], [6.0]], columns=pd.MultiIndex.from_tuples([("experience", "q1")])
    ... )
    >>> items = pd.DataFrame({"quality": ["technical"]}, index=["q1"])
    >>> quality_scores(answers, items)[["quality", "experience"]].values.tolist()
    [['technical', 5.0]]
    """
    by = items[["quality"]].rename(columns={"quality": "dimension"}).dropna()
    served = by[by["dimension"].isin(QUALITIES[:2])]
    parts = [by, served.assign(dimension="total")][: served["dimension"].nunique()] or [by]
    found = [quality_rows(answers, part, weight, confidence) for part in parts]
    return pd.concat(found, ignore_index=True)


def quality_rows(answers, by: pd.DataFrame, weight, confidence) -> pd.DataFrame:
    """The rows of `quality_scores` for items by what they are of."""
    scored = ("experience", "expectation", "importance")
    columns = [c for c in answers.columns if c[0] in scored and c[1] in by.index]
    if not columns:
        return pd.DataFrame()
    estimates = estimate_means(dimension_answers(answers[columns], by), weight)
    measured = estimates.mean.unstack(level=0).reindex(columns=scored)
    order = [name for name in [*QUALITIES, "total"] if name in measured.index]
    table = measured.loc[order].rename_axis("dimension").reset_index()
    for base in ("n", "n_eff"):
        table[base] = table["dimension"].map(getattr(estimates, base)["experience"])
    table = gap_table(table.assign(segment="all", ideal=np.nan))
    table = gap_intervals(table, {"all": estimates}, confidence, draws=0)
    spare = [c for c in table if c.startswith(("gap", "ideal", "rank", "p_key", "segment"))]
    return table.drop(columns=spare).rename(columns={"dimension": "quality"})


def five_gaps(
    customers: pd.DataFrame, company: pd.DataFrame | None = None, ideal: pd.Series | None = None
) -> pd.DataFrame:
    """The five-gap model, with whichever gaps the data carry; each is below zero where short.

    Parameters
    ----------
    customers : one row per dimension: dimension, experience, expectation, as customers gave them
    company : the same as management or the front line believes; and promise, what is promised
    ideal : by dimension, the service that was decided; blank where that is today's experience

    Returns one row per dimension: dimension, and in score points
        gap_1  what management believes is expected − what is expected     (not knowing)
        gap_2  what was decided − what management believes is expected     (not deciding)
        gap_3  what is lived − what was decided                            (not delivering)
        gap_4  what is lived − what is promised                            (promising too much)
        gap_5  what is lived − what is expected: the customer's own; the widest of the others is
               where to look for its cause
        widest the name of the most negative of the first four; blank where none is below zero
    A gap whose other side nobody supplied is blank. Source: Parasuraman, Zeithaml & Berry 1985;
    specifications and delivery are on the customers' scale, as their scores are.

    >>> lived = pd.DataFrame({"dimension": ["service"], "experience": [5], "expectation": [7]})
    >>> five_gaps(lived)["gap_5"].tolist()
    [-2.0]
    """
    table = customers[["dimension", "experience", "expectation"]].reset_index(drop=True)
    known = pd.DataFrame(columns=["dimension"]) if company is None else company
    by = known.drop_duplicates("dimension").set_index("dimension")
    by = by.reindex(columns=["expectation", "promise"])
    decided = table["dimension"].map({} if ideal is None else ideal).astype(float)
    believed, promised = (table["dimension"].map(by[name]).astype(float) for name in by)
    lived, expected = table["experience"].astype(float), table["expectation"].astype(float)
    gaps = [believed - expected, decided - believed, lived - decided, lived - promised]
    gaps = pd.DataFrame(dict(zip(GAPS, [*gaps, lived - expected], strict=True)))
    causes = gaps[GAPS[:4]]
    widest = causes.fillna(np.inf).idxmin(axis=1).where(causes.min(axis=1) < 0)
    return table[["dimension"]].join(gaps).assign(widest=widest)


def service_types(scores: pd.DataFrame, group: pd.Series, middle: float) -> pd.DataFrame:
    """The service-type map: how each person, site or segment serves.

    scores : one row per customer: procedural, personal; group : who served each; middle : of the
    scale they were scored on

    Returns one row per group: its name, n (customers who scored both), procedural and personal (means)
    with _low and _high (95 %), type (A by the book, B indifferent, C quality service, D warm but
    disorganised), p_type (0–1, that both means lie on those sides of the middle; means taken as
    independent t) and verdict: type, or cannot_tell below SURE. Groups of one have no p_type.

    >>> scores = pd.DataFrame(
    ...     {"procedural": [6, 7, 6, 2, 1, 2], "personal": [6, 6, 7, 2, 2, 1]}
    ... )
    >>> service_types(scores, pd.Series([*"aaabbb"], name="site"), middle=4)["type"].tolist()
    ['C', 'B']
    """
    known = scores[["procedural", "personal"]].astype(float).dropna()
    by = known.groupby(group.reindex(known.index), sort=True)
    n, mean, error = by.size(), by.mean(), by.sem()
    table = pd.DataFrame({"n": n})
    certain = pd.Series(1.0, index=n.index)
    half = t_of(0.95, (n - 1).where(n > 1))
    for name in known:
        width = error[name] * half
        table[name] = mean[name]
        table[f"{name}_low"], table[f"{name}_high"] = mean[name] - width, mean[name] + width
        # People who all say the same are not thereby certain: with no spread there is no t.
        away = (mean[name] - middle).abs() / error[name].where(error[name] > 0)
        certain *= stdtr((n - 1).where(n > 1), away)
    high = mean >= middle
    kinds = [TYPES[pair] for pair in zip(high["procedural"], high["personal"], strict=True)]
    table = table.assign(type=kinds, p_type=certain)
    table["verdict"] = table["type"].where(certain >= SURE, "cannot_tell")
    return table.rename_axis(group.name or "group").reset_index()
