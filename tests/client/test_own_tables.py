"""A table that the contract does not know, read when a notebook asks for it."""

import pandas as pd
import pytest

from cxlib.client.problems import ClientError


def refusal(client, *asked, **options) -> str:
    with pytest.raises(ClientError) as error:
        client.read().own_table(*asked, **options)
    return str(error.value)


def test_a_table_of_ones_own_is_numbers_days_and_text(scored):
    # As German Excel writes it: semicolons, decimal commas; a code that begins with 0 stays one.
    text = "store;staff;rent;opened;post code\nNorth;12;1.234,5;31.01.2020;01067\nSüd;7;;2021-02-01;80331\n"
    scored.write("stores.csv", text)
    table = scored.read().own_table("stores", key="store")
    assert table["store"].tolist() == ["North", "Süd"]
    assert table["staff"].tolist() == [12, 7] and table["post code"].tolist() == ["01067", "80331"]
    assert table["rent"].iloc[0] == 1234.5 and pd.isna(table["rent"].iloc[1])
    assert table["opened"].tolist() == [pd.Timestamp("2020-01-31"), pd.Timestamp("2021-02-01")]


@pytest.mark.parametrize("ending", ["xlsx", "parquet", "csv", "tables.xlsx"])
def test_every_kind_of_file_gives_the_same_table(scored, ending):
    rows = pd.DataFrame({"store": [101, 102], "staff": [12.0, 7.5]})
    if ending == "csv":
        rows.to_csv(scored.folder / "stores.csv", index=False)
    elif ending == "parquet":
        rows.to_parquet(scored.folder / "stores.parquet")
    else:
        path = scored.folder / ("stores.xlsx" if ending == "xlsx" else ending)
        rows.to_excel(path, sheet_name="stores", index=False)
    table = scored.read().own_table("stores", key="store")
    assert table.to_dict("list") == {"store": ["101", "102"], "staff": [12.0, 7.5]}


def test_a_table_in_another_encoding_says_so(scored):
    scored.write("stores.csv", "店,人\n北,3\n", encoding="gb18030")
    assert "is not UTF-8" in refusal(scored, "stores")
    scored.settings("encoding: gb18030").write(
        "scores.csv", scored.folder.joinpath("scores.csv").read_text()
    )
    assert scored.read().own_table("stores")["店"].tolist() == ["北"]


def test_what_cannot_be_meant_is_refused_with_the_nearest(scored):
    assert "It holds none that the contract does not know." in refusal(scored, "stores")
    scored.write("stores.csv", "store,staff\nA,1\nA,2\n,3\n")
    assert "has no table 'store'.\nDid you mean 'stores'?" in refusal(scored, "store").replace(
        ": has", " has"
    )
    assert 'Take case.tables["scores"]' in refusal(scored, "scores")
    assert "has no column 'shop'" in refusal(scored, "stores", key="shop")
    assert "'store' names no row, or several: A, (blank) (rows 2, 3, 4)" in refusal(
        scored, "stores", key="store"
    )
    assert "has no table '../x'" in refusal(scored, "../x")
    scored.write("stores.txt", "store\nB\n")
    assert "has 'stores' twice" in refusal(scored, "stores")


def test_a_number_that_can_be_read_in_two_ways_is_refused(scored):
    scored.write("stores.csv", "store\tarea\nA\t1,234\nB\t2,345\n")
    assert "`decimal:" in refusal(scored, "stores")


def test_what_stands_above_the_header_is_told(scored):
    scored.write("stores.csv", "Report of stores\n\nstore,size\nA,5\nB,7\n")
    with pytest.warns(
        UserWarning, match="row 1 of the file is none of the table: Report of stores"
    ):
        assert scored.read().own_table("stores")["size"].tolist() == [5, 7]
