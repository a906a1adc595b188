"""Nobody is known by a report: no customer's or respondent's name, and no words of theirs.

Whoever a demo client knows by name is given one that cannot be overlooked, and says something that
cannot either; then every file that a run writes is searched for it.
"""

import os
import shutil
import subprocess
import sys

import pandas as pd
import pytest

from cxlib.analysis.brand_value import lifetimes
from cxlib.analysis.feedback_loop import dormant_names
from cxlib.client.case import read_client
from tests.conftest import DATA, ROOT

MARK = "Zqx"  # stands in no word of any report
SAID = f"{MARK}: the tap still leaks, write to me at home"
CLIENTS = ("retail", "telecom", "complaints", "vendor")
# Columns whose cells name somebody, by table.
NAMED = {
    "retail": {"transactions.parquet": ["customer"]},
    "telecom": {"customers.csv": ["customer"]},
    "complaints": {"complaints.csv": ["case"]},
    "vendor": {
        "customers.csv": ["customer"],
        "contacts.csv": ["customer"],
        "complaints.csv": ["case", "customer"],
        "survey.csv": ["respondent"],
    },
}


def marked(path, columns) -> None:
    parquet = path.suffix == ".parquet"
    table = (
        pd.read_parquet(path) if parquet else pd.read_csv(path, dtype=str, keep_default_na=False)
    )
    for name in columns:
        table[name] = (MARK + table[name].astype(str)).where(table[name].notna())
    if path.name == "complaints.csv":
        table["text"] = SAID
    if path.name == "survey.csv":  # a name each, in what they say of a theme
        letters = [
            chr(97 + k % 26) + chr(97 + k // 26 % 26) + chr(97 + k // 676) for k in table.index
        ]
        named = table["said"] + " Ask " + MARK + pd.Series(letters, table.index) + "."
        table["said"] = named.where(table["said"].ne(""), "")
    table.to_parquet(path) if parquet else table.to_csv(path, index=False)


@pytest.fixture(scope="module")
def reports(tmp_path_factory):
    folder = tmp_path_factory.mktemp("marked")
    for client, tables in NAMED.items():
        shutil.copytree(DATA / client, folder / "data" / client)
        for name, columns in tables.items():
            marked(folder / "data" / client / name, columns)
    os.symlink(ROOT / "notebooks", folder / "notebooks")
    command = [sys.executable, "-m", "cxlib.run.cli", "run", *CLIENTS, "--quiet"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / "reports"


@pytest.mark.parametrize("client", CLIENTS)
def test_no_one_is_named_in_the_report_or_its_files(reports, client):
    files = [reports / client / "report.html", *sorted((reports / client).glob("results/*"))]
    assert len(files) > 3
    assert [path.name for path in files if MARK in path.read_text("utf-8")] == []


@pytest.mark.parametrize("client", CLIENTS)
def test_no_one_is_named_on_the_consultant_s_pages_either(reports, client):
    # Who is dormant and worth a call is shown on a live screen alone, and goes into no file.
    pages = [*sorted((reports / client).glob("*.html")), reports / client / "run.json"]
    pages += [reports / "index.html"]
    assert [path.name for path in pages if MARK in path.read_text("utf-8")] == []


def test_the_names_are_there_to_be_found(reports):
    # So that the search is known to look for what the run has read.
    case = read_client("retail", reports.parent / "data")
    assert dormant_names(lifetimes(case))["customer"].str.startswith(MARK).all()
    vendor = read_client("vendor", reports.parent / "data")
    assert vendor.survey.people["respondent"].str.startswith(MARK).all()
    assert vendor.survey.verbatims["text"].str.contains(MARK).all()
    assert set(vendor.tables["complaints"]["text"]) == {SAID}
