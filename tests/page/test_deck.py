"""The deck, opened as PowerPoint and LibreOffice open it: what it says, and what it does not."""

import base64
import io
import re
import shutil
import subprocess
import zipfile
from dataclasses import replace

import nbformat.v4 as v4
import numpy as np
import pandas as pd
import pytest
from lxml import etree
from openpyxl import load_workbook
from PIL import Image
from pptx import Presentation
from pptx.enum.chart import XL_CHART_TYPE
from pptx.enum.shapes import MSO_SHAPE_TYPE

from cxlib.analysis.churn_cost import cost_of_bad_experience
from cxlib.analysis.executive_report import behind_findings
from cxlib.analysis.own_words import quoted, themes, who_says_it
from cxlib.analysis.strategy_capability import portfolio
from cxlib.analysis.verdict import verdict
from cxlib.client.case import check_client, read_client
from cxlib.page import open_page
from cxlib.page.deck import slides_of, write_deck
from cxlib.page.findings import leading_findings
from cxlib.page.own_slides import own_slides
from cxlib.page.own_work import keep, kept, settle
from cxlib.page.screen import words_of
from tests.conftest import DATA
from tests.page.test_own_work import PNG as DOT
from tests.page.test_own_work import cell, prose

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
FEW = "会员贵宾"  # a segment of four people
NOTHING_SAID = {"name": "Bakery", "revenue": 9_000_000}


def bakery(folder, **settings):
    """A survey of a bakery in Chinese: 140 people, four of them in a segment of their own."""
    folder.mkdir(parents=True)
    draw, people = np.random.default_rng(7), 140
    seg = ["老客"] * 80 + ["新客"] * 56 + [FEW] * 4
    table = pd.DataFrame({"id": range(people), "seg": seg})
    for place, name in enumerate(["taste", "queue", "price"]):
        table[f"e_{name}"] = draw.integers(3 + place, 9, people)
        table[f"x_{name}"] = draw.integers(6, 11, people)
        table[f"w_{name}"] = draw.integers(5, 11, people)
    table.loc[table["seg"] == FEW, "e_queue"] = [1, 1, 1, 2]
    table["overall"] = draw.integers(3, 11, people)
    said = ["排队时间太长了，周末要等很久", "面包很香，价格也合理", "服务员态度很好", ""]
    table["said"] = [said[i % 4] for i in range(people)]
    table.to_csv(folder / "s.csv", index=False)
    rows = [("seg", "group", "", ""), ("overall", "overall", "", ""), ("said", "verbatim", "", "")]
    for kind, measure in (("e", "experience"), ("x", "expectation"), ("w", "importance")):
        rows += [(f"{kind}_{name}", measure, name, name) for name in ("taste", "queue", "price")]
    codebook = pd.DataFrame(rows, columns=["column", "measure", "item", "dimension"])
    codebook.to_csv(folder / "codebook.csv", index=False)
    given = {
        "name": "麦香面包", "language": "zh-Hans", "currency": "CNY",
        "dimensions": {"taste": "口味", "queue": "排队", "price": "价格"},
        "survey": {"file": "s.csv", "respondent": "id", "segment": "seg"}, **settings,
    }  # fmt: skip
    import yaml

    (folder / "client.yml").write_text(yaml.safe_dump(given, allow_unicode=True), "utf-8")
    return folder


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """{client, or client and language: (its page, its deck)}; made when asked for."""
    place, known = tmp_path_factory.mktemp("decks"), {}
    bakery(place / "bakery")

    def make(client, language=""):
        key = f"{client}{language}"
        if key not in known:
            data = place if client == "bakery" else DATA
            page = open_page(read_client(client, data, language=language))
            write_deck(page, place / f"{key}.pptx", "2026-11-29")
            known[key] = page, place / f"{key}.pptx"
        return known[key]

    return make


def charts(path):
    return [shape.chart for slide in Presentation(path).slides for shape in slide.shapes
            if shape.has_chart]  # fmt: skip


def cached(element) -> dict[int, float]:
    """{place: number} of a numRef or its like."""
    return {int(pt.get("idx")): float(pt.find(f"{C}v").text) for pt in element.iter(f"{C}pt")}


def ends(series) -> list[tuple]:
    """(value, low, high) of each point that has an error bar, by what the file says."""
    bars = series._element.find(f"{C}errBars")
    if bars is None:
        return []
    value = cached(series._element.find(f"{C}val"))
    up, down = (cached(bars.find(f"{C}{side}")) for side in ("plus", "minus"))
    return [(value[i], as_meant(value[i] - down[i]), as_meant(value[i] + up[i])) for i in up]


def as_meant(number) -> float:
    """Without what binary fractions leave behind: 0.1 + 0.2 is 0.3."""
    return float(f"{number:.10g}")


def released_numbers(page) -> set[float]:
    """Every number, without its sign, that the gate lets out of the tables behind the deck."""
    case = page.case
    tables = [
        *behind_findings(case).values(),
        cost_of_bad_experience(case),
        portfolio(case),
        themes(case),
        who_says_it(case),
    ]
    found = set()
    for table in (page.gate(each) for each in tables if each is not None):
        known = table.select_dtypes("number").to_numpy(dtype=float).ravel()
        found |= {as_meant(abs(n)) for n in known}
    return found | {as_meant(1 - n) for n in found} | {0.2, 0.8}  # the top fifth, and all others


CLIENTS = ["meisu", "kiosk", "complaints", "bakery"]


@pytest.mark.parametrize("client", CLIENTS)
def test_the_titles_are_the_words_of_the_verdict_and_of_the_findings(made, client):
    page, path = made(client)
    slides = Presentation(path).slides
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    found = verdict(page.case)
    assert titles[0] == words_of(page, found)["answer"]
    said = [page.sentences(f.headline, *f.tables)[0]
            for f in leading_findings(**behind_findings(page.case))]  # fmt: skip
    assert set(said) <= set(titles) and len(titles) == len(set(titles))
    assert all(title.rstrip().endswith((".", "。")) for title in titles)
    assert all(slide.notes_slide.notes_text_frame.text.strip() for slide in slides)
    ratio = Presentation(path).slide_width / Presentation(path).slide_height
    assert ratio == pytest.approx(16 / 9, rel=1e-3)


@pytest.mark.parametrize("client", CLIENTS)
def test_an_error_bar_ends_where_the_results_end(made, client):
    page, path = made(client)
    known, series = (
        released_numbers(page),
        [s for c in charts(path) for p in c.plots for s in p.series],
    )
    assert series
    for each in series:
        assert {as_meant(abs(n)) for n in each.values if n is not None} <= known | {0.0}
        for value, low, high in ends(each):
            assert low <= value <= high and {abs(low), abs(high)} <= known
    if client != "meisu":  # which has no interval but of its money
        assert any(ends(each) for each in series)


METHODS = "James", "Martilla", "Wald", "Wilson"
LATIN = re.compile(r"[A-Za-z]{2,}")
DEMOS = sorted(path.parent.name for path in DATA.glob("*/client.yml"))


@pytest.mark.parametrize(
    "client, language", [*((each, "") for each in DEMOS), ("kiosk", "zh-Hans")]
)
def test_every_slide_of_every_demo_says_a_sentence_proves_it_and_names_its_source(
    made, client, language
):
    page, path = made(client, language)
    known, deck = released_numbers(page) | {0.0}, Presentation(path)
    wide, high = deck.slide_width, deck.slide_height
    for slide in deck.slides:
        title = slide.shapes.title.text_frame.text
        assert len(title) > 5 and title.rstrip().endswith((".", "。")), title
        assert slide.notes_slide.notes_text_frame.text.strip(), title
        feet = [s.text_frame.text for s in slide.shapes if s.has_text_frame and s.top > 0.9 * high]
        assert any(str(page.case.title) in words for words in feet), title
        for shape in slide.shapes:
            inside = shape.left >= 0 and shape.top >= 0 and shape.left + shape.width <= wide
            assert inside and shape.top + shape.height <= high + 9525, (title, shape.name)
        for chart in (shape.chart for shape in slide.shapes if shape.has_chart):
            whole = (
                chart.chart_type == XL_CHART_TYPE.BAR_STACKED_100
            )  # parts of one that told numbers make up
            for series in (each for plot in chart.plots for each in plot.series):
                told = {as_meant(abs(n)) for n in series.values if n is not None}
                assert told <= known or (whole and max(told) <= 1), title
                for value, low, end in ends(series):
                    assert low <= value <= end and {abs(low), abs(end)} <= known, title
    if language:  # of what it was made with, and by whose methods, stands in the notes alone
        assert [words for words in map(words_on, deck.slides) if LATIN.search(words)] == []
        notes = "".join(slide.notes_slide.notes_text_frame.text for slide in deck.slides)
        assert set(LATIN.findall(notes)) <= {"cxlib", "pandas", "scipy", "matplotlib", *METHODS}


def test_the_first_chart_of_kiosk_is_its_gap_table(made):
    page, path = made("kiosk")
    gap = page.gate(behind_findings(page.case)["gaps"])
    row = gap[gap["segment"].eq("all")].set_index("dimension").loc["security"]
    chart = charts(path)[0]
    assert "Security" in list(chart.plots[0].categories)
    at = list(chart.plots[0].categories).index("Security")
    value, low, high = ends(chart.plots[0].series[0])[at]
    assert (value, low, high) == (row["experience"], row["experience_low"], row["experience_high"])


@pytest.mark.parametrize("client", CLIENTS)
def test_the_workbook_behind_a_chart_holds_its_numbers_and_its_error_bars(made, client):
    _, path = made(client)
    for chart in charts(path):
        sheet = load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob)).active
        rows = list(sheet.iter_rows(values_only=True))
        plot = chart.plots[0]
        assert [row[0] for row in rows[1:]] == list(plot.categories)
        for at, series in enumerate(plot.series, 1):
            assert series.name and rows[0][at] == series.name
            assert [row[at] for row in rows[1:]] == list(series.values)
            for side in ("plus", "minus"):
                bars = series._element.find(f"{C}errBars")
                if bars is None:
                    continue
                where = bars.find(f"{C}{side}/{C}numRef/{C}f").text
                first, last = where.replace("Sheet1!", "").replace("$", "").split(":")
                cells = [cell.value for (cell,) in sheet[f"{first}:{last}"]]
                assert {i: n for i, n in enumerate(cells) if n is not None} == cached(bars.find(f"{C}{side}"))  # fmt: skip


def label_of(series, at):
    """(where, how far moved as a part of the chart's width) of the number of a bar."""
    for own in series._element.iter(f"{C}dLbl"):
        if own.find(f"{C}idx").get("val") == str(at):
            moved = own.find(f"{C}layout/{C}manualLayout/{C}x")
            return own.find(f"{C}dLblPos").get("val"), 0 if moved is None else float(moved.get("val"))  # fmt: skip
    return "inBase", 0


@pytest.mark.parametrize("client", ["kiosk", "complaints", "bakery"])
def test_no_number_of_a_bar_meets_an_error_bar_or_is_wider_than_its_bar(made, client):
    _, path = made(client)
    frames = [shape for slide in Presentation(path).slides for shape in slide.shapes
              if shape.has_chart and "barDir val=\"bar\"" in etree.tostring(shape.chart._chartSpace).decode()]  # fmt: skip
    moved = 0
    for frame in (f for f in frames if f.chart.plots[0].overlap != 100):
        chart = frame.chart
        layout = chart._chartSpace.chart.plotArea.find(f"{C}layout/{C}manualLayout")
        part = float(layout.find(f"{C}w").get("val"))
        axis = chart.value_axis
        scale = part * frame.width.pt / (axis.maximum_scale - axis.minimum_scale)
        for series in chart.plots[0].series:
            bars = series._element.find(f"{C}errBars")
            up, down = ({}, {}) if bars is None else (cached(bars.find(f"{C}{s}")) for s in ("plus", "minus"))  # fmt: skip
            for at, number in enumerate(series.values):
                if number is None:
                    continue
                out, back = (up, down) if number >= 0 else (down, up)
                where, away = label_of(series, at)
                if where == "inBase":  # two letters at the least, of half their height in width
                    clear = abs(number) - max(axis.minimum_scale, 0) - back.get(at, 0)
                    assert clear * scale > 2 * 11 / 2, (series.name, number)
                else:
                    assert where == "outEnd" and away * number >= 0
                    assert abs(away) * frame.width.pt >= out.get(at, 0) * scale
                    moved += bool(away)
    assert moved or client != "kiosk"


def texts_and_numbers(blob: bytes):
    """Every text and number in a file of Office and in the workbooks inside it."""
    with zipfile.ZipFile(io.BytesIO(blob)) as parts:
        for name in parts.namelist():
            inside = parts.read(name)
            if name.endswith(".xlsx"):
                yield from texts_and_numbers(inside)
            elif name.endswith((".xml", ".rels")):
                text = inside.decode("utf-8")
                yield from re.findall(r"<(?:a:t|c:v|t|v)(?: [^>]*)?>([^<]*)<", text)
                yield from re.findall(r'descr="([^"]*)"', text)


@pytest.mark.parametrize("client", ["meisu", "kiosk", "bakery"])
def test_nothing_finer_than_the_release_is_anywhere_inside(made, client):
    _, path = made(client)
    found = list(texts_and_numbers(path.read_bytes()))
    assert len(found) > 100
    assert not [each for each in found if re.search(r"\d\.\d{4}", each)]


def test_a_withheld_group_is_nowhere_inside(made):
    page, path = made("bakery")
    bases = page.case.latest.people["segment"].value_counts()
    assert bases[FEW] == 4  # and it is known under this name
    found = "\n".join(texts_and_numbers(path.read_bytes()))
    assert "排队" in found and FEW not in found


def test_alternative_texts_fonts_and_feet(made):
    page, path = made("bakery")
    for slide in Presentation(path).slides:
        for shape in slide.shapes:
            if shape.has_chart:
                described = shape._element.nvGraphicFramePr.cNvPr.get("descr")
                assert described and str(shape.chart.plots[0].categories[0]).split(" · ")[-1] in described  # fmt: skip
                assert (
                    shape.chart._chartSpace.find(f".//{A}ea").get("typeface") == "Microsoft YaHei"
                )
        runs = [run.find(f"{A}rPr") for run in slide._element.iter(f"{A}r")]
        assert runs and all(run.find(f"{A}ea").get("typeface") == "Microsoft YaHei" for run in runs)
        words = "\n".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)
        assert "麦香面包" in words  # whose it is stands at the foot


def test_where_nobody_may_be_quoted_themes_are_counted_all_the_same(made, tmp_path):
    # `quotes: none` forbids words, not counts: the chart of themes once went with the quotes.
    page, path = made("bakery")
    assert any("排队时间太长" in each for each in texts_and_numbers(path.read_bytes()))
    silent = open_page(read_client(bakery(tmp_path / "still", quotes="none").name, tmp_path))
    write_deck(silent, tmp_path / "still.pptx")
    assert not [
        t for t in texts_and_numbers((tmp_path / "still.pptx").read_bytes()) if "排队时间太长" in t
    ]
    slides, told = slides_of(silent), slides_of(page)
    assert [slide.title for slide in slides] == [slide.title for slide in told]
    words = next(slide for slide in slides if "themes" in slide.about)
    assert words.chart.series and not words.points  # what they speak of may be counted


def test_the_slide_of_customers_words_draws_and_bases_what_its_title_says():
    """data/vendor/truth: those with a bad score of convenience speak of upgrades more than others."""
    page = open_page(read_client("vendor", DATA))
    slide = next(slide for slide in slides_of(page) if "themes" in slide.about)
    (_, _, values, *_), *_ = slide.chart.series
    assert f"others: {values[0]:.0%}, against" in slide.title
    low = page.gate(who_says_it(page.case)).iloc[0]
    assert slide.grounds.startswith(f"Base: {low['n']:.0f} answers ·") and low["n"] < 100
    assert quoted(page.case)["quote"].is_unique


def test_the_same_slides_are_the_same_bytes(made, tmp_path):
    page, path = made("meisu")
    write_deck(page, tmp_path / "again.pptx", "2026-11-29")
    assert (tmp_path / "again.pptx").read_bytes() == path.read_bytes()


# The client's look


def template(path, words="SECRET of another client"):
    deck = Presentation()
    for _ in range(2):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = words
        slide.notes_slide.notes_text_frame.text = words
    deck.core_properties.author = words
    deck.save(path)
    return path


def test_a_template_gives_its_layouts_and_none_of_its_slides(made, tmp_path):
    bakery(tmp_path / "bakery", deck="look.pptx", colour="#AA0055")
    template(tmp_path / "bakery" / "look.pptx")
    assert check_client("bakery", tmp_path) == []
    case = read_client("bakery", tmp_path)
    assert "look.pptx" in case.inputs
    write_deck(open_page(case), tmp_path / "d.pptx")
    deck = Presentation(tmp_path / "d.pptx")
    assert len(deck.slides) == len(Presentation(made("bakery")[1]).slides)
    assert (deck.slide_width, deck.slide_height) == (
        9144000,
        6858000,
    )  # 4:3, as the template has it
    assert len(deck.slide_layouts) == 11 and deck.slides[0].slide_layout.name == "Title Slide"
    with zipfile.ZipFile(tmp_path / "d.pptx") as parts:
        assert not [n for n in parts.namelist() if b"SECRET" in parts.read(n)]
        assert not [n for n in parts.namelist() if "thumbnail" in n or n.endswith("app.xml")]
        slides = [n for n in parts.namelist() if re.fullmatch(r"ppt/slides/slide\d+\.xml", n)]
    assert len(slides) == len(deck.slides)


@pytest.mark.parametrize("name, content, said", [
    ("look.pptx", b"PK\x03\x04 not a presentation", "cannot be read as a presentation"),
    ("look.pptx", None, "is not a .pptx in this folder"),
    ("look.odp", b"x", "is not a .pptx in this folder"),
    ("../look.pptx", b"x", "leads out of the client's folder"),
])  # fmt: skip
def test_a_template_that_is_none_is_refused(tmp_path, name, content, said):
    folder = bakery(tmp_path / "bakery", deck=name)
    if content is not None:
        (folder / name).write_bytes(content)
    problems = "\n".join(map(str, check_client("bakery", tmp_path)))
    assert said in problems and "deck" in problems
    workbook = tmp_path / "bakery" / "x.pptx"
    pd.DataFrame({"a": [1]}).to_excel(tmp_path / "x.xlsx")
    shutil.copy(tmp_path / "x.xlsx", workbook)  # another program's file under this name


def test_a_damaged_logo_is_refused_and_one_for_browsers_is_told_of(tmp_path):
    folder = bakery(tmp_path / "bakery", logo="logo.png")
    (folder / "logo.png").write_bytes(b"not a picture")
    assert "cannot be read as a picture" in "\n".join(map(str, check_client("bakery", tmp_path)))
    Image.new("RGB", (300, 100), "#aa0055").save(folder / "logo.png")
    page = open_page(read_client("bakery", tmp_path))
    assert write_deck(page, tmp_path / "d.pptx") == []
    slides = Presentation(tmp_path / "d.pptx").slides
    assert all(
        any(s.shape_type == MSO_SHAPE_TYPE.PICTURE for s in slide.shapes) for slide in slides
    )
    svg = replace(page.case, settings=page.settings.model_copy(update={"logo": "logo.svg"}))
    (folder / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert "SVG" in write_deck(open_page(svg), tmp_path / "d.pptx")[0]


# LibreOffice


def office(folder, kind, path):
    """The file in another form, as LibreOffice makes it."""
    if not shutil.which("soffice"):
        pytest.skip("no LibreOffice on this machine")
    out = folder / kind
    home = f"-env:UserInstallation=file://{folder}/home"
    command = ["soffice", home, "--headless", "--convert-to", kind, "--outdir", out, path]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    return out / f"{path.stem}.{kind}"


def test_an_office_shows_as_many_pages_as_there_are_slides(made, tmp_path):
    _, path = made("bakery")
    pages = office(tmp_path, "pdf", path).read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", pages)) == len(Presentation(path).slides)


def test_a_chart_keeps_its_data_and_its_error_bars_in_an_office(made, tmp_path):
    _, path = made("kiosk")
    before, after = charts(path), charts(office(tmp_path, "pptx", path))
    assert len(before) == len(after)
    for one, other in zip(before, after, strict=True):
        pairs = zip(one.plots[0].series, other.plots[0].series, strict=True)
        for mine, theirs in pairs:
            assert theirs.name == mine.name and list(theirs.values) == list(mine.values)
            assert np.allclose(sorted(ends(theirs)), sorted(ends(mine)))


CHANGE = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE script:module PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">
<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1" script:language="StarBasic">
Sub Change(source As String, target As String, number)
 Dim hidden(0) As New com.sun.star.beans.PropertyValue
 hidden(0).Name = "Hidden" : hidden(0).Value = True
 Dim kind(0) As New com.sun.star.beans.PropertyValue
 kind(0).Name = "FilterName" : kind(0).Value = "Impress MS PowerPoint 2007 XML"
 deck = StarDesktop.loadComponentFromURL(source, "_blank", 0, hidden())
 For Each shape In deck.DrawPages(1)
  If shape.supportsService("com.sun.star.drawing.OLE2Shape") Then
   series = shape.Model.FirstDiagram.CoordinateSystems(0).ChartTypes(0).DataSeries(0)
   series.DataSequences(0).Values.replaceByIndex(0, number)
  End If
 Next
 deck.setModified(True)
 deck.storeToURL(target, kind())
 deck.close(True)
 StarDesktop.terminate()
End Sub
</script:module>
"""


def test_a_chart_that_is_changed_in_an_office_keeps_the_rest_of_its_data(made, tmp_path):
    _, path = made("kiosk")
    office(tmp_path, "pptx", path)  # which makes the office's home, and room for a macro in it
    (tmp_path / "home/user/basic/Standard/Module1.xba").write_text(CHANGE)
    changed, home = tmp_path / "changed.pptx", f"-env:UserInstallation=file://{tmp_path}/home"
    macro = f'macro:///Standard.Module1.Change("{path.as_uri()}","{changed.as_uri()}",6.5)'
    command = ["soffice", home, "--headless", "--norestore", macro]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    before, after = charts(path), charts(changed)
    one, other = (each[0].plots[0].series[0] for each in (before, after))
    assert list(other.values) == [6.5, *list(one.values)[1:]] != list(one.values)
    (value, low, high), (was, was_low, was_high) = ends(other)[0], ends(one)[0]
    assert np.allclose([value - low, high - value], [was - was_low, was_high - was])
    assert np.allclose(ends(other)[1:], ends(one)[1:])
    series = [[s for c in each for p in c.plots for s in p.series][1:] for each in (before, after)]
    for mine, theirs in zip(*series, strict=True):
        assert theirs.name == mine.name and list(theirs.values) == list(mine.values)
        assert np.allclose(sorted(ends(theirs)), sorted(ends(mine)))


# The consultant's own work


def own_work_of(folder, page):
    """What a run keeps of step 2 where she added prose, a figure, two tables and a text."""
    drawing = {
        "text/html": f'<figure class="own"><img src="{SVG}" alt=""></figure>',
        "image/png": DOT,
    }
    wide = pd.DataFrame({f"c{at}": range(12) for at in range(8)}).to_html(index=False)
    cells = [
        prose("# Ours\n\nThe queue is **ours**. It is new.", "finding"),
        cell("# alt: Bars", drawing, tags=["finding"], metadata={"text/html": {"cxlib": "figure"}}),
        cell("page.show()", {"text/html": TABLE}, tags=["report"], metadata={"cxlib": True}),
        cell("wide", {"text/html": wide}, tags=["report"]),
        cell("an SVG", {"image/svg+xml": "<svg/>"}, tags=["report"], alt="Drawn"),
        cell("later", {"text/html": "<p>in the appendix</p>"}, tags=["appendix"]),
    ]
    book = v4.new_notebook(cells=cells)
    settle(book, "02_experience_expectation", page.language)
    keep(book, "02_experience_expectation", folder, [])
    return kept(folder)


SVG = "data:image/svg+xml;base64,PHN2Zy8+"
TABLE = "<table><caption>Two shops.</caption><tr><th>Shop</th><th>n</th></tr><tr><th>East</th><td>50</td></tr></table>"
COMMENTARY = """
requirements: {text: "**Rails** first.", name: Ada Chan}
07_feedback_loop: {text: Ask again in May., name: Bo Li}
"""


def test_the_consultants_own_work_and_comments_are_on_slides(tmp_path):
    shutil.copytree(DATA / "kiosk", tmp_path / "kiosk")
    (tmp_path / "kiosk" / "commentary.yml").write_text(COMMENTARY)
    page = open_page(read_client("kiosk", tmp_path))
    own = own_work_of(tmp_path / "private", page)
    assert write_deck(page, tmp_path / "d.pptx", own=own) == []
    found = list(Presentation(tmp_path / "d.pptx").slides)
    slides = {s.shapes.title.text: s for s in found}
    drawn, shops = slides["Ours"], slides["Two shops."]
    (picture,) = [s for s in drawn.shapes if s.shape_type == MSO_SHAPE_TYPE.PICTURE]
    assert picture.image.blob == base64.b64decode(DOT)
    assert picture._element.nvPicPr.cNvPr.get("descr") == "Bars"
    assert "The queue is ours. It is new." in words_on(drawn)
    assert "not checked for small groups" in words_on(drawn)
    (table,) = [s.table for s in shops.shapes if s.has_table]
    assert [[c.text for c in row.cells] for row in table.rows] == [["Shop", "n"], ["East", "50"]]
    assert "not checked" not in words_on(shops)  # it passed the gate
    everything = "\n".join(map(words_on, found))
    assert "The first 9 of 12 rows and 6 of 8 columns" in everything
    assert "A figure that slides cannot hold" in words_on(slides["Drawn"])
    assert "in the appendix" not in everything
    about = next(s for title, s in slides.items() if "must not fail" in title)
    assert "Rails first. – Ada Chan" in words_on(about)
    assert "Rails first. – Ada Chan" in about.notes_slide.notes_text_frame.text
    assert "Ask again in May. – Bo Li" in words_on(slides["What the consultant adds"])
    assert everything.count("Ada Chan") == 1


def test_a_picture_pasted_into_prose_is_on_its_slide(made):
    page, _ = made("kiosk")
    pasted = prose(
        "The counter.\n\n![Two queues](attachment:q.png) ![](https://x.y/z.png)", "report"
    )
    pasted["attachments"] = {"q.png": {"image/png": DOT}}
    drawn = prose("![Drawn](attachment:d.svg)", "report")
    drawn["attachments"] = {"d.svg": {"image/svg+xml": SVG.partition(",")[2]}}
    settle(v4.new_notebook(cells=[pasted, drawn]), "02_experience_expectation", page.language)
    told = {"02_experience_expectation": {"cells": [pasted, drawn], "warnings": [], "about": []}}
    first, second = own_slides(page, told, "report")
    assert (first.title, first.alt, first.points) == ("The counter.", "Two queues", [])
    assert first.picture == base64.b64decode(DOT) and first.grounds == "Added by the consultant."
    assert second.title == "Drawn" and second.picture is None
    assert second.points == ["A figure that slides cannot hold: it is in the report."]


@pytest.mark.parametrize("tag", ["finding", "report"])
def test_what_only_the_consultant_is_told_is_on_no_slide(made, tag):
    page, _ = made("kiosk")
    cells = [
        prose("It is new.\n\n<script>draw()</script>", tag),
        cell("plt.show()", {"image/png": DOT}, tags=[tag]),
        cell("plt.show()", {"image/png": DOT}, tags=[tag]),
    ]
    settle(book := v4.new_notebook(cells=cells), "02_experience_expectation", page.language)
    told = {"02_experience_expectation": {"cells": cells, "warnings": [], "about": []}}
    first, second = own_slides(page, told, tag)
    assert (first.title, first.points) == ("It is new.", []) and first.picture
    assert second.title == "What the consultant adds" and second.picture
    assert book.cells[0].source.count("needs a script") == 1, "she is told beneath the cell"


def words_on(slide) -> str:
    return "\n".join(s.text_frame.text for s in slide.shapes if s.has_text_frame)
