"""One column of a survey whose codebook is drafted: what is known of it, guessed and doubted."""

import re
import unicodedata
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from cxlib.client import cells, numerals
from cxlib.client.codebook import TYPOGRAPHY, parse_codes, plain
from cxlib.client.problems import first_few
from cxlib.client.wordings import GROUP_WORDS, MEASURE_WORDS, STEP_WORDS, UNITS, fold, simplified

# What must be looked at first: the gravest doubts lead.
DIRECTION, MEASURE, ENDS, PAIR, OTHER = range(5)
NUMBERED = re.compile(  # or LimeSurvey's code and text: 'G02Q02[SQ001]. Please rate [Staff]'
    r"^\s*(?:(?:q|第)?\s*(\d+)(?:\s*[-_.]\s*(\d+))?\s*(?:[题題.、):：]|\s|$)+"
    r"|[a-z]+\d\w*(?:\[\w+\])*\.\s+)",
    re.I,
)
ROW = re.compile(numerals.PATTERNS["row"])
NUMBER_FIRST = re.compile(numerals.PATTERNS["number_first"])
NUMBER_LAST = re.compile(r"(\D*?[^\d\s(\[=:-])\s*[(\[=:-]+\s*(\d{1,3})[)\]]?")
NUMBER_ALONE = re.compile(rf"(?i)[(\[]?(\d{{1,3}}(?:[.,]\d+)?)[)\]]?\s*(?:{UNITS.pattern})?")
NUMBER_BARE = re.compile(r"(\d{1,2})\s+(\D.*)")
OUT_OF = re.compile(r"(\d{1,3}(?:[.,]\d+)?)\s*/\s*(5|7|10|20|100)")
STARS = re.compile(r"([★⭐🌟]+)️?[☆✩]*")


LONG = 6  # words of an answer that nobody offered as an option (assumed)


@dataclass
class Question:
    """What is known, and guessed, of one column."""

    column: str
    text: str  # what was asked, as a person read it
    answers: pd.Series  # texts, blank ones left out, with how often each was given
    kind: str = "single"
    decimal: str = "."
    labels: dict = field(default_factory=dict)  # {number: word}, as the file or the question says
    measure: str = ""
    item: str = ""
    low: float = np.nan
    high: float = np.nan
    missing: list = field(default_factory=list)
    codes: str = ""
    dimension: str = ""
    label: str = ""
    ladder: str = ""  # the scale in words that it is on
    known_ends: bool = False  # low and high are said by labels, words or the question
    doubts: list = field(default_factory=list)  # (how grave, why)
    why: list = field(default_factory=list)

    def guess(self, measure: str, why: str, sure: bool = True) -> None:
        """What it measures, and what that rests on; a doubt that is there already stays."""
        self.measure = measure
        self.why.append(why)
        self.doubts += [] if sure else [(MEASURE, why)]

    def doubt(self, why: str, grave: int = OTHER) -> None:
        """A person should look at it, and why."""
        self.why.append(why)
        self.doubts += [(grave, why)] * ((grave, why) not in self.doubts)

    @property
    def in_sentences(self) -> bool:
        """True where most answers are of LONG words or more, or end as a sentence does."""
        told = pd.Series(self.answers.index, dtype="str").str.strip()
        long = told.str.split().str.len().ge(LONG)
        return bool((long | told.str.contains(r"[.!?。！？]$")).mean() > 0.5)

    @property
    def number(self) -> str:
        """The question's own number, '' without."""
        found = NUMBERED.match(self.text)
        return (found and found[1]) or ""

    @property
    def part(self) -> int:
        """2 of '1-2.'; 0 without."""
        found = NUMBERED.match(self.text)
        return int(found[2]) if found and found[2] else 0

    @property
    def row(self) -> tuple[str, str]:
        """(what a matrix asks, its row) of 'How satisfied are you with [staff]'; ("", "") of others."""
        found = ROW.fullmatch(NUMBERED.sub("", self.text))
        return ((found["stem"], next(filter(None, found.groups()[1:])).strip()) if found else ("", ""))  # fmt: skip

    @property
    def about(self) -> str:
        """The text without its number and what stands in brackets, or as '/20', at its end."""
        return re.sub(
            r"\s*([(（][^()（）]*[)）]|/\s*\d+)\s*$", "", NUMBERED.sub("", self.text)
        ).strip()

    @property
    def words(self) -> str:
        """What was asked and what the column is called, in plain letters, to look for words in."""
        return " ".join(dict.fromkeys(self.names))

    @property
    def names(self) -> list[str]:
        """What was asked, and what the column is called, each in plain letters."""
        told = [re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", each) for each in (self.text, self.column)]
        return [simplified(each).replace("_", " ") for each in told]  # SatisfactionStaff

    @property
    def rated(self) -> bool:
        """True where its words ask for a score, not for what somebody is or did."""
        words = self.words
        group = any(each.search(words) for each in GROUP_WORDS.values())
        return not group and any(each.search(words) for each in MEASURE_WORDS.values())

    def value(self, answer: str) -> float:
        """An answer's own number; inf where it is none."""
        return cells.as_number(answer.removesuffix("%"), self.decimal)

    def given(self, answers) -> int:
        """How often these answers were given."""
        return int(self.answers[list(answers)].sum())


def split_step(word: str, question: Question) -> tuple[float, str]:
    """(5, 'very good') of '5 - very good', (5, '') of '5', '5分' and '★★★★★', (inf, word) of a word."""
    text = unicodedata.normalize("NFKC", str(word)).translate(TYPOGRAPHY).strip()
    if np.isfinite(number := question.value(text)):
        return float(number), ""
    if found := STARS.fullmatch(text):
        return float(len(found[1])), ""
    if found := OUT_OF.fullmatch(text) or NUMBER_ALONE.fullmatch(text):
        return float(found[1].replace(",", ".")), ""
    if found := NUMBER_FIRST.fullmatch(text):
        return float(found[1]), found[2].strip(" -:=")
    if (found := NUMBER_BARE.fullmatch(text)) and fold(found[2]) in STEP_WORDS:
        return float(found[1]), found[2]
    if found := NUMBER_LAST.fullmatch(text):
        return float(found[2]), found[1].strip()
    return np.inf, text


def numbers_of(question: Question) -> pd.Series:
    """What the answers stand for, by answer; those without a number left out."""
    codes = parse_codes(question.codes) or {}
    told = [a for a in question.answers.index if a not in question.missing]
    codes = {a: cells.as_number(codes[plain(a)], ".") for a in told if plain(a) in codes}
    found = pd.Series({a: codes.get(a, question.value(a)) for a in told}, dtype=float)
    return found[np.isfinite(found)]


def write_codes(question: Question, codes: dict) -> None:
    """`codes`, lowest first, where the answers do not stand for themselves."""
    if any(question.value(answer) != value for answer, value in codes.items()):
        steps = sorted(codes.items(), key=lambda each: each[1])
        question.codes = ";".join(f"{answer}={value:g}" for answer, value in steps)
        if cut := [answer for answer in codes if ";" in answer]:
            question.doubt(f"answers that hold a semicolon: {first_few(cut)}", MEASURE)


def say_strange(question: Question, codes: dict) -> None:
    """Answers of this column that are none of its steps."""
    odd = [a for a in question.answers.index if a not in codes and a not in question.missing]
    if odd:
        question.doubt(f"answers that fit no step: {first_few(odd)}")


def own_span(question: Question) -> tuple[float, float]:
    """(lowest, highest) that was answered, or that labels and words say could be."""
    if question.known_ends:
        return float(question.low), float(question.high)
    given = numbers_of(question)
    return (float(given.min()), float(given.max())) if len(given) else (np.nan, np.nan)
