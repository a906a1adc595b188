"""JupyterLab as people use it: a server of the test's own on 127.0.0.1, and a headless Chromium."""

import json
import os
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
SECONDS = 120  # to wait for what must happen; a busy machine takes long to start a kernel

# What a person has once clicked away, and cells that stay in the page when they are out of sight.
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
    "notebook-extension/tracker": {"windowingMode": "none", "autoStartDefaultKernel": True},
}
# JupyterLab 4.6 itself says these, also of an empty notebook. Nothing of ours is among them.
NOISE = ()


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

    def opener(notebook: str):
        sheet.goto(f"{address}/tree/{notebook}?reset&token={token}")
        sheet.wait_for_selector(".jp-Notebook .jp-Cell")
        return sheet

    yield opener
    kernel = sheet.locator("[data-mime-type='application/vnd.jupyter.error']").all_text_contents()
    sheet.screenshot(path=os.environ.get("CX_LAB_SHOT") or str(Path(os.devnull)), type="png") if (
        os.environ.get("CX_LAB_SHOT")
    ) else None
    context.close()
    assert not kernel, kernel
    assert [words for words in said if not any(noise in words for noise in NOISE)] == []


def local(address: str) -> bool:
    return address.startswith(("http://127.0.0.1:", "data:", "blob:"))
