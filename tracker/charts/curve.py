"""The curve of a goal: actual, needed and forecast."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import plotly.graph_objects as go

from tracker.charts.curve_band import CurveBand, band_trace, middle_trace
from tracker.charts.curve_notes import curve_notes
from tracker.charts.look import (
    COLOURS,
    GREY,
    GRID,
    INK_STRONG,
    LIGHT,
    LINE,
    PAPER,
    RED,
    add_note,
    escaped,
    layout_of,
    steps,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """A day of a curve; `mean` beside a minimum or a maximum."""

    day: dt.date
    value: Fraction
    mean: Fraction | None = None


@dataclass(frozen=True, slots=True)
class MonthPoint:
    """The last day of a month that is due, and the words for its hover: hollow if a branch is silent."""

    day: dt.date
    value: Fraction
    is_silent: bool
    words: str


@dataclass(frozen=True, slots=True)
class Curve:
    """A goal's way to its target. `words` are the reader's: see CURVE_WORDS for what is asked for.

    target:      None where what is reported is not in the goal's unit: no needed line and no forecast either.
    forecast_on: None without one. The forecast starts at `slowest`, the value of the slowest on the last day.
    """

    title: str
    unit: str
    position: int
    points: Sequence[CurvePoint]
    starts_on: dt.date
    due_on: dt.date
    target: int | None
    words: Mapping[str, str]
    slowest: Fraction | None = None
    forecast_on: dt.date | None = None
    months: Mapping[dt.date, str] | None = None
    stated: Sequence[MonthPoint] = ()
    band: CurveBand | None = None


CURVE_WORDS = frozenset(
    ("actual", "mean", "needed", "forecast", "target", "due", "today", "end", "date", "day")
)


def curve_figure(curve: Curve) -> go.Figure:
    """Actual, needed, forecast, target and due day. Values become floats here and nowhere before."""
    colour, light = COLOURS[(curve.position - 1) % 9], LIGHT[(curve.position - 1) % 9]
    words = {name: escaped(text) for name, text in curve.words.items()}
    curve = replace(curve, unit=escaped(curve.unit), words=words)
    hover = f"%{{x|{words['date']}}}: %{{y:.1f}}{curve.unit}"
    days = [point.day for point in curve.points]
    traces: list[Any] = []
    if curve.target is not None:
        traces.append(
            _line([curve.starts_on, curve.due_on], [0, curve.target], words["needed"], hover, GREY, 2, "dot")
        )
    if any(point.mean is not None for point in curve.points):
        means = [float(point.mean or 0) for point in curve.points]
        traces.append(_line(days, means, words["mean"], hover, light, 2))
    traces.append(
        _line(days, [float(point.value) for point in curve.points], words["actual"], hover, colour, 3)
    )
    if curve.stated:
        traces.append(_stated_marks(curve.stated, colour))
    forecast = _forecast_of(curve)
    if curve.band and forecast:
        traces.append(band_trace(curve.band, colour))
        if curve.band.value != curve.slowest:
            traces.append(middle_trace(curve.band, words.get("middle", words["mean"]), hover, colour))
    if forecast:
        traces.append(_line(*forecast, words["forecast"], hover, colour, 3, "5px,4px"))
        traces.append(
            go.Scatter(
                mode="markers",
                x=forecast[0],
                y=forecast[1],
                hoverinfo="skip",
                showlegend=False,
                marker={"size": [9, 10], "color": [colour, PAPER], "line": {"color": colour, "width": 2.5}},
            )
        )
    figure = go.Figure(traces, layout=layout_of(curve.title))
    _dress_curve(figure, curve, forecast, colour)
    return figure


def _line(
    x: Sequence[Any], y: Sequence[float], name: str, hover: str, colour: str, width: float,
    dash: str = "solid",
) -> Any:  # fmt: skip
    return go.Scatter(
        mode="lines",
        x=list(x),
        y=list(y),
        name=name,
        hovertemplate=hover,
        line={"color": colour, "width": width, "dash": dash},
    )


def _stated_marks(stated: Sequence[MonthPoint], colour: str) -> Any:
    """A dot at the end of each month. A level stretch that ends hollow is silence and no sure zero."""
    colours = [GREY if point.is_silent else colour for point in stated]
    symbols = ["circle-open" if point.is_silent else "circle" for point in stated]
    return go.Scatter(
        mode="markers", x=[point.day for point in stated], y=[float(point.value) for point in stated],
        customdata=[escaped(point.words) for point in stated], hovertemplate="%{customdata}<extra></extra>",
        marker={"size": 9, "symbol": symbols, "color": colours, "line": {"width": 2, "color": colours}},
    )  # fmt: skip


def _forecast_of(curve: Curve) -> tuple[list[dt.date], list[float]] | None:
    """The dashed line: from the slowest of today to the target, or to the due day if that is far off."""
    if curve.target is None or curve.forecast_on is None or curve.slowest is None or not curve.points:
        return None
    start, value = curve.points[-1].day, float(curve.slowest)
    end, reached = curve.forecast_on, float(curve.target)
    if end > curve.due_on + dt.timedelta(days=30) and start < curve.due_on:
        share = (curve.due_on - start).days / (end - start).days
        end, reached = curve.due_on, value + (reached - value) * share
    return [start, end], [value, reached]


def _dress_curve(figure: go.Figure, curve: Curve, forecast: Any, colour: str) -> None:
    """Axes, the target line, the due day, today, and the words beside them, wide and narrow."""
    words = curve.words
    highest = max(
        [float(point.mean or 0) for point in curve.points] + [float(p.value) for p in curve.points] + [1.0]
    )
    top = max(highest, float(curve.target or 0)) * 1.14
    last = curve.points[-1] if curve.points else None
    right = (
        max([curve.due_on, *(forecast[0] if forecast else ())]) if curve.target is not None else curve.due_on
    )
    margin = dt.timedelta(days=max(4, (right - curve.starts_on).days // 40))
    first, end = curve.starts_on - margin, right + margin
    ticks = curve.months or {}
    figure.update_xaxes(
        range=[first, end], tickvals=list(ticks), ticktext=list(ticks.values()),
        showgrid=False, zeroline=False, ticks="outside", tickcolor=LINE, ticklen=4, linecolor=LINE,
        showline=True, fixedrange=True, type="date",
    )  # fmt: skip
    figure.update_yaxes(range=[0, top], tickvals=steps(top), gridcolor=GRID, zeroline=False, fixedrange=True)
    if curve.target is not None:
        figure.add_shape(
            type="line", xref="paper", x0=0, x1=1, y0=curve.target, y1=curve.target,
            line={"color": INK_STRONG, "width": 1},
        )  # fmt: skip
        figure.add_shape(
            type="line", x0=curve.due_on, x1=curve.due_on, y0=0, y1=top, line={"color": RED, "width": 1.5}
        )
    notes = curve_notes(curve, forecast, first, end, top, colour)
    if last is not None and last.day != curve.due_on:
        figure.add_shape(
            type="line", yref="paper", x0=last.day, x1=last.day, y0=0, y1=1,
            line={"color": LINE, "width": 1, "dash": "dot"},
        )  # fmt: skip
        add_note(figure, last.day, 1, words["today"], "center bottom", yref="paper", size=12)
    always = json.loads(figure.to_json())["layout"].get("annotations", [])
    figure.update_layout(
        annotations=[*always, *notes["wide"]],
        meta={room: [*always, *notes[room]] for room in ("narrow", "tiny")},
    )
