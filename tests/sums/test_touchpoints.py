import numpy as np
import pandas as pd
import pytest

from cxlib.sums.touchpoints import case_paths, touchpoint_map


def asked():
    answers = pd.DataFrame({"site": [4.0, 6, np.nan], "forms": [8.0, 8, 8], "visit": [1.0, 3, 5]})
    items = pd.DataFrame(
        {"stage": ["before", "before", "after"], "channel": ["web", "web", "face"]},
        index=["site", "forms", "visit"],
    )
    return answers, items


def cases():
    return pd.DataFrame(
        {"stage": ["after"] * 3 + ["before"], "channel": ["phone"] * 2 + ["face", "web"]}
    )


def test_scores_bases_cases_and_loss_by_hand():
    found = touchpoint_map(*asked(), complaints=cases(), lost=(1000, 500, 2000))
    found = found.set_index(["stage", "channel"])
    # Each person's mean over site and forms: 6, 7, 8; mean 7, standard error 1/√3, t(2) = 4.3027.
    web = found.loc[("before", "web")]
    assert web["experience"] == pytest.approx(7) and web["n"] == 3
    assert web["experience_high"] - 7 == pytest.approx(4.3027 / 3**0.5, rel=1e-3)
    assert found.loc[("after", "phone"), "loss"] == pytest.approx(500)  # half the cases
    # Wilson, 2 of 4: .1500 to .8500.
    assert found.loc[("after", "phone"), "loss_low"] == pytest.approx(75, rel=1e-3)
    assert found.loc[("after", "phone"), "loss_high"] == pytest.approx(1700, rel=1e-3)


def test_every_stage_meets_every_channel_and_blind_spots_are_named():
    found = touchpoint_map(*asked(), complaints=cases()).set_index(["stage", "channel"])["seen"]
    assert found.to_dict() == {
        ("before", "web"): "both",
        ("before", "face"): "blind",
        ("before", "phone"): "blind",
        ("after", "web"): "blind",
        ("after", "face"): "both",
        ("after", "phone"): "cases",
    }
    only = touchpoint_map(None, None, complaints=cases())
    assert set(only["seen"]) == {"cases", "blind"} and only["n"].isna().all()
    assert touchpoint_map(*asked())["cases"].isna().all()


def test_the_way_of_a_case_through_channels():
    table = pd.DataFrame(
        {
            "channel": ["phone", "phone>web", "phone > web", "web", "phone"],
            "resolved": [True, False, True, None, True],
            "hours_to_resolve": [2.0, 10, 30, 1, 4],
        }
    )
    found = case_paths(table).set_index("path")
    assert found.loc["phone > web", ["hops", "cases", "hours_to_resolve"]].tolist() == [1, 2, 20]
    assert found.loc["phone > web", "put_right"] == 0.5
    assert found.loc["web", "n_put_right"] == 0 and np.isnan(found.loc["web", "put_right"])
    assert case_paths(table.iloc[[0, 3]]).empty
