import numpy as np
import pandas as pd
import pytest

from cxlib.sums.kpi import kpi_table, latest_kpis, seven_rights

# Worked example 14: Montgomery, orange-juice cans that leak, of 50.
CANS = [12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22, 8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6]  # fmt: skip


def calls(**columns):
    base = {"kpi": "answered", "period": "2024-01", "better": "high"}
    return kpi_table(pd.DataFrame([{**base, **columns}])).iloc[0]


def test_a_verdict_goes_by_the_interval():
    # Wilson, n 200: 190 of 200 is .9104 to .9726 (Newcombe 1998's formula by hand).
    row = calls(numerator=190, denominator=200, target=0.95)
    assert (row["value_low"], row["value_high"]) == pytest.approx((0.9104, 0.9726), abs=5e-5)
    assert row["verdict"] == "cannot_tell"
    assert calls(numerator=190, denominator=200, target=0.90)["verdict"] == "met"
    assert calls(numerator=190, denominator=200, target=0.98)["verdict"] == "missed"


def test_low_is_better_where_it_says_so():
    assert calls(numerator=190, denominator=200, target=0.98, better="low")["verdict"] == "met"
    assert calls(numerator=190, denominator=200, target=0.90, better="low")["verdict"] == "missed"
    assert calls(value=4.0, target=5.0, better="low")["verdict"] == "met"
    assert calls(value=4.0, target=5.0, better=None)["verdict"] == "cannot_tell"


def test_a_stated_value_has_no_interval():
    row = calls(value=0.95, target=0.95, benchmark=0.998)
    assert np.isnan(row["value_low"]) and np.isnan(row["n"]) and row["basis"] == "stated"
    assert row["verdict"] == "met" and row["against_benchmark"] == "worse"
    assert calls(value=0.9)["verdict"] == ""


def test_visits_per_customer_are_no_share():
    row = calls(numerator=300, denominator=200, target=2.0, better="low")
    assert row["value"] == 1.5 and np.isnan(row["value_low"]) and row["basis"] == "ratio"


def test_a_reported_nps_that_its_answers_cannot_give_is_marked():
    # Ten answers give whole tens, twenty give whole fives (GRIM: Brown & Heathers 2017).
    row = calls(value=35, denominator=10, unit="nps")
    assert row["impossible"] and row["n"] == 10 and row["basis"] == "stated"
    assert not calls(value=35, denominator=20, unit="NPS")["impossible"]
    assert not calls(value=35, denominator=10, unit="share")["impossible"]
    assert not calls(value=35, unit="nps")["impossible"]  # no base, nothing to hold it against
    assert not calls(value=0.95)["impossible"]


def test_the_printed_p_chart():
    periods = [f"2024-{k:02d}" for k in range(1, 31)]
    table = kpi_table(
        pd.DataFrame({"kpi": "leaks", "period": periods, "numerator": CANS, "denominator": 50})
    )
    assert table["centre"].iloc[0] == pytest.approx(0.2313, abs=5e-5)
    outside = table.loc[table["signal"] == "outside", "period"].tolist()
    assert outside == ["2024-15", "2024-23"]


def test_a_penalty_falls_due_only_when_missed():
    assert calls(value=0.8, target=0.9, penalty="5 % of the fee")["penalty_due"]
    assert not calls(value=0.95, target=0.9, penalty="5 % of the fee")["penalty_due"]
    assert not calls(value=0.8, target=0.9)["penalty_due"]


def test_the_latest_period_and_the_change_to_it():
    table = pd.DataFrame(
        {
            "kpi": ["a", "a", "b", "a"],
            "channel": ["phone", "phone", "web", "phone"],
            "period": ["2024-02", "2024-01", "2024-01", "2024-03"],
            "value": [3.0, 1.0, 9.0, np.nan],
        }
    )
    found = latest_kpis(kpi_table(table)).set_index("kpi")
    assert found.loc["a", "period"] == "2024-02" and found.loc["a", "change"] == 2
    assert np.isnan(found.loc["b", "previous"])


def test_rights_without_a_measure_are_named():
    table = pd.DataFrame(
        {
            "kpi": ["a", "b", "c"],
            "period": "2024",
            "value": [0.9, 0.9, 0.9],
            "target": [0.8, 0.95, 0.8],
            "better": "high",
            "right": ["time", "time; place", "product"],
        }
    )
    found = seven_rights(latest_kpis(kpi_table(table))).set_index("right")
    assert found["verdict"].to_dict() == {
        "time": "missed", "place": "missed", "price": "not_measured", "channel": "not_measured",
        "customer": "not_measured", "product": "met", "need": "not_measured",
    }  # fmt: skip
    assert found.loc["time", ["measures", "met", "missed"]].tolist() == [2, 1, 1]


def test_a_column_of_the_table_s_own_stands_in_nobody_s_way():
    table = pd.DataFrame({"kpi": "a", "period": ["1", "2"], "value": [1.0, 2.0]})
    found = kpi_table(table.assign(signal="mine", centre="mine"))
    assert found["centre"].tolist() == kpi_table(table)["centre"].tolist() == [1.5, 1.5]


def test_a_percentage_is_a_share():
    # 99.9 % is 0.999, whoever wrote the sign; its target of 99.5 % is met.
    row = calls(value=99.9, target=99.5, unit="%")
    assert (row["value"], row["target"], row["unit"]) == (pytest.approx(0.999), 0.995, "share")
    assert row["verdict"] == "met"
    assert calls(numerator=998, denominator=1000, target=99.0, unit="percent")["target"] == 0.99
    assert calls(value=24.0, unit="hours")["value"] == 24.0
