"""The waves of a survey: who belongs to which, and which of them is today's."""

import pandas as pd

from cxlib.client import cells
from cxlib.client.columns import KINDS, LATE_REMEDY, SET_ASIDE, TOO_LATE
from cxlib.client.problems import did_you_mean, first_few
from cxlib.client.settings import Settings
from cxlib.client.tables import Findings
from cxlib.sums.periods import in_time

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
        remedy = "Write 2024-01-31, or take `survey.date` away."
        found.problem("holds no date that can be read", remedy, name, rows, first_few(value))
    elif unread.any():
        found.leave_out(rows, name, value.to_numpy(), KINDS["date"])
    if (late := cells.too_late(days)).any():
        rows, value = given.index[late], given[late]
        remedy = f"{SET_ASIDE} {LATE_REMEDY}"
        found.problem(TOO_LATE, remedy, name, rows, first_few(value), warning=True)
        found.leave_out(rows, name, value.to_numpy(), TOO_LATE)
    return days.mask(late)


def check_waves(people, name: str, reading) -> None:
    """Everybody belongs to a wave, the waves of client.yml are among them, and one is the last.

    `reading` is the survey's `Reading`: settings, and what it finds.
    """
    blank = people["wave"].isna()
    if blank.any():
        remedy = "Every respondent belongs to a wave: fill it in."
        reading.found.problem("is blank", remedy, name, people.index[blank])
    there = people["wave"].dropna().unique()
    if strange := [wave for wave in reading.asked.unweighted_waves if wave not in there]:
        hint, rule = did_you_mean(strange[0], there), "names waves that are not in the survey"
        reading.wrong_key("unweighted_waves", rule, hint, first_few(strange))
    today = reading.asked.today
    if today and today not in there:
        rule = "names a wave that is not in the survey"
        reading.wrong_key("today", rule, did_you_mean(today, there), today)
    if waves_told(people["wave"], reading.settings) is None:
        rule = "has waves of which nothing tells the order"
        told = "list all of them, first to last, under `labels: {wave: {…}}` in client.yml"
        if not today:
            rule += ", so that today's is not known"
            told = f"Name today's under `survey.today`, or {told}."
            reading.found.problem(rule, told, name, value=first_few(there))
        elif len(there) > 2:
            told = (
                f"Today's is {today}; the others are taken as they stand in the file. Else {told}."
            )
            reading.found.problem(rule, told, name, value=first_few(there), warning=True)


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
