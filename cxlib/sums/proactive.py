"""Proactive service: the reasons behind the cases, and those who suffer them and never call."""

import numpy as np
import pandas as pd
from scipy import stats

from cxlib.sums.interval import wilson_interval


def reason_pareto(
    complaints: pd.DataFrame,
    rate: float,
    rate_low: float | None = None,
    rate_high: float | None = None,
    customers: float | None = None,
    revenue_each: float | None = None,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Reasons for calling, most frequent first, each with the silent sufferers it implies.

    Parameters
    ----------
    complaints : one row per case: reason, and customer where known
    rate : share of those who suffer that complain, 0–1, and its range; customers : how many there
        are, more than whom cannot suffer; revenue_each : revenue a year of a customer

    Returns one row per reason
        cases, share, share_low, share_high (of cases with a reason; Wilson), cumulative
        people                      different customers, where cases say who (else cases)
        silent, _low, _high         people ÷ rate − people: who suffer and say nothing. Range: exact
                                    Poisson limits of the count at the ends of the rate's range
        capped                      True where there are not so many customers
        amount, _low, _high         revenue a year of all who suffer (people + silent); revenue
                                    exposed to the fault, not revenue lost
    The rate is taken as the same for every reason: the graver a fault, the more people call, so
    that small annoyances hide more of the silent than this shows, and grave ones fewer.

    >>> cases = pd.DataFrame({"reason": ["late", "late", "broken"]})
    >>> reason_pareto(cases, rate=0.5)[["reason", "cases", "silent"]].values.tolist()
    [['late', 2, 2.0], ['broken', 1, 1.0]]
    """
    known = complaints.dropna(subset=["reason"])
    cases = known.groupby("reason", sort=False).size().rename("cases")
    people = people_by_reason(known)
    low, high = wilson_interval(cases, cases.sum(), confidence)
    table = pd.DataFrame(
        {"cases": cases, "share": cases / cases.sum(), "share_low": low, "share_high": high}
    )
    rates = (rate, rate if rate_high is None else rate_high, rate if rate_low is None else rate_low)
    table = table.assign(people=people, **sufferers(people, rates, customers, confidence))
    if revenue_each is not None:
        for end in ("", "_low", "_high"):
            table[f"amount{end}"] = (people + table[f"silent{end}"]) * revenue_each
    table = table.sort_values("cases", ascending=False, kind="stable")
    table.insert(4, "cumulative", table["share"].cumsum())
    return table.rename_axis("reason").reset_index()


def few_together(
    complaints: pd.DataFrame, least: float, name: str = "other"
) -> pd.DataFrame | None:
    """The cases with a reason; reasons that fewer than `least` people called for become one.

    What few people called for tells of them, and all the silent behind it are worked out from
    them. The smallest reasons are put together until at least `least` people are in it, or the rest
    and the total would give it back; None where no reason would be left to tell of.

    >>> cases = pd.DataFrame({"reason": [*"aaaabbbcd"]})
    >>> few_together(cases, least=3)["reason"].value_counts().to_dict()
    {'other': 5, 'a': 4}
    """
    known = complaints.dropna(subset=["reason"])
    called = people_by_reason(known).sort_values(kind="stable")
    pooled = set(called.index[called < least])
    for reason in called.index:
        together = known.assign(reason=known["reason"].mask(known["reason"].isin(pooled), name))
        people = people_by_reason(together)
        if people.get(name, least) >= least:
            return together
        pooled.add(reason)
    return None


def people_by_reason(known: pd.DataFrame) -> pd.Series:
    """Different customers by reason, where every case says who; else cases."""
    groups = known.groupby("reason", sort=False)
    named = "customer" in known and known["customer"].notna().all()
    return groups["customer"].nunique() if named else groups.size()


def sufferers(people, rates, customers, confidence) -> dict:
    """silent, silent_low, silent_high, capped; rates: as stated, highest, lowest."""
    tail = (1 - confidence) / 2
    counts = (
        people,
        stats.chi2.ppf(tail, 2 * people) / 2,
        stats.chi2.isf(tail, 2 * people + 2) / 2,
    )
    limit = np.inf if customers is None else np.maximum(customers - people, 0)
    found, capped = {}, None
    for end, count, rate in zip(["", "_low", "_high"], counts, rates, strict=True):
        silent = np.maximum(count / rate - count, 0) if rate > 0 else np.full(len(people), np.inf)
        capped = (silent > limit) if capped is None else capped
        found[f"silent{end}"] = np.minimum(silent, limit)
    return {**found, "capped": capped}
