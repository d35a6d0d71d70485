"""The curve of a goal: actual, needed and forecast."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import plotly.graph_objects as go

from tracker.charts.curve_band import CurveBand, band_trace, middle_trace
from tracker.charts.look import COLOURS, GREY, INK_STRONG, LIGHT, LINE, RED, RED_DARK, add_note, layout_of


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
    words = curve.words
    hover = f"%{{x|{words['date']}}}: %{{y:.1f}}{curve.unit}"
    days = [point.day for point in curve.points]
    traces: list[Any] = []
    if curve.target is not None:
        traces.append(
            _line([curve.starts_on, curve.due_on], [0, curve.target], words["needed"], hover, GREY, 1.5)
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
            traces.append(middle_trace(curve.band, words["mean"], hover, colour))
    if forecast:
        line = _line(*forecast, words["forecast"], hover, colour, 3)
        traces.append(line.update(line={"dash": "5px,4px"}))
        traces.append(
            go.Scatter(
                mode="markers",
                x=forecast[0],
                y=forecast[1],
                hoverinfo="skip",
                showlegend=False,
                marker={"size": [9, 10], "color": [colour, "#fff"], "line": {"color": colour, "width": 2.5}},
            )
        )
    figure = go.Figure(traces, layout=layout_of(curve.title))
    _dress_curve(figure, curve, forecast, colour)
    return figure


def _line(x: Sequence[Any], y: Sequence[float], name: str, hover: str, colour: str, width: float) -> Any:
    return go.Scatter(
        mode="lines",
        x=list(x),
        y=list(y),
        name=name,
        hovertemplate=hover,
        line={"color": colour, "width": width},
    )


def _stated_marks(stated: Sequence[MonthPoint], colour: str) -> Any:
    """A dot at the end of each month. A level stretch that ends hollow is silence and no sure zero."""
    colours = [GREY if point.is_silent else colour for point in stated]
    symbols = ["circle-open" if point.is_silent else "circle" for point in stated]
    return go.Scatter(
        mode="markers", x=[point.day for point in stated], y=[float(point.value) for point in stated],
        customdata=[point.words for point in stated], hovertemplate="%{customdata}<extra></extra>",
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
    """Axes, the target line, the due day, today, and the words beside them."""
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
    ticks = curve.months or {}
    figure.update_xaxes(
        range=[curve.starts_on - margin, right + margin], tickvals=list(ticks), ticktext=list(ticks.values()),
        showgrid=False, zeroline=False, ticks="outside", tickcolor=LINE, ticklen=4, linecolor=LINE,
        showline=True, fixedrange=True, type="date",
    )  # fmt: skip
    figure.update_yaxes(
        range=[0, top], gridcolor="#f0ede8", zeroline=False, fixedrange=True, nticks=6, rangemode="tozero",
    )  # fmt: skip
    if curve.target is not None:
        figure.add_shape(
            type="line", xref="paper", x0=0, x1=1, y0=curve.target, y1=curve.target,
            line={"color": INK_STRONG, "width": 1},
        )  # fmt: skip
        figure.add_shape(
            type="line", x0=curve.due_on, x1=curve.due_on, y0=0, y1=top, line={"color": RED, "width": 1.5}
        )
        add_note(figure, curve.starts_on, curve.target, words["target"], "left bottom")
        add_note(figure, curve.due_on, 0, words["due"], "right bottom", colour=RED_DARK, xshift=-4)
        at, height = _free_place(curve)
        add_note(figure, at, height, words["needed"], "left top", xshift=4)
    add_note(figure, 0, 1, curve.unit, "right bottom", size=12, xshift=-6, xref="paper", yref="paper")
    if last is not None:
        _say_end(figure, curve, right, top, colour)
    if forecast:
        add_note(
            figure, forecast[0][1], forecast[1][1], words["day"], "right bottom", yshift=6,
            xshift=-4, colour=colour, bold=True,
        )  # fmt: skip


def _free_place(curve: Curve) -> tuple[dt.date, float]:
    """Where on the needed line its name is least in the way of the actual line."""
    values = {point.day: float(point.value) for point in curve.points}
    whole = (curve.due_on - curve.starts_on).days
    best, widest = (curve.due_on, 0.0), -1.0
    for share in (0.88, 0.68, 0.48, 0.28):
        day = curve.starts_on + dt.timedelta(days=round(whole * share))
        height = float(curve.target or 0) * share
        room = abs(values[day] - height) if day in values else float(curve.target or 0)
        if room > widest:
            best, widest = (day, height), room
    return best


def _say_end(figure: go.Figure, curve: Curve, right: dt.date, top: float, colour: str) -> None:
    """Where the actual line ends today, and which line is the mean."""
    last = curve.points[-1]
    value = float(last.value)
    figure.add_shape(
        type="line",
        yref="paper",
        x0=last.day,
        x1=last.day,
        y0=0,
        y1=1,
        line={"color": LINE, "width": 1, "dash": "dot"},
    )
    if last.day != curve.due_on:
        add_note(figure, last.day, 1, curve.words["today"], "center bottom", yref="paper")
    is_far = (right - last.day).days * 6 > (right - curve.starts_on).days
    is_low = value * 8 < top  # below it there is no room for words
    anchor = f"{'left' if is_far else 'right'} {'bottom' if is_low else 'top'}"
    shift = 6 if is_low else -4 if is_far else -34
    is_left = not is_far
    if curve.forecast_on and curve.slowest is not None and curve.slowest < last.value:
        # The forecast of the slowest begins below: the words stand above the line that came here.
        anchor, shift, is_left = "right bottom", 6, True
    words = curve.words["end"]
    add_note(
        figure, last.day, value, words, anchor, xshift=-10 if is_left else 10, yshift=shift, colour=colour,
        size=14, bold=True,
    )  # fmt: skip
    if last.mean is not None:
        middle = curve.points[len(curve.points) * 11 // 20]
        mean = float(middle.mean or 0)
        add_note(figure, middle.day, mean, curve.words["mean"], "right bottom", xshift=-6, colour=colour)
