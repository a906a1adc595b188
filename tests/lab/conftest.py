"""JupyterLab as people use it: a server of the test's own on 127.0.0.1, and a headless Chromium."""

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from time import monotonic

import pytest

ROOT = Path(__file__).parents[2]
SECONDS = 240  # to wait for what must happen; a busy machine takes long to start a kernel

# What a person has once clicked away, and cells that stay in the page when they are out of sight.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "terminal-extension/plugin": {"screenReaderMode": True},  # what a terminal says is in the page
    "notebook-extension/tracker": {"windowingMode": "none", "autoStartDefaultKernel": True},
}
# What JupyterLab's own viewer of HTML files says of any page with a script, or with a policy: it
# runs no script until "Trust HTML" is pressed, and adds a style of its own.
NOISE = (
    r"^Blocked script execution in 'blob:http://127\.0\.0\.1",
    # and its debugger, of a kernel that was shut down while it asked; of the widgets that a saved page
    # holds of a kernel that is gone, until its cell runs again
    r"^Error: widget model not found",
    r"^Could not restore the debugger state",
    r"^Applying inline style violates the following Content Security Policy .*\(blob:http://127",
)


@pytest.fixture(scope="session")
def workbook(tmp_path_factory):
    """The workbook in a folder of its own: notebooks, one client, no report yet."""
    place = tmp_path_factory.mktemp("workbook")
    (place / "notebooks").mkdir()
    for path in (ROOT / "notebooks").glob("*.ipynb"):
        shutil.copy(path, place / "notebooks")
    for client in ("kiosk", "meisu"):
        shutil.copytree(ROOT / "data" / client, place / "data" / client)
    (place / "reports").mkdir()
    return place


@pytest.fixture(scope="session")
def lab(workbook, tmp_path_factory):
    """The address of a JupyterLab on the workbook, as `make lab` starts it, with its token."""
    own = tmp_path_factory.mktemp("jupyter")
    for name, values in SETTINGS.items():
        path = own / "settings" / "@jupyterlab" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values))
    port, token = free_port(), secrets.token_hex(16)
    command = [
        *(sys.executable, "-m", "jupyterlab", "notebooks/start.ipynb", "--no-browser"),
        *("--ServerApp.root_dir=.", "--ServerApp.ip=127.0.0.1", "--ServerApp.port_retries=0"),
        *(f"--ServerApp.port={port}", f"--IdentityProvider.token={token}"),
        *("--LabApp.expose_app_in_browser=True", "--allow-root"),  # containers run tests as root
    ]
    environment = {
        **{name: value for name, value in os.environ.items() if name != "CX_BATCH"},
        "JUPYTER_CONFIG_DIR": str(own / "config"),
        "JUPYTER_RUNTIME_DIR": str(own / "runtime"),
        "JUPYTERLAB_SETTINGS_DIR": str(own / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(own / "workspaces"),
        "JUPYTER_PREFER_ENV_PATH": "1",
        "IPYTHONDIR": str(own / "ipython"),
        "SHELL": "/bin/sh",  # the plainest that a terminal may open with
    }
    with open(own / "log", "w") as log:
        server = subprocess.Popen(
            command, cwd=workbook, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
    try:
        wait_until_up(f"http://127.0.0.1:{port}/api", server, own / "log")
        yield f"http://127.0.0.1:{port}/lab", token
    finally:
        server.terminate()
        server.wait(timeout=30)


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def wait_until_up(address: str, server, log: Path) -> None:
    until = monotonic() + SECONDS
    while monotonic() < until and server.poll() is None:
        try:
            urllib.request.urlopen(address, timeout=1)
            return
        except OSError:
            continue
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}")


@pytest.fixture
def opened(lab, browser):
    """Opens a notebook in JupyterLab; fails the test over any console or kernel error."""
    from playwright.sync_api import expect

    expect.set_options(timeout=SECONDS * 1000)
    address, token = lab
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, locale="en-GB")
    context.set_default_timeout(SECONDS * 1000)
    context.route(
        "**/*", lambda route: route.continue_() if local(route.request.url) else route.abort()
    )
    sheet, said = context.new_page(), []
    sheet.on("pageerror", lambda error: said.append(f"page error: {error}"))
    sheet.on(
        "console",
        lambda message: (
            said.append(f"{message.text} ({message.location.get('url', '')})")
            if message.type == "error"
            else None
        ),
    )

    failed = []  # a button's failure shows in no cell: only the kernel's own messages tell

    def heard(frame):
        words = frame if isinstance(frame, str) else frame.decode(errors="replace")
        if re.search(r'"msg_type": ?"error"', words):
            failed.append(words)

    sheet.on("websocket", lambda channel: channel.on("framereceived", heard))

    def opener(notebook: str):
        sheet.goto(f"{address}/tree/{notebook}?reset&token={token}")
        sheet.wait_for_selector(".jp-Notebook .jp-Cell")
        wait_for_kernel(sheet)
        return sheet

    yield opener
    kernel = sheet.locator("[data-mime-type='application/vnd.jupyter.error']").all_text_contents()
    context.close()
    assert not kernel + failed, kernel + failed
    assert [words for words in said if not any(re.search(each, words) for each in NOISE)] == []


def wait_for_kernel(sheet) -> None:
    """Until the kernel of the notebook in front has nothing to do."""
    kernel = "window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel"
    sheet.wait_for_function(f"{kernel}?.status == 'idle'")


def local(address: str) -> bool:
    return address.startswith(("http://127.0.0.1:", "data:", "blob:"))
