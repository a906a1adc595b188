import numpy as np
import pandas as pd
import pytest

from cxlib.sums.quality import five_gaps, quality_scores, service_types


def test_what_how_and_image_by_hand():
    answers = pd.DataFrame(
        {
            ("experience", "fixed"): [4.0, 6, 8], ("experience", "polite"): [9.0, 9, 9],
            ("expectation", "fixed"): [8.0, 8, 8], ("overall", "all"): [1.0, 2, 3],
        }
    )  # fmt: skip
    items = pd.DataFrame({"quality": ["technical", "functional"]}, index=["fixed", "polite"])
    found = quality_scores(answers, items).set_index("quality")
    # In total each person's mean of both: (4 + 9) ÷ 2, (6 + 9) ÷ 2, (8 + 9) ÷ 2; image is no part of it.
    assert found["experience"].to_dict() == {"technical": 6, "functional": 9, "total": 7.5}
    alone = quality_scores(answers, items.replace("functional", "image"))
    assert alone["quality"].tolist() == ["technical", "image"]
    assert found.loc["technical", "satisfaction"] == -2 and found.loc["technical", "n"] == 3
    # t(2) .975 = 4.3027, standard error 2/√3.
    half = found.loc["technical", "satisfaction_high"] + 2
    assert half == pytest.approx(4.3027 * 2 / 3**0.5, rel=1e-4)
    assert np.isnan(found.loc["functional", "satisfaction"])
    assert quality_scores(answers, items.assign(quality=None)).empty


def test_the_five_gaps_and_only_those_the_data_carry():
    customers = pd.DataFrame(
        {"dimension": ["service", "price"], "experience": [6.0, 7], "expectation": [8.0, 7]}
    )
    company = pd.DataFrame({"dimension": ["service"], "expectation": [7.0], "promise": [9.0]})
    ideal = pd.Series({"service": 6.5})
    found = five_gaps(customers, company, ideal).set_index("dimension")
    assert found.loc["service"].tolist() == [-1, -0.5, -0.5, -3, -2, "gap_4"]
    # Not promising, not believing, not deciding anything, only the customer's own gap is left.
    alone = five_gaps(customers).set_index("dimension")
    assert alone["gap_5"].tolist() == [-2, 0]
    assert alone[["gap_1", "gap_2", "gap_3", "gap_4", "widest"]].isna().all(axis=None)
    # The gap of the customer is the first three together, where all are known.
    assert found.loc["service", ["gap_1", "gap_2", "gap_3"]].sum() == found.loc["service", "gap_5"]


def test_the_four_types():
    scores, group = [], []
    for name, (procedural, personal) in {
        "book": (8, 3), "cold": (3, 3), "good": (8, 8), "warm": (3, 8),
    }.items():  # fmt: skip
        for k in range(12):
            scores.append((procedural + k % 3 - 1, personal + (k + 1) % 3 - 1))
            group.append(name)
    frame = pd.DataFrame(scores, columns=["procedural", "personal"])
    found = service_types(frame, pd.Series(group, name="site"), 5.0).set_index("site")
    assert found["type"].to_dict() == {"book": "A", "cold": "B", "good": "C", "warm": "D"}
    assert (found["verdict"] == found["type"]).all() and (found["n"] == 12).all()


def test_close_to_the_middle_nobody_can_tell():
    frame = pd.DataFrame({"procedural": [4.0, 6, 5.5, 4.6], "personal": [8.0, 9, 8, 9]})
    found = service_types(frame, pd.Series(["x"] * 4), 5.0)
    assert found["type"].item() == "C" and found["verdict"].item() == "cannot_tell"
    one = service_types(frame.iloc[:1], pd.Series(["x"]), 5.0)
    assert np.isnan(one["p_type"].item()) and one["verdict"].item() == "cannot_tell"
