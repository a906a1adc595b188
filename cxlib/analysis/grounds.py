"""What the verdict rests on beyond its tables: who was asked, when, and what is assumed."""

from datetime import date

import pandas as pd

from cxlib.client.settings import unhappy_line
from cxlib.sums.churn import LOSS_INPUTS
from cxlib.sums.rounding import STATED

DATED = ("transactions", "complaints", "contacts")


def ground(case) -> dict:
    """What a client is beyond its tables: who was asked and how many (n, counted), of what period
    (first and last as told; to: its last year), what is assumed, whether it is told how they were
    chosen (sampling), revenue, margin, small_base."""
    settings, cost = case.settings, case.settings.churn_cost
    return {
        **whom(case), **period(case), "assumed": assumed(case), "revenue": settings.revenue,
        "margin": None if cost is None else cost.margin, "small_base": settings.small_base,
        "cautions": bool(settings.cautions) and not settings.synthetic,
        "sampling": bool(settings.survey and settings.survey.sampling),
        "unhappy_known": case.negative_below is not None, "today": date.today().year,
    }  # fmt: skip


def whom(case) -> dict:
    """n, blank where so few answered that it is not told, and what it counts: answers, customers,
    cases, asked (how many is not told), judgement (the company's own), assumed, or nothing."""
    if case.survey is not None:
        n = len(case.latest.people)
        return {"counted": "answers", "n": n if n >= case.settings.disclosure else None}
    tables = {name: t for name, t in case.tables.items() if t is not None and len(t)}
    if "customers" in tables:
        return {"counted": "customers", "n": len(tables["customers"])}
    if "transactions" in tables:
        return {"counted": "customers", "n": int(tables["transactions"]["customer"].nunique())}
    if "complaints" in tables:
        return {"counted": "cases", "n": len(tables["complaints"])}
    if "scores" not in tables:
        return {"counted": "nothing", "n": None}
    source = tables["scores"].get("from", pd.Series(dtype=object)).dropna()
    if source.eq("assumed").all():
        return {"counted": "assumed", "n": None}
    return {"counted": "asked" if source.eq("survey").any() else "judgement", "n": None}


def period(case) -> dict:
    """What period the data are of: the wave, the dates of the rows, or as client.yml says; and `to`,
    its last year, where it can be told."""
    if case.settings.period:
        return _years(case.settings.period)
    if case.survey is not None and case.latest is not None and "wave" in case.latest.people:
        wave = case.latest.people["wave"].dropna()
        if len(wave):
            return _years(str(wave.iloc[0]))
    dates = [
        pd.to_datetime(table["date"], errors="coerce").dropna()
        for name, table in case.tables.items()
        if name in DATED and table is not None and "date" in table
    ]
    dates = pd.concat(dates) if dates else pd.Series(dtype="datetime64[ns]")
    if dates.empty:
        return {"period": None, "to": None}
    first, last = dates.min().year, dates.max().year
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
    plan = case.tables.get("initiatives")
    if plan is not None and "from" in plan and plan["from"].isin(STATED).any():
        found.append("effects")
    return found
