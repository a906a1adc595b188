"""The client's look: files of its folder that pages and slides take, refused where they cannot be read."""

import zipfile
from pathlib import Path

from cxlib.client.inside import not_a_file
from cxlib.client.problems import Problem, problem
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
        unread = problem(path, "look_unread", "logo", what="a picture")
        return [] if _drawn(path.parent / name) else [unread]
    return [problem(path, "no_picture", "logo", name=name, endings=", ".join(PICTURES))]


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


def deck_problems(settings: Settings, path: Path) -> list[Problem]:
    """A template of slides that is not in the client's own folder, or that no slide can be made of."""
    name, place = settings.deck, path.parent / (settings.deck or "")
    if not name or not_a_file(place):  # the folder's own check says what stands there
        return []
    if Path(name).name != name or Path(name).suffix.lower() != ".pptx" or not place.is_file():
        return [problem(path, "no_deck", "deck", name=name)]
    if place.stat().st_size > settings.limits.file_mb * 2**20:
        return [problem(path, "deck_large", "deck", name=name)]
    from pptx import Presentation

    try:
        with zipfile.ZipFile(place) as parts:
            expanded = sum(part.file_size for part in parts.infolist())
        whole = expanded <= settings.limits.file_mb * 2**20
        layouts = Presentation(str(place)).slide_layouts if whole else []
        titled = any(shape.placeholder_format.type in TITLES for each in layouts
                     for shape in each.placeholders)  # fmt: skip
    except Exception:  # of whatever kind: what a damaged file does to the libraries that read it
        return [problem(path, "look_unread", "deck", what="a presentation")]
    fault = "deck_untitled" if whole else "deck_expands"
    return [] if titled else [problem(path, fault, "deck", name=name)]
