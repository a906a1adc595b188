"""Target customers, designs, roles and the dormant: small clients whose answer is known by hand."""

import json
import re

import numpy as np
import pandas as pd
import pytest

import cxlib as cx
from cxlib.page.screen import words_of
from cxlib.sums.care import silent_customers
from cxlib.sums.targets import key_fit, segment_worth
from tests.conftest import DATA

CODES = """column,measure,item,dimension,low,high
e1,experience,speed,service,,
x1,expectation,speed,service,,
i1,importance,speed,service,,
e2,experience,fee,price,,
x2,expectation,fee,price,,
i2,importance,fee,price,,
good,overall,,,0,10
won,success,,,0,10
"""


def two_segments(acme, people=60):
    """First buyers wait (service 4 of 8 expected), repeat buyers find it dear (price 5 of 8); the
    first are more, so that the design for all is about service, which the repeat buyers have."""
    rows = []
    for n in range(people):
        first = n % 3 != 2
        e1, e2 = (4, 7) if first else (8, 5)
        up = n % 2
        rows.append(
            [e1 + up, 8, 9, e2 + up, 8 if not first else 7, 9, 8, 2 if n % 4 == 3 else 8]
            + ["first" if first else "repeat", "payer" if n % 4 == 3 else "user"]
        )
    columns = ["e1", "x1", "i1", "e2", "x2", "i2", "good", "won", "kind", "role"]
    acme.settings("survey: {file: answers.csv, segment: kind, role: role}")
    acme.write("codebook.csv", CODES)
    acme.write("answers.csv", pd.DataFrame(rows, columns=columns).to_csv(index=False))
    customers = pd.DataFrame(
        {
            "customer": [f"c{n}" for n in range(people)],
            "segment": ["first", "first", "repeat"] * (people // 3),
        }
    )
    customers["revenue"] = customers["segment"].map({"first": 100, "repeat": 400})
    customers["last_purchase"] = ["2023-05-01" if n < 15 else "2025-05-01" for n in range(people)]
    acme.write("customers.csv", customers.to_csv(index=False))
    return acme


def keys(case, segment):
    table = cx.gaps(case)
    return table.loc[
        table["segment"].eq(segment) & table["key_experience"].eq(True), "dimension"
    ].tolist()


def test_the_answer_changes_with_the_target(acme):
    two_segments(acme)
    everyone = acme.read()
    assert keys(everyone, "all") == ["service"]
    aimed = acme.read(settings=json.dumps({"target_segments": ["repeat"]}))
    assert keys(aimed, "target") == ["price"]
    assert cx.verdict(everyone).fix["dimensions"] == ["service"]
    assert cx.verdict(aimed).fix["dimensions"] == ["price"]


def test_one_design_for_all_is_wasted_on_the_others(acme):
    case = two_segments(acme).read()
    designs = cx.segment_designs(case).set_index("segment")
    assert designs["own_key"].to_dict() == {"first": "service", "repeat": "price"}
    assert designs["wasted"].to_dict() == {"first": False, "repeat": True}
    said = cx.open_page(case).sentence("segment_designs", cx.segment_designs(case))
    assert "One design for all would spend on Service where it is not missed: repeat, 33%" in said
    assert (
        "What that is in money cannot be said: it takes initiatives for Service with a cost" in said
    )


def test_segments_by_value_and_by_what_they_miss(acme):
    # 40 × 100 and 20 × 400: one of all brings 200, so that a first buyer is ½ and a repeat buyer 2
    # of it. Repeat buyers miss nothing in service: the design for all is worth nothing to them.
    case = two_segments(acme).read()
    table = cx.segment_worth(case).set_index("segment")
    assert table["value_ratio"].to_dict() == {"first": 0.5, "repeat": 2.0}
    assert table["value_share"].round(4).to_dict() == {"first": 0.3333, "repeat": 0.6667}
    assert table["key_fit"].to_dict() == {"first": 1.0, "repeat": 0.0}
    aimed = acme.read(settings=json.dumps({"target_segments": ["first"]}))
    worth = cx.segment_worth(aimed)
    assert worth["designed_for"].tolist() == [True, False]
    to_price = acme.read(settings=json.dumps({"target_segments": ["repeat"]}))
    said = cx.open_page(to_price).sentence("segment_worth", cx.segment_worth(to_price))
    assert said.startswith("By value, potential and what they miss") and "“repeat”" in said


def test_worth_by_hand():
    customers = pd.DataFrame(
        {"segment": ["a", "a", "b", None], "existing": [10.0, 30, 80, 9], "potential": np.nan}
    )
    found = segment_worth(customers).set_index("segment")
    assert found["value_ratio"].to_dict() == {"a": 0.5, "b": 2.0}  # mean of all in segments: 40
    assert found["worth_index"].to_dict() == {"a": 0.5, "b": 2.0}  # potential is not known
    assert key_fit(None).empty


def test_what_matters_to_each_role_stands_beside_what_it_lives():
    # data/vendor: importance is drawn about one mean for all roles: 8.4 for convenience, 5.6 for brand.
    table = cx.role_scores(cx.read_client("vendor", DATA))
    rows = table[table["measure"].eq("importance")].set_index(["dimension", "role"])
    assert rows.loc[("convenience", "sponsor"), "mean"] == pytest.approx(8.4, abs=0.4)
    assert rows.loc[("brand", "it"), "mean"] == pytest.approx(5.6, abs=0.4)
    assert not rows["distress"].any()  # what matters little is no distress


def test_success_by_role_finds_who_is_in_distress_behind_a_good_mean(acme):
    case = two_segments(acme, people=120).read()
    table = cx.role_scores(case)
    rows = table[table["measure"].eq("success")].set_index("role")
    assert rows["mean"].to_dict() == {"all": 6.5, "payer": 2.0, "user": 8.0}
    assert rows["distress"].to_dict() == {"all": False, "payer": True, "user": False}
    cells = cx.success_and_liking(case).set_index("cell")["share"]
    assert (
        cells["content_unsuccessful"] == 0.25
    )  # all are content with 8; one in four does not succeed
    page = cx.open_page(case)
    assert "payer" in page.sentence("roles", table)
    assert page.sentence("success_and_liking", cx.success_and_liking(case)).startswith(
        "24% (18% to 34%)"
    )


def test_the_dormant_are_told_without_invoices(acme):
    case = two_segments(acme).read()  # 15 of 60 last bought two years before the others
    # One customer in three brings 400, the others 100; the best fifth of fifteen are three of those.
    best, row = (each for _, each in cx.dormant_by_date(case).iterrows())
    assert (best["n"], best["worth"]) == (3, 3 * 400)
    assert (row["n"], row["share"], row["worth"]) == (15, 0.25, 10 * 100 + 5 * 400)
    assert pd.isna(best["share"]), "three of sixty, in steps of three people, would be told as none"
    said = cx.open_page(case).sentence("dormant_by_date", cx.dormant_by_date(case))
    assert said.startswith("15 customers, 20% of those")  # told in steps of what three people are


@pytest.mark.parametrize(
    "churned, expected", [([False, False], [False, True]), ([False, True], [False])]
)
def test_who_has_left_is_not_dormant(churned, expected):
    dates = pd.to_datetime(["2025-12-31", "2024-12-31"])
    table = pd.DataFrame({"last_purchase": dates, "churned": churned})
    assert silent_customers(table)["silent"].tolist() == expected


def test_winning_back_is_worth_one_thing_with_invoices_and_without():
    """The best fifth would bring so much a year, buying as before: the same words, the same table."""
    told = {}
    for client in ("vendor", "retail"):  # by last purchase, and by invoices
        case = cx.read_client(client, DATA)
        life = cx.lifetimes(case)
        table = cx.dormant_by_date(case) if life is None else cx.dormant(life)
        step = "dormant_by_date" if life is None else "dormant"
        told[client] = table, cx.open_page(case).sentence(step, table)
        worth = table.set_index("group")
        assert worth.loc["best", "n"] == round(worth.loc["all", "n"] / 5)
    columns = [[*table.columns[:6]] for table, _ in told.values()]
    assert columns[0] == columns[1]
    for _, said in told.values():
        assert (
            "on back, the best " in said
            and "ow often winning back works is not in the data" in said
        )
    # By hand, of the file: who stays, and last bought a year or longer before the last day of all.
    customers = pd.read_csv(DATA / "vendor" / "customers.csv", parse_dates=["last_purchase"])
    stay = customers[customers["churned"].eq("no")]
    silent = stay[stay["last_purchase"] <= stay["last_purchase"].max() - pd.DateOffset(years=1)]
    best = silent["revenue"].nlargest(round(len(silent) / 5)).sum()
    assert told["vendor"][0]["worth"].tolist() == [best, silent["revenue"].sum()]


def test_of_customers_alone_those_who_stopped_buying_lead(acme):
    """200 customers and no invoices: 90 bought last two years before the others. The best fifth of
    them, 18, bring 500 a year each, the others 100: 18 × 500 = 9,000 is at stake."""
    dates = ["2024-01-15"] * 90 + ["2026-01-15"] * 110
    worth = [500] * 18 + [100] * 182
    rows = [f"c{k},{worth[k]},{dates[k]}" for k in range(200)]
    acme.write("customers.csv", "\n".join(["customer,revenue,last_purchase", *rows]))
    case = acme.read()
    found = cx.verdict(case)
    assert (found.fix["kind"], found.fix["value"], found.fix["of_all"]) == ("quiet", 90, 0.45)
    assert [found.stake[name] for name in ("kind", "a_year", "amount")] == ["silent", True, 9000]
    said = words_of(cx.open_page(case), found)
    assert said["answer"] == "90 customers had bought nothing for 12 months when data end."
    leading = cx.leading_findings(**cx.behind_findings(case))
    assert leading[0].headline == "dormant_by_date"  # 9,000 of 9,000 + 72 × 100
    drawn = cx.open_page(case).figure_html("dormant", *leading[0].drawn)
    assert re.search(r"What they would bring a year\W+56%", drawn)
    acme.write("customers.csv", "\n".join(["customer,revenue,last_purchase", *rows[90:]]))
    assert cx.verdict(acme.read()).fix["kind"] != "quiet"
