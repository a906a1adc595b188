"""The one line between content and unhappy: tree, stakes and loyalty all go by it."""

MIDDLE = 0.5  # of the scale, assumed where no line is stated: whoever is short of it is unhappy
HAIR = 1e-9  # of the scale: so that a score on the stated line is on it whatever rounding does


def unhappy_below(line: float | None, scale: tuple, of: tuple) -> float:
    """The score on the scale `of` below which an experience is a bad one.

    line : the highest score of a bad experience on `scale`; on another scale in proportion. None:
    whatever is short of the middle is bad. scale, of : (lowest, highest).

    >>> unhappy_below(None, (0, 10), (1, 5)), unhappy_below(4, (0, 10), (0, 10)) > 4
    (3.0, True)
    """
    (low, high), (lowest, highest) = scale, of
    place = MIDDLE if line is None else (line - low) / (high - low) + HAIR
    return lowest + place * (highest - lowest)
