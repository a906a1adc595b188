import pandas as pd
import pytest

from cxlib.sums.against_rest import banded, share_against_rest, usable_traits


def test_two_shares_and_the_interval_of_their_difference():
    # Newcombe 1998, Statistics in Medicine 17:873, table II, 56/70 against 48/80, method 10 (Wilson).
    event = pd.Series([1] * 56 + [0] * 14 + [1] * 48 + [0] * 32)
    traits = pd.DataFrame({"arm": ["a"] * 70 + ["b"] * 80})
    row = share_against_rest(traits, event).set_index("group").loc["a"]
    assert row[["share", "share_rest"]].tolist() == [0.8, 0.6]
    assert row["difference_low"] == pytest.approx(0.0524, abs=5e-5)
    assert row["difference_high"] == pytest.approx(0.3339, abs=5e-5)


def test_a_number_at_the_bound_of_a_band_is_in_the_lower_one():
    # Quarters of these five are parted at 20, 21 and 40.
    assert banded(pd.Series([10, 20, 21, 40, 50])).tolist() == [
        "≤ 20", "≤ 20", "20 – 21", "21 – 40", "> 40",
    ]  # fmt: skip
    whole = pd.Series([10, None, 20, 21, 40, 50], dtype="Int64")  # as parquet keeps them
    assert banded(whole)[[0, 5]].tolist() == ["≤ 20", "> 40"] and banded(whole).isna().sum() == 1


def test_whole_numbers_are_groups_as_they_are_written():
    marks = pd.DataFrame({"mark": [4.0, 5.0, None] * 20, "half": [4.5, 5.0, 5.0] * 20})
    found = usable_traits(marks)
    assert set(map(str, found["mark"].dropna())) == {"4", "5"}
    assert set(map(str, found["half"])) == {"4.5", "5.0"}
