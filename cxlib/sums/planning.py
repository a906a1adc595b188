"""How many people the next survey has to ask, and what those who did not answer could change."""

import numpy as np
from scipy.special import ndtri

from cxlib.sums.compare import POWER
from cxlib.sums.tails import z_of


def answers_needed(spread, difference, confidence=0.95, power=POWER, design_effect=1.0):
    """Answers in each of two waves, or groups, of one size, so that a true difference of this size is
    found with this power. Elementwise.

    spread : standard deviation of single answers; difference : in the same unit
    design_effect : how many times weights and clusters multiply the variance of a mean

    The normal sum with Guenther's term for an estimated spread, within one of the exact noncentral t.

    Source: Guenther 1981, The American Statistician 35; design effect, Kish 1965.

    >>> float(answers_needed(1.0, 0.5).round(1))  # R: power.t.test(delta = .5, sd = 1, power = .8), 63.8
    63.8
    """
    z = z_of(confidence)
    both = (z + ndtri(power)) * spread / difference
    return design_effect * (2 * both**2 + z**2 / 4)


def had_all_answered(mean, rate, scale, aim=np.nan) -> dict:
    """What the mean of all who were asked could be, whatever the silent would have said. Elementwise.

    mean : of those who answered; rate : their share of all who were asked; aim : a mean to be reached

    mean_lowest, mean_highest : were all the silent at an end of the scale (Manski's bounds)
    silent_mean : what the silent must have scored on average for the aim to be reached by all; beyond
        the scale no answer of theirs could reach it

    Source: Manski 1989, Journal of Human Resources 24.

    >>> had_all_answered(6.0, 0.25, (0, 10), 7.0)
    {'mean_lowest': 1.5, 'mean_highest': 9.0, 'silent_mean': 7.333333333333333}
    """
    low, high = (rate * mean + (1 - rate) * end for end in scale)
    silent = (aim - rate * mean) / (1 - rate)
    return {"mean_lowest": low, "mean_highest": high, "silent_mean": silent}
