import re
from datetime import date
from pathlib import Path
from string import Formatter

import numpy as np
import pandas as pd
import pytest
from bs4 import BeautifulSoup

import cxlib as cx
from cxlib.client.contract import tables_known
from cxlib.page import open_page
from cxlib.page.language import LOCALES, UNKNOWN, Language, own_digits, parts, round_figures
from cxlib.page.language import catalogue as translations
from cxlib.page.sentences_picked import LINES
from cxlib.page.tables import table_html
from cxlib.page.terms import strength
from docs import catalogue
from tests.conftest import DATA

TRANSLATED = ["zh_Hans", "zh_Hant"]


@pytest.fixture(scope="module")
def sentences():
    return catalogue.marked_sentences()


@pytest.mark.parametrize("locale", TRANSLATED)
def test_every_sentence_of_code_and_notebooks_is_translated(sentences, locale):
    missing = [text for text in sentences if text not in translations(locale)]
    assert not missing, f"{len(missing)} without translation; run python docs/catalogue.py"


def test_the_extraction_sees_all_kinds_of_words(sentences):
    assert "{points} points short of what is expected" in sentences
    found = catalogue.words_in_calls(
        'page.table(t, caption="A caption")\npage.note("A note")\nN_("a word")\nf("not ours")'
    )
    assert sorted(found) == ["A caption", "A note", "a word"]


def test_every_sentence_of_the_file_is_said_and_every_one_said_is_there():
    used = {part: set() for part in parts()}
    for path in Path(catalogue.PACKAGE).rglob("*.py"):
        source = path.read_text("utf-8")
        for variable, part in re.findall(r'^(\w+) = sentences_of\("(\w+)"\)', source, re.MULTILINE):
            used[part] |= set(re.findall(rf"\b{variable}\.(\w+)", source))
            if f"getattr({variable}, " in source:  # by a code of the table
                used[part] |= set(parts()[part])
        for listed in re.findall(
            r"parts\(\)(?:\[|\.get, \()([^])]*)", source
        ):  # whole parts, by code
            for part in re.findall(r'"(\w+)"', listed):
                used[part] |= set(parts()[part])
    assert used == {part: set(words) for part, words in parts().items()}
    assert {*LINES["words"], *LINES["nothing"]} - {""} == set(parts()["picked"])


@pytest.mark.parametrize("locale", ["", *TRANSLATED])
def test_a_headline_that_others_may_follow_ends_once(locale):
    """What may be as low, or else a full stop, comes after it: of its own it has none."""
    words = parts()["picked"]
    said = {key: translations(locale)[text] if locale else text for key, text in words.items()}
    whole = {key for key, text in said.items() if text[-1] in ".。"}
    assert whole == set(LINES["nothing"]) - {""}


@pytest.mark.parametrize("locale", sorted(set(LOCALES.values()) - {"en"}))
def test_a_translation_keeps_every_named_place(locale):
    def places(text):
        return {(name, written) for _, name, written, _ in Formatter().parse(text) if name}

    wrong = [text for text, said in translations(locale).items() if places(text) != places(said)]
    assert not wrong


def test_simplified_and_traditional_do_not_share_their_letters():
    # Characters that exist in one script only; a sentence pasted into the wrong file shows.
    simplified, traditional = translations("zh_Hans"), translations("zh_Hant")
    assert not set("体验这为与满个们权关质") & set("".join(traditional.values()))
    assert not set("體驗這為與滿個們權關質") & set("".join(simplified.values()))


@pytest.mark.parametrize(
    "elsewhere",  # what Taiwan says, and a reader in Hong Kong (method.md) does not
    [
        "軟體",
        "計畫",
        "網路",
        "專案",
        "水準",
        "什麼",
        "占",
        "成長",
        "第一線",
        "使用者",
        "到府",
        "次佳",
        "信賴區間",
        "訓練",
        "公部門",
        "業務部",
        "推算重要性",
        "營收",
        "機率",
        "訪員",
        "線上",
        "吉尼",
        "長條圖",
    ],
)
def test_traditional_is_written_for_hong_kong(elsewhere):
    said = [text for text in translations("zh_Hant").values() if elsewhere in text]
    for client in (Path(__file__).parents[2] / "data").glob("*/client.yml"):
        said += re.findall(rf"zh-Hant: [^,}}\n]*{elsewhere}[^,}}\n]*", client.read_text("utf-8"))
    for name in cx.library()["library"]:
        told = cx.library(name, "zh-Hant").select_dtypes("str").fillna("").stack()
        said += [f"{name}: {text}" for text in told if elsewhere in text]
    assert not said


def test_the_words_of_strength():
    # report-design, "Voice"
    ladder = {
        0.99: "is",
        0.95: "is",
        0.94: "is probably",
        0.80: "is probably",
        0.79: "may be",
        0.60: "may be",
        0.59: "cannot be told apart from",
    }
    assert {p: strength(p)[1] for p in ladder} == ladder
    hans, hant = Language("zh-Hans"), Language("zh-Hant")
    assert [hans.say(word) for word in ("is", "is probably", "may be")] == [
        "是",
        "很可能是",
        "可能是",
    ]
    assert hant.say("cannot be told apart from") == "與…難分高下"
    assert [hans.say(w) for w in ("assumed", "measured", "literature")] == ["假设", "实测", "文献"]
    assert hant.say("too few answers") == "樣本過少"


def test_money_as_each_language_says_it():
    assert Language("en", "HKD").money(4_912_600) == "HKD 4.9 million"
    assert Language("en", "HKD").money(61_600, 3) == "HKD 61,600"
    assert Language("zh-Hans", "HKD").money(4_912_600) == "490万港元"
    assert Language("zh-Hant", "HKD").money(4_851_000, 3) == "485萬港元"
    assert Language("en", "HKD").money_range(3.1e6, 8e6) == "HKD 3.1 to 8 million"


def test_numbers_dates_and_lists():
    english = Language("en")
    assert english.number(-1.04) == "−1.0"
    assert english.number(-0.04) == "0.0"  # never "-0.0"
    assert english.signed(0.04) == "0.0" and english.signed(0.26) == "+0.3"
    assert english.share(0.0982, 1) == "9.8%"
    assert english.date(date(2026, 11, 21)) == "November 21, 2026"
    assert Language("zh-Hans").date(date(2026, 11, 21)) == "2026年11月21日"
    assert Language("zh-Hant").join(["甲", "乙"]) == "甲和乙"
    assert Language("zh-Hans", "CNY").money(1.7e6) == "170万元"  # at home nobody says 170万人民币
    assert Language("zh-Hans", "HKD").money(4.9e6) == "490万港元"
    # What a Chinese 等 counts is all of them, "and 2 more" the others.
    assert Language("zh-Hans").join(["甲", "乙", "丙"], 1) == "甲等 3 项"
    assert Language("en").join(["A", "B", "C"], 1) == "A and 2 more"
    # The comma of every English list, "A, B, and C", stands before the rest as well; German has none.
    assert Language("en").join([*"ABCDE"]) == "A, B, C, D, and E"
    assert Language("en").join([*"ABCDE"], 2) == "A, B, and 3 more"
    assert Language("de").join([*"ABCDE"], 2) == "A, B und 3 weitere"
    # No space stands between two Chinese characters, nor in a range of tens of thousands.
    assert Language("zh-Hans").say("{low} to {high}", low="300万", high="700万") == "300万至700万"
    assert Language("zh-Hant").say("{name}: {said}", name="把握 超過", said="3") == "把握超過 3"
    # "Finding the way and asking", then "facilities": one more "and" would make three of two.
    assert Language("zh-Hans").join(["指引与问讯", "设施"]) == "指引与问讯、设施"


@pytest.mark.parametrize("blank", [None, np.nan, float("nan")])
def test_a_blank_is_not_zero(blank):
    language = Language("en", "HKD")
    said = [
        language.number(blank),
        language.share(blank),
        language.money(blank),
        language.count(blank),
        language.signed(blank),
    ]
    assert said == [UNKNOWN] * 5


def test_figures_that_count():
    assert round_figures(4_912_600, 2) == 4_900_000
    assert round_figures(0, 2) == 0
    assert round_figures(-0.0123456, 3) == -0.0123


@pytest.mark.parametrize(
    "reason, said",
    [
        ("is off the scale 1–7", "超出量表 1–7"),
        ("is not one of yes, no", "不是以下之一：yes, no"),
        ("not kept: used in used.csv is not yes", "未保留：used.csv 中的 used 不是 yes"),
        ("the row is blank", "整行空白"),
        ("too_far", "too_far"),
    ],
)
def test_why_a_value_was_left_out_is_said_in_the_readers_language(case, reason, said):
    assert open_page(case("zh-Hans")).reason(reason) == said


def test_there_are_words_for_every_kind_of_cell_that_cannot_be_read():
    from cxlib.client.columns import KINDS, TOO_LATE
    from cxlib.client.sampling import UNDATED
    from cxlib.page.terms import left_out_reason

    assert all(left_out_reason(reason, str) for reason in [*KINDS.values(), TOO_LATE, UNDATED])


@pytest.mark.parametrize(
    "share, said",
    [(0.999, "99.9%"), (0.95, "95%"), (0.9975, "99.75%"), (256 / 271, "94.5%"),
     (9996 / 10_000, "99.96%"), (1, "100%")],
)  # fmt: skip
def test_a_percentage_keeps_its_decimals(share, said):
    assert Language("en").percentage(share) == said


def test_a_warning_is_told_in_the_readers_language_and_names_no_place_of_a_machine(case):
    from cxlib.client.problems import Problem
    from cxlib.page.findings import said_of

    rule = "has 19 cells of 20 rows that are left out: is not yes or no"
    remedy = "Correct them, or say in the map or in client.yml how they are to be read."
    found = Problem("/home/me/data/x/customers", rule, remedy, "churned", value="Nao … 3 more")
    assert said_of(open_page(case("zh-Hans")), found) == (
        "客户、churned：20 行中有 19 个单元格被剔除：既非“是”也非“否”：Nao … 另 3 项。"
        "请更正，或在对照表或 client.yml 中说明如何读取。"
    )
    assert said_of(open_page(case("en")), found).startswith("customers, churned ")


def test_who_waits_for_the_next_release_is_told_why(case):
    from cxlib.client.kept import WAITS

    assert open_page(case("zh-Hant")).reason(WAITS).startswith("留待下一次發布")


def test_words_from_right_to_left_leave_the_numbers_where_they_stand(case):
    page = open_page(case())
    assert page.label("item", "وقت الانتظار") == "\u2068وقت الانتظار\u2069"
    assert page.label("item", "waiting") == "waiting"


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_a_column_of_ours_of_which_values_were_left_out_is_called_by_its_heading(language):
    page = open_page(cx.read_client("meisu", DATA, language=language))
    lines = [("transactions", "customer"), ("complaints", "date"), ("survey", "Q1_overall")]
    left = pd.DataFrame(lines, columns=["table", "column"]).assign(reason="is blank", values=9)
    rows = BeautifulSoup(table_html(page.gate(left), page), "html.parser").tbody.find_all("tr")
    told = [row.find_all("td")[0].get_text() for row in rows]
    assert told == ["客户" if language == "zh-Hans" else "客戶", "日期", "Q1_overall"]
    # Of every table there is: none is told by its code.
    ours = {name for table in tables_known().values() for name in table.by_name}
    assert [name for name in ours if page.write(name, "code", "column") == name] == []


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("client", ["complaints", "vendor"])
def test_every_reason_of_a_demo_has_a_chinese_word_of_its_own(client, language):
    case = cx.read_client(client, DATA, language=language)
    reasons = case.tables["complaints"]["reason"].dropna().unique()
    said = {reason: str(case.label("reason", reason)) for reason in reasons}
    assert [each for each in said.values() if not re.search("[\u4e00-\u9fff]", each)] == []
    assert len(set(said.values())) == len(reasons)


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-11-21", "November 21, 2026"), ("2026-11-21T09:30:00", "November 21, 2026"), ("", ""), ("soon", "soon")],
)  # fmt: skip
def test_a_day_is_written_whatever_it_comes_as_and_other_text_stands(day, said):
    assert Language("en").date(day) == said


def test_a_number_has_the_decimals_that_it_was_given_with_and_no_more_than_asked():
    given = [(5.0, 3, 0), (4.2, 3, 1), (0.125, 2, 2), (0.1 + 0.2, 5, 1), (None, 2, 2)]
    assert [own_digits(value, most) for value, most, _ in given] == [digits for *_, digits in given]
