"""Step 5: what customers require, by class, with its measures."""

import pandas as pd

from cxlib.analysis.asking import may_be_shown, needed, remembered, table_of
from cxlib.client.case import Case
from cxlib.client.rated import answers_to
from cxlib.sums import kpi, register
from cxlib.sums.kano import compared_segments, kano_by_segment, kano_table
from cxlib.sums.ownership import cost_of_owning, unspoken_share


def kano_answers(case: Case) -> tuple:
    """Answers to what it is like with and without each feature; NotThere where not both were asked."""
    return needed(*(answers_to(case, each) for each in ("functional", "dysfunctional")))


@remembered
def requirement_classes(case: Case) -> pd.DataFrame | None:
    """The contract's table `kano`; None where functional and dysfunctional were not both asked.

    >>> found = cx.requirement_classes(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['item', 'n', 'n_eff', 'A']
    """
    settings, (present, absent) = case.settings, kano_answers(case)
    return kano_table(present, absent, case.latest.weight, settings.kano_table, settings.confidence)


@remembered
def requirement_classes_by_segment(case: Case) -> pd.DataFrame | None:
    """The same by segment, and where segments disagree; None where there are none.

    >>> found = cx.requirement_classes_by_segment(cx.read_client("kiosk", "data"))
    >>> list(found)[:4]
    ['item', 'segment', 'n', 'n_eff']
    """
    (present, absent), segments = kano_answers(case), case.latest.people["segment"]
    needed(segments.nunique() > 1)
    weight, settings = case.latest.weight, case.settings
    of = weight, settings.kano_table, settings.confidence
    found = kano_by_segment(present, absent, segments, *of)
    shown = compared_segments(found[may_be_shown(case, found)], settings.confidence)
    return found.join(shown[["p_same", "q_same", "segments_disagree"]])


@remembered
def kpis(case: Case) -> pd.DataFrame | None:
    """The contract's table `kpis`; see `sums.kpi.kpi_table`.

    >>> found = cx.kpis(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['kpi', 'period', 'stage', 'channel']
    """
    return kpi.kpi_table(needed(table_of(case, "kpis")), case.settings.confidence)


@remembered
def requirement_register(case: Case) -> pd.DataFrame | None:
    """The register by stage, tied to complaints and to the table `kano`.

    >>> found = cx.requirement_register(cx.read_client("meisu", "data"))
    >>> found[["stage"]].head(2).round(2).values.tolist()
    [['during']]
    """
    table, classes = needed(table_of(case, "register")), requirement_classes(case)
    if classes is not None:  # a class has no base of its own in the register
        classes = classes[may_be_shown(case, classes)]
    return register.register_table(table, table_of(case, "complaints"), classes)


@remembered
def register_counts(case: Case) -> pd.DataFrame | None:
    """One row per stage: how many requirements of each kind; None without the table.

    >>> cx.register_counts(cx.read_client("meisu", "data"))["need"].tolist()[:1]
    [1]
    """
    return register.register_counts(needed(table_of(case, "register")))


@remembered
def owning(case: Case) -> pd.DataFrame | None:
    """The cost of owning; named are the items that a complaint's reason, or a requirement (its
    `item`), speaks of.

    >>> found = cx.owning(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['item', 'label', 'money', 'hours']
    """
    table, named = needed(table_of(case, "ownership")), []
    for source, column in (("complaints", "reason"), ("register", "item")):
        if (other := table_of(case, source, column)) is not None:
            named += list(other[column].dropna().unique())
    return cost_of_owning(table, named)


@remembered
def owning_unspoken(case: Case) -> pd.DataFrame | None:
    """One row: what nobody spoke of in the cost of owning; see `ownership.unspoken_share`.

    >>> list(cx.owning_unspoken(cx.read_client("vendor", "data")))[:2]
    ['items', 'unspoken']
    """
    return unspoken_share(needed(owning(case)))
