import numpy as np
import pandas as pd
import pytest

from cxlib.sums.quadrants import importance_quadrants

ITEMS = pd.DataFrame(
    {"item": list("abcd"), "importance": [9.0, 8, 4, 3], "performance": [4.0, 8, 3, 9]}
)


def with_intervals(items, half):
    ends = {
        f"{axis}_{end}": items[axis] + sign * half
        for axis in ["importance", "performance"]
        for end, sign in [("low", -1), ("high", 1)]
    }
    return items.assign(**ends)


def test_the_four_quadrants_of_martilla_and_james():
    table = importance_quadrants(ITEMS)
    expected = ["concentrate_here", "keep_up", "low_priority", "possible_overkill"]
    assert table["quadrant"].tolist() == expected
    assert table["stable"].all()


def test_another_crosshair_is_tried_and_a_move_is_told():
    # One giant drags the mean importance to 5: 4 is below it, and above the median of 3.
    items = pd.DataFrame({"importance": [1.0, 3, 4, 3, 14], "performance": [5.0, 1, 2, 9, 6]})
    table = importance_quadrants(items, importance_scale=(0, 4), performance_scale=(0, 10))
    assert table.loc[2, "quadrant_mean"] == "low_priority"
    assert table.loc[2, "quadrant_median"] == "concentrate_here"
    assert table.loc[2, "quadrant_midpoint"] == "concentrate_here"
    assert table["stable"].tolist() == [True, False, False, False, True]
    assert table[["importance_line", "performance_line"]].iloc[0].tolist() == [5, 4.6]


def test_a_derived_share_has_no_midpoint_but_the_mean():
    table = importance_quadrants(ITEMS, crosshair="midpoint", performance_scale=(0, 10))
    assert table[["importance_line", "performance_line"]].iloc[0].tolist() == [6, 5]


def test_an_item_on_the_line_is_a_coin_toss():
    # Crosshair fixed by the scales; the item sits on one line: half of the draws cross it.
    items = with_intervals(pd.DataFrame({"importance": [5.0, 9], "performance": [9.0, 2]}), 1.0)
    scales = {"importance_scale": (0, 10), "performance_scale": (0, 10)}
    table = importance_quadrants(items, "midpoint", **scales, draws=40_000)
    assert table["p_quadrant"].tolist() == pytest.approx([0.5, 1.0], abs=0.01)


def test_half_a_standard_error_from_the_line():
    # 95 % interval ±1.96 makes the standard error 1; .5 above the line: Φ(.5) = .6915.
    items = with_intervals(pd.DataFrame({"importance": [5.5], "performance": [99.0]}), 1.959964)
    scales = {"importance_scale": (0, 10), "performance_scale": (0, 10)}
    table = importance_quadrants(items, "midpoint", **scales, draws=100_000)
    assert table["p_quadrant"][0] == pytest.approx(0.6915, abs=0.005)


def test_a_blank_score_has_no_quadrant_and_moves_no_line():
    gap = pd.DataFrame({"item": ["e"], "importance": [10.0], "performance": [np.nan]})
    table = importance_quadrants(pd.concat([ITEMS, gap], ignore_index=True))
    assert table["importance_line"].iloc[0] == 6
    assert table.loc[4, ["quadrant", "stable", "p_quadrant"]].isna().all()
    assert table["quadrant"].tolist()[:4] == importance_quadrants(ITEMS)["quadrant"].tolist()


def test_without_intervals_there_is_no_probability():
    assert importance_quadrants(ITEMS)["p_quadrant"].isna().all()
