"""What becomes of customers who complain, who say nothing, and who are compensated.

Association, throughout: customers who complained differ from the others in more than that, and
nobody was made to complain, or paid, by lot. Source of the questions: the method, §3 and §6.

The tree's shares counted from customers: each customer once, and each by revenue.
"""

import numpy as np
import pandas as pd

from cxlib.sums.churn_inputs import GROUPS, counted_or_stated, spread_of_inputs
from cxlib.sums.interval import counted_share, difference_interval, weighted_share, wilson_interval

COUNTED = ["share", "low", "high", "count", "of", "from"]
UNUSUAL = 0.50  # a difference in churn surely above this is larger than studies report


def left_and_complained(customers: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """One row: churn of those who complained against those who did not.

    customers : one row per customer, columns complained, churned (0 or 1; blank = not known, and
        then not counted), revenue (a year, currency) where known

    Returns
        n, n_silent            customers who complained, who did not
        lost, lost_silent      of them left
        churn, churn_silent    with _low and _high (Wilson)
        difference, _low, _high   churn − churn_silent (Newcombe's hybrid of the two Wilsons)
        excess                 leavers beyond what the silent's churn would give, customers
        complaint_rate, _low, _high   complained ÷ all customers
        silent_share, _low, _high   of all leavers, those who had not complained, 0–1
        revenue_lost, revenue_lost_silent   of the leavers, a year; blank without revenue
        revenue                of all these customers, a year; blank without revenue
        different              beyond chance: the interval of the difference leaves 0 out; blank
                               where not known
        unusual                the difference is surely above 50 points: look twice at the data

    Source: Newcombe 1998, Statistics in Medicine 17:873, method 10.

    >>> customers = pd.DataFrame({"complained": [1, 1, 0, 0], "churned": [1, 0, 0, 0]})
    >>> left_and_complained(customers)[["churn", "churn_silent"]].values.tolist()
    [[0.5, 0.0]]
    """
    known = customers.dropna(subset=["complained", "churned"])
    complained, churned = (known[name].astype(float) == 1 for name in ("complained", "churned"))
    n, silent = complained.sum(), (~complained).sum()
    lost, lost_silent = (complained & churned).sum(), (~complained & churned).sum()
    row = {"n": n, "n_silent": silent, "lost": lost, "lost_silent": lost_silent}
    own = counted_share(lost, n, confidence, "churn")
    others = counted_share(lost_silent, silent, confidence, "churn_silent")
    row |= own | others | difference_interval(own, others, "churn", "churn_silent")
    row["excess"] = lost - n * row["churn_silent"]
    row |= counted_share(n, len(known), confidence, "complaint_rate")
    row |= counted_share(lost_silent, churned.sum(), confidence, "silent_share")
    revenue = known.reindex(columns=["revenue"])["revenue"].astype(float)
    whose = {"revenue_lost": complained & churned, "revenue_lost_silent": ~complained & churned}
    row |= {name: revenue[rows].sum(min_count=1) for name, rows in whose.items()}
    row["revenue"] = revenue.sum(min_count=1)
    row["unusual"] = row["difference_low"] > UNUSUAL
    # Judged here: the ends that are told are rounded outward.
    known = np.isfinite(row["difference"])
    row["different"] = not row["difference_low"] <= 0 <= row["difference_high"] if known else None
    return pd.DataFrame([row])


def measured_inputs(
    stated: pd.DataFrame,
    customers: pd.DataFrame,
    negative_below: float | None = None,
    fewest: int = 0,
) -> pd.DataFrame:
    """The tree's inputs, with what the customers show in place of what was stated.

    Parameters
    ----------
    stated : inputs as `churn.churn_cost` takes them
    customers : complained, churned (0 or 1), and satisfaction where known
    negative_below : satisfaction below this is a negative experience; None: it is not known who
        had one
    fewest : a share of fewer customers than that may not be shown, and stays as it was stated

    Returns the inputs with count, of and from replaced:
        complained_lost   left ÷ complained; the other two leaves keep their proportion to each
                          other and their source, for who is at risk cannot be seen
        negative, complain, silent_lost, baseline_churn   where satisfaction is known; silent_at_risk is
                          what silent_lost leaves over, and measured with it
    Where any customer's revenue is known, shares are of revenue, for the tree is one of revenue,
    and count and of are those of the effective base (see `interval.weighted_share`).
    Without satisfaction, who of the silent had a bad experience is not known: `silent_lost` and
    `baseline_churn` are both the churn of all who did not complain, so that the silent add nothing
    beyond it; and `complain` is complaints ÷ (customers × the stated negative share), no surer
    than that share and tied to it: `of_all` holds the complainers' share of all, `of_all_base` the
    base it was counted in (see `tied`).

    >>> inputs = cx.read_client("meisu", "data").churn_inputs
    >>> customers = pd.DataFrame({"complained": [1, 1, 0, 0], "churned": [1, 0, 0, 0]})
    >>> measured = measured_inputs(inputs, customers).set_index("input")
    >>> measured.loc["complained_lost", ["count", "of", "from"]].tolist()
    [1.0, 2.0, 'measured']
    """
    found = by_revenue(churn_by_weighting(customers, negative_below))
    shown = found[(found["of"] > 0) & (found["n"] >= fewest)]
    counts = {name: (row["count"], row["of"]) for name, row in shown.iterrows()}
    if counts and "negative" not in found.index:
        complaints, everyone = counts.pop("complain")
        if "silent_lost" in counts:
            counts["baseline_churn"] = counts["silent_lost"]
        return on_assumed_base(with_counts(stated, counts), complaints, everyone)
    return with_counts(stated, counts)


def by_revenue(found: pd.DataFrame) -> pd.DataFrame:
    """The shares by revenue, by input; by customer where no customer's revenue is known.

    found : as `churn_by_weighting` returns it. A share of revenue has the count and the base
    that its effective base gives it.
    """
    found = found[found["input"] != "lost"]  # an outcome, no input
    by = {name: rows.set_index("input") for name, rows in found.groupby("weighting")}
    money = by["revenue"]
    money = money.assign(count=money["share"] * money["n_eff"], of=money["n_eff"])
    return money if money["share"].notna().any() else by["customers"]


def on_assumed_base(inputs: pd.DataFrame, complaints: float, everyone: float) -> pd.DataFrame:
    """`complain` as the rate of complaints among all ÷ the negative share; its range that of both.

    The fewer had a bad experience, the more of them complained.
    """
    table, rate = inputs.set_index("input"), complaints / everyone
    share, low, high = table.loc["negative", ["share", "low", "high"]]
    rates = rate, *(float(end) for end in wilson_interval(complaints, everyone))
    over = zip(rates, (share, high, low), strict=True)
    ends = [min(each / end, 1.0) if end > 0 else np.nan for each, end in over]
    source = table.at["negative", "from"]
    table.loc["complain", COUNTED] = [*ends, np.nan, np.nan, source]
    table.loc["complain", ["of_all", "of_all_base"]] = rate, everyone
    return table.reset_index()


def with_counts(stated: pd.DataFrame, counts: dict) -> pd.DataFrame:
    """The inputs with these counted; leaves that were not counted fill what theirs leave over."""
    table = stated.set_index("input")
    table["share"] = counted_or_stated(spread_of_inputs(stated))
    for name, (count, of) in counts.items():
        table.loc[name, COUNTED] = [np.nan, np.nan, np.nan, count, of, "measured"]
    for leaves in GROUPS.values():
        counted = [leaf for leaf in leaves if leaf in counts]
        others = [leaf for leaf in leaves if leaf not in counts]
        if not counted or not others:
            continue
        left_over = 1 - sum(counts[leaf][0] / counts[leaf][1] for leaf in counted)
        part = table.loc[others, "share"]
        table.loc[others, ["low", "high", "count", "of"]] = np.nan
        part = part if part.sum() else part + 1.0
        table.loc[others, "share"] = part / part.sum() * left_over
        if len(others) == 1:  # as sure as those counted
            table.loc[others, "from"] = "measured"
    return table.reset_index()


def disputes(complaints: pd.DataFrame, by: list, confidence: float = 0.95) -> pd.DataFrame:
    """How often the answer to a complaint is disputed, by what the answer was.

    complaints : one row per case: disputed (yes/no; blank = not known) and the columns of `by`
        (such as compensated and resolved, or response; blank = not known, a row of its own)

    Returns one row per combination, most cases first: the columns of `by` as text (yes, no,
    unknown), n (cases of which it is known whether they were disputed), cases, count (disputed),
    disputed, disputed_low, disputed_high (share, Wilson).

    >>> cases = pd.DataFrame(
    ...     {"compensated": [True, True, False], "disputed": [False, True, True]}
    ... )
    >>> disputes(cases, ["compensated"])[["compensated", "disputed"]].values.tolist()
    [['yes', 0.5], ['no', 1.0]]
    """
    groups = [as_words(complaints[name]).rename(name) for name in by]
    disputed = complaints["disputed"].astype("boolean")
    table = pd.DataFrame({"known": disputed.notna(), "yes": disputed.fillna(False)})
    found = table.groupby(groups, sort=False).agg(n=("known", "sum"), cases=("known", "size"), count=("yes", "sum"))  # fmt: skip
    found = found.assign(**counted_share(found["count"], found["n"], confidence, "disputed"))
    found = found.reset_index()
    return found.sort_values("cases", ascending=False, kind="stable", ignore_index=True)


def as_words(column: pd.Series) -> pd.Series:
    """yes, no and unknown for a column of truths; else the texts, and unknown.

    >>> as_words(pd.Series([True, False, None], dtype="boolean")).tolist()
    ['yes', 'no', 'unknown']
    """
    if pd.api.types.is_bool_dtype(column.dtype):
        return column.map({True: "yes", False: "no"}).astype("str").fillna("unknown")
    return column.astype("str").fillna("unknown")


def paid_without_repair(complaints: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """One row: of the cases that were compensated, the share in which nothing was put right.

    n (compensated, and known whether resolved), count, share, share_low, share_high; and unknown
    (compensated, not known whether resolved).

    >>> cases = pd.DataFrame({"compensated": [True, True], "resolved": [False, True]})
    >>> paid_without_repair(cases)["share"].tolist()
    [0.5]
    """
    paid = complaints[complaints["compensated"].eq(True).fillna(False)]
    known = paid["resolved"].dropna()
    count = int((~known.astype(bool)).sum())
    row = {"n": len(known), "count": count, **counted_share(count, len(known), confidence, "share")}
    return pd.DataFrame([row | {"unknown": len(paid) - len(known)}])


# The tree's shares counted from customers


def churn_by_weighting(
    customers: pd.DataFrame, negative_below: float | None = None, confidence: float = 0.95
) -> pd.DataFrame:
    """The tree's shares as the customers show them: each customer once, and each by revenue.

    The two differ where those who complain, or leave, are not average customers.

    Parameters
    ----------
    customers : one row per customer, columns churned and complained (0 or 1), and where known
        revenue (a year) and satisfaction; blank = not known, and then not counted
    negative_below : a satisfaction score below this is negative experience; None (or no scores)
        takes everyone, and `negative` is left out

    Returns one row per weighting (customers, revenue) and share: weighting, input (negative,
    complain, complained_lost, silent_lost, baseline_churn: churn among those not negative; lost:
    those who had a bad experience and left, of all: the tree's loss by each weighting), share,
    share_low, share_high (Wilson on Kish's effective base), n (customers in the share's base),
    n_eff, count and of (customers; blank for revenue). Churned counts as lost; nothing here says
    who is at risk.

    >>> customers = pd.DataFrame({"complained": [1, 1, 0, 0], "churned": [1, 0, 0, 0]})
    >>> found = churn_by_weighting(customers).set_index(["weighting", "input"])["share"]
    >>> found["customers", "complained_lost"]
    0.5
    """
    known = customers.reindex(columns=["churned", "complained", "satisfaction", "revenue"])
    known = known.astype(float)
    weightings = {"customers": pd.Series(1.0, index=known.index), "revenue": known["revenue"]}
    rows = []
    for name, (part, base) in customer_shares(known, negative_below).items():
        for weighting, weight in weightings.items():
            # A customer of zero revenue weighs nothing; a refund cannot weigh less than that.
            held = base & part.notna() & (weight > 0)
            one = part[held].astype(float)
            *share, n_eff = weighted_share(one, weight[held], confidence)
            rows.append((weighting, name, *share, len(one), n_eff, int(one.sum())))
    columns = ["weighting", "input", "share", "share_low", "share_high", "n", "n_eff", "count"]
    table = pd.DataFrame(rows, columns=columns)
    single = table["weighting"] == "customers"
    table = table.assign(count=table["count"].where(single), of=table["n"].where(single))
    return table.sort_values("weighting", kind="stable", ignore_index=True)


def customer_shares(known: pd.DataFrame, negative_below: float | None) -> dict:
    """Share → (0 or 1 per customer, who is in its base)."""
    everyone = pd.Series(True, index=known.index)
    if negative_below is None or known["satisfaction"].isna().all():
        negative, shares = everyone, {}
    else:
        scored = known["satisfaction"]
        negative, marked = scored < negative_below, (scored < negative_below).where(scored.notna())
        shares = {
            "negative": (marked, everyone),
            "baseline_churn": (known["churned"], scored >= negative_below),
            "lost": (known["churned"].where(marked != 0, 0.0).where(marked.notna()), everyone),
        }
    return shares | {
        "complain": (known["complained"], negative),
        "complained_lost": (known["churned"], negative & (known["complained"] == 1)),
        "silent_lost": (known["churned"], negative & (known["complained"] == 0)),
    }
