"""Bars: what each source or category adds, and how many lie in which part of a distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import plotly.graph_objects as go

from tracker.charts.look import FONT, INK, LINE, TITLE_ROOM, layout_of

LEFT = 132  # pixels for the names of lying bars
LONGEST = 12  # signs of a name beside a bar; the whole one stands in the table


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars in stacks: one stack for each of `names`, one layer for each series.

    series:   (name, values in the order of `names`, colour).
    unit:     of the values, along their axis; what: along the other one, '' for nothing.
    is_lying: names down the side, the first on top; else columns beside each other.
    """

    title: str
    unit: str
    names: Sequence[str]
    series: Sequence[tuple[str, Sequence[Fraction | int], str]]
    what: str = ""
    is_lying: bool = True


def bars_figure(bars: Bars) -> go.Figure:
    """The bars with both axes named, and a legend where there is more than one layer."""
    names = list(range(len(bars.names)))  # by position: two names may be cut to the same letters
    shown = [_cut(name) if bars.is_lying else name for name in bars.names]
    figure = go.Figure(layout=layout_of(bars.title))
    for name, amounts, colour in bars.series:
        values = [float(amount) for amount in amounts]
        hover = [
            f"{whole} {name} {round(value, 1):.10g}{bars.unit}"
            for whole, value in zip(bars.names, values, strict=True)
        ]
        figure.add_trace(
            go.Bar(
                name=name, x=values if bars.is_lying else names, y=names if bars.is_lying else values,
                orientation="h" if bars.is_lying else "v", marker={"color": colour},
                customdata=[_escaped(words) for words in hover],
                hovertemplate="%{customdata}<extra></extra>",
            )
        )  # fmt: skip
    values_axis = {
        "title": {"text": bars.unit, "font": {"size": 12, "family": FONT, "color": INK}, "standoff": 4},
        "rangemode": "tozero", "gridcolor": "#f0ede8", "zeroline": False, "fixedrange": True, "nticks": 7,
    }  # fmt: skip
    names_axis = {
        "tickvals": names, "ticktext": [_escaped(name) for name in shown], "fixedrange": True,
        "showgrid": False, "zeroline": False, "linecolor": LINE, "showline": True, "ticks": "",
        "title": {"text": _escaped(bars.what), "font": {"size": 12, "family": FONT, "color": INK}},
    }  # fmt: skip
    figure.update_xaxes(values_axis if bars.is_lying else names_axis)
    figure.update_yaxes(names_axis if bars.is_lying else values_axis)
    if bars.is_lying:
        figure.update_yaxes(autorange="reversed", title={"text": ""})
    has_legend = len(bars.series) > 1
    figure.update_layout(
        barmode="stack", bargap=0.28, hovermode="closest", showlegend=has_legend,
        legend={"orientation": "h", "y": -0.2, "x": 0, "traceorder": "normal"},
        margin={"l": LEFT if bars.is_lying else 56, "r": 20, "t": TITLE_ROOM, "b": 84 if has_legend else 52},
    )  # fmt: skip
    return figure


def _cut(name: str) -> str:
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"


def _escaped(text: str) -> str:
    """Plotly reads a little markup in labels: what people wrote is no markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
