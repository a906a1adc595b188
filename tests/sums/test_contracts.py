"""Contract periods by the calendar, and contracts that the model made recovered from their dates."""

import numpy as np
import pandas as pd
import pytest

from cxlib.sums.contracts import calendar_months, completed_periods, period_found
from proof.renewals import ALPHA, BETA, contracts, recovered


def test_a_year_over_the_29th_of_february_is_a_year():
    since = pd.Series(pd.to_datetime(["2023-03-01", "2023-03-01", "2024-01-31", "2024-02-29"]))
    until = pd.Series(pd.to_datetime(["2024-03-01", "2024-02-29", "2024-02-29", "2025-02-28"]))
    # 366 days; the day before it; the last day of a shorter month; 29 February a year on.
    found = calendar_months(since, until)
    assert found.tolist()[::2] == [12, 1] and found[3] == 12
    assert found[1] == pytest.approx(11 + 28 / 29)
    left = pd.Series([1, 1, 1, 1])
    assert completed_periods(found, left, 12).tolist()[0] == 0
    assert completed_periods(found, left * 0, 12).tolist() == [0, 0, 0, 0]


def test_the_period_is_found_where_the_stays_show_it():
    years = np.repeat([12.0, 24, 36, 60], 10)
    assert period_found(pd.Series(years)) == "year"
    assert period_found(pd.Series(np.r_[years / 4, 6.02])) == "quarter"
    assert period_found(pd.Series([5.0, 7, 11, 1] * 10)) == "month"
    anyhow = pd.Series(np.random.default_rng(1).uniform(1, 60, 400))
    assert period_found(anyhow) is None and period_found(pd.Series([12.0] * 5)) is None


def test_the_published_segment_is_recovered_from_dates():
    # Fader & Hardie 2007: alpha .668, beta 3.806, so that .8507 renew at the end of the first year.
    period, first, low, high, p, *_ = recovered(contracts(np.random.default_rng(1), 600))
    assert period == "year" and low <= BETA / (ALPHA + BETA) <= high
    assert first == pytest.approx(BETA / (ALPHA + BETA), abs=0.03) and p > 0.05
