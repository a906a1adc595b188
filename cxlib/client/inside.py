"""A client's files lie in the client's folder: what leads out of it is refused unless it is allowed.

A path in client.yml, or a link in the folder, could put another client's answers, or any file of this
machine, into a report that is mailed. A pipe or a device would never end.
"""

import os
from pathlib import Path, PurePosixPath, PureWindowsPath
from stat import S_IFBLK, S_IFCHR, S_IFIFO, S_IFMT, S_IFSOCK

from cxlib.client.problems import Problem, problem
from cxlib.client.settings import Settings

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
    there = {str(path.relative_to(folder)): path for path in paths if not path.name.startswith((".", "~$"))}  # fmt: skip
    places = {key: (shown, key, name) for key, name in named.items()}
    rest = there.keys() - {*named.values()}
    places |= {name: (str(there[name]), "", name) for name in sorted(rest)}
    for where, column, name in places.values():
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
