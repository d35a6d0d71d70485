"""The server's own drawing of a chart: marks and words as in the live one, light, and without styles."""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from fractions import Fraction

import pytest

from tests.test_charts import START, WORDS, band, bars, curve, heat
from tracker import charts
from tracker.charts.placing import ROOMS

TWO = [("3月", [2, 1], charts.COLOURS[0]), ("4月", [0, 3], charts.COLOURS[1])]


def said():
    points = [charts.SaidPoint(START + dt.timedelta(days=7 * n), dt.date(2021, 7, n + 1)) for n in range(9)]
    words = {"date": "%-m月%-d日", "due": "截止7月31日", "on": "截至", "day": "预测日"}
    lines = [("最慢", points), ("平均", points[2:])]
    return charts.said_figure("推后", 1, dt.date(2021, 7, 31), lines, words)


def calendar():
    weeks = [(START + dt.timedelta(days=7 * n)).isoformat() for n in range(20)]
    cells = [[charts.HeatCell(n % 5, str(n), "") for n in range(20)] for _ in range(7)]
    return charts.heat_figure("二十周", weeks, list("一二三四五六日"), cells, {weeks[0]: "3月"}, left=52)


FIGURES = {
    "a curve": curve(),
    "a curve with a band": curve(band=band()),
    "no target": curve(target=None, forecast_on=None),
    "a heat map": heat(),
    "bars": bars(series=TWO),
    "columns": bars(is_lying=False, what="时长", series=TWO),
    "forecasts": said(),
    "a calendar": calendar(),
}


def drawing(figure):
    return charts.drawing_of(charts.as_json(figure))


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_drawing_is_well_formed_and_sets_no_style(figure):
    svg = str(drawing(figure).svg)
    ET.fromstring(svg)
    assert "style=" not in svg
    assert "nan" not in svg.lower()
    assert len(svg) < 40_000


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_a_drawing_says_what_the_live_chart_says(figure):
    words = " ".join(ET.fromstring(str(drawing(figure).svg)).itertext())
    missing = [note.text for note in figure.layout.annotations if note.text not in words]
    assert missing == []
    assert all(str(tick) in words for tick in figure.layout.xaxis.ticktext or ())


@pytest.mark.parametrize("figure", FIGURES.values(), ids=FIGURES)
def test_every_colour_of_a_drawing_is_a_token(figure):
    svg = str(drawing(figure).svg) + "".join(swatch for _, swatch in drawing(figure).key)
    assert re.findall(r'(?:fill|stroke)="#[^"]*"', svg) == []


def test_a_heat_map_has_its_numbers_and_its_silence():
    svg = str(drawing(heat()).svg)
    assert ">7<" in svg
    assert ">未报<" in svg
    assert 'fill="var(--k4)"' in svg
    assert 'fill="var(--hatch-1)"' in svg


def test_many_columns_are_rows_where_a_page_is_narrow():
    one = drawing(calendar())
    assert one.shape == "cells turns"
    assert len(re.findall(r'<svg class="plot', one.svg)) == 2
    assert drawing(heat()).shape == "cells"


def test_names_and_words_that_people_wrote_are_no_markup():
    hostile = "<script>&\"'"
    cells = [[charts.HeatCell(1, hostile, hostile)]]
    escaped = hostile.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    for figure in (
        charts.heat_figure(hostile, [escaped], [escaped], cells),
        bars(names=[hostile, hostile], unit=hostile),
    ):
        svg = str(drawing(figure).svg)
        assert "<script" not in svg
        assert "&lt;script&gt;" in svg


def test_the_key_names_each_line_once_with_its_dashes():
    lines = dict(drawing(curve(words={**WORDS, "mean": "平均", "needed": "应到线"})).key)
    assert list(lines) == ["应到线", "平均", "词"]
    assert "dasharray" in lines["应到线"]
    assert "dasharray" not in lines["平均"]
    layers = dict(drawing(bars(series=TWO)).key)
    assert list(layers) == ["3月", "4月"]
    assert "var(--g2)" in layers["4月"]
    assert drawing(bars()).key == ()


def test_nothing_to_draw_is_no_drawing():
    assert charts.drawing_of("") == charts.Drawing("", (), "lines")


def boxes(notes, width, height, top, first, last):
    """Where the words of a curve lie, in pixels."""
    from tracker.charts.look import wide_as

    for note in notes:
        if note.yref == "paper":
            continue
        x = (dt.date.fromisoformat(str(note.x)[:10]) - first).days / (last - first).days * width + note.xshift
        y = float(note.y) / top * height + note.yshift
        wide, high = wide_as(note.text) * note.font.size, note.font.size * 1.2
        left = x - {"left": 0, "center": 0.5, "right": 1}[note.xanchor] * wide
        low = y - {"bottom": 0, "middle": 0.5, "top": 1}[note.yanchor] * high
        yield note.text, (left, low, left + wide, low + high)


@pytest.mark.parametrize("room", ["wide", "narrow", "tiny"])
@pytest.mark.parametrize("days", [5, 40, 90, 152])
@pytest.mark.parametrize("pace", [Fraction(1, 4), Fraction(2, 3), Fraction(1)])
def test_the_words_of_a_curve_do_not_lie_on_each_other(room, days, pace):
    words = {
        "actual": "最低", "mean": "平均", "needed": "应到线", "forecast": "预测", "target": "目标100小时",
        "due": "截止7月31日", "today": "6月26日", "end": "最低80.5小时",
        "date": "%-m月%-d日", "day": "7月20日",
    }  # fmt: skip
    points = [
        charts.CurvePoint(START + dt.timedelta(days=n), n * pace, n * pace * 6 / 5) for n in range(days)
    ]
    figure = curve(points=points, slowest=points[-1].value, words=words)
    wide = figure.layout.annotations
    notes = wide if room == "wide" else [type(wide[0])(note) for note in figure.layout.meta[room]]
    first, last = (dt.date.fromisoformat(str(one)[:10]) for one in figure.layout.xaxis.range)
    size = ROOMS[room][:2]
    placed = list(boxes(notes, *size, figure.layout.yaxis.range[1], first, last))
    on_each_other = [
        (one, other)
        for n, (one, a) in enumerate(placed)
        for other, b in placed[n + 1 :]
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]
    assert on_each_other == []
