"""When members may tick themselves in."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

BEFORE = 30  # minutes before the beginning
WITHOUT_END = 180  # minutes after it, if no end was planned
DAY = 1440


@dataclass(frozen=True, slots=True)
class Window:
    """From which minute of the day to which (without it) the code of a plan holds."""

    day: dt.date
    first: int
    last: int

    def holds(self, day: dt.date, minute: int) -> bool:
        return day == self.day and self.first <= minute < self.last


def window_of(day: dt.date, from_minute: int | None, to_minute: int | None) -> Window:
    """From half an hour before the beginning to the end; the whole day where no time was planned."""
    if from_minute is None:
        return Window(day, 0, DAY)
    last = to_minute if to_minute is not None else min(from_minute + WITHOUT_END, DAY)
    return Window(day, max(0, from_minute - BEFORE), last)
