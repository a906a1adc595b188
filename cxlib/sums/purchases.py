"""From invoice lines to customers: purchases, returns, RFM, and what a length of time holds.

A purchase is a day on which a customer's lines add up to more than zero: two invoices on one day
are one decision to buy. A day that adds up to less is a return: it takes value away from the
customer without being an occasion.
"""

import numpy as np
import pandas as pd

MICROSECONDS_A_DAY = 86_400_000_000
WEEK = pd.Timedelta(weeks=1)
MOST_CELLS = 20_000_000  # customers × days up to which a cell for each is faster than sorting,
ROOM = 20  # … where there are not more of them than this for each line
DUST = 1e-9  # of what was turned over in a day: what is left of sums that cancel out is rounding


def customer_days(transactions: pd.DataFrame) -> pd.DataFrame:
    """One row per customer and day: customer, date (the day), amount (currency, net).

    transactions : one row per invoice line: customer, date, amount (below zero for a return)

    >>> lines = pd.DataFrame(
    ...     {"customer": [*"aa"], "date": pd.Timestamp("2024-01-01"), "amount": [10, -4]}
    ... )
    >>> customer_days(lines)["amount"].tolist()
    [6.0]
    """
    lines = transactions[["customer", "date", "amount"]]
    lines = lines.dropna() if lines.isna().to_numpy().any() else lines
    # Both as numbers, and both in one: a tenth of the time that grouping by two columns takes.
    who, names = pd.factorize(lines["customer"])
    day = lines["date"].to_numpy().astype("datetime64[us]").view(np.int64) // MICROSECONDS_A_DAY
    first, width = (day.min(), np.ptp(day) + 1) if len(day) else (0, 1)
    amounts, places = lines["amount"].to_numpy(float), who * width + (day - first)
    key, amount = sums_by(places, amounts)
    amount = np.where(np.abs(amount) > DUST * sums_by(places, np.abs(amounts))[1], amount, 0.0)
    dates = (key % width + first).astype("datetime64[D]").astype("datetime64[us]")
    customers = pd.Categorical.from_codes(key // width, names)
    return pd.DataFrame({"customer": customers, "date": dates, "amount": amount})


def sums_by(key: np.ndarray, amount: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(keys that occur, sum of the amounts of each), in order of the keys, whole numbers from 0."""
    if key.max(initial=0) > min(MOST_CELLS, ROOM * len(key)):
        found, place = np.unique(key, return_inverse=True)
        return found, np.bincount(place, amount, len(found))
    found = np.flatnonzero(np.bincount(key))
    return found, np.bincount(key, amount)[found]


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

    >>> days = pd.DataFrame(
    ...     {
    ...         "customer": [*"aa"],
    ...         "date": pd.to_datetime(["2024-01-01", "2024-01-15"]),
    ...         "amount": [10.0, 20.0],
    ...     }
    ... )
    >>> purchase_history(days).loc["a", ["frequency", "recency", "spend"]].tolist()
    [1.0, 2.0, 20.0]
    """
    until = days["date"].max() if until is None else pd.Timestamp(until)
    days = days[(days["date"] <= until) & days["customer"].notna()]
    who, names = pd.factorize(days["customer"])
    amount, day = days["amount"].to_numpy(float), days["date"].to_numpy()
    taken = np.bincount(who, np.maximum(-amount, 0), len(names))
    # The days of each customer stand together, first to last; a customer's end where the next begin.
    order = np.lexsort((day, who))
    order = order[amount[order] > 0]
    who, day, amount = who[order], day[order], amount[order]
    start = np.flatnonzero(np.r_[True, who[1:] != who[:-1]][: len(who)])
    end = np.r_[start[1:], len(who)][: len(start)]
    sales = np.add.reduceat(amount, start) if len(start) else amount
    frequency = end - start - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        spend = np.where(frequency > 0, (sales - amount[start]) / frequency, np.nan)
    first, last = pd.Series(day[start]), pd.Series(day[end - 1])
    found = {
        "last": last, "sales": sales, "frequency": frequency, "recency": (last - first) / WEEK,
        "age": (until - first) / WEEK, "spend": spend, "returned": taken[who[start]],
    }  # fmt: skip
    index = pd.Index(np.asarray(names)[who[start]], dtype="str", name="customer")
    return pd.DataFrame(found).set_index(index).sort_index()


def kept_share(purchases: pd.DataFrame) -> float:
    """Share of what was bought that was not returned, 0–1.

    >>> kept_share(pd.DataFrame({"sales": [90, 10], "returned": [20, 0]}))
    0.8
    """
    return max(1 - purchases["returned"].sum() / purchases["sales"].sum(), 0.0)
