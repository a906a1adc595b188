"""Did the business grow as promised? Step 7 of the method: prove it, then start again."""

import numpy as np
import pandas as pd

from cxlib.sums.periods import rows_in_time

ROUNDING = 1e-9  # 3 × (1/3) is in proportion


def growth_in_proportion(performance: pd.DataFrame) -> pd.DataFrame:
    """Each period's result against the first, and against the growth in units (e.g. stores).

    Parameters
    ----------
    performance : one row per period and measure, columns period, measure, value, units, event;
        periods are ordered as they sort (2024-01, 2024-02, …)

    Returns
    -------
    The same rows, by measure and period, plus
        base             the measure's first period with both value and units above zero
        value_ratio      value / value in the base period
        units_ratio      units / units in the base period
        value_per_unit   value / units, in the measure's own unit
        in_proportion    True where value_ratio ≥ units_ratio: business grew at least as units did;
                         blank where either is, and where there was no growth in units to judge
        change           value / value one row earlier − 1
    A blank input leaves what depends on it blank.

    Source: the method, step 7: 2 stores ×2, 3 ×3, 4 more than ×4. It is a comparison with the
    base period, not proof that the units caused the growth.

    >>> sales = pd.DataFrame(
    ...     {
    ...         "period": ["2023", "2024"],
    ...         "measure": "sales",
    ...         "value": [100, 300],
    ...         "units": [1, 2],
    ...     }
    ... )
    >>> growth_in_proportion(sales)["in_proportion"].tolist()
    [<NA>, True]
    """
    known = performance.reindex(columns=[*performance.columns.union(["units"], sort=False)])
    table = rows_in_time(known, ["measure"])
    table[["value", "units"]] = table[["value", "units"]].astype(float)
    usable = table[(table["value"] > 0) & (table["units"] > 0)]
    first = usable.groupby("measure", sort=False)[["period", "value", "units"]].first()
    base = first.reindex(table["measure"]).reset_index(drop=True)
    table = table.assign(
        base=base["period"],
        value_ratio=table["value"] / base["value"],
        units_ratio=table["units"] / base["units"],
        value_per_unit=table["value"] / table["units"].where(table["units"] > 0),
        change=table.groupby("measure", sort=False)["value"].pct_change(fill_method=None),
    )
    return table.assign(in_proportion=at_least_in_proportion(table))


def at_least_in_proportion(table: pd.DataFrame) -> pd.Series:
    """True, False, or blank where a ratio is unknown or units have not grown."""
    judged = table["value_ratio"].notna() & (table["units_ratio"] > 1)
    held = table["value_ratio"] >= table["units_ratio"] * (1 - ROUNDING)
    return pd.Series(np.where(judged, held, None), index=table.index).astype("boolean")
