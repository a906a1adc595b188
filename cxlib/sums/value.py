"""What each customer is worth, in tiers, and what each tier should get.

Existing, potential and influence value (既成价值, 潜在价值, 影响价值), weighted as client.yml says.
Source: the method, §7: better service for high value, standard for the rest; resources follow
value. §5: top customers face to face and long relations, the rest pooled and by phone.
"""

import numpy as np
import pandas as pd

PARTS = ("existing", "potential", "influence")
# tier: share of the customers down to which it reaches, by index. The fifth is the method's 20 %.
TIERS = {"top": 0.20, "middle": 0.50, "standard": 1.0}
STRATEGY = pd.DataFrame({
    "tier": [*TIERS], "service": ["best", "better", "standard_level"],
    "contact_mode": ["face_to_face", "phone_by_name", "pooled"], "contacts_planned": [12, 4, 1],
    "from": "assumption",
})  # fmt: skip


def strategy(planned=None) -> pd.DataFrame:
    """STRATEGY with the contacts a year that the client plans, {tier: number or None}, in place of ours;
    planned_from : client, or assumption.

    >>> strategy({"top": 6})[["contacts_planned", "planned_from"]].values[:2].tolist()
    [[6.0, 'client'], [4.0, 'assumption']]
    """
    own = STRATEGY["tier"].map(dict(planned or {})).astype(float)
    known = own.notna().map({True: "client", False: "assumption"})
    contacts = own.fillna(STRATEGY["contacts_planned"])
    return STRATEGY.assign(contacts_planned=contacts, planned_from=known)


def value_index(customers: pd.DataFrame, weights: dict) -> pd.DataFrame:
    """Each customer's index and tier.

    Parameters
    ----------
    customers : one row per customer, columns existing, potential, influence (any unit, higher is
        worth more; blank = not known), those that are known of anybody
    weights : how much each part counts; only proportions matter

    Returns the same rows with
        index  1 = the average customer: the weighted mean of part ÷ mean of that part, over the
               parts that are known of the customer, the weights of the others shared among them
        tier   top (the first fifth by index), middle (down to half), standard; ties share the
               better tier; blank where nothing is known

    >>> customers = pd.DataFrame({"existing": [9, 5, 1, 1, 1]})
    >>> value_index(customers, {"existing": 1})["tier"].tolist()
    ['top', 'middle', 'standard', 'standard', 'standard']
    """
    index = weighted_index(relative_parts(customers), weights)
    return customers.assign(index=index, tier=tier_of(index))


def relative_parts(customers: pd.DataFrame, parts=PARTS) -> pd.DataFrame:
    """Parts in units of their mean; a part whose mean is not above zero tells nothing apart.

    >>> relative_parts(pd.DataFrame({"fee": [10, 30], "calls": 0}), ["fee", "calls"]).to_dict("list")
    {'fee': [0.5, 1.5]}
    """
    known = customers.reindex(columns=list(parts)).astype(float)
    mean = known.mean()
    return known.loc[:, mean > 0] / mean[mean > 0]


def weighted_index(relative: pd.DataFrame, weights: dict) -> pd.Series:
    """Each customer's weighted mean of the parts that are known; blank where none is.

    >>> scaled = pd.DataFrame({"fee": [0.5, 1.5], "years": [2.5, None]})
    >>> weighted_index(scaled, {"fee": 3, "years": 1}).tolist()
    [1.0, 1.5]
    """
    weight = pd.Series(weights, dtype=float).reindex(relative.columns).fillna(0)
    total = relative.notna().mul(weight).sum(axis=1)
    return relative.mul(weight).sum(axis=1).div(total.where(total > 0))


def tier_of(index: pd.Series) -> pd.Series:
    """Tier by rank among the customers whose index is known."""
    place = index.rank(ascending=False, method="min")
    reaches = [np.round(share * index.notna().sum()).clip(min=1) for share in TIERS.values()]
    tier = np.select([place <= reach for reach in reaches], list(TIERS), None)
    return pd.Series(tier, index=index.index, dtype="str").where(index.notna())


def tier_table(valued: pd.DataFrame, planned=None) -> pd.DataFrame:
    """One row per tier, best first, with the strategy for it.

    valued : as `value_index` gives it, with revenue (a year, currency); planned : see `strategy`

    Returns tier, n (customers), share (of customers), revenue (currency), revenue_share, value
    (share of all index points: what resources should follow), index_from (the lowest index in the
    tier: the criterion), service, contact_mode, contacts_planned (a year), from (of the strategy).

    >>> customers = pd.DataFrame({"existing": [9, 5, 1, 1, 1], "revenue": 10})
    >>> tier_table(value_index(customers, {"existing": 1}))["n"].tolist()
    [1, 1, 3]
    """
    rows = valued.groupby("tier")
    found = rows.agg(n=("index", "size"), revenue=("revenue", "sum"), points=("index", "sum"),
                     index_from=("index", "min"))  # fmt: skip
    found = found.reindex([tier for tier in TIERS if tier in found.index])
    found["revenue"] = found["revenue"].where(rows["revenue"].count() > 0)
    found["share"] = found["n"] / found["n"].sum()
    found["revenue_share"] = found["revenue"] / found["revenue"].sum()
    found["value"] = found.pop("points") / valued["index"].sum()
    return found.reset_index().merge(strategy(planned), on="tier", how="left")
