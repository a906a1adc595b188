"""Fifty-one states as fifty-one clients, the nation as their benchmark."""

import importlib.util

import pytest

from cxlib.analysis import experience_expectation, feedback_loop, requirements
from cxlib.client.case import read_client
from cxlib.page import open_page
from cxlib.page.deck import slides_of
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


def test_the_deck_of_a_state_says_one_number_in_one_way(clients):
    # The source: H_COMP_7 of Mississippi, July 2023, top box: 52.
    slides = slides_of(open_page(read_client("ms", clients[0])))
    said = [slide.title for slide in slides] + [words for *_, words in slides[0].tiles]
    assert said[0] == "Care transition is rated lowest: 52."
    assert said[1] == "Care transition is rated lowest: 52 of 100."
    assert "52 of 100, the lowest rated" in said
    assert all(slide.notes for slide in slides)
    assert not [
        each for slide in slides for each in [slide.title, *slide.points] if "below" in each
    ]
