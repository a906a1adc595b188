"""Step 6: what each initiative serves, and whether the company is made for it."""

import numpy as np
import pandas as pd

from cxlib.analysis.asking import may_be_shown, needed, remembered, table_of
from cxlib.analysis.requirements import requirement_classes, requirement_register
from cxlib.analysis.strategy_capability import plan, yearly_budgets
from cxlib.client.case import Case
from cxlib.client.contract import FITS
from cxlib.sums import register
from cxlib.sums.initiatives import fit_table


@remembered
def plan_serves(case: Case) -> pd.DataFrame | None:
    """What each initiative serves, the must-haves first; None where no requirement is on record, or
    none is named and none is said not to be met.

    >>> cx.plan_serves(cx.read_client("meisu", "data"))[["initiative", "kind"]].values[:1].tolist()
    [['more_stores', 'need']]
    """
    found, on_record = needed(plan(case)), requirement_register(case)
    kano = requirement_classes(case)
    needed(on_record is not None or kano is not None)
    kano = None if kano is None else kano[may_be_shown(case, kano)]
    table = register.plan_serves(found, register.requirement_kinds(on_record, kano))
    return table if table["serves"].notna().any() else None


@remembered
def fits(case: Case) -> pd.DataFrame | None:
    """The fit of each initiative with strategy, people, process, technology and money; None without
    initiatives, or where nothing is known of it.

    >>> found = cx.fits(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['initiative', 'chosen', 'strategy_fit', 'people']
    """
    found, _ = needed(plan(case), table_of(case, "initiatives"))
    table = fit_table(found, FITS, yearly_budgets(case).replace(np.inf, np.nan).max())
    return table if table[[*table.columns[2:-2]]].notna().any(axis=None) else None
