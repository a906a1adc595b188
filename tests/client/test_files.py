"""The same table in every format that is read, and files that are not what they seem."""

import zipfile

import pandas as pd
import pyreadstat
import pytest
from openpyxl import Workbook, load_workbook

from cxlib.client.case import check_client, read_client
from cxlib.client.files import read_file
from cxlib.client.letters import likely_encoding
from cxlib.client.problems import ClientError

TABLE = pd.DataFrame(
    {
        "customer": ["007", "8", "9"],
        "segment": ["new", "旧", ""],
        "revenue": [1200.5, 0.0, None],
        "since": pd.to_datetime(["2019-04-01", None, "2024-02-29"]),
        "churned": ["yes", "no", ""],
        "extra": ["a", "b", "c"],
    }
)


def as_xlsx(path, sheet="customers"):
    book = Workbook()
    page = book.active
    page.title = sheet
    page.append(list(TABLE.columns))
    for row in TABLE.itertuples(index=False):
        page.append(
            [
                None
                if pd.isna(cell) or cell == ""
                else cell.to_pydatetime()
                if isinstance(cell, pd.Timestamp)
                else cell
                for cell in row
            ]
        )
    book.save(path)


def as_csv(path, delimiter=",", decimal=".", encoding="utf-8", newline="\n"):
    TABLE.to_csv(
        path,
        index=False,
        sep=delimiter,
        decimal=decimal,
        encoding=encoding,
        lineterminator=newline,
        date_format="%Y-%m-%d",
    )


WRITERS = {
    "customers.csv": as_csv,
    "customers.tsv": lambda path: as_csv(path, "\t"),
    "customers.txt": lambda path: as_csv(path, "\t", encoding="utf-16"),  # Excel's Unicode Text
    "customers.parquet": lambda path: TABLE.to_parquet(path),
    "customers.xlsx": as_xlsx,
    "tables.xlsx": as_xlsx,
    "customers.sav": lambda path: pyreadstat.write_sav(
        TABLE.assign(since=TABLE["since"].dt.date), path
    ),
}


@pytest.fixture
def clean(acme):
    return acme.write("customers.csv", as_csv).read().tables["customers"]


def test_the_clean_table_is_what_was_written(clean):
    assert clean["customer"].tolist() == ["007", "8", "9"]
    assert clean["segment"].fillna("?").tolist() == ["new", "旧", "?"]
    assert clean["revenue"].fillna(-1).tolist() == [1200.5, 0.0, -1]
    assert clean["since"].dt.strftime("%Y-%m-%d").fillna("?").tolist() == [
        "2019-04-01",
        "?",
        "2024-02-29",
    ]
    assert clean["churned"].fillna(False).tolist() == [True, False, False]
    assert clean["churned"].isna().tolist() == [False, False, True]
    assert clean.index.tolist() == [2, 3, 4]


@pytest.mark.parametrize("name", WRITERS)
def test_every_format_gives_the_same_clean_table(name, clean, tmp_path):
    folder = tmp_path / "other"
    folder.mkdir()
    (folder / "client.yml").write_text("name: Other\n")
    WRITERS[name](folder / name)
    found = read_client("other", tmp_path).tables["customers"]
    pd.testing.assert_frame_equal(
        found[list(TABLE.columns[:5])], clean[list(TABLE.columns[:5])], check_dtype=True
    )
    assert found["extra"].tolist() == ["a", "b", "c"]


@pytest.mark.parametrize(("delimiter", "decimal"), [",.", ";.", ";,", "\t.", "\t,", "|.", "|,"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_delimiter_and_decimal_mark_are_found_out(acme, clean, delimiter, decimal, newline):
    acme.write("customers.csv", lambda path: as_csv(path, delimiter, decimal, newline=newline))
    pd.testing.assert_frame_equal(acme.read().tables["customers"], clean)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "gb18030"])
def test_an_encoding_that_is_marked_or_declared_is_read(acme, clean, encoding):
    acme.write("customers.csv", lambda path: as_csv(path, encoding=encoding))
    if encoding in ("gb18030", "utf-16-le"):
        assert acme.problems()
        acme.settings(f"encoding: {encoding}")
    pd.testing.assert_frame_equal(acme.read().tables["customers"], clean)


def test_excel_s_line_that_names_the_delimiter_is_no_row(acme):
    acme.write("customers.csv", "sep=;\ncustomer;revenue\n1;2,5\n")
    table = acme.read().tables["customers"]
    assert table["revenue"].tolist() == [2.5]
    assert table.index.tolist() == [3]


def test_commas_in_the_words_of_a_header_are_no_delimiter(tmp_path):
    lines = ["Kunde;Was war gut, schlecht, egal, neu?", *(f"{n};4" for n in range(9))]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    assert list(read_file(tmp_path / "a.csv").frame) == ["Kunde", "Was war gut, schlecht, egal, neu?"]  # fmt: skip


def test_a_cell_may_hold_line_breaks_and_delimiters(acme):
    acme.write("customers.csv", 'customer,note\n1,"a, b\nand ""c"""\n2,d\n')
    table = acme.read().tables["customers"]
    assert table["note"].tolist() == ['a, b\nand "c"', "d"]
    assert table.index.tolist() == [2, 3]


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("scores.csv", b"", "is empty"),
        ("scores.csv", b"\n\n", "is empty"),
        ("scores.parquet", b"", "is empty"),
        ("scores.csv", b"dimension,experience\n", "has a header and no rows"),
        (
            "scores.csv",
            "dimension,experience\nproduct,6\nsérvice,5\n".encode("cp1252"),
            "is not UTF-8: the first byte that does not fit is in line 3",
        ),
        (
            "scores.csv",
            "dimension,experience\nproduct,6\n".encode("utf-16-le"),
            "holds bytes that are no text",
        ),
        (
            "scores.csv",
            b"dimension,experience\nproduct,6\nservice,5,9\n",
            "has more cells than the header's 2 in 1 of 2 rows: 3 cells (row 3)",
        ),
        (
            "scores.csv",
            b"dimension,experience,expectation\nproduct,6,7\nserv",
            "has fewer cells than the header's 3 in 1 of 2 rows: 1 cells (row 3)",
        ),
        ("scores.csv", b'dimension,experience\nproduct,"6\nservice,5\n', "cannot be read as CSV"),
        ("scores.csv", b"PK\x03\x04rest", "is not a CSV, though its name says so"),
        ("scores.xlsx", b"dimension,experience\n", "cannot be read as an Excel workbook"),
        ("scores.parquet", b"dimension,experience\n", "cannot be read as Parquet"),
        ("scores.sav", b"dimension,experience\n", "cannot be read as SPSS"),
        ("scores.xls", b"\xd0\xcf\x11\xe0", "cannot be read as an Excel workbook"),
        ("scores.ods", b"nothing", "cannot be read as an OpenDocument sheet"),
        ("scores.dta", b"nothing", "cannot be read as Stata"),
        ("scores.zip", b"nothing", "cannot be read as a zip"),
        ("scores.json", b"{}", "is not a file that is read: .json"),
        ("tables.xlsx", b"nothing", "cannot be read as an Excel workbook"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(acme, name, content, says):
    problem = acme.write(name, content).problem()
    assert says in str(problem)
    assert name in problem.file
    assert problem.remedy


def test_a_workbook_of_numbers_says_how_it_is_made_one_that_is_read(acme):
    remedy = acme.write("scores.numbers", b"PK").problem().remedy
    assert remedy == "Open it in Numbers, then File, Export To, Excel (.xlsx)."


def test_somebodys_notes_are_no_table(acme):
    acme.write("notes.txt", "Call them on Monday.").write(
        "scores.csv", "dimension,experience,from\nproduct,6,survey\n"
    )
    assert [warning for warning in acme.read().warnings if "notes" in str(warning)] == []


# Short texts of a few words, as Excel saves them: names, cities, yes and no, in what each country uses.
WORDS = {
    "gb18030": (
        "客户,流失\n客户1,是\n客户2,否\n",
        "店铺,评分\n一店,好\n二店,差\n",
        "segment,x\n企业,1\n个人,2\n",
    ),
    "big5": ("門市,分數\n台北,5\n台中,6\n", "滿意度,價格\n很好,臺北\n"),
    "cp932": (
        "顧客番号,地域\n1,東京\n2,大阪\n",
        "満足度,店\nとても良い,新宿\n",
        "会員ID,ﾎﾟｲﾝﾄ\n1,東京\n",
    ),
    "euc-jp": ("顧客,店\n田中,新宿\nとても満足,渋谷\n",),
    "cp949": ("고객,지점\n김철수,강남\n", "만족도,가격\n좋음,서울\n나쁨,부산\n"),
    "cp1251": ("Город,Оценка\nМосква,хорошо\nКазань,плохо\n", "ГОРОД,ОЦЕНКА\nМОСКВА,ДА\n"),
    "cp1253": ("Πόλη,βαθμός\nΑθήνα,καλός\n",),
    "cp874": ("จังหวัด,คะแนน\nกรุงเทพ,ดีมาก\nเชียงใหม่,ไม่ดี\n",),
    "cp1252": ("Kunde,größe\nMüller,schön\n",),
}


@pytest.mark.parametrize(
    ("encoding", "text"), [(name, text) for name, texts in WORDS.items() for text in texts]
)
def test_a_few_words_tell_their_encoding(encoding, text):
    assert likely_encoding((text * 20).encode(encoding)).replace("_", "-") == encoding


def test_the_likely_encoding_is_named(acme):
    text = "dimension,experience,note\n" + "product,6,这家店的服务很好我们下次还会再来\n" * 20
    assert "gb18030" in acme.write("scores.csv", text, "gb18030").problem().remedy.lower()


def test_an_encoding_that_is_none_is_refused(acme):
    acme.settings("encoding: klingon").write("scores.csv", "dimension,experience\nproduct,6\n")
    assert "which is no encoding" in str(acme.problem())


def workbook(rows, sheet="scores", change=None):
    def write(path):
        book = Workbook()
        page = book.active
        page.title = sheet
        for row in rows:
            page.append(row)
        if change:
            change(page)
        book.save(path)

    return write


def test_an_excel_error_cell_is_refused_by_name(acme):
    acme.write(
        "tables.xlsx",
        workbook([["dimension", "experience"], ["product", "#DIV/0!"], ["service", 5]]),
    )
    problem = acme.problem()
    assert "is not a number in 1 of 2 rows: product (#DIV/0!) (row 2)" in str(problem)
    assert problem.file.endswith("tables.xlsx#scores")


def test_merged_cells_are_refused(acme):
    rows = [["dimension", "segment", "experience"], ["product", "new", 6], ["service", None, 5]]
    acme.write("scores.xlsx", workbook(rows, change=lambda page: page.merge_cells("B2:B3")))
    assert "has merged cells: B2:B3" in str(acme.problem())


def test_a_formula_that_was_never_computed_is_refused_not_read_as_blank(acme):
    acme.write(
        "scores.xlsx", workbook([["dimension", "experience"], ["product", "=3+3"], ["service", 5]])
    )
    assert "has formulas that were never computed: B2" in str(acme.problem())


def test_a_formula_that_was_computed_is_its_value(acme, tmp_path):
    acme.write(
        "scores.xlsx", workbook([["dimension", "experience"], ["product", "=3+3"], ["service", 5]])
    )
    path = acme.folder / "scores.xlsx"
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b"<v></v>", b"<v>6</v>").replace(b"<v />", b"<v>6</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    assert load_workbook(path, data_only=True).active["B2"].value == 6
    assert acme.read().tables["scores"]["experience"].tolist() == [6, 5]


def test_a_date_where_a_number_is_expected_is_refused(acme):
    # Excel makes 5 March of "3-5".
    rows = [
        ["dimension", "experience"],
        ["product", pd.Timestamp("2024-03-05").to_pydatetime()],
        ["service", 5],
    ]
    assert "is not a number in 1 of 2 rows: product (2024-03-05)" in str(
        acme.write("scores.xlsx", workbook(rows)).problem()
    )


def test_a_sheet_named_almost_as_a_table_is_refused(acme):
    problem = acme.write(
        "tables.xlsx", workbook([["dimension", "experience"]], sheet="score")
    ).problem()
    assert "Did you mean 'scores'? Rename the sheet." in str(problem)


def test_a_sheet_of_something_else_is_announced(scored):
    scored.write("tables.xlsx", workbook([["a"], [1]], sheet="Notes of the meeting"))
    assert "is a table of the consultant's own" in str(scored.read().warnings[0])


def test_a_sheet_of_its_own_name_comes_before_the_first(acme):
    def write(path):
        book = Workbook()
        book.active.append(["something", "else"])
        page = book.create_sheet("scores")
        page.append(["dimension", "experience"])
        page.append(["product", 6])
        book.save(path)

    assert acme.write("scores.xlsx", write).read().tables["scores"]["experience"].tolist() == [6]


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(ClientError, match="is not there"):
        read_file(tmp_path / "nothing.csv")


def test_value_labels_of_spss_stand_for_their_codes(acme):
    frame = pd.DataFrame({"customer": ["a", "b"], "segment": [1.0, 2.0]})
    acme.write(
        "customers.sav",
        lambda path: pyreadstat.write_sav(
            frame, path, variable_value_labels={"segment": {1.0: "new", 2.0: "old"}}
        ),
    )
    assert acme.read().tables["customers"]["segment"].tolist() == ["new", "old"]


def test_a_check_reads_every_file_though_one_is_broken(acme):
    acme.write("scores.csv", b"").write("kpis.csv", "kpi,perod\na,1\n").write(
        "client.yml", "name: Acme\nrevenu: 3\n"
    )
    files = {problem.file.rpartition("/")[2] for problem in check_client("acme", acme.data)}
    assert files == {"client.yml", "scores.csv", "kpis.csv"}
