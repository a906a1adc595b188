"""What a consultant adds to a notebook: on its step's page, in the report where it is tagged, never lost."""

import json
import re
from pathlib import Path

import matplotlib.pyplot as plt
import nbformat
import nbformat.v4 as v4
import pandas as pd
import pytest
from bs4 import BeautifulSoup

import cxlib as cx
from cxlib.page import open_page, render_notebook
from cxlib.page.cleaned import cleaned
from cxlib.page.language import Language
from cxlib.page.own_figures import WRITTEN, as_gated, figure_html, table_html
from cxlib.page.own_work import MARK, keep, kept, settle
from tests.conftest import DATA

STEP = "02_experience_expectation"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
OURS = "<p class='headline'>Ours.</p>"


def cell(source, *data, tags=(), metadata=None, **about):
    outputs = [v4.new_output("display_data", each, metadata=metadata or {}) for each in data]
    return v4.new_code_cell(source, outputs=outputs, metadata={"tags": list(tags), **about})


def prose(text, *tags):
    return v4.new_markdown_cell(text, metadata={"tags": list(tags)})


def page_of(page, *cells, kind="consultant"):
    """(the page of these cells, the warnings)"""
    book = v4.new_notebook(cells=[prose("# A"), *cells])
    warnings = settle(book, STEP, Language(page.case.language), ["# A"])
    return render_notebook(book, page.case, kind), warnings


def test_nothing_runs_and_nothing_is_loaded():
    html, odd = cleaned(
        '<p onclick="x()">a<script>b</script><img src="https://x.y/z.png"><a href="javascript:1">c</a>'
        '<iframe src="//q"></iframe><svg onload="1"><p>d</p></svg><style>p{background:url(//e)}</style></p>'
    )
    assert odd == ["script", "picture"]
    assert BeautifulSoup(html, "html.parser").get_text() == "ac"
    assert not re.search(r"script|onclick|https?:|//q|url\(|svg", html)
    assert cleaned("<div><script>1</script></div>") == ("", ["script"])


def test_a_styled_table_keeps_its_colours_in_the_looks_of_the_house():
    rows = pd.DataFrame({"shop": ["a", "b"], "staff": [1.5, -2]})
    styled = rows.style.map(
        lambda _: "background-color: #ffff00; position: fixed", subset=["staff"]
    )
    html, odd = cleaned(styled.to_html(), "02-7")
    assert odd == [] and "position" not in html
    assert "background-color:#ffff00;color:#1b2026" in html, (
        "ink that is read on it in a dark page too"
    )
    soup = BeautifulSoup(html, "html.parser")
    assert soup.table.parent["class"] == ["table"], "it scrolls on a phone"
    assert ["n" in td["class"] for td in soup.find_all("td")] == [False, True, False, True]
    again = cleaned(
        rows.style.map(
            lambda _: "background-color: #ffff00; position: fixed", subset=["staff"]
        ).to_html(),
        "02-7",
    )
    assert again[0] == html, "the same at every run"


def test_the_policy_lets_in_the_colours_of_a_styled_table_and_no_other_style(page):
    styled = pd.DataFrame({"a": [1]}).style.set_properties(color="#bd3a0a").to_html()
    html, _ = page_of(page, cell("x", {"text/html": styled}))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    assert html.count("<style>") == 2 == len(re.findall("sha256", policy.split("script-src")[0]))


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (
            {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "IntSlider()"},
            "widget-view",
        ),
        (
            {"application/vnd.plotly.v1+json": {}, "text/html": "<div><script>p()</script></div>"},
            "script",
        ),
        ({"application/x-foo": "x"}, "application/x-foo"),
        ({"application/javascript": "x"}, "application/javascript"),
        ({"image/png": "A" * 3_000_001, "text/plain": "<Figure>"}, "3,000,001 characters"),
    ],
)
def test_what_cannot_be_shown_is_said_on_the_page_and_among_the_warnings(page, data, kind):
    html, warnings = page_of(page, cell("w.show()", data, tags=["report"]))
    (warning,) = warnings
    assert kind in warning and warning.startswith(f"{STEP}, cell 2 (w.show()): ")
    assert (
        warning.split("): ", 1)[1].replace("“", "“")
        in BeautifulSoup(html, "html.parser").get_text()
    )


def test_a_long_print_is_cut_and_says_so(page):
    stream = v4.new_output("stream", name="stdout", text="x<b>" * 50_000)
    html, warnings = page_of(page, v4.new_code_cell("print()", outputs=[stream]))
    assert "Only the first 100,000 characters are shown." in warnings[0] and "x&lt;b&gt;" in html
    assert len(html) < 400_000


@pytest.mark.parametrize(("source", "told"), [("page.finding(found, 0)", False), ("mine()", True)])
def test_a_heading_of_ours_without_findings_is_left_out(page, source, told):
    heading, of_ours = "## What we found", ["# A", "## What we found", "page.finding(found, 0)"]
    book = v4.new_notebook(cells=[prose("# A"), prose(heading), cell(source, tags=["finding"])])
    settle(book, "09_executive_report", Language("en"), of_ours)
    assert ("What we found" in render_notebook(book, page.case, "report")) is told


@pytest.mark.parametrize(("known", "told"), [(["# A", "draw()"], False), (["# A"], True)])
def test_what_a_library_mutters_in_a_cell_of_ours_is_not_shown(page, known, told):
    stream = v4.new_output("stream", name="stderr", text="findfont: no bold")
    book = v4.new_notebook(cells=[prose("# A"), v4.new_code_cell("draw()", outputs=[stream])])
    settle(book, STEP, Language("en"), known)
    assert ("findfont" in render_notebook(book, page.case, "consultant")) is told


def test_a_figure_has_the_words_of_its_cell(page):
    picture = {"image/png": PNG, "text/plain": "<Figure>"}
    source = '# alt: Waiting "by" hour\nplt.show()\n# alt: By day'
    html, warnings = page_of(page, cell(source, picture, picture, picture))
    soup = BeautifulSoup(html, "html.parser")
    alts = [img["alt"] for img in soup.select("figure img")]
    assert alts == [
        'Waiting "by" hour',
        "By day",
        "A figure of the consultant's own, without a description.",
    ]
    assert len(warnings) == 1 and "# alt:" in warnings[0]
    html, warnings = page_of(page, cell("plt.show()", picture, alt="From the cell's metadata"))
    assert not warnings and BeautifulSoup(html, "html.parser").select_one("figure img[alt^=From]")


def test_prose_of_ones_own_is_shown_clean(page):
    html, warnings = page_of(
        page, prose("## Mine\n\n**So** ![](https://x.y/a.png)<script>1</script>")
    )
    main = BeautifulSoup(html, "html.parser").main
    assert main.strong.text == "So" and not main.find(["script", "img"])
    assert [w.rpartition(": ")[2][:20] for w in warnings]
    assert len(warnings) == 3  # a script, a picture from elsewhere, no words for it
    assert "paste it into the cell" in main.get_text()


def test_prose_under_a_heading_with_nothing_else_stays(page):
    silent = v4.new_code_cell("page.figure('waves', None)")
    book = v4.new_notebook(cells=[prose("# A"), prose("## Waves"), silent, prose("My own words.")])
    settle(book, STEP, Language(), ["# A", "## Waves", "page.figure('waves', None)"])
    assert "My own words." in render_notebook(book, page.case)


def test_a_slip_in_a_tag_and_an_empty_tagged_cell_are_said(page):
    _, warnings = page_of(page, cell("1", tags=["reprot"]), cell("x = 1", tags=["appendix"]))
    assert "did you mean “report”?" in warnings[0] and "shows nothing" in warnings[1]


# In the report


@pytest.mark.parametrize(
    "source, near",
    [
        ('gaps["key_experiance"] = gaps["importance"] >= 7', "key_experience"),
        ("gaps.loc[low, 'satisfation'] = 1", "satisfaction"),
        ('gaps["key_experience"] = True', ""),  # one of ours, changed
        ('gaps["urgency"] = 1', ""),  # her own
        ('gaps[gaps["key_experiance"] == 1]', ""),  # read, which is refused when it runs
    ],
)
def test_a_new_column_that_is_nearly_one_of_ours_is_said(page, source, near):
    html, warnings = page_of(page, cell(source))
    assert len(warnings) == bool(near)
    assert all(f"did you mean “{near}”?" in said for said in [*warnings, *[html] * len(warnings)])


def test_no_cell_that_all_clients_share_writes_nearly_a_column_of_ours(page):
    books = sorted(Path(__file__).parents[2].glob("notebooks/[0-9]*.ipynb"))
    cells = [each for path in books for each in nbformat.read(path, 4).cells]
    book = v4.new_notebook(cells=[cell(each.source) for each in cells if each.cell_type == "code"])
    assert len(books) == 10 and settle(book, STEP, Language("en")) == []


def report(page, tmp_path, *own, cells=None):
    step = v4.new_notebook(cells=list(own))
    keep(step, STEP, tmp_path, settle(step, STEP, Language()))
    ours = {"text/html": OURS}
    cells = cells or [
        prose("# A"),
        cell("f", ours, tags=["finding"], metadata=MARK),
        prose("## Lived", "step-02"),
        cell("g", ours, tags=["step"], metadata=MARK),
        prose("## Known"),
        cell("h", ours, tags=["proof"], metadata=MARK),
    ]
    book = v4.new_notebook(cells=cells)
    settle(book, "09_executive_report", Language(), [each.source for each in cells])
    html = render_notebook(book, page.case, "report", own=kept(tmp_path))
    return re.sub(r"\s+", " ", BeautifulSoup(html, "html.parser").main.get_text(" "))


def test_each_tag_has_its_place_in_the_report(page, tmp_path):
    text = report(
        page,
        tmp_path,
        prose("## Mine\n\nIn the section.", "report"),
        prose("A finding of mine.", "finding"),
        cell("mine", {"text/html": "<p>At the end.</p>"}, tags=["appendix"]),
        cell("other", {"text/html": "<p>Not tagged.</p>"}),
    )
    order = ["A finding of mine.", "Lived", "Mine", "In the section.", "Known", "At the end."]
    assert [text.index(each) for each in order] == sorted(text.index(each) for each in order)
    assert "Not tagged." not in text
    assert text.count("Added by the consultant.") == 2
    assert "Added by the consultant; not checked for small groups. At the end." in text


@pytest.mark.parametrize("empty", [cell("x = 1", tags=["report"]), cell("w", {"application/x-foo": ""}, tags=["report"])])  # fmt: skip
def test_a_cell_that_shows_nothing_makes_no_prose_unchecked(page, tmp_path, empty):
    text = report(page, tmp_path, prose("Mine.", "report"), empty)
    assert "Added by the consultant. Mine." in text and "not checked" not in text


def test_what_has_no_place_in_the_report_stands_at_its_end(page, tmp_path):
    bare = [prose("# A"), cell("h", {"text/html": OURS}, tags=["proof"], metadata=MARK)]
    text = report(page, tmp_path, prose("Mine.", "report"), prose("Found.", "finding"), cells=bare)
    assert text.index("Ours.") < min(text.index("Mine."), text.index("Found."))


def test_what_only_the_consultant_is_told_is_not_in_the_report(page, tmp_path):
    text = report(page, tmp_path, cell("p", {"image/png": PNG}, tags=["report"]))
    assert "Added by the consultant" in text and "# alt" not in text and "Your own" not in text


def test_in_the_reports_own_notebook_only_what_is_tagged_is_reported(page):
    table = {"text/html": "<table><tr><td>secret</td></tr></table>"}
    assert "secret" not in page_of(page, cell("t", table), kind="report")[0]
    assert "secret" in page_of(page, cell("t", table, tags=["appendix"]), kind="report")[0]


def test_what_is_kept_is_text_that_a_later_run_reads(page, tmp_path):
    report(page, tmp_path, prose("Mine.", "report"))
    (path,) = tmp_path.glob("own_*.json")
    assert path.stem == f"own_{STEP}" and json.loads(path.read_text("utf-8"))["cells"]


# Drawn and gated as a cell shows them


def test_a_figure_of_ones_own_is_drawn_twice_and_follows_a_dark_page(page):
    figure, axes = plt.subplots()
    axes.bar([f"a long name {i}" for i in range(8)], range(8), color="#0b4f8f")
    axes.tick_params(labelcolor="#1b2026")
    html, mark = figure_html(page, figure)
    assert mark == {"cxlib": "figure"} and html.count("data:image/svg") == 2
    widths = [int(width) for width in re.findall(r'width="(\d+)"', html)]
    assert widths[0] <= 370 < widths[1], "the phone's, then the desk's"
    assert 'class="own"' in html and axes.get_xticklabels()[0].get_rotation() == 90
    axes.set_title("in red", color="red")
    assert 'class="own light"' in figure_html(page, figure)[0], "as it was meant: on white"
    plt.close(figure)


def test_a_table_with_a_base_passes_the_gate(page):
    rows = pd.DataFrame({"group": [*"abc"], "n": [50, 4, 8], "mean": [5.0, 1.25, 2.75]})
    html, mark = table_html(page, rows)
    assert mark == {"cxlib": "page"} and "1.25" not in html and html.count("too few answers") >= 2
    assert "1.25" in table_html(page, rows.rename(columns={"mean": "hers"}).drop(columns="n"))


SIX = re.compile(r"\d\.\d{3}")  # finer than any score or share that the gate lets through


@pytest.fixture(scope="module")
def kiosk():
    return open_page(cx.read_client("kiosk", DATA))


@pytest.mark.parametrize("made", [
    lambda g: g.drop(columns="n"), lambda g: g.drop(columns="n").style.format(precision=6),
    lambda g: g.set_index("dimension")[["gap"]], lambda g: g[["gap", "experience"]].iloc[:3],
])  # fmt: skip
def test_a_table_of_ours_is_gated_without_its_base_and_in_a_styler(kiosk, made):
    given = made(cx.gaps(kiosk.case))
    frame = getattr(given, "data", given)
    html, mark = table_html(kiosk, frame, None if frame is given else given)
    assert mark == {"cxlib": "page"} and not SIX.search(html)
    # 207 people answered from 1 to 7: a gap is told to one decimal (docs/disclosure.md).
    least = frame["gap"].min()
    assert SIX.search(str(least)) and f"{abs(least):.1f}" in html


def test_a_table_that_is_partly_hers_is_rounded_and_says_that_it_is_not_checked(kiosk):
    hers = cx.gaps(kiosk.case).groupby("dimension")["gap"].mean().reset_index().assign(shop="a")
    assert SIX.search(hers._repr_html_()) and not SIX.search(table_html(kiosk, hers))


def test_a_group_of_few_is_withheld_without_its_base(tmp_path):
    from tests.page.test_deck import FEW, bakery

    page = open_page(cx.read_client(bakery(tmp_path / "b").name, tmp_path))
    own = pd.DataFrame({"segment": ["老客", "新客", FEW], "experience": [5.1234, 6.1234, 1.2345]})
    html, _ = table_html(page, own)
    assert "1.2" not in html and "6.1" not in html, "nor what would give it away"
    # Of 80 people on a scale of ten points one moves a mean by 0.113: told in steps of 0.2, and 5.1 is none.
    alone, _ = table_html(page, own.head(1).assign(experience=5.0999))
    assert re.findall(r">(\d\.\d)<", alone) == ["5.0"]


@pytest.mark.parametrize("write", [str, repr, pd.DataFrame.to_string, pd.DataFrame.to_html,
                                   lambda g: str(g["gap"]), lambda g: g["gap"].to_string()])  # fmt: skip
def test_what_is_printed_of_a_table_of_ours_is_no_finer_than_the_gate(kiosk, monkeypatch, write):
    found = cx.gaps(kiosk.case).set_index("dimension")[["segment", "gap"]]
    assert SIX.search(write(found))
    for kind, name in WRITTEN:
        monkeypatch.setattr(kind, name, as_gated(kiosk, getattr(kind, name)))
    # What `write` was bound to before is what pandas had.
    again = getattr(pd.DataFrame, write.__name__, write)(found)
    assert not SIX.search(again) and "-1.7" in again.replace("−", "-")
    assert "12.3456" in str(pd.DataFrame({"staff": [12.3456]})), "her own numbers are hers"
