import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cxlib.sums.weights import design_effect, effective_base, rake

# Worked example 11: Kalton & Flores-Cervantes 2003, through the tests of R's survey package.
SAMPLE = np.array([[20, 50, 100, 30], [40, 140, 50, 100], [40, 310, 50, 70]])
POPULATION = np.array([[80, 60, 170, 55], [40, 150, 60, 165], [55, 340, 200, 125]])
FACTORS = [[1.81, 1.08, 2.20, 1.83], [1.45, 0.87, 1.76, 1.47], [2.02, 1.21, 2.45, 2.04]]


def people_of(counts) -> pd.DataFrame:
    row, col = np.indices(counts.shape)
    of_cell = {"row": row, "col": col}
    return pd.DataFrame({k: np.repeat(v.ravel(), counts.ravel()) for k, v in of_cell.items()})


def margins_of(counts) -> dict:
    shares = {"row": counts.sum(axis=1) / counts.sum(), "col": counts.sum(axis=0) / counts.sum()}
    return {name: dict(enumerate(share)) for name, share in shares.items()}


def misses(raking) -> float:
    return (raking.margins["after"] - raking.margins["target"]).abs().max()


def test_the_published_factors():
    people = people_of(SAMPLE)
    raking = rake(people, margins_of(POPULATION))
    factors = raking.weight * POPULATION.sum() / SAMPLE.sum()
    found = factors.groupby([people["row"], people["col"]]).first().unstack()
    assert found.round(2).to_numpy().tolist() == FACTORS


@settings(deadline=None)
@given(st.data())
def test_raking_meets_its_margins(data):
    sample = np.array(data.draw(st.lists(st.integers(3, 40), min_size=6, max_size=6))).reshape(2, 3)
    wanted = np.array(data.draw(st.lists(st.integers(20, 40), min_size=6, max_size=6)))
    people = people_of(sample)
    raking = rake(people, margins_of(wanted.reshape(2, 3)), largest=100)
    assert misses(raking) < 1e-8
    assert raking.weight.mean() == pytest.approx(1)
    assert design_effect(raking.weight) >= 1 - 1e-12
    assert effective_base(raking.weight) <= len(people) * (1 + 1e-12)
    shuffled = people.sample(frac=1, random_state=1)
    again = rake(shuffled, margins_of(wanted.reshape(2, 3)), largest=100)
    assert np.allclose(again.weight.reindex(people.index), raking.weight)


def test_trimming_holds_the_largest_and_still_meets_the_margins():
    people, margins = people_of(SAMPLE), margins_of(POPULATION)
    raking = rake(people, margins, largest=1.5)
    assert rake(people, margins).weight.max() > 1.6
    assert raking.weight.max() <= 1.5 * (1 + 1e-9) and raking.trimmed > 0
    assert misses(raking) < 1e-8


def test_margins_that_cannot_be_met_within_the_largest_weight():
    # The second column is 36.7 % of the people and half of the sample: factors average 1.36.
    with pytest.raises(ValueError, match="cannot meet its margins with weights of at most 1.3"):
        rake(people_of(SAMPLE), margins_of(POPULATION), largest=1.3)


def test_a_blank_keeps_its_share_and_is_shown():
    people = pd.DataFrame({"gender": ["1", "1", "1", "2", None]})
    raking = rake(people, {"gender": {1: 0.5, 2: 0.5}})
    assert raking.weight.tolist() == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2, 1])
    blank = raking.margins[raking.margins["value"].isna()]
    assert blank[["n", "target", "before", "after"]].to_numpy().tolist() == [
        pytest.approx([1, 0.2, 0.2, 0.2])
    ]


def test_raking_starts_from_the_weights_given():
    people = pd.DataFrame({"gender": ["1", "1", "2", "2"]})
    raking = rake(people, {"gender": {1: 0.5, 2: 0.5}}, pd.Series([1.0, 3, 5, 5]))
    assert raking.weight.tolist() == pytest.approx([0.5, 1.5, 1, 1])


def test_margins_that_do_not_fit_the_people_are_refused_all_at_once():
    people = pd.DataFrame({"gender": ["1", "2", "3"], "age": ["old", "old", "old"]})
    margins = {"gender": {1: 0.5, 2: 0.4}, "age": {"old": 0.5, "young": 0.5}, "region": {"n": 1.0}}
    with pytest.raises(ValueError) as refused:
        rake(people, margins)
    said = str(refused.value)
    assert "4 problems" in said
    for part in (
        "add up to 0.9, not 1",
        "'gender' has no share for 3",
        "'age' has nobody with young",
        "'region' is not a column",
    ):
        assert part in said


@pytest.mark.parametrize("bad", [np.nan, -2.0, np.inf])
def test_a_blank_or_negative_weight_is_refused(bad):
    with pytest.raises(ValueError, match="in 1 of 2 rows"):
        rake(
            pd.DataFrame({"gender": ["1", "2"]}), {"gender": {1: 0.5, 2: 0.5}}, pd.Series([1, bad])
        )


def test_kish_by_hand():
    weight = pd.Series([1, 1, 2, 2])  # 6² / 10
    assert effective_base(weight) == pytest.approx(3.6)
    assert design_effect(weight) == pytest.approx(4 / 3.6)
    assert design_effect(pd.Series([0, 5, 5])) == pytest.approx(1)  # two people, weighted alike
