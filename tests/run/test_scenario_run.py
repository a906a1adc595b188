"""A run with a scenario: its file counts among the inputs, and no other scenario's does."""

import json
import shutil
from pathlib import Path

import pytest

from cxlib.client.scenario import save_scenario
from cxlib.run import changes, cli
from cxlib.run.worker import Job

ROOT = Path(__file__).parents[2]


@pytest.fixture
def data(tmp_path):
    shutil.copytree(ROOT / "data" / "meisu", tmp_path / "data" / "meisu")
    return tmp_path / "data"


def state(data, scenario="", last=None):
    settings = json.dumps({"scenario": scenario}) if scenario else ""
    job = Job("meisu", str(data), str(data), str(ROOT / "notebooks"), settings=settings)
    return changes.state(job, last)


def test_a_scenario_that_is_not_used_changes_nothing(data):
    before = state(data)
    save_scenario(data / "meisu", "one", {"ideal.service": 9})
    assert state(data) == before
    # nor does one that the last run did use
    assert state(data, last=state(data, "one"))["inputs"] == before["inputs"]


def test_the_scenario_that_is_used_is_an_input(data):
    path = save_scenario(data / "meisu", "one", {"ideal.service": 9})
    save_scenario(data / "meisu", "two", {"ideal.service": 8})
    before = state(data, "one")
    assert "scenarios/one.yml" in before["inputs"] and "scenarios/two.yml" not in before["inputs"]
    path.write_text(path.read_text().replace("9", "7"))
    assert state(data, "one", before)["inputs"] != before["inputs"]


@pytest.mark.parametrize("name, said", [("on", "Did you mean 'one'"), ("torn", "not YAML")])
def test_a_scenario_that_cannot_be_used_is_wrong_usage(data, name, said, capsys):
    save_scenario(data / "meisu", "one", {"ideal.service": 9})
    (data / "meisu" / "scenarios" / "torn.yml").write_text("{")
    words = ["run", "meisu", "--data", str(data), "--reports", str(data), "--set"]
    assert cli.main([*words, f"scenario={name}"]) == 2
    assert said in capsys.readouterr().err
