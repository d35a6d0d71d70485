"""The page of charts, and every chart as data and as a spreadsheet: the same numbers with a native chart."""

from __future__ import annotations

from flask import Blueprint, Response, abort, render_template, request
from flask_babel import gettext

from tracker.access import Permission, requires
from tracker.queries.boards import board_on
from tracker.queries.curves import curve_of
from tracker.views.asof import as_of
from tracker.views.bureau import heat_response
from tracker.views.drawn_further import HEAT, chart_json, draw_further, further_charts
from tracker.views.drawn_tables import further_sheet
from tracker.views.sheets import curve_sheet, sheet_response

bp = Blueprint("charts", __name__)


@bp.get("/charts")
@requires(Permission.BUREAU_SEE)
def index() -> str:
    """The further charts, one of them drawn; ?chart= names it, else it is the first."""
    asof = as_of()
    groups = further_charts(asof.spec) if asof else []
    if asof is None or not groups:
        return render_template("charts/index.html", asof=asof, groups=groups, chart=None)
    code = request.args.get("chart") or groups[0].charts[0].code
    return render_template(
        "charts/index.html", asof=asof, groups=groups, chart=draw_further(code, asof) or abort(404)
    )


@bp.get("/charts/<code>.json")
@requires(Permission.BUREAU_SEE)
def data(code: str) -> Response:
    """The chart as Plotly reads it, for those who draw it elsewhere; 'heat' is branches × goals."""
    asof = as_of() or abort(404)
    return Response(chart_json(code, asof) or abort(404), mimetype="application/json")


@bp.get("/charts/<code>.xlsx")
@requires(Permission.BUREAU_SEE)
def sheet(code: str) -> Response:
    """The curve of a goal; 'heat' is branches × goals; else one of the further charts."""
    asof = as_of() or abort(404)
    goal = asof.spec.goal(code)
    if goal is None and code == HEAT:
        return heat_response(asof)
    if goal is None:
        chart = draw_further(code, asof) or abort(404)
        return sheet_response(further_sheet(chart, asof), f"{chart.name} {asof.day.isoformat()}.xlsx")
    board = board_on(asof.campaign, asof.day)
    card = next(card for card in board.cards if card.standing.goal.code == code)
    points = curve_of(goal, board.standing)
    name = gettext("%(goal)s curve %(day)s", goal=goal.short_name, day=asof.day.isoformat())
    return sheet_response(curve_sheet(card, points, board, asof), f"{name}.xlsx")
