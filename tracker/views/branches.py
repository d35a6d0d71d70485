"""The branches, and one of them."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask_babel import gettext
from flask_login import current_user

from tracker.access import Permission, may, requires
from tracker.clock import date_now, local, today
from tracker.forms.resolutions import MarkForm
from tracker.kept import while_unchanged
from tracker.models import Record, Unit
from tracker.queries.access import branch_for, branches_of, is_office, sees_bureau
from tracker.queries.branches import BranchBoard, Waiting, branch_board, branch_lines, waiting_in
from tracker.queries.deadlines import due_in
from tracker.queries.help_wanted import help_wanted
from tracker.queries.months import months_of
from tracker.queries.pairings import due_visits
from tracker.queries.plans import held_sum, of_unit
from tracker.queries.records import LedgerRow
from tracker.queries.resolutions import open_resolutions
from tracker.queries.statement_lines import may_state
from tracker.queries.statements import running_month
from tracker.rules.goals import GoalState
from tracker.rules.grids import fits_grid
from tracker.rules.ticks import tick_lists
from tracker.views import plan_words
from tracker.views import record_words as words
from tracker.views.asof import as_of
from tracker.views.campaign_shown import may_here
from tracker.views.hours import hours_in

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
@while_unchanged
def show(unit_id: int) -> str:
    """One branch: goals, groups, who needs a hand, what waits, months."""
    unit = branch_for(current_user, unit_id) or abort(404)
    asof = as_of()
    if asof is None:
        return render_template("branches/show.html", asof=None, unit=unit)
    board = branch_board(asof.campaign, unit, asof.day)
    waiting = waiting_in(asof.campaign, unit, current_user)
    return render_template(
        "branches/show.html",
        asof=asof,
        unit=unit,
        board=board,
        answer=answer(board, waiting),
        helped=help_wanted(asof.campaign, board.standing, unit) if keeps(unit) else None,
        waiting=waiting,
        days_waiting=days_waiting(waiting),
        resolutions=open_resolutions(unit, current_user, today()),
        mark_form=MarkForm(formdata=None),
        due=due_in(asof.campaign, unit, current_user, today()),
        visits=due_visits(asof.campaign, unit, today()),
        keeps=keeps(unit),
        may_enter=may(Permission.RECORD_ENTER) and (keeps(unit) or is_office(current_user)),
        may_verify=may(Permission.RECORD_VERIFY),
        has_ticks=bool(tick_lists(asof.spec)),
        held=held_sum(asof.campaign, today(), of_unit(unit)),
        plan_words=plan_words,
        next_month=running_month(asof.campaign, today()),
        may_state=may_here(Permission.STATEMENT_WRITE) and may_state(current_user, unit),
        hours=hours_in(asof, unit),
        months=months_of(asof.campaign, unit, asof.day, board.reporting),
        ledger_row=ledger_row,
        fits_grid=fits_grid,
        words=words,
    )


def keeps(unit: Unit) -> bool:
    """Whether the reader is secretary or deputy of this very branch: then people are named."""
    return unit.id in branches_of(current_user)


def ledger_row(record: Record) -> LedgerRow:
    """A record as a row of the ledger's list, for the words that say whose and how much it is."""
    if record.member_id is not None:
        return LedgerRow(record)
    present = sum(1 for row in record.participations if row.reversed_at is None)
    return LedgerRow(record, people=record.headcount or present)


def days_waiting(waiting: Waiting) -> int:
    """For how many days the oldest record has waited that the reader may verify."""
    return (date_now() - local(waiting.since).date()).days if waiting.since else 0


def answer(board: BranchBoard, waiting: Waiting) -> str:
    """What the page says first: the branch's own goals, what is not reported, what waits for the reader."""
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
    if waiting.mine:
        days = days_waiting(waiting)
        parts.append(
            gettext(
                "%(count)s records wait for you, the oldest for %(days)s days", count=waiting.mine, days=days
            )
            if days > 0
            else gettext("%(count)s records wait for you, entered today", count=waiting.mine)
        )
    return gettext("; ").join(parts) + gettext(".") if parts else ""
