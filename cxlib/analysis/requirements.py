"""Step 5: what customers require, by class, with its measures."""

import pandas as pd

from cxlib.analysis.asking import may_be_shown, remembered, table_of
from cxlib.client.case import Case
from cxlib.client.rated import answers_to
from cxlib.sums import kpi, register
from cxlib.sums.kano import compared_segments, kano_by_segment, kano_table
from cxlib.sums.ownership import cost_of_owning, unspoken_share


@remembered
def requirement_classes(case: Case) -> pd.DataFrame | None:
    """The contract's table `kano`; None where functional and dysfunctional were not both asked.

    >>> found = cx.requirement_classes(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['item', 'n', 'n_eff', 'A']
    """
    present, absent = answers_to(case, "functional"), answers_to(case, "dysfunctional")
    if present is None or absent is None:
        return None
    settings = case.settings
    return kano_table(present, absent, case.latest.weight, settings.kano_table, settings.confidence)


@remembered
def requirement_classes_by_segment(case: Case) -> pd.DataFrame | None:
    """The same by segment, and where segments disagree; None where there are none.

    >>> found = cx.requirement_classes_by_segment(cx.read_client("kiosk", "data"))
    >>> list(found)[:4]
    ['item', 'segment', 'n', 'n_eff']
    """
    present, absent = answers_to(case, "functional"), answers_to(case, "dysfunctional")
    if present is None or absent is None or case.latest.people["segment"].nunique() < 2:
        return None
    settings, people = case.settings, case.latest.people
    found = kano_by_segment(
        present,
        absent,
        people["segment"],
        case.latest.weight,
        settings.kano_table,
        settings.confidence,
    )
    shown = compared_segments(found[may_be_shown(case, found)], settings.confidence)
    tests = ["p_same", "q_same", "segments_disagree"]
    return found.drop(columns=tests).join(shown[tests])


@remembered
def kpis(case: Case) -> pd.DataFrame | None:
    """The contract's table `kpis`; see `sums.kpi.kpi_table`.

    >>> found = cx.kpis(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['kpi', 'period', 'stage', 'channel']
    """
    table = table_of(case, "kpis")
    return None if table is None else kpi.kpi_table(table, case.settings.confidence)


@remembered
def requirement_register(case: Case) -> pd.DataFrame | None:
    """The register by stage, tied to complaints and to the table `kano`.

    >>> found = cx.requirement_register(cx.read_client("meisu", "data"))
    >>> found[["stage"]].head(2).round(2).values.tolist()
    [['during']]
    """
    table = table_of(case, "register")
    if table is None:
        return None
    classes = requirement_classes(case)
    if classes is not None:  # a class has no base of its own in the register
        classes = classes[may_be_shown(case, classes)]
    return register.register_table(table, table_of(case, "complaints"), classes)


def register_counts(case: Case) -> pd.DataFrame | None:
    """One row per stage: how many requirements of each kind; None without the table.

    >>> cx.register_counts(cx.read_client("meisu", "data"))["need"].tolist()[:1]
    [1]
    """
    table = table_of(case, "register")
    return None if table is None else register.register_counts(table)


@remembered
def owning(case: Case) -> pd.DataFrame | None:
    """The cost of owning; named are the items that a complaint's reason, or a requirement (its
    `item`), speaks of.

    >>> found = cx.owning(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['item', 'label', 'money', 'hours']
    """
    table = table_of(case, "ownership")
    if table is None:
        return None
    named = []
    for source, column in (("complaints", "reason"), ("register", "item")):
        other = table_of(case, source)
        if other is not None and column in other:
            named += list(other[column].dropna().unique())
    return cost_of_owning(table, named)


def owning_unspoken(case: Case) -> pd.DataFrame | None:
    """One row: what nobody spoke of in the cost of owning; see `ownership.unspoken_share`.

    >>> list(cx.owning_unspoken(cx.read_client("vendor", "data")))[:2]
    ['items', 'unspoken']
    """
    table = owning(case)
    return None if table is None else unspoken_share(table)
