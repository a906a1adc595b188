"""Service measures against target and benchmark: met, missed, or cannot tell.

Control charts: which waves or periods differ more than the usual come and go.
"""

import numpy as np
import pandas as pd

from cxlib.sums.interval import nps_possible, wilson_interval
from cxlib.sums.periods import rows_in_time

SERIES = ["kpi", "stage", "channel"]  # what a chart runs along
LARGE = 1_000  # above, a p chart's limits are tighter than the world is steady (see p_chart)
ROUNDING = 1e-9
CHART = ["centre", "limit_low", "limit_high", "signal"]
PER_CENT = ("%", "％", "percent", "per cent", "pct", "percentage", "百分比")  # units of kpis
RIGHTS = ["time", "place", "price", "channel", "customer", "product", "need"]


def kpi_table(kpis: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Each measure in each period, with its interval, chart and verdict.

    Parameters
    ----------
    kpis : one row per measure and period (and stage and channel): kpi, period, and numerator and
        denominator or value; target, benchmark, better (high or low), penalty; blank = not known

    Returns one row per row, by measure and then period, plus
        n                        the denominator; of a reported NPS its answers
        value, _low, _high       numerator ÷ denominator, else as stated; Wilson where it is a
                                 share of cases; otherwise no interval: a stated value has no base
        basis                    counts, ratio (visits per customer: no share, no interval), stated
        centre, limit_low, limit_high, signal   control chart over the periods: p chart of counts,
                                 XmR where values are stated or cases more than LARGE a period
        verdict                  against target: met, missed, cannot_tell (the interval holds the
                                 target, or which way is better is not said), blank without target
        against_benchmark        likewise: better, worse, cannot_tell, blank
        unit                     share where the value is one, 0–1, counted or stated
        penalty_due              True where missed and a penalty is agreed
        perverse                 True where few complaints are the aim: see `perverse`
        impossible               True for a reported NPS that no n answers can give
    A value, target or benchmark in per cent is taken as a share. A period's cases are taken as a sample of what the process does.

    >>> kpis = pd.DataFrame(
    ...     {
    ...         "kpi": "on time",
    ...         "period": ["1", "2"],
    ...         "numerator": [90, 95],
    ...         "denominator": 100,
    ...     }
    ... )
    >>> kpi_table(kpis)["value"].tolist()
    [0.9, 0.95]
    """
    numbers = ["numerator", "denominator", "value", "target", "benchmark"]
    known = kpis.drop(columns=CHART, errors="ignore")
    names = dict.fromkeys([*known, *SERIES, *numbers, "better", "penalty"])
    table = known.reindex(columns=list(names))
    table[numbers] = table[numbers].astype(float)
    table = rows_in_time(as_shares(table), SERIES)
    table = table.assign(**values(table, confidence))
    counted = table["unit"].isna() & (table["basis"] == "counts")
    table["unit"] = table["unit"].mask(counted, "share")
    charts = [chart(rows) for _, rows in table.groupby(SERIES, sort=False, dropna=False)]
    table = table.join(pd.concat(charts)) if charts else table
    verdict = against(table, "target", ("met", "missed"))
    return table.assign(
        verdict=verdict,
        against_benchmark=against(table, "benchmark", ("better", "worse")),
        penalty_due=(verdict == "missed") & table["penalty"].notna(),
        perverse=perverse(table),
        impossible=impossible_nps(table),
    )


def perverse(kpis: pd.DataFrame) -> pd.Series:
    """Which measures call it better when fewer complain: that rewards silence, and the silent leave.

    How long a complaint waits, or how many stay open, is another matter. Told by the name, in any of
    our languages. Source: the method, §3, the second lever.

    >>> perverse(pd.DataFrame({"kpi": ["complaints", "complaint_hours"], "better": "low"})).tolist()
    [True, False]
    """
    name = kpis["kpi"].astype("str").str.cat(kpis.get("label", kpis["kpi"]).astype("str"), " ")
    counted = name.str.contains(COMPLAINTS, case=False) & ~name.str.contains(HANDLED, case=False)
    return kpis.get("better", pd.Series(None, kpis.index)).eq("low") & counted


COMPLAINTS = "complain|投诉|投訴|抱怨|客诉|客訴"
HANDLED = "hours|days|time|late|open|repeat|unresolved|escalat|用时|用時|时间|時間|时长|時長|未|逾|超|重复|重複"


def as_shares(table: pd.DataFrame) -> pd.DataFrame:
    """The same rows with percentages as shares, 0–1: what is stated in per cent has unit `share`.

    >>> as_shares(pd.DataFrame({"value": [99.9], "target": [99.5], "benchmark": [None], "unit": "%"}))[
    ...     "value"
    ... ].round(4).tolist()
    [0.999]
    """
    unit = table.get("unit", pd.Series(None, table.index, dtype="str")).astype("str")
    per_cent = unit.str.strip().str.casefold().isin(PER_CENT)
    stated = table[["value", "target", "benchmark"]].astype(float)
    return table.assign(**stated.mask(per_cent, stated / 100), unit=unit.mask(per_cent, "share"))


def reported_nps(kpis: pd.DataFrame) -> pd.Series:
    """Which rows are a net promoter score with the number of answers it comes from.

    Their unit is `nps`, their value −100 to 100, their denominator the answers; see `kpi_table`.
    """
    columns = kpis.reindex(columns=["unit", "numerator", "denominator", "value"])
    score = columns["unit"].astype("str").str.casefold().eq("nps") & columns["value"].notna()
    return score & columns["numerator"].isna() & (columns["denominator"].astype(float) > 0)


def impossible_nps(kpis: pd.DataFrame) -> pd.Series:
    """Which rows report a net promoter score that no set of answers of that size can give.

    >>> impossible_nps(
    ...     pd.DataFrame({"unit": "nps", "value": [50, 33], "denominator": 4})
    ... ).tolist()
    [False, True]
    """
    told = kpis.loc[reported_nps(kpis), ["value", "denominator"]].astype(float)
    wrong = [not nps_possible(value, int(n)) for value, n in told.itertuples(index=False)]
    return pd.Series(wrong, told.index, dtype=bool).reindex(kpis.index, fill_value=False)


def values(table: pd.DataFrame, confidence: float) -> dict:
    """n, value, value_low, value_high and basis of each row."""
    counted = table["numerator"].notna() & (table["denominator"] > 0)
    ratio = (table["numerator"] / table["denominator"]).where(counted)
    whole = (table["numerator"] % 1 == 0) & (table["denominator"] % 1 == 0)
    share = counted & whole & (table["numerator"] <= table["denominator"])
    counts = (table[name].where(share) for name in ("numerator", "denominator"))
    low, high = wilson_interval(*counts, confidence)
    return {
        "n": table["denominator"].where(counted | reported_nps(table)),
        "value": ratio.fillna(table["value"]),
        "value_low": low,
        "value_high": high,
        "basis": np.select([share, counted], ["counts", "ratio"], "stated"),
    }


def chart(rows: pd.DataFrame) -> pd.DataFrame:
    """Control limits of one measure over its periods."""
    counts = rows["basis"].eq("counts").all() and rows["n"].median() <= LARGE
    of = p_chart(rows["numerator"], rows["denominator"]) if counts else xmr_chart(rows["value"])
    return of[CHART]


def against(table: pd.DataFrame, mark: str, words: tuple[str, str]) -> np.ndarray:
    """Which side of the mark each value is on, as far as its interval lets one tell."""
    sign = table["better"].map({"high": 1.0, "low": -1.0}).astype(float)
    ends = table[["value_low", "value_high"]].to_numpy(dtype=float)
    ends = np.where(np.isnan(ends), table[["value"]].to_numpy(dtype=float), ends)
    distance = (ends - table[[mark]].to_numpy(dtype=float)) * sign.to_numpy()[:, None]
    nothing = table[mark].isna() | table["value"].isna()
    reached, short = distance.min(axis=1) >= -ROUNDING, distance.max(axis=1) < -ROUNDING
    return np.select([nothing, reached, short], ["", words[0], words[1]], "cannot_tell")


def latest_kpis(table: pd.DataFrame) -> pd.DataFrame:
    """The last period of each measure that has a value, with the one before: the monitors.

    table : rows of `kpi_table`. Returns one row per kpi, stage and channel, plus previous (value
    of the period before) and change (value − previous); by channel.

    >>> kpis = pd.DataFrame(
    ...     {
    ...         "kpi": "on time",
    ...         "period": ["1", "2"],
    ...         "numerator": [90, 95],
    ...         "denominator": 100,
    ...     }
    ... )
    >>> latest_kpis(kpi_table(kpis))["change"].round(2).tolist()
    [0.05]
    """
    known = table.dropna(subset=["value"])
    previous = known.groupby(SERIES, sort=False, dropna=False)["value"].shift()
    known = known.assign(previous=previous, change=known["value"] - previous)
    last = known.groupby(SERIES, sort=False, dropna=False).tail(1)
    return last.sort_values(["channel", "stage", "kpi"], kind="stable", ignore_index=True)


def seven_rights(latest: pd.DataFrame) -> pd.DataFrame:
    """The checklist of the seven rights, scored from the measures that speak of each.

    latest : rows of `latest_kpis` with a column `right` (time, place, price, channel, customer,
    product, need; several with ";" between)

    Returns one row per right: right, met, missed, cannot_tell, measures (numbers of measures),
    verdict: missed where any is, met where all are, cannot_tell, not_measured.

    >>> latest = pd.DataFrame(
    ...     {"kpi": ["on time", "in full"], "right": "time", "verdict": ["met", "missed"]}
    ... )
    >>> seven_rights(latest).set_index("right").loc["time", "verdict"]
    'missed'
    """
    rights = latest.get("right", pd.Series("", index=latest.index)).fillna("").astype(str)
    each = latest.assign(right=rights.str.split(r"\s*;\s*", regex=True)).explode("right")
    each = each[each["verdict"] != ""]
    kinds = ["met", "missed", "cannot_tell"]
    counts = pd.crosstab(each["right"], each["verdict"])
    counts = counts.reindex(index=RIGHTS, columns=kinds, fill_value=0)
    total = counts.sum(axis=1)
    holds = [total == 0, counts["missed"] > 0, counts["met"] == total]
    verdict = np.select(holds, ["not_measured", "missed", "met"], "cannot_tell")
    found = counts.assign(measures=total, verdict=verdict).rename_axis(columns=None)
    return found.rename_axis("right").reset_index()


# Control charts


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
