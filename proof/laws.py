"""Laws that any data must obey, tried on data made up anew: the proof that no published number gives.

A law is how far, at worst, made-up data broke it. The tests try them with other data, and harder.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from cxlib.sums.churn import PARENTS, churn_cost, churn_tree
from cxlib.sums.churn_inputs import REQUIRED
from cxlib.sums.drivers import coefficients, johnson_weights, lmg_shares
from cxlib.sums.estimate import estimate_means
from cxlib.sums.gap import gap_table
from cxlib.sums.interval import mean_interval
from cxlib.sums.weights import rake
from proof.page import FAIL, PASS

TRIED = 50
SEED = 20_100
REVENUE = 50_000_000.0


@dataclass(frozen=True)
class Law:
    """broken : largest breach in one made-up data set, in `unit`; allowed : rounding of the machine."""

    what: str
    source: str
    unit: str
    broken: Callable[[np.random.Generator], float]
    allowed: float = 1e-9


def law_table(laws: tuple[Law, ...], tried: int = TRIED, seed: int = SEED) -> pd.DataFrame:
    """One row per law, tried now: what, source, tried, worst, allowed, unit, status.

    >>> law_table(LAWS[:2], tried=2)["status"].tolist()
    ['pass', 'pass']
    """
    rows = []
    for law in laws:
        rng = np.random.default_rng(seed)
        try:
            # A blank is no proof that the law holds.
            worst = max(np.nan_to_num(law.broken(rng), nan=np.inf) for _ in range(tried))
            status = PASS if worst <= law.allowed else FAIL
        except Exception as error:
            worst, status = f"{type(error).__name__}: {error}", FAIL
        rows.append((law.what, law.source, tried, worst, law.allowed, law.unit, status))
    columns = ["what", "source", "tried", "worst", "allowed", "unit", "status"]
    return pd.DataFrame(rows, columns=columns)


def furthest(found, expected) -> float:
    """Largest distance between two arrays; endless where one of them alone is blank."""
    found, expected = np.asarray(found, dtype=float), np.asarray(expected, dtype=float)
    if (np.isnan(found) != np.isnan(expected)).any():
        return np.inf
    return float(np.nanmax(np.abs(found - expected), initial=0.0))


def triangle(rng) -> float:
    columns = ["experience", "expectation", "importance", "ideal"]
    scores = pd.DataFrame(rng.uniform(0, 10, (8, 4)), columns=columns)
    scores = scores.mask(rng.random(scores.shape) < 0.2)
    table = gap_table(scores)
    lived = scores["experience"].where(scores["expectation"].notna())
    return furthest(table["satisfaction"] + table["expectation"], lived)


def correlations(rng) -> np.ndarray:
    """Of an outcome (last) with two to eight predictors that go together."""
    p = rng.integers(2, 9)
    answers = rng.normal(size=(4 * p, p + 1)) + rng.normal(size=(4 * p, 1))
    return np.corrcoef(answers, rowvar=False)


def r2_of(matrix) -> float:
    return float(coefficients(matrix) @ matrix[:-1, -1])


def shares_add_up(rng) -> float:
    matrix = correlations(rng)
    sums = [method(matrix).sum() for method in (lmg_shares, johnson_weights)]
    return furthest(sums, [r2_of(matrix)] * 2)


def order_of_columns(rng) -> float:
    matrix = correlations(rng)
    order = rng.permutation(len(matrix) - 1)
    rows = np.append(order, len(order))
    moved = matrix[np.ix_(rows, rows)]
    return max(furthest(m(moved), m(matrix)[order]) for m in (lmg_shares, johnson_weights))


def weights_up_to_a_factor(rng) -> float:
    answers = pd.DataFrame(rng.integers(0, 11, (40, 3)).astype(float)).mask(
        rng.random((40, 3)) < 0.1
    )
    weight = pd.Series(rng.uniform(0.2, 5, 40))
    one, other = (mean_interval(estimate_means(answers, w)) for w in (weight, 1000 * weight))
    return furthest(other, one)


def stated(rng) -> pd.DataFrame:
    """Inputs of a churn tree that add up, none with a range."""
    shares = [*rng.uniform(0, 1, 2), *rng.dirichlet([1, 1, 1]), *rng.dirichlet([1, 1])]
    inputs = pd.DataFrame({"input": REQUIRED, "share": shares}).assign(**{"from": "assumption"})
    ends = {"low": inputs["share"], "high": inputs["share"], "count": np.nan, "of": np.nan}
    return inputs.assign(**ends)


def leaves_add_up(rng) -> float:
    """Every branch is the sum of what it splits into, and the whole is revenue."""
    tree = churn_tree(REVENUE, stated(rng)).set_index("branch")["amount"]
    parts = {"revenue": REVENUE, **tree}
    split = pd.Series(PARENTS).drop(["at_risk", "lost"])  # they cut across the tree
    sums = [tree[split.index[split == parent]].sum() - parts[parent] for parent in split.unique()]
    return furthest(np.array(sums) / REVENUE, 0)


def closed_ranges(rng) -> float:
    inputs = stated(rng)
    tree = churn_tree(REVENUE, inputs).set_index("branch")["amount"]
    cost = churn_cost(REVENUE, inputs, draws=200, seed=int(rng.integers(1e6)))
    found = cost[cost["view"] == "gross"].set_index("branch")
    ends = found[["amount", "amount_low", "amount_high"]]
    return furthest(ends, np.repeat(tree.loc[found.index].to_numpy()[:, None], 3, axis=1))


def raking_meets(rng) -> float:
    counts = rng.integers(3, 40, (3, 4))
    rows, columns = (np.repeat(place.ravel(), counts.ravel()) for place in np.indices(counts.shape))
    wanted = {"row": rng.integers(20, 40, 3), "col": rng.integers(20, 40, 4)}
    margins = {name: dict(enumerate(each / each.sum())) for name, each in wanted.items()}
    found = rake(pd.DataFrame({"row": rows, "col": columns}), margins, largest=100).margins
    return furthest(found["after"], found["target"])


DEFINITION = "by definition"
LAWS = (
    Law("Satisfaction + expectation = experience; blank where either is", "the triangle law; SERVQUAL",
        "score points", triangle),
    Law("LMG shares, and Johnson's weights, add up to R²", "Lindeman, Merenda & Gold 1980; Johnson 2000",
        "share of variance", shares_add_up),
    Law("LMG shares, and Johnson's weights, do not depend on the order of columns",
        "Lindeman, Merenda & Gold 1980", "share of variance", order_of_columns),
    Law("Only the proportions of weights matter, to means, bases and intervals", "Kish 1965",
        "score points or answers", weights_up_to_a_factor, 1e-8),
    Law("Every branch of the churn tree is the sum of its parts; the leaves add up to revenue", DEFINITION,
        "share of revenue", leaves_add_up),
    Law("With every range closed the simulation returns the tree, to the dollar", DEFINITION,
        "of the currency", closed_ranges, 0.01),
    Law("Raking meets its margins", "Deming & Stephan 1940", "share of the weight", raking_meets, 1e-8),
)  # fmt: skip
