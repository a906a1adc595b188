"""ipykernel's shell in this process, its messages handed over instead of sent.

Imported by the engine when a notebook is run, for it imports much.
"""

import builtins
import getpass
import os
import sys
import tempfile
from contextlib import contextmanager
from io import TextIOBase

from ipykernel.compiler import XCachingCompiler
from ipykernel.ipkernel import IPythonKernel
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError
from IPython.core.pylabtools import activate_matplotlib
from jupyter_client.session import Session
from nbclient import NotebookClient
from nbformat import NotebookNode
from traitlets.config import Config

CONFIG = Config()
CONFIG.HistoryManager.enabled = False  # no SQLite file, no thread
CONFIG.InteractiveShell.autocall = 0


class Direct(Session):
    """Gives each message to `receive` at once; the engine sets it for the cell that runs."""

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
        if self.beneath.closed:  # the process ends
            return
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
    """A shell that nobody can type to."""

    def __init__(self, **options):
        super().__init__(config=CONFIG, compiler_class=Compiler, **options)

    def ask_exit(self):
        raise SystemExit("the cell asked the kernel to exit")

    def run_cell(self, *args, **kwargs):
        before = builtins.input, getpass.getpass
        builtins.input = getpass.getpass = _refuse
        try:
            return super().run_cell(*args, **kwargs)
        finally:
            builtins.input, getpass.getpass = before


def _refuse(*_, **__):
    raise StdinNotImplementedError(
        "raw_input was called, but this frontend does not support input requests."
    )


@contextmanager
def new_shell():
    """(shell with an empty namespace, its session, nbclient's receiver of its messages, its streams)."""
    session = Direct()
    before, main = (sys.stdout, sys.stderr, sys.displayhook), sys.modules["__main__"]
    streams = Stream(session, "stdout"), Stream(session, "stderr")
    Shell.clear_instance()
    shell = Shell.instance()
    for part in shell.display_pub, shell.displayhook:
        part.session = session
    sys.stdout, sys.stderr = streams
    try:
        with _inline_figures(shell):
            yield shell, session, NotebookClient(NotebookNode(cells=[], metadata={})), streams
    finally:
        sys.stdout, sys.stderr, sys.displayhook = before
        sys.modules["__main__"] = main
        for each in streams:
            each.beneath.close()


@contextmanager
def _inline_figures(shell):
    """Tell matplotlib of this shell: it was imported, and looked for a shell, before there was one."""
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


def language_info():
    """What a stock kernel says of its language, in nbformat's terms."""
    return dict(IPythonKernel.language_info)
