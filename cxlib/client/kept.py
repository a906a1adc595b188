"""Earlier releases of a client, kept small: what a comparison needs, as it was released.

reports/NAME/history/NNN/ holds run.json (number, day, inputs, settings, versions), verdict.json and the
TABLES of results/, of everyone and the target alone; the last KEPT runs. Who was counted is beside the
exact tables (reports/NAME/private/counted.json): a fingerprint of each, no answer and no name.
"""

import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from cxlib.client.ledger import fingerprints
from cxlib.client.settings import EVERYONE, TARGET

HISTORY, PRIVATE, COUNTED = "history", "private", "counted.json"
KEPT = 20  # runs
TABLES = ("gap", "portfolio")
SAME = ("inputs", "settings")  # runs alike in these are one release


@dataclass(frozen=True)
class Kept:
    """One release. about: run.json; verdict: as docs/verdict.md; tables: {result: rows}; counted:
    fingerprints of those who were counted, or None where that is not known."""

    number: int
    about: dict
    verdict: dict
    tables: dict = field(repr=False)
    counted: frozenset | None = field(default=None, repr=False)

    @property
    def day(self) -> str:
        """The day of the run, ISO 8601."""
        return self.about["started"][:10]


def kept_runs(report) -> list[Kept]:
    """The releases that are kept in a client's report, oldest first."""
    counted = _json(Path(report, PRIVATE, COUNTED))
    paths = sorted(Path(report, HISTORY).glob("*/run.json"))
    return [_kept(path.parent, counted) for path in paths]


def _kept(folder: Path, counted: dict) -> Kept:
    about, who = _json(folder / "run.json"), counted.get(folder.name)
    tables = {path.stem: pd.read_csv(path) for path in sorted(folder.glob("*.csv"))}
    verdict = _json(folder / "verdict.json")
    return Kept(int(folder.name), about, verdict, tables, None if who is None else frozenset(who))


def counted(survey) -> list[str]:
    """What tells those who are counted from others: of each the client's own number, hashed, or,
    without one, what was answered."""
    known = survey.people.get("respondent")
    if known is None or known.isna().any() or known.duplicated().any():
        return sorted(set(fingerprints(survey)))
    return sorted(pd.util.hash_pandas_object(known.astype(str), index=False).map("{:016x}".format))


def keep_run(report, case, about: dict) -> None:
    """Adds the run that wrote this report to its history; one of the same inputs and settings as the
    last takes its place."""
    earlier = kept_runs(report)
    again = bool(earlier) and all(earlier[-1].about[key] == about[key] for key in SAME)
    number = earlier[-1].number + (not again) if earlier else 1
    folder, results = Path(report, HISTORY, f"{number:03d}"), Path(report, "results")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for path in [results / "verdict.json", *(results / f"{name}.csv" for name in TABLES)]:
        if path.suffix == ".json" and path.exists():
            shutil.copy(path, folder)
        elif path.exists():
            rows = pd.read_csv(path, dtype=str)  # digits as they were released
            whom = rows.get("segment", pd.Series(EVERYONE, rows.index)).isin([EVERYONE, TARGET])
            rows[whom].to_csv(folder / path.name, index=False)
    text = json.dumps({"number": number, **about}, ensure_ascii=False, indent=1)
    (folder / "run.json").write_text(text, encoding="utf-8")
    folders = sorted(Path(report, HISTORY).iterdir())
    for old in folders[:-KEPT]:
        shutil.rmtree(old)
    path, there = Path(report, PRIVATE, COUNTED), {each.name for each in folders[-KEPT:]}
    if case.latest is None:
        return
    who = _json(path) | {folder.name: counted(case.latest)}
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


def _json(path: Path) -> dict:
    return json.loads(path.read_text("utf-8")) if path.is_file() else {}
