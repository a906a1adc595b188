"""From a slider that is moved to the new headline and figure, as a notebook in JupyterLab draws them.

Measured in the kernel: the other settings read and checked, the sums, the sentence and the drawing,
until the widget holds the new picture. What the browser adds is the same for every picture.
"""

import os
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

from bench import Row
from cxlib.client.case import read_client
from cxlib.lab.boards import explore
from cxlib.page.page import Page

ROOT = Path(__file__).parents[1]
MOVES = 21  # of each slider, after one that fills the caches of fonts
LIMITS = {"kiosk": 0.2, "sfo": 0.5}  # seconds, median
BOARDS = ("importance", "ideal", "strategy", "cost")  # those that have sliders


def rows(full):
    with looking_on():
        for client, limit in LIMITS.items():
            yield slider_to_picture(client, limit, MOVES if full else MOVES // 3)


@contextmanager
def looking_on():
    """As in a notebook that somebody has open in JupyterLab."""
    before = dict(os.environ)
    os.environ.pop("CX_BATCH", None)
    os.environ["JPY_SESSION_NAME"] = "bench"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def slider_to_picture(client: str, limit: float, moves: int) -> Row:
    """The median over all sliders that the client has, each moved over its whole range."""
    page, taken = Page(read_client(client, ROOT / "data")), []
    for name in BOARDS:
        board = explore(page, name)
        sliders = [] if board is None else [box for box in board.children if is_slider(box)]
        for slider in sliders:
            taken += times(slider, board.children[-2], moves)
    what = f"slider to picture on {client}, median of {len(taken)} moves"
    passed, worked = (median(each) for each in zip(*taken, strict=True))
    worst = sorted(each for each, _ in taken)[int(len(taken) * 0.95)]
    said = (
        f"{passed * 1000:.0f} ms, of which the processor works {worked * 1000:.0f} ms "
        f"(95 of 100 under {worst * 1000:.0f} ms)"
    )
    return Row(what, said, f"under {limit * 1000:.0f} ms", passed < limit)


def is_slider(box) -> bool:
    return type(box).__name__ == "SelectionSlider"


def times(slider, shown, moves: int) -> list[tuple[float, float]]:
    """Seconds from each move to the new picture, and of this process's work: what a busy machine adds
    is the difference."""
    last, found = len(slider.options) - 1, []
    places = [round(last * move / moves) for move in range(moves + 1)]
    for place in [each for each in places if each != slider.value]:
        if place == slider.value:
            continue
        shown.value, start, work = "", perf_counter(), process_time()
        slider.value = place
        found.append((perf_counter() - start, process_time() - work))
        assert "<figure" in shown.value
    return found[1:]
