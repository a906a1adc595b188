"""Life-cycle service: fields, stages and mended faults."""

import pandas as pd

from cxlib.analysis.asking import designed_for, needed, remembered, table_of
from cxlib.analysis.experience_expectation import gaps_shown
from cxlib.analysis.feedback_loop import territories
from cxlib.client.case import Case
from cxlib.client.rated import answers_to
from cxlib.sums import proactive
from cxlib.sums.touchpoints import stage_scores


def fields(case: Case, life=None) -> pd.DataFrame | None:
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
    answers = needed(answers_to(case, "experience"))
    needed({"stage", "dimension"} <= set(case.latest.items))
    survey, rows, spent = case.latest, designed_for(gaps_shown(case)), table_of(case, "spending")
    key = rows.loc[rows["key_experience"], "dimension"]
    found = stage_scores(answers, survey.items, key, survey.weight, case.settings.confidence)
    if spent is not None:
        each = spent.groupby("stage", sort=False)
        found = found.join(each["cost"].sum(), how="outer").join(each["means"].agg("; ".join))
        found["spent"] = found["cost"] / found["cost"].sum()
    return needed(found).rename_axis("stage").reset_index()


@remembered
def mended(case: Case) -> pd.DataFrame | None:
    """Faults before and after they were mended, where actions say which and when; see `proactive.mended`.

    >>> cx.mended(cx.read_client("vendor", "data"))["reason"].tolist()
    ['slow_answer']
    """
    repairs = needed(table_of(case, "actions", "reason", "mended"))
    complaints = needed(table_of(case, "complaints", "reason", "date"))
    return needed(proactive.mended(complaints, repairs, case.settings.confidence))
