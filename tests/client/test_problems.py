"""What is wrong with what we were sent is told in problems.toml: every name is there, and used."""

import ast
from pathlib import Path
from string import Formatter

import pytest

from cxlib.client.problems import SAID, problem, said

CLIENT = Path(__file__).parents[2] / "cxlib" / "client"
MADE = {"cluster_blank", "stratum_blank", "ideal_off", "importance_off"}  # f"{part}_off"
AT = {"problem": 1, "refusal": 1, "said": 0, "tell": None, "report": None}  # the name's place


def named(source: str):
    """(name of a message, facts given it; None where they are in a mapping) of every call."""
    for node in ast.walk(ast.parse(source)):
        called = getattr(node, "func", None)
        called = getattr(called, "attr", getattr(called, "id", ""))
        if called not in AT:
            continue
        place = AT[called]
        for each in node.args if place is None else node.args[place : place + 1]:
            text = each.value if isinstance(each, ast.Constant) else None
            if isinstance(text, str) and (place is not None or text in SAID):
                keys = {word.arg for word in node.keywords}
                yield text, None if None in keys else keys


CALLS = [found for path in CLIENT.glob("*.py") for found in named(path.read_text("utf-8"))]


def fields(name: str) -> set[str]:
    return {field for text in SAID[name] for _, field, _, _ in Formatter().parse(text) if field}


def test_a_message_that_is_named_is_there_and_has_its_facts():
    assert len(CALLS) > 100
    for name, facts in CALLS:
        assert name in SAID, name
        assert facts is None or fields(name) <= facts, name


def test_no_message_is_left_that_nothing_says():
    source = "".join(path.read_text("utf-8") for path in CLIENT.glob("*.py"))
    unused = {name for name in SAID if f'"{name}"' not in source and name not in MADE | {"must"}}
    assert not unused


def test_a_message_holds_what_was_found():
    assert said("below", low=0) == ("is below 0", "Correct it, or leave the cell blank.")
    with pytest.raises(KeyError):
        said("below")
    found = problem(
        "data/a/scores.csv", "not_one_of", "from", "3", "x", known="a, b", hint="Write a."
    )
    assert str(found) == "data/a/scores.csv: 'from' is not one of a, b: x (row 3).\nWrite a."
