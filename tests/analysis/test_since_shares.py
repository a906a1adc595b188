"""What customers say and what cases are about, one release against another: expected values by hand."""

from dataclasses import replace

import pandas as pd
import pytest

import cxlib as cx
from cxlib.analysis.since import moved
from cxlib.analysis.since_shares import shares_moved
from tests.analysis.test_since import BEFORE, NOW, release

THEMES = ["theme", "segment", "n_of", "share", "share_low", "share_high"]
CASES = ["grouping", "group", "n", "of_cases", "of_cases_low", "of_cases_high"]
ENDS = ["measure", "grouping", "group", "n", "of_ended", "of_ended_low", "of_ended_high", "late_after", "late_from"]  # fmt: skip


def kept(people, cases, themes, about, ends):
    tables = {"themes": pd.DataFrame(themes, columns=THEMES)}
    tables |= {"cases": pd.DataFrame(about, columns=CASES), "case_ends": pd.DataFrame(ends, columns=ENDS)}  # fmt: skip
    run = release(BEFORE, people)
    return replace(run, tables=run.tables | tables, cases=frozenset(cases))


SPRING = kept(
    range(400),
    range(900),
    [["Queue", "all", 200, 0.20, 0.15, 0.26], ["Staff", "all", 200, 0.30, 0.24, 0.37], ["Queue", "east", 90, 0.9, 0.8, 1]],
    [["reason", "broken", 900, 0.50, 0.47, 0.53]],
    [["unresolved", "everyone", "all", 900, 0.25, 0.22, 0.28, None, None],
     ["unresolved", "reason", "broken", 400, 0.25, 0.22, 0.28, None, None],
     ["late", "everyone", "all", 900, 0.10, 0.08, 0.12, 31.5, "own"]],
)  # fmt: skip
AUTUMN = (
    [["Queue", "all", 250, 0.40, 0.34, 0.46], ["Price", "all", 250, 0.30, 0.25, 0.36]],
    [["reason", "broken", 800, 0.48, 0.45, 0.52]],
    [["unresolved", "everyone", "all", 800, 0.26, 0.23, 0.29, None, None],
     ["late", "everyone", "all", 800, 0.10, 0.08, 0.12, 20, "own"]],
)  # fmt: skip


@pytest.fixture(scope="module")
def page():
    return cx.open_page(cx.read_client("meisu", "data"))


def test_a_share_has_the_interval_of_both_sides_and_what_one_alone_has_stays(page):
    table = shares_moved(SPRING, kept(range(400, 800), range(900, 1700), *AUTUMN))
    rows = table.set_index(["grouping", "group"])
    # Newcombe's method 10: 0.2 − √(0.06² + 0.06²) = 0.115 and 0.2 + √(0.06² + 0.05²) = 0.278
    ends = ["share_change", "share_change_low", "share_change_high"]
    queue = rows.loc[("theme", "Queue")]
    assert [round(float(queue[each]), 3) for each in ends] == [0.2, 0.115, 0.278]
    assert (queue["n_before"], queue["n"]) == (200, 250), "of those who said something"
    assert queue["different"] is True and rows.loc[("reason", "broken"), "different"] is False
    assert rows.loc[("theme", "Price"), "share_then"] != rows.loc[("theme", "Price"), "share_then"]
    assert ("measure", "unresolved") in rows.index and len(rows) == 5  # no segment's, no reason's
    assert ("measure", "late") not in rows.index, "of both, one in ten is late by rule"
    assert page.sentences("since_shares", table) == [
        "Beyond chance, more or less often than before: “Queue” 20% → 40%.",
        "Only one of the two has “Price” and “Staff”.",
    ]


@pytest.mark.parametrize(
    "people, cases, said",
    [
        (400, range(900, 1700), {"themes": "same", "cases": "apart"}),
        (500, range(100, 900), {"themes": "cases_shared", "cases": "cases_shared"}),
        (500, range(900), {"cases": "cases_same"}),
        (500, (), {"cases": "cases_unknown"}),  # kept before cases were
    ],
)
def test_no_test_is_made_of_the_same_people_or_the_same_cases(page, people, cases, said):
    table = shares_moved(SPRING, kept(range(people - 400, people), cases, *AUTUMN))
    found = dict(zip(table["score_of"], table["tested"], strict=True))
    assert said.items() <= found.items()
    untested = table[table["tested"].ne("apart")]
    assert not untested["different"].any() and untested["q"].isna().all()
    told = " ".join(page.sentences("since_shares", table))
    assert "Beyond chance" not in told and "so no test is made" in told and "20% → 40%" in told


def test_a_theme_is_known_by_its_words_where_other_answers_gave_it_another_name(page):
    def themes(run, rows):
        table = pd.DataFrame(rows, columns=["theme", "words", "segment", "n_of", "share"])
        return replace(
            run, tables=run.tables | {"themes": table.assign(share_low=0.1, share_high=0.5)}
        )

    before, now = release(BEFORE), release(NOW, range(400, 800))
    table = shares_moved(
        themes(before, [
            ["queue, wait, long", "queue, wait, long, hour, stood", "all", 200, 0.2],
            ["rude, staff, asked", "rude, staff, asked, curt, shouted", "all", 200, 0.3],
            ["Price", "dear, cheap, cost, fee, sum", "all", 200, 0.1],
        ]),
        themes(now, [
            ["wait, hour, queue", "wait, hour, queue, line, long", "all", 250, 0.4],  # 4 of 6 words
            ["parking, cars, space", "parking, cars, space, staff, asked", "all", 250, 0.3],  # 2 of 8
            ["Price", "offer, wage, sums, fees, cash", "all", 250, 0.2],  # named by the consultant
        ]),
    )  # fmt: skip
    rows = table.set_index("group")
    assert rows.loc["wait, hour, queue", ["share_then", "share_today"]].tolist() == [0.2, 0.4]
    assert rows.loc["Price", ["share_then", "share_today"]].tolist() == [0.1, 0.2]
    alone = rows.index[rows[["share_then", "share_today"]].isna().any(axis=1)]
    assert set(alone) == {"rude, staff, asked", "parking, cars, space"} and len(rows) == 4


def test_where_nothing_is_in_both_nothing_is_set_side_by_side():
    other = kept(
        range(400, 800), range(900, 1700), [["Price", "all", 250, 0.3, 0.25, 0.36]], [], []
    )
    assert shares_moved(SPRING, other).empty
    assert shares_moved(release(BEFORE), SPRING).empty, "an earlier version kept none of it"


def test_questions_are_set_side_by_side_and_are_many_tests_of_their_own(page):
    def questions(run, rows):
        items = rows.assign(item=[f"{name}_1" for name in rows["dimension"]])
        return replace(run, tables=run.tables | {"items": items})

    before, now = release(BEFORE), release(NOW, range(400, 800))
    table = moved(
        questions(before, before.tables["gap"]), questions(now, now.tables["gap"]), "item"
    )
    rows = table.set_index(["score_of", "item"])
    # As of the dimensions in test_since: √(0.2² + 0.2²), and q of six tests.
    assert rows.loc[("experience", "convenience_1"), "difference_low"] == pytest.approx(
        0.6 - 0.2828, abs=1e-4
    )
    assert len(rows) == 6 and rows.loc[("experience", "convenience_1"), "q"] == pytest.approx(
        9.6e-5, rel=0.01
    )
    assert page.sentence("since", table).startswith(
        "Beyond chance, in points: “convenience_1” (experience) +0.6"
    )
    still = moved(questions(before, before.tables["gap"]), questions(replace(now, tables=before.tables), before.tables["gap"]), "item")  # fmt: skip
    assert page.sentence("since", still) == "None of 2 questions moved by more than chance."
