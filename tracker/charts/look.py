"""How every chart looks, and how it is written into a page."""

from __future__ import annotations

import json
import math
from typing import Any

import plotly.graph_objects as go

FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'
INK, INK_STRONG, LINE, RED, RED_DARK = "#67615a", "#211e1b", "#d3cdc5", "#c8102e", "#a30d26"
GREY, GRID, PAPER = "#857e75", "#f1eeea", "#fff"
# By a goal's position. Neighbours differ in lightness first: that is what stays where a reader sees no red,
# no green or no blue (tests/test_chart_colours.py).
COLOURS = (
    "#094b7e", "#8362a3", "#00515b", "#9e5a84", "#32438f", "#427691", "#614227", "#6f7438", "#464951",
)  # fmt: skip
LIGHT = (
    "#6788b6", "#a086b9", "#3c929f", "#ba7fa2", "#8081b9", "#7795a6", "#a08067", "#91945e", "#84868d",
)  # fmt: skip
SHADES = ("#ebe7e2", "#f7f9fb", "#d6e4f2", "#b2cfec", "#90b7de", "#28588b")  # not reported, then 0 … 4
# A picture keeps these colours; a page gives each the value that its token has in the reader's mode.
TOKENS = {
    INK: "--ink-500", INK_STRONG: "--ink-900", LINE: "--line-2", RED: "--red-600", RED_DARK: "--red-700",
    GREY: "--mark", GRID: "--sunk", PAPER: "--card", SHADES[0]: "--hatch-1",
    **{colour: f"--g{n}" for n, colour in enumerate(COLOURS, 1)},
    **{colour: f"--g{n}-2" for n, colour in enumerate(LIGHT, 1)},
    **{colour: f"--k{n}" for n, colour in enumerate(SHADES[1:])},
}  # fmt: skip
TITLE_ROOM = 64  # pixels above the chart, for its title; the page has it in a heading and takes them away
TRACE_TYPES = ("scatter", "heatmap", "bar")  # what the vendored bundle can draw and pages use


def escaped(text: str) -> str:
    """A text for a label: Plotly reads a little markup in them, and what people wrote is no markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def layout_of(title: str) -> dict[str, Any]:
    """The look of a chart under its title."""
    font = {"family": FONT, "size": 12, "color": INK}
    return {
        "template": "none",
        "title": {"text": escaped(title), "font": {**font, "size": 16, "color": INK_STRONG}, "x": 0.01},
        "font": font,
        "showlegend": False,
        "paper_bgcolor": PAPER,
        "plot_bgcolor": PAPER,
        "margin": {"l": 48, "r": 20, "t": TITLE_ROOM, "b": 30},
        "hovermode": "x unified",
        "hoverlabel": {
            "bgcolor": PAPER,
            "bordercolor": LINE,
            "font": {"family": FONT, "size": 13, "color": INK_STRONG},
        },
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


def note(
    text: str, place: dict[str, Any], anchor: str, size: int, colour: str, shift: tuple[float, float],
    is_bold: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """Words as one of a layout's annotations. shift: pixels to the right and up from the place."""
    across, upright = anchor.split()
    return {
        **place, "text": text, "showarrow": False, "xanchor": across, "yanchor": upright, "borderpad": 0,
        "xshift": shift[0], "yshift": shift[1],
        "font": {"size": size, "color": colour, "family": FONT, "weight": 600 if is_bold else 400},
    }  # fmt: skip


def steps(top: float, most: int = 6) -> list[float]:
    """Where an axis from 0 to `top` is marked: at most so many places, at multiples of 1, 2 or 5."""
    if top <= 0:
        return [0]
    rough = top / (most - 1)
    power = 10 ** math.floor(math.log10(rough))
    step = next(one * power for one in (1, 2, 5, 10) if one * power >= rough)
    step = max(step, 1)
    return [n * step for n in range(int(top / step) + 1)]


def wide_as(text: str) -> float:
    """How wide a text is, in times of its size: a Chinese sign is one."""
    return sum(1.0 if ord(sign) > 0x2E7F else 0.56 for sign in text)


def cut_to(text: str, room: float) -> str:
    """The text, or as much of its beginning as fits into `room` (as wide_as counts it) with an ellipsis."""
    if wide_as(text) <= room:
        return text
    while text and wide_as(text) > room - 1:
        text = text[:-1]
    return f"{text}…"


def as_json(figure: go.Figure) -> str:
    """The figure as text that may stand inside a <script type="application/json">.

    layout.meta.tokens: of each colour in it the name under which a page's style sheets know it.
    """
    plain = json.loads(figure.to_json())
    used = json.dumps(plain)
    tokens = {colour: name for colour, name in TOKENS.items() if f'"{colour}"' in used}
    layout = {**plain["layout"], "meta": {**plain["layout"].get("meta", {}), "tokens": tokens}}
    text = json.dumps({"data": plain["data"], "layout": layout}, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def trace_types(figure: go.Figure) -> set[str]:
    """Which sorts of trace a figure draws."""
    return {trace.type for trace in figure.data}
