"""A consultant's own figures in the house's style, and tables of ours through the gate, as a cell shows
them: what IPython asks how to show is answered here."""

import re
from functools import partial

import matplotlib as mpl
import pandas as pd
from markupsafe import Markup
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text

from cxlib.page.drawing import DRAWING, NAMES, Sheet, _base64, for_both, themed_svg
from cxlib.page.looks import LIGHT, STYLE, font_families

PHONE = 3.6  # inches that a phone is wide
PIXELS = 100  # of an inch, as pyplot counts
LARGEST = 400_000  # characters of a drawing; one of more marks is kept as a picture of dots
CYCLE = [LIGHT[name] for name in ("experience", "at_risk", "kept", "lost", "expectation", "other")]


def in_house(page) -> None:
    """From here on a notebook's own figures are drawn like ours, and what has a base is gated."""
    from IPython import get_ipython

    if (shell := get_ipython()) is None:
        return
    mpl.rcParams.update(STYLE | {"font.family": list(font_families(page.language.tag))})
    mpl.rcParams.update({"axes.prop_cycle": mpl.cycler(color=CYCLE), "figure.figsize": (8.4, 4.2)})
    html = shell.display_formatter.formatters["text/html"]
    html.for_type(Figure, partial(figure_html, page))
    shell.run_line_magic("config", "InlineBackend.figure_format = 'retina'")  # for slides
    if not page.interactive:  # who works in it sees the numbers as they are
        html.for_type(pd.DataFrame, partial(table_html, page))


def table_html(page, table):
    """A table with a base `n` as the gate lets it through; any other as pandas writes it."""
    from cxlib.page.tables import table_html as gated

    if table.columns.nlevels > 1 or "n" not in table:
        return table._repr_html_()
    return str(gated(table, page)), {"cxlib": "page"}


def figure_html(page, figure):
    """(the figure as drawn for a desk and for a phone, its mark); None where it has too many marks."""
    size = figure.get_size_inches().copy()
    images = []
    for narrow in (False,) if page.interactive else (False, True):
        if narrow:
            figure.set_size_inches(min(size[0], PHONE), min(size[1], PHONE * 1.4))
        _upright(figure)
        images.append(_image(page, figure, narrow))
    figure.set_size_inches(size)
    if max(len(address) for address, *_ in images) > LARGEST:
        return None
    words = {text.get_color() for text in figure.findobj(Text) if text.get_text().strip()}
    look = "" if {to_hex(colour) for colour in words} <= set(NAMES) else " light"
    html = Markup('<figure class="own{}">{}</figure>').format(look, for_both(images))
    return str(html), {"cxlib": "figure"}


def _upright(figure) -> None:
    """Names beneath an axis that would run into each other stand upright."""
    figure.canvas.draw()
    for axes in figure.axes:
        labels = [each for each in axes.get_xticklabels() if each.get_text().strip()]
        boxes = [each.get_window_extent() for each in labels]
        if any(one.x1 + 4 > two.x0 for one, two in zip(boxes, boxes[1:], strict=False)):
            axes.tick_params(axis="x", rotation=90)


def _image(page, figure, narrow: bool) -> tuple[str, int, int]:
    """The drawing as a data address, with its width and height in pixels."""
    look = {"svg.fonttype": "none", "svg.hashsalt": "cxlib", "savefig.facecolor": "auto"}
    with DRAWING, mpl.rc_context({**look, "savefig.bbox": "tight"}):
        svg = themed_svg(Sheet(page.language, narrow, fig=figure))
    width, height = re.search(r'width="([\d.]+)" height="([\d.]+)"', svg).groups()
    address = f"data:image/svg+xml;base64,{_base64(svg.encode())}"
    return address, *(round(float(side) * PIXELS / 72) for side in (width, height))
