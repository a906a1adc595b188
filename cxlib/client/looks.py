"""The client's look: files of its folder that pages and slides take, refused where they cannot be read."""

import zipfile
from pathlib import Path

from cxlib.client.inside import not_a_file
from cxlib.client.problems import Problem
from cxlib.client.settings import Settings

PICTURES = (".png", ".jpg", ".jpeg", ".svg", ".webp", ".gif")
TITLES = (1, 3)  # kinds of a placeholder: title, centred title


def logo_problems(settings: Settings, path: Path) -> list[Problem]:
    """A logo that is not a picture in the client's own folder."""
    name = settings.logo
    if not name:
        return []
    inside = Path(name).name == name and Path(name).suffix.lower() in PICTURES
    if inside and (path.parent / name).is_file():
        return [] if _drawn(path.parent / name) else [_unreadable(path, "logo", "a picture")]
    rule = f"'{name}' is not a picture ({', '.join(PICTURES)}) in this folder"
    remedy = "Put the file beside client.yml and write its name: it stands on top of every page."
    return [Problem(str(path), rule, remedy, "logo")]


def _drawn(picture: Path) -> bool:
    """Whether a picture can be read; an SVG is text, and the browser's to draw."""
    if picture.suffix.lower() == ".svg":
        return True
    from PIL import Image  # here, for most clients have none

    try:
        Image.open(picture).load()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return False
    return True


def _unreadable(path: Path, key: str, what: str) -> Problem:
    remedy = "Save it anew in the program that it comes from, or take the key out."
    return Problem(str(path), f"names a file that cannot be read as {what}", remedy, key)


def deck_problems(settings: Settings, path: Path) -> list[Problem]:
    """A template of slides that is not in the client's own folder, or that no slide can be made of."""
    name, place = settings.deck, path.parent / (settings.deck or "")
    if not name or not_a_file(place):  # the folder's own check says what stands there
        return []
    if Path(name).name != name or Path(name).suffix.lower() != ".pptx" or not place.is_file():
        rule = f"'{name}' is not a .pptx in this folder"
        remedy = "Put the file beside client.yml and write its name: the slides take its layouts."
        return [Problem(str(path), rule, remedy, "deck")]
    if place.stat().st_size > settings.limits.file_mb * 2**20:
        rule = f"'{name}' is larger than `limits.file_mb` allows"
        return [Problem(str(path), rule, "Save it without its own slides and films.", "deck")]
    from pptx import Presentation

    try:
        with zipfile.ZipFile(place) as parts:
            expanded = sum(part.file_size for part in parts.infolist())
        whole = expanded <= settings.limits.file_mb * 2**20
        layouts = Presentation(str(place)).slide_layouts if whole else []
        titled = any(shape.placeholder_format.type in TITLES for each in layouts
                     for shape in each.placeholders)  # fmt: skip
    except Exception:  # of whatever kind: what a damaged file does to the libraries that read it
        return [_unreadable(path, "deck", "a presentation")]
    if titled:
        return []
    rule = f"'{name}' has no layout with a title"
    if not whole:
        rule = f"'{name}' is larger than `limits.file_mb` allows"
    return [Problem(str(path), rule, "Use a template with titled layouts.", "deck")]
