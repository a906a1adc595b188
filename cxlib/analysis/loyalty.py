"""Who is loyal by choice, and who would leave if switching were free."""

import numpy as np
import pandas as pd

from cxlib.analysis.asking import needed, remembered, where_known
from cxlib.client.case import Case
from cxlib.client.rated import answers_to
from cxlib.client.release import DOMINATED
from cxlib.sums import loyalty
from cxlib.sums.disclosure import dominated_cells

SATISFIED = 0.6  # of the scale: from here on a customer is satisfied, loyal, or bound
LOYAL = ("repurchase", "recommend")  # what an intention to stay is read from, first choice first


@where_known
def on_scale(case: Case, measure: str) -> pd.Series | None:
    """The answers to a measure as a share of its scale, 0–1 (mean over items); None if not asked."""
    answers = needed(answers_to(case, measure))
    columns = case.latest.columns
    ends = columns[columns["measure"] == measure].drop_duplicates("item").set_index("item")
    low, high = (ends[end].astype(float).reindex(answers.columns) for end in ("low", "high"))
    return ((answers - low) / (high - low)).mean(axis=1)


def loyalty_answers(case: Case) -> pd.DataFrame | None:
    """satisfaction, loyalty, switching_cost (each 0–1 of its scale), revenue and weight.

    From the survey (overall satisfaction; buying again, else recommending), else from the table
    customers.
    """
    if not (stays := loyal_by(case)):
        return loyalty_of_customers(case)
    asked = {"satisfaction": "overall", "loyalty": stays, "switching_cost": "switching_cost"}
    found = pd.DataFrame({name: on_scale(case, measure) for name, measure in asked.items()})
    weight = case.latest.weight
    return found if weight is None else found.assign(weight=case.latest.people["weight"])


def loyal_by(case: Case) -> str:
    """The question that loyalty is read from, as `loyalty_answers` does; "" where it is not asked."""
    asked = () if on_scale(case, "overall") is None else LOYAL
    return next((name for name in asked if on_scale(case, name) is not None), "")


@remembered
def loyalty_of_customers(case: Case) -> pd.DataFrame | None:
    """The same from the table customers, where who has not left is loyal."""
    needed(case.knows_of_customers("satisfaction", "churned"))
    table = case.tables["customers"]
    (low, high), loyal = case.settings.scale, 1 - table["churned"].astype(float)
    columns = ["satisfaction", "switching_cost"]
    scored = (table.reindex(columns=columns).astype(float) - low) / (high - low)
    return scored.assign(loyalty=loyal, revenue=table.get("revenue", np.nan))


def cuts(case: Case) -> tuple:
    """Places on their scales, 0–1, from which a customer is satisfied (not unhappy: one line for
    everything), loyal, and bound."""
    return case.unhappy_below((0, 1)), SATISFIED, SATISFIED


@remembered
def loyalty_matrix(case: Case) -> pd.DataFrame | None:
    """The contract's table `loyalty`; see `loyalty.loyalty_table`.

    >>> found = cx.loyalty_matrix(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['freedom', 'loyalty_type', 'n', 'n_of']
    """
    found = loyalty.loyalty_types(needed(loyalty_answers(case)), *cuts(case))
    # of the survey; the table customers has no clusters
    drawn = case.latest.weight if loyal_by(case) else None
    table = loyalty.loyalty_table(found, case.settings.confidence, drawn)
    if "revenue" in found:
        cells = {"all": found["type"], **{name: found["type"].where(found["freedom"] == name)
                                          for name in ("free", "bound")}}  # fmt: skip
        hidden = {name: dominated_cells(found["revenue"], of) for name, of in cells.items()}
        rows = zip(table["freedom"], table["loyalty_type"], strict=True)
        table[DOMINATED] = [kind in hidden[name] for name, kind in rows]
    return table


@remembered
def if_switching_were_free(case: Case) -> pd.DataFrame | None:
    """What revenue would go; None where freedom, or revenue, is not known.

    By the table customers: a survey does not say what each respondent brings.

    >>> cx.if_switching_were_free(cx.read_client("meisu", "data")) is None  # nobody was asked
    True
    """
    told = needed(loyalty_of_customers(case))
    needed(bool(told[["revenue", "switching_cost"]].notna().any().all()))
    found = loyalty.loyalty_types(told, *cuts(case))
    return loyalty.if_switching_were_free(found, case.settings.confidence)
