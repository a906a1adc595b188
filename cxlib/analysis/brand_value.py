"""Step 1: why customers choose the company, who they are, and what they are worth."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from cxlib.analysis.asking import needed, remembered, table_of, where_known
from cxlib.client.case import Case
from cxlib.client.release import DOMINATED
from cxlib.client.survey import Survey
from cxlib.sums import care, complaint, concentration, contracts, lifetime, purchases, retention
from cxlib.sums import value as worths
from cxlib.sums.brand import reason_shares, reasons_given
from cxlib.sums.brand import value_to_customer as value_kinds
from cxlib.sums.disclosure import dominated, dominated_cells

DISCOUNT = 0.10  # a year; assumed, and said where a lifetime is shown
YEARS = 3  # that a lifetime looks ahead; further than three times the data nobody has seen


@remembered
def reasons(case: Case) -> pd.DataFrame | None:
    """Why customers choose the company: the table brand_values, else the survey's own question.

    >>> found = cx.reasons(cx.read_client("meisu", "data"))
    >>> found[["reason"]].head(2).round(2).values.tolist()
    [['clear_prices'], ['trusted_brand']]
    """
    if "brand_values" in case.tables:
        return reason_shares(case.tables["brand_values"], case.settings.confidence)
    survey = needed(case.latest)
    return None if of_low_scores(survey) else reasons_of(survey, case.settings)


@remembered
def carried_over(case: Case) -> pd.DataFrame | None:
    """What this cycle begins with: the reasons carried over from the cycle before (cycle), and since
    when they are proved (proved; blank: only given); None in a first cycle.

    >>> cx.carried_over(cx.read_client("meisu", "data")) is None  # its first cycle
    True
    """
    table = needed(table_of(case, "brand_values", "cycle")).dropna(subset=["cycle"])
    return needed(table)[["reason", "cycle", "proved"]].reset_index(drop=True)


def of_low_scores(survey: Survey) -> bool:
    """Whether (nearly) all who name a reason recommend from 0 to 6 of 10: it is why they score low,
    and not why customers come."""
    asked = survey.columns["measure"].eq("recommend") & survey.columns["high"].eq(10)
    if survey.mentions.empty or not asked.any():
        return False
    answers = survey.answers["recommend"].loc[survey.mentions["person"].unique()].iloc[:, 0]
    return bool((answers <= 6).mean() >= 0.95)


def reasons_of(survey: Survey, settings) -> pd.DataFrame | None:
    """The reasons that people of a survey name; None where none does."""
    if survey.mentions.empty:
        return None
    mentioned = survey.mentions
    # Words that few people gave are their own, and would tell who they are.
    people = mentioned.groupby("reason")["person"].transform("nunique")
    reason = mentioned["reason"].mask(people < settings.disclosure, "other")
    given = pd.crosstab(mentioned["person"], reason).reindex(survey.people.index)
    return reasons_given(given.fillna(0).clip(upper=1), survey.weight, settings.confidence)


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
        return bool(self.often.converged and self.spend.converged and self.check["fits"].iloc[0])


def sales_days(case: Case) -> pd.DataFrame | None:
    """One row per customer and day: customer, date, amount (net); None without transactions."""
    lines = case.tables.get("transactions")
    return None if lines is None else purchases.customer_days(lines)


@lru_cache(maxsize=4)  # the executive report asks again for what the notebooks before it fitted
@where_known
def lifetimes(case: Case) -> Lifetime | None:
    """The models of coming purchases; None without transactions, or with too few repeat buyers.

    >>> life = cx.lifetimes(cx.read_client("retail", "data"))
    >>> list(life.often.parameters.index)
    ['r', 'alpha', 'a', 'b']
    """
    days = needed(sales_days(case))
    history = purchases.purchase_history(days)
    needed(bool((history["frequency"] > 0).sum() >= lifetime.ENOUGH))
    confidence, kept = case.settings.confidence, purchases.kept_share(history)
    often = lifetime.fit_bgnbd(history, confidence)
    spend = lifetime.fit_gamma_gamma(history, confidence)
    check = lifetime.holdout_check(days, confidence=confidence)
    worth = lifetime.lifetime_value(often, spend, history, YEARS, DISCOUNT, kept)
    return Lifetime(days, history, kept, often, spend, check, worth)


def customer_values(case: Case, life: Lifetime | None = None) -> pd.DataFrame | None:
    """One row per customer: existing, potential, influence, and revenue (a year, currency).

    existing   margin where it is known, else revenue, else net sales of the last twelve months
    potential  as the client states it, else sales expected of the coming twelve months (`life`)
    influence  as the client states it
    Of a part that `value_indicators` makes of several columns: the weighted mean of column ÷ its mean.

    >>> cx.customer_values(cx.read_client("telecom", "data")).columns.tolist()[:2]
    ['existing', 'potential']
    """
    days = sales_days(case) if life is None else life.days
    stated = case.tables.get("customers", pd.DataFrame({"customer": []})).set_index("customer")
    if case.knows_of_customers("revenue") or case.knows_of_customers("margin"):
        found = stated.reindex(columns=["revenue", "potential", "influence"]).astype(float)
        found["existing"] = stated["margin" if case.knows_of_customers("margin") else "revenue"]
    elif days is not None:
        year = days[days["date"] > days["date"].max() - pd.Timedelta(days=care.YEAR)]
        found = year.groupby("customer")["amount"].sum().to_frame("revenue")
        found = found.join(stated.reindex(columns=["potential", "influence"]).astype(float))
        found["existing"] = found["revenue"]
    else:
        return None
    if life is not None and found["potential"].isna().all():
        ahead = lifetime.lifetime_value(life.often, life.spend, life.history, 1, 0, life.kept)
        found["potential"] = ahead.reindex(found.index)
    for part, columns in case.settings.value_indicators:
        if columns:
            made_of = worths.relative_parts(stated.reindex(found.index), columns)
            found[part] = worths.weighted_index(made_of, columns)
    return found[["existing", "potential", "influence", "revenue"]]


@remembered
def value_made_of(case: Case) -> pd.DataFrame | None:
    """Columns that a kind of value is made of, where client.yml names them: part, made_of, n (customers
    of whom it is known), one_is (its mean), weight (within the part, 0–1).

    >>> cx.value_made_of(cx.read_client("vendor-2", "data"))["part"].unique().tolist()
    ['existing', 'potential', 'influence']
    """
    table = needed(table_of(case, "customers"))
    rows = [(part, name, weight / sum(columns.values()))
            for part, columns in case.settings.value_indicators for name, weight in columns.items()]  # fmt: skip
    found = needed(pd.DataFrame(rows, columns=["part", "made_of", "weight"]))
    known = table[found["made_of"]].agg(["count", "mean"]).T
    return found.assign(n=known["count"].to_numpy(), one_is=known["mean"].to_numpy())


def valued(case: Case, life: Lifetime | None = None) -> pd.DataFrame | None:
    """One row per customer, by name, with index and tier; see `value.value_index`."""
    found = customer_values(case, life)
    return None if found is None else worths.value_index(found, dict(case.settings.value_weights))


@where_known
def value_tiers(case: Case, life: Lifetime | None = None) -> pd.DataFrame | None:
    """The contract's table `value`: one row per tier, with the strategy for it, and the mean
    lifetime of its customers where the model may speak of years.

    >>> found = cx.value_tiers(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['tier', 'n', 'revenue', 'index_from']
    """
    found = needed(valued(case, life))
    table = worths.tier_table(found, case.settings.contacts_planned)
    table[DOMINATED] = table["tier"].isin(dominated_cells(found["revenue"], found["tier"]))
    if life is not None and life.sound:
        worth = life.value.groupby(found["tier"].reindex(life.value.index)).mean()
        table["lifetime"] = table["tier"].map(worth)
    return table


def customer_revenue(case: Case) -> pd.Series | None:
    """What each customer brought: all transactions, else the revenue a year that is stated."""
    if "transactions" in case.tables:
        return case.tables["transactions"].groupby("customer")["amount"].sum()
    if case.knows_of_customers("revenue"):
        return case.tables["customers"].set_index("customer")["revenue"]
    return None


@remembered
def revenue_concentration(case: Case) -> pd.DataFrame | None:
    """One row; see `concentration.concentration`. None where the top customers are hardly more than two.

    >>> found = cx.revenue_concentration(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['n', 'below_zero', 'total', 'top_customers']
    """
    amounts = needed(customer_revenue(case))
    found = concentration.concentration(amounts, case.settings.confidence)
    top = amounts.nlargest(int(found["top_customers"].iloc[0]))
    return None if case.settings.disclosure and dominated(top) else found


def published_ratios(found: pd.DataFrame | None) -> pd.DataFrame | None:
    """What was observed beside the published ratios.

    >>> found = cx.revenue_concentration(cx.read_client("retail", "data"))
    >>> cx.published_ratios(found)["kind"].tolist()
    ['observed', 'consumer_goods', 'other', 'subscription']
    """
    return None if found is None else concentration.beside_published(found)


@remembered
def lorenz_curve(case: Case) -> pd.DataFrame | None:
    """Customers, from the smallest, and their part of revenue; None where it is not known.

    >>> list(cx.lorenz_curve(cx.read_client("vendor", "data")))
    ['customers', 'amounts']
    """
    amounts, _ = needed(customer_revenue(case), revenue_concentration(case))
    steps = int(len(amounts) // max(1, case.settings.disclosure))  # none of fewer customers
    return concentration.lorenz_curve(amounts, min(100, steps)) if steps else None


@remembered
def lines_by_kind(case: Case) -> pd.DataFrame | None:
    """One row per kind of invoice line, where the column `kind` says: kind, lines,
    amount (net, currency); and the lines without a customer, which only `rejected` has.

    >>> found = cx.lines_by_kind(cx.read_client("retail", "data"))
    >>> list(found)[:4]
    ['kind', 'lines', 'amount']
    """
    lines = needed(table_of(case, "transactions", "kind"))
    by = lines.groupby("kind")["amount"].agg(lines="size", amount="sum").reset_index()
    left = case.rejected[case.rejected["table"] == "transactions"]
    nobody = {"kind": "left_out", "lines": left["row"].nunique(), "amount": np.nan}
    return pd.concat([by, pd.DataFrame([nobody])], ignore_index=True)


@where_known
def lifetime_models(life: Lifetime | None) -> pd.DataFrame | None:
    """One row per parameter: model, parameter, value, value_low, value_high, n, converged.

    >>> life = cx.lifetimes(cx.read_client("retail", "data"))
    >>> list(cx.lifetime_models(life))[:3]
    ['model', 'parameter', 'value']
    """
    life, parts = needed(life), []
    for name, fit in {"bgnbd": life.often, "gamma_gamma": life.spend}.items():
        rows = fit.parameters.rename(columns={"low": "value_low", "high": "value_high"})
        rows = rows.rename_axis("parameter").reset_index()
        parts.append(rows.assign(model=name, n=fit.n, converged=fit.converged))
    table = pd.concat(parts, ignore_index=True)
    return table[["model", *table.columns.drop("model")]]


def lifetime_check(life: Lifetime | None) -> pd.DataFrame | None:
    """The model against purchases it had not seen; None without one; see `lifetime.holdout_check`.

    >>> life = cx.lifetimes(cx.read_client("retail", "data"))
    >>> list(cx.lifetime_check(life))[:2]
    ['repeats', 'n']
    """
    return None if life is None else life.check


def stays(case: Case) -> pd.DataFrame | None:
    """One row per customer: tenure, entered (months), left, and complained and tier where known.

    From the columns tenure and entered of the table customers where it has them, else from since
    to last_purchase. A customer still there who last bought a while ago is followed to
    the last purchase of anybody.
    """
    told = case.knows_of_customers("tenure")
    dated = told or case.knows_of_customers("since", "last_purchase")
    if not (dated and case.knows_of_customers("churned")):
        return None
    table = case.tables["customers"].set_index("customer")
    left = table["churned"].astype(float)
    if told:
        tenure = table["tenure"]
    else:
        until = table["last_purchase"].where(left == 1, table["last_purchase"].max())
        tenure = contracts.calendar_months(table["since"], until)
    found = pd.DataFrame({"tenure": tenure, "entered": table.get("entered", 0.0), "left": left})
    if case.knows_of_customers("complained"):
        found["complained"] = complaint.as_words(table["complained"])
    tiers = valued(case)
    found["tier"] = None if tiers is None else tiers["tier"]
    return found[found["tenure"].gt(0) & found["tenure"].notna() & found["left"].notna()]


def survival(case: Case, by: str) -> pd.DataFrame | None:
    """Survival curves for everyone and by `complained` or `tier`, told every so many months that no
    step is a single customer; see `survival_curves`.

    >>> found = cx.survival(cx.read_client("telecom", "data"), "complained")
    >>> list(found)[:4]
    ['group', 'time', 'n', 'left']
    """
    found = stays(case)
    if found is None or by not in found or found[by].nunique() < 2:
        return None
    step = retention.telling_step(found, case.settings.disclosure)
    table = retention.survival_curves(found, by, case.settings.confidence, step)
    return table.assign(p=retention.survival_difference(found, by))


@remembered
def value_to_customer(case: Case) -> pd.DataFrame | None:
    """Kinds of value to the customer, of the reasons to choose the company and the requirements
    that say their kind; see `sums.brand.value_to_customer`.

    >>> found = cx.value_to_customer(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['value_kind', 'explicit', 'implicit', 'potential_value']
    """
    columns = ["value_kind", "value_form", "mentions"]
    parts = [table_of(case, name) for name in ("brand_values", "register")]
    parts = [part.reindex(columns=columns) for part in parts if part is not None]
    return value_kinds(pd.concat(parts, ignore_index=True)) if parts else None
