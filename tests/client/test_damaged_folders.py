"""Client folders damaged at random: whatever is in them, there is a verdict in words, and no traceback.

The same ones each time. What breaks the reading and is found otherwise has a test of its own below.
"""

import os
import random
import shutil

import pandas as pd
import pytest

from cxlib.client.case import check_client
from cxlib.client.problems import Problem

SEEDS = 80
TABLES = {
    "scores.csv": "dimension,experience,expectation,importance\nproduct,5,6,7\nservice,4,5,6\n",
    "customers.csv": "customer,segment,revenue,since,churned\nA,x,5,2020-01-01,yes\nB,y,6,,no\n",
    "transactions.csv": "customer,date,amount\nA,2024-01-01,5\nB,2024-01-02,6\n",
    "complaints.csv": "case,date,customer,outcome,text\n1,2024-01-01,A,retained,slow\n",
    "kpis.csv": "kpi,period,numerator,denominator,target\nfcr,2024-01,4,10,0.5\n",
    "initiatives.csv": "initiative,cost,dimension,requires\na,5,product,\nb,6,service,a\n",
}
CELLS = (
    "", "NA", "-99", "1e400", "nan", "٣", "１２", "½", "9" * 400, "x" * 200_000, "=1+1", "#REF!",
    "3,5", "2024-13-45", "99999-01-01", "0000-00-00", "1677-01-01", "1/1/24", '"', ";", "\u202e",
)  # fmt: skip
LINES = (
    "&a x: *a", "a: &x [*x]", "<<: *b", "!!python/object:os.system x", "? [a, b]\n: c",
    "%YAML 3.0\n---", "---\n---", "\t", "name: [", "scale: [[0], 10]", "scale: [.nan, .inf]",
    "dimensions: {a: {b: c}}", "survey: 3", "survey: {file: ..}", "survey: {file: client.yml}",
    'survey: {file: "a\\0b.csv"}', "survey: {file: answers.csv, delimiter: ab}",
    "survey: {file: answers.csv, raking: {kind: {new: 0}}}", "encoding: rot13", "encoding: utf-7",
    "revenue: 1e400", "confidence: 1", "role_weights: {a: .inf}", "target_segments: [[a]]",
    "churn_cost: {negative: {count: 1, of: 0}}", "strategy: {capacity: {days: x}}",
)  # fmt: skip


def cut_off(chance, path):
    path.write_bytes(path.read_bytes()[: chance.randrange(path.stat().st_size + 1)])


def other_bytes(chance, path):
    data = bytearray(path.read_bytes())
    for _ in range(chance.choice([1, 20])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path.write_bytes(bytes(data))


def nul_bytes(chance, path):
    data, at = path.read_bytes(), chance.randrange(path.stat().st_size + 1)
    path.write_bytes(data[:at] + b"\0" * 5 + data[at:])


def other_encoding(chance, path):
    text = path.read_bytes().decode("utf-8", "replace") + "é价格"
    name = chance.choice(["utf-16", "utf-16-le", "utf-32", "gb18030", "utf-7", "cp500"])
    path.write_bytes(text.encode(name, "replace"))


def other_cells(chance, path):
    lines = path.read_bytes().decode("utf-8", "replace").split("\n")
    for _ in range(chance.choice([1, 5])):
        row = chance.randrange(len(lines))
        cells = lines[row].split(",")
        cells[chance.randrange(len(cells))] = chance.choice(CELLS)
        lines[row] = ",".join(cells)
    path.write_text("\n".join(lines), encoding="utf-8")


def other_rows(chance, path):
    rows = path.read_bytes().split(b"\n")
    head = rows[0].split(b",")
    rows[0] = b",".join(chance.choice([head[:1] * len(head), head[::-1], head]))
    rows.insert(chance.randrange(len(rows)), chance.choice(rows))
    path.write_bytes(b"\n".join(rows))


def a_folder(_, path):
    path.unlink()
    path.mkdir()


def a_link(chance, path):
    path.unlink()
    path.symlink_to(chance.choice([path.name, "nowhere", "/dev/null", "/proc/self/mem", ".."]))


def a_pipe(_, path):
    path.unlink()
    os.mkfifo(path)


def another_file(chance, path):
    others = [each for each in sorted(path.parent.iterdir()) if whole_file(each)]
    path.write_bytes(chance.choice(others).read_bytes())


def other_settings(chance, path):
    yml = path.parent / "client.yml"
    if yml.is_file() and not yml.is_symlink():
        lines = yml.read_bytes().decode("utf-8", "replace").split("\n")
        lines.insert(chance.randrange(len(lines) + 1), chance.choice(LINES))
        yml.write_text("\n".join(lines), encoding="utf-8")


DAMAGES = [
    cut_off, other_bytes, nul_bytes, other_encoding, other_cells, other_cells, other_rows,
    a_folder, a_link, a_pipe, another_file, other_settings, other_settings,
]  # fmt: skip


@pytest.fixture
def whole(surveyed):
    """A client with most tables, a survey, and nothing wrong."""
    for name, text in TABLES.items():
        surveyed.write(name, text)
    levels = pd.DataFrame({"level": ["one", "two"], "cost": [1, 2], "revenue": [3, 5]})
    surveyed.write("service_levels.xlsx", lambda path: levels.to_excel(path, index=False))
    contacts = pd.DataFrame({"customer": ["A"], "date": pd.to_datetime(["2024-01-01"])})
    surveyed.write("contacts.parquet", lambda path: contacts.to_parquet(path))
    assert not surveyed.problems()
    return surveyed


@pytest.mark.parametrize("part", range(4))
def test_a_damaged_folder_is_judged_in_words(whole, part):
    sent = {path.name: path.read_bytes() for path in whole.folder.iterdir()}
    for seed in range(part, SEEDS, 4):
        chance, done = random.Random(seed), []
        shutil.rmtree(whole.folder)
        whole.folder.mkdir()
        for name, content in sent.items():
            whole.write(name, content)
        for _ in range(chance.choice([1, 1, 2, 3])):
            files = [each for each in sorted(whole.folder.iterdir()) if whole_file(each)]
            damage, path = chance.choice(DAMAGES), chance.choice(files)
            done.append(f"{damage.__name__} of {path.name}")
            damage(chance, path)
        try:
            found = check_client("acme", whole.data)
        except Exception as error:
            raise AssertionError(f"seed {seed}: {', '.join(done)}") from error
        assert all(isinstance(each, Problem) and str(each) for each in found)


def whole_file(path) -> bool:
    return path.is_file() and not path.is_symlink() and path.stat().st_size > 0


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (a_folder, "is not a file"),
        (a_pipe, "is a pipe, not a file"),
        (lambda _, path: path.write_text("%YAML 1.3\n---\nname: A\n"), "is not YAML that is read"),
    ],
    ids=["folder", "pipe", "version"],
)
def test_a_client_yml_that_is_none(scored, damage, says):
    damage(None, scored.folder / "client.yml")
    assert says in str(scored.problems()[0])


def test_a_delimiter_of_two_signs_is_refused(surveyed):
    surveyed.settings("survey: {file: answers.csv, segment: kind, delimiter: ab}")
    assert "is said to be cut at 'ab', which is not one sign" in str(surveyed.problem())


def test_a_name_that_no_file_can_have_is_not_there(surveyed):
    surveyed.settings(f"survey: {{file: {'a' * 300}.csv, segment: kind}}")
    assert "is not there" in str(surveyed.problem())


def test_what_may_not_be_read_is_said_so(whole, monkeypatch):
    def refuse(path):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    assert all("cannot be read" in str(each) for each in whole.problems())


@pytest.mark.parametrize("name", ["answers.csv", "answers.parquet", "codebook.csv"])
def test_a_pipe_is_no_file_and_is_not_waited_for(surveyed, name):
    surveyed.settings(f"survey: {{file: {name}, segment: kind}}")
    path = surveyed.folder / name
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    assert surveyed.problems()


def test_a_codebook_that_is_another_file_is_missing_its_columns(surveyed):
    surveyed.write("codebook.csv", "day,visitors\n2026-01-01,4\n")
    said = "\n".join(map(str, surveyed.problems()))
    assert "measure" in said and "column" in said


def test_a_survey_whose_name_no_file_can_have_is_not_there(acme):
    said = str(acme.settings('survey: {file: "a\\0b.csv"}').problem())
    assert r"a\x00b.csv: cannot be read" in said
