"""A report as PDF, printed by Chromium."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import which
from tempfile import TemporaryDirectory

from markupsafe import escape

from cxlib.page.looks import chinese_font

MARGIN = '<div style="width:100%;text-align:center;font:8px sans-serif">{}</div>'
PAGE = '<span class="pageNumber"></span> / <span class="totalPages"></span>'
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>{}</fontconfig>"""


def with_chinese_fonts(folder) -> dict:
    """The environment of a browser that has our Chinese fonts, whatever this machine has.

    folder : where to keep what it needs while the browser runs
    """
    places = {Path(chinese_font(tag)).parent for tag in ("zh-Hans", "zh-Hant")}
    listed = "".join(f"<dir>{place}</dir>" for place in sorted(places))
    conf = Path(folder, "fonts.conf")
    conf.write_text(FONTS.format(listed), encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(conf)}


def report_pdf(html_path, pdf_path) -> None:
    """Prints a report to A4, tagged and with an outline; asks nothing of the network.

    Raises RuntimeError, saying what to install, where there is no browser or no playwright.
    """
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as missing:
        raise RuntimeError(
            "A PDF is printed by Chromium through playwright, which is not installed. "
            "Install it with `pip install playwright`, or print report.html from a browser."
        ) from missing
    browser_path = which("chromium") or which("chromium-browser") or which("google-chrome")
    if browser_path is None:
        raise RuntimeError(
            "A PDF is printed by Chromium, which was not found. "
            "Install the system's chromium package, or print report.html from a browser."
        )

    def printed():
        with TemporaryDirectory() as folder, sync_playwright() as play:
            browser = play.chromium.launch(
                executable_path=browser_path, args=["--no-sandbox"], env=with_chinese_fonts(folder)
            )
            sheet = browser.new_context(offline=True, color_scheme="light").new_page()
            sheet.goto(Path(html_path).resolve().as_uri())
            banner = sheet.locator(".banner")
            head = escape(banner.inner_text()) if banner.count() else ""
            sheet.pdf(
                display_header_footer=True,  # no page is read alone
                header_template=MARGIN.format(f"<b>{head}</b>"),
                footer_template=MARGIN.format(f"{escape(sheet.title())} · {PAGE}"),
                path=str(pdf_path),
                format="A4",
                tagged=True,
                outline=True,
                print_background=True,
                prefer_css_page_size=True,
            )
            browser.close()

    # In a thread of its own: playwright refuses to start where an event loop runs, as in a kernel.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(printed).result()
