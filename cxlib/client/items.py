"""What belongs together in a survey: columns about one thing get one item, and a short name.

Pairs (a satisfaction with its importance, the halves of a Kano question) are found by what is left
of a question when the words that every question has are cut away, else by likeness of wording.
"""

import itertools
import os
import re
import unicodedata
from collections import Counter

import numpy as np

from cxlib.client import wordings
from cxlib.client.codebook import ITEM_MEASURES, KANO_MEASURES, parse_codes, plain
from cxlib.client.question import MEASURE, PAIR, ROW, Question, numbers_of

ALIKE = 0.5  # likeness of wordings, 0–1, from which two columns ask about the same
MARKS = " */.?？!！;؟:：-–—－―,，、。¿¡\"'“”「」"
IN_ONE_WORD = re.compile(r"[A-Z][a-z]+([A-Z][a-z]+)+")  # SatisfactionScore
OVERALL = re.compile(f"(?:{wordings.MEASURE_WORDS['overall'].pattern})[a-zß-žа-я]{{0,3}}")
LETTERED = re.compile(r"([A-Za-z])[_ .-]?(\d+)")
SERVQUAL = ("ep", "ew", "ap")  # letters of what was expected and perceived: English, German, French
SURE = 0.7  # … and from which there is no doubt
SAME_NUMBER = 0.3  # what the same question number adds to likeness


def name_items(asked: list[Question]) -> None:
    """Columns that ask about the same thing get the same item, whatever they measure."""
    expected_by_letter([q for q in asked if q.measure == "experience"])
    about = (*ITEM_MEASURES, *KANO_MEASURES, "overall", "recommend")
    rows = rows_of([q for q in asked if q.measure in about])
    topics = topics_of([q for q in asked if q.measure in about], rows)
    say_overall(asked, topics)
    named: list[Question] = []  # one question per item that has a name
    for measure in ITEM_MEASURES:
        mine = [q for q in asked if q.measure == measure]
        like = likeness(mine, named, topics)
        taken = assigned(like)
        for place, question in enumerate(mine):
            if place in taken:
                name_after(question, named[taken[place]], like[place, taken[place]])
            elif measure == "satisfaction" and len(taken) > 2 and apart(question, mine):
                question.measure = "overall"
                question.doubt("satisfaction, on a scale of its own: is it of all?", MEASURE)
            else:
                question.item = item_name(question, topics[question.column], len(named) + 1)
                named.append(question)
    once = Counter(question.item for question in asked)
    for question in asked:
        if question.column in topics and question.measure in ITEM_MEASURES:
            _, row = rows[question.column]
            statement = row or question.about
            whole = question.ladder == "agreement"  # one sentence
            whole |= once[question.item] == 1 and wordings.says("in_case", statement)
            question.label = (whole and statement.strip(" *.。")) or titled(topics[question.column])


def expected_by_letter(rated: list[Question]) -> None:
    """Ratings called E1, E2 … and P1, P2 … as often: what was expected and perceived, by SERVQUAL."""
    numbered: dict = {}
    for question in rated:
        if found := LETTERED.fullmatch(question.column):
            numbered.setdefault(found[1].casefold(), {})[found[2]] = question
    for expected, perceived in SERVQUAL:
        hoped, lived = numbered.get(expected, {}), numbered.get(perceived, {})
        for number, question in (
            hoped.items() if len(hoped) > 2 and hoped.keys() == lived.keys() else ()
        ):
            question.text = lived[number].text  # by which the two are one item
            question.measure, question.why, question.doubts = "expectation", [], []
            question.doubt(f"by its letter: {expected} expected, {perceived} perceived?", MEASURE)


def say_overall(asked: list[Question], topics: dict) -> None:
    """Satisfaction with nothing in particular is overall; 'overall' of one thing among others is not."""
    whole = [q for q in asked if q.measure == "overall"]
    narrow = [q for q in whole if thing(topics[q.column])]
    for question in narrow:
        of = topics[question.column]
        if len(narrow) < len(whole) or len(narrow) > 1:
            liked = wordings.MEASURE_WORDS["satisfaction"].search(question.words)
            question.measure = "satisfaction" if liked else "experience"
            question.doubt(f"overall, but of '{of}' alone: an item", MEASURE)
        elif not wordings.says("service", of):
            question.doubt(f"is it of all, or of '{of}' alone?", MEASURE)
    if any(q.measure == "overall" for q in asked):
        return
    liked = [q for q in asked if q.measure in ("satisfaction", "experience")]
    general = [q for q in liked if wordings.says("general", topics[q.column])]
    satisfied = [q for q in general if q.measure == "satisfaction"]
    alone = [q for q in liked if not thing(topics[q.column])] if len(liked) == 1 else []
    of_all = alone or satisfied or (general if len(general) == 1 else [])
    same = {plain(q.answers.index[0]) for q in asked if len(q.answers) == 1}
    for question in of_all[:1]:
        question.measure, question.why = "overall", ["a score of nothing in particular"]
        if len(liked) > 1 and not satisfied:
            question.doubt("beside scores of things: is it of all?", MEASURE)
        ends = numbers_of(question).agg(["min", "max"])
        if same & {"nps", "net promoter score"} and ends.between(0, 10).all():
            question.measure, question.low, question.high, question.doubts = "recommend", 0, 10, []
            question.why = ["a column beside it says NPS"]
        elif wordings.says("service", topics[question.column]):
            question.doubt(f"is it of all, or of '{topics[question.column]}' alone?", MEASURE)


def thing(topic: str) -> bool:
    """True where a question names what it is about: staff, not the company or the visit."""
    word = OVERALL.sub("", wordings.simplified(topic)).strip()
    return not (wordings.says("general", word) or wordings.says("service", word))


def rows_of(questions: list[Question]) -> dict:
    """{column: (what a matrix asks, its row)}; of 'Staff - expected', 'Staff - received' and 'Price
    - expected', where what stands behind comes again more often, the row is what stands before; where
    as often, too, if some of it names nothing but a measure."""
    told = {question.column: question.row for question in questions}
    before, behind = map(Counter, zip(*told.values(), strict=True) if told else ((), ()))
    measured = not all(without_frame(row) for row in behind if row)
    turned = {c: behind[row] + measured > before[stem] for c, (stem, row) in told.items()}
    return {c: each[::-1] if turned[c] and all(each) else each for c, each in told.items()}


def topics_of(questions: list[Question], rows: dict) -> dict:
    """{column: what it asks about}: the row where a question has several, else its own words."""
    stems = Counter(stem for stem, _ in rows.values())
    topics, named = {}, Counter(stem for stem, row in rows.values() if without_frame(row))
    for question in questions:
        stem, row = rows[question.column]
        several = bool(row) and stems[stem] > 1
        tried = [without_frame(row)] if row and (several or not without_frame(stem)) else []
        thing = several and 2 * named[stem] > stems[stem]  # a row that only looks like a measure
        tried += [row.strip(MARKS)] * thing
        tried += [without_frame(question.about), row if several else ""]
        topics[question.column] = next(filter(None, tried), "")
    for measure in {q.measure for q in questions}:
        cut_prefix([q.column for q in questions if q.measure == measure], topics)
    return topics


def without_frame(text: str) -> str:
    """A question without the words that say how it is asked: 'staff' of 'How important is staff?'."""
    if IN_ONE_WORD.fullmatch(text):
        words = re.sub("(?<=[a-z])(?=[A-Z])", " ", text)
        return text if (rest := without_frame(words)) == words else rest
    told = re.sub(
        r"\s*([(（\[【][^()（）\[\]【】]*\d[^()（）\[\]【】]*[)）\]】]|/\s*\d+$)", "", text
    )
    told = re.sub(r"^q\d+ ", "", re.sub(r"[_\s]+", " ", told), flags=re.I).strip(MARKS)
    for words in wordings.CUT:
        told = cut_out(words, told)
    before = None
    while before != told:
        before, told = told, cut_out(wordings.TRIM, told)
    return told


def cut_out(words: re.Pattern, text: str) -> str:
    """A text without what a pattern finds in its plain form, where that is as long as itself."""
    found = wordings.simplified(text)
    if len(found) != len(text):
        text = found
    spans = [match.span() for match in words.finditer(found)]
    for start, end in reversed(spans):
        text = f"{text[:start]} {text[end:]}"
    return re.sub(r"\s+", " ", text).strip(MARKS) if spans else text


def cut_prefix(columns: list, topics: dict) -> None:
    """Whole words that three or more topics of one measure all begin with, cut."""
    told = [topics[column] for column in columns]
    if len(told) < 3 or len(set(told)) < len(told):
        return
    common = begun_alike(told)
    if len(common) > 3 and all(len(each) > len(common) + 1 for each in told):
        for column in columns:
            topics[column] = topics[column][len(common) :].strip()


def begun_alike(texts: list[str]) -> str:
    """The whole words that all texts begin with; where words are not set apart, their letters."""
    common = os.path.commonprefix(texts)
    ends = [common.rfind(sign) for sign in " :：_-"]
    return common[: max(ends) + 1] if max(ends) >= 0 or common.isascii() else common


def told_apart(texts: list[str]) -> list[str]:
    """What is left of questions of one form: 'dark mode' of 'How would you feel if it had dark mode?'."""
    for _ in range(2):  # from the front, then from behind
        cut = len(begun_alike(texts)) if len(texts) > 1 else 0
        texts = [text[cut:].strip()[::-1] for text in texts]
    texts = [titled(text.strip(MARKS)) for text in texts]
    return texts if all(texts) else [""] * len(texts)


def titled(topic: str) -> str:
    """A topic as a label: its first letter large."""
    return topic[:1].upper() + topic[1:]


def apart(question: Question, like: list[Question]) -> bool:
    """True where a question was answered over another span than most that are like it."""
    spans = Counter((q.low, q.high) for q in like)
    return (question.low, question.high) != spans.most_common(1)[0][0]


def name_after(question: Question, other: Question, like: float) -> None:
    """The item of another question about the same; in doubt where they are not very much alike."""
    question.item = other.item
    if like < SURE:
        question.doubt(f"paired with '{other.column[:30]}' by likeness of wording", PAIR)


def likeness(mine: list, others: list, topics: dict) -> np.ndarray:
    """Likeness of wording, 0–1 (and a bit for the same number), of each with each."""
    table = np.zeros((len(mine), len(others)))
    for (i, a), (j, b) in itertools.product(enumerate(mine), enumerate(others)):
        table[i, j] = alike(topics[a.column], topics[b.column])
        row = a.about == b.about or ROW.fullmatch(a.about)  # the number is the whole matrix's
        if a.number and a.number == b.number and not row:
            table[i, j] += SAME_NUMBER
    return table


def alike(a: str, b: str) -> float:
    """Dice's coefficient of the pairs of letters of two texts: a measure for any script."""
    bare = (re.sub(r"\W|_", "", wordings.simplified(text)) for text in (a, b))
    pairs = [Counter(map("".join, itertools.pairwise(text))) for text in bare]
    size = sum(map(Counter.total, pairs))
    if not size:
        return float(wordings.simplified(a) == wordings.simplified(b))
    return 2 * (pairs[0] & pairs[1]).total() / size


def assigned(like: np.ndarray) -> dict:
    """{row: column} that makes the pairs most alike in all; pairs below ALIKE are none."""
    from scipy.optimize import linear_sum_assignment

    places = zip(*linear_sum_assignment(-like), strict=True)
    return {int(i): int(j) for i, j in places if like[i, j] >= ALIKE}


def item_name(question: Question, topic: str, order: int) -> str:
    """A short name: the topic's own words in Latin letters, else its number."""
    latin = wordings.ACCENTS.sub("", unicodedata.normalize("NFKD", plain(topic)))
    slug = re.sub(r"[^a-z0-9]+", "_", re.sub(r"^q\d+_", "", latin)).strip("_")
    if latin.isascii() and 0 < len(slug) <= 30:
        return slug
    return f"item_{int((question.part and question.number) or order):02d}"


def pair_kano(asked: list[Question]) -> None:
    """Kano columns in pairs; the half whose absence is asked about is dysfunctional."""
    codes = dict(pair for q in asked for pair in (parse_codes(q.codes) or {}).items())
    for question in asked:  # rare answers are known from the others
        if question.codes:
            steps = sorted(codes.items(), key=lambda each: float(each[1]))
            question.codes = ";".join(f"{answer}={step}" for answer, step in steps)
    like = likeness(asked, asked, {q.column: q.about for q in asked})
    order = sorted(itertools.combinations(range(len(asked)), 2), key=lambda ij: -like[ij])
    free, pairs = set(range(len(asked))), []
    for i, j in order:
        if {i, j} <= free and like[i, j] >= ALIKE:
            free -= {i, j}
            pairs.append((i, j))
    halves = [ordered_pair(asked[i], asked[j]) for i, j in sorted(pairs)]
    usual = np.mean([told > 0 for _, _, told in halves]) if halves else 0
    labels = told_apart([first.about for first, _, _ in halves])
    for place, (first, second, told) in enumerate(halves, 1):
        if usual < 0.5 or (told <= 0 and not first.part):
            first, second = second, first
        for half, measure in ((first, "functional"), (second, "dysfunctional")):
            half.measure = measure
            half.item = f"kano_{int(first.number or place):02d}"
            half.label = (first.row[1] == second.row[1] and half.row[1]) or labels[place - 1]
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
    weights = question.answers[numbers.index]
    return float(np.average(numbers, weights=weights)) if len(numbers) else 0


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
                question.doubt("the same item stands twice for this measure", PAIR)


def name_dimensions(asked: list[Question], known: list) -> None:
    """The dimension of an item where its words speak of one and of no other."""
    found: dict = {}
    asked = [question for question in asked if question.measure in ITEM_MEASURES]
    for question in asked:
        words = wordings.simplified(f"{question.label} {question.item.replace('_', ' ')}")
        hits = {name for name, each in wordings.DIMENSION_WORDS.items() if each.search(words)}
        found[question.item] = found.get(question.item, set()) | hits
    for question in asked:
        if len(hits := found[question.item]) == 1 and hits <= set(known):
            question.dimension = next(iter(hits))
