"""How far a survey's answers can be trusted: what was understood, and who answered without care.

Nobody is dropped here. A flag is a reason to look, and to run once more without those people
(`survey.keep` in client.yml), not proof.
"""

import numpy as np
import pandas as pd

from cxlib.client.case import Case
from cxlib.client.codebook import ITEM_MEASURES
from cxlib.client.contract import TABLES
from cxlib.client.overlooked import unused_columns
from cxlib.client.problems import first_few
from cxlib.client.respondents import which_promoters
from cxlib.client.survey import Survey

BATTERY = 5  # items from which one answer to all of them says something of the person
SECONDS_PER_ANSWER = 2  # Huang et al. 2012: nobody reads and answers an item faster
SAME_ANSWERS = 10  # answers from which two people do not give the same ones by chance
FLAGS = ["person", "row", "respondent", "flag", "about", "value", "limit"]


def understood_shares(case: Case) -> pd.DataFrame:
    """One row per column of the survey that the codebook uses: how much of it was understood.

    Columns: column, measure, item; answered, understood (cells; codes for no answer are neither);
    share (understood ÷ answered, 0–1; blank where nobody answered); not_understood: the answers
    left out, each with how often it was given, the most frequent first.

    >>> from cxlib.client.case import read_client
    >>> understood_shares(read_client("kiosk", "data"))["share"].min()
    1.0
    """
    if case.survey is None:
        return None
    used = case.survey.columns[case.survey.columns["measure"] != ""]
    lines = case.rejected[case.rejected["table"] == "survey"]
    left_out = lines.groupby("column")["value"].agg(counted)
    return pd.DataFrame(
        {
            **{name: used[name] for name in ("column", "measure", "item", "answered")},
            "understood": used["understood"],
            "share": used["understood"] / used["answered"].where(used["answered"] > 0),
            "not_understood": used["column"].map(left_out).astype("str").fillna(""),
        }
    ).reset_index(drop=True)


def counted(values: pd.Series) -> str:
    """'abc (3), x (1)': values with how often they occur, the most frequent first."""
    return first_few(f"{value} ({count:,})" for value, count in values.value_counts().items())


def received(case: Case) -> list[str]:
    """What was read and how much of it was understood, to look at before anything is computed.

    >>> from cxlib.client.case import read_client
    >>> received(read_client("kiosk", "data"))[0]
    'Survey: 207 people, 162 columns used, 100.0% of 33,546 answers understood.'
    """
    warnings = [f"Look at: {warning}".replace("\n", " ") for warning in case.warnings]
    lines = [*rows_left_out(case), *columns_left_out(case), *warnings]
    if (shares := understood_shares(case)) is None:
        return lines
    answered, understood = shares["answered"].sum(), shares["understood"].sum()
    people = len(case.survey.people)
    told = f"Survey: {people:,} people, {len(shares)} columns used"
    if answered:
        told += f", {understood / answered:.1%} of {answered:,.0f} answers understood"
    lost = shares[shares["understood"] < shares["answered"]]
    columns = (
        f"  {row.column[:60]}: {row.share:.1%}; not understood: {row.not_understood}"
        for row in lost.itertuples()
    )
    promoters = which_promoters(case.survey.columns)
    return [f"{told}.", *columns, *([promoters] if promoters else []), *lines]


def rows_left_out(case: Case) -> list[str]:
    """A line for each reason for which rows or cells were left out, with the first few of them."""
    lines = case.rejected.fillna({"column": ""})
    told = []
    for (table, column, why), of in lines.groupby(["table", "column", "reason"], sort=False):
        values = of["value"].dropna().astype("str")
        shown = first_few(values[values != ""].unique())
        where = f"{table}, column '{column}'" if column else table
        n = of["row"].nunique() or int(of.get("count", pd.Series(len(of))).sum())
        told.append(f"Left out of {where}: {n:,} rows: {why}{f': {shown}' if shown else ''}.")
    return told


def columns_left_out(case: Case) -> list[str]:
    """A line for each table with columns that nothing reads."""
    found = {
        name: unused_columns(table.columns, TABLES[name], case.settings)
        for name, table in case.tables.items()
    }
    return [
        f"Kept and used for nothing, {name}: {first_few(names, 12)}."
        for name, names in found.items()
        if names
    ]


def flag_people(survey: Survey) -> pd.DataFrame:
    """One row per flag: people whose answers may have been given without care.

    Columns: person (index of `survey.people`), row (in the file), respondent; flag:
    straight_line (about: the measure; value: items, all with one answer; limit: items needed),
    too_fast (value: seconds per answer; limit: below which), same_name (about: the respondent
    or the wave it stands in twice; value: how often), same_answers (about: row of the first
    with the same; value: answers alike; limit: answers needed).

    Sources: Kim et al. 2019, Social Science Computer Review 37(2), simple nondifferentiation;
    Huang et al. 2012, Journal of Business and Psychology 27, two seconds per item.
    """
    parts = [straight_lines(survey), too_fast(survey), same_name(survey), same_answers(survey)]
    found = pd.concat([part for part in parts if len(part)] or [pd.DataFrame(columns=["person"])])
    people = survey.people.loc[found["person"], ["row", "respondent"]].reset_index(drop=True)
    found = found.reset_index(drop=True).join(people)
    return found.reindex(columns=FLAGS).sort_values(["person", "flag"], ignore_index=True)


def flagged(persons: pd.Index, flag: str, about, value, limit) -> pd.DataFrame:
    """One row per person flagged: person, flag, about, value, limit."""
    table = {"person": persons, "flag": flag, "about": about, "value": value, "limit": limit}
    return pd.DataFrame(table)


def straight_lines(survey: Survey) -> pd.DataFrame:
    """People who gave one answer to all items of a measure."""
    parts = []
    for measure in ITEM_MEASURES:
        if measure in survey.answers:
            answers = survey.answers[measure]
            items = answers.notna().sum(axis=1)
            one = (items >= BATTERY) & (answers.nunique(axis=1) == 1)
            parts.append(flagged(one.index[one], "straight_line", measure, items[one], BATTERY))
    return pd.concat(parts) if parts else pd.DataFrame(columns=["person"])


def too_fast(survey: Survey) -> pd.DataFrame:
    """People who took less time for an answer than reading it takes."""
    seconds = survey.people.get("seconds", pd.Series(np.nan, survey.people.index))
    given = survey.answers.notna().sum(axis=1)
    pace = seconds / given.where(given > 0)
    fast = pace < SECONDS_PER_ANSWER
    return flagged(fast.index[fast], "too_fast", "", pace[fast], SECONDS_PER_ANSWER)


def same_name(survey: Survey) -> pd.DataFrame:
    """People who stand in the file more than once in a wave."""
    key = survey.people[["respondent", "wave"]]
    twice = key.duplicated(keep=False) & key["respondent"].notna()
    often = key[twice].groupby(["respondent", "wave"], dropna=False)["respondent"].transform("size")
    return flagged(key.index[twice], "same_name", key["respondent"][twice], often, 1)


def same_answers(survey: Survey) -> pd.DataFrame:
    """People who gave, to every question, the answers of somebody before them."""
    given = survey.answers.notna().sum(axis=1)
    varied = (given >= SAME_ANSWERS) & (survey.answers.nunique(axis=1) > 2)  # all 5 is no copy
    said = pd.concat([survey.answers[varied], survey.people["wave"][varied]], axis=1)
    alike = pd.Series(pd.util.hash_pandas_object(said, index=False), said.index)
    first = alike.map(alike.drop_duplicates().reset_index().set_index(0).iloc[:, 0])
    again = first[first != first.index]
    rows = survey.people["row"].loc[again].to_numpy()
    return flagged(again.index, "same_answers", rows, given[again.index], SAME_ANSWERS)


def careless_answers(case) -> pd.DataFrame | None:
    """One row per flag and what it is about: kind, about, n (people); None without a survey.

    >>> from cxlib.client.case import read_client
    >>> careless_answers(read_client("kiosk", "data"))["n"].max() < 211
    True
    """
    if case.survey is None:
        return None
    flags = flag_people(case.survey)
    about = flags["about"].where(flags["flag"] == "straight_line", "")
    by = flags.assign(about=about, kind=flags["flag"]).groupby(["kind", "about"], sort=False)[
        "person"
    ]
    return by.nunique().rename("n").reset_index()
