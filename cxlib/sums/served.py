"""What each initiative serves: must-haves first, then the more the better, then delight."""

import pandas as pd

from cxlib.sums.register import CLASS_OF, SURE

# Of a requirement without a class, ours: a complaint is a promise missed and a need is waited for.
ORDER = ["must", "complaint", "need", "nice", "beyond"]


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
    place = table["kind"].map({kind: place for place, kind in enumerate(ORDER)})
    table = table.assign(place=place).sort_values("place", kind="stable")
    return table.drop_duplicates("serves")[["serves", "written", "item", "kind", "met"]]


def names_of_requirements(requirements: pd.DataFrame) -> dict:
    """{statement, in either language, or item: the requirement, as `serves` has it}.

    >>> names_of_requirements(pd.DataFrame({"serves": ["A room"], "written": None, "item": "room"}))
    {'room': 'A room', 'A room': 'A room'}
    """
    pairs = requirements.reindex(columns=["item", "written", "serves"])
    return {
        str(key): serves
        for name in pairs
        for key, serves in zip(pairs[name], pairs["serves"], strict=True)
        if pd.notna(key)
    }


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
    be met, or it is proposed and nothing says that it is met. A must-have that is not met and that
    no initiative serves has a row without one.

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
    wanting = known[known["met"].eq(False) & known["kind"].eq("must")]
    table = pd.concat([table, wanting[~wanting["serves"].isin(table["serves"])]])
    served = table.loc[table["chosen"].eq(True), "serves"].dropna()
    must = table["kind"].eq("must") & ~table["serves"].isin(served)
    place = table["kind"].map({kind: place for place, kind in enumerate(ORDER)})
    table = table.assign(unmet_must=must & ~table["met"].eq(True), place=place)
    table = table.sort_values("place", kind="stable", ignore_index=True)
    return table.drop(columns=["place", "met"])
