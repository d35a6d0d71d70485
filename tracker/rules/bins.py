"""A distribution as columns: who lies how far, and nobody named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TALL, FLOOR = 92, 112  # pixels: the highest column, and where all of them stand


@dataclass(frozen=True, slots=True)
class BinBar:
    """One column, drawn: x, width and middle in per cent of the whole, y and height in pixels."""

    start: int
    count: int
    is_full: bool
    x: float
    width: float
    middle: float
    y: float
    height: float


def bin_bars(bins: Sequence[tuple[int, int, bool]]) -> list[BinBar]:
    """(start, count, is_full) of each bin, in order, as columns beside each other."""
    most = max((count for _, count, _ in bins), default=0)
    step = 100 / len(bins) if bins else 0.0
    found = []
    for n, (start, count, is_full) in enumerate(bins):
        height = round(TALL * count / most, 1) if most else 0.0
        x, width = round(n * step + step * 0.06, 2), round(step * 0.88, 2)
        middle = round((n + 0.5) * step, 2)
        found.append(BinBar(start, count, is_full, x, width, middle, round(FLOOR - height, 1), height))
    return found
