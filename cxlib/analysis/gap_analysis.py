"""Step 4: how far experience is from the ideal, and where money closes most of it."""

import numpy as np
import pandas as pd

from cxlib.analysis import asking
from cxlib.client.case import Case
from cxlib.client.settings import EVERYONE
from cxlib.sums.quality import five_gaps


def where_to_spend(table: pd.DataFrame) -> pd.DataFrame:
    """One row per dimension of the gap table, of whom the design is for: dimension, gap, advice; of each advice
    what weighs most first, as everywhere, and the widest gap where nothing was weighed.

    exceed   the key experience: spend here, and go beyond what is expected
    first    the same where no expectation was asked: spend here first
    repair   below the ideal elsewhere, by more than chance: bring it up to enough
    above    above the ideal, by more than chance: ask whether anyone needs it
    enough   at the ideal, as far as the answers can tell
    unknown  no ideal, or no experience
    Source: the method, step 4.

    >>> found = cx.where_to_spend(cx.gaps(cx.read_client("meisu", "data")))
    >>> list(found)[:2]
    ['dimension', 'n']
    """
    rows = asking.designed_for(table)
    low, high = rows["gap_low"].fillna(rows["gap"]), rows["gap_high"].fillna(rows["gap"])
    key, asked = rows["key_experience"].eq(True), rows["weighted_satisfaction"].notna()
    holds = [key & asked, key, rows["gap"].isna(), high < 0, low > 0]
    advice = np.select(holds, ["exceed", "first", "unknown", "repair", "above"], "enough")
    columns = ["dimension", "n", "n_eff", "gap", "gap_low", "gap_high", "weighted_satisfaction"]
    columns.append("segment")  # the gate goes by whose it is
    order = {"exceed": 0, "first": 0, "repair": 1, "above": 2, "enough": 3, "unknown": 4}
    weighed = rows["weighted_satisfaction"].fillna(rows["priority"])
    found = rows[columns].assign(advice=advice, place=pd.Series(advice).map(order), by=weighed)
    found = found.sort_values(["place", "by", "gap"], ignore_index=True)
    return found.drop(columns=["place", "by"])


@asking.remembered
def gaps_in_the_service(case: Case) -> pd.DataFrame | None:
    """The five-gap model, where the table `scores` says what the company believes beside a survey.

    Only scores from management or the front line count as the company's; without a survey they
    are all there is of the customers' side too, and only rows from it are left.

    >>> found = cx.gaps_in_the_service(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['dimension', 'gap_1', 'gap_2', 'gap_3']
    """
    asking.needed(case.survey)
    customers = asking.numbers_shown(case, asking.designed_for(case.scores))
    stated, company = asking.table_of(case, "scores", "from"), None
    if stated is not None:
        rows = stated[stated["from"].isin(["management", "frontline"])]
        rows = rows[rows["segment"].eq(EVERYONE)] if "segment" in rows else rows
        company = rows if len(rows) else None
    decided = customers.set_index("dimension")
    ideal = decided["ideal"].where(decided["ideal"] != decided["experience"])
    asking.needed(company is not None or bool(ideal.notna().any()))
    return five_gaps(customers, company, ideal).assign(segment=customers["segment"])
