import base64
import re

import numpy as np
import pandas as pd
import pytest

from cxlib.page import open_page
from cxlib.page.drawing import Sheet, keep_inside
from cxlib.page.figures import FIGURES
from cxlib.page.figures.labels import spread
from cxlib.page.language import Language
from cxlib.sums.gap import worst_first


def svgs(html):
    """The wide and the narrow drawing of a figure, as text."""
    found = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", html)
    narrow, wide = [base64.b64decode(data).decode() for data in found]
    return [wide, narrow]


def alt(html):
    return re.search(r' alt="([^"]*)"', html)[1]


def test_who_is_still_a_customer_is_told_at_a_stay_that_both_groups_have_had(page, samples):
    table = samples["survival"][0].assign(flag=["", "small_base", "", ""])
    # At 12 months those who complained are few; at 6 both are many: .8 and .9.
    said = alt(page.figure_html("survival", table))
    assert "complained: 80% after 6 months" in said and "90% after 6 months" in said
    assert "after 12" not in said and "after 12" in alt(
        page.figure_html("survival", *samples["survival"])
    )


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_figure_is_drawn_twice_and_says_what_it_shows(drawn, name):
    html = drawn[name]
    assert re.match("<figure[^>]*><picture>", html) and 'media="(max-width: 600px)"' in html
    assert len(alt(html)) > 30 and re.search(r"\d", alt(html)), "the words carry the numbers"
    assert "{" not in alt(html)
    wide, narrow = svgs(html)
    assert 'viewBox="0 0 960' in wide and 'viewBox="0 0 360' in narrow


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_figure_asks_for_nothing_and_follows_light_and_dark(drawn, name):
    for svg in svgs(drawn[name]):
        addresses = set(re.findall(r"https?://[^\"' )<]+", svg))
        assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
        assert "prefers-color-scheme:dark" in svg
        assert not re.search(r"<[^>]*#[0-9a-f]{6}", svg), "every colour has a name"


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_a_phone_shows_no_letter_smaller_than_11_pixels(drawn, name):
    narrow = svgs(drawn[name])[1]
    sizes = [float(size) for size in re.findall(r"font-size:([\d.]+)px", narrow)]
    assert sizes and min(sizes) >= 11


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_words_stay_inside_the_drawing(drawings, name):
    _, sheets = drawings[name]
    assert len(sheets) >= 2, "wide and narrow"
    for sheet in sheets:
        assert not list(outside(sheet))


def outside(sheet):
    """Words that would be cut off at an edge of the sheet (a pixel of grace)."""
    from matplotlib.text import Text

    renderer = sheet.fig.canvas.get_renderer()
    unseen = {
        id(tick.label1)
        for ax in sheet.fig.axes
        for axis in (ax.xaxis, ax.yaxis)
        for tick in axis.get_major_ticks()
        if not min(axis.get_view_interval()) <= tick.get_loc() <= max(axis.get_view_interval())
    }
    for text in sheet.fig.findobj(Text):
        if text.get_text().strip() and text.get_visible() and id(text) not in unseen:
            box = text.get_window_extent(renderer)
            if box.x0 < -1 or box.y0 < -1 or box.x1 > sheet.width + 1 or box.y1 > sheet.height + 1:
                yield text.get_text()


def test_the_same_tables_give_the_same_bytes(page, gaps):
    assert page.figure_html("gap_chart", gaps) == page.figure_html("gap_chart", gaps)


def test_a_long_survey_is_drawn_whole(page, items):
    wide, narrow = svgs(page.figure_html("gap_chart", items))
    for svg in (wide, narrow):
        assert svg.count(">i") == 23  # all names but the long one
        assert "exactly as intended" in svg


def test_a_withheld_number_is_nowhere_in_the_figure(page, items):
    html = page.figure_html("gap_chart", items)
    secret = f"{items['satisfaction'].iloc[23]:.2f}".replace("-", "−")
    assert secret == "−0.08"
    shown = "".join(svgs(html))
    assert "too few answers" in shown
    assert secret not in shown and secret not in alt(html)


def test_worst_weighted_first_and_unknown_last(gaps):
    assert worst_first(gaps)["dimension"].tolist()[:2] == ["convenience", "product"]
    assert worst_first(gaps)["weighted_satisfaction"].isna().tolist() == [False] + [True] * 5


@pytest.mark.parametrize(("language", "words"), [("zh-Hans", "体验"), ("zh-Hant", "體驗")])
def test_chinese_figures_bring_their_glyphs(case, gaps, language, words):
    page = open_page(case(language, title="有限公司"))
    wide, narrow = svgs(page.figure_html("gap_chart", gaps))
    for svg in (wide, narrow):
        assert words in svg and "@font-face" in svg
        data = re.search(r"url\(data:font/woff;base64,([^)]+)\)", svg)[1]
        assert glyphs(base64.b64decode(data)) >= set(words) | set("便利性")


def glyphs(woff):
    """The characters a font can draw."""
    import io

    from fontTools.ttLib import TTFont

    return {chr(code) for code in TTFont(io.BytesIO(woff)).getBestCmap()}


def test_a_korean_name_is_left_to_the_readers_fonts(case, gaps):
    page = open_page(case(labels={"convenience": "편의성 & <b>"}))
    wide = svgs(page.figure_html("gap_chart", gaps))[0]
    assert "편의성 &amp; &lt;b&gt;" in wide


def test_english_clients_do_not_load_a_chinese_font(case, gaps):
    svg = svgs(open_page(case()).figure_html("gap_chart", gaps))[0]
    assert "@font-face" not in svg


@pytest.mark.parametrize("name", sorted(FIGURES))
def test_nothing_to_show_is_no_figure(page, samples, name):
    options = {"bars": {"value": "mentions", "label": "reason"}}.get(name, {})
    assert page.figure_html(name, None, **options) == ""
    assert page.figure_html(name, samples[name][0].head(0), **options) == ""


@pytest.mark.parametrize("name", ["gap_chart", "importance_performance_map", "satisfaction"])
def test_all_blank_is_no_figure(page, gaps, name):
    numbers = gaps.select_dtypes("number").columns
    assert page.figure_html(name, gaps.assign(**dict.fromkeys(numbers, np.nan))) == ""


def test_the_tree_shows_the_printed_amounts(drawn):
    # The method, §3: 61,600 and "almost five million".
    for svg in svgs(drawn["churn_tree"]):
        assert "HKD 61,600" in svg and "HKD 4.85 million" in svg
    assert "Leave without a word HKD 4.85 million" in alt(drawn["churn_tree"])


def test_a_tree_without_ranges_or_without_complaints_is_drawn(page, cost):
    bare = cost.drop(columns=["amount_low", "amount_high"])
    none = bare.assign(amount=bare["amount"].where(~bare["branch"].str.startswith("compl"), 0.0))
    assert page.figure_html("churn_tree", bare) and page.figure_html("churn_tree", none)


def test_an_unknown_figure_names_those_there_are(page, gaps):
    with pytest.raises(KeyError, match="gap_chart"):
        page.figure_html("gap_chrat", gaps)


def test_labels_are_spread_without_touching_or_leaving():
    centres = spread([10, 12, 300], [40, 40, 40], 0, 310)
    assert centres[1] - centres[0] >= 40 and centres[0] >= 20 and centres[-1] <= 290


def test_lines_are_no_longer_than_their_room():
    sheet = Sheet(Language("en"), narrow=True, fonts=["DejaVu Sans"])
    text = sheet.wrap("Reflects the choices the user made exactly as intended", 150)
    assert all(sheet.text_width(line) <= 150 for line in text.split("\n"))
    assert sheet.wrap("客户满意度权重", 40).count("\n") >= 1
    assert sheet.wrap("word " * 40, 100, lines=2).endswith("…")


def test_pandas_tables_are_not_changed(page, gaps):
    before = gaps.copy()
    page.figure_html("gap_chart", gaps)
    pd.testing.assert_frame_equal(gaps, before)


def test_without_expectation_the_ideal_is_what_is_missed(page, gaps):
    derived = gaps.assign(
        expectation=np.nan,
        satisfaction=np.nan,
        importance=np.nan,
        derived=0.2,
        weighted_satisfaction=np.nan,
        priority=gaps["gap"] * 0.2,
    )
    wide = svgs(page.figure_html("gap_chart", derived))[0]
    assert "Gap to ideal" in wide and "Derived" in wide and "−5.0" in wide
    assert "expectation" not in alt(page.figure_html("gap_chart", derived))
    wide = svgs(page.figure_html("importance_performance_map", derived))[0]
    assert "Gap: experience − ideal" in wide and "Derived importance" in wide


@pytest.mark.parametrize("name", ["bars", "cost_views", "levers", "satisfaction", "tornado"])
def test_on_a_phone_no_upright_line_runs_through_the_words(page, samples, name, monkeypatch):
    sheets, begin = [], Sheet.begin
    monkeypatch.setattr(Sheet, "begin", lambda s, height: (begin(s, height), sheets.append(s)))
    options = {"bars": {"value": "mentions", "label": "reason"}}.get(name, {})
    page.figure_html(name, *samples[name], **options)
    sheet = next(each for each in sheets if each.narrow)
    renderer = sheet.fig.canvas.get_renderer()
    lines = [line for ax in sheet.fig.axes for line in ax.lines]
    ends = [line.get_window_extent(renderer) for line in lines]
    upright = [box for box in ends if box.width < 2 and box.height > 12]
    assert upright
    for text in sheet.fig.texts:
        words = text.get_window_extent(renderer)
        assert not any(words.overlaps(box) for box in upright), text.get_text()


def test_words_at_an_edge_are_moved_back_into_the_sheet():
    sheet = Sheet(Language("en"), narrow=True, fonts=["DejaVu Sans"])
    sheet.begin(200)
    ax = sheet.axes(4, 10, 352, 150)
    ax.set(xlim=(0, 1), xticks=[0, 1], xticklabels=["2024-01", "2026-12"])
    at = {"xytext": (0, 9), "textcoords": "offset points"}
    ax.annotate("1,234,567", (1, 0.5), ha="center", **at)
    assert "1,234,567" in list(outside(sheet))
    keep_inside(sheet)
    assert not list(outside(sheet))


def test_what_a_headline_names_its_figure_names(page, samples):
    kano = pd.concat([samples["kano_plane"][0]] * 6, ignore_index=True)
    far = {"item": [f"i{i}" for i in range(12)], "class": "A", "better": 0.9, "worse": -0.3}
    kano = kano.assign(**far)
    kano.loc[11, ["class", "better", "worse", "p_class"]] = ["M", 0.2, -0.5, 0.99]
    kano[["worse_low", "worse_high"]] = np.nan  # the must stands nearer to indifference
    headline = page.sentence("requirements", kano)
    assert "i11" in headline
    for svg in svgs(page.figure_html("kano_plane", kano)):
        assert ">i11<" in svg


@pytest.mark.parametrize("name", sorted(set(FIGURES) - {"bars"}))  # whose words are its caller's
def test_every_figure_speaks_chinese_and_brings_its_glyphs(case, samples, name):
    html = open_page(case("zh-Hant", title="有限公司")).figure_html(name, *samples[name])
    assert re.search(r"[\u4e00-\u9fff]", alt(html))
    for svg in svgs(html):
        said = set(re.findall(r"[\u4e00-\u9fff]", "".join(re.findall(r"<text[^>]*>([^<]*)", svg))))
        data = re.search(r"url\(data:font/woff;base64,([^)]+)\)", svg)
        assert not said or glyphs(base64.b64decode(data[1])) >= said


def test_how_people_were_asked_is_no_group_of_customers_among_the_groups(page):
    table = pd.DataFrame(
        {"grouping": "segment", "group": [*"abc"], "dimension": "price", "n": 90, "n_rest": 200,
         "difference": [1.0, -0.5, 0.2], "difference_low": -2.0, "difference_high": 2.0,
         "different": True}
    )  # fmt: skip
    asked = table.head(1).assign(grouping="collected_by", group="interviewer", difference=3.0)
    drawn = page.figure_html("segments", pd.concat([table, asked], ignore_index=True))
    assert "interviewer" not in drawn
    assert "interviewer" in page.figure_html("segments", asked)


def test_a_group_too_small_to_speak_of_and_what_may_be_chance_are_not_drawn(page):
    table = pd.DataFrame(
        {"grouping": "segment", "group": ["new", "old", "other"], "measure": "experience",
         "dimension": "price", "n": [25, 200, 180], "n_rest": [190, 103, 113],
         "difference": [-0.7, 0.4, 0.1], "difference_low": [-1.1, 0.1, -0.2],
         "difference_high": [-0.3, 0.7, 0.4], "different": [True, True, False],
         "q": [0.01, 0.02, 0.9]}
    )  # fmt: skip
    said = alt(page.figure_html("segments", table))
    assert "old" in said and "new" not in said and "other" not in said
    enough = alt(page.figure_html("segments", table.assign(n=[180, 200, 180])))
    assert enough.index("−0.7") < enough.index("+0.4")


def sheets_of(monkeypatch, draw):
    """The wide and the narrow sheet that `draw()` draws on."""
    sheets, begin = [], Sheet.begin
    monkeypatch.setattr(Sheet, "begin", lambda s, height: (begin(s, height), sheets.append(s)))
    draw()
    return sheets


def box_of(sheet, words):
    """Where words stand, in pixels from the bottom left."""
    from matplotlib.text import Text

    found = [text for text in sheet.fig.findobj(Text) if text.get_text() == words]
    return found[0].get_window_extent(sheet.fig.canvas.get_renderer())


def test_on_a_phone_the_key_of_the_gap_chart_stands_above_its_first_row(page, gaps, monkeypatch):
    _, narrow = sheets_of(monkeypatch, lambda: page.figure_html("gap_chart", gaps))
    first = box_of(narrow, page.label("dimension", worst_first(gaps)["dimension"][0]))
    for name in ("Experience", "Expectation", "Ideal"):
        assert box_of(narrow, name).y0 > first.y1


def test_the_base_of_four_kinds_of_customers_is_all_of_them(page, samples):
    # 180 + 60 + 100 + 40 customers; the largest cell alone is the base of nothing.
    html = page.figure_html("loyalty_matrix", *samples["loyalty_matrix"])
    assert alt(html).endswith("Base: 380 answers.")


def test_of_kinds_of_customers_that_are_all_withheld_there_is_no_chart(page, samples, monkeypatch):
    matrix = samples["loyalty_matrix"][0].assign(flag=["", "withheld", "", "withheld"])
    few = matrix.assign(share=matrix["share"].where(matrix["flag"].eq("")))
    for sheet in sheets_of(monkeypatch, lambda: page.figure_html("loyalty_matrix", few)):
        assert box_of(sheet, "loyal, not satisfied") and box_of(sheet, "too few answers")
    none = few.assign(share=float("nan"), flag="withheld")
    assert not page.figure_html("loyalty_matrix", none)
    assert page.sentence("loyalty", none) == ""


def test_groups_are_told_in_numbers_to_whoever_cannot_see_them(page):
    table = pd.DataFrame(
        {"grouping": "segment", "group": ["new", "old", "other"], "measure": "experience",
         "dimension": "price", "n": [800, 1025, 900], "n_rest": [1900, 1700, 1800],
         "difference": [0.1, -0.7, 0.3], "difference_low": [-0.2, -1.1, 0.1],
         "difference_high": [0.4, -0.3, 0.5], "different": [False, True, True],
         "q": [0.9, 0.01, 0.02]}
    )  # fmt: skip
    assert alt(page.figure_html("segments", table)) == (
        "Groups against the rest. old · Price −0.70 (−1.10 to −0.30); other · Price +0.30 (+0.10 to "
        "+0.50). Base: 1,025 answers against 1,700."
    )


def test_the_views_of_the_cost_are_told_in_numbers_to_whoever_cannot_see_them(page):
    views = pd.DataFrame(
        {"view": ["gross", "gross", "incremental", "margin"],
         "branch": ["negative", "lost", "lost", "lost"], "amount": [11e6, 4_912_600, 4e6, 1_473_780],
         "amount_low": [9e6, 3.5e6, 4e6, 1e6], "amount_high": [13e6, 6e6, 4e6, 2e6],
         "from": "assumption"}
    )  # fmt: skip
    # The method's loss, 4,912,600, and 30 % of it; what has no width has no range.
    assert alt(page.figure_html("cost_views", views)) == (
        "What is lost in all, view by view. Gross HKD 4.91 million (HKD 3.5 million to HKD 6 "
        "million); Beyond normal churn HKD 4 million; In margin HKD 1.47 million (HKD 1 million to "
        "HKD 2 million)."
    )


def wave_table(measure, means, half):
    waves = [str(2017 + i) for i in range(len(means))]
    table = pd.DataFrame({"wave": waves, "measure": measure, "dimension": "x", "mean": means})
    return table.assign(mean_low=table["mean"] - half, mean_high=table["mean"] + half)


def test_a_small_fall_on_a_long_scale_does_not_look_like_a_collapse(page, monkeypatch):
    table = wave_table("recommend", [8.4, 8.2], 0.06)
    for sheet in sheets_of(monkeypatch, lambda: page.figure_html("waves", table)):
        (ax,) = sheet.fig.axes
        low, high = ax.get_ylim()
        assert high - low >= 2.5 and low >= 0 and high <= 10, "a quarter of 0 to 10"
        written = [float(tick.get_text()) for tick in ax.get_yticklabels()]
        assert (written[0], written[-1]) == pytest.approx((low, high)), "both ends are labelled"


def test_a_line_stays_on_its_scale_and_shows_what_lies_beyond(page, monkeypatch):
    full = wave_table("overall", [9.9, 0.2], 0.1)
    beyond = wave_table("overall", [9.9, 12.2], 0.1)  # a codebook's own scale
    rate = pd.DataFrame({"period": ["1", "2"], "value": [0.97, 0.99]})
    for table, write, ends in (
        (full, "score", (0, 10)),
        (beyond, "score", (9, 13)),
        (rate, "share", (0.7, 1)),
    ):
        sheets = sheets_of(
            monkeypatch, lambda t=table, w=write: page.figure_html("waves", t, write=w)
        )
        shown = sheets[-1].fig.axes[0].get_ylim()
        assert ends[0] <= shown[0] and shown[1] <= ends[1]


def test_the_limits_of_a_line_are_named_on_desk_and_phone_without_touching(
    page, samples, monkeypatch
):
    chart = samples["control_chart"][0]
    for sheet in sheets_of(monkeypatch, lambda: page.figure_html("control_chart", chart)):
        renderer = sheet.fig.canvas.get_renderer()
        named = [
            t for t in sheet.fig.texts if re.match("upper limit|centre|lower limit", t.get_text())
        ]
        # NIST/SEMATECH e-Handbook 6.3.2.2
        assert [re.sub(r"\s", " ", text.get_text()) for text in named] == [
            "upper limit 55.8", "centre 50.8", "lower limit 45.8"
        ]  # fmt: skip
        boxes = [text.get_window_extent(renderer) for text in named]
        assert boxes[0].y0 > boxes[1].y1 - 1 and boxes[1].y0 > boxes[2].y1 - 1


def test_the_ledger_of_the_tree_compares_bad_experience_alone(page, cost, monkeypatch):
    draw = lambda: page.figure_html("churn_tree", cost)  # noqa: E731
    for sheet in sheets_of(monkeypatch, draw):
        (ax,) = sheet.fig.axes
        bars = [line.get_xdata() for line in ax.lines if line.get_linewidth() == 14]
        long = sorted((to - start for start, to in bars), reverse=True)
        # The method, §3: a year's 50 million, of which 22 % are bad experience; 98 % say nothing.
        assert long[:2] == pytest.approx([11e6, 10.78e6]) and ax.get_xlim()[1] < 22e6
        written = [text.get_text() for text in sheet.fig.texts]
        assert written.count("HKD 39 million") == 1 and "HKD 50 million" in written


def crowded(kano):
    """Sixteen requirements, four of them close together at the right, as a real survey had them."""
    worse = [88, 86, 89, 88.5, 80, 74, 64, 56, 53, 53, 54, 64, 65, 69, 75, 50]
    better = [37, 42, 39, 32, 50, 59, 61, 75, 61, 56, 49, 48, 42, 46, 45, 74]
    rows = pd.concat([kano.head(1)] * 16, ignore_index=True)
    rows["item"] = [f"Usable without any help, in words, {i}" for i in range(16)]
    rows["worse"], rows["better"] = -np.array(worse) / 100, np.array(better) / 100
    ends = {"worse_low": rows["worse"] - 0.2, "worse_high": rows["worse"] + 0.2}  # eight tie
    return rows.assign(p_class=np.nan, **ends)


def test_words_on_a_crowded_kano_map_cover_no_point_and_no_other_words(page, samples, monkeypatch):
    kano = crowded(samples["kano_plane"][0])
    wide, _ = sheets_of(monkeypatch, lambda: page.figure_html("kano_plane", kano))
    (ax,), renderer = wide.fig.axes, wide.fig.canvas.get_renderer()
    dots = [line.get_xydata()[0] for line in ax.lines if line.get_marker() == "o"]
    points = ax.transData.transform(dots)
    boxes = [t.get_window_extent(renderer) for t in wide.fig.texts if "words" in t.get_text()]
    assert len(boxes) == 3 and len(points) == 16, "those that the headline names"
    assert not any(box.contains(*point) for box in boxes for point in points)
    assert all(sum(box.overlaps(other) for other in boxes) == 1 for box in boxes)


def test_numbers_on_a_crowded_kano_map_do_not_touch_on_a_phone(page, samples, monkeypatch):
    close = crowded(samples["kano_plane"][0]).head(4)
    _, narrow = sheets_of(monkeypatch, lambda: page.figure_html("kano_plane", close))
    (ax,) = narrow.fig.axes
    places = [line.get_xydata()[0] for line in ax.lines if line.get_markersize() == 15]
    places = ax.transData.transform(places)
    apart = [np.hypot(*(a - b)) for i, a in enumerate(places) for b in places[:i]]
    assert len(places) == 4 and min(apart) >= 18  # of discs 16 pixels wide


def test_a_result_by_period_has_an_upright_axis_from_zero(page, samples, monkeypatch):
    draw = lambda: page.figure_html("performance", *samples["performance"])  # noqa: E731
    for sheet in sheets_of(monkeypatch, draw):
        (ax,) = sheet.fig.axes
        written = ax.get_yticklabels()
        assert ax.get_ylim()[0] == 0 and written[0].get_text() == "0"
        assert written[-1].get_position()[1] == ax.get_ylim()[1]


def test_levels_are_shares_and_whole_points_have_no_decimals(page, samples, monkeypatch):
    draw = lambda: page.figure_html("service_level_curve", *samples["service_level_curve"])  # noqa: E731
    for sheet in sheets_of(monkeypatch, draw):
        written = [each.get_text() for each in sheet.fig.axes[0].get_xticklabels()]
        assert {"50%", "60%"} & {*written} and all(each.endswith("%") for each in written)
    plans = pd.DataFrame({"plan": ["best", "chosen"], "cost": [0.0, 9e6], "benefit": [0.0, 20.0]})
    plans["budget"] = [0.0, 2.7e7]
    for sheet in sheets_of(monkeypatch, lambda: page.figure_html("frontier", plans)):
        written = [each.get_text() for each in sheet.fig.axes[0].get_yticklabels()]
        assert written[:3] == ["0", "5", "10"]
        line, *others = sheet.fig.axes[0].lines
        dots = [dot.get_xdata()[0] for dot in others if dot.get_marker() == "o"]
        assert list(line.get_xdata()[:2]) == [0, 9e6] and dots == [9e6], "what it costs"


def test_a_scale_is_written_from_its_lowest_to_its_highest(case, gaps, monkeypatch):
    page = open_page(case(scale=(1, 7), ideal={"default": "experience"}))
    for sheet in sheets_of(monkeypatch, lambda: page.figure_html("gap_chart", gaps)):
        ticks = [tick.get_text() for tick in sheet.fig.axes[0].get_xticklabels()]
        assert (ticks[0], ticks[-1]) == ("1", "7")


def test_a_lifetime_has_no_bar_beside_years(page, samples, monkeypatch):
    cost = samples["cost_views"][0]
    whole = cost.set_index(["view", "branch"])["amount"]
    for sheet in sheets_of(monkeypatch, lambda: page.figure_html("cost_views", cost)):
        (ax,) = sheet.fig.axes
        bars = [line.get_xdata()[1] for line in ax.lines if line.get_linewidth() == 14]
        years = [whole[view, "lost"] for view in ("gross", "incremental", "margin")]
        assert [bar for bar in bars if bar == bar] == pytest.approx(years, rel=0.1)
        assert whole["lifetime", "lost"] > ax.get_xlim()[1]
        assert "In lifetime value" in [text.get_text() for text in sheet.fig.texts]


def test_touchpoints_that_tie_for_the_lowest_are_marked_alike(page, monkeypatch):
    table = pd.DataFrame(
        {"stage": ["before", "after", "after"], "channel": ["face", "face", "phone"], "n": 100,
         "experience": [5.0, 5.1, 7.0], "experience_low": [4.8, 4.9, 6.8],
         "experience_high": [5.2, 5.3, 7.2]}
    )  # fmt: skip
    for sheet in sheets_of(monkeypatch, lambda: page.figure_html("touchpoint_map", table)):
        marked = [patch for patch in sheet.fig.axes[0].patches if patch.get_linewidth() == 2]
        assert len(marked) == 2


def test_what_must_not_fail_is_told_surest_first(page, samples, monkeypatch):
    kano = pd.concat([samples["kano_plane"][0].head(1)] * 3, ignore_index=True)
    kano = kano.assign(item=["doubtful", "often", "rare"], p_class=[0.6, 0.99, 0.99],
                       worse=[-0.9, -0.5, -0.7])  # fmt: skip
    said = alt(page.figure_html("must_haves", kano))
    assert said.index("rare 70%") < said.index("often 50%") < said.index("doubtful 90%")


def test_bars_that_are_all_nothing_stand_on_an_axis_that_has_a_length(page, monkeypatch):
    nothing = pd.DataFrame({"driver": ["past", "advertising"], "mean": [0.0, 0.0]})
    for sheet in sheets_of(monkeypatch, lambda: page.figure_html("expectation_drivers", nothing)):
        assert sheet.fig.axes[0].get_xlim() == (0, 1)
