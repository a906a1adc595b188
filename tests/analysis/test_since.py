"""One release against another: expected values by hand."""

import numpy as np
import pandas as pd
import pytest

import cxlib as cx
from cxlib.analysis.since import came_true, loss_foreseen, moved, on_what, predictions_of
from cxlib.client.kept import Kept
from cxlib.client.release import released

SCORES = ["dimension", "experience", "expectation", "satisfaction", "gap"]


def release(
    rows, people=range(400), half=0.2, day="2026-01-31", fix=("convenience",), stake=None, **about
):
    """A release of these scores, each ± half, of these people."""
    table = pd.DataFrame(rows, columns=SCORES).assign(segment="all", n=400)
    for name in SCORES[1:]:
        table[f"{name}_low"], table[f"{name}_high"] = table[name] - half, table[name] + half
    plan = pd.DataFrame(
        {
            "initiative": ["a", "b", "c"],
            "dimension": ["convenience", "convenience", "service"],
            "uplift": [0.5, 0.4, 1.0],
            "closes": [0.5, 0.4, 1.0],
            "chosen": [True, True, False],
        }
    )
    verdict = {
        "fix": {"kind": "key", "dimensions": list(fix), "ground": "expectation"},
        "stake": stake or {"amount": 100.0, "low": 80.0, "high": 130.0, "mark": "measured"},
        "ask": {"plan": ["a", "b"]},
    }
    of = {"started": f"{day}T09:00", "title": "A", "scale": [0, 10], "confidence": 0.95} | about
    return Kept(1, of, verdict, {"gap": table, "portfolio": plan}, frozenset(people))


BEFORE = [["convenience", 5.0, 7.0, -2.0, -3.0], ["service", 7.0, 7.5, -0.5, -1.0]]
NOW = [["convenience", 5.6, 7.0, -1.4, -2.4], ["service", 7.1, 7.5, -0.4, -0.9]]


def test_what_moved_has_the_interval_of_both_sides():
    table = moved(release(BEFORE), release(NOW, range(400, 800)))
    rows = table.set_index(["score_of", "dimension"])
    row = rows.loc["experience", "convenience"]
    # √(0.2² + 0.2²) = 0.2828…
    assert row[["difference", "difference_low", "difference_high"]].astype(float).round(4).tolist() == [
        0.6, 0.3172, 0.8828,
    ]  # fmt: skip
    assert row["different"] is True and rows.loc["experience", "service"]["different"] is False
    # z = 0.6 ÷ 0.2828 × 1.96 = 4.158, p = 0.0000321; the smaller of the two that share rank 2 of 6: × 6 ÷ 2
    assert row["q"] == pytest.approx(3.21e-5 * 6 / 2, rel=0.01)
    assert set(table["tested"]) == {"apart"}


def test_many_small_moves_are_no_claim():
    # 0.29 alone is beyond chance (0.29 > 0.2828, p = 0.044), but not as one of six: q ≥ 0.13
    now = [["convenience", 5.29, 7.0, -1.71, -3.0], ["service", 7.0, 7.5, -0.5, -1.0]]
    table = moved(release(BEFORE), release(now, range(400, 800)))
    assert not table["different"].eq(True).any()


@pytest.mark.parametrize(
    "now, said",
    [
        (release(NOW), "same"),
        (release(NOW, range(500)), "shared"),  # the file has grown
        (release(NOW, range(370, 770)), "shared"),  # 30 of 400: over a twentieth
        (release(NOW, range(380, 780)), "apart"),  # 20 of 400
        (release(NOW, range(379, 2379)), "shared"),  # 21 of the smaller 400
        (release(NOW, range(380, 2380)), "apart"),
        (release(NOW, half=np.nan), "judged"),
        (release(NOW, range(400, 800), scale=[1, 7]), "scales"),
        (release(NOW, range(400, 800), confidence=0.9), "confidence"),
    ],
)
def test_no_test_is_made_that_would_claim_too_much(now, said):
    before = release(BEFORE)
    assert on_what(before, now) == said
    table = moved(before, now)
    if said != "apart":
        assert table[["difference_low", "q"]].isna().all(axis=None) and not table["different"].any()
    assert table["difference"].isna().all() == (said == "scales")


def test_of_the_same_answers_only_what_moved_is_told_and_what_was_decided():
    # The ideal of convenience was raised by 0.4; 0.004 is written as 0.00, and the rest stands still.
    now = [["convenience", 5.004, 7.0, -1.996, -3.4], BEFORE[1]]
    before = release(BEFORE, inputs={"client.yml": "a", "answers.csv": "b"}, own=["importance"])
    after = release(now, inputs={"client.yml": "c", "answers.csv": "b"}, own=["gap", "importance"])
    table = moved(before, after)
    assert table[["score_of", "dimension"]].to_numpy().tolist() == [["gap", "convenience"]]
    assert table["difference"].tolist() == pytest.approx([-0.4])
    assert table["because"].tolist() == ["client.yml; gap"]
    page = cx.open_page(cx.read_client("meisu", "data"))
    assert page.sentences("since", table) == [
        "Convenience (gap to ideal) −0.4, in points.",
        "Both count the same answers, so no test is made; what was decided otherwise: client.yml and Gap to ideal.",
    ]
    still = release(BEFORE, inputs={"client.yml": "c"})
    assert moved(before, still).empty  # nothing moved, so nothing is said
    assert came_true(predictions_of(before), before, still).empty
    assert len(moved(before, release(BEFORE, range(400, 800)))) == 6  # other people: it is told


def test_of_whom_it_is_not_known_no_test_is_made():
    one = release(BEFORE)
    unknown = Kept(2, one.about, one.verdict, one.tables, None)
    assert on_what(one, unknown) == on_what(unknown, one) == on_what(None, one) == "unknown"


def test_the_difference_is_of_released_numbers_and_no_finer():
    case = cx.read_client("vendor", "data")
    gap = released(case, cx.gaps(case))
    run = release(BEFORE)
    one = Kept(1, run.about, run.verdict, {"gap": gap}, frozenset({1}))
    two = Kept(
        2,
        run.about,
        run.verdict,
        {"gap": gap.assign(experience=gap["experience"] + 0.1)},
        frozenset({2}),
    )
    table = moved(one, two)
    tenths = table["difference"].astype(float) * 10  # 420 people on 0–10 are told in tenths
    assert np.allclose(tenths, tenths.round(), atol=1e-6)
    shown = released(case, table)
    assert np.allclose(shown["difference"], table["difference"])


def test_what_was_foreseen_stands_beside_what_happened():
    before = release(BEFORE)
    told = predictions_of(before)
    assert told["prediction"].tolist() == ["key_experience", "rise", "loss"]
    assert told["uplift"].tolist()[1] == pytest.approx(0.9)  # 0.5 + 0.4 of the two chosen; c is not
    assert told[["value", "low", "high"]].astype(float).values.tolist() == [
        [-2.0, -2.2, -1.8], [5.0, 4.8, 5.2], [100, 80, 130],
    ]  # fmt: skip
    found = came_true(told, before, release(NOW, range(400, 800)))
    # satisfaction −2.0 → −1.4 is better and still short; 0.6 (0.32 to 0.88) is less than 0.9
    assert found["came"].tolist() == ["better", "less"]
    well = [["convenience", 5.8, 5.5, 0.3, -2.2], NOW[1]]
    found = came_true(told, before, release(well, range(400, 800)))
    assert found["came"].tolist() == ["put_right", "as_foreseen"]  # 0.8 (0.52 to 1.08) holds 0.9
    found = came_true(told, before, release(NOW))
    assert found["came"].tolist() == ["not_tested", "not_tested"]


def test_a_plan_goes_no_further_than_the_ideal():
    near = [["convenience", 5.0, 7.0, -2.0, -0.6], ["service", 7.0, 7.5, -0.5, -1.0]]
    assert predictions_of(release(near))["uplift"].tolist()[1] == pytest.approx(0.6)


@pytest.mark.parametrize("amount, came", [(79.0, "below"), (100.0, "within"), (131.0, "above")])
def test_a_loss_is_held_against_the_range_foreseen(amount, came):
    now = release(
        NOW, stake={"amount": amount, "low": amount - 1, "high": amount + 1, "mark": "measured"}
    )
    assert loss_foreseen(predictions_of(release(BEFORE)), now)["came"].tolist() == [came]


def test_another_experience_of_one_client_is_left_out():
    table = moved(release(BEFORE), release([NOW[0], ["speed", 1, 2, -1, -1]], range(400, 800)))
    assert set(table["dimension"]) == {"convenience"}


def test_who_asked_for_recommendation_alone_is_told_what_moved():
    # +28 (20 to 36) and +4 (−4 to 13), of different people; the ends by MOVER, by hand:
    # −24 − √(8² + 8²) = −35.3 and −24 + √(9² + 8²) = −12.0.
    def run(people, *waves):
        names = ["wave", "n", "nps", "nps_low", "nps_high"]
        about = {"started": "2026-12-01", "scale": [0, 10], "confidence": 0.95}
        return Kept(1, about, {}, {"nps": pd.DataFrame(waves, columns=names)}, frozenset(people))

    before = run(range(440), ("spring", 300, 50, 40, 60), ("summer", 440, 28, 20, 36))
    now = run(range(440, 875), ("autumn", 435, 4, -4, 13))
    assert on_what(before, now) == "apart"
    (row,) = moved(before, now).to_dict("records")
    assert (row["score_of"], row["dimension"], row["n_before"], row["n"]) == ("nps", "recommend", 440, 435)  # fmt: skip
    assert row["difference"] == -24 and row["different"] is True
    assert row["difference_low"] == pytest.approx(-24 - 128**0.5)
    assert row["difference_high"] == pytest.approx(-24 + 145**0.5)
    page = cx.open_page(cx.read_client("meisu", "data"))
    assert page.sentence("since", moved(before, now)).startswith(
        "Beyond chance, in points: Recommendation (net promoter score) −24"
    )
