"""How people came to be asked: weights, raking, clusters and strata of a survey file."""

import pandas as pd

from cxlib.client import cells
from cxlib.client.codebook import plain
from cxlib.client.problems import first_few
from cxlib.client.settings import SurveySettings
from cxlib.client.tables import Findings
from cxlib.client.wordings import PERSON_WORDS
from cxlib.sums.weights import Raking, Weight, rake, sampling

DRAWN = ("cluster", "stratum")
MOST_APART = 1e6  # weights: beyond this one answer is the whole survey
SHARED = 0.7  # clusters to people, at most: more is nearly everybody apart
FEW_CLUSTERS = 10  # below so many, the spread between clusters is hardly known


def check_weights(people, given: pd.Series, asked: SurveySettings, found: Findings) -> None:
    """A blank weight is not zero, and none is below it."""
    weight = people["weight"]
    remedy = (
        "A blank weight is not zero: it would drop a person from every figure unannounced. Correct "
        "it, or list a wave that came without weights under `survey.unweighted_waves`."
    )
    faults = {
        "is blank or not a number": weight.isna() & ~people["wave"].isin(asked.unweighted_waves),
        "is negative": weight < 0,
    }
    for rule, rows in faults.items():
        if rows.any():
            value = first_few(cells.texts(given[rows])[0].fillna("blank"))
            found.problem(rule, remedy, given.name, people.index[rows], value)
    if not weight.fillna(1).any():
        found.problem("is zero everywhere", "Somebody must count.", given.name)
    some = weight[weight > 0]
    if len(some) and some.max() > MOST_APART * some.min():
        rule = "holds weights that differ by more than a million times"
        value = f"{some.min():.15g}, {some.max():.15g}"
        hint = "One answer would stand for all others: correct them, or rake anew."
        found.problem(rule, hint, given.name, value=value)


def check_drawn(people, names: dict, reading) -> None:
    """Clusters and strata: enough of them, and nobody without; what is odd is said."""
    asked, found = reading.asked, reading.found
    for name in DRAWN:
        if not getattr(asked, name):
            continue
        blank, header = people[name].isna(), names[name]
        if blank.any():
            remedy = {
                "cluster": "These people are taken as asked alone; fill it in where they were not.",
                "stratum": "These people are taken as a stratum of their own.",
            }[name]
            found.problem("is blank", remedy, header, people.index[blank], warning=True)
    if not asked.cluster:
        return
    sizes = people["cluster"].value_counts()
    if len(sizes) < 2:
        rule = "names one cluster only"
        remedy = "How much clusters differ cannot be known from one: take `survey.cluster` away."
        found.problem(rule, remedy, names["cluster"])
    elif sizes.max() < 2:
        rule = "has another value for everybody: nobody was asked together with anybody"
        remedy = "Name the column of the flight, store, account or interviewer."
        found.problem(rule, remedy, names["cluster"], warning=True)
    elif len(sizes) < FEW_CLUSTERS:
        rule = (
            f"names {len(sizes)} clusters only, so that intervals are wide, and may be too narrow"
        )
        remedy = "Ask in more places rather than more people in each."
        found.problem(rule, remedy, names["cluster"], warning=True)


def asked_together(frame: pd.DataFrame, used, reading) -> pd.Series | None:
    """An account, a store, a flight that several people of the file share, where client.yml names
    no cluster; None without such a column."""
    if reading.asked.cluster:
        return None
    for name in frame.columns.difference(list(used), sort=False):
        if PERSON_WORDS["cluster"].search(plain(name)):
            values = cells.texts(frame[name])[0]
            if 1 < values.nunique() <= SHARED * values.count():
                rule = f"is of {values.nunique():,} values for {values.count():,} people"
                remedy = (
                    "Answers are taken as independent. Where those people were asked together, or "
                    f"are of one account, name it: `survey: {{cluster: {name}}}`."
                )
                reading.found.problem(rule, remedy, name, warning=True)
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
        reading.wrong_key("raking", str(error).rstrip("."), "")
        return weight, None
    return raking.weight, raking
