"""The gate is tested as a reader with a pencil would attack it."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxlib.sums.disclosure import disclose, dominated, dominated_cells


def segments(target=(), **people) -> pd.DataFrame:
    """One question; a row per segment with its number of people, `all` first, `target` last."""
    rows = {"all": sum(people.values())} | people
    if target:
        rows["target"] = sum(people[name] for name in target)
    table = pd.DataFrame({"segment": list(rows), "n": list(rows.values())})
    return table.assign(dimension="service", experience=7.5, key_experience=True)


def flags(table, **options) -> dict:
    shown = disclose(table, small_base=30, disclosure=10, **options)
    return dict(zip(shown["segment"], shown["flag"], strict=True))


def test_a_row_on_the_limit_is_shown_and_one_below_is_not():
    table = segments(a=10, b=29, c=30).query("segment != 'all'")
    assert flags(table) == {"a": "small_base", "b": "small_base", "c": ""}
    alone = segments(a=9).query("segment == 'a'")
    assert flags(alone) == {"a": "withheld"}


def test_a_withheld_row_is_blank_in_everything_but_its_name():
    shown = disclose(segments(a=9, b=40, c=50).assign(**{"class": "A"}), 30, 10).loc[1]
    assert shown[["segment", "dimension", "flag"]].tolist() == ["a", "service", "withheld"]
    assert shown[["n", "experience", "key_experience", "class"]].isna().all()


def test_the_total_minus_the_others_does_not_give_a_withheld_segment_back():
    # all − b − c would be a; so b, the next smallest, is withheld with it.
    assert flags(segments(a=9, b=40, c=50)) == {
        "all": "", "a": "withheld", "b": "withheld", "c": "",
    }  # fmt: skip


def test_what_is_withheld_together_is_not_below_the_limit_either():
    # a and b together are 7 people, whose mean all − c − d would be.
    found = flags(segments(a=3, b=4, c=40, d=50))
    assert found == {"all": "", "a": "withheld", "b": "withheld", "c": "withheld", "d": ""}


def test_a_total_that_is_not_in_the_table_is_taken_as_known_from_another():
    table = segments(a=9, b=40, c=50).query("segment != 'all'")
    assert flags(table) == {"a": "withheld", "b": "withheld", "c": ""}


def test_every_question_hides_the_same_segment():
    # b is the smaller over both questions, though not in the second.
    one, two = segments(a=9, b=40, c=60), segments(a=9, b=50, c=45).assign(dimension="price")
    shown = disclose(pd.concat([one, two]), 30, 10)
    assert set(shown.query("flag == 'withheld'")["segment"]) == {"a", "b"}


def test_a_question_that_a_segment_was_not_asked_hides_nothing():
    assert flags(segments(a=0, b=40, c=50)) == {"all": "", "a": "withheld", "b": "", "c": ""}


def test_a_row_without_a_base_passes():
    # A management score has no answers to protect.
    shown = disclose(segments(a=20, b=40).assign(n=np.nan), 30, 10)
    assert (shown["flag"] == "").all() and (shown["experience"] == 7.5).all()


def test_a_table_without_a_base_passes_as_it_is():
    table = pd.DataFrame({"branch": ["lost"], "amount": [4_912_600]})
    pd.testing.assert_frame_equal(disclose(table, 30, 10), table)


def test_the_effective_base_counts_for_small_and_the_other_side_of_a_comparison_for_both():
    table = segments(a=200, b=300).assign(n_eff=[400, 25, 250])
    assert flags(table)["a"] == "small_base"
    compared = segments(a=200, b=300, c=400).assign(n_rest=[900, 700, 600, 9])
    assert flags(compared)["c"] == "withheld"


def test_a_union_of_segments_gives_none_of_them_away():
    found = flags(segments(["a", "c"], a=4, b=36, c=60), unions={"target": ["a", "c"]})
    assert found == {"all": "", "a": "withheld", "b": "", "c": "withheld", "target": ""}
    found = flags(segments(["b", "c"], a=4, b=36, c=60), unions={"target": ["b", "c"]})
    assert found["target"] == "withheld"  # or all − target would be a


def test_passing_twice_changes_nothing():
    once = disclose(segments(a=9, b=40, c=50), 30, 10)
    pd.testing.assert_frame_equal(disclose(once, 30, 10), once)


def test_the_table_given_is_not_changed():
    table = segments(a=9, b=40, c=50)
    before = table.copy()
    disclose(table, 30, 10)
    pd.testing.assert_frame_equal(table, before)


def given_away(shown, people, limit) -> list:
    """Every group of fewer than `limit` people that sums of the rows shown amount to.

    shown : one row per row shown, one column per smallest cell; 1 where the cell is in the row.
    """
    cells = [cell for cell in range(len(people)) if people[cell]]
    rank = np.linalg.matrix_rank(shown)
    found = []
    for size in (1, 2):
        for group in combinations(cells, size):
            wanted = np.isin(np.arange(len(people)), group).astype(float)
            if people[list(group)].sum() < limit:
                known = np.linalg.matrix_rank(np.vstack([shown, wanted])) == rank
                found += [group] if known else []
    return found


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=2, max_size=7), st.data())
def test_no_sum_of_what_is_shown_is_a_small_group(people, data):
    names = [f"s{i}" for i in range(len(people))]
    union = data.draw(st.sets(st.sampled_from(names), min_size=1, max_size=len(names)))
    table = segments(sorted(union), **dict(zip(names, people, strict=True)))
    inside = np.isin(names, list(union))
    shown = disclose(table, 30, 10, unions={"target": sorted(union)})["flag"] != "withheld"
    rows = np.vstack([np.ones(len(names)), np.eye(len(names)), inside]).astype(float)
    assert given_away(rows[shown], np.array(people), 10) == []


@settings(max_examples=60, deadline=None)
@given(st.integers(2, 5), st.integers(2, 5), st.data())
def test_nor_where_two_groupings_cross(segment_count, wave_count, data):
    size = segment_count * wave_count
    drawn = data.draw(st.lists(st.integers(0, 30), min_size=size, max_size=size))
    people = np.array(drawn).reshape(segment_count, wave_count)
    assert given_away(*crossed(people), 10) == []


def test_nor_where_no_single_row_or_column_gives_it_away():
    # Rows a + b less columns 1 + 2 leave the 6 people in the third place of the first row.
    people = np.full((4, 4), 50)
    people[:2, :2] = people[2:, 2:] = people[0, 2] = 6
    assert given_away(*crossed(people), 10) == []


def test_nor_two_small_groups_together_where_groupings_cross():
    # 3 + 1 people of the first wave, by what the other rows and columns leave of it.
    people = np.array([[3, 0, 10, 7], [1, 0, 10, 9], [5, 10, 5, 10], [1, 10, 9, 10]])
    assert given_away(*crossed(people), 10) == []


def crossed(people):
    """(what is in each row shown, people) for a table of segments × waves with its totals."""
    rows = []
    for segment in ["all", *range(people.shape[0])]:
        for wave in ["all", *range(people.shape[1])]:
            inside = np.zeros_like(people)
            of_wave = slice(None) if wave == "all" else wave
            inside[slice(None) if segment == "all" else segment, of_wave] = 1
            rows.append((str(segment), str(wave), (inside * people).sum(), inside.ravel()))
    table = pd.DataFrame(rows, columns=["segment", "wave", "n", "inside"])
    shown = disclose(table.drop(columns="inside"), 30, 10)["flag"] != "withheld"
    return np.array(table["inside"].tolist())[shown], people.ravel()


@pytest.mark.parametrize("limit", [0, 1])
def test_no_limit_withholds_nobody(limit):
    shown = disclose(segments(a=1, b=2), small_base=0, disclosure=limit)
    assert (shown["flag"] == "").all()


def test_a_small_tier_hides_another_with_it():
    # The total is known from elsewhere: one tier alone would be what the others leave of it.
    table = pd.DataFrame({"tier": ["top", "middle", "standard"], "n": [8, 12, 20], "share": 0.3})
    shown = disclose(table, 30, 10)
    assert shown["tier"].tolist() == ["top", "middle", "standard"]
    assert shown["flag"].tolist() == ["withheld", "withheld", "small_base"]


def test_kinds_of_loyalty_by_freedom_cannot_be_worked_out():
    # Free hostages 7 = all 37 − bound 30: what gives it away goes as well, and all keep their names.
    n = {"all": [304, 37, 37, 24], "free": [96, 7, 14, 8], "bound": [208, 30, 23, 16]}
    rows = [
        (freedom, kind, each, sum(counts))
        for freedom, counts in n.items()
        for kind, each in zip("ahmd", counts, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["freedom", "loyalty_type", "n", "n_of"]).assign(share=0.5)
    shown = disclose(table, 30, 10).set_index(["freedom", "loyalty_type"])
    hidden = shown["flag"].eq("withheld")
    assert hidden["free", "h"] and hidden["free", "d"]
    for kind in "hd":
        assert hidden["all", kind] or hidden["bound", kind]
    assert shown["n"].isna().equals(hidden)


def test_each_time_of_a_curve_is_a_question_of_its_own():
    table = pd.DataFrame(
        {
            "group": ["all", "yes", "no"] * 2,
            "time": [1.0, 1, 1, 2, 2, 2],
            "n": [100, 40, 60, 60, 6, 54],
            "survival": 0.9,
        }
    )
    shown = disclose(table, 30, 10)
    assert shown["flag"].tolist() == ["", "", "", "", "withheld", "withheld"]
    assert shown["time"].notna().all()


def test_a_table_without_rows_stays_one():
    empty = pd.DataFrame({"tier": [], "n": [], "revenue": []})
    assert disclose(empty, small_base=30, disclosure=10).empty


def test_who_left_the_grouping_out_is_a_group_too():
    # all 60 − a 35 − b 24 is one person; so b goes, and 25 people are not told apart.
    table = segments(a=35, b=24)
    table.loc[table["segment"] == "all", "n"] = 60
    assert flags(table) == {"all": "", "a": "", "b": "withheld"}
    table.loc[table["segment"] == "all", "n"] = 69  # ten who left it out are enough
    assert flags(table) == {"all": "", "a": "", "b": "small_base"}


# Money


@pytest.mark.parametrize(
    ("amounts", "told"),
    [
        ([50, 41, 9], True),  # 91 of 100 by two
        ([50, 40, 10], False),  # 90 of 100: the rule is more than that
        ([7, 3], True),
        ([1] * 20, False),  # 2 of 20
        ([0, 0], False),  # no money, nobody's
        ([], False),
    ],
)
def test_two_customers_who_bring_nearly_everything_are_seen(amounts, told):
    assert dominated(pd.Series(amounts, dtype=float)) is told


def test_a_dominated_cell_takes_others_along_until_their_sum_tells_nothing():
    # a: 90 and 5; with b, 3 of 3, two are 95 of 104; with c, 12 in fours, 95 of 116 (82 %).
    amounts = pd.Series([90, 5, 3, 3, 3, 4, 4, 4, 50, 50, 50])
    assert dominated_cells(amounts, pd.Series([*"aabbbcccddd"])) == {"a", "b", "c"}
    assert dominated_cells(amounts[2:], pd.Series([*"aabbbcccddd"])[2:]) == set()
