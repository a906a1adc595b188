"""Who the customers are, and what they are worth: the case's tables into the sums.

As in `steps`, what was not supplied gives None. Tables whose rows are customers (`valued`,
`dormant_names`) carry their names: they are for the consultant's screen, never for a file.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from cxlib.client.case import Case
from cxlib.client.lines import ADDED
from cxlib.sums import (
    care,
    complaint,
    concentration,
    contracts,
    lifetime,
    purchases,
    retention,
    value,
)
from cxlib.sums.churn import churn_by_weighting
from cxlib.sums.holdout import holdout_check

DISCOUNT = 0.10  # a year; assumed, and said where a lifetime is shown
YEARS = 3  # that a lifetime looks ahead; further than three times the data nobody has seen
USUAL_PERIOD = {"tenure": "quarter", "dates": "year"}  # assumed, where none is stated or found
SATISFIED = 0.6  # of the scale: from here on a customer is satisfied, loyal, or bound


@dataclass(frozen=True)
class Lifetime:
    """What the transactions say of each customer's future.

    days, history  as `purchases.customer_days` and `purchase_history` give them
    kept           share of purchases that was not returned
    often, spend   the fitted BG/NBD and Gamma–Gamma
    check          the hold-out check
    value          each customer's coming three years, discounted, currency
    """

    days: pd.DataFrame
    history: pd.DataFrame
    kept: float
    often: lifetime.Fit
    spend: lifetime.Fit
    check: pd.DataFrame
    value: pd.Series

    @property
    def sound(self) -> bool:
        """Whether it may speak of years: both models have a top, and the hold-out check holds."""
        found = self.often.converged and self.spend.converged
        return bool(found and self.check["fits"].iloc[0])


# What each customer brings


def transactions(case: Case) -> pd.DataFrame | None:
    """One row per invoice line or order; None without the table."""
    return case.tables.get("transactions")


def sales_days(case: Case) -> pd.DataFrame | None:
    """One row per customer and day: customer, date, amount (net); None without transactions."""
    lines = transactions(case)
    return None if lines is None else purchases.customer_days(lines)


@lru_cache(maxsize=4)  # the executive report asks again for what the notebooks before it fitted
def lifetimes(case: Case) -> Lifetime | None:
    """The models of coming purchases; None without transactions, or with too few repeat buyers.

    >>> life = cx.lifetimes(cx.read_client("retail", "data"))
    >>> list(life.often.parameters.index)
    ['r', 'alpha', 'a', 'b']
    """
    days = sales_days(case)
    if days is None:
        return None
    history = purchases.purchase_history(days)
    if (history["frequency"] > 0).sum() < lifetime.ENOUGH:
        return None
    confidence, kept = case.settings.confidence, purchases.kept_share(history)
    often = lifetime.fit_bgnbd(history, confidence)
    spend = lifetime.fit_gamma_gamma(history, confidence)
    check = holdout_check(days, confidence=confidence)
    worth = lifetime.lifetime_value(often, spend, history, YEARS, DISCOUNT, kept)
    return Lifetime(days, history, kept, often, spend, check, worth)


def customer_values(case: Case, life: Lifetime | None = None) -> pd.DataFrame | None:
    """One row per customer: existing, potential, influence, and revenue (a year, currency).

    existing   margin where it is known, else revenue, else net sales of the last twelve months
    potential  as the client states it, else sales expected of the coming twelve months (`life`)
    influence  as the client states it
    """
    days = sales_days(case) if life is None else life.days
    if case.knows_of_customers("revenue") or case.knows_of_customers("margin"):
        table = case.tables["customers"].set_index("customer")
        found = table.reindex(columns=["revenue", "potential", "influence"]).astype(float)
        found["existing"] = (
            table["margin"] if case.knows_of_customers("margin") else found["revenue"]
        )
    elif days is not None:
        year = days[days["date"] > days["date"].max() - pd.Timedelta(days=care.YEAR)]
        found = year.groupby("customer")["amount"].sum().to_frame("revenue")
        stated = case.tables.get("customers", pd.DataFrame({"customer": []})).set_index("customer")
        found = found.join(stated.reindex(columns=["potential", "influence"]).astype(float))
        found["existing"] = found["revenue"]
    else:
        return None
    if life is not None and found["potential"].isna().all():
        ahead = lifetime.lifetime_value(life.often, life.spend, life.history, 1, 0, life.kept)
        found["potential"] = ahead.reindex(found.index)
    return found[["existing", "potential", "influence", "revenue"]]


def value_weights(case: Case) -> dict:
    """{part of the value: weight}, as client.yml has them."""
    return case.settings.value_weights.model_dump()


def valued(case: Case, life: Lifetime | None = None) -> pd.DataFrame | None:
    """One row per customer, by name, with index and tier; see `value.value_index`."""
    found = customer_values(case, life)
    return None if found is None else value.value_index(found, value_weights(case))


def value_tiers(case: Case, life: Lifetime | None = None) -> pd.DataFrame | None:
    """The contract's table `value`: one row per tier, with the strategy for it, and the mean
    lifetime of its customers where the model may speak of years.

    >>> found = cx.value_tiers(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['tier', 'n', 'revenue', 'index_from']
    """
    found = valued(case, life)
    if found is None:
        return None
    table = value.tier_table(found, found["revenue"])
    if life is not None and life.sound:
        worth = life.value.groupby(found["tier"].reindex(life.value.index)).mean()
        table["lifetime"] = table["tier"].map(worth)
    return table


def value_sensitivity(case: Case, life: Lifetime | None = None) -> pd.DataFrame | None:
    """Who changes tier when the weights move; None where only one kind of value is known.

    >>> found = cx.value_sensitivity(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['part', 'weight', 'moved_to', 'n']
    """
    found = customer_values(case, life)
    if found is None:
        return None
    table = value.tier_sensitivity(found, value_weights(case))
    return table if len(table) else None


# How concentrated


def customer_revenue(case: Case) -> pd.Series | None:
    """What each customer brought: all transactions, else the revenue a year that is stated."""
    if transactions(case) is not None:
        return transactions(case).groupby("customer")["amount"].sum()
    if case.knows_of_customers("revenue"):
        return case.tables["customers"].set_index("customer")["revenue"]
    return None


def revenue_concentration(case: Case) -> pd.DataFrame | None:
    """One row; see `concentration.concentration`.

    >>> found = cx.revenue_concentration(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['n', 'below_zero', 'total', 'top_customers']
    """
    amounts = customer_revenue(case)
    if amounts is None:
        return None
    return concentration.concentration(amounts, case.settings.confidence)


def published_ratios(found: pd.DataFrame | None) -> pd.DataFrame | None:
    """What was observed beside the published ratios.

    >>> found = cx.revenue_concentration(cx.read_client("retail", "data"))
    >>> cx.published_ratios(found)["kind"].tolist()
    ['observed', 'consumer_goods', 'other', 'subscription']
    """
    return None if found is None else concentration.beside_published(found)


def lorenz_curve(case: Case) -> pd.DataFrame | None:
    """Customers, from the smallest, and their part of revenue; None where it is not known.

    >>> list(cx.lorenz_curve(cx.read_client("vendor", "data")))
    ['customers', 'amounts']
    """
    amounts = customer_revenue(case)
    return None if amounts is None else concentration.lorenz_curve(amounts)


def concentration_by_length(case: Case) -> pd.DataFrame | None:
    """The top fifth's share over ever longer periods; None without transactions.

    >>> list(cx.concentration_by_length(cx.read_client("retail", "data")))[:2]
    ['months', 'n']
    """
    days = sales_days(case)
    return None if days is None else concentration.by_length(days, case.settings.confidence)


def top_again(case: Case) -> pd.DataFrame | None:
    """How many of the top customers were top in the period before.

    >>> found = cx.top_again(cx.read_client("retail", "data"))
    >>> list(found)[:4]
    ['start', 'months', 'n', 'again']
    """
    days = sales_days(case)
    return None if days is None else concentration.top_again(days, case.settings.confidence)


def lines_by_kind(case: Case) -> pd.DataFrame | None:
    """One row per kind of invoice line, where the column `kind` says: kind, lines,
    amount (net, currency); and the lines without a customer, which only `rejected` has.

    >>> found = cx.lines_by_kind(cx.read_client("retail", "data"))
    >>> list(found)[:4]
    ['kind', 'lines', 'amount']
    """
    lines = transactions(case)
    if lines is None or "kind" not in lines:
        return None
    counted = lines.assign(lines=lines.get(ADDED, 1))
    by = counted.groupby("kind").agg(lines=("lines", "sum"), amount=("amount", "sum")).reset_index()
    left = case.rejected[case.rejected["table"] == "transactions"]
    nobody = {"kind": "left_out", "lines": left["row"].nunique(), "amount": np.nan}
    return pd.concat([by, pd.DataFrame([nobody])], ignore_index=True)


# What is still to come


def rfm(life: Lifetime | None) -> pd.DataFrame | None:
    """Customers by how recently and how often they bought; see `purchases.rfm_table`.

    >>> life = cx.lifetimes(cx.read_client("retail", "data"))
    >>> list(cx.rfm(life))[:3]
    ['recency_score', 'frequency_score', 'n']
    """
    if life is None:
        return None
    return purchases.rfm_table(purchases.rfm_scores(life.history, life.days["date"].max()))


def lifetime_models(life: Lifetime | None) -> pd.DataFrame | None:
    """One row per parameter: model, parameter, value, value_low, value_high, n, converged.

    >>> life = cx.lifetimes(cx.read_client("retail", "data"))
    >>> list(cx.lifetime_models(life))[:3]
    ['model', 'parameter', 'value']
    """
    if life is None:
        return None
    parts = []
    for name, fit in {"bgnbd": life.often, "gamma_gamma": life.spend}.items():
        rows = fit.parameters.rename(columns={"low": "value_low", "high": "value_high"})
        rows = rows.rename_axis("parameter").reset_index()
        parts.append(rows.assign(model=name, n=fit.n, converged=fit.converged))
    table = pd.concat(parts, ignore_index=True)
    return table[["model", *table.columns.drop("model")]]


def lifetime_check(life: Lifetime | None) -> pd.DataFrame | None:
    """The model against purchases it had not seen; None without one; see `sums.holdout`.

    >>> life = cx.lifetimes(cx.read_client("retail", "data"))
    >>> list(cx.lifetime_check(life))[:2]
    ['repeats', 'n']
    """
    return None if life is None else life.check


def lifetime_per_revenue(life: Lifetime | None) -> float | None:
    """What a unit of a year's revenue is worth over the years ahead, for the churn cost's lifetime
    view; None where a model has no top, fails its hold-out check, or has an infinite mean."""
    if life is None or not life.sound:
        return None
    year = life.days[life.days["date"] > life.days["date"].max() - pd.Timedelta(days=care.YEAR)]
    ratio = life.value.sum() / year["amount"].sum()
    return float(ratio) if np.isfinite(ratio) and ratio > 0 else None


def lifetime_spread(life: Lifetime) -> float:
    """The standard error of the logarithm of `lifetime_per_revenue`, from the fits behind it."""
    return lifetime.lifetime_error(life.often, life.spend, life.history, YEARS, DISCOUNT)


def stays(case: Case) -> pd.DataFrame | None:
    """One row per customer: tenure, entered (months), left, and complained and tier where known.

    From the columns tenure and entered of the table customers where it has them, else from since
    to last_purchase. A customer still there who last bought a while ago is followed to
    the last purchase of anybody.
    """
    if not case.knows_of_customers("churned") or not (
        case.knows_of_customers("tenure") or case.knows_of_customers("since", "last_purchase")
    ):
        return None
    table = case.tables["customers"].set_index("customer")
    left = table["churned"].astype(float)
    if case.knows_of_customers("tenure"):
        tenure = table["tenure"]
    else:
        until = table["last_purchase"].where(left == 1, table["last_purchase"].max())
        tenure = contracts.calendar_months(table["since"], until)
    late = table["entered"] if "entered" in table else pd.Series(0.0, index=table.index)
    found = pd.DataFrame({"tenure": tenure, "entered": late, "left": left})
    if case.knows_of_customers("complained"):
        found["complained"] = complaint.as_words(table["complained"])
    tiers = valued(case)
    found["tier"] = None if tiers is None else tiers["tier"]
    return found[found["tenure"].gt(0) & found["tenure"].notna() & found["left"].notna()]


def survival(case: Case, by: str) -> pd.DataFrame | None:
    """Survival curves for everyone and by `complained` or `tier`; see `survival_curves`.

    >>> found = cx.survival(cx.read_client("telecom", "data"), "complained")
    >>> list(found)[:4]
    ['group', 'time', 'n', 'left']
    """
    found = stays(case)
    if found is None or by not in found or found[by].nunique() < 2:
        return None
    table = retention.survival_curves(found, by, case.settings.confidence)
    return table.assign(p=retention.survival_difference(found, by))


def renewals(case: Case) -> pd.DataFrame | None:
    """Retention by contract period against the shifted-beta-geometric model, by the calendar; see
    `retention.renewals`. Also months (of a period) and period_from: client (client.yml), found (the
    stays of those who left end with one) or assumed.

    >>> found = cx.renewals(cx.read_client("telecom", "data"))
    >>> list(found)[:4]
    ['period', 'n', 'retention', 'retention_low']
    """
    found = stays(case)
    if found is None:
        return None
    kind = "tenure" if case.knows_of_customers("tenure") else "dates"
    # Stays told in whole months end with a month, whatever the contract.
    among = ("year", "quarter") if kind == "tenure" else ("year", "quarter", "month")
    shown = contracts.period_found(found.loc[found["left"] == 1, "tenure"], among)
    stated, grace = case.settings.contract_period, 0.0 if kind == "tenure" else contracts.GRACE
    months = contracts.MONTHS[stated or shown or USUAL_PERIOD[kind]]
    entered = (found["entered"].fillna(0) // months).astype(int)
    completed = contracts.completed_periods(found["tenure"], found["left"], months, grace)
    rows = pd.DataFrame({"entered": entered, "completed": completed, "left": found["left"]})
    rows = rows[rows["completed"] >= rows["entered"]].astype(int)
    if rows.empty:
        return None
    fit = retention.fit_sbg(rows, case.settings.confidence)
    source = "client" if stated else "found" if shown else "assumed"
    table = retention.renewals(rows, fit, case.settings.confidence)
    return table.assign(months=months, period_from=source)


# The churn cost, measured


def complaint_effect(case: Case) -> pd.DataFrame | None:
    """Churn after a complaint, and without one; None where it is not known; see `sums.complaint`.

    >>> list(cx.complaint_effect(cx.read_client("vendor", "data")))[:2]
    ['n', 'n_silent']
    """
    found = case.leavers
    return None if found is None else complaint.complaint_effect(found, case.settings.confidence)


def churn_weighted(case: Case) -> pd.DataFrame | None:
    """The tree's shares by customers and by revenue; see `churn.churn_by_weighting`.

    >>> found = cx.churn_weighted(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['weighting', 'input', 'share', 'share_low']
    """
    found = case.leavers
    if found is None:
        return None
    return churn_by_weighting(found, case.negative_below, case.settings.confidence)


def answer_disputes(case: Case) -> pd.DataFrame | None:
    """How often the answer to a complaint was disputed, by the company's response where that was
    recorded, else by compensated and resolved.

    >>> found = cx.answer_disputes(cx.read_client("complaints", "data"))
    >>> list(found)[:4]
    ['response', 'n', 'cases', 'count']
    """
    cases = case.tables.get("complaints")
    if cases is None or "disputed" not in cases or not cases["disputed"].notna().any():
        return None
    known = [name for name in ("compensated", "resolved") if name in cases]
    by = ["response"] if "response" in cases else known
    return complaint.disputes(cases, by, case.settings.confidence) if by else None


def paid_without_repair(case: Case) -> pd.DataFrame | None:
    """Of the cases that were compensated, those in which nothing was put right; None where it is
    not known; see `complaint.paid_without_repair`.

    >>> list(cx.paid_without_repair(cx.read_client("vendor", "data")))[:1]
    ['n']
    """
    cases = case.tables.get("complaints")
    if cases is None or not {"compensated", "resolved"} <= set(cases):
        return None
    return complaint.paid_without_repair(cases, case.settings.confidence)


# Care and revisit


def tiers_by_customer(case: Case, life: Lifetime | None = None) -> pd.Series | None:
    """Each customer's tier by value, by customer; None without the table customers."""
    found = valued(case, life)
    return None if found is None else found["tier"].dropna()


def contact_coverage(case: Case, life: Lifetime | None = None) -> pd.DataFrame | None:
    """Contacts by tier of value; None without contacts or tiers; see `care.contact_coverage`.

    >>> list(cx.contact_coverage(cx.read_client("vendor", "data")))[:3]
    ['tier', 'n', 'reached']
    """
    contacts, tiers = case.tables.get("contacts"), tiers_by_customer(case, life)
    if contacts is None or tiers is None:
        return None
    return care.contact_coverage(contacts, tiers, case.settings.confidence)


def contact_outcomes(case: Case) -> pd.DataFrame | None:
    """What contacts led to, by mode; None where it is not known; see `care.contact_outcomes`.

    >>> list(cx.contact_outcomes(cx.read_client("vendor", "data")))[:2]
    ['contact_mode', 'outcome']
    """
    contacts = case.tables.get("contacts")
    if contacts is None or "outcome" not in contacts:
        return None
    return care.contact_outcomes(contacts, case.settings.confidence)


def dormant_names(life: Lifetime | None) -> pd.DataFrame | None:
    """Dormant customers by name, most worth first: for the consultant's screen alone.

    >>> life = cx.lifetimes(cx.read_client("retail", "data"))
    >>> list(cx.dormant_names(life))[:3]
    ['customer', 'weeks_silent', 'sales']
    """
    if life is None:
        return None
    pause = care.usual_pause(life.days)
    found = care.dormant_customers(life.history, pause, life.often, life.spend, life.kept)
    return found.reset_index(names="customer")


def dormant(life: Lifetime | None) -> pd.DataFrame | None:
    """How many are dormant, and what they would bring; see `care.dormant_table`.

    >>> life = cx.lifetimes(cx.read_client("retail", "data"))
    >>> list(cx.dormant(life))[:3]
    ['group', 'n', 'share']
    """
    found = dormant_names(life)
    if found is None or found.empty:
        return None
    table = care.dormant_table(found, len(life.history))
    return table.assign(pause=care.usual_pause(life.days))


def territories(case: Case, life: Lifetime | None = None) -> pd.DataFrame | None:
    """Value and load by territory, else by who serves the customer; None where neither is known.

    >>> cx.territories(cx.read_client("meisu", "data")) is None  # it has no table customers
    True
    """
    found = valued(case, life)
    named = [name for name in ("territory", "served_by") if case.knows_of_customers(name)]
    if found is None or not named:
        return None
    looks_after = case.tables["customers"].set_index("customer")[named[0]].rename("territory")
    table = found.join(looks_after)
    contacts = case.tables.get("contacts")
    if contacts is not None:
        number = contacts.groupby("customer").size()
        table["contacts"] = number.reindex(table.index).fillna(0)
    return care.territories(table)
