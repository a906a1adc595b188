"""What every test may ask for."""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import matplotlib
import pytest
from hypothesis import settings

matplotlib.use("agg")
settings.register_profile("busy", deadline=None)  # a busy machine is no fault of the code
settings.load_profile("busy")

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
# Files of tests that run whole clients take longest. They come first, the longest at the head, so
# that `make test`, which gives each process a file at a time, does not end waiting for one of them.
LONGEST = (
    "test_disclosure_walk.py", "test_chinese_walk.py", "test_guide.py", "test_tasks.py",
    "test_demo_reports.py", "test_identity.py", "test_run.py", "test_boards.py", "test_vendor.py",
    "test_validation.py", "test_machine.py", "test_deck.py", "test_hostile.py", "test_one_thing.py",
)  # fmt: skip


def pytest_collection_modifyitems(items):
    """The longest files first; the others as they stand."""
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


@pytest.fixture(autouse=True)
def _written_as_pandas_does():
    """What a page opened in a notebook's shell makes of printed tables ends with the test."""
    yield
    if ours := sys.modules.get("cxlib.page.own_figures"):
        for (kind, name), written in ours.WRITTEN.items():
            setattr(kind, name, written)


@pytest.fixture(scope="session")
def demo_reports(tmp_path_factory):
    """(clients, language) → the folder with the reports of these demo clients, run whole.

    Each is run once for all tests, whichever process of `make test` asks first: `cx run` waits for
    another run of a client, and leaves a report that is up to date as it is. Where `make demo` has
    just made the reports, they are taken as they lie.
    """
    from cxlib.run.changes import changes
    from cxlib.run.worker import Job

    own, made = tmp_path_factory.getbasetemp(), ROOT / "reports"
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own

    def is_made(client):
        job = Job(client, str(DATA), str(made), str(ROOT / "notebooks"))
        return not changes(job) and len([*(made / client / "history").iterdir()]) == 1

    @cache
    def folder(*clients, language=""):
        if not language and all(map(is_made, clients)):
            return made
        reports = shared / f"demo{language}"
        command = [sys.executable, "-m", "cxlib", "run", *clients, "--quiet", "--jobs", "2"]
        command += ["--reports", str(reports)]
        command += ["--set", f"language={language}"] if language else []
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return reports

    return folder


@pytest.fixture(scope="session")
def chromium():
    """The path of a Chromium; without one, the tests that look at pages are skipped — in CI they fail."""
    found = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
    )
    if found is None and os.environ.get("CI"):
        pytest.fail("No Chromium in CI: .ci/browser should have installed it.")
    if found is None:
        pytest.skip("no Chromium on this machine, and .ci/browser could not install one")
    return found


@pytest.fixture(scope="session")
def browser(chromium):
    """One headless Chromium for the whole test run; each test opens its own pages."""
    from playwright.sync_api import sync_playwright

    quiet = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
    ]
    with sync_playwright() as driver:
        opened = driver.chromium.launch(executable_path=chromium, args=quiet)
        yield opened
        opened.close()
