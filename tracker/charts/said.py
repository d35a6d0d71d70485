"""What was foretold week by week: the forecast's day over the day on which it was made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from tracker.charts.look import (
    COLOURS,
    FONT,
    INK,
    LIGHT,
    LINE,
    RED,
    RED_DARK,
    TITLE_ROOM,
    add_note,
    layout_of,
)  # fmt: skip

HIGHEST = dt.timedelta(days=240)  # after the due day: what lies further off is left out of the picture


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
    for (name, points), colour in zip(lines, colours, strict=False):
        seen = [point for point in points if point.day <= top]
        days += [point.day for point in seen]
        traces.append(
            go.Scatter(
                mode="lines+markers", name=name, x=[point.on for point in seen],
                y=[point.day for point in seen], hovertemplate=f"%{{y|{words['date']}}}",
                line={"color": colour, "width": 2.5}, marker={"size": 7, "color": colour},
            )
        )  # fmt: skip
    figure = go.Figure(traces, layout=layout_of(title))
    margin = dt.timedelta(days=max(6, (max(days) - min(days)).days // 12))
    font = {"size": 12, "family": FONT, "color": INK}
    axis = {"type": "date", "tickformat": words["date"], "fixedrange": True, "zeroline": False, "nticks": 7}
    figure.update_xaxes(
        **axis, title={"text": words["on"], "font": font, "standoff": 4}, showgrid=False, linecolor=LINE,
        showline=True,
    )  # fmt: skip
    figure.update_yaxes(
        **axis, title={"text": words["day"], "font": font}, gridcolor="#f0ede8",
        range=[min(days) - margin, max(days) + margin],
    )  # fmt: skip
    figure.add_shape(
        type="line", xref="paper", x0=0, x1=1, y0=due_on, y1=due_on, line={"color": RED, "width": 1.5}
    )
    add_note(figure, 0, due_on, words["due"], "left bottom", colour=RED_DARK, xref="paper", xshift=4)
    has_legend = len(traces) > 1
    figure.update_layout(
        showlegend=has_legend, legend={"orientation": "h", "y": -0.2, "x": 0, "font": font},
        margin={"l": 76, "r": 20, "t": TITLE_ROOM, "b": 84 if has_legend else 52},
    )  # fmt: skip
    return figure
