"""What stays of earlier runs of a client: the tables that were released, and who was in them."""

import json
import shutil
from pathlib import Path

from cxlib.client.ledger import ledger_with, released_to_date

HISTORY, PRIVATE, LEDGER = "history", "private", "ledger.json"


def ledger_of(place) -> Path:
    """The ledger of a client's report."""
    return Path(place, PRIVATE, LEDGER)


def keep(place, new, survey, when: str) -> None:
    """Puts into the new report what the last one at `place` remembers, and the last one's own
    tables where they are other than the new ones.

    survey : whom this release counts, or None; when : its day and time
    """
    earlier, last = Path(place, HISTORY), Path(place, "results")
    if earlier.is_dir():
        shutil.copytree(earlier, new / HISTORY)
    if last.is_dir() and _texts(last) != _texts(new / "results"):
        started = json.loads(Path(place, "run.json").read_text("utf-8"))["started"]
        shutil.copytree(last, new / HISTORY / started.replace(":", ""), dirs_exist_ok=True)
    if survey is None:
        return
    private = new / PRIVATE
    private.mkdir(mode=0o700, exist_ok=True)
    ledger = ledger_with(released_to_date(ledger_of(place)), survey, when)
    ledger_of(new).write_text(json.dumps(ledger), encoding="utf-8")
    ledger_of(new).chmod(0o600)


def _texts(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.csv"))}
