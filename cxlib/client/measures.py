"""What each column of a survey measures, guessed from its words and answers, and on which scale."""

from collections import Counter
from itertools import groupby

import numpy as np
import pandas as pd

from cxlib.client import cells, codebook, wordings
from cxlib.client.answers import FEW, whole_options
from cxlib.client.codebook import INTENTIONS, ITEM_MEASURES, WORD_MEASURES, YES_NO_MEASURES
from cxlib.client.problems import first_few
from cxlib.client.question import (
    DIRECTION,
    MEASURE,
    OTHER,
    Question,
    numbers_of,
    own_span,
    write_codes,
)
from cxlib.client.scales import MOST, SELDOM, USUAL
from cxlib.client.strays import MANY as MANY_NAMES
from cxlib.client.strays import is_identifier

IN_TEN = 0.95  # share of people whose answers are each number once: ranks, and no chance
STEPS_UNKNOWN = "steps of a scale in words that are not known? Then write what it measures, and `codes`, lowest 1"
RANKS = (
    "ranks: each person gave 1, 2, 3 … once, 1 = most; they are not ratings. To weigh by them all the"
    " same: importance, and in `codes` the first highest (of five: 1=5;2=4;3=3;4=2;5=1)"
)
UNEXPLAINED = "numbers without words that say what they measure"
NUMBERS = ("numbers", "scale")  # kinds of answers
MANY = 2000  # people whose answers are compared with one another
WORST_MARK = 6  # that a school gives, where 1 is the best
SAID_ONCE = 0.2  # share of different texts, from which they may be what people wrote (assumed)
AGAINST = -0.2  # rank correlation with an outcome from which a rating may be upside down (assumed)


def leave_out_ranks(asked: list[Question], frame: pd.DataFrame) -> None:
    """Columns in which each person gave every number once, from 1 up: ranks, and no ratings."""

    def top(question: Question) -> tuple | None:  # ranks beside answers in words are two runs
        several = question.kind in NUMBERS and len(question.answers) > 1
        return (question.kind, max(numbers_of(question), default=0)) if several else None

    def matrix(question: Question) -> str | None:  # nobody may have given the last rank to a row
        return question.row[0] or None if question.kind in NUMBERS else None

    runs = [list(run) for by in (matrix, top) for told, run in groupby(asked, by) if told is not None]  # fmt: skip
    for run in (each for each in runs if len(each) > 2):
        if ranked(frame[[q.column for q in run]], run[0].decimal):
            for question in run:
                question.kind = "ranks"
        elif any(wordings.says("ranks", q.words) for q in run):
            for question in run:
                question.doubt("its words speak of ranks: 1 may be the best", DIRECTION)


def ranked(given: pd.DataFrame, decimal: str) -> bool:
    """True where the numbers in a row are 1, 2, 3 …, each once; a few hundred people tell."""
    found = given.head(MANY).apply(lambda column: cells.numbers(column, decimal)[0]).to_numpy()
    found = np.sort(found[np.isfinite(found).sum(axis=1) > 1], axis=1)  # blanks last
    once = (np.isnan(found) | (found == np.arange(1, found.shape[1] + 1))).all(axis=1)
    return len(once) > 2 and bool(once.mean() >= IN_TEN)


def guess_measure(question: Question) -> None:
    """The measure of one column, from its answers and its words."""
    words, kind = question.words, question.kind
    if not len(question.answers):
        question.why.append("nobody answered")
        return
    if kind in ("texts", "options") and any(wordings.says("personal", n) for n in question.names):
        question.why.append("says who somebody is, and is not read")
        return
    named = (first_named(wordings.PERSON_WORDS, each) for each in (words, *question.names))
    person = next(filter(None, named), "") if kind != "yes_no" else ""
    if person:
        question.why.append(f"for client.yml: `survey.{person}: {question.column}`")
    if person and not (person == "cluster" and kind == "options"):  # few are compared as well
        return
    kano_words = kind == "numbers" and question.high <= 5 and wordings.says("kano_words", words)
    if kind == "ranks":
        question.why = [RANKS]
    elif kind == "numbers" and are_averages(question):
        question.why.append("an average of many, and not one person's answer")
    elif kind == "numbers" and wordings.says("rates", question.column):
        question.why.append("a rate, and no rating")
    elif kind == "kano" or kano_words:
        question.guess("functional", "Kano answers", kind == "kano")
        question.low = question.high = np.nan  # the scale is the measure's own
    elif kind in (*NUMBERS, "yes_no"):
        guess_number(question, words)
    elif kind in ("options", "texts") and are_days(question):
        question.why.append(f"days: for client.yml, `survey.date: {question.column}`")
    elif kind in ("options", "texts") and are_periods(question):
        question.why.append(f"periods: for client.yml, `survey.wave: {question.column}`")
    elif kind in ("multiple", "options", "ranking"):
        guess_options(question, words)
    elif kind == "texts" and identifies(question):
        question.why.append(f"identifiers: for client.yml, `survey.respondent: {question.column}`")
    elif kind == "texts" and are_amounts(question):
        question.why.append("amounts: numbers of no scale, and no answers in words")
    elif kind == "texts" and set(question.answers.index) <= set(question.missing):
        question.why.append("nobody answered but to say that there is no answer")
    elif come_again(question) and not wordings.says("comments", words):
        many = f"{len(question.answers)} different texts, hardly one of them once"
        question.why.append(f"{many}: names, and no open answers")
    else:
        question.guess("verbatim", "texts that are hardly ever the same", kind == "texts")


def come_again(question: Question) -> bool:
    """True where texts come again and again, as names do; what people write is mostly said once."""
    once = (question.answers == 1).mean()
    return bool(once < SAID_ONCE) and not question.in_sentences


def are_averages(question: Question) -> bool:
    """True where a header says that its numbers, mostly not whole, are averages."""
    fractions = (numbers_of(question) % 1 > 0).mean() > 0.5
    return bool(fractions and wordings.says("averages", question.column))


def rows_alike(asked: list[Question]) -> None:
    """A row of a matrix measures what most of its rows do: the French for waiting is a thing, too."""
    matrices, among = {}, ("", *ITEM_MEASURES)
    for question in asked:
        if question.kind in NUMBERS and question.measure in among:
            matrices.setdefault(question.row[0], []).append(question)
    matrices.pop("", None)
    for rows in matrices.values():
        (usual, number), *_ = Counter(question.measure for question in rows).most_common(1)
        if number < max(3, MOST * (len(rows) - 1)):
            continue
        for question in (each for each in rows if each.measure not in ("", usual)):
            other, question.doubts = question.measure, []
            question.measure, question.why = usual, [] if usual else [UNEXPLAINED]
            question.doubt(f"its words say {other}, unlike its matrix", MEASURE)
            question.doubts += [] if usual else [(OTHER, UNEXPLAINED)]


def first_named(patterns: dict, words: str) -> str:
    """The name of the first pattern that words fit; '' where none is."""
    return next((name for name, each in patterns.items() if each.search(words)), "")


def are_days(question: Question) -> bool:
    """True where answers are days, however written."""
    days, _ = cells.dates(pd.Series(question.answers.index, dtype="str"))
    return bool(days.notna().mean() >= MOST)


def are_periods(question: Question) -> bool:
    """True where answers are quarters or months of a year: 2026-Q1."""
    return sum(wordings.says("periods", a) for a in question.answers.index) > max(
        1, MOST * len(question.answers)
    )


def are_amounts(question: Question) -> bool:
    """True where texts are sums of money or other long numbers: 1.234,50 €."""
    numbers = [cells.as_number(a, question.decimal, amounts=True) for a in question.answers.index]
    return bool(np.isfinite(numbers).mean() >= MOST)


def words_unknown(asked: list[Question]) -> None:
    """Options that come again in column after column, in words of no known scale: perhaps steps."""
    groups: dict = {}
    for question in asked:
        if question.measure == "group" and question.kind == "options" and not question.rated:
            told = frozenset(a for a in question.answers.index if a not in question.missing)
            groups.setdefault(told, []).append(question)
    for told, columns in groups.items():
        if 3 <= len(told) <= 11 and len(columns) > 1:
            same = f"the same {len(told)} answers in {len(columns)} columns"
            for question in columns:
                question.doubt(f"{same}: {STEPS_UNKNOWN}: {first_few(sorted(told), 11)}", DIRECTION)


def identifies(question: Question) -> bool:
    """True where texts are of one word with a number in it, and hardly ever the same: AC-1042."""
    given = pd.Series(question.answers.index, dtype="str")
    words = given.str.fullmatch(r"[A-Za-z0-9_.:/#-]*\d[A-Za-z0-9_.:/#-]*")
    return bool(words.mean() >= MOST and question.answers.max() <= 2)


def runs_on(question: Question) -> bool:
    """True where whole numbers never come twice and run on, or their header says what they are."""
    once = len(question.answers) >= MANY_NAMES and question.answers.max() == 1
    return once and is_identifier(pd.Series(question.answers.index, dtype="str"), question.column)


def may_be_rated(question: Question) -> bool:
    """True where the numbers are few enough, and low enough, to be points of a scale."""
    if question.known_ends:
        return True
    given = numbers_of(question).to_numpy()
    low, high = given.min(initial=np.inf), given.max(initial=-np.inf)
    halves = (given * 2 == np.round(given * 2)).all() or "%" in question.answers.index[0]
    halves |= high > 50 and bool(wordings.MEASURE_WORDS["satisfaction"].search(question.words))
    return low >= -3 and 1 < high <= 100 and (high <= 10 or high > 50) and (halves or high <= 10)


def guess_number(question: Question, words: str) -> None:
    """The measure of a column of numbers or of a scale in words."""
    found = [measure for measure, each in wordings.MEASURE_WORDS.items() if each.search(words)]
    yes_no, told = question.kind == "yes_no", told_by_answers(question)
    fitting = (*YES_NO_MEASURES, *INTENTIONS) if yes_no else {*found} - {*YES_NO_MEASURES}
    found = [each for each in found if each in fitting]
    told = told if told == "importance" or not found else ""
    found = [told, *(each for each in found if each != told)] if told else found
    step = question.kind == "scale" and question.ladder not in ("", "frequency")
    group = "" if step else first_named(wordings.GROUP_WORDS, words)  # 'The branch is near': agree
    if found and (yes_no or may_be_rated(question)):
        why = f"its {'answers' if told else 'words'} say {found[0]}"
        question.guess(found[0], why, told != "experience")
        if yes_no and found[0] in INTENTIONS:
            read_as_share(question)
        if group and found[0] == "experience":
            question.doubt(f"its words also say {group}", MEASURE)
        say_second_thoughts(question, found, words)
    elif group:
        read_as_group(question, group)
    elif runs_on(question):
        question.why.append(f"identifiers: for client.yml, `survey.respondent: {question.column}`")
    elif yes_no:
        why = "yes or no, and neither a problem nor a complaint: `group` compares by it"
        question.why.append(why)
    elif found:
        question.why.append(f"its words say {found[0]}, and its numbers are on no scale")
    else:
        question.doubt(UNEXPLAINED)


def told_by_answers(question: Question) -> str:
    """importance where answers are 'Very important', satisfaction where 'Satisfied', experience where
    they are good or bad; '' of 'High'."""
    answers, of = wordings.simplified(" ".join(question.answers.index)), question.ladder
    if of in ("importance", "satisfaction") and wordings.MEASURE_WORDS[of].search(answers):
        return of
    return "experience" if of == "quality" else ""


def read_as_share(question: Question) -> None:
    """Yes or no to whether somebody would recommend or buy again: the share of yes, from 0 to 1."""
    question.doubt("yes or no: the share who say yes, and no net promoter score", MEASURE)
    question.low, question.high, question.known_ends = 0.0, 1.0, True
    said = {a: wordings.YES_NO.get(wordings.simplified(a)) for a in question.answers.index}
    write_codes(question, {answer: float(yes) for answer, yes in said.items() if yes is not None})


def say_second_thoughts(question: Question, found: list, words: str) -> None:
    """What else a question's words may mean."""
    if question.ladder == "expected" and found[0] == "expectation":
        question.measure = "satisfaction"
        question.doubt("better or worse than expected: satisfaction by its answers", MEASURE)
    elif len(set(found) & {"expectation", "importance", "satisfaction"}) > 1:
        question.doubt(f"its words also say {first_few(found[1:])}", MEASURE)
    if question.kind == "numbers" and not question.labels:
        if wordings.says("effort", words):
            question.doubt("effort: is much of it good or bad?", DIRECTION)
        if wordings.says("school_marks", words) and not question.high > WORST_MARK:
            question.doubt("school marks: is 1 the best?", DIRECTION)
    plain, codes = codebook.plain, codebook.parse_codes(question.codes) or {}
    known = {*codes, *cells.YES, *map(plain, question.missing)}
    if question.kind == "yes_no" and not set(map(plain, question.answers.index)) <= known:
        question.doubt("answers besides yes and no")


def read_as_group(question: Question, group: str) -> None:
    """What people are compared by: answers as they stand; ages in numbers in bands of years."""
    few = len(question.answers) <= FEW
    ages = numbers_of(question)
    banded = group == "age" and question.kind == "numbers" and not few
    if banded and ages.between(5, 110).mean() >= MOST:
        bands = wordings.DATA["age_bands"].items()
        codes = (f"{n}={band}" for band, (low, high) in bands for n in range(low, high + 1))
        question.codes = ";".join(codes)
        question.guess("group", "ages, put into bands")
        question.doubt("ages, put into bands of years that are assumed")
    elif few:
        question.codes = ""
        question.guess("group", f"its words say {group}")
        if question.kind == "numbers":
            question.doubt("numbers that stand for groups: name them in `codes`")
    else:
        many = len(question.answers)
        question.why.append(f"its words say {group}, and it has {many} values: too many")
        return
    question.item, question.low, question.high = group, np.nan, np.nan


def guess_options(question: Question, words: str) -> None:
    """The measure of a column of options in words."""
    group = first_named(wordings.GROUP_WORDS, words)
    if wordings.says("reasons", words) and wordings.says("scored", words):
        question.guess("verbatim", "its words ask why that score")
    elif wordings.says("reasons", words) and group != "purpose":  # of a visit, not of a choice
        question.guess("reason", "its words ask why")
    elif question.kind == "options" and wordings.says("comments", words):
        question.guess("verbatim", "its words ask for comments", False)
    elif question.kind == "options" and not group and question.in_sentences:
        question.guess("verbatim", "sentences, though few are different", False)
    elif question.kind == "options" and len({*question.answers.index} - {*question.missing}) < 2:
        question.why.append("one and the same answer: nobody to compare by it")
    elif question.kind == "options":
        why = f"its words say {group}" if group else "a few answers"
        question.guess("group", why)
        if not group:
            question.doubt("options without words that say what they are")
        if question.rated and not group:
            listed = first_few(map(str, question.answers.index), 8)
            question.doubt(f"words of no known scale, low to high unknown: {listed}", DIRECTION)
        question.item = group
    else:
        question.doubt("several answers in a cell, and not a question why")
        return
    if group != "frequency":  # who never used it is a group of its own there
        question.missing += [a for a in question.answers.index if wordings.says("no_answer", a)]
    if question.measure == "reason":
        options = [each for each in whole_options(question) if each not in question.missing]
        question.codes = ";".join(f"{each}={each}" for each in options if ", " in each)


def unlabelled_ratings(asked: list[Question]) -> None:
    """Three or more columns on one scale that no words explain: ratings, most likely of experience;
    also where nobody gave the lowest point."""
    rated = [q for q in asked if q.kind in NUMBERS and q.measure not in WORD_MEASURES]
    rated = [q for q in rated if not any("client.yml" in why for why in q.why)]
    spans = {q.column: own_span(q) for q in rated}
    known = {span for span in spans.values() if span in USUAL + SELDOM}
    votes = {whole: sum(reaches(span, whole) for span in spans.values()) for whole in known}
    if max(votes.values(), default=0) < 3:
        return
    scale = max(votes, key=lambda span: (votes[span], span[1] - span[0]))
    for question in rated:
        many = question.known_ends or numbers_of(question).nunique() > 2
        if not question.measure and many and reaches(spans[question.column], scale):
            question.why = [why for why in question.why if why != UNEXPLAINED]
            question.doubts = [each for each in question.doubts if each[1] != UNEXPLAINED]
            why = "one of several ratings on the same scale, which no words explain"
            question.guess("experience", why, False)


def reaches(span: tuple, whole: tuple) -> bool:
    """True where answers lie on a scale and reach its best, which somebody gives in any survey."""
    return whole[0] <= span[0] < span[1] == whole[1]


def doubt_directions(asked: list[Question], frame: pd.DataFrame) -> None:
    """Numbers without labels that fall where the outcome rises, or beside school marks: perhaps 1 is
    the best there."""
    marked = [wordings.says("school_marks", question.words) for question in asked]
    for question, itself in zip(asked, marked, strict=True):
        rated = question.measure in (*ITEM_MEASURES, "overall") and not question.labels
        of_school = rated and question.kind == "numbers" and question.high <= WORST_MARK
        if any(marked) and not itself and of_school:
            question.doubt("school marks are asked for beside it: is 1 the best?", DIRECTION)
    ends = [q for q in asked if q.measure in ("overall", "recommend", "repurchase")]
    if not ends:
        return
    frame = frame.head(MANY)
    scored = {q.column: scores(q, frame[q.column]) for q in ends}
    for question in asked:
        if question.kind != "numbers" or question.labels or not question.measure:
            continue
        if question.measure not in ("experience", "satisfaction", *(q.measure for q in ends)):
            continue
        mine = scores(question, frame[question.column])
        for other in ends:
            both = pd.DataFrame({"a": mine, "b": scored[other.column]}).dropna()
            if other is question or len(both) < FEW or both.nunique().min() < 2:
                continue
            link = both["a"].corr(both["b"], method="spearman")
            if link < min(AGAINST, -3 / np.sqrt(len(both))):
                why = f"falls where '{other.column[:40]}' rises ({link:.2f}): is 1 the best in one of them?"
                question.doubt(why, DIRECTION)
                break


def scores(question: Question, column: pd.Series) -> pd.Series:
    """A column's answers as numbers, as the draft would have them read."""
    return cells.texts(column)[0].map(numbers_of(question)).astype(float)
