"""What every test may ask for."""

import os
import shutil
from pathlib import Path

import matplotlib
import pytest

matplotlib.use("agg")

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"
# Files of tests that run whole clients take longest. They come first, the longest at the head, so
# that `make test`, which gives each process a file at a time, does not end waiting for one of them.
LONGEST = (
    "test_disclosure_walk.py", "test_chinese_walk.py", "test_guide.py", "test_tasks.py",
    "test_demo_reports.py", "test_identity.py", "test_run.py", "test_boards.py", "test_vendor.py",
    "test_validation.py", "test_machine.py", "test_deck.py", "test_one_thing.py",
)  # fmt: skip


def pytest_collection_modifyitems(items):
    """The longest files first; the others as they stand."""
    place = {name: number for number, name in enumerate(LONGEST)}
    items.sort(key=lambda item: place.get(item.path.name, len(place)))


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
