import numpy as np
import pandas as pd
import pytest

from cxlib.sums.evidence import growth_in_proportion
from cxlib.sums.loop import acted_on, action_list, before_after, next_cycle


def test_what_became_of_the_findings():
    actions = pd.DataFrame(
        {
            "finding": list("abcde"),
            "owner": ["x", "x", None, "y", "y"],
            "due": ["2024-01-01", "2024-01-01", "2024-12-01", "2024-12-01", None],
            "status": ["done", "open", "open", "open", "open"],
        }
    )
    found = action_list(actions, "2024-06-30")
    assert found["state"].tolist() == ["overdue", "nobody", "undated", "open", "done"]
    row = acted_on(found).iloc[0]
    # Wilson, 1 of 5: .0362 to .6245.
    assert row[["share", "share_low", "share_high"]].tolist() == pytest.approx(
        [0.2, 0.0362, 0.6245], abs=5e-5
    )
    assert row["overdue"] == 1 and row["nobody"] == 1


def series(values, event_at, units=None):
    n = len(values)
    return pd.DataFrame(
        {
            "period": [f"2024-{k + 1:02d}" for k in range(n)], "measure": "sales", "value": values,
            "units": units or 1, "event": [None if k != event_at else "opened" for k in range(n)],
        }
    )  # fmt: skip


def test_the_line_before_carried_on():
    # 10, 12, 14, 16 and a little noise that averages out of the line; then 25 where 18 and 20 were due.
    found = before_after(series([10.1, 11.9, 13.9, 16.1, 25.0, 25.0], 4)).iloc[0]
    assert found["expected"] == pytest.approx(19) and found["effect"] == pytest.approx(6)
    # By hand: residuals .1 −.1 −.1 .1, s² = .04/2, error² = .02 (1/2 + 1/4 + (4.5−1.5)²/5), t(2) 4.3027
    half = 4.3027 * (0.02 * (0.5 + 0.25 + 9 / 5)) ** 0.5
    assert found["effect_high"] - found["effect"] == pytest.approx(half, rel=1e-4)
    assert found["verdict"] == "higher"


def test_per_unit_and_nothing_invented_from_few_periods():
    found = before_after(series([10.0, 10, 30, 30], 2, [1, 1, 2, 3])).iloc[0]
    assert found["before"] == 10 and found["after"] == 12.5 and found["change"] == 0.25
    assert found["verdict"] == "too_few" and np.isnan(found["effect"])
    assert before_after(series([1.0, 2, 3], 9)).empty


def test_noise_is_not_an_effect():
    rng = np.random.default_rng(5)
    told = [
        before_after(series(list(rng.normal(10, 1, 12)), 8)).iloc[0]["verdict"] for _ in range(400)
    ]
    # One in twenty by chance: within 3 standard errors of .05.
    assert (
        np.mean([verdict != "cannot_tell" for verdict in told])
        < 0.05 + 3 * (0.05 * 0.95 / 400) ** 0.5
    )


def meisu():
    table = pd.DataFrame(
        {
            "dimension": ["product", "service", "convenience", "brand"],
            "experience": [6.0, 6, 5, 7],
            "expectation": [7.0, np.nan, 7, 7],
            "importance": [np.nan, np.nan, 9, np.nan],
            "ideal": [6.0, 6, 10, 7],
        }
    )
    table["satisfaction"] = table["experience"] - table["expectation"]
    table["weighted_satisfaction"] = table["importance"] * table["satisfaction"]
    table["gap"] = table["experience"] - table["ideal"]
    return table.assign(key_experience=table["dimension"] == "convenience", p_key=np.nan)


def test_meisus_next_cycle():
    # The method's step 7: four stores, each at least in proportion; then convenience.
    results = pd.DataFrame(
        {"period": list("1234"), "measure": "b", "value": [1.0, 2, 3, 4], "units": [1, 2, 3, 4]}
    )
    found = next_cycle(meisu(), growth_in_proportion(results)).set_index(["next", "condition"])
    brand = found.loc["brand_value"]
    assert set(brand["dimension"]) == {"convenience"}
    assert brand.loc["grown_in_proportion", "holds"] == True  # noqa: E712
    assert brand.loc["at_ideal", "holds"] == False and brand.loc["at_ideal", "found"] == -5  # noqa: E712
    assert pd.isna(brand.loc["surely_key", "holds"])
    # The worst of the others is the product, whose importance nobody knows.
    worst = found.loc["key_experience"]
    assert set(worst["dimension"]) == {"product"}
    assert worst.loc["importance_known", "holds"] == False  # noqa: E712


def test_no_key_experience_no_next_cycle():
    assert next_cycle(meisu().assign(key_experience=False)).empty


def test_one_period_out_of_proportion_is_enough_to_doubt():
    results = pd.DataFrame(
        {"period": list("123"), "measure": "b", "value": [1.0, 2, 2.5], "units": [1, 2, 3]}
    )
    found = next_cycle(meisu(), growth_in_proportion(results)).set_index("condition")
    assert found.loc["grown_in_proportion", "found"] == 0.5
    assert found.loc["grown_in_proportion", "holds"] == False  # noqa: E712
