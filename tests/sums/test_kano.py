import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxlib.sums.kano import (
    LETTERS,
    classify,
    compared_segments,
    fong,
    kano_by_segment,
    kano_table,
)

# One pair of answers (functional, dysfunctional) that Berger's table gives each letter.
PAIR = {"A": (1, 3), "O": (1, 5), "M": (3, 5), "I": (3, 3), "R": (5, 1), "Q": (1, 1)}

# Worked example 6: Brand & Rese 2026, table 1; order A O M I R Q.
PRINTED = {
    "app bonus": ([216, 56, 13, 275, 23, 24], 0.486, -0.123),
    "smart mirror": ([229, 42, 5, 276, 33, 22], 0.491, -0.085),
    "in-store wifi": ([187, 71, 46, 258, 19, 26], 0.459, -0.208),
}


def answers(counts: dict):
    """Functional and dysfunctional answers that make these counts of letters, by item."""
    functional, dysfunctional = {}, {}
    for item, numbers in counts.items():
        pairs = [PAIR[x] for x, n in zip(LETTERS, numbers, strict=True) for _ in range(n)]
        functional[item], dysfunctional[item] = (
            pd.Series(side) for side in zip(*pairs, strict=True)
        )
    return pd.DataFrame(functional, dtype=float), pd.DataFrame(dysfunctional, dtype=float)


@pytest.fixture(scope="module")
def printed():
    pairs = answers({item: counts for item, (counts, _, _) in PRINTED.items()})
    return kano_table(*pairs).set_index("item")


@pytest.mark.parametrize("item", PRINTED)
def test_printed_better_and_worse(printed, item):
    counts, better, worse = PRINTED[item]
    assert printed.loc[item, LETTERS].tolist() == counts
    assert printed.loc[item, "better"] == pytest.approx(better, abs=0.0005)
    assert printed.loc[item, "worse"] == pytest.approx(worse, abs=0.0005)


def test_wifi_is_indifferent_by_mode_and_attractive_by_the_rule(printed):
    # 304 > 303: worked example 6. One answer decides, so the posterior must be near a coin toss.
    row = printed.loc["in-store wifi"]
    assert (row["mode"], row["class"]) == ("I", "A")
    assert 0.4 < row["p_class"] < 0.6


def test_edge_grip_in_percent():
    # Worked example 7: Sauerwein et al. 1996, fig. 11, percent.
    row = kano_table(*answers({"edge grip": [7, 33, 50, 10, 0, 0]})).iloc[0]
    assert row["better"] == pytest.approx(0.40)
    assert row["worse"] == pytest.approx(-0.83)
    assert row["class"] == "M"


@pytest.mark.parametrize(
    "table, printed_rows",
    [
        # Worked example 8: Berger et al. 1993.
        ("berger", ["QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ"]),
        ("strict", ["QAAAO", "RQIIM", "RIIIM", "RIIQM", "RRRRQ"]),
    ],
)
def test_the_evaluation_table(table, printed_rows):
    functional = pd.DataFrame({item: [1.0, 2, 3, 4, 5] for item in "abcde"})
    dysfunctional = pd.DataFrame({item: [float(i)] * 5 for i, item in enumerate("abcde", start=1)})
    letters = classify(functional, dysfunctional, table)
    assert ["".join(row) for row in letters.to_numpy()] == printed_rows


@pytest.mark.parametrize(
    "counts, told_apart",
    [
        # Worked example 9, thresholds by hand: 1.645 √(a + b)
        ([59, 41, 0, 0, 0, 0], True),  # 18 against 1.645 √100 = 16.45
        ([58, 42, 0, 0, 0, 0], False),  # 16 against the same
        ([42, 28, 10, 10, 5, 5], True),  # 14 against 1.645 √70 = 13.76
        ([41, 28, 11, 10, 5, 5], False),  # 13 against 1.645 √69 = 13.66
    ],
)
def test_fong(counts, told_apart):
    assert bool(fong(np.array(counts, dtype=float))) == told_apart


def test_two_letters_that_are_alike_are_told_apart_one_time_in_ten():
    # The statistician's case: by Fong's own formula 19 %. Third letters too rare to come second.
    counts = np.random.default_rng(9).multinomial(200, [0.3, 0.3, 0.1, 0.1, 0.1, 0.1], 20_000)
    assert fong(counts.astype(float)).mean() == pytest.approx(0.10, abs=0.015)


@pytest.mark.parametrize(
    "counts, expected",
    [([5, 5, 5, 0, 0, 0], "M"), ([5, 5, 0, 5, 0, 0], "O"), ([5, 0, 0, 5, 0, 0], "I")],
)
def test_ties_go_to_what_hurts_most(counts, expected):
    # Berger et al. 1993: M > O > A > I; and 5 is not more than 5, so the rule leaves I.
    assert kano_table(*answers({"x": counts}))["class"].tolist() == [expected]


def test_continuous_kano_hears_only_who_answered_both():
    functional = pd.DataFrame({"x": [1.0, 1, 5]})
    dysfunctional = pd.DataFrame({"x": [5.0, 5, np.nan]})
    assert kano_table(functional, dysfunctional)["functional_score"].tolist() == [4]


def test_a_missing_half_is_no_answer():
    functional = pd.DataFrame({"x": [1.0, 1, np.nan, 3]})
    dysfunctional = pd.DataFrame({"x": [5.0, np.nan, 5, 3]})
    letters = classify(functional, dysfunctional)["x"]
    assert letters.isna().tolist() == [False, True, True, False]
    row = kano_table(functional, dysfunctional).iloc[0]
    assert row["n"] == 2
    assert row[LETTERS].tolist() == [0, 1, 0, 1, 0, 0]


def test_an_item_that_nobody_answered_stays_blank():
    blank = pd.DataFrame({"x": [np.nan, np.nan]})
    row = kano_table(blank, blank).iloc[0]
    assert row["n"] == 0
    assert row[["class", "mode", "better", "better_low", "p_class", "significant"]].isna().all()


def test_better_is_a_wilson_interval():
    # Wilson 95 % for 40 of 100: .3094, .4980 (Newcombe's calculator; also R prop.test, no correction)
    row = kano_table(*answers({"edge grip": [7, 33, 50, 10, 0, 0]})).iloc[0]
    assert [row["better_low"], row["better_high"]] == pytest.approx([0.3094, 0.4980], abs=0.0001)
    assert row["worse_low"] < row["worse"] < row["worse_high"] < 0


def test_continuous_kano_by_hand():
    # Two people: (like, dislike) = (4, 4); (must be, live with) = (2, 2). Means 3 and 3: O.
    row = kano_table(pd.DataFrame({"x": [1.0, 2]}), pd.DataFrame({"x": [5.0, 4]})).iloc[0]
    assert [row["functional_score"], row["dysfunctional_score"]] == [3, 3]
    assert row["continuous_class"] == "O"
    # t, 1 df: 3 ± 12.7062 × √(1² + 1²)/1 /√2 = 12.7062: wider than the scale of DuMouchel's scores
    assert row[["functional_score_low", "functional_score_high"]].tolist() == [-2, 4]
    # Four people, two of each: t, 3 df, 3.18245 × √(4/3)/2 = 1.83739
    row = kano_table(pd.DataFrame({"x": [1.0, 2] * 2}), pd.DataFrame({"x": [5.0, 4] * 2})).iloc[0]
    assert row["functional_score_low"] == pytest.approx(3 - 1.83739, abs=0.00001)


def test_a_sure_class_is_called_sure():
    row = kano_table(*answers({"x": [0, 0, 90, 10, 0, 0]})).iloc[0]
    assert row["p_class"] > 0.999


def test_the_posterior_of_two_letters_is_a_beta():
    # Only M and I ever seen, and prior mass elsewhere spread evenly: P(M wins) ≈ P(Beta > ½).
    from scipy.stats import beta

    row = kano_table(*answers({"x": [0, 0, 60, 40, 0, 0]}), draws=100_000).iloc[0]
    assert row["p_class"] == pytest.approx(beta(61.5, 41.5).sf(0.5), abs=0.01)


def compared(functional, dysfunctional, segment):
    return compared_segments(kano_by_segment(functional, dysfunctional, segment))


def test_segments_that_disagree_are_flagged_and_noise_is_not():
    functional, dysfunctional = answers({"x": [0, 0, 60, 40, 0, 0], "y": [0, 0, 0, 100, 0, 0]})
    segment = pd.Series(["old"] * 60 + ["new"] * 40)  # the old say must-be, the new do not care
    table = compared(functional, dysfunctional, segment).set_index(["item", "segment"])
    assert table.loc[("x", "old"), "class"] == "M"
    assert table.loc[("x", "new"), "class"] == "I"
    assert table.loc["x", "segments_disagree"].all()
    assert not table.loc["y", "segments_disagree"].any()
    mixed = pd.Series(np.tile(["old", "new"], 50))
    assert not compared(functional, dysfunctional, mixed)["segments_disagree"].any()


def test_one_item_in_many_differs_by_chance():
    # 39 must-be of 100 against 55 of 100: χ² with Yates 4.516, p .0336. Nothing among twenty items.
    def must_be(first, second):  # answers to "how if it is not?": 5 must-be, 3 indifferent
        return np.repeat([5.0, 3, 5, 3], [first, 100 - first, second, 100 - second])

    absent = pd.DataFrame({f"q{i}": must_be(47, 47) for i in range(20)}).assign(q0=must_be(39, 55))
    segment = pd.Series(np.repeat(["a", "b"], 100))
    table = compared(absent * 0 + 3, absent, segment).set_index(["item", "segment"])
    assert table.loc["q0", "class"].tolist() == ["I", "M"]
    assert table.loc["q0", "p_same"].tolist() == pytest.approx([0.0336] * 2, abs=0.0001)
    assert not table["segments_disagree"].any()


def test_a_segment_test_by_hand():
    # 2 × 2 table 30/20 against 20/30 without continuity … Yates: χ² = 100(500 − 50)²/50⁴ = 3.24
    functional, dysfunctional = answers({"x": [0, 0, 50, 50, 0, 0]})
    segment = pd.Series(["a"] * 30 + ["b"] * 20 + ["a"] * 20 + ["b"] * 30)
    table = compared(functional, dysfunctional, segment)
    assert table["p_same"].iloc[0] == pytest.approx(0.07186, abs=0.0001)
    assert not table["segments_disagree"].any()


@given(st.lists(st.integers(1, 40), min_size=6, max_size=6), st.floats(0.1, 50))
@settings(max_examples=30, deadline=None)
def test_only_proportions_of_weights_matter(counts, factor):  # a law
    functional, dysfunctional = answers({"x": counts})
    rng = np.random.default_rng(sum(counts))
    weight = pd.Series(rng.uniform(0.2, 3, len(functional)))
    first = kano_table(functional, dysfunctional, weight, draws=200)
    second = kano_table(functional, dysfunctional, weight * factor, draws=200)
    pd.testing.assert_frame_equal(first, second)
    assert first[LETTERS].sum(axis=1).iloc[0] == pytest.approx(sum(counts))


def test_equal_weights_change_nothing(printed):
    pairs = answers({item: counts for item, (counts, _, _) in PRINTED.items()})
    weighted = kano_table(*pairs, weight=pd.Series(3.0, index=pairs[0].index)).set_index("item")
    pd.testing.assert_frame_equal(weighted, printed)


def test_a_weighted_share_counts_people_by_their_weight():
    # Three must-be of weight 1, one indifferent of weight 3: half and half, worse −½.
    functional, dysfunctional = answers({"x": [0, 0, 3, 1, 0, 0]})
    row = kano_table(functional, dysfunctional, pd.Series([1.0, 1, 1, 3])).iloc[0]
    assert row["worse"] == pytest.approx(-0.5)
    assert row["n_eff"] == pytest.approx(36 / 12)


def test_a_class_that_hangs_on_the_table_is_shown_beside_the_other():
    # "Must be" both ways is indifferent in Berger's table and questionable in the strict one.
    functional = pd.DataFrame({"lift": [2.0, 2, 3], "bell": [3.0, 3, 3]})
    dysfunctional = pd.DataFrame({"lift": [2.0, 2, 5], "bell": [5.0, 5, 5]})
    found = kano_table(functional, dysfunctional, draws=50).set_index("item")
    assert found["class"].tolist() == ["I", "M"] and found["class_other"].tolist() == ["Q", "M"]
    strict = kano_table(functional, dysfunctional, table="strict", draws=50).set_index("item")
    assert strict["class"].tolist() == ["Q", "M"] and strict["class_other"].tolist() == ["I", "M"]


def test_segments_of_which_none_may_be_shown_are_not_compared():
    columns = ["item", "segment", "class", "n", "n_eff", *"AOMIRQ"]
    found = compared_segments(pd.DataFrame(columns=columns))
    assert found.empty and {"p_same", "q_same", "segments_disagree"} <= set(found)
