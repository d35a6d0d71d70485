"""The whole bureau on one page."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask_babel import gettext

from tracker.access import SIGNED_IN, Permission, may, requires
from tracker.clock import today
from tracker.kept import while_unchanged
from tracker.queries.boards import Board, board_on
from tracker.queries.bureau import complete_branches, latest_batches, missing_of, notices_of, own_goals
from tracker.queries.curves import curve_of
from tracker.queries.forecasts import outlooks_on
from tracker.queries.plans import held_sum
from tracker.rules.bins import BinBar, bin_bars
from tracker.rules.campaign_bulletins import templates_of
from tracker.rules.forecasts import is_total
from tracker.rules.goals import GoalState, count_states
from tracker.views import frame, plan_words
from tracker.views.asof import AsOf, as_of
from tracker.views.drawn import draw_curve, draw_heat
from tracker.views.drawn_tables import about_words
from tracker.views.sheets import heat_sheet, sheet_response

bp = Blueprint("bureau", __name__)
frame.init_blueprint(bp)


@bp.get("/")
@requires(SIGNED_IN)
@while_unchanged
def show() -> Any:
    """Seven cards, branches × goals, what to look at, a curve, the latest imports."""
    if not may(Permission.BUREAU_SEE):
        return redirect(frame.home())
    asof = as_of()
    missing = missing_of(asof.campaign) if asof else None
    if (asof is None or missing is not None) and may(Permission.GRANT_WRITE):
        return redirect(url_for("start.show"))
    if asof is None or missing is not None:
        return render_template("bureau/empty.html", asof=None, missing=missing)
    board = board_on(asof.campaign, asof.day)
    chosen = next(
        (card for card in board.cards if card.standing.goal.code == request.args.get("curve")), board.cards[0]
    )
    goal = chosen.standing.goal
    points = curve_of(goal, board.standing)
    # Only a mean or a sum has a band: of another curve nothing need be asked.
    outlook = outlooks_on(board, [chosen])[0][0] if is_total(chosen.standing) else None
    heat_title = heat_finding(board)
    return render_template(
        "bureau/show.html",
        asof=asof,
        board=board,
        states=count_states([card.standing for card in board.cards]),
        order=list(GoalState),
        bars=_bars(board),
        notices=notices_of(board),
        own=own_goals(board),
        held=held_sum(asof.campaign, today()),
        plan_words=plan_words,
        batches=latest_batches() if may(Permission.BATCH_SEE) else [],
        heat_title=heat_title,
        heat_about=about_words(gettext("Branches and goals"), gettext("each goal in its own unit"), asof.day),
        heat=draw_heat(board, heat_title),
        chosen=chosen,
        curve=draw_curve(chosen, points, board, outlook),
        bulletin_template=templates_of(asof.spec)[0].code,
    )


@bp.get("/bureau.xlsx")
@requires(Permission.BUREAU_SEE)
def sheet() -> Response:
    """Branches × goals as a spreadsheet."""
    asof = as_of()
    if asof is None:
        abort(404)
    return heat_response(asof)


def heat_response(asof: AsOf) -> Response:
    """The spreadsheet of branches × goals, for /bureau.xlsx and /charts/heat.xlsx."""
    board = board_on(asof.campaign, asof.day)
    name = gettext("Branches and goals %(day)s", day=asof.day.isoformat())
    return sheet_response(heat_sheet(board, asof, heat_finding(board)), f"{name}.xlsx")


def heat_finding(board: Board) -> str:
    """What the table of branches × goals says first."""
    complete, branches = complete_branches(board)
    if complete == branches:
        return gettext("All %(count)s branches have reported on every goal asked of them", count=branches)
    if not complete:
        return gettext("Each of the %(count)s branches has goals not reported yet", count=branches)
    return gettext(
        "%(complete)s of %(branches)s branches have reported on every goal asked of them",
        complete=complete,
        branches=branches,
    )


def _bars(board: Board) -> list[BinBar]:
    """The first card's distribution, drawn."""
    first = board.cards[0] if board.cards else None
    return bin_bars([(bin.start, bin.count, bin.is_full, bin.silent) for bin in first.bins]) if first else []
