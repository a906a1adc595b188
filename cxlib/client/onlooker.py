"""Whether somebody looks on in JupyterLab, and what is shown while or when something is amiss.

In a batch nobody does: nothing moves, and a failure is what it is.
"""

import os
import re
import sys
import threading
import time
import traceback
from contextlib import contextmanager
from html import escape
from pathlib import Path

PATIENCE = 2.0  # seconds that somebody waits without wondering
BEAT = 0.5  # seconds between two signs of life
PACKAGE = Path(__file__).parents[1]
WHERE = "Where in the code"


def looks_on() -> bool:
    """Whether somebody looks on in JupyterLab; a batch run shows static results only.

    >>> looks_on()
    False
    """
    return "JPY_SESSION_NAME" in os.environ and "CX_BATCH" not in os.environ


@contextmanager
def waiting(doing: str):
    """Show, where somebody looks on and after two seconds, what is being done and for how long.

    >>> with waiting("Reading the survey"):
    ...     print("done")
    done
    """
    if not looks_on():
        yield
        return
    over, started = threading.Event(), time.monotonic()
    teller = threading.Thread(target=_tell, args=(doing, over, started), daemon=True)
    teller.start()
    try:
        yield
    finally:
        over.set()
        teller.join()


def watch(doing: str = "") -> None:
    """Have this cell and every one after it say so, as `waiting` does, when it takes long.

    Once is enough; said again with other words, those count from then on.
    """
    from IPython import get_ipython

    shell = get_ipython() if looks_on() else None
    if shell is None:
        return
    before = [hook for hook in shell.events.callbacks["pre_run_cell"] if hasattr(hook, "ends")]
    if before and not doing:
        return
    for hook in before:
        hook.ends()
        shell.events.unregister("pre_run_cell", hook)
        shell.events.unregister("post_run_cell", hook.ends)
    shell.set_custom_exc((Exception,), _told)
    running = []

    def begins(*_):
        running.append(waiting(doing or "cxlib"))
        running[-1].__enter__()

    def ends(*_):
        while running:
            running.pop().__exit__(None, None, None)

    begins.ends = ends
    begins()
    shell.events.register("pre_run_cell", begins)
    shell.events.register("post_run_cell", ends)


def _tell(doing: str, over: threading.Event, started: float) -> None:
    """One line of output with the seconds that have passed; it goes when the wait is over."""
    from IPython.display import display

    if over.wait(PATIENCE):
        return
    line = display({"text/plain": f"{doing} …"}, raw=True, display_id=True)
    while not over.wait(BEAT):
        seconds = f"{time.monotonic() - started:.0f} s"
        html = f'<p role="status">{escape(doing)} … <progress></progress> {seconds}</p>'
        line.update({"text/html": html, "text/plain": f"{doing} … {seconds}"}, raw=True)
    line.update({"text/html": "<span hidden></span>", "text/plain": ""}, raw=True)


def _told(shell, kind, error, trace, tb_offset=None) -> list[str]:
    """Shows any error: one that this package raises on purpose by its text alone."""
    sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace  # for %debug
    raised_in = Path(traceback.extract_tb(trace)[-1].filename)
    if hasattr(error, "_render_traceback_"):
        lines = error._render_traceback_()
    else:
        lines = (told_of if raised_in.is_relative_to(PACKAGE) else _traceback)(error)
    shell._showtraceback(kind, error, lines)  # IPython leaves that to its custom handler
    return lines


def told_of(error: Exception) -> list[str]:
    """What IPython prints of an error: its text alone, with the traceback folded away beneath it.

    Without somebody looking on, the traceback as IPython makes it.
    """
    lines = _traceback(error)
    if not looks_on():
        return lines
    if not hasattr(error, "folded"):  # a kernel asks twice
        error.folded = _show_folded(lines)
    words = error.args[0] if isinstance(error, KeyError) else error  # which quotes its text
    return str(words).split("\n")


def _show_folded(lines: list[str]) -> bool:
    from IPython.display import display

    plain = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(lines))
    folded = f"<details><summary>{WHERE}</summary><pre>{escape(plain)}</pre></details>"
    display({"text/html": folded, "text/plain": ""}, raw=True)
    return True


def _traceback(error: Exception) -> list[str]:
    from IPython import get_ipython

    shell = get_ipython()
    if shell is None:
        return traceback.format_exception(error)
    what = type(error), error, error.__traceback__
    return shell.InteractiveTB.structured_traceback(*what, tb_offset=1)
