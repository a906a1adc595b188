"""What is kept of each run, and what is not."""

import json
import shutil

import pandas as pd
import pytest

from cxlib.client import kept
from cxlib.client.problems import read_json
from cxlib.run.cli import main

SURVEY = """
survey: {file: s.csv, respondent: id}
"""
CODES = "column,measure,dimension\nq1,experience,product\nq2,expectation,product\n"


def asked(house, name, people, first=1):
    """A client of so many people, numbered from `first`, who all lived 6 or 8 and expected 7."""
    folder = house.data / name
    if not folder.is_dir():
        house.client(name)
        (folder / "scores.csv").unlink()
        (folder / "codebook.csv").write_text(CODES)
        with open(folder / "client.yml", "a") as file:
            file.write(SURVEY)
    rows = [f"{n},{6 + 2 * (n % 2)},{7 + n % 3}" for n in range(first, first + people)]
    (folder / "s.csv").write_text("\n".join(["id,q1,q2", *rows]))


def published(house):
    """Notebooks that publish what a comparison needs."""
    open_page = "import cxlib as cx\ncase = cx.read_client(client, data_dir, settings=settings)\npage = cx.open_page(case, reports_dir)"
    from tests.run.conftest import PARAMETERS

    for name in ("00_brief", "05_results"):
        house.notebook(name, f"#md # {name}", PARAMETERS, "1")
    shown = "page.publish('gap', cx.gaps(case)); page.screen(cx.verdict(case))"
    house.notebook("09_executive_report", "#md # Report", PARAMETERS, open_page, shown)


def numbers(house, client):
    return [run.number for run in kept.kept_runs(house.reports / client)]


def test_a_run_is_kept_as_it_was_released_and_one_that_changes_nothing_is_not(house):
    published(house)
    asked(house, "a", 60)
    assert house.cx("run", "a")[0] == 0
    (run,) = kept.kept_runs(house.reports / "a")
    assert (run.number, run.day) == (1, house.read("a/run.json")["started"][:10])
    assert run.about["inputs"] == house.read("a/run.json")["inputs"]
    assert run.verdict == house.read("a/results/verdict.json")
    released = pd.read_csv(house.reports / "a" / "results" / "gap.csv")
    assert run.tables["gap"].equals(released)  # to the digit, and no finer
    assert len(run.counted) == 60

    house.cx("run", "a")  # skipped
    house.cx("run", "a", "--force")  # the same inputs and settings: the same release
    assert numbers(house, "a") == [1]
    house.cx("run", "a", "--set", "small_base=20")
    assert numbers(house, "a") == [1, 2]
    asked(house, "a", 120)
    house.cx("run", "a")
    first, second, third = kept.kept_runs(house.reports / "a")
    assert third.number == 3 and len(third.counted) == 120 and first.counted < third.counted
    assert second.about["settings"] == {"small_base": 20} and third.about["settings"] == {}


def test_nothing_is_kept_of_a_run_that_fails_and_the_oldest_go(house):
    house.client("a", "raises")
    house.cx("run", "a", "raises", "--jobs", "1")
    assert not (house.reports / "raises").exists() and numbers(house, "a") == [1]
    history = house.reports / "a" / "history"
    for number in range(2, 24):
        shutil.copytree(history / "001", history / f"{number:03d}")
    (house.data / "a" / "scores.csv").write_text("dimension,experience,expectation\nproduct,5,7\n")
    house.cx("run", "a")
    assert numbers(house, "a") == [*range(5, 25)]  # twenty, and their numbers stay


def test_what_was_cut_off_or_is_not_ours_counts_for_nothing(tmp_path):
    path = tmp_path / "counted.json"
    for text, found in (('{"001": ["a', {}), ("[1]", {}), ('{"001": []}', {"001": []})):
        path.write_text(text)
        assert read_json(path) == found
    assert read_json(path, list) == [] and read_json(tmp_path / "none.json") == {}


def test_of_segments_and_of_people_nothing_is_kept(house):
    published(house)
    asked(house, "a", 60)
    path = house.data / "a" / "s.csv"
    lines = path.read_text().split("\n")
    new = [f"{line},{'ab'[n % 2] if n else 'where'}" for n, line in enumerate(lines)]
    path.write_text("\n".join(new))
    yml = house.data / "a" / "client.yml"
    yml.write_text(yml.read_text().replace("respondent: id", "respondent: id, segment: where"))
    house.cx("run", "a")
    assert set(pd.read_csv(house.reports / "a" / "results" / "gap.csv")["segment"]) == {
        *"ab",
        "all",
    }
    folder = house.reports / "a" / "history" / "001"
    assert set(pd.read_csv(folder / "gap.csv")["segment"]) == {"all"}
    assert {path.name for path in folder.iterdir()} == {"run.json", "verdict.json", "gap.csv"}
    who = house.reports / "a" / "private" / "counted.json"
    assert who.stat().st_mode & 0o077 == 0
    assert all(len(print_) == 16 for print_ in json.loads(who.read_text())["001"])


def test_cases_are_kept_as_fingerprints_and_what_they_are_about_is_compared(house, capsys):
    published(house)
    house.client("a")
    page = (
        "page.publish('gap', cx.gaps(case)); page.publish('cases', cx.what_cases_are_about(case)); "
    )
    open_page = "import cxlib as cx\ncase = cx.read_client(client, data_dir, settings=settings)\npage = cx.open_page(case, reports_dir)"
    from tests.run.conftest import PARAMETERS

    shown = page + "page.screen(cx.verdict(case))"
    house.notebook("09_executive_report", "#md # Report", PARAMETERS, open_page, shown)
    for first, late in ((1, 150), (1001, 60)):  # of 300: 50 % and then 20 %
        why = ["late"] * late + ["dear"] * (300 - late)
        rows = [f"{first + at},{each}" for at, each in enumerate(why)]
        (house.data / "a" / "complaints.csv").write_text("\n".join(["case,reason", *rows]))
        assert house.cx("run", "a")[0] == 0
    folder = house.reports / "a" / "history" / "002"
    assert {path.name for path in folder.iterdir()} >= {"gap.csv", "cases.csv"}
    one, two = kept.kept_runs(house.reports / "a")
    assert len(one.cases) == len(two.cases) == 300 and not one.cases & two.cases
    assert one.counted is None, "nobody was asked"
    capsys.readouterr()
    assert main(house.command("compare", "a")) == 0
    said = capsys.readouterr().out
    assert (
        "Beyond chance, more or less often than before: “dear” 50% → 80%; “late” 50% → 20%." in said
    )
    assert "What customers say, and what cases are about" in (house.reports / "a" / "compare.html").read_text()  # fmt: skip


def test_two_runs_and_two_clients_are_compared(house, capsys):
    published(house)
    asked(house, "a", 120)
    asked(house, "b", 60)
    house.cx("run", "a", "b")
    capsys.readouterr()
    assert main(house.command("compare", "a")) == 2
    assert "only one run of a is kept" in capsys.readouterr().err
    # other people, who all lived one point more: 8 or 10 and not 6 or 8
    asked(house, "a", 120, first=201)
    path = house.data / "a" / "s.csv"
    lines = [line.split(",") for line in path.read_text().split("\n")]
    path.write_text(
        "\n".join(",".join([a, b if b == "q1" else str(int(b) + 2), c]) for a, b, c in lines)
    )
    house.cx("run", "a")
    capsys.readouterr()
    assert main(house.command("compare", "a")) == 0
    said = capsys.readouterr().out
    # sd 1 of 120 on each side: 2 ± 1.98 × √(2 × (1 + 1/119)/120) = 2 ± 0.257, its ends rounded outwards
    assert "Beyond chance, in points: Product (experience) +2.0" in said, said
    page = house.reports / "a" / "compare.html"
    assert (
        "http" not in page.read_text().replace("http-equiv", "") and "Run 1 of" in page.read_text()
    )
    today = house.read("a/run.json")["started"][:10]
    assert main(house.command("compare", "a", "1", today)) == 0
    for words in (["a", "b"], ["a", "--with", "b"], ["a", "1", "1", "--with", "b"]):
        assert main(house.command("compare", *words)) == 0
        assert "b, " in capsys.readouterr().out.replace("\n", " ")


def test_what_one_client_alone_has_is_called_as_that_client_calls_it(house, capsys):
    published(house)
    asked(house, "a", 60)
    asked(house, "b", 60)
    book = house.data / "b" / "codebook.csv"
    book.write_text(book.read_text().replace("product", "kasse"))
    with open(house.data / "b" / "client.yml", "a") as file:
        file.write("dimensions: {kasse: Wartezeit an der Kasse}\n")
    house.cx("run", "a", "b")
    capsys.readouterr()
    assert main(house.command("compare", "a", "--with", "b")) == 0
    assert "Only one of the two has Wartezeit an der Kasse and Product." in capsys.readouterr().out


@pytest.mark.parametrize(
    "words, said",
    [
        (["nobody"], "no run of 'nobody' is kept"),
        (["aa"], "Did you mean 'a'?"),
        (["a", "7"], "no run '7' of a is kept. Kept of a: 1 ("),
        (["a", "lost"], "Did you mean 'last'?"),
        (["a", "last", "1"], "are the same run"),
        (["a", "1", "2", "3"], "two runs, not 3"),
        (["a", "--with", "nobody"], "no run of 'nobody' is kept"),
        (["a", "../a"], "no run '../a' of a is kept"),
    ],
)
def test_a_run_that_is_not_kept_is_said(kept_of_one, words, said, capsys):
    assert main(kept_of_one.command("compare", *words)) == 2
    error = capsys.readouterr().err
    assert said in error and "Traceback" not in error


@pytest.fixture(scope="module")
def kept_of_one(tmp_path_factory):
    from tests.run.conftest import House

    found = House(tmp_path_factory.mktemp("one"))
    found.client("a")
    assert found.cx("run", "a")[0] == 0
    return found


def test_what_others_put_beside_a_report_outlives_the_next_run(house):
    published(house)
    asked(house, "a", 60)
    house.cx("run", "a")
    place = house.reports / "a"
    (place / "minutes").mkdir()
    (place / "minutes" / "board.txt").write_text("Approved.")
    (place / "results" / "gap.csv").write_text("typed over")
    (place / "results" / "gone.csv").write_text("of a run before")
    listed = house.read("a/run.json")
    listed["outputs"]["results/gone.csv"] = 15
    (place / "run.json").write_text(json.dumps(listed))
    for _ in range(2):
        house.cx("run", "a", "--force")
        assert (place / "minutes" / "board.txt").read_text() == "Approved."
        assert not (place / "results" / "gone.csv").exists()
        assert "typed over" not in (place / "results" / "gap.csv").read_text()
