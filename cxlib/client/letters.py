"""Which encoding a text that is not UTF-8 is most likely in."""

import re
import tomllib
from collections import Counter
from functools import lru_cache
from pathlib import Path

MOST = 0.8  # share of characters that must be common ones
KNOWN = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def western(data: bytes) -> str:
    """Which of the encodings of one byte a text in Latin letters is in: that of the language which
    has most of its letters; where several have them all, the first."""
    found = {}
    for name, alphabets in KNOWN["letters"].items():
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
    if not best or re.match(
        KNOWN["eastern"], named
    ):  # a short text's words do not tell Chinese from Korean
        return east_asian(data) or named
    return western(data) if re.match(KNOWN["western"], named) else named


def east_asian(data: bytes) -> str:
    """The encoding under which most characters of a text are common ones; "" if under none.

    Where several do, the first: every common Korean byte is a common Chinese one as well.
    """
    shares = {}
    for name, spans in KNOWN["common"].items():
        common = {byte for first, last in spans for byte in range(first, last + 1)}
        seen = Counter(data.decode(name, errors="replace")).items()
        letters = [(c, n) for c, n in seen if c == "\ufffd" or c > "\x7f" and c.isalpha()]
        known = sum(n for c, n in letters if c.encode(name, errors="replace")[0] in common)
        shares[name] = known / max(1, sum(n for _, n in letters))
    best = max(shares, key=shares.get)
    return best if shares[best] > MOST else ""
