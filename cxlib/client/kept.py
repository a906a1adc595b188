"""Earlier releases of a client, kept small: what a comparison needs, as it was released.

reports/NAME/history/NNN/ holds run.json (number, day, inputs, settings, versions), verdict.json and the
TABLES of results/, of everyone and the target alone; the last KEPT runs. Which people and cases were
counted is beside the exact tables (reports/NAME/private/counted.json): a fingerprint of each, no answer
and no name.

Who was in the releases before this one, and who has to wait for the next.

Two releases that differ by a few people tell of those few: n₂ × mean₂ − n₁ × mean₁. So whoever
came, or answered otherwise, since a release stays out until there are `disclosure` of them in every
group and question; and where fewer than that have left, others leave with them, drawn by lot.

The ledger is kept with the exact tables (reports/NAME/private/): a fingerprint of each person's
answers in each release, no answer and no name.
"""

import json
import os
import shutil
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from cxlib.client.findings import REJECTED
from cxlib.client.problems import problem, read_json
from cxlib.client.settings import EVERYONE, TARGET

HISTORY, PRIVATE, COUNTED = "history", "private", "counted.json"
KEPT = 20  # runs, and releases
CASE, MANY = "case ", 5_000  # before a case's fingerprint; of more cases every sixteenth is kept
TABLES = ("gap", "portfolio", "nps", "items", "themes", "cases", "case_ends")
SAME = ("inputs", "settings")  # runs alike in these are one release


@dataclass(frozen=True)
class Kept:
    """One release. about: run.json; verdict: as docs/verdict.md; tables: {result: rows}; counted:
    fingerprints of those who were counted, or None where that is not known; cases: of the cases."""

    number: int
    about: dict
    verdict: dict
    tables: dict = field(repr=False)
    counted: frozenset | None = field(default=None, repr=False)
    cases: frozenset = field(default=frozenset(), repr=False)

    @property
    def day(self) -> str:
        """The day of the run, ISO 8601."""
        return self.about["started"][:10]


def kept_runs(report) -> list[Kept]:
    """The releases that are kept in a client's report, oldest first."""
    counted = read_json(Path(report, PRIVATE, COUNTED))
    paths = sorted(Path(report, HISTORY).glob("*/run.json"))
    return [_kept(path.parent, counted) for path in paths]


def _kept(folder: Path, counted: dict) -> Kept:
    about, who = read_json(folder / "run.json"), frozenset(counted.get(folder.name, ()))
    cases = frozenset(each for each in who if each.startswith(CASE))
    tables = {path.stem: pd.read_csv(path) for path in sorted(folder.glob("*.csv"))}
    verdict = read_json(folder / "verdict.json")
    return Kept(int(folder.name), about, verdict, tables, who - cases or None, cases)


def counted(survey) -> list[str]:
    """What tells those who are counted from others: of each the client's own number, hashed, or,
    without one, what was answered."""
    known = survey.people.get("respondent")
    if known is None or known.isna().any() or known.duplicated().any():
        return sorted(set(fingerprints(survey)))
    return sorted(pd.util.hash_pandas_object(known.astype(str), index=False).map("{:016x}".format))


def cases_counted(case) -> list[str]:
    """The same of cases, by their number and day."""
    cases = case.tables.get("complaints", pd.DataFrame()).reindex(columns=["case", "date"])
    found = [f"{each:016x}" for each in pd.util.hash_pandas_object(cases.astype(str), index=False)]
    return sorted(CASE + each for each in found if each[0] == "0" or len(found) <= MANY)


def keep_run(report, case, about: dict) -> None:
    """Adds the run that wrote this report to its history; one of the same inputs and settings as the
    last takes its place."""
    earlier = kept_runs(report)
    again = bool(earlier) and all(earlier[-1].about[key] == about[key] for key in SAME)
    number = earlier[-1].number + (not again) if earlier else 1
    folder, results = Path(report, HISTORY, f"{number:03d}"), Path(report, "results")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    written = [results / "verdict.json", *(results / f"{name}.csv" for name in TABLES)]
    for path in filter(Path.exists, written):
        if path.suffix == ".json":
            shutil.copy(path, folder)
        else:
            rows = pd.read_csv(path, dtype=str)  # digits as they were released
            whom = rows.get("segment", pd.Series(EVERYONE, rows.index)).isin([EVERYONE, TARGET])
            rows[whom].to_csv(folder / path.name, index=False)
    text = json.dumps({"number": number, **about}, ensure_ascii=False, indent=1)
    (folder / "run.json").write_text(text, encoding="utf-8")
    folders = sorted(Path(report, HISTORY).iterdir())
    for old in folders[:-KEPT]:
        shutil.rmtree(old)
    path, there = Path(report, PRIVATE, COUNTED), {each.name for each in folders[-KEPT:]}
    people = [] if case.latest is None else counted(case.latest)
    if not (now := [*people, *cases_counted(case)]):
        return
    who = read_json(path) | {folder.name: now}
    write_private(path, {n: who[n] for n in sorted(there & set(who))})


def write_private(path: Path, what) -> None:
    """A JSON file that its owner alone can read, in a folder that is."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text(json.dumps(what), encoding="utf-8")
    path.chmod(0o600)


def carry_over(place, new) -> None:
    """Puts what the report at `place` remembers into the one that is being made."""
    if Path(place, HISTORY).is_dir():
        shutil.copytree(Path(place, HISTORY), Path(new, HISTORY))
    if (known := Path(place, PRIVATE, COUNTED)).is_file():
        Path(new, PRIVATE).mkdir(mode=0o700, exist_ok=True)
        shutil.copy(known, Path(new, PRIVATE))


# Who was in the releases before this one, and who has to wait for the next


WHERE = "CX_LEDGER"  # environment: the file of the client that is being run
NO_ANSWER = ("row", "respondent", "weight", "date", "seconds")
WAITS = "waits for the next release: too few came with it since an earlier one"


def fingerprints(survey) -> pd.Series:
    """What tells a person's answers from another's: one text per person, equal where they are."""
    told = survey.people.drop(columns=["row", "weight"], errors="ignore").astype(str)
    answers = survey.answers.copy()
    answers.columns = [f"{measure}|{item}" for measure, item in answers.columns]
    both = pd.concat([told, answers.astype(float), in_words(survey).fillna("")], axis=1)
    return pd.util.hash_pandas_object(both, index=False).map("{:016x}".format)


def in_words(survey) -> pd.DataFrame:
    """What each person said and which reasons each named: one column per question."""
    said = pd.concat([survey.mentions.rename(columns={"reason": "text"}), survey.verbatims])
    of_each = said.astype({"text": str}).sort_values("text").groupby(["person", "item"])["text"]
    return of_each.agg("\n".join).unstack("item").reindex(survey.people.index)


def released_to_date(path=None) -> list[dict]:
    """The releases that a ledger holds, oldest first: when, people (fingerprints)."""
    return read_json(path or os.environ.get(WHERE, ""), list)


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
    new = ~(prints.groupby(prints).cumcount() < prints.map(known).fillna(0)) & ~waits
    groups = survey.people.drop(columns=list(NO_ANSWER), errors="ignore")
    found = pd.Series(False, prints.index) if not new.any() else new & (new.sum() < least)
    for values in groups.to_dict("series").values():
        named = values.astype(object).where(values.notna(), "")
        found |= new & named.map(named[new].value_counts()).lt(least)
    each = [*survey.answers.items(), *in_words(survey).items()]
    for answered in [values.notna() for _, values in each] if new.any() else ():
        found |= new & answered & (0 < (new & answered).sum() < least)
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
