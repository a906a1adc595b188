"""One figure, drawn twice: wide for a desk, narrow for a phone. Never shrunk.

Every drawing is laid out in pixels on a Sheet. A small one is embedded as SVG whose colours follow
the reader's light or dark page; a large one as PNG at double density, on a light card.
"""

import io
import re
import warnings
from base64 import b64encode
from dataclasses import dataclass, field
from functools import cache
from threading import Lock

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Annotation, Text
from matplotlib.transforms import ScaledTranslation

from cxlib.page.language import N_, Language
from cxlib.page.looks import LIGHT, PALETTE, STYLE, SYSTEM_FONTS, chinese_font, font_families

WIDE, NARROW = 960, 360  # pixels
LARGEST_SVG = 60_000  # bytes; above, a PNG is smaller
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
        box = [
            left / self.width,
            1 - (top + height) / self.height,
            width / self.width,
            height / self.height,
        ]
        ax = self.fig.add_axes(box)
        ax.tick_params(labelsize=self.size - 1)
        ax.set_yticks([])
        return ax

    def text(self, x, y, words, size=0, **style) -> None:
        """Words at this place, in pixels from the top left corner."""
        style.setdefault("va", "center")
        self.fig.text(
            x / self.width, 1 - y / self.height, str(words), fontsize=size or self.size, **style
        )

    def line(self, xs, ys, **style) -> None:
        """A line through these places, in pixels from the top left corner."""
        from matplotlib.lines import Line2D

        style.setdefault("linewidth", 1)
        xs = [x / self.width for x in xs]
        ys = [1 - y / self.height for y in ys]
        self.fig.add_artist(Line2D(xs, ys, transform=self.fig.transFigure, **style))

    def text_width(self, words, size=0, weight="normal") -> float:
        """Pixels that the words take on one line."""
        font = FontProperties(family=list(self.fonts), size=size or self.size, weight=weight)
        with warnings.catch_warnings():  # a glyph we cannot measure, the reader's browser has
            warnings.filterwarnings("ignore", "Glyph .* missing")
            return _measure().get_text_width_height_descent(str(words), font, False)[0]

    def wrap(self, words, width, lines=3, size=0, weight="normal") -> str:
        """The words on lines no longer than this width; Chinese breaks between characters."""
        pieces = re.findall(
            r"[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+\s*|\s+", str(words)
        )
        rows = [""]
        for piece in pieces:
            if rows[-1] and self.text_width((rows[-1] + piece).rstrip(), size, weight) > width:
                rows.append("")
            rows[-1] += piece
        if len(rows) > lines:
            rows = [*rows[: lines - 1], rows[lines - 1].rstrip() + "…"]
        return "\n".join(row.strip() for row in rows)

    def small_bar(self, left, y, width, share) -> None:
        """A share (0–1) as a small bar in its track."""
        self.line([left, left + width], [y, y], color=LIGHT["line"], linewidth=7)
        self.line([left, left + width * share], [y, y], color=LIGHT["muted"], linewidth=7)

    def rows(self, labels, right=96, header=8, footer=44, left=0, pitch=0, notes=None, bold=()):
        """Axes with one horizontal line per label, first label on top.

        On a desk the labels stand left of the axes, on a phone above each line. `right` is the
        room kept for a number after each line; `notes` are small words after a label.
        """
        notes = notes or [""] * len(labels)
        left = 14 if self.narrow else left or self._label_room(labels)
        room = self.width - 20 - right if self.narrow else left - 24
        weights = ["bold" if i in bold else "normal" for i in range(len(labels))]
        words = [
            self.wrap(label, room, lines=2, weight=weight)
            for label, weight in zip(labels, weights, strict=True)
        ]
        tall = self.narrow and any("\n" in label for label in words)
        pitch = pitch or (74 if tall else 58 if self.narrow else 46 if len(labels) <= 12 else 38)
        self.begin(header + pitch * len(labels) + footer)
        width = self.width - left - (16 if self.narrow else right)
        ax = self.axes(left, header, width, pitch * len(labels))
        ax.set_ylim(len(labels) - 0.5, -0.5)
        for i, (label, note) in enumerate(zip(words, notes, strict=True)):
            self._row_label(left, header + pitch * i, pitch, label, note, weights[i])
        ax.row = lambda i: i + ((0.28 if tall else 0.2) if self.narrow else 0)
        ax.pitch, ax.top = pitch, header
        return ax

    def _row_label(self, left, top, pitch, label, note, weight):
        small = {"size": 11, "color": LIGHT["muted"], "style": "italic"}
        if self.narrow:
            self.text(left, top + 6, label, weight=weight, va="top", linespacing=1.1)
            if note:
                lines = label.split("\n")
                at = left + self.text_width(lines[-1], weight=weight) + 8
                self.text(at, top + 14 + 16 * (len(lines) - 1), note, **small)
            return
        middle, right = top + pitch / 2, {"ha": "right", "linespacing": 1.1}
        lift = 8 if note else 0
        self.text(left - 16, middle - lift, label, weight=weight, **right)
        if note:
            drop = 8 if "\n" not in label else 18
            self.text(left - 16, middle + drop + 2, note, ha="right", **small)

    def upright(self, ax, at, count, colour) -> None:
        """A vertical line at a value, across so many lines: at zero, say.

        Whole on a desk; on a phone only beside the marks, not through the words between them.
        """
        reach = 0.2 if self.narrow else 0.5
        for i in range(count):
            ends = [ax.row(i) - reach, ax.row(i) + reach]
            ax.plot([at, at], ends, color=colour, linewidth=1)

    def beside(self, ax, i, words, **style) -> None:
        """Words in the room at the right of line i."""
        y = ax.top + ax.pitch * i + (14 if self.narrow else ax.pitch / 2)
        self.text(self.width - 8, y, words, ha="right", **style)

    def unit(self, ax, words) -> None:
        """The title of a horizontal axis, with its unit."""
        ax.set_xlabel(words, fontsize=self.size - 1, loc="left", labelpad=4)

    def _label_room(self, labels) -> float:
        longest = max((self.text_width(label, weight="bold") for label in labels), default=0)
        return min(max(longest + 40, 120), 320)


def picture(
    draw, language: Language, caption: str = "", name: str = "figure", phone: bool = True
) -> str:
    """The figure element of what `draw(sheet)` draws; "" when it has nothing to show.

    `draw` returns the words for those who cannot see the figure, with its numbers. Without
    `phone` it is drawn for a desk alone, in half the time.
    """
    images = []
    for narrow in (False, True) if phone else (False,):
        image, alt = drawn(draw, language, _image, narrow)
        if alt is None:
            return ""
        images.append(image)
    wide, width, height = images[0]
    crisp = "" if wide.startswith("data:image/svg") else "card"
    narrow = Markup("").join(
        Markup('<source media="(max-width: 600px)" srcset="{}" width="{}" height="{}">').format(
            *image
        )
        for image in images[1:]
    )
    return Markup(
        '<figure data-words="{words}" data-name="{name}"><picture>{narrow}'
        '<img class="{crisp}" src="{wide}" width="{width}" height="{height}"'
        ' alt="{alt}"></picture>{caption}</figure>'
    ).format(
        words=language.say(N_("Save the figure")),
        name=name,
        narrow=narrow,
        crisp=crisp,
        wide=wide,
        width=width,
        height=height,
        alt=alt,
        caption=Markup("<figcaption>{}</figcaption>").format(caption) if caption else "",
    )


def drawn(draw, language: Language, taken, narrow: bool = False) -> tuple:
    """(`taken(sheet)`, words) of what `draw(sheet)` draws; (None, None) where it shows nothing."""
    families = font_families(language.tag)
    with DRAWING, mpl.rc_context({**STYLE, "font.family": list(families)}):
        sheet = Sheet(language, narrow, fonts=list(families))
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
        with warnings.catch_warnings():  # a glyph we cannot measure, the reader's browser has
            warnings.filterwarnings("ignore", "Glyph .* missing")
            box = text.get_window_extent(renderer)
        if box.x0 > -40 and box.x1 < sheet.width + 40:  # further out is a tick that is not shown
            across = max(0, 2 - box.x0) - max(0, box.x1 - (sheet.width - 2))
            move = ScaledTranslation(across / 72, 0, sheet.fig.dpi_scale_trans)
            if across and isinstance(text, Annotation):
                text.xyann = (text.xyann[0] + across, text.xyann[1])
            elif across:
                text.set_transform(text.get_transform() + move)


def _image(sheet: Sheet) -> tuple[str, int, int]:
    width, height = round(sheet.width), round(sheet.height)
    with warnings.catch_warnings():  # glyphs that no font of ours has stay text for the browser
        warnings.filterwarnings("ignore", "Glyph .* missing")
        drawn = io.StringIO()
        sheet.fig.savefig(drawn, format="svg", metadata={"Date": None, "Creator": None})
        svg = themed_svg(drawn.getvalue(), sheet.language)
        if len(svg) <= LARGEST_SVG or CHINESE.search(svg) and len(svg) <= 2 * LARGEST_SVG:
            return "data:image/svg+xml;base64," + _base64(svg.encode()), width, height
        return "data:image/png;base64," + _base64(png(sheet)), width, height


def png(sheet: Sheet) -> bytes:
    """PNG at double density with a palette of 128 colours, on white."""
    from PIL import Image

    drawn, small = io.BytesIO(), io.BytesIO()
    sheet.fig.savefig(
        drawn, format="png", dpi=144, facecolor=LIGHT["paper"], metadata={"Software": None}
    )
    image = Image.open(drawn).convert("RGB").quantize(128, dither=Image.Dither.NONE)
    image.save(small, "PNG", optimize=True)
    return small.getvalue()


def light_svg(sheet: Sheet) -> bytes:
    """The figure as on a light page, its colours spelt out: other programs know no names."""
    written = io.StringIO()
    sheet.fig.savefig(written, format="svg", metadata={"Date": None, "Creator": None})
    svg = re.sub(
        r"@media \(prefers-color-scheme:dark\)\{svg\{[^}]*\}\}",
        "",
        themed_svg(written.getvalue(), sheet.language),
    )
    return re.sub(r"var\(--(\w+)\)", lambda name: LIGHT[name[1]], svg).encode()


def themed_svg(svg: str, language: Language) -> str:
    """matplotlib's SVG, smaller, in the reader's fonts, and following a light or dark page."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>|<!--.*?-->", "", svg, flags=re.S)
    svg = re.sub(
        r'<g id="(?:figure|axes|patch|text|line2d|xtick|ytick|matplotlib)[^"]*">', "<g>", svg
    )
    svg = re.sub(r'width="([\d.]+)pt" height="([\d.]+)pt"', r'width="\1" height="\2"', svg, count=1)
    svg = re.sub(r"<[^>]+>", _smaller, svg)
    svg, rules = _named_styles(svg)
    light = "".join(f"--{name}:{shades[0]};" for name, shades in PALETTE.items())
    dark = "".join(f"--{name}:{shades[1]};" for name, shades in PALETTE.items())
    embedded, family = _embedded_font(svg, language)
    style = (
        f"{embedded}svg{{{light}font-family:{family}{SYSTEM_FONTS}}}"
        f"@media (prefers-color-scheme:dark){{svg{{{dark}}}}}text{{white-space:pre}}{rules}"
    )
    svg = svg.replace(
        "*{stroke-linejoin: round; stroke-linecap: butt}",
        "*{stroke-linejoin:round;stroke-linecap:butt}" + style,
    )
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
    face = f"@font-face{{font-family:cx;src:url(data:font/woff;base64,{data})}}"
    return face, "cx,"


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


@cache
def _measure() -> RendererAgg:
    return RendererAgg(1, 1, 72)


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")
