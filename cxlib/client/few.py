"""Numbers in a row that too few people, or people all alike, are behind, though the row's base is
large: each measure is asked of a part of the people of its own."""

from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from cxlib.client.settings import EVERYONE, TARGET
from cxlib.sums.estimate import dimension_answers
from cxlib.sums.linked import groups_to_withhold

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
EVERY = ("segment", EVERYONE)
_few: WeakKeyDictionary = WeakKeyDictionary()


def targets_of(case) -> list[str]:
    """The segments that the design is for."""
    return [str(name) for name in getattr(case.settings, "target_segments", None) or []]


def hidden_groups(case, question: tuple[str, str] | None = None) -> set[tuple[str, str]]:
    """{(grouping, group)} that no table of this client may show of a question, (measure, item or
    dimension), all groupings of those who answered it taken together; None: of everybody asked."""
    least = case.settings.disclosure
    if getattr(case, "latest", None) is None or not least:
        return set()
    known = _few.setdefault(case.latest, {})
    if "answered" not in known:
        known["answered"] = answered(case)
    found: set = set()
    for who in known["answered"].get(question, ()):
        key = (who.tobytes(), least, *targets_of(case))
        if key not in known:
            known[key] = _hidden_among(case, who, least)
        found |= known[key]
    return found


def answered(case) -> dict[tuple | None, list[np.ndarray]]:
    """{(measure, item or dimension): who answered it, of all waves}; None: everybody. An item and a
    dimension of one name are both there. "kano": both of its questions."""
    answers = case.survey.answers
    given = pd.concat([answers, dimension_answers(answers, case.survey.items)], axis=1).notna()
    found: dict = {None: [np.ones(len(answers), dtype=bool)]}
    for place, question in enumerate(given.columns):
        found.setdefault(question, []).append(given.iloc[:, place].to_numpy())
    for measure, item in [each for each in found if each and each[0] == "functional"]:
        if ("dysfunctional", item) in found:
            found["kano", item] = [found[measure, item][0] & found["dysfunctional", item][0]]
    return found


def _hidden_among(case, who, least) -> set[tuple[str, str]]:
    people, latest = case.survey.people[who], case.latest.people.index
    today = people.index.intersection(latest)
    groups = {name: values.reindex(today) for name, values in case.latest.groupings.items()}
    found = groups_to_withhold(groups, least, {("segment", TARGET): targets_of(case)})
    if people["wave"].nunique() > 1:  # today's is told of in every other table
        told = [people.index.isin(latest)] if len(today) >= least else []
        found |= groups_to_withhold({"wave": people["wave"].astype(object)}, least, {}, told)
    return found | ({EVERY} if 0 < len(today) < least else set())


def names_one_of(table: pd.DataFrame, groups: set) -> pd.Series:
    """Which rows are about one of the groups {(grouping, group)}; one of no group is about all."""
    found = pd.Series(EVERY in groups and not {*GROUPED, "group"} & {*table}, table.index)
    for grouping in {name for name, _ in groups} & set(table):
        found |= table[grouping].isin({group for name, group in groups if name == grouping})
    for kind in ("grouping", "split"):
        if kind in table and "group" in table:
            pairs = zip(table[kind], table["group"].astype(str), strict=True)
            found |= pd.Series([pair in groups for pair in pairs], table.index)
    return found


def of_few(case, table: pd.DataFrame, measure: str = "") -> pd.Series:
    """Rows about a group of few, or one that gives such a group away, of all people or of those
    who answered the row's question: `measure`, or that of the row."""
    found = names_one_of(table, hidden_groups(case))
    key = next((name for name in ("item", "dimension") if name in table), None)
    if not measure and "measure" not in table:
        measure = "kano" if {"A", "O", "M"} <= set(table) else "experience"
    if key is None or "n" not in table:
        return found
    asked = pd.Series(measure, table.index) if measure else table["measure"]
    for question, rows in table.groupby([asked, table[key]]).indices.items():
        if more := hidden_groups(case, question) - hidden_groups(case):
            found.iloc[rows] |= names_one_of(table.iloc[rows], more)
    return found


def without_few(case, table: pd.DataFrame) -> pd.DataFrame:
    """The table, blank where few of a row's people answered one of its measures, or where that
    would be given away by the others."""
    asked = [measure for measure in RESTS_ON if measure in table]
    if not asked or "measure" in table or not {"item", "dimension"} & set(table):
        return table
    gone: dict[str, np.ndarray] = {}
    for measure in asked:
        hit = of_few(case, table, measure).to_numpy()
        for stem in (measure, *RESTS_ON[measure], *ORDER) if hit.any() else ():
            for column in (f"{stem}{end}" for end in ENDS):
                if column in table:
                    gone[column] = gone.get(column, False) | hit
    return table.assign(**{name: table[name].astype(object).mask(hit) if table[name].dtype == bool
                           else table[name].mask(hit) for name, hit in gone.items()})  # fmt: skip


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
        scored = answers.loc[:, answers.columns.get_level_values("measure") == "experience"]
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
