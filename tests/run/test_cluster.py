"""The same run on a Dask cluster of several processes, one of which is killed in the middle."""

import os
import signal
import time

import pytest

from cxlib.run import cli
from tests.run.conftest import PARAMETERS, REPORT


@pytest.fixture
def cluster():
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as made:
        yield made


def test_a_killed_worker_costs_nobody_the_report(house, cluster):
    house.client(*"abcd")
    house.notebook(
        "00_brief",
        PARAMETERS,
        "#md ## Slow",
        "import pathlib, time\npathlib.Path(data_dir, 'begun').touch()\ntime.sleep(1)",
    )
    import threading

    def kill_one():
        while not (house.data / "begun").exists():
            time.sleep(0.01)
        worker = next(iter(cluster.workers.values()))
        os.kill(worker.pid, signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    status, found = house.cx("run", "--all", "--scheduler", cluster.scheduler_address)
    killer.join()
    assert status == 0 and {each["status"] for each in found.values()} <= {"done", "unchanged"}
    assert all(set(house.files(name)) == REPORT for name in "abcd")


def test_without_dask_the_message_says_what_to_install(house, monkeypatch, capsys):
    house.client("a")
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    assert cli.main(house.command("run", "a", "--scheduler", "tcp://127.0.0.1:1")) == 2
    assert "cxlib[cluster]" in capsys.readouterr().err


def test_a_cluster_that_does_not_answer(house, capsys):
    pytest.importorskip("distributed")
    house.client("a")
    assert cli.main(house.command("run", "a", "--scheduler", "tcp://127.0.0.1:1")) == 2
    assert "tcp://127.0.0.1:1" in capsys.readouterr().err
