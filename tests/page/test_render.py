import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import nbformat.v4 as v4
import pandas as pd
import pytest

from cxlib.analysis.verdict import Verdict
from cxlib.page import findings, index_page, open_page, render_notebook
from cxlib.page.findings import leading_findings, wishes_html
from cxlib.page.language import Language
from cxlib.page.render import markdown_sentences, translate_markdown


def shows(html, *tags):
    output = v4.new_output("display_data", {"text/html": html, "text/plain": ""})
    return v4.new_code_cell("page.show()", outputs=[output], metadata={"tags": list(tags)})


def silent(*tags):
    return v4.new_code_cell("page.figure('waves', None)", metadata={"tags": list(tags)})


def prose(text, *tags):
    return v4.new_markdown_cell(text, metadata={"tags": list(tags)})


def notebook(*cells):
    return v4.new_notebook(cells=list(cells))


def hashed(text):
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


HEADLINE = '<p class="headline">A finding.</p>'


def test_the_policy_names_the_one_style_and_nothing_else(page, cost):
    from cxlib.page.whatif import whatif_churn

    board = whatif_churn(page, page.case.churn_inputs, 50_000_000)
    html = render_notebook(notebook(prose("# A"), shows(board)), page.case, "report")
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1].replace("&#39;", "'")
    (style,) = re.findall(r"<style>(.*?)</style>", html, flags=re.S)
    scripts = re.findall(r"<script>(.*?)</script>", html, flags=re.S)
    assert len(scripts) == 2  # what moves the sliders, and what copies
    assert policy.startswith("default-src 'none'; img-src data:; ")
    assert f"style-src {hashed(style)};" in policy
    assert f"script-src {' '.join(map(hashed, scripts))};" in policy
    assert "unsafe" not in policy


def test_a_page_without_sliders_runs_no_script(page):
    html = render_notebook(notebook(prose("# A")), page.case, "report")
    assert "<script" not in html and "script-src &#39;none&#39;" in html


@pytest.mark.parametrize("kind", ["report", "consultant"])
def test_a_page_has_no_address_no_inline_style_and_no_handler(page, drawn, kind):
    cells = [prose("# A"), *map(shows, drawn.values())]
    html = render_notebook(notebook(*cells), page.case, kind)
    body = html[html.index("<body") :]
    assert not re.search(r"(?:src|href|srcset)=\"(?!data:|#)", body)
    assert not re.search(r"<[^>]+ style=|<[^>]+ on[a-z]+=", body)
    assert not re.search(r"https?://", html)
    assert html.count(' alt="') == len(drawn)


def test_the_report_has_no_code_and_the_consultant_folds_it(page):
    book = notebook(prose("# A"), v4.new_code_cell("secret = '<b>'"), shows(HEADLINE))
    assert "secret" not in render_notebook(book, page.case, "report")
    folded = render_notebook(book, page.case, "consultant")
    assert '<details class="code"><summary>Code</summary><pre><code>secret' in folded
    assert "&lt;b&gt;" in folded and "<b>" not in folded


def test_an_unknown_kind_is_refused(page):
    with pytest.raises(ValueError, match="'report' or 'consultant'"):
        render_notebook(notebook(), page.case, "slides")


def test_a_name_full_of_markup_is_only_text(case, nasty):
    html = render_notebook(notebook(prose("# A")), case(title=nasty), "report")
    assert "<script" not in html
    assert html.count("&lt;script&gt;alert(1)&lt;/script&gt; &amp; Söhne 有限公司") == 2


def test_tagged_cells_become_sections(page):
    book = notebook(
        prose("# A"),
        shows(HEADLINE, "story"),
        prose("## Found", "finding"),
        shows(HEADLINE, "finding"),
        shows("<figure></figure>", "finding"),
        shows(HEADLINE, "finding"),
        prose("## Steps"),
        shows("<p>x</p>"),
    )
    html = render_notebook(book, page.case, "report")
    assert re.findall(r'<section class="(\w+)">', html) == ["story", "finding", "finding"]
    assert html.count("<section") == html.count("</section>")


def test_the_contents_come_from_the_headings(page):
    book = notebook(prose("# A"), prose("## One"), prose("## Two & more"), prose("## Three"))
    html = render_notebook(book, page.case, "report")
    nav = re.search(r'<nav class="toc".*?</nav>', html, flags=re.S)[0]
    targets = re.findall(r'href="#([^"]+)"', nav)
    assert len(targets) == 3 and all(f'id="{target}"' in html for target in targets)
    assert "Two &amp; more" in nav and "¶" not in html


def test_a_report_leaves_out_a_heading_with_nothing_under_it(page):
    book = notebook(
        prose("# A"),
        prose("## Wave by wave\n\nSome words."),
        silent(),
        shows('<p class="headline thin">There is only one wave.</p>'),
        prose("## Kept"),
        shows(HEADLINE),
        prose("## Only words"),
    )
    report = render_notebook(book, page.case, "report")
    assert "Wave by wave" not in report and "Some words" not in report
    assert "only one wave" not in report
    assert "Kept" in report and "Only words" in report
    assert "Wave by wave" in render_notebook(book, page.case, "consultant")


def test_a_report_leaves_out_a_heading_whose_word_is_said_above(page):
    pointer = '<p class="evidence pointer"><a href="#finding-1">This stands above.</a></p>'
    book = notebook(
        prose("# A"),
        prose("## Said above"),
        shows(pointer),
        prose("## Said, and more"),
        shows(pointer),
        shows(HEADLINE),
    )
    report = render_notebook(book, page.case, "report")
    assert "Said above" not in report and "This stands above." not in report
    assert "Said, and more" in report
    assert "Said above" in render_notebook(book, page.case, "consultant")


def test_the_notebooks_title_gives_way_to_the_reports(page):
    book = notebook(prose("# 9 · The executive report\n\nFor us."), shows("<h1>For them</h1>"))
    html = render_notebook(book, page.case, "report")
    assert html.count("<h1") == 1 and "For us" not in html
    assert "<title>For them – Meisu Electronics</title>" in html


def test_rendering_changes_nothing_in_the_notebook(page):
    book = notebook(prose("# A"), shows(HEADLINE, "story"))
    before = book.copy()
    render_notebook(book, page.case, "report")
    assert book == before and "cx_before" not in str(book)


def test_prose_is_translated_by_paragraph():
    text = "## Where to spend\n\nSome words that nobody\ntranslated.\n\n- Code\n- Report"
    said = translate_markdown(text, Language("zh-Hans"))
    assert said == "## 钱花在哪里\n\nSome words that nobody translated.\n\n- 代码\n- 报告"
    assert markdown_sentences("1. One\n2. Two") == [("1. ", "One"), ("2. ", "Two")]


def test_the_language_is_named(case):
    html = render_notebook(notebook(prose("# A")), case("zh-Hant"), "report", date="2026-11-21")
    assert '<html lang="zh-Hant">' in html and "2026年11月21日" in html


def test_the_clients_logo_and_colour(case, tmp_path):
    (tmp_path / "logo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    client = replace(case(logo="logo.svg", colour="#aa0055"), folder=tmp_path)
    html = render_notebook(notebook(prose("# A")), client, "report")
    assert '<img src="data:image/svg+xml;base64,' in html and "--accent:#aa0055" in html


def told(decision, amount=None, **said):
    verdict = {"ask": {"decision": decision}, "stake": {"amount": amount}, "rests": {}}
    verdict["answer"] = {"answered": 2}
    stake = ["At stake a year", f"HKD {amount}", "assumed"] if amount else None
    return verdict | {"said": {"answer": f"To {decision} it.", "stake": stake, **said}}


ROWS = [
    {"client": "d", "status": "complete", "verdict": told("none")},
    {"client": "b", "status": "complete", "verdict": told("refuse", 5)},
    {
        "client": "a",
        "title": "A & <b>",
        "status": "complete",
        "link": "a/report.html",
        "date": "2026-11-21",
        "verdict": told("approve", 3, fix=["Fix", "Price", "1 point short"]),
    },
    {"client": "c", "status": "failed", "reason": "c/scores.csv: no rows"},
    {"client": "e", "status": "complete", "verdict": {}},
]


def test_clients_side_by_side_as_their_verdicts_stand():
    html = index_page(ROWS)
    # Never by amount: those of b are larger than those of a.
    assert re.findall(r'scope="row" data-sort="(\w)"', html) == ["c", "a", "b", "d", "e"]
    assert "c/scores.csv: no rows" in html and "A &amp; &lt;b&gt;" in html
    assert '<a href="a/report.html">' in html
    assert "To approve it." in html and "Price <small>1 point short</small>" in html
    assert "HKD 5 <small>assumed</small>" in html
    assert html.count(">2 of 5 answered") == 3, "and none is called complete"
    assert html.count('<th scope="col"') == 7


def test_no_clients_is_still_a_page():
    assert "<tbody>" in index_page([])


@pytest.mark.parametrize("kind", ["report", "consultant"])
def test_made_up_data_are_called_so_on_top_of_every_page(case, kind):
    said = {}
    for synthetic in (True, False):
        html = render_notebook(notebook(prose("# A")), case(synthetic=synthetic), kind)
        said[synthetic] = html[html.index("<body") :]
    assert said[True].index('<aside class="banner">') < said[True].index("<header")
    assert "banner" not in said[False]


@pytest.mark.parametrize("kind", ["report", "consultant"])
def test_the_clients_own_caution_stands_at_the_foot_of_every_page(case, kind):
    own = [{"en": "Another company's costs."}, {"en": "A convenience sample."}]
    html = render_notebook(notebook(prose("# A")), case(cautions=own), kind)
    assert "A convenience sample." in html[html.index("</main>") :]


@pytest.mark.parametrize(
    ("lacks", "first"),
    [
        (("complaints", 1.0, "none"), ["complaints", "initiatives", "codebook"]),
        (("leave", None, "none"), ["customers", "initiatives", "codebook"]),
        (("disputes", None, "defer"), ["codebook", "customers", "initiatives"]),
    ],
)
def test_what_a_verdict_lacks_is_wished_for_first(page, monkeypatch, lacks, first):
    code, amount, decision = lacks
    found = Verdict({}, {}, {}, {"amount": amount}, {"decision": decision}, {"code": code}, {})
    monkeypatch.setattr(findings, "verdict", lambda case: found)
    names = ["codebook", "complaints", "customers", "initiatives", "kpis"]
    html = wishes_html(
        page, pd.DataFrame({"table": names, "unlocks": [f"tells {n}" for n in names]})
    )
    assert re.findall(r"tells (\w+)", html)[:3] == first


def test_no_more_than_three_wishes_are_spelled_out(page):
    missing = pd.DataFrame(
        {
            "table": ["brand_values", "customers", "initiatives", "performance", "kpis"],
            "unlocks": [f"what {name} tell" for name in "abcde"],
        }
    )
    html = wishes_html(page, missing)
    shown, folded = html.split("<details>")
    # What would change the decision comes first.
    assert [shown.count(f"what {name} tell") for name in "abcde"] == [0, 1, 1, 1, 0]
    assert folded.count("<li>") == 2 and "2 more" in folded
    assert "<details>" not in wishes_html(page, missing.head(3))
    assert wishes_html(page, missing.head(0)) == ""


def test_a_figure_among_the_findings_is_not_drawn_again(page, gaps, monkeypatch):
    shown = []
    monkeypatch.setattr(type(page), "_put", lambda page, html, text: html and shown.append(html))
    fresh = open_page(page.case)
    found = leading_findings(gaps)
    fresh.finding(found, 0)
    fresh.figure("gap_chart", gaps)
    fresh.figure("gap_chart", gaps.head(3))
    assert [html.count("<img") for html in shown] == [1, 0, 1]
    anchor = re.search('href="#([^"]+)"', shown[1])[1]
    assert f'id="{anchor}"' in shown[0]
    fresh.headline("experience", gaps)  # pointed to already
    assert len(shown) == 3
    fresh.headline("experience", gaps.head(3))
    assert "headline" in shown[3]


def test_controls_stand_on_no_page_and_neither_does_their_heading():
    cells = [
        v4.new_markdown_cell("# Step"),
        v4.new_markdown_cell("## Kept\n\nWith its prose."),
        v4.new_code_cell("nothing()"),
        v4.new_markdown_cell("## What if?\n\nMove a slider."),
        v4.new_code_cell("cx.explore(page, 'ideal')", metadata={"tags": ["controls"]}),
    ]
    html = render_notebook(v4.new_notebook(cells=cells), "en", kind="consultant")
    assert "Kept" in html and "What if?" not in html and "explore" not in html
