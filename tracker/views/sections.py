"""One section."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask_login import current_user

from tracker.access import Permission, may, requires
from tracker.clock import today
from tracker.kept import while_unchanged
from tracker.queries.access import is_office, section_for, sections_of
from tracker.queries.deadlines import due_in
from tracker.queries.months import months_of
from tracker.queries.records import LedgerRow
from tracker.queries.sections import section_board
from tracker.views import record_words as words
from tracker.views.asof import as_of

bp = Blueprint("sections", __name__)


@bp.get("/sections/<int(max=9007199254740991):section_id>")
@requires(Permission.SECTION_SEE)
@while_unchanged
def show(section_id: int) -> str:
    """One section: its records by kind and stage, its part of the goals, what waits, what is open."""
    unit = section_for(current_user, section_id) or abort(404)
    asof = as_of()
    if asof is None:
        return render_template("sections/show.html", asof=None, unit=unit)
    is_theirs = unit.id in sections_of(current_user) or is_office(current_user)
    return render_template(
        "sections/show.html",
        asof=asof,
        unit=unit,
        board=section_board(asof.campaign, unit, asof.day),
        months=months_of(asof.campaign, unit, asof.day),
        due=due_in(asof.campaign, unit, current_user, today()),
        may_enter=may(Permission.RECORD_ENTER) and is_theirs,
        ledger_row=LedgerRow,
        words=words,
    )
