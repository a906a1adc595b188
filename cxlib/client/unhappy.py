"""What the line between content and unhappy comes to for one client, and what hangs on it."""

import pandas as pd

from cxlib.client.case import Case
from cxlib.client.settings import churn_inputs
from cxlib.client.steps import remembered
from cxlib.sums.churn import churn_cost
from cxlib.sums.complaint import measured_inputs


@remembered
def loss_by_line(case: Case) -> pd.DataFrame | None:
    """What is lost a year with the line between content and unhappy where it is, and a point of
    the client's scale lower and higher.

    One row per line that lies on the scale: moved (points), below (the score below which an
    experience is bad), n (customers with a score), negative (share of the tree), amount (lost a
    year, gross, currency). None where the tree does not rest on what customers scored.

    >>> cx.loss_by_line(cx.read_client("vendor", "data"))["moved"].tolist()
    [-1, 0, 1]
    """
    stated, below = churn_inputs(case.settings), case.negative_below
    if stated is None or case.leavers is None or below is None:
        return None
    if case.churn_inputs.set_index("input").loc["negative", "from"] != "measured":
        return None  # too few may be shown, or it was stated otherwise for this run
    (low, high), rows = case.settings.scale, []
    for moved in (-1, 0, 1):
        if not low < below + moved <= high:
            continue
        inputs = measured_inputs(stated, case.leavers, below + moved, case.settings.disclosure)
        lost = churn_cost(case.settings.revenue, inputs).query(
            "branch == 'lost' and view == 'gross'"
        )
        share = inputs.set_index("input").loc["negative", ["count", "of"]].astype(float)
        n, amount = int(case.leavers["satisfaction"].notna().sum()), float(lost["amount"].iloc[0])
        rows.append((moved, below + moved, n, share["count"] / share["of"], amount))
    return pd.DataFrame(rows, columns=["moved", "below", "n", "negative", "amount"])
