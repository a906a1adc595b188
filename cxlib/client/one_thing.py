"""What a client who sent one thing has to tell: a promoter score, who left, cases, or measures.

As in `steps`, what was not supplied gives None.
"""

import numpy as np
import pandas as pd

from cxlib.client.brief import groupings
from cxlib.client.case import Case
from cxlib.client.respondents import net_promoter_question, net_promoters
from cxlib.client.service import kpis, monitors
from cxlib.client.steps import among_shown, reasons_of, remembered, table_of
from cxlib.sums.against_rest import same_as, share_against_rest, usable_traits
from cxlib.sums.complaint import as_words
from cxlib.sums.interval import nps_table, wilson_interval
from cxlib.sums.proactive import few_together

DETRACTOR = 6  # of 10: the highest answer of a detractor (Reichheld 2003)
NO_TRAITS = {"customer", "churned", "last_purchase", "since", "entered", "margin", "potential",
             "influence"}  # fmt: skip
SORTED_BY = (
    "reason",
    "dimension",
    "stage",
    "channel",
    "response",
)  # of a case, what it is about first
LATE = 0.9  # of the cases by hours, where no target was set: later than nine in ten is late


def of_one_kind(case: Case) -> dict:
    """The tables of `leading_findings` that need no score of any experience.

    >>> found = cx.of_one_kind(cx.read_client("telecom", "data"))
    >>> [name for name, table in found.items() if table is not None]
    ['leaving']
    """
    return {
        "promoters": net_promoters(case),
        "promoter_groups": promoters_by_group(case),
        "low_scorers": low_scorers(case),
        "leaving": leaving(case),
        "about": what_cases_are_about(case),
        "ends": how_cases_end(case),
        "measures": monitors(case),
        "periods": kpis(case),
    }


# A promoter score


def promoter_answers(case: Case) -> pd.Series | None:
    """Today's answers to the question of the net promoter score; None where it was not asked."""
    asked = None if case.latest is None else net_promoter_question(case.latest.columns)
    return None if asked is None else case.latest.answers["recommend", asked["item"]]


@remembered
def promoters_by_group(case: Case) -> pd.DataFrame | None:
    """Today's net promoter score of everyone and of each group; see `nps_table`.

    >>> found = cx.promoters_by_group(cx.read_client("vendor", "data"))
    >>> list(found)[:3]
    ['grouping', 'group', 'n']
    """
    answers = promoter_answers(case)
    if answers is None or answers.notna().sum() == 0:
        return None
    weight, confidence = case.latest.weight, case.settings.confidence
    parts = [
        nps_table(answers, weight, None, confidence).assign(grouping="everyone", segment="all")
    ]
    for name, values in groupings(case).items():
        if values.nunique() > 1:
            table = nps_table(answers, weight, values.rename("segment"), confidence)
            parts.append(table[table["segment"] != "all"].assign(grouping=name))
    found = pd.concat(parts, ignore_index=True).rename(columns={"segment": "group"})
    return found[["grouping", "group", *found.columns.drop(["grouping", "group"])]]


@remembered
def low_scorers(case: Case) -> pd.DataFrame | None:
    """What today's detractors (0 to 6) say: one row per reason they give, or one of none.

    reason, n (detractors), commented (those who left a comment), share who gave the reason with its
    interval.

    >>> list(cx.low_scorers(cx.read_client("vendor", "data")))[:3]
    ['reason', 'n', 'commented']
    """
    answers = promoter_answers(case)
    if answers is None or not (answers <= DETRACTOR).any():
        return None
    low = case.latest.among(answers <= DETRACTOR)
    found = reasons_of(low, case.settings)
    if found is None:
        found = pd.DataFrame({"reason": [None], "share": np.nan})
    said = low.verbatims[low.verbatims["text"].astype(str).str.strip().ne("")]
    found = found.assign(n=len(low.people), commented=said["person"].nunique())
    return found[["reason", "n", "commented", *found.columns.drop(["reason", "n", "commented"])]]


# Who left


@remembered
def leaving(case: Case) -> pd.DataFrame | None:
    """Who left, in all and by trait: see `share_against_rest`; left, and what everyone and those who
    left bring a year (revenue, revenue_lost; currency).

    The traits are the columns of `customers` by which they can be grouped, the client's own among
    them. `different`: beyond chance, at a false-discovery rate over all groups that may be shown;
    `same`: traits that only repeat who left, and are not compared.

    >>> found = cx.leaving(cx.read_client("telecom", "data"))
    >>> list(found)[:4]
    ['grouping', 'group', 'n', 'left']
    """
    if not case.knows_of_customers("churned"):
        return None
    table = case.tables["customers"]
    left = table["churned"].astype("boolean").astype(float)
    traits = table[[name for name in table if name not in NO_TRAITS]]
    words = {name: as_words(traits[name]).where(traits[name].notna()) for name in traits
             if pd.api.types.is_bool_dtype(traits[name].dtype)}  # fmt: skip
    traits = usable_traits(traits.assign(**words))
    same = same_as(traits, left)
    found = share_against_rest(traits.drop(columns=same), left, case.settings.confidence)
    found = among_shown(case, found.rename(columns=leaving_names)).assign(same=";".join(same))
    if "revenue" in table:
        known = table["revenue"].where(left.notna()).astype(float)
        first = found.index == 0  # of everyone
        found["revenue"] = np.where(first, known.sum(), np.nan)
        found["revenue_lost"] = np.where(first, known[left == 1].sum(), np.nan)
    return found


def leaving_names(name: str) -> str:
    """A column of `share_against_rest` as the table of those who left calls it."""
    return {"count": "left"}.get(name, name.replace("share", "leaving"))


# Cases


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


def known(cases, name: str) -> bool:
    """Whether a column of cases is there, with something in it."""
    return cases is not None and name in cases and cases[name].notna().any()


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
