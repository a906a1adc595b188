import re
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from cxlib.client.case import Case
from cxlib.page import open_page
from cxlib.page.findings import cautions
from cxlib.page.language import Language
from cxlib.page.sentences import SENTENCES, Nothing


def say(page, *args, **facts):
    said = page.sentence(*args, **facts)
    assert not re.search(r"\{|\bnan\b|\bNone\b(?! of)", said), said
    return said


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.97, "A is the key experience"),
        (0.85, "A is probably the key experience"),
        (0.65, "A may be the key experience"),
        (0.5, "A cannot be told apart from B as"),
    ],
)
def test_a_sentence_is_as_strong_as_its_evidence(page, p, said):
    gaps = pd.DataFrame(
        {
            "dimension": ["A", "B", "C"],
            "segment": "all",
            "experience": [5.0, 6, 7],
            "expectation": [7.0, 7, 7],
            "importance": [9.0, 9, 9],
            "satisfaction": [-2.0, -1, 0],
            "weighted_satisfaction": [-18.0, -9, 0],
            "key_experience": [True, False, False],
            "p_key": [p, 1 - p, 0],
            "n": 100.0,
            "from": "survey",
        }
    )
    assert say(page, "key_experience", gaps).startswith(said)


def test_the_worked_example(page, gaps):
    said = say(page, "key_experience", gaps)
    assert said.startswith(
        "Convenience, the only one that could be weighed, is the key experience of customers. "
        "2.0 points short of what is expected; importance 9 of 10."
    )
    assert "not customers' answers, so no probability" in said
    assert "from 5 to 10" in say(page, "gap", gaps)


def test_ties_are_said(page, gaps):
    tied = gaps.assign(
        importance=9.0,
        satisfaction=-2.0,
        weighted_satisfaction=-18.0,
        key_experience=[True, True] + [False] * 4,
    )
    assert say(page, "key_experience", tied).startswith("Product and Service are equally the key")


@pytest.mark.parametrize("name", ["experience", "key_experience", "gap"])
@pytest.mark.parametrize(
    "blank",
    [
        ["importance", "weighted_satisfaction"],
        ["expectation", "satisfaction", "weighted_satisfaction"],
        ["ideal", "gap"],
        [
            "experience",
            "expectation",
            "importance",
            "satisfaction",
            "weighted_satisfaction",
            "ideal",
            "gap",
        ],
    ],
)
def test_what_is_not_known_is_said(page, gaps, name, blank):
    known = gaps.assign(**dict.fromkeys(blank, np.nan), key_experience=False)
    assert say(page, name, known)


def test_no_importance_names_the_widest_shortfall_and_no_key(page, gaps):
    known = gaps.assign(importance=np.nan, weighted_satisfaction=np.nan, key_experience=False)
    said = say(page, "key_experience", known)
    assert "none can be called the key one" in said
    assert "Convenience falls furthest short of what is expected (−2.0 points)" in said


def test_nothing_below_expectation_is_no_key_experience(page, gaps):
    good = gaps.assign(
        experience=9.0,
        expectation=7.0,
        satisfaction=2.0,
        importance=5.0,
        weighted_satisfaction=10.0,
        key_experience=False,
    )
    assert "there is no key experience to repair" in say(page, "key_experience", good)
    assert say(page, "experience", good).startswith("Experience meets or exceeds what customers")


def test_an_ideal_that_is_met(page, gaps):
    assert "already meets the ideal" in say(page, "gap", gaps.assign(gap=0.0))


@pytest.mark.parametrize("name", sorted(SENTENCES))
def test_nothing_supplied_is_said_calmly_and_left_out_of_a_report(page, name):
    if name in ("experience", "key_experience", "gap"):
        return  # they need the table of scores, which every client has
    said = SENTENCES[name](page, *([None] if name != "brief" else []))
    if name not in ("brief", "evidence", "next_cycle"):
        assert not said or isinstance(said, Nothing) and said.endswith(".")


def test_the_money_says_what_it_rests_on(page, cost):
    assert "(assumed shares; range HKD" in say(page, "churn_cost", cost)
    bare = cost.assign(amount_low=cost["amount"], amount_high=cost["amount"])
    assert "(assumed shares; no range stated)" in say(page, "churn_cost", bare)
    measured = cost.assign(**{"from": "measured"})
    assert "(measured shares; range" in say(page, "churn_cost", measured)
    nothing = cost.assign(amount=0.0, share=0.0)
    assert "HKD 0 of revenue a year" in say(page, "churn_cost", nothing)


def test_a_lever_that_saves_nothing_is_not_praised(page):
    worth = pd.DataFrame({"lever": ["recovery", "complaint"], "one_point": [0.0, -500.0]})
    assert say(page, "levers", worth) == "None of the three levers saves anything on these shares."


def test_a_plan_that_does_not_fit(page, portfolio):
    none = portfolio.assign(chosen=False, second_best=False)
    assert say(page, "strategy", none) == "None of the proposed initiatives fits the budget."


def test_results_in_and_out_of_proportion(page, performance):
    # The method, step 7: 2 stores ×2, 3 ×3, 4 more than ×4.
    assert "(3 of 3)" in say(page, "feedback", performance)
    slower = performance.assign(in_proportion=[pd.NA, True, False, True])
    assert "in 2 of 3 periods" in say(page, "feedback", slower)


def test_a_difference_names_its_direction(page, samples):
    compared = samples["segments"][0].assign(n=300)
    assert "is 0.7 (0.3 to 1.1) points below everybody else. Base: 300 answers against" in say(
        page, "segments", compared
    )
    turned = compared.assign(difference=-compared["difference"])
    assert "above everybody else" in say(page, "segments", turned)
    alike = compared.assign(different=False)
    assert "No group differs" in say(page, "segments", alike)


def test_drivers_beside_what_is_stated(page, samples, gaps):
    said = say(page, "drivers", *samples["drivers"])
    assert said.startswith(
        "Convenience is the strongest link with “Overall satisfaction”: it accounts for 20% (12% to "
    )
    assert "Customers say so too." in said and "not proof of cause" in said
    weak = samples["drivers"][0].assign(share=0.02, r2=0.04, r2_low=0.0, r2_high=0.1)
    said = say(page, "drivers", weak, gaps)  # a link of less than a twentieth is no finding either
    assert said.startswith(
        "No link with “Overall satisfaction” is strong enough to act on: together"
    )
    assert "account for 4% (0% to 10%)" in said and "Other things equal" not in said
    many = weak.assign(r2=0.4, r2_low=0.3, r2_high=0.5)  # of many questions, each a little
    assert "No link" not in say(page, "drivers", many, gaps)
    unsure = samples["drivers"][0].assign(p_first=[0.5, 0.5])
    assert "cannot be told apart from Price" in say(page, "drivers", unsure, gaps)


def test_the_target_customers_are_the_ones_spoken_of(case, gaps):
    page = open_page(case(target_segments=["new"]))
    both = pd.concat(
        [
            gaps.assign(weighted_satisfaction=np.nan, key_experience=False),
            gaps.assign(segment="target"),
        ]
    )
    assert "the key experience of target customers" in say(page, "key_experience", both)


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_chinese_sentences_are_chinese(case, gaps, cost, inputs, language):
    page = open_page(case(language, labels={}, inputs=inputs))
    said = say(page, "key_experience", gaps.assign(dimension="便利性"))
    said += say(page, "churn_cost", cost)
    assert not re.search(r"[A-Za-z]{2,}", said)
    assert "。" in said and ". " not in said


def test_an_unknown_headline_names_those_there_are(page):
    with pytest.raises(KeyError, match="key_experience"):
        page.sentence("key_experiance")


@pytest.fixture
def derived(gaps):
    """Importance was not asked: the sums found the key by derived importance × shortfall."""
    return gaps.assign(
        importance=np.nan,
        weighted_satisfaction=np.nan,
        derived=[0.05, 0.1, 0.1, 0.3, 0.2, 0.1],
        priority=[-0.05, np.nan, np.nan, -0.6, 0.0, 0.0],
        key_basis="derived",
        p_key=0.97,
    )


def test_derived_importance_is_called_derived(page, derived):
    said = say(page, "key_experience", derived)
    assert said.startswith(
        "Convenience is the key experience of customers. 2.0 points short of what is expected; "
        "derived importance 30%."
    )
    assert "importance is derived from their answers, which is association" in said
    ideal = derived.assign(expectation=np.nan, satisfaction=np.nan)
    assert "5.0 points below the ideal" in say(page, "key_experience", ideal)
    unsure = say(page, "key_experience", derived.assign(p_key=0.4))
    assert unsure.startswith("Convenience cannot be told apart from")


def test_no_scores_at_all_is_said_calmly(page, gaps):
    none = gaps.head(0)
    assert isinstance(SENTENCES["key_experience"](page, page.gate(none)), Nothing)
    assert isinstance(SENTENCES["next_cycle"](page, page.gate(none), None), Nothing)


def test_headline_and_figure_speak_of_the_same_change(page):
    table = pd.DataFrame(
        {
            "wave": ["1", "2"] * 2,
            "measure": ["overall"] * 2 + ["recommend"] * 2,
            "dimension": ["x"] * 2 + ["y"] * 2,
            "mean": [4.0, 4.1, 3.0, 2.5],
            "difference": [np.nan, 0.1, np.nan, -0.5],
            "detectable": 0.2,
            "different": pd.array([pd.NA, False, pd.NA, True], dtype="boolean"),
        }
    )
    assert say(page, "waves", table).startswith(
        "The clearest change in wave 2: Recommendation, −0.50 points."
    )
    assert "Recommendation: 1 3.0, 2 2.5" in page.figure_html("waves", table)
    still = table.assign(different=False)
    assert "changes below 0.20 points" in say(page, "waves", still)


def test_what_would_have_left_anyway_is_netted_off(page, cost):
    # 4,912,600 − 5 % of the 11,000,000 that met a bad experience (the method, §3)
    assert "the avoidable loss, beyond normal churn, is about HKD 4.4 million" in say(
        page, "churn_cost", cost
    )
    gross = cost[cost["view"] == "gross"]
    assert "anyway" not in say(page, "churn_cost", gross)


def scored(**columns):
    rows = {
        "dimension": ["A", "B", "C"],
        "segment": "all",
        "n": 207.0,
        "experience": [5.0, 5.5, 6.5],
        "expectation": [6.5, 6.5, 6.6],
        "ideal": [6.5, 6.5, 6.6],
        "from": "survey",
        "satisfaction": [-1.5, -1.0, -0.1],
        "satisfaction_low": [-1.7, -1.2, -0.3],
        "satisfaction_high": [-1.3, -0.8, 0.1],
        "gap": [-1.5, -1.0, -0.1],
        "gap_low": [-1.7, -1.2, -0.3],
        "gap_high": [-1.3, -0.8, 0.1],
    }
    return pd.DataFrame({**rows, **columns})


def test_a_shortfall_that_chance_explains_is_not_counted(page):
    said = say(page, "experience", scored())
    assert "less than they expect in 2 of 3 comparisons, most of all in A" in said
    assert (
        "−1.5 (−1.7 to −1.3) points" in said
        and "As expected or better, as far as the answers can tell: C." in said
    )
    none = scored(satisfaction_high=0.1)
    assert "meets what customers expect in all 3" in say(page, "experience", none)


def test_gaps_that_cannot_be_told_apart_are_said(page):
    # A difference of .5 between ± .2 and ± .2: its interval is .5 ± .28, so they lie apart.
    assert "may be as wide" not in say(page, "gap", scored())
    near = scored(gap=[-1.5, -1.3, -0.1], gap_low=[-1.7, -1.5, -0.3], gap_high=[-1.3, -1.1, 0.1])
    assert "may be as wide in B: the answers cannot" in say(page, "gap", near)  # .2 < .28
    assert "1.5 (1.3 to 1.7) points" in say(page, "gap", near)
    told = {"importance_low": [8.8, 6.8, 6.8], "importance_high": [9.2, 7.2, 7.2]}
    weighed = near.assign(importance=[9.0, 7.0, 7.0], **told)
    assert "as wide in B, but A matters more" in say(page, "gap", weighed)
    assert "answers cannot" in say(page, "gap", weighed.assign(importance_high=9.2))


def test_an_ideal_set_at_today_is_told_from_one_that_is_met(page):
    one = scored(gap=[-1.5, 0.0, 0.0])
    assert "Elsewhere the ideal was set at today's level." in say(page, "gap", one)
    better = scored(gap=[-1.5, 0.4, 0.0])
    assert "Elsewhere experience is at the ideal that was set, or above" in say(page, "gap", better)


def test_what_customers_say_and_what_their_answers_imply_are_reconciled(page, gaps, samples):
    shares = samples["drivers"][0]
    assert "a plan should serve both" not in say(page, "drivers", shares, gaps)  # convenience, both
    turned = shares.assign(item=shares["item"].iloc[::-1].to_numpy())
    said = say(page, "drivers", turned, gaps)
    assert (
        "What customers miss, weighed by importance, points to Convenience; “Overall satisfaction” goes most with"
        in said
    )
    unsure = say(page, "drivers", turned.assign(p_first=0.5), gaps)
    assert "a plan should serve both" not in unsure


def test_how_customers_were_asked_is_no_group_of_them(page):
    table = pd.DataFrame(
        {
            "grouping": ["collected_by", "purpose"],
            "group": ["interviewer", "business"],
            "dimension": "A",
            "measure": "experience",
            "n": [300, 200],
            "n_rest": [900, 1000],
            "difference": [0.9, 0.4],
            "difference_low": [0.8, 0.2],
            "difference_high": [1.0, 0.6],
            "q": [0.001, 0.01],
            "different": True,
        }
    )
    said = say(page, "segments", table)
    assert "0.4 (0.2 to 0.6) points above" in said and "1 of 1 comparisons" in said


def test_a_probability_against_a_set_ideal_says_so(page):
    rows = scored(satisfaction=np.nan).assign(
        importance=np.nan,
        weighted_satisfaction=np.nan,
        priority=[-0.3, -0.1, -0.01],
        derived=0.3,
        p_key=[0.99, 0.01, 0.0],
        key_experience=[True, False, False],
    )
    assert "given the ideal of 6.5, which was set, not measured: 99%" in say(
        page, "key_experience", rows
    )


def test_narrow_intervals_get_two_decimals_in_sentence_and_table_alike(page):
    from cxlib.page.tables import table_html

    ends = {"gap_low": [-1.55, -1.05, -0.15], "gap_high": [-1.45, -0.95, -0.05]}
    narrow = scored(n=2070.0, **ends)
    assert "1.50 (1.45 to 1.55) points" in say(page, "gap", narrow)
    assert "−1.50 <small>−1.55 to −1.45</small>" in table_html(page.gate(narrow), page)
    few = page.gate(scored(**ends))  # 10 points ÷ 207 people: one decimal
    assert "−1.5 <small>−1.6 to −1.4</small>" in table_html(few, page)


def test_only_settled_musts_are_counted(page, samples):
    kano = samples["kano_plane"][0]
    rows = pd.concat([kano.head(1)] * 3, ignore_index=True).assign(
        item=["i0", "b", "c"], p_class=[0.99, 0.97, 0.7], worse=[-0.8, -0.3, -0.9]
    )
    rows["worse_low"], rows["worse_high"] = rows["worse"] - 0.05, rows["worse"] + 0.05
    said = say(page, "requirements", rows)
    assert said.startswith("At least 2 of 3 items must not fail, above all “Reflects")
    assert "Another 1 may be a must" in said
    alike = rows.assign(worse=[-0.8, -0.79, -0.9], worse_low=-0.85, worse_high=-0.74)
    assert "2 tie for first: “Reflects" in say(page, "requirements", alike)
    assert "No item is a must beyond doubt" in say(page, "requirements", rows.assign(p_class=0.5))


def test_reasons_that_tie_within_their_intervals_are_all_named(page):
    # The kiosk's two first reasons, 61.4 and 60.9 % of 207.
    rows = pd.DataFrame(
        {
            "reason": ["x", "y", "z"],
            "n": 207,
            "share": [0.614, 0.609, 0.3],
            "share_low": [0.546, 0.541, 0.24],
            "share_high": [0.677, 0.673, 0.36],
        }
    )
    said = say(page, "brand_value", rows)
    assert "x: 61% (54% to 68%); y: 61%" in said and "z" not in said and "207 answers" in said


def test_the_clearest_is_not_the_largest_on_another_scale(page, samples):
    rows = pd.DataFrame(
        {
            "grouping": "gender",
            "group": ["f", "f", "m", "m"],
            "measure": ["experience", "recommend"] * 2,
            "dimension": ["price", "recommend"] * 2,
            "n": 500,
            "n_rest": 400,
            "difference": [0.2, 0.4, -0.2, -0.4],
            "difference_low": [0.1, 0.05, -0.3, -0.75],
            "difference_high": [0.3, 0.75, -0.1, -0.05],
            "q": [0.001, 0.03] * 2,
            "different": True,
        }
    )
    said = say(page, "segments", rows)
    assert "Price, among “m”, is 0.2 (0.1 to 0.3) points below" in said  # whom it is worse for
    assert "2 of 2 comparisons" in said  # men against women is women against men
    assert say(page, "evidence", rows).startswith("Base: 500 answers against 400")


def test_who_collected_the_scores_is_said_plainly_and_leads_before_segments(page):
    from cxlib.page.findings import leading_findings

    found = pd.DataFrame(
        {
            "collected_by": ["staff", "self"],
            "n": [3190, 23060],
            "n_rest": [23060, 3190],
            "q": 1e-5,
            "difference": [0.23, -0.23],
            "difference_low": [0.14, -0.32],
            "difference_high": [0.32, -0.14],
            "adjusted": [0.22, -0.22],
            "adjusted_low": [0.12, -0.32],
            "adjusted_high": [0.32, -0.12],
            "higher": [True, False],
            "outcome": "overall",
        }
    )
    said = say(page, "collectors", found)
    assert "“staff” gets 0.23 (0.14 to 0.32) points more" in said
    assert said.count("at the same mix of people 0.22 (0.12 to 0.32).") == 1
    # The base is that of the row which is told, whichever comes first in the file.
    told = say(page, "evidence", found.iloc[::-1])
    assert told.startswith("Base: 3,190 answers against 23,060")
    compared = pd.DataFrame({"grouping": ["collected_by"], "group": ["staff"], "different": [True]})
    assert [f.headline for f in leading_findings(segments=compared, collectors=found)] == [
        "collectors"
    ]
    none = found.assign(higher=False)
    assert "do not depend on who" in say(page, "collectors", none)
    assert [f.headline for f in leading_findings(segments=compared, collectors=none)] == [
        "segments"
    ]


def test_what_comes_next_by_weight(page, gaps):
    two = gaps.assign(importance=[6, *gaps["importance"][1:]])
    two["weighted_satisfaction"] = two["importance"] * two["satisfaction"]  # 6 × −1 and 9 × −2
    two = pd.concat([two, two.assign(segment="new")], ignore_index=True)
    said = say(page, "weighing", two)
    assert "Only 2 of 6 could be weighed" in said
    assert said.startswith(
        "Weighed by what matters, it is worst here – Convenience: −18.0; Product: −6.0."
    )
    assert isinstance(
        SENTENCES["weighing"](page, page.gate(gaps.assign(weighted_satisfaction=np.nan))), Nothing
    )


def test_where_to_spend_speaks_of_expectation_only_where_it_was_asked(page):
    rows = {"dimension": ["price"], "advice": ["exceed"]}
    asked = pd.DataFrame({**rows, "weighted_satisfaction": [-18.0]})
    assert "go beyond what is expected" in say(page, "spending", asked)
    not_asked = asked.assign(advice="first", weighted_satisfaction=np.nan)
    assert say(page, "spending", not_asked) == "Spend on Price first."
    above = asked.assign(advice="above")
    assert say(page, "spending", above) == "Already above the ideal that was set: Price."


def test_the_range_says_which_shares_it_is_the_range_of(page, cost, inputs, monkeypatch):
    # Of the shares that make the loss, two have a range: the method's §3 as given here.
    words = "The range covers “Share of bad experience” and “Share who complain” only"
    assert words in say(page, "churn_cost", cost)
    whole = inputs.assign(low=inputs["share"] / 2, high=inputs["share"])
    monkeypatch.setattr(Case, "churn_inputs", whole)
    other = open_page(replace(page.case))
    assert "The range covers" not in say(other, "churn_cost", cost)


def test_the_money_is_called_assumed_only_where_the_loss_rests_on_it(page, inputs, monkeypatch):
    loss = inputs["input"].isin(["negative", "complain", "complained_lost", "silent_lost"])
    measured = inputs.assign(**{"from": inputs["from"].where(~loss, "measured")})
    assert measured["from"].eq("assumption").any()
    for shares, said in ((inputs, True), (measured, False)):
        monkeypatch.setattr(Case, "churn_inputs", shares)
        other = open_page(replace(page.case))
        assert any("rests on shares that are assumed" in c for c in cautions(other)) is said


@pytest.mark.parametrize(("source", "said"), [("assumption", True), ("measured", False)])
def test_an_assumed_revenue_is_called_so(page, source, said, set_to):
    other = set_to(page, revenue=5e7, revenue_from=source)
    words = "The year's revenue: HKD 50 million (assumed)."
    assert any(caution.startswith(words) for caution in cautions(other)) is said


def test_one_requirement_is_quoted(page):
    one = pd.DataFrame({"kind": ["need"], "statement": ["More stores"]})
    assert say(page, "register", one) == "One requirement is on record: “More stores”."
    more = pd.DataFrame({"kind": ["need", "need", "must"], "statement": ["a", "b", "c"]})
    assert say(page, "register", more) == "Requirements on record: 3 (need 2 and must have 1)."


def test_a_unit_of_account_has_no_currency():
    own = Language("en", "XXX")
    assert own.money(190_000) == "190,000 units" and own.currency_word == "units"
    assert own.money_range(140_000, 250_000) == "140,000 to 250,000 units"
    assert Language("zh-Hant", "XXX").money(190_000) == "19萬單位"
    assert Language("en", "HKD").money_range(3.8e6, 6.1e6) == "HKD 3.8 to 6.1 million"


def test_too_few_periods_are_for_the_consultant_alone(page):
    row = {"event": "a shop", "measure": "sales", "effect_low": np.nan, "effect_high": np.nan}
    none = pd.DataFrame([{**row, "verdict": "too_few"}])
    assert isinstance(SENTENCES["effects"](page, page.gate(none)), Nothing)
    lower = {**row, "effect_low": -0.3, "effect_high": -0.1, "effect": -0.2, "verdict": "lower"}
    lower |= {"after": 1.8, "expected": 2.0}
    said = say(page, "effects", pd.DataFrame([lower, {**row, "verdict": "too_few"}]))
    assert "sales fell to 1.80 for each unit counted, below the 2.00 of its earlier trend" in said
    assert "by 0.20 (0.10 to 0.30)" in said


def test_a_channel_without_a_word_of_the_client_has_ours(case):
    page = open_page(case("zh-Hant"))
    assert page.label("channel", "face_to_face") == "面對面"
    assert page.label("stage", "during") == "消費中"
    assert open_page(case()).label("channel", "phone") == "Phone", "the client's own"


def test_an_outcome_that_changed_comes_before_a_part_that_changed_more_clearly(page):
    rows = pd.DataFrame(
        {
            "wave": "2018",
            "measure": ["experience", "recommend"],
            "dimension": ["security", "recommend"],
            "n": [2750, 2650],
            "n_before": [2796, 2746],
            "difference": [-0.08, -0.2],
            "difference_low": [-0.11, -0.3],
            "difference_high": [-0.05, -0.1],
            "q": [0.001, 0.002],
            "different": [True, True],
        }
    )
    said = say(page, "waves", rows)
    assert said.startswith("What changed in wave 2018: Recommendation, −0.20 (−0.30 to −0.10)")
    assert "More clearly still: security by −0.08" in said
    only = say(page, "waves", rows.assign(different=[True, False]))
    assert only.startswith("The clearest change in wave 2018: security") and "still" not in only


def plan_of(**more):
    """A plan of two initiatives that cost 1 and 2 million, and what it is worth, in one row."""
    plan = pd.DataFrame(
        {"initiative": ["a", "b"], "cost": [1e6, 2e6], "chosen": True, "second_best": False,
         "unit": "money", "reason": "chosen"}
    )  # fmt: skip
    worth = {"budget": 4e6, "years": 1, "cost": 3e6, "running": 0.0, "cost_in_term": 3e6,
             "unit": "money", "benefit": 4e6, "benefit_low": 3e6, "benefit_high": 6e6,
             "margin": np.nan, "payback": np.nan, "term": 3}  # fmt: skip
    return plan, pd.DataFrame([{**worth, **more}])


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (
            {},
            "within the budget of HKD 4 million, were each to bring what it is taken to bring: “a”",
        ),
        ({}, "“a” and “b” (HKD 3 million)."),
        ({"years": 2}, "within the budget of HKD 4 million over 2 years, were each to bring"),
        (
            {"budget": np.nan},
            "No budget was stated; without one, and were each to bring what it is taken to bring, the "
            "best are: “a” and “b”",
        ),
        ({}, "would keep about HKD 4 million of revenue a year (HKD 3 million to "),
    ],
)
def test_a_plan_says_its_budget_its_years_and_what_it_brings(page, more, words):
    assert words in say(page, "strategy", *plan_of(**more))


def test_what_is_assumed_of_a_plan_is_said(page):
    plan, worth = plan_of()
    points = plan.assign(unit="points")
    for rows, words in (
        (plan, "each would bring are assumed"),
        (points, "would bring are assumed"),
    ):
        assert words not in say(page, "strategy", rows, worth)
        assert "are assumed." in say(page, "strategy", rows.assign(**{"from": "assumed"}), worth)


def test_a_second_best_that_only_leaves_something_out_says_so(page):
    plan, worth = plan_of()
    said = say(page, "strategy", plan.assign(second_best=[True, False]), worth)
    assert "the same without “b” (the plan then costs HKD 1 million)." in said


def test_of_many_that_are_too_late_two_are_named_and_the_rest_counted(page):
    plan, worth = plan_of()
    late = plan.iloc[[0] * 5].assign(
        initiative=[*"vwxyz"], chosen=False, reason="loses_money", cost=1.0
    )
    said = say(page, "strategy", pd.concat([plan, late]), worth.assign(term=3))
    assert "would cost more than it earns: “v”, “w”, and 3 more." in said


def test_a_lowest_score_that_ties_is_told_in_the_sentence_that_leads(page):
    # 4.9 and 5.2 by ±.5 each: their difference, .3, lies within √(.5² + .5²) = .71.
    rated = pd.DataFrame(
        {
            "dimension": ["product", "price", "service"],
            "segment": "all",
            "n": 200,
            "satisfaction": float("nan"),
            "experience": [4.9, 5.2, 8.0],
            "experience_low": [4.4, 4.7, 7.5],
            "experience_high": [5.4, 5.7, 8.5],
        }
    )
    first = page.sentences("experience", rated)[0]
    assert first == "Product is rated lowest: 4.9 (4.4 to 5.4) of 10; Price may be as low."
    alone = page.sentences("experience", rated.drop(index=1).reset_index(drop=True))[0]
    assert alone == "Product is rated lowest: 4.9 (4.4 to 5.4) of 10."


def test_other_reasons_are_a_word_of_ours(case):
    said = {tag: open_page(case(tag)).label("reason", "other") for tag in ("en", "zh-Hans")}
    assert said == {"en": "Other", "zh-Hans": "其他"}


def test_one_thing_weighed_is_not_the_worst_of_several(page, gaps):
    # Importance is known of Convenience alone: 9 × −2 = −18.
    said = page.sentence("weighing", gaps)
    assert said.startswith("How much it matters is known of one alone – Convenience: −18.0.")


def test_a_segment_that_nobody_is_of_is_not_answered_with_everyone(page, gaps):
    assert "Convenience" in say(page, "gap", gaps, segment="all")
    said = "No ideal experience has been decided yet, so there is no gap to show."
    assert say(page, "gap", gaps, segment="nobody") == said


def test_names_are_told_once_and_of_too_many_the_last_place_says_how_many_more(page):
    keys = ["product", "price", "product"]
    assert page.quoted_names("dimension", keys, 2) == "“Product” and “Price”"
    assert page.quoted_names("dimension", [*keys, "brand"], 2) == "“Product” and 2 more"


def test_an_interval_without_width_is_told_as_none(page):
    row = pd.Series({"x": 5.0, "x_low": 5.0, "x_high": 5.0})
    assert page.within(row, "x", page.language.number) == "5.0"
    assert page.within(row.replace({5.0: 4.0}).set_axis(["x", "x_low", "y"]), "x", str) == "4.0"
    ends = page.within(row + [0, -1, 1], "x", page.language.number, page.language.count)
    assert ends == "5.0 (4 to 6)"


def test_how_many_questions_wait_leads_their_table(page):
    asked = pd.DataFrame({"question": [*"abcde"], "answer": ["so", None, "so", "so", None]})
    assert page.sentence("questions", asked) == "Waiting for an answer: 2 of 5."
    elements = asked.assign(element=["Process", "Team", "Care", "Records", "Technology"])
    assert page.sentence("questions", elements) == (
        "Waiting for an answer: 2 of 5 (“Team” and “Technology”)."
    )
    assert page.sentence("questions", asked.dropna()) == "Every question is answered."
    assert page.sentence("questions", asked.head(0)) == ""


def test_a_control_chart_says_when_the_measure_was_last_out_of_the_usual(page):
    periods = pd.DataFrame({"period": ["2025-01", "2025-02", "2025-03"], "kpi": "busy_rate"})
    out = periods.assign(centre=0.5, value=[0.9, 0.9, 0.5], signal=["outside", "run", ""])
    said = page.sentence("charted", out.iloc[::-1])  # as the notebook gives it: the last one first
    assert said.endswith("was last outside its usual come and go in 2025-02.")
    assert page.sentence("charted", out.assign(signal="")) == ""


def test_how_many_stay_is_told_of_the_longest_stay_that_is_known(page):
    curves = pd.DataFrame({"group": ["all", "all", "all", "top"], "time": [12, 24, 36, 12],
                           "survival": [0.9, 0.8, None, 0.7]})  # fmt: skip
    assert page.sentence("survival_by_tier", curves) == (
        "After 24 months 80% are still customers, of those who stayed so long."
    )
