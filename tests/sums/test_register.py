import numpy as np
import pandas as pd

from cxlib.sums.register import register_counts, register_table


def training():
    # The method's §4, training.
    return pd.DataFrame(
        {
            "stage": ["training", "support", "training", "training"],
            "kind": ["beyond", "must", "must", "nice"],
            "statement": [
                "taught on the customer's own books",
                "hotline",
                "product course",
                "certificate",
            ],
            "dimension": ["service", "service", "product", None],
            "item": ["own_books", "hotline", "course", None],
            "mentions": [3, np.nan, 5, np.nan],
            "serves": ["customers_customer", "customers_customer", None, None],
        }
    )


def kano(**p):
    return pd.DataFrame(
        {
            "item": ["own_books", "hotline", "course"],
            "class": ["I", "M", "A"],
            "p_class": [0.95, 0.9, 0.6],
        }
    )


def test_what_is_said_and_what_the_answers_show():
    found = register_table(training(), kano=kano()).set_index("statement")["contradiction"]
    assert found.to_dict() == {
        "taught on the customer's own books": "contradicts",  # said beyond, answered indifferent
        "hotline": "agrees",
        "product course": "unsure",  # attractive, but only .6 sure of it
        "certificate": "",
    }


def test_by_stage_and_kind():
    found = register_table(training())
    assert found["stage"].tolist() == ["training"] * 3 + ["support"]
    assert found["kind"].tolist() == ["must", "nice", "beyond", "must"]
    assert found["contradiction"].eq("").all() and found["cases"].isna().all()


def test_complaints_of_the_same_stage_and_dimension():
    cases = pd.DataFrame(
        {"stage": ["training", "training", "support"], "dimension": ["product", "product", "price"]}
    )
    found = register_table(training(), cases).set_index("statement")["cases"]
    assert found["product course"] == 2 and found["hotline"] == 0 and np.isnan(found["certificate"])


def test_delight_is_beyond_and_for_the_customers_customer():
    found = register_table(training()).set_index("statement")["delight"]
    assert found["taught on the customer's own books"] and not found["hotline"]


def test_counts_by_stage():
    found = register_counts(training()).set_index("stage")
    assert found.loc["training", ["must", "nice", "beyond", "need"]].tolist() == [1, 1, 1, 0]
    assert found.loc["training", "mentions"] == 8 and np.isnan(found.loc["support", "mentions"])
