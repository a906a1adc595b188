"""A net promoter score is of a question from 0 to 10, and which one is said."""

import pytest

from cxlib.analysis.client_brief import what_was_read
from cxlib.analysis.feedback_loop import net_promoters
from cxlib.analysis.verdict import verdict
from cxlib.page.page import Page
from cxlib.page.screen import words_of

SHOP = [3, 3, 4, 3, 3, 4, 5, 5, 1, 2]  # 1–5
BRAND = [10, 9, 9, 9, 8, 7, 6, 3, 10, 2]  # 0–10: five promoters, three detractors: +20
OTHER = [0, 0, 0, 0, "", "", "", "", "", ""]  # 0–10, few answered


def asked(acme, *columns, answers=(SHOP, BRAND, OTHER)):
    acme.settings("survey: {file: s.csv}\nsmall_base: 2\ndisclosure: 1")
    acme.write("codebook.csv", "column,measure,item,low,high\n" + "\n".join(columns))
    rows = [",".join(map(str, row)) for row in zip(*answers, strict=True)]
    acme.write("s.csv", "\n".join(["shop,brand,other", *rows]) + "\n")
    return acme.read()


def test_of_two_questions_the_one_from_0_to_10_gives_the_score(acme):
    case = asked(acme, "shop,recommend,shop,1,5", "brand,recommend,brand,0,10")
    assert net_promoters(case)["nps"].tolist() == pytest.approx([20])
    told = " ".join(what_was_read(case))
    assert "The net promoter score is of brand, of those asked from 0 to 10" in told
    assert "not of shop (1–5, 10 answers)" in told
    assert "of “brand”" in Page(case).sentence("net_promoters", net_promoters(case))


def test_of_two_from_0_to_10_the_one_that_most_answered_gives_it(acme):
    case = asked(acme, "other,recommend,other,0,10", "brand,recommend,brand,0,10")
    assert net_promoters(case)["nps"].tolist() == pytest.approx([20])
    assert "not of other (0–10, 4 answers)" in " ".join(what_was_read(case))


def test_a_question_from_1_to_10_or_from_1_to_5_gives_none(acme):
    case = asked(acme, "shop,recommend,shop,1,5", "brand,recommend,brand,1,10")
    assert net_promoters(case) is None
    assert "No net promoter score: it is defined on 0–10 alone" in " ".join(what_was_read(case))


def test_half_a_point_from_0_to_10_is_left_out_with_a_line(acme):
    halves = [10, 9, 9, 9, 8, 7, 6, 3, 10, "2.5"]
    case = asked(acme, "brand,recommend,,0,10", answers=(SHOP, halves, OTHER))
    assert net_promoters(case)["n"].tolist() == [9]
    assert "2.5" in case.rejected["value"].tolist()


def test_one_question_from_0_to_10_needs_no_words(acme):
    case = asked(acme, "brand,recommend,,0,10")
    assert "net promoter" not in " ".join(what_was_read(case))


def by_month(acme, promoters):
    """Of 200 in each month so many promoters, all others detractors."""
    acme.settings("survey: {file: s.csv, wave: month}")
    acme.write("codebook.csv", "column,measure,item,low,high\nlikely,recommend,,0,10")
    rows = [f"2026-{month:02},{10 if k < n else 0}"
            for month, n in enumerate(promoters, 1) for k in range(200)]  # fmt: skip
    acme.write("s.csv", "\n".join(["month,likely", *rows]) + "\n")
    case = acme.read()
    found = net_promoters(case)
    return case, found, Page(case).sentences("net_promoters", found)


def test_of_many_months_the_last_change_beyond_chance_is_told(acme):
    """60 % promoters, then 40 %: +20 and −20. A change of 40 points on twice 200 is beyond chance
    (Newcombe: 20 points of share ± 10); the steps after it are of 2 points of share at most."""
    case, found, said = by_month(acme, [120, 120, 80, 84, 82, 80])
    assert found["different"].tolist()[1:] == [False, True, False, False, False]
    assert "It last moved beyond chance in 2026-03, by −40 (−" in said[-2]
    assert said[-2].endswith("points; not since.")
    answer = words_of(Page(case), verdict(case))["answer"]
    assert answer == "The net promoter score is −20; down 40 in 2026-03."


def test_a_change_of_the_last_month_is_told_once(acme):
    case, _, said = by_month(acme, [120, 120, 80])
    assert not any("last moved" in each for each in said)
    assert words_of(Page(case), verdict(case))["answer"].endswith(
        "; down 40 since the wave before."
    )


def test_false_discovery_is_held_over_all_months(acme):
    """Of eleven changes one lies outside of its own interval, 21 points of ± 20, by itself p = .04;
    among eleven that is expected half the time."""
    _, found, said = by_month(acme, [100] * 10 + [121, 121])
    assert found["p"].iloc[10] == pytest.approx(0.036, abs=0.006)
    assert not found["different"].eq(True).any() and not any("last moved" in s for s in said)
