"""Tables as heat maps: branches × goals, weekdays × weeks, goals × goals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from tracker.charts.look import FONT, SHADES, TITLE_ROOM, layout_of

TURNS = 12  # more columns than these are rows where a page is narrow


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One cell: shade −1 is not reported, None is not asked; `text` stands in it, `hover` beside it."""

    shade: int | None
    text: str
    hover: str


def heat_figure(
    title: str,
    columns: Sequence[str],
    rows: Sequence[str],
    cells: Sequence[Sequence[HeatCell]],
    ticks: Mapping[str, str] | None = None,
    left: int = 150,
) -> go.Figure:
    """A table as a heat map; the number stands in each cell. First row on top.

    layout.meta.turns: whether rows and columns change places where a page is narrow.
    ticks: which columns are named, and how; None: all, as they are. left: pixels for the names of the rows.
    """
    shades = [[cell.shade for cell in row] for row in cells]
    scale = [[at, colour] for n, colour in enumerate(SHADES) for at in (n / 6, (n + 1) / 6)]
    trace = go.Heatmap(
        z=shades, x=list(columns), y=list(rows), text=[[cell.text for cell in row] for row in cells],
        customdata=[[cell.hover for cell in row] for row in cells], texttemplate="%{text}",
        hovertemplate="%{customdata}<extra></extra>", zmin=-1.5, zmax=4.5, colorscale=scale, showscale=False,
        xgap=3, ygap=3, hoverongaps=False, textfont={"size": 13, "family": FONT},
    )  # fmt: skip
    figure = go.Figure([trace], layout=layout_of(title))
    figure.update_layout(
        hovermode="closest", margin={"l": left, "t": TITLE_ROOM + 30, "b": 12, "r": 16},
        meta={"turns": len(columns) > TURNS},
    )  # fmt: skip
    figure.update_xaxes(side="top", tickangle=0, fixedrange=True, showgrid=False, ticks="", type="category")
    if ticks is not None:
        figure.update_xaxes(tickvals=list(ticks), ticktext=list(ticks.values()))
    figure.update_yaxes(autorange="reversed", fixedrange=True, showgrid=False, ticks="", type="category")
    return figure
