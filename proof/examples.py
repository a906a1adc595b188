"""Numbers that others published, and how ours are obtained: the proof that a formula is theirs.

Each example is data: what was printed, by whom, and the call that must give it back. Nothing here
is taken from our own output. The validation page shows them all; the tests assert each.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from cxlib.sums.churn import churn_tree
from cxlib.sums.churn_inputs import REQUIRED
from cxlib.sums.compare import benjamini_hochberg
from cxlib.sums.concentration import top_and_gini
from cxlib.sums.drivers import driver_table, subset_r2
from cxlib.sums.gap import gap_table
from cxlib.sums.interval import nps_interval, nps_variance, share_is_reliable
from cxlib.sums.kano import LETTERS, classify, fong, kano_table
from cxlib.sums.kpi import p_chart, xmr_chart
from cxlib.sums.lifetime import fit_bgnbd, fit_gamma_gamma
from cxlib.sums.portfolio import choose_portfolio
from cxlib.sums.retention import survival_curves, survival_difference
from cxlib.sums.service_level import critical_ratio
from cxlib.sums.weights import rake
from proof.page import FAIL, PASS, WAITING


@dataclass(frozen=True)
class Example:
    """One published result.

    number     its number in the list of worked examples
    expected   the values as printed, numbers or words
    obtained   gives ours, in the same order; takes the published data set where `needs` names one
    tolerance  largest difference allowed: half a unit of the last digit printed, or what the
               source's own rounding leaves
    """

    number: int
    what: str
    source: str
    expected: tuple
    obtained: Callable
    tolerance: float = 0.0
    needs: str = ""


def example_table(
    examples: tuple[Example, ...], data: Mapping[str, pd.DataFrame] | None = None
) -> pd.DataFrame:
    """One row per example, computed now: number, what, source, expected, obtained, tolerance, status.

    data : the published data sets that some examples are computed on, by name; an example whose
        data set is not here is `waiting`. An example that raises has failed, and says how.

    >>> example_table(EXAMPLES[:2])["status"].tolist()
    ['pass', 'pass']
    """
    rows = [result(example, data or {}) for example in examples]
    columns = ["number", "what", "source", "expected", "obtained", "tolerance", "status"]
    return pd.DataFrame(rows, columns=columns)


def result(example: Example, data: Mapping[str, pd.DataFrame]) -> tuple:
    """The row of one example."""
    said = (example.number, example.what, example.source, example.expected)
    if example.needs and example.needs not in data:
        return (*said, (), example.tolerance, WAITING)
    try:
        given = [data[example.needs]] if example.needs else []
        obtained = tuple(example.obtained(*given))
    except Exception as error:
        return (*said, (f"{type(error).__name__}: {error}",), example.tolerance, FAIL)
    agrees = agree(example.expected, obtained, example.tolerance)
    return (*said, obtained, example.tolerance, PASS if agrees else FAIL)


def agree(expected: tuple, obtained: tuple, tolerance: float) -> bool:
    """Whether every value is the one expected: words exactly, numbers within the tolerance."""
    if len(expected) != len(obtained):
        return False
    for one, other in zip(expected, obtained, strict=True):
        if isinstance(one, str) or isinstance(other, str):
            same = one == other
        else:  # a hair more: half a unit is not a binary fraction
            same = abs(float(one) - float(other)) <= tolerance * (1 + 1e-9) + 1e-12
        if not same:  # blank is never the number expected
            return False
    return True


# 1–3: the method


def printed_tree() -> tuple:
    shares = dict(zip(REQUIRED, [0.22, 0.02, 0.38, 0.34, 0.28, 0.55, 0.45], strict=True))
    inputs = pd.DataFrame({"input": shares, "share": shares}).assign(**{"from": "assumption"})
    inputs["input"] = inputs.index
    tree = churn_tree(50_000_000, inputs).set_index("branch")
    amounts = tree.loc[["complained_lost", "silent_lost", "lost"], "amount"]
    return (*amounts.round(6), round(100 * tree.loc["lost", "share"], 2))


def printed_steps() -> tuple:
    """Convenience: 2c, 3 and 4b; product: 2c, and 3 blank since its importance is not printed."""
    scores = pd.DataFrame(
        {
            "experience": [5.0, 6.0],
            "expectation": [7.0, 7.0],
            "importance": [9.0, np.nan],
            "ideal": [10.0, 6.0],
        }
    )
    table = gap_table(scores)
    shown = table[["satisfaction", "weighted_satisfaction", "gap"]]
    known = "blank" if np.isnan(shown.loc[1, "weighted_satisfaction"]) else "not blank"
    return (*shown.loc[0], shown.loc[1, "satisfaction"], known)


def servqual() -> tuple:
    gaps = [-0.65, -1.10, -0.83, -0.70, -1.01]
    scores = {"experience": gaps, "expectation": 0.0, "importance": np.nan, "ideal": np.nan}
    return (gap_table(pd.DataFrame(scores))["satisfaction"].mean(),)


# 4–5: drivers

# Order SES, IQ, nAch; outcome GPA.
ACHIEVEMENT = np.array(
    [[1, 0.30, 0.41, 0.33], [0.30, 1, 0.16, 0.57], [0.41, 0.16, 1, 0.50], [0.33, 0.57, 0.50, 1]]
)
# Motor Trend 1974, as R ships it: miles per gallon, manual gearbox, straight engine, cylinders.
MTCARS = pd.DataFrame(
    {
        "mpg": [
            21.0, 21.0, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4,
            14.7, 32.4, 30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26.0, 30.4, 15.8, 19.7, 15.0, 21.4,
        ],
        "am": [int(digit) for digit in "11100000000000000111000001111111"],
        "vs": [int(digit) for digit in "00110101111000000111100001010001"],
        "cyl": [int(digit) for digit in "66468684466888888444488884448684"],
    }
)  # fmt: skip


def mtcars_shares() -> tuple:
    table = driver_table(MTCARS["mpg"], MTCARS[["am", "vs", "cyl"]], draws=20)
    lmg = table[table["method"] == "lmg"].set_index("item")
    return (lmg["r2"].iloc[0], *lmg.loc[["am", "vs", "cyl"], "share"])


# 6–9: requirement classes

# One pair of answers (functional, dysfunctional) for each letter, by Berger's table.
PAIR = {"A": (1, 3), "O": (1, 5), "M": (3, 5), "I": (3, 3), "R": (5, 1), "Q": (1, 1)}


def kano_row(counts) -> pd.Series:
    """The Kano table's row for so many answers A, O, M, I, R, Q."""
    pairs = [PAIR[x] for x, n in zip(LETTERS, counts, strict=True) for _ in range(n)]
    functional, dysfunctional = (pd.DataFrame({"x": side}, dtype=float) for side in zip(*pairs))  # noqa: B905
    return kano_table(functional, dysfunctional, draws=100).iloc[0]


def better_worse(*counts):
    """A call that gives better, worse, class and mode for so many answers A, O, M, I, R, Q."""
    return lambda: tuple(kano_row(counts)[["better", "worse", "class", "mode"]])


def evaluation_table(table: str):
    """A call that gives the letters of each row, functional like … dislike."""
    functional = pd.DataFrame({item: [1.0, 2, 3, 4, 5] for item in "abcde"})
    dysfunctional = pd.DataFrame({item: [float(i)] * 5 for i, item in enumerate("abcde", start=1)})

    def rows():
        letters = classify(functional, dysfunctional, table).to_numpy()
        return tuple("".join(row) for row in letters)

    return rows


def fong_verdicts() -> tuple:
    counts = [
        [59, 41, 0, 0, 0, 0],
        [58, 42, 0, 0, 0, 0],
        [42, 28, 10, 10, 5, 5],
        [41, 28, 11, 10, 5, 5],
    ]
    return tuple("differ" if fong(np.array(row, dtype=float)) else "alike" for row in counts)


# 10–14: shares, weights, tests, charts


def nps_and_variance() -> tuple:
    """As a share of 1, as the source has it; ours are points."""
    return nps_interval(30, 20, 10)[0] / 100, nps_variance(1 / 2, 1 / 6) / 100**2


SAMPLE = np.array([[20, 50, 100, 30], [40, 140, 50, 100], [40, 310, 50, 70]])
POPULATION = np.array([[80, 60, 170, 55], [40, 150, 60, 165], [55, 340, 200, 125]])


def raking_factors() -> tuple:
    rows, columns = np.indices(SAMPLE.shape)
    people = pd.DataFrame(
        {
            name: np.repeat(place.ravel(), SAMPLE.ravel())
            for name, place in (("row", rows), ("col", columns))
        }
    )
    margins = {
        name: dict(enumerate(POPULATION.sum(axis=axis) / POPULATION.sum()))
        for name, axis in (("row", 1), ("col", 0))
    }
    factors = rake(people, margins).weight * POPULATION.sum() / SAMPLE.sum()
    return tuple(factors.groupby([people["row"], people["col"]]).first())


P_VALUES = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
    0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1,
]  # fmt: skip


def rejections() -> tuple:
    return (int((benjamini_hochberg(P_VALUES) <= 0.05).sum()),)


FLOW = [49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1]
CANS = [
    12, 15, 8, 10, 4, 7, 16, 9, 14, 10, 5, 6, 17, 12, 22,
    8, 10, 5, 13, 11, 20, 18, 24, 15, 9, 12, 7, 13, 9, 6,
]  # fmt: skip


def xmr_limits() -> tuple:
    row = xmr_chart(pd.Series(FLOW)).iloc[0]
    return tuple(row[["centre", "mean_range", "limit_high", "limit_low"]])


def p_limits() -> tuple:
    chart = p_chart(pd.Series(CANS, index=range(1, 31)), pd.Series(50, index=range(1, 31)))
    outside = chart.index[chart["signal"] == "outside"]
    return (*chart.iloc[0][["centre", "limit_high", "limit_low"]], *outside)


# 15–18: customer value


def bgnbd_parameters(purchases: pd.DataFrame) -> tuple:
    return (len(purchases), *fit_bgnbd(purchases).values)


def gamma_gamma_parameters(purchases: pd.DataFrame) -> tuple:
    fit = fit_gamma_gamma(purchases)
    return (fit.n, *fit.values)


# Weeks in remission; + marks a patient still in remission when last seen.
TRIAL = {
    "6-MP": "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+",
    "placebo": "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23",
}


def leukaemia() -> pd.DataFrame:
    parts = []
    for arm, weeks in TRIAL.items():
        times = pd.Series(weeks.split())
        tenure = times.str.rstrip("+").astype(float)
        parts.append(
            pd.DataFrame({"tenure": tenure, "left": 1 - times.str.endswith("+"), "arm": arm})
        )
    return pd.concat(parts, ignore_index=True)


def remission() -> tuple:
    curves = survival_curves(leukaemia(), "arm")
    six = curves[(curves["group"] == "6-MP") & (curves["time"] == 6)]
    return (six["survival"].item(), f"{survival_difference(leukaemia(), 'arm'):.2e}")


# 19–21: decisions, and what may be shown

COSTS = [23, 31, 29, 44, 53, 38, 63, 85, 89, 82]
PROFITS = [92, 57, 49, 68, 60, 43, 67, 84, 87, 72]


def knapsack() -> tuple:
    table = pd.DataFrame({"initiative": list("abcdefghij"), "cost": COSTS, "benefit": PROFITS})
    plan = choose_portfolio(table, 165)
    return (
        "".join(plan["chosen"].astype(int).astype(str)),
        plan.loc[plan["chosen"], "benefit"].sum(),
    )


def newsvendor() -> tuple:
    demand = stats.uniform(250, 200)
    ratios = [critical_ratio(margin, 3) for margin in (4, 8)]
    return tuple(np.ravel([(100 * ratio, demand.ppf(ratio)) for ratio in ratios]))


def presentable() -> tuple:
    """Each branch of the rule in turn: base, width, width against the share, and a narrow one."""
    cases = [
        (0.50, 0.40, 0.60, 29), (0.50, 0.40, 0.60, 30), (0.50, 0.35, 0.65, 100),
        (0.05, 0.02, 0.09, 100), (0.05, 0.03, 0.09, 100), (0.01, 0.005, 0.05, 500),
    ]  # fmt: skip
    return tuple("show" if share_is_reliable(*case) else "withhold" for case in cases)


METHOD = "Lee, the seven-step method"
BRAND = "Brand & Rese 2026, J. Retailing & Consumer Services 89:104596, table 1"
EXAMPLES = (
    Example(1, "Churn-cost tree: complained and lost, silent and lost, lost, lost in per cent",
            f"{METHOD}, cost of negative experience", (61_600, 4_851_000, 4_912_600, 9.83), printed_tree, 0.005),
    Example(2, "Seven steps: convenience 2c, 3, 4b; product 2c; a product not printed",
            f"{METHOD}, Meisu Electronics", (-2, -18, -5, -1, "blank"), printed_steps),
    Example(3, "SERVQUAL: mean of five gaps", "12manage forum on Zeithaml, Parasuraman & Berry", (-0.858,),
            servqual, 0.0005),
    Example(4, "R² of every subset of SES, IQ, nAch on GPA", "R package dominanceAnalysis, tests",
            (0, 0.1089, 0.3249, 0.3526813, 0.25, 0.2687823, 0.4964080, 0.4964735),
            lambda: tuple(subset_r2(ACHIEVEMENT[None])[:, 0]), 5e-8),
    Example(5, "LMG shares of mpg ~ am + vs + cyl: R², am, vs, cyl", "R package domir, README",
            (0.7619773, 0.1774892, 0.2027032, 0.3817849), mtcars_shares, 5e-8),
    Example(6, "Kano, app bonus: better, worse, class, mode", BRAND, (0.486, -0.123, "I", "I"),
            better_worse(216, 56, 13, 275, 23, 24), 5e-4),
    Example(6, "Kano, smart mirror: better, worse, class, mode", BRAND, (0.491, -0.085, "I", "I"),
            better_worse(229, 42, 5, 276, 33, 22), 5e-4),
    Example(6, "Kano, in-store wifi: better, worse, class (304 > 303 makes it A), mode", BRAND,
            (0.459, -0.208, "A", "I"), better_worse(187, 71, 46, 258, 19, 26), 5e-4),
    Example(7, "Kano, edge grip in per cent: better, worse, class, mode", "Sauerwein et al. 1996, fig. 11",
            (0.40, -0.83, "M", "M"), better_worse(7, 33, 50, 10, 0, 0), 0.005),
    Example(8, "Kano evaluation table", "Berger et al. 1993", ("QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ"),
            evaluation_table("berger")),
    Example(8, "Kano evaluation table, the stricter variant", "Berger et al. 1993",
            ("QAAAO", "RQIIM", "RIIIM", "RIIQM", "RRRRQ"), evaluation_table("strict")),
    Example(9, "Fong's test at 12 and 10 against 11.67, 12 against 11.13, 11 against 11.09",
            "Fong 1996, with the variance of a multinomial, a + b; thresholds by hand", ("differ", "alike", "differ", "alike"), fong_verdicts),
    Example(10, "NPS and its variance, of shares ½, ⅓, ⅙", "Rocks 2016, The American Statistician 70(4)",
            (1 / 3, 5 / 9), nps_and_variance, 1e-9),
    Example(11, "Raking: twelve factors", "Kalton & Flores-Cervantes 2003, J. Official Statistics 19(2)",
            (1.81, 1.08, 2.20, 1.83, 1.45, 0.87, 1.76, 1.47, 2.02, 1.21, 2.45, 2.04), raking_factors, 0.005),
    Example(12, "False-discovery rate: differences at .05 among 15", "Benjamini & Hochberg 1995, §4.1", (4,),
            rejections),
    Example(13, "XmR chart: centre, mean range, limits (3/1.128)", "NIST/SEMATECH e-Handbook 6.3.2.2",
            (50.81, 1.8778, 55.8041, 45.8159), xmr_limits, 5e-5),
    Example(14, "p chart: centre, limits, samples outside", "Montgomery, Introduction to Statistical Quality Control",
            (0.2313, 0.4102, 0.0524, 15, 23), p_limits, 5e-5),
    Example(15, "BG/NBD on CDNOW: customers, r, α, a, b", "Fader, Hardie & Lee 2005, table 2",
            (2357, 0.243, 4.414, 0.793, 2.426), bgnbd_parameters, 5e-4, "cdnow"),
    Example(16, "Gamma–Gamma on CDNOW: repeat buyers, p, q, v (its spreadsheet stops short of the top)",
            "Fader & Hardie 2013", (946, 6.25, 3.74, 15.44), gamma_gamma_parameters, 0.01, "cdnow"),
    Example(17, "Survival at six weeks on 6-MP; log-rank p against placebo", "Freireich et al. 1963",
            (0.8571, "4.17e-05"), remission, 5e-5),
    Example(18, "Gini, corrected for n", "R package ineq, saved output", (0.4444,),
            lambda: (top_and_gini(np.array([50] + [50 / 9] * 9), np.ones(10))[1],), 5e-5),
    Example(19, "Knapsack: picks and value", "Burkardt, knapsack problem P01", ("1111010000", 309), knapsack),
    Example(20, "Best service level in per cent and stock, margin 4 and 8 against overage 3", "Newsvendor textbook example",
            (57.14, 364.29, 72.73, 395.45), newsvendor, 0.005),
    Example(21, "Shares that may be presented: base, width, relative width", "NCHS, Vital and Health Statistics 2(175), 2017",
            ("withhold", "show", "withhold", "withhold", "show", "show"), presentable),
)  # fmt: skip
