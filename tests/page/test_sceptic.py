"""What a sceptical reader looks for: no bare ranking, no claim that the intervals do not carry."""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from babel.messages.pofile import read_po

from cxlib.client.case import read_client
from cxlib.page import language, open_page
from cxlib.page.figures.money import cost_counted
from cxlib.page.findings import finding_html, leading_findings, method_lines
from cxlib.page.terms import telling_digits, written_as
from cxlib.sums.churn import churn_cost
from cxlib.sums.interval import SHORT_OF_PROMISE
from tests.conftest import DATA


def ends(name, value, low, high):
    return {name: value, f"{name}_low": low, f"{name}_high": high}


def test_answers_that_tie_are_not_ranked(page):
    table = pd.DataFrame(
        {
            "response": ["explanation", "closed", "money"],
            "n": [2468, 60, 215],
            **ends("disputed", [0.21, 0.20, 0.07], [0.20, 0.12, 0.05], [0.23, 0.31, 0.12]),
        }
    )
    said = page.sentence("disputes", table)
    together = (
        "cases answered with “explanation” (21.0% of 2,468) and “closed” (20.0% of 60); least"
    )
    assert together in said and "those answered with “money” (7.0% of 215)." in said
    assert "cannot be ranked" in said and "association" in said
    taiwan = open_page(replace(page.case, language="zh-Hant"))
    assert "「explanation」" in taiwan.sentence("disputes", table)
    assert "“" not in taiwan.sentence("disputes", table)
    alike = table.assign(disputed_low=0.0, disputed_high=0.5)
    assert "No kind of answer is disputed more often than the others" in page.sentence(
        "disputes", alike
    )


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.97, "Rare need another design: speed, not care (probability 97%)."),
        (0.85, "Rare probably need another design"),
        (0.59, "No segment surely needs another design."),
    ],
)
def test_a_design_for_a_segment_is_as_strong_as_its_probability(page, p, said):
    found = pd.DataFrame({"segment": ["Rare"], "n": [15], "own_key": ["speed"], "p_key": [p]})
    found = found.assign(common_key="care", differs=True, wasted=False)
    sentence = page.sentence("segment_designs", found)
    assert sentence.startswith(said)
    assert ("Base: 15 answers. It rests on few answers" in sentence) is (p > 0.6)
    same = found.assign(differs=False, common_key="speed")
    assert "least sure, “Rare”)" in page.sentence("segment_designs", same)


def test_a_change_in_the_net_promoter_score_goes_by_its_own_interval(page):
    # 10 (6 to 14) and 16 (13 to 19) overlap; their difference, 6 (1 to 11), leaves out zero.
    table = pd.DataFrame(
        {
            "wave": ["2023", "2024"],
            "n": [900, 800],
            "n_before": [np.nan, 900],
            **ends("nps", [10.0, 16], [6.0, 13], [14.0, 19]),
            **ends("difference", [np.nan, 6], [np.nan, 1], [np.nan, 11]),
            "different": [None, True],
            "detectable": [np.nan, 7.15],
        }
    )
    said = page.sentence("net_promoters", table)
    assert (
        "is +16 (+13 to +19) in 2024. Since 2023 it moved by +6 (+1 to +11) points: beyond" in said
    )
    assert "Base: 800 answers against 900." in said
    table["different"] = [None, False]
    said = page.sentence("net_promoters", table)
    assert "it may be chance" in said and "A change below about 7 points" in said


def test_leaving_after_a_complaint_is_not_called_more_frequent_than_chance_allows(page):
    row = {"n": [1025], "n_silent": [5230], "unusual": [False]}
    row |= ends("churn", [0.078], [0.036], [0.16]) | ends("churn_silent", [0.071], [0.05], [0.10])
    row |= ends("silent_share", [0.86], [0.73], [0.93])
    alike = pd.DataFrame(row | ends("difference", [0.007], [-0.04], [0.09])).assign(different=False)
    said = page.sentence("left_and_complained", alike)
    assert said.startswith("Whether those who complained leave more often cannot be told: 8%")
    assert "Base: 1,025 customers against 5,230." in said and "86% (73% to 93%)" in said
    apart = pd.DataFrame(row | ends("difference", [0.5], [0.4], [0.6])).assign(different=True)
    assert "of those who complained left, against" in page.sentence("left_and_complained", apart)


def test_a_quiet_wave_says_what_each_scale_could_have_shown(page):
    # Points of a 1–5 and of a 0–10 scale have no common median.
    table = pd.DataFrame(
        {
            "wave": "2024",
            "measure": ["experience", "experience", "recommend"],
            "dimension": ["speed", "care", "recommend"],
            "n": 3000,
            **ends("difference", [0.01, 0.02, 0.1], [-0.1, -0.1, -0.2], [0.1, 0.1, 0.4]),
            "q": 0.9,
            "different": False,
            "detectable": [0.10, 0.14, 0.45],
        }
    )
    said = page.sentence("waves", table)
    assert "No average score changed by more than chance in wave 2024." in said
    assert "Experience: changes below 0.10 to 0.14 points" in said
    assert "Recommendation: changes below 0.45 points" in said


def test_what_a_gap_costs_says_of_how_many_it_is_one(page):
    table = pd.DataFrame(
        {
            "outcome": "recommend",
            "dimension": ["speed", "care", "price"],
            "n": 400,
            "slope": [-0.08, -0.01, -0.02],
            "gap": [-1.2, -0.5, -0.3],
            "verdict": ["carried", "spans_zero", "spans_zero"],
            "at_stake": [0.09, 0.004, 0.005],
            "already": [0.02, 0.3, 0.04],
            **ends("amount", [3.0e6, 1e5, 2e5], [1.0e6, -2e5, -1e5], [5.0e6, 4e5, 4e5]),
            **ends("together_amount", [3.3e6] * 3, [1.2e6] * 3, [5.6e6] * 3),
            "from": "assumption",
        }
    )
    said = page.sentence("stakes", table)
    assert "about HKD 3 million of revenue a year (assumed shares; range HKD 1 to 5" in said
    assert "Base: 400 answers. Of 3 gaps tried, 1 can be tied to it" in said
    assert "All gaps together go with about HKD 3.3 million of revenue a year" in said
    assert "range HKD 1.2 to 5.6 million" in said and "no customer counts twice" in said
    # Two per cent have been at the ideal; of the price, which may be chance, nothing is claimed.
    assert "Fewer than 5% score speed at the ideal" in said
    chance = page.sentence("stakes", table.assign(verdict="spans_zero"))
    assert chance.startswith("These answers tie no dimension's gap to “Recommendation”")
    assert "All gaps together go with about HKD 3.3 million" in chance and "association" in chance
    few = page.sentence("stakes", table.assign(already=0.06))
    assert "at the ideal" not in few


def test_a_minus_sign_is_shown(page, samples):
    shares = samples["drivers"][0].assign(sign="+", p_negative=0.01)
    first = shares.index[0]
    shares.loc[first, ["sign", "p_negative"]] = ["-", 0.98]
    said = page.sentence("drivers", shares)
    assert "come with lower “Overall satisfaction” (probability 98%): unexplained" in said
    assert "unexplained" not in page.sentence("drivers", shares.assign(sign="+"))


def test_the_order_of_the_levers_is_as_strong_as_its_probability(page):
    worth = pd.DataFrame(
        {
            "lever": ["recovery", "negative"],
            **ends("one_point", [900.0, 1_000], [500.0, 600], [1_300.0, 1_400]),
            "from": "assumption",
        }
    )
    for p, said in {
        0.99: "One percentage point is worth most here: “Have fewer",
        0.85: "One percentage point is probably worth most here",
        0.55: "Where one percentage point is worth most cannot be told; likeliest “Have fewer",
    }.items():
        assert page.sentence("levers", worth.assign(p_most=[1 - p, p])).startswith(said)


def test_the_silent_share_says_that_its_range_is_the_widest(page, cost):
    said = page.sentence("churn_cost", cost)
    assert "at the very widest" in said and "100%" not in said


def test_a_touchpoint_is_not_called_lowest_alone_where_another_ties(page):
    table = pd.DataFrame(
        {
            "stage": ["before", "after", "after"],
            "channel": ["face", "face", "phone"],
            "n": [200, 180, 190],
            **ends("experience", [5.0, 5.2, 7.0], [4.8, 4.9, 6.8], [5.2, 5.5, 7.2]),
            "cases": [0, 60, 40],
            **ends("share", [0, 0.6, 0.4], [0, 0.5, 0.31], [0.04, 0.69, 0.5]),
            "seen": "both",
        }
    )
    said = page.sentence("touchpoints", table)
    # In one sentence: a long report tells the first of each headline alone.
    lowest = "over all asked there, is Before purchase, Face to face: 5.0 (4.8 to 5.2); "
    assert f"{lowest}“After purchase, Face to face” may be as low." in said
    # Parts of one whole: 60 against 40 is .2, and the sides, .1 and .1, are added.
    assert "60% (50% to 70%) of 100; “After purchase, Phone” may be as many." in said


def test_a_reported_score_that_cannot_be_is_called_out_beside_the_measures(page):
    latest = pd.DataFrame(
        {
            "kpi": ["nps"],
            "period": "2024",
            "value": 35.0,
            "n": 10,
            "verdict": "met",
            "impossible": True,
        }
    )
    said = page.sentence("service_measures", latest)
    assert "“nps” is reported as 35 in 2024, which no 10 answers can give" in said
    assert "no 10 answers" not in page.sentence("service_measures", latest.assign(impossible=False))


def test_two_different_numbers_do_not_look_the_same_in_a_figure(page):
    gaps = pd.DataFrame({"satisfaction": [-0.06, -0.13, -0.58], "experience": [4.1, 4.0, 3.6]})
    assert telling_digits(gaps, "satisfaction") == 2
    assert telling_digits(gaps.assign(satisfaction=[-1, -2, -18]), "satisfaction") == 1
    rows = gaps.assign(dimension=["a", "b", "c"], segment="all", n=2900)
    drawn = page.figure_html("satisfaction", rows)
    assert "c −0.58; b −0.13; a −0.06. Base: 2,900 answers." in drawn


def test_what_weights_cost_is_said(page):
    # 4 people who tell as much as 3: 4 / 3 of the variance.
    bases = pd.DataFrame({"grouping": ["everyone"], "group": "all", "n": 400, "n_eff": 300.0})
    said = page.sentence("weighting", bases.assign(design_effect=4 / 3))
    assert "400 people tell as much as 300 who count alike (design effect 1.33)" in said
    assert page.sentence("weighting", bases.assign(design_effect=1.0)) == ""
    held = page.sentence(
        "weighting", bases.assign(design_effect=1.5), pd.DataFrame({"trimmed": [7.0], "n": 400})
    )
    assert "5 people are held at the largest weight" in held


def test_the_treatment_of_blanks_is_said(page, samples):
    shares = samples["drivers"][0].assign(n=390, left_out=24, filled=31, missing="complete")
    assert "25 people left out, who did not answer" in page.sentence("drivers", shares)
    pairs = page.sentence("drivers", shares.assign(missing="pairwise"))
    assert "Base: 390 answers to the two questions that fewest answered together." in pairs
    filled = page.sentence("drivers", shares.assign(missing="mean"))
    assert "30 blanks were filled with the mean of their question" in filled


def test_classes_that_hang_on_the_table_are_counted(page, samples):
    kano = samples["kano_plane"][0]
    other = kano["class"].mask(kano.index == kano.index[0], "Q")
    assert "By the other evaluation table 1 of" in page.sentence(
        "requirements", kano.assign(class_other=other)
    )
    assert "evaluation table" not in page.sentence(
        "requirements", kano.assign(class_other=kano["class"])
    )


def test_the_loss_by_customers_and_by_revenue(page):
    table = pd.DataFrame(
        {
            "weighting": ["customers", "revenue"],
            "input": "lost",
            "n": 6000,
            **ends("share", [0.042, 0.041], [0.03, 0.02], [0.06, 0.07]),
        }
    )
    said = page.sentence("weightings", table)
    assert "4.2% (3.0% to 6.0%) of customers, and 4.1% (2.0% to 7.0%) of revenue; the two" in said
    apart = table.assign(share=[0.04, 0.4], share_low=[0.03, 0.3], share_high=[0.05, 0.5])
    assert "but 40.0% (30.0% to 50.0%) of revenue. Base: 6,000 customers" in page.sentence(
        "weightings", apart
    )


def test_a_share_too_wide_to_rely_on_is_said_to_be(page):
    reasons = pd.DataFrame({"reason": ["near"], "n": 25, **ends("share", [0.5], [0.31], [0.69])})
    said = page.sentence("brand_value", reasons.assign(reliable=False))
    assert "no ground to decide on" in said
    assert "no ground" not in page.sentence("brand_value", reasons.assign(reliable=True))


def test_a_row_of_nobody_is_no_base(page):
    table = pd.DataFrame({"response": ["a", "b"], "n": [0, 66], "disputed": [np.nan, 0.2]})
    assert "66" in page.sentence("evidence", table) and "0 to" not in page.sentence(
        "evidence", table
    )


def test_only_rows_of_the_segment_spoken_of_count_as_weighed(page, gaps):
    full = gaps.assign(
        importance=9.0, expectation=8.0, satisfaction=-1.0, weighted_satisfaction=-9.0
    )
    both = pd.concat([full, full.assign(segment="young")], ignore_index=True)
    assert "could be weighed" not in page.sentence("weighing", both)


def test_revenue_kept_is_not_taken_for_money_earned(page, portfolio):
    worth = pd.DataFrame(
        {"budget": [3e6], "years": 1, "term": 3, "cost": 2.4e6, "cost_in_term": 2.4e6,
         "running": 0.0, "unit": "money", "within": 0.0, **ends("benefit", [4e6], [3e6], [5e6]),
         **ends("net", [1.2e6], [3e5], [2.1e6]), "p_least": 1.0}
    )  # fmt: skip
    money = portfolio.assign(unit="money")
    # By hand: .3 × 4 million × 3 years − 2.4 million = 1.2 million
    said = page.sentence("strategy", money, worth.assign(margin=0.3, payback=2.0))
    assert "At a margin of 30% that leaves about HKD 1.2 million within 3 years (assumed" in said
    bare = page.sentence("strategy", money, worth.assign(margin=np.nan, payback=np.nan))
    assert "No margin was stated" in bare


def test_a_place_on_the_map_says_what_it_hangs_on(page):
    table = pd.DataFrame(
        {"dimension": ["a", "b"], "n": 90, "method": "stated", "quadrant": "concentrate_here",
         "stable": [False, True], "p_quadrant": [0.99, 0.61]}
    )  # fmt: skip
    said = page.sentence("quadrants", table)
    assert "a (probability 99%) and b (probability 61%). Base: 90 answers." in said
    assert (
        "The place of a depends on where the lines are drawn. The place of b may be chance." in said
    )


def test_what_the_plan_costs_to_run_is_added_to_what_it_costs_to_start(page, portfolio):
    worth = pd.DataFrame(
        {"budget": [6e6], "years": 3, "term": 3, "cost": 2.4e6, "running": 1e5,
         "cost_in_term": 2.6e6, "unit": "money", "within": 0.0, "margin": 0.3, "payback": 4.4,
         **ends("benefit", [4e6], [3e6], [5e6]), **ends("net", [1e6], [1e5], [2e6]),
         "p_least": 1.0}
    )  # fmt: skip
    money = portfolio.assign(unit="money")
    said = page.sentence("strategy", money, worth)
    assert "(HKD 2.6 million within 3 years)" in said
    less = page.sentence("strategy", money, worth.assign(cost_in_term=2.4e6, running=0.0))
    assert "(HKD 2.4 million)" in less


def test_the_second_best_says_what_is_swapped_for_what_at_what_cost(page, portfolio):
    said = page.sentence("strategy", portfolio)
    assert "possible: “wider_range” (cost HKD 900,000)" in said
    rows = portfolio.iloc[[0, 1, 1]].assign(initiative=["a", "b", "c"], cost=[1e6, 2e6, 4e6])
    rows = rows.assign(chosen=[True, True, False], second_best=[True, False, True])
    said = page.sentence("strategy", rows)
    assert "the same with “c” in place of “b” (the plan then costs HKD 5 million)" in said


def test_a_unit_of_account_is_not_called_revenue(case, inputs, cost):
    unit = open_page(case(currency="XXX", inputs=inputs))
    said = unit.sentence("churn_cost", cost)
    assert "revenue" not in said.lower() and "not in money" in said


def test_a_lever_that_loses_by_complaints_is_explained(page):
    table = pd.DataFrame(
        {"lever": ["recovery", "complaint", "negative"], "from": "measured",
         **ends("one_point", [10.0, -1e4, 2e5], [5.0, -2e4, 1e5], [20.0, -1e3, 3e5])}
    )  # fmt: skip
    said = page.sentence("levers", table)
    assert "no reason to hush them up" in said and "goes with more loss" in said
    # An interval that holds zero tells neither: 5 of 10 against 20 of 77.
    unsure = table.assign(one_point_high=[20.0, 3e3, 3e5])
    assert "keep or lose revenue cannot be told from these shares: mend" in page.sentence(
        "levers", unsure
    )
    better = table.assign(one_point=[10.0, 1e4, 2e5], one_point_low=[5.0, 2e3, 1e5])
    assert "complaining" not in page.sentence("levers", better)


def test_an_assumption_is_not_written_to_three_figures(page):
    table = pd.DataFrame(
        {"lever": ["negative"], "from": "assumption",
         **ends("one_point", [223_000.0], [221_000.0], [224_000.0])}
    )  # fmt: skip
    said = page.sentence("levers", table)
    assert "HKD 220,000 a year (assumed shares; the ranges stated hardly move it)" in said
    counted = page.sentence("levers", table.assign(**{"from": "measured"}))
    assert "HKD 223,000 a year (measured shares; range HKD 221,000 to 224,000)" in counted


def test_what_was_counted_leads_what_was_assumed(page, gaps, cost, set_to):
    # By hand: of 250 customers 50 complained; 30 of those and 20 others left. Worth 2 each where they
    # complained, else 1: 60 + 20 of 300 left, 26.7 %, and 75 % of that with those who complained.
    people = pd.DataFrame(
        {"complained": [1.0] * 50 + [0.0] * 200, "churned": [1.0] * 30 + [0.0] * 200 + [1.0] * 20}
    ).assign(satisfaction=np.nan)
    people["revenue"] = people["complained"] + 1
    counted = set_to(page, tables={"customers": people})
    lead = (
        "The 50 customers who left brought about HKD 80 of revenue a year, 26.7% of it (counted);"
    )
    said = counted.sentence("churn_cost", cost)
    assert said.startswith(lead + " 75% of that came from those who had complained.")
    assert "HKD 4.9 million (assumed shares" in said and "it is all HKD 80" in said
    satisfied = set_to(page, tables={"customers": people.assign(satisfaction=9.0)})
    assert "who left brought" not in satisfied.sentence("churn_cost", cost), "the tree is counted"


def test_a_yearly_worth_above_all_that_was_ever_bought_is_explained(page):
    table = pd.DataFrame({"group": ["best", "all"], "n": [50, 250], "share": [0.1, 0.5],
                          "weeks_silent": 30.0, "sales": [3e5, 9e5], "worth": [7e5, 2e6]})  # fmt: skip
    most = page.sentence("dormant", table)
    assert "won back, the best 50 would bring at most HKD 300,000 a year" in most
    assert "700,000" not in most, "more in a year than ever"
    assert "at most HKD 200,000 a year" in page.sentence("dormant", table.assign(worth=[2e5, 6e5]))
    # care.usual_pauses: the ninth tenth of the pauses, from five of their own on
    assert most.endswith(
        "Silent is who has paused longer than 90% of their own pauses between purchases, or of "
        "everyone's where fewer than 5 are known."
    )
    # Of fifteen the best fifth are too few to tell of: what is told is of all, and called so.
    few = table.assign(n=[np.nan, 15.0], worth=[np.nan, 2e5], sales=[np.nan, 9e5])
    assert "won back, all 15 of them would bring at most HKD 200,000" in page.sentence(
        "dormant", few
    )
    by_date = few.assign(share=[np.nan, 0.5], months=12)
    assert "Won back, all 15 of them would bring" in page.sentence("dormant_by_date", by_date)


def test_no_ideal_decided_is_said_and_no_gap_of_it_told_twice(page, gaps, set_to):
    said = set_to(page, ideal={"default": "expectation"}).sentence("gap", gaps)
    assert said == (
        "No ideal was decided; what customers expect stands in for it, and the gap is the same."
    )
    assert "widest gap to the ideal" in page.sentence("gap", gaps)


def test_a_difference_on_few_answers_is_no_headline(page):
    table = pd.DataFrame(
        {"grouping": "segment", "group": ["a", "b", "c"], "measure": "experience",
         "dimension": "price", "n": [13, 90, 104], "n_rest": [194, 117, 103],
         "difference": [0.72, 0.1, 0.0], "q": [0.04, 0.5, 0.9], "different": [True, False, False]}
    )  # fmt: skip
    said = page.sentence("segments", page.gate(table))
    assert said == "No group differs clearly: what differs rests on few answers."
    enough = page.sentence("segments", page.gate(table.assign(n=[43, 90, 74])))
    assert enough.startswith("The clearest difference: ")


def test_what_is_missed_stands_beside_what_was_aimed_at(page):
    latest = pd.DataFrame({"kpi": ["fix"], "value": [0.8], "target": [0.9], "unit": "share", "n": 90,
                           "verdict": "missed", "period": "2025"})  # fmt: skip
    said = page.sentence("service_measures", latest)
    assert "Missed: fix, 80% against the 90% aimed at." in said


def test_the_reference_stands_beside_the_score(page):
    areas = pd.DataFrame({"area": ["experience"], "score": [54.2], "reference": [61.7], "n": [60],
                          "verdict": "lower", **ends("difference", [-7.5], [-11.7], [-3.3])})  # fmt: skip
    asked = replace(page.case, tables=page.case.tables | {"health_check": areas})  # its own record
    said = replace(page, case=asked).sentence("health", areas)
    assert "stands at 54.2 against 61.7 in the reference group: 7.5 (3.3 to 11.7) points" in said
    named = areas.assign(reference_group="multinational firms")
    asked = replace(page.case, tables=page.case.tables | {"health_check": named})
    told = replace(page, case=asked).sentences("health", named)
    assert told[-1] == "The reference group: multinational firms." and told[-1] not in said


def test_what_is_left_of_a_budget_is_told_where_nothing_wants_it(page, portfolio):
    worth = pd.DataFrame(
        {"budget": [2.7e6], "years": 3, "term": 3, "cost": 1.28e6, "running": 1.6e5,
         "cost_in_term": 1.54e6, "unit": "money", "margin": 0.7, "payback": 1.5,
         **ends("benefit", [4e6], [3e6], [5e6]), **ends("net", [4e6], [3e6], [5e6])}
    )  # fmt: skip
    money = portfolio.assign(unit="money", reason=["chosen", "adds_too_little"])
    # 2,700,000 − 1,280,000 − 260,000 = 1,160,000
    assert "HKD 1.16 million of the budget is left" in page.sentence("strategy", money, worth)
    wanting = money.assign(reason=["chosen", "outbid"])
    assert "is left" not in page.sentence("strategy", wanting, worth)


def test_advice_stands_in_the_order_of_what_weighs_most():
    # sfo: Getting there has the wider gap, Facilities weighs more by what its answers imply.
    from cxlib.analysis.gap_analysis import where_to_spend

    found = where_to_spend(
        pd.DataFrame(
            {
                "dimension": ["access", "shops", "facilities"],
                "segment": "all",
                "n": 900,
                "n_eff": 900,
                "key_experience": [False, True, False],
                "weighted_satisfaction": np.nan,
                "priority": [-0.01, -0.08, -0.02],
                **ends("gap", [-0.18, -0.58, -0.13], [-0.22, -0.61, -0.16], [-0.15, -0.54, -0.10]),
            }
        )  # fmt: skip
    )
    assert found["dimension"].tolist() == ["shops", "facilities", "access"]


def test_hostages_who_are_content_are_told_from_those_who_are_not(page):
    matrix = pd.DataFrame(
        {"freedom": "all", "loyalty_type": ["hostage"], "n": [37], "n_of": [402],
         **ends("share", [0.09], [0.07], [0.12])}
    )  # fmt: skip
    stake = pd.DataFrame({"satisfied": ["yes", "no", "all"], "n": [256, 90, 346],
                          "revenue_at_stake": [7e5, 1e6, 1.7e6]})  # fmt: skip
    said = page.sentence("loyalty", matrix, stake)
    assert "about HKD 1.7 million a year would be at stake. Of that, HKD 1 million is with" in said
    assert "does not add to the cost of bad experience" in said


def test_what_does_not_pay_in_time_is_named_as_left_out(page, portfolio):
    assert "Left out" not in page.sentence("strategy", portfolio)
    loses = portfolio.assign(reason=["chosen", "loses_money"])
    said = page.sentence("strategy", loses)
    assert "would cost more than it earns: “wider_range”." in said
    little = portfolio.assign(reason=["chosen", "adds_too_little"])
    assert "would add less than it costs: “wider_range”." in page.sentence("strategy", little)
    nothing = portfolio.assign(reason=["chosen", "adds_nothing"])
    assert "would add nothing: “wider_range”." in page.sentence("strategy", nothing)


def test_no_figure_calls_a_unit_of_account_revenue(case, inputs, cost):
    unit = open_page(case(currency="XXX", inputs=inputs))
    assert "revenue" not in unit.figure_html("churn_tree", cost).lower()
    curve = pd.DataFrame({"customers": [0.0, 0.8, 1.0], "amounts": [0.0, 0.43, 1.0]})
    top = pd.DataFrame({"top_share": [0.57], "gini": 0.56, "n": 3150})
    assert "sales" not in unit.figure_html("lorenz", curve, top)
    found = pd.DataFrame({"top_share": [0.57], "top_share_low": 0.56, "top_share_high": 0.58,
                          "below_zero": 0, "n": 3150})  # fmt: skip
    said = unit.sentence("concentration", found)
    assert "account for 57.0% of what all customers are worth" in said and "sales" not in said


def test_a_plan_of_years_stands_at_what_it_costs_over_them(page):
    plans = pd.DataFrame(
        {"budget": [0.0, 1.74e6], "cost": [0.0, 0.96e6], "benefit": [0.0, 3e6],
         "initiatives": [0, 2], "plan": ["", "chosen"], "unit": "money"}
    )  # fmt: skip
    assert "over the years" in cost_counted(plans.assign(years=3))
    assert "over the years" not in cost_counted(plans.assign(years=1))
    drawn = page.figure_html("frontier", plans.assign(years=3))
    assert "HKD 960,000: Benefit 3 million" in drawn and "1.74" not in drawn
    assert page.write(5.8070, "score") == "5.8"


@pytest.mark.parametrize(
    "unit, benefit, said",
    [
        ("points", [37.28, 5.643, 0.6343, 5.0], ["37", "5.6", "0.63", "5"]),
        ("money", [2_387_654.0, 87_654.0, 1.0, 0.0], ["2,400,000", "88,000", "1", "0"]),
    ],
)
def test_what_rests_on_an_assumed_uplift_is_told_in_two_figures(page, unit, benefit, said):
    table = pd.DataFrame({"initiative": list("abcd"), "adds": benefit, "unit": unit,
                          "closed": [0.3456, 0.0456, 1.0, 0.5]})  # fmt: skip
    for name, written in (("adds", said), ("closed", ["35%", "4.6%", "100%", "50%"])):
        kind = written_as(name, table)
        assert [page.write(each, kind, name) for each in table[name]] == written


def test_levels_are_read_between_only_where_a_curve_was(page):
    row = {"best_level": "gold", "best_level_low": "gold", "best_level_high": "gold", "margin": 0.5}
    named = pd.DataFrame([row | {"at_edge": False, "between": False}])
    said = page.sentence("service_level", named)
    assert "Of the service levels given, gold pays best; what lies between them" in said
    read = page.sentence("service_level", named.assign(best_level=0.857, between=True))
    assert "pays best, read between those given, is about 86%" in read


def test_what_was_set_is_not_called_measured(page, gaps, set_to):
    measured = gaps.assign(**{"from": "measured"})
    said = page.sentence("evidence", measured)
    assert said == "Scores: measured; ideal: set, not measured"
    assert "ideal" not in page.sentence("evidence", measured.assign(ideal=np.nan))
    # Where none was decided, what customers expect stands in for it, and that was measured.
    undecided = set_to(page, ideal={"default": "expectation"})
    assert "ideal" not in undecided.sentence("evidence", measured)
    assert page.sentence("evidence", gaps) == "Source of the numbers: management"


def test_the_frontier_says_the_rule_that_the_plan_is_held_to(page):
    plans = pd.DataFrame({"budget": [0.0], "benefit": [0.0], "plan": [""], "unit": "money"})
    assert page.sentence("frontier", plans) == ""
    said = page.sentence("frontier", plans.assign(most_a_year=1.5e6))
    assert "Initiatives together keep at most the avoidable loss, HKD 1.5 million" in said


def test_each_view_says_what_its_range_is_the_range_of(page, inputs, set_to):
    given = {"margin": 0.3, "margin_from": "assumption", "margin_range": None, "lifetime": 3.0}
    cost = churn_cost(5e7, inputs, margin=0.3, lifetime=3.0, draws=200)

    def said(**changed):
        stated = page.settings.churn_cost.model_copy(update={**given, **changed})
        return set_to(page, churn_cost=stated).sentence("cost_views", cost)

    assert "loss alone (margin 30%, assumed, no range stated)" in said()
    assert "with no data to tell its range" in said()
    ranged = said(margin_range=(0.2, 0.4), lifetime=None)
    assert "margin rate as well (margin 30%, assumed, 20% to 40%)" in ranged
    assert "model of purchases" in ranged


def test_a_finding_says_its_base_once(case, gaps):
    fresh = open_page(case())
    change = pd.DataFrame(
        {"wave": ["2018"], "dimension": "all", "measure": "recommend", "n": 2650.0, "n_before": 2745.0,
         "difference": [-0.2], "difference_low": -0.3, "difference_high": -0.1, "different": True,
         "detectable": 0.15, "mean": 8.2, "mean_low": 8.1, "mean_high": 8.3}
    )  # fmt: skip
    found = finding_html(fresh, leading_findings(waves=change), 0)
    words = re.sub(r'alt="[^"]*"', "", found)
    assert words.count("Base: 2,650 answers against 2,745") == 1
    assert 'class="evidence">Base: 2,650 answers' in words


def test_the_silent_headline_names_a_reason_and_not_what_few_called_for(page):
    table = pd.DataFrame(
        {"reason": ["other", "late", "all"], "people": [40, 20, 55], "capped": False,
         "rate_of": "unhappy", **ends("silent", [760, 380, 1045], [500, 250, 700], [1000, 600, 1500])}
    )  # fmt: skip
    said = page.sentence("silent_sufferers", table)
    assert said.startswith(
        "Behind “late” stand about 380 customers who never called (250 to 600), unhappy or not."
    )
    assert (
        "for 5.0% of those who met this fault, the share who complain of a bad experience" in said
    )
    assert "All faults together: about 1,045 customers who never called (700 to 1,500)." in said
    asked = page.sentence("silent_sufferers", table.head(2).assign(rate_of="fault"))
    assert "of those who met this fault, as it was asked" in asked and "All faults" not in asked
    assert page.sentence("silent_sufferers", table.head(1)) in (None, "")


def test_nothing_that_was_only_observed_is_called_an_effect():
    with (Path(language.__file__).parent / "locale" / "zh_Hans.po").open("rb") as file:
        known = [str(message.id) for message in read_po(file) if message.id]
    bare = [re.sub(r"\{[^}]*\}", "", words) for words in known]
    named = [words for words in bare if re.search(r"\beffects?\b", words, re.IGNORECASE)]
    # Kish's term, and what a plan is assumed to bring: neither is of groups that were observed.
    assert [w for w in named if "esign effect" not in w and "plan's effect" not in w] == []
    assert len(known) > 1_000 and not [w for w in bare if "another year like" in w]


def test_every_exception_that_was_found_is_told_and_no_other():
    page = open_page(read_client("kiosk", DATA))
    said = next(line for line in method_lines(page) if "too narrow: " in line)
    told = re.findall(r"\((\d+)%\)", said.split("too narrow: ")[1])
    assert [int(each) for each in told] == [round(100 * h) for _, h in SHORT_OF_PROMISE.values()]
