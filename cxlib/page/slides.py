"""A slide as PowerPoint has it: placed by its template's own layouts, its words as large as they fit."""

import io
import re
import zipfile
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from lxml import etree
from PIL import Image
from pptx import Presentation
from pptx.enum.shapes import MSO_SHAPE, PP_PLACEHOLDER
from pptx.enum.text import MSO_ANCHOR, MSO_AUTO_SIZE, PP_ALIGN
from pptx.opc.constants import RELATIONSHIP_TYPE as RT
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from cxlib.page.drawing import Sheet
from cxlib.page.looks import LIGHT, LOOKS, font_families
from cxlib.page.native import Rows, add_chart, rgb
from cxlib.page.workbook import MADE, plain

HERE = Path(__file__).parent
SIDE, FOOT = Inches(0.6), Inches(0.5)
TITLES, TEXTS, TILES = map(LOOKS["slides"].get, ("titles", "texts", "tiles"))
CHINESE, SPEECH = map(LOOKS["slides"].get, ("chinese", "speech"))
LINE = 1.25  # of a line's height, in its letters' size


@dataclass
class Slide:
    """What one slide says: a sentence, what proves it, where it is from, and what is told by mouth."""

    title: str
    points: list = field(default_factory=list)
    tiles: list = field(default_factory=list)  # (head, figure, words)
    chart: Rows | None = None
    alt: str = ""  # of the chart
    grounds: str = ""
    notes: list = field(default_factory=list)
    about: set = field(default_factory=set)  # results, headlines, steps: whose comments belong here
    picture: bytes | None = None  # in place of a chart
    table: list = field(default_factory=list)  # rows of text, the heads first; in place of a chart


class Deck:
    """Slides in the making, in the client's look or in the consultant's template."""

    def __init__(self, language, accent: str = "", template=None, logo=None):
        self.language, self.accent = language, accent or LIGHT["experience"]
        self.logo, self.own = logo, template is None
        self.deck = Presentation(template or HERE / "slides.pptx")
        chinese = CHINESE.get(language.tag, CHINESE["zh-Hans"])
        self.fonts = {"latin": "Calibri", "ea": chinese} if self.own else {"ea": chinese}
        _empty(self.deck)
        if self.own:
            self._dress()
        layouts = [each for each in self.deck.slide_layouts if _title_of(each) is not None]
        self.first = layouts[0]
        self.plain = min(layouts[1:] or layouts, key=lambda each: len(_own_places(each)))
        self.sheet = Sheet(language, False, fonts=list(font_families(language.tag)))

    @property
    def size(self):
        return self.deck.slide_width, self.deck.slide_height

    def _dress(self):
        """Our own template in the client's colour, with the font of the language."""
        theme = self.deck.slide_master.part.part_related_by(RT.THEME)
        text = theme.blob.decode("utf-8")
        text = re.sub(r'(<a:accent1>\s*<a:srgbClr val=")\w+', rf"\g<1>{self.accent[1:]}", text)
        own = f'<a:ea typeface="{self.fonts["ea"]}"/>'
        theme._blob = text.replace('<a:ea typeface=""/>', own).encode()

    def open(self, slide: Slide, under: str):
        """The title slide: the answer; beneath it who it is about, and its figures."""
        page = self.deck.slides.add_slide(self.first)
        title = _title_of(page)
        self._title(title, slide.title)
        below = title.top + title.height
        places = _own_places(page)
        if places:
            self._words(places[0], [under], (20, 18, 16, 14, 12))
            below = max(below, places[0].top + places[0].height)
        _take_away(places[1:])
        room = self.size[1] - FOOT - Inches(0.2) - below
        if slide.tiles and room > Inches(1.3):
            self._tiles(page, slide.tiles, (title.left, below + Inches(0.15), title.width, min(room - Inches(0.3), Inches(1.7))))  # fmt: skip
        self._logo(page, Inches(0.7), Inches(0.6))
        self._foot(page, slide)

    def add(self, slide: Slide):
        """A slide of a sentence, its chart, what is to be said beside it, and its grounds."""
        page = self.deck.slides.add_slide(self.plain)
        _take_away(_own_places(page))
        title = _title_of(page)
        if self.own and self.logo:
            title.left, title.top, height = title.left, title.top, title.height
            title.width, title.height = title.width - Inches(1.7), height
            self._logo(page, Inches(0.55), title.top)
        self._title(title, slide.title)
        left, top = title.left, title.top + title.height + Inches(0.15)
        width, bottom = self.size[0] - 2 * left, self.size[1] - FOOT - Inches(0.1)
        if slide.tiles:
            self._tiles(page, slide.tiles, (left, top, width, Inches(1.35)))
            top += Inches(1.5)
        charted = slide.chart is not None and slide.chart.series
        shown = charted or slide.picture or slide.table
        part = int(width * (0.62 if slide.points else 1)) if shown else 0
        place = (left, top, part, bottom - top)
        if charted:
            looks = self.accent, self.fonts, self.sheet.text_width
            add_chart(page, slide.chart, place, slide.alt, *looks)
        elif slide.picture:
            self._picture(page, slide.picture, place, slide.alt)
        elif slide.table:
            self._table(page, slide.table, place)
        if slide.points:
            beside = part + Inches(0.25) if part else 0
            box = page.shapes.add_textbox(left + beside, top, width - beside, bottom - top)
            self._words(box, slide.points, TEXTS, space=0.5)
        self._foot(page, slide)

    def _picture(self, page, content, place, words):
        """A picture as large as its place holds it, with its alternative text."""
        left, top, width, height = place
        picture = page.shapes.add_picture(io.BytesIO(content), left, top)
        part = min(width / picture.width, height / picture.height)
        picture.width, picture.height = int(picture.width * part), int(picture.height * part)
        picture._element.nvPicPr.cNvPr.set("descr", plain(words))
        return picture

    def _table(self, page, rows, place):
        """A table that can be edited; columns as wide as their longest words."""
        left, top, width, height = place
        wide = [max(map(len, column)) + 4 for column in zip_longest(*rows, fillvalue="")]
        high = min(height, len(rows) * Inches(0.42))
        table = page.shapes.add_table(len(rows), len(wide), left, top, width, high).table
        for column, share in zip(table.columns, wide, strict=True):
            column.width = int(width * share / sum(wide))
        for at, row in enumerate(rows):
            for cell, words in zip(table.rows[at].cells, row, strict=False):
                run = cell.text_frame.paragraphs[0].add_run()
                run.text, run.font.size, run.font.bold = plain(words), Pt(13), at == 0
                self._spoken(run)

    def _title(self, shape, words):
        """The sentence, as large as its place takes it."""
        self._words(shape, [words], TITLES, bold=True)
        if self.own:
            shape.text_frame.vertical_anchor = MSO_ANCHOR.MIDDLE

    def _words(self, shape, paragraphs, sizes, space: float = 0, colour="", bold=False):
        """Paragraphs in a shape, in the largest of the sizes in which they fit; what is more than fits
        in the smallest stays out, for the notes hold all."""
        frame = shape.text_frame
        frame.word_wrap, frame.auto_size = True, MSO_AUTO_SIZE.NONE
        room = (Emu(shape.width).pt - 16, Emu(shape.height).pt - 8)
        paragraphs = [plain(each) for each in paragraphs]
        size = next((s for s in sizes if self._deep(paragraphs, room[0], s, space, bold) <= room[1]), sizes[-1])  # fmt: skip
        while len(paragraphs) > 1 and self._deep(paragraphs, room[0], size, space, bold) > room[1]:
            paragraphs.pop()
        for at, words in enumerate(paragraphs):
            paragraph = frame.paragraphs[0] if at == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text, run.font.size = words, Pt(size)
            paragraph.space_after = Pt(size * space)
            if self.own or not shape.is_placeholder:
                paragraph.alignment, run.font.bold = PP_ALIGN.LEFT, bold
            if colour or self.own:  # else as the template has it
                run.font.color.rgb = rgb(colour or "ink")
            self._spoken(run)

    def _deep(self, paragraphs, width, size, space, bold) -> float:
        """Points that the paragraphs take in height."""
        weight = "bold" if bold and not self.language.chinese else "normal"
        wrapped = (self.sheet.wrap(each, width, 99, size, weight) for each in paragraphs)
        lines = sum(each.count("\n") + 1 for each in wrapped)
        return lines * size * LINE + len(paragraphs) * size * space

    def _spoken(self, run):
        """The language of a run, and the font of its Chinese characters."""
        properties = run._r.get_or_add_rPr()
        properties.set("lang", SPEECH.get(self.language.tag, "en-US"))
        for tag in ("latin", "ea") if self.own else ("ea",):
            etree.SubElement(properties, qn(f"a:{tag}")).set("typeface", self.fonts[tag])

    def _tiles(self, page, tiles, place):
        """Tiles side by side: a head, a figure, what it is."""
        left, top, width, height = place
        gap = Inches(0.2)
        each = (width - gap * (len(tiles) - 1)) // len(tiles)
        for at, (head, figure, words) in enumerate(tiles):
            x = left + at * (each + gap)
            box = page.shapes.add_shape(MSO_SHAPE.RECTANGLE, x, top, each, height)
            box.fill.solid()
            box.fill.fore_color.rgb = rgb("panel")
            box.line.fill.background()
            box._element.remove(box._element.find(qn("p:style")))  # no shadow
            parts = ((head, 0, 0.22, (12, 11), "muted", False), (figure, 0.22, 0.4, TILES, "ink", True),
                     (words, 0.6, 0.4, (13, 12, 11, 10, 9), "muted", False))  # fmt: skip
            for said, down, deep, sizes, colour, bold in parts:
                place = x, top + int(height * down), each, int(height * deep)
                line = page.shapes.add_textbox(*place)
                self._words(line, [said], sizes, colour=colour, bold=bold)

    def _foot(self, page, slide):
        """Base, period and source; the number of the slide; and what is told by mouth."""
        number = next((each for each in page.slide_layout.placeholders
                       if each.placeholder_format.type == PP_PLACEHOLDER.SLIDE_NUMBER), None)  # fmt: skip
        top = self.size[1] - FOOT
        if number is not None:
            page.shapes._spTree.append(deepcopy(number._element))
            top = min(top, number.top) if number.top > self.size[1] // 2 else top
        room = self.size[0] - 2 * SIDE - Inches(0.8)
        box = page.shapes.add_textbox(SIDE, top, room, Inches(0.42))
        self._words(box, [slide.grounds], (10, 9, 8, 7), colour="muted" * self.own)
        page.notes_slide.notes_text_frame.text = "\n\n".join(map(plain, slide.notes))

    def _logo(self, page, height, top):
        if self.logo is not None:
            whose = self.deck.core_properties.author or ""
            picture = self._picture(page, self.logo, (0, top, Inches(1.6), height), whose)
            picture.left = self.size[0] - SIDE - picture.width

    def save(self, path: Path, title: str, client: str):
        """The file; the same slides give the same bytes."""
        core = self.deck.core_properties
        core.title, core.author, core.last_modified_by = plain(title), plain(client), ""
        core.created = core.modified = MADE
        core.language = self.language.tag
        written = io.BytesIO()
        self.deck.save(written)
        made, first = zipfile.ZipFile(written), "[Content_Types].xml"
        with zipfile.ZipFile(path, "w") as kept:
            for name in sorted(made.namelist(), key=lambda each: (each != first, each)):
                of = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                kept.writestr(of, made.read(name), zipfile.ZIP_DEFLATED)


def picture_of(path) -> bytes | None:
    """A logo as a PNG; None of one that only a browser can draw."""
    if path is None or path.suffix.lower() == ".svg":
        return None
    written = io.BytesIO()
    Image.open(path).convert("RGBA").save(written, "PNG")
    return written.getvalue()


# A template's parts


def _title_of(holder):
    kinds = (PP_PLACEHOLDER.TITLE, PP_PLACEHOLDER.CENTER_TITLE)
    found = (each for each in holder.placeholders if each.placeholder_format.type in kinds)
    return next(found, None)


def _own_places(holder) -> list:
    """Its placeholders beside the title that wait for words or pictures."""
    foot = (PP_PLACEHOLDER.DATE, PP_PLACEHOLDER.FOOTER, PP_PLACEHOLDER.SLIDE_NUMBER)
    title = _title_of(holder)
    return [each for each in holder.placeholders if each.placeholder_format.type not in foot
            and (title is None or each.shape_id != title.shape_id)]  # fmt: skip


def _take_away(places):
    for each in places:
        each._element.getparent().remove(each._element)


def _empty(deck):
    """A template without its own slides, and without what tells of them: sections, shows, a picture
    of the first, the list of their titles."""
    listed, tree = deck.slides._sldIdLst, deck.part._element
    for each in list(listed):
        deck.part.drop_rel(each.rId)
        listed.remove(each)
    for tag in ("custShowLst", "extLst"):
        for each in tree.findall(qn(f"p:{tag}")):
            tree.remove(each)
    package = deck.part.package
    for key, relation in list(package._rels.items()):
        if relation.reltype not in (RT.OFFICE_DOCUMENT, RT.CORE_PROPERTIES):
            package._rels.pop(key)
