"""What may leave the house: the one gate for every table, figure, sentence and file.

`released` withholds, then rounds. What it returns is of a type of its own, and only that type is
shown, embedded or written.
"""

from functools import wraps

import pandas as pd

from cxlib.client.few import alike, hidden_groups, of_few, targets_of, without_few
from cxlib.client.settings import TARGET
from cxlib.sums.disclosure import disclose
from cxlib.sums.kano import LETTERS
from cxlib.sums.rounding import STATED, TWO, rounded, unit

# What a company counts of itself, by the column that names it in a table that it supplied.
RECORDS = {"kpi": "kpis", "event": "performance", "area": "health_check", "level": "service_levels"}
CERTAINTY = ("p_class", "significant", "mode", "class_other")
REFUSED = "shows what passed the gate alone: give it page.gate(table)."
DOMINATED = "dominated"  # a column of truths: two customers bring nearly all of the row's money


class Released(pd.DataFrame):
    """A table that has passed the gate, with what the gate told; a selection of its rows and columns is
    one too, and where anything else of it is another it has not passed."""

    _metadata = ["_told"]  # goes along with every selection
    _told = None
    _constructor = property(lambda _: Released)


def as_told(table: pd.DataFrame) -> Released:
    """The table, of the type that has passed."""
    found = Released(table)
    found.attrs, found._told = table.attrs, table.copy()
    return found


def has_passed(table) -> bool:
    """Whether each row of a table is one that the gate told, or a part of one.

    >>> told = as_told(pd.DataFrame({"a": [1, 2], "b": [3, 4]}))
    >>> has_passed(told[["b"]].iloc[1:]), has_passed(told.assign(b=[3, 5]))
    (True, False)
    """
    told = getattr(table, "_told", None)
    if told is None or table.equals(told):
        return told is not None
    named = table.index.names != [None]
    here = table.reset_index(allow_duplicates=True) if named else table
    known = named or table.index.isin([*told.index, *range(len(table))]).all()
    if not (known and here.columns.is_unique and {*here} <= {*told}):
        return False
    return rows_of(here) <= rows_of(told[[*here]])


def rows_of(table: pd.DataFrame) -> set[tuple]:
    """What stands in each row."""
    return {tuple(map(repr, row)) for row in table.itertuples(index=False, name=None)}


def of_released(function):
    """The function, which refuses a table that has not passed the gate."""

    @wraps(function)
    def refusing(*given, **more):
        for each in (*given, *more.values()):
            if isinstance(each, pd.DataFrame) and not has_passed(each):
                raise TypeError(f"{function.__module__}.{function.__name__} {REFUSED}")
        return function(*given, **more)

    return refusing


def from_file(path, read) -> Released:
    """A file of results, which the gate wrote: the text that it holds, as `read` makes it a table."""
    return as_told(read(pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")))


def released(case, table: pd.DataFrame) -> Released:
    """The table as it may be shown: small bases flagged, smaller ones withheld, all rounded.

    >>> case = cx.read_client("kiosk", "data")
    >>> released(case, cx.everyone(cx.gaps(case))).loc[0, "experience"].item()
    5.8
    """
    if has_passed(table):
        return table
    shown, settings = withheld(case, table), case.settings
    if settings.disclosure and not recorded(case, table):  # 0: nobody's answers are a secret
        counted = counted_in_the_tree(case)
        shown = rounded(shown, people(case), spans(case), settings.disclosure, counted)
        shown = classes_alone(case, shown)
    return as_told(shown)


def with_base(case, table: pd.DataFrame) -> pd.DataFrame:
    """The table; where its base `n` was dropped, with the size of the smallest group that a row names."""
    sizes = {} if getattr(case, "latest", None) is None else case.latest.groupings
    there = {name: table[name].map(of.value_counts()) for name, of in sizes.items() if name in table}  # fmt: skip
    if "n" in table or not there:
        return table
    return table.assign(n=pd.DataFrame(there).astype(float).min(axis=1).fillna(people(case)))


def withheld(case, table: pd.DataFrame) -> pd.DataFrame:
    """The table with its numbers as they are, and blank where too few people are behind them."""
    settings, targets = case.settings, targets_of(case)
    if "quote" in table and getattr(settings, "quotes", "") == "none":
        table = table.iloc[:0]
    unions = {TARGET: targets} if targets else None
    few = table.get(DOMINATED, pd.Series(False, table.index))
    table = table.drop(columns=DOMINATED, errors="ignore")
    if settings.disclosure:
        named = of_few(case, table) | alike(case, table) | few
        if named.any():
            flag = table["flag"] if "flag" in table else pd.Series("", table.index)
            table = table.assign(flag=flag.mask(named, "withheld"))
        table = without_few(case, table)
    return disclose(table, settings.small_base, settings.disclosure, unions=unions)


def classes_alone(case, shown: pd.DataFrame) -> pd.DataFrame:
    """Requirement classes of an item of which a segment is withheld, without their counts, and by segment
    and where they rest on few answers without what counts could be worked back from (intervals, test,
    certainty): everyone less the others would tell that nobody withheld gave some answer."""
    if not {"item", *LETTERS} <= set(shown):
        return shown
    kept = hidden_groups(case)
    hit = shown["item"].isin(
        {each for each in shown["item"] if "segment" in dict(kept | hidden_groups(case, ("kano", each)))}
    )  # fmt: skip
    few = hit & (shown["flag"].eq("small_base") | ("segment" in shown))
    ends = [name for name in shown if str(name).endswith(("_low", "_high")) or name in CERTAINTY]
    gone = dict.fromkeys(LETTERS, hit) | dict.fromkeys(ends, few)
    told = {name: shown[name].astype(object).mask(gone[name]) for name in gone if gone[name].any()}
    return shown.assign(**told)


def recorded(case, table: pd.DataFrame) -> bool:
    """Whether the rows are named as a company's own table of records names them, or are between its
    lowest and highest level: a column of that name alone may as well be a group of people."""
    tables = getattr(case, "tables", {}) or {}
    for name, of in RECORDS.items():
        if name in table and name in tables.get(of, ()):
            named, own = table[name].dropna(), tables[of][name]
            marks = [pd.to_numeric(each.astype(str).str.rstrip("%"), "coerce") for each in (named, own)]  # fmt: skip
            within = marks[0].between(marks[1].min(), marks[1].max())
            if len(named) and (named.isin(own) | within).all():
                return True
    return False


def people(case) -> int | None:
    """The people behind a number of which nothing else is said; None where nobody was asked."""
    asked, tables = getattr(case, "latest", None), getattr(case, "tables", {}) or {}
    counts = [] if asked is None else [len(asked.people)]
    if (customers := tables.get("customers")) is not None and len(customers):
        counts.append(len(customers))
    elif (lines := tables.get("transactions")) is not None and "customer" in lines:
        counts.append(max(1, lines["customer"].nunique()))
    return min(counts, default=None)


def spans(case) -> dict[str, float]:
    """Highest less lowest of the scales: score, importance, and each measure that was asked."""
    found = {}
    for name, kind in (("score", "scale"), ("importance", "importance_scale")):
        low, high = getattr(case.settings, kind, None) or (0.0, 10.0)
        found |= {name: high - low, f"{name}_highest": high}
    survey = getattr(case, "survey", None)
    if survey is not None:
        ends = survey.columns.set_index("measure")[["low", "high"]].astype(float).dropna()
        found = {**(ends["high"] - ends["low"]).groupby("measure").max().to_dict(), **found}
    return found


def counted_in_the_tree(case) -> bool:
    """Whether any share of the tree of negative experience was counted, not stated."""
    inputs = getattr(case, "churn_inputs", None)
    return inputs is not None and not inputs["from"].isin(STATED).all()


def share_unit(case) -> float | None:
    """What a share of the tree is rounded to; None where all of them were stated."""
    asked = people(case) if case.settings.disclosure and counted_in_the_tree(case) else None
    return None if asked is None else unit(TWO, asked, 0.01).item()
