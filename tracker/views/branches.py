"""The branches, and one of them."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask_babel import gettext
from flask_login import current_user

from tracker.access import Permission, requires
from tracker.clock import today
from tracker.queries.access import branch_for, branches_of, sees_bureau
from tracker.queries.branches import BranchBoard, branch_board, branch_lines, months_of
from tracker.rules.goals import GoalState
from tracker.views.asof import as_of

bp = Blueprint("branches", __name__)
BEHIND = (GoalState.LATE, GoalState.IMPOSSIBLE, GoalState.NO_FORECAST)


@bp.get("/branches")
@requires(Permission.BRANCH_SEE)
def index() -> str:
    """The branches that the reader may see."""
    asof = as_of()
    within = None if sees_bureau(current_user) else branches_of(current_user)
    lines = branch_lines(asof.day if asof else today(), within)
    return render_template("branches/index.html", asof=asof, lines=lines)


@bp.get("/branches/<int(max=9007199254740991):unit_id>")
@requires(Permission.BRANCH_SEE)
def show(unit_id: int) -> str:
    """One branch: goals, groups, months."""
    unit = branch_for(current_user, unit_id) or abort(404)
    asof = as_of()
    if asof is None:
        return render_template("branches/show.html", asof=None, unit=unit)
    board = branch_board(asof.campaign, unit, asof.day)
    return render_template(
        "branches/show.html",
        asof=asof,
        unit=unit,
        board=board,
        answer=answer(board),
        months=months_of(asof.campaign, unit, asof.day),
    )


def answer(board: BranchBoard) -> str:
    """What the page says first: the branch's own goals, then what is not reported."""
    own = [goal for goal in board.goals if goal.state == "own"]
    behind = [goal.goal.short_name for goal in own if goal.standing.state in BEHIND]
    silent = [goal.goal.short_name for goal in board.goals if goal.state == "silent"]
    comma = gettext(", ")
    parts = []
    if own and not behind:
        parts.append(gettext("None of its own %(count)s goals is behind", count=len(own)))
    elif behind:
        parts.append(gettext("Behind: %(goals)s", goals=comma.join(behind)))
    if silent:
        parts.append(gettext("nothing reported yet: %(goals)s", goals=comma.join(silent)))
    return gettext("; ").join(parts) + gettext(".") if parts else ""
