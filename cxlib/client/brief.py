"""What we were given: files, rows left out, who answered, what they answered, what is missing."""

import numpy as np
import pandas as pd

from cxlib.client.case import Case
from cxlib.client.sampling import DRAWN
from cxlib.sums.estimate import estimate_means
from cxlib.sums.weights import Sampling, design_effect, effective_base, part_of

# What supplying each table would tell (contract's tables; the order is that of the method).
UNLOCKS = {
    "scores": "the experience gap by dimension, without a survey",
    "codebook": "the survey itself: experience, expectation and importance from the answers",
    "brand_values": "why customers choose this company",
    "customers": "what each customer is worth, and who leaves",
    "transactions": "lifetime value and how concentrated revenue is",
    "complaints": "what complainers met, and what became of them",
    "kpis": "whether service meets its own targets",
    "register": "requirements by stage of the customer's life with the company",
    "initiatives": "what to fund under the budget, and the second best",
    "performance": "whether past initiatives brought what they promised",
    "contacts": "what care contacts led to",
    "service_levels": "the service level that pays best",
    "ownership": "what owning costs the customer in money, time and hassle",
    "health_check": "how the company compares with a reference group",
    "actions": "which findings led to action",
}


def received(case: Case) -> pd.DataFrame:
    """One row per table or survey read: table, rows_in, rows_used, values_left_out.

    A row counts as left out when the whole of it was; a single unusable answer leaves its row in.

    >>> found = cx.received(cx.read_client("meisu", "data"))
    >>> found[["table", "rows_in"]].head(2).round(2).values.tolist()
    [['scores', 6], ['performance', 4]]
    """
    rows = [(name, *_rows_of(case, name, table)) for name, table in case.tables.items()]
    if case.survey is not None:
        rows.append(("survey", *_counts(case, "survey", case.survey.people["row"])))
    if case.large is not None:
        rows.append(("survey", case.large.rows, case.large.people, case.values_left_out("survey")))
    columns = ["table", "rows_in", "rows_used", "values_left_out"]
    return pd.DataFrame(rows, columns=columns).sort_values(
        "rows_in", ascending=False, ignore_index=True
    )


def _rows_of(case, name, table) -> tuple[int, int, int]:
    if "rows" not in table.attrs:
        return _counts(case, name, table.index)
    # Added up where it lay: only whole rows were left out.
    lines = case.rejected[case.rejected["table"] == name]
    used = table.attrs["rows"]
    return used + lines["row"].nunique(), used, len(lines)


def _counts(case, name, used) -> tuple[int, int, int]:
    """used : rows of the file, as a person counts them, that were used."""
    lines = case.rejected[case.rejected["table"] == name]
    rows = pd.to_numeric(lines["row"]).drop_duplicates()
    return len(used) + int((~rows.isin(used)).sum()), len(used), len(lines)


def left_out(case: Case) -> pd.DataFrame:
    """One row per table, column and reason: how many values were left out, and an example.

    >>> found = cx.left_out(cx.read_client("kiosk", "data"))
    >>> list(found)[:4]
    ['table', 'column', 'reason', 'values']
    """
    lines = case.rejected.fillna({"column": ""}).assign(count=case.rejected_counts)
    by = lines.groupby(["table", "column", "reason"], sort=False)
    found = by.agg(values=("count", "sum"), first_row=("row", "first"), example=("value", "first"))
    return found.reset_index().sort_values(
        "values", ascending=False, kind="stable", ignore_index=True
    )


def bases(case: Case) -> pd.DataFrame:
    """One row per group of respondents, `all` first: grouping, group, n, n_eff (Kish), and
    design_effect (how many times weights and clusters multiply the variance of a mean); clusters
    where people were asked in such.

    >>> found = cx.bases(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['grouping', 'group', 'n', 'n_eff']
    """
    if case.large is not None:
        return case.large.bases.copy()
    if case.survey is None:
        return pd.DataFrame()
    groups = [("everyone", "all", case.latest.people.index)]
    for grouping, values in groupings(case).items():
        by = values.dropna().groupby(values, observed=True).groups
        groups += [(grouping, group, who) for group, who in by.items()]
    rows = [(*named, *base_of_group(case.latest, who)) for *named, who in groups]
    found = pd.DataFrame(
        rows, columns=["grouping", "group", "n", "n_eff", "design_effect", "clusters"]
    )
    return found.dropna(axis=1, how="all")


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


def margins(case: Case) -> pd.DataFrame | None:
    """What raking did, one row per group of each grouping it was given: n, wanted, before_raking,
    after_raking (shares, 0–1), and trimmed (people held at the largest weight, in all). None where
    nothing was raked.

    >>> half = '{"survey.raking": {"gender": {"female": 0.5, "male": 0.5}}}'
    >>> found = cx.margins(cx.read_client("kiosk", "data", settings=half))
    >>> found["after_raking"].round(2).tolist()
    [0.5, 0.5]
    """
    if case.survey is None or case.survey.raking is None:
        return None
    found = case.survey.raking.margins.rename(
        columns={"column": "grouping", "value": "group", "target": "wanted",
                 "before": "before_raking", "after": "after_raking"}
    )  # fmt: skip
    return found.assign(trimmed=case.survey.raking.trimmed)


def groupings(case: Case) -> dict[str, pd.Series]:
    """{grouping: group of each respondent}: segment, role, who collected, and the client's own."""
    people = case.latest.people.drop(
        columns=["row", "respondent", "weight", "wave", "date", "seconds", *DRAWN], errors="ignore"
    )
    found: dict[str, pd.Series] = {}
    for name, values in people.items():
        # A grouping may be listed under its own name and serve as the segment as well.
        if values.notna().any() and not any(values.equals(each) for each in found.values()):
            found[name] = values
    return found


def answers_given(case: Case) -> pd.DataFrame:
    """One row per question: measure, item, n (answers), missing, lowest, highest.

    missing : share of the people of those waves in which anybody answered the question

    >>> found = cx.answers_given(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['measure', 'item', 'n', 'missing']
    """
    if case.large is not None:
        return case.large.answers.sort_values(
            "missing", ascending=False, kind="stable", ignore_index=True
        )
    if case.survey is None:
        return pd.DataFrame()
    answers, wave = case.survey.answers, case.survey.people["wave"].astype(object)
    by = answers.notna().groupby(wave.where(wave.notna(), ""))
    given, people = by.sum(), by.size()
    asked = given.gt(0).mul(people, axis=0).sum()  # people of the waves that asked the question
    found = pd.DataFrame(
        {
            "n": answers.notna().sum(),
            "missing": (1 - answers.notna().sum() / asked.where(asked > 0)).fillna(1.0),
            "lowest": answers.min(),
            "highest": answers.max(),
        }
    )
    found.index = found.index.set_names(["measure", "item"])
    return found.reset_index().sort_values(
        "missing", ascending=False, kind="stable", ignore_index=True
    )


def unlocks(case: Case) -> pd.DataFrame:
    """One row per contract table not supplied: table, unlocks (what it would tell).

    >>> found = cx.unlocks(cx.read_client("meisu", "data"))
    >>> found[["table"]].head(2).round(2).values.tolist()
    [['codebook'], ['customers']]
    """
    have = set(case.tables) | ({"scores"} if case.asked is not None else set())
    rows = [(name, tells) for name, tells in UNLOCKS.items() if name not in have]
    return pd.DataFrame(rows, columns=["table", "unlocks"])
