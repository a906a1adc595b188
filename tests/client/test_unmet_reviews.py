"""Reviews, ratings and cases of clients that nobody here had met: airlines, cafés, shops, desks."""

import re

import pandas as pd
import pytest

import cxlib as cx
from cxlib.analysis.verdict import verdict
from cxlib.client.case import read_client
from cxlib.client.draft import draft_codebook
from cxlib.client.template import new_client
from cxlib.page import open_page
from cxlib.page.screen import words_of
from cxlib.run.cli import main

HOW_IMPORTANT = ["Unimportant", "Slightly important", "Moderately important", "Important", "Very important"]  # fmt: skip
HOW_SATISFIED = ["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"]
AGREED = ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"]


def drafted(folder, columns: dict) -> pd.DataFrame:
    pd.DataFrame(columns).to_csv(folder / "a.csv", index=False)
    return draft_codebook(folder / "a.csv").set_index("column")


def test_answers_tell_what_a_header_of_one_word_measures(tmp_path):
    # A delivery app's survey: "Good taste: Very important" says importance, whatever is agreed with beside it.
    found = drafted(tmp_path, {"Late delivery": AGREED * 20, "Poor hygiene": AGREED * 20, "Time saved": AGREED * 20,
                               "Good taste": HOW_IMPORTANT * 20, "Quality of package": HOW_IMPORTANT * 20,
                               "Breakfast": HOW_SATISFIED * 20, "Risk": ["Low", "Medium", "High", "Low"] * 25})  # fmt: skip
    assert found["measure"].to_dict() == {
        "Late delivery": "experience", "Poor hygiene": "experience", "Time saved": "experience",
        "Good taste": "importance", "Quality of package": "importance", "Breakfast": "satisfaction", "Risk": "",
    }  # fmt: skip
    assert found.loc["Good taste", "codes"].endswith("Important=4;Very important=5")


@pytest.mark.parametrize(
    "asked, yes, no, measure",
    [("Would you recommend us?", "Yes", "No", "recommend"), ("Recommended IND", 1, 0, "recommend"),
     ("Würden Sie uns weiterempfehlen?", "Ja", "Nein", "recommend"), ("您会推荐我们吗？", "会", "不会", "recommend"),
     ("20. Will you continue buying at Starbucks?", "Yes", "No", "repurchase"), ("Any problem?", 1, 0, "problem"),
     ("Parked here?", "Yes", "No", ""), ("Member", 1, 0, "")],
)  # fmt: skip
def test_yes_or_no_to_recommending_is_the_share_who_say_yes(tmp_path, asked, yes, no, measure):
    row = drafted(tmp_path, {asked: [yes, yes, yes, no] * 25, "Service": [1, 2, 4, 5] * 25}).loc[
        asked
    ]
    assert row["measure"] == measure
    if measure in ("recommend", "repurchase"):
        assert row[["low", "high", "sure"]].tolist() == [0, 1, False]  # no 0 to 10: no promoters
        client = new_client("cafe", tmp_path)
        pd.DataFrame({asked: [yes, yes, yes, no] * 25}).to_csv(client / "a.csv", index=False)
        assert main(["codebook", str(client / "a.csv")]) == 0
        assert read_client("cafe", tmp_path).survey.answers[measure].mean().tolist() == [0.75]


def test_a_nought_that_most_columns_never_have_is_no_answer(tmp_path):
    # An airline's ratings from 1 to 5: of 1,000 answers to three of five, 30 are "0, not applicable".
    marks = [1, 2, 3, 4, 5] * 200
    missed = [0] * 30 + marks[30:]
    columns = {"Wifi": missed, "Booking": marks, "Gate": marks, "Boarding": marks, "Seat": marks, "Food": missed}  # fmt: skip
    found = drafted(tmp_path, columns)
    assert found["missing"].to_dict() == dict.fromkeys(columns, "") | {"Wifi": "0", "Food": "0"}
    assert (
        set(zip(found["low"], found["high"], strict=True)) == {(1, 5)} and not found["sure"]["Wifi"]
    )
    # Where so few answered that a step may well have been missed by chance, 0 stays one.
    few = drafted(tmp_path, {name: given[28:88] for name, given in columns.items()})
    assert set(few["missing"]) == {""}
    # And where as many columns have it as not.
    assert set(drafted(tmp_path, columns | {"Gate": missed, "Seat": missed})["missing"]) == {""}


def test_marks_from_nought_to_two_are_a_scale_of_three(tmp_path):
    found = drafted(tmp_path, {f"{each}rating": [0, 1, 2, 2] * 30 for each in ("", "food_", "service_")})  # fmt: skip
    assert set(zip(found["low"], found["high"], strict=True)) == {(0, 2)}
    assert found["measure"].tolist() == ["overall", "experience", "experience"]


def test_a_review_score_is_of_all_and_an_average_is_nobodys_answer(tmp_path):
    # A portal's file: what the hotel scores on average stands in every row beside what the guest gave.
    given = [3.5, 6.3, 7.9, 8.8, 9.6, 10] * 20
    found = drafted(tmp_path, {"Average_Score": [7.7, 8.6] * 60, "Reviewer_Score": given})
    assert found["measure"].tolist() == ["", "overall"]
    assert "an average of many" in found.loc["Average_Score", "why"]
    whole = drafted(tmp_path, {"Average waiting time": [1, 2, 3, 4, 5] * 20, "Rating of staff": [1, 2, 3, 4, 5] * 20,
                               "Rating of price": [1, 2, 3, 4, 5] * 20})  # fmt: skip
    assert whole.loc["Average waiting time", "measure"] == "experience"  # rated, it is a thing


def test_satisfied_or_not_is_a_scale_of_two(tmp_path):
    words = ["neutral or dissatisfied", "satisfied"]
    row = drafted(tmp_path, {"satisfaction": words * 40}).loc["satisfaction"]
    assert row[["measure", "low", "high"]].tolist() == ["overall", 1, 2]
    assert row["codes"] == "neutral or dissatisfied=1;satisfied=2"


def desk(folder, name: str, marks: list) -> pd.DataFrame:
    rows = {"Ticket ID": range(100), "Ticket Type": ["late", "wrong"] * 50, "Resolved": ["yes", "no"] * 50,
            "Customer Satisfaction Rating": (marks * 100)[:100]}  # fmt: skip
    client = new_client(name, folder)
    pd.DataFrame(rows).to_csv(client / "t.csv", index=False)
    assert main(["map", str(client / "t.csv")]) == 0
    return client


def test_the_scale_of_a_desks_marks_is_told_or_another_one_is_warned_of(tmp_path):
    """Marks of 1 to 5 in a client.yml that says 0 to 10 made four of five cases 'handled badly'."""
    client = desk(tmp_path, "desk", [1, 2, 3, 4, 5])
    assert read_client("desk", tmp_path).settings.scale == (1, 5)
    (client / "client.yml").write_text("name: Desk\n", encoding="utf-8")
    said = [str(each) for each in read_client("desk", tmp_path).warnings]
    assert any("'satisfaction' runs from 1 to 5 in whole marks, and client.yml's `scale` is 0 to 10" in each
               for each in said)  # fmt: skip
    (client / "client.yml").write_text("name: Desk\nscale: [1, 5]\n", encoding="utf-8")
    assert not any("whole marks" in str(each) for each in read_client("desk", tmp_path).warnings)
    full = desk(tmp_path, "full", [0, 3, 5, 8, 10])  # the ends of its own scale
    (full / "client.yml").write_text("name: Full\n", encoding="utf-8")
    assert not any("whole marks" in str(each) for each in read_client("full", tmp_path).warnings)


def test_the_tile_of_an_overall_score_has_the_digits_of_its_title(tmp_path):
    # 1,200 guests: 8.041666… on the whole.
    client = new_client("hotel", tmp_path)
    given = [3.5, 6.3, 7.9, 8.8, 9.6, 10, 10, 10, 9.2, 5.1, 7, 9.1] * 100
    pd.DataFrame({"Reviewer_Score": given}).to_csv(client / "r.csv", index=False)
    assert main(["codebook", str(client / "r.csv")]) == 0
    case = read_client("hotel", tmp_path)
    said = words_of(open_page(case, tmp_path / "reports"), verdict(case))
    assert said["answer"].startswith("On the whole customers give 8.0 of 10")
    assert said["fix"][1] == "8.0"


def test_what_is_said_of_the_whole_leads_and_is_in_the_report(tmp_path):
    """A vet asks one thing: 160 of 200 say yes. Wilson's interval of 160 of 200, from R's prop.test
    without correction: 0.739 to 0.850."""
    client = new_client("vet", tmp_path)
    asked = "Would you recommend us?"
    pd.DataFrame({asked: ["Yes", "Yes", "No", "Yes", "Yes"] * 40}).to_csv(
        client / "v.csv", index=False
    )
    assert main(["codebook", str(client / "v.csv")]) == 0
    case = read_client("vet", tmp_path)
    row = cx.outcomes(case).iloc[0]
    assert row[["share", "share_low", "share_high"]].tolist() == pytest.approx(
        [0.8, 0.739, 0.850], abs=5e-4
    )
    said = words_of(open_page(case, tmp_path / "reports"), verdict(case))
    assert said["answer"] == "80% say “Yes” to “Would you recommend us?”."
    # A council asks for a mark besides: it does not lead, and is told. Half give 6, half 8.
    case = council(tmp_path)
    row = cx.outcomes(case).iloc[0]
    assert row["score"] == 7 and row["highest"] == 10 and pd.isna(row["answer"])
    assert row["score_high"] - 7 == pytest.approx(1.97196 * 1.0025 / 200**0.5, abs=1e-3)  # t of 199
    assert verdict(case).fix["kind"] != "overall"


def test_a_score_of_another_question_leads_in_its_words(tmp_path):
    client = new_client("bakery", tmp_path)
    asked = "Recommanderiez-vous notre boulangerie ?"
    pd.DataFrame({asked: [5, 4, 3, 5, 1] * 20}).to_csv(client / "b.csv", index=False)
    assert main(["codebook", str(client / "b.csv")]) == 0
    case = read_client("bakery", tmp_path)
    said = words_of(open_page(case, tmp_path / "reports"), verdict(case))
    assert said["answer"] == "“Recommanderiez-vous notre boulangerie ?”: customers give 3.6 of 5."


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_what_is_said_of_the_whole_is_said_in_chinese(tmp_path, language):
    client = new_client("shop", tmp_path)
    pd.DataFrame({"您会推荐我们吗？": ["会", "会", "不会", "会", "会"] * 40}).to_csv(
        client / "s.csv", index=False
    )
    assert main(["codebook", str(client / "s.csv")]) == 0
    case = read_client("shop", tmp_path, language=language)
    said = words_of(open_page(case, tmp_path / "reports"), verdict(case))
    assert said["answer"] in (
        "对“您会推荐我们吗？”，80% 的人答“会”。",
        "對「您会推荐我们吗？」，80% 的人答「会」。",
    )


def test_a_share_of_two_answers_differs_by_percentage_points(tmp_path):
    # 200 customers of two practices: 90 of 100 say yes in Leith, 60 of 100 in Morningside.
    client = new_client("vets", tmp_path)
    said = (["Yes"] * 9 + ["No"]) * 10 + (["Yes"] * 6 + ["No"] * 4) * 10
    rows = {"Practice": ["Leith"] * 100 + ["Morningside"] * 100, "Would you recommend us?": said}
    pd.DataFrame(rows).to_csv(client / "v.csv", index=False)
    assert main(["codebook", str(client / "v.csv")]) == 0
    case = read_client("vets", tmp_path)
    page = open_page(case, tmp_path / "reports")
    headline = page.sentences("segments", cx.segments_against_the_rest(case))[0]
    assert re.search(
        r"is 30 \(\d+ to \d+\) percentage points (below|above) everybody else", headline
    )


def council(folder):
    client = new_client("council", folder)
    steps = ["Ontevreden", "Tevreden", "Zeer tevreden", "Neutraal", "Zeer ontevreden"] * 40
    pd.DataFrame({"Hoe tevreden bent u over de balie?": steps, "Hoe tevreden bent u over de website?": steps[::-1],
                  "Rapportcijfer voor onze dienstverlening (1-10)": [6, 8] * 100}).to_csv(client / "c.csv", index=False)  # fmt: skip
    assert main(["codebook", str(client / "c.csv")]) == 0
    return read_client("council", folder)
