"""One party group."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask_login import current_user

from tracker.access import Permission, may, requires
from tracker.kept import while_unchanged
from tracker.models import Unit
from tracker.queries.access import branches_of, group_for, groups_of, is_office
from tracker.queries.groups import LISTED, group_board, kinds_entered, latest_entered
from tracker.queries.months import months_of
from tracker.queries.statements import reporting_on
from tracker.views import record_words as words
from tracker.views.asof import as_of
from tracker.views.branches import ledger_row
from tracker.views.hours import hours_in

bp = Blueprint("groups", __name__)


@bp.get("/groups/<int(max=9007199254740991):group_id>")
@requires(Permission.GROUP_SEE)
@while_unchanged
def show(group_id: int) -> str:
    """One group: its goals without names, what was entered and waits, months."""
    unit = group_for(current_user, group_id) or abort(404)
    asof = as_of()
    if asof is None:
        return render_template("groups/show.html", asof=None, unit=unit)
    reporting = reporting_on(asof.campaign, asof.day, [unit.parent_id] if unit.parent_id else [])
    return render_template(
        "groups/show.html",
        asof=asof,
        unit=unit,
        group=group_board(asof.campaign, unit, asof.day, reporting),
        kinds=kinds_entered(asof.campaign, unit, current_user),
        statuses=LISTED,
        pending=latest_entered(asof.campaign, unit, current_user),
        hours=hours_in(asof, unit),
        months=months_of(asof.campaign, unit, asof.day, reporting),
        may_enter=may(Permission.RECORD_ENTER) and enters_for(unit),
        may_see_branch=unit.parent_id in branches_of(current_user) or may(Permission.BUREAU_SEE),
        ledger_row=ledger_row,
        words=words,
    )


def enters_for(unit: Unit) -> bool:
    """Whether the reader may enter records for this group."""
    is_theirs = unit.id in groups_of(current_user) or unit.parent_id in branches_of(current_user)
    return is_theirs or is_office(current_user)
