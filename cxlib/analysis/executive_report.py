"""Step 9: the report asks of all steps; alone it needs little."""

from cxlib.analysis.cases import why_they_left
from cxlib.analysis.feedback_loop import evidence, low_scorers, waves
from cxlib.analysis.loyalty import loyalty_matrix
from cxlib.analysis.own_words import low_scorers_words
from cxlib.analysis.requirements import kpis
from cxlib.analysis.verdict import rests_on
from cxlib.client.case import Case


def behind_findings(case: Case) -> dict:
    """The tables that `leading_findings` chooses from, by their names there; None where not known.

    >>> found = cx.behind_findings(cx.read_client("telecom", "data"))
    >>> found["left"] is None, found["waves"] is None
    (False, True)
    """
    known = rests_on(case)
    return known | {
        "left": known["effect"], "worth": known["concentration"],
        "waves": waves(case), "evidence": evidence(case), "loyalty": loyalty_matrix(case),
        "low_scorers": low_scorers(case), "why_left": why_they_left(case), "periods": kpis(case),
        "low_words": low_scorers_words(case),
    }  # fmt: skip
