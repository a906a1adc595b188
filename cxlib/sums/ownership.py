"""What owning costs the customer: money, hours and hassle, and the part that no one named."""

import pandas as pd

COSTS = ["money", "hours", "hassle"]


def cost_of_owning(ownership: pd.DataFrame, named=()) -> pd.DataFrame:
    """One row per item of the customer's system, the heaviest burden first.

    Parameters
    ----------
    ownership : item, money (currency), hours, hassle (0–10); mentions (how often customers named
        it, where that was counted); blank = not known
    named : items that a complaint or a requirement speaks of

    Returns the same rows plus
        money_share, hours_share, hassle_share   of all items together, 0–1
        burden     mean of the three shares that are known, 0–1: a convention, since money, time
                   and nerves have no common unit
        unspoken   True where nobody named the item: not among `named`, and no mentions

    >>> items = pd.DataFrame({"item": ["toner", "repair"], "money": [30, 10], "hours": [1, 3]})
    >>> cost_of_owning(items)["burden"].tolist()
    [0.5, 0.5]
    """
    table = ownership.reset_index(drop=True)
    costs = table.reindex(columns=COSTS).astype(float)
    shares = (costs / costs.sum().where(lambda total: total > 0)).add_suffix("_share")
    table = table.assign(**shares, burden=shares.mean(axis=1))
    spoken = {str(name).casefold() for name in named}
    mentions = table.reindex(columns=["mentions"])["mentions"].astype(float)
    table["unspoken"] = ~table["item"].str.casefold().isin(spoken) & ~(mentions > 0)
    return table.sort_values("burden", ascending=False, kind="stable", ignore_index=True)


def unspoken_share(table: pd.DataFrame) -> pd.DataFrame:
    """One row: items, unspoken (number), and the share of money, hours and hassle that the
    unspoken items make up, 0–1. table : rows of `cost_of_owning`.

    >>> items = pd.DataFrame({"item": ["toner", "repair"], "money": [30, 10], "hours": [1, 3]})
    >>> unspoken_share(cost_of_owning(items, named=["toner"]))[
    ...     ["unspoken", "money_share"]
    ... ].values.tolist()
    [[1.0, 0.25]]
    """
    hidden = table[table["unspoken"]]
    shares = {f"{name}_share": hidden[f"{name}_share"].sum(min_count=1) for name in COSTS}
    return pd.DataFrame([{"items": len(table), "unspoken": len(hidden), **shares}])
