"""Proactive service: the reasons behind the cases, and those who suffer them and never call."""

import numpy as np
import pandas as pd
from scipy import stats

from cxlib.sums.interval import counted_share

ENDS = ("", "_low", "_high")
EVERY = "all"  # the row of all faults together


def reason_pareto(
    complaints: pd.DataFrame,
    rate: float | pd.Series,
    rate_low: float | pd.Series | None = None,
    rate_high: float | pd.Series | None = None,
    customers: float | None = None,
    revenue_each: float | None = None,
    revenue: float = np.inf,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Reasons for calling, most frequent first, each with the silent sufferers it implies.

    Parameters
    ----------
    complaints : one row per case: reason, and customer where known
    rate : share of those who meet a fault that complain, 0–1, and its range: one, or one per reason
    customers : how many there are, more than whom cannot suffer; revenue_each : revenue a year of one;
        revenue : of all, more than which cannot be exposed

    Returns one row per reason, and last, where every case says whose it is, one of `all`
        cases, share, share_low, share_high (of cases with a reason; Wilson), cumulative
        people                      different customers, where cases say who (else cases)
        rate                        as given; of all: of those who met any fault, so that each who
                                    called counts once, with the fault that fewest complain of
        silent, _low, _high         people ÷ rate − people: who suffer and say nothing. Range: exact
                                    Poisson limits of the count at the ends of the rate's range
        capped                      True where there are not so many customers
        amount, _low, _high         revenue a year of all who suffer (people + silent); revenue
                                    exposed to the fault, not revenue lost
    The graver a fault, the more people call: one rate for every reason hides more of the silent
    behind small annoyances than this shows, and fewer behind grave ones. What reasons imply must not
    be added up, for a customer may have met several: that is the row of all.

    >>> cases = pd.DataFrame({"reason": ["late", "late", "broken"], "customer": ["a", "b", "a"]})
    >>> reason_pareto(cases, rate=0.5)[["reason", "cases", "silent"]].values.tolist()
    [['late', 2, 2.0], ['broken', 1, 1.0], ['all', 3, 2.0]]
    """
    known = complaints.dropna(subset=["reason"])
    cases = known.groupby("reason", sort=False).size().rename("cases")
    table = pd.DataFrame({"cases": cases, **counted_share(cases, cases.sum(), confidence)})
    table = table.sort_values("cases", ascending=False, kind="stable")
    table.insert(4, "cumulative", table["share"].cumsum())
    people = people_by_reason(known).reindex(table.index)
    given = (rate, rate if rate_high is None else rate_high, rate if rate_low is None else rate_low)
    rates = [pd.Series(each, index=table.index, dtype=float) for each in given]
    if each_is_named(known) and len(known):
        table.loc[EVERY, "cases"], people[EVERY] = len(known), known["customer"].nunique()
        for each in rates:
            of_one = known["reason"].map(each).groupby(known["customer"]).min()
            each[EVERY] = 1 / (1 / of_one).mean()
    most = np.inf if customers is None else customers
    table = table.assign(people=people, rate=rates[0], **sufferers(people, rates, most, confidence))
    if revenue_each is not None:
        for end in ENDS:
            exposed = (people + table[f"silent{end}"]).clip(upper=most) * revenue_each
            table[f"amount{end}"] = exposed.clip(upper=revenue)
    return table.astype({"cases": int}).rename_axis("reason").reset_index()


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


def each_is_named(known: pd.DataFrame) -> bool:
    """Whether every case says which customer's it is."""
    return "customer" in known and bool(known["customer"].notna().all())


def people_by_reason(known: pd.DataFrame) -> pd.Series:
    """Different customers by reason, where every case says who; else cases."""
    groups = known.groupby("reason", sort=False)
    return groups["customer"].nunique() if each_is_named(known) else groups.size()


def sufferers(people, rates, most, confidence) -> dict:
    """silent, silent_low, silent_high, capped; rates: as stated, highest, lowest; most: customers."""
    tail = (1 - confidence) / 2
    counts = (
        people,
        stats.chi2.ppf(tail, 2 * people) / 2,
        stats.chi2.isf(tail, 2 * people + 2) / 2,
    )
    found, limit = {}, np.maximum(most - people, 0)
    with np.errstate(divide="ignore"):
        silent = [np.maximum(n / rate - n, 0) for n, rate in zip(counts, rates, strict=True)]
    found = {f"silent{end}": np.minimum(n, limit) for end, n in zip(ENDS, silent, strict=True)}
    return {**found, "capped": silent[0] > limit}
