"""How surveys say things, in the languages of the field: the data that the codebook's draft goes by.

`words/questions.yaml` holds patterns of what is asked, `words/scales.csv` the steps of answer
scales. Everything is in plain form (`codebook.plain`), Chinese in simplified characters.

A row of scales.csv: steps lowest first, `;` between, `|` between words for the same step. Sides
`two`: nine places, the middle the fifth; a scale of any number of points takes places on both sides
alike. Sides `one`: the row is the whole scale.
"""

import csv
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from ruamel.yaml import YAML

from cxlib.client.codebook import plain

WORDS = files("cxlib.client") / "words"
DATA = YAML(typ="safe").load((WORDS / "questions.yaml").read_text("utf-8"))
TRADITIONAL = str.maketrans("".join(DATA["traditional"][::2]), "".join(DATA["traditional"][1::2]))
ACCENTS = re.compile("[\u0300-\u036f]")


@lru_cache(maxsize=10_000)
def simplified(text) -> str:
    """A text in plain form, without a full stop, its Chinese in simplified characters."""
    return plain(text).translate(TRADITIONAL).strip(" .。!！?？")


def pattern(words: str | list) -> re.Pattern:
    """Words to look for, any of them, in simplified characters."""
    told = words if isinstance(words, str) else "|".join(words)
    return re.compile(told.translate(TRADITIONAL))


MEASURE_WORDS = {measure: pattern(words) for measure, words in DATA["measures"].items()}
GROUP_WORDS = {name: pattern(words) for name, words in DATA["groups"].items()}
PERSON_WORDS = {name: pattern(words) for name, words in DATA["persons"].items()}
DIMENSION_WORDS = {name: pattern(words) for name, words in DATA["dimensions"].items()}
KANO_ANSWERS = {code: pattern(words) for code, words in DATA["kano_answers"].items()}
KANO_FIRST = (5, 4, 3, 2, 1)  # 'I dislike it' holds 'like it', so the last is looked for first
NO_ANSWER_NUMBERS = set(DATA["no_answer_numbers"])
YES_NO = dict.fromkeys(map(simplified, DATA["yes"]), True)
YES_NO |= dict.fromkeys(map(simplified, DATA["no"]), False)
CUT = [pattern(words) for words in DATA["cut"]]
SAME = [(pattern(found), becomes) for found, becomes in DATA["same"]]
WORDS_OF = {name: pattern(DATA[name]) for name in DATA["words_of"]}
UNITS, TRIM = WORDS_OF["units"], WORDS_OF["trim"]


@lru_cache(maxsize=10_000)
def fold(word) -> str:
    """A word of a scale without accents, commas, gender and endings: one form of it."""
    latin = all(ord(sign) < 0x2E80 for sign in str(word))
    text = unicodedata.normalize("NFKD", simplified(word)) if latin else simplified(word)
    text = re.sub(r"[,;\"'´`]+(?=\s|$)|[,、，]", " ", ACCENTS.sub("", text))
    for found, becomes in SAME:
        text = found.sub(becomes, " ".join(text.split()))
    return " ".join(text.split()).replace("ß", "ss")


def says(what: str, text) -> bool:
    """Whether a text holds the words of something: of ranks, of a reason, of there being no answer."""
    return bool(WORDS_OF[what].search(simplified(text)))


@dataclass(frozen=True)
class Ladder:
    """One row of scales.csv: {folded word: place}, places from low to high."""

    scale: str
    places: dict
    two_sided: bool
    size: int

    def steps(self, words: set) -> tuple[dict, int]:
        """({place: step}, points) of the scale with the fewest points that holds these words.

        A scale has as many steps above its middle as below: what only one side shows, the other
        has too, and a word there stands where it is nearest in strength. Importance without a
        middle is asked from none to much: there the words are the steps, however many on a side.
        """
        there = sorted({self.places[word] for word in words})
        if not self.two_sided:
            return {place: place + 1.0 for place in there}, self.size
        sides = [[-p for p in there if p < 0][::-1], [p for p in there if p > 0]]
        poor, rich = sorted(sides, key=len)
        if self.scale == "importance" and 0 not in there and len(poor) < len(rich):
            return {place: float(n) for n, place in enumerate(there, 1)}, len(there)
        if len(poor) == len(rich) == 1 and poor != rich:
            rich = sorted(poor + rich)
        half = len(rich)
        ranks = [
            {p: n for n, p in enumerate(side, 1)}
            if len(side) == half
            else {p: 1 + min(range(half), key=lambda n, p=p: abs(rich[n] - p)) for p in side}
            for side in sides
        ]
        middle = half + (0 in there)
        found = {p: half + 1.0 - ranks[0][-p] for p in there if p < 0}
        found |= {0: float(middle)} if 0 in there else {}
        return found | {p: float(middle + ranks[1][p]) for p in there if p > 0}, middle + half


def _ladders() -> list[Ladder]:
    found = []
    for row in csv.DictReader((WORDS / "scales.csv").read_text("utf-8").splitlines()):
        steps, two = row["steps"].split(";"), row["sides"] == "two"
        places = {}
        for place, words in enumerate(steps, -(len(steps) // 2) if two else 0):
            places |= {fold(word): place for word in words.split("|") if word}
        found.append(Ladder(row["scale"], places, two, len(steps)))
    return found


LADDERS = _ladders()
STEP_WORDS = {word for ladder in LADDERS for word in ladder.places}
