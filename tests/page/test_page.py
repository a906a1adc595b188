import base64
import re
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock, get_ident

import numpy as np
import pandas as pd
import pytest

from cxlib.page import open_page
from cxlib.page.drawing import picture
from cxlib.page.language import Language
from cxlib.page.page import Page
from cxlib.page.tables import table_html


def html(page, table, *args, **words):
    return table_html(page.gate(table), page, *args, **words)


def test_heads_and_rows_say_what_they_are(page, gaps):
    found = html(page, gaps, ["dimension", "experience", "gap"], caption="Against the ideal.")
    assert found.count('<th scope="col"') == 3
    assert found.count('<th scope="row"') == 6
    assert "<caption><span>Against the ideal.</span></caption>" in found
    assert '<td class="n">−5.0</td>' in found
    assert 'tabindex="0"' in found, "a scrolling box must be reached by keyboard"


def test_money_says_its_currency_and_an_estimate_no_more_than_is_known(page):
    plan = pd.DataFrame({"initiative": ["a"], "cost": [420_500.0], "benefit": [728_316.0],
                         "benefit_low": [415_826.0], "benefit_high": [1_190_950.0], "unit": "money"})  # fmt: skip
    found = html(page, plan, ["initiative", "cost", "benefit"])
    assert "Cost, HKD" in found and "Benefit, HKD" in found
    assert ">420,500<" in found  # what it costs is stated, to the unit
    assert "730,000 <small>420,000 to 1,200,000</small>" in found
    points = html(page, plan.assign(unit="points"), ["initiative", "benefit"])
    assert "Benefit, HKD" not in points


def test_a_blank_is_a_dash(page, gaps):
    found = html(page, gaps, ["dimension", "importance"])
    assert found.count('<td class="n">–</td>') == 5 and '<td class="n">9.0</td>' in found


def test_the_key_experience_stands_out(page, gaps):
    found = html(page, gaps, ["dimension", "experience", "key_experience"])
    assert found.count('<tr class="key">') == 1


def test_data_cannot_become_markup(page, nasty):
    table = pd.DataFrame({nasty: [nasty], "share": [0.5]})
    found = html(page, table, caption=nasty)
    assert "<script" not in found
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; Söhne 有限公司" in found


def test_a_withheld_row_shows_no_number(page, items):
    found = html(page, items, ["item", "n", "experience", "satisfaction"])
    row = next(row for row in found.split("<tr") if "i23" in row)
    assert row.count("too few answers") == 3
    assert "6.9" not in row  # its experience, 5 + 23/12
    assert 'class="small_base"' in found and "fewer than 30 answers" in found


def test_an_interval_stands_beside_its_number(page, items):
    found = html(page, items.head(2), ["item", "experience"])
    assert "5.0 <small>4.8 to 5.2</small>" in found
    assert "experience_low" not in html(page, items.head(2))


def test_by_default_what_is_behind_the_numbers_stays_in_the_files(page, items):
    found = html(page, items)
    assert "Effective base" not in found and "Customers" not in found
    assert html(page, items, ["item", "n_eff"]).count('<th scope="col"') == 2


def test_a_long_table_says_what_it_leaves_out(page):
    table = pd.DataFrame({"reason": [f"reason {i}" for i in range(75)], "mentions": range(75)})
    found = html(page, table)
    assert found.count("<tr>") - 1 == 60 and "The first 60 of 75 rows" in found


@pytest.mark.parametrize(
    ("kind", "value", "said"),
    [
        ("share", 0.098252, "9.8%"),
        ("share", 0.61, "61%"),
        ("share", 0.6137, "61%"),
        ("share", 1.0, "100%"),
        ("share", 0.004, "0.4%"),
        ("money", 4_912_600.0, "4,912,600"),
        ("p", 0.9999, "over 99%"),
        ("p", 0.001, "under 1%"),
        ("p", 0.42, "42%"),
        ("yes", np.bool_(True), "yes"),
        ("yes", False, ""),
        ("yes", pd.NA, ""),
        ("yes", None, ""),
        ("mark", "assumption", "assumed"),
        ("score", np.nan, "–"),
        ("signed", 2, "+2.0"),
        ("growth", 0.5, "+50%"),
    ],
)
def test_values_as_a_reader_sees_them(page, kind, value, said):
    assert page.write(value, kind) == said


def test_files_are_gated_and_plain(tmp_path, case, items):
    page = open_page(case(), str(tmp_path))
    page.publish("own_items", items.assign(known=[True] * 23 + [None]))
    file = tmp_path / "meisu" / "results" / "own_items.csv"
    written = pd.read_csv(file, dtype=str, keep_default_na=False)
    assert written["key_experience"].tolist()[:2] == ["true", "false"]
    last = written.iloc[23]
    assert last["flag"] == "withheld" and last["experience"] == "" and last["n"] == ""
    assert last["known"] == ""
    assert float(written["experience"][1]) == 5.1  # 10 points ÷ 211 people: one decimal
    exact = tmp_path / "meisu" / "private" / "own_items.csv"
    assert float(pd.read_csv(exact)["experience"][1]) == 5 + 1 / 12
    assert exact.stat().st_mode & 0o777 == 0o600
    assert exact.parent.stat().st_mode & 0o777 == 0o700
    assert written["n"][0] == "211"  # people are whole
    assert b"\r" not in file.read_bytes()


def test_looking_on_in_jupyterlab_writes_nothing(tmp_path, case, items, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "x.ipynb")
    monkeypatch.delenv("CX_BATCH", raising=False)
    open_page(case(), str(tmp_path)).publish("own_items", items)
    assert not list(tmp_path.iterdir())
    monkeypatch.setenv("CX_BATCH", "1")
    open_page(case(), str(tmp_path)).publish("own_items", items)
    assert list(tmp_path.rglob("own_items.csv"))


def test_one_output_with_words_for_those_who_read_text(page, gaps, monkeypatch):
    shown = []
    monkeypatch.setattr("IPython.display.display", lambda data, raw, metadata: shown.append(data))
    page.figure("gap_chart", gaps)
    page.headline("key_experience", gaps)
    page.table(None)
    page.table(gaps.head(0))
    assert [sorted(data) for data in shown] == [["text/html", "text/plain"]] * 2


def test_targets_are_named_to_the_gate(case):
    page = open_page(case(target_segments=["new"]))
    table = pd.DataFrame(
        {
            "dimension": "price",
            "segment": ["all", "target", "new", "old", "vip"],
            "n": [300, 200, 200, 94, 6],
            "experience": [5.0, 5, 5, 6, 7],
        }
    )
    assert page.gate(table).set_index("segment").loc["vip", "flag"] == "withheld"
    assert page.focus == "target"


def test_the_clients_words_are_used_and_common_ones_translated(case):
    page = open_page(case("zh-Hans", labels={"convenience": "Convenience", "x": "Foyer"}))
    assert page.label("dimension", "convenience") == "便利性"
    assert page.label("dimension", "x") == "Foyer"
    assert page.label("segment", "all") == "全部客户"


def test_a_segment_that_has_a_code_s_name_keeps_the_client_s_word(case):
    page = open_page(case(labels={"existing": "Existing customers"}))
    assert page.label("segment", "existing") == "Existing customers"
    assert page.label("segment", "other") == "other", "and not: other sectors, published"
    assert page.label("segment", "all") == "all customers"
    assert page.label("segment", "target") == "target customers"


class Watched:
    """A lock that says when somebody else than its first owner wants it."""

    def __init__(self, wanted):
        self.lock, self.first, self.wanted = Lock(), None, wanted

    def __enter__(self):
        self.first = self.first or get_ident()
        if get_ident() != self.first:
            self.wanted.set()
        self.lock.acquire()

    def __exit__(self, *_):
        self.lock.release()


def test_two_figures_drawn_at_once_are_what_they_are_alone(case, samples, monkeypatch):
    # The second begins while the first is under way, and, were it let in, ends after it: each would
    # draw with the other's fonts, or with matplotlib's own settings.
    drawings = [
        (open_page(case(language=tag)).drawing(name, *samples[name]), Language(tag))
        for tag, name in (("en", "gap_chart"), ("zh-Hant", "churn_tree"))
    ]
    alone = [picture(draw, language) for draw, language in drawings]
    begun, met, done = Event(), Event(), Event()
    monkeypatch.setattr("cxlib.page.drawing.DRAWING", Watched(met))

    def first(sheet):
        begun.set()
        assert met.wait(60), "the second neither waits nor draws"
        return drawings[0][0](sheet)

    def second(sheet):
        met.set()
        assert done.wait(60), "the first never ends"
        return drawings[1][0](sheet)

    with ThreadPoolExecutor(2) as threads:
        one = threads.submit(picture, first, drawings[0][1], phone=False)
        one.add_done_callback(lambda _: done.set())
        assert begun.wait(60)
        two = threads.submit(picture, second, drawings[1][1], phone=False)
        at_once = [one.result(), two.result()]
    assert [svg_of_desk(html) for html in at_once] == [svg_of_desk(html) for html in alone]


def svg_of_desk(html) -> str:
    return base64.b64decode(
        re.search(r'src="data:image/svg\+xml;base64,([^"]+)"', html)[1]
    ).decode()


@pytest.mark.parametrize(
    "columns, head",
    [
        ({"dimension": ["product"], "gap": [1.0]}, "Answers"),
        ({"tier": ["top"], "contact_mode": ["pooled"]}, "Customers counted"),
        ({"response": ["explanation"], "cases": [60], "disputed": [0.4]}, "Cases counted"),
        ({"reason": ["near"], "mentions": [40]}, "Mentions counted"),
        ({"contact_mode": ["visit"], "outcome": ["sold"]}, "Contacts counted"),
        ({"kpi": ["on time"], "value": [0.9]}, "Out of"),
        ({"kind": ["too_fast"], "about": ["experience"]}, "People counted"),
    ],
)
def test_the_heading_of_a_base_says_what_it_counts(page, columns, head):
    found = html(page, pd.DataFrame({**columns, "n": 60}))
    assert f'<th scope="col" class="n">{head}</th>' in found


def test_a_misspelt_column_or_result_is_refused_with_the_nearest_right_name(page, gaps):
    with pytest.raises(KeyError, match="'expereince': Did you mean 'experience'"):
        page.table(gaps, ["dimension", "expereince"])
    with pytest.raises(KeyError, match="'importence': Did you mean 'importance'"):
        page.table(gaps, {"importence": "How it matters"})
    with pytest.raises(KeyError, match="'gaps': Did you mean 'gap'"):
        page.publish("gaps", gaps)
    page.publish("own_gaps", gaps)  # a table of the consultant's own
    page.table(gaps, ["dimension", "payback", "experience"])  # ours, and absent here: left out


def test_the_sliders_start_from_the_shares_and_the_revenue_they_are_given(
    page, inputs, monkeypatch
):
    shown = []
    monkeypatch.setattr(Page, "_put", lambda _, html, text: shown.append(html))
    other = inputs.assign(share=inputs["share"].mask(inputs["input"].eq("negative"), 0.28))
    page.whatif_churn(other, 1_000)
    assert '"negative": 0.28' in shown[-1] and '"revenue": 1000.0' in shown[-1]
    with pytest.raises(KeyError, match="no such column of these shares: 'input'"):
        page.whatif_churn(pd.DataFrame({"view": ["gross"]}))
