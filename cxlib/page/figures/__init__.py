"""The figures by name. Each draws on a Sheet and returns its alternative text, or None."""

from cxlib.client.release import of_released

FIGURES = {}


def figure(function):
    """Registers a drawing under its own name."""
    FIGURES[function.__name__] = of_released(function)
    return function


from cxlib.page.figures import gap, lines, money, rows, touchpoints  # noqa: E402, F401
