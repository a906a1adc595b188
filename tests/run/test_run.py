"""cx run: whatever one client does costs its own line and nothing else."""

import json
import multiprocessing
import os
import subprocess
import sys
import time
from io import StringIO
from pathlib import Path

import pytest

from cxlib.run import batch, folder, index
from cxlib.run.cli import main
from cxlib.run.worker import ENVIRONMENT, Job, Result, run_client
from tests.run.conftest import PARAMETERS, POISONS, REPORT

ROOT = Path(__file__).parents[2]


def test_each_poison_costs_its_own_line(house, capfd):
    house.client("good", "fine", *POISONS)
    status, found = house.cx(
        "run", "--all", "--jobs", 3, "--quiet", "--cell-timeout", 8, "--memory", 1500
    )
    assert status == 1
    assert {name for name, each in found.items() if each["status"] == "done"} == {"good", "fine"}
    for name, why in {
        "raises": "ZeroDivisionError: division by zero",
        "exits": "exit",
        "leaves": "exit status 0",
        "hangs": "longer than 8 s",
        "deaf": "longer than 8 s",
        "killed": "killed from outside",
        "crashes": "SIGSEGV",
        "eats": "memory",
    }.items():
        assert why in found[name]["reason"], name
        assert (found[name]["notebook"], found[name]["cell"][:38]) == (
            "05_results",
            "cell 4 under “Where it goes wrong” (if",
        ), name
        assert not (house.reports / name).exists(), name
    assert set(house.files("good")) == set(house.files("fine")) == REPORT
    assert "raises, 05_results, cell 4" in capfd.readouterr().err
    page = (house.reports / "index.html").read_text()
    assert all(name in page for name in found) and "division by zero" in page
    assert not [*(house.reports / ".work" / "new").iterdir()]


def test_bad_input_costs_its_own_line(house, capfd):
    house.client("good", "empty")
    (house.data / "empty" / "client.yml").write_text("[not, {closed")
    (house.data / "unreadable").mkdir()
    (house.data / "unreadable" / "client.yml").symlink_to("/proc/1/mem")
    names = ("good", "empty", "a/b", "nosuch", "unreadable")
    status, found = house.cx("run", *names)
    assert status == 1
    assert [found[name]["status"] for name in names] == ["done", *["failed"] * 4]
    assert "Traceback" not in capfd.readouterr().err


def test_a_failed_run_leaves_the_last_good_report(house):
    house.client("acme")
    house.cx("run", "acme")
    before = house.files("acme")
    house.notebook("09_executive_report", PARAMETERS, "1 / 0")
    status, found = house.cx("run", "acme")
    assert (status, found["acme"]["status"]) == (1, "failed")
    assert house.files("acme") == before
    assert index.index_rows(house.reports, ["acme"])[0]["status"] == "failed"
    house.notebook("09_executive_report", PARAMETERS, "2")
    assert house.cx("run", "acme")[0] == 0
    assert index.index_rows(house.reports, ["acme"])[0]["status"] == "complete"


def test_what_has_not_changed_is_not_run_again(house):
    house.client("acme", "zeta")
    assert house.cx("run", "--all")[1]["acme"]["status"] == "done"
    first = house.files("acme")
    (house.data / "acme" / "client.yml").touch()  # another time, the same content
    status, found = house.cx("run", "--all")
    assert status == 0 and {each["status"] for each in found.values()} == {"unchanged"}
    assert house.files("acme") == first


@pytest.mark.parametrize(
    "change", ["input", "new input", "notebook", "setting", "lost file", "force", "code", "year"]
)
def test_what_has_changed_is_run_again(house, change, monkeypatch):
    house.client("acme")
    house.cx("run", "acme")
    words = []
    if change == "input":
        scores = house.data / "acme" / "scores.csv"
        scores.write_text(scores.read_text().replace("6", "5"))  # as long as before
    elif change == "new input":
        (house.data / "acme" / "note.txt").write_text("x")
    elif change == "notebook":
        house.notebook("00_brief", PARAMETERS, "print('other')")
    elif change == "setting":
        words = ["--set", "small_base=20"]
    elif change == "lost file":
        (house.reports / "acme" / "results" / "draw.csv").unlink()
    elif change == "force":
        words = ["--force"]
    elif change == "code":
        run = house.reports / "acme" / "run.json"
        run.write_text(json.dumps({**house.read("acme/run.json"), "code_sha256": "of another day"}))
    elif change == "year":  # how old the data are is said in years
        run = house.reports / "acme" / "run.json"
        run.write_text(json.dumps({**house.read("acme/run.json"), "day": "2019"}))
    assert house.cx("run", "acme", *words)[1]["acme"]["status"] == "done"


def test_another_day_is_another_report_where_what_is_overdue_is_told(house):
    house.client("dated", "plain")
    (house.data / "dated" / "actions.csv").write_text(
        "finding,label,owner,due,done\na,A,Kim,2026-12-24,no\n"
    )
    house.cx("run", "--all")
    told = house.read("dated/run.json")
    assert len(told["day"]) == 10 and len(house.read("plain/run.json")["day"]) == 4
    earlier = json.dumps(told | {"day": f"{told['day'][:8]}00"})
    (house.reports / "dated" / "run.json").write_text(earlier)
    found = house.cx("run", "--all")[1]
    assert {name: each["status"] for name, each in found.items()} == {
        "dated": "done",
        "plain": "unchanged",
    }


def test_nothing_changed_is_seen_without_the_heavy_imports(house):
    house.client("acme")
    house.cx("run", "acme")
    script = "import sys; from cxlib.run.cli import main; main(sys.argv[1:]); print(*sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", script, *house.command("run", "acme")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "acme" in ran.stderr and not {"pandas", "numpy", "papermill", "jinja2"} & set(
        ran.stdout.split()
    )


def test_the_report_is_the_same_whatever_the_jobs_and_the_order(house):
    house.client("a", "b", "c")
    house.cx("run", "a", "b", "c", "--jobs", 1)
    one = {name: house.files(name) for name in "abc"}
    house.cx("run", "c", "b", "a", "--jobs", 3, "--force")
    for name in "abc":
        three = house.files(name)
        assert one[name].pop("run.json") != three.pop("run.json")  # it tells how long it took
        kept = [json.loads(each.pop("history/001/run.json")) for each in (one[name], three)]
        assert len({json.dumps(each | {"started": ""}) for each in kept}) == 1
        assert one[name] == three
    assert (
        one["a"]["results/draw.csv"].split(b",")[-1] == one["b"]["results/draw.csv"].split(b",")[-1]
    )  # seeded


LEAK = """import os, random, sys, warnings, pandas as pd, matplotlib as mpl, numpy as np
before = (pd.get_option("display.max_rows"), mpl.rcParams["lines.linewidth"], os.environ.get("LEAK"), os.getcwd(),
          "/leak" in sys.path, random.random(), np.random.rand(), "leak" in globals(), len(warnings.filters))
pd.set_option("display.max_rows", 7); mpl.rcParams["lines.linewidth"] = 9; os.environ["LEAK"] = "1"; os.chdir("/")
sys.path.append("/leak"); random.seed(3); np.random.seed(3); leak = 1; warnings.simplefilter("ignore")
print(before)"""


def test_nothing_leaks_from_notebook_to_notebook_or_client_to_client(house):
    house.client("a", "b")
    for name in "00_brief", "05_results":
        house.notebook(name, PARAMETERS, LEAK)
    assert house.cx("run", "a", "b", "--jobs", 1)[0] == 0
    pages = [
        house.files(client)[f"{name}.html"]
        for client in "ab"
        for name in ("00_brief", "05_results")
    ]
    seen = {page[page.index(b"(60") : page.index(b")", page.index(b"(60"))] for page in pages}
    assert len(seen) == 1


def test_a_parameter_that_a_notebook_does_not_have_is_refused(house):
    house.client("acme")
    house.notebook("05_results", PARAMETERS.replace("settings", "setings"), "1")
    status, found = house.cx("run", "acme")
    assert status == 1 and found["acme"]["notebook"] == "05_results"
    assert "does not set 'settings'; is 'setings' meant" in found["acme"]["reason"]


def test_from_a_step_keeps_the_earlier_pages(house):
    house.client("acme")
    assert (
        "Run it once without --from" in house.cx("run", "acme", "--from", "05")[1]["acme"]["reason"]
    )
    house.cx("run", "acme")
    before = house.files("acme")
    house.notebook("05_results", PARAMETERS, "print('changed')")
    house.cx("run", "acme", "--from", "5")
    after = house.files("acme")
    assert (
        set(after) == REPORT - {"results/draw.csv"}  # which it no longer writes
        and before["00_brief.html"] == after["00_brief.html"]
        and b"changed" in after["05_results.html"]
    )
    assert house.cx("run", "acme")[1]["acme"]["status"] == "unchanged"
    (house.data / "acme" / "scores.csv").write_text(
        "dimension,experience,expectation\nproduct,1,2\n"
    )
    house.cx("run", "acme", "--from", "5")  # with the first page now of other data than the rest
    assert house.cx("run", "acme")[1]["acme"]["status"] == "done"


def test_from_a_step_keeps_nothing_that_the_steps_run_again_wrote(house):
    house.client("acme")
    wrote = "import os; os.makedirs(f'{reports_dir}/{client}/results', exist_ok=True)"
    wrote += "; open(f'{reports_dir}/{client}/results/NAME.csv', 'w').write('1')"
    house.notebook("00_brief", PARAMETERS, wrote.replace("NAME", "early"))
    house.notebook("05_results", PARAMETERS, wrote.replace("NAME", "own_late"))
    house.cx("run", "acme")
    assert {"results/early.csv", "results/own_late.csv"} <= set(house.files("acme"))
    house.cx("run", "acme", "--from", "09")
    assert {"results/early.csv", "results/own_late.csv"} <= set(house.files("acme"))
    house.notebook("05_results", PARAMETERS, "1")
    house.cx("run", "acme", "--from", "05")
    assert "results/early.csv" in house.files("acme")
    assert "results/own_late.csv" not in house.files("acme")


@pytest.mark.parametrize("file", ["{data_dir}/{client}/scores.csv", "00_brief.ipynb"])
def test_files_that_change_under_the_run_are_noticed(house, file):
    house.client("acme")
    house.notebook("09_executive_report", PARAMETERS, f"open(f'{file}', 'a').write(' ')")
    status, found = house.cx("run", "acme")
    assert status == 1 and "changed while it ran" in found["acme"]["reason"]


def _hold(reports, client, held, let_go):
    with folder.locked(reports, client):
        held.set()
        let_go.wait()


def test_a_second_run_of_a_client_waits_and_says_so(house, capfd):
    house.client("acme")
    fork = multiprocessing.get_context("spawn")
    held, let_go = fork.Event(), fork.Event()
    other = fork.Process(target=_hold, args=(str(house.reports), "acme", held, let_go))
    other.start()
    held.wait()
    with pytest.raises(BlockingIOError), folder.locked(house.reports, "acme"):
        pass
    second = subprocess.Popen(
        [sys.executable, "-m", "cxlib.run.cli", *house.command("run", "acme")],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert "waiting for another run" in second.stderr.readline()
    house.client("zeta")
    for _ in range(2):  # in this time it would have been done, had it not waited
        assert house.cx("run", "zeta", "--force")[0] == 0
    assert not (house.reports / "acme").exists() and second.poll() is None
    let_go.set()
    assert second.wait() == 0, second.stderr.read()
    assert set(house.files("acme")) == REPORT
    other.join()


def _reports(house):
    """Clients with a report, and when each was put there; every report must be whole."""
    found = {}
    for run in house.reports.glob("*/run.json"):
        assert set(house.files(run.parent.name)) == REPORT
        found[run.parent.name] = run.stat().st_mtime_ns
    assert {path.name for path in house.reports.iterdir()} - {
        ".work",
        "index.html",
        "summary.json",
    } == set(found)
    return found


def test_after_a_kill_the_batch_goes_on_where_it_was(house):
    names = [f"c{number}" for number in range(6)]
    house.client(*names, "raises")
    command = [
        sys.executable,
        "-m",
        "cxlib.run.cli",
        *house.command("run", "--all", "--jobs", 2, "--quiet"),
    ]
    there = {}
    for enough in 1, 3:
        run = subprocess.Popen(command, stderr=subprocess.DEVNULL)
        while len([*house.reports.glob("*/run.json")]) < enough:
            time.sleep(0.01)
        run.kill()
        run.wait()
        now = _reports(house)
        assert there.items() <= now.items()  # nothing was run to its end twice
        there = now
    assert subprocess.run(command, capture_output=True).returncode == 1
    assert set(_reports(house)) == set(names) and there.items() <= _reports(house).items()
    assert not [*(house.reports / ".work" / "new").iterdir()]


@pytest.mark.parametrize("exchange", [True, False])
def test_a_report_is_replaced_whole(tmp_path, exchange, monkeypatch):
    if not exchange:
        monkeypatch.setattr(folder.machine, "exchange", lambda *_: os.rename("", ""))
    for text in "one", "two":
        (folder.new_report(tmp_path, "acme") / "page").write_text(text)
        folder.put_in_place(tmp_path, "acme")
        assert (tmp_path / "acme" / "page").read_text() == text
    assert not [*(tmp_path / ".work").glob("new/*"), *(tmp_path / ".work").glob("old/*")]


def test_a_report_is_found_again_after_a_kill_between_the_two_steps(tmp_path):
    (folder.work_folder(tmp_path, "old") / "acme").mkdir()
    (folder.work_folder(tmp_path, "old") / "acme" / "page").write_text("last good")
    folder.new_report(tmp_path, "acme")
    folder.clear_all(tmp_path)
    assert (tmp_path / "acme" / "page").read_text() == "last good"


def test_a_worker_with_other_code_refuses(house):
    house.client("acme")
    job = Job(
        "acme", str(house.data), str(house.reports), str(house.notebooks), code="of last year"
    )
    assert "other code" in run_client(job).reason and not (house.reports / "acme").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rnu", "acme"], "Did you mean 'run'?"),
        (["run"], "--all"),
        (["run", "acme", "--forse"], "Did you mean '--force'?"),
        (["run", "acme", "--jobs", "many"], "--jobs"),
        (["run", "acme", "--set", "small_base"], "KEY=VALUE"),
        (["run", "acme", "--from", "05_resutls"], "Did you mean '05_results'?"),
        (["run", "acme", "--set", "small_bse=20"], "Did you mean 'small_base'?"),
        (["run", "acme", "--engine", "wram"], "warm"),
        (["run", "--all"], "cx new"),
    ],
)
def test_wrong_usage_is_told_what_to_type(house, words, said, capfd):
    if "acme" in words:
        house.client("acme")
    status, _ = house.cx(*words)
    assert status == 2 and said in capfd.readouterr().err and not house.reports.exists()


def test_slides_and_workbook_are_made_where_there_are_none_yet(house):
    house.client("acme")
    house.cx("run", "acme")
    assert not {"deck.pptx", "appendix.xlsx"} & set(house.files("acme"))
    assert house.cx("run", "acme", "--deck")[1]["acme"]["status"] == "done"
    made = house.files("acme")
    assert made["deck.pptx"].startswith(b"PK") and made["appendix.xlsx"].startswith(b"PK")
    assert house.cx("run", "acme", "--deck")[1]["acme"]["status"] == "unchanged"


def test_check_reads_a_client_once(house, monkeypatch):
    from cxlib.client import case

    house.client("good")
    read, gathered = [], case.gathered
    monkeypatch.setattr(
        case, "gathered", lambda *of, **how: read.append(of) or gathered(*of, **how)
    )
    assert main(house.command("check", "good")) == 0
    assert [of[0] for of in read] == ["good"]


def test_new_and_check(house, capsys):
    assert main(house.command("new", "acme")) == 0 and (house.data / "acme" / "client.yml").exists()
    assert (
        main(house.command("new", "acme")) == 1
    )  # it is there; what somebody filled in is not lost
    house.client("good")
    assert main(house.command("check", "good")) == 0
    (house.data / "good" / "scores.csv").write_text(
        "dimension,experience,expectation\nproduct,99,-1\n"
    )
    capsys.readouterr()
    assert main(house.command("check", "good", "nosuch")) == 1
    said = capsys.readouterr().out
    assert "'experience'" in said and "'expectation'" in said and "nosuch" in said


class Terminal(StringIO):
    def isatty(self):
        return True


def test_progress_tells_people_what_is_done_running_failed_and_left():
    progress = batch.Progress(4, stream=Terminal())
    progress.told("b", "notebook", "05_requirements")
    progress.ended(Result("a", "done", seconds=3))
    progress.ended(Result("c", "failed", "no", notebook="04_gap_analysis", cell="cell 3"))
    assert progress.state().startswith("2 of 4 done, 1 failed; about 0 s left; b 05_requirements")
    assert "FAILED c, 04_gap_analysis, cell 3: no\n" in progress.stream.getvalue()


@pytest.mark.skipif(sys.platform != "linux", reason="forked on Linux only")
def test_the_process_that_clients_are_forked_from_has_one_thread():
    script = "import os, sys, cxlib.run.warm; print(len(os.listdir('/proc/self/task')), 'seaborn' in sys.modules)"
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, **ENVIRONMENT},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.split() == ["1", "True"]
