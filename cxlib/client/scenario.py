"""Scenarios: decisions kept apart from client.yml, in data/NAME/scenarios/*.yml.

name, note, author and date say whose thought it is; `settings` holds values of client.yml by dotted
key, as `cx run --set` and read_client(settings=…) take them. `{"scenario": "cheaper"}` among those
values stands for all that the scenario holds; a value beside it comes before the scenario's.
"""

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ruamel.yaml import YAML

from cxlib.client.client_yml import changes_of, laid_at, settings_tree
from cxlib.client.looks import leads_out
from cxlib.client.problems import ClientError, Problem, did_you_mean, problem, refusal, said
from cxlib.client.settings import a_day

FOLDER = "scenarios"
KEY = "scenario"  # the value of `settings` that names one
# Letters of any script: it is a file's name, and a word of a command.
NAME = re.compile(r"\w[\w-]*")
ABOUT = ("name", "note", "author", "date")
NONE_YET = "There are none yet. What you try in a notebook's last cell can be saved as one."


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
    return [
        problem(path, "scenario_ending", stem=path.stem)
        for path in files_of(folder)
        if path.suffix.casefold() in (".yml", ".yaml") and path.suffix != ".yml"
    ]


def read_scenario(folder: Path, name: str) -> tuple[Scenario | None, list[Problem]]:
    """One scenario, and all that is wrong with how it is written; its values are judged with
    client.yml's own."""
    path = scenario_path(folder, name)
    if name not in (known := scenario_names(folder)):
        hint = did_you_mean(name, known, NONE_YET)
        return None, [problem(path, "scenario_not_there", hint=hint)]
    try:
        if leads_out(folder, f"{FOLDER}/{path.name}"):
            allowed = settings_tree(Path(folder, "client.yml"), {})[0].get("outside")
            if str(allowed).casefold() != "true":
                raise refusal(path, "leads_out")
        tree, problems = settings_tree(path, lines := {})
    except ClientError as error:
        return None, error.problems
    problems += [problem(path, "scenario_name")] if not NAME.fullmatch(name) else []
    problems += about_faults(path, tree, lines)
    for key in [each for each in tree if each not in (*ABOUT, "settings")]:
        hint, row = did_you_mean(key, [*ABOUT, "settings"]), str(lines[(key,)])
        problems.append(problem(path, "scenario_key", key, row, hint=hint))
    settings = tree.get("settings")
    if not isinstance(settings, dict) or not settings:
        problems.append(problem(path, "scenario_empty", "settings"))
        settings = {}
    if KEY in settings:
        problems.append(problem(path, "scenario_of_other", f"settings.{KEY}"))
    said = {key: str(tree.get(key) or "") for key in ABOUT if key != "name"}
    return (None if problems else Scenario(name, settings, **said)), problems


def about_faults(path: Path, tree: dict, lines: dict) -> list[Problem]:
    """What a scenario says of itself and cannot: words are text, its name is its file's."""
    told = {key: tree[key] for key in ABOUT if tree.get(key)}
    lists = [key for key, value in told.items() if isinstance(value, dict | list)]
    faults = {key: said("scenario_no_text", key=key) for key in lists}
    if told.get("name", path.stem) != path.stem and "name" not in faults:
        about = {"name": told["name"], "file": path.name, "stem": path.stem}
        faults["name"] = said("scenario_named", **about)
    try:
        a_day(told.get("date", "2000-01-01"))
    except ValueError as error:
        faults["date"] = said("scenario_day", told=error)
    return [Problem(str(path), *each, key, str(lines[(key,)])) for key, each in faults.items()]


def with_scenario(folder: Path, overrides: str) -> tuple[str, Scenario | None, list[Problem]]:
    """The values for a run with those of the scenario they name, if they name one."""
    changes = changes_of(overrides) or {}  # read_settings says what is wrong with them
    if KEY not in changes:
        return overrides, None, []
    scenario, problems = read_scenario(folder, str(changes.pop(KEY)))
    values = {**(scenario.settings if scenario else {}), **changes}
    return json.dumps(values, ensure_ascii=False), scenario, problems


def scenario_problems(folder: Path, scenario: Scenario | None, problems: list) -> list[Problem]:
    """The same problems, those with a scenario's values laid at the door of its file."""
    if scenario is None:
        return problems
    path = str(scenario_path(folder, scenario.name))
    return [laid_at(path, each, scenario.settings) for each in problems]


def save_scenario(folder: Path, name: str, settings: dict, note="", author="") -> Path:
    """Write a scenario of today. One that is there already is never written over."""
    path = scenario_path(folder, name)
    if not NAME.fullmatch(name):
        raise refusal(path, "scenario_name")
    if not settings:
        raise refusal(path, "scenario_of_nothing")
    path.parent.mkdir(exist_ok=True)
    about = {"name": name, "note": note, "author": author, "date": date.today().isoformat()}
    yaml = YAML()
    yaml.width, yaml.allow_unicode = 100, True
    try:
        with path.open("x", encoding="utf-8") as file:
            yaml.dump({**about, "settings": settings}, file)
    except FileExistsError:
        raise refusal(path, "scenario_there") from None
    return path
