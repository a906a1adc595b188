"""Scenarios: what is kept, what is refused, and that looking ahead gives what a run would."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest
from ruamel.yaml import YAML

import cxlib as cx
from cxlib.client.client_yml import write_settings
from cxlib.client.problems import ClientError
from cxlib.client.scenario import save_scenario, scenario_names

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture
def data(tmp_path):
    shutil.copytree(DATA / "meisu", tmp_path / "meisu")
    return tmp_path


def asked(name, **more) -> str:
    return json.dumps({"scenario": name, **more})


def test_a_scenario_is_kept_and_read_as_its_values(data):
    path = save_scenario(data / "meisu", "目标-9", {"ideal.service": 9}, "为什么", "Ann")
    assert YAML().load(path.read_text("utf-8")) == {
        "name": "目标-9",
        "note": "为什么",
        "author": "Ann",
        "date": date.today().isoformat(),
        "settings": {"ideal.service": 9},
    }
    case = cx.read_client("meisu", data, settings=asked("目标-9"))
    by = case.scores.set_index("dimension")["ideal"]
    assert by["service"] == 9 and by["convenience"] == 10
    assert (case.scenario.author, case.scenario.note) == ("Ann", "为什么")
    assert "scenarios/目标-9.yml" in case.inputs
    assert "scenarios/目标-9.yml" not in cx.read_client("meisu", data).inputs


def test_a_value_beside_the_scenario_comes_first(data):
    save_scenario(data / "meisu", "one", {"ideal.service": 9, "ideal.brand": 8})
    case = cx.read_client("meisu", data, settings=asked("one", **{"ideal.service": 7}))
    by = case.scores.set_index("dimension")["ideal"]
    assert (by["service"], by["brand"]) == (7, 8)


def test_nothing_is_written_over_and_nothing_empty_is_kept(data):
    path = save_scenario(data / "meisu", "one", {"ideal.service": 9})
    before = path.read_bytes()
    with pytest.raises(ClientError, match="there already"):
        save_scenario(data / "meisu", "one", {"ideal.service": 1})
    with pytest.raises(ClientError, match="nothing was changed"):
        save_scenario(data / "meisu", "two", {})
    for name in ("../client", "a/b", "", ".hidden", "a b"):
        with pytest.raises(ClientError, match="not a name"):
            save_scenario(data / "meisu", name, {"ideal.service": 1})
    assert path.read_bytes() == before and scenario_names(data / "meisu") == ["one"]


def test_a_misspelt_scenario_is_answered_with_the_nearest(data):
    save_scenario(data / "meisu", "lower-ideal", {"ideal.service": 5})
    with pytest.raises(ClientError, match="Did you mean 'lower-ideal'"):
        cx.read_client("meisu", data, settings=asked("lower-idea"))


def test_what_is_wrong_with_a_scenario_is_said_of_its_file(data):
    folder = data / "meisu" / "scenarios"
    folder.mkdir()
    (folder / "keys.yml").write_text("author: Ann\nnotes: why\nsettings: {ideal.service: 9}\n")
    (folder / "none.yml").write_text("name: none\n")
    (folder / "torn.yml").write_text("settings: {ideal.service: 9\n")
    (folder / "values.yml").write_text("settings:\n  ideal.servise: 9\n  kano_table: lax\n")
    found = {(Path(each.file).name, each.column): each for each in cx.check_client("meisu", data)}
    assert set(found) == {
        ("keys.yml", "notes"),
        ("none.yml", "settings"),
        ("torn.yml", ""),
        ("values.yml", "ideal.servise"),
        ("values.yml", "kano_table"),
    }
    assert "'note'" in found["keys.yml", "notes"].remedy
    assert "'service'" in found["values.yml", "ideal.servise"].remedy


def test_an_unused_scenario_that_is_wrong_stops_no_run(data):
    (data / "meisu" / "scenarios").mkdir()
    (data / "meisu" / "scenarios" / "torn.yml").write_text("{")
    assert cx.read_client("meisu", data).scenario is None


# Looking ahead without reading anew


LOOKS = [
    {"ideal.product": 8, "importance.product": 4},
    {"target_segments": ["weekly", "monthly"]},
    {"churn_cost.negative": {"share": 0.3, "from": "assumption"}, "strategy.budget": 5e7},
    {"kano_table": "strict"},
]


@pytest.mark.parametrize("changes", LOOKS[1:], ids=str)
def test_looking_ahead_gives_what_reading_anew_gives(changes):
    case = cx.read_client("kiosk", DATA)
    cx.gaps(case)  # so that there is something that could wrongly be taken over
    ahead = case.what_if(changes)
    anew = cx.read_client("kiosk", DATA, settings=json.dumps(changes))
    for step in (cx.gaps, cx.cost_of_bad_experience, cx.requirement_classes, cx.plan, cx.drivers):
        assert step(ahead).equals(step(anew)), step.__name__


def test_looking_ahead_leaves_the_client_as_it_was():
    case = cx.read_client("meisu", DATA)
    before = case.scores
    ahead = case.what_if(LOOKS[0])
    by = ahead.scores.set_index("dimension")
    assert by.loc["product", "ideal"] == 8 and by.loc["product", "importance"] == 4
    assert "assumed" in by.loc["product", "from"]
    assert case.scores.equals(before) and case.changes == {}


def test_what_cannot_be_is_refused_with_its_reason():
    case = cx.read_client("meisu", DATA)
    with pytest.raises(ClientError, match="off the scale 0–10"):
        case.what_if({"ideal.product": 12})
    with pytest.raises(ClientError, match="off the scale 0–10"):
        case.what_if({"importance.product": 11})
    with pytest.raises(ClientError, match="does not hold the share"):
        case.what_if({"churn_cost.negative.share": 0.9})
    with pytest.raises(ClientError, match="weekly"):
        cx.read_client("kiosk", DATA).what_if({"target_segments": ["weekli"]})


def test_an_earlier_wave_can_stand_for_today():
    case = cx.read_client("sfo", DATA)
    assert set(case.latest.people["wave"]) == {"2018"}
    assert set(case.what_if({"survey.today": "2017"}).latest.people["wave"]) == {"2017"}
    with pytest.raises(ClientError, match="wave that is not in the survey"):
        cx.read_client("sfo", DATA, settings='{"survey.today": "1999"}')


def test_a_share_that_was_measured_can_be_another_for_once():
    case = cx.read_client("telecom", DATA)
    by = case.churn_inputs.set_index("input")
    assert by.loc["complained_lost", "from"] == "measured"
    names = {"retained": 0.5, "at_risk": 0.3, "lost": 0.2}
    ahead = case.what_if({f"churn_cost.complained.{k}": {"share": v} for k, v in names.items()})
    moved = ahead.churn_inputs.set_index("input")
    assert moved.loc["complained_lost", "share"] == 0.2
    assert moved.loc["complain"].equals(by.loc["complain"])


def test_a_decision_is_written_with_the_comments_and_the_order_kept(data):
    path = data / "meisu" / "client.yml"
    before = path.read_text("utf-8").splitlines()
    write_settings(path, {"ideal.service": 9, "strategy.budget": 2_000_000})
    after = path.read_text("utf-8").splitlines()
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert [new.split()[0] for _, new in changed] == ["ideal:", "budget:"]
    assert all(old.partition("#")[2] == new.partition("#")[2] for old, new in changed)
    case = cx.read_client("meisu", data)
    assert case.settings.strategy.budget == 2_000_000 and case.settings.ideal["service"] == 9


def test_what_a_scenario_says_of_itself_is_text_and_goes_with_its_file(data):
    folder = data / "meisu" / "scenarios"
    folder.mkdir()
    values = "settings: {ideal.service: 9}\n"
    (folder / "copy.yml").write_text(f"name: original\n{values}")
    (folder / "odd.yml").write_text(f"note: [1, 2]\nauthor: {{a: b}}\ndate: soon\n{values}")
    (folder / "two words.yml").write_text(values)
    (folder / "other.yaml").write_text(values)
    (folder / ".hidden.yml").write_text("{")
    found = {(Path(each.file).name, each.column): each for each in cx.check_client("meisu", data)}
    assert set(found) == {
        ("copy.yml", "name"), ("odd.yml", "note"), ("odd.yml", "author"), ("odd.yml", "date"),
        ("two words.yml", ""), ("other.yaml", ""),
    }  # fmt: skip
    assert "'original'" in str(found["copy.yml", "name"])
    assert all(each.remedy for each in found.values())


def test_a_value_under_a_key_that_has_none_is_laid_to_the_scenario(data):
    folder = data / "meisu" / "scenarios"
    folder.mkdir()
    (folder / "deep.yml").write_text("settings:\n  revenue.of.2025: 9\n  scale.0: 9\n")
    found = {(Path(each.file).name, each.column) for each in cx.check_client("meisu", data)}
    assert found == {("deep.yml", "revenue"), ("deep.yml", "scale")}
