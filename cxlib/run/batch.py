"""Many clients: run in parallel, here or on a cluster; told of as they go; summed up at the end."""

import sys
import time
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from datetime import datetime
from shutil import get_terminal_size

from cxlib.run.changes import changes
from cxlib.run.worker import Result, run_client


class Unavailable(Exception):
    """Where the batch was to run, it cannot; the text says why."""


def run_batch(jobs, executor, progress) -> list[Result]:
    """One result per job, in the jobs' order. A job that is up to date never reaches the executor."""
    found = {}
    for job in jobs:
        if is_up_to_date(job):
            found[job.client] = Result(job.client, "unchanged")
            progress.ended(found[job.client])
    waiting = [job for job in jobs if job.client not in found]
    if waiting:
        with executor() as submit:
            futures = {submit(job): job for job in waiting}
            for future in as_completed(futures):
                result = _result(future, futures[future])
                found[result.client] = result
                progress.ended(result)
    return [found[job.client] for job in jobs]


def is_up_to_date(job) -> bool:
    """Whether there is nothing to do; where that cannot be told, the run will say why."""
    try:
        return not (job.force or job.first_step or changes(job))
    except Exception:
        return False


def _result(future, job):
    try:
        return future.result()
    except Exception as error:  # the cluster gave it up: its workers died on it again and again
        said = f"the cluster gave it up: {type(error).__name__}: {error}"
        return Result(job.client, "failed", said)


def here(count, progress):
    """Run on this machine, so many clients at once: a thread each, that watches the client's process."""

    @contextmanager
    def executor():
        with ThreadPoolExecutor(count) as pool:
            yield lambda job: pool.submit(run_client, job, progress.told)

    return executor


def on_cluster(address):
    """Run on the Dask cluster whose scheduler is at that address; its workers see the same folders."""
    try:
        from distributed import Client
    except ImportError:
        raise Unavailable("--scheduler needs Dask: pip install 'cxlib[cluster]'") from None
    try:
        client = Client(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise Unavailable(f"--scheduler: there is no scheduler at {address} ({error})") from None

    @contextmanager
    def executor():
        with client, client.get_executor(pure=False) as pool:
            yield lambda job: pool.submit(run_client, job)

    return executor


class Progress:
    """What a person sees of a batch: a line per client that ended, and one line that moves."""

    def __init__(self, total, quiet=False, stream=None):
        self.total, self.quiet, self.stream = total, quiet, stream or sys.stderr
        self.started, self.running, self.ended_results = time.monotonic(), {}, []
        self.moves = self.stream.isatty() and not quiet

    def told(self, client, what, detail=""):
        """What a client's process is doing now."""
        if what == "waiting":
            self.line(f"{client}: waiting for another run of this client to end")
        elif what in ("started", "notebook"):
            self.running[client] = detail
            self.move()

    def ended(self, result):
        """A client is done; its line is written."""
        self.running.pop(result.client, None)
        self.ended_results.append(result)
        if result.status == "failed":
            self.line(f"FAILED {result}")
        elif result.status == "done":
            self.line(f"{result.client}: done in {result.seconds:.1f} s ({result.because})")
        elif self.total <= 20 or self.quiet:
            self.line(f"{result.client}: nothing has changed since its last report")
        self.move()

    def line(self, text):
        """One line that stays."""
        stamp = f"{datetime.now().isoformat(timespec='seconds')} " if self.quiet else ""
        self.stream.write(("\r\x1b[K" if self.moves else "") + stamp + text + "\n")
        self.stream.flush()

    def move(self):
        """The moving line anew, where the terminal has one."""
        if self.moves and len(self.ended_results) < self.total:
            width = get_terminal_size().columns - 1  # a line that wraps cannot be taken back
            self.stream.write("\r\x1b[K" + self.state()[:width])
            self.stream.flush()

    def state(self):
        """'12 of 200 done, 1 failed; about 3 min left; meisu 05_requirements, kiosk …'"""
        ended, failed = len(self.ended_results), self.count("failed")
        done = f"{ended} of {self.total} done" + f", {failed} failed" * bool(failed)
        running = [f"{client} {step}".strip() for client, step in self.running.items()]
        return "; ".join(filter(None, [done, self.left(), ", ".join(running[:4])]))

    def left(self):
        """Time left, from the clients that were run, not skipped."""
        ran = len(self.ended_results) - self.count("unchanged")
        if not ran:
            return ""
        seconds = (time.monotonic() - self.started) / ran * (self.total - len(self.ended_results))
        told = f"{seconds / 60:.0f} min" if seconds > 90 else f"{seconds:.0f} s"
        return f"about {told} left"

    def count(self, status):
        """How many clients ended so."""
        return sum(result.status == status for result in self.ended_results)
