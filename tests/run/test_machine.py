"""The run where its users sit: without Unix's modules, installed as a package, in odd folders."""

import json
import os
import shutil
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from cxlib.run import folder, machine, worker
from cxlib.run.worker import Job, run_client
from tests.run.conftest import PARAMETERS, House, written

ROOT = Path(__file__).parents[2]
# Taken away before anything else is imported, in every process that Python starts: libraries have
# other code for other systems, so Unix's modules are gone for our own code alone.
NO_UNIX = """
import builtins, os, signal, sys
plain = builtins.__import__
def refusing(name, globals=None, *rest, **more):
    if name in {"fcntl", "resource", "pwd", "grp"} and (globals or {}).get("__name__", "").startswith(("cxlib", "__main__")):
        raise ModuleNotFoundError(name)
    return plain(name, globals, *rest, **more)
builtins.__import__ = refusing
for module, names in {signal: ["SIGALRM", "setitimer", "ITIMER_REAL"], os: ["setpgid", "killpg", "pread"]}.items():
    for name in names:
        delattr(module, name)
"""


def python(*words, place, more=()):
    """A Python of its own in a folder, with text as a Chinese Windows shows it."""
    path = os.pathsep.join([*more, str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "gbk"}
    return subprocess.run(
        [sys.executable, *words], cwd=place, env=environment, capture_output=True, timeout=900
    )


def test_a_client_is_run_without_what_only_unix_has(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(NO_UNIX, encoding="utf-8")
    house = House(tmp_path / "Kunden 客户 é")
    house.client("acme")
    for name in "00_brief", "05_results":  # one notebook is enough: each starts a kernel
        (house.notebooks / f"{name}.ipynb").unlink()
    words = [*house.command("run", "acme"), "--memory", "4000", "--quiet"]
    more = [str(tmp_path / "site")]
    done = python("-m", "cxlib", *words, place=tmp_path, more=more)
    assert done.returncode == 0, done.stderr.decode("gbk", "replace")
    found = json.loads((house.reports / "acme" / "run.json").read_text(encoding="utf-8"))
    assert (found["status"], found["engine"]) == ("complete", "jupyter")
    gone = python("-c", "import fcntl", place=tmp_path, more=more)
    assert b"ModuleNotFoundError" in gone.stderr  # so the run above had to do without


@pytest.mark.parametrize("locale", ["C", "zh_CN.GBK"])
def test_the_commands_work_where_the_system_writes_no_utf_8(tmp_path, locale):
    if locale != "C" and (not shutil.which("localedef") or subprocess.run(
        ["localedef", "-i", "zh_CN", "-f", "GBK", tmp_path / locale], capture_output=True
    ).returncode):  # fmt: skip
        pytest.skip("this system cannot make that locale")
    house = House(tmp_path / "Kunden 客户 é")
    house.client("acme")
    for name in "00_brief", "05_results":
        (house.notebooks / f"{name}.ipynb").unlink()
    (house.data / "acme" / "client.yml").write_text("name: 明苏 é\ncurrency: HKD\n", "utf-8")
    place = house.data.parent
    for name in "survey.csv", "问卷 1.csv":
        (place / name).write_text("id,你对服务满意吗 (1-5)\n1,5\n2,4\n3,3\n", "utf-8")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONIOENCODING"}
    environment |= {"LC_ALL": locale, "LOCPATH": str(tmp_path), "PYTHONPATH": str(ROOT)}
    environment |= {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}

    def of(*words):
        command = [sys.executable, *words]
        return subprocess.run(command, cwd=place, env=environment, capture_output=True, timeout=900)

    assert of("-c", "import locale; print(locale.getencoding())").stdout.strip() in (b"ANSI_X3.4-1968", b"GBK")  # fmt: skip
    for words in ["check", "acme"], ["run", "acme", "--quiet", "--notebooks", "notebooks"]:
        done = of("-m", "cxlib", *words)
        assert done.returncode == 0, done.stderr
    assert "明苏 é" in (house.reports / "acme" / "report.html").read_text("utf-8")
    done = of("-m", "cxlib", "codebook", "问卷 1.csv")  # a name that is none in this locale
    assert done.returncode == 1 and b"set PYTHONUTF8=1" in done.stderr
    assert not (place / "codebook.csv").exists()
    assert of("-m", "cxlib", "codebook", "survey.csv").returncode == 0
    assert "你对服务满意吗" in (place / "codebook.csv").read_text("utf-8")


def test_memory_is_measured_where_the_system_limits_none(house, monkeypatch):
    house.client("acme")
    job = Job("acme", str(house.data), str(house.reports), str(house.notebooks), memory=1)
    monkeypatch.setattr(machine, "limit_memory", lambda mb: None)
    watch = worker._Watch(job, lambda *_: None)
    watch.measure(os.getpid())
    assert "more memory than the 1 MB" in watch.result.reason
    monkeypatch.setattr(machine, "WARM", False)
    assert watch.patience() == 1  # so it is measured about once a second


def test_what_a_process_started_ends_with_it():
    script = "import subprocess, sys, time; p = subprocess.Popen([sys.executable, '-c', 'input()'], stdin=subprocess.PIPE); print(p.pid, flush=True); time.sleep(600)"
    parent = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    child = int(parent.stdout.readline())
    machine.end_tree(parent.pid)
    parent.kill()
    parent.wait()
    until = time.monotonic() + 60
    while machine.used_memory_mb(child) and time.monotonic() < until:
        time.sleep(0.01)
    assert not machine.used_memory_mb(child)


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """The package as a wheel, unpacked into a folder of its own."""
    place = tmp_path_factory.mktemp("wheel")
    build = "import hatchling.build, sys; print(hatchling.build.build_wheel(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", build, str(place)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    (wheel,) = place.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(place / "site")
    return place / "site"


def test_an_installed_package_works_in_an_empty_folder(installed, tmp_path):
    assert len([*(installed / "cxlib" / "notebooks").glob("[0-9]*.ipynb")]) == 10
    environment = {**os.environ, "PYTHONPATH": str(installed), "PYTHONSAFEPATH": "1"}

    def cx(*words):
        command = [sys.executable, "-m", "cxlib", *words]
        return subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True
        )

    assert cx("new", "acme").returncode == 0
    assert (tmp_path / "data" / "acme" / "client.yml").is_file()
    shutil.copytree(ROOT / "data" / "meisu", tmp_path / "data" / "meisu")
    done = cx("run", "meisu")
    assert done.returncode == 0, done.stderr
    assert "61,600" in (tmp_path / "reports" / "meisu" / "08_churn_cost.html").read_text("utf-8")


def test_reports_are_their_owners_alone(house):
    house.client("acme")
    assert house.cx("run", "acme")[0] == 0
    everybody = [
        path for path in [house.reports, *house.reports.rglob("*")] if path.stat().st_mode & 0o077
    ]
    assert not everybody


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_what_stands_where_a_lock_or_a_new_report_should_be_is_cleared(house, tmp_path, kind):
    house.client("acme")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("not ours")
    for room in "lock", "new", "old":
        place = folder.work_folder(house.reports, room) / "acme"
        place.mkdir() if kind == "folder" else place.symlink_to(outside)
    assert house.cx("run", "acme")[0] == 0
    assert (outside / "kept.txt").read_text() == "not ours"


@pytest.mark.parametrize("kind", ["file", "link"])
def test_what_stands_where_the_report_goes_is_named_and_left(house, tmp_path, kind, capfd):
    house.client("acme")
    house.reports.mkdir()
    place, outside = house.reports / "acme", tmp_path / "outside"
    outside.mkdir()
    place.write_text("mine") if kind == "file" else place.symlink_to(outside)
    status, found = house.cx("run", "acme")
    assert status == 1 and "move it away" in found["acme"]["reason"]
    assert "InTheWay" not in found["acme"]["reason"]
    assert place.is_symlink() if kind == "link" else place.read_text() == "mine"
    assert "Traceback" not in capfd.readouterr().err


def test_a_report_made_for_another_environment_is_made_again(house, monkeypatch):
    house.client("acme")
    job = Job("acme", str(house.data), str(house.reports), str(house.notebooks))
    assert run_client(job).status == "done"
    assert run_client(job).status == "unchanged"
    from cxlib.run import changes

    for name, value, why in [
        ("system", lambda: "another", "system changed"),
        ("code", lambda: "another", "code changed"),
        ("packages", lambda: {"pandas": "0.1"}, "packages changed"),
        ("notebooks", lambda *_: {"00_brief": "another"}, "notebooks changed"),
    ]:
        with monkeypatch.context() as patch:
            patch.setattr(changes, name, value)
            assert changes.changes(job) == [why]
    (house.data / "acme" / "scores.csv").write_text("dimension,experience\nproduct,5\n")
    assert changes.changes(job) == ["inputs changed"]


def add_to(path):
    return lambda house, code, site, patch: (code / path).open("ab").write(b" ")


def version_of(name):
    return lambda house, code, site, patch: (site / f"{name}-0.0.1.dist-info").mkdir()


def environment(name):
    return lambda house, code, site, patch: patch.setenv(name, "another")


def own_copy(house, code, site, patch):
    written(house.notebooks / "acme" / "acme_05_results.ipynb", PARAMETERS, "print('mine')")


# What a report depends on beside its client's files, and why it is made again when that is another.
DEPENDS_ON = {
    "a module": (add_to("sums/gap.py"), "code changed"),
    "a sentence": (add_to("page/words/sentences.toml"), "code changed"),
    "a heading": (add_to("page/words/columns.csv"), "code changed"),
    "a translation": (add_to("page/locale/zh_Hant.po"), "code changed"),
    "the report's template": (add_to("page/report.html.j2"), "code changed"),
    "the style of pages": (add_to("page/style.css"), "code changed"),
    "the style of figures": (add_to("page/looks.toml"), "code changed"),
    "the template of slides": (add_to("page/slides.pptx"), "code changed"),
    "a new file of words": (add_to("page/words/more.csv"), "code changed"),
    "the Chinese font": (version_of("pylopdf_fonts_zh_cn"), "packages changed"),
    "the Latin font, and what draws": (version_of("matplotlib"), "packages changed"),
    "a library": (version_of("pandas"), "packages changed"),
    "a library more": (version_of("another"), "packages changed"),
    "the time zone": (environment("TZ"), "system changed"),
    "the system's language": (environment("LC_ALL"), "system changed"),
    "the client's own notebook": (own_copy, "notebooks changed"),
}


@pytest.mark.parametrize("what", [*DEPENDS_ON])
def test_whatever_a_report_depends_on_makes_it_anew(house, tmp_path, monkeypatch, what):
    from cxlib.run import changes

    code, site = tmp_path / "cxlib", tmp_path / "site"
    shutil.copytree(ROOT / "cxlib", code, ignore=shutil.ignore_patterns("__pycache__"))
    site.mkdir()
    monkeypatch.setattr(changes, "CODE", code)
    monkeypatch.setattr(sys, "path", [str(site), *sys.path])
    house.client("acme")
    (house.reports / "acme").mkdir(parents=True)
    job = Job("acme", str(house.data), str(house.reports), str(house.notebooks))

    def asked():
        changes.code.cache_clear()
        changes.packages.cache_clear()
        return changes.changes(job)

    try:
        asked()
        (house.reports / "acme" / "run.json").write_text(json.dumps(changes.state(job)))
        assert asked() == []
        change, why = DEPENDS_ON[what]
        change(house, code, site, monkeypatch)
        assert asked() == [why]
    finally:
        changes.code.cache_clear()
        changes.packages.cache_clear()


def test_what_a_cell_does_to_its_own_output_is_told_with_its_place(house, capfd):
    house.client("silent", "half", "patched", "good")
    house.notebook(
        "05_results",
        PARAMETERS,
        "import sys, json",
        "if client == 'silent': sys.stdout = None",
        "if client == 'half': print('half a letter: ' + chr(0xD83D))",
        "if client == 'patched': json.loads = json.dumps = None",
        "print('on we go')",
    )
    status, found = house.cx("run", "--all", "--jobs", 2, "--quiet")
    assert {name: each["status"] for name, each in found.items()} == {
        "silent": "done", "half": "done", "good": "done", "patched": "failed",
    }  # fmt: skip
    assert "half a letter: \\ud83d" in (house.reports / "half" / "05_results.html").read_text(
        "utf-8"
    )
    assert found["patched"]["notebook"] and found["patched"]["cell"]
    assert "Traceback" not in capfd.readouterr().err
