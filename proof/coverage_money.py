"""Intervals of what follows from money, people and purchases, by simulation: what initiatives bring and a
plan leaves, who suffers in silence, what is at stake if leaving cost nothing, models of purchases
and the best service level."""

from functools import partial
from itertools import product

import numpy as np
import pandas as pd
from scipy.optimize import minimize_scalar

from cxlib.sums.initiatives import initiative_returns
from cxlib.sums.interval import counted_share
from cxlib.sums.lifetime import (
    fit_bgnbd,
    fit_gamma_gamma,
    lifetime_error,
    lifetime_value,
)
from cxlib.sums.loyalty import if_switching_were_free
from cxlib.sums.plans_drawn import draw_benefits, worth_of_draws
from cxlib.sums.portfolio import choose_portfolio
from cxlib.sums.proactive import reason_pareto
from cxlib.sums.service_level import best_service_level
from proof.coverage_links import missed, ordered, summary
from proof.stakes import one_survey

# Plans

UPLIFTS, COST, MARGIN = (0.4, 0.7, 1.0), 30_000.0, 0.5
REVENUE = 1_000_000.0


def plans_coverage(replications: int = 80, seed: int = 20_100, people=(100, 400)) -> pd.DataFrame:
    """How often the interval of what an initiative brings, and of what the plan that leaves most
    leaves over three years, holds what they would, if an uplift does what is stated: the worlds of
    `proof.stakes`, where all that goes with a bad outcome is lost. The plan is chosen by what the
    survey shows.

    >>> set(plans_coverage(2, people=(100,))["n"])
    {100}
    """
    rows = []
    for kind, n in product(("alike", "apart"), people):
        rng = np.random.default_rng([seed, 15, n, len(kind)])
        found = [plan_misses(one_survey(rng, kind, 4, n)) for _ in range(replications)]
        rows.append(summary(found, 0.95).assign(skew=kind, n=n, weighted=False))
    return ordered(rows)


def plan_misses(survey: pd.DataFrame) -> pd.DataFrame:
    """Of one survey: three initiatives, each for a dimension of its own."""
    parts = survey.drop("all").iloc[: len(UPLIFTS)]
    money = REVENUE * parts[["at_stake", "at_stake_low", "at_stake_high"]]
    stakes = parts.join(money.rename(columns=lambda name: name.replace("at_stake", "amount")))
    stakes = stakes.reset_index(names="dimension").assign(verdict="carried")
    wishes = pd.DataFrame({"initiative": [*"abc"], "dimension": stakes["dimension"]})
    found = initiative_returns(wishes.assign(uplift=UPLIFTS, cost=COST), stakes)
    limits = {"most": stakes.set_index("dimension")["amount"].clip(lower=0).to_dict(),
              "most_in_all": None, "margin": MARGIN, "term": 3}  # fmt: skip
    money = pd.Series({"": np.inf})
    plan = choose_portfolio(found, money, **limits)
    inside = plan["chosen"].to_numpy()
    would = REVENUE * parts["truth"].to_numpy() * np.minimum(UPLIFTS / -parts["gap"].to_numpy(), 1)
    worth = worth_of_draws(plan, money, draw_benefits(plan), limits, 0.95)
    shown = np.where(inside.any(), 1.0, np.nan)  # where none is funded nothing is told of a plan
    ends = {
        "what an initiative brings": (found["benefit_low"], found["benefit_high"]),
        "what a plan leaves": ([shown * worth["net_low"]], [shown * worth["net_high"]]),
    }
    left = 3 * MARGIN * would[inside].sum() - COST * inside.sum()
    truth = {"what an initiative brings": would, "what a plan leaves": np.array([left])}
    return missed({name: tuple(map(np.asarray, each)) for name, each in ends.items()}, truth)


# Who suffers in silence

FAULTS = {"late": (0.10, 0.25), "broken": (0.04, 0.5), "rude": (0.02, 0.1)}  # met by; complain


def silent_coverage(
    replications: int = 400, seed: int = 20_100, sizes=((1000, 100), (5000, 300))
) -> pd.DataFrame:
    """How often the range of who suffers in silence, by fault and in all, holds how many there are.
    Companies of so many customers, of whom so many were asked whether they met a fault and complained;
    each of those who complained called. A customer may meet several faults, and calls for each or none.

    >>> set(silent_coverage(3, sizes=((1000, 100),))["n"])
    {1000}
    """
    rows = []
    for customers, asked in sizes:
        rng = np.random.default_rng([seed, 16, customers])
        found = [silent_misses(rng, customers, asked) for _ in range(replications)]
        named = {"skew": f"{asked} asked", "n": customers, "weighted": False}
        rows.append(summary(found, 0.95).assign(**named))
    return ordered(rows)


def silent_misses(rng, customers: int, asked: int) -> pd.DataFrame:
    """Of one company."""
    met = {name: rng.random(customers) < share for name, (share, _) in FAULTS.items()}
    calls = {name: met[name] & (rng.random(customers) < FAULTS[name][1]) for name in FAULTS}
    cases = pd.concat(
        pd.DataFrame({"reason": name, "customer": np.flatnonzero(calls[name]).astype(str)})
        for name in FAULTS
    )
    rates = {}
    for name, (_, rate) in FAULTS.items():
        known = max(rng.binomial(asked, rate), 1)  # of people asked who had met the fault
        rates[name] = counted_share(known, asked)
    ends = [pd.Series({name: each[f"share{end}"] for name, each in rates.items()}, dtype=float)
            for end in ("", "_low", "_high")]  # fmt: skip
    table = reason_pareto(cases, *ends, customers=customers).set_index("reason")
    silent = {name: np.array([(met[name] & ~calls[name]).sum()]) for name in FAULTS}
    anybody, called = (np.any([*each.values()], axis=0) for each in (met, calls))
    truth = {"who suffers in silence": np.concatenate([*silent.values()]),
             "who suffers in silence, in all": np.array([(anybody & ~called).sum()])}  # fmt: skip
    shown = {"who suffers in silence": [*FAULTS], "who suffers in silence, in all": ["all"]}
    found = {
        name: tuple(
            table[f"silent{end}"].reindex(which).to_numpy(float) for end in ("_low", "_high")
        )
        for name, which in shown.items()
    }
    return missed(found, truth)


# If leaving cost nothing

TILT = 0.5  # log-odds of being disloyal, less for one who brings a standard deviation more


def free_coverage(replications: int = 300, seed: int = 20_100, sizes=(100, 400)) -> pd.DataFrame:
    """How often the interval of the revenue at stake, if leaving cost nothing, holds that of the bound
    who were alike but for what holds them; who brings more is less often disloyal.

    >>> len(free_coverage(3, sizes=(100,)))
    1
    """
    rows = []
    for n in sizes:
        rng = np.random.default_rng([seed, 17, n])
        found = [free_misses(rng, n) for _ in range(replications)]
        rows.append(summary(found, 0.95).assign(skew="", n=n, weighted=True))
    return ordered(rows)


def free_misses(rng, n: int) -> pd.DataFrame:
    """Of n customers, half of them bound: the bound stay, and would leave as the free do."""
    z, satisfied, bound = rng.standard_normal(n), rng.random(n) < 0.7, rng.random(n) < 0.5
    odds = np.where(satisfied, np.log(0.2 / 0.8), 0.0) - TILT * z
    chance = 1 / (1 + np.exp(-odds))
    loyal = np.where(bound, True, rng.random(n) >= chance)
    typed = pd.DataFrame({"satisfied": satisfied * 1.0, "loyal": loyal * 1.0, "revenue": np.exp(z)})
    typed["freedom"] = np.where(bound, "bound", "free")
    table = if_switching_were_free(typed).set_index("satisfied").loc[["all"]]
    truth = np.array([(np.exp(z) * chance)[bound].sum()])
    ends = tuple(table[f"revenue_at_stake{end}"].to_numpy(float) for end in ("_low", "_high"))
    name = "at stake if leaving cost nothing"
    return missed({name: ends}, {name: truth})


# Models of purchases

BUYING = {"r": 0.6, "alpha": 6.0, "a": 0.8, "b": 2.5}
SPENDING = {"p": 6.0, "q": 4.0, "v": 15.0}
WEEKS = 78


def purchases_coverage(replications: int = 60, seed: int = 20_100, sizes=(500, 2000)):
    """How often the intervals of what BG/NBD and Gamma–Gamma are fitted to hold what customers were
    made by, and that of what all are worth over two years, what they are by it.

    >>> set(purchases_coverage(2, sizes=(500,))["method"]) >= {"what customers will bring"}
    True
    """
    rows = []
    for n in sizes:
        rng = np.random.default_rng([seed, 18, n])
        found = [purchase_misses(rng, n) for _ in range(replications)]
        rows.append(summary(found, 0.95).assign(skew="", n=n, weighted=False))
    return ordered(rows)


def purchase_misses(rng, n: int) -> pd.DataFrame:
    """Of n customers who buy as the two models say."""
    history = buyers(rng, n)
    often, spend = fit_bgnbd(history), fit_gamma_gamma(history)
    intervals, truth = {}, {}
    for name, fit, made in (
        ("how often they buy (BG/NBD)", often, BUYING),
        ("what they spend (Gamma–Gamma)", spend, SPENDING),
    ):
        intervals[name] = tuple(fit.parameters[end].to_numpy() for end in ("low", "high"))
        truth[name] = np.array([*made.values()])
    worth = partial(lifetime_value, purchases=history, years=2, discount=0.1)
    error = lifetime_error(often, spend, history, 2, 0.1)
    found = worth(often, spend).sum()
    true = [with_values(fit, made) for fit, made in ((often, BUYING), (spend, SPENDING))]
    ends = (found * np.exp(sign * 1.96 * error) for sign in (-1, 1))
    intervals["what customers will bring"] = tuple(np.array([end]) for end in ends)
    truth["what customers will bring"] = np.array([worth(*true).sum()])
    return missed(intervals, truth)


def with_values(fit, made: dict):
    """The fit with the values that customers were made by."""
    from dataclasses import replace

    return replace(fit, parameters=fit.parameters.assign(value=[*made.values()]))


def buyers(rng, n: int) -> pd.DataFrame:
    """frequency, recency, age (weeks) and spend of customers who first bought in the first half."""
    rate = rng.gamma(BUYING["r"], 1 / BUYING["alpha"], n)
    leaves = rng.geometric(rng.beta(BUYING["a"], BUYING["b"], n).clip(1e-9))
    age = WEEKS - rng.uniform(0, WEEKS / 2, n)
    most = 400
    times = np.cumsum(rng.exponential(1, (n, most)), axis=1) / rate[:, None]
    # After each repeat purchase he may leave for good.
    seen = (times <= age[:, None]) & (np.arange(1, most + 1) <= leaves[:, None])
    frequency = seen.sum(axis=1)
    recency = np.where(frequency > 0, np.where(seen, times, 0).max(axis=1), 0.0)
    scale = rng.gamma(SPENDING["q"], 1 / SPENDING["v"], n)
    total = rng.gamma(np.maximum(SPENDING["p"] * frequency, 1e-9), 1 / scale)
    spend = np.where(frequency > 0, total / np.maximum(frequency, 1), np.nan)
    whole = pd.DataFrame({"frequency": frequency, "recency": recency, "age": age, "spend": spend})
    return whole.assign(sales=spend, returned=0.0)


# The best service level


def level_coverage(replications: int = 400, seed: int = 20_100, levels=(5, 6, 9)) -> pd.DataFrame:
    """How often the range that is as good as the best holds the best of the curves of which only so
    many levels were quoted, and how often what it says pays best earns within 1 % of the most.

    >>> len(level_coverage(5, levels=(5,)))
    2
    """
    rows = []
    for number in levels:
        rng = np.random.default_rng([seed, 19, number])
        found = np.array([level_found(rng, number) for _ in range(replications)], dtype=float)
        for name, held in zip(
            ("the best service level", "a level as good as the best"), found.T, strict=True
        ):
            rate = held.mean()
            error = max(np.sqrt(rate * (1 - rate) / replications), 1 / replications)
            rows.append({"method": name, "skew": "levels quoted", "n": number, "weighted": False,
                         "coverage": rate, "coverage_error": error, "too_high": np.nan, "too_low": np.nan,
                         "as_promised": rate >= 0.93})  # fmt: skip
    return pd.DataFrame(rows)


def level_found(rng, number: int) -> tuple[bool, bool]:
    """(the best level lies in the range; the level named earns within 1 % of the most), of revenue
    that rises ever less and cost that rises ever more."""
    most, steep, dear = rng.uniform(1, 3), rng.uniform(2, 8), rng.uniform(0.05, 0.5)

    def revenue(level):
        return most * (1 - np.exp(-steep * level))

    def cost(level):
        return dear * level / (1.02 - level)

    at = np.linspace(0.5, 1.0, number)
    table = pd.DataFrame({"level": at, "cost": cost(at), "revenue": revenue(at)})
    row = best_service_level(table).iloc[0]
    best = minimize_scalar(lambda x: cost(x) - revenue(x), bounds=(0.5, 1.0), method="bounded").x
    most_earned, earned = (revenue(x) - cost(x) for x in (best, row["best_level"]))
    inside = row["best_level_low"] - 1e-3 <= best <= row["best_level_high"] + 1e-3
    return inside, earned >= most_earned - 0.01 * abs(most_earned)
