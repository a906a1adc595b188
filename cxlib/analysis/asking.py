"""How every step asks of a client: once, only of what may be shown, only where there is something."""

import os
from functools import wraps
from pathlib import Path
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from cxlib.analysis.named import OWN_RULE, focused
from cxlib.client.case import Case
from cxlib.client.release import withheld
from cxlib.client.settings import TARGET
from cxlib.sums.compare import benjamini_hochberg, compare_groups
from cxlib.sums.linked import rest_is_everyone

BLANK = "\x7f"  # no group is called so; pandas takes "\0" for empty text


# How a run begins the names of the files in which it keeps the tables that this notebook has changed,
# for the kernels after it.
CHANGED = "CX_CHANGED"
STEPS = {}  # every step that remembers, by its name
_changed = WeakKeyDictionary()  # {case: {step: its table as a notebook has changed it}}


class NotThere(Exception):
    """What a step needs was not sent, or not asked."""


def needed(*things):
    """What a step needs: the thing itself, or all of them; where one is not there (None, False, or
    nothing in it), the step gives None."""
    for thing in things:
        nothing = not len(thing) if hasattr(thing, "__len__") else thing is None or thing is False
        if nothing:
            raise NotThere
    return things[0] if len(things) == 1 else things


def where_known(step):
    """A step that gives None where what it needs is not there (`needed`)."""

    @wraps(step)
    def found(*given, **also):
        try:
            return step(*given, **also)
        except NotThere:
            return None

    return found


def remembered(step):
    """A step that is computed once for a case and given as a new table to each that asks.

    The executive report asks again for what the notebooks before it have shown; what one of them has
    changed (`follow`) is what it gets.
    """
    return remembered_for(lambda case: case)(step)


def remembered_for(what):
    """The same for a step that depends on a part of the case alone, which another case may share."""

    def wrap(step):
        known, step = WeakKeyDictionary(), where_known(step)

        def worked_out(case):
            part = what(case)
            if part not in known:
                known[part] = step(case)
            return known[part]

        @wraps(step)
        def once(case):
            found = changed_tables(case).get(step.__name__)
            found = worked_out(case) if found is None else found
            return None if found is None else found.copy()

        once.as_worked_out, once.forget = worked_out, lambda case: known.pop(what(case), None)
        STEPS[step.__name__] = once
        return once

    return wrap


def changed_tables(case: Case) -> dict[str, pd.DataFrame]:
    """{step: its table} where a notebook of this client has shown another than the step works out."""
    if case not in _changed:
        kept = Path(os.environ.get(CHANGED) or os.devnull).parent
        found = sorted(kept.glob("changed_*.*.parquet"))  # what a later step changed counts
        _changed[case] = {path.stem.rpartition(".")[2]: pd.read_parquet(path) for path in found}
    return _changed[case]


def follow(case: Case, step: str, table: pd.DataFrame) -> list[str]:
    """Steps after this one go by `table` instead of what `step` works out, where it is another.

    Returns the columns that were changed; [] where none was. A number that was changed has no interval
    unless the table brings one of its own (X_low, X_high), and another key experience no
    probability: what is known of them is known of what was worked out.
    """
    own = changed_tables(case)
    before, worked_out = own.pop(step, None), STEPS[step].as_worked_out(case)
    table = completed(table, worked_out)
    columns = differing(worked_out, table)
    if columns:
        blank = [name for name in known_of(columns) if name in table and name not in columns]
        basis = {"key_basis": OWN_RULE} if "key_experience" in columns else {}
        own[step] = table.assign(**dict.fromkeys(blank, np.nan), **basis)
    if columns or before is not None:  # what was worked out from it is worked out anew
        for other in STEPS.values():
            other.forget(case)
    if os.environ.get(CHANGED):
        kept = Path(f"{os.environ[CHANGED]}.{step}.parquet")
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        if columns:
            own[step].to_parquet(kept)
        else:
            for before in kept.parent.glob(f"changed_*.{step}.parquet"):
                before.unlink()
    return without_known_of(columns)


def known_of(columns) -> list[str]:
    """The columns that hold what is known of these: intervals, and of the key experience its rank."""
    spread = [f"{name}{end}" for name in columns for end in ("_low", "_high")]
    ranks = ["p_key", "rank", "rank_low", "rank_high", "key_basis"]
    return spread + ranks * ("key_experience" in columns)


def without_known_of(columns) -> list[str]:
    """The columns that somebody changed, without those that are blank for that."""
    return [name for name in columns if name not in known_of(columns)]


def completed(table: pd.DataFrame, worked_out: pd.DataFrame | None) -> pd.DataFrame:
    """The table with the columns that it has lost, for the steps after it need them; KeyError where
    its rows are others, so that nothing tells what would stand there."""
    table = table.reset_index() if table.index.name else table
    if worked_out is None:
        return table
    lost = [name for name in worked_out if name not in table]
    if lost and len(table) != len(worked_out):
        raise KeyError(f"The steps after this one need {', '.join(lost)} too: keep those columns.")
    return table.assign(**{name: worked_out[name].to_numpy() for name in lost})


def changed_columns(case: Case) -> list[list[str]]:
    """The columns that a client's own notebooks have changed, for each of the tables."""
    found = changed_tables(case).items()
    every = [differing(STEPS[step].as_worked_out(case), table) for step, table in found]
    return [without_known_of(columns) for columns in every]


def own_columns(case: Case) -> list[str]:
    """All of them together, each once."""
    return sorted({name for columns in changed_columns(case) for name in columns})


def differing(worked_out: pd.DataFrame | None, table: pd.DataFrame) -> list[str]:
    """Columns of `table` that are not as worked out; all where its rows are others."""
    if worked_out is None or len(worked_out) != len(table):
        return list(table)
    pairs = {name: (worked_out.get(name), table[name].reset_index(drop=True)) for name in table}
    return [name for name, (old, new) in pairs.items() if old is None or not alike(old, new)]


def alike(old: pd.Series, new: pd.Series) -> bool:
    """Whether two columns hold the same, as far as a sum done in another order can tell."""
    if pd.api.types.is_float_dtype(old) and pd.api.types.is_numeric_dtype(new):
        return bool(np.allclose(old, new.astype(float), rtol=1e-9, atol=1e-9, equal_nan=True))
    return bool((old.reset_index(drop=True).eq(new) | (old.isna() & new.isna())).all())


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


def table_of(case: Case, name: str, *columns: str) -> pd.DataFrame | None:
    """A supplied table with rows in it, and these columns; or None."""
    table = case.tables.get(name)
    lacks = table is None or table.empty or not set(columns) <= set(table)
    return None if lacks else table


def everyone(table: pd.DataFrame | None) -> pd.DataFrame | None:
    """The rows for all customers together; None stays None.

    >>> cx.everyone(cx.gaps(cx.read_client("meisu", "data")))["segment"].unique().tolist()
    ['all']
    """
    return None if table is None else table[table["segment"] == "all"].reset_index(drop=True)


def designed_for(table: pd.DataFrame | None) -> pd.DataFrame | None:
    """The rows of the customers that the design is for: of the target where client.yml names one, else
    of everyone.

    >>> cx.designed_for(cx.gaps(cx.read_client("meisu", "data")))["segment"].unique().tolist()
    ['all']
    """
    return focused(table, TARGET)


def with_few_blanks(case: Case, values: pd.Series) -> pd.Series:
    """The groups; those who left the question out are one where they count among the rest of each."""
    within = rest_is_everyone(values, case.settings.disclosure)
    return values.astype(object).where(values.notna(), BLANK) if within else values


def among_shown(case: Case, table: pd.DataFrame) -> pd.DataFrame:
    """Comparisons with q, and `different`, over those alone that may be shown; blank where none is."""
    q = pd.Series(benjamini_hochberg(table["p"].where(may_be_shown(case, table))), table.index)
    different = (q <= 1 - case.settings.confidence).astype(object).where(q.notna(), None)
    return table.assign(q=q, different=different)


def of_each_grouping(case: Case, by: dict, asked) -> pd.DataFrame:
    """`compare_groups` of each grouping {name: group of each person} that has several groups, one under
    another, the grouping first; asked : of its name, (answers, weight). Who left the question out is
    in none of them. NotThere where there is no such grouping."""
    parts = {}
    for name, values in by.items():
        if values.nunique() > 1:
            (answers, weight), groups = asked(name), with_few_blanks(case, values).rename("group")
            parts[name] = compare_groups(answers, groups, weight, case.settings.confidence)
    table = pd.concat(needed(parts), names=["grouping", None]).reset_index("grouping")
    return table[table["group"].astype(object) != BLANK].reset_index(drop=True)


def known(cases, name: str) -> bool:
    """Whether a column of cases is there, with something in it."""
    return cases is not None and name in cases and cases[name].notna().any()
