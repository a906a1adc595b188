"""Answers that are steps of a scale: how many points it has, and which way it runs.

Labels decide (those of an SPSS file, of answers such as '5 - very good', of a question such as
'1 = poor, 5 = excellent'): a scale that they turn is turned whole. What is not sure is doubted.
"""

import re

import numpy as np
import pandas as pd

from cxlib.client import numerals, wordings
from cxlib.client.codebook import plain
from cxlib.client.problems import first_few
from cxlib.client.question import (
    DIRECTION,
    ENDS,
    NUMBERED,
    OTHER,
    Question,
    say_strange,
    split_step,
    write_codes,
)

MOST = 0.8  # share of answers that must fit for a reading to be taken
# A step that a scale has is taken by one answer in ten (assumed): by chance it is not among this
# many answers in one of a hundred cases, ln 0.01 ÷ ln 0.9.
ENOUGH = 44


USUAL = [(1.0, 5.0), (1.0, 7.0), (0.0, 10.0), (1.0, 10.0)]  # scales, the likeliest first
PLAIN = USUAL[:3]  # … that nothing else need tell: of 1 to 10, 0 is rare
SELDOM = [(1.0, 3.0), (1.0, 4.0), (1.0, 6.0), (0.0, 5.0), (0.0, 100.0), (0.0, 4.0), (0.0, 6.0),
          (0.0, 3.0), (0.0, 2.0), (1.0, 9.0), (-2.0, 2.0), (-3.0, 3.0), (1.0, 100.0)]  # fmt: skip


def answer_words(question: Question) -> dict:
    """{answer: the word that the file's labels have for it, else itself}."""
    return {a: question.labels.get(question.value(a), a) for a in question.answers.index}


def read_numbered(question, told, silent, pooled) -> bool:
    """Numbers whose words the file, the answers or the question say: the words say which way."""
    steps = numbered(told, question)
    if not steps or question.given(steps) < MOST * question.given(told):
        return False
    inside, silent = middle_of(question, silent, steps)
    steps |= inside
    everything = numbered((a for a in pooled if a not in silent), question)
    known = step_labels(question, {**dict.fromkeys(everything), **dict.fromkeys(steps)}, inside)
    bare = all(np.isfinite(question.value(answer)) for answer in steps)
    if bare and not known:
        return False
    strange = not wordings.STEP_WORDS.intersection(map(wordings.fold, known.values()))
    if known and strange and not question.rated and len(known) >= len(set(steps.values())):
        return False  # codes of regions, say: the labels name options
    question.missing += silent
    if not known:  # '5分', three stars: numbers, which a run must be told
        question.kind = "numbers"
        write_codes(question, everything)
        read_numbers(question, pd.Series(steps, dtype=float))
        return True
    question.kind = "scale"
    way = which_way(question, known)
    label_ends(question, known, list(everything.values()))
    if way < 0:
        why = f"its labels run from high to low: turned round ({listed(known)})"
        question.doubt(why, DIRECTION)
        everything |= {f"{n:g}": n for n in np.arange(question.low, question.high + 1) if bare}
    low, high = question.low, question.high
    kept = {a: n for a, n in everything.items() if low <= n <= high}
    write_codes(question, {a: low + high - n if way < 0 else n for a, n in kept.items()})
    say_strange(question, kept)
    return True


def numbered(answers, question: Question) -> dict:
    """{answer: its number} of those that have one."""
    numbers = {answer: split_step(answer, question)[0] for answer in answers}
    return {answer: number for answer, number in numbers.items() if np.isfinite(number)}


def middle_of(question: Question, silent: list, steps: dict) -> tuple[dict, list]:
    """(answers that stand in the very middle of the numbers, the other silent ones).

    'No opinion' between 2 and 4 of a scale to 5 is a step; as a 6 or a 9 it is no answer.
    """
    labelled = [n for n, word in question.labels.items() if not wordings.says("no_answer", word)]
    there = [*steps.values(), *labelled]
    middle = (min(there) + max(there)) / 2
    inside = {a: middle for a in silent if split_step(a, question)[0] == middle}
    inside = inside if middle not in steps.values() and len(set(there)) > 2 else {}
    for answer in inside:
        question.doubt(f"'{question.labels.get(middle, answer)}' is taken for its middle", OTHER)
    return inside, [answer for answer in silent if answer not in inside]


def step_labels(question: Question, answers: dict, inside: dict) -> dict:
    """{number: word} of a scale's steps, lowest first; no word for no answer among them."""
    labels = {number: split_step(word, question)[1] for number, word in question.labels.items()}
    words = dict(split_step(answer, question) for answer in answers) | labels
    keep = set(inside.values())
    told = {n: w for n, w in words.items() if n in keep or not wordings.says("no_answer", w)}
    return {number: word for number, word in sorted(told.items()) if word}


def which_way(question: Question, known: dict) -> int:
    """1 where the labels rise with the numbers, −1 where they fall; doubted where it is not sure."""
    words = [wordings.fold(word) for word in known.values()]
    on = ([each.places[word] for word in words if word in each.places] for each in wordings.LADDERS)
    found = sorted(on, key=len, reverse=True)
    most = len(found[0])
    ways = set()
    for rises in (np.sign(np.diff(places)) for places in found if len(places) == most > 1):
        up, down = bool((rises >= 0).all()), bool((rises <= 0).all())
        ways |= {up - down} - {0}  # 0 where they go both ways, or nowhere
    way = ways.pop() if len(ways) == 1 else 0
    if way and most == len(words):
        return way
    of = "only some of its labels are of a known" if way else "its labels are of no known"
    question.doubt(f"{of} scale: {listed(known)}; which end is the best?", DIRECTION)
    return way


def label_ends(question: Question, known: dict, given: list) -> None:
    """low and high by the labels; where they do not reach both ends, the answers are asked later."""
    low, high = min(known), max(known)
    first, last = min(given, default=low), max(given, default=high)
    said = len(question.labels) > 1 or len(known) == 2 or complete(known)
    question.known_ends = said and low in (0, 1, -high) and high > low
    question.low, question.high = low, high
    if not question.known_ends:
        asked = wordings.MEASURE_WORDS["recommend"].search(question.words) and "recommend"
        ends = likely_ends(min(low, first), max(high, last), asked or "")
        question.low, question.high = ends
        question.doubt(f"labels for {low:g} to {high:g} only: is it a scale of {ends[1]:g}?", ENDS)


def complete(known: dict) -> bool:
    """True where the labels are all the words of a known scale."""
    words = {wordings.fold(word) for word in known.values()}
    those = (each for each in wordings.LADDERS if words <= set(each.places))
    return any(each.steps(words)[1] == len(words) for each in those)


def listed(known: dict) -> str:
    """'1 = poor, 5 = excellent'."""
    return first_few((f"{number:g} = {word}" for number, word in known.items()), 11)


def read_words(question, told, silent, pooled) -> bool:
    """Words that are the steps of a known scale, those of the columns like it among them."""
    words = {a: wordings.fold(word) for a, word in answer_words(question).items() if a in told}
    others = [a for a in pooled if a not in silent and not wordings.says("no_answer", a)]
    shared = {a: wordings.fold(a) for a in others} | words
    tried = (fit_of(each, question, words, shared, silent) for each in wordings.LADDERS)
    fits = [fit for fit in tried if fit]
    if not fits or (not question.rated and all(len(a) == 1 and a.isascii() for a in told)):
        return False  # A, B and C alone are as likely plans as marks
    best = min(fits, key=lambda fit: fit[:3])
    out, lacking, size, codes, ladder, middle = best
    number = sum(pooled.get(a, 0) for a in codes)
    question.kind, question.ladder, question.known_ends = "scale", ladder.scale, True
    question.missing += [a for a in silent if a not in codes]
    question.low, question.high = 1.0, float(size)
    write_codes(question, codes)
    say_strange(question, codes)
    for answer in middle:
        question.doubt(f"'{answer}' is taken for its middle")
    doubt_size(question, best, fits, number)
    return True


def fit_of(ladder, question, words: dict, shared: dict, silent: list):
    """(words it lacks, steps nobody gave, points, codes, ladder, middle) of one scale; None without."""
    mine = [a for a, word in words.items() if word in ladder.places]
    if not mine or question.given(mine) < MOST * question.given(words):
        return None
    held = {a: word for a, word in shared.items() if word in ladder.places}
    middle = []
    if ladder.two_sided and 0 not in {ladder.places[word] for word in held.values()}:
        middle = [a for a in silent if ladder.places.get(wordings.fold(a)) == 0]
        held |= {a: wordings.fold(a) for a in middle}
    used = set(held.values())
    if len({ladder.places[word] for word in used}) < max(2, len(used)):
        return None  # two words on one place: it is another scale
    steps, size = ladder.steps(used)
    if len(set(steps.values())) < len(steps):
        return None
    codes = {a: steps[ladder.places[word]] for a, word in held.items()}
    return len(set(shared.values()) - used), size - len(used), size, codes, ladder, middle


def doubt_size(question: Question, best, fits: list, number: int) -> None:
    """Doubt of how many points a scale in words has, where too few answers tell."""
    out, lacking, size, codes, ladder, _ = best
    others = [f for f in fits if f[0] == out and (f[2], f[3]) != (size, codes)]
    more = [(other[2], other[1] - lacking) for other in others]
    if ladder.two_sided and size % 2 == 0:
        more.append((size + 1, 1))
    if ladder.two_sided and size < 7:
        more.append((size + 2, 2))
    near = sorted({points for points, gap in more if number * gap < ENOUGH})
    if lacking > 1 and lacking * number < 10 * ENOUGH:
        question.doubt(f"only {size - lacking} of the {size} steps were given", ENDS)
    elif near:
        also = " or ".join(map(str, near))
        few = f"{number} answers, and words of a scale of {size}"
        question.doubt(f"{few}: may it be one of {also}?", ENDS)


def read_numbers(question: Question, good: pd.Series) -> None:
    """The span of a column of numbers; numbers far off it stand for no answer."""
    asked = asked_ends(question.text) or asked_ends(str(good.index[0]))
    none = good[good.isin(wordings.NO_ANSWER_NUMBERS) & ~good.between(*(asked or (1, 0)))]
    far = [answer for answer, value in none.items() if is_far(value, good)]
    rest = good.drop(far)
    if far and len(rest):
        question.missing += far
        question.doubt(f"{first_few(far)} taken for no answer")
        good = rest
    if asked:
        low, high = asked
        question.known_ends = low <= good.min() and good.max() <= high
    question.low, question.high = asked if question.known_ends else (good.min(), good.max())


def is_far(value: float, good: pd.Series) -> bool:
    """True where a number stands apart from those that are no such codes; 98 of 100 does not, nor
    −2 of −3 to 3."""
    rest, below = good[~good.isin(wordings.NO_ANSWER_NUMBERS)], good[good < 0].unique()
    mirrored = 1 < len(below) == -below.min() and abs(rest.max() + below.min()) <= 1
    step = (50 < rest.max() <= 100 and 0 <= value <= 100) or (mirrored and value < 0)
    return bool(not step and (value > rest.max() + 5 or value < min(rest.min(), 0)))


ENDS_ASKED = re.compile(numerals.PATTERNS["ends_asked"])


OUT_OF_ASKED = re.compile(numerals.PATTERNS["out_of_asked"])


def asked_ends(text: str) -> tuple | None:
    """(0, 10) of 'How likely, on a scale from 0 to 10?'; (0, 20) of 'Note sur 20' and of '14/20'."""
    told = NUMBERED.sub("", plain(text))
    told = re.sub(r"\d", lambda digit: str(int(digit[0])), told)  # of any script
    if found := ENDS_ASKED.search(told):
        return float(found[1]), float(found[3])
    return (0.0, float(found[1])) if (found := OUT_OF_ASKED.search(told)) else None


LABEL_ASKED = re.compile(numerals.PATTERNS["label_asked"])
WORD_ASKED = re.compile(r"([^\d\s,;/()=:-][^\d,;/()=:]*?)\s*[(=:]\s*(\d{1,3})\s*[,;)/]?")


AND = re.compile(r"\s(to|bis|à|a|hasta|até|und|and|et|y|e)\s*$")


def labels_asked(text: str) -> dict:
    """{1: 'poor', 5: 'excellent'} of 'Service (1 = poor, 5 = excellent)': the words of the ends."""
    told = NUMBERED.sub("", plain(text))
    by_word = [(n, word) for word, n in WORD_ASKED.findall(told)]
    for pairs in (LABEL_ASKED.findall(told), by_word):
        trimmed = {float(n): AND.sub("", word.strip()).strip() for n, word in pairs}
        known = {n: w for n, w in trimmed.items() if wordings.fold(w) in wordings.STEP_WORDS}
        if len(known) > 1:
            return trimmed
    return {}


def likely_ends(first: float, last: float, measure: str = "") -> tuple[float, float]:
    """The scale that answers from `first` to `last` are most likely on; blank where on none."""
    if (first, last) in USUAL + SELDOM and not (measure == "recommend" and last == 10):
        return first, last
    holds = [each for each in USUAL if each[0] <= first and last <= each[1]]
    if measure == "recommend" and last > 7 and first >= 0 and last <= 10:
        return 0.0, 10.0
    if holds:
        return min(holds, key=lambda ends: (ends[1] - last, first - ends[0]))
    return (0.0, 100.0) if first >= 0 and last <= 100 else (np.nan, np.nan)


def ends_of_marks(given: pd.Series) -> tuple:
    """(1, 5) of enough whole numbers that span a scale from end to end; () of any others."""
    given = given.dropna()
    ends = given.min(), given.max()
    whole = len(given) >= ENOUGH and (given % 1 == 0).all()
    return ends if whole and ends in USUAL + SELDOM else ()
