"""Two clinics that asked how satisfied people are: one also how much it matters, one nothing more."""

import re
import subprocess
import sys

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from tests.conftest import ROOT
from tests.one_thing import write

THINGS = ("waiting", "doctor", "rooms")
# How many of 120 gave 1 to 5, and so the means: 2.25, 4.5, 3.75 liked; 4.75, 4.25, 2.5 matter.
LIKED = {
    "waiting": (40, 40, 20, 10, 10),
    "doctor": (0, 0, 15, 30, 75),
    "rooms": (5, 10, 30, 40, 35),
}
MATTERS = {
    "waiting": (0, 0, 10, 10, 100),
    "doctor": (0, 5, 15, 45, 55),
    "rooms": (30, 30, 35, 20, 5),
}


def answers(counts, step):
    """120 answers of these counts, in an order of their own."""
    given = [score for score, n in enumerate(counts, 1) for _ in range(n)]
    return [given[(k * step) % 120] for k in range(120)]


def clinic(folder, name, matters):
    table = {f"s_{t}": answers(LIKED[t], (7, 11, 13)[k]) for k, t in enumerate(THINGS)}
    if matters:
        table |= {f"i_{t}": answers(MATTERS[t], (17, 19, 23)[k]) for k, t in enumerate(THINGS)}
    kinds = {"s": "satisfaction", "i": "importance"}
    rows = [(column, kinds[column[0]], column[2:], 1, 5) for column in table]
    codebook = pd.DataFrame(rows, columns=["column", "measure", "item", "low", "high"])
    settings = f"name: {name}\nscale: [1, 5]\nimportance_scale: [1, 5]\nsurvey: {{file: a.csv}}\n"
    write(folder, name, settings, a=pd.DataFrame(table), codebook=codebook)


@pytest.fixture(scope="module")
def clinics(tmp_path_factory):
    """Both clinics, run whole: {name: folder of its report}."""
    folder = tmp_path_factory.mktemp("clinics")
    clinic(folder / "data", "harbour", matters=True)
    clinic(folder / "data", "hill", matters=False)
    command = [sys.executable, "-m", "cxlib.run.cli", "run", "harbour", "hill", "--quiet"]
    command += ["--data", str(folder / "data"), "--reports", str(folder / "reports"), "--jobs", "2"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / "reports"


def words(clinics, name):
    main = BeautifulSoup((clinics / name / "report.html").read_text("utf-8"), "html.parser").main
    return re.sub(r"\s+", " ", main.get_text(" ", strip=True))


def mean(counts):
    return sum(score * n for score, n in enumerate(counts, 1)) / 120


@pytest.mark.parametrize("name", ["harbour", "hill"])
def test_what_was_asked_is_in_the_results_to_what_the_base_carries(clinics, name):
    gap = pd.read_csv(clinics / name / "results" / "gap.csv").query("segment == 'all'")
    gap = gap.set_index("dimension")
    assert set(gap.index) == set(THINGS) and gap["n"].eq(120).all()
    for thing in THINGS:
        assert gap.loc[thing, "asked_satisfaction"] == pytest.approx(mean(LIKED[thing]), abs=0.051)
        if name == "harbour":
            assert gap.loc[thing, "importance"] == pytest.approx(mean(MATTERS[thing]), abs=0.051)
    assert gap[["experience", "expectation", "satisfaction"]].isna().all(axis=None)


def test_what_matters_and_satisfies_least_leads_the_page(clinics):
    said = words(clinics, "harbour")
    first = said[:900]
    assert "waiting" in first.casefold() and "matters" in first
    assert "points below the top of the scale" in first, "nobody decided a target"
    assert not re.search(r"expectation.{0,20}(met|exceed)|meets or exceeds", said)
    gap = pd.read_csv(clinics / "harbour" / "results" / "gap.csv").query("segment == 'all'")
    assert gap.loc[gap["key_experience"].astype(str) == "True", "dimension"].tolist() == ["waiting"]


def test_without_importance_it_is_said_that_none_is_the_key_one(clinics):
    said = words(clinics, "hill")
    assert "waiting" in said[:600], "the least satisfying leads"
    assert "of 5, the lowest rated" in said and "of 10, the lowest" not in said
    assert "Ask what customers expect, and how much each experience matters." in said
    gap = pd.read_csv(clinics / "hill" / "results" / "gap.csv")
    assert not gap["key_experience"].astype(str).eq("True").any()
    assert gap["importance"].isna().all()
