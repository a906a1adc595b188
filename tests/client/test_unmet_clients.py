"""Clients that nobody here had met: what they sent is read as they meant it, and told as it is."""

import pandas as pd
import pyreadstat
import pytest

import cxlib as cx
from cxlib.analysis.grounds import ground
from cxlib.analysis.named import fix_of
from cxlib.client.codebook import parse_codes, plain
from cxlib.client.draft import client_lines, draft_codebook, draft_summary
from cxlib.client.draft_map import draft_map
from cxlib.page import open_page
from cxlib.page.sentences import clearest_first, each_once
from cxlib.sums.drivers import linked
from tests.one_thing import write


def told(page, name, *tables):
    return " ".join(page.sentences(name, *tables))


def test_ranks_of_which_one_thing_is_never_the_last_are_ranks(tmp_path):
    # 40 tenants put five things in order; nobody puts upkeep last, so its column ends at 4.
    orders = [[1, 2, 3, 4, 5], [2, 1, 5, 3, 4], [4, 3, 2, 5, 1], [3, 5, 1, 2, 4]] * 10
    things = ["Onderhoud", "Contact", "Huurprijs", "Energie", "Buurt"]
    asked = [f"Zet op volgorde van belangrijkheid (1 = belangrijkst): {each}" for each in things]
    pd.DataFrame(orders, columns=asked).to_csv(tmp_path / "a.csv", index=False)
    found = draft_codebook(tmp_path / "a.csv")
    assert found["measure"].eq("").all() and found["why"].str.startswith("ranks").all()


@pytest.mark.parametrize(
    ("asked", "answers", "measure", "item"),
    [
        ("Welk rapportcijfer geeft u voor Onderhoud?", [4, 7, 8, 10], "experience", "onderhoud"),
        ("Reviewer", [f"Pat Doe{n}" for n in range(40)], "", ""),
        ("ご自身の立場をお選びください", ["決裁者", "利用者"], "group", "role"),
        ("Wat kan beter?", ["Niets", "Het dak lekt"], "verbatim", ""),
    ],
)
def test_what_a_question_is_for_is_known_by_its_words(tmp_path, asked, answers, measure, item):
    columns = {"How satisfied are you with the staff?": [1, 2, 3, 4, 5] * 8}
    columns[asked] = (answers * 40)[:40]
    pd.DataFrame(columns).to_csv(tmp_path / "t.csv", index=False)
    found = draft_codebook(tmp_path / "t.csv").set_index("column").loc[asked]
    assert (found["measure"], found["item"]) == (measure, item)


def test_of_two_groups_the_worse_off_is_named():
    # Coast 4.4 and Valley 2.2: each is all the rest of the other.
    both = {"grouping": "line", "group": ["Coast", "Valley"]}
    rows = pd.concat(
        pd.DataFrame({**both, "dimension": name, "difference": [d, -d],
                      "difference_low": [d - 0.2, -d - 0.2], "difference_high": [d + 0.2, 0.2 - d]})
        for name, d in (("staff", -0.3), ("punctuality", 2.2))
    )  # fmt: skip
    found = each_once(clearest_first(rows.reset_index(drop=True)))
    assert found[["dimension", "group"]].to_numpy().tolist() == [
        ["punctuality", "Valley"], ["staff", "Valley"],
    ]  # fmt: skip


def test_the_days_of_the_answers_are_the_period_of_the_data(tmp_path):
    days = ["2024-03-01"] * 20 + ["2025-05-01"] * 20
    codebook = pd.DataFrame([("Q1", "experience", "staff")], columns=["column", "measure", "item"])
    settings = (
        "name: A\ndimensions: {staff: Staff}\nscale: [1, 5]\nsurvey: {file: s.csv, date: Day}"
    )
    answers = pd.DataFrame({"Q1": [1, 2, 3, 4, 5] * 8, "Day": days})
    write(tmp_path, "a", settings, codebook=codebook, s=answers)
    assert ground(cx.read_client("a", tmp_path))["period"] == "2024–2025"


LEFT = {"Sinistre mal géré": 60, "Tarif trop élevé": 38, "Déménagement": 2, "": 100}


def customers(folder):
    """200 customers of an insurer, of whom 100 left, each with a reason on record."""
    why = [reason for reason, count in LEFT.items() for _ in range(count)]
    rows = [f"A{n};{'01/02/2026' if each else ''};{each};120,50" for n, each in enumerate(why)]
    head = "N° client;Date de résiliation;Motif de résiliation;Prime annuelle (€)"
    (folder / "clients.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    found = draft_map(folder / "clients.csv")
    found.to_csv(folder / "customers.map.csv", index=False)
    return found


def test_why_customers_left_is_told_where_it_is_on_record(tmp_path):
    write(tmp_path, "a", "name: A\ncurrency: EUR\ndimensions: {service: Service}")
    found = customers(tmp_path / "a").set_index("is")["column"]
    assert found["why_left"] == "Motif de résiliation" and found["revenue"] == "Prime annuelle (€)"
    case = cx.read_client("a", tmp_path)
    table = cx.why_they_left(case)
    # Two who moved are fewer than ten may be told of: with the next smallest they are forty.
    assert dict(zip(table["group"], table["leavers"], strict=True)) == {
        "Sinistre mal géré": 60,
        "other": 40,
    }
    page = open_page(case, tmp_path / "reports")
    said = told(page, "why_left", table)
    assert said.startswith("The reason most often given for leaving is “Sinistre mal géré”: 60%")
    assert cx.verdict(case).sure["overturn"] == [{"code": "recorded"}]
    assert cx.leaving(case) is None, "a reason is no trait: who has none did not leave"


def test_a_day_that_every_case_has_does_not_say_that_it_was_put_right(tmp_path):
    rows = [f"{n};Sinistre;{n % 9 + 11}/01/2026;{n % 9 + 21}/01/2026" for n in range(30)]
    head = "N° réclamation;Motif;Date d'ouverture;Date de clôture"
    (tmp_path / "r.csv").write_text("\n".join([head, *rows]), encoding="utf-8")
    found = draft_map(tmp_path / "r.csv", "complaints").set_index("is")["column"]
    assert "resolved" not in found
    assert found["hours_to_resolve"] == "Date de clôture - Date d'ouverture"


def test_cases_tell_the_site_and_how_they_were_rated(tmp_path):
    # 120 cases of three agencies: 32 of the 40 of Lille are rated 2 of 5, all others 4.
    place = ["Lyon", "Nantes", "Lille"] * 40
    rows = [
        f"{n};{each};{2 if each == 'Lille' and n // 3 % 5 else 4}" for n, each in enumerate(place)
    ]
    write(tmp_path, "a", "name: A\ndimensions: {service: Service}\nscale: [1, 5]")
    head = "N° réclamation;Agence;Satisfaction du traitement (1-5)"
    path = tmp_path / "a" / "r.csv"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    draft_map(path, "complaints").to_csv(tmp_path / "a" / "complaints.map.csv", index=False)
    case = cx.read_client("a", tmp_path)
    page = open_page(case, tmp_path / "reports")
    said = told(page, "tickets", cx.what_cases_are_about(case), cx.how_cases_end(case))
    assert "were rated as handled badly; most often with “Lille”: 80%." in said
    assert said.startswith("Cases are most often about “")


def test_a_file_of_one_row_per_answer_is_told_from_one_of_people(tmp_path):
    # 30 members were asked three things each, and one left one out: 89 rows.
    rows = [(f"S{n}", "Centro", f"¿Cómo valora {each}?", n % 5 + 1)
            for n in range(30) for each in ("Vestuarios", "Horarios", "Precio")]  # fmt: skip
    long = pd.DataFrame(rows[1:], columns=["Nº socio", "Sede", "Pregunta", "Respuesta"])
    long.to_csv(tmp_path / "long.csv", index=False)
    summary = draft_summary(draft_codebook(tmp_path / "long.csv"))
    assert "not a person: try --long 'Nº socio,Pregunta,Respuesta'." in summary
    named = draft_codebook(tmp_path / "long.csv", long=("Nº socio", "Pregunta", "Respuesta"))
    assert named.attrs["rows"] == 30 and "--long" not in draft_summary(named)
    wide = pd.DataFrame(
        {"id": range(90), "Sede": ["A", "B", "C"] * 30, "Nota": [1, 2, 3, 4, 5] * 18}
    )
    wide.to_csv(tmp_path / "wide.csv", index=False)
    assert "--long" not in draft_summary(draft_codebook(tmp_path / "wide.csv"))


def test_a_column_that_client_yml_may_name_is_told_though_it_is_no_answer(tmp_path):
    times = [f"0{n % 9 + 1}.02.2026 10:00" for n in range(40)]
    columns = {"Tarih": times, "Personelden ne kadar memnunsunuz?": [1, 2, 3, 4, 5] * 8}
    pd.DataFrame(columns).to_csv(tmp_path / "a.csv", index=False)
    assert "`survey.date: Tarih`" in draft_summary(draft_codebook(tmp_path / "a.csv"))


def test_what_many_could_not_judge_is_told(tmp_path):
    # Of 100, 45 say of staff that they do not know, and 5 of seats; 5 left staff blank.
    staff = ["Don't know"] * 45 + [""] * 5 + ["4"] * 50
    answers = pd.DataFrame({"Staff": staff, "Seats": ["Don't know"] * 5 + ["2"] * 95})
    codebook = pd.DataFrame(
        [("Staff", "satisfaction", "staff", "Don't know"), ("Seats", "satisfaction", "seats", "Don't know")],
        columns=["column", "measure", "item", "missing"],
    )  # fmt: skip
    settings = "name: A\ndimensions: {service: Service}\nscale: [1, 5]\nsurvey: {file: s.csv}"
    write(tmp_path, "a", settings, codebook=codebook, s=answers)
    case = cx.read_client("a", tmp_path)
    table = cx.unscored(case)
    assert table[["item", "n"]].to_numpy().tolist() == [["staff", 95], ["seats", 100]]
    assert table["unscored"].round(4).tolist() == [0.4737, 0.05]  # 45 of 95, 5 of 100
    page = open_page(case, tmp_path / "reports")
    assert told(page, "unscored", table).startswith("Many could not judge staff: 4")
    assert told(page, "unscored", table.tail(1)) == ""


def test_links_with_nothing_do_not_say_which_experience_is_key(tmp_path):
    # A clinic asked what was expected and lived through; how content people are goes with none of it.
    lived = {"care": (6, 5, 3), "time": (6, 3, 5), "trust": (6, 6, 7)}  # expected, lived, a step
    answers = {
        f"{measure}_{item}": [of[n] + p * of[2] % 11 // 5 - 1 for p in range(385)]
        for item, of in lived.items()
        for n, measure in enumerate(("expectation", "experience"))
    }
    answers["content"] = [1 + p // 55 for p in range(385)]
    asked = [(name, *name.split("_"), name.split("_")[1]) for name in list(answers)[:-1]]
    asked += [("content", "overall", "content", "")]
    codebook = pd.DataFrame(asked, columns=["column", "measure", "item", "dimension"])
    settings = "name: Clinic\nscale: [1, 7]\ndimensions: {care: Care, time: Time, trust: Trust}\n"
    settings += "survey: {file: answers.csv}\n"
    write(tmp_path, "clinic", settings, answers=pd.DataFrame(answers), codebook=codebook)
    case = cx.read_client("clinic", tmp_path)
    assert case.estimates and not linked(cx.drivers(case))
    found = fix_of(cx.gaps(case))
    assert (found["kind"], found["dimensions"]) == ("short", ["time"])  # 3 of the 6 expected


def test_a_turkish_thing_keeps_its_ending_and_no_other(tmp_path):
    # -den is "with", its n the joint behind a possessive: süresi + n + den, but ürün + den.
    things = {"Bekleme süresinden": "Bekleme süresi", "Mobil uygulamadan": "Mobil uygulama",
              "Şube temizliğinden": "Şube temizliği", "Üründen": "Ürün"}  # fmt: skip
    asked = {f"{each} ne kadar memnunsunuz?": said for each, said in things.items()}
    asked |= {f"{said} sizin için ne kadar önemli?": said for said in things.values()}
    pd.DataFrame({each: [1, 2, 3, 4, 5] * 8 for each in asked}).to_csv(
        tmp_path / "a.csv", index=False
    )
    found = draft_codebook(tmp_path / "a.csv").set_index("column")
    assert found["label"].to_dict() == asked
    assert found["item"].value_counts().eq(2).all()


@pytest.mark.parametrize(("column", "code"), [("region", "nobody"), ("churned", "why")])
def test_why_customers_left_is_missed_only_where_some_are_known_to_have_left(
    tmp_path, column, code
):
    sold = [1000 - 9 * n for n in range(90)]  # a wine merchant's list, with and without who left
    rows = pd.DataFrame({"customer": [f"k{n}" for n in range(90)], "revenue": sold})
    rows[column] = ["yes" if n % 3 == 0 else "no" for n in range(90)]
    write(tmp_path, "wine", "name: Wine\ncurrency: EUR\n", customers=rows)
    sure = cx.verdict(cx.read_client("wine", tmp_path)).sure
    assert [each["code"] for each in sure["overturn"]] == [code]


def test_ranks_beside_answers_in_words_are_ranks_and_the_words_are_satisfaction(tmp_path):
    # An airport: five things put in order, then how satisfied people were with each, in words.
    orders = [[(n + k) % 5 + 1 for n in range(5)] for k in range(40)]
    said = ["Very dissatisfied", "Somewhat dissatisfied", "Neither", "Very satisfied"]
    things = ["Wait", "Signs", "Toilets", "Food", "Wi-Fi"]
    columns = {f"Rank these, 1 the most important - {each}": n for each, n in zip(things, zip(*orders, strict=True), strict=True)}  # fmt: skip
    columns |= {f"How satisfied were you? - {each}": said * 10 for each in things}
    pd.DataFrame(columns).to_csv(tmp_path / "a.csv", index=False)
    found = draft_codebook(tmp_path / "a.csv")
    assert found["measure"].tolist() == [""] * 5 + ["satisfaction"] * 5
    assert found["why"].head(5).str.startswith("ranks").all()


def test_a_statement_that_people_agree_with_is_rated_though_it_speaks_of_a_branch(tmp_path):
    said = ["Sangat tidak setuju", "Tidak setuju", "Netral", "Setuju", "Sangat setuju"] * 12
    things = ["Aplikasi mudah", "Antrean di cabang singkat", "Biaya wajar"]
    pd.DataFrame(dict.fromkeys(things, said)).to_csv(tmp_path / "a.csv", index=False)
    assert draft_codebook(tmp_path / "a.csv")["measure"].eq("experience").all()


def test_answers_in_words_one_to_a_row_are_told_from_people(tmp_path):
    # 40 readers of a Swedish library were asked three things each, and answered in words.
    said = ["Missnöjd", "Nöjd", "Mycket nöjd", "Vet ej"]
    rows = [(f"S{n}", f"2026-09-{n % 28 + 1:02d}", f"Hur nöjd är du med: {each}", said[(n + k) % 4])
            for n in range(40) for k, each in enumerate(("Öppettider", "Lokaler", "Utbud"))]  # fmt: skip
    long = pd.DataFrame(rows, columns=["SvarsID", "Datum", "Fråga", "Svar"])
    long.to_csv(tmp_path / "a.csv", index=False)
    summary = draft_summary(draft_codebook(tmp_path / "a.csv"))
    assert "not a person: try --long 'SvarsID,Fråga,Svar'." in summary
    read = draft_codebook(tmp_path / "a.csv", long=("SvarsID", "Fråga", "Svar"))
    assert read.attrs["rows"] == 40 and read["measure"].eq("satisfaction").sum() == 3


@pytest.mark.parametrize(
    "labels, asked",
    [
        ("Bardzo zadowolony;Raczej zadowolony;Ani zadowolony, ani niezadowolony;Raczej niezadowolony;Bardzo niezadowolony;Trudno powiedzieć",
         "Jak bardzo jest Pan(i) zadowolony(a) z: {}"),
        ("Very satisfied;Satisfied;Neither satisfied nor dissatisfied;Dissatisfied;Very dissatisfied;Hard to say",
         "How satisfied are you with: {}"),
        ("Sehr zufrieden;Eher zufrieden;Weder noch;Eher unzufrieden;Sehr unzufrieden;Schwer zu sagen",
         "Wie zufrieden sind Sie mit: {}"),
    ],
)  # fmt: skip
def test_hard_to_say_is_no_step_of_a_scale_to_nine(tmp_path, labels, asked):
    words = dict(zip([1.0, 2.0, 3.0, 4.0, 5.0, 9.0], labels.split(";"), strict=True))
    columns = {name: [*words] * 20 for name in ("q1", "q2", "q3")} | {"rok": [2025.0, 2026.0] * 60}
    texts = [asked.format(thing) for thing in ("prąd", "rachunek", "cena")] + ["Rok badania"]
    pyreadstat.write_sav(pd.DataFrame(columns), tmp_path / "a.sav", column_labels=texts,
                         variable_value_labels=dict.fromkeys(("q1", "q2", "q3"), words))  # fmt: skip
    found = draft_codebook(tmp_path / "a.sav").set_index("column")
    assert found.loc[["q1", "q2", "q3"], ["low", "high"]].to_numpy().tolist() == [[1, 5]] * 3
    assert found.loc["q1", "codes"].startswith("5=1;4=2;3=3;2=4;1=5")
    assert found.loc["q1", "label"] == "prąd".capitalize()
    assert "survey.wave" in found.loc["rok", "why"]


KANO = [  # like, must be, neutral, live with, dislike: as questionnaires in these languages have it
    ("Dat vind ik fijn", "Dat verwacht ik", "Dat maakt mij niet uit", "Daar kan ik mee leven", "Dat vind ik vervelend"),
    ("Würde mich sehr freuen", "Setze ich voraus", "Ist mir egal", "Könnte ich in Kauf nehmen", "Würde mich sehr stören"),
    ("Das gefällt mir", "Das muss so sein", "Das ist mir egal", "Das nehme ich gerade noch hin, ich kann damit leben", "Das gefällt mir gar nicht"),
    ("Ça me ferait plaisir, ça me plairait", "Ce serait un minimum", "Cela m'est égal", "Je m'en accommoderais, je l'accepterais", "Cela me dérangerait"),
    ("Me gusta", "Debe ser así", "Me es indiferente", "Puedo tolerarlo", "No me gusta"),
    ("Gosto", "Deve ser assim", "É indiferente", "Consigo conviver com isso", "Não gosto"),
    ("Mi piace", "Me lo aspetto", "Mi è indifferente", "Lo posso tollerare", "Non mi piace"),
    ("Podoba mi się", "Oczekuję tego", "Jest mi obojętne", "Mogę to zaakceptować", "Nie podoba mi się"),
    ("Hoşuma gider", "Öyle olmalı", "Fark etmez", "Katlanabilirim", "Hoşuma gitmez"),
    ("Мне нравится", "Так и должно быть", "Мне всё равно", "Могу с этим смириться", "Мне не нравится"),
    ("Suka", "Harus seperti itu", "Netral", "Bisa menerima", "Tidak suka"),
    ("Tôi thích", "Phải như vậy", "Không quan tâm", "Có thể chấp nhận", "Tôi không thích"),
    ("気に入る", "当然である", "何とも思わない", "仕方がない", "気に入らない"),
    ("Jag gillar det", "Jag förväntar mig det", "Det spelar ingen roll", "Jag kan leva med det", "Jag ogillar det"),
    ("Det kan jeg godt lide", "Det forventer jeg", "Det er jeg ligeglad med", "Det kan jeg leve med", "Det kan jeg ikke lide"),
    ("Pidän siitä", "Odotan sitä", "Ei väliä", "Voin sietää, siedän sen", "En pidä siitä"),
    ("Líbí se mi to", "Očekávám to", "Je mi to jedno", "Smířím se s tím", "Nelíbí se mi to"),
    ("Tetszik", "Elvárom", "Mindegy", "El tudom fogadni, elfogadom", "Nem tetszik"),
    ("Îmi place", "Trebuie să fie așa", "Îmi este indiferent", "Pot să accept", "Nu îmi place"),
]  # fmt: skip


@pytest.mark.parametrize("words", KANO, ids=[each[0] for each in KANO])
def test_kano_answers_are_known_in_the_languages_of_the_field(tmp_path, words):
    like, must, neutral, live, dislike = words
    there, gone = [like, must, neutral, like] * 15, [dislike, live, neutral, dislike] * 15
    columns = {"A1 [Foto]": there, "A2 [Foto]": gone, "B1 [Video]": there, "B2 [Video]": gone}
    pd.DataFrame(columns).to_csv(tmp_path / "a.csv", index=False)
    found = draft_codebook(tmp_path / "a.csv").set_index("column")
    assert found["measure"].tolist() == ["functional", "dysfunctional"] * 2
    assert found["label"].tolist() == ["Foto", "Foto", "Video", "Video"]
    codes = parse_codes(found.loc["A1 [Foto]", "codes"])
    assert {word: codes.get(plain(word)) for word in words} == dict(
        zip(words, "12345", strict=True)
    )


def test_satisfied_neutral_and_not_satisfied_are_no_kano_answers(tmp_path):
    said = ["非常满意", "满意", "中立", "不满意", "非常不满意"] * 12
    things = [f"您对{thing}满意吗" for thing in ("服务", "价格")]
    pd.DataFrame(dict.fromkeys(things, said)).to_csv(tmp_path / "a.csv", index=False)
    assert draft_codebook(tmp_path / "a.csv")["measure"].eq("satisfaction").all()


@pytest.mark.parametrize(
    "asked, steps",
    [("Hur viktigt är: {}", "Inte alls viktigt;Inte så viktigt;Varken eller;Ganska viktigt;Mycket viktigt"),
     ("Hvor vigtigt er: {}", "Slet ikke vigtigt;Ikke så vigtigt;Hverken eller;Ret vigtigt;Meget vigtigt")],
)  # fmt: skip
def test_importance_with_a_middle_in_the_north(tmp_path, asked, steps):
    words = steps.split(";")
    columns = {asked.format(thing): words * 12 for thing in ("A", "B", "C")}
    pd.DataFrame(columns).to_csv(tmp_path / "a.csv", index=False)
    found = draft_codebook(tmp_path / "a.csv")
    assert found["measure"].eq("importance").all() and found["high"].eq(5).all()
    codes = parse_codes(found["codes"][0])
    assert [codes[plain(word)] for word in words] == list("12345")


def test_a_row_of_which_nobody_gave_the_best_is_on_the_scale_of_its_battery(tmp_path):
    # A form's own names: seed is answered from 2 to 5, payment from 1 to 4.
    columns = {
        "rating/seed_quality_satisfaction": [2, 3, 4, 5, 5] * 19,
        "rating/payment_on_time_satisfaction": [1, 2, 2, 3, 4] * 19,
        "rating/officer_satisfaction": [3, 4, 5, 4, 5] * 19,
    }
    pd.DataFrame(columns).to_csv(tmp_path / "a.csv", index=False)
    found = draft_codebook(tmp_path / "a.csv")
    assert found["label"].tolist() == ["Seed quality", "Payment on time", "Officer"]
    assert found[["low", "high"]].values.tolist() == [[1, 5]] * 3
    columns["rating/payment_on_time_satisfaction"] = [0, 2, 2, 3, 4] * 19  # no step of that battery
    pd.DataFrame(columns).to_csv(tmp_path / "b.csv", index=False)
    assert draft_codebook(tmp_path / "b.csv")["why"][1].count("is it a scale") == 1


def test_a_row_in_brackets_behind_a_colon_is_called_without_them(tmp_path):
    asked = "Dans quelle mesure êtes-vous satisfait de : [{}]"
    things = ["La qualité du son", "Le confort des sièges"]
    columns = {asked.format(thing): [1, 2, 3, 4, 5] * 12 for thing in things}
    pd.DataFrame(columns).to_csv(tmp_path / "a.csv", index=False)
    found = draft_codebook(tmp_path / "a.csv")["label"]
    assert found.tolist() == ["Qualité du son", "Confort des sièges"]


@pytest.mark.parametrize(
    "there, gone, things",
    [
        ("Wie fänden Sie es, wenn das Rad {} hat?", "Wie fänden Sie es, wenn das Rad {} nicht hat?",
         ["Licht ab Werk", "GPS-Ortung", "Riemenantrieb"]),
        ("如果提供{}，您觉得怎样？", "如果不提供{}，您觉得怎样？", ["免费停车", "夜间客服"]),
        ("{} (present)", "{} (absent)", ["Free parking", "Night desk"]),
        ("F_{}", "D_{}", ["Parking", "Desk"]),
    ],
    ids=["de", "zh", "brackets", "letters"],
)  # fmt: skip
def test_a_kano_item_is_called_by_what_tells_its_questions_apart(tmp_path, there, gone, things):
    words = ["I like it", "I expect it", "I am neutral", "I can live with it", "I dislike it"]
    columns = {}
    for thing in things:
        columns |= {there.format(thing): words[:3] * 20, gone.format(thing): words[2:] * 20}
    pd.DataFrame(columns).to_csv(tmp_path / "a.csv", index=False)
    found = draft_codebook(tmp_path / "a.csv")
    assert found["measure"].tolist() == ["functional", "dysfunctional"] * len(things)
    assert found["label"].tolist() == [thing for thing in things for _ in "ab"]


STEPS = {  # from usual questionnaires: what is asked of satisfaction and importance, and its steps
    "hi": ("आप {} से कितने संतुष्ट हैं?", "बहुत असंतुष्ट;असंतुष्ट;तटस्थ;संतुष्ट;बहुत संतुष्ट",
           "आपके लिए {} कितना महत्वपूर्ण है?", "बिल्कुल महत्वपूर्ण नहीं;कम महत्वपूर्ण;तटस्थ;महत्वपूर्ण;बहुत महत्वपूर्ण"),
    "he": ("באיזו מידה אתה מרוצה מ{}?", "מאוד לא מרוצה;לא מרוצה;ניטרלי;מרוצה;מרוצה מאוד",
           "כמה חשוב לך {}?", "כלל לא חשוב;לא כל כך חשוב;בינוני;חשוב;חשוב מאוד"),
    "et": ("Kui rahul olete: {}?", "väga rahulolematu;pigem ei ole rahul;nii ja naa;pigem rahul;väga rahul",
           "Kui oluline on: {}?", "üldse ei ole oluline;pigem ebaoluline;nii ja naa;pigem oluline;väga oluline"),
    "lv": ("Cik apmierināts esat ar {}?", "Ļoti neapmierināts;Drīzāk neapmierināts;Neitrāli;Drīzāk apmierināts;Ļoti apmierināts",
           "Cik svarīgi jums ir {}?", "Nemaz nav svarīgi;Drīzāk nesvarīgi;Neitrāli;Drīzāk svarīgi;Ļoti svarīgi"),
    "lt": ("Ar esate patenkinti: {}?", "Labai nepatenkintas;Nepatenkintas;Neutraliai;Patenkintas;Labai patenkintas",
           "Kiek jums svarbu: {}?", "Visiškai nesvarbu;Mažai svarbu;Neutralu;Svarbu;Labai svarbu"),
    "sk": ("Ako ste spokojný s {}?", "Veľmi nespokojný;Skôr nespokojný;Ani spokojný, ani nespokojný;Skôr spokojný;Veľmi spokojný",
           "Ako je pre vás dôležité: {}?", "Vôbec nie je dôležité;Skôr nedôležité;Neutrálne;Skôr dôležité;Veľmi dôležité"),
    "hr": ("Koliko ste zadovoljni: {}?", "Vrlo nezadovoljan;Nezadovoljan;Niti zadovoljan niti nezadovoljan;Zadovoljan;Vrlo zadovoljan",
           "Koliko vam je važno: {}?", "Uopće nije važno;Nije važno;Niti važno niti nevažno;Važno;Vrlo važno"),
    "sl": ("Kako zadovoljni ste: {}?", "Zelo nezadovoljen;Nezadovoljen;Niti zadovoljen niti nezadovoljen;Zadovoljen;Zelo zadovoljen",
           "Kako pomembno je: {}?", "Sploh ni pomembno;Manj pomembno;Niti pomembno niti nepomembno;Pomembno;Zelo pomembno"),
    "bg": ("Колко сте доволни от {}?", "Много недоволен;По-скоро недоволен;Нито доволен, нито недоволен;По-скоро доволен;Много доволен",
           "Колко важно е {}?", "Изобщо не е важно;По-скоро не е важно;Неутрално;По-скоро важно;Много важно"),
}  # fmt: skip


@pytest.mark.parametrize("tongue", STEPS)
def test_steps_in_words_of_nine_languages_more(tmp_path, tongue):
    liked, steps, weighed, weights = STEPS[tongue]
    for measure, asked, words in (("satisfaction", liked, steps), ("importance", weighed, weights)):
        given = words.split(";")
        columns = {asked.format(thing): given * 12 for thing in ("A1", "B2", "C3")}
        pd.DataFrame(columns).to_csv(tmp_path / "a.csv", index=False)
        found = draft_codebook(tmp_path / "a.csv")
        assert found["measure"].eq(measure).all() and found["high"].eq(5).all()
        codes = parse_codes(found["codes"][0])
        assert [codes[plain(word)] for word in given] == list("12345")


@pytest.mark.parametrize("letters", ["EP", "EW", "AP"])
def test_the_letters_of_servqual_tell_what_was_expected(tmp_path, letters):
    hoped, lived = letters
    columns = {f"{hoped}{n}": [5, 6, 7, 7, 6] * 12 for n in range(1, 8)}
    columns |= {f"{lived}{n}": [1, 3, 5, 7, 4] * 12 for n in range(1, 8)}
    pd.DataFrame(columns).to_csv(tmp_path / "a.csv", index=False)
    found = draft_codebook(tmp_path / "a.csv")
    assert found["measure"].tolist() == ["expectation"] * 7 + ["experience"] * 7
    assert found["item"].tolist() == [f"{lived.lower()}{n}" for n in range(1, 8)] * 2
    assert "expected" in found["why"][0] and not found["sure"].any()
    del columns[f"{lived}7"]  # one is missing: then letters alone tell nothing
    pd.DataFrame(columns).to_csv(tmp_path / "b.csv", index=False)
    assert draft_codebook(tmp_path / "b.csv")["measure"].eq("experience").all()


def test_a_score_beside_which_a_column_says_nps_is_one_and_a_mail_address_is_told(tmp_path):
    columns = {"Survey": "NPS", "Score": [2, 7, 9, 10, 8] * 12, "Comment": "late again",
               "Person Email": [f"p{n}@x.org" for n in range(60)]}  # fmt: skip
    pd.DataFrame(columns).to_csv(tmp_path / "a.csv", index=False)
    draft = draft_codebook(tmp_path / "a.csv")
    row = draft.set_index("column").loc["Score"]
    assert row[["measure", "low", "high", "sure"]].tolist() == ["recommend", 0, 10, True]
    assert "No answers, and not read: Person Email (mail addresses)." in draft_summary(draft)
    pd.DataFrame(columns | {"Score": [20, 70, 100] * 20}).to_csv(tmp_path / "c.csv", index=False)
    assert "recommend" not in set(draft_codebook(tmp_path / "c.csv")["measure"])
    pd.DataFrame(columns | {"Survey": "CSAT"}).to_csv(tmp_path / "b.csv", index=False)
    assert draft_codebook(tmp_path / "b.csv").set_index("column")["measure"]["Score"] == "overall"


def test_the_day_and_the_person_of_an_answer_are_in_the_lines_for_client_yml(tmp_path):
    times = [f"2026-04-{1 + n % 28:02d} 10:0{n % 9}:00" for n in range(60)]
    columns = {"ID": range(1, 61), "Start": times, "When were you here?": [t[:10] for t in times],
               "End": times, "How satisfied are you with the staff?": [1, 2, 3, 4, 5] * 12}  # fmt: skip
    pd.DataFrame(columns).to_csv(tmp_path / "a.csv", index=False)
    lines = client_lines(draft_codebook(tmp_path / "a.csv"))
    assert lines[-3:] == ['  file: "a.csv"', '  date: "End"', '  respondent: "ID"']
    del columns["Start"], columns["End"]  # what was asked is the only day
    pd.DataFrame(columns).to_csv(tmp_path / "b.csv", index=False)
    lines = client_lines(draft_codebook(tmp_path / "b.csv"))
    assert lines[-2] == '  date: "When were you here?"'
    pd.DataFrame(columns | {"Respondent": range(1, 61)}).to_csv(tmp_path / "c.csv", index=False)
    assert "respondent" not in " ".join(client_lines(draft_codebook(tmp_path / "c.csv")))  # two


@pytest.mark.parametrize(
    "asked, label",
    [("Hur nöjd är du med personalen?", "Personalen"), ("Hvor tilfreds er du med personalet?", "Personalet"),
     ("Kuinka tyytyväinen olet hintaan?", "Hintaan"), ("Jak jste spokojen(a) s cenou?", "Cenou"),
     ("Mennyire elégedett az árral?", "Árral"), ("Cât de mulțumit sunteți de preț?", "Preț"),
     ("Πόσο ικανοποιημένος είστε από το φαγητό;", "Το φαγητό"), ("Наскільки ви задоволені ціною?", "Ціною"),
     ("आप कीमत से कितने संतुष्ट हैं?", "कीमत"), ("באיזו מידה אתה שבע רצון מהמחיר?", "המחיר"),
     ("Kui rahul olete hinnaga?", "Hinnaga"), ("Cik apmierināts esat ar cenu?", "Cenu"),
     ("Ar esate patenkinti kaina?", "Kaina"), ("Ako ste spokojný s cenou?", "Cenou"),
     ("Koliko ste zadovoljni hranom?", "Hranom"), ("Kako zadovoljni ste z osebjem?", "Osebjem"),
     ("Колко сте доволни от цената?", "Цената")],
    ids=lambda each: each.split()[0],
)  # fmt: skip
def test_one_question_alone_is_called_by_its_thing_in_seventeen_languages_more(
    tmp_path, asked, label
):
    columns = {asked: [1, 2, 3, 4, 5] * 20, "Overall satisfaction": [5, 4, 3, 2, 1] * 20}
    pd.DataFrame(columns).to_csv(tmp_path / "a.csv", index=False)
    found = draft_codebook(tmp_path / "a.csv").set_index("column")
    assert found.loc[asked, ["measure", "label"]].tolist() == ["satisfaction", label]
