"""Themes that were planted are found, in any language; their words and quotes are the telling ones."""

import re
from itertools import product

import numpy as np
import pandas as pd
import pytest

from cxlib.sums.themes import quotes, telling_words, themes_of, words

# Of each theme beginnings, endings, and the one word that a reader would name it by.
PLANTED = {
    "en": {
        "waiting": (["I waited in the queue", "The waiting was bad, a queue", "We had to wait in a long queue", "Waiting in that queue"],
                    ["for nearly an hour", "for much too long", "and the wait made us late", "and nobody shortened the wait"]),
        "price": (["The price is too high", "I find the prices expensive", "It is expensive", "Too expensive a price"],
                  ["for what you get", "and the price keeps rising", "when others are cheaper", "so I look at cheaper prices"]),
        "staff": (["The staff were rude", "Your staff is unfriendly and rude", "A rude member of staff", "Rude and unhelpful staff"],
                  ["when I asked", "and did not greet us", "who did not smile", "and would not help"]),
        "app": (["The app crashes", "Your app crashed", "After the update the app keeps crashing", "The app froze and crashed"],
                ["on my phone", "whenever I log in", "every time since the update", "at the login screen"]),
    },
    "de": {
        "warten": (["Ich habe in der Schlange gewartet", "Das Warten war schlimm", "Wir mussten lange warten", "Die Wartezeit in der Schlange"],
                   ["fast eine Stunde", "die Wartezeit war viel zu lang", "und kamen wegen der Schlange zu spät", "weil die Schlange nicht kürzer wurde"]),
        "teuer": (["Der Preis ist zu hoch", "Ich finde die Preise teuer", "Es ist zu teuer", "Viel zu teure Preise"],
                  ["für das, was man bekommt", "und der Preis steigt weiter", "andere sind günstiger", "ich suche günstigere Preise"]),
        "personal": (["Das Personal war unhöflich", "Ihr Personal ist unfreundlich", "Unhöfliches Personal", "Die Mitarbeiter waren unfreundlich und unhöflich"],
                     ["als ich fragte", "das Personal grüßte nicht", "und half uns nicht", "ein unfreundlicher Ton"]),
        "app": (["Die App stürzt ab", "Ihre App ist abgestürzt", "Seit dem Update stürzt die App ständig ab", "Die App hängt und stürzt ab"],
                ["auf meinem Handy", "bei jeder Anmeldung", "seit dem letzten Update", "im Bildschirm der Anmeldung"]),
    },
    "zh": {
        "排队": (["排队时间太长", "我们排队等了很久", "每次都要排队", "排队等候太久"], ["等了将近一小时", "等候让人心烦", "一直在等", "没有人管排队"]),
        "价格": (["价格太贵", "我觉得价格偏高", "这个价格不便宜", "价格比别家贵"], ["不值这么多钱", "价格还在涨", "别家更便宜", "希望便宜一点"]),
        "态度": (["服务员态度很差", "员工态度不好", "店员的态度冷淡", "态度非常恶劣"], ["问了也不理人", "不打招呼", "说话没有礼貌", "服务员没有礼貌"]),
        "闪退": (["手机应用经常闪退", "应用一打开就闪退", "更新以后应用总是闪退", "登录的时候应用闪退"], ["无法登录", "更新后更糟", "每次登录都这样", "手机上用不了"]),
    },
    "ja": {
        "行列": (["行列で長く待ちました", "待ち時間が長い行列でした", "いつも行列で待たされます", "行列の待ち時間がひどい"], ["一時間近く待った", "待ち時間を短くしてほしい", "行列が進まない", "待つのに疲れた"]),
        "値段": (["値段が高すぎます", "値段が高いと思う", "この値段は高い", "他店より値段が高い"], ["もっと安くしてほしい", "値段が上がり続けている", "他はもっと安い", "安い店を探す"]),
        "スタッフ": (["スタッフの態度が悪い", "スタッフが無愛想でした", "失礼なスタッフがいた", "スタッフの対応が失礼"], ["質問しても無視された", "挨拶もしない", "笑顔がない態度", "対応が悪い"]),
        "アプリ": (["アプリがすぐ落ちる", "アプリが起動しません", "更新後アプリが落ちる", "アプリが固まって落ちる"], ["ログインできない", "更新してから使えない", "ログイン画面で止まる", "スマホで使えない"]),
    },
}  # fmt: skip


def planted(language: str) -> tuple[pd.Series, pd.Series]:
    """(texts, the theme that each was planted with), mixed."""
    joint = " " if language in ("en", "de") else "，"
    rows = [
        (name, joint.join(parts))
        for name, (begun, ended) in PLANTED[language].items()
        for parts in product(begun, ended)
    ]
    table = pd.DataFrame(rows, columns=["theme", "text"]).sample(frac=1, random_state=4)
    return table["text"], table["theme"]


@pytest.mark.parametrize("language", PLANTED)
def test_planted_themes_are_found_and_named(language):
    texts, truth = planted(language)
    found = themes_of(texts, least=8)
    assert found.nunique() == 4
    met = pd.crosstab(found, truth)
    assert met.max(axis=1).sum() >= 0.9 * len(texts)  # nine in ten texts stand with their own
    telling = telling_words(texts, found, least=8)
    for number, own in telling.groupby("theme"):
        word = met.loc[number].idxmax()
        stem = {"waiting": "wait", "warten": "warte"}.get(word, word)
        near = " ".join(own["word"].head(5))
        assert (
            stem in near
            or word in {"waiting", "warten"}
            and ("queue" in near or "schlange" in near)
        ), near


def test_the_order_of_the_texts_changes_nothing():
    texts, _ = planted("en")
    one, other = themes_of(texts, least=8), themes_of(texts.sample(frac=1, random_state=9), least=8)
    assert (one == other.reindex(one.index)).all()


def test_where_nothing_was_said_there_is_no_theme():
    assert themes_of(pd.Series([None, "", "…", "12"] * 10, dtype=object), least=5).isna().all()
    texts, _ = planted("en")
    with_blanks = pd.concat([texts, pd.Series([None, ""], [900, 901], dtype=object)])
    assert themes_of(with_blanks, least=8).loc[[900, 901]].isna().all()


def test_what_fewer_say_is_no_theme():
    texts, truth = planted("en")
    few = texts[(truth != "app") | (truth.groupby(truth).cumcount() < 9)]
    found = themes_of(few, least=12)
    assert found[truth[few.index] == "app"].isna().sum() >= 8  # nine speak of the app
    assert found.value_counts().min() >= 12


def test_a_word_of_fewer_people_is_not_told():
    texts, truth = planted("en")
    theme = pd.Series(pd.factorize(truth)[0], truth.index)
    seven = (truth == "app") & ((truth == "app").cumsum() <= 7)
    rare = texts.where(~seven, texts + " xylophone")
    assert "xylophone" in set(telling_words(rare, theme, least=7)["word"])
    assert "xylophone" not in set(telling_words(rare, theme, least=8)["word"])
    assert (telling_words(texts, theme, least=8)["keyness"] > 6.6).all()  # chi-square, 1 %


@pytest.mark.parametrize(
    "said, named, half",
    [
        (["説明が分かりやすかったです", "待ち時間が長かったです", "待ち時間で待たされました"],
         {"説明", "時間"}, ["かった", "かりやす", "たされ", "です", "ました"]),
        (["溫泉池很乾淨", "早餐的菜都冷了", "房間太舊"], {"溫泉池", "早餐", "房間"}, "的了都很太"),
        (["Der Preis für die Wartung ist zu hoch"], {"preis", "wartung", "hoch"}, ["für", "ist", "der"]),
        (["El dentista es muy amable con los niños"], {"dentista", "amable", "niños"}, ["muy", "con"]),
    ],
)  # fmt: skip
def test_neither_endings_nor_words_between_words_name_a_theme(said, named, half):
    found = set().union(*map(words, said))
    assert named <= found
    spaced = re.compile(r"[a-zäöüßñ]+").fullmatch
    assert not [w for w in found for each in half if each == w or (each in w and not spaced(w))]


def test_keyness_is_dunning_s():
    # Rayson & Garside's calculator: 60 of 100 against 20 of 100 has G2 = 33.9 (2 x 2 table).
    texts = pd.Series(["queue"] * 60 + ["price"] * 40 + ["queue"] * 20 + ["price"] * 80)
    found = telling_words(texts, pd.Series([0] * 100 + [1] * 100)).set_index(["theme", "word"])
    a, b, c, d = 60, 40, 20, 80
    expected = 2 * sum(
        o * np.log(o / e) for o, e in zip((a, b, c, d), (40, 60, 40, 60), strict=True)
    )
    assert found.loc[(0, "queue"), "keyness"] == pytest.approx(expected)
    assert (0, "price") not in found.index


def test_quotes_tell_most_and_repeat_least():
    texts = pd.Series([
        "We stood in a queue and the queue was long.", "There was a long queue. The clerk apologised.",
        "A long queue, we queued long.", "Only one till was open.", "Fine.",
    ])  # fmt: skip
    telling = pd.Series({"queue": 30.0, "long": 20.0, "till": 12.0, "open": 8.0})
    found = quotes(texts, telling, most=3)
    assert len(found) == 2  # nothing is left to tell after the second
    assert "queue" in found[0] and found[1] == "Only one till was open."


def test_a_customer_who_says_two_things_is_quoted_on_each_theme_with_its_own():
    # Two complaints of one customer stand in one text; of the parcel's theme, the queue is no quote.
    texts = pd.Series(["The parcel came late and wet\nA long queue, and the parcel in my hands"])
    parcel, queue = (
        pd.Series({"parcel": 20.0, "hands": 9.0}),
        pd.Series({"queue": 30.0, "long": 9.0}),
    )
    assert quotes(texts, parcel, 3, queue) == ["The parcel came late and wet"]
    assert quotes(texts, queue, 3, parcel) == ["A long queue, and the parcel in my hands"]


@pytest.mark.parametrize(
    "said, whole",
    [
        # Each whole word is one that a Japanese or Chinese dictionary has (JMdict, CC-CEDICT).
        (
            ["店員がやさしい", "スタッフがやさしい", "係の人がやさしい", "窓口がやさしい"],
            "やさしい",
        ),
        (["ねだんが高い", "ねだんが上がる", "ねだんを見て", "ねだんに驚く"], "ねだん"),
        (
            ["自助点餐机不好用", "点餐用自助点餐机", "这自助点餐机太慢", "找自助点餐机"],
            "自助点餐机",
        ),
    ],
)
def test_a_theme_is_named_by_a_whole_word(said, whole):
    texts = pd.Series(said * 5 + ["今天下雨", "电话没人接", "駅から遠い", "駐車場が狭い"] * 5)
    theme = pd.Series([0] * 20 + [1] * 20)
    named = telling_words(texts, theme, least=8)
    assert named.loc[named["theme"] == 0, "word"].iloc[0] == whole
    assert not [w for w in named["word"] if w != whole and (w in whole or whole in w)]
