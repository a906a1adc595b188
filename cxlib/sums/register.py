"""The requirement register by stage, tied to complaints and to what the Kano answers show."""

import numpy as np
import pandas as pd

KINDS = ["need", "complaint", "must", "nice", "beyond"]
CLASS_OF = {"must": "M", "nice": "O", "beyond": "A"}  # Kano's word for what the register says
SURE = 0.8  # of its class; below, an answer contradicts nobody


def register_table(
    register: pd.DataFrame, complaints: pd.DataFrame | None = None, kano: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Each requirement with the complaints behind it and what customers' answers say of its kind.

    Parameters
    ----------
    register : one row per requirement: stage, kind, statement; dimension, mentions, item (the
        survey's feature it is), serves (customers_customer where it is for them) where known
    complaints : one row per case: stage, dimension
    kano : one row per item: item, class (A, O, M, I, R, Q), p_class (0–1)

    Returns the same rows, by stage in the order they come and kind, plus
        cases           complaints of the same stage and dimension; blank where either is not
                        known. Several requirements may share them: they do not add up
        kano_class, p_class   of its item; blank where it was not asked
        contradiction   agrees; contradicts (said to be of one kind, answered as another, with
                        probability SURE at least); unsure; two_kinds (nobody answered, and one
                        group said one kind, another a second); blank where nothing is to compare
        delight         True for what goes beyond expectation and serves the customer's own customers

    >>> register = pd.DataFrame(
    ...     {"stage": ["order"], "kind": ["must"], "statement": ["It works"], "item": ["it"]}
    ... )
    >>> kano = pd.DataFrame({"item": ["it"], "class": ["M"], "p_class": [0.97]})
    >>> register_table(register, kano=kano)["contradiction"].tolist()
    ['agrees']
    """
    table = register.reset_index(drop=True)
    table = table.assign(cases=cases_of(table, complaints), **kano_of(table, kano))
    said = table["kind"].map(CLASS_OF)
    compared = said.notna() & table["kano_class"].notna()
    table["contradiction"] = np.select(
        [~compared, said == table["kano_class"], table["p_class"] >= SURE],
        ["", "agrees", "contradicts"],
        "unsure",
    )
    twice = said.notna() & table[said.notna()].duplicated(["stage", "statement"], keep=False)
    table["contradiction"] = table["contradiction"].mask(twice & ~compared, "two_kinds")
    serves = table.get("serves", pd.Series("", index=table.index)).fillna("")
    table["delight"] = table["kind"].eq("beyond") & serves.eq("customers_customer")
    stages = {stage: place for place, stage in enumerate(dict.fromkeys(table["stage"]))}
    order = {"stage": table["stage"].map(stages), "kind": table["kind"].map(KINDS.index)}
    rows = pd.DataFrame(order).sort_values(["stage", "kind"], kind="stable").index
    return table.loc[rows].reset_index(drop=True)


def cases_of(table, complaints) -> pd.Series:
    """Complaints at the stage and dimension of each requirement; blank where it has no dimension."""
    blank = pd.Series(np.nan, index=table.index)
    if (
        complaints is None
        or not {"stage", "dimension"} <= set(complaints)
        or "dimension" not in table
    ):
        return blank
    counted = complaints.groupby(["stage", "dimension"]).size()
    keys = pd.MultiIndex.from_frame(table[["stage", "dimension"]])
    found = pd.Series(counted.reindex(keys).to_numpy(dtype=float), index=table.index)
    return found.fillna(0).where(table["dimension"].notna())


def kano_of(table, kano) -> dict:
    """kano_class and p_class (0–1) of the item that each requirement is about; blank without one."""
    blank = pd.Series(np.nan, index=table.index)
    if kano is None or "item" not in table:
        return {"kano_class": blank.astype(object), "p_class": blank}
    by_item = kano.drop_duplicates("item").set_index("item")
    return {
        "kano_class": table["item"].map(by_item["class"]),
        "p_class": table["item"].map(by_item["p_class"]).astype(float),
    }


def register_counts(register: pd.DataFrame) -> pd.DataFrame:
    """One row per stage, in the order they come: stage, how many of each kind, mentions (of all;
    blank where none is known).

    >>> register = pd.DataFrame(
    ...     {"stage": ["order", "order"], "kind": ["must", "nice"], "statement": [*"ab"]}
    ... )
    >>> register_counts(register)[["stage", "must", "nice"]].values.tolist()
    [['order', 1, 1]]
    """
    stages = list(dict.fromkeys(register["stage"]))
    counts = pd.crosstab(register["stage"], register["kind"])
    counts = counts.reindex(index=stages, columns=KINDS, fill_value=0)
    mentions = register.get("mentions", pd.Series(np.nan, index=register.index)).astype(float)
    total = mentions.groupby(register["stage"]).sum(min_count=1).reindex(stages)
    table = counts.assign(mentions=total).rename_axis(columns=None)
    return table.rename_axis("stage").reset_index()
