"""reports/: one folder per client, replaced whole or not at all.

What is not a report lives in reports/.work: locks, reports in the making, logs, and why a client
failed. Nothing there is needed once the runs are over; `cx run` clears up after what was killed.
"""

import ctypes
import errno
import fcntl
import json
import os
import shutil
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

WORK = ".work"
_RENAME_EXCHANGE, _AT_FDCWD = 2, -100  # linux/fs.h, linux/fcntl.h


def work_folder(reports_dir, kind) -> Path:
    """reports/.work/KIND, made if need be; kind: lock, new, old, log, failed."""
    folder = Path(reports_dir, WORK, kind)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def plain(client) -> str:
    """A client's name as a file name, whatever somebody typed."""
    return quote(client, safe="")


@contextmanager
def locked(reports_dir, client, on_wait=None):
    """Hold the client's lock; the system lets it go when the process ends, however it ends.

    on_wait is called if another run holds the lock; None: raise BlockingIOError instead.
    """
    with open(work_folder(reports_dir, "lock") / client, "w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if on_wait is None:
                raise
            on_wait()
            fcntl.flock(file, fcntl.LOCK_EX)
        yield


def new_report(reports_dir, client) -> Path:
    """An empty folder to write a report into. The caller holds the lock."""
    clear(reports_dir, client)
    folder = work_folder(reports_dir, "new") / client
    folder.mkdir()
    return folder


def put_in_place(reports_dir, client):
    """Make the new report the client's report, in one step that cannot be half done."""
    new, place = work_folder(reports_dir, "new") / client, Path(reports_dir, client)
    if not place.exists():
        new.rename(place)
        return
    try:
        _exchange(new, place)
    except OSError:  # a file system or a system without exchange: two steps, mended by clear()
        place.rename(work_folder(reports_dir, "old") / client)
        new.rename(place)
    clear(reports_dir, client)


def clear(reports_dir, client):
    """Remove what a killed run left behind. The caller holds the lock."""
    old, place = Path(reports_dir, WORK, "old", client), Path(reports_dir, client)
    if old.exists() and not place.exists():  # killed between the two steps
        old.rename(place)
    for left in old, Path(reports_dir, WORK, "new", client):
        shutil.rmtree(left, ignore_errors=True)


def clear_all(reports_dir):
    """Remove what killed runs left behind, of clients that nobody is running now."""
    for kind in "new", "old":
        for left in work_folder(reports_dir, kind).iterdir():
            with suppress(BlockingIOError), locked(reports_dir, left.name):
                clear(reports_dir, left.name)


def _exchange(one, other):
    """Swap two folders in one step (renameat2, Linux)."""
    library = ctypes.CDLL(None, use_errno=True)
    if not hasattr(library, "renameat2"):
        raise OSError(errno.ENOSYS, "no renameat2")
    paths = os.fsencode(one), os.fsencode(other)
    if library.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def write_whole(path, text):
    """Write a file that is never seen half written."""
    part = Path(f"{path}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def read_json(path) -> dict:
    """The JSON object in a file; empty where there is no such file, or not one of ours."""
    try:
        found = json.loads(Path(path).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


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
