"""JupyterLab with the workbook's start page: this machine's alone, behind a token."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from cxlib.run import changes

# Whatever a machine's own settings say: nobody else reaches the answers of a client's customers.
SAFE = [
    "--ServerApp.ip=127.0.0.1", "--ServerApp.root_dir=.", "--ServerApp.allow_remote_access=False",
]  # fmt: skip


def open_lab(more=()) -> int:
    """Open notebooks/start.ipynb here; where there are none, from a copy of the package's own."""
    notebooks = Path("notebooks")
    if not (notebooks / "start.ipynb").is_file():
        copied = copy_notebooks(notebooks)
        print(f"{notebooks}/: {copied} notebooks copied; they are yours to change.")
    command = [sys.executable, "-m", "jupyterlab", str(notebooks / "start.ipynb"), *SAFE, *more]
    return subprocess.run(command, env=os.environ).returncode


def copy_notebooks(to: Path) -> int:
    """How many notebooks of the package were copied; one that is there already is left alone."""
    to.mkdir(exist_ok=True)
    missing = [
        each
        for each in sorted(changes.own_notebooks().glob("*.ipynb"))
        if not (to / each.name).exists()
    ]
    for each in missing:
        shutil.copyfile(each, to / each.name)
    return len(missing)
