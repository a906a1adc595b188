"""The customer-experience workbook: what a notebook may ask for, as `import cxlib as cx`.

Names are loaded when they are first used, so that `import cxlib` costs nothing.
"""

from importlib import import_module

_HOME = {
    "cxlib.client.case": ["read_client", "check_client"],
    "cxlib.client.brief": ["answers_given", "bases", "left_out", "received", "unlocks"],
    "cxlib.client.steps": [
        "cost_of_bad_experience", "drivers", "everyone", "evidence", "gaps", "item_gaps",
        "levers", "net_promoters", "penalties", "portfolio", "quadrants", "reasons",
        "requirement_classes", "requirement_classes_by_segment", "revenue_at_stake",
        "segments_against_the_rest", "swings", "target_customers", "waves", "where_to_spend",
    ],
    "cxlib.page": ["open_page"],
    "cxlib.page.findings": ["leading_findings"],
    "cxlib.sums.gap": ["gap_table", "gap_intervals", "mark_key_experience"],
    "cxlib.sums.churn": ["churn_tree"],
}  # fmt: skip
_MODULE = {name: module for module, names in _HOME.items() for name in names}
__all__ = sorted(_MODULE)


def __getattr__(name):
    if name not in _MODULE:
        raise AttributeError(f"cxlib has no {name!r}; it has: {', '.join(__all__)}")
    return getattr(import_module(_MODULE[name]), name)


def __dir__():
    return __all__
