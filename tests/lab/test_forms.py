"""The form of the start page: any number typed, judged as `cx check` judges, written when asked, taken back."""

import re
import shutil

import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

import cxlib as cx
from cxlib.client import edited
from cxlib.client.case import check_client
from cxlib.lab.forms import Form
from cxlib.lab.start import Start
from cxlib.page.language import Language
from tests.conftest import DATA

REMARKED = "# what the finance director said\n"


@pytest.fixture
def place(tmp_path):
    """meisu in a workbook of its own, its client.yml with a remark of the consultant's."""
    for name in ("data", "reports", "notebooks"):
        (tmp_path / name).mkdir()
    shutil.copytree(DATA / "meisu", tmp_path / "data" / "meisu")
    yml = tmp_path / "data" / "meisu" / "client.yml"
    yml.write_text(REMARKED + yml.read_text("utf-8"), "utf-8")
    return tmp_path


class Typist:
    """Somebody at the form: types, presses, reads."""

    def __init__(self, place):
        self.start = Start(place / "data", place / "reports", place / "notebooks", "en", "meisu")
        self.start.chosen = lambda *_: None  # the page around it is another test's
        self.form = Form(self.start)
        _, buttons, self.said = self.form.widget.children
        self.try_it, self.write, self.back = buttons.children

    def type(self, at, text):
        self.form.fields[at][0].value = text


def test_any_number_is_tried_and_written_only_when_asked(place):
    yml, page = place / "data" / "meisu" / "client.yml", Typist(place)
    before = yml.read_text("utf-8")
    page.type("ideal.convenience", "9.37")  # experience is 5: the method's own table
    page.try_it.click()
    assert "ideal.convenience 10 → 9.37" in page.said.value
    assert "Convenience −5.00 → Convenience −4.37" in page.said.value
    assert yml.read_text("utf-8") == before
    page.write.click()
    after = yml.read_text("utf-8")
    assert cx.read_client("meisu", str(place / "data")).settings.ideal["convenience"] == 9.37
    assert after.startswith(REMARKED) and after.count("#") == before.count("#") + 1
    kept = [line for line in before.splitlines() if "convenience: 10" not in line]
    assert [line for line in after.splitlines() if line in kept] == kept, "nothing else moved"
    Typist(place).back.click()
    assert yml.read_text("utf-8") == before


@pytest.mark.parametrize(
    "at, text, said",
    [
        ("churn_cost.negative.share", "22", "write 22 % as 0.22"),
        ("churn_cost.negative.share", "0.5", "does not hold the share 0.5"),
        ("ideal.convenience", "eleven", "must be"),
        ("target_segments", "[nobody]", "names segments that no table has"),
        ("strategy.budget", "[1", "cannot hold this value"),
        ((2, "dimension"), "convenince", "Did you mean 'convenience'?"),
    ],
)
def test_what_cannot_be_used_is_refused_and_not_written(place, at, text, said):
    page, folder = Typist(place), place / "data" / "meisu"
    before = {path: path.read_bytes() for path in folder.iterdir()}
    page.type(at, text)
    page.write.click()
    assert said.replace("'", "&#39;") in page.said.value and 'class="problem"' in page.said.value
    assert ".typed-" not in page.said.value, "the client's own file is named"
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
    assert [each.name for each in (place / "data").iterdir()] == ["meisu"]


@pytest.mark.parametrize(
    "text, kind, value",
    [
        ("0.1 to 0.35", "pair of shares", [0.1, 0.35]),
        ("10% – 35%", "pair of shares", ["10%", "35%"]),
        ("0.1 至 0.35", "pair of shares", [0.1, 0.35]),
        ("0.1、0.35", "pair of shares", [0.1, 0.35]),
        ("[0.1, 0.35]", "pair of shares", [0.1, 0.35]),
        ("0.1 to 0.35 or so", "pair of shares", "0.1 to 0.35 or so"),  # refused when it is checked
        ("新客、老客", "segments", ["新客", "老客"]),
        ("new，regular, old ", "segments", ["new", "regular", "old"]),
        ("['new, or old']", "segments", ["new, or old"]),
        ("regular", "segments", ["regular"]),
        ("the finance department, Hong Kong", "label", "the finance department, Hong Kong"),
    ],
)
def test_ranges_and_lists_may_be_typed_as_they_are_spoken(text, kind, value):
    assert edited.typed(text, kind) == value


def test_what_is_typed_as_spoken_is_used_or_refused(place):
    folder = place / "data" / "meisu"
    rows = pd.read_csv(folder / "scores.csv", dtype=str)
    each = [rows, rows.assign(segment="new"), rows.assign(segment="regular")]
    pd.concat(each).to_csv(folder / "scores.csv", index=False)
    page, before = Typist(place), (folder / "client.yml").read_bytes()
    page.type("churn_cost.negative.range", "0.3 to 0.35")  # the share itself is 0.22
    page.write.click()
    assert 'class="problem"' in page.said.value and (folder / "client.yml").read_bytes() == before
    page.type("churn_cost.negative.range", "10% to 35%")
    page.type("target_segments", "new、regular")
    page.write.click()
    found = cx.read_client("meisu", str(place / "data")).settings
    assert list(found.churn_cost.negative.range) == pytest.approx([0.1, 0.35])
    assert found.target_segments == ["new", "regular"]


def test_the_first_initiative_needs_no_table(place):
    table = place / "data" / "meisu" / "initiatives.csv"
    table.unlink()
    page = Typist(place)
    for column, text in {"initiative": "lift", "cost": "500", "dimension": "convenience"}.items():
        page.type((2, column), text)
    page.try_it.click()
    assert 'class="problem"' not in page.said.value and not table.exists()
    page.write.click()
    assert (
        table.read_text("utf-8")
        == "initiative,label,cost,dimension,uplift\nlift,,500,convenience,\n"
    )
    Typist(place).back.click()
    assert not table.exists() and check_client("meisu", place / "data") == []


def test_an_initiative_is_changed_added_and_taken_back(place):
    table = place / "data" / "meisu" / "initiatives.csv"
    before, page = table.read_text("utf-8"), Typist(place)
    for column, text in {
        "initiative": "lockers",
        "label": "Lockers, day and night",
        "cost": "123456",
    }.items():
        page.type((6, column), text)
    page.type((2, "cost"), "2400001")
    page.write.click()
    costs = (
        cx.read_client("meisu", str(place / "data"))
        .tables["initiatives"]
        .set_index("initiative")["cost"]
    )
    assert costs["lockers"] == 123456 and costs["more_stores"] == 2400001
    Typist(place).back.click()
    assert table.read_text("utf-8").splitlines()[:5] == before.splitlines()[:5]
    assert check_client("meisu", place / "data") == []


def test_an_initiative_of_a_workbook_keeps_the_looks_of_its_sheet(place):
    folder, book = place / "data" / "meisu", Workbook()
    (folder / "initiatives.csv").unlink()
    book.active.title = "initiatives"
    for row in (["initiative", "cost", "dimension", "uplift"], ["lift", 500, "convenience", 1]):
        book.active.append(row)
    book.active["B2"].number_format = '"HKD" 0'
    book.save(folder / "tables.xlsx")
    page = Typist(place)
    page.type((2, "cost"), "612.5")
    page.write.click()
    cell = load_workbook(folder / "tables.xlsx")["initiatives"]["B2"]
    assert (cell.value, cell.number_format) == (612.5, '"HKD" 0')


def test_nothing_typed_is_nothing_written(place):
    page, yml = Typist(place), place / "data" / "meisu" / "client.yml"
    before = yml.read_bytes()
    page.write.click()
    assert "there is nothing to write" in page.said.value and yml.read_bytes() == before
    page.back.click()
    assert "Nothing was written" in page.said.value


@pytest.mark.parametrize("tongue", ["zh-Hans", "zh-Hant"])
def test_every_field_of_every_client_says_in_chinese_what_it_is(tongue, tmp_path):
    for client in (
        "vendor",
        "meisu",
        "kiosk",
        "telecom",
    ):  # vendor: names of its own under strategy.least
        form = Form(Start(DATA, tmp_path, tmp_path, tongue, client))
        abouts = {at: made.tooltip for at, (made, _) in form.fields.items()}
        assert [
            at for at, about in abouts.items() if not re.search(r"[\u4e00-\u9fff]", about)
        ] == []
        titles = form.widget.children[0].titles
        assert titles and all(re.search(r"[\u4e00-\u9fff]", title) for title in titles)


def heard(box) -> str:
    """The name by which a field is read aloud: its label without marks."""
    return re.sub("<[^>]*>", "", box.description)


@pytest.mark.parametrize("tongue, names", [
    ("en", ("What the company decides to deliver · Convenience", "More stores in the same street · Cost", "Convenience")),
    ("zh-Hant", ("企業決定提供的理想體驗 · 便利性", "在同一條街上開更多的店 · 成本", "便利性")),
])  # fmt: skip
def test_a_field_is_called_as_the_client_calls_what_it_holds(place, tongue, names):
    page = Typist(place)
    page.start.language = Language(tongue)
    form = Form(page.start)
    assert heard(form.fields["ideal.convenience"][0]) == names[0]
    assert heard(form.fields[2, "cost"][0]) == names[1]
    assert form.fields[2, "dimension"][0].value == names[2]
    heard_of = [heard(box) for box, _ in form.fields.values()]
    assert all(heard_of) and form.typed() == ({}, {})
    rows = [heard(box) for at, (box, _) in form.fields.items() if isinstance(at, tuple)]
    assert len(rows) == len(set(rows)), "no two fields are read aloud alike"


def test_a_code_may_be_typed_or_the_clients_word_for_it(place):
    folder = place / "data" / "meisu"
    yml = folder / "client.yml"
    own = "labels:\n  segment: {new: New ones, regular: Regulars}\n"
    yml.write_text(yml.read_text("utf-8").replace("labels:\n", own, 1), "utf-8")
    rows = pd.read_csv(folder / "scores.csv", dtype=str)
    each = [rows, rows.assign(segment="new"), rows.assign(segment="regular")]
    pd.concat(each).to_csv(folder / "scores.csv", index=False)
    page = Typist(place)
    page.type("target_segments", "New ones, regular")
    page.type((2, "dimension"), "Product")
    page.write.click()
    assert 'class="problem"' not in page.said.value
    case = cx.read_client("meisu", str(place / "data"))
    assert case.settings.target_segments == ["new", "regular"]
    assert case.tables["initiatives"]["dimension"].iloc[0] == "product"
