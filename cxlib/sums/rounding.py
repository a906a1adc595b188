"""How finely a number may be told: no finer than one person's answer moves it.

n × mean − (n − 1) × mean of two releases gives a person's answer where the means have decimals
enough. So a number is rounded to a unit (1, 2 or 5 times a power of ten) that is larger than what one of the
people behind it can do to it. docs/disclosure.md has the rules, and what they cost.

Source: OpenSAFELY's rules for what leaves it (counts to the nearest five) and ACRO's (no result
that two people's answers determine); the unit of a mean is ours.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import yaml

from cxlib.sums.disclosure import GROUPS

COUNTED_IN = 5  # people
TWO = 2.0  # people: a share that one alone cannot move leaves one count, and that is exact
NOISE = 1e-9  # of floating point, in units
ENDS = ("_low", "_high", "_before", "_rest", "_other", "_incremental")
STATED = ("assumed", "assumption", "literature", "management", "frontline")
COARSEST = {"mean": 1.0, "share": 0.5}  # told of a coarser unit it would be none or all: blank
NUMBERS = ("integer", "floating", "mixed-integer-float")  # as pandas calls what a column holds
TOLD = ("mean", "product", "share")  # kinds whose decimals the page asks for
TREE = ("branch", "input", "lever")  # tables of what bad experience costs


class Decimals(dict):
    """How many decimals a column has; never changed, so that pandas, which copies what a table knows of
    itself at every step, need not copy it."""

    def __deepcopy__(self, memo):
        return self


def unit(span, n, finest: float = 0.0):
    """The smallest of 1, 2 and 5 times a power of ten that is larger than span ÷ n.

    span : what one person can change at most in a sum of n people's answers, in the number's unit
    finest : below it powers of ten alone: a half of the last digit would be written as two digits

    >>> unit(6, 207, 0.1).item(), unit(10, 57, 0.1).item(), unit(2, 30, 0.01).item()
    (0.1, 0.2, 0.1)
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.asarray(span, dtype=float) / np.asarray(n, dtype=float)
        power = 10.0 ** np.floor(np.round(np.log10(moved), 9))
        more = moved * (1 + NOISE)
        step = np.select([2 * power > more, 5 * power > more], [2, 5], 10)
        step = np.where(step * power < finest * (1 - NOISE), 10, step)
    return np.round(step * power, 15)


def rounded(
    table: pd.DataFrame,
    people: float | None,
    spans: Mapping[str, float],
    least: float = 0,
    counted: bool = False,
) -> pd.DataFrame:
    """The same rows, every number rounded to what the people behind it can carry.

    Parameters
    ----------
    table : any table of results; a row's people are in its column n
    people : those behind a row without a base; None: rows without a base are nobody's answers
    spans : highest − lowest of the answers: `score`, `importance`, and each measure by its name
    least : people; the base of a group is not rounded to below it
    counted : whether any share of the cost tree was counted among people

    What was decided, assumed, or told by the company of itself stays as it is, and so does how
    many were asked in all. A number of which not even the whole unit may be told is blank. The
    Intervals are rounded outwards. The result's attrs hold, as `decimals`, how many a column of scores or shares has at most.

    >>> rounded(pd.DataFrame({"n": [207], "experience": [5.0773]}), 207, {"score": 6})
    ... # doctest: +NORMALIZE_WHITESPACE
           n  experience
    0  207.0         5.1
    """
    if table.empty:
        return table
    base = _bases(table, people, counted)
    if np.isnan(base).all():
        return table
    columns, most = {}, {}
    for name in table.columns:
        kind = "count" if name == "people" and "silent" in table else kind_of(name, table[name])
        if kind == "count":
            columns[name] = _counts(table, name, base, least)
        elif kind != "exact":
            columns[name], units = _column(table, name, kind, base, spans)
            if kind in TOLD and (told := units[~np.isnan(base)]).size:
                most[name] = int(max(0, np.ceil(-np.log10(told) - NOISE).max()))
    found = table.assign(**columns)
    if "survival" in table:  # of fewer people it is told more coarsely: it does not rise for that
        found["survival"] = found.groupby("group")["survival"].cummin()
    found.attrs = {**table.attrs, "decimals": Decimals(most)}
    return found


@cache
def _kinds() -> dict[str, str]:
    text = Path(__file__).with_suffix(".yml").read_text(encoding="utf-8")
    return {name: kind for kind, names in yaml.safe_load(text).items() for name in names}


def kind_of(name, column: pd.Series) -> str:
    """How a column is rounded: mean, product, share, hundredth, count, figures or exact.

    >>> kind_of("experience_low", pd.Series([5.1])), kind_of("class", pd.Series(["M"]))
    ('mean', 'exact')
    """
    if pd.api.types.infer_dtype(column) not in NUMBERS:
        return "exact"
    known, stem = _kinds(), str(name)
    while stem not in known and stem.endswith(ENDS):
        stem = stem.rsplit("_", 1)[0]
    if stem in known:
        return known[stem]
    if stem.startswith("n_"):
        return "count"
    if stem.startswith(("p_", "q_")):
        return "hundredth"
    return "count" if pd.api.types.is_integer_dtype(column) else "figures"


def _bases(table, people, counted) -> np.ndarray:
    """The people behind each row; blank where they are nobody's answers."""
    nobody = np.zeros(len(table), dtype=bool)
    if any(name in table for name in TREE) and "outcome" not in table:
        nobody[:] = not counted  # one share that was counted is in every amount of the tree
    elif "from" in table and "experience" in table:
        nobody = table["from"].isin(STATED).to_numpy()
    base = pd.to_numeric(table.reindex(columns=["n"])["n"]).astype(float).to_numpy()
    return np.where(np.isnan(base) & ~nobody, np.nan if people is None else people, base)


def _column(table, name, kind, base, spans) -> tuple[pd.Series, np.ndarray]:
    """(the column rounded, the unit that each of its cells is told in)."""
    found = pd.to_numeric(table[name]).astype(float).to_numpy().copy()
    if kind == "mean" and "nps" in table:
        return _promoter_points(table, name, found, base)
    units = _units(table, name, kind, base, spans, found)
    new = _clean(_whole(name, kind, found / units) * units)
    new = np.where(units > COARSEST.get(kind, np.inf), np.nan, new)
    return pd.Series(np.where(np.isnan(base), found, new), table.index) + 0.0, units


POINTS = np.array([1, 5, 10, 20, 50, 100])  # units that a net promoter score is told in


def _promoter_points(table, name, values, base) -> tuple[pd.Series, np.ndarray]:
    """A net promoter score to the smallest unit that is larger than what one answer moves, 200 ÷ n:
    a score of a hundred people is told to five points, and never blank."""
    with np.errstate(divide="ignore"):
        place = np.searchsorted(POINTS, 200 / base, side="right")
        unit = POINTS[np.minimum(place, len(POINTS) - 1)]
    new = np.clip(_whole(name, "mean", values / unit) * unit, -200, 200)
    told = pd.Series(np.where(np.isnan(base), values, new), table.index) + 0.0
    return told, np.ones(len(table))


def _whole(name, kind, values) -> np.ndarray:
    """To whole units: what is claimed of a number is claimed of it rounded.

    The ends of an interval outwards, so that it covers at least as often; but not to zero where the
    nearest unit keeps the side of zero that they are on. A test's p upwards, a probability towards
    one half; beyond 99 % and below 1 % it is 1 and 0, which the page writes as over and under.
    """
    nearest = np.round(values)
    if str(name).endswith(("low", "high")):
        out = np.floor(values + NOISE) if str(name).endswith("low") else np.ceil(values - NOISE)
        return np.where((out == 0) & (nearest != 0), nearest, out)
    if kind != "hundredth" or name == "design_effect":
        return nearest
    if str(name)[:2] not in ("p_", "q_") or str(name).endswith("_same"):
        return np.ceil(values - NOISE)
    inner = np.where(values > 50, np.floor(values + NOISE), np.ceil(values - NOISE))
    return np.where(values > 99, 100.0, np.where(values < 1, 0.0, inner))


def _people_of(table, base) -> np.ndarray:
    """Those of whom a share is a share. Both of Kano's are of who answered A, O, M or I, less two:
    whoever answers O is in both, and the two together tell more than each alone."""
    if {*"AOMI"} <= set(table):
        return (table[[*"AOMI"]].astype(float).sum(axis=1) - TWO).clip(lower=1).to_numpy()
    return base if "n_of" not in table else table["n_of"].astype(float).fillna(0).to_numpy()


def _clean(values) -> np.ndarray:
    """Without the tail that floating point leaves: 5.1, not 5.1000000000000005."""
    return np.array([float(f"{value:.12g}") for value in values])


def _units(table, name, kind, base, spans, values) -> np.ndarray:
    """What each cell of a column is rounded to a multiple of."""
    if kind == "figures":
        size = np.abs(values)
        return unit(np.where(size > 0, size, 1.0), np.where(size > 0, base, 1.0))
    if kind == "hundredth":
        return np.full(len(table), 0.01)
    if kind == "share":
        return unit(TWO, _people_of(table, base), 0.01)
    factor = spans.get("importance_highest", 1.0) if kind == "product" else 1.0
    return unit(factor * _spans(table, str(name), spans), base, 0.1)


def _spans(table, name, spans) -> np.ndarray:
    """Highest less lowest of the answers that each cell of a column is made of."""
    score = float(spans.get("score", 1.0))
    if "nps" in table and "measure" not in table:
        return np.full(len(table), 200.0)
    if not {"churn", "leaving", "of_ended"}.isdisjoint(table):
        return np.full(len(table), 1.0)
    if name.startswith("importance"):
        return np.full(len(table), float(spans.get("importance", score)))
    asked = next((each for each in ("measure", "outcome") if each in table), None)
    if asked is None:
        return np.full(len(table), score)
    return table[asked].map(lambda measure: float(spans.get(str(measure), score))).to_numpy()


def _counts(table, name, base, least) -> pd.Series:
    """People, to the nearest five but where they are all who were asked."""
    values = pd.to_numeric(table[name]).astype(float)
    fives = (values / COUNTED_IN).round() * COUNTED_IN
    if str(name) == "n" or str(name).startswith("n_"):
        fives = fives.where(values < least, fives.clip(lower=least))
        values = values.round() if str(name).startswith("n_eff") else values
        fives = fives.where(~_of_everyone(table, str(name)), values)
    return fives.where(~np.isnan(base), values)


def _of_everyone(table, name) -> np.ndarray:
    """Rows whose base is everybody who was asked: of no group, or of all."""
    known = name.removeprefix("n_").removeprefix("eff_") in ("n", "eff", "of")
    if not known or "survival" in table:  # of which ever fewer are left
        return np.zeros(len(table), dtype=bool)
    groups = [group for group in (*GROUPS, "complained", "theme") if group in table]
    if name == "n_of" or not groups:
        return np.ones(len(table), dtype=bool)
    return np.logical_and.reduce([table[group].astype(object).eq("all") for group in groups])
