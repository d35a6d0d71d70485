"""Changing the day on which a record is due."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now
from tracker.db import db
from tracker.filters import day_words
from tracker.forms.deadlines import DeadlineForm
from tracker.models import Record
from tracker.queries.access import reach_of, record_for
from tracker.rules.reach import may_enter
from tracker.rules.refusal import Refused
from tracker.services.deadlines import change_deadline
from tracker.services.records import CHANGED
from tracker.views.record_page import record_page

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
        return record_page(record, deadline=form), 422
    try:
        change_deadline(
            record, form.day, why=form.why.data or "", version=form.version.data or 0,
            by=current_user, at=now(),
        )  # fmt: skip
    except Refused as refusal:
        db.session.rollback()
        return _refused(record_id, form, refusal)
    flash(
        gettext("It is due on %(day)s now.", day=day_words(form.day))
        if form.day
        else gettext("It is due on no day now."),
        "success",
    )
    return redirect(url_for("records.show", record_id=record_id) + "#stages", 303)


def _refused(record_id: int, form: DeadlineForm, refusal: Refused) -> tuple[str, int]:
    params = dict(refusal.params)
    if isinstance(day := params.get("day"), str):
        params["day"] = day_words(dt.date.fromisoformat(day))
    sentence = gettext(refusal.msgid, **params)
    if refusal.field in form._fields:
        form[refusal.field].errors = [*form[refusal.field].errors, sentence]
    else:
        form.form_errors = [*form.form_errors, sentence]
    record = db.session.get_one(Record, record_id)
    return record_page(record, deadline=form), 409 if refusal.msgid == CHANGED else 422
