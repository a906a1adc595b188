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
    """Have this cell and every one after it say so, as `waiting` does, when it takes long; and tell an
    error as `_told` does, with or without somebody looking on.

    Once is enough; said again with other words, those count from then on.
    """
    if not (doing or looks_on()):
        return
    from IPython import get_ipython

    if (shell := get_ipython()) is None:
        return
    shell.set_custom_exc((Exception,), _told)
    if not looks_on():
        return
    before = [hook for hook in shell.events.callbacks["pre_run_cell"] if hasattr(hook, "ends")]
    if before and not doing:
        return
    for hook in before:
        hook.ends()
        shell.events.unregister("pre_run_cell", hook)
        shell.events.unregister("post_run_cell", hook.ends)
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
    """Shows any error: one that this package raises on purpose by its text alone, and so a column that
    a table has not."""
    error = _no_such_column(error, trace) or error
    kind = type(error)
    sys.last_type, sys.last_value, sys.last_traceback = kind, error, trace  # for %debug
    raised_in = Path(traceback.extract_tb(trace)[-1].filename)
    if hasattr(error, "_render_traceback_"):
        lines = error._render_traceback_()
    else:
        lines = (told_of if raised_in.is_relative_to(PACKAGE) else _traceback)(error)
    shell._showtraceback(kind, error, lines)  # IPython leaves that to its custom handler
    return lines


# How pandas is asked for a column: table["x"], table.at, sort_values or merge, groupby, set_index.
ASKED = {"__getitem__", "_get_item", "_get_label_or_level_values", "groupby", "set_index"}


def _no_such_column(error, trace):
    """A refusal with the nearest name, where a cell asks a table for a column that it has not; or None."""
    import pandas as pd

    from cxlib.client.problems import did_you_mean, first_few, refusal

    calls = [frame for frame, _ in traceback.walk_tb(trace)]
    inside = any(Path(each.f_code.co_filename).is_relative_to(PACKAGE) for each in calls)
    asked = [each.f_locals.get("self") for each in calls if each.f_code.co_name in ASKED]
    tables = [each for each in asked if isinstance(each, pd.DataFrame)]
    if inside or not tables or not isinstance(error, KeyError):
        return None
    known = list(map(str, tables[-1]))
    said = re.sub(r"dtype='\w+'", "", str(error.args[0]))
    wrong = [name for name in re.findall("'([^']+)'", said) or [said] if name not in known]
    hint = " ".join(did_you_mean(name, known) for name in wrong)
    found = refusal("this cell", "not_of_table", first_few(wrong), hint=hint)
    return wrong and found.with_traceback(trace)


def told_of(error: Exception) -> list[str]:
    """What IPython prints of an error: its text alone, with the traceback folded away beneath it.

    Without somebody looking on, the traceback as IPython makes it.
    """
    lines = _traceback(error)
    if not looks_on():
        return lines
    if not hasattr(error, "folded"):  # a kernel asks twice
        error.folded = _show_folded(lines)
    return str(error.args[0] if isinstance(error, KeyError) else error).split("\n")


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
