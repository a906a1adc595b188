"""One row per answer (who, what, how much), turned into one row per person and a column per item."""

from dataclasses import replace
from itertools import permutations

import pandas as pd

from cxlib.client import cells
from cxlib.client.files import Raw
from cxlib.client.problems import ClientError, did_you_mean, first_few, problem, refusal
from cxlib.client.strays import content_of
from cxlib.client.wordings import says

NARROW = 12  # columns up to which a file may be one row per answer
MOST_ITEMS = 500  # columns that a person can still look through
COUNTED = (
    "A row seems to be a share that was counted before ({}), and no person's answer: a survey is read"
    " from what each person answered."
)


def turned_wide(raw: Raw, long) -> tuple[Raw, list]:
    """(raw table of one row per person, lines for rows that go no further). Raises ClientError.

    The person's first row is the row's number. A person's other columns come along where they are
    the same in all of his or her rows. Of two answers to one thing, the later in the file holds.
    """
    frame = raw.frame
    check_long(raw, long)
    who, what, score = long
    names = {name: cells.texts(frame[name])[0] for name in (who, what)}
    blank = names[who].isna() | names[what].isna()
    lines = [(row, who, "", "names no person or no item") for row in frame.index[blank]]
    given = pd.DataFrame({"who": names[who], "what": names[what], "score": frame[score]})[~blank]
    again = given.duplicated(["who", "what"], keep="last")
    reason = "is answered again by the same person further down"
    lines += [(row, what, item, reason) for row, item in given.loc[again, "what"].items()]
    given = given[~again]
    items = list(dict.fromkeys(given["what"]))
    if len(items) > MOST_ITEMS:
        raise refusal(raw.shown, "many_items", n=len(items), what=what, most=MOST_ITEMS)
    order = given["who"].drop_duplicates()
    wide = given.pivot(index="who", columns="what", values="score").loc[order, items]
    wide = wide.set_axis(pd.Index(order.index, name="row"), axis=0)
    rest = [name for name in frame.columns if name not in long]
    same = frame.loc[order.index, rest]
    for name in rest:
        if frame[name].groupby(names[who]).nunique().max() > 1:
            same = same.drop(columns=name)
    wide = pd.concat([names[who][order.index].rename(who), same, wide], axis=1)
    return replace(raw, frame=wide.rename_axis(columns=None)), lines


def notes_of_long(frame: pd.DataFrame) -> list[str]:
    """That a row seems to be an answer, and how to have it read so; nothing where it does not.

    Two columns name every row once between them, both come again, and most of who answered what is
    there; a third holds numbers, else words that are not the same in all of a person's rows.
    """
    kinds, rows = frame.nunique(), len(frame)
    for who, what in permutations(frame.columns if len(frame.columns) <= NARROW else (), 2):
        several = 2 < kinds[what] < kinds[who] <= rows / 2 and 2 * rows >= kinds[who] * kinds[what]
        if not several or frame.duplicated([who, what]).any() or content_of(frame[what]):
            continue
        rest = frame.columns.drop([who, what])
        numbers = [name for name in rest if cells.numbers(frame[name])[0].notna().all()]
        vary = [name for name in rest if frame.groupby(who)[name].nunique().max() > 1]
        scores = [name for name in numbers if name in vary] or numbers or vary
        if scores and says("shares", scores[-1]):
            return [COUNTED.format(scores[-1])]
        if scores:
            long = ",".join((who, what, scores[-1]))
            return [f"A row seems to be an answer, not a person: try --long {long!r}."]
    return []


def check_long(raw: Raw, long) -> None:
    """Refuse what are not three columns of the file."""
    if len(long) != 3:
        raise refusal(raw.shown, "not_three", n=len(long))
    known = raw.frame.columns
    problems = [
        problem(raw.shown, "no_such_column", value=name, hint=did_you_mean(name, known))
        for name in long
        if name not in known
    ]
    if problems:
        raise ClientError(problems)
    if raw.frame.empty:
        raise refusal(raw.shown, "no_rows_under", columns=first_few(long))
