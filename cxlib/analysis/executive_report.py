"""Step 9: the report asks of all steps; alone it needs little."""

from cxlib.analysis.cases import how_cases_end, why_they_left
from cxlib.analysis.experience_expectation import segments_against_the_rest
from cxlib.analysis.feedback_loop import evidence, low_scorers, promoters_by_group, waves
from cxlib.analysis.loyalty import loyalty_matrix
from cxlib.analysis.own_words import low_scorers_words
from cxlib.analysis.requirements import kpis, requirement_classes
from cxlib.analysis.verdict import rests_on
from cxlib.client.case import Case

# Of what the verdict rests on, by the names it has there.
SHARED = {
    "left": "effect", "worth": "concentration",
    **{name: name for name in ("gaps", "drivers", "reasons", "disputes", "dormant", "collectors",
                               "promoters", "leaving", "about", "measures")},
}  # fmt: skip


def behind_findings(case: Case) -> dict:
    """The tables that `leading_findings` chooses from, by their names there; None where not known.

    >>> found = cx.behind_findings(cx.read_client("telecom", "data"))
    >>> sorted(name for name, table in found.items() if table is not None)
    ['gaps', 'leaving', 'left', 'worth']
    """
    known = rests_on(case)
    return {name: known[there] for name, there in SHARED.items()} | {
        "kano": requirement_classes(case), "segments": segments_against_the_rest(case),
        "waves": waves(case), "evidence": evidence(case), "loyalty": loyalty_matrix(case),
        "promoter_groups": promoters_by_group(case), "low_scorers": low_scorers(case),
        "why_left": why_they_left(case), "ends": how_cases_end(case), "periods": kpis(case), "low_words": low_scorers_words(case),
    }  # fmt: skip
