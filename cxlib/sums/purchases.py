"""From invoice lines to customers: purchases, returns, RFM, and what a length of time holds.

A purchase is a day on which a customer's lines add up to more than zero: two invoices on one day
are one decision to buy. A day that adds up to less is a return: it takes value away from the
customer without being an occasion.
"""

import numpy as np
import pandas as pd

DAY = pd.Timedelta(days=1)
WEEK = pd.Timedelta(weeks=1)
SCORES = 5  # of RFM: fifths of the customers


def customer_days(transactions: pd.DataFrame) -> pd.DataFrame:
    """One row per customer and day: customer, date (the day), amount (currency, net).

    transactions : one row per invoice line: customer, date, amount (below zero for a return)
    """
    lines = transactions[["customer", "date", "amount"]].dropna()
    days = lines.assign(date=lines["date"].dt.floor("D"))
    return days.groupby(["customer", "date"], as_index=False, observed=True)["amount"].sum()


def customer_totals(transactions: pd.DataFrame) -> pd.DataFrame:
    """One row per customer, named in the index: revenue (net, currency), lines, first, last."""
    by = transactions.groupby("customer", observed=True)
    found = by.agg(revenue=("amount", "sum"), lines=("amount", "size"))
    return found.join(by["date"].agg(first="min", last="max"))


def purchase_history(days: pd.DataFrame, until=None) -> pd.DataFrame:
    """What BG/NBD and RFM need, up to and with the day `until` (default: the last of all).

    days : one row per customer and day, as `customer_days` gives them

    Returns one row per customer who has bought, named in the index:
        frequency  repeat purchases, i.e. purchase days after the first
        recency    weeks from the first purchase to the last
        age        weeks from the first purchase to `until`
        spend      mean amount of a repeat purchase, currency; blank where there is none
        sales      amounts of all purchases, and returned: amounts taken back (both from 0 up)
        last       day of the last purchase
    """
    until = days["date"].max() if until is None else pd.Timestamp(until)
    days = days[days["date"] <= until]
    bought = days[days["amount"] > 0].sort_values(["customer", "date"])
    repeat = bought[bought.duplicated("customer")]
    by = bought.groupby("customer", observed=True)
    found = by.agg(first=("date", "min"), last=("date", "max"), sales=("amount", "sum"))
    taken = -days.loc[days["amount"] < 0].groupby("customer", observed=True)["amount"].sum()
    return found.assign(
        frequency=by.size() - 1,
        recency=(found["last"] - found["first"]) / WEEK,
        age=(until - found["first"]) / WEEK,
        spend=repeat.groupby("customer", observed=True)["amount"].mean(),
        returned=taken.reindex(found.index).fillna(0.0),
    ).drop(columns="first")


def kept_share(purchases: pd.DataFrame) -> float:
    """Share of what was bought that was not returned, 0–1."""
    return max(1 - purchases["returned"].sum() / purchases["sales"].sum(), 0.0)


def rfm_scores(purchases: pd.DataFrame, until) -> pd.DataFrame:
    """The purchases, plus days (since the last purchase), and recency_score, frequency_score and
    money_score, 5 = best fifth of the customers, ties in the same fifth.

    Money is sales less returns.
    """
    days = (pd.Timestamp(until) - purchases["last"]) / DAY
    money = purchases["sales"] - purchases["returned"]
    return purchases.assign(
        days=days,
        recency_score=fifths(-days),
        frequency_score=fifths(purchases["frequency"]),
        money_score=fifths(money),
    )


def fifths(values: pd.Series) -> pd.Series:
    """1 to 5, low to high; equal values are never parted, so a fifth may hold more or fewer."""
    return np.ceil(values.rank(pct=True, method="max") * SCORES).astype(int)


def rfm_table(scored: pd.DataFrame) -> pd.DataFrame:
    """One row per recency and frequency score: n (customers), share, sales (currency, net)."""
    net = scored.assign(net=scored["sales"] - scored["returned"])
    by = net.groupby(["recency_score", "frequency_score"])["net"].agg(n="size", sales="sum")
    return by.assign(share=by["n"] / len(net)).reset_index()
