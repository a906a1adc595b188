"""The feedback loop: actions from findings, before and after, and where the next cycle starts.

Did the business grow as promised? Step 7 of the method: prove it, then start again.
"""

import numpy as np
import pandas as pd
from scipy import special

from cxlib.sums.interval import counted_share
from cxlib.sums.periods import plain, rows_in_time, span

DONE = {"done", "closed", "完成", "已完成"}


def action_list(actions: pd.DataFrame, today) -> pd.DataFrame:
    """Each finding with what became of it; overdue first, then by date.

    actions : one row per finding: finding, owner, due, status; today : a date

    Returns the same rows plus state: done, overdue, open, nobody (no owner), undated.

    >>> found = pd.DataFrame(
    ...     {
    ...         "finding": [*"ab"],
    ...         "owner": ["Mo", None],
    ...         "due": pd.NaT,
    ...         "status": ["done", "open"],
    ...     }
    ... )
    >>> action_list(found, "2024-05-01")["state"].tolist()
    ['nobody', 'done']
    """
    table = actions.reset_index(drop=True)
    table = table.assign(**{n: None for n in ("owner", "due", "status") if n not in table})
    due = pd.to_datetime(table["due"], errors="coerce")
    done = table["status"].fillna("").astype(str).str.strip().str.casefold().isin(DONE)
    holds = [done, due < pd.Timestamp(today), table["owner"].isna(), due.isna()]
    state = np.select(holds, ["done", "overdue", "nobody", "undated"], "open")
    order = ["overdue", "nobody", "undated", "open", "done"]
    key = pd.DataFrame({"state": [order.index(each) for each in state], "due": due})
    rows = key.sort_values(["state", "due"], kind="stable").index
    return table.assign(state=state).loc[rows].reset_index(drop=True)


def acted_on(table: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """One row: findings, done, share with share_low, share_high (Wilson), overdue, nobody.

    >>> found = pd.DataFrame(
    ...     {"finding": [*"ab"], "owner": "Mo", "due": pd.NaT, "status": ["done", "open"]}
    ... )
    >>> acted_on(action_list(found, "2024-05-01"))[
    ...     ["findings", "done", "share"]
    ... ].values.tolist()
    [[2.0, 1.0, 0.5]]
    """
    n, done = len(table), int((table["state"] == "done").sum())
    counts = {name: int((table["state"] == name).sum()) for name in ("overdue", "nobody")}
    found = {"findings": n, "done": done, **counted_share(done, n, confidence)}
    return pd.DataFrame([{**found, **counts}])


def before_after(performance: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Business results per unit before and after the first event, against what the line, the season
    and the carry-over before it would have led to.

    performance : one row per period and measure: period, measure, value, units, event

    Returns one row per measure with an event: measure, event, period and dimension (of the event; blank:
    tied to no experience), periods_before,
    periods_after (periods; that of the event is after), before, after (mean value per unit; per period
    where units are blank), change (after ÷ before − 1), expected (mean that the periods before lead
    to, see `counterfactual.carried_on`), effect (after − expected) with effect_low, effect_high,
    verdict: higher, lower, cannot_tell, season (fewer than two years before, of periods shorter than
    a year: a season could do the same), too_few (fewer than four periods before, or none after:
    no counterfactual). What came before is not a control group: whatever else changed with the
    event is in the effect.

    >>> sales = pd.DataFrame(
    ...     {
    ...         "period": [*"123456"],
    ...         "measure": "sales",
    ...         "value": [1, 2, 3, 4, 9, 9],
    ...         "units": 1,
    ...         "event": [None] * 4 + ["new shop", None],
    ...     }
    ... )
    >>> before_after(sales)[["event", "before", "after"]].values.tolist()
    [['new shop', 2.5, 9.0]]
    """
    about = ["event", "period", "dimension"]
    table = performance.reindex(columns=["measure", "value", "units", *about])
    table = rows_in_time(table, ["measure"])
    units = table["units"].astype(float).fillna(1)
    table = table.assign(y=table["value"].astype(float) / units.where(units > 0))
    rows = []
    for measure, series in table.groupby("measure", sort=False):
        happened = series["event"].notna().to_numpy()
        if happened.any():
            at = int(happened.argmax())
            event = {"measure": measure} | series[about].iloc[at].to_dict()
            y, cycle = series["y"].to_numpy(), cycle_of(series["period"])
            rows.append(event | counterfactual(y, at, confidence, cycle))
    return pd.DataFrame(rows)


def counterfactual(y: np.ndarray, at: int, confidence: float, cycle: int = 1) -> dict:
    """Before, after and the effect of an event at place `at`; see `before_after`."""
    happened, known = np.arange(len(y)) >= at, ~np.isnan(y)
    before, after = known & ~happened, known & happened
    n, m = int(before.sum()), int(after.sum())
    means = [y[part].mean() if part.any() else np.nan for part in (before, after)]
    found = {"periods_before": n, "periods_after": m, "before": means[0], "after": means[1]}
    found["change"] = means[1] / means[0] - 1 if n and means[0] else np.nan
    seen = cycle == 1 or n >= 2 * cycle
    expected, *ends = carried_on(y, before, after, cycle if seen else 1, True, confidence)
    effect, low, high = means[1] - expected, means[1] - ends[1], means[1] - ends[0]
    found |= {"expected": expected, "effect": effect, "effect_low": low, "effect_high": high}
    verdict = "higher" if low > 0 else "lower" if high < 0 else "cannot_tell"
    verdict = verdict if seen or verdict == "cannot_tell" else "season"
    return found | {"verdict": "too_few" if np.isnan(expected) else verdict}


REPAIRED = ["dimension", "condition", "found", "proved"]
ROLES = ["brand_value", "in_part", "repaired", "key_experience"]
ROSE = "rose"  # a better score beyond chance
DONE_SO_FAR, GREW, HIGHER = "action_done", "grown_in_proportion", "results_higher"


def next_cycle(gaps: pd.DataFrame, repairs: pd.DataFrame) -> pd.DataFrame:
    """What the next cycle starts from: what was repaired and proved, and the worst that remains.

    Parameters
    ----------
    gaps : rows of the gap table for everyone (or the target): dimension, experience, ideal, gap,
        importance, satisfaction, weighted_satisfaction, key_experience
    repairs : what tells that an experience was worked on: dimension, condition (rose, action_done,
        grown_in_proportion, results_higher), found (of rose the points, else the share, 0–1), proved
        (True, False, or blank: it proves nothing either way)

    Returns one row per role, dimension and condition
        next       brand_value (repaired, and proved), in_part (proved too, but work is open and the ideal
                   not reached), repaired (not proved yet), key_experience (the
                   worst of those that are not brand values: by weighted satisfaction, else by
                   priority, else by satisfaction; the key experience of today where nothing is proved)
        condition  as in repairs, and at_ideal (experience reaches what was decided); key_experience:
                   importance_known, below_expected
        found      the number it rests on; holds: True, False, or blank (not known)
    A better score alone proves nothing of an experience that is still the key one.

    >>> done = pd.DataFrame([["convenience", "grown_in_proportion", 1.0, True]], columns=REPAIRED)
    >>> meisu = cx.everyone(cx.gaps(cx.read_client("meisu", "data")))
    >>> next_cycle(meisu, done)[["next", "dimension"]].drop_duplicates().values.tolist()
    [['brand_value', 'convenience'], ['key_experience', 'product']]
    """
    keys = set(gaps.loc[gaps["key_experience"].eq(True), "dimension"])
    repairs = repairs[repairs["dimension"].isin(gaps["dimension"])]
    alone = repairs["condition"].eq(ROSE) & repairs["dimension"].isin(keys)
    proves = repairs["proved"].eq(True) & ~alone
    failed = set(repairs.loc[repairs["proved"].eq(False), "dimension"])
    undone = repairs["condition"].eq(DONE_SO_FAR) & repairs["found"].lt(1)
    short = set(repairs.loc[undone, "dimension"]) & set(gaps.loc[gaps["gap"] < 0, "dimension"])
    well = set(repairs.loc[proves, "dimension"]) - failed
    proved = well - short
    rows = []
    for name, signs in repairs.groupby("dimension", sort=False):
        role = "brand_value" if name in proved else "in_part" if name in well else "repaired"
        for condition, number, holds in signs[REPAIRED[1:]].to_numpy():
            holds = at_least(number, 1) if condition == DONE_SO_FAR else holds
            rows.append((role, name, condition, number, holds))
        gap = gaps.loc[gaps["dimension"].eq(name), "gap"].iloc[0]
        rows.append((role, name, "at_ideal", gap, at_least(gap, 0)))
    left = gaps[~gaps["dimension"].isin(proved)]
    left = left if proved else left[left["dimension"].isin(keys)]
    for by in ("weighted_satisfaction", "priority", "satisfaction", "gap"):
        short = left[left[by] < 0] if by in left else left.iloc[:0]
        if len(short):
            worst = short.loc[short[by].idxmin()]
            matters, missed = worst["importance"], worst["satisfaction"]
            next_one = ("key_experience", worst["dimension"])
            rows.append((*next_one, "importance_known", matters, bool(pd.notna(matters))))
            if pd.notna(missed):
                rows.append((*next_one, "below_expected", missed, bool(missed < 0)))
            break
    rows.sort(key=lambda row: ROLES.index(row[0]))
    table = pd.DataFrame(rows, columns=["next", "dimension", "condition", "found", "holds"])
    return table.astype({"holds": "boolean", "found": float})


def at_least(value, least):
    """Whether a value reaches the least that will do; None where it is not known."""
    return None if pd.isna(value) else bool(value >= least)


# Did the business grow as promised?


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
    judged = table["value_ratio"].notna() & (table["units_ratio"] > 1)  # units have grown
    held = table["value"] >= table["promised_low"].fillna(table["promised"]) * (1 - ROUNDING)
    return table.assign(in_proportion=held.astype("boolean").where(judged))


def promised(rows: pd.DataFrame) -> pd.DataFrame:
    """promised, promised_low and promised_high of one measure's periods; see above."""
    y, grown = rows["value_per_unit"].to_numpy(), rows["units_ratio"].to_numpy() > 1
    first = int(grown.argmax()) if grown.any() else len(rows)
    cycle = cycle_of(rows["period"])
    if 1 < cycle < len(rows):
        first = max(first, cycle)
    known = ~np.isnan(y) & (rows["units_ratio"].notna().to_numpy())
    before = known & (np.arange(len(rows)) < first)
    found = pd.DataFrame(index=rows.index, columns=PROMISED, dtype=float)
    found["promised"] = y[before].mean() if before.any() else np.nan
    for place in np.flatnonzero(known & ~before) if before.sum() >= FEWEST else []:
        now = np.arange(len(rows)) == place
        found.loc[rows.index[place], PROMISED[1:]] = carried_on(y, before, now, line=False)[1:]
    return found.mul(rows["units"], axis=0)


# What a series would have come to: carried on with its line, season and persistence

CARRIES = np.linspace(0, 0.95, 20)  # what of one period's deviation the next may keep


def cycle_of(labels) -> int:
    """Periods in a year, where all of them are months, quarters or halves; 1 otherwise.

    >>> cycle_of(["2024-01", "2024-02"]), cycle_of(["Q1 2024"]), cycle_of(["2024", "2025"])
    (12, 4, 1)
    """
    spans = [span(plain(label), True, True, False) for label in labels]
    if not spans or any(each is None or each[0] is None for each in spans):
        return 1
    lengths = {each[2] - each[1] for each in spans}
    months = lengths.pop() if len(lengths) == 1 else 0
    return 12 // months if months in (1, 3, 6) else 1


def design(n: int, cycle: int, line: bool = True) -> np.ndarray:
    """Columns of n periods: level, line, and a season where there is a cycle."""
    time = np.arange(n, dtype=float)
    season = np.eye(cycle)[np.arange(n) % cycle][:, 1:]
    return np.column_stack([np.ones(n), *([time] if line else []), season])


def carried_on(y: np.ndarray, before, after, cycle: int = 1, line: bool = True, confidence=0.95):
    """(expected, low, high) of the mean of y in the periods `after`, from those `before`.

    Least squares on level, line and season (`cycle` periods a year; 1: none) with deviations that
    each period hands on in part to the next. That part is not known: every value of it from 0 to
    .95 is weighed by its likelihood (of the residuals, REML), and the prediction is the mixture of
    their t distributions. Blank where fewer than two degrees of freedom are left.

    y : one value per period; before, after : True where a period counts, False also where blank.
    Source: Harville 1974, Biometrika 61; Zellner & Tiao 1964, J. American Statistical Association 59.

    >>> y = np.array([1.0, 2, 1, 2, 1, 2, 9])
    >>> [round(each, 1) for each in carried_on(y, np.arange(7) < 6, np.arange(7) == 6)][0]
    2.0
    """
    x = design(len(y), cycle, line)
    known = x[before]
    x = x[:, (known != 0).any(axis=0)]  # a season that was never seen before cannot be told
    df = int(before.sum()) - np.linalg.matrix_rank(x[before])
    if df < 2 or not after.any():
        return np.nan, np.nan, np.nan
    weight, centre, scale = np.array([one_carry(y, x, before, after, rho, df) for rho in CARRIES]).T
    weight = np.exp(weight - weight.max())
    weight /= weight.sum()
    expected = float(weight @ centre)
    tail = (1 - confidence) / 2
    return expected, *(mixture_quantile(p, weight, centre, scale, df) for p in (tail, 1 - tail))


def one_carry(y, x, before, after, rho: float, df: int):
    """(log-likelihood, centre, scale) of the mean after, where each period hands on `rho`."""
    time = np.arange(len(y))
    together = rho ** np.abs(time[:, None] - time[None, :]) / (1 - rho**2)
    own = together[np.ix_(before, before)]
    inverse, a = np.linalg.inv(own), x[before]
    information = a.T @ inverse @ a
    spread = np.linalg.pinv(information, hermitian=True)
    beta = spread @ a.T @ inverse @ y[before]
    left = y[before] - a @ beta
    square = max(float(left @ inverse @ left), np.finfo(float).tiny)
    mean = np.full(int(after.sum()), 1 / after.sum())
    cross = mean @ together[np.ix_(after, before)] @ inverse
    x_new = mean @ x[after] - cross @ a
    centre = mean @ x[after] @ beta + cross @ left
    variance = mean @ together[np.ix_(after, after)] @ mean
    variance += -cross @ own @ cross + x_new @ spread @ x_new
    fit = -np.linalg.slogdet(own)[1] / 2 - np.linalg.slogdet(information)[1] / 2
    return fit - df / 2 * np.log(square), centre, np.sqrt(max(variance, 0) * square / df)


def mixture_quantile(p: float, weight, centre, scale, df: int) -> float:
    """The value below which a mixture of t distributions lies with probability p, by bisection."""
    ends = centre + scale * special.stdtrit(df, p)
    low, high = ends.min(), ends.max()
    for _ in range(60):
        middle = (low + high) / 2
        below = weight @ special.stdtr(df, (middle - centre) / np.maximum(scale, 1e-300))
        low, high = (middle, high) if below < p else (low, middle)
    return float((low + high) / 2)
