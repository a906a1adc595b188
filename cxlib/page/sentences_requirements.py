"""Headlines of step 5: what customers require, by Kano's classes and from the register."""

import pandas as pd

from cxlib.page.language import sentences_of
from cxlib.page.sentences import said_of, sentence
from cxlib.page.terms import KANO, strength
from cxlib.sums.interval import not_told_apart

SAID = sentences_of("requirements")


@said_of(without=SAID.not_collected)
def register(page, statements=None, *_):
    """How many requirements of each kind are on record."""
    return _register_sentence(page, statements)


@sentence
def requirements(page, kano=None, register=None):
    """What must not fail, by the Kano classes; else what the register holds."""
    if kano is not None and len(kano):
        return _kano_sentence(page, kano.dropna(subset=["class"]))
    if register is not None and len(register):
        return _register_sentence(page, register)
    return page.nothing(SAID.no_pairs)


def _kano_sentence(page, kano):
    if kano.empty:
        return page.say(SAID.too_few)
    must = kano[kano["class"].eq("M")].sort_values("worse", kind="stable")
    if must.empty:
        by = kano["class"].value_counts()
        kind, count = page.code(by.index[0], KANO), int(by.iloc[0])
        return page.say(SAID.no_must, kind=kind, count=count, all=len(kano))
    settled = settled_musts(must)
    if settled.empty:
        return [page.say(SAID.no_sure_must, names=page.names_of(must)), page.based(must.head(1))]
    alike = not_told_apart(settled, settled.iloc[0], "worse")
    words = SAID.musts_tied if len(alike) else SAID.musts
    name = page.names_of(pd.concat([settled.head(1), alike]), most=TIED_NAMED)
    facts = {"count": len(settled), "all": len(kano), "tied": 1 + len(alike), "name": name}
    said = [page.say(words, **facts), _the_other_musts(page, settled, alike)]
    said += [_unsettled(page, len(must) - len(settled)), page.based(settled.head(1))]
    return [*said, _by_other_table(page, kano)]


def _the_other_musts(page, settled, alike) -> str:
    """The rest of the musts by name: a list of what must not fail is of use only whole."""
    names = page.names_of(settled.iloc[1:].drop(index=alike.index), most=MUSTS_NAMED)
    return page.say(SAID.others, names=names) if names else ""


def _by_other_table(page, kano) -> str:
    """How many classes hang on which of the two evaluation tables is used."""
    moved = 0 if "class_other" not in kano else (kano["class"] != kano["class_other"]).sum()
    return page.say(SAID.other_table, count=moved, all=len(kano)) if moved else ""


def settled_musts(must) -> pd.DataFrame:
    """Of the items that are likeliest a must, those that are so beyond doubt."""
    return must[must["p_class"].map(is_sure)] if "p_class" in must else must


MUSTS_NAMED, TIED_NAMED = 6, 3  # in a list; of those that tie for first in a headline


def named_musts(kano) -> pd.DataFrame:
    """The items that the headline names, so that the figure beside it can name them too."""
    must = kano[kano["class"].eq("M")].sort_values("worse", kind="stable")
    settled = settled_musts(must)
    if settled.empty:
        return must.head(MUSTS_NAMED)
    alike = not_told_apart(settled, settled.iloc[0], "worse")
    return pd.concat([settled.head(1), alike]).head(TIED_NAMED)


def is_sure(probability) -> bool:
    """Whether a class may be stated without a doubt; as given where no probability is known."""
    return pd.isna(probability) or strength(probability)[0] == "sure"


def _unsettled(page, count) -> str:
    return page.say(SAID.unsettled, count=count) if count else ""


def _register_sentence(page, register):
    kinds = register["kind"].value_counts()
    if len(register) == 1 and "statement" in register:
        return page.say(SAID.one_on_record, register.iloc[0])
    kinds = [page.say(SAID.kind_count, kind=kind, count=n) for kind, n in kinds.items()]
    on_record = page.say(SAID.on_record, all=len(register), kinds=page.language.join(kinds))
    return [on_record, *_classed_twice(page, register)]


def _classed_twice(page, register) -> list[str]:
    """Statements that two groups class differently, and who says what."""
    twice = (
        register[register["contradiction"].eq("two_kinds")] if "contradiction" in register else ()
    )
    said = []
    for statement, rows in twice.groupby("statement", sort=False) if len(twice) else ():
        who = rows.get("group", pd.Series("", rows.index)).fillna("")
        kinds = [page.write(kind, "code", "kind") for kind in rows["kind"]]
        kinds = page.language.join(f"{w}: {k}" if w else k for w, k in zip(who, kinds, strict=True))
        said.append(page.say(SAID.two_kinds, statement=statement, kinds=kinds))
    return said
