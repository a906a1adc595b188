"""What has changed since a client's last report; nothing changed, nothing to run.

By content: SHA-256 of inputs, notebooks and code; settings and package versions by value. A file
whose size and times are those noted in run.json is not read again: asking costs about a millisecond.
"""

import hashlib
import json
import os
import platform
import sys
from functools import cache
from pathlib import Path

from cxlib.run.folder import read_json

CODE = Path(__file__).parents[1]


def sha256(path) -> str:
    """A file's SHA-256, hexadecimal."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def stamp(path) -> list[int]:
    """What the file system says of a file; it cannot be written to without a change in this."""
    found = os.stat(path)
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]


def input_files(folder, scenario="") -> dict[str, Path]:
    """Every file of a client's folder, but for hidden ones, what an open Excel leaves, and the
    scenarios that this run does not use."""
    paths = (path for path in sorted(Path(folder).rglob("*")) if path.is_file())
    shown = (path for path in paths if not path.name.startswith((".", "~$")))
    found = {str(path.relative_to(folder)): path for path in shown}
    return {name: path for name, path in found.items() if not of_other_scenario(name, scenario)}


def of_other_scenario(name: str, scenario: str) -> bool:
    """Whether an input is the file of a scenario that this run does not use."""
    return name.startswith("scenarios/") and name != f"scenarios/{scenario}.yml"


def inputs(folder, last=None, scenario="") -> tuple[dict, dict]:
    """SHA-256 and stamp of each input file.

    `last`, a run.json, names files read from elsewhere, and saves reading what is as it was.
    """
    read, stamped = ((last or {}).get(each, {}) for each in ("inputs", "stamps"))
    hashes, stamps = {}, {}
    named = [name for name in read if not of_other_scenario(name, scenario)]
    there = {name: Path(folder, name) for name in named if Path(folder, name).is_file()}
    # Some of those that were read lie outside the folder.
    for name, path in sorted({**there, **input_files(folder, scenario)}.items()):
        stamps[name] = stamp(path)
        known = read.get(name) if stamped.get(name) == stamps[name] else None
        hashes[name] = known or sha256(path)
    return hashes, stamps


@cache
def _then(asked, path, *_stamp):
    """What was asked of a file, once for each stamp of it."""
    return asked(path)


def own_notebooks() -> Path:
    """Where the ten notebooks lie: beside the code in a checkout, inside it when installed."""
    inside = CODE / "notebooks"
    return inside if inside.is_dir() else CODE.parent / "notebooks"


def notebooks(notebooks_dir, client: str = "") -> dict[str, str]:
    """SHA-256 of each notebook, by its name without the ending, in order; of a client its own."""
    paths = notebook_paths(notebooks_dir, client)
    return {name: _then(sha256, path, *stamp(path)) for name, path in paths.items()}


def notebook_paths(notebooks_dir, client: str = "") -> dict[str, Path]:
    """Each step's notebook: the client's own copy in notebooks_dir/client where somebody has worked
    in it, else the one that all clients share."""
    shared = sorted(filter(Path.is_file, Path(notebooks_dir).glob("[0-9][0-9]_*.ipynb")))
    own = {path: own_copy(notebooks_dir, client, path.name) for path in shared}
    return {path.stem: own[path] if client and is_own_work(own[path]) else path for path in shared}


def own_copy(notebooks_dir, client: str, name: str) -> Path:
    """A client's copy of a step: of the step's name, as older ones are, or with the client's before
    it, so that JupyterLab's tab tells whose it is."""
    older = Path(notebooks_dir, client, name)
    return older if older.exists() else older.with_name(f"{client}_{name}")


def own_notebooks_of(notebooks_dir, client: str) -> list[str]:
    """Steps that a run takes from the client's own copies."""
    paths = notebook_paths(notebooks_dir, client)
    return [name for name, path in paths.items() if path.parent.name == client]


def is_own_work(copy: Path) -> bool:
    """Whether a copy holds what somebody wrote into it."""
    return copy.is_file() and _then(_differs, copy, *stamp(copy))


def _differs(copy: Path) -> bool:
    book = read_json(copy)
    return book.get("metadata", {}).get("cxlib", {}).get("made") != fingerprint(book)


def fingerprint(book: dict) -> str:
    """What a person wrote in a notebook, as a SHA-256: its cells' text and tags, not what they showed."""
    cells = [
        ["".join(cell["source"]), cell.get("metadata", {}).get("tags", [])]
        for cell in book.get("cells", [])
    ]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


@cache
def code() -> str:
    """One SHA-256 over everything in cxlib: code, templates, translations, styles.

    Asked once per process, and by the process that clients are forked from before it imports: what
    is edited while a batch runs is not what the batch ran.
    """
    total = hashlib.sha256()
    for path in sorted(CODE.rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            total.update(f"{path.relative_to(CODE)} {sha256(path)}\n".encode())
    return total.hexdigest()


@cache
def packages() -> dict[str, str]:
    """Version of Python and of each installed package, as the names of their folders tell."""
    found = {"python": sys.version.split()[0]}
    for folder in filter(os.path.isdir, sys.path):
        for name in os.listdir(folder):
            if name.endswith(".dist-info"):
                package, _, version = name.removesuffix(".dist-info").partition("-")
                found.setdefault(package, version)
    return dict(sorted(found.items()))


def system() -> str:
    """What a report may also depend on: the system, its processor, and how it sorts and writes."""
    words = [os.environ.get(name, "") for name in ("LC_ALL", "LANG", "TZ")]
    return " ".join([sys.platform, platform.machine(), *words]).strip()


def state(job, last=None) -> dict:
    """All that a report depends on, as run.json keeps it."""
    settings = json.loads(job.settings or "{}")
    hashes, stamps = inputs(Path(job.data_dir, job.client), last, settings.get("scenario", ""))
    return {
        "inputs": hashes, "stamps": stamps, "settings": settings,
        "notebooks_sha256": notebooks(job.notebooks_dir, job.client),
        "code_sha256": code(), "packages": packages(), "system": system(),
    }  # fmt: skip


def changes(job) -> list[str]:
    """Why the client's report must be made (again); empty if the report is there and up to date."""
    place = Path(job.reports_dir, job.client)
    last = read_json(place / "run.json")
    if not last:
        return ["first run"]
    if job.deck and not (place / "deck.pptx").is_file():
        return ["no deck.pptx yet"]
    if last.get("stale"):
        return ["steps kept from an earlier run"]
    # How old the data are is said in years; what is overdue goes by the day.
    if job.date and not job.date.startswith(last.get("day", "")):
        return ["another day"]
    now = state(job, last)
    others = [key for key in now if key != "stamps" and now[key] != last.get(key)]
    found = [f"{key.removesuffix('_sha256')} changed" for key in others]
    return found or lost_files(place, last)


def lost_files(place, last) -> list[str]:
    """Files of the last report that are gone or have another size."""
    return [
        f"{name} is not as it was written"
        for name, size in last.get("outputs", {}).items()
        if not (place / name).is_file() or (place / name).stat().st_size != size
    ]
