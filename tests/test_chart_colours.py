"""Colours of charts: told apart by eyes that see no red, no green or no blue, in light and in dark pages.

Eyes: the matrices of Machado, Oliveira and Fernandes (2009) for a whole lack of one cone, on linear sRGB.
Distances: CIEDE2000. Contrast: WCAG 2.2.
"""

from __future__ import annotations

import itertools
import math
from pathlib import Path

import pytest

from tracker import charts
from tracker.rules.contrast import colours_of, contrast, linear

CSS = Path(__file__).resolve().parent.parent / "static" / "css"
EYES = {
    "all three cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "no red": (
        (0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998),
    ),
    "no green": (
        (0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881),
    ),
    "no blue": (
        (1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900),
    ),
}  # fmt: skip
GOALS, TWINS = [f"--g{n}" for n in range(1, 10)], [f"--g{n}-2" for n in range(1, 10)]
SHADES = [f"--k{n}" for n in range(5)]
APART, SHADES_APART = 9.0, 6.0  # a distance of 1 is just seen; cells touch, and their numbers stand in them
MARK, WORDS = 3.0, 4.5  # contrasts


def tokens(mode):
    """The tokens of a mode: of the dark one where it gives them other values."""
    sheets = ("tokens.css", "dark.css") if mode == "dark" else ("tokens.css",)
    found: dict[str, str] = {}
    for name in sheets:
        colours = colours_of((CSS / name).read_text(encoding="utf-8"))
        found |= {f"--{token}": colour for token, colour in colours.items()}
    return found


MODES = {"light": tokens("light"), "dark": tokens("dark")}


def lab(colour, eye):
    seen = linear(colour)
    seen = [min(1.0, max(0.0, sum(m * part for m, part in zip(row, seen, strict=True)))) for row in EYES[eye]]
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    xyz = [sum(m * part for m, part in zip(row, seen, strict=True)) for row in rows]
    x, y, z = (
        t ** (1 / 3) if t > 0.008856 else 7.787 * t + 16 / 116
        for t in (part / white for part, white in zip(xyz, (0.95047, 1.0, 1.08883), strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def distance(one, other, eye="all three cones"):
    """CIEDE2000 as Sharma, Wu and Dalal (2005) write it down."""
    return ciede2000(lab(one, eye), lab(other, eye))


def ciede2000(first, second):
    (l1, a1, b1), (l2, a2, b2) = first, second
    mean7 = ((math.hypot(a1, b1) + math.hypot(a2, b2)) / 2) ** 7
    stretch = 1 + 0.5 * (1 - math.sqrt(mean7 / (mean7 + 25**7)))
    c1, c2 = math.hypot(a1 * stretch, b1), math.hypot(a2 * stretch, b2)
    h1, h2 = (math.degrees(math.atan2(b, a * stretch)) % 360 for a, b in ((a1, b1), (a2, b2)))
    turn = 0.0 if c1 * c2 == 0 else (h2 - h1 + 180) % 360 - 180
    dh = 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    lm, cm = (l1 + l2) / 2, (c1 + c2) / 2
    hm = h1 + h2 if c1 * c2 == 0 else (h1 + turn / 2) % 360
    t = 1 - sum(
        w * math.cos(math.radians(k * hm + shift))
        for w, k, shift in ((0.17, 1, -30), (-0.24, 2, 0), (-0.32, 3, 6), (0.2, 4, -63))
    )
    sl = 1 + 0.015 * (lm - 50) ** 2 / math.sqrt(20 + (lm - 50) ** 2)
    sc, sh = 1 + 0.045 * cm, 1 + 0.015 * cm * t
    rt = (
        -2
        * math.sqrt(cm**7 / (cm**7 + 25**7))
        * math.sin(math.radians(60 * math.exp(-(((hm - 275) / 25) ** 2))))
    )
    dl, dc, dh = (l2 - l1) / sl, (c2 - c1) / sc, dh / sh
    return math.sqrt(dl**2 + dc**2 + dh**2 + rt * dc * dh)


def test_the_distance_is_that_of_the_published_examples():
    examples = (
        ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
        ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
        ((50, 2.5, 0), (73, 25, -18), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
        ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    )
    for one, other, expected in examples:
        assert ciede2000(one, other) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("eye", EYES)
def test_goals_beside_each_other_are_told_apart(mode, eye):
    token = MODES[mode]
    for one, other in itertools.pairwise([*GOALS, GOALS[0]]):
        assert distance(token[one], token[other], eye) >= APART, (one, other)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("eye", EYES)
def test_a_line_its_mean_and_the_even_pace_are_told_apart(mode, eye):
    token = MODES[mode]
    for goal, twin in zip(GOALS, TWINS, strict=True):
        assert distance(token[goal], token[twin], eye) >= APART, goal


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("eye", EYES)
def test_shades_of_a_heat_map_are_told_apart(mode, eye):
    token = MODES[mode]
    for one, other in itertools.pairwise(SHADES):
        assert distance(token[one], token[other], eye) >= SHADES_APART, (one, other)


@pytest.mark.parametrize("mode", MODES)
def test_each_mark_stands_out_from_the_ground_and_each_word_can_be_read(mode):
    token = MODES[mode]
    for mark in [*GOALS, *TWINS, "--mark", "--red-600"]:
        assert contrast(token[mark], token["--card"]) >= MARK, mark
    for words in [*GOALS, "--ink-500", "--ink-900", "--red-700"]:
        assert contrast(token[words], token["--card"]) >= WORDS, words
    for shade in SHADES:
        assert contrast(token[shade], token["--on-k4" if shade == "--k4" else "--ink-900"]) >= WORDS, shade


def test_a_picture_has_the_colours_of_a_light_page():
    assert {name: MODES["light"][name] for name in charts.TOKENS.values()} == {
        name: colour for colour, name in charts.TOKENS.items()
    }
