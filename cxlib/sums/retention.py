"""How long contracts last: the shifted-beta-geometric model, and survival as it was seen.

Every customer renews with a probability of his own (beta over customers), so that retention rises
with age although nobody grows more loyal: those who leave easily are gone first.

Sources: Fader & Hardie 2007, J. Interactive Marketing 21(1); survival after Kaplan & Meier 1958,
by the package lifelines.
"""

import numpy as np
import pandas as pd
from scipy.special import betaln, chdtrc, digamma

from cxlib.sums.interval import counted_share
from cxlib.sums.lifetime import Fit, maximum_likelihood

WELL_SEEN = 10  # customers at risk
STEPS = (1, 3, 6, 12)  # months


def fit_sbg(contracts: pd.DataFrame, confidence: float = 0.95) -> Fit:
    """The alpha and beta of retention.

    contracts : one row per customer (or per group of like ones)
        entered    periods that had been completed when we first looked: 0 for those followed from
                   the start; a customer first seen at 3 tells nothing of periods 1 to 3
        completed  periods that were completed: renewals that were made and seen
        left       1 where the next renewal was then not made, 0 where still a customer
        count      customers alike (default 1)

    >>> years = pd.DataFrame(
    ...     {
    ...         "entered": 0,
    ...         "completed": range(8),
    ...         "left": [1] * 7 + [0],
    ...         "count": [369, 163, 86, 56, 37, 27, 21, 241],
    ...     }
    ... )
    >>> [round(value, 2) for value in fit_sbg(years).values]
    [0.7, 1.18]
    """
    columns = ["entered", "completed", "left"]
    rows = contracts[columns].astype(float).assign(count=contracts.get("count", 1.0))
    rows = rows.groupby(columns)["count"].sum().reset_index()
    entered, completed, left, weight = rows.to_numpy(float).T
    n = weight.sum()

    def objective(logs):
        value, gradient = renewal_terms(np.exp(logs), entered, completed, left)
        return -(value @ weight) / n, -(gradient @ weight) / n * np.exp(logs)

    return maximum_likelihood(["alpha", "beta"], objective, int(n), confidence)


def renewal_terms(parameters, entered, completed, left):
    """Log-likelihood of each customer and its derivatives.

    Left after completing t periods: B(α + 1, β + t); still there: B(α, β + t); both over the
    probability of having been there to be seen, B(α, β + entered).
    """
    alpha, beta = parameters
    value = betaln(alpha + left, beta + completed) - betaln(alpha, beta + entered)
    seen = digamma(alpha + left + beta + completed)
    there = digamma(alpha + beta + entered)
    by_alpha = digamma(alpha + left) - seen - digamma(alpha) + there
    by_beta = digamma(beta + completed) - seen - digamma(beta + entered) + there
    return value, np.array([by_alpha, by_beta])


def survival_curves(
    customers: pd.DataFrame, by: str = "", confidence: float = 0.95, every: float = 0
):
    """Share still customers by length of stay, one row per group and time at which someone left;
    `every` so often instead, where the times themselves would tell of single customers.

    customers : one row per customer
        tenure   length of stay until leaving, or until last seen; any unit
        entered  length of stay when first seen, 0 or blank: from the start. Who left before that
                 cannot be in the table; ignoring it would make customers look more lasting
        left     1 where the customer left, 0 where still there
        by       group, optional

    Returns group (`all` first), time, n (customers at risk), left (since the row before), survival,
    survival_low, survival_high (0–1; Kaplan–Meier, exponential Greenwood), and start: where
    customers were first seen late, the curves are of those who had stayed that long, the same for
    every group, since fewer than ten customers of some group were seen at risk before.

    >>> stays = pd.DataFrame({"tenure": [1, 2, 3, 3], "left": [1, 1, 0, 0]})
    >>> survival_curves(stays)["survival"].round(2).tolist()
    [0.75, 0.5]
    """
    from lifelines import KaplanMeierFitter  # late: two seconds, and few clients have stays

    groups = {"all": customers}
    groups |= dict(list(customers.dropna(subset=[by]).groupby(by))) if by else {}
    start = max(first_well_seen(rows) for rows in groups.values())
    parts = []
    for name, rows in groups.items():
        rows = rows[rows["tenure"] > start]
        entry = entries(rows).clip(lower=start)
        model = KaplanMeierFitter(alpha=1 - confidence)
        model.fit(rows["tenure"], rows["left"], entry=entry if entry.any() else None)
        parts.append(curve_rows(model, every).assign(group=str(name), start=start))
    columns = ["group", "time", "n", "left", "survival", "survival_low", "survival_high", "start"]
    return pd.concat(parts, ignore_index=True)[columns]


def entries(customers: pd.DataFrame) -> pd.Series:
    """Length of stay when first seen; 0, from the start, where it is not told."""
    return customers.reindex(columns=["entered"])["entered"].fillna(0).astype(float)


def first_well_seen(customers: pd.DataFrame) -> float:
    """The length of stay from which at least ten customers are at risk (up to half of the stays);
    0 where all were seen from the start."""
    entry, tenure = entries(customers), customers["tenure"]
    if not entry.any():
        return 0.0
    times = np.unique(tenure[tenure <= tenure.median()])
    thin = [time for time in times if (entry.lt(time) & tenure.ge(time)).sum() < WELL_SEEN]
    return float(max(thin, default=0.0))


def curve_rows(model, every: float = 0) -> pd.DataFrame:
    """The steps of one fitted curve, or where it stands whenever `every` has passed."""
    events = model.event_table
    gone = events["observed"].cumsum()
    times = gone.index[events["observed"] > 0]
    if every:
        times = np.arange(every, events.index.max() + every * 1e-9, every)
        times = times[times >= events.index[events["at_risk"] > 0].min()]
    left = gone.reindex(times, method="ffill")
    curve = model.survival_function_.join(model.confidence_interval_)
    curve.columns = ["survival", "survival_low", "survival_high"]
    at_risk = events["at_risk"].reindex(times, method="bfill")
    gone = left.diff().fillna(left).astype(int)
    found = curve.reindex(times, method="ffill").assign(n=at_risk.astype(int), left=gone)
    return found.rename_axis("time").reset_index()


def telling_step(customers: pd.DataFrame, least: float) -> float:
    """Months that a curve is told in: the fewest of STEPS in which `least` customers leave.

    >>> telling_step(pd.DataFrame({"tenure": [24.0] * 40, "left": [1] * 40}), 10)
    6
    """
    a_month = customers["left"].sum() / customers["tenure"].max()
    return next((step for step in STEPS if a_month * step >= least), STEPS[-1])


def survival_difference(customers: pd.DataFrame, by: str) -> float:
    """p of the log-rank test that groups leave at the same rate; blank with fewer than two.

    Customers first seen late are at risk only from then on, as in `survival_curves`.

    >>> stays = pd.DataFrame({"tenure": [1, 1, 5, 6], "left": 1, "plan": [*"aabb"]})
    >>> round(survival_difference(stays, "plan"), 2)
    0.08
    """
    known = customers.dropna(subset=["tenure", "left", by])
    if known[by].nunique() < 2:
        return np.nan
    from lifelines import CoxPHFitter
    from lifelines.statistics import multivariate_logrank_test

    late = "entered" in known and known["entered"].fillna(0).any()
    if not late:
        return multivariate_logrank_test(known["tenure"], known[by], known["left"]).p_value
    # The score test of Cox's model is the log-rank test, and takes late entries; its likelihood
    # ratio, which lifelines gives, is the same to first order.
    groups = pd.get_dummies(known[by].astype(str), drop_first=True).astype(float)
    table = groups.assign(tenure=known["tenure"], left=known["left"], entered=known["entered"])
    model = CoxPHFitter().fit(table.fillna({"entered": 0.0}), "tenure", "left", entry_col="entered")
    return model.log_likelihood_ratio_test().p_value


def renewals(contracts: pd.DataFrame, fit: Fit, confidence: float = 0.95) -> pd.DataFrame:
    """Renewals as they were seen, beside the model's: one row per period.

    contracts : as `fit_sbg` takes them, one row per customer

    Returns period (1 = the first renewal), n (customers who could renew), retention,
    retention_low, retention_high (Wilson, 0–1), expected (the model's), and in every row p, of
    the test that all differences are chance (Pearson's, periods of five and more expected to
    renew and to leave; blank where fewer than four such), and fits: p is not below 1 − confidence.

    >>> years = pd.DataFrame(
    ...     {"entered": 0, "completed": [1] * 20 + [3] * 80, "left": [1] * 20 + [0] * 80}
    ... )
    >>> renewals(years, fit_sbg(years))["n"].tolist()
    [100, 100, 80]
    """
    alpha, beta = fit.values
    seen = contracts.assign(last=contracts["completed"] + contracts["left"])
    rows = []
    for period in range(int(seen["entered"].min()) + 1, int(seen["last"].max()) + 1):
        there = seen[(seen["entered"] < period) & (seen["last"] >= period)]
        if len(there):
            rows.append((period, len(there), int((there["completed"] >= period).sum())))
    table = pd.DataFrame(rows, columns=["period", "n", "renewed"])
    expected = (beta + table["period"] - 1) / (alpha + beta + table["period"] - 1)
    p = misfit(table["renewed"], table["n"], expected)
    found = counted_share(table["renewed"], table["n"], confidence, "retention")
    found |= {"expected": expected, "p": p}
    fits = bool(p >= 1 - confidence) if p == p else None
    return table.assign(**found, fits=fits).drop(columns="renewed")


def misfit(renewed, n, expected) -> float:
    """p of Pearson's test of renewals against a model with two parameters."""
    stay, leave = n * expected, n * (1 - expected)
    used = (stay >= 5) & (leave >= 5)
    if used.sum() < 4:
        return np.nan
    square = ((renewed - stay) ** 2 / (n * expected * (1 - expected)))[used].sum()
    return float(chdtrc(used.sum() - 2, square))
