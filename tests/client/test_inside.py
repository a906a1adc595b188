"""A client's files lie in the client's folder: paths, links, pipes and devices that lead elsewhere."""

import json
import os

import pytest

from cxlib.client.draft import dimensions_of
from cxlib.client.looks import leads_out
from cxlib.client.scenario import with_scenario
from cxlib.run.changes import notebook_paths

SURVEY = "id,q\n" + "\n".join(f"{n},{n % 5 + 1}" for n in range(40)) + "\n"
CODEBOOK = "column,measure,dimension,low,high\nq,experience,service,1,5\n"


@pytest.fixture
def survey_elsewhere(acme, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    (other / "secret.csv").write_text(SURVEY, encoding="utf-8")
    acme.write("codebook.csv", CODEBOOK)
    return other / "secret.csv"


@pytest.mark.parametrize(
    "name",
    [
        "../other/secret.csv",
        "/etc/passwd",
        "a/../../b.csv",
        "C:\\x.csv",
        "..\\b.csv",
        "\\\\host\\x.csv",
    ],
)
def test_a_path_that_leads_out_is_refused(acme, survey_elsewhere, name):
    acme.settings(f"survey: {{file: '{name}'}}")
    found = [each for each in acme.problems() if each.rule.startswith("leads out")]
    assert [(each.column, each.value) for each in found] == [("survey.file", name)]


def test_a_link_that_leads_out_is_refused_and_one_that_stays_is_read(acme, survey_elsewhere):
    acme.write("here.csv", SURVEY)
    (acme.folder / "linked.csv").symlink_to(survey_elsewhere)
    acme.settings("survey: {file: linked.csv}")
    assert acme.problem().rule.startswith("leads out")
    (acme.folder / "linked.csv").unlink()
    (acme.folder / "linked.csv").symlink_to("here.csv")
    assert len(acme.read().survey.people) == 40


def test_a_table_that_is_a_link_out_is_refused(acme, survey_elsewhere):
    (acme.folder / "scores.csv").symlink_to(survey_elsewhere)
    acme.write("customers.csv", "customer,revenue\na,1\n")
    assert acme.problem().file.endswith("scores.csv")


def test_a_scenario_that_is_a_link_out_is_refused(acme, survey_elsewhere):
    acme.write("customers.csv", "customer,revenue\na,1\n")
    (acme.folder / "scenarios").mkdir()
    (acme.folder / "scenarios" / "cheap.yml").symlink_to(survey_elsewhere)
    assert acme.problem().file.endswith("scenarios/cheap.yml")


@pytest.mark.parametrize("by", ["link", "folder"])
def test_a_scenario_that_is_asked_for_is_not_read_from_elsewhere(acme, survey_elsewhere, by):
    acme.write("customers.csv", "customer,revenue\na,1\n")
    place, other = acme.folder / "scenarios", survey_elsewhere.parent / "cheap.yml"
    other.write_text("TOPSECRET: 1\nsettings: {small_base: 20}\n")
    if by == "link":
        place.mkdir()
        (place / "cheap.yml").symlink_to(other)
    else:
        place.symlink_to(other.parent)
    _, _, problems = with_scenario(acme.folder, '{"scenario": "cheap"}')
    assert [each.rule for each in problems] == ["leads out of the client's folder"]
    assert "TOPSECRET" not in str(problems)
    acme.settings("outside: true")
    assert "TOPSECRET" in str(with_scenario(acme.folder, '{"scenario": "cheap"}')[2])


@pytest.mark.parametrize("name", ["/etc/passwd", "../../other/cheap", "..", "", "/dev/zero"])
def test_a_scenario_is_a_name_and_no_path(acme, survey_elsewhere, name):
    (acme.folder / "scenarios").mkdir()
    _, _, problems = with_scenario(acme.folder, json.dumps({"scenario": name}))
    assert problems[0].rule == "is not there"


def test_a_pipe_is_no_scenario_no_notebook_and_no_client_that_a_survey_lies_with(acme):
    place = acme.folder / "scenarios"
    place.mkdir()
    for path in place / "cheap.yml", place / "00_brief.ipynb", place / "client.yml":
        os.mkfifo(path)
    assert "is not a file" in str(with_scenario(acme.folder, '{"scenario": "cheap"}')[2])
    assert notebook_paths(place) == {}
    assert not dimensions_of(place / "client.yml")


def test_outside_true_allows_it_and_says_so(acme, survey_elsewhere):
    acme.settings("outside: true\nsurvey: {file: ../other/secret.csv}")
    case = acme.read()
    assert len(case.survey.people) == 40
    assert any(str(survey_elsewhere) in str(each) for each in case.warnings)


@pytest.mark.parametrize("name", ["scores.csv", "survey.csv", "client.yml"])
def test_a_pipe_is_refused_and_not_waited_for(acme, name):
    acme.write("customers.csv", "customer,revenue\na,1\n")
    acme.settings("survey: {file: survey.csv}" if name == "survey.csv" else "")
    if name == "survey.csv":
        acme.write("codebook.csv", CODEBOOK)
    (acme.folder / name).unlink(missing_ok=True)
    os.mkfifo(acme.folder / name)
    assert acme.problem().rule == "is a pipe, not a file that can be read"


def test_a_link_to_itself_is_no_file_that_is_there(acme):
    (acme.folder / "survey.csv").symlink_to("survey.csv")
    acme.write("codebook.csv", CODEBOOK)
    acme.settings("survey: {file: survey.csv}")
    assert "is not there" in acme.problem().rule


@pytest.mark.parametrize("name", ["mine.csv", "tables.xlsx", "commentary.yml"])
@pytest.mark.parametrize("to", ["nowhere", "itself"])
def test_a_link_to_nothing_is_not_passed_over(acme, name, to):
    acme.write("customers.csv", "customer,revenue\na,1\n")
    (acme.folder / name).symlink_to(name if to == "itself" else to)
    assert acme.problem().rule == "is a link to nothing, not a file that can be read"


def test_names_within_the_folder_stay(tmp_path):
    for name in "a.csv", "sub/a.csv", "..a.csv", "a..csv", "客户.csv":
        assert not leads_out(tmp_path, name), name
