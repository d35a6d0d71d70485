"""What was foretold week by week: the forecast's day over the day on which it was made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from tracker.charts.look import (
    COLOURS,
    GRID,
    INK,
    INK_STRONG,
    LIGHT,
    LINE,
    RED,
    RED_DARK,
    TITLE_ROOM,
    layout_of,
    note,
)  # fmt: skip
from tracker.charts.placing import ROOMS, Label, Spot, place_labels, plot_in, through

HIGHEST = dt.timedelta(days=240)  # after the due day: what lies further off is left out of the picture
MARKS = 6  # on an axis


@dataclass(frozen=True, slots=True)
class SaidPoint:
    """On `on` the forecast was `day`."""

    on: dt.date
    day: dt.date


Lines = list[tuple[str, list[SaidPoint]]]
Edges = tuple[dt.date, dt.date]


def said_figure(
    title: str,
    position: int,
    due_on: dt.date,
    lines: Sequence[tuple[str, Sequence[SaidPoint]]],
    words: dict[str, str],
) -> go.Figure:
    """Each line of forecasts, the first in strong colour, with the due day across.

    words: 'date' (how plotly writes a day), 'due' (beside its line), 'on' and 'day' (the axes' names).
    """
    colours = (COLOURS[(position - 1) % 9], LIGHT[(position - 1) % 9])
    traces: list[Any] = []
    top = due_on + HIGHEST
    days = [due_on]
    named: Lines = []
    for n, (name, points) in enumerate(lines[:2]):
        seen = [point for point in points if point.day <= top]
        days += [point.day for point in seen]
        named += [(name, seen)] if seen else []
        traces.append(
            go.Scatter(
                mode="lines+markers", name=name, x=[point.on for point in seen],
                y=[point.day for point in seen], hovertemplate=f"%{{y|{words['date']}}}",
                line={"color": colours[n], "width": 2.5, "dash": ("solid", "dot")[n]},
                marker={"size": 8, "color": colours[n], "symbol": ("circle", "diamond")[n]},
            )
        )  # fmt: skip
    figure = go.Figure(traces, layout=layout_of(title))
    made = [point.on for _, points in lines for point in points]
    margin = dt.timedelta(days=max(6, (max(days) - min(days)).days // 8))
    room = dt.timedelta(days=max(3, (max(made) - min(made)).days // 40))
    across, upright = (min(made) - room, max(made) + room), (min(days) - margin, max(days) + margin)
    axis = {"type": "date", "fixedrange": True, "zeroline": False}
    figure.update_xaxes(
        **axis, **_days(*across, words["date"]), range=across, showgrid=False, linecolor=LINE, showline=True
    )
    figure.update_yaxes(**axis, **_days(*upright, words["date"]), range=upright, gridcolor=GRID)
    figure.add_shape(
        type="line", xref="paper", x0=0, x1=1, y0=due_on, y1=due_on, line={"color": RED, "width": 1.5}
    )
    notes = {room: _notes(room, due_on, named, across, upright, words) for room in ROOMS}
    figure.update_layout(
        showlegend=False, margin={"l": 76, "r": 20, "t": TITLE_ROOM, "b": 52}, annotations=notes["wide"],
        meta={"narrow": notes["narrow"], "tiny": notes["tiny"]},
    )  # fmt: skip
    return figure


def _notes(
    room: str, due_on: dt.date, named: Lines, across: Edges, upright: Edges, words: dict[str, str]
) -> list[dict[str, Any]]:
    """The due day beside its line, and each line's name beside its end, in one of the three rooms."""

    def share(day: dt.date, edges: Edges) -> float:
        return (day - edges[0]).days / ((edges[1] - edges[0]).days or 1)

    due = share(due_on, upright)
    level = [
        Spot(x, due, f"{side} {edge}", right, up)
        for x, side, right in ((0.0, "left", 4), (1.0, "right", -4), (0.5, "center", 0))
        for edge, up in (("bottom", 2), ("top", -2))
    ]
    labels = [Label("due", words["due"], 12, level)]
    for n, (name, points) in enumerate(named):
        x, y = share(points[-1].on, across), share(points[-1].day, upright)
        edges = (("bottom", 8), ("top", -8), ("bottom", 24), ("top", -24), ("bottom", 44), ("top", -44))
        spots = [Spot(x, y, f"right {edge}", 4, up) for edge, up in edges]
        labels.append(Label(str(n), name, 13, spots, may_lack=room == "tiny"))
    lines = [
        through([share(one.on, across) for one in points], [share(one.day, upright) for one in points])
        for _, points in named
    ]
    found = place_labels(plot_in(room, [*lines, lambda _: due]), labels)
    axis = {"xref": "paper", "yref": "paper"}
    notes = [
        note(words["day"], {**axis, "x": 0, "y": 1}, "left bottom", 12, INK, (-64, 0)),
        note(words["on"], {**axis, "x": 1, "y": 0}, "right top", 12, INK, (0, -23)),
    ]
    for label in labels:
        if spot := found.get(label.name):
            at = upright[0] + dt.timedelta(days=spot.y * (upright[1] - upright[0]).days)
            place = {"xref": "paper", "x": spot.x, "y": at.isoformat()}
            colour = RED_DARK if label.name == "due" else INK_STRONG
            shift = (spot.right, spot.up)
            notes.append(note(label.text, place, spot.anchor, label.size, colour, shift, label.name != "due"))
    return notes


def _days(first: dt.date, last: dt.date, form: str) -> dict[str, list[Any]]:
    """Marks of an axis: the first of months, so many that their names have room."""
    day = first.replace(day=1)
    found: list[dt.date] = []
    while day <= last:
        found += [day] if day >= first else []
        day = (day + dt.timedelta(days=32)).replace(day=1)
    some = found[:: -(-len(found) // MARKS) or 1] or [first]
    return {"tickvals": some, "ticktext": [one.strftime(form) for one in some]}
