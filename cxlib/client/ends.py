"""On which scale each column of a survey was asked, from its answers and those of the columns like it."""

from collections import Counter

import numpy as np

from cxlib.client.codebook import KANO_MEASURES, WORD_MEASURES, YES_NO_MEASURES, parse_codes
from cxlib.client.question import ENDS, Question, own_span, write_codes
from cxlib.client.scales import ENOUGH, PLAIN, SELDOM, USUAL, likely_ends

NUMBERS = ("numbers", "scale")  # kinds of answers
BESIDE = (("experience", "expectation"), ("satisfaction",), ("importance",))  # on one scale each
MANY_STEPS = 21
FEWEST = 3  # columns that show where a scale ends
FORESEEN = 5  # noughts that a column would have, were 0 a step of its scale as in those with some


def settle_ends(asked: list[Question]) -> None:
    """Columns of one measure are asked on one scale: that which most of them show from end to end."""
    skipped = (*WORD_MEASURES, *KANO_MEASURES, *YES_NO_MEASURES, "")
    rated = [q for q in asked if q.kind in NUMBERS and q.measure not in skipped]
    noughts_that_are_none([q for q in rated if q.kind == "numbers" and not q.known_ends])
    likes = {}
    for question in rated:
        group = "satisfaction" if question.measure == "overall" else question.measure
        like = [q for q in rated if q.measure in (question.measure, group)]
        likes[question.column] = like, [q for q in rated if q.measure != "recommend"]
    shown = spans_of(rated)
    spans = [None, *shown.values(), None]
    for question, before, after in zip(rated, spans, spans[2:], strict=False):
        if not question.known_ends and question.kind == "numbers":
            block = shown[question.column] in (before, after)
            last = shown[question.column][1]
            block &= not any(asked_alike(q, question) for q in rated if shown[q.column][1] > last)
            settle(question, *likes[question.column], shown, block)


def noughts_that_are_none(rated: list[Question]) -> None:
    """0 below ratings that begin at 1 means 'not applicable', where too many columns never have it."""
    alike = {}
    for question in rated:
        alike.setdefault((question.measure, own_span(question)[1]), []).append(question)
    for columns in alike.values():
        noughts = {q.column: [a for a in q.answers.index if q.value(a) == 0] for q in columns}
        some = [q for q in columns if noughts[q.column]]
        given = sum(q.given(noughts[q.column]) for q in some)
        share = given / max(1, sum(q.answers.sum() for q in some))
        none = [q for q in columns if not noughts[q.column] and share * q.answers.sum() >= FORESEEN]
        if len(none) > len(some) and {own_span(q)[0] for q in none} == {1}:
            for question in some:
                question.missing += noughts[question.column]
                question.doubt(
                    f"0 taken for no answer: {len(none)} columns like it begin at 1", ENDS
                )


def spans_of(rated: list[Question]) -> dict:
    """{column: (lowest, highest)}; the rows of one matrix are on one scale, whoever gave no end of it."""
    shown, matrices = {q.column: own_span(q) for q in rated}, {}
    for question in rated:
        if question.row[0] and question.kind == "numbers" and not question.known_ends:
            matrices.setdefault((question.measure, question.row[0]), []).append(question.column)
    for columns in matrices.values():
        lowest, highest = zip(*(shown[column] for column in columns), strict=True)
        shown |= dict.fromkeys(columns, (min(lowest), max(highest)))
    return shown


def jointly(columns: list, shown: dict) -> tuple:
    """(lowest, highest) that anybody gave in columns; () of none."""
    spans = [shown[q.column] for q in columns]
    return (min(low for low, _ in spans), max(high for _, high in spans)) if spans else ()


def reached(columns: list, last: float) -> bool:
    """Whether the highest number that anybody gave is the best there is: it is given in three columns,
    and by as many as would not have left a higher one to nobody."""
    tops = [sum(q.given([a]) for a in q.answers.index if q.value(a) == last) for q in columns]
    return sum(top > 0 for top in tops) >= FEWEST and sum(tops) >= ENOUGH


def asked_alike(question: Question, other: Question) -> bool:
    """Whether two columns ask for one measure in the same words: 'How important is …'."""
    begun = [q.text.casefold().split()[:2] for q in (question, other)]
    return question.measure == other.measure and begun[0] == begun[1] and len(begun[0]) == 2


def settle(question: Question, like: list, others: list, shown: dict, block: bool) -> None:
    """low and high of one column of numbers, from it, the columns like it and the file's others;
    `block`: the column before or after it was answered over the same span."""
    first, last = shown[question.column]
    ends = likely_ends(first, last, question.measure)
    fits, higher = {}, False
    for weight, columns in ((1, others), (100, like)):  # one that is like it weighs more than all
        for span in (shown[q.column] for q in columns):
            if span in USUAL + SELDOM and span[0] <= first and last <= span[1]:
                fits[span] = fits.get(span, 0) + weight
    spans = [shown[q.column] for q in like]
    joint, of_all = jointly(like, shown), jointly(others, shown)
    if joint in USUAL and joint == (first, last + 1) and spans.count((first, last)) == 1:
        fits = {joint: 1}  # nobody gave its best
    elif of_all in SELDOM and of_all[1] < ends[1] and reached(others, of_all[1]):
        fits = {of_all: 1}  # 9 of 9, and not of 10
    elif (first, last) in USUAL and question.answers.sum() >= ENOUGH:
        # A scale of its own, unless it stands alone and more columns like it were answered above it.
        own = sum(shown[q.column] == (first, last) for q in like)
        higher = sum(shown[q.column][1] > last for q in like) > own
        fits = {span: n for span, n in fits.items() if (span[1] > last) == (higher and not block)}
    if fits and question.measure != "recommend":
        ends = max(fits, key=lambda span: (fits[span], span[1] - span[0]))
    question.low, question.high = ends
    said = any(q.known_ends and shown[q.column] == ends for q in like)
    number = sum(int(q.answers.sum()) for q in like if shown[q.column][1] <= ends[1])
    run = f"answers run from {first:g} to {last:g}"
    if np.isnan(ends[0]):
        question.doubt(f"{run}: on no scale that is known", ENDS)
    elif (first, last) in USUAL and ends != (first, last):
        question.doubt(f"{run}; those like it are on {ends[0]:g} to {ends[1]:g}", ENDS)
    elif higher and block:
        question.doubt(f"{run}, and most like it run higher: is it a scale of {last:g}?", ENDS)
    elif not said and (ends not in PLAIN or ends not in fits or number < ENOUGH):
        question.doubt(f"{run}: is it a scale from {ends[0]:g} to {ends[1]:g}?", ENDS)


def onto_one_scale(asked: list[Question]) -> None:
    """Columns asked on another scale than most that they are set beside: their steps spread evenly over
    it, as percent of maximum possible does (Cohen et al. 1999); those of too many steps are left."""
    for family in BESIDE:
        columns = [q for q in asked if q.measure in family and np.isfinite(q.low)]
        spans = Counter((q.low, q.high) for q in columns)
        if len(spans) < 2:
            continue
        low, high = max(spans, key=lambda span: (spans[span], span[1] - span[0]))
        for question in (q for q in columns if (q.low, q.high) != (low, high)):
            first, last = question.low, question.high
            coded = {a: float(value) for a, value in (parse_codes(question.codes) or {}).items()}
            steps = coded or {a: question.value(a) for a in question.answers.index}
            steps = {answer: value for answer, value in steps.items() if first <= value <= last}
            if len(steps) > MANY_STEPS:
                continue
            spread = {
                a: low + (v - first) / (last - first) * (high - low) for a, v in steps.items()
            }
            write_codes(question, {a: round(v, 4) for a, v in spread.items()})
            question.low, question.high, question.known_ends = low, high, True
            question.doubt(
                f"its {first:g} to {last:g} spread evenly over {low:g} to {high:g}", ENDS
            )
