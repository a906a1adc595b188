"""The customer-experience workbook: what a notebook may ask for, as `import cxlib as cx`.

Names are loaded when they are first used, so that `import cxlib` costs nothing.
"""

from importlib import import_module

from cxlib.client.onlooker import watch

# Where a name is looked for, in this order. A room offers the public functions that it defines.
_FLOORS = {
    "client": "case library rated",
    "analysis": "client_brief grounds brand_value experience_expectation targets roles"
    " own_words touchpoints loyalty key_experience gap_analysis requirements"
    " churn_cost cases strategy_capability fit feedback_loop next_survey"
    " workshop executive_report verdict since since_shares asking",
    "page": "page findings screen",
    "sums": "gap churn complaint",
    "lab": "boards start",
}  # fmt: skip
_ROOMS = [f"cxlib.{floor}.{room}" for floor, rooms in _FLOORS.items() for room in rooms.split()]


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
