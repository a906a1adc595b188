"""Step 0: what was received, how much of it was understood and used, and what it unlocks."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from cxlib.analysis.asking import needed, remembered
from cxlib.analysis.own_words import names_of_no_theme, themes
from cxlib.client.case import Case
from cxlib.client.codebook import ITEM_MEASURES
from cxlib.client.contract import TABLES
from cxlib.client.overlooked import shares_replaced, unused_columns, unused_measures
from cxlib.client.problems import first_few
from cxlib.client.rated import which_promoters
from cxlib.client.survey import Survey
from cxlib.client.wordings import says
from cxlib.sums.against_rest import usable_traits
from cxlib.sums.estimate import estimate_means
from cxlib.sums.interval import counted_share
from cxlib.sums.weights import Sampling, design_effect, effective_base, part_of

BATTERY = 5  # items from which one answer to all of them says something of the person
SECONDS_PER_ANSWER = 2  # Huang et al. 2012: nobody reads and answers an item faster
SAME_ANSWERS = 10  # answers from which two people do not give the same ones by chance
FLAGS = ["person", "row", "respondent", "flag", "about", "value", "limit"]


@remembered
def received(case: Case) -> pd.DataFrame:
    """One row per table or survey read: table, rows_in, rows_used, values_left_out.

    A row counts as left out when the whole of it was; a single unusable answer leaves its row in.

    >>> found = cx.received(cx.read_client("meisu", "data"))
    >>> found[["table", "rows_in"]].head(2).round(2).values.tolist()
    [['scores', 6], ['performance', 4]]
    """
    used = {name: table.index for name, table in case.tables.items()}  # rows, as a person counts
    used |= {} if case.survey is None else {"survey": case.survey.people["row"]}
    rows = []
    for name, kept in used.items():
        lines = case.rejected[case.rejected["table"] == name]
        gone = pd.to_numeric(lines["row"]).drop_duplicates()
        rows.append((name, len(kept) + (~gone.isin(kept)).sum(), len(kept), len(lines)))
    table = pd.DataFrame(rows, columns=["table", "rows_in", "rows_used", "values_left_out"])
    return table.sort_values("rows_in", ascending=False, ignore_index=True)


def left_out(case: Case) -> pd.DataFrame:
    """One row per table, column and reason: how many values were left out, and an example.

    >>> found = cx.left_out(cx.read_client("kiosk", "data"))
    >>> list(found)[:4]
    ['table', 'column', 'reason', 'values']
    """
    by = case.rejected.fillna({"column": ""}).groupby(["table", "column", "reason"], sort=False)
    found = by.agg(values=("row", "size"), first_row=("row", "first"), example=("value", "first"))
    found = found.reset_index()
    return found.sort_values("values", ascending=False, kind="stable", ignore_index=True)


@remembered
def bases(case: Case) -> pd.DataFrame | None:
    """One row per group of respondents, `all` first: grouping, group, n, n_eff (Kish), and
    design_effect (how many times weights and clusters multiply the variance of a mean); clusters
    where people were asked in such.

    >>> found = cx.bases(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['grouping', 'group', 'n', 'n_eff']
    """
    needed(case.survey)
    groups = [("everyone", "all", case.latest.people.index)]
    for grouping, values in case.latest.groupings.items():
        by = values.dropna().groupby(values, observed=True).groups
        groups += [(grouping, group, who) for group, who in by.items()]
    rows = [(*named, *base_of_group(case.latest, who)) for *named, who in groups]
    columns = ["grouping", "group", "n", "n_eff", "design_effect", "clusters"]
    return pd.DataFrame(rows, columns=columns).dropna(axis=1, how="all")


def base_of_group(survey, who) -> tuple:
    """(n, n_eff, design effect, clusters) of some people; without clusters Kish's, by weight alone;
    with them by the answers too: the middle one of all questions that the design effects have."""
    weight, own = survey.weight, survey.people["weight"].loc[who]
    if not (isinstance(weight, Sampling) and weight.clustered):
        return len(who), effective_base(own), design_effect(own), np.nan
    drawn = part_of(weight, who)
    answers = survey.answers.loc[who]
    found = estimate_means(answers.loc[:, answers.nunique() > 1], drawn)
    effect = float((found.n / found.n_eff).median())
    return len(who), len(who) / effect, effect, drawn.cluster.nunique()


@remembered
def margins(case: Case) -> pd.DataFrame | None:
    """What raking did, one row per group of each grouping it was given: n, wanted, before_raking,
    after_raking (shares, 0–1), and trimmed (people held at the largest weight, in all). None where
    nothing was raked.

    >>> half = '{"survey.raking": {"gender": {"female": 0.5, "male": 0.5}}}'
    >>> found = cx.margins(cx.read_client("kiosk", "data", settings=half))
    >>> found["after_raking"].round(2).tolist()
    [0.5, 0.5]
    """
    raking = needed(needed(case.survey).raking)
    names = {"column": "grouping", "value": "group", "target": "wanted"}
    names |= {"before": "before_raking", "after": "after_raking"}
    return raking.margins.rename(columns=names).assign(trimmed=raking.trimmed)


@remembered
def answers_given(case: Case) -> pd.DataFrame | None:
    """One row per question: measure, item, n (answers), missing, lowest, highest.

    missing : share of the people of those waves in which anybody answered the question
    lowest, highest : what `disclosure` people answered, or went beyond: one person's is nobody's

    >>> found = cx.answers_given(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['measure', 'item', 'n', 'missing']
    """
    needed(case.survey)
    answers, wave = case.survey.answers, case.survey.people["wave"].astype(object)
    enough = max(1, int(case.settings.disclosure))
    by = answers.notna().groupby(wave.where(wave.notna(), ""))
    given, people = by.sum(), by.size()
    asked = given.gt(0).mul(people, axis=0).sum()  # people of the waves that asked the question
    found = answers.notna().sum().to_frame("n").rename_axis(["measure", "item"])
    found["missing"] = (1 - found["n"] / asked.where(asked > 0)).fillna(1.0)
    found["lowest"] = answers.apply(lambda given: given.nsmallest(enough).max())
    found["highest"] = answers.apply(lambda given: given.nlargest(enough).min())
    found = found.reset_index()
    return found.sort_values("missing", ascending=False, kind="stable", ignore_index=True)


@remembered
def unscored(case: Case) -> pd.DataFrame | None:
    """Items by how often “don't know”, or another answer that is none, was given of them, most often
    first: item, n (who said anything), unscored (share) with its interval. None where it never was.

    >>> unscored(cx.read_client("kiosk", "data")) is None
    True
    """
    columns = needed(case.survey).columns
    given = columns[columns["measure"].isin(ITEM_MEASURES) & columns["missing"].gt(0)]
    n = given["answered"] + given["missing"]
    shares = counted_share(given["missing"], n, case.settings.confidence, "unscored")
    found = needed(given[["item"]].assign(n=n, **shares))
    return found.sort_values("unscored", ascending=False, kind="stable").drop_duplicates("item")


def unlocks(case: Case) -> pd.DataFrame:
    """One row per contract table not supplied: table, unlocks (what it would tell).

    >>> found = cx.unlocks(cx.read_client("meisu", "data"))
    >>> found[["table"]].head(2).round(2).values.tolist()
    [['codebook'], ['customers']]
    """
    have = {*case.tables, *["scores"] * (case.survey is not None)}
    rows = [(name, table.unlocks) for name, table in TABLES.items() if name not in have]
    return pd.DataFrame(rows, columns=["table", "unlocks"])


@remembered
def understood_shares(case: Case) -> pd.DataFrame | None:
    """One row per column of the survey that the codebook uses: how much of it was understood.

    Columns: column, measure, item; answered, understood (cells; codes for no answer are neither);
    share (understood ÷ answered, 0–1; blank where nobody answered); not_understood: the answers
    left out, each with how often it was given, the most frequent first.

    >>> from cxlib.client.case import read_client
    >>> understood_shares(read_client("kiosk", "data"))["share"].min()
    1.0
    """
    columns = needed(case.survey).columns
    used = columns[columns["measure"] != ""]
    used = used[["column", "measure", "item", "answered", "understood"]]
    lines = case.rejected[case.rejected["table"] == "survey"]
    left_out = lines.groupby("column")["value"].agg(counted)
    share = used["understood"] / used["answered"].where(used["answered"] > 0)
    not_understood = used["column"].map(left_out).astype("str").fillna("")
    return used.assign(share=share, not_understood=not_understood).reset_index(drop=True)


def counted(values: pd.Series) -> str:
    """'abc (3), x (1)': values with how often they occur, the most frequent first."""
    return first_few(f"{value} ({count:,})" for value, count in values.value_counts().items())


def what_was_read(case: Case) -> list[str]:
    """What was read and how much of it was understood, to look at before anything is computed.

    >>> from cxlib.client.case import read_client
    >>> what_was_read(read_client("kiosk", "data"))[0]
    'Survey: 207 people, 162 columns used, 100.0% of 33,546 answers understood.'
    """
    warnings = [f"Look at: {warning}".replace("\n", " ") for warning in case.warnings]
    lines = [*rows_left_out(case), *columns_left_out(case), *themes_untold(case), *warnings]
    if (shares := understood_shares(case)) is None:
        return lines
    answered, understood = shares["answered"].sum(), shares["understood"].sum()
    told = f"Survey: {len(case.survey.people):,} people, {len(shares)} columns used"
    if answered:
        told += f", {understood / answered:.1%} of {answered:,.0f} answers understood"
    lost = shares[shares["understood"] < shares["answered"]]
    said = "  {0.column:.60}: {0.share:.1%}; not understood: {0.not_understood}".format
    columns = map(said, lost.itertuples())
    promoters = which_promoters(case.survey.columns)
    return [f"{told}.", *columns, *([promoters] if promoters else []), *lines]


def rows_left_out(case: Case) -> list[str]:
    """A line for each reason for which rows or cells were left out, with the first few of them."""
    lines = case.rejected.fillna({"column": ""})
    lines["reason"] = lines["reason"].replace(r"^is row \d+ a", "is another row a", regex=True)
    told = []
    for (table, column, why), of in lines.groupby(["table", "column", "reason"], sort=False):
        values = of["value"].dropna().astype("str")
        shown = first_few(values[values != ""].unique())
        where = f"{table}, column '{column}'" if column else table
        rows = "1 row" if (n := of["row"].nunique()) == 1 else f"{n:,} rows"
        told.append(f"Left out of {where}: {rows}: {why}{f': {shown}' if shown else ''}.")
    return told


def columns_left_out(case: Case) -> list[str]:
    """A line for each table with columns that nothing reads."""
    kept = {NO_RULE: "Kept and used for nothing", A_TRAIT: "Compared by, of those who left"}
    found = not_used(case)[lambda some: some["reason"].isin([*kept])]
    return [f"{kept[row.reason]}, {row.table}: {row.column}." for row in found.itertuples()]


def themes_untold(case: Case) -> list[str]:
    """A line for the words of `themes` in client.yml that tell no theme of the open answers."""
    table = themes(case) if case.settings.themes else None
    table = pd.DataFrame(columns=["words"]) if table is None else table
    if not (unknown := names_of_no_theme(case, table)):
        return []
    known = first_few(table["words"].dropna().unique(), 12) or "there are no themes"
    return [f"Look at: client.yml, themes: no theme is told by {first_few(unknown)}. Words that tell one: {known}."]  # fmt: skip


NO_RULE = "no rule reads it"
A_TRAIT = "is not told by itself; those who left are compared by it"


def not_used(case: Case) -> pd.DataFrame:
    """One row per table or measure of which something was sent and is not used: table, column (the
    first few names), reason: an English sentence that the page knows again.

    >>> not_used(read_client("kiosk", "data"))["column"].tolist()
    ['note']
    """
    rows = []
    for name, table in case.tables.items():
        names = unused_columns(table.columns, TABLES[name], case.settings)
        compared = name == "customers" and case.knows_of_customers("churned")
        impersonal = [each for each in names if not says("personal", each)]
        traits = list(usable_traits(table[impersonal])) if compared else []
        told = (([each for each in names if each not in traits], NO_RULE), (traits, A_TRAIT))
        rows += [(name, first_few(each, 12), why) for each, why in told if each]
    for each in unused_measures(case):
        rows.append(("survey", first_few(filter(None, [each.column, each.value])), each.rule))
    for name, a, b, source in shares_replaced(case):
        found = "counted is" if source == "measured" else "what was counted leaves"
        why = f"client.yml says {a:.4g}; {found} {b:.4g}, and that is used"
        rows.append(("client.yml", name, why))
    return pd.DataFrame(rows, columns=["table", "column", "reason"])


def unread(case: Case) -> pd.DataFrame:
    """Of what is not used, the columns that no rule reads: perhaps misnamed."""
    found = not_used(case)
    return found[found["reason"] == NO_RULE]


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
    parts = [*straight_lines(survey), too_fast(survey), same_name(survey), same_answers(survey)]
    found = pd.concat([part for part in parts if len(part)] or parts[:1])
    people = survey.people.loc[found["person"], ["row", "respondent"]].reset_index(drop=True)
    found = found.reset_index(drop=True).join(people)
    return found.reindex(columns=FLAGS).sort_values(["person", "flag"], ignore_index=True)


def flagged(persons: pd.Index, flag: str, about, value, limit) -> pd.DataFrame:
    """One row per person flagged: person, flag, about, value, limit."""
    table = {"person": persons, "flag": flag, "about": about, "value": value, "limit": limit}
    return pd.DataFrame(table)


def straight_lines(survey: Survey) -> Iterator[pd.DataFrame]:
    """People who gave one answer to all items of a measure, for each measure."""
    for measure in filter(survey.answers.__contains__, ITEM_MEASURES):
        answers = survey.answers[measure]
        items = answers.notna().sum(axis=1)
        one = (items >= BATTERY) & (answers.min(axis=1) == answers.max(axis=1))
        yield flagged(one.index[one], "straight_line", measure, items[one], BATTERY)


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
    lowest, highest = survey.answers.min(axis=1), survey.answers.max(axis=1)
    between = survey.answers.gt(lowest, axis=0) & survey.answers.lt(highest, axis=0)
    varied = (given >= SAME_ANSWERS) & between.any(axis=1)  # all 5, or 5 and 6, is no copy
    said = pd.concat([survey.answers[varied], survey.people["wave"][varied]], axis=1)
    alike = pd.Series(pd.util.hash_pandas_object(said, index=False), said.index)
    first = alike.map(alike.drop_duplicates().reset_index().set_index(0).iloc[:, 0])
    again = first[first != first.index]
    rows = survey.people["row"].loc[again].to_numpy()
    return flagged(again.index, "same_answers", rows, given[again.index], SAME_ANSWERS)


@remembered
def careless_answers(case) -> pd.DataFrame | None:
    """One row per flag and what it is about: kind, about, n (people); None without a survey.

    >>> from cxlib.client.case import read_client
    >>> careless_answers(read_client("kiosk", "data"))["n"].max() < 211
    True
    """
    flags = flag_people(needed(case.survey)).rename(columns={"flag": "kind"})
    about = flags["about"].where(flags["kind"] == "straight_line", "")
    by = flags.groupby(["kind", about], sort=False)["person"]
    return by.nunique().rename("n").reset_index()
