"""The sliders of a notebook: the same sums and figures, redrawn as they move."""

from pathlib import Path

import numpy as np
import pytest

import cxlib as cx
from cxlib.page import controls, open_page
from cxlib.sums.churn import stated_shares

DATA = Path(__file__).parents[2] / "data"


@pytest.fixture(scope="module")
def meisu():
    return cx.read_client("meisu", str(DATA))


@pytest.fixture(scope="module")
def meisu_page(meisu):
    return open_page(meisu)


@pytest.fixture
def looking_on(monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "03.ipynb")
    monkeypatch.delenv("CX_BATCH", raising=False)


def boxes(board):
    """Sliders by their description, and the drawing."""
    sliders = {child.description: child for child in board.children if hasattr(child, "options")}
    return sliders, board.children[-1]


def choose(slider, text):
    slider.value = next(value for label, value in slider.options if label == text)


def test_a_batch_run_shows_no_controls(meisu, meisu_page, monkeypatch):
    monkeypatch.setenv("JPY_SESSION_NAME", "03.ipynb")
    monkeypatch.setenv("CX_BATCH", "1")
    assert meisu_page.explore_importance(cx.gaps(meisu)) is None


def test_no_table_no_controls(meisu_page, looking_on):
    assert meisu_page.explore_churn(None) is None


def test_importance_moves_the_key_experience(meisu, meisu_page, looking_on):
    board = meisu_page.explore_importance(cx.gaps(meisu))
    sliders, shown = boxes(board)
    assert "Convenience is the key experience" in shown.value
    # product falls one point short, convenience two: 10 × −1 against 3 × −2
    choose(sliders["Product"], "10")
    choose(sliders["Convenience"], "3")
    assert "Product is the key experience" in shown.value
    assert "<figure>" in shown.value and "&lt;p" not in shown.value
    board.children[-2].click()
    assert "Convenience is the key experience" in shown.value


def test_an_importance_not_known_stays_so_until_it_is_moved(meisu, meisu_page, looking_on):
    sliders, _ = boxes(meisu_page.explore_importance(cx.gaps(meisu)))
    labels = {name: slider.options[slider.value][0] for name, slider in sliders.items()}
    assert labels["Convenience"] == "9" and labels["Service"] == "–"


def test_the_ideal_moves_the_gap(meisu, meisu_page, looking_on):
    sliders, shown = boxes(meisu_page.explore_ideal(cx.gaps(meisu)))
    assert "Convenience: 5.0 points, from 5 today to 10" in shown.value
    choose(sliders["Convenience"], "7")
    choose(sliders["Relationship"], "8.5")
    assert "Relationship: 4.5 points, from 4 today to 8.5" in shown.value


def test_the_shares_move_the_tree(meisu, meisu_page, looking_on):
    sliders, shown = boxes(meisu_page.explore_churn(meisu.churn_inputs))
    assert "HKD 4.9 million" in shown.value and "&lt;p" not in shown.value
    choose(sliders["Share of bad experience"], "11.0%")  # half of 22 %: half the loss
    assert "about HKD 2.5 million a year, 4.9% of revenue" in shown.value


def test_moved_shares_still_add_up(meisu):
    moved = controls.moved_inputs(
        meisu.churn_inputs, {"complained_retained": 0.69, "silent_lost": 0.2, "negative": 0.22}
    )
    shares = stated_shares(moved)
    # 31 % left to be split as 34 : 28
    assert shares["complained_at_risk"] == pytest.approx(0.17)
    assert shares["complained_lost"] == pytest.approx(0.14)
    assert shares["silent_at_risk"] == pytest.approx(0.8)
    by = moved.set_index("input")
    assert by.loc["negative", "low"] == 0.15, "a share left alone keeps its range"
    assert np.isnan(by.loc["silent_lost", "low"])
