"""The papermill engine `warm`: a notebook's cells, run in this process by IPython.

A stock kernel is another process that imports everything again. Here the process has the imports
already (see warm.py), and only the transport of messages between kernel and client is left out:
the shell is ipykernel's own, and what it sends is received by nbclient's own code. So the outputs
are those of a stock kernel by construction; tests/run/test_parity.py holds both to it.

papermill imports this module whenever it is imported, so everything heavy is imported late.
"""

import os
import signal
import sys
import tempfile
from contextlib import contextmanager
from functools import cache


class CellTimeout(BaseException):
    """A cell ran longer than its limit. Not an Exception, lest a cell's `except` swallows it."""


class WarmEngine:
    """What papermill asks of an engine. The caller gives it a process of its own."""

    @staticmethod
    def nb_kernel_name(nb, name=None):
        return name or nb.metadata.get("kernelspec", {}).get("name", "python3")

    @staticmethod
    def nb_language(nb, language=None):
        return language or "python"

    @staticmethod
    def execute_notebook(
        nb,
        kernel_name,
        output_path=None,
        progress_bar=False,
        execution_timeout=None,
        on_cell_start=None,
        **_,
    ):
        """The notebook with its outputs; stops after the first cell that fails.

        execution_timeout: seconds a cell may take; None is for ever.
        on_cell_start: called with cell=, cell_index= before each cell, as nbclient does.
        """
        from papermill.engines import NotebookExecutionManager

        manager = NotebookExecutionManager(nb, output_path=output_path, progress_bar=progress_bar)
        manager.notebook_start()
        try:
            _run_cells(manager, execution_timeout, on_cell_start)
        finally:
            manager.notebook_complete()
        return manager.nb


def _run_cells(manager, timeout, on_cell_start):
    with _shell() as (shell, session, client):
        client.nb = manager.nb
        manager.nb.metadata["language_info"] = _language_info()
        for index, cell in enumerate(manager.nb.cells):
            manager.cell_start(cell, index)
            if on_cell_start:
                on_cell_start(cell=cell, cell_index=index)
            if cell.cell_type == "code" and cell.source.strip():
                client.clear_before_next_output = False
                session.receive = lambda msg, cell=cell, at=index: client.process_message(
                    msg, cell, at
                )
                if not _run_cell(shell, cell, timeout):
                    manager.cell_exception(cell, cell_index=index)
                    manager.cell_complete(cell, cell_index=index)
                    return
            manager.cell_complete(cell, cell_index=index)


def _run_cell(shell, cell, timeout):
    """Whether the cell ran through; its outputs and its number are put into `cell`."""
    cell["execution_count"] = shell.execution_count
    shell.time_is_up = False
    with _descriptor(1, sys.stdout), _descriptor(2, sys.stderr):
        with _alarm(timeout, shell):
            result = shell.run_cell(cell.source, store_history=True)
        sys.stdout.flush()
        sys.stderr.flush()
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
    if not seconds:
        yield
        return

    def ring(*_):
        shell.time_is_up = True
        raise CellTimeout(f"longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    try:
        signal.setitimer(signal.ITIMER_REAL, seconds)
        yield
    except CellTimeout:  # it rang between two instructions of IPython's own
        shell.showtraceback()
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


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


@contextmanager
def _shell():
    """A new IPython shell with an empty namespace, and nbclient's receiver of its messages."""
    from nbclient import NotebookClient
    from nbformat import NotebookNode

    shell_class, session, stream = _classes()
    session = session()
    before, main = (sys.stdout, sys.stderr, sys.displayhook), sys.modules["__main__"]
    streams = stream(session, "stdout"), stream(session, "stderr")
    shell_class.clear_instance()
    shell = shell_class.instance()
    for part in shell.display_pub, shell.displayhook:
        part.session = session
    sys.stdout, sys.stderr = streams
    try:
        with _inline_figures(shell):
            yield shell, session, NotebookClient(NotebookNode(cells=[], metadata={}))
    finally:
        sys.stdout, sys.stderr, sys.displayhook = before
        sys.modules["__main__"] = main
        for each in streams:
            each.beneath.close()


@contextmanager
def _inline_figures(shell):
    """Tell matplotlib of this shell: it was imported, and looked for a shell, before there was one."""
    from IPython.core.pylabtools import activate_matplotlib
    from matplotlib import pyplot
    from matplotlib_inline.backend_inline import configure_inline_support
    from matplotlib_inline.config import InlineBackend

    backend = "module://matplotlib_inline.backend_inline"
    InlineBackend.clear_instance()
    configure_inline_support.current_backend = "unset"
    activate_matplotlib(backend)
    configure_inline_support(shell, backend)
    try:
        yield
    finally:
        pyplot.close("all")
        pyplot.uninstall_repl_displayhook()


@cache
def _classes():
    """ipykernel's shell, with a session that hands its messages over instead of sending them."""
    from io import TextIOBase

    from ipykernel.compiler import XCachingCompiler
    from ipykernel.zmqshell import ZMQInteractiveShell
    from IPython.core.error import StdinNotImplementedError
    from jupyter_client.session import Session
    from traitlets.config import Config

    class Direct(Session):
        def send(self, stream, msg_or_type, content=None, parent=None, **_):
            plain = isinstance(msg_or_type, str)
            self.receive(self.msg(msg_or_type, content, parent) if plain else msg_or_type)

    class Stream(TextIOBase):
        """Text is kept until something else is shown, as ipykernel's streams keep it for a while."""

        encoding = "UTF-8"

        def __init__(self, session, name):
            self.session, self.name, self.kept = session, name, []
            self.beneath, self.read = tempfile.TemporaryFile(), 0  # noqa: SIM115 - as long as the stream

        def write(self, text):
            if not isinstance(text, str):
                raise TypeError(f"write() argument must be str, not {type(text)}")
            self.kept.append(text)
            return len(text)

        def flush(self):
            beneath = os.pread(self.beneath.fileno(), 2**30, self.read)
            self.read += len(beneath)
            text, self.kept = "".join(self.kept) + beneath.decode(errors="replace"), []
            if text:
                self.session.send(None, "stream", {"name": self.name, "text": text})

    class Compiler(XCachingCompiler):
        """A cell's file name is seen in its warnings: the same each time, and no machine's path."""

        def get_code_name(self, raw_code, code, number):
            return f"<cell {number}>"

    class Shell(ZMQInteractiveShell):
        def ask_exit(self):
            raise SystemExit("the cell asked the kernel to exit")

        def run_cell(self, *args, **kwargs):
            import builtins
            import getpass

            def refuse(*_, **__):
                raise StdinNotImplementedError(
                    "raw_input was called, but this frontend does not support input requests."
                )

            before = builtins.input, getpass.getpass
            builtins.input = getpass.getpass = refuse
            try:
                return super().run_cell(*args, **kwargs)
            finally:
                builtins.input, getpass.getpass = before

    config = Config()
    config.HistoryManager.enabled = False  # no SQLite file, no thread
    config.InteractiveShell.autocall = 0

    class Quiet(Shell):
        def __init__(self, **options):
            super().__init__(config=config, compiler_class=Compiler, **options)

    return Quiet, Direct, Stream


def _language_info():
    """What a stock kernel says of its language, in nbformat's terms."""
    from ipykernel.ipkernel import IPythonKernel

    return dict(IPythonKernel.language_info)
