"""Where a rule of the run turns: one step on either side of it."""

import json
from io import StringIO

import pandas as pd
import pytest

from cxlib.client.kept import Kept
from cxlib.run import batch, changes, folder, index
from cxlib.run.batch import Progress
from cxlib.run.commands import found, of_others, proved_in
from cxlib.run.worker import Job, Result, _Watch


def test_a_file_of_another_size_is_not_as_it_was_written(tmp_path):
    (tmp_path / "page").write_text("four")
    assert changes.lost_files(tmp_path, {"outputs": {"page": 4}}) == []
    assert len(changes.lost_files(tmp_path, {"outputs": {"page": 5, "gone": 1}})) == 2


@pytest.mark.parametrize(
    ("name", "other"),
    [("scenarios/a.yml", False), ("scenarios/b.yml", True), ("scores.csv", False)],
)
def test_another_scenario_is_no_input(name, other):
    assert changes.of_other_scenario(name, "a") is other
    assert changes.of_other_scenario("scenarios/a.yml", "")


def test_the_last_good_report_is_brought_back_only_where_there_is_none(tmp_path):
    old = folder.work_folder(tmp_path, "old") / "acme"
    for there in (False, True):
        old.mkdir()
        (old / "page").write_text("before")
        if there:
            (tmp_path / "acme" / "page").write_text("now")
        folder.clear(tmp_path, "acme")
        assert (tmp_path / "acme" / "page").read_text() == ("now" if there else "before")
        assert not old.exists()


def test_a_link_is_taken_away_and_what_it_points_to_stays(tmp_path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    folder.remove(tmp_path / "link")
    assert not (tmp_path / "link").is_symlink() and (tmp_path / "kept").is_dir()


def test_the_index_is_in_the_language_of_most_clients(tmp_path):
    for client, language in (("a", "en"), ("b", "zh-Hant"), ("c", "zh-Hant")):
        (tmp_path / client).mkdir()
        told = {"started": "2026-11-30", "headline": {"title": client, "language": language}}
        (tmp_path / client / "run.json").write_text(json.dumps(told))
    index.write_index(tmp_path, tmp_path, [Result(client, "done") for client in "abc"])
    assert '<html lang="zh-Hant"' in (tmp_path / "index.html").read_text("utf-8")


def test_the_time_left_is_told_by_those_who_were_run():
    progress = Progress(4, quiet=True, stream=StringIO())
    for client in "ab":
        progress.ended(Result(client, "unchanged"))
    assert progress.left() == "", "nobody has been run"
    progress.ended(Result("c", "done", seconds=3))
    assert progress.left().startswith("about ")


def test_from_a_step_nothing_is_up_to_date(monkeypatch):
    monkeypatch.setattr(batch, "changes", lambda job: [])
    job = Job("acme", "data", "reports", "notebooks")
    assert batch.is_up_to_date(job)
    for more in ({"first_step": "05_results"}, {"force": True}):
        assert not batch.is_up_to_date(Job("acme", "data", "reports", "notebooks", **more))


def kept(number, inputs=("x",), counted=None):
    about = {"started": f"2026-11-0{number}T10:00", "inputs": dict(enumerate(inputs))}
    return Kept(number, about, {}, {}, counted)


def test_the_run_before_the_last_is_called_previous():
    runs = [kept(1), kept(2), kept(3)]
    assert [found(word, runs).number for word in ("previous", "last", "1")] == [2, 3, 1]
    assert found("previous", runs[:1]) is None and found("2026-11-02", runs).number == 2


def test_another_clients_people_are_others_unless_a_file_is_the_same():
    mine, people = kept(1), frozenset({"1", "2"})
    assert of_others(kept(2, ["x", "y"], people), mine, "zeta").counted == people
    assert of_others(kept(2, ["y"], people), mine, "zeta").counted == {"zeta 1", "zeta 2"}


def test_only_what_was_proved_is_carried_over(tmp_path):
    assert proved_in(tmp_path) == []
    (tmp_path / "results").mkdir()
    table = pd.DataFrame({"next": ["brand_value", "again", None], "dimension": ["a", "b", "c"]})
    table.to_csv(tmp_path / "results" / "next_cycle.csv", index=False)
    assert proved_in(tmp_path) == ["a"]


@pytest.mark.parametrize(("until", "what"), [(5.0, "cell"), (9.0, "client")])
def test_the_limit_that_was_passed_is_the_one_that_is_named(until, what):
    watch = _Watch(Job("acme", "data", "reports", "notebooks"), lambda *_: None)
    watch.until, watch.client_end = until, 9.0
    watch.too_long()
    assert f"(--{what}-timeout)" in watch.result.reason
