"""The papermill engine `warm`: a notebook's cells, run in this process by IPython.

A stock kernel is another process that imports everything again. Here the process has the imports
already (see warm.py), and only the transport of messages between kernel and client is left out:
the shell is ipykernel's own, and what it sends is received by nbclient's own code. So the outputs
are those of a stock kernel by construction; tests/run/test_parity.py holds both to it.

papermill imports this module whenever it is imported, so the shell, which is heavy, is imported late.
"""

import os
import sys
from contextlib import contextmanager


class CellTimeout(BaseException):
    """A cell ran longer than its limit. Not an Exception, lest a cell's `except` swallows it."""


class WarmEngine:
    """What papermill asks of an engine. The caller gives it a process of its own."""

    @staticmethod
    def nb_language(nb, name=None):
        """The language that papermill notes."""
        return name or "python"

    nb_kernel_name = nb_language  # none is started

    @staticmethod
    def execute_notebook(nb, kernel_name, execution_timeout=None, on_cell_start=None, **_):
        """The notebook with its outputs; stops after the first cell that fails.

        execution_timeout: seconds a cell may take; None is for ever.
        on_cell_start: called with cell=, cell_index= before each cell, as nbclient does.
        """
        from papermill.engines import NotebookExecutionManager

        manager = NotebookExecutionManager(nb, progress_bar=False)
        manager.notebook_start()
        try:
            _run_cells(manager, execution_timeout, on_cell_start)
        finally:
            manager.notebook_complete()
        return manager.nb


def _run_cells(manager, timeout, on_cell_start):
    from cxlib.run.shell import language_info, new_shell

    with new_shell() as (shell, session, client, streams):
        client.nb = manager.nb
        manager.nb.metadata["language_info"] = language_info()
        for index, cell in enumerate(manager.nb.cells):
            manager.cell_start(cell, index)
            if on_cell_start:
                on_cell_start(cell=cell, cell_index=index)
            if cell.cell_type == "code" and cell.source.strip():
                client.clear_before_next_output = False
                session.receive = lambda msg, cell=cell, at=index: client.process_message(msg, cell, at)  # fmt: skip
                if not _run_cell(shell, cell, timeout, streams):
                    manager.cell_exception(cell, cell_index=index)
                    manager.cell_complete(cell, cell_index=index)
                    return
            manager.cell_complete(cell, cell_index=index)


def _run_cell(shell, cell, timeout, streams):
    """Whether the cell ran through; its outputs and its number are put into `cell`.

    streams : standard output and error as the shell made them, whatever a cell has put in their place
    """
    cell["execution_count"] = shell.execution_count
    shell.time_is_up = False
    with _descriptor(1, streams[0]), _descriptor(2, streams[1]):
        with _alarm(timeout, shell):
            result = shell.run_cell(cell.source, store_history=True)
        for name, stream in zip(("stdout", "stderr"), streams, strict=True):
            stream.flush()
            if not hasattr(getattr(sys, name), "write"):  # the next cell could not even fail
                setattr(sys, name, stream)
    _merge_streams(cell)
    shown = not shell._last_traceback_during_displayhook  # as ipykernel tells it
    return result.success and shown and not shell.time_is_up


def _merge_streams(cell):
    """One output for each stretch of the same stream: a cell prints line by line."""
    merged = []
    for output in cell.outputs:
        last = merged[-1] if merged else {}
        if output.output_type == "stream" and last.get("name") == output.name:
            last["text"] += output.text
        else:
            merged.append(output)
    cell["outputs"] = merged


@contextmanager
def _alarm(seconds, shell):
    """Raise CellTimeout in the cell after so many seconds."""
    from cxlib.run import machine

    def ring(*_):
        shell.time_is_up = True
        raise CellTimeout(f"longer than {seconds:g} s")

    try:
        with machine.alarm(seconds, ring):
            yield
    except CellTimeout:  # it rang between two instructions of IPython's own
        shell.showtraceback()


@contextmanager
def _descriptor(number, stream):
    """Let what is written to a file descriptor (by C code, by subprocesses) join the stream."""
    kept = os.dup(number)
    os.dup2(stream.beneath.fileno(), number)
    try:
        yield
    finally:
        os.dup2(kept, number)
        os.close(kept)
