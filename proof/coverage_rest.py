"""Intervals with a method of their own that no other simulation has: shares and groups compared, the
health check, how concentrated revenue is, what one point is worth, growth in proportion."""

from itertools import product

import numpy as np
import pandas as pd
from scipy import stats
from scipy.special import gamma

from cxlib.sums.against_rest import share_against_rest
from cxlib.sums.churn import churn_levers
from cxlib.sums.compare import health_check
from cxlib.sums.concentration import concentration
from cxlib.sums.loop import growth_in_proportion
from cxlib.sums.mix import mix_adjusted
from proof.before_after import series
from proof.coverage import SIZES
from proof.coverage_links import TREE, missed, ordered, summary

LEFT = {"a": 0.30, "rest": 0.15}  # who left, of a third of customers and of the others
LOWER = -4.0  # of the health check, in points of 100
KINDER = 0.5  # points that one who asks gets more, whoever answers
SPREAD = 1.0  # standard deviation of the logarithm of revenue
BASE, LATER, CARRY = 12, 6, 0.3  # months, and what of a month's deviation the next keeps
TOP = 1 - stats.norm.ppf(0.8)  # Aitchison & Brown 1957: Lorenz curve and Gini of the lognormal
TRUTH = {
    "difference of shares": LEFT["a"] - LEFT["rest"],
    "difference at the same mix": KINDER,
    "health check": LOWER,
    "share of the top fifth": stats.norm.cdf(TOP),
    "Gini": 2 * stats.norm.cdf(SPREAD / np.sqrt(2)) - 1,
    "one point fewer unhappy": 0.01
    * (TREE["complain"] * TREE["complained_lost"] + (1 - TREE["complain"]) * TREE["silent_lost"]),
    "one point more complain": 0.01 * TREE["negative"] * (TREE["silent_lost"] - TREE["complained_lost"]),
}  # fmt: skip

# Revenue of other shapes: how it is drawn, the share of its top fifth, and Gini (Johnson, Kotz &
# Balakrishnan 1994: of a gamma by the gamma of a shape one more; of a Pareto 0.2^(1 − 1/a), 1/(2a − 1)).
SHAPE, TAIL = 0.5, 2.5  # of the gamma; of the Pareto, whose variance is finite beyond 2
SHAPES = {
    "gamma": (
        lambda rng, n: rng.gamma(SHAPE, 1.0, n),
        stats.gamma.sf(stats.gamma.ppf(0.8, SHAPE), SHAPE + 1),
        gamma(SHAPE + 0.5) / (gamma(SHAPE + 1) * np.sqrt(np.pi)),
    ),
    "Pareto": (lambda rng, n: 1 + rng.pareto(TAIL, n), 0.2 ** (1 - 1 / TAIL), 1 / (2 * TAIL - 1)),
}


def rest_coverage(replications: int = 300, seed: int = 20_100, sizes=SIZES) -> pd.DataFrame:
    """Share of made-up files of n people or customers whose interval holds the true value, as
    `coverage_table`; of series, n is the number of months before units grew.

    >>> len(rest_coverage(2, sizes=(30,)))
    8
    """
    rows = []
    for number, n in enumerate(sizes):
        rng = np.random.default_rng([seed, 14, number])
        found = [missed(intervals(rng, n), TRUTH) for _ in range(replications)]
        rows.append(summary(found, 0.95).assign(skew="", n=n, weighted=False))
    rng = np.random.default_rng([seed, 14])
    found = [missed(*growth(rng)) for _ in range(replications)]
    rows.append(summary(found, 0.95).assign(skew="", n=BASE, weighted=False))
    return ordered(rows)


def concentration_coverage(replications: int = 200, seed: int = 20_100, sizes=(100, 400)):
    """How often the intervals of the top fifth's share and of Gini hold what they are, of revenue that
    is not lognormal: `concentration.WIDER` was found by trying lognormal revenue.

    >>> concentration_coverage(2, sizes=(100,))["skew"].unique().tolist()
    ['gamma', 'Pareto']
    """
    rows = []
    for number, (name, n) in enumerate(product(SHAPES, sizes)):
        rng, (draw, top, gini) = np.random.default_rng([seed, 22, number]), SHAPES[name]
        truth = {"share of the top fifth": top, "Gini": gini}
        found = []
        for _ in range(replications):
            money = concentration(pd.Series(draw(rng, n)), draws=200)
            shown = zip(truth, ("top_share", "gini"), strict=True)
            found.append(missed({said: ends(money, key) for said, key in shown}, truth))
        rows.append(summary(found, 0.95).assign(skew=name, n=n, weighted=False))
    return ordered(rows)


def intervals(rng, n: int) -> dict:
    """method → (low, high) of one file."""
    group = np.where(np.arange(n) < n // 3, "a", "rest")
    left = pd.Series((rng.random(n) < np.where(group == "a", *LEFT.values())) * 1.0)
    shares = share_against_rest(pd.DataFrame({"g": group}), left).query("group == 'a'")
    found = {
        "difference of shares": ends(shares, "difference"),
        "difference at the same mix": ends(at_the_same_mix(rng, n), "adjusted"),
        "health check": ends(health(rng, n), "difference"),
    }
    money = concentration(pd.Series(np.exp(SPREAD * rng.standard_normal(n))), draws=200)
    found |= {"share of the top fifth": ends(money, "top_share"), "Gini": ends(money, "gini")}
    levers = churn_levers(1.0, counted(rng, n), draws=1_000).set_index("lever")
    names = {"negative": "one point fewer unhappy", "complaint": "one point more complain"}
    return found | {said: ends(levers.loc[[key]], "one_point") for key, said in names.items()}


def ends(table: pd.DataFrame, name: str) -> tuple:
    """(low, high) of the one row."""
    return tuple(table[f"{name}{end}"].to_numpy(dtype=float) for end in ("_low", "_high"))


def at_the_same_mix(rng, n: int) -> pd.DataFrame:
    """Scores that staff or an agency collected, from two kinds of people whom they meet unalike."""
    kind = rng.random(n) < 0.5
    staff = rng.random(n) < np.where(kind, 0.7, 0.3)
    score = 6 + 2 * kind + KINDER * staff + 2 * rng.standard_normal(n)
    who, what = pd.Series(np.where(staff, "staff", "agency"), name="g"), pd.Series(kind.astype(str))
    return mix_adjusted(pd.Series(score), who, what).query("group == 'staff'")


def health(rng, n: int) -> pd.DataFrame:
    """One area against a reference of 200 others, who are less alike."""
    own, other = 60 + LOWER + 10 * rng.standard_normal(n), 60 + 15 * rng.standard_normal(200)
    row = {"area": "a", "score": own.mean(), "n": n, "sd": own.std(ddof=1)}
    row |= {"reference": other.mean(), "reference_n": 200, "reference_sd": other.std(ddof=1)}
    return health_check(pd.DataFrame([row]))


def counted(rng, n: int) -> pd.DataFrame:
    """Inputs of the tree, each counted among n."""
    count = {name: rng.binomial(n, TREE[name]) for name in ("negative", "complain")}
    for group in ("complained_", "silent_"):
        names = [name for name in TREE if name.startswith(group)]
        count |= dict(zip(names, rng.multinomial(n, [TREE[name] for name in names]), strict=True))
    table = pd.DataFrame({"input": [*TREE], "count": [count[name] for name in TREE], "of": n})
    return table.assign(share=np.nan, low=np.nan, high=np.nan, **{"from": "measured"})


def growth(rng) -> tuple[dict, dict]:
    """What growth in proportion would have given in each later month, and what each gave, of a
    business that grew just in proportion."""
    months = pd.period_range("2024-01", periods=BASE + LATER, freq="M").astype(str)
    units = np.r_[np.full(BASE, 2.0), np.full(LATER, 3.0)]
    value = units * series(rng, CARRY, 0.0, BASE + LATER)
    table = pd.DataFrame(
        {"period": months, "measure": "m", "value": value, "units": units, "event": None}
    )
    later = growth_in_proportion(table).tail(LATER)
    return {"growth in proportion": ends(later, "promised")}, {"growth in proportion": value[BASE:]}
