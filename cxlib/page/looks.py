"""Colours, type and drawing style: the one place that decides how everything looks.

A colour means something, once. Each has a value for a light and for a dark page; the matplotlib
figures (see `drawing.py`) and the stylesheet both read them here.
"""

import logging
import tomllib
from functools import cache
from pathlib import Path

LOOKS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
PALETTE = {
    name: tuple(both) for name, both in LOOKS["palette"].items()
}  # on a light page, on a dark one
LIGHT = {name: light for name, (light, dark) in PALETTE.items()}

SYSTEM_FONTS = (
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'PingFang SC', "
    "'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', sans-serif"
)
SYSTEM_FONTS_HANT = (
    SYSTEM_FONTS.replace("PingFang SC", "PingFang TC")
    .replace("Microsoft YaHei", "Microsoft JhengHei")
    .replace("Noto Sans CJK SC", "Noto Sans CJK TC")
    .replace("Noto Sans SC", "Noto Sans TC")
)

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
    accent = colour or LIGHT["experience"]
    accent_dark = PALETTE["experience"][1]
    return "".join(
        [
            ":root{color-scheme:light dark;",
            f"--accent:{accent};--fonts:{SYSTEM_FONTS};{_variables(0)}}}",
            f"@media (prefers-color-scheme:dark){{:root{{--accent:{accent_dark};{_variables(1)}}}}}",
            f":lang(zh-Hant){{--fonts:{SYSTEM_FONTS_HANT}}}",
            (Path(__file__).parent / "style.css").read_text("utf-8"),
        ]
    )


def notebook_style() -> str:
    """The same looks for what a cell shows in JupyterLab, and for nothing else there."""
    return "".join(
        [
            f".jp-OutputArea-output,.widget-html-content{{--accent:var(--experience);{_variables(0)}",
            f"@media (prefers-color-scheme:dark){{{_variables(1)}}}",
            (Path(__file__).parent / "style.css").read_text("utf-8"),
            "figure img{background:var(--paper)}",
            "ul.steps{list-style:none;padding:0;line-height:1.9}h3{margin:1em 0 .4em}",
            "p.change,p.kept:not(:empty){border-left:4px solid var(--accent);padding:.3em 12px}",
            "p.change{background:var(--panel);font-weight:600}",
            "p.problem{border-left:4px solid var(--lost);padding:.3em 12px}",
            "p.keep{font-weight:650;border-top:1px solid var(--line);padding-top:1em;margin-top:1em}",
            # JupyterLab sets every cell of a table to the right.
            ".table table :is(th,td){text-align:left}.table table :is(th,td).n{text-align:right}}",
        ]
    )


def notebook_head() -> str:
    """What a notebook in JupyterLab needs once: the looks, the tools of tables, the keys."""
    scripts = [Path(__file__).parent / name for name in ("tools.js", "keys.js")]
    text = "".join(script.read_text("utf-8") for script in scripts)
    return f"<style>{notebook_style()}</style><script>{text}</script>"


def _variables(shade: int) -> str:
    return "".join(f"--{name}:{shades[shade]};" for name, shades in PALETTE.items())
