"""Contracts made up by the shifted-beta-geometric model, dated, and recovered from their dates."""

import numpy as np
import pandas as pd

from cxlib.sums.contracts import calendar_months, completed_periods, period_found
from cxlib.sums.retention import fit_sbg, renewals

ALPHA, BETA = 0.668, 3.806  # Fader & Hardie 2007, the regular segment, seven years


def contracts(rng, n: int, years: int = 8) -> pd.DataFrame:
    """since, until, left: annual contracts begun on any day and followed to the end of 2024; who
    leaves does so on the day on which his year ends, or up to three weeks later."""
    since = np.datetime64("2017-01-01") + rng.integers(0, 365 * years - 30, n)
    leaves = rng.geometric(rng.beta(ALPHA, BETA, n))
    start = pd.Series(since)
    end = pd.Series(
        [day + pd.DateOffset(years=int(min(k, 60))) for day, k in zip(start, leaves, strict=True)]
    )
    end = end + pd.to_timedelta(rng.integers(0, 22, n) * (rng.random(n) < 0.3), unit="D")
    last = pd.Timestamp("2024-12-31")
    return pd.DataFrame({"since": start, "until": end.clip(upper=last), "left": (end <= last) * 1})


def recovered(found: pd.DataFrame) -> tuple:
    """(period found, first-year retention fitted, its interval by the data, p of the misfit, how many of
    the intervals of later years lie above what they should hold, and below; shares)."""
    months = calendar_months(found["since"], found["until"])
    period = period_found(months[found["left"] == 1])
    rows = pd.DataFrame(
        {"entered": 0, "completed": completed_periods(months, found["left"], 12)}
    ).assign(left=found["left"])
    table = renewals(rows, fit_sbg(rows))
    first, later = table.iloc[0], table.iloc[1:]
    true = (BETA + later["period"] - 1) / (ALPHA + BETA + later["period"] - 1)
    off = (later["retention_low"] > true).mean(), (later["retention_high"] < true).mean()
    ends = first[["retention_low", "retention_high", "p"]]
    return period, first["expected"], *ends, *off


def renewals_coverage(replications: int = 200, n: int = 600, seed: int = 20_100) -> pd.DataFrame:
    """How often the first renewal's interval holds β / (α + β), those of later years theirs, and how often the model that made
    the contracts is said to fit them (promised: 95 %), in the shape of `summary`."""
    rng, truth = np.random.default_rng([seed, 13]), BETA / (ALPHA + BETA)
    rows = [recovered(contracts(rng, n)) for _ in range(replications)]
    table = pd.DataFrame(rows, columns=["period", "first", "low", "high", "p", "above", "below"])
    high, low = (table["low"] > truth).mean(), (table["high"] < truth).mean()
    misfit = (table["p"] < 0.05).mean()
    found = []
    for method, above, below in (
        ("first renewal", high, low),
        ("later renewals", table["above"].mean(), table["below"].mean()),
        ("renewals that fit", misfit, 0.0),
    ):
        held = 1 - above - below
        error = max(np.sqrt(held * (1 - held) / replications), 1 / replications)
        found.append((method, "", n, False, held, error, above, below, abs(held - 0.95) <= 0.02))
    names = ["method", "skew", "n", "weighted", "coverage", "coverage_error", "too_high", "too_low"]
    return pd.DataFrame(found, columns=[*names, "as_promised"])
