"""The shares that the cost tree rests on: stated, counted or assumed, checked, and drawn.

Draws say what was stated: a range is the central RANGE_HOLDS of its draws, or what client.yml says
(`churn_cost.range_holds`), its middle the share as stated.
"""

import numpy as np
import pandas as pd

from cxlib.sums.estimate import z_of

GROUPS = {
    "complained": ["complained_retained", "complained_at_risk", "complained_lost"],
    "silent": ["silent_at_risk", "silent_lost"],
}
REQUIRED = ["negative", "complain", *GROUPS["complained"], *GROUPS["silent"]]
WEAKEST_FIRST = ["assumption", "literature", "measured"]
RANGE_HOLDS = 0.90  # of the draws, in a stated range, where client.yml says nothing of it
GIVES_WAY = ("lost", "retained", "at_risk")  # the last leaf takes what the ones before it leave
SUM_TOLERANCE = 1e-6  # shares typed as .333 + .333 + .334 pass; .33 + .33 + .33 does not


def weakest_source(inputs: pd.DataFrame, names) -> str:
    """The weakest of the inputs' sources: assumption, then literature, then measured.

    >>> inputs = cx.read_client("meisu", "data").churn_inputs
    >>> weakest_source(inputs, ["complain", "negative"])
    'assumption'
    """
    return weakest(inputs.loc[inputs["input"].isin(names), "from"])


def weakest(sources) -> str:
    """The weakest of these sources; "" where none of them is known.

    >>> weakest(["measured", "literature"])
    'literature'
    """
    return next((source for source in WEAKEST_FIRST if source in set(sources)), "")


def stated_shares(inputs: pd.DataFrame) -> dict:
    """Share of each input, 0–1: counted where there are counts, else stated. Raises ValueError.

    >>> inputs = cx.read_client("meisu", "data").churn_inputs
    >>> float(stated_shares(inputs)["negative"])
    0.22
    """
    faults = input_faults(inputs)
    if faults:
        raise ValueError("The churn-cost shares cannot be used. " + " ".join(faults))
    return counted_or_stated(spread_of_inputs(inputs)).to_dict()


def counted_or_stated(table: pd.DataFrame) -> pd.Series:
    """Share of each input (rows of `spread_of_inputs`); blank where neither is known.

    >>> table = pd.DataFrame({"share": [0.2, None], "count": [None, 30], "of": [None, 100]})
    >>> counted_or_stated(table).tolist()
    [0.2, 0.3]
    """
    return (table["count"] / table["of"]).fillna(table["share"])


def input_faults(inputs: pd.DataFrame) -> list[str]:
    """Every reason for which these inputs make no tree, as sentences; empty when there is none."""
    table = spread_of_inputs(inputs)
    shares = counted_or_stated(table)
    faults = share_faults(shares)
    return faults if shares.index.has_duplicates else faults + range_faults(shares, table)


def share_faults(shares: pd.Series) -> list[str]:
    """Shares that are repeated, missing, outside 0–1, or do not add up to 1, as sentences.

    >>> share_faults(pd.Series({"negative": 1.2}))[-1]
    "'negative' is 1.2: a share lies in 0–1."
    """
    repeated = shares.index[shares.index.duplicated()].unique()
    faults = [f"'{name}' is stated more than once: keep one." for name in repeated]
    missing = [name for name in REQUIRED if name not in shares.dropna().index]
    faults += [f"'{name}' is missing: state its share, 0–1, or its counts." for name in missing]
    outside = shares[(shares < 0) | (shares > 1)]
    faults += [f"'{name}' is {share:g}: a share lies in 0–1." for name, share in outside.items()]
    for group, leaves in GROUPS.items():
        if set(leaves) & set(missing) or len(repeated):
            continue
        total = shares[leaves].sum()
        if abs(total - 1) > SUM_TOLERANCE:
            terms = " + ".join(f"{shares[leaf]:g} ({leaf})" for leaf in leaves)
            faults.append(
                f"The shares of '{group}' add up to {total:g}, not 1: {terms}. "
                "The leaves would not add up to revenue; correct one of them."
            )
    return faults


def range_faults(shares: pd.Series, table: pd.DataFrame) -> list[str]:
    """Every stated range that does not hold its own share, as sentences."""
    ranged = table["count"].isna() & table["low"].notna() & table["high"].notna()
    within = shares.between(table["low"], table["high"])
    wrong = table.assign(share=shares)[ranged & ~within].itertuples()
    told = "'{0.Index}' is {0.share:g}, outside its range {0.low:g}–{0.high:g}: correct the share, or the range."
    return [told.format(each) for each in wrong]


def input_draws(inputs: pd.DataFrame, draws: int, seed: int) -> dict:
    """Each input as an array of `draws` shares.

    - count and of: posterior under Jeffreys' prior, Beta(count + ½, of − count + ½); a group of
      leaves that are all counted is one Dirichlet(count + ½, …).
    - a stated range: a normal split at the share as stated, its median, so that the range holds its
      central `holds` (column; RANGE_HOLDS where there is none), as much beyond either end; what
      lies outside 0–1 is put at the end. Source: the two-piece normal, Wallis 2014, Statistical
      Science 29(1).
    - neither: the stated share, without spread.
    - complaints counted among all customers: tied to the draws of negative (see `tied`).
    Leaves of a group always add up to 1; see `leaves_that_add_up`.

    >>> drawn = input_draws(cx.read_client("meisu", "data").churn_inputs, draws=4, seed=1)
    >>> (drawn["silent_lost"] + drawn["silent_at_risk"]).round(9).tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    table = spread_of_inputs(inputs).assign(share=pd.Series(stated_shares(inputs)))
    rng = np.random.default_rng(seed)
    normal = {name: rng.standard_normal(draws) for name in table.index}
    for leaves in GROUPS.values():
        rho, (lost, retained) = width_left_over(table.loc[leaves]), (leaves[-1], leaves[0])
        normal[retained] = rho * normal[lost] + np.sqrt(1 - rho**2) * normal[retained]
    drawn = {name: share_draws(row, normal[name], rng) for name, row in table.iterrows()}
    for leaves in GROUPS.values():
        rows = table.loc[leaves]
        if rows["count"].notna().all():
            posterior = rng.dirichlet(rows["count"].to_numpy() + 0.5, draws).T
            drawn |= dict(zip(leaves, posterior, strict=True))
        else:
            opened = rows["count"].notna() | (rows["low"] < rows["high"])  # with a spread
            drawn |= leaves_that_add_up({leaf: drawn[leaf] for leaf in leaves}, opened)
    return tied(drawn, inputs, complainers_drawn(inputs, draws, rng))


def width_left_over(rows: pd.DataFrame) -> float:
    """The correlation of retained with lost by which at_risk, what they leave, is as wide as it was
    stated to be; 0 for two leaves, or where a width was not stated."""
    half = ((rows["high"] - rows["low"]) / 2).where(rows["count"].isna())
    if len(half) < 3 or not (half > 0).all():
        return 0.0
    retained, at_risk, lost = half
    return float(np.clip((at_risk**2 - retained**2 - lost**2) / (2 * retained * lost), -1, 1))


def complainers_drawn(inputs: pd.DataFrame, draws: int, rng):
    """Draws of the complainers' share of all customers; None where that was not counted."""
    of_all = complainers_of_all(inputs)
    if np.isnan(of_all):
        return None
    base = inputs.set_index("input").at["complain", "of_all_base"]
    return rng.beta(of_all * base + 0.5, (1 - of_all) * base + 0.5, draws)


def complainers_of_all(inputs: pd.DataFrame) -> float:
    """The complainers' share of all customers, 0–1, where that is what was counted; else blank.

    >>> complainers_of_all(pd.DataFrame({"input": ["complain"], "of_all": [0.05]}))
    0.05
    """
    known = inputs.loc[inputs["input"].eq("complain"), "of_all"] if "of_all" in inputs else []
    return float(known.iloc[0]) if len(known) else np.nan


def tied(shares: dict, inputs: pd.DataFrame, drawn=None) -> dict:
    """The shares (numbers or draws) with `complain` tied to `negative`, where complaints were
    counted among all customers: the fewer had a bad experience, the more of them complained.
    drawn : draws of the complainers' share of all; None: as counted

    >>> inputs = pd.DataFrame({"input": ["complain"], "of_all": [0.05]})
    >>> float(tied({"negative": 0.1, "complain": 0.2}, inputs)["complain"])
    0.5
    """
    of_all = complainers_of_all(inputs) if drawn is None else drawn
    if np.isnan(of_all).any():
        return shares
    return shares | {"complain": np.minimum(of_all / np.maximum(shares["negative"], of_all), 1)}


def spread_of_inputs(inputs: pd.DataFrame) -> pd.DataFrame:
    """Inputs by name with low, high, count, of and holds as numbers; a count without its base is none.

    >>> inputs = cx.read_client("meisu", "data").churn_inputs
    >>> spread_of_inputs(inputs).loc["negative", ["low", "high"]].tolist()
    [0.15, 0.3]
    """
    columns = ["share", "low", "high", "count", "of", "holds"]
    table = inputs.set_index("input").reindex(columns=columns).astype(float)
    counted = table["count"].where(table["of"].notna())
    return table.assign(count=counted, holds=table["holds"].fillna(RANGE_HOLDS))


def share_draws(row: pd.Series, normal: np.ndarray, rng) -> np.ndarray:
    """Draws of one share, 0–1, from standard normals; see `input_draws`."""
    if pd.notna(row["count"]):
        return rng.beta(row["count"] + 0.5, row["of"] - row["count"] + 0.5, len(normal))
    if not row["high"] > row["low"]:
        return np.full(len(normal), row["share"])
    z = normal / z_of(row["holds"])
    reach = np.where(z < 0, row["share"] - row["low"], row["high"] - row["share"])
    return np.clip(row["share"] + z * reach, 0, 1)


def leaves_that_add_up(drawn: dict, opened: pd.Series) -> dict:
    """Leaves that add up to 1: `lost` as drawn, for the loss rests on it, then `retained`; those
    without spread, or else the last, share what these leave over."""
    if not opened.any():
        return drawn
    order = sorted(drawn, key=lambda leaf: [leaf.endswith(each) for each in GIVES_WAY].index(True))
    rest = [leaf for leaf in order if not opened[leaf]] or order[-1:]
    left, found = 1.0, {}
    for leaf in order:
        if leaf not in rest:
            found[leaf] = np.minimum(drawn[leaf], left)
            left = left - found[leaf]
    whole = sum(drawn[leaf] for leaf in rest)
    even = np.where(np.asarray(whole) > 0, whole, len(rest))
    for leaf in rest:
        found[leaf] = left * (np.where(np.asarray(whole) > 0, drawn[leaf], 1.0) / even)
    return found


def stated_then_drawn(inputs: pd.DataFrame, draws: int, seed: int) -> dict:
    """Each input as an array: the stated share first, then `draws` draws of it.

    >>> inputs = cx.read_client("meisu", "data").churn_inputs
    >>> float(stated_then_drawn(inputs, draws=3, seed=1)["negative"][0])
    0.22
    """
    drawn = input_draws(inputs, draws, seed)
    return {name: np.append(share, drawn[name]) for name, share in stated_shares(inputs).items()}


def margin_draws(margin, margin_range, draws: int, seed: int, holds: float = RANGE_HOLDS):
    """The margin first as stated, then drawn within its range, as `input_draws` draws a share; None
    without a margin.

    >>> margin_draws(0.3, None, draws=2, seed=1).tolist()
    [0.3, 0.3, 0.3]
    """
    if margin is None:
        return None
    low, high = margin_range or (margin, margin)
    row = pd.Series({"share": margin, "low": low, "high": high, "count": np.nan, "holds": holds})
    # A stream of its own: the shares' draws are the same with a range as without.
    rng = np.random.default_rng([seed, 1])
    return np.append(margin, share_draws(row, rng.standard_normal(draws), rng))


def error_draws(error: float, draws: int, seed: int) -> np.ndarray:
    """1, then factors around 1 with this standard error of their logarithm.

    >>> error_draws(0.0, draws=2, seed=1).tolist()
    [1.0, 1.0, 1.0]
    """
    return np.append(1.0, np.exp(error * np.random.default_rng([seed, 2]).standard_normal(draws)))


def range_holds(inputs: pd.DataFrame) -> float:
    """How much of its draws a stated range holds, 0–1; one for all inputs of a client.

    >>> range_holds(pd.DataFrame({"input": ["negative"]}))
    0.9
    """
    return float(inputs["holds"].iloc[0]) if "holds" in inputs else RANGE_HOLDS
