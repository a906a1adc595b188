"""Contract periods by the calendar: how many a stay completed, and how long they are."""

import numpy as np
import pandas as pd

MONTHS = {"month": 1, "quarter": 3, "year": 12}
GRACE = 1 / 12  # of a period: who leaves so soon after its end did not renew; assumed
NEAR = 1 / 24  # of a period: a stay that ends so near to a whole number of periods ends with one
MOST_END = 0.80  # of those who left, so that a period is found: by chance it is one in twelve
FEWEST = 20  # who left


def calendar_months(since: pd.Series, until: pd.Series) -> pd.Series:
    """Months from one date to another by the calendar; a month begun counts by its days.

    The 31st becomes the last day of a shorter month; 29 February the 28th.

    >>> calendar_months(pd.Series(pd.to_datetime(["2024-02-29"])),
    ...                 pd.Series(pd.to_datetime(["2025-02-28"]))).tolist()
    [12.0]
    """
    start, end = (each.to_numpy().astype("datetime64[D]") for each in (since, until))
    first, last = start.astype("datetime64[M]"), end.astype("datetime64[M]")

    def on(month):  # the day of the month on which it began, or the month's last
        same, following = (each.astype("datetime64[D]") for each in (month, month + 1))
        return np.minimum(same + (start - first), following - 1)

    early = end < on(last)
    before = last - early.astype(int)
    begun, ends = on(before), on(before + 1)
    months = (before - first).astype(float)
    found = pd.Series(months + (end - begun) / (ends - begun), index=since.index)
    return found.where(since.notna() & until.notna())


def period_found(months: pd.Series, among=("year", "quarter", "month")) -> str | None:
    """The longest period with whose ends the stays of those who left end; None where none shows.

    months : length of stay of each who left

    >>> period_found(pd.Series([12.0, 24.0] * 10))
    'year'
    """
    for name in among if months.count() >= FEWEST else ():
        periods = months.dropna() / MONTHS[name]
        ends = ((periods - periods.round()).abs() <= NEAR) & (periods.round() >= 1)
        if ends.mean() >= MOST_END:
            return name
    return None


def completed_periods(months: pd.Series, left: pd.Series, length: int, grace: float = GRACE):
    """Periods that each stay completed with a renewal at their end, for `retention.fit_sbg`.

    Who left did not renew at the end of the period he left in, or at whose end he left; who is
    still there has renewed at every end that lies more than `grace` of a period back.

    >>> completed_periods(pd.Series([12.0, 12.5, 13.5, 13.5]), pd.Series([1, 1, 1, 0]), 12).tolist()
    [0, 0, 1, 1]
    """
    periods = months / length - grace
    through = np.maximum(np.ceil(periods - 1e-9), 1)
    return np.maximum(np.floor(periods + 1e-9), 0).mask(left == 1, through - 1).astype(int)
