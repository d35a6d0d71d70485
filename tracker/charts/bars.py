"""Bars: what each source or category adds, and how many lie in which part of a distribution."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import plotly.graph_objects as go

from tracker.charts.look import GRID, LINE, PAPER, TITLE_ROOM, add_note, cut_to, escaped, layout_of, steps

LEFT = 132  # pixels for the names of lying bars
LONGEST = 9.5  # Chinese signs of a name beside a bar; the whole one stands in the table


@dataclass(frozen=True, slots=True)
class Bars:
    """Bars in stacks: one stack for each of `names`, one layer for each series,
    with the sum of each stack at its end.

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
    shown = [cut_to(name, LONGEST) if bars.is_lying else name for name in bars.names]
    wholes = [float(sum(amounts[n] for _, amounts, _ in bars.series)) for n in names]
    marks = steps(max(wholes, default=0.0) * 1.08)
    end = max([*marks, max(wholes, default=0.0) * 1.08, 1.0])
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
                orientation="h" if bars.is_lying else "v",
                marker={"color": colour, "line": {"color": PAPER, "width": 1}},
                customdata=[escaped(words) for words in hover],
                hovertemplate="%{customdata}<extra></extra>",
            )
        )  # fmt: skip
    values_axis = {
        "range": [0, end],
        "tickvals": marks,
        "gridcolor": GRID,
        "zeroline": False,
        "fixedrange": True,
    }
    names_axis = {
        "tickvals": names, "ticktext": [escaped(name) for name in shown], "fixedrange": True,
        "showgrid": False, "zeroline": False, "linecolor": LINE, "showline": True, "ticks": "",
        "range": [len(names) - 0.5, -0.5] if bars.is_lying else [-0.5, len(names) - 0.5],
    }  # fmt: skip
    figure.update_xaxes(values_axis if bars.is_lying else names_axis)
    figure.update_yaxes(names_axis if bars.is_lying else values_axis)
    for n, whole in zip(names, wholes, strict=True):
        words = f"{round(whole, 1):.10g}"
        if whole and bars.is_lying:
            add_note(figure, whole, n, words, "left middle", xshift=4)
        elif whole:
            add_note(figure, n, whole, words, "center bottom")
    place: dict[str, Any] = {"xref": "paper", "yref": "paper", "size": 12}
    add_note(
        figure, 1, 0, escaped(bars.unit if bars.is_lying else bars.what), "right top", yshift=-23, **place
    )
    if not bars.is_lying:
        add_note(figure, 0, 1, escaped(bars.unit), "right bottom", xshift=-6, **place)
    has_legend = len(bars.series) > 1
    figure.update_layout(
        barmode="stack", bargap=0.28, hovermode="closest", showlegend=has_legend,
        legend={"orientation": "h", "y": -0.2, "x": 0, "traceorder": "normal"},
        margin={"l": LEFT if bars.is_lying else 48, "r": 40, "t": TITLE_ROOM, "b": 84 if has_legend else 52},
    )  # fmt: skip
    return figure
