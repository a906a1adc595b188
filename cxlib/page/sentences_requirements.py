"""Headlines of step 5: what customers require, by Kano's classes and from the register."""

import pandas as pd

from cxlib.analysis.named import musts_of
from cxlib.page.language import sentences_of
from cxlib.page.sentences import said_of, sentence
from cxlib.page.terms import KANO

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
    must, settled, first = musts_of(kano)
    if must.empty:
        by = kano["class"].value_counts()
        kind, count = page.code(by.index[0], KANO), int(by.iloc[0])
        return page.say(SAID.no_must, kind=kind, count=count, all=len(kano))
    if settled.empty:
        return [page.say(SAID.no_sure_must, names=page.names_of(must)), page.based(must.head(1))]
    facts = {"count": len(settled), "all": len(kano), "tied": len(first)}
    words = SAID.musts_tied if len(first) > 1 else SAID.musts
    said = [page.say(words, name=page.names_of(first, TIED_NAMED), **facts)]
    # A list of what must not fail is of use only whole.
    if others := page.names_of(settled.drop(index=first.index), MUSTS_NAMED):
        said.append(page.say(SAID.others, names=others))
    if len(must) > len(settled):
        said.append(page.say(SAID.unsettled, count=len(must) - len(settled)))
    said.append(page.based(settled.head(1)))
    if moved := (kano["class"] != kano.get("class_other", kano["class"])).sum():
        said.append(page.say(SAID.other_table, count=moved, all=len(kano)))
    return said


MUSTS_NAMED, TIED_NAMED = 6, 3  # in a list; of those that tie for first in a headline


def named_musts(kano) -> pd.DataFrame:
    """The items that the headline names, so that the figure beside it can name them too."""
    must, settled, first = musts_of(kano)
    return must.head(MUSTS_NAMED) if settled.empty else first.head(TIED_NAMED)


def _register_sentence(page, register):
    kinds = register["kind"].value_counts()
    if len(register) == 1 and "statement" in register:
        return page.say(SAID.one_on_record, register.iloc[0])
    kinds = [page.say(SAID.kind_count, kind=kind, count=n) for kind, n in kinds.items()]
    on_record = page.say(SAID.on_record, all=len(register), kinds=page.language.join(kinds))
    return [on_record, *_classed_twice(page, register)]


def _classed_twice(page, register) -> list[str]:
    """Statements that two groups class differently, and who says what."""
    known = register.reindex(columns=["statement", "kind", "group", "contradiction"])
    twice, said = known[known["contradiction"].eq("two_kinds")], []
    for statement, rows in twice.groupby("statement", sort=False):
        who = rows["group"].fillna("")
        kinds = [page.write(kind, "code", "kind") for kind in rows["kind"]]
        kinds = page.language.join(f"{w}: {k}" if w else k for w, k in zip(who, kinds, strict=True))
        said.append(page.say(SAID.two_kinds, statement=statement, kinds=kinds))
    return said
