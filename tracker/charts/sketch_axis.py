"""The axes of a sketch: from a day, a name or an amount to a share of the plot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Axis:
    """From `low` on the left (or at the foot) to `high`. names: of a category axis, in order.

    ticks: (value, what stands there).
    """

    low: float
    high: float
    is_upright: bool
    names: Mapping[str, int]
    ticks: Sequence[tuple[Any, str]]

    def __call__(self, value: Any) -> float:
        """Per cent from the left, or from the top."""
        share = 100 * (self.number(value) - self.low) / ((self.high - self.low) or 1)
        return 100 - share if self.is_upright else share

    def number(self, value: Any) -> float:
        """A value as a number on the axis."""
        if isinstance(value, str):
            return self.names[value] if value in self.names else float(_day(value).toordinal())
        return float(value)


def axis_of(layout: Mapping[str, Any], trace: Mapping[str, Any], side: str) -> Axis:
    """The axis of a figure's plain layout. side: 'x' or 'y'; trace: the first one, for its categories."""
    names: dict[str, int] = {}
    if layout.get("type") == "category":
        names = {name: n for n, name in enumerate(dict.fromkeys(trace[side]))}
        low, high = -0.5, len(names) - 0.5
        if layout.get("autorange") == "reversed":
            low, high = high, low
        values = layout.get("tickvals", list(names))
    else:
        low, high = (
            float(_day(at).toordinal()) if isinstance(at, str) else float(at) for at in layout["range"]
        )
        values = layout.get("tickvals", [])
    words = layout.get("ticktext") or [
        f"{one:.10g}" if isinstance(one, int | float) else one for one in values
    ]
    return Axis(low, high, side == "y", names, list(zip(values, words, strict=True)))


def _day(text: str) -> dt.date:
    return dt.date.fromisoformat(text[:10])
