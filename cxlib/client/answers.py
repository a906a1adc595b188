"""What the answers of one column are: a scale, bands, yes or no, Kano answers, options or texts."""

import itertools
import re
from collections import Counter

import numpy as np
import pandas as pd

from cxlib.client import cells, wordings
from cxlib.client.codebook import INTENTIONS, YES_NO_MEASURES, plain
from cxlib.client.question import Question, split_step, write_codes
from cxlib.client.scales import MOST, answer_words, read_numbered, read_numbers, read_words
from cxlib.client.ticked import belonging, parts_of

FEW = 25  # different answers, up to which words are options and not texts
TOLD_BY_YES = (*YES_NO_MEASURES, *INTENTIONS)  # in numbers: 1 and 0
STEPS = 12  # a scale in words has no more


def read_answers(question: Question, pooled: dict) -> None:
    """What kind of answers a column holds: Kano, a scale, numbers, yes or no, options, texts.

    `pooled`: {answer: how often} of the columns that share its words; see `pools`.
    """
    if question.kind != "single" or not len(question.answers):
        return
    words = answer_words(question)
    silent = [answer for answer, word in words.items() if wordings.says("no_answer", word)]
    told = {answer: word for answer, word in words.items() if answer not in silent}
    if not told:
        question.kind, question.missing = "texts", question.missing + silent
        return
    readings = (read_bands, read_yes_no, read_kano, read_numbered, read_words, read_plain)
    many = len(told) > 4 * FEW + 1  # a scale of 0 to 100 has 101 steps, none has more
    for reading in readings[-1:] if many else readings:
        if reading(question, told, silent, pooled):
            return


def read_bands(question, told, silent, _) -> bool:
    """Age, income, visits in spans: options, and never the steps of a scale."""
    banded = [a for a, word in told.items() if wordings.says("bands", word)]
    few = question.given(banded) < MOST / 2 * question.given(told)
    if len(banded) < 2 or few or len(told) > FEW:
        return False
    question.kind = "options"
    question.why.append("its answers are bands")
    return True


def read_yes_no(question, told, silent, _) -> bool:
    """Yes or no, in any of the languages; `codes` where a run would not know the words."""
    said = {answer: wordings.YES_NO.get(wordings.simplified(word)) for answer, word in told.items()}
    if {*map(question.value, told)} == {0, 1} and any(
        wordings.MEASURE_WORDS[each].search(question.words) for each in TOLD_BY_YES
    ):
        said = {answer: bool(question.value(answer)) for answer in told}
    if set(said.values()) != {True, False}:
        return False
    question.kind, question.missing = "yes_no", question.missing + silent
    if any(cells.YES.get(plain(answer)) is not yes for answer, yes in said.items()):
        question.codes = ";".join(f"{answer}={yes:d}" for answer, yes in said.items())
    return True


def read_kano(question, told, silent, _) -> bool:
    """Words that answer a Kano question: three of the five, and not those alone that satisfaction is
    told in (like, neutral, dislike), or two under a Kano wording."""
    codes = {}
    for answer, word in told.items():
        said = wordings.simplified(word)
        found = [code for code in wordings.KANO_FIRST if wordings.KANO_ANSWERS[code].search(said)]
        if found:
            codes[answer] = float(found[0])
    kinds, worded = set(codes.values()), wordings.says("kano_words", question.words)
    few = len(kinds) < 2 if worded else len(kinds) < 3 or kinds == {1.0, 3.0, 5.0}
    if few or question.given(codes) < MOST * question.given(told):
        return False
    question.kind, question.missing = "kano", question.missing + silent
    write_codes(question, codes)
    return True


def pools(questions: list[Question]) -> dict:
    """{column: {answer: how often}}: answers of all columns that share a column's words.

    What nobody answered in one column was answered in another of the same scale.
    """
    mine = {}
    for question in questions:
        few = len(question.answers) <= STEPS + 4
        words = {split_step(w, question)[1]: a for a, w in answer_words(question).items()}
        mine[question.column] = {wordings.fold(word) for word in words if word} if few else set()
    counts = {q.column: q.answers.to_dict() for q in questions}
    pooled = {}
    for question in questions:
        here, total = mine[question.column], Counter()
        for column, words in mine.items():
            if column == question.column or (here and alike_words(here, words)):
                total.update(counts[column])
        pooled[question.column] = dict(total)
    return pooled


def alike_words(a: set, b: set) -> bool:
    """True where two columns are answered in the same words: two of three of the smaller's."""
    common, smaller = a & b & wordings.STEP_WORDS, min(len(a), len(b))
    return len(common) >= min(2, smaller) and 3 * len(common) >= 2 * smaller > 0


def read_plain(question, told, silent, _) -> bool:
    """Numbers, options in words, or texts."""
    numbers = pd.Series({a: question.value(a) for a in question.answers.index}, dtype=float)
    good = numbers[np.isfinite(numbers) & ~numbers.index.isin(silent)]
    labelled = set(good) <= set(question.labels) and len(question.labels) > 1 and len(good)
    if labelled and not question.rated:
        question.kind = "options"
    elif len(good) and question.given(good.index) >= MOST * question.given(told):
        question.kind = "numbers"
        question.missing += silent
        read_numbers(question, good)
    elif several_options(question):
        question.kind = "multiple"
    elif len(told) <= FEW and question.answers.sum() >= 2 * len(told):
        question.kind = "options"
    else:
        question.kind = "texts"
    return True


def several_options(question: Question) -> bool:
    """True where cells hold several options out of a few, with a mark between."""
    joined = pd.Series(question.answers.index).str.contains(r"[;┋|]|, ", regex=True)
    share = question.answers[joined.to_numpy()].sum() / question.answers.sum()
    parts = Counter(itertools.chain(*(options_in(a) for a in question.answers.index)))
    often = [count for count in parts.values() if count > 1]
    short = np.median([len(part) for part in parts]) <= 40 if parts else False
    return bool(share > 0.1 and short and len(often) >= max(2, 0.4 * len(parts)))


def options_in(cell: str) -> list[str]:
    """The options in one cell, at whatever mark a tool puts between them."""
    return [part.strip() for part in re.split(r"[;┋|]|, ", cell) if part.strip()]


def whole_options(question: Question) -> list[str]:
    """The options of a question, those that hold the tool's own mark put together again."""
    cut = question.answers.rename_axis("cell").rename("given").reset_index()
    cut["cell"] = cut["cell"].str.split(r"[;┋|]", regex=True)
    pieces = cut.explode("cell").groupby("cell", sort=False)["given"].sum()
    joins = belonging(pieces, ", ")
    told = (parts_of(cell, ", ", joins) for cell in pieces.index)
    return list(dict.fromkeys(itertools.chain(*told)))
