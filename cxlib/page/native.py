"""Charts that PowerPoint can edit, of the same rows as the page's figures.

A figure that is given a `Rows` in place of a sheet hands its rows over; they become a chart whose
intervals are error bars. All of it, the workbook inside included, is as the gate released it.
"""

import io
import math
import re
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd
import xlsxwriter
from lxml import etree
from matplotlib.ticker import MaxNLocator
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum import chart as look
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from cxlib.page.language import Language
from cxlib.page.looks import LIGHT
from cxlib.page.workbook import as_written, open_book, plain

PARTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
NAMES = 0.4, 0.55  # of a chart's width, at the most; where bars are too thin for names of two lines
SPARE = 1.1  # of a name's width: another font may be wider
LABEL, AIR = 11, 4  # points of a bar's number, and of the room about it
MONEY = PARTS["money"]
MOST = 14  # bars on a slide; the page has them all


@dataclass
class Rows:
    """What a figure draws on that is to become a chart of its own: it takes rows, and no ink."""

    language: Language
    kind: str = "bar"
    names: list = field(default_factory=list)  # of the categories
    series: list = field(default_factory=list)  # (words, colours, values, lows, highs)
    number_format: str = "General"
    unit: str = ""
    ends: tuple | None = None
    narrow, brief, native = False, True, True

    def take(self, rows, value, write, *, series=None, unit="", ends=None, kind="bar", name=""):
        """The rows of a figure: column name, and the columns of numbers that are drawn.

        series : {column: (words, colour)}; the column `value` alone unless told
        """
        rows = rows.head(MOST)
        heads = rows["under"] if "under" in rows and rows["under"].nunique() > 1 else None
        self.names = [plain(name) for name in rows["name"]]
        if heads is not None:
            self.names = [f"{plain(head)} · {name}" for head, name in zip(heads, self.names, strict=True)]  # fmt: skip
        if kind == "stacked" and value not in (series or {}):
            kind, series, ends = "bar", None, None
        self.kind = kind
        own = [row.get("colour") or ("experience" if row.get("loud") else "other")
               for row in rows.to_dict("records")]  # fmt: skip
        drawn = {column: (words, [colour]) for column, (words, colour) in (series or {}).items()}
        for column, (words, colours) in (drawn or {value: (unit or name, own)}).items():
            if rows[column].notna().any():
                parts = [_numbers(rows, f"{column}{end}") for end in ("", "_low", "_high")]
                self.series.append((plain(words), colours, *parts))
        self.number_format = number_format(write, signed=not series, language=self.language)
        self.unit, self.ends = plain(unit), ends


def _numbers(rows, column) -> list:
    """Numbers as released, without what binary fractions leave behind the tenth figure."""
    if column not in rows:
        return [None] * len(rows)
    known = pd.to_numeric(rows[column], errors="coerce")
    return [None if pd.isna(number) else exact(number) for number in known]


def exact(number) -> float:
    """The decimal number that was meant: 0.1 + 0.2 is 0.3."""
    return float(f"{number:.10g}")


def number_format(write, signed: bool, language) -> str:
    """The format in which Excel writes what `write` writes."""
    said = write(0.25)
    digits = len(said.rstrip("%").partition(".")[2])
    zeros = "0" + ("." + "0" * digits if digits else "")
    if said.endswith("%"):
        return f"{zeros}%"
    if not said.strip("+−").replace(".", "").isdigit():  # with a currency
        return MONEY.get(language.tag, MONEY["en"])
    return f"+{zeros};−{zeros};{zeros}" if signed and said.startswith("+") else zeros


def add_chart(slide, taken: Rows, place, words: str, accent: str, fonts: dict, measure):
    """Puts the chart on the slide, with its alternative text; place : left, top, width, height, of
    which few bars take but a part; measure(words, size) : their width in points."""
    left, top, width, height = map(Emu, place)
    if taken.kind in ("bar", "stacked"):
        height = Emu(min(height, Inches(1.1) + Inches(0.7) * len(taken.names)))
    place = left, top, width, height
    size = min(12, max(8, int(height.pt / len(taken.names) * 0.45)))
    data = CategoryChartData(number_format=taken.number_format)
    data.categories = taken.names
    for name, _, values, *_ in taken.series:
        data.add_series(name, values)
    kind = look.XL_CHART_TYPE[PARTS["kinds"][taken.kind]]
    frame = slide.shapes.add_chart(kind, *place, data)
    frame._element.nvGraphicFramePr.cNvPr.set("descr", plain(words))
    chart = frame.chart
    chart.font.size = Pt(size)  # in the colour of the theme's text
    properties = chart.font._rPr
    for tag, font in fonts.items():
        etree.SubElement(properties, qn(f"a:{tag}")).set("typeface", font)
    chart.has_title = False
    chart.has_legend = len(taken.series) > 1 or taken.kind == "line"
    if chart.has_legend:
        chart.legend.position, chart.legend.include_in_layout = look.XL_LEGEND_POSITION.TOP, False
    _axes(chart, taken)
    plot, beside = chart.plots[0], None
    if taken.kind != "line":
        plot.gap_width = max(50, 400 // len(taken.names))  # one bar alone is no wall
        plot.overlap = 100 * (taken.kind == "stacked")
    if taken.kind == "bar":
        beside = _lay_out(chart, taken, width.pt, height.pt, size, measure)
    for at, (series, of) in enumerate(zip(plot.series, taken.series, strict=True)):
        _look(series, of, taken, accent, beside and beside[at])
        _error_bars(series, of, at, len(taken.series))
    chart.part.chart_workbook.update_from_xlsx_blob(_data_behind(taken))
    return chart


def rgb(name: str, accent: str = "") -> RGBColor:
    """A colour of the palette by name, as PowerPoint has it; the client's own for `experience`."""
    colour = accent if accent and name == "experience" else LIGHT[name]
    return RGBColor.from_string(colour.lstrip("#").upper())


def fill(part, name: str, accent: str = "") -> None:
    """Fills a part of a chart with a colour of the palette."""
    part.format.fill.solid()
    part.format.fill.fore_color.rgb = rgb(name, accent)


def _axes(chart, taken):
    """One quiet axis of numbers with its unit; the first category on top."""
    category, value = chart.category_axis, chart.value_axis
    upright = taken.kind in ("line", "column")
    if not upright:
        category.reverse_order, category.crosses = True, look.XL_AXIS_CROSSES.MAXIMUM
    category.format.line.color.rgb = rgb("other")
    offset = category._element.find(qn("c:lblOffset"))
    offset.addnext(etree.Element(qn("c:tickLblSkip"), val="1"))  # every bar has its name
    category.major_tick_mark = value.major_tick_mark = look.XL_TICK_MARK.NONE
    category.tick_label_position = look.XL_TICK_LABEL_POSITION.LOW
    value.has_major_gridlines = upright
    if upright:
        value.major_gridlines.format.line.color.rgb = rgb("line")
    value.format.line.fill.background()
    if not upright:  # every bar has its number
        value.tick_label_position = look.XL_TICK_LABEL_POSITION.NONE
    value.tick_labels.font.size, value.tick_labels.font.color.rgb = Pt(10), rgb("muted")
    value.tick_labels.number_format = taken.number_format
    value.tick_labels.number_format_is_linked = False
    if taken.kind != "stacked":
        ends = taken.ends or _reach(taken)
        value.minimum_scale, value.maximum_scale = (exact(end) for end in ends)
    if taken.unit:
        value.axis_title.text_frame.text = taken.unit
        font = value.axis_title.text_frame.paragraphs[0].runs[0].font
        font.size, font.bold, font.color.rgb = Pt(10), False, rgb("muted")


def _reach(taken) -> tuple[float, float]:
    """Round ends of an axis on which zero, every value and every interval lie: left to itself it would
    cut the error bars off."""
    numbers = [n for _, _, *parts in taken.series for part in parts for n in part]
    known = [0, *(n for n in numbers if n is not None)]
    low, high = min(known), max(known)
    ticks = MaxNLocator(6, steps=[1, 2, 5, 10]).tick_values(low, high if high > low else low + 1)
    return float(ticks[0]), float(ticks[-1])


def _lay_out(chart, taken, width, height, size, measure) -> list[list]:
    """Gives the bars a place of known size. Of each series, for each bar: None where its number stands
    in it, clear of its error bar; else how far beyond its end, as a part of the chart's width."""
    told = [[measure(_told(n, taken), LABEL) if n is not None else 0 for n in of[2]]
            for of in taken.series]  # fmt: skip
    top, under = 26 * bool(chart.has_legend), 24 * bool(taken.unit)
    # An office leaves out names that overlap.
    thin = (height - top - under) / len(taken.names) < 2.5 * size
    left = min(NAMES[thin] * width, max(measure(name, size) for name in taken.names) * SPARE + 3 * AIR)  # fmt: skip
    across = width - left - max(map(max, told)) - 2 * AIR
    area, tall = chart._chartSpace.chart.plotArea, 1 - (top + under) / height
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    area.insert(0, _layout(layoutTarget="inner", xMode="edge", yMode="edge", x=left / width,
                           y=top / height, w=across / width, h=tall))  # fmt: skip
    low, high = taken.ends or _reach(taken)

    def away(number, room, up, down):
        out, back = (up, down) if number is None or number >= 0 else (down, up)
        clear = (abs(number or 0) - max(low, 0) - (back or 0)) * across / (high - low)
        if number is None or clear >= room + 2 * AIR:
            return None
        return 0 if out is None else (out * across / (high - low) + AIR / 2) / width

    return [[*map(away, of[2], wide, *lengths(of))]
            for of, wide in zip(taken.series, told, strict=True)]  # fmt: skip


def _told(number, taken) -> str:
    """About what a number's label says: as wide, to be measured."""
    if taken.number_format in MONEY.values():
        return f"{number:,.0f}"[:8]
    digits, percent = re.search(r"\.?(0*)(%?)$", taken.number_format).groups()
    return f"{number:+.{len(digits)}{percent or 'f'}}"


def _layout(**values):
    """Where a part of a chart stands, in parts of the chart's width and height."""
    layout = etree.Element(qn("c:layout"))
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    for tag, value in values.items():
        etree.SubElement(manual, qn(f"c:{tag}")).set("val", str(value))
    return layout


def _look(series, of, taken, accent, beside):
    """Its colours, and its numbers where they meet no error bar."""
    _, colours, values, *_ = of
    if taken.kind == "line":
        series.smooth = False
        series.format.line.color.rgb, series.format.line.width = rgb(colours[0], accent), Pt(2)
        series.marker.style, series.marker.size = look.XL_MARKER_STYLE.CIRCLE, 7
        fill(series.marker, colours[0], accent)
        for at, side in {0: "LEFT", len(values) - 1: "RIGHT"}.items():
            _own_label(series.points[at], taken, look.XL_LABEL_POSITION[side])
        return
    fill(series, colours[0], accent)
    series.invert_if_negative = False
    labels = series.data_labels
    labels.show_value, labels.number_format = True, taken.number_format
    labels.number_format_is_linked = False
    pale = ("other", "line", "at_risk")
    labels.font.size = Pt(LABEL)
    labels.font.color.rgb = rgb("ink" if colours[0] in pale else "paper")
    inside = look.XL_LABEL_POSITION.INSIDE_BASE
    labels.position = look.XL_LABEL_POSITION.CENTER if taken.kind == "stacked" else inside
    for at, number in enumerate(values):
        colour = colours[at] if len(colours) > 1 else colours[0]
        if len(colours) > 1 and colour != colours[0]:
            fill(series.points[at], colour, accent)
        away = beside and beside[at]
        if away is not None:
            label = _own_label(series.points[at], taken, look.XL_LABEL_POSITION.OUTSIDE_END, "ink")
            label._dLbl.insert(1, _layout(x=math.copysign(away, number)))
        elif (colour in pale) != (colours[0] in pale):
            _own_label(series.points[at], taken, inside, "ink" if colour in pale else "paper")


def _own_label(point, taken, position, ink=""):
    """The number of one mark, in a place and a colour of its own."""
    label = point.data_label
    label.font.size, label.position = Pt(LABEL), position
    if ink:
        label.font.color.rgb = rgb(ink)
    label._dLbl.insert(1, etree.Element(qn("c:numFmt"), formatCode=taken.number_format, sourceLinked="0"))  # fmt: skip
    return label


def _error_bars(series, of, at: int, count: int):
    """Custom error bars with caps from the value to the ends of its interval; none without."""
    *_, values, lows, highs = of
    if not any(low is not None and high is not None for low, high in zip(lows, highs, strict=True)):
        return
    upright = series._element.getparent().tag == qn("c:lineChart")
    parts = [PARTS["error_bars"].format(direction='<c:errDir val="y"/>' * upright)]
    for side, name in enumerate(("plus", "minus")):
        column = xlsxwriter.utility.xl_col_to_name(1 + count + 2 * at + side)
        known = [(i, n) for i, n in enumerate(lengths(of)[side]) if n is not None]
        points = "".join(f'<c:pt idx="{i}"><c:v>{n!r}</c:v></c:pt>' for i, n in known)
        parts.append(PARTS["lengths"].format(side=name, column=column, last=len(values) + 1,
                                    count=len(values), points=points))  # fmt: skip
    bars = etree.fromstring("".join([*parts, PARTS["line"]]))
    series._element.find(qn("c:cat")).addprevious(bars)


def lengths(of) -> tuple[list, list]:
    """How far the error bars of a series reach upwards, and downwards; None where there is none."""
    *_, values, lows, highs = of
    known = [None not in triple for triple in zip(values, lows, highs, strict=True)]
    up = [exact(h - v) if k else None for v, h, k in zip(values, highs, known, strict=True)]
    down = [exact(v - low) if k else None for v, low, k in zip(values, lows, known, strict=True)]
    return up, down


def _data_behind(taken: Rows) -> bytes:
    """The workbook that PowerPoint opens to edit: a row per category, a column per series, and
    behind them the lengths of its error bars."""
    written = io.BytesIO()
    book = open_book(written)
    sheet = book.add_worksheet("Sheet1")
    columns = [(name, values) for name, _, values, *_ in taken.series]
    for of in taken.series:
        up, down = lengths(of)
        columns += [(f"{of[0]} +", up), (f"{of[0]} −", down)]
    for row, name in enumerate(taken.names, 1):
        sheet.write_string(row, 0, name)
    for at, (name, values) in enumerate(columns, 1):
        sheet.write_string(0, at, name)
        for row, number in enumerate(values, 1):
            if number is not None:
                sheet.write_number(row, at, as_written(number))
    book.close()
    return written.getvalue()
