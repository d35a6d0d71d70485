"""A distribution as columns: who lies how far, and nobody named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TALL, FLOOR = 92, 112  # pixels: the highest column, and where all of them stand


@dataclass(frozen=True, slots=True)
class BinBar:
    """One column, drawn: x, width and middle in per cent of the whole, y and height in pixels.

    silent, hollow: how many of `count` are no sure zero, and how many pixels of the column stand for them.
    """

    start: int
    count: int
    is_full: bool
    x: float
    width: float
    middle: float
    y: float
    height: float
    silent: int = 0
    hollow: float = 0.0


def bin_bars(bins: Sequence[tuple[int, int, bool, int]]) -> list[BinBar]:
    """(start, count, is_full, silent) of each bin, in order, as columns beside each other."""
    most = max((count for _, count, _, _ in bins), default=0)
    step = 100 / len(bins) if bins else 0.0
    found = []
    for n, (start, count, is_full, silent) in enumerate(bins):
        height = round(TALL * count / most, 1) if most else 0.0
        x, width = round(n * step + step * 0.06, 2), round(step * 0.88, 2)
        middle = round((n + 0.5) * step, 2)
        hollow = round(TALL * silent / most, 1) if most else 0.0
        y = round(FLOOR - height, 1)
        found.append(BinBar(start, count, is_full, x, width, middle, y, height, silent, hollow))
    return found
