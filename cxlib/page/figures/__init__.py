"""The figures by name. Each draws on a Sheet and returns its alternative text, or None."""

FIGURES = {}


def figure(function):
    """Registers a drawing under its own name."""
    FIGURES[function.__name__] = function
    return function


from cxlib.page.figures import (  # noqa: E402
    business,  # noqa: F401
    churn,  # noqa: F401
    customers,  # noqa: F401
    gap,  # noqa: F401
    one_thing,  # noqa: F401
    quadrants,  # noqa: F401
    service,  # noqa: F401
    survey,  # noqa: F401
)
