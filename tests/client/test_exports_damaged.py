"""Two hundred damaged exports: every one is read right, or refused with the right reason.

Each damage says what it may lead to: the five people as they answered, or a refusal that names the
damage. What is never allowed is an answer that nobody gave.
"""

import csv
import datetime as dt
import importlib.util
import io
import random
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from openpyxl import Workbook

from cxlib.client import cells
from cxlib.client.codebook import plain
from cxlib.client.exports import read_export
from cxlib.client.problems import ClientError
from cxlib.client.tools import KNOWN

_spec = importlib.util.spec_from_file_location(
    "exports_same", Path(__file__).with_name("test_exports.py")
)
same = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(same)
PEOPLE, FILES, HERE, SECONDS = same.PEOPLE, sorted(same.FILES), same.HERE, same.SECONDS
HEADERS = {"qualtrics.csv": 3, "qualtrics_legacy.csv": 2, "surveymonkey.csv": 2}
CUT_OFF = ("fewer cells", "cannot be read as CSV", "cut off", "no answers")


@cache
def questions(name, encoding):
    return read_export(HERE / name, encoding=encoding).questions


class Sample:
    """One export, to be damaged: its rows of cells, and the bytes of the file."""

    def __init__(self, name, chance):
        self.name, self.chance = name, chance
        self.encoding = "gb18030" if name.startswith("wjx") else "utf-8"
        self.data = (HERE / name).read_bytes()
        text = self.data.decode(self.encoding)
        self.delimiter = ";" if name == "limesurvey_texts.csv" else ","
        self.rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter))
        self.headers = HEADERS.get(name, 1)
        self.questions = questions(name, self.said())

    def said(self):
        return "gb18030" if self.encoding == "gb18030" else ""

    def as_csv(self, delimiter=None):
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=delimiter or self.delimiter, lineterminator="\n").writerows(
            self.rows
        )
        return out.getvalue().encode(self.encoding)

    def as_workbook(self, path, change=None):
        book = Workbook()
        for row in self.rows:
            book.active.append(
                [int(cell) if cell.isdigit() and len(cell) < 10 else cell or None for cell in row]
            )
        if change:
            change(book.active)
        book.save(path)
        return path

    def column(self, header):
        return next(
            (n for row in self.rows[:2] for n, cell in enumerate(row) if cell == header), None
        )


def read_right(export, sample, people=PEOPLE):
    """The people's answers, whatever the order of the columns and of the options in a cell."""
    found = export.frame.reindex(columns=sample.questions).astype(object)
    columns = [name for name in sample.questions if not name.endswith("(text)")][:8]
    table = [
        [same.in_words(cell, n) for n, cell in enumerate(row)] for row in found[columns].to_numpy()
    ]
    sets = [[set(c.split(";")) if n == 5 and c else c for n, c in enumerate(row)] for row in table]
    wanted = [
        [set(c.split(";")) if n == 5 and c else c for n, c in enumerate(row)] for row in people
    ]
    assert sets == wanted


def refused(path, *reasons, encoding=""):
    """The refusal says one of the reasons; None where the file is read after all."""
    try:
        return read_export(path, encoding=encoding)
    except ClientError as error:
        assert any(reason in str(error) for reason in reasons), str(error)
        assert all(problem.remedy for problem in error.problems)
        return None


def cut_off(sample, path):
    place = sample.chance.randrange(20, len(sample.data) - 1)
    path.write_bytes(sample.data[:place])
    export = refused(path, *CUT_OFF, encoding=sample.said())
    if export is None:
        return
    # Rows that are whole are read right; the last may be cut in its last cell, and that is said.
    if any("may be cut off" in warning for warning in export.warnings):
        last = export.raw.frame.index[-1]
        export = replace(
            export,
            raw=replace(export.raw, frame=export.raw.frame.drop(index=last)),
            rejected=export.rejected[export.rejected["row"] != last],
        )
    read_right(export, sample, PEOPLE[: len(export.frame)])


def re_encoded(sample, path):
    target = sample.chance.choice(["gb18030", "utf-16", "utf-8-sig", "utf-8", "cp949", "big5"])
    text = sample.data.decode(sample.encoding)
    if sample.encoding == "gb18030" and target in ("cp949", "big5"):
        target = "utf-8"
    path.write_bytes(text.encode(target))
    export = refused(path, "is not UTF-8")
    if export:
        read_right(export, sample)
    else:
        assert target == "gb18030"
        read_right(read_export(path, encoding=target), sample)


def wrongly_declared(sample, path):
    text = sample.data.decode(sample.encoding)
    path.write_bytes(text.encode("utf-8"))
    export = refused(
        path, "and is UTF-8", "is not cp949", encoding=sample.chance.choice(["gb18030", "cp949"])
    )
    if export:
        read_right(export, sample)


def swapped(sample, path):
    heads = sample.rows[0]
    width = len(heads)
    free = range(width)
    if sample.name == "surveymonkey.csv":  # only whole questions: the others are tried in `moved`
        free = [n for n in range(width) if heads[n] and (n + 1 == width or heads[n + 1])]
    a, b = sample.chance.sample([n for n in free if heads[n]], 2)
    if sample.name.startswith("qualtrics.") and {heads[a], heads[b]} == {"Q5"}:
        a = 0  # two columns of one name keep their names by their order
    for row in sample.rows:
        row[a], row[b] = row[b], row[a]
    path.write_bytes(sample.as_csv())
    read_right(read_export(path, encoding=sample.said()), sample)


def dates_of_excel(sample, path):
    row = sample.chance.randrange(sample.headers, len(sample.rows))
    first = next(
        n for n, head in enumerate(sample.rows[0]) if head.startswith(("Q1", "1、", "What"))
    )
    place = next(n for n in range(first, first + 2) if sample.rows[row][n].isdigit())
    sample.rows[row][place] = ""
    day = dt.datetime(2024, sample.chance.randint(1, 12), 5)
    path = sample.as_workbook(
        path.with_suffix(".xlsx"), lambda page: page.cell(row + 1, place + 1, value=day)
    )
    export = read_export(path)
    held = [cell for cell in export.raw.frame.to_numpy().ravel() if isinstance(cell, dt.datetime)]
    assert day in held and all(np.isinf(cells.as_number(cell, ".")) for cell in held)
    blank = export.raw.frame.map(lambda cell: None if isinstance(cell, dt.datetime) else cell)
    found = replace(export, raw=replace(export.raw, frame=blank)).frame[sample.questions[:5]]
    texts = [[same.in_words(cell, n) for n, cell in enumerate(each)] for each in found.to_numpy()]
    differ = sum(
        a != b
        for mine, theirs in zip(texts, PEOPLE, strict=True)
        for a, b in zip(mine, theirs, strict=False)
    )
    assert differ <= 1


def thousands(sample, path):
    header = {"w": "所用时间", "q": "Duration (in seconds)", "l": "interviewtime"}.get(
        sample.name[0]
    )
    place = sample.column(header)
    if place is None:  # no column of seconds: numbers that name the respondents
        place = 0
        for row in sample.rows[sample.headers :]:
            row[0] = f"{int(row[0]):,}" if row[0].isdigit() else row[0]
    else:
        for row in sample.rows[sample.headers :]:
            digits = "".join(filter(str.isdigit, row[place]))
            plus = 60 if "分" in row[place] else 0
            row[place] = (
                f"{int(digits) + 1000:,}秒" if header == "所用时间" and not plus else row[place]
            )
            row[place] = f"{int(digits) + 1000:,}" if header != "所用时间" else row[place]
    path.write_bytes(sample.as_csv())
    export = read_export(path, encoding=sample.said())
    read_right(export, sample)
    found = export.seconds[export.frame.index]
    if header and place:
        minutes = [second in (150,) and sample.name == "wjx_text.csv" for second in SECONDS]
        assert found.tolist() == [
            s if m else s + 1000 for s, m in zip(SECONDS, minutes, strict=True)
        ]


def decimal_commas(sample, path):
    """As a European Excel saves it: semicolons between cells, a comma in decimals."""
    for row in sample.rows[sample.headers :]:
        for place, cell in enumerate(row):
            if cell in ("47.1", "7.2"):
                row[place] = cell.replace(".", ",")
    path.write_bytes(sample.as_csv(";"))
    read_right(read_export(path, encoding=sample.said()), sample)


def with_bom(sample, path):
    path.write_bytes(sample.data.decode(sample.encoding).encode("utf-8-sig"))
    read_right(read_export(path), sample)


def header_again(sample, path):
    place = sample.chance.randrange(sample.headers, len(sample.rows) + 1)
    sample.rows[place:place] = [list(row) for row in sample.rows[: sample.headers]]
    path.write_bytes(sample.as_csv())
    export = read_export(path, encoding=sample.said())
    read_right(export, sample)
    again = export.rejected[export.rejected["reason"] == "repeats the header"]
    assert again["row"].tolist() == list(range(place + 1, place + 1 + sample.headers))


def merged(sample, path):
    row = sample.chance.randrange(2, len(sample.rows))
    path = sample.as_workbook(
        path.with_suffix(".xlsx"),
        lambda page: page.merge_cells(start_row=row, end_row=row + 1, start_column=2, end_column=2),
    )
    assert refused(path, "has merged cells") is None


def in_excel(sample, path):
    path = sample.as_workbook(path.with_suffix(".xlsx"))
    read_right(read_export(path), sample)


def blank_rows(sample, path):
    for place in sorted(sample.chance.sample(range(sample.headers, len(sample.rows)), 2)):
        sample.rows.insert(place, [""] * len(sample.rows[0]))
    sample.rows += [[""] * len(sample.rows[0])] * 3
    path.write_bytes(sample.as_csv())
    export = read_export(path, encoding=sample.said())
    there = export.raw.frame.replace("", np.nan).dropna(how="all")
    gone = export.rejected[export.rejected["row"].isin(there.index)]
    read_right(replace(export, raw=replace(export.raw, frame=there), rejected=gone), sample)


def a_cell_too_many(sample, path):
    row = sample.chance.randrange(sample.headers, len(sample.rows))
    sample.rows[row].insert(sample.chance.randrange(len(sample.rows[row])), "oops")
    sample.rows[row][-1] = sample.rows[row][-1] or "x"
    path.write_bytes(sample.as_csv())
    assert refused(path, "more cells", encoding=sample.said()) is None


def a_quote_left_open(sample, path):
    text = sample.data.decode(sample.encoding)
    place = text.index("Slow")
    opened = text[:place].rstrip('"') + text[place:].replace(' kind"', " kind", 1)
    path.write_bytes((opened[: place - 1] + '"' + opened[place - 1 :]).encode(sample.encoding))
    assert refused(path, "cannot be read as CSV", "fewer cells", encoding=sample.said()) is None


def headers_in_other_letters(sample, path):
    own = {header for tool in KNOWN for header in tool.meta}
    sample.rows[0] = [
        f" {cell.upper()} " if plain(cell) in own else cell for cell in sample.rows[0]
    ]
    path.write_bytes(sample.as_csv())
    export = read_export(path, encoding=sample.said())
    assert export.tool == FILES_OF[sample.name]
    read_right(export, sample)


FILES_OF = same.FILES
DAMAGES = (
    cut_off, re_encoded, wrongly_declared, swapped, dates_of_excel, thousands, decimal_commas,
    with_bom, header_again, merged, in_excel, blank_rows, a_cell_too_many, a_quote_left_open,
    headers_in_other_letters, cut_off, swapped, header_again, cut_off, re_encoded,
)  # fmt: skip
VARIANTS = [
    (seed, FILES[seed % len(FILES)], DAMAGES[(seed // len(FILES)) % len(DAMAGES)])
    for seed in range(200)
]


@pytest.mark.parametrize(
    ("seed", "name", "damage"), VARIANTS, ids=lambda each: getattr(each, "__name__", str(each))
)
def test_a_damaged_export_is_read_right_or_refused_with_the_reason(seed, name, damage, tmp_path):
    damage(Sample(name, random.Random(seed)), tmp_path / "export.csv")


def test_surveymonkeys_columns_moved_from_under_their_question_are_refused(tmp_path):
    sample = Sample("surveymonkey.csv", random.Random(1))
    for row in sample.rows:
        row[12], row[13] = row[13], row[12]  # the second row of a matrix, and the next question
    for row in sample.rows[:1]:
        row[12], row[13] = row[13], row[12]
    (tmp_path / "a.csv").write_bytes(sample.as_csv())
    assert refused(tmp_path / "a.csv", "has answers under no question") is None


def test_what_is_neither_finished_nor_not_is_kept_and_said(tmp_path):
    sample = Sample("qualtrics.csv", random.Random(1))
    sample.rows[7][6] = "2024-03-05"
    (tmp_path / "a.csv").write_bytes(sample.as_csv())
    export = read_export(tmp_path / "a.csv")
    assert 8 in export.frame.index
    assert "'Finished' neither yes nor no: rows 8" in export.warnings[0]


def test_two_hundred():
    assert len(VARIANTS) == 200 and {damage for _, _, damage in VARIANTS} == set(DAMAGES)


def test_a_last_cell_that_may_be_cut_is_said(tmp_path):
    # A row that is cut inside its last cell has all its cells: only the missing line end tells.
    data = (HERE / "google_forms.csv").read_bytes().rstrip(b"\n")
    (tmp_path / "a.csv").write_bytes(data)
    assert "row 6 may be cut off" in read_export(tmp_path / "a.csv").warnings[0]
    assert not read_export(HERE / "google_forms.csv").warnings
