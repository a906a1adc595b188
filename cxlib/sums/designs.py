"""Different segments, different designs: each one's own key experience beside everyone's.

Source: the method, §2: first-time insurance buyers choose whom they know; repeat buyers of
investment products want expertise.
"""

import pandas as pd


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
