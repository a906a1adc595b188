"""One group chosen in the page says what a run with its people alone says."""

import shutil

import pandas as pd
import pytest

import cxlib as cx
from cxlib.client.release import released
from cxlib.page import open_page
from cxlib.page.choice import choice_html
from tests.intruder import LEAST, small_client

TOLD = ["dimension", "n", "experience", "expectation", "importance", "satisfaction", "gap",
        "experience_low", "experience_high", "gap_low", "gap_high", "key_experience", "p_key"]  # fmt: skip


@pytest.mark.parametrize("group", ["weekly", "monthly"])
def test_a_group_is_told_as_a_run_with_it_alone_tells_it(tmp_path, group):
    folder = shutil.copytree("data/kiosk", tmp_path / "alone")
    case = cx.read_client("kiosk", "data")
    people = case.survey.people
    raw = pd.read_csv(folder / "kiosk.csv", encoding="cp949", dtype=str, keep_default_na=False)
    kept = people.loc[people["segment"].eq(group), "row"].to_numpy() - 2  # the header is row 1
    raw.iloc[kept].to_csv(folder / "kiosk.csv", index=False, encoding="cp949")
    alone = cx.read_client("alone", tmp_path)
    assert len(alone.survey.people) == people["segment"].eq(group).sum() > 80
    fresh = released(alone, cx.everyone(cx.gaps(alone)))[TOLD].reset_index(drop=True)
    found = cx.gaps_by_group(case)
    shown = released(case, found[found["group"].eq(group)])[TOLD].reset_index(drop=True)
    same = TOLD[:1] + TOLD[2:]  # the people of a group are told to the nearest five
    pd.testing.assert_frame_equal(shown[same], fresh[same], check_dtype=False)
    assert (shown["n"] - fresh["n"]).abs().max() <= 2.5


@pytest.mark.parametrize("seed", range(6))
def test_no_group_that_is_withheld_is_offered(tmp_path, seed):
    case = cx.read_client(small_client(tmp_path, seed), tmp_path)
    groups = cx.gaps_by_group(case)
    html = choice_html(
        open_page(case), cx.everyone(cx.gaps(case)), groups, ["dimension", "n", "experience"], ""
    )
    told = cx.segments_against_the_rest(case)
    if groups is None:
        return
    told = released(case, told)
    open_to = set(
        told.loc[told["mean"].notna() & told["grouping"].isin(["segment", "role"]), "group"]
    )
    offered = {name for name in groups["group"] if f": {name}</option>" in html}
    assert offered <= open_to, "no more than what the table of differences tells"
    people = case.latest.people["segment"].value_counts()
    assert not offered & set(people.index[people < LEAST])
