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
    INK_STRONG,
    LIGHT,
    LINE,
    RED,
    RED_DARK,
    TITLE_ROOM,
    add_note,
    layout_of,
)  # fmt: skip

HIGHEST = dt.timedelta(days=240)  # after the due day: what lies further off is left out of the picture
MARKS = 6  # on an axis


@dataclass(frozen=True, slots=True)
class SaidPoint:
    """On `on` the forecast was `day`."""

    on: dt.date
    day: dt.date


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
    ends: list[tuple[str, SaidPoint]] = []
    for n, (name, points) in enumerate(lines[:2]):
        seen = [point for point in points if point.day <= top]
        days += [point.day for point in seen]
        ends += [(name, seen[-1])] if seen else []
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
    add_note(figure, 0, due_on, words["due"], "left bottom", colour=RED_DARK, xref="paper", xshift=4)
    paper: dict[str, Any] = {"xref": "paper", "yref": "paper", "size": 12}
    add_note(figure, 0, 1, words["day"], "left bottom", xshift=-64, **paper)
    add_note(figure, 1, 0, words["on"], "right top", yshift=-23, **paper)
    for n, (name, end) in enumerate(sorted(ends, key=lambda one: one[1].day, reverse=True)):
        edge, shift = ("bottom", 8) if n == 0 else ("top", -8)
        add_note(figure, end.on, end.day, name, f"right {edge}", colour=INK_STRONG, bold=True, yshift=shift)
    figure.update_layout(showlegend=False, margin={"l": 76, "r": 20, "t": TITLE_ROOM, "b": 52})
    return figure


def _days(first: dt.date, last: dt.date, form: str) -> dict[str, list[Any]]:
    """Marks of an axis: the first of months, so many that their names have room."""
    day = first.replace(day=1)
    found: list[dt.date] = []
    while day <= last:
        found += [day] if day >= first else []
        day = (day + dt.timedelta(days=32)).replace(day=1)
    some = found[:: -(-len(found) // MARKS) or 1] or [first]
    return {"tickvals": some, "ticktext": [one.strftime(form) for one in some]}
