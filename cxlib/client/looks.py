"""The client's look: files of its folder that pages and slides take, refused where they cannot be read.

A client's files lie in the client's folder: what leads out of it is refused unless it is allowed.

A path in client.yml, or a link in the folder, could put another client's answers, or any file of this
machine, into a report that is mailed. A pipe or a device would never end.
"""

import os
import zipfile
from pathlib import Path, PurePosixPath, PureWindowsPath
from stat import S_IFBLK, S_IFCHR, S_IFIFO, S_IFMT, S_IFSOCK

from cxlib.client.problems import Problem, problem
from cxlib.client.settings import Settings

PICTURES = (".png", ".jpg", ".jpeg", ".svg", ".webp", ".gif")
TITLES = (1, 3)  # kinds of a placeholder: title, centred title


def look_problems(settings: Settings, path: Path) -> list[Problem]:
    """Files of the look that are not in the client's own folder, of another kind, or not to be read."""
    found, most = [], settings.limits.file_mb * 2**20
    for key, (absent, endings, what, fault_of) in LOOKS.items():
        name, place = getattr(settings, key), path.parent / (getattr(settings, key) or "")
        if not name or not_a_file(place):  # the folder's own check says what stands there
            continue
        own = Path(name).name == name and place.suffix.lower() in endings and place.is_file()
        try:
            fault = fault_of(place, most) if own else absent
        except Exception:  # whatever a damaged file does to the libraries that read it
            fault = "look_unread"
        about = {"name": name, "endings": ", ".join(endings), "what": what}
        found += [problem(path, fault, key, **about)] if fault else []
    return found


def of_picture(place: Path, _) -> str:
    """Fails on what is no picture; an SVG is text, and the browser's to draw."""
    if place.suffix.lower() != ".svg":
        from PIL import Image  # here, for most clients have none

        Image.open(place).load()
    return ""


def of_deck(place: Path, most: int) -> str:
    """What is wrong with a template: no slide can be made of it, or it comes to more bytes than these."""
    from pptx import Presentation

    if place.stat().st_size > most:
        return "deck_large"
    with zipfile.ZipFile(place) as parts:
        if sum(part.file_size for part in parts.infolist()) > most:
            return "deck_expands"
    layouts = Presentation(str(place)).slide_layouts
    shapes = (shape.placeholder_format for each in layouts for shape in each.placeholders)
    return "" if any(shape.type in TITLES for shape in shapes) else "deck_untitled"


# Key of client.yml: the fault where it is not there, its endings, what it is, what finds it wrong.
LOOKS = {
    "logo": ("no_picture", PICTURES, "a picture", of_picture),
    "deck": ("no_deck", (".pptx",), "a presentation", of_deck),
}


# What leads out of the client's folder


KINDS = {S_IFIFO: "a pipe", S_IFSOCK: "a socket", S_IFCHR: "a device", S_IFBLK: "a device"}


def named_files(settings: Settings) -> dict[str, str]:
    """{key of client.yml: file that it names}."""
    survey = settings.survey
    named = {key: getattr(settings, key, None) for key in ("logo", "deck")}
    named["survey.file"] = survey and survey.file
    named["survey.keep.file"] = survey and survey.keep and survey.keep.file
    return {key: str(name) for key, name in named.items() if name}


def leads_out(folder: Path, name: str) -> bool:
    """Whether a path, followed to its end, leaves the folder; also one written for another system."""
    parts = {*PurePosixPath(name).parts, *PureWindowsPath(name).parts}
    if PurePosixPath(name).is_absolute() or PureWindowsPath(name).drive or ".." in parts:
        return True
    try:
        end = (folder / name).resolve()
    except (OSError, RuntimeError, ValueError):
        return False  # a link to itself, no name at all: reading says that it is not there
    return not end.is_relative_to(folder.resolve())


def not_a_file(path: Path) -> str:
    """What stands there in place of a file or folder: a pipe, a device, a socket; '' where neither."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return ""  # not there, or a link to nothing: reading says so
    return KINDS.get(S_IFMT(mode), "")


def found_outside(folder: Path, settings: Settings) -> tuple[list[Problem], list[Problem], set]:
    """(problems, warnings, names not to be read) of a client's folder and of what client.yml names."""
    problems, warnings, unread = [], [], set()
    shown = str(folder / "client.yml")
    named = named_files(settings)
    paths = (*folder.iterdir(), *folder.glob("scenarios/*"))
    there = (path for path in paths if not path.name.startswith((".", "~$")))
    rest = {str(path.relative_to(folder)) for path in there} - {*named.values()}
    places = [(shown, key, name) for key, name in named.items()]
    places += [(str(folder / name), "", name) for name in sorted(rest)]
    for where, column, name in places:
        gone = not column and not os.path.exists(folder / name)
        if what := "a link to nothing" if gone else not_a_file(folder / name):
            problems.append(problem(where, "no_plain_file", column, value=name, what=what))
            unread.add(name)
        elif leads_out(folder, name) and settings.outside:
            place = str((folder / name).resolve())
            warnings.append(problem(where, "outside_allowed", column, value=place))
        elif leads_out(folder, name):
            problems.append(problem(where, "leads_out", column, value=name))
            unread.add(name)
    return problems, warnings, unread
