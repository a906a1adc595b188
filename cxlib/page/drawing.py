"""One figure, drawn twice: wide for a desk, narrow for a phone. Never shrunk.

Every drawing is laid out in pixels on a Sheet, and embedded as SVG whose colours follow the reader's
light or dark page.
"""

import io
import re
import warnings
from base64 import b64encode
from dataclasses import dataclass, field
from functools import lru_cache
from threading import Lock

import matplotlib as mpl
import pandas as pd
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.lines import Line2D
from matplotlib.text import Annotation, Text
from matplotlib.transforms import ScaledTranslation

from cxlib.page.language import N_, Language
from cxlib.page.looks import LIGHT, STYLE, SYSTEM_FONTS, chinese_font, font_families, variables
from cxlib.page.tables import made

WIDE, NARROW = 960, 360  # pixels
DRAWING = Lock()  # matplotlib's settings belong to all threads, and JupyterLab draws in two
NAMES = {colour: name for name, colour in LIGHT.items()}
CHINESE = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]")


@dataclass
class Sheet:
    """The paper a figure is drawn on: its width, its words, its type."""

    language: Language
    narrow: bool
    fig: Figure = None
    height: float = 0
    fonts: list = field(default_factory=list)
    brief: bool = False  # for a first screen: the first few rows alone
    native: bool = False  # takes rows and draws nothing: see `page.native`

    @property
    def width(self) -> int:
        return NARROW if self.narrow else WIDE

    @property
    def size(self) -> float:
        return 12.5 if self.narrow else 13.5

    def begin(self, height: float) -> None:
        """A blank sheet of so many pixels in height; one point is one pixel."""
        self.height = height
        self.fig = Figure(figsize=(self.width / 72, height / 72), dpi=72)
        FigureCanvasAgg(self.fig)

    def axes(self, left, top, width, height):
        """Axes at this place, in pixels from the top left corner."""
        x, y = 1 / self.width, 1 / self.height
        ax = self.fig.add_axes([left * x, 1 - (top + height) * y, width * x, height * y])
        ax.tick_params(labelsize=self.size - 1)
        ax.set_yticks([])
        return ax

    def text(self, x, y, words, size=0, **style) -> None:
        """Words at this place, in pixels from the top left corner."""
        style.setdefault("va", "center")
        self.fig.text(x / self.width, 1 - y / self.height, str(words), fontsize=size or self.size, **style)  # fmt: skip

    def line(self, xs, ys, **style) -> None:
        """A line through these places, in pixels from the top left corner."""
        style.setdefault("linewidth", 1)
        xs, ys = [x / self.width for x in xs], [1 - y / self.height for y in ys]
        self.fig.add_artist(Line2D(xs, ys, transform=self.fig.transFigure, **style))

    def text_width(self, words, size=0, weight="normal") -> float:
        """Pixels that the words take on one line."""
        return _width(str(words), tuple(self.fonts), size or self.size, weight)

    def wrap(self, words, width, lines=3, size=0, weight="normal") -> str:
        """The words on lines no longer than this width; Chinese breaks between characters."""
        pieces = re.findall(
            r"[\u2e80-\u9fff\uff00-\uffef][、。」』》！），：；？]*|[^\s\u2e80-\u9fff\uff00-\uffef]+\s*|\s+",
            str(words),
        )
        rows = [""]
        for piece in pieces:
            if rows[-1] and self.text_width((rows[-1] + piece).rstrip(), size, weight) > width:
                rows.append("")
            rows[-1] += piece
        if len(rows) > lines:
            rows = [*rows[: lines - 1], rows[lines - 1].rstrip() + "…"]
        return "\n".join(row.strip() for row in rows)

    def rows(self, rows, rights, header=8, footer=44, bold=()):
        """Axes whose upright unit is a pixel, with a line for each row, the first on top.

        rows : columns name; and where it is wanted note (small words after the name), under (a heading
            above all rows of the same one), indent (pixels); with either of these the names start at
            the left

        On a desk the names stand left of the axes, on a phone above each line. `rights` is the room
        kept for the number of each row. `ax.ys` are the middles of the marks, in the axes; `ax.words`
        those of the words beside them, in pixels of the sheet.
        """
        notes = rows.get("note", pd.Series("", rows.index)).fillna("")
        under = rows.get("under", pd.Series("", rows.index))
        indents = rows.get("indent", pd.Series(14 if under.any() else 0, rows.index))
        longest = max(self.text_width(each, weight="bold") for each in [*rows["name"], *notes])
        left = 14 if self.narrow else min(max(longest + 40, 120), 320)
        right = 16 if self.narrow else max(rights)
        rooms = [self.width - left - each if self.narrow else left - 24 for each in rights]
        weights = ["bold" if i in bold else "normal" for i in range(len(rows))]
        parts = zip(rows["name"], rooms, indents, weights, strict=True)
        names = [self.wrap(name, room - indent, 2, weight=weight) for name, room, indent, weight in parts]  # fmt: skip
        lines = max(name.count("\n") for name in names) + notes.ne("").any()
        close = 8 * (self.brief or not self.narrow and len(rows) > 12)
        pitch = (54 + 15 * lines if self.narrow else 46) - close
        heading, ledger = under.ne(under.shift()) & under.ne(""), indents.any()
        tops = [header + pitch * i + 34 * n for i, n in enumerate(heading.cumsum())]
        self.begin(tops[-1] + pitch + footer)
        height = tops[-1] + pitch - header
        ax = self.axes(left, header, self.width - left - right, height)
        ax.set_ylim(height, 0)
        start = 14 if self.narrow else 8 if ledger else left - 16
        for i, top in enumerate(tops):
            if heading.iloc[i]:
                self.text(14 if self.narrow else 8, top - 14, under.iloc[i], color=LIGHT["muted"])
            deep = 16 * (1 + names[i].count("\n")) + 14 * (notes.iloc[i] != "")
            y = top + (6 if self.narrow else (pitch - deep) / 2 - 1)
            side = {"ha": "left" if self.narrow or ledger else "right"}
            at = start + indents.iloc[i]
            self.text(at, y, names[i], weight=weights[i], va="top", linespacing=1.1, **side)
            self.text(at, y + deep - 4, notes.iloc[i], size=11, color=LIGHT["muted"], **side)
        ax.ys = [top - header + (pitch - 17 if self.narrow else pitch / 2) for top in tops]
        ax.words = [top + (14 if self.narrow else pitch / 2) for top in tops]
        return ax

    def upright(self, ax, at, colour) -> None:
        """A vertical line at a value, across all rows: at zero, say.

        Whole on a desk; on a phone only beside the marks, not through the words between them.
        """
        for y in ax.ys:
            reach = 12 if self.narrow else 23
            ax.plot([at, at], [y - reach, y + reach], color=colour, linewidth=1)

    def key(self, marks, left=8, y=12) -> None:
        """What each mark means, side by side: (words, colour, marker, its style)."""
        for words, colour, marker, style in marks:
            self.line([left + 8], [y], color=colour, marker=marker, **{"markersize": 8.5, **style})
            self.text(left + 20, y, words, size=11.5, color=LIGHT["muted"])
            left += 20 + self.text_width(words, 11.5) + 18

    def unit(self, ax, words) -> None:
        """The title of a horizontal axis, with its unit."""
        ax.set_xlabel(words, fontsize=self.size - 1, loc="left", labelpad=4)


def picture(draw, language, caption="", name="figure", phone=True, brief=False) -> str:
    """The figure element of what `draw(sheet)` draws; "" when it has nothing to show.

    `draw` returns the words for those who cannot see the figure, with its numbers. Without
    `phone` it is drawn for a desk alone, in half the time.
    """
    images = []
    for narrow in (False, True) if phone else (False,):
        data, alt = drawn(draw, language, svg, narrow, brief)
        if alt is None:
            return ""
        images.append(data)
    return made("figure", images, alt, name, language.say(N_("Save the figure")), caption)


def drawn(draw, language: Language, taken, narrow: bool = False, brief: bool = False) -> tuple:
    """(`taken(sheet)`, words) of what `draw(sheet)` draws; (None, None) where it shows nothing."""
    families = font_families(language.tag)
    with DRAWING, mpl.rc_context({**STYLE, "font.family": list(families)}):
        sheet = Sheet(language, narrow, fonts=list(families), brief=brief)
        alt = draw(sheet)
        if alt is None:
            return None, None
        keep_inside(sheet)
        return taken(sheet), alt


def keep_inside(sheet: Sheet) -> None:
    """Moves words that would be cut off at the left or right edge of the sheet back into it."""
    renderer = sheet.fig.canvas.get_renderer()
    for ax in sheet.fig.axes:
        if ax.axison and ax.xaxis.get_visible():
            ax.xaxis.get_majorticklabels()  # puts the labels at their ticks
    for text in sheet.fig.findobj(Text):
        if not (text.get_visible() and text.get_text().strip()):
            continue
        with warnings.catch_warnings(action="ignore", category=UserWarning):  # of a missing glyph
            box = text.get_window_extent(renderer)
        if box.x0 > -40 and box.x1 < sheet.width + 40:  # further out is a tick that is not shown
            across = max(0, 2 - box.x0) - max(0, box.x1 - (sheet.width - 2))
            move = ScaledTranslation(across / 72, 0, sheet.fig.dpi_scale_trans)
            if across and isinstance(text, Annotation):
                text.xyann = (text.xyann[0] + across, text.xyann[1])
            elif across:
                text.set_transform(text.get_transform() + move)


def svg(sheet: Sheet, inch: int = 72) -> tuple[str, int, int]:
    """The drawing as a data address, with its width and height in pixels, of which so many are an inch."""
    text = themed_svg(sheet)
    sides = re.search(r'width="([\d.]+)" height="([\d.]+)"', text).groups()
    address = "data:image/svg+xml;base64," + _base64(text.encode())
    return address, *(round(float(side) * inch / 72) for side in sides)


def _written(sheet, form, **options) -> bytes:
    """What matplotlib writes of the sheet in this form."""
    written = io.BytesIO()
    with warnings.catch_warnings():  # glyphs that no font of ours has stay text for the browser
        warnings.filterwarnings("ignore", "Glyph .* missing")
        sheet.fig.savefig(written, format=form, **options)
    return written.getvalue()


def png(sheet: Sheet) -> bytes:
    """PNG at double density with a palette of 128 colours, on white."""
    from PIL import Image

    small = io.BytesIO()
    look = {"dpi": 144, "facecolor": LIGHT["paper"], "metadata": {"Software": None}}
    image = Image.open(io.BytesIO(_written(sheet, "png", **look))).convert("RGB")
    image.quantize(128, dither=Image.Dither.NONE).save(small, "PNG", optimize=True)
    return small.getvalue()


def light_svg(sheet: Sheet) -> bytes:
    """The figure as on a light page, its colours spelt out: other programs know no names."""
    dark = r"@media \(prefers-color-scheme:dark\)\{svg\{[^}]*\}\}"
    text = re.sub(dark, "", themed_svg(sheet))
    return re.sub(r"var\(--(\w+)\)", lambda name: LIGHT[name[1]], text).encode()


def themed_svg(sheet: Sheet) -> str:
    """matplotlib's SVG, smaller, in the reader's fonts, and following a light or dark page."""
    svg = _written(sheet, "svg", metadata={"Date": None, "Creator": None}).decode()
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.S)
    named = r'<g id="(?:figure|axes|patch|text|line2d|xtick|ytick|matplotlib)[^"]*">'
    svg = re.sub(named, "<g>", svg)
    svg = re.sub(r'width="([\d.]+)pt" height="([\d.]+)pt"', r'width="\1" height="\2"', svg, count=1)
    svg = re.sub(r"<[^>]+>", _smaller, svg)
    svg, rules = _named_styles(svg)
    embedded, family = _embedded_font(svg, sheet.language)
    style = (
        f"{embedded}svg{{{variables(0)}font-family:{family}{SYSTEM_FONTS}}}"
        f"@media (prefers-color-scheme:dark){{svg{{{variables(1)}}}}}text{{white-space:pre}}{rules}"
    )
    lines = "*{stroke-linejoin: round; stroke-linecap: butt}"
    svg = svg.replace(lines, re.sub(r"(?<=[:;]) ", "", lines) + style)
    svg = re.sub(r"<g>\s*</g>", "", svg)
    return re.sub(r"\s*\n\s*", " ", svg).replace("> <", "><")


def _smaller(tag) -> str:
    """A tag with coordinates to a tenth of a pixel, our colours by name, and no font of its own."""
    text = re.sub(r' transform="rotate\(-?0 [^)]*\)"', "", tag[0])
    text = re.sub(r"font-family: [^;\"]*;? ?", "", text)
    text = re.sub(r"-?\d+\.\d{2,}", lambda n: f"{float(n[0]):.1f}".removesuffix(".0"), text)
    return re.sub("|".join(NAMES), lambda colour: f"var(--{NAMES[colour[0]]})", text)


def _named_styles(svg: str) -> tuple[str, str]:
    """Repeated style attributes become classes."""
    names: dict[str, str] = {}

    def name(found):
        rule = found[1].replace(": ", ":").replace("; ", ";")
        return f'class="{names.setdefault(rule, f"s{len(names)}")}"'

    svg = re.sub(r'style="([^"]*)"', name, svg)
    return svg, "".join(f".{key}{{{rule}}}" for rule, key in names.items())


def _embedded_font(svg: str, language: Language) -> tuple[str, str]:
    """A font with just the Chinese characters of this figure: an image cannot borrow the page's."""
    letters = "".join(sorted(set(CHINESE.findall(svg))))
    if not letters:
        return "", ""
    data = _base64(_subset(chinese_font(language.tag), letters))
    return f"@font-face{{font-family:cx;src:url(data:font/woff;base64,{data})}}", "cx,"


def _subset(path: str, letters: str) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options(
        layout_features=[], hinting=False, desubroutinize=True, notdef_outline=False, name_IDs=[]
    )
    font = TTFont(path, lazy=True, recalcTimestamp=False)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=letters)
    subsetter.subset(font)
    font.flavor = "woff"
    small = io.BytesIO()
    font.save(small)
    return small.getvalue()


@lru_cache(10_000)
def _width(words: str, fonts: tuple, size: float, weight: str) -> float:
    """Pixels that words take on one line; a board draws the same names again at each move."""
    font = FontProperties(family=list(fonts), size=size, weight=weight)
    with warnings.catch_warnings(action="ignore", category=UserWarning):  # of a missing glyph
        return RendererAgg(1, 1, 72).get_text_width_height_descent(words, font, False)[0]


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")
