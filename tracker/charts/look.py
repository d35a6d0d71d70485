"""How every chart looks, and how it is written into a page."""

from __future__ import annotations

import json
from typing import Any

import plotly.graph_objects as go

FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
INK, INK_STRONG, GREY, LINE, RED, RED_DARK = "#67615a", "#211e1b", "#a39c93", "#d3cdc5", "#c8102e", "#a30d26"
COLOURS = (
    "#2b5c8f", "#6b4a8e", "#1f7480", "#8a4a72", "#3f4fa0", "#4a6a7c", "#7a5a3f", "#5b5f2c", "#54565c",
)  # fmt: skip
LIGHT = (
    "#7d9fc4", "#a68fbf", "#72aab3", "#b98aa7", "#8a95c8", "#8fa7b5", "#b09a86", "#9a9d76", "#96979b",
)  # fmt: skip
SHADES = ("#efece8", "#f5f7fa", "#e3ebf4", "#c7d8e9", "#a3c0da", "#2f6396")  # not reported, then 0 … 4
TITLE_ROOM = 64  # pixels above the chart, for its title; the page has it in a heading and takes them away
TRACE_TYPES = ("scatter", "heatmap", "bar")  # what the vendored bundle can draw and pages use


def layout_of(title: str) -> dict[str, Any]:
    """The look of a chart under its title."""
    font = {"family": FONT, "size": 12, "color": INK}
    return {
        "template": "none",
        "title": {"text": title, "font": {**font, "size": 16, "color": INK_STRONG}, "x": 0.01},
        "font": font,
        "showlegend": False,
        "paper_bgcolor": "#fff",
        "plot_bgcolor": "#fff",
        "margin": {"l": 48, "r": 20, "t": TITLE_ROOM, "b": 30},
        "hovermode": "x unified",
        "hoverlabel": {"font": {"family": FONT}},
        "separators": ".",
    }


def add_note(
    figure: go.Figure, x: Any, y: Any, text: str, anchor: str, *, colour: str = INK, size: int = 13,
    bold: bool = False, **place: Any,
) -> None:  # fmt: skip
    """Words in the chart; anchor is such as 'left top'. Bold by the font and not by <b>, which sets a style
    that the policy refuses."""
    font = {"size": size, "color": colour, "family": FONT, "weight": 600 if bold else 400}
    xanchor, yanchor = anchor.split()
    figure.add_annotation(
        x=x, y=y, text=text, showarrow=False, font=font, xanchor=xanchor, yanchor=yanchor, **place
    )


def as_json(figure: go.Figure) -> str:
    """The figure as text that may stand inside a <script type="application/json">."""
    plain = json.loads(figure.to_json())
    text = json.dumps(
        {"data": plain["data"], "layout": plain["layout"]}, ensure_ascii=False, separators=(",", ":")
    )
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def trace_types(figure: go.Figure) -> set[str]:
    """Which sorts of trace a figure draws."""
    return {trace.type for trace in figure.data}
