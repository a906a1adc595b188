"""No number is told more finely than one person moves it: by hand, and by who subtracts."""

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from cxlib.sums.rounding import kind_of, rounded, unit

SPANS = {"score": 6.0, "importance": 6.0, "importance_highest": 7.0, "recommend": 10.0}


def told(people=None, counted=False, **columns):
    table = pd.DataFrame({name: [value] for name, value in columns.items()})
    found = rounded(table, people, SPANS, least=10, counted=counted)
    return found.iloc[0].to_dict()


def test_the_decimals_of_a_mean_are_fewer_than_would_show_one_answer():
    # 207 people on seven points: 6 ÷ 207 = .029, so a tenth.
    found = told(n=207, experience=5.0773, satisfaction=-1.3913, importance=6.5242)
    assert found == {"n": 207, "experience": 5.1, "satisfaction": -1.4, "importance": 6.5}
    # A fifth of a point of 57 people, a half of 30; below a tenth there are only hundredths.
    assert told(n=57, experience=5.71)["experience"] == 5.8
    assert told(n=30, experience=5.71)["experience"] == 5.5  # 6 ÷ 30 is not below a fifth
    assert [unit(10, n, 0.1).item() for n in (57, 30, 100, 101, 200, 2000)] == [
        0.2, 0.5, 0.2, 0.1, 0.1, 0.01,
    ]  # fmt: skip


@given(st.integers(10, 10**6), st.floats(0.5, 200), st.sampled_from([0.0, 0.01, 0.1]))
def test_a_unit_is_the_smallest_that_is_larger_than_one_answer(n, span, finest):
    found = unit(span, n, finest).item()
    steps = [step * 10.0**power for power in range(-8, 4) for step in (1, 2, 5)
             if step == 1 or step * 10.0**power >= finest * (1 - 1e-9)]  # fmt: skip
    enough = [step for step in sorted(steps) if step > span / n * (1 + 1e-6)]
    assert found > span / n and found <= enough[0] * (1 + 1e-9)


@given(st.lists(st.integers(1, 7), min_size=60, max_size=400), st.integers(1, 7))
def test_two_releases_do_not_tell_the_answer_of_who_came_between(answers, newcomer):
    def released(given_):
        return told(n=len(given_), experience=float(np.mean(given_)))

    before, after = released(answers), released([*answers, newcomer])
    # All answers that both means allow: as many as there are, give or take those on one side.
    halves = [unit(6, each["n"], 0.1) / 2 for each in (before, after)]
    sums = [(each["n"] * (each["experience"] - half), each["n"] * (each["experience"] + half))
            for each, half in zip((before, after), halves, strict=True)]  # fmt: skip
    low, high = sums[1][0] - sums[0][1], sums[1][1] - sums[0][0]
    assert high - low > 2 * 6


def test_a_net_promoter_score_is_told_no_finer_than_one_answer_moves_it():
    # One of n answers moves it by up to 200 ÷ n points: 0.67 of 300, 2 of 100, 4.4 of 45, 5 of 40.
    found = [told(n=n, nps=37, nps_low=21, mean=7.0)["nps"] for n in (300, 100, 45, 40)]
    assert found == [37, 35, 35, 40]


def test_shares_money_and_counts_follow_the_same_rule():
    found = told(n=207, share=0.6135, amount=1_234_567.0, A=43, p_key=0.8718)
    assert found == {"n": 207, "share": 0.61, "amount": 1_230_000, "A": 45, "p_key": 0.87}
    # An amount has a unit larger than itself ÷ n: 1,234,567 ÷ 3,150 is 392.
    assert told(n=3150, worth=1_234_567.0)["worth"] == 1_234_500
    assert told(n=57, share=0.1579)["share"] == 0.15  # 9 of 57: 2 ÷ 57 = .035, in twentieths
    # Of those who stay, 24 of 207: what a share is a share of.
    assert told(n=24, n_of=207, share=0.1159)["share"] == 0.12


@given(st.integers(10, 3000), st.data())
def test_a_share_leaves_open_how_many_it_is_a_share_of(n, data):
    count = data.draw(st.integers(0, n))
    shares = rounded(pd.DataFrame({"n": n, "share": np.arange(n + 1) / n}), n, SPANS)["share"]
    assert (shares == shares[count]).sum() > 1


def test_a_group_is_counted_in_fives_and_everyone_by_the_head():
    table = pd.DataFrame(
        {"segment": ["all", "a", "b"], "n": [207, 13, 11], "n_eff": [190.4, 13, 11]}
    )
    found = rounded(table, 207, SPANS, least=11)
    assert found["n"].tolist() == [207, 15, 11], "never below the limit"
    assert found["n_eff"].tolist() == [190, 15, 11]


def test_an_interval_is_rounded_outwards_and_order_is_kept():
    found = told(n=207, gap=-0.05, gap_low=-0.12, gap_high=0.01)
    assert found == {"n": 207, "gap": -0.0, "gap_low": -0.2, "gap_high": 0.1}
    # Surely below zero, as far as the unit can say so.
    assert told(n=207, gap_high=-0.08)["gap_high"] == -0.1
    assert told(n=207, gap_high=-0.04)["gap_high"] == 0


def test_a_probability_claims_no_more_than_it_did():
    # 94.7 % is not 95 %; a p of .0501 is not .05; what is over 99 % is written so.
    assert told(n=207, p_first=0.947)["p_first"] == 0.94
    assert told(n=207, p_first=0.0021)["p_first"] == 0
    assert told(n=207, q=0.0501)["q"] == 0.06


def test_each_measure_has_its_own_scale():
    table = pd.DataFrame({"measure": ["experience", "recommend"], "n": 90, "mean": [5.16, 8.16]})
    assert rounded(table, 90, SPANS)["mean"].tolist() == [5.2, 8.2]  # 6 ÷ 90 < .1 < 10 ÷ 90


def test_what_was_decided_or_assumed_stays_to_the_dollar():
    tree = told(people=207, branch="lost", share=0.0982, amount=4_912_600.0)
    assert tree["amount"] == 4_912_600
    counted = told(people=207, counted=True, branch="lost", share=0.0982, amount=4_912_600.0)
    assert counted["amount"] == 4_900_000
    judged = told(people=207, experience=5.25, n=np.nan, **{"from": "management"})
    assert judged["experience"] == 5.25
    assert told(people=207, cost=1234.0, benefit=4.6802) == {"cost": 1234.0, "benefit": 4.7}


def test_nobodys_answers_are_nobodys_secret():
    assert told(experience=5.0773) == {"experience": 5.0773}


def test_a_mean_of_which_not_even_the_point_may_be_told_is_blank():
    assert np.isnan(told(n=6, experience=5.2)["experience"])


def test_shares_of_kano_are_of_those_who_want_it_or_do_not_mind():
    # 4 of 15 answered R: 3 of 11 would miss it. One who answers O is in both shares: 2 ÷ 9 = .22.
    letters = {"A": 0, "O": 0, "M": 3, "I": 8, "R": 4, "Q": 0}
    found = told(n=15, **letters, better=0.0, worse=-3 / 11, worse_low=-0.57)
    assert (found["better"], found["worse"], found["worse_low"]) == (0, -0.5, -1)
    # Of six a half is too fine, and a whole is none or all.
    assert np.isnan(told(n=15, **letters | {"I": 3, "R": 9}, worse=-0.5)["worse"])


def test_what_names_a_fifth_of_customers_or_counts_roles_is_no_count_of_people():
    # Rounded to fives, the five fifths were called 0 and 5, and four roles five.
    table = pd.DataFrame({"n": 47, "recency_score": range(1, 6), "frequency_score": 3, "roles": 4})
    found = rounded(table, 300, {"score": 10})
    assert found["recency_score"].tolist() == [1, 2, 3, 4, 5]
    assert found[["frequency_score", "roles"]].iloc[0].tolist() == [3, 4]


def test_a_column_that_nobody_listed_is_rounded_all_the_same():
    assert kind_of("something_new", pd.Series([1.234])) == "figures"
    assert kind_of("something_new", pd.Series([123])) == "count"
    assert kind_of("class", pd.Series(["M"])) == kind_of("known", pd.Series([True])) == "exact"


def test_a_curve_of_ever_fewer_customers_does_not_rise_and_tells_of_nobody_exactly():
    # 0.96 of 45 is told as 0.95 (unit 0.05), of 30 in tenths, as 1.0: it stays 0.95.
    table = pd.DataFrame({"group": "all", "time": [12, 24], "n": [43, 28], "survival": 0.96})
    told = rounded(table, 600, {})
    assert told["survival"].tolist() == [0.95, 0.95]
    assert told["n"].tolist() == [45, 30]
