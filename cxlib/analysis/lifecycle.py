"""Life-cycle service: new customers, fields, stages and mended faults."""

import pandas as pd

from cxlib.analysis.asking import designed_for, remembered, table_of
from cxlib.analysis.brand_value import Lifetime
from cxlib.analysis.experience_expectation import gaps_shown
from cxlib.analysis.feedback_loop import territories
from cxlib.client.case import Case
from cxlib.client.rated import answers_to
from cxlib.sums import care, proactive, touchpoints
from cxlib.sums.interval import counted_share


def new_customers(case: Case) -> pd.DataFrame | None:
    """One row: the share of contacts that new customers get, of the year (`care.YEAR`) before the contact,
    beside the fifth that is meant for them: n (contacts whose customer's first day is known), count, share
    with its interval, planned_share.

    >>> cx.new_customers(cx.read_client("vendor", "data"))["planned_share"].tolist()
    [0.2]
    """
    contacts = table_of(case, "contacts")
    if contacts is None or not case.knows_of_customers("since"):
        return None
    since = contacts["customer"].map(case.tables["customers"].set_index("customer")["since"])
    days = (contacts["date"] - since).dropna().dt.days
    n, count = len(days), int((days <= care.YEAR).sum())
    shares = counted_share(count, n, case.settings.confidence)
    return pd.DataFrame([{"n": n, "count": count, **shares, "planned_share": care.FOR_NEW}])


def fields(case: Case, life: Lifetime | None = None) -> pd.DataFrame | None:
    """Fields (井田) by trade and kind of service, with value and load; see `care.territories`.

    >>> list(cx.fields(cx.read_client("vendor", "data")))[:3]
    ['segment', 'service_type', 'n']
    """
    return territories(case, life, ("segment", "service_type"))


@remembered
def stages(case: Case) -> pd.DataFrame | None:
    """Experience by stage, of all and of the key experience alone, beside what is spent there.

    >>> list(cx.stages(cx.read_client("vendor", "data")))[:3]
    ['stage', 'n', 'n_eff']
    """
    answers = answers_to(case, "experience")
    if answers is None or not {"stage", "dimension"} <= set(case.latest.items):
        return None
    survey, rows, spent = case.latest, designed_for(gaps_shown(case)), table_of(case, "spending")
    key = rows.loc[rows["key_experience"], "dimension"]
    scale = [end.item() for end in survey.scale(["experience"])]
    found = touchpoints.stage_scores(
        answers, survey.items, key, survey.weight, case.settings.confidence, scale
    )
    if spent is not None:
        each = spent.groupby("stage", sort=False)
        means = each["means"].agg("; ".join)
        found = found.join(each["cost"].sum(), how="outer").join(means)
        found["spent"] = found["cost"] / found["cost"].sum()
    return None if found.empty else found.rename_axis("stage").reset_index()


def mended(case: Case) -> pd.DataFrame | None:
    """Faults before and after they were mended, where actions say which and when; see `proactive.mended`.

    >>> cx.mended(cx.read_client("vendor", "data"))["reason"].tolist()
    ['slow_answer']
    """
    repairs, complaints = table_of(case, "actions"), table_of(case, "complaints")
    needed = repairs is not None and {"reason", "mended"} <= set(repairs)
    if not needed or complaints is None or not {"reason", "date"} <= set(complaints):
        return None
    found = proactive.mended(complaints, repairs, case.settings.confidence)
    return None if found.empty else found
