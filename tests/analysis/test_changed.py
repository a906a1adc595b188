"""What a consultant changes in a notebook reaches the steps after it, the report and the files."""

import json
from pathlib import Path

import nbformat
import pandas as pd
import pytest
from bs4 import BeautifulSoup

import cxlib as cx
from cxlib.analysis import asking
from cxlib.page.screen import words_of
from cxlib.run.cli import main

ROOT = Path(__file__).parents[2]
DATA = ROOT / "data"
DEMOS = ["kiosk", "vendor", "meisu", "sfo", "telecom"]
RULE = 'gaps["key_experience"] = gaps["key_experience"].mask(worst.notna(), most_negative)'


@pytest.fixture
def meisu(tmp_path, monkeypatch):
    """A case of this test alone, whose changes are kept in a folder of this test alone."""
    monkeypatch.setenv(asking.CHANGED, str(tmp_path / "private" / "changed_03_key_experience"))
    (tmp_path / "meisu").symlink_to(DATA / "meisu")
    return cx.read_client("meisu", tmp_path)


def key_of(case) -> list[str]:
    gaps = cx.gaps(case)
    return gaps.loc[gaps["key_experience"].eq(True), "dimension"].tolist()


def another_key(case) -> pd.DataFrame:
    # Not the rule: the best known product, to see that the steps follow.
    gaps = cx.gaps(case)
    return gaps.assign(key_experience=gaps["dimension"] == "product")


@pytest.mark.parametrize("client", DEMOS)
def test_the_sums_of_the_notebooks_are_those_of_the_steps(client):
    """Nothing is called changed that nobody changed: the cells' arithmetic, on every demo client."""
    case = cx.read_client(client, DATA)
    place = {"case": case, "cx": cx, "page": cx.open_page(case)}
    for name in (
        "02_experience_expectation",
        "03_key_experience",
        "04_gap_analysis",
        "06_strategy_capability",
        "08_churn_cost",
    ):
        for cell in nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", 4).cells:
            if cell.cell_type == "code" and ('["' in cell.source or "share[" in cell.source):
                exec(cell.source.split("page.show(")[0], place)
        told = {
            "gaps": place.get("gaps"),
            "portfolio": place.get("portfolio"),
            "cost_of_bad_experience": place.get("cost"),
        }
        for step, table in (told | {"levers": place.get("levers")}).items():
            if table is not None:
                assert asking.differing(asking.STEPS[step].as_worked_out(case), table) == [], name


def test_later_steps_go_by_what_was_changed(meisu):
    assert key_of(meisu) == ["convenience"]
    changed = asking.follow(meisu, "gaps", another_key(meisu))
    assert changed == ["key_experience"]
    assert key_of(meisu) == ["product"]
    assert cx.where_to_spend(cx.gaps(meisu))["dimension"].iloc[0] == "product"


def test_a_changed_number_has_no_interval_and_a_changed_key_no_probability():
    case = cx.read_client("kiosk", DATA, settings='{"small_base": 31}')
    gaps = cx.gaps(case)
    assert gaps[["gap_low", "p_key"]].notna().all(axis=None)
    asking.follow(case, "gaps", gaps.assign(gap=gaps["gap"] - 1, key_experience=False))
    found = cx.gaps(case)
    assert found[["gap_low", "gap_high", "p_key", "rank"]].isna().all(axis=None)
    assert found["satisfaction_low"].notna().all()


def test_what_is_blank_for_a_change_is_not_called_changed(meisu):
    # Step 4 gets the table with what step 3 changed; she changed one column and one only.
    asking.follow(meisu, "gaps", another_key(meisu))
    assert asking.follow(meisu, "gaps", cx.gaps(meisu)) == ["key_experience"]
    assert asking.changed_columns(meisu) == [["key_experience"]]


def test_what_a_later_step_changes_counts_and_is_kept_apart(meisu, tmp_path, monkeypatch):
    asking.follow(meisu, "gaps", another_key(meisu))
    later = tmp_path / "private" / "changed_04_gap_analysis"
    monkeypatch.setenv(asking.CHANGED, str(later))
    gaps = cx.gaps(meisu)
    asking.follow(meisu, "gaps", gaps.assign(key_experience=gaps["dimension"] == "service"))
    asking._changed.clear()
    assert key_of(meisu) == ["service"]
    Path(f"{later}.gaps.parquet").unlink()  # as where step 4 is run again
    asking._changed.clear()
    assert key_of(meisu) == ["product"]


@pytest.mark.parametrize(
    "rule, named, title",
    [
        # kiosk: importance 6.7 of 7 at most, and five dimensions short of what is expected
        (
            lambda gaps: gaps["importance"] >= 7,
            [],
            "By the rule in this client's own notebook, none",
        ),
        (lambda gaps: gaps["dimension"] == "control", ["control"], "Fix Control first;"),
        (
            lambda gaps: gaps["dimension"].isin(["control", "tangibles"]),
            ["control", "tangibles"],
            "Fix Control and Look and feel first;",
        ),
    ],
)
def test_an_own_rule_is_the_answer_and_is_called_her_own(rule, named, title):
    case = cx.read_client("kiosk", DATA, settings='{"small_base": 32}')
    page, gaps = cx.open_page(case), cx.gaps(case)
    asking.follow(case, "gaps", gaps.assign(key_experience=rule(gaps)))
    found, headline = cx.verdict(case), page.sentence("key_experience", cx.gaps(case))
    assert (found.fix["dimensions"], found.fix["own"], found.sure["p"]) == (named, True, None)
    said = words_of(page, found)
    assert said["answer"].startswith(title)
    assert said["fix"][2] == "by a rule of this client's own"
    assert said["overturn"][0] == "What comes first follows a rule of this client's own."
    assert headline.startswith("By the rule in this client's own notebook, ")
    told = " ".join([said["answer"], said["mail"], said["learn"], *said["overturn"], headline])
    assert not any(words in told for words in ("told apart", "Security", "probability", "Nowhere"))
    assert "falls short" not in told  # five do


def test_without_an_own_rule_nothing_is_called_her_own():
    found = cx.verdict(cx.read_client("kiosk", DATA))
    assert found.fix["own"] is False and {"code": "own"} not in found.sure["overturn"]


def test_changed_back_is_not_changed(meisu):
    before = cx.gaps(meisu)
    asking.follow(meisu, "gaps", another_key(meisu))
    assert asking.follow(meisu, "gaps", before) == []
    assert key_of(meisu) == ["convenience"]
    assert asking.changed_columns(meisu) == []
    asking._changed.clear()  # nor for a kernel started later
    assert key_of(meisu) == ["convenience"]


def test_what_was_worked_out_before_the_change_is_worked_out_anew(meisu):
    before = cx.ideals_for_the_money(meisu).set_index("dimension")["experience"]
    gaps = cx.gaps(meisu)
    asking.follow(meisu, "gaps", gaps.assign(experience=gaps["experience"] - 1))
    after = cx.ideals_for_the_money(meisu).set_index("dimension")["experience"]
    pd.testing.assert_series_equal(after, before - 1)


def test_a_kernel_started_later_goes_by_it_too(meisu, tmp_path):
    asking.follow(meisu, "gaps", another_key(meisu))
    asking._changed.clear()  # what another process does not have
    assert key_of(meisu) == ["product"]
    assert (tmp_path / "private").stat().st_mode & 0o077 == 0


def test_rows_left_out_are_left_out_after_it(meisu):
    gaps = cx.gaps(meisu)
    asking.follow(meisu, "gaps", gaps[gaps["dimension"] != "convenience"])
    assert "convenience" not in set(cx.where_to_spend(cx.gaps(meisu))["dimension"])


# In a run


@pytest.fixture
def house(tmp_path):
    """A checkout with one client, and a copy of step 3 in which somebody has worked."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "meisu").symlink_to(DATA / "meisu")
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    own = tmp_path / "own" / "meisu"
    own.mkdir(parents=True)
    for path in sorted((ROOT / "notebooks").glob("[0-9]*.ipynb")):
        (tmp_path / "own" / path.name).symlink_to(path)
    return tmp_path


def rewritten(house, rule: str) -> None:
    book = json.loads((ROOT / "notebooks" / "03_key_experience.ipynb").read_text("utf-8"))
    cell = next(cell for cell in book["cells"] if RULE in "".join(cell["source"]))
    cell["source"] = "".join(cell["source"]).replace(RULE, rule)
    (house / "own" / "meisu" / "03_key_experience.ipynb").write_text(json.dumps(book), "utf-8")


def test_another_rule_in_an_own_copy_reaches_the_report(house, capsys):
    rewritten(house, 'gaps["key_experience"] = gaps["dimension"] == "product"')
    folders = ["--data", str(house / "data"), "--reports", str(house / "reports")]
    asked = ["run", "meisu", *folders, "--notebooks", str(house / "own")]
    assert main(asked) == 0
    assert "with its own 03_key_experience" in capsys.readouterr().err
    home = house / "reports" / "meisu"
    gap = pd.read_csv(home / "results" / "gap.csv").set_index("dimension")
    assert gap.index[gap["key_experience"].eq(True)].tolist() == ["product"]
    said = json.loads((home / "run.json").read_text("utf-8"))
    assert said["own_notebooks"] == ["03_key_experience"]
    report = BeautifulSoup((home / "report.html").read_text("utf-8"), "html.parser").get_text(" ")
    notice = "Changed in this client's own notebook: Key experience. What follows, and the report, go by it. Neither a rank nor a probability is known of such a rule"
    for name in (
        "03_key_experience",
        "04_gap_analysis",
        "report",
    ):  # one notice, the same everywhere
        page = BeautifulSoup((home / f"{name}.html").read_text("utf-8"), "html.parser")
        assert notice in page.get_text(" "), name
    told = BeautifulSoup((home / "04_gap_analysis.html").read_text("utf-8"), "html.parser")
    spending = next(t for t in told.find_all("table") if "What the gap asks for" in t.get_text())
    assert "Product" in spending.select_one("tbody tr").get_text(" ")
    assert "Fix Product first" in report and "by a rule of this client's own" in report

    # The copy is deleted, and the step that it was of is run again: the workbook's rule, all of it.
    (house / "own" / "meisu" / "03_key_experience.ipynb").unlink()
    assert main([*asked, "--from", "03"]) == 0
    gap = pd.read_csv(home / "results" / "gap.csv").set_index("dimension")
    assert gap.index[gap["key_experience"].eq(True)].tolist() == ["convenience"]
    assert not list((home / "private").glob("changed_*"))
    assert json.loads((home / "run.json").read_text("utf-8"))["own_notebooks"] == []
    assert not [page.name for page in home.glob("*.html") if b"own notebook" in page.read_bytes()]


def test_columns_that_were_dropped_are_put_back_and_never_missed(meisu):
    gaps = another_key(meisu)
    assert asking.follow(meisu, "gaps", gaps.drop(columns=["ideal"])) == ["key_experience"]
    assert cx.gaps(meisu)["ideal"].equals(gaps["ideal"])
    assert asking.follow(meisu, "gaps", gaps.set_index("dimension")) == ["key_experience"]
    with pytest.raises(KeyError, match="need ideal too"):
        asking.follow(meisu, "gaps", gaps.drop(columns=["ideal"]).iloc[:2])


def test_a_line_of_arithmetic_is_of_columns_and_signs_that_are_there(meisu):
    page = cx.open_page(meisu)
    page.worked(None, "experience − ideal = gap")
    for formula in ("experience − idael = gap", "experience & ideal = gap"):
        with pytest.raises(KeyError, match="There is no such"):
            page.worked(cx.gaps(meisu), formula)
