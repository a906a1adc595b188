"""The second cycle of the synthetic client begins where the first ended; what was planted is found."""

import re
import shutil

import pandas as pd
import pytest
from ruamel.yaml import YAML

import cxlib as cx
from cxlib.analysis.since import as_kept, predictions_of
from cxlib.analysis.strategy_capability import in_points
from cxlib.client.following import next_client
from cxlib.page.whatif import choice_html
from tests.client.test_vendor import row
from tests.conftest import DATA

SECOND = DATA / "vendor-2"
# Read off a population of 200,000 by data/vendor-2/make.py, or constants of it; see its SOURCE.md.
PLANTED = pd.read_csv(SECOND / "truth" / "planted.csv").set_index("effect")
OWN = {
    "name",
    "survey",
    "target_segments",
    "value_indicators",
    "labels",
}  # keys that the second cycle has anew


@pytest.fixture(scope="module")
def case():
    return cx.read_client("vendor-2", DATA)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """What `cx next vendor` makes of the first cycle."""
    data = tmp_path_factory.mktemp("cycle")
    shutil.copytree(DATA / "vendor", data / "vendor")
    first = cx.read_client("vendor", data)
    end = cx.the_next_cycle(first)
    proved = list(dict.fromkeys(end.loc[end["next"].eq("brand_value"), "dimension"]))
    done = cx.actions(first).set_index("finding")["state"].eq("done")
    return next_client(
        first, "vendor-2", proved, "2026-01-31", done, predictions_of(as_kept(first))
    )


@pytest.mark.parametrize("name", ["brand_values", "actions", "predictions"])
def test_the_second_begins_with_what_the_first_left(made, name):
    was, now = (pd.read_csv(folder / f"{name}.csv", dtype=str) for folder in (made, SECOND))
    same = [each for each in was if each not in ("status", "day")]
    same += [] if name == "actions" else ["mentions"] * ("mentions" in was)
    pd.testing.assert_frame_equal(now[same].head(len(was)), was[same])


def test_its_settings_are_those_of_the_first(made):
    was, now = (YAML(typ="safe").load(folder / "client.yml") for folder in (made, SECOND))
    assert {name: now[name] for name in was if name not in OWN} == {
        name: each for name, each in was.items() if name not in OWN
    }
    assert set(now) - set(was) == {"survey", "target_segments", "value_indicators"}
    for kind, labels in was["labels"].items():
        assert labels.items() <= now["labels"][kind].items(), kind


def test_every_interval_covers_what_was_planted(case):
    waves, groups = cx.waves(case), cx.segments_against_the_rest(case)
    effects = cx.effects(case)
    both = cx.success_and_liking(case)
    apart = {"measure": "experience"}
    orders = cx.lifetimes(case).often.parameters.rename_axis("parameter").reset_index()
    places = {
        **{f"orders_{name}": (row(orders, parameter=name), "value") for name in ("r", "alpha", "a", "b")},
        "convenience_2026_better": (row(waves, wave="2026", dimension="convenience", **apart), "difference"),
        "target_product": (row(groups, group="manufacturing", dimension="product", **apart), "difference"),
        "retail_price": (row(cx.gaps(case), segment="retail", dimension="price"), "satisfaction"),
        "public_price": (row(groups, group="public", dimension="price", **apart), "difference"),
        "finance_relationship": (row(groups, group="finance", dimension="relationship", **apart), "difference"),
        "it_service": (row(groups, group="it", dimension="service", **apart), "difference"),
        "content_unsuccessful": (row(both, cell="content_unsuccessful"), "share"),
        "upgrades_installed": (row(effects, measure="upgrades_installed"), "effect"),
        "trade_fair": (row(effects, measure="leads"), "effect"),
    }  # fmt: skip
    assert set(places) == set(PLANTED.index)
    for name, (found, column) in places.items():
        ends = ("low", "high") if column == "value" else (f"{column}_low", f"{column}_high")
        low, high = found[list(ends)]
        assert low <= PLANTED.loc[name, "truth"] <= high, name
        if column != "share":  # an effect is found, and a noise is not
            assert (low > 0 or high < 0) == (PLANTED.loc[name, "kind"] == "effect"), name


def test_the_target_changes_the_answer_and_every_page_follows_it(case):
    gaps = cx.gaps(case)
    everyone, target = cx.everyone(gaps), cx.designed_for(gaps)
    keys = [rows.loc[rows["key_experience"], "dimension"].tolist() for rows in (everyone, target)]
    assert keys == [["price"], ["product"]]
    assert cx.verdict(case).facts()["fix"]["dimensions"] == ["product"]
    advice = cx.where_to_spend(gaps).set_index("advice")["dimension"]
    assert advice["exceed"] == "product"
    page = cx.open_page(case)
    assert (
        page.gate(cx.where_to_spend(gaps))["n"].mod(5).eq(0).all()
    )  # a group's base, as elsewhere
    assert page.sentence("came_for", gaps, cx.reasons(case)).startswith(
        "Product is also what customers"
    )
    assert "points to Product" in page.sentence("drivers", cx.drivers(case), gaps)
    chosen = choice_html(page, gaps, cx.gaps_by_group(case), ["dimension", "key_experience"], "")
    names = re.findall(r"<option[^>]*>([^<]+)", chosen)
    assert names[:2] == ["Those the design is for", "Everyone"]
    marked = re.findall(r'<tr class="key"><th scope="row">(\w+)', chosen)
    assert marked[:2] == ["Product", "Price"]
    page.worked(gaps, "importance × satisfaction = weighted_satisfaction")
    assert page.gate(cx.designed_for(gaps))["n"].max() <= 202  # of manufacturing, not of 420
    placed = cx.quadrants(case).query("method == 'stated'").set_index("dimension")
    missed = target.set_index("dimension")[["gap", "satisfaction"]]
    assert placed["satisfaction"].to_dict() == missed["satisfaction"].to_dict()
    said = page.sentence("quadrants", cx.quadrants(case))
    assert said.startswith("Important and poorly served: Product (")
    causes = cx.gaps_in_the_service(case).set_index("dimension")  # of what the target misses
    assert causes.loc["product", ["gap_3", "gap_5"]].tolist() == missed.loc["product"].tolist()
    said = page.sentence("five_gaps", cx.gaps_in_the_service(case))
    assert said.startswith("The widest cause: Product, Not delivering")


def test_which_segment_is_most_worth_designing_for_changes_with_the_target(case):
    """Made so: manufacturers pay 1.35 times the contract of others and miss the product most; the
    public sector misses the price, of which everyone together would have the design."""
    page, aimed = cx.open_page(case), cx.segment_worth(case)
    assert aimed["segment"].iloc[0] == "manufacturing" and aimed["designed_for"].iloc[0]
    assert aimed.set_index("segment")["key_fit"].to_dict() == {
        "manufacturing": 1.0, "retail": 1.0, "public": 0.0,
    }  # fmt: skip
    said = page.sentence("segment_worth", aimed)
    assert "“Manufacturing” is most worth designing for" in said and "for others" not in said
    everyone = cx.read_client("vendor-2", DATA, settings='{"target_segments": []}')
    alike = cx.segment_worth(everyone)
    assert alike["segment"].iloc[0] == "public" and not alike["designed_for"].any()
    said = cx.open_page(everyone).sentence("segment_worth", alike)
    assert "“Public sector” is most worth designing for" in said


def test_what_one_design_for_all_would_waste_is_told(case):
    """Planted: retail gets of the price what it expects, and a design for all is for the price."""
    designs = cx.segment_designs(case)
    assert designs.set_index("segment")["wasted"].to_dict() == {
        "manufacturing": False, "retail": True, "public": False,
    }  # fmt: skip
    said = cx.open_page(case).sentence("segment_designs", designs)
    assert said.endswith(
        "One design for all would spend on Price where it is not missed: Retail, 34% of those asked, "
        "get there what they expect. Of the CNY 240,000 that initiatives for it cost, CNY 72,000 would "
        "fall on them, by their share of customers' value."
    )


def test_each_kind_of_value_is_made_of_several_columns_scaled_and_weighted(case):
    # By hand, of the file: three times the contract and once the years, each ÷ its mean among those
    # who bought within the last twelve months, ÷ 4.
    table = pd.read_csv(SECOND / "customers.csv").set_index("customer")
    found = cx.customer_values(case)
    known = table.loc[found.index]
    scaled = known[["contract", "years"]] / known[["contract", "years"]].mean()
    worth = (3 * scaled["contract"] + scaled["years"]) / 4
    assert found["existing"].to_numpy() == pytest.approx(worth.to_numpy())
    made = cx.value_made_of(case).set_index(["part", "made_of"])
    assert made.loc[("influence", "referrals"), "weight"] == pytest.approx(2 / 3)
    assert made.loc[("existing", "years"), "one_is"] == pytest.approx(table["years"].mean())


def test_what_was_repaired_and_proved_is_the_brand_value_and_the_circle_goes_on(case):
    said = cx.open_page(case).sentence("carried_over", cx.carried_over(case))
    assert "“vendor” ended, with no brand value" in said  # there work on service was still open
    end = cx.the_next_cycle(case)
    proved = end.loc[end["next"].eq("brand_value"), "dimension"]
    assert set(proved) == {"service", "convenience"}
    assert set(end.loc[end["dimension"].eq("convenience"), "condition"]) >= {
        "rose", "action_done", "grown_in_proportion",
    }  # fmt: skip
    assert set(end.loc[end["next"].eq("key_experience"), "dimension"]) == {"product"}


def test_what_the_first_foresaw_came_true_beyond_chance(case):
    first = as_kept(cx.read_client("vendor", DATA))
    came = cx.predictions_beside(case, first).set_index(["prediction", "dimension"])["came"]
    assert came["key_experience", "convenience"] == "put_right"
    assert came["rise", "convenience"] in ("as_foreseen", "more")


def test_what_customers_without_a_contract_still_buy_is_told_for_the_model_holds(case):
    """The demo in which the models may speak: drawn by the very law that they assume."""
    life, page = cx.lifetimes(case), cx.open_page(case)
    said = page.sentence("lifetime_check", cx.lifetime_check(life), cx.lifetime_models(life))
    assert life.sound and said.startswith(
        "Checked on purchases it had not seen, the model is off by"
    )
    tiers = cx.value_tiers(case, life)
    assert tiers["lifetime"].is_monotonic_decreasing and tiers["lifetime"].gt(0).all()


def test_a_role_is_in_distress_behind_a_good_mean(case):
    roles = cx.role_scores(case)
    assert roles.loc[roles["distress"], ["dimension", "role"]].values.tolist() == [
        ["relationship", "finance"]
    ]
    said = cx.open_page(case).sentence("roles", roles)
    assert said.startswith("Behind a good average, Finance is unhappy with Relationship")


def test_what_is_at_its_ideal_is_funded_for_the_role_alone_that_the_mean_hides(case):
    """The target lives the relationship as the ideal has it; finance, planted, does not."""
    plan = cx.portfolio(case).set_index("initiative")
    assert plan.loc["finance_visits", ["chosen", "for_role"]].tolist() == [True, "finance"]
    assert plan["for_role"].drop("finance_visits").isna().all()
    said = cx.open_page(case).sentences("strategy", cx.portfolio(case), cx.plan_worth(case))
    words = "On the whole Relationship is at its ideal: “Account managers call on finance too”"
    assert any(each.startswith(words) and "(Finance)" in each for each in said)
    # Were nobody in distress there would be nothing to gain: 0, and the reason is told.
    gap = cx.designed_for(cx.gaps(case))
    table = in_points(case.tables["initiatives"], gap, {}, {})
    met = table.set_index("initiative").loc["finance_visits"]
    assert met["benefit"] == 0 and met["verdict"] == "at_ideal"
    assert table["verdict"].notna().sum() == 1


def test_the_wave_that_the_first_rested_on_is_in_the_file_so_that_what_came_is_tested(case):
    page = cx.open_page(case)
    said = page.sentence("foreseen", cx.predictions_beside(case, None))
    assert "Convenience was to be put right, and is" in said and "not tested" not in said
    # An earlier run of this cycle counts the same answers, and changes nothing of it.
    again = cx.predictions_beside(case, as_kept(case))
    assert page.sentence("foreseen", again) == said
    # Without that wave nobody can tell whether the same people are in both, and the page says so.
    told = case.tables["predictions"]
    case.tables["predictions"] = told.drop(columns="wave")
    said = page.sentence("foreseen", cx.predictions_beside(case, None))
    case.tables["predictions"] = told
    assert (
        said.count("whether by chance is not known") == 3
        and "Whether the same people are in both is not known" in said
    )
    assert "cannot be compared" in page.sentence("loss_foreseen", cx.loss_beside(case, None))


def test_what_was_sent_is_counted_where_no_list_stands_below(case):
    # 840 people; brand_values, actions, customers, initiatives, performance, predictions, register,
    # transactions and workshop; the codebook says how the survey is read: a slide and the mail have no list.
    assert cx.open_page(case).sentences("brief")[0] == (
        "We were given a survey, which 840 answered, and tables: 9 in all."
    )


def test_a_stated_worth_of_a_year_stands_beside_what_the_purchases_make_of_it(case):
    # Where none is stated the tree takes the purchases': the same number by another way.
    unstated = cx.read_client("vendor-2", DATA, settings='{"churn_cost.lifetime": null}')
    cost = cx.cost_of_bad_experience(unstated)
    lost = cost[cost["branch"].eq("lost")].set_index("view")["amount"]
    times = round(lost["lifetime"] / lost["gross"], 1)
    said = cx.open_page(case).sentence("cost_views", cx.cost_of_bad_experience(case))
    assert "a year's revenue counts 4.4 times over a lifetime, as stated" in said
    assert f"make it {times} times over the coming 3 years, {times / 4.4:.0%} of that" in said
    assert times == 1.9 and "with no data to tell its range" not in said
    vendor = cx.read_client("vendor", DATA)  # which sent no purchases
    said = cx.open_page(vendor).sentence("cost_views", cx.cost_of_bad_experience(vendor))
    assert "with no data to tell its range" in said and "purchases" not in said


def test_who_did_not_answer_and_what_that_could_change_is_told_on_the_page(demo_reports):
    """420 of 1,050 who were asked are 40%; the other 60% would have to make good what is short."""
    folder = demo_reports("vendor-2") / "vendor-2"
    rows = pd.read_csv(folder / "results" / "not_answered.csv").set_index("dimension")
    assert rows["response_rate"].eq(0.4).all()
    gap = (
        pd.read_csv(folder / "results" / "gap.csv").query("segment == 'all'").set_index("dimension")
    )
    for name, told in rows.iterrows():  # to half a unit of what is rounded, over the 60%
        aim = gap.loc[name, "expectation"]
        assert told["silent_mean"] == pytest.approx((aim - 0.4 * told["experience"]) / 0.6, abs=0.3)
        assert told["mean_lowest"] == pytest.approx(0.4 * told["experience"], abs=0.1)
        assert told["mean_highest"] == pytest.approx(0.4 * told["experience"] + 6, abs=0.1)
    text = (folder / "07_feedback_loop.html").read_text("utf-8")
    assert "Of those asked 40% answered." in text and "the others would have to score" in text
