"""Every published number is met, every law holds, and the page that says so would say otherwise."""

import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest

from cxlib.page.language import LOCALES, not_yet
from cxlib.run import cli, commands
from proof import examples, laws, simulations, surveys
from proof.coverage import coverage_table
from proof.examples import EXAMPLES, Example, example_table
from proof.laws import LAWS, law_table
from proof.page import FAIL, PASS, WAITING, validation_page
from tests.conftest import DATA

FIGURES = surveys.survey_figures(DATA)


@pytest.fixture(scope="module")
def data_sets():
    return surveys.data_sets()


@pytest.fixture(scope="module")
def coverage():
    return coverage_table(1000, sizes=[30], skews=["extreme"])


def named(each):
    return each.what


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_the_published_number(example, data_sets):
    row = example_table((example,), data_sets).iloc[0]
    assert row["status"] == PASS, f"{row['obtained']} is not {row['expected']}"


def test_none_of_the_worked_examples_is_left_out():
    assert {example.number for example in EXAMPLES} == set(range(1, 22))


@pytest.mark.parametrize("law", LAWS, ids=named)
def test_the_law(law):
    row = law_table((law,), tried=20, seed=7).iloc[0]
    assert row["status"] == PASS, row["worst"]


@pytest.mark.parametrize("figure", FIGURES, ids=named)
def test_the_surveys_published_figure(figure):
    row = example_table((figure,)).iloc[0]
    assert row["status"] == PASS, f"{row['obtained']} is not {row['expected']}"


def test_the_surveys_are_here():
    assert len(FIGURES) == 6


def test_adding_a_client_changes_no_other_clients_numbers():
    assert surveys.neighbours_law(DATA)["status"].tolist() == [PASS]


# The page is no rubber stamp


def test_a_broken_formula_fails_its_example(monkeypatch):
    def wrong(scores):
        return scores.assign(satisfaction=0.0, weighted_satisfaction=0.0, gap=0.0)

    monkeypatch.setattr(examples, "gap_table", wrong)
    monkeypatch.setattr(laws, "gap_table", wrong)
    found = example_table(EXAMPLES[:3])
    assert found["status"].tolist() == [PASS, FAIL, FAIL]
    assert law_table(LAWS[:1], tried=3)["status"].tolist() == [FAIL]


@pytest.mark.parametrize(
    ("obtained", "passes"),
    [
        ((0.4444,), True),
        ((0.44445,), True),  # half a unit of the last digit printed
        ((0.4446,), False),
        ((np.nan,), False),  # blank is not the number expected
        ((0.4444, 0.4444), False),
        (("0.4444",), False),
        ((), False),
    ],
)
def test_what_counts_as_the_number_expected(obtained, passes):
    example = Example(1, "what", "who", (0.4444,), lambda: obtained, 5e-5)
    assert (example_table((example,))["status"].item() == PASS) == passes


def test_an_example_that_raises_has_failed_and_one_without_its_data_waits():
    broken = Example(1, "what", "who", (1,), lambda: 1 / 0)
    absent = Example(2, "what", "who", (1,), lambda data: (1,), needs="a data set")
    found = example_table((broken, absent))
    assert found["status"].tolist() == [FAIL, WAITING]
    assert "ZeroDivisionError" in found["obtained"].iloc[0][0]


def test_a_blank_breaks_a_law():
    blank = laws.Law("what", "who", "points", lambda rng: np.nan)
    assert law_table((blank,), tried=2)["status"].tolist() == [FAIL]


def tables(example):
    return example_table((example,)), law_table(LAWS[:1], 2), example_table(())


def test_a_failure_leads_the_page(coverage):
    wrong = Example(1, "two and two", "who", (4,), lambda: (5,))
    html = validation_page(*tables(wrong), coverage)
    assert "1 of 2 checks fail" in html and "two and two" in html
    assert "All 2 checks hold" in validation_page(
        *tables(Example(1, "two and two", "who", (4,), lambda: (4,))), coverage
    )


def test_the_page_says_which_interval_cannot_hold_its_promise_and_by_how_much(coverage):
    # Nine in ten give a 10: thirty answers often hold no low score at all, whatever the method.
    html = validation_page(*tables(EXAMPLES[0]), coverage)
    body = html[html.index('id="coverage"') :]
    first = re.search(r"<tbody>\s*<tr class=\"key\">(.*?)</tr>", body, flags=re.S)[1]
    off = 95 - 100 * coverage.query("method == 'mean' and skew == 'extreme'")["coverage"].iloc[0]
    assert ">mean<" in first and "extreme" in first
    assert f"short by {off:.1f} points" in first


def test_the_page_asks_the_network_for_nothing_and_speaks_each_language(coverage):
    for tag in (each for each in LOCALES if not not_yet(each)):
        html = validation_page(*tables(EXAMPLES[0]), coverage, tag)
        assert 'content="default-src &#39;none' in html and f'<html lang="{tag}">' in html
        assert not re.findall(r'(?:src|href)="(?!#|data:)[^"]*"', html)
    assert "All 2 checks hold" not in html


def test_the_file_is_written_and_a_failure_is_an_exit_status(
    tmp_path, monkeypatch, capsys, coverage
):
    monkeypatch.setattr(simulations, "simulated", lambda replications: coverage)
    monkeypatch.setattr(surveys, "checks", lambda data_dir: tables(EXAMPLES[0]))
    assert cli.main(["validate", "--reports", str(tmp_path / "r")]) == 0
    assert "All 2 checks hold" in (tmp_path / "r" / "validation.html").read_text("utf-8")
    wrong = Example(1, "two and two", "who", (4,), lambda: (5,))
    monkeypatch.setattr(surveys, "checks", lambda data_dir: tables(wrong))
    assert cli.main(["validate", "--reports", str(tmp_path / "r")]) == 1
    assert "1 fail" in capsys.readouterr().out


def test_an_installed_package_says_where_the_proofs_are(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(commands, "ROOT", tmp_path)
    assert cli.main(["validate", "--reports", str(tmp_path / "r")]) == 1
    assert "Take a checkout" in capsys.readouterr().err
    assert not (tmp_path / "r").exists()


def test_what_waits_for_its_data_is_said(coverage):
    waits = Example(15, "what", "who", (1,), lambda data: (1,), needs="a data set")
    assert isinstance(example_table((waits,)), pd.DataFrame)
    assert "1 of 2 checks hold; 1 wait for their data" in validation_page(*tables(waits), coverage)


def test_what_a_short_simulation_cannot_tell_is_not_called_held():
    rows = pd.DataFrame(
        {
            "method": ["mean", "LMG share", "share"],
            "skew": "strong",
            "n": 30,
            "weighted": False,
            "coverage": [0.88, 0.92, 0.95],
            "coverage_error": [0.011, 0.014, 0.01],
            "too_high": 0.04,
            "too_low": 0.01,
            "as_promised": [False, False, True],
        }
    )
    page = validation_page(*tables(EXAMPLES[0]), rows)
    assert "1 of 3 cases miss the truth" in page and "Another 1 may" in page
    assert "too narrow: short by 7.0 points" in page
    assert "perhaps too narrow, by 3.0 points" in page and page.count(">holds<") == 1


def test_a_stated_rate_has_a_section_of_its_own(coverage):
    stated = {"promised": [0.85, 0.05], "allowed": [0.05, 0.02], "coverage": [0.82, 0.19]}
    rows = pd.DataFrame({"method": ["p_key", "test"], "skew": ["six", ""], "n": 300, **stated})
    rows = rows.assign(weighted=False, coverage_error=0.01, as_promised=[True, False])
    page = validation_page(*tables(EXAMPLES[0]), pd.concat([coverage, rows]))
    body = page[page.index('id="rates"') :]
    assert "off by 14.0 points" in body and body.count(">holds<") == 1
    assert body.index(">test<") < body.index(">p_key<")
    assert "p_key" not in page[: page.index('id="rates"')]


@pytest.mark.parametrize("each", simulations.SIMULATIONS, ids=lambda each: each.name)
def test_a_simulation_gives_the_page_what_it_shows(each):
    found = each.small()
    shown = {"method", "skew", "n", "weighted", "coverage", "coverage_error", "as_promised"}
    assert len(found) and shown <= set(found) and found["coverage"].between(0, 1).all()
    assert each.often(simulations.REPLICATIONS) == each.whole


def test_what_is_too_narrow_is_said_in_the_reports():
    rows = [("mean", 0.88), ("mean", 0.70), ("NPS", 0.88), ("share", 0.92), ("LMG share", 0.95)]
    found = pd.DataFrame(rows, columns=["method", "coverage"]).assign(coverage_error=0.01)
    assert simulations.unsaid(found) == ["NPS", "mean"]  # .70 is less than the .87 that is told
    assert simulations.unsaid(found.iloc[[0, 3, 4]]) == []


def test_simulations_tell_of_their_progress(monkeypatch):
    one = simulations.Simulation(
        "money", simulations.money_coverage, 600, simulations.money_coverage
    )
    monkeypatch.setattr(simulations, "SIMULATIONS", (one,))
    told = []
    found = simulations.simulated(2, told.append, ThreadPoolExecutor(1))
    assert "Simulations: 1." in told[0] and told[1].startswith("1 of 1: money, after")
    assert set(found["method"]) == {"loss from counts"}
