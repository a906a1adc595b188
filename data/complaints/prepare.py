"""From the regulator's file to the table `complaints`: one row per row of the file, none left out.

Run once, in this folder, after a change of raw/complaints.csv: `python prepare.py`.
"""

import pandas as pd

CHANNELS = {
    "Web": "web",
    "Phone": "phone",
    "Referral": "referral",
    "Postal mail": "mail",
    "Fax": "fax",
}
RESPONSES = {
    "Closed with explanation": "explanation",
    "Closed with non-monetary relief": "non_monetary_relief",
    "Closed with monetary relief": "monetary_relief",
    "Closed": "closed",
    "Untimely response": "untimely",
    "In progress": "in_progress",
}
# Monetary relief is compensation; whether it also put the cause right is not recorded. Non-monetary
# relief changed something for the customer: taken as put right. An explanation did neither.
COMPENSATED = {"explanation": "no", "non_monetary_relief": "no", "monetary_relief": "yes"}
RESOLVED = {"explanation": "no", "non_monetary_relief": "yes"}

raw = pd.read_csv("raw/complaints.csv", dtype=str)
response = raw["Company response to consumer"].map(RESPONSES)
yes_no = {"Yes": "yes", "No": "no"}
complaints = pd.DataFrame(
    {
        "case": [f"row {row}" for row in range(2, len(raw) + 2)],  # the file has no case number
        "date": pd.to_datetime(raw["Date received"], format="%m/%d/%Y").dt.date,
        "channel": raw["Submitted via"].map(CHANNELS),
        "reason": raw["Issue"],
        "compensated": response.map(COMPENSATED),
        "resolved": response.map(RESOLVED),
        "disputed": raw["Consumer disputed?"].map(yes_no),
        "product": raw["Product"],
        "response": response,
        "timely": raw["Timely response?"].map(yes_no),
    }
)
complaints.to_csv("complaints.csv", index=False, lineterminator="\n")
