"""What stays of earlier runs of a client: what was released, and who was in it."""

import platform
from importlib.metadata import version
from pathlib import Path

from cxlib.analysis.asking import own_columns
from cxlib.client.kept import PRIVATE, keep_run, ledger_with, released_to_date, write_private

LEDGER = "ledger.json"
VERSIONS = ("numpy", "pandas", "scipy")


def ledger_of(place) -> Path:
    """The ledger of a client's report."""
    return Path(place, PRIVATE, LEDGER)


def keep(new, case, state: dict, when: str) -> None:
    """Keeps what a run released, small, for comparing.

    new : the report just made; state : what it depends on (`changes.state`); when : its day and time
    """
    about = {
        "started": when, "title": str(case.title), "language": case.language,
        "scale": list(case.settings.scale), "currency": case.settings.currency,
        "confidence": case.settings.confidence,
        "names": {each: case.label("dimension", each) for each in case.settings.dimensions},
        "inputs": state["inputs"], "settings": state["settings"], "code_sha256": state["code_sha256"],
        "own": own_columns(case),
        "versions": {"python": platform.python_version()} | {n: version(n) for n in VERSIONS},
    }  # fmt: skip
    keep_run(new, case, about)


def count(place, new, survey, when: str) -> None:
    """Enters whom a release counts into the ledger of the last report at `place`."""
    if survey is None:
        return
    write_private(ledger_of(new), ledger_with(released_to_date(ledger_of(place)), survey, when))
