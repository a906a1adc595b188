import numpy as np
import pandas as pd
import pytest

from cxlib.sums.proactive import few_together, reason_pareto


def cases():
    return pd.DataFrame(
        {
            "reason": ["leak"] * 6 + ["noise"] * 3 + ["smell"] + [None],
            "customer": ["a", "a", "b", "c", "d", "e", "a", "b", "c", "d", "e"],  # five in all
        }
    )


def test_one_in_27_who_suffer_complains():
    # The literature's 4 % (1 in 27): five customers who called stand for 130 who did not.
    found = reason_pareto(cases(), 1 / 27).set_index("reason")
    assert found.loc["leak", "people"] == 5 and found.loc["leak", "cases"] == 6
    assert found.loc["leak", "silent"] == pytest.approx(130)
    assert found["cumulative"].tolist()[:3] == pytest.approx([0.6, 0.9, 1.0])
    assert found.index.tolist() == ["leak", "noise", "smell", "all"]


def test_who_met_several_faults_counts_once_in_all():
    # Nine pairs of a customer and a fault, five customers: at one in ten, 50 and not 90 suffer.
    found = reason_pareto(cases(), 0.1).set_index("reason")
    assert found["people"].to_dict() == {"leak": 5, "noise": 3, "smell": 1, "all": 5}
    assert found.loc["all", "silent"] == pytest.approx(45)
    assert found["silent"].drop("all").sum() == pytest.approx(81)
    assert found.loc["all", "cases"] == 10


def test_each_fault_has_its_own_rate():
    # Two in five who meet the leak call, one in ten who hear the noise, half who smell the smell. a, b
    # and c called about the noise, and stand for ten each; d and e about the leak, for 2.5 each.
    rates = pd.Series({"smell": 0.5, "leak": 0.4, "noise": 0.1})
    found = reason_pareto(cases(), rates).set_index("reason")
    assert found["silent"].to_dict() == pytest.approx(
        {"leak": 7.5, "noise": 27, "smell": 1, "all": 3 * 10 + 2 * 2.5 - 5}
    )
    assert found.loc["all", "rate"] == pytest.approx(5 / 35)
    ends = reason_pareto(cases(), rates, rates / 2, rates.clip(lower=0.3)).set_index("reason")
    # Exact Poisson limits of 3 are 0.6187 and 8.7673 (Garwood 1936), √.9 of whose distance counts: 0.7409
    # and 8.4713. ln(0.7409/3) = −1.3985 and ln 3 = 1.0986, together 1.7784; ln(8.4713/3) = 1.0381
    # and ln 2 = 0.6931, together 1.2482. 30 e^−1.7784 − 3 = 2.068; 30 e^1.2482 − 3 = 101.5.
    assert ends.loc["noise", "silent_low"] == pytest.approx(2.068, rel=1e-3)
    assert ends.loc["noise", "silent_high"] == pytest.approx(101.5, rel=1e-3)


def test_the_range_is_of_the_rate_and_of_the_count_together():
    # Exact Poisson limits of 5 are 1.6235 and 11.6683, √.96 of whose distance is 1.6917 and 11.5336;
    # logarithms of ratios −1.0837 and 0.9163, together 1.4192; 0.8358 and 0.6931, together 1.0858.
    found = reason_pareto(cases(), 0.04, 0.02, 0.10).set_index("reason")
    assert found.loc["leak", "silent_low"] == pytest.approx(125 * np.exp(-1.4192) - 5, rel=1e-3)
    assert found.loc["leak", "silent_high"] == pytest.approx(125 * np.exp(1.0858) - 5, rel=1e-3)
    # One rate behind all faults: the five who called about any are as unsure as those of the leak.
    assert found.loc["all", "silent_high"] == pytest.approx(found.loc["leak", "silent_high"])


def test_rates_counted_apart_err_apart_in_all():
    # Each called about one fault: 4 of .1 (.08 to .2), 4 of .2 (.1 to .3), which makes 40 and 20 who met it.
    two = pd.DataFrame({"reason": [*"xxxxyyyy"], "customer": [*"abcdefgh"]})
    rates = [pd.Series({"x": x, "y": y}) for x, y in ((0.1, 0.2), (0.08, 0.1), (0.2, 0.3))]
    found = reason_pareto(two, *rates).set_index("reason")
    met = found["people"] + found["silent_high"]
    off = np.hypot(met["x"] - 40, met["y"] - 20)
    assert met["all"] == pytest.approx(60 + off)
    least = found["people"] + found["silent_low"]
    assert least["all"] == pytest.approx(60 - np.hypot(40 - least["x"], 20 - least["y"]))


def test_no_more_suffer_than_there_are():
    found = reason_pareto(cases(), 0.04, customers=50, revenue_each=100).set_index("reason")
    assert found.loc["leak", "silent"] == 45 and found.loc["leak", "capped"]
    assert found.loc["leak", "amount"] == 5000
    assert found.loc["smell", "silent"] == pytest.approx(24) and not found.loc["smell", "capped"]
    assert found.loc["all", ["silent", "silent_high"]].tolist() == [45, 45]
    assert (found["people"] + found["silent_high"]).max() == 50
    little = reason_pareto(cases(), 0.04, customers=50, revenue_each=100, revenue=4_900)
    assert little["amount_high"].max() == 4_900  # of customers without a revenue none was measured
    nameless = reason_pareto(cases().drop(columns="customer"), 0.04, customers=4, revenue_each=100)
    assert nameless["amount_high"].max() == 400 and (nameless["silent"] >= 0).all()


def test_without_names_cases_are_people_and_without_revenue_no_money():
    found = reason_pareto(cases().drop(columns="customer"), 0.5)
    assert found["people"].tolist() == [6, 3, 1] and found["silent"].tolist() == [6, 3, 1]
    assert "amount" not in found
    unknown = cases().assign(customer=[None, *"abcdefghij"])
    assert reason_pareto(unknown, 0.5)["people"].tolist() == [6, 3, 1]  # nor a total


def test_if_nobody_complains_there_is_no_telling():
    assert np.isinf(reason_pareto(cases(), 0.04, 0.0, 0.1)["silent_high"]).all()


@pytest.mark.parametrize(
    ("least", "left"),
    [
        # Five people called about the leak, three about the noise, one about the smell.
        (0, {"leak": 5, "noise": 3, "smell": 1}),
        (1, {"leak": 5, "noise": 3, "smell": 1}),
        # One alone would be what is left of the total: the next smallest hides it. By hand: a, b
        # and c called about the noise and d about the smell.
        (2, {"leak": 5, "other": 4}),
        (4, {"leak": 5, "other": 4}),
        (6, None),
    ],
)
def test_what_few_people_called_for_is_told_together(least, left):
    found = few_together(cases(), least)
    shown = None if found is None else reason_pareto(found, 0.5).set_index("reason")["people"]
    assert (None if found is None else shown.drop("all").to_dict()) == left


def test_one_person_who_called_often_is_one():
    often = pd.DataFrame(
        {"reason": ["leak"] * 9 + ["noise"] * 12, "customer": ["a"] * 9 + [*range(12)]}
    )
    assert few_together(often, 3) is None, "twelve and one: neither would hide the other"
    unnamed = few_together(often.drop(columns="customer"), 3)
    assert sorted(unnamed["reason"].unique()) == ["leak", "noise"]
