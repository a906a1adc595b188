"""A survey too large for memory gives what it gives when it is read whole."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cxlib.analysis import client_brief, experience_expectation, feedback_loop
from cxlib.analysis.feedback_loop import net_promoters
from cxlib.client import case, large
from cxlib.run.worker import ENVIRONMENT

CODEBOOK = """\
column,measure,item,dimension,low,high,missing,codes
e1,experience,speed,service,,,99,
e2,experience,tone,service,,,,
x1,expectation,speed,service,,,99,
x2,expectation,tone,service,,,,7.5=8
i1,importance,speed,service,,,don't know,none=0;some=5;much=10
e3,experience,value,price,,,,
happy,overall,,,1,5,,
kind,group,,,,,,1=new;2=old
why,reason,,,,,,
"""
YML = "survey: {file: answers.parquet, weight: w, wave: wave, segment: kind, groups: [region]}"


def answers(people=400, seed=1):
    """Blanks, codes for no answer, answers off the scale, words, and people who said nothing."""
    rng = np.random.default_rng(seed)
    scores = pd.DataFrame(
        rng.integers(0, 11, (people, 5)), columns=["e1", "e2", "x1", "x2", "e3"]
    ).astype("Int8")
    scores = scores.mask(rng.random(scores.shape) < 0.1)
    scores["e1"] = scores["e1"].mask(rng.random(people) < 0.1, 99)
    scores["e2"] = scores["e2"].mask(rng.random(people) < 0.05, 12)
    scores["x2"] = scores["x2"].astype("Float32").mask(rng.random(people) < 0.3, 6.1)
    scores["x2"] = scores["x2"].mask(rng.random(people) < 0.1, 7.5)
    scores["happy"] = rng.integers(1, 7, people).astype(float)
    scores["i1"] = rng.choice(["none", " Some", "much", "Don't know", "a lot", "", None], people)
    scores["kind"] = rng.choice([1, 2, None], people)
    scores["kind"] = scores["kind"].astype("Int16")
    scores["region"] = rng.choice(["North", "O'Hare ", ""], people)
    scores["w"] = rng.random(people) + 0.5
    scores["wave"] = rng.choice(["9", "10"], people)
    scores["why"] = rng.choice(["near", ""], people)
    asked = [*scores.columns[:7], "why"]
    scores.loc[5:8, asked] = None
    scores.loc[7] = None
    scores.loc[7, "region"] = " "
    return scores


@pytest.fixture
def both(acme, monkeypatch):
    """(the case as it is read whole, the case as a large one)."""

    def read(table, more=YML, codebook=CODEBOOK):
        acme.write("codebook.csv", codebook).settings(more)
        written = pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata()
        acme.write("answers.parquet", lambda path: pq.write_table(written, path))
        cases = []
        for limit in (10**9, 0):
            monkeypatch.setattr(large, "LARGE", limit)
            cases.append(case.gathered("acme", acme.data))
        return cases

    monkeypatch.setattr(large, "CHUNK", 64)
    return read


def alike(one, other):
    pd.testing.assert_frame_equal(one, other, check_dtype=False, rtol=1e-12, atol=1e-12)


def test_the_same_numbers_to_twelve_digits(both):
    (small, _), (big, problems) = both(answers())
    assert not problems and small.survey is not None and big.survey is None
    alike(small.scores, big.scores)
    alike(small.item_scores, big.item_scores)
    for name in ("estimates", "item_estimates"):
        one, other = getattr(small, name), getattr(big, name)
        assert list(one) == list(other) == ["all", "new", "old"]
        for segment in one:
            alike(one[segment].covariance, other[segment].covariance)
            for each in ("mean", "n", "n_eff", "skewness"):
                pair = (getattr(found[segment], each).to_frame() for found in (one, other))
                alike(*pair)
    alike(client_brief.bases(small), client_brief.bases(big))
    columns = ["measure", "item"]
    alike(*(client_brief.answers_given(each).sort_values(columns).reset_index(drop=True)
            for each in (small, big)))  # fmt: skip


def test_what_is_left_out_is_counted_by_column_and_reason(both):
    (small, _), (big, _) = both(answers())
    columns = ["table", "column", "reason", "values"]
    one, other = (
        client_brief.left_out(each)[columns].sort_values(columns, ignore_index=True)
        for each in (small, big)
    )
    assert len(one) > 4
    alike(one, other)
    assert len(big.rejected) == len(other) < len(small.rejected)
    received = client_brief.received(big).set_index("table").loc["survey"]
    assert received.tolist() == [400, 396, len(small.rejected)]
    known = ["column", "answered", "understood", "left_out", "missing", "blank"]
    numbers = [
        each.asked.columns[each.asked.columns["measure"] != "reason"] for each in (small, big)
    ]
    one, other = (
        each[each["column"].isin([*CODED])][known].set_index("column") for each in numbers
    )
    assert (one.drop(columns="blank") == other.drop(columns="blank")).all(axis=None)
    assert (
        other["blank"] - one["blank"] == 1
    ).all()  # the blank row has no cells in the small path


CODED = ("e1", "e2", "x1", "x2", "i1", "e3", "happy")


def test_intervals_and_targets_are_the_same(both):
    yml = YML + "\ntarget_segments: [new]"
    (small, _), (big, _) = both(answers(), more=yml)
    assert set(experience_expectation.gaps(big)["segment"]) == {"all", "target", "new", "old"}
    exact = ["dimension", "segment", "n", "n_eff", "experience", "experience_low", "gap_high"]
    alike(experience_expectation.gaps(small)[exact], experience_expectation.gaps(big)[exact])
    alike(
        experience_expectation.item_gaps(small)[["item", *exact]],
        experience_expectation.item_gaps(big)[["item", *exact]],
    )


def test_what_needs_each_person_is_left_out_and_said(both):
    _, (big, _) = both(answers())
    for step in (
        experience_expectation.drivers,
        feedback_loop.waves,
        experience_expectation.segments_against_the_rest,
        net_promoters,
    ):
        assert step(big) is None
    assert any("too large to hold in memory (396 people)" in str(each) for each in big.warnings)


def test_without_weights_waves_or_segments(both):
    (small, _), (big, _) = both(answers(), more="survey: {file: answers.parquet}")
    alike(small.scores, big.scores)
    alike(client_brief.bases(small), client_brief.bases(big))


@pytest.mark.parametrize(
    "fault",
    [
        {"w": -1.0},
        {"w": None},
        {"wave": None},
        {"happy": 77.0},
    ],
    ids=str,
)
def test_what_is_refused_is_refused_with_the_same_words(both, fault):
    table = answers()
    rows = slice(None) if "happy" in fault else slice(20, 30)
    for name, value in fault.items():
        table.loc[rows, name] = value
    (_, small), (_, big) = both(table)
    assert [each.rule for each in small] == [each.rule for each in big] and len(big) == 1
    if "happy" not in fault:
        assert str(small[0]) == str(big[0])


def test_raking_a_large_survey_is_refused(both):
    yml = "survey: {file: answers.parquet, raking: {kind: {new: 0.5, old: 0.5}}}"
    _, (_, problems) = both(answers(), more=yml)
    assert "is not done for a survey of" in str(problems[0])


@pytest.mark.parametrize("kind", ["Int8", "UInt8", "Int16", "UInt16", "Int32"])
@pytest.mark.parametrize("up_to", ["the largest", "below it"])
def test_any_whole_number_that_fits_the_column_is_an_answer(both, kind, up_to):
    """The largest of the type as well, in as many items as their sum needs a wider type."""
    rng, ends = np.random.default_rng(3), np.iinfo(kind.lower())
    items = [f"q{number}" for number in range(40)]
    table = pd.DataFrame(rng.integers(ends.max - 99, ends.max, (500, 40)), columns=items)
    table["q0"] += up_to == "the largest"
    table = table.astype(kind).mask(rng.random(table.shape) < 0.2)
    assert table.max().max() == ends.max - (up_to == "below it")
    scale = f"service,{ends.max - 100},{ends.max}"
    book = [
        "column,measure,item,dimension,low,high",
        *(f"{q},experience,{q},{scale}" for q in items),
    ]
    (small, _), (big, problems) = both(table, "survey: {file: answers.parquet}", "\n".join(book))
    assert not problems
    alike(small.scores, big.scores)
    alike(small.item_scores, big.item_scores)


def test_a_question_that_nobody_answered_takes_nothing_from_the_others(both):
    table = answers()
    table["x2"] = pd.Series(dtype="Float32")
    table["e3"] = table["e3"].mask(table["e3"].notna())
    (small, _), (big, _) = both(table)
    assert np.isnan(big.large.centre["experience", "value"])
    alike(small.scores, big.scores)
    alike(small.item_scores, big.item_scores)


@pytest.mark.parametrize("people", [0, 50])
def test_a_survey_in_which_nobody_answered_is_refused(both, people):
    asked = [*CODED, "why"]
    _, (found, problems) = both(answers(people=60).head(people).assign(**dict.fromkeys(asked)))
    assert found is None or found.large is None
    assert "holds no answer" in problems[0].rule


def test_several_threads_give_the_same_to_the_last_bit(both, monkeypatch):
    monkeypatch.setattr(large, "BATCH", 2_048)
    _, (big, _) = both(answers(people=30_000))
    first, *others = (big.large.moments(by_dimension=True) for _ in range(8))
    assert len(first) == 3
    for other in others:
        for segment, sums in first.items():
            for one, two in zip(sums, other[segment], strict=True):
                assert (one == two).all()


def test_a_damaged_file_is_refused(both, acme):
    both(answers())
    path = acme.folder / "answers.parquet"
    data = path.read_bytes()
    path.write_bytes(data[:40] + bytes(len(data) // 2 - 40) + data[len(data) // 2 :])
    assert "cannot be read as Parquet" in str(case.gathered("acme", acme.data)[1][0])
    path.write_bytes(data[: len(data) // 2])
    assert "cannot be read as Parquet" in str(case.gathered("acme", acme.data)[1][0])


def test_a_column_of_free_numbers_is_no_question(both, monkeypatch):
    monkeypatch.setattr(large, "DIFFERENT", 5)
    _, (_, problems) = both(answers())
    assert "has more than 5 different answers" in str(problems[0])


@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(shift=st.sampled_from([0, 10**6]), seed=st.integers(0, 10**6))
def test_far_from_zero_keeps_its_digits(both, shift, seed):
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"e1": rng.integers(0, 11, 200) + shift, "e2": rng.random(200) + shift})
    low = f"column,measure,item,dimension,low,high\ne1,experience,a,service,{shift},{shift + 11}\n"
    codebook = low + f"e2,experience,b,service,{shift},{shift + 11}\n"
    (small, _), (big, _) = both(table, "survey: {file: answers.parquet}", codebook)
    one, other = (each.item_estimates["all"].covariance for each in (small, big))
    pd.testing.assert_frame_equal(one, other, rtol=1e-10, atol=1e-12)


MADE = """
import sys
import cxlib.client.large as large
from cxlib.run.report import make_report
from cxlib.run.worker import Job
large.LARGE, data, reports, notebooks = int(sys.argv[1]), *sys.argv[2:]
make_report(Job("acme", data, reports, notebooks), lambda *_: None)
"""
ROOT = Path(__file__).parents[2]


@pytest.fixture
def reports(acme, tmp_path):
    """{"small": report of the survey read whole, "large": of the same one kept as sums}."""
    acme.write("codebook.csv", CODEBOOK).settings(YML)
    acme.write("answers.parquet", lambda path: answers().to_parquet(path, index=False))
    running = []
    for name, limit in {"small": 10**9, "large": 0}.items():
        given = (limit, acme.data, tmp_path / name, ROOT / "notebooks")
        command = [sys.executable, "-c", MADE, *map(str, given)]
        running.append(subprocess.Popen(command, cwd=ROOT, env={**os.environ, **ENVIRONMENT}))
    assert [each.wait() for each in running] == [0, 0]
    return {name: tmp_path / name / "acme" for name in ("small", "large")}


def test_every_notebook_runs_on_sums_and_finds_the_same(reports):
    small, big = (
        {path.stem: pd.read_csv(path) for path in (place / "results").glob("*.csv")}
        for place in reports.values()
    )
    assert {"gap", "items", "answers", "bases", "received"} <= set(big) <= set(small)
    derived = small["quadrants"]["method"] == "derived"  # from each person's answers
    small["quadrants"] = small["quadrants"][~derived]
    for name, table in big.items():
        alike(small[name], table)
    report = (reports["large"] / "report.html").read_text("utf-8")
    assert "a survey of 396 people" in report and "no raw survey" not in report
    assert "too large to be held person by person" in report
    step = (reports["large"] / "03_key_experience.html").read_text("utf-8")
    assert "a second client, of a random sample of it" in step  # in place of the drivers
