"""How people came to be asked: weights, raking, clusters and strata of a survey file.

The waves of a survey: who belongs to which, and which of them is today's.
"""

import pandas as pd

from cxlib.client import cells
from cxlib.client.codebook import plain
from cxlib.client.columns import KINDS, TOO_LATE
from cxlib.client.findings import Findings
from cxlib.client.problems import did_you_mean, first_few
from cxlib.client.settings import Settings, SurveySettings
from cxlib.client.wordings import PERSON_WORDS
from cxlib.sums.periods import in_time
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


# Waves


FREQUENCY = {"month": "M", "quarter": "Q", "year": "Y"}  # as pandas calls them
UNDATED = "has no day to tell its wave by"


def waves_of_days(days: pd.Series, by: str) -> pd.Series:
    """The wave of each day: 2025-03, 2025-Q1, 2025-H1 or 2025; blank where the day is.

    by: month, quarter, half or year
    """
    known = days.dropna()
    if by == "half":
        of_year = known.dt.month.le(6).map({True: "-H1", False: "-H2"})
        waves = known.dt.year.astype("str") + of_year.astype("str")
    else:
        waves = known.dt.to_period(FREQUENCY[by]).astype("str").str.replace("Q", "-Q")
    return waves.reindex(days.index).astype("str")


def with_waves(people: pd.DataFrame, names: dict, by: str | None, found: Findings) -> pd.DataFrame:
    """People with the day of their answer, and with their waves by it where `survey.by` makes them
    of the column `date`, else of the column `wave`; who has no day is then in no wave and is left
    out with a line."""
    column = "date" if by is None or names.get("date") is not None else "wave"
    days = days_answered(people[column], names.get(column), found)
    if by is None:
        return people.assign(date=days)
    people = people.assign(date=days, wave=waves_of_days(days, by))
    dated = people["wave"].notna()
    found.leave_out(people.index[~dated], names[column], "", UNDATED)
    return people[dated]


def days_answered(given: pd.Series, name: str | None, found: Findings) -> pd.Series:
    """The day of each answer; what is no date gets a line, and is a problem where none is one."""
    days, unread = cells.dates(given)
    rows, value = given.index[unread], given[unread]
    if unread.any() and days.isna().all():
        found.tell("no_day", name, rows, first_few(value))
    else:
        found.leave_out(rows, name, value.to_numpy(), KINDS["date"])
    late = cells.too_late(days)
    rows, value = given.index[late], given[late]
    found.tell("too_late_set_aside", name, rows, first_few(value), warning=True)
    found.leave_out(rows, name, value.to_numpy(), TOO_LATE)
    return days.mask(late)


def check_waves(people, name: str, reading) -> None:
    """Everybody belongs to a wave, the waves of client.yml are among them, and one is the last.

    `reading` is the survey's `Reading`: settings, and what it finds.
    """
    reading.found.tell("wave_blank", name, people.index[people["wave"].isna()])
    there = people["wave"].dropna().unique()
    if strange := [wave for wave in reading.asked.unweighted_waves if wave not in there]:
        hint, key = did_you_mean(strange[0], there), "survey.unweighted_waves"
        reading.tell(key, "no_such_waves", first_few(strange), hint=hint)
    today = reading.asked.today
    if today and today not in there:
        reading.tell("survey.today", "no_such_wave", today, hint=did_you_mean(today, there))
    told, least = waves_told(people["wave"], reading.settings), reading.settings.disclosure
    if told is None:
        if not today:
            reading.found.tell("no_order_nor_today", name, value=first_few(there))
        elif len(there) > 2:
            reading.found.tell("no_order", name, None, first_few(there), True, today=today)
    elif len(told) > 1 and not today and people["wave"].eq(told[-1]).sum() < least:
        reading.found.tell("wave_begun", name, None, told[-1], True, least=least, before=told[-2])


def waves_told(waves: pd.Series, settings: Settings) -> list[str] | None:
    """The waves that occur, first to last, as `labels.wave` lists them, else as their names say;
    None where neither tells."""
    listed = list(settings.labels.get("wave", {}))
    return ordered_values(waves, listed) if set(waves.dropna()) <= set(listed) else in_time(waves)


def waves_in_time(waves: pd.Series, settings: Settings) -> list[str]:
    """The waves that occur, first to last. Where nothing tells, the one that client.yml calls today
    is the last, and the others stand as in the file."""
    told = waves_told(waves, settings)
    if told is not None:
        return told
    return sorted(waves.dropna().unique(), key=lambda wave: wave == settings.survey.today)


def ordered_values(values: pd.Series, first) -> list[str]:
    """The values that occur: those of `first` in its order, then the others by name."""
    there = set(values.dropna().unique())
    return [each for each in first if each in there] + sorted(there - set(first))
