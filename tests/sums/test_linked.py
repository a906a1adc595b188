"""Groups against each other, as a reader with a pencil would set them."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxlib.sums.linked import groups_to_withhold, rest_is_everyone


def people(**counts) -> pd.Series:
    """One group name per person; `blank` left it out."""
    names = [name for name, count in counts.items() for _ in range(count)]
    return pd.Series(names, dtype=object).replace("blank", None)


def test_a_city_is_not_its_region_less_the_others():
    # South 34 − Lyon 30 would be Nice, of four.
    city, region = people(Nice=4, Lyon=30, Pau=12, Paris=40), people(South=34, North=52)
    hidden = groups_to_withhold({"city": city, "region": region}, 10)
    assert hidden == {("city", "Nice"), ("city", "Lyon")}


def test_who_left_the_question_out_is_not_everyone_less_the_groups():
    assert groups_to_withhold({"segment": people(A=35, B=24, blank=1)}, 10) == {("segment", "B")}
    assert not groups_to_withhold({"segment": people(A=35, B=24, blank=10)}, 10)
    assert not groups_to_withhold({"segment": people(A=35, B=24)}, 10)
    assert not groups_to_withhold({"segment": people(A=35, B=10)}, 10)  # ten are enough


def test_nor_the_target_less_its_segments():
    # The target of A and B; B is four.
    unions = {("segment", "target"): ["A", "B"]}
    hidden = groups_to_withhold({"segment": people(A=30, B=4, C=40, D=40)}, 10, unions)
    assert {("segment", "A"), ("segment", "B")} <= hidden


def test_nobody_limits_nothing():
    assert groups_to_withhold({}, 10) == set()
    assert groups_to_withhold({"segment": people(A=3)}, 0) == set()


@pytest.mark.parametrize("seed", range(20))
def test_no_sum_or_difference_of_what_is_shown_is_a_small_set(seed):
    rng = np.random.default_rng(seed)
    n = int(rng.integers(30, 120))
    one = pd.Series(rng.choice(["a", "b", "c", "d", None], n, p=[0.4, 0.3, 0.15, 0.1, 0.05]))
    two = pd.Series(rng.choice(["x", "y", "z"], n, p=[0.6, 0.3, 0.1]))
    nested = one.where(one.isin(["a", "b"]), "rest").where(one.notna())
    groupings = {"one": one, "two": two, "nested": nested}
    hidden = groups_to_withhold(groupings, 10)
    shown = [np.ones(n)] + [
        (values == group).to_numpy(dtype=float)
        for name, values in groupings.items()
        for group in values.dropna().unique()
        if (name, group) not in hidden
    ]
    # Every combination of coefficients −1, 0 and 1 of up to five of them, as a pencil would.
    known = np.array(shown)
    for size in range(1, min(6, len(known) + 1)):
        for _ in range(400):
            rows = rng.choice(len(known), size, replace=False)
            found = rng.choice([-1, 1], size) @ known[rows]
            if set(np.unique(found)) <= {0.0, 1.0}:
                assert found.sum() == 0 or found.sum() >= 10


@given(st.lists(st.integers(0, 40), min_size=2, max_size=6))
@settings(max_examples=60, deadline=None)
def test_one_grouping_hides_at_least_two_groups_or_none(counts):
    values = people(**{f"g{i}": count for i, count in enumerate(counts)})
    hidden = groups_to_withhold({"g": values}, 10)
    gone = values.isin({group for _, group in hidden}).sum()
    assert gone == 0 or gone >= 10 or gone == len(values)


def test_a_group_and_its_rest_are_a_sum_too():
    # South is Nice and 4 of Pau. Nice hidden, it is still Pau with its rest less Pau.
    city, region = people(Nice=40, Pau=12, blank=30), people(South=44, blank=38)
    hidden = groups_to_withhold({"city": city, "region": region}, 10)
    assert hidden == {("city", "Nice"), ("city", "Pau")}


def test_few_who_left_a_grouping_out_are_in_the_rest_of_each():
    few, many, beside = (["a"] * 20 + rest for rest in ([None] * 3, [None] * 20, ["b", None] * 15))
    told = [rest_is_everyone(pd.Series(values), 10) for values in (few, many, beside)]
    assert told == [True, False, False]
    assert rest_is_everyone(pd.Series(["a"] * 20 + ["b"] * 3 + [None] * 20), 10)
