"""Rows of scores: what the answers gave, what was stated, and in which order they are told."""

from functools import partial, reduce

import numpy as np
import pandas as pd

from cxlib.client.settings import EVERYONE, TARGET
from cxlib.sums.gap import ideal_scores

SCORED = ("experience", "expectation", "importance")  # what a row of scores holds
ASKED = "satisfaction"  # the measure; its column is `asked_satisfaction`, which is no difference
ESTIMATED = (*SCORED, ASKED)
# The base of a row is that of the first of these that was asked: of what was lived before the rest.
BASES = ("experience", ASKED, "expectation", "importance")


def scored_rows(estimates: dict, key: str) -> pd.DataFrame:
    """Estimates as rows of scores, one per segment and dimension (or item)."""
    columns = (*SCORED, f"asked_{ASKED}")
    first = (key, "segment", "n", "n_eff", *columns, f"n_asked_{ASKED}")
    parts: dict[str, list] = {name: [] for name in first}
    for segment, found in estimates.items():
        at = {label: place for place, label in enumerate(found.mean.index)}
        names = list(dict.fromkeys(name for _, name in at))
        rows = [[at.get((each, name), -1) for name in names] for each in ESTIMATED]
        place = np.array(rows, dtype=int)
        wide = {name: by_measure(getattr(found, name), place) for name in ("mean", "n", "n_eff")}
        part = {key: names, "segment": [segment] * len(names)}
        for base in ("n", "n_eff"):
            of = [wide[base][ESTIMATED.index(each)] for each in BASES]
            part[base] = reduce(lambda one, two: np.where(np.isnan(one), two, one), of)
        part[f"n_asked_{ASKED}"] = wide["n"][ESTIMATED.index(ASKED)]
        for name, values in (part | dict(zip(columns, wide["mean"], strict=True))).items():
            parts[name].extend(values)
    parts |= {"ideal": [np.nan] * len(parts[key]), "from": ["survey"] * len(parts[key])}
    kinds = dict.fromkeys(parts, float) | dict.fromkeys((key, "segment", "from"), "str")
    return pd.DataFrame({name: pd.Series(parts[name], dtype=kinds[name]) for name in parts})


def by_measure(values: pd.Series, place: np.ndarray) -> np.ndarray:
    """The values at those places; blank where there is none (-1)."""
    found = values.to_numpy()[place]
    return found if (place >= 0).all() else np.where(place >= 0, found, np.nan)


def scores_of(case) -> pd.DataFrame:
    """A client's scores: one row per segment and dimension; see `Case.scores`."""
    settings, made = case.settings, partial(scored_rows, case.estimates, "dimension")
    table = case.once("measured", case.who_is_asked, made)
    if "scores" in case.tables:
        table = fill_scores(table, stated_scores(case.tables["scores"], settings.target_segments))
    what_if = table["dimension"].map(lambda name: case.is_changed(f"ideal.{name}"))
    stated = table["ideal"].astype(float).mask(what_if.astype(bool))
    table = table.assign(ideal=stated.fillna(ideal_of(table, settings)))
    table = with_decided_importance(table, settings.importance)
    return in_order(with_target(table, case), "dimension", list(settings.dimensions))


def item_scores_of(case) -> pd.DataFrame:
    """The same by item: item and its dimension first."""
    table = scored_rows(case.item_estimates, "item")
    items = pd.DataFrame(columns=["dimension"]) if case.survey is None else case.survey.items
    table.insert(1, "dimension", table["item"].map(items["dimension"]))
    if case.survey is None:
        return table
    table["ideal"] = ideal_of(table, case.settings)
    return in_order(with_target(table, case), "item", list(items.index))


def ideal_of(table: pd.DataFrame, settings) -> pd.Series:
    """The ideal that client.yml decides for each row."""
    return ideal_scores(table, settings.ideal)


def with_target(table: pd.DataFrame, case) -> pd.DataFrame:
    """Scores with what satisfaction as asked is held against (see `asked_target`), and that
    satisfaction − importance where both were asked on one scale."""
    table = table.assign(asked_target=asked_target(table, case.asked_scale, case.settings.scale))
    if case.asked_scale != tuple(case.settings.importance_scale):
        return table
    less = table[f"asked_{ASKED}"].astype(float) - table["importance"].astype(float)
    return table.assign(satisfaction_less_importance=less)


def with_decided_importance(table: pd.DataFrame, importance: dict) -> pd.DataFrame:
    """Scores with the importance that client.yml decides in place of what was asked."""
    decided = table["dimension"].map(importance).astype(float)
    source = table["from"].mask(decided.notna(), table["from"] + ", assumed")
    source = source.replace("assumed, assumed", "assumed")
    return table.assign(importance=decided.fillna(table["importance"]), **{"from": source})


def stated_scores(scores: pd.DataFrame, targets: list) -> pd.DataFrame:
    """The table `scores` as rows of scores, with the target segment's."""
    table = scores.reindex(columns=["dimension", "segment", *SCORED, "ideal", "from"])
    table[["segment", "from"]] = table[["segment", "from"]].astype("str")
    table["segment"] = table["segment"].fillna(EVERYONE)
    table["from"] = table["from"].fillna("assumed")
    if len(targets) == 1:  # several segments cannot be joined without knowing their sizes
        table = pd.concat([table, table[table["segment"] == targets[0]].assign(segment=TARGET)])
    return table.reset_index(drop=True)


def fill_scores(measured: pd.DataFrame, stated: pd.DataFrame) -> pd.DataFrame:
    """Measured scores, with what the survey did not ask filled in from those that were stated."""
    keys = ["segment", "dimension"]
    both = measured.merge(stated, on=keys, how="outer", sort=False, suffixes=("", "_stated"), validate="one_to_one")  # fmt: skip
    filled = pd.Series(False, index=both.index)
    for name in (*SCORED, "ideal"):
        stated_one = both.pop(f"{name}_stated").astype(float)
        filled |= both[name].isna() & stated_one.notna()
        both[name] = both[name].fillna(stated_one)
    source = both.pop("from_stated")
    mixed = both["from"].notna() & filled & source.notna()
    both["from"] = both["from"].fillna(source).mask(mixed, both["from"] + ", " + source)
    return both[measured.columns]


def in_order(table: pd.DataFrame, key: str, order: list) -> pd.DataFrame:
    """Rows by segment as they first come (`all`, then `target`, first of all), then by `order`."""
    places = {"segment": [*dict.fromkeys([EVERYONE, TARGET, *table["segment"]])], key: order}
    place = {column: {name: n for n, name in enumerate(places[column])} for column in places}
    by = lambda names: names.map(place[names.name])  # noqa: E731 - what is in no order stands last
    return table.sort_values(list(places), key=by, ignore_index=True)


def asked_target(table: pd.DataFrame, asked_scale, scale) -> pd.Series:
    """What satisfaction as asked is short of, points of its own scale: the ideal that was decided,
    where the two share a scale and no experience was asked that it could be meant for; else the top
    of the scale. Blank where it was not asked."""
    if asked_scale is None:
        return pd.Series(np.nan, table.index)
    meant = table["experience"].isna() & (tuple(asked_scale) == tuple(scale))
    target = table["ideal"].astype(float).where(meant).fillna(asked_scale[1])
    return target.where(table[f"asked_{ASKED}"].notna())
