"""Control charts: which waves or periods differ more than the usual come and go."""

import numpy as np
import pandas as pd

RUN = 8  # this many in a row on one side of the centre is a signal (Wheeler, Western Electric)
D4 = 3.268  # upper limit of the ranges, in mean ranges: 1 + 3 × 0.8525 / 1.128
D2 = 1.128  # mean range of two normal values, in standard deviations; 3/1.128, not the rounded 2.66


def xmr_chart(values: pd.Series) -> pd.DataFrame:
    """One row per period, in the order given: value, moving_range, centre, limit_low, limit_high,
    mean_range, range_limit, signal.

    Everything but signal is in the unit of the values; centre ∓ 3 × mean range / 1.128. A blank
    value, and the ranges beside it, stay blank and do not count; limits are blank below two ranges.
    range_limit: what a moving range stays below, 3.268 × mean range.
    signal: "outside" the limits, a "jump" (a moving range above its limit), the 8th or later in a "run" on one side of the centre, or "".

    Source: NIST/SEMATECH e-Handbook 6.3.2.2.

    >>> xmr_chart(pd.Series([1.0, 2.0, 1.0, 2.0]))[["centre", "mean_range"]].iloc[0].tolist()
    [1.5, 1.0]
    """
    value = values.astype(float)
    moving_range = value.diff().abs()
    mean_range = moving_range.mean() if moving_range.count() > 1 else np.nan
    centre, width = value.mean(), 3 * mean_range / D2
    table = pd.DataFrame({"value": value, "moving_range": moving_range}).assign(
        centre=centre, limit_low=centre - width, limit_high=centre + width, mean_range=mean_range
    )
    table["range_limit"] = D4 * mean_range
    jump = table["moving_range"] > table["range_limit"]
    signal = _signals(table)
    return table.assign(signal=np.where(jump & (signal != "outside"), "jump", signal))


def p_chart(count: pd.Series, n: pd.Series) -> pd.DataFrame:
    """One row per period, in the order given: n, value (count / n, 0–1), centre, limit_low,
    limit_high, signal.

    Centre: all counts over all n; limits ∓ 3 √(p̄(1−p̄)/n), each period by its own n, within 0–1.
    With n in the thousands such limits are tighter than the world: use an XmR chart of the shares.
    signal as in xmr_chart. Source: Montgomery, Introduction to Statistical Quality Control, ch. 7.

    >>> p_chart(pd.Series([10, 20]), pd.Series([100, 100]))["centre"].round(2).tolist()
    [0.15, 0.15]
    """
    known = count.notna() & n.notna() & (n > 0)
    count, n = count.astype(float).where(known), n.astype(float).where(known)
    centre = count.sum() / n.sum() if known.any() else np.nan
    width = 3 * np.sqrt(centre * (1 - centre) / n)
    table = pd.DataFrame({"n": n.astype("Int64"), "value": count / n}).assign(
        centre=centre, limit_low=(centre - width).clip(0), limit_high=(centre + width).clip(upper=1)
    )
    return table.assign(signal=_signals(table))


def _signals(table: pd.DataFrame) -> np.ndarray:
    outside = (table["value"] < table["limit_low"]) | (table["value"] > table["limit_high"])
    # A blank neither breaks a run nor lengthens it; a value on the centre breaks it.
    side = np.sign(table["value"] - table["centre"]).dropna()
    run = side.groupby((side != side.shift()).cumsum()).cumcount() + 1
    in_run = ((run >= RUN) & (side != 0)).reindex(table.index, fill_value=False)
    return np.select([outside, in_run], ["outside", "run"], "")
