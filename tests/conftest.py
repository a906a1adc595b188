"""What every test may ask for."""

import os
import shutil
from pathlib import Path

import matplotlib
import pytest

matplotlib.use("agg")

ROOT = Path(__file__).parents[1]
DATA = ROOT / "data"


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
