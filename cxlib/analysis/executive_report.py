"""Step 9: the report asks of all steps; alone it needs little."""

from cxlib.analysis.brand_value import lifetimes, reasons, revenue_concentration
from cxlib.analysis.cases import how_cases_end, what_cases_are_about
from cxlib.analysis.churn_cost import answer_disputes, leaving, left_and_complained
from cxlib.analysis.experience_expectation import (
    by_collector,
    drivers,
    gaps,
    segments_against_the_rest,
)
from cxlib.analysis.feedback_loop import (
    dormant,
    evidence,
    low_scorers,
    monitors,
    net_promoters,
    promoters_by_group,
    waves,
)
from cxlib.analysis.loyalty import loyalty_matrix
from cxlib.analysis.requirements import kpis, requirement_classes
from cxlib.client.case import Case


def behind_findings(case: Case) -> dict:
    """The tables that `leading_findings` chooses from, by their names there; None where not known.

    >>> found = cx.behind_findings(cx.read_client("telecom", "data"))
    >>> [name for name, table in found.items() if table is not None]
    ['gaps', 'left', 'worth', 'leaving']
    """
    return {
        "gaps": gaps(case), "drivers": drivers(case), "kano": requirement_classes(case),
        "segments": segments_against_the_rest(case), "waves": waves(case), "evidence": evidence(case),
        "reasons": reasons(case), "left": left_and_complained(case),
        "disputes": answer_disputes(case), "loyalty": loyalty_matrix(case),
        "worth": revenue_concentration(case), "dormant": dormant(lifetimes(case)),
        "collectors": by_collector(case), "promoters": net_promoters(case),
        "promoter_groups": promoters_by_group(case), "low_scorers": low_scorers(case),
        "leaving": leaving(case), "about": what_cases_are_about(case), "ends": how_cases_end(case),
        "measures": monitors(case), "periods": kpis(case),
    }  # fmt: skip
