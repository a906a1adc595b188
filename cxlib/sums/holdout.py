"""Does the model predict purchases that it has not seen?"""

import numpy as np
import pandas as pd

from cxlib.sums.interval import t_interval
from cxlib.sums.lifetime import POOR, expected_purchases, fit_bgnbd
from cxlib.sums.purchases import WEEK, purchase_history

CALIBRATION = 2 / 3  # of the time that is known
MOST_REPEATS = 7  # customers with this many repeat purchases or more are one group


def holdout_check(days: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Purchases in the last third of the time, against those expected from the first two.

    days : one row per customer and day, as `purchases.customer_days` gives them

    Returns one row per number of repeat purchases before (`all` first, "7" is 7 and more)
        repeats    as text
        n          customers who had bought before the cut
        purchases, purchases_low, purchases_high   made afterwards, mean per customer
        expected   by the model, mean per customer
        error      expected ÷ made − 1; blank where none were made
        fits       expected within a fifth of what was made (see lifetime.POOR)
        weeks      that the hold-out lasted

    >>> days = cx.sales_days(cx.read_client("retail", "data"))
    >>> holdout_check(days)["repeats"].iloc[0]
    'all'
    """
    first, last = days["date"].min(), days["date"].max()
    cut = (first + (last - first) * CALIBRATION).floor("D")
    known = purchase_history(days, cut)
    weeks = (last - cut) / WEEK
    after = days[(days["date"] > cut) & (days["amount"] > 0)].groupby("customer").size()
    made = after.reindex(known.index).fillna(0).astype(float)
    found = pd.DataFrame({"repeats": known["frequency"].clip(upper=MOST_REPEATS), "made": made})
    found["expected"] = expected_purchases(fit_bgnbd(known), known, weeks)
    groups = {"all": found} | {str(name): rows for name, rows in found.groupby("repeats")}
    rows = [(name, *against_made(rows, confidence)) for name, rows in groups.items()]
    columns = ["repeats", "n", "purchases", "purchases_low", "purchases_high", "expected"]
    table = pd.DataFrame(rows, columns=columns)
    error = table["expected"] / table["purchases"].where(table["purchases"] > 0) - 1
    return table.assign(error=error, fits=error.abs() <= POOR, weeks=weeks)


def against_made(rows: pd.DataFrame, confidence: float) -> tuple:
    """(customers, mean made, low, high, mean expected)."""
    made, n = rows["made"], len(rows)
    variance = made.var() / n if n > 1 else np.nan
    low, high = t_interval(made.mean(), variance, n - 1, confidence)
    return n, made.mean(), max(float(low), 0.0), float(high), rows["expected"].mean()
