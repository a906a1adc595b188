"""Step 1: whom the design is for, and whom it is most worth making it for."""

import numpy as np
import pandas as pd

from cxlib.analysis.asking import needed, numbers_shown, remembered, table_of
from cxlib.analysis.brand_value import customer_values
from cxlib.analysis.experience_expectation import gaps
from cxlib.client.case import Case
from cxlib.client.release import DOMINATED
from cxlib.sums import targets
from cxlib.sums.disclosure import dominated_cells


@remembered
def target_customers(case: Case) -> pd.DataFrame | None:
    """One row per segment: segment, n, share (weighted, of respondents; blank where the survey has no
    segments and the table customers has), designed_for.

    >>> found = cx.target_customers(cx.read_client("kiosk", "data"))
    >>> list(found)[:4]
    ['segment', 'n', 'share', 'designed_for']
    """
    if case.latest is None or case.latest.people["segment"].isna().all():
        return needed(segment_worth(case))[["segment", "n", "designed_for"]].assign(share=np.nan)
    people = case.latest.people
    by = people.groupby("segment", sort=False)["weight"]
    found = pd.DataFrame({"n": by.size(), "share": by.sum() / people["weight"].sum()})
    return found.assign(designed_for=found.index.isin(case.settings.target_segments)).reset_index()


@remembered
def segment_worth(case: Case) -> pd.DataFrame | None:
    """Segments of the table customers by value, potential and fit of the key experience, and which
    the design is for; None where no two of them, or no value, are known.

    >>> found = cx.segment_worth(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['segment', 'n', 'share', 'value_share']
    """
    needed(case.knows_of_customers("segment"))
    found = needed(customer_values(case))
    table = case.tables["customers"].set_index("customer")
    found = found.assign(segment=table["segment"].reindex(found.index))
    needed(found["segment"].nunique() > 1, bool(found["existing"].notna().any()))
    scores = numbers_shown(case, gaps(case)) if len(case.scores) else None
    worth = targets.segment_worth(found, scores)
    named = worth["segment"].isin(case.settings.target_segments)
    few = dominated_cells(found["revenue"], found["segment"])
    return worth.assign(designed_for=named, **{DOMINATED: worth["segment"].isin(few)})


@remembered
def segment_designs(case: Case) -> pd.DataFrame | None:
    """Each segment's own key experience beside everyone's; None with fewer than two segments.

    Beside `targets.segment_designs`: common_cost, what the initiatives for everyone's key experience cost
    together, and wasted_cost, that of it which falls, by their share of existing value, on segments for
    which it is wasted (currency; blank where either is not known). The apportioning is ours.

    >>> found = cx.segment_designs(cx.read_client("kiosk", "data"))
    >>> list(found)[:4]
    ['segment', 'n', 'own_key', 'weighted_satisfaction']
    """
    table = targets.segment_designs(gaps(case))
    needed(len(table) > 1)
    plan, worth = table_of(case, "initiatives", "dimension", "cost"), segment_worth(case)
    cost, share = np.nan, pd.Series(np.nan, table["segment"])
    if plan is not None and worth is not None:
        cost = plan.loc[plan["dimension"].eq(table["common_key"].iloc[0]), "cost"].sum(min_count=1)
        share = numbers_shown(case, worth).set_index("segment")["value_share"]
    wasted = (cost * table["segment"].map(share)).where(table["wasted"])
    return table.assign(common_cost=cost, wasted_cost=wasted)
