"""reports/: one folder per client, replaced whole or not at all.

What is not a report lives in reports/.work: locks, reports in the making, logs, and why a client
failed. Nothing there is needed once the runs are over; `cx run` clears up after what was killed.
"""

import json
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from filelock import FileLock, Timeout

from cxlib.client.problems import read_json
from cxlib.run import machine

WORK = ".work"


class InTheWay(Exception):
    """Something that no run made stands where a report goes; the text says what to do."""


def work_folder(reports_dir, kind) -> Path:
    """reports/.work/KIND, made if need be; kind: lock, new, old, log, failed."""
    folder = Path(reports_dir, WORK, kind)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def plain(client) -> str:
    """A client's name as a file name, whatever somebody typed."""
    return quote(client, safe="", errors="surrogateescape")


@contextmanager
def locked(reports_dir, client, on_wait=None):
    """Hold the client's lock; the system lets it go when the process ends, however it ends.

    on_wait is called if another run holds the lock; None: raise BlockingIOError instead.
    """
    path = work_folder(reports_dir, "lock") / client
    if path.is_dir() or path.is_symlink():  # nobody can hold it, and nobody but us needs it
        remove(path)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if on_wait is None:
            raise BlockingIOError(f"{client} is being run") from None
        on_wait()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def new_report(reports_dir, client) -> Path:
    """An empty folder to write a report into. The caller holds the lock."""
    clear(reports_dir, client)
    place = Path(reports_dir, client)
    if place.is_symlink() or (place.exists() and not place.is_dir()):
        what = "a link" if place.is_symlink() else "a file"
        raise InTheWay(
            f"{place} is {what}, and the report goes there: move it away, or name another folder "
            "with --reports."
        )
    folder = work_folder(reports_dir, "new") / client
    folder.mkdir()
    return folder


def put_in_place(reports_dir, client):
    """Make the new report the client's report, in one step that cannot be half done."""
    new, place = work_folder(reports_dir, "new") / client, Path(reports_dir, client)
    keep_what_others_put(place, new)
    if not place.exists():
        new.rename(place)
        return
    try:
        machine.exchange(new, place)
    except OSError:  # a file system or a system without exchange: two steps, mended by clear()
        place.rename(work_folder(reports_dir, "old") / client)
        new.rename(place)
    clear(reports_dir, client)


def keep_what_others_put(place, new):
    """Take along the files of a report's folder that its run.json does not list: no run made them."""
    from cxlib.client.kept import HISTORY  # which brings pandas: not for a run that changes nothing

    ours = {"run.json", *read_json(place / "run.json").get("outputs", {})}
    for path in place.rglob("*"):
        name = path.relative_to(place)
        left = str(name) in ours or name.parts[0] == HISTORY or path.suffix == ".part"
        if path.is_file() and not left and not (new / name).exists():
            (new / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, new / name, follow_symlinks=False)


def clear(reports_dir, client):
    """Remove what a killed run left behind. The caller holds the lock."""
    old, place = Path(reports_dir, WORK, "old", client), Path(reports_dir, client)
    if old.is_dir() and not old.is_symlink() and not place.exists():  # killed between the two steps
        old.rename(place)
    for left in old, Path(reports_dir, WORK, "new", client):
        remove(left)


def remove(path):
    """A folder, file or link of ours, if it is there; what a link points to stays."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def clear_all(reports_dir):
    """Remove what killed runs left behind, of clients that nobody is running now."""
    for kind in "new", "old":
        for left in work_folder(reports_dir, kind).iterdir():
            with suppress(BlockingIOError), locked(reports_dir, left.name):
                clear(reports_dir, left.name)


def write_whole(path, text):
    """Write a file that is never seen half written."""
    part = Path(f"{path}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8", errors="backslashreplace")
    part.replace(path)


def note_failure(reports_dir, client, failure=None):
    """Keep why a client's last run failed, for the index; None: it did not fail."""
    path = work_folder(reports_dir, "failed") / f"{plain(client)}.json"
    if failure is None:
        path.unlink(missing_ok=True)
    else:
        write_whole(path, json.dumps(failure, ensure_ascii=False, indent=1))


def failure(reports_dir, client) -> dict:
    """Why the client's last run failed; empty if it did not."""
    return read_json(work_folder(reports_dir, "failed") / f"{plain(client)}.json")
