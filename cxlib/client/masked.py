"""Open answers without what would say whose they are: addresses, numbers, names and places.

No list knows every name. What is masked: mail and web addresses; whatever holds a digit; the names of
countries and large cities, and Chinese and Japanese places by their ending; whoever is addressed with
a title; common Japanese surnames, and Chinese ones where somebody says who she or another is; the
client's own customers and respondents; and in scripts with capitals each capitalised word that fewer
people use than may be told of. Another Chinese or Japanese name, a name in small letters and a number
in words is not known for one: read the quotes before they are passed on.
"""

import re
from collections import Counter
from functools import cache
from pathlib import Path

import pandas as pd
from babel import Locale

MASK = "…"
LANGUAGES = ("en", "de", "fr", "es", "it", "zh", "zh_Hant", "ja")  # of the names of countries
ADDRESS = re.compile(r"\S*[@＠]\S+|\S+ ?(?:\(at\)|\[at\]| arroba ) ?\S+|https?://\S+|www\.\S+")
NUMBER = re.compile(
    r"[〇零一二三四五六七八九]{6,}|[A-Za-z_.#€$£¥/-]*[\d０-９][^\s，。、！？；：）」』]*?(?=[^\w.,:/-]|[.,:]*(?:\s|$)|[\u3041-\u9fff])"
)
PLACE = re.compile(
    r"(?<![超城都门門股])[\u4e00-\u9fff]{2,3}?(?:省|县|縣|镇|鎮|村|区|區|市(?!场|場|民)|街道|大街|大道|駅|県|町)"
    r"|[\u4e00-\u9fff]{2,3}(?:路|街|巷)(?=[\d０-９一二三四五六七八九十東西南北东]+)"
)
SURNAMES = dict(map(str.split, Path(__file__).with_name("surnames.txt").open(encoding="utf-8")))
SAID_TO_BE = re.compile(
    r"(我是|叫做?|名字?[是叫]?|姓名?[是:：]?|店[员員]|[员員]工|司[机機]|老[板闆]|服[务務][员員]|[护護][士师師]|[医醫][生师師]|主管|同事)"
    rf"(?:{SURNAMES['zh']}|阿)[\u4e00-\u9fff]{{1,2}}|(姓)(?:{SURNAMES['zh']})"
)
JAPANESE = re.compile(rf"(?:{SURNAMES['ja']})[\u4e00-\u9fff]{{0,3}}")
TITLE_AFTER = re.compile(r"[\u4e00-\u9fffァ-ヶー]{1,3}?(?:先生|女士|小姐|太太|经理|經理|主任|老师|老師|医生|醫生|师傅|師傅|さん|様|さま|氏|くん|ちゃん)")  # fmt: skip
TITLE_BEFORE = re.compile(r"\b((?:(?i:mrs?|dr|herrn?|mme|mlle|monsieur|madame|sra?|señora?|doctora?)|Ms|Miss|Prof|Sir|Frau|Sig)\b\.?\s+)\w+(?:[-\s][A-ZÀ-Þ]\w+)*")  # fmt: skip
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
    where = {name for name in places() if name in everything}
    folded = everything.casefold()
    own = {name for name in map(str, names) if len(name) > 2 and name.casefold() in folded}
    steps = [(any_of(own, re.IGNORECASE), MASK), (ADDRESS, MASK), (TITLE_BEFORE, rf"\1{MASK}"),
             (TITLE_AFTER, MASK), (SAID_TO_BE, lambda found: f"{found[1] or found[2]}{MASK}"),
             (JAPANESE, MASK), (any_of(where), MASK), (PLACE, MASK), (NUMBER, MASK)]  # fmt: skip
    for pattern, by in steps:
        told = told.str.replace(pattern, by, regex=True)
    users = Counter(word for text in told for word in set(re.findall(r"\w+", text)))
    usual = {word for word, n in users.items() if word == word.lower() and n > 1}
    for word, n in users.items():
        if n + users[word.lower()] >= least or word.upper() == word.lower():
            usual.add(word.lower())
    known = lambda found: found[0] if found[0].lower() in usual else MASK  # noqa: E731
    told = told.str.replace(CAPITALISED, known, regex=True)
    return told.str.replace(rf"{MASK}(?:\s*{MASK})+", MASK, regex=True).reindex(texts.index)
