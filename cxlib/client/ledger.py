"""Who was in the releases before this one, and who has to wait for the next.

Two releases that differ by a few people tell of those few: n₂ × mean₂ − n₁ × mean₁. So whoever
came, or answered otherwise, since a release stays out until there are `disclosure` of them in every
group and question; and where fewer than that have left, others leave with them, drawn by lot.

The ledger is kept with the exact tables (reports/NAME/private/): a fingerprint of each person's
answers in each release, no answer and no name.
"""

import json
import os
from collections import Counter
from pathlib import Path

import pandas as pd

from cxlib.client.findings import REJECTED
from cxlib.client.problems import problem

WHERE = "CX_LEDGER"  # environment: the file of the client that is being run
KEPT = 20  # releases
NO_ANSWER = ("row", "respondent", "weight", "date", "seconds")
WAITS = "waits for the next release: too few came with it since an earlier one"


def fingerprints(survey) -> pd.Series:
    """What tells a person's answers from another's: one text per person, equal where they are."""
    told = survey.people.drop(columns=["row", "weight"], errors="ignore").astype(str)
    answers = survey.answers.copy()
    answers.columns = [f"{measure}|{item}" for measure, item in answers.columns]
    both = pd.concat([told, answers.astype(float)], axis=1)
    return pd.util.hash_pandas_object(both, index=False).map("{:016x}".format)


def released_to_date(path=None) -> list[dict]:
    """The releases that a ledger holds, oldest first: when, people (fingerprints)."""
    path = path or os.environ.get(WHERE, "")
    try:
        found = json.loads(Path(path).read_text("utf-8")) if path else []
    except (OSError, ValueError):
        return []
    return found if isinstance(found, list) else []


def ledger_stamp() -> tuple:
    """What changes when the ledger that is asked for does."""
    path = os.environ.get(WHERE, "")
    return (path, os.stat(path).st_mtime_ns) if path and os.path.exists(path) else (path, 0)


def ledger_with(earlier: list[dict], survey, when: str) -> list[dict]:
    """The ledger with this release in it, unless it is of the very people of the last."""
    people = sorted(fingerprints(survey))
    if earlier and earlier[-1]["people"] == people:
        return earlier
    return [*earlier, {"when": when, "people": people}][-KEPT:]


def without_newcomers(survey, earlier: list[dict], least: int):
    """(the survey of those who may be counted in this release, who waits: one row of people each)."""
    prints, waits = fingerprints(survey), pd.Series(False, survey.people.index)
    before = None
    while before is None or not waits.equals(before):
        before = waits.copy()
        for release in earlier:
            waits |= _few_new(survey, prints, waits, Counter(release["people"]), least)
            waits |= _few_gone(prints, waits, Counter(release["people"]), least)
    return (survey.among(~waits) if waits.any() else survey), survey.people[waits]


def _few_new(survey, prints, waits, known: Counter, least: int) -> pd.Series:
    """Those who are new against one release, in a group or a question in which they are too few."""
    seen = prints.groupby(prints).cumcount() < prints.map(known).fillna(0)
    new = ~seen & ~waits
    groups = survey.people.drop(columns=list(NO_ANSWER), errors="ignore")
    found = pd.Series(False, prints.index) if not new.any() else new & (new.sum() < least)
    for values in groups.to_dict("series").values():
        named = values.astype(object).where(values.notna(), "")
        found |= new & named.map(named[new].value_counts()).lt(least)
    answered = survey.answers.notna()
    for name in answered if new.any() else ():
        found |= new & answered[name] & (0 < (new & answered[name]).sum() < least)
    return found


def _few_gone(prints, waits, known: Counter, least: int) -> pd.Series:
    """Those drawn to leave with the few who have left since one release."""
    gone = sum((known - Counter(prints[~waits])).values())
    there = prints[~waits & prints.isin(known)].sort_values(kind="stable")
    few = least - gone if 0 < gone < least and len(there) else 0
    return pd.Series(prints.index.isin(there.index[:few]), prints.index)


def held_back(survey, settings, found, shown: str):
    """The survey that this run may count; who waits goes to the rows left out, and a warning says
    so. `found` takes both; nothing is held where no ledger is asked for."""
    earlier = released_to_date()
    if not earlier or not settings.disclosure:
        return survey
    survey, waiting = without_newcomers(survey, earlier, settings.disclosure)
    if len(waiting):
        rows = waiting["row"].astype(object)
        lines = {"table": "survey", "row": rows, "column": "", "value": "", "reason": WAITS}
        found.rejected.append(pd.DataFrame(lines, columns=REJECTED, index=rows.index))
        people = {"count": len(waiting), "of": len(waiting) + len(survey.people)}
        about = {"when": earlier[-1]["when"], "least": settings.disclosure}
        found.warnings.append(problem(shown, "waits", **people, **about))
    return survey
