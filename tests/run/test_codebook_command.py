"""`cx codebook` drafts a codebook beside the file, and never over one that is there."""

import shutil
from pathlib import Path

import pandas as pd

from cxlib.run.cli import main

KIOSK = Path(__file__).parents[2] / "data" / "kiosk" / "kiosk.csv"


def test_a_draft_is_written_and_summed_up(tmp_path, capsys):
    shutil.copy(KIOSK, tmp_path)
    assert main(["codebook", str(tmp_path / "kiosk.csv")]) == 0
    draft = pd.read_csv(tmp_path / "codebook.csv")
    # The survey asked 24 items twice and 29 Kano questions both ways (data/kiosk/SOURCE.md).
    assert draft["measure"].value_counts()[["expectation", "experience"]].tolist() == [24, 24]
    assert draft["measure"].value_counts()[["functional", "dysfunctional"]].tolist() == [29, 29]
    assert "codebook.csv" in capsys.readouterr().out


def test_a_codebook_that_is_there_is_not_written_over(tmp_path, capsys):
    shutil.copy(KIOSK, tmp_path)
    (tmp_path / "codebook.csv").write_text("mine")
    assert main(["codebook", str(tmp_path / "kiosk.csv")]) == 2
    assert (tmp_path / "codebook.csv").read_text() == "mine"
    assert "--out" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_said_plainly(tmp_path, capsys):
    assert main(["codebook", str(tmp_path / "nosuch.csv")]) == 1
    assert "nosuch.csv" in capsys.readouterr().err
