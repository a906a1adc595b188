"""The figures by name. Each draws on a Sheet and returns its alternative text, or None."""

FIGURES = {}


def figure(function):
    """Registers a drawing under its own name."""
    FIGURES[function.__name__] = function
    return function


from cxlib.page.figures import curves, gap, lines, money, planes, rows, touchpoints  # noqa: E402, F401
