"""The customer-experience workbook: what a notebook may ask for, as `import cxlib as cx`.

Names are loaded when they are first used, so that `import cxlib` costs nothing.
"""

from importlib import import_module

from cxlib.client.onlooker import watch

# Where a name is looked for, in this order. A room offers the public functions that it defines.
_ROOMS = (
    "cxlib.client.case",
    "cxlib.client.groupings",
    "cxlib.client.library",
    "cxlib.client.rated",
    "cxlib.analysis.client_brief",
    "cxlib.analysis.independence",
    "cxlib.analysis.brand_value",
    "cxlib.analysis.experience_expectation",
    "cxlib.analysis.targets",
    "cxlib.analysis.roles",
    "cxlib.analysis.own_words",
    "cxlib.analysis.touchpoints",
    "cxlib.analysis.loyalty",
    "cxlib.analysis.key_experience",
    "cxlib.analysis.gap_analysis",
    "cxlib.analysis.requirements",
    "cxlib.analysis.churn_cost",
    "cxlib.analysis.cases",
    "cxlib.analysis.strategy_capability",
    "cxlib.analysis.fit",
    "cxlib.analysis.feedback_loop",
    "cxlib.analysis.next_survey",
    "cxlib.analysis.workshop",
    "cxlib.analysis.executive_report",
    "cxlib.analysis.crossings",
    "cxlib.analysis.verdict",
    "cxlib.analysis.since",
    "cxlib.analysis.asking",
    "cxlib.page.page",
    "cxlib.page.findings",
    "cxlib.page.screen",
    "cxlib.sums.gap",
    "cxlib.sums.churn",
    "cxlib.sums.churn_counted",
    "cxlib.lab.boards",
    "cxlib.lab.scenarios",
    "cxlib.lab.start",
)


def _offers(room: str) -> dict:
    module = import_module(room)
    return {
        name: thing
        for name, thing in vars(module).items()
        if not name.startswith("_") and getattr(thing, "__module__", None) == room
    }


def __getattr__(name):
    if name == "__all__":
        offered = {name: thing for room in _ROOMS for name, thing in _offers(room).items()}
        # Public is what answers ? with an example; the rest is there for those who look for it.
        return sorted(name for name, thing in offered.items() if ">>>" in (thing.__doc__ or ""))
    if not name.startswith("_"):
        watch()
        for room in _ROOMS:
            if name in (found := _offers(room)):
                return found[name]
    raise AttributeError(f"cxlib has no {name!r}; dir(cxlib) lists what it has")


def __dir__():
    return __getattr__("__all__")
