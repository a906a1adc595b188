"""What a reader meets: a real browser, the network off."""

from shutil import which
from subprocess import run

import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from cxlib.client.case import read_client
from cxlib.page import open_page, render_notebook
from cxlib.page.render import index_page
from cxlib.page.tables import table_html
from cxlib.page.whatif import SLIDERS, choice_html, loss_if, payback_if, whatif_churn, whatif_gap
from cxlib.sums.churn_inputs import stated_shares

REVENUE = 50_000_000
TREE = """\
name: Acme
currency: USD
revenue: 50_000_000
dimensions: {service: Service}
churn_cost:
  negative: {share: 0.22, from: assumption}
  complain: {share: 0.02, from: literature}
  complained: {retained: 0.38, at_risk: 0.34, lost: 0.28, from: assumption}
  silent: {at_risk: 0.55, lost: 0.45, from: assumption}
"""
ASK = {"to_start": 900_000.0, "running": 50_000.0, "cost": 1_000_000.0, "kept": 500_000.0, "term": 3,
       "effect": "plan", "needed": 0.7}  # fmt: skip
# A cent of rounding either way: JavaScript's toFixed and Python's round treat halves differently.
CENT = 0.011


def chosen(page):
    """Two waves of a hundred, and a role of four people beside its rest: neither is offered."""
    row = {"dimension": "price", "n": 200, "experience": 4.2}
    groups = [row | {"grouping": kind, "group": group, "n": n, "experience": score}
              for kind, group, n, score in (("wave", "2025", 100, 4.0), ("wave", "2026", 100, 4.4),
                                            ("role", "owner", 4, 9.9), ("role", "user", 196, 4.1))]  # fmt: skip
    return choice_html(
        page, pd.DataFrame([row]).assign(segment="all"), pd.DataFrame(groups), [*row], "One group."
    )


def report(case, language, gaps, cost, items, portfolio, drawn, inputs):
    page = open_page(case(language, inputs=inputs))
    shown = [
        page.headline_html("key_experience", gaps),
        whatif_churn(page, inputs, REVENUE, ask=ASK),
        whatif_gap(page, page.gate(gaps)),
        chosen(page),
        table_html(page.gate(items), page, caption="Experience against what was decided."),
        table_html(page.gate(cost), page, caption="Where the money goes"),
    ]
    shown += [
        page.figure_html(name, table)
        for name, table in [
            ("gap_chart", items),
            ("churn_tree", cost),
            ("importance_performance_map", items),
        ]
    ]
    cells = [new_markdown_cell("# Report")]
    for number, html in enumerate([*shown, *(drawn.values() if language == "en" else [])]):
        output = new_output("display_data", {"text/html": str(html)})
        cells += [new_markdown_cell(f"## Part {number}"), new_code_cell("show", outputs=[output])]
    return render_notebook(new_notebook(cells=cells), page.case, "report", date="2026-11-21")


@pytest.fixture(scope="module")
def report_path(tmp_path_factory, case, gaps, cost, items, portfolio, drawn, inputs):
    folder = tmp_path_factory.mktemp("reports")

    def path(language):
        file = folder / f"{language}.html"
        if not file.exists():
            html = report(case, language, gaps, cost, items, portfolio, drawn, inputs)
            file.write_text(html, encoding="utf-8")
        return file

    return path


@pytest.mark.parametrize("language", ["en", "zh-Hans", "zh-Hant"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_scrolls_sideways_and_every_picture_is_drawn(opened, report_path, language, width):
    sheet = opened(report_path(language), width)
    assert sheet.evaluate("document.documentElement.scrollWidth") == width
    pictures = sheet.evaluate(
        "[...document.images].map(i => [i.complete && i.naturalWidth > 0, i.alt.length > 20,"
        " i.getBoundingClientRect().right <= innerWidth])"
    )
    assert pictures and all(all(picture) for picture in pictures)


def test_a_phone_gets_the_narrow_drawing(opened, report_path):
    shown = "[...document.images].map(i => i.currentSrc === i.src)"
    assert not any(opened(report_path("en"), 390).evaluate(shown))
    assert all(opened(report_path("en"), 1280).evaluate(shown))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_no_violation(opened, report_path, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    sheet = opened(report_path("en"), width, scheme)
    sheet.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    found = Axe().run(sheet)
    assert found.violations_count == 0, found.generate_report()


def test_dark_pages_are_dark_and_figures_with_them(opened, report_path):
    sheet = opened(report_path("en"), 1280, "dark")
    assert sheet.evaluate("getComputedStyle(document.documentElement).backgroundColor") == (
        "rgb(20, 24, 29)"
    )
    # Ink on a figure, painted to a canvas: light in the dark.
    brightest = sheet.evaluate("""async () => {
      const image = document.querySelector("figure img");
      const canvas = document.createElement("canvas");
      canvas.width = 960; canvas.height = 400;
      const pen = canvas.getContext("2d");
      pen.drawImage(image, 0, 0);
      const dots = pen.getImageData(0, 0, 960, 400).data;
      let most = 0;
      for (let i = 0; i < dots.length; i += 4) if (dots[i + 3] > 200) most = Math.max(most, dots[i]);
      return most;
    }""")
    assert brightest > 200


def lost(sheet):
    return float(
        sheet.locator('#whatif-churn-title ~ .results output[data-name="lost"]').get_attribute(
            "data-value"
        )
    )


def test_the_sliders_start_at_the_printed_loss(opened, report_path):
    assert lost(opened(report_path("en"))) == 4_912_600  # the method, §3


VECTORS = [
    {"negative": 0.1},
    {"complain": 0.06},
    {"complained_retained": 0.6},
    {"silent_lost": 0.123},
    {"negative": 0.3, "complain": 0.001, "complained_retained": 0.999, "silent_lost": 0.77},
    {"negative": 0, "complain": 0, "complained_retained": 0, "silent_lost": 0},
    {"negative": 0.22, "complain": 0.06, "complained_retained": 1, "silent_lost": 1},
]


@pytest.mark.parametrize("moved", VECTORS)
def test_javascript_and_python_agree_to_the_cent(opened, report_path, inputs, moved):
    sheet = opened(report_path("en"))
    for name, share in moved.items():
        sheet.locator(f"#whatif-churn-{name}").evaluate(
            "(input, share) => { input.value = share; input.dispatchEvent(new Event('input',"
            " {bubbles: true})) }",
            share,
        )
    start = stated_shares(inputs)
    shares = {name: start[name] for name in SLIDERS} | moved
    assert lost(sheet) == pytest.approx(loss_if(REVENUE, start, **shares), abs=CENT)


def moved_to(sheet, name, value):
    sheet.locator(f"#whatif-churn-{name}").evaluate(
        "(input, to) => { input.value = to; input.dispatchEvent(new Event('input', {bubbles: true})) }",
        value,
    )


def test_the_plan_answers_the_sliders(opened, report_path, inputs):
    # Within three years it runs for two: 900,000 ÷ (500,000 − 100,000 ÷ 3) = 1.93. At half of its effect
    # 150,000 of the million are left after three years, and 200,000 a year: 4.25; at a tenth never.
    sheet = opened(report_path("en"))
    back = sheet.locator('#whatif-churn-title ~ .results output[data-name="payback"]')
    assert back.inner_text() == "1.9 years"
    moved_to(sheet, "effect", 0.5)
    assert back.inner_text() == "4.3 years, later than 3"
    moved_to(sheet, "effect", 0.1)
    assert back.inner_text() == "never"
    moved_to(sheet, "effect", 1)
    moved_to(sheet, "dearer", 1.2)  # 1,080,000 ÷ (500,000 − 40,000)
    assert back.get_attribute("data-value") == "2.3478"
    moved_to(sheet, "dearer", 1)
    moved_to(sheet, "negative", 0.11)  # half of the bad experience, half of what can be kept
    assert back.get_attribute("data-value") == "4.2500"
    assert payback_if(ASK, 1, 1, 0.5) == 4.25


def test_the_reader_chooses_whose_answers(opened, report_path):
    sheet = opened(report_path("en"))
    box = sheet.locator(".choice")
    shown = box.locator(":scope > div:visible")
    assert shown.count() == 1 and "Everyone." in shown.inner_text()
    box.locator("select").select_option("2")
    assert (
        shown.count() == 1 and "Wave: 2026." in shown.inner_text() and "4.4" in shown.inner_text()
    )
    assert box.locator("option").all_inner_texts() == ["Everyone", "Wave: 2025", "Wave: 2026"]


def test_what_was_moved_leaves_as_a_scenario(opened, report_path, tmp_path, inputs):
    sheet = opened(report_path("en"))
    copy = sheet.locator("#whatif-churn-title ~ [data-mail]")
    assert copy.is_disabled()
    for name, share in {"negative": 0.3, "complained_retained": 0.5, "silent_lost": 0.4}.items():
        moved_to(sheet, name, share)
    text = copy.get_attribute("data-mail")
    folder = tmp_path / "acme"
    (folder / "scenarios").mkdir(parents=True)
    (folder / "scenarios" / "moved.yml").write_text(text, "utf-8")
    (folder / "client.yml").write_text(TREE, "utf-8")
    case = read_client("acme", tmp_path, settings='{"scenario": "moved"}')
    start = stated_shares(case.churn_inputs)
    loss = loss_if(REVENUE, start, *(start[name] for name in SLIDERS))
    assert loss == pytest.approx(lost(sheet), rel=1e-3)  # shares are written to four decimals
    assert start["complain"] == 0.02 and start["negative"] == 0.3


def test_the_formula_is_the_simulations(inputs):
    # Recovery as in the lever of the sums: a point more keeps what churn_levers says.
    from cxlib.sums.churn import churn_levers

    start = stated_shares(inputs)
    stated = {name: start[name] for name in SLIDERS}
    worth = churn_levers(REVENUE, inputs, draws=100).set_index("lever")["one_point"]
    moves = {
        "recovery": {"complained_retained": 0.39},
        "complaint": {"complain": 0.03},
        "negative": {"negative": 0.21},
    }
    for lever, moved in moves.items():
        kept = loss_if(REVENUE, start, **stated) - loss_if(REVENUE, start, **stated | moved)
        assert kept == pytest.approx(worth[lever])


def test_the_sliders_work_by_keyboard_and_come_back(opened, report_path, inputs):
    sheet = opened(report_path("en"))
    slider = sheet.locator("#whatif-churn-negative")
    slider.focus()
    sheet.keyboard.press("ArrowRight")
    start = stated_shares(inputs)
    shares = {name: start[name] for name in SLIDERS} | {"negative": 0.221}
    assert lost(sheet) == pytest.approx(loss_if(REVENUE, start, **shares), abs=CENT)
    assert slider.get_attribute("aria-valuetext") == "22.1%"
    sheet.locator(".whatif button").first.click()
    assert lost(sheet) == 4_912_600


def test_the_sliders_work_by_mouse(opened, report_path):
    sheet = opened(report_path("en"))
    slider = sheet.locator("#whatif-churn-negative")
    box = slider.bounding_box()
    slider.click(position={"x": box["width"] - 2, "y": box["height"] / 2})
    assert lost(sheet) > 10_000_000
    assert "HKD" in sheet.locator('output[data-name="lost"]').inner_text()


def test_closing_the_gap_changes_the_key_experience(opened, report_path):
    sheet = opened(report_path("en"))
    key = sheet.locator('output[data-name="key"]')
    assert key.inner_text() == "Convenience"
    sheet.locator("#whatif-gap-row0").evaluate(
        "input => { input.value = 6; input.dispatchEvent(new Event('input', {bubbles: true})) }"
    )
    # importance 9 × (6 − 7)
    assert sheet.locator('output[data-name="row0-weighted"]').get_attribute("data-value") == "-9.00"
    sheet.locator("#whatif-gap-row0").evaluate(
        "input => { input.value = 8; input.dispatchEvent(new Event('input', {bubbles: true})) }"
    )
    assert key.inner_text() == "none: nothing falls short any more"


def test_a_name_full_of_markup_is_shown_as_it_is(opened, case, inputs, gaps, nasty, tmp_path):
    page = open_page(case(title=nasty, labels={"convenience": nasty}, inputs=inputs))
    cells = [
        new_markdown_cell("# A"),
        new_code_cell(
            "show",
            outputs=[
                new_output(
                    "display_data",
                    {
                        "text/html": str(
                            page.headline_html("key_experience", gaps)
                            + page.figure_html("gap_chart", gaps)
                            + whatif_gap(page, page.gate(gaps))
                            + table_html(gaps, page)
                        )
                    },
                )
            ],
        ),
    ]
    file = tmp_path / "nasty.html"
    file.write_text(render_notebook(new_notebook(cells=cells), page.case, "report"), "utf-8")
    sheet = opened(file)
    assert sheet.locator("header .client").inner_text() == nasty
    assert sheet.locator(".headline").first.inner_text().startswith(nasty)
    assert nasty in sheet.locator("figure img").get_attribute("alt")
    assert sheet.locator('output[data-name="key"]').inner_text() == nasty


def verdict_of(amount):
    tile = ["At stake a year", f"{amount}", ""]
    told = {"answer": {"answered": 2}, "ask": {"decision": "none"}, "stake": {"amount": amount}}
    return told | {"said": {"answer": "a", "stake": tile}}


def test_the_list_of_clients_sorts(opened, tmp_path):
    rows = [
        {"client": name, "verdict": verdict_of(amount)}
        for name, amount in [("b", 9.0), ("a", 10.0), ("c", None)]
    ]
    file = tmp_path / "index.html"
    file.write_text(index_page(rows), "utf-8")
    sheet = opened(file)

    def order():
        return sheet.locator("tbody th").all_inner_texts()

    sheet.get_by_role("button", name="Client").click()
    assert order() == ["a", "b", "c"]
    sheet.get_by_role("button", name="At stake a year").click()
    assert order() == ["b", "a", "c"], "as numbers, blank last"
    sheet.get_by_role("button", name="At stake a year").click()
    assert order() == ["a", "b", "c"], "blank last whichever way"
    assert sheet.locator("th[aria-sort]").get_attribute("aria-sort") == "descending"


@pytest.fixture
def printed(case, tmp_path, browser):
    """The words of each page of a report printed to PDF that shows these parts."""
    if which("pdftotext") is None:
        pytest.skip("no pdftotext on this machine: install poppler-utils")

    def pages(parts):
        outputs = [new_output("display_data", {"text/html": str(part)}) for part in parts]
        cells = [new_code_cell("show", outputs=[output]) for output in outputs]
        file = tmp_path / "report.html"
        file.write_text(render_notebook(new_notebook(cells=cells), case(), "report"), "utf-8")
        sheet = browser.new_page()
        sheet.goto(file.as_uri())
        sheet.pdf(path=tmp_path / "report.pdf", format="A4", prefer_css_page_size=True)
        sheet.close()
        command = ["pdftotext", "-layout", tmp_path / "report.pdf", "-"]
        text = run(command, capture_output=True, check=True, text=True).stdout
        return text.split("\f")[:-1]

    return pages


def test_a_printed_table_has_its_heads_on_every_page(printed, case):
    table = pd.DataFrame({"item": [f"Item {n}" for n in range(60)], "n": 100})
    pages = printed([table_html(table, open_page(case()), caption="Long")])
    assert len(pages) > 1 and all("Answers" in page for page in pages)
    assert sum(page.count("Item ") for page in pages) == 60 + len(pages)


def test_a_printed_headline_stands_on_the_page_of_what_it_speaks_of(printed, case):
    """Twenty of each, with ever more above them, so that pages end wherever they may."""
    page, above, parts = open_page(case()), "<p>Words</p>", []
    headline = '<p class="headline">Headline {0}.</p><p class="lede">More.</p>'
    for n in range(0, 40, 2):
        chart = f"<figure>Chart {n}.{'<br>line' * 14}</figure>"
        rows = pd.DataFrame({"item": list("abcdef"), "n": 100})
        table = str(table_html(rows, page, caption=f"Chart {n + 1}."))
        shown = [headline.format(n) + chart, headline.format(n + 1) + table]
        parts += [f"<section>{part}</section>{above * (n % 7)}" for part in shown]
    pages = printed(parts)
    told = [[word for word in p.split() if word in ("Headline", "Chart")] for p in pages]
    assert len(pages) > 10
    assert all(words == ["Headline", "Chart"] * (len(words) // 2) for words in told), told


def test_what_is_folded_is_printed(printed):
    folded = "<details><summary>2 more</summary><ul><li>One</li><li>Two</li></ul></details>"
    (page,) = printed([folded])
    assert "Two" in page and "2 more" not in page


def test_what_only_a_screen_can_do_is_not_printed(printed, case):
    asked = '<p>Asked. <button type="button" data-mail="x">Copy it</button></p>'
    (page,) = printed([asked, chosen(open_page(case()))])
    assert "Asked." in page and "One group." in page
    assert "Copy" not in page and "Whose" not in page


def test_a_share_between_two_steps_starts_exactly(opened, case, inputs, tmp_path):
    # The contract's example of a measured share: 200 of 241, which no step of 0.001 hits.
    counted = inputs.assign(
        share=inputs["share"].where(inputs["input"] != "negative"),
        count=inputs["count"].where(inputs["input"] != "negative", 200),
        of=inputs["of"].where(inputs["input"] != "negative", 241),
    )
    board = whatif_churn(open_page(case()), counted, REVENUE)
    cells = [new_code_cell("show", outputs=[new_output("display_data", {"text/html": board})])]
    file = tmp_path / "counted.html"
    file.write_text(render_notebook(new_notebook(cells=cells), case(), "report"), "utf-8")
    # 50,000,000 × 200/241 × (.02 × .28 + .98 × .45)
    assert lost(opened(file)) == pytest.approx(18_531_120.33, abs=CENT)
