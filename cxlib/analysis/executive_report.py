"""Step 9: the report asks of all steps; alone it needs little."""

from cxlib.analysis.cases import how_cases_end, what_cases_are_about
from cxlib.analysis.churn_cost import leaving
from cxlib.analysis.feedback_loop import low_scorers, monitors, net_promoters, promoters_by_group
from cxlib.analysis.requirements import kpis
from cxlib.client.case import Case


def of_one_kind(case: Case) -> dict:
    """The tables of `leading_findings` that need no score of any experience.

    >>> found = cx.of_one_kind(cx.read_client("telecom", "data"))
    >>> [name for name, table in found.items() if table is not None]
    ['leaving']
    """
    return {
        "promoters": net_promoters(case),
        "promoter_groups": promoters_by_group(case),
        "low_scorers": low_scorers(case),
        "leaving": leaving(case),
        "about": what_cases_are_about(case),
        "ends": how_cases_end(case),
        "measures": monitors(case),
        "periods": kpis(case),
    }
