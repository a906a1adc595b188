"""Groups that other groups give away: every grouping of a release taken as one system.

A table by city and one by region share people: the region less the cities that are shown is the
city that is not. What a reader knows are sums over the groups shown, over everyone, and over those who answered
a grouping question (a group and the rest of it); whatever set of people is a sum or difference of
these is known too.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

SAME = 1e-7  # a set of people is known where nothing of its indicator is left over


def groups_to_withhold(
    groupings: Mapping[str, pd.Series],
    disclosure: float,
    unions: Mapping[tuple[str, str], Sequence[str]] | None = None,
    told: Sequence[np.ndarray] = (),
) -> set[tuple[str, str]]:
    """{(grouping, group)} that must not be shown in any table of a release.

    Groups of fewer than `disclosure` people, and the smallest others that have to go with them
    until no set of fewer people can be worked out from all that is shown: no small group, no two
    of them together, none that left a grouping out, none by which two groups of different
    groupings differ, and nobody whom the groupings together single out.

    Parameters
    ----------
    groupings : {name: group of each person}, on one index; blank = left out
    unions : {(grouping, name): its groups} of what is shown beside the groups, e.g. the target
        segments
    told : which people are in each set that is shown whatever comes of it, e.g. the last wave

    >>> city = pd.Series(["Nice"] * 4 + ["Lyon"] * 30 + ["Paris"] * 40 + ["Pau"] * 12)
    >>> region = pd.Series(["South"] * 34 + ["North"] * 52)
    >>> sorted(groups_to_withhold({"city": city, "region": region}, 10))
    [('city', 'Lyon'), ('city', 'Nice')]
    """
    members = _members(groupings, unions or {})
    size = {name: int(who.sum()) for name, who in members.items()}
    hidden = {name for name in members if size[name] < disclosure}
    if not members:
        return hidden
    while True:
        shown = sorted(set(members) - hidden, key=lambda name: (-size[name], name))
        parts = _given_away(groupings, members, hidden, shown, disclosure, told)
        if not parts:
            return hidden
        hidden.add(shown[max(parts)])  # the smallest


def rest_is_everyone(values: pd.Series, disclosure: float) -> bool:
    """Whether those who left a grouping out count among the rest of each group: where they are few,
    or a group is, everyone less a group and its rest, or those less the groups shown, would be them.

    >>> rest_is_everyone(pd.Series([*"aaaabb", None]), 2), rest_is_everyone(pd.Series([*"aabb"]), 2)
    (True, False)
    """
    sizes = values.value_counts(dropna=False)
    return bool(values.isna().any() and (sizes[sizes > 0] < disclosure).any())


def _members(groupings, unions) -> dict[tuple[str, str], np.ndarray]:
    """{(grouping, group): which people are in it}, the unions among them."""
    found = {}
    for name, values in groupings.items():
        codes, groups = pd.factorize(values.astype(object))
        found |= {(name, str(group)): codes == at for at, group in enumerate(groups)}
    for (name, union), parts in unions.items():
        inside = [found[name, part] for part in parts if (name, part) in found]
        if inside:
            found[name, union] = np.logical_or.reduce(inside)
    return found


def _given_away(groupings, members, hidden, shown, disclosure, told) -> list[int]:
    """The places in `shown`, largest first, of the groups that give a set of too few people away
    when they are added to or taken from each other; [] where nothing does."""
    asked = [each for each in groupings.values() if not rest_is_everyone(each, disclosure)]
    always = [*(values.notna().to_numpy() for values in asked), *told]
    everyone = np.ones(len(next(iter(members.values()))), dtype=bool)
    known = np.array([everyone, *always, *(members[name] for name in shown)])
    # People whom all that is shown treats alike are one: a sum tells them apart never.
    # Bits are sorted in a tenth of the time of rows.
    bits = np.ascontiguousarray(np.packbits(known, axis=0).T)
    _, first, kind, people = np.unique(bits.view(f"V{bits.shape[1]}").ravel(), True, True, True)
    sums = known[:, first].astype(float)
    rows, basis = _independent(sums)
    sets = _small_sets(groupings, members, hidden, known, kind, people, disclosure)
    for each in sets[np.abs(sets - sets @ basis.T @ basis).max(axis=1, initial=0) < SAME]:
        parts, *_ = np.linalg.lstsq(sums[rows].T, each, rcond=None)
        needed = [rows[place] - 1 - len(always) for place in np.flatnonzero(np.abs(parts) > SAME)]
        if any(place >= 0 for place in needed):
            return needed
    return []


def _independent(sums) -> tuple[list[int], np.ndarray]:
    """The first rows, in this order, of which no other is a sum; and what they span, orthonormal."""
    rows, basis = [], np.empty((0, sums.shape[1]))
    for at, row in enumerate(sums):
        left = row - (basis @ row) @ basis
        left -= (basis @ left) @ basis  # once more, for the digits lost in the first
        if (norm := np.linalg.norm(left)) > SAME * max(1.0, np.linalg.norm(row)):
            rows.append(at)
            basis = np.vstack([basis, left / norm])
    return rows, basis


def _small_sets(groupings, members, hidden, known, kind, people, disclosure) -> np.ndarray:
    """Sets of fewer than `disclosure` people to ask about, as whole kinds of people: one row each."""
    sets = [members[name] for name in hidden]
    for name, values in groupings.items():
        blank = values.isna().to_numpy()
        gone = [members[each] for each in hidden if each[0] == name]
        sets += [blank, *(np.logical_or.reduce([one, *gone]) for one in (blank, ~known[0]))]
    sets += [one & ~other for one in known for other in known]
    small = (who for who in sets if 0 < who.sum() < disclosure)
    counts = [np.bincount(kind, who, len(people)) for who in small]
    counts = np.array(counts).reshape(-1, len(people))
    whole = ((counts == 0) | (counts == people)).all(axis=1)
    alone = np.eye(len(people))[people < disclosure]
    return np.unique(np.vstack([(counts[whole] > 0).astype(float), alone]), axis=0)
