"""Where words stand beside points, so that they cover little."""

import numpy as np
import pandas as pd

from cxlib.page.looks import LIGHT


def place_labels(sheet, ax, xs, ys, labels, size=0, cross=None, taken=(), right=0):
    """Writes each label where it covers least: greedy, from the right, over places around its point.

    cross : rows whose interval bars the labels should not cover
    taken : boxes (x0, y0, x1, y1, in pixels) in which something is written already
    right : how far right words may stand, in pixels; to the edge of the axes unless told
    """
    size = size or sheet.size
    points = ax.transData.transform(np.column_stack([xs, ys]))
    if cross is not None:
        bars = [_along(cross.loc[i]) for i in labels]
        points = np.vstack([points, *(ax.transData.transform(bar) for bar in bars if len(bar))])
    frame = ax.get_window_extent().frozen()
    frame.x1 = right or frame.x1
    taken = [tuple(box) for box in taken]
    for i, words in sorted(labels.items(), key=lambda each: -points[each[0], 0]):
        words = sheet.wrap(words, 130 if sheet.narrow else 230, lines=2, size=size)
        w = max(sheet.text_width(line, size) for line in words.split("\n"))
        h = (size + 3) * (words.count("\n") + 1)
        boxes = list(_places_around(points[i], w, h))
        edges = [np.clip(points[i], box[:2], box[2:]) for box in boxes]
        costs = [
            _cost(box, taken, points, frame) + 20 * _crossed(edge, points[i], taken) + k * 0.1
            for k, (box, edge) in enumerate(zip(boxes, edges, strict=True))
        ]
        chosen = int(np.argmin(costs))
        (x0, y0, x1, y1), edge = boxes[chosen], edges[chosen]
        taken.append((x0, y0, x1, y1))
        middle = (y0 + y1) / 2
        sheet.text(x0, sheet.height - middle, words, size=size, linespacing=1.1)
        if np.hypot(*(edge - points[i])) > 12:
            xs_, ys_ = zip(edge, points[i], strict=True)
            sheet.line(xs_, [sheet.height - y for y in ys_], color=LIGHT["muted"], linewidth=0.7)
            taken += [(x - 3, y - 3, x + 3, y + 3) for x, y in np.linspace(edge, points[i], 9)[:-1]]


def _along(row, steps=9) -> np.ndarray:
    """Points along the two interval bars of a row."""
    x, y, parts = row["satisfaction"], row["importance"], np.linspace(0, 1, steps)
    bars = []
    if pd.notna(row.get("satisfaction_low")):
        xs = row["satisfaction_low"] + parts * (row["satisfaction_high"] - row["satisfaction_low"])
        bars += [(at, y) for at in xs]
    if pd.notna(row.get("importance_low")):
        ys = row["importance_low"] + parts * (row["importance_high"] - row["importance_low"])
        bars += [(x, at) for at in ys]
    return np.array(bars)


def _places_around(point, w, h):
    x, y = point
    for far in (9, 24, 42, 64, 96, 130):
        for dx, dy in ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (-1, 1), (1, -1), (-1, -1)):
            cx, cy = x + dx * (far + w / 2), y + dy * (far + h / 2)
            yield cx - w / 2, cy - h / 2, cx + w / 2, cy + h / 2


def _crossed(edge, point, taken) -> int:
    """How much written already a line from a label's edge to its point would cross."""
    along = np.linspace(edge, point, 15)
    return sum(((along > box[:2]) & (along < box[2:])).all(axis=1).any() for box in taken)


def _cost(box, taken, points, frame) -> float:
    x0, y0, x1, y1 = box
    outside = x0 < frame.x0 or x1 > frame.x1 or y0 < frame.y0 + 18 or y1 > frame.y1 - 18
    over = sum(x0 < b[2] and b[0] < x1 and y0 < b[3] and b[1] < y1 for b in taken)
    covered = ((points > (x0 - 5, y0 - 5)) & (points < (x1 + 5, y1 + 5))).all(axis=1).sum()
    return 100 * outside + 50 * over + 10 * covered
