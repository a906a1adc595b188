"""How often something happens in each group of customers or cases, against everybody else."""

from itertools import pairwise

import numpy as np
import pandas as pd

from cxlib.sums.interval import counted_share, difference_interval

MOST_GROUPS = 12  # of a trait: with more, each is a name rather than a group
BANDS = 4  # of a trait that is a number: quarters of those of whom it is known
SAME = 0.98  # a trait known of so many of those it happened to, and of so few others, is the event


def share_against_rest(traits: pd.DataFrame, event: pd.Series, confidence=0.95, name="share"):
    """The share to whom it happened, by trait and group, beside all and against the rest.

    Parameters
    ----------
    traits : one row per customer or case, a column per trait (texts; blank = not known)
    event : same index, true where it happened; blank = not known, left out

    Returns one row for everyone first (grouping `everyone`, group `all`), then one per trait and
    group: grouping, group, n, count, share with its interval (Wilson), n_rest, share_rest,
    difference (share − share_rest) with its interval (MOVER of the two), p (Fisher's exact test);
    the share under this name.

    Source: Newcombe 1998, Statistics in Medicine 17, method 10.

    >>> traits = pd.DataFrame({"contract": ["monthly"] * 4 + ["yearly"] * 4})
    >>> share_against_rest(traits, pd.Series([1, 1, 1, 0, 0, 0, 0, 1]))["share"].tolist()
    [0.5, 0.75, 0.25]
    """
    known = event.dropna().astype(float)
    rows = [_of_group("everyone", "all", known, known.iloc[:0], confidence, name)]
    for trait, values in traits.loc[known.index].items():
        groups = values.dropna()
        for group, members in groups.groupby(groups, observed=True).groups.items():
            rest = known.loc[groups.index.difference(members, sort=False)]
            rows.append(_of_group(trait, group, known.loc[members], rest, confidence, name))
    return pd.DataFrame(rows)


def _of_group(grouping, group, own, rest, confidence, name) -> dict:
    """One row of `share_against_rest`."""
    row = {"grouping": grouping, "group": str(group), "n": len(own), "count": int(own.sum())}
    share, other = (counted_share(part.sum(), len(part), confidence, name) for part in (own, rest))
    row |= share | {"n_rest": len(rest) if len(rest) else np.nan, f"{name}_rest": other[name]}
    row |= difference_interval(share, other, name)
    from scipy.stats import fisher_exact

    both = [[part.sum(), len(part) - part.sum()] for part in (own, rest)]
    return row | {"p": float(fisher_exact(both).pvalue) if len(rest) else np.nan}


def usable_traits(table: pd.DataFrame) -> pd.DataFrame:
    """The columns by which rows can be grouped, as texts: those of few values as they are, numbers
    of many in quarters; not those that name each row, nor those that are the same everywhere.

    >>> table = pd.DataFrame({"plan": ["a", "b"] * 20, "age": range(40), "code": range(1000, 1040)})
    >>> found = usable_traits(table.assign(age=table["age"] // 2))
    >>> found["age"].unique().tolist(), list(found)
    (['≤ 4.8', '4.8 – 9.5', '9.5 – 14', '> 14'], ['plan', 'age'])
    """
    found = {}
    for name, values in table.items():
        known = values.dropna()
        numbers = pd.to_numeric(known, errors="coerce")
        # Amounts differ from row to row as whole-numbered names do.
        distinct, amounts = known.nunique(), (numbers % 1 != 0).any()
        if 2 <= distinct <= MOST_GROUPS:
            whole = values.convert_dtypes()  # 4, not 4.0
            found[name] = whole.astype(object).where(values.notna(), None)
        elif len(known) and numbers.notna().all() and (amounts or distinct <= SAME * len(known)):
            found[name] = banded(pd.to_numeric(values, errors="coerce"))
    return pd.DataFrame(found, index=table.index)


def banded(values: pd.Series) -> pd.Series:
    """A number as text, in quarters of those who have one, their bounds to two figures; a bound is
    in the quarter below it.

    >>> banded(pd.Series([1.0, 2, 3, 4, 5, 6, 7, 8]) * 1e6).tolist()[::2]
    ['≤ 2,800,000', '2,800,000 – 4,500,000', '4,500,000 – 6,200,000', '> 6,200,000']
    """
    cuts = values.quantile([k / BANDS for k in range(1, BANDS)])
    edges = sorted({float(f"{cut:.2g}") for cut in cuts})
    told = [f"{edge:,.12g}" for edge in edges]
    names = [f"≤ {told[0]}", *map(" – ".join, pairwise(told)), f"> {told[-1]}"]
    return pd.cut(values, [-np.inf, *edges, np.inf], labels=names)


def same_as(traits: pd.DataFrame, event: pd.Series) -> list:
    """Traits that only say again whether it happened: known of (nearly) all whom it happened to and
    of nobody else, or by which nobody is left to compare.

    >>> left = pd.Series([1, 1, 0, 0])
    >>> same_as(pd.DataFrame({"why": ["dear", "moved", None, None], "plan": [*"abab"]}), left)
    ['why']
    """
    happened = event.eq(1)
    found = []
    for name, values in traits.items():
        known = values.notna()
        alone = known[happened].mean() >= SAME and known[~happened].mean() <= 1 - SAME
        by = happened[known].groupby(values[known], observed=True).mean()
        if alone or (len(by) and by.isin([0, 1]).all()):
            found.append(name)
    return found
