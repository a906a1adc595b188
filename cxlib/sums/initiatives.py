"""Initiatives: what each is worth, and which need or rule out which; step 6 of the method.

Whether an initiative fits the strategy, the people, the process, the technology and the money.

Source: the method, step 6: where it does not fit, it is adjusted, or the second best is chosen.

What an initiative returns, from score points to money, and the best ideal for the money.

uplift (score points) → share of the gap that it closes → that share of the revenue that goes with the
gap (`stakes.revenue_at_stake`). The link is an association: what it promises comes only if raising
the score is what keeps the customer.
"""

import numpy as np
import pandas as pd

FITS = ["strategy_fit", "people", "process", "technology"]


def benefits(initiatives: pd.DataFrame, weights: dict) -> pd.Series:
    """What each initiative is worth, in weighted score points; `benefit` itself where given.

    uplift (score points) × weight of its dimension (1 where none is given) × fit. Fit is the mean
    of strategy_fit, people, process and technology (0–1) that are known, weighted by their own
    weights (1 where none is given); 1 where none is known. Without an uplift the benefit is blank,
    unless no initiative has one: then it is the fit alone.

    >>> wishes = pd.DataFrame(
    ...     {"initiative": ["a"], "uplift": [2], "dimension": ["price"], "people": [0.5]}
    ... )
    >>> benefits(wishes, {"price": 3}).tolist()
    [3.0]
    """
    if "benefit" in initiatives:
        return initiatives["benefit"].astype(float)
    fit = fit_of(initiatives, weights)
    uplift = initiatives.get("uplift", pd.Series(np.nan, index=initiatives.index)).astype(float)
    if uplift.isna().all():
        return fit
    dimension = initiatives.get("dimension", pd.Series("", index=initiatives.index))
    return uplift * dimension.map(lambda name: float(weights.get(name, 1))) * fit.fillna(1)


def fit_weights(weights: dict) -> pd.Series:
    """The weight of each kind of fit; 1 where none is given.

    >>> fit_weights({"people": 2})["people"].item()
    2.0
    """
    return pd.Series({fit: float(weights.get(fit, 1)) for fit in FITS})


def fit_of(initiatives: pd.DataFrame, weights: dict) -> pd.Series:
    """The mean of the fits that are known, by their weights, 0–1; blank where none is known.

    >>> fits = pd.DataFrame({"strategy_fit": [0.9, None], "people": [0.6, None]})
    >>> fit_of(fits, {"strategy_fit": 2}).round(2).tolist()
    [0.8, nan]
    """
    fits, share = initiatives.reindex(columns=FITS).astype(float), fit_weights(weights)
    return (fits * share).sum(axis=1) / (fits.notna() * share).sum(axis=1).replace(0, np.nan)


def linked(table: pd.DataFrame) -> list[tuple[str, int, int]]:
    """(requires or excludes, row, other row) for every link between initiatives.

    >>> linked(pd.DataFrame({"initiative": [*"ab"], "requires": ["", "a"], "excludes": ""}))
    [('requires', 1, 0)]
    """
    names = table["initiative"].tolist()
    links = []
    for kind in ["requires", "excludes"]:
        for row, text in enumerate(table.get(kind, pd.Series("", index=table.index)).fillna("")):
            for name in filter(None, (part.strip() for part in str(text).split(";"))):
                links.append((kind, row, names.index(name)))
    return links


# Whether an initiative fits


def fit_table(plan: pd.DataFrame, fits, budget: float) -> pd.DataFrame:
    """The fit of each initiative, and what would have to be adjusted first.

    Parameters
    ----------
    plan : one row per initiative: initiative, cost (currency), chosen, and any of `fits` (0–1)
    fits : names of the fits that the client states
    budget : most that may be spent in the best year, currency; blank without one

    Returns initiative, chosen, the fits that are known, to_adjust (the client's words, where it has
    any), money_fit (how much of its cost the budget pays, 0–1: the method asks whether the money is
    there; blank without a budget), adjust (the lowest of them, the first of equals; nothing where all
    known are 1; blank where none is), fit_lowest (that fit).

    >>> plan = pd.DataFrame({"initiative": ["a"], "cost": [4.0], "chosen": [True], "people": [0.8]})
    >>> fit_table(plan, ["people"], budget=2)[["people", "money_fit", "adjust"]].values.tolist()
    [[0.8, 0.5, 'money_fit']]
    """
    known = [name for name in fits if name in plan and plan[name].notna().any()]
    money = (budget / plan["cost"].where(plan["cost"] > 0)).clip(upper=1)
    money = money.mask(plan["cost"].eq(0), 1.0) if pd.notna(budget) else money
    words = [name for name in ["to_adjust"] if name in plan]
    table = plan[["initiative", "chosen", *known, *words]].assign(money_fit=money)
    scored = table[[*known, "money_fit"]]
    lowest = scored.min(axis=1)
    short = lowest < 1
    adjust = scored[short].idxmin(axis=1).reindex(table.index).mask(lowest >= 1, "nothing")
    return table.assign(adjust=adjust, fit_lowest=lowest.where(short))


# What an initiative returns


def initiative_returns(initiatives: pd.DataFrame, stakes: pd.DataFrame) -> pd.DataFrame:
    """What each initiative is worth a year, with its interval; or why nobody can say.

    Parameters
    ----------
    initiatives : one row per initiative: initiative, dimension, uplift (score points)
    stakes : rows of `stakes.revenue_at_stake`: dimension, gap, at_stake, amount, their ends, verdict

    Returns the same rows plus
        closes                  of the uplift, the part up to the ideal, score points
        kept, _low, _high       share of customers kept from a bad outcome: of at_stake as much as
                                it closes of the gap
        benefit, _low, _high    the same of amount, currency a year
        verdict   of its dimension (carried, spans_zero, at_ideal …); or no_dimension, no_uplift,
                  no_link (the survey has no such dimension)
    The uplift itself is somebody's judgement and is taken as stated.

    >>> wishes = pd.DataFrame({"initiative": ["a"], "dimension": ["price"], "uplift": [1.0]})
    >>> ends = {"amount": 90.0, "amount_low": 30.0, "amount_high": 120.0}
    >>> stakes = pd.DataFrame([{"dimension": "price", "gap": -3.0, **ends, "verdict": "carried"}])
    >>> initiative_returns(wishes, stakes)["benefit"].tolist()
    [30.0]
    """
    table = initiatives.reset_index(drop=True)
    dimension = table.get("dimension", pd.Series(index=table.index, dtype=object))
    uplift = table.get("uplift", pd.Series(np.nan, index=table.index)).astype(float)
    of = stakes.drop_duplicates("dimension").set_index("dimension").reindex(dimension)
    of = of.reset_index(drop=True)
    short = (0.0 - of["gap"].astype(float)).clip(lower=0)
    table["closes"] = np.minimum(uplift, short).where(uplift.notna())
    share = table["closes"] / short.where(short > 0)
    for name, worth in (("kept", "at_stake"), ("benefit", "amount")):
        for end in ("", "_low", "_high"):
            table[f"{name}{end}"] = share * of.get(f"{worth}{end}", np.nan)
    unknown = [dimension.isna(), uplift.isna(), of["verdict"].isna()]
    reasons = ["no_dimension", "no_uplift", "no_link"]
    return table.assign(verdict=np.select(unknown, reasons, of["verdict"].astype(object)))


def best_ideals(gaps: pd.DataFrame, plan: pd.DataFrame, scale) -> pd.DataFrame:
    """The ideal that the money buys, beside the one that was decided: "close all gaps" is neither
    free nor always worth it.

    Parameters
    ----------
    gaps : one row per dimension: dimension, experience, ideal, gap
    plan : one row per initiative: dimension, uplift, cost, chosen
    scale : (lowest, highest) score

    Returns one row per dimension: dimension, experience, ideal (decided), uplift (of the chosen),
    best_ideal (experience + uplift, not above the ideal decided where that is higher than today,
    nor the scale), closed (share of the gap, 0–1; blank where there is none), cost (of the chosen),
    verdict: closed, partly, left (a gap that no money goes to), at_ideal, unknown.

    >>> gaps = pd.DataFrame(
    ...     {"dimension": ["price"], "experience": [5.0], "ideal": [8.0], "gap": [-3.0]}
    ... )
    >>> plan = pd.DataFrame(
    ...     {"dimension": ["price"], "uplift": [2.0], "cost": [10.0], "chosen": [True]}
    ... )
    >>> best_ideals(gaps, plan, (0, 10))[["best_ideal", "verdict"]].values.tolist()
    [[7.0, 'partly']]
    """
    table = gaps[["dimension", "experience", "ideal", "gap"]].reset_index(drop=True)
    chosen = plan[plan["chosen"].eq(True)]
    spent = chosen.groupby("dimension")[["uplift", "cost"]].sum().reindex(table["dimension"])
    table[["uplift", "cost"]] = spent.fillna(0).to_numpy()
    ceiling = table[["experience", "ideal"]].max(axis=1).clip(upper=scale[1])
    best = np.minimum(table["experience"] + table["uplift"], ceiling)
    closed = ((best - table["experience"]) / (-table["gap"]).where(table["gap"] < 0)).clip(0, 1)
    holds = [table["gap"].isna(), table["gap"] >= 0, closed >= 1 - 1e-9, closed > 0]
    verdict = np.select(holds, ["unknown", "at_ideal", "closed", "partly"], "left")
    return table.assign(best_ideal=best, closed=closed, verdict=verdict)
