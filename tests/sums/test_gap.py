import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.pandas import column, data_frames, range_indexes
from scipy import stats

from cxlib.sums.estimate import estimate_means
from cxlib.sums.gap import gap_intervals, gap_table, ideal_scores, mark_key_experience, p_key

POINTS = st.one_of(st.just(np.nan), st.floats(0, 10))
SCORES = data_frames(
    [
        column(name, elements=POINTS)
        for name in ("experience", "expectation", "importance", "ideal")
    ],
    index=range_indexes(min_size=1, max_size=8),
)


@pytest.fixture
def meisu():
    # method.md §2: a dash is not printed in the source.
    rows = {
        "product": (6, 7, np.nan, 6),
        "service": (6, np.nan, np.nan, 6),
        "relationship": (4, np.nan, np.nan, 4),
        "convenience": (5, 7, 9, 10),
        "brand": (7, 7, np.nan, 7),
        "price": (7, 7, np.nan, 7),
    }
    columns = ["experience", "expectation", "importance", "ideal"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype=float)
    return table.assign(dimension=table.index, segment="all")


@pytest.fixture
def survey():
    """Forty people's (measure, dimension) answers; `far` is far worse served than the others."""
    rng = np.random.default_rng(7)
    means = {"far": (3, 8, 8), "twin": (6, 7, 7), "fine": (9, 8, 7)}
    columns = pd.MultiIndex.from_tuples(
        [(m, d) for d in means for m in ("experience", "expectation", "importance")]
    )
    centre = np.concatenate([means[d] for d in means])
    person = rng.normal(0, 1, (40, 1))
    return pd.DataFrame(centre + person + rng.normal(0, 1, (40, 9)), columns=columns)


def gaps_of(survey, ideal=None):
    found = estimate_means(survey)
    scores = found.mean.unstack(level=0).rename_axis("dimension").reset_index()
    scores = scores.assign(segment="all")
    ideal = ideal or {"default": 9}
    gaps = mark_key_experience(gap_table(scores.assign(ideal=ideal_scores(scores, ideal))))
    return gap_intervals(gaps, {"all": found}, ideal=ideal).set_index("dimension")


def test_the_worked_example(meisu):
    # The method's source prints these, and no others (worked example 2).
    table = gap_table(meisu)
    columns = ["satisfaction", "weighted_satisfaction", "gap"]
    assert table.loc["convenience", columns].tolist() == [-2, -18, -5]
    assert table.loc["product", "satisfaction"] == -1
    assert table.loc[["brand", "price"], "satisfaction"].tolist() == [0, 0]
    assert table["gap"].drop("convenience").tolist() == [0] * 5


def test_what_is_not_printed_stays_blank(meisu):
    table = gap_table(meisu)
    assert table.loc[["service", "relationship"], "satisfaction"].isna().all()
    assert table["weighted_satisfaction"].drop("convenience").isna().all()


def test_servqual_gaps():
    # Worked example 3: 12manage forum on Zeithaml, Parasuraman & Berry.
    gaps = [-0.65, -1.10, -0.83, -0.70, -1.01]
    scores = pd.DataFrame(
        {"experience": gaps, "expectation": 0.0, "importance": np.nan, "ideal": 0.0}
    )
    assert gap_table(scores)["satisfaction"].mean() == pytest.approx(-0.858)


@settings(deadline=None)
@given(SCORES)
def test_satisfaction_is_what_separates_experience_from_expectation(scores):
    table = gap_table(scores)
    both = scores[["experience", "expectation"]].notna().all(axis=1)
    found = table["expectation"] + table["satisfaction"]
    assert np.allclose(found[both], scores["experience"][both])
    assert table["satisfaction"][~both].isna().all()


def test_the_ideal_of_the_worked_example(meisu):
    decided = dict(zip(meisu["dimension"], [6, 6, 4, 10, 7, 7], strict=True))
    assert ideal_scores(meisu, decided).tolist() == [6, 6, 4, 10, 7, 7]


def test_an_ideal_that_follows_experience_is_not_decided_and_leaves_no_gap(meisu):
    ideal = ideal_scores(meisu, {"default": "experience", "convenience": 10})
    assert ideal.isna().tolist() == [True, True, True, False, True, True]
    gap = gap_table(meisu.assign(ideal=ideal))["gap"]
    assert gap["convenience"] == -5 and gap.isna().sum() == 5


def test_an_ideal_is_raised_to_the_expectation_where_today_is_below_it():
    scores = pd.DataFrame(
        {"dimension": ["a", "b", "c"], "experience": [5.0, 8, 6], "expectation": [7.0, 7, np.nan]}
    )
    found = ideal_scores(scores, {"default": "expectation"})
    assert found.tolist()[:2] == [7, 8] and np.isnan(found[2])
    found = ideal_scores(scores, {"default": 9, "b": "experience"})
    assert found.tolist()[::2] == [9, 9] and np.isnan(found[1])


def test_the_key_experience_is_the_most_negative_of_its_segment():
    gaps = pd.DataFrame(
        {
            "segment": ["all", "all", "tied", "tied", "content", "content", "unknown"],
            "weighted_satisfaction": [-18, -3, -4, -4 - 1e-13, 0, 2, np.nan],
        }
    )
    marked = mark_key_experience(gaps)["key_experience"]
    assert marked.tolist() == [True, False, True, True, False, False, None]


def test_satisfaction_is_as_sure_as_the_same_peoples_answers_make_it(survey):
    row = gaps_of(survey).loc["twin"]
    of = stats.ttest_rel(survey[("experience", "twin")], survey[("expectation", "twin")])
    interval = of.confidence_interval(0.95)
    assert row["satisfaction_low"] == pytest.approx(interval.low)
    assert row["satisfaction_high"] == pytest.approx(interval.high)


def test_a_typed_importance_is_known(survey):
    # Then weighted satisfaction is that number times satisfaction, and so are its limits.
    found = estimate_means(survey)
    scores = found.mean.unstack(level=0).rename_axis("dimension").reset_index()
    gaps = gap_table(scores.assign(segment="all", ideal=9.0, importance=4.0))
    table = gap_intervals(gaps, {"all": found}, draws=100)
    for end in ("low", "high"):
        expected = 4 * table[f"satisfaction_{end}"]
        pd.testing.assert_series_equal(
            table[f"weighted_satisfaction_{end}"], expected, check_names=False
        )
        assert table[f"importance_{end}"].isna().all()


def test_a_product_is_as_unsure_as_simulation_says(survey):
    row = gaps_of(survey).loc["far"]
    rng = np.random.default_rng(1)  # the bootstrap, which knows nothing of our formula
    people = survey.xs("far", axis=1, level=1).to_numpy()[rng.integers(0, 40, (20_000, 40))]
    x, e, i = people.mean(axis=1).T
    width = row["weighted_satisfaction_high"] - row["weighted_satisfaction_low"]
    expected = 2 * stats.t.ppf(0.975, 39) * (i * (x - e)).std() * np.sqrt(40 / 39)
    assert width == pytest.approx(expected, rel=0.03)


def test_the_gap_is_as_sure_as_its_ideal_lets_it_be(survey):
    number = gaps_of(survey, {"default": 9})
    for end in ("low", "high"):
        shifted = (number[f"gap_{end}"] + 9).tolist()
        assert shifted == pytest.approx(number[f"experience_{end}"].tolist())
    undecided = gaps_of(survey, {"default": "experience"})
    assert undecided[["gap", "gap_low", "gap_high"]].isna().all(axis=None)


def test_a_gap_to_the_expectation_is_as_sure_as_satisfaction_and_never_above_zero(survey):
    table = gaps_of(survey, {"default": "expectation"})
    for end in ("low", "high"):
        below = table[f"satisfaction_{end}"].clip(upper=0)
        pd.testing.assert_series_equal(table[f"gap_{end}"], below, check_names=False)
    # Met today by a hair: the gap is 0, and might well be below.
    survey[("expectation", "fine")] += 0.99 * (
        survey.mean()["experience", "fine"] - survey.mean()["expectation", "fine"]
    )
    row = gaps_of(survey, {"default": "expectation"}).loc["fine"]
    assert row["gap"] == 0 and row["gap_low"] < -0.1 and row["gap_high"] == 0


def test_an_ideal_that_is_not_what_the_rules_give_is_a_number(survey):
    # The table of scores may name one of its own.
    found = estimate_means(survey)
    scores = found.mean.unstack(level=0).rename_axis("dimension").reset_index()
    gaps = gap_table(scores.assign(segment="all", ideal=9.5))
    for rule in ("experience", "expectation"):
        table = gap_intervals(gaps, {"all": found}, draws=0, ideal={"default": rule})
        shifted = (table["gap_low"] + 9.5).tolist()
        assert shifted == pytest.approx(table["experience_low"].tolist())


def test_without_the_rules_an_ideal_that_equals_expectation_is_that_score(survey):
    found = estimate_means(survey)
    scores = found.mean.unstack(level=0).rename_axis("dimension").reset_index()
    scores = scores.assign(segment="all", ideal=scores["expectation"])
    table = gap_intervals(gap_table(scores), {"all": found})
    expected = table["satisfaction_low"].clip(upper=0)
    pd.testing.assert_series_equal(table["gap_low"], expected, check_names=False)


def test_a_number_that_happens_to_be_todays_mean_is_still_a_number(survey):
    survey = survey.round()
    fixed = survey[("experience", "far")].mean()
    row = gaps_of(survey, {"default": 9, "far": fixed}).loc["far"]
    assert row["gap"] == pytest.approx(0) and row["gap_low"] < -0.2


def test_without_estimates_nothing_is_sure_or_unsure(meisu):
    table = gap_intervals(gap_table(meisu), {})
    new = table.columns.difference(gap_table(meisu).columns)
    assert len(new) == 16 and table[new].isna().all(axis=None)


def test_the_worst_served_by_far_is_surely_the_key_experience(survey):
    table = gaps_of(survey)
    assert table["p_key"].to_dict() == {"far": 1, "twin": 0, "fine": 0}
    assert table.loc["far", ["rank", "rank_low", "rank_high"]].tolist() == [1, 1, 1]


def test_two_that_cannot_be_told_apart_share_the_probability(survey):
    # The same answers in another order of people: the same mean and spread, hardly correlated.
    twins = survey.drop(columns="far", level=1)
    shuffled = twins.xs("twin", axis=1, level=1).sample(frac=1, random_state=2).to_numpy()
    for measure, values in zip(
        ("experience", "expectation", "importance"), shuffled.T, strict=True
    ):
        twins[(measure, "other")] = values
    table = gaps_of(twins)
    assert table.loc[["twin", "other"], "p_key"].tolist() == pytest.approx([0.5, 0.5], abs=0.03)
    assert table.loc[["twin", "other"], "rank_high"].tolist() == [2, 2]


def test_probabilities_by_hand():
    draws = np.array([[-2.0, -1, np.nan], [-1, -3, np.nan], [1, 2, np.nan], [-1, 0, np.nan]])
    assert p_key(draws)[:2].tolist() == [0.5, 0.25] and np.isnan(p_key(draws)[2])


def test_the_same_seed_gives_the_same_table_whatever_the_other_segments(survey):
    found = estimate_means(survey)
    scores = found.mean.unstack(level=0).rename_axis("dimension").reset_index()
    one = gap_table(scores.assign(segment="b", ideal=9.0))
    two = pd.concat([one.assign(segment="a"), one], ignore_index=True)
    alone = gap_intervals(one, {"b": found})
    beside = gap_intervals(two, {"a": estimate_means(survey[:20]), "b": found})
    pd.testing.assert_frame_equal(alone, beside[3:].reset_index(drop=True))


def test_items_find_their_estimates_by_item(survey):
    found = estimate_means(survey)
    items = found.mean.unstack(level=0).rename_axis("item").reset_index()
    gaps = gap_table(items.assign(dimension="same", segment="all", ideal=9.0))
    table = gap_intervals(gaps, {"all": found}, draws=10)
    assert table["satisfaction_low"].notna().all()


def test_answers_that_are_all_alike_have_an_interval_on_the_scale():
    # Forty tens. Wilson's limit of none in forty: 3.8415 / (40 + 3.8415) = 8.76 % may give a 0.
    labels = pd.MultiIndex.from_product([["experience", "expectation", "importance"], ["a"]])
    answers = pd.DataFrame([[10.0, 8.0, 5.0]] * 40, columns=labels)
    found = estimate_means(answers)
    scores = pd.DataFrame({"dimension": ["a"], "segment": "all", "experience": 10.0})
    scores = scores.assign(expectation=8.0, importance=5.0, ideal=10.0)
    scales = dict.fromkeys(("experience", "expectation", "importance"), (0, 10))
    row = gap_intervals(gap_table(scores), {"all": found}, draws=0, scales=scales).iloc[0]
    missed = 3.8415 / 43.8415
    assert row["experience_low"] == pytest.approx(10 - 10 * missed, abs=1e-3)
    assert row[["experience_high", "gap_high"]].tolist() == [10, 0]
    assert row["gap_low"] == pytest.approx(-10 * missed, abs=1e-3)
    assert row["satisfaction_low"] == pytest.approx(2 - (10 + 2) * missed, abs=1e-3)
    assert row["weighted_satisfaction_high"] == pytest.approx(
        (5 + 5 * missed) * (2 + 8 * missed), abs=1e-3
    )
    plain = gap_intervals(gap_table(scores), {"all": found}, draws=0).iloc[0]
    assert plain["experience_low"] == plain["experience_high"] == 10  # where no scale is known


def test_no_interval_goes_beyond_the_scale():
    rng = np.random.default_rng(5)
    labels = pd.MultiIndex.from_product([["experience"], ["a"]])
    answers = pd.DataFrame(np.where(rng.random((30, 1)) < 0.05, 0.0, 10.0), columns=labels)
    scores = pd.DataFrame(
        {"dimension": ["a"], "segment": "all", "experience": answers.mean().item()}
    )
    scores = scores.assign(expectation=np.nan, importance=np.nan, ideal=10.0)
    of = {"draws": 0, "scales": {"experience": (0, 10)}}
    row = gap_intervals(gap_table(scores), {"all": estimate_means(answers)}, **of).iloc[0]
    assert row["experience_low"] >= 0 and row["experience_high"] <= 10 and row["gap_high"] <= 0
