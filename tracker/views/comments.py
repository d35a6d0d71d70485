"""Remarks on a record."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, url_for
from flask_babel import gettext
from flask_login import current_user
from werkzeug.wrappers import Response

from tracker.access import Permission, requires
from tracker.clock import now
from tracker.forms.comments import CommentForm
from tracker.queries.access import record_for
from tracker.rules.refusal import Refused
from tracker.services.comments import add_comment
from tracker.views.record_page import record_page

bp = Blueprint("comments", __name__)


@bp.post("/records/<int(max=9007199254740991):record_id>/comments")
@requires(Permission.COMMENT_WRITE)
def add(record_id: int) -> Response | tuple[str, int]:
    """Say something about a record that one may see."""
    record = record_for(current_user, record_id) or abort(404)
    form = CommentForm()
    if not form.validate():
        return record_page(record, comment=form), 422
    try:
        add_comment(record, form.text.data or "", by=current_user, at=now())
    except Refused as refusal:
        form.text.errors = [*form.text.errors, gettext(refusal.msgid, **refusal.params)]
        return record_page(record, comment=form), 422
    flash(gettext("The remark is kept with the record."), "success")
    return redirect(url_for("records.show", record_id=record.id) + "#story", 303)
