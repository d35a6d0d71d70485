"""The words in the picture of a curve: each beside the line it names, in each of the three rooms."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tracker.charts.look import INK, RED_DARK, note
from tracker.charts.placing import ROOMS, Label, Line, Spot, place_labels, plot_in, through

if TYPE_CHECKING:
    from tracker.charts.curve import Curve

Forecast = tuple[list[dt.date], list[float]] | None
ALONG = (0.5, 0.36, 0.64, 0.24, 0.76, 0.14, 0.88)


def curve_notes(
    curve: Curve, forecast: Forecast, first: dt.date, last: dt.date, top: float, colour: str
) -> dict[str, list[dict[str, Any]]]:
    """Plotly's annotations by room. first, last: the days at the edges; top: the value at the upper one."""
    return {room: _notes(curve, forecast, first, last, top, colour, room) for room in ROOMS}


def _notes(
    curve: Curve, forecast: Forecast, first: dt.date, last: dt.date, top: float, colour: str, room: str
) -> list[dict[str, Any]]:
    span = max(1, (last - first).days)

    def across(day: dt.date) -> float:
        return (day - first).days / span

    labels = _labels(curve, forecast, across, top, room)
    plot = plot_in(
        room,
        _lines(curve, forecast, across, top),
        [across(day) for day in {curve.due_on, *(one.day for one in curve.points[-1:])}],
    )
    spots = place_labels(plot, labels)
    strong = {"end": colour, "day": colour, "due": RED_DARK}
    notes = [
        note(
            label.text, {"x": (first + dt.timedelta(days=spot.x * span)).isoformat(), "y": spot.y * top},
            spot.anchor, label.size, strong.get(label.name, INK), (spot.right, spot.up),
            label.name in ("end", "day"),
        )
        for label in labels
        if (spot := spots.get(label.name))
    ]  # fmt: skip
    paper = {"xref": "paper", "yref": "paper"}
    notes.append(note(curve.unit, {**paper, "x": 0, "y": 1}, "right bottom", 12, INK, (-6, 0), False))
    return notes


def _labels(curve: Curve, forecast: Forecast, across: Any, top: float, room: str) -> list[Label]:
    """What matters most comes first and takes the best place."""
    is_narrow = room != "wide"
    words, size = curve.words, 12 if is_narrow else 13
    end = words.get("short", words["end"]) if is_narrow else words["end"]
    found: list[Label] = []
    points = curve.points
    if points:
        x, y = across(points[-1].day), float(points[-1].value) / top
        sides = [
            Spot(x, y, f"{side} {edge}", right, up)
            for far in (6, 14, 26, 40, 60, 84)
            for side, right in (("right", -10), ("left", 5 if is_narrow else 10))
            for edge, up in (("bottom", far), ("top", -far))
            if up <= 26  # higher up it would seem to belong to another line
        ]
        found.append(Label("end", end, size if is_narrow else size + 1, sides))
    if forecast:
        x, y = across(forecast[0][1]), forecast[1][1] / top
        around = (("right bottom", -6, 8), ("center bottom", 0, 10), ("right top", -6, -8))
        further = (("center top", 0, -10), ("right bottom", -6, 22))
        spots = [Spot(x, y, *place) for place in (*around, *further)]
        found.append(Label("day", words["day"], size, spots, may_lack=room == "tiny"))
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
        found.append(through(days, [float(point.value) / top for point in curve.points]))
        if any(point.mean is not None for point in curve.points):
            found.append(through(days, [float(point.mean or 0) / top for point in curve.points]))
    if curve.target is not None:
        height = curve.target / top
        found.append(through([across(curve.starts_on), across(curve.due_on)], [0, height]))
        found.append(lambda _: height)
    if curve.band:
        band = curve.band
        ends = [float(band.value) / top, float(band.middle) / top]
        found.append(through([across(band.start), across(band.end)], ends))
    if forecast:
        found.append(through([across(day) for day in forecast[0]], [value / top for value in forecast[1]]))
    return found
