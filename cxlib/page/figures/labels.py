"""Where words stand beside points, so that they cover little."""

import numpy as np

from cxlib.page.looks import LIGHT


def place_labels(sheet, ax, xs, ys, labels, cross=None, taken=(), right=0):
    """Writes each label where it covers least: greedy, from the right, over places around its point.

    cross : columns x_low, x_high, y_low, y_high: intervals that the labels should not cover
    taken : boxes (x0, y0, x1, y1, in pixels) in which something is written already
    right : how far right words may stand, in pixels; to the edge of the axes unless told
    """
    size = sheet.size
    points = ax.transData.transform(np.column_stack([xs, ys]))
    if cross is not None:
        bars = [_along(xs[i], ys[i], cross.loc[i]) for i in labels]
        points = np.vstack([points, *(ax.transData.transform(bar) for bar in bars if len(bar))])
    frame = ax.get_window_extent().frozen()
    frame.x1 = right or frame.x1
    taken = [tuple(box) for box in taken]
    for i, words in sorted(labels.items(), key=lambda each: -points[each[0], 0]):
        words = sheet.wrap(words, 130 if sheet.narrow else 230, lines=2, size=size)
        w = max(sheet.text_width(line, size) for line in words.split("\n"))
        h = (size + 3) * (words.count("\n") + 1)
        best = np.inf
        for k, place in enumerate(_places_around(points[i], w, h)):
            touched = np.clip(points[i], place[:2], place[2:])
            cost = _cost(place, taken, points, frame) + 20 * _crossed(touched, points[i], taken)
            if cost + k * 0.1 < best:
                best, (x0, y0, x1, y1), edge = cost + k * 0.1, place, touched
            if not cost:  # what is further away cannot be better
                break
        taken.append((x0, y0, x1, y1))
        middle = (y0 + y1) / 2
        sheet.text(x0, sheet.height - middle, words, size=size, linespacing=1.1)
        if np.hypot(*(edge - points[i])) > 12:
            xs_, ys_ = zip(edge, points[i], strict=True)
            sheet.line(xs_, [sheet.height - y for y in ys_], color=LIGHT["muted"], linewidth=0.7)
            taken += [(x - 3, y - 3, x + 3, y + 3) for x, y in np.linspace(edge, points[i], 9)[:-1]]


def _along(x, y, ends, steps=9) -> np.ndarray:
    """Points along the two interval bars of a point."""
    across = [(at, y) for at in np.linspace(ends["x_low"], ends["x_high"], steps)]
    up = [(x, at) for at in np.linspace(ends["y_low"], ends["y_high"], steps)]
    return np.array([point for point in across + up if not np.isnan(point).any()])


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


def spread(xs, widths, left, right) -> list[float]:
    """Centres near the xs (ascending) for words of these widths that neither touch nor leave."""
    centres = list(xs)
    for i, (x, width) in enumerate(zip(xs, widths, strict=True)):
        centres[i] = max(x, (centres[i - 1] + widths[i - 1] / 2 if i else left) + width / 2)
    edge = right
    for i in reversed(range(len(centres))):
        centres[i] = min(centres[i], edge - widths[i] / 2)
        edge = centres[i] - widths[i] / 2
    return centres
