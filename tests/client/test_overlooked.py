"""Nothing that was sent is used for nothing in silence, replaced in silence, or cannot be true."""

import json
import shutil
from dataclasses import replace
from types import SimpleNamespace

import pytest

from cxlib.analysis.client_brief import what_was_read
from cxlib.analysis.experience_expectation import gaps
from cxlib.analysis.grounds import whom
from cxlib.analysis.verdict import verdict
from cxlib.client.case import read_client
from cxlib.client.client_yml import amounts_to_look_at, read_settings
from cxlib.client.overlooked import BEARS_ON, without_table
from cxlib.client.release import released
from cxlib.client.settings import KEYS, Settings
from cxlib.client.template import new_client
from cxlib.run.cli import main
from tests.conftest import DATA

TREE = """\
churn_cost:
  negative: 0.22
  complain: 0.02
  complained: {retained: .38, at_risk: .34, lost: .28}
  silent: {at_risk: .55, lost: .45}
"""


def said(client):
    return [str(warning) for warning in client.read().warnings]


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("Revenue 2025", "revenue"),
        ("Left", "churned"),
        ("Kundensegment", "segment"),
        ("revenues", "revenue"),
        ("colour", ""),
    ],
)
def test_a_column_that_no_rule_understood_is_named_with_the_nearest_right_one(acme, header, meant):
    acme.write("customers.csv", f"customer,margin,{header}\na,1,x\nb,2,y\n")
    found = [each for each in said(acme) if f"'{header}' is not a column" in each]
    assert len(found) == bool(meant)
    assert all(f"'{meant}'" in each for each in found)
    assert any(line.endswith(f"customers: {header}.") for line in what_was_read(acme.read()))


def test_a_table_of_names_alone_is_not_all_well(acme, capsys):
    acme.write("customers.csv", "customer,colour\na,red\nb,blue\n")
    assert any("has no column that says anything of a customer" in each for each in said(acme))
    assert main(["check", "acme", "--data", str(acme.data)]) == 0
    assert "all well" not in capsys.readouterr().out
    acme.write("customers.csv", "customer,margin\n" + "".join(f"{n},1\n" for n in range(10)))
    main(["check", "acme", "--data", str(acme.data)])
    assert "acme: all well." in capsys.readouterr().out
    rows = "".join(f"{n},1,red\n" for n in range(10))
    acme.write("customers.csv", f"customer,margin,colour\n{rows}")
    assert main(["check", "acme", "--data", str(acme.data)]) == 0
    told = capsys.readouterr().out
    assert "all well" not in told and "acme: can be run; some of it is used for nothing." in told
    assert "customers: colour." in told


def test_what_is_missing_and_what_is_misspelt_are_told_together(acme):
    acme.write("customers.csv", "custmer,Revenu,churnd\na,1,yes\n")
    told = " ".join(map(str, acme.problems()))
    assert all(f"Did you mean '{name}'?" in told for name in ("revenue", "churned"))
    assert "Is it 'custmer'?" in told


def test_a_table_of_fewer_people_than_may_be_shown_is_not_all_well(acme):
    rows = "".join(f"c{n},1,{'yes' if n % 2 else 'no'}\n" for n in range(9))
    acme.write("customers.csv", f"customer,revenue,churned\n{rows}")
    assert [
        each for each in said(acme) if "fewer people than `disclosure`" in each and ": 9." in each
    ]
    acme.write("customers.csv", f"customer,revenue,churned\n{rows}c9,1,no\n")
    assert not any("fewer people" in each for each in said(acme))


def test_scores_of_which_nobody_says_whose_they_are_are_assumed(acme):
    # Fifty customers stand beside them: the scores are not theirs, and are not rounded to their base.
    acme.write("scores.csv", "dimension,experience,expectation,importance\nservice,4.25,5.5,6.75\n")
    rows = "".join(f"c{n},1\n" for n in range(50))
    acme.write("customers.csv", f"customer,revenue\n{rows}")
    case = acme.read()
    assert any(
        "'from' is blank" in str(each) and "1 of 1 rows" in str(each) for each in case.warnings
    )
    row = released(case, gaps(case)).iloc[0]
    assert (row["from"], row["experience"], row["weighted_satisfaction"]) == (
        "assumed",
        4.25,
        -8.4375,
    )
    assert verdict(case).fix["from"] == "assumed"
    assert whom(replace(case, tables={"scores": case.tables["scores"]}))["counted"] == "assumed"
    json.dumps(verdict(case).facts(), allow_nan=False)


def test_rows_left_out_are_told_with_their_column_and_their_values(acme):
    acme.write("transactions.csv", "customer,date,amount\na,2024-01-01,5\na,2024-01-02,soon\n")
    assert (
        "Left out of transactions, column 'amount': 1 row: is not a number: soon."
        in what_was_read(acme.read())
    )


@pytest.mark.parametrize(
    ("measures", "unused"),
    [
        ({"q": "expectation"}, {"q"}),
        ({"q": "expectation", "r": "experience"}, set()),
        ({"q": "importance", "r": "satisfaction"}, set()),
        ({"q": "problem", "r": "overall"}, set()),  # told among what is said of the whole
        ({"q": "switching_cost", "r": "overall"}, {"q"}),
        ({"q": "complained", "r": "experience"}, {"q"}),
    ],
)
def test_a_measure_that_nothing_is_made_of_is_named(acme, measures, unused):
    acme.settings("survey: {file: s.csv}")
    rows = [f"{column},{measure},desk,service" for column, measure in measures.items()]
    acme.write("codebook.csv", "\n".join(["column,measure,item,dimension", *rows, ""]))
    acme.write("s.csv", "q,r\n1,1\n0,1\n")
    found = [each for each in acme.read().warnings if "used for nothing" in each.rule]
    assert {each.column for each in found} == unused


def test_a_line_of_an_export_that_stands_there_twice_is_used_once_and_told(acme):
    # a and c are copied cell for cell; b has two amounts, of which nobody here can say which holds.
    head, rows = "customer,revenue,margin\n", "a,5,1\nb,6,2\na,5,1\nc,7,\nc,7,\na,5,1\n"
    case = acme.write("customers.csv", head + rows).read()
    assert case.tables["customers"]["customer"].tolist() == ["a", "b", "c"]
    told = case.rejected[["row", "value", "reason"]].astype(str).to_numpy().tolist()
    assert told == [
        ["4", "a", "is row 2 a second time"], ["6", "c", "is row 5 a second time"],
        ["7", "a", "is row 2 a second time"],
    ]  # fmt: skip
    acme.write("customers.csv", head + rows + "b,9,2\n")
    assert "'customer' stands more than once" in str(acme.problem())


def test_a_stated_share_that_another_replaces_is_told_with_both(acme):
    # Of 40 customers the 20 odd ones complained, and all left; of the silent 20 every other one.
    rows = [f"c{n},{'yes' if n % 2 else 'no'},{'yes' if n % 4 else 'no'}" for n in range(40)]
    acme.settings(TREE).write(
        "customers.csv", "\n".join(["customer,complained,churned", *rows, ""])
    )
    told = [each for each in acme.read().warnings if each.column == "churn_cost"]
    assert len(told) == 1
    assert "complained.lost: 0.28 → 1," in told[0].value
    assert "silent.lost: 0.45 → 0.5" in told[0].value
    acme.write("customers.csv", "customer,margin\na,1\n")
    assert not any("→" in each for each in said(acme))


@pytest.mark.parametrize(("each", "warned"), [(600_000, True), (500_000, False), (40_000, True)])
def test_revenue_that_its_customers_cannot_add_up_to_is_called_out(acme, each, warned):
    acme.write("customers.csv", f"customer,revenue\na,{each}\nb,{each}\n")  # of 1,000,000 stated
    told = [warning for warning in acme.read().warnings if warning.column == "revenue"]
    assert bool(told) is warned
    assert not told or told[0].value == f"1,000,000 and {2 * each:,}"


def test_shares_and_mentions_of_one_reason_go_together(acme):
    acme.write("brand_values.csv", "reason,mentions,share\nprice,40,0.4\nbrand,20,0.2\n")
    assert not said(acme)
    acme.write("brand_values.csv", "reason,mentions,share\nprice,40,0.4\nbrand,20,0.4\n")
    assert any("do not go together" in each for each in said(acme))


@pytest.mark.parametrize(
    ("written", "amount", "looked_at"),
    [
        ("50_000_000", 5e7, False), ("50,000,000", 5e7, False), ("1.200.000", 1.2e6, False),
        ("400.000", 4e5, True), ("1,20,000", 1.2e5, False), ("400.5", 400.5, False), ("EUR 3 Mio", 3e6, False),
        ("180.000,00", 1.8e5, False), ("1 200 000", 1.2e6, False),
    ],
)  # fmt: skip
def test_amounts_of_client_yml_are_read_as_people_write_them(tmp_path, written, amount, looked_at):
    path = tmp_path / "client.yml"
    path.write_text(f"name: A\ncurrency: EUR\nrevenue: {written}\nstrategy:\n  budget: {written}\n")
    settings, problems = read_settings(path)
    assert not problems
    assert (settings.revenue, settings.strategy.budget) == (amount, amount)
    assert len(amounts_to_look_at(path)) == 2 * looked_at


@pytest.mark.parametrize("share", ["0.22", "22%", "22 %", "0,22", "'22 %'"])
def test_a_share_of_client_yml_may_be_in_per_cent(tmp_path, share):
    path = tmp_path / "client.yml"
    path.write_text("name: A\nrevenue: 100\n" + TREE.replace("0.22", share))
    settings, problems = read_settings(path)
    assert not problems
    assert settings.churn_cost.negative.share == pytest.approx(0.22)


def test_a_share_of_22_is_asked_for_and_thousands_in_braces_are_explained(tmp_path):
    path = tmp_path / "client.yml"
    path.write_text("name: A\nrevenue: 100\n" + TREE.replace("0.22", "22"))
    assert "write 22 % as 0.22 or as 22 %" in str(read_settings(path)[1][0])
    path.write_text("name: A\nstrategy: {budget: 3,000,000}\n")
    assert "3_000_000" in str(read_settings(path)[1][0])


@pytest.mark.parametrize(
    ("table", "column", "wrong", "told"),
    [
        ("spending", "stage", "support,Hotline", "suport,Hotline"),
        ("register", "item", "hotline,", "hot line,"),
        ("actions", "reason", "slow_answer", "slow_anwser"),
        ("complaints", "stage", "maintenance,", "maintenence,"),
        ("complaints", "channel", "phone,", "fone,"),
    ],
)
def test_a_name_that_no_table_beside_it_knows_is_told_with_those_there_are(
    tmp_path, table, column, wrong, told
):
    shutil.copytree(DATA / "vendor", tmp_path / "vendor")
    path = tmp_path / "vendor" / f"{table}.csv"
    found = [w for w in read_client("vendor", tmp_path).warnings if "do not know" in str(w)]
    assert not found  # the demo's own stages, items and reasons are all known
    text = path.read_text("utf-8")
    assert wrong in text
    path.write_text(text.replace(wrong, told), "utf-8")
    found = [w for w in read_client("vendor", tmp_path).warnings if "do not know" in str(w)]
    assert [each.column for each in found] == [column]
    assert found[0].value == told.split(",")[0] and wrong.split(",")[0] in str(found[0])


def test_where_cases_come_from_may_have_its_own_word_or_stand_alone(acme):
    acme.write("complaints.csv", "case,stage,channel\na,use,fax\nb,buy,web\n")
    told = lambda: [w.column for w in acme.read().warnings if "do not know" in str(w)]  # noqa: E731
    assert told() == []
    acme.write("kpis.csv", "kpi,period,stage,channel,value,target\nlate,2025-01,buy,web,3,2\n")
    assert told() == ["stage", "channel"]
    acme.settings("labels: {stage: {use: In use}, channel: {fax: Fax}}\n")
    assert told() == []


@pytest.mark.parametrize("key", BEARS_ON)
def test_a_key_without_the_table_that_it_bears_on_is_said(key):
    """Every key that needs a table, of a client who sent none of its tables, and of one who sent one."""
    assert key in KEYS
    (said,) = without_table(client_of(key, []), "client.yml")
    assert said.column == key and "bears on nothing" in said.rule
    for table in BEARS_ON[key]:
        assert not without_table(client_of(key, [table]), "client.yml")


def client_of(key, there):
    """A client whose client.yml says one key, and who sent these tables."""
    survey, tables = ("survey" in there) or None, dict.fromkeys({*there} - {"survey"})
    settings = Settings(name="-").model_copy(update={key: "its own"})
    return SimpleNamespace(settings=settings, survey=survey, tables=tables)


def test_value_indicators_without_customers_are_said(acme):
    acme.write("scores.csv", "dimension,experience,expectation\nprice,7,8\n")
    acme.settings("value_indicators: {existing: {revenue: 1}}")
    (said,) = [each for each in acme.read().warnings if each.column == "value_indicators"]
    assert "customers was not sent" in str(said)


def test_keys_as_the_template_writes_them_are_not_said(tmp_path):
    folder = new_client("cafe", tmp_path)
    (folder / "scores.csv").write_text("dimension,experience,from\nprice,7,survey\n", "utf-8")
    assert read_client("cafe", tmp_path).warnings == []
