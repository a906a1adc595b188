"""A survey too large for memory: DuckDB reads it, and what is kept of it are sums over its people.

The same rules as in `survey.py` apply to each different answer of a column, which are few, and
DuckDB applies the outcome to the millions. What is computed from individual answers (drivers, Kano
classes, comparisons of groups and waves …) has none to rest on and is left out, with a warning.

An answer left out has no line of its own in `rejected`: each column and reason has one, whose
column `count` says how many and whose value gives the most frequent ones; its row is blank.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, partial, reduce
from itertools import pairwise
from operator import add
from pathlib import Path

import numpy as np
import pandas as pd

from cxlib.client import cells
from cxlib.client.codebook import (
    ITEM_MEASURES,
    Plan,
    missing_codes,
    parse_codes,
    read_plan,
    understood,
)
from cxlib.client.files import Raw, readable, unique_names
from cxlib.client.problems import ClientError, first_few
from cxlib.client.sampling import check_weights
from cxlib.client.settings import EVERYONE, TARGET, Settings
from cxlib.client.survey import (
    COUNTS,
    NO_FAULT,
    PERSON,
    Reading,
    answers_decimal,
    check_roles,
    check_silent,
    column_words,
    columns_of,
    items_of,
    judge_answers,
    person_columns,
)
from cxlib.client.tables import REJECTED
from cxlib.client.waves import check_waves, ordered_values, waves_in_time
from cxlib.sums.estimate import (
    Estimates,
    estimates_from_moments,
    labelled_moments,
    moment_sums,
)

LARGE = 5_000_000  # answers (rows × columns of the codebook): some 400 MB through the small path
DIFFERENT = 10_000  # different answers of one column: more are no answers to choose from
BATCH = 61_440  # people in memory at a time
CHUNK = 8_000  # people summed at a time: what the processor's own memory holds
LIMITS = {"memory_limit": "256MB", "threads": 2}
AHEAD = "16MB"  # read while earlier batches are summed
WAITING = 4  # batches
WHOLE = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT")
WHOLE += ("UINTEGER", "UBIGINT", "DECIMAL")
SMALL = {"TINYINT": 127, "UTINYINT": 255, "SMALLINT": 32_767, "USMALLINT": 65_535}
SMALL["INTEGER"] = 2_147_483_647


INSTEAD = (
    "Gaps and bases rest on every answer. What needs the answers of each person (drivers, "
    "requirement classes, comparisons of groups and waves, reasons, roles) is left out: make a "
    "second client of a random sample for those."
)


@dataclass(frozen=True)
class LargeSurvey:
    """What is kept of a survey: counts, and where to find its answers again.

    people    how many answered something, all waves together
    rows      rows of the file
    bases     of the latest wave: grouping, group, n, n_eff (Kish), design_effect, everyone first
    segments  those that occur in any wave
    items, columns   as in `Survey`
    answers   one row per question: measure, item, n, missing (share of people), lowest, highest
    scored    (measure, item) of the questions that make scores
    centre    mean of each, every wave together, rounded: what the sums are taken around
    reach     the largest answer to each, whatever its sign
    numbers, weight, place   SQL of a row of the file: the answers to each of those questions (see
              `File.quick`), the person's weight, and his or her place in `segments`, -1 for none
    source    SQL: the rows of the latest wave
    shown     the file, as the reader would type it
    """

    people: int
    rows: int
    bases: pd.DataFrame = field(repr=False)
    segments: list
    items: pd.DataFrame = field(repr=False)
    columns: pd.DataFrame = field(repr=False)
    answers: pd.DataFrame = field(repr=False)
    scored: pd.MultiIndex = field(repr=False)
    centre: pd.Series = field(repr=False)
    reach: np.ndarray = field(repr=False)
    numbers: list = field(repr=False)
    weight: str = field(repr=False)
    place: str = field(repr=False)
    source: str = field(repr=False)
    shown: str

    def moments(self, by_dimension: bool) -> dict:
        """{segment: sums of `moment_sums`}; the key "" for the people without one."""
        of = self.summed_by(by_dimension)
        centre = (self.dimension_centre if by_dimension else self.centre).fillna(0).to_numpy()
        used = np.flatnonzero(of >= 0)
        reach = np.bincount(of[used], self.reach[used] + np.abs(centre[of[used]])).max(initial=0)
        whole = np.min_scalar_type(-int(max(reach, len(used))) - 2)  # holds any sum of them
        sums = partial(sums_of, of=of[used], centre=centre, whole=whole)
        found: dict[int, list] = {}
        for parts in side_by_side(sums, self.batches(used)):
            for place, part in parts:
                found[place] = [*map(add, found[place], part)] if place in found else part
        names = dict(enumerate(self.segments))
        return {names.get(at, ""): sums for at, sums in found.items()}

    def summed_by(self, by_dimension: bool) -> np.ndarray:
        """Place of each scored question in the centres that its answers are summed around; or -1."""
        if not by_dimension:
            return np.arange(len(self.scored))
        at = {label: place for place, label in enumerate(self.dimension_centre.index)}
        dimension = self.items["dimension"].to_dict()
        of = [at.get((measure, dimension.get(item)), -1) for measure, item in self.scored]
        return np.array(of, dtype=int)

    def batches(self, used: np.ndarray) -> Iterator:
        """Arrow batches of people: the answers to those questions, the weight and the place."""
        columns = ", ".join([*(self.numbers[at] for at in used), self.weight, self.place])
        with connected(self.shown) as duck:
            yield from duck.sql(f"select {columns} from {self.source}").to_arrow_reader(BATCH)

    @cached_property
    def dimension_centre(self) -> pd.Series:
        """Mean of each dimension's items, rounded."""
        measure, item = (self.centre.index.get_level_values(level) for level in (0, 1))
        dimension = self.items["dimension"].reindex(item).to_numpy()
        names = ["measure", "dimension"]
        return (
            self.centre.groupby([measure, dimension], sort=False).mean().rename_axis(names).round()
        )

    @cached_property
    def item_moments(self) -> dict:
        return self.moments(by_dimension=False)

    @cached_property
    def dimension_moments(self) -> dict:
        return self.moments(by_dimension=True)

    def estimates(self, settings: Settings, labels, by_dimension: bool) -> dict[str, Estimates]:
        """{segment: Estimates} as `Case.estimates`, or `Case.item_estimates`, has them."""
        if by_dimension and not len(self.dimension_centre):
            return {}
        parts = self.dimension_moments if by_dimension else self.item_moments
        targets = {TARGET: settings.target_segments} if settings.target_segments else {}
        segments = {name: [name] for name in ordered_values(pd.Series(self.segments), labels)}
        centre = self.dimension_centre if by_dimension else self.centre
        found = {}
        for name, who in ({EVERYONE: list(parts)} | targets | segments).items():
            if there := [parts[each] for each in who if each in parts]:
                together = [reduce(add, each) for each in zip(*there, strict=True)]
                of = estimates_from_moments(labelled_moments(together, centre.index))
                found[name] = replace(of, mean=of.mean + centre)
        return found


def side_by_side(function: Callable, things: Iterable) -> Iterator:
    """The function's outcome for each thing, in their order, in two threads; a few at a time."""
    with ThreadPoolExecutor(LIMITS["threads"]) as pool:
        waiting: deque = deque()
        for thing in things:
            waiting.append(pool.submit(function, thing))
            if len(waiting) > WAITING:
                yield waiting.popleft().result()
        for each in waiting:
            yield each.result()


def sums_of(batch, of: np.ndarray, centre: np.ndarray, whole: np.dtype) -> list[tuple]:
    """[(place in `segments`, -1 for none; `moment_sums` around the centre)] of a batch, by CHUNK.

    A person's value of each thing that the questions are summed by is the mean of the answers.
    """
    *questions, weight, place = batch.columns
    place = place.to_numpy()
    order = np.argsort(place, kind="stable")
    place, weight = place[order], weight.to_numpy()[order]
    answers = answers_of(questions, of, centre, whole).take(order, axis=2, mode="clip")
    several = np.flatnonzero(np.bincount(of, minlength=len(centre)) > 1)
    answered = answers[0]
    shared = np.maximum(answered[several], 1)
    answered[several] = answered[several] > 0
    room = np.empty((*answers.shape[:2], CHUNK))
    found = []
    for people in pieces(place):
        weighted = room[..., : people.stop - people.start]
        weighted[:] = answers[..., people]
        weighted[1, several] /= shared[:, people]
        weighted *= weight[people]
        rows = weighted.reshape(2 * len(centre), -1)
        sums = moment_sums(answered[:, people], rows, weight[people])
        found.append((int(place[people.start]), sums))
    return found


def answers_of(questions: list, of: np.ndarray, centre: np.ndarray, whole: np.dtype) -> np.ndarray:
    """How many answers, and the sum of the answers less the centre, by place in `of` and person."""
    integers = all(np.dtype(each.type.to_pandas_dtype()).kind in "iu" for each in questions)
    found = np.zeros((2, len(centre), len(questions[0])), whole if integers else float)
    number, total = found
    for at, (values, there) in zip(of, map(stored, questions), strict=True):
        total[at] += values
        number[at] += there
    for row, count, middle in zip(total, number, centre.astype(found.dtype), strict=True):
        row -= middle * count
    return found


def pieces(place: np.ndarray) -> Iterator[slice]:
    """Of CHUNK people at most, all of one place; the places are in order."""
    edges = [*np.flatnonzero(np.diff(place, prepend=place[:1] - 1)), len(place)]
    for start, stop in pairwise(edges):
        for each in range(start, stop, CHUNK):
            yield slice(each, min(each + CHUNK, stop))


def stored(column) -> tuple[np.ndarray, np.ndarray]:
    """(a column's answers, 0 where there is none; whether there is one). See `File.quick`."""
    values = column.to_numpy(zero_copy_only=False)
    if values.dtype.kind == "f":
        there = ~np.isnan(values)
        return np.where(there, values, 0.0), there
    there = values != np.iinfo(values.dtype).max
    return values * there, there


@cache
def database():
    """DuckDB, started once: that takes as long as reading a million answers."""
    import duckdb

    return duckdb.connect(config=LIMITS)


@contextmanager
def connected(shown: str):
    """A connection of our own to DuckDB, within LIMITS; a file that it cannot read is refused."""
    import duckdb

    try:
        with database().cursor() as duck:
            duck.execute("set enable_progress_bar = false")  # it would print into the notebook
            duck.execute(f"set streaming_buffer_size = '{AHEAD}'")
            yield duck
    except duckdb.Error as error:
        database.cache_clear()  # a fault may have left it unfit for use
        with readable(shown, "Parquet"):
            raise error


def is_large(path: Path, codebook) -> bool:
    """Whether a survey is Parquet and holds LARGE answers; a file that cannot be read does not."""
    if codebook is None or path.suffix.lower() != ".parquet" or not os.path.isfile(path):
        return False
    from pyarrow import ArrowException
    from pyarrow.parquet import read_metadata

    try:
        return read_metadata(path).num_rows * len(codebook) >= LARGE
    except (ArrowException, OSError):
        return False


class File:
    """The Parquet file in SQL: its cells as the small path would have them, and counts of them."""

    def __init__(self, path: Path, duck):
        self.duck, self.source = duck, f"read_parquet({literal(str(path))}, file_row_number = true)"
        self.rows = self.ask(f"select count(*) from {self.source}")[0][0]
        names = self.ask(f"describe from read_parquet({literal(str(path))})")
        self.headers = unique_names([name for name, *_ in names])
        self.types = dict(zip(self.headers, [kind for _, kind, *_ in names], strict=True))
        quoted = [name.replace('"', '""') for name, *_ in names]
        self.quoted = {name: f'"{q}"' for name, q in zip(self.headers, quoted, strict=True)}

    def ask(self, sql: str) -> list[tuple]:
        return self.duck.sql(sql).fetchall()

    def rows_where(self, condition: str) -> list[int]:
        """Rows as a person counts them, the header being row 1."""
        sql = f"select file_row_number + 2 from {self.source} where {condition} order by 1"
        return [row for (row,) in self.ask(sql)]

    def is_number(self, header: str) -> bool:
        return self.types[header].startswith((*WHOLE, "DOUBLE", "FLOAT"))

    def cell(self, header: str) -> str:
        """A number, or text; null where nothing stands."""
        kind, name = self.types[header], self.quoted[header]
        if kind in ("FLOAT", "DOUBLE"):
            return f"nullif({name}::double, 'nan'::double)"
        if kind == "BOOLEAN":
            return f"case when {name} then 'yes' when not {name} then 'no' end"
        return f"{name}::{'double' if self.is_number(header) else 'varchar'}"

    def different(self, header: str) -> pd.Series:
        """How often each different cell occurs, by the cell; None for the blank one."""
        name = self.quoted[header]
        times = f'{name[:-1]} times"'  # another name than the column's, whatever that is
        counted = f"select {name}, count(*) as {times} from {self.source} group by 1"  # as stored
        sql = (
            f"select {self.cell(header)} as cell, sum({times})::bigint from ({counted}) group by 1"
        )
        rows = self.ask(f"{sql} order by 1 limit {DIFFERENT + 1}")
        given = pd.Index([cell for cell, _ in rows], dtype=object)
        return pd.Series([count for _, count in rows], index=given, dtype=int)

    def numbers(self, header: str, number: dict) -> str:
        """SQL of a column's answers, where {cell: what it stands for, nan for no answer}."""
        cell = self.cell(header)
        as_it_is = all(given == to for given, to in number.items())
        if self.types[header] in SMALL and as_it_is:
            return self.quoted[header]
        if not self.is_number(header):
            known = {given: to for given, to in number.items() if not np.isnan(to)}
            return cases(cell, known, "null::double")
        other = {given: to for given, to in number.items() if given != to}
        return cases(cell, other, cell)

    def quick(self, header: str, number: str, highest: float) -> str:
        """The same SQL for reading millions: where the answers are whole numbers as they stand, the
        largest of the type is no answer; Arrow is slow with nulls. `least` does not mind them.
        """
        kind = self.types[header]
        largest = SMALL.get(kind)
        if largest is None or number != self.quoted[header]:
            return number
        return f"{number}::double" if highest == largest else f"least({number}, {largest}::{kind})"

    def words(self, header: str, word: dict) -> str:
        """SQL of a column's words, where {cell: its word, None for none}."""
        known = {given: to for given, to in word.items() if to is not None}
        return cases(self.cell(header), known, "null::varchar")

    def says(self, row) -> str:
        """SQL: whether somebody wrote something into a column of reasons or texts."""
        text = f"lower(trim({self.cell(row['header'])}::varchar))"
        nothing = ", ".join(literal(each) for each in {"", *missing_codes(row["missing"])})
        return f"coalesce({text} not in ({nothing}), false)"


def literal(value, kind: str = "double") -> str:
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return "null" if value is None or np.isnan(value) else f"{float(value)!r}::{kind}"


def cases(cell: str, stands_for: dict, otherwise: str, kind: str = "double") -> str:
    """SQL: what each cell stands for."""
    by_outcome: dict[str, list] = {}
    for given, to in stands_for.items():
        by_outcome.setdefault(literal(to, kind), []).append(literal(given))
    whens = [f"when {cell} in ({', '.join(all_)}) then {to}" for to, all_ in by_outcome.items()]
    return f"case {' '.join(whens)} else {otherwise} end" if whens else otherwise


def read_large(folder: Path, settings: Settings, codebook, unsure, shown_codebook: str):
    """(LargeSurvey or None, Findings): as `read_survey`, for a Parquet file of any length.

    Raking, `keep`, clusters and who answered twice need every person at once and are not for here.
    """
    reading = Reading(folder, settings)
    asked, found, survey = reading.asked, reading.found, None
    for key in ("keep", "raking", "cluster", "stratum", "by"):
        if getattr(asked, key):
            rule = f"is not done for a survey of {LARGE:,} answers or more"
            reading.wrong_key(
                key, rule, "Do it before, and send the outcome; of clusters, send a sample."
            )
    path = folder / asked.file
    try:
        with connected(str(path)) as duck:
            file = File(path, duck)
            raw = Raw(str(path), pd.DataFrame(columns=pd.Index(file.headers, dtype=object)))
            found.raw = Raw(str(path), pd.DataFrame(index=pd.RangeIndex(2, file.rows + 2)))
            plan = read_plan(codebook, raw, settings, unsure, shown_codebook)
            found.problems += plan.problems
            found.warnings += plan.warnings
            names = person_columns(plan, raw, reading)
            if not found.problems:
                survey = large_survey(file, raw, plan, names, reading)
    except ClientError as error:
        found.problems += error.problems
    return (None if found.problems else survey), found


def large_survey(file: File, raw: Raw, plan: Plan, names: dict, reading: Reading) -> LargeSurvey:
    """The counts of one file, and the question to ask it for the sums."""
    found, counts = reading.found, {}
    answers, numbers, quick = large_answers(file, plan, counts, found, reading.settings.disclosure)
    words, occurring, place = large_words(file, plan, names, counts, found)
    if found.problems:
        return None
    others = [file.says(row) for _, row in plan.words.iterrows() if row["measure"] != "group"]
    said = " or ".join([f"coalesce({', '.join([*numbers.values(), 'null'])}) is not null", *others])
    silent = file.ask(f"select count(*) from {file.source} where not ({said})")[0][0]
    leave_out_silent(file, silent, said, found)
    check_silent(silent, file.rows, plan, found)
    if found.problems:
        return None
    who = said if silent else "true"
    weight = large_weight(file, names, words, who, reading)
    latest = latest_only(file, names, words, occurring, who, reading)
    asked = [label for label in numbers if label[0] in ITEM_MEASURES]
    of_scored = answers.set_index(["measure", "item"]).reindex(asked)
    people = file.rows - silent
    answers["missing"] = missing_shares(file, numbers, words, who)
    rule = f"is too large to hold in memory ({people:,} people), and sums of it are kept"
    found.problem(rule, INSTEAD, warning=True)
    return LargeSurvey(
        people=people,
        rows=file.rows,
        bases=large_bases(file, words, weight, f"({who}) and {latest}"),
        segments=occurring.get("segment", []),
        items=items_of(plan),
        columns=columns_of(raw, plan, counts),
        answers=answers[["measure", "item", "n", "missing", "lowest", "highest"]],
        scored=pd.MultiIndex.from_tuples(asked, names=["measure", "item"]),
        centre=of_scored["mean"].round(),
        reach=of_scored["reach"].fillna(0).to_numpy(),
        numbers=[quick[label] for label in asked],
        weight=weight,
        place=place,
        source=f"{file.source} where {latest}",
        shown=raw.shown,
    )


def large_answers(
    file: File, plan: Plan, counts: dict, found, least: int
) -> tuple[pd.DataFrame, dict, dict]:
    """(one row per question: measure, item, n, lowest, highest, mean; {its label: SQL}; the same
    for `File.quick`). lowest, highest : that `least` people answered, or went beyond.
    """
    given = {header: file.different(header) for header in plan.numeric["header"]}
    for header, each in given.items():
        too_many(header, each, found)
    decimal = found.raw.decimal or answers_decimal(
        {header: pd.Series(each.index, dtype=object) for header, each in given.items()}, plan, found
    )
    rows, sql, quick = [], {}, {}
    for _, row in plan.numeric.iterrows():
        header, label = row["header"], (row["measure"], row["item"])
        read = read_cells(given[header], row, decimal)
        counts[header] = counts_of(read)
        report_cells(read, row, found)
        sql[label] = file.numbers(header, read["number"][read.index.notna()].to_dict())
        used = read[read["number"].notna()].sort_values("number")
        n, total = used["count"].sum(), (used["number"] * used["count"]).sum()
        upward, downward = used["count"].cumsum(), used["count"][::-1].cumsum()
        told = used["number"][upward >= least].min(), used["number"][downward >= least].max()
        ends = used["number"].min(), used["number"].max()
        rows.append((*label, n, *told, total / n if n else np.nan, max(map(abs, ends))))
        quick[label] = file.quick(header, sql[label], ends[1])
    columns = ["measure", "item", "n", "lowest", "highest", "mean", "reach"]
    return pd.DataFrame(rows, columns=columns), sql, quick


def too_many(header: str, given: pd.Series, found) -> None:
    if len(given) > DIFFERENT:
        rule = f"has more than {DIFFERENT:,} different answers"
        found.problem(rule, "Round them, or take the column out of the codebook.", header)


def read_cells(given: pd.Series, row, decimal: str) -> pd.DataFrame:
    """One row per different cell: count, text, number (nan for none), reason (see `understood`)."""
    codes, missing = parse_codes(row["codes"]), missing_codes(row["missing"])
    text = ["" if cell is None else cells.as_text(cell) for cell in given.index]
    read = [understood(each, codes, missing, decimal, row) for each in text]
    number, reason = ([pair[place] for pair in read] for place in (0, 1))
    table = {"count": given.to_numpy(), "text": text, "number": number, "reason": reason}
    return pd.DataFrame(table, index=given.index)


def missing_shares(file: File, numbers: dict, words: dict, who: str) -> np.ndarray:
    """By question: who did not answer, of the people of those waves in which anybody did."""
    given = ", ".join(f"count({sql})" for sql in numbers.values())
    wave = words.get("wave", "null")
    sql = f"select count(*), {given} from {file.source} where {who} group by {wave}"
    people, *given = np.array(file.ask(sql)).T
    asked = np.where(np.array(given) > 0, people, 0).sum(axis=1)
    return 1 - np.array(given).sum(axis=1) / np.where(asked > 0, asked, 1)


def counts_of(read: pd.DataFrame) -> dict:
    """Cells answered, understood, left out, missing and blank."""
    by = read.groupby("reason")["count"].sum()
    known, left_out = int(by.get("", 0)), int(by.drop([*NO_FAULT], errors="ignore").sum())
    told = {"answered": known + left_out, "understood": known, "left_out": left_out}
    return told | {name: int(by.get(name, 0)) for name in ("missing", "blank")}


def report_cells(read: pd.DataFrame, row, found) -> None:
    """A line for each reason, and a warning; a problem where nothing was understood."""
    bad = read[~read["reason"].isin(NO_FAULT)]
    if bad.empty:
        return
    name, codes = str(row["header"]), parse_codes(row["codes"])
    worst = bad.groupby("text")["count"].sum().sort_values(ascending=False, kind="stable")
    some_known = bool((read["reason"] == "").any())
    judge_answers(worst, bad["reason"].unique(), some_known, codes, name, None, found)
    for reason, lines in bad.groupby("reason", sort=False):
        often = lines.groupby("text")["count"].sum().sort_values(ascending=False, kind="stable")
        value = first_few(f"{answer} ({count:,})" for answer, count in often.items())
        leave_out(int(often.sum()), name, value, reason, found)


def leave_out(count: int, column: str, value: str, reason: str, found) -> None:
    """One line of `rejected` for many rows."""
    lines = [("survey", None, column, value, reason, count)]
    found.rejected.append(pd.DataFrame(lines, columns=[*REJECTED, "count"], dtype=object))


def leave_out_silent(file: File, silent: int, said: str, found) -> None:
    """Rows that are blank, and people who answered no question of the codebook."""
    if not silent:
        return
    texts = ", ".join(f"nullif(trim({file.cell(name)}::varchar), '')" for name in file.headers)
    sql = f"select count(*) from {file.source} where not ({said}) and coalesce({texts}, null)"
    blank = file.ask(f"{sql} is null")[0][0]
    reasons = {"the row is blank": blank}
    reasons |= {"no answer to any question of the codebook": silent - blank}
    for reason, count in reasons.items():
        if count:
            leave_out(count, "", "", reason, found)


def large_words(file: File, plan: Plan, names: dict, counts: dict, found) -> tuple:
    """({name in people: SQL of its words}, {name: the words that occur}, SQL of `place`)."""
    groups = {}
    for _, row in plan.words.iterrows():
        if row["measure"] == "group":
            given = file.different(row["header"])
            too_many(row["header"], given, found)
            said, _ = column_words(pd.Series(given.index, dtype=object), row, None)
            groups[row["item"]] = (row["header"], words_by_cell(given, said))
            blank = int(given[pd.isna(given.index)].sum())
            known = int(given[said.notna().to_numpy()].sum())
            each = [known, known, 0, int(given.sum()) - known - blank, blank]
            counts[row["header"]] = dict(zip(COUNTS, each, strict=True))
    of = {}
    for name in dict.fromkeys([*PERSON, *names]):
        header = names.get(name)
        if header in groups:
            of[name] = groups[header]
        elif header is not None and name not in ("respondent", "weight", "date"):
            given = file.different(header)
            too_many(header, given, found)
            said = cells.texts(pd.Series(given.index, dtype=object))[0]
            of[name] = (header, words_by_cell(given, said))
    of |= {name: of.get(name, found_words) for name, found_words in groups.items()}
    sql = {name: file.words(*found_words) for name, found_words in of.items()}
    there = {
        name: sorted({word for word in words.values() if word}) for name, (_, words) in of.items()
    }
    header, word = of.get("segment", (None, {}))
    place = {cell: there["segment"].index(said) for cell, said in word.items() if said}
    return (
        sql,
        there,
        cases(file.cell(header), place, "-1::smallint", "smallint") if place else "-1::smallint",
    )


def words_by_cell(given: pd.Series, said: pd.Series) -> dict:
    pairs = zip(given.index, said, strict=True)
    return {cell: None if pd.isna(word) else str(word) for cell, word in pairs if cell is not None}


def large_weight(file: File, names: dict, words: dict, who: str, reading: Reading) -> str:
    """SQL of each person's weight; what is wrong with weights is said as for a small survey."""
    asked, found = reading.asked, reading.found
    header = names.get("weight")
    if header is None:
        return "1.0::double"
    cell, wave = f"try_cast({file.cell(header)} as double)", words.get("wave", "null")
    bad, count = f"{cell} is null or {cell} < 0", f"select count(*) from {file.source}"
    sql = f"select file_row_number + 2, {cell}, {wave}, {file.cell(header)}"
    rows = file.ask(f"{sql} from {file.source} where ({bad}) and ({who}) order by 1")
    if not file.ask(f"select max(coalesce({cell}, 1)) > 0 from {file.source} where {who}")[0][0]:
        rows += file.ask(f"{sql} from {file.source} where {who} limit 1")
    if rows:
        people = pd.DataFrame(rows, columns=["row", "weight", "wave", "given"]).set_index("row")
        given = people["given"].astype(object).rename(header)
        check_weights(people.astype({"weight": float}), given, asked, found)
    if file.types[header] == "DOUBLE" and not file.ask(f"{count} where {bad}")[0][0]:
        return file.quoted[header]
    return f"coalesce({cell}, 1.0)"


def latest_only(file, names: dict, words: dict, occurring: dict, who: str, reading) -> str:
    """SQL: whether a person belongs to the last wave; waves and roles are checked."""
    if reading.asked.role and reading.settings.role_weights:
        check_roles(pd.Series(occurring["role"], dtype=object), reading)
    if not reading.asked.wave:
        return "true"
    waves, blank = occurring["wave"], file.rows_where(f"({who}) and {words['wave']} is null")
    index = [*blank, *range(-len(waves), 0)]
    people = pd.DataFrame({"wave": [*[None] * len(blank), *waves]}, index=index, dtype=object)
    check_waves(people, names["wave"], reading)
    if not waves:
        return "true"
    today = reading.asked.today or waves_in_time(pd.Series(waves), reading.settings)[-1]
    return f"{words['wave']} = {literal(today)}"


def large_bases(file: File, words: dict, weight: str, who: str) -> pd.DataFrame:
    """One row per group of respondents, everyone first; see `brief.bases`."""
    n_eff = f"pow(fsum({weight}), 2) / fsum(pow({weight}, 2))"
    effect = f"count(*) filter ({weight} > 0) / ({n_eff})"
    sums = f"count(*), {n_eff}, {effect} from {file.source} where {who}"
    rows = [("everyone", "all", *each) for each in file.ask(f"select {sums}")]
    different: dict[str, str] = {}
    for name, sql in words.items():  # a grouping may serve as the segment as well
        if name != "wave":
            different.setdefault(sql, name)
    for sql, name in different.items():
        by = file.ask(f"select {sql}, {sums} and {sql} is not null group by 1 order by 1")
        rows += [(name, *each) for each in by]
    return pd.DataFrame(rows, columns=["grouping", "group", "n", "n_eff", "design_effect"])
