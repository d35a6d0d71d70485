"""The screen on a wall: how its tiles lie, how large a number can be, and when a link shows nothing."""

from __future__ import annotations

import datetime as dt
import enum
import unicodedata
from dataclasses import dataclass

from tracker.rules.cells import parse_text
from tracker.rules.refusal import N_, Refused

LONGEST_LABEL = 40
# (columns, rows) in their order: the first that holds all goals is taken.
GRIDS = ((1, 1), (2, 1), (2, 2), (3, 2), (4, 2), (3, 3), (4, 3), (5, 3), (5, 4))
# Widths at 1920 × 1080, in pixels: of the wall, between tiles, inside a tile on both sides.
WALL, GAP, PADDING = 1824, 20, 52
DIGIT, LETTER = 0.58, 1.0  # of the size of the type; figures are narrower than Chinese characters
SIZES = (
    100,
    80,
    63,
    49,
    37,
)  # of the number, in per cent of the grid's largest; static/css/screen.css has the same
UNIT = 44
# Grid → size of its numbers at 1920 × 1080, in pixels, as static/css/screen.css has it.
NUMBERS = {(1, 1): 400, (2, 1): 280, (2, 2): 172, (3, 2): 164, (4, 2): 164, (5, 4): 64}
OTHER_NUMBERS = 84  # of three rows


class LinkState(enum.StrEnum):
    """What a link is on a day."""

    HOLDS = "holds"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class Grid:
    """Columns and rows; the first `wide` tiles take two columns, so that no hole is left."""

    columns: int
    rows: int
    wide: int

    @property
    def number(self) -> int:
        """How large numbers are, in pixels at 1920 × 1080."""
        return NUMBERS.get((self.columns, self.rows), OTHER_NUMBERS)

    def width(self, position: int) -> int:
        """How many pixels the tile at `position`, from 1, has for its text at 1920 × 1080."""
        column = (WALL - GAP * (self.columns - 1)) // self.columns
        return (2 * column + GAP if position <= self.wide else column) - PADDING


def grid_of(goals: int) -> Grid:
    """How the tiles of so many goals lie: seven in 4 × 2 with the first one wide. From 0 goals on."""
    for columns, rows in GRIDS:
        if columns * rows >= goals:
            return Grid(columns, rows, columns * rows - max(goals, 1))
    columns = -(-goals // 4)
    return Grid(columns, 4, columns * 4 - goals)


def text_width(text: str) -> float:
    """How wide a text is, in sizes of its type."""
    return sum(LETTER if unicodedata.east_asian_width(one) in "WF" else DIGIT for one in text)


def number_size(number: str, unit: str, width: int, largest: int) -> int:
    """Which of SIZES, from 1, fits with its unit into `width` pixels; the smallest if none does.

    largest: the grid's number, in pixels.
    """
    room = width - UNIT * text_width(unit) - 12
    fitting = (n for n, size in enumerate(SIZES, 1) if largest * size * text_width(number) <= room * 100)
    return next(fitting, len(SIZES))


def check_label(raw: str) -> str:
    """Where the screen hangs, on one line. Raises Refused if nothing is said, or too much."""
    try:
        label = parse_text(raw, LONGEST_LABEL)
    except Refused as refusal:
        raise Refused(refusal.msgid, "label", **refusal.params) from None
    if label is None:
        raise Refused(N_("Say where the screen hangs."), "label")
    return label


def check_expiry(expires_on: dt.date | None, today: dt.date) -> None:
    """Raises Refused if the last day is over already."""
    if expires_on is not None and expires_on < today:
        raise Refused(N_("This day is over already."), "expires_on")


def link_state(is_revoked: bool, expires_on: dt.date | None, today: dt.date) -> LinkState:
    """Whether a link shows anything today."""
    if is_revoked:
        return LinkState.REVOKED
    is_over = expires_on is not None and expires_on < today
    return LinkState.EXPIRED if is_over else LinkState.HOLDS
