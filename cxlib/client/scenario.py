"""Scenarios: decisions kept apart from client.yml, in data/NAME/scenarios/*.yml.

name, note, author and date say whose thought it is; `settings` holds values of client.yml by dotted
key, as `cx run --set` and read_client(settings=…) take them. `{"scenario": "cheaper"}` among those
values stands for all that the scenario holds; a value beside it comes before the scenario's.
"""

import json
import re
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from ruamel.yaml import YAML

from cxlib.client.client_yml import bears_on, settings_tree
from cxlib.client.problems import ClientError, Problem, did_you_mean
from cxlib.client.settings import a_day

FOLDER = "scenarios"
KEY = "scenario"  # the value of `settings` that names one
NAME = re.compile(
    r"\w[\w-]*"
)  # letters of any script: it is a file's name, and a word of a command
ABOUT = ("name", "note", "author", "date")
SAVE_ONE = "What you try in a notebook's last cell can be saved as one."
NO_NAME = "is not a name for a scenario", "Use letters, digits and hyphens, such as more-service."


@dataclass(frozen=True)
class Scenario:
    """Decisions under a name. `settings`: {dotted key of client.yml: value}."""

    name: str
    settings: dict
    note: str = ""
    author: str = ""
    date: str = ""  # ISO 8601, of the day it was saved


def scenario_path(folder: Path, name: str) -> Path:
    """Where a client's scenario lies."""
    return Path(folder, FOLDER, f"{name}.yml")


def scenario_names(folder: Path) -> list[str]:
    """Names of a client's scenarios, in order."""
    return sorted(path.stem for path in files_of(folder) if path.suffix == ".yml")


def files_of(folder: Path) -> list[Path]:
    """Whatever lies in the folder of scenarios and is not hidden."""
    return [path for path in Path(folder, FOLDER).glob("*") if not path.name.startswith(".")]


def misnamed_scenarios(folder: Path) -> list[Problem]:
    """Files that somebody may have meant for a scenario, and that are not read as one."""
    endings = [path for path in files_of(folder) if path.suffix.casefold() in (".yml", ".yaml")]
    return [
        Problem(str(path), "is not read: a scenario ends in .yml", f"Name it {path.stem}.yml.")
        for path in endings
        if path.suffix != ".yml"
    ]


def read_scenario(folder: Path, name: str) -> tuple[Scenario | None, list[Problem]]:
    """One scenario, and all that is wrong with how it is written; its values are judged with
    client.yml's own."""
    path = scenario_path(folder, name)
    if name not in (known := scenario_names(folder)):
        hint = did_you_mean(name, known) if known else f"There are none yet. {SAVE_ONE}"
        return None, [Problem(str(path), "is not there", hint)]
    try:
        tree, problems = settings_tree(path, lines := {})
    except ClientError as error:
        return None, error.problems
    problems += [Problem(str(path), *NO_NAME)] if not NAME.fullmatch(name) else []
    problems += about_faults(path, tree, lines)
    for key in [each for each in tree if each not in (*ABOUT, "settings")]:
        hint, row = did_you_mean(key, [*ABOUT, "settings"]), str(lines[(key,)])
        problems.append(Problem(str(path), "is not a key that a scenario has", hint, key, row))
    settings = tree.get("settings")
    if not isinstance(settings, dict) or not settings:
        rule, remedy = (
            "holds no values",
            "Write dotted keys of client.yml and their values under it.",
        )
        problems.append(Problem(str(path), rule, remedy, "settings"))
        settings = {}
    if KEY in settings:
        remedy = "Write out what it should take over."
        problems.append(Problem(str(path), "names another scenario", remedy, f"settings.{KEY}"))
    said = {key: str(tree.get(key) or "") for key in ABOUT if key != "name"}
    return (None if problems else Scenario(name, settings, **said)), problems


def about_faults(path: Path, tree: dict, lines: dict) -> list[Problem]:
    """What a scenario says of itself and cannot: words are text, its name is its file's."""
    told, faults = {key: tree[key] for key in ABOUT if tree.get(key)}, {}
    for key, value in told.items():
        if isinstance(value, dict | list):
            faults[key] = "must be text", f"Write {key}: …, and your words."
    if told.get("name", path.stem) != path.stem and "name" not in faults:
        remedy = f"A scenario goes by its file's name: write {path.stem}, or rename the file."
        faults["name"] = f"is '{told['name']}' in a file called {path.name}", remedy
    try:
        a_day(told.get("date", "2000-01-01"))
    except ValueError as error:
        faults["date"] = str(error), "Write the day that it was thought of, or leave it out."
    return [Problem(str(path), *said, key, str(lines[(key,)])) for key, said in faults.items()]


def with_scenario(folder: Path, overrides: str) -> tuple[str, Scenario | None, list[Problem]]:
    """The values for a run with those of the scenario they name, if they name one."""
    try:
        changes = json.loads(overrides or "{}")
    except json.JSONDecodeError:
        return overrides, None, []  # read_settings says what is wrong
    if not isinstance(changes, dict) or KEY not in changes:
        return overrides, None, []
    scenario, problems = read_scenario(folder, str(changes.pop(KEY)))
    values = {**(scenario.settings if scenario else {}), **changes}
    return json.dumps(values, ensure_ascii=False), scenario, problems


def scenario_problems(folder: Path, scenario: Scenario | None, problems: list) -> list[Problem]:
    """The same problems, those with a scenario's values laid at the door of its file."""
    if scenario is None:
        return problems
    path = str(scenario_path(folder, scenario.name))
    return [
        replace(each, file=path, row="")
        if any(bears_on(each.column, key) for key in scenario.settings)
        else each
        for each in problems
    ]


def save_scenario(folder: Path, name: str, settings: dict, note="", author="") -> Path:
    """Write a scenario of today. One that is there already is never written over."""
    path = scenario_path(folder, name)
    if not NAME.fullmatch(name):
        raise ClientError([Problem(str(path), *NO_NAME)])
    if not settings:
        raise ClientError([Problem(str(path), "would hold nothing: nothing was changed")])
    path.parent.mkdir(exist_ok=True)
    about = {"name": name, "note": note, "author": author, "date": date.today().isoformat()}
    yaml = YAML()
    yaml.width, yaml.allow_unicode = 100, True
    try:
        with path.open("x", encoding="utf-8") as file:
            yaml.dump({**about, "settings": settings}, file)
    except FileExistsError:
        remedy = "Give it another name: a scenario is never written over."
        raise ClientError([Problem(str(path), "is there already", remedy)]) from None
    return path
