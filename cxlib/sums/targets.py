"""Whom to design for: segments by value, potential, and how well the key experience fits them.

Source: the method, step 1 and the rules of focus: define the best customers, design the best
experience. How the three are put together is ours: existing and potential value count alike, and a
segment counts as far as what the design repairs is what it misses most.

Different segments, different designs: each one's own key experience beside everyone's.

Source: the method, §2: first-time insurance buyers choose whom they know; repeat buyers of
investment products want expertise.
"""

import numpy as np
import pandas as pd


def segment_worth(customers: pd.DataFrame, gaps: pd.DataFrame | None = None) -> pd.DataFrame:
    """Segments, the one most worth designing for first.

    customers : one row per customer: segment, existing, potential (currency; blank = not known)
    gaps : segment, dimension, weighted_satisfaction, key_experience; of `all` and of segments

    Returns segment, n (customers), share (of customers), value_share (of existing value),
    value_ratio and potential_ratio (of one customer ÷ of one of all), key_fit (0–1: what the segment
    misses in the key experience of the design ÷ what it misses most, to a tenth; blank where nobody
    of it was asked), worth_index (mean of the ratios × key_fit, which where blank counts as 1).

    >>> customers = pd.DataFrame(
    ...     {"segment": [*"aab"], "existing": [10, 10, 40], "potential": [20, 20, 20]}
    ... )
    >>> segment_worth(customers)[["segment", "worth_index"]].values.tolist()
    [['b', 1.5], ['a', 0.75]]
    """
    by = customers.groupby("segment")
    worth = ["existing", "potential"]
    ratios = by[worth].mean() / customers.dropna(subset=["segment"])[worth].mean()
    ratios = ratios.rename(columns={"existing": "value"}).add_suffix("_ratio")
    n, existing = by.size(), by["existing"].sum(min_count=1)
    table = pd.DataFrame({"n": n, "share": n / n.sum(), "value_share": existing / existing.sum()})
    table = table.join(ratios).assign(key_fit=key_fit(gaps).reindex(table.index))
    table = table.assign(worth_index=ratios.mean(axis=1) * table["key_fit"].fillna(1))
    table = table.sort_values("worth_index", ascending=False, kind="stable")
    return table.rename_axis("segment").reset_index()


def key_fit(gaps: pd.DataFrame | None) -> pd.Series:
    """How far the key experience of the design is what each segment misses most, 0–1, by segment.

    >>> gaps = pd.DataFrame(
    ...     {
    ...         "segment": ["all", "a", "a"],
    ...         "dimension": ["x", "x", "y"],
    ...         "weighted_satisfaction": [-9, -5, -10],
    ...         "key_experience": [True, False, True],
    ...     }
    ... )
    >>> key_fit(gaps).to_dict()
    {'a': 0.5}
    """
    if gaps is None or not gaps["key_experience"].eq(True).any():
        return pd.Series(dtype=float)
    design = "target" if gaps["segment"].eq("target").any() else "all"
    keys = gaps[gaps["segment"].eq(design) & gaps["key_experience"].eq(True)]
    rows = gaps[~gaps["segment"].isin(["all", "target"])]
    wide = rows.pivot(index="segment", columns="dimension", values="weighted_satisfaction")
    missed = wide.reindex(columns=keys["dimension"]).min(axis=1)
    most = wide.min(axis=1)
    return (missed / most.where(most < 0, np.nan)).clip(lower=0, upper=1).round(1)


# Different segments, different designs


def segment_designs(gaps: pd.DataFrame) -> pd.DataFrame:
    """One row per segment whose key experience is known.

    gaps : the gap table with intervals and key_experience (`gap.mark_key_experience`)

    Returns segment, n, own_key (its key experience), weighted_satisfaction (score points), p_key,
    ideal (of the own key), common_key (of all customers), satisfaction, satisfaction_low,
    satisfaction_high (the segment's, in the common key), differs (own and common are not the
    same), wasted (differs, and in the common key the segment surely gets what it expects: a design
    for all would spend there for nothing).

    >>> segment_designs(cx.gaps(cx.read_client("kiosk", "data")))[
    ...     ["segment", "own_key"]
    ... ].values[:2].tolist()
    [['weekly', 'security'], ['monthly', 'security']]
    """
    keys = gaps[gaps["key_experience"].eq(True)].drop_duplicates("segment").set_index("segment")
    if "all" not in keys.index:
        return pd.DataFrame(columns=["segment", "own_key", "common_key", "differs", "wasted"])
    common = keys.at["all", "dimension"]
    there = gaps[gaps["dimension"] == common].set_index("segment")
    own = keys.drop(index=["all", "target"], errors="ignore")
    found = own[["n", "dimension", "weighted_satisfaction", "p_key", "ideal"]]
    found = found.rename(columns={"dimension": "own_key"}).assign(common_key=common)
    columns = ["satisfaction", "satisfaction_low", "satisfaction_high"]
    found = found.join(there.reindex(columns=columns))
    differs = found["own_key"] != common
    surely = found["satisfaction_low"].fillna(found["satisfaction"]) >= 0
    return found.assign(differs=differs, wasted=differs & surely).reset_index()
