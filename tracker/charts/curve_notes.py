"""The words in the picture of a curve: each beside the line it names, wide and narrow."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tracker.charts.look import FONT, INK, RED_DARK
from tracker.charts.placing import Label, Line, Plot, Spot, place_labels

if TYPE_CHECKING:
    from tracker.charts.curve import Curve

Forecast = tuple[list[dt.date], list[float]] | None
WIDE, NARROW = (1080.0, 290.0), (252.0, 290.0)  # pixels of the plot at a desk and on a phone
ALONG = (0.5, 0.36, 0.64, 0.24, 0.76, 0.14, 0.88)


def curve_notes(curve: Curve, forecast: Forecast, first: dt.date, last: dt.date, top: float, colour: str,
                is_narrow: bool = False) -> list[dict[str, Any]]:  # fmt: skip
    """Plotly's annotations. first, last: the days at the edges; top: the value at the upper one."""
    span = max(1, (last - first).days)

    def across(day: dt.date) -> float:
        return (day - first).days / span

    labels = _labels(curve, forecast, across, top, is_narrow)
    plot = Plot(
        *(NARROW if is_narrow else WIDE),
        _lines(curve, forecast, across, top),
        [across(curve.due_on)] if curve.target is not None else [],
        margin=26 if is_narrow else 20,
    )
    spots = place_labels(plot, labels)
    strong = {"end": colour, "day": colour, "due": RED_DARK}
    notes = [
        _note(
            label.text, {"x": (first + dt.timedelta(days=spot.x * span)).isoformat(), "y": spot.y * top},
            spot.anchor, label.size, strong.get(label.name, INK), (spot.right, spot.up),
            label.name in ("end", "day"),
        )
        for label in labels
        if (spot := spots.get(label.name))
    ]  # fmt: skip
    paper = {"xref": "paper", "yref": "paper"}
    notes.append(_note(curve.unit, {**paper, "x": 0, "y": 1}, "right bottom", 12, INK, (-6, 0), False))
    return notes


def _note(text: str, place: dict[str, Any], anchor: str, size: int, colour: str, shift: tuple[float, float],
          is_bold: bool) -> dict[str, Any]:  # fmt: skip
    across, upright = anchor.split()
    return {
        **place, "text": text, "showarrow": False, "xanchor": across, "yanchor": upright, "borderpad": 0,
        "xshift": shift[0], "yshift": shift[1],
        "font": {"size": size, "color": colour, "family": FONT, "weight": 600 if is_bold else 400},
    }  # fmt: skip


def _labels(curve: Curve, forecast: Forecast, across: Any, top: float, is_narrow: bool) -> list[Label]:
    """What matters most comes first and takes the best place."""
    words, size = curve.words, 12 if is_narrow else 13
    end = words.get("short", words["end"]) if is_narrow else words["end"]
    found: list[Label] = []
    points = curve.points
    if points:
        x, y = across(points[-1].day), float(points[-1].value) / top
        sides = [
            Spot(x, y, f"{side} {edge}", right, up)
            for far in (6, 14, 26, 40, 60)
            for side, right in (("right", -10), ("left", 5 if is_narrow else 10))
            for edge, up in (("bottom", far), ("top", -far))
        ]
        found.append(Label("end", end, size if is_narrow else size + 1, sides))
    if forecast:
        x, y = across(forecast[0][1]), forecast[1][1] / top
        around = (("right bottom", -6, 8), ("center bottom", 0, 10), ("right top", -6, -8))
        further = (("center top", 0, -10), ("right bottom", -6, 22))
        spots = [Spot(x, y, *place) for place in (*around, *further)]
        found.append(Label("day", words["day"], size, spots))
    if curve.target is not None:
        x = across(curve.due_on)
        upright = [
            Spot(x, at, f"{side} bottom", right, 3)
            for at in (0, 0.1, 0.2, 0.3)
            for side, right in (("right", -5), ("left", 5))
        ]
        found.append(Label("due", words["due"], size, upright))
        y, start = curve.target / top, across(curve.starts_on)
        level = [Spot(start + at, y, f"left {edge}", 0, up) for at in (0, 0.1, 0.2, 0.35, 0.5)
                 for edge, up in (("bottom", 2), ("top", -2))]  # fmt: skip
        found.append(Label("target", words["target"], size, level))
        whole = across(curve.due_on) - start
        way = [(start + whole * share, y * share) for share in ALONG]
        found.append(Label("needed", words["needed"], size, _beside(way), may_lack=True))
    if points and points[-1].mean is not None:
        some = [points[round((len(points) - 1) * share)] for share in ALONG]
        way = [(across(one.day), float(one.mean or 0) / top) for one in some]
        found.append(Label("mean", words["mean"], size, _beside(way), may_lack=True))
    return found


def _beside(way: Sequence[tuple[float, float]]) -> list[Spot]:
    """Above and left of a rising line, or below and right of it, near and a little further."""
    return [
        Spot(x, y, anchor, right * far, up * far)
        for far in (1, 2.2, 3.6)
        for x, y in way
        for anchor, right, up in (("right bottom", -5, 4), ("left top", 5, -4))
    ]


def _lines(curve: Curve, forecast: Forecast, across: Any, top: float) -> list[Line]:
    found: list[Line] = []
    if curve.points:
        days = [across(point.day) for point in curve.points]
        found.append(_through(days, [float(point.value) / top for point in curve.points]))
        if any(point.mean is not None for point in curve.points):
            found.append(_through(days, [float(point.mean or 0) / top for point in curve.points]))
    if curve.target is not None:
        height = curve.target / top
        found.append(_through([across(curve.starts_on), across(curve.due_on)], [0, height]))
        found.append(lambda _: height)
    if forecast:
        found.append(_through([across(day) for day in forecast[0]], [value / top for value in forecast[1]]))
    return found


def _through(xs: Sequence[float], ys: Sequence[float]) -> Line:
    """The line through the points, from the first to the last."""

    def height(x: float) -> float | None:
        if not xs or not xs[0] <= x <= xs[-1]:
            return None
        after = min(bisect_right(xs, x), len(xs) - 1)
        before = max(after - 1, 0)
        wide = xs[after] - xs[before]
        return ys[before] if not wide else ys[before] + (ys[after] - ys[before]) * (x - xs[before]) / wide

    return height
