"""Exports that nobody here has met: how other tools, languages and spreadsheets write what they hold."""

import json
import warnings

import pandas as pd
import pyreadstat
import pytest

from cxlib.client.cells import dates
from cxlib.client.codebook import Plan, with_own_dimensions
from cxlib.client.draft import draft_codebook
from cxlib.client.draft_map import draft_map
from cxlib.client.exports import read_export
from cxlib.client.settings import Settings
from cxlib.client.strays import content_of


def drafted(path, table):
    table.to_csv(path, index=False)
    return draft_codebook(path).set_index("column")


@pytest.mark.parametrize(
    "written, day",
    [
        ("January 5, 2026 3:12 PM", "2026-01-05 15:12"),
        ("5-JAN-2026 12:05 AM", "2026-01-05 00:05"),
        ("Mon, 5 Jan 2026 10:00:00 +0000", "2026-01-05 10:00"),
        ("5. März 2026", "2026-03-05"),
        ("1er février 2026", "2026-02-01"),
        ("5 de enero de 2026", "2026-01-05"),
        ("12 мая 2026", "2026-05-12"),
        ("3 września 2026 9:30", "2026-09-03 09:30"),
        ("13/5/2026 9:00", "2026-05-13 09:00"),
    ],
)
def test_a_day_with_its_month_in_words_can_be_read_in_one_way(written, day):
    found, unread = dates(pd.Series([written], dtype="str"))
    assert found[0] == pd.Timestamp(day) and not unread[0]


@pytest.mark.parametrize("written", ["May 2026", "45 Jan 2026", "3 points 2026", "12:30 AM"])
def test_what_names_no_day_is_none(written):
    assert dates(pd.Series([written], dtype="str"))[1].tolist() == [True]


def test_a_clock_of_twelve_hours_is_read_with_its_half():
    found, _ = dates(pd.Series(["1/5/2026 9:00 AM", "1/25/2026, 11:07 PM"], dtype="str"))
    assert found.tolist() == [pd.Timestamp("2026-01-05 09:00"), pd.Timestamp("2026-01-25 23:07")]


@pytest.mark.parametrize("kind", [float, str])
def test_a_column_of_a_spreadsheets_days_is_one_of_days(kind):
    # Excel's 45658 is the first of January 2025.
    given = pd.Series([45658, 45689.75, None]).map(kind, na_action="ignore")
    found, unread = dates(given if kind is float else given.astype("str"))
    assert found.tolist()[:2] == [pd.Timestamp("2025-01-01"), pd.Timestamp("2025-02-01 18:00")]
    assert pd.isna(found[2]) and not unread.any()
    assert dates(pd.Series([45658, 2.0]))[1].all(), "a number among them is no day"
    ids = pd.Series([str(45658 + n) for n in range(20)], name="form", dtype="str")
    assert content_of(ids) == "identifier"


def test_sliders_in_per_cent_are_a_scale_to_a_hundred(tmp_path):
    # Vietnamese, decimal commas: 40,5% to 89,5%; asked from 0% to 100%.
    given = {"Giá cả:Mức độ hài lòng (0%–100%)": [f"{k},5%" for k in range(40, 90)],
             "Giá cả:Mức độ quan trọng (0%–100%)": [f"{k}%" for k in range(50, 100)]}  # fmt: skip
    draft = drafted(tmp_path / "s.csv", pd.DataFrame(given))
    assert draft["measure"].tolist() == ["satisfaction", "importance"]
    assert draft[["low", "high", "coverage"]].astype(float).values.tolist() == [[0, 100, 1]] * 2


@pytest.mark.parametrize(
    "span, ends, missing",
    [((-3, 3), [-3, 3], ""), ((-2, 3), [-3, 3], ""), ((-2, 10), [0, 10], {"-1", "-2"})],
)
def test_steps_below_nought_are_no_codes_where_they_mirror_those_above(
    tmp_path, span, ends, missing
):
    low, high = span
    given = {"sat_staff": [low + k % (high - low + 1) for k in range(140)]}
    if missing == "":
        given["sat_rooms"] = [k % 7 - 3 for k in range(140)]
    row = drafted(tmp_path / "s.csv", pd.DataFrame(given)).loc["sat_staff"]
    assert row[["low", "high"]].tolist() == ends
    assert row["missing"] == "" if missing == "" else set(row["missing"].split(";")) == missing


def test_a_recommendation_with_a_word_at_its_end_is_from_nought_to_ten(tmp_path):
    # Nobody gave a 0: 'SurveyMonkey' writes the word of an end beside its number alone.
    given = [str(k) for k in range(1, 10)] * 6 + ["10 - Extremely likely"] * 6
    heads = "How likely are you to recommend us to a friend?"
    row = drafted(tmp_path / "s.csv", pd.DataFrame({heads: given})).loc[heads]
    assert row[["measure", "low", "high"]].tolist() == ["recommend", 0, 10]


SCALES = {
    "What is your star rating?": ["ONE", "TWO", "THREE", "FOUR", "FIVE"],
    "What grade would you give the staff?": ["F", "E", "D", "C", "B", "A"],
}


@pytest.mark.parametrize("question", SCALES)
def test_stars_in_words_and_marks_in_letters_rise(tmp_path, question):
    words = SCALES[question]
    table = pd.DataFrame({question: [words[k % len(words)] for k in range(60)]})
    row = drafted(tmp_path / "s.csv", table).loc[question]
    assert row["codes"] == ";".join(f"{word}={n}" for n, word in enumerate(words, 1))


@pytest.mark.parametrize("more, measure", [({}, "overall"), ({"Food rating": [3, 4, 5] * 20}, "overall")])  # fmt: skip
def test_a_lone_rating_of_nothing_in_particular_is_overall(tmp_path, more, measure):
    given = {"star_rating": ["TWO", "FOUR", "FIVE", "ONE", "THREE"] * 12, "Shop": ["a", "b"] * 30}
    draft = drafted(tmp_path / "s.csv", pd.DataFrame(given | more))
    assert draft.loc["star_rating", "measure"] == measure


def test_the_scale_that_a_question_opens_with_is_not_what_it_is_about(tmp_path):
    asked = "On a scale of 1 to 4, how satisfied are you with the {}?"
    given = {asked.format(thing): [k % 4 + 1 for k in range(60)] for thing in ("class", "bar")}
    assert drafted(tmp_path / "s.csv", pd.DataFrame(given))["label"].tolist() == ["Class", "Bar"]


def test_russian_labels_of_four_steps_and_a_nine_that_is_no_answer(tmp_path):
    labels = {1: "Совершенно не удовлетворён", 2: "Скорее не удовлетворён",
              3: "Скорее удовлетворён", 4: "Полностью удовлетворён", 9: "Затрудняюсь ответить"}  # fmt: skip
    table = pd.DataFrame({f"v{k}": [1.0, 2, 3, 4, 9] * 20 for k in range(3)})
    table = table.assign(ves=[0.75, 1.25] * 50, prob=[1.0, 2, 2, 2] * 25)
    asked = [f"Насколько Вы удовлетворены {thing}?" for thing in ("связью", "ценой", "сайтом")]
    asked += ["Вес", "Были ли у Вас проблемы за последний месяц?"]
    values = {f"v{k}": labels for k in range(3)} | {"prob": {1: "Да", 2: "Нет"}}
    pyreadstat.write_sav(
        table, tmp_path / "s.sav", column_labels=asked, variable_value_labels=values
    )
    draft = draft_codebook(tmp_path / "s.sav").set_index("column")
    assert draft.loc["v0", ["low", "high", "missing"]].tolist() == [1, 4, "9"]
    assert draft.loc["prob", "measure"] == "problem"
    assert "`survey.weight: ves`" in draft.loc["ves", "why"]


def test_a_store_of_few_values_is_compared_and_may_be_a_cluster(tmp_path):
    given = {"How important is parking?": [k % 5 + 1 for k in range(60)], "Store": ["Town", "Mall"] * 30}  # fmt: skip
    draft = drafted(tmp_path / "s.csv", pd.DataFrame(given))
    assert draft.loc["Store", "measure"] == "group"
    assert "`survey.cluster: Store`" in draft.loc["Store", "why"]
    given["Store"] = [f"shop {k}" for k in range(60)]
    assert drafted(tmp_path / "s.csv", pd.DataFrame(given)).loc["Store", "measure"] == ""


def test_an_account_in_polish_says_that_answers_are_answers(tmp_path):
    heads = ["StartDate", "EndDate", "Status", "Finished", "ResponseId", "Q1", "Q2_NPS_GROUP", "Q2"]
    texts = ["Od", "Do", "Typ odpowiedzi", "Zakończono", "ID", "Ocena", "Grupa", "Czy polecisz nas?"]  # fmt: skip
    ids = [json.dumps({"ImportId": f"QID{k}"}) for k in range(8)]
    day = "2026-09-01 08:00:00"
    rows = [[day, day, "Adres IP", "Prawda", f"R_{k}", k % 5 + 1, "Krytyk", k % 11] for k in range(30)]  # fmt: skip
    rows += [[day, day, "Podgląd ankiety", "Prawda", "R_p", 5, "Krytyk", 0]]
    rows += [[day, day, "Adres IP", "Fałsz", "R_u", 5, "Krytyk", 0]]
    path = tmp_path / "q.tsv"
    pd.DataFrame([heads, texts, ids, *rows]).to_csv(
        path, sep="\t", header=False, index=False, encoding="utf-16"
    )
    found = read_export(path)
    assert len(found.frame) == 30 and not found.warnings
    assert "Q2_NPS_GROUP" not in found.questions  # the tool reckons it from Q2


NOTES = ["", "", "Copyright (c) 2000-2026 a vendor", "Confidential Information", "Acme Corp."]


def test_notes_beneath_a_text_file_are_passed_over_and_said(tmp_path):
    heads = "Case Number,Case Reason,Status,Opened Date/Time,Closed Date/Time"
    rows = [
        f"{100 + k},{'Billing' if k % 2 else 'Delivery'},{'Closed' if k % 5 else 'Working'},"
        f"1/{1 + k % 28}/2026 9:00 AM,{f'1/{1 + k % 28}/2026 3:00 PM' if k % 5 else ''}"
        for k in range(60)
    ]
    path = tmp_path / "cases.csv"
    path.write_text("\n".join([heads, *rows, "Grand Totals (60 records),,,,", *NOTES]), "utf-8")
    found = read_export(path)
    assert len(found.frame) == 60
    said = found.rejected.set_index("row")["reason"].to_dict()
    assert said == {62: "sums up the rows above"} | dict.fromkeys(
        (65, 66, 67), "is a note beneath the table"
    )
    draft = draft_map(path).set_index("is")
    assert draft.loc["resolved", ["column", "values"]].tolist() == [
        "Status",
        "Working=no;Closed=yes",
    ]
    assert draft.loc["hours_to_resolve", "column"] == "Closed Date/Time - Opened Date/Time"
    assert draft.loc["reason", "column"] == "Case Reason"


def test_a_reason_that_every_case_has_is_none(tmp_path):
    # A help desk's 'Ticket type' is Problem throughout; the subjects differ.
    table = pd.DataFrame({"Id": range(900, 940), "Ticket type": "Problem", "Subject": ["late", "lost"] * 20,
                          "Created at": "2026-06-01 08:00:00 +0000", "Status": ["Open", "Closed"] * 20})  # fmt: skip
    table.to_csv(tmp_path / "t.csv", index=False)
    assert draft_map(tmp_path / "t.csv").set_index("is").loc["reason", "column"] == "Subject"


@pytest.mark.parametrize("word", ["รวม", "المجموع", "Tổng cộng", "ค่าเฉลี่ย"])
def test_a_row_of_totals_is_known_in_other_scripts(tmp_path, word):
    table = pd.DataFrame({"no": [*range(1, 21), word], "score": [*[1, 2, 3, 4] * 5, 50]})
    table.to_csv(tmp_path / "s.csv", index=False)
    assert len(read_export(tmp_path / "s.csv").frame) == 20


SETTINGS = Settings.model_construct(scale=(1, 5), importance_scale=(1, 5), dimensions={})


def test_items_that_stand_for_themselves_are_named_in_the_surveys_words():
    rows = [["q1", "experience", "item_01", "نظافة المكان"], ["q2", "experience", "speed", None]]
    table = pd.DataFrame(rows, columns=["column", "measure", "item", "label"])
    _, settings, (said,) = with_own_dimensions(table, SETTINGS, "codebook.csv")
    assert "stands for itself: نظافة المكان, speed." in str(said)
    assert settings.dimensions == {"item_01": "نظافة المكان", "speed": "speed"}


@pytest.mark.parametrize("blank", ["item", "dimension", "label"])
def test_a_codebooks_column_that_is_all_blank_is_one_of_texts(blank):
    given = {"item": ["a", "b"], "dimension": ["product", None], "label": ["A", "B"]}
    table = pd.DataFrame({"column": ["q1", "q2"], "measure": ["experience", "group"], **given})
    table[blank] = float("nan")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with_own_dimensions(table, SETTINGS, "codebook.csv")
        assert not Plan(table, ["q1", "q2"], "s.csv", SETTINGS, (), "codebook.csv").problems


def test_a_row_of_import_ids_tells_the_tool_where_its_own_columns_were_deleted(tmp_path):
    ids = [json.dumps({"ImportId": name}) for name in ("QID1_1", "QID1_2", "QID2")]
    texts = ["How satisfied are you with: - Staff", "How satisfied are you with: - Price", "Why?"]
    rows = [[k % 5 + 1, k % 4 + 1, "dear"] for k in range(30)]
    path = tmp_path / "q.csv"
    pd.DataFrame([["Q1_1", "Q1_2", "Q2"], texts, ids, *rows]).to_csv(
        path, header=False, index=False
    )
    found = read_export(path)
    assert found.tool == "qualtrics" and len(found.frame) == 30
    assert found.raw.wordings["Q1_2"].endswith("Price")
    # An answer that speaks of it is an answer.
    asked = [
        ["Rate us", "Notes"],
        [3, 'the "ImportId" is wrong'],
        *[[k % 5 + 1, "ok"] for k in range(20)],
    ]
    pd.DataFrame(asked).to_csv(path, header=False, index=False)
    found = read_export(path)
    assert found.tool == "plain" and len(found.frame) == 21
