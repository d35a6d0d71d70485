"""Colours can be told apart in light and dark: words 4.5 : 1 on every ground of theirs, marks 3 : 1."""

from __future__ import annotations

import re

import pytest

from tests.test_styles import bare
from tracker.rules.contrast import colours_of, contrast

WORDS = ("ink-900", "ink-700", "ink-500", "red-700", "ok", "warn", "mute")
GROUNDS = ("paper", "card", "sunk", "raised")
GOALS = [f"g{place}" for place in range(1, 10)]
MARKS = ("ink-300", "red-600", *GOALS)
OWN = [  # words on a ground of their own
    ("ok", "ok-bg"), ("warn", "warn-bg"), ("mute", "mute-bg"), ("ink-700", "mute-bg"), ("ink-900", "warn-bg"),
    ("ink-500", "warn-bg"), ("red-700", "red-50"), ("ink-900", "red-50"), ("ink-500", "red-50"),
    ("on-act", "act"),
    ("on-act", "act-2"), ("on-dark", "dark"), ("on-dark-2", "dark"), ("on-k4", "k4"), ("mute", "hatch-1"),
    ("mute", "hatch-2"), ("ink-900", "k0"), ("ink-900", "k1"), ("ink-900", "k2"), ("ink-900", "k3"),
]  # fmt: skip
PAIRS = [
    *((word, ground, 4.5) for word in WORDS for ground in GROUNDS),
    *((mark, ground, 3.0) for mark in MARKS for ground in ("paper", "card", "raised")),
    *((word, ground, 4.5) for word, ground in OWN),
]


def values(mode: str) -> dict[str, str]:
    """Token → its colour, in one mode."""
    light = colours_of(bare("tokens"))
    return light if mode == "light" else light | colours_of(bare("dark"))


def test_black_on_white_is_21():
    assert contrast("#000", "#ffffff") == pytest.approx(21)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_words_and_marks_can_be_told_from_their_ground(mode):
    colours = values(mode)
    low = [
        f"{one} on {ground}: {contrast(colours[one], colours[ground]):.2f}, not {least}"
        for one, ground, least in PAIRS
        if contrast(colours[one], colours[ground]) < least
    ]
    assert low == []


def test_dark_and_large_name_tokens_that_exist():
    known = set(re.findall(r"(--[\w-]+):", bare("tokens")))
    for sheet in ("dark", "large"):
        root = re.search(r":root \{(.*?)\n\}", bare(sheet), re.S)
        assert root and set(re.findall(r"(--[\w-]+):", root[1])) <= known


def test_every_colour_has_a_dark_value_but_for_paper():
    light, dark = colours_of(bare("tokens")), colours_of(bare("dark"))
    assert not [name for name in light if name not in dark and not name.startswith("sheet")]


def test_the_dark_gives_tokens_other_values_and_nothing_else_but_what_is_beside_pictures_and_paper():
    """Why not every page is looked at in the dark (tests/browser/matrix.py)."""
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", bare("dark"))
    others = {selector.strip(): body for selector, body in rules if selector.strip() != ":root"}
    assert set(others) == {".qr img, .code-card img", ".look img, .shown img", ".a4, .sheet"}
    assert not [body for body in others.values() if re.search(r"(?<!-)color:", body)]
