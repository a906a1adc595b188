"""What each system has: ending processes, limiting memory, ringing after a time, swapping folders.

Everything that Linux, macOS and Windows do differently is here, and nothing else is. No Unix module
is imported at the top: the file is read on Windows too.
"""

import ctypes
import errno
import os
import signal
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

# A process forked after its imports starts warm. Other systems cannot fork safely once threads or
# frameworks are loaded: there a process is spawned, and notebooks run in stock kernels.
WARM = sys.platform == "linux" and hasattr(signal, "SIGALRM")
KILLED = -getattr(signal, "SIGKILL", 9)  # the exit code of a process that the system ended
_RENAME_EXCHANGE, _AT_FDCWD = 2, -100  # linux/fs.h, linux/fcntl.h


def total_memory_mb() -> float:
    """What the machine has."""
    return psutil.virtual_memory().total / 2**20


def peak_memory_mb() -> int:
    """The most that this process has used so far."""
    try:
        import resource
    except ImportError:  # Windows keeps the peak itself
        now = psutil.Process().memory_info()
        return round(getattr(now, "peak_wset", now.rss) / 2**20)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (2**20 if sys.platform == "darwin" else 2**10))


def used_memory_mb(pid: int) -> float:
    """What a process and its children use now; 0 once they are gone."""
    used = 0.0
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        for each in [process, *process.children(recursive=True)]:
            with suppress(psutil.Error):
                used += each.memory_info().rss / 2**20
    return used


def limit_memory(mb: int) -> None:
    """Let this process ask for so many MB more, and no further; 0: as it likes. Only where the
    system can."""
    if sys.platform != "linux":
        return  # whoever watches the process measures it instead
    try:
        import resource
    except ImportError:
        return

    with open("/proc/self/statm", encoding="ascii") as file:
        pages = int(file.read().split()[5])  # allocators reserve much beforehand
    most = pages * resource.getpagesize() + mb * 2**20 if mb else resource.RLIM_INFINITY
    resource.setrlimit(resource.RLIMIT_DATA, (most, resource.RLIM_INFINITY))


def own_group() -> None:
    """Make this process the first of a group of its own, which ends when its parent does."""
    if hasattr(os, "setpgid"):
        os.setpgid(0, 0)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: no orphan works on
    else:
        threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent():
    import multiprocessing

    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        end_tree(os.getpid())
        os._exit(1)


def end_tree(pid: int) -> None:
    """Kill all that a process has started, and on Unix its whole group; itself is the caller's."""
    children = []
    if not hasattr(os, "killpg"):
        with suppress(psutil.Error):
            children = psutil.Process(pid).children(recursive=True)
    else:
        with suppress(OSError):
            os.killpg(pid, signal.SIGKILL)
    for each in children:
        with suppress(psutil.Error):
            each.kill()


def end_now() -> None:
    """End this process without waiting for threads that a cell has left running."""
    if hasattr(signal, "SIGKILL"):
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(0)


@contextmanager
def alarm(seconds, ring):
    """Call `ring` in the main thread after so many seconds; elsewhere whoever watches sees to it."""
    if not seconds or not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def exchange(one: Path, other: Path) -> None:
    """Swap two folders in one step (renameat2, Linux); OSError where that cannot be."""
    library = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if not hasattr(library, "renameat2"):
        raise OSError(errno.ENOSYS, "no renameat2")
    paths = os.fsencode(one), os.fsencode(other)
    if library.renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def private() -> None:
    """Files that this process makes from now on are their owner's alone: reports hold answers."""
    os.umask(0o077)
