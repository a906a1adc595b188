"""Whoever adds, subtracts and bounds what a release tells learns of no few people."""

import json

import numpy as np
import pandas as pd
import pytest

from cxlib.analysis import client_brief
from cxlib.analysis.client_brief import received
from cxlib.analysis.since import as_kept
from cxlib.analysis.verdict import verdict
from cxlib.client.case import read_client
from cxlib.client.kept import TABLES, WHERE, ledger_with
from cxlib.client.release import released, withheld
from cxlib.page import open_page
from cxlib.page.verdict import line
from cxlib.sums.kano import LETTERS, classify
from tests.intruder import (
    KINDS,
    LEAST,
    attacked,
    bounds,
    classes_are_wide,
    found_by_subtraction,
    possible_counts,
    small_client,
    tables_of,
)


# Each kind, a last wave of three and fifteen who answered Kano's; a thousand: bench/intruder.py.
@pytest.mark.parametrize("seed", [*range(len(KINDS) + 2), 131, 141])
def test_no_small_group_is_found(tmp_path, seed):
    assert attacked(tmp_path, seed) == []


@pytest.mark.parametrize("seed", [1002, 1015, 1018])
def test_no_class_is_worked_back_from_what_is_told_of_the_others(tmp_path, seed):
    # Of the two people of a, or the five of c, nobody answered O or M: told by everyone's counts and
    # shares, less those of the others.
    case = read_client(small_client(tmp_path, seed, "kano"), tmp_path)
    told = tables_of(case, released)
    assert classes_are_wide(case, told) == []
    assert told["kano_segments"]["flag"].eq("withheld").any()
    for table in told["kano"], told["kano_segments"]:
        assert table[LETTERS].isna().all(axis=None)


@pytest.mark.parametrize("seed", [20, 31, 1018])  # of the last no count is told
def test_what_a_row_leaves_possible_holds_the_truth(tmp_path, seed):
    case = read_client(small_client(tmp_path, seed, "kano"), tmp_path)
    answers = case.survey.answers
    letters = classify(answers["functional"], answers["dysfunctional"])["lift"].dropna()
    row = tables_of(case, released)["kano"].iloc[0]
    if row["flag"] != "withheld":
        left = possible_counts(case, row, len(letters))[LETTERS]
        assert (left == [letters.eq(letter).sum() for letter in LETTERS]).all(axis=1).any()


def test_the_intruder_finds_what_nobody_hides(tmp_path):
    found = 0
    for seed in range(len(KINDS)):
        case = read_client(small_client(tmp_path, seed), tmp_path)
        found += bool(found_by_subtraction(case, tables_of(case, lambda _, table: table)))
    assert found >= 3


@pytest.fixture
def release(tmp_path, monkeypatch):
    """Reads the client as one run after another would; its people changed by `change(answers)`."""
    name = small_client(tmp_path, 0)
    path, ledger = tmp_path / name / "survey.csv", tmp_path / "ledger.json"
    monkeypatch.setenv(WHERE, str(ledger))

    def read(change=lambda answers: answers):
        change(pd.read_csv(path, dtype=str)).to_csv(path, index=False)
        case = read_client(name, tmp_path)
        earlier = json.loads(ledger.read_text()) if ledger.exists() else []
        ledger.write_text(json.dumps(ledger_with(earlier, case.survey, "then")))
        return case

    return read


def one_more(answers, count=1):
    more = answers.tail(count).assign(id=[f"n{len(answers) + i}" for i in range(count)])
    scored = [name for name in answers if "_" in name]
    return pd.concat([answers, more.assign(**dict.fromkeys(scored, "10"))], ignore_index=True)


def test_one_person_more_changes_nothing_that_is_told(release):
    before, after = release(), release(one_more)
    for name, table in tables_of(before, released).items():
        pd.testing.assert_frame_equal(table, tables_of(after, released)[name])
    assert len(after.survey.people) == len(before.survey.people)
    assert "waits for the next release" in after.rejected["reason"].iloc[-1]
    assert any("fewer than 10 people" in str(warning) for warning in after.warnings)


def test_what_the_history_keeps_of_two_runs_tells_nothing_of_one_person_more(release):
    before, after = (as_kept(case, TABLES) for case in (release(), release(one_more)))
    assert {"gap", "items"} <= set(before.tables) and before.tables.keys() == after.tables.keys()
    for name, table in before.tables.items():
        pd.testing.assert_frame_equal(table, after.tables[name])
    assert before.verdict == after.verdict


def test_ten_of_one_group_are_counted(release):
    before = release()

    def ten(answers):
        return one_more(answers.sort_values("segment"), 10)

    assert len(release(ten).survey.people) == len(before.survey.people) + 10


def test_those_who_came_one_by_one_are_counted_once_they_are_ten(release):
    before = release()
    sizes = [len(release(one_more).survey.people) for _ in range(10)]
    assert sizes == [len(before.survey.people)] * 9 + [len(before.survey.people) + 10]


def test_one_person_less_is_hidden_by_nine_others(release):
    before = release()
    after = release(lambda answers: answers.iloc[1:])
    assert len(after.survey.people) == len(before.survey.people) - 10


def test_a_group_all_alike_is_withheld(tmp_path):
    # In clients of this kind everybody of segment a answered 1 to everything.
    case = read_client(small_client(tmp_path, KINDS.index("alike")), tmp_path)
    for name in ("gap", "segments"):
        table = tables_of(case, released)[name]
        rows = table[table.get("segment", table.get("group")) == "a"]
        assert len(rows) and rows.get("experience", rows.get("mean")).isna().all()


def test_those_who_left_a_grouping_out_are_in_the_rest_and_no_group(tmp_path):
    # Of this client's 120 people 15 gave no segment and 2 are in c: the 105 less a and b are those.
    case = read_client(small_client(tmp_path, 73, "blanks"), tmp_path)
    rows = tables_of(case, withheld)["segments"].set_index("group")
    assert set(rows.index) == {"a", "b", "c"}
    assert (rows.loc["a", "n"] + rows.loc["a", "n_rest"] == 120).all()
    assert rows.loc["b", "mean"].notna().all()
    assert rows.loc["c", "mean"].isna().all()


def test_how_many_the_last_wave_is_of_is_told_by_no_sentence_where_they_are_few(tmp_path):
    # 3 of this client's 81 people; no table tells how many, nor of the 78 before them.
    case = read_client(small_client(tmp_path, 131, "waves"), tmp_path)
    page = open_page(case)
    assert len(case.latest.people) == 3
    assert "2024, <10 people" in page.sentence("brief", received(case)).replace("&lt;", "<")
    assert line(page, verdict(case)).startswith("<10 answers")


def test_no_lowest_answer_is_that_of_few(tmp_path):
    case = read_client(small_client(tmp_path, 0), tmp_path)
    told = client_brief.answers_given(case).set_index(["measure", "item"])
    beyond = 0
    for label, row in told.iterrows():
        given = case.survey.answers[label].dropna()
        assert min((given <= row["lowest"]).sum(), (given >= row["highest"]).sum()) >= LEAST
        assert max((given < row["lowest"]).sum(), (given > row["highest"]).sum()) < LEAST
        beyond += int(given.min() < row["lowest"])
    assert beyond


def test_linear_programmes_find_by_hand_what_two_sums_leave_open():
    # x between 3 and 4, x + y between 10 and 12: y is between 6 and 9.
    found = bounds(
        np.array([0, 1]), [np.array([1, 0]), np.array([1, 1])], [3, 10], [4, 12], (0, None)
    )
    assert found == pytest.approx((6, 9))
