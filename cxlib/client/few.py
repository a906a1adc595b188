"""Numbers in a row that too few people, or people all alike, are behind, though the row's base is
large: each measure is asked of a part of the people of its own."""

from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from cxlib.client.settings import EVERYONE, TARGET
from cxlib.sums.disclosure import disclose
from cxlib.sums.estimate import dimension_answers

# What is worked out from a measure, and goes with it.
RESTS_ON = {
    "expectation": ("satisfaction", "weighted_satisfaction", "ideal", "gap", "priority"),
    "importance": ("weighted_satisfaction", "priority"),
    "satisfaction": ("weighted_satisfaction",),
}
ORDER = ("rank", "p_key", "key_experience", "quadrant", "p_quadrant", "stable")  # rest on all
ENDS = ("", "_low", "_high")
GROUPED = ("segment", "role", "wave", "collected_by")
NO_GROUP = ["row", "respondent", "weight", "date", "seconds", "cluster", "stratum"]
SHARES = ("share", "promoters", "passives", "detractors", "churn", "disloyal", "disputed")
_few: WeakKeyDictionary = WeakKeyDictionary()


def without_few(case, table: pd.DataFrame) -> pd.DataFrame:
    """The table, blank where fewer than `disclosure` answered that measure, or where everyone less
    those shown would be so few."""
    key = next((name for name in ("item", "dimension") if name in table), None)
    survey, least = getattr(case, "latest", None), case.settings.disclosure
    asked = [measure for measure in RESTS_ON if measure in table]
    if key is None or survey is None or not least or not asked or "measure" in table:
        return table
    segment = table["segment"] if "segment" in table else pd.Series(EVERYONE, table.index)
    rows = list(zip(segment.astype(str), table[key].astype(str), strict=True))
    gone: dict[str, np.ndarray] = {}
    for measure in asked:
        few = _asked_of_few(case, survey, least, key).get(measure, set())
        hit = np.array([row in few for row in rows])
        for stem in (measure, *RESTS_ON[measure], *ORDER) if hit.any() else ():
            for column in (f"{stem}{end}" for end in ENDS):
                if column in table:
                    gone[column] = gone.get(column, False) | hit
    return table.assign(**{name: table[name].astype(object).mask(hit) if table[name].dtype == bool
                           else table[name].mask(hit) for name, hit in gone.items()})  # fmt: skip


def _asked_of_few(case, survey, least, key) -> dict[str, set]:
    """{measure: (segment, item or dimension) that too few answered, or that would give one away}."""
    targets = tuple(str(name) for name in case.settings.target_segments or [])
    known = _few.setdefault(survey, {})
    if (key, least, targets) not in known:
        found = case.item_estimates if key == "item" else case.estimates
        parts = [
            each.n.rename_axis(["measure", key]).rename("n").reset_index().assign(segment=segment)
            for segment, each in found.items()
        ]
        asked = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
        if len(asked):
            asked = asked[asked["n"] > 0]
            unions = {TARGET: targets} if targets else None
            within = ["measure", key]
            asked = disclose(asked, 0, least, within=within, groups=["segment"], unions=unions)
            asked = asked[asked["flag"] == "withheld"]
        known[key, least, targets] = {
            measure: set(zip(rows["segment"].astype(str), rows[key].astype(str), strict=True))
            for measure, rows in (asked.groupby("measure") if len(asked) else ())
        }
    return known[key, least, targets]


def alike(case, table: pd.DataFrame) -> pd.Series:
    """Rows in which every answer is the same: of a mean, and of few people of whom all did something,
    or none. Who is in them is known to have answered so."""
    found, settings = pd.Series(False, table.index), case.settings
    if "n" not in table:
        return found
    people = pd.to_numeric(table["n_of"] if "n_of" in table else table["n"])
    for name in [each for each in SHARES if each in table and "method" not in table]:
        found |= table[name].astype(float).isin([0.0, 1.0]) & (people < settings.small_base)
    survey = getattr(case, "latest", None)
    if survey is None or not {"experience", "mean"} & set(table):
        return found & (people > 0)
    groups = _alike_groups(survey)
    kinds = [each for each in GROUPED if each in table]
    for at, row in enumerate(table.to_dict("records")):
        of = [(row["grouping"], str(row["group"]))] if {"grouping", "group"} <= set(row) else []
        of += [(kind, str(row[kind])) for kind in kinds] or ([] if of else [("segment", "all")])
        what = row.get("item") if "item" in row else row.get("dimension")
        found.iloc[at] |= any((*each, what) in groups for each in of)
    return found


def _alike_groups(survey) -> set[tuple]:
    """{(grouping, group, item or dimension)} of which all rated experience, or the outcome, alike."""
    known = _few.setdefault(survey, {})
    if "alike" not in known:
        answers = survey.answers
        measure = answers.columns.get_level_values("measure")
        scored = answers.loc[:, measure == "experience"]
        parts = dimension_answers(scored, survey.items)
        both = pd.concat([scored.droplevel(0, axis=1), parts.droplevel(0, axis=1)], axis=1)
        both = both.loc[:, ~both.columns.duplicated()]
        who = survey.people.drop(columns=NO_GROUP, errors="ignore").assign(all="all")
        known["alike"] = {
            ("segment" if name == "all" else name, str(group), what)
            for name, values in who.items()
            for group, rows in both.groupby(values.astype(object), observed=True)
            for what in rows.columns[(rows.nunique() == 1) & (rows.notna().sum() > 1)]
        }
    return known["alike"]
