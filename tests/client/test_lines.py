"""Invoice lines added up where they lie are what reading them one by one gives."""

import pandas as pd
import pytest

from cxlib.analysis.brand_value import lines_by_kind, sales_days
from cxlib.client.lines import ADDED

LINES = pd.DataFrame(
    {
        "customer": ["007", "007", None, "12", "007"],
        "date": pd.to_datetime(
            ["2024-01-02 09:00", "2024-01-02 17:30", "2024-01-02 00:00", None, "2024-02-01 00:00"]
        ),
        "amount": [10.0, -4, 99, 5, 1],
        "kind": ["goods", "return", "goods", "goods", "goods"],
    }
)


def read(acme, lines, suffix=".parquet"):
    for path in acme.folder.glob("transactions.*"):
        path.unlink()
    write = lines.to_parquet if suffix == ".parquet" else lines.to_csv
    acme.write(f"transactions{suffix}", lambda path: write(path, index=False))
    return acme.read()


def test_lines_are_added_up_by_customer_day_and_kind(acme):
    case = read(acme, LINES)
    table = case.tables["transactions"]
    assert table[["customer", "kind", "amount", ADDED]].to_numpy().tolist() == [
        ["007", "goods", 10, 1], ["007", "return", -4, 1], ["007", "goods", 1, 1],
    ]  # fmt: skip
    assert case.rejected[["row", "column", "reason"]].to_numpy().tolist() == [
        [4, "customer", "is blank"], [5, "date", "is blank"],
    ]  # fmt: skip


def test_the_same_comes_of_a_file_that_is_read_line_by_line(acme):
    added, read_one_by_one = read(acme, LINES), read(acme, LINES, ".csv")
    assert ADDED not in read_one_by_one.tables["transactions"]
    columns = ["row", "column", "reason"]
    assert (
        added.rejected[columns].to_numpy().tolist()
        == read_one_by_one.rejected[columns].to_numpy().tolist()
    )
    for step in (sales_days, lines_by_kind):
        one, other = step(added), step(read_one_by_one)
        pd.testing.assert_frame_equal(
            one.astype({one.columns[0]: str}), other.astype({one.columns[0]: str})
        )


@pytest.mark.parametrize(
    "odd",
    [
        LINES.assign(customer=["007 ", "007", "a", "12", "007"]),  # blanks to be taken off
        LINES.assign(customer=["#REF!", "007", "a", "12", "007"]),  # an error of Excel
        LINES.assign(customer=[7.0, 7, 8, 12, 7]),  # numbers that are names
        LINES.assign(amount=[1.0, None, 3, 4, 5], kind="goods"),  # an amount that is not known
        LINES.assign(date=["2024-01-02", "2024-01-02", "2024-01-02", "2024-01-02", "2024-02-01"]),
        LINES.rename(columns={"amount": "Amount"}),
    ],
)  # fmt: skip
def test_what_has_to_be_looked_at_is_read_line_by_line(acme, odd):
    table = read(acme, odd).tables["transactions"]
    assert ADDED not in table and len(table) == odd.drop(columns="kind").notna().all(
        axis=1
    ).sum() - int(odd["customer"].eq("#REF!").any())


def test_lines_of_which_nobody_is_named_are_refused(acme):
    LINES.assign(customer=pd.Series([None] * 5, dtype="str")).to_parquet(
        acme.folder / "transactions.parquet"
    )
    assert "is blank" in str(acme.problem())


ZONED = LINES.assign(
    date=LINES["date"].fillna(LINES["date"].max()).dt.tz_localize("Asia/Hong_Kong")
)
SENTINEL = LINES.assign(
    date=pd.Series(["2024-01-02"] * 4 + ["9999-12-31"]).astype("datetime64[us]")
)


@pytest.mark.parametrize("odd", [ZONED, SENTINEL], ids=["zoned", "sentinel"])
def test_a_day_is_the_day_that_the_shop_wrote(acme, odd):
    # 02:00 in Hong Kong is the day before in Greenwich, where nobody bought.
    odd = odd.assign(date=odd["date"].dt.normalize() + pd.Timedelta(hours=2))
    summed, one_by_one = read(acme, odd), read(acme, odd, ".csv")
    days = [sales_days(case).astype({"customer": str}) for case in (summed, one_by_one)]
    pd.testing.assert_frame_equal(*days, check_dtype=False)
    assert set(days[0]["date"].dt.year) == {2024}


def test_two_columns_of_one_name_are_looked_at_line_by_line(acme):
    odd = LINES.assign(Amount=-1.0)[["customer", "date", "Amount", "amount", "kind"]]
    assert read(acme, odd).tables["transactions"]["amount"].sum() == 7
