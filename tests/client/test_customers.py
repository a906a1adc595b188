"""The three demo clients against their SOURCE.md, and made-up clients for the rest."""

import numpy as np
import pandas as pd
import pytest

import cxlib as cx
from cxlib.analysis import (
    brand_value,
    churn_cost,
    experience_expectation,
    feedback_loop,
    loyalty,
    roles,
    targets,
)
from cxlib.analysis.client_brief import received
from cxlib.client.case import read_client


@pytest.fixture(scope="module")
def data(request):
    return request.config.rootpath / "data"


@pytest.fixture(scope="module")
def retail(data):
    return read_client("retail", data)


@pytest.fixture(scope="module")
def telecom(data):
    return read_client("telecom", data)


@pytest.fixture(scope="module")
def complaints(data):
    return read_client("complaints", data)


# data/*/SOURCE.md, to the digits printed


def test_retail(retail, data):
    row = brand_value.revenue_concentration(retail).iloc[0]
    assert (row["n"], round(row["total"], 2), row["top_customers"]) == (4372, 8_300_065.81, 874)
    assert round(100 * row["top_share"], 1) == 73.8
    assert row["top_share_low"] < 0.738 < row["top_share_high"]
    everything = pd.read_parquet(data / "retail" / "transactions.parquet")
    assert (len(everything), round(everything["amount"].sum(), 2)) == (541_909, 9_747_747.93)


def test_no_line_of_retail_is_left_out_unannounced(retail):
    row = received(retail).set_index("table").loc["transactions"]
    assert row[["rows_in", "rows_used", "values_left_out"]].tolist() == [541_909, 406_829, 135_080]
    assert len(retail.rejected) == 135_080
    kinds = brand_value.lines_by_kind(retail).set_index("kind")
    assert kinds["lines"].sum() == 541_909 and kinds.loc["left_out", "lines"] == 135_080


def test_telecom(telecom):
    row = churn_cost.left_and_complained(telecom).iloc[0]
    assert len(telecom.tables["customers"]) == 3150
    assert telecom.tables["customers"]["repeated"].eq("yes").sum() == 300
    assert row[["n", "n_silent", "lost", "lost_silent"]].tolist() == [241, 2909, 200, 295]
    assert (round(100 * row["churn_silent"], 2), round(100 * row["churn"], 2)) == (10.14, 82.99)
    assert row["unusual"]


def test_complaints(complaints):
    table = complaints.tables["complaints"]
    assert len(table) == 3186 and table["timely"].eq("no").sum() == 93
    disputed = table["disputed"]
    assert (disputed.sum(), (~disputed).sum(), disputed.isna().sum()) == (595, 2534, 57)
    found = churn_cost.answer_disputes(complaints).set_index("response")
    by = found.loc[["explanation", "non_monetary_relief", "monetary_relief"]]
    assert by[["count", "n"]].to_numpy().tolist() == [[525, 2468], [41, 380], [16, 215]]
    assert (100 * by["disputed"]).round(1).tolist() == [21.3, 10.8, 7.4]


# What the tables say, and what they leave unsaid


def test_the_telecom_tree_is_measured_where_it_can_be(telecom):
    # Added up in the file with awk, in its own units: 1,483,564.685 in all; complained 55,983.71 and
    # of it left 33,802.86; did not complain 1,427,580.975 and of it left 27,978.79.
    inputs = telecom.churn_inputs.set_index("input")
    assert inputs.loc["complain", "of_all"] == pytest.approx(55_983.71 / 1_483_564.685)
    rate = inputs["count"] / inputs["of"]
    assert rate["complained_lost"] == pytest.approx(33_802.86 / 55_983.71)
    assert rate[["silent_lost", "baseline_churn"]].tolist() == pytest.approx(
        [27_978.79 / 1_427_580.975] * 2
    )
    cost = churn_cost.cost_of_bad_experience(telecom)
    assert cost["view"].unique().tolist() == ["gross", "incremental"]
    lost = cost[cost["view"].eq("gross")].set_index("branch")["amount"]
    assert lost["complained_lost"] == pytest.approx(33_802.86, abs=0.1)
    assert lost["lost"] < 33_802.86 + 27_978.79, "no more than all who left were worth"


def test_contracts_that_the_model_does_not_fit_are_told(telecom):
    # Retention by quarter rises from .78 to 1 and falls again to .83: no sBG retention falls.
    table = churn_cost.renewals(telecom)
    assert not table["fits"].any()
    assert table["months"].unique().tolist() == [3]


def test_who_complained_leaves_sooner(telecom):
    table = brand_value.survival(telecom, "complained")
    last = table.groupby("group")["survival"].min()
    assert last["yes"] < last["no"] and table["p"].iloc[0] < 1e-10
    assert table["n"].iloc[0] >= 10


def test_a_client_without_these_tables_has_no_such_sections(complaints):
    life = brand_value.lifetimes(complaints)
    assert life is None
    for step in (
        brand_value.value_tiers, brand_value.revenue_concentration,
        brand_value.lorenz_curve,
        brand_value.lines_by_kind, churn_cost.renewals, churn_cost.left_and_complained,
        churn_cost.churn_weighted, feedback_loop.contact_coverage,
        feedback_loop.contact_outcomes, feedback_loop.territories, loyalty.loyalty_matrix,
        loyalty.if_switching_were_free, roles.role_scores, roles.role_spread,
        roles.role_view, roles.success_or_liking,
        experience_expectation.by_collector, targets.segment_designs,
    ):  # fmt: skip
        assert step(complaints) is None, step.__name__
    for step in (brand_value.lifetime_models, brand_value.lifetime_check,
                 feedback_loop.dormant, churn_cost.lifetime_per_revenue):  # fmt: skip
        assert step(life) is None, step.__name__
    assert brand_value.survival(complaints, "complained") is None


def test_what_retail_cannot_say_of_the_future(retail):
    # In a year of lines the model sees nobody leave for good: its own limit is no lifetime.
    life = brand_value.lifetimes(retail)
    models = brand_value.lifetime_models(life)
    assert models.groupby("model")["converged"].first().to_dict() == {
        "bgnbd": False, "gamma_gamma": True,
    }  # fmt: skip
    assert churn_cost.lifetime_per_revenue(life) is None


def test_no_customer_is_named_in_what_may_be_published(retail):
    life, names = brand_value.lifetimes(retail), set(retail.tables["transactions"]["customer"])
    tables = [
        brand_value.value_tiers(retail, life),
        brand_value.revenue_concentration(retail), brand_value.lorenz_curve(retail),
        brand_value.lines_by_kind(retail), brand_value.lifetime_models(life),
        brand_value.lifetime_check(life), feedback_loop.dormant(life),
    ]  # fmt: skip
    for table in tables:
        assert "customer" not in table
        assert not names & set(table.select_dtypes(["object", "str"]).to_numpy().ravel())
        assert isinstance(table.index, pd.RangeIndex)


@pytest.fixture
def shop(acme):
    """Thirty customers: satisfaction, churn, complaints, freedom, territory, and contacts."""
    rows = [
        "customer,revenue,since,last_purchase,churned,complained,satisfaction,switching_cost,territory"
    ]
    for i in range(30):
        churned, liked = "yes" if i % 3 == 0 else "no", 9 if i % 2 else 2
        rows.append(f"c{i},{100 + i},2020-01-01,202{1 + i % 3}-01-0{1 + i % 9},{churned},"
                    f"{'yes' if i % 5 == 0 else 'no'},{liked},{8 if i < 15 else 0},{'ns'[i % 2]}")  # fmt: skip
    acme.write("customers.csv", "\n".join(rows) + "\n")
    return acme.write(
        "contacts.csv",
        "customer,date,mode,outcome,amount\nc1,2024-01-01,visit,sold,50\n"
        "c1,2024-12-31,phone,archived,\nc29,2024-03-01,phone,planned,\n",
    )


def test_a_table_of_customers(shop):
    case = shop.read()
    assert brand_value.value_tiers(case)["n"].tolist() == [6, 9, 15]
    matrix = loyalty.loyalty_matrix(case).query("freedom == 'all'").set_index("loyalty_type")
    # By hand: churned are 0, 3, 6 …; of the ten, the five odd ones were satisfied.
    assert matrix["n"].to_dict() == {"apostle": 10, "hostage": 10, "mercenary": 5, "defector": 5}
    free = loyalty.if_switching_were_free(case).set_index("satisfied")
    assert free.loc["all", "revenue_at_stake"] > 0
    coverage = feedback_loop.contact_coverage(case).set_index("tier")
    assert coverage.loc["top", "reached"] == 1  # c29 is the largest
    assert feedback_loop.contact_outcomes(case)["count"].sum() == 2 * 3
    assert feedback_loop.territories(case)["territory"].tolist() == ["s", "n"]
    assert churn_cost.renewals(case)["months"].iloc[0] == 12
    assert brand_value.survival(case, "complained") is not None


def test_leaving_for_good_by_satisfaction(shop):
    shop.settings(
        "churn_cost: {negative: 0.3, complain: 0.1, complained: {retained: 0.4, at_risk: 0.3, lost: 0.3},"
        " silent: {at_risk: 0.5, lost: 0.5}}\ndisclosure: 3"
    )
    inputs = shop.read().churn_inputs.set_index("input")

    def by_revenue(chosen, among):
        """(effective count, effective base) of customers who bring 100 + their number: Kish 1965."""
        brings = np.array([100.0 + k for k in among])
        base = brings.sum() ** 2 / (brings**2).sum()
        return pytest.approx([sum(100 + k for k in chosen) / brings.sum() * base, base])

    # By hand: the fifteen even customers are dissatisfied; 0, 10 and 20 of them complained.
    even, odd, told = range(0, 30, 2), range(1, 30, 2), (0, 10, 20)
    assert inputs.loc["negative", ["count", "of"]].tolist() == by_revenue(even, range(30))
    assert inputs.loc["complain", ["count", "of"]].tolist() == by_revenue(told, even)
    assert inputs.loc["complained_lost", ["count", "of"]].tolist() == by_revenue((0,), told)
    left = [k for k in odd if k % 3 == 0]
    assert inputs.loc["baseline_churn", ["count", "of"]].tolist() == by_revenue(left, odd)


ROLES = (
    "column,measure,item,dimension,low,high\ne1,experience,speed,service,,\n"
    "o,overall,,,0,10\ns,success,,,0,10\nrole,group,,,,\nasked,group,,,,\n"
)


@pytest.fixture
def project(acme):
    """Forty users and twelve sponsors, asked by staff or alone."""
    acme.settings(
        "survey: {file: answers.csv, role: role, collected_by: asked}\n"
        "role_weights: {sponsor: 0.8, user: 0.2}"
    )
    acme.write("codebook.csv", ROLES)
    rows = ["e1,o,s,role,asked"]
    for i in range(52):
        role, score = ("user", 8) if i < 40 else ("sponsor", 2)
        staff = i % 2
        rows.append(f"{score + i % 2},{score + staff},3,{role},{'staff' if staff else 'alone'}")
    return acme.write("answers.csv", "\n".join(rows) + "\n")


def test_roles_success_and_who_collected(project):
    case = project.read()
    scores = roles.role_scores(case).groupby("measure").get_group("experience").set_index("role")
    assert scores["distress"].to_dict() == {"all": False, "sponsor": True, "user": False}
    spread = roles.role_spread(case).set_index("measure")
    assert spread.loc["experience", "spread"] > 0.9
    view = roles.role_view(case).set_index("measure")
    assert view.loc["experience", "weighted"] == pytest.approx(0.8 * 2.5 + 0.2 * 8.5)
    asked = roles.success_or_liking(case)
    assert asked[["measure", "leads"]].to_numpy().tolist() == [
        ["success", True],
        ["overall", False],
    ]
    collected = experience_expectation.by_collector(case).set_index("collected_by")
    assert collected.loc["staff", "adjusted"] == pytest.approx(1)
    assert np.isnan(collected.loc["staff", "p"]) or collected.loc["staff", "p"] < 0.01


@pytest.fixture
def paid_for(acme):
    """Scores are 9 in the fortnight before the day they were paid for, 5 or 6 at other times."""
    acme.write(
        "codebook.csv", "column,measure,item,dimension,low,high,missing,codes\nq,overall,,,,,,\n"
    )
    days = pd.date_range("2024-01-01", periods=60)
    before = days >= "2024-02-16"
    rows = [
        f"{day:%Y-%m-%d},{9 if late else 5 + n % 2}"
        for n, (day, late) in enumerate(zip(days, before, strict=True))
    ]
    acme.write("answers.csv", "\n".join(["day,q", *rows, "soon,4", ""]))
    return acme.settings("survey: {file: answers.csv, date: day}")


def test_a_day_that_cannot_be_read_has_a_line_and_keeps_its_answer(paid_for):
    case = paid_for.read()
    assert case.rejected[["row", "column", "value"]].to_numpy().tolist() == [[62, "day", "soon"]]
    assert case.survey.people["date"].isna().sum() == 1 and len(case.survey.answers) == 61


def test_days_of_which_none_can_be_read_are_refused(paid_for):
    paid_for.write("answers.csv", "day,q\nsoon,4\nlater,5\n")
    assert "holds no date that can be read" in str(paid_for.problem())


def test_when_a_client_answered_is_no_grouping(paid_for):
    assert paid_for.read().latest.groupings == {}


COST = """\
churn_cost:
  negative: {share: 0.22, from: assumption}
  complain: {share: 0.02, from: assumption}
  complained: {retained: 0.38, at_risk: 0.34, lost: 0.28}
  silent: {at_risk: 0.55, lost: 0.45}
"""


def ends_of_loss(case, view):
    """(low, high) of what is lost in a view, each ÷ the amount itself."""
    cost = churn_cost.cost_of_bad_experience(case).set_index(["view", "branch"]).loc[view, "lost"]
    return [cost[f"amount_{end}"] / cost["amount"] for end in ("low", "high")]


def test_a_lifetime_that_may_speak_feeds_the_tiers_and_the_cost(acme):
    # Customers as BG/NBD has them: two years of invoices in which leaving can be seen.
    rng, rows = np.random.default_rng(3), ["customer,date,amount"]
    for customer in range(500):
        rate, leave, mean = rng.gamma(1.5, 1 / 6), rng.beta(1, 3), 50 / rng.gamma(4, 0.25)
        now = rng.uniform(0, 52)
        while now < 104:
            day = pd.Timestamp("2022-01-01") + pd.Timedelta(weeks=now)
            rows.append(f"c{customer},{day:%Y-%m-%d},{rng.gamma(6, mean / 6):.2f}")
            if rng.random() < leave:
                break
            now += rng.exponential(1 / rate)
    case = acme.write("transactions.csv", "\n".join(rows) + "\n").read()
    life = brand_value.lifetimes(case)
    assert life.sound
    assert brand_value.value_tiers(case, life)["lifetime"].is_monotonic_decreasing
    # By definition: the sum over customers of the coming three years ÷ sales of the last year.
    days = brand_value.sales_days(case)
    year = days[days["date"] > days["date"].max() - pd.Timedelta(days=365.25)]["amount"].sum()
    assert churn_cost.lifetime_per_revenue(life) == pytest.approx(life.value.sum() / year)
    # No share has a range: the only error is the lifetime's, and a normal's 95 % are ± 1.96 of it.
    case = acme.settings(COST).read()
    error = churn_cost.lifetime_spread(life)
    assert 0.01 < error < 0.5, "of 500 customers, most of whom bought again"
    ends = np.exp([-1.96 * error, 1.96 * error])
    assert ends_of_loss(case, "lifetime") == pytest.approx(ends, rel=0.02)
    assert ends_of_loss(case, "gross") == pytest.approx([1, 1])
    stated = acme.settings(f"{COST}  lifetime: 2\n").read()
    assert ends_of_loss(stated, "lifetime") == pytest.approx([1, 1]), "stated, not fitted"


def test_the_range_of_the_margin_reaches_the_cost_and_the_levers(acme):
    known = acme.settings(f"{COST}  margin: 0.3\n").read()
    assert ends_of_loss(known, "margin") == pytest.approx([1, 1])
    ranged = acme.settings(f"{COST}  margin: 0.3\n  margin_range: [0.2, 0.4]\n").read()
    # A normal with 90 % between .2 and .4 has 95 % between .3 ± .1 × 1.960 / 1.645.
    half = 0.1 * 1.959964 / 1.644854
    ends = [(0.3 - half) / 0.3, (0.3 + half) / 0.3]
    assert ends_of_loss(ranged, "margin") == pytest.approx(ends, rel=0.02)
    lever = churn_cost.levers(ranged).set_index("lever").loc["negative"]
    assert lever["break_even_low"] < lever["break_even"] < lever["break_even_high"]


def test_territories_and_free_switching_of_the_vendor(data):
    vendor = read_client("vendor", data)
    teams = feedback_loop.territories(vendor)
    assert teams["n"].sum() == len(vendor.tables["customers"])
    assert teams["value"].sum() == pytest.approx(1) and teams["load"].sum() == pytest.approx(1)
    free = loyalty.if_switching_were_free(vendor).set_index("satisfied")
    # By hand: revenue of the bound and loyal × the disloyalty of the free who are as satisfied.
    for kind in ("yes", "no"):
        row = free.loc[kind]
        assert row["revenue_at_stake"] == pytest.approx(row["revenue"] * row["disloyal"])
    assert free.loc["all", "revenue_at_stake"] == pytest.approx(
        free.loc[["yes", "no"], "revenue_at_stake"].sum()
    )


def test_stays_of_which_none_is_known_give_no_renewals(acme):
    rows = [f"c{i},2020-01-01,2010-01-01,{'yes' if i % 3 else 'no'}" for i in range(40)]
    acme.write("customers.csv", "\n".join(["customer,since,last_purchase,churned", *rows, ""]))
    assert cx.renewals(acme.read()) is None and cx.survival(acme.read(), "tier") is None


def test_a_share_of_too_few_customers_stays_as_it_was_stated(acme):
    # Four complained, two of them left; ten is the fewest that is shown. What 40 show is measured.
    tree = "negative: 0.3, complain: 0.1, complained: {retained: 0.5, at_risk: 0.2, lost: 0.3}"
    acme.settings(f"churn_cost: {{{tree}, silent: {{at_risk: 0.6, lost: 0.4}}}}")
    rows = [f"c{i},{i < 4},{i in (0, 1, 8, 9)},{2 if i < 8 else 8}" for i in range(40)]
    head = "customer,complained,churned,satisfaction"
    acme.write("customers.csv", "\n".join([head, *rows, ""]))
    found = acme.read().churn_inputs.set_index("input")
    assert found.loc[["negative", "baseline_churn"], "from"].tolist() == ["measured"] * 2
    assert found.loc[["negative", "baseline_churn"], "of"].tolist() == [40, 32]
    few = ["complain", "complained_lost", "silent_lost"]
    assert found.loc[few, "share"].tolist() == [0.1, 0.3, 0.4]
    assert found.loc[few, ["count", "of"]].isna().all(axis=None)
    acme.write("customers.csv", "\n".join([head, *rows[:9], ""]))
    assert acme.read().churn_inputs["count"].isna().all()
    acme.write("customers.csv", "\n".join(row.rpartition(",")[0] for row in [head, *rows]))
    found = acme.read().churn_inputs.set_index("input")  # who had a bad experience is not known
    assert found.loc["complained_lost", "share"] == 0.3 and found.loc["silent_lost", "of"] == 36
