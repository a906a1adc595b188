import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cxlib.sums.estimate import estimate_means
from cxlib.sums.roles import role_scores, role_spread, weighted_by_role

LABEL = ("overall", "overall")


@pytest.fixture
def project():
    """Users like it (mean 8), the sponsor does not (2): the method's project that was stopped."""
    users, sponsors = [7, 8, 9] * 20, [1, 2, 3] * 4
    answers = pd.DataFrame({LABEL: np.array(users + sponsors, dtype=float)})
    answers.columns = pd.MultiIndex.from_tuples([LABEL])
    return answers, pd.Series(["user"] * 60 + ["sponsor"] * 12)


def test_a_good_mean_hides_a_role_in_distress(project):
    table = role_scores(*project, scale=(0, 10)).set_index("role")
    assert table.loc["all", "mean"] == pytest.approx(7)
    assert table["distress"].to_dict() == {"all": False, "sponsor": True, "user": False}
    # The same scores where the mean itself is bad hide nothing.
    low = role_scores(project[0] - 2, project[1], scale=(0, 10))
    assert not low["distress"].any()


def test_spread_between_roles_by_hand(project):
    row = role_spread(*project).iloc[0]
    # Between: 60 × 1² + 12 × 5² = 360; within: 72 × 2/3 = 48, on 70 degrees of freedom.
    within = 48 / 70
    assert row["spread"] == pytest.approx((360 - within) / (408 + within))
    assert row[["lowest_role", "highest_role", "roles"]].tolist() == ["sponsor", "user", 2]


def test_roles_that_agree_have_no_spread():
    # Omega squared of pure chance is about 0, where R² would be (roles − 1)/(n − 1) = .4.
    rng, found = np.random.default_rng(1), []
    for _ in range(200):
        answers = pd.DataFrame({LABEL: rng.normal(size=11)})
        answers.columns = pd.MultiIndex.from_tuples([LABEL])
        found.append(role_spread(answers, pd.Series(list("abcdeabcdea")))["spread"].iloc[0])
    assert np.median(found) < 0.05


def test_who_decides_and_pays(project):
    answers, roles = project
    by_role = {role: estimate_means(answers[roles == role]) for role in ("user", "sponsor")}
    by_role["all"] = estimate_means(answers)
    weights = {"sponsor": 0.5, "it": 0.2, "user": 0.3}
    row = weighted_by_role(by_role, weights).iloc[0]
    assert row["weighted"] == pytest.approx((0.5 * 2 + 0.3 * 8) / 0.8)
    assert row["missing"] == pytest.approx(0.2)  # nobody from IT was asked
    assert row["mean"] == pytest.approx(7)
    assert row["weighted_low"] < row["weighted"] < row["weighted_high"]


def test_the_weighted_interval_holds_the_truth():
    rng, held = np.random.default_rng(8), []
    for _ in range(300):
        by_role = {}
        for role, mean, n in (("a", 3.0, 8), ("b", 7.0, 40)):
            answers = pd.DataFrame({LABEL: rng.normal(mean, 2, n)})
            answers.columns = pd.MultiIndex.from_tuples([LABEL])
            by_role[role] = by_role["all"] = estimate_means(answers)
        row = weighted_by_role(by_role, {"a": 0.7, "b": 0.3}).iloc[0]
        held.append(row["weighted_low"] <= 0.7 * 3 + 0.3 * 7 <= row["weighted_high"])
    assert 0.91 <= np.mean(held) < 1


@given(st.lists(st.integers(0, 10), min_size=4, max_size=30), st.integers(1, 5))
def test_the_scale_does_not_matter_to_the_spread(scores, factor):
    answers = pd.DataFrame({LABEL: np.array(scores, dtype=float)})
    answers.columns = pd.MultiIndex.from_tuples([LABEL])
    roles = pd.Series(["a", "b"] * 15)[: len(scores)]
    first, second = role_spread(answers, roles), role_spread(answers * factor + 3, roles)
    assert first["spread"].to_numpy() == pytest.approx(second["spread"].to_numpy(), nan_ok=True)


def test_each_roles_share_is_of_all_answers():
    label = pd.MultiIndex.from_tuples([("experience", "price")])
    answers = pd.DataFrame([[4.0], [6.0], [5.0], [7.0], [None]], columns=label)
    found = role_scores(answers, pd.Series(["user", "user", "sponsor", None, "user"]), (0, 10))
    assert found["share_of_answers"].tolist() == [1.0, 0.25, 0.5]  # of the four who answered
