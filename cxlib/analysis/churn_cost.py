"""Step 8, read before step 6: what bad experience costs, and which lever is worth most."""

import numpy as np
import pandas as pd

from cxlib.analysis import asking
from cxlib.analysis.brand_value import DISCOUNT, YEARS, Lifetime, lifetimes, stays
from cxlib.analysis.experience_expectation import gaps
from cxlib.client.case import Case
from cxlib.client.rated import asked_in_place_of_experience, first_outcome, outcome_scale, rated
from cxlib.client.settings import churn_inputs
from cxlib.client.wordings import says
from cxlib.sums import care, churn, complaint, contracts, lifetime, retention, stakes
from cxlib.sums.against_rest import same_as, share_against_rest, usable_traits
from cxlib.sums.churn_inputs import REQUIRED, stated_shares
from cxlib.sums.disclosure import dominated

STAKE_OUTCOMES = ("recommend", "repurchase", "problem", "overall")
USUAL_PERIOD = {"tenure": "quarter", "dates": "year"}  # assumed, where none is stated or found
NO_TRAITS = {"customer", "churned", "last_purchase", "since", "entered", "margin", "potential",
             "influence", "why_left"}  # fmt: skip


@asking.remembered_for(asking.apart_from_strategy)
def revenue_at_stake(case: Case) -> pd.DataFrame | None:
    """What revenue goes with each dimension's gap, by the survey's own link; see `sums.stakes`.

    None without a survey, or where no outcome was asked.

    >>> found = cx.revenue_at_stake(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['outcome', 'dimension', 'gap', 'n']
    """
    asked, scores = asking.needed(first_outcome(case, STAKE_OUTCOMES), rated(case))
    scale = outcome_scale(case, asked.name)
    settings, gap = case.settings, asked_in_place_of_experience(asking.everyone(gaps(case)))
    bad = stakes.bad_outcome(asked, asked.name, scale, case.unhappy_below(scale))
    of = settings.revenue, case.churn_inputs, case.latest.weight, settings.confidence
    found = stakes.revenue_at_stake(bad, scores, gap, *of, small_base=settings.small_base)
    ends = gap.set_index("dimension")[["gap_low", "gap_high"]]
    return found.join(ends, on="dimension", validate="many_to_one")


@asking.remembered
def cost_of_bad_experience(case: Case) -> pd.DataFrame | None:
    """The contract's table `churn_cost`; None where client.yml states no shares.

    The lifetime view takes what client.yml states, else what the transactions carry.

    >>> found = cx.cost_of_bad_experience(cx.read_client("meisu", "data"))
    >>> found[["view", "amount"]].head(2).round(2).values.tolist()
    [['gross', 39000000.0], ['gross', 11000000.0]]
    """
    settings, cost = case.settings, asking.needed(case.settings.churn_cost)
    ahead = cost.lifetime or lifetime_per_revenue(lifetimes(case))
    fitted = ahead is not None and cost.lifetime is None
    of = settings.revenue, case.churn_inputs, cost.margin, ahead, settings.confidence
    source = {"margin": cost.margin_from, "lifetime": "measured" if fitted else "assumption"}
    error = lifetime_spread(lifetimes(case)) if fitted else 0.0
    ranges = {"margin_range": cost.margin_range, "lifetime_error": error}
    return churn.churn_cost(*of, factors_from=source, **ranges)


def tree_shares(case: Case) -> tuple[dict[str, float], float]:
    """({input: share of its parent, 0–1}, a year's revenue in currency) of the tree; all blank where
    client.yml states none, so that what is multiplied from them is blank too.

    >>> share, revenue = cx.tree_shares(cx.read_client("meisu", "data"))
    >>> round(revenue * share["negative"])
    11000000
    """
    if case.settings.churn_cost is None:
        return dict.fromkeys(REQUIRED, np.nan), np.nan
    return stated_shares(case.churn_inputs), case.settings.revenue


def shares_of_the_tree(case: Case) -> pd.DataFrame | None:
    """Every share of the tree with its range and where it comes from; see `counted_shares`.

    >>> list(cx.shares_of_the_tree(cx.read_client("meisu", "data")))[:2]
    ['input', 'share']
    """
    return None if case.churn_inputs is None else churn.counted_shares(case.churn_inputs)


def in_steps(**amounts: float) -> pd.DataFrame | None:
    """Amounts of a sum, a row each in the order given: branch, amount; None where none is known.

    >>> cx.in_steps(revenue=100.0, negative=22.0)["amount"].tolist()
    [100.0, 22.0]
    """
    table = pd.DataFrame({"branch": list(amounts), "amount": list(amounts.values())})
    return table if table["amount"].notna().any() else None


@asking.where_known
def lost_amounts(case: Case, *views: str) -> tuple | None:
    """(amount, low, high) lost, currency a year, in the first of the views that is there; None
    without a cost tree."""
    cost = asking.needed(cost_of_bad_experience(case))
    lost = cost[cost["branch"] == "lost"].set_index("view")
    view = next(view for view in views if view in lost.index)
    return tuple(lost.loc[view, ["amount", "amount_low", "amount_high"]].astype(float))


@asking.remembered
def swings(case: Case) -> pd.DataFrame | None:
    """How far each input of the tree moves the loss; see `churn_tornado`.

    >>> found = cx.swings(cx.read_client("meisu", "data"))
    >>> found[["input", "swing"]].head(2).round(2).values.tolist()
    [['negative', 3349500.0], ['complain', 168300.0]]
    """
    asking.needed(case.settings.churn_cost)
    return churn.churn_tornado(case.settings.revenue, case.churn_inputs, case.settings.confidence)


@asking.remembered
def levers(case: Case) -> pd.DataFrame | None:
    """What one point of each lever is worth; see `churn_levers`.

    >>> found = cx.levers(cx.read_client("meisu", "data"))
    >>> found[["lever", "one_point"]].head(2).round(2).values.tolist()
    [['recovery', 993.55], ['complaint', 18700.0]]
    """
    cost = asking.needed(case.settings.churn_cost)
    of = case.settings.revenue, case.churn_inputs, cost.margin, case.settings.confidence
    return churn.churn_levers(*of, margin_range=cost.margin_range)


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


@asking.remembered
def renewals(case: Case) -> pd.DataFrame | None:
    """Retention by contract period against the shifted-beta-geometric model, by the calendar; see
    `retention.renewals`. Also months (of a period) and period_from: client (client.yml), found (the
    stays of those who left end with one) or assumed.

    >>> found = cx.renewals(cx.read_client("telecom", "data"))
    >>> list(found)[:4]
    ['period', 'n', 'retention', 'retention_low']
    """
    found = asking.needed(stays(case))
    kind = "tenure" if case.knows_of_customers("tenure") else "dates"
    # Stays told in whole months end with a month, whatever the contract.
    among = ("year", "quarter") if kind == "tenure" else ("year", "quarter", "month")
    shown = contracts.period_found(found.loc[found["left"] == 1, "tenure"], among)
    stated, grace = case.settings.contract_period, 0.0 if kind == "tenure" else contracts.GRACE
    months = contracts.MONTHS[stated or shown or USUAL_PERIOD[kind]]
    entered = (found["entered"].fillna(0) // months).astype(int)
    completed = contracts.completed_periods(found["tenure"], found["left"], months, grace)
    rows = pd.DataFrame({"entered": entered, "completed": completed, "left": found["left"]})
    rows = asking.needed(rows[rows["completed"] >= rows["entered"]]).astype(int)
    fit = retention.fit_sbg(rows, case.settings.confidence)
    source = "client" if stated else "found" if shown else "assumed"
    table = retention.renewals(rows, fit, case.settings.confidence)
    return table.assign(months=months, period_from=source)


@asking.remembered
def left_and_complained(case: Case) -> pd.DataFrame | None:
    """Churn after a complaint, and without one; None where it is not known; see `sums.complaint`.

    >>> list(cx.left_and_complained(cx.read_client("vendor", "data")))[:2]
    ['n', 'n_silent']
    """
    return complaint.left_and_complained(asking.needed(case.leavers), case.settings.confidence)


@asking.remembered
def churn_weighted(case: Case) -> pd.DataFrame | None:
    """The tree's shares by customers and by revenue; see `complaint.churn_by_weighting`.

    >>> found = cx.churn_weighted(cx.read_client("vendor", "data"))
    >>> list(found)[:4]
    ['weighting', 'input', 'share', 'share_low']
    """
    of = asking.needed(case.leavers), case.negative_below, case.settings.confidence
    return complaint.churn_by_weighting(*of)


@asking.remembered
def answer_disputes(case: Case) -> pd.DataFrame | None:
    """How often the answer to a complaint was disputed, by the company's response where that was
    recorded, else by compensated and resolved.

    >>> found = cx.answer_disputes(cx.read_client("complaints", "data"))
    >>> list(found)[:4]
    ['response', 'n', 'cases', 'count']
    """
    cases = asking.needed(asking.table_of(case, "complaints", "disputed"))
    asking.needed(cases["disputed"].dropna())
    known = [name for name in ("compensated", "resolved") if name in cases]
    by = ["response"] if "response" in cases else known
    return complaint.disputes(cases, by, case.settings.confidence) if by else None


@asking.remembered
def paid_without_repair(case: Case) -> pd.DataFrame | None:
    """Of the cases that were compensated, those in which nothing was put right; None where it is
    not known; see `complaint.paid_without_repair`.

    >>> list(cx.paid_without_repair(cx.read_client("vendor", "data")))[:1]
    ['n']
    """
    cases = asking.needed(asking.table_of(case, "complaints", "compensated", "resolved"))
    return complaint.paid_without_repair(cases, case.settings.confidence)


@asking.remembered
def loss_by_line(case: Case) -> pd.DataFrame | None:
    """What is lost a year with the line between content and unhappy where it is, and a point of
    the client's scale lower and higher.

    One row per line that lies on the scale: moved (points), below (the score below which an
    experience is bad), n (customers with a score), negative (share of the tree), amount (lost a
    year, gross, currency). None where the tree does not rest on what customers scored.

    >>> cx.loss_by_line(cx.read_client("vendor", "data"))["moved"].tolist()
    [-1, 0, 1]
    """
    stated, leavers = asking.needed(churn_inputs(case.settings), case.leavers)
    below = asking.needed(case.negative_below)
    # Not where too few may be shown, or it was stated otherwise for this run.
    asking.needed(case.churn_inputs.set_index("input").at["negative", "from"] == "measured")
    (low, high), rows = case.settings.scale, []
    for moved in (-1, 0, 1):
        if not low < below + moved <= high:
            continue
        inputs = complaint.measured_inputs(stated, leavers, below + moved, case.settings.disclosure)
        share, n = stated_shares(inputs), leavers["satisfaction"].count()
        parts = (share[name] for name in churn.LOSS_INPUTS)
        lost = churn.lost_amount(case.settings.revenue, *parts)
        rows.append((moved, below + moved, n, share["negative"], lost))
    return pd.DataFrame(rows, columns=["moved", "below", "n", "negative", "amount"])


@asking.remembered
def leaving(case: Case) -> pd.DataFrame | None:
    """Who left, in all and by trait: see `share_against_rest`; left, and what everyone and those who
    left bring a year (revenue, revenue_lost; currency).

    The traits are the columns of `customers` by which they can be grouped, the client's own among
    them. `different`: beyond chance, at a false-discovery rate over all groups that may be shown;
    `same`: traits that only repeat who left, and are not compared.

    >>> found = cx.leaving(cx.read_client("telecom", "data"))
    >>> list(found)[:4]
    ['grouping', 'group', 'n', 'left']
    """
    asking.needed(case.knows_of_customers("churned"))
    table = case.tables["customers"]
    left = table["churned"].astype("boolean").astype(float)
    traits = table[[name for name in table if name not in NO_TRAITS and not says("personal", name)]]
    words = {name: complaint.as_words(traits[name]).where(traits[name].notna()) for name in traits
             if pd.api.types.is_bool_dtype(traits[name].dtype)}  # fmt: skip
    traits = usable_traits(traits.assign(**words))
    same = same_as(traits, left)
    of = traits.drop(columns=same), left, case.settings.confidence, "leaving"
    found = share_against_rest(*of).rename(columns={"count": "left"})
    found = asking.among_shown(case, found).assign(same=";".join(same))
    if "revenue" in table:
        known = table["revenue"].where(left.notna()).astype(float)
        first = found.index == 0  # of everyone
        found["revenue"] = np.where(first, known.sum(), np.nan)
        found["revenue_lost"] = np.where(first, known[left == 1].sum(), np.nan)
        if case.settings.disclosure and dominated(known[left == 1]):
            found = found.drop(columns="revenue_lost")
    return found
