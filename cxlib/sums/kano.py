"""Requirement classes from paired questions: "how if it is there?" and "how if it is not?".

Letters: A attractive (beyond expectation), O one-dimensional (nice to have), M must-be (must
have), I indifferent, R reverse, Q questionable.
"""

import numpy as np
import pandas as pd

from cxlib.sums.compare import benjamini_hochberg
from cxlib.sums.estimate import DRAWS, SEED, estimate_means
from cxlib.sums.interval import mean_interval, share_interval, share_of
from cxlib.sums.weights import Sampling, Weight, checked_weight, part_of

LETTERS = ["A", "O", "M", "I", "R", "Q"]

# Rows functional, columns dysfunctional, both from like to dislike. Berger et al. 1993; the strict
# variant calls "must be" and "can live with" said of both presence and absence contradictions too.
TABLES = {
    "berger": ["QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ"],
    "strict": ["QAAAO", "RQIIM", "RIIIM", "RIIQM", "RRRRQ"],
}
# Ties go to what hurts most when it fails: M > O > A > I (Berger et al. 1993).
WANTED = ["M", "O", "A"]
UNWANTED = ["I", "R", "Q"]
FONG = 1.645  # two-sided at 90 %, as Fong 1996 has it

# DuMouchel's scores, in Berger et al. 1993; index 0 is not used.
FUNCTIONAL_SCORE = [np.nan, 4, 2, 0, -1, -2]
DYSFUNCTIONAL_SCORE = [np.nan, -2, -1, 0, 2, 4]
MIDDLE = 2  # of 0–4, where his diagram is drawn; negative means are few, and reverse


def classify(
    functional: pd.DataFrame, dysfunctional: pd.DataFrame, table: str = "berger"
) -> pd.DataFrame:
    """The letter of each person for each item; blank where either answer is.

    functional, dysfunctional : one row per respondent, one column per item; 1 like, 2 must be,
    3 neutral, 4 can live with, 5 dislike. Items asked only one way are left out.
    table : "berger" or "strict"

    >>> classify(pd.DataFrame({"lift": [1, 2, 3]}), pd.DataFrame({"lift": [5, 5, 3]}))[
    ...     "lift"
    ... ].tolist()
    ['O', 'M', 'I']
    """
    codes, items, index = paired_codes(functional, dysfunctional)
    letters = np.full((6, 6), None, dtype=object)
    letters[1:, 1:] = [list(row) for row in TABLES[table]]
    return pd.DataFrame(letters[codes], index=index, columns=items)


def paired_codes(functional, dysfunctional):
    """((functional codes, dysfunctional codes), items, index); 0 where an answer is blank."""
    items = functional.columns.intersection(dysfunctional.columns, sort=False)
    values = (each[items].reindex(functional.index) for each in (functional, dysfunctional))
    present, absent = (each.fillna(0).to_numpy().astype(int) for each in values)
    both = (present > 0) & (absent > 0)
    return (present * both, absent * both), items, functional.index


def kano_table(
    functional: pd.DataFrame,
    dysfunctional: pd.DataFrame,
    weight: Weight = None,
    table: str = "berger",
    confidence: float = 0.95,
    draws: int = DRAWS,
) -> pd.DataFrame:
    """Class, better and worse of every item, and how sure the class is.

    Parameters: see `classify`; weight is on the same index, only its proportions matter.

    Returns one row per item
        n, n_eff            people who answered both ways, and Kish's effective base of them
        A O M I R Q         answers per letter (weighted: scaled to add up to n)
        class               rule: the largest of A, O, M when (O+A+M) > (I+R+Q), else of I, R, Q
        mode                the most frequent letter; ties in both: M > O > A > I > R > Q
        better, _low, _high (A+O)/(A+O+M+I), 0–1: what presence adds; Wilson interval
        worse, _low, _high  −(O+M)/(A+O+M+I), −1–0: what absence takes away; Wilson interval
        significant         Fong's test: the two most frequent letters can be told apart (90 %)
        class_other         class by the rule under the other evaluation table
        p_class             posterior probability that the rule gives `class` in the population,
                            under a Dirichlet(½) prior
        functional_score, dysfunctional_score, each _low, _high    continuous Kano: mean scores,
                            −2 to 4 (DuMouchel), over everyone who answered both ways
        continuous_class    quadrant of those two means, cut at 2 (a reading aid, not a test)

    Source: Berger et al. 1993; better and worse: Timko in the same; Fong 1996.

    >>> found = kano_table(
    ...     pd.DataFrame({"lift": [1, 1, 3]}), pd.DataFrame({"lift": [5, 3, 3]}), draws=50
    ... )
    >>> found[[*"AOMI", "better"]].round(2).values.tolist()
    [[1.0, 1.0, 0.0, 1.0, 0.67]]
    """
    letters = classify(functional, dysfunctional, table)
    counted = letter_counts(letters, weight)
    other = next(name for name in TABLES if name != table)
    otherwise = letter_counts(classify(functional, dysfunctional, other), weight)
    classes = counted_classes(otherwise)["class"].rename("class_other")
    wanted, sure = (
        better_and_worse(letters, weight, confidence),
        class_certainty(counted, draws, SEED),
    )
    scores = continuous_kano(functional, dysfunctional, weight, confidence)
    found = [counted, counted_classes(counted), classes, wanted, sure, scores]
    return pd.concat(found, axis=1).reset_index(names="item")


def letter_counts(letters: pd.DataFrame, weight: Weight) -> pd.DataFrame:
    """n, n_eff and the answers per letter of each item; weighted answers add up to n."""
    weights = checked_weight(weight, letters.index)
    held = np.stack([(letters == letter).to_numpy() for letter in LETTERS])
    answered = held.any(axis=0)
    n = (answered & (weights > 0)[:, None]).sum(axis=0)
    # The factor is exactly 1 without weights, so that whole counts stay whole, and ties ties.
    scaled = np.einsum("lri,r->il", held, weights) * share_of(n, weights @ answered)[:, None]
    counts = pd.DataFrame(scaled, index=letters.columns, columns=LETTERS)
    n_eff = share_of((weights @ answered) ** 2, weights**2 @ answered)
    if isinstance(weight, Sampling):
        n_eff = np.fmin(n_eff, clustered_bases(letters, weight))
    return counts.assign(n=n, n_eff=n_eff)[["n", "n_eff", *LETTERS]]


def clustered_bases(letters: pd.DataFrame, weight: Sampling) -> np.ndarray:
    """How many independent answers would know an item's shares of letters as well.

    Source: Rao & Scott 1981, JASA 76: the mean design effect over the letters.
    """
    marks = {letter: (letters == letter).astype(float).where(letters.notna()) for letter in LETTERS}
    found = estimate_means(pd.concat(marks, axis=1), weight)
    variance = pd.Series(np.diag(found.covariance), found.mean.index).groupby(level=1, sort=False)
    alone = (found.mean * (1 - found.mean)).groupby(level=1, sort=False)
    return share_of(alone.sum().to_numpy(), variance.sum().to_numpy())


def effective_counts(counted: pd.DataFrame) -> np.ndarray:
    """Counts per letter as independent answers: weights leave n_eff of n. Blank where n is 0."""
    return counted[LETTERS].mul(counted["n_eff"] / counted["n"], axis=0).to_numpy()


def ruled(counts: np.ndarray) -> np.ndarray:
    """Class by the (O+A+M) > (I+R+Q) rule, for counts with the letters in the last axis."""
    order = [LETTERS.index(letter) for letter in WANTED + UNWANTED]
    wanted, unwanted = counts[..., order[:3]], counts[..., order[3:]]
    is_wanted = wanted.sum(-1) > unwanted.sum(-1)
    found = np.where(is_wanted, wanted.argmax(-1), 3 + unwanted.argmax(-1))
    return np.array(WANTED + UNWANTED)[found]


def counted_classes(counted: pd.DataFrame) -> pd.DataFrame:
    """class and mode of each item, and whether Fong's test tells its two largest counts apart."""
    counts = counted[LETTERS].to_numpy()
    known = counted["n"] > 0
    order = WANTED + UNWANTED
    mode = np.array(order)[counted[order].fillna(0).to_numpy().argmax(axis=1)]
    significant = fong(effective_counts(counted))
    found = {"class": ruled(np.nan_to_num(counts)), "mode": mode, "significant": significant}
    return pd.DataFrame(found, index=counted.index).astype(object).where(known, None)


def fong(counts: np.ndarray) -> np.ndarray:
    """True where the two most frequent letters differ: |a − b| ≥ 1.645 √(a + b), two-sided at 90 %.

    Fong 1996 takes (a+b)(2n−a−b)/2n for the variance of a − b, which is a + b where the two are
    alike (they go against each other): his limit finds a difference in 17 to 24 % for 10.

    >>> fong(np.array([[60, 20, 10, 10, 0, 0], [42, 33, 20, 5, 0, 0]])).tolist()
    [True, False]
    """
    b, a = np.sort(counts, axis=-1)[..., -2:].T
    return np.abs(a - b) >= FONG * np.sqrt(a + b)


def better_and_worse(letters: pd.DataFrame, weight: Weight, confidence: float) -> pd.DataFrame:
    """better and worse of each item, over the answers that are A, O, M or I."""
    base, found = letters.isin(["A", "O", "M", "I"]), {}
    for name, kind, sign in [("better", ["A", "O"], 1), ("worse", ["O", "M"], -1)]:
        part = letters.isin(kind).astype(float).where(base)
        told = sign * share_interval(estimate_means(part, weight), confidence)
        ends = [told["share_low"], told["share_high"]][::sign]
        found |= {name: told["share"], f"{name}_low": ends[0], f"{name}_high": ends[1]}
    return pd.DataFrame(found, index=letters.columns)


def class_certainty(counted: pd.DataFrame, draws: int, seed: int) -> pd.DataFrame:
    """p_class: share of Dirichlet(effective counts + ½) draws whose rule gives the item's class."""
    effective = np.nan_to_num(effective_counts(counted))
    # A Dirichlet is gammas over their sum, and the rule does not mind the sum.
    gammas = np.random.default_rng(seed).standard_gamma(effective + 0.5, (draws, *effective.shape))
    agrees = (ruled(gammas) == ruled(effective)).mean(axis=0)
    return pd.Series(agrees, index=counted.index).where(counted["n"] > 0).to_frame("p_class")


def continuous_kano(functional, dysfunctional, weight: Weight, confidence: float) -> pd.DataFrame:
    """Mean functional and dysfunctional score of each item with t intervals, and the quadrant."""
    codes, items, people = paired_codes(functional, dysfunctional)
    found = []
    scales = {"functional_score": FUNCTIONAL_SCORE, "dysfunctional_score": DYSFUNCTIONAL_SCORE}
    for (name, scale), code in zip(scales.items(), codes, strict=True):
        scores = pd.DataFrame(np.array(scale, dtype=float)[code], people, items).where(code > 0)
        means = mean_interval(estimate_means(scores, weight), confidence, (-2, 4), name)
        found.append(means.drop(columns=["n", "n_eff"]))
    scored = pd.concat(found, axis=1)
    return scored.assign(continuous_class=quadrant(scored))


def quadrant(scored: pd.DataFrame) -> pd.Series:
    """A, O, M or I by the two mean scores; blank where they are."""
    present = scored["functional_score"] > MIDDLE
    absent = scored["dysfunctional_score"] > MIDDLE
    letters = np.select([present & absent, present, absent], ["O", "A", "M"], "I")
    known = scored["functional_score"].notna()
    return pd.Series(letters, index=scored.index, dtype=object).where(known, None)


def kano_by_segment(functional, dysfunctional, segment: pd.Series, weight: Weight = None, *of):
    """`kano_table` of each segment; of : its table, confidence and draws.

    Returns one row per item and segment: item, segment, and the columns of `kano_table`. People
    without a segment are in none.

    >>> yes, no = pd.DataFrame({"lift": [1, 1, 2, 2]}), pd.DataFrame({"lift": [3, 3, 5, 5]})
    >>> kano_by_segment(yes, no, pd.Series([*"aabb"], name="segment"))["class"].tolist()
    ['A', 'M']
    """
    tables = []
    for name, people in segment.dropna().groupby(segment, observed=True).groups.items():
        rows = functional.index.intersection(people)
        part = part_of(weight, rows)
        asked = functional.loc[rows], dysfunctional.reindex(rows)
        tables.append(kano_table(*asked, part, *of).assign(segment=name))
    stacked = pd.concat(tables, ignore_index=True)
    first = ["item", "segment"]
    return stacked[first + [column for column in stacked if column not in first]]


def compared_segments(stacked: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Rows by item and segment, and whether the segments in these rows disagree about an item.

    Returns the same rows plus
        p_same              p-value of a χ² test that all segments answer in the same letters,
                            on effective counts
        q_same              the same, after Benjamini and Hochberg over the items
        segments_disagree   True where the classes differ and q_same < 1 − confidence: the class
                            of everyone together then hides a segment

    >>> rows = pd.DataFrame(
    ...     {"item": "lift", "segment": ["a", "b"], "class": ["A", "M"], "n": 40, "n_eff": 40}
    ... )
    >>> rows[[*"AOMIRQ"]] = [[30, 5, 0, 5, 0, 0], [0, 5, 30, 5, 0, 0]]
    >>> compared_segments(rows)["segments_disagree"].tolist()
    [True, True]
    """
    by_item = stacked.groupby("item", sort=False)
    p_same = pd.Series({item: same_letters(rows) for item, rows in by_item}, dtype=float)
    q_same = stacked["item"].map(pd.Series(benjamini_hochberg(p_same), index=p_same.index))
    differ = by_item["class"].transform("nunique") > 1
    flagged = stacked.assign(p_same=stacked["item"].map(p_same), q_same=q_same)
    return flagged.assign(segments_disagree=differ & (q_same < 1 - confidence))


def same_letters(counted: pd.DataFrame) -> float:
    """p-value that one item's segments (rows) share one distribution of letters; blank if alone."""
    effective = effective_counts(counted[counted["n"] > 0])
    used = effective[:, effective.sum(axis=0) > 0]
    if min(used.shape) < 2:
        return 1.0 if len(used) > 1 else np.nan
    from scipy.stats import chi2_contingency

    return chi2_contingency(used).pvalue
