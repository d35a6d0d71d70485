"""Charts as spreadsheets: the same numbers with a native chart."""

from __future__ import annotations

from flask import Blueprint, Response, abort
from flask_babel import gettext

from tracker.access import Permission, requires
from tracker.queries.boards import board_on
from tracker.queries.curves import curve_of
from tracker.views.asof import as_of
from tracker.views.bureau import heat_finding, heat_response
from tracker.views.drawn import draw_curve, draw_heat
from tracker.views.sheets import curve_sheet, sheet_response

bp = Blueprint("charts", __name__)


@bp.get("/charts/<code>.json")
@requires(Permission.BUREAU_SEE)
def data(code: str) -> Response:
    """The chart as Plotly reads it, for those who draw it elsewhere; 'heat' is branches × goals."""
    asof = as_of() or abort(404)
    board = board_on(asof.campaign, asof.day)
    card = next((card for card in board.cards if card.standing.goal.code == code), None)
    if card is None:
        json = draw_heat(board, heat_finding(board)) if code == "heat" else abort(404)
    else:
        points = curve_of(card.standing.goal, board.standing)
        json = draw_curve(card, points, board).json
    return Response(json, mimetype="application/json")


@bp.get("/charts/<code>.xlsx")
@requires(Permission.BUREAU_SEE)
def sheet(code: str) -> Response:
    """The curve of a goal; 'heat' is branches × goals."""
    asof = as_of() or abort(404)
    goal = asof.spec.goal(code)
    if goal is None:
        return heat_response(asof) if code == "heat" else abort(404)
    board = board_on(asof.campaign, asof.day)
    card = next(card for card in board.cards if card.standing.goal.code == code)
    points = curve_of(goal, board.standing)
    name = gettext("%(goal)s curve %(day)s", goal=goal.short_name, day=asof.day.isoformat())
    return sheet_response(curve_sheet(card, points, board, asof), f"{name}.xlsx")
