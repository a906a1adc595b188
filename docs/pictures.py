"""docs/pictures/: the first screen of each demo client's report in each language, and gallery.md.

    .venv/bin/python docs/pictures.py

Makes the reports anew in a temporary folder (the executive notebook alone), opens each in Chromium
with the network off, and keeps one small WebP picture of it.
"""

import io
import os
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.sync_api import sync_playwright

from cxlib.page.looks import chinese_font

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
CLIENTS = sorted(path.parent.name for path in (ROOT / "data").glob("*/client.yml"))
LANGUAGES = {"en": "English", "zh-Hans": "简体中文", "zh-Hant": "繁體中文"}
SIZE = {"width": 900, "height": 1000}  # of the window, pixels


def make_reports(folder: Path, language: str) -> Path:
    """The executive report of every demo client in this language."""
    books = folder / "notebooks"
    books.mkdir(parents=True)
    shutil.copy(ROOT / "notebooks" / "09_executive_report.ipynb", books)
    command = [Path(sys.executable).with_name("cx"), "run", *CLIENTS, "--quiet"]
    command += ["--set", f"language={language}", "--notebooks", books]
    subprocess.run([*command, "--reports", folder / "reports"], cwd=ROOT, check=True)
    return folder / "reports"


def take(browser, report: Path, picture: Path) -> None:
    """One picture of the first screen of a report."""
    sheet = browser.new_context(viewport=SIZE, offline=True, color_scheme="light").new_page()
    sheet.goto(report.as_uri())
    image = Image.open(io.BytesIO(sheet.screenshot())).convert("RGB")
    image.save(picture, "WEBP", quality=60, method=6)
    sheet.context.close()


def gallery() -> str:
    """gallery.md: a row per client, a column per language."""
    heads = ["client", *LANGUAGES.values()]
    lines = ["| " + " | ".join(heads) + " |", "|" + "---|" * len(heads)]
    for client in CLIENTS:
        cells = [
            f"![{client}, {name}](pictures/{client}.{tag}.webp)" for tag, name in LANGUAGES.items()
        ]
        lines.append("| " + " | ".join([f"`{client}`", *cells]) + " |")
    said = "The first screen of every demo report, made by `.venv/bin/python docs/pictures.py`."
    return "# Every demo report in every language\n\n" + said + "\n\n" + "\n".join(lines) + "\n"


FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>{}</fontconfig>"""


def with_chinese_fonts(folder) -> dict:
    """The environment of a browser that has our Chinese fonts, whatever this machine has."""
    places = {Path(chinese_font(tag)).parent for tag in ("zh-Hans", "zh-Hant")}
    listed = "".join(f"<dir>{place}</dir>" for place in sorted(places))
    conf = Path(folder, "fonts.conf")
    conf.write_text(FONTS.format(listed), encoding="utf-8")
    return {**os.environ, "FONTCONFIG_FILE": str(conf)}


def main() -> None:
    (HERE / "pictures").mkdir(exist_ok=True)
    with TemporaryDirectory() as place, sync_playwright() as play:
        reports = {tag: make_reports(Path(place, tag), tag) for tag in LANGUAGES}
        browser = play.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox"],
            env=with_chinese_fonts(place),
        )
        for tag, folder in reports.items():
            for client in CLIENTS:
                picture = HERE / "pictures" / f"{client}.{tag}.webp"
                take(browser, folder / client / "report.html", picture)
        browser.close()
    (HERE / "gallery.md").write_text(gallery(), encoding="utf-8")


if __name__ == "__main__":
    main()
