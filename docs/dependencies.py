"""Writes docs/dependencies.md from requirements.lock: every package, what it does, its licence, and
when the project last made a release (docs/releases.csv, looked up by hand: see its date there).

Run by `make lock`, in the environment that the lock describes: python docs/dependencies.py
"""

import csv
import re
import tomllib
from importlib.metadata import PackageNotFoundError, metadata
from pathlib import Path

ROOT = Path(__file__).parents[1]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)
# Why each of ours is here, and not another: only what its own summary does not say.
WHY = {
    "babel": "plurals, dates, numbers and the translators' catalogues; the field's standard, where ICU needs a C library",
    "beautifulsoup4": "takes a stranger's HTML apart, to clean it; nbconvert brings it",
    "bleach": "keeps scripts and remote pictures out of a consultant's own tables; nbconvert brings it",
    "charset-normalizer": "finds out the encoding of an export; pure Python, kept up",
    "filelock": "one run per client at a time, on every system; `fcntl` is Unix only",
    "fonttools": "cuts the fonts of a figure to the letters it uses; matplotlib brings it",
    "ipykernel": "runs the notebooks' cells",
    "ipython": "shows what a cell shows; ipykernel brings it",
    "ipywidgets": "sliders and choices in JupyterLab; the user's choice",
    "jinja2": "the report's template; nbconvert brings it",
    "jupyterlab": "where the consultant works; the user's choice",
    "lifelines": "survival curves and customers' lifetimes; scikit-survival is GPL",
    "lxml": "the XML of slides and charts where python-pptx, which brings it, has no call",
    "markupsafe": "text that is HTML already, told apart from text that is not; jinja2 brings it",
    "matplotlib": "every figure; the user's choice",
    "matplotlib-inline": "a consultant's own figures in a notebook; ipykernel brings it",
    "nbclient": "papermill's engine; its receiver of a kernel's messages",
    "nbconvert": "a notebook as a page",
    "nbformat": "notebook files",
    "numpy": "arrays",
    "openpyxl": "workbooks read and written, a release seldom: nothing else reads .xlsx with its formats",
    "pandas": "tables; the user's choice",
    "papermill": "runs parameterised notebooks; the user's choice",
    "pillow": "a logo's size and kind, and the pictures on slides; matplotlib and python-pptx bring it",
    "psutil": "memory and processes on every system; `resource` is Unix only",
    "pyarrow": "Parquet, and text columns that take little room",
    "pydantic": "client.yml, checked key by key, all faults at once",
    "pylopdf-fonts-zh-cn": "Noto Sans SC for figures in Simplified Chinese",
    "pylopdf-fonts-zh-tw": "Noto Sans TC for figures in Traditional Chinese",
    "pyreadstat": "SPSS and Stata files with their labels; pandas reads them without",
    "python-calamine": "workbooks of other kinds: .xls, .xlsb, .ods; xlrd reads .xls alone",
    "python-pptx": "slides with charts that PowerPoint can edit; nothing else writes them, though its last release is old; pure Python beside lxml",
    "pyyaml": "the rules of rounding, read as data; papermill brings it",
    "ruamel-yaml": "client.yml with its comments kept and its lines named; PyYAML drops comments",
    "scipy": "distributions, optimisation, linear programmes; statsmodels, in tests alone, is the oracle",
    "seaborn": "statistical figures; the user's choice, though its last release is old",
    "traitlets": "what a widget holds; ipywidgets brings it",
    "xlsxwriter": "the appendix: number formats, panes and filters, written row by row; openpyxl holds every cell in memory",
}


LOOKED_UP = "2026-12-01"  # the day of docs/releases.csv


def canonical(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def licence(name):
    """What the package says of its licence, in one short phrase."""
    try:
        found = metadata(name)
    except PackageNotFoundError:
        return "not installed on this system"
    trove = [
        each.split("::")[-1].strip()
        for each in found.get_all("Classifier") or []
        if each.startswith("License ::")
    ]
    said = (
        found.get("License-Expression")
        or ", ".join(each for each in trove if each != "OSI Approved")
        or found.get("License")
        or "see its files"
    )
    return said.strip().splitlines()[0][:60]


def page() -> str:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    ours = {canonical(re.split(r"[<>=]", line)[0]) for line in project["dependencies"]}
    extras = {
        canonical(re.split(r"[<>=]", line)[0]): extra
        for extra, lines in project["optional-dependencies"].items()
        for line in lines
    }
    with (ROOT / "docs" / "releases.csv").open(encoding="utf-8") as table:
        last = {each["package"]: each["last_release"] for each in csv.DictReader(table)}
    if missing := sorted(ours - (set(WHY) & set(last))):
        missing = ", ".join(missing)
        raise SystemExit(
            f"docs/dependencies.py: WHY and releases.csv lack {missing}: add why, when"
        )
    pins = dict.fromkeys(PIN.findall((ROOT / "requirements.lock").read_text("utf-8")))
    lines = [
        "# What this stands on",
        "",
        "Made from `requirements.lock` by `docs/dependencies.py`; every file in the lock carries its",
        "SHA-256, and nothing is fetched while the workbook runs. Licences are what the packages say;",
        f"the last release is the newest there was on {LOOKED_UP}.",
        "",
        "## Needed to run",
        "",
        "| package | version | licence | last release | why it, and not another |",
        "|---|---|---|---|---|",
    ]
    lines += [
        row(name, version, last[canonical(name)], WHY[canonical(name)])
        for name, version in pins
        if canonical(name) in ours
    ]
    lines += [
        "",
        "## For some of it (tests, a cluster, building)",
        "",
        "| package | version | licence | for |",
        "|---|---|---|---|",
    ]
    lines += [
        row(name, version, extras[canonical(name)])
        for name, version in pins
        if canonical(name) in extras and canonical(name) not in ours
    ]
    lines += [
        "",
        "## What those need in turn",
        "",
        "| package | version | licence |",
        "|---|---|---|",
    ]
    lines += [
        row(name, version) for name, version in pins if canonical(name) not in ours | set(extras)
    ]
    return "\n".join(lines) + "\n"


def row(name, version, *more):
    return f"| {' | '.join([name, version, licence(name), *more])} |"


if __name__ == "__main__":
    (ROOT / "docs" / "dependencies.md").write_text(page(), encoding="utf-8")
