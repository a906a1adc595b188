"""One group chosen in the page says what a run with its people alone says."""

import shutil

import pandas as pd
import pytest
from bs4 import BeautifulSoup

import cxlib as cx
from cxlib.client.release import released
from cxlib.page import open_page
from cxlib.page.tables import table_html
from cxlib.page.whatif import choice_html
from tests.conftest import DATA
from tests.intruder import LEAST, small_client

TOLD = ["dimension", "n", "experience", "expectation", "importance", "satisfaction", "gap",
        "experience_low", "experience_high", "gap_low", "gap_high", "key_experience", "p_key"]  # fmt: skip


ONLY = (
    "client.yml",
    "codebook.csv",
    "survey.csv",
    "kiosk.csv",
)  # of a folder: what the gap rests on
RAW = {"kiosk": ("kiosk.csv", "cp949"), "vendor": ("survey.csv", "utf-8")}


def with_alone(place, client: str, kind: str, group: str):
    """The client with no other file than the survey, and the same of this group's people alone."""
    made = []
    for name in ("whole", "alone"):
        folder = place / name
        folder.mkdir()
        for each in ONLY:
            if (path := DATA / client / each).exists():
                shutil.copy(path, folder)
        made.append(folder)
    yml, raw = made[1] / "client.yml", made[1] / RAW[client][0]
    if kind == "role":  # what a role counts is refused where nobody has the others
        kept = (
            line for line in yml.read_text("utf-8").splitlines(True) if "role_weights" not in line
        )
        yml.write_text("".join(kept), "utf-8")
    case, encoding = cx.read_client("whole", place), RAW[client][1]
    people = case.survey.people
    rows = pd.read_csv(raw, encoding=encoding, dtype=str, keep_default_na=False)
    own = (
        people.loc[people[kind].astype(str).eq(group), "row"].to_numpy() - 2
    )  # the header is row 1
    rows.iloc[own].to_csv(raw, index=False, encoding=encoding)
    return case, cx.read_client("alone", place)


@pytest.mark.parametrize(
    "client, kind, group",
    [
        ("kiosk", "segment", "weekly"),
        ("vendor", "role", "it"),
        ("vendor", "wave", "2024"),  # not the last, which the page shows first
    ],
)
def test_a_group_is_told_as_a_run_with_it_alone_tells_it(tmp_path, client, kind, group):
    case, alone = with_alone(tmp_path, client, kind, group)
    groups, mine = cx.gaps_by_group(case), cx.everyone(cx.gaps(alone))
    found = groups[groups["grouping"].eq(kind) & groups["group"].eq(group)]
    fresh = released(alone, mine)[TOLD].reset_index(drop=True)
    assert fresh["experience"].notna().all()
    shown = released(case, found)[TOLD].reset_index(drop=True)
    same = TOLD[:1] + TOLD[2:]  # the people of a group are told to the nearest five
    pd.testing.assert_frame_equal(shown[same], fresh[same], check_dtype=False)
    assert (shown["n"] - fresh["n"]).abs().max() <= 2.5
    # And as the reader sees them: the table that the choice shows, and that of a report of them alone.
    page, of = open_page(case), ["dimension", "experience", "expectation", "importance", "gap"]
    label = f"{page.label('grouping', kind)}: {page.label(kind, group)}"
    box = BeautifulSoup(
        choice_html(page, cx.everyone(cx.gaps(case)), groups, of, ""), "html.parser"
    )
    at = [each.text for each in box.find_all("option")].index(label)
    theirs = BeautifulSoup(table_html(mine, open_page(alone), of), "html.parser")
    assert cells(box.find_all("table")[at]) == cells(theirs.table) != cells(box.table)


def cells(table) -> list[str]:
    return [each.get_text(" ", strip=True) for each in table.tbody.find_all(["th", "td"])]


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
