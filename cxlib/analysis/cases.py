"""What a file of cases tells by itself: what they are about, and how they end."""

import numpy as np
import pandas as pd

from cxlib.analysis.asking import among_shown, known, remembered, table_of
from cxlib.client.case import Case
from cxlib.sums.against_rest import share_against_rest
from cxlib.sums.interval import wilson_interval
from cxlib.sums.proactive import few_together

SORTED_BY = (
    "reason",
    "dimension",
    "stage",
    "channel",
    "response",
)  # of a case, what it is about first
LATE = 0.9  # of the cases by hours, where no target was set: later than nine in ten is late


@remembered
def what_cases_are_about(case: Case) -> pd.DataFrame | None:
    """The cases by reason, else by what else sorts them, most first: grouping, group, n (all cases),
    cases, of_cases (share of all) with its interval. None without the table complaints.

    >>> found = cx.what_cases_are_about(cx.read_client("complaints", "data"))
    >>> list(found)[:4]
    ['grouping', 'group', 'n', 'cases']
    """
    cases = table_of(case, "complaints")
    by = next((each for each in SORTED_BY if known(cases, each)), "")
    if not by:
        return None
    told = few_together(cases.assign(reason=cases[by]), case.settings.disclosure)
    if told is None:
        return None
    counts = told["reason"].value_counts()
    low, high = wilson_interval(counts, counts.sum(), case.settings.confidence)
    shares = {"of_cases": counts / counts.sum(), "of_cases_low": low, "of_cases_high": high}
    found = pd.DataFrame({"n": counts.sum(), "cases": counts, **shares}).rename_axis("group")
    return found.reset_index().assign(grouping=by)[["grouping", "group", *found.columns]]


@remembered
def how_cases_end(case: Case) -> pd.DataFrame | None:
    """How often cases end badly, in all and by what sorts them; see `share_against_rest`.

    measure: late (more hours to resolve than the target of the measure hours_to_resolve of `kpis`,
    else than nine in ten: late_after, late_from), reopened, disputed, unresolved; half_within (hours
    within which half are closed). `different`: over all rows that may be shown.

    >>> found = cx.how_cases_end(cx.read_client("vendor", "data"))
    >>> found["measure"].unique().tolist()
    ['late', 'unresolved']
    """
    cases = table_of(case, "complaints")
    after, source = late_after(case, cases)
    events = {
        name: cases[name].astype("boolean").astype(float)
        for name in ("reopened", "disputed")
        if known(cases, name)
    }
    if known(cases, "resolved"):
        events["unresolved"] = 1 - cases["resolved"].astype("boolean").astype(float)
    if after is not None:
        hours = cases["hours_to_resolve"].astype(float)
        events = {"late": hours.gt(after).astype(float).where(hours.notna()), **events}
    if not events:
        return None
    traits = cases[[name for name in SORTED_BY if known(cases, name)]]
    if "reason" in traits:
        told = few_together(cases, case.settings.disclosure)
        traits = traits.assign(reason=None if told is None else told["reason"])
    traits = traits[[name for name in traits if traits[name].nunique() > 1]]
    parts = [
        share_against_rest(traits, event, case.settings.confidence).assign(measure=name)
        for name, event in events.items()
    ]
    found = pd.concat(parts, ignore_index=True)
    found = among_shown(case, found.rename(columns=cases_names))
    if after is not None:
        late = found["measure"] == "late"
        found = found.assign(late_after=np.where(late, after, np.nan),
                             late_from=np.where(late, source, ""),
                             half_within=np.where(late, hours.median(), np.nan))  # fmt: skip
    return found[["measure", *found.columns.drop("measure")]]


def cases_names(name: str) -> str:
    """A column of `share_against_rest` as the table of cases calls it."""
    return name.replace("share", "of_ended")


def late_after(case: Case, cases) -> tuple:
    """(hours, "target" or "usual") after which a case is late; (None, "") where hours are not known."""
    if not known(cases, "hours_to_resolve"):
        return None, ""
    kpis = table_of(case, "kpis")
    if kpis is not None and {"kpi", "target"} <= set(kpis):
        aimed = kpis.loc[kpis["kpi"].eq("hours_to_resolve"), "target"].dropna().astype(float)
        if len(aimed):
            return float(aimed.iloc[-1]), "target"
    return float(cases["hours_to_resolve"].astype(float).quantile(LATE)), "usual"
