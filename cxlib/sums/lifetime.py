"""What customers without a contract will still buy: RFM, BG/NBD and Gamma–Gamma, checked.

BG/NBD: a customer buys at a rate of his own (gamma over customers) and, after each purchase, may
leave for good with a probability of his own (beta over customers). Gamma–Gamma: what a purchase
brings varies around a mean of the customer's own, unrelated to how often he buys. Both are fitted
by maximum likelihood, in logarithms so that parameters stay above zero; intervals come from the
curvature of the likelihood, whose gradient is exact.

Sources: Fader, Hardie & Lee 2005, Marketing Science 24(2); Fader & Hardie 2013, "The Gamma-Gamma
Model of Monetary Value".
"""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.linalg import block_diag
from scipy.optimize import minimize
from scipy.special import digamma, expit, gammaln, hyp2f1

from cxlib.sums.estimate import z_of
from cxlib.sums.interval import t_interval
from cxlib.sums.purchases import WEEK, purchase_history

WEEKS_A_YEAR = 365.25 / 7
ENOUGH = 100  # repeat buyers below which no model is fitted
POOR = 0.20  # a hold-out total missed by more than this share is a poor fit
STEP = 1e-3  # of a logarithm, by which a slope is found
FLAT = 5.0  # half an interval, in logarithms, from which a parameter is not known at all


@dataclass(frozen=True)
class Fit:
    """A model fitted by maximum likelihood.

    parameters  one row per parameter: value, low, high (the ends in logarithms, so above zero;
                blank where the likelihood is too flat to tell)
    covariance  of the logarithms of the parameters
    n           customers it rests on
    converged   whether there is a top: a parameter that runs off to 0 or beyond bounds has none,
                and what is then expected far ahead rests on nothing
    """

    parameters: pd.DataFrame
    covariance: np.ndarray
    n: int
    converged: bool

    @property
    def values(self) -> tuple:
        """The parameters' values, in the order of the model."""
        return tuple(self.parameters["value"])


def maximum_likelihood(names, objective, n: int, confidence: float) -> Fit:
    """The parameters at the top of a likelihood, with Wald intervals of their logarithms.

    objective(log_parameters) -> (minus the log-likelihood per customer, its gradient)

    >>> def parabola(logs):
    ...     return float((logs - np.log(2)) @ (logs - np.log(2))), 2 * (logs - np.log(2))
    ...
    >>> fit = maximum_likelihood(["x"], parabola, n=10, confidence=0.95)
    >>> [round(value, 3) for value in fit.values]
    [2.0]
    """
    bounds = [(-12, 12)] * len(names)
    found = minimize(objective, np.zeros(len(names)), jac=True, method="L-BFGS-B", bounds=bounds,
                     options={"ftol": 1e-12, "gtol": 1e-7, "maxiter": 500})  # fmt: skip
    covariance = covariance_of(found.x, objective, n)
    with np.errstate(invalid="ignore"):
        half = z_of(confidence) * np.sqrt(np.diag(covariance))
    ends = {"value": found.x, "low": found.x - half, "high": found.x + half}
    with np.errstate(over="ignore"):  # an end beyond any number is infinite, and said to be
        table = np.exp(pd.DataFrame(ends, index=list(names)))
    # A parameter that runs off has no top: BG/NBD's a → 0, say, where nobody seems to leave.
    there = np.isfinite(covariance).all() and (half < FLAT).all()
    return Fit(table, covariance, n, bool(found.success and there))


def covariance_of(top, objective, n: int) -> np.ndarray:
    """Inverse of the observed information; blank where it is not a hilltop."""
    step = 1e-4
    moves = np.eye(len(top)) * step
    rows = [(objective(top + m)[1] - objective(top - m)[1]) / (2 * step) for m in moves]
    information = n * (np.array(rows) + np.array(rows).T) / 2
    if not (np.isfinite(information).all() and (np.linalg.eigvalsh(information) > 0).all()):
        return np.full(information.shape, np.nan)
    return np.linalg.inv(information)


# How often, and whether still a customer


def fit_bgnbd(purchases: pd.DataFrame, confidence: float = 0.95) -> Fit:
    """BG/NBD's r, alpha (weeks), a, b.

    purchases : one row per customer, as `purchase_history` gives them: frequency (repeat
        purchases), recency and age (weeks)

    >>> life = cx.lifetimes(cx.read_client("retail", "data"))
    >>> fit_bgnbd(life.history).parameters.index.tolist()
    ['r', 'alpha', 'a', 'b']
    """
    # Customers alike in all three are one row with a count; what depends on few values is
    # computed once for each.
    columns = ["frequency", "recency", "age"]
    rows = purchases.groupby(columns, sort=False).size().reset_index(name="count")
    x, recency, age, count = (rows[name].to_numpy(float) for name in [*columns, "count"])
    weight = count / count.sum()
    once, which = np.unique(x, return_inverse=True)

    def objective(logs):
        value, gradient = bgnbd_terms(np.exp(logs), x, recency, age, once, which)
        return -(weight @ value), -(gradient @ weight) * np.exp(logs)

    return maximum_likelihood(["r", "alpha", "a", "b"], objective, int(count.sum()), confidence)


def bgnbd_terms(parameters, x, recency, age, once, which):
    """Log-likelihood of each customer, and its derivative by each parameter. FHL 2005, eq. 6."""
    r, alpha, a, b = parameters
    repeat = x > 0
    by_x = (
        gammaln(r + once) - gammaln(r) + r * np.log(alpha)
        + gammaln(a + b) + gammaln(b + once) - gammaln(b) - gammaln(a + b + once)
    )  # fmt: skip
    alive = -(r + x) * np.log(alpha + age)
    last = np.where(repeat, b + x - 1, 1.0)
    gone = np.log(a) - np.log(last) - (r + x) * np.log(alpha + recency)
    gone = np.where(repeat, gone, -np.inf)
    value = by_x[which] + np.logaddexp(alive, gone)
    share = expit(gone - alive)  # of the likelihood, that the customer has left
    sums = digamma(a + b) - digamma(a + b + once)
    by_r = (digamma(r + once) - digamma(r) + np.log(alpha))[which]
    by_b = (sums + digamma(b + once) - digamma(b))[which]
    gradient = np.array([
        by_r - (1 - share) * np.log(alpha + age) - share * np.log(alpha + recency),
        r / alpha - (r + x) * ((1 - share) / (alpha + age) + share / (alpha + recency)),
        sums[which] + share / a,
        by_b - share / last,
    ])  # fmt: skip
    return value, gradient


def expected_purchases(fit: Fit, purchases: pd.DataFrame, weeks: float) -> pd.Series:
    """Purchases that each customer is expected to make in the coming weeks. FHL 2005, eq. 10.

    >>> shown = pd.DataFrame({"value": [0.243, 4.414, 0.793, 2.426]})  # CDNOW, FHL 2005
    >>> fit = Fit(shown, np.eye(4), 2357, True)
    >>> history = pd.DataFrame({"frequency": [2], "recency": [30.43], "age": [38.86]})
    >>> expected_purchases(fit, history, 39).round(3).tolist()
    [1.226]
    """
    r, alpha, a, b = fit.values
    x, recency, age = (purchases[name].to_numpy(float) for name in ("frequency", "recency", "age"))
    series = hyp2f1(r + x, b + x, a + b + x - 1, (weeks / (alpha + age + weeks)))
    left = ((alpha + age) / (alpha + age + weeks)) ** (r + x)
    still = (a + b + x - 1) / (a - 1) * (1 - left * series) if a != 1 else np.nan
    return pd.Series(still * p_active(fit, purchases).to_numpy(), index=purchases.index)


def p_active(fit: Fit, purchases: pd.DataFrame) -> pd.Series:
    """Probability, 0–1, that each customer has not left; 1 for one who bought once: the model
    lets nobody leave before a repeat purchase."""
    r, alpha, a, b = fit.values
    x, recency, age = (purchases[name].to_numpy(float) for name in ("frequency", "recency", "age"))
    odds = a / np.where(x > 0, b + x - 1, 1) * ((alpha + age) / (alpha + recency)) ** (r + x)
    return pd.Series(np.where(x > 0, 1 / (1 + odds), 1.0), index=purchases.index)


# How much


def fit_gamma_gamma(purchases: pd.DataFrame, confidence: float = 0.95) -> Fit:
    """Gamma–Gamma's p, q and v (currency), from customers with a repeat purchase.

    purchases : one row per customer: frequency, spend (mean amount of a repeat purchase)

    >>> life = cx.lifetimes(cx.read_client("retail", "data"))
    >>> fit_gamma_gamma(life.history).converged
    True
    """
    buyers = purchases[(purchases["frequency"] > 0) & (purchases["spend"] > 0)]
    x, spend = buyers["frequency"].to_numpy(float), buyers["spend"].to_numpy(float)
    typical = np.median(spend)  # v is fitted in units of a typical purchase
    m = spend / typical

    def objective(logs):
        p, q, v = np.exp(logs)
        all_in = np.log(v + m * x)
        value = (
            gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
            + p * x * np.log(x) + (p * x - 1) * np.log(m) - (p * x + q) * all_in
        )  # fmt: skip
        by_p = x * (digamma(p * x + q) - digamma(p * x) + np.log(x * m) - all_in)
        by_q = digamma(p * x + q) - digamma(q) + np.log(v) - all_in
        by_v = q / v - (p * x + q) / (v + m * x)
        return -value.mean(), -np.array([by_p.mean() * p, by_q.mean() * q, by_v.mean() * v])

    fit = maximum_likelihood(["p", "q", "v"], objective, len(buyers), confidence)
    fit.parameters.loc["v"] *= typical
    return fit


def expected_spend(fit: Fit, purchases: pd.DataFrame) -> pd.Series:
    """What a purchase of each customer is expected to bring, currency; blank where q ≤ 1, for
    then the model's mean is infinite.

    >>> shown = pd.DataFrame({"value": [6.25, 3.74, 15.44]})  # CDNOW, Fader & Hardie 2013
    >>> history = pd.DataFrame({"frequency": [2, 0], "spend": [22.35, np.nan]})
    >>> expected_spend(Fit(shown, np.eye(3), 946, True), history).round(0).tolist()
    [25.0, 35.0]
    """
    p, q, v = fit.values
    if q <= 1:
        return pd.Series(np.nan, index=purchases.index)
    x, spend = purchases["frequency"], purchases["spend"].fillna(0)
    x = x.where(spend > 0, 0)
    return p * (v + x * spend) / (p * x + q - 1)


def lifetime_value(
    bgnbd: Fit, spend: Fit, purchases: pd.DataFrame, years: float, discount: float, kept: float = 1
) -> pd.Series:
    """Value of each customer's purchases in the coming years, discounted to today, currency.

    discount : a year, 0–1; kept : what is left of a purchase after returns, or margin, 0–1

    >>> life = cx.lifetimes(cx.read_client("retail", "data"))
    >>> value = lifetime_value(life.often, life.spend, life.history, years=1, discount=0.1)
    >>> bool((value >= 0).all())
    True
    """
    steps = int(round(years * 12))
    ends = np.arange(1, steps + 1) * WEEKS_A_YEAR / 12
    total = np.column_stack([expected_purchases(bgnbd, purchases, end) for end in ends])
    each = np.diff(total, axis=1, prepend=0)
    worth = (1 + discount) ** -((np.arange(steps) + 0.5) / 12)
    return pd.Series(each @ worth, index=purchases.index) * expected_spend(spend, purchases) * kept


def lifetime_error(
    bgnbd: Fit, spend: Fit, purchases: pd.DataFrame, years: float, discount: float
) -> float:
    """Standard error of the logarithm of what all customers together are worth (`lifetime_value`).

    By the delta method from the two fits, which rest on different data of the same customers and
    are taken as independent. How far either model is from the truth is not in it. Blank where a
    fit has no top, as retail's has none: nobody there seems to leave.

    >>> life = cx.lifetimes(cx.read_client("retail", "data"))
    >>> lifetime_error(life.often, life.spend, life.history, years=1, discount=0.1)
    nan
    """

    def all_worth(moves):  # of the parameters' logarithms
        own = zip((bgnbd, spend), np.split(moves, [len(bgnbd.values)]), strict=True)
        fits = [replace(fit, parameters=fit.parameters.mul(np.exp(by), axis=0)) for fit, by in own]
        return np.log(lifetime_value(*fits, purchases, years, discount).sum())

    covariance = block_diag(bgnbd.covariance, spend.covariance)
    moves = np.eye(len(covariance)) * STEP
    slopes = np.array([all_worth(move) - all_worth(-move) for move in moves]) / (2 * STEP)
    return float(np.sqrt(slopes @ covariance @ slopes))


# Does the model predict purchases that it has not seen?


CALIBRATION = 2 / 3  # of the time that is known
MOST_REPEATS = 7  # customers with this many repeat purchases or more are one group


def holdout_check(days: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """Purchases in the last third of the time, against those expected from the first two.

    days : one row per customer and day, as `purchases.customer_days` gives them

    Returns one row per number of repeat purchases before (`all` first, "7" is 7 and more)
        repeats    as text
        n          customers who had bought before the cut
        purchases, purchases_low, purchases_high   made afterwards, mean per customer
        expected   by the model, mean per customer
        error      expected ÷ made − 1; blank where none were made
        fits       expected within a fifth of what was made (see lifetime.POOR)
        weeks      that the hold-out lasted

    >>> days = cx.sales_days(cx.read_client("retail", "data"))
    >>> holdout_check(days)["repeats"].iloc[0]
    'all'
    """
    first, last = days["date"].min(), days["date"].max()
    cut = (first + (last - first) * CALIBRATION).floor("D")
    known = purchase_history(days, cut)
    weeks = (last - cut) / WEEK
    after = days[(days["date"] > cut) & (days["amount"] > 0)].groupby("customer").size()
    made = after.reindex(known.index).fillna(0).astype(float)
    found = pd.DataFrame({"repeats": known["frequency"].clip(upper=MOST_REPEATS), "made": made})
    found["expected"] = expected_purchases(fit_bgnbd(known), known, weeks)
    groups = {"all": found} | {str(name): rows for name, rows in found.groupby("repeats")}
    rows = [(name, *against_made(rows, confidence)) for name, rows in groups.items()]
    columns = ["repeats", "n", "purchases", "purchases_low", "purchases_high", "expected"]
    table = pd.DataFrame(rows, columns=columns)
    error = table["expected"] / table["purchases"].where(table["purchases"] > 0) - 1
    return table.assign(error=error, fits=error.abs() <= POOR, weeks=weeks)


def against_made(rows: pd.DataFrame, confidence: float) -> tuple:
    """(customers, mean made, low, high, mean expected)."""
    made, n = rows["made"], len(rows)
    variance = made.var() / n if n > 1 else np.nan
    low, high = t_interval(made.mean(), variance, n - 1, confidence)
    return n, made.mean(), max(float(low), 0.0), float(high), rows["expected"].mean()
