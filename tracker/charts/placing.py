"""Where words stand in a chart of lines, so that they lie neither on a line nor on each other."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from tracker.charts.look import wide_as

# Width and height of a plot, and what words may reach into on its right: pixels, where the words have 12.
# At a desk, on a phone, and on a phone in large print. A page knows which by the same numbers (charts.css).
ROOMS = {"wide": (1080.0, 290.0, 20.0), "narrow": (252.0, 290.0, 26.0), "tiny": (146.0, 290.0, 26.0)}
STEP = 6  # pixels between the places at which a line is looked at
AIR = 2  # pixels that are kept free around words
LINE_HIGH = 1.25  # of a line of words, in times of its size

Line = Callable[[float], float | None]  # share of the width from the left -> of the height from below
Box = tuple[float, float, float, float]  # left, bottom, right, top in pixels from the lower left corner


@dataclass(frozen=True, slots=True)
class Spot:
    """A place for words: shares of the plot's width and height, the words' anchor, pixels from there."""

    x: float
    y: float
    anchor: str  # such as 'left top': which side of the words is at the place
    right: float = 0
    up: float = 0


@dataclass(frozen=True, slots=True)
class Label:
    """Words with the places where they may stand, the best first. They are left out if they have to be."""

    name: str
    text: str
    size: int
    spots: Sequence[Spot]
    may_lack: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """The ground on which words are placed: its size in pixels, its lines, and where lines stand upright."""

    width: float
    height: float
    lines: Sequence[Line]
    uprights: Sequence[float] = ()
    margin: float = 0  # pixels on the right that words may reach into

    def box_of(self, label: Label, spot: Spot) -> Box:
        """What the words take up at a place."""
        wide, high = wide_as(label.text) * label.size, label.size * LINE_HIGH
        across, upright = spot.anchor.split()
        x = spot.x * self.width + spot.right - {"left": 0.0, "center": 0.5, "right": 1.0}[across] * wide
        y = spot.y * self.height + spot.up - {"bottom": 0.0, "middle": 0.5, "top": 1.0}[upright] * high
        return x, y, x + wide, y + high

    def cost(self, box: Box, taken: Sequence[Box]) -> int:
        """How much is in the way: pieces of lines, other words, the edges."""
        left, low, right, top = box[0] - AIR, box[1] - AIR, box[2] + AIR, box[3] + AIR
        outside = left < -AIR or right > self.width + self.margin or low < -AIR or top > self.height + 14
        found = 40 * outside
        found += 20 * sum(left < b[2] and b[0] < right and low < b[3] and b[1] < top for b in taken)
        found += sum(6 for x in self.uprights if left < x * self.width < right)
        for line in self.lines:
            before: float | None = None
            at = max(0.0, left)
            while at <= min(right, self.width):
                value = line(at / self.width)
                y = None if value is None else value * self.height
                if y is not None:
                    lowest, highest = (y, y) if before is None else sorted((before, y))
                    found += 3 * (lowest < top and highest > low)
                before = y
                at += STEP
        return found


def place_labels(plot: Plot, labels: Sequence[Label]) -> dict[str, Spot]:
    """The place of each label by its name, the first label first. One that may lack does so where it must."""
    taken: list[Box] = []
    found: dict[str, Spot] = {}
    for label in labels:
        costs = [plot.cost(plot.box_of(label, spot), taken) + int(abs(spot.up) // 8) for spot in label.spots]
        least = min(costs)
        if least and label.may_lack:
            continue
        found[label.name] = spot = label.spots[costs.index(least)]
        taken.append(plot.box_of(label, spot))
    return found


def plot_in(room: str, lines: Sequence[Line], uprights: Sequence[float] = ()) -> Plot:
    """The ground in one of ROOMS."""
    width, height, margin = ROOMS[room]
    return Plot(width, height, lines, uprights, margin)


def through(xs: Sequence[float], ys: Sequence[float]) -> Line:
    """The line through points, from the first to the last."""

    def height(x: float) -> float | None:
        if not xs or not xs[0] <= x <= xs[-1]:
            return None
        after = min(bisect_right(xs, x), len(xs) - 1)
        before = max(after - 1, 0)
        wide = xs[after] - xs[before]
        return ys[before] if not wide else ys[before] + (ys[after] - ys[before]) * (x - xs[before]) / wide

    return height
