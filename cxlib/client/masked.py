"""Open answers without what would say whose they are: addresses, numbers, names and places.

No list knows every name. What is masked: mail and web addresses; whatever holds a digit; the names of
countries and large cities (in small letters too, where they are no common word), and Chinese and
Japanese places by their ending; whoever is addressed with a title; common Japanese surnames, and
Chinese ones where somebody says who she or another is, or after 小 or 老; whoever says "my name is"; the
client's own customers and respondents; and in scripts with capitals each capitalised word that fewer
people use than may be told of. Another Chinese or Japanese name, a name in small letters and a number
in words is not known for one: read the quotes before they are passed on.
"""

import re
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path

import pandas as pd
from babel import Locale

MASK = "…"
LANGUAGES = ("en", "de", "fr", "es", "it", "zh", "zh_Hant", "ja")  # of the names of countries
SURNAMES = dict(map(str.split, Path(__file__).with_name("surnames.txt").open(encoding="utf-8")))
PATTERNS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
CAPITALISED = re.compile(r"\b[^\W\d_a-z]\w*[^\W\d_]\w*\b")


@cache
def places() -> frozenset[str]:
    """Countries in several languages, and large cities and provinces."""
    names = set(Path(__file__).with_name("places.txt").read_text("utf-8").split())
    for each in LANGUAGES:
        names |= {name for key, name in Locale.parse(each).territories.items() if key.isalpha()}
    return frozenset(name for name in names if len(name) > 1)


def any_of(names, flags=0) -> re.Pattern:
    """A pattern of any of these names, the longest first; of words where the script has blanks."""
    found = {name: re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name))}
    parts = (rf"(?<!\w){each}(?!\w)" if n[0] < "\u2e80" else each for n, each in found.items())
    return re.compile("|".join(parts) or r"(?!)", flags)


@cache
def patterns(kind: str) -> list[re.Pattern]:
    """Those of `masked.toml`, in their order; what a group of theirs holds stays."""
    found = []
    for each in PATTERNS[kind].values():
        for language, surnames in SURNAMES.items():
            each = each.replace(f"<{language}>", surnames)
        found.append(re.compile(each))
    return found


def masked(texts: pd.Series, names=(), least: int = 10) -> pd.Series:
    """The same texts, with … in place of what would say who or where; blanks stay blank.

    texts : one per person
    names : of the client's own customers and respondents
    least : people; a capitalised word that fewer use, and no two in small letters, may be a name

    >>> masked(pd.Series(["Mr Blow rang 0171 from Berlin, mail joe@example.org"]))[0]
    '… rang … from …, mail …'
    """
    told = texts.dropna().astype(str)
    everything = "\n".join(told)
    small = {name.lower() for name in places()}.difference(PATTERNS["common"]["words"].split())
    where = {name for name in places() | small if name in everything}
    folded = everything.casefold()
    own = {name for name in map(str, names) if len(name) > 2 and name.casefold() in folded}
    hidden = lambda found: f"{next(filter(None, found.groups()), '')}{MASK}"  # noqa: E731
    steps = [any_of(own, re.IGNORECASE), *patterns("names"), any_of(where), *patterns("places")]
    for each in steps:
        told = told.str.replace(each, hidden, regex=True)
    users = Counter(word for text in told for word in set(re.findall(r"\w+", text)))
    usual = {word for word, n in users.items() if word == word.lower() and n > 1}
    for word, n in users.items():
        if n + users[word.lower()] >= least or word.upper() == word.lower():
            usual.add(word.lower())
    known = lambda found: found[0] if found[0].lower() in usual else MASK  # noqa: E731
    told = told.str.replace(CAPITALISED, known, regex=True)
    return told.str.replace(rf"{MASK}(?:\s*{MASK})+", MASK, regex=True).reindex(texts.index)
