"""Saying that two records which look like one fact are two."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now
from tracker.db import db
from tracker.forms.records import read_id
from tracker.forms.twins import ApartForm
from tracker.queries.access import record_for
from tracker.rules.refusal import Refused
from tracker.services.twins import tell_apart
from tracker.views.record_page import record_page
from tracker.views.staging import tell
from tracker.views.twin_words import judges

bp = Blueprint("twins", __name__)


@bp.post("/records/<int(max=9007199254740991):record_id>/twins")
@requires(Permission.RECORD_WRITE)
def apart(record_id: int) -> Response | tuple[str, int]:
    """Say that another record is not the same as this one. It holds for both."""
    record = record_for(current_user, record_id) or abort(404)
    if not judges(record):
        abort(404)
    form = ApartForm()
    twin_id = read_id(form.twin.data) or 0
    if not form.validate():
        return record_page(record, apart=(twin_id, form)), 422
    try:
        tell_apart(record, twin_id, why=form.why.data or "", by=current_user, at=now())
    except Refused as refusal:
        db.session.rollback()
        tell(form, refusal)
        flash(gettext(refusal.msgid, **refusal.params), "warning")
        return record_page(record, apart=(twin_id, form)), 422
    flash(gettext("Kept with both: they are not the same."), "success")
    return redirect(url_for("records.show", record_id=record_id) + "#twins", 303)
