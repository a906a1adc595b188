"""A client as the notebooks see it; and the two demo clients."""

import hashlib
import pickle
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxlib.client.case import check_client, read_client
from cxlib.client.problems import ClientError
from cxlib.client.settings import LANGUAGES

DATA = Path(__file__).parents[2] / "data"
KEPT_BY_AUTHORS = (
    '{"survey.keep": {"file": "authors/used_by_authors.csv", "column": "used_by_authors"}}'
)


@pytest.fixture(scope="module")
def kiosk():
    return read_client("kiosk", DATA)


@pytest.fixture(scope="module")
def meisu():
    return read_client("meisu", DATA)


def test_the_worked_example_is_as_the_source_prints_it(meisu):
    # method.md §2; a dash there is a blank here.
    table = meisu.scores.set_index("dimension")
    blank = np.nan
    expected = {
        "product": (6, 7, blank, 6), "service": (6, blank, blank, 6), "relationship": (4, blank, blank, 4),
        "convenience": (5, 7, 9, 10), "brand": (7, 7, blank, 7), "price": (7, 7, blank, 7),
    }  # fmt: skip
    expected = pd.DataFrame(
        expected, index=["experience", "expectation", "importance", "ideal"], dtype=float
    ).T
    pd.testing.assert_frame_equal(table[expected.columns], expected, check_names=False)
    assert meisu.survey is None and meisu.estimates == {} and not len(meisu.item_scores)


def test_what_the_source_of_the_example_does_not_print_is_marked(meisu):
    assert set(meisu.tables["initiatives"]["from"]) == {"assumed"}
    assert meisu.settings.churn_cost.margin_from == "assumption"
    performance = meisu.tables["performance"].set_index("period")
    assert performance["value"].tolist() == [1, 2, 3, 4]
    # Words that a book prints are no measurement; 4 stores: "more than ×4".
    assert performance["from"].tolist() == ["literature"] * 3 + ["assumed"]


@pytest.mark.parametrize("client", ["meisu", "kiosk"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_demo_client_is_read_without_a_warning_in_every_language(client, language):
    case = read_client(client, DATA, language=language)
    assert not case.warnings
    assert all(case.label("dimension", name) != name for name in case.settings.dimensions)


def test_the_kiosk_survey_is_the_raw_export(kiosk):
    # SHA-256 of the file as it was shared with us.
    digest = hashlib.sha256((DATA / "kiosk" / "kiosk.csv").read_bytes()).hexdigest()
    assert kiosk.inputs["kiosk.csv"] == digest == KIOSK_SHA256


def test_every_row_of_the_kiosk_survey_is_accounted_for(kiosk):
    # SOURCE.md: 211 people, of whom 207 answered; the four others had never used a kiosk.
    assert len(kiosk.survey.people) == 207
    assert kiosk.rejected["row"].tolist() == [25, 81, 158, 205]
    assert sorted([*kiosk.survey.people["row"], *kiosk.rejected["row"]]) == list(range(2, 213))


def test_the_kiosk_gap_is_the_published_one(kiosk):
    answers = kiosk.survey.answers
    gap = (answers["experience"] - answers["expectation"]).to_numpy()
    assert gap.shape == (207, 24)
    assert gap.mean() == pytest.approx(-1.102, abs=0.0005)  # SOURCE.md


def test_the_kiosk_survey_has_its_pairs(kiosk):
    counts = kiosk.survey.answers.columns.get_level_values("measure").value_counts().to_dict()
    assert counts == {
        "experience": 24, "expectation": 24, "importance": 24, "satisfaction": 24, "functional": 29, "dysfunctional": 29,
        "overall": 2, "repurchase": 1, "recommend": 1,
    }  # fmt: skip
    assert kiosk.survey.answers.notna().all(axis=None)
    items = kiosk.survey.items["dimension"].dropna()
    numbers = {
        dimension: [int(item[-2:]) for item in group.index]
        for dimension, group in items.groupby(items)
    }
    assert {dimension: sorted(found) for dimension, found in numbers.items()} == {  # the authors'
        "tangibles": [4, 5, 6, 22], "security": [19, 20, 21], "economy": [10, 11, 18],
        "convenience": [13, 14, 15, 16, 17], "usefulness": [1, 2, 3], "control": [7, 8],
    }  # fmt: skip


def test_the_authors_filter_gives_the_authors_people():
    case = read_client("kiosk", DATA, settings=KEPT_BY_AUTHORS)
    counts = case.survey.people.groupby(["gender", "frequency"]).size()
    order = ["weekly", "monthly", "half_yearly"]
    assert [counts["male", each] for each in order] == [27, 21, 4]  # SOURCE.md
    assert [counts["female", each] for each in order] == [70, 65, 7]
    assert len(case.survey.people) == 194 and len(case.rejected) == 17


def test_the_scores_of_a_survey_are_means_of_what_people_said(kiosk):
    row = kiosk.scores.iloc[1]
    answers = kiosk.survey.answers["experience"][["item_07", "item_08"]]
    assert row["dimension"] == "control" and row["experience"] == pytest.approx(
        answers.mean(axis=1).mean()
    )
    assert row["n"] == 207 and row["from"] == "survey"
    assert kiosk.scores["segment"].unique().tolist() == ["all", "weekly", "monthly", "half_yearly"]
    assert kiosk.item_scores.query("segment == 'all'")["item"].tolist() == [
        f"item_{n:02}" for n in [*range(1, 8), 9, 8, *range(10, 25)]
    ]


def test_the_target_segment_is_everyone_in_the_segments_that_are_named(surveyed):
    surveyed.settings("survey: {file: answers.csv, segment: kind}\ntarget_segments: [new, old]")
    scores = surveyed.read().scores
    assert scores["segment"].unique().tolist() == ["all", "target", "new", "old"]
    by_segment = scores.set_index("segment")[["experience", "expectation", "importance"]]
    assert by_segment.loc["all"].tolist() == by_segment.loc["target"].tolist() == [5, 7, 6.25]
    assert by_segment.loc["new"].tolist() == [4, 6.5, 10]
    assert (
        scores.set_index("segment").loc["new", "n"] == 1
    )  # one of the two new customers gave a score


def test_what_the_survey_did_not_ask_comes_from_the_table_of_scores(surveyed):
    text = (
        (surveyed.folder / "codebook.csv")
        .read_text()
        .replace("i1,importance,speed,service,,,,none=0;some=5;much=10\n", "")
    )
    surveyed.write("codebook.csv", text)
    surveyed.write(
        "scores.csv",
        "dimension,experience,importance,ideal,from\nservice,1,8,9,management\nprice,3,2,,frontline\n",
    )
    scores = surveyed.read().scores.query("segment == 'all'").set_index("dimension")
    assert scores.loc["service", ["experience", "importance", "ideal", "from"]].tolist() == [
        5,
        8,
        9,
        "survey, management",
    ]
    stated = scores.loc["price"]
    assert stated[["experience", "importance", "from"]].tolist() == [3, 2, "frontline"]
    assert np.isnan(stated["n"]) and np.isnan(stated["ideal"])  # nobody decided one


def test_a_target_segment_of_the_table_of_scores(scored):
    scored.settings("target_segments: [vip]").write(
        "scores.csv", "dimension,segment,experience\nprice,vip,5\nprice,,6\n"
    )
    assert scored.read().scores[["segment", "experience"]].to_numpy().tolist() == [
        ["all", 6],
        ["target", 5],
        ["vip", 5],
    ]


def test_the_ideal_follows_client_yml(scored):
    scored.settings("ideal: {default: expectation, product: 9}")
    assert scored.read().scores["ideal"].tolist() == [9, 8, 7]


@pytest.mark.parametrize(
    ("ideal", "scores", "decided"),
    [
        ("{default: expectation}", "", False),
        ("{default: expectation, price: expectation}", "", False),
        ("{default: expectation}", "dimension,experience,ideal\nproduct,6,9\n", True),
        ("{default: expectation}", "dimension,experience,ideal\nproduct,6,\n", False),
        ("{default: expectation, price: 9}", "", True),
        ("{default: experience}", "", False),
        ("{default: expectation, price: experience}", "", False),
        ("{default: experience, price: 9}", "", True),
    ],
)
def test_an_ideal_is_decided_where_it_is_a_score_of_somebodys(scored, ideal, scores, decided):
    if scores:
        scored.write("scores.csv", scores)
    assert scored.settings(f"ideal: {ideal}").read().ideal_decided is decided


def test_the_same_call_reads_once_until_a_file_changes(scored):
    first = scored.read()
    assert scored.read() is first
    assert scored.read(language="zh-Hans") is not first
    scored.write("scores.csv", "dimension,experience\nproduct,1\n")
    assert scored.read().scores["experience"].tolist() == [1]


def test_what_a_notebook_does_to_a_table_stays_in_the_notebook(scored):
    case = scored.read()
    table = case.scores
    table["experience"] = 0
    assert case.scores["experience"].tolist() == [6, 5, 7]


def test_labels_and_texts_speak_the_language_of_the_report(scored):
    scored.write(
        "initiatives.csv",
        "initiative,cost,label,label_zh-Hant,note,note_zh-Hant,initiative_zh-Hant\na,5,Open a store,開店,assumed,假設,甲\nb,6,,,plain,,\n",
    )
    scored.settings("labels: {segment: {vip: {en: The best, zh-Hant: 貴賓}}}")
    english, chinese = scored.read(), scored.read(language="zh-Hant")
    assert [case.label("initiative", "a") for case in (english, chinese)] == [
        "Open a store",
        "開店",
    ]
    assert [case.label("segment", "vip") for case in (english, chinese)] == ["The best", "貴賓"]
    assert (
        chinese.label("initiative", "b") == "b" and chinese.label("dimension", "price") == "Price"
    )
    assert chinese.tables["initiatives"]["note"].tolist() == ["假設", "plain"]
    assert list(chinese.tables["initiatives"]["initiative"]) == ["a", "b"]


def test_an_override_is_for_one_reading(scored):
    assert scored.read(settings='{"scale": [0, 100]}').settings.scale == (0, 100)
    assert scored.read().settings.scale == (0, 10)
    with pytest.raises(ClientError, match="Did you mean 'scale'"):
        scored.read(settings='{"scal": [0, 100]}')


def test_a_client_of_nothing_but_a_cost_tree_can_be_run(acme):
    acme.settings(
        "churn_cost: {negative: .2, complain: .02, complained: {retained: .4, at_risk: .3, lost: .3}, silent: {at_risk: .5, lost: .5}}"
    )
    case = acme.read()
    assert not check_client("acme", acme.data)
    assert set(case.churn_inputs["from"]) == {"assumption"}
    assert not len(case.scores) and case.scores.columns[0] == "dimension"


def test_problems_cross_from_a_worker_process(scored):
    scored.write("scores.csv", "")
    with pytest.raises(ClientError) as caught:
        scored.read()
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


KIOSK_SHA256 = "5361f5eae026ff68397257b9d31541acf0c9c0eb09ecfa7d2e42ed38dd7af9cb"
