"""Figures for Plotly, from plain values. Every chart says one thing, and its title says which."""

from tracker.charts.bars import Bars, bars_figure
from tracker.charts.curve import CURVE_WORDS, Curve, CurvePoint, MonthPoint, curve_figure
from tracker.charts.curve_band import CurveBand
from tracker.charts.heat import HeatCell, heat_figure
from tracker.charts.look import (
    COLOURS,
    GREY,
    INK_STRONG,
    LIGHT,
    RED,
    SHADES,
    TOKENS,
    TRACE_TYPES,
    as_json,
    trace_types,
)
from tracker.charts.said import SaidPoint, said_figure
from tracker.charts.sketch import Drawing, drawing_of
from tracker.charts.targets import TargetBar, targets_figure

__all__ = [
    "COLOURS", "CURVE_WORDS", "GREY", "INK_STRONG", "LIGHT", "RED", "SHADES", "TOKENS", "TRACE_TYPES", "Bars",
    "Curve", "CurveBand", "CurvePoint", "Drawing", "HeatCell", "MonthPoint", "SaidPoint", "TargetBar",
    "as_json", "bars_figure", "curve_figure", "drawing_of", "heat_figure", "said_figure", "targets_figure",
    "trace_types",
]  # fmt: skip
