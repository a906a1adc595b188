"""Files in which not every row is an answer, nor every column a rating: libraries, banks, desks, hospitals."""

import pandas as pd
import pytest

import cxlib as cx
from cxlib.analysis.client_brief import not_used
from cxlib.analysis.verdict import learn_of, verdict
from cxlib.client.case import read_client
from cxlib.client.draft import draft_codebook, draft_summary
from cxlib.client.template import new_client
from cxlib.page import open_page
from cxlib.page.screen import words_of
from cxlib.run.cli import main


def drafted(folder, columns: dict) -> pd.DataFrame:
    pd.DataFrame(columns).to_csv(folder / "a.csv", index=False)
    return draft_codebook(folder / "a.csv").set_index("column")


def test_a_time_of_day_is_no_address_and_a_day_may_have_a_year_of_two_digits(tmp_path):
    found = drafted(tmp_path, {
        "Time": [f"{9 + n % 9:02}:{n % 60:02}:00" for n in range(80)], "AvgTalkDuration": ["00:03:25", "0:41"] * 40,
        "From": ["2001:db8::7", "fe80:0:0:0:1:2:3:4"] * 40, "Asked": ["18-May-18", "01-Jun-19"] * 40,
        "Satisfaction rating": [1, 3, 4, 5] * 20,
    })  # fmt: skip
    assert found["why"].str.contains("time of day").tolist() == [True, True, False, False, False]
    assert found["why"]["From"] == "network addresses"
    assert "`survey.date: Asked`" in found["why"]["Asked"]


def test_a_scale_of_nine_is_told_from_one_of_ten(tmp_path):
    """LibQUAL+ asks for perceived and desired service from 1 to 9; nobody gave a whole column's ends."""
    asked = {"Staff": [2, 5, 7, 9], "Quiet": [1, 4, 6, 8], "Journals": [3, 5, 8, 9]}
    columns = {f"{name} - Perceived": marks * 25 for name, marks in asked.items()}
    columns |= {f"{name} - Desired": [6, 7, 8, 9] * 25 for name in asked}
    found = drafted(tmp_path, columns)
    assert found["measure"].tolist() == ["experience"] * 3 + ["expectation"] * 3
    assert found[["low", "high"]].drop_duplicates().values.tolist() == [[1, 9]]
    few = drafted(tmp_path, {name: marks[:4] * 3 for name, marks in columns.items()})
    assert few["high"].unique().tolist() == [10]  # 12 answers each: 10 may be there, and not given


def test_columns_of_one_scale_to_nine_say_nothing_of_those_of_another(tmp_path):
    columns = {f"Rate {name}": [1, 2, 4, 5] * 25 for name in ("beds", "food", "staff")}
    columns |= {f"How important is {name}?": [0, 2, 3, 5] * 25 for name in ("beds", "food", "staff")}  # fmt: skip
    found = drafted(tmp_path, columns)
    assert found["low"].tolist() == [1, 1, 1, 0, 0, 0]


def test_steps_of_another_scale_are_spread_over_that_of_most(tmp_path):
    """Low, medium, high beside ratings of 1 to 10 is 1, 5.5, 10: percent of maximum possible."""
    client = new_client("shop", tmp_path)
    columns = {"ProductQuality": [1, 4, 7, 10] * 30, "ServiceQuality": [1, 5, 8, 10] * 30,
               "FeedbackScore": ["Low", "Medium", "High", "High"] * 30,
               "SatisfactionScore": [61.25, 80.5, 93.75, 100.0] * 30}  # fmt: skip
    pd.DataFrame(columns).to_csv(client / "a.csv", index=False)
    assert main(["codebook", str(client / "a.csv")]) == 0
    draft = pd.read_csv(client / "codebook.csv").set_index("column")
    assert draft["measure"].tolist() == ["experience"] * 3 + ["overall"]
    assert "its 1 to 3 spread evenly over 1 to 10" in draft["why"]["FeedbackScore"]
    answers = read_client("shop", tmp_path).survey.answers
    assert answers["experience"].mean()["feedback"] == (1 + 5.5 + 10 + 10) / 4
    assert answers["overall"].mean().tolist() == [(61.25 + 80.5 + 93.75 + 100) / 4]


def test_a_rate_of_pay_is_no_rating_and_a_score_on_no_scale_is_told(tmp_path):
    found = drafted(tmp_path, {
        "HourlyRate": [*range(30, 100)] * 2, "CreditScore": [*range(350, 490)], "Would you enroll again (1-7)": [1, 3, 5, 7] * 35,
        "Rate the food": [1, 2, 4, 5] * 35,
    })  # fmt: skip
    assert found["measure"].tolist() == ["", "", "repurchase", "experience"]
    assert (
        "no rating" in found["why"]["HourlyRate"] and "on no scale" in found["why"]["CreditScore"]
    )


def test_names_that_come_again_are_no_open_answers(tmp_path):
    names = [f"Hospital {n}" for n in range(40)] * 5
    said = [f"The nurse came late, {n} times" for n in range(200)]
    columns = {"Facility": names, "Q2": said, "Comments": names, "Rate us": [1, 3, 4, 5] * 50}
    found = drafted(tmp_path, columns)
    assert found["measure"].tolist() == ["", "verbatim", "verbatim", "overall"]
    assert "40 different texts" in found["why"]["Facility"]


def test_shares_counted_before_are_told_and_the_answer_is_what_differs_within_a_person(tmp_path):
    rows = [
        (f"H{h}", q, 60 + h + k, 300 + h)
        for h in range(12)
        for k, q in enumerate(("Nurses", "Doctors", "Quiet"))
    ]
    table = pd.DataFrame(rows, columns=["Facility", "Question", "Answer percent", "Surveys"])
    table.to_csv(tmp_path / "a.csv", index=False)
    assert "counted before (Answer percent)" in draft_summary(draft_codebook(tmp_path / "a.csv"))
    table.rename(columns={"Answer percent": "Mark"}).to_csv(tmp_path / "a.csv", index=False)
    assert "try --long 'Facility,Question,Mark'" in draft_summary(draft_codebook(tmp_path / "a.csv"))  # fmt: skip


def test_nobody_is_compared_by_surname(tmp_path):
    client = new_client("bank", tmp_path)
    people = {"customer": range(80), "churned": ["yes", "no", "no", "no"] * 20,
              "Surname": ["Hill", "Chu", "Boni", "Onio", "Mitchell"] * 16, "Card": ["gold", "blue"] * 40}  # fmt: skip
    pd.DataFrame(people).to_csv(client / "customers.csv", index=False)
    case = read_client("bank", tmp_path)
    assert not {"Surname"} & {*cx.leaving(case)["grouping"]}
    said = not_used(case).set_index("column")["reason"]
    assert said["Surname"] == "no rule reads it" and "compared" in said["Card"]


def test_where_what_matters_was_not_asked_a_tie_calls_for_asking_it():
    tied = {"kind": "tied", "derived": True}
    assert learn_of({}, tied, {}, {}) == {"code": "importance"}
    assert learn_of({}, tied | {"derived": False}, {}, {}) == {"code": "apart"}


@pytest.mark.parametrize(
    "periods, wave",
    [(["2025-Q1", "2025-Q2", "2026-Q1"], True), (["Q4 2025", "Q1 2026", "Q2 2026"], True),
     (["2026年3月", "2026年4月", "2026年5月"], True),
     (["2025년 1분기", "2025년 2분기", "2025년 3분기"], True), (["A-Q1", "B-Q1", "C-Q1"], False)],
)  # fmt: skip
def test_quarters_and_months_of_a_year_are_waves(tmp_path, periods, wave):
    found = drafted(tmp_path, {"date": periods * 20, "nps_score": [0, 6, 8, 10] * 15})
    assert ("`survey.wave: date`" in found["why"]["date"]) == wave


def test_what_is_asked_openly_is_no_reason_and_no_group(tmp_path):
    said = ["Late", "Good price", "Broken box", "Nothing"]
    columns = {"nps_score": [0, 6, 8, 10] * 15, "nps_reason": said * 15, "What would make you stay longer?": said * 15,
               "Mitä voisimme parantaa?": said * 15, "Kuinka usein käytte?": ["Viikoittain", "Harvoin"] * 30}  # fmt: skip
    found = drafted(tmp_path, columns)
    assert found["measure"].tolist() == ["recommend", "verbatim", "verbatim", "verbatim", "group"]
    assert found["why"].iloc[-1] == "its words say frequency"


def test_a_japanese_inn_asks_whether_one_comes_again_and_a_pole_of_all(tmp_path):
    columns = {"またご利用いただけますか": ["いいえ", "わからない", "はい", "はい"] * 15, "Ocena ogólna (1-6)": [1, 4, 5, 6] * 15,
               "Ocena obsługi (1-6)": [1, 4, 5, 6] * 15, "Quality (avg)": [3.1, 4.2, 4.9, 3.8] * 15}  # fmt: skip
    found = drafted(tmp_path, columns)
    assert found["measure"].tolist() == ["repurchase", "overall", "experience", ""]
    assert found["label"]["Ocena obsługi (1-6)"] == "Ocena obsługi"  # "Obsługi" names nothing
    assert found["sure"]["Ocena ogólna (1-6)"] and "average" in found["why"]["Quality (avg)"]


def test_a_bus_companys_log_is_cases_and_not_reasons_for_choosing_it(tmp_path, capsys):
    log = {"Nº expediente": [f"EXP-{n:04}" for n in range(60)], "Fecha de entrada": [f"{n % 28 + 1:02}/03/2026" for n in range(60)],
           "Motivo": ["Retraso", "Trato", "Cobro"] * 20, "Estado": ["Cerrado", "Abierto"] * 30,
           "Resuelto a favor del cliente": ["Sí", "No", "No"] * 20, "Días de respuesta": [*range(60)]}  # fmt: skip
    pd.DataFrame(log).to_csv(tmp_path / "log.csv", index=False)
    assert main(["map", str(tmp_path / "log.csv")]) == 0
    mapped = pd.read_csv(tmp_path / "complaints.map.csv").dropna(subset=["is"]).set_index("is")
    assert mapped["column"].to_dict() == {
        "case": "Nº expediente", "date": "Fecha de entrada", "reason": "Motivo", "resolved": "Estado",
        "hours_to_resolve": "Días de respuesta * 24",
    }  # fmt: skip


def test_a_mean_of_answers_keeps_its_nought(tmp_path):
    client = new_client("pool", tmp_path)
    pd.DataFrame({"How satisfied are you with the showers?": [1, 2, 4, 5] * 30}).to_csv(
        client / "a.csv", index=False
    )
    assert main(["codebook", str(client / "a.csv")]) == 0
    case = read_client("pool", tmp_path)
    said = words_of(open_page(case, tmp_path / "reports"), verdict(case))
    assert said["answer"].endswith("rated 3.0.") and said["fix"][2] == "3.0 of 5"


def test_a_statement_that_leads_stands_in_quotation_marks(tmp_path):
    client = new_client("planly", tmp_path)
    agreed = ["Strongly disagree", "Disagree", "Neither agree nor disagree", "Agree", "Strongly agree"]  # fmt: skip
    columns = {name: [agreed[n] for n in marks] * 30 for name, marks in {
        "The price is fair": (0, 0, 1, 2, 3, 4), "It saves me time": (0, 1, 2, 3, 4, 4), "Support answers quickly": (0, 1, 3, 4, 4, 2)}.items()}  # fmt: skip
    pd.DataFrame(columns).to_csv(client / "a.csv", index=False)
    assert main(["codebook", str(client / "a.csv")]) == 0
    case = read_client("planly", tmp_path)
    said = words_of(open_page(case, tmp_path / "reports"), verdict(case))
    assert said["answer"] == "“The price is fair” is rated lowest: 2.7." and said["fix"][1] == "“The price is fair”"  # fmt: skip
