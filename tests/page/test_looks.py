import numpy as np
import pytest

from cxlib.page.looks import PALETTE, stylesheet

SHADES = {"light": 0, "dark": 1}
TEXT = ["ink", "muted", "experience", "expectation", "lost", "kept"]
MARKS = ["experience", "expectation", "lost", "at_risk", "kept"]

# Machado, Oliveira & Fernandes 2009, severity 1.0: how three kinds of readers see linear RGB.
BLINDNESS = {
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}


def linear(colour):
    parts = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    """WCAG 2: (lighter + .05) / (darker + .05)."""
    dark, light = sorted(linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


def lab(rgb):
    """CIE L*a*b* of linear sRGB, white D65."""
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    x = np.clip(np.array(to_xyz) @ rgb / [0.9505, 1, 1.089], 0, None)
    f = np.where(x > 0.008856, np.cbrt(x), 7.787 * x + 16 / 116)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def test_the_contrast_of_black_on_white_is_21():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("shade", SHADES)
@pytest.mark.parametrize("name", TEXT)
def test_text_can_be_read(name, shade):
    side = SHADES[shade]
    for ground in ("paper", "panel"):
        assert contrast(PALETTE[name][side], PALETTE[ground][side]) >= 4.5


@pytest.mark.parametrize("shade", SHADES)
@pytest.mark.parametrize("name", MARKS)
def test_marks_can_be_seen(name, shade):
    side = SHADES[shade]
    assert contrast(PALETTE[name][side], PALETTE["paper"][side]) >= 3  # WCAG 1.4.11


@pytest.mark.parametrize("shade", SHADES)
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_what_is_lost_at_risk_and_kept_differ_for_colour_blind_readers(blindness, shade):
    side, seen = SHADES[shade], np.array(BLINDNESS[blindness])
    colours = [
        lab(np.clip(seen @ linear(PALETTE[name][side]), 0, 1))
        for name in ("lost", "at_risk", "kept")
    ]
    apart = [np.linalg.norm(a - b) for i, a in enumerate(colours) for b in colours[:i]]
    assert min(apart) > 10  # a difference of 2.3 is just noticeable


@pytest.mark.parametrize("shade", SHADES)
def test_what_is_lost_at_risk_and_kept_differ_in_grey(shade):
    side = SHADES[shade]
    colours = [PALETTE[name][side] for name in ("lost", "at_risk", "kept")]
    apart = [contrast(a, b) for i, a in enumerate(colours) for b in colours[:i]]
    assert min(apart) > 1.4  # a copy in grey keeps nothing but this


def test_the_stylesheet_has_both_shades_and_the_clients_colour():
    style = stylesheet("#aa0055")
    assert "--accent:#aa0055" in style and PALETTE["ink"][1] in style
    assert "url(" not in style and "@import" not in style
