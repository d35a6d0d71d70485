"""Figures for Plotly, from plain values. Every chart says one thing, and its title says which."""

from tracker.charts.curve import CURVE_WORDS, Curve, CurvePoint, MonthPoint, curve_figure
from tracker.charts.heat import HeatCell, heat_figure
from tracker.charts.look import COLOURS, GREY, INK_STRONG, LIGHT, RED, TRACE_TYPES, as_json, trace_types

__all__ = [
    "COLOURS", "CURVE_WORDS", "GREY", "INK_STRONG", "LIGHT", "RED", "TRACE_TYPES", "Curve", "CurvePoint",
    "HeatCell", "MonthPoint", "as_json", "curve_figure", "heat_figure", "trace_types",
]  # fmt: skip
