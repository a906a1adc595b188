"""From the invoice lines as they came to the table `transactions`: one row per line, none left out.

Run once, in this folder, after a change of raw/online_retail.parquet: `python prepare.py`.
"""

import pandas as pd

# Codes that stand for no goods: postage, carriage, commissions, bank charges, manual corrections,
# discounts, samples, bad debt. They stay in: they are money that customers paid or were given back.
NOT_GOODS = ("POST", "DOT", "C2", "M", "m", "D", "S", "B", "BANK CHARGES", "AMAZONFEE", "CRUK")

raw = pd.read_parquet("raw/online_retail.parquet")
code = raw["StockCode"]
kind = pd.Series("goods", index=raw.index)
kind[code.isin(NOT_GOODS) | code.str.startswith("gift_")] = "not goods"
kind[raw["UnitPrice"].eq(0)] = "no price"
kind[raw["InvoiceNo"].str.startswith("C")] = "cancellation"

transactions = pd.DataFrame(
    {
        "date": pd.to_datetime(raw["InvoiceDate"]).dt.as_unit("s"),
        "amount": (raw["Quantity"] * raw["UnitPrice"]).round(2),
        "customer": raw["CustomerID"].map(lambda number: f"{number:.0f}", na_action="ignore"),
        "kind": kind,
    }
)
transactions.to_parquet(
    "transactions.parquet", index=False, compression="zstd", compression_level=19
)
