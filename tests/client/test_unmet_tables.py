"""Tables of systems that nobody here has met: desks, memberships, forms with marks of their own."""

import pandas as pd
import pytest

from cxlib.client.case import read_client
from cxlib.client.draft import draft_codebook
from cxlib.client.draft_map import draft_map, map_summary
from cxlib.client.problems import ClientError
from cxlib.client.template import new_client
from cxlib.run.cli import main


@pytest.mark.parametrize(
    "names",
    [("Id", "Asunto", "Creado", "Resuelto", "Reaperturas"), ("Id", "Motivo", "Data", "Fechado em", "Reaberturas"),
     ("id", "Reason", "Created at", "Solved at", "Reopens")],
)  # fmt: skip
def test_a_day_of_closing_says_that_it_was_put_right_and_how_long_it_took(tmp_path, names):
    # 60 tickets of a shop: four of five closed a day after they came.
    days = [f"2026-03-{1 + k % 20:02d} 10:00" for k in range(60)]
    ends = [f"2026-03-{2 + k % 20:02d} 10:00" if k % 5 else "" for k in range(60)]
    columns = (range(500, 560), ["size", "late"] * 30, days, ends, [0, 0, 2] * 20)
    pd.DataFrame(dict(zip(names, columns, strict=True))).to_csv(tmp_path / "t.csv", index=False)
    found = draft_map(tmp_path / "t.csv").set_index("is")
    assert found.loc["resolved", ["column", "values", "sure"]].tolist() == [
        names[3],
        "*=yes;blank=no",
        "look",
    ]
    assert found.loc["hours_to_resolve", "column"] == f"{names[3]} - {names[2]}"
    assert found.loc["reopened", "values"] == "0=no;*=yes"
    columns = (*columns[:3], days, columns[4])  # where every row has a day, it says nothing
    pd.DataFrame(dict(zip(names, columns, strict=True))).to_csv(tmp_path / "t.csv", index=False)
    told = draft_map(tmp_path / "t.csv").set_index("is")
    assert names[3] != "Resuelto" or "resolved" not in told.index


@pytest.mark.parametrize(
    "header, is_key",
    [("Medlemsnr", True), ("Kortnummer", True), ("Número", True), ("Zimmer", False), ("Card ID", True)],
)  # fmt: skip
def test_a_number_that_no_two_rows_share_names_the_customer(tmp_path, header, is_key):
    left = ["Ja" if k % 4 == 0 else "Nej" for k in range(40)]
    rows = pd.DataFrame(
        {header: [f"M{k:03d}" for k in range(40)], "Avslutad": left, "Revenue": 100}
    )
    rows.to_csv(tmp_path / "t.csv", index=False)
    found = draft_map(tmp_path / "t.csv").set_index("is").loc["customer", "column"]
    assert found == (header if is_key else "(row)")
    if header == "Kortnummer":
        pd.concat([rows, rows]).to_csv(tmp_path / "t.csv", index=False)
        twice = draft_map(tmp_path / "t.csv", "customers").set_index("is")
        assert twice.loc["customer", "column"] == "(row)"


def test_the_marks_with_which_a_form_makes_words_bold_are_not_said(tmp_path):
    answers = [1, 2, 3, 4, 5] * 12
    columns = {"#": range(60)} | {
        f"Como avalia o *{thing}*?": answers for thing in ("quarto", "check-in")
    }
    columns |= {"Submitted At": "2026-06-01 12:00:00", "Token": [f"t{k}" for k in range(60)]}
    pd.DataFrame(columns).to_csv(tmp_path / "t.csv", index=False)
    found = draft_codebook(tmp_path / "t.csv")
    assert found.attrs["tool"] == "typeform"
    told = found.loc[found["measure"].eq("experience"), "label"]
    assert told.tolist() == ["Quarto", "Check-in"]


@pytest.mark.parametrize(
    "asked, measure",
    [("Qual foi o motivo da sua viagem?", "group"), ("Was war der Grund Ihres Besuchs?", "group"),
     ("Reason for your stay", "group"), ("Why did you choose us?", "reason"), ("Motivo", "reason")],
)  # fmt: skip
def test_why_somebody_travels_is_not_why_he_chose_the_company(tmp_path, asked, measure):
    columns = {
        "How satisfied are you with the room?": [1, 2, 3, 4, 5] * 12,
        asked: ["work", "leisure", "other"] * 20,
    }
    pd.DataFrame(columns).to_csv(tmp_path / "t.csv", index=False)
    found = draft_codebook(tmp_path / "t.csv").set_index("column")
    assert found.loc[asked, "measure"] == measure


def test_a_polish_provider_s_contracts_are_customers(tmp_path):
    kinds = ["23.02.2024;;światłowód;59,90", "15.05.2023;{:02}.09.2025;radio;79,90"]
    rows = [f"U/{n:05};{kinds[n % 2].format(n + 13)}" for n in range(12)]
    head = "Nr umowy;Data zawarcia;Data rozwiązania;Technologia;Abonament (zł/mies.)"
    path = tmp_path / "isp.csv"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")
    draft = draft_map(path)
    found = dict(zip(draft["is"], draft["column"], strict=True))
    assert {"customer": "Nr umowy", "since": "Data zawarcia", "churned": "Data rozwiązania", "segment": "Technologia", "revenue": "Abonament (zł/mies.) * 12"}.items() <= found.items()  # fmt: skip


def test_promoters_that_are_counted_already_are_no_customers(tmp_path):
    path = tmp_path / "bank.csv"
    path.write_text(
        "Branch,Quarter,Responses,Promoters,Detractors,NPS\nPune,Q1,200,110,30,40\nThane,Q1,180,60,69,-5\n"
    )
    with pytest.raises(ClientError, match="Promoters, Detractors, NPS") as told:
        draft_map(path)
    assert "kpis" in str(told.value)


@pytest.mark.parametrize(
    ("table", "heads", "row"),
    [
        ("complaints", "Sagsnr.;Oprettet;Lukket;Kategori;Kanal;Løst", "S{n:05};2{n}-10-2025;2{n}-11-2025;Regning;telefon;ja"),
        ("transactions", "เลขที่ใบเสร็จ;รหัสลูกค้า;วันที่;ยอดเงิน", "R{n};C{n};2025-10-1{n};120.5"),
    ],
)  # fmt: skip
def test_danish_cases_and_thai_receipts_are_known_by_their_headers(tmp_path, table, heads, row):
    path = tmp_path / "a.csv"
    path.write_text("\n".join([heads, *(row.format(n=n) for n in range(9))]), encoding="utf-8")
    assert draft_map(path).attrs["table"] == table


def test_a_desk_that_says_time_where_others_say_date_and_a_telecom_in_portuguese(tmp_path):
    days = [f"{1 + k % 20:02d}-04-2026 10:00 AM" for k in range(60)]
    ends = [f"{2 + k % 20:02d}-04-2026 10:00 AM" if k % 5 else "" for k in range(60)]
    desk = {
        "Ticket ID": range(60),
        "Created time": days,
        "Closed time": ends,
        "Type": ["a", "b"] * 30,
    }
    pd.DataFrame(desk).to_csv(tmp_path / "t.csv", index=False)
    found = draft_map(tmp_path / "t.csv").set_index("is")["column"]
    assert found[["date", "resolved", "hours_to_resolve"]].tolist() == [
        "Created time",
        "Closed time",
        "Closed time - Created time",
    ]
    base = {
        "ID do cliente": range(60),
        "Data de ativação": [d[:10] for d in days],
        "Data de cancelamento": [e[:10] for e in ends],
    }
    pd.DataFrame(base).to_csv(tmp_path / "c.csv", index=False, sep=";")
    found = draft_map(tmp_path / "c.csv").set_index("is")
    assert found.loc[["customer", "since", "churned"], "column"].tolist() == [*base]
    assert found.loc["since", "sure"] == found.loc["customer", "sure"] == "yes"


@pytest.mark.parametrize(
    "heads, rows, ours",
    [("お客様番号,ご注文日,合計（税込）", "1{k:04},2026年3月{d}日,\"￥1,2{k:02}\"", "customer date amount"),
     ("会员号,下单日期,实付金额", "70{k},2026/03/{d:02},\"¥1,2{k:02}.00\"", "customer date amount"),
     ("手机号,消费日期,消费金额", "1380000{k:04},2026-03-{d:02},{k}", "customer date amount"),
     ("Üye No;Üyelik tarihi;Üyelik iptal;Aylık ücret", "U{k:03};{d:02}.01.2024;{yes};1.299,90 TL",
      "customer since churned revenue")],
)  # fmt: skip
def test_a_shop_s_orders_in_chinese_and_a_gym_s_members_in_turkish(tmp_path, heads, rows, ours):
    yes = {True: "Evet", False: "Hayır"}
    lines = [rows.format(k=k, d=1 + k % 28, yes=yes[k % 3 == 0]) for k in range(10, 60)]
    (tmp_path / "a.csv").write_text("\n".join([heads, *lines]), encoding="utf-8")
    found = draft_map(tmp_path / "a.csv").set_index("is")["column"]
    theirs = heads.replace(";", ",").replace("Aylık ücret", "Aylık ücret * 12").split(",")
    assert found[ours.split()].tolist() == theirs


@pytest.mark.parametrize(
    "fee",
    ["monatsentgelt", "quota mensile", "абонентская плата", "iuran bulanan", "phí hàng tháng", "月額", "월 이용료",
     "maandcontributie", "månedskontingent", "kuukausihinta", "měsíční poplatek", "havi díj", "abonament lunar",
     "μηνιαία συνδρομή", "ค่าสมาชิกรายเดือน", "月会费"],
)  # fmt: skip
def test_what_a_member_pays_a_month_is_known(tmp_path, fee):
    rows = [f"M{k},{30 + k % 3},{'yes' if k % 4 == 0 else 'no'}" for k in range(40)]
    (tmp_path / "a.csv").write_text(
        "\n".join([f"member id,{fee},churned", *rows]), encoding="utf-8"
    )
    assert draft_map(tmp_path / "a.csv").set_index("is").loc["revenue", "column"] == f"{fee} * 12"


@pytest.mark.parametrize(
    "heads, amount, codes",
    [("Revenue", "1299,90 TL", "TRY"), ("Revenue", "R$ 1.299,90", "BRL"), ("Revenue", "CHF 20.50", "CHF"), ("Revenue", "€ 20", "EUR"),
     ("Revenue", "50 Kč", "CZK"), ("Revenue", "120 kr.", "SEK or NOK or DKK or ISK"), ("Revenue", "¥120", "JPY or CNY"),
     ("Jahresumsatz (€)", "20", "EUR"), ("Revenue PLN", "20", "PLN"), ("Revenue", "20", "")],
)  # fmt: skip
def test_the_currency_of_amounts_is_told_and_another_one_than_stated_is_warned_of(
    tmp_path, heads, amount, codes
):
    client = tmp_path / "gym"
    client.mkdir()
    rows = [f"M{k};{amount};{'yes' if k % 4 == 0 else 'no'}" for k in range(40)]
    text = "\n".join([f"Member ID;{heads};churned", *rows])
    (client / "members.csv").write_text(text, encoding="utf-8")
    draft = draft_map(client / "members.csv")
    assert (f"`currency: {codes}` in client.yml" in map_summary(draft)) == bool(codes)
    draft.to_csv(client / "customers.map.csv", index=False)

    def warned(stated):
        (client / "client.yml").write_text(f"name: Gym\n{stated}", encoding="utf-8")
        return [
            str(each)
            for each in read_client("gym", tmp_path).warnings
            if "another currency" in str(each)
        ]

    in_cells = codes and not any(
        mark in heads for mark in ("€", "PLN")
    )  # headers are told by the draft
    assert len(warned("currency: XAF")) == bool(in_cells)
    assert not warned(f"currency: {codes.split(' or ')[-1] or 'EUR'}")
    text += "\nM98;$ 30;no" * bool(in_cells)  # one in another currency
    (client / "members.csv").write_text(text, encoding="utf-8")
    told = map_summary(draft_map(client / "members.csv"))
    assert ("more than one currency" in told) == bool(in_cells)
    assert len(warned(f"currency: {codes.split(' or ')[-1] or 'EUR'}")) == bool(in_cells)
    assert len(warned('currency: XAF\nstrategy: {budget: "€ 3 Mio"}')) == bool(in_cells) + 1


def test_a_table_of_headers_alone_is_refused(tmp_path):
    (tmp_path / "a.csv").write_text("Customer ID,Revenue,Churned\n", encoding="utf-8")
    with pytest.raises(ClientError, match="has a header and no rows"):
        draft_map(tmp_path / "a.csv")


def test_from_an_export_to_a_check_no_line_is_typed(tmp_path, capsys):
    """Lines for client.yml go into one that is still as it was made, remarks and all; into no other."""
    asked = {
        f"How satisfied are you with {thing}?": [1, 2, 3, 4, 5] * 12 for thing in ("A", "B", "C")
    }
    times = [f"2026-04-{1 + n % 28:02d} 10:00:00" for n in range(60)]
    rows = pd.DataFrame({"ID": range(60), "Submitted": times, **asked})
    for name in ("fresh", "changed"):
        new_client(name, tmp_path)
        rows.to_csv(tmp_path / name / "answers.csv", index=False)
    yml = tmp_path / "changed" / "client.yml"
    hers = yml.read_text("utf-8").replace("currency: USD", "currency: EUR")
    yml.write_text(hers, encoding="utf-8")
    assert main(["codebook", str(tmp_path / "changed" / "answers.csv")]) == 0
    assert (
        yml.read_text("utf-8") == hers and "name the file in client.yml" in capsys.readouterr().out
    )
    assert main(["codebook", str(tmp_path / "fresh" / "answers.csv")]) == 0
    assert "nobody had changed yet" in capsys.readouterr().out
    tickets = pd.DataFrame({"Ticket ID": range(60), "Created at": times, "Reason": ["a", "b"] * 30,
                            "Closed at": times, "Reopened": ["yes", "no", "no"] * 20})  # fmt: skip
    tickets.to_csv(new_client("desk", tmp_path) / "t.csv", index=False)  # no survey: nothing of it
    assert main(["codebook", str(tmp_path / "desk" / "t.csv")]) == 0
    assert "It looks like a table of complaints" in capsys.readouterr().out
    assert "t.csv" not in (tmp_path / "desk" / "client.yml").read_text("utf-8")
    kinds = pd.DataFrame({"Branch": ["north", "south"] * 30, "Plan": ["a", "b", "c"] * 20})
    kinds.to_csv(new_client("kinds", tmp_path) / "k.csv", index=False)  # nothing is measured
    assert main(["codebook", str(tmp_path / "kinds" / "k.csv")]) == 0
    assert "k.csv" not in (tmp_path / "kinds" / "client.yml").read_text("utf-8")
    written = (tmp_path / "fresh" / "client.yml").read_text("utf-8")
    assert "# Currency of every amount, ISO 4217." in written and "scale: [1, 5]" in written
    case = read_client("fresh", tmp_path)
    assert len(case.survey.answers) == 60 and case.survey.people["date"].notna().all()
    assert case.survey.people["respondent"].nunique() == 60


@pytest.mark.parametrize(
    ("amount", "currency"), [("1.299,90 TL", "TRY"), ("$20", "USD"), ("20", "USD")]
)
def test_the_one_currency_of_a_table_goes_into_a_client_yml_that_is_new(tmp_path, amount, currency):
    client = new_client("gym", tmp_path)
    rows = [f"M{k};{amount};{'yes' if k % 4 == 0 else 'no'}" for k in range(40)]
    text = "\n".join(["Member ID;Revenue;churned", *rows])
    (client / "members.csv").write_text(text, encoding="utf-8")
    assert main(["map", str(client / "members.csv")]) == 0
    case = read_client("gym", tmp_path)
    assert case.settings.currency == currency
    assert not [each for each in case.warnings if "currency" in str(each)]
