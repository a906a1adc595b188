"""A consultant's own figures in the house's style, and tables of ours through the gate, as a cell shows
them: what IPython asks how to show is answered here."""

import re
from functools import partial, wraps

import matplotlib as mpl
import pandas as pd
from markupsafe import Markup
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text
from pandas.io.formats.style import Styler

from cxlib.client.release import with_base
from cxlib.page.drawing import DRAWING, NAMES, Sheet, svg
from cxlib.page.looks import LIGHT, STYLE, font_families
from cxlib.page.tables import made
from cxlib.page.tables import table_html as in_words
from cxlib.page.terms import COLUMNS
from cxlib.sums.rounding import kind_of

PHONE = 3.6  # inches that a phone is wide
PIXELS = 100  # of an inch, as pyplot counts
LARGEST = 400_000  # characters of a drawing; one of more marks is kept as a picture of dots
WRITTEN = {  # what pandas writes as text
    (pd.DataFrame, "to_string"): pd.DataFrame.to_string,
    (pd.DataFrame, "to_html"): pd.DataFrame.to_html,
    (pd.Series, "to_string"): pd.Series.to_string,
}
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
        html.for_type(Styler, lambda styled: table_html(page, styled.data, styled))
        for (kind, name), written in WRITTEN.items():
            setattr(kind, name, as_gated(page, written))


def table_html(page, table, styled=None):
    """A table of ours as the gate lets it through, without the looks of a Styler; any other as pandas
    writes it. One that is partly hers (a column of her own, and no base) stays unchecked in name."""
    if not of_ours(table):
        return (table if styled is None else styled)._repr_html_()
    found, named = gated(page, table), [*table, *filter(None, table.index.names)]
    if "n" in table or COLUMNS.keys() >= {re.sub("_(low|high)$", "", str(name)) for name in named}:
        return str(in_words(found, page)), {"cxlib": "page"}
    return found._repr_html_()


def of_ours(table) -> bool:
    """Whether a column of numbers is one that our results have."""
    if table.columns.nlevels > 1 or not table.columns.is_unique:
        return False
    return any(name in COLUMNS and kind_of(name, table[name]) != "exact" for name in table)


def gated(page, table):
    """A table of ours through the gate, with or without its base."""
    table = table.reset_index(allow_duplicates=True) if any(table.index.names) else table
    shown = page.gate(with_base(page.case, table))
    return shown if "n" in table else shown.drop(columns="n", errors="ignore")


def as_gated(page, written):
    """What writes a table as text, of what the gate lets through."""

    @wraps(written)
    def writes(table, *given, **more):
        frame = table.to_frame() if isinstance(table, pd.Series) else table
        if of_ours(frame):
            shown = gated(page, frame)
            table = shown if frame is table else shown[table.name].set_axis(table.index)
        return written(table, *given, **more)

    return writes


def figure_html(page, figure):
    """(the figure as drawn for a desk and for a phone, its mark); None where it has too many marks."""
    size, images = figure.get_size_inches().copy(), []
    looks = {"svg.fonttype": "none", "svg.hashsalt": "cxlib", "savefig.facecolor": "auto"}
    for narrow in (False,) if page.interactive else (False, True):
        if narrow:
            figure.set_size_inches(min(size[0], PHONE), min(size[1], PHONE * 1.4))
        _upright(figure)
        with DRAWING, mpl.rc_context({**looks, "savefig.bbox": "tight"}):
            # (data address, width, height)
            images.append(svg(Sheet(page.language, narrow, fig=figure), PIXELS))
    figure.set_size_inches(size)
    if max(len(address) for address, *_ in images) > LARGEST:
        return None
    words = {text.get_color() for text in figure.findobj(Text) if text.get_text().strip()}
    look = "" if {to_hex(colour) for colour in words} <= set(NAMES) else " light"
    html = Markup('<figure class="own{}">{}</figure>').format(look, made("picture", images))
    return str(html), {"cxlib": "figure"}


def _upright(figure) -> None:
    """Names beneath an axis that would run into each other stand upright."""
    figure.canvas.draw()
    for axes in figure.axes:
        labels = [each for each in axes.get_xticklabels() if each.get_text().strip()]
        boxes = [each.get_window_extent() for each in labels]
        if any(one.x1 + 4 > two.x0 for one, two in zip(boxes, boxes[1:], strict=False)):
            axes.tick_params(axis="x", rotation=90)
