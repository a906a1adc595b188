"""What cases tell: what they are about, how they end, and who suffered the same in silence."""

import numpy as np
import pandas as pd

from cxlib.analysis.asking import among_shown, known, needed, remembered, table_of
from cxlib.client.case import Case
from cxlib.client.rated import answers_to, outcome_scale
from cxlib.sums import stakes
from cxlib.sums.against_rest import same_as, share_against_rest
from cxlib.sums.churn import counted_shares
from cxlib.sums.estimate import estimate_means
from cxlib.sums.interval import counted_share, share_interval
from cxlib.sums.proactive import few_together, reason_pareto

# Of a case, what it is about first.
SORTED_BY = ("reason", "dimension", "stage", "channel", "served_by", "response")
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
    needed(by)
    return counted_by(case, cases, by, "cases")


@remembered
def why_they_left(case: Case) -> pd.DataFrame | None:
    """Those who left by the reason on record, most first: grouping, group, n (all with a reason),
    leavers, of_leavers (share of these) with its interval. None where no reason is on record.

    >>> why_they_left(cx.read_client("telecom", "data")) is None
    True
    """
    customers = needed(table_of(case, "customers", "why_left"))
    left = customers.get("churned", pd.Series(True, customers.index)).astype("boolean")
    return counted_by(case, customers[left.fillna(True)], "why_left", "leavers")


def counted_by(case: Case, rows: pd.DataFrame, by: str, what: str) -> pd.DataFrame:
    """How many rows there are of each value of a column, and what share, most first; few together."""
    told = needed(few_together(rows.assign(reason=rows[by]), case.settings.disclosure))
    counts = told["reason"].value_counts()
    shares = counted_share(counts, counts.sum(), case.settings.confidence, f"of_{what}")
    found = pd.DataFrame({"n": counts.sum(), what: counts, **shares}).rename_axis("group")
    return found.reset_index().assign(grouping=by)[["grouping", "group", *found.columns]]


@remembered
def how_cases_end(case: Case) -> pd.DataFrame | None:
    """How often cases end badly, in all and by what sorts them; see `share_against_rest`.

    measure: late (more hours to resolve than the target of the measure hours_to_resolve of `kpis`,
    else than nine in ten: late_after, late_from), reopened, disputed, unresolved, displeased (with how
    it was handled: below the line of a bad experience); half_within (hours within which half are closed). `different`: over all rows that may be shown.

    >>> found = cx.how_cases_end(cx.read_client("vendor", "data"))
    >>> found["measure"].unique().tolist()
    ['late', 'unresolved']
    """
    cases = table_of(case, "complaints")
    after, source = late_after(case, cases)
    events = [name for name in ("reopened", "disputed") if known(cases, name)]
    events = {name: cases[name].astype("boolean").astype(float) for name in events}
    if known(cases, "resolved"):
        events["unresolved"] = 1 - cases["resolved"].astype("boolean").astype(float)
    if known(cases, "satisfaction"):
        scale = case.settings.scale
        of = cases["satisfaction"].astype(float), "overall", scale, case.unhappy_below(scale)
        events["displeased"] = stakes.bad_outcome(*of)
    if after is not None:
        hours = cases["hours_to_resolve"].astype(float)
        events = {"late": hours.gt(after).astype(float).where(hours.notna()), **events}
    needed(events)
    traits = cases[[name for name in SORTED_BY if known(cases, name)]]
    if "reason" in traits:
        told = few_together(cases, case.settings.disclosure)
        traits = traits.assign(reason=None if told is None else told["reason"])
    traits = traits[[name for name in traits if traits[name].nunique() > 1]]
    parts = []
    for name, event in events.items():
        by = traits.drop(columns=same_as(traits, event))  # an answer of no relief says it again
        part = share_against_rest(by, event, case.settings.confidence, "of_ended")
        parts.append(part.assign(measure=name))
    found = among_shown(case, pd.concat(parts, ignore_index=True))
    if after is not None:
        late = found["measure"] == "late"
        found = found.assign(late_after=np.where(late, after, np.nan),
                             late_from=np.where(late, source, ""),
                             half_within=np.where(late, hours.median(), np.nan))  # fmt: skip
    return found[["measure", *found.columns.drop("measure")]]


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


@remembered
def silent_sufferers(case: Case) -> pd.DataFrame | None:
    """Reasons behind the cases and the silent that each implies, and of all together; None without
    reasons, or without a complaint rate. Reasons that fewer people called for than may be told of are
    one, `other`.

    The rate is that of the fault, where the survey asked who met it (an item of `problem` and of
    `complained` named as the reason); else of those who met any problem asked about; else of those
    with a bad experience (`churn_cost.complain`), which is assumed to be the fault's. rate_of says
    which: fault, problem, unhappy.

    >>> found = cx.silent_sufferers(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['reason', 'cases', 'share', 'share_low']
    """
    complaints = needed(table_of(case, "complaints", "reason"))
    complaints = needed(few_together(complaints, case.settings.disclosure))
    rates = complained_of_met(case)
    if rates is None or not rates["share"].iloc[-1] > 0:
        # A rate that was counted is uncertain as well: its range is the interval of its counts.
        inputs = needed(case.churn_inputs)
        known = counted_shares(inputs, case.settings.confidence).set_index("input")
        rates = known.loc[["complain"], ["share", "low", "high"]]
        rates = rates.assign(low=rates["low"].fillna(rates["share"]), rate_of="unhappy")
        rates = rates.fillna({"high": rates["share"].iloc[0]})
    else:
        rates = rates[rates["share"] > 0].set_index("item")
        rates = rates.rename(columns={"share_low": "low", "share_high": "high"})
    rest = rates.iloc[-1].to_dict()
    own = rates.reindex(complaints["reason"].dropna().unique()).fillna(rest)
    people = table_of(case, "customers")
    customers = None if people is None else len(people)
    each = None if people is None or "revenue" not in people else people["revenue"].mean()
    shares = (own[name].astype(float) for name in ("share", "low", "high"))
    most = case.settings.revenue or np.inf
    found = reason_pareto(complaints, *shares, customers, each, most, case.settings.confidence)
    found["rate_of"] = found["reason"].map(own["rate_of"]).fillna(rest["rate_of"])
    source = np.where(found["rate_of"].eq("unhappy"), "assumption", "measured")
    return found.assign(**{"from": source})


@remembered
def complained_of_met(case: Case) -> pd.DataFrame | None:
    """How many of those who met a problem complained, by the survey: item, n (who met it), n_eff,
    share with its interval, 0–1, reliable and rate_of; one row per item asked of both, and last `any`
    problem. None where that was not asked, or of too few.

    >>> cx.complained_of_met(cx.read_client("vendor", "data")) is None  # its survey asked of neither
    True
    """
    asked = {name: needed(answers_to(case, name)) for name in ("problem", "complained")}
    met, told = (answers.apply(stakes.bad_outcome, measure=name, scale=outcome_scale(case, name))
                 for name, answers in asked.items())  # fmt: skip
    both = [name for name in met if name in told]
    met, told = (each[both].assign(any=each.max(axis=1)) for each in (met, told))
    estimates = estimate_means(told.where(met == 1), case.latest.weight)
    found = share_interval(estimates, case.settings.confidence).rename_axis("item").reset_index()
    found["rate_of"] = np.where(found["item"].eq("any"), "problem", "fault")
    found = found[found["n"] >= case.settings.disclosure]
    return found if found["item"].eq("any").any() else None
