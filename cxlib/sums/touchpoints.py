"""Where it happens: channel × stage, with scores, bases, problems and loss, and what nobody sees."""

import numpy as np
import pandas as pd

from cxlib.sums.estimate import estimate_means
from cxlib.sums.interval import counted_share, mean_interval

HOPS = ">"  # phone > web > visit
NOWHERE = pd.MultiIndex.from_arrays([[], []], names=["stage", "channel"])


def touchpoint_map(
    answers: pd.DataFrame | None,
    items: pd.DataFrame | None,
    weight: pd.Series | None = None,
    complaints: pd.DataFrame | None = None,
    lost: tuple | None = None,
    confidence: float = 0.95,
    scale=None,
) -> pd.DataFrame:
    """One row per stage and channel, every stage with every channel.

    Parameters
    ----------
    answers : experience (or satisfaction as asked), one row per respondent, one column per item;
        blank = no answer
    items : one row per item (index): stage, channel
    complaints : one row per case: stage, channel
    lost : (amount, low, high) lost a year to bad experience, currency
    scale : (lowest, highest) answer

    Returns stage, channel and
        n, n_eff, experience, _low, _high    each person's mean over the touchpoint's items
        cases, share, share_low, share_high  of the cases that say where (Wilson)
        loss, loss_low, loss_high            lost × share, ends with ends: the cost tree's loss laid
                                             where the cases are. Who never calls may have been hurt
                                             elsewhere
        seen     both, scores, cases, or blind: nothing is known of this touchpoint

    >>> cases = pd.DataFrame({"stage": ["order", "use"], "channel": "web"})
    >>> touchpoint_map(None, None, complaints=cases)["share"].tolist()
    [0.5, 0.5]
    """
    places = places_of(answers, items)
    scores = touchpoint_scores(answers, places, weight, confidence, scale)
    counted = touchpoint_cases(complaints, confidence)
    every = grid(scores.index.append(counted.index))
    table = scores.reindex(every).join(counted.reindex(every))
    if len(counted):
        table["cases"] = table["cases"].fillna(0)
    if lost is not None:
        for end, amount in zip(["", "_low", "_high"], lost, strict=True):
            table[f"loss{end}"] = amount * table[f"share{end}"]
    has_score, has_case = table["experience"].notna(), table["cases"].fillna(0) > 0
    kinds = [has_score & has_case, has_score, has_case]
    table["seen"] = np.select(kinds, ["both", "scores", "cases"], "blind")
    return table.reset_index()


def places_of(answers, items) -> pd.DataFrame:
    """stage and channel of the items that were asked and say both."""
    if answers is None or items is None or not {"stage", "channel"} <= set(items):
        return pd.DataFrame(columns=["stage", "channel"])
    return items.loc[items.index.intersection(answers.columns), ["stage", "channel"]].dropna()


def touchpoint_scores(answers, places, weight, confidence, scale=None) -> pd.DataFrame:
    """One row per stage and channel that was asked about: n, n_eff, experience with its interval
    (score points)."""
    columns = ["n", "n_eff", "experience", "experience_low", "experience_high"]
    if places.empty:
        return pd.DataFrame(columns=columns, index=NOWHERE, dtype=float)
    by = places.groupby(["stage", "channel"], sort=False)
    lived = {place: answers[list(rows.index)].mean(axis=1) for place, rows in by}
    wide = pd.concat(lived, axis=1)
    found = mean_interval(estimate_means(wide, weight), confidence, scale, "experience")
    return found.rename_axis(["stage", "channel"])[columns]


def stage_scores(answers, items, key, weight, confidence) -> pd.DataFrame:
    """One row per stage (index): n, n_eff, experience of all its items, and key_score of those of the key
    experience alone with its base n_key, with their intervals: the same experience at other stages.

    items : one row per item: stage, dimension; key : dimensions of the key experience

    >>> items = pd.DataFrame({"stage": ["buy", "use"], "dimension": ["price", "product"]}, ["a", "b"])
    >>> told = stage_scores(pd.DataFrame({"a": [3, 5], "b": [7, 9]}), items, ["product"], None, 0.95)
    >>> told[["experience", "key_score"]].values.tolist()
    [[4.0, nan], [8.0, 8.0]]
    """
    found = []
    for rows in (items, items[items["dimension"].isin(key)]):
        places = places_of(answers, rows.assign(channel="all"))
        found.append(touchpoint_scores(answers, places, weight, confidence).droplevel("channel"))
    mine = found[1].rename(columns=lambda name: name.replace("experience", "key_score"))
    return found[0].join(mine.drop(columns="n_eff").rename(columns={"n": "n_key"}))


def touchpoint_cases(complaints, confidence) -> pd.DataFrame:
    """One row per stage and channel with cases: cases, share of all cases (0–1, Wilson)."""
    columns = ["cases", "share", "share_low", "share_high"]
    if complaints is None or not {"stage", "channel"} <= set(complaints):
        return pd.DataFrame(columns=columns, index=NOWHERE, dtype=float)
    cases = complaints.groupby(["stage", "channel"], sort=False).size()
    return pd.DataFrame({"cases": cases, **counted_share(cases, cases.sum(), confidence)})


def grid(places: pd.MultiIndex) -> pd.MultiIndex:
    """Every stage with every channel, each in the order it first comes."""
    stages, channels = (list(dict.fromkeys(places.get_level_values(level))) for level in (0, 1))
    return pd.MultiIndex.from_product([stages, channels], names=["stage", "channel"])


def case_paths(
    complaints: pd.DataFrame, confidence: float = 0.95, by: str = "path"
) -> pd.DataFrame:
    """The ways that cases took through the channels, or from owner to owner, most frequent first.

    complaints : one row per case: path, or channel, as "phone > web > visit"; resolved (True or
        False), hours_to_resolve where known
    by : path, or owners, as "cashier > guard > director"

    Returns one row per path: path or owners, hops (how often it was handed on), cases, share, share_low, share_high
    (of cases with a path; Wilson), n_put_right, put_right, put_right_low, put_right_high (share
    of those that say), hours (median). No rows where no case changed its channel.

    >>> case_paths(pd.DataFrame({"path": ["phone > web", "phone", "phone"]}))[
    ...     ["path", "hops"]
    ... ].values.tolist()
    [['phone', 0], ['phone > web', 1]]
    """
    none = pd.Series(index=complaints.index)
    text = complaints.get(by, complaints.get("channel", none) if by == "path" else none)
    words = text.dropna().astype(str).str.split(HOPS)
    paths = words.map(lambda parts: f" {HOPS} ".join(part.strip() for part in parts))
    if not paths.str.contains(HOPS, regex=False).any():
        return pd.DataFrame()
    known = complaints.loc[paths.index].assign(**{by: paths})
    each = known.groupby(by)
    cases = each.size()
    table = pd.DataFrame({"cases": cases, **counted_share(cases, cases.sum(), confidence)})
    table.insert(0, "hops", table.index.str.count(HOPS))
    if "resolved" in known:
        told = known["resolved"].astype("boolean").groupby(known[by])
        n = told.count().astype(float)
        table = table.assign(n_put_right=n, **counted_share(told.sum(), n, confidence, "put_right"))
    if "hours_to_resolve" in known:
        table["hours_to_resolve"] = each["hours_to_resolve"].median()
    table = table.sort_values(["cases", "hops"], ascending=[False, True], kind="stable")
    return table.reset_index()
