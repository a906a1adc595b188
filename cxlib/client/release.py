"""What may leave the house: the one gate for every table, figure, sentence and file.

`released` withholds, then rounds. What it returns is of a type of its own, and only that type is
shown, embedded or written.
"""

import pandas as pd

from cxlib.client.few import alike, of_few, targets_of, without_few
from cxlib.client.settings import TARGET
from cxlib.sums.disclosure import disclose
from cxlib.sums.rounding import STATED, TWO, rounded, unit

DOMINATED = "dominated"  # a column of truths: two customers bring nearly all of the row's money


class Released(pd.DataFrame):
    """A table that has passed the gate; a selection of its rows and columns is one too."""

    @property
    def _constructor(self):
        return Released


def released(case, table: pd.DataFrame) -> Released:
    """The table as it may be shown: small bases flagged, smaller ones withheld, all rounded.

    >>> case = cx.read_client("kiosk", "data")
    >>> released(case, cx.everyone(cx.gaps(case))).loc[0, "experience"].item()
    5.8
    """
    if isinstance(table, Released):
        return table
    shown, settings = withheld(case, table), case.settings
    if settings.disclosure:  # 0: nobody's answers are a secret
        counted = counted_in_the_tree(case)
        shown = rounded(shown, people(case), spans(case), settings.disclosure, counted)
    found = Released(shown)
    found.attrs = shown.attrs
    return found


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
    settings = case.settings
    found = {}
    for name, kind in (("score", "scale"), ("importance", "importance_scale")):
        low, high = getattr(settings, kind, None) or (0.0, 10.0)
        found[name] = high - low
        found[f"{name}_highest"] = high
    survey = getattr(case, "survey", None)
    if survey is not None:
        ends = survey.columns.set_index("measure")[["low", "high"]].astype(float).dropna()
        wide = (ends["high"] - ends["low"]).groupby("measure").max()
        found = {**wide.to_dict(), **found}
    return found


def counted_in_the_tree(case) -> bool:
    """Whether any share of the tree of negative experience was counted, not stated."""
    inputs = getattr(case, "churn_inputs", None)
    return inputs is not None and not inputs["from"].isin(STATED).all()


def share_unit(case) -> float | None:
    """What a share of the tree is rounded to; None where all of them were stated."""
    asked = people(case) if case.settings.disclosure and counted_in_the_tree(case) else None
    return None if asked is None else unit(TWO, asked, 0.01).item()
