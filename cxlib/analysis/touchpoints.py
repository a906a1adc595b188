"""Where customers meet the company: experience by touchpoint, and the way of a case through channels.

Life-cycle service: fields, stages and mended faults.
"""

import pandas as pd

from cxlib.analysis.asking import designed_for, needed, remembered, table_of, where_known
from cxlib.analysis.churn_cost import lost_amounts
from cxlib.analysis.experience_expectation import gaps_shown
from cxlib.analysis.feedback_loop import territories
from cxlib.client.case import Case
from cxlib.client.rated import answers_to, rated_items
from cxlib.client.scores import ASKED
from cxlib.sums import proactive, touchpoints


@remembered
def touchpoint_map(case: Case) -> pd.DataFrame | None:
    """The contract's table `touchpoints`; see `sums.touchpoints.touchpoint_map`. Where no experience
    was asked, its columns are asked_satisfaction, _low and _high.

    >>> found = cx.touchpoint_map(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['stage', 'channel', 'n', 'n_eff']
    """
    (measure, answers), complaints = rated_items(case), table_of(case, "complaints")
    survey = case.latest
    items = weight = scale = None
    if survey is not None:
        items, weight = survey.items, survey.weight
        scale = [end.item() for end in survey.scale([measure])]
    cases = complaints, lost_amounts(case, "gross"), case.settings.confidence
    found = touchpoints.touchpoint_map(answers, items, weight, *cases, scale)
    if measure == ASKED:  # a score of its own, in columns of its own
        found = found.rename(columns=lambda name: name.replace("experience", "asked_satisfaction"))
    return needed(found)


@where_known
def case_paths(case: Case, by: str = "path") -> pd.DataFrame | None:
    """The ways that cases took through the channels (by="owners": from owner to owner); None where none
    was handed on.

    >>> found = cx.case_paths(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['path', 'hops', 'cases', 'share']
    """
    complaints = needed(table_of(case, "complaints"))
    return needed(touchpoints.case_paths(complaints, case.settings.confidence, by))


# Life-cycle service


def fields(case: Case, life=None) -> pd.DataFrame | None:
    """Fields (井田) by trade, kind and cycle of service, and who owns each, with value and load; see
    `care.territories`.

    >>> list(cx.fields(cx.read_client("vendor", "data")))[:3]
    ['segment', 'service_type', 'n']
    """
    more = [name for name in ("service_cycle", "owner") if case.knows_of_customers(name)]
    return territories(case, life, ("segment", "service_type", *more))


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
    of = survey.items, key, survey.weight, case.settings.confidence
    found = touchpoints.stage_scores(answers, *of)
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
