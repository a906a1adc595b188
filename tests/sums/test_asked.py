"""The key experience where no expectation was asked."""

import numpy as np
import pandas as pd
import pytest

from cxlib.sums.estimate import estimate_means
from cxlib.sums.gap import gap_intervals, gap_table, mark_key_experience
from cxlib.sums.priority import key_without_expectation


def found(rows, estimates=None):
    table = pd.DataFrame(rows).assign(segment="all")
    table = table.reindex(columns=dict.fromkeys([*table, *NEEDED]))
    return key_without_expectation(mark_key_experience(gap_table(table)), estimates or {})


NEEDED = (
    "experience", "expectation", "importance", "ideal", "asked_satisfaction", "asked_target",
)  # fmt: skip


def test_a_decided_ideal_goes_before_satisfaction_as_asked():
    rows = {"dimension": ["a", "b"], "importance": [2.0, 4.0], "experience": [6.0, 7.0],
            "ideal": [9.0, 8.0], "asked_satisfaction": [5.0, 1.0], "asked_target": 5.0}  # fmt: skip
    table = found(rows)
    assert table["priority"].tolist() == [-6, -4]  # 2 × (6 − 9), 4 × (7 − 8)
    assert table["ground"].tolist() == ["ideal", "ideal"]
    assert table["key_experience"].tolist() == [True, False]


def test_where_expectation_is_known_the_method_decides():
    rows = {"dimension": ["a", "b"], "importance": [2.0, 4.0], "experience": [6.0, 7.0],
            "expectation": [7.0, np.nan], "asked_satisfaction": 1.0, "asked_target": 5.0}  # fmt: skip
    table = found(rows)
    assert table["ground"].tolist() == ["expectation", None] and table["priority"].isna().all()
    assert table["key_experience"].tolist() == [True, False]


def test_without_importance_nothing_is_weighed():
    rows = {"dimension": ["a", "b"], "asked_satisfaction": [1.0, 4.0], "asked_target": 5.0}
    table = found({**rows, "importance": np.nan})
    assert table[["ground", "priority", "key_experience"]].isna().all(axis=None)


def test_it_is_as_sure_as_the_same_answers_are_of_experience_against_a_known_expectation():
    rng = np.random.default_rng(7)
    columns = [(m, d) for m in ("satisfaction", "importance") for d in "ab"]
    answers = pd.DataFrame(rng.integers(1, 6, (60, 4)), columns=pd.MultiIndex.from_tuples(columns))
    estimates = estimate_means(answers.astype(float))
    means = estimates.mean.unstack(level=0).loc[list("ab")]
    asked = {"asked_satisfaction": means["satisfaction"], "asked_target": 5.0}
    rows = {"dimension": list("ab"), "importance": means["importance"].to_numpy()}
    table = found(
        {**rows, **{k: np.broadcast_to(v, 2) for k, v in asked.items()}}, {"all": estimates}
    )
    lived = answers.rename(columns={"satisfaction": "experience"}, level=0)
    other = pd.DataFrame(rows).assign(
        segment="all", experience=means["satisfaction"].to_numpy(), expectation=5.0, ideal=np.nan
    )
    other = gap_intervals(gap_table(other), {"all": estimate_means(lived.astype(float))})
    for one, two in (("priority", "weighted_satisfaction"), ("asked_satisfaction", "experience")):
        for end in ("_low", "_high"):
            assert table[one + end].tolist() == pytest.approx(other[two + end].tolist())
    assert table["p_key"].tolist() == pytest.approx(other["p_key"].tolist())
