"""What the verdict rests on beyond its tables: who was asked, when, and what is assumed.

Answers that may not be independent of each other, and what would then be left of the verdicts.
"""

from datetime import date

import numpy as np
import pandas as pd

from cxlib.analysis.asking import needed, table_of, where_known
from cxlib.analysis.cases import why_they_left
from cxlib.analysis.experience_expectation import gaps_of
from cxlib.client.case import Case
from cxlib.client.settings import unhappy_line
from cxlib.sums.churn import LOSS_INPUTS
from cxlib.sums.rounding import STATED
from cxlib.sums.weights import Sampling

COUNTED = ("customers", "transactions", "complaints", "scores")
DATED = ("survey", "transactions", "complaints", "contacts")


def ground(case) -> dict:
    """What a client is beyond its tables: who was asked and how many (n, counted), of what period
    (first and last as told; to: its last year), what is assumed, whether it is told how they were
    chosen (sampling), revenue, margin, small_base, the width of the scale, whether a target is named."""
    settings, cost = case.settings, case.settings.churn_cost
    return {
        **whom(case), **period(case), "assumed": assumed(case), "revenue": settings.revenue,
        "margin": None if cost is None else cost.margin, "small_base": settings.small_base,
        "cautions": bool(settings.cautions) and not settings.synthetic,
        "why_left": why_they_left(case) is not None, "left": case.knows_of_customers("churned"),
        "sampling": bool(settings.survey and settings.survey.sampling),
        "unhappy_known": case.negative_below is not None, "today": date.today().year,
        "width": settings.scale[1] - settings.scale[0], "target": bool(settings.target_segments),
    }  # fmt: skip


def whom(case) -> dict:
    """n, blank where so few answered that it is not told, and what it counts: answers, customers,
    cases, asked (how many is not told), judgement (the company's own), assumed, or nothing."""
    if case.survey is not None:
        n = len(case.latest.people)
        return {"counted": "answers", "n": n if n >= case.settings.disclosure else None}
    customers, lines, cases, scores = (table_of(case, name) for name in COUNTED)
    if customers is not None:
        return {"counted": "customers", "n": len(customers)}
    if lines is not None:
        return {"counted": "customers", "n": int(lines["customer"].nunique())}
    if cases is not None:
        return {"counted": "cases", "n": len(cases)}
    if scores is None:
        return {"counted": "nothing", "n": None}
    source = scores.get("from", pd.Series(dtype=object)).dropna()
    counted = "asked" if source.eq("survey").any() else "judgement"
    return {"counted": "assumed" if source.eq("assumed").all() else counted, "n": None}


def period(case) -> dict:
    """What period the data are of: the wave, the dates of the rows, or as client.yml says; and `to`,
    its last year, where it can be told."""
    if case.settings.period:
        return _years(case.settings.period)
    people = getattr(case.latest, "people", None)
    if people is not None and len(wave := people["wave"].dropna()):
        return _years(str(wave.iloc[0]))
    tables = {**case.tables, "survey": people}
    known = (tables[name] for name in DATED if tables.get(name) is not None)
    dates = [pd.to_datetime(table["date"], errors="coerce") for table in known if "date" in table]
    years = pd.concat(dates).dropna().dt.year if dates else pd.Series(dtype=int)
    if years.empty:
        return {"period": None, "to": None}
    first, last = years.min(), years.max()
    return {"period": str(first) if first == last else f"{first}–{last}", "to": int(last)}


def _years(told: str) -> dict:
    years = pd.Series([told]).str.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)").iloc[0]
    return {"period": told, "to": int(years[-1]) if years else None}


def assumed(case) -> list[str]:
    """Which of the inputs were assumed: revenue, shares, the line below which an experience is bad,
    margin, effects."""
    settings, inputs = case.settings, case.churn_inputs
    cost = settings.churn_cost
    found = ["revenue"] * bool(settings.revenue and settings.revenue_from != "measured")
    if inputs is not None:
        of = inputs.set_index("input")["from"]
        line = of.get("negative") == "measured" and unhappy_line(settings) is None
        shares = of.reindex(LOSS_INPUTS).isin(["assumption", "literature"]).any()
        found += ["line"] * line + ["shares"] * bool(shares)
        found += ["margin"] if cost.margin is not None and cost.margin_from != "measured" else []
    plan = table_of(case, "initiatives", "from")
    return found + ["effects"] * (plan is not None and bool(plan["from"].isin(STATED).any()))


# Answers that may not be independent of each other


EFFECT = 2.0  # a usual design effect of people asked in one place: half the people (assumed)
SURE = 3.0  # standard errors from which rows that follow one another are called alike
ALIKE = 0.05  # and the least correlation
SORTED = 0.7  # of one question's answers with those before: a file sorted by it has lost its order


@where_known
def independence(case: Case) -> pd.DataFrame | None:
    """One row where a survey names no cluster and shows signs of one; None elsewhere.

    sign        accounts (several people share one), people (respondents stand more than once), rows
                (rows that follow one another are alike)
    alike       correlation of a person's mean score with the row before, or within the accounts
    people, clusters   of the sign; blank for rows
    effect      the design effect that is assumed
    key, p_key  the key experience and its probability, as shown; key_then, p_key_then were every
                variance so many times as large
    beyond, beyond_then, compared   satisfactions (gaps where expectation was not asked) whose interval
                leaves out zero, as shown and then; how many there are

    >>> cx.independence(cx.read_client("meisu", "data")) is None  # nobody was asked
    True
    """
    weight = needed(case.latest).weight
    needed(not (isinstance(weight, Sampling) and weight.clustered), "all" in case.estimates)
    sign = needed(sign_of_clusters(case))
    rows = case.scores[case.scores["segment"] == "all"]
    found = {}
    for end, effect in (("", 1.0), ("_then", EFFECT)):
        estimates = {"all": case.estimates["all"].design_effect(effect)}
        found |= verdicts(gaps_of(rows, estimates, case.settings), end)
    return pd.DataFrame([sign | {"effect": EFFECT} | found])


def verdicts(gaps: pd.DataFrame, end: str) -> dict:
    """The key experience, its probability, and how many scores are beyond chance."""
    keys = gaps.loc[gaps["key_experience"].eq(True), ["dimension", "p_key"]].to_numpy().tolist()
    key, p = [*keys, (None, np.nan)][0]
    name = "satisfaction" if gaps["satisfaction"].notna().any() else "gap"
    low, high = gaps[f"{name}_low"], gaps[f"{name}_high"]
    beyond = int(((low > 0) | (high < 0)).sum())
    found = {f"key{end}": key, f"p_key{end}": float(p), f"beyond{end}": beyond}
    return found | {"compared": int(low.notna().sum())}


def sign_of_clusters(case: Case) -> dict | None:
    """The first sign that people were asked together, or are of one account."""
    survey = case.latest
    score = person_scores(case)
    twice = survey.people["respondent"]
    if survey.together is not None:
        return {"sign": "accounts"} | within(score, survey.together)
    if twice.notna().any() and twice.duplicated().sum() > 0.3 * twice.notna().sum():
        return {"sign": "people"} | within(score, twice)
    known, varied = score.dropna(), survey.answers.loc[:, survey.answers.nunique() > 1]
    if any(varied[name].dropna().autocorr() > SORTED for name in varied):
        return None
    alike = known.autocorr() if len(known) > 30 and known.nunique() > 1 else 0.0
    if alike > max(ALIKE, SURE / np.sqrt(len(known))):
        return {"sign": "rows", "alike": float(alike), "people": np.nan, "clusters": np.nan}
    return None


def person_scores(case: Case) -> pd.Series:
    """Each person's mean answer, standardised by question, less what groups of people explain."""
    answers = case.latest.answers
    score = ((answers - answers.mean()) / answers.std().replace(0, np.nan)).mean(axis=1)
    for values in case.latest.groupings.values():
        if values.nunique() <= 20:
            score = score - score.groupby(values.fillna("")).transform("mean")
    return score


def within(score: pd.Series, cluster: pd.Series) -> dict:
    """alike (intraclass correlation by analysis of variance), people, clusters."""
    table = pd.DataFrame({"x": score, "c": cluster}).dropna()
    sizes = table.groupby("c")["x"].transform("size")
    m, n = table["c"].nunique(), len(table)
    residual = table["x"] - table.groupby("c")["x"].transform("mean")
    inner = (residual**2).sum() / max(n - m, 1)
    outer = ((table["x"] - table["x"].mean()) ** 2).sum() - (residual**2).sum()
    outer, size = outer / max(m - 1, 1), (n - sizes.mean()) / max(m - 1, 1)
    alike = (outer - inner) / (outer + (size - 1) * inner) if outer + inner > 0 else np.nan
    return {"alike": float(alike), "people": n, "clusters": m}
