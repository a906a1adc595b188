"""Care and revisit (客户关怀与回访): who is contacted, what comes of it, whom to win back.

Source: the method, §5: a contact ends in the archive, in a plan, or in a second sale; dormant
customers are reactivated (盘活死客户); territories are assigned (井田).
"""

import numpy as np
import pandas as pd

from cxlib.sums.interval import counted_share
from cxlib.sums.lifetime import WEEKS_A_YEAR, Fit, expected_spend
from cxlib.sums.purchases import WEEK
from cxlib.sums.value import TIERS, strategy

SILENT = 0.90  # quantile of the pauses between purchases, beyond which a customer is dormant
OWN = 5  # pauses of a customer from which they tell what is usual for them; ours
YEAR = 365.25  # days
MET = ("maturity", "skill", "satisfaction")  # as the first visit found, and how content each is
QUIET = 12  # months without a purchase, where no invoices tell the usual pause; assumed


def contact_coverage(contacts, tiers: pd.Series, confidence: float = 0.95, planned=None):
    """One row per tier: are the contacts where the value is?

    contacts : one row per contact: customer, date; tiers : tier by customer; planned : {tier: contacts a
    year}, see `value.strategy`

    Returns tier, n (customers), reached (of them contacted at least once), share, share_low,
    share_high, contacts (in all), a_year (contacts per customer and year, over the time from the
    first contact to the last), planned (a year) and planned_from (see value.strategy), kept (a_year ÷ planned).

    >>> contacts = pd.DataFrame({"customer": ["a", "a"], "date": ["2024-01-01", "2024-12-31"]})
    >>> tiers = pd.Series({"a": "top", "b": "top", "c": "standard"})
    >>> contact_coverage(contacts.astype({"date": "datetime64[ns]"}), tiers)["share"].tolist()
    [0.5, 0.0]
    """
    days = (contacts["date"].max() - contacts["date"].min()).days + 1
    number = contacts.groupby("customer").size().reindex(tiers.index).fillna(0)
    by = number.groupby(tiers)
    found = pd.DataFrame({"n": by.size(), "reached": (number > 0).groupby(tiers).sum(),
                          "contacts": by.sum().astype(int)})  # fmt: skip
    found = found.reindex([tier for tier in TIERS if tier in found.index])
    plan = strategy(planned).set_index("tier").reindex(found.index)
    a_year = found["contacts"] / found["n"] / (days / YEAR)
    shares = counted_share(found["reached"], found["n"], confidence)
    found = found.assign(**shares, a_year=a_year, planned=plan["contacts_planned"])
    found = found.assign(kept=a_year / found["planned"], planned_from=plan["planned_from"])
    return found.rename_axis("tier").reset_index()


def contact_outcomes(contacts: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """One row per contact_mode (`all` first) and outcome: what contacts led to.

    Returns contact_mode, outcome (archived, planned, sold), n (contacts of that mode whose outcome is
    known), count, share, share_low, share_high, amount (sold, currency), per_contact (amount ÷ n).

    >>> contacts = pd.DataFrame(
    ...     {"mode": "visit", "outcome": ["sold", "planned"], "amount": [100, 0]}
    ... )
    >>> found = contact_outcomes(contacts)
    >>> found.loc[found["outcome"] == "sold", ["contact_mode", "count", "share"]].values.tolist()
    [['all', 1, 0.5], ['visit', 1, 0.5]]
    """
    known = contacts.dropna(subset=["outcome"])
    modes = dict(list(known.groupby("mode"))) if "mode" in known else {}
    rows = []
    for mode, group in ({"all": known} | modes).items():
        for outcome in ("archived", "planned", "sold"):
            of_it = group[group["outcome"] == outcome]
            amount = of_it["amount"].sum(min_count=1) if "amount" in of_it else np.nan
            rows.append((mode, outcome, len(group), len(of_it), amount))
    table = pd.DataFrame(rows, columns=["contact_mode", "outcome", "n", "count", "amount"])
    shares = counted_share(table["count"], table["n"], confidence)
    return table.assign(**shares, per_contact=table["amount"] / table["n"])


def usual_pauses(days: pd.DataFrame) -> pd.Series:
    """Weeks that nine in ten of a customer's pauses between two purchases do not reach, by customer.

    days : one row per customer and day, as `purchases.customer_days` gives them. Of whoever has paused
    OWN times it is their own; of the others that of all pauses, in which each customer counts alike,
    however often they bought. Pauses that have not ended yet are not seen, so it is rather short.

    >>> dates = pd.to_datetime(["2024-01-01", "2024-01-15", "2024-01-15"])
    >>> usual_pauses(pd.DataFrame({"customer": [*"aab"], "date": dates, "amount": 1})).to_dict()
    {'a': 2.0, 'b': 2.0}
    """
    bought = days[days["amount"] > 0].sort_values(["customer", "date"])
    who = bought["customer"].astype(str)
    pauses = (bought["date"].diff() / WEEK)[who.eq(who.shift())]
    by = pauses.groupby(who[pauses.index])
    own = by.quantile(SILENT).where(by.size() >= OWN)
    return own.reindex(who.unique()).fillna(pause_of_all(pauses, by.transform("size")))


def pause_of_all(pauses: pd.Series, number: pd.Series) -> float:
    """The same of all customers' pauses: weeks; number : how many pauses that customer has."""
    if pauses.empty:
        return np.nan
    ordered = pauses.sort_values(kind="stable")
    reached = (1 / number[ordered.index]).cumsum()
    return float(ordered[reached >= SILENT * reached.iloc[-1] - 1e-9].iloc[0])


def dormant_customers(
    purchases: pd.DataFrame, pause: pd.Series | float, bgnbd: Fit, spend: Fit, kept: float = 1.0
) -> pd.DataFrame:
    """Customers silent for longer than their usual pause, most worth winning back first.

    purchases : as `purchases.purchase_history` gives them; pause : weeks, see `usual_pauses`

    Returns one row per dormant customer, named in the index: weeks_silent (since the last
    purchase), sales (so far, currency, net), worth: what he would bring in a year if he were
    buying again at the rate he has shown, (r + x) ÷ (α + recency), times what a purchase of his
    brings. What winning him back costs, and how often it works, is not in the data.

    >>> life = cx.lifetimes(cx.read_client("retail", "data"))
    >>> silent = dormant_customers(life.history, 30, life.often, life.spend)
    >>> bool((silent["weeks_silent"] > 30).all())
    True
    """
    r, alpha, *_ = bgnbd.values
    silent = purchases["age"] - purchases["recency"]
    rate = (r + purchases["frequency"]) / (alpha + purchases["recency"])
    worth = rate * WEEKS_A_YEAR * expected_spend(spend, purchases) * kept
    sales = purchases["sales"] - purchases["returned"]
    found = pd.DataFrame({"weeks_silent": silent, "sales": sales, "worth": worth})
    return found[silent > pause].sort_values("worth", ascending=False)


def silent_customers(customers: pd.DataFrame) -> pd.DataFrame:
    """Who stays, most worth winning back first, where no invoices tell how often each buys.

    customers : last_purchase; churned, revenue (a year) where known

    Returns one row per customer who has not left and whose last purchase is known: weeks_silent
    (before the last purchase that anybody made), sales (not known), worth (a year's revenue, buying
    as before), silent (for QUIET months or longer).

    >>> dates = pd.to_datetime(["2025-12-01", "2024-01-01", "2023-01-01"])
    >>> customers = pd.DataFrame({"last_purchase": dates, "churned": [False, False, True]})
    >>> silent_customers(customers)["silent"].tolist()
    [False, True]
    """
    known = customers.reindex(columns=["last_purchase", "churned", "revenue"])
    stay = known[~known["churned"].eq(True) & known["last_purchase"].notna()]
    last = stay["last_purchase"]
    found = pd.DataFrame({"weeks_silent": (last.max() - last) / WEEK, "sales": np.nan})
    found = found.assign(worth=stay["revenue"].astype(float),
                         silent=last <= last.max() - pd.DateOffset(months=QUIET))  # fmt: skip
    return found.sort_values("worth", ascending=False, kind="stable")


def dormant_table(dormant: pd.DataFrame, everyone: int, top: float = 0.20) -> pd.DataFrame:
    """Two rows, the best fifth of the dormant and all of them: group, n, share (all of them, of customers),
    weeks_silent (median), sales (so far), worth (a year, if all came back: a ceiling).

    What winning back is worth is one thing, with invoices and without: what a customer would bring in
    a year, buying as before. Invoices tell it (`dormant_customers`), else the revenue that is stated
    (`silent_customers`).

    >>> dormant = pd.DataFrame({"weeks_silent": [30, 50], "sales": [100, 300], "worth": [20, 80]})
    >>> dormant_table(dormant, everyone=8)[["n", "share", "worth"]].values.tolist()
    [[0.0, nan, nan], [2.0, 0.25, 100.0]]
    """
    rows = []
    for name, rows_of in {"best": dormant.head(round(top * len(dormant))), "all": dormant}.items():
        sums = rows_of[["sales", "worth"]].sum(min_count=1)
        share = len(rows_of) / everyone if everyone and name == "all" else np.nan
        rows.append((name, len(rows_of), share, rows_of["weeks_silent"].median(), *sums))
    return pd.DataFrame(rows, columns=["group", "n", "share", "weeks_silent", "sales", "worth"])


def territories(customers: pd.DataFrame, by=("territory",), least: int = 0) -> pd.DataFrame:
    """One row per territory, largest value first: are they alike in value and in load?

    customers : territory, and what is known of value (index, see value.py) and contacts (number)
    by : columns that make a territory (井田), such as trade and kind of service

    Returns the columns of `by`, n (customers), value (share of all index points), load (share of all
    contacts; of customers where contacts are not known), value_ratio and load_ratio (share ÷ an
    even share; 1 is balanced), uneven (either is off by more than a quarter), load_for_value (load ÷
    value: above 1, more contact than value), and the mean of each of MET (score points; satisfaction as
    `content`), where it is known of `least` customers.

    >>> customers = pd.DataFrame({"territory": ["north", "north", "south"], "index": 1.0})
    >>> territories(customers)[["territory", "n"]].values.tolist()
    [['north', 2], ['south', 1]]
    """
    each = customers.dropna(subset=list(by)).groupby(list(by))
    load = each["contacts"].sum() if "contacts" in customers else each.size()
    found = pd.DataFrame({"n": each.size(), "value": each["index"].sum(), "load": load})
    found[["value", "load"]] /= found[["value", "load"]].sum()
    ratios = found[["value", "load"]] * len(found)
    uneven = ((ratios - 1).abs() > 0.25).any(axis=1)
    found = found.assign(value_ratio=ratios["value"], load_ratio=ratios["load"], uneven=uneven)
    found = found.assign(load_for_value=found["load"] / found["value"])
    met = each[[name for name in MET if name in customers]]
    means = met.mean().where(met.count() >= least)
    found = found.join(means.rename(columns={"satisfaction": "content"}))
    return found.sort_values("value", ascending=False).reset_index()
