"""From the operator's file to the table `customers`: one row per row of the file, none left out.

Run once, in this folder, after a change of raw/Customer_Churn.csv: `python prepare.py`.
"""

import pandas as pd

OBSERVED = 3  # months: customers are described at month 9, and Churn is the state at month 12

raw = pd.read_csv("raw/Customer_Churn.csv")
raw.columns = [" ".join(name.split()) for name in raw.columns]  # "Call  Failure" has two spaces
months = raw["Subscription Length"]

customers = pd.DataFrame(
    {
        # There is no key: the row of the file is the customer. Rows that are alike in all fourteen
        # columns (300 repeat an earlier one) may be different people, and are marked, not dropped.
        "customer": [f"row {row}" for row in range(2, len(raw) + 2)],
        "segment": raw["Tariff Plan"].map({1: "pay_as_you_go", 2: "contract"}),
        "revenue": raw["Customer Value"],
        "complained": raw["Complains"].map({1: "yes", 0: "no"}),
        "churned": raw["Churn"].map({1: "yes", 0: "no"}),
        "entered": months,
        "tenure": months + OBSERVED,
        "repeated": raw.duplicated().map({True: "yes", False: "no"}),
        "call_failures": raw["Call Failure"],
    }
)
customers.to_csv("customers.csv", index=False, lineterminator="\n")
