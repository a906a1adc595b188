"""The requirement register by stage, tied to complaints and to what the Kano answers show.

What each initiative serves: must-haves first, then the more the better, then delight.
"""

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
        survey's feature it is), serves or way (customers_customer where it is for them) where known
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
    twice = said.notna() & table[said.notna()].duplicated(["stage", "statement"], keep=False)
    holds = [twice & ~compared, ~compared, said == table["kano_class"], table["p_class"] >= SURE]
    words = ["two_kinds", "", "agrees", "contradicts"]
    table["contradiction"] = np.select(holds, words, "unsure")
    theirs = table.reindex(columns=["serves", "way"]).eq("customers_customer").any(axis=1)
    table["delight"] = table["kind"].eq("beyond") & theirs
    order = {"stage": list(dict.fromkeys(table["stage"])), "kind": KINDS}
    by = {"key": lambda column: column.map(order[column.name].index), "ignore_index": True}
    return table.sort_values(["stage", "kind"], kind="stable", **by)


def cases_of(table, complaints) -> pd.Series:
    """Complaints at the stage and dimension of each requirement; blank where it has no dimension."""
    named = table.reindex(columns=["stage", "dimension"])
    if complaints is None or not set(named) <= set(complaints):
        return pd.Series(np.nan, index=table.index)
    found = complaints.groupby([*named]).size().reindex(pd.MultiIndex.from_frame(named))
    return found.fillna(0).astype(float).set_axis(table.index).where(named["dimension"].notna())


def kano_of(table, kano) -> dict:
    """kano_class and p_class (0–1) of the item that each requirement is about; blank without one."""
    known = pd.DataFrame(columns=["item", "class", "p_class"]) if kano is None else kano
    by_item = known.drop_duplicates("item").set_index("item")
    item = table.reindex(columns=["item"])["item"]
    classes, p = (item.map(by_item[name]) for name in ("class", "p_class"))
    return {"kano_class": classes.astype(object), "p_class": p.astype(float)}


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


# What each initiative serves


# Of a requirement without a class, ours: a complaint is a promise missed and a need is waited for.
ORDER = ["must", "complaint", "need", "nice", "beyond"]
PLACE = {kind: place for place, kind in enumerate(ORDER)}


def requirement_kinds(register: pd.DataFrame | None, kano: pd.DataFrame | None) -> pd.DataFrame:
    """Each requirement on record with its class: one row per statement, and per item of the Kano
    questions that no statement is.

    register : statement, kind, and written (the statement in the language it was written in), item,
        kano_class, p_class, met where known (`register_table`)
    kano : item, class, p_class

    Returns serves (statement, else item), written, item, kind (as in ORDER, blank where the answers make it
    none of these; as customers answered where that is surer than `SURE`, else as the register says;
    of two that the register says the more basic), met (True, False, blank)

    >>> kano = pd.DataFrame({"item": ["room"], "class": ["M"], "p_class": [0.97]})
    >>> requirement_kinds(None, kano)[["serves", "kind"]].values.tolist()
    [['room', 'must']]
    """
    parts = []
    if register is not None:
        said = register.drop(columns="serves", errors="ignore")
        said = said.rename(columns={"statement": "serves"})
        parts.append(said.assign(class_=said["kano_class"]))
    if kano is not None:
        known = set() if register is None else set(register.get("item", []))
        rest = kano[~kano["item"].isin(known)]
        parts.append(rest.assign(serves=rest["item"], class_=rest["class"]))
    columns = ["serves", "written", "item", "kind", "class_", "p_class", "met"]
    table = pd.concat([part.reindex(columns=columns).astype(object) for part in parts])
    kinds = {letter: kind for kind, letter in CLASS_OF.items()}
    settled = (table["p_class"].astype(float) >= SURE) & table["class_"].notna()
    table["kind"] = table["kind"].mask(settled, table["class_"].map(kinds))
    table = table.sort_values("kind", key=lambda kind: kind.map(PLACE), kind="stable")
    return table.drop_duplicates("serves")[["serves", "written", "item", "kind", "met"]]


def names_of_requirements(requirements: pd.DataFrame) -> dict:
    """{statement, in either language, or item: the requirement, as `serves` has it}.

    >>> names_of_requirements(pd.DataFrame({"serves": ["A room"], "written": None, "item": "room"}))
    {'room': 'A room', 'A room': 'A room'}
    """
    pairs = requirements.reindex(columns=["item", "written", "serves"])
    named = pd.concat([pairs["serves"].set_axis(pairs[name]) for name in pairs])
    return named[named.index.notna()].rename(str).to_dict()


def named_requirements(cell) -> list[str]:
    """The requirements that a cell of `serves` names, `;` between.

    >>> named_requirements("A room; a course")
    ['A room', 'a course']
    """
    return [] if pd.isna(cell) else [each.strip() for each in str(cell).split(";") if each.strip()]


def plan_serves(plan: pd.DataFrame, requirements: pd.DataFrame) -> pd.DataFrame:
    """What each initiative serves, the must-haves first; then what must not fail and is left out.

    plan : one row per initiative: initiative, serves (see `named_requirements`), chosen, reason
    requirements : as `requirement_kinds` gives them

    Returns one row per initiative and requirement (blank where it names none): initiative, serves,
    kind, chosen, reason, unmet_must: a must-have that nothing chosen serves, though it is said not to
    be met, or it is proposed and nothing says that it is met. A must-have that no initiative serves has
    a row without one where it is not met, or where nobody says whether it is (unmet_must: False).

    >>> plan = pd.DataFrame({"initiative": [*"ab"], "serves": ["x", "y"], "chosen": [False, True]})
    >>> wants = pd.DataFrame({"serves": [*"xy"], "item": None, "kind": ["must", "beyond"], "met": None})
    >>> plan_serves(plan, wants)[["serves", "kind", "unmet_must"]].values.tolist()
    [['x', 'must', True], ['y', 'beyond', False]]
    """
    named, known = names_of_requirements(requirements), requirements[["serves", "kind", "met"]]
    cells = plan.get("serves", pd.Series(None, index=plan.index)).map(named_requirements)
    table = plan.reindex(columns=["initiative", "chosen", "reason"]).assign(serves=cells)
    table = table.explode("serves")
    table["serves"] = table["serves"].map(named)
    table = table.merge(known, on="serves", how="left", validate="many_to_one")
    wanting = known[~known["met"].eq(True) & known["kind"].eq("must")]
    table = pd.concat([table, wanting[~wanting["serves"].isin(table["serves"])]])
    served = table.loc[table["chosen"].eq(True), "serves"].dropna()
    must = table["kind"].eq("must") & ~table["serves"].isin(served)
    must &= table["met"].eq(False) | table["initiative"].notna() & table["met"].isna()
    table = table.assign(unmet_must=must).drop(columns="met")
    by = {"key": lambda kind: kind.map(PLACE), "kind": "stable", "ignore_index": True}
    return table.sort_values("kind", **by)
