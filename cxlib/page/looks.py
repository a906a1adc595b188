"""Colours, type and drawing style: the one place that decides how everything looks.

A colour means something, once. Each has a value for a light and for a dark page; the matplotlib
figures (see `drawing.py`) and the stylesheet both read them here.
"""

import logging
import tomllib
from functools import cache
from pathlib import Path

LOOKS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
PALETTE = LOOKS["palette"]  # on a light page, on a dark one
LIGHT = {name: light for name, (light, dark) in PALETTE.items()}

SYSTEM_FONTS, SYSTEM_FONTS_HANT = LOOKS["fonts"]["all"], LOOKS["fonts"]["zh-Hant"]
STYLE = LOOKS["style"] | {name: LIGHT[colour] for name, colour in LOOKS["style_colours"].items()}


@cache
def chinese_font(tag: str) -> str:
    """Path of the Noto Sans that has the letter shapes of this language."""
    if tag == "zh-Hant":
        import pylopdf_fonts_zh_tw as fonts
    else:
        import pylopdf_fonts_zh_cn as fonts
    return str(fonts.sans_path())


@cache
def font_families(tag: str) -> tuple[str, ...]:
    """Families for measuring and for drawing; the Chinese font is loaded only when asked for."""
    if not tag.startswith("zh"):
        return ("DejaVu Sans",)
    from matplotlib import font_manager

    # These fonts have one weight each; that a bold one is not found is no news to anybody.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)

    path = chinese_font(tag)
    font_manager.fontManager.addfont(path)
    return (font_manager.FontProperties(fname=path).get_name(), "DejaVu Sans")


def stylesheet(colour: str = "") -> str:
    """The one stylesheet, with the palette in front; `colour` is the client's accent."""
    light = f"--accent:{colour or LIGHT['experience']};--fonts:{SYSTEM_FONTS};{variables(0)}"
    dark = f"--accent:{PALETTE['experience'][1]};{variables(1)}"
    return (
        f":root{{color-scheme:light dark;{light}}}"
        f"@media (prefers-color-scheme:dark){{:root{{{dark}}}}}"
        f":lang(zh-Hant){{--fonts:{SYSTEM_FONTS_HANT}}}{_file('style.css')}"
    )


def notebook_head() -> str:
    """What a notebook in JupyterLab needs once: the same looks for what a cell shows, and for nothing
    else there; the tools of tables, the keys."""
    there = ".jp-OutputArea-output,.widget-html-content"
    dark = f"@media (prefers-color-scheme:dark){{{variables(1)}}}"
    css, scripts = _file("style.css") + _file("notebook.css"), _file("tools.js") + _file("keys.js")
    css = f"{there}{{--accent:var(--experience);{variables(0)}{dark}{css}}}"
    return f"<style>{css}</style><script>{scripts}</script>"


def _file(name: str) -> str:
    return (Path(__file__).parent / name).read_text("utf-8")


def variables(shade: int) -> str:
    """The palette for a stylesheet, of a light page (0) or a dark one (1)."""
    return "".join(f"--{name}:{shades[shade]};" for name, shades in PALETTE.items())
