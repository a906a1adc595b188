"""Where customers meet the company: experience by touchpoint, and the way of a case through channels."""

import pandas as pd

from cxlib.analysis.asking import needed, remembered, table_of, where_known
from cxlib.analysis.churn_cost import lost_amounts
from cxlib.client.case import Case
from cxlib.client.rated import rated_items
from cxlib.client.scores import ASKED
from cxlib.sums import touchpoints


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
    """The ways that cases took through the channels; None where none changed its channel.

    >>> found = cx.case_paths(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['path', 'hops', 'cases', 'share']
    """
    complaints = needed(table_of(case, "complaints"))
    return needed(touchpoints.case_paths(complaints, case.settings.confidence, by))


def case_owners(case: Case) -> pd.DataFrame | None:
    """Who owned cases, one after the other; None where none was handed on.

    >>> list(cx.case_owners(cx.read_client("vendor", "data")))[:2]
    ['owners', 'hops']
    """
    return case_paths(case, "owners")
