"""A client that exists only here, and tables worked out by hand from the method's §2 and §3."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from cxlib.page import open_page

LABELS = {
    "product": "Product", "service": "Service", "relationship": "Relationship",
    "convenience": "Convenience", "brand": "Brand image", "price": "Price",
}


def make_case(language="en", title="Meisu Electronics", labels=LABELS, **settings):
    """A stand-in for client.Case with what the page reads of it."""
    defaults = {
        "currency": "HKD", "scale": (0, 10), "importance_scale": (0, 10), "small_base": 30,
        "disclosure": 10, "confidence": 0.95, "target_segments": [], "revenue": 50_000_000,
    }
    return SimpleNamespace(
        client="meisu", title=title, language=language, tables={"scores": None}, survey=None,
        rejected=pd.DataFrame(columns=["table", "row", "column", "value", "reason"]),
        settings=SimpleNamespace(**{**defaults, **settings}), warnings=[], folder=None,
        label=lambda kind, key: labels.get(key, key),
    )


@pytest.fixture
def page():
    return open_page(make_case())


@pytest.fixture
def meisu_gaps():
    """The method's table, §2, as printed; blank where the source prints a dash."""
    blank = np.nan
    return pd.DataFrame({
        "dimension": list(LABELS), "segment": "all", "n": blank, "n_eff": blank,
        "experience": [6.0, 6, 4, 5, 7, 7], "expectation": [7, blank, blank, 7, 7, 7],
        "satisfaction": [-1, blank, blank, -2, 0, 0],
        "importance": [blank, blank, blank, 9, blank, blank],
        "weighted_satisfaction": [blank, blank, blank, -18, blank, blank],
        "ideal": [6.0, 6, 4, 10, 7, 7], "gap": [0.0, 0, 0, -5, 0, 0],
        "key_experience": [False, False, False, True, False, False], "p_key": blank,
        "from": "management",
    })


@pytest.fixture
def meisu_cost():
    """The method's tree, §3, in money as printed there, with a made-up range for the loss."""
    rows = [
        ("positive", .78, 39_000_000), ("negative", .22, 11_000_000), ("complained", .02, 220_000),
        ("silent", .98, 10_780_000), ("complained_retained", .38, 83_600),
        ("complained_at_risk", .34, 74_800), ("complained_lost", .28, 61_600),
        ("silent_at_risk", .55, 5_929_000), ("silent_lost", .45, 4_851_000),
        ("at_risk", .120076, 6_003_800), ("lost", .098252, 4_912_600),
    ]
    cost = pd.DataFrame(rows, columns=["branch", "share", "amount"])
    return cost.assign(
        view="gross", amount_low=cost["amount"] * .65, amount_high=cost["amount"] * 1.4,
        **{"from": "assumption"},
    )
