"""The guide, followed to the letter: every command in it is run, every file in it is written."""

import json
import os
import re
import signal
import subprocess
import sys
from contextlib import chdir
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import cxlib as cx

ROOT = Path(__file__).parents[1]
GUIDE = ROOT / "docs" / "guide.md"
BLOCK = re.compile(r"```(\w+) ?(\S*)\n(.*?)```", re.S)
START, READY = "make lab", "is running at"  # the one command that does not end by itself


@pytest.fixture(scope="module")
def clone(tmp_path_factory):
    """The workbook as a newcomer has it, with only the data that the guide speaks of."""
    folder = tmp_path_factory.mktemp("clone")
    (folder / ".venv").symlink_to(sys.prefix)
    for name in ("Makefile", "requirements.lock", "pyproject.toml", "cxlib", "notebooks"):
        (folder / name).symlink_to(ROOT / name)
    (folder / "data").mkdir()
    (folder / "data" / "kiosk").symlink_to(ROOT / "data" / "kiosk")
    return folder


def lines(script):
    return [line for line in script.splitlines() if line.strip()]


def run(folder, command) -> str:
    """What one line of the guide prints; it must succeed. The environment is there already."""
    command = re.sub(r"^make ", "make --old-file=.venv/ready ", command)
    whole = f". .venv/bin/activate; {command}"
    done = subprocess.run(["sh", "-c", whole], cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout + done.stderr


def opens(folder, command) -> None:
    """JupyterLab comes up; it is closed again."""
    command = command.replace("make ", "make --old-file=.venv/ready ")
    whole = f". .venv/bin/activate; export JUPYTER_CONFIG_DIR=$PWD/config; {command}"
    config = {"ServerApp": {"allow_root": True, "open_browser": False}}
    (folder / "config").mkdir()
    (folder / "config" / "jupyter_server_config.json").write_text(json.dumps(config))
    lab = subprocess.Popen(
        ["sh", "-c", whole],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        said = []
        for line in lab.stdout:
            said.append(line)
            if READY in line:
                return
        raise AssertionError("".join(said))
    finally:
        os.killpg(lab.pid, signal.SIGTERM)
        lab.wait(30)


def saves(folder, cell) -> None:
    """What is written into a cell of step 4 leaves the files that it names."""
    case = cx.read_client("cafe", folder / "data")
    page, gaps = cx.open_page(case), cx.gaps(case)
    with chdir(folder):
        exec(cell, {"page": page, "gaps": gaps})
    assert all((folder / name).exists() for name in re.findall(r'save_\w+\("([^"]+)"', cell))


def write(path, text) -> None:
    """A file of the guide; of client.yml only the keys that the guide names are changed."""
    path.parent.mkdir(exist_ok=True)
    if path.name != "client.yml":
        path.write_text(text, encoding="utf-8")
        return
    yaml = YAML()
    settings = yaml.load(path.read_text("utf-8"))
    settings.update(yaml.load(text))
    with path.open("w", encoding="utf-8") as file:
        yaml.dump(settings, file)


def test_the_guide_leads_from_a_raw_export_to_a_report(clone):
    said = {}
    for kind, name, text in BLOCK.findall(GUIDE.read_text("utf-8")):
        if name:
            write(clone / name, text)
        elif kind == "python":
            saves(clone, text)
        elif kind == "sh":
            for line in lines(text):
                if line == START:
                    opens(clone, line)
                    continue
                said.setdefault(line, []).append(run(clone, line))
                if "scenario=tight" in line:
                    report = (clone / "reports" / "cafe" / "report.html").read_text("utf-8")
                    assert "What if the budget is cut to six tenths?" in report
    draft = said["cx codebook data/cafe/kiosk.csv"][0]
    assert "29 functional, 29 dysfunctional, 24 expectation, 24 experience" in draft
    assert "99.4%" in draft, "as the guide says"
    assert "cafe: all well." in said["cx check cafe"][0] and "4 rows" in said["cx check cafe"][0]
    chinese = (clone / "reports" / "zh-Hant" / "cafe" / "report.html").read_text("utf-8")
    assert '<html lang="zh-Hant">' in chinese
    report = (clone / "reports" / "cafe-report.html").read_text("utf-8")
    assert "Café" in report and "Privacy screen" in report
    assert "tight" not in report, "the last run is of the client as client.yml has it"


def test_the_guide_names_what_there_is(clone):
    text = GUIDE.read_text("utf-8")
    from cxlib.page import Page

    for name in set(re.findall(r"page\.(\w+)", text)):
        assert hasattr(Page, name), name
    for name in set(re.findall(r"`(data/kiosk/[\w.]*)`", text)):
        assert (ROOT / name).exists(), name


def test_the_readme_leads_to_the_guide():
    assert "docs/guide.md" in (ROOT / "README.md").read_text("utf-8")


def test_readme_and_guide_name_the_button_that_finds_a_new_client():
    from cxlib.page.language import parts

    for path in (GUIDE, ROOT / "README.md"):  # a menu of JupyterLab does not say when it is opened
        assert f"*{parts()['start_page']['again']}*" in path.read_text("utf-8"), path
