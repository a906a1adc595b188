"""One client, run in a process of its own and watched: whatever happens there, a result comes back."""

import multiprocessing
import os
import signal
import sys
import threading
import time
import tomllib
import traceback
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import wait
from pathlib import Path
from types import ModuleType

from cxlib.run import changes, folder, machine

GRACE = 5  # seconds a process has to end its cell by itself, before it is killed
FIRST_LIMIT = 120  # seconds for the imports of the first process of all


ENVIRONMENT = tomllib.loads(Path(__file__).with_name("environment.toml").read_text("utf-8"))
_STARTING = threading.Lock()


@dataclass(frozen=True)
class Job:
    """What to run. Folders are absolute; settings is a JSON object of client.yml keys and values."""

    client: str
    data_dir: str
    reports_dir: str
    notebooks_dir: str
    data_shown: str = "data"  # as the person who asked calls data_dir
    code: str = ""  # SHA-256 of the code that asks; a worker elsewhere must have the same
    settings: str = ""
    date: str = ""  # of the run, as the report shows it
    first_step: str = ""  # name of the first notebook to run again
    engine: str = "warm" if machine.WARM else "jupyter"
    force: bool = False
    deck: bool = False  # slides and the appendix as well
    cell_timeout: float = 120  # seconds
    client_timeout: float = 900  # seconds
    memory: int = 0  # MB that one client's process may use; 0: no limit


@dataclass
class Result:
    """What became of one client: status is done, unchanged or failed."""

    client: str
    status: str
    reason: str = ""
    notebook: str = ""
    cell: str = ""
    seconds: float = 0
    trace: str = ""
    timing: dict = field(default_factory=dict)
    memory_mb: int = 0
    because: str = ""  # what has changed since the last report
    warnings: list = field(default_factory=list)  # what a person should know, though it ran

    def __str__(self):
        """One readable paragraph of a failure: the client, the notebook, the cell and the reason."""
        place = ", ".join(filter(None, [self.notebook, self.cell]))
        return f"{', '.join(filter(None, [self.client, place]))}: {self.reason}"


def run_client(job, tell=None) -> Result:
    """Make one client's report unless it is there and up to date. Never raises.

    The same for a thread of this machine and for a worker of a cluster: it can be sent there, and
    can be run again. tell(client, what, detail) hears what is going on.
    """
    clock = time.monotonic()
    try:
        if job.code and job.code != changes.code():
            raise RuntimeError("the worker has other code than the one who asked; start it anew")
        why = ["--from"] if job.first_step else ["--force"] if job.force else changes.changes(job)
        if not why:
            return Result(job.client, "unchanged")
        result = _run_and_watch(job, tell or (lambda *_: None))
        own = changes.own_notebooks_of(job.notebooks_dir, job.client)
        result.because = ", ".join([*why, *([f"with its own {', '.join(own)}"] if own else [])])
    except Exception as error:  # the machinery itself: no process to be had, no room on the disk
        said = f"could not be started: {error or type(error).__name__}"
        result = Result(job.client, "failed", said)
    result.seconds = round(time.monotonic() - clock, 3)
    if result.status == "failed":
        with suppress(OSError):
            told = {"reason": str(result), "time": time.time()}
            folder.note_failure(job.reports_dir, job.client, told)
    return result


def _run_and_watch(job, tell):
    """Start the process, hear from it, and kill it when it takes too long."""
    watch = _Watch(job, tell)
    ours, theirs = _context().Pipe(duplex=False)
    process = _start(_context().Process(target=_in_process, args=(job, theirs), name=job.client))
    theirs.close()
    try:
        while watch.result is None:
            ready = wait([ours, process.sentinel], watch.patience())
            if ours in ready and not _heard(ours, watch):
                ready = [process.sentinel]
            elif not ready and watch.seconds_left() == 0:
                watch.too_long()
            elif not ready:
                watch.measure(process.pid)
            if ready == [process.sentinel]:
                process.join(GRACE)
                watch.died(process.exitcode)
    finally:
        machine.end_tree(process.pid)  # all that its cells have started
        process.kill()
        process.join()
        ours.close()
    return watch.result


def _heard(pipe, watch):
    """Whether there was another message."""
    try:
        watch.hear(*pipe.recv())
    except (EOFError, OSError):
        return False
    return True


class _Watch:
    """What is known of a running client, and how long it may still take."""

    def __init__(self, job, tell):
        self.job, self.tell, self.result = job, tell, None
        self.notebook = self.cell = ""
        self.client_end = self.until = time.monotonic() + FIRST_LIMIT + job.client_timeout

    def hear(self, what, detail=""):
        now = time.monotonic()
        if what == "waiting":
            self.client_end = self.until = None
        elif what == "started":
            self.client_end = self.until = now + self.job.client_timeout
        elif what == "notebook":
            self.notebook, self.cell = detail, ""
        elif what == "ran":
            self.until = self.client_end
        elif what == "cell":
            self.cell = detail
            self.until = min(self.client_end, now + self.job.cell_timeout + GRACE)
        elif what == "end":
            self.result = Result(self.job.client, **detail)
            from_notebooks = os.path.relpath(self.job.data_dir, self.job.notebooks_dir)
            told = [self.result.reason, *self.result.warnings]
            told = [each.replace(from_notebooks, self.job.data_shown) for each in told]
            self.result.reason, self.result.warnings = told[0], told[1:]
        self.tell(self.job.client, what, detail)

    def seconds_left(self):
        return None if self.until is None else max(0, self.until - time.monotonic())

    def patience(self):
        """Seconds to wait for news; where the system limits no memory, it is measured in between."""
        left = self.seconds_left()
        if machine.WARM or not self.job.memory:
            return left
        return 1 if left is None else min(left, 1)

    def measure(self, pid):
        if machine.used_memory_mb(pid) > self.job.memory:
            self.fail(too_much_memory(self.job))

    def too_long(self):
        name = "cell" if self.until < self.client_end else "client"
        limit = getattr(self.job, f"{name}_timeout")
        self.fail(f"it took longer than {limit:g} s, the limit for a {name} (--{name}-timeout)")

    def died(self, exitcode):
        if exitcode == machine.KILLED:
            reason = "its process was killed from outside, as the system does when memory runs out"
        elif exitcode is not None and exitcode < 0:
            reason = f"its process crashed ({signal.Signals(-exitcode).name})"
        else:
            reason = f"its process ended in the middle, with exit status {exitcode}"
        self.fail(reason)

    def fail(self, reason):
        self.result = Result(self.job.client, "failed", reason, self.notebook, self.cell)


def too_much_memory(job) -> str:
    """Why a client failed that needed more than its share."""
    return f"it needed more memory than the {job.memory:,} MB that a client may use (--memory)"


def _context():
    """Fork after the imports, from a process that does nothing else."""
    if not machine.WARM:
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["cxlib.run.warm"])
    return context


def _start(process):
    """Also from a worker of Dask, a daemon, whose children Python refuses only lest they be left over.

    The child would run the main module once more, whatever that is; nothing of it is needed there.
    """
    config = multiprocessing.current_process()._config
    with _STARTING:
        environment, daemon = dict(os.environ), config.pop("daemon", None)
        main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
        here = [str(changes.CODE.parent), *filter(None, [os.environ.get("PYTHONPATH")])]
        os.environ.update(ENVIRONMENT, PYTHONPATH=os.pathsep.join(here))
        try:
            process.start()
        finally:
            sys.modules["__main__"] = main
            os.environ.clear()
            os.environ.update(environment)
            if daemon is not None:
                config["daemon"] = daemon
    return process


def _in_process(job, pipe):
    """What the process does: make the report and tell how it went."""
    from cxlib.run.report import Failure, cell_error, make_report

    _settle(job)

    def tell(what, detail=""):
        pipe.send((what, detail))

    try:
        found = make_report(job, tell)
        end = {name: found[name] for name in ("timing", "memory_mb", "warnings") if name in found}
        end["status"] = "done" if found["status"] == "complete" else found["status"]
    except BaseException as error:
        known = isinstance(error, Failure)
        failure = error if known else Failure(cell_error(type(error).__name__, str(error), job))
        end = {"status": "failed", "trace": traceback.format_exc(), **vars(failure)}
    pipe.send(("end", end))
    pipe.close()
    machine.end_now()


def _settle(job):
    """A group of its own, that ends when the batch ends; its memory limited; its chatter in a log."""
    import faulthandler

    machine.own_group()
    machine.private()
    if job.memory:
        machine.limit_memory(job.memory)
    path = folder.work_folder(job.reports_dir, "log") / folder.plain(job.client)
    log = open(path, "wb")  # noqa: SIM115 - as long as the process
    os.dup2(log.fileno(), 1)
    os.dup2(log.fileno(), 2)
    faulthandler.enable(log)
