"""Reading client.yml, saying where it is wrong, and changing it with its comments kept."""

import io
import json
import re
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode, SequenceNode

from cxlib.client.looks import look_problems
from cxlib.client.numerals import strange_to, two_readings
from cxlib.client.problems import SAID, ClientError, Problem, did_you_mean, problem, refusal
from cxlib.client.settings import KEYS, Settings, disagreements, keys_within

MUST = SAID["must"]
NULLS = {"", "~", "null", "Null", "NULL"}
# {budget: 3,000,000} is a budget of 3, and twice a key 000.
IN_BRACES = "Inside { } a comma ends a value: write 3_000_000."


def read_settings(path: Path, overrides: str = "") -> tuple[Settings, list[Problem]]:
    """Settings of one client.yml, and everything that is wrong with it.

    `overrides` is a JSON object of dotted keys and their values, for this run only. Where there
    are problems the settings hold what is right, so that the tables can be looked at as well.
    """
    shown, lines, wrong, changes = str(path), {}, set(), changes_of(overrides)
    try:
        tree, problems = settings_tree(path, lines)
    except ClientError as error:
        return Settings(name=path.parent.name), error.problems
    if changes is None:
        problems.append(problem("settings", "yml_no_json", value=str(overrides)[:80]))
    for key, value in (changes or {}).items():
        put(tree, key, value)
    try:
        settings = Settings.model_validate(tree)
    except ValidationError as error:
        problems += key_problems(error, tree, lines, shown)
        wrong = {each["loc"][0] for each in error.errors()}
        right = {key: value for key, value in tree.items() if key not in wrong}
        settings = Settings.model_validate({"name": path.parent.name, **right})
    problems += look_problems(settings, path)
    problems += [
        Problem(shown, rule, remedy, key, line_of(key.split("."), lines))
        for key, rule, remedy in disagreements(settings)
        if key.split(".")[0] not in wrong  # a value that cannot be read is not missing as well
    ]
    of_run = f"{shown}, as set for this run"
    return settings, [laid_at(of_run, each, changes or {}) for each in problems]


def amounts_to_look_at(path: Path) -> list[Problem]:
    """Amounts of client.yml that could be read in two ways, and how they are read, or that are in
    another currency than its own: to look at."""
    lines: dict = {}
    tree, _ = settings_tree(path, lines)
    strategy = tree.get("strategy") or {}
    given = {"revenue": tree.get("revenue"), "strategy.budget": strategy.get("budget")}
    for key in ("budgets", "capacity"):
        of = strategy.get(key) or {}
        given |= {f"strategy.{key}.{name}": value for name, value in of.items()}
    at = {key: (key, line_of(key.split("."), lines)) for key in given}
    found = [problem(path, "yml_thousands", *at[key], said)
             for key, value in given.items() if (said := two_readings(value))]  # fmt: skip
    stated = tree.get("currency") or Settings.model_fields["currency"].default
    for key, value in given.items():
        if told := strange_to(stated, [value] if isinstance(value, str) else []):
            found.append(problem(path, "other_currency", *at[key], **told))
    return found


REMARK = re.compile(r"^\s*([\w-]+):\s+(#[0-9A-Za-z]\S*)\s*$")


def read_as_remarks(path: Path) -> list[Problem]:
    """Keys whose value begins with # and is a remark to YAML, so that they are blank: #1F4E79."""
    text = path.read_text("utf-8-sig", errors="replace") if path.is_file() else ""
    found = [(row, REMARK.match(line)) for row, line in enumerate(text.splitlines(), 1)]
    return [
        problem(path, "yml_remark", said[1], str(row), said[2], said=said[2])
        for row, said in found
        if said
    ]


def changes_of(overrides: str) -> dict | None:
    """The values for this run only, by dotted key; None where they are no JSON object."""
    try:
        changes = json.loads(overrides or "{}")
    except json.JSONDecodeError:
        return None
    return changes if isinstance(changes, dict) else None


def laid_at(place: str, problem: Problem, keys) -> Problem:
    """The problem; one with a value that was set elsewhere is at no line of the file, but at this place."""
    of_it = any(bears_on(problem.column, key) for key in keys)
    return replace(problem, file=place, row="") if of_it else problem


def bears_on(column: str, key: str) -> bool:
    """Whether one dotted key is the other, or a part of it."""
    return f"{column}.".startswith(f"{key}.") or f"{key}.".startswith(f"{column}.")


def settings_tree(path: Path, lines: dict) -> tuple[dict, list[Problem]]:
    """client.yml as nested dicts and lists of text; `lines` is filled with the line of each key."""
    shown = str(path)
    if path.exists() and not path.is_file():
        raise refusal(shown, "yml_no_file")
    try:
        node = composed(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise refusal(shown, "yml_not_there") from None
    except OSError as error:  # a folder, a link to itself, a file of somebody else's
        raise refusal(shown, "yml_unread", error=error.strerror) from None
    except UnicodeDecodeError as error:
        raise refusal(shown, "yml_no_utf8", byte=error.start + 1) from None
    except YAMLError as error:
        raise not_yaml(error, shown) from None
    except Exception as error:  # the parser itself breaks on it: a version of YAML yet to come
        raise refusal(shown, "yml_breaks", error=f"{type(error).__name__} {error}") from None
    if not isinstance(node, MappingNode):
        raise refusal(shown, "yml_no_keys" if node is None else "yml_no_mapping")
    problems = []
    return as_text(node, (), lines, problems, shown, set()), problems


@lru_cache(maxsize=4)
def composed(text: str):
    """The nodes of a YAML text; a text that was read before is not parsed again."""
    return YAML().compose(io.StringIO(text))


def not_yaml(error: YAMLError, shown: str) -> ClientError:
    """A file that cannot be parsed, with the line where the parser stopped."""
    mark = getattr(error, "problem_mark", None) if isinstance(error, MarkedYAMLError) else None
    row = str(mark.line + 1) if mark else ""
    said = getattr(error, "problem", None) or str(error).splitlines()[0]
    return refusal(shown, "yml_not_yaml", "", row, said=said)


def as_text(node, path, lines, problems, shown, seen):
    """A YAML node as text, dict and list: values are typed later, by what each key is for."""
    if isinstance(node, ScalarNode):
        quoted = node.style in ("'", '"', "|", ">")
        # The parser marks where a folded text (>) was folded with a bell, for writing it back.
        return None if node.value in NULLS and not quoted else node.value.replace("\a", "")
    seen.add(id(node))
    inside = (lines, problems, shown, seen)
    if isinstance(node, SequenceNode):
        if any(id(each) in seen for each in node.value):
            row = str(node.start_mark.line + 1)
            problems.append(problem(shown, "yml_alias", ".".join(path), row))
        return [as_text(each, path, *inside) for each in node.value if id(each) not in seen]
    found = {}
    for key, value in node.value:
        name = str(key.value)
        here, line = (*path, name), key.start_mark.line + 1
        if name in found:
            rows = f"{lines[here]}, {line}"
            hint = IN_BRACES if name.isdecimal() else "Keep one of them."
            problems.append(problem(shown, "yml_twice", ".".join(here), rows, hint=hint))
        lines[here] = line
        if id(value) in seen:
            problems.append(problem(shown, "yml_alias", ".".join(here), str(line)))
        else:
            found[name] = as_text(value, here, *inside)
    return found


def put(tree: dict, key: str, value) -> None:
    """The value into the tree at its dotted key; what has to be a mapping for that becomes one."""
    *parents, last = key.split(".")
    place = tree
    for parent in parents:
        if not isinstance(place.get(parent), dict):
            place[parent] = spelt_out(parents, place.get(parent))
        place = place[parent]
    place[last] = value


def spelt_out(parents: list[str], value) -> dict:
    """What stands where a value becomes a mapping: `negative: 0.22` is short for {share: 0.22}."""
    return {"share": value} if parents[0] == "churn_cost" and value is not None else {}


def key_problems(error: ValidationError, tree: dict, lines: dict, shown: str) -> list[Problem]:
    """Pydantic's errors as problems, one for each key: the forms a key may take are one rule."""
    by_key = {}
    for each in error.errors(include_url=False):
        missing = each["type"] in ("missing", "extra_forbidden")
        path = tuple(each["loc"]) if missing else present(each["loc"], tree)
        by_key.setdefault(path, []).append(each)
    return [key_problem(path, errors, lines, shown) for path, errors in by_key.items()]


def key_problem(path: tuple, errors: list, lines: dict, shown: str) -> Problem:
    """All that is wrong with one key, as one problem."""
    names = tuple(part for part in path if isinstance(part, str))
    key, row, first = ".".join(names), line_of(names, lines), errors[0]
    if first["type"] == "extra_forbidden":
        known = keys_within(".".join(names[:-1]))
        hint = IN_BRACES if names[-1].isdecimal() else did_you_mean(names[-1], known)
        return problem(shown, "yml_no_key", key, row, hint=hint)
    about = about_key(key)["about"]
    if first["type"] == "missing":
        return problem(shown, "yml_missing", key, row, hint=about)
    rules = dict.fromkeys(rule_of(each) for each in errors)
    given = first["input"]
    own = first["type"] == "value_error" or isinstance(given, dict | list | BaseModel)
    value = "" if own else "(blank)" if given is None else str(given)
    return Problem(shown, ", or ".join(rules), about, key, row, value)


def rule_of(error: dict) -> str:
    """What a value must be, in plain words."""
    said, detail = error["msg"], error.get("ctx", {})
    if error["type"] == "value_error":
        return said.removeprefix("Value error, ")
    if error["type"] == "less_than_equal" and detail.get("le") == 1:
        said += ", as a share: write 22 % as 0.22 or as 22 %"
    known = MUST.get(error["type"])
    return known.format(**detail) if known else said.replace("Input should", "must")


def present(loc: tuple, tree) -> tuple:
    """The part of a pydantic location that is written in the file; the rest names union members."""
    found = []
    for part in loc:
        of_list = range(len(tree)) if isinstance(tree, list) else ()
        if part not in (tree if isinstance(tree, dict) else of_list):
            break
        found.append(part)
        tree = tree[part]
    return tuple(found)


def about_key(path: str) -> dict:
    """What `settings.toml` tells of a dotted key; those of a share are told once, and a name that the
    client gives is of what it stands in."""
    parent, _, name = path.rpartition(".")
    return KEYS[keys_within(parent)[name]] if name in keys_within(parent) else about_key(parent)


def form_of(path: str) -> str:
    """The part of the start page's form where a dotted key stands; "" where it has none."""
    return KEYS.get(path.partition(".")[0], {}).get("form", "")


def line_of(names, lines: dict) -> str:
    """Line of a key, or of the nearest key above it; '' where there is none."""
    names = tuple(names)
    while names and names not in lines:
        names = names[:-1]
    return str(lines[names]) if names else ""


def keeping_yaml() -> YAML:
    """A reader and writer that leaves remarks, quotation marks and lines as they are."""
    yaml = YAML()
    yaml.preserve_quotes, yaml.width = True, 4096
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml


def write_settings(path: Path, changes: dict) -> None:
    """Change values of a client.yml, by dotted key, keeping its comments and its order."""
    yaml = keeping_yaml()
    tree = yaml.load(path.read_text(encoding="utf-8"))
    for key, value in changes.items():
        put(tree, key, value)
    written = path.with_suffix(".yml.new")
    with written.open("w", encoding="utf-8") as file:
        yaml.dump(tree, file)
    written.replace(path)
