"""Survey weights: what a weight may be, what weighting costs, and raking to known margins."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

LARGEST = 5.0  # times the mean weight; the American National Election Studies' limit
SHARES_SLACK = 0.01  # printed shares (.33 .33 .33) need not add up to 1 exactly
MOST_CYCLES = 2_000


@dataclass(frozen=True, eq=False)
class Sampling:
    """How people came to be asked, where that is more than a weight each; all on their index.

    weight   one per person
    cluster  whom a person was asked together with (flight, store, account), numbered within strata
    stratum  the part of the population that clusters were drawn from apart; all 0 without strata
    clustered   whether there are clusters of several people, or several strata
    raked    group of each person in each column that weights were raked to
    start    the weights before raking
    whole    all who were raked, where only some of them are here: the margins are those of all
    """

    weight: pd.Series
    cluster: pd.Series
    stratum: pd.Series
    clustered: bool
    raked: pd.DataFrame | None = None
    start: pd.Series | None = None
    whole: "Sampling | None" = None

    @property
    def df(self) -> int:
        """Clusters − strata."""
        return self.cluster.nunique() - self.stratum.nunique()


Weight = pd.Series | Sampling | None  # None: everyone counts 1, and was asked apart from the others


def sampling(
    weight: pd.Series,
    cluster: pd.Series | None = None,
    stratum: pd.Series | None = None,
    raked: pd.DataFrame | None = None,
    start: pd.Series | None = None,
) -> Sampling:
    """Sampling from the columns of a survey; who has no cluster was asked alone, and those without
    a stratum are one of their own.

    >>> one = pd.Series(1.0, range(3))
    >>> sampling(one, pd.Series(["a", "a", None])).cluster.tolist()
    [0, 0, 1]
    """
    people = pd.Series(range(len(weight)), weight.index).astype(str)
    none = pd.Series("", weight.index)
    alone = cluster is None
    asked_with = people if alone else ("c" + cluster.astype(str)).where(cluster.notna(), people)
    layer = none if stratum is None else stratum.astype(str).where(stratum.notna(), "")
    number, _ = pd.factorize(pd.MultiIndex.from_arrays([layer, asked_with]))
    layers, names = pd.factorize(layer)
    codes = (pd.Series(each, weight.index) for each in (number, layers))
    return Sampling(weight, *codes, cluster is not None or len(names) > 1, raked, start)


def part_of(weight: Weight, rows) -> Weight:
    """The same for some of the people: their labels, or one Boolean per person.

    >>> part_of(pd.Series([1.0, 2.0]), [1]).tolist()
    [2.0]
    """
    if not isinstance(weight, Sampling):
        return None if weight is None else weight.loc[rows]
    own = (each.loc[rows] for each in (weight.weight, weight.cluster, weight.stratum))
    found = Sampling(*own, weight.clustered)
    if weight.raked is not None and len(found.weight) == len(weight.weight):
        return replace(found, raked=weight.raked.loc[rows], start=weight.start.loc[rows])
    return replace(found, whole=weight if weight.raked is not None else weight.whole)


def checked_weight(weight: Weight, index: pd.Index) -> np.ndarray:
    """One weight per row of `index`, any unit; all ones where no weight is given.

    A blank or negative weight is refused: a blank taken for zero drops a person without a word.
    Zero is allowed: a person outside the population, who does not count in any base.

    >>> checked_weight(None, pd.RangeIndex(3)).tolist()
    [1.0, 1.0, 1.0]
    """
    if weight is None:
        return np.ones(len(index))
    if isinstance(weight, Sampling):
        weight = weight.weight
    aligned = weight.reindex(index) if not weight.index.equals(index) else weight
    values = pd.to_numeric(aligned, errors="coerce").to_numpy(dtype=float)
    faults = {"blank or not a number": ~np.isfinite(values), "negative": values < 0}
    problems = [
        f"{name} in {bad.sum():,} of {len(index):,} rows ({_first(index[bad])})"
        for name, bad in faults.items()
        if bad.any()
    ]
    if problems:
        raise ValueError(
            f"The weight is {' and '.join(problems)}. Such a weight would leave people out of every "
            "figure unannounced. Correct the weights, or leave those rows out of the survey."
        )
    return values


def who_answered(table: pd.DataFrame, weight: Weight) -> tuple[pd.DataFrame, np.ndarray, Weight]:
    """(the rows of those who answered every column and weigh something, as numbers; their weights; how
    they were drawn, None where each was asked apart).

    >>> who_answered(pd.DataFrame({"a": [1, None]}), None)[0]["a"].tolist()
    [1.0]
    """
    weights = checked_weight(weight, table.index)
    kept = table.notna().all(axis=1).to_numpy() & (weights > 0)
    people = table[kept].astype(float)
    drawn = part_of(weight, people.index) if isinstance(weight, Sampling) else None
    return people, weights[kept], drawn


def effective_base(weight: pd.Series | np.ndarray) -> float:
    """Kish's effective base, in answers: (Σw)² / Σw². Only the proportions of weights matter.

    Source: Kish 1965, Survey Sampling, §11.7.

    >>> round(effective_base(pd.Series([1, 1, 2, 0])), 2)
    2.67
    """
    weight = np.asarray(weight, dtype=float)
    return float(weight.sum() ** 2 / (weight**2).sum())


def freedom_left(weight: np.ndarray, drawn: Weight, taken: int) -> float:
    """Degrees of freedom that a fit leaves: independent answers less the coefficients that it took,
    and no more than clusters − strata where people were asked in clusters.

    >>> freedom_left(np.ones(12), None, 2)
    10.0
    """
    df = effective_base(weight) - taken
    return min(df, drawn.df) if isinstance(drawn, Sampling) and drawn.clustered else df


def design_effect(weight: pd.Series | np.ndarray) -> float:
    """How many times the weights multiply the variance of a mean: n / effective base, from 1 up.

    People of weight zero are outside the population and do not count. Source: Kish 1992.

    >>> design_effect(pd.Series([1, 1, 1, 3]))
    1.3333333333333333
    """
    return float(np.count_nonzero(weight) / effective_base(weight))


@dataclass(frozen=True)
class Raking:
    """Weights raked to margins, and what they cost.

    weight         one per person, mean 1
    margins        one row per column and value: n, target, before, after (shares of the weight,
                   0–1); people whose value is blank keep their share, and have a row without value
    trimmed        people held at the largest weight
    """

    weight: pd.Series
    margins: pd.DataFrame
    trimmed: int


def rake(
    people: pd.DataFrame,
    margins: Mapping[str, Mapping],
    weight: pd.Series | None = None,
    largest: float = LARGEST,
) -> Raking:
    """Weights that give each column of `people` its known shares, by iterative proportional fitting.

    Parameters
    ----------
    people : one row per respondent, with the columns named in margins; values compared as text
    margins : {column: {value: share of the population, 0–1}}
    weight : weights to start from, e.g. one over the chance of selection
    largest : no weight exceeds this many times the mean; whoever would is held there, and the
        others are raked to what is left, so that the margins are still met

    Raises ValueError when the margins do not fit the people, or cannot be met.

    Source: Deming & Stephan 1940; Kalton & Flores-Cervantes 2003, J. Official Statistics 19(2).

    >>> people = pd.DataFrame({"gender": ["f", "f", "f", "m"]})
    >>> rake(people, {"gender": {"f": 0.5, "m": 0.5}}).weight.round(2).tolist()
    [0.67, 0.67, 0.67, 2.0]
    """
    start = checked_weight(weight, people.index)
    start = start * np.count_nonzero(start) / start.sum()
    _check_margins(people, margins, start)
    targets = {name: _target(people[name], margins[name], start) for name in margins}
    held = np.zeros(len(people), dtype=bool)
    weights = _fitted(start, targets, held, largest)
    while (over := weights > largest * (1 + 1e-9)).any():
        held |= over
        weights = _fitted(np.where(held, largest, start), targets, held, largest)
    table = pd.concat([_margin(name, *targets[name], start, weights) for name in targets])
    return Raking(
        weight=pd.Series(weights, index=people.index, name="weight"),
        margins=table.reset_index(drop=True),
        trimmed=int(held.sum()),
    )


def _fitted(weights, targets, held, largest) -> np.ndarray:
    """Weights scaled to each margin in turn until all are met; those held stay as they are."""
    weights, free = weights.copy(), ~held
    for _ in range(MOST_CYCLES):
        worst = 0.0
        for codes, _, target in targets.values():
            fixed = np.bincount(codes[held], weights[held], len(target))
            now = np.bincount(codes[free], weights[free], len(target))
            wanted = target - fixed
            short = (now <= 0) & (np.abs(wanted) > 1e-9 * target)
            if short.any() or (wanted < -1e-9 * target).any():
                raise ValueError(_unmet(largest))
            factor = np.divide(wanted, now, out=np.ones_like(now), where=now > 0)
            worst = max(worst, np.abs(now * (factor - 1) / target).max())
            weights[free] *= factor[codes[free]]
        if worst < 1e-10:
            return weights
    raise ValueError(_unmet(largest))


def _target(values: pd.Series, shares: Mapping, start: np.ndarray):
    """(code per person, the values, total weight wanted of each); blank is a value of its own."""
    names = [str(name) for name in shares]
    codes = pd.Index(names).get_indexer(_text(values))
    blank = codes == -1
    total = np.array(list(shares.values()), dtype=float)
    target = total / total.sum() * start[~blank].sum()
    if start[blank].any():
        names, target = [*names, np.nan], np.append(target, start[blank].sum())
    return np.where(blank, len(shares), codes), names, target


def _margin(column, codes, names, target, before, after) -> pd.DataFrame:
    size = len(target)
    counted = codes < size  # people whose value is blank, and whose weight is zero, are in no row
    n = np.bincount(codes[counted], minlength=size)
    found = {"column": column, "value": names, "n": n, "target": target / target.sum()}
    for name, weights in (("before", before), ("after", after)):
        found[name] = np.bincount(codes[counted], weights[counted], size) / weights.sum()
    return pd.DataFrame(found)


def _check_margins(people: pd.DataFrame, margins: Mapping, start: np.ndarray) -> None:
    problems = []
    for name, shares in margins.items():
        if name not in people:
            problems.append(f"'{name}' is not a column of the survey")
            continue
        total, given = sum(shares.values()), {str(value) for value in shares}
        there = set(_text(people[name])[start > 0].dropna())
        if min(shares.values()) <= 0 or abs(total - 1) > SHARES_SLACK:
            problems.append(f"'{name}' has shares that are not above 0 or add up to {total:g}, not 1")  # fmt: skip
        if there - given:
            problems.append(f"'{name}' has no share for {', '.join(sorted(there - given))}")
        if given - there:
            problems.append(f"'{name}' has nobody with {', '.join(sorted(given - there))}")
    if problems:
        raise ValueError(
            f"Raking has {len(problems)} problems: {'; '.join(problems)}. Weights raked to such "
            "margins would describe another population. Correct 'raking' in client.yml."
        )


def _unmet(largest: float) -> str:
    return (
        f"Raking cannot meet its margins with weights of at most {largest:g} times the mean: too "
        "few people stand for a large share, or the margins contradict each other. Merge small "
        "values, leave a margin out, or allow larger weights."
    )


def _text(values: pd.Series) -> pd.Series:
    return values.astype(object).where(values.isna(), values.astype(str))


def _first(rows: pd.Index, limit: int = 5) -> str:
    shown = ", ".join(str(row) for row in rows[:limit])
    return f"row {shown}" if len(rows) <= limit else f"row {shown} and {len(rows) - limit:,} more"
