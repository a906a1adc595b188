"""Loyalty is not satisfaction: who stays because he wants to, and who because he cannot leave.

                   loyal        not loyal
    satisfied      apostle      mercenary
    not satisfied  hostage      defector

Source: the method, §6; Jones & Sasser 1995, Harvard Business Review 73(6).
"""

import numpy as np
import pandas as pd

from cxlib.sums.estimate import DRAWS, SEED, central, spread
from cxlib.sums.interval import weighted_share
from cxlib.sums.weights import Weight

TYPES = ("apostle", "hostage", "mercenary", "defector")
FREEDOMS = ("all", "free", "bound")


def loyalty_types(
    answers: pd.DataFrame, satisfied_from: float, loyal_from: float, bound_from: float
) -> pd.DataFrame:
    """Each customer's type and freedom.

    Parameters
    ----------
    answers : one row per customer, columns satisfaction, loyalty, switching_cost (absent or blank
        = not known)
    satisfied_from, loyal_from, bound_from : the score from which a customer counts as that

    Returns the same rows with satisfied, loyal, type, freedom (free or bound; blank = not known).

    >>> loyalty_types(pd.DataFrame({"satisfaction": [7, 2], "loyalty": [7, 6]}), 4, 4, 4)[
    ...     "type"
    ... ].tolist()
    ['apostle', 'hostage']
    """
    told = answers.reindex(columns=["satisfaction", "loyalty", "switching_cost"]).astype(float)
    known = told["satisfaction"].notna() & told["loyalty"].notna()
    satisfied, loyal = told["satisfaction"] >= satisfied_from, told["loyalty"] >= loyal_from
    kind = np.select([satisfied & loyal, loyal, satisfied], TYPES[:3], TYPES[3])
    bound = np.where(told["switching_cost"] >= bound_from, "bound", "free")
    kind, bound = (pd.Series(each, answers.index, dtype="str") for each in (kind, bound))
    freedom = bound.where(known & told["switching_cost"].notna())
    satisfied, loyal, kind = (each.where(known) for each in (satisfied, loyal, kind))
    return answers.assign(satisfied=satisfied, loyal=loyal, type=kind, freedom=freedom)


def loyalty_table(
    typed: pd.DataFrame, confidence: float = 0.95, drawn: Weight = None
) -> pd.DataFrame:
    """One row per freedom (`all` first) and type of customer.

    typed : as `loyalty_types` gives it, with revenue (a year, currency) and weight where known

    Returns freedom, loyalty_type, n (customers of the type), n_of (of all types of that freedom), share,
    share_low, share_high (Wilson on the effective base), revenue (currency), revenue_share,
    revenue_share_low, revenue_share_high (revenue-weighted; few large customers widen it).

    >>> typed = loyalty_types(
    ...     pd.DataFrame({"satisfaction": [7, 2], "loyalty": [7, 6]}), 4, 4, 4
    ... )
    >>> loyalty_table(typed).query("n > 0")["loyalty_type"].tolist()
    ['apostle', 'hostage']
    """
    typed = typed.dropna(subset=["type"])
    rows = []
    for freedom in FREEDOMS:
        group = typed if freedom == "all" else typed[typed["freedom"] == freedom]
        for kind in TYPES if len(group) else ():
            rows.append((freedom, kind, *type_row(group, kind, confidence, drawn)))
    columns = ["freedom", "loyalty_type", "n", "n_of", "share", "share_low", "share_high"]
    columns += ["revenue", "revenue_share", "revenue_share_low", "revenue_share_high"]
    return pd.DataFrame(rows, columns=columns)


def type_row(group: pd.DataFrame, kind: str, confidence: float, drawn: Weight = None) -> tuple:
    """n of the type, n of the group, share with its interval (0–1), revenue (currency a year), and
    share of revenue with its interval (0–1); blank = not known."""
    member = group["type"] == kind
    one = pd.Series(1.0, index=group.index)
    share = weighted_share(member, group.get("weight", one), confidence, drawn)
    revenue = group.get("revenue", one * np.nan)
    total = revenue[member].sum() if revenue.notna().any() else np.nan
    positive = revenue > 0
    part = weighted_share(member[positive], revenue[positive], confidence)
    return int(member.sum()), len(group), *share[:3], total, *part[:3]


def if_switching_were_free(typed: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Revenue of bound customers that would go if nothing held them.

    Loyal customers who are bound are given the disloyalty of free customers who are as satisfied:
    so this rests on the two being alike but for what leaving costs, which nobody has tried.

    Returns one row per satisfaction (`all` last): satisfied (yes, no, all), n (bound and loyal),
    n_free (free customers compared), disloyal, disloyal_low, _high (share of the free, 0–1: of their
    revenue where it is known), revenue (of the bound and loyal, a year), revenue_at_stake, revenue_at_stake_low, revenue_at_stake_high (currency a
    year; blank without revenue). Posterior under Jeffreys' prior; what a bound customer brings is
    taken as known.

    >>> rng = np.random.default_rng(1)
    >>> typed = loyalty_types(
    ...     pd.DataFrame(
    ...         rng.integers(1, 8, (60, 3)),
    ...         columns=["satisfaction", "loyalty", "switching_cost"],
    ...     ),
    ...     4,
    ...     4,
    ...     4,
    ... )
    >>> if_switching_were_free(typed)["satisfied"].tolist()
    ['yes', 'no', 'all']
    """
    rng, rows, drawn = np.random.default_rng(SEED), [], []
    for name, satisfied in {"yes": 1, "no": 0}.items():
        group = typed[typed["satisfied"].eq(satisfied).fillna(False)]
        free = group.loc[group["freedom"] == "free", "loyal"].astype(float)
        held = group[(group["freedom"] == "bound") & group["loyal"].eq(1)]
        revenue = held["revenue"].sum() if "revenue" in held else np.nan
        weight = group.get("revenue", pd.Series(1.0, group.index)).reindex(free.index).fillna(0)
        weight = weight.clip(lower=0) if weight.gt(0).any() else weight * 0 + 1.0
        share, *_, base = weighted_share(free == 0, weight, confidence)
        left = share * base
        draw = rng.beta(left + 0.5, base - left + 0.5, DRAWS) if len(free) else np.nan
        drawn.append(np.broadcast_to(draw * revenue if len(held) else 0.0, DRAWS))
        row = {"satisfied": name, "n": len(held), "n_free": len(free)}
        row |= spread("disloyal", np.r_[share, np.broadcast_to(draw, DRAWS)], confidence)
        row |= {"revenue": revenue}
        row |= spread("revenue_at_stake", np.r_[share * revenue, drawn[-1]], confidence)
        rows.append(row)
    table = pd.DataFrame(rows)
    low, high = central(sum(drawn), confidence)
    total = table[["n", "n_free", "revenue"]].sum(min_count=1).to_dict()
    revenue_at_stake = table.loc[table["n"] > 0, "revenue_at_stake"].sum(skipna=False)
    total |= {"satisfied": "all", "revenue_at_stake": revenue_at_stake}
    total |= {"revenue_at_stake_low": low, "revenue_at_stake_high": high}
    both = pd.concat([table, pd.DataFrame([total])], ignore_index=True)
    return both.astype({"n": int, "n_free": int})
