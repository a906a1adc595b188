"""Which encoding a text that is not UTF-8 is most likely in."""

import re
import tomllib
from collections import Counter
from functools import lru_cache
from pathlib import Path

MOST = 0.8  # share of characters that must be common ones
LATIN = re.compile(
    r"cp125[0247]|latin|iso8859-(1|2|3|4|9|10|13|14|15|16)\b|mac|cp(437|850|852|858)"
)
ALPHABETS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def western(data: bytes) -> str:
    """Which of the encodings of one byte a text in Latin letters is in: that of the language which
    has most of its letters; where several have them all, the first."""
    found = {}
    for name, alphabets in ALPHABETS.items():
        text = data.decode(name, errors="replace").casefold()
        foreign = (each for each in text if not each.isascii())
        letters = [each for each in foreign if each.isalpha() or each in "¹³¿"]
        found[name] = max(sum(each in known for each in letters) for known in alphabets)
    return max(found, key=found.get)


@lru_cache(maxsize=4)  # a refusal and the reading after it ask of the same file
def likely_encoding(data: bytes) -> str:
    """The likeliest encoding of the first part of a file; "" where none is likely."""
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    named = best.encoding.replace("_", "-") if best else ""
    if not best or EASTERN.match(named):  # a short text's words do not tell Chinese from Korean
        return east_asian(data) or named
    return western(data) if LATIN.match(named) else named


EASTERN = re.compile(r"cp949|euc|johab|big5|cp950|gb|hz|cp932|shift|iso2022")
COMMON = {  # where an encoding keeps its common characters: the first of their two bytes
    "cp949": {*range(0xB0, 0xC9)},
    "big5": {*range(0xA4, 0xC7)},
    "gb18030": {*range(0xB0, 0xD8)},
    "cp932": {*range(0x81, 0x84), *range(0x88, 0x98)},
    "euc-jp": {0xA4, 0xA5, *range(0xB0, 0xD0)},
}


def east_asian(data: bytes) -> str:
    """The encoding under which most characters of a text are common ones; "" if under none.

    Where several do, the first: every common Korean byte is a common Chinese one as well.
    """
    shares = {}
    for name, common in COMMON.items():
        seen = Counter(data.decode(name, errors="replace")).items()
        letters = [(c, n) for c, n in seen if c == "\ufffd" or c > "\x7f" and c.isalpha()]
        known = sum(n for c, n in letters if c.encode(name, errors="replace")[0] in common)
        shares[name] = known / max(1, sum(n for _, n in letters))
    best = max(shares, key=shares.get)
    return best if shares[best] > MOST else ""
