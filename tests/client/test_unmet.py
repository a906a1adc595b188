"""What clients send whom nobody here has met: their languages, scales, calendars and habits."""

import pandas as pd
import pytest

from cxlib.analysis.client_brief import what_was_read as received
from cxlib.client.cells import dates
from cxlib.client.draft import draft_codebook
from cxlib.client.draft_map import draft_map, map_summary
from cxlib.client.letters import western
from cxlib.client.strays import content_of

# Satisfaction as it is asked: a question, and its five answers from low to high.
ASKED = {
    "ar": ("ما مدى رضاك عن {}؟", ["غير راض إطلاقا", "غير راضٍ", "محايد", "راض", "راض جداً"]),
    "it": ("Quanto è soddisfatto di {}?",
           ["Per niente soddisfatto", "Poco soddisfatto", "Né soddisfatto né insoddisfatto",
            "Abbastanza soddisfatta", "Molto soddisfatto"]),
    "ja": ("{}にどの程度満足されましたか",
           ["非常に不満", "やや不満", "どちらともいえない", "やや満足", "非常に満足"]),
    "nl": ("Hoe tevreden bent u over {}?",
           ["Zeer ontevreden", "Ontevreden", "Neutraal", "Tevreden", "Zeer tevreden"]),
    "pl": ("Jak bardzo jest Pan zadowolony z {}?",
           ["Bardzo niezadowolony", "Niezadowolona", "Trudno powiedzieć", "Zadowolona", "Bardzo zadowolony"]),
    "ru": ("Насколько вы довольны: {}?",
           ["Очень недоволен", "Скорее недоволен", "Ни да, ни нет", "Скорее довольна", "Очень доволен"]),
    "th": ("ความพึงพอใจต่อ{}", ["ไม่พอใจมาก", "ไม่พอใจ", "เฉยๆ", "พอใจ", "พอใจมาก"]),
    "tr": ("{} ne kadar memnunsunuz?",
           ["Hiç memnun değilim", "Memnun değilim", "Kararsızım", "Memnunum", "Çok memnunum"]),
    "vi": ("Bạn hài lòng về {}?",
           ["Rất không hài lòng", "Không hài lòng", "Bình thường", "Hài lòng", "Rất hài lòng"]),
    "cs": ("Jak jste spokojen s {}?",
           ["Velmi nespokojen", "Spíše nespokojen", "Ani spokojen, ani nespokojen", "Spíše spokojen",
            "Velmi spokojen"]),
    "da": ("Hvor tilfreds er du med {}?",
           ["Meget utilfreds", "Utilfreds", "Hverken tilfreds eller utilfreds", "Tilfreds",
            "Meget tilfreds"]),
    "el": ("Πόσο ικανοποιημένος είστε από {};",
           ["Καθόλου ικανοποιημένος", "Λίγο ικανοποιημένος", "Μέτρια ικανοποιημένος",
            "Πολύ ικανοποιημένος", "Πάρα πολύ ικανοποιημένος"]),
    "fi": ("Kuinka tyytyväinen olet: {}?",
           ["Erittäin tyytymätön", "Melko tyytymätön", "En tyytyväinen enkä tyytymätön",
            "Melko tyytyväinen", "Erittäin tyytyväinen"]),
    "hu": ("Mennyire elégedett: {}?",
           ["Nagyon elégedetlen", "Inkább elégedetlen", "Semleges", "Inkább elégedett",
            "Nagyon elégedett"]),
    "no": ("Hvor fornøyd er du med {}?",
           ["Svært misfornøyd", "Misfornøyd", "Verken fornøyd eller misfornøyd", "Fornøyd",
            "Svært fornøyd"]),
    "ro": ("Cât de mulțumit sunteți de {}?",
           ["Foarte nemulțumit", "Nemulțumit", "Nici mulțumit, nici nemulțumit", "Mulțumit",
            "Foarte mulțumit"]),
    "sv": ("Hur nöjd är du med {}?",
           ["Mycket missnöjd", "Ganska missnöjd", "Varken nöjd eller missnöjd", "Ganska nöjd",
            "Mycket nöjd"]),
    "uk": ("Наскільки ви задоволені: {}?",
           ["Дуже незадоволений", "Скоріше незадоволений", "Важко сказати", "Скоріше задоволений",
            "Дуже задоволений"]),
    "emoji": ("How was {}?", ["😡", "🙁", "😐", "🙂", "😍"]),
}  # fmt: skip
THINGS = ("AAA", "BBB", "CCC")


def drafted(path, table, **how):
    table.to_csv(path, index=False, encoding=how.get("encoding", "utf-8"))
    return draft_codebook(path).set_index("column")


@pytest.mark.parametrize("language", ASKED)
def test_a_scale_in_words_is_read_from_low_to_high(tmp_path, language):
    question, words = ASKED[language]
    people = [[words[(k + j) % 5] for j in range(3)] for k in range(60)]
    draft = drafted(
        tmp_path / "s.csv", pd.DataFrame(people, columns=[question.format(t) for t in THINGS])
    )
    steps = {word: n for n, word in enumerate(words, 1)}
    for row in draft.itertuples():
        assert row.measure in ("satisfaction", "experience")
        codes = dict(each.rsplit("=", 1) for each in row.codes.split(";"))
        assert {word: int(n) for word, n in codes.items()} == steps


def test_the_same_unknown_words_in_several_columns_may_be_a_scale(tmp_path):
    words = ["ama", "bobo", "kuu", "dau"]
    people = [[words[(k + j) % 4] for j in range(3)] for k in range(40)]
    draft = drafted(tmp_path / "s.csv", pd.DataFrame(people, columns=["xa", "xb", "xc"]))
    assert not draft["sure"].any()
    assert draft["why"].str.contains("the same 4 answers in 3 columns.*ama, bobo, dau, kuu").all()


def test_a_slider_to_a_hundred_has_98_and_99(tmp_path):
    given = pd.DataFrame({"What did you expect? (0–100)": [*range(40, 90), 98, 99]})
    assert drafted(tmp_path / "s.csv", given)["missing"].tolist() == [""]
    given = pd.DataFrame({"How satisfied are you with us?": [*[1, 2, 3, 4, 5] * 10, 99]})
    assert drafted(tmp_path / "s.csv", given)["missing"].tolist() == ["99"]


def test_sums_of_money_are_no_open_answers_and_what_to_change_is_one(tmp_path):
    given = pd.DataFrame({
        "Betrag": [f"{k}.{k:03},{k} €" for k in range(10, 60)],
        "Was können wir besser machen?": ["Pünktlicher", "Sauberer"] * 25,
        "What one thing should we change?": ["Sooner", "More"] * 25,
    })  # fmt: skip
    assert drafted(tmp_path / "s.csv", given)["measure"].tolist() == ["", "verbatim", "verbatim"]


@pytest.mark.parametrize(
    ("name", "values", "holds"),
    [
        ("Age", range(20, 35), ""),
        ("Visited", [f"2026-01-{k:02}" for k in range(1, 20)], ""),
        ("birth_date", [f"{k:02}.03.1990" for k in range(1, 20)], ""),
        ("StudentNo", range(7, 700, 40), "identifier"),
        ("row", range(1, 20), "identifier"),
        ("code", [f"AC-10{k}" for k in range(10, 30)], "identifier"),
    ],
)
def test_days_and_ages_that_never_come_twice_are_no_identifiers(name, values, holds):
    assert content_of(pd.Series([*map(str, values)], name=name, dtype="str")) == holds


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Agência;Nº de produtos;não", "cp1252"),
        ("Größe;Straße", "cp1252"),
        ("Łódź;złoty;zażółć gęślą jaźń", "cp1250"),
        ("Příliš žluťoučký kůň", "cp1250"),
        ("müşteri;değil;ılık", "cp1254"),
    ],
)
def test_an_encoding_of_latin_letters_is_that_of_the_language_written(text, encoding):
    assert western(text.encode(encoding)) == encoding


@pytest.mark.parametrize(
    ("written", "days"),
    [
        (["令和8年5月3日", "令和元年10月1日"], ["2026-05-03", "2019-10-01"]),
        (["民國115年5月3日", "114/12/31"], ["2026-05-03", "2025-12-31"]),
        (["29/02/2567", "13/12/2568"], ["2024-02-29", "2025-12-13"]),  # leap years are ours
        (["2569-03-01", "2026-03-01"], ["2569-03-01", "2026-03-01"]),  # one is mistyped
        (["2024-02-01", "9999-12-31"], ["2024-02-01", "9999-12-31"]),
    ],
)
def test_years_of_other_calendars_are_counted_as_ours(written, days):
    found, unread = dates(pd.Series(written, dtype="str"))
    assert found.dt.strftime("%Y-%m-%d").tolist() == days and not unread.any()


CHURN = {
    "pt": (["Cód. Cliente", "Receita anual", "Reclamou", "Cancelou a conta"], "Sim", "Não"),
    "it": (["Codice cliente", "Fatturato annuo", "Reclamo", "Disdetto"], "Sì", "No"),
    "nl": (["Klantnummer", "Jaaromzet", "Klacht", "Opgezegd"], "Ja", "Nee"),
    "pl": (["Nr klienta", "Obrót", "Reklamacja", "Zrezygnował"], "Tak", "Nie"),
    "ja": (["顧客番号", "年間売上", "クレーム", "解約"], "あり", "なし"),
    "ko": (["고객번호", "연매출", "불만", "이탈여부"], "예", "아니오"),
    "el": (["Κωδικός πελάτη", "Ετήσιος τζίρος", "Παράπονο", "Αποχώρησε"], "Ναι", "Όχι"),
    "sv": (["Kundnummer", "Omsättning", "Klagomål", "Uppsagd"], "Ja", "Nej"),
    "da": (["Kundenummer", "Omsætning", "Klage", "Opsagt"], "Ja", "Nej"),
    "fi": (["Asiakasnumero", "Vuosimyynti", "Valitus", "Irtisanonut"], "Kyllä", "Ei"),
    "cs": (["Číslo zákazníka", "Roční obrat", "Stížnost", "Odešel"], "Ano", "Ne"),
    "hu": (["Ügyfélszám", "Éves árbevétel", "Panasz", "Lemondta"], "Igen", "Nem"),
    "ro": (["Cod client", "Venit anual", "Reclamație", "Reziliat"], "Da", "Nu"),
}


@pytest.mark.parametrize("language", CHURN)
def test_a_churn_table_is_mapped_in_the_fields_languages(tmp_path, language):
    names, yes, no = CHURN[language]
    rows = [
        (f"k{k}", 100 + k, yes if k % 7 == 0 else no, yes if k % 5 == 0 else no) for k in range(40)
    ]
    pd.DataFrame(rows, columns=names).to_csv(tmp_path / "t.csv", index=False)
    draft = draft_map(tmp_path / "t.csv").set_index("is")
    assert draft["column"][["customer", "revenue", "complained", "churned"]].tolist() == names
    assert draft.loc["churned", "values"].split(";") == [f"{yes}=yes", f"{no}=no"]


CASES = {  # the case, its day, what it is about, when it was closed
    "el": ["Αρ. Πρωτοκόλλου", "Ημερομηνία υποβολής", "Κατηγορία", "Ημερομηνία επίλυσης"],
    "sv": ["Ärendenummer", "Skapad", "Orsak", "Stängd"],
    "da": ["Sagsnummer", "Oprettet", "Årsag", "Lukket"],
    "no": ["Saksnummer", "Opprettet", "Årsak", "Lukket"],
    "fi": ["Tapausnumero", "Luotu", "Syy", "Suljettu"],
    "cs": ["Číslo případu", "Datum přijetí", "Důvod", "Datum uzavření"],
    "hu": ["Ügyszám", "Létrehozva", "Kategória", "Lezárva"],
    "ro": ["Nr. caz", "Data creării", "Motiv", "Data închiderii"],
    "id": ["No Tiket", "Tanggal Dibuka", "Kategori", "Tanggal Ditutup"],
    "pt": ["Número do caso", "Data/hora de abertura", "Motivo do caso", "Data/hora de fechamento"],
}


@pytest.mark.parametrize("language", CASES)
def test_cases_are_mapped_in_the_languages_of_europe(tmp_path, language):
    names = CASES[language]
    rows = [(1000 + k, f"2026-03-{1 + k % 28:02d} 09:00", "abc"[k % 3],
             f"2026-04-{1 + k % 28:02d} 09:00" if k % 4 else "") for k in range(40)]  # fmt: skip
    pd.DataFrame(rows, columns=names).to_csv(tmp_path / "t.csv", index=False)
    draft = draft_map(tmp_path / "t.csv", table="complaints").set_index("is")
    assert draft["column"][["case", "date", "reason", "resolved"]].tolist() == names
    assert draft.loc["hours_to_resolve", "column"] == f"{names[3]} - {names[1]}"


def test_two_values_of_which_nobody_said_what_they_are_may_say_who_left(tmp_path):
    rows = [(f"k{k}", 100 + k, "oo" if k % 5 == 0 else "xx") for k in range(40)]
    pd.DataFrame(rows, columns=["Customer", "Revenue", "Zzz"]).to_csv(
        tmp_path / "t.csv", index=False
    )
    said = map_summary(draft_map(tmp_path / "t.csv"))
    assert "who left (`churned`); these hold two values, is it one of them: Zzz (oo, xx)." in said


def test_a_column_that_the_map_reads_is_not_said_to_be_used_for_nothing(acme):
    acme.write("export.csv", "Nr,Euro,Colour\n" + "".join(f"k{k},{k},red\n" for k in range(9)))
    acme.write(
        "customers.map.csv", "file,is,column\nexport.csv,customer,Nr\nexport.csv,revenue,Euro\n"
    )
    assert "Kept and used for nothing, customers: Colour." in received(acme.read())


def test_a_column_of_which_much_is_left_out_is_not_all_well(acme):
    rows = [f"k{k},{'Nao' if k else 'yes'},{k}" for k in range(20)]
    acme.write("customers.csv", "\n".join(["customer,churned,revenue", *rows]))
    said = [str(each) for each in acme.read().warnings]
    assert any("'churned' has 19 cells of 20 rows that are left out" in each for each in said)


RATED = "a,b,c,all\n" + "".join(
    f"{k % 5 + 1},{k % 3 + 1},{5 - k % 2},{k % 4 + 2}\n" for k in range(40)
)
ROWS = "a,experience,alpha,{},1,5\nb,experience,beta,{},1,5\nc,experience,gamma,{},1,5\nall,overall,,,1,5\n"


def rated(acme, *dimensions, more="scale: [1, 5]"):
    acme.settings(f"{more}\nsurvey: {{file: s.csv}}", without="scale")
    acme.write(
        "codebook.csv", "column,measure,item,dimension,low,high\n" + ROWS.format(*dimensions)
    )
    return acme.write("s.csv", RATED).read()


def test_an_item_without_a_dimension_stands_for_itself(acme):
    # Of `beta` a third each gave 1, 2 and 3: the lowest, which no dimension of others may hide.
    case = rated(acme, "service", "", "")
    scores = case.scores.set_index("dimension")["experience"].round(2).to_dict()
    assert scores == {"service": 3.0, "beta": 1.98, "gamma": 4.5}
    assert any(
        "each of these stands for itself: beta, gamma" in str(each) for each in case.warnings
    )
    case = rated(acme, "service", "none", "none")
    assert case.scores["dimension"].tolist() == ["service"] and not case.warnings


def test_items_of_their_own_stay_when_a_board_asks_what_if(acme):
    case = rated(acme, "service", "", "").what_if({"revenue": 5})
    assert case.scores["dimension"].tolist() == ["service", "beta", "gamma"]


def test_the_scale_that_was_asked_goes_before_one_that_nobody_changed(acme):
    # `cx new` writes 0 to 10; of it the page would tell 4.5 of 5 as 4.5 of 10.
    case = rated(acme, "service", "", "", more="scale: [0, 10]")
    assert case.settings.scale == (1, 5)
    assert any("1 to 5; client.yml: 0 to 10" in str(each) for each in case.warnings)
    case = rated(acme, "service", "", "", more="scale: [0, 10]\nideal: {service: 9}")
    assert case.settings.scale == (0, 10), "an ideal of 9 is on it"
    assert any("1 to 5; client.yml: 0 to 10" in str(each) for each in case.warnings)


def test_a_colour_without_quotation_marks_is_a_remark_and_is_said(acme):
    acme.settings("colour: #1F4E79").write(
        "scores.csv", "dimension,experience,from\nservice,5,survey\n"
    )
    (said,) = map(str, acme.read().warnings)
    assert "'colour' begins with # and is read as a remark" in said and '"#1F4E79"' in said
    acme.settings('colour: "#1F4E79"  # ours')
    assert not acme.read().warnings


def test_a_column_that_nobody_gave_the_best_is_on_the_scale_of_those_like_it(tmp_path):
    # Two of three satisfactions were answered up to 7: the third, from 1 to 5, is to be looked at.
    heads = [
        f"How satisfied are you with {thing}?" for thing in ("cleanliness", "classes", "price")
    ]
    spans = [(1, 5), (3, 7), (2, 7)]
    rows = [",".join(str(low + k % (high - low + 1)) for low, high in spans) for k in range(120)]
    others = [f"{k % 7 + 1}" for k in range(120)]
    lines = [f"{','.join(heads)},How important is price?"]
    lines += [f"{row},{other}" for row, other in zip(rows, others, strict=True)]
    path = tmp_path / "survey.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    draft = draft_codebook(path).set_index("column")
    assert draft.loc[heads, ["low", "high"]].astype(float).values.tolist() == [[1, 7]] * 3
    assert not draft.loc[heads[0], "sure"] and draft.loc[heads[1:], "sure"].all()


def test_a_block_of_columns_on_a_shorter_scale_keeps_it(tmp_path):
    # Three satisfactions up to 7, and a block at the end, overall and intention, up to 5: two scales.
    spans = {f"How satisfied are you with {thing}?": 7 for thing in ("staff", "price", "speed")}
    spans |= {"All in all, how satisfied are you?": 5, "Would you buy again?": 5}
    rows = [",".join(str(k % last + 1) for last in spans.values()) for k in range(210)]
    path = tmp_path / "survey.csv"
    path.write_text("\n".join([",".join(f'"{head}"' for head in spans), *rows]) + "\n", "utf-8")
    draft = draft_codebook(path).set_index("column")
    assert draft.loc[list(spans), "high"].astype(float).tolist() == list(spans.values())


def test_what_stands_behind_every_item_is_the_measure_and_not_the_item(tmp_path):
    things = ["대기 시간", "의사 설명", "시설 청결"]
    asked = {f"{t} - {m}": [(k + n) % 7 + 1 for k in range(50)]
             for n, t in enumerate(things) for m in ("기대", "경험")}  # fmt: skip
    draft = drafted(tmp_path / "s.csv", pd.DataFrame(asked))
    assert draft["label"].tolist() == [t for t in things for _ in range(2)]
    assert draft["measure"].tolist() == ["expectation", "experience"] * 3
    assert draft.groupby("label")["item"].nunique().tolist() == [1, 1, 1]


def test_importance_from_none_to_much_has_the_steps_that_were_offered(tmp_path):
    words = ["Nada importante", "Pouco importante", "Importante", "Muito importante"]
    words += ["Extremamente importante"]
    people = {f"Qual a importância? [{t}]": [words[(k + n) % 5] for k in range(60)]
              for n, t in enumerate(THINGS)}  # fmt: skip
    draft = drafted(
        tmp_path / "s.csv", pd.DataFrame(people | {"Unidade": ["Centro", "Barra"] * 30})
    )
    assert draft.loc["Qual a importância? [AAA]", ["low", "high"]].tolist() == [1, 5]
    assert draft.loc["Qual a importância? [AAA]", "codes"] == ";".join(
        f"{word}={n}" for n, word in enumerate(words, 1)
    )
    assert draft.loc["Unidade", "item"] == "region"  # 'idade' within it is no age


def test_why_that_score_asks_for_words_and_not_for_a_reason_to_come(tmp_path):
    told = {"Jak prawdopodobne jest, że polecisz nas?": [k % 11 for k in range(60)],
            "Dlaczego taka ocena?": ["Za zimna woda, dzieci marzną", "Brudne szatnie", ""] * 20,
            "Dlaczego wybierasz nas?": ["Blisko", "Tanio", "Czysto"] * 20}  # fmt: skip
    draft = drafted(tmp_path / "s.csv", pd.DataFrame(told))
    assert draft["measure"].tolist() == ["recommend", "verbatim", "reason"]


def test_headers_with_a_currency_or_another_word_for_a_number_are_known(tmp_path):
    members = {"Member No": [f"M{n:03d}" for n in range(30)], "Annual Fee (INR)": ["12,000"] * 30,
               "Joined On": ["2024-05-01"] * 30, "Status": ["Active", "Left"] * 15,
               "Last month complaint?": ["N"] * 28 + ["Y"] * 2}  # fmt: skip
    pd.DataFrame(members).to_csv(tmp_path / "m.csv", index=False)
    found = draft_map(tmp_path / "m.csv").set_index("is")["column"]
    assert found.drop("", errors="ignore").to_dict() == dict(
        zip(["customer", "revenue", "since", "churned", "complained"], members, strict=True)
    )
    bills = {"Kunde": [f"K{n % 9}" for n in range(40)], "Rechnungsdatum": ["03.02.2026"] * 40,
             "Betrag CHF": ["1'250.50"] * 40}  # fmt: skip
    pd.DataFrame(bills).to_csv(tmp_path / "b.csv", index=False)
    draft = draft_map(tmp_path / "b.csv")
    assert draft.attrs["table"] == "transactions"
    assert draft["is"].tolist() == ["customer", "date", "amount"]


def test_a_file_that_nothing_names_is_named(acme):
    acme.write("rechnungen.csv", "Kunde,Datum\nA,2026-01-01\n")
    assert "holds files that nothing names: rechnungen.csv" in str(acme.problem())


def test_a_statement_is_named_without_its_full_stop(tmp_path):
    words = [
        "Strongly disagree",
        "Disagree",
        "Neither agree nor disagree",
        "Agree",
        "Strongly agree",
    ]
    said = ["Support solves my problem.", "Invoices are correct.", "It is worth its price."]
    people = {each: [words[(k + n) % 5] for k in range(60)] for n, each in enumerate(said)}
    draft = drafted(tmp_path / "s.csv", pd.DataFrame(people))
    assert draft["label"].tolist() == [each.rstrip(".") for each in said]


def test_answers_that_the_contract_does_not_know_are_asked_about(tmp_path):
    cases = {"Ref": [f"C/{n}" for n in range(30)], "Received": ["2026-01-05"] * 30,
             "Closed": ["2026-02-01"] * 30, "Outcome": ["Upheld", "Not upheld"] * 15}  # fmt: skip
    pd.DataFrame(cases).to_csv(tmp_path / "c.csv", index=False)
    draft = draft_map(tmp_path / "c.csv").set_index("is")
    assert draft.loc["hours_to_resolve", "column"] == "Closed - Received"
    assert draft.loc["outcome", "sure"] == "look"
    assert (
        "Upheld, Not upheld: write which of retained, at_risk, lost" in draft.loc["outcome", "why"]
    )


def drafted_from(tmp_path, columns: dict, encoding="utf-8") -> pd.DataFrame:
    """The codebook that is drafted from a survey of these columns, by column."""
    path = tmp_path / "svar.csv"
    pd.DataFrame(columns).to_csv(path, index=False, encoding=encoding)
    return draft_codebook(path, encoding=encoding).set_index("column")


def test_a_question_in_the_words_of_others_is_on_their_scale(tmp_path):
    # A Norwegian ferry on six points: nobody gave the best to two that stand side by side.
    six, five = [1, 2, 3, 4, 5, 6] * 10, [1, 2, 3, 4, 5, 5] * 10
    columns = {}
    for thing, liked, matters in (("tid", six, six), ("mat", six, five), ("info", five, six)):
        columns[f"Hvor fornøyd er du med {thing}?"] = liked
        columns[f"Hvor viktig er {thing} for deg?"] = matters
    found = drafted_from(tmp_path, columns)
    assert found["high"].astype(float).eq(6).all()
    assert found["label"].tolist() == ["Tid", "Tid", "Mat", "Mat", "Info", "Info"]


def test_a_wide_dash_parts_a_thing_from_what_is_asked_of_it(tmp_path):
    # A Taiwanese museum: what was expected, lived through and important, each of one thing.
    answers, things = [1, 2, 3, 4, 5] * 12, ("導覽解說", "展場動線", "票價")
    asked = ("參觀前期望", "實際感受", "重要程度")
    columns = {f"{thing}－{what}": answers for thing in things for what in asked}
    found = drafted_from(tmp_path, columns, "big5")
    assert found["label"].tolist() == [thing for thing in things for _ in asked]
    assert found["item"].nunique() == 3
    assert found["measure"].tolist() == ["expectation", "experience", "importance"] * 3


@pytest.mark.parametrize(
    "state, put_right, not_yet",
    [("Estatus", "Resuelta", "No resuelta"), ("Statut", "Résolue", "Non résolue"), ("Situação", "Resolvida", "Não resolvida")],
)  # fmt: skip
def test_a_state_says_what_was_put_right_and_not_the_day_of_closing(
    tmp_path, state, put_right, not_yet
):
    # A Mexican insurer: every case has its day of closing, and a third was not put right.
    closing = {
        "Estatus": "Fecha de cierre",
        "Statut": "Date de clôture",
        "Situação": "Data de fechamento",
    }
    reason = {"Estatus": "Motivo", "Statut": "Motif", "Situação": "Motivo"}
    cases = pd.DataFrame(
        {"Ticket": [f"Q{n}" for n in range(60)], reason[state]: ["Cobro", "Demora"] * 30,
         "Fecha": "2025-03-01", closing[state]: "2025-04-02", state: [put_right, put_right, not_yet] * 20}
    )  # fmt: skip
    cases.to_csv(tmp_path / "c.csv", index=False)
    found = draft_map(tmp_path / "c.csv", "complaints").set_index("is").loc["resolved"]
    assert found["column"] == state
    assert set(found["values"].split(";")) == {f"{put_right}=yes", f"{not_yet}=no"}


@pytest.mark.parametrize(
    "subject, reason", [("Subject", "Complaint reason"), ("Assunto", "Motivo do caso")]
)
def test_the_reason_of_a_case_is_taken_before_its_subject(tmp_path, subject, reason):
    rows = [(k, f"2026-03-{1 + k % 28:02d}", "xyz"[k % 3], "abc"[k % 3]) for k in range(40)]
    pd.DataFrame(rows, columns=["ID", "Date", subject, reason]).to_csv(
        tmp_path / "t.csv", index=False
    )
    draft = draft_map(tmp_path / "t.csv", table="complaints").set_index("is")
    assert draft.loc["reason", "column"] == reason
