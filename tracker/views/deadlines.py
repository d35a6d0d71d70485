"""Changing the day on which a record is due."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now
from tracker.filters import day_words
from tracker.forms.deadlines import DeadlineForm
from tracker.queries.access import reach_of, record_for
from tracker.rules.reach import may_enter
from tracker.rules.refusal import Refused
from tracker.services.deadlines import change_deadline
from tracker.views.record_page import course_came_back

bp = Blueprint("deadlines", __name__)


@bp.post("/records/<int(max=9007199254740991):record_id>/deadline")
@requires(Permission.RECORD_WRITE)
def change(record_id: int) -> Response | tuple[str, int]:
    """Let a verified record be due on another day. The old day and the reason stay beside it."""
    record = record_for(current_user, record_id) or abort(404)
    if not may_enter(record, reach_of(current_user)):
        abort(404)
    form = DeadlineForm()
    is_valid = form.validate()
    if not form.is_day:
        form.due_on.errors = [*form.due_on.errors, gettext("This is not a day.")]
    if not is_valid or not form.is_day:
        return course_came_back(record, deadline=form)
    try:
        change_deadline(
            record, form.day, why=form.why.data or "", version=form.version.data or 0,
            by=current_user, at=now(),
        )  # fmt: skip
    except Refused as refusal:
        return course_came_back(record, refusal, deadline=form)
    flash(
        gettext("It is due on %(day)s now.", day=day_words(form.day))
        if form.day
        else gettext("It is due on no day now."),
        "success",
    )
    return redirect(url_for("records.show", record_id=record_id) + "#stages", 303)
