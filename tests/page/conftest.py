"""A client that exists only here, and tables worked out by hand from the method's §2 and §3."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from cxlib.client.case import Case
from cxlib.client.settings import Settings
from cxlib.page import open_page
from cxlib.page.drawing import Sheet
from cxlib.page.figures import FIGURES
from cxlib.sums.churn import churn_cost, churn_levers, churn_tornado
from cxlib.sums.kpi import xmr_chart
from cxlib.sums.loop import growth_in_proportion
from cxlib.sums.portfolio import choose_portfolio, roadmap_frontier

LABELS = {
    "product": "Product",
    "service": "Service",
    "relationship": "Relationship",
    "convenience": "Convenience",
    "brand": "Brand image",
    "price": "Price",
    "i0": "Reflects the choices the user made exactly as intended",
    "face": "Face to face",
    "phone": "Phone",
    "before": "Before purchase",
    "after": "After purchase",
    "more_stores": "More stores in the same street",
}
NASTY = "<script>alert(1)</script> & Söhne 有限公司"


# client.yml of the method's §2 and §3: what it decides, and the shares of the fixture `inputs`.
CLIENT = {
    "currency": "HKD",
    "revenue": 50_000_000,
    "ideal": {"product": 6, "service": 6, "relationship": 4, "convenience": 10, "brand": 7, "price": 7},
    "strategy": {"budget": 3_000_000},
}  # fmt: skip
CHURN_COST = {
    "negative": {"share": 0.22, "range": [0.15, 0.30], "from": "assumption"},
    "complain": {"share": 0.02, "range": [0.01, 0.10], "from": "literature"},
    "complained": {"retained": 0.38, "at_risk": 0.34, "lost": 0.28, "from": "assumption"},
    "silent": {"at_risk": 0.55, "lost": 0.45, "from": "assumption"},
    "baseline_churn": {"share": 0.05, "from": "assumption"},
}
NAMED = ("item", "dimension", "channel", "stage", "initiative", "segment", "reason", "group")


def make_case(language="en", title="Meisu Electronics", labels=LABELS, inputs=None, **settings):
    """A small real client: a client.yml, and no tables; with the tree if `inputs` are given."""
    given = {**CLIENT, "name": title, "labels": dict.fromkeys(NAMED, labels), **settings}
    given["dimensions"] = {key: labels.get(key, key) for key in CLIENT["ideal"]}
    if inputs is not None:
        given["churn_cost"] = CHURN_COST
    rejected = pd.DataFrame(columns=["table", "row", "column", "value", "reason"])
    return Case("meisu", Path("data/meisu"), Settings(**given), language, tables={}, survey=None,
                rejected=rejected, warnings=[], inputs={})  # fmt: skip


@pytest.fixture
def set_to():
    """The page of the same client with other settings, or other tables."""

    def changed(page, tables=None, **settings):
        settings = page.settings.model_copy(update=settings)
        case = replace(page.case, settings=settings, tables=tables or page.case.tables)
        return open_page(case)

    return changed


@pytest.fixture(scope="session")
def case():
    return make_case


@pytest.fixture(scope="session")
def nasty():
    return NASTY


@pytest.fixture(scope="session")
def page(inputs):
    return open_page(make_case(inputs=inputs))


@pytest.fixture(scope="session")
def gaps():
    """The method's table, §2, as printed; blank where the source prints a dash."""
    blank = np.nan
    return pd.DataFrame(
        {
            "dimension": ["product", "service", "relationship", "convenience", "brand", "price"],
            "segment": "all",
            "n": blank,
            "n_eff": blank,
            "experience": [6.0, 6, 4, 5, 7, 7],
            "expectation": [7, blank, blank, 7, 7, 7],
            "satisfaction": [-1, blank, blank, -2, 0, 0],
            "importance": [blank, blank, blank, 9, blank, blank],
            "weighted_satisfaction": [blank, blank, blank, -18, blank, blank],
            "ideal": [6.0, 6, 4, 10, 7, 7],
            "gap": [0.0, 0, 0, -5, 0, 0],
            "key_experience": [False, False, False, True, False, False],
            "p_key": blank,
            "from": "management",
        }
    )


@pytest.fixture(scope="session")
def items():
    """24 items, as many as the longest survey of the demo clients; the last is withheld."""
    place = np.arange(24)
    rows = pd.DataFrame(
        {
            "item": [f"i{i}" for i in place],
            "segment": "all",
            "n": [211.0] * 22 + [20, 6],
            "n_eff": 200.0,
            "experience": 5 + place / 12,
            "expectation": 7.0,
            "importance": 9 - place / 6,
            "from": "survey",
        }
    )
    rows["satisfaction"] = rows["experience"] - rows["expectation"]
    rows["weighted_satisfaction"] = rows["importance"] * rows["satisfaction"]
    rows["ideal"], rows["gap"] = rows["experience"], 0.0
    half = {
        "experience": 0.2,
        "expectation": 0.1,
        "importance": 0.15,
        "satisfaction": 0.25,
        "weighted_satisfaction": 1.1,
    }
    for name, width in half.items():
        rows[f"{name}_low"], rows[f"{name}_high"] = rows[name] - width, rows[name] + width
    rows["key_experience"] = rows.index == 0
    rows["p_key"] = np.where(place == 0, 0.55, np.where(place == 1, 0.35, 0.004))
    return rows


@pytest.fixture(scope="session")
def inputs():
    """The shares of the method's §3, two of them with a range."""
    rows = [
        ("negative", 0.22, 0.15, 0.30, "assumption"),
        ("complain", 0.02, 0.01, 0.10, "literature"),
        ("complained_retained", 0.38, None, None, "assumption"),
        ("complained_at_risk", 0.34, None, None, "assumption"),
        ("complained_lost", 0.28, None, None, "assumption"),
        ("silent_at_risk", 0.55, None, None, "assumption"),
        ("silent_lost", 0.45, None, None, "assumption"),
        ("baseline_churn", 0.05, None, None, "assumption"),
    ]
    table = pd.DataFrame(rows, columns=["input", "share", "low", "high", "from"])
    return table.assign(count=np.nan, of=np.nan).astype({"low": float, "high": float})


@pytest.fixture(scope="session")
def cost(inputs):
    return churn_cost(50_000_000, inputs, draws=500)


@pytest.fixture(scope="session")
def initiatives():
    return pd.DataFrame(
        {
            "initiative": ["more_stores", "wider_range"],
            "cost": [2_400_000.0, 900_000],
            "dimension": ["convenience", "product"],
            "uplift": [5.0, 1],
            "from": "assumed",
        }
    )


@pytest.fixture(scope="session")
def portfolio(initiatives):
    return choose_portfolio(initiatives, 3_000_000)


@pytest.fixture(scope="session")
def performance():
    """The method's step 7: 1 → 2 → 3 → 4 stores, business ×2, ×3, more than ×4."""
    return growth_in_proportion(
        pd.DataFrame(
            {
                "period": ["2001", "2002", "2003", "2004"],
                "measure": "sales",
                "value": [10e6, 20e6, 30e6, 44e6],
                "units": [1, 2, 3, 4],
                "event": "",
            }
        )
    )


@pytest.fixture(scope="session")
def samples(gaps, items, inputs, cost, initiatives, portfolio, performance):
    """Figure name → the tables it is tried on; every figure must be here."""
    kano = pd.DataFrame(
        {
            "item": ["i0", "i1"],
            "n": [211, 211],
            "A": [10, 90],
            "O": [40, 30],
            "M": [120, 10],
            "I": [30, 70],
            "R": [6, 6],
            "Q": [5, 5],
            "class": ["M", "A"],
            "mode": ["M", "A"],
            "better": [0.25, 0.6],
            "better_low": [0.19, 0.53],
            "better_high": [0.31, 0.67],
            "worse": [-0.8, -0.2],
            "worse_low": [-0.85, -0.26],
            "worse_high": [-0.74, -0.15],
            "p_class": [0.99, 0.7],
        }
    )
    drivers = pd.DataFrame(
        {
            "outcome": "overall",
            "item": ["convenience", "price"],
            "method": "lmg",
            "share": [0.2, 0.1],
            "share_low": [0.12, 0.04],
            "share_high": [0.29, 0.17],
            "p_first": [0.97, 0.03],
            "r2": 0.3,
            "n": 180,
        }
    )
    compared = pd.DataFrame(
        {
            "grouping": "segment",
            "group": ["new", "old"],
            "measure": "experience",
            "dimension": ["price", "service"],
            "n": [80, 100],
            "n_rest": [100, 80],
            "difference": [-0.7, 0.1],
            "difference_low": [-1.1, -0.2],
            "difference_high": [-0.3, 0.4],
            "different": [True, False],
        }
    )
    touchpoints = pd.DataFrame(
        {
            "stage": ["before", "after", "after"],
            "channel": ["face", "face", "phone"],
            "experience": [4.2, 6.4, np.nan],
            "n": [100, 90, 5],
        }
    )
    # NIST/SEMATECH e-Handbook 6.3.2.2
    values = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
    chart = xmr_chart(pd.Series(values)).assign(wave=[str(year) for year in range(2010, 2020)])
    chart["event"] = [""] * 4 + ["New counters"] + [""] * 5
    reasons = pd.DataFrame({"reason": ["price", "brand"], "mentions": [120, 80]})
    spoken = pd.DataFrame({"theme": ["price, cheap", "queue, wait"], "n": [60, 30], "n_of": 120})
    spoken = spoken.assign(segment="all", share=[0.5, 0.25], share_low=[0.41, 0.18])
    spoken = spoken.assign(share_high=[0.59, 0.34])
    expectations = pd.DataFrame({"driver": ["promotion", "values"], "n": 80, "share": [0.7, 0.2]})
    return (
        customer_samples()
        | service_samples()
        | one_thing_samples()
        | {
            "gap_chart": [gaps],
            "importance_performance_map": [items],
            "satisfaction": [gaps],
            "churn_tree": [cost],
            "tornado": [churn_tornado(5e7, inputs, draws=500)],
            "levers": [churn_levers(5e7, inputs, draws=500)],
            "cost_views": [churn_cost(5e7, inputs, margin=0.3, lifetime=3.0, draws=500)],
            "brand_values": [reasons],
            "themes": [spoken],
            "bars": [reasons],
            "expectation_drivers": [expectations],
            "performance": [performance],
            "portfolio": [portfolio],
            "frontier": [roadmap_frontier(initiatives, pd.Series({"": 3e6})).assign(term=3)],
            "kano_plane": [kano],
            "must_haves": [kano],
            "drivers": [drivers, gaps],
            "segments": [compared],
            "touchpoint_map": [touchpoints],
            "waves": [chart],
            "control_chart": [chart],
        }
    )


def customer_samples():
    """Tables about customers, as small as they can be drawn."""
    ends = {"share_low": [0.4, 0.1, 0.2, 0.05], "share_high": [0.5, 0.2, 0.3, 0.15]}
    return {
        "dormant": [
            pd.DataFrame(
                {
                    "group": ["best", "all"],
                    "n": [20.0, 100.0],
                    "share": [0.05, 0.25],
                    "weeks_silent": 20.0,
                    "sales": [6e4, 1e5],
                    "worth": [3e4, 8e4],
                }
            )  # fmt: skip
        ],
        "lorenz": [
            pd.DataFrame({"customers": [0, 0.5, 0.8, 1], "amounts": [0, 0.1, 0.3, 1]}),
            pd.DataFrame({"n": [900], "top_share": [0.7], "gini": [0.55]}),
        ],
        "value_tiers": [
            pd.DataFrame(
                {
                    "tier": ["top", "middle"],
                    "share": [0.2, 0.8],
                    "value": [0.6, 0.4],
                    "revenue_share": [0.7, 0.3],
                }
            )
        ],
        "survival": [
            pd.DataFrame(
                {
                    "group": ["yes", "yes", "no", "no"],
                    "time": [6, 12, 6, 12],
                    "survival": [0.8, 0.6, 0.9, 0.85],
                    "survival_low": [0.7, 0.5, 0.86, 0.8],
                    "survival_high": [0.88, 0.7, 0.94, 0.9],
                }
            )
        ],
        "low_scorers": [
            pd.DataFrame(
                {
                    "grouping": "low_scorers",
                    "group": "recommend",
                    "theme": ["queue, wait", "price", "staff"],
                    "n": 60,
                    "n_rest": 90,
                    "share": [0.5, 0.3, 0.1],
                    "share_rest": [0.1, 0.3, 0.4],
                    "different": [True, False, True],
                }
            )
        ],
        "loyalty_matrix": [
            pd.DataFrame(
                {
                    "freedom": "all",
                    "loyalty_type": ["apostle", "hostage", "mercenary", "defector"],
                    "n": [180, 60, 100, 40],
                    "n_of": 380,
                    "share": [0.45, 0.15, 0.25, 0.1],
                    **ends,
                }
            )
        ],
        "disputes": [
            pd.DataFrame(
                {
                    "response": ["explanation", "monetary_relief"],
                    "n": [2468, 215],
                    "disputed": [0.213, 0.074],
                    "disputed_low": [0.197, 0.046],
                    "disputed_high": [0.229, 0.117],
                }
            )
        ],
        "left_and_complained": [
            pd.DataFrame(
                {
                    "n": [241],
                    "churn": [0.83],
                    "churn_low": [0.777],
                    "churn_high": [0.872],
                    "churn_silent": [0.101],
                    "churn_silent_low": [0.091],
                    "churn_silent_high": [0.113],
                    "different": [True],
                }
            )
        ],
    }


def service_samples():
    level = np.linspace(0.1, 1, 10)
    curve = pd.DataFrame(
        {
            "level": level,
            "revenue": 10e6 * level**0.5,
            "cost": 2e6 * level**2,
            "profit": 10e6 * level**0.5 - 2e6 * level**2,
        }
    )
    best = pd.DataFrame({"best_level": [0.8], "best_level_low": [0.7], "best_level_high": [0.9]})
    groups = pd.DataFrame(
        {
            "group": ["north", "south"],
            "procedural": [7.0, 3],
            "procedural_low": [6.5, 2],
            "procedural_high": [7.5, 4],
            "personal": [8.0, 4],
            "personal_low": [7.0, 3],
            "personal_high": [9.0, 5],
            "type": ["C", "B"],
            "verdict": ["C", ""],
        }
    )
    return {"service_level_curve": [curve, best], "service_types": [groups]}


def one_thing_samples():
    """Tables of clients who sent one thing, as small as they can be drawn."""
    everyone = {"grouping": ["everyone", "segment", "segment"], "group": ["", "north", "south"]}
    ends = {"_low": -0.06, "_high": 0.06}
    groups = pd.DataFrame(everyone | {"n": [120, 60, 60], "nps": [5.0, 40, -30]})
    scores = pd.DataFrame({"wave": ["2025", "2026"], "n": [100, 120], "nps": [30.0, 5]})
    for table in groups, scores:
        table["nps_low"], table["nps_high"] = table["nps"] - 15, table["nps"] + 15
        table["passives"] = 0.2
        table["promoters"] = 0.4 + table["nps"] / 200
        table["detractors"] = 0.4 - table["nps"] / 200
    scores["difference"] = [np.nan, -25.0]
    left = pd.DataFrame(everyone | {"n": [200, 120, 80], "leaving": [0.28, 0.4, 0.1]})
    left["difference"], left["different"] = [np.nan, 0.3, -0.3], [np.nan, True, True]
    about = pd.DataFrame(
        {"grouping": "reason", "group": ["key", "door"], "n": [300, 300], "of_cases": [0.6, 0.4]}
    )
    reasons = pd.DataFrame(
        {"grouping": "why_left", "group": ["price", "move"], "n": 56, "of_leavers": [0.7, 0.3]}
    )
    for table, name in (left, "leaving"), (about, "of_cases"), (reasons, "of_leavers"):
        for end, far in ends.items():
            table[f"{name}{end}"] = table[name] + far
    history = pd.DataFrame(
        {"kpi": "answered", "period": ["2024", "2025", "2026"], "value": [0.91, 0.9, 0.8]}
    )
    history[["stage", "channel"]] = None
    latest = history.tail(1).assign(verdict="missed", unit="share", target=0.95)
    fits = pd.DataFrame(
        {"initiative": ["kiosk", "staff"], "chosen": [True, False], "strategy_fit": [0.9, 0.4],
         "people": [0.8, np.nan], "technology": [0.5, 0.9], "money_fit": [1.0, 0.7],
         "adjust": ["technology", "strategy_fit"], "fit_lowest": [0.5, 0.4]}
    )  # fmt: skip
    return {
        "fit_map": [fits],
        "promoters": [groups, scores],
        "leavers": [left],
        "why_left": [reasons],
        "tickets": [about],
        "measures": [latest, history],
    }


@pytest.fixture(scope="session")
def drawings(page, samples):
    """Figure name → (its HTML, the sheets that it was drawn on)."""
    assert set(samples) == set(FIGURES), "add a sample of each new figure, and drop the old ones"
    options, begin, found = {"bars": {"value": "mentions", "label": "reason"}}, Sheet.begin, {}

    def remember(sheet, height):
        begin(sheet, height)
        sheets.append(sheet)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sheet, "begin", remember)
        for name, tables in samples.items():
            sheets = []
            found[name] = page.figure_html(name, *tables, **options.get(name, {})), sheets
    return found


@pytest.fixture(scope="session")
def drawn(drawings):
    """Figure name → its HTML."""
    return {name: html for name, (html, _) in drawings.items()}


@pytest.fixture
def opened(browser):
    """Opens a file off line, and fails the test over any request or console message."""
    contexts = []

    def opener(path, width=1280, scheme="light"):
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, offline=True
        )
        sheet, asked, said = context.new_page(), [], []
        sheet.on("request", lambda request: asked.append(request.url))
        sheet.on("console", lambda message: said.append(message.text))
        sheet.on("pageerror", lambda error: said.append(str(error)))
        sheet.goto(path.as_uri())
        contexts.append((context, asked, said))
        return sheet

    yield opener
    for context, asked, said in contexts:
        context.close()
        assert [url for url in asked if not url.startswith(("file:", "data:"))] == []
        assert said == []
