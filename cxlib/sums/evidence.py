"""Did the business grow as promised? Step 7 of the method: prove it, then start again."""

import numpy as np
import pandas as pd

from cxlib.sums.counterfactual import carried_on, cycle_of
from cxlib.sums.periods import rows_in_time

ROUNDING = 1e-9  # 3 × (1/3) is in proportion
FEWEST = 4  # base periods from which their come and go is known
PROMISED = ["promised", "promised_low", "promised_high"]


def growth_in_proportion(performance: pd.DataFrame) -> pd.DataFrame:
    """Each period's result against the base, and against the growth in units (e.g. stores).

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
        promised, _low, _high   what growth in proportion to the units would have given: the mean per
                         unit of the base periods × units. Base periods are those before units grew,
                         and all of the first year where periods are parts of one and a later year is
                         there; of four and more, their own come and go gives the ends
        in_proportion    True where value ≥ promised (its low end, where it has one): business grew
                         at least as units did, as far as chance tells; blank where either is, and
                         where there was no growth in units to judge
        change           value / value one row earlier − 1
    A blank input leaves what depends on it blank.

    Source: the method, step 7: 2 stores ×2, 3 ×3, 4 more than ×4. It is a comparison with the
    base, not proof that the units caused the growth.

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
    parts = [promised(rows) for _, rows in table.groupby("measure", sort=False)]
    table = table.join(pd.concat(parts)) if parts else table.reindex(columns=[*table, *PROMISED])
    return table.assign(in_proportion=at_least_in_proportion(table))


def promised(rows: pd.DataFrame) -> pd.DataFrame:
    """promised, promised_low and promised_high of one measure's periods; see above."""
    y, grown = rows["value_per_unit"].to_numpy(), rows["units_ratio"].to_numpy() > 1
    first = int(grown.argmax()) if grown.any() else len(rows)
    cycle = cycle_of(rows["period"])
    if 1 < cycle < len(rows):
        first = max(first, cycle)
    known = ~np.isnan(y) & (rows["units_ratio"].notna().to_numpy())
    before = known & (np.arange(len(rows)) < first)
    found = pd.DataFrame({"promised": y[before].mean() if before.any() else np.nan}, rows.index)
    for place in np.flatnonzero(known & ~before) if before.sum() >= FEWEST else []:
        now = np.arange(len(rows)) == place
        for end, value in zip(
            ("_low", "_high"), carried_on(y, before, now, line=False)[1:], strict=True
        ):
            found.loc[rows.index[place], f"promised{end}"] = value
    return found.reindex(columns=PROMISED).mul(rows["units"], axis=0)


def at_least_in_proportion(table: pd.DataFrame) -> pd.Series:
    """True, False, or blank where a ratio is unknown or units have not grown."""
    judged = table["value_ratio"].notna() & (table["units_ratio"] > 1)
    held = table["value"] >= table["promised_low"].fillna(table["promised"]) * (1 - ROUNDING)
    return pd.Series(np.where(judged, held, None), index=table.index).astype("boolean")
