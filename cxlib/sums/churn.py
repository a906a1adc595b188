"""What negative experience costs: a tree over annual revenue, its uncertainty and its levers.

Every branch is a share of its parent. Source: the method, §3; the leaves and their names are the
contract's. `lost_amount` is the one formula behind the table, the simulation and the sliders.
"""

import numpy as np
import pandas as pd

from cxlib.sums import churn_inputs
from cxlib.sums.churn_inputs import GROUPS, REQUIRED, input_draws, margin_draws, range_holds, tied
from cxlib.sums.estimate import DRAWS, SEED, central, spread
from cxlib.sums.interval import share_of

PARENTS = {
    "positive": "revenue", "negative": "revenue", "complained": "negative", "silent": "negative",
    "complained_retained": "complained", "complained_at_risk": "complained", "complained_lost": "complained",
    "silent_at_risk": "silent", "silent_lost": "silent", "at_risk": "revenue", "lost": "revenue",
}  # fmt: skip
LOSS_INPUTS = ["negative", "complain", "complained_lost", "silent_lost"]
RESTS_ON = {  # the inputs behind a branch that is none itself
    "positive": ["negative"], "complained": ["complain"], "silent": ["complain"], "lost": LOSS_INPUTS,
    "at_risk": ["negative", "complain", "complained_at_risk", "silent_at_risk"],
}  # fmt: skip
LOST_BRANCHES = ["complained_lost", "silent_lost", "lost"]
LEVERS = {"recovery": "complained_retained", "complaint": "complain", "negative": "negative"}
WORTHS = ["one_point", "one_point_incremental", "break_even"]

POINT = 0.01


def lost_amount(revenue, negative, complain, complained_lost, silent_lost):
    """Revenue lost a year, in the units of `revenue`; shares 0–1, numbers or arrays.

    The sliders of the report repeat this line in JavaScript; both pass the same test vectors.

    >>> round(lost_amount(50_000_000, 0.22, 0.02, 0.28, 0.45))
    4912600
    """
    return revenue * negative * (complain * complained_lost + (1 - complain) * silent_lost)


def branch_amounts(revenue, shares) -> dict:
    """Amount of each branch, and of revenue itself, for shares given as numbers or as draws."""
    negative = revenue * shares["negative"]
    complained = negative * shares["complain"]
    parent = {"complained": complained, "silent": negative * (1 - shares["complain"])}
    leaves = {leaf: parent[group] * shares[leaf] for group in GROUPS for leaf in GROUPS[group]}
    return {
        "revenue": revenue,
        "positive": revenue * (1 - shares["negative"]),
        "negative": negative,
        **parent,
        **leaves,
        "at_risk": leaves["complained_at_risk"] + leaves["silent_at_risk"],
        "lost": lost_amount(revenue, *(shares[name] for name in LOSS_INPUTS)),
    }


def branch_share(branch, shares, revenue, amounts):
    """Share of its parent that a branch is (0–1); stated where stated, so 0 of 0 stays known."""
    stated = {"positive": 1 - shares["negative"], "complained": shares["complain"]}
    stated |= {"silent": 1 - shares["complain"]} | {leaf: shares[leaf] for leaf in REQUIRED}
    return amounts[branch] / revenue if branch in ("at_risk", "lost") else stated[branch]


def counted_shares(inputs: pd.DataFrame, confidence: float = 0.95) -> pd.DataFrame:
    """The inputs with the shares and ranges of those that were counted, to be read as a table.

    One row per input; a counted share is count ÷ of, its low and high (0–1) the interval of its
    draws (see `input_draws`). What was stated stays as stated. Count and of are blank where they
    are an effective base: nobody counted that.

    >>> list(counted_shares(cx.read_client("meisu", "data").churn_inputs))[:2]
    ['input', 'share']
    """
    drawn = churn_inputs.stated_then_drawn(inputs, DRAWS, SEED)
    rows = [spread("share", drawn[name], confidence) for name in inputs["input"]]
    ends = pd.DataFrame(rows, inputs.index).rename(columns=lambda end: end.removeprefix("share_"))
    counted = inputs["count"].notna() & inputs["of"].notna()
    heads = {name: inputs[name].where(inputs["of"] % 1 == 0) for name in ("count", "of")}
    return inputs.assign(**{end: inputs[end].where(~counted, ends[end]) for end in ends}, **heads)


def churn_cost(
    revenue: float,
    inputs: pd.DataFrame,
    margin: float | None = None,
    lifetime: float | None = None,
    confidence: float = 0.95,
    draws: int = DRAWS,
    seed: int = SEED,
    factors_from: dict | None = None,
    margin_range: tuple | None = None,
    lifetime_error: float = 0.0,
) -> pd.DataFrame:
    """The tree in up to four views, each amount with its interval.

    gross        the tree as stated
    incremental  the loss beyond what would have left anyway: lost − baseline_churn × parent.
                 Below zero where complainers are kept better than the satisfied
    margin       the gross loss × margin (share of revenue, 0–1)
    lifetime     the gross loss × lifetime (lifetime value per unit of a year's revenue)

    revenue : of a year, currency, taken as known; a view whose input is not given is absent
    inputs : one row per input: input, share (0–1; or count and of), from; input is negative, complain
        (share of the negative), complained_retained, complained_at_risk, complained_lost,
        silent_at_risk, silent_lost, baseline_churn
    margin_range : lowest and highest margin, 0–1, drawn as a share with a stated range
    lifetime_error : standard error of the logarithm of lifetime, drawn as a normal
    Without them margin and lifetime are taken as known: the interval is then of the loss alone.
    factors_from : where margin and lifetime come from, by view; `from` is no better than that.

    Returns one row per view and branch (the three lost branches only, after gross): view,
    branch, parent, share, share_low, share_high (of the parent's revenue), amount, amount_low,
    amount_high (currency a year), from. `amount` is the tree as stated; the interval holds the
    central `confidence` of the draws (see `input_draws`). Raises ValueError, naming every fault at
    once, where shares are missing, outside 0–1, outside their range, or do not add up to 1.

    >>> inputs = cx.read_client("meisu", "data").churn_inputs
    >>> cost = churn_cost(50_000_000, inputs, draws=100).set_index(["view", "branch"])["amount"]
    >>> round(cost["gross", "lost"])
    4912600
    """
    shares = churn_inputs.stated_then_drawn(inputs, draws, seed)
    parents = branch_amounts(revenue, shares)
    factors = {"margin": margin_draws(margin, margin_range, draws, seed, range_holds(inputs))}
    if lifetime is not None:
        factors["lifetime"] = lifetime * churn_inputs.error_draws(lifetime_error, draws, seed)
    rows = []
    for (view, branch), amount in view_amounts(revenue, shares, factors).items():
        parent = PARENTS[branch]
        gross = branch_share(branch, shares, revenue, parents)
        share = gross if view == "gross" else share_of(amount, parents[parent])
        rests_on = RESTS_ON.get(branch, [branch])
        rests_on = [*LOSS_INPUTS, "baseline_churn"] if view == "incremental" else rests_on
        sources = churn_inputs.weakest_source(inputs, rests_on), (factors_from or {}).get(view, "")
        row = {"view": view, "branch": branch, "parent": parent}
        row |= spread("share", share, confidence) | spread("amount", amount, confidence)
        rows.append(row | {"from": churn_inputs.weakest(sources)})
    return pd.DataFrame(rows)


def churn_tree(revenue: float, inputs: pd.DataFrame) -> pd.DataFrame:
    """The tree of the method's §3 as stated, one row per branch: `churn_cost`, gross.

    >>> tree = churn_tree(50_000_000, cx.read_client("meisu", "data").churn_inputs)
    >>> round(tree.set_index("branch")["amount"]["lost"])
    4912600
    """
    cost = churn_cost(revenue, inputs, draws=2)
    return cost[cost["view"] == "gross"].reset_index(drop=True)


def view_amounts(revenue, shares, factors: dict) -> dict:
    """(view, branch) → amounts; factors : of a view, what its loss is the gross one times."""
    gross = branch_amounts(revenue, shares)
    views = {("gross", branch): gross[branch] for branch in PARENTS}
    if baseline_known(shares):
        parents = {"complained_lost": "complained", "silent_lost": "silent", "lost": "negative"}
        for branch, parent in parents.items():
            views["incremental", branch] = gross[branch] - shares["baseline_churn"] * gross[parent]
    for view, factor in factors.items():
        if factor is not None:
            views |= {(view, branch): gross[branch] * factor for branch in LOST_BRANCHES}
    return views


def baseline_known(shares: dict) -> bool:
    """Whether churn among the satisfied is stated; without it nothing can be netted off."""
    return not np.isnan(shares.get("baseline_churn", np.nan)).any()


def loss_rate(shares: dict):
    """Share of the revenue of negative experience that is lost because of it, 0–1 (or below 0).

    Beyond baseline churn where that is known, else gross. Numbers or draws.
    """
    gross = lost_amount(1, 1, *(shares[name] for name in LOSS_INPUTS[1:]))
    return gross - shares["baseline_churn"] if baseline_known(shares) else gross


def lost_with(bad, shares: dict):
    """Revenue lost, as a share of it, per share of customers with a bad outcome (0–1).

    The loss rate; where more customers have the survey's bad outcome (`bad`, of all) than the tree
    has negative experience, only that part of it: however widely an outcome is cut, no more can be
    lost than the tree says. Numbers or draws.

    >>> round(
    ...     lost_with(
    ...         0.30,
    ...         {
    ...             "negative": 0.22,
    ...             "complain": 0.02,
    ...             "complained_lost": 0.28,
    ...             "silent_lost": 0.45,
    ...         },
    ...     ),
    ...     4,
    ... )
    0.3275
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return loss_rate(shares) * np.minimum(shares["negative"] / bad, 1)


def lever_worth(revenue, shares) -> dict:
    """Revenue a year that one point (0.01) of each lever keeps.

    recovery   a point more of the complainers is retained, taken from at_risk and lost in
               proportion to their size
    complaint  a point more of the negative complains, taken from the silent
    negative   a point less of revenue is negative
    Each is exact for any number of points that the branch can give: the loss is linear in it.
    """
    negative, complain = revenue * shares["negative"], shares["complain"]
    unhappy = shares["complained_at_risk"] + shares["complained_lost"]
    recovered = share_of(shares["complained_lost"], unhappy)
    lost = lost_amount(revenue, *(shares[name] for name in LOSS_INPUTS))
    return {
        "recovery": POINT * negative * complain * np.nan_to_num(recovered),
        "complaint": POINT * negative * (shares["silent_lost"] - shares["complained_lost"]),
        "negative": POINT * np.nan_to_num(share_of(lost, shares["negative"])),
    }


def churn_levers(
    revenue: float,
    inputs: pd.DataFrame,
    margin: float | None = None,
    confidence: float = 0.95,
    draws: int = DRAWS,
    margin_range: tuple | None = None,
) -> pd.DataFrame:
    """What one point of each lever is worth, in the source's order.

    Parameters: as `churn_cost` (margin with its margin_range).

    Returns one row per lever (recovery, complaint, negative; see `lever_worth`)
        share                  where the lever stands now, 0–1
        one_point, _low, _high gross revenue a year kept by one point
        one_point_incremental, _low, _high   the same beyond baseline churn; blank if unknown.
                               Only `negative` differs: the others move customers between
                               branches that share the baseline
        p_saves                probability that a point saves anything: a complaint lever costs
                               money when complainers leave more often than the silent
        p_most                 probability that a point is worth more here than in the others
        break_even, _low, _high   the most that one point may cost a year: margin × one point
                               (incremental where known); blank without a margin
        from                   the weakest input it rests on
    Amounts in currency a year. Raises ValueError as `churn_cost`.

    >>> inputs = cx.read_client("meisu", "data").churn_inputs
    >>> levers = churn_levers(50_000_000, inputs, draws=100).set_index("lever")
    >>> round(levers.loc["negative", "one_point"])
    223300
    """
    shares = churn_inputs.stated_then_drawn(inputs, draws, SEED)
    worths, rows = lever_worth(revenue, shares), []
    kept = margin_draws(margin, margin_range, draws, SEED, range_holds(inputs))
    most = np.argmax([worth[1:] for worth in worths.values()], axis=0)
    for place, (lever, worth) in enumerate(worths.items()):
        left_anyway = POINT * revenue if lever == "negative" else 0
        net = worth - left_anyway * shares.get("baseline_churn", np.full(draws + 1, np.nan))
        rests_on = [*LOSS_INPUTS, "complained_at_risk"] if lever == "recovery" else LOSS_INPUTS
        earned = (net if baseline_known(shares) else worth) * (np.nan if kept is None else kept)
        row = {"lever": lever, "share": shares[LEVERS[lever]][0]}
        for name, drawn in zip(WORTHS, (worth, net, earned), strict=True):
            row |= spread(name, drawn, confidence)
        row |= {"p_saves": (worth[1:] > 0).mean(), "p_most": (most == place).mean()}
        rows.append(row | {"from": churn_inputs.weakest_source(inputs, rests_on)})
    return pd.DataFrame(rows)


def churn_tornado(
    revenue: float, inputs: pd.DataFrame, confidence: float = 0.95, draws: int = DRAWS
) -> pd.DataFrame:
    """How far each input, alone, moves the gross loss; the others stay as stated.

    Returns one row per input that the loss depends on, widest swing first: input, share, low,
    high (the stated range, or the central `confidence` of the posterior of its counts),
    loss_low, loss_high (the loss at low and at high), swing (currency a year), from.
    An input with neither range nor counts has swing 0: no uncertainty was stated for it; so has
    `complain` where it hangs on `negative` (see `tied`), and moves with it.

    >>> inputs = cx.read_client("meisu", "data").churn_inputs
    >>> churn_tornado(50_000_000, inputs, draws=100)["input"].iloc[0]
    'negative'
    """
    shares, drawn = churn_inputs.stated_shares(inputs), input_draws(inputs, draws, SEED)
    stated = churn_inputs.spread_of_inputs(inputs)
    ranged = stated["count"].isna() & (stated["low"] < stated["high"])
    rows = []
    for name in LOSS_INPUTS:
        tails = central(drawn[name], confidence).tolist()
        ends = stated.loc[name, ["low", "high"]].tolist() if ranged[name] else tails
        moved = [tied(shares | {name: end}, inputs) for end in ends]
        moved = [[each[part] for part in LOSS_INPUTS] for each in moved]
        losses = [lost_amount(revenue, *parts) for parts in moved]
        source = churn_inputs.weakest_source(inputs, [name])
        rows.append((name, shares[name], *ends, *losses, abs(losses[1] - losses[0]), source))
    columns = ["input", "share", "low", "high", "loss_low", "loss_high", "swing", "from"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("swing", ascending=False, kind="stable", ignore_index=True)


def silent_at_the_widest(inputs: pd.DataFrame, swings: pd.DataFrame) -> tuple[float, float]:
    """The least and the most of the loss that can be silent, 0–1, over all ends of the inputs.

    swings : rows of `churn_tornado`, with the ends of each input. The silent part falls with who
    complains and with who of them leaves, and rises with who of the silent leaves: so these corners
    are its extremes.

    >>> inputs = cx.read_client("meisu", "data").churn_inputs
    >>> [round(end, 3) for end in silent_at_the_widest(inputs, churn_tornado(1, inputs, draws=9))]
    [0.935, 0.994]
    """
    ends = swings.set_index("input")

    def silent(complain, lost, gone) -> float:
        whole = lost_amount(1, 1, complain, lost, gone)
        return (1 - complain) * gone / whole if whole else np.nan

    names = ("complain", "complained_lost", "silent_lost")
    most = [max(ends.loc[name, ["low", "high"]]) for name in names]
    least = [min(ends.loc[name, ["low", "high"]]) for name in names]
    return silent(*most[:2], least[2]), silent(*least[:2], most[2])
