"""The report of every demo client as its board sees it: in a real browser, the network off."""

import base64
import json
import re
import shutil
import subprocess
import sys

import pandas as pd
import pytest
import yaml
from bs4 import BeautifulSoup

from cxlib.client.case import read_client
from cxlib.page import open_page
from cxlib.page.language import round_figures
from cxlib.page.whatif import SLIDERS, loss_if, shares_at_start
from tests.conftest import DATA, ROOT
from tests.page.test_verdict import words_in

DEMOS = sorted(path.parent.name for path in DATA.glob("*/client.yml"))
TREES = [
    name
    for name in DEMOS
    if "churn_cost" in yaml.safe_load((DATA / name / "client.yml").read_text("utf-8"))
    and name != "telecom"  # who left was counted there: no tree is shown beside it
]
NASTY = "<script>alert(1)</script> & Söhne 有限公司"
MEGABYTE = 1_000_000
CENT = 0.011
# Words that stick out of the page, or are cut off by their own box; tables scroll inside themselves.
CLIPPED = """() => [...document.querySelectorAll("main *, header *, footer")].filter(e => {
  if (!e.innerText?.trim() || e.closest(".table, details:not([open]) > :not(summary)")) return false;
  const box = e.getBoundingClientRect(), style = getComputedStyle(e);
  const cut = style.overflowX !== "visible" && e.scrollWidth > e.clientWidth + 1;
  return box.width && (box.right > innerWidth + 1 || box.left < -1 || cut);
}).map(e => e.innerText.slice(0, 60))"""
# Words of a drawing that stand outside it: an image shows only what is inside.
OUTSIDE = """() => [...document.querySelectorAll("div")].flatMap(host => {
  const svg = host.shadowRoot.querySelector("svg"), page = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].filter(text => {
    const box = text.getBoundingClientRect();
    return box.left < page.left - 3 || box.right > page.right + 3;
  }).map(text => text.textContent);
})"""


def run(folder, *options):
    """The executive report alone, of clients of folder/data."""
    books = folder / "notebooks"
    books.mkdir(parents=True, exist_ok=True)
    shutil.copy(ROOT / "notebooks" / "09_executive_report.ipynb", books)
    command = [sys.executable, "-m", "cxlib.run.cli", "run", "--quiet", "--notebooks", str(books)]
    command += ["--reports", str(folder / "reports"), *map(str, options)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return folder / "reports"


@pytest.fixture(scope="module")
def reports(demo_reports):
    """(client, language) → the path of its report."""
    made = {
        "en": demo_reports(*DEMOS),
        "zh-Hans": demo_reports("kiosk", language="zh-Hans"),
        "zh-Hant": demo_reports("vendor", language="zh-Hant"),
    }
    return lambda client, language="en": made[language] / client / "report.html"


READ = [*((name, "en") for name in DEMOS), ("kiosk", "zh-Hans"), ("vendor", "zh-Hant")]


@pytest.mark.parametrize(("client", "language"), READ)
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_is_cut_off_or_scrolls_sideways(opened, reports, client, language, width):
    sheet = opened(reports(client, language), width)
    assert sheet.evaluate("document.documentElement.scrollWidth") == width
    assert sheet.evaluate(CLIPPED) == []
    pictures = sheet.evaluate(
        "[...document.images].map(i => [i.complete && i.naturalWidth > 0, i.alt.length > 30,"
        " i.getBoundingClientRect().right <= innerWidth])"
    )
    assert all(all(picture) for picture in pictures)


@pytest.mark.parametrize(("client", "language"), READ)
def test_no_figure_cuts_off_its_words(browser, reports, client, language):
    html = reports(client, language).read_text("utf-8")
    drawings = re.findall(r'(?:src|srcset)="(data:image/svg[^"]+)"', html)
    context = browser.new_context(offline=True)
    sheet = context.new_page()
    sheet.set_content("<body></body>")
    sheet.evaluate(
        """urls => urls.forEach(url => {
          const host = document.body.appendChild(document.createElement("div"));
          const bytes = Uint8Array.from(atob(url.split(",")[1]), c => c.charCodeAt(0));
          host.attachShadow({mode: "open"}).innerHTML = new TextDecoder().decode(bytes);
        })""",
        drawings,
    )
    found = sheet.evaluate(OUTSIDE)
    context.close()
    assert found == []


@pytest.mark.parametrize("client", DEMOS)
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_no_violation(opened, reports, client, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    sheet = opened(reports(client), width, scheme)
    sheet.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    found = Axe().run(sheet)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("client", DEMOS)
def test_a_report_is_no_larger_than_a_megabyte(reports, client):
    assert reports(client).stat().st_size < MEGABYTE


@pytest.mark.parametrize(("client", "language"), READ)
@pytest.mark.parametrize("size", [(1280, 800), (390, 844)])
def test_the_first_screen_stands_whole_above_the_fold(browser, reports, client, language, size):
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, offline=True)
    sheet = context.new_page()
    sheet.goto(reports(client, language).as_uri())
    box = sheet.locator(".screen").bounding_box()
    tiles, figures = sheet.locator(".tiles > div").count(), sheet.locator(".screen figure").count()
    context.close()
    assert box["y"] + box["height"] <= size[1]
    assert tiles in (2, 3) and figures == 1


@pytest.mark.parametrize("client", DEMOS)
def test_a_report_that_is_mailed_alone_has_no_link_that_dies(opened, reports, client, tmp_path):
    alone = tmp_path / "alone.html"
    shutil.copy(reports(client), alone)
    dead = opened(alone).evaluate(
        """() => [...document.querySelectorAll("a[href]")].map(a => a.getAttribute("href"))
        .filter(to => !to.startsWith("#") || !document.getElementById(to.slice(1)))"""
    )
    assert dead == []


def test_the_answer_can_be_copied_as_an_e_mail(browser, reports):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    sheet = context.new_page()
    sheet.goto(reports("kiosk").as_uri())
    sheet.get_by_role("button", name="Copy as e-mail").click()
    copied = sheet.evaluate("navigator.clipboard.readText()")
    title = sheet.locator("h1").inner_text()
    context.close()
    assert copied.startswith(f"Self-service kiosks (Korea): {title.partition(';')[0]}.")
    assert "KRW 90 million" in copied


def sentences_of(sheet):
    """Every sentence that a reader meets outside tables and navigation."""
    for each in sheet.select("p, li, h1, h2, h3, dt, dd, figcaption"):
        if not each.find(["p", "li"]):
            yield from re.split(r"(?<=[.。;；!?])\s|(?<=[。；])", each.get_text(" ", strip=True))


@pytest.mark.parametrize(("client", "language"), READ)
def test_a_report_is_read_in_minutes(reports, client, language):
    """900 words outside tables, the names of sliders and the appendix; 25 in a sentence."""
    sheet = BeautifulSoup(reports(client, language).read_text("utf-8"), "html.parser").main
    for unread in sheet.select("script, nav, table, .whatif .row, [hidden]"):
        unread.decompose()
    assert [said for said in sentences_of(sheet) if words_in(said) > 25] == []
    for appendix in sheet.select("section.proof"):
        appendix.decompose()
    assert words_in(sheet.get_text(" ", strip=True)) <= 900


def drawn(html, figure):
    """The words of a figure's wide drawing, and its alternative text; "" without one."""
    image = BeautifulSoup(html, "html.parser").select_one(f'figure[data-name="{figure}"] img')
    if image is None:
        return ""
    svg = base64.b64decode(image["src"].split(",")[1]).decode()
    return " ".join([*re.findall(r"<text[^>]*>([^<]*)", svg), image["alt"]]).replace("\xa0", " ")


OWN = {"frontier", "loyalty_matrix", "importance_performance_map"}  # stand without a headline


@pytest.mark.parametrize(("client", "language"), READ)
def test_what_a_headline_names_the_figure_below_it_names(reports, client, language):
    """Of the client's words: those in quotation marks, and its experiences."""
    html, case = (
        reports(client, language).read_text("utf-8"),
        read_client(client, DATA, language=language),
    )
    sheet, tried = BeautifulSoup(html, "html.parser").main, 0
    known = [case.label("dimension", key) for key in case.settings.dimensions]
    for figure in sheet.select("section figure"):
        heads = figure.find_parent("section").select(".headline, h1")
        above = [head for head in heads if head in figure.find_all_previous(["p", "h1", "h3"])]
        if not above or figure["data-name"] in OWN:
            continue
        said, shown = above[-1].get_text(), re.sub(r"\s", "", drawn(html, figure["data-name"]))
        if figure["data-name"] == "segments":  # which stands twice: each below its own headline
            shown = re.sub(r"\s", "", figure.img["alt"])
        names = re.findall(r"[“「]([^”」]*)[”」]", said) + [name for name in known if name in said]
        assert [name for name in names if re.sub(r"\s", "", name) not in shown] == [], said
        tried += 1
    assert tried


@pytest.mark.parametrize("client", TREES)
def test_the_loss_is_one_number_wherever_it_is_told(opened, reports, client):
    path, case = reports(client), read_client(client, DATA)
    html, sheet = path.read_text("utf-8"), opened(path)
    verdict = json.loads((path.parent / "results" / "verdict.json").read_text("utf-8"))
    said = open_page(case).language.money(verdict["stake"]["amount"])
    assert sheet.locator(".tiles b").nth(1).inner_text() == said
    assert said in sheet.locator(".screen [data-mail]").get_attribute("data-mail")
    assert f"cost about {said} " in html
    assert f"Lost in all {said}" in drawn(html, "churn_tree")
    assert f"as stated: {said}" in drawn(html, "tornado")
    moved = sheet.locator('.whatif output[data-name="lost"]')
    assert float(moved.get_attribute("data-value")) == pytest.approx(verdict["stake"]["amount"])
    number = float(moved.inner_text().split()[1].replace(",", ""))
    assert number == round_figures(verdict["stake"]["amount"], 2)


@pytest.mark.parametrize("client", TREES)
def test_what_is_weighed_is_one_number_before_a_slider_moves(opened, reports, client):
    path = reports(client)
    gaps = pd.read_csv(path.parent / "results" / "gap.csv")
    told = {f"{each:.1f}".replace("-", "\u2212") for each in gaps["weighted_satisfaction"].dropna()}
    shown = opened(path).locator("output.second").all_inner_texts()
    assert shown and {*shown} <= told


@pytest.mark.parametrize("client", DEMOS)
def test_no_figure_stands_twice(reports, client):
    drawings = re.findall(r' src="(data:image[^"]+)"', reports(client).read_text("utf-8"))
    assert len(set(drawings)) == len(drawings)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_table_says_that_it_goes_on_where_it_does(opened, reports, width):
    found = opened(reports("vendor"), width).evaluate(
        "[...document.querySelectorAll('main .table')].map(t => [t.scrollWidth > t.clientWidth + 1,"
        " parseFloat(getComputedStyle(t, '::before').height) > 5])"
    )
    assert width == 1280 or any(goes_on for goes_on, _ in found)
    assert all(goes_on == said for goes_on, said in found)


def test_the_made_up_client_is_called_so_and_no_other(opened, reports):
    for client in ("vendor", "kiosk"):
        banner = opened(reports(client), 390).locator(".banner")
        assert banner.count() == (client == "vendor")


@pytest.mark.parametrize("client", TREES)
def test_every_slider_agrees_with_python_by_keyboard(opened, reports, client):
    case = read_client(client, DATA)
    exact = shares_at_start(case.churn_inputs)
    sheet = opened(reports(client))
    start = json.loads(
        sheet.locator(".whatif:has(#whatif-churn-negative) script").first.text_content()
    )["start"]
    for name in exact:  # counted shares start as they may be told, stated ones as they are
        assert start[name] == pytest.approx(exact[name], abs=0.051), name
    assert start["revenue"] == pytest.approx(case.settings.revenue, rel=0.05)  # of rounded shares
    shares = {name: start[name] for name in SLIDERS}
    assert (sheet.locator("#whatif-churn-complain").count() == 0) == ("of_all" in start)
    for name in SLIDERS:
        if name == "complain" and "of_all" in start:
            continue  # it hangs on the negative share
        slider = sheet.locator(f"#whatif-churn-{name}")
        slider.focus()
        sheet.keyboard.press("End")
        shares[name] = float(slider.input_value())
        lost = sheet.locator('.whatif output[data-name="lost"]').get_attribute("data-value")
        expected = loss_if(start["revenue"], start, **shares)
        assert float(lost) == pytest.approx(expected, abs=CENT)


def test_a_client_called_markup_is_shown_as_that_text(opened, tmp_path):
    shutil.copytree(DATA / "meisu", tmp_path / "data" / "meisu")
    settings = tmp_path / "data" / "meisu" / "client.yml"
    text = re.sub(r"(?m)^name:.*$", f"name: '{NASTY}'", settings.read_text("utf-8"))
    settings.write_text(text, "utf-8")
    place = run(tmp_path, "meisu", "--data", tmp_path / "data")
    sheet = opened(place / "meisu" / "report.html", 390)
    assert sheet.locator("header .client").inner_text() == NASTY
    assert NASTY in sheet.title()
    index = opened(place / "index.html", 390)
    assert index.locator("tbody th").inner_text() == NASTY
