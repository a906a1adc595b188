"""How every step asks of a client: once, only of what may be shown, only where there is something."""

from functools import wraps
from weakref import WeakKeyDictionary

import pandas as pd

from cxlib.client.case import Case
from cxlib.client.release import withheld
from cxlib.sums.compare import benjamini_hochberg
from cxlib.sums.linked import rest_is_everyone

BLANK = "\x7f"  # no group is called so; pandas takes "\0" for empty text


def remembered(step):
    """A step that is computed once for a case and given as a new table to each that asks.

    The executive report asks again for what the notebooks before it have shown.
    """
    return remembered_for(lambda case: case)(step)


def remembered_for(what):
    """The same for a step that depends on a part of the case alone, which another case may share."""

    def wrap(step):
        known = WeakKeyDictionary()

        @wraps(step)
        def once(case):
            part = what(case)
            if part not in known:
                known[part] = step(case)
            return None if known[part] is None else known[part].copy()

        return once

    return wrap


def apart_from_strategy(case: Case) -> Case:
    """What neither the budget nor the weights of fit bear on."""
    return case.apart_from_strategy


def of_the_answers(case: Case):
    """The answers that are counted: other decisions leave them as they are."""
    return case if case.latest is None else case.latest


def may_be_shown(case: Case, table: pd.DataFrame) -> pd.Series:
    """Which rows the gate will let through, for what is computed from several rows at once.

    A false-discovery rate, a control limit or a test over groups is a sum over rows: were withheld
    rows in it, it would tell of them.
    """
    return withheld(case, table)["flag"] != "withheld"


def numbers_shown(case: Case, table: pd.DataFrame) -> pd.DataFrame:
    """The same rows, the numbers of those that the gate withholds blank: for what is worked out from
    them and has no base of its own for the gate to see (a benefit, an ideal for the money)."""
    return table.assign(**withheld(case, table)[table.select_dtypes("number").columns])


def table_of(case: Case, name: str) -> pd.DataFrame | None:
    """A supplied table with rows in it, or None."""
    table = case.tables.get(name)
    return None if table is None or table.empty else table


def everyone(table: pd.DataFrame | None) -> pd.DataFrame | None:
    """The rows for all customers together; None stays None.

    >>> cx.everyone(cx.gaps(cx.read_client("meisu", "data")))["segment"].unique().tolist()
    ['all']
    """
    return None if table is None else table[table["segment"] == "all"].reset_index(drop=True)


def with_few_blanks(case: Case, values: pd.Series) -> pd.Series:
    """The groups; those who left the question out are one where they count among the rest of each."""
    within = rest_is_everyone(values, case.settings.disclosure)
    return values.astype(object).where(values.notna(), BLANK) if within else values


def among_shown(case: Case, table: pd.DataFrame) -> pd.DataFrame:
    """Comparisons with q, and `different`, over those alone that may be shown; blank where none is."""
    q = pd.Series(benjamini_hochberg(table["p"].where(may_be_shown(case, table))), table.index)
    different = (q <= 1 - case.settings.confidence).astype(object).where(q.notna(), None)
    return table.assign(q=q, different=different)


def known(cases, name: str) -> bool:
    """Whether a column of cases is there, with something in it."""
    return cases is not None and name in cases and cases[name].notna().any()
