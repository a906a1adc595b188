"""The house stands as it was drawn: floors, notebooks, and one source for every environment."""

import ast
import io
import re
import subprocess
import sys
import tokenize
import tomllib
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

import nbformat
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
FLOORS = ["sums", "client", "analysis", "page", "run", "lab"]  # a floor knows only those beneath it
MODULES = sorted((ROOT / "cxlib").rglob("*.py"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]*.ipynb"))  # and start.ipynb, the door to them
STEPS = [
    "00_client_brief", "01_brand_value", "02_experience_expectation", "03_key_experience", "04_gap_analysis",
    "05_requirements", "06_strategy_capability", "07_feedback_loop", "08_churn_cost", "09_executive_report",
]  # fmt: skip


def floors_imported(source: str, package: str) -> set[str]:
    """Which floors of cxlib a module's source imports, wherever in the module it does."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            full = ".".join(filter(None, [base, node.module or ""]))
            found |= {full} | {f"{full}.{name.name}" for name in node.names}
    return {floor for floor in FLOORS for name in found if re.match(rf"cxlib\.{floor}(\.|$)", name)}


def test_an_import_from_above_is_seen():
    assert floors_imported("from cxlib.page.figures import x", "cxlib.sums") == {"page"}
    assert floors_imported("def f():\n    from ..run import cli", "cxlib.sums") == {"run"}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_floor_knows_only_those_beneath_it(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    if parts[1] in FLOORS:
        above = set(FLOORS[FLOORS.index(parts[1]) + 1 :])
        assert not floors_imported(path.read_text(encoding="utf-8"), ".".join(parts[:-1])) & above


# What the page and the run may read of a client beside the gate; each was looked at: whether there
# is a survey, how many people and tables came, from which day to which, what could not be read.
BESIDE_THE_GATE = {
    ("page/findings.py", "survey"), ("page/findings.py", "tables"),
    ("page/findings.py", "scores"),
    ("page/findings.py", "churn_inputs"),
    ("page/sentences_churn.py", "churn_inputs"), ("page/sentences_churn.py", "leavers"),
    ("page/sentences_customers.py", "churn_inputs"), ("page/sentences_customers.py", "leavers"), ("page/sentences_survey.py", "survey"),
    ("page/sentences_brief.py", "survey"), ("page/sentences_brief.py", "tables"),
    ("page/sentences_brief.py", "latest"), ("page/sentences_brief.py", "rejected"),
    ("run/report.py", "rejected"), ("run/report.py", "survey"), ("run/report.py", "tables"),
}  # fmt: skip
CONFIDENTIAL = {
    "survey", "latest", "tables", "scores", "item_scores", "estimates",
    "item_estimates", "rejected", "leavers", "churn_inputs",
}  # fmt: skip


def read_of_the_client(source: str) -> set[str]:
    """What a module takes from a case that is answers or tables: `case.X`, getattr(case, "X")."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "getattr":
            of, name = node.args[0], getattr(node.args[1], "value", "")
        elif isinstance(node, ast.Attribute):
            of, name = node.value, node.attr
        else:
            continue
        if (getattr(of, "id", "") or getattr(of, "attr", "")) == "case":
            found.add(name)
    return found & CONFIDENTIAL


def test_the_page_and_the_run_read_a_client_through_the_gate():
    assert read_of_the_client("page.case.latest.answers, getattr(case, 'tables', 0)") == {
        "latest",
        "tables",
    }
    found = {
        (str(path.relative_to(ROOT / "cxlib")), name)
        for path in MODULES
        if path.relative_to(ROOT / "cxlib").parts[0] in ("page", "run")
        for name in read_of_the_client(path.read_text(encoding="utf-8"))
    }
    assert found == BESIDE_THE_GATE


def test_only_the_gate_makes_what_is_released():
    named = [
        path.stem
        for path in MODULES
        if re.search(r"\b(Released|as_told)\(", path.read_text("utf-8"))
    ]
    assert named == ["release"]


def test_the_product_does_not_rest_on_its_proofs():
    named = [
        path for path in MODULES if re.search(r"(from|import) proof\b", path.read_text("utf-8"))
    ]
    assert not named  # `cx validate` finds them by name, where there is a checkout


def test_no_room_without_a_name():
    assert not [
        path for path in MODULES if path.stem in {"utils", "util", "helpers", "common", "misc"}
    ]


def test_the_ten_notebooks_are_here():
    assert [path.stem for path in NOTEBOOKS] == STEPS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_asks_and_does_no_sums(path):
    cells = nbformat.read(path, as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    assert not any(cell.outputs or cell.execution_count for cell in code), "stored with outputs"
    assert all(cell.source.count("\n") < 15 for cell in code), (
        "a cell is one thought: at most 15 lines"
    )
    for cell in code:
        nodes = list(ast.walk(ast.parse(cell.source)))
        assert not [
            n for n in nodes if isinstance(n, ast.FunctionDef | ast.ClassDef | ast.Lambda)
        ], cell.source
    for cell in cells:
        if (
            cell.cell_type == "markdown"
        ):  # prose asks, code answers: only a step's own number may stand in it
            assert not re.search(
                r"\d", re.sub(r"^# \d ·|step[s]? \d( (and|to) \d)?", "", cell.source)
            ), cell.source


@pytest.mark.parametrize(
    "path", [*NOTEBOOKS, ROOT / "notebooks" / "start.ipynb"], ids=lambda path: path.stem
)
def test_a_notebook_takes_flat_parameters(path):
    cells = nbformat.read(path, as_version=4).cells
    tagged = [cell for cell in cells if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    names = set()
    for node in ast.parse(tagged[0].source).body:
        assert isinstance(node, ast.AnnAssign) and isinstance(node.value, ast.Constant), (
            ast.unparse(node)
        )
        names.add(node.target.id)
    assert {"client", "data_dir", "reports_dir", "language"} <= names


# One source for every environment


def declared():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [
        Requirement(line)
        for line in sum(project["optional-dependencies"].values(), project["dependencies"])
    ]


def test_the_lock_holds_what_pyproject_asks_for():
    pins = re.findall(
        r"^([a-z0-9._-]+)==(\S+)", (ROOT / "requirements.lock").read_text(), re.MULTILINE
    )
    locked = {name: [version for other, version in pins if other == name] for name, _ in pins}
    missing = [
        str(wish)
        for wish in declared()
        if not any(map(wish.specifier.contains, locked.get(canonicalize_name(wish.name), [])))
    ]
    assert not missing, f"not in requirements.lock: {missing}. Run `make lock`."


def test_what_the_package_imports_it_declares():
    """A package that another brings along today may not be there tomorrow."""
    imported = {
        name.partition(".")[0]
        for path in (ROOT / "cxlib").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        for name in (
            [each.name for each in node.names] if isinstance(node, ast.Import)
            else [node.module] if isinstance(node, ast.ImportFrom) and not node.level else []
        )
    }  # fmt: skip
    ours = {canonicalize_name(wish.name) for wish in declared()}
    of = packages_distributions()
    foreign = imported - set(sys.stdlib_module_names) - {"cxlib"}
    foreign -= {"jupyter_client"}  # nbclient's own; environment.yml cannot spell conda's name of it
    assert {name for name in foreign if not ours & set(map(canonicalize_name, of[name]))} == set()


def test_the_list_of_what_this_stands_on_is_that_of_the_lock():
    lock = (ROOT / "requirements.lock").read_text()
    pins = re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", lock, re.MULTILINE)
    listed = re.findall(
        r"^\| ([A-Za-z0-9._-]+) \| (\d\S*) \|",
        (ROOT / "docs" / "dependencies.md").read_text("utf-8"),
        re.MULTILINE,
    )
    assert set(listed) == set(pins), "Run `make lock`; docs/dependencies.py says why each is here."
    assert lock.count("--hash=sha256:") > len(pins)  # nothing unhashed comes in


def test_the_conda_file_says_the_same_as_pyproject(tmp_path):
    recipe = next(
        line
        for line in (ROOT / "Makefile").read_text().splitlines()
        if "pyproject2conda yaml" in line
    )
    made = tmp_path / "environment.yml"
    words = recipe.split("pyproject2conda yaml ")[1].replace("environment.yml", str(made)).split()
    subprocess.run(
        [Path(sys.executable).parent / "pyproject2conda", "yaml", *words],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    assert made.read_text() == (ROOT / "environment.yml").read_text(), "Run `make lock`."


def calls_of(path):
    """(name, call) of every call of a method in a notebook's cells."""
    for cell in nbformat.read(path, as_version=4).cells:
        for node in ast.walk(ast.parse(cell.source)) if cell.cell_type == "code" else ():
            if isinstance(node, ast.Call):
                yield getattr(node.func, "attr", ""), node


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_shows_and_writes_what_is_known_by_name(path):
    from cxlib.page.terms import COLUMNS, RESULTS

    for name, call in calls_of(path):
        if name in ("publish", "show"):
            assert call.args[0].value in RESULTS, "name it in cxlib/page/words/results.csv"
        at = {"table": 1, "show": 2}.get(name, 9)
        if len(call.args) > at and isinstance(call.args[at], ast.List | ast.Dict):
            listed = getattr(call.args[at], "elts", None) or call.args[at].keys
            assert not {each.value for each in listed} - set(COLUMNS), "see words/columns.csv"


SUMS = {
    "02": "Sub",
    "03": "Mult",
    "04": "Sub",
    "06": "Div",
    "08": "Mult",
}  # what the step's own arithmetic is made of


@pytest.mark.parametrize("step", SUMS)
def test_a_step_shows_its_own_sums(step):
    (path,) = [path for path in NOTEBOOKS if path.stem.startswith(step)]
    cells = [c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "code"]
    signs = [type(node.op).__name__ for source in cells for node in ast.walk(ast.parse(source))
             if isinstance(node, ast.BinOp)]  # fmt: skip
    assert SUMS[step] in signs


def test_every_result_names_a_step_that_is_there():
    from cxlib.analysis.asking import STEPS
    from cxlib.page.terms import RESULTS

    import_all = [import_module(f"cxlib.analysis.{path.stem}")
                  for path in (ROOT / "cxlib" / "analysis").glob("[a-z]*.py")]  # fmt: skip
    assert import_all and {step for step in RESULTS.values() if step} <= set(STEPS)


# The budgets. What is above them today may shrink, and no more may come.
MOST_CODE, TARGET = 23_130, 12_000  # lines without blanks, comments and docstrings
MOST_LINES = 400  # of a module


def code_lines(source: str) -> int:
    """Lines of a module that hold code."""
    documented = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef) and ast.get_docstring(
            node
        ):
            documented |= set(range(node.body[0].lineno, node.body[0].end_lineno + 1))
    passed = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT,
              tokenize.ENDMARKER}  # fmt: skip
    lines = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type not in passed:
            lines |= set(range(token.start[0], token.end[0] + 1))
    return len(lines - documented)


def test_lines_of_code_are_counted():
    assert code_lines('"""What."""\n\n# why\nx = [\n    1,\n]\n\n\ndef f():\n    """Of."""\n') == 4


def test_the_package_grows_no_larger():
    found = sum(code_lines(path.read_text("utf-8")) for path in MODULES)
    assert TARGET < found <= MOST_CODE
    said = re.search(r"`cxlib` has ([\d,]+) lines of code", (ROOT / "README.md").read_text("utf-8"))
    assert abs(int(said[1].replace(",", "")) - found) <= 150, "say the count in the README"


def test_no_further_module_is_large():
    large = {
        str(path.relative_to(ROOT / "cxlib"))
        for path in MODULES
        if path.read_text("utf-8").count("\n") > MOST_LINES
    }
    assert not large


MOST_OF_ONE = 60  # lines of a function, its docstring included
LONGER = {
    "sums/priority.py key_by_derived_importance", "sums/stakes.py revenue_at_stake",
}  # fmt: skip


def long_functions(source: str) -> set[str]:
    """The functions of a module that are longer than a page."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    return {each.name for each in functions if each.end_lineno - each.lineno + 1 > MOST_OF_ONE}


def test_a_long_function_is_seen():
    body = "def short():\n    pass\n\n\ndef long():\n" + "    x = 1\n" * MOST_OF_ONE
    assert long_functions(body) == {"long"}


def test_no_further_function_is_long():
    long = {
        f"{path.parent.name}/{path.name} {name}"
        for path in MODULES
        for name in long_functions(path.read_text("utf-8"))
    }
    assert long <= LONGER


def test_every_bench_can_be_measured():
    from bench.__main__ import NAMES

    assert NAMES and all(hasattr(import_module(f"bench.{name}"), "rows") for name in NAMES)
