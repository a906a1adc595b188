"""A survey made up by chance, written out as each tool and each format has it, and read back: the
same answers. The layouts are those that tools.toml tells the sources of."""

import csv
import random
import struct
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

import pandas as pd
import pyreadstat
import pytest
from openpyxl import Workbook

from cxlib.client.exports import read_export
from cxlib.client.files import read_file
from cxlib.client.problems import ClientError
from cxlib.client.tools import TOOLS

OPTIONS = ["Web", "Phone, or a call back", "Shop"]
TEXTS = ["Slow, but kind", "ok", "nothing; really", "Never again", "I would say: fine"]


class Survey:
    """People and their answers: two items rated 1–5, a recommendation, ways ticked, a text, a city."""

    def __init__(self, seed):
        chance = random.Random(seed)
        self.people = []
        for n in range(chance.randint(36, 60)):
            ways = [each for each in OPTIONS if chance.random() < 0.5] or [chance.choice(OPTIONS)]
            text = f"{chance.choice(TEXTS)} {n}" if chance.random() < 0.7 else ""
            rated = [str(chance.randint(1, 5)) if chance.random() < 0.9 else "" for _ in "ab"]
            city = chance.choice(["Paris, France", "Oslo", "Bern"])
            self.people.append([*rated, str(chance.randint(0, 10)), ways, text, city])

    def each(self, row):
        return [row(n, *person) for n, person in enumerate(self.people, 1)]


def ticks(ways, yes="1", no="0"):
    return [yes if option in ways else no for option in OPTIONS]


def own(ways):
    return [option if option in ways else "" for option in OPTIONS]


DAY = ["2026-03-01 10:00:00", "2026-03-01 10:03:00"]


def qualtrics(survey):
    heads = ["StartDate", "EndDate", "Status", "Progress", "Finished", "RecordedDate", "ResponseId"]
    names = [*heads, "Q1_1", "Q1_2", "Q2", "Q3_1", "Q3_2", "Q3_3", "Q4", "Q5"]
    asked = ["Rate - Staff", "Rate - Price", "Recommend?", *[f"Ways? - {o}" for o in OPTIONS]]
    texts = [*heads, *asked, "Why?", "City?"]
    ids = [f'{{"ImportId":"{name}"}}' for name in names]
    rows = survey.each(
        lambda n, a, b, nps, ways, why, city: [
            *DAY, "IP Address", 100, "True", DAY[1], f"R_{n}", a, b, nps, *own(ways), why, city
        ]
    )  # fmt: skip
    return [names, texts, ids, *rows]


def surveymonkey(survey):
    first = ["Respondent ID", "Start Date", "End Date", "Rate", "", "Recommend?", "Ways?", "", ""]
    second = ["", "", "", "Staff", "Price", "Response", *OPTIONS, "Open-Ended Response", "Response"]
    rows = survey.each(
        lambda n, a, b, nps, ways, why, city: [7000 + n, *DAY, a, b, nps, *own(ways), why, city]
    )
    return [[*first, "Why?", "City?"], second, *rows]


def one_cell(heads, mark, end=""):
    def write(survey):
        names = [*heads, "Rate [Staff]", "Rate [Price]", "Recommend?", "Ways?", "Why?", "City?"]
        filled = {"ID": lambda n: n, "Email": lambda n: "anonymous", "Name": lambda n: ""}
        rows = survey.each(
            lambda n, a, b, nps, ways, why, city: [
                *[filled.get(head, lambda n: DAY[0])(n) for head in heads],
                a, b, nps, mark.join(ways) + end, why, city,
            ]
        )  # fmt: skip
        return [names, *rows]

    return write


def columns_each(before, name, yes="1", no="0", after=(), rate="{}"):
    """A column per option, `name` of it; `before` and `after` are the tool's own columns."""

    def write(survey):
        rated = [rate.format(each) for each in ("Staff", "Price")]
        names = [*before, *rated, "Recommend?", *map(name, OPTIONS), "Why?", "City?", *after]
        rows = survey.each(
            lambda n, a, b, nps, ways, why, city: [
                *[f(n) for f in before.values()], a, b, nps,
                *(own(ways) if yes == "own" else ticks(ways, yes, no)), why, city,
                *[f(n) for f in (after or {}).values()],
            ]
        )  # fmt: skip
        return [names, *rows]

    return write


def number(n):
    return n


def day(n):
    return DAY[0]


WRITERS = {
    "qualtrics": qualtrics,
    "surveymonkey": surveymonkey,
    "google_forms": one_cell(["Timestamp"], ", "),
    "google_forms;": one_cell(["Timestamp"], ";"),
    "ms_forms": one_cell(["ID", "Start time", "Completion time", "Email", "Name"], ";", ";"),
    "typeform": columns_each(
        {"#": lambda n: f"tok{n:04d}"}, lambda option: option, "own",
        after={"Response Type": lambda n: "completed", "Start Date (UTC)": day,
               "Stage Date (UTC)": lambda n: "", "Submit Date (UTC)": day,
               "Network ID": lambda n: f"{n:010x}", "Tags": lambda n: ""},
    ),
    "kobo": columns_each(
        {"start": day, "end": day}, lambda option: f"trip/ways/{option}",
        after={"_id": number, "_uuid": lambda n: f"u-{n}", "_submission_time": day, "_index": number},
    ),
    "alchemer": columns_each(
        {"Response ID": number, "Time Started": day, "Date Submitted": day,
         "Status": lambda n: "Complete", "SessionID": number}, lambda option: f"{option}:Ways?", "own",
        rate="{}:Rate",
    ),
    "redcap": columns_each(
        {"record_id": number, "redcap_event_name": lambda n: "wave_1"},
        lambda option: f"ways___{option}",
    ),
    "jisc": columns_each(
        {"Unique Response Number": lambda n: f"1-2-{n}"},
        lambda option: f"ways_{OPTIONS.index(option) + 1}", "1", "",
    ),
    "limesurvey": columns_each(
        {"id": number, "submitdate": day, "lastpage": number, "startlanguage": lambda n: "en"},
        lambda option: f"Ways[{option}]", "Y", "",
    ),
    "wjx": columns_each(
        {"序号": number, "提交答卷时间": day, "所用时间": lambda n: f"{n}秒"},
        lambda option: f"3、渠道({option})",
    ),
    "plain": columns_each({"id": number}, lambda option: f"ways___{option}"),
}  # fmt: skip


def answers(export, tool):
    """[staff, price, recommend, ways, why, city] of everybody, as texts; blanks are ''."""
    frame, columns = export.frame, export.columns
    several = columns.index[columns["kind"] == "multiple"]
    assert len(several) == 1
    single = [
        name for name in frame.columns
        if columns.loc[name, "kind"] == "single" and not columns.loc[name, "role"]
    ]  # fmt: skip
    assert len(single) == 5, single
    table = frame[[*single[:3], several[0], *single[3:]]].astype(object)
    rows = [["" if pd.isna(cell) else plainly(cell) for cell in row] for row in table.to_numpy()]
    by_number = {str(n): option for n, option in enumerate(OPTIONS, 1)} if tool == "jisc" else {}
    for row in rows:
        row[3] = [by_number.get(each, each) for each in row[3].split(";")]
    return rows


def plainly(cell):
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


def as_csv(path, rows, delimiter=","):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)


def as_tsv(path, rows):
    as_csv(path, rows, "\t")


def typed(cell):
    return int(cell) if isinstance(cell, str) and cell.isdigit() else cell or None


def as_xlsx(path, rows):
    book = Workbook()
    for row in rows:
        book.active.append([typed(cell) for cell in row])
    book.save(path)


def as_ods(path, rows):
    """After the OpenDocument format 1.3, part 3: a table of rows of cells, each with its type."""

    def cell(value):
        value = typed(value)
        if value is None:
            return "<table:table-cell/>"
        kind = f'float" office:value="{value}' if isinstance(value, int) else "string"
        text = f"<text:p>{escape(str(value))}</text:p>"
        return f'<table:table-cell office:value-type="{kind}">{text}</table:table-cell>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    space = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
    names = " ".join(f'xmlns:{each}="{space.format(each)}"' for each in ("office", "table", "text"))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
            f'<table:table table:name="Data">{body}</table:table></office:spreadsheet></office:body>'
            "</office:document-content>",
        )
        archive.writestr("META-INF/manifest.xml", "<manifest/>")


def as_xlsb(path, rows):
    """After [MS-XLSB]: records of a type, a size and their bytes; texts and numbers in their cells."""

    def varint(value):
        out = b""
        while True:
            value, low = value >> 7, value & 0x7F
            out += bytes([low | (0x80 if value else 0)])
            if not value:
                return out

    def record(kind, data=b""):
        return varint(kind) + varint(len(data)) + data

    def wide(text):
        return struct.pack("<I", len(text)) + text.encode("utf-16-le")

    def cell(place, value):
        head = struct.pack("<II", place, 0)
        if isinstance(value, int):
            return record(5, head + struct.pack("<d", value))
        return record(6, head + wide(str(value)))

    sheet = record(129) + record(148, struct.pack("<4I", 0, len(rows) - 1, 0, len(rows[0]) - 1))
    sheet += record(145)
    for n, row in enumerate(rows):
        sheet += record(0, struct.pack("<I", n) + bytes(13))
        sheet += b"".join(cell(p, typed(c)) for p, c in enumerate(row) if typed(c) is not None)
    sheet += record(146) + record(130)
    book = record(131) + record(143)
    book += record(156, struct.pack("<II", 0, 1) + wide("rId1") + wide("Data"))
    book += record(144) + record(132)
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", book)
        archive.writestr(
            "xl/_rels/workbook.bin.rels",
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
            f'relationships"><Relationship Id="rId1" Type="{kind}" Target="worksheets/sheet1.bin"/>'
            "</Relationships>",
        )
        archive.writestr("xl/worksheets/sheet1.bin", sheet)


def as_zip(path, rows):
    inner = path.with_suffix(".csv")
    as_csv(inner, rows)
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(inner, "export/answers.csv")
        archive.writestr("__MACOSX/export/._answers.csv", "x")
        archive.writestr("export/readme.pdf", "x")


FORMATS = {
    ".csv": as_csv, ".tsv": as_tsv, ".xlsx": as_xlsx, ".ods": as_ods, ".xlsb": as_xlsb, ".zip": as_zip,
}  # fmt: skip


def test_every_tool_has_a_form():
    assert {name.strip(";") for name in WRITERS} == set(TOOLS) - {"spss", "stata"}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", WRITERS)
def test_a_random_survey_in_each_tools_form_is_read_back(tmp_path, name, seed):
    survey, tool = Survey(f"{name}{seed}"), name.strip(";")
    path = tmp_path / f"a{random.Random(seed).choice(['.csv', '.xlsx'])}"
    FORMATS[path.suffix](path, WRITERS[name](survey))
    export = read_export(path)
    assert export.tool == tool and export.left_out == "" and not export.warnings
    assert answers(export, tool) == survey.people


def test_kobos_joined_column_is_dropped_where_each_option_has_its_own(tmp_path):
    survey = Survey("joined")
    rows = WRITERS["kobo"](survey)
    place = rows[0].index("trip/ways/Web")
    for row, person in zip(rows, [None, *survey.people], strict=True):
        row.insert(place, " ".join(each[:3] for each in person[3]) if person else "trip/ways")
    as_csv(tmp_path / "a.csv", rows, ";")
    export = read_export(tmp_path / "a.csv")
    assert "trip/ways [2]" not in export.frame and answers(export, "kobo") == survey.people


@pytest.mark.parametrize("ending", FORMATS)
@pytest.mark.parametrize("name", ["plain", "surveymonkey", "ms_forms"])
def test_a_random_survey_in_each_format_is_read_back(tmp_path, name, ending):
    survey, path = Survey(f"{name}{ending}"), tmp_path / f"a{ending}"
    FORMATS[ending](path, WRITERS[name](survey))
    assert answers(read_export(path), name) == survey.people


def test_an_old_workbook_is_read(tmp_path):
    # Written with xlwt 1.3.0 from Survey("xls") in the form of Microsoft Forms, behind a cover.
    export = read_export(Path(__file__).parent / "exports" / "ms_forms.xls")
    assert export.tool == "ms_forms" and export.raw.notes == (
        "Sheet 'Form1' is read; also there: Cover.",
    )
    assert answers(export, "ms_forms") == Survey("xls").people


def statistics(path):
    """A file of a statistics package: 1 is excellent, 9 or .a stands for no answer."""
    labels = {"staff": {1.0: "Excellent", 5.0: "Poor"}}
    frame = pd.DataFrame({"staff": [1.0, 5.0, 2.0, None], "why": ["ok", "", "slow", "no"]})
    options = {"column_labels": {"staff": "How was the staff?"}, "variable_value_labels": labels}
    if path.suffix == ".dta":
        frame["staff"] = [1, 5, "a", None]
        options["variable_value_labels"] = {"staff": {1: "Excellent", 5: "Poor"}}
        pyreadstat.write_dta(frame, path, missing_user_values={"staff": ["a"]}, **options)
    elif path.suffix == ".por":
        pyreadstat.write_por(
            frame.fillna({"staff": 2.0}), path, column_labels=options["column_labels"]
        )
    else:
        pyreadstat.write_sav(
            frame, path, compress=path.suffix == ".zsav", missing_ranges={"staff": [2.0]}, **options
        )
    return path


@pytest.mark.parametrize("ending", [".sav", ".zsav", ".dta", ".por"])
def test_files_of_statistics_packages_carry_labels_and_missing_values(tmp_path, ending):
    path = statistics(tmp_path / f"a{ending}")
    export, raw = read_export(path), read_file(path)
    assert export.tool == ("stata" if ending == ".dta" else "spss")
    frame = export.frame.rename(columns=str.lower)  # a portable file has capitals only
    assert pd.to_numeric(frame["staff"]).tolist()[:2] == [1.0, 5.0]
    assert frame["why"].tolist()[2:] == ["slow", "no"]
    if ending != ".por":  # which keeps no labels when it is written here
        assert export.raw.wordings["staff"] == "How was the staff?"
        assert export.raw.labels["staff"][1] == "Excellent" and raw.labels == export.raw.labels
        assert export.columns.loc["staff", "blanked"] == 1
        assert export.columns.loc["staff", "missing"] == ("a" if ending == ".dta" else "2")


@pytest.mark.parametrize(
    ("names", "says"),
    [(["a.csv", "b.xlsx"], "holds 2 tables: a.csv, b.xlsx"), (["a.pdf"], "holds no tables")],
)
def test_a_zip_without_one_table_is_refused(tmp_path, names, says):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    with pytest.raises(ClientError, match=says):
        read_export(tmp_path / "a.zip")


@pytest.mark.parametrize(
    ("tool", "column", "words"),
    [("alchemer", "Status", "Partial"), ("typeform", "Response Type", "partial")],
)
def test_unfinished_answers_of_other_tools_are_left_out(tmp_path, tool, column, words):
    rows = WRITERS[tool](Survey("unfinished"))
    rows[3][rows[0].index(column)] = words
    as_csv(tmp_path / "a.csv", rows)
    found = read_export(tmp_path / "a.csv")
    assert found.left_out == "1 row: not finished (1)" and found.rejected["row"].tolist() == [4]
