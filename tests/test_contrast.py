"""Colours can be told apart in light and dark: words 4.5 : 1 on every ground of theirs, marks 3 : 1."""

from __future__ import annotations

import re

import pytest

from tests.test_styles import bare

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
VALUE = re.compile(r"--([\w-]+):\s*#([0-9a-fA-F]{6}|[0-9a-fA-F]{3})\b")


def values(mode: str) -> dict[str, str]:
    """Token → its colour as six digits, in one mode."""
    light = dict(VALUE.findall(bare("tokens")))
    found = light if mode == "light" else light | dict(VALUE.findall(bare("dark")))
    return {
        name: digits if len(digits) == 6 else "".join(2 * d for d in digits) for name, digits in found.items()
    }


def luminance(digits: str) -> float:
    """Relative luminance, 0 to 1, by WCAG 2.2."""
    parts = [int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours, 1 to 21, by WCAG 2.2."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def test_black_on_white_is_21():
    assert contrast("000000", "ffffff") == pytest.approx(21)


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
    light, dark = dict(VALUE.findall(bare("tokens"))), dict(VALUE.findall(bare("dark")))
    assert not [name for name in light if name not in dark and not name.startswith("sheet")]
