"""Every page of every demo client in both Chinese scripts: no English and no raw code is left on it."""

import re

import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup, NavigableString

from cxlib.client.contract import TABLES
from cxlib.client.library import library
from tests.conftest import DATA, ROOT

DEMOS = sorted(path.parent.name for path in DATA.glob("*/client.yml"))
WORD = re.compile(r"[A-Za-z][A-Za-z_]{2,}")
TYPED = re.compile(r"`[^`]*`|\w+(\.\w+)+|churn_cost")  # file names and keys, as they are typed


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


# The scripts share their code and differ by their catalogue, which is held to be whole: the second
# is walked where most is told.
WALKS = {"zh-Hans": DEMOS, "zh-Hant": ["kiosk", "vendor"]}


@pytest.fixture(scope="module", params=WALKS)
def walked(request, demo_reports):
    """(clients, the folder of their reports) in one script."""
    clients = WALKS[request.param]
    return clients, demo_reports(*clients, language=request.param)


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
    (clients, reports), found = walked, {}
    for client in clients:
        own = own_words(client)
        pages = sorted((reports / client).glob("*.html"))
        assert len(pages) == 11, "ten steps and the report"
        found |= {
            f"{client}/{page.name}": left for page in pages if (left := english_on(page, own))
        }
    everybody = set().union(*map(own_words, clients))
    if left := english_on(reports / "index.html", everybody | set(clients)):
        found["index.html"] = left
    assert not found


def test_the_terms_of_the_sources_stand_on_their_pages(walked):
    """Each term of source_terms.csv, in the words or a picture's alternative text."""
    clients, reports = walked
    terms = pd.read_csv(ROOT / "tests" / "page" / "source_terms.csv", dtype=str)
    assert len(terms) > 30
    if "meisu" not in clients:  # the list is in simplified characters
        return
    missing = []
    for (client, page), rows in terms[terms["client"] != "library"].groupby(["client", "page"]):
        sheet = BeautifulSoup(
            next((reports / client).glob(f"{page}_*.html")).read_text("utf-8"), "html.parser"
        )
        text = sheet.get_text() + " ".join(each["alt"] for each in sheet.select("[alt]"))
        missing += [(client, page, term) for term in rows["term"] if term not in text]
    assert not missing


def test_the_terms_of_the_sources_that_no_client_measures_stand_in_the_libraries():
    terms = pd.read_csv(ROOT / "tests" / "page" / "source_terms.csv", dtype=str)
    held = terms[terms["client"] == "library"]
    texts = {name: library(name, "zh-Hans").to_csv() for name in held["page"].unique()}
    assert len(held) > 25
    assert not [(at, term) for at, term in held[["page", "term"]].values if term not in texts[at]]
