"""Charts: what they draw, what their titles say, and that nothing leaves the page."""

from __future__ import annotations

import datetime as dt
import json
import re
from fractions import Fraction
from pathlib import Path

import pytest

from tracker import charts
from tracker.files.chart_sheet import ChartSheet, write_chart_sheet
from tracker.rules.bins import bin_bars

ROOT = Path(__file__).resolve().parent.parent
SCRIPT = (ROOT / "static" / "js" / "charts.js").read_text(encoding="utf-8")
BUNDLE = {"scatter", "bar", "heatmap"}  # of what the vendored cartesian bundle draws, what we use
WORDS = {**dict.fromkeys(charts.CURVE_WORDS, "词"), "date": "%-m月%-d日"}
START = dt.date(2021, 3, 1)


def curve(**fields):
    points = [charts.CurvePoint(START + dt.timedelta(days=n), Fraction(n, 2), Fraction(n)) for n in range(60)]
    given = {
        "title": "最低29.5小时", "unit": "小时", "position": 1, "points": points, "starts_on": START,
        "due_on": dt.date(2021, 7, 31), "target": 100, "words": WORDS, "slowest": Fraction(59, 2),
        "forecast_on": dt.date(2021, 7, 20),
    }  # fmt: skip
    return charts.curve_figure(charts.Curve(**{**given, **fields}))


def heat():
    cells = [[charts.HeatCell(4, "7", "东湖<br>7件"), charts.HeatCell(-1, "未报", "东湖<br>未报")]]
    return charts.heat_figure("各项都有上报", ["一", "二"], ["东湖党支部"], cells)


@pytest.mark.parametrize("figure", [curve(), curve(target=None, forecast_on=None), heat()])
def test_only_what_the_bundle_draws_is_drawn(figure):
    assert charts.trace_types(figure) <= BUNDLE
    assert set(charts.TRACE_TYPES) <= BUNDLE


@pytest.mark.parametrize("figure", [curve(), heat()])
def test_every_chart_has_a_title(figure):
    assert figure.layout.title.text


@pytest.mark.parametrize("figure", [curve(), heat()])
def test_no_markup_that_sets_a_style_is_in_a_chart(figure):
    assert not re.search(r"u003c(?!br|extra|/extra)", charts.as_json(figure))


def test_a_curve_without_a_comparable_target_has_no_target_no_need_no_forecast():
    figure = curve(target=None, forecast_on=None)
    assert [trace.line.dash for trace in figure.data] == ["solid", "solid"]
    assert not any(shape.line.color == charts.RED for shape in figure.layout.shapes)


def test_a_forecast_begins_at_the_slowest_and_ends_at_the_target():
    dashed = next(trace for trace in curve().data if trace.line.dash == "5px,4px")
    assert list(dashed.y) == [29.5, 100.0]
    assert list(dashed.x)[-1] == dt.date(2021, 7, 20)


def band(**fields):
    given = {"start": START, "value": Fraction(30), "end": dt.date(2021, 7, 31), "low": Fraction(40)}
    return charts.CurveBand(**{**given, "middle": Fraction(70), "high": Fraction(90), **fields})


def test_a_band_lies_between_its_edges_and_is_not_hovered():
    area = next(trace for trace in curve(band=band()).data if trace.fill == "toself")
    assert list(area.y) == [30, 90, 40, 30]
    assert area.hoverinfo == "skip"


def test_a_band_is_drawn_with_a_forecast_only():
    figure = curve(band=band(), forecast_on=None)
    assert not [trace for trace in figure.data if trace.fill == "toself"]


def test_the_mean_has_a_line_of_its_own_where_it_is_not_the_slowest():
    assert len(curve(band=band()).data) == len(curve(band=band(value=Fraction(59, 2))).data) + 1


@pytest.mark.parametrize(("figure", "room"), [(curve(), 60), (heat(), 90)])
def test_a_saved_picture_has_room_for_its_title(figure, room):
    assert figure.layout.margin.t >= room
    assert (
        "layout.margin =" in SCRIPT.split("function onPage")[1].split("return shown")[0]
    )  # the page takes it away


def bars(**fields):
    given = {
        "title": "甲最多",
        "unit": "小时",
        "names": ["甲", "乙" * 40],
        "series": [("3月", [2, 1], "#000")],
    }
    return charts.bars_figure(charts.Bars(**{**given, **fields}))


def test_bars_name_their_axes_say_their_sums_and_cut_long_names():
    figure = bars()
    assert {"小时", "2", "1"} <= {note.text for note in figure.layout.annotations}
    assert list(figure.layout.yaxis.ticktext) == ["甲", "乙" * 8 + "…"]
    assert not figure.layout.showlegend
    assert bars(series=[("3月", [2, 1], "#000"), ("4月", [0, 3], "#111")]).layout.showlegend


def test_forecasts_far_beyond_the_due_day_are_left_out_of_their_picture():
    due = dt.date(2021, 7, 31)
    points = [charts.SaidPoint(START, due), charts.SaidPoint(START, dt.date(2029, 1, 1))]
    words = {"date": "%-m月%-d日", "due": "截止", "on": "截至", "day": "预测"}
    figure = charts.said_figure("推后", 1, due, [("最慢", points)], words)
    assert list(figure.data[0].y) == [due]
    assert charts.trace_types(figure) <= BUNDLE


def test_a_forecast_far_beyond_the_due_day_ends_there():
    far = curve(forecast_on=dt.date(2023, 1, 1))
    dashed = next(trace for trace in far.data if trace.line.dash == "5px,4px")
    assert list(dashed.x)[-1] == dt.date(2021, 7, 31)
    assert dashed.y[-1] < 100


def test_a_curve_of_one_day_can_be_drawn():
    assert curve(points=[charts.CurvePoint(START, Fraction(0))], forecast_on=None, slowest=Fraction(0)).data


def test_a_chart_cannot_end_the_script_that_holds_it():
    text = charts.as_json(curve(title="</script><script>alert(1)</script>"))
    assert "<" not in text
    assert json.loads(text)["layout"]["title"]["text"].startswith("&lt;/script&gt;")


def test_no_word_of_a_curve_is_markup_to_the_library():
    drawn = curve(unit="<i>", words={**WORDS, "actual": "<b>最低</b>", "end": "9<i>"})
    assert re.findall("<[bi]>", str(drawn.to_dict())) == []


def test_the_share_button_is_off():
    for setting in ("showSendToCloud: false", 'plotlyServerURL: ""', "displaylogo: false"):
        assert setting in SCRIPT
    assert "http" not in SCRIPT


def test_columns_of_a_distribution_stand_side_by_side():
    bars = bin_bars([(80, 5, False, 0), (90, 10, False, 0), (100, 0, True, 0)])
    assert [bar.height for bar in bars] == [46.0, 92.0, 0.0]
    assert all(bar.x + bar.width <= 100 for bar in bars)
    assert bin_bars([]) == []


def test_a_sheet_never_holds_a_formula():
    sheet = ChartSheet(
        "表", "=1+1", "说明", ["单位", "=2"], [["=HYPERLINK(1)", Fraction(1, 3)]], "column", charts.COLOURS
    )
    import io

    import openpyxl

    page = openpyxl.load_workbook(io.BytesIO(write_chart_sheet(sheet))).active
    assert [cell.data_type for row in page.iter_rows() for cell in row if cell.value is not None].count(
        "f"
    ) == 0
    assert page["A5"].value == "=HYPERLINK(1)"
