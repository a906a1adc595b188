"""Every public function answers `?` with an example, and every example is true.

Public: what a notebook asks of `cx`, what it asks of the page, and every sum that another module
uses.
"""

import ast
import doctest
import importlib
import inspect
import json
import pkgutil
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import cxlib as cx
import proof
from cxlib import client, page, run, sums
from cxlib.page import Page

ROOT = Path(__file__).parents[1]
MODULES = [
    module.name
    for floor in (sums, client, page, run, proof)
    for module in pkgutil.iter_modules(floor.__path__, f"{floor.__name__}.")
]


def asked_of(name: str) -> set[str]:
    """What the notebooks and the guide ask of a name, such as cx."""
    texts = [(ROOT / "docs" / "guide.md").read_text("utf-8")]
    for book in (ROOT / "notebooks").glob("*.ipynb"):
        cells = json.loads(book.read_text("utf-8"))["cells"]
        texts += ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    return set(re.findall(rf"\b{name}\.(\w+)", "\n".join(texts)))


def sums_used_elsewhere() -> set[tuple[str, str]]:
    """(module, name) of everything of cxlib.sums that another module takes."""
    found = set()
    for path in (ROOT / "cxlib").rglob("*.py"):
        source = path.read_text("utf-8")
        for node in ast.walk(ast.parse(source)):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith(
                "cxlib.sums"
            ):
                continue
            for alias in node.names:
                if node.module != "cxlib.sums":
                    found.add((node.module, alias.name))
                    continue
                used = re.findall(rf"\b{alias.asname or alias.name}\.(\w+)", source)
                found |= {(f"cxlib.sums.{alias.name}", name) for name in used}
    return found


def without_example(things: dict) -> list[str]:
    return sorted(name for name, thing in things.items() if ">>>" not in (thing.__doc__ or ""))


def test_what_notebooks_ask_for_has_an_example():
    assert without_example({name: getattr(cx, name) for name in asked_of("cx")}) == []


def test_what_notebooks_ask_of_the_page_has_an_example():
    asked = {name: getattr(Page, name) for name in asked_of("page") if hasattr(Page, name)}
    asked = {name: thing for name, thing in asked.items() if inspect.isfunction(thing)}
    assert "figure" in asked and without_example(asked) == []


def test_every_sum_that_others_use_has_an_example():
    used = {
        f"{module}.{name}": thing
        for module, name in sums_used_elsewhere()
        if inspect.isfunction(thing := getattr(importlib.import_module(module), name, None))
    }
    assert len(used) > 100 and without_example(used) == []


@pytest.mark.parametrize("name", MODULES)
def test_every_example_is_true(name, monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr("IPython.get_ipython", lambda: None)  # what an earlier test may have left
    module = importlib.import_module(name)
    case = cx.read_client("meisu", "data")
    known = {**vars(module), "cx": cx, "pd": pd, "np": np, "case": case, "page": cx.open_page(case)}
    monkeypatch.setattr(Page, "_put", lambda *_: None)  # a doctest has no place to show it
    finder, runner = doctest.DocTestFinder(), doctest.DocTestRunner(verbose=False)
    with np.printoptions(legacy="1.25"):  # 0.5 and not np.float64(0.5)
        for example in finder.find(module, name, globs=known):
            runner.run(example)
    assert runner.summarize(verbose=False).failed == 0


def test_what_is_offered_by_name_answers_with_an_example():
    assert (
        len(dir(cx)) > 90 and without_example({name: getattr(cx, name) for name in dir(cx)}) == []
    )
    assert asked_of("cx") <= set(dir(cx))
