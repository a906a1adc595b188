"""The tree's shares counted from customers: each customer once, and each by revenue."""

import pandas as pd

from cxlib.sums.interval import weighted_share


def churn_by_weighting(
    customers: pd.DataFrame, negative_below: float | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """The tree's shares as the customers show them: each customer once, and each by revenue.

    The two differ where those who complain, or leave, are not average customers.

    Parameters
    ----------
    customers : one row per customer, columns churned and complained (0 or 1), and where known
        revenue (a year) and satisfaction; blank = not known, and then not counted
    negative_below : a satisfaction score below this is negative experience; None (or no scores)
        takes everyone, and `negative` is left out

    Returns one row per weighting (customers, revenue) and share: weighting, input (negative,
    complain, complained_lost, silent_lost, baseline_churn: churn among those not negative; lost:
    those who had a bad experience and left, of all: the tree's loss by each weighting), share,
    share_low, share_high (Wilson on Kish's effective base), n (customers in the share's base),
    n_eff, count and of (customers; blank for revenue). Churned counts as lost; nothing here says
    who is at risk.

    >>> customers = pd.DataFrame({"complained": [1, 1, 0, 0], "churned": [1, 0, 0, 0]})
    >>> found = churn_by_weighting(customers).set_index(["weighting", "input"])["share"]
    >>> found["customers", "complained_lost"]
    0.5
    """
    known = customers.reindex(columns=["churned", "complained", "satisfaction", "revenue"])
    known = known.astype(float)
    weightings = {"customers": pd.Series(1.0, index=known.index), "revenue": known["revenue"]}
    rows = []
    for name, (part, base) in customer_shares(known, negative_below).items():
        for weighting, weight in weightings.items():
            # A customer of zero revenue weighs nothing; a refund cannot weigh less than that.
            held = base & part.notna() & (weight > 0)
            one = part[held].astype(float)
            *share, n_eff = weighted_share(one, weight[held], confidence)
            rows.append((weighting, name, *share, len(one), n_eff, int(one.sum())))
    columns = ["weighting", "input", "share", "share_low", "share_high", "n", "n_eff", "count"]
    table = pd.DataFrame(rows, columns=columns)
    single = table["weighting"] == "customers"
    table = table.assign(count=table["count"].where(single), of=table["n"].where(single))
    return table.sort_values("weighting", kind="stable", ignore_index=True)


def customer_shares(known: pd.DataFrame, negative_below: float | None) -> dict:
    """Share → (0 or 1 per customer, who is in its base)."""
    everyone = pd.Series(True, index=known.index)
    if negative_below is None or known["satisfaction"].isna().all():
        negative, shares = everyone, {}
    else:
        scored = known["satisfaction"]
        negative, marked = scored < negative_below, (scored < negative_below).where(scored.notna())
        shares = {
            "negative": (marked, everyone),
            "baseline_churn": (known["churned"], scored >= negative_below),
            "lost": (known["churned"].where(marked != 0, 0.0).where(marked.notna()), everyone),
        }
    return shares | {
        "complain": (known["complained"], negative),
        "complained_lost": (known["churned"], negative & (known["complained"] == 1)),
        "silent_lost": (known["churned"], negative & (known["complained"] == 0)),
    }
