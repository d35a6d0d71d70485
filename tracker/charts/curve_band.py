"""The band of a curve: how far the whole may come out on either side of its forecast."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import plotly.graph_objects as go


@dataclass(frozen=True, slots=True)
class CurveBand:
    """From `value` on `start` to `middle`, between low and high, on `end`, and straight in between."""

    start: dt.date
    value: Fraction
    end: dt.date
    low: Fraction
    middle: Fraction
    high: Fraction


def band_trace(band: CurveBand, colour: str) -> Any:
    """The area between the edges, with nothing to hover over: its days stand beside the chart."""
    return go.Scatter(
        mode="lines",
        x=[band.start, band.end, band.end, band.start],
        y=[float(band.value), float(band.high), float(band.low), float(band.value)],
        fill="toself",
        fillcolor=colour,
        opacity=0.16,
        line={"width": 0},
        hoverinfo="skip",
        showlegend=False,
    )


def middle_trace(band: CurveBand, name: str, hover: str, colour: str) -> Any:
    """The forecast of the mean itself, thinner than that of the slowest."""
    return go.Scatter(
        mode="lines",
        x=[band.start, band.end],
        y=[float(band.value), float(band.middle)],
        name=name,
        hovertemplate=hover,
        line={"color": colour, "width": 1.5, "dash": "2px,3px"},
    )
