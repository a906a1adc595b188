"""Refreshes the translators' catalogues: `python docs/catalogue.py`.

Collects every sentence marked in the code, and every paragraph of the notebooks' prose, into
`locale/*.po`; a sentence that is gone is dropped, a new one waits for its translation. Of a language
with words for less than half of them only what it has is kept, unless it is named: `… catalogue.py de`.
"""

import ast
import re
import sys
from pathlib import Path

from babel.messages import Catalog
from babel.messages.pofile import read_po, write_po

from cxlib.client.client_yml import form_of
from cxlib.client.contract import TABLES
from cxlib.client.settings import KEYS
from cxlib.page.language import LOCALES, parts, untranslated
from cxlib.page.language import catalogue as known_in
from cxlib.page.render import markdown_sentences
from cxlib.page.terms import all_words

PACKAGE = Path(__file__).parents[1] / "cxlib"
NOTEBOOKS = PACKAGE.parent / "notebooks"
PROOFS = PACKAGE.parent / "proof" / "page.py"  # which speaks as the product does
SAYING, SAID_AS = ("N_", "say", "note"), ("caption", "unit")


def marked_sentences() -> dict[str, list[str]]:
    """English sentence → the files that hold it, from the code and from the notebooks."""
    found: dict[str, list[str]] = {}
    for module in [*sorted(PACKAGE.rglob("*.py")), PROOFS]:
        for text in words_in_calls(module.read_text("utf-8")):
            found.setdefault(text, []).append(str(module.relative_to(PACKAGE.parent)))
    for part in parts().values():
        for words in part.values():
            found.setdefault(words, []).append("cxlib/page/words/sentences.toml")
    for words in all_words():
        found.setdefault(words, []).append("cxlib/page/terms.py")
    for table in TABLES.values():  # shown in a table
        found.setdefault(table.unlocks, []).append("cxlib/client/contract.toml")
    for key, told in KEYS.items():  # on the start page's form
        if part := form_of(key) or key.startswith("any share") and told["about"]:
            for words in (part, told["about"]):
                found.setdefault(words, []).append("cxlib/client/settings.toml")
    for notebook in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")):
        for text in notebook_sentences(notebook):
            found.setdefault(text, []).append(f"notebooks/{notebook.name}")
    return found


def notebook_sentences(path: Path) -> list[str]:
    """Every paragraph, heading and list item of a notebook's prose, and words in its calls."""
    import nbformat

    texts = []
    for cell in nbformat.read(path, 4).cells:
        if cell.cell_type == "markdown":
            for block in re.split(r"\n\s*\n", cell.source):
                texts += [text for _, text in markdown_sentences(block)]
        elif cell.cell_type == "code":
            texts += words_in_calls(cell.source)
    return [text for text in dict.fromkeys(texts) if re.search("[A-Za-z]", text)]


def words_in_calls(source: str) -> list[str]:
    """English words given to the page as literals: N_("…"), say("…"), note("…"), caption="…"."""
    try:
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    except SyntaxError:  # a cell with a magic holds no words of ours
        return []
    texts = []
    for call in calls:
        name = getattr(call.func, "attr", getattr(call.func, "id", ""))
        values = call.args[:1] if name in SAYING else []
        if not name.startswith("to_"):  # pandas' own unit is no word
            values = values + [word.value for word in call.keywords if word.arg in SAID_AS]
        texts += [v.value for v in values if isinstance(v, ast.Constant) and v.value]
    return [text for text in texts if isinstance(text, str)]


def update(locale: str, whole: bool = True) -> int:
    """Rewrites one catalogue; returns how many sentences wait for a translation. Of a language that is
    begun, and is not `whole`, none does: it holds what it has words for."""
    path = PACKAGE / "page" / "locale" / f"{locale}.po"
    catalog = Catalog(locale=locale)
    if path.exists():
        with path.open("rb") as lines:
            catalog = read_po(lines, locale=locale)
    now = Catalog(fuzzy=False)
    for sentence in [each for each in marked_sentences() if whole or each in catalog]:
        now.add(sentence)
    catalog.update(now, no_fuzzy_matching=True)
    path.parent.mkdir(exist_ok=True)
    with path.open("wb") as lines:
        plain = dict.fromkeys(
            ("omit_header", "sort_output", "no_location", "ignore_obsolete"), True
        )
        write_po(lines, catalog, width=0, **plain)
    return sum(not m.string or m.fuzzy for m in catalog if m.id)


def main() -> int:
    asked, waiting = sys.argv[1:], {}
    for locale in set(LOCALES.values()) - {"en"}:
        begun = len(untranslated(locale)) > len(known_in(locale)) and locale not in asked
        waiting[locale] = update(locale, whole=not begun)
    for locale, count in waiting.items():
        print(f"{locale}: {count} sentences to translate")
    return int(any(waiting.values()))


if __name__ == "__main__":
    sys.exit(main())
