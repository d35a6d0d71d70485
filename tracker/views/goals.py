"""One goal: how it stands, how it is counted, its way there, and what each branch does for it."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, abort, render_template

from tracker.access import Permission, requires
from tracker.kept import while_unchanged
from tracker.queries.boards import board_on
from tracker.queries.curves import curve_of
from tracker.queries.forecasts import outlooks_on
from tracker.rules.bins import bin_bars
from tracker.rules.campaigns import ROSTER_MEASURES, Figure, Goal
from tracker.rules.feeds import feed_rows
from tracker.rules.figures import FigureValue
from tracker.rules.goals import value_shown
from tracker.views.asof import AsOf, as_of
from tracker.views.drawn import draw_curve
from tracker.views.drawn_said import draw_said
from tracker.views.findings import finding
from tracker.views.forecasts import seen_of
from tracker.views.sentences import rule_said

bp = Blueprint("goals", __name__)


@bp.get("/goals/<code>")
@requires(Permission.BUREAU_SEE)
@while_unchanged
def show(code: str) -> str:
    """The page of one goal."""
    asof = as_of() or abort(404)
    goal = asof.spec.goal(code) or abort(404)
    board = board_on(asof.campaign, asof.day)
    card = next(card for card in board.cards if card.standing.goal.code == code)
    points = curve_of(goal, board.standing)
    [(outlook, levels)] = outlooks_on(board, [card])
    seen = seen_of(card, outlook, levels, board.standing)
    return render_template(
        "goals/show.html",
        asof=asof,
        board=board,
        card=card,
        column=card.position - 1,
        finding=finding(card.standing),
        bars=bin_bars([(bin.start, bin.count, bin.is_full, bin.silent) for bin in card.bins]),
        curve=draw_curve(card, points, board, outlook),
        seen=seen,
        said=draw_said(goal, card.position, outlook, seen.test, f"{code}-forecasts", asof.day),
        feeding=feed_rows(asof.spec),
        rule=rule_said(card.standing.figure.figure, asof.spec),
        figures=figures_of(goal, asof, board.values),
    )


def figures_of(goal: Goal, asof: AsOf, values: Mapping[str, FigureValue]) -> list[FigureValue]:
    """The figures that ask the same kind of record as the goal's, the goal's own first."""
    main = value_shown(goal, values)

    def belongs(figure: Figure) -> bool:
        shown = figure.id in goal.show or figure.id == goal.reached
        return shown or figure.id.split(".")[0] == main.figure.id.split(".")[0]

    others = [
        values[figure.id]
        for figure in asof.spec.figures
        if figure.id != main.figure.id and figure.measure not in ROSTER_MEASURES and belongs(figure)
    ]
    return [main, *others]
