"""A chart as a small SVG of its own: what a page shows before, and without, the library that draws it live.

It draws the same figure as Plotly does: what `look.as_json` wrote, in the same place and with the same
words. Lengths across are shares of the plot, so one drawing is right at every width; colours are names of
tokens, sizes are times of the text's, so that it follows dark mode, large print and paper by the style sheet.
"""

from __future__ import annotations

import html
import json
import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from tracker.charts.look import cut_to, wide_as
from tracker.charts.sketch_axis import Axis, axis_of
from tracker.charts.sketch_marks import Paint, dash_of, marks_of, share

SIZE = 12  # pixels of the words of a chart at which one em is one em
NARROW_ROOM = 6.4  # Chinese signs for the names of rows on a phone
NARROW_FOOT, TINY_FOOT = 20, 12  # the same for the names at the foot on a phone, and there in large print
Plain = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a page shows of a figure.

    svg:   markup; '' where there is nothing to draw.
    key:   (name of a line or a layer, its swatch as markup), each name once; none where there is but one.
    shape: 'lines', 'cells' or, of cells that are turned where a page is narrow, 'cells turns'.
    """

    svg: str
    key: tuple[tuple[str, str], ...]
    shape: str


def drawing_of(figure: str) -> Drawing:
    """The drawing of a figure in JSON, as `look.as_json` writes it; '' has an empty one."""
    if not figure:
        return Drawing("", (), "lines")
    plain = json.loads(figure)
    meta = plain["layout"].get("meta", {})
    paint = paint_with(meta.get("tokens", {}))
    is_cells = plain["data"][0]["type"] == "heatmap"
    if is_cells and meta.get("turns"):
        plots, shape = [_plot(plain, paint, "w"), _plot(turned(plain), paint, "n")], "cells turns"
    else:
        plots, shape = [_plot(plain, paint, "")], "cells" if is_cells else "lines"
    svg = f'<div class="sketch" aria-hidden="true">{"".join(plots)}</div>'
    found: dict[str, str] = {}
    for one in plain["data"]:
        if one.get("name"):
            found.setdefault(one["name"], _swatch(one, paint))
    return Drawing(svg, tuple(found.items()) if len(found) > 1 else (), shape)


def paint_with(tokens: Mapping[str, str]) -> Paint:
    """From a colour to what an attribute says: the name of its token, or the colour where it has none."""
    return lambda colour: f"var({tokens[colour]})" if colour in tokens else html.escape(colour)


def turned(plain: Plain) -> dict[str, Any]:
    """A heat map with rows and columns changed: for pages that are narrow."""
    trace, layout = dict(plain["data"][0]), dict(plain["layout"])
    trace["x"], trace["y"] = trace["y"], trace["x"]
    for name in ("z", "text", "customdata"):
        trace[name] = [list(line) for line in zip(*trace[name], strict=True)]
    across, upright = layout["xaxis"], layout["yaxis"]
    own = ("tickvals", "ticktext")
    layout["xaxis"] = {**{k: v for k, v in across.items() if k not in own},
                       **{k: upright[k] for k in own if k in upright}}  # fmt: skip
    layout["yaxis"] = {**{k: v for k, v in upright.items() if k not in own},
                       **{k: across[k] for k in own if k in across}}  # fmt: skip
    return {"data": [trace], "layout": layout}


def _plot(plain: Plain, paint: Paint, only: str) -> str:
    """Axes, marks and words in the frame that the margins leave."""
    layout = plain["layout"]
    margin = layout["margin"]
    trace = plain["data"][0]
    x, y = axis_of(layout["xaxis"], trace, "x"), axis_of(layout["yaxis"], trace, "y")
    is_top = layout["xaxis"].get("side") == "top"
    meta = layout.get("meta", {})
    # A key of its own stands beside the chart on a page: its room at the foot is not needed.
    foot = 52 if layout.get("showlegend") else margin["b"]
    parts = [
        *_grid(layout, x, y, paint),
        *marks_of(plain, x, y, paint),
        *_shapes(layout, x, y, paint),
        *_names(layout, x, y, paint, is_top, margin["l"]),
        *_words(layout.get("annotations", ()), x, y, paint, "w" if "narrow" in meta else ""),
        *_words(meta.get("narrow", ()), x, y, paint, "n m"),
        *_words(meta.get("tiny", ()), x, y, paint, "t"),
    ]
    classes = f"plot l{margin['l']} b{foot} r{margin['r']}{' under' if is_top else ''}{only and f' {only}'}"
    return f'<svg class="{classes}" focusable="false">{"".join(parts)}</svg>'


def _grid(layout: Plain, x: Axis, y: Axis, paint: Paint) -> Iterator[str]:
    """Lines across from the marks of an axis with amounts, and the axes themselves."""
    for axis, form in (
        (x, '<line x1="{0}%" x2="{0}%" y1="0" y2="100%"'),
        (y, '<line y1="{0}%" y2="{0}%" x2="100%"'),
    ):
        colour = layout["xaxis" if axis is x else "yaxis"].get("gridcolor")
        if colour:
            for at, _ in axis.ticks:
                yield f'{form.format(share(axis(at)))} stroke="{paint(colour)}"/>'
    for name, line in (("xaxis", '<line x2="100%" y1="100%" y2="100%"'), ("yaxis", '<line y2="100%"')):
        if layout[name].get("showline"):
            yield f'{line} stroke="{paint(layout[name]["linecolor"])}"/>'


def _names(layout: Plain, x: Axis, y: Axis, paint: Paint, is_top: bool, left: int) -> Iterator[str]:
    all_wide = sum(wide_as(name) + 1 for _, name in x.ticks)
    narrow, tiny = (max(1, math.ceil(all_wide / room)) for room in (NARROW_FOOT, TINY_FOOT))
    for n, (at, name) in enumerate(x.ticks):
        place = f'x="{share(x(at))}%" text-anchor="middle"'
        if is_top:
            yield from _head(place, name)
        else:
            only = "w" if n % narrow else "l" if n % tiny else ""
            yield f'<text{_class(only)} {place} y="100%" dy="1.5em">{_text(name)}</text>'
    room = left / SIZE - 0.7
    for at, name in y.ticks:
        place = f'y="{share(y(at))}%" dx="-.5em" dy=".35em" text-anchor="end"'
        long, short = cut_to(name, room), cut_to(name, NARROW_ROOM)
        if long == short:
            yield f"<text {place}>{_text(long)}</text>"
        else:
            yield f'<text class="w" {place}>{_text(long)}</text><text class="n" {place}>{_text(short)}</text>'


def _head(place: str, name: str) -> Iterator[str]:
    """The name of a column, in two lines where there is little room."""
    if wide_as(name) <= 2.5:
        yield f'<text {place} dy="-.6em">{_text(name)}</text>'
        return
    half = (len(name) + 1) // 2
    yield f'<text class="w" {place} dy="-.6em">{_text(name)}</text>'
    yield f'<text class="n" {place} dy="-1.7em">{_text(name[:half])}</text>'
    yield f'<text class="n" {place} dy="-.6em">{_text(name[half:])}</text>'


def _shapes(layout: Plain, x: Axis, y: Axis, paint: Paint) -> Iterator[str]:
    for shape in layout.get("shapes", ()):
        x0, x1 = (
            share(v * 100 if shape.get("xref") == "paper" else x(v)) for v in (shape["x0"], shape["x1"])
        )
        y0, y1 = (
            share(100 - v * 100 if shape.get("yref") == "paper" else y(v)) for v in (shape["y0"], shape["y1"])
        )
        line = shape["line"]
        dash = ' stroke-dasharray="2 2"' if line.get("dash") else ""
        yield (
            f'<line x1="{x0}%" x2="{x1}%" y1="{y0}%" y2="{y1}%" stroke="{paint(line["color"])}"'
            f' stroke-width="{line["width"]}"{dash}/>'
        )


SIDES = {"left": "start", "center": "middle", "right": "end"}
# From a place to the foot of words, in times of their size.
DOWN = {"top": 0.95, "middle": 0.35, "bottom": -0.3}


def _words(notes: Any, x: Axis, y: Axis, paint: Paint, only: str) -> Iterator[str]:
    for note in notes:
        across = note["x"] * 100 if note.get("xref") == "paper" else x(note["x"])
        upright = 100 - note["y"] * 100 if note.get("yref") == "paper" else y(note["y"])
        font = note["font"]
        size = font["size"] / SIZE
        down = DOWN[note["yanchor"]] * size - note.get("yshift", 0) / SIZE
        right = share(note.get("xshift", 0) / SIZE)
        place = f'x="{share(across)}%" y="{share(upright)}%" dx="{right}em"'
        yield (
            f'<text{_class(only)} {place} text-anchor="{SIDES[note["xanchor"]]}"{_bold(font)}'
            f' fill="{paint(font["color"])}"><tspan dy="{down:.2f}em" font-size="{size:.3g}em">'
            f"{_text(note['text'])}</tspan></text>"
        )


def _bold(font: Plain) -> str:
    return ' font-weight="600"' if font.get("weight", 400) > 400 else ""


def _class(only: str) -> str:
    return f' class="{only}"' if only else ""


def _text(words: str) -> str:
    """What Plotly reads as markup is markup here too: only an escaped sign is one."""
    return html.escape(html.unescape(words.replace("<br>", " ")))


def _swatch(trace: Plain, paint: Callable[[str], str]) -> str:
    if trace["type"] == "bar":
        inner = f'<rect width="22" height="12" rx="2" fill="{paint(trace["marker"]["color"])}"/>'
    else:
        line = trace["line"]
        inner = (
            f'<line x2="28" y1="6" y2="6" stroke="{paint(line["color"])}" stroke-width="{line["width"]}"'
            f"{dash_of(line)}/>"
        )
    return f'<svg class="swatch" aria-hidden="true" viewBox="0 0 28 12">{inner}</svg>'
