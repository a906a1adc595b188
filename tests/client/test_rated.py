"""Satisfaction that was asked, and ratings alone: two files as clients send them."""

from pathlib import Path
from shutil import copytree

import numpy as np
import pandas as pd
import pytest

import cxlib as cx
from cxlib.client.rated import rated_on_one_scale
from cxlib.page.verdict import answer

CASES = Path(__file__).parent / "cases"
NAMES = {"desk": "the desk", "fees": "the fees", "site": "the website"}


@pytest.fixture(scope="module")
def answers():
    """Satisfaction and importance as pandas reads them, one column per dimension."""
    raw = pd.read_csv(CASES / "satisfaction" / "s.csv")
    pick = {
        "satisfaction": {k: f"How satisfied are you with {words}?" for k, words in NAMES.items()},
        "importance": {
            k: f"How important {'are' if k == 'fees' else 'is'} {words} to you?"
            for k, words in NAMES.items()
        },
    }
    found = {name: raw[list(each.values())].set_axis(each, axis=1) for name, each in pick.items()}
    return found | {"overall": raw["Overall satisfaction"]}


@pytest.fixture(scope="module")
def asked():
    return cx.read_client("satisfaction", CASES)


@pytest.fixture(scope="module")
def ratings():
    return cx.read_client("ratings", CASES)


def test_satisfaction_that_was_asked_is_a_score_of_its_own(asked, answers):
    table = cx.gaps(asked).set_index("dimension")
    means = answers["satisfaction"].mean()
    assert table["asked_satisfaction"].to_dict() == pytest.approx(means.to_dict())
    assert means.round(2).to_dict() == {"desk": 2.18, "fees": 3.46, "site": 4.18}
    assert table["n_asked_satisfaction"].tolist() == [120] * 3 and asked.asked_scale == (1, 5)
    less = answers["satisfaction"].mean() - answers["importance"].mean()  # both from 1 to 5
    assert table["satisfaction_less_importance"].to_dict() == pytest.approx(less.to_dict())
    assert (table["asked_satisfaction_low"] < means).all()
    # It is no difference between two scores, and no gap to an ideal that nobody decided.
    empty = ["experience", "expectation", "satisfaction", "weighted_satisfaction", "ideal", "gap"]
    assert table[empty].isna().all(axis=None)


def test_what_matters_most_and_is_worst_served_is_the_key_experience(asked, answers):
    table = cx.gaps(asked).set_index("dimension")
    short = answers["satisfaction"].mean() - 5  # the top of its scale
    by_hand = answers["importance"].mean() * short
    assert table["priority"].to_dict() == pytest.approx(by_hand.to_dict())
    assert table["key_experience"].to_dict() == {"desk": True, "fees": False, "site": False}
    assert table["ground"].eq("asked_satisfaction").all()
    assert table.loc["desk", "p_key"] > 0.95 and table.loc["site", "rank"] == 3


def test_a_decided_ideal_is_what_asked_satisfaction_is_held_against(answers):
    case = cx.read_client("satisfaction", CASES, settings='{"ideal": {"default": 4}}')
    table = cx.gaps(case).set_index("dimension")
    by_hand = answers["importance"].mean() * (answers["satisfaction"].mean() - 4)
    assert table["priority"].to_dict() == pytest.approx(by_hand.to_dict())
    assert table["gap"].isna().all()  # the contract's gap is of experience
    stakes = cx.revenue_at_stake(case).set_index("dimension")
    assert stakes.loc["desk", "gap"] == pytest.approx(answers["satisfaction"]["desk"].mean() - 4)


def test_asked_satisfaction_drives_the_overall_and_stands_on_the_map(asked, answers):
    drivers = cx.drivers(asked).query("method == 'lmg'").set_index("item")
    assert drivers["share"].idxmax() == "desk" and drivers["n"].eq(120).all()
    alone = np.corrcoef(answers["satisfaction"]["desk"], answers["overall"])[0, 1]
    assert drivers.loc["desk", "correlation"] == pytest.approx(alone)
    map_ = cx.quadrants(asked).query("method == 'stated'").set_index("dimension")
    means = answers["satisfaction"].mean().to_dict()
    assert map_["performance"].to_dict() == pytest.approx(means)
    assert map_.loc["desk", "quadrant"] == "concentrate_here"


def test_ratings_alone_leave_blank_what_nobody_asked_or_decided(ratings):
    table = cx.gaps(ratings)
    unknown = ["ideal", "gap", "p_key", "priority", "ground", "key_experience"]
    assert table[unknown].isna().all(axis=None)
    assert not ratings.ideal_decided
    assert cx.revenue_at_stake(ratings)["verdict"].eq("no_gap").all()
    assert cx.where_to_spend(table)["advice"].eq("unknown").all()


@pytest.mark.parametrize(
    ("client", "said"),
    [("satisfaction", "Fix Desk first"), ("ratings", "Desk is rated lowest: 2.3")],
)
def test_the_title_is_what_customers_said(client, said):
    case = cx.read_client(client, CASES)
    assert answer(cx.open_page(case), cx.verdict(case)).startswith(said)


def test_nothing_is_said_to_be_met_that_nobody_decided(ratings):
    page, gaps = cx.open_page(ratings), cx.gaps(ratings)
    assert page.sentence("stakes", cx.revenue_at_stake(ratings)).startswith("No ideal was decided")
    assert "No ideal experience has been decided" in page.sentence("gap", gaps)
    assert "No ideal experience" in page.sentence("spending", cx.where_to_spend(gaps))
    assert "asking what no experience could be weighed by" in page.sentence(
        "next_cycle", None, gaps
    )
    assert page.sentence("meaning", gaps, of="key") == ""


def test_satisfaction_on_two_scales_is_refused_where_it_would_be_set_side_by_side(tmp_path):
    copytree(CASES / "satisfaction", tmp_path / "two")
    codebook = tmp_path / "two" / "codebook.csv"
    text = codebook.read_text().replace("satisfaction,site,site,1,5", "satisfaction,site,site,1,10")
    codebook.write_text(text)
    (found,) = cx.check_client("two", tmp_path)
    assert "another scale" in found.rule and "website" in found.value
    codebook.write_text(text.replace("satisfaction,site,site,1,10", "satisfaction,site,,1,10"))
    assert not [each for each in cx.check_client("two", tmp_path) if "scale" in each.rule]


def test_what_was_rated_on_two_scales_is_compared_by_its_place_on_each(tmp_path):
    # Staff: 1, 3 and 5 of 1 to 5 are 0, a half and all of it; price: 2, 5 and 8 of 0 to 10.
    folder = tmp_path / "two"
    folder.mkdir()
    pd.DataFrame({"staff": [1, 3, 5] * 20, "price": [2, 5, 8] * 20}).to_csv(
        folder / "a.csv", index=False
    )
    book = ["column,measure,dimension,low,high", "staff,satisfaction,service,1,5", "price,experience,price,0,10"]  # fmt: skip
    (folder / "codebook.csv").write_text("\n".join(book))
    (folder / "client.yml").write_text("name: Two\nlanguage: en\nscale: [0, 10]\nsurvey: {file: a.csv}\n")  # fmt: skip
    found, scale = rated_on_one_scale(cx.read_client("two", tmp_path))
    places = found.head(3).T.sort_index().values.tolist()
    assert scale == (0, 1) and places == [pytest.approx([0.2, 0.5, 0.8]), pytest.approx([0, 0.5, 1])]  # fmt: skip
