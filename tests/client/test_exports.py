"""One survey as each tool exports it: every file is read to the same clean table.

Where the layouts come from is told in exports/README.md.
"""

import csv
import io
import struct
from pathlib import Path
from typing import get_args

import pandas as pd
import pyreadstat
import pytest
from openpyxl import Workbook

from cxlib.client.exports import read_export
from cxlib.client.files import read_file
from cxlib.client.problems import ClientError
from cxlib.client.settings import SurveySettings
from cxlib.client.strays import in_seconds
from cxlib.client.tools import TOOLS

HERE = Path(__file__).parent / "exports"
# What the five people answered, as typed into the made-up survey: expected speed and staff, lived
# speed and staff, recommendation, channels, reason, gender.
PEOPLE = [
    ["7", "6", "5", "6", "9", "Web;Phone", "Slow, but kind", "Female"],
    ["6", "7", "6", "3", "4", "Phone", None, "Male"],
    ["5", "5", "4", "5", "10", "Web;Shop", "ok", "Female"],
    ["7", "6", "2", "1", "0", "Web;Phone;Shop", "Never\nagain", "Male"],
    ["4", "5", None, "7", "8", "Shop", None, "Female"],
]
SECONDS = [200, 120, 150, 240, 90]
CHANNELS = {"1": "Web", "2": "Phone", "3": "Shop", "网站": "Web", "电话": "Phone", "门店": "Shop"}
GENDERS = {"1": "Female", "2": "Male", "女": "Female", "男": "Male", "F": "Female", "M": "Male"}
FILES = {
    "qualtrics.csv": "qualtrics",
    "qualtrics_legacy.csv": "qualtrics",
    "wjx_text.csv": "wjx",
    "wjx_code.csv": "wjx",
    "limesurvey.csv": "limesurvey",
    "limesurvey_texts.csv": "limesurvey",
    "surveymonkey.csv": "surveymonkey",
    "google_forms.csv": "google_forms",
}


def encoding(name):
    return "gb18030" if name.startswith("wjx") else ""


def answers(export):
    """The clean table as lists of texts, codes said in words; only the eight questions."""
    columns = [name for name in export.questions if not name.endswith("(text)")][:8]
    table = export.frame[columns].astype(object).to_numpy().tolist()
    return [[in_words(cell, place) for place, cell in enumerate(row)] for row in table]


def in_words(cell, place):
    if pd.isna(cell) or cell == "":
        return None
    text = f"{cell:g}" if isinstance(cell, float) else str(cell)
    if place == 5:
        return ";".join(CHANNELS.get(part, part) for part in text.split(";"))
    return GENDERS.get(text, text) if place == 7 else text


@pytest.mark.parametrize("name", FILES)
def test_every_tool_is_told_and_read_to_the_same_table(name):
    export = read_export(HERE / name, encoding=encoding(name))
    assert export.tool == FILES[name]
    assert answers(export) == PEOPLE
    assert export.frame.columns.is_unique


@pytest.mark.parametrize("name", FILES)
def test_seconds_are_the_tools_own_or_from_start_to_end(name):
    export = read_export(HERE / name, encoding=encoding(name))
    found = export.seconds[export.frame.index]
    assert found.isna().all() if name.startswith("google") else found.tolist() == SECONDS


@pytest.mark.parametrize(
    ("name", "left_out"),
    [
        ("qualtrics.csv", [(4, "preview"), (8, "not finished")]),
        ("qualtrics_legacy.csv", [(3, "preview"), (7, "not finished")]),
        ("limesurvey.csv", [(5, "not submitted")]),
        ("limesurvey_texts.csv", [(5, "not submitted")]),
        ("surveymonkey.csv", []),
        ("google_forms.csv", []),
    ],
)
def test_previews_and_unfinished_answers_get_a_line(name, left_out):
    found = read_export(HERE / name).rejected
    assert len(found) == len(left_out)
    for (row, word), line in zip(left_out, found.itertuples(), strict=True):
        assert line.row == row and word in line.reason


@pytest.mark.parametrize(
    ("name", "codes"),
    [("wjx_text.csv", "(跳过)"), ("wjx_code.csv", "-3"), ("limesurvey.csv", "N/A")],
)
def test_codes_for_no_answer_are_blanked_and_counted(name, codes):
    columns = read_export(HERE / name, encoding=encoding(name)).columns
    lived_speed = columns[columns["kind"] != "meta"].iloc[2]
    assert lived_speed["missing"] == codes and lived_speed["blanked"] == 1


def test_a_question_keeps_its_words_without_line_breaks_and_markup():
    words = read_export(HERE / "qualtrics.csv").raw.wordings
    assert words["Q1_1"] == "What level of service did you expect? Please answer for each. - Speed"
    assert words["Q3"] == "How likely are you to recommend us?"


def test_names_that_stand_twice_stay_two_columns():
    assert read_export(HERE / "qualtrics.csv").questions[-2:] == ["Q5", "Q5 [2]"]


def test_wjx_rankings_keep_their_order_and_typed_text_its_own_column():
    export = read_export(HERE / "wjx_text.csv", encoding="gbk")
    ranked = export.frame["7、请按重要性排序"]
    assert ranked.iloc[0] == "价格;质量;服务" and ranked.iloc[2] == "服务;质量;价格"
    assert export.columns.loc["7、请按重要性排序", "kind"] == "ranking"
    typed = export.frame["4、您使用过哪些渠道？ (text)"]
    assert typed.dropna().tolist() == ["旗舰店", "街角"]


def test_the_same_export_in_excel(tmp_path):
    import csv

    book = Workbook()
    with (HERE / "qualtrics.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            book.active.append([int(cell) if cell.isdigit() else cell or None for cell in row])
    book.save(tmp_path / "qualtrics.xlsx")
    export = read_export(tmp_path / "qualtrics.xlsx")
    assert export.tool == "qualtrics" and answers(export) == PEOPLE


def test_a_header_without_its_row_of_texts_loses_no_person(tmp_path):
    lines = (HERE / "qualtrics.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    end = next(n for n, line in enumerate(lines) if line.startswith('"{""ImportId'))
    (tmp_path / "a.csv").write_text("".join([lines[0], *lines[end + 1 :]]), encoding="utf-8")
    assert answers(read_export(tmp_path / "a.csv")) == PEOPLE


def test_client_yml_can_say_that_it_is_a_plain_table():
    export = read_export(HERE / "google_forms.csv", tool="plain")
    assert export.tool == "plain" and "Timestamp" in export.questions


def test_one_comma_between_codes_is_no_decimal_mark():
    # 1,4 ticked: neither 1.4 nor 14.
    assert read_export(HERE / "qualtrics.csv").frame["Q4"].tolist()[0] == "1;2"


def test_two_codes_ticked_are_split_though_nobody_ticked_three(tmp_path):
    text = (HERE / "qualtrics.csv").read_text(encoding="utf-8").replace('"1,2,3"', '"1,3"')
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert read_export(tmp_path / "a.csv").frame["Q4"].tolist()[0] == "1;2"


def test_where_the_file_writes_decimal_commas_a_comma_is_one(tmp_path):
    text = (HERE / "qualtrics.csv").read_text(encoding="utf-8").replace("47.1,7.2", '"47,1","7,2"')
    text = text.replace('"1,2,3"', '"1,3"')  # three codes are no decimal
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    assert read_export(tmp_path / "a.csv").frame["Q4"].tolist()[0] == "1,2"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("38", 38),
        ("1,234", 1234),
        ("200秒", 200),
        ("2分30秒", 150),
        ("1小时5秒", 3605),
        ("1,200秒", 1200),
    ],
)
def test_lengths_of_time_as_the_tools_write_them(text, seconds):
    assert in_seconds(text) == seconds


def test_what_is_no_length_of_time_is_blank():
    assert pd.isna(in_seconds("soon")) and pd.isna(in_seconds(None))


def test_client_yml_knows_the_tools_that_are_read():
    literal = get_args(SurveySettings.model_fields["tool"].annotation)[0]
    assert set(get_args(literal)) == set(TOOLS)


# SPSS


def spss(path, patch=None):
    """The survey as an SPSS file with labels, a user-missing value and a multiple-response set."""
    frame = pd.DataFrame(
        {
            "e1": [7.0, 6, 5, 7, 4], "e2": [6.0, 7, 5, 6, 5], "x1": [5.0, 6, 4, 2, 99],
            "x2": [6.0, 3, 5, 1, 7], "nps": [9.0, 4, 10, 0, 8], "web": [1.0, 0, 1, 1, 0],
            "phone": [1.0, 1, 0, 1, 0], "shop": [0.0, 0, 1, 1, 1],
            "why": ["Slow, but kind", "", "ok", "Never\nagain", ""], "sex": [1.0, 2, 1, 2, 1],
        }
    )  # fmt: skip
    pyreadstat.write_sav(
        frame,
        path,
        column_labels={"e1": "Expected: speed", "web": "Web", "phone": "Phone", "shop": "Shop"},
        variable_value_labels={"sex": {1.0: "Female", 2.0: "Male"}},
        missing_ranges={"x1": [99.0]},
    )
    data = path.read_bytes()
    # Record 7, subtype 7, before the end of the dictionary (record 999): PSPP developer's guide.
    sets = b"$ways=D1 1 8 Channels web phone shop\n"
    record = struct.pack("<4i", 7, 7, 1, len(sets)) + sets
    end = data.index(struct.pack("<2i", 999, 0))
    path.write_bytes(
        patch(data[:end] + record + data[end:]) if patch else data[:end] + record + data[end:]
    )
    return path


def test_spss_labels_missing_values_and_response_sets(tmp_path):
    export = read_export(spss(tmp_path / "a.sav"))
    frame = export.frame.assign(sex=export.frame["sex"].map(export.raw.labels["sex"]))
    table = frame[["e1", "e2", "x1", "x2", "nps", "ways", "why", "sex"]].astype(object)
    found = [[in_words(cell, place) for place, cell in enumerate(row)] for row in table.to_numpy()]
    assert export.tool == "spss" and found == PEOPLE
    assert export.columns.loc["x1", ["missing", "blanked"]].tolist() == ["99", 1]
    assert export.raw.wordings["ways"] == "Channels"
    assert export.columns.loc["web", "role"] == "option of ways"


def in_chinese(data):
    """The same file as an old Chinese SPSS writes it: declared and encoded as code page 936."""
    return data.replace(b"Slow, but kind", "慢，但很亲切。".encode("cp936")).replace(
        b"UTF-8", b"CP936"
    )


def test_spss_texts_that_are_not_utf_8(tmp_path):
    assert len("慢，但很亲切。".encode("cp936")) == len("Slow, but kind")
    export = read_export(spss(tmp_path / "a.sav", in_chinese))
    assert export.frame["why"].iloc[0] == "慢，但很亲切。"


def test_spss_texts_that_are_not_what_the_file_says(tmp_path):
    path = spss(tmp_path / "a.sav", lambda data: in_chinese(data).replace(b"CP936", b"UTF-8"))
    with pytest.raises(ClientError, match="name it in client.yml"):
        read_export(path)
    assert read_export(path, encoding="cp936").frame["why"].iloc[0] == "慢，但很亲切。"


# From a client's folder


def test_a_clients_survey_is_read_from_the_tools_own_file(acme):
    acme.settings("survey: {file: answers.csv, respondent: ResponseId}")
    acme.write("answers.csv", (HERE / "qualtrics.csv").read_bytes())
    acme.write(
        "codebook.csv",
        "column,measure,item,dimension,low,high,codes\n"
        "Q1_1,expectation,speed,service,1,7,\nQ2_1,experience,speed,service,1,7,\n"
        "Q3,recommend,,,0,10,\nQ4,reason,,,,,1=web;2=phone;3=shop\nQ5 [2],group,gender,,,,1=f;2=m\n",
    )
    case = acme.read()
    assert case.survey.answers["experience", "speed"].tolist()[:4] == [5, 6, 4, 2]
    assert case.survey.people["seconds"].tolist() == SECONDS
    said = case.survey.mentions.groupby("person")["reason"].agg(";".join)
    assert said.tolist() == ["web;phone", "phone", "web;shop", "web;phone;shop", "shop"]
    reasons = case.rejected.set_index("row")["reason"]
    assert reasons[4] == "a preview or test, not an answer" and reasons[8] == "not finished"


def test_a_plain_file_is_read_as_before():
    path = Path(__file__).parents[2] / "data" / "kiosk" / "kiosk.csv"
    export = read_export(path, encoding="cp949")
    pd.testing.assert_frame_equal(export.raw.frame, read_file(path, encoding="cp949").frame)
    assert export.tool == "plain" and not len(export.rejected)


@pytest.mark.parametrize("ending", [".tsv", ".txt"])
def test_an_export_as_text_with_tabs_is_the_same(tmp_path, ending):
    # Qualtrics offers TSV in UTF-16, wjx plain text.
    for name in ("qualtrics.csv", "wjx_text.csv"):
        data = (HERE / name).read_text(encoding(name) or "utf-8")
        rows = list(csv.reader(io.StringIO(data, newline="")))
        out = io.StringIO(newline="")
        csv.writer(out, delimiter="\t").writerows(rows)
        path = (tmp_path / name).with_suffix(ending)
        path.write_bytes(out.getvalue().encode("utf-16"))
        export = read_export(path)
        assert export.tool == FILES[name] and answers(export) == PEOPLE
