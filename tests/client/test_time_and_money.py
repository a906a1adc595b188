"""Files whose quarters, years and amounts are written as people write them, read to the end."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import cxlib as cx

CODEBOOK = "column,measure,item,dimension,low,high\nq,experience,desk,service,1,5\n"


def survey(waves, scores=None):
    """A survey of one question: one line per wave and score."""
    lines = [f"{wave},{score}" for wave in waves for score in (scores or {}).get(wave, [3, 4])]
    return "\n".join(["wave,q", *lines, ""])


@pytest.fixture
def asked(acme):
    def make(waves, more="", scores=None):
        acme.settings(f"survey: {{file: s.csv, wave: wave{more}}}").write("codebook.csv", CODEBOOK)
        return acme.write("s.csv", survey(waves, scores))

    return make


def test_the_last_quarter_is_today_however_it_is_named(asked):
    scores = {"Q4 2024": [1, 2] * 20, "Q1 2025": [2, 3] * 20, "Q2 2025": [4, 5] * 20}
    case = asked(["Q4 2024", "Q2 2025", "Q1 2025"], scores=scores).read()
    assert case.survey.waves == ["Q4 2024", "Q1 2025", "Q2 2025"]
    assert case.scores.query("dimension == 'service'")["experience"].iloc[0] == 4.5
    changes = cx.waves(case).set_index("wave")["difference"]
    assert changes[["Q1 2025", "Q2 2025"]].tolist() == pytest.approx([1, 2])
    assert np.isnan(changes["Q4 2024"])


def test_where_the_order_of_waves_is_not_told_today_is_asked_for(asked):
    problem = asked(["pilot", "main"]).problem()
    assert "nothing tells the order" in problem.rule
    assert "survey.today" in problem.remedy
    case = asked(["pilot", "main"], ", today: pilot").read()
    assert case.survey.waves == ["main", "pilot"]
    assert case.latest.people["wave"].unique().tolist() == ["pilot"]
    three = asked(["pilot", "main", "extra"], ", today: main").read()
    assert any("nothing tells the order" in each.rule for each in three.warnings)


def test_a_wave_that_has_only_begun_is_said_and_asks_for_no_decision(asked):
    scores = {"2025-Q1": [2, 3] * 20, "2025-Q2": [4] * 9}
    case = asked(list(scores), scores=scores).read()
    (said,) = [str(each) for each in case.warnings if "last wave" in each.rule]
    assert "2025-Q2" in said and "survey.today: 2025-Q1" in said
    page = cx.open_page(case)  # no "every experience is at its ideal" of what nobody is told
    assert not page.sentences("spending", cx.where_to_spend(cx.gaps(case)))
    for more, last in ((", today: 2025-Q2", 9), ("", 10)):
        case = asked(list(scores), more, scores | {"2025-Q2": [4] * last}).read()
        assert not [each for each in case.warnings if "last wave" in each.rule]


def test_the_labels_of_waves_may_say_their_order(asked):
    client = asked(["pilot", "main"])
    client.settings("survey: {file: s.csv, wave: wave}\nlabels: {wave: {pilot: Pilot, main: Main}}")
    assert client.read().survey.waves == ["pilot", "main"]


@pytest.mark.parametrize(
    ("by", "waves"),
    [
        ("month", ["2024-11", "2025-01", "2025-04"]),
        ("quarter", ["2024-Q4", "2025-Q1", "2025-Q2"]),
        ("half", ["2024-H2", "2025-H1"]),
        ("year", ["2024", "2025"]),
    ],
)
@pytest.mark.parametrize("key", ["date", "wave"])
def test_a_column_of_dates_makes_the_waves(acme, by, waves, key):
    acme.settings(f"survey: {{file: s.csv, {key}: day, by: {by}}}").write("codebook.csv", CODEBOOK)
    days = ["2025-01-31", "2024-11-02", "2025-04-01"]
    acme.write("s.csv", "day,q\n" + "".join(f"{day},4\n" for day in days) + "soon,5\n")
    case = acme.read()
    assert case.survey.waves == waves
    lines = case.rejected.set_index("row")["reason"]  # and who has no day is in no wave
    assert lines[5].tolist() == [
        "is not a date that can be read in one way only",
        "has no day to tell its wave by",
    ]


def test_waves_of_dates_need_a_column_of_dates(acme):
    acme.settings("survey: {file: s.csv, by: month}").write("codebook.csv", CODEBOOK)
    acme.write("s.csv", "day,q\n2025-01-31,4\n")
    assert acme.problem().column == "survey.by"


def sales(extra=()):
    """Forty invoices of 100, one a week from 2024-01-01, and others."""
    days = [dt.date(2024, 1, 1) + dt.timedelta(weeks=week) for week in range(40)]
    lines = [f"c{n % 8},{day},100" for n, day in enumerate(days)]
    return "\n".join(["customer,date,amount", *lines, *extra, ""])


@pytest.mark.parametrize("typed", ["2085-03-01", "2031-03-01", "2026-02-20"])
def test_one_mistyped_year_does_not_move_today(acme, typed):
    # 2024 and 40 weeks: a day in 2026 is further off than all others span, and more than a year.
    case = acme.write("transactions.csv", sales([f"c1,{typed},400"])).read()
    assert case.tables["transactions"]["date"].max() == pd.Timestamp("2024-09-30")
    assert case.rejected[["row", "value"]].astype(str).values.tolist() == [["42", typed]]
    assert any(typed in each.value and each.row == "42" for each in case.warnings)


def test_late_days_that_are_no_slips_stay(acme):
    extra = ["c1,2025-03-01,100"]  # five months later
    assert len(acme.write("transactions.csv", sales(extra)).read().tables["transactions"]) == 41
    extra = [f"c{n},2026-02-{n + 1:02},100" for n in range(8)]  # many, though long after
    assert len(acme.write("transactions.csv", sales(extra)).read().tables["transactions"]) == 48


def test_a_customer_is_kept_whose_last_purchase_is_still_to_come(acme):
    rows = [f"c{n},2024-03-{n % 28 + 1:02}" for n in range(30)]
    acme.write("customers.csv", "\n".join(["customer,last_purchase", *rows, "late,2085-01-01", ""]))
    table = acme.read().tables["customers"].set_index("customer")
    assert len(table) == 31
    assert pd.isna(table.loc["late", "last_purchase"])
    due = "finding,due\nslow,2085-01-01\n"  # what is to be done may well be
    assert acme.write("actions.csv", due).read().tables["actions"]["due"].notna().all()


def amounts(acme, cells, header="amount"):
    rows = [f'c{n};2024-01-{n + 1:02};"{cell}"' for n, cell in enumerate(cells)]
    return acme.write("transactions.csv", "\n".join([f"customer;date;{header}", *rows, ""]))


@pytest.mark.parametrize(
    ("cells", "total"),
    [
        (["1,20,000", "99,999", "500"], 220_499),
        (["300", "(120)", "1,200.50"], 1380.5),
        (["300", "120-"], 180),
        (["400.000", "180.000,00"], 580_000),
        (["1 234,5", "1\u202f000"], 2234.5),
        (["1'234.50", "12"], 1246.5),
        (["−1,5", "3"], 1.5),
        (["€ 1.200,00", "300 €"], 1500),
        (["12.5", "3,5"], 16),
    ],
)
def test_amounts_are_read_by_their_columns_habit(acme, cells, total):
    case = amounts(acme, cells).read()
    assert case.tables["transactions"]["amount"].sum() == pytest.approx(total)
    assert case.rejected.empty


def test_amounts_of_two_readings_are_asked_for(acme):
    problem = amounts(acme, ["400.000", "95.000"]).problem()
    assert problem.column == "amount"
    assert "two ways" in problem.rule
    assert "400 or 400,000" in problem.value
    assert acme.settings('decimal: ","').read().tables["transactions"]["amount"].sum() == 495_000
    assert acme.settings('decimal: "."').read().tables["transactions"]["amount"].sum() == 495


def test_the_cell_that_contradicts_its_column_is_named_and_no_other(acme):
    problem = amounts(acme, ["1.250,00", "3.500,75", "12,5", "1,250.00"]).problem()
    assert (problem.value, problem.row, problem.count) == ("1,250.00", "5", 1)


def test_numbers_of_one_form_that_is_not_read_refuse_the_table(acme):
    problem = amounts(acme, ["300", "120 CR", "80 CR"]).problem()
    assert "one form" in problem.rule
    assert "9 CR" in problem.rule
    case = amounts(acme, ["300", "soon", "80"]).read()  # a slip costs its own row
    assert case.rejected["value"].tolist() == ["soon"]


def test_a_share_above_one_is_in_per_cent_where_all_are(acme):
    def shares(*cells):
        rows = [f"r{n},{cell}" for n, cell in enumerate(cells)]
        return acme.write("brand_values.csv", "\n".join(["reason,share", *rows, ""]))

    case = shares(22, 61.5, 0).read()
    assert case.tables["brand_values"]["share"].tolist() == pytest.approx([0.22, 0.615, 0])
    assert "per cent" in case.warnings[0].rule
    assert shares("22 %", ".3").read().tables["brand_values"]["share"].tolist() == pytest.approx(
        [0.22, 0.3]
    )
    assert shares(22, 61, 0.3).problem().value == "0.3"  # the odd one, not the others
    assert shares(0.2, 0.6, 22).problem().value == "r2 (22)"


def test_per_cent_is_of_a_share_and_of_no_score(acme):
    for name, text in {
        "scores.csv": "dimension,experience\nproduct,80%\n",
        "initiatives.csv": "initiative,cost\nshop,22%\n",
    }.items():
        assert acme.write(name, text).problem().rule == "is not a number"
        (acme.folder / name).unlink()
    kpis = "kpi,period,value,target\non time,2024,92.5%,95 %\n"
    row = acme.write("kpis.csv", kpis).read().tables["kpis"].iloc[0]
    assert (row["value"], row["target"]) == (pytest.approx(0.925), pytest.approx(0.95))


def test_bounds_and_other_columns_may_leave_one_reading(acme):
    head = "initiative;cost;uplift"
    acme.write("initiatives.csv", f"{head}\nshop;400.000;1,5\nsite;95.000;0,5\n")
    assert acme.read().tables["initiatives"]["cost"].tolist() == [400_000, 95_000]
    acme.write("initiatives.csv", f"{head}\nshop;400.000;1.5\nsite;95.000;0.5\n")
    assert acme.problem().column == "cost"  # four hundred, with three decimals? nobody can tell
    (acme.folder / "initiatives.csv").unlink()
    acme.write("scores.csv", "dimension;experience\nproduct;6.500\nservice;7.250\nprice;\n")
    assert acme.read().tables["scores"]["experience"].tolist()[:2] == [6.5, 7.25]


def test_a_codebook_of_groups_alone_is_refused(acme):
    acme.settings("survey: {file: s.csv}")
    acme.write("codebook.csv", "column,measure\ngender,group\ncity,group\n")
    acme.write("s.csv", "gender,city,q\nf,Oslo,3\nm,Rome,4\n")
    problem = acme.problem()
    assert problem.file.endswith("codebook.csv")
    assert "no question that people rate or answer in words" in problem.rule
    assert "gender, city" in problem.remedy


def test_a_codebook_that_keeps_fewer_than_half_of_the_people_is_warned_of(acme):
    acme.settings("survey: {file: s.csv}").write("codebook.csv", CODEBOOK)
    acme.write("s.csv", "wave,q\n" + "1,3\n" * 2 + "1,\n" * 3)
    said = [str(each) for each in acme.read().warnings]
    assert any("keeps 2 of 5 people" in each for each in said)
    acme.write("s.csv", "wave,q\n" + "1,3\n" * 3 + "1,\n" * 2)
    assert not any("of 5 people" in str(each) for each in acme.read().warnings)
