"""Files as people send them: options that hold the mark, a second header row, covers, previews in
every language, totals beneath the table. Every number is counted by hand in what is written here."""

import csv

import pytest
from openpyxl import Workbook

from cxlib.client.draft import draft_codebook, draft_summary
from cxlib.client.exports import read_export
from cxlib.client.problems import ClientError


def written(path, rows):
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def book(path, sheets, change=None, hidden=()):
    made = Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        page = made.create_sheet(name)
        for row in rows:
            page.append(row)
        page.sheet_state = "hidden" if name in hidden else "visible"
    if change:
        change(made)
    made.save(path)
    return path


# Options that hold the mark

ONE = ["Very good, I would come back", "Good", "So-so, could be quicker", "Poor"]


@pytest.mark.parametrize(
    ("head", "mark"), [("Timestamp", ", "), ("Horodateur", ";"), ("Zeitstempel", ", ")]
)
def test_a_single_choice_whose_options_hold_the_mark_stays_whole(tmp_path, head, mark):
    options = [each.replace(", ", mark) for each in ONE]
    rows = [[f"2026/03/{n + 1:02d} 10:00:00", options[n % 4]] for n in range(20)]
    export = read_export(written(tmp_path / "a.csv", [[head, "How was it?"], *rows]))
    assert export.columns.loc["How was it?", "kind"] == "single"
    assert export.frame["How was it?"].value_counts().to_dict() == dict.fromkeys(options, 5)


def test_an_option_that_holds_the_mark_is_one_among_several(tmp_path):
    # Three options, the first with a comma: seven ways to tick them, each by three people.
    price, shop, web = "Price, or what it costs", "Shop", "Web"
    ticks = [[price], [shop], [web], [price, shop], [price, web], [shop, web], [price, shop, web]]
    rows = [["2026/03/01 10:00:00", ", ".join(each)] for each in ticks * 3]
    export = read_export(written(tmp_path / "a.csv", [["Timestamp", "What matters?"], *rows]))
    assert export.frame["What matters?"].tolist() == [";".join(each) for each in ticks * 3]


def test_microsoft_forms_ends_every_option_with_its_mark(tmp_path):
    head = ["ID", "Startzeit", "Fertigstellungszeit", "E-Mail", "Name", "Wege", "Note"]
    said = ["Web;Telefon;", "Laden;", "Web;", "Telefon;Laden;", "Web;Telefon;Laden;"] * 4
    rows = [
        [n, "1.3.26 10:00", "1.3.26 10:05", "a", "b", each, 4] for n, each in enumerate(said, 1)
    ]
    export = read_export(written(tmp_path / "a.csv", [head, *rows]))
    assert export.tool == "ms_forms" and export.questions == ["Wege", "Note"]
    assert export.frame["Wege"].tolist()[:2] == ["Web;Telefon", "Laden"]


FORMS = {  # as public programs read them: ID, start, end, mail, name
    "pl": ["Godzina rozpoczęcia", "Godzina ukończenia", "Adres e-mail", "Nazwa"],
    "sv": ["Starttid", "Slutförandetid", "E-post", "Namn"],
    "tr": ["Başlangıç zamanı", "Tamamlanma zamanı", "E-posta", "Ad"],
}


@pytest.mark.parametrize("language", FORMS)
def test_microsoft_forms_is_known_by_its_headers_in_other_languages(tmp_path, language):
    rows = [[n, "1.3.26 10:00", "1.3.26 10:05", "a", "b", 4] for n in range(1, 20)]
    head = ["ID", *FORMS[language], "Note"]
    export = read_export(written(tmp_path / "a.csv", [head, *rows]))
    assert export.tool == "ms_forms" and export.questions == ["Note"]


# A column for each option


@pytest.mark.parametrize(
    ("heads", "title"),
    [
        (["ways___1", "ways___2", "ways___3"], "ways"),
        (["Ways? (choice=Web)", "Ways? (choice=Phone)", "Ways? (choice=Shop)"], "Ways?"),
        (["trip/ways/web", "trip/ways/phone", "trip/ways/shop"], "trip/ways"),
        (["Q1[SQ001]", "Q1[SQ002]", "Q1[SQ003]"], "Q1"),
    ],
)
def test_options_as_columns_of_0_and_1_are_one_question(tmp_path, heads, title):
    rows = [[n, n % 2, int(n % 3 == 0), int(n % 5 == 0)] for n in range(1, 21)]
    export = read_export(written(tmp_path / "a.csv", [["id", *heads], *rows]))
    assert export.columns.loc[title, "kind"] == "multiple"
    often = export.frame[title].dropna().str.split(";").explode().value_counts()
    assert sorted(often) == [4, 6, 10]  # multiples of 5, of 3, and the odd numbers up to 20
    assert export.frame[heads[1]].astype(int).sum() == 6  # a codebook may name them still


# Two header rows

MATRIX = [
    ["Respondent ID", "Start Date", "End Date", "How satisfied are you with:", "", "", "Overall"],
    ["", "", "", "Staff", "Price", "Shop", "Response"],
]


def answers(count=40):
    day = ["03/01/2026 10:00:00 AM", "03/01/2026 10:04:00 AM"]
    return [[9000 + n, *day, n % 5 + 1, n % 4 + 1, n % 3 + 1, n % 2 + 4] for n in range(count)]


def test_surveymonkey_without_its_collectors_columns(tmp_path):
    export = read_export(written(tmp_path / "a.csv", [*MATRIX, *answers()]))
    assert export.tool == "surveymonkey" and len(export.frame) == 40
    asked = [f"How satisfied are you with: [{each}]" for each in ("Staff", "Price", "Shop")]
    assert export.questions == [*asked, "Overall"]


def test_a_matrix_last_in_a_workbook(tmp_path):
    order = [0, 1, 2, 6, 3, 4, 5]
    rows = [[row[n] or None for n in order] for row in [*MATRIX, *answers()]]
    rows[0] = rows[0][:5]  # a row of a sheet ends with its last cell
    export = read_export(book(tmp_path / "a.xlsx", {"Sheet": rows}))
    assert export.tool == "surveymonkey" and len(export.frame) == 40
    assert export.questions[-1] == "How satisfied are you with: [Shop]"


def test_a_question_merged_over_its_rows_in_any_workbook(tmp_path):
    rows = [
        ["Kunde", "Wie zufrieden sind Sie mit", None, "Gesamt"],
        [None, "Personal", "Preis", None],
    ]
    rows += [[f"K{n:03d}", n % 5 + 1, n % 4 + 1, 3] for n in range(30)]

    def merge(made):
        made["Daten"].merge_cells("B1:C1")
        made["Daten"].merge_cells("A1:A2")

    export = read_export(book(tmp_path / "a.xlsx", {"Daten": rows}, merge))
    assert len(export.frame) == 30 and "two header rows" in export.how
    assert list(export.frame.columns) == [
        "Kunde", "Wie zufrieden sind Sie mit [Personal]", "Wie zufrieden sind Sie mit [Preis]",
        "Gesamt",
    ]  # fmt: skip


def test_a_second_row_without_an_identifier_is_doubted(tmp_path):
    rows = [["id", "a", "b"], ["", 5, 4], *[[n, 3, 2] for n in range(1, 11)]]
    warnings = read_export(written(tmp_path / "a.csv", rows)).warnings
    assert "has no 'id' in row 2 alone" in warnings[0]


# Sheets, and what stands above the header

DATA = [["id", "Satisfaction with staff", "Satisfaction with price"]]
DATA += [[n, n % 5 + 1, n % 4 + 1] for n in range(1, 31)]


def test_a_cover_is_passed_over_and_named(tmp_path):
    path = book(tmp_path / "a.xlsx", {"Read me": [["Survey"], ["Agency"]], "Data": DATA})
    assert len(read_export(path).frame) == 30
    assert "Sheet 'Data' is read; also there: Read me." in draft_summary(draft_codebook(path))


def test_a_hidden_sheet_is_passed_over(tmp_path):
    sheets = {"_cfg": [["key", "value"], ["version", 3], ["lang", "en"]], "Responses": DATA}
    assert len(read_export(book(tmp_path / "a.xlsx", sheets, hidden=["_cfg"])).frame) == 30


def test_of_several_sheets_with_tables_one_must_be_named(tmp_path):
    path = book(tmp_path / "a.xlsx", {"2024": DATA[:11], "2025": DATA})
    with pytest.raises(ClientError, match="2 sheets that hold a table: 2024, 2025") as refusal:
        read_export(path)
    assert "--sheet" in str(refusal.value)
    draft = draft_codebook(path, sheet="2024")
    assert draft.attrs["rows"] == 10 and 'sheet: "2024"' in draft_summary(draft)


@pytest.mark.parametrize(
    "title",
    [[["Customer survey, spring"], []], [["Survey"], ["of", "2026"], []], [["Survey 2026"]]],
)
def test_a_title_above_the_header_gets_a_line(tmp_path, title):
    export = read_export(book(tmp_path / "a.xlsx", {"Data": [*title, *DATA]}))
    assert len(export.frame) == 30 and export.frame.index[0] == len(title) + 2
    assert "stands above the header" in export.left_out


def test_rows_wider_than_the_header_have_a_remedy_for_a_workbook(tmp_path):
    rows = [*DATA[:20], [20, 3, 4, 9, 9]]
    with pytest.raises(ClientError, match="more cells") as refusal:
        read_export(book(tmp_path / "a.xlsx", {"Data": rows}))
    assert "quotation mark" not in str(refusal.value) and "title" in str(refusal.value)


# Qualtrics

FIELDS = ["StartDate", "EndDate", "Status", "Progress", "Finished", "RecordedDate", "ResponseId"]
IDS = {
    "double": [f'{{"ImportId": "{each}"}}' for each in [*FIELDS, "QID1"]],
    "single": [f"{{'ImportId': '{each}'}}" for each in [*FIELDS, "QID1"]],
    "none": [],
}


def qualtrics(status, imported="double", count=30):
    times = ["2026-03-01 10:00:00", "2026-03-01 10:03:00"]
    rows = [
        [*times, status[n % len(status)], 100, "True", times[1], f"R_{n:03d}", n % 5 + 1]
        for n in range(count)
    ]
    return [[*FIELDS, "Q1"], [*FIELDS, "How satisfied?"], *filter(None, [IDS[imported]]), *rows]


@pytest.mark.parametrize("imported", IDS)
def test_the_row_of_import_ids_is_no_answer(tmp_path, imported):
    path = written(tmp_path / "a.csv", qualtrics(["IP Address"], imported))
    assert len(read_export(path).frame) == 30


@pytest.mark.parametrize(
    ("preview", "answer"),
    [
        ("Survey Preview", "IP Address"), ("Umfragevorschau", "IP-Adresse"),
        ("Aperçu de l'enquête", "Adresse IP"), ("Vista previa de la encuesta", "Dirección IP"),
        ("Pré-visualização da pesquisa", "Endereço IP"), ("Anteprima sondaggio", "Indirizzo IP"),
        ("调查预览", "IP 地址"), ("問卷預覽", "IP 位址"), ("アンケートのプレビュー", "IPアドレス"),
        ("설문조사 미리 보기", "IP 주소"), ("Survey Test", "Imported"), ("1", "0"), ("2", "4"),
    ],
)  # fmt: skip
def test_previews_and_tests_in_the_accounts_language(tmp_path, preview, answer):
    path = written(tmp_path / "a.csv", qualtrics([answer, answer, preview]))
    export = read_export(path)
    assert len(export.frame) == 20 and not export.warnings
    assert export.left_out == "10 rows: a preview or test, not an answer (10)"
    assert "Rows left out: 10 rows" in draft_summary(draft_codebook(path))


def test_a_status_that_is_not_known_is_kept_and_doubted(tmp_path):
    export = read_export(written(tmp_path / "a.csv", qualtrics(["IP Address", "Kuckuck"])))
    assert len(export.frame) == 30 and "is not known (Kuckuck)" in export.warnings[0]


def test_a_file_of_nothing_but_tests_says_so(tmp_path):
    path = written(tmp_path / "a.csv", qualtrics(["Survey Test"]))
    with pytest.raises(ClientError, match=r"all 30 rows are previews or tests: Survey Test \(30\)"):
        draft_codebook(path)


# Rows that are nobody's

RATED = [[n, n % 5 + 1, n % 2 + 3] for n in range(1, 31)]  # means 3 and 3.5; sums 90 and 105


@pytest.mark.parametrize(
    "beneath",
    [
        [["Average", 3, 3.5]], [["Total", 90, 105]], [["合计", 90, 105]], [["平均", 3, 3.5]],
        [["Durchschnitt", 3, 3.5]], [["Moyenne", 3, 3.5]], [["Promedio", 3, 3.5]],
        [["", 3, 3.5]], [["", 90, 105]], [["Ø", 3, 3.5]], [["Mean", 3, 3.5], ["Sum", 90, 105]],
        [["", "", ""], ["GRAND TOTAL", 90, 105]], [["Mean", 3, 3.5], ["Source: our own survey", "", ""]],
    ],
)  # fmt: skip
def test_what_sums_a_table_up_is_no_person(tmp_path, beneath):
    rows = [["id", "desk", "fees"], *RATED, *beneath]
    export = read_export(written(tmp_path / "a.csv", rows))
    there = export.frame[export.frame["id"].fillna("") != ""]
    assert (
        len(there) == 30
        and export.frame["desk"].replace("", None).dropna().astype(float).mean() == 3
    )
    assert len(export.rejected) == sum(map(any, beneath))


@pytest.mark.parametrize("last", [["31", 3, 4], ["", 5, 4], ["Max", 5, 5], ["", "", 3]])
def test_the_last_person_stays(tmp_path, last):
    export = read_export(written(tmp_path / "a.csv", [["id", "desk", "fees"], *RATED, last]))
    assert len(export.frame) == 31


def test_a_row_that_stands_twice_is_kept_once(tmp_path):
    rows = [*RATED, ["7.0", *RATED[6][1:]], [8, 1, 1]]  # 7 again, and another answer of 8
    export = read_export(
        written(tmp_path / "a.csv", [["id", "desk", "fees"], *rows]), respondent="id"
    )
    assert len(export.frame) == 31
    assert export.rejected.to_numpy().tolist() == [[32, "id", "7", "is row 8 a second time"]]


def test_what_is_no_answer_is_told_by_what_it_holds(tmp_path):
    head = ["key", "sent", "from", "mail", "score", "why"]
    rows = [
        [f"a{n}f-{n}x9", f"2026-03-01T10:{n:02d}:00", f"192.0.2.{n}", f"p{n}@example.org", n % 5 + 1,
         f"It was number {n} for me"]
        for n in range(1, 31)
    ]  # fmt: skip
    export = read_export(written(tmp_path / "a.csv", [head, *rows]))
    assert export.columns["role"].tolist() == ["identifier", "time", "address", "mail", "", ""]
    draft = draft_codebook(tmp_path / "a.csv").set_index("column")
    assert draft["measure"][["key", "sent", "from", "mail"]].tolist() == [""] * 4


def test_times_and_identifiers_under_two_header_rows_are_told_too(tmp_path):
    rows = [
        ["Kunde", "Beginn", "Wie zufrieden", "", "Gesamt"],
        ["", "", "Beratung", "Preis", "Antwort"],
    ]
    rows += [[f"K-{n:05d}", "01.03.2026 10:00", n % 5 + 1, n % 4 + 1, 3] for n in range(20)]
    export = read_export(written(tmp_path / "a.csv", rows))
    assert export.columns["role"].tolist() == ["identifier", "time", "", "", ""]


@pytest.mark.parametrize(
    ("head", "given", "low", "high"),
    [
        ("Note globale de satisfaction (sur 20)", "{}", 0, 20),
        ("Satisfaction : accueil /20", "{}/20", 0, 20),
        ("Satisfaction : cantine", "{}/20", 0, 20),
        ("Satisfaction avec la propreté (0 à 20)", "{}", 0, 20),
        ("Satisfação com o ginásio (de 1 a 20)", "{}", 1, 20),
    ],
)
def test_marks_out_of_twenty_are_believed_where_header_or_answer_says_so(
    tmp_path, head, given, low, high
):
    # Nobody gave 0, 1 or 20: only what is written tells the ends. 7/20 is 7, not 7 of 10.
    rows = [[f"{n % 13 + 5}", given.format(n % 13 + 5)] for n in range(52)]
    draft = draft_codebook(written(tmp_path / "a.csv", [["Id", head], *rows])).set_index("column")
    line = draft.loc[head]
    assert (line["low"], line["high"], bool(line["sure"])) == (low, high, True), line["why"]
    assert line["measure"] in ("overall", "satisfaction")
    assert "/20" not in str(line["label"]) and "20" not in str(line["item"])
    if "/" in given:
        assert "7/20=7" in line["codes"]


def test_the_rows_of_one_matrix_are_on_one_scale(tmp_path):
    # Of a grid from 1 to 6 nobody gave two of its rows more than 4: they are on no scale of four.
    rated = {
        "Hotline": (6, 4),
        "Personal": (4, 4),
        "Rechnung": (6, 4),
        "Versorgung": (4, 3),
        "Portal": (6, 5),
    }
    asked = [f"{of} [{each}]" for of in ("Zufriedenheit", "Wichtigkeit") for each in rated]
    tops = [each[of] for of in (0, 1) for each in rated.values()]
    rows = [[f"{n % top + 1}" for top in tops] for n in range(60)]
    draft = draft_codebook(written(tmp_path / "a.csv", [asked, *rows]))
    assert draft[["low", "high"]].to_numpy().tolist() == [[1, 6]] * 5 + [[1, 5]] * 5


def test_beside_school_marks_every_rating_may_have_1_as_its_best(tmp_path):
    heads = ["Id", "Zufriedenheit mit der Hotline", "Welche Schulnote geben Sie uns insgesamt?"]
    rows = [[f"{n}", f"{n % 6 + 1}", f"{(n + 2) % 6 + 1}"] for n in range(60)]
    draft = draft_codebook(written(tmp_path / "a.csv", [heads, *rows]))
    draft = draft[1:]  # without the number of each
    assert not draft["sure"].any() and draft["why"].str.contains("is 1 the best").all()


def test_stars_of_an_app_and_digits_of_another_script_are_read(tmp_path):
    stars = [f"{'★' * (n % 5 + 1)}{'☆' * (4 - n % 5)}" for n in range(60)]
    rows = [[each, ["3.1", "3.2"][n % 2], f"앱이 {n}번 꺼졌어요"] for n, each in enumerate(stars)]
    draft = draft_codebook(written(tmp_path / "a.csv", [["별점", "앱 버전", "리뷰"], *rows]))
    assert draft["measure"].tolist() == ["overall", "group", "verbatim"]
    assert draft.loc[0, ["low", "high"]].tolist() == [1, 5]
    arabic = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")
    told = [[f"{n % 8 + 2}".translate(arabic), ["مصر", "الأردن"][n % 2]] for n in range(60)]
    heads = ["ما مدى احتمال أن توصي بنا؟ (٠-١٠)", "الجنسية"]
    draft = draft_codebook(written(tmp_path / "b.csv", [heads, *told]))
    assert draft.loc[0, ["measure", "low", "high"]].tolist() == ["recommend", 0, 10]
    assert bool(draft.loc[0, "sure"]) and draft.loc[1, "item"] == "region", (
        "a nationality is no gender"
    )


@pytest.mark.parametrize(
    ("head", "measure"),
    [
        ("Satisfaction : temps d'attente", "satisfaction"),
        ("Quanto è soddisfatto di: Tempi di attesa?", "satisfaction"),
        ("Zadowolenie: czas oczekiwania", "satisfaction"),
        ("Удовлетворенность: время ожидания", "satisfaction"),
        ("Tyytyväisyys: odotusaika", "satisfaction"),
        ("Задоволеність: час очікування", "satisfaction"),
        ("Attentes : accueil", "expectation"),
        ("Oczekiwania: obsługa", "expectation"),
        ("Aspettative e attese: accoglienza", "expectation"),
        ("Ваши ожидания: обслуживание", "expectation"),
    ],
)
def test_waiting_is_no_expectation_where_a_language_has_one_word_for_both(tmp_path, head, measure):
    rows = [[f"{n % 5 + 1}", f"{(n + 2) % 5 + 1}"] for n in range(60)]
    draft = draft_codebook(written(tmp_path / "a.csv", [[head, "NPS (0-10)"], *rows]))
    assert draft.loc[0, "measure"] in (measure, "overall" if measure == "satisfaction" else measure)


@pytest.mark.parametrize(
    "head", ["姓名", "Full name", "Nome e cognome", "E-mail", "氏名", "Nachname"]
)
def test_who_somebody_is_is_no_answer(tmp_path, head):
    # Eighty names, hardly ever the same, were open answers, and could be quoted.
    names = [f"{chr(0x4E00 + 7 * n)}{chr(0x5200 + 11 * n)} Anna" for n in range(80)]
    rows = [[each, f"{n % 5 + 1}"] for n, each in enumerate(names)]
    draft = draft_codebook(written(tmp_path / "a.csv", [[head, "Satisfaction (1-5)"], *rows]))
    assert draft.loc[0, "measure"] == "" and "who somebody is" in draft.loc[0, "why"]
    assert draft.loc[1, "measure"] == "overall"
