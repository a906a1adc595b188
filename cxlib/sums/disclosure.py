"""The one gate for what may be shown: small bases flagged, smaller ones withheld."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from scipy.linalg import null_space

# Columns that say which people a row is about, and those that say what they were asked. A column
# in neither list is taken for an estimate, so that forgetting one hides too much, not too little.
GROUPS = (
    "segment", "role", "wave", "collected_by", "group", "tier", "freedom", "satisfied",
    "loyalty_type",
)  # fmt: skip
KEYS = (
    "item", "dimension", "measure", "outcome", "kpi", "stage", "channel", "reason", "grouping",
    "split", "time", "period", "driver", "quality", "lever", "response", "theme",
)  # fmt: skip
KEPT = ("label", "from", "method", "unit")


def disclose(
    table: pd.DataFrame,
    small_base: float,
    disclosure: float,
    unions: Mapping[str, Sequence[str]] | None = None,
) -> pd.DataFrame:
    """The rows as they may be shown, with a column flag: "", "small_base" or "withheld".

    A row is withheld when one of its bases is below `disclosure`; then everything in it is blank
    except what names it. Where the people of a question are split into groups, the total minus
    the groups shown would give a withheld one back: so the next smallest groups are withheld with
    it, until at least two, and together at least `disclosure` people, are. A row whose smallest
    base, or Kish's effective base, is below `small_base` is flagged as indicative. A table
    without bases, or a row without one (not from a survey), passes as it is.

    Parameters
    ----------
    table : one row per group of people (and question); bases are the column n and every column
        that starts with "n_", in people; KEYS separate questions, whose rows are their groups;
        GROUPS split people, several cross, and the row `all` is all of them
    unions : {row: the groups that it sums up}, e.g. {"target": target_segments}; a union not
        declared is treated as a group of its own, so declare it

    Those who left the grouping question out are a group too: the row `all` minus all the rows.

    Source: Hundepool et al. 2012, Statistical Disclosure Control, ch. 4 (secondary suppression).

    >>> table = pd.DataFrame({"group": [*"abc"], "n": [50, 20, 4], "share": [0.5, 0.4, 0.3]})
    >>> disclose(table, small_base=30, disclosure=3)["flag"].tolist()
    ['', 'small_base', 'small_base']
    """
    bases = [name for name in table if name == "n" or str(name).startswith("n_")]
    counts = [name for name in bases if not name.startswith("n_eff")]
    if not counts:
        return table.copy()
    within = [name for name in KEYS if name in table]
    groups = [name for name in GROUPS if name in table]
    smallest = table[counts].astype(float).min(axis=1).to_numpy()
    already = table["flag"].eq("withheld").to_numpy() if "flag" in table else False
    people = table["n" if "n" in table else counts[0]].astype(float).fillna(0).to_numpy()
    withheld = already | (smallest < disclosure)
    for families in _families(table, people, within, groups, unions or {}):
        withheld = _with_complements(families, people, withheld, disclosure)
    small = (table[bases].astype(float).min(axis=1) < small_base).to_numpy()
    shown = _blanked(table, withheld, {*within, *groups, *KEPT, "flag"})
    return shown.assign(flag=np.select([withheld, small], ["withheld", "small_base"], ""))


class _Family(NamedTuple):
    """Rows that add up to something that a reader knows."""

    members: list[int]  # row positions, those to be withheld first in front
    whole: int | None  # the row that they add up to; None: known from elsewhere, assume the worst
    size: float  # people in it
    outside: bool = False  # the members are not `whole`, but everybody who is not in it


def _with_complements(families, people, withheld, disclosure) -> np.ndarray:
    """Withhold more until nothing shown gives a withheld row away; a Boolean per row."""
    withheld, before = withheld.copy(), None
    while before is None or (withheld != before).any():
        before = withheld.copy()
        for family in families:
            withheld[_victim(family, people, withheld, disclosure)] = True
        if (withheld == before).all():
            withheld[_crossed_victim(families, people, withheld, disclosure)] = True
    return withheld


def _victim(family: _Family, people, withheld, disclosure) -> list[int]:
    """The row to withhold next; none when this family by itself gives nothing away."""
    # Nobody is in a row of zero people: it neither needs hiding nor hides another.
    hidden = [row for row in family.members if withheld[row] and people[row] > 0]
    shown = [row for row in family.members if not withheld[row] and people[row] > 0]
    whole_is_known = family.whole is None or not withheld[family.whole]
    # Those who left the question out are a group that has no row: the whole less all the rows.
    unnamed = max(0.0, family.size - people[family.members].sum())
    if not (hidden or (unnamed and shown and not family.outside)) or not whole_is_known:
        return []
    alone = len(hidden) == 1 and not unnamed
    if shown:
        return shown[:1] if alone or people[hidden].sum() + unnamed < disclosure else []
    given_away = family.size < disclosure or (alone and family.size <= people[hidden[0]])
    return [family.whole] if given_away and family.whole is not None else []


def _crossed_victim(families, people, withheld, disclosure) -> list[int]:
    """The row to withhold next where families that cross give away what none gives by itself."""
    members = np.unique([row for family in families for row in family.members]).astype(int)
    hidden = members[withheld[members] & (people[members] > 0)]
    sums = [_equation(each, hidden, people, disclosure) for each in families]
    sums = [each for each in sums if each.any()]
    if not sums:
        return []
    # A sum of hidden rows is known where nothing that the equations leave open moves it.
    open_to = null_space(np.array(sums))
    given_away = hidden[np.abs(open_to).max(axis=1, initial=0) < 1e-9]
    few = people[hidden] < disclosure
    pairs = np.abs(open_to[few][:, None] + open_to[few][None]).max(axis=2, initial=0) < 1e-9
    pairs &= np.add.outer(people[hidden[few]], people[hidden[few]]) < disclosure
    for row in (*given_away, *hidden[few][pairs.any(axis=1)]):
        for family in families:
            shown = [member for member in family.members if not withheld[member]]
            if row in family.members and shown:
                return shown[:1]
    return []


def _equation(family, hidden, people, disclosure) -> np.ndarray:
    """What a reader knows of the hidden rows: their sum (1), or sum minus the whole (−1)."""
    unnamed = family.size - people[family.members].sum()
    if family.outside or unnamed > 0:  # people in no row hide the others; how well, `_victim` asks
        return np.zeros(len(hidden))
    return np.isin(hidden, family.members).astype(float) - (hidden == family.whole)


def _families(table, people, within, groups, unions) -> list[list[_Family]]:
    """For each question, every set of its rows that adds up to a total or to a union."""
    question = np.zeros(len(table), dtype=int)
    for number, rows in enumerate(_positions(table, within)):
        question[rows] = number
    found = defaultdict(list)
    for group in groups:
        names = table[group].to_numpy(dtype=object)
        # By size over the whole table, so that every question hides the same group.
        size = pd.Series(people).groupby(names, dropna=False).transform("sum").to_numpy()
        other = [name for name in (*within, *groups) if name != group]
        for rows in _positions(table, other):
            ordered = sorted(rows, key=lambda row: (size[row], row))
            known = _known_size(table, people, rows)
            found[question[rows[0]]] += _families_of(ordered, names, people, unions, known)
    return list(found.values())


def _known_size(table, people, rows) -> float:
    """The people of all groups, where no row of these says it: a group and its rest, or everyone."""
    if "n_rest" in table:
        both = people[rows] + table["n_rest"].astype(float).fillna(0).to_numpy()[rows]
        return both.max()
    if "grouping" in table and table["grouping"].eq("everyone").sum() == 1:
        return people[table["grouping"].eq("everyone").to_numpy()].max()
    return 0.0


def _families_of(rows, names, people, unions, known) -> list[_Family]:
    parts = [row for row in rows if names[row] != "all" and names[row] not in unions]
    whole = next((row for row in rows if names[row] == "all"), None)
    everyone = max(people[parts].sum(), known) if whole is None else people[whole]
    found = []
    # Unions first: hiding inside a union hides from the total as well, but not the reverse.
    for union in (row for row in rows if names[row] in unions):
        inside = [row for row in parts if names[row] in unions[names[union]]]
        outside = [row for row in parts if row not in inside]
        found.append(_Family(inside, union, people[union]))
        # What is not in the union is known too: the total minus the union.
        found.append(_Family(outside, union, everyone - people[union], outside=True))
    return [*found, _Family(parts, whole, everyone)]


def _positions(table, columns) -> list[np.ndarray]:
    if not columns:
        return [np.arange(len(table))] if len(table) else []
    return list(table.groupby(columns, sort=False, dropna=False).indices.values())


def _blanked(table, withheld, kept) -> pd.DataFrame:
    """The table with its withheld rows blank but for what names them."""
    if not withheld.any():
        return table.copy()
    columns = {}
    for name in table.columns.difference(list(kept), sort=False):
        column = table[name]
        if pd.api.types.is_bool_dtype(column):
            column = column.astype("boolean")
        elif pd.api.types.is_integer_dtype(column):
            column = column.astype("Int64")  # so that whole numbers stay whole beside blanks
        columns[name] = column.mask(withheld)
    return table.assign(**columns)


MOST_OF_IT = 0.90  # share of a sum from which two contributors are the sum


def dominated(amounts: pd.Series) -> bool:
    """Whether a sum of money tells what one of two customers brings to whoever knows the other: the
    two largest bring more than 90 % of it, or there are no more than two.

    What is left to hide the largest is then less than 10 % of it (the p % rule).
    Source: Hundepool et al. 2012, Statistical Disclosure Control, ch. 4.2; ACRO's (n, k) = (2, 90).

    >>> dominated(pd.Series([50, 45, 5])), dominated(pd.Series([40, 40, 20]))
    (True, False)
    """
    sizes = amounts.dropna().abs().sort_values(ascending=False)
    return bool(sizes.gt(0).any() and sizes.iloc[:2].sum() > MOST_OF_IT * sizes.sum())


def dominated_cells(amounts: pd.Series, cells: pd.Series) -> set:
    """The cells whose amounts may not be told: those that two customers dominate, and the smallest
    others until the hidden ones together are dominated no longer: the total less the rest is known.

    >>> sorted(dominated_cells(pd.Series([60, 9, 5, 5, 5, 6, 6, 6]), pd.Series([*"aabbbccc"])))
    ['a', 'b']
    """
    by = amounts.groupby(cells)
    hidden = {cell for cell, each in by if dominated(each)}
    for cell in by.sum().sort_values().index.difference(hidden, sort=False):
        if not hidden or not dominated(amounts[cells.isin(hidden)]):
            break
        hidden.add(cell)
    return hidden
