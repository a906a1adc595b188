"""The draft of a codebook, held against codebooks that people wrote by hand."""

from collections import Counter
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest
from ruamel.yaml import YAML

from cxlib.client.codebook import parse_codes, plain
from cxlib.client.draft import (
    client_lines,
    draft_codebook,
    draft_coverage,
    draft_summary,
    write_codebook,
)
from cxlib.client.exports import read_export
from cxlib.client.items import alike
from cxlib.client.problems import ClientError

ROOT = Path(__file__).parents[2]
EXPORTS = Path(__file__).parent / "exports"
PAIRED = ["experience", "expectation", "importance", "satisfaction", "functional", "dysfunctional"]
KANO = {"functional": (1, 5), "dysfunctional": (1, 5)}


@pytest.fixture(scope="module")
def kiosk():
    draft = draft_codebook(ROOT / "data" / "kiosk" / "kiosk.csv")
    return draft.set_index(draft["column"].map(plain))


@pytest.fixture(scope="module")
def by_hand():
    book = pd.read_csv(ROOT / "data" / "kiosk" / "codebook.csv", dtype=str, keep_default_na=False)
    return book.set_index(book.pop("column").map(plain))


def corrections(draft, truth, scale):
    """Cells that a person must change so that the draft measures what the codebook by hand does.

    Names of items and labels are free; what counts is the measure, which columns share an item,
    what answers that are words stand for, and the scale.
    """
    draft = draft[draft["measure"] != ""]
    wrong = [f"missing: {column}" for column in truth.index.difference(draft.index)]
    wrong += [f"not asked for: {column}" for column in draft.index.difference(truth.index)]
    both = truth.index.intersection(draft.index)
    mine, theirs = draft.loc[both], truth.loc[both]
    wrong += [f"measure: {c}" for c in both[mine["measure"] != theirs["measure"]]]
    named = theirs["measure"].isin(PAIRED)
    votes = {}
    for ours, other in zip(mine["item"][named], theirs["item"][named], strict=True):
        votes.setdefault(other, Counter())[ours] += 1
    meant = {other: count.most_common(1)[0][0] for other, count in votes.items()}
    assert len(set(meant.values())) == len(meant), "two items of one name"
    wrong += [f"item: {c}" for c in both[named] if mine["item"][c] != meant[theirs["item"][c]]]
    for column in both[~theirs["measure"].isin(["group", "reason", "verbatim"])]:
        if parse_codes(mine["codes"][column]) != parse_codes(theirs["codes"][column]):
            wrong.append(f"codes: {column}")
        low, high = (theirs[end][column] for end in ("low", "high"))
        ends = (float(low), float(high)) if low else KANO.get(theirs["measure"][column], scale)
        ours = tuple(mine.loc[column, ["low", "high"]])
        if ours != ends and theirs["measure"][column] not in KANO:
            wrong.append(f"scale: {column}")
    return wrong


def test_the_raw_kiosk_export_needs_at_most_five_corrections(kiosk, by_hand):
    wrong = corrections(kiosk, by_hand, (1, 7))
    assert len(wrong) <= 5, wrong


def test_the_24_pairs_of_the_kiosk_and_its_29_kano_pairs(kiosk, by_hand):
    for first, second, pairs in (
        ("expectation", "experience", 24),
        ("importance", "satisfaction", 24),
        ("functional", "dysfunctional", 29),
    ):
        sides = [by_hand[by_hand["measure"] == measure] for measure in (first, second)]
        both = sides[0].reset_index().merge(sides[1].reset_index(), on="item")
        same = (
            kiosk["item"][both["column_x"]].to_numpy() == kiosk["item"][both["column_y"]].to_numpy()
        )
        assert len(both) == pairs and same.all()
        assert (kiosk["measure"][both["column_x"]] == first).all()
        assert (kiosk["measure"][both["column_y"]] == second).all()


def test_the_encoding_of_the_kiosk_is_said(kiosk):
    draft = draft_codebook(ROOT / "data" / "kiosk" / "kiosk.csv")
    assert draft.attrs["encoding"] == "cp949"
    assert client_lines(draft) == [
        "scale: [1, 7]",
        "importance_scale: [1, 7]",
        "survey:",
        '  file: "kiosk.csv"',
        '  encoding: "cp949"',
    ]
    assert "For client.yml" in draft_summary(draft)


def test_the_share_that_the_draft_covers_is_the_runs_own(kiosk):
    # 211 people; 207 answered 158 ratings, motives; 211 sex, age, frequency, kinds of kiosk used.
    left_out = 211
    answered = 207 * 159 + 211 * 4
    assert kiosk["answered"].sum() == answered
    assert draft_coverage(kiosk) == pytest.approx(1 - left_out / answered)


def test_options_that_hold_the_tools_own_comma_are_kept_whole(kiosk):
    reason = kiosk[kiosk["measure"] == "reason"].iloc[0]
    assert "주문, 결제시간이 절약되어서" in parse_codes(reason["codes"])
    assert reason["missing"] == "사용한 적 없음"


def test_a_drafted_codebook_can_be_run(acme, tmp_path):
    draft = draft_codebook(ROOT / "data" / "kiosk" / "kiosk.csv")
    write_codebook(draft, acme.folder / "codebook.csv")
    acme.settings("survey: {file: kiosk.csv, encoding: cp949}")
    acme.write("kiosk.csv", (ROOT / "data" / "kiosk" / "kiosk.csv").read_bytes())
    survey = acme.read().survey
    # SOURCE.md: over the 207 complete answers the mean perception − expectation is −1.102.
    gap = survey.answers["experience"].mean().mean() - survey.answers["expectation"].mean().mean()
    assert gap == pytest.approx(-1.102, abs=0.0005)


def test_the_airport_survey_without_words_is_drafted_with_doubt():
    draft = draft_codebook(ROOT / "data" / "sfo" / "sfo.csv").set_index("column")
    truth = pd.read_csv(ROOT / "data" / "sfo" / "codebook.csv", dtype=str).set_index("column")
    rated = truth.index[truth["measure"] == "experience"]
    assert (draft["measure"][rated] == "experience").all()
    assert not draft["sure"][rated].any()
    assert draft["measure"][["q7_all", "nps", "problem"]].tolist() == [
        "overall", "recommend", "problem"
    ]  # fmt: skip
    assert "survey.weight" in draft["why"]["weight"] and draft["measure"]["weight"] == ""


EXPECTED = ["expectation", "expectation", "experience", "experience", "recommend"]


@pytest.mark.parametrize(
    "name",
    ["qualtrics.csv", "qualtrics_legacy.csv", "wjx_text.csv", "wjx_code.csv",
     "limesurvey_texts.csv", "surveymonkey.csv", "google_forms.csv"],
)  # fmt: skip
def test_the_same_questions_of_every_tool_are_drafted_alike(name):
    draft = draft_codebook(EXPORTS / name, encoding="gb18030" if "wjx" in name else "")
    asked = draft[
        draft["column"].isin(
            read_export(
                EXPORTS / name,
                encoding=draft.attrs["encoding"] or ("gb18030" if "wjx" in name else ""),
            ).questions
        )
    ]
    assert asked["measure"].tolist()[:5] == EXPECTED
    speed, staff = asked["item"].iloc[[0, 2]], asked["item"].iloc[[1, 3]]
    assert speed.nunique() == staff.nunique() == 1 and speed.iloc[0] != staff.iloc[0]
    assert asked["low"].tolist()[:2] == [1, 1] and asked["high"].tolist()[:2] == [7, 7]
    assert draft.loc[~draft["column"].isin(asked["column"]), "measure"].eq("").all()


@pytest.mark.parametrize("name", ["wjx_text.csv", "wjx_code.csv"])
def test_the_encoding_of_a_short_chinese_file_is_found_too(name):
    assert draft_codebook(EXPORTS / name).attrs["encoding"] in ("gb18030", "gbk", "gb2312")


def survey(tmp_path, columns):
    pd.DataFrame(columns).to_csv(tmp_path / "a.csv", index=False)
    return draft_codebook(tmp_path / "a.csv").set_index("column")


KANO_ENGLISH = [
    "I like it",
    "It must be that way",
    "I am neutral",
    "I can live with it",
    "I dislike it",
]
KANO_CHINESE = ["我很喜欢", "理所当然", "无所谓", "可以忍受", "我很不喜欢"]


@pytest.mark.parametrize(
    ("words", "there", "gone"),
    [
        (
            KANO_ENGLISH,
            "How do you feel if the screen is bright?",
            "How do you feel if the screen is not bright?",
        ),
        (KANO_CHINESE, "如果屏幕明亮，您的感受是？", "如果屏幕不明亮，您的感受是？"),
    ],
)
def test_kano_pairs_in_english_and_chinese(tmp_path, words, there, gone):
    like, must, neutral, live, dislike = words
    draft = survey(
        tmp_path, {gone: [dislike, dislike, live, dislike], there: [like, must, like, neutral]}
    )
    assert draft["measure"].to_dict() == {gone: "dysfunctional", there: "functional"}
    assert draft["item"].nunique() == 1
    assert parse_codes(draft["codes"][there])[words[4].casefold()] == "5"


@pytest.mark.parametrize(
    ("question", "measure"),
    [
        ("How important is a short queue?", "importance"),
        ("一条短队对您有多重要？", "importance"),
        ("짧은 대기 시간은 중요합니까?", "importance"),
        ("How likely are you to recommend us?", "recommend"),
        ("您向朋友推薦我們的可能性？", "recommend"),
        ("Overall, how was it?", "overall"),
        ("总体评价", "overall"),
        ("您下次还会再来吗", "repurchase"),
        ("앞으로도 계속 이용하시겠습니까?", "repurchase"),
    ],
)
def test_what_is_measured_is_told_in_three_languages(tmp_path, question, measure):
    assert survey(tmp_path, {question: [1, 2, 3, 4, 5]})["measure"][question] == measure


# As surveys put it, checked against no list of ours: which languages a draft has words for.
ASKED_ELSEWHERE = {
    "recommend": ["מה הסיכוי שתמליץ עלינו לחבר?", "Kui tõenäoliselt soovitate meid sõbrale?",
                  "Vai ieteiktu mūs draugam?", "Ar rekomenduotumėte mus draugui?",
                  "Odporučili by ste nás priateľom?", "Biste li nas preporučili prijatelju?",
                  "Ali bi nas priporočili?", "Бихте ли ни препоръчали?"],
    "importance": ["עד כמה חשוב לך המחיר?", "Kui oluline on teile hind?", "Cik svarīga jums ir cena?",
                   "Kiek jums svarbi kaina?", "Aká dôležitá je pre vás cena?",
                   "Koliko vam je važna cijena?", "Kako pomembna je cena?",
                   "कीमत आपके लिए कितनी महत्वपूर्ण है?"],
    "satisfaction": ["עד כמה אתה מרוצה מהמחיר?", "Kui rahul olete hinnaga?",
                     "Cik apmierināts esat ar cenu?", "Kiek esate patenkinti kaina?",
                     "Ako ste spokojní s cenou?", "Koliko ste zadovoljni cijenom?",
                     "Доколко сте доволни от цената?", "आप कीमत से कितने संतुष्ट हैं?"],
    "expectation": ["Ootus: hind", "Očakávanie: cena", "Očekivanje: cijena", "अपेक्षा: कीमत"],
    "experience": ["Kogemus: hind", "Skúsenosť: cena", "Iskustvo: cijena", "अनुभव: कीमत"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("question", "measure"), [(q, name) for name, asked in ASKED_ELSEWHERE.items() for q in asked]
)
def test_what_is_measured_is_told_in_ten_languages_more(tmp_path, question, measure):
    assert survey(tmp_path, {question: [1, 2, 3, 4, 5]})["measure"][question] == measure


@pytest.mark.parametrize(
    ("expected", "lived"),
    [
        ("Attente", "Vécu"), ("Attendu", "Perçu"), ("Attente", "Ressenti"),
        ("Erwartet", "Erlebt"), ("Erwartung", "Wahrgenommen"), ("Esperado", "Percibido"),
        ("Esperado", "Vivido"), ("Atteso", "Vissuto"), ("Verwacht", "Ervaren"),
    ],
)  # fmt: skip
def test_what_was_lived_is_told_from_what_was_expected(tmp_path, expected, lived):
    words = {"experience": lived, "expectation": expected}
    columns = {f"{word} : {thing}": [4, 7, 10, 8, 6] * 12
               for word in words.values() for thing in ("prix", "stock")}  # fmt: skip
    pd.DataFrame(columns).to_csv(tmp_path / "a.csv", index=False)
    draft = draft_codebook(tmp_path / "a.csv").set_index("column")
    for measure, word in words.items():
        assert draft.loc[draft.index.str.startswith(word), "measure"].tolist() == [measure] * 2
    if lived == "Vécu":  # lived through, and no rating
        other = pd.DataFrame(columns).assign(
            **{"Avez-vous vécu un problème ?": ["Oui", "Non"] * 30}
        )
        other.to_csv(tmp_path / "b.csv", index=False)
        draft = draft_codebook(tmp_path / "b.csv").set_index("column")
        assert draft.loc["Avez-vous vécu un problème ?", "measure"] == "problem"


@pytest.mark.parametrize(
    ("words", "steps"),
    [
        (
            ["Very satisfied", "Satisfied", "Neutral", "Dissatisfied", "Very dissatisfied"],
            [5, 4, 3, 2, 1],
        ),
        (["非常满意", "满意", "一般", "不满意", "非常不满意"], [5, 4, 3, 2, 1]),
        (["매우 그렇다", "그렇다", "보통이다", "그렇지 않다", "전혀 그렇지 않다"], [5, 4, 3, 2, 1]),
        (["5 - great", "4", "3", "2", "1 - awful"], [5, 4, 3, 2, 1]),
    ],
)
def test_words_of_a_scale_become_its_numbers(tmp_path, words, steps):
    row = survey(tmp_path, {"Overall?": [*words, *words]}).iloc[0]
    assert [float(parse_codes(row["codes"])[word.casefold()]) for word in words] == steps
    assert row["coverage"] == 1


def test_dont_know_is_no_answer_and_no_step(tmp_path):
    row = survey(tmp_path, {"Overall": [1, 2, 3, 4, 5, 99, "Don't know"] * 3}).iloc[0]
    assert set(row["missing"].split(";")) == {"99", "Don't know"}
    assert (row["low"], row["high"], row["answered"], row["coverage"]) == (1, 5, 15, 1)


def test_a_scale_that_spss_labels_from_high_to_low_is_turned_round(tmp_path):
    labels = {
        1.0: "Very satisfied",
        2.0: "Satisfied",
        4.0: "Dissatisfied",
        5.0: "Very dissatisfied",
    }
    frame = pd.DataFrame({"q": [1.0, 2, 4, 5, 5]})
    path = tmp_path / "a.sav"
    pyreadstat.write_sav(
        frame,
        path,
        column_labels={"q": "Overall satisfaction"},
        variable_value_labels={"q": labels},
    )
    row = draft_codebook(path).iloc[0]
    # 3 has no label, and stands between two that are turned round.
    assert parse_codes(row["codes"]) == {"1": "5", "2": "4", "3": "3", "4": "2", "5": "1"}
    assert not row["sure"] and "turned round" in row["why"]


def test_answers_that_nothing_explains_are_left_out_and_counted(tmp_path):
    draft = survey(tmp_path, {"Overall": [1, 2, 3, 5], "zz": [3, 8, 13, 40]})
    assert draft["measure"]["zz"] == "" and draft["why"]["zz"]
    assert draft_coverage(draft) == 0.5


def test_likeness_is_dices():
    assert alike("night", "nacht") == pytest.approx(0.25)  # Dice's textbook example: 2·1/8
    assert alike("速度", "速度") == 1 and alike("速度", "员工") == 0


def test_a_file_that_is_broken_is_refused_as_elsewhere(tmp_path):
    (tmp_path / "a.csv").write_text("a,b\n1\n")
    with pytest.raises(ClientError, match="fewer cells"):
        draft_codebook(tmp_path / "a.csv")


def test_a_survey_without_answers_gives_no_draft(tmp_path):
    (tmp_path / "a.csv").write_text("How satisfied are you?,Why?\n")
    with pytest.raises(ClientError, match="has a header and no rows"):
        draft_codebook(tmp_path / "a.csv")


CASES = Path(__file__).parent / "drafts"


def drafted(name):
    return draft_codebook(CASES / name).set_index("column")


def test_spss_labels_from_best_to_worst_turn_the_whole_scale():
    # By hand: 6 − the mean of the codes, as pyreadstat gives them.
    import pyreadstat as stat

    frame, _ = stat.read_sav(CASES / "ratings.sav")
    draft = drafted("ratings.sav")
    for column, mean in {"q1": 3.8, "q2": 2.71, "q3": 4.15, "q4": 4.12}.items():
        codes = {k: float(v) for k, v in parse_codes(draft["codes"][column]).items()}
        assert set(codes) == {"1", "2", "3", "4", "5"}
        turned = frame[column].dropna().map(lambda code, codes=codes: codes[f"{code:g}"])
        assert turned.mean() == pytest.approx(mean, abs=0.005)
        assert not draft["sure"][column] and "1 = " in draft["why"][column]


@pytest.mark.parametrize(
    ("name", "ends"),
    [("four", (1, 4)), ("ten", (1, 10)), ("bare", (1, 10)), ("zero_to_five", (0, 5))],
)
def test_a_scale_has_the_ends_that_its_answers_show_and_is_looked_at(name, ends):
    draft = drafted(f"{name}.csv")
    assert (draft["measure"] != "").all()
    assert [*zip(draft["low"], draft["high"], strict=True)] == [ends] * 3
    assert not draft["sure"].any()


def test_age_bands_are_a_group_and_no_steps_of_a_scale():
    draft = drafted("ages.csv")
    assert draft["measure"].tolist() == ["group", "recommend", "satisfaction"]
    assert draft["item"]["Age group"] == "age" and draft["codes"]["Age group"] == ""
    assert set(parse_codes(draft["codes"]["Would you recommend us?"])) == {
        "definitely not", "probably not", "probably", "definitely",
    }  # fmt: skip


def test_satisfaction_with_one_thing_is_an_item_and_ratings_need_no_lowest_point():
    draft = drafted("store.csv")
    assert draft["measure"].tolist() == ["overall", *["experience"] * 4, "satisfaction"]
    assert draft["item"]["Support satisfaction"] == "support"
    assert draft[["low", "high"]].to_numpy().tolist() == [[1, 5]] * 6


def test_half_points_with_a_decimal_comma_are_a_scale():
    draft = drafted("halves.csv")
    assert draft["measure"].tolist() == ["overall", "satisfaction"]
    assert draft[["low", "high"]].to_numpy().tolist() == [[1, 5]] * 2
    assert draft["coverage"].tolist() == [1, 1]


@pytest.mark.parametrize(
    ("question", "measure", "item"),
    [
        ("How satisfied are you with staff?", "satisfaction", "staff"),
        ("How satisfied are you?", "overall", ""),
        ("Satisfaction", "overall", ""),
        ("Wie zufrieden sind Sie mit der Wartezeit?", "satisfaction", "wartezeit"),
        ("您对价格的满意度", "satisfaction", "item_01"),
        ("总体满意度", "overall", ""),
        ("Satisfacción con el personal", "satisfaction", "personal"),
        ("Satisfaction générale", "overall", ""),
    ],
)
def test_a_lone_satisfaction_is_overall_only_where_it_names_nothing(
    tmp_path, question, measure, item
):
    row = survey(tmp_path, {question: [1, 2, 3, 4, 5] * 12}).iloc[0]
    assert (row["measure"], row["item"]) == (measure, item)


def test_pairs_are_found_by_what_is_left_of_their_questions(tmp_path):
    pairs = {
        "How would you rate: Delivery time": "How important is: Delivery time",
        "Rate our price": "Importance of price",
        "sat_staff": "imp_staff",
        "Zufriedenheit mit der Beratung": "Wichtigkeit der Beratung",
        "满意度：价格": "重要性：价格",
    }
    for rated, important in pairs.items():
        draft = survey(tmp_path, {rated: [1, 2, 3, 4, 5] * 12, important: [5, 4, 3, 2, 1] * 12})
        assert draft["measure"][important] == "importance"
        assert draft["measure"][rated] in ("experience", "satisfaction")
        assert draft["item"].nunique() == 1 and draft["sure"].all()


def test_what_is_asked_about_may_stand_in_front(tmp_path):
    """A hotel's three blocks, "room: what is asked": five items, and not fifteen."""
    rooms = ["客房", "溫泉設施", "餐飲", "入住櫃台", "交通接駁"]
    asked = ["您入住前的期待程度", "您實際的體驗評分", "對您的重要程度"]
    columns = {f"{room}：{ask}（1-5）": [1, 2, 3, 4, 5] * 4 for ask in asked for room in rooms}
    draft = survey(tmp_path, columns)
    assert draft["item"].nunique() == 5
    assert draft.groupby("item")["measure"].agg(set).map(len).eq(3).all()
    assert set(draft["label"]) == set(rooms)


def test_ranks_are_no_ratings(tmp_path):
    ranks = [[1, 2, 3], [3, 1, 2], [2, 3, 1], [1, 3, 2]] * 10
    names = ["Importance: price", "Importance: staff", "Importance: speed"]
    draft = survey(tmp_path, dict(zip(names, zip(*ranks, strict=True), strict=True)))
    assert draft["measure"].eq("").all() and draft["why"].str.contains("ranks").all()


def test_ages_in_numbers_are_put_into_bands(tmp_path):
    draft = survey(tmp_path, {"Age": [*range(18, 78)] * 2, "Overall": [1, 2, 3, 4, 5] * 24})
    codes = parse_codes(draft["codes"]["Age"])
    assert [codes[str(age)] for age in (17, 18, 24, 25, 64, 65)] == [
        "under 18", "18–24", "18–24", "25–34", "55–64", "65+",
    ]  # fmt: skip
    assert draft["item"]["Age"] == "age" and not draft["sure"]["Age"]


def test_dont_know_is_missing_and_the_middle_is_not(tmp_path):
    words = ["Very poor", "Poor", "Neither good nor poor", "Good", "Very good", "N/A", "Refused"]
    draft = survey(tmp_path, {"How would you rate: staff": words * 10})
    row = draft.iloc[0]
    assert set(row["missing"].split(";")) == {"N/A", "Refused"}
    assert parse_codes(row["codes"])["neither good nor poor"] == "3" and row["sure"]


def test_ends_said_in_the_question_decide_which_way_it_runs(tmp_path):
    asked = "Please rate our staff (1 = excellent, 5 = poor)"
    row = survey(tmp_path, {asked: [1, 2, 3, 4] * 12}).iloc[0]
    assert parse_codes(row["codes"]) == {"1": "5", "2": "4", "3": "3", "4": "2", "5": "1"}
    assert not row["sure"] and row["label"] == "Staff"


def test_labels_of_no_known_scale_are_printed_and_looked_at(tmp_path):
    path = tmp_path / "a.sav"
    labels = {1.0: "Wowza", 2.0: "Fine by me", 3.0: "Meh", 4.0: "Nope"}
    pyreadstat.write_sav(
        pd.DataFrame({"q": [1.0, 2, 3, 4] * 20}),
        path,
        column_labels={"q": "Rating of the guide"},
        variable_value_labels={"q": labels},
    )
    row = draft_codebook(path).iloc[0]
    assert not row["sure"] and "1 = Wowza, 2 = Fine by me, 3 = Meh, 4 = Nope" in row["why"]


def test_what_falls_where_the_outcome_rises_is_looked_at(tmp_path):
    scores = [*range(11)] * 5
    draft = survey(
        tmp_path,
        {"Satisfaction with the driver": [5 - s // 2 or 1 for s in scores], "Recommend us": scores},
    )
    assert not draft["sure"]["Satisfaction with the driver"]
    assert "is 1 the best" in draft["why"]["Satisfaction with the driver"]


def test_dimensions_are_filled_where_the_client_has_them(tmp_path):
    columns = {"Satisfaction with staff": [1, 2, 3, 4, 5] * 12, "Satisfaction with zeal": [5] * 60}
    assert survey(tmp_path, columns)["dimension"].eq("").all()
    (tmp_path / "client.yml").write_text("dimensions: {service: Service, price: Price}\n")
    assert survey(tmp_path, columns)["dimension"].tolist() == ["service", ""]


def test_a_dimension_of_one_item_is_offered_in_the_words_of_the_survey(tmp_path):
    names = ["Preis-Leistung", "Freundlichkeit des Personals", "Wartezeit", "Öffnungszeiten"]
    columns = {f"{name} – {side}": [1, 2, 3, 4, 5] * 12
               for side in ("Erwartung", "Erlebnis") for name in names}  # fmt: skip
    given = "dimensions: {price: Price, service: Service, convenience: {en: Convenience, zh-Hans: 便利性}}\n"
    (tmp_path / "client.yml").write_text(given, "utf-8")
    draft = survey(tmp_path, columns)
    assert draft["dimension"].tolist() == ["price", "service", "convenience", "convenience"] * 2
    said = YAML(typ="safe").load("\n".join(client_lines(draft)))["dimensions"]
    assert said == {"price": "Preis-Leistung", "service": "Freundlichkeit des Personals",
                    "convenience": {"en": "Convenience", "zh-Hans": "便利性"}}  # fmt: skip
    (tmp_path / "client.yml").write_text(given.replace("Price", "Preis-Leistung").replace(
        "Service", "Freundlichkeit des Personals"), "utf-8")  # fmt: skip
    assert "dimensions:" not in client_lines(survey(tmp_path, columns)), "as it is there already"


def test_the_gravest_doubts_stand_at_the_end():
    said = draft_summary(draft_codebook(CASES / "ratings.sav"))
    last = said.split("Look at these first")[1]
    assert last.splitlines()[1].startswith("  1. q1, q2: its labels run from high to low")


def test_days_and_identifiers_are_no_open_answers(tmp_path):
    days = pd.date_range("2024-01-01", periods=60).strftime("%Y-%m-%d").tolist() * 2
    draft = survey(
        tmp_path,
        {"when": days, "code": [f"AC-{n}" for n in range(120)], "Overall": [1, 2, 3, 4, 5] * 24},
    )
    assert draft["measure"].tolist() == ["", "", "overall"]
    assert "survey.date" in draft["why"]["when"] and "identifiers" in draft["why"]["code"]


def test_a_column_of_one_and_the_same_answer_is_no_group(tmp_path):
    columns = {
        "Which shop did you visit?": ["Harbour"] * 60,
        "Plan": ["Gold", "Basic"] * 30,
        "Overall": [*"12345"] * 12,
    }
    draft = survey(tmp_path, columns)
    assert draft["measure"].tolist() == ["", "group", "overall"]
    assert "one and the same answer" in draft["why"].iloc[0]


def test_a_tools_own_number_that_could_be_a_day_is_none(tmp_path):
    """Kobo counts its forms: 20240101 and on are numbers of forms, and no days."""
    columns = {
        "_id": [*range(20240101, 20240129)],
        "_uuid": [f"u-{n}" for n in range(28)],
        "_submission_time": ["2024-03-01T10:00:00"] * 28,
        "Overall": [*"1234"] * 7,
    }
    told = survey(tmp_path, columns)["why"]
    assert "times" not in told["_id"] and "the survey tool's own column" in told["_id"]
    assert "times" in told["_submission_time"]


def test_a_row_of_a_matrix_measures_what_most_of_its_rows_do(tmp_path):
    """'attente' is what somebody expects, and a wait: among four rows that say nothing, a wait."""
    rows = ["accueil", "attente", "propreté", "explications", "prix"]
    faces = ["😡", "🙁", "😐", "🙂", "😀"] * 12
    draft = survey(tmp_path, {f"Comment avez-vous trouvé : {row} ?": faces for row in rows})
    assert draft["measure"].eq("experience").all() and not draft["sure"].any()
    assert draft["label"].tolist()[1] == "Attente"
    # Half of the rows say that they expect: they do.
    halves = ["the service expected", "the service", "the food expected", "the food"]
    draft = survey(tmp_path, {f"Score: {half}": [*"12345"] * 12 for half in halves})
    assert draft["measure"].eq("expectation").sum() == 2


def test_open_answers_of_few_different_texts_are_no_groups(tmp_path):
    open_ones = {
        "Q7": ["The queue at the gate was too long.", "Nobody answered.", "I liked the band."] * 20,
        "Co podobało Ci się najbardziej?": ["Muzyka", "Las i jezioro", "Atmosfera"] * 20,
        "Q9": ["Gold plan", "Silver plan", "Basic"] * 20,
    }
    draft = survey(tmp_path, open_ones)
    assert (
        draft["measure"].tolist() == ["verbatim", "verbatim", "group"] and not draft["sure"].any()
    )


def test_limesurveys_codes_and_texts_and_marks_of_which_1_is_the_best(tmp_path):
    """Of 60 answers one in ten was never sent; 1 = sehr gut is the highest of five."""
    ask = "Bitte geben Sie Schulnoten (1 = sehr gut, 5 = nicht genügend)."
    rows = {"SQ001": "Unterricht", "SQ002": "Sekretariat", "SQ003": "Räume"}
    sent = ["" if k % 10 == 0 else "2026-10-05 11:20:00" for k in range(60)]
    told = {"id. Antwort ID": range(1, 61), "submitdate. Datum Abgeschickt": sent}
    told |= {"lastpage. Letzte Seite": 4, "startlanguage. Start-Sprache": "de"}
    told |= {f"G02Q02[{key}]. {ask} [{row}]": [1, 2, 3, 4, 5, 1] * 10 for key, row in rows.items()}
    draft = survey(tmp_path, told)
    assert (draft.attrs["tool"], draft.attrs["rows"]) == ("limesurvey", 54)
    asked = draft[draft["measure"] != ""]
    assert asked["measure"].tolist() == ["experience"] * 3
    assert asked["label"].tolist() == [*rows.values()]
    assert asked["codes"].iloc[0] == "5=1;4=2;3=3;2=4;1=5"
