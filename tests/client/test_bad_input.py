"""Every way in which a table can be wrong: refused, in words that say what, where and what to do."""

import pandas as pd
import pytest

import cxlib as cx
from cxlib.client.case import check_client, read_client
from cxlib.client.contract import TABLES
from cxlib.client.problems import ClientError

INITIATIVES = "initiative,cost,dimension,requires,excludes\na,100,product,,\nb,200,price,a,\n"


def test_the_message_is_the_house_s_own(acme):
    # house-style.md prints this message; the rows are added to it.
    acme.settings(
        "dimensions: {product: P, service: S, price: C, x: X, y: Y, z: Z}", without="dimensions"
    )
    acme.write(
        "scores.csv", "dimension,importance\nproduct,5\nservice,12\nx,1\ny,2\nz,3\nprice,-1\n"
    )
    assert str(acme.problem()) == (
        f"{acme.folder}/scores.csv: 'importance' is outside 0–10 in 2 of 6 rows: service (12), price (-1) (rows 3, 7).\n"
        "The importance scale in client.yml is [0, 10]. Correct the scores, or the scale."
    )


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        # columns
        ("scores.csv", "experience\n6\n", "'dimension' is missing"),
        ("scores.csv", "dimnsion,experience\nproduct,6\n", "Is it 'dimnsion'? Rename that column."),
        ("scores.csv", "dimension,experiance\nproduct,6\n", "Is it 'experiance'? Rename that column."),
        ("scores.csv", "dimension,note\nproduct,6\n", "has none of the columns experience, expectation, importance"),
        ("scores.csv", "dimension,experience,experience\nproduct,6,7\n", "'experience' stands twice in the header"),
        ("kpis.csv", "kpi,period\na,2024\n", "has none of the columns value, numerator"),
        # values
        ("scores.csv", "dimension,experience\nproduct,11\n", "'experience' is outside 0–10 in 1 of 1 rows: product (11) (row 2)"),
        ("scores.csv", "dimension,ideal,experience\nproduct,-1,5\n", "'ideal' is outside 0–10"),
        ("scores.csv", "dimension,experience\nproduct,six\n", "'experience' is not a number in 1 of 1 rows: product (six)"),
        ("scores.csv", "dimension,experience\nproduct,inf\n", "is not a number"),
        ("initiatives.csv", 'initiative;cost\na;"3,000"\n', "3,000 (3,000 is 3 or 3,000)"),
        ("scores.csv", "dimension,experience,from\nproduct,6,gossip\n", "'from' is not one of survey, frontline, management, assumed"),
        ("scores.csv", "dimension,experience,from\nproduct,6,managment\n", "Did you mean 'management'?"),
        ("scores.csv", "dimension,experience\n,6\n", "'dimension' is blank in 1 of 1 rows: blank (row 2)"),
        ("brand_values.csv", "reason,share\nprice,140\n", "'share' is outside 0–1"),
        ("brand_values.csv", "reason,mentions\nprice,-4\n", "'mentions' is below 0"),
        # The largest company there is takes in 7e11 dollars a year; a thousand million times that is a slip.
        ("service_levels.csv", "level,cost,revenue\nfast,1,7e20\n", "'revenue' is beyond 1e+18, more than any company takes in or counts, in any currency in 1 of 1 rows: fast (700000000000000000000) (row 2).\nTake out the digits too many."),
        ("performance.csv", "period,measure,value\n2024,sales,-1e308\n", "'value' is beyond 1e+18"),
        ("initiatives.csv", "initiative,cost,people\na,10,1.5\n", "'people' is outside 0–1"),
        ("initiatives.csv", "initiative,cost\na,\n", "'cost' is blank in 1 of 1 rows: a (blank)"),
        ("initiatives.csv", "initiative,cost\na,22%\n", "(a share as 0.22, or 22 %)"),
        ("ownership.csv", "item,hassle\na,11\n", "'hassle' is outside 0–10"),
        ("actions.csv", "finding,due\na,1/2/2024\n", "'due' is not a date that can be read in one way only"),
        ("register.csv", "stage,kind,statement\ntraining,must have,room\n", "Did you mean 'must'?"),
        ("service_levels.csv", "level,cost,revenue\na,1,\n", "'revenue' is blank"),
        # joins
        ("scores.csv", "dimension,experience\nproduct,6\nprise,7\n", "'dimension' is not among `dimensions` in client.yml in 1 of 2 rows: prise (row 3).\nDid you mean 'price'?"),
        ("initiatives.csv", "initiative,cost,dimension\na,5,Service\nb,5,Speed\n", "among `dimensions` in client.yml in 1 of 2 rows: b (Speed)"),
        ("register.csv", "stage,kind,statement,dimension\nx,must,y,comfort\n", "is not among `dimensions` in client.yml"),
        ("initiatives.csv", INITIATIVES.replace("a,\n", "c,\n"), "'requires' names what is not in the column 'initiative' in 1 of 2 rows: c (row 3)"),
        ("initiatives.csv", INITIATIVES.replace(",,\n", ",,b;d\n"), "'excludes' names what is not in the column 'initiative' in 1 of 2 rows: d (row 2)"),
        ("initiatives.csv", INITIATIVES.replace("b,200,price,a", "b,200,price,b"), "'requires' names the initiative itself in 1 of 2 rows: b (row 3)"),
        ("initiatives.csv", INITIATIVES.replace("b,200,price,a,", "b,200,price,a,a"), "'excludes' names what the same row requires in 1 of 2 rows: a (row 3)"),
        # what cannot be
        ("initiatives.csv", "initiative,cost,year\na,5,2025\nb,5,next year\nc,5,2025.5\n", "'year' is not a year such as 2025 in 2 of 3 rows: b (next year), c (2025.5) (rows 3, 4)"),
        ("initiatives.csv", "initiative,cost,uplift\na,5,10\nb,5,-11\n", "'uplift' is more than the whole scale 0–10 in 1 of 2 rows: b (-11) (row 3)"),
        # keys
        ("scores.csv", "dimension,experience\nproduct,6\nservice,5\nproduct,7\n", "'dimension' stands more than once: one row per dimension (and segment) (dimension) in 2 of 3 rows: product (rows 2, 4)"),
        ("scores.csv", "dimension,segment,experience\nproduct,,6\nproduct,all,7\n", "'dimension' stands more than once"),
        ("initiatives.csv", "initiative,cost\na,5\na,6\n", "stands more than once"),
        ("customers.csv", "customer,revenue\n7,5\n7,6\n", "stands more than once"),
        ("kpis.csv", "kpi,period,value\na,2024,5\na,2024,6\n", "stands more than once"),
        # names of files
        ("score.csv", "dimension,experience\nproduct,6\n", "Did you mean 'scores.csv'? Rename it."),
        ("Scores.csv", "dimension,experience\nproduct,6\n", "Did you mean 'scores.csv'? Rename it."),
        ("table.xlsx", "", "Did you mean 'tables.xlsx'? Rename it."),
        ("client.yaml", "name: Acme", "Did you mean 'client.yml'? Rename it."),
    ],
)  # fmt: skip
def test_it_is_refused(scored, name, text, says):
    scored.write(name, text)
    assert says in str(scored.problem())
    assert scored.problem().remedy


@pytest.mark.parametrize("name", ["initiatives", "register"])
def test_a_dimension_that_nothing_scores_is_refused(scored, name):
    row = {
        "initiatives": "initiative,cost,dimension\na,5,price\nb,6,product\n",
        "register": "stage,kind,statement,dimension\nx,must,y,product\nx,must,z,price\n",
    }[name]
    scored.write("scores.csv", "dimension,experience\nproduct,6\n").write(f"{name}.csv", row)
    assert "'dimension' names a dimension that scores does not have: price" in str(scored.problem())
    scored.write("scores.csv", "dimension,experience\nproduct,6\nprice,\n")  # not known is enough
    assert not scored.problems()


def test_a_label_where_the_key_should_stand_is_recognised(scored):
    scored.settings(
        "dimensions: {product: {en: Goods, zh-Hans: 产品}, service: S, price: P}",
        without="dimensions",
    )
    scored.write("register.csv", "stage,kind,statement,dimension\nx,must,y,产品\n")
    assert scored.problem().remedy == "Write 'product'."


def test_words_are_taken_in_any_case(scored):
    scored.settings("dimensions: {Product: P}", without="dimensions")
    scored.write("scores.csv", "Dimension, Experience ,FROM\nproduct,6,Survey\n")
    row = scored.read().tables["scores"].iloc[0]
    assert row[["dimension", "experience", "from"]].tolist() == ["Product", 6, "survey"]


def test_a_table_that_comes_twice_is_refused(scored):
    scored.write(
        "scores.parquet", lambda path: pd.DataFrame({"dimension": ["price"]}).to_parquet(path)
    )
    problem = scored.problem()
    assert "gives the table 'scores' a second time" in str(problem)
    assert "It is also in scores.csv: keep one." in str(problem)


def test_every_problem_of_every_file_is_told_at_once(acme):
    acme.settings("revenu: 3")
    acme.write("scores.csv", "dimension,experience,importance,from\nproduct,11,x,y\nprise,5,3,\n")
    acme.write("initiatives.csv", "initiative,dimension\na,product\n").write("kpi.csv", "kpi\n")
    found = {(problem.file.rpartition("/")[2], problem.column) for problem in acme.problems()}
    assert found == {
        ("client.yml", "revenu"), ("scores.csv", "experience"), ("scores.csv", "importance"), ("scores.csv", "from"),
        ("scores.csv", "dimension"), ("initiatives.csv", "cost"), ("kpi.csv", ""),
    }  # fmt: skip


def test_a_rule_of_client_yml_that_is_itself_wrong_is_not_held_against_the_tables(acme):
    acme.write("client.yml", "name: A\nscale: [1, 0]\ndimensions: [speed]\n")
    acme.write("scores.csv", "dimension,experience\nspeed,60\n")
    assert {problem.column for problem in acme.problems()} == {"scale", "dimensions"}


def test_extra_columns_are_kept_and_a_near_slip_is_warned_of(scored):
    scored.write("initiatives.csv", "initiative,cost,uplyft,owner\na,5,2,Ann\n")
    case = scored.read()
    assert case.tables["initiatives"]["owner"].tolist() == ["Ann"]
    (warning,) = case.warnings
    assert "'uplyft' is not a column of the contract and is not used" in str(warning)
    assert "Did you mean 'uplift'?" in str(warning)


def test_a_net_promoter_score_that_its_answers_cannot_give_is_warned_of(scored):
    # Ten answers give whole tens: 35 of 10 cannot be; 35 of 20 can.
    scored.write(
        "kpis.csv", "kpi,period,value,denominator,unit\nnps,2024,35,10,nps\nnps,2025,35,20,nps\n"
    )
    (warning,) = scored.read().warnings
    assert "'value' is a net promoter score that no set of so many answers can give" in str(warning)
    assert "35 of 10 answers (row 2)" in str(warning)


def test_a_file_that_nothing_reads_is_announced(scored):
    scored.write("shopping.csv", "a\n1\n").write("notes.txt", "hello").write("SOURCE.md", "from")
    (warning,) = scored.read().warnings
    assert "shopping.csv: is a table of the consultant's own: only notebooks read it" in str(
        warning
    )
    assert 'case.own_table("shopping")' in str(warning)


@pytest.mark.parametrize("name", ["a/b", "../acme", "Acme", "a b", "", ".", "-a", "a_b", "阿"])
def test_a_name_that_is_none_is_refused(scored, name):
    (problem,) = check_client(name, scored.data)
    assert "is not a name for a client" in str(problem)
    assert repr(name) in str(problem)


def test_a_client_that_is_not_there_is_refused_with_the_nearest(scored):
    (problem,) = check_client("acne", scored.data)
    assert "Did you mean 'acme'?" in str(problem)
    (scored.folder / "client.yml").unlink()
    assert "client.yml: is not there" in str(scored.problem())


def test_a_language_that_the_report_does_not_speak_is_refused(scored):
    with pytest.raises(ClientError, match="Did you mean 'zh-Hans'"):
        scored.read(language="zh-hans-CN")


def test_a_client_without_anything_is_refused(acme):
    assert "holds no tables, no survey and no churn_cost" in str(acme.problem())


def test_target_segments_that_nobody_belongs_to_are_refused(scored):
    scored.settings("target_segments: [vips]").write(
        "scores.csv", "dimension,segment,experience\nprice,vip,5\nprice,,6\n"
    )
    assert "names segments that no table has: vips" in str(scored.problem())
    assert "Did you mean 'vip'?" in str(scored.problem())


def test_a_capacity_is_a_column_of_numbers(scored):
    scored.settings("strategy: {capacity: {days: 40}}").write(
        "initiatives.csv", "initiative,cost,day\na,5,3\n"
    )
    assert "'days' is missing" in str(scored.problem())
    scored.write("initiatives.csv", "initiative,cost,days\na,5,few\n")
    assert "'days' is not a number" in str(scored.problem())
    scored.write("initiatives.csv", "initiative,cost,days\na,5,3\n")
    assert scored.read().tables["initiatives"]["days"].tolist() == [3.0]
    scored.write("initiatives.csv", "initiative,cost,days\na,5,-3\nb,5,3\n")
    assert "'days' is below 0 in 1 of 2 rows: a (-3) (row 2)" in str(scored.problem())


def test_a_least_fit_is_of_a_column_that_is_there(scored):
    scored.settings("strategy: {least: {people: 0.5}}").write(
        "initiatives.csv", "initiative,cost,process\na,5,0.9\n"
    )
    assert "'people' is missing: `strategy.least`" in str(scored.problem())
    scored.write("initiatives.csv", "initiative,cost,uplift,people\na,5,1,0.4\n")
    assert cx.plan(scored.read())["reason"].tolist() == ["unfit"]


# Exports of a system: what cannot be used is left out with a line


def test_a_record_without_its_customer_is_left_out_with_a_line(scored):
    scored.write(
        "transactions.csv",
        "customer,date,amount\nA,2024-01-31,5\n,2024-02-01,6\nB,soon,7\nC,2024-03-01,-\nD,2024-03-02,-2\n",
    )
    case = scored.read()
    assert case.tables["transactions"]["customer"].tolist() == ["A", "D"]
    assert case.tables["transactions"].index.tolist() == [2, 6]
    assert {tuple(line) for line in case.rejected.to_numpy()} == {
        ("transactions", 3, "customer", "", "is blank"),
        ("transactions", 4, "date", "soon", "is not a date that can be read in one way only"),
        ("transactions", 5, "amount", "-", "is blank"),
    }


def test_an_optional_cell_of_a_record_is_left_out_and_the_row_stays(scored):
    scored.write(
        "complaints.csv",
        "case,outcome,resolved,hours_to_resolve\n1,retained,yes,4\n2,gone,perhaps,-3\n",
    )
    case = scored.read()
    row = case.tables["complaints"].iloc[1]
    assert row[["outcome", "resolved", "hours_to_resolve"]].isna().all()
    assert sorted(case.rejected["column"]) == ["hours_to_resolve", "outcome", "resolved"]
    assert set(case.rejected["row"]) == {3}


def test_an_amount_that_no_company_takes_in_is_left_out_with_a_line(scored):
    # Two of 1e308 add up to infinity; a return of that size no less.
    rows = ["A,2024-01-31,1e308", "B,2024-02-01,-1e308", "C,2024-03-01,5"]
    scored.write("transactions.csv", "\n".join(["customer,date,amount", *rows, ""]))
    case = scored.read()
    assert case.tables["transactions"]["customer"].tolist() == ["C"]
    assert case.rejected["row"].tolist() == [2, 3]
    assert case.rejected["reason"].str.startswith("is beyond 1e+18").all()


def test_records_of_which_none_can_be_read_are_refused(scored):
    scored.write("transactions.csv", "customer,date,amount\nA,soon,5\nB,later,6\n")
    assert "'date' is not a date that can be read in one way only in 2 of 2 rows" in str(
        scored.problem()
    )


def test_a_blank_row_has_a_line_and_those_at_the_end_have_none(scored):
    scored.write("scores.csv", "dimension,experience\nproduct,6\n,\nservice,5\n,\n\n")
    case = scored.read()
    assert case.tables["scores"].index.tolist() == [2, 4]
    assert case.rejected.to_numpy().tolist() == [["scores", 3, "", "", "the row is blank"]]


def test_one_client_s_problems_are_not_another_s(scored, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "client.yml").write_text("name: [")
    assert check_client("other", tmp_path)
    assert read_client("acme", tmp_path).title == "Acme"


@pytest.mark.parametrize("table", TABLES.values(), ids=lambda table: table.name)
def test_the_contract_is_whole(table):
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert set(table.key) | set(table.one_of) <= set(names)
    assert table.unlocks and table.row
    assert all(column.about for column in table.columns)


def test_a_placeholder_for_a_date_is_left_out_with_a_line(scored):
    # What exports write where nothing is known: the ends of the calendar, or of Excel's.
    rows = ["A,9999-12-31,5", "B,0001-01-01,5", "C,1900-01-01,5", "D,2024-05-06,5"]
    scored.write("transactions.csv", "\n".join(["customer,date,amount", *rows, ""]))
    case = scored.read()
    assert case.tables["transactions"]["customer"].tolist() == ["D"]
    assert case.rejected["value"].tolist() == ["9999-12-31", "0001-01-01", "1900-01-01"]
    assert set(case.rejected["reason"]) == {"stands for no date: it is before 1901 or after 2100"}


def test_what_contradicts_itself_in_a_customer_is_left_out_with_a_line(scored):
    scored.write(
        "customers.csv",
        "customer,since,last_purchase,entered,tenure,satisfaction\n"
        "A,2020-01-01,2019-12-31,12,6,70\nB,2020-01-01,2020-01-01,6,6,7\n",
    )
    case = scored.read()
    assert {tuple(line) for line in case.rejected[["row", "column", "reason"]].to_numpy()} == {
        (2, "last_purchase", "is before `since`"),
        (2, "entered", "is after `tenure`"),
        (2, "satisfaction", "is outside 0–10"),
    }
    assert case.tables["customers"].loc[3, "satisfaction"] == 7
