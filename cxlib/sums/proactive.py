"""Proactive service: the reasons behind the cases, and those who suffer them and never call."""

import numpy as np
import pandas as pd

from cxlib.sums.interval import counted_share

ENDS = ("", "_low", "_high")
NEVER = 1e-12  # a rate of nought
OTHER, EVERY = "other", "all"  # the row of all faults together


def reason_pareto(
    complaints: pd.DataFrame, rate: float | pd.Series, rate_low: float | pd.Series | None = None,
    rate_high: float | pd.Series | None = None, customers: float | None = None,
    revenue_each: float | None = None, revenue: float = np.inf, confidence: float = 0.95,
) -> pd.DataFrame:  # fmt: skip
    """Reasons for calling, most frequent first, each with the silent sufferers it implies.

    complaints : one row per case: reason, and customer where known
    rate : share of those who meet a fault that complain, 0–1, and its range: one, or one per reason
    customers : how many there are, more than whom cannot suffer; revenue_each : revenue a year of one;
        revenue : of all, more than which cannot be exposed

    Returns one row per reason, and last, where every case says whose it is, one of `all`
        cases, share, share_low, share_high (of cases with a reason; Wilson), cumulative
        people                      different customers, where cases say who (else cases)
        rate                        as given; of all: of those who met any fault, so that each who
                                    called counts once, with the fault that fewest complain of
        silent, _low, _high         people ÷ rate − people: who suffer and say nothing. Range: of the
                                    count and of the rate together, see `sufferers`
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
    told = zip(ENDS, given, strict=True)
    rates = pd.DataFrame({end: pd.Series(r, table.index, dtype=float) for end, r in told})
    met = who_met(people, rates, confidence)
    table["rate"] = rates[""]
    if each_is_named(known) and len(known):
        people[EVERY] = known["customer"].nunique()
        met.loc[EVERY] = who_met_any(known, rates, confidence)
        table.loc[EVERY, ["cases", "rate"]] = len(known), people[EVERY] / met.loc[EVERY, ""]
    most = np.inf if customers is None else customers
    silent, limit = met.sub(people, axis=0).clip(lower=0), np.maximum(most - people, 0)
    table = table.assign(people=people, capped=silent[""] > limit)
    table = table.join(silent.clip(upper=limit, axis=0).add_prefix("silent"))
    if revenue_each is not None:
        for end in ENDS:
            exposed = (people + table[f"silent{end}"]).clip(upper=most) * revenue_each
            table[f"amount{end}"] = exposed.clip(upper=revenue)
    return table.astype({"cases": int}).rename_axis("reason").reset_index()


def few_together(complaints: pd.DataFrame, least: float) -> pd.DataFrame | None:
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
        together = known.assign(reason=known["reason"].mask(known["reason"].isin(pooled), OTHER))
        people = people_by_reason(together)
        if people.get(OTHER, least) >= least:
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


def who_met(people: pd.Series, rates: pd.DataFrame, confidence: float) -> pd.DataFrame:
    """How many met a fault of which `people` called: people ÷ rate, and its ends, under ENDS.

    rates : as stated, highest, lowest. Those who call are a share of those who met the fault, so that
    their number errs as √(1 − rate) of a Poisson count's exact limits; the two ranges together by
    their distances as logarithms. Source: Donner & Zou 2012, Statistical Methods in Medical
    Research 21, of a ratio.

    >>> one = pd.DataFrame({"": [0.5], "_low": 0.5, "_high": 0.5})
    >>> who_met(pd.Series([10]), one, 0.95).round(1).to_numpy().tolist()
    [[20.0, 12.6, 31.9]]
    """
    tail, rates = (1 - confidence) / 2, rates.assign(**{"": rates[""].clip(lower=NEVER)})
    from scipy import stats

    ends = stats.chi2.ppf(tail, 2 * people) / 2, stats.chi2.isf(tail, 2 * people + 2) / 2
    found = pd.DataFrame({"": people / rates[""]})
    for end, name, sign in zip(ends, ENDS[1:], (-1, 1), strict=True):
        count = people + (end - people) * np.sqrt(1 - rates[""])
        with np.errstate(divide="ignore"):  # if nobody complains, there is no end to the silent
            off = np.hypot(np.log(count / people), np.log(rates[name] / rates[""]))
        found[name] = found[""] * np.exp(sign * off)
    return found


def who_met_any(known: pd.DataFrame, rates: pd.DataFrame, confidence: float) -> list[float]:
    """The same of all faults. Each who called counts once, with the fault that fewest complain of; what
    rests on one and the same rate errs together, different rates apart."""
    known = known.reset_index(drop=True)
    seldom = known["reason"].map(rates[""]).groupby(known["customer"]).idxmin()
    by = rates.loc[known.loc[seldom, "reason"]].value_counts().rename("people").reset_index()
    met = who_met(by["people"], by[[*ENDS]], confidence)
    whole, off = met[""].sum(), [np.hypot.reduce(met[end] - met[""]) for end in ENDS[1:]]
    return [whole, whole - off[0], whole + off[1]]


def mended(
    complaints: pd.DataFrame, repairs: pd.DataFrame, confidence: float = 0.95
) -> pd.DataFrame:
    """Cases of a fault before and after the day from which it is mended: one row per repair.

    complaints : reason, date; repairs : reason, mended (day)

    Returns reason, mended, n_before and n (cases), before and after (cases a month), change with
    its interval (after ÷ before − 1: the cases that came after are, if nothing changed, a share of
    all that the days give; Wilson), verdict: lower, higher, cannot_tell. Whatever else changed is in it too.

    >>> days = pd.to_datetime(["2025-01-01", "2025-01-02", "2025-01-03", "2025-01-04"])
    >>> cases = pd.DataFrame({"reason": "late", "date": days})
    >>> repairs = pd.DataFrame({"reason": ["late"], "mended": pd.to_datetime(["2025-01-04"])})
    >>> mended(cases, repairs)[["n_before", "n"]].values.tolist()
    [[3, 1]]
    """
    dated = complaints.dropna(subset=["reason", "date"])
    both = dated.merge(repairs[["reason", "mended"]].dropna(), on="reason", how="inner")
    after = both["date"] >= both["mended"]
    table = after.groupby([both["reason"], both["mended"]]).agg(["sum", "size"]).reset_index()
    table["n_before"] = table["size"] - table["sum"]
    table = table[table["n_before"].gt(0) & table["mended"].le(dated["date"].max())]
    days = (table["mended"] - dated["date"].min()).dt.days
    later = (dated["date"].max() - table["mended"]).dt.days + 1
    for end, share in counted_share(table["sum"], table["size"], confidence, "").items():
        table[f"change{end}"] = share / (1 - share) * days / later - 1
    lower, higher = table["change_high"] < 0, table["change_low"] > 0
    table = table.assign(
        before=table["n_before"] / days * 365.25 / 12,
        after=table["sum"] / later * 365.25 / 12,
        verdict=np.select([lower, higher], ["lower", "higher"], "cannot_tell"),
    )
    return table.rename(columns={"sum": "n"}).drop(columns="size")
