import numpy as np
import pandas as pd
import pytest
from scipy import stats

from cxlib.sums.compare import health_check


def test_the_printed_difference_has_no_base_and_no_interval():
    # The method's §7: local against multinational firms, customer experience −7.1 points.
    areas = pd.DataFrame(
        {"area": ["experience", "other"], "score": [50.0, 60], "reference": [57.1, np.nan]}
    )
    found = health_check(areas).set_index("area")
    assert found.loc["experience", "difference"] == pytest.approx(-7.1)
    assert found.loc["experience", "verdict"] == "no_base"
    assert found[["difference_low", "difference_high", "p"]].isna().all(axis=None)
    assert found.loc["other", "verdict"] == ""


def test_with_bases_it_is_welchs_test():
    areas = pd.DataFrame(
        {
            "area": ["a", "b", "c"], "score": [60.0, 60, 60], "reference": [65.0, 60.5, 55],
            "n": 40, "sd": [8.0, 8, 8], "reference_n": [90, 90, np.nan], "reference_sd": [10.0, 10, np.nan],
        }
    )  # fmt: skip
    found = health_check(areas).set_index("area")
    same = stats.ttest_ind_from_stats(60, 8, 40, 65, 10, 90, equal_var=False)
    assert found.loc["a", "p"] == pytest.approx(same.pvalue)
    fixed = stats.t.interval(0.95, 39, 5, 8 / 40**0.5)  # a reference without a base is a mark
    assert found.loc["c", ["difference_low", "difference_high"]].tolist() == pytest.approx(fixed)
    assert found["verdict"].to_dict() == {"a": "lower", "b": "cannot_tell", "c": "higher"}
    assert health_check(areas.iloc[[1, 2, 0]])["area"].tolist() == [*"abc"]  # the worst first
