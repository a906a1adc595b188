"""What people answered in each column of a survey, as its codebook has them understood."""

import numpy as np
import pandas as pd

from cxlib.client import cells
from cxlib.client.codebook import Plan, missing_codes, options, parse_codes, plain, understood
from cxlib.client.findings import Findings
from cxlib.client.problems import first_few, nearest

COUNTS = ["answered", "understood", "left_out", "missing", "blank"]
NO_FAULT = ("", "blank", "missing")


def number_answers(frame, plan: Plan, counts: dict, found: Findings) -> pd.DataFrame:
    """One row per person, columns (measure, item); what is left out gets a line."""
    decimal = found.raw.decimal or answers_decimal(frame, plan, found)
    answers = {}
    for _, row in plan.numeric.iterrows():
        values, counts[row["header"]] = column_answers(frame[row["header"]], row, decimal, found)
        answers[row["measure"], row["item"]] = values
    columns = pd.MultiIndex.from_tuples(answers, names=["measure", "item"])
    table = pd.DataFrame(dict(enumerate(answers.values())), index=frame.index, dtype=float)
    return table.set_axis(columns, axis=1)


def answers_decimal(frame, plan: Plan, found: Findings) -> str:
    """The decimal mark of the answers; answers that leave it open are a problem."""
    headers = plan.numeric.loc[plan.numeric["codes"].isna(), "header"]
    mark, doubtful = cells.decimal_mark([frame[each] for each in headers], found.raw.delimiter)
    if not mark:
        found.tell("which_mark", value=first_few(doubtful))
    return mark


def column_answers(column: pd.Series, row, decimal: str, found: Findings):
    """(numbers, counts) of one column of answers; those left out get a line."""
    codes, missing = parse_codes(row["codes"]), missing_codes(row["missing"])
    place, given = pd.factorize(column)  # people give few different answers
    text = np.array([*map(cells.as_text, given), ""], dtype=object)  # the last one is the blank
    read = [understood(answer, codes, missing, decimal, row) for answer in text]
    values = np.array([value for value, _ in read])[place]
    reasons = np.array([reason for _, reason in read], dtype=object)
    # An empty cell has place -1: the last text, the blank.
    tally = np.bincount(np.where(place < 0, len(given), place), minlength=len(text))
    fault = ~np.isin(reasons, NO_FAULT)
    right, *none = (reasons == each for each in NO_FAULT)
    kinds = zip(COUNTS, [fault | right, right, fault, *none[::-1]], strict=True)
    counts = {name: int(tally[kind].sum()) for name, kind in kinds}
    if counts["left_out"]:
        lines = pd.DataFrame({"value": text[place], "reason": reasons[place]}, index=column.index)
        known = bool(counts["understood"])
        report_answers(lines[fault[place]], known, codes, str(row["header"]), found)
    return pd.Series(values, index=column.index), counts


def report_answers(lines, some_known: bool, codes: dict, name: str, found: Findings) -> None:
    """Lines for the answers left out, and a warning; a problem where nothing was understood.

    `lines`: one row per answer left out, columns value and reason; index = row in the file.
    """
    worst = lines["value"].value_counts()
    value = first_few(f"{answer} ({count:,})" for answer, count in worst.items())
    if not some_known:
        found.tell("none_understood", name, lines.index, value)
        return
    near = nearest(plain(worst.index[0]), codes) if codes else ""
    hint = f"Did you mean '{near}' for '{worst.index[0]}' in `codes`? " if near else ""
    about = {"reasons": first_few(lines["reason"].unique()), "hint": hint}
    found.tell("answers_left_out", name, lines.index, value, warning=True, **about)
    found.leave_out(lines.index, name, lines["value"].to_numpy(), lines["reason"].to_numpy())


def word_answers(frame, plan: Plan, counts: dict, found: Findings):
    """(a column per group, one row per reason or text: row, measure, item, text)."""
    groups, words = {}, [pd.DataFrame(columns=["row", "measure", "item", "text"])]
    for _, row in plan.words.iterrows():
        header, measure = row["header"], row["measure"]
        said, counts[header] = column_words(frame[header], row, found.raw.labels.get(header))
        if measure == "group":
            groups[row["item"]] = said
            continue
        said = said.dropna().astype("str")  # of a blank column, numbers
        said = said.str.split(";").explode() if measure == "reason" else said
        told = said.rename("text").rename_axis("row").reset_index()
        words.append(told.assign(measure=measure, item=row["item"]))
    return pd.DataFrame(groups, index=frame.index), pd.concat(words, ignore_index=True)


def column_words(column: pd.Series, row, labels: dict | None):
    """(words, counts) of a column of groups, reasons or texts, named as `codes` names them."""
    codes, missing = parse_codes(row["codes"]), missing_codes(row["missing"])
    if not codes:
        column = cells.with_labels(column, labels)
    text = cells.texts(column)[0]
    given = text.dropna().unique()
    if row["measure"] == "reason":
        named = {answer: options(answer, codes) for answer in given}
    else:
        named = {answer: codes.get(plain(answer), answer) for answer in given}
    absent = text.isin([answer for answer in given if plain(answer) in missing])
    said = int((text.notna() & ~absent).sum())
    blank = int(text.isna().sum())
    counts = dict(zip(COUNTS, [said, said, 0, int(absent.sum()), blank], strict=True))
    return text.map(named).mask(absent), counts
