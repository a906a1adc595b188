"""A raw survey through its codebook: what people meant, and what becomes of what nobody can read."""

import hypothesis
import numpy as np
import pandas as pd
import pyreadstat
import pytest
from hypothesis import given
from hypothesis import strategies as st

import cxlib as cx
from cxlib.analysis import client_brief
from cxlib.client.case import read_client
from cxlib.client.codebook import options, parse_codes, plain

CODEBOOK = "column,measure,item,dimension,low,high,missing,codes\n"


def test_answers_stand_by_measure_and_item(surveyed):
    survey = surveyed.read().survey
    assert survey.answers["experience", "speed"].fillna(-1).tolist() == [4, 6, -1, 5]
    assert survey.answers["expectation", "speed"].fillna(-1).tolist() == [6, 8, 7, -1]
    assert survey.answers["importance", "speed"].tolist() == [10, 5, 10, 0]  # words through `codes`
    assert survey.answers["overall", "overall"].tolist() == [5, 4, 3, 2]
    assert (
        survey.people["kind"].tolist()
        == survey.people["segment"].tolist()
        == ["new", "old", "new", "old"]
    )
    assert survey.people["row"].tolist() == [2, 3, 4, 5]
    assert survey.items.loc["speed", ["dimension", "low", "high"]].tolist() == ["service", 0, 10]
    assert survey.weight is None and survey.groups == ["kind"]


def test_groups_that_differ_by_capitals_or_blanks_alone_are_one_and_that_is_told(surveyed):
    """Of 3 × Hà Nội, one hà nội and one with two blanks is the same place; Đà Nẵng is another."""
    surveyed.write(
        "codebook.csv", CODEBOOK + "e1,experience,speed,service,,,99,\nkind,group,,,,,,\n"
    )
    surveyed.write(
        "answers.csv",
        "e1,kind\n4,Hà Nội\n6,hà nội\n5,Hà Nội\n7,Hà  Nội\n8,Hà Nội\n9,Đà Nẵng\n3,\n",
    )
    case = surveyed.read()
    assert case.survey.people["segment"].fillna("").tolist() == ["Hà Nội"] * 5 + ["Đà Nẵng", ""]
    (said,) = [str(each) for each in case.warnings if "capitals" in str(each)]
    assert (
        "'kind'" in said and "hà nội" in said and "counted with Hà Nội" in said and "3, 5" in said
    )


def test_a_question_without_an_item_is_about_its_dimension(surveyed):
    surveyed.write("codebook.csv", CODEBOOK + "e1,experience,,service,,,99,\n")
    assert list(surveyed.settings("survey: {file: answers.csv}").read().survey.answers) == [
        ("experience", "service")
    ]


def test_every_cell_of_every_column_is_accounted_for(surveyed):
    columns = surveyed.read().survey.columns.set_index("column")
    assert columns.loc[
        "e1", ["answered", "understood", "left_out", "missing", "blank"]
    ].tolist() == [3, 3, 0, 1, 0]
    assert columns.loc[
        "x1", ["answered", "understood", "left_out", "missing", "blank"]
    ].tolist() == [3, 3, 0, 0, 1]
    assert columns.loc["spare", "measure"] == ""


def test_an_answer_that_cannot_be_used_has_a_line_and_costs_nothing_else(surveyed):
    surveyed.write(
        "answers.csv", "e1,x1,i1,happy,kind\n11,6,much,5,n\n6,eight,some,4.5,o\n5,7,a lot,3,n\n"
    )
    case = surveyed.read()
    assert case.rejected.to_numpy().tolist() == [
        ["survey", 2, "e1", "11", "is off the scale 0–10"],
        ["survey", 3, "x1", "eight", "is not a number"],
        ["survey", 4, "i1", "a lot", "is not among the answers of `codes`"],
    ]
    assert case.survey.answers.notna().sum().sum() == 9
    assert (
        "'e1' has answers that cannot be used (is off the scale 0–10) and are left out in 1 of 3 rows: 11 (1) (row 2)"
        in str(case.warnings[0])
    )


def test_a_column_of_which_nothing_is_understood_is_refused(surveyed):
    surveyed.write("answers.csv", "e1,x1,i1,happy,kind\n60,6,much,5,n\n70,8,some,4,o\n")
    assert "'e1' has no answer that can be understood in 2 of 2 rows" in str(surveyed.problem())


def test_a_person_without_an_answer_is_left_out_with_a_line(surveyed):
    surveyed.write(
        "answers.csv", "e1,x1,i1,happy,kind\n4,6,much,5,n\n99,,,,o\n,,,,\n5,7,some,3,n\n,,,,\n"
    )
    case = surveyed.read()
    assert case.survey.people["row"].tolist() == [2, 5]
    assert case.rejected.to_numpy().tolist() == [
        ["survey", 4, "", "", "the row is blank"],
        ["survey", 3, "", "", "no answer to any question of the codebook"],
    ]


def test_dashes_quotes_and_widths_do_not_lose_an_answer(surveyed):
    # 837 of 1,363 answers were once lost to one hyphen in an option's text.
    codes = "very-good=10;don’t know=5"
    surveyed.write("codebook.csv", CODEBOOK + f"e1,experience,speed,service,,,,{codes}\n")
    surveyed.write("answers.csv", "e1\nVery–good\nvery‑good \nＶery-good\ndon't know\nvery  good\n")
    case = surveyed.settings("survey: {file: answers.csv}").read()
    assert case.survey.answers["experience", "speed"].tolist() == [10, 10, 10, 5]
    assert case.rejected["value"].tolist() == ["very  good", ""]
    assert "Did you mean 'very-good' for 'very  good' in `codes`?" in str(case.warnings[0])


def test_headers_are_found_in_spite_of_their_blanks_and_line_breaks(surveyed):
    surveyed.write("codebook.csv", CODEBOOK + '"How fast\twas it? ",experience,speed,service,,,,\n')
    surveyed.write("answers.csv", '"How fast\n was it?",spare\n4,x\n')
    assert surveyed.settings("survey: {file: answers.csv}").read().survey.answers.size == 1


def test_the_second_of_two_equal_headers_has_a_name_of_its_own(surveyed):
    surveyed.write(
        "codebook.csv",
        CODEBOOK + "q,experience,speed,service,,,,\nq [2],expectation,speed,service,,,,\n",
    )
    surveyed.write("answers.csv", "q,q\n4,6\n")
    answers = surveyed.settings("survey: {file: answers.csv}").read().survey.answers
    assert answers.iloc[0].tolist() == [4, 6]


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("e2,experience,speed,service,,,,", "'column' is not in the header of answers.csv"),
        ("e1,experiense,speed,service,,,,", "Did you mean 'experience'?"),
        ("e1,experience,speed,servise,,,,", "Did you mean 'service'?"),
        ("e1,functional,,,,,,", "'item' is blank"),
        (
            "e1,expectation,speed,service,,,,",
            "'item' stands twice for the same measure in 2 of 5 rows",
        ),
        ("e1,experience,speed,price,,,,", "'dimension' differs within an item"),
        ("e1,expectation_driver,gossip,,,,,", "is no expectation driver"),
        (
            "e1,experience,speed,service,10,0,,",
            "'low' is not below high in 1 of 5 rows: e1 (10.0) (row 2)",
        ),
        (
            "e1,experience,speed,service,,,,good;bad=1",
            "'codes' is not `answer=number;answer=number`",
        ),
        ("x1,experience,speed,service,,,,", "'column' stands more than once"),
    ],
)
def test_a_codebook_that_is_wrong_is_refused(surveyed, row, says):
    text = (
        (surveyed.folder / "codebook.csv")
        .read_text()
        .replace("e1,experience,speed,service,,,99,", row)
    )
    problems = surveyed.write("codebook.csv", text).problems()
    assert any(says in str(problem) for problem in problems), "\n".join(map(str, problems))
    assert all(problem.file.endswith("codebook.csv") for problem in problems)


@pytest.mark.parametrize(
    ("survey", "says"),
    [
        ("{file: answer.csv}", "answer.csv: is not there"),
        ("{file: answers.xlsx, sheet: Two}", "has no sheet 'Two'.\nIt has: One."),
        ("{file: answers.csv, segment: knid}", "'survey.segment' names a column that is not in answers.csv: knid.\nDid you mean 'kind'?"),
        ("{file: answers.csv, groups: [age]}", "'survey.groups' names a column that is not in answers.csv: age"),
        ("{file: answers.csv, raking: {kind: {n: .5, o: .6}}}", "add up to 1.1, not 1"),
        ("{file: answers.csv, raking: {kind: {new: .5, old: .3, young: .2}}}", "nobody with young"),
        ("{file: answers.csv, wave: spare, unweighted_waves: [z]}", "names waves that are not in the survey: z"),
        ("{file: answers.csv, encoding: utf-16}", "is not utf-16"),
        ("{file: answers.csv, weight: spare}", "'spare' is blank or not a number in 4 of 4 rows"),
    ],
)  # fmt: skip
def test_what_client_yml_says_of_the_survey_must_be_there(surveyed, survey, says):
    with pd.ExcelWriter(surveyed.folder / "answers.xlsx") as book:
        pd.DataFrame({"e1": [1]}).to_excel(book, sheet_name="One")
    found = surveyed.settings(f"survey: {survey}").problems()
    assert any(says in str(problem) for problem in found), "\n".join(map(str, found))


@pytest.mark.parametrize(
    ("weights", "says"),
    [
        (
            ("1", "", "2"),
            "'w' is blank or not a number in 1 of 3 rows: blank (row 3).\nA blank weight is not zero",
        ),
        (("1", "-2", "2"), "'w' is negative in 1 of 3 rows: -2 (row 3)"),
        (("1", "inf", "2"), "'w' is blank or not a number in 1 of 3 rows: inf (row 3)"),
        (("0", "0", "0"), "'w' is zero everywhere"),
    ],
)
def test_a_weight_that_is_none_is_refused(surveyed, weights, says):
    rows = "".join(f"4,6,much,5,n,{weight}\n" for weight in weights)
    surveyed.settings("survey: {file: answers.csv, weight: w}").write(
        "answers.csv", "e1,x1,i1,happy,kind,w\n" + rows
    )
    assert says in str(surveyed.problem())


def test_a_wave_that_came_without_weights_counts_each_person_once(surveyed):
    rows = "e1,x1,i1,happy,kind,w,year\n4,6,much,5,n,2,2012\n4,6,much,5,n,,2011\n"
    surveyed.write("answers.csv", rows)
    surveyed.settings("survey: {file: answers.csv, weight: w, wave: year, unweighted_waves: 2011}")
    assert surveyed.read().survey.weight.tolist() == [2, 1]


def test_everybody_belongs_to_a_wave(surveyed):
    surveyed.write("answers.csv", "e1,x1,i1,happy,kind,year\n4,6,much,5,n,2012\n4,6,much,5,n,\n")
    surveyed.settings("survey: {file: answers.csv, wave: year}")
    assert "'year' is blank in 1 of 2 rows (row 3)" in str(surveyed.problem())


def test_an_item_is_called_what_its_experience_is_called(surveyed):
    header = "column,measure,item,dimension,label\n"
    rows = "x1,expectation,speed,service,Should be fast\ne1,experience,speed,service,Is fast\n"
    surveyed.write("codebook.csv", header + rows).settings("survey: {file: answers.csv}")
    assert surveyed.read().survey.items["label"].tolist() == ["Is fast"]


STORES = "e1,x1,i1,happy,kind,store\n"


def by_store(surveyed, stores: int, each: int, more: str = ""):
    """A survey of so many stores; in each everybody gives the store's own score."""
    rows = "".join(
        f"{store % 9},9,much,{store % 5 + 1},n,s{store}\n" * each for store in range(stores)
    )
    surveyed.write("answers.csv", STORES + rows)
    return surveyed.settings(f"survey: {{file: answers.csv, segment: kind{more}}}")


def test_people_of_a_named_cluster_tell_what_their_cluster_tells(surveyed):
    plain = by_store(surveyed, 20, 1, ", cluster: store").read()
    told = by_store(surveyed, 20, 8, ", cluster: store").read()
    ends = ["satisfaction", "satisfaction_low", "satisfaction_high"]
    assert cx.gaps(told).loc[0, ends].tolist() == pytest.approx(
        cx.gaps(plain).loc[0, ends].tolist()
    )
    everyone = cx.bases(told).iloc[0]
    assert everyone[["n", "clusters"]].tolist() == [160, 20]
    assert everyone["design_effect"] == pytest.approx(8, abs=0.1)
    assert cx.independence(told) is None and cx.independence(plain) is None


def test_accounts_that_nobody_named_are_said(surveyed):
    case = by_store(surveyed, 20, 8).read()
    row = cx.independence(case).iloc[0]
    assert row[["sign", "people", "clusters", "effect"]].tolist() == ["accounts", 160, 20, 2]
    assert row["alike"] == pytest.approx(1) and row["key"] == "service"
    assert row["p_key_then"] <= row["p_key"]
    page = cx.open_page(case)
    told = page.sentence("independent", page.gate(cx.independence(case)))
    assert "160 people are of 20 accounts" in told
    # One difference is compared: numbers of differences are not told to the nearest five.
    assert "(a design effect of 2), 1 in place of 1 of the 1 differences" in told
    assert "over 99%, in place of over 99%" not in told
    assert any("is of 20 values for 160 people" in str(each) for each in case.warnings)


def test_rows_in_runs_are_said_and_a_sorted_file_is_not(surveyed):
    rng = np.random.default_rng(1)
    level = np.repeat(rng.normal(6, 1.5, 60), 5)

    def written(order):
        scores = (level + rng.normal(0, 1.5, 300)).round().clip(0, 10).astype(int)
        scores = scores[order(scores)]
        rows = "".join(f"{each},8,much,{rng.integers(1, 6)},n\n" for each in scores)
        surveyed.write("answers.csv", "e1,x1,i1,happy,kind\n" + rows)
        return cx.independence(surveyed.settings("survey: {file: answers.csv}").read())

    found = written(lambda values: slice(None))
    assert found["sign"].item() == "rows" and found["alike"].item() > 0.1
    assert written(lambda values: rng.permutation(300)) is None
    assert written(np.argsort) is None  # sorted by an answer: its order tells nothing


@pytest.mark.parametrize(
    ("stores", "each", "said"),
    [
        (1, 8, "names one cluster only"),
        (4, 8, "names 4 clusters only"),
        (12, 1, "nobody was asked"),
    ],
)
def test_clusters_that_cannot_tell_are_said(surveyed, stores, each, said):
    by_store(surveyed, stores, each, ", cluster: store")
    assert any(said in str(each) for each in surveyed.problems() or surveyed.read().warnings)


def test_raking_meets_its_margins(surveyed):
    surveyed.write("answers.csv", "e1,x1,i1,happy,kind\n" + "4,6,much,5,n\n" * 3 + "8,6,much,5,o\n")
    case = surveyed.settings(
        "survey: {file: answers.csv, raking: {kind: {new: .5, old: .5}}}"
    ).read()
    # Three new customers share half the weight, the old one has the other half: (4 + 8) / 2.
    assert case.scores.loc[0, "experience"] == pytest.approx(6)
    assert case.survey.raking.margins["after"].tolist() == pytest.approx([0.5, 0.5])
    margins = client_brief.margins(case)
    assert margins["before_raking"].tolist() == [0.75, 0.25] and set(margins["trimmed"]) == {0}
    # Weights ⅔ ⅔ ⅔ 2: Kish 16 / (3 × 4/9 + 4) = 3, and 4 / 3 times the variance.
    everyone = client_brief.bases(case).iloc[0]
    assert [everyone["n_eff"], everyone["design_effect"]] == pytest.approx([3, 4 / 3])


def test_a_respondent_who_stands_twice_is_used_and_said_so(surveyed):
    surveyed.write("answers.csv", "e1,x1,i1,happy,kind,id\n4,6,much,5,n,7\n4,6,much,4,n,7\n")
    case = surveyed.settings("survey: {file: answers.csv, respondent: id}").read()
    assert len(case.survey.people) == 2
    assert "'id' stands more than once in 2 of 2 rows: 7" in str(case.warnings[0])


def test_the_same_answers_of_one_respondent_are_kept_once_and_said(surveyed):
    surveyed.write("answers.csv", "e1,x1,i1,happy,kind,id\n4,6,much,5,n,7\n4,6,much,5,n,7.0\n")
    case = surveyed.settings("survey: {file: answers.csv, respondent: id}").read()
    assert len(case.survey.people) == 1 and not any(
        "more than once" in w.rule for w in case.warnings
    )
    lines = case.rejected[["row", "column", "value", "reason"]].to_numpy().tolist()
    assert lines == [[3, "id", "7", "is row 2 a second time"]]


def test_kano_words_become_the_five_answers(surveyed):
    codes = "like=1;must=2;neutral=3;live with=4;dislike=5"
    surveyed.write(
        "codebook.csv",
        CODEBOOK
        + f"f,functional,wifi,,,,,{codes}\nd,dysfunctional,wifi,,,,,{codes}\nl,functional,bell,,,,,\n",
    )
    surveyed.write("answers.csv", "f,d,l\nlike,dislike,6\nmust,4,2.5\n3,live with,1\n")
    case = surveyed.settings("survey: {file: answers.csv}").read()
    assert case.survey.answers["functional", "wifi"].tolist() == [1, 2, 3]
    assert case.survey.answers["dysfunctional", "wifi"].tolist() == [5, 4, 4]
    assert case.rejected["reason"].tolist() == [
        "is off the scale 1–5",
        "is not one of the five Kano answers 1–5",
    ]
    assert any(
        "only one of functional and dysfunctional" in str(warning) for warning in case.warnings
    )


def test_a_recommendation_is_a_whole_number_from_0_to_10(surveyed):  # an NPS is of no other
    surveyed.write("codebook.csv", CODEBOOK + "r,recommend,,,,,,\n")
    surveyed.write("answers.csv", "r\n7.5\n11\n10\n")
    case = surveyed.settings("survey: {file: answers.csv}").read()
    assert case.survey.answers["recommend"].iloc[:, 0].dropna().tolist() == [10]
    assert case.rejected["reason"].tolist()[:2] == [
        "is not a whole number, as every answer from 0 to 10 is",
        "is off the scale 0–10",
    ]


def test_yes_and_no_are_numbers_where_a_problem_is_asked_for(surveyed):
    surveyed.write("codebook.csv", CODEBOOK + "p,problem,,,,,0,1=yes;2=no\nr,recommend,,,,,,\n")
    surveyed.write("answers.csv", "p,r\n1,10\n2,0\nyes,11\nNo,5\n0,3\n")
    survey = surveyed.settings("survey: {file: answers.csv}").read().survey
    assert survey.answers["problem", "problem"].fillna(-1).tolist() == [1, 0, 1, 0, -1]
    assert survey.answers["recommend", "recommend"].fillna(-1).tolist() == [10, 0, -1, 5, 3]


def test_reasons_are_counted_one_by_one_though_options_hold_commas(surveyed):
    surveyed.write(
        "codebook.csv",
        CODEBOOK
        + 'e1,experience,speed,service,,,,\nwhy,reason,,,,,none,"near, and open=near;cheap=cheap"\nsaid,verbatim,,,,,,\n',
    )
    surveyed.write(
        "answers.csv",
        'e1,why,said\n4,"cheap, near, and open",ok\n,none,\n,"near, and open, nice people",\n5,,fine\n',
    )
    survey = surveyed.settings("survey: {file: answers.csv}").read().survey
    assert survey.mentions.to_numpy().tolist() == [
        [0, "reason", "cheap"],
        [0, "reason", "near"],
        [1, "reason", "near"],
        [1, "reason", "nice people"],
    ]
    assert survey.verbatims.to_numpy().tolist() == [[0, "verbatim", "ok"], [2, "verbatim", "fine"]]


def test_options_of_one_cell_come_in_the_order_they_were_ticked():
    codes = parse_codes("a=a;a, b=ab;c=c")
    assert options("c, a, b, a", codes) == "c;ab;a"
    assert options("x┋c", codes) == "x;c"
    assert options("1,4", {}) == "1;4"


def test_what_is_plain_stays_plain():
    assert plain(" Ａ–b\n ’c’ ") == "a-b 'c'"


def test_a_subset_that_is_stated_is_used_and_the_others_have_a_line(surveyed):
    surveyed.write("use.csv", "n,use\n1,yes\n2,no\n3,yes\n4,yes\n")
    surveyed.settings(
        "survey: {file: answers.csv, segment: kind, keep: {file: use.csv, column: use}}"
    )
    case = surveyed.read()
    assert case.survey.people["row"].tolist() == [2, 4, 5]
    assert case.rejected.to_numpy().tolist() == [
        ["survey", 3, "use", "no", "not kept: use in use.csv is not yes"]
    ]
    assert "use.csv" in case.inputs
    surveyed.write("use.csv", "n,use\n1,yes\n")
    assert "which has 1 rows to the survey's 4" in str(surveyed.problem())
    surveyed.settings("survey: {file: answers.csv, keep: {file: use.csv, column: used}}")
    assert "Did you mean 'use'?" in str(surveyed.problem())


def test_a_survey_without_a_codebook_is_refused(acme):
    acme.settings("survey: {file: answers.csv}").write("answers.csv", "a\n1\n")
    assert "cannot be read without the table codebook" in str(acme.problem())


def test_an_spss_survey_reads_as_the_csv_does(surveyed):
    expected = surveyed.read().survey
    frame = pd.DataFrame(
        {
            "e1": [4, 6, 99, 5.0],
            "x1": [6, 8, 7, None],
            "i1": [3.0, 2, 3, 1],
            "happy": [5.0, 4, 3, 2],
            "kind": [1.0, 2, 1, 2],
        }
    )
    labels = {"i1": {1.0: "none", 2.0: "some", 3.0: "much"}, "kind": {1.0: "new", 2.0: "old"}}
    surveyed.write(
        "answers.sav",
        lambda path: pyreadstat.write_sav(
            frame, path, variable_value_labels=labels, column_labels={"e1": "How fast was it?"}
        ),
    )
    text = (
        (surveyed.folder / "codebook.csv")
        .read_text()
        .replace("none=0;some=5;much=10", "1=0;2=5;3=10")
        .replace("n=new;o=old", "")
    )
    surveyed.write("codebook.csv", text).settings("survey: {file: answers.sav, segment: kind}")
    (surveyed.folder / "answers.csv").unlink()
    found = surveyed.read().survey
    pd.testing.assert_frame_equal(found.answers, expected.answers)
    assert found.people["kind"].tolist() == expected.people["kind"].tolist()
    assert found.items.loc["speed", "label"] == "How fast was it?"


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_survey_with_decimal_commas(surveyed, delimiter):
    text = "e1,x1,i1,happy,kind\n4.5,6,much,5,n\n6.5,8,some,4,o\n".replace(",", delimiter).replace(
        ".", ","
    )
    survey = surveyed.write("answers.csv", text).read().survey
    assert survey.answers["experience", "speed"].tolist() == [4.5, 6.5]


def test_the_weights_of_roles_are_those_of_the_survey(surveyed):
    surveyed.settings("survey: {file: answers.csv, role: kind}\nrole_weights: {new: 1, boss: 2}")
    assert "'role_weights' names roles that nobody in the survey has: boss" in str(
        surveyed.problem()
    )
    surveyed.settings("survey: {file: answers.csv}\nrole_weights: {nobody: 9}")
    assert "names roles that nobody in the survey has: nobody" in str(surveyed.problem())
    surveyed.settings("survey: {file: answers.csv, role: kind}\nrole_weights: {new: 1}")
    assert "has no weight for roles of the survey: old" in str(surveyed.read().warnings[0])


def test_two_rows_of_the_codebook_cannot_share_a_column(surveyed):
    text = (surveyed.folder / "codebook.csv").read_text() + "E1,experience,ease,price,,,,\n"
    surveyed.write("codebook.csv", text)
    assert "names a column that another row names too in 2 of 6 rows: e1, E1" in str(
        surveyed.problem()
    )


def test_a_survey_of_words_alone_is_read(surveyed):
    surveyed.write("codebook.csv", CODEBOOK + "happy,verbatim,,,,,,\nkind,group,,,,,,\n")
    case = surveyed.read()
    assert case.survey.answers.shape == (4, 0)
    assert len(case.survey.verbatims) == 4 and not len(case.scores) and not len(case.item_scores)


def test_a_codebook_that_is_refused_is_said_once(surveyed):
    assert "codebook.csv: is empty" in str(surveyed.write("codebook.csv", "").problem())


ANSWER = st.sampled_from(["", "4", "7", "11", "99", "x", "10", "-"])


@hypothesis.settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(ANSWER, ANSWER), min_size=1, max_size=8))
def test_no_answer_is_lost_silently(tmp_path_factory, people):  # a law
    folder = tmp_path_factory.mktemp("law") / "acme"
    folder.mkdir()
    (folder / "client.yml").write_text("name: Acme\nsurvey: {file: answers.csv}\n")
    (folder / "codebook.csv").write_text(
        CODEBOOK + "a,experience,s,service,,,99,\nb,expectation,s,service,,,99,\n"
    )
    rows = [("5", "5", "ok"), *((*answers, "ok") for answers in people)]  # one understood at least
    (folder / "answers.csv").write_text(
        "a,b,note\n" + "".join(",".join(row) + "\n" for row in rows)
    )
    case = read_client("acme", folder.parent)
    columns = case.survey.columns.set_index("column").loc[["a", "b"]]
    assert (columns["answered"] == columns["understood"] + columns["left_out"]).all()
    assert (columns[["answered", "missing", "blank"]].sum(axis=1) == len(rows)).all()
    lines = case.rejected[case.rejected["column"] != ""].groupby("column").size()
    assert lines.reindex(["a", "b"], fill_value=0).tolist() == columns["left_out"].tolist()
    silent = case.rejected[case.rejected["column"] == ""]
    assert len(case.survey.people) + len(silent) == len(rows)


TYPED = {
    "e1": ["Int64", "UInt8", "Float32", "int8[pyarrow]", "string[pyarrow]", "category"],
    "happy": ["boolean", "Int8", "bool[pyarrow]"],
    "kind": ["string[python]", "category", "object"],
    "spare": ["timestamp[us][pyarrow]", "datetime64[us]"],
}


@pytest.mark.parametrize(
    ("column", "kind"), [(column, kind) for column, kinds in TYPED.items() for kind in kinds]
)
def test_parquet_says_the_same_whatever_type_a_column_is_kept_in(surveyed, column, kind):
    surveyed.settings("survey: {file: answers.parquet, segment: kind}")
    plain = {
        "e1": [4, None, 9, 5],
        "x1": [6, 8, 7, None],
        "i1": ["much", "some", None, "none"],
        "happy": [1, 1, None, 1],
        "kind": ["n", "o", None, "o"],
        "spare": [*pd.to_datetime(["2024-01-01"] * 3), None],
    }
    table = pd.DataFrame({name: pd.Series(cells) for name, cells in plain.items()})
    if "bool" in kind:
        table["happy"] = table["happy"].astype("boolean")
        book = (surveyed.folder / "codebook.csv").read_text()
        surveyed.write("codebook.csv", book.replace("overall,,,1,5,,", "overall,,,0,1,,yes=1"))
    if kind in ("string[pyarrow]", "category") and column == "e1":
        table["e1"] = table["e1"].map("{:.0f}".format, na_action="ignore")
    table[column] = table[column].astype(kind)
    surveyed.write("answers.parquet", lambda path: table.to_parquet(path))
    survey = surveyed.read().survey
    expected = {"experience": [4, np.nan, 9, 5], "overall": [1, 1, np.nan, 1]}
    for measure, values in expected.items():
        found = survey.answers[measure].iloc[:, 0]
        assert found.tolist() == pytest.approx(values, nan_ok=True)
    assert survey.people["segment"].isna().tolist() == [False, False, True, False]
    assert survey.people["segment"].dropna().tolist() == ["new", "old", "old"]


@pytest.mark.parametrize("odd", [[["a"]] * 4, [{"a": 1}] * 4, [b"\xff"] * 4, [None] * 4], ids=str)
@pytest.mark.parametrize("column", ["e1", "kind", "spare"])
def test_a_type_that_no_answer_has_ends_in_words(surveyed, column, odd):
    surveyed.settings("survey: {file: answers.parquet, segment: kind}")
    table = pd.DataFrame({"e1": [1] * 4, "x1": [2] * 4, "i1": ["much"] * 4, "happy": [1] * 4})
    table = table.assign(kind="n", spare="x")
    table[column] = pd.Series(odd)
    surveyed.write("answers.parquet", lambda path: table.to_parquet(path))
    problems = surveyed.problems()
    blank = odd[0] is None
    assert bool(problems) == (column == "e1" and not blank)
    assert all("e1" in str(each) for each in problems)


def test_a_wave_can_be_named_only_where_a_column_names_the_waves(surveyed):
    for key in ("today: '2024'", "unweighted_waves: ['2024']"):
        surveyed.settings(f"survey: {{file: answers.csv, segment: kind, {key}}}")
        assert "`survey.wave` names no column" in str(surveyed.problem())


def test_segments_too_small_to_be_shown_leave_the_requirements_standing(surveyed):
    # Three in one segment and nobody in the other may be shown: a survey that has only begun.
    kano = "column,measure,item\nkind,group,kind\nif,functional,lift\nnot,dysfunctional,lift\n"
    surveyed.write("codebook.csv", kano)
    surveyed.write("answers.csv", "kind,if,not\n" + "new,1,5\n" * 3 + "old,1,5\n" * 2)
    found = cx.requirement_classes_by_segment(surveyed.read())
    assert len(found) and found["p_same"].isna().all()


def test_a_survey_of_nobody_is_refused(surveyed):
    head = (surveyed.folder / "answers.csv").read_text().splitlines()[0]
    surveyed.write("answers.csv", head + "\n")
    assert "holds no answer: there is a header and no row" in str(surveyed.problem())
    assert surveyed.problem().remedy


def test_weights_of_which_one_drowns_all_others_are_refused(surveyed):
    surveyed.settings("survey: {file: answers.csv, segment: kind, weight: w}")
    lines = (surveyed.folder / "answers.csv").read_text().splitlines()
    weights = ["w", "1000000000", *["1"] * (len(lines) - 2)]
    both = [f"{line},{weight}" for line, weight in zip(lines, weights, strict=True)]
    surveyed.write("answers.csv", "\n".join([*both, ""]))
    assert "differ by more than a million times: 1, 1000000000" in str(surveyed.problem())


def test_a_mark_out_of_the_top_of_its_scale_is_that_mark(acme):
    # 15/20 on a scale to 20 is 15; out of 10 it is another scale, and no number.
    rows = [*(f"{n},{12 + n % 5}" for n in range(12)), "a,15/20", "b,16 / 20", "c,8/10"]
    acme.write("survey.csv", "\n".join(["Id,Accueil", *rows, ""]))
    acme.write("codebook.csv", "column,measure,item,low,high\nAccueil,experience,accueil,0,20\n")
    acme.settings("survey: {file: survey.csv}\nscale: [0, 20]", without="scale")
    case = acme.read()
    assert case.survey.answers["experience", "accueil"].dropna().tail(2).tolist() == [15, 16]
    assert case.rejected["value"].tolist() == ["8/10", ""]
