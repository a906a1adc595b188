"""Fifty-one states as fifty-one clients, the nation as their benchmark."""

import importlib.util

import pytest

from cxlib.analysis import experience_expectation, feedback_loop, requirements
from cxlib.client.case import read_client
from tests.conftest import DATA


@pytest.fixture(scope="module")
def clients(tmp_path_factory):
    spec = importlib.util.spec_from_file_location("make", DATA / "states" / "make.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    folder = tmp_path_factory.mktemp("states")
    return folder, make.write(clients=folder)


def test_fifty_one_clients_each_in_order(clients):
    folder, names = clients
    assert len(names) == 51 and {"dc", "ny", "md"} <= set(names)
    for name in ("ak", "md", "ne"):  # ne is also how some spell a blank
        assert read_client(name, folder).tables["kpis"]["period"].nunique() == (
            8 if name == "md" else 9
        )


def test_the_printed_figures_of_july_2015(clients):
    # The source's own: nation, top box.
    folder, _ = clients
    table = requirements.kpis(read_client("ca", folder))
    nation = table[table["period"] == "2015"].set_index("kpi")["benchmark"]
    printed = {
        "cleanliness_top": 0.74,
        "nurses_top": 0.79,
        "doctors_top": 0.82,
        "responsiveness_top": 0.68,
    }
    assert nation[list(printed)].to_dict() == pytest.approx(printed)


def test_without_bases_no_interval_is_invented(clients):
    folder, _ = clients
    case = read_client("ca", folder)
    table, check, gaps = (
        requirements.kpis(case),
        feedback_loop.health(case),
        experience_expectation.gaps(case),
    )
    assert table[["n", "value_low", "value_high"]].isna().all(axis=None)
    assert check[["difference_low", "difference_high", "p"]].isna().all(axis=None)
    assert set(check["verdict"]) == {"no_base"}
    ends = [name for name in gaps if name.endswith(("_low", "_high"))]
    assert ends and gaps[[*ends, "p_key"]].isna().all(axis=None)
    assert not gaps["key_experience"].any()
