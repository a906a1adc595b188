"""Who says what, counted by hand; what may be quoted, and by whom."""

from itertools import product

import pandas as pd
import pytest

from cxlib.analysis.client_brief import what_was_read
from cxlib.analysis.executive_report import behind_findings
from cxlib.analysis.own_words import low_scorers_words, open_answers, quoted, themes, who_says_it
from cxlib.analysis.verdict import decide, rests_on, verdict
from cxlib.client.case import read_client
from cxlib.client.kept import fingerprints, without_newcomers
from cxlib.client.release import released
from cxlib.page.findings import leading_findings, screen_figure
from cxlib.page.page import open_page
from cxlib.page.screen import words_of
from tests.one_thing import write
from tests.sums.test_themes import PLANTED

# wave, segment, theme, score of speed, people: of 100 with something to say in each wave
PEOPLE = [
    ("2025", "new", "price", 8, 40), ("2025", "old", "staff", 8, 40), ("2025", "old", "waiting", 3, 20),
    ("2026", "new", "price", 8, 24), ("2026", "new", "price", 2, 6), ("2026", "old", "staff", 8, 20), ("2026", "old", "waiting", 2, 42),
    ("2026", "new", "waiting", 2, 8), ("2026", "new", "", 8, 20), ("2026", "old", "", 2, 10),
]  # fmt: skip
CODEBOOK = pd.DataFrame(
    [(f"{measure}_{item}", measure, item, item) for item in ("speed", "taste")
     for measure in ("experience", "expectation", "importance")] + [("said", "verbatim", "said", "")],
    columns=["column", "measure", "item", "dimension"],
)  # fmt: skip
SETTINGS = """name: A Bakery
dimensions: {speed: Speed, taste: Taste}
survey: {file: answers.csv, respondent: id, wave: wave, segment: kind}
"""


def answers() -> pd.DataFrame:
    texts = {
        name: [" ".join(parts) + "." for parts in product(*of)]
        for name, of in PLANTED["en"].items()
    }
    rows = []
    for wave, kind, theme, score, count in PEOPLE:
        for k in range(count):
            said = (
                f"{texts[theme][k % 16]} {texts[theme][(7 * k + k // 16 + 3) % 16]}"
                if theme
                else ""
            )
            near = [score + k % 2, 9, 8 + k % 2, 7 + k % 2, 7, 8 - k % 2]
            rows.append((f"p{len(rows)}", wave, kind, *near, said))
    return pd.DataFrame(rows, columns=["id", "wave", "kind", *CODEBOOK["column"]])


@pytest.fixture
def bakery(tmp_path):
    def of(more: str = "", given=None):
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        write(
            folder,
            "bakery",
            SETTINGS + more,
            answers=answers() if given is None else given,
            codebook=CODEBOOK,
        )
        return read_client("bakery", folder)

    return of


def by_word(table: pd.DataFrame, word: str) -> pd.DataFrame:
    return table[table["theme"].str.contains(word)].reset_index(drop=True)


def test_shares_and_trends_are_those_counted_by_hand(bakery):
    found = themes(bakery())
    queue = by_word(found, "queue").set_index("segment")
    assert queue.loc["all", ["n", "n_of"]].tolist() == [50, 100]  # 42 + 8 of 100
    assert queue.loc["all", "share"] == pytest.approx(0.50)
    # Wilson 1927 for 50 of 100
    assert queue.loc["all", ["share_low", "share_high"]].tolist() == pytest.approx(
        [0.404, 0.596], abs=2e-3
    )
    assert queue.loc["all", "trend"] == pytest.approx(0.50 - 0.20)
    assert queue.loc["all", "trend_low"] > 0
    assert queue.loc["old", "share"] == pytest.approx(42 / 62)
    assert queue.loc["new", "share"] == pytest.approx(8 / 38)


def test_a_theme_is_tied_to_what_its_people_rate(bakery):
    found = themes(bakery())
    queue = by_word(found, "queue").iloc[0]
    assert queue["dimension"] == "speed"  # 2.5 of those who waited, 8.5 of the others
    assert queue["score"] == pytest.approx((2.5 + 7.5) / 2)  # speed and taste; half of each pair
    assert by_word(found, "expensive|price")["dimension"].isna().all()


def test_low_scorers_of_the_key_experience_come_first(bakery):
    case = bakery()
    low = who_says_it(case).query("grouping == 'low_scorers'")
    queue = by_word(low, "queue").iloc[0]
    assert (
        queue["group"] == "speed" and queue["n"] == 56 and queue["share"] == pytest.approx(50 / 56)
    )
    assert queue["share_rest"] == 0 and queue["different"] is True
    first = quoted(case).iloc[0]
    assert first["dimension"] == "speed" and "queue" in first["theme"]
    assert 1 < (quoted(case)["dimension"] == "speed").sum() <= 3


def test_the_page_says_what_low_scorers_say(bakery):
    case = bakery()
    said = open_page(case).sentence("themes", themes(case), who_says_it(case))
    assert "bad score of Speed" in said and "heard more than in the wave before, by 30" in said


def only_words(folder, **people):
    """Nothing but open answers: of each theme so many people."""
    texts = {n: [" ".join(p) + "." for p in product(*of)] for n, of in PLANTED["en"].items()}
    said = [f"{texts[name][k % 16]} {texts[name][(7 * k + k // 16 + 3) % 16]}"
            for name, n in people.items() for k in range(n)]  # fmt: skip
    write(
        folder, "fair", "name: A Fair\nsurvey: {file: words.csv}\n",
        words=pd.DataFrame({"why": said}),
        codebook=pd.DataFrame([("why", "verbatim")], columns=["column", "measure"]),
    )  # fmt: skip
    return read_client("fair", folder)


def test_open_answers_alone_lead_with_what_most_speak_of(tmp_path):
    """60 of 120 who wrote wait: 50 %, Wilson 1927 41.2 % to 58.8 %; 30 speak of the price, 30 of
    staff. Of fewer than 200, ends are rounded outward."""
    case = only_words(tmp_path, waiting=60, price=30, staff=30)
    found, page = verdict(case), open_page(case)
    assert found.fix["kind"] == "spoken" and "queue" in found.fix["group"]
    assert [found.fix[name] for name in ("value", "spoke", "n", "of")] == [0.5, 60, 120, 3]
    said = words_of(page, found)
    assert said["answer"] == f"Customers speak most often of “{found.fix['group']}”: 50%."
    assert said["fix"][1:] == ("50%", "of 120 who wrote (40% to 60%): 60 people")
    leading = leading_findings(**behind_findings(case))
    assert [each.headline for each in leading] == ["themes"]
    drawn = screen_figure(page, found, leading)
    assert " 50% (40% to 60%); " in drawn and drawn.count(" 24% (") == 2  # 25 %, in twos
    assert "Base: 120 answers" in drawn
    few = {name: None if t is None else released(case, t) for name, t in rests_on(case).items()}
    few["themes"] = few["themes"].assign(share=None)  # none may be shown
    assert decide(few, {}).fix["kind"] == "unknown"


def test_of_open_answers_that_chance_may_have_put_in_their_order_none_is_named(tmp_path):
    case = only_words(tmp_path, waiting=42, price=38, staff=15)
    found = verdict(case)
    assert len(found.fix["alike"]) == 1 and found.fix["of"] == 3  # 44 % and 40 %, but 16 %
    said = words_of(open_page(case), found)
    assert said["answer"] == "Nothing stands out in what customers say in their own words."
    assert said["fix"][1] == "None of 3" and said["fix"][2].startswith("themes clearly leads; most")


def test_where_scores_were_given_too_words_do_not_lead(bakery):
    assert "themes" not in [f.headline for f in leading_findings(**behind_findings(bakery()))]


def test_where_only_recommendation_was_asked_the_report_leads_with_what_those_say_who_give_least(
    tmp_path,
):
    """60 who give 3: 45 of them wait, 15 speak of the price; 90 who give 9: 5 wait, 40 and 45 of staff."""
    texts = {n: [" ".join(p) + "." for p in product(*of)] for n, of in PLANTED["en"].items()}
    said = [(3, "waiting")] * 45 + [(3, "price")] * 15 + [(9, "waiting")] * 5
    said += [(9, "price")] * 40 + [(9, "staff")] * 45
    rows = [(score, f"{texts[theme][k % 16]} {texts[theme][(7 * k + k // 16 + 3) % 16]}")
            for k, (score, theme) in enumerate(said)]  # fmt: skip
    write(
        tmp_path, "tram", "name: A Tram\nsurvey: {file: nps.csv}\n",
        nps=pd.DataFrame(rows, columns=["score", "why"]),
        codebook=pd.DataFrame([("score", "recommend", 0, 10), ("why", "verbatim", None, None)],
                              columns=["column", "measure", "low", "high"]),
    )  # fmt: skip
    case = read_client("tram", tmp_path)
    low = low_scorers_words(case)
    wait = by_word(low, "queue").iloc[0]
    assert (wait["group"], wait["n"], wait["n_rest"]) == ("recommend", 60, 90)
    assert (wait["share"], wait["share_rest"]) == pytest.approx((45 / 60, 5 / 90))
    assert wait["different"] is True
    found = leading_findings(**behind_findings(case))
    assert [f.headline for f in found][:2] == ["promoters", "low_scorers_say"]
    page = open_page(case)
    told = page.sentence(found[1].headline, *found[1].tables)
    assert told.startswith("Those who gave 0 to 6 speak of “") and "75%, against 5%" in told
    assert "long 75%" in page.figure_html("low_scorers", low)


def test_stars_and_a_text_lead_with_the_stars_and_with_what_few_stars_go_with(tmp_path):
    """Of five stars: 60 give 1, 45 of them wait; 90 give 5 and hardly any waits. (60 + 450) / 150 = 3.4."""
    texts = {n: [" ".join(p) + "." for p in product(*of)] for n, of in PLANTED["en"].items()}
    said = [(1, "waiting")] * 45 + [(1, "price")] * 15 + [(5, "waiting")] * 5
    said += [(5, "price")] * 40 + [(5, "staff")] * 45
    rows = [(stars, f"{texts[theme][k % 16]} {texts[theme][(7 * k + k // 16 + 3) % 16]}", "new" if stars == 1 else "old")
            for k, (stars, theme) in enumerate(said)]  # fmt: skip
    write(
        tmp_path, "app", "name: An App\nscale: [1, 5]\nsurvey: {file: stars.csv}\n",
        stars=pd.DataFrame(rows, columns=["stars", "why", "version"]),
        codebook=pd.DataFrame(
            [("stars", "overall", None, 1, 5), ("why", "verbatim", None, None, None),
             ("version", "group", "version", None, None)],
            columns=["column", "measure", "item", "low", "high"]),
    )  # fmt: skip
    case = read_client("app", tmp_path)
    page, found = open_page(case), verdict(case)
    assert words_of(page, found)["answer"] == "On the whole customers give 3.4 of 5."
    # 3.4 ± 1.976 × √(3.84 × 150 ÷ 149 ÷ 150): 3.08 to 3.72, each end rounded outward.
    assert words_of(page, found)["fix"][1:] == ("3.4", "of 5, for all of it (3.0 to 3.8)")
    more = leading_findings(**behind_findings(case))
    assert [f.headline for f in more] == ["low_scorers_say", "segments"]
    told = [page.sentence(f.headline, *f.tables) for f in more]
    assert told[0].startswith("Those with a bad score of Overall satisfaction speak of")
    assert "75%, against 5%" in told[0]
    assert told[1].startswith("The clearest difference: Overall satisfaction")


def test_a_theme_is_renamed_joined_or_left_out_by_a_word(bakery):
    case = bakery("themes: {Queue: Till, rude: Till, expensive: ''}\n")
    found = themes(case)
    assert found["theme"].unique().tolist() == ["Till"]
    assert found.loc[0, ["n", "n_of"]].tolist() == [70, 100]  # 50 wait, 20 speak of the staff
    assert "queue" not in str(open_page(case).sentence("themes", themes(case), None)).casefold()
    unknown = bakery("themes: {quebracho: Till}\n")
    assert "quebracho" in open_page(unknown).sentence("themes", themes(unknown), None)
    assert not [line for line in what_was_read(case) if "themes" in line]
    said = next(line for line in what_was_read(unknown) if "themes" in line)
    assert "no theme is told by quebracho" in said and "queue" in said, "and which words tell one"


def test_nothing_is_quoted_that_the_client_keeps(bakery, monkeypatch):
    case = bakery("quotes: none\n")
    assert len(quoted(case)) and released(case, quoted(case)).empty
    page = open_page(case)
    monkeypatch.setattr("cxlib.page.page.table_html", lambda *_: pytest.fail("a table was made"))
    page.table(quoted(case), caption="What they say")  # not even an empty table
    assert len(themes(case))  # what is counted may be told


def test_nothing_is_quoted_of_too_few(bakery):
    case = bakery("disclosure: 25\n")
    told = released(case, quoted(case))
    few = told["n"].isna()
    assert few.any() and told.loc[few, "quote"].isna().all()  # 20 speak of the staff
    assert told.loc[~few, "quote"].notna().all()
    queue = by_word(released(case, themes(case)), "queue").set_index("segment")
    assert queue.loc["new", "flag"] == "withheld" and pd.isna(queue.loc["new", "share"])  # 8 people
    assert pd.isna(queue.loc["old", "share"])  # all less the old would be the new


def test_a_name_is_in_no_theme_and_no_quote(bakery):
    given = answers()
    names = [f"Xq{chr(97 + k % 26)}{chr(97 + k // 26)}or" for k in range(len(given))]
    pairs = zip(given["said"], names, given["id"], strict=True)
    given["said"] = [said.replace(".", f" by {name} 555-{who}.") for said, name, who in pairs]
    case = bakery("", given)
    assert open_answers(case)["text"].str.contains("Xq").all()
    for table in (themes(case), quoted(case), who_says_it(case)):
        told = table.select_dtypes(exclude="number").to_csv()
        assert "queue" in told and "xq" not in told.lower() and "555" not in told


def test_complaints_speak_where_nobody_was_asked(tmp_path):
    texts = [" ".join(parts) for of in list(PLANTED["en"].values())[:2] for parts in product(*of)]
    cases = pd.DataFrame({
        "case": [f"k{n}" for n in range(64)], "customer": [f"c{n % 40}" for n in range(64)],
        "text": texts * 2,
    })  # fmt: skip
    write(tmp_path, "calls", "name: Calls\n", complaints=cases)
    case = read_client("calls", tmp_path)
    assert len(open_answers(case)) == 40  # customers, not cases
    found = themes(case)
    assert found["n_of"].eq(40).all() and 30 <= found["n"].sum() <= 40
    assert found["theme"].str.contains("queue|expensive|cheaper").sum() >= 2
    assert len(quoted(case)) and who_says_it(case) is None


WORDS = {
    "en": ["Very dissatisfied", "Dissatisfied", "Neutral", "Satisfied", "Very satisfied"],
    "zh": ["非常不满意", "不满意", "一般", "满意", "非常满意"],
}


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("rated", [False, True])
def test_low_scorers_are_known_where_the_whole_was_rated_in_words(tmp_path, language, rated):
    """60 are dissatisfied, 45 of them wait; 90 satisfied, of whom 5 do. No scale is said: the words go
    from 1 to 5. Where an experience was rated of which nothing falls short, the whole still speaks."""
    texts = {n: [" ".join(p) + "." for p in product(*of)] for n, of in PLANTED["en"].items()}
    said = [(1, "waiting")] * 45 + [(0, "price")] * 15 + [(3, "waiting")] * 5
    said += [(3, "price")] * 40 + [(4, "staff")] * 45
    words = WORDS[language]
    rows = [(words[step], f"{texts[theme][k % 16]} {texts[theme][(7 * k + k // 16 + 3) % 16]}", 6 + k % 2)
            for k, (step, theme) in enumerate(said)]  # fmt: skip
    codes = ";".join(f"{word}={n}" for n, word in enumerate(words, 1))
    book = [("whole", "overall", None, codes), ("why", "verbatim", None, None)]
    book += [("speed", "experience", "product", None)] * rated
    write(
        tmp_path, "shop", "name: A Shop\nsurvey: {file: s.csv}\n",
        s=pd.DataFrame(rows, columns=["whole", "why", "speed"]),
        codebook=pd.DataFrame(book, columns=["column", "measure", "dimension", "codes"]),
    )  # fmt: skip
    case = read_client("shop", tmp_path)
    wait = by_word(low_scorers_words(case), "queue").iloc[0]
    assert (wait["group"], wait["n"], wait["n_rest"]) == ("overall", 60, 90)
    assert (wait["share"], wait["share_rest"]) == pytest.approx((45 / 60, 5 / 90))
    assert case.survey.columns.loc[0, ["low", "high"]].tolist() == [1, 5]


def test_who_says_something_else_waits_as_who_scores_otherwise_does(bakery):
    first, given = bakery().survey, answers()
    given.loc[given["said"].ne("").idxmax(), "said"] = "Nothing to say."
    second = bakery("", given).survey
    known = [{"people": sorted(fingerprints(first)), "when": "then"}]
    there, waits = without_newcomers(second, known, 10)
    assert len(there.people) == len(second.people) - 10  # she and nine drawn to go with her
    assert "p0" in set(waits["respondent"]) and len(without_newcomers(first, known, 10)[1]) == 0


def with_kano(folder, **answers):
    """A client of whom nothing is known but answers to what it is like with and without each thing."""
    columns = {
        f"{half}_{item}": [pair[k] for pair, n in pairs.items() for _ in range(n)]
        for item, pairs in answers.items() for k, half in enumerate(("with", "without"))
    }  # fmt: skip
    measure = {"with": "functional", "without": "dysfunctional"}
    rows = [(name, measure[name.partition("_")[0]], name.partition("_")[2]) for name in columns]
    write(
        folder, "bikes", "name: Bikes\nsurvey: {file: kano.csv}\n", kano=pd.DataFrame(columns),
        codebook=pd.DataFrame(rows, columns=["column", "measure", "item"]),
    )  # fmt: skip
    return read_client("bikes", folder)


def test_kano_answers_alone_lead_with_what_must_not_fail(tmp_path, monkeypatch):
    """Of 60, 48 expect lights and dislike their absence (M), 12 do not care (I): 80 % are displeased,
    Wilson 1927 68.2 % to 88.2 %, which 60 answers tell in steps of five."""
    lights, gps = {(2, 5): 48, (3, 3): 12}, {(1, 3): 48, (3, 3): 12}
    case = with_kano(tmp_path, lights=lights, gps=gps)
    found, page = verdict(case), open_page(case)
    assert [found.fix[name] for name in ("kind", "group", "value", "n", "of")] == [
        "requirements", "lights", 0.8, 60, 2,
    ]  # fmt: skip
    said = words_of(page, found)
    assert said["answer"] == "“lights” must not fail: 80% are displeased without it."
    assert said["fix"][1:] == ("80%", "are displeased without it (65% to 90%)")
    leading = leading_findings(**behind_findings(case))
    assert "80%" in screen_figure(page, found, leading)
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, **_: shown.append(data))
    page.headline("requirements", leading[0].tables[0])
    assert "Base" not in str(shown)  # it leads already, and of its rest a base alone tells nothing
    tied = words_of(page, verdict(with_kano(tmp_path / "b", lights=lights, bell=lights)))
    assert tied["answer"] == "All 2 items must not fail; none stands out."
    assert tied["fix"][1:] == ("None of 2", "stands out: none of them must fail")
    none = verdict(with_kano(tmp_path / "c", gps=gps))
    assert none.fix["kind"] == "unknown"
