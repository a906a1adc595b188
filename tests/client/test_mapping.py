"""Tables with other headers: what `cx map` drafts, and what is then read. Values are by hand."""

import pandas as pd
import pytest

from cxlib.client.draft_map import draft_map, map_summary
from cxlib.client.problems import ClientError
from cxlib.run.cli import main

TELCO = """\
customerID,gender,tenure,Contract,MonthlyCharges,Churn
7590-VHVEG,Female,1,Month-to-month,29.85,No
5575-GNVDE,Male,64,One year,56.95,No
3668-QPYBK,Male,2,Month-to-month,53.85,Yes
"""
LINES = """\
InvoiceNo,StockCode,Quantity,InvoiceDate,UnitPrice,Customer ID
536365,85123A,6,2010-12-01 08:26:00,2.5,17850
C536366,71053,-2,2010-12-02 08:26:00,3.0,17850
536367,22633,4,2010-12-02 08:28:00,1.25,13047.0
"""
TICKETS = """\
Ticket ID,Customer Email,Opened,Closed,Ticket Status,Category,Priority
1,a@x.org,2024-01-01 10:00,2024-01-02 10:00,Closed,Billing,High
2,b@x.org,2024-01-03 10:00,,Open,Delivery,Low
3,a@x.org,2024-01-05 10:00,2024-01-05 16:30,Resolved,Billing,Low
"""
GERMAN = """\
Kundennummer;Kundengruppe;Jahresumsatz;Kunde seit;Gekündigt
K1;Privat;1.200,50;2020-01-31;Ja
K2;Gewerbe;800,00;2021-05-01;Nein
K3;Privat;2.000,00;2019-11-11;Nein
"""
FRENCH = """\
Numéro de client,Chiffre d'affaires annuel,Client depuis,Résilié
A1,100,2020-01-31,Oui
A2,300,2021-01-31,Non
A3,250,2022-01-31,Non
"""
SPANISH = """\
Ticket,Fecha de apertura,Fecha de cierre,Estado,Motivo
1,2024-01-01,2024-01-03,Cerrado,Precio
2,2024-01-04,,Pendiente,Entrega
"""
CHINESE = """\
工单编号,客户编号,创建时间,关闭时间,工单状态,问题类型
T1,C1,2024-01-01 10:00,2024-01-01 12:00,已关闭,物流
T2,C2,2024-01-02 10:00,,处理中,质量
"""


def drafted(acme, name, text, **options):
    acme.write(name, text)
    return draft_map(acme.folder / name, **options)


def ours(draft):
    used = draft[draft["is"] != ""]
    return dict(zip(used["is"], used["column"], strict=True))


def read(acme, name, text):
    acme.write(name, text)
    assert main(["map", str(acme.folder / name)]) == 0
    return acme.read().tables


def test_a_churn_file_is_read_as_customers(acme):
    table = read(acme, "telco.csv", TELCO)["customers"]
    assert table["customer"].tolist() == ["7590-VHVEG", "5575-GNVDE", "3668-QPYBK"]
    # 29.85, 56.95 and 53.85 a month, times twelve.
    assert table["revenue"].round(2).tolist() == [358.2, 683.4, 646.2]
    assert table["churned"].tolist() == [False, False, True]
    assert table["segment"].tolist() == ["Month-to-month", "One year", "Month-to-month"]


def test_what_was_converted_says_look_and_what_nothing_uses_is_named(acme):
    draft = drafted(acme, "telco.csv", TELCO).set_index("is")
    assert draft.loc["revenue", ["column", "sure"]].tolist() == ["MonthlyCharges * 12", "look"]
    assert (
        draft.loc["customer", "sure"] == "yes" and draft.loc["churned", "values"] == "No=no;Yes=yes"
    )
    assert "Nothing of ours: gender." in map_summary(draft_map(acme.folder / "telco.csv"))


def test_invoice_lines_are_quantity_times_price(acme):
    table = read(acme, "online.csv", LINES)["transactions"]
    assert table["amount"].tolist() == [15.0, -6.0, 5.0]
    assert table["customer"].tolist() == ["17850", "17850", "13047"]
    assert table["date"].dt.day.tolist() == [1, 2, 2]


def test_a_number_in_a_map_is_read_as_cells_are(acme):
    acme.write("telco.csv", TELCO)
    lines = ["file,is,column", "telco.csv,customer,customerID"]
    lines.append('telco.csv,revenue,"MonthlyCharges * 1,000"')
    acme.write("customers.map.csv", "\n".join(lines))
    assert acme.read().tables["customers"]["revenue"].tolist() == [29850, 56950, 53850]


def test_tickets_have_a_state_and_hours_from_their_two_dates(acme):
    table = read(acme, "tickets.csv", TICKETS)["complaints"]
    assert table["resolved"].tolist() == [True, False, True]
    assert table["hours_to_resolve"].tolist()[::2] == [24.0, 6.5]
    assert pd.isna(table["hours_to_resolve"].iloc[1]) and table["reason"].iloc[1] == "Delivery"


@pytest.mark.parametrize(
    ("text", "table", "columns"),
    [
        (GERMAN, "customers", {"customer": "Kundennummer", "segment": "Kundengruppe",
         "revenue": "Jahresumsatz", "since": "Kunde seit", "churned": "Gekündigt"}),
        (FRENCH, "customers", {"customer": "Numéro de client", "revenue": "Chiffre d'affaires annuel",
         "since": "Client depuis", "churned": "Résilié"}),
        (SPANISH, "complaints", {"case": "Ticket", "date": "Fecha de apertura", "reason": "Motivo",
         "resolved": "Estado", "hours_to_resolve": "Fecha de cierre - Fecha de apertura"}),
        (CHINESE, "complaints", {"case": "工单编号", "customer": "客户编号", "date": "创建时间",
         "reason": "问题类型", "resolved": "工单状态", "hours_to_resolve": "关闭时间 - 创建时间"}),
    ],
)  # fmt: skip
def test_headers_in_other_languages(acme, text, table, columns):
    draft = drafted(acme, "a.csv", text)
    assert draft.attrs["table"] == table and ours(draft) == columns


def test_german_numbers_and_words_are_read(acme):
    table = read(acme, "kunden.csv", GERMAN)["customers"]
    assert table["revenue"].tolist() == [1200.5, 800.0, 2000.0]
    assert table["churned"].tolist() == [True, False, False]


def test_where_nothing_names_the_customer_the_row_does(acme):
    text = "Subscription Length,Complains,Churn\n38,0,0\n39,1,1\n37,0,0\n"
    draft = drafted(acme, "a.csv", text).set_index("is")
    assert draft.loc["customer", ["column", "sure"]].tolist() == ["(row)", "look"]
    assert read(acme, "a.csv", text)["customers"]["customer"].tolist() == [
        "row 2",
        "row 3",
        "row 4",
    ]


def test_a_column_that_says_the_contrary_is_turned_round_and_doubted(acme):
    draft = drafted(acme, "a.csv", "Client ID,Revenue,Is Active\na,1,1\nb,2,0\nc,3,1\n").set_index(
        "is"
    )
    assert draft.loc["churned", ["values", "sure"]].tolist() == ["1=no;0=yes", "look"]


def test_the_file_stays_and_only_one_table_may_come_from_it(acme):
    read(acme, "telco.csv", TELCO)
    assert (acme.folder / "telco.csv").read_text() == TELCO
    acme.write("customers.csv", "customer\na\n")
    assert "a second time" in str(acme.problem())


def test_everything_wrong_with_a_map_is_said_at_once(acme):
    acme.write("telco.csv", TELCO).write(
        "customers.map.csv",
        "file,is,column,values\ntelco.csv,custommer,customerID,\ntelco.csv,churned,Chorn,Yes\n"
        "telco.csv,churned,Churn,\n",
    )
    said = "\n".join(map(str, acme.problems()))
    for part in (
        "Did you mean 'customer'?",
        "Did you mean 'Churn'?",
        "stands twice",
        "theirs=ours",
    ):
        assert part in said


def test_a_map_leads_to_no_file_elsewhere(acme):
    acme.write("customers.map.csv", "file,is,column\n../x.csv,customer,id\n")
    assert "is not beside it" in str(acme.problem())


def test_a_map_of_no_table_is_refused_with_the_nearest(acme):
    acme.write("telco.csv", TELCO).write(
        "custommers.map.csv", "file,is,column\ntelco.csv,customer,a\n"
    )
    assert "Did you mean 'customers'?" in "\n".join(map(str, acme.problems()))


def test_a_map_is_not_written_over(acme, capsys):
    acme.write("telco.csv", TELCO).write("customers.map.csv", "mine")
    assert main(["map", str(acme.folder / "telco.csv")]) == 2
    assert (acme.folder / "customers.map.csv").read_text() == "mine"


def test_a_table_that_nothing_is_known_of_is_refused(acme):
    with pytest.raises(ClientError, match="no table that is known"):
        drafted(acme, "a.csv", "foo,bar\n1,2\n3,4\n")


def test_cx_codebook_of_a_table_points_to_cx_map(acme, capsys):
    acme.write("telco.csv", TELCO)
    assert main(["codebook", str(acme.folder / "telco.csv")]) == 0
    assert "It looks like a table of customers" in capsys.readouterr().out


# One row per answer

LONG = "user,item,score,city\n" + "".join(
    f"u{n},{item},{(n + len(item)) % 5 + 1},{'Rome' if n % 2 else 'Oslo'}\n"
    for n in range(12)
    for item in ("price", "staff", "speed of service")
)


def test_long_ratings_are_a_survey(acme, capsys):
    path = acme.write("long.csv", LONG + "u0,price,3,Oslo\n,price,2,Oslo\n").folder / "long.csv"
    assert main(["map", str(path)]) == 1
    assert "--long user,item,score" in capsys.readouterr().err
    assert main(["codebook", str(path), "--long", "user,item,score"]) == 0
    assert 'long: ["user", "item", "score"]' in capsys.readouterr().out
    acme.settings(
        "survey: {file: long.csv, long: [user, item, score], respondent: user, segment: city}"
    )
    acme.write(
        "codebook.csv", "column,measure,item,dimension,low,high\nprice,experience,price,price,1,5\n"
        "speed of service,experience,speed,service,1,5\n",
    )  # fmt: skip
    case = acme.read()
    people = case.survey.people
    assert people["respondent"].tolist() == [f"u{n}" for n in range(12)]
    assert people["segment"].tolist() == ["Oslo", "Rome"] * 6
    price = case.survey.answers["experience", "price"].tolist()
    # (n + 5) mod 5 + 1; the first answers again, further down: 3.
    assert price == [3.0, *[n % 5 + 1 for n in range(1, 12)]]
    lines = case.rejected[["row", "reason"]].to_numpy().tolist()
    assert [39, "names no person or no item"] in lines
    assert [2, "is answered again by the same person further down"] in lines


# What sums a table up is no row of it


def test_a_total_beneath_a_table_is_no_customer(acme):
    acme.write("customers.csv", "customer,revenue\na,10\nb,20\nc,30\nTotal,60\n")
    case = acme.read()
    assert case.tables["customers"]["customer"].tolist() == ["a", "b", "c"]
    assert case.rejected[["table", "row", "value"]].to_numpy().tolist() == [
        ["customers", 5, "Total"]
    ]


def test_a_total_of_initiatives_is_not_funded_and_one_of_that_name_is(acme):
    acme.write("initiatives.csv", "initiative,cost\na,10\nb,20\nc,30\nTotal,60\n")
    assert acme.read().tables["initiatives"]["initiative"].tolist() == ["a", "b", "c"]
    acme.write("initiatives.csv", "initiative,cost\na,10\nb,20\nc,30\nTotal,75\n")
    assert acme.read().tables["initiatives"]["initiative"].tolist()[-1] == "Total"


def test_a_title_above_a_table_gets_a_line(acme):
    acme.write("customers.csv", "Our customers,,\n,,\ncustomer,revenue,segment\na,10,x\nb,20,y\n")
    case = acme.read()
    assert len(case.tables["customers"]) == 2 and case.rejected["value"].tolist() == [
        "Our customers"
    ]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("Case Number,Account Name,Date/Time Opened,Date/Time Closed,Status,Case Reason,Case Origin\n"
         "1,A,2026-01-01T08:00,2026-01-02T08:00,Closed,Late,Phone\n2,B,2026-01-03T08:00,,New,Price,Web\n",
         {"case": "Case Number", "date": "Date/Time Opened", "customer": "Account Name",
          "channel": "Case Origin", "reason": "Case Reason", "resolved": "Status",
          "hours_to_resolve": "Date/Time Closed - Date/Time Opened"}),
        ("Código do cliente,Segmento,Receita anual,Cliente desde,Cancelou\n"
         "a,x,10,2020-01-01,Sim\nb,y,20,2021-01-01,Não\nc,x,30,2022-01-01,Não\nTotal,,60,,\n",
         {"customer": "Código do cliente", "segment": "Segmento", "revenue": "Receita anual",
          "since": "Cliente desde", "churned": "Cancelou"}),
    ],
)  # fmt: skip
def test_headers_of_well_known_systems_and_of_portuguese(acme, text, columns):
    draft = drafted(acme, "a.csv", text)
    assert ours(draft) == columns and draft.attrs["rows"] == text.count("\n") - 1 - (
        "Total" in text
    )


def test_a_question_called_total_is_a_question(acme):
    acme.write("s.csv", "desk,fees,wait,gesamt\n" + "1,2,2,3\n4,5,4,5\n2,6,6,4\n" * 10)
    acme.write(
        "codebook.csv",
        "column,measure,dimension,low,high\ndesk,experience,service,1,6\n"
        "fees,experience,price,1,6\nwait,experience,product,1,6\ngesamt,overall,,1,6\n",
    )
    acme.settings("survey: {file: s.csv}")
    case = acme.read()
    assert "overall" in set(case.tables["codebook"]["measure"])
    assert not (case.rejected["table"] == "codebook").any()
