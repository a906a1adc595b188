"""How many to ask: R's power.t.test and Cohen's table; what the silent could change: all that they could say."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.power import TTestIndPower

from cxlib.sums.compare import answers_needed, had_all_answered

# Cohen 1988, Statistical Power Analysis, table 2.4.1: two means, a = .05 two-sided, power .80.
COHEN = {0.2: 393, 0.5: 64, 0.8: 26}


@pytest.mark.parametrize("d, n", COHEN.items())
def test_cohens_table(d, n):
    assert answers_needed(1.0, d) == pytest.approx(n, abs=0.6)  # whole people there


@pytest.mark.parametrize(
    "spread, difference, confidence, power",
    list(product([0.8, 2.5], [0.1, 0.4], [0.90, 0.95, 0.99], [0.8, 0.9])),
)
def test_the_exact_noncentral_t(spread, difference, confidence, power):
    exact = TTestIndPower().solve_power(difference / spread, alpha=1 - confidence, power=power)
    assert answers_needed(spread, difference, confidence, power) == pytest.approx(exact, abs=1)


def test_clusters_take_so_many_times_as_many():
    assert answers_needed(1, 0.3, design_effect=2.5) == pytest.approx(2.5 * answers_needed(1, 0.3))


@given(st.lists(st.integers(0, 10), min_size=1, max_size=30), st.lists(st.integers(0, 10), min_size=1, max_size=30))  # fmt: skip
def test_whatever_the_silent_would_have_said(answered, silent):
    rate = len(answered) / (len(answered) + len(silent))
    everybody = np.mean(answered + silent)
    found = had_all_answered(np.mean(answered), rate, (0, 10), everybody)
    assert found["mean_lowest"] - 1e-9 <= everybody <= found["mean_highest"] + 1e-9
    assert found["silent_mean"] == pytest.approx(np.mean(silent))  # the aim that they lead to
