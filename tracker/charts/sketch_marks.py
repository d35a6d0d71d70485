"""The marks of a sketch: lines, points, bars and cells."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from tracker.charts.sketch_axis import Axis

Paint = Callable[[str], str]
Plain = Mapping[str, Any]


def marks_of(plain: Plain, x: Axis, y: Axis, paint: Paint) -> Iterator[str]:
    """What a figure's traces draw."""
    bars = [trace for trace in plain["data"] if trace["type"] == "bar"]
    if bars:
        yield from _bars(bars, plain["layout"].get("bargap", 0.2), x, y, paint)
    for trace in plain["data"]:
        if trace["type"] == "heatmap":
            yield from _cells(trace, x, y, paint)
        elif trace["type"] == "scatter":
            if "lines" in trace["mode"]:
                yield _line(trace, x, y, paint)
            if "markers" in trace["mode"]:
                yield from _points(trace, x, y, paint)


def _line(trace: Plain, x: Axis, y: Axis, paint: Paint) -> str:
    """In a frame that stretches with the plot, while the stroke does not."""
    points = [(round(x(a) * 10, 1), round(y(b) * 10, 1)) for a, b in zip(trace["x"], trace["y"], strict=True)]
    path = " ".join(f"{a:g},{b:g}" for a, b in _corners(points))
    if trace.get("fill"):
        shape = (
            f'<polygon points="{path}" fill="{paint(trace["fillcolor"])}" fill-opacity="{trace["opacity"]}"/>'
        )
    else:
        line = trace["line"]
        shape = (
            f'<polyline points="{path}" fill="none" stroke="{paint(line["color"])}" stroke-linejoin="round"'
            f' stroke-width="{line["width"]}"{dash_of(line)} vector-effect="non-scaling-stroke"/>'
        )
    return f'<svg width="100%" height="100%" viewBox="0 0 1000 1000" preserveAspectRatio="none">{shape}</svg>'


def dash_of(line: Plain) -> str:
    """The attribute for a dashed line; '' for a solid one."""
    dash = line.get("dash", "solid")
    if dash == "solid":
        return ""
    own = "2,3" if dash == "dot" else dash.replace("px", "")
    return f' stroke-dasharray="{html.escape(own)}"'


def _corners(points: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float]]:
    """Without the points in the middle of a level stretch."""
    for n, point in enumerate(points):
        is_level = 0 < n < len(points) - 1 and points[n - 1][1] == point[1] == points[n + 1][1]
        if not is_level:
            yield point


def _points(trace: Plain, x: Axis, y: Axis, paint: Paint) -> Iterator[str]:
    marker = trace["marker"]
    for n, (a, b) in enumerate(zip(trace["x"], trace["y"], strict=True)):
        size, colour, symbol = (_nth(marker.get(name), n) for name in ("size", "color", "symbol"))
        edge = marker.get("line", {})
        stroke = _nth(edge.get("color", colour), n)
        fill = "var(--card)" if str(symbol).endswith("-open") else paint(colour)
        place, style = (
            f"{x(a):.2f}%",
            f'fill="{fill}" stroke="{paint(stroke)}" stroke-width="{edge.get("width", 0)}"',
        )
        if str(symbol).startswith("diamond"):
            half = size / 2 + 1
            yield (
                f'<svg x="{place}" y="{y(b):.2f}%" overflow="visible">'
                f'<path d="M0-{half}L{half} 0L0 {half}L-{half} 0Z" {style}/></svg>'
            )
        else:
            yield f'<circle cx="{place}" cy="{y(b):.2f}%" r="{size / 2:g}" {style}/>'


def _nth(value: Any, n: int) -> Any:
    return value[n] if isinstance(value, list) else value


def _bars(bars: Sequence[Plain], gap: float, x: Axis, y: Axis, paint: Paint) -> Iterator[str]:
    """Layer upon layer from the foot of each stack."""
    is_lying = bars[0].get("orientation") == "h"
    names, amounts = ("y", "x") if is_lying else ("x", "y")
    reached: dict[Any, float] = {}
    for trace in bars:
        marker = trace["marker"]
        for n, (name, amount) in enumerate(zip(trace[names], trace[amounts], strict=True)):
            if not amount:
                continue
            start, half = reached.get(name, 0.0), (1 - gap) / 2
            reached[name] = end = start + amount
            (x0, x1), (y0, y1) = (
                ((x(start), x(end)), (y(name - half), y(name + half)))
                if is_lying
                else ((x(name - half), x(name + half)), (y(start), y(end)))
            )
            line = marker.get("line", {})
            edge = f' stroke="{paint(line["color"])}"' if line.get("color") else ""
            yield (
                f'<rect x="{share(min(x0, x1))}%" y="{share(min(y0, y1))}%" width="{share(abs(x1 - x0))}%"'
                f' height="{share(abs(y1 - y0))}%" fill="{paint(_nth(marker["color"], n))}"{edge}/>'
            )


def _cells(trace: Plain, x: Axis, y: Axis, paint: Paint) -> Iterator[str]:
    colours = [colour for _, colour in trace["colorscale"][::2]]
    wide, high = 100 / len(x.names), 100 / len(y.names)
    size = f'width="{share(wide)}%" height="{share(high)}%"'
    yield '<g class="squares">'
    for row, shades, words in zip(trace["y"], trace["z"], trace["text"], strict=True):
        for column, shade, text in zip(trace["x"], shades, words, strict=True):
            left, top = x(column) - wide / 2, y(row) - high / 2
            if shade is not None:
                fill = paint(colours[shade + 1])
                yield f'<rect x="{share(left)}%" y="{share(top)}%" {size} fill="{fill}"/>'
            if text:
                on = "" if shade is None or shade < 0 else shade
                place = f'x="{share(left + wide / 2)}%" y="{share(top + high / 2)}%" dy=".36em"'
                yield f'<text {place} class="on{on}">{html.escape(html.unescape(text))}</text>'
    yield "</g>"


def share(value: float) -> str:
    """A number for an attribute, with no more digits than a pixel needs."""
    return f"{round(value, 2) + 0:g}"
