"""How people came to be asked: weights, raking, clusters and strata of a survey file."""

import pandas as pd

from cxlib.client import cells
from cxlib.client.codebook import plain
from cxlib.client.findings import Findings
from cxlib.client.problems import first_few
from cxlib.client.settings import SurveySettings
from cxlib.client.wordings import PERSON_WORDS
from cxlib.sums.weights import Raking, Weight, rake, sampling

DRAWN = ("cluster", "stratum")
MOST_APART = 1e6  # weights: beyond this one answer is the whole survey
SHARED = 0.7  # clusters to people, at most: more is nearly everybody apart
FEW_CLUSTERS = 10  # below so many, the spread between clusters is hardly known


def check_weights(people, given: pd.Series, asked: SurveySettings, found: Findings) -> None:
    """A blank weight is not zero, and none is below it."""
    weight = people["weight"]
    faults = {
        "weight_blank": weight.isna() & ~people["wave"].isin(asked.unweighted_waves),
        "weight_negative": weight < 0,
    }
    for name, rows in faults.items():
        value = first_few(cells.texts(given[rows])[0].fillna("blank"))
        found.tell(name, given.name, people.index[rows], value)
    if not weight.fillna(1).any():
        found.tell("weight_zero", given.name)
    some = weight[weight > 0]
    if len(some) and some.max() > MOST_APART * some.min():
        found.tell("weights_apart", given.name, value=f"{some.min():.15g}, {some.max():.15g}")


def check_drawn(people, names: dict, reading) -> None:
    """Clusters and strata: enough of them, and nobody without; what is odd is said."""
    asked, found = reading.asked, reading.found
    for name in [each for each in DRAWN if getattr(asked, each)]:
        found.tell(f"{name}_blank", names[name], people.index[people[name].isna()], warning=True)
    if not asked.cluster:
        return
    sizes = people["cluster"].value_counts()
    if len(sizes) < 2:
        found.tell("one_cluster", names["cluster"])
    elif sizes.max() < 2:
        found.tell("no_cluster", names["cluster"], warning=True)
    elif len(sizes) < FEW_CLUSTERS:
        found.tell("few_clusters", names["cluster"], warning=True, n=len(sizes))


def asked_together(frame: pd.DataFrame, used, reading) -> pd.Series | None:
    """An account, a store, a flight that several people of the file share, where client.yml names
    no cluster; None without such a column."""
    if reading.asked.cluster:
        return None
    for name in frame.columns.difference(list(used), sort=False):
        if PERSON_WORDS["cluster"].search(plain(name)):
            values = cells.texts(frame[name])[0]
            n, of = values.nunique(), values.count()
            if 1 < n <= SHARED * of:
                reading.found.tell("asked_together", name, warning=True, n=n, people=of, name=name)
                return values
    return None


def weights_of(people, reading) -> tuple[Weight, Raking | None]:
    """Each person's weight, after raking where client.yml asks for it, with clusters and strata
    where it names them; None: everyone counts 1, and was asked alone."""
    asked = reading.asked
    weight, raking = raked_weight(people, reading)
    drawn = {name: people[name] for name in DRAWN if getattr(asked, name)}
    if reading.found.problems or not drawn and raking is None:
        return weight, None
    start = people["weight"].fillna(1.0)
    if raking is not None:
        drawn |= {"raked": people[list(asked.raking)], "start": start}
    return sampling(start if weight is None else weight, **drawn), raking


def raked_weight(people, reading) -> tuple[pd.Series | None, Raking | None]:
    """The weight of the file, or what raking made of it."""
    asked = reading.asked
    weight = people["weight"].fillna(1.0) if asked.weight else None
    if not asked.raking or reading.found.problems:
        return weight, None
    try:
        raking = rake(people, asked.raking, weight)
    except ValueError as error:
        reading.tell("survey.raking", "as_told", told=str(error).rstrip("."), hint="")
        return weight, None
    return raking.weight, raking
