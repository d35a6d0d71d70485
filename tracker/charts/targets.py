"""How far each goal is on its way to its target, for paper: the words stand beside the bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

import plotly.graph_objects as go

from tracker.charts.look import COLOURS, FONT, GRID, INK_STRONG, LINE, RED, add_note, layout_of


@dataclass(frozen=True, slots=True)
class TargetBar:
    """One goal. share: of its target, 0 to 1; None where they cannot be compared. words: value and target."""

    name: str
    words: str
    share: Fraction | None


def targets_figure(title: str, bars: Sequence[TargetBar], target: str) -> go.Figure:
    """A bar for each goal in its colour, with its words; the line of all targets, named by `target`."""
    places = list(range(len(bars)))
    shares = [float(bar.share or 0) * 100 for bar in bars]
    trace = go.Bar(
        x=shares, y=places, orientation="h", marker={"color": [COLOURS[n % 9] for n in places]},
        hoverinfo="skip",
    )  # fmt: skip
    figure = go.Figure([trace], layout=layout_of(title))
    figure.add_shape(type="line", x0=100, x1=100, yref="paper", y0=0, y1=1, line={"color": RED, "width": 1.5})
    figure.add_annotation(
        x=100, y=1, yref="paper", text=escape(target), showarrow=False, yanchor="bottom",
        font={"size": 12, "family": FONT, "color": RED},
    )  # fmt: skip
    for place, bar in zip(places, bars, strict=True):
        add_note(figure, 100, place, escape(bar.words), "left middle", colour=INK_STRONG, xshift=8)
    figure.update_layout(bargap=0.35, hovermode="closest", margin={"l": 150, "r": 24, "t": 58, "b": 28})
    figure.update_xaxes(
        range=[0, 165], tickvals=[0, 50, 100], ticktext=["0", "50%", "100%"], gridcolor=GRID,
        zeroline=False, fixedrange=True,
    )  # fmt: skip
    figure.update_yaxes(
        tickvals=places, ticktext=[escape(bar.name) for bar in bars], autorange="reversed", fixedrange=True,
        showgrid=False, zeroline=False, linecolor=LINE, showline=True, ticks="",
    )  # fmt: skip
    return figure
