"""Life-cycle service as the sources mean it: expected values by hand."""

from types import SimpleNamespace

import nbformat
import pandas as pd
import pytest

import cxlib as cx
from cxlib.client.case import read_client
from cxlib.sums.care import territories
from cxlib.sums.proactive import mended
from cxlib.sums.touchpoints import stage_scores
from tests.conftest import DATA, ROOT


@pytest.fixture(scope="module")
def case():
    return read_client("vendor", DATA)


def cell(book: str, words: str) -> str:
    """The one cell of a notebook that holds these words."""
    cells = nbformat.read(next((ROOT / "notebooks").glob(f"{book}_*.ipynb")), 4).cells
    (source,) = [each.source for each in cells if words in each.source]
    return source


def test_a_fault_before_and_after_it_was_mended():
    # 24 cases in the 100 days before, 8 in the 100 from the day on. 8 of 32 is 0.25, by Wilson 0.1325
    # to 0.4211 at 95 %: 8 ÷ 24 − 1 = −0.667, and 0.1325 ÷ 0.8675 − 1 = −0.847, 0.4211 ÷ 0.5789 − 1 = −0.273.
    days = pd.Timestamp("2025-01-01") + pd.to_timedelta(
        [*range(0, 96, 4), *range(100, 196, 13)], "D"
    )
    cases = pd.DataFrame({"reason": "late", "date": days})
    other = pd.DataFrame(
        {
            "reason": "dear",
            "date": pd.to_datetime(["2025-01-01", "2025-07-19"]),
        }  # day 0 and day 199
    )
    repairs = pd.DataFrame(
        {"reason": ["late", None], "mended": pd.to_datetime(["2025-04-11", None])}
    )
    row = mended(pd.concat([cases, other]), repairs).iloc[0]
    assert (row["n_before"], row["n"], row["verdict"]) == (24, 8, "lower")
    ends = row[["change", "change_low", "change_high"]].astype(float)
    assert ends.round(3).tolist() == [-0.667, -0.847, -0.273]
    assert row["before"] == pytest.approx(24 / 100 * 365.25 / 12)  # a month


def test_a_fault_mended_before_any_case_or_after_the_last_has_no_before_or_after():
    cases = pd.DataFrame({"reason": "late", "date": pd.to_datetime(["2025-02-01", "2025-03-01"])})
    for day in ("2025-01-01", "2025-04-01"):
        assert mended(
            cases, pd.DataFrame({"reason": ["late"], "mended": [pd.Timestamp(day)]})
        ).empty


def test_fields_by_trade_and_kind_of_service():
    # Value 6 + 2 of 16 is a half, contacts 3 of 12 a quarter: half as much contact as value.
    table = pd.DataFrame({
        "segment": ["retail", "retail", "public"], "service_type": ["yearly", "yearly", "on_call"],
        "index": [6.0, 2.0, 8.0], "contacts": [1, 2, 9],
    })  # fmt: skip
    found = territories(table, ("segment", "service_type")).set_index(["segment", "service_type"])
    row = found.loc[("retail", "yearly")]
    assert row[["n", "value", "load", "load_for_value"]].tolist() == [2, 0.5, 0.25, 0.5]


def test_the_same_key_experience_at_other_stages():
    # Stage buy: items a (key) and b, mean of 2 and 6 is 4; stage use: c (key) alone, 8.
    answers = pd.DataFrame({"a": [2.0, 2.0], "b": [6.0, 6.0], "c": [8.0, 8.0]})
    items = pd.DataFrame(
        {"stage": ["buy", "buy", "use"], "dimension": ["easy", "price", "easy"]}, index=[*"abc"]
    )
    found = stage_scores(answers, items, ["easy"], None, 0.95)
    assert found["experience"].to_dict() == {"buy": 4.0, "use": 8.0}
    assert found["key_score"].to_dict() == {"buy": 2.0, "use": 8.0}


def test_spending_by_stage_beside_experience(case):
    # Pre-sales 900,000 + 250,000 of 2,200,000 in all.
    found = cx.stages(case).set_index("stage")
    assert found.loc["pre_sales", "cost"] == 1_150_000
    assert found.loc["pre_sales", "spent"] == pytest.approx(1_150_000 / 2_200_000)
    assert found["key_score"].idxmin() == "support"  # self-help, as planted
    assert pd.isna(found.loc["training", "experience"])  # paid for, and nobody was asked


def test_a_fifth_of_the_time_is_for_new_customers(scored):
    scored.write("customers.csv", "customer,since\na,2025-01-01\nb,2020-01-01\nc,\n")
    scored.write(
        "contacts.csv",
        "customer,date\na,2025-06-01\nb,2025-06-01\nb,2025-06-02\nc,2025-06-02\na,2025-07-01\n",
    )
    told = {}
    page = type(
        "Page", (), {"show": staticmethod(lambda name, table, *_, **__: told.update({name: table}))}
    )
    exec(cell("07", '"new_contacts"'), {"case": scored.read(), "page": page})  # noqa: S102
    # Two of four contacts; since when c, nobody knows.
    assert told["new_contacts"][["n", "count", "share"]].values.tolist() == [[4, 2, 0.5]]


def test_what_was_planned_and_sold_later_and_whose_record_was_brought_up_to_date(scored):
    # Of two plans for reports one was sold after it; b bought before. Nobody knows c's record.
    scored.write(
        "contacts.csv",
        "customer,date,mode,need,outcome,record_updated\n"
        "a,2025-01-01,phone,reports,planned,yes\na,2025-02-01,phone,,sold,no\n"
        "b,2025-03-01,visit,reports,planned,yes\nb,2025-02-01,visit,,sold,\n"
        "c,2025-01-01,phone,,planned,\n",
    )
    told = {}
    page = type(
        "Page", (), {"show": staticmethod(lambda name, table, *_, **__: told.update({name: table}))}
    )
    known = {"case": scored.read(), "page": page}
    exec(cell("07", '"needs_followed"'), known)  # noqa: S102
    exec(cell("07", '"records_updated"'), known)  # noqa: S102
    needs = told["needs_followed"]
    assert needs[["n", "count", "share"]].values.tolist() == [[2, 1, 0.5], [1, 0, 0]]
    assert needs["heard"].iloc[0] == "reports" and pd.isna(needs["heard"].iloc[1])
    kept = told["records_updated"].set_index("contact_mode")
    assert kept[["n", "count", "share"]].T.to_dict("list") == {
        "phone": [2, 1, 0.5],
        "visit": [1, 1, 1],
    }


def test_contact_as_it_is_beside_as_it_should_be(case):
    told = {}
    page = type(
        "Page", (), {"show": staticmethod(lambda name, table, *_, **__: told.update({name: table}))}
    )
    exec(
        cell("07", 'page.show("contact_modes"'),
        {"cx": cx, "case": case, "life": None, "page": page},
    )  # noqa: S102
    table = told["contact_modes"].set_index(["tier", "contact_mode"])
    customers = case.tables["customers"].set_index("customer")
    top = cx.tiers_by_customer(case).loc[lambda tier: tier.eq("top")].index
    visits = customers.loc[top, "contact_mode"].eq("visit")
    assert table.loc[("top", "visit"), "count"] == visits.sum()
    assert table.loc[("top", "visit"), "share"] == pytest.approx(visits.mean())
    assert set(table.loc["top", "contact_wanted"]) == {"face_to_face"}


def shown_by(book, words, **known):
    """{result: its table} that one cell of a notebook shows."""
    told = {}
    page = SimpleNamespace(show=lambda name, table, *_, **__: told.update({name: table}))
    exec(cell(book, words), {"cx": cx, "page": page} | known)  # noqa: S102
    return told


def test_first_visits_by_hand(scored):
    scored.settings("disclosure: 0")
    # Of a's three customers two were seen, 10 and 30 days after the sale; of b's one, on the day.
    scored.write(
        "customers.csv",
        "customer,owner,since,first_visit\n1,a,2025-01-01,2025-01-11\n2,a,2025-01-01,2025-01-31\n"
        "3,a,2025-01-01,\n4,b,2025-01-01,2025-01-01\n",
    )
    found = shown_by("07", '"first_visits"', case=scored.read())["first_visits"].set_index("owner")
    assert found.loc["a"].tolist() == [3, 2, pytest.approx(2 / 3), 20]
    assert found.loc["b"].tolist() == [1, 1, 1, 0]


def test_a_field_names_its_owner_and_tells_what_the_first_visit_found(scored):
    # Field shop: maturity 4 and 6, skill 3 and not known, satisfaction 8 and 6.
    scored.write(
        "customers.csv",
        "customer,segment,service_type,service_cycle,owner,revenue,satisfaction,maturity,skill\n"
        "1,shop,yearly,quarter,Ms Lin,10,8,4,3\n2,shop,yearly,quarter,Ms Lin,30,6,6,\n"
        "3,school,on call,never,Mr Wu,10,5,2,2\n",
    )
    field = ["segment", "service_type", "service_cycle", "owner"]
    told = ["n", "value", "maturity", "skill", "content"]
    for least, means in ((0, [5, 3, 7]), (2, [5, None, 7])):  # skill is known of one alone
        case = scored.settings(f"disclosure: {least}").read()
        lin = cx.fields(case).set_index(field).loc[("shop", "yearly", "quarter", "Ms Lin"), told]
        assert [None if pd.isna(x) else round(x, 6) for x in lin] == [2, 0.8, *means]


def test_who_sets_expectations_goes_by_the_client_where_it_says_so(case):
    # The codebook of vendor gives other companies to the customer's trade; of values it says nothing.
    drivers = cx.what_raises_expectations(case).set_index("driver")
    assert drivers.loc["past_elsewhere", ["set_by", "set_by_client"]].tolist() == [
        "vendors_rivals", "customers_rivals",
    ]  # fmt: skip
    assert pd.isna(drivers.loc["values", "set_by_client"])
    sets = shown_by("02", '"who_sets_expectations"', case=case)["who_sets_expectations"]
    sets = sets.set_index("set_by")["share"]
    both = ["past_elsewhere", "word_of_mouth"]
    assert sets["customers_rivals"] == pytest.approx(drivers.loc[both, "share"].sum())
    assert sets["customer"] == pytest.approx(drivers.loc[["values", "circumstance"], "share"].sum())
    assert "vendors_rivals" not in sets
    both_ends = shown_by("02", '"who_sets_expectations"', case=case)["who_sets_expectations"]
    assert both_ends[["n", "share_low", "share_high"]].notna().all(axis=None)
    first = both_ends.iloc[
        0
    ]  # the two that the vendor sets are all that the expectations are made of
    assert first["set_by"] == "vendor" and first["share_low"] < first["share"] < first["share_high"]
    said = cx.open_page(case).sentence("who_sets_expectations", cx.who_sets_expectations(case))
    assert said.startswith(
        "Of the differences in what customers expect, most are set by the vendor: 92%"
    )


def test_five_ways_to_delight_and_what_was_written_down_for_each(scored):
    scored.write(
        "register.csv",
        "stage,kind,statement,way,worth_later,serves\nuse,beyond,A call before,foresee,10,\n"
        "use,beyond,A warning,foresee,,\nuse,beyond,For theirs,customers_customer,5,\n"
        "use,must,It works,foresee,7,\n",
    )
    ways = shown_by("05", '"ways_to_delight"', case=scored.read())["ways_to_delight"]
    assert ways["statements"].tolist() == [0, 0, 2, 1, 0]  # in the order of the source
    assert ways["statement"].tolist()[2:4] == ["A call before; A warning", "For theirs"]
    assert ways["worth_later"].tolist()[2:4] == [10, 5] and pd.isna(ways["worth_later"].iloc[0])
    register = cx.requirement_register(scored.read()).set_index("statement")
    assert register["delight"].to_dict() == {
        "It works": False, "A call before": False, "A warning": False, "For theirs": True,
    }  # fmt: skip


def test_the_elements_of_the_service_system_stand_beside_what_the_client_says(scored):
    scored.write("workshop.csv", "question,answer,who\nteam,One each,Head\nother_design,Two,\n")
    case = scored.read()
    found = shown_by("07", '"service_system", elements', case=case)["service_system"]
    assert len(found) == 9 and found["answer"].notna().sum() == 1
    assert found.loc[found["answer"].eq("One each"), "element"].item() == "Team"
    assert cx.answered(case)["question"].iloc[0].startswith("Who serves whom")


def test_a_column_that_client_yml_makes_value_of_must_be_there_and_hold_numbers(scored):
    scored.write("customers.csv", "customer,owner,referrals\n1,a,3\n2,b,-1\n3,b,1\n")
    for name, near in (("referals", "Did you mean 'referrals'?"), ("owner", "holds no numbers")):
        told = str(scored.settings(f"value_indicators: {{influence: {{{name}: 1}}}}").problem())
        assert "`value_indicators.influence` in client.yml" in told and near in told
    case = scored.settings("value_indicators: {influence: {referrals: 2}}").read()
    assert case.tables["customers"]["referrals"].tolist()[::2] == [3.0, 1.0]
    assert case.rejected["value"].tolist() == ["-1"]  # below 0: left out, and said


def test_the_indicators_of_value_by_hand():
    told = {}
    page = type(
        "Page", (), {"show": staticmethod(lambda name, table, *_, **__: told.update({name: table}))}
    )
    parts = pd.DataFrame(
        {"existing": [9.0, 5, 1], "potential": [2.0, 4, None], "influence": [0.0, 0, 0]}
    )
    few = type("Few", (), {
        "customer_values": staticmethod(lambda *_: parts),
    })  # fmt: skip
    weights = {"existing": 3, "potential": 1, "influence": 6}
    case = SimpleNamespace(settings=SimpleNamespace(value_weights=weights))
    exec(cell("01", '"value_indicators"'), {"cx": few, "case": case, "life": None, "page": page})  # noqa: S102
    # 15 ÷ 3 and 6 ÷ 2; influence tells nobody apart, so that 3 and 1 are three quarters and one.
    assert told["value_indicators"].values.tolist() == [
        ["existing", 3.0, 5.0, 0.75], ["potential", 2.0, 3.0, 0.25],
    ]  # fmt: skip


def test_what_the_sentences_say(case):
    page = cx.open_page(case)
    # Convenience lives 5.3 where 8.5 was decided: 3.2 of the ten points of the scale.
    assert page.sentence("five_gaps", cx.gaps_in_the_service(case)) == (
        "The widest cause: Convenience, Not delivering: 3.2 points, 32% of the scale."
    )
    assert (
        "Two groups class “A hotline round the clock” differently (Users: nice to have and Finance: "
        "beyond expectation): ask both." in page.sentence("register", cx.requirement_register(case))
    )


def test_a_row_without_a_name_leads_no_sentence(case):
    """Contacts on which no need was noted, and needs that the gate hid, are none to be told of."""
    found = pd.DataFrame({"heard": [None, "reports", "training"], "n": 100, "count": [0, 10, 60]})
    said = cx.open_page(case).sentence("needs_followed", found.assign(share=found["count"] / 100))
    assert said.startswith("What was planned on the need “Reports” was sold least: 10%")
    assert "–" not in said
