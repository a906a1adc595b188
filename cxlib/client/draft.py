"""A draft of the codebook from the survey file alone: for a consultant to correct, not to trust.

What each column measures is guessed from the words of its header, its answers and its labels; what
belongs together from numbers and from likeness of wording. A guess that rests on little is marked.
The words that are looked for are data, in `wordings.py`; what an answer then means is decided by
`codebook.understood`, as in a run, so that the share that the draft covers is the run's own.
"""

import itertools
import json
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pandas as pd

from cxlib.client import cells
from cxlib.client.codebook import (
    ITEM_MEASURES,
    KANO_MEASURES,
    WORD_MEASURES,
    YES_NO_MEASURES,
    missing_codes,
    parse_codes,
    plain,
    understood,
)
from cxlib.client.contract import TABLES
from cxlib.client.encodings import opened
from cxlib.client.exports import Export
from cxlib.client.problems import first_few
from cxlib.client.strays import HELD
from cxlib.client.wordings import (
    GROUP_WORDS,
    KANO_ANSWERS,
    KANO_FIRST,
    KANO_WORDS,
    MEASURE_WORDS,
    NO_ANSWER,
    NO_ANSWER_NUMBERS,
    PERSON_WORDS,
    REASON_WORDS,
    SCALES,
    simplified,
)

COLUMNS = [column.name for column in TABLES["codebook"].columns]
ENDS = [(1, 5), (1, 7), (0, 10), (1, 10), (0, 5), (0, 100)]  # scales, the likeliest first
OWN_SCALES = {  # keys of client.yml: the measures that are on them
    "scale": ("experience", "expectation", "satisfaction"),
    "importance_scale": ("importance",),
}
FEW = 25  # different answers, up to which words are options and not texts
MOST = 0.8  # share of answers that must fit for a reading to be taken
ALIKE = 0.5  # likeness of wordings, 0–1, from which two columns ask about the same
SURE = 0.7  # … and from which there is no doubt
SAME_NUMBER = 0.3  # what the same question number adds to likeness
NUMBERED = re.compile(r"^\s*(?:q|第)?\s*(\d+)(?:\s*[-_.]\s*(\d+))?\s*(?:[题題.、):：]|\s|$)+", re.I)
ROW = re.compile(r"(?P<stem>.+?)\s*(?:\[(?P<a>[^\[\]]+)\]|—+(?P<b>[^—]+)|\s-\s(?P<c>.+))")


@dataclass
class Question:
    """What is known, and guessed, of one column."""

    column: str
    text: str  # what was asked, as a person read it
    answers: pd.Series  # texts, blank ones left out, with how often each was given
    kind: str = "single"
    measure: str = ""
    item: str = ""
    low: float = np.nan
    high: float = np.nan
    missing: list = field(default_factory=list)
    codes: str = ""
    sure: bool = True
    why: list = field(default_factory=list)

    def guess(self, measure: str, why: str, sure: bool = True) -> None:
        """What it measures, and what that rests on; a doubt that is there already stays."""
        self.measure, self.sure = measure, self.sure and sure
        self.why.append(why)

    def doubt(self, why: str) -> None:
        """A person should look at it, and why."""
        self.sure = False
        self.why.append(why)

    @property
    def number(self) -> str:
        """The question's own number, '' without."""
        found = NUMBERED.match(self.text)
        return found[1] if found else ""

    @property
    def part(self) -> int:
        """2 of '1-2.'; 0 without."""
        found = NUMBERED.match(self.text)
        return int(found[2]) if found and found[2] else 0

    @property
    def about(self) -> str:
        """The text without its number and what stands in brackets at its end."""
        return re.sub(r"\s*[(（][^()（）]*[)）]\s*$", "", NUMBERED.sub("", self.text)).strip()

    @property
    def words(self) -> str:
        """What was asked and what the column is called, in plain letters, to look for words in."""
        return simplified(f"{self.text} {self.column}" if self.text != self.column else self.text)


def draft_codebook(path, tool="", encoding="", sheet="", long: tuple = ()) -> pd.DataFrame:
    """A draft of the table codebook for a survey file. Raises ClientError.

    Returns one row per column of the file: the contract's codebook columns; `sure` (False: look
    at it), `why` (what the guess rests on, or what the column is instead), `answered` (answers
    given) and `coverage` (share of them, 0–1, that the draft would understand). `measure` is
    blank where the draft leaves the column out. An encoding that is not given is guessed, and
    said in the table's `attrs`, with the tool: put both into client.yml.

    >>> draft = draft_codebook("data/kiosk/kiosk.csv")
    >>> draft["measure"].value_counts()["functional"]
    29
    """
    export, encoding = opened(Path(path), tool, encoding, sheet, long)
    frame = export.frame
    export.check_answers()
    questions = [question_of(export, frame[column]) for column in frame.columns]
    asked = [each for each in questions if each.kind != "meta"]
    for question in asked:
        read_answers(question, export)
    for question in asked:
        guess_measure(question)
    unlabelled_ratings(asked)
    one_scale_each(asked)
    name_items(asked)
    same_answers([each for each in asked if each.codes and each.measure != "reason"])
    pair_kano([each for each in asked if each.measure in KANO_MEASURES])
    unique_items(asked)
    draft = pd.DataFrame([row_of(question) for question in questions])
    draft.attrs = {
        "file": Path(path).name,
        "tool": export.tool,
        "how": export.how,
        "encoding": encoding,
        "sheet": sheet,
        "long": list(long),
        "rows": len(frame),
        "notes": export.notes,
    }
    return draft


def draft_coverage(draft: pd.DataFrame) -> float:
    """Share of all answers in the file, 0–1, that the draft would understand."""
    told = draft[draft["answered"] > 0]
    known = (told["coverage"].fillna(0) * told["answered"]).sum()
    return float(known / told["answered"].sum()) if len(told) else np.nan


def draft_summary(draft: pd.DataFrame) -> str:
    """What the draft found, what it is unsure of and what it leaves out, for a person to read."""
    used, about = draft[draft["measure"] != ""], draft.attrs
    told = f"Read as {about['tool']}: {about['how']}. {about['rows']:,} people."
    if about["encoding"]:
        told += f" Its encoding seems to be {about['encoding']}."
    kinds = ", ".join(f"{count} {name}" for name, count in used["measure"].value_counts().items())
    lines = [told, *about["notes"], f"{len(used)} of {len(draft)} columns: {kinds}."]
    lines.append(f"Answers that the draft covers: {draft_coverage(draft):.1%}.")
    for title, rows in (
        ("Look at these", used[~used["sure"].astype(bool)]),
        ("Left out", draft[(draft["measure"] == "") & (draft["answered"] > 0)]),
    ):
        lines += [f"\n{title}:"] if len(rows) else []
        lines += [f"  {row.column[:60]}: {row.why}" for row in rows.itertuples()]
    return "\n".join([*lines, "", "For client.yml:", *client_lines(draft)])


def client_lines(draft: pd.DataFrame) -> list[str]:
    """What client.yml must say of this file, to be copied into it."""
    survey = {key: draft.attrs[key] for key in ("file", "sheet", "encoding", "long")}
    keys = [
        f"  {key}: {json.dumps(said, ensure_ascii=False)}" for key, said in survey.items() if said
    ]
    lines = []
    for key, measures in OWN_SCALES.items():
        ends = draft.loc[draft["measure"].isin(measures), ["low", "high"]].dropna()
        if len(ends):
            low, high = ends.value_counts().index[0]
            lines.append(f"{key}: [{low:g}, {high:g}]")
    return [*lines, "survey:", *keys]


def write_codebook(draft: pd.DataFrame, path) -> None:
    """The draft's rows that measure something as a CSV that Excel opens as it is."""
    used = draft[draft["measure"] != ""]
    said = used["sure"].map({True: "yes", False: "look"})
    used.assign(sure=said, coverage=used["coverage"].round(4)).to_csv(
        path, index=False, encoding="utf-8-sig"
    )


# One column


def question_of(export: Export, cell: pd.Series) -> Question:
    """A column with its words and its answers."""
    column = cell.name
    kind = export.columns.loc[column, "kind"]
    told = cells.texts(cell)[0].dropna().value_counts()
    question = Question(column, export.raw.wordings.get(column, column), told, kind)
    role = export.columns.loc[column, "role"]
    if kind == "meta" or role in HELD:
        question.kind = "meta"
        question.why.append(HELD.get(role, "the survey tool's own column").format(column))
    elif part_of := role:
        question.kind, question.why = "meta", [f"an {part_of}, which is read as one column"]
    if codes := export.columns.loc[column, "missing"]:
        question.missing = codes.split(";")
    return question


def read_answers(question: Question, export: Export) -> None:
    """What kind of answers a column holds: Kano, a scale, numbers, yes or no, options, texts."""
    if question.kind != "single" or not len(question.answers):
        return
    labels = export.raw.labels.get(question.column, {})
    named = {cells.as_text(code): str(label) for code, label in labels.items()}
    words = pd.Series({a: named.get(a, a) for a in question.answers.index}, dtype=object)
    plain_words = words.map(simplified)
    silent = [a for a, word in plain_words.items() if NO_ANSWER.search(word)]
    told = plain_words.drop(silent)
    few = told if len(told) <= 4 * FEW else told.iloc[:0]  # a scale has no hundred steps
    for kind, reading in (("kano", kano_codes), ("scale", scale_codes), ("scale", numbered_words)):
        codes = reading(few)
        if kind == "kano" and not is_kano(codes, question):
            continue
        if len(codes) > 1 and question.answers[list(codes)].sum() >= MOST * total(question, silent):
            question.kind, question.missing = kind, question.missing + silent
            write_codes(question, codes)
            return
    read_plain(question, told, silent)


def total(question: Question, silent: list) -> int:
    """How many answers were given, those that say nothing left out."""
    return int(question.answers.drop(silent).sum())


def write_codes(question: Question, codes: dict) -> None:
    """`codes` where words or a turned scale need them; low and high of the scale."""
    as_they_stand = all(cells.as_number(answer, ".") == value for answer, value in codes.items())
    if not as_they_stand:
        question.codes = ";".join(f"{answer}={value:g}" for answer, value in codes.items())
        if any(
            cells.as_number(answer, ".") not in (np.inf, value) for answer, value in codes.items()
        ):
            question.doubt("its labels run from high to low: turned round")
    question.low, question.high = ends_of(codes.values())
    if strange := [answer for answer in question.answers.index if answer not in codes]:
        odd = [answer for answer in strange if answer not in question.missing]
        if odd:
            question.doubt(f"answers that fit no step: {first_few(odd)}")


def kano_codes(told: pd.Series) -> dict:
    """{answer: 1–5} of words that answer a Kano question."""
    found = {
        answer: next((code for code in KANO_FIRST if KANO_ANSWERS[code].search(word)), None)
        for answer, word in told.items()
    }
    return {answer: float(code) for answer, code in found.items() if code}


def is_kano(codes: dict, question: Question) -> bool:
    """Some of these words are those of other questions too: three of the five, or a Kano wording."""
    return len(set(codes.values())) >= (2 if KANO_WORDS.search(question.words) else 3)


def scale_codes(told: pd.Series) -> dict:
    """{answer: step} of words that are the steps of a known scale."""

    def steps(scale):
        return {
            answer: float(step)
            for answer, word in told.items()
            for step, words in enumerate(scale, 1)
            if without_number(word) in words
        }

    found = max(map(steps, SCALES), key=len)
    return found if len(set(found.values())) == len(found) else {}


def without_number(word: str) -> str:
    """An answer without the number of its step, before or behind it."""
    return re.sub(r"^\d+\s*[-.:=()、)]?\s*|\s*[(]?\d+[)]?$", "", word).strip()


def numbered_words(told: pd.Series) -> dict:
    """{answer: number} of answers such as '5 - very good' or '7점', bare numbers among them."""
    found = {}
    for answer, word in told.items():
        number = cells.as_number(answer, ".")
        match = re.match(r"(\d{1,2})\s*(?:[-.:=(、]|分|점)", word)
        if np.isfinite(number) or match:
            found[answer] = number if np.isfinite(number) else float(match[1])
    worded = any(np.isinf(cells.as_number(answer, ".")) for answer in found)
    return found if worded and len(set(found.values())) == len(found) else {}


def read_plain(question: Question, told: pd.Series, silent: list) -> None:
    """Numbers, yes or no, options in words, or texts."""
    numbers = pd.Series({a: cells.as_number(a, ".") for a in question.answers.index}, dtype=float)
    good = numbers[np.isfinite(numbers)]
    all_told = question.answers.sum()
    if {cells.YES.get(word) for word in told} == {True, False}:
        question.kind, question.missing = "yes_no", question.missing + silent
    elif len(good) and question.answers[good.index].sum() >= MOST * total(question, silent):
        question.kind, question.missing = "numbers", question.missing + silent
        read_numbers(question, good)
    elif several_options(question):
        question.kind = "multiple"
    elif len(told) <= FEW and all_told >= 2 * len(told):
        question.kind = "options"
    else:
        question.kind = "texts"


def read_numbers(question: Question, good: pd.Series) -> None:
    """The scale of a column of numbers; numbers far off it stand for no answer."""
    far = [a for a, value in good.items() if value in NO_ANSWER_NUMBERS and is_far(value, good)]
    rest = good.drop(far)
    if far and len(rest):
        question.missing += far
        question.doubt(f"{first_few(far)} taken for no answer")
        good = rest
    question.low, question.high = ends_of(good)


def is_far(value: float, good: pd.Series) -> bool:
    """True where a number stands apart from those that are no such codes."""
    rest = good[~good.isin(NO_ANSWER_NUMBERS)]
    return bool(len(rest)) and (value > rest.max() + 5 or value < min(rest.min(), 0))


def ends_of(values) -> tuple[float, float]:
    """The likeliest scale that holds the values; blank where they are no scale's."""
    values = list(values)
    whole = all(float(value).is_integer() for value in values)
    for low, high in ENDS:
        if whole and low <= min(values) and max(values) <= high:
            return float(low), float(high)
    return np.nan, np.nan


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
    """The options of a question, those that hold the tool's own mark put together again.

    Parts that never come without each other, one right behind the other, are one option.
    """
    cut = [options_in(cell) for cell in question.answers.index]
    alone, pairs = Counter(itertools.chain(*cut)), Counter()
    for parts in cut:
        pairs.update(itertools.pairwise(parts))
    always = {a: b for (a, b), n in pairs.items() if n > 2 and n == alone[a] == alone[b]}
    follows = set(always.values())
    options = []
    for part in alone:
        if part in follows:
            continue
        option, last = part, part
        while last in always:
            last = always[last]
            option += f", {last}"
        options.append(option)
    return options


# What it measures


def guess_measure(question: Question) -> None:
    """The measure of one column, from its answers and its words."""
    words, kind = question.words, question.kind
    if not len(question.answers):
        question.why.append("nobody answered")
        return
    person = next((name for name, each in PERSON_WORDS.items() if each.search(words)), "")
    if person:
        question.why.append(f"for client.yml: `survey.{person}: {question.column}`")
    elif kind == "kano" or (kind == "numbers" and KANO_WORDS.search(words) and question.high <= 5):
        question.guess("functional", "Kano answers", kind == "kano")
        question.low = question.high = np.nan  # the scale is the measure's own
    elif kind in ("numbers", "scale", "yes_no"):
        guess_number(question, words)
    elif kind in ("multiple", "options", "ranking"):
        guess_options(question, words)
    else:
        question.guess("verbatim", "texts that are hardly ever the same", kind == "texts")


def guess_number(question: Question, words: str) -> None:
    """The measure of a column of numbers or of a scale in words."""
    found = [measure for measure, each in MEASURE_WORDS.items() if each.search(words)]
    yes_no = question.kind == "yes_no"
    found = [each for each in found if (each in YES_NO_MEASURES) == yes_no or each == "complained"]
    group = next((name for name, each in GROUP_WORDS.items() if each.search(words)), "")
    rated = np.isfinite(question.high) and question.high > 1
    if found and (rated or yes_no):
        question.guess(found[0], f"its words say {found[0]}")
        if len(set(found) & {"expectation", "importance", "satisfaction"}) > 1:
            question.doubt(f"its words also say {first_few(found[1:])}")
        if yes_no and not all(cells.YES.get(plain(a)) is not None for a in question.answers.index):
            question.doubt("answers besides yes and no")
    elif group and len(question.answers) <= FEW:
        question.guess("group", f"its words say {group}", False)
        question.item, question.low, question.high = group, np.nan, np.nan
    elif yes_no:
        question.guess("problem" if "problem" in words else "", "yes or no", False)
    else:
        question.doubt("numbers without words that say what they measure")


def guess_options(question: Question, words: str) -> None:
    """The measure of a column of options in words."""
    group = next((name for name, each in GROUP_WORDS.items() if each.search(words)), "")
    if REASON_WORDS.search(words):
        question.guess("reason", "its words ask why")
    elif question.kind == "options":
        question.guess("group", f"its words say {group}" if group else "a few answers", bool(group))
        question.item = group
    else:
        question.doubt("several answers in a cell, and not a question why")
        return
    if question.measure == "reason":
        silent = [a for a in question.answers.index if NO_ANSWER.search(simplified(a))]
        question.missing += silent
        options = [each for each in whole_options(question) if each not in silent]
        question.codes = ";".join(f"{each}={each}" for each in options if ", " in each)


def unlabelled_ratings(asked: list[Question]) -> None:
    """Three or more columns on one scale that no words explain: ratings, most likely of experience."""
    open_ones = [q for q in asked if q.kind in ("numbers", "scale") and not q.measure]
    open_ones = [q for q in open_ones if not any("client.yml" in why for why in q.why)]
    scales = Counter((q.low, q.high) for q in open_ones if full(q))
    if not scales or scales.most_common(1)[0][1] < 3:
        return
    scale = scales.most_common(1)[0][0]
    for question in open_ones:
        if (question.low, question.high) == scale and full(question):
            question.why.clear()
            why = "one of several ratings on the same scale, which no words explain"
            question.guess("experience", why, False)


def full(question: Question) -> bool:
    """True where answers reach both ends of the scale, as those of a rating do."""
    given = numbers_of(question)
    return len(given) > 0 and given.min() == question.low and given.max() == question.high


def one_scale_each(asked: list[Question]) -> None:
    """Columns of one measure are asked on one scale: the widest that most of them need."""
    for measure in ITEM_MEASURES:
        mine = [q for q in asked if q.measure == measure and q.kind == "numbers"]
        if not mine:
            continue
        (low, high), _ = Counter((q.low, q.high) for q in mine).most_common(1)[0]
        for question in mine:
            if low <= question.low and question.high <= high:
                question.low, question.high = low, high


def same_answers(asked: list[Question]) -> None:
    """What an answer stands for in one column it stands for in others: rare answers are known too."""
    for kind in ("kano", "scale"):
        mine = [question for question in asked if question.kind == kind]
        known: dict = {}
        for question in mine:
            for answer, value in parse_codes(question.codes).items():
                known.setdefault(answer, set()).add(float(value))
        if any(len(values) > 1 for values in known.values()):
            continue  # the same word stands for several steps: each column for itself
        steps = sorted((value, answer) for answer, values in known.items() for value in values)
        for question in mine:
            question.codes = ";".join(f"{answer}={value:g}" for value, answer in steps)


# What belongs together


def name_items(asked: list[Question]) -> None:
    """Columns that ask about the same thing get the same item, whatever they measure."""
    topics = topics_of([q for q in asked if q.measure in (*ITEM_MEASURES, *KANO_MEASURES)])
    named: list[Question] = []  # one question per item that has a name
    for measure in ITEM_MEASURES:
        mine = [q for q in asked if q.measure == measure]
        like = likeness(mine, named, topics)
        taken = assigned(like)
        for place, question in enumerate(mine):
            if place in taken:
                name_after(question, named[taken[place]], like[place, taken[place]])
            elif measure == "satisfaction" and (taken or len(mine) == 1):
                ask_overall(question)
            else:
                question.item = item_name(question, topics[question.column], len(named) + 1)
                named.append(question)


def name_after(question: Question, other: Question, like: float) -> None:
    """The item of another question about the same; in doubt where they are not very much alike."""
    question.item = other.item
    if like < SURE:
        question.doubt(f"paired with '{other.column[:30]}' by likeness of wording")


def ask_overall(question: Question) -> None:
    """Satisfaction with nothing that others ask about is satisfaction with all of it."""
    question.measure = "overall"
    question.why = ["satisfaction, not asked of an item that others ask about"]
    question.low, question.high = ends_of(numbers_of(question).to_numpy())


def topics_of(questions: list[Question]) -> dict:
    """{column: what it asks about}: the row where a question has several, else its own words."""
    rows = {q.column: ROW.fullmatch(q.text) for q in questions}
    stems = Counter(match["stem"] for match in rows.values() if match)
    topics = {}
    for question in questions:
        match = rows[question.column]
        several = match and stems[match["stem"]] > 1
        row = next(filter(None, match.groups()[1:]), "") if several else ""
        topics[question.column] = row.strip() or question.about or question.column
    return topics


def likeness(mine: list, others: list, topics: dict) -> np.ndarray:
    """Likeness of wording, 0–1 (and a bit for the same number), of each with each."""
    table = np.zeros((len(mine), len(others)))
    for (i, a), (j, b) in itertools.product(enumerate(mine), enumerate(others)):
        table[i, j] = alike(topics[a.column], topics[b.column])
        row = topics[a.column] != a.about  # a row of a matrix: the number is the whole matrix's
        if a.number and a.number == b.number and not row:
            table[i, j] += SAME_NUMBER
    return table


def alike(a: str, b: str) -> float:
    """Dice's coefficient of the pairs of letters of two texts: a measure for any script."""
    pairs = [
        Counter(map("".join, itertools.pairwise(re.sub(r"\W|_", "", simplified(text)))))
        for text in (a, b)
    ]
    size = sum(map(Counter.total, pairs))
    if not size:
        return float(simplified(a) == simplified(b))
    return 2 * (pairs[0] & pairs[1]).total() / size


def assigned(like: np.ndarray) -> dict:
    """{row: column} that makes the pairs most alike in all; pairs below ALIKE are none."""
    from scipy.optimize import linear_sum_assignment

    places = zip(*linear_sum_assignment(-like), strict=True)
    return {int(i): int(j) for i, j in places if like[i, j] >= ALIKE}


def item_name(question: Question, topic: str, order: int) -> str:
    """A short name: the topic's own words in Latin letters, else its number."""
    slug = re.sub(r"[^a-z0-9]+", "_", re.sub(r"^q\d+_", "", plain(topic))).strip("_")
    if topic.isascii() and 0 < len(slug) <= 30:
        return slug
    number = question.number if question.part else ""
    return f"item_{int(number or order):02d}"


def pair_kano(asked: list[Question]) -> None:
    """Kano columns in pairs; the half whose absence is asked about is dysfunctional."""
    topics = {q.column: q.about for q in asked}
    like = likeness(asked, asked, topics)
    order = sorted(itertools.combinations(range(len(asked)), 2), key=lambda ij: -like[ij])
    free, pairs = set(range(len(asked))), []
    for i, j in order:
        if {i, j} <= free and like[i, j] >= ALIKE:
            free -= {i, j}
            pairs.append((i, j))
    halves = [ordered_pair(asked[i], asked[j]) for i, j in sorted(pairs)]
    usual = np.mean([told > 0 for _, _, told in halves]) if halves else 0
    for place, (first, second, told) in enumerate(halves, 1):
        if usual < 0.5 or (told <= 0 and not first.part):
            first, second = second, first
        for half, measure in ((first, "functional"), (second, "dysfunctional")):
            half.measure = measure
            half.item = f"kano_{int(first.number or place):02d}"
            if told <= 0 and usual < 0.9:
                half.doubt("its answers do not tell which half of the pair it is")
    for place in free:
        asked[place].doubt("a Kano question without its other half")
        asked[place].item = f"kano_alone_{place + 1}"


def ordered_pair(a: Question, b: Question) -> tuple[Question, Question, float]:
    """(first, second, how much more the second's answers dislike) of a pair, by number or place."""
    first, second = (b, a) if a.part > b.part else (a, b)
    return first, second, mean_code(second) - mean_code(first)


def mean_code(question: Question) -> float:
    """The mean Kano answer: people like what is there and dislike what is missing."""
    numbers = numbers_of(question)
    return (
        float(np.average(numbers, weights=question.answers[numbers.index])) if len(numbers) else 0
    )


def numbers_of(question: Question) -> pd.Series:
    """What the answers stand for, by answer; those without a number left out."""
    codes = parse_codes(question.codes) or {}
    told = [a for a in question.answers.index if a not in question.missing]
    numbers = {a: cells.as_number(codes.get(plain(a), a), ".") for a in told}
    found = pd.Series(numbers, dtype=float)
    return found[np.isfinite(found)]


def unique_items(asked: list[Question]) -> None:
    """A measure of an item comes from one column: the second gets a number."""
    seen = Counter()
    for question in asked:
        if question.measure in ("", "reason", "verbatim"):
            continue
        if question.measure == "group" and not question.item:
            question.item = item_name(question, question.about, len(seen) + 1)
            question.item = question.item.replace("item_", "group_")
        key = (question.measure, question.item)
        seen[key] += 1
        if seen[key] > 1:
            question.item = f"{question.item or question.measure}_{seen[key]}"
            if question.measure in ITEM_MEASURES:
                question.doubt("the same item stands twice for this measure")


# The row


def row_of(question: Question) -> dict:
    """The codebook's row of one question, with what it covers."""
    row = dict.fromkeys(COLUMNS, "")
    label = question.about if question.measure else ""
    scaled = question.measure and question.measure not in (*KANO_MEASURES, *WORD_MEASURES)
    row |= {"column": question.column, "measure": question.measure, "item": question.item}
    row |= {"label": label, "codes": question.codes}
    row |= {"low": question.low if scaled else np.nan, "high": question.high if scaled else np.nan}
    row["missing"] = ";".join(dict.fromkeys(question.missing)) if question.measure else ""
    answered, known = covered(question, row)
    why = "; ".join(dict.fromkeys(question.why))
    coverage = known / answered if answered else np.nan
    return row | {"sure": question.sure, "why": why, "answered": answered, "coverage": coverage}


def covered(question: Question, row: dict) -> tuple[int, int]:
    """(answers given, answers that would be understood), by the rules of a run."""
    if question.kind == "meta":
        return 0, 0
    missing = missing_codes(row["missing"])
    told = question.answers[[plain(a) not in missing for a in question.answers.index]]
    answered = int(told.sum())
    if not row["measure"]:
        return answered, 0
    if row["measure"] in WORD_MEASURES:
        return answered, answered
    low, high = (1.0, 5.0) if row["measure"] in KANO_MEASURES else (row["low"], row["high"])
    if row["measure"] in YES_NO_MEASURES:
        low, high = 0.0, 1.0
    scale = {"measure": row["measure"], "low": low, "high": high}
    codes = parse_codes(row["codes"])
    fits = [understood(answer, codes, missing, ".", scale)[1] == "" for answer in told.index]
    return answered, int(told[fits].sum())
