"""Every page of every demo client in both Chinese scripts: no English and no raw code is left on it."""

import re
import subprocess
import sys

import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup, NavigableString

from cxlib.client.contract import TABLES
from tests.conftest import DATA, ROOT

DEMOS = sorted(path.parent.name for path in DATA.glob("*/client.yml"))
WORD = re.compile(r"[A-Za-z][A-Za-z_]{2,}")
TYPED = re.compile(r"`[^`]*`|\w+(\.\w+)+|churn_cost")  # file names and keys, as they are typed
NAMES = set(
    [
        "wilson",
        "wald",
        "shapley",
        "lmg",
        "johnson",
        "martilla",
        "james",
        "kano",
        "helland",
        "fong",
        "lee",
        "servqual",
        "grönroos",
        "kish",
        "cxlib",
        "pandas",
        "scipy",
        "matplotlib",
        "numpy",
        "jupyterlab",
        "papermill",
        "excel",
        "csv",
        "svg",
        "png",
        "nps",
        "yml",
        "xlsx",
        "html",
        "client",
        "rejected",
        "results",
        "private",
        "validation",
        "tables",
    ]
)


def words_in(text) -> set:
    return {word.casefold() for word in WORD.findall(str(text))}


# Names of people and of things, which have no Chinese of their own.
NAMES = words_in(
    "Wilson Wald Shapley LMG Johnson Martilla James Kano Helland Fong Lee Kish BG/NBD Gamma alpha"
    " cxlib pandas SciPy matplotlib NumPy Excel CSV SVG PNG NPS"
)


def leaves(tree):
    """Every text of client.yml that is no key."""
    if isinstance(tree, dict):
        return [text for value in tree.values() for text in leaves(value)]
    return [text for value in tree for text in leaves(value)] if isinstance(tree, list) else [tree]


def own_words(client) -> set:
    """What the client says itself: its texts, its values, and headers that are none of ours; not
    codes that the contract lists, and no header of the contract."""
    folder = DATA / client
    found = set().union(
        *map(words_in, leaves(yaml.safe_load((folder / "client.yml").read_text("utf-8"))))
    )
    for path in folder.iterdir():
        if path.suffix not in (".csv", ".xlsx"):
            continue
        sheets = pd.read_excel(path, sheet_name=None) if path.suffix == ".xlsx" else {
            path.stem: pd.read_csv(path, encoding_errors="replace", low_memory=False)}  # fmt: skip
        for name, table in sheets.items():
            rules = TABLES[name].by_name if name in TABLES else {}
            for header, column in table.items():
                found |= words_in(header) if header not in rules else set()
                if header not in rules or not rules[header].values:
                    found |= set().union(*map(words_in, column.dropna().astype(str).unique()))
    return found


@pytest.fixture(scope="module", params=["zh-Hans", "zh-Hant"])
def walked(request, tmp_path_factory):
    """The reports of all demo clients in one script."""
    reports = tmp_path_factory.mktemp(request.param)
    command = [sys.executable, "-m", "cxlib.run.cli", "run", *DEMOS, "--quiet", "--jobs", "2"]
    command += ["--reports", str(reports), "--set", f"language={request.param}"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return reports


def english_on(page, own: set) -> dict:
    """{text: its English words} of what a page shows, what its pictures say among it."""
    sheet = BeautifulSoup(page.read_text("utf-8"), "html.parser")
    for hidden in sheet.select("script, style, pre, code, .highlight"):
        hidden.decompose()
    texts = [
        *(each for each in sheet.find_all(string=True) if type(each) is NavigableString),
        *(each["alt"] for each in sheet.select("[alt]")),
    ]
    strange = {str(text): words_in(TYPED.sub("", text)) - own - NAMES for text in texts}
    return {text[:200]: words for text, words in strange.items() if words}


def test_no_english_and_no_raw_code_is_left(walked):
    found = {}
    for client in DEMOS:
        own = own_words(client)
        pages = sorted((walked / client).glob("*.html"))
        assert len(pages) == 11, "ten steps and the report"
        found |= {
            f"{client}/{page.name}": left for page in pages if (left := english_on(page, own))
        }
    everybody = set().union(*map(own_words, DEMOS))
    if left := english_on(walked / "index.html", everybody | set(DEMOS)):
        found["index.html"] = left
    assert not found
